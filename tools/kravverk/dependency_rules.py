"""The rules for what a requirement presupposes: there, in time, and for the same systems.

As in `register_rules`: a rule yields what it finds, and its docstring is its page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from graphlib import CycleError, TopologicalSorter

from kravverk.bindings import Binding, bindinger, due, weaker
from kravverk.models import Krav
from kravverk.register import Placed, Register
from kravverk.text import dato


def sirkel(reg: Register) -> Iterator[Placed]:
    """Krav avhenger av hverandre i ring.

    Når A forutsetter B og B forutsetter A, kan ingen av dem oppfylles først.

    Slik retter du: ta bort en av linjene under `avhenger_av`.
    """
    needs = {ident: set(krav.avhenger_av) for ident, krav in sorted(reg.krav.items())}
    while True:
        try:
            TopologicalSorter(needs).prepare()
            return
        except CycleError as error:
            ring = error.args[1][::-1]  # each presupposes the next, and the last is the first
        at = ring.index(min(ring))
        ring = [*ring[at:-1], *ring[: at + 1]] if ring[0] != min(ring) else ring
        sentence = f"Kravene avhenger av hverandre i ring: {' → '.join(ring)}."
        way_out = "Ta bort en av linjene under `avhenger_av`."
        place = reg.entries[reg.path(ring[0])].at("avhenger_av", ring[1])
        yield place, sentence, way_out
        for ident in ring:
            needs.pop(ident, None)


def avhenger_av_utgatt(reg: Register) -> Iterator[Placed]:
    """Kravet avhenger av et krav som er utgått.

    Slik retter du: vis til kravet som erstatter det, eller ta bort avhengigheten.
    """
    for entry in reg.entries.values():
        krav = entry.record
        if not isinstance(krav, Krav) or krav.status == "utgått":
            continue
        for other in krav.avhenger_av:
            old = reg.krav.get(other)
            if old and old.status == "utgått":
                heirs = {
                    h for h in old.erstattet_av if h in reg.krav and reg.krav[h].status != "utgått"
                }
                way_out = (
                    f"Vis til {', '.join(sorted(heirs)) or 'et annet krav'}, eller ta bort linjen."
                )
                place = entry.at("avhenger_av", other)
                yield place, f"Kravet avhenger av {other}, som er utgått.", way_out


def svak_avhengighet(reg: Register) -> Iterator[Placed]:
    """Kravet avhenger av et krav som kommer senere, eller som ikke binder alle de samme systemene.

    Det som må være på plass først, må gjelde minst like tidlig og for alle som *skal* oppfylle det
    som bygger på det. Dagen er `oppfylles_innen`, ellers `mottak_innen`, ellers dagen utgivelsen
    kravet kom med, må følges fra. Er den ikke kjent, eller hadde begge dagene vært da den nyeste
    utgivelsen kom, blir det ikke sagt noe om den.

    Binder det andre kravet ingen av de samme systemene, er det en annen part som har plikten, som
    Reseptformidleren eller apoteket. Det samme gjelder et system som verken sender eller mottar
    meldingene som det andre kravet handler om.

    Slik retter du: flytt den ene fristen, la det andre kravet gjelde for de samme, eller ta bort
    linjen under `avhenger_av` om kravet lar seg oppfylle uten.
    """
    bound = cache(lambda ident: bindinger(reg.krav[ident], reg))
    newest = max((u.dato for u in reg.utgivelser.values()), default=date.min)
    for entry in reg.entries.values():
        krav = entry.record
        if not isinstance(krav, Krav) or krav.status == "utgått":
            continue
        for other in (reg.krav[name] for name in krav.avhenger_av if name in reg.krav):
            if other.status == "utgått" or other is krav:
                continue
            mine, theirs = due(krav, reg, krav.versjon), due(other, reg)
            said, way_out = [], []
            if mine and theirs and theirs > max(mine, newest):
                said.append(f"gjelder fra {dato(theirs)}, mens dette gjelder fra {dato(mine)}")
                way_out.append("flytt en av fristene")
            left = _left_out(bound(krav.id), bound(other.id), _ends(other, reg), reg)
            if left:
                said.append(f"ikke er obligatorisk for {', '.join(left)}")
                way_out.append(f"la {other.id} gjelde for de samme")
            if said:
                sentence = f"Kravet avhenger av {other.id}, som {' og '.join(said)}."
                out = (
                    f"{' og '.join(way_out)}, eller ta bort linjen om kravet lar seg oppfylle uten."
                )
                yield entry.at("avhenger_av", other.id), sentence, out[:1].upper() + out[1:]


def _left_out(
    mine: Mapping[str, Binding], theirs: Mapping[str, Binding], ends: set[str], reg: Register
) -> list[str]:
    """The systems that must meet a requirement, and not the one it presupposes.

    Only where the other binds some of them, and not a system that has no part in the messages of
    the other: `ends` is those who send or receive them, empty where it names no message.
    """
    must = {system: binding for system, binding in mine.items() if binding.plikt == "skal"}
    left = weaker(must, theirs) if must.keys() & theirs.keys() else []
    return [s for s in left if not ends or ends & {s, *reg.systemer[s].grupper}]


def _ends(krav: Krav, reg: Register) -> set[str]:
    """Those who send or receive the messages that a requirement names."""
    named = [reg.meldinger[m] for m in krav.meldinger if m in reg.meldinger]
    return {who for melding in named for who in (*melding.avsendere, *melding.mottakere)}


# In the order in which they run.
AVHENGIGHET = (sirkel, avhenger_av_utgatt, svak_avhengighet)
# Said, but stops nobody.
ADVICE = (avhenger_av_utgatt, svak_avhengighet)
