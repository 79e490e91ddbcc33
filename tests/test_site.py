"""The published site, built from the project's own register and read in a real Chromium."""

from __future__ import annotations

import inspect
import json
import re
import shutil
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page

from conftest import CASES, ROOT, Git, Krav, files_in, unbroken
from kravverk.__main__ import krav as group
from kravverk.cases import all_cases
from kravverk.findings import rule_name
from kravverk.gate import OPEN, Stegnavn
from kravverk.language import languages
from kravverk.lists import Lists
from kravverk.pages import Page as RecordPage
from kravverk.pages import Pages
from kravverk.register import Register, read
from kravverk.report import SHORT_MATRIX
from kravverk.rules import STAGES
from kravverk.search import hidden_words
from kravverk.sheets import Sheets
from kravverk.site import FRAMES, hang
from kravverk.standing import Steg
from kravverk.store import open_repo, working_files
from kravverk.view import View
from test_store import PLL, commit, edit


class Links(HTMLParser):
    """What a page points to, and what can be pointed to on it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids.add(found.get("id") or "")
        if tag in ("a", "link", "script", "img") and found.get("rel") != "canonical":
            self.targets.append(found.get("href") or found.get("src") or "")


class Headings(HTMLParser):
    """The levels of a page's headings, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))


def add_case(lager: Path, ident: str = "2026-001", extra: str = "") -> Path:
    """The folder of a filled-in case on disk, with more lines at its end."""
    folder = lager / "changes" / ident
    folder.mkdir(parents=True)
    text = (CASES / "uavklart/after/changes/2026-001/endring.yaml").read_text()
    (folder / "endring.yaml").write_text(text.replace("2026-001", ident) + extra)
    return folder


@pytest.fixture(scope="module")
def register() -> Register:
    """The project's own register."""
    return read(working_files(open_repo(ROOT)))[0]


def test_every_record_and_case_has_its_page(nettsted: Path, register: Register) -> None:
    for folder, idents in (("krav", register.krav), ("system", register.systemer)):
        made = {path.parent.name for path in (nettsted / folder).glob("*/index.html")}
        assert made == set(idents)
    assert (nettsted / "sak/2026-901/index.html").exists()
    assert not (nettsted / "ramme").exists()


def test_no_page_keeps_a_mark_of_the_frame(nettsted: Path) -> None:
    for path in nettsted.rglob("*.html"):
        html = path.read_text()
        assert "KRAVVERK-" not in html, path
        assert "ramme/side" not in html, path
        assert "Innholdet lages av" not in html, path
        assert html.count("<h1") == 1, path
        assert "<title>Index" not in html, path
        assert "hide: [" not in html, path
        assert re.search("Illustrative (krav|requirements)", html), path
        assert "KRAVVERK" not in html.replace("kravverk", ""), path


def test_no_link_is_broken(nettsted: Path) -> None:
    pages = {path: Links(path.read_text()) for path in nettsted.rglob("*.html")}
    broken = []
    for path, page in pages.items():
        if path.name == "404.html":
            continue  # its links are absolute, for it is shown at any address
        here = f"http://sted/{path.relative_to(nettsted).as_posix()}"
        for target in page.targets:
            address, anchor = urldefrag(urljoin(here, target))
            if urlsplit(address).netloc != "sted":
                continue
            file = nettsted / unquote(urlsplit(address).path).lstrip("/")
            file = file / "index.html" if file.is_dir() else file
            known = file in pages and anchor and anchor not in pages[file].ids
            if not file.exists() or known:
                broken.append((path.relative_to(nettsted).as_posix(), target))
    assert broken == []


def test_every_page_offers_a_way_past_the_menu_and_says_where_it_is(nettsted: Path) -> None:
    for path in nettsted.rglob("*.html"):
        if path.name == "404.html":
            continue
        html = path.read_text()
        skip = re.search(r'<a href="#([^"]+)" class="md-skip"', html)
        assert skip, path
        assert f'id="{skip[1]}"' in html, path
        assert html.count('aria-current="true"') >= 1, path
        levels = Headings(html).levels
        assert levels[0] == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), path


def test_the_section_of_a_record_page_is_marked(nettsted: Path) -> None:
    html = (nettsted / "system/dips/index.html").read_text()
    assert re.findall(r'aria-current="true" href="([^"]+)"', html) == ["../../system/"] * 2


