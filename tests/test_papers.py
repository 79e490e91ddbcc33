"""Council papers: agendas and reports from real repositories, read as members would read them."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import segno
from docx import Document
from playwright.sync_api import Browser
from pypdf import PdfReader

from conftest import CASES, ROOT, Git, Krav, unbroken
from kravverk.bodies import Medlem
from kravverk.papers import MOST, fitted
from test_impact import OTHER
from test_saksgang import (
    CASE,
    RELEASED,
    again,
    decision,
    done,
    merge,
    propose,
    recommend,
    release_and_freeze,
)
from test_store import PLL, commit, edit

OSG = ("saksliste", "--organ", "osg", "--dato", "2026-12-05")
COUNCIL = ("saksliste", "--organ", "endringsrad", "--dato", "2026-12-10")


@pytest.fixture
def fryst(lager: Path, git: Git, krav: Krav) -> Path:
    """A released register, and case 2026-001 frozen on its branch."""
    return release_and_freeze(lager, git, krav)


def listed(krav: Krav, *args: str) -> list[tuple[str | None, str]]:
    """(number, case) of an agenda, in order."""
    facts = json.loads(done_out(krav, *args, "--format", "json"))
    return [(sak["nr"], sak["sak"]["id"]) for sak in facts["saker"]]


def done_out(krav: Krav, *args: str) -> str:
    result = krav(*args)
    assert result.returncode == 0, result.stdout + result.stderr
    return unbroken(result.stdout)


# --- Which cases, and in what order ---------------------------------------------------------------


@pytest.mark.usefixtures("fryst")
def test_an_agenda_holds_what_awaits_the_body_and_nothing_else(git: Git, krav: Krav) -> None:
    assert listed(krav, *OSG) == [("1/26", "2026-001")]
    alone = "Ingen av sakene på sakslisten endrer det samme, eller bygger på hverandre."
    assert alone in done(krav, *OSG)
    assert "Ingen saker venter på Endringsrådet den 10. desember 2026." in done(krav, *COUNCIL)
    recommend(krav)
    commit(git)
    assert listed(krav, "saksliste", "--organ", "osg", "--dato", "2026-12-09") == []
    assert listed(krav, *COUNCIL) == [("1/26", "2026-001")]
    unknown = krav("saksliste", "--organ", "rådet", "--dato", "2026-12-10")
    assert unknown.returncode == 2
    assert "Organene er endringsrad, osg." in unknown.stderr


@pytest.mark.usefixtures("fryst")
def test_the_papers_of_a_meeting_are_the_same_after_it(git: Git, krav: Krav) -> None:
    before = done_out(krav, *OSG)
    recommend(krav)
    commit(git)
    council = done_out(krav, *COUNCIL)
    done(krav, *decision())
    merge(git)
    assert "Forslag til vedtak" in before
    assert done_out(krav, *OSG) == before
    assert listed(krav, *COUNCIL) == [("2/26", "2026-001")]  # as it was recorded
    assert done_out(krav, *COUNCIL).replace("2/26", "1/26") == council


def test_a_case_whose_input_opened_later_is_not_in_the_papers(
    fryst: Path, git: Git, krav: Krav
) -> None:
    before = done_out(krav, *OSG)
    propose(fryst, git, "2026-002", "45")
    later = ("innspill: {til: 2026-11-30}", "innspill: {fra: 2026-12-08, til: 2026-12-20}")
    edit(fryst, *later, "changes/2026-002/endring.yaml")
    commit(git)
    git("checkout", "--quiet", "sak-2026-001")
    assert "2026-002" not in before
    assert done_out(krav, *OSG) == before
    assert "Sak 2026-002 endrer også PLL-0001" in done_out(krav, *OSG[:-1], "2026-12-09")


def test_a_case_frozen_again_is_shown_to_each_meeting_as_it_stood_then(
    fryst: Path, git: Git, krav: Krav
) -> None:
    recommend(krav)
    commit(git)
    first = done_out(krav, *OSG)
    assert "[lagt til: </span>30<span" in first
    again(fryst, git, krav, "30 dager etter", "20 dager etter", "2026-12-07")
    assert done_out(krav, *OSG) == first
    later = done_out(krav, "saksliste", "--organ", "osg", "--dato", "2026-12-08")
    assert "[lagt til: </span>20<span" in later
    assert "teksten er endret; behandlingen gjelder en annen tekst." in later
    since = later.split("Endret siden OSG behandlet saken</h3>")[1].split("</ul>")[0]
    assert re.findall(r"(?:fjernet|lagt til): </span>([^<]*)", since) == ["30", "20"]
    assert "Endret siden OSG behandlet saken</h3>" not in first


ORDER = ["2026-004", "2026-002", "2026-001", "2026-003"]
THIRD, FOURTH = "krav/pll/PLL-0003.yaml", "krav/pll/PLL-0004.yaml"


@pytest.fixture
def fire(lager: Path, git: Git, krav: Krav) -> Path:
    """Four frozen cases: one eases, one demands more, one went the short way, and one is urgent."""
    for path in (THIRD, FOURTH):
        text = (lager / OTHER).read_text().replace("PLL-0002", Path(path).stem)
        (lager / path).write_text(text)
    done(krav, "utgi", "2026.1", *RELEASED)
    commit(git)
    propose(lager, git)
    case = (lager / CASE).read_text().split("avklaringer:")[0]

    def freeze(ident: str, path: str, old: str, new: str) -> None:
        if path != PLL:
            git("checkout", "--quiet", "-b", f"sak-{ident}", "main")
            edit(lager, old, new, path)
            (lager / f"changes/{ident}").mkdir(parents=True)
            (lager / f"changes/{ident}/endring.yaml").write_text(case.replace("2026-001", ident))
        done(krav, "frys", ident, "--per", "2026-12-01")
        commit(git)

    freeze("2026-001", PLL, "", "")
    freeze("2026-002", OTHER, "apotek: bør", "apotek: skal")
    freeze("2026-003", THIRD, "kilder:", "begrunnelse: Nytt.\nkilder:")
    way = ("--utfall", "kort_vei", "--dato", "2026-12-02", "--rolle", "Fagansvarlig PLL")
    done(krav, "behandle", "2026-003", *way)
    commit(git)
    freeze("2026-004", FOURTH, "apotek: bør", "apotek: kan")
    done(
        krav,
        *("behandle", "2026-004", "--utfall", "hastevedtatt", "--dato", "2026-12-02"),
        *("--rolle", "osg:Leder", "--rolle", "endringsrad:Leder", "--grunn", "drift"),
        *("--begrunnelse", "Haster.", "--gjelder-til", "2027-01-15"),
        *("--tilbakeforing", "Gjeldende igjen."),
    )
    commit(git)
    return lager


@pytest.mark.usefixtures("fire")
def test_urgent_first_then_new_duties_then_relaxations_and_the_short_way_last(krav: Krav) -> None:
    assert [sak for _, sak in listed(krav, *OSG)] == ORDER
    html = done_out(krav, *OSG)
    row = r'scope="row">(.*?)</th>.*?</td><td data-navn="Slag">(.*?)</td>'
    rows = re.findall(row, html.split("På tvers")[0])
    assert rows == [
        ("1/26", "Hastesak"),
        ("2/26", "Ny eller strengere plikt"),
        ("3/26", "Lemping eller bortfall"),
        ("–", "Til orientering"),
    ]
    assert "OSG bes om å ta stilling til hastevedtaket, som gjelder til 15. januar 2027." in html
    assert "Hastevedtaket i 2026-004 gjelder til 15. januar 2027." in html
    assert "OSG orienteres om at saken ble vedtatt på kort vei 2. desember 2026." in html
    assert [html.index(f'id="sak-{sak}"') for sak in ORDER] == sorted(
        html.index(f'id="sak-{sak}"') for sak in ORDER
    )


def test_a_meeting_is_told_in_the_order_in_which_its_cases_are_numbered(
    fire: Path, git: Git, krav: Krav
) -> None:
    for sak, nr in (("2026-001", "7/26"), ("2026-002", "8/26")):
        git("checkout", "--quiet", f"sak-{sak}")
        said = ("--organ", "osg", "--utfall", "anbefalt", "--dato", "2026-12-05", "--motesak", nr)
        done(
            krav, "behandle", sak, *said, *("--deltaker", "Leder", "--deltaker", "Fagansvarlig PLL")
        )
        commit(git)
    html = done_out(krav, *OSG)
    # 2026-002 asks for more, but was the eighth; what is only told of has no number.
    assert listed(krav, *OSG) == [("7/26", "2026-001"), ("8/26", "2026-002"), (None, "2026-003")]
    told = [html.index(f'id="sak-{sak}"') for _, sak in listed(krav, *OSG)]
    assert told == sorted(told)
    done(krav, *OSG, "--format", "docx", "--til", str(fire.parent / "s.docx"))
    texts = [p.text for p in Document(str(fire.parent / "s.docx")).paragraphs]
    numbered = [text[:12] for text in texts if text.startswith("Sak ") and "/" in text]
    assert numbered == ["Sak 7/26: 20", "Sak 8/26: 20"]


@pytest.mark.usefixtures("fire")
def test_cases_of_a_meeting_that_build_on_one_another_are_told_together(krav: Krav) -> None:
    facts = json.loads(done_out(krav, *OSG, "--format", "json"))["felles"]
    assert facts == [
        {"saker": [sak, "2026-001"], "begge_pa_sakslisten": True}
        | {"samme": [], "bygger_pa": [[post, "PLL-0001"]], "omtaler": []}
        for sak, post in (("2026-004", "PLL-0004"), ("2026-002", "PLL-0002"))
    ]
    html = done_out(krav, *OSG)
    assert "(på sakslisten)" in html
    assert "bygger på PLL-0001 «Seponert oppføring følger listen i 90 dager»." in html


def test_records_that_several_cases_touch_are_told_across_the_cases(
    fire: Path, git: Git, krav: Krav
) -> None:
    assert "Begge endrer" not in done_out(krav, *OSG)
    git("checkout", "--quiet", "-b", "sak-2026-005", "main")
    edit(fire, "90 dager etter", "80 dager etter")
    (fire / "changes/2026-005").mkdir(parents=True)
    case = (CASES / "uavklart/after" / CASE).read_text().replace("2026-001", "2026-005")
    (fire / "changes/2026-005/endring.yaml").write_text(case)
    commit(git)
    html = done_out(krav, *OSG)
    title = "Seponert oppføring følger listen i 90 dager"
    row = html.split('<table class="poster stabel par"')[1].split("</table>")[0]
    words = " ".join(re.sub("<[^>]*>", " ", row).split())
    both = "3/26 2026-001 Prøvesak 2026-005 Prøvesak (ikke på sakslisten: utkast)"
    assert f"{both} Begge endrer PLL-0001 «{title}»." in words
    assert "Blir 3/26 vedtatt, må sak 2026-005 ta inn det som ble vedtatt." in words
    assert f"Begge endrer PLL-0001 «{title}»." in done_out(krav, *OSG, "--format", "md")
    assert html.count("Sak 2026-005 endrer også PLL-0001.") == 1
    facts = json.loads(done_out(krav, *OSG, "--format", "json"))
    assert [pair for pair in facts["felles"] if pair["samme"]] == [
        {"saker": ["2026-001", "2026-005"], "begge_pa_sakslisten": False}
        | {"samme": ["PLL-0001"], "bygger_pa": [], "omtaler": []}
    ]
    assert "2026-005" in facts["siden_sist"]["venter"]


def test_an_agenda_tells_what_has_happened_since_the_last(
    fryst: Path, git: Git, krav: Krav
) -> None:
    recommend(krav)
    condition = "V1|Prøves i drift.|Leder|2027-01-31|Fagansvarlig PLL"
    how = ("vedtatt_med_vilkår", "--vilkar", condition, "--begrunnelse", "Nytt.")
    done(krav, *decision("2026-001", *how))
    (fryst / "changes/dispensasjoner").mkdir()
    (fryst / "changes/dispensasjoner/DISP-0001.yaml").write_text(
        "id: DISP-0001\nsystem: alfa\nkrav: PLL-0001\nversjon: 1\ngitt_av: endringsrad\n"
        "dato: 2026-12-01\nbegrunnelse: Bygger om.\nkompenserende_tiltak: Manuelt.\n"
        "til: 2027-02-28\n"
    )
    merge(git)
    later = ("saksliste", "--organ", "endringsrad", "--dato")
    html = done_out(krav, *later, "2027-01-14")
    assert "Forrige møte med saker var 10. desember 2026." in html
    decided = html.split("<h3>Avgjort</h3>")[1].split("<h3>")[0]
    assert "Vedtatt med vilkår av Endringsrådet i sak 2/26 10. desember 2026." in decided
    assert "<li>2026-001 V1, innen 31. januar 2027 (Leder; bekreftes av Fagansvarlig PLL)" in html
    assert "DISP-0001: alfa har dispensasjon fra PLL-0001 versjon 1 til 28. februar 2027." in html
    assert "Ingen saker er utløpt." in html
    lapsed = done_out(krav, *later, "2027-02-01").split("<h3>Utløpt</h3>")[1].split("<h3>")[0]
    assert "Vilkåret V1 skulle vært oppfylt innen 31. januar 2027." in lapsed
    done(krav, *later, "2027-03-01")
    assert "Ingen dispensasjoner utløper" in done_out(krav, *later, "2027-03-01")


def test_a_rejected_case_still_shows_what_was_proposed(fryst: Path, git: Git, krav: Krav) -> None:
    recommend(krav)
    commit(git)
    before = done_out(krav, *COUNCIL)
    done(krav, *decision("2026-001", "avslått", "--begrunnelse", "For kort.", "--avvik", "Nei."))
    merge(git)
    assert "90 dager etter" in (fryst / PLL).read_text()
    assert done_out(krav, *COUNCIL).replace("2/26", "1/26") == before
    assert "[lagt til: </span>30<span" in before


def test_dates_are_told_for_each_system_and_quarter(lager: Path, git: Git, krav: Krav) -> None:
    organ = "changes/organer/endringsrad.yaml"
    edit(lager, "beslutningsdyktig: 2}", "beslutningsdyktig: 2, varslingsdager: 90}", organ)
    done(krav, "utgi", "2026.1", *RELEASED)
    commit(git)
    propose(lager, git)
    edit(lager, "oppfylles_innen: 2027-01-01", "oppfylles_innen: 2027-05-01")
    edit(lager, "kan_brukes_fra: 2026-03-01", "kan_brukes_fra: 2027-01-10")
    edit(lager, "avklaringer:", "kort_varsel: Det haster.\navklaringer:", CASE)
    done(krav, "frys", "2026-001", "--per", "2026-12-01")
    commit(git)
    html = done_out(krav, *OSG)
    table = html.split('<table class="poster stabel frister">')[1].split("</table>")[0]
    assert re.findall('<th scope="col">(.*?)</th>', table) == [*("System", "2. kvartal 2027")]
    assert "Kan brukes fra 10. januar 2027, før noen må: PLL-0001." in html
    first = " ".join(re.sub("<[^>]*>", "", html.split("4 Hvem berøres")[1]).split())
    assert "Må oppfylles innen 1. mai 2027 (PLL-0001). Kan brukes fra 10. januar 2027" in first
    facts = json.loads(done_out(krav, *OSG, "--format", "json"))
    assert {(f["kvartal"], f["post"], f["navn"]) for f in facts["frister"]} == {
        ("1. kvartal 2027", "PLL-0001", "kan_brukes_fra"),
        ("2. kvartal 2027", "PLL-0001", "oppfylles_innen"),
    }
    assert {f["system"] for f in facts["frister"]} == {"alfa", "beta", "felles"}
    assert "Kortere varsel enn 90 dager: PLL-0001 kan brukes fra (36 dager). Det haster." in html
    drawn = re.sub(r"\s+", " ", html.split('<svg class="tidslinje"')[1].split("</svg>")[0])
    grey = re.search(r'<rect x="([\d.]+)" y="16" width="([\d.]+)"', drawn)
    assert grey
    marks = dict(re.findall(r'<text x="([\d.]+)" [^>]*font-weight="bold">(.)</text>', drawn))
    first, last = sorted(marks, key=float)
    assert [marks[first], marks[last]] == ["○", "●"]
    start, end = float(grey[1]), float(grey[1]) + float(grey[2])
    assert start < float(first) < end < float(last) == 650  # 36 days are too few, 147 are enough
    assert (float(first) - start) / (float(last) - start) == pytest.approx(36 / 147, abs=0.01)


@pytest.mark.usefixtures("fryst")
def test_page_one_answers_what_a_member_asks_also_when_the_answer_is_none(
    git: Git, krav: Krav
) -> None:
    osg = " ".join(done_out(krav, *OSG).split())
    assert "Ved fraråding: saken kan likevel vedtas, men da må vedtaket si hvorfor." in osg
    assert "Kravforvalter for PLL har foreslått saken og deltar ikke." in osg
    recommend(krav, "2026-001", "anbefalt", "--dissens", "Leder ville vente.")
    commit(git)
    council = " ".join(done_out(krav, *COUNCIL).split())
    for said in (
        "Ved avslag: registeret blir som i dag, og ingen får nye eller endrede plikter.",
        "Dissens: Leder ville vente. Inhabile: ingen.",
        "forslagsstilleren er ikke medlem",
        "Ingen endringer er uavklarte.",
        "Ingen har satt ned en klasse.",
        'ord for ord under <a href="#ordlyd-2026-001">Ordlyden</a>',
        "Ingen systemer har dispensasjon fra kravene.",
        "Den som ikke har svart, har ikke samtykket.",
        "<em>lempet</em>: kravet ber om mindre enn før",
    ):
        assert said in council.split("Ordlyden, fra gammel til ny")[0]


def test_a_body_with_new_members_is_still_asked(fryst: Path, git: Git, krav: Krav) -> None:
    recommend(krav)
    commit(git)
    git("checkout", "--quiet", "main")
    body = fryst / "changes/organer/endringsrad.yaml"
    old = "rolle: Representant for sykehus"
    assert old in body.read_text()
    body.write_text(body.read_text().replace(old, "rolle: Representant for sykehusene"))
    commit(git)
    html = done_out(krav, *COUNCIL)
    assert "Endringsrådet bes om å vedta forslaget til endring i 1 krav." in html
    assert "Representant for sykehusene, Prøve" in html.split(">Vedtaksskjema, sak")[1]


# --- What is behind page one ---------------------------------------------------------------------


def test_english_and_sources_stand_in_the_annex_and_bind_nobody(
    lager: Path, git: Git, krav: Krav
) -> None:
    propose(lager, git)
    edit(lager, "kilder: [Oppdiktet for testene]", "kilder: [Oppdiktet for testene, Ny kilde]")
    commit(git)
    html = done_out(krav, "rapport", "2026-001", "--per", "2026-12-05")
    redline, annex = html.split('<h2 id="ordlyd-2026-001">')[1].split('<h2 id="vedlegg-2026-001">')
    assert "Ny kilde" not in redline
    assert "Også endret, i vedlegget: kilder. Det binder ingen." in redline
    assert "[lagt til: </span>Ny kilde" in annex
    assert redline.count("[lagt til: </span>30<span") == 1
    assert "side-ved-side" not in redline  # the clean text stands in the annex alone
    assert annex.count('<p class="merke">Før</p>') == annex.count('<p class="merke">Etter</p>') == 1


def test_the_words_that_a_paper_uses_are_explained_at_its_back(
    lager: Path, git: Git, krav: Krav
) -> None:
    (lager / "krav/begreper").mkdir(exist_ok=True)
    for ident, short in (("pll", "PLL"), ("sfm", "SFM")):
        (lager / f"krav/begreper/{ident}.yaml").write_text(
            f"id: {ident}\nnavn: Langt navn for {short}\nforkortelser: [{short}]\n"
            f"beskrivelse: Dette er {short}.\nkilder: [Prøve]\n"
        )
    commit(git)
    propose(lager, git)
    edit(lager, "personvern_og_sikkerhet: ", "personvern_og_sikkerhet: ROS for PLL. ", CASE)
    commit(git)
    html = done_out(krav, "rapport", "2026-001", "--per", "2026-12-05")
    words = html.split('<h2 id="ordliste">')[1]
    assert "<dt>PLL</dt><dd>Langt navn for PLL. Dette er PLL.</dd>" in words
    assert "<dt>ROS</dt><dd>Risiko- og sårbarhetsanalyse.</dd>" in words
    assert "SFM" not in words  # the case does not say it
    assert 'href="#ordliste"' in html.split("1 Forslag til vedtak")[0]
    md = done_out(krav, "rapport", "2026-001", "--per", "2026-12-05", "--format", "md")
    assert "- **PLL**: Langt navn for PLL. Dette er PLL." in md


def test_answers_are_counted_and_told_in_norwegian_on_page_one(
    lager: Path, git: Git, krav: Krav
) -> None:
    propose(lager, git)
    folder = lager / "changes/2026-001/innspill"
    folder.mkdir()
    (folder / "alfa.yaml").write_text(
        "dato: 2026-11-20\nberort: ja\nkort_fortalt: Fire uker, og vil vente.\n"
        "arbeid: Four weeks, and we would wait for the release.\n"
    )
    (folder / "beta.yaml").write_text("dato: 2026-11-20\nberort: usikker\narbeid: Vi vet ikke.\n")
    commit(git)
    html = done_out(krav, "rapport", "2026-001", "--per", "2026-12-05")
    first, behind = html.split('<h2 id="ordlyd-2026-001">')
    assert "har svart: 1 berørt (Alfa), 1 usikker (Beta)." in first
    assert "Alfa: Fire uker, og vil vente." in first
    assert 'Beta <strong>har merknad</strong>, se <a href="#innspill-2026-001">' in first
    assert behind.count("Svaret er på engelsk.") == 1
    told = '<span lang="en">Four weeks, and we would wait for the release.</span>'
    assert f"<dt>Arbeid</dt><dd>{told}</dd>" in behind


def test_an_objection_that_nobody_has_summed_up_is_told_of_on_page_one(
    lager: Path, git: Git, krav: Krav
) -> None:
    propose(lager, git)
    (lager / "changes/2026-001/innspill").mkdir()
    said = "dato: 2026-11-20\nberort: ja\nmerknader: The two dates are in the wrong order.\n"
    said += "svar: Se `erstattet_av` og `frister.utfases`.\n"
    (lager / "changes/2026-001/innspill/alfa.yaml").write_text(said)
    commit(git)
    html = done_out(krav, "rapport", "2026-001", "--per", "2026-12-05")
    first = html.split('id="ordlyd-')[0]
    assert "Se «erstattet av» og «frister: utfases»." in html
    assert "Alfa <strong>har merknad</strong> på engelsk, se <a" in first
    md = done_out(krav, "rapport", "2026-001", "--per", "2026-12-05", "--format", "md")
    assert "Alfa **har merknad** på engelsk." in md.split("### 6")[0]


def test_short_answers_in_a_case_are_told_as_sentences(lager: Path, git: Git, krav: Krav) -> None:
    propose(lager, git)
    case = lager / CASE
    kept = re.sub(r"^pasientsikkerhet:.*$", "", case.read_text(), flags=re.M)
    case.write_text(kept + "pasientsikkerhet: ikke relevant, fordi ingen merker det\n")
    commit(git)
    for form in ("html", "md"):
        said = done_out(krav, "rapport", "2026-001", "--per", "2026-12-05", "--format", form)
        assert "Ikke relevant, fordi ingen merker det." in said


def test_page_one_says_why_a_class_was_lowered(lager: Path, git: Git, krav: Krav) -> None:
    propose(lager, git)
    edit(lager, "apotek: bør", "apotek: skal", OTHER)
    edit(
        lager,
        "avklaringer:\n",
        "avklaringer:\n  - {post: PLL-0002, felt: gjelder.apotek, klasse: presisert, rolle: Leder,"
        " begrunnelse: Alle gjør det alt.}\n",
        CASE,
    )
    commit(git)
    html = " ".join(done_out(krav, "rapport", "2026-001", "--per", "2026-12-05").split())
    first = html.split('<h2 id="ordlyd-2026-001">')[0]
    said = (
        "fra <strong>skjerpet</strong> til <strong>presisert</strong> av Leder: Alle gjør det alt."
    )
    assert said in first
    assert first.count("Alle gjør det alt.") == 1


def test_papers_show_what_has_changed_since_the_input_round(
    lager: Path, git: Git, krav: Krav
) -> None:
    done(krav, "utgi", "2026.1", *RELEASED)
    commit(git)
    propose(lager, git)
    done(krav, "frys", "2026-001", "--innspill", "--per", "2026-11-20")
    commit(git)
    assert listed(krav, *OSG) == []  # nobody is asked to recommend what is out for input
    assert "innspill · venter på leverandørene" in done(krav, "saker", "--per", "2026-11-25")
    again(lager, git, krav, "30 dager etter", "20 dager etter", "2026-12-01")
    html = done_out(krav, *OSG)
    assert "Siden innspillsrunden: teksten er endret; endringene står under Ordlyden." in html
    since = html.split("Endret siden innspillsrunden</h3>")[1].split("</ul>")[0]
    assert re.findall(r"(?:fjernet|lagt til): </span>([^<]*)", since) == ["30", "20"]


@pytest.mark.usefixtures("fryst")
def test_papers_say_when_the_text_of_the_input_round_is_not_known(krav: Krav) -> None:
    assert "Siden innspillsrunden: ukjent; teksten ble ikke frosset for innspill." in done_out(
        krav, *OSG
    )


@pytest.mark.usefixtures("fryst")
def test_a_seat_is_told_once(krav: Krav) -> None:
    html = done_out(krav, *OSG)
    assert "<strong>Medlemmer:</strong> Leder, Prøve; Fagansvarlig PLL, Prøve;" in html
    assert '<th scope="row">Leder, Prøve</th>' in html
    body = {"rolle": "Representant for Norsk", "organisasjon": "Norsk", "fra": "2026-01-01"}
    assert Medlem.model_validate(body).sete == "Representant for Norsk"
    assert Medlem.model_validate({**body, "leder": "ja"}).sete == "Representant for Norsk (leder)"


# --- The same in every format ---------------------------------------------------------------------


def counts(krav: Krav, *args: str) -> tuple[int, int, int]:
    """How many changes there are in HTML, Markdown and JSON."""
    html, md, facts = (done_out(krav, *args, "--format", form) for form in ("html", "md", "json"))
    said = re.search(r"\*\*(\d+) endring(?:er)?\*\*", md)
    assert said
    fields = re.findall(
        r"^\*\*.*\*\* \((?:ny post|slettet post|lagt til|endret|fjernet)\)$", md, re.M
    )
    assert len(fields) == int(said[1])
    return html.count('<div class="endring">'), int(said[1]), json.loads(facts)["antall_endringer"]


def test_every_format_tells_the_same_number_of_changes_as_the_diff(
    lager: Path, git: Git, krav: Krav
) -> None:
    propose(lager, git)
    edit(lager, "apotek: bør", "apotek: skal", OTHER)
    edit(lager, "navn: Alfa", "navn: Alfa og omega", "krav/systemer/alfa.yaml")
    new = (lager / PLL).read_text().replace("PLL-0001", "PLL-0003")
    (lager / "krav/pll/PLL-0003.yaml").write_text(new)
    commit(git)
    diff = json.loads(done_out(krav, "diff", "main", "--format", "json"))
    assert len(diff["endringer"]) >= 4
    assert counts(krav, "rapport", "2026-001") == (len(diff["endringer"]),) * 3


def test_markdown_sheds_the_least_important_first_and_says_so(
    lager: Path, git: Git, krav: Krav
) -> None:
    propose(lager, git)
    small = done_out(krav, "rapport", "2026-001", "--format", "md")
    assert "Utelatt" not in small
    assert "### Begrunnelse for forslaget" in small
    long = "Systemet skal vise feltet. " * 1_500
    edit(lager, "apotek: bør", "apotek: skal", OTHER)
    case = lager / CASE
    case.write_text(re.sub(r"^bakgrunn:.*$", "", case.read_text(), flags=re.M))
    case.write_text(case.read_text() + f"bakgrunn: {long}\n")
    edit(lager, "kilder:", f"begrunnelse: {long}\nkilder:", OTHER)
    large = done_out(krav, "rapport", "2026-001", "--format", "md")
    assert len(large) < MOST
    assert "**Utelatt for å få plass:** ordlisten, engelsk og kilder, begrunnelsen." in large
    assert "### Begrunnelse for forslaget" not in large
    assert "### 1 Forslag til vedtak" in large
    changes = len(json.loads(done_out(krav, "diff", "main", "--format", "json"))["endringer"])
    assert f"**{changes} endringer**" in large


def test_what_no_shedding_can_make_fit_is_cut_and_says_so() -> None:
    text = fitted(lambda _utelatt: "ord\n" * 50_000, ("a", "b"))
    assert len(text) < MOST
    assert text.endswith("**Teksten er kuttet her for å få plass.**\n")
    assert len(fitted(lambda _utelatt: "x" * 100_000, ())) < MOST


def test_the_same_revisions_give_the_same_bytes_wherever_they_are(
    fryst: Path, git: Git, krav: Krav, tmp_path: Path
) -> None:
    other = tmp_path / "et annet sted"
    git("checkout", "--quiet", "main")
    shutil.copytree(fryst, other)
    for form in ("html", "md", "json"):
        for what in (OSG, ("rapport", "2026-001", "--per", "2026-12-05")):
            first = krav(*what, "--format", form)
            assert first.returncode == 0
            assert first.stdout == krav(*what, "--format", form, cwd=other).stdout
            assert str(tmp_path) not in first.stdout


# --- The decision form ----------------------------------------------------------------------------


@pytest.mark.usefixtures("fryst")
def test_the_form_is_bound_to_the_text_by_its_fingerprint(git: Git, krav: Krav) -> None:
    recommend(krav)
    commit(git)
    facts = json.loads(done_out(krav, "diff", "main", "--format", "json"))
    seal = facts["fingeravtrykk"]
    form = done_out(krav, *COUNCIL).split(">Vedtaksskjema, sak")[1]
    assert "er ugyldig uten det og for enhver annen tekst" in form
    assert seal in form
    assert f"{seal[:4]} {seal[4:8]} {seal[8:12]} {seal[12:16]}" in form
    drawn = re.search(r'<path [^>]*d="([^"]+)"', form)
    same = segno.make(seal, error="m").svg_inline(border=2)
    assert drawn
    assert drawn[1] in same
    for utfall in ("Vedtatt", "Vedtatt med vilkår", "Avslått", "Utsatt", "Sendt tilbake"):
        assert re.search(rf"<li>☐ {utfall}(?: <span|</li>)", form)
    assert "Representant for sykehus, Prøve" in form
    osg = done_out(krav, *OSG).split(">Vedtaksskjema, sak")[1]
    assert "<li>☐ Frarådet" in osg
    assert "<li>☐ Vedtatt" not in osg
    assert "Vilkår" not in osg


# --- The project's own register ------------------------------------------------------------------


@pytest.fixture
def eget(tmp_path: Path) -> Path:
    """The project's own register and cases as they are on disk, in a repository of their own."""
    folder = tmp_path / "eget"
    for name in ("krav", "changes"):
        shutil.copytree(ROOT / name, folder / name)
    who = ("-c", "user.name=Rolle", "-c", "user.email=rolle@kravverk.example")
    for args in (
        ("init", "--quiet", "--initial-branch=main"),
        ("add", "--all"),
        (*who, "commit", "--quiet", "--message=Registeret"),
    ):
        subprocess.run(["git", *args], cwd=folder, check=True)
    return folder


