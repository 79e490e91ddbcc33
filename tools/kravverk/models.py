"""The records of the register, field by field; no git, no YAML, no wording.

Every value is held in its canonical form from the moment it is read: text as `text.normal`
leaves it, sets sorted, an empty field absent. Two records that are equal here say the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    model_serializer,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from kravverk.text import normal

Plikt = Literal["skal", "bør", "kan"]
Status = Literal["til_utprøving", "gjeldende", "utgått"]
Godkjenning = Literal["nhn-test", "selvdeklarering"]
Klasse = Literal[
    "uavklart",
    "ny_plikt",
    "skjerpet",
    "endret_plikt",
    "bortfalt",
    "lempet",
    "presisert",
    "redaksjonell",
    "informativ",
]
# The order of every list and the answer to "which is strongest": the first wins (design.md §5).
KLASSER: tuple[Klasse, ...] = get_args(Klasse)
# What means nothing new to anybody: proved, or of a field that binds nobody.
UTEN_MENING: tuple[Klasse, ...] = ("redaksjonell", "informativ")
PLIKTER: tuple[Plikt, ...] = get_args(Plikt)  # strongest first
Json = Any  # what `json.loads` gives: dict, list, str, int or None
KRAV_ID = re.compile(r"[A-Z]{2,5}-[0-9]{4}")


def said(pattern: str, form: str, kind: Callable[[str], Any]) -> Callable[[object], object]:
    """A validator from the words that stand in a file to a value; never a guess."""

    def validate(value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            if re.fullmatch(pattern, value):
                return kind(value)
        except ValueError:
            pass
        raise PydanticCustomError("form", "{form}", {"form": form, "example": ""})

    return validate


_number = said(r"[1-9][0-9]{0,5}", "et helt tall fra 1 og oppover", int)
_day = said(
    r"20[0-9]{2}-[0-9]{2}-[0-9]{2}",
    "en dato som finnes, skrevet ÅÅÅÅ-MM-DD",
    date.fromisoformat,
)
Tall = Annotated[int, BeforeValidator(_number), Field(ge=1)]
Dato = Annotated[date, BeforeValidator(_day)]


def _written(text: str) -> str:
    """The canonical form of a text in which somebody has written something."""
    text = normal(text)
    if not text.strip(" .…-"):
        raise PydanticCustomError("form", "{form}", {"form": "en virkelig tekst", "example": ""})
    return text


def _one_line(text: str) -> str:
    if "\n" in text:
        raise PydanticCustomError("form", "{form}", {"form": "én linje", "example": ""})
    return text


Linje = Annotated[str, Field(max_length=300), AfterValidator(_written), AfterValidator(_one_line)]
Tekst = Annotated[str, Field(max_length=200_000), AfterValidator(_written)]
Ord = Annotated[
    str, Field(pattern=r"^\S+( \S+)*$", max_length=100)
]  # an id, a word of a closed list
Navn = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=50)]  # an id in small letters
Mengde = Annotated[tuple[Ord, ...], AfterValidator(lambda words: tuple(sorted(set(words))))]
Liste = tuple[Linje, ...]
KravId = Annotated[str, Field(pattern=r"^[A-Z]{2,5}-[0-9]{4}$")]
SakId = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{3}$")]
Avtrykk = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]  # a SHA-256, of a case or a record


class Form(BaseModel):
    """Common to all: no unknown field, no change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Record(Form):
    """One file of `krav/`."""

    mappe: ClassVar[str]  # the folder; requirements lie in their area's
    id: Ord


class Omrade(Record):
    """An area: what a requirement's prefix stands for, and whom to ask."""

    mappe = "omrader"
    id: Navn
    prefiks: Annotated[str, Field(pattern=r"^[A-Z]{2,5}$")]
    navn: Linje
    beskrivelse: Tekst | None = None
    kontakt: Linje
    kilder: Liste = ()


class Gruppe(Record):
    """Whom requirements are addressed to."""

    mappe = "grupper"
    id: Navn
    navn: Linje
    slag: Literal["system", "brukergruppe", "virksomhetstype"]
    beskrivelse: Tekst | None = None
    kilder: Liste = ()


class System(Record):
    """A system that requirements can bind, and how they reach it."""

    mappe = "systemer"
    id: Navn
    navn: Linje
    leverandor: Linje
    systemeier: Linje | None = None
    grupper: Mengde = ()
    funksjoner: dict[Ord, Literal["ja", "nei"]] = {}  # a function not named here is unknown
    realisering: dict[Ord, Ord] = {}  # per area: `egen`, or the shared system it comes through
    antatt: Mengde = ()  # fields that nobody has confirmed
    beskrivelse: Tekst | None = None
    kilder: Liste = ()


class Melding(Record):
    """A message of the e-prescription chain."""

    mappe = "meldinger"
    id: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9.]*$", max_length=20)]
    navn: Linje
    beskrivelse: Tekst | None = None
    retning: Linje
    navnerom: Mengde = ()
    avsendere: Mengde = ()
    mottakere: Mengde = ()
    kilder: Liste = ()


