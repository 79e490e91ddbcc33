"""The days ahead of a system: of requirements, releases, consultations and dispensations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from kravverk.bindings import Binding
from kravverk.case_models import Utgivelse
from kravverk.comparison import Case
from kravverk.models import Krav, Plikt
from kravverk.view import View, deadlines


@dataclass(frozen=True)
class Frist:
    """A day that a system has to do with; `gjelder` is a requirement, a release or a case."""

    dag: date
    navn: str  # `oppfylles_innen`, `må_følges_fra`, `innspill_til`, …
    gjelder: str
    tittel: str
    adresse: str  # on the site, `krav/PLL-0042/`
    versjon: int = 0  # of the requirement that sets the day
    # `ikke_utgitt` of a day that the newest release does not have; `endres` of one that it has and
    # that a decided version, not released, has moved or taken away.
    merknad: Literal["", "ikke_utgitt", "endres"] = ""

    @property
    def kan(self) -> bool:
        """Whether it is a day from which something may be done, and no duty."""
        return self.navn.startswith("kan_")


@lru_cache(maxsize=256)  # both languages ask, for a page and for two calendars
def frister(view: View, system: str) -> tuple[Frist, ...]:
    """The days that are ahead for a system, in order."""
    found = list(_of_krav(view, system))
    for case in view.pa_vei:
        found += _of_release(view, case, system)
    for case in view.apne:
        if case.sak.innspill and view.klasse(case.mappe.navn, system):
            found.append(_innspill(case))
    for d in view.reg.dispensasjoner.values():
        if d.system == system:
            title = view.reg.krav[d.krav].tittel
            found.append(Frist(d.til, "dispensasjon_til", d.krav, title, f"krav/{d.krav}/"))
    ahead = {frist for frist in found if frist.dag >= view.per}
    return tuple(sorted(ahead, key=lambda f: (f.dag, f.kan, f.gjelder, f.navn)))


def _of_krav(view: View, system: str) -> Iterator[Frist]:
    """The days of requirements as decided now, and those of the newest release besides."""
    held, now = (
        {(krav.id, *day): krav for krav, _ in bound for day in deadlines(krav)}
        for bound in (_released(view, system), view.bundet[system])
    )
    for (ident, navn, dag), krav in now.items():
        new = view.nyeste and (ident, navn, dag) not in held
        mark: Literal["", "ikke_utgitt"] = "ikke_utgitt" if new else ""
        yield Frist(dag, navn, ident, krav.tittel, f"krav/{ident}/", krav.versjon, mark)
    for (ident, navn, dag), krav in held.items():
        if (ident, navn, dag) not in now and not navn.startswith("kan_"):
            page = f"krav/{ident}/v{krav.versjon}/"
            yield Frist(dag, navn, ident, krav.tittel, page, krav.versjon, "endres")


def plikter(view: View, system: str) -> dict[tuple[str, int], Plikt]:
    """(requirement, version) -> how it binds a system, now and in the newest release."""
    both = (*_released(view, system), *view.bundet[system])
    return {(krav.id, krav.versjon): binding.plikt for krav, binding in both}


def _released(view: View, system: str) -> list[tuple[Krav, Binding]]:
    """What binds a system in the newest release; nothing where there is none."""
    return view.bundet_under(view.nyeste)[system] if view.nyeste else []


def _of_release(view: View, case: Case, system: str) -> Iterator[Frist]:
    ident = view.utgitt_i.get(case.mappe.navn)
    if ident and view.klasse(case.mappe.navn, system):
        yield from _of(view.reg.utgivelser[ident])


def _innspill(case: Case) -> Frist:
    assert case.sak.innspill
    name = case.mappe.navn
    return Frist(case.sak.innspill.til, "innspill_til", name, case.sak.tittel, f"sak/{name}/")


def _of(utgivelse: Utgivelse) -> Iterator[Frist]:
    for navn in ("kan_følges_fra", "må_følges_fra"):
        dag = getattr(utgivelse, navn.replace("ø", "o").replace("å", "a"))
        ident = utgivelse.id
        yield Frist(dag, navn, ident, f"Utgivelse {ident}", f"utgivelse/{ident}/")
