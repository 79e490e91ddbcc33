"""A body's meeting: which cases it treats, in what order, and what has happened since the last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Literal

from kravverk.bindings import bindinger
from kravverk.bodies import Organ
from kravverk.case_models import Behandling, Dispensasjon, Vilkar
from kravverk.chain import WITHOUT_VERSION, base_digests, builds_on
from kravverk.comparison import Case
from kravverk.earlier import as_of, register_of
from kravverk.edits import Known, no_word
from kravverk.gate import DECIDED, hendelser, state, waiting
from kravverk.impact import INFORMED
from kravverk.models import KRAV_ID, Frister, Klasse, Plikt, order
from kravverk.register import Register, Saksmappe

# The order of an agenda (design.md §8), each with what its cases are called there.
Gruppe = Literal["haste", "plikt", "lemping", "andre", "delegert"]
GRUPPER: Mapping[Gruppe, str] = {
    "haste": "Hastesak",
    "plikt": "Ny eller strengere plikt",
    "lemping": "Lemping eller bortfall",
    "andre": "Presisering eller annet",
    "delegert": "Avgjort på kort vei, til orientering",
}
_STRICTER: tuple[Klasse, ...] = ("uavklart", "ny_plikt", "skjerpet", "endret_plikt")
_EASIER: tuple[Klasse, ...] = ("bortfalt", "lempet")
_LAST = 1_000_000  # after every number
_SOON = timedelta(days=180)  # how long before its end a dispensation is told of


@dataclass(frozen=True)
class Punkt:
    """One case on an agenda, as it stood when the body was to treat it."""

    nr: str  # the running number, `14/26`; empty for what the body only is told of
    gruppe: Gruppe
    case: Case


@dataclass(frozen=True)
class Siden:
    """What has happened to a body's cases since it last met."""

    avgjort: tuple[Case, ...] = ()
    venter: tuple[Case, ...] = ()
    utlopt: tuple[Case, ...] = ()
    vilkar: tuple[tuple[Case, Vilkar], ...] = ()
    dispensasjoner: tuple[Dispensasjon, ...] = ()
    haste: tuple[Case, ...] = ()


@dataclass(frozen=True)
class Frist:
    """A date that a case sets for a system."""

    system: str
    dag: date
    navn: str
    post: str
    sak: str
    niva: Plikt  # how strongly the requirement binds the system after the change

    @property
    def plikt(self) -> bool:
        """Whether something ends or is to be done by then; from the others it may be done."""
        return self.navn != "kan_brukes_fra"

    @property
    def kvartal(self) -> str:
        return f"{(self.dag.month + 2) // 3}. kvartal {self.dag.year}"


@dataclass(frozen=True)
class Par:
    """Two cases that have to do with one another, and how."""

    saker: tuple[Case, Case]
    begge: bool  # both are on the agenda
    samme: tuple[str, ...]  # the records that both change
    bygger: tuple[tuple[str, str], ...]  # (record of the one, record of the other it builds on)
    faller: tuple[Case, ...]  # whose freeze no longer holds once the other is in the register
    omtaler: tuple[Case, ...] = ()  # whose own text names the other


def _pair(one: Case, other: Case, begge: bool) -> Par:
    same = tuple(sorted({*one.poster} & {*other.poster}))
    builds = {*_builds_on(one, other), *_builds_on(other, one)}
    apart = tuple(
        sorted(
            (post, on)
            for post, on in builds
            # Who merely shares a message or a group with a case elsewhere is not told of it.
            if not {post, on} & {*same} and (begge or KRAV_ID.fullmatch(on))
        )
    )
    falls = tuple(a for a, b in ((one, other), (other, one)) if same or _falls(a, b))
    named = tuple(a for a, b in ((one, other), (other, one)) if begge and _names(a, b))
    return Par((one, other), begge, same, apart, falls, named)


def _names(one: Case, other: Case) -> bool:
    return f"sak {other.mappe.navn}" in one.sak.model_dump_json(exclude={"id"}).lower()


def _falls(one: Case, other: Case) -> bool:
    """Whether what the other changes is what the freeze of the one builds on.

    As `freeze_rules.endret_grunnlag` judges it once the other is in the register.
    """
    moved = {
        e.post for e in other.found.endringer if (e.felt or "").split(".")[0] not in WITHOUT_VERSION
    }
    return bool(moved & base_digests(one.found.before, one.poster).keys())