class Tema(Record):
    """A theme: where in the work a requirement belongs."""

    mappe = "temaer"
    id: Navn
    navn: Linje
    beskrivelse: Tekst | None = None
    kilder: Liste = ()


class Begrep(Record):
    """A term of the glossary."""

    mappe = "begreper"
    id: Navn
    navn: Linje
    forkortelser: Liste = ()  # and other spellings that mean the same
    beskrivelse: Tekst
    kilder: Liste = ()


class Gjelder(Form):
    """How strongly an addressee is bound, and under which function; `skal` is short for both."""

    plikt: Plikt
    dersom: Ord | None = None

    @model_serializer(mode="wrap")
    def _short(self, full: SerializerFunctionWrapHandler) -> Any:
        return full(self) if self.dersom else self.plikt

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        plikt = {"enum": list(PLIKTER)}
        long = {
            "type": "object",
            "properties": {"plikt": plikt, "dersom": {"type": "string"}},
            "required": ["plikt"],
            "additionalProperties": False,
        }
        return {"anyOf": [plikt, long]}


def _long(value: object) -> object:
    if isinstance(value, str) and " dersom " in value:
        plikt, dersom = value.split(" dersom ", 1)
        example = f"{{plikt: {plikt.strip()}, dersom: {dersom.strip()}}}"
        raise PydanticCustomError(
            "form", "{form}", {"form": "delt i plikt og dersom", "example": example}
        )
    return {"plikt": value} if isinstance(value, str) else value


class Frister(Form):
    """The dates of a requirement, in the order in which they must fall."""

    kan_brukes_fra: Dato | None = None
    mottak_innen: Dato | None = None
    oppfylles_innen: Dato | None = None
    utfases: Dato | None = None


class Engelsk(Form):
    """A translation, and which version it was made from; older than the text is stale."""

    versjon: Tall
    tittel: Linje
    tekst: Tekst


class Krav(Record):
    """A requirement."""

    id: KravId
    versjon: Tall
    status: Status
    erstattet_av: Mengde = ()
    utgatt_fordi: Tekst | None = None
    tittel: Linje
    tekst: Tekst
    akseptanse: Liste = ()
    gjelder: dict[Ord, Annotated[Gjelder, BeforeValidator(_long)]] = Field(min_length=1)
    godkjenning: Godkjenning
    tema: Ord
    meldinger: Mengde = ()
    begrunnelse: Tekst | None = None
    avhenger_av: Mengde = ()
    frister: Frister = Frister()
    kilder: Liste = ()
    engelsk: Engelsk | None = None

    @property
    def omrade(self) -> str:
        """The id of the area, which is the prefix in small letters."""
        return self.id.split("-")[0].lower()


REGISTER_KINDS: tuple[type[Record], ...] = (Omrade, Gruppe, System, Melding, Tema, Begrep)
KINDS: dict[str, type[Record]] = {kind.mappe: kind for kind in REGISTER_KINDS}


def kind_named(post: str) -> type[Record] | None:
    """The kind of a record by what it is called, `PLL-0042` or `grupper/lege`; None for none."""
    return Krav if KRAV_ID.fullmatch(post) else KINDS.get(post.split("/", maxsplit=1)[0])


# Fields told apart key by key, so that each addressee, date and language is one change.
SPLIT = ("gjelder", "frister", "engelsk", "realisering", "funksjoner")


def fields(record: Record) -> dict[str, Json]:
    """Every field that says something, canonical and flat: `tekst`, `gjelder.plo`, …

    `id` names the record and `versjon` counts its changes; neither is a change itself.
    Absent and empty are the same.
    """
    return flat(type(record), whole(record))


def whole(record: Record) -> dict[str, Json]:
    """Everything a record says as it would be written in a file, numbers as the words they are."""
    dumped = record.model_dump(mode="json", exclude_defaults=True, exclude={"id", "versjon"})
    return {name: _words(value) for name, value in dumped.items()}


def _words(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _words(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_words(inner) for inner in value]
    return str(value) if isinstance(value, int) else value


def flat(kind: type[Record], nested: Mapping[str, Json]) -> dict[str, Json]:
    """The fields of a whole record by their names in changes: `gjelder.plo`, `frister.utfases`."""
    found: dict[str, Json] = {}
    for name in order(kind):
        value = nested.get(name)
        if value is None:
            continue
        if name in SPLIT:
            keys = sorted(value) if name in ("gjelder", "realisering", "funksjoner") else value
            found.update({f"{name}.{key}": value[key] for key in keys})
        else:
            found[name] = value
    return found


def nested(fields: Mapping[str, Json]) -> dict[str, Json]:
    """The inverse of `flat`."""
    found: dict[str, Json] = {}
    for name, value in fields.items():
        first, _, key = name.partition(".")
        if key:
            found.setdefault(first, {})[key] = value
        else:
            found[name] = value
    return found


@cache
def order(kind: type[Form]) -> tuple[str, ...]:
    """The fields of a kind in the order in which people write and read them."""
    return tuple(kind.model_fields)
