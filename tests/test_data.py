"""The data files of the site, each read with the library its readers use."""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag
from xml.etree import ElementTree as ET

import feedparser
import icalendar
import jsonschema
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from conftest import CASES, ROOT, Git, files_in
from kravverk import data, sheets
from kravverk.case_models import Behandlinger, Dispensasjon, Innspillsfrist
from kravverk.cases import all_cases
from kravverk.data import data_files, sitemap
from kravverk.days import frister
from kravverk.feeds import Feeds
from kravverk.language import languages
from kravverk.models import Krav
from kravverk.pages import Pages
from kravverk.publish import english_names
from kravverk.register import Entry, Register, read
from kravverk.render import LEVELS
from kravverk.sheets import Sheets
from kravverk.standing import Steg
from kravverk.store import open_repo, working_files
from kravverk.view import View
from test_site import add_case
from test_store import PLL, commit, edit

NB, EN = languages()
PER = date(2026, 12, 1)
SITE = "https://kravverk.example/"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
REG, _ = read(working_files(open_repo(ROOT)))
SMALL, _ = read(files_in(CASES / "_register"))


@pytest.fixture(scope="module")
def view(nettsted: Path) -> View:
    """What the site on disk was built from."""
    repo = open_repo(nettsted.parent / "lager")
    called = english_names(ROOT / "docs/engelske-navn.yaml")
    return View(
        read(working_files(repo))[0], tuple(all_cases(repo, PER)[0]), PER, {}, engelske_navn=called
    )


def made(view: View, language: Any = NB) -> dict[str, bytes]:
    return dict(data_files(view, language))


@pytest.fixture(scope="module")
def files(view: View) -> dict[str, bytes]:
    return made(view) | {f"en/{path}": content for path, content in made(view, EN).items()}


def feed(content: bytes) -> Any:
    found = feedparser.parse(content)
    assert not found.bozo, found.get("bozo_exception")
    return found


