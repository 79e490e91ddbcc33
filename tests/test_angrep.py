"""Attempts to change what was decided, each with what the tool says; and what is no attempt."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
import yaml

from conftest import CASES, Git, Krav, files_in
from kravverk.acts import dumped
from kravverk.body_rules import signed_text
from kravverk.chain import base_digests
from kravverk.register import read
from kravverk.signing import sign
from test_saksgang import (
    CASE,
    KLAR,
    decision,
    done,
    propose,
    recommend,
    refused,
    release_and_freeze,
)
from test_store import PLL, commit, edit

FREEZE = "changes/2026-001/forslag.yaml"
OSG = "changes/2026-001/osg.yaml"
COUNCIL = "changes/2026-001/endringsrad.yaml"
RELEASE = "krav/utgivelser/2026.1.yaml"


@pytest.fixture
def decided(lager: Path, git: Git, krav: Krav) -> Path:
    """A released register, and a case that is decided on its branch."""
    release_and_freeze(lager, git, krav)
    recommend(krav)
    done(krav, *decision())
    commit(git)
    return lager


@pytest.fixture
def merged(decided: Path, git: Git) -> Path:
    """The same, merged into main."""
    git("checkout", "--quiet", "main")
    git("merge", "--quiet", "--no-ff", "--message=Sak 2026-001", "sak-2026-001")
    return decided


# --- Before the merge -----------------------------------------------------------------------------


def test_text_edited_after_the_decision(decided: Path, krav: Krav) -> None:
    edit(decided, "30 dager etter", "20 dager etter")
    said = refused(krav, *KLAR)
    assert "PLL-0001.yaml:5: feil: `tekst` i PLL-0001 er ikke slik sak 2026-001 vedtok." in said


def test_one_field_more_than_was_decided(decided: Path, krav: Krav) -> None:
    edit(decided, "rekvirent: skal", "rekvirent: bør")
    said = refused(krav, *KLAR)
    assert "`gjelder.rekvirent` i PLL-0001 er ikke slik sak 2026-001 vedtok." in said


def test_a_freeze_rewritten_to_fit_the_text(decided: Path, krav: Krav) -> None:
    edit(decided, "30 dager etter", "20 dager etter")
    edit(decided, "30 dager etter", "20 dager etter", FREEZE)
    assert "[endret-frys]" in refused(krav, *KLAR)


def test_a_decision_copied_from_another_case(decided: Path, git: Git, krav: Krav) -> None:
    propose(decided, git, "2026-002", "60")
    for name in ("osg.yaml", "endringsrad.yaml"):
        copied = git("show", f"sak-2026-001:changes/2026-001/{name}")
        (decided / "changes/2026-002" / name).write_text(copied)
    said = refused(krav, *KLAR)
    assert "changes/2026-002/endringsrad.yaml:2" in said
    assert "ulovlig-overgang" in said


def test_a_member_made_in_the_same_branch(decided: Path, krav: Krav) -> None:
    edit(decided, "rolle: Leder", "rolle: Ny leder", "changes/organer/endringsrad.yaml")
    edit(decided, "Leder", "Ny leder", COUNCIL)
    said = refused(krav, *KLAR)
    assert "[organ-med-annet]" in said
    assert "Ny leder er ikke medlem av Endringsrådet" in said


def test_the_recommendation_taken_away(decided: Path, krav: Krav) -> None:
    (decided / OSG).unlink()
    assert "teksten som er frosset, er ikke anbefalt" in refused(krav, *KLAR)


def test_a_back_dated_meeting(decided: Path, krav: Krav) -> None:
    edit(decided, "dato: 2026-12-10", "dato: 2026-11-10", COUNCIL)
    said = refused(krav, *KLAR)
    assert "«vedtatt» av endringsrad 10. november 2026 teller ikke" in said


def test_the_proposer_decides_on_the_own_proposal(decided: Path, krav: Krav) -> None:
    edit(decided, "- Representant for apotek", "- Representant for sykehus", COUNCIL)
    edit(decided, "Kravforvalter for PLL", "Representant for sykehus", CASE)
    assert "har behandlet sitt eget forslag" in refused(krav, *KLAR)


def test_a_judgement_that_is_only_in_the_freeze(decided: Path, krav: Krav) -> None:
    """Without it the rules on freezes would take the text for one still at work."""
    for path in (FREEZE, CASE):
        file = decided / path
        text = file.read_text()
        file.write_text(text.replace("klasse: lempet", "klasse: presisert", path == CASE))
    said = refused(krav, *KLAR)
    assert "[avvik-fra-vedtak]" in said
    assert "Avklaringene er andre enn dem i frysen som er vedtatt." in said


def test_a_judgement_changed_between_two_bodies(lager: Path, git: Git, krav: Krav) -> None:
    propose(lager, git)
    done(krav, "frys", "2026-001", "--per", "2026-12-01")
    commit(git)
    recommend(krav)
    edit(lager, "klasse: lempet", "klasse: presisert", CASE)
    assert "Saken er endret etter frys 1. [endret-etter-frysen]" in refused(krav, *decision())


def test_the_reasons_rewritten_after_the_recommendation(decided: Path, krav: Krav) -> None:
    for path in (CASE, COUNCIL):
        file = decided / path
        old = file.read_text()
        file.write_text(
            old.replace("pasientsikkerhet: Ingen betydning.", "pasientsikkerhet: Stor.")
        )
    said = refused(krav, *KLAR)
    assert "osg.yaml:2: feil: Saken eller frysen sier noe annet enn da saken ble anbefalt." in said


def test_a_withdrawn_case_that_is_revived(lager: Path, git: Git, krav: Krav) -> None:
    propose(lager, git)
    done(krav, "frys", "2026-001", "--per", "2026-12-01")
    case = (lager / CASE).read_text()
    (lager / CASE).write_text(case + "trukket: {dato: 2026-12-02, begrunnelse: Nei.}\n")
    git("checkout", "main", "--", "krav")
    done(krav, *KLAR)
    commit(git)
    git("checkout", "--quiet", "main")
    git("merge", "--quiet", "sak-2026-001")
    git("checkout", "--quiet", "-b", "igjen")
    (lager / CASE).write_text(case)
    edit(lager, "90 dager etter", "30 dager etter")
    recommend(krav)
    done(krav, *decision())
    assert "[avsluttet-sak]" in refused(krav, *KLAR)


def test_another_field_of_the_record_moved_and_main_was_taken_in(
    decided: Path, git: Git, krav: Krav
) -> None:
    git("checkout", "--quiet", "main")
    edit(decided, "rekvirent: skal", "rekvirent: bør")
    commit(git)
    git("checkout", "--quiet", "sak-2026-001")
    git("merge", "--quiet", "--message=Ta inn", "main")
    krav("rydd", "--mot", "main")
    assert "PLL-0001 er ikke slik frys 1 bygger på. [endret-grunnlag]" in refused(krav, *KLAR)


BESIDE = "endringsrad.yaml:2: feil: Saken eller frysen sier noe annet enn da saken ble vedtatt."


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    rute:\n", "    rute:\n      uttaler: [osg]\n", BESIDE),
        ("    grunnlag:\n", f"    grunnlag:\n      PLL-0002: '{'0' * 64}'\n", BESIDE),
        ("dato: 2026-12-01", "dato: 2026-12-02", BESIDE),
        (
            "    rute:\n",
            "    haste: ja\n    rute:\n",
            "teksten er frosset før innspillene var inne",
        ),
    ],
)
def test_what_a_freeze_says_beside_the_text(
    merged: Path, krav: Krav, old: str, new: str, said: str
) -> None:
    edit(merged, old, new, FREEZE)
    assert said in refused(krav, "sjekk", "--vedtatt")


def test_the_ground_written_anew_by_hand(decided: Path, git: Git, krav: Krav) -> None:
    git("checkout", "--quiet", "main")
    edit(decided, "rekvirent: skal", "rekvirent: bør")
    commit(git)
    git("checkout", "--quiet", "sak-2026-001")
    git("merge", "--quiet", "--message=Ta inn", "main")
    krav("rydd", "--mot", "main")
    was = (decided / FREEZE).read_text()
    wrong = refused(krav, *KLAR)
    assert "[endret-grunnlag]" in wrong
    new = base_digests(read(files_in(decided))[0], ["PLL-0001"])["PLL-0001"]
    (decided / FREEZE).write_text(
        re.sub(r"(?m)^      PLL-0001: .*$", f"      PLL-0001: {new}", was)
    )
    assert "[endret-saksframlegg]" in refused(krav, *KLAR)


def test_another_record_than_the_one_recommended(lager: Path, git: Git, krav: Krav) -> None:
    propose(lager, git)
    done(krav, "frys", "2026-001", "--per", "2026-12-01")
    commit(git)
    recommend(krav)
    edit(lager, "kan slette tidligere", "kan slette tidligere enn før", CASE)
    edit(lager, "kilder: [", "begrunnelse: Ny.\nkilder: [", PLL.replace("1", "2"))
    done(krav, "frys", "2026-001", "--per", "2026-12-10")
    said = refused(krav, *decision("2026-001", "vedtatt", "--avvik", "Bedre slik."))
    assert "teksten som er frosset, er ikke anbefalt" in said


def test_a_deferred_case_does_not_open_the_way_for_others(
    lager: Path, git: Git, krav: Krav
) -> None:
    propose(lager, git)
    done(krav, "frys", "2026-001", "--per", "2026-12-01")
    commit(git)
    recommend(krav, "2026-001", "utsatt", "--begrunnelse", "Vent.", "--utsatt-til", "2027-02-01")
    commit(git)
    git("checkout", "--quiet", "main")
    git("merge", "--quiet", "sak-2026-001")
    git("checkout", "--quiet", "-b", "annet")
    edit(lager, "90 dager etter", "10 dager etter")
    assert "[ikke-frosset-igjen]" in refused(krav, *KLAR)


def test_a_new_freeze_of_the_same_text_must_be_treated_anew(
    decided: Path, git: Git, krav: Krav
) -> None:
    git("checkout", "--quiet", "-b", "igjen", "sak-2026-001~1")
    recommend(krav)
    assert "Ingenting er skrevet." in done(krav, "frys", "2026-001", "--per", "2026-12-05")
    freezes = yaml.safe_load((decided / FREEZE).read_text())
    freezes["frys"].append({**freezes["frys"][0], "nr": 2, "dato": date(2026, 12, 5)})
    (decided / FREEZE).write_text(dumped(freezes))
    assert "anbefaling · venter på OSG" in done(krav, "saker", "--per", "2026-12-06")


def test_what_a_decided_case_was_said_to_mean(merged: Path, git: Git, krav: Krav) -> None:
    git("checkout", "--quiet", "-b", "angrep")
    edit(merged, "klasse: lempet", "klasse: presisert", CASE)
    said = refused(krav, *KLAR)
    assert "[avsluttet-sak]" in said
    assert "[endret-saksframlegg]" in said


def test_a_freeze_dated_before_the_decision_it_builds_on(
    merged: Path, git: Git, krav: Krav
) -> None:
    again = refused(krav, "frys", "2026-001", "--per", "2026-12-05")
    assert "Saken er vedtatt, og kan ikke fryses på nytt. [avsluttet-kan-ikke-fryses]" in again
    git("checkout", "--quiet", "-b", "sak-2026-002")
    edit(merged, "30 dager etter", "20 dager etter")
    shutil.copytree(CASES / "eldre-regler/after/changes/2026-002", merged / "changes/2026-002")
    for name in ("forslag", "osg", "endringsrad"):
        (merged / f"changes/2026-002/{name}.yaml").unlink()
    said = refused(krav, "frys", "2026-002", "--per", "2026-12-05")
    assert "men sak 2026-001 endret PLL-0001 10. desember 2026. [frys-foran-vedtak]" in said
    assert "overlappende-frys" not in said


# --- On main --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        (PLL, "30 dager etter", "20 dager etter", "`tekst` i PLL-0001 er noe annet enn det sak 20"),
        (PLL, "rekvirent: skal", "rekvirent: bør", "PLL-0001 er noe annet enn det utgivelse 2026"),
        ("krav/pll/PLL-0002.yaml", "versjon: 1", "versjon: 7", "`versjon` i PLL-0002 er noe annet"),
        ("krav/grupper/plo.yaml", "navn: ", "navn: Ny ", "grupper/plo er noe annet enn det utg"),
        (FREEZE, "30 dager etter", "20 dager etter", "stemmer ikke med fingeravtrykket"),
        (COUNCIL, "utfall: vedtatt", "utfall: avslått", "noe annet enn det utgivelse 2026.1 sier"),
        (RELEASE, "digest: ", "digest: 0000", "har ikke riktig form"),
    ],
)
def test_main_edited_without_a_case(
    merged: Path, krav: Krav, path: str, old: str, new: str, said: str
) -> None:
    done(krav, "sjekk", "--vedtatt")
    edit(merged, old, new, path)
    assert said in refused(krav, "sjekk", "--vedtatt")


def test_a_mandate_made_in_the_same_branch_as_the_dispensation(lager: Path, krav: Krav) -> None:
    case = CASES / "ugyldig-dispensasjon-siste-dag"
    shutil.copytree(case / "after", lager, dirs_exist_ok=True)
    done(krav, "sjekk")
    said = refused(krav, *KLAR)
    assert "[ugyldig-dispensasjon]" in said


def test_a_dispensation_dated_ahead(lager: Path, krav: Krav) -> None:
    given = CASES / "ugyldig-dispensasjon-siste-dag/after/changes/dispensasjoner/DISP-0001.yaml"
    (lager / "changes/dispensasjoner").mkdir()
    ahead = re.sub(
        r"(?m)^dato: .*$", "dato: 2026-12-21", given.read_text().replace("osg", "endringsrad")
    )
    (lager / "changes/dispensasjoner/DISP-0001.yaml").write_text(ahead)
    said = refused(krav, *KLAR)
    assert "«DISP-0001» har datoen 21. desember 2026, som ikke har vært. [dato-fram-i-tid]" in said
    done(krav, *KLAR[:-1], "2026-12-21")


def test_a_release_and_a_treatment_are_never_rewritten(merged: Path, git: Git, krav: Krav) -> None:
    git("checkout", "--quiet", "-b", "angrep")
    for path, old, new in (
        (RELEASE, "ma_folges_fra: 2026-12-01", "ma_folges_fra: 2027-12-01"),
        (OSG, "motesak: 1/26", "motesak: 2/26"),
    ):
        edit(merged, old, new, path)
    (merged / COUNCIL).unlink()
    said = refused(krav, "sjekk", "--mot", "main")
    assert said.count("[omskrevet-historie]") == 3
    assert f"{COUNCIL}:1: feil: Filen er slettet." in said


def test_a_record_deleted(merged: Path, krav: Krav) -> None:
    (merged / PLL).unlink()
    said = refused(krav, "sjekk", "--vedtatt", "--mot", "HEAD")
    assert "[slettet-post]" in said
    assert "[brudd-i-kjeden]" in said


def test_a_case_that_decides_what_another_changed_meanwhile(
    decided: Path, git: Git, krav: Krav
) -> None:
    git("checkout", "--quiet", "main")
    edit(decided, "90 dager etter", "100 dager etter")
    commit(git)
    git("checkout", "--quiet", "sak-2026-001")
    said = refused(krav, *KLAR)
    assert "PLL-0001 er endret på hovedgrenen etter at saken begynte" in said


# --- Signatures -----------------------------------------------------------------------------------


def new_key(folder: Path, name: str) -> str:
    """A key pair; returns the public key."""
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / name)]
    subprocess.run(command, check=True)
    return (folder / f"{name}.pub").read_text().strip()


@pytest.fixture
def signing(lager: Path, git: Git, krav: Krav, tmp_path: Path) -> Path:
    """The council asks for signatures, and a case is decided but not yet signed."""
    public = new_key(tmp_path, "leder")
    new_key(tmp_path, "annen")
    body = "changes/organer/endringsrad.yaml"
    key = f"nokler: [{{nokkel: {public}, fra: 2026-01-01, til: 2026-12-31}}], fra: 2026"
    edit(lager, "leder: ja, fra: 2026", f"leder: ja, {key}", body)
    edit(lager, "beslutningsdyktig: 2}", "beslutningsdyktig: 2, signatur: ja}", body)
    commit(git)
    propose(lager, git)
    done(krav, "frys", "2026-001", "--per", "2026-12-01")
    recommend(krav)
    return lager


def decide(krav: Krav, day: str = "2026-12-10") -> None:
    """The council decides; what lacks is its signature."""
    args = [day if word == "2026-12-10" else word for word in decision()]
    done(krav, *args)


def test_a_decision_signed_by_the_leader(signing: Path, krav: Krav, tmp_path: Path) -> None:
    decide(krav)
    assert "krever signatur, og den mangler" in refused(krav, *KLAR)
    done(krav, "signer", COUNCIL, "--nokkel", str(tmp_path / "leder"))
    done(krav, *KLAR)
    edit(signing, "motesak: 2/26", "motesak: 3/26", COUNCIL)
    assert "ikke gjort av Leder i Endringsrådet" in refused(krav, *KLAR)


def forge(lager: Path, key: Path) -> None:
    """Put a signature under the council's decision by hand, as the command would not."""
    treated = read(files_in(lager))[0].saker["2026-001"].behandlinger["endringsrad"]
    signature = sign(signed_text("2026-001", "endringsrad", treated.behandlinger[-1]), key)
    block = "".join(f"      {line}\n" for line in signature.strip().splitlines())
    file = lager / COUNCIL
    file.write_text(f"{file.read_text().rstrip()}\n    signatur: |\n{block}")


