"""What differs between two revisions, field by field: facts, no judgement."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from kravverk.models import Avklaring, Json, Record, fields
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
            changes.append(Endring(post, None, "ny_post", None, _whole(ny)))
        elif ny is None:
            changes.append(Endring(post, None, "slettet_post", _whole(gammel), None))
        elif gammel != ny:
            changes += _field_changes(post, fields(gammel), fields(ny))
    return changes


def fingeravtrykk(endringer: Iterable[Endring], avklaringer: Iterable[Avklaring] = ()) -> str:
    """The fingerprint a decision is bound to: 64 hexadecimal digits (design.md §2).

    It depends on what the records say, before and after, and on what the case says they mean;
    not on formatting, commits, branches or the order of records.
    """
    facts = sorted(
        ([change.post, change.felt, change.gammel, change.ny] for change in endringer),
        key=_canonical,
    )
    judged = sorted(
        (avklaring.model_dump(mode="json", exclude_defaults=True) for avklaring in avklaringer),
        key=_canonical,
    )
    whole = _canonical({"avklaringer": judged, "endringer": facts})
    return hashlib.sha256(whole.encode()).hexdigest()


def _whole(record: Record) -> Json:
    return record.model_dump(mode="json", exclude_defaults=True, exclude={"id", "versjon"})


def _field_changes(
    post: str, gammel: Mapping[str, Json], ny: Mapping[str, Json]
) -> Iterable[Endring]:
    for felt in dict.fromkeys([*gammel, *ny]):
        old, new = gammel.get(felt), ny.get(felt)
        if old == new:
            continue
        slag: Slag = "lagt_til" if old is None else "fjernet" if new is None else "endret"
        yield Endring(post, felt, slag, old, new)


def _canonical(value: Json) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
