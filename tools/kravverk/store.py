"""The edge to git and to the disk: revisions and the working tree in, files out.

Nothing here runs a shell, takes a revision for an option, or follows a symbolic link.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha1
from pathlib import Path
from secrets import token_hex

import git
from git.exc import GitCommandError, GitCommandNotFound, InvalidGitRepositoryError, NoSuchPathError

from kravverk.file_rules import MAX_BYTES
from kravverk.findings import shown
from kravverk.models import KINDS
from kravverk.register import Files, fil_of

ROOTS = ("krav", "changes")
MARK = ".kravverk"  # in a folder whose files are ours to replace
MAIN = ("main", "origin/main", "master", "origin/master")


class Stopped(Exception):
    """A command cannot go on: one sentence and the way out; exit code 2."""

    def __init__(self, melding: str, utvei: str) -> None:
        super().__init__(f"{melding}\n    → {utvei}")


class UnknownRevision(Stopped):
    """No commit has that name; git itself is well."""


@dataclass(frozen=True)
class Branch:
    """A branch and the commit it points to."""

    navn: str
    sha: str


@dataclass(frozen=True)
class Commit:
    """One change of a file in git's history; git's date, which proves nothing."""

    sha: str
    dato: str
    melding: str


def open_repo(folder: Path) -> git.Repo:
    """The repository around a folder. Stopped when there is none, or no git."""
    try:
        repo = git.Repo(folder, search_parent_directories=True)
    except GitCommandNotFound:
        raise Stopped("Fant ikke programmet git.", "Installer git, og prøv igjen.") from None
    except (InvalidGitRepositoryError, NoSuchPathError):
        raise Stopped(
            "Mappen du står i, er ikke et git-lager.",
            "Gå til mappen der registeret ligger (`cd`), eller hent det med `git clone`.",
        ) from None
    if repo.bare or not (Path(repo.working_dir) / "krav").is_dir():
        raise Stopped(
            "Git-lageret har ingen mappe `krav/`.",
            "Gå til lageret der registeret ligger.",
        )
    return repo


@contextmanager
def git_errors(action: str, unless_silent: bool = False) -> Iterator[None]:
    """Turn whatever git says into one sentence; where it says nothing, leave it if asked to."""
    try:
        yield
    except GitCommandNotFound:
        raise Stopped("Fant ikke programmet git.", "Installer git, og prøv igjen.") from None
    except GitCommandError as error:
        said = str(error.stderr).strip().removeprefix("stderr: ").strip("'\n ")
        if not said and unless_silent:
            raise
        if "dubious ownership" in said:
            raise Stopped(
                "Mappen eies av en annen bruker, så git vil ikke lese den.",
                "Stoler du på den, så skriv `git config --global --add safe.directory <mappe>`.",
            ) from None
        reason = next(filter(None, reversed(said.splitlines())), "ukjent årsak")
        raise Stopped(
            f"Git kunne ikke {action}: {shown(reason)}.", "Rett årsaken, og prøv igjen."
        ) from None


def resolve(repo: git.Repo, rev: str) -> str:
    """The commit that a revision names. Stopped when there is none; never read as an option."""
    return _commit(repo, rev) if re.fullmatch("[0-9a-f]{40}", rev) else _named(repo, rev)


def _named(repo: git.Repo, rev: str) -> str:
    try:
        if rev.startswith("-") or not rev.strip() or not rev.isprintable():
            raise ValueError
        with git_errors("slå opp revisjonen", unless_silent=True):
            return str(
                repo.git.rev_parse("--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
            )
    except (GitCommandError, ValueError):
        way_out = (
            "Skriv navnet på en gren, en merkelapp eller en commit; `git branch -a` viser grenene."
        )
        if is_shallow(repo):
            way_out += " Klonen er grunn; `git fetch --unshallow` henter resten."
        raise UnknownRevision(f"Fant ikke revisjonen «{shown(rev, 80)}».", way_out) from None


_commit = lru_cache(maxsize=1024)(_named)  # a name may move; a commit's own is asked of git once


def is_shallow(repo: git.Repo) -> bool:
    """Whether the clone holds only the newest commits."""
    return (Path(repo.common_dir) / "shallow").exists()


def main_branch(repo: git.Repo) -> str:
    """The name of the main branch, or of the server's where the local one only lags behind it.

    Stopped when none of the usual names exists.
    """
    for name in MAIN:
        with suppress(UnknownRevision):
            here, there = resolve(repo, name), f"origin/{name}"
            with suppress(UnknownRevision):
                theirs = resolve(repo, there)
                behind = repo.is_ancestor(repo.commit(here), repo.commit(theirs))
                return there if behind and here != theirs else name
            return name
    raise Stopped(
        "Fant ingen hovedgren (main).",
        "Hent den med `git fetch origin main`, eller lag grenen `main`.",
    )


def merge_base(repo: git.Repo, one: str, other: str = "HEAD") -> str:
    """The newest commit that two revisions share. Stopped in a clone too shallow to hold it."""
    first, second = resolve(repo, one), resolve(repo, other)
    with git_errors("finne felles utgangspunkt"):
        found = repo.merge_base(first, second)
    if not found or found[0] is None:
        raise Stopped(
            f"Fant ikke noe felles utgangspunkt for «{one}» og «{other}».",
            "Klonen er grunn; hent resten med `git fetch --unshallow`."
            if is_shallow(repo)
            else "Grenene har ingen felles historie; velg en annen revisjon.",
        )
    return found[0].hexsha


def working_files(repo: git.Repo, only: Iterable[str] | None = None) -> Files:
    """The files under `krav/` and `changes/` as they are on disk; `only` limits to some paths."""
    root = Path(repo.working_dir)
    if only is not None:
        return {path: _content(root / path) for path in only if _is_file(root / path)}
    return {path: _content(root / path) for top in ROOTS for path in _walk(root, top)}


def _walk(root: Path, top: str) -> Iterator[str]:
    """The files under a folder, each by its path from the root."""
    for where, folders, names in os.walk(root / top):
        inside = Path(where).relative_to(root).as_posix()
        links = [name for name in folders if os.path.islink(os.path.join(where, name))]
        for name in (*names, *links):
            if not name.startswith("."):  # editors' and systems' own files
                yield f"{inside}/{name}"


def _is_file(path: Path) -> bool:
    return path.is_symlink() or path.is_file()


def _content(path: Path) -> bytes:
    """What a file holds; of a link only where it points, as git stores it. One byte past the
    limit is enough to see that a file is too large."""
    if path.is_symlink():
        return os.fsencode(os.readlink(path))
    with path.open("rb") as file:  # room for what is there: making room for the most takes longer
        return file.read(min(os.fstat(file.fileno()).st_size, MAX_BYTES) + 1)


def revision_files(repo: git.Repo, rev: str, only: Iterable[str] | None = None) -> Files:
    """The same of any revision, never by a checkout.

    What lies on disk with just the content of the revision is read there, which is quicker; the
    rest through one long-lived `git cat-file --batch`.
    """
    root = Path(repo.working_dir)
    with git_errors("lese revisjonen"):
        listed = repo.git.ls_tree("-r", "-z", "--full-tree", resolve(repo, rev), "--", *ROOTS)
        wanted = None if only is None else set(only)
        files: dict[str, bytes] = {}
        for line in filter(None, listed.split("\0")):
            meta, path = line.split("\t", 1)
            _, kind, name = meta.split()
            if (wanted is None or path in wanted) and kind == "blob":
                here = _content(root / path) if _is_file(root / path) else b""
                files[path] = here if _object(here) == name else _blob(repo, name)
    return files


def _object(content: bytes) -> str:
    """What git calls a file with that content."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _blob(repo: git.Repo, name: str) -> bytes:
    stream = repo.odb.stream(bytes.fromhex(name))
    content: bytes = stream.read(MAX_BYTES + 1)
    while stream.read(MAX_BYTES):
        pass  # past the rest of a file that is too large, to the next one
    return content


