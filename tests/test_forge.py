"""What the forge's workflows run beside the tool: one-click suggestions, and the form."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from conftest import ROOT, Git, Krav
from test_saksgang import merge, recommend, release_and_freeze
from test_store import PLL, commit, edit


def suggestions(git: Git, folder: Path) -> list[dict[str, object]]:
    """What is suggested for the branch as it is committed, once `krav rydd` has been run."""
    for name, shown in (("forslag", ("main", "HEAD")), ("rydd", ("--unified=0", "HEAD"))):
        (folder / name).write_text(git("diff", *shown, "--", "krav", "changes"))
    done = subprocess.run(
        [sys.executable, ROOT / ".github/forslag.py", folder / "forslag", folder / "rydd"],
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[dict[str, object]] = json.loads(done.stdout)["comments"]
    return found


def test_a_mend_on_the_proposals_own_lines_is_suggested(
    lager: Path, git: Git, krav: Krav, tmp_path: Path
) -> None:
    git("checkout", "--quiet", "-b", "forslag")
    edit(lager, "90 dager etter", "30 dager etter")
    edit(lager, "status: gjeldende", "status: gjeldende   ", PLL.replace("1", "2"))
    commit(git)
    assert krav("rydd").returncode == 0
    (one,) = suggestions(git, tmp_path)
    assert one["path"] == PLL.replace("1", "2")
    assert one["side"] == "RIGHT"
    assert one["line"] == 3
    assert str(one["body"]).endswith("```suggestion\nstatus: gjeldende\n```")


def test_a_missing_version_is_suggested(lager: Path, git: Git, krav: Krav, tmp_path: Path) -> None:
    git("checkout", "--quiet", "-b", "forslag")
    edit(lager, "tittel: Seponert", "tittel: Seponerte")
    commit(git)
    assert krav("rydd", "--mot", "main").returncode == 0
    (one,) = suggestions(git, tmp_path)
    assert str(one["body"]).endswith("```suggestion\nversjon: 4\n```")


def test_a_mend_elsewhere_is_not_suggested(
    lager: Path, git: Git, krav: Krav, tmp_path: Path
) -> None:
    edit(lager, "status: gjeldende", "status: gjeldende   ", PLL.replace("1", "2"))
    commit(git)
    git("checkout", "--quiet", "-b", "forslag")
    edit(lager, "90 dager etter", "30 dager etter")
    commit(git)
    assert krav("rydd").returncode == 0
    assert suggestions(git, tmp_path) == []  # the line is none of the proposal's


def test_half_of_a_move_is_not_suggested(lager: Path, git: Git, krav: Krav, tmp_path: Path) -> None:
    git("checkout", "--quiet", "-b", "forslag")
    edit(lager, "kilder: [", "begrunnelse: Ny grunn.\nkilder: [", PLL.replace("1", "2"))
    commit(git)
    assert krav("rydd").returncode == 0
    assert "\n-avhenger_av" in git("diff")
    assert suggestions(git, tmp_path) == []


def test_the_form_knows_every_outcome() -> None:
    form = yaml.safe_load((ROOT / ".github/workflows/behandle.yml").read_text())
    told = form[True]["workflow_dispatch"]["inputs"]["utfall"]["options"]  # `on:` is read as true
    known = subprocess.run(
        [sys.executable, "-m", "kravverk", "behandle", "2026-001", "--utfall", "x"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    ).stderr
    assert all(f" {utfall}" in known for utfall in told), known
    assert len(told) == len(known.split("velg blant ")[1].split(".")[0].split(", "))


WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_can_be_read_and_gives_a_shell_nothing_that_was_filled_in(path: Path) -> None:
    jobs = yaml.safe_load(path.read_text())["jobs"]
    scripts = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    assert scripts
    for script in scripts:
        assert "${{" not in script
        done = subprocess.run(
            ["bash", "-n"], input=script, capture_output=True, text=True, check=False
        )
        assert done.stderr == ""


@pytest.mark.parametrize("name", ["frys", "behandle", "gjenoppta", "saksliste"])
def test_a_form_runs_its_own_command_and_is_told_of_in_the_docs(name: str) -> None:
    form = yaml.safe_load((ROOT / f".github/workflows/{name}.yml").read_text())
    steps = form["jobs"][name]["steps"]
    assert f"krav {name}" in [step.get("name") for step in steps]
    told = " ".join((ROOT / "docs/nb/sekretariat.md").read_text().split())
    assert f"**{form['name']}**" in told


def test_the_form_takes_up_a_deferred_case_on_a_branch_of_its_own(
    lager: Path, git: Git, krav: Krav, tmp_path: Path
) -> None:
    release_and_freeze(lager, git, krav)
    why = ("--begrunnelse", "Avventer.", "--utsatt-til", "2027-02-01")
    recommend(krav, "2026-001", "utsatt", *why)
    merge(git)
    form = yaml.safe_load((ROOT / ".github/workflows/gjenoppta.yml").read_text())
    run = next(s for s in form["jobs"]["gjenoppta"]["steps"] if s.get("name") == "krav gjenoppta")
    (tmp_path / "verktoy/.venv/bin").mkdir(parents=True)
    (tmp_path / "verktoy/.venv/bin/krav").symlink_to(Path(sys.executable).parent / "krav")
    env = {**os.environ, "SAK": "2026-001", "RUNNER_TEMP": str(tmp_path)}
    env["GITHUB_STEP_SUMMARY"] = str(tmp_path / "sammendrag.md")
    subprocess.run(["bash", "-e", "-c", run["run"]], cwd=lager, env=env, check=True)
    assert "30 dager etter" in (lager / PLL).read_text()
    assert "### Gjort" in (tmp_path / "sammendrag.md").read_text()


def test_the_form_makes_the_papers_of_a_meeting(
    lager: Path, git: Git, krav: Krav, tmp_path: Path
) -> None:
    release_and_freeze(lager, git, krav)
    (lager / ".venv/bin").mkdir(parents=True)
    (lager / ".venv/bin/krav").symlink_to(Path(sys.executable).parent / "krav")
    form = yaml.safe_load((ROOT / ".github/workflows/saksliste.yml").read_text())
    steps = {s.get("name"): s.get("run") for s in form["jobs"]["saksliste"]["steps"]}
    env = {**os.environ, "ORGAN": "osg", "DATO": "2026-12-05", "RUNNER_TEMP": str(tmp_path)}
    env["GITHUB_STEP_SUMMARY"] = str(tmp_path / "sammendrag.md")
    for name in ("Se over organ og dato", "krav saksliste"):
        subprocess.run(["bash", "-e", "-c", steps[name]], cwd=lager, env=env, check=True)
    made = {path.name: path.read_bytes() for path in (tmp_path / "papirer").iterdir()}
    assert b"2026-001" in made["osg-2026-12-05.html"]
    assert made["osg-2026-12-05.pdf"].startswith(b"%PDF")
    assert "krav behandle 2026-001" in made["osg-2026-12-05-behandlinger.txt"].decode()
    env["DATO"] = "5. desember"
    refused = ["bash", "-e", "-c", steps["Se over organ og dato"]]
    assert subprocess.run(refused, cwd=lager, env=env, check=False).returncode == 1
