"""The whole life of a case in a real repository, and each way it may take instead."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import CASES, ROOT, Git, Krav
from kravverk.findings import as_text
from kravverk.rules import check
from test_store import PLL, commit, edit

AREA = "krav/omrader/pll.yaml"
CASE = "changes/2026-001/endring.yaml"
RELEASED = (
    *("--kan-folges-fra", "2026-06-01", "--ma-folges-fra", "2026-12-01", "--per", "2026-05-01"),
)
KLAR = ("klar", "--mot", "main", "--per", "2026-12-20")
D = ("--dato", "2026-12-02")
LEADER_AND = ("--deltaker", "Leder", "--deltaker")


def propose(
    lager: Path, git: Git, ident: str = "2026-001", days: str = "30", was: str = "90"
) -> None:
    """A case on its own branch that shortens a time in PLL-0001, judged by another role."""
    git("checkout", "--quiet", "-b", f"sak-{ident}", "main")
    edit(lager, f"{was} dager etter", f"{days} dager etter")
    text = (CASES / "uavklart/after/changes/2026-001/endring.yaml").read_text()
    text += (
        "innspill: {til: 2026-11-30}\n"
        "avklaringer:\n"
        "  - post: PLL-0001\n"
        "    felt: tekst\n"
        "    klasse: lempet\n"
        "    rolle: Fagansvarlig PLL\n"
        "    begrunnelse: Systemet kan slette tidligere.\n"
    )
    folder = lager / "changes" / ident
    folder.mkdir(parents=True)
    (folder / "endring.yaml").write_text(text.replace("2026-001", ident))
    commit(git)


def release_and_freeze(lager: Path, git: Git, krav: Krav) -> Path:
    """A released register, and case 2026-001 frozen on its branch, committed."""
    done(krav, "utgi", "2026.1", *RELEASED)
    commit(git)
    propose(lager, git)
    done(krav, "frys", "2026-001", "--per", "2026-12-01")
    commit(git)
    return lager


def done(krav: Krav, *args: str) -> str:
    """Run a command that must go well; returns what it says."""
    result = krav(*args)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


def refused(krav: Krav, *args: str) -> str:
    """Run a command that must be refused; returns what it says."""
    result = krav(*args)
    assert result.returncode == 1, result.stdout + result.stderr
    return result.stdout + result.stderr


def rules_in(said: str) -> list[str]:
    """The rule of each error in what a command said."""
    return [line.split("[")[-1].strip("]") for line in said.splitlines() if ": feil: " in line]


def recommend(krav: Krav, sak: str = "2026-001", utfall: str = "anbefalt", *more: str) -> str:
    """The OSG treats a case."""
    who = (*LEADER_AND, "Fagansvarlig PLL")
    return done(
        krav,
        *("behandle", sak, "--organ", "osg", "--utfall", utfall, "--dato", "2026-12-05"),
        *("--motesak", "1/26", *who, *more),
    )


def decision(sak: str = "2026-001", utfall: str = "vedtatt", *more: str) -> tuple[str, ...]:
    """The arguments with which the council treats a case."""
    return (
        *("behandle", sak, "--organ", "endringsrad", "--utfall", utfall, "--dato", "2026-12-10"),
        *("--motesak", "2/26", *LEADER_AND, "Representant for apotek"),
        *(("--stemmer", "2,0,0") if utfall != "avslått" else ("--stemmer", "0,2,0")),
        *(("--dissens", "Ingen.") if utfall == "avslått" else ()),
        *more,
    )


def merge(git: Git, sak: str = "2026-001") -> None:
    commit(git, f"Sak {sak}")
    git("checkout", "--quiet", "main")
    git("merge", "--quiet", "--no-ff", "--message=Sak", f"sak-{sak}")


def test_the_life_of_a_case(lager: Path, git: Git, krav: Krav) -> None:
    # The opening balance: a first release of the register as it is.
    dates = ("--kan-folges-fra", "2026-06-01", "--ma-folges-fra", "2026-12-01")
    edit(lager, "versjon: 3", "versjon: 1")
    done(krav, "utgi", "2026.1", *dates, "--per", "2026-05-01")
    commit(git)
    assert "Bevist mot 1 utgivelse" in done(krav, "sjekk", "--vedtatt")

    # A proposal, open for input and then ready to be frozen.
    propose(lager, git)
    assert "innspill · venter på leverandørene" in done(krav, "saker", "--per", "2026-11-30")
    assert "for-tidlig-frys" in refused(krav, "frys", "2026-001", "--per", "2026-11-30")
    assert "Frys saken først, med `krav frys 2026-001`." in refused(krav, *decision())
    assert "1 avvik. Avviket kan forklares av den åpne saken 2026-001" in done(krav, "sjekk")
    assert "brudd-i-kjeden" not in krav("sjekk").stdout
    done(krav, "frys", "2026-001", "--per", "2026-12-01")
    assert "versjon: 2" in (lager / PLL).read_text()
    assert "anbefaling · venter på OSG" in done(krav, "saker", "--per", "2026-12-01")

    # Recommended, decided, and ready only then.
    assert "ikke anbefalt" in refused(krav, *decision())
    recommend(krav)
    assert "beslutning · venter på Endringsrådet" in done(krav, "saker", "--per", "2026-12-06")
    assert rules_in(refused(krav, *KLAR)) == ["ikke-vedtatt"]
    assert "→ Vent på Endringsrådet." in refused(krav, *KLAR)
    done(krav, *decision())
    assert "Klar til å slås sammen" in done(krav, *KLAR)
    merge(git)

    # On main everything that stands is what was decided, and anybody can check it.
    assert "Innarbeidet i registeret." in done(krav, "saker", "--per", "2026-12-11")
    said = done(krav, "sjekk", "--vedtatt")
    assert "Bevist mot 1 utgivelse: 1 vedtatt sak, 1 vedtatt endring, 0 avvik." in said
    early = refused(krav, "utgi", "2026.2", *dates, "--per", "2026-12-09")
    assert "sak 2026-001 ble vedtatt 10. desember 2026. [feil-utgivelsesdato]" in early
    done(krav, "utgi", "2026.2", *dates, "--per", "2026-12-12")
    assert "- 2026-001" in (lager / "krav/utgivelser/2026.2.yaml").read_text()
    commit(git)
    assert "Bevist mot 2 utgivelser" in done(krav, "sjekk", "--vedtatt")
    assert "30 dager etter" in done(krav, "vis", "PLL-0001")
    old = done(krav, "vis", "PLL-0001", "--versjon", "1")
    assert "90 dager etter" in old
    assert "30 dager etter" not in old


def test_what_is_frozen_already_is_not_frozen_again(lager: Path, git: Git, krav: Krav) -> None:
    propose(lager, git)
    done(krav, "frys", "2026-001", "--per", "2026-12-01")
    frozen = (lager / "changes/2026-001/forslag.yaml").read_bytes()
    again = krav("frys", "2026-001", "--per", "2026-12-03")
    assert again.returncode == 0
    assert "Sak 2026-001 ble frosset 1. desember 2026 som frys 1, fingeravtrykk" in again.stderr
    assert (lager / "changes/2026-001/forslag.yaml").read_bytes() == frozen
    answer = lager / "changes/2026-001/innspill/alfa.yaml"
    answer.parent.mkdir()
    answer.write_text("dato: 2026-12-02\nberort: nei\n")
    assert "som frys 2" in krav("frys", "2026-001", "--per", "2026-12-03").stderr


def test_a_new_requirement_is_told_as_new(lager: Path, git: Git, krav: Krav) -> None:
    dates = ("--kan-folges-fra", "2026-06-01", "--ma-folges-fra", "2026-12-01")
    edit(lager, "versjon: 3", "versjon: 1")
    done(krav, "utgi", "2026.1", *dates, "--per", "2026-05-01")
    commit(git)
    new = (lager / PLL).read_text().replace("PLL-0001", "PLL-0003")
    (lager / PLL.replace("1.yaml", "3.yaml")).write_text(new)
    said = refused(krav, "sjekk")
    assert "PLL-0003 står verken i utgivelse 2026.1 eller i en vedtatt sak." in said
    assert "[endring-uten-sak]" in (said := refused(krav, "sjekk", "--mot", "main"))
    assert "PLL-0003 er ny, men ingen sak er lagt til" in said
    assert "brudd-i-kjeden" not in said, "it only follows from that"
    case = lager / "changes/2026-001/endring.yaml"
    case.parent.mkdir()
    case.write_text("id: 2026-001\n")
    assert "avvik" not in krav("sjekk").stderr
    assert "når alle filene lar seg lese" in krav("sjekk").stderr


# --- Other ways a case may take -------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        "\n  versjon: 3\n  tittel: A\n  tekst: 90 days.\n",
        " {versjon: 3, tittel: A, tekst: 90 days.}\n",
    ],
    ids=["block", "flow"],
)
@pytest.mark.parametrize("translated", [True, False])
def test_a_text_and_its_translation_get_their_numbers_when_frozen(
    lager: Path, git: Git, krav: Krav, form: str, translated: bool
) -> None:
    (lager / PLL).write_text((lager / PLL).read_text() + f"engelsk:{form}")
    commit(git)
    propose(lager, git)
    if translated:
        edit(lager, "90 days", "30 days")
    assert rules_in(krav("sjekk", "--mot", "main").stdout) == []
    done(krav, "frys", "2026-001", "--per", "2026-12-01")
    stands = (lager / PLL).read_text()
    assert stands.startswith("id: PLL-0001\nversjon: 4\n")
    assert f"engelsk:{form.partition('3')[0]}{4 if translated else 3}" in stands
    assert ("foreldet-engelsk" in krav("sjekk").stdout) is not translated
    recommend(krav)
    done(krav, *decision())
    done(krav, *KLAR)


@pytest.fixture
def frozen(lager: Path, git: Git, krav: Krav) -> Path:
    """A released register, and the case 2026-001, frozen on its branch."""
    return release_and_freeze(lager, git, krav)


def step(krav: Krav, per: str = "2026-12-20", sak: str = "2026-001") -> str:
    """The line that says where a case stands."""
    listed = krav("saker", "--per", per).stdout.splitlines()
    at = next(at for at, line in enumerate(listed) if line.startswith(sak))
    return " ".join(listed[at + 1 : at + 3]).strip()


def again(lager: Path, git: Git, krav: Krav, old: str, new: str, day: str) -> None:
    """Amend the requirement and freeze the case once more, judged anew."""
    edit(lager, old, new)
    assert "avklaring-for-annen-tekst" in refused(krav, "frys", "2026-001", "--per", day)
    edit(lager, "kan slette tidligere", f"kan slette etter {new}", CASE)
    done(krav, "frys", "2026-001", "--per", day)
    commit(git)


def test_what_is_changed_after_the_recommendation_must_be_recommended_again(
    frozen: Path, git: Git, krav: Krav
) -> None:
    recommend(krav)
    again(frozen, git, krav, "30 dager etter", "20 dager etter", "2026-12-07")
    assert step(krav).startswith("anbefaling · venter på OSG")
    assert "Forrige behandling (5. desember 2026) gjaldt frys 1" in step(krav)
    assert "må si hvorfor" not in refused(krav, *decision())
    assert "ikke anbefalt" in refused(krav, *decision())


def test_the_council_may_amend_in_its_meeting_and_says_why(
    frozen: Path, git: Git, krav: Krav
) -> None:
    recommend(krav)
    again(frozen, git, krav, "30 dager etter", "45 dager etter", "2026-12-10")
    assert "må si hvorfor" in refused(krav, *decision())
    done(krav, *decision("2026-001", "vedtatt", "--avvik", "30 dager er for kort på sykehus."))
    assert step(krav).startswith("vedtatt")
    done(krav, *KLAR)


def test_a_case_that_was_put_off_goes_to_the_recommending_body_again(
    frozen: Path, krav: Krav
) -> None:
    """The same text frozen anew on the day of the meeting is nothing that the council amended."""
    recommend(krav)
    later = ("--begrunnelse", "Avventer hjemmel.", "--utsatt-til", "2027-02-01")
    done(krav, *decision("2026-001", "utsatt", *later, "--paavente-av", "Forskriften", "--behold"))
    for _ in range(2):
        done(krav, "frys", "2026-001", "--per", "2027-01-10")
        said = decision("2026-001", "vedtatt", "--avvik", "Haster.", "--dato", "2027-01-10")
        assert "Før opp OSG først." in refused(krav, *said)
    assert "vedtatt" not in (frozen / "changes/2026-001/endringsrad.yaml").read_text()


def test_a_rejected_case_changes_nothing_and_keeps_its_proposal(
    frozen: Path, git: Git, krav: Krav
) -> None:
    recommend(krav)
    said = done(
        krav, *decision("2026-001", "avslått", "--begrunnelse", "Dyrt.", "--avvik", "Kostnaden.")
    )
    assert "krav/pll/PLL-0001.yaml er ført tilbake" in said
    assert "90 dager etter" in (frozen / PLL).read_text()
    assert "30 dager etter" in (frozen / "changes/2026-001/forslag.yaml").read_text()
    assert step(krav).startswith("avslått")
    done(krav, *KLAR)
    merge(git)
    assert step(krav).startswith("avslått")
    done(krav, "sjekk", "--vedtatt")


@pytest.mark.usefixtures("frozen")
def test_a_deferred_case_is_taken_up_again_or_lapses(krav: Krav) -> None:
    later = ("--begrunnelse", "Avventer hjemmel.", "--utsatt-til", "2027-02-01")
    recommend(krav, "2026-001", "utsatt", *later, "--paavente-av", "Forskriften", "--behold")
    assert step(krav, "2027-02-01").startswith("utsatt")
    assert "venter på Forskriften" in step(krav, "2027-02-01")
    assert step(krav, "2027-02-01").count("Forskriften") == 1
    assert step(krav, "2027-02-02").startswith("utløpt")
    done(krav, "frys", "2026-001", "--per", "2027-01-10")
    assert step(krav, "2027-02-02").startswith("anbefaling")


def test_a_withdrawn_case_changes_nothing(frozen: Path, git: Git, krav: Krav) -> None:
    case = frozen / CASE
    case.write_text(case.read_text() + "trukket: {dato: 2026-12-08, begrunnelse: Løst.}\n")
    assert step(krav).startswith("trukket")
    assert "endring-uten-virkning" in refused(krav, *KLAR)
    git("checkout", "main", "--", "krav")
    done(krav, *KLAR)


def test_conditions_are_met_or_missed_also_after_the_merge(
    frozen: Path, git: Git, krav: Krav
) -> None:
    recommend(krav)
    condition = "V1|Prøves i drift.|Leder|2027-01-31|Fagansvarlig PLL"
    done(
        krav,
        *decision(
            "2026-001", "vedtatt_med_vilkår", "--vilkar", condition, "--begrunnelse", "Nytt."
        ),
    )
    assert "Vilkår som ikke er oppfylt: V1 innen 31. januar 2027 (Leder)" in step(krav)
    assert step(krav, "2027-02-01").startswith("utløpt")
    merge(git)
    release = ("utgi", "2026.2", *RELEASED[:4], "--per")
    assert "utlopt-sak" in refused(krav, *release, "2027-02-01")
    git("checkout", "--quiet", "-b", "vilkår")
    met = (
        *("behandle", "2026-001", "--organ", "endringsrad", "--utfall", "vilkår_oppfylt"),
        *("--dato", "2027-01-20", "--vilkar-id", "V1", "--bekreftet-av"),
    )
    assert "vilkar-uten-kontroll" in refused(krav, *met, "Leder")
    done(krav, *met, "Fagansvarlig PLL")
    assert "[dato-fram-i-tid]" in refused(krav, *KLAR)
    later = (*KLAR[:-1], "2027-01-20")
    done(krav, *later)
    edit(frozen, "rekvirent: skal", "rekvirent: bør")  # nothing else may ride along
    said = refused(krav, *later)
    assert "[endring-uten-sak]" in said
    assert "er ikke slik sak 2026-001 vedtok" in said
    edit(frozen, "rekvirent: bør", "rekvirent: skal")
    commit(git)
    git("checkout", "--quiet", "main")
    git("merge", "--quiet", "vilkår")
    assert step(krav, "2027-02-01").startswith("innarbeidet")
    done(krav, "utgi", "2026.2", *RELEASED[:4], "--per", "2027-02-01")


@pytest.mark.usefixtures("frozen")
def test_what_is_missing_is_named_as_the_option_that_gives_it(krav: Krav) -> None:
    how = ("--organ", "osg", "--dato", "2026-12-05", *LEADER_AND, "Fagansvarlig PLL")
    said = refused(krav, "behandle", "2026-001", "--utfall", "utsatt", *how)
    assert "→ Skriv `--begrunnelse`." in said
    assert "må ha `--utsatt-til`." in said
    own = (*how, "--deltaker", "Kravforvalter for PLL")
    said = refused(krav, "behandle", "2026-001", "--utfall", "anbefalt", *own)
    assert "→ Før rollen opp under `--inhabil`." in said
    who = (*LEADER_AND, "Representant for apotek", "--stemmer", "1,1,0", "--dato", "2026-12-10")
    council = ("--organ", "endringsrad", "--utfall", "avslått", *who)
    said = refused(krav, "behandle", "2026-001", *council)
    assert "→ Skriv `--dissens`." in said


def test_an_edit_after_the_freeze_is_told_by_the_check(frozen: Path, krav: Krav) -> None:
    assert "endret-etter-frysen" not in krav("sjekk", "--mot", "main").stdout
    edit(frozen, "30 dager etter", "40 dager etter")
    said = krav("sjekk", "--mot", "main").stdout
    assert "råd: Saken er endret etter frys 1. [endret-etter-frysen]" in said


def test_an_act_dated_ahead_is_told_at_once(lager: Path, git: Git, krav: Krav) -> None:
    propose(lager, git)
    been = done(krav, "frys", "2026-001", "--innspill", "--per", "2026-06-01")
    assert "har ikke vært" not in been + krav("sjekk", "--mot", "main").stdout
    ahead = "Datoen 1. januar 2099 har ikke vært. `krav klar` stopper saken til da."
    assert ahead in done(krav, "frys", "2026-001", "--per", "2099-01-01")
    discussed = ("--organ", "osg", "--utfall", "drøftet", "--deltaker", "Leder")
    said = done(krav, "behandle", "2026-001", *discussed, "--dato", "2099-01-01")
    assert ahead in said
    said = krav("sjekk", "--mot", "main").stdout
    assert re.search(r"råd: «.*» har datoen 1. januar 2099.*\[dato-fram-i-tid\]", said)


@pytest.mark.usefixtures("frozen")
def test_the_council_may_go_against_the_advice_and_says_why(krav: Krav) -> None:
    recommend(krav, "2026-001", "frarådet", "--begrunnelse", "For tidlig.")
    assert "må ha `--avvik`" in refused(krav, *decision())
    done(krav, *decision("2026-001", "vedtatt", "--avvik", "Pasientsikkerheten haster."))
    assert step(krav).startswith("vedtatt")


def urgent(krav: Krav) -> str:
    """Decide the case the urgent way, on the day of the freeze."""
    return done(
        krav,
        *("behandle", "2026-001", "--utfall", "hastevedtatt", "--dato", "2026-12-01"),
        *("--rolle", "osg:Leder", "--rolle", "endringsrad:Leder", "--grunn", "pasientsikkerhet"),
        *("--begrunnelse", "Lister går tapt.", "--gjelder-til", "2027-01-15"),
        *("--tilbakeforing", "Teksten settes tilbake til 90 dager."),
    )


@pytest.mark.usefixtures("frozen")
def test_the_urgent_way_ends_unless_it_is_ratified(krav: Krav) -> None:
    urgent(krav)
    assert step(krav, "2026-12-02").startswith("vedtatt")
    done(krav, *KLAR, "--per", "2026-12-02")
    again = ("--rolle", "osg:Leder", "--grunn", "lov", "--begrunnelse", "x")
    ends = ("--gjelder-til", "2027-01-15", "--tilbakeforing", "x")
    said = refused(krav, *("behandle", "2026-001", "--utfall", "hastevedtatt"), *again, *ends, *D)
    assert "[ett-saerskilt-vedtak]" in said
    assert step(krav, "2027-01-16").startswith("utløpt")
    recommend(krav)
    late = ["2027-01-20" if word == "2026-12-10" else word for word in decision()]
    assert "utløpt og kan bare avslås" in refused(krav, *late)
    done(krav, *decision())
    assert step(krav, "2027-01-16").startswith("vedtatt")


def test_an_urgent_decision_that_is_not_ratified_is_undone(
    frozen: Path, git: Git, krav: Krav
) -> None:
    urgent(krav)
    merge(git)
    said = refused(krav, "utgi", "2026.2", *RELEASED[:4], "--per", "2026-12-20")
    assert "[ugodkjent-hastevedtak]" in said
    git("checkout", "--quiet", "-b", "avslag")
    no = ("--begrunnelse", "Ikke nødvendig.", "--avvik", "Rådet ser det annerledes.")
    recommend(krav)
    assert "er ført tilbake" in done(krav, *decision("2026-001", "avslått", *no))
    assert "90 dager etter" in (frozen / PLL).read_text()
    assert "versjon: 3" in (frozen / PLL).read_text()
    done(krav, *KLAR)
    commit(git)
    git("checkout", "--quiet", "main")
    git("merge", "--quiet", "avslag")
    assert "0 avvik" in done(krav, "sjekk", "--vedtatt")


def test_an_urgent_text_may_be_frozen_before_the_input_is_in(
    lager: Path, git: Git, krav: Krav
) -> None:
    propose(lager, git)
    assert "for-tidlig-frys" in refused(krav, "frys", "2026-001", "--per", "2026-11-25")
    done(krav, "frys", "2026-001", "--haste", "--per", "2026-11-25")
    commit(git)
    # It may only be decided the urgent way; the ordinary way waits for the input.
    early = ("--organ", "osg", "--utfall", "anbefalt", "--dato", "2026-12-05", *LEADER_AND)
    said = refused(krav, "behandle", "2026-001", *early, "Fagansvarlig PLL")
    assert "Frys på nytt etter fristen for innspill" in said
    done(krav, "frys", "2026-001", "--per", "2026-12-01")
    recommend(krav)


def test_the_short_way_is_for_what_is_proved_without_meaning(
    lager: Path, git: Git, krav: Krav
) -> None:
    git("checkout", "--quiet", "-b", "sak-2026-001")
    edit(lager, "dager etter seponeringsdatoen.", "dager etter seponeringsdatoen")
    folder = lager / "changes/2026-001"
    folder.mkdir(parents=True)
    (folder / "endring.yaml").write_text(
        (CASES / "uavklart/after/changes/2026-001/endring.yaml").read_text()
    )
    done(krav, "frys", "2026-001", "--per", "2026-12-01")
    short = ("behandle", "2026-001", "--utfall", "kort_vei", *D, "--rolle")
    assert "Forslagsstilleren har selv" in refused(krav, *short, "Kravforvalter for PLL")
    done(krav, *short, "Forvalter av lister")
    assert step(krav).startswith("vedtatt")
    assert rules_in(refused(krav, *KLAR)) == ["kort-vei-uten-rett"]
    commit(git)
    git("checkout", "--quiet", "main")
    edit(lager, "kontakt: Kravforvalter for PLL", "kontakt: Forvalter av lister", AREA)
    commit(git)
    git("checkout", "--quiet", "sak-2026-001")
    done(krav, *KLAR)  # who may confirm is read from main as it is now
    git("checkout", "--quiet", "main")
    git("merge", "--quiet", "--message=Sak", "sak-2026-001")
    assert step(krav).startswith("innarbeidet")
    # On main it is proved again from the files alone.
    edit(lager, "90 dager etter", "90 uker etter")
    freeze = folder / "forslag.yaml"
    freeze.write_text("90 uker".join(freeze.read_text().rsplit("90 dager", 1)))
    assert "[kort-vei-med-mening]" in refused(krav, "sjekk", "--vedtatt")


def test_the_secretariat_is_asked_for_what_is_missing(frozen: Path) -> None:
    said = ["osg", "anbefalt", "2026-12-05", "1 2"]
    primary, secondary = pty.openpty()
    command = [sys.executable, "-m", "kravverk", "behandle", "2026-001"]
    process = subprocess.Popen(
        command, cwd=frozen, stdin=secondary, stdout=secondary, stderr=secondary
    )
    os.close(secondary)
    told = ""
    for question, answer in zip(("Organ", "Utfall", "Dato", "Hvem deltok"), said, strict=True):
        while question not in told:
            told += os.read(primary, 10_000).decode()
        told = ""
        os.write(primary, f"{answer}\n".encode())
    assert process.wait(30) == 0
    os.close(primary)
    treated = (frozen / "changes/2026-001/osg.yaml").read_text()
    assert "utfall: anbefalt" in treated
    assert "- Fagansvarlig PLL\n      - Leder\n" in treated


def test_main_that_moved_under_the_same_record_stops_the_merge(
    frozen: Path, git: Git, krav: Krav
) -> None:
    recommend(krav)
    done(krav, *decision())
    commit(git)
    git("checkout", "--quiet", "main")
    edit(
        frozen,
        "tittel: Seponering har tidspunkt",
        "tittel: Seponering har tid",
        PLL.replace("1", "2"),
    )
    commit(git)
    git("checkout", "--quiet", "sak-2026-001")
    done(krav, *KLAR)  # another record moved
    git("checkout", "--quiet", "main")
    edit(frozen, "rekvirent: skal", "rekvirent: bør")
    commit(git)
    git("checkout", "--quiet", "sak-2026-001")
    assert "grunnlaget-er-endret" in refused(krav, *KLAR)


def test_what_the_case_builds_on_moved_on_main_alone(frozen: Path, git: Git, krav: Krav) -> None:
    """The branch is behind, so that nothing there shows that the group means something else."""
    recommend(krav)
    done(krav, *decision())
    commit(git)
    git("checkout", "--quiet", "main")
    group = frozen / "krav/grupper/rekvirent.yaml"
    group.write_text(group.read_text() + "beskrivelse: Den som skriver resepter.\n")
    commit(git)
    git("checkout", "--quiet", "sak-2026-001")
    said = refused(krav, *KLAR)
    assert "grupper/rekvirent er endret på hovedgrenen etter at saken begynte." in said
    assert "[grunnlaget-er-endret]" in said


def test_a_dependency_that_the_case_removes_is_part_of_what_it_builds_on(
    lager: Path, git: Git, krav: Krav
) -> None:
    edit(lager, "avhenger_av: [PLL-0001]\n", "", PLL.replace("1", "2"))
    edit(lager, "frister:\n", "avhenger_av: [PLL-0002]\nfrister:\n")
    done(krav, "utgi", "2026.1", *RELEASED)
    commit(git)
    propose(lager, git)
    edit(lager, "avhenger_av: [PLL-0002]\n", "")
    judged = (lager / CASE).read_text().rpartition("  - post: PLL-0001\n")[2]
    with (lager / CASE).open("a") as case:
        case.write("  - post: PLL-0001\n" + judged.replace("tekst", "avhenger_av"))
    done(krav, "frys", "2026-001", "--per", "2026-12-01")
    commit(git)
    assert "PLL-0002:" in (lager / "changes/2026-001/forslag.yaml").read_text()
    recommend(krav)
    done(krav, *decision())
    commit(git)
    assert "Klar til å slås sammen" in done(krav, *KLAR)


def test_two_frozen_cases_may_not_change_the_same_record(
    frozen: Path, git: Git, krav: Krav
) -> None:
    propose(frozen, git, "2026-002", "60")
    said = refused(krav, "frys", "2026-002", "--per", "2026-12-01")
    assert "Sak 2026-001 er frosset og endrer også PLL-0001. [overlappende-frys]" in said
    edit(frozen, "60 dager etter", "90 dager etter")
    assert "[ingenting-a-fryse]" in refused(krav, "frys", "2026-002", "--per", "2026-12-01")


def test_a_proposal_of_several_cases_is_told_to_be_split_and_no_more(
    frozen: Path, git: Git, krav: Krav
) -> None:
    recommend(krav)
    done(krav, *decision())
    commit(git)
    propose(frozen, git, "2026-002", "20")
    git("merge", "--quiet", "--strategy-option=ours", "--message=To", "sak-2026-001")
    assert rules_in(refused(krav, "sjekk", "--mot", "main")) == ["flere-saker"]
    asked = rules_in(refused(krav, "sjekk", "--mot", "main", "--vedtatt"))
    assert asked == ["flere-saker", "brudd-i-kjeden"]
    assert rules_in(refused(krav, *KLAR)) == ["flere-saker", "ikke-vedtatt"]


def test_only_cases_that_were_under_way_together_overlap(
    frozen: Path, git: Git, krav: Krav
) -> None:
    recommend(krav)
    done(krav, *decision())
    merge(git)
    propose(frozen, git, "2026-002", "20", "30")
    assert "Overlapper" not in done(krav, "saker", "--per", "2026-12-11")  # one is decided
    propose(frozen, git, "2026-003", "10", "30")
    assert done(krav, "saker", "--per", "2026-12-11").count("Overlapper") == 2
    git("branch", "--quiet", "-D", "sak-2026-002")
    done(krav, "frys", "2026-003", "--per", "2026-12-11")
    recommend(krav, "2026-003", "anbefalt", "--dato", "2026-12-12")
    done(krav, *decision("2026-003", "vedtatt", "--dato", "2026-12-13"))
    merge(git, "2026-003")
    assert "beslutning" in step(krav, "2026-12-06")
    assert "Overlapper" not in done(krav, "saker", "--per", "2026-12-06")  # one had not begun


def test_a_decided_case_is_in_place_also_where_its_english_is_put_in(
    frozen: Path, git: Git, krav: Krav
) -> None:
    recommend(krav)
    done(krav, *decision())
    merge(git)
    git("checkout", "--quiet", "-b", "engelsk")
    (frozen / CASE).write_text(
        (frozen / CASE).read_text() + "engelsk: {tittel: A case, kort_fortalt: A trial.}\n"
    )
    assert step(krav).startswith("innarbeidet")
    done(krav, *KLAR)


def test_a_release_has_its_own_id_and_may_be_followed_before_it_must(
    lager: Path, git: Git, krav: Krav
) -> None:
    edit(lager, "versjon: 3", "versjon: 1")
    backwards = ("--kan-folges-fra", "2026-12-01", "--ma-folges-fra", "2026-06-01")
    said = refused(krav, "utgi", "2026.1", *backwards, "--per", "2026-05-01")
    assert "[feil-utgivelsesdato]" in said
    done(krav, "utgi", "2026.1", *RELEASED)
    commit(git)
    assert "[utgivelse-finnes]" in refused(krav, "utgi", "2026.1", *RELEASED)
    git("checkout", "--quiet", "-b", "angrep")
    edit(
        lager, "kan_folges_fra", "saker: [2026-009]\nkan_folges_fra", "krav/utgivelser/2026.1.yaml"
    )
    new = (lager / "krav/utgivelser/2026.1.yaml").read_text().replace("2026.1", "2026.2")
    (lager / "krav/utgivelser/2026.2.yaml").write_text(
        new.replace("dato: 2026-05", "dato: 2026-06")
    )
    git("checkout", "--quiet", "krav/utgivelser/2026.1.yaml")
    assert "Sakene stemmer ikke: 2026-009." in refused(krav, "sjekk", "--mot", "main")  # feil-saker


def test_a_deferred_case_on_main_is_taken_up_again(frozen: Path, git: Git, krav: Krav) -> None:
    later = ("--begrunnelse", "Avventer hjemmel.", "--utsatt-til", "2027-02-01")
    said = recommend(krav, "2026-001", "utsatt", *later)
    assert "er ført tilbake" in said
    done(krav, *KLAR)
    merge(git)
    assert "0 avvik" in done(krav, "sjekk", "--vedtatt")
    assert step(krav).startswith("utsatt")
    # Taken up: what it proposed comes back from the freeze, and nothing else is touched.
    git("checkout", "--quiet", "-b", "igjen")
    edit(frozen, "tittel: Seponert", "# Et notat.\ntittel: Seponert")
    done(krav, "gjenoppta", "2026-001")
    text = (frozen / PLL).read_text()
    assert "30 dager etter" in text
    assert "# Et notat.\ntittel: Seponert" in text
    assert "meldinger: [M25.1]" in text
    assert "endring-uten-sak" not in krav("sjekk", "--mot", "main").stdout
    done(krav, "frys", "2026-001", "--per", "2027-01-10")
    assert step(krav, "2027-01-11").startswith("anbefaling")


def test_a_new_case_takes_up_a_rejected_one(frozen: Path, git: Git, krav: Krav) -> None:
    recommend(krav)
    no = ("--begrunnelse", "For tidlig.", "--avvik", "Rådet ser det annerledes.")
    done(krav, *decision("2026-001", "avslått", *no))
    merge(git)
    said = done(krav, "gjenoppta", "2026-001")
    assert "skriv `gjenopptar: 2026-001` i den" in said
    assert "30 dager etter" in (frozen / PLL).read_text()
    assert "er endret" not in said
    edit(frozen, "30 dager etter", "45 dager etter")
    assert "må ses over: PLL-0001." in done(krav, "gjenoppta", "2026-001")
    git("checkout", "--", "krav")
    assert "Velg blant 2026-001." in krav("gjenoppta", "2026-009").stderr
    propose(frozen, git, "2026-002", "60")
    case = frozen / "changes/2026-002/endring.yaml"
    case.write_text(case.read_text() + "gjenopptar: 2026-003\n")
    assert "[ugyldig-gjenopptak]" in refused(krav, "sjekk", "--mot", "main")
    case.write_text(case.read_text().replace("2026-003", "2026-001"))
    done(krav, "frys", "2026-002", "--per", "2026-12-20")
    assert step(krav, sak="2026-002").startswith("anbefaling")


def test_a_case_is_superseded_by_another(frozen: Path, git: Git, krav: Krav) -> None:
    case = frozen / CASE
    gone = "trukket: {dato: 2026-12-08, begrunnelse: Slått sammen., erstattet_av: 2026-002}\n"
    case.write_text(case.read_text() + gone)
    git("checkout", "main", "--", "krav")
    assert "Sak 2026-002 kom i stedet" in step(krav)
    done(krav, *KLAR)
    merge(git)
    propose(frozen, git, "2026-002", "60")  # the same record is free again
    done(krav, "frys", "2026-002", "--per", "2026-12-20")


def test_an_approval_freezes_versions_and_changes_nothing(
    lager: Path, git: Git, krav: Krav
) -> None:
    (lager / "changes/organer/sfm-osg.yaml").write_text(
        "id: sfm-osg\nnavn: OSG for SFM\n"
        "mandat:\n  - {rolle: beslutter, fra: 2026-01-01, sakstyper: [godkjenning]}\n"
        "medlemmer:\n  - {rolle: Leder, organisasjon: Prøve, leder: ja, fra: 2026-01-01}\n"
        "regler:\n  - {fra: 2026-01-01}\nkilder: [Oppdiktet for testene]\n"
    )
    commit(git)
    git("checkout", "--quiet", "-b", "sak-2026-001")
    text = (CASES / "uavklart/after/changes/2026-001/endring.yaml").read_text()
    text = text.replace("type: endring", "type: godkjenning")
    (lager / CASE).parent.mkdir(parents=True)
    (lager / CASE).write_text(text + "godkjenner: {system: alfa, krav: [PLL-0001]}\n")
    done(krav, "frys", "2026-001", "--per", "2026-12-01")
    assert "godkjent_versjon" in (lager / "changes/2026-001/forslag.yaml").read_text()
    assert "beslutning · venter på OSG for SFM" in step(krav)
    yes = ("--organ", "sfm-osg", "--utfall", "vedtatt", "--deltaker", "Leder")
    done(krav, "behandle", "2026-001", *yes, "--dato", "2026-12-10")
    done(krav, *KLAR)
    merge(git)
    done(krav, "sjekk", "--vedtatt")
    assert step(krav).startswith("innarbeidet")


def test_the_auditors_page_can_be_followed_on_the_register_as_it_is() -> None:
    page = (ROOT / "docs/nb/etterprov.md").read_text()
    paths = [p for folder in ("krav", "changes") for p in (ROOT / folder).rglob("*.yaml")]
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}
    edits = re.findall(r"(?m)^sed -i 's/(.*)/(.*)/' (\S+)$", page)
    assert edits
    for old, new, path in edits:
        assert old.encode() in files[path]
        edited = {**files, path: files[path].replace(old.encode(), new.encode())}
        said = [f for f in check(edited, vedtatt=True)[1] if f.alvor == "feil"]
        assert as_text(said) in page
        assert [f.regel for f in said] == ["brudd-i-kjeden"]
    (sak,) = set(re.findall(r"grep -r fingeravtrykk changes/(\S+)", page))
    for path, mark in re.findall(rf"(?m)^(changes/{sak}/\S+): +(fingeravtrykk: \w+)$", page):
        assert mark.encode() in files[path]
    assert f"{sak}  " in page
