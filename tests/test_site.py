"""The published site, built from the project's own register and read in a real Chromium."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from conftest import CHROMIUM, ROOT, Krav
from kravverk.cli import krav as group
from kravverk.findings import rule_name
from kravverk.register import read
from kravverk.rules import STAGES
from kravverk.store import open_repo, working_files
from test_store import PLL, edit

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


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


def test_every_record_and_case_has_its_page(nettsted: Path) -> None:
    register, _ = read(working_files(open_repo(ROOT)))
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
        assert "Illustrative krav" in html, path


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


def test_only_what_differs_is_written_again(lager: Path, krav: Krav) -> None:
    for name in ("docs", "mkdocs.yml", "tools"):
        (lager / name).symlink_to(ROOT / name)
    assert "filer skrevet, 0 fjernet" in krav("nettsted", "--per", "2026-12-01").stderr
    assert "0 filer skrevet, 0 fjernet" in krav("nettsted", "--per", "2026-12-01").stderr
    edit(lager, "i 90 dager etter", "i hele 90 dager etter")
    assert "1 filer skrevet, 0 fjernet" in krav("nettsted", "--per", "2026-12-01").stderr


def test_hostile_text_stays_text(lager: Path, krav: Krav) -> None:
    for name in ("docs", "mkdocs.yml", "tools"):
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


# --- In the browser -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(nettsted: Path) -> Iterator[str]:
    """The site on this machine, as a web server would give it."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(nettsted))) as httpd:
        Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A page that fails the test if anything is asked of another host, or a script fails."""
    context = browser.new_context(base_url=server)
    found = context.new_page()
    strangers: list[str] = []
    found.on("request", lambda r: strangers.append(r.url) if server not in r.url else None)
    found.on("pageerror", lambda error: strangers.append(str(error)))
    yield found
    context.close()
    assert strangers == []


@pytest.mark.browser
def test_a_vendor_finds_a_requirement_follows_it_to_a_system_and_back(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Krav", exact=True).first.click()
    page.get_by_label("Filtrer på").fill("ki 6")
    assert page.get_by_role("status").inner_text() == "1 av 74 krav vises."
    assert "q=ki+6" in page.url
    page.get_by_role("link", name="KI-0006").click()
    assert page.locator("h1").inner_text() == "Registrerte legemiddelreaksjoner følger med i M25.1"
    page.get_by_role("link", name="DIPS Arena").click()
    assert page.locator("h1").inner_text() == "DIPS Arena"
    page.get_by_role("row", name=re.compile("KI-0006")).get_by_role("link").click()
    assert page.url.endswith("/krav/KI-0006/")
    page.go_back()
    page.go_back()
    page.go_back()
    assert page.get_by_label("Filtrer på").input_value() == "ki 6"


@pytest.mark.browser
def test_a_vendor_sees_what_is_proposed_for_the_system(page: Page) -> None:
    page.goto("/system/dips/")
    page.get_by_role("link", name=re.compile("Sak 2026-901")).click()
    assert page.locator("h1").inner_text() == "Én kilde til kritisk informasjon"
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
def test_the_list_is_all_there_without_javascript(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, java_script_enabled=False)
    found = context.new_page()
    found.goto("/krav/")
    assert found.get_by_role("row").count() == 75
    assert not found.get_by_label("Filtrer på").is_visible()
    context.close()


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
    folder = lager / "changes/2026-001"
    folder.mkdir()
    case = (ROOT / "tests/cases/uavklart/after/changes/2026-001/endring.yaml").read_text()
    (folder / "endring.yaml").write_text(case + extra)
    assert krav("rapport", "2026-001", "--til", str(tmp_path / "r.html")).returncode == 0
    html = (tmp_path / "r.html").read_text()
    first = html.split("1 Forslag til vedtak")[1].split("2 Kort fortalt")[0]
    assert said in first
    assert "PLL-0001 «Seponert oppføring følger listen i 90 dager»" in first
    assert ("Vedtaksskjema" in html) == form
