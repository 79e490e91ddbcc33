"""The pages of records and cases: each with its address, title, description and body."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any, cast

from jinja2 import Environment, Template
from markupsafe import Markup, escape

from kravverk.answers import answers
from kravverk.case_models import Utgivelse
from kravverk.comparison import Case, overlaps
from kravverk.days import frister, plikter
from kravverk.gate import hendelser
from kravverk.language import Language
from kravverk.matrix import Cell, level, summary, unclear, way
from kravverk.models import KLASSER, Form, Gruppe, Krav, Melding, Record, System
from kravverk.overleaf import freezes
from kravverk.register import Register, fil_of
from kravverk.render import by_post, title
from kravverk.view import View, deadlines
from kravverk.wording import ROT, dates, downloads, placed, site_environment

MOST_IN_FULL = 50  # records on a case's page; of more than that the page lists where each is told


@dataclass(frozen=True)
class Page:
    """One page: its address, what browsers and search engines call it, and its body."""

    adresse: str  # `krav/PLL-0042/`, in its language
    tittel: str  # Markup where some of it is in another language than the page
    beskrivelse: str
    innhold: str


@dataclass(frozen=True)
class Pages:
    """The pages of one language; what they say of the register is in the view."""

    view: View
    language: Language

    @cached_property
    def env(self) -> Environment:
        """The templates in this language."""
        return site_environment(self.view, self.language)

    @cached_property
    def _templates(self) -> Mapping[str, Template]:
        names = self.env.list_templates(filter_func=lambda name: name.startswith("side_"))
        made = {name[5:].partition(".")[0]: self.env.get_template(name) for name in names}
        for template in made.values():  # which copies them for each page, and slowly from a chain
            template.globals = {**template.globals}
        return made

    def _(self, words: str) -> str:
        return self.language.tale.gettext(words)

    def every(self) -> Iterator[Page]:
        """All of them: requirements with their versions, systems, cases, releases and the rest."""
        view = self.view
        for krav in view.reg.krav.values():
            yield from self.krav(krav)
        yield from (self.system(system) for system in view.reg.systemer.values())
        for utgivelse in view.reg.utgivelser.values():
            yield from (self.under(system, utgivelse) for system in view.reg.systemer.values())
        yield from (self.sak(case) for case in view.saker)
        yield from (self.utgivelse(ident) for ident in view.reg.utgivelser)
        yield from (self.mellom(fra, til) for fra, til in combinations(view.reg.utgivelser, 2))
        for kind, records in view.slag.items():
            yield from (self.post(kind, record) for record in records.values())

    def _page(self, kind: str, adresse: str, tittel: str, lead: str, **values: Any) -> Page:
        return Page(adresse, tittel, lead, placed(self._templates[kind].render(**values), adresse))

    def krav(self, krav: Krav) -> Iterator[Page]:
        """The page of the newest version, and a permanent one for each."""
        view, ident, rows = self.view, krav.id, self.view.rader(krav.id)
        now: dict[str, Any] = {
            "bindinger": view.bindinger[ident],
            "brukt_av": view.brukt_av.get(ident, []),
            "saker": view.foreslatt.get(ident, []),
            "dispensasjoner": [d for d in view.reg.dispensasjoner.values() if d.krav == ident],
            "foresla": self._edit_address(ident),
            "begreper": view.begreper_i(ident),
            "utfases": view.reg.krav[ident].frister.utfases,
        }
        for made, row in zip(view.versjoner[ident], rows, strict=True):
            version, newest = made.krav, row is rows[0]
            body = self._templates["krav"].render(
                krav=version,
                nyest=newest,
                frister=deadlines(version),
                fra=view.forskjeller(ident)[row.nr],
                versjoner=rows,
                rad=row,
                **(now if newest else dict.fromkeys(now, ())),
            )
            told = lead(self._text(version))
            for address, name in (
                *([(f"krav/{ident}/", ident)] if newest else []),
                (f"krav/{ident}/v{row.nr}/", f"{ident} v{row.nr}"),
            ):
                yield Page(address, self._titled(name, version), told, placed(body, address))

    def _titled(self, name: str, krav: Krav) -> Markup:
        translated = krav.engelsk if self.language.engelsk else None
        title_ = translated.tittel if translated else self._norsk(krav.tittel)
        return escape(name) + " " + escape(title_)

    def _norsk(self, words: str) -> str:
        """Norwegian words, marked where the page is in another language."""
        return cast(str, self.env.filters["norsk"](words))

    def _text(self, krav: Krav) -> str:
        return krav.engelsk.tekst if self.language.engelsk and krav.engelsk else krav.tekst

    def _edit_address(self, post: str, part: str = "") -> str:
        """Where a record is edited; where there is no forge, a part of the page that says how."""
        if not self.view.forge:
            return f"{ROT}foresla-endring/{part}"
        return f"{self.view.forge}/edit/main/{fil_of(post)}"

    @cached_property
    def _in_force(self) -> Mapping[str, Markup]:
        """requirement -> its dates; where it has no day to be met by, those of its release."""
        return {
            ident: dates(krav, self.view, self.language)
            for ident, krav in self.view.reg.krav.items()
        }

    def system(self, system: System) -> Page:
        """What one vendor needs, the most pressing first."""
        view, ident = self.view, system.id
        bound = view.bundet[ident]
        releases = view.reg.utgivelser
        ahead = frister(view, ident)
        duties = [frist for frist in ahead if not frist.kan]
        return self._page(
            "system",
            f"system/{ident}/",
            self._norsk(system.navn),
            self._("Krav som binder %s.") % system.navn,
            system=system,
            svar=view.venter_svar(ident),
            frister=[duties[:10], duties[10:], [frist for frist in ahead if frist.kan]],
            frist=self._in_force,
            rett=self._edit_address(f"systemer/{ident}", "#systemet"),
            under=list(releases)[::-1],
            pa_vei=[
                (case, klasse, releases.get(view.utgitt_i.get(case.mappe.navn, "")))
                for case in view.pa_vei
                if (klasse := view.klasse(case.mappe.navn, ident))
            ],
            endret=view.endret_siden[ident],
            stille={name: quiet(view, ident, name) for name in releases},
            saker=[
                (case, cell.klasse, cell.hvordan, cell.usikker)
                for case in view.uavgjort
                if (cells := view.celler[case.mappe.navn].get(ident))
                for cell in sorted(cells.values(), key=lambda c: KLASSER.index(c.klasse))[:1]
            ],
            dispensasjoner=[d for d in view.reg.dispensasjoner.values() if d.system == ident],
            bundet=bound,
            plikter=Counter(binding.plikt for _, binding in bound),
            plikt_i=plikter(view, ident),
            utgitt=view.utgitt,
            funksjoner=(asked := functions(system, view.reg)),
            ukjente=[name for name in asked if name not in system.funksjoner],
            nedlastinger=downloads(ident, self.language),
        )

    def under(self, system: System, utgivelse: Utgivelse) -> Page:
        """What binds a system in a release, for whoever builds on it."""
        told = {"system": self._norsk(system.navn), "id": utgivelse.id}
        name = escape(self._("%(system)s: krav i utgivelse %(id)s")) % told
        releases = list(self.view.reg.utgivelser)
        before = releases[: releases.index(utgivelse.id)][-1:]
        return self._page(
            "under",
            f"system/{system.id}/{utgivelse.id}/",
            name,
            self._("Krav som binder %s.") % system.navn,
            system=system,
            utgivelse=utgivelse,
            navnet=name,
            endret={old: self.view.endret(old, system.id, utgivelse.id) for old in before},
            bundet=(bound := self.view.bundet_under(utgivelse.id)[system.id]),
            frist={krav.id: dates(krav, self.view, self.language) for krav, _ in bound},
        )

    def sak(self, case: Case) -> Page:
        """What a case proposes, what it means, and how far it has come."""
        celler = self.view.celler[case.mappe.navn]
        title_ = self._case_title(case)
        return self._page(
            "sak",
            f"sak/{case.mappe.navn}/",
            escape(self._("Sak %(sak)s: %(tittel)s")) % {"sak": case.sak.id, "tittel": title_},
            lead(self._summary(case)),
            sak=case,
            poster=by_post(case.found),
            flest=MOST_IN_FULL,
            tittel_=lambda post: self._in_case(case, post),
            oppsummert=summary(celler, self.language.tale),
            mitt=[(system, row, self._asked(row)) for system, row in celler.items()],
            rader=[([system], row) for system, row in celler.items()],
            uavklarte=unclear(case.found),
            historie=hendelser(case.mappe),
            fryser=freezes(case),
            organer={organ.id: organ.navn for _, organ in case.rute},
            innspill=answers(case, celler),
            bevist=case.steg.navn == "innarbeidet" and case.mappe.navn not in self.view.brutt,
            senere=self.view.senere(case.mappe.navn),
            overlapp=overlaps(case, list(self.view.saker)),
        )

    def _asked(self, row: Mapping[str, Cell]) -> str:
        """What the changes of a case ask of one system, in words."""
        say, how, less = self._, way(row), level(row)
        if how == "informasjon":
            return say("trenger bare å vite om det")
        if how == "via-fellesløsning":
            told = {
                "bør": say("bør teste eller erklære; fellesløsningen utvikler"),
                "kan": say("kan teste eller erklære; fellesløsningen utvikler"),
            }
            return told.get(less, say("tester eller erklærer; fellesløsningen utvikler"))
        must = {"bør": say("bør utvikle"), "kan": say("kan utvikle")}
        return must.get(less, say("må utvikle eller vurdere selv"))

    def _in_case(self, case: Case, post: str) -> str:
        """What a record is called in a case, in the page's language where it has a name there."""
        krav = case.found.after.krav.get(post)
        if self.language.engelsk and krav and krav.engelsk:
            return krav.engelsk.tittel
        return self._norsk(title(case.found, post))

    def _case_title(self, case: Case) -> str:
        translated = case.sak.engelsk if self.language.engelsk else None
        return translated.tittel if translated else self._norsk(case.sak.tittel)

    def _summary(self, case: Case) -> str:
        translated = case.sak.engelsk if self.language.engelsk else None
        return translated.kort_fortalt if translated else case.sak.kort_fortalt

    def utgivelse(self, ident: str) -> Page:
        """The notes of a release, made from its cases."""
        view = self.view
        utgivelse = view.reg.utgivelser[ident]
        pairs = [pair for pair in combinations(view.reg.utgivelser, 2) if ident in pair]
        return self._page(
            "utgivelse",
            f"utgivelse/{ident}/",
            self._("Utgivelse %s") % ident,
            self._("Hva som er nytt i utgivelse %s.") % ident,
            utgivelse=utgivelse,
            antall_krav=sum(u.versjon is not None for u in utgivelse.poster.values()),
            saker=[
                (view.sak[sak], view.sterkest[sak]) for sak in utgivelse.saker if sak in view.sak
            ],
            par=pairs,
            systemer=_systems(utgivelse, view.reg),
        )

    def mellom(self, fra: str, til: str) -> Page:
        """What differs between two releases."""
        name = self._("Fra %(fra)s til %(til)s") % {"fra": fra, "til": til}
        poster = self.view.mellom(fra, til)
        address = f"utgivelse/{til}/fra-{fra}/"
        return self._page("mellom", address, name, name, fra=fra, til=til, poster=poster)

    def post(self, kind: str, post: Any) -> Page:
        """A group, message, theme, term or area, and the requirements that name it."""
        reg = self.view.reg
        named: Callable[[Krav], bool] = {
            "gruppe": lambda k: post.id in k.gjelder,
            "melding": lambda k: post.id in k.meldinger,
            "tema": lambda k: post.id == k.tema,
            "omrade": lambda k: post.id == k.omrade,
        }.get(kind, lambda _: False)
        return self._page(
            kind,
            f"{kind}/{post.id}/",
            self._norsk(f"{post.id} {post.navn}" if kind == "melding" else post.navn),
            lead(post.beskrivelse or post.navn),
            post=post,
            krav=[krav for krav in reg.krav.values() if named(krav)],
            bindinger=self.view.bindinger,
            systemer=_systems(post, reg),
            meldinger=_roles(post, reg.meldinger.values()) if kind == "gruppe" else [],
        )