def test_what_is_filled_into_the_frame_is_never_filled_again() -> None:
    heading = '<h1 id="innhold">KRAVVERK-TITTEL<a class="headerlink">&para;</a></h1>'
    words = f"KRAVVERK-TITTEL KRAVVERK-BESKRIVELSE KRAVVERK-NB {FRAMES[2]} {heading}"
    frame = f"<title>KRAVVERK-TITTEL</title><meta KRAVVERK-BESKRIVELSE {FRAMES[2]}>{heading}"
    page = RecordPage("krav/PLL-0001/", words, words, f"<p>{words}</p>")
    html = hang(frame, page, languages()[0]).decode()
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = escaped.replace('"', "&#34;")
    assert html == (
        f"<title>{escaped}</title><meta {escaped} krav/PLL-0001/>"
        '<div class="krav-innhold" id="innhold" data-pagefind-body>'
        f"<p>{words}</p>{hidden_words(page.innhold, words)}</div>"
    )


def test_a_page_has_its_own_title_description_and_address(nettsted: Path) -> None:
    html = (nettsted / "krav/KI-0006/index.html").read_text()
    assert "<title>KI-0006 Registrerte legemiddelreaksjoner følger med i M25.1 - " in html
    assert 'name="description" content="Rekvirentsystemet skal ta med' in html
    assert '<link rel="canonical" href="https://kravverk.example/krav/KI-0006/">' in html


def test_every_rule_and_command_is_documented_from_the_code(nettsted: Path) -> None:
    rules = (nettsted / "regler/index.html").read_text()
    for stage in STAGES.values():
        for rule in stage:
            first = (inspect.getdoc(rule) or "").splitlines()[0]
            assert f'<h3 id="{rule_name(rule)}">' in rules
            assert re.sub(r"[`\W]+", " ", first) in re.sub(r"(<[^>]*>|[`\W])+", " ", rules)
    commands = (nettsted / "kommandoer/index.html").read_text()
    for name in group.commands:
        assert f"Bruk: krav {name}" in commands


