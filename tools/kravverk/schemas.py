"""The JSON Schemas that editors and readers use, made from the types."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter

from kravverk import comparison, export
from kravverk.case_models import PUBLISHED
from kravverk.findings import Finding
from kravverk.models import Json


def schemas() -> dict[str, str]:
    """name -> JSON Schema as text, of every kind of file and of what is printed or published."""
    made: dict[str, Json] = {name: kind.model_json_schema() for name, kind in PUBLISHED.items()}
    made["endringer"] = comparison.CONTRACT.json_schema()
    made["krav-data"] = export.CONTRACT.json_schema()
    made["funn"] = _list_of(Finding, "funn/1", "funn")
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        name: json.dumps(dialect | schema, ensure_ascii=False, indent=2) + "\n"
        for name, schema in made.items()
    }


def _list_of(kind: type[Any], version: str, name: str) -> Json:
    item = TypeAdapter(kind).json_schema()
    assert set(item["properties"]) == {field.name for field in fields(kind)}
    return {
        "title": version,
        "type": "object",
        "properties": {"skjema": {"const": version}, name: {"type": "array", "items": item}},
        "required": ["skjema", name],
        "additionalProperties": False,
    }
