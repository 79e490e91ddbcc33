"""The bodies that treat cases: members, mandates and how they work, over time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from kravverk.models import Dato, Form, Linje, Liste, Mengde, Navn, Tall, Tekst, said

Antall = Annotated[
    int, BeforeValidator(said(r"0|[1-9][0-9]{0,5}", "et helt tall fra 0 og oppover", int))
]
Ja = Literal["ja"]
Sakstype = Literal["endring", "godkjenning", "dispensasjon"]


def _sorted(words: tuple[Sakstype, ...]) -> tuple[Sakstype, ...]:
    return tuple(sorted({*words}))


class Periode(Form):
    """From when to when something counts; intervals are closed, never deleted."""

    fra: Dato
    til: Dato | None = None

    def gjelder(self, dag: date) -> bool:
        """Whether it counts on a day; the last day counts."""
        return self.fra <= dag and (self.til is None or dag <= self.til)


class Mandat(Periode):
    """What a body does in which areas and kinds of case; no areas named means all.

    A dispensation is no case, but who `beslutter` it is said in the same way.
    """

    rolle: Literal["uttaler", "anbefaler", "beslutter", "fastsetter"]
    omrader: Mengde = ()
    sakstyper: Annotated[tuple[Sakstype, ...], AfterValidator(_sorted), Field(min_length=1)]

    def dekker(self, sakstype: str, omrader: Iterable[str]) -> bool:
        """Whether it is for that kind of case in any of some areas."""
        return sakstype in self.sakstyper and (
            not self.omrader or not {*omrader}.isdisjoint(self.omrader)
        )


class Nokkel(Periode):
    """A public SSH key."""

    nokkel: Annotated[Linje, Field(pattern=r"^ssh-[a-z0-9-]+ [A-Za-z0-9+/=]+$")]


class Medlem(Periode):
    """A seat in a body: a role of an organisation, never a person's name."""

    rolle: Linje
    organisasjon: Linje
    leder: Ja | None = None
    nokler: tuple[Nokkel, ...] = ()

    @property
    def sete(self) -> str:
        """The seat in words, without saying twice what the role already says."""
        role = self.rolle.lower()
        named = f"{self.rolle}, {self.organisasjon}"
        if self.organisasjon.lower() in role:
            named = self.rolle
        return f"{named} (leder)" if self.leder and "leder" not in role else named

    def nokler_den(self, dag: date) -> tuple[str, ...]:
        """The public keys on a day."""
        return tuple(n.nokkel for n in self.nokler if n.gjelder(dag))


class Regler(Form):
    """How a body works from a day on, until the next entry; earlier ones stay."""

    fra: Dato
    beslutningsform: Literal["flertall", "konsensus"] = "konsensus"
    beslutningsdyktig: Tall = 1  # how many members must take part
    signatur: Ja | None = None  # whether the leader signs each treatment
    varslingsdager: Antall = 0  # between a decision and the first date it sets

    def i_ord(self, medlemmer: int) -> str:
        """How a body of so many members decides, in a sentence or two (`body_rules`)."""
        enough = f"Beslutningsdyktig når minst {self.beslutningsdyktig} av {medlemmer} deltar."
        if self.beslutningsform == "konsensus":
            return f"{enough} Avgjør ved enighet; uenighet føres som dissens."
        return f"{enough} Avgjør med flertall: flere for enn imot."


class Organ(Form):
    """A body, `changes/organer/<id>.yaml`."""

    id: Navn
    navn: Linje
    beskrivelse: Tekst | None = None
    mandat: tuple[Mandat, ...]
    medlemmer: Annotated[tuple[Medlem, ...], Field(min_length=1)]
    regler: Annotated[tuple[Regler, ...], Field(min_length=1)]  # oldest first
    kilder: Liste = ()

    def regler_den(self, dag: date) -> Regler:
        """The rules in force on a day; the oldest for any day before them."""
        return [self.regler[0], *(r for r in self.regler if r.fra <= dag)][-1]

    def medlemmer_den(self, dag: date) -> tuple[Medlem, ...]:
        """The members on a day."""
        return tuple(m for m in self.medlemmer if m.gjelder(dag))