def test_only_what_differs_is_written_again(
    lager: Path, krav: Krav, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("docs", "mkdocs.yml", "mkdocs.en.yml", "tools"):
        (lager / name).symlink_to(ROOT / name)
    # What is called the same has an order too, and not that of a set.
    edit(lager, "  rekvirent: skal\n", "  rekvirent: skal\n  plo: skal\n  apotek: skal\n")
    for file in (lager / "krav/grupper").glob("*.yaml"):
        file.write_text(re.sub("(?m)^navn: .*", "navn: Samme navn", file.read_text()))
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    assert "filer skrevet, 0 fjernet" in krav("nettsted", "--per", "2026-12-01").stderr
    monkeypatch.setenv("PYTHONHASHSEED", "1")
    assert "0 filer skrevet, 0 fjernet" in krav("nettsted", "--per", "2026-12-01").stderr
    edit(lager, "kilder: [Oppdiktet for testene]", "kilder: [Oppdiktet for denne testen]")
    # Its page in both languages, and krav.json of all and of the four systems that it binds.
    assert "9 filer skrevet, 0 fjernet" in krav("nettsted", "--per", "2026-12-01").stderr


def test_hostile_text_stays_text(lager: Path, krav: Krav) -> None:
    for name in ("docs", "mkdocs.yml", "mkdocs.en.yml", "tools"):
        (lager / name).symlink_to(ROOT / name)
    payload = "</title><script>window.PWN=1</script><img src=x onerror=window.PWN=1>"
    edit(lager, "Seponert oppføring følger listen i 90 dager", payload)
    edit(lager, "Systemet skal", f"{payload} skal")
    edit(lager, "[Oppdiktet for testene]", f"['{payload}', '[a](javascript:window.PWN=1)']")
    edit(lager, "navn: Alfa", f"navn: {payload}", "krav/systemer/alfa.yaml")
    done = krav("nettsted")
    assert done.returncode == 0, done.stdout
    for path in (lager / "build/nettsted").rglob("*.html"):
        html = path.read_text()
        assert "<script>window.PWN" not in html, path
        assert "<img src=x" not in html, path
        assert 'href="javascript:' not in html, path
    assert (
        "&lt;script&gt;window.PWN"
        in (lager / "build/nettsted/krav/PLL-0001/index.html").read_text()
    )


def test_a_record_may_hold_the_words_of_the_frame(lager: Path, krav: Krav) -> None:
    for name in ("docs", "mkdocs.yml", "mkdocs.en.yml", "tools"):
        (lager / name).symlink_to(ROOT / name)
    words = f"KRAVVERK-TITTEL KRAVVERK-BESKRIVELSE KRAVVERK-INNHOLD {FRAMES[2]}"
    edit(lager, "Seponert oppføring følger listen i 90 dager", f"A {words}")
    edit(lager, "Systemet skal", f"B {words} skal")
    assert krav("nettsted").returncode == 0
    html = (lager / "build/nettsted/krav/PLL-0001/index.html").read_text()
    assert f"<h1>A {words}</h1>" in html
    assert f"<title>PLL-0001 A {words} - " in html
    assert f'<div class="normativ"><p>B {words} skal' in html
    assert f'name="description" content="B {words} skal' in html


# --- What a page says, without the house ----------------------------------------------------------


def bodies(view: View) -> dict[str, str]:
    """Address -> what is on the page in Norwegian."""
    norwegian = languages()[0]
    every = (*Lists(view, norwegian).every(), *Pages(view, norwegian).every())
    return {page.adresse: page.innhold for page in every}


SMALL, _ = read(files_in(CASES / "_register"))


@pytest.mark.parametrize(("per", "shown"), [("2027-01-01", True), ("2027-01-02", False)])
def test_a_system_page_shows_the_deadlines_that_are_not_past(per: str, shown: bool) -> None:
    html = bodies(View(SMALL, (), date.fromisoformat(per), {}))["system/alfa/"]
    assert "kan brukes fra" not in html  # 1 March 2026
    row = '<th scope="row">1. januar 2027</th><td data-navn="Hva">oppfylles innen</td>'
    assert (row in html) == shown
    assert ("Ingen frister etter 2. januar 2027." in html) != shown


def test_a_system_page_shows_functions_and_versions(lager: Path) -> None:
    edit(lager, "rekvirent: skal", "rekvirent: {plikt: skal, dersom: multidose}", PLL)
    retired = "status: utgått\nutgatt_fordi: Ingen bruker den lenger."
    edit(lager, "status: gjeldende", retired, "krav/pll/PLL-0002.yaml")
    conditional = "rekvirent: {plikt: skal, dersom: gammel-funksjon}"
    edit(lager, "rekvirent: skal", conditional, "krav/pll/PLL-0002.yaml")
    small, _ = read(files_in(lager))
    made = bodies(View(small, (), date(2026, 12, 1), {}))
    assert "gammel-funksjon" not in made["system/alfa/"]
    for system, said in (("alfa", "ja"), ("beta", "nei"), ("felles", "må bekreftes av leverandør")):
        row = re.search(r'<th scope="row">multidose</th>.*', made[f"system/{system}/"])
        assert row, system
        assert f'data-navn="Systemet har den">{said}</td>' in row[0]
        assert ">PLL-0001</a>" in row[0]
    assert "multidose" not in made["system/gamma/"]
    assert "PLL-0001" not in made["system/beta/"].split("Funksjoner")[0]
    unreleased = '>PLL-0001</a> <span class="slag">v3 (ikke utgitt ennå)</span></th>'
    assert unreleased in made["system/alfa/"]


def test_a_function_is_called_what_the_glossary_calls_it(lager: Path) -> None:
    for at in (PLL, "krav/pll/PLL-0002.yaml"):
        name = "multidose" if at == PLL else "annet"
        edit(lager, "rekvirent: skal", f"rekvirent: {{plikt: skal, dersom: {name}}}", at)
    (lager / "krav/begreper").mkdir()
    term = "id: multidose\nnavn: Pakking i multidose\nbeskrivelse: Poser.\n"
    (lager / "krav/begreper/multidose.yaml").write_text(term)
    small, _ = read(files_in(lager))
    view = View(small, (), date(2026, 12, 1), {})
    made = bodies(view)
    link = '<a href="../../begrep/multidose/">pakking i multidose</a>'
    assert f'<th scope="row">{link}</th>' in made["system/alfa/"]
    assert f"har annet, {link}. <a" in made["system/felles/"]
    assert f"skal dersom {link}" in made["krav/PLL-0001/"]
    assert "skal dersom annet" in made["krav/PLL-0002/"]
    rows = Sheets(view, languages()[0]).csv("alfa").decode("utf-8-sig")
    assert "(dersom systemet har funksjonen pakking i multidose)" in rows


@pytest.mark.parametrize(
    ("step", "still"),
    [
        ("utkast", True),
        ("innspill", True),
        ("vurdering", True),
        ("anbefaling", True),
        ("beslutning", True),
        ("vedtatt", False),
        ("innarbeidet", False),
        ("utsatt", True),
        ("sendt_tilbake", True),
        ("trukket", False),
        ("avslått", False),
    ],
)
def test_only_a_case_that_is_not_settled_is_told_on_the_pages_of_what_it_changes(
    step: Stegnavn, still: bool, lager: Path
) -> None:
    edit(lager, "i 90 dager etter", "i 30 dager etter", PLL)
    add_case(lager)
    case = all_cases(open_repo(lager), date(2026, 12, 1))[0][0]
    case = replace(case, gren="sak", steg=Steg(step, "", "Fordi."))
    made = bodies(View(SMALL, (case,), date(2026, 12, 1), {}))
    assert ("Det er foreslått å endre kravet" in made["krav/PLL-0001/"]) == still
    treated = made["system/alfa/"].split('id="under-behandling"')[1]
    assert ("sak/2026-001/" in treated) == still
    assert ("Ingen saker under behandling berører systemet." in made["system/alfa/"]) != still
    assert f"<strong>{int(step in OPEN)}</strong>" in made[""]
    waits = still and step not in OPEN
    assert ("åpne saker</a> og 1 på vent</li>" in made[""]) == waits
    counted = f"{int(step in OPEN)}{' og 1 på vent' if waits else ''}</td>"
    row = made["system/"].split("system/alfa/")[1].split("</tr>")[0]
    assert row.endswith(f'<td data-navn="Åpne saker">{counted}')
    assert "sak/2026-001/" in made["sak/"]  # the list keeps those that are ended
    assert "sak/2026-001/" not in made["krav/PLL-0002/"]


def test_a_case_page_tells_of_overlap_drift_and_where_more_is(lager: Path, git: Git) -> None:
    for ident, days in (("2026-001", "30"), ("2026-002", "60")):
        git("checkout", "--quiet", "-b", f"sak-{ident}", "main")
        edit(lager, "i 90 dager etter", f"i {days} dager etter", PLL)
        add_case(lager, ident, "eksterne_referanser: [ERSA-sak 21898]\n")
        commit(git)
    git("checkout", "--quiet", "main")
    edit(lager, "i 90 dager etter", "i 91 dager etter", PLL)
    commit(git)
    cases, _ = all_cases(open_repo(lager), date(2026, 12, 1))
    html = bodies(View(read(files_in(lager))[0], tuple(cases), date(2026, 12, 1), {}))
    said = " ".join(re.sub(r"</?(strong|a)[^>]*>", "", html["sak/2026-001/"]).split())
    assert "<dt>Foreslått av</dt><dd>Kravforvalter for PLL</dd>" in said
    assert "Registeret er endret siden saken begynte: PLL-0001." in said
    assert "Sak 2026-002 endrer også PLL-0001." in said
    assert "ERSA-sak 21898" in said
    for link in ("../../system/alfa/", "../../krav/PLL-0001/", "../../sak/2026-002/"):
        assert f'<a href="{link}">' in html["sak/2026-001/"]


def test_a_case_page_calls_a_system_what_it_is_called_now(lager: Path, git: Git) -> None:
    git("checkout", "--quiet", "-b", "sak", "main")
    edit(lager, "i 90 dager etter", "i 30 dager etter", PLL)
    add_case(lager)
    commit(git)
    git("checkout", "--quiet", "main")
    edit(lager, "navn: Alfa", "navn: Alfa (oppdiktet)", "krav/systemer/alfa.yaml")
    cases, _ = all_cases(open_repo(lager), date(2026, 12, 1))
    html = bodies(View(read(files_in(lager))[0], tuple(cases), date(2026, 12, 1), {}))
    assert "Alfa (oppdiktet)" in html["sak/2026-001/"]
    assert ">Alfa<" not in html["sak/2026-001/"]


def test_the_newest_version_says_that_it_is_not_released(nettsted: Path) -> None:
    for edition, strong, said, new in (
        ("", "Vedtatt, ikke utgitt", "I 2026.2 gjelder versjon 2.", "er nytt og ikke med i 2026.2"),
        (
            "en/",
            "Adopted, not released",
            "In 2026.2, version 2 applies.",
            "is new and not in 2026.2",
        ),
    ):
        newest = (nettsted / f"{edition}krav/PLL-0017/index.html").read_text()
        box = newest.split(f"<strong>{strong}")[1].split("</p>")[0]
        assert f'<a href="../../krav/PLL-0017/v2/">{said}</a>' in box
        assert new in (nettsted / f"{edition}krav/KI-0022/index.html").read_text()
        for other in ("PLL-0017/v2", "EMD-0001"):  # an older version, and one that is released
            assert strong not in (nettsted / f"{edition}krav/{other}/index.html").read_text()


def test_a_register_of_one_is_told_in_the_singular(lager: Path) -> None:
    for name in ("beta", "felles", "gamma"):
        (lager / f"krav/systemer/{name}.yaml").unlink()
    shutil.rmtree(lager / "changes")
    small, _ = read(files_in(lager))
    made = bodies(View(small, (), date(2026, 12, 1), {}))
    assert "1 system er bundet av kravet." in made["krav/PLL-0001/"]
    assert "<caption>1 system.</caption>" in made["system/"]
    assert "Det er ingen saker ennå." in made["sak/"]
    assert not any(re.search(r"\b1 (systemer|poster|endringer|saker)\b", h) for h in made.values())


# --- In the browser -------------------------------------------------------------------------------


@pytest.mark.browser
def test_a_vendor_finds_a_requirement_follows_it_to_a_system_and_back(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Krav", exact=True).first.click()
    page.get_by_label("Filtrer på").fill("ki 6")
    page.wait_for_url("**q=ki+6**")
    page.get_by_role("link", name="KI-0006").click()
    assert page.locator("h1").inner_text() == "Registrerte legemiddelreaksjoner følger med i M25.1"
    page.get_by_role("link", name="DIPS Arena").click()
    assert page.locator("h1").inner_text() == "DIPS Arena"
    page.get_by_role("rowheader", name="KI-0006").last.get_by_role("link").click()
    assert page.url.endswith("/krav/KI-0006/")
    page.go_back()
    page.go_back()
    page.go_back()
    assert page.get_by_label("Filtrer på").input_value() == "ki 6"


def shown(page: Page) -> list[str]:
    """The ids in the list of requirements, as the reader sees it."""
    rows: Locator = page.locator("#kravliste tbody tr:visible th")
    return rows.all_inner_texts()


@pytest.mark.browser
@pytest.mark.parametrize("width", [375, 1280])
def test_the_filter_finds_an_id_and_words_of_the_text(
    page: Page, register: Register, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/krav/")
    field, status = page.get_by_label("Filtrer på"), page.get_by_role("status")
    assert shown(page) == list(register.krav)
    stand = sum(krav.status != "utgått" for krav in register.krav.values())
    gone = len(register.krav) - stand
    assert status.inner_text() == f"{stand} av {stand} krav og {gone} utgåtte"
    ident = list(register.krav)[-1]
    prefix, number = ident.lower().split("-")
    short = int(number)
    for typed in (*(f"{prefix}{sep}{short}" for sep in (" ", "", "_", "-", "–")), f" {ident} "):
        field.fill(typed)
        assert shown(page) == [ident], typed
        assert status.inner_text() == f"1 av {stand} krav"
    titles = " ".join(krav.tittel for krav in register.krav.values()).lower()
    words = re.findall(r"\w+", register.krav[ident].tekst.lower())
    word = max((word for word in words if word not in titles), key=len)
    field.fill(word)
    found = {krav.id for krav in register.krav.values() if word in krav.tekst.lower()}
    assert found <= set(shown(page)) < set(register.krav)
    assert status.inner_text() == f"{len(shown(page))} av {stand} krav"
    field.fill("finnes ikke noe sted")
    assert shown(page) == []
    assert status.inner_text().startswith(f"0 av {stand} krav. Prøv")


@pytest.mark.browser
def test_a_filter_that_finds_nothing_says_where_else_to_look(page: Page) -> None:
    page.goto("/krav/")
    field, other = page.get_by_label("Filtrer på"), page.locator("#ingen")
    assert not other.is_visible()
    field.fill("visma & co")
    assert "Navnet på et system velger du under «System»." in other.inner_text()
    other.get_by_role("link").click()
    assert page.locator("#sok:not([hidden]) input").input_value() == "visma & co"
    page.goto("/krav/?q=ki+6")
    assert not page.locator("#ingen").is_visible()


@pytest.mark.browser
def test_the_menu_of_a_narrow_screen_works_from_the_keyboard(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto("/system/dips/")
    menu = page.get_by_role("button", name="Meny")
    inside = page.locator(".md-sidebar--primary a", has_text="Saker")
    assert not inside.is_visible()
    menu.press("Enter")
    assert menu.get_attribute("aria-expanded") == "true"
    assert inside.is_visible()
    assert page.locator(":focus").inner_text().strip() == "Hjem"
    page.keyboard.press("Escape")
    assert menu.get_attribute("aria-expanded") == "false"
    assert not inside.is_visible()
    assert menu.evaluate("found => found === document.activeElement")
    menu.press("Space")
    while page.locator(":focus").inner_text().strip() != "Saker":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sak/")


@pytest.mark.browser
def test_a_vendor_sees_what_is_proposed_for_the_system(page: Page) -> None:
    page.goto("/system/dips/")
    page.get_by_role("link", name=re.compile("Sak 2026-901")).first.click()
    assert page.locator("h1").inner_text() == "Hvor sikker en legemiddelreaksjon er"
    assert page.get_by_role("rowheader", name="DIPS Arena").is_visible()
    assert page.locator("ins").count() > 3
    assert page.locator("del").count() > 3


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 375, 1280])
@pytest.mark.parametrize(
    "path", ["/", "/krav/", "/krav/KI-0006/", "/system/dips/", "/sak/2026-901/"]
)
def test_no_page_is_wider_than_its_window(
    browser: Browser, server: str, path: str, width: int
) -> None:
    context = browser.new_context(base_url=server, viewport={"width": width, "height": 800})
    found = context.new_page()
    found.goto(path)
    assert found.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.browser
def test_the_list_is_all_there_without_javascript(
    browser: Browser, server: str, register: Register
) -> None:
    context = browser.new_context(base_url=server, java_script_enabled=False)
    found = context.new_page()
    found.goto("/krav/")
    assert found.get_by_role("row").count() == len(register.krav) + 1
    assert not found.get_by_label("Filtrer på").is_visible()
    stand = sum(krav.status != "utgått" for krav in register.krav.values())
    gone = len(register.krav) - stand
    assert found.locator("caption").inner_text() == f"{stand} krav og {gone} utgåtte."
    found.goto("/")
    told = " ".join(found.locator("ul.kort li").first.inner_text().split())
    assert told == f"{stand} krav og {gone} utgåtte"
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "hinted"), [(375, True), (1500, False)])
def test_a_drawing_wider_than_the_screen_says_so_and_is_reached_by_keyboard(
    page: Page, width: int, hinted: bool
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/saksgang/")
    drawing = page.locator(".tegning")
    hint = drawing.locator("xpath=preceding-sibling::p[1]")
    assert hint.is_visible() == hinted
    wider = drawing.evaluate("one => one.scrollWidth > one.clientWidth")
    assert wider == hinted
    drawing.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert (drawing.evaluate("one => one.scrollLeft") > 0) == hinted


@pytest.mark.browser
def test_light_and_dark_are_switched_by_the_keys_of_a_radio_button(page: Page) -> None:
    page.goto("/system/dips/")
    scheme = page.locator("body")
    page.locator("input[name=__palette]:has(+ label:not([hidden]))").focus()
    for key, now in (("Space", "slate"), ("Space", "default"), ("ArrowRight", "slate")):
        page.keyboard.press(key)
        chosen = f"body[data-md-color-scheme={now}] input[name=__palette]:focus"
        page.wait_for_selector(chosen, state="attached")
        assert scheme.get_attribute("data-md-color-scheme") == now


@pytest.mark.browser
def test_the_heads_of_a_matrix_are_not_broken_within_words(page: Page) -> None:
    page.goto("/omrade/pll/")
    broken = page.locator(".kravmatrise thead a").evaluate_all(
        """all => all.flatMap((one) => {
          const range = document.createRange(), text = one.firstChild;
          return [...text.data.matchAll(/[^\\s/-]+/g)].filter((word) => {
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            return range.getClientRects().length > 1;
          }).map((word) => word[0]);
        })"""
    )
    assert page.locator(".kravmatrise thead a").count() > 5
    assert broken == []


@pytest.mark.browser
def test_no_step_on_the_board_falls_below_the_longest(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/sak/")
    longest = page.locator(".tavle section", has=page.locator("#steg-innarbeidet"))
    assert longest.locator("li:visible").count() == 10
    folded = longest.locator("details li")
    summary = longest.locator("summary")
    assert summary.inner_text() == f"Vis {folded.count()} eldre"
    ends = longest.evaluate("one => one.getBoundingClientRect().bottom")
    for heading in page.locator(".tavle h2").all():
        assert heading.evaluate("one => one.getBoundingClientRect().bottom") < ends
    summary.click()
    assert folded.last.is_visible()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 375])
