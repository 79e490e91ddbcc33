"""What the forge's workflows run beside the tool: one-click suggestions, and the form."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import yaml

from conftest import ROOT, Git, Krav
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
