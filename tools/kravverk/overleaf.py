"""What a council paper says behind page one: dates and duties, and what else is affected."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kravverk.bindings import bindinger
from kravverk.bodies import Organ
from kravverk.case_models import Behandling, Dispensasjon, FrossetFelt, Frys, Vilkar
from kravverk.comparison import Case, Sammenligning
from kravverk.diff import Endring, Slag, saksavtrykk
from kravverk.freeze_rules import inherited
from kravverk.gate import hendelser
from kravverk.meeting import deadlines
from kravverk.models import PLIKTER, UTEN_MENING, Json, Krav, Plikt, fields, flat, kind_named
from kravverk.register import Register
from kravverk.render import MUST
from kravverk.text import dato

# What became of something: (a whole record, not there before, not there after).
SLAG: Mapping[tuple[bool, bool, bool], Slag] = {
    (False, False, False): "endret",
    (False, True, False): "lagt_til",
    (False, False, True): "fjernet",
    (True, True, False): "ny_post",
    (True, False, True): "slettet_post",
}


@dataclass(frozen=True)
class Varsel:
    """A date that the case sets, with the notice it gives from the day of the meeting."""

    post: str
    navn: str
    dag: date
    dager: int
    minst: int
    niva: Plikt = "skal"  # how strongly the requirement binds those it binds the most
    nye: tuple[str, ...] = ()  # the systems it comes to bind, where the date is an old one

    @property
    def ord(self) -> str:
        """What the date asks, in words: «må oppfylles innen», «plikten slutter»."""
        must = MUST[self.niva]
        return {
            "mottak_innen": f"{must} kunne motta innen",
            "oppfylles_innen": f"{must} oppfylles innen",
            "utfases": "plikten slutter",
            "kan_brukes_fra": "kan brukes fra",
        }[self.navn]

    @property
    def kort(self) -> bool:
        return self.dager < self.minst


def notice(case: Case, per: date) -> list[Varsel]:
    """The dates of a case against the minimum notice of the body that decides, soonest first."""
    least = _least(case, per)
    after = case.found.after
    bound = {
        post: [b.plikt for b in bindinger(after.krav[post], after).values()]
        for post, _, _ in deadlines(case)
    }
    found = [
        Varsel(
            *(post, name, day, (day - per) // timedelta(days=1), least),
            niva=min(bound[post], key=PLIKTER.index, default="skal"),
        )
        for post, name, day in deadlines(case)
    ]
    return sorted(found, key=lambda v: (v.dag, v.post, v.navn))


def inherited_short(case: Case, per: date) -> list[Varsel]:
    """Dates under the minimum notice that stand as they were, for those that come to be bound."""
    every = (
        Varsel(post, name, day, (day - per).days, _least(case, per), nye=tuple(who))
        for post, name, day, who in inherited(case.found)
    )
    return [v for v in every if v.kort]


def _least(case: Case, per: date) -> int:
    """The minimum notice of those who decide a case, in days."""
    bodies = [body for rolle, body in case.rute if rolle == "beslutter"]
    return max((b.regler_den(per).varslingsdager for b in bodies), default=0)


def by_kind(varsler: Sequence[Varsel]) -> dict[str, dict[date, list[str]]]:
    """what is asked -> day -> requirements; what may be done comes after what must."""
    kinds: dict[str, dict[date, list[str]]] = {}
    last = ("utfases", "kan_brukes_fra")
    asked = {v.ord: (v.navn in last, v.navn == last[1], PLIKTER.index(v.niva)) for v in varsler}
    for v in sorted(varsler, key=lambda v: (asked[v.ord], v.dag, v.post)):
        kinds.setdefault(v.ord, {}).setdefault(v.dag, []).append(v.post)
    return kinds


def by_day(varsler: Iterable[Varsel]) -> list[tuple[Varsel, list[str]]]:
    """(a date and what it asks, the requirements it asks it of), in order."""
    days: dict[tuple[date, str], tuple[Varsel, list[str]]] = {}
    for v in sorted(varsler, key=lambda v: (v.dag, v.ord, v.post)):
        days.setdefault((v.dag, v.ord), (v, []))[1].append(v.post)
    return list(days.values())


def applies(case: Case, reg: Register, per: date) -> str:
    """From when a case applies that sets no date of its own: its release, where that is known."""
    if case.sak.godkjenner:
        return "Saken setter ingen frister."
    for out in reg.utgivelser.values():
        if case.mappe.navn in out.saker and out.dato <= per:
            may, must = dato(out.kan_folges_fra), dato(out.ma_folges_fra)
            return f"Gjelder fra utgivelse {out.id}: kan følges fra {may}, må følges fra {must}."
    return (
        "Saken setter ingen egne frister. Gjelder fra neste utgivelse, som ikke har noen dato ennå."
    )


@dataclass(frozen=True)
class Tidslinje:
    """The dates of a case along a line, in per cent of the way from the first day to the last."""

    linjer: dict[str, list[tuple[float, Varsel]]]  # requirement -> where each of its dates stands
    kvartaler: list[tuple[float, str]]
    i_dag: float
    varslet: float  # how far the minimum notice reaches


def timeline(varsler: Sequence[Varsel], per: date) -> Tidslinje | None:
    """The dates against the minimum notice, to be drawn; None when there is no line to draw."""
    if len(varsler) < 2:
        return None
    notified = per + timedelta(days=min(varsler[0].minst, 9999))
    first = min(per, varsler[0].dag)
    whole = max(notified, varsler[-1].dag) - first

    def along(day: date) -> float:
        return round(100 * ((day - first) / whole), 2)

    linjer: dict[str, list[tuple[float, Varsel]]] = {}
    for v in varsler:
        linjer.setdefault(v.post, []).append((along(v.dag), v))
    years = range(first.year, (first + whole).year + 1)
    starts = [date(year, month, 1) for year in years for month in (1, 4, 7, 10)]
    shown = [day for day in starts if first <= day <= first + whole]
    return Tidslinje(
        dict(sorted(linjer.items())),
        [(along(day), f"{day.month}/{day.year}") for day in shown[:: len(shown) // 8 + 1]],
        along(per),
        along(notified),
    )


def duties(found: Sammenligning) -> dict[str, tuple[Counter[str], Counter[str]]]:
    """system -> how many of the touched requirements bind it skal, bør and kan, before and after.

    Systems for which the numbers stay as they were are left out.
    """
    counts: dict[str, tuple[Counter[str], Counter[str]]] = {}
    posts = {e.post for e in found.endringer} | {
        via.split()[0] for row in found.virkninger if "/" in row.post for via in row.via
    }
    for side, reg in enumerate((found.before, found.after)):
        for post in sorted(posts & reg.krav.keys()):
            for system, bound in bindinger(reg.krav[post], reg).items():
                both = counts.setdefault(system, (Counter(), Counter()))
                both[side][bound.plikt] += 1
    return {system: both for system, both in sorted(counts.items()) if both[0] != both[1]}


def levels(counted: Counter[str]) -> str:
    """How many of each level, in words: «2 skal, 1 bør»."""
    return ", ".join(f"{counted[p]} {p}" for p in PLIKTER if counted[p]) or "ingen"


def without_deadline(found: Sammenligning) -> list[str]:
    """The requirements that ask more than before without saying by when."""
    more = {
        v.post for v in found.virkninger if v.klasse in ("ny_plikt", "skjerpet", "endret_plikt")
    }
    posts = (found.after.krav[post] for post in sorted(more & found.after.krav.keys()))
    return [k.id for k in posts if not (k.frister.oppfylles_innen or k.frister.mottak_innen)]


def exemptions(found: Sammenligning, per: date) -> list[Dispensasjon]:
    """The dispensations from what the case changes, in force on a day."""
    posts = {e.post for e in found.endringer}
    every = found.after.dispensasjoner.values()
    return [d for d in every if d.krav in posts and d.dato <= per <= d.til]


def read_differently(found: Sammenligning, reg: Register) -> list[tuple[Krav, str]]:
    """The untouched requirements that now read differently, each with why.

    What is proven to mean the same makes nothing read differently.

    `reg` is the whole register: a comparison holds only what it needs.
    """
    touched = {row.post for row in found.virkninger if row.klasse not in UTEN_MENING}
    touched |= {e.post for e in found.endringer if e.post.startswith("begreper/")}
    terms = {
        term: post
        for post in sorted(touched)
        if (record := found.after.begreper.get(post.removeprefix("begreper/")))
        and post.startswith("begreper/")
        for term in (record.navn, *record.forkortelser)
    }
    changed = {e.post for e in found.endringer}
    spelt = re.compile("|".join(rf"\b{re.escape(t)}" for t in sorted(terms)), re.IGNORECASE)
    lower = {term.lower(): post for term, post in terms.items()}
    lines = []
    for ident, krav in reg.krav.items():
        if ident in changed or krav.status == "utgått":
            continue
        why = [f"bygger på {other}" for other in krav.avhenger_av if other in touched]
        why += [f"bruker {m}" for m in krav.meldinger if f"meldinger/{m}" in touched]
        why += [f"gjelder {g}" for g in krav.gjelder if f"grupper/{g}" in touched]
        if terms:
            used = {lower[word.lower()] for word in spelt.findall(f"{krav.tittel} {krav.tekst}")}
            why += [f"bruker {post}" for post in sorted(used)]
        if why:
            lines.append((krav, ", ".join(why)))
    return lines


def unchanged(found: Sammenligning) -> dict[str, list[str]]:
    """record -> the names of its fields that stay as they are."""
    changed = {(e.post, (e.felt or "").partition(".")[0]) for e in found.endringer}
    whole = {e.post for e in found.endringer if e.felt is None}
    return {
        post: [
            name
            for name in dict.fromkeys(f.partition(".")[0] for f in fields(found.after.poster[post]))
            if (post, name) not in changed
        ]
        for post in sorted({e.post for e in found.endringer} - whole)
        if post in found.after.poster
    }


# --- Changed since ------------------------------------------------------------------------------


def changed_since(case: Case) -> list[tuple[str, str]]:
    """What changed since the input round, and since each body treated it; "ingen" when nothing."""
    lines = [("Siden innspillsrunden:", _since_round(case))] if _round_over(case) else []
    for rolle, organ in case.rute:
        treated = case.mappe.behandlinger.get(organ.id)
        if rolle == "uttaler":
            continue
        last = _bound(case, organ)
        if not treated and case.mappe.kortvei:
            continue  # it was not to see it
        if not treated:
            lines.append((organ.navn, "har ikke sett saken."))
        elif last is None:
            day = dato(treated.behandlinger[-1].dato)
            lines.append((organ.navn, f"så saken {day}, men tok ikke stilling til en tekst."))
        else:
            who = f"Siden {organ.navn} behandlet saken {dato(last.dato)}:"
            lines.append((who, _said_since(case, last)))
    moved = f"{', '.join(case.drift)} er endret av andre." if case.drift else "ingen endringer."
    return [*lines, ("I registeret siden saken ble åpnet:", moved)]


def _round_over(case: Case) -> bool:
    return bool(case.sak.innspill and case.steg.navn not in ("utkast", "innspill"))


def heard(case: Case) -> Frys | None:
    """The freeze that the vendors answered: the newest from before the input round was over."""
    last = case.sak.innspill.til if case.sak.innspill else date.min
    return next((f for f in reversed(case.mappe.fryser) if f.dato <= last), None)


def _since_round(case: Case) -> str:
    was = heard(case)
    if was is None:
        return "ukjent; teksten ble ikke frosset for innspill."
    same = not any(between(was.endringer, case.found.endringer))
    return "ingen endringer." if same else "teksten er endret; endringene står under Ordlyden."


def _said_since(case: Case, last: Behandling) -> str:
    frys = case.mappe.frys
    now = frys.fingeravtrykk if frys and case.sak.godkjenner else case.found.fingeravtrykk
    if last.fingeravtrykk != now:
        return "teksten er endret; behandlingen gjelder en annen tekst."
    seen = _freeze(case, last)
    if seen and last.saksavtrykk and last.saksavtrykk != saksavtrykk(case.sak, seen):
        return "ingen endringer i kravene; begrunnelsen er endret."
    return "ingen endringer."


def _bound(case: Case, organ: Organ) -> Behandling | None:
    """The last treatment by a body that stands for a text."""
    treated = case.mappe.behandlinger.get(organ.id)
    said = [b for b in (treated.behandlinger if treated else ()) if b.fingeravtrykk]
    return said[-1] if said else None


def conditions(case: Case) -> list[tuple[str, date, tuple[Vilkar, ...], str]]:
    """(body, when, the conditions it asked for, or what it wrote) of each that recommends.

    What a body wrote is told where it speaks of conditions without having listed any.
    """
    found = []
    for rolle, organ in case.rute:
        last = _bound(case, organ) if rolle == "anbefaler" else None
        said = (last.begrunnelse or "") if last and not last.vilkar else ""
        if last and (last.vilkar or "vilkår" in said.lower()):
            found.append((organ.navn, last.dato, last.vilkar, said))
    return found


def new_since(case: Case) -> list[tuple[str, list[tuple[str, str | None, Json, Json]]]]:
    """(since when, what is not as it was), with (record, field, as it was then, as it is now)."""
    then = [("innspillsrunden", heard(case))] if _round_over(case) else []
    for rolle, organ in case.rute:
        if rolle != "uttaler" and (last := _bound(case, organ)):
            then.append((f"{organ.navn} behandlet saken", _freeze(case, last)))
    found = [
        (since, list(between(was.endringer, case.found.endringer)))
        for since, was in then
        if was and case.found.endringer
    ]
    return [(since, lines) for since, lines in found if lines]


def _freeze(case: Case, treated: Behandling) -> Frys | None:
    numbers = [act.nr for act in hendelser(case.mappe) if act.behandling == treated]
    return next((f for f in case.mappe.fryser if f.nr in numbers), None)


def between(
    frozen: Iterable[FrossetFelt | Endring], proposed: Iterable[FrossetFelt | Endring]
) -> Iterator[tuple[str, str | None, Json, Json]]:
    """(record, field, then, now) for what was proposed otherwise before than after.

    Of a record that is new in both, only the fields that differ.
    """
    then = {(f.post, f.felt): (f.gammel, f.ny) for f in frozen}
    now = {(e.post, e.felt): (e.gammel, e.ny) for e in proposed}
    for post, felt in sorted(then.keys() | now.keys(), key=str):
        key = post, felt
        was = then[key][1] if key in then else now[key][0]
        will = now[key][1] if key in now else then[key][0]
        if was == will:
            continue
        kind = kind_named(post)
        if felt is None and kind and was and will:
            old, new = flat(kind, was), flat(kind, will)
            for name in dict.fromkeys((*old, *new)):
                if old.get(name) != new.get(name):
                    yield post, name, old.get(name), new.get(name)
        else:
            yield post, felt, was, will


def freezes(case: Case) -> list[tuple[Frys, dict[str, list[Endring]]]]:
    """(freeze, record -> what it proposes otherwise than the freeze before), newest first."""
    made: list[tuple[Frys, dict[str, list[Endring]]]] = []
    for at, frys in enumerate(case.mappe.fryser):
        changed: dict[str, list[Endring]] = {}
        before = case.mappe.fryser[at - 1].endringer if at else frys.endringer
        for post, felt, was, now in between(before, frys.endringer):
            slag = SLAG[felt is None, was is None, now is None]
            changed.setdefault(post, []).append(Endring(post, felt, slag, was, now))
        made.insert(0, (frys, changed))
    return made