def test_the_projects_own_meeting_of_eight(eget: Path, krav: Krav) -> None:
    meeting = ("saksliste", "--organ", "endringsrad", "--dato", "2026-10-15", "--format", "json")
    made = krav(*meeting, cwd=eget)
    assert made.returncode == 0, made.stderr
    facts = json.loads(made.stdout)
    decided = [sak["sak"]["id"] for sak in facts["saker"] if sak["gruppe"] != "delegert"]
    assert sorted(decided) == [f"2026-{n:03d}" for n in (1, 3, 4, 6, 7, 8, 9, 11)]
    for sak in facts["saker"]:
        frozen = (eget / f"changes/{sak['sak']['id']}/forslag.yaml").read_text()
        assert sak["fingeravtrykk"] in re.findall(r"fingeravtrykk: (\w+)", frozen)
        assert sak["antall_endringer"] == len(sak["diff"]["endringer"]) > 0


def test_papers_made_again_show_the_register_of_that_day(eget: Path, krav: Krav) -> None:
    later = ("Eksempelomsorg", "Eksempelapotek", "PLL-0045", "KI-0029")  # decided in November
    asked = (
        ("saksliste", "--organ", "endringsrad", "--dato", "2026-10-15"),
        ("rapport", "2026-004", "--per", "2026-10-14"),
        ("rapport", "2026-011", "--per", "2026-10-15"),
    )
    for args in asked:
        made = krav(*args, cwd=eget)
        assert made.returncode == 0, made.stderr
        assert [name for name in later if name in made.stdout] == []
    now = krav("rapport", "2026-004", "--per", "2026-11-23", cwd=eget)
    assert "Eksempelomsorg" in now.stdout


