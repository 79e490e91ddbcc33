"""The edge to git, on real repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import CASES, Git, files_in
from kravverk.comparison import compare
from kravverk.file_rules import MAX_BYTES
from kravverk.register import read
from kravverk.store import (
    Stopped,
    branches,
    case_ids,
    merge_base,
    open_repo,
    pair,
    resolve,
    revision_files,
    sync,
    working_files,
    write,
)

PLL = "krav/pll/PLL-0001.yaml"


def edit(lager: Path, old: str, new: str, path: str = PLL) -> None:
    file = lager / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def commit(git: Git, message: str = "Endring") -> str:
    git("add", "--all")
    git("commit", "--quiet", f"--message={message}")
    return git("rev-parse", "HEAD").strip()


def fingerprint(lager: Path, fra: str, til: str | None) -> str:
    before, after = (read(files)[0] for files in pair(open_repo(lager), fra, til))
    found = compare(before, after, fra, til or "")
    assert found.endringer
    return found.fingeravtrykk


def test_the_working_tree_and_its_commit_are_the_same_files(lager: Path) -> None:
    repo = open_repo(lager)
    assert working_files(repo) == revision_files(repo, "HEAD") == files_in(CASES / "_register")


def test_a_pair_reads_only_what_the_difference_needs(lager: Path, git: Git) -> None:
    edit(lager, "90 dager", "30 dager")
    commit(git)
    before, after = pair(open_repo(lager), "HEAD~1", "HEAD")
    assert PLL in before
    assert "krav/systemer/alfa.yaml" in before
    assert "krav/pll/PLL-0002.yaml" not in before
    assert before.keys() == after.keys()


def test_a_changed_system_makes_a_pair_read_everything(lager: Path) -> None:
    edit(lager, "[apotek]", "[rekvirent]", "krav/systemer/gamma.yaml")
    before, after = pair(open_repo(lager), "HEAD", None)
    assert "krav/pll/PLL-0002.yaml" in before
    assert "krav/pll/PLL-0002.yaml" in after


def test_a_pair_sees_new_and_deleted_files_on_disk(lager: Path) -> None:
    (lager / PLL).unlink()
    shutil.copy(lager / "krav/pll/PLL-0002.yaml", lager / "krav/pll/PLL-0003.yaml")
    before, after = pair(open_repo(lager), "HEAD", None)
    assert PLL in before
    assert PLL not in after
    assert "krav/pll/PLL-0003.yaml" in after


def test_the_fingerprint_survives_reformatting_rebase_and_squash(lager: Path, git: Git) -> None:
    git("checkout", "--quiet", "-b", "sak")
    edit(lager, "90 dager etter", "30 dager etter")
    commit(git)
    edit(lager, "rekvirent: skal", "rekvirent: bør")
    commit(git)
    original = fingerprint(lager, "main", "sak")

    edit(
        lager,
        "beholde en seponert oppføring i listen\n  i",
        "beholde en\n  seponert oppføring i listen i",
    )
    edit(lager, "meldinger: [M25.1]", "meldinger:\n  - 'M25.1'")
    assert fingerprint(lager, "main", None) == original
    commit(git, "Formatering")

    git("checkout", "--quiet", "main")
    edit(lager, "versjon: 1", "versjon: 2", "krav/pll/PLL-0002.yaml")
    edit(lager, "tidspunkt og årsak når", "tidspunkt når", "krav/pll/PLL-0002.yaml")
    commit(git, "En annen sak")
    git("rebase", "--quiet", "main", "sak")
    assert fingerprint(lager, "main", "sak") == original

    git("checkout", "--quiet", "-b", "flat", "main")
    git("merge", "--quiet", "--squash", "sak")
    commit(git, "Samlet")
    assert fingerprint(lager, "main", "flat") == original

    edit(lager, "i listen i", "i hele listen i")
    assert fingerprint(lager, "main", None) != original


@pytest.mark.parametrize(
    "rev", ["finnes-ikke", "--help", "-n1", "", " ", "a\nb", "HEAD:krav", "\x00"]
)
def test_an_unknown_revision_is_one_sentence(lager: Path, rev: str) -> None:
    with pytest.raises(Stopped, match="Fant ikke revisjonen"):
        resolve(open_repo(lager), rev)


def test_a_folder_that_is_no_repository_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="ikke et git-lager"):
        open_repo(tmp_path)


def test_a_repository_without_records_is_one_sentence(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    with pytest.raises(Stopped, match="ingen mappe `krav/`"):
        open_repo(tmp_path)


def test_a_shallow_clone_says_how_to_fetch_the_rest(lager: Path, git: Git, tmp_path: Path) -> None:
    for number in range(3):
        edit(lager, "Systemet", f"Systemet{number}")
        commit(git)
    git("branch", "gammel", "HEAD~2")
    clone = tmp_path / "grunn"
    for args in (["clone", "--quiet", "--depth=1", "--no-single-branch", lager.as_uri(), clone],):
        subprocess.run(["git", *map(str, args)], check=True, capture_output=True)
    with pytest.raises(Stopped, match="--unshallow"):
        merge_base(open_repo(clone), "origin/main", "origin/gammel")
    assert working_files(open_repo(clone))


def test_branches_with_nothing_in_common(lager: Path, git: Git) -> None:
    git("checkout", "--quiet", "--orphan", "sider")
    commit(git)
    with pytest.raises(Stopped, match="ingen felles historie"):
        merge_base(open_repo(lager), "main", "sider")


def test_links_are_never_followed(lager: Path, git: Git, tmp_path: Path) -> None:
    secret = tmp_path / "hemmelig.yaml"
    secret.write_text("hemmelig\n")
    (lager / "krav/pll/PLL-0009.yaml").symlink_to(secret)
    (lager / "krav/lenke").symlink_to(tmp_path)
    commit(git)
    repo = open_repo(lager)
    for files in (working_files(repo), revision_files(repo, "HEAD")):
        assert b"hemmelig\n" not in files.values()
        assert files["krav/pll/PLL-0009.yaml"] == os.fsencode(secret)
        assert files["krav/lenke"] == os.fsencode(tmp_path)


def test_no_file_is_read_further_than_needed(lager: Path, git: Git) -> None:
    (lager / PLL).write_bytes(b"x" * (MAX_BYTES * 3))
    commit(git)
    repo = open_repo(lager)
    assert len(working_files(repo)[PLL]) == MAX_BYTES + 1
    assert len(revision_files(repo, "HEAD")[PLL]) == MAX_BYTES + 1
    assert len(revision_files(repo, "HEAD")) == len(working_files(repo))


def test_a_revision_is_what_git_holds_whatever_lies_on_disk(tmp_path: Path, git: Git) -> None:
    """A file is read on disk only where git would give its content the same name."""
    folder = tmp_path / "lager/krav/pll"
    folder.mkdir(parents=True)
    held = {name: f"{name}\n".encode() for name in ("endret", "lik", "mappe", "slettet", "vindu")}
    for name, content in held.items():
        (folder / name).write_bytes(content)
    git("init", "--quiet")
    commit(git)
    (folder / "endret").write_bytes(b"noe annet\n")
    (folder / "vindu").write_bytes(b"vindu\r\n")
    (folder / "slettet").unlink()
    (folder / "mappe").unlink()
    (folder / "mappe").mkdir()
    found = revision_files(open_repo(tmp_path / "lager"), "HEAD")
    assert found == {f"krav/pll/{name}": content for name, content in held.items()}


def test_names_with_odd_characters_are_read(lager: Path, git: Git) -> None:
    odd = "krav/pll/æ «ny»\tlinje.yaml"
    (lager / odd).write_text("x: y\n")
    commit(git)
    assert odd in revision_files(open_repo(lager), "HEAD")


def test_branches_and_case_ids_over_all_of_them(lager: Path, git: Git, tmp_path: Path) -> None:
    for number in (1, 7):
        git("checkout", "--quiet", "-b", f"sak-{number}", "main")
        (lager / f"changes/2026-00{number}").mkdir(parents=True)
        (lager / f"changes/2026-00{number}/endring.yaml").write_text("id: x\n")
        commit(git)
    git("checkout", "--quiet", "main")
    repo = open_repo(lager)
    assert [branch.navn for branch in branches(repo)] == ["main", "sak-1", "sak-7"]
    assert case_ids(repo) == {"2026-001", "2026-007"}
    clone = tmp_path / "klone"
    subprocess.run(["git", "clone", "--quiet", lager, clone], check=True)
    remote = branches(open_repo(clone))
    assert [branch.navn for branch in remote] == ["main", "origin/sak-1", "origin/sak-7"]
    assert case_ids(open_repo(clone)) == {"2026-001", "2026-007"}


def test_writing_is_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "ny" / "fil.txt"
    assert write(file, b"en")
    assert not write(file, b"en")
    assert write(file, b"to")
    assert [path.name for path in file.parent.iterdir()] == ["fil.txt"]
    (tmp_path / "sperre").write_text("")
    with pytest.raises(Stopped, match="Kunne ikke skrive"):
        write(tmp_path / "sperre" / "fil.txt", b"x")


def test_a_folder_is_made_to_hold_exactly_the_files(tmp_path: Path) -> None:
    assert sync(tmp_path, [("a/b.txt", b"1"), ("c.txt", b"2")]) == (2, 0)
    assert sync(tmp_path, [("a/b.txt", b"1"), ("d.txt", b"3")]) == (1, 1)
    assert files_in(tmp_path) == {"a/b.txt": b"1", "d.txt": b"3"}
    assert sync(tmp_path, [("d.txt", b"3")]) == (0, 1)
    assert not (tmp_path / "a").exists()
