"""Papers that everybody can read: axe on the HTML, the structure of the PDF, and hostile texts."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from pypdf import PdfReader

from conftest import Git, Krav
from test_papers import COUNCIL, OSG, done_out
from test_saksgang import CASE, decision, done, propose, recommend, release_and_freeze
from test_store import commit, edit

MINUTES = ("protokoll", *COUNCIL[1:])
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
    assert "1 endring i 1 post." in " ".join(texts)


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

PAYLOAD = "</title></style><script>window.PWN=1</script><img src=x onerror=window.PWN=1>"


@pytest.mark.browser
@pytest.mark.parametrize("what", [OSG, ("rapport", "2026-001", "--per", "2026-12-05")])
def test_hostile_record_text_neither_runs_nor_breaks_the_page(
    what: tuple[str, ...], browser: Browser, lager: Path, git: Git, krav: Krav, tmp_path: Path
) -> None:
    edit(lager, "Seponert oppføring følger listen i 90 dager", PAYLOAD)
    edit(lager, "navn: Alfa", f"navn: {PAYLOAD}", "krav/systemer/alfa.yaml")
    commit(git)
    propose(lager, git)
    edit(lager, "kilder:", f"begrunnelse: '{'x' * 20_000} [a](javascript:window.PWN=1)'\nkilder:")
    edit(lager, "tittel: Prøvesak", f"tittel: {PAYLOAD}", CASE)
    done(krav, "frys", "2026-001", "--per", "2026-12-01")
    paper = tmp_path / "r.html"
    done(krav, *what, "--til", str(paper))
    context = browser.new_context(viewport={"width": 800, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(paper.as_uri())
    assert asked == [paper.as_uri()]
    assert page.evaluate("window.PWN") is None
    assert page.locator("script, img, a[href^='javascript']").count() == 0
    assert PAYLOAD in page.locator("article h1").inner_text()
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
    levels = [
        int(tag[1])
        for tag in page.evaluate(
            "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => h.tagName)"
        )
    ]
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert page.locator("th:not([scope])").count() == 0
    context.close()
