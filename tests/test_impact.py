"""Whom a change hits, how hard, and against what it is measured: where a slip would go unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import CASES, ROOT, Git, Krav, files_in
from kravverk.chain import around, vedtatte
from kravverk.classes import JUDGES
from kravverk.comparison import compare
from kravverk.diff import Endring
from kravverk.freeze_rules import kort_varsel_ny_plikt
from kravverk.impact import Virkning, virkninger
from kravverk.models import Gruppe, Melding, fields
from kravverk.models import Krav as Record
from kravverk.register import Register, read
from kravverk.rules import run
from kravverk.store import changed_paths, open_repo
from test_cli import a_case
from test_store import PLL, commit, edit

SHARED = files_in(CASES / "_register")
OTHER = "krav/pll/PLL-0002.yaml"
BETA = "krav/systemer/beta.yaml"
CASE = "changes/2026-001/endring.yaml"
PER = ("--per", "2026-12-01")


def with_edits(*edits: tuple[str, str, str], files: dict[str, bytes] = SHARED) -> dict[str, bytes]:
    """Files in which some words are others: (path, old, new)."""
    result = dict(files)
    for path, old, new in edits:
        assert result[path].count(old.encode()) == 1, (path, old)
        result[path] = result[path].replace(old.encode(), new.encode())
    return result


def registered(files: dict[str, bytes]) -> Register:
    register, found = read(files)
    assert not found
    return register


def hits(before: dict[str, bytes], after: dict[str, bytes]) -> list[Virkning]:
    """What the way from one register to another means, row by row."""
    found = compare(registered(before), registered(after), "før", "etter")
    assert found.endringer
    return list(found.virkninger)


# --- How strongly a system is bound ---------------------------------------------------------------

WEAK, STRONG = "bør", "skal"
IF = "{{plikt: {}, dersom: multidose}}".format
OTHERWISE = "{{plikt: {}, dersom: fjernvakt}}".format


@pytest.mark.parametrize(
    ("was", "will", "klasse"),
    [
        # weaker, and: less certain, as certain, more certain
        (STRONG, IF(WEAK), "lempet"),
        (STRONG, WEAK, "lempet"),
        (IF(STRONG), IF(WEAK), "lempet"),
        (IF(STRONG), WEAK, "endret_plikt"),
        # as strong, and: less certain, as certain, more certain
        (STRONG, IF(STRONG), "lempet"),
        (IF(STRONG), OTHERWISE(STRONG), "redaksjonell"),
        (IF(STRONG), STRONG, "skjerpet"),
        # stronger, and: less certain, as certain, more certain
        (WEAK, IF(STRONG), "endret_plikt"),
        (WEAK, STRONG, "skjerpet"),
        (IF(WEAK), IF(STRONG), "skjerpet"),
        (IF(WEAK), STRONG, "skjerpet"),
        # of three levels, the middle one is stronger than the last
        ("kan", "bør", "skjerpet"),
        ("bør", "kan", "lempet"),
    ],
)
def test_a_duty_is_weighed_by_its_level_and_its_certainty(was: str, will: str, klasse: str) -> None:
    """Nobody knows whether Fellesløsningen has a function, so a condition makes it uncertain."""
    before = with_edits((PLL, "rekvirent: skal", f"rekvirent: {was}"))
    after = with_edits((PLL, "rekvirent: skal", f"rekvirent: {will}"))
    assert {row.klasse for row in hits(before, after) if row.system == "felles"} == {klasse}


def test_a_system_that_lacks_the_function_is_not_bound_at_all() -> None:
    before, after = SHARED, with_edits((PLL, "rekvirent: skal", f"rekvirent: {IF('skal')}"))
    by_system = {row.system: row for row in hits(before, after)}
    assert by_system["alfa"].klasse == "redaksjonell"
    assert by_system["beta"].klasse == "bortfalt"
    assert by_system["felles"].fordi == "plikten gjelder nå bare den som har funksjonen"
    back = {row.system: row for row in hits(after, before)}
    assert back["beta"].klasse == "ny_plikt"
    assert back["felles"].fordi == "plikten avhenger ikke lenger av en funksjon"


# --- Who says what it means -----------------------------------------------------------------------

FOR_ALL = "  - {post: PLL-0001, felt: tekst, klasse: lempet, rolle: Fagråd, begrunnelse: Alle.}\n"
FOR_ONE = (
    "  - {post: PLL-0001, felt: tekst, klasse: skjerpet, rolle: Leverandøren, "
    "begrunnelse: Bare Alfa., system: alfa}\n"
)


@pytest.mark.parametrize("judgements", [FOR_ONE + FOR_ALL, FOR_ALL + FOR_ONE], ids=["one", "all"])
def test_a_judgement_for_one_system_goes_before_one_for_all(judgements: str) -> None:
    case = (CASES / "uavklart/after" / CASE).read_bytes()
    after = with_edits((PLL, "90 dager etter", "30 dager etter"))
    after[CASE] = case + b"avklaringer:\n" + judgements.encode()
    ground = "; regelen: «90» → «30» (tall)"  # what the machine said is kept beside it
    assert {(row.system, row.klasse, row.fordi) for row in hits(SHARED, after)} == {
        ("alfa", "skjerpet", f"avklart av Leverandøren: Bare Alfa{ground}"),
        ("beta", "lempet", f"avklart av Fagråd: Alle{ground}"),
        ("felles", "lempet", f"avklart av Fagråd: Alle{ground}"),
    }


def test_a_judgement_for_one_system_leaves_the_others_undecided() -> None:
    after = with_edits((PLL, "90 dager etter", "30 dager etter"))
    after[CASE] = (
        CASES / "uavklart/after" / CASE
    ).read_bytes() + f"avklaringer:\n{FOR_ONE}".encode()
    klasser = {row.system: row.klasse for row in hits(SHARED, after)}
    assert klasser == {"alfa": "skjerpet", "beta": "uavklart", "felles": "uavklart"}


# --- Nobody, and through whom ---------------------------------------------------------------------


def test_a_text_that_binds_nobody_is_for_information() -> None:
    before = with_edits((PLL, "rekvirent: skal", "plo: skal"))
    after = with_edits((PLL, "90 dager etter", "30 dager etter"), files=before)
    (row,) = hits(before, after)
    assert (row.system, row.klasse, row.hvordan) == (None, "informativ", "informasjon")
    assert row.fordi == "kravet binder ingen systemer"


NEW = {
    # Only Beta is in the group, so the shared solution is not bound and does nothing for it.
    "krav/pll/PLL-0003.yaml": ("PLL-0003", "plo"),
    # Beta's shared solution is for another area.
    "krav/ki/KI-0001.yaml": ("KI-0001", "rekvirent"),
}


THIRD, KI = NEW


@pytest.mark.parametrize(
    ("was", "will", "extra", "how", "reached"),
    [
        ("apotek", "rekvirent", (), "via-fellesløsning", ["PLL-0001", "PLL-0002"]),
        ("apotek", "apotek, plo", (THIRD,), "utvikling", ["PLL-0003"]),
        (
            "apotek",
            "apotek, plo, rekvirent",
            (THIRD,),
            "utvikling",
            ["PLL-0001", "PLL-0002", "PLL-0003"],
        ),
        ("apotek", "rekvirent", (KI,), "utvikling", ["KI-0001", "PLL-0001", "PLL-0002"]),
        (
            "plo",
            "rekvirent",
            (THIRD,),
            "via-fellesløsning",
            ["PLL-0001", "PLL-0002", "PLL-0003"],
        ),
        ("apotek", "", (), "informasjon", ["PLL-0002"]),
    ],
    ids=["through another", "by itself", "both", "another area", "one is gone", "all are gone"],
)
def test_a_changed_system_gets_each_requirement_in_its_own_way(
    was: str, will: str, extra: tuple[str, ...], how: str, reached: list[str]
) -> None:
    before = with_edits((BETA, "[rekvirent]", f"[{was}]"))
    for path in extra:
        ident, group = NEW[path]
        text = SHARED[PLL].decode().replace("PLL-0001", ident)
        before[path] = text.replace("rekvirent: skal", f"{group}: skal").encode()
    after = with_edits((BETA, f"[{was}]", f"[{will}]"), files=before)
    (row,) = hits(before, after)
    assert (row.post, row.system, row.hvordan) == ("systemer/beta", "beta", how)
    assert [via.split()[0] for via in row.via] == reached


# --- No field is silently without meaning ---------------------------------------------------------


def test_every_field_of_a_requirement_has_a_judge() -> None:
    assert set(JUDGES) == set(Record.model_fields) - {"id", "versjon"}


GROUP_FIELDS = [*sorted(set(Gruppe.model_fields) - {"id", "kilder"}), "et_nytt_felt"]


@pytest.mark.parametrize("field", GROUP_FIELDS)
def test_a_changed_field_of_a_group_is_never_silently_informative(field: str) -> None:
    register = registered(SHARED)
    rows = virkninger([Endring("grupper/rekvirent", field, "endret", "a", "b")], register, register)
    assert [(row.system, row.klasse, row.hvordan) for row in rows] == [
        ("alfa", "uavklart", "utvikling"),
        ("beta", "uavklart", "via-fellesløsning"),
        ("felles", "uavklart", "utvikling"),
    ]
    unused = virkninger([Endring("grupper/plo", field, "endret", "a", "b")], register, register)
    assert [(row.system, row.klasse) for row in unused] == [(None, "uavklart")]


JUDGED = {"id", "kilder", "navnerom", "avsendere", "mottakere"}  # the rest has no class of its own


@pytest.mark.parametrize("field", [*sorted(set(Melding.model_fields) - JUDGED), "et_nytt_felt"])
def test_a_changed_field_of_a_message_is_never_silently_informative(field: str) -> None:
    register = registered(SHARED)
    rows = virkninger([Endring("meldinger/M25.1", field, "endret", "a", "b")], register, register)
    assert {(row.system, row.klasse) for row in rows} == {
        (system, "uavklart") for system in ("alfa", "beta", "felles", "gamma")
    }


def test_the_fields_told_apart_are_those_of_the_record() -> None:
    """A field that is left out here could change without anybody being told."""
    record = registered(SHARED).poster["PLL-0001"]
    assert {name.partition(".")[0] for name in fields(record)} == record.model_fields_set - {
        "id",
        "versjon",
    }


# --- Against what it is measured ------------------------------------------------------------------


def test_a_check_is_against_where_the_branch_began_and_not_where_main_is(
    lager: Path, krav: Krav, git: Git
) -> None:
    git("checkout", "--quiet", "-b", "sak")
    git("checkout", "--quiet", "main")
    edit(lager, "tidspunkt og årsak når", "tidspunkt når", OTHER)
    edit(lager, "versjon: 1", "versjon: 2", OTHER)
    commit(git, "En annen sak")
    git("checkout", "--quiet", "sak")
    done = krav("sjekk", "--mot", "main")
    assert (done.returncode, done.stdout) == (0, "")
    edit(lager, "90 dager etter", "30 dager etter")
    a_case(lager)
    said = krav("sjekk", "--mot", "main").stdout
    assert "PLL-0001" in said
    assert "PLL-0002" not in said


def test_who_treats_a_case_is_read_where_it_began_and_not_in_the_case(
    lager: Path, krav: Krav, git: Git
) -> None:
    git("checkout", "--quiet", "-b", "sak")
    edit(lager, "90 dager etter", "30 dager etter")
    a_case(lager)
    (lager / "changes/organer/osg.yaml").unlink()
    friend = (lager / "changes/organer/endringsrad.yaml").read_text()
    friend = friend.replace("id: endringsrad", "id: venner").replace("Endringsrådet", "Vennerådet")
    (lager / "changes/organer/venner.yaml").write_text(friend)
    for where in ("on disk", "on a branch"):
        if where == "on a branch":
            commit(git)
            git("checkout", "--quiet", "main")
        done = krav("rapport", "2026-001", *PER)
        assert done.returncode == 0
        assert "OSG" in done.stdout
        assert "Endringsrådet" in done.stdout
        assert "Vennerådet" not in done.stdout


def test_a_case_on_disk_goes_before_the_same_case_on_a_branch(
    lager: Path, krav: Krav, git: Git
) -> None:
    git("checkout", "--quiet", "-b", "sak")
    edit(lager, "90 dager etter", "30 dager etter")
    a_case(lager)
    commit(git)
    assert "2026-001  Prøvesak" in krav("saker").stdout
    edit(lager, "tittel: Prøvesak", "tittel: Skrevet nå", CASE)
    said = krav("saker").stdout
    assert "2026-001  Skrevet nå" in said
    assert said.count("2026-001") == 1
    assert "Skrevet nå" in krav("rapport", "2026-001", *PER).stdout
    git("stash", "--quiet")
    git("checkout", "--quiet", "main")
    assert "2026-001  Prøvesak" in krav("saker").stdout


@pytest.mark.parametrize(
    ("path", "old", "new", "moved"),
    [
        (PLL, "tema: seponering", "begrunnelse: Derfor.\ntema: seponering", True),
        (OTHER, "tidspunkt og årsak når", "tidspunkt når", False),
    ],
    ids=["its record", "another record"],
)
def test_a_record_that_main_changed_since_the_case_began_is_told(
    path: str, old: str, new: str, moved: bool, lager: Path, krav: Krav, git: Git
) -> None:
    git("checkout", "--quiet", "-b", "sak")
    edit(lager, "90 dager etter", "30 dager etter")
    a_case(lager)
    commit(git)
    git("checkout", "--quiet", "main")
    assert "endret av andre" not in krav("rapport", "2026-001", *PER).stdout
    edit(lager, old, new, path)
    commit(git)
    for branch in ("main", "sak"):
        git("checkout", "--quiet", branch)
        paper = krav("rapport", "2026-001", *PER).stdout
        assert "Prøvesak" in paper
        assert ("PLL-0001</span> er endret av andre." in paper) == moved
        assert ("endret av andre" in paper) == moved


def test_a_renamed_record_is_seen_as_gone_and_as_new(lager: Path, krav: Krav, git: Git) -> None:
    renamed = "krav/pll/PLL-0003.yaml"
    git("checkout", "--quiet", "-b", "sak")
    (lager / PLL).rename(lager / renamed)
    edit(lager, "id: PLL-0001", "id: PLL-0003", renamed)
    edit(lager, "[PLL-0001]", "[PLL-0003]", OTHER)
    commit(git)
    changed = {PLL, renamed, OTHER}
    assert changed_paths(open_repo(lager), "main", "sak") == changed
    assert changed_paths(open_repo(lager), "main", None) == changed
    done = krav("sjekk", "--mot", "main")
    assert done.returncode == 1
    assert f"{PLL}:1: feil: PLL-0001 er slettet. [slettet-post]" in done.stdout
    said = krav("diff", "main").stdout
    assert "PLL-0001" in said
    assert "PLL-0003" in said


# --- Notice ---------------------------------------------------------------------------------------


def test_eight_days_of_notice_for_sfm_would_be_told_today() -> None:
    files = {f"krav/{path}": data for path, data in files_in(ROOT / "krav").items()}
    files |= {f"changes/{path}": data for path, data in files_in(ROOT / "changes").items()}
    register, told = registered(files), {}
    for case in vedtatte(register):
        before, after = around(register, case.navn)
        found = compare(before.without_case(case.navn), after, "før", "etter", sak=case.navn)
        told[case.navn] = [finding.melding for finding in run([kort_varsel_ny_plikt], found)]
    assert told["2026-019"] == [
        "EMD-0011 blir obligatorisk for sfm, med «mottak innen» 1. desember 2026; "
        "varslingstiden gir 18. februar 2027."
    ]
    assert not told["2026-018"]
