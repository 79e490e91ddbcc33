"""The files of a case, field by field, as `models` does records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from kravverk.bodies import Antall, Ja, Organ
from kravverk.models import (
    REGISTER_KINDS,
    Avtrykk,
    Dato,
    Form,
    Json,
    Krav,
    KravId,
    Linje,
    Liste,
    Mengde,
    Navn,
    Ord,
    SakId,
    Tall,
    Tekst,
    kind_named,
)

# What a role may decide that a change means. `redaksjonell` is only ever proved by a machine, and
# `informativ` follows from the field (design.md §5).
Avklart = Literal["ny_plikt", "skjerpet", "endret_plikt", "bortfalt", "lempet", "presisert"]
Signatur = Annotated[str, Field(max_length=5_000)]  # its lines are kept as they are


class Avklaring(Form):
    """What a named role says a change means, where the machine cannot tell or is overruled."""

    post: Ord
    felt: Ord | None = None
    system: Ord | None = None  # absent: for every system
    klasse: Avklart
    rolle: Linje
    begrunnelse: Tekst


class SakEngelsk(Form):
    """Title and summary for vendors who read English only."""

    tittel: Linje
    kort_fortalt: Tekst


class Innspillsfrist(Form):
    """Since when and until when vendors may answer."""

    fra: Dato | None = None
    til: Dato


class Trukket(Form):
    """That the proposer withdrew the case, why, and which case took its place, if any."""

    dato: Dato
    begrunnelse: Tekst
    erstattet_av: SakId | None = None


class Godkjenner(Form):
    """What a `godkjenning` is about: a system, and the requirements it is approved for."""

    system: Ord
    krav: Annotated[Mengde, Field(min_length=1)]


class Sak(Form):
    """The proposal, `changes/<sak>/endring.yaml`: why, never what; that is read off `krav/`."""

    id: SakId
    type: Literal["endring", "godkjenning"]
    tittel: Linje
    forslagsstiller: Linje
    kort_fortalt: Tekst
    bakgrunn: Tekst | None = None
    hjemmel: Tekst | None = None
    erfaringsgrunnlag: Tekst | None = None
    pasientsikkerhet: Tekst | None = None
    personvern_og_sikkerhet: Tekst | None = None
    kostnad_og_finansiering: Tekst | None = None
    alternativer: Tekst | None = None
    kort_varsel: Tekst | None = None  # why a date may fall sooner than the minimum notice
    innspill: Innspillsfrist | None = None
    eksterne_referanser: Liste = ()
    gjenopptar: SakId | None = None  # a case that was rejected or withdrawn
    fastsettes: Ja | None = None  # whether a body with that mandate must adopt the decision
    godkjenner: Godkjenner | None = None
    hevdet_klasse: Avklart | Literal["redaksjonell", "informativ"] | None = None
    avklaringer: tuple[Avklaring, ...] = ()
    trukket: Trukket | None = None
    engelsk: SakEngelsk | None = None


# --- Freezes --------------------------------------------------------------------------------------


class FrossetFelt(Form):
    """One changed field as it stood when the case was frozen."""

    post: Ord
    felt: Ord | None = None  # absent: the whole record, which is new
    gammel: Json = None
    ny: Json = None

    @model_validator(mode="after")
    def _readable(self) -> FrossetFelt:
        """The record is one of the register, and a whole one can be read."""
        kind, form = kind_named(self.post), ""
        if kind is None:
            form = "en post i registeret, som PLL-0001 eller grupper/lege"
        elif self.felt is None:
            try:
                whole = {"id": self.post.split("/")[-1], "versjon": "1", **self.ny}
                kind.model_validate({k: v for k, v in whole.items() if k in kind.model_fields})
            except (TypeError, ValueError):
                form = "en hel post i `ny`, slik `krav frys` skriver den"
        if form:
            raise PydanticCustomError("form", "{form}", {"form": form, "example": ""})
        return self


class Rute(Form):
    """The bodies that treat a case, by what they do, in that order.

    It is settled by the mandates on the day of the freeze, so that a mandate that changes later
    does not change who had to treat the case.
    """

    uttaler: Mengde = ()
    anbefaler: Mengde = ()
    beslutter: Mengde = ()
    fastsetter: Mengde = ()

    @property
    def ledd(self) -> tuple[tuple[str, str], ...]:
        """(role, body) in the order of treatment."""
        return tuple((rolle, organ) for rolle, organer in self for organ in organer)


class Frys(Form):
    """One freeze of a case: the facts that a recommendation or a decision stands for."""

    nr: Tall
    dato: Dato
    fingeravtrykk: Avtrykk
    haste: Ja | None = None  # made for an urgent decision, before the input was in
    innspillsrunde: Ja | None = None  # of what the vendors are asked about; nobody decides on it
    rute: Rute
    grunnlag: Mapping[Ord, Avtrykk] = Field(
        default_factory=dict
    )  # what the records said that the case builds on
    innspill: Mapping[Ord, Avtrykk] = Field(default_factory=dict)  # what each system had answered
    avklaringer: tuple[Avklaring, ...] = ()
    endringer: Annotated[tuple[FrossetFelt, ...], Field(min_length=1)]

    @property
    def tidlig(self) -> bool:
        """Whether it was made before the input was in, so that the bodies do not decide on it."""
        return bool(self.haste or self.innspillsrunde)


class Forslag(Form):
    """The freezes of a case, `changes/<sak>/forslag.yaml`, newest last, none ever rewritten."""

    frys: Annotated[tuple[Frys, ...], Field(min_length=1)]


# --- What bodies and roles do ---------------------------------------------------------------------


# What each kind of mandate may come to; the words are the acts of `gate.OVERGANGER`.
Utfall = Literal[
    "drøftet",
    "orientert",
    "uttalt",
    "anbefalt",
    "anbefalt_med_endringer",
    "frarådet",
    "bekreftet",
    "vedtatt",
    "vedtatt_med_vilkår",
    "avslått",
    "fastsatt",
    "utsatt",
    "sendt_tilbake",
    "vilkår_oppfylt",
]


class Stemmer(Form):
    """How the votes fell."""

    for_: Annotated[Antall, Field(alias="for")]
    mot: Antall = 0
    avholdende: Antall = 0


class Vilkar(Form):
    """A condition of a decision; another role than the responsible one confirms it."""

    id: Ord
    tekst: Tekst
    ansvarlig: Linje
    frist: Dato
    bekreftes_av: Linje


class Utsettelse(Form):
    """Until when a case is put off, and what it waits for."""

    til: Dato
    paavente_av: Tekst | None = None


class Behandling(Form):
    """What a body did with a case on a date, bound to the text it saw."""

    dato: Dato
    form: Literal["møte", "skriftlig"]
    motesak: Linje | None = None
    utfall: Utfall
    fingeravtrykk: Avtrykk | None = None  # absent where nothing is bound: drøftet, orientert
    frys: Tall | None = None  # the number of the freeze; absent: the newest with that text then
    saksavtrykk: Avtrykk | None = None  # of what the case said then; see `diff.saksavtrykk`
    begrunnelse: Tekst | None = None
    deltakere: Mengde = ()
    inhabile: Mengde = ()
    stemmer: Stemmer | None = None
    dissens: Tekst | None = None
    avvik: Tekst | None = None  # why the recommendation was not followed
    vilkar: tuple[Vilkar, ...] = ()
    vilkar_id: Ord | None = None  # which condition is met
    bekreftet_av: Linje | None = None  # by which role
    utsatt: Utsettelse | None = None
    arkivref: Linje | None = None
    signatur: Signatur | None = None  # by `krav signer`


class Behandlinger(Form):
    """A body's treatments of a case, `changes/<sak>/<organ>.yaml`; only ever added to."""

    behandlinger: Annotated[tuple[Behandling, ...], Field(min_length=1)]