def test_the_statistics_are_read_on_a_phone_without_dragging(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/statistikk/")
    labels = page.locator("article svg text")
    ends = labels.evaluate_all("all => all.map((one) => one.getBoundingClientRect().right)")
    assert 0 < max(ends) <= width
    assert "mindre" in (labels.last.text_content() or "")
    cell = page.locator("table.plikttall tbody td").first
    lines = (
        "one => one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight)"
    )
    assert cell.evaluate(lines) < 2
    assert cell.get_attribute("data-navn") == "EMD"
    row = page.locator("table.plikttall tbody tr", has_text="DIPS Arena")
    seen = row.locator("td:visible").evaluate_all("all => all.map((one) => one.offsetTop)")
    assert len(set(seen)) < len(seen)  # several stand beside one another
    assert "0 · 0 · 0" not in page.locator("table.plikttall").inner_text()


def test_no_line_on_a_card_begins_with_a_comma(nettsted: Path) -> None:
    html = (nettsted / "sak/index.html").read_text()
    assert re.search(r'<span class="hel">[A-Z]+-[0-9]{4},</span> <', html)
    assert not re.search("</span>,", html)


def test_cases_stand_newest_first_with_their_days(nettsted: Path) -> None:
    html = (nettsted / "sak/index.html").read_text()
    dated = 0
    for step in html.split("<section ")[1:]:
        days = re.findall(r'<time datetime="([\d-]+)">', step)
        assert days == sorted(days, reverse=True)
        dated += len(days)
    assert dated > 10
    assert "hovedgrenen" not in html
    gone = html.split('<h2 id="steg-trukket">')[1]
    assert '<span class="slag">Trukket <time datetime="2026-09-21">' in gone
    merged = html.split('<h2 id="steg-innarbeidet">')[1]
    assert '<span class="slag">Vedtatt <time datetime="2026-1' in merged
    assert "Kort vei" not in merged
    many = merged.split("Sak 2026-021")[1].split("</li>")[0]
    assert many.count('class="hel"') == 6
    assert re.search(r"og \d+ til", many)


@pytest.mark.browser
def test_the_report_shows_page_one_in_the_order_of_the_design(
    browser: Browser, lager: Path, krav: Krav, tmp_path: Path
) -> None:
    edit(lager, "i 90 dager etter", "i 30 dager etter", PLL)
    assert krav("ny-sak", "Kortere frist", "--per", "2026-11-23").returncode == 0
    case = "changes/2026-001/endring.yaml"
    edit(lager, "forslagsstiller:", "forslagsstiller: Kravforvalter for PLL", case)
    edit(lager, "kort_fortalt: |", "kort_fortalt: Fristen blir kortere.", case)
    assert krav("rapport", "2026-001", "--til", str(tmp_path / "r.html")).returncode == 0
    found = browser.new_page()
    found.goto((tmp_path / "r.html").as_uri())
    headings = found.locator(".side1 h2").all_inner_texts()
    assert headings == [
        "1 Forslag til vedtak",
        "2 Kort fortalt",
        "3 Helsefaglig vurdering",
        "4 Hvem berøres",
        "5 Innspill og usikkerhet",
        "6 Endret siden",
    ]
    assert found.locator("ins").first.text_content() == "[lagt til: 30]"
    assert found.get_by_role("rowheader", name="Alfa").is_visible()
    found.close()


@pytest.mark.parametrize(
    ("extra", "said", "form"),
    [
        ("", "Saken kan ikke besluttes nå.", False),
        (
            "trukket: {dato: 2026-12-01, begrunnelse: Ikke lenger aktuelt.}\n",
            "Saken ble trukket",
            False,
        ),
    ],
)
def test_a_paper_says_first_why_a_case_cannot_be_decided(
    extra: str, said: str, form: bool, lager: Path, krav: Krav, tmp_path: Path
) -> None:
    edit(lager, "i 90 dager etter", "i 30 dager etter", PLL)
    add_case(lager, extra=extra)
    assert krav("rapport", "2026-001", "--til", str(tmp_path / "r.html")).returncode == 0
    html = unbroken((tmp_path / "r.html").read_text())
    first = html.split("1 Forslag til vedtak")[1].split("2 Kort fortalt")[0]
    assert said in first
    assert "PLL-0001 «Seponert oppføring følger listen i 90 dager»" in first
    assert ("Vedtaksskjema" in html) == form


@pytest.mark.parametrize("systems", [SHORT_MATRIX, SHORT_MATRIX + 1])
def test_the_matrix_is_on_page_one_up_to_ten_systems(
    systems: int, lager: Path, krav: Krav, git: Git, tmp_path: Path
) -> None:
    assert SHORT_MATRIX == 10
    alfa = (lager / "krav/systemer/alfa.yaml").read_text()
    for number in range(systems - 3):  # three are bound already
        text = alfa.replace("id: alfa", f"id: s{number}").replace("Alfa", f"System {number}")
        (lager / f"krav/systemer/s{number}.yaml").write_text(text)
    commit(git)
    edit(lager, "i 90 dager etter", "i 30 dager etter", PLL)
    add_case(lager)
    assert krav("rapport", "2026-001", "--til", str(tmp_path / "r.html")).returncode == 0
    first, overleaf = (tmp_path / "r.html").read_text().split("6 Endret siden")
    assert f"{systems} systemer berøres" in first
    assert ('<table class="poster stabel matrise">' in first) == (systems <= 10)
    assert ("<h2>Virkningsmatrise</h2>" in overleaf) == (systems > 10)
    assert ("Hvert system og krav står i" in first) == (systems > 10)


def test_the_paper_says_what_has_changed_since(
    lager: Path, krav: Krav, git: Git, tmp_path: Path
) -> None:
    def since() -> list[str]:
        done = krav("rapport", "2026-001", "--per", "2026-12-01", "--til", str(tmp_path / "r.html"))
        assert done.returncode == 0, done.stderr
        box = (
            unbroken((tmp_path / "r.html").read_text()).split("6 Endret siden")[1].split("</ul>")[0]
        )
        return re.findall("<li>(.*)</li>", box)

    git("checkout", "--quiet", "-b", "sak")
    edit(lager, "i 90 dager etter", "i 30 dager etter", PLL)
    case = add_case(lager)
    begun = "I registeret siden saken ble åpnet: "
    unseen = "Endringsrådet har ikke sett saken."
    assert since() == ["OSG har ikke sett saken.", unseen, f"{begun}ingen endringer."]
    seen = json.loads(krav("diff", "main", "--format", "json").stdout)["fingeravtrykk"]
    (case / "osg.yaml").write_text(
        "behandlinger:\n  - {dato: 2026-11-20, form: møte, utfall: anbefalt, "
        f"fingeravtrykk: {seen}}}\n"
    )
    treated = "Siden OSG behandlet saken 20. november 2026: "
    assert since() == [f"{treated}ingen endringer.", unseen, f"{begun}ingen endringer."]
    edit(lager, "i 30 dager etter", "i 45 dager etter", PLL)
    other = "teksten er endret; behandlingen gjelder en annen tekst."
    assert since() == [f"{treated}{other}", unseen, f"{begun}ingen endringer."]
    commit(git)
    git("checkout", "--quiet", "main")
    edit(lager, "tidspunkt og årsak", "tidspunkt", "krav/pll/PLL-0002.yaml")
    commit(git)
    assert since()[-1] == f"{begun}ingen endringer."  # another record than the case's
    edit(lager, "i 90 dager etter", "i 91 dager etter", PLL)
    commit(git)
    assert since()[-1] == f"{begun}PLL-0001 er endret av andre."
