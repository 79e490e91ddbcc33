"""The requirements as JSON, in a shape that is published and versioned."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, with_config
from typing_extensions import TypedDict

from kravverk.bindings import Binding, Vei
from kravverk.language import languages
from kravverk.models import Krav, Plikt
from kravverk.view import View

_CLOSED = ConfigDict(extra="forbid")


@with_config(_CLOSED)
class BindingJson(TypedDict):
    """How a requirement binds a system; `realisering` is null where it is not told."""

    plikt: Plikt
    bekreftet: bool
    veier: list[Vei]
    realisering: str | None


@with_config(_CLOSED)
class VersjonJson(TypedDict):
    """A version, newest first; the oldest that is known has no case and no day."""

    versjon: int
    sak: str | None
    vedtatt: str | None
    adresser: dict[str, str]


@with_config(_CLOSED)
class PostJson(TypedDict):
    """One requirement: the record as it is written, and what is worked out from the register.

    `adresser` is language -> address, and `bindinger` system -> binding.
    """

    post: Krav
    adresser: dict[str, str]
    versjoner: list[VersjonJson]
    bindinger: dict[str, BindingJson]


@with_config(_CLOSED)
class KravJson(TypedDict):
    """`krav.json`: every requirement, or those that bind a system, with that binding only."""

    skjema: Literal["krav/1"]
    system: str | None
    krav: list[PostJson]


CONTRACT = TypeAdapter(KravJson)


@dataclass(frozen=True)
class Export:
    """The requirements of a register for programs; the same in every language."""

    view: View

    def json(self, system: str) -> bytes:
        """What binds a system, or everything where `system` is empty; a line a requirement."""
        view = self.view
        idents = [krav.id for krav, _ in view.bundet[system]] if system else list(view.reg.krav)
        lines = []
        for ident in idents:
            mine = view.bindinger[ident]
            mine = {system: mine[system]} if system else mine
            bound = {name: self._binding(ident, name, binding) for name, binding in mine.items()}
            lines.append(_line({**self._poster[ident], "bindinger": bound}))
        head = _line({"skjema": "krav/1", "system": system or None})[:-1]
        told = ",\n".join(lines)
        return f'{head},"krav":[\n{told}\n]}}\n'.encode()

    @cached_property
    def _poster(self) -> dict[str, dict[str, object]]:
        """requirement -> what is the same whatever system asks."""
        return {
            ident: {
                "post": krav.model_dump(mode="json", exclude_defaults=True),
                "adresser": self._addresses(f"krav/{ident}/"),
                "versjoner": [
                    {
                        "versjon": made.krav.versjon,
                        "sak": made.sak or None,
                        "vedtatt": made.dato.isoformat() if made.dato else None,
                        "adresser": self._addresses(f"krav/{ident}/v{made.krav.versjon}/"),
                    }
                    for made in self.view.versjoner[ident]
                ],
            }
            for ident, krav in self.view.reg.krav.items()
        }

    def _addresses(self, page: str) -> dict[str, str]:
        return {one.kode: f"{self.view.rot}{one.mappe}{page}" for one in languages()}

    def _binding(self, ident: str, system: str, binding: Binding) -> dict[str, object]:
        omrade = self.view.reg.krav[ident].omrade
        return {
            "plikt": binding.plikt,
            "bekreftet": binding.bekreftet,
            "veier": [asdict(vei) for vei in binding.veier],
            "realisering": self.view.reg.systemer[system].realisering.get(omrade),
        }


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
