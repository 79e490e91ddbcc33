"""The chain from release to register: decided cases undone one by one, back to what was released.

From the first release on, `release + decided cases = krav/`. Proved from files alone, without git:
the decided cases are undone newest first, each `ny` checked and each `gammel` restored, and what is
left must meet each release's digests (design.md §2).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from pydantic import ValidationError

from kravverk.case_models import FrossetFelt, Frys, Utgitt, Utgivelse
from kravverk.diff import canonical
from kravverk.gate import state
from kravverk.models import KRAV_ID, Json, Krav, Record, fields, flat, kind_named, nested
from kravverk.register import Entry, Register, Saksmappe, fil_of

Fields = dict[str, Json]
Felt = tuple[str, str]  # a record and one of its fields
# Fields that change without a new version of the requirement.
WITHOUT_VERSION = ("engelsk", "kilder")


@dataclass(frozen=True)
class Vedtatt:
    """A decided case: when, and the changes it was decided on."""

    navn: str
    dato: date
    fingeravtrykk: str
    endringer: tuple[FrossetFelt, ...]


@dataclass(frozen=True)
class Brudd:
    """Where the register says something else than what was decided; `sak` is the newest case
    that decided the field, empty where no case did."""

    post: str
    felt: str
    sak: str
    utgivelse: str = ""


@dataclass(frozen=True)
class Bevis:
    """What the proof came to: how much was checked, and every breach."""

    utgivelser: int
    saker: int
    felter: int
    brudd: tuple[Brudd, ...]


def digest(felter: Mapping[str, Json]) -> str:
    """The digest of what a record says: 64 hexadecimal digits."""
    return hashlib.sha256(canonical(dict(felter)).encode()).hexdigest()


def builds_on(krav: Krav) -> set[str]:
    """The records that a requirement builds on: requirements, those it addresses, messages."""
    named = {f"{kind}/{name}" for kind in ("grupper", "systemer") for name in krav.gjelder}
    return named | {f"meldinger/{name}" for name in krav.meldinger} | {*krav.avhenger_av}


def base_digests(reg: Register, posts: Iterable[str]) -> dict[str, str]:
    """record -> digest of what it says that binds, for some records and those they build on.

    A requirement builds on what it depends on, whom it addresses and which messages it names: if
    one of those moves, so does what was decided (design.md §6).
    """
    found = {post for post in posts if post in reg.poster}
    for krav in [reg.krav[post] for post in found if post in reg.krav]:
        found |= builds_on(krav) & reg.poster.keys()
    kept = {post: fields(reg.poster[post]) for post in sorted(found)}
    return {
        post: digest({k: v for k, v in said.items() if k.split(".")[0] not in WITHOUT_VERSION})
        for post, said in kept.items()
    }


def answer_digests(mappe: Saksmappe) -> dict[str, str]:
    """system -> digest of its answer to a case, and of the owner's reply."""
    return {
        system: digest(said.model_dump(mode="json", exclude_defaults=True))
        for system, said in sorted(mappe.innspill.items())
    }


def release_digest(utgivelse: Utgivelse) -> str:
    """The digest of a whole release, which the next one holds."""
    return digest(utgivelse.model_dump(mode="json", exclude_defaults=True))


def merged(base: Register, navn: str) -> bool:
    """Whether a case was decided already in the base, so that its text stands there."""
    mappe = base.saker.get(navn)
    return mappe is not None and state(mappe).vedtatt


def manifest(reg: Register) -> dict[str, Utgitt]:
    """post -> digest and version, for every record of the register as it is now."""
    return {
        post: Utgitt(
            digest=digest(fields(record)),
            versjon=record.versjon if isinstance(record, Krav) else None,
        )
        for post, record in reg.poster.items()
    }


def areas(posts: set[str], *registers: Register) -> set[str]:
    """The areas of some requirements, or that a group or system among them is used in."""
    touched = {post for post in posts if KRAV_ID.fullmatch(post)}
    for register in registers:
        names = {post.partition("/")[2] for post in posts} - {""}
        names |= {g for n in names if n in register.systemer for g in register.systemer[n].grupper}
        touched |= {
            k.id for k in register.krav.values() if names & {*k.gjelder, *k.meldinger, k.omrade}
        }
    return {post.split("-")[0].lower() for post in touched}


