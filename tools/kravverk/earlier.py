"""A case as it stood when a body was to treat it, so that papers can be made again after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kravverk.bodies import Organ
from kravverk.comparison import Case, as_frozen, route_of
from kravverk.edits import Known, no_word
from kravverk.gate import OPEN, state
from kravverk.register import Saksmappe
from kravverk.standing import steg


def as_of(case: Case, organ: Organ, dag: date, known: Known = no_word) -> Case:
    """The case with what was known when the body met: what it did that day comes after."""
    mappe = _until(case.mappe, organ, dag)
    newest = case.found.after.saker[mappe.navn].frys
    again = mappe.frys != newest  # it was frozen again later
    if mappe == case.mappe and not again:
        return case
    found = case.found
    if mappe.frys and again and not mappe.sak.godkjenner:
        found = as_frozen(found.before, mappe, mappe.frys, known)
        mappe = replace(mappe, sak=found.after.saker[mappe.navn].sak)  # judged as it was then
    live = case.steg.navn in OPEN and found is case.found and found.endringer
    step = steg(
        mappe,
        found.before.organer,
        dag,
        found.fingeravtrykk if live else None,
        innarbeidet=case.steg.navn == "innarbeidet" and state(mappe).vedtatt,
    )
    return replace(case, mappe=mappe, found=found, steg=step, rute=route_of(found, mappe))


def _until(mappe: Saksmappe, organ: Organ, dag: date) -> Saksmappe:
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