class Kortvei(Form):
    """That a second role confirmed a change without new meaning, `changes/<sak>/kortvei.yaml`."""

    dato: Dato
    rolle: Linje
    fingeravtrykk: Avtrykk
    saksavtrykk: Avtrykk
    begrunnelse: Tekst | None = None


class Hasterolle(Form):
    """One of the two who make an urgent decision."""

    organ: Navn
    rolle: Linje
    signatur: Signatur | None = None  # by `krav signer`, where the body asks for one


class Hastevedtak(Form):
    """An urgent decision with an end date, `changes/<sak>/hastevedtak.yaml`."""

    dato: Dato
    fingeravtrykk: Avtrykk
    saksavtrykk: Avtrykk
    grunn: Literal["pasientsikkerhet", "informasjonssikkerhet", "lov", "drift"]
    begrunnelse: Tekst
    vedtatt_av: tuple[Hasterolle, ...]
    gjelder_til: Dato
    tilbakeforing: Tekst  # how it is undone if it is not ratified


class Innspill(Form):
    """A vendor's answer, `changes/<sak>/innspill/<system>.yaml`, and the owner's reply."""

    dato: Dato
    berort: Literal["ja", "nei", "usikker"]
    kort_fortalt: Linje | None = None  # in Norwegian, by the secretariat
    arbeid: Tekst | None = None
    tidligst_levert: Dato | None = None
    merknader: Tekst | None = None
    svar: Tekst | None = None


class Dispensasjon(Form):
    """A system's temporary exemption from a version of a requirement."""

    id: Annotated[str, Field(pattern=r"^DISP-[0-9]{4}$")]
    system: Ord
    krav: KravId
    versjon: Tall
    gitt_av: Navn
    dato: Dato
    begrunnelse: Tekst
    kompenserende_tiltak: Tekst
    til: Dato
    kilder: Liste = ()


class Utgitt(Form):
    """One record of a release: the digest of what it says, and a requirement's version."""

    digest: Avtrykk
    versjon: Tall | None = None


class Utgivelse(Form):
    """A published release, `krav/utgivelser/<id>.yaml`; never changed afterwards."""

    id: Annotated[str, Field(pattern=r"^[0-9]{4}\.[0-9]{1,2}$")]
    dato: Dato
    kan_folges_fra: Dato
    ma_folges_fra: Dato
    forrige: Avtrykk | None = None  # the digest of the release before, so that none is replaced
    saker: Mengde = ()
    poster: dict[Ord, Utgitt]
    kilder: Liste = ()


# One JSON Schema is published for each of these, under this name (docs/skjema/).
PUBLISHED: dict[str, type[Form]] = {
    "krav": Krav,
    **{kind.__name__.lower(): kind for kind in REGISTER_KINDS},
    "sak": Sak,
    "forslag": Forslag,
    "behandlinger": Behandlinger,
    "kortvei": Kortvei,
    "hastevedtak": Hastevedtak,
    "innspill": Innspill,
    "organ": Organ,
    "dispensasjon": Dispensasjon,
    "utgivelse": Utgivelse,
}
