"""Papers that everybody can read: axe on the HTML, the structure of the PDF, and hostile texts."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from docx import Document
from markdown_it import MarkdownIt
from playwright.sync_api import Browser
from pypdf import PdfReader

from conftest import Git, Krav
from kravverk.papers import MOST
from test_papers import COUNCIL, OSG, done_out
from test_saksgang import (
    CASE,
    RELEASED,
    decision,
    done,
    propose,
    recommend,
    release_and_freeze,
)
from test_store import commit, edit

MINUTES, OSG_MINUTES = ("protokoll", *COUNCIL[1:]), ("protokoll", *OSG[1:])
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def fryst(lager: Path, git: Git, krav: Krav) -> Path:
    """A released register, and case 2026-001 frozen on its branch."""
    return release_and_freeze(lager, git, krav)


# --- HTML -----------------------------------------------------------------------------------------


@pytest.mark.browser
def test_no_paper_breaks_a_rule_of_axe(
    fryst: Path, browser: Browser, git: Git, krav: Krav, tmp_path: Path
) -> None:
    recommend(krav)
    commit(git)
    page = browser.new_page(viewport={"width": 1000, "height": 1200})
    paper = tmp_path / "papir.html"
    for what in (("rapport", "2026-001", "--per", "2026-12-10"), COUNCIL, MINUTES):
        if what == MINUTES:
            done(krav, *decision())
        done(krav, *what, "--til", str(paper))
        page.goto(paper.as_uri())
        found = Axe().run(page, options=WCAG).response
        assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
        assert len(found["passes"]) > 10  # it looked
    page.close()
    assert fryst.exists()


# --- PDF ------------------------------------------------------------------------------------------


def made_pdf(krav: Krav, tmp_path: Path, *args: str) -> PdfReader:
    done(krav, *args, "--format", "pdf", "--til", str(tmp_path / "p.pdf"))
    return PdfReader(tmp_path / "p.pdf")


def flat(outline: Any) -> list[Any]:
    return [m for mark in outline for m in (flat(mark) if isinstance(mark, list) else [mark])]


def tree(node: Any, parents: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Every element of a structure tree in order, with what it is and stands in."""
    node = node.get_object()
    if not hasattr(node, "get"):
        return []
    found = []
    if "/S" in node:
        parents = (*parents, node["/S"])
        found = [(parents, node)]
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        found += tree(kid, parents) if hasattr(kid, "get_object") else []
    return found


@pytest.mark.usefixtures("fryst")
def test_the_pdf_is_numbered_bookmarked_and_embeds_its_own_fonts(
    krav: Krav, tmp_path: Path
) -> None:
    found = made_pdf(krav, tmp_path, *OSG)
    marks = [mark.title for mark in flat(found.outline)]
    assert marks[0] == "OSG, 5. desember 2026"
    assert "1/26 · 2026-001 Prøvesak" in marks
    assert "Ordlyden, fra gammel til ny" in marks
    texts = [page.extract_text() for page in found.pages]
    for at, text in enumerate(texts, 1):
        assert f"Side {at} av {len(texts)}" in text
    first = next(at for at, text in enumerate(texts) if "1 Forslag til vedtak" in text)
    assert "6 Endret siden" in texts[first]  # page one is one page
    assert "1/26 · 2026-001 Prøvesak" in texts[first + 1]  # the running case number
    told = re.search(r"2026-001 Prøvesak \(side\s(\d+)\)", texts[0])
    assert told
    assert int(told[1]) == first + 1  # the agenda tells where each case is
    size = found.pages[0].mediabox
    assert (round(size.width), round(size.height)) == (595, 842)
    letters: set[str] = set()
    for page in found.pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & inner.get_object().keys()
            letters.add(inner.get_object()["/FontName"].partition("+")[2].rstrip(","))
    assert all(name.startswith("Source-Sans-3") for name in letters)
    counted = json.loads(done_out(krav, *OSG, "--format", "json"))["saker"][0]["antall_endringer"]
    assert counted == 1
    assert "1 endring i 1 krav." in " ".join(texts)


@pytest.mark.usefixtures("fryst")
def test_the_pdf_can_be_read_aloud_and_archived(krav: Krav, tmp_path: Path) -> None:
    found = made_pdf(krav, tmp_path, *OSG)
    root: Any = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nb"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    about = root["/Metadata"].get_data().decode()
    for mark in ('pdfuaid:part="1"', 'pdfaid:part="2"', 'pdfaid:conformance="A"', "Saksliste OSG"):
        assert mark in about
    assert about.count("<rdf:RDF") == 1
    elements = tree(root["/StructTreeRoot"])
    kinds = [parents[-1] for parents, _ in elements]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/P", "/Figure"} <= set(kinds)
    levels = [int(kind[2]) for kind in kinds if re.fullmatch("/H[1-6]", kind)]
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    inside = {parents[-1] for parents, _ in elements if parents[-2:-1] == ("/Table",)}
    assert inside <= {"/THead", "/TBody", "/Caption"}
    for parents, element in elements:
        if parents[-1] == "/TH":
            wanted = "/Column" if "/THead" in parents else "/Row"
            assert element["/A"]["/Scope"] == wanted
        if parents[-1] == "/Figure":
            assert element["/Alt"]
    spoken = {element.raw_get("/Pg").idnum for _, element in elements if "/Pg" in element}
    assert spoken == {page.indirect_reference.idnum for page in found.pages}  # type: ignore[union-attr]


