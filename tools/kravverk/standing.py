"""Where a case stands on a day, whom it waits for and why; computed, never typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kravverk.bodies import Organ
from kravverk.case_models import Sak
from kravverk.gate import OPEN, State, Stegnavn, state, waiting
from kravverk.register import Saksmappe
from kravverk.text import dato, word


@dataclass(frozen=True)
class Steg:
    """A case's step; `venter_pa` is a body's name or a role, empty when nobody is awaited."""

    navn: Stegnavn
    venter_pa: str
    fordi: str


def steg(
    mappe: Saksmappe,
    organer: Mapping[str, Organ],
    per: date,
    fingeravtrykk: str | None = None,
    mangler: Sequence[str] = (),
    innarbeidet: bool = False,
) -> Steg:
    """The step of a case on the day `per`, from its own files.

    `organer` says what bodies are called.
    `fingeravtrykk` is that of the records as they are now, where that is known: a freeze of
    another text no longer counts. `mangler` says what must be done before a freeze, and
    `innarbeidet` that the case is looked at on main.
    """
    sak, now = mappe.sak, state(mappe)
    if sak.trukket:
        instead = (
            f" Sak {sak.trukket.erstattet_av} kom i stedet." if sak.trukket.erstattet_av else ""
        )
        return Steg("trukket", "", f"Saken ble trukket {dato(sak.trukket.dato)}.{instead}")
    if not mappe.frys or (now.tidlig and now.steg in OPEN):
        return _not_frozen(sak, per, mangler)
    if late := _expired(mappe, now, per):
        return Steg("utløpt", "sekretariatet", late)
    done = _told(now, organer)
    if now.steg == "vedtatt":
        if innarbeidet:
            return Steg("innarbeidet", "", f"{done} Innarbeidet i registeret.")
        return Steg("vedtatt", "sekretariatet", f"{done} Venter på å bli innarbeidet i registeret.")
    if now.steg == "avslått":
        return Steg("avslått", "", done)
    if now.steg == "sendt_tilbake":
        return Steg("sendt_tilbake", sak.forslagsstiller, done)
    if now.steg == "utsatt":
        waits = now.sist.behandling.utsatt if now.sist and now.sist.behandling else None
        awaited = waits.paavente_av if waits and waits.paavente_av else "sekretariatet"
        return Steg("utsatt", awaited.rstrip("."), done)
    if fingeravtrykk and fingeravtrykk != mappe.frys.fingeravtrykk:
        because = (
            f"Teksten er endret etter frysingen {dato(mappe.frys.dato)}; den må fryses på nytt."
        )
        return Steg("vurdering", "sekretariatet", because)
    for rolle, organ in waiting(mappe.frys.rute, now.sagt, now.frys):
        words = {"anbefaler": "anbefalt", "beslutter": "besluttet", "fastsetter": "fastsatt"}[rolle]
        because = f"{_navn(organ, organer)} har ikke {words} frys {now.frys}."
        if earlier := now.sagt.get(organ):
            because += f" Forrige behandling ({dato(earlier.dato)}) gjaldt frys {earlier.nr}."
        return Steg(now.steg, _navn(organ, organer), because)
    return Steg("beslutning", "", "Ingen organer har mandat til å beslutte saken.")


def _navn(ident: str, organer: Mapping[str, Organ]) -> str:
    return organer[ident].navn if ident in organer else ident


def _told(now: State, organer: Mapping[str, Organ]) -> str:
    """The act that the case stands on, in a sentence."""
    act = now.sist
    if act is None:
        return ""
    said = {
        "kort_vei": "Vedtatt på kort vei",
        "hastevedtatt": "Hastevedtatt",
    }.get(act.handling, word(act.handling).capitalize())
    by = f" av {_navn(act.organ, organer)}" if act.organ else ""
    mote = f" i sak {act.behandling.motesak}" if act.behandling and act.behandling.motesak else ""
    text = f"{said}{by}{mote} {dato(act.dato)}."
    if act.behandling and act.behandling.utsatt:
        text += f" Tas opp igjen innen {dato(act.behandling.utsatt.til)}."
    left = [v for v in act.behandling.vilkar if v.id not in now.oppfylt] if act.behandling else []
    if left:
        text += " Vilkår som ikke er oppfylt: "
        text += "; ".join(f"{v.id} innen {dato(v.frist)} ({v.ansvarlig})" for v in left) + "."
    return text


def _expired(mappe: Saksmappe, now: State, per: date) -> str:
    """Why a deferral, a condition or an urgent decision no longer holds on a day; else empty."""
    act = now.sist
    if act is None:
        return ""
    if now.haste and mappe.hastevedtak and per > mappe.hastevedtak.gjelder_til:
        ended = dato(mappe.hastevedtak.gjelder_til)
        return f"Hastevedtaket gjaldt til {ended} og er ikke godkjent av organene på ruten."
    treated = act.behandling
    if now.steg == "utsatt" and treated and treated.utsatt and per > treated.utsatt.til:
        return f"Saken var utsatt til {dato(treated.utsatt.til)} og er ikke tatt opp igjen."
    for vilkar in treated.vilkar if treated and now.steg == "vedtatt" else ():
        if per > vilkar.frist and vilkar.id not in now.oppfylt:
            return f"Vilkåret {vilkar.id} skulle vært oppfylt innen {dato(vilkar.frist)}."
    return ""


def _not_frozen(sak: Sak, per: date, mangler: Sequence[str]) -> Steg:
    left = f" Før saken kan fryses: {'; '.join(mangler)}." if mangler else ""
    if sak.innspill is None:
        because = f"Saken har ingen frist for innspill ennå.{left}"
        return Steg("utkast", sak.forslagsstiller, because)
    if per <= sak.innspill.til:
        because = f"Fristen for innspill er {dato(sak.innspill.til)}.{left}"
        return Steg("innspill", "leverandørene", because)
    because = f"Fristen for innspill gikk ut {dato(sak.innspill.til)}."
    if mangler:
        return Steg("vurdering", sak.forslagsstiller, because + left)
    return Steg("vurdering", "sekretariatet", f"{because} Saken kan fryses.")
