"""Hostile words in every text of a register, and what else a page may not hold, in Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from functools import partial
from hashlib import sha256
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, expect
from tinyhtml5.parser import HTMLParser as HTMLParser5

from conftest import ROOT, Krav, files_in
from kravverk.cases import all_cases
from kravverk.language import languages
from kravverk.register import read
from kravverk.search import index
from kravverk.site import draw_house, site
from kravverk.store import open_repo, sync
from kravverk.view import View
from test_accessibility import TEMPLATES
from test_hardening import with_pages
from test_store import edit

RUN = "window.PWN=1"
PAYLOADS = [
    f"<script>{RUN}</script>",
    f"</title></textarea></style><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f'"><script>{RUN}</script>',
    f"' onmouseover='{RUN}' autofocus onfocus='{RUN}' x='",
    f'" onmouseover="{RUN}" autofocus onfocus="{RUN}" x="',
    f"<details open ontoggle={RUN}>",
    "<iframe srcdoc='<script>parent.PWN=1</script>'></iframe>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'><base href=//ond.example/>",
    f"<a href=javascript:{RUN}>x</a> <math><mi xlink:href=javascript:{RUN}>x</mi></math>",
    f"[x](javascript:{RUN}) ![x](javascript:{RUN}) <javascript:{RUN}> [x](//ond.example)",
    f"[x](data:text/html,<script>{RUN}</script>) [x][y] [^1]",
    f"x{{ onclick={RUN} }} `x`{{ onmouseover={RUN} }} {{: onclick={RUN} }}",
    f"<div markdown onclick={RUN}>x</div> <style>@import '//ond.example/'</style>",
    f"--8<-- 'mkdocs.yml' *[HTML]: <img src=x onerror={RUN}>",
    f"&#60;script&#62;{RUN}&#60;/script&#62; &lt;img src=x onerror={RUN}&gt;",
    f"<mark></mark></textarea><img src=x onerror={RUN}>",
    f'<noscript><p title="</noscript><img src=x onerror={RUN}>">',
    "{{ 7 * 7 }} {% include 'x' %} {# x #} KRAVVERK-INNHOLD KRAVVERK-TITTEL",
]
# Words that are names of things and have no blank.
NAMED = {"navn", "leverandor", "systemeier", "kontakt", "retning", "forkortelser", "navnerom"}
# Where no more than a hundred characters are taken.
SHORT = {"rolle", "organisasjon", "deltakere", "ansvarlig", "bekreftes_av", "inhabile", "navnerom"}
SHORTEST = sorted(PAYLOADS, key=len)[:4]


def poisoned(value: Any, key: str = "") -> Any:
    """The same data, with a payload before each text that people write; the same one each time."""
    if isinstance(value, dict):
        return {name: poisoned(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [poisoned(part, key) for part in value]
    if isinstance(value, str) and (" " in value.strip() or key in NAMED):
        at = sha256(value.encode()).digest()[0] % (4 if key in SHORT else len(PAYLOADS))
        return f"{SHORTEST[at] if key in SHORT else PAYLOADS[at]} {value}"
    return value


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the project's own register and cases, every text of them poisoned."""
    folder = tmp_path_factory.mktemp("ond")
    lager = folder / "lager"
    for top in ("krav", "changes"):
        shutil.copytree(ROOT / top, lager / top)
    for path in lager.rglob("*.yaml"):
        data = poisoned(yaml.safe_load(path.read_text()))
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=99999))
    who = ("-c", "user.name=Rolle", "-c", "user.email=rolle@kravverk.example")
    for args in (("init", "-qb", "main"), ("add", "-A"), (*who, "commit", "-qm", "x")):
        subprocess.run(["git", *args], cwd=lager, check=True)
    register, findings = read(files_in(lager))
    assert [finding for finding in findings if finding.alvor == "feil"] == []
    kinds = (register.krav, register.systemer, register.grupper, register.meldinger)
    more = (register.temaer, register.begreper, register.omrader, register.dispensasjoner)
    assert all((*kinds, *more, register.organer))
    per = date(2026, 12, 1)
    cases, _ = all_cases(open_repo(lager), per)
    assert any(case.mappe.innspill for case in cases)
    houses = {one.kode: draw_house(ROOT, one.oppsett) for one in languages()}
    sync(folder / "ut", site(houses, View(register, tuple(cases), per, {}), lambda: None))
    sync(folder / "ut/pagefind", index(folder / "ut").items())
    return folder / "ut"