def plain(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", "", html).split())


def test_what_is_recommended_only_is_not_counted_as_a_must(eget: Path, krav: Krav) -> None:
    html = krav("saksliste", "--organ", "endringsrad", "--dato", "2026-10-15", cwd=eget).stdout
    cover, _, across = html.partition("<h2>På tvers av sakene</h2>")
    assert "3 må utvikle eller vurdere selv, 3 bør eller kan gjøre det, 10 nås" in cover
    rows = dict(re.findall(r'<tr><th scope="row">([^<]*)</th>(.*?)</tr>', across))
    council = next(plain(row) for systems, row in rows.items() if "Legevaktsystemer" in systems)
    assert "bør: PLL-0040" in council
    assert "2: KI-0026, PLL-0042; bør: PLL-0037" in council
    assert "slutter: KI-0006" in council  # an end is no duty, and stands beside the duties
    case = plain(html.split('id="sak-2026-006"')[1].split('id="ordlyd-2026-006"')[0])
    assert "ny plikt, utvikling (bør): Eksempeljournal, Pridok" in case
    assert "utvikling (bør)" in case.split("Virkningsmatrise")[1]


def test_dates_are_told_in_their_order_and_an_end_is_no_duty(eget: Path, krav: Krav) -> None:
    html = krav("rapport", "2026-001", "--per", "2026-10-14", cwd=eget).stdout
    first = plain(html.split('id="ordlyd-2026-001"')[0])
    assert "Plikten slutter 1. juni 2027 (KI-0006)" in first
    assert "Må kunne motta innen 1. september 2027 (EMD-0024)" in first
    assert "Uten egen frist; da avgjør utgivelsen når kravet må følges: PLL-0022." in first
    assert (
        "og 15 poster til: endrede krav KI-0006, KI-0007, KI-0008, KI-0009, KI-0012, KI-0014, "
        "PLL-0022; nye krav KI-0024, KI-0025, KI-0026, PLL-0043; "
        "meldinger M25.1, M25.2, M25.3, M25.4."
    ) in first
    table = html.split('<table class="poster stabel datoer">')[1].split("</table>")[0]
    years = [said.split()[::-1] for said in re.findall(r'<th scope="row">([^<]*)</th>', table)]
    months = ["januar", "mars", "april", "juni", "september"]
    told = [(year, months.index(month)) for year, month, _ in years]
    assert told == sorted(told)
    assert len(told) > 4


def test_a_case_without_dates_says_from_when_it_applies(eget: Path, krav: Krav) -> None:
    before = krav("rapport", "2026-003", "--per", "2026-10-14", cwd=eget).stdout
    assert (
        "Saken setter ingen egne frister. Gjelder fra neste utgivelse, som ikke har noen dato ennå."
        in before
    )
    after = krav("rapport", "2026-003", "--per", "2026-11-23", cwd=eget).stdout
    assert (
        "Gjelder fra utgivelse 2026.2: kan følges fra 1. desember 2026, må følges fra 1. juni 2027."
        in after
    )


def test_the_view_of_the_body_that_recommends_is_in_every_format(
    eget: Path, krav: Krav, tmp_path: Path
) -> None:
    meeting = ("saksliste", "--organ", "endringsrad", "--dato", "2026-10-15")
    cover = plain(krav(*meeting, cwd=eget).stdout.split("<h2>På tvers")[0])
    assert "Operativ styringsgruppe (OSG): anbefalt 10. september 2026, med dissens." in cover
    html = krav(*meeting, cwd=eget).stdout
    assert "Operativ styringsgruppe (OSG): <strong>frarådet</strong> 24. september 2026." in html
    md = krav(*meeting, "--format", "md", cwd=eget).stdout.split("## På tvers")[0]
    assert "Operativ styringsgruppe (OSG): anbefalt 10. september 2026, med dissens." in md
    assert "Operativ styringsgruppe (OSG): **frarådet** 24. september 2026." in md
    done = krav(*meeting, "--format", "docx", "--til", str(tmp_path / "a.docx"), cwd=eget)
    assert done.returncode == 0, done.stderr
    texts = [paragraph.text for paragraph in Document(str(tmp_path / "a.docx")).paragraphs]
    assert "Operativ styringsgruppe (OSG): anbefalt 10. september 2026, med dissens." in texts
    assert texts.count("Operativ styringsgruppe (OSG): frarådet 24. september 2026.") == 1
    own = krav("saksliste", "--organ", "osg", "--dato", "2026-09-24", "--format", "md", cwd=eget)
    assert "(OSG): har ikke" not in own.stdout.split("## På tvers")[0]


def test_a_requirement_is_called_what_it_is_called_until_it_changes(eget: Path, krav: Krav) -> None:
    html = unbroken(krav("rapport", "2026-004", "--per", "2026-10-14", cwd=eget).stdout)
    new = "Helsepersonell med rekvireringsrett sender PLL"
    assert f"PLL-0014 «Bare leger sender PLL» endres (versjon 1 til 2); får tittelen «{new}»" in (
        html
    )
    assert "<h3>PLL-0014 Bare leger sender PLL</h3>" in html


def test_the_form_and_the_cover_say_how_the_body_decides(eget: Path, krav: Krav) -> None:
    html = krav("saksliste", "--organ", "endringsrad", "--dato", "2026-10-15", cwd=eget).stdout
    how = "Beslutningsdyktig når minst 3 av 5 deltar. Avgjør med flertall: flere for enn imot."
    assert how in plain(html.split("<h2>Saksliste")[0])
    form = plain(html.split('id="skjema-2026-003"')[1].split("</section>")[0])
    said = "Det stemmes over forslaget slik det står i saken. Endres teksten i møtet: be om nytt"
    assert f"{said} skjema. {how}" in form
    osg = krav("saksliste", "--organ", "osg", "--dato", "2026-09-24", cwd=eget).stdout
    assert "minst 3 av 5 deltar. Avgjør ved enighet; uenighet føres som dissens." in osg


def test_the_minutes_say_what_was_adopted_and_what_was_recommended(eget: Path, krav: Krav) -> None:
    meeting = ("--organ", "endringsrad", "--dato", "2026-10-15", "--format", "md")
    md = krav("protokoll", *meeting, cwd=eget).stdout
    first = md.split("### Sak 2/26")[1].split("### Sak 3/26")[0]
    assert "Vedtatt: endrede krav PLL-0017, RES-0015, SFM-0003." in first
    assert "(OSG): anbefalt 10. september 2026, med dissens." in first
    assert "Vedtatt: " not in md.split("### Sak 7/26")[1].split("### Sak 8/26")[0]  # refused
    approved = "nye krav RES-0068, RES-0069"
    assert f"Vedtatt: endrede krav RES-0001, RES-0051; krav som utgår RES-0003; {approved}." in md
    assert "Ikke til stede" not in md
    rules = "Beslutningsdyktig når minst 3 av 5 deltar. Avgjør med flertall: flere for enn imot."
    assert rules in md.split("## Saker")[0]
    put_off = md.split("### Sak 3/26")[1].split("### Sak 4/26")[0]
    assert "Avstemning om å utsette saken: 5 for, 0 mot, 0 avholdende; 5 i alt." in put_off
    assert "Stemmer: 1 for, 4 mot" in md  # of what was refused, over the proposal
    council = eget / "changes/2026-003/endringsrad.yaml"
    for case in eget.glob("changes/2026-*/endringsrad.yaml"):
        case.write_text(case.read_text().replace("      - Representant for apotek\n", ""))
    assert "apotek" not in council.read_text()
    md = krav("protokoll", *meeting, cwd=eget).stdout
    assert "## Ikke til stede\n\n- Representant for apotek, Apoteksektoren\n" in md


# The words in tables that are broken inside, and not at a hyphen.
BROKEN = """() => [...document.querySelectorAll(".poster :is(td, tbody th)")].flatMap(cell => {
  const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), found = [];
  for (let node; (node = walk.nextNode());)
    for (const word of node.data.matchAll(/[\\p{L}\\d]+/gu)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1)
        found.push(word[0]);
    }
  return found;
})"""


@pytest.mark.browser
def test_the_papers_can_be_read_on_a_screen_of_any_width(
    eget: Path, krav: Krav, browser: Browser, tmp_path: Path
) -> None:
    paper = tmp_path / "p.html"
    meeting = ("saksliste", "--organ", "endringsrad", "--dato", "2026-10-15", "--til", str(paper))
    assert krav(*meeting, cwd=eget).returncode == 0
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(paper.as_uri())
    assert page.locator(".poster td").count() > 100
    assert page.evaluate(BROKEN) == []
    page.set_viewport_size({"width": 375, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    row = page.locator(".saker tbody tr").first.locator("th, td")
    lefts = {round((cell.bounding_box() or {"x": -1})["x"]) for cell in row.all()}
    assert len(lefts) == 1  # one under the other
    page.close()


def test_what_is_put_to_the_vote_tells_new_records_from_changed_ones(
    eget: Path, krav: Krav
) -> None:
    made = krav("rapport", "2026-021", "--per", "2026-11-23", "--format", "md", cwd=eget)
    assert made.returncode == 0, made.stderr
    assert "- KI-0029 «Reaksjon fra kjernejournal gir varsel ved rekvirering» er et nytt krav" in (
        made.stdout
    )
    assert "- begrep ros «Risiko- og sårbarhetsanalyse» legges til i registeret" in made.stdout
    assert "- begrep osg «Operativ styringsgruppe» endres" in made.stdout


def test_an_agenda_calls_a_system_by_its_name(eget: Path, krav: Krav) -> None:
    made = krav(
        *("saksliste", "--organ", "endringsrad", "--dato", "2026-11-12", "--format", "md"),
        cwd=eget,
    )
    assert "- DISP-0001: Eksempeljournal har dispensasjon fra EMD-0005" in made.stdout


def test_no_paper_names_a_field_as_the_code_does(lager: Path, git: Git, krav: Krav) -> None:
    propose(lager, git)
    edit(lager, "avhenger_av: [PLL-0001]\n", "", OTHER)
    commit(git)
    md = done_out(krav, "rapport", "2026-001", "--format", "md")
    assert "Hva endringen i avhenger av betyr, må en rolle avgjøre" in md
    assert "avhenger\\_av" not in md


def test_page_one_of_the_largest_case_is_one_page(eget: Path, krav: Krav, tmp_path: Path) -> None:
    how = ("--per", "2026-11-11", "--format", "pdf", "--til", str(tmp_path / "s.pdf"))
    made = krav("rapport", "2026-001", *how, cwd=eget)
    assert made.returncode == 0, made.stderr
    first, second, *_ = [page.extract_text() for page in PdfReader(tmp_path / "s.pdf").pages]
    assert "1 Forslag til vedtak" in first
    assert "6 Endret siden" in first
    assert "I registeret siden saken ble åpnet" in " ".join(first.split())
    assert second.lstrip().startswith("Virkningsmatrise")


# --- Minutes, Word, and what the secretariat types ------------------------------------------------


@pytest.mark.usefixtures("fryst")
def test_the_minutes_say_what_was_recorded_and_nothing_else(git: Git, krav: Krav) -> None:
    minutes = ("protokoll", "--organ", "endringsrad", "--dato", "2026-12-10")
    empty = "Endringsrådet har ikke ført opp noen behandling den 10. desember 2026."
    assert empty in done_out(krav, *minutes)
    recommend(krav)
    condition = "V1|Prøves i drift.|Leder|2027-01-31|Fagansvarlig PLL"
    why = ("--begrunnelse", "<b>Nytt</b>.", "--dissens", "Apotek ville vente.")
    done(krav, *decision("2026-001", "vedtatt_med_vilkår", "--vilkar", condition, *why))
    commit(git)
    md = done_out(krav, *minutes, "--format", "md")
    seal = json.loads(done_out(krav, "diff", "main", "--format", "json"))["fingeravtrykk"]
    for said in (
        "### Sak 2/26: 2026-001 Prøvesak",
        "Utfall: vedtatt med vilkår (i møte).",
        "Stemmer: 2 for, 0 mot, 0 avholdende; 2 i alt.",
        "Dissens: Apotek ville vente.",
        "- V1: Prøves i drift. Ansvarlig: Leder. Frist: 31. januar 2027. Bekreftes av:",
        f"fingeravtrykket {seal[:4]} {seal[4:8]} {seal[8:12]} {seal[12:16]}.",
    ):
        assert said in md
    assert "1/26" not in md  # that was the OSG's
    assert "Deltok" not in md  # those who were there, and no others
    html = done_out(krav, *minutes)
    assert "&lt;b&gt;Nytt&lt;/b&gt;" in html
    assert "<b>" not in html


@pytest.mark.usefixtures("fryst")
def test_the_minutes_tell_who_took_part_in_each_case(krav: Krav) -> None:
    who = ("--deltaker", "Leder", "--deltaker", "Fagansvarlig PLL")
    more = ("--deltaker", "Kravforvalter for PLL")
    treat = ("behandle", "2026-001", "--organ", "osg", "--dato", "2026-12-05", "--utfall")
    done(krav, *treat, "orientert", "--motesak", "1/26", *who)
    done(krav, *treat, "drøftet", "--motesak", "2/26", *who, *more, "--inhabil", more[1])
    done(krav, *treat, "orientert", "--motesak", "3/26", *who[:2], "--form", "skriftlig")
    md = done_out(krav, "protokoll", "--organ", "osg", "--dato", "2026-12-05", "--format", "md")
    here, first, second, third = md.split("### Sak")
    assert "## Skriftlig behandlet" in second
    assert "- Kravforvalter for PLL\n- Leder" in here
    assert "Deltok i behandlingen: Fagansvarlig PLL, Leder." in first
    assert "Deltok" not in second
    assert "Deltok i behandlingen: Leder." in third
    assert not re.search(r":\s*$", md, re.M)  # nothing is announced and left empty


@pytest.mark.usefixtures("fryst")
def test_word_files_hold_the_same_and_are_the_same_each_time(
    git: Git, krav: Krav, tmp_path: Path
) -> None:
    recommend(krav)
    commit(git)
    for what in (COUNCIL, ("protokoll", *OSG[1:])):
        made = []
        for name in ("a.docx", "b.docx"):
            done(krav, *what, "--format", "docx", "--til", str(tmp_path / name))
            made.append((tmp_path / name).read_bytes())
        assert made[0] == made[1]
        read = Document(str(tmp_path / "a.docx"))
        texts = [paragraph.text for paragraph in read.paragraphs]
        assert any("2026-001 Prøvesak" in text for text in texts)
        styles = {paragraph.style.name for paragraph in read.paragraphs if paragraph.style}
        assert {"Title", "Heading 1", "Heading 2"} <= styles
        page = read.sections[0]
        assert page.page_width is not None
        assert round(page.page_width.mm) == 210
        head, foot = page.header._element.xml, page.footer._element.xml
        assert page.header.paragraphs[0].text.startswith(texts[0])
        assert 'w:instr="STYLEREF 2"' in head  # the heading of the case on each page
        assert "1 sak" in head  # until the word processor has filled it in
        assert 'w:instr="PAGE"' in foot
        assert 'w:instr="NUMPAGES"' in foot
        assert 'w:lang w:val="nb-NO"' in read.styles.element.xml


def test_the_secretariats_commands_record_the_meeting_when_filled_in(
    fryst: Path, krav: Krav, tmp_path: Path
) -> None:
    paper, file = str(tmp_path / "p.html"), tmp_path / "kommandoer.txt"
    done(krav, *OSG, "--sekretariat", str(file), "--til", paper)
    lines = file.read_text().splitlines()
    typed = [line for line in lines if line and not line.startswith("#")]
    assert len(typed) == 1
    assert "# Gren: arbeidskatalogen. UTFALL er ett av anbefalt," in file.read_text()
    words = shlex.split(typed[0].replace("UTFALL", "anbefalt").replace("BEGRUNNELSE", "Greit."))
    members = [rolle for at, rolle in enumerate(words) if words[at - 1] == "--deltaker"]
    assert members == ["Leder", "Fagansvarlig PLL", "Kravforvalter for PLL"]
    proposer = words.index("Kravforvalter for PLL")  # who takes no part in its own case
    done(krav, *words[1 : proposer - 1], *words[proposer + 1 :])
    assert "motesak: 1/26" in (fryst / "changes/2026-001/osg.yaml").read_text()
