"""What a vendor reads on the pages: what is due and why, what a release asks, what has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from conftest import ROOT
from kravverk.models import Frister
from kravverk.register import read
from kravverk.store import open_repo, working_files
from kravverk.terms import Terms

pytestmark = pytest.mark.browser


def test_duties_come_first_and_what_may_be_used_is_told_apart(page: Page) -> None:
    page.goto("/system/dips/")
    tables = page.locator("h2#pa-vei").locator("xpath=preceding::table")
    *duties, may = [
        table.locator('td[data-navn="Hva"]').all_text_contents() for table in tables.all()
    ]
    assert duties
    assert {word for words in duties for word in words if word.startswith("kan")} == set()
    assert {word.split()[0] for word in may} == {"kan"}


def test_every_requirement_says_when_it_must_be_met(page: Page) -> None:
    page.goto("/system/dips/")
    rows = page.locator("h2#bindende").locator("xpath=following::table[1]/tbody/tr")
    told = {
        row.locator("th a").inner_text(): row.locator('td[data-navn="Frist"]').inner_text()
        for row in rows.all()
    }
    assert "utfases 1. oktober 2027" in told["KI-0006"]
    register, _ = read(working_files(open_repo(ROOT)))
    first, second = register.utgivelser["2026.1"].poster, register.utgivelser["2026.2"].poster
    undated = [register.krav[ident] for ident in told if register.krav[ident].frister == Frister()]
    old = {k.id for k in undated if k.id in first and first[k.id].versjon == k.versjon}
    new = {k.id for k in undated if k.id in second and second[k.id].versjon == k.versjon} - old
    assert old
    assert new
    assert {told[ident] for ident in old} == {"gjelder nå (2026.1)"}
    assert {told[ident] for ident in new} == {"må følges fra 1. juni 2027, med 2026.2"}
    page.goto("/krav/KI-0006/")
    expect(page.get_by_text("Kravet utfases 1. oktober 2027.")).to_be_visible()


def test_what_is_put_off_may_still_come(page: Page) -> None:
    page.goto("/system/dips/")
    told = page.locator("h2#under-behandling").locator("xpath=following::ul[1]")
    expect(told).to_contain_text("2026-004")
    expect(told).to_contain_text("(utsatt)")
    page.goto("/krav/PLL-0014/")
    expect(page.locator("p.advarsel").first).to_contain_text("sak 2026-004")


def test_what_is_not_released_says_so_where_it_is_read(page: Page) -> None:
    page.goto("/krav/PLL-0017/")
    expect(page.locator("dl.fakta")).to_contain_text("I utgivelseikke utgitt ennå")
    page.goto("/krav/PLL-0017/v2/")
    expect(page.locator("dl.fakta")).to_contain_text("I utgivelse2026.2")
    expect(page.locator("p.advarsel").first).to_contain_text("(ikke utgitt ennå)")
    page.goto("/system/dips/")
    row = page.locator("tr", has=page.locator("th", has_text="1. mars 2027"))
    expect(row.filter(has_text="KI-0004").first).to_contain_text("(ikke utgitt ennå)")


def test_a_date_that_moved_is_called_by_its_name(page: Page) -> None:
    page.goto("/system/dips/")
    why = page.locator("tr", has=page.locator("th", has_text="KI-0007")).locator(".fordi").first
    expect(why).to_contain_text("«kan brukes fra» er satt til 1. mars 2027")


def test_a_hit_shows_no_words_that_are_hidden(page: Page) -> None:
    page.goto("/sok/?q=2026-021")
    hit = page.locator("#trefflisten li", has=page.locator("p")).first
    expect(hit).to_contain_text("Sak 2026-021")
    text = hit.locator("p").inner_text()
    page.goto(hit.locator("a").get_attribute("href") or "")
    seen = " ".join(page.locator("article").first.inner_text().split())
    assert " ".join(text.split())[:40].lower() in seen.lower()


def test_a_vendor_reads_what_a_release_asks_of_the_system(page: Page) -> None:
    page.goto("/system/dips/")
    page.get_by_role("link", name="kravene i 2026.1").click()
    page.wait_for_url("**/system/dips/2026.1/")
    page.get_by_role("link", name="KI-0006 v1").click()
    page.wait_for_url("**/krav/KI-0006/v1/")
    page.goto("/utgivelse/2026.1/")
    page.get_by_role("link", name="DIPS Arena").click()
    page.wait_for_url("**/system/dips/2026.1/")


def test_a_change_says_what_it_means_and_what_it_asks(page: Page) -> None:
    page.goto("/system/dips/#siden-2026.1")
    rows = page.locator("#siden-2026\\.1")
    told = rows.get_by_role("row", name="KI-0007").inner_text()
    assert "skjerpet" in told
    assert "utvikling" in told
    assert "Kilden skifter." in told  # what the role said, without the rule it judged
    assert "regelen" not in told
    page.get_by_role("link", name="Hva ordene betyr").first.click()
    expect(page.locator("h2:target, h3:target")).to_contain_text("Slik leser du en endring")


def test_what_has_changed_says_which_release_it_comes_in(page: Page) -> None:
    page.goto("/system/dips/#siden-2026.1")
    since = page.locator("#siden-2026\\.1")
    rows = since.locator("tbody tr")
    told = rows.locator('td[data-navn="Kommer i"]').all_inner_texts()
    assert len(told) == rows.count()
    assert {"2026.2", "ikke utgitt ennå"} <= {*told}
    waiting = sum("ikke utgitt" in line for line in told)
    expect(since.locator("> summary")).to_contain_text(f"hvorav {waiting} ikke er utgitt ennå")


def test_a_release_says_what_is_new_for_the_system_in_it(page: Page) -> None:
    page.goto("/system/dips/#siden-2026.1")
    rows = page.locator("#siden-2026\\.1 tbody tr")
    until_now = {row.locator("th").inner_text(): row.inner_text() for row in rows.all()}
    page.goto("/system/dips/2026.2/")
    page.get_by_role("heading", name="Nytt for systemet siden 2026.1").wait_for()
    rows = page.locator("h2#nytt").locator("xpath=following::table[1]/tbody/tr")
    in_it = {row.locator("th").inner_text(): row.inner_text() for row in rows.all()}
    assert in_it
    assert in_it.keys() < until_now.keys()
    assert not any("ikke utgitt" in text for text in in_it.values())
    only_later = [post for post in until_now if post not in in_it]
    assert all("ikke utgitt ennå" in until_now[post] for post in only_later)
    page.goto("/system/dips/2026.1/")
    expect(page.locator("h2#nytt")).to_have_count(0)  # the first release


def test_with_a_system_the_list_counts_what_changed_for_that_system(page: Page) -> None:
    counts = {}
    for query in ("siden=2026.1", "siden=2026.1&system=dips", "system=dips"):
        page.goto(f"/krav/?{query}")
        rows = page.locator("#kravliste tbody tr:visible th")
        counts[query] = {*rows.all_inner_texts()}
    page.goto("/system/dips/#siden-2026.1")
    changed = {*page.locator("#siden-2026\\.1 tbody th").all_inner_texts()}
    mine = counts["siden=2026.1&system=dips"]
    assert mine == changed & counts["system=dips"]
    assert mine < counts["siden=2026.1"] & counts["system=dips"] | mine
    page.goto("/krav/?siden=2026.1")
    expect(page.get_by_role("status")).to_contain_text("i en ny versjon eller nye siden 2026.1")


def test_a_retired_requirement_is_said_to_be_so_in_the_notes(page: Page) -> None:
    page.goto("/utgivelse/2026.2/")
    row = page.locator("li", has_text="RES-0003")
    assert "utgått, erstattet av RES-0068, RES-0069" in " ".join(row.inner_text().split())
    assert "informativ" not in row.inner_text()


def test_groups_are_called_what_people_call_them(page: Page) -> None:
    page.goto("/krav/KI-0006/")
    cells = page.locator('td[data-navn="Bundet gjennom"]').all_inner_texts()
    assert set(cells) == {"Rekvirentsystem: skal"}


def test_what_is_assumed_has_an_address_to_correct_it_at(page: Page) -> None:
    for address in ("/system/dips/", "/en/system/dips/"):
        page.goto(address)
        page.locator("h2#svar + ul a").last.click()
        expect(page.locator("#systemet")).to_be_visible()


# --- Cases ----------------------------------------------------------------------------------------


def test_a_case_tells_its_course_before_its_changes_and_has_a_menu(page: Page) -> None:
    page.goto("/sak/2026-001/")
    order = page.locator("article h2").evaluate_all("all => all.map((one) => one.id)")
    assert order[:5] == ["kort", "saksgang", "virkning", "endringer", "fryser"]
    page.get_by_role("navigation", name="På denne siden").get_by_text("Innspill").click()
    told = page.locator("h2#innspill ~ p").first.inner_text()
    assert "Ikke svart: 21 systemer som berøres." in told
    assert "DIPS Arena" in told


def test_an_answer_is_told_under_labels_in_the_language_of_the_page(page: Page) -> None:
    for address, labels, foreign in (
        ("/sak/2026-001/", ["Berørt", "Arbeid", "Tidligst levert", "Merknader"], "en"),
        ("/en/sak/2026-001/", ["Affected", "Work", "Earliest delivery", "Comments"], "nb"),
    ):
        page.goto(address)
        answer = page.locator(".innspill li").first
        assert answer.locator("dt").all_inner_texts()[:4] == labels
        assert answer.locator(f"dd [lang={foreign}]").count() > 0
        assert answer.locator("dt [lang]").count() == 0


def test_a_case_says_at_its_top_what_it_asks_of_each_system(page: Page) -> None:
    page.goto("/sak/2026-018/")
    mine = page.locator("details", has_text="Finn systemet ditt").first
    mine.locator("summary").click()
    line = mine.locator("li", has_text="DIPS Arena")
    rows = page.locator("table.matrise tbody tr", has=page.locator("th", has_text="DIPS Arena"))
    hit = rows.locator("td:not(.tom)").count()
    assert hit > 1
    assert line.inner_text() == f"DIPS Arena: {hit} krav, må utvikle eller vurdere selv"
    other = mine.locator("li", has_text="CosDoc").inner_text()
    assert other.endswith("tester eller erklærer; fellesløsningen utvikler")
    line.locator("a").click()
    expect(page.locator("tr:target")).to_contain_text("DIPS Arena")
    advised = page.context.new_page()
    advised.goto("/sak/2026-006/")
    told = advised.locator("details li", has_text="CosDoc").first.text_content() or ""
    assert told.endswith("bør teste eller erklære; fellesløsningen utvikler")
    advised.close()
    marked = page.locator("tr[id^=virkning-]").evaluate_all("all => all.map(one => one.id)")
    links = mine.locator("a").evaluate_all("all => all.map(one => one.hash.slice(1))")
    assert sorted(marked) == sorted(links)


def test_a_new_version_that_means_nothing_to_a_system_is_said_to_be_so(page: Page) -> None:
    page.goto("/system/dips/#siden-2026.2")
    since = page.locator("details#siden-2026\\.2")
    quiet = since.locator("details", has_text="har ny versjon uten at noe endres for dere")
    listed = quiet.locator("p a")
    count = listed.count()
    expect(quiet.locator("summary")).to_contain_text(f"{count} krav har ny versjon")
    expect(quiet.locator("p")).to_contain_text("EMD-0012 (1 til 2)")
    told = set(since.locator("tbody th").all_inner_texts())
    assert set(listed.all_text_contents()) & told == set()
    quiet.locator("summary").click()
    listed.first.click()
    expect(page.get_by_role("heading", name="Endret fra versjon 1")).to_be_visible()


@pytest.mark.parametrize(
    ("typed", "system"),
    [("Epic", "Helseplattformen"), ("Tietoevry", "Gerica"), ("CompuGroup", "CGM Journal")],
)
def test_a_system_is_found_by_whose_it_is(typed: str, system: str, page: Page) -> None:
    page.goto(f"/sok/?q={typed}")
    hit = page.locator("#trefflisten li").first
    expect(hit).to_contain_text(f"{system} System")
    expect(hit.locator("mark").first).to_contain_text(typed)


def test_what_the_register_does_not_know_of_a_system_is_named(page: Page) -> None:
    page.goto("/system/dips/")
    told = page.locator("h2#svar + ul li", has_text="Registeret vet ikke")
    expect(told).to_contain_text("medhjelper")
    unsure = page.locator("h2#funksjoner").locator("xpath=following::table[1]/tbody/tr")
    rows = unsure.filter(has_text="må bekreftes av leverandør").locator("th").all_inner_texts()
    assert all(name in told.inner_text() for name in rows)
    expect(told).not_to_contain_text("multidose")


def test_what_a_requirement_depends_on_is_linked_by_title(page: Page) -> None:
    page.goto("/sak/2026-018/")
    changed = page.locator(".redline-liste", has=page.locator("ins a"))
    link = changed.locator("ins a").first
    ident = link.inner_text()
    assert len(changed.locator("ins").first.inner_text()) > len(f"[lagt til: {ident} ]") + 10
    link.click()
    page.wait_for_url(f"**/krav/{ident}/")


def test_which_version_is_translated_is_no_change_to_read_about(page: Page) -> None:
    page.goto("/krav/KI-0003/")
    newest = page.locator("h2#versjoner").locator("xpath=following::table[1]//tr[1]//a").last
    newest.click()
    expect(page.locator("div.endring").first).to_be_visible()
    assert page.get_by_role("heading", name="Engelsk: versjon").count() == 0
    page.goto("/sak/2026-018/")
    quiet = page.locator("details", has_text="ikke binder noen").first
    expect(quiet.locator("summary")).to_contain_text("engelsk: versjon")
    expect(quiet.locator("h4").first).to_be_hidden()


def test_two_freezes_are_told_apart_word_for_word(page: Page) -> None:
    page.goto("/sak/2026-001/")
    page.locator("dl.historie").get_by_role("link", name="frys 2").first.click()
    page.wait_for_url("**#frys-2")
    second, first = page.locator("#frys-2"), page.locator("#frys-1")
    assert "20. oktober 2026" in second.inner_text()
    assert "3. september 2026" in first.inner_text()
    assert "56 endringer" in first.inner_text()
    assert first.locator("details").count() == 0
    second.locator("summary").click()
    changed = second.locator("details")
    told = changed.locator("h3", has_text="KI-0006").locator("xpath=following-sibling::p[1]")
    assert "1. juni 2027" in told.locator("del").inner_text()
    assert "1. oktober 2027" in told.locator("ins").inner_text()


def test_the_short_way_names_the_role_that_confirmed(page: Page) -> None:
    page.goto("/sak/2026-002/")
    told = page.locator("dl.historie dd").last.inner_text()
    assert "Bekreftet av Kravforvalter for e-resept" in told
    page.goto("/sak/2026-012/")
    told = page.locator("dl.historie dd").nth(1).inner_text()
    assert "Leder i Endringsråd for e-resept" in told
    assert "Gjelder til 16. oktober 2026." in told


# --- Lists, search and the way about --------------------------------------------------------------


def test_a_hit_says_what_kind_of_page_it_is(page: Page) -> None:
    for address, kinds in (
        ("/sok/?q=seponering", {"Krav", "Tema", "Begrep"}),
        ("/en/sok/?q=deadlines", {"Requirement", "Case"}),
    ):
        page.goto(address)
        expect(page.locator("#trefflisten li").first).to_be_visible()
        told = {word.strip() for word in page.locator("#trefflisten .slag").all_inner_texts()}
        assert kinds <= told
    page.goto("/sok/?q=reaksjonene")
    hit = page.locator("#trefflisten li", has_text="KI-0013").first
    expect(hit).to_contain_text("Systemet bør registrere")
    words = hit.locator("p").inner_text()
    assert words.startswith("Systemet bør registrere")  # not with the end of the title
    assert "Akseptanse" not in words


def test_messages_stand_in_the_order_of_their_numbers(page: Page) -> None:
    page.goto("/melding/")
    named = page.locator(".navneliste a").all_inner_texts()
    assert named.index("M2") < named.index("M10")
    assert named.index("M9.2") < named.index("M9.11")
    page.goto("/krav/")
    chosen = page.get_by_label("Melding").locator("option").all_inner_texts()
    assert chosen.index("M9.1") < chosen.index("M10")


def test_the_filter_counts_once_and_says_what_to_do_when_nothing_fits(page: Page) -> None:
    page.goto("/krav/?q=finnesikke")
    expect(page.get_by_role("status")).to_contain_text("Prøv et annet ord")
    assert page.locator("#kravliste caption").bounding_box()["width"] <= 1  # type: ignore[index]


def test_a_requirement_explains_the_terms_it_uses(page: Page) -> None:
    page.goto("/krav/PLL-0013/")
    told = page.locator("dl.begreper")
    assert "Pasientens legemiddelliste" in told.inner_text()
    assert "Felles liste over det pasienten bruker" in told.inner_text()
    told.get_by_role("link", name="Pasientens legemiddelliste").click()
    page.wait_for_url("**/begrep/pll/")
    page.goto("/begrep/")
    assert "Felles liste over det pasienten bruker" in page.locator("dl.begreper").inner_text()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Fastlegen seponerer oppføringene.", ["Fastlege", "Oppføring", "Seponering"]),
        ("Systemet skal vise pll og fm.", []),  # an abbreviation has its capitals
        ("Systemet skal vise PLL.", ["Pasientens legemiddelliste"]),
        ("En magistrell resept er i bruk.", ["Magistrell resept"]),
    ],
)
def test_a_term_is_found_in_its_forms(text: str, found: list[str]) -> None:
    register, _ = read(working_files(open_repo(ROOT)))
    assert [b.navn for b in Terms(register.begreper.values()).used_in(text)] == found


def test_the_other_language_keeps_the_filter(page: Page) -> None:
    page.goto("/krav/?system=dips&plikt=skal")
    few = page.locator("#kravliste tbody tr:visible").count()
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/krav/?system=dips&plikt=skal")
    assert page.locator("#kravliste tbody tr:visible").count() == few


def test_what_is_not_translated_is_listed(page: Page) -> None:
    register, _ = read(working_files(open_repo(ROOT)))
    without = [
        krav.id for krav in register.krav.values() if not krav.engelsk and krav.status != "utgått"
    ]
    page.goto("/en/statistikk/")
    fold = page.locator("details", has_text="Without English text")
    fold.locator("summary").click()
    assert fold.locator("a").all_inner_texts() == without


@pytest.mark.parametrize(
    ("address", "way"),
    [
        ("/krav/KI-0006/", ["Alle krav", "Kritisk informasjon"]),
        ("/melding/M25.1/", ["Alle krav", "Meldinger"]),
        ("/gruppe/epj/", ["Systemer", "Grupper"]),
        ("/utgivelse/2026.2/fra-2026.1/", ["Utgivelser"]),
        ("/sak/2026-001/", ["Saker"]),
    ],
)
def test_a_page_says_where_it_lies(address: str, way: list[str], page: Page) -> None:
    page.goto(address)
    crumbs = page.get_by_role("navigation", name="Du er her").get_by_role("link")
    assert crumbs.all_inner_texts() == way
    for crumb in crumbs.all():
        href = crumb.evaluate("found => found.href")
        assert page.request.get(href).ok


def test_what_the_keyboard_goes_back_to_is_not_under_the_menu(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.emulate_media(reduced_motion="reduce")
    page.goto("/system/dips/")
    page.locator("h2#kilder").scroll_into_view_if_needed()
    page.locator("#data ~ ul a").first.focus()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        top = page.evaluate("document.activeElement.getBoundingClientRect().top")
        head = page.evaluate("document.querySelector('.md-header').getBoundingClientRect().bottom")
        assert top >= head - 1


def test_a_crawler_is_told_of_the_sitemap(nettsted: Path) -> None:
    told = (nettsted / "robots.txt").read_text()
    assert "Sitemap: https://kravverk.example/sitemap.xml" in told
