"""The overview pages: what is filled into the pages of `docs/` that hold a list of the register."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import Any

from jinja2 import Environment

from kravverk.comparison import Case
from kravverk.diagram import tegning
from kravverk.findings import rule_name
from kravverk.gate import OVERGANGER, STEG, hendelser
from kravverk.language import Language
from kravverk.models import KLASSER, PLIKTER, Krav
from kravverk.pages import Page
from kravverk.rules import STAGES, rule_kind
from kravverk.search import FOLDER
from kravverk.statistics import MER, MINDRE, per_utgivelse, plikter
from kravverk.text import word
from kravverk.view import View
from kravverk.wording import placed, site_environment

Facet = tuple[str, str, Sequence[tuple[str, str]]]  # its name, its label, (value, shown)


def _natural(name: str) -> list[str | int]:
    """A name to sort by, so that M2 comes before M10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"([0-9]+)", name)]


def _last(case: Case) -> tuple[str, date] | None:
    """What happened last in a case, and when."""
    acts = sorted(hendelser(case.mappe), key=lambda act: act.dato)
    if case.sak.trukket:
        return "trukket", case.sak.trukket.dato
    return (acts[-1].handling, acts[-1].dato) if acts else None


def _newest(told: tuple[Case, tuple[str, date] | None]) -> tuple[date, str]:
    """What to sort a case by, with what happened last: the day it is about, then its name."""
    case, last = told
    asked = case.sak.innspill.til if case.sak.innspill else date.max
    return last[1] if last else asked, case.mappe.navn


