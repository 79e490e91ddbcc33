"""Where a case stands: the step, the body it waits for, and why; computed, never typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kravverk.models import Behandling, Organ, Sak
from kravverk.register import Saksmappe
from kravverk.text import dato

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
]
OPEN: tuple[Stegnavn, ...] = ("utkast", "innspill", "vurdering", "anbefaling", "beslutning")
RECOMMENDED = ("anbefalt", "anbefalt_med_endringer", "frarådet")
DECIDED = ("vedtatt", "vedtatt_med_vilkår")


Rute = tuple[tuple[str, Organ], ...]  # (what it does, the body), in the order of treatment


@dataclass(frozen=True)
class Steg:
    """A case's step; `venter_pa` is a body's name or a role, empty when nobody is awaited."""

    navn: Stegnavn
    venter_pa: str
    fordi: str


def rute(sak: Sak, omrader: Iterable[str], organer: Mapping[str, Organ]) -> Rute:
    """(role, body) in the order in which they treat the case: the union over its areas.

    A mandate that names no area covers all (design.md §6).
    """
    touched = set(omrader)
    order = ("uttaler", "anbefaler", "beslutter", "fastsetter")
    found = {
        (order.index(mandat.rolle), organ.id)
        for organ in organer.values()
        for mandat in organ.mandat
        if sak.type in mandat.sakstyper and (not mandat.omrader or touched & set(mandat.omrader))
    }
    return tuple((order[at], organer[ident]) for at, ident in sorted(found))


def steg(
    mappe: Saksmappe,
    route: Rute,
    per: date,
    fingeravtrykk: str | None = None,
    mangler: Sequence[str] = (),
    innarbeidet: bool = False,
) -> Steg:
    """The step of a case on the day `per`, from its own files.

    `fingeravtrykk` is that of the records as they are now, where that is known: a freeze of
    another text no longer counts. `mangler` says what must be done before a freeze, and
    `innarbeidet` that the case is looked at on main.
    """
    sak = mappe.sak
    if sak.trukket:
        return Steg("trukket", "", f"Saken ble trukket {dato(sak.trukket.dato)}.")
    if ended := _ended(mappe, innarbeidet):
        return ended
    if not mappe.forslag:
        return _not_frozen(sak, per, mangler)
    frozen = mappe.forslag.frys[-1]
    if fingeravtrykk and fingeravtrykk != frozen.fingeravtrykk:
        because = f"Teksten er endret etter frysingen {dato(frozen.dato)}; den må fryses på nytt."
        return Steg("vurdering", "sekretariatet", because)
    for rolle, organ in route:
        if rolle == "uttaler":
            continue  # a statement is awaited by nobody; its absence is shown in the papers
        said = [b for b in _treatments(mappe, organ.id) if b.fingeravtrykk == frozen.fingeravtrykk]
        if rolle == "anbefaler" and not any(b.utfall in RECOMMENDED for b in said):
            return Steg(
                "anbefaling", organ.navn, f"{organ.navn} har ikke behandlet frys {frozen.nr}."
            )
        if rolle == "beslutter":
            because = f"{organ.navn} har ikke besluttet frys {frozen.nr}."
            return Steg("beslutning", organ.navn, because)
    return Steg("beslutning", "", "Ingen organer har mandat til å beslutte saken.")


def _ended(mappe: Saksmappe, innarbeidet: bool) -> Steg | None:
    """The step that the newest treatment left the case in, if it was more than a recommendation."""
    newest: list[tuple[Behandling, str]] = sorted(
        ((b, organ) for organ in mappe.behandlinger for b in _treatments(mappe, organ)),
        key=lambda pair: (pair[0].dato, pair[1]),
    )
    if not newest:
        return None
    last, organ = newest[-1]
    said = f"{organ}, {last.motesak or last.form}, {dato(last.dato)}"
    if last.utfall in DECIDED:
        if innarbeidet:
            return Steg("innarbeidet", "", f"Vedtatt ({said}) og slått sammen med hovedgrenen.")
        return Steg("vedtatt", "sekretariatet", f"Vedtatt ({said}); venter på sammenslåing.")
    if last.utfall == "avslått":
        return Steg("avslått", "", f"Avslått ({said}).")
    if last.utfall == "utsatt":
        return Steg("utsatt", organ, f"Utsatt ({said}).")
    if last.utfall == "sendt_tilbake":
        return Steg("sendt_tilbake", mappe.sak.forslagsstiller, f"Sendt tilbake ({said}).")
    return None


def _not_frozen(sak: Sak, per: date, mangler: Sequence[str]) -> Steg:
    left = f" Før saken kan fryses: {'; '.join(mangler)}." if mangler else ""
    if sak.innspill is None:
        because = f"Saken har ingen frist for innspill ennå.{left}"
        return Steg("utkast", sak.forslagsstiller, because)
    if per <= sak.innspill.til:
        return Steg(
            "innspill", "leverandørene", f"Fristen for innspill er {dato(sak.innspill.til)}.{left}"
        )
    because = f"Fristen for innspill gikk ut {dato(sak.innspill.til)}."
    if mangler:
        return Steg("vurdering", sak.forslagsstiller, because + left)
    return Steg("vurdering", "sekretariatet", f"{because} Saken kan fryses.")


def _treatments(mappe: Saksmappe, organ: str) -> tuple[Behandling, ...]:
    found = mappe.behandlinger.get(organ)
    return found.behandlinger if found else ()