@lru_cache(maxsize=4)
def vedtatte(reg: Register) -> tuple[Vedtatt, ...]:
    """The decided cases that change the register, newest first: by date of decision, then id.

    Of one day, a case that began where another ended comes after it.
    """
    found = []
    for mappe in reg.saker.values():
        now = state(mappe)
        if mappe.sak.type == "endring" and mappe.frys and now.vedtatt:
            assert now.vedtatt_dato
            frozen = mappe.frys
            stands = now.vedtatt_dato, frozen.fingeravtrykk, frozen.endringer
            found.append(Vedtatt(mappe.navn, *stands))
    ordered: list[Vedtatt] = []
    for case in sorted(found, key=lambda case: (case.dato, case.navn)):
        at = len(ordered)
        while at and ordered[at - 1].dato == case.dato and _builds_on(ordered[at - 1], case):
            at -= 1
        ordered.insert(at, case)
    return tuple(ordered[::-1])


def ikke_utgitt(reg: Register, uten: str = "") -> list[Vedtatt]:
    """The decided cases that no release holds, newest first; `uten` is a release left out."""
    others = (utgivelse for ident, utgivelse in reg.utgivelser.items() if ident != uten)
    released = {sak for utgivelse in others for sak in utgivelse.saker}
    return [case for case in vedtatte(reg) if case.navn not in released]


def _builds_on(case: Vedtatt, earlier: Vedtatt) -> bool:
    """Whether a case changed a field from just what another had made it."""
    made = {(c.post, c.felt): c.ny for c in earlier.endringer}
    return any(
        c.gammel is not None and made.get((c.post, c.felt)) == c.gammel for c in case.endringer
    )


def undo(
    now: Mapping[str, Fields], endringer: Iterable[FrossetFelt], sak: str = ""
) -> tuple[dict[str, Fields], list[Brudd]]:
    """The records as they were before a case, and where they do not say what it decided."""
    before = {**now}
    endringer = tuple(endringer)
    for post in {change.post for change in endringer} & now.keys():
        before[post] = dict(now[post])
    breaches = []
    for change in endringer:
        kind = kind_named(change.post)
        if change.felt is None and kind:
            if before.pop(change.post, None) != flat(kind, change.ny or {}):
                breaches.append(Brudd(change.post, "", sak))
            continue
        record, felt = before.setdefault(change.post, {}), change.felt or ""
        if record.get(felt) != change.ny:
            breaches.append(Brudd(change.post, felt, sak))
        if change.gammel is None:
            record.pop(felt, None)
        else:
            record[felt] = change.gammel
    return before, breaches


def prove(reg: Register) -> Bevis:
    """Undo every decided case and meet each release, newest first."""
    decided = {case.navn: case for case in vedtatte(reg)}
    touched = {change.post for case in decided.values() for change in case.endringer}
    every = reg.poster if reg.utgivelser else reg.poster.keys() & touched
    now: dict[str, Fields] = {post: fields(reg.poster[post]) for post in every}
    number = Counter({ident: krav.versjon for ident, krav in reg.krav.items()})
    breaches: list[Brudd] = []
    checked = undone = 0

    def back(cases: list[Vedtatt]) -> None:
        nonlocal now, checked, undone
        for case in cases:
            now, found = undo(now, case.endringer, case.navn)
            number.subtract(_renewed(case.endringer))
            breaches.extend(found)
            checked, undone = checked + len(case.endringer), undone + 1

    back(ikke_utgitt(reg))
    oldest = next(iter(reg.utgivelser.values()), None)
    if oldest and oldest.forrige:  # only the very first release builds on none
        breaches.append(Brudd(f"utgivelser/{oldest.id}", "forrige", "", oldest.id))
    for (_, old), (ident, new) in pairwise(reg.utgivelser.items()):
        if new.forrige != release_digest(old):
            breaches.append(Brudd(f"utgivelser/{old.id}", "", "", ident))
    for ident, utgivelse in reversed(list(reg.utgivelser.items())):
        breaches += _against(now, number, utgivelse.poster, ident, breaches)
        mine = [case for navn, case in decided.items() if navn in utgivelse.saker]
        back(mine)
    return Bevis(len(reg.utgivelser), undone, checked, tuple(dict.fromkeys(breaches)))


def _against(
    now: Mapping[str, Fields],
    number: Mapping[str, int],
    poster: Mapping[str, Utgitt],
    ident: str,
    told: list[Brudd],
) -> Iterator[Brudd]:
    """Where the records differ from a release; a record that has been told is not told again."""
    known = {breach.post for breach in told}
    for post in sorted((now.keys() | poster.keys()) - known):
        if post not in now or post not in poster or digest(now[post]) != poster[post].digest:
            yield Brudd(post, "", "", ident)
        elif poster[post].versjon not in (None, number[post]):
            yield Brudd(post, "versjon", "", ident)


