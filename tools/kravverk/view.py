"""What the site shows: one revision of the register and every case, seen from each system."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import get_args

from kravverk.bindings import Binding, bindinger
from kravverk.case_models import Utgivelse
from kravverk.chain import Versjon, ikke_utgitt, prove, vedtatte, versjoner
from kravverk.comparison import Case
from kravverk.diff import Endring, differences
from kravverk.gate import ADVISED, DECIDED, OPEN, hendelser
from kravverk.impact import Hvordan
from kravverk.matrix import Cell, matrix
from kravverk.models import KLASSER, Begrep, Klasse, Krav, Record, fields
from kravverk.register import Register
from kravverk.terms import Terms


@dataclass(frozen=True)
class Endret:
    """What has happened to one record since a release, for one system or for all."""

    post: str
    fra: int | None  # the requirement's version then and now; None where there was none
    til: int | None
    klasse: Klasse | None  # the strongest; None where no row tells
    saker: tuple[str, ...]
    hvordan: str = ""  # what is asked of the system; empty where no system is meant
    fordi: tuple[str, ...] = ()  # why, as the rules and the roles of the cases say it


@dataclass(frozen=True)
class Row:
    """One version of a requirement in the list of its versions."""

    nr: int
    sak: str
    vedtak: tuple[tuple[str, str, date], ...]  # (outcome, body, day)
    utgivelser: tuple[str, ...]
    eldre: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class View:
    """What the pages show: one revision of the register, and every case, on one day."""

    reg: Register
    saker: tuple[Case, ...]
    per: date
    helps: Mapping[str, str]  # command -> its help text
    site_url: str = "https://kravverk.example/"  # where the site is published
    forge: str = ""  # where the repository is on the web; empty where it is nowhere
    engelske_navn: Mapping[str, str] = field(default_factory=dict)  # name -> what English calls it

    @property
    def rot(self) -> str:
        """Where the site is published, up to and with the last slash."""
        return f"{self.site_url.rstrip('/')}/"

    @cached_property
    def bindinger(self) -> Mapping[str, dict[str, Binding]]:
        """requirement -> system -> binding."""
        return {ident: bindinger(krav, self.reg) for ident, krav in self.reg.krav.items()}

    @cached_property
    def bundet(self) -> Mapping[str, list[tuple[Krav, Binding]]]:
        """system -> the requirements that bind it."""
        found: dict[str, list[tuple[Krav, Binding]]] = {ident: [] for ident in self.reg.systemer}
        for ident, bound in self.bindinger.items():
            for system, binding in bound.items():
                found[system].append((self.reg.krav[ident], binding))
        return found

    @cached_property
    def brukt_av(self) -> Mapping[str, list[str]]:
        """requirement -> those that presuppose it."""
        found: dict[str, list[str]] = {}
        for ident, krav in self.reg.krav.items():
            for other in krav.avhenger_av:
                found.setdefault(other, []).append(ident)
        return found

    @cached_property
    def versjoner(self) -> Mapping[str, list[Versjon]]:
        """requirement -> its versions, newest first."""
        return versjoner(self.reg, self.reg.krav)

    @lru_cache(maxsize=1)  # noqa: B019 - the languages ask one after the other; a view lives on
    def rader(self, ident: str) -> list[Row]:
        """The versions of a requirement as its pages list them, newest first."""
        made = self.versjoner[ident]
        numbers = [one.krav.versjon for one in made]
        held = {
            name: utgivelse.poster[ident].versjon
            for name, utgivelse in self.reg.utgivelser.items()
            if ident in utgivelse.poster
        }
        return [
            Row(
                number,
                one.sak,
                self._avgjort.get(one.sak, ()),
                tuple(name for name, version in held.items() if version == number),
                tuple(numbers[at + 1 :]),
            )
            for at, (number, one) in enumerate(zip(numbers, made, strict=True))
        ]

    @cached_property
    def _avgjort(self) -> Mapping[str, tuple[tuple[str, str, date], ...]]:
        """case -> who advised and decided, in order."""
        found = {}
        for case in self.saker:
            names = {organ.id: organ.navn for _, organ in case.rute}
            found[case.mappe.navn] = tuple(
                (act.handling, names.get(act.organ, act.organ), act.dato)
                for act in hendelser(case.mappe)
                if act.handling in (*ADVISED, *DECIDED, "kort_vei", "hastevedtatt")
            )
        return found

    @lru_cache(maxsize=1)  # noqa: B019 - as above
    def forskjeller(self, ident: str) -> Mapping[int, dict[int, list[Endring]]]:
        """version -> each older version -> what differs, field by field, both newest first."""
        made = [(v.krav.versjon, fields(v.krav)) for v in self.versjoner[ident]]
        return {
            nr: {older: list(differences(ident, was, now)) for older, was in made[at + 1 :]}
            for at, (nr, now) in enumerate(made)
        }

    @cached_property
    def _ordliste(self) -> Terms:
        return Terms(self.reg.begreper.values())

    @lru_cache(maxsize=1)  # noqa: B019 - as above
    def begreper_i(self, ident: str) -> list[Begrep]:
        """The terms of the glossary that what binds in a requirement uses."""
        krav = self.reg.krav[ident]
        return self._ordliste.used_in("\n".join((krav.tittel, krav.tekst, *krav.akseptanse)))

    @cached_property
    def slag(self) -> Mapping[str, Mapping[str, Record]]:
        """Folder on the site -> the records that have a page there, beside those of their own."""
        reg = self.reg
        return {
            "gruppe": reg.grupper,
            "melding": reg.meldinger,
            "tema": reg.temaer,
            "begrep": reg.begreper,
            "omrade": reg.omrader,
        }

    @cached_property
    def sak(self) -> Mapping[str, Case]:
        """folder -> case."""
        return {case.mappe.navn: case for case in self.saker}

    @cached_property
    def apne(self) -> tuple[Case, ...]:
        """The cases that are under treatment."""
        return tuple(case for case in self.saker if case.steg.navn in OPEN)

    @cached_property
    def uavgjort(self) -> tuple[Case, ...]:
        """The same, and those that are put off: what they propose may still come."""
        waiting = (*OPEN, "utsatt", "sendt_tilbake")
        return tuple(case for case in self.saker if case.steg.navn in waiting)

    @cached_property
    def foreslatt(self) -> Mapping[str, list[Case]]:
        """record -> the cases, not settled, that propose to change it."""
        found: dict[str, list[Case]] = {}
        for case in self.uavgjort:
            for post in case.poster:
                found.setdefault(post, []).append(case)
        return found

    @cached_property
    def brutt(self) -> set[str]:
        """The decided cases that do not say what stands in the register now."""
        return {breach.sak for breach in prove(self.reg).brudd}

    @cached_property
    def celler(self) -> Mapping[str, dict[str, dict[str, Cell]]]:
        """case -> system -> record -> what it meets there."""
        return {case.mappe.navn: matrix(case.found) for case in self.saker}

    def klasse(self, sak: str, system: str) -> Klasse | None:
        """The strongest that a case means to a system; None where it means nothing."""
        cells = self.celler[sak].get(system, {})
        return min((c.klasse for c in cells.values()), key=KLASSER.index, default=None)

    @property
    def nyeste(self) -> str:
        """The newest release; empty where there is none."""
        return next(reversed([*self.reg.utgivelser]), "")

    @cached_property
    def utgitt_i(self) -> Mapping[str, str]:
        """case -> the release that holds it."""
        return {sak: ident for ident, u in self.reg.utgivelser.items() for sak in u.saker}

    def kommer_i(self, saker: Iterable[str]) -> list[str]:
        """The releases that hold some cases, each once; empty for what none holds yet."""
        return list(dict.fromkeys(self.utgitt_i.get(sak, "") for sak in saker))

    @cached_property
    def utgitt(self) -> Mapping[tuple[str, int], Utgivelse]:
        """(requirement, version) -> the first release that holds it."""
        return {
            (post, held.versjon): utgivelse
            for utgivelse in list(self.reg.utgivelser.values())[::-1]
            for post, held in utgivelse.poster.items()
            if held.versjon
        }

    @cached_property
    def datoer(self) -> Mapping[str, list[tuple[str, date]]]:
        """requirement -> its own dates."""
        return {ident: deadlines(krav) for ident, krav in self.reg.krav.items()}

    @lru_cache(maxsize=64)  # noqa: B019 - one for each release; a view lives on
    def bundet_under(self, utgivelse: str) -> Mapping[str, list[tuple[Krav, Binding]]]:
        """system -> what binds it in a release: the versions of then, the system as it is now."""
        found: dict[str, list[tuple[Krav, Binding]]] = {ident: [] for ident in self.reg.systemer}
        held = self.reg.utgivelser[utgivelse].poster
        for ident in self.reg.krav:
            number = held[ident].versjon if ident in held else None
            for krav in (v.krav for v in self.versjoner[ident] if v.krav.versjon == number):
                now = krav.versjon == self.reg.krav[ident].versjon
                bound = self.bindinger[ident] if now else bindinger(krav, self.reg)
                for system, binding in bound.items():
                    found[system].append((krav, binding))
        return found

    @cached_property
    def utgatt(self) -> Mapping[str, dict[str, Krav]]:
        """case -> the requirements that it retires."""
        return {
            case.mappe.navn: {
                post: krav
                for post in case.poster
                if (krav := case.found.after.krav.get(post)) and krav.status == "utgått"
                if (was := case.found.before.krav.get(post)) and was.status != "utgått"
            }
            for case in self.saker
        }

    def utgatt_i(self, post: str, saker: Iterable[str]) -> Krav | None:
        """The requirement, where one of some cases retires it."""
        return next((k for sak in saker if (k := self.utgatt.get(sak, {}).get(post))), None)

    def senere(self, sak: str) -> dict[str, list[str]]:
        """later decided case -> the records of a decided case that it has changed since."""
        found: dict[str, list[str]] = {}
        decided = vedtatte(self.reg)
        at = next((i for i, case in enumerate(decided) if case.navn == sak), 0)
        mine = {change.post for change in decided[at].endringer} if decided else set()
        for case in decided[:at][::-1]:
            if posts := sorted(mine & {change.post for change in case.endringer}):
                found[case.navn] = posts
        return found

    @cached_property
    def pa_vei(self) -> tuple[Case, ...]:
        """What is decided and not yet binding on all: not released, or before the release's day."""
        waiting = {case.navn for case in ikke_utgitt(self.reg)}
        for utgivelse in self.reg.utgivelser.values():
            if utgivelse.ma_folges_fra > self.per:
                waiting |= {*utgivelse.saker}
        return tuple(
            case for case in self.saker if case.mappe.navn in waiting or case.steg.navn == "vedtatt"
        )

    @lru_cache(maxsize=64)  # noqa: B019 - one for each release; a view lives on
    def siden(self, utgivelse: str) -> tuple[str, ...]:
        """The cases decided on main after a release, oldest first."""
        releases = list(self.reg.utgivelser)
        later = releases[releases.index(utgivelse) + 1 :]
        released = [sak for ident in later for sak in self.reg.utgivelser[ident].saker]
        return (*released, *(case.navn for case in reversed(ikke_utgitt(self.reg))))

    @cached_property
    def sterkest(self) -> Mapping[str, dict[str, Klasse]]:
        """case -> record -> the strongest class of its changes, whomever they hit."""
        found: dict[str, dict[str, Klasse]] = {}
        for case in self.saker:
            mine = found.setdefault(case.mappe.navn, {})
            for row in case.found.virkninger:
                mine[row.post] = min(mine.get(row.post, row.klasse), row.klasse, key=KLASSER.index)
        return found

    @cached_property
    def endret_siden(self) -> Mapping[str, Mapping[str, list[Endret]]]:
        """system -> release -> what has changed for the system since, the newest release first."""
        releases = list(self.reg.utgivelser)[::-1]
        return {
            system: {utgivelse: self.endret(utgivelse, system) for utgivelse in releases}
            for system in self.reg.systemer
        }

    @lru_cache(maxsize=64)  # noqa: B019 - one for each release; a view lives on
    def ny_versjon(self, utgivelse: str) -> list[tuple[str, int, Krav]]:
        """(requirement, its version in a release, it as it is now), where the two differ."""
        held = self.reg.utgivelser[utgivelse].poster
        return [
            (ident, then, krav)
            for ident, krav in self.reg.krav.items()
            if ident in held and (then := held[ident].versjon) and then != krav.versjon
        ]

    def endret(self, utgivelse: str, system: str, til: str = "") -> list[Endret]:
        """What has changed for a system since a release, in order; news of meaning only.

        With `til`: until that release, else until now.
        Several cases are told as one: what is bound now and was not then is a new duty, whatever
        came between, and what is no longer bound has lapsed.
        """
        posts: dict[str, dict[str, Cell]] = {}
        gone = self.siden(til) if til else ()
        cases = [sak for sak in self.siden(utgivelse) if sak not in gone]
        for sak in cases:
            for post, cell in self.celler.get(sak, {}).get(system, {}).items():
                posts.setdefault(post, {})[sak] = cell
        then = self.reg.utgivelser[utgivelse].poster
        later = self.reg.utgivelser[til].poster if til else {}
        bound = (self.bundet_under(til) if til else self.bundet)[system]
        binds = {krav.id for krav, _ in bound}
        found = []
        for post, cells in sorted(posts.items()):
            classes = {sak: cell.klasse for sak, cell in cells.items()}
            klasse = min(classes.values(), key=KLASSER.index)
            if post in self.bindinger:
                was = next(iter(classes.values())) != "ny_plikt"
                now = post in binds
                if not was and not now:
                    continue
                klasse = "bortfalt" if not now else "ny_plikt" if not was else klasse
            fra = then[post].versjon if post in then else None
            new = later[post].versjon if post in later else None
            if not til:
                new = self.reg.krav[post].versjon if post in self.reg.krav else None
            settles = klasse in ("ny_plikt", "bortfalt")  # then nothing else is news
            told = [
                c
                for c in cells.values()
                if c.klasse == klasse or not (settles or c.klasse == "presisert")
            ]
            how = min((c.hvordan for c in told), key=get_args(Hvordan).index, default="")
            why = tuple(dict.fromkeys(said for c in told for said in c.fordi))
            found.append(Endret(post, fra, new, klasse, tuple(cells), how, why))
        # What is retired is told by the requirements that took its place; here also by itself.
        for krav, _ in self.bundet_under(utgivelse)[system]:
            for sak in (sak for sak in cases if krav.id in self.utgatt.get(sak, {})):
                gone_ = self.utgatt[sak][krav.id]
                heirs = [posts[h][sak] for h in gone_.erstattet_av if sak in posts.get(h, {})]
                if krav.id not in posts and heirs:
                    one = min(heirs, key=lambda cell: KLASSER.index(cell.klasse))
                    versions = krav.versjon, gone_.versjon
                    found.append(Endret(krav.id, *versions, one.klasse, (sak,), one.hvordan))
        return sorted(found, key=lambda one: one.post)

    def mellom(self, fra: str, til: str) -> list[Endret]:
        """Every record that differs between two releases, and the cases that changed it."""
        old, new = self.reg.utgivelser[fra], self.reg.utgivelser[til]
        gone = set(self.siden(til))
        cases = [sak for sak in self.siden(fra) if sak not in gone]
        found = []
        for post in sorted(old.poster.keys() | new.poster.keys()):
            was, now = old.poster.get(post), new.poster.get(post)
            if was and now and was.digest == now.digest:
                continue
            classes = {
                sak: self.sterkest[sak][post] for sak in cases if post in self.sterkest.get(sak, {})
            }
            strongest = min(classes.values(), key=KLASSER.index, default=None)
            before, after = (side.versjon if side else None for side in (was, now))
            found.append(Endret(post, before, after, strongest, tuple(classes)))
        return found

    def venter_svar(self, system: str) -> list[tuple[Case, date, bool]]:
        """(case, last day, whether it has answered): what asks for a system's opinion now."""
        return [
            (case, case.sak.innspill.til, system in case.mappe.innspill)
            for case in sorted(self.apne, key=lambda c: (c.sak.innspill is None, c.mappe.navn))
            if case.sak.innspill
            and case.sak.innspill.til >= self.per
            and self.klasse(case.mappe.navn, system)
        ]


def deadlines(krav: Krav) -> list[tuple[str, date]]:
    """The dates of a requirement by name, in the order in which they fall."""
    return [(name, day) for name, day in krav.frister if day]
