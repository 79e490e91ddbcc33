"""Whom a change hits, and how: one row for each change and system that is bound by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from kravverk.bindings import Binding, bindinger, binds_as_much, due
from kravverk.case_models import Avklaring
from kravverk.classes import Verdict, field_class, namespace_class, other_class, strongest
from kravverk.diff import Endring, field_diff
from kravverk.edits import Known, no_word
from kravverk.models import (
    KLASSER,
    KRAV_ID,
    PLIKTER,
    UTEN_MENING,
    Klasse,
    Melding,
)
from kravverk.register import Register

Hvordan = Literal["utvikling", "via-fellesløsning", "informasjon"]
# The classes that ask nothing of a system but to know.
INFORMED = ("bortfalt", "lempet", "presisert", "redaksjonell", "informativ")


@dataclass(frozen=True)
class Virkning:
    """What one change means to one system; `system` is None where the change binds nobody."""

    post: str
    felt: str | None
    system: str | None
    klasse: Klasse
    hvordan: Hvordan
    via: tuple[str, ...]
    fordi: str  # the rule that gave the class, in one sentence
    maskin: Klasse | None = None  # what the machine said, where a role decided otherwise
    dispensasjon: str | None = None  # the id of the system's exemption from the requirement


def hvordan(
    klasse: Klasse, system: str, omrade: str, bound: Iterable[str], reg: Register
) -> Hvordan:
    """What the change asks of the system: to develop, to test through another, or to know.

    Whoever has a shared solution built in gets most changes through it, as long as that
    solution is bound too (design.md §5).
    """
    if klasse in INFORMED:
        return "informasjon"
    through = reg.systemer[system].realisering.get(omrade) if system in reg.systemer else None
    return "via-fellesløsning" if through in set(bound) else "utvikling"


def virkninger(
    endringer: Iterable[Endring],
    before: Register,
    after: Register,
    avklaringer: Iterable[Avklaring] = (),
    known: Known = no_word,
) -> list[Virkning]:
    """One row for each change and system bound before or after it.

    `avklaringer` are the case's judgements: they replace `uavklart`, and whatever else they
    name, for the field and system they name. `known` says whether a word is a word.
    """
    exempt = {(d.krav, d.system): d.id for d in after.dispensasjoner.values()}
    judged = sorted(avklaringer, key=lambda a: a.system is not None)  # the last that fits counts
    rows: list[Virkning] = []
    for endring in endringer:
        for row in _rows(endring, before, after, known):
            verdict = next((a for a in reversed(judged) if _concerns(a, row)), None)
            judgement = row if verdict is None else _judged(row, verdict, after)
            held = exempt.get((row.post, row.system or ""))
            rows.append(replace(judgement, dispensasjon=held) if held else judgement)
    return rows


def _concerns(avklaring: Avklaring, row: Virkning) -> bool:
    """Whether a judgement is of a row.

    What a field means to all is not what it means to whom the requirement did not bind before, or
    no longer binds: that follows of another field, or of a group or a system.
    """
    if (avklaring.post, avklaring.felt) != (row.post, row.felt):
        return False
    if avklaring.system:
        return avklaring.system == row.system
    by_itself = (row.felt or "").split(".")[0] in ("", "status", "gjelder")
    bound_else = bool(KRAV_ID.fullmatch(row.post)) and row.klasse in ("ny_plikt", "bortfalt")
    return by_itself or not bound_else


def _judged(row: Virkning, verdict: Avklaring, after: Register) -> Virkning:
    how: Hvordan = "informasjon"
    if row.system:
        bound = bindinger(after.krav.get(row.post), after)
        how = hvordan(verdict.klasse, row.system, row.post.split("-")[0].lower(), bound, after)
    because = f"avklart av {verdict.rolle}: {verdict.begrunnelse.rstrip('.')}; regelen: {row.fordi}"
    return replace(row, klasse=verdict.klasse, hvordan=how, fordi=because, maskin=row.klasse)


def _rows(endring: Endring, before: Register, after: Register, known: Known) -> Iterator[Virkning]:
    if KRAV_ID.fullmatch(endring.post):
        yield from _krav_rows(endring, before, after, known)
    elif endring.post.startswith("systemer/"):
        yield from _system_rows(endring, before, after)
    elif endring.post.startswith("meldinger/"):
        yield from _melding_rows(endring, before, after)
    elif endring.post.startswith("grupper/"):
        yield from _gruppe_rows(endring, after)
    else:
        klasse, because = other_class(endring)
        yield Virkning(endring.post, endring.felt, None, klasse, "informasjon", (), because)


# --- Requirements -----------------------------------------------------------------------------


def _krav_rows(
    endring: Endring, before: Register, after: Register, known: Known
) -> Iterator[Virkning]:
    old, new = before.krav.get(endring.post), after.krav.get(endring.post)
    by_field = field_class(endring, known, due(old, before) if old else None)
    was, will = bindinger(old, before), bindinger(new, after)
    area = endring.post.split("-")[0].lower()
    replaced = _replaced(endring, before, after, known)
    for system in sorted(was.keys() | will.keys()):
        klasse, because = (
            replaced(system)
            or _depended_on(endring, system, before, after)
            or _klasse(endring, was.get(system), will.get(system), by_field, after)
        )
        how = hvordan(klasse, system, area, will, after)
        binding = will.get(system) or was[system]
        via = tuple(str(vei) for vei in binding.veier)
        if not binding.bekreftet and klasse not in INFORMED:
            because += " (må bekreftes av leverandør)"
        yield Virkning(endring.post, endring.felt, system, klasse, how, via, because)
    if not was and not will:
        because = "kravet binder ingen systemer"
        yield Virkning(endring.post, endring.felt, None, "informativ", "informasjon", (), because)


def _depended_on(
    endring: Endring, system: str, before: Register, after: Register
) -> Verdict | None:
    """What a system must meet anyway asks no more by being depended on, and no less by not being.

    Anything else is for a role to say.
    """
    if endring.felt != "avhenger_av":
        return None
    moved = sorted({*(endring.gammel or ())} ^ {*(endring.ny or ())})
    sides = [(reg.krav[endring.post], reg) for reg in (before, after)]
    if all(binds_as_much(k, reg.krav.get(m), system, reg) for k, reg in sides for m in moved):
        return "redaksjonell", f"systemet må uansett oppfylle {', '.join(moved)}"
    return None


def _replaced(
    endring: Endring, before: Register, after: Register, known: Known
) -> Callable[[str], Verdict | None]:
    """What a requirement that takes the place of others, or is replaced, means to a system.

    A duty that only has a new home is neither new nor gone: it is told once, at the successor,
    by comparing it with the one before it. Where one was split or several were merged, what
    became of the duty is for a role to say.
    """
    new = after.krav.get(endring.post)
    retired = new and new.status == "utgått" and endring.felt == "status"
    heirs = new.erstattet_av if new and retired else ()
    took_over = {h: bindinger(after.krav.get(h), after) for h in heirs}
    origins = forgjengere(endring.post, before, after) if endring.felt is None else ()
    bound = {origin: bindinger(before.krav[origin], before) for origin in origins}

    def verdict(system: str) -> Verdict | None:
        if homes := [heir for heir, systems in took_over.items() if system in systems]:
            fresh = any(heir not in before.krav for heir in homes)  # told and compared there
            because = f"plikten følger nå av {', '.join(homes)}"
            unsaid = f"{because}, som fantes fra før; om den er den samme, må en rolle avgjøre"
            return ("informativ", because) if fresh else ("uavklart", unsaid)
        mine = [origin for origin in origins if system in bound[origin]]
        if not mine or new is None:
            return None
        if len(origins) > 1 or len(after.krav[origins[0]].erstattet_av) > 1:
            return (
                "uavklart",
                f"kravet overtar for {', '.join(mine)}, som er delt eller slått sammen",
            )
        was, will = bound[mine[0]][system], bindinger(new, after).get(system)
        ignored = ("status", "erstattet_av", "utgatt_fordi")
        old = before.krav[mine[0]]
        changes = (e for e in field_diff(old, new) if e.felt not in ignored)
        judged = ((e, field_class(e, known, due(old, before))) for e in changes)
        told = [_klasse(e, was, will, by_field, after) for e, by_field in judged]
        told = [verdict for verdict in told if verdict[0] not in UTEN_MENING]
        if not told:
            return "redaksjonell", f"kravet overtar for {mine[0]}: samme tekst og plikt"
        klasse = strongest(klasse for klasse, _ in told)
        both = {"skjerpet", "lempet"} <= {k for k, _ in told} and klasse == "skjerpet"
        why = "; ".join(dict.fromkeys(why for _, why in told))
        return ("endret_plikt" if both else klasse), f"kravet overtar for {mine[0]}: {why}"

    return verdict


def forgjengere(post: str, before: Register, after: Register) -> tuple[str, ...]:
    """The requirements that a new one takes the place of: they name it in `erstattet_av`."""
    return tuple(
        krav.id
        for krav in after.krav.values()
        if post in krav.erstattet_av
        and krav.id in before.krav
        and before.krav[krav.id].status != "utgått"
    )


def _klasse(
    endring: Endring,
    was: Binding | None,
    will: Binding | None,
    by_field: Verdict,
    after: Register,
) -> Verdict:
    """The class of a change for one system: by who is bound where that moved, else by field."""
    felt = endring.felt or ""
    by_binding = endring.felt is None or felt.startswith("gjelder.")
    adressat = felt.removeprefix("gjelder.") if felt.startswith("gjelder.") else ""
    if not by_binding and by_field[0] == "informativ":
        return by_field
    if adressat:
        veier = (*(was.veier if was else ()), *(will.veier if will else ()))
        if adressat not in (vei.adressat for vei in veier):
            return "redaksjonell", f"systemet nås ikke gjennom {after.navn(adressat)}"
    if will is None:
        return "bortfalt", "systemet er ikke lenger bundet av kravet"
    if was is None:
        return "ny_plikt", f"systemet blir bundet av kravet ({will.plikt})"
    if not by_binding:
        return by_field
    klasse, because = _plikt_class(was, will)
    # Where the change itself moved nothing: another of the ways did, in the same case.
    side = was if PLIKTER.index(was.plikt) < PLIKTER.index(will.plikt) else will
    ways = [vei.adressat for vei in side.veier if vei.plikt == side.plikt]
    if adressat and was.plikt != will.plikt and adressat not in ways:
        because += f", og det følger av endringen for {' og '.join(map(after.navn, ways))}"
    return klasse, because


def _plikt_class(was: Binding, will: Binding) -> Verdict:
    """Level and certainty compared: stronger in one and weaker in neither is tightened."""
    level = PLIKTER.index(was.plikt) - PLIKTER.index(will.plikt)  # above 0: stronger
    certain = will.bekreftet - was.bekreftet  # above 0: no longer depends on a function
    if level == certain == 0:
        return "redaksjonell", f"systemet er like sterkt bundet som før ({will.plikt})"
    if level >= 0 and certain >= 0:
        return "skjerpet", _moved(was, will)
    if level <= 0 and certain <= 0:
        return "lempet", _moved(was, will)
    return "endret_plikt", _moved(was, will)


def _moved(was: Binding, will: Binding) -> str:
    if was.plikt != will.plikt:
        return f"plikten går fra {was.plikt} til {will.plikt}"
    if will.bekreftet:
        return "plikten avhenger ikke lenger av en funksjon"
    return "plikten gjelder nå bare den som har funksjonen"


# --- Other records ------------------------------------------------------------------------------


def _system_rows(endring: Endring, before: Register, after: Register) -> Iterator[Virkning]:
    """A changed system record: which untouched requirements now reach it otherwise."""
    system, felt = endring.post.split("/")[1], (endring.felt or "").split(".")[0]
    klasse: Klasse = "informativ"
    because = f"{endring.felt} endrer ikke hva systemet er bundet av"
    reached: list[tuple[str, Klasse, Binding]] = []
    how: Hvordan = "informasjon"
    if felt in ("", "grupper", "funksjoner"):
        reached = list(_reached_otherwise(system, before, after))
        klasse = strongest(klasse for _, klasse, _ in reached)
        count = {0: "ingen krav", 1: "ett uendret krav"}
        words = count.get(len(reached), f"{len(reached)} uendrede krav")
        because = f"{words} når systemet på en annen måte enn før"
    for post, its_class, _ in reached:  # of several ways the one that asks most
        bound = bindinger(after.krav[post], after)
        one = hvordan(its_class, system, post.split("-")[0].lower(), bound, after)
        how = min(how, one, key=get_args(Hvordan).index)
    via = tuple(
        f"{post} ({klasse.replace('_', ' ')}) {'; '.join(map(str, binding.veier))}"
        for post, klasse, binding in reached
    )
    yield Virkning(endring.post, endring.felt, system, klasse, how, via, because)


def _reached_otherwise(
    system: str, before: Register, after: Register
) -> Iterator[tuple[str, Klasse, Binding]]:
    """The requirements that did not change themselves but bind a system otherwise, and how."""
    for post in sorted(before.krav.keys() & after.krav.keys()):
        if before.krav[post] == after.krav[post]:
            was = bindinger(before.krav[post], before).get(system)
            will = bindinger(after.krav[post], after).get(system)
            binding = will or was
            if binding and was != will:
                moved = Endring(post, None, "endret", None, None)
                yield post, _klasse(moved, was, will, ("uavklart", ""), after)[0], binding


def _gruppe_rows(endring: Endring, after: Register) -> Iterator[Virkning]:
    """A changed group: the systems in it, by way of the requirements that are addressed to it."""
    gruppe = endring.post.split("/")[1]
    klasse, because = other_class(endring)
    told = False
    for system in after.systemer.values():
        via = tuple(
            f"{krav.id} {gruppe}: {krav.gjelder[gruppe].plikt}"
            for krav in after.krav.values()
            if gruppe in krav.gjelder and krav.status != "utgått"
        )
        if gruppe in system.grupper and via:
            how = hvordan(klasse, system.id, via[0].split("-")[0].lower(), after.systemer, after)
            yield Virkning(endring.post, endring.felt, system.id, klasse, how, via, because)
            told = True
    if not told:
        yield Virkning(endring.post, endring.felt, None, klasse, "informasjon", (), because)


def _melding_rows(endring: Endring, before: Register, after: Register) -> Iterator[Virkning]:
    """A changed message: a new sender or receiver gets a duty, a former one is rid of it."""
    ident = endring.post.split("/")[1]
    was, will = (_parts(reg.meldinger.get(ident), reg) for reg in (before, after))
    for system in sorted(was.keys() | will.keys()):
        roles = will.get(system) or was[system]
        klasse: Klasse
        if system not in will:
            klasse, because = "bortfalt", "systemet sender eller mottar ikke lenger meldingen"
        elif system not in was:
            klasse, because = "ny_plikt", "systemet skal sende eller motta meldingen"
        elif was[system] != roles:
            klasse, because = "endret_plikt", "systemets rolle i meldingen er endret"
        elif endring.felt in ("avsendere", "mottakere"):
            klasse, because = "redaksjonell", "systemets rolle i meldingen er den samme"
        elif endring.felt == "navnerom":
            klasse, because = namespace_class(endring, {r.split(": ")[1] for r in roles})
        else:
            klasse, because = other_class(endring)
        how: Hvordan = "informasjon" if klasse in INFORMED else "utvikling"
        yield Virkning(endring.post, endring.felt, system, klasse, how, roles, because)
    if not was and not will:
        klasse, because = other_class(endring)
        yield Virkning(endring.post, endring.felt, None, klasse, "informasjon", (), because)


def _parts(melding: Melding | None, register: Register) -> dict[str, tuple[str, ...]]:
    """system id -> its roles in a message, and through which group."""
    parts: dict[str, tuple[str, ...]] = {}
    for role, adressater in (
        ("avsender", melding.avsendere if melding else ()),
        ("mottaker", melding.mottakere if melding else ()),
    ):
        for system in register.systemer.values():
            ways = sorted({system.id, *system.grupper} & set(adressater))
            parts[system.id] = parts.get(system.id, ()) + tuple(f"{way}: {role}" for way in ways)
    return {system: roles for system, roles in parts.items() if roles}


def per_system(rows: Iterable[Virkning]) -> dict[str, list[Virkning]]:
    """system id -> its rows, the systems in order of their strongest class and then id."""
    found: dict[str, list[Virkning]] = {}
    for row in rows:
        if row.system:
            found.setdefault(row.system, []).append(row)
    rank: Mapping[str, int] = {
        system: KLASSER.index(strongest(row.klasse for row in own)) for system, own in found.items()
    }
    return {system: found[system] for system in sorted(found, key=lambda s: (rank[s], s))}
