"""What the papers of a meeting say across its cases: what hangs together, and what falls due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kravverk.comparison import Case
from kravverk.gate import DECIDED, state
from kravverk.matrix import alike
from kravverk.meeting import Mote, Par, deadlines
from kravverk.render import MUST, post_name, title
from kravverk.report import named
from kravverk.text import dato, word

FEW = 2  # records that are named in full where cases have to do with one another
AGAIN = "fryses og behandles på nytt"
Celle = dict[str, list[str]]  # "må", "bør", "kan" or "slutter" -> requirements


@dataclass(frozen=True)
class Rad:
    """A case, those that it has to do with in one and the same way, how, and what follows."""

    sak: Case
    med: tuple[Case, ...]
    begge: bool  # all are on the agenda
    hvordan: str
    folge: str


def rows(mote: Mote) -> list[Rad]:
    """The pairs of a meeting, those folded together that only build on messages of one case."""
    folded: dict[str, list[Par]] = {}
    pairs = mote.par
    for par in pairs:
        if (base := _messages_of(par)) is not None:
            folded.setdefault(base.mappe.navn, []).append(par)
    found: list[Rad] = []
    for par in pairs:
        base = _messages_of(par)
        mine = folded.get(base.mappe.navn, []) if base else []
        if base is None or len(mine) == 1:
            said = " ".join(ties(mote, par))
            found.append(Rad(par.saker[0], par.saker[1:], par.begge, said, consequence(mote, par)))
        elif par is mine[0]:
            found.append(_folded(mote, base, mine))
    return found


def _messages_of(par: Par) -> Case | None:
    """The case of two whose messages are all that the other builds on, and loses its freeze by."""
    ties_only = par.begge and not par.samme and not par.omtaler and len(par.faller) == 1
    if ties_only and all(on.startswith("meldinger/") for _, on in par.bygger):
        return par.saker[par.faller[0] is par.saker[0]]
    return None


def _folded(mote: Mote, base: Case, pairs: Sequence[Par]) -> Rad:
    one, falls = _called(mote, base), [par.faller[0] for par in pairs]
    numbers = [_called(mote, case) for case in falls]
    on = sorted({on for par in pairs for _, on in par.bygger})
    whose = "; ".join(
        f"{nr} ({', '.join(sorted({post for post, _ in par.bygger}))})"
        for nr, par in zip(numbers, pairs, strict=True)
    )
    how = f"Krav i disse sakene bygger på {_listed(mote, on)}, som {one} endrer: {whose}."
    every = f"{', '.join(numbers[:-1])} og {numbers[-1]}"
    then = f"Alle kan vedtas. Sekretariatet innarbeider {every} før {one}; ellers må de {AGAIN}."
    return Rad(base, tuple(falls), True, how, then)


def _called(mote: Mote, case: Case) -> str:
    numbers = {punkt.case.mappe.navn: punkt.nr for punkt in mote.punkter}
    return numbers.get(case.mappe.navn) or f"sak {case.mappe.navn}"


def ties(mote: Mote, par: Par) -> list[str]:
    """What two cases have to do with one another, in sentences."""
    said = [f"Begge endrer {_listed(mote, par.samme)}."] if par.samme else []
    built: dict[tuple[str, ...], list[str]] = {}
    for post in dict.fromkeys(post for post, _ in par.bygger):
        built.setdefault(tuple(on for one, on in par.bygger if one == post), []).append(post)
    said += [
        f"{_listed(mote, posts)} bygger på {_listed(mote, on)}." for on, posts in built.items()
    ]
    for case in par.omtaler:
        other = par.saker[case is par.saker[0]]
        said.append(f"Saken {_called(mote, case)} omtaler selv sak {other.mappe.navn}.")
    return said


def consequence(mote: Mote, par: Par) -> str:
    """What it means for the freezes of two cases that both are adopted, and what to do.

    What one builds on and the other changes stops the one that comes last into the register
    (`freeze_rules.endret_grunnlag` and `act_rules.grunnlaget_er_endret`).
    """
    one, other = (_called(mote, case) for case in par.saker)
    if not par.faller:
        why = "ingen av dem endrer noe som frysen av den andre bygger på"
        builds = {post for post, _ in par.bygger}
        for nr, case in zip((one, other), par.saker, strict=True):
            if builds and builds <= {*case.poster} - case.found.before.poster.keys():
                why = f"kravene i {nr} er nye, så ingen eldre utgave av det de bygger på, er "
                why += "frosset med dem"
        return f"Begge kan stå slik de er: {why}."
    if not par.begge:
        frozen = f", og {AGAIN}" if par.saker[1].mappe.frys else ""
        said = {
            one: f"Blir {other} innarbeidet først, må {one} {AGAIN}.",
            other: f"Blir {one} vedtatt, må {other} ta inn det som ble vedtatt{frozen}.",
        }
        return said[other if par.saker[1] in par.faller else one]
    if len(par.faller) > 1:
        return (
            "Bare den som blir innarbeidet først, kan stå slik den er. Den andre må ta inn det "
            f"som ble vedtatt, og {AGAIN}. Behandle {one} først, som på sakslisten."
        )
    falls, stays = (one, other) if par.faller[0] is par.saker[0] else (other, one)
    return (
        f"Begge kan vedtas. Sekretariatet innarbeider {falls} før {stays}; "
        f"ellers må {falls} {AGAIN}."
    )


def sequence(mote: Mote) -> list[str]:
    """The order to put cases into the register in, if all are adopted, where that matters.

    Empty where it is the order of the agenda, and where no order lets every freeze stand.
    """
    pairs = [par for par in mote.par if par.begge and len(par.faller) == 1]
    order = [
        (first.mappe.navn, then.mappe.navn)
        for par in pairs
        for first, then in ((par.faller[0], par.saker[par.faller[0] is par.saker[0]]),)
    ]
    agenda = {p.case.mappe.navn: p.nr for p in mote.punkter}
    left = [name for name in agenda if any(name in both for both in order)]
    found: list[str] = []
    while left:
        later = {then for first, then in order if first in left}
        free = [name for name in left if name not in later]
        if not free:
            return []
        found.append(free[0])
        left.remove(free[0])
    same = found == [name for name in agenda if name in found]
    return [] if same else [agenda[name] for name in found]


def told(case: Case) -> str:
    """How a case stands, and why: that it was treated in writing or confirms an urgent decision."""
    said, act = case.steg.fordi, state(case.mappe).sist
    name, waits = word(case.steg.navn), case.steg.venter_pa
    if case.steg.navn == "utsatt":
        name += f", venter på {waits}"
    if act and act.behandling and act.behandling.form == "skriftlig":
        said += " Saken ble behandlet skriftlig."
    if act and act.handling in DECIDED and case.mappe.hastevedtak:
        said += f" Vedtaket bekrefter hastevedtaket {dato(case.mappe.hastevedtak.dato)}."
    return said if f"{name} " in f"{said.lower()} " else f"{name.capitalize()}. {said}"


def _listed(mote: Mote, posts: Sequence[str]) -> str:
    """Records with their titles where they are few, else by what they are called alone."""
    few = len(posts) <= FEW
    return ", ".join(
        f"{post_name(post)} «{_title(mote, post)}»" if few else post_name(post) for post in posts
    )


def _title(mote: Mote, post: str) -> str:
    cases = (*(punkt.case for punkt in mote.punkter), *mote.apne)
    return title(next(case.found for case in cases if post in case.poster), post, stands=True)


# --- What falls due -------------------------------------------------------------------------------


def quarters(mote: Mote) -> tuple[list[str], list[tuple[list[str], dict[str, Celle]]]]:
    """The quarters with dates in them, and (systems, quarter -> what falls due or ends)."""
    due = [frist for frist in mote.frister if frist.plikt]
    met = {(f.system, f.post) for f in due if f.navn == "oppfylles_innen"}
    kinds = ("må", "bør", "kan", "slutter")
    rows: dict[str, dict[str, Celle]] = {}
    for frist in due:
        cell = rows.setdefault(frist.system, {}).setdefault(frist.kvartal, {k: [] for k in kinds})
        kind = "slutter" if frist.navn == "utfases" else MUST[frist.niva]
        twice = frist.navn == "mottak_innen" and (frist.system, frist.post) in met
        said = f"{frist.post} (motta)" if twice else frist.post
        if said not in cell[kind]:
            cell[kind].append(said)
    return list(dict.fromkeys(frist.kvartal for frist in due)), alike(dict(sorted(rows.items())))


def usable(mote: Mote) -> dict[date, list[str]]:
    """day -> the requirements that may be followed from then on, before anybody has to."""
    days: dict[date, set[str]] = {}
    for frist in mote.frister:
        if not frist.plikt:
            days.setdefault(frist.dag, set()).add(frist.post)
    return {day: sorted(posts) for day, posts in days.items()}


def undated(mote: Mote) -> list[str]:
    """The cases that set no date of their own, each with what it changes."""
    cases = [p.case for p in mote.punkter if p.gruppe != "delegert" and not deadlines(p.case)]
    return [
        f"{_called(mote, case)} {case.mappe.navn} ({named(case.found, case.poster)})"
        for case in cases
        if case.poster
    ]