def pair(repo: git.Repo, fra: str, til: str | None) -> tuple[Files, Files]:
    """Two revisions, `til` None for the files on disk, read no further than the diff needs.

    The requirements that did not change cannot matter, unless a changed one names them or named
    them, or a group or system changed: then they may reach other systems.
    """
    changed = changed_paths(repo, fra, til)
    if any(path.startswith(("krav/systemer/", "krav/grupper/")) for path in changed):
        return revision_files(repo, fra), _side(repo, til, None)
    end = resolve(repo, til or fra)
    listed = repo.git.ls_tree("-r", "-z", "--name-only", "--full-tree", end, "--", *ROOTS)
    every = set(listed.split("\0"))
    told = [*_side(repo, til, changed).values(), *revision_files(repo, fra, changed).values()]
    named = _ids_in(told)
    needed = changed | {path for path in every if _is_shared(path)} | (named & every)
    return revision_files(repo, fra, needed), _side(repo, til, needed)


def _ids_in(contents: Iterable[bytes]) -> set[str]:
    """The files of the requirements that are named in some others."""
    ids = re.findall(rb"\b[A-Z]{2,5}-[0-9]{4}\b", b"\n".join(contents))
    return {fil_of(ident.decode()) for ident in ids}


def changed_paths(repo: git.Repo, fra: str, til: str | None) -> set[str]:
    """The files that differ between two revisions, `til` None for the files on disk."""
    ends = [resolve(repo, fra)] if til is None else [resolve(repo, fra), resolve(repo, til)]
    with git_errors("sammenligne revisjonene"):
        args = ("--name-only", "--no-renames", "-z", *ends, "--", *ROOTS)
        changed = set(filter(None, repo.git.diff(*args).split("\0")))
        if til is None:
            others = repo.git.ls_files("--others", "--exclude-standard", "-z", "--", *ROOTS)
            changed |= set(filter(None, others.split("\0")))
    return changed


