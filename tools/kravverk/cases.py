"""Every case on disk, on main and on open branches, with the comparison behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import git

from kravverk.chain import around, base_digests, merged
from kravverk.comparison import Case, Sammenligning, as_frozen, compare, route_of
from kravverk.findings import Finding
from kravverk.freeze_rules import missing
from kravverk.gate import state
from kravverk.register import Register, Saksmappe, post_of, read
from kravverk.spelling import in_dictionary
from kravverk.standing import steg
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


def one_case(
    cases: Sequence[Case], broken: Sequence[Finding], ident: str
) -> tuple[Case | None, list[Finding]]:
    """The case with an id, and what could not be read of it; without findings there is one.

    Stopped, naming those there are, when there is no such case.
    """
    case = next((case for case in cases if ident in (case.mappe.navn, case.sak.id)), None)
    if case:
        return case, list(case.uleste)
    mine = [finding for finding in broken if f"changes/{ident}/" in finding.fil]
    if not mine:
        known = ", ".join(case.mappe.navn for case in cases)
        way_out = f"Velg blant {known}." if known else 'Lag en med `krav ny-sak "Tittel"`.'
        raise Stopped(f"Fant ingen sak med id «{ident}».", way_out)
    return None, mine


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
        cases = [
            (name, _merged(on_main, on_main.saker[name], at, per)) for name in sorted(on_main.saker)
        ]
        return cases, on_main.uleste_saker, []
    files = pair(repo, at.base, at.til)
    (before, _), (after, findings) = read(files[0]), read(files[1])
    found = compare(before, after, "main", at.navn, in_dictionary)
    new = [
        name for name in sorted(found.saker) if on_main.saker.get(name) != found.after.saker[name]
    ]
    moved = changed_paths(repo, at.base, main) if new else set()
    drift = {post_of(path) for path in moved}
    cases = [
        (name, _merged(on_main, found.after.saker[name], at, per))
        if _only_reworded(found, name, on_main)
        else (name, _case(found, name, at, per, on_main, drift, tuple(findings)))
        for name in new
    ]
    return cases, found.after.uleste_saker, findings


def _only_reworded(found: Sammenligning, name: str, on_main: Register) -> bool:
    """Whether a case of a branch has ended on main, and not gone on since: what differs on the
    branch belongs to another case.

    One that was put off, or sent back, goes on when something that it froze differs.
    """
    mappe, there = found.after.saker[name], on_main.saker.get(name)
    if there is None or mappe.fryser != there.fryser:
        return False
    touched = {endring.post for endring in found.endringer}
    ended = state(mappe).steg == state(there).steg in ("utsatt", "sendt_tilbake", "avslått")
    return merged(on_main, name) or (ended and bool(touched) and not touched & mappe.fryste)


def _merged(reg: Register, mappe: Saksmappe, at: _Proposal, per: date) -> Case:
    """A case on main, beside the register as it was when the case was decided, if it was."""
    decided, found = state(mappe).vedtatt, _recorded(reg, mappe)
    mappe = mappe.per(per)
    step = steg(mappe, reg.organer, per, innarbeidet=decided)
    return Case(at.navn, mappe, found, step, route_of(found, mappe))


def _recorded(reg: Register, mappe: Saksmappe) -> Sammenligning:
    """What a case changed in the register as it is on main, or would have changed."""
    if mappe.frys and not state(mappe).vedtatt and not mappe.sak.godkjenner:
        return as_frozen(reg, mappe, mappe.frys, in_dictionary)
    sides = around(reg, mappe.navn)
    return compare(*sides, "før saken", "etter saken", in_dictionary, sak=mappe.navn)


def _case(
    found: Sammenligning,
    name: str,
    at: _Proposal,
    per: date,
    on_main: Register,
    drift: set[str],
    unread: tuple[Finding, ...],
) -> Case:
    mappe = found.after.saker[name].per(per)
    now = found.fingeravtrykk if found.endringer else None
    left = [f"{finding.fil} kan ikke leses" for finding in unread] or missing(found)
    decided = merged(on_main, name)
    step = steg(mappe, found.before.organer, per, now, left, decided)
    posts = tuple(sorted({endring.post for endring in found.endringer}))
    built_on = mappe.frys.grunnlag if mappe.frys and not decided else {}
    then = base_digests(on_main, built_on)
    moved = {post for post, digest in built_on.items() if then.get(post) != digest}
    drifted = tuple(sorted(drift.intersection(posts) | moved))
    route = route_of(found, mappe)
    if not posts and mappe.frys and not mappe.sak.godkjenner:
        # Nothing differs on the branch: what it has changed, or proposed, is in its freezes.
        found = _recorded(on_main.with_entries(found.after), found.after.saker[name])
    return Case(at.navn, mappe, found, step, route, posts, drifted, unread)
