"""What differs between two revisions, field by field: facts, no judgement."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kravverk.case_models import Avklaring, FrossetFelt, Frys, Sak
from kravverk.models import Json, Krav, Record, fields, whole
from kravverk.register import Register

# Closed: what can happen to a record or to a field of it.
Slag = Literal["ny_post", "slettet_post", "lagt_til", "endret", "fjernet"]


@dataclass(frozen=True)
class Endring:
    """One field of one record, before and after; `felt` is None for a whole record."""

    post: str
    felt: str | None
    slag: Slag
    gammel: Json
    ny: Json


def diff(before: Register, after: Register) -> list[Endring]:
    """Every difference between two revisions, each once, in order of record and field.

    A record that could not be read on either side is left out: what is wrong with it has been
    said as a finding, and "deleted" would be an echo of it.
    """
    unread = before.unread | after.unread
    changes: list[Endring] = []
    for post in sorted((before.poster.keys() | after.poster.keys()) - unread):
        gammel, ny = before.poster.get(post), after.poster.get(post)
        if gammel is None:
            assert ny is not None
            changes.append(Endring(post, None, "ny_post", None, whole(ny)))
        elif ny is None:
            changes.append(Endring(post, None, "slettet_post", whole(gammel), None))
        elif gammel is not ny and gammel != ny:
            changes += field_diff(gammel, ny)
    return changes


def fingeravtrykk(
    endringer: Iterable[Endring | FrossetFelt], avklaringer: Iterable[Avklaring] = ()
) -> str:
    """The fingerprint a decision is bound to: 64 hexadecimal digits (design.md §2).

    It depends on what the records say, before and after, and on what the case says they mean;
    not on formatting, commits, branches or the order of records.
    """
    facts = sorted(
        ([change.post, change.felt, change.gammel, change.ny] for change in endringer),
        key=canonical,
    )
    judged = sorted(
        (avklaring.model_dump(mode="json", exclude_defaults=True) for avklaring in avklaringer),
        key=canonical,
    )
    whole = canonical({"avklaringer": judged, "endringer": facts})
    return hashlib.sha256(whole.encode()).hexdigest()


def saksavtrykk(sak: Sak, frys: Frys) -> str:
    """The digest of what a body saw: what the case says, and all of the freeze it treated.

    So its reasons stay those that were decided on, and so do the route, the ground it builds on and
    whether it was urgent. The judgements are those of the freeze; the case's translation may come
    later, and its withdrawal.
    """
    left_out = {"avklaringer", "engelsk", "trukket"}
    said = sak.model_dump(mode="json", exclude_defaults=True, exclude=left_out)
    frozen = frys.model_dump(mode="json", exclude_defaults=True)
    return hashlib.sha256(canonical({"sak": said, "frys": frozen}).encode()).hexdigest()


def field_diff(gammel: Record, ny: Record) -> Iterator[Endring]:
    """What differs between two records of a kind, as changes of the latter."""
    yield from differences(post_of_record(ny), fields(gammel), fields(ny))


def differences(
    post: str, before: Mapping[str, Json], after: Mapping[str, Json]
) -> Iterator[Endring]:
    """The same of the fields of two records, for whoever has them already."""
    for felt in dict.fromkeys([*before, *after]):
        old, new = before.get(felt), after.get(felt)
        if old == new:
            continue
        slag: Slag = "lagt_til" if old is None else "fjernet" if new is None else "endret"
        yield Endring(post, felt, slag, old, new)


def post_of_record(record: Record) -> str:
    """What a record is called in changes: its id, or `grupper/rekvirent` and the like."""
    return record.id if isinstance(record, Krav) else f"{record.mappe}/{record.id}"


def raw_differences(before: Register, after: Register) -> set[tuple[str, str]]:
    """(post, top field) of everything that differs, taken straight from the models.

    Computed without `fields` and without any rule, so that the rule `ufordelt-forskjell` can
    prove that nothing was lost on the way to the classes.
    """
    unread = before.unread | after.unread
    found = set()
    for post in (before.poster.keys() | after.poster.keys()) - unread:
        old, new = (
            reg.poster[post].model_dump() if post in reg.poster else {} for reg in (before, after)
        )
        for name in old.keys() | new.keys():
            if name not in ("id", "versjon") and old.get(name) != new.get(name):
                found.add((post, name if old and new else ""))
    return found


def canonical(value: Json) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
