"""What a member who votes tonight reads in the papers of the project's own meeting."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser
from pypdf import PdfReader

from conftest import Git, Krav, unbroken
from kravverk.render import qr
from test_papers import BROKEN, done_out, eget, fryst, plain
from test_saksgang import again

__all__ = ["eget", "fryst"]  # fixtures
MEETING = ("saksliste", "--organ", "endringsrad", "--dato", "2026-10-15")
EIGHT = [f"2026-{n:03d}" for n in (1, 3, 4, 6, 7, 8, 9, 11)]
# The ids that are broken over two lines, and the cards with nothing in them.
TORN = BROKEN.replace("[\\p{L}\\d]+/gu", "[A-Z]{2,5}-\\d{4}|20\\d\\d-\\d{3}/g")
TORN = TORN.replace('".poster :is(td, tbody th)"', '"main *"')
EMPTY = """() => [...document.querySelectorAll(".stabel tr")].filter(row =>
  row.querySelector("td") && ![...row.querySelectorAll("td")].some(cell => cell.offsetHeight))
  .map(row => row.innerText)"""


def meeting(krav: Krav, eget: Path, *args: str) -> str:
    made = krav(*MEETING, *args, cwd=eget)
    assert made.returncode == 0, made.stderr
    return unbroken(made.stdout)


def test_page_one_of_each_case_is_one_page_and_in_order(
    eget: Path, krav: Krav, tmp_path: Path
) -> None:
    meeting(krav, eget, "--format", "pdf", "--til", str(tmp_path / "m.pdf"))
    pages = [" ".join(p.extract_text().split()) for p in PdfReader(tmp_path / "m.pdf").pages]
    first = [page for page in pages if page.startswith("Saksframlegg ·")]
    assert len(first) == len(EIGHT) + 1
    for page in first:
        told = (
            *("1 Forslag til vedtak", "2 Kort fortalt", "Pasientsikkerhet:"),
            *("3 Helsefaglig vurdering", "4 Hvem berøres", "Kostnad og finansiering:"),
            *("5 Innspill og usikkerhet", "Hjemmel:", "Personvern og sikkerhet (ROS):"),
            *("6 Endret siden", "I registeret siden saken"),
        )
        places = [page.find(words) for words in told]
        assert -1 not in places
        assert places == sorted(places)
    torn = ("Uendret:", "Engelsk: versjon", "Også endret")  # the last line of what came before
    assert not [page[:40] for page in pages if page.startswith(torn)]
    last = first[-1]  # the editorial one goes straight on
    assert "Ordlyden, fra gammel til ny" in last
    assert sum("2026-002 Språkretting i fire krav Side" in page for page in pages) <= 2
    assert min(len(page) for page in pages) > 600  # no page holds the last few lines of a case
    forms = [page for page in pages if "Vedtaksskjema, sak " in page]
    assert len(forms) == len(EIGHT)
    for page in forms:  # whole
        assert page.index("Vedtaksskjema, sak ") < page.index("Dato, navn og rolle")
    at = next(n for n, page in enumerate(pages) if page.startswith("Ord og forkortelser"))
    assert len(pages) - at <= 2


def test_a_dissent_is_told_once_and_with_the_reason(eget: Path, krav: Krav) -> None:
    html = meeting(krav, eget)
    case = html.split('id="sak-2026-003"')[1].split("</section>")[0]
    assert "med dissens" not in case
    assert case.count("Dissens: ") == 2  # of each body that recommended
    told = plain(case.split("3 Helsefaglig vurdering")[1].split("4 Hvem berøres")[0])
    assert "Operativ styringsgruppe (OSG):" in told
    assert "Dissens:" in told


def test_a_condition_that_was_asked_for_says_by_whom(eget: Path, krav: Krav) -> None:
    form = plain(meeting(krav, eget).split('id="skjema-2026-006"')[1].split("</section>")[0])
    assert (
        "Operativ styringsgruppe (OSG) skrev 10. september 2026: «OSG anbefaler forslaget, og ber "
        "rådet sette som vilkår at det blir prøvd på lange lister først.» Organet avgjør selv"
    ) in form
    said = eget / "changes/2026-006/osg.yaml"
    said.write_text(
        said.read_text() + "    vilkar:\n      - id: V1\n        tekst: Prøv lange lister.\n"
        "        ansvarlig: Produktansvarlig PLL\n        frist: 2026-11-30\n"
        "        bekreftes_av: Leder\n"
    )
    html = meeting(krav, eget)
    form = plain(html.split('id="skjema-2026-006"')[1].split("</section>")[0])
    assert "er forslag. Organet kan stryke et vilkår eller skrive det om." in form
    assert (
        "V1Prøv lange lister. Foreslått av Operativ styringsgruppe (OSG) (10. september 2026)."
        "Produktansvarlig PLL30. november 2026LederV2"
    ) in form
    page = plain(html.split('id="sak-2026-006"')[1].split("</section>")[0])
    assert "forslaget har ingen; Operativ styringsgruppe (OSG) foreslår 1." in page
    assert "Foreslått av" not in html.split('id="skjema-2026-003"')[1].split("</section>")[0]


def test_cases_that_collide_say_which_is_to_be_in_the_register_first(
    eget: Path, krav: Krav
) -> None:
    html = meeting(krav, eget)
    table = html.split('<table class="poster stabel par"')[1].split("</table>")[0]
    rows = [[plain(c) for c in re.findall("<t[dh].*?</t[dh]>", r)] for r in table.split("<tr>")[2:]]
    said = {(row[0][:4], row[1][:4]): row[2:] for row in rows}
    assert said["2/26", "4/26"][1] == (
        "Begge kan vedtas. Sekretariatet innarbeider 2/26 før 4/26; ellers må 2/26 fryses og "
        "behandles på nytt."
    )
    # It changes the messages that the requirements of five others name: one row.
    how, then = said["1/26", "2/26"]
    assert how.startswith("Krav i disse sakene bygger på melding M25.1, melding M25.2,")
    assert "som 1/26 endrer: 2/26 (PLL-0017); 3/26 (PLL-0014); 4/26 (PLL-0003, PLL-0040);" in how
    assert then == (
        "Alle kan vedtas. Sekretariatet innarbeider 2/26, 3/26, 4/26, 5/26 og 7/26 før 1/26; "
        "ellers må de fryses og behandles på nytt."
    )
    assert said["1/26", "6/26"][1] == (
        "Begge kan stå slik de er: kravene i 6/26 er nye, så ingen eldre utgave av det de bygger "
        "på, er frosset med dem."
    )
    assert (
        "Saken 4/26 omtaler selv sak 2026-009. Saken 7/26 omtaler selv" in said["4/26", "7/26"][0]
    )
    assert len(said) == 4
    vote, order = "Dere stemmer i rekkefølgen på sakslisten.", "2/26, 3/26, 4/26, 5/26, 7/26, 1/26."
    for text in (plain(html), meeting(krav, eget, "--format", "md")):
        across = text.split("På tvers av sakene")[1]
        assert vote in across
        assert f"innarbeider sekretariatet dem derfor i denne rekkefølgen: {order}" in across
        assert "Sekretariatet innarbeider 2/26 før 4/26;" in across


def test_cases_without_dates_stand_under_the_next_release(eget: Path, krav: Krav) -> None:
    for html in (meeting(krav, eget), meeting(krav, eget, "--format", "md")):
        across = plain(html).replace("**", "").split("På tvers av sakene")[1]
        assert "Neste utgivelse, som ikke har noen dato ennå: 2/26 2026-003 (endrede krav" in across
        assert "; 3/26 2026-004 (endrede krav PLL-0014); 5/26 2026-007 (" in across
        assert "PLL-0041, PLL-0042 (motta), PLL-0043" in across


def test_the_words_of_page_one_and_the_form_are_explained(eget: Path, krav: Krav) -> None:
    words = meeting(krav, eget).split('<dl class="ordliste">')[1]
    told = {name.lower() for name in re.findall("<dt>(.*?)</dt>", words)}
    assert told >= {
        *("klasse", "frys", "post", "samlepost", "akseptanse", "utgivelse", "fingeravtrykk"),
        *("protokolltilførsler", "vilkår", "dissens", "inhabil", "hjemmel", "kort vei", "ros"),
        *("ny plikt", "skjerpet", "lempet", "presisert", "via fellesløsning", "habilitet"),
        *("avhenger av", "dataansvarlig", "hastevedtak", "rekvirentsystem"),
        *("informativ", "innarbeidet", "minste varsel", "utfases", "virkningsmatrise"),
    }


def test_the_address_of_a_case_is_printed_where_there_is_a_site(eget: Path, krav: Krav) -> None:
    assert "kravverk.example/sak" not in meeting(krav, eget)
    (eget / "mkdocs.yml").write_text("site_name: x\nsite_url: https://kravverk.example/\n")
    html = meeting(krav, eget)
    for case in EIGHT:
        assert html.count(f">kravverk.example/sak/{case}</a>") == 1


def test_a_matrix_says_what_its_marks_mean_once(eget: Path, krav: Krav) -> None:
    case = meeting(krav, eget).split('id="matrise-2026-001"')[1].split("</section>")[0]
    assert case.count("<table") == 3
    assert case.count("Sterkeste klasse for hvert system") == 1
    assert "«?»" not in case  # nothing is undecided
    assert '<th scope="col">Melding M25.1</th>' in case
    rows = re.findall('<tr><th scope="row">.*?</tr>', case, re.DOTALL)
    assert [row for row in rows if "klasse" not in row] == []


def test_page_one_pairs_a_class_with_what_that_class_asks(eget: Path, krav: Krav) -> None:
    html = meeting(krav, eget)
    told = plain(html.split('id="sak-2026-001"')[1].split('<ul class="systemer">')[1])
    both = "ny plikt, via fellesløsning; også skjerpet, utvikling: CGM Journal, CosDoc, Gerica,"
    assert both in told
    assert "ny plikt, utvikling: DIPS Arena, Eik, Eksempeljournal, Forskrivningsmodulen" in told
    md = meeting(krav, eget, "--format", "md")
    assert "**ny plikt**, via fellesløsning; også **skjerpet**, utvikling: CGM Journal," in md


def test_no_two_rows_of_a_table_read_the_same(eget: Path, krav: Krav) -> None:
    tables = meeting(krav, eget).split('<table class="poster stabel matrise">')[1:]
    assert len(tables) > 6
    for table in tables:
        body = table.split("</table>")[0]
        rows = re.findall('<tr><th scope="row">.*?</th>(.*?)</tr>', body, re.DOTALL)
        rows = [plain(row) for row in rows]
        assert len({*rows}) == len(rows)
    assert '<th scope="row">DIPS Arena, Eksempeljournal, Helseplattformen, Pridok</th>' in "".join(
        tables
    )


def test_what_is_only_recommended_through_a_shared_solution_is_told_apart(
    eget: Path, krav: Krav
) -> None:
    cover = meeting(krav, eget).split("<h2>På tvers")[0]
    assert "4 nås gjennom en fellesløsning (for 1 bare bør eller kan)." in cover
    assert "10 nås gjennom en fellesløsning (for 9 bare bør eller kan)." in cover
    assert "10 nås gjennom en fellesløsning." in cover  # 6/26, in which all of them must


def test_the_clean_text_has_the_acceptance_and_whom_it_binds(eget: Path, krav: Krav) -> None:
    html = meeting(krav, eget)
    annex = html.split('id="vedlegg-2026-006"')[1].split("</section>")[0]
    points = annex.split("<h4>Akseptanse</h4>")[1].split("<h4>")[0]
    before, after = re.findall(r"<ul>(.*?)</ul>", points, re.DOTALL)
    assert before.count("<li>") > 1
    assert "samlet" in after
    assert "samlet" not in before
    annex = plain(html.split('id="vedlegg-2026-011"')[1].split("</section>")[0])
    assert "Gjelder: Hjemmetjeneste Førbør EtterskalGjelder" in annex.replace(
        " Gjelder", "Gjelder", 9
    )


def test_the_code_to_scan_leads_to_the_freeze_on_the_page_of_the_case(
    eget: Path, krav: Krav
) -> None:
    form = meeting(krav, eget).split('id="skjema-2026-001"')[1].split("</section>")[0]
    assert "<p>Skann for å få alle de 64 tegnene.</p>" in form
    (eget / "mkdocs.yml").write_text("site_name: x\nsite_url: https://kravverk.example/\n")
    form = meeting(krav, eget).split('id="skjema-2026-001"')[1].split("</section>")[0]
    title = "QR-kode med adressen til sakssiden"
    drawn = qr("https://kravverk.example/sak/2026-001/#frys-1", title)
    assert drawn in form
    assert "De 16 tegnene der skal være like.</p>" in form
    assert "eb14 fc51 3ac1 70b6" in form


def test_the_form_says_what_each_outcome_needs_and_who_fills_it_in(eget: Path, krav: Krav) -> None:
    form = plain(meeting(krav, eget).split('id="skjema-2026-003"')[1].split("</section>")[0])
    assert "Ett skjema for organet, ikke ett for hvert medlem." in form
    for said in (
        "☐ Vedtatt med vilkår (skriv hvorfor, og fyll ut minst én rad under Vilkår)",
        "☐ Avslått (skriv hvorfor)",
        "☐ Utsatt (skriv hva saken venter på, og til hvilken dag)",
        "☐ Sendt tilbake (skriv hva som må endres)",
    ):
        assert said in form


def test_what_was_decided_in_writing_before_the_first_meeting_says_so(
    eget: Path, krav: Krav
) -> None:
    for text in (plain(meeting(krav, eget)), meeting(krav, eget, "--format", "md")):
        assert (
            "2026-012 Fortrolig adresse vernes også i utvidet informasjon: Vedtatt av Endringsråd "
            "for e-resept 15. september 2026. Innarbeidet i registeret. Saken ble behandlet "
            "skriftlig. Vedtaket bekrefter hastevedtaket 21. august 2026."
        ) in text


def test_markdown_tells_a_changed_list_point_by_point_and_a_new_record_whole(
    eget: Path, krav: Krav
) -> None:
    made = krav("rapport", "2026-006", "--per", "2026-10-14", "--format", "md", cwd=eget)
    md = unbroken(made.stdout)
    points = md.split("**Akseptanse** (endret)")[1].split("(endret)")[0]
    assert "→" not in points
    assert re.findall(r"^- \*\*.*\*\*$", points, re.M)
    new = md.split("**Hele posten** (ny post)")[1]
    assert re.search(r"^Gjelder: .*bør", new, re.M)
    assert re.search(r"^- \w", new, re.M)
    assert "via-fellesløsning" not in md
    assert "Bare i HTML og PDF: vedtaksskjema," in md
    assert len(meeting(krav, eget, "--format", "md")) < 60_000


def test_a_case_that_nobody_recommends_says_why(eget: Path, krav: Krav) -> None:
    case = plain(meeting(krav, eget).split('id="sak-2026-007"')[1])
    why = "ingen organer har mandat til å anbefale saker på området Felles e-resept."
    assert why in case.split("2 Kort fortalt")[0]


def test_the_agenda_for_word_says_that_it_is_the_agenda_alone(
    eget: Path, krav: Krav, tmp_path: Path
) -> None:
    meeting(krav, eget, "--format", "docx", "--til", str(tmp_path / "a.docx"))
    texts = [p.text for p in Document(str(tmp_path / "a.docx")).paragraphs]
    assert texts[1].startswith("Dette er bare sakslisten.")


def test_a_text_that_was_not_frozen_yet_says_so(eget: Path, krav: Krav) -> None:
    early = krav("rapport", "2026-001", "--per", "2026-08-20", cwd=eget).stdout
    assert "Ingen tekst var frosset denne dagen. Papirene viser forslaget slik det er nå." in early
    later = krav("rapport", "2026-001", "--per", "2026-09-10", cwd=eget).stdout
    assert "Ingen tekst var frosset" not in later
    assert "eb14 fc51 3ac1 70b6" in later


def test_a_case_on_its_branch_is_shown_by_the_freeze_that_stood(
    fryst: Path, git: Git, krav: Krav
) -> None:
    then = ("rapport", "2026-001", "--per", "2026-12-02", "--format", "json")
    before = json.loads(done_out(krav, *then))
    again(fryst, git, krav, "30 dager etter", "20 dager etter", "2026-12-07")
    after = json.loads(done_out(krav, *then))
    assert after["fingeravtrykk"] == before["fingeravtrykk"]
    assert after["steg"] == before["steg"]
    now = ("rapport", "2026-001", "--per", "2026-12-09", "--format", "json")
    assert json.loads(done_out(krav, *now))["fingeravtrykk"] != before["fingeravtrykk"]


def test_numbers_and_names_are_those_a_member_would_use(eget: Path, krav: Krav) -> None:
    html = meeting(krav, eget)
    text = plain(html)
    assert "bes om å vedta forslaget til endring i 14 krav og 4 meldinger." in text
    assert "22 systemer berøres: alle må utvikle eller vurdere selv." in text
    assert "meldinger/M25" not in text
    assert "Uttalelse fra Helsedirektoratet" in text
    short = plain(html.split('id="sak-2026-002"')[1].split("</article>")[0])
    assert "Ingen andre krav viser til disse." in short  # a corrected word makes no difference
    assert "har ikke behandlet saken" not in short
    assert "har ikke sett saken" not in short
    assert "Bekreftet på kort vei av " in short
    since = plain(html.split("<h2>Siden sist</h2>")[1].split("</section>")[0])
    assert since.endswith("Ingen saker er utløpt. Ingen vilkår er åpne.")


@pytest.mark.browser
def test_no_id_is_broken_and_no_card_is_empty(
    eget: Path, krav: Krav, browser: Browser, tmp_path: Path
) -> None:
    paper = tmp_path / "p.html"
    assert krav(*MEETING, "--til", str(paper), cwd=eget).returncode == 0
    page = browser.new_page()
    for width in (375, 600, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(paper.as_uri())
        assert page.evaluate(TORN) == []
        assert page.evaluate(EMPTY) == []
    page.close()


def test_markdown_keeps_the_points_of_the_reasons(eget: Path, krav: Krav) -> None:
    made = krav("rapport", "2026-001", "--per", "2026-10-14", "--format", "md", cwd=eget)
    said = made.stdout.split("**Alternativer:**")[1]
    assert said.startswith("\n\n- Beholde to kilder og varsle når de er ulike.")
    assert "\n- La Reseptformidleren fylle M25.1" in said


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_paper_says_which_systems_are_invented(eget: Path, krav: Krav, form: str) -> None:
    """Also one from before such a system got it in its name: the register is that of the day."""
    made = krav("rapport", "2026-001", "--per", "2026-10-14", "--format", form, cwd=eget)
    top = made.stdout.split("Kort fortalt")[0]
    assert "systemer som heter Eksempel…, er oppdiktet." in top


def test_numbers_of_systems_side_by_side_count_the_same(eget: Path, krav: Krav) -> None:
    """Who answered without being hit is not among those of whom so and so many have answered."""
    for form in ("html", "md"):
        made = krav("rapport", "2026-022", "--per", "2026-11-24", "--format", form, cwd=eget)
        first = unbroken(made.stdout).split("6 Endret siden")[0]
        assert "18 systemer berøres: " in first
        assert "2 av de 18 systemene som berøres, har svart: 2 berørt (" in first
        others = "Utenom dem har andre svart: 1 ikke berørt (Eksempelapotek (oppdiktet))."
        assert others in first


def test_dates_of_one_kind_stand_in_their_order(eget: Path, krav: Krav) -> None:
    made = krav("rapport", "2026-020", "--per", "2026-11-24", "--format", "md", cwd=eget)
    said = re.search(r"^- Kan brukes fra (.*)$", made.stdout, re.M)
    assert said
    assert re.findall(r"\d+\. \w+ \d{4}", said[1]) == ["1. mars 2027", "1. juni 2027"]


def test_no_two_lines_of_a_change_read_the_same(eget: Path, krav: Krav) -> None:
    """Two groups of systems that are hit alike, where one is to be confirmed, are told apart."""
    for change in meeting(krav, eget).split('<ul class="treff">')[1:]:
        lines = re.findall(r"<li>(.*?)</li>", change.split("</ul>")[0], re.DOTALL)
        reasons = [(line.split("</span>")[0], line.split(". ", 1)[1]) for line in lines]
        assert len(reasons) == len(set(reasons))


def test_answers_in_markdown_are_told_line_by_line(eget: Path, krav: Krav) -> None:
    made = krav("rapport", "2026-022", "--per", "2026-11-24", "--format", "md", cwd=eget)
    answer = made.stdout.split("\n- **Eksempelomsorg (oppdiktet)**, 20. november 2026\n")[1]
    told = [line.partition(":")[0].strip(" -") for line in answer.split("\n\n")[0].splitlines()]
    labels = ["Berørt", "Arbeid", "Tidligst levert", "Merknader", "Svar fra forslagsstilleren"]
    assert told == labels
    new = made.stdout.split("**Hele posten** (ny post)")[1].split("####")[0]
    assert re.search(r"^> \w.*\n\nGjelder: .*\n\nAkseptanse:\n\n- \w", new, re.M)


def test_what_markdown_leaves_out_says_so_in_its_place(eget: Path, krav: Krav) -> None:
    md = meeting(krav, eget, "--format", "md")
    assert "engelsk og kilder" in md.split("**Utelatt for å få plass:**")[1].split(".")[0]
    assert "**Kilder** (endret)\n\n> Utelatt her.\n" in md
    assert not re.search(r"\(endret\)\n+(\*\*|#)", md)


def test_a_small_case_folds_what_it_has_nothing_to_say_of(eget: Path, krav: Krav) -> None:
    html = meeting(krav, eget).split('id="sak-2026-002"')[1].split("</article>")[0]
    assert "<h2>Plikter, frister og innspill</h2>" in html
    assert "Vedlegg" not in html
    assert html.count('<div class="endring">') == 6


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_new_requirement_is_printed_with_everything_it_says(
    eget: Path, krav: Krav, form: str
) -> None:
    made = krav("rapport", "2026-001", "--per", "2026-10-15", "--format", form, cwd=eget)
    told = unbroken(made.stdout).split("Ordlyden, fra gammel til ny")[1]
    told = told.split("KI-0026 Legemiddelreaksjoner er ikke med i M25.1")[1].split("PLL-0022")[0]
    told = re.sub(
        r"\\|:(?= )", "", plain(told.replace("</dt>", "</dt> ")) if form == "html" else told
    )
    told = re.sub(r"\s+", " ", told)
    for line in (
        *("Godkjenning nhn-test", "Meldinger M25.1", "Avhenger av KI-0007", "Status gjeldende"),
        *("Frister kan brukes fra 1. juni 2027", "Frister oppfylles innen 1. januar 2028"),
        *("Nivået og fristene er satt av kravverk", "blir de før eller siden ulike"),
        "Engelsk tekst The prescribing system shall leave drug reactions out of every M25.1.",
    ):
        assert line in told


def test_a_date_that_stands_is_told_against_the_notice_of_those_it_comes_to_bind(
    eget: Path, krav: Krav
) -> None:
    args = ("rapport", "2026-019", "--per", "2026-11-20")
    html = krav(*args, cwd=eget).stdout
    said = (
        "Kortere varsel enn 90 dager for dem kravet blir obligatorisk for: EMD-0011 må kunne motta "
        "innen 1. desember 2026 (11 dager), en frist saken ikke endrer. Det gjelder Sentral "
        "forskrivningsmodul (SFM)."
    )
    first, behind = html.split('id="ordlyd-')
    assert said in plain(first)
    dates = behind.split('id="frister-')[1].split("Uendrede krav som viser")[0]
    assert said in plain(dates)
    md = krav(*args, "--format", "md", cwd=eget).stdout
    told = "EMD-0011 må kunne motta innen 1. desember 2026 (11 dager, under 90): Sentral "
    assert told in md.split("### 5")[0]
    other = krav("rapport", "2026-018", "--per", "2026-11-20", cwd=eget).stdout
    assert "Kortere varsel" not in other


def test_a_condition_is_told_as_a_function_of_the_system(eget: Path, krav: Krav) -> None:
    case = ("rapport", "2026-003", "--per", "2026-10-14", "--format")
    said = "dersom systemet har funksjonen sfm-full"
    assert (
        plain(krav(*case, "html", cwd=eget).stdout).count(f"bør, {said}") == 2
    )  # and in the annex
    assert f"skal, {said} → bør, {said}" in krav(*case, "md", cwd=eget).stdout


def test_markdown_calls_what_it_leaves_out_what_a_reader_would(eget: Path, krav: Krav) -> None:
    left = (
        meeting(krav, eget, "--format", "md").split("Utelatt for å få plass:** ")[1].split(".")[0]
    )
    assert "svarene fra leverandørene, virkningsmatrisen" in left
