"""The minutes of a meeting from what is recorded, and what the secretariat is to record."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Literal

from kravverk.bodies import Organ
from kravverk.case_models import Behandling
from kravverk.comparison import Case
from kravverk.earlier import until
from kravverk.gate import DECIDED
from kravverk.matrix import matrix, summary
from kravverk.meeting import GRUPPER, Mote, number, role_of
from kravverk.report import antall, asked, named, outcomes, recommendations, short_fingerprint
from kravverk.text import dato, word

ALONE = (
    "Dette er bare sakslisten. Saksframleggene, det som går på tvers av sakene, og "
    "vedtaksskjemaene står i møtepapirene som PDF eller HTML."
)
# A document as blocks, so that it is the same in every format.
Slag = Literal["tittel", "overskrift", "sak", "avsnitt", "punkter"]
Blokk = tuple[Slag, tuple[str, ...]]
ILLUSTRATIV = (
    "Illustrativt: kravene er skrevet av kravverk ut fra offentlige kilder, og ingen virkelige "
    "organer har behandlet sakene."
)


def minutes(cases: Sequence[Case], organ: Organ, dag: date) -> list[Blokk]:
    """The minutes' skeleton: each case that the body treated that day, as it is recorded."""
    treated = [
        (case, b)
        for case in cases
        if organ.id in case.mappe.behandlinger
        for b in case.mappe.behandlinger[organ.id].behandlinger
        if b.dato == dag
    ]
    treated.sort(key=lambda pair: (number(pair[1].motesak or "", dag), pair[0].mappe.navn))
    treated.sort(key=lambda pair: pair[1].form != "møte")
    met = [b for _, b in treated if b.form == "møte"]
    members = organ.medlemmer_den(dag)
    present = sorted({rolle for b in met for rolle in b.deltakere})
    absent = [m.sete for m in members if met and m.rolle not in present]
    rules = organ.regler_den(dag).i_ord(len(members))
    written = treated and not met
    nobody = "Ingen; sakene ble behandlet skriftlig." if written else "Ingen er ført opp."
    found = [
        _one("tittel", f"Protokoll, {organ.navn}, {dato(dag)}"),
        _one("avsnitt", ILLUSTRATIV),
        _one("overskrift", "Til stede"),
        ("punkter", tuple(present)) if present else _one("avsnitt", nobody),
        *([_one("overskrift", "Ikke til stede"), ("punkter", tuple(absent))] if absent else []),
        *([_one("avsnitt", rules)] if treated else []),
    ]
    if not treated:
        said = f"{organ.navn} har ikke ført opp noen behandling den {dato(dag)}."
        return [*found, _one("avsnitt", said)]
    form = ""
    for case, b in treated:
        if b.form != form:
            form = b.form
            heading = "Saker" if form == "møte" else "Skriftlig behandlet"
            found.append(_one("overskrift", heading))
        nr = f"Sak {b.motesak}: " if b.motesak else ""
        found.append(_one("sak", f"{nr}{case.mappe.navn} {case.sak.tittel}"))
        before = replace(case, mappe=until(case.mappe, organ, dag))
        found += [_one("avsnitt", said) for said in views(before, organ)]
        found += _treatment(b, present if b.form == "møte" else ())
        if b.utfall in DECIDED:
            approves = case.sak.godkjenner
            what = ", ".join(approves.krav) if approves else named(case.found, case.poster)
            found.append(_one("avsnitt", f"Vedtatt: {what}."))
    return [*found, _one("avsnitt", "Møteleder: ______________________")]