def _builds_on(one: Case, other: Case) -> Iterator[tuple[str, str]]:
    """The requirements of a case, each beside one that it builds on and the other changes."""
    krav = one.found.after.krav
    for post in one.poster:
        if post in krav:
            yield from ((post, on) for on in builds_on(krav[post]) & {*other.poster})


@dataclass(frozen=True)
class Mote:
    """A meeting: its agenda, and what its papers say across the cases."""

    organ: Organ
    dato: date
    forrige: date | None
    punkter: tuple[Punkt, ...]
    apne: tuple[Case, ...]  # every case under way, on the agenda or not
    siden: Siden
    register: Register  # as it was that morning

    @property
    def par(self) -> list[Par]:
        """What has to do with one another: the cases of the agenda first, then with the others."""
        mine = [punkt.case for punkt in self.punkter if punkt.gruppe != "delegert"]
        names = {case.mappe.navn for case in mine}
        others = [case for case in self.apne if case.mappe.navn not in names]
        pairs = [_pair(*both, True) for both in combinations(mine, 2)]
        pairs += [_pair(case, other, False) for case in mine for other in others]
        return [pair for pair in pairs if pair.samme or pair.bygger or pair.omtaler]

    @property
    def frister(self) -> list[Frist]:
        """The dates that the cases set, for each system they bind, in order."""
        found = {
            Frist(system, day, name, post, punkt.case.mappe.navn, plikt)
            for punkt in self.punkter
            for post, name, day in deadlines(punkt.case)
            for system, plikt in _bound(punkt.case, post, ends=name == "utfases").items()
        }
        return sorted(found, key=lambda f: (f.dag, f.system, f.post, f.navn, f.sak))


def deadlines(case: Case) -> list[tuple[str, str, date]]:
    """The dates that a case sets: (requirement, which, when)."""
    touched = {(e.post, e.felt) for e in case.found.endringer}
    posts = (case.found.after.krav[post] for post in case.poster if post in case.found.after.krav)
    return [
        (krav.id, name, value)
        for krav in posts
        for name in order(Frister)
        if (value := getattr(krav.frister, name))
        and touched & {(krav.id, f"frister.{name}"), (krav.id, None)}
    ]


def _bound(case: Case, post: str, ends: bool) -> dict[str, Plikt]:
    """system -> how strongly a requirement binds those it asks something of, or is to end for."""
    rows = [row for row in case.found.virkninger if row.post == post]
    asked = {row.system for row in rows if ends or row.klasse not in INFORMED}
    bound = bindinger(case.found.after.krav[post], case.found.after)
    return {system: binding.plikt for system, binding in bound.items() if system in asked}


def meeting(
    cases: Sequence[Case], reg: Register, organ: Organ, dag: date, known: Known = no_word
) -> Mote:
    """The meeting of a body on a day: the cases that it treated then, else those awaiting it.

    Every case is as it stood when the papers went out, so the papers of a meeting stay the same
    when they are made again after it. A case whose input opened later was not there.
    """
    cases = [case for case in cases if _opened(case) <= dag]
    then = {case.mappe.navn: as_of(case, organ, dag, reg, known) for case in cases}
    days = {
        b.dato
        for case in cases
        for b in _treated(case.mappe, organ)
        if b.form == "møte" and b.utfall != "vilkår_oppfylt"
    }
    forrige = max((day for day in days if day < dag), default=None)
    treated = {
        case.mappe.navn: b.motesak or ""
        for case in cases
        for b in _treated(case.mappe, organ)
        if b.dato == dag
    }
    up: dict[str, str] = treated or {n: "" for n, case in then.items() if _awaits(case, organ)}
    short = [
        n
        for n, case in then.items()
        if case.mappe.kortvei
        and n not in up
        and _roles(case, organ)
        and (forrige is None or forrige <= case.mappe.kortvei.dato)
    ]
    groups: dict[str, Gruppe] = {n: _group(then[n]) for n in up}
    # As the body numbered them; where it has not yet, the danger first (design.md §8).
    chosen = sorted(up, key=lambda n: (number(up[n], dag) or _LAST, [*GRUPPER].index(groups[n]), n))
    taken = max((number(nr, dag) for nr in _numbers(cases, organ, dag)), default=0)
    punkter = []
    for navn in chosen:
        taken += not up[navn]
        punkter.append(Punkt(up[navn] or f"{taken}/{dag:%y}", groups[navn], then[navn]))
    punkter += [Punkt("", "delegert", then[navn]) for navn in short]
    mine = [case for case in then.values() if _roles(case, organ)]
    then_reg = register_of(reg, dag)
    siden = _since(mine, {*up, *short}, then_reg, forrige, dag)
    under_way = tuple(case for case in then.values() if case.i_gang)
    return Mote(organ, dag, forrige, tuple(punkter), under_way, siden, then_reg)