def events(content: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def table(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


def sheet(content: bytes) -> Worksheet:
    found = openpyxl.load_workbook(BytesIO(content)).active
    assert isinstance(found, Worksheet)
    return found


class Text(HTMLParser):
    """The words of some HTML, where its links lead, and the ids on it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.tags = "", set[str]()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.ids |= {value or "" for name, value in attrs if name == "id"}

    def handle_data(self, data: str) -> None:
        self.words += data


# --- Feeds ----------------------------------------------------------------------------------------


def test_every_feed_is_atom_with_permanent_ids_and_the_newest_first(
    files: dict[str, bytes],
) -> None:
    seen: set[str] = set()
    feeds = {path: feed(found) for path, found in files.items() if path.endswith("feed.xml")}
    assert len(feeds) == 2 * (1 + len(REG.systemer))
    for path, found in feeds.items():
        assert found.version == "atom10"
        assert found.feed.language == ("en" if path.startswith("en/") else "nb")
        assert {link.href for link in found.feed.links} == {
            f"{SITE}{path}",
            f"{SITE}{path.removesuffix('feed.xml')}",
        }
        ids = [entry.id for entry in found.entries]
        assert all(re.fullmatch(r"tag:kravverk\.example,2026:[\w./-]+", ident) for ident in ids)
        assert not seen & {*ids}, path
        seen |= {*ids, found.feed.id}
        days = [entry.updated for entry in found.entries]
        assert days == sorted(days, reverse=True)
        assert found.feed.updated == days[0]


def test_a_decided_case_is_in_the_feeds_of_exactly_the_systems_it_hits(
    view: View, files: dict[str, bytes]
) -> None:
    decided = 0
    for case in view.saker:
        name = case.mappe.navn
        for act in ("endringsrad/1", "kortvei"):
            about = f"sak/{name}/{act}"
            told = {
                system
                for system in REG.systemer
                if f"system/{system}/{about}</id>".encode() in files[f"system/{system}/feed.xml"]
            }
            everywhere = f",2026:{about}</id>".encode() in files["feed.xml"]
            assert everywhere or not told
            if everywhere:
                decided += 1
                assert told == set(view.celler[name]), name
    assert decided >= 10


def test_an_entry_says_what_a_decision_means_and_leads_to_the_redline(
    view: View, files: dict[str, bytes]
) -> None:
    (entry,) = [
        entry
        for entry in feed(files["system/dips/feed.xml"]).entries
        if entry.id.endswith("sak/2026-014/endringsrad/1")
    ]
    assert entry.title == "Vedtatt: sak 2026-014, Retting av krav fra høstens saker"
    assert (entry.link, entry.updated) == (f"{SITE}sak/2026-014/", "2026-11-20T00:00:00Z")
    html = Text(entry.content[0].value)
    assert "KI-0009: bortfalt (informasjon)." in html.words
    assert "RES-0015: skjerpet (utvikling)." in html.words
    assert f"{SITE}krav/RES-0015/v3/#fra-2" in html.links
    assert f"{SITE}krav/KI-0027/v1/" in html.links  # new
    cells = view.celler["2026-014"]["dips"]
    assert re.findall(r"/krav/([A-Z]+-[0-9]+)/", " ".join(html.links)) == sorted(cells)


def test_the_english_feed_says_which_titles_are_norwegian(view: View) -> None:
    mappe = view.sak["2026-003"].mappe
    untold = replace(mappe, sak=mappe.sak.model_copy(update={"engelsk": None}))
    cases = [replace(c, mappe=untold) if c.mappe is mappe else c for c in view.saker]
    view = replace(view, saker=tuple(cases))
    english = Feeds(view, EN).atom("", "").decode()
    assert "2026-003, Færre stopp i SFM (in Norwegian)</title>" in english
    titles = re.findall("<title>.*sak 2026-001|<title>.*case 2026-001.*</title>", english)
    assert titles
    assert not any("(in Norwegian)" in title for title in titles)
    assert "(in Norwegian)" not in Feeds(view, NB).atom("", "").decode()


def test_an_entry_calls_a_record_by_its_name(files: dict[str, bytes]) -> None:
    for path in ("feed.xml", "en/feed.xml", "system/dips/feed.xml"):
        text = html.unescape(files[path].decode())
        assert not re.search(r">(meldinger|grupper|systemer|temaer|begreper)/", text), path
    assert ">Eksempelapotek (oppdiktet)</a>" in html.unescape(files["feed.xml"].decode())


def test_a_feed_tells_of_releases_and_of_the_systems_own_exemptions(
    files: dict[str, bytes],
) -> None:
    mine = {e.title: e for e in feed(files["system/eksempeljournal/feed.xml"]).entries}
    release = mine["Utgivelse 2026.2 er publisert"]
    said = "Kan følges fra 1. desember 2026, må følges fra 1. juni 2027."
    assert Text(release.content[0].value).words == said
    assert release.updated == "2026-11-02T00:00:00Z"
    granted = mine["Eksempeljournal (oppdiktet) har fått dispensasjon fra EMD-0005"]
    assert granted.updated == "2026-10-15T00:00:00Z"
    assert b"DISP-0001" in files["feed.xml"]
    assert b"DISP-0001" not in files["system/dips/feed.xml"]


@pytest.fixture
def proposed(lager: Path, git: Git) -> View:
    """The small register with a case out for consultation."""
    git("checkout", "--quiet", "-b", "sak-2026-001")
    edit(lager, "i 90 dager etter", "i 30 dager etter", PLL)
    add_case(lager, extra="innspill: {til: 2026-12-18}\n")
    commit(git)
    git("checkout", "--quiet", "main")
    cases, _ = all_cases(open_repo(lager), PER)
    return View(SMALL, tuple(cases), PER, {})


def test_a_case_out_for_consultation_is_told_to_whom_it_hits(proposed: View) -> None:
    def opened(day: str) -> View:
        """The same case, saying when it was sent out."""
        case = proposed.saker[0]
        sak = case.sak.model_copy(
            update={"innspill": Innspillsfrist.model_validate({"fra": day, "til": "2026-12-18"})}
        )
        return replace(proposed, saker=(replace(case, mappe=replace(case.mappe, sak=sak)),))

    files = made(proposed)
    for system in SMALL.systemer:
        found = feed(files[f"system/{system}/feed.xml"]).entries
        assert len(found) == (system in proposed.celler["2026-001"]), system
    (entry,) = feed(files["system/alfa/feed.xml"]).entries
    assert entry.title.startswith("Innspill innen 18. desember 2026: sak 2026-001, ")
    assert entry.updated == "2026-12-01T00:00:00Z"
    (told,) = [e for e in events(files["system/alfa/frister.ics"]) if "innspill" in e["uid"]]
    assert told.decoded("dtstart") == date(2026, 12, 18)
    assert feed(Feeds(opened("2026-11-20"), NB).atom("", "")).entries[0].updated == (
        "2026-11-20T00:00:00Z"
    )
    assert feed(Feeds(opened("2026-12-02"), NB).atom("", "")).entries == []
    # What it would mean leads to the case, for there is no such version yet.
    assert set(Text(entry.content[0].value).links) == {f"{SITE}sak/2026-001/"}


def test_no_entry_is_dated_ahead(view: View, proposed: View) -> None:
    """A reader that goes by dates would miss whatever is told until that day."""
    before = replace(view, per=date(2026, 11, 1))
    assert "utgivelse/2026.2" not in Feeds(before, NB).atom("", "").decode()
    assert "utgivelse/2026.2" in Feeds(view, NB).atom("", "").decode()
    over = replace(proposed, per=date(2027, 1, 1))
    (entry,) = feed(Feeds(over, NB).atom("alfa", "system/alfa/")).entries
    assert entry.updated == "2026-12-18T00:00:00Z"


def test_of_a_rejected_case_no_meaning_is_told(proposed: View) -> None:
    case = replace(proposed.saker[0], steg=Steg("avslått", "", "Fordi."))
    rejected = replace(proposed, saker=(case,))
    (entry,) = feed(made(rejected)["system/alfa/feed.xml"]).entries
    assert "li" not in Text(entry.content[0].value).tags


def test_a_decision_that_could_not_be_made_is_no_news(proposed: View) -> None:
    case = proposed.saker[0]
    said = {"dato": "2026-11-20", "form": "møte", "utfall": "vedtatt"}  # nothing was frozen
    treated = {"endringsrad": Behandlinger.model_validate({"behandlinger": [said]})}
    case = replace(case, mappe=replace(case.mappe, behandlinger=treated))
    (entry,) = feed(Feeds(replace(proposed, saker=(case,)), NB).atom("", "")).entries
    assert entry.id.endswith("sak/2026-001/innspill")


def test_a_register_without_news_has_feeds_and_calendars() -> None:
    files = made(View(SMALL, (), date(2030, 1, 1), {}))
    assert feed(files["feed.xml"]).entries == []
    assert feed(files["feed.xml"]).feed.updated == "2030-01-01T00:00:00Z"
    assert events(files["frister.ics"]) == []


# --- Calendars ------------------------------------------------------------------------------------


def test_a_calendar_has_the_deadlines_of_the_page(view: View, files: dict[str, bytes]) -> None:
    for system in REG.systemer:
        content = files[f"system/{system}/frister.ics"]
        assert all(len(line) <= 75 for line in content.split(b"\r\n"))
        assert b"\n" not in content.replace(b"\r\n", b"")
        found = {(e.decoded("dtstart"), e["uid"], e["url"]) for e in events(content)}
        assert {(day, url) for day, _, url in found} == {
            (frist.dag, f"{SITE}{frist.adresse}") for frist in frister(view, system)
        }
        assert len(found) == len(frister(view, system)) == len({uid for _, uid, _ in found})
    assert len(events(files["system/dips/frister.ics"])) > 10


def test_an_event_lasts_the_day_and_is_named_for_good(view: View) -> None:
    def event(per: date, content: View) -> Any:
        every = events(Feeds(replace(content, per=per), NB).calendar(""))
        return next(e for e in every if e["uid"] == "KI-0019/kan_brukes_fra@kravverk.example")

    first, later = event(PER, view), event(date(2026, 12, 8), view)
    assert not isinstance(first.decoded("dtstart"), datetime)
    assert first["summary"].startswith("KI-0019: kan brukes fra. Lokal reaksjon sendes ikke")
    assert first.decoded("dtstamp") == datetime(2026, 12, 1, tzinfo=UTC)
    assert later.decoded("dtstamp") == datetime(2026, 12, 8, tzinfo=UTC)  # what a client goes by
    assert first["uid"] == later["uid"]


def test_the_calendar_of_all_has_each_day_once(view: View, files: dict[str, bytes]) -> None:
    every = [e["uid"] for e in events(files["frister.ics"])]
    assert len(every) == len(set(every))
    days = {(f.gjelder, f.navn, f.dag) for system in REG.systemer for f in frister(view, system)}
    assert len(every) == len(days)


def test_a_day_is_told_as_the_newest_release_has_it(view: View, files: dict[str, bytes]) -> None:
    """What is released is not said to wait, and what only a decided version moves still stands."""
    days = {(f.gjelder, f.navn, f.versjon): f for f in frister(view, "helseplattformen")}
    assert REG.krav["PLL-0021"].versjon == 2  # not released; the day has been since 2026.1
    assert days["PLL-0021", "oppfylles_innen", 2].merknad == ""
    assert days["KI-0004", "oppfylles_innen", 3].merknad == "ikke_utgitt"
    moved = days["EMD-0006", "oppfylles_innen", 1]
    assert (moved.dag, moved.merknad) == (date(2027, 6, 1), "endres")
    assert moved.adresse == "krav/EMD-0006/v1/"
    assert days["EMD-0006", "oppfylles_innen", 2].dag == date(2027, 12, 1)
    told = {e["uid"]: e for e in events(files["system/helseplattformen/frister.ics"])}
    old = told["EMD-0006/oppfylles_innen/v1@kravverk.example"]
    assert "endres i en vedtatt versjon som ikke er utgitt" in old["summary"]
    assert old["description"].startswith("EMD-0006 versjon 1, skal")
    assert "ikke utgitt" not in told["PLL-0021/oppfylles_innen@kravverk.example"]["summary"]


def test_the_dates_of_a_release_are_all_there_with_what_they_are(view: View) -> None:
    system, release = REG.systemer["helseplattformen"], REG.utgivelser["2026.2"]
    said = Pages(view, NB).under(system, release).innhold
    row = said.split("EMD-0006 v1</a>")[1].split("</tr>")[0]
    assert "mottak innen 1. desember 2026<br>oppfylles innen 1. juni 2027" in row
    now = Pages(view, NB).system(system).innhold
    assert "fra neste utgivelse; til da gjelder versjon" in now


def test_a_requirement_that_was_replaced_is_among_what_changed(view: View) -> None:
    for til in ("", "2026.2"):
        found = {e.post: e for e in view.endret("2026.1", "dips", til)}
        gone = found["RES-0003"]
        assert (gone.klasse, gone.saker) == ("presisert", ("2026-007",))
        assert {"RES-0068", "RES-0069"} <= found.keys()
    now = Pages(view, NB).system(REG.systemer["dips"]).innhold
    row = now.split('id="siden-2026.1"')[1].split('krav/RES-0003/">')[1].split("</tr>")[0]
    assert "RES-0068" in row


def test_two_exemptions_from_one_requirement_are_two_events() -> None:
    entries = dict(SMALL.entries)
    for number, ends in ((1, date(2027, 1, 1)), (2, date(2027, 6, 1))):
        granted = Dispensasjon.model_validate(
            {
                **{"id": f"DISP-000{number}", "system": "alfa", "krav": "PLL-0001"},
                **{"versjon": "3", "gitt_av": "endringsrad", "dato": "2026-10-01"},
                **{"begrunnelse": "Den finnes.", "kompenserende_tiltak": "Intet.", "til": ends},
            }
        )
        path = f"changes/dispensasjoner/DISP-000{number}.yaml"
        entries[path] = Entry(path, granted, b"")
    files = made(View(Register(entries), (), PER, {}))
    found = [e for e in events(files["system/alfa/frister.ics"]) if "dispensasjon" in e["uid"]]
    assert len({e["uid"] for e in found}) == 2


# --- JSON -----------------------------------------------------------------------------------------


def test_the_json_follows_its_schema_and_holds_the_records_whole(
    view: View, files: dict[str, bytes]
) -> None:
    schema = json.loads((ROOT / "docs/skjema/krav-data.json").read_text())
    every = json.loads(files["krav.json"])
    mine = json.loads(files["system/dips/krav.json"])
    for found in (every, mine):
        jsonschema.validate(found, schema)
    assert (every["skjema"], every["system"]) == ("krav/1", None)
    assert [Krav.model_validate(strings(one["post"])) for one in every["krav"]] == [
        *REG.krav.values()
    ]
    for one in every["krav"]:
        bound = view.bindinger[one["post"]["id"]]
        assert {name: b["plikt"] for name, b in one["bindinger"].items()} == {
            name: b.plikt for name, b in bound.items()
        }
    assert mine["system"] == "dips"
    assert all([*one["bindinger"]] == ["dips"] for one in mine["krav"])


def strings(value: Any) -> Any:
    """A record with its numbers as the words that stand in the file."""
    if isinstance(value, dict):
        return {key: strings(inner) for key, inner in value.items()}
    return str(value) if isinstance(value, int) else value


def test_the_schema_refuses_what_is_not_the_shape(files: dict[str, bytes]) -> None:
    schema = json.loads((ROOT / "docs/skjema/krav-data.json").read_text())
    wrong = json.loads(files["system/dips/krav.json"])
    del wrong["krav"][0]["post"]["tekst"]
    with pytest.raises(jsonschema.ValidationError, match="tekst"):
        jsonschema.validate(wrong, schema)


def test_a_version_has_its_case_and_address(files: dict[str, bytes]) -> None:
    every = {one["post"]["id"]: one for one in json.loads(files["krav.json"])["krav"]}
    newest, *_, oldest = every["RES-0015"]["versjoner"]
    assert newest == {
        "versjon": 3,
        "sak": "2026-014",
        "vedtatt": "2026-11-20",
        "adresser": {
            kode: f"{SITE}{at}krav/RES-0015/v3/" for kode, at in (("nb", ""), ("en", "en/"))
        },
    }
    assert (oldest["versjon"], oldest["sak"], oldest["vedtatt"]) == (1, None, None)


# --- Tables ---------------------------------------------------------------------------------------


def test_the_tables_have_a_row_for_each_requirement(view: View, files: dict[str, bytes]) -> None:
    for at in ("", "en/"):
        for system in REG.systemer:
            folder = f"{at}system/{system}/"
            rows = table(files[f"{folder}krav.csv"])
            assert [next(iter(row.values())) for row in rows] == [
                krav.id for krav, _ in view.bundet[system]
            ]
            assert sheet(files[f"{folder}krav.xlsx"]).max_row == len(rows) + 1
    assert [row["Id"] for row in table(files["krav.csv"])] == [*REG.krav]


def test_a_row_says_what_the_page_says(files: dict[str, bytes]) -> None:
    rows = {row["Id"]: row for row in table(files["system/dips/krav.csv"])}
    krav, row = REG.krav["PLL-0015"], rows["PLL-0015"]
    assert [*row] == [
        *("Id", "Versjon", "Tittel", "Tekst", "Akseptanse", "Plikt", "Bundet gjennom"),
        *("Realisering", "Kan brukes fra", "Mottak innen", "Oppfylles innen"),
        *("Utgivelse", "Må følges fra", "Utfases", "Godkjenning"),
        *("Tema", "Meldinger", "Status", "Lenke til versjonen", "Lenke"),
    ]
    assert (row["Tittel"], row["Tekst"]) == (krav.tittel, krav.tekst)
    assert row["Akseptanse"].split("\n") == [f"• {point}" for point in krav.akseptanse]
    assert (row["Plikt"], row["Realisering"]) == ("skal", "egen utvikling")
    apart = [post for post in rows if REG.krav[post].frister.kan_brukes_fra]
    apart = [post for post in apart if REG.krav[post].frister.oppfylles_innen]
    for post in ("PLL-0015", *apart):
        days, told = REG.krav[post].frister, rows[post]
        assert told["Kan brukes fra"] == str(days.kan_brukes_fra or "")
        assert told["Mottak innen"] == str(days.mottak_innen or "")
        assert told["Oppfylles innen"] == str(days.oppfylles_innen or "")
    assert apart
    assert rows["KI-0006"]["Meldinger"] == ", ".join(REG.krav["KI-0006"].meldinger)
    assert row["Lenke"] == f"{SITE}krav/PLL-0015/"
    assert row["Lenke til versjonen"] == f"{SITE}krav/PLL-0015/v{krav.versjon}/"
    assert row["Bundet gjennom"] == "Lege: skal"
    assert (row["Utgivelse"], row["Må følges fra"]) == ("2026.1", "2026-09-01")
    assert rows["KI-0006"]["Utfases"] == "2027-10-01"
    assert rows["KI-0006"]["Utgivelse"] == "ikke utgitt ennå"
    (first, *_) = table(files["krav.csv"])
    assert "Plikt" not in first
    assert re.search(r": (skal|bør|kan)", first["Gjelder"])


def test_the_table_of_a_release_has_the_versions_of_then(
    view: View, files: dict[str, bytes]
) -> None:
    held = {post: u.versjon for post, u in REG.utgivelser["2026.1"].poster.items()}
    rows = table(files["system/dips/2026.1/krav.csv"])
    then = {row["Id"]: int(row["Versjon"]) for row in rows}
    assert then == {ident: held[ident] for ident in then}
    assert then["KI-0006"] == 1
    assert {"KI-0023", "PLL-0043"} & then.keys() == set()  # made later
    assert "KI-0009" in then  # no longer binds the system
    assert "KI-0009" not in {krav.id for krav, _ in view.bundet["dips"]}
    assert {row["Utgivelse"] for row in rows} == {"2026.1"}
    english = table(files["en/system/dips/2026.1/krav.csv"])
    assert f"{SITE}en/krav/KI-0006/v1/" in [row["Link to the version"] for row in english]


def test_what_has_changed_is_a_table_of_what_the_page_says(
    view: View, files: dict[str, bytes], nettsted: Path
) -> None:
    every = [
        (since, one) for since, changed in view.endret_siden["dips"].items() for one in changed
    ]
    rows = table(files["system/dips/endringer.csv"])
    assert [(row["Endret siden"], row["Post"]) for row in rows] == [
        (since, one.post.rpartition("/")[2]) for since, one in every
    ]
    assert {row["Endret siden"] for row in rows} == {*REG.utgivelser}
    page = " ".join(Text((nettsted / "system/dips/index.html").read_text()).words.split())
    for row in rows:
        assert row["Hvorfor"].removeprefix("U") in page
        assert row["Tittel"] in page
    told = {(row["Endret siden"], row["Post"]): row for row in rows}
    row = told["2026.2", "KI-0007"]
    assert (row["Fra versjon"], row["Til versjon"]) == ("1", str(REG.krav["KI-0007"].versjon))
    assert (row["Klasse"], row["Hvordan systemet berøres"]) == ("skjerpet", "utvikling")
    assert row["Sak"].startswith("2026-001, 2026-018")
    assert row["Kommer i"] == "ikke utgitt ennå"
    assert row["Lenke"] == f"{SITE}krav/KI-0007/v{REG.krav['KI-0007'].versjon}/#fra-1"
    new = told["2026.2", "KI-0023"]
    assert (new["Fra versjon"], new["Klasse"]) == ("", "ny plikt")
    assert "2026.2" in {row["Kommer i"] for (since, _), row in told.items() if since == "2026.1"}
    other = {row["Record"]: row for row in table(files["en/system/dips/endringer.csv"])}
    assert other["KI-0009"]["Class"] == "no longer applies"
    assert other["KI-0009"]["Why"] == "The system is no longer bound by the requirement."
    assert other["KI-0007"]["Link"].startswith(f"{SITE}en/krav/KI-0007/v")
    retired = [r for s in REG.systemer for r in table(files[f"system/{s}/endringer.csv"])]
    assert [r for r in retired if r["Hvorfor"].startswith("Utgått, erstattet av RES-")]


def test_the_english_table_has_english_headings(files: dict[str, bytes]) -> None:
    head = files["en/system/dips/krav.csv"].decode("utf-8-sig").splitlines()[0].split(",")
    assert head == [
        *("Id", "Version", "Title", "Text", "Acceptance criteria (Norwegian)", "Language"),
        *("Norwegian text", "Level", "Bound through", "Implementation"),
        *("May be used from", "Must be able to receive by", "Must be fulfilled by", "Release"),
        *(
            "Must be followed from",
            "Phased out",
            "Approval",
            "Theme",
            "Messages",
            "Status",
            "Link to the version",
            "Link",
        ),
    ]


def test_a_translation_that_is_out_of_date_says_so_in_the_table(files: dict[str, bytes]) -> None:
    told = {row["Id"]: row for row in table(files["en/krav.csv"])}
    assert told["KI-0027"]["Language"].startswith("Out of date, from version 1")
    assert told["KI-0006"]["Language"].startswith("Translated from version")
    assert "skal" in told["KI-0006"]["Norwegian text"]


def test_a_system_is_not_called_what_an_area_is(files: dict[str, bytes]) -> None:
    told = {row["Id"]: row for row in table(files["krav.csv"])}
    assert "SFM" in told["EMD-0011"]["Gjelder"]
    assert "Integrasjon med SFM" not in told["EMD-0011"]["Gjelder"]


def test_a_calendar_says_what_is_not_released_yet(files: dict[str, bytes]) -> None:
    told = [event["summary"] for event in events(files["system/dips/frister.ics"])]
    late = [line for line in told if line.endswith("(ikke utgitt ennå)")]
    assert any(line.startswith("KI-0004 (må): ") for line in late)
    assert 0 < len(late) < len(told)


def test_a_calendar_tells_duties_from_what_may_be_done(files: dict[str, bytes]) -> None:
    kinds = {
        (event["summary"].split(": ")[1].split(".")[0], event["categories"].cats[0])
        for event in events(files["system/dips/frister.ics"])
    }
    assert ("kan brukes fra", "Kan tas i bruk") in kinds
    assert ("oppfylles innen", "Frist") in kinds
    assert {what.startswith("kan") for what, kind in kinds if kind == "Frist"} == {False}


def test_an_event_tells_the_duty_its_version_and_how_strongly_it_binds(
    view: View, files: dict[str, bytes]
) -> None:
    told = {event["uid"]: event for event in events(files["system/dips/frister.ics"])}
    bound = {krav.id: binding.plikt for krav, binding in view.bundet["dips"]}
    seen = set()
    for frist in frister(view, "dips"):
        if krav := REG.krav.get(frist.gjelder):
            uid = f"{frist.gjelder}/{frist.navn}@kravverk.example"
            if uid not in told:
                continue
            plikt = bound[krav.id]
            must = {"skal": "(må)", "bør": "(bør)", "kan": "(kan)"}[plikt]
            asked = frist.navn in ("oppfylles_innen", "mottak_innen")
            assert (must in told[uid]["summary"].split(":")[0]) == asked
            head = f"{krav.id} versjon {krav.versjon}, {LEVELS[plikt]}"
            assert told[uid]["description"] == f"{head}\n\n{krav.tekst.rstrip()}"
            seen.add(must)
    assert len(seen) > 1
    english = [event["summary"] for event in events(files["en/system/dips/frister.ics"])]
    assert any("(must): must be fulfilled by" in line for line in english)


def test_the_sheet_has_dates_links_and_a_heading_that_stays(files: dict[str, bytes]) -> None:
    found = sheet(files["system/dips/krav.xlsx"])
    assert found.freeze_panes == "B2"
    head, *rows = found.iter_rows()
    at = {cell.value: number for number, cell in enumerate(head)}
    texts = {row["Id"]: row for row in table(files["system/dips/krav.csv"])}
    dated = 0
    for row in rows:
        ident, link, day = (row[at[name]] for name in ("Id", "Lenke", "Oppfylles innen"))
        assert link.hyperlink
        assert link.hyperlink.target == f"{SITE}krav/{ident.value}/"
        shown = day.value.date().isoformat() if isinstance(day.value, datetime) else ""
        assert shown == texts[str(ident.value)]["Oppfylles innen"]
        dated += bool(shown)
        assert row[at["Tekst"]].alignment.wrap_text
    assert dated > 10


def test_the_english_table_says_what_its_text_was_translated_from(
    files: dict[str, bytes],
) -> None:
    translated = 0
    for row in table(files["en/krav.csv"]):
        ident, _, tittel, tekst, _, spoken, *_, link = row.values()
        krav = REG.krav[ident]
        words = krav.engelsk or krav
        assert (tittel, tekst) == (words.tittel, words.tekst)
        assert (str(words.versjon) in spoken) == bool(krav.engelsk), ident
        assert link == f"{SITE}en/krav/{ident}/"
        translated += bool(krav.engelsk)
    assert 0 < translated < len(REG.krav)


# --- Hostile text ---------------------------------------------------------------------------------

HOSTILE = [
    "</title><script>alert(1)</script>&amp;&lt; ]]> <!-- -->",
    '=HYPERLINK("https://ond.example","klikk")',
    "+1+1",
    "-1",
    "@SUM(A1)",
    'Med "anførsel", komma; semikolon og \\ skråstrek',
    "Første avsnitt\n\n- et punkt\n- et til",
    "BEGIN:VEVENT\n\nEND:VCALENDAR",
    "👩‍⚕️ legger til 💊 og _x000D_ og {0} og %s",
    "<r><t>rik & farlig</t></r>",
    "http://ond.example/",
    "x" * 100_000,
    "💊" * 100_000,
]


def saying(text: str) -> View:
    """The small register with a text in every field that a file shows."""
    krav = SMALL.krav["PLL-0001"]
    line = " ".join(text.split())[:300]
    said = krav.model_copy(update={"tittel": line, "tekst": text, "akseptanse": (line,)})
    alfa = SMALL.systemer["alfa"].model_copy(update={"navn": line})
    new = {
        PLL: Entry(PLL, said, b""),
        "krav/systemer/alfa.yaml": Entry("krav/systemer/alfa.yaml", alfa, b""),
    }
    return View(SMALL.with_entries(Register(new)), (), PER, {})


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:20])
def test_hostile_text_is_text_in_every_format(text: str) -> None:
    files = made(saying(text))
    line = " ".join(text.split())[:300]
    assert feed(files["system/alfa/feed.xml"]).feed.title.endswith(line) or "<" in text
    document = ET.fromstring(files["system/alfa/feed.xml"])  # noqa: S314 - our own
    assert document.findtext("{http://www.w3.org/2005/Atom}title") == (
        f"Kravregister for e-resept: {line}"
    )
    calendar = icalendar.Calendar.from_ical(files["system/alfa/frister.ics"])
    assert calendar["x-wr-calname"] == f"Kravregister for e-resept: {line}"
    told = list(calendar.walk("VEVENT"))
    assert [e["summary"] for e in told] == [f"PLL-0001 (må): oppfylles innen. {line}"]
    head, _, rest = str(told[0]["description"]).partition("\n\n")
    assert (head, rest) == ("PLL-0001 versjon 3, skal (obligatorisk)", text)
    record = json.loads(files["system/alfa/krav.json"])["krav"][0]["post"]
    assert (record["tittel"], record["tekst"]) == (line, text)

    row = next(row for row in table(files["system/alfa/krav.csv"]) if row["Id"] == "PLL-0001")
    assert row["Tekst"].removeprefix("'") == text
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
    excel = sheet(files["system/alfa/krav.xlsx"])
    cells = [cell for each in excel.iter_rows() for cell in each]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}  # "f" is a formula
    shown = excel.cell(2, 4)
    assert len(str(shown.value).encode("utf-16-le")) <= 2 * 32_767
    if len(text) < 1000:
        assert str(shown.value).rstrip() == text
    else:
        assert str(shown.value).startswith(text[:10_000])
        assert "forkortet" in str(shown.value)
    assert {c.hyperlink.target for c in cells if c.hyperlink} == {
        f"{SITE}krav/{page}/" for page in ("PLL-0001", "PLL-0002", "PLL-0001/v3", "PLL-0002/v1")
    }


def test_a_cell_that_begins_a_formula_is_told_apart_by_an_apostrophe() -> None:
    for sign in sheets.FORMULA:
        assert sheets._harmless(f"{sign}1") == f"'{sign}1"
    assert sheets._harmless("1 + 1 = 2") == "1 + 1 = 2"
    assert sheets._harmless(-1) == -1


# --- Together -------------------------------------------------------------------------------------


def test_the_files_are_the_same_bytes_each_time(nettsted: Path, files: dict[str, bytes]) -> None:
    """The site was built by another process, earlier and with another seed for its sets."""
    for path, content in files.items():
        assert (nettsted / path).read_bytes() == content, path


def addresses(files: dict[str, bytes]) -> Iterator[str]:
    """Every address that the files lead to."""
    for path, content in files.items():
        if path.endswith("feed.xml"):
            for entry in feed(content).entries:
                yield from (entry.link, *Text(entry.content[0].value).links)
        elif path.endswith(".ics"):
            yield from (event["url"] for event in events(content))
        elif path.endswith(".csv"):
            for row in table(content):
                yield from (row[name] for name in row if name.startswith(("Lenke", "Link")))
        elif path.endswith("krav.json"):
            for one in json.loads(content)["krav"]:
                yield from one["adresser"].values()
                for version in one["versjoner"]:
                    yield from version["adresser"].values()


def test_what_the_files_lead_to_is_on_the_site(nettsted: Path) -> None:
    kinds = ("feed.xml", "frister.ics", "krav.csv", "endringer.csv", "krav.json")
    files = {
        path.relative_to(nettsted).as_posix(): path.read_bytes()
        for kind in kinds
        for path in nettsted.rglob(kind)
    }
    tables = 2 * len(REG.utgivelser) * len(REG.systemer)  # of what binds in a release
    assert len(files) == 7 * (1 + len(REG.systemer)) + tables + 2 * len(REG.systemer)
    found = set(addresses(files))
    assert len(found) > 500
    for address in found:
        assert address.startswith(SITE)
        page, anchor = urldefrag(address.removeprefix(SITE))
        html = (nettsted / unquote(page) / "index.html").read_text()
        assert not anchor or anchor in Text(html).ids, address


def test_the_page_of_a_system_leads_to_its_files(nettsted: Path, files: dict[str, bytes]) -> None:
    for at in ("system/dips/", "en/system/dips/"):
        links = Text((nettsted / at / "index.html").read_text()).links
        own = [link for link in links if re.search(r"\.(xml|ics|json|csv|xlsx)$", link)]
        own = [link for link in own if "../../feed.xml" not in link]
        assert len(own) == 6
        for link in own:
            assert (nettsted / at / link).resolve().read_bytes()
    stored = (ROOT / "docs/skjema/krav-data.json").read_bytes()
    assert (nettsted / "skjema/krav-data.json").read_bytes() == stored
    assert (nettsted / "krav.json").read_bytes() == files["krav.json"]


def test_the_sitemap_lists_each_page_but_no_version_in_both_languages(nettsted: Path) -> None:
    top = ET.parse(nettsted / "sitemap.xml").getroot()  # noqa: S314 - our own
    listed = {url.findtext(f"{SITEMAP}loc"): url for url in top}
    pages = {
        f"{SITE}{path.relative_to(nettsted).as_posix().removesuffix('index.html')}"
        for path in nettsted.rglob("index.html")
    }
    versions = {page for page in pages if re.search(r"/v[0-9]+/$", page)}
    assert versions
    assert set(listed) == pages - versions
    link = "{http://www.w3.org/1999/xhtml}link"
    for address in (f"{SITE}krav/KI-0006/", f"{SITE}en/krav/KI-0006/"):
        alternates = {one.get("hreflang"): one.get("href") for one in listed[address].iter(link)}
        assert alternates == {"nb": f"{SITE}krav/KI-0006/", "en": f"{SITE}en/krav/KI-0006/"}
    only = listed[f"{SITE}kommandoer/"].iter(link)
    assert [one.get("hreflang") for one in only] == ["nb"]


def test_a_long_sitemap_is_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "MOST", 2)
    parts = dict(sitemap({"nb": {"", "a/", "b/"}, "en": {"a/"}}, SITE))
    assert sorted(parts) == ["sitemap-1.xml", "sitemap-2.xml", "sitemap.xml"]
    locations = [e.text for e in ET.fromstring(parts["sitemap.xml"]).iter(f"{SITEMAP}loc")]  # noqa: S314
    assert locations == [f"{SITE}sitemap-1.xml", f"{SITE}sitemap-2.xml"]
    pages = [
        e.text
        for part in ("sitemap-1.xml", "sitemap-2.xml")
        for e in ET.fromstring(parts[part]).iter(f"{SITEMAP}loc")  # noqa: S314
    ]
    assert pages == [SITE, f"{SITE}a/", f"{SITE}b/", f"{SITE}en/a/"]


def test_a_site_below_a_folder_has_its_addresses_there(view: View) -> None:
    below = replace(view, site_url="https://vert.example/krav")
    assert feed(Feeds(below, NB).atom("", "")).feed.id == "tag:vert.example,2026:"
    link = table(Sheets(below, NB).csv(""))[0]["Lenke"]
    assert link.startswith("https://vert.example/krav/krav/")
