"""Every command as its users run it: what it prints, and its exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from conftest import CASES, ROOT, Git, Krav, unbroken
from kravverk.__main__ import krav as group
from kravverk.findings import rule_name
from kravverk.rules import STAGES
from kravverk.terminal import ORDER
from test_store import PLL, commit, edit

RULES = [rule for stage in STAGES.values() for rule in stage]


def schema(name: str) -> dict[str, object]:
    loaded: dict[str, object] = json.loads((ROOT / f"docs/skjema/{name}.json").read_text())
    return loaded


def a_case(lager: Path, ident: str = "2026-001") -> None:
    """A filled-in case on disk."""
    folder = lager / "changes" / ident
    folder.mkdir(parents=True)
    text = (CASES / "uavklart/after/changes/2026-001/endring.yaml").read_text()
    (folder / "endring.yaml").write_text(text.replace("2026-001", ident))


def test_check_of_a_register_without_fault(krav: Krav) -> None:
    done = krav("sjekk")
    assert (done.returncode, done.stdout) == (0, "")
    assert "13 poster sjekket: 0 feil, 0 råd." in done.stderr
    assert "Ingen utgivelse finnes ennå" in done.stderr


def test_check_says_what_changed_and_exits_by_severity(lager: Path, krav: Krav, git: Git) -> None:
    git("checkout", "--quiet", "-b", "sak")
    edit(lager, "90 dager etter", "30 dager etter")
    done = krav("sjekk", "--mot", "main")
    assert done.returncode == 1
    assert "[endring-uten-sak]" in done.stdout
    a_case(lager)
    done = krav("sjekk", "--mot", "main")
    assert done.returncode == 0
    assert "[uavklart]" in done.stdout
    assert "[versjon-ikke-okt]" in done.stdout


def test_check_in_the_forms_of_machines(lager: Path, krav: Krav) -> None:
    edit(lager, "tema: seponering", "tema: ukjent, 100 %")
    found = json.loads(krav("sjekk", "--format", "json").stdout)
    jsonschema.validate(found, schema("funn"))
    assert [finding["regel"] for finding in found["funn"]] == ["ukjent-referanse"]
    line = krav("sjekk", "--format", "github").stdout
    assert line.startswith("::error file=krav/pll/PLL-0001.yaml,line=13,title=ukjent-referanse::")
    assert "100 %25" in line


def test_diff_is_the_same_facts_in_every_format(lager: Path, krav: Krav, git: Git) -> None:
    edit(lager, "rekvirent: skal", "rekvirent: bør")
    edit(lager, "2027-01-01", "2026-10-01")
    commit(git)
    done = krav("diff", "HEAD~1", "HEAD", "--format", "json")
    assert done.returncode == 0
    facts = json.loads(done.stdout)
    jsonschema.validate(facts, schema("endringer"))
    assert [(e["post"], e["felt"], e["gammel"], e["ny"]) for e in facts["endringer"]] == [
        ("PLL-0001", "gjelder.rekvirent", "skal", "bør"),
        ("PLL-0001", "frister.oppfylles_innen", "2027-01-01", "2026-10-01"),
    ]
    assert {
        (v["felt"], v["system"], v["klasse"], v["hvordan"], *v["via"]) for v in facts["virkninger"]
    } == {
        ("gjelder.rekvirent", system, "lempet", "informasjon", "rekvirent: bør")
        for system in ("alfa", "beta", "felles")
    } | {
        ("frister.oppfylles_innen", "alfa", "skjerpet", "utvikling", "rekvirent: bør"),
        ("frister.oppfylles_innen", "beta", "skjerpet", "via-fellesløsning", "rekvirent: bør"),
        ("frister.oppfylles_innen", "felles", "skjerpet", "utvikling", "rekvirent: bør"),
    }
    for form in ("tekst", "md"):
        text = krav("diff", "HEAD~1", "HEAD", "--format", form).stdout
        assert "2 endringer" in text
        assert facts["fingeravtrykk"] in text


def test_diff_of_nothing_is_a_sentence(krav: Krav) -> None:
    done = krav("diff", "main")
    assert done.returncode == 0
    assert done.stdout.startswith("Ingen endringer fra main til arbeidskatalogen.\n")


def test_diff_beside_an_unknown_group_points_to_the_check(lager: Path, krav: Krav) -> None:
    edit(lager, "  rekvirent: skal", "  rekvirenter: skal")
    done = krav("diff", "main")
    assert done.returncode == 0
    assert "`rekvirenter` finnes ikke" in done.stderr
    assert "`krav sjekk` viser hvor" in done.stderr


def test_diff_of_an_unreadable_record_is_a_finding_and_no_deletion(lager: Path, krav: Krav) -> None:
    (lager / PLL).write_text("")
    done = krav("diff", "main")
    assert done.returncode == 1
    assert "[tom-fil]" in done.stderr
    assert "slettet" not in done.stdout


def test_show_a_requirement_and_a_system(krav: Krav) -> None:
    for written in ("PLL-0001", "pll 1", "pll-0001"):
        done = krav("vis", written)
        assert done.returncode == 0
        assert "PLL-0001 v3" in done.stdout
        assert "beta                   skal · felles · rekvirent: skal" in done.stdout
        assert "Registeret" in done.stdout  # the commit
        assert "\n\n\n" not in done.stdout
    assert "2 krav binder systemet" in krav("vis", "alfa").stdout
    unknown = krav("vis", "PLL-0003")
    assert unknown.returncode == 2
    assert "med id «PLL-0003»" in unknown.stderr
    assert "beta" in krav("vis", "Beta").stdout


def test_new_cases_take_the_next_free_id_over_all_branches(
    lager: Path, krav: Krav, git: Git
) -> None:
    git("checkout", "--quiet", "-b", "annen")
    a_case(lager, "2026-004")
    commit(git)
    git("checkout", "--quiet", "main")
    done = krav("ny-sak", "Kortere frist: #1", "--per", "2026-11-23")
    assert (done.returncode, done.stdout) == (0, "changes/2026-005/endring.yaml\n")
    said = krav("sjekk").stdout
    assert "`forslagsstiller` er tomt" in said
    assert "`kort_fortalt` er tomt" in said
    assert "tittel: 'Kortere frist: #1'" in (lager / "changes/2026-005/endring.yaml").read_text()
    assert krav("ny-sak", "Neste år", "--per", "2027-01-01").stdout.startswith("changes/2027-001/")
    assert krav("ny-sak", " ").returncode == 2


def test_cases_on_all_branches_with_their_step_and_overlap(
    lager: Path, krav: Krav, git: Git
) -> None:
    assert krav("saker").stdout == "Ingen saker på hovedgrenen eller på åpne grener.\n"
    for ident, days in (("2026-001", "30"), ("2026-002", "60")):
        git("checkout", "--quiet", "-b", f"sak-{ident}", "main")
        edit(lager, "90 dager etter", f"{days} dager etter")
        a_case(lager, ident)
        commit(git)
    git("checkout", "--quiet", "main")
    said = krav("saker").stdout
    assert "2026-001  Prøvesak\n  utkast · venter på Kravforvalter for PLL · sak-2026-001" in said
    assert "Overlapper med 2026-002: PLL-0001" in said


def test_the_report_is_one_file_and_the_same_bytes_each_time(
    lager: Path, krav: Krav, git: Git, tmp_path: Path
) -> None:
    git("checkout", "--quiet", "-b", "sak")
    edit(lager, "90 dager etter", "30 dager etter")
    a_case(lager)
    commit(git)
    git("checkout", "--quiet", "main")
    papers = []
    for name in ("en.html", "to.html"):
        done = krav("rapport", "2026-001", "--per", "2026-12-01", "--til", str(tmp_path / name))
        assert done.returncode == 0
        papers.append((tmp_path / name).read_bytes())
    assert papers[0] == papers[1]
    html = papers[0].decode()
    assert "Forslag til vedtak" in html
    assert "<script" not in html
    assert " src=" not in html
    assert "url(" not in html
    assert str(tmp_path) not in html
    unknown = krav("rapport", "2026-009")
    assert unknown.returncode == 2
    assert "Velg blant 2026-001" in unknown.stderr


def test_the_site_is_not_written_when_a_record_has_a_fault(lager: Path, krav: Krav) -> None:
    edit(lager, "tema: seponering", "tema: ukjent")
    done = krav("nettsted")
    assert done.returncode == 1
    assert "[ukjent-referanse]" in done.stdout
    assert not (lager / "build").exists()


@pytest.mark.parametrize("rule", RULES, ids=rule_name)
def test_every_rule_has_a_page(rule: object) -> None:
    name = rule_name(rule)  # type: ignore[arg-type]
    done = subprocess.run(
        [sys.executable, "-m", "kravverk", "forklar", name],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(f"{name} (")
    assert "Slik retter du:" in done.stdout or f"{name} (klasse)" in done.stdout


def test_the_list_of_rules_names_every_rule_once() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kravverk", "forklar"], capture_output=True, text=True, check=True
    )
    names = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")]
    assert names == [rule_name(rule) for rule in RULES]
    assert len(set(names)) == len(names)


def test_the_committed_schemas_are_those_of_the_code(tmp_path: Path, krav: Krav) -> None:
    assert krav("skjema", "--til", str(tmp_path)).returncode == 0
    made = {path.name: path.read_text() for path in tmp_path.glob("*.json")}
    stored = {path.name: path.read_text() for path in (ROOT / "docs/skjema").glob("*.json")}
    assert made == stored, "run `make update`"
    for text in made.values():
        jsonschema.Draft202012Validator.check_schema(json.loads(text))
    assert "krav\n" in krav("skjema").stdout
    assert krav("skjema", "finnes-ikke").returncode == 2


@pytest.mark.parametrize("name", list(group.commands))
def test_every_command_has_help_with_an_example_in_norwegian(name: str, krav: Krav) -> None:
    done = krav(name, "--help")
    assert done.returncode == 0
    assert f"Eksempel:\n    krav {name}" in done.stdout
    for english in ("Usage", "Options", "Show this", "default", "required"):
        assert english not in done.stdout


def test_krav_alone_lists_the_commands_in_the_order_of_the_work(krav: Krav) -> None:
    done = krav()
    assert "[VALG] KOMMANDO …\n" in done.stdout
    listed = [line.split()[0] for line in done.stdout.split("Kommandoer:\n")[1].splitlines()]
    assert (done.returncode, listed) == (0, list(ORDER))
    assert set(listed) == set(group.commands)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["diff"], "FRA mangler."),
        (["diff", "finnes-ikke"], "Fant ikke revisjonen «finnes-ikke»."),
        (["sjekk", "--mot", "--help-me"], "Fant ikke revisjonen «--help-me»."),
        (["sjek"], "Mente du `krav sjekk`?"),
        (["sjekk", "--ukjent"], "Valget --ukjent finnes ikke."),
        (["sjekk", "en", "to"], "flere ord enn kommandoen tar"),
        (["saker", "--per", "2026-02-30"], "ÅÅÅÅ-MM-DD"),
        (["diff", "main", "--format", "pdf"], "tekst, md, json"),
        (["forklar", "ukjent-feltt"], "Mente du `ukjent-felt`?"),
    ],
)
def test_usage_errors_are_one_sentence_and_exit_2(args: list[str], said: str, krav: Krav) -> None:
    done = krav(*args)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["sjekk", "diff main", "saker", "vis PLL-0001", "nettsted"])
def test_outside_a_repository_every_command_says_so(name: str, krav: Krav, tmp_path: Path) -> None:
    done = krav(*name.split(), cwd=tmp_path)
    assert done.returncode == 2
    assert "ikke et git-lager" in done.stderr


def test_an_empty_register_is_said(lager: Path, krav: Krav) -> None:
    for path in (lager / "krav").rglob("*.yaml"):
        path.unlink()
    done = krav("sjekk")
    assert done.returncode == 0
    assert "Registeret er tomt" in done.stderr


def test_a_repository_without_a_first_commit(tmp_path: Path, krav: Krav) -> None:
    fresh = tmp_path / "fersk"
    (fresh / "krav").mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet", fresh], check=True)
    assert krav("sjekk", cwd=fresh).returncode == 0
    for args in (["diff", "main"], ["saker"], ["sjekk", "--mot", "main"]):
        done = krav(*args, cwd=fresh)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("target", ["--til /dev/full", "> /dev/full"])
def test_a_full_disk_is_one_sentence(target: str, lager: Path) -> None:
    command = f"{sys.executable} -m kravverk diff main {target}"
    done = subprocess.run(
        ["sh", "-c", command], cwd=lager, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "Kunne ikke" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_a_disk_that_fills_up_leaves_the_old_file_whole(lager: Path, tmp_path: Path) -> None:
    kept = tmp_path / "ut.json"
    kept.write_text("gammelt")
    command = f"ulimit -f 0; {sys.executable} -m kravverk diff main --til {kept}"
    done = subprocess.run(
        ["sh", "-c", command], cwd=lager, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "ingenting er endret i filen" in done.stderr
    assert kept.read_text() == "gammelt"
    assert [path.name for path in tmp_path.glob(".krav-*")] == []


def test_a_closed_pipe_is_no_error(lager: Path) -> None:
    command = f"{sys.executable} -m kravverk vis PLL-0001 | head -1"
    done = subprocess.run(
        ["sh", "-c", command], cwd=lager, capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("PLL-0001")
    assert done.stderr == ""


def test_what_cannot_be_read_is_told_and_never_left_out_of_a_paper(
    lager: Path, krav: Krav, git: Git, tmp_path: Path
) -> None:
    git("checkout", "--quiet", "-b", "sak")
    edit(lager, "90 dager etter", "30 dager etter")
    edit(lager, "tema: seponering", "tma: seponering", "krav/pll/PLL-0002.yaml")
    a_case(lager)
    paper = tmp_path / "r.html"
    for where in ("on disk", "on a branch"):
        if where == "on a branch":
            commit(git)
            git("checkout", "--quiet", "main")
        done = krav("rapport", "2026-001", "--til", str(paper))
        assert done.returncode == 1
        assert "[ukjent-felt]" in done.stderr
        assert not paper.exists()
        listed = krav("saker")
        assert listed.returncode == 1
        assert "PLL-0002.yaml" in listed.stderr
    git("checkout", "--quiet", "sak")
    edit(lager, "tittel: Prøvesak", "titel: Prøvesak", "changes/2026-001/endring.yaml")
    done = krav("rapport", "2026-001", "--til", str(paper))
    assert done.returncode == 1
    assert "mente du `tittel`" in done.stderr


def test_a_difference_from_a_main_that_has_moved_says_so(lager: Path, krav: Krav, git: Git) -> None:
    git("checkout", "--quiet", "-b", "sak")
    edit(lager, "90 dager etter", "30 dager etter")
    commit(git)
    assert "Merk" not in krav("diff", "main").stderr
    git("checkout", "--quiet", "main")
    edit(lager, "tidspunkt og årsak", "tidspunkt", "krav/pll/PLL-0002.yaml")
    commit(git)
    git("checkout", "--quiet", "sak")
    said = krav("diff", "main")
    assert "PLL-0002" in said.stdout
    assert "main har endret seg siden grenen ble laget" in said.stderr


def test_the_step_says_what_is_left_to_do(lager: Path, krav: Krav, git: Git) -> None:
    git("checkout", "--quiet", "-b", "sak")
    edit(lager, "90 dager etter", "30 dager etter")
    a_case(lager)
    said = krav("saker", "--per", "2026-12-01").stdout
    assert "Før saken kan fryses: én endring er uavklart." in said
    case = lager / "changes/2026-001/endring.yaml"
    case.write_text(case.read_text() + "innspill: {til: 2026-11-30}\n")
    assert (
        "vurdering · venter på Kravforvalter for PLL" in krav("saker", "--per", "2026-12-01").stdout
    )
    assert "innspill · venter på leverandørene" in krav("saker", "--per", "2026-11-30").stdout


def test_a_successor_is_shown_against_what_it_replaces(lager: Path, krav: Krav, git: Git) -> None:
    git("checkout", "--quiet", "-b", "sak")
    old = (lager / PLL).read_text()
    new = old.replace("PLL-0001", "PLL-0003").replace("versjon: 3", "versjon: 1")
    (lager / "krav/pll/PLL-0003.yaml").write_text(new.replace("90 dager etter", "30 dager etter"))
    edit(lager, "status: gjeldende", "status: utgått\nerstattet_av: [PLL-0003]")
    a_case(lager)
    for text in (
        krav("rapport", "2026-001").stdout,
        krav("diff", "main").stdout,
        krav("diff", "main", "--format", "md").stdout,
    ):
        assert "Overtar for PLL-0001" in unbroken(text)
    assert "\n> gjeldende → utgått\n" in krav("diff", "main", "--format", "md").stdout