def _systems(post: Form, reg: Register) -> list[System]:
    """The systems of a group; of any other record all of them."""
    every = sorted(reg.systemer.values(), key=lambda s: s.navn.lower())
    return [s for s in every if not isinstance(post, Gruppe) or post.id in s.grupper]


def _roles(group: Record, meldinger: Iterable[Melding]) -> list[tuple[Melding, list[str]]]:
    """(message, what the group does with it), for those it sends or receives."""
    roles = [
        (
            melding,
            [
                role
                for role, who in (("avsender", melding.avsendere), ("mottaker", melding.mottakere))
                if group.id in who
            ],
        )
        for melding in meldinger
    ]
    return [(melding, mine) for melding, mine in roles if mine]


def functions(system: System, reg: Register) -> dict[str, list[str]]:
    """function -> the requirements addressed to the system that depend on it.

    With those that the system's record tells of and nobody asks about.
    """
    found: dict[str, list[str]] = {name: [] for name in system.funksjoner}
    for krav in reg.krav.values():
        asked = {
            gjelder.dersom
            for adressat, gjelder in krav.gjelder.items()
            if gjelder.dersom and adressat in (system.id, *system.grupper)
        }
        for name in asked if krav.status != "utgått" else ():
            found.setdefault(name, []).append(krav.id)
    return dict(sorted(found.items()))


def quiet(view: View, system: str, utgivelse: str) -> list[tuple[str, int, int]]:
    """(requirement, its version in a release, its version now), where that is no news to a system.

    Of those that bind the system now: what began to bind it since is news.
    """
    told = {one.post for one in view.endret_siden[system][utgivelse]}
    return [
        (ident, then, krav.versjon)
        for ident, then, krav in view.ny_versjon(utgivelse)
        if system in view.bindinger[ident] and ident not in told
    ]


def lead(text: str) -> str:
    """The first words of a text, for search engines."""
    line = " ".join(text.split())
    return line if len(line) <= 160 else line[:160].rsplit(" ", 1)[0] + " …"
