"""Every case on disk, on main and on open branches, with the comparison behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import git

from kravverk.comparison import Sammenligning, compare
from kravverk.gate import Rute, Steg, rute, steg
from kravverk.models import Sak
from kravverk.register import Register, Saksmappe, post_of, read
from kravverk.store import (
    MAIN,
    Stopped,
    branches,
    changed_paths,
    main_branch,
    merge_base,
    pair,
    resolve,
    revision_files,
)

ON_DISK = "arbeidskatalogen"


@dataclass(frozen=True)
class Case:
    """A case as it stands on one branch."""

    gren: str
    mappe: Saksmappe
    found: Sammenligning
    steg: Steg
    rute: Rute
    drift: tuple[str, ...] = ()  # its records that have changed on main since it began

    @property
    def sak(self) -> Sak:
        return self.mappe.sak

    @property
    def poster(self) -> tuple[str, ...]:
        """The records that the case changes."""
        return tuple(sorted({endring.post for endring in self.found.endringer}))


def all_cases(repo: git.Repo, per: date) -> list[Case]:
    """Every case once, in order of id: as it is on disk, else on its branch, else on main."""
    main = main_branch(repo)
    found: dict[str, Case] = {}
    for case in _all(repo, main, per):
        found.setdefault(case.sak.id, case)
    return [found[ident] for ident in sorted(found)]


def one_case(repo: git.Repo, ident: str, per: date) -> Case:
    """The case with an id. Stopped, naming those there are, when there is none."""
    cases = {case.sak.id: case for case in all_cases(repo, per)}
    if ident not in cases:
        raise Stopped(
            f"Fant ingen sak med id «{ident}».",
            f"Velg blant {', '.join(cases)}." if cases else 'Lag en med `krav ny-sak "Tittel"`.',
        )
    return cases[ident]


def overlaps(case: Case, others: list[Case]) -> dict[str, tuple[str, ...]]:
    """case id -> the records that another open case changes too."""
    mine = set(case.poster)
    shared = {o.sak.id: tuple(sorted(mine & set(o.poster))) for o in others if o.sak != case.sak}
    return {ident: posts for ident, posts in shared.items() if posts}


def _all(repo: git.Repo, main: str, per: date) -> Iterator[Case]:
    yield from _changed(repo, merge_base(repo, main), None, ON_DISK, per)
    on_main = resolve(repo, main)
    for branch in branches(repo):
        if branch.navn not in MAIN and branch.sha != on_main:
            try:
                base = merge_base(repo, on_main, branch.sha)
            except Stopped:
                continue  # another history, such as published pages; it holds no proposal
            yield from _changed(repo, base, branch.sha, branch.navn, per)
    register, _ = read(revision_files(repo, main))
    yield from _cases(register, register, main, per, set(register.saker), innarbeidet=True)


def _changed(repo: git.Repo, base: str, til: str | None, gren: str, per: date) -> Iterator[Case]:
    before, after = (read(files)[0] for files in pair(repo, base, til))
    new = {i for i, mappe in after.saker.items() if before.saker.get(i) != mappe}
    if new:
        moved = {post_of(path) for path in changed_paths(repo, base, main_branch(repo))}
        for case in _cases(before, after, gren, per, new):
            yield replace(case, drift=tuple(post for post in case.poster if post in moved))


def _cases(
    before: Register,
    after: Register,
    gren: str,
    per: date,
    idents: set[str],
    innarbeidet: bool = False,
) -> Iterator[Case]:
    found = compare(before, after, "main", gren)
    for ident in sorted(idents):
        mappe = after.saker[ident]
        # Who may is read from the base, never from the proposal's own branch (design.md §6).
        route = rute(mappe.sak, found.omrader, before.organer)
        now = found.fingeravtrykk if found.endringer else None
        yield Case(gren, mappe, found, steg(mappe, route, per, now, innarbeidet), route)