def _opened(case: Case) -> date:
    return (case.sak.innspill and case.sak.innspill.fra) or date.min


def _numbers(cases: Sequence[Case], organ: Organ, dag: date) -> list[str]:
    every = (b for case in cases for b in _treated(case.mappe, organ) if b.dato <= dag)
    return [b.motesak for b in every if b.motesak]


def number(motesak: str, dag: date) -> int:
    """The number of a case in the body's series of that year; 0 when it is of another series."""
    first, _, year = motesak.partition("/")
    return int(first) if first.isdigit() and year == f"{dag:%y}" else 0


def _treated(mappe: Saksmappe, organ: Organ) -> tuple[Behandling, ...]:
    found = mappe.behandlinger.get(organ.id)
    return found.behandlinger if found else ()


def _roles(case: Case, organ: Organ) -> list[str]:
    """What a body does on the route of a case; its members may have changed since it was laid."""
    return [rolle for rolle, body in case.rute if body.id == organ.id]


def _awaits(case: Case, organ: Organ) -> bool:
    """Whether a body is to treat a case now: it is its turn, or nobody has yet ratified."""
    mappe, now = case.mappe, state(case.mappe)
    if mappe.frys is None or not _roles(case, organ):
        return False
    mine = {*_roles(case, organ)}
    if now.haste:
        return case.steg.navn in ("vedtatt", "innarbeidet") and mine != {"uttaler"}
    if case.steg.navn not in ("anbefaling", "beslutning"):
        return False
    if mine == {"uttaler"}:
        return organ.id not in now.sagt
    turn = list(waiting(mappe.frys.rute, now.sagt, now.frys))
    return any(body == organ.id and rolle == turn[0][0] for rolle, body in turn)


def _group(case: Case) -> Gruppe:
    """Where on the agenda a case stands, by the strongest that it asks of anybody."""
    if state(case.mappe).haste:
        return "haste"
    classes = {row.klasse for row in case.found.virkninger}
    if classes & {*_STRICTER}:
        return "plikt"
    return "lemping" if classes & {*_EASIER} else "andre"


def _since(
    cases: Sequence[Case],
    on_agenda: set[str],
    reg: Register,
    forrige: date | None,
    dag: date,
) -> Siden:
    """What has happened to a body's cases from its last meeting on."""
    others = [case for case in cases if case.mappe.navn not in on_agenda]
    done = (*DECIDED, "avslått", "kort_vei", "hastevedtatt")
    recent = [
        case
        for case in others
        if any(
            act.handling in done and (forrige is None or forrige <= act.dato)
            for act in hendelser(case.mappe)
        )
    ]
    urgent = tuple(case for case in cases if state(case.mappe).haste)
    return Siden(
        avgjort=tuple(case for case in recent if case not in urgent),
        venter=tuple(c for c in others if c.i_gang or c.steg.navn in ("utsatt", "sendt_tilbake")),
        utlopt=tuple(case for case in cases if case.steg.navn == "utløpt"),
        vilkar=tuple((case, vilkar) for case in cases for vilkar in open_conditions(case)),
        dispensasjoner=tuple(
            d
            for d in sorted(reg.dispensasjoner.values(), key=lambda d: (d.til, d.id))
            if d.dato <= dag <= d.til <= dag + _SOON
        ),
        haste=urgent,
    )


def open_conditions(case: Case) -> list[Vilkar]:
    """The conditions of a decided case that nobody has confirmed yet."""
    now = state(case.mappe)
    act = now.sist.behandling if now.sist and now.vedtatt else None
    return [v for v in act.vilkar if v.id not in now.oppfylt] if act else []


def role_of(case: Case, organ: Organ) -> str:
    """What a body does with a case at this step: `anbefaler`, `beslutter` and so on."""
    mine = _roles(case, organ)
    wanted = "anbefaler" if case.steg.navn == "anbefaling" else "beslutter"
    return wanted if wanted in mine else next(iter(mine), "")