@dataclass(frozen=True)
class Lists:
    """The overview pages of one language."""

    view: View
    language: Language

    @cached_property
    def env(self) -> Environment:
        """The templates in this language."""
        return site_environment(self.view, self.language)

    def _fill(self, adresse: str, template: str, **values: Any) -> Page:
        body = self.env.get_template(f"liste_{template}.html.j2").render(**values)
        return Page(adresse, "", "", placed(body, adresse))

    def every(self) -> Iterator[Page]:
        """All of them, by their address in this language."""
        view, reg = self.view, self.view.reg
        releases = list(reg.utgivelser.values())[::-1]
        antall = Counter(krav.status == "utgått" for krav in reg.krav.values())
        yield self._fill(
            "",
            "hjem",
            antall=antall,
            systemer=len(reg.systemer),
            apne=len(view.apne),
            pa_vent=len(view.uavgjort) - len(view.apne),
            nyeste=releases[0] if releases else None,
        )
        yield self._krav()
        up = "../" * (1 + self.language.mappe.count("/"))
        yield self._fill(
            "sok/",
            "sok",
            krav=list(reg.krav),
            meldinger=list(reg.meldinger),
            saker=list(view.sak),
            indeks=f"{up}{FOLDER}",
        )
        yield self._fill(
            "system/",
            "system",
            systemer=[
                (
                    system,
                    Counter(binding.plikt for _, binding in view.bundet[ident]),
                    *(
                        sum(ident in view.celler[c.mappe.navn] for c in cases)
                        for cases in (view.apne, view.uavgjort)
                    ),
                )
                for ident, system in reg.systemer.items()
            ],
        )
        board = {
            steg: mine
            for steg in STEG
            if (dated := [(c, _last(c)) for c in view.saker if c.steg.navn == steg])
            and (mine := sorted(dated, key=_newest, reverse=True))
        }
        yield self._fill("sak/", "sak", tavle=board, antall_saker=len(view.saker))
        yield self._fill(
            "utgivelse/",
            "utgivelse",
            utgivelser=releases,
            par=list(combinations(reg.utgivelser, 2)),
        )
        yield from self._records()
        yield self._statistics()
        if not self.language.engelsk:
            yield from self._norwegian()

    def _krav(self) -> Page:
        view, reg = self.view, self.view.reg
        return self._fill(
            "krav/",
            "krav",
            krav=[
                (krav, view.bindinger[ident], self._changed_since(krav))
                for ident, krav in reg.krav.items()
            ],
            endret_for=self._changed_for(),
            antall=Counter(krav.status == "utgått" for krav in reg.krav.values()),
            sterkest_plikt=lambda k: min((g.plikt for g in k.gjelder.values()), key=PLIKTER.index),
            fasetter=self._facets(),
        )

    def _changed_since(self, krav: Krav) -> list[str]:
        """The releases that hold another version of a requirement, or none."""
        return [
            ident
            for ident, utgivelse in self.view.reg.utgivelser.items()
            if krav.id not in utgivelse.poster or utgivelse.poster[krav.id].versjon != krav.versjon
        ]

    def _changed_for(self) -> dict[tuple[str, str], list[str]]:
        """(requirement, system) -> the releases since which it has changed for the system."""
        found: dict[tuple[str, str], list[str]] = {}
        for system, since in self.view.endret_siden.items():
            for utgivelse, changed in since.items():
                for one in changed:
                    found.setdefault((one.post, system), []).append(utgivelse)
        return found

    def _facets(self) -> list[Facet]:
        say, reg = self.language.tale.gettext, self.view.reg
        used = reg.krav.values()

        def named(records: Mapping[str, Any], idents: set[str]) -> list[tuple[str, str]]:
            found = [(i, records[i].navn if i in records else i) for i in idents]
            return sorted(found, key=lambda pair: (pair[1].lower(), pair[0]))

        bound = {system for mine in self.view.bindinger.values() for system in mine}
        plikt = [(p, say(p)) for p in PLIKTER]
        addressed: dict[str, Any] = {**reg.systemer, **reg.grupper}
        status = sorted({(k.status, say(word(k.status))) for k in used})
        return [
            ("system", say("System"), named(reg.systemer, bound)),
            ("plikt", say("Plikt"), plikt),
            ("omrade", say("Område"), named(reg.omrader, {k.omrade for k in used})),
            ("tema", say("Tema"), named(reg.temaer, {k.tema for k in used})),
            ("gruppe", say("Gruppe"), named(addressed, {g for k in used for g in k.gjelder})),
            (
                "melding",
                say("Melding"),
                [(m, m) for m in sorted({m for k in used for m in k.meldinger}, key=_natural)],
            ),
            ("status", say("Status"), status),
            ("siden", say("Endret siden"), [(i, i) for i in list(reg.utgivelser)[::-1]]),
        ]

    def _records(self) -> Iterator[Page]:
        reg = self.view.reg
        krav = reg.krav.values()
        uses = {
            "gruppe": Counter(g for k in krav for g in k.gjelder),
            "melding": Counter(m for k in krav for m in k.meldinger),
            "tema": Counter(k.tema for k in krav),
            "omrade": Counter(k.omrade for k in krav),
        }
        for slag, records in self.view.slag.items():
            named: Iterable[Any] = records.values()
            by_id = slag == "melding"
            every = sorted(named, key=lambda r: _natural(r.id if by_id else r.navn.lower()))
            counted = uses.get(slag)
            poster = [(post, counted[post.id] if counted else None) for post in every]
            yield self._fill(f"{slag}/", "poster", slag=slag, poster=poster, vis_id=by_id)

    def _statistics(self) -> Page:
        view, reg = self.view, self.view.reg
        bound = [krav for krav in reg.krav.values() if krav.status != "utgått"]
        rows = {name: case.found.virkninger for name, case in view.sak.items()}
        counted, released = plikter(view.bindinger), per_utgivelse(reg, rows)
        return self._fill(
            "statistikk/",
            "statistikk",
            utgivelser=released,
            klasser=[k for k in KLASSER if any(u.klasser.get(k) for u in released)],
            mer=MER,
            mindre=MINDRE,
            skala=max([1, *(max(u.sum(MER), u.sum(MINDRE)) for u in released)]),
            plikter=counted,
            omrader=sorted(reg.omrader),
            systemer=sorted(reg.systemer.values(), key=lambda s: s.navn.lower()),
            uten_engelsk=[k for k in bound if not k.engelsk],
            gammel_engelsk=[k for k in bound if k.engelsk and k.engelsk.versjon < k.versjon],
            i_alt=lambda ident: sum(n for (s, _, _), n in counted.items() if s == ident),
        )

    def _norwegian(self) -> Iterator[Page]:
        """The pages for those who own the requirements and treat the cases."""
        yield self._fill(
            "regler/",
            "regler",
            trinn={
                stage: [(rule_name(rule), rule_kind(rule), inspect.getdoc(rule)) for rule in rules]
                for stage, rules in STAGES.items()
            },
        )
        moves = sorted(OVERGANGER.items(), key=lambda move: STEG.index(move[0][0]))
        yield self._fill("saksgang/", "overganger", overganger=moves, tegning=tegning())
        yield self._fill("kommandoer/", "kommandoer", hjelp=self.view.helps)
