"""Two revisions side by side: what changed, whom it hits, and which case says why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, with_config
from typing_extensions import TypedDict

from kravverk.bodies import Organ
from kravverk.case_models import Frys, Rute, Sak
from kravverk.chain import areas, besluttet, proposed
from kravverk.diff import Endring, Slag, diff, fingeravtrykk
from kravverk.edits import Known, Ordforrad, no_word
from kravverk.findings import Finding
from kravverk.gate import OPEN, apen_sak, rute, stands, state
from kravverk.impact import Hvordan, Virkning, forgjengere, virkninger
from kravverk.models import KLASSER, Json, Klasse, Krav
from kravverk.register import Entry, Register, Saksmappe
from kravverk.standing import Steg


@dataclass(frozen=True)
class Sammenligning:
    """Everything the outputs need to know about one pair of revisions."""

    fra: str  # as the reader named them
    til: str
    before: Register
    after: Register
    saker: Mapping[str, Sak]  # folder -> the cases that are new or changed between them
    endringer: tuple[Endring, ...]
    virkninger: tuple[Virkning, ...]
    fingeravtrykk: str

    @property
    def sak(self) -> Sak | None:
        """The one case behind the changes; None where there is none, or no one."""
        return next(iter(self.saker.values())) if len(self.saker) == 1 else None

    @property
    def omrader(self) -> tuple[str, ...]:
        """The areas of the requirements that changed, or that a changed group or system is in."""
        posts = {e.post for e in self.endringer}
        return tuple(sorted(areas(posts, self.before, self.after)))

    def rute(self, folder: str, dag: date | None = None) -> Rute:
        """Who is to treat a case, by the areas it touches and the mandates of the base.

        Who may is read from the base, never from the proposal's own branch (design.md §6).
        """
        mappe = self.after.saker[folder]
        posts = {f.post for f in mappe.frys.endringer} if mappe.frys else set()
        posts |= {*mappe.sak.godkjenner.krav} if mappe.sak.godkjenner else set()
        touched = areas(posts, self.before, self.after) | {*self.omrader}
        return rute(mappe.sak, touched, self.before.organer, dag)

    @property
    def klasser(self) -> dict[Klasse, int]:
        """How many rows there are of each class, in the order of design.md §5."""
        counted = Counter(row.klasse for row in self.virkninger)
        return {klasse: counted[klasse] for klasse in KLASSER if counted[klasse]}

    def forgjengere(self, post: str) -> tuple[Krav, ...]:
        """The requirements that a new one takes the place of, as they were."""
        if post in self.before.poster:
            return ()
        return tuple(self.before.krav[p] for p in forgjengere(post, self.before, self.after))

    def rows(self, endring: Endring) -> tuple[Virkning, ...]:
        """The rows of one change."""
        return tuple(self._rows.get((endring.post, endring.felt), ()))

    @cached_property
    def _rows(self) -> Mapping[tuple[str, str | None], list[Virkning]]:
        found: dict[tuple[str, str | None], list[Virkning]] = {}
        for row in self.virkninger:
            found.setdefault((row.post, row.felt), []).append(row)
        return found


def compare(
    before: Register,
    after: Register,
    fra: str,
    til: str,
    known: Known = no_word,
    sak: str | None = None,
) -> Sammenligning:
    """Compare two revisions; the judgements of the one case between them count.

    `known` says whether a word is a word; without it no misspelling is proved. `sak` names the
    case where both revisions hold it.
    """
    cases = {
        folder: mappe.sak
        for folder, mappe in after.saker.items()
        if folder == sak or before.saker.get(folder) != mappe
    }
    changes = diff(before, after)
    known = Ordforrad(known, before.poster_med)
    if not cases and changes and (taken_up := _taken_up(changes, after)):
        cases = {taken_up: after.saker[taken_up].sak}
    judged = next(iter(cases.values())).avklaringer if len(cases) == 1 else ()
    rows = virkninger(changes, before, after, judged, known)
    return Sammenligning(
        fra,
        til,
        before,
        after,
        cases,
        tuple(changes),
        tuple(_since_decided(rows, changes, before, after, known)),
        fingeravtrykk(changes, judged),
    )


def as_frozen(reg: Register, mappe: Saksmappe, frys: Frys, known: Known = no_word) -> Sammenligning:
    """What one freeze of a case proposes, beside a register that the case has not changed.

    The judgements are those of the freeze; those in the case may be newer.
    """
    fil = f"changes/{mappe.navn}/endring.yaml"
    judged = mappe.sak.model_copy(update={"avklaringer": frys.avklaringer})
    reg = replace(reg, entries={**reg.entries, fil: Entry(fil, judged, b"")})
    return compare(*proposed(reg, frys), "før saken", "etter saken", known, sak=mappe.navn)


def _taken_up(changes: Iterable[Endring], after: Register) -> str:
    """The one case under way, of the base, that froze all these records; empty where there is none.

    A deferred case that is taken up again has its file on main already.
    """
    posts = {e.post for e in changes}
    mappe = after.saker.get(apen_sak(after, posts))
    return mappe.navn if mappe and posts <= mappe.fryste else ""


def _since_decided(
    rows: Sequence[Virkning],
    changes: Iterable[Endring],
    before: Register,
    after: Register,
    known: Known,
) -> Iterator[Virkning]:
    """The rows, with small editorial steps judged together against the last decided text.

    What each step alone leaves unchanged may add up to a change (design.md §5).
    """
    had = {(e.post, e.felt): e for e in changes if e.felt and e.gammel is not None}
    decided = besluttet(before, {felt: e.gammel for felt, e in had.items()})
    longer = [
        replace(e, gammel=decided[felt]) for felt, e in had.items() if decided[felt] != e.gammel
    ]
    together = {
        (row.post, row.felt, row.system): row
        for row in virkninger(longer, before, after, (), known)
    }
    for row in rows:
        whole = together.get((row.post, row.felt, row.system))
        if row.klasse == "redaksjonell" and whole and whole.klasse != "redaksjonell":
            because = f"sammen med tidligere endringer på kort vei: {whole.fordi}"
            yield replace(whole, fordi=because)
        else:
            yield row


@dataclass(frozen=True)
class Case:
    """A case as it stands on one branch."""

    gren: str
    mappe: Saksmappe
    found: Sammenligning
    steg: Steg
    rute: tuple[tuple[str, Organ], ...]  # (what it does, the body), in the order of treatment
    endrer: tuple[str, ...] = ()  # the records that differ on its branch, with effect or not
    drift: tuple[str, ...] = ()  # its records, and their ground, that main has changed since
    uleste: tuple[Finding, ...] = ()  # what could not be read beside it

    @property
    def sak(self) -> Sak:
        return self.mappe.sak

    @property
    def poster(self) -> tuple[str, ...]:
        """The records that the case changes, or would have changed."""
        return tuple(sorted({endring.post for endring in self.found.endringer}))

    @property
    def i_gang(self) -> bool:
        """Whether the case was under way on the day it is seen.

        Of one that is settled since, nothing but what it did by that day tells that it had begun.
        """
        now = self.found.after.saker.get(self.mappe.navn, self.mappe)
        begun = stands(now) in OPEN or self.mappe.frys or self.mappe.innspill
        return self.steg.navn in OPEN and bool(begun)


def route_of(found: Sammenligning, mappe: Saksmappe) -> tuple[tuple[str, Organ], ...]:
    """Who is to treat a case: settled when it is frozen, until then by the mandates there are."""
    route, bodies = mappe.frys.rute if mappe.frys else found.rute(mappe.navn), found.before.organer
    return tuple((rolle, bodies[organ]) for rolle, organ in route.ledd if organ in bodies)


def overlaps(case: Case, others: list[Case]) -> dict[str, tuple[str, ...]]:
    """case -> the records that another open case changes too; one that is settled meets none."""
    waits = case.steg.navn in ("vedtatt", "utsatt", "sendt_tilbake", "utløpt")
    if not (case.i_gang or waits or state(case.mappe).haste):
        return {}
    mine = set(case.poster)
    shared = {
        other.mappe.navn: tuple(sorted(mine & set(other.poster)))
        for other in others
        if other.mappe.navn != case.mappe.navn and other.i_gang
    }
    return {ident: posts for ident, posts in shared.items() if posts}


_CLOSED = ConfigDict(extra="forbid")


@with_config(_CLOSED)
class EndringJson(TypedDict):
    """One changed field; `felt` is null for a whole record."""

    post: str
    felt: str | None
    slag: Slag
    gammel: Json
    ny: Json


@with_config(_CLOSED)
class VirkningJson(TypedDict):
    """What one changed field means to one system; `system` is null where it binds nobody."""

    post: str
    felt: str | None
    system: str | None
    klasse: Klasse
    hvordan: Hvordan
    via: list[str]


@with_config(_CLOSED)
class EndringerJson(TypedDict):
    """The published contract of `krav diff --format json` (design.md §7)."""

    skjema: Literal["endringer/1"]
    fra: str
    til: str
    endringer: list[EndringJson]
    virkninger: list[VirkningJson]
    fingeravtrykk: str


CONTRACT = TypeAdapter(EndringerJson)


def as_json(found: Sammenligning) -> EndringerJson:
    """A comparison in its published shape."""
    return {
        "skjema": "endringer/1",
        "fra": found.fra,
        "til": found.til,
        "endringer": [
            {"post": e.post, "felt": e.felt, "slag": e.slag, "gammel": e.gammel, "ny": e.ny}
            for e in found.endringer
        ],
        "virkninger": [
            {
                "post": v.post,
                "felt": v.felt,
                "system": v.system,
                "klasse": v.klasse,
                "hvordan": v.hvordan,
                "via": list(v.via),
            }
            for v in found.virkninger
        ],
        "fingeravtrykk": found.fingeravtrykk,
    }