@pytest.mark.usefixtures("fryst")
def test_the_pdf_is_the_same_on_a_machine_with_no_fonts(
    krav: Krav, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(krav, *OSG, "--format", "pdf", "--til", str(tmp_path / "a.pdf"))
    (tmp_path / "ingen.conf").write_text("<fontconfig></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "ingen.conf"))
    bare = krav(*OSG, "--format", "pdf", "--til", str(tmp_path / "b.pdf"))
    assert "No fonts configured" in bare.stderr
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


# --- Hostile texts --------------------------------------------------------------------------------

# Markup of HTML, Markdown, SVG, CSS and Word fields, on one line.
PAYLOAD = (
    "</title></style></svg><script>window.PWN=1</script><img src=x onerror=window.PWN=1>"
    "[a](javascript:window.PWN=1) ![b](http://a.example/c) <http://a.example> @alle ~~|`# "
    '{{ 7*7 }} "; url(x) {INCLUDETEXT x}'
)
LONG = 100_000
PROSE = "kort_fortalt bakgrunn hjemmel erfaringsgrunnlag pasientsikkerhet alternativer".split()


@pytest.fixture
def fiendtlig(lager: Path, git: Git, krav: Krav) -> Path:
    """A case whose every text is markup or 100,000 characters, frozen and recommended."""
    evil, long = json.dumps(PAYLOAD), json.dumps(f"{PAYLOAD}\n\n{'x' * LONG}")
    edit(lager, "Seponert oppføring følger listen i 90 dager", evil)
    edit(lager, "  - En oppføring", f"  - {evil}\n  - En oppføring")
    edit(lager, "navn: Alfa", f"navn: {evil}", "krav/systemer/alfa.yaml")
    edit(lager, "organisasjon: Prøve", f"organisasjon: {evil}", "changes/organer/osg.yaml")
    commit(git)
    done(krav, "utgi", "2026.1", *RELEASED)
    commit(git)
    propose(lager, git)
    words = "Systemet skal vise feltet. " * (LONG // 27)
    edit(lager, "kilder:", f"begrunnelse: {json.dumps(words + PAYLOAD)}\nkilder:")
    case = lager / CASE
    lines = case.read_text().replace("tittel: Prøvesak", f"tittel: {evil}").splitlines()
    for at, line in enumerate(lines):
        if line.partition(":")[0] in PROSE:
            lines[at] = f"{line.partition(':')[0]}: {long}"
    text = "\n".join(lines).replace("Systemet kan slette tidligere.", evil)
    case.write_text(f"{text}\neksterne_referanser: [{evil}]\n")
    (case.parent / "innspill").mkdir()
    answer = f"dato: 2026-11-20\nberort: ja\narbeid: {evil}\nmerknader: {long}\nsvar: {evil}\n"
    (case.parent / "innspill/alfa.yaml").write_text(answer)
    done(krav, "frys", "2026-001", "--per", "2026-12-01")
    recommend(krav, "2026-001", "anbefalt", "--begrunnelse", PAYLOAD, "--dissens", PAYLOAD)
    commit(git)
    return lager


WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.browser
@pytest.mark.usefixtures("fiendtlig")
def test_hostile_texts_are_shown_as_they_stand_in_html(
    browser: Browser, krav: Krav, tmp_path: Path
) -> None:
    page, paper = browser.new_page(viewport={"width": 800, "height": 900}), tmp_path / "r.html"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for what in (OSG, COUNCIL, ("rapport", "2026-001", "--per", "2026-12-05"), OSG_MINUTES):
        done(krav, *what, "--til", str(paper))
        page.goto(paper.as_uri())
        assert page.evaluate("window.PWN") is None
        assert page.locator("script, img, iframe, a:not([href^='#'])").count() == 0
        assert PAYLOAD in page.locator("main").inner_text()
        assert not page.evaluate(WIDE)
        assert page.locator("th:not([scope])").count() == 0
    assert set(asked) == {paper.as_uri()}
    page.close()


@pytest.mark.usefixtures("fiendtlig")
def test_hostile_texts_are_shown_as_they_stand_in_markdown(krav: Krav) -> None:
    for what in (COUNCIL, ("rapport", "2026-001", "--per", "2026-12-05"), OSG_MINUTES):
        md = done_out(krav, *what, "--format", "md")
        assert len(md) < MOST or what == OSG_MINUTES
        shown = (
            MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(md)
        )
        assert not re.search(r"<(script|img|a|svg|style|title)\b", shown)
        assert "&lt;script&gt;window.PWN=1&lt;/script&gt;" in shown


@pytest.mark.usefixtures("fiendtlig")
def test_hostile_texts_are_only_text_in_a_pdf_and_in_word(krav: Krav, tmp_path: Path) -> None:
    found = made_pdf(krav, tmp_path, *COUNCIL)
    raw = (tmp_path / "p.pdf").read_bytes()
    for mark in (b"/JavaScript", b"/URI", b"/Launch", b"/EmbeddedFile", b"/GoToR"):
        assert mark not in raw
    assert "</svg><script>window.PWN=1</script>" in "".join(
        page.extract_text().replace("\n", "") for page in found.pages[:6]
    )
    for what in (COUNCIL, OSG_MINUTES):
        done(krav, *what, "--format", "docx", "--til", str(tmp_path / "p.docx"))
        read = Document(str(tmp_path / "p.docx"))
        assert any(PAYLOAD in paragraph.text for paragraph in read.paragraphs)
        fields = re.findall(
            r'w:instr="([^"]*)"', read.element.xml + read.sections[0].header._element.xml
        )
        assert fields == ["STYLEREF 2"]
        assert {rel.is_external for rel in read.part.rels.values()} == {False}


def test_signs_that_turn_a_text_around_never_reach_a_paper(
    lager: Path, git: Git, krav: Krav
) -> None:
    propose(lager, git)
    edit(lager, "tittel: Prøvesak", "tittel: Prøve\u202esak", CASE)
    made = krav("rapport", "2026-001")
    assert made.returncode == 1
    assert made.stdout == ""
    assert "U+202E" in made.stderr
