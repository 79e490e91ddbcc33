"""What the vendors have answered about a case, counted and told for its paper."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from kravverk.case_models import Innspill
from kravverk.comparison import Case
from kravverk.register import Register
from kravverk.render import answered_in_english

Svar = tuple[str, Innspill | None]  # a system and its answer; silence is None
OWN_VIEW = {"ja": "berørt", "usikker": "usikker", "nei": "ikke berørt"}


def answers(case: Case, systems: Iterable[str]) -> list[Svar]:
    """The answers of those the case hits and of those that answered."""
    said = case.mappe.innspill
    return [(system, said.get(system)) for system in sorted({*systems, *said})]


def answered(svar: Iterable[Svar], hit: Collection[str], reg: Register, most: int) -> str:
    """How many of the systems that a case hits have answered, and what they say of themselves.

    Those that answered without being hit are not in that count, and are told apart. Up to `most`
    systems are named.
    """
    said = {system: OWN_VIEW[answer.berort] for system, answer in svar if answer}
    among = {system: word for system, word in said.items() if system in hit}
    others = {system: word for system, word in said.items() if system not in hit}
    told = f"{len(among) or 'Ingen'} av de {len(hit)} systemene som berøres, har svart"
    if len(hit) < 2:
        one = f"Det ene systemet som berøres, har {'' if among else 'ikke '}svart"
        told = one if hit else "Ingen systemer berøres"
    more = f" Utenom dem har andre svart: {_views(others, reg, most)}." if others else ""
    return f"{told}{': ' if among else ''}{_views(among, reg, most)}.{more}"


def _views(said: Mapping[str, str], reg: Register, most: int) -> str:
    """What systems say of themselves: «1 berørt (Alfa), 2 usikker (Beta, Gamma)»."""
    found: dict[str, list[str]] = {word: [] for word in OWN_VIEW.values()}
    for system, word in said.items():
        found[word].append(reg.navn(system))
    return ", ".join(
        f"{len(names)} {word}" + (f" ({', '.join(names)})" if len(names) <= most else "")
        for word, names in found.items()
        if names
    )


def unsummed(svar: Iterable[Svar]) -> list[tuple[bool, list[str]]]:
    """(in English, systems) of the answers that say something nobody has put in one sentence."""
    found: dict[bool, list[str]] = {}
    for system, answer in svar:
        if answer and not answer.kort_fortalt and (answer.merknader or answer.arbeid):
            found.setdefault(answered_in_english(answer), []).append(system)
    return sorted(found.items())
