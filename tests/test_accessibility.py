"""Whether everybody can use the site: axe, keyboard, the screen reader's tree, print, no script."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

pytestmark = pytest.mark.browser

# One page of every template, and one of each house.
TEMPLATES = {
    "home": "/",
    "list of requirements": "/krav/",
    "newest version": "/krav/KI-0006/",
    "version with a redline": "/krav/KI-0006/v2/",
    "systems": "/system/",
    "system": "/system/dips/",
    "system in a release": "/system/dips/2026.1/",
    "board": "/sak/",
    "case": "/sak/2026-901/",
    "case that is decided": "/sak/2026-001/",
    "releases": "/utgivelse/",
    "release": "/utgivelse/2026.2/",
    "comparison": "/utgivelse/2026.2/fra-2026.1/",
    "groups": "/gruppe/",
    "group": "/gruppe/epj/",
    "message": "/melding/M25.1/",
    "theme": "/tema/seponering/",
    "term": "/begrep/seponering/",
    "area": "/omrade/ki/",
    "statistics": "/statistikk/",
    "rules": "/regler/",
    "life of a case": "/saksgang/",
    "commands": "/kommandoer/",
    "search": "/sok/?q=listen",
    "prose": "/om/",
    "not found": "/404.html",
    "English requirement": "/en/krav/KI-0006/",
    "English system": "/en/system/dips/",
    "English search": "/en/sok/?q=list",
}
WCAG = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "rules": {"target-size": {"enabled": True}},
}


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_wcag(
    browser: Browser, server: str, scheme: Literal["light", "dark"], width: int
) -> None:
    context = browser.new_context(
        base_url=server,
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
    )
    page = context.new_page()
    broken = []
    for name, path in TEMPLATES.items():
        response = page.goto(path)
        assert response
        assert response.ok, path
        if "sok/" in path:
            expect(page.locator("#trefflisten li").first).to_be_visible()
        wanted = "slate" if scheme == "dark" else "default"
        assert page.locator("body").get_attribute("data-md-color-scheme") == wanted
        for found in Axe().run(page, options=WCAG).response["violations"]:
            nodes = [node["html"][:160] for node in found["nodes"][:3]]
            broken.append((name, found["id"], len(found["nodes"]), nodes))
    context.close()
    assert not broken, "\n".join(map(str, broken))


# --- The keyboard ---------------------------------------------------------------------------------

FOCUSED = """() => {
    const found = document.activeElement;
    const drawn = found.matches("input.md-option") ? found.nextElementSibling : found;
    const box = drawn.getBoundingClientRect(), style = getComputedStyle(drawn);
    return {
        name: found.dataset.nr ?? "", html: found.outerHTML.slice(0, 150),
        seen: box.width > 0 && box.right > 0 && box.left < innerWidth && box.bottom > 0
            && box.top < innerHeight && style.visibility === "visible",
        ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
    };
}"""
REACHABLE = """() => [...document.querySelectorAll(
        "a[href], button, input, select, summary, [tabindex]")]
    .filter((found) => found.tabIndex >= 0 && !found.disabled && !found.hidden
        && found.checkVisibility({ visibilityProperty: true }) && found.getClientRects().length)
    .map((found, at) => (found.dataset.nr = String(at)))"""


@pytest.mark.parametrize(
    "path", ["/", "/krav/", "/krav/KI-0006/v2/", "/system/dips/", "/sok/?q=ki"]
)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.emulate_media(reduced_motion="reduce")
    page.goto(path)
    if "sok/" in path:
        expect(page.locator("#trefflisten li").first).to_be_visible()
    wanted = page.evaluate(REACHABLE)
    reached, faults = [], []
    for _ in range(len(wanted) + 20):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if not at["name"] or at["name"] in reached:
            break  # past the last, so there is no trap
        reached.append(at["name"])
        if not (at["seen"] and at["ring"]):
            faults.append(at)
    else:
        pytest.fail(f"never past the last: {reached[-3:]}")
    assert not faults, "\n".join(map(str, faults))
    assert reached == wanted, at


# --- The screen reader ----------------------------------------------------------------------------


def tree(page: Page) -> list[tuple[str, str]]:
    """What the browser tells a screen reader of the content: (role, name), in order."""
    client = page.context.new_cdp_session(page)
    nodes = client.send("Accessibility.getFullAXTree")["nodes"]
    known = {node["nodeId"]: node for node in nodes}
    found = []

    def walk(node: dict[str, object]) -> None:
        if not node.get("ignored"):
            role, name = (node.get(part) or {} for part in ("role", "name"))
            assert isinstance(role, dict)
            assert isinstance(name, dict)
            found.append((str(role.get("value", "")), str(name.get("value", ""))))
        for child in node.get("childIds") or ():  # type: ignore[attr-defined]
            walk(known[child])

    walk(nodes[0])
    return found


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", ["/krav/KI-0006/", "/system/dips/"])
def test_a_screen_reader_hears_headings_in_order_and_the_heads_of_tables(
    page: Page, path: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)
    told = tree(page)
    tables = page.locator("table").count()
    shown = page.locator("table:visible").count()
    assert 0 < shown <= tables
    roles = [role for role, _ in told]
    assert roles.count("table") == shown
    assert roles.count("columnheader") == page.locator("table:visible thead th").count()
    assert roles.count("rowheader") == page.locator("table:visible tbody th").count()
    headings = [name for role, name in told if role == "heading"]
    assert headings == [
        re.sub(r"\s+", " ", text).strip() for text in page.locator("h1, h2, h3").all_inner_texts()
    ]
    assert roles.count("main") == roles.count("banner") == roles.count("contentinfo") == 1


def test_a_screen_reader_hears_what_is_added_and_removed(page: Page) -> None:
    page.goto("/krav/KI-0006/v2/")
    told = tree(page)
    for role, words in (("insertion", "[lagt til:"), ("deletion", "[fjernet:")):
        assert role in {found for found, _ in told}
        assert any(name.startswith(words) for found, name in told if found == "StaticText")


# --- Without a script, and on paper ---------------------------------------------------------------


def test_without_a_script_all_rows_are_there_and_no_control_is_dead(
    browser: Browser, server: str
) -> None:
    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    for name, path in TEMPLATES.items():
        page.goto(path)
        assert page.locator("button:visible, input:visible, select:visible").count() == 0, name
        folded = page.locator("details:not([open]) tr").count()
        assert page.locator("tr:visible").count() == page.locator("tr").count() - folded, name
    context.close()


def test_what_is_folded_is_unfolded_on_paper(page: Page, tmp_path: Path) -> None:
    page.goto("/system/dips/")
    closed = page.locator("details:not([open]) td")
    words = [text for text in closed.all_text_contents() if len(text) > 8]
    assert words
    page.pdf(path=tmp_path / "side.pdf")
    text = "".join(leaf.extract_text() for leaf in PdfReader(tmp_path / "side.pdf").pages)
    printed = re.sub(r"\s+", "", text)
    assert [word for word in words if re.sub(r"\s+", "", word) not in printed] == []
