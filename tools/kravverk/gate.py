"""What the files of a case add up to: every act by one table, or refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, get_args

from kravverk.bodies import Organ
from kravverk.case_models import Behandling, Hastevedtak, Rute, Sak, Utfall
from kravverk.register import Register, Saksmappe
from kravverk.text import word

Stegnavn = Literal[
    "utkast",
    "innspill",
    "vurdering",
    "anbefaling",
    "beslutning",
    "vedtatt",
    "innarbeidet",
    "utsatt",
    "sendt_tilbake",
    "trukket",
    "avslått",
    "utløpt",
]
STEG: tuple[Stegnavn, ...] = get_args(Stegnavn)
Handling = Utfall | Literal["frosset", "kort_vei", "hastevedtatt"]
HANDLINGER: tuple[str, ...] = (*get_args(Utfall), "frosset", "kort_vei", "hastevedtatt")
OPEN: tuple[Stegnavn, ...] = ("utkast", "innspill", "vurdering", "anbefaling", "beslutning")
_ON_ROUTE: tuple[Stegnavn, ...] = ("anbefaling", "beslutning")
RECOMMENDED = ("anbefalt", "anbefalt_med_endringer", "frarådet")
ADVISED = (*RECOMMENDED, "bekreftet")  # what stands as its advice on a text
DECIDED = ("vedtatt", "vedtatt_med_vilkår", "fastsatt")
# Reasons why an act is refused, which have a way out of their own.
NOT_ADVISED = "teksten som er frosset, er ikke anbefalt"
BEFORE_FREEZE = "den er datert før frysen den gjelder"
TOO_EARLY = "teksten er frosset før innspillene var inne"

# Every move there is: from which steps, by which act, to which step, and who may. «neste» is the
# first body on the route that has not treated the text as it is now frozen. What is not here is
# refused; the guard, the documentation and the tests are all made from this table.
_MOVES: tuple[tuple[tuple[Stegnavn, ...], Handling, Stegnavn | Literal["neste"], str], ...] = (
    (("vurdering", *_ON_ROUTE, "utsatt", "sendt_tilbake"), "frosset", "neste", "sekretariatet"),
    (_ON_ROUTE, "uttalt", "neste", "et organ som uttaler"),
    (("anbefaling",), "anbefalt", "neste", "et organ som anbefaler"),
    (("anbefaling",), "anbefalt_med_endringer", "neste", "et organ som anbefaler"),
    (("anbefaling",), "frarådet", "neste", "et organ som anbefaler"),
    (("anbefaling",), "bekreftet", "neste", "lederen av et organ som har anbefalt"),
    (("beslutning",), "vedtatt", "neste", "organet som beslutter"),
    (("beslutning",), "vedtatt_med_vilkår", "neste", "organet som beslutter"),
    (("anbefaling",), "vedtatt", "neste", "organet som beslutter, når det endret teksten i møtet"),
    (("anbefaling",), "vedtatt_med_vilkår", "neste", "organet som beslutter, på samme måte"),
    (("beslutning",), "avslått", "avslått", "organet som beslutter"),
    (("beslutning",), "fastsatt", "neste", "organet som fastsetter"),
    (_ON_ROUTE, "utsatt", "utsatt", "organet som har saken"),
    (_ON_ROUTE, "sendt_tilbake", "sendt_tilbake", "organet som har saken"),
    (("vedtatt",), "vilkår_oppfylt", "vedtatt", "rollen som skal bekrefte vilkåret"),
    (_ON_ROUTE, "kort_vei", "vedtatt", "en annen rolle enn forslagsstilleren"),
    (_ON_ROUTE, "hastevedtatt", "vedtatt", "to roller fra to organer"),
)
OVERGANGER: Mapping[tuple[Stegnavn, str], tuple[Stegnavn | Literal["neste"], str]] = {
    (steg, handling): (til, hvem) for fra, handling, til, hvem in _MOVES for steg in fra
}
# What each kind of mandate may come to; anybody may discuss a case or be informed of it.
MAY: Mapping[str, tuple[str, ...]] = {
    "uttaler": ("uttalt",),
    "anbefaler": (*ADVISED, "utsatt", "sendt_tilbake"),
    "beslutter": (
        *("vedtatt", "vedtatt_med_vilkår", "avslått", "utsatt", "sendt_tilbake", "vilkår_oppfylt"),
    ),
    "fastsetter": ("fastsatt", "utsatt", "sendt_tilbake"),
}
UNBOUND = ("drøftet", "orientert")


@dataclass(frozen=True)
class Hendelse:
    """One thing that happened to a case, in its files: a freeze, or what somebody did with it."""

    dato: date
    handling: str
    organ: str  # the body's id; empty for a freeze and the two special ways
    nr: int  # the freeze that it made or that it stands for; 0 for none
    fil: str  # in the case's folder
    sted: tuple[str | int, ...]
    behandling: Behandling | None = None
    tidlig: bool = False  # a freeze from before the input was in
    poster: frozenset[str] = frozenset()  # of a freeze: the records it changes
    til: date | None = None  # of an urgent decision: its last day


@dataclass(frozen=True)
class Refusal:
    """An act that is not in the table, or that nobody may do: where, and why in a sentence."""

    hendelse: Hendelse
    fordi: str


@dataclass(frozen=True)
class State:
    """What the files of a case add up to, whatever day it is."""

    steg: Stegnavn
    sist: Hendelse | None = None  # the act that led here
    frys: int = 0  # the newest freeze
    frosset_i: Stegnavn = "vurdering"  # the step it was made in, or the first of several that day
    sagt: Mapping[str, Hendelse] = field(default_factory=dict)  # body -> what counts from it
    oppfylt: frozenset[str] = frozenset()  # conditions
    tidlig: bool = False  # that freeze is from before the input was in
    haste: bool = False  # decided the urgent way, and not ratified yet
    haste_til: date | None = None  # the last day of that
    vedtatt_dato: date | None = None  # when the text came to stand, be it the urgent way
    poster: frozenset[str] = frozenset()  # what the newest freeze changes
    # body -> the records it advised on
    anbefalt: Mapping[str, frozenset[str]] = field(default_factory=dict)
    nektet: tuple[Refusal, ...] = ()

    @property
    def vedtatt(self) -> bool:
        """Whether the case has been decided, so that its text is to stand in the register."""
        return self.steg == "vedtatt"


def rute(
    sak: Sak, omrader: Iterable[str], organer: Mapping[str, Organ], dag: date | None = None
) -> Rute:
    """The bodies that treat a case: the union over its areas, by the mandates on a day.

    Without a day, by those that have not ended.

    A mandate that names no area covers all; a body adopts only where it is asked (design.md §6).
    """
    touched = set(omrader)
    found: dict[str, set[str]] = {}
    for organ in organer.values():
        for mandat in organ.mandat:
            asked = mandat.rolle != "fastsetter" or sak.fastsettes
            holds = mandat.gjelder(dag) if dag else mandat.til is None
            if mandat.dekker(sak.type, touched) and asked and holds:
                found.setdefault(mandat.rolle, set()).add(organ.id)
    return Rute.model_validate({rolle: sorted(organer) for rolle, organer in found.items()})


def hendelser(mappe: Saksmappe) -> list[Hendelse]:
    """Everything that happened to a case, in order.

    Of one day: what was done with a freeze comes after it, and before the next freeze.
    """
    freezes = mappe.fryser

    def number(day: date, fingeravtrykk: str | None) -> int:
        """The newest freeze of that text on that day; the same text may be frozen twice."""
        same = [f for f in freezes if f.fingeravtrykk == fingeravtrykk]
        return max((f.nr for f in same if f.dato <= day), default=same[0].nr if same else 0)

    found = [
        Hendelse(
            *(f.dato, "frosset", "", f.nr, "forslag", ("frys", at)),
            tidlig=f.tidlig,
            poster=frozenset(e.post for e in f.endringer),
        )
        for at, f in enumerate(freezes)
    ]
    for organ, treated in mappe.behandlinger.items():
        for at, b in enumerate(treated.behandlinger):
            cited = [f for f in freezes if (f.nr, f.fingeravtrykk) == (b.frys, b.fingeravtrykk)]
            nr = cited[0].nr if cited else 0 if b.frys else number(b.dato, b.fingeravtrykk)
            found.append(Hendelse(b.dato, b.utfall, organ, nr, organ, ("behandlinger", at), b))
    for name, handling, special in (
        ("kortvei", "kort_vei", mappe.kortvei),
        ("hastevedtak", "hastevedtatt", mappe.hastevedtak),
    ):
        if special:
            nr = number(special.dato, special.fingeravtrykk)
            ends = special.gjelder_til if isinstance(special, Hastevedtak) else None
            act = Hendelse(special.dato, handling, "", nr, name, ("fingeravtrykk",), til=ends)
            found.append(act)
    return sorted(found, key=lambda h: (h.dato, h.nr, h.handling != "frosset", _rank(h), h.organ))


def _rank(hendelse: Hendelse) -> int:
    order = ("uttalt", *ADVISED, *DECIDED, "avslått", "vilkår_oppfylt")
    return order.index(hendelse.handling) if hendelse.handling in order else len(order)


def state(mappe: Saksmappe) -> State:
    """What the files of a case add up to: each act in turn, by the table or refused.

    Each act is judged by the route of the freeze that the case then stands in.
    """
    routes = {frys.nr: frys.rute for frys in mappe.fryser}
    now = State("vurdering")
    for hendelse in hendelser(mappe):
        stands = hendelse.nr if hendelse.handling == "frosset" else now.frys
        now = taken(now, hendelse, routes.get(stands, Rute()))
    return now


def stands(mappe: Saksmappe) -> Stegnavn:
    """The step of a case by its files alone: a withdrawal ends it, whatever was done before."""
    return "trukket" if mappe.sak.trukket else state(mappe).steg


def apen_sak(reg: Register, poster: Iterable[str]) -> str:
    """The one case under way that may explain what differs from what was decided; else empty.

    `poster` is what differs. A case that is deferred or sent back explains only what it has frozen,
    so that it hides nothing while it waits.
    """
    steps = {navn: state(mappe).steg for navn, mappe in reg.saker.items() if not mappe.sak.trukket}
    under_way = [navn for navn, step in steps.items() if step in OPEN]
    differs = set(poster)
    waiting = [
        navn
        for navn, step in steps.items()
        if step in ("utsatt", "sendt_tilbake") and differs <= reg.saker[navn].fryste
    ]
    found = under_way or (waiting if differs else [])
    return found[0] if len(found) == 1 else ""


def taken(now: State, act: Hendelse, route: Rute) -> State:
    """The state after an act; where it may not be done, the same state with the refusal."""
    if act.handling in UNBOUND:
        return now
    if refused := _refused(now, act, route):
        return replace(now, nektet=(*now.nektet, Refusal(act, refused)))
    said = dict(now.sagt) | ({act.organ: act} if act.organ else {})
    met = now.oppfylt
    if act.handling == "vilkår_oppfylt" and act.behandling:
        met |= {act.behandling.vilkar_id or ""}
    now = replace(now, sagt=said, oppfylt=met - {""})
    if now.haste:  # what the bodies say of it afterwards: only a decision moves it
        decided = act.handling in (*DECIDED, "avslått")
        til: Stegnavn = "avslått" if act.handling == "avslått" else "vedtatt"
        return replace(now, steg=til, sist=act, haste=False) if decided else now
    if act.handling == "frosset":
        came = now.frosset_i if _frozen_that_day(now, act) else now.steg
        now = replace(now, frys=act.nr, frosset_i=came, tidlig=act.tidlig, poster=act.poster)
    if act.handling in RECOMMENDED:
        now = replace(now, anbefalt={**now.anbefalt, act.organ: now.poster})
    moved = OVERGANGER[now.steg, act.handling][0]
    step = _next(route, said, now.frys) if moved == "neste" else moved
    return replace(
        now,
        steg=step,
        vedtatt_dato=now.vedtatt_dato or (act.dato if step == "vedtatt" else None),
        haste_til=act.til or now.haste_til,
        sist=now.sist if act.handling in ("uttalt", "vilkår_oppfylt") else act,
        haste=act.handling == "hastevedtatt",
    )


def _refused(now: State, act: Hendelse, route: Rute) -> str:
    """Why an act cannot be done now; empty when it can."""
    if act.handling != "frosset" and act.nr > now.frys:
        return BEFORE_FREEZE
    ratifies = now.haste and act.handling in (*DECIDED, "avslått", *RECOMMENDED, "uttalt")
    if (now.steg, act.handling) not in OVERGANGER and not ratifies:
        first = "" if now.frys or act.handling == "frosset" else "; teksten må fryses først"
        return f"en sak i steget {word(now.steg)} kan ikke bli {word(act.handling)}{first}"
    late = now.haste and now.haste_til and act.dato > now.haste_til
    if late and act.handling in DECIDED:
        return "hastevedtaket er utløpt og kan bare avslås, så teksten føres tilbake"
    if now.haste and act.handling in DECIDED and not {*route.anbefaler} <= now.sagt.keys():
        return "organene som anbefaler, har ikke behandlet hastevedtaket"
    if act.handling == "frosset":
        return "" if act.nr == now.frys + 1 else f"frys {act.nr} følger ikke etter frys {now.frys}"
    if act.nr == 0:
        return "fingeravtrykket er ikke fra noen frys i saken"
    if act.nr != now.frys:
        return f"behandlingen gjelder frys {act.nr}, men saken står i frys {now.frys}"
    if now.tidlig and act.handling in (*RECOMMENDED, *DECIDED, "kort_vei") and not ratifies:
        return TOO_EARLY
    if act.organ:
        roles = [rolle for rolle, organ in route.ledd if organ == act.organ]
        if not roles:
            return "organet er ikke på ruten til saken"
        if not any(act.handling in MAY[rolle] for rolle in roles):
            return f"organet {' og '.join(roles)}, og kan ikke gjøre saken {word(act.handling)}"
        waits = act.organ in [organ for _, organ in waiting(route, now.sagt, now.frys)]
        if now.steg == "anbefaling" and act.handling in DECIDED and not ratifies:
            return _not_amended(now, act, route)
        turn = (*RECOMMENDED, *DECIDED, "avslått", "utsatt", "sendt_tilbake")
        if act.handling in turn and not (waits or ratifies):
            return "det er ikke dette organet saken venter på"
    return ""


def _not_amended(now: State, act: Hendelse, route: Rute) -> str:
    """Why a text without a recommendation cannot be decided; empty where the deciding body itself
    amended, in its meeting, what had been recommended and was before it."""
    said = [now.sagt[organ].handling for organ in route.anbefaler if organ in now.sagt]
    seen = len(said) == len(route.anbefaler) and {*said} <= {*ADVISED}
    # Another record has not been recommended.
    seen = seen and all(now.poster <= now.anbefalt.get(o, frozenset()) for o in route.anbefaler)
    if not (seen and _frozen_that_day(now, act) and now.frosset_i == "beslutning"):
        return NOT_ADVISED
    if not (act.behandling and act.behandling.avvik):
        return "organet har endret det som var anbefalt, og må si hvorfor (`avvik`)"
    return ""


def _frozen_that_day(now: State, act: Hendelse) -> bool:
    """Whether nothing but a freeze, of the same day, led to the state that an act meets."""
    return bool(now.sist and now.sist.handling == "frosset" and now.sist.dato == act.dato)


def waiting(route: Rute, said: Mapping[str, Hendelse], frozen: int) -> Iterator[tuple[str, str]]:
    """The bodies that have yet to treat the text as it is frozen, in order.

    Once it is decided, nobody's advice is waited for.
    """
    decided = any(
        said[organ].nr == frozen and said[organ].handling in DECIDED
        for organ in said.keys() & {*route.beslutter}
    )
    for rolle, organ in route.ledd:
        if rolle == "anbefaler" and decided:
            continue
        mine = said.get(organ)
        done: tuple[str, ...] = ADVISED if rolle == "anbefaler" else DECIDED
        if rolle != "uttaler" and not (mine and mine.nr == frozen and mine.handling in done):
            yield rolle, organ


def _next(route: Rute, said: Mapping[str, Hendelse], frozen: int) -> Stegnavn:
    for rolle, _ in waiting(route, said, frozen):
        return "anbefaling" if rolle == "anbefaler" else "beslutning"
    return "vedtatt" if route.beslutter else "beslutning"