def test_a_decision_signed_by_somebody_else(signing: Path, krav: Krav, tmp_path: Path) -> None:
    decide(krav)
    said = krav("signer", COUNCIL, "--nokkel", str(tmp_path / "annen"))
    assert said.returncode == 2
    assert "hører ikke til lederen av organet" in said.stderr
    forge(signing, tmp_path / "annen")
    assert "ikke gjort av Leder i Endringsrådet" in refused(krav, *KLAR)


@pytest.mark.parametrize("day", ["2025-12-31", "2027-01-01"])
def test_a_key_that_does_not_count_on_the_day_of_the_meeting(
    signing: Path, krav: Krav, tmp_path: Path, day: str
) -> None:
    decide(krav)
    edit(signing, "dato: 2026-12-10", f"dato: {day}", COUNCIL)
    assert krav("signer", COUNCIL, "--nokkel", str(tmp_path / "leder")).returncode == 2
    forge(signing, tmp_path / "leder")
    assert "har ingen nøkkel som gjaldt" in refused(krav, *KLAR)


# --- What is no attack ----------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["squash", "rebase", "merge", "cherry-pick"])
def test_however_it_is_merged_the_decision_stands(
    decided: Path, git: Git, krav: Krav, way: str
) -> None:
    git("checkout", "--quiet", "main")
    (decided / "README.md").write_text("Noe annet.\n")
    commit(git)
    if way == "squash":
        git("merge", "--quiet", "--squash", "sak-2026-001")
        commit(git)
    elif way == "rebase":
        git("rebase", "--quiet", "main", "sak-2026-001")
        git("checkout", "--quiet", "main")
        git("merge", "--quiet", "--ff-only", "sak-2026-001")
    elif way == "merge":
        git("merge", "--quiet", "--no-ff", "--message=Sak", "sak-2026-001")
    else:
        git("cherry-pick", "main..sak-2026-001")
    said = done(krav, "sjekk", "--vedtatt")
    assert "1 vedtatt sak, 1 vedtatt endring, 0 avvik" in said
    assert "innarbeidet" in done(krav, "saker", "--per", "2026-12-20")