@dataclass(frozen=True)
class Versjon:
    """A version of a requirement as it last stood; `sak` made it, empty for the oldest known."""

    krav: Krav
    sak: str
    dato: date | None  # of the decision; None for the oldest known


def versjoner(reg: Register, idents: Iterable[str]) -> dict[str, list[Versjon]]:
    """requirement -> every version that can be rebuilt, newest first."""
    stands = {ident: reg.krav[ident] for ident in idents}  # as the version now walked last stood
    found: dict[str, list[Versjon]] = {ident: [] for ident in stands}
    for case in vedtatte(reg):
        before, _ = around(reg, case.navn)
        for ident in sorted(_renewed(case.endringer) & stands.keys()):
            found[ident].append(Versjon(stands.pop(ident), case.navn, case.dato))
            if ident in before.krav:
                stands[ident] = before.krav[ident]
    for ident, krav in stands.items():
        found[ident].append(Versjon(krav, "", None))
    return found


def around(reg: Register, navn: str) -> tuple[Register, Register]:
    """The register just before and just after a decided case, rebuilt from the chain.

    A case that is not decided has changed nothing: both are the register as it is.
    """
    return _sides(reg).get(navn, (reg, reg))


@lru_cache(maxsize=4)
def _sides(reg: Register) -> Mapping[str, tuple[Register, Register]]:
    """decided case -> the register just before and just after it, in one walk of the chain.

    What a case left alone is the same record on both sides.
    """
    sides, after = {}, reg
    touched = {change.post for case in vedtatte(reg) for change in case.endringer}
    now = {post: fields(reg.poster[post]) for post in touched if post in reg.poster}
    number = Counter({ident: krav.versjon for ident, krav in reg.krav.items()})
    for case in vedtatte(reg):
        now, _ = undo(now, case.endringer)
        number.subtract(_renewed(case.endringer))
        before = _with(after, {change.post for change in case.endringer}, now, number)
        sides[case.navn] = before, after
        after = before
    return sides


def proposed(reg: Register, frys: Frys) -> tuple[Register, Register]:
    """The register without and with what a freeze proposes, rebuilt from the freeze alone.

    For a case that has no effect, or was frozen again: what its bodies saw is nowhere else.
    """
    posts = {change.post for change in frys.endringer}
    now = {post: fields(reg.poster[post]) for post in posts if post in reg.poster}
    before, _ = undo(now, frys.endringer)
    after = {post: dict(felter) for post, felter in before.items()}
    for change in frys.endringer:
        if change.felt is None:
            after[change.post] = flat(_kind(change.post), change.ny)
        elif change.ny is None:
            after[change.post].pop(change.felt, None)
        else:
            after[change.post][change.felt] = change.ny
    number = Counter({post: reg.krav[post].versjon for post in posts if post in reg.krav})
    base = _with(reg, posts, before, number)
    number.update(_renewed(frys.endringer))
    return base, _with(reg, posts, after, number)


def _kind(post: str) -> type[Record]:
    kind = kind_named(post)
    assert kind, f"{post} is refused where a freeze is read"
    return kind


def _renewed(endringer: Iterable[FrossetFelt]) -> set[str]:
    """The requirements that some changes gave a new version."""
    return {c.post for c in endringer if (c.felt or "").split(".")[0] not in WITHOUT_VERSION}


def _with(
    reg: Register, posts: Iterable[str], felter: Mapping[str, Fields], number: Mapping[str, int]
) -> Register:
    """The register with some records as their fields say; `number` is requirement -> version."""
    entries = dict(reg.entries)
    for post in posts:
        path = fil_of(post)
        if post not in felter:
            entries.pop(path, None)
            continue
        kind = _kind(post)
        version = {"versjon": str(max(number[post], 1))} if kind is Krav else {}
        said = {"id": post.rsplit("/", 1)[-1], **version, **nested(felter[post])}
        try:
            entries[path] = Entry(path, kind.model_validate(said), b"")
        except ValidationError:  # the record is gone; a rule says so
            entries.pop(path, None)
    return Register(entries, reg.unread, reg.stray)


def besluttet(reg: Register, verdier: Mapping[Felt, Json]) -> dict[Felt, Json]:
    """What some fields said when a body last decided them, behind any changes on the short way.

    `verdier` is what they say now. Many small steps without new meaning are judged together
    against this (design.md §5).
    """
    found, settled = {**verdier}, set()
    for case in vedtatte(reg):
        for change in case.endringer:
            felt = (change.post, change.felt or "")
            if felt in settled or felt not in found or found[felt] != change.ny:
                continue
            if reg.saker[case.navn].kortvei:
                found[felt] = change.gammel
            else:
                settled.add(felt)
    return found
