"""The rules for the fields of one file: is each there, known, and what it may be?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from functools import partial
from pathlib import PurePosixPath
from typing import Any, get_args

from pydantic_core import ErrorDetails

from kravverk.findings import Said
from kravverk.models import Form
from kravverk.source import Path, Raw, line_at, plain
from kravverk.text import MONTHS


def ukjent_felt(raw: Raw) -> Iterator[Said]:
    """Feltet finnes ikke for denne typen post.

    Oftest er det en skrivefeil, et innrykk som er falt bort, eller et komma i en verdi mellom
    krøllparenteser. Feltnavn skrives med små bokstaver og uten æ, ø og å.

    Slik retter du: bruk navnet som foreslås, rykk linjen inn, eller slett feltet. Alle felter er
    beskrevet i JSON-skjemaene under `docs/skjema/`.
    """
    for fault in _of_type(raw, "extra_forbidden"):
        known, name = list(_form_at(raw.kind, fault["loc"]).model_fields), str(fault["loc"][-1])
        near = get_close_matches(name, known, 1, 0.7)
        sentence = f"Feltet `{name}` finnes ikke{f'; mente du `{near[0]}`?' if near else '.'}"
        way_out = f"Slett det, eller velg blant {', '.join(known)}."
        if near:
            way_out = f"Skriv `{near[0]}:`."
        elif len(fault["loc"]) == 1 and (above := _outdented(raw, name)):
            sentence = f"Feltet `{name}` hører til under `{above}`."
            way_out = f"Rykk linjen inn under `{above}:`, med to mellomrom foran."
        yield line_at(raw.root, fault["loc"]), sentence, way_out


def _outdented(raw: Raw, name: str) -> str:
    """The field above that an unknown one has lost its indent under; empty for none.

    It is one that has such a field below it, or one above it that has nothing below it.
    """
    said: dict[str, Any] = plain(raw.root)
    if name not in said:
        return ""
    above = [
        field for field in list(said)[: list(said).index(name)] if field in raw.kind.model_fields
    ]
    for field in reversed(above):
        inner = _form_in(raw.kind.model_fields[field].annotation)
        if inner and name in inner.model_fields and not isinstance(said[field], list):
            return field
    return above[-1] if above and above[-1] in _BELOW and not said[above[-1]] else ""


def mangler_felt(raw: Raw) -> Iterator[Said]:
    """Et felt som alltid må være med, mangler eller er tomt.

    Slik retter du: står feltet der, så skriv en verdi i det. Ellers legger du til linjen som
    foreslås.
    """
    unknown = [str(fault["loc"][-1]) for fault in _of_type(raw, "extra_forbidden")]
    for fault in _of_type(raw, "missing"):
        name, where = str(fault["loc"][-1]), _named(fault["loc"][:-1])
        if get_close_matches(name, unknown, 1, 0.7) or name in map(
            partial(_outdented, raw), unknown
        ):
            continue  # misspelt, or what was in it has lost its indent; said by `ukjent-felt`
        line = line_at(raw.root, fault["loc"])
        if len(fault["loc"]) == 1 and name in plain(raw.root):
            yield line, f"Feltet `{name}` er tomt.", f"Skriv en verdi i feltet `{name}`."
        else:
            under = f" i {where}" if where else ""
            way_out = f"Legg til `{name}: …`{under}."
            if name == "versjon" and not where:
                way_out = "Skriv tallet som sto der før, eller `versjon: 1` når kravet er nytt."
            yield line, f"Feltet `{name}` mangler{under}.", way_out


# What pydantic found -> what the value must be, and the way out.
_MUST_BE: Mapping[str, tuple[str, str]] = {
    "string_type": ("må være tekst", "Skriv verdien etter kolonet, på samme linje."),
    "tuple_type": ("må være en liste", "Skriv hvert punkt på en egen linje som begynner med `- `."),
    "string_too_short": ("må ha innhold", "Skriv en verdi, eller slett linjen."),
    "string_too_long": ("er for lang", "Kort den ned til {max_length} tegn."),
    "too_short": ("må ha minst ett ledd", "Skriv minst ett ledd, eller slett linjen."),
}
_BELOW = {
    "gjelder": "rekvirent: skal",
    "frister": "oppfylles_innen: ÅÅÅÅ-MM-DD",
    "innspill": "til: ÅÅÅÅ-MM-DD",
    "engelsk": "versjon: …",
    "trukket": "dato: ÅÅÅÅ-MM-DD",
    "realisering": "pll: egen",
    "funksjoner": "multidose: ja",
}
_WRITTEN = {
    r"^[A-Z]{2,5}-[0-9]{4}$": "Skriv som PLL-0042.",
    r"^[0-9]{4}-[0-9]{3}$": "Skriv som 2026-001.",
    r"^\S+( \S+)*$": "Skriv ett ord, eller flere med ett mellomrom mellom, på én linje.",
}


def feil_verdi(raw: Raw) -> Iterator[Said]:
    """Verdien passer ikke i feltet.

    Noen felter har en lukket liste av ord, noen er datoer (ÅÅÅÅ-MM-DD) eller hele tall, noen er
    lister.

    Slik retter du: skriv en av verdiene som nevnes, eller i den formen som nevnes.
    """
    for fault in raw.faults:
        if fault["type"] not in ("extra_forbidden", "missing"):
            must, way_out = _must_be(fault, raw)
            joint = ", men " if must.startswith("må") else " og "
            given = f"er «{fault['input']}»{joint}" if isinstance(fault["input"], str) else ""
            if fault["input"] == "":
                given = f"er tom{joint}"
            elif len(given) > 80 or must.startswith("er "):
                given = ""
            name = _named(fault["loc"])
            said = f"{name[:1].upper()}{name[1:]} {given}{must}."
            if _required(raw.kind, fault["loc"]):
                way_out = way_out.replace(", eller slett linjen.", ".")
            yield line_at(raw.root, fault["loc"]), said, way_out


def _must_be(fault: ErrorDetails, raw: Raw) -> tuple[str, str]:
    """What a value must be, and the way out."""
    ctx, given, name = fault.get("ctx", {}), fault["input"], str(fault["loc"][-1])
    if fault["type"] == "form":
        example = ctx["example"] or _iso_date(str(given))
        default = "Skriv verdien i den formen, eller slett linjen."
        return f"må være {ctx['form']}", f"Skriv `{example}`." if example else default
    if fault["type"] == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(ctx["expected"]))
        near = get_close_matches(str(given), allowed, 1)
        way_out = f"Skriv `{near[0]}`." if near else f"Skriv {_either(allowed)}."
        return f"må være {_either(allowed)}", way_out
    if fault["type"] == "string_pattern_mismatch":
        path = PurePosixPath(raw.fil)
        digits = 3 if ctx["pattern"].startswith("^[0-9]") else 4
        padded = re.sub(r"-(\d+)$", lambda m: f"-{m[1]:0>{digits}}", str(given).upper())
        tries = (padded, str(given).lower(), path.stem, path.parent.name)
        fits = [word for word in tries if name == "id" and re.fullmatch(ctx["pattern"], word)]
        way_out = _WRITTEN.get(ctx["pattern"], "Se skjemaet i `docs/skjema/`.")
        return "har ikke riktig form", f"Skriv `{fits[0]}`." if fits else way_out
    if fault["type"] in ("dict_type", "model_type"):
        example = _BELOW.get(name, "felt: verdi")
        return "må ha egne linjer under seg", f"Skriv for eksempel `{example}`, rykket inn."
    if fault["type"] == "string_type" and isinstance(given, dict) and len(given) == 1:
        ((key, value),) = given.items()
        return "inneholder et kolon", f'Sett hele verdien i anførselstegn: "{key}: {value}".'
    must, way_out = _MUST_BE.get(
        fault["type"], ("har ikke en gyldig verdi", "Se skjemaet i `docs/skjema/`.")
    )
    return must, way_out.format(**ctx)


_MONTH = {name[:3]: number for number, name in enumerate(MONTHS, 1)}


def _iso_date(text: str) -> str:
    """A date as people write it in Norwegian, as it is written in a record; empty for the rest."""
    found = re.fullmatch(r"(\d{1,2})\.\s*(\d{1,2}|[a-z]{3})[a-z]*\.?\s*(20\d\d)", text.lower())
    month = found and (int(found[2]) if found[2].isdigit() else _MONTH.get(found[2], 0))
    try:
        return date(int(found[3]), month, int(found[1])).isoformat() if found and month else ""
    except ValueError:
        return ""


def _of_type(raw: Raw, *types: str) -> Iterator[ErrorDetails]:
    return (fault for fault in raw.faults if fault["type"] in types)


def _named(loc: Path) -> str:
    """A field as a sentence names it: `gjelder.plo`, or «punkt 3 i `akseptanse`»."""
    for at, part in enumerate(loc):
        if isinstance(part, int):
            inner = _named(loc[at + 1 :])
            point = f"punkt {part + 1} i `{'.'.join(map(str, loc[:at]))}`"
            return f"{inner} i {point}" if inner else point
    words = ".".join(map(str, loc)).removesuffix(".plikt").removesuffix(".[key]")
    return f"`{words}`" if loc else ""


def _either(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} eller {words[-1]}" if len(words) > 1 else words[0]


def _form_at(kind: type[Form], loc: Path) -> type[Form]:
    """The form that the field at `loc` is, or would be, one of."""
    for part in loc[:-1]:
        if part in kind.model_fields:
            inner = _form_in(kind.model_fields[str(part)].annotation)
            kind = inner or kind
    return kind


def _required(kind: type[Form], loc: Path) -> bool:
    """Whether the field at `loc` must be there."""
    field = _form_at(kind, loc).model_fields.get(str(loc[-1]))
    return field is not None and field.is_required()


def _form_in(annotation: Any) -> type[Form] | None:
    if isinstance(annotation, type) and issubclass(annotation, Form):
        return annotation
    return next(filter(None, map(_form_in, get_args(annotation))), None)


FIELDS = (ukjent_felt, mangler_felt, feil_verdi)