def test_a_reformatting_and_a_shallow_clone(merged: Path, git: Git, krav: Krav) -> None:
    text = (merged / PLL).read_text()
    (merged / PLL).write_text(
        text.replace("i listen\n  i 30 dager", "i listen i\n\n".strip() + " 30 dager")
    )
    edit(merged, "versjon: 4", 'versjon: "4"')
    assert (merged / PLL).read_text() != text
    commit(git)
    done(krav, "sjekk", "--vedtatt", "--mot", "HEAD~1")
    shallow = merged.parent / "grunn"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=1", f"file://{merged}", str(shallow)], check=True
    )
    result = krav("sjekk", "--vedtatt", cwd=shallow)
    assert result.returncode == 0
    assert "0 avvik" in result.stderr


@pytest.mark.parametrize("ended", ["vedtatt", "utsatt", "sendt_tilbake"])
def test_a_branch_that_words_an_ended_case_anew_lends_it_none_of_its_changes(
    lager: Path, git: Git, krav: Krav, ended: str
) -> None:
    release_and_freeze(lager, git, krav)
    if ended == "vedtatt":
        recommend(krav)
        done(krav, *decision())
    else:
        later = ("--utsatt-til", "2027-02-01") if ended == "utsatt" else ()
        recommend(krav, "2026-001", ended, "--begrunnelse", "Vent.", *later)
    commit(git)
    git("checkout", "--quiet", "main")
    git("merge", "--quiet", "--no-ff", "--message=Sak 2026-001", "sak-2026-001")
    git("checkout", "--quiet", "-b", "oversettelse")
    english = "engelsk:\n  tittel: Kept for 30 days\n  kort_fortalt: |\n    Shorter.\n"
    (lager / CASE).write_text((lager / CASE).read_text() + english)
    other = PLL.replace("1", "2")
    edit(lager, "tittel: Seponering har tidspunkt", "tittel: Seponering har tid", other)
    commit(git)
    git("checkout", "--quiet", "main")
    told = done(krav, "saker", "--per", "2026-12-20")
    step = "innarbeidet" if ended == "vedtatt" else ended.replace("_", " ")
    assert step in told.split("\n")[1]
    assert "Endrer: PLL-0001\n" in told
    assert "PLL-0002" not in told
    paper = done(krav, "rapport", "2026-001", "--per", "2026-12-20")
    assert "PLL-0001" in paper
    assert "PLL-0002" not in paper.split("Uendrede krav som viser")[0]
