"""Every case on disk, on main and on open branches, with the comparison behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import git

from kravverk.case_models import Sak
from kravverk.chain import areas, around, route_of
from kravverk.comparison import Sammenligning, compare
from kravverk.findings import Finding
from kravverk.gate import OPEN, Rute, Steg, rute, steg
from kravverk.register import Register, Saksmappe, post_of, read
from kravverk.rules import check_step
from kravverk.spelling import in_dictionary
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
    uleste: tuple[Finding, ...] = ()  # what could not be read beside it

    @property
    def sak(self) -> Sak:
        return self.mappe.sak

    @property
    def poster(self) -> tuple[str, ...]:
        """The records that the case changes."""
        return tuple(sorted({endring.post for endring in self.found.endringer}))


def all_cases(
    repo: git.Repo, per: date, hovedgren: str | None = None
) -> tuple[list[Case], list[Finding]]:
    """Every case once, in order of folder: as it is on disk, else on its branch, else on main.

    A branch whose case is on main just as it is there has been merged, however that was done.

    With the findings of files that could not be read, each under the branch it is on. `hovedgren`
    names the revision that counts as main, where it is not the local one.
    """
    found: dict[str, Case | None] = {}  # None: it could not be read where it counts
    broken: list[Finding] = []
    at = hovedgren or main_branch(repo)
    main, faults = read(revision_files(repo, at))
    broken += [replace(fault, fil=f"{at}:{fault.fil}") for fault in faults]
    for branch in _proposals(repo, at):
        cases, unread, findings = _on(repo, branch, per, main, at)
        on = "" if branch.navn == ON_DISK else f"{branch.navn}:"
        broken += [replace(finding, fil=f"{on}{finding.fil}") for finding in findings]
        for name, case in (*cases, *((name, None) for name in unread)):
            found.setdefault(name, case)
    return [case for _, case in sorted(found.items()) if case], list(dict.fromkeys(broken))


def one_case(repo: git.Repo, ident: str, per: date) -> tuple[Case | None, list[Finding]]:
    """The case with an id, and what could not be read of it; without findings there is one.

    Stopped, naming those there are, when there is no such case.
    """
    cases, broken = all_cases(repo, per)
    case = next((case for case in cases if ident in (case.mappe.navn, case.sak.id)), None)
    if case:
        return case, list(case.uleste)
    mine = [finding for finding in broken if f"changes/{ident}/" in finding.fil]
    if not mine:
        known = ", ".join(case.mappe.navn for case in cases)
        way_out = f"Velg blant {known}." if known else 'Lag en med `krav ny-sak "Tittel"`.'
        raise Stopped(f"Fant ingen sak med id «{ident}».", way_out)
    return None, mine


def overlaps(case: Case, others: list[Case]) -> dict[str, tuple[str, ...]]:
    """case -> the records that another open case changes too."""
    mine = set(case.poster)
    shared = {
        other.mappe.navn: tuple(sorted(mine & set(other.poster)))
        for other in others
        if other.mappe.navn != case.mappe.navn and other.steg.navn in OPEN
    }
    return {ident: posts for ident, posts in shared.items() if posts}


@dataclass(frozen=True)
class _Proposal:
    """Where cases may be: what it is called, where it began, and where it is now."""

    navn: str
    base: str
    til: str | None  # None: on disk


def _proposals(repo: git.Repo, main: str) -> Iterator[_Proposal]:
    on_main = resolve(repo, main)
    yield _Proposal(ON_DISK, merge_base(repo, main), None)
    for branch in branches(repo):
        if branch.navn not in MAIN and branch.sha != on_main:
            try:
                base = merge_base(repo, on_main, branch.sha)
            except Stopped:
                continue  # another history, such as published pages; it holds no proposal
            if base != branch.sha:  # else it has been merged
                yield _Proposal(branch.navn, base, branch.sha)
    yield _Proposal(main, on_main, on_main)


def _on(
    repo: git.Repo, at: _Proposal, per: date, on_main: Register, main: str
) -> tuple[list[tuple[str, Case]], tuple[str, ...], list[Finding]]:
    """The cases of one branch that main has not as they are there, or on main all of them.

    With the names of those that cannot be read, and the findings.
    """
    if at.til == at.base:
        cases = [(name, _merged(on_main, name, at, per)) for name in sorted(on_main.saker)]
        return cases, on_main.uleste_saker, []
    files = pair(repo, at.base, at.til)
    (before, _), (after, findings) = read(files[0]), read(files[1])
    found = compare(before, after, "main", at.navn, in_dictionary)
    new = [
        name for name in sorted(found.saker) if on_main.saker.get(name) != found.after.saker[name]
    ]
    moved = changed_paths(repo, at.base, main) if new else set()
    drift = {post_of(path) for path in moved}
    cases = [(name, _case(found, name, at, per, drift, tuple(findings))) for name in new]
    return cases, found.after.uleste_saker, findings


def _merged(reg: Register, name: str, at: _Proposal, per: date) -> Case:
    """A case on main, beside the register as it was when the case was decided."""
    mappe = reg.saker[name]
    found = compare(*around(reg, name), "før saken", "etter saken", in_dictionary, sak=name)
    route = route_of(mappe, reg)
    return Case(at.navn, mappe, found, steg(mappe, route, per, innarbeidet=True), route)


def _case(
    found: Sammenligning,
    name: str,
    at: _Proposal,
    per: date,
    drift: set[str],
    unread: tuple[Finding, ...],
) -> Case:
    mappe = found.after.saker[name]
    # Who may is read from the base, never from the proposal's own branch (design.md §6).
    frozen = {change.post for change in mappe.frys.endringer} if mappe.frys else set()
    touched = areas(frozen, found.before, found.after) | set(found.omrader)
    route = rute(mappe.sak, touched, found.before.organer)
    now = found.fingeravtrykk if found.endringer else None
    left = [f"{finding.fil} kan ikke leses" for finding in unread] or missing(found)
    step = steg(mappe, route, per, now, left)
    posts = {endring.post for endring in found.endringer}
    return Case(at.navn, mappe, found, step, route, tuple(sorted(posts & drift)), unread)


_MISSING = {
    "uavklart": ("én endring er uavklart", "{} endringer er uavklarte"),
    "ubesvart-del": ("én del av saken er ubesvart", "{} deler av saken er ubesvart"),
}


def missing(found: Sammenligning) -> list[str]:
    """What must be done before the case can be frozen, in words."""
    counted = Counter(finding.regel for finding in check_step(found))
    return [
        (one if counted[rule] == 1 else many).format(counted[rule])
        for rule, (one, many) in _MISSING.items()
        if counted[rule]
    ]