def _treatment(b: Behandling, present: Sequence[str]) -> list[Blokk]:
    """What a body did with one case, line by line; what was not said is told as not said.

    Who took part is told where it is not just those who were at the meeting.
    """
    votes = b.stemmer
    how = "skriftlig" if b.form == "skriftlig" else "i møte"
    lines = [f"Utfall: {word(b.utfall)} ({how})."]
    if {*b.deltakere} != {*present}:
        lines.append(f"Deltok i behandlingen: {', '.join(sorted(b.deltakere)) or 'ingen er ført'}.")
    if votes:
        over = {"utsatt": "å utsette saken", "sendt_tilbake": "å sende saken tilbake"}.get(b.utfall)
        lines.append(
            f"{f'Avstemning om {over}' if over else 'Stemmer'}: {votes.for_} for, "
            f"{votes.mot} mot, {votes.avholdende} avholdende; "
            f"{votes.for_ + votes.mot + votes.avholdende} i alt."
        )
    if b.utsatt:
        why = f", i påvente av: {b.utsatt.paavente_av}" if b.utsatt.paavente_av else ""
        lines.append(f"Utsatt til {dato(b.utsatt.til)}{why.rstrip('.')}.")
    if b.vilkar_id:
        lines.append(f"Vilkåret {b.vilkar_id} er bekreftet av {b.bekreftet_av}.")
    lines += [
        f"Begrunnelse: {b.begrunnelse or 'ingen er ført opp.'}",
        *([f"Hvorfor anbefalingen ikke ble fulgt: {b.avvik}"] if b.avvik else []),
        f"Dissens: {b.dissens or 'ingen.'}",
        f"Inhabile: {', '.join(b.inhabile) or 'ingen'}.",
    ]
    if b.fingeravtrykk:
        lines.append(f"Gjelder teksten med fingeravtrykket {short_fingerprint(b.fingeravtrykk)}.")
    if b.arkivref:
        lines.append(f"Arkiv: {b.arkivref}")
    found: list[Blokk] = [_one("avsnitt", line) for line in lines]
    conditions = tuple(
        f"{v.id}: {v.tekst} Ansvarlig: {v.ansvarlig}. Frist: {dato(v.frist)}. "
        f"Bekreftes av: {v.bekreftes_av}."
        for v in b.vilkar
    )
    return [*found, _one("avsnitt", "Vilkår:"), ("punkter", conditions)] if conditions else found


def agenda_blocks(mote: Mote) -> list[Blokk]:
    """The agenda by itself, for those who work on it in a word processor."""
    found = [
        _one("tittel", f"Saksliste, {mote.organ.navn}, {dato(mote.dato)}"),
        _one("avsnitt", ALONE),
        _one("avsnitt", ILLUSTRATIV),
    ]
    for told, mine in groupby(mote.punkter, lambda p: p.gruppe == "delegert"):
        found.append(_one("overskrift", GRUPPER["delegert"] if told else "Saker til behandling"))
        for p in mine:
            nr = f"Sak {p.nr}: " if p.nr else ""
            kind = "" if told else f"{GRUPPER[p.gruppe]}. "
            what = asked(p.case, mote.organ, role_of(p.case, mote.organ))
            count = antall(len(p.case.found.endringer), "endring", "endringer")
            found += [
                _one("sak", f"{nr}{p.case.mappe.navn} {p.case.sak.tittel}"),
                _one("avsnitt", f"{kind}{what} {summary(matrix(p.case.found))} ({count})"),
                *([] if told else [_one("avsnitt", s) for s in views(p.case, mote.organ)]),
            ]
    if not mote.punkter:
        said = f"Ingen saker venter på {mote.organ.navn} den {dato(mote.dato)}."
        found.append(_one("avsnitt", said))
    return found


def views(case: Case, organ: Organ) -> list[str]:
    """What each other recommending body came to, a sentence each."""
    said = recommendations(case)
    return [f"{navn}: {utfall}{uenig}." for _, navn, utfall, uenig, _ in said if navn != organ.navn]


def commands(mote: Mote) -> str:
    """What the secretariat types after the meeting, filled in as far as it is known before it."""
    members = [m.rolle for m in mote.organ.medlemmer_den(mote.dato)]
    majority = mote.organ.regler_den(mote.dato).beslutningsform == "flertall"
    lines = [
        f"# Til sekretariatet: {mote.organ.navn}, {dato(mote.dato)}.",
        "# Velg utfallet, stryk dem som ikke deltok, og fyll ut resten. Ingenting kjøres av seg",
        "# selv, og kommandoen sier fra om det som mangler.",
    ]
    for p in mote.punkter:
        if p.gruppe == "delegert":
            continue
        may = outcomes(role_of(p.case, mote.organ))
        command = [
            *("krav", "behandle", p.case.mappe.navn, "--organ", mote.organ.id),
            *("--dato", str(mote.dato), "--motesak", p.nr, "--utfall", "UTFALL"),
            *(part for rolle in members for part in ("--deltaker", rolle)),
            *(("--stemmer", "FOR,MOT,AVHOLDENDE") if majority else ()),
            *("--begrunnelse", "BEGRUNNELSE"),
        ]
        frys = p.case.mappe.frys
        seal = short_fingerprint(frys.fingeravtrykk) if frys else "ikke frosset"
        lines += [
            "",
            f"# Sak {p.nr}: {p.case.sak.tittel} (fingeravtrykk {seal})",
            f"# Gren: {p.case.gren}. UTFALL er ett av {', '.join(may)}.",
            shlex.join(command),
        ]
    return "\n".join(lines) + "\n"


def _one(slag: Slag, text: str) -> Blokk:
    return slag, (text,)
