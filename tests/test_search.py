"""Full-text search: what is indexed, when, and what a reader finds with it in a real Chromium."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from conftest import Krav
from kravverk.search import hidden_words
from test_hardening import with_pages
from test_store import edit


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("<p>Legemiddellisten og <b>reseptformidleren</b></p>", "listen formidleren"),
        ("legemiddelreseptlister", "reseptlister lister"),
        ("refusjonshjemmel, refusjonshjemmel", "hjemmel"),
        ("Resept og listen", ""),
        ("<a href='/legemiddelliste/'>sett</a> papirreseptkø", "reseptkø"),
        ("<table><tr><td>legemiddelliste</td></tr></table>", ""),
    ],
)
def test_the_end_of_a_compound_is_given_to_the_index(text: str, ends: str) -> None:
    assert f"§§ {ends}</p>" in hidden_words(text, "")


def test_a_title_given_to_the_index_is_escaped() -> None:
    assert '<p hidden data-pagefind-meta="title">&lt;b&gt;</p>' in hidden_words("", "<b>")


def test_only_newest_records_and_prose_are_indexed(nettsted: Path) -> None:
    def marked(path: str) -> bool:
        return "data-pagefind-body" in (nettsted / path / "index.html").read_text()

    for path in ("krav/KI-0006", "en/krav/KI-0006", "system/dips", "sak/2026-001", "om", "regler"):
        assert marked(path), path
    for path in ("", "krav", "sok", "en/system", "krav/KI-0006/v1", "utgivelse/2026.2/fra-2026.1"):
        assert not marked(path), path


def test_an_unchanged_site_is_not_indexed_again(lager: Path, krav: Krav) -> None:
    with_pages(lager)
    made = "Søkeindeksen er laget."
    assert made in krav("nettsted", "--per", "2026-12-01").stderr
    index = lager / "build/nettsted/pagefind"
    before = {path: path.stat().st_mtime_ns for path in index.rglob("*")}
    assert index / "pagefind.js" in before
    again = krav("nettsted", "--per", "2026-12-01").stderr
    assert "0 filer skrevet, 0 fjernet" in again
    assert made not in again
    assert {path: path.stat().st_mtime_ns for path in index.rglob("*")} == before
    edit(lager, "kilder: [Oppdiktet for testene]", "kilder: [Oppdiktet for denne testen]")
    assert made in krav("nettsted", "--per", "2026-12-01").stderr


def test_without_pagefind_the_site_is_built_and_says_so_in_one_line(lager: Path) -> None:
    with_pages(lager)
    hide = (
        "import sys, importlib.metadata as m; real = m.version\n"
        "def version(name):\n"
        "    if name == 'pagefind': raise m.PackageNotFoundError(name)\n"
        "    return real(name)\n"
        "m.version = version\n"
        "from kravverk.__main__ import main; sys.argv = ['krav', 'nettsted']; sys.exit(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", hide], cwd=lager, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert done.stderr.splitlines()[-1].startswith("Uten søk: pagefind er ikke installert")
    assert (lager / "build/nettsted/sok/index.html").exists()
    assert not (lager / "build/nettsted/pagefind").exists()


# --- In the browser -------------------------------------------------------------------------------


def titles(page: Page) -> list[str]:
    """What is found, as the reader sees it."""
    expect(page.locator("#trefflisten li").first).to_be_visible()
    return page.locator("#trefflisten a").all_inner_texts()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_search_is_one_step_from_every_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path, name in (
        ("/krav/KI-0006/v1/", "Søk"),
        ("/en/system/dips/", "Search"),
        ("/om/", "Søk"),
    ):
        page.goto(path)
        page.get_by_role("banner").get_by_role("link", name=name).click()
        expect(page.get_by_role("searchbox")).to_be_visible()
        assert page.locator("h1").inner_text().startswith(name)


@pytest.mark.browser
def test_a_reader_finds_inflected_words_and_the_ends_of_compounds(page: Page) -> None:
    page.goto("/sok/")
    field, status = page.get_by_label("Søk i krav"), page.get_by_role("status")
    for typed, title in (
        ("legemiddellister", "Pasientens legemiddelliste"),
        ("gjennomgang", "Legemiddelgjennomgang"),
        ("dips", "DIPS Arena"),
        ("ukjent-felt", "Regler"),
    ):
        field.fill(typed)
        page.wait_for_url(f"**/sok/?q={typed}")
        expect(page.locator("#trefflisten a", has_text=title).first).to_be_visible()
        expect(status).to_contain_text("treff")
    expect(status).to_have_text("1 treff")
    page.get_by_role("link", name="Regler").click()
    assert page.locator("h1").inner_text().startswith("Regler")
    page.go_back()
    assert field.input_value() == "ukjent-felt"
    assert titles(page) == ["Regler"]


@pytest.mark.browser
def test_the_word_that_was_found_is_shown_where_it_stands(page: Page) -> None:
    page.goto("/sok/?q=formidleren")
    titles(page)
    texts = page.locator("#trefflisten p").all_inner_texts()
    assert texts
    assert not any("§§" in text for text in texts)
    marks = [mark.lower() for mark in page.locator("#trefflisten mark").all_inner_texts()]
    assert len(marks) >= len(texts)
    assert all("formidl" in mark for mark in marks)


@pytest.mark.browser
def test_an_excerpt_shows_what_stands_in_whole_words(page: Page) -> None:
    for query in ("kjernejournal", "legemiddelreaksjoner", "hjemmetjenesten", "formidleren"):
        page.goto(f"/sok/?q={query}")
        titles(page)
        while page.locator(".mer button").is_visible():
            before = page.locator("#trefflisten li").count()
            page.locator(".mer button").click()
            expect(page.locator("#trefflisten li").nth(before)).to_be_visible()
        for text in page.locator("#trefflisten p").all_inner_texts():
            assert "[fjernet" not in text
            assert "[lagt til" not in text
            assert text.rstrip().endswith(("…", ".", "!", "?", ":", ")"))


@pytest.mark.browser
@pytest.mark.parametrize("typed", ["ki 6", "ki_6", "KI6", " ki-0006 "])
def test_an_id_written_carelessly_leads_to_the_requirement(page: Page, typed: str) -> None:
    page.goto("/sok/")
    page.get_by_label("Søk i krav").fill(typed)
    assert titles(page)[0] == "Gå til KI-0006"
    page.keyboard.press("Enter")
    page.wait_for_url("**/krav/KI-0006/")
    page.go_back()
    assert page.url.split("?")[0].endswith("/sok/")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("typed", "ident", "path"),
    [
        ("m25.1", "M25.1", "melding/M25.1"),
        ("2026-003", "2026-003", "sak/2026-003"),
        ("Sak 2026-003", "2026-003", "sak/2026-003"),
    ],
)
def test_a_message_and_a_case_are_led_to_as_well(
    page: Page, typed: str, ident: str, path: str
) -> None:
    page.goto("/en/sok/")
    page.get_by_role("searchbox").fill(typed)
    assert titles(page)[0] == f"Go to {ident}"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/en/{path}/")


@pytest.mark.browser
def test_what_only_resembles_is_told_as_such(page: Page) -> None:
    page.goto("/sok/?q=finnesikkexyz")
    expect(page.get_by_role("status")).to_contain_text("Ingen treff på nøyaktig dette")


@pytest.mark.browser
def test_more_hits_are_shown_when_asked_for(page: Page) -> None:
    page.goto("/sok/?q=resept")
    assert len(titles(page)) == 10
    page.get_by_role("button", name="Vis flere treff").click()
    expect(page.locator("#trefflisten li")).to_have_count(20)
    expect(page.locator("#trefflisten li").nth(10).get_by_role("link")).to_be_focused()


@pytest.mark.browser
def test_the_english_search_finds_english_words(page: Page) -> None:
    page.goto("/en/sok/?q=prescriptions")
    found = titles(page)
    assert any("prescription" in title.lower() for title in found)
    page.get_by_role("link", name=found[0], exact=True).click()
    assert "/en/" in page.url


@pytest.mark.browser
def test_without_a_script_the_page_says_where_to_look(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, java_script_enabled=False)
    found = context.new_page()
    found.goto("/sok/")
    expect(found.get_by_text("Søket trenger JavaScript")).to_be_visible()
    assert not found.get_by_role("searchbox").is_visible()
    assert not found.get_by_text("der du kan velge system").is_visible()
    assert found.locator("#uten-skript").inner_text().endswith("alle krav, systemer, saker.")
    found.get_by_role("link", name="alle krav", exact=True).click()
    assert found.locator("h1").inner_text().startswith("Alle krav")
    context.close()


@pytest.mark.browser
def test_a_site_opened_as_files_filters_and_says_that_it_cannot_search(
    browser: Browser, nettsted: Path
) -> None:
    found = browser.new_page()
    found.goto((nettsted / "krav/index.html").as_uri())
    found.get_by_label("Filtrer på").fill("ki 6")
    expect(found.locator("#kravliste tbody tr:visible th")).to_have_text(["KI-0006"])
    found.goto((nettsted / "sok/index.html").as_uri())
    found.get_by_label("Søk i krav").fill("liste")
    expect(found.get_by_role("status")).to_contain_text("kan ikke hentes")
    found.close()
