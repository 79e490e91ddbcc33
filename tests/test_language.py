"""The English edition: every word of the interface is English, and what is not is marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urljoin

import pytest
import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract
from playwright.sync_api import Browser

from conftest import ROOT, files_in
from conftest import Krav as Krav_
from kravverk import case_models, gate
from kravverk.diff import Slag
from kravverk.impact import Hvordan
from kravverk.language import languages
from kravverk.models import (
    KINDS,
    KLASSER,
    PLIKTER,
    Frister,
    Godkjenning,
    Gruppe,
    Krav,
    Status,
    order,
)
from kravverk.pages import Pages
from kravverk.register import read
from kravverk.render import LEVELS, MUST
from kravverk.store import open_repo, working_files
from kravverk.text import word
from kravverk.view import View
from test_store import PLL

PACKAGE = ROOT / "tools/kravverk"
KEYWORDS: dict[str, Any] = dict.fromkeys(("_", "say", "gettext", "ngettext"))
# What the filters `ord`, `plikt` and `feltnavn` are given: the closed lists of the code.
SECTIONS = (
    *("bakgrunn", "hjemmel", "erfaringsgrunnlag", "pasientsikkerhet"),
    *("personvern_og_sikkerhet", "kostnad_og_finansiering", "alternativer"),
)
CLOSED = (
    *PLIKTER,
    *LEVELS.values(),
    *get_args(Status),
    *get_args(Godkjenning),
    *KLASSER,
    *get_args(Hvordan),
    *get_args(Slag),
    *gate.STEG,
    *gate.HANDLINGER,
    *case_models.Rute.model_fields,
    *order(Frister),
    *("kan_følges_fra", "må_følges_fra", "innspill_til", "dispensasjon_til"),  # `view.Frist`
    *get_args(Gruppe.model_fields["slag"].annotation),
    *("avsender", "mottaker", "ja", "nei"),
    *MUST.values(),
    *get_args(case_models.Innspill.model_fields["berort"].annotation),
    *(field for kind in (Krav, *KINDS.values()) for field in order(kind) if field != "id"),
    *SECTIONS,
)


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (PACKAGE / "sprak/en.po").open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def said() -> Iterator[tuple[str, ...]]:
    """What is asked of the catalogue: (words,) or (words, their plural)."""
    for path in sorted(PACKAGE.glob("templates/*.html.j2")):
        options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
        with path.open("rb") as file:
            yield from _messages(babel_extract(file, list(KEYWORDS), [], options))
    for path in sorted(PACKAGE.glob("*.py")):
        if re.search(r"\btale\b", path.read_text(encoding="utf-8")):  # it can speak English
            with path.open("rb") as file:
                yield from _messages(extract_python(file, KEYWORDS, [], {}))
    yield from ((word(name),) for name in CLOSED)


def _messages(found: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, ...]]:
    for _line, function, message, _comments in found:
        words = message if isinstance(message, tuple) else (message,)
        plural = function == "ngettext"
        if words[0]:  # else it is not a text that stands there
            yield words[: 2 if plural else 1]


def test_every_word_of_the_interface_is_translated(english: Catalog) -> None:
    missing = []
    for words in said():
        message = english.get(words[0])
        if not (message and message.string and all(message.string)):
            missing.append(words[0])
        elif len(words) == 2 and message.id != words:
            missing.append(" | ".join(words))
    assert missing == []


def test_no_translation_is_left_over(english: Catalog) -> None:
    used = {words[0] for words in said()}
    assert [key for message in english if (key := _key(message)) and key not in used] == []


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def test_a_translation_fills_in_what_the_norwegian_does(english: Catalog) -> None:
    assert [(message.id, errors) for message, errors in english.check()] == []
    for message in english:
        forms: Any = message.string if message.pluralizable else (message.string,)
        assert len(forms) == (english.num_plurals if message.pluralizable else 1), message.id
        for form in forms:
            for mark in (r"%\(\w+\)s", r"\{\w+\}"):
                asked = re.findall(mark, _key(message))
                assert sorted(re.findall(mark, form)) == sorted(asked), message.id
            assert form != _key(message) or form in ALIKE, form


# Words that are the same in both languages.
ALIKE = {"System", "Status", "status", "system", "%(count)s system", "%(count)s system."}


# --- The built site -------------------------------------------------------------------------------


class Spoken(HTMLParser):
    """What a page says, by eye and by ear, with the language that it is said to be in."""

    VOID = ("meta", "link", "img", "br", "input", "hr", "path", "rect", "polyline", "circle")
    HEARD = ("aria-label", "title", "alt", "placeholder", "data-navn", "data-av")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.words: list[tuple[str, str]] = []  # (language, text)
        self.links: dict[str, str] = {}  # what an alternate or the switch points to
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        language = found.get("lang") or (self.open[-1][1] if self.open else "")
        self.words += [(language, found[name]) for name in self.HEARD if found.get(name)]
        if "alternate" in found.get("rel", "").split() and "hreflang" in found:
            self.links[found["hreflang"]] = found["href"]
        if "krav-sprak" in found.get("class", ""):
            self.links["switch"] = found["href"]
        if tag not in self.VOID:
            unread = tag == "p" and {"data-pagefind-meta", "data-pagefind-weight"} & found.keys()
            self.open.append(("for the index" if unread else tag, language))

    def handle_endtag(self, tag: str) -> None:
        while tag not in self.VOID and self.open.pop()[0] not in (tag, "for the index"):
            pass

    def handle_data(self, data: str) -> None:
        silent = {"script", "style", "title", "code", "for the index"} & {
            tag for tag, _ in self.open
        }
        if data.strip() and not silent:
            self.words.append((self.open[-1][1], data))


NORWEGIAN = re.compile(
    r"[æøåÆØÅ]|\b(av|den|det|dersom|eller|en|er|et|fra|gjelder|har|ikke|ingen|krav|med|og|på|sak"
    r"|skal|som|til|utgivelse|ved|versjon)\b"
)
# Norwegian that stands in the English texts of the register, and the name of the program.
NAMES = re.compile(r"\([^)]*\)|§|\bkrav(/| utgi)")


@pytest.fixture(scope="module")
def pages(nettsted: Path) -> dict[str, Spoken]:
    """Address -> what is there, of both editions."""
    return {
        path.relative_to(nettsted).as_posix().removesuffix("index.html"): Spoken(path.read_text())
        for path in sorted(nettsted.rglob("*.html"))
        if path.name != "404.html"  # shown at any address
    }


def test_an_english_page_marks_every_word_that_is_not_english(pages: dict[str, Spoken]) -> None:
    unmarked = {
        (address, words.strip())
        for address, page in pages.items()
        for language, words in page.words
        if address.startswith("en/") and language == "en" and NORWEGIAN.search(NAMES.sub("", words))
    }
    assert unmarked == set()
    assert {language for page in pages.values() for language, _ in page.words} == {"nb", "en"}


def test_the_way_to_the_other_language_stays_on_the_page(pages: dict[str, Spoken]) -> None:
    prose = {*("skriv-gode-krav/", "sekretariat/", "radsmedlem/")}
    prose |= {*("etterprov/", "saksgang/", "regler/", "kommandoer/")}  # in Norwegian only
    norwegian = {address for address in pages if not address.startswith("en/")}
    there = {at: "en/" if at in prose else f"en/{at}" for at in norwegian} | {"om/": "en/about/"}
    back = {english: at for at, english in there.items() if at not in prose}
    assert {*back} == pages.keys() - norwegian
    for address, page in pages.items():
        other = (there | back)[address]
        links = {name: urljoin(f"/{address}", to).lstrip("/") for name, to in page.links.items()}
        nb, en = (address, other) if address in norwegian else (other, address)
        assert links == {"nb": nb, "en": en, "switch": other}, address


@pytest.mark.parametrize(
    ("made_from", "said"),
    [
        (3, "Translated from version 3. The Norwegian text below is authoritative."),
        (2, "It was made from version 2; this is version 3."),
        (None, "Not translated. This is the Norwegian text, which is authoritative."),
    ],
)
def test_a_translation_says_what_it_is_worth(made_from: int | None, said: str, lager: Path) -> None:
    if made_from:
        words = "tittel: Kept for 90 days, tekst: The system shall keep it."
        (lager / PLL).open("a").write(f"engelsk: {{versjon: {made_from}, {words}}}\n")
    reg, findings = read(files_in(lager))
    assert findings == []
    english = languages()[1]
    made = {p.adresse: p for p in Pages(View(reg, (), date(2026, 12, 1), {}), english).every()}
    for address in ("krav/PLL-0001/", "krav/PLL-0001/v3/"):
        html = made[address].innhold
        assert said in html
        assert ("Norwegian text (authoritative)" in html) == bool(made_from)
        assert ("<p>The system shall keep it.</p>" in html) == bool(made_from)
        assert ('<h1><span lang="nb">Seponert' in html) == (not made_from)
        assert re.search('<div class="normativ" lang="nb">.*?Systemet skal', html, re.DOTALL)


def test_what_the_rules_say_is_told_in_english_and_what_a_role_wrote_is_marked(
    nettsted: Path,
) -> None:
    system = (nettsted / "en/system/dips/index.html").read_text()
    why = re.findall(r'<span class="fordi">(.*?)</span></td>', system)
    assert "The system becomes bound by the requirement (shall)." in why
    dates = "“may be used from” is moved from 1 February 2027 to 1 September 2027."
    assert [told for told in why if told.startswith(dates)]
    judged = "et system som lar oppføringen stå lenger enn 90 dager".capitalize()
    assert [told for told in why if told.startswith(f'<span lang="nb">{judged}')]
    case = (nettsted / "en/sak/2026-002/index.html").read_text()
    assert "Adopted the short way on 21 April 2026. Merged into the register.</p>" in case
    case = (nettsted / "en/sak/2026-021/index.html").read_text()
    assert re.search(r'>decided by <span lang="nb">[^<]*</span>: <span lang="nb">', case)
    ours = re.findall(r'<td data-navn="Because">(.*?)</td>', case)
    left = [told for told in ours if told.startswith("<span") and "regelen" in told]
    assert ours
    assert left == []


def test_names_are_explained_in_english(nettsted: Path) -> None:
    names = yaml.safe_load((ROOT / "docs/engelske-navn.yaml").read_text(encoding="utf-8"))
    reg, _ = read(working_files(open_repo(ROOT)))
    records = (reg.systemer, reg.grupper, reg.omrader, reg.temaer, reg.meldinger)
    known = {record.navn for kind in records for record in kind.values()}
    known |= {reg.funksjon(name) for s in reg.systemer.values() for name in s.funksjoner}
    known |= {
        reg.funksjon(g.dersom) for k in reg.krav.values() for g in k.gjelder.values() if g.dersom
    }
    known |= {organ.navn for organ in reg.organer.values()}
    assert names.keys() - known == set()
    must = {g.navn for g in reg.grupper.values()} | {o.navn for o in reg.omrader.values()}
    assert must - names.keys() == set()
    page = (nettsted / "en/gruppe/hjemmetjeneste/index.html").read_text()
    assert '<h1><span lang="nb">Hjemmetjeneste</span> (home care)</h1>' in page
    page = (nettsted / "en/krav/index.html").read_text()
    assert '<option value="hjemmetjeneste">home care (Hjemmetjeneste)</option>' in page
    page = (nettsted / "en/system/dips/index.html").read_text()
    term = '<a href="../../begrep/multidose/"><span lang="nb">multidose</span> (multi-dose disp'
    assert f'<th scope="row">{term}ensing)</a></th>' in page
    assert "home care" not in (nettsted / "gruppe/hjemmetjeneste/index.html").read_text()


@pytest.mark.parametrize("text", ["- Lege", "Lege: [doctor]", "Lege: 'a"])
def test_a_list_of_names_that_cannot_be_read_stops_the_site(
    text: str, lager: Path, krav: Krav_
) -> None:
    (lager / "docs").mkdir(exist_ok=True)
    (lager / "docs/engelske-navn.yaml").write_text(text)
    done = krav("nettsted", "--til", "ut")
    assert done.returncode == 2
    assert "Kan ikke lese docs/engelske-navn.yaml" in done.stderr


@pytest.mark.browser
@pytest.mark.parametrize(
    ("address", "norwegian", "english"),
    [
        ("krav/EMD-0003/", "Nytt apotek avvises så lenge et annet er påmeldt", "Who is bound"),
        ("krav/PLL-0003/v2/", "Ingen oppføring faller ut av listen", "added"),
        ("sak/2026-001/", "Kravforvalter for kritisk informasjon", "systems are affected"),
        ("gruppe/rekvirent/", "Rekvirentsystem", "Requirements that apply to the group"),
        ("utgivelse/2026.2/", "Usignert liste varsles før", "Must be followed from"),
    ],
)
def test_a_screen_reader_is_told_the_language_of_what_it_reads(
    address: str, norwegian: str, english: str, browser: Browser, nettsted: Path
) -> None:
    page = browser.new_page()
    page.goto((nettsted / "en" / address / "index.html").as_uri())
    tools = page.context.new_cdp_session(page)
    tools.send("DOM.enable")
    heard = []
    for node in tools.send("Accessibility.getFullAXTree")["nodes"]:
        if node["role"]["value"] == "StaticText" and not node["ignored"]:
            found = tools.send("DOM.resolveNode", {"backendNodeId": node["backendDOMNodeId"]})
            asked = {
                "objectId": found["object"]["objectId"],
                "functionDeclaration": "function() {"
                " return (this.closest ? this : this.parentElement).closest('[lang]').lang }",
            }
            told = tools.send("Runtime.callFunctionOn", asked)
            heard.append((told["result"]["value"], node["name"]["value"]))
    page.close()
    assert {language for language, words in heard if norwegian in words} == {"nb"}
    assert {language for language, words in heard if english in words} == {"en"}
    strange = [words for _, words in heard if _ == "en" and NORWEGIAN.search(NAMES.sub("", words))]
    assert strange == []
