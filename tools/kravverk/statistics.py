"""Counts of what binds whom, and of what each release changed for the systems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kravverk.bindings import Binding
from kravverk.chain import ikke_utgitt
from kravverk.impact import Virkning
from kravverk.models import KLASSER, Klasse, Plikt
from kravverk.register import Register

# What a reader means by more and by less; the rest changes nothing for a system, or both ways.
MER: tuple[Klasse, ...] = ("ny_plikt", "skjerpet")
MINDRE: tuple[Klasse, ...] = ("bortfalt", "lempet")


@dataclass(frozen=True)
class Utgivelsestall:
    """What the cases of one release came to: how many rows (change and system) of each class."""

    utgivelse: str  # empty for what is decided and not yet released
    saker: tuple[str, ...]
    klasser: Mapping[Klasse, int]

    def sum(self, klasser: tuple[Klasse, ...]) -> int:
        """How many rows there are of some classes together."""
        return sum(self.klasser.get(klasse, 0) for klasse in klasser)


def plikter(bindinger: Mapping[str, Mapping[str, Binding]]) -> Counter[tuple[str, str, Plikt]]:
    """(system, area, level) -> how many requirements bind the system so strongly there.

    `bindinger` is requirement -> system -> binding.
    """
    return Counter(
        (system, ident.split("-")[0].lower(), binding.plikt)
        for ident, bound in bindinger.items()
        for system, binding in bound.items()
    )


def per_utgivelse(
    reg: Register, virkninger: Mapping[str, Iterable[Virkning]]
) -> list[Utgivelsestall]:
    """What each release after the first changed, oldest first, and what is decided since.

    `virkninger` is decided case -> the rows of its changes.
    """
    groups = [(ident, u.saker) for ident, u in reg.utgivelser.items() if u.saker]
    if since := tuple(sorted(case.navn for case in ikke_utgitt(reg))):
        groups.append(("", since))
    return [
        Utgivelsestall(ident, tuple(saker), _classes(virkninger.get(navn, ()) for navn in saker))
        for ident, saker in groups
    ]


def _classes(cases: Iterable[Iterable[Virkning]]) -> dict[Klasse, int]:
    counted = Counter(row.klasse for rows in cases for row in rows if row.system)
    return {klasse: counted[klasse] for klasse in KLASSER if counted[klasse]}