class Active(HTMLParser):
    """What on a page can act: scripts, handlers, and addresses that are none."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            address = re.sub(r"[\s\x00-\x1f]", "", value or "").lower()
            if name.startswith("on") or name in ("srcdoc", "style", "markdown"):
                self.found.append(f"{tag} {name}")
            if re.match("(javascript|data|vbscript):", address) or address[2:13] == "ond.example":
                self.found.append(f"{tag} {value}")
        if tag in ("iframe", "base", "object", "embed", "math", "style", "mark", "noscript"):
            self.found.append(tag)


def test_hostile_words_are_no_markup_on_any_page(hostile: Path) -> None:
    seen = 0
    for path in hostile.rglob("*.html"):
        html = path.read_text()
        seen += html.count("window.PWN=1")
        assert Active(html).found in ([], ["base"]), path
        assert "<script>window.PWN" not in html, path
    assert seen > 10_000


@pytest.mark.browser
@pytest.mark.parametrize("policy", [True, False])
def test_hostile_words_do_not_run_with_or_without_the_policy(
    browser: Browser, hostile: Path, policy: bool
) -> None:
    tag = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')

    class Bare(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def copyfile(self, source: Any, outputfile: Any) -> None:
            data = source.read()
            data = data if policy else tag.sub(lambda found: b" " * len(found[0]), data)
            outputfile.write(data)

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Bare, directory=str(hostile))) as httpd:
        Thread(target=httpd.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{httpd.server_port}"
        context = browser.new_context(base_url=base)
        page = context.new_page()
        trouble: list[str] = []
        page.on("console", lambda m: trouble.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda r: trouble.append(r.url) if base not in r.url else None)
        paths = [path for path in TEMPLATES.values() if "901" not in path and "sok/" not in path]
        for path in (*paths, "/sok/?q=window", "/en/sok/?q=script", "/sok/?q=mark"):
            response = page.goto(path)
            assert response
            assert response.ok, path
            assert (b"Content-Security-Policy" in tag.sub(b"", response.body())) is False
            assert bool(tag.search(response.body())) == policy
            if "sok/" in path:
                expect(page.locator("#trefflisten li").first).to_be_visible()
            assert page.evaluate("window.PWN") is None, path
        assert trouble == []
        context.close()
        httpd.shutdown()


def test_every_page_has_the_same_strict_policy(nettsted: Path) -> None:
    for path in nettsted.rglob("*.html"):
        html = path.read_text()
        found = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
        assert len(found) == 1, path
        assert found[0].startswith("default-src 'none'; "), path
        assert "unsafe" not in found[0], path
        assert re.search(r"script-src 'self'( 'sha256-[\w+/=]+')*$", found[0]), path


def test_the_html_of_every_template_is_as_html_is_written(nettsted: Path) -> None:
    for path in TEMPLATES.values():
        file = nettsted / path.partition("?")[0].lstrip("/")
        html = (file / "index.html" if file.is_dir() else file).read_text()
        parser = HTMLParser5()
        tree = parser.parse(html)
        assert parser.errors == [], path
        idents = [found.get("id") for found in tree.iter() if found.get("id")]
        assert sorted(idents) == sorted({*idents}), path
        for found in tree.iter():
            assert found.get("href") != "", path
            for name in ("aria-labelledby", "aria-describedby", "for"):
                named = (found.get(name) or "").split()
                assert {*named} <= {*idents}, (path, name, named)


@pytest.mark.browser
def test_no_page_says_anything_in_the_console(browser: Browser, server: str) -> None:
    page = browser.new_page(base_url=server)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("requestfailed", lambda request: said.append(request.url))
    for path in TEMPLATES.values():
        page.goto(path)
        page.wait_for_load_state("networkidle")
    page.close()
    assert said == []


def test_nothing_is_written_when_a_record_has_a_fault(lager: Path, krav: Krav) -> None:
    with_pages(lager)
    edit(lager, "tema: seponering", "tma: seponering")
    assert krav("nettsted").returncode == 1
    assert not (lager / "build").exists()
    edit(lager, "tma: seponering", "tema: seponering")
    assert krav("nettsted", "--per", "2026-12-01").returncode == 0
    before = files_in(lager / "build")
    edit(lager, "i 90 dager etter", "i 91 dager etter")
    (lager / "krav/systemer/beta.yaml").write_text("id: [")
    assert krav("nettsted", "--per", "2026-12-01").returncode == 1
    assert files_in(lager / "build") == before
