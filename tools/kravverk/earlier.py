"""A case as it stood when a body was to treat it, so that papers can be made again after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from kravverk.bodies import Organ
from kravverk.chain import Vedtatt, around, vedtatte
from kravverk.comparison import Case, Sammenligning, as_frozen, route_of
from kravverk.edits import Known, no_word
from kravverk.gate import OPEN, state
from kravverk.register import Register, Saksmappe
from kravverk.standing import steg


def register_of(reg: Register, dag: date) -> Register:
    """The register as it was on the morning of a day: what was decided from then on is undone."""
    later = _later(reg, dag)
    return around(reg, later[-1].navn)[0] if later else reg


def of_day(case: Case, reg: Register, per: date, known: Known = no_word) -> tuple[Case, Register]:
    """A case and the register as they were at the end of a day, or when the case was decided.

    Of a text that was frozen later, it shows the freeze that stood; where none did, the text as it
    is now.
    """
    morning = per + timedelta(days=1)
    if any(c.navn == case.mappe.navn and c.dato <= per for c in vedtatte(reg)):
        return case, around(reg, case.mappe.navn)[0]
    mappe = case.mappe.per(per)
    found = _beside(case, mappe, reg, morning, known)
    return _then(case, mappe, found, per, known), register_of(reg, morning)


def as_of(case: Case, organ: Organ, dag: date, reg: Register, known: Known = no_word) -> Case:
    """The case with what was known when the body met: what it did that day comes after.

    `reg` is the register as it is now; what was decided in it later is not there.
    """
    mappe = until(case.mappe, organ, dag)
    return _then(case, mappe, _beside(case, mappe, reg, dag, known), dag, known)


def _then(case: Case, mappe: Saksmappe, found: Sammenligning, dag: date, known: Known) -> Case:
    """The case by its files of then, and by the freeze that stood then."""
    again = later_frozen(replace(case, mappe=mappe))
    if mappe == case.mappe and not again:
        return replace(case, found=found)
    if mappe.frys and again and not mappe.sak.godkjenner:
        if found is case.found:
            found = as_frozen(found.before, mappe, mappe.frys, known)
        mappe = replace(mappe, sak=found.after.saker[mappe.navn].sak)  # judged as it was then
    live = case.steg.navn in OPEN and not again and case.found.endringer
    step = steg(
        mappe,
        case.found.before.organer,
        dag,
        case.found.fingeravtrykk if live else None,
        innarbeidet=case.steg.navn == "innarbeidet" and state(mappe).vedtatt,
    )
    return replace(case, mappe=mappe, found=found, steg=step, rute=route_of(found, mappe))


def later_frozen(case: Case) -> bool:
    """Whether a case, as it was on a day, has been frozen since."""
    return case.mappe.frys != case.found.after.saker[case.mappe.navn].frys


def _later(reg: Register, dag: date) -> list[Vedtatt]:
    return [case for case in vedtatte(reg) if case.dato >= dag]


def _beside(case: Case, mappe: Saksmappe, reg: Register, dag: date, known: Known) -> Sammenligning:
    """What a case proposes, beside the register of that morning where more was decided since."""
    later, then, was = _later(reg, dag), register_of(reg, dag), case.found.before
    settled = any(c.navn == mappe.navn and c.dato < dag for c in vedtatte(reg))
    moved = {change.post for other in later for change in other.endringer}
    if (
        settled
        or not mappe.frys
        or mappe.sak.godkjenner
        or all(was.poster.get(post) == then.poster.get(post) for post in moved)
    ):
        return case.found
    files = case.found.after.entries
    mine = {path: files[path] for path in files if path.startswith(f"changes/{mappe.navn}/")}
    base = Register({**then.entries, **mine}, then.unread, then.stray)
    return as_frozen(base, mappe, mappe.frys, known)


def until(mappe: Saksmappe, organ: Organ, dag: date) -> Saksmappe:
    """The files of a case as they were that morning, for the body."""
    then = mappe.per(dag)
    said = dict(then.behandlinger)
    if organ.id in said:
        kept = tuple(b for b in said[organ.id].behandlinger if b.dato < dag)
        said[organ.id] = said[organ.id].model_copy(update={"behandlinger": kept})
    sak = then.sak
    if sak.trukket and sak.trukket.dato > dag:
        sak = sak.model_copy(update={"trukket": None})
    said = {body: treated for body, treated in said.items() if treated.behandlinger}
    return replace(then, sak=sak, behandlinger=said)