def _side(repo: git.Repo, til: str | None, only: Iterable[str] | None) -> Files:
    return working_files(repo, only) if til is None else revision_files(repo, til, only)


def _is_shared(path: str) -> bool:
    parts = path.split("/")
    return len(parts) > 1 and (parts[1] in (*KINDS, "utgivelser") or parts[0] == "changes")


def branches(repo: git.Repo) -> list[Branch]:
    """Local branches, and those of remotes that no local branch has, in order of name."""
    with git_errors("liste grenene"):
        form = "--format=%(refname)%00%(objectname)%00%(symref)"
        lines = repo.git.for_each_ref(form, "refs/heads", "refs/remotes").split("\n")
    found: dict[str, Branch] = {}
    for ref, sha, symref in (line.split("\0") for line in lines if line):
        name = ref.removeprefix("refs/remotes/").removeprefix("refs/heads/")
        remote = ref.startswith("refs/remotes/")
        short = name.partition("/")[2] or name if remote else name
        if not symref and (not remote or short not in found):
            found[short] = Branch(name, sha)
    return sorted(found.values(), key=lambda branch: branch.navn)


def case_ids(repo: git.Repo) -> set[str]:
    """The ids of all cases on disk and on every branch, so that a new one is free everywhere."""
    return _ids(repo, "changes", r"changes/([0-9]{4}-[0-9]{3})/")


def requirement_ids(repo: git.Repo) -> set[str]:
    """The ids of all requirements on disk and on every branch, by the names of their files."""
    return _ids(repo, "krav", r"krav/[a-z]{2,5}/([A-Z]{2,5}-[0-9]{4})\.yaml")


def _ids(repo: git.Repo, top: str, pattern: str) -> set[str]:
    root = Path(repo.working_dir)
    paths = {*_walk(root, top)}
    paths |= {f"{top}/{folder.name}/" for folder in (root / top).glob("*")}  # empty ones too
    with git_errors("lese grenene"):
        for branch in branches(repo):
            args = ("-r", "--name-only", "--full-tree", branch.sha, "--", top)
            paths |= set(repo.git.ls_tree(*args).split("\n"))
    return {found[1] for path in paths if (found := re.match(pattern, path))}


def history(repo: git.Repo, path: str) -> list[Commit]:
    """The commits that touched a file, newest first."""
    with git_errors("lese historien"):
        out = repo.git.log("--format=%H%x00%cs%x00%s", "HEAD", "--", path)
    return [Commit(*line.split("\0")) for line in out.split("\n") if line]


# --- Writing --------------------------------------------------------------------------------------


def write(path: Path, data: bytes) -> bool:
    """Put a file in place whole or not at all; False when it already holds just that."""
    try:
        if not path.exists():
            _put(path, data)
        elif not path.is_file():  # a device such as /dev/stdout
            path.write_bytes(data)
        elif path.read_bytes() == data:
            return False
        else:
            _put(path, data)
    except OSError as error:
        raise Stopped(
            f"Kunne ikke skrive {path}: {error.strerror or error}.",
            "Sjekk plassen på disken og rettighetene til mappen; ingenting er endret i filen.",
        ) from None
    return True


def remove(path: Path) -> None:
    """Delete a file that may be gone already. Stopped where the disk will not have it."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise Stopped(
            f"Kunne ikke slette {path}: {error.strerror or error}.", "Sjekk rettighetene."
        ) from None


def _put(path: Path, data: bytes) -> None:
    """Write beside the file and move into its place."""
    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    name = f"{folder}/.krav-{token_hex(8)}"
    try:
        with open(name, "xb") as file:
            file.write(data)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def sync(
    folder: Path, files: Iterable[tuple[str, bytes]], besides: str | None = None
) -> tuple[int, int]:
    """Make a folder hold exactly these files, one at a time: (written, removed).

    What lies in the folder `besides` is left as it is.

    Only what differs is written, and what is gone is removed last, so that a reader meanwhile
    finds every page, old or new. Stopped, with nothing touched, when the folder holds something
    that was not put there so: whatever is not of the site would be removed.
    """
    mark = folder / MARK
    if folder.is_dir() and any(folder.iterdir()) and not mark.is_file():
        raise Stopped(
            f"Mappen {folder} inneholder noe annet enn nettstedet, og det ville blitt slettet.",
            "Velg en tom eller ny mappe med `--til`.",
        )
    write(mark, b"Mappen er laget av kravverk; filer i den blir erstattet.\n")
    gone = {os.path.join(at, name) for at, _, names in os.walk(folder) for name in names}
    gone.discard(str(mark))
    written = 0
    for name, data in files:
        path = folder / name
        written += write(path, data)
        gone.discard(str(path))
    if besides:
        gone = {name for name in gone if not name.startswith(f"{folder / besides}{os.sep}")}
    for name in gone:
        os.unlink(name)
    for at, _, _ in os.walk(folder, topdown=False) if gone else ():
        with suppress(OSError):
            os.rmdir(at)  # only where it has become empty
    return written, len(gone)
