"""What a terminal is shown of one record, and the JSON Schemas that editors and readers use."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from jinja2 import Environment
from pydantic import TypeAdapter

from kravverk.case_models import PUBLISHED
from kravverk.comparison import CONTRACT
from kravverk.findings import Finding
from kravverk.impact import bindinger
from kravverk.models import Json
from kravverk.register import Register
from kravverk.store import Commit
from kravverk.view import deadlines


def show(reg: Register, ident: str, historie: list[Commit], env: Environment) -> str:
    """One requirement or system as text; the id must be one of the register's."""
    if ident in reg.krav:
        krav = reg.krav[ident]
        tema = reg.temaer.get(krav.tema)

        def realisering(system: str) -> str:
            return reg.systemer[system].realisering.get(krav.omrade, "realisering ikke oppgitt")

        return env.get_template("vis_krav.txt.j2").render(
            krav=krav,
            tema=tema.navn if tema else krav.tema,
            bindinger=bindinger(krav, reg),
            realisering=realisering,
            frister=deadlines(krav),
            brukt_av=[other.id for other in reg.krav.values() if ident in other.avhenger_av],
            historie=historie,
        )
    bound = ((krav, bindinger(krav, reg).get(ident)) for krav in reg.krav.values())
    return env.get_template("vis_system.txt.j2").render(
        system=reg.systemer[ident],
        bundet=[(krav, binding) for krav, binding in bound if binding],
        historie=historie,
    )


def schemas() -> dict[str, str]:
    """name -> JSON Schema as text, for every kind of file and for what the commands print."""
    made: dict[str, Json] = {name: kind.model_json_schema() for name, kind in PUBLISHED.items()}
    made["endringer"] = CONTRACT.json_schema()
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
