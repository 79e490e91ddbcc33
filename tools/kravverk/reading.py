"""One file: from bytes to a record, or to the findings that say why not."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from pydantic import ValidationError

from kravverk.field_rules import FIELDS
from kravverk.file_rules import BYTES, TEXT, TREE
from kravverk.findings import Finding, found
from kravverk.models import Form
from kravverk.source import Raw, composed, decoded, plain

F = TypeVar("F", bound=Form)


def read_form(kind: type[F], fil: str, data: bytes) -> tuple[F | None, list[Finding]]:
    """The record in `data`, or None and the findings, at least one, that say why not.

    What makes the file unreadable as such is said once; faults in its fields are all said.
    """
    raw = Raw(data, fil, kind=kind)
    for rules, step in ((BYTES, decoded), (TEXT, composed), (TREE, lambda raw: raw)):
        for rule in rules:
            for finding in found(rule, fil, rule(raw)):
                return None, [finding]
        raw = step(raw)
    try:
        return kind.model_validate(plain(raw.root, kind.model_fields)), []
    except ValidationError as problem:
        raw = replace(raw, faults=tuple(problem.errors(include_url=False)))
        return None, [f for rule in FIELDS for f in found(rule, fil, rule(raw))]
