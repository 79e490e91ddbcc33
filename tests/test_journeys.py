"""What a vendor comes to the site for, from the front page to the file in hand, in Chromium."""

from __future__ import annotations

import csv
import io
import json
import re
import urllib.request
from pathlib import Path

import feedparser
import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from conftest import ROOT
from kravverk.register import read
from kravverk.store import open_repo, working_files

pytestmark = pytest.mark.browser


def test_a_vendor_finds_what_changed_since_the_release_it_built_on(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Systemer", exact=True).first.click()
    page.get_by_role("link", name="DIPS Arena").click()
    page.get_by_text(re.compile("^Siden 2026.1:")).click()
    page.wait_for_url("**#siden-2026.1")
    row = page.locator("#siden-2026\\.1").get_by_role("row", name=re.compile("KI-0006"))
    assert "lempet" in row.inner_text()
    row.get_by_role("link", name=re.compile("1 til 2")).click()
    page.wait_for_url("**/krav/KI-0006/v2/#fra-1")
    told = page.locator("#fra-1 + .endring")
    assert told.locator("ins").count()
    assert told.locator("del").count()
    page.get_by_role("row", name=re.compile("^2 ")).get_by_role("link", name="sak").click()
    expect(page.locator("h1")).to_have_text("Én kilde til kritisk informasjon")
    assert (
        "Det som står i registeret, er det som ble vedtatt"
        in page.locator("article").first.inner_text()
    )
    page.go_back()
    page.go_back()
    assert page.url.endswith("#siden-2026.1")  # the choice is kept in the address
    assert page.locator("#siden-2026\\.1").get_attribute("open") is not None


def test_a_vendor_takes_home_what_binds_the_system(page: Page, tmp_path: Path) -> None:
    register, _ = read(working_files(open_repo(ROOT)))
    page.goto("/system/dips/")
    bound = len(page.locator("h2#bindende").locator("xpath=following::table[1]/tbody/tr").all())
    assert bound > 0

    def taken(name: str) -> bytes:
        link = page.get_by_role("link", name=name)
        address = link.evaluate("found => found.href")
        with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own server
            data: bytes = answer.read()
        return data

    book = tmp_path / "krav.xlsx"
    book.write_bytes(taken("Excel"))
    sheet = load_workbook(book).worksheets[0]
    assert sheet.max_row - 1 == bound
    rows = list(csv.reader(io.StringIO(taken("Kravene som CSV").decode("utf-8-sig"))))
    assert len(rows) - 1 == bound
    found = json.loads(taken("JSON"))
    assert {one["post"]["id"] for one in found["krav"]} == {row[0] for row in rows[1:]}
    assert {row[0] for row in rows[1:]} <= register.krav.keys()
    feed = feedparser.parse(taken("Atom"))
    assert not feed.bozo
    assert any("Én kilde til kritisk informasjon" in entry.title for entry in feed.entries)
    calendar = Calendar.from_ical(taken("iCalendar"))
    days = [str(event.decoded("dtstart")) for event in calendar.walk("VEVENT")]
    assert days
    assert min(days) >= "2026-12-01"  # the day that the site was built for


def test_a_vendor_cites_one_version(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/krav/KI-0006/")
    page.get_by_role("button", name="Kopier referansen").click()
    expect(page.get_by_role("status")).to_have_text(re.compile("Kopiert"))
    cited = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(r"KI-0006 v\d+ https://kravverk\.example/krav/KI-0006/v\d+/", cited)
    page.goto(f"/{cited.split('example/')[1]}")
    assert cited.split()[1] == f"v{page.locator('.versjoner [aria-current]').inner_text()}"
    context.close()


def test_an_english_reader_stays_in_english(page: Page) -> None:
    page.goto("/en/")
    page.get_by_role("link", name="Systems", exact=True).first.click()
    page.get_by_role("link", name="Helseplattformen").click()
    for name in ("Waiting for", "deadlines", "Everything that binds"):
        assert page.get_by_role("heading", name=re.compile(name)).count() == 1, name
    page.get_by_role("link", name="KI-0006").first.click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator(".normativ").first.get_attribute("lang") is None  # translated
    assert page.locator(".original .normativ").get_attribute("lang") == "nb"
    here = page.url
    page.get_by_role("link", name="Norsk").click()
    assert page.url == here.replace("/en/", "/")
    page.get_by_role("link", name="English").click()
    assert page.url == here


def test_the_facets_are_kept_in_the_address(page: Page) -> None:
    page.goto("/krav/")
    every = page.locator("#kravliste tbody tr:visible:not([data-status=utgått])").count()
    gone = page.locator("#kravliste tbody tr:visible").count() - every
    page.get_by_label("System", exact=True).select_option("dips")
    page.get_by_label("Plikt").select_option("skal")
    page.get_by_label("Endret siden").select_option("2026.1")
    page.wait_for_url("**siden=2026.1**")
    few = page.locator("#kravliste tbody tr:visible").count()
    assert 0 < few < every
    said = f"{few} av {every} krav, endret for systemet siden 2026.1"
    assert page.get_by_role("status").inner_text() == said
    page.reload()
    assert page.locator("#kravliste tbody tr:visible").count() == few
    page.get_by_role("button", name="Nullstill").click()
    expect(page.get_by_role("status")).to_have_text(f"{every} av {every} krav og {gone} utgåtte")
