"""Whom a requirement binds: each system that it reaches, how strongly, and by which ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kravverk.models import PLIKTER, Gjelder, Krav, Plikt, System
from kravverk.register import Register


@dataclass(frozen=True)
class Vei:
    """One way in which a requirement reaches a system."""

    adressat: str  # the group or system that `gjelder` names
    plikt: Plikt
    dersom: str | None = None
    bekreftet: bool = True  # False: nobody knows whether the system has the function

    def __str__(self) -> str:
        condition = f" dersom {self.dersom}" if self.dersom else ""
        doubt = "" if self.bekreftet else " (må bekreftes av leverandør)"
        return f"{self.adressat}: {self.plikt}{condition}{doubt}"


@dataclass(frozen=True)
class Binding:
    """How strongly a requirement binds a system, and every way in which it does."""

    plikt: Plikt  # the strongest of the ways
    veier: tuple[Vei, ...]

    @property
    def bekreftet(self) -> bool:
        """True when at least one way of the strongest level is certain."""
        return any(vei.bekreftet for vei in self.veier if vei.plikt == self.plikt)


def bindinger(krav: Krav | None, register: Register) -> dict[str, Binding]:
    """system id -> how the requirement binds it, in order of id; a retired one binds nobody."""
    bound: dict[str, Binding] = {}
    if krav is None or krav.status == "utgått":
        return bound
    addressed = sorted(krav.gjelder.items())
    for system in sorted(register.systemer.values(), key=lambda s: s.id):
        veier = tuple(
            vei
            for adressat, gjelder in addressed
            if adressat == system.id or adressat in system.grupper
            if (vei := _vei(adressat, gjelder, system))
        )
        if veier:
            bound[system.id] = Binding(min((v.plikt for v in veier), key=PLIKTER.index), veier)
    return bound


def _vei(adressat: str, gjelder: Gjelder, system: System) -> Vei | None:
    has = system.funksjoner.get(gjelder.dersom) if gjelder.dersom else "ja"
    if has == "nei":
        return None
    return Vei(adressat, gjelder.plikt, gjelder.dersom, bekreftet=has == "ja")


def weaker(mine: Mapping[str, Binding], theirs: Mapping[str, Binding]) -> list[str]:
    """The systems that one requirement binds more strongly than another does, in order of id.

    Also those that the other does not bind at all.
    """
    return [
        system
        for system, binding in mine.items()
        if system not in theirs
        or PLIKTER.index(theirs[system].plikt) > PLIKTER.index(binding.plikt)
    ]


def due(krav: Krav, register: Register, eldste: int = 0) -> date | None:
    """The day from which a duty binds: its own, else that of the first release to hold it.

    To hold it in no older version than `eldste`, where what is asked of has not always been there.
    A release that holds only later versions does not count, so that what is told of a case stays
    the same when it is released. None where no release holds it yet.
    """
    held = (
        utgivelse.ma_folges_fra
        for utgivelse in register.utgivelser.values()
        if (one := utgivelse.poster.get(krav.id)) and eldste <= (one.versjon or 0) <= krav.versjon
    )
    return krav.frister.oppfylles_innen or krav.frister.mottak_innen or next(held, None)


def binds_as_much(krav: Krav, other: Krav | None, system: str, register: Register) -> bool:
    """Whether a system must meet another requirement anyway: as strongly, as surely, as soon.

    Also tested as strictly, and with no end to it.
    """
    mine, theirs = bindinger(krav, register), bindinger(other, register)
    if other is None or system not in mine or system in weaker(mine, theirs):
        return False
    dates = [
        (getattr(other.frister, name), getattr(krav.frister, name))
        for name in ("mottak_innen", "oppfylles_innen")
    ]
    return (
        theirs[system].bekreftet
        and other.status in ("gjeldende", krav.status)
        and other.godkjenning in ("nhn-test", krav.godkjenning)
        and all(not first or (later and first <= later) for first, later in dates)
        and other.frister.utfases is None
    )
