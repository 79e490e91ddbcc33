"""The published site: the house that mkdocs draws once, with the records hung in it.

mkdocs builds the prose, the overview pages and one empty frame (design.md §9). Each record page
is that frame with its own title, description, address and body; the bodies come from our own
autoescaping templates, so record text never meets a template that does not escape.
"""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import escape

from kravverk.chain import prove
from kravverk.comparison import Case, overlaps
from kravverk.diagram import tegning
from kravverk.findings import rule_name
from kravverk.gate import OPEN, OVERGANGER, STEG
from kravverk.impact import Binding, bindinger
from kravverk.models import KLASSER, PLIKTER, Frister, Krav, System, order
from kravverk.register import Register
from kravverk.render import by_post, environment, title
from kravverk.report import answers, antall, history, matrix, summary, unclear
from kravverk.rules import STAGES, rule_kind
from kravverk.spelling import in_dictionary
from kravverk.statistics import MER, MINDRE, per_utgivelse, plikter
from kravverk.store import Stopped

FRAME = "ramme/side/"  # the address of the empty page, two folders deep as those it serves
# What the frame holds: a heading with an address, so that the theme offers a way past the menu.
EMPTY = (
    '<h1 id="innhold">KRAVVERK-TITTEL<a class="headerlink" href="#innhold" '
    'title="Lenke til denne delen">&para;</a></h1>'
)
PLACEHOLDER = '<div class="krav-innhold">Innholdet lages av <code>krav nettsted</code>.</div>'
# Where the theme shows by colour alone which section a page belongs to.
ACTIVE = re.compile(r'md-tabs__item--active">\s*<a|class="md-nav__link md-nav__link--active"(?=>)')
CURRENT = ' aria-current="true"'


@dataclass(frozen=True)
class View:
    """What the pages show: one revision of the register, and every case, on one day."""

    reg: Register
    saker: tuple[Case, ...]
    per: date
    helps: Mapping[str, str]  # command -> its help text

    @cached_property
    def bindinger(self) -> Mapping[str, dict[str, Binding]]:
        """requirement -> system -> binding."""
        return {ident: bindinger(krav, self.reg) for ident, krav in self.reg.krav.items()}

    @cached_property
    def bundet(self) -> Mapping[str, list[tuple[Krav, Binding]]]:
        """system -> the requirements that bind it."""
        found: dict[str, list[tuple[Krav, Binding]]] = {}
        for ident, bound in self.bindinger.items():
            for system, binding in bound.items():
                found.setdefault(system, []).append((self.reg.krav[ident], binding))
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
    def apne(self) -> tuple[Case, ...]:
        """The cases that are under treatment."""
        return tuple(case for case in self.saker if case.steg.navn in OPEN)


@dataclass(frozen=True)
class Page:
    """One record page: its address, what browsers and search engines call it, and its body."""

    adresse: str  # `krav/PLL-0042/`
    tittel: str
    beskrivelse: str
    innhold: str


def draw_house(root: Path) -> dict[str, bytes]:
    """Everything mkdocs makes of `docs/`, by path. Stopped with mkdocs' own words if it fails."""
    with tempfile.TemporaryDirectory(prefix="krav-") as scratch:
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", scratch]
        env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
        done = subprocess.run(
            command, cwd=root, env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines() or ["ukjent årsak"]
            raise Stopped(
                f"mkdocs kunne ikke bygge sidene i docs/: {said[0]}",
                "Rett siden som er nevnt; `mkdocs build --strict` viser alle feilene.",
            )
        top = Path(scratch)
        return {
            path.relative_to(top).as_posix(): path.read_bytes()
            for path in sorted(top.rglob("*"))
            if path.is_file()
        }


def site(
    house: Mapping[str, bytes], view: View, step: Callable[[], Any]
) -> Iterator[tuple[str, bytes]]:
    """Every file of the site: the house without its frame, filled, and a page for each record.

    `step` is called once for each record page, for whoever shows progress.
    """
    frame = house[f"{FRAME}index.html"].decode()
    filled = {f"{page.adresse}index.html": page for page in overviews(view)}
    for path, data in house.items():
        if path.startswith(("ramme/", "sitemap.xml")):
            continue
        if path.endswith(".html"):
            html = ACTIVE.sub(rf"\g<0>{CURRENT}", data.decode())
            if path in filled:
                html = html.replace(PLACEHOLDER, _body(filled[path]))
            yield path, html.encode()
        else:
            yield path, data
    for page in pages(view):
        yield f"{page.adresse}index.html", hang(frame, page).encode()
        step()


def hang(frame: str, page: Page) -> str:
    """A page in the frame, in one pass, so that what is filled in is never filled again.

    What comes from a record is escaped here or in its template.
    """
    section = f'href="../../{page.adresse.split("/", maxsplit=1)[0]}/" class='
    parts = {
        EMPTY: _body(page),
        "KRAVVERK-TITTEL": str(escape(page.tittel)),
        "KRAVVERK-BESKRIVELSE": str(escape(page.beskrivelse)),
        FRAME: page.adresse,
        section: f"{CURRENT.lstrip()} {section}",  # its tab, and its line in the menu
    }
    return re.sub("|".join(map(re.escape, parts)), lambda found: parts[found[0]], frame)


def _body(page: Page) -> str:
    return f'<div class="krav-innhold" id="innhold">{page.innhold}</div>'


def overviews(view: View) -> Iterator[Page]:
    """What is filled into the overview pages of `docs/`, by their address."""
    env = _environment(view)

    def fill(adresse: str, template: str, **values: Any) -> Page:
        rot = "../" * adresse.count("/")
        return Page(adresse, "", "", env.get_template(template).render(rot=rot, **values))

    yield fill(
        "",
        "liste_hjem.html.j2",
        krav=sum(krav.status != "utgått" for krav in view.reg.krav.values()),
        systemer=len(view.reg.systemer),
        apne=len(view.apne),
    )
    yield fill(
        "krav/",
        "liste_krav.html.j2",
        krav=[
            (krav, view.bindinger[ident], _name(view.reg.temaer, krav.tema))
            for ident, krav in view.reg.krav.items()
        ],
        utgatte=sum(krav.status == "utgått" for krav in view.reg.krav.values()),
        sterkest_plikt=lambda k: min((g.plikt for g in k.gjelder.values()), key=PLIKTER.index),
    )
    yield fill(
        "system/",
        "liste_system.html.j2",
        systemer=[
            (
                system,
                Counter(binding.plikt for _, binding in view.bundet.get(ident, [])),
                sum(ident in matrix(c.found) for c in view.apne),
            )
            for ident, system in view.reg.systemer.items()
        ],
    )
    yield fill("sak/", "liste_sak.html.j2", saker=view.saker)
    counted, released = plikter(view.bindinger), per_utgivelse(view.reg, in_dictionary)
    yield fill(
        "statistikk/",
        "liste_statistikk.html.j2",
        utgivelser=released,
        klasser=[k for k in KLASSER if any(u.klasser.get(k) for u in released)],
        mer=MER,
        mindre=MINDRE,
        skala=max([1, *(max(u.sum(MER), u.sum(MINDRE)) for u in released)]),
        plikter=counted,
        omrader=sorted(view.reg.omrader),
        systemer=sorted(view.reg.systemer.values(), key=lambda s: s.navn.lower()),
        i_alt=lambda ident: sum(n for (s, _, _), n in counted.items() if s == ident),
    )
    yield fill(
        "regler/",
        "liste_regler.html.j2",
        trinn={
            stage: [(rule_name(rule), rule_kind(rule), inspect.getdoc(rule)) for rule in rules]
            for stage, rules in STAGES.items()
        },
    )
    moves = sorted(OVERGANGER.items(), key=lambda move: STEG.index(move[0][0]))
    yield fill("saksgang/", "liste_overganger.html.j2", overganger=moves, tegning=tegning())
    yield fill("kommandoer/", "liste_kommandoer.html.j2", hjelp=view.helps)


def pages(view: View) -> Iterator[Page]:
    """One page for each requirement, system and case, in that order."""
    env = _environment(view)
    templates = {
        name: env.get_template(f"side_{name}.html.j2") for name in ("krav", "system", "sak")
    }
    for ident, krav in view.reg.krav.items():
        body = templates["krav"].render(
            krav=krav,
            omrade=_name(view.reg.omrader, krav.omrade),
            tema=_name(view.reg.temaer, krav.tema),
            bindinger=view.bindinger[ident],
            brukt_av=view.brukt_av.get(ident, []),
            frister=deadlines(krav),
            saker=[case for case in view.apne if ident in case.poster],
            dispensasjoner=[d for d in view.reg.dispensasjoner.values() if d.krav == ident],
        )
        yield Page(f"krav/{ident}/", f"{ident} {krav.tittel}", _lead(krav.tekst), body)
    for ident, system in view.reg.systemer.items():
        bound = view.bundet.get(ident, [])
        levels = Counter(binding.plikt for _, binding in bound)
        body = templates["system"].render(
            system=system,
            dispensasjoner=[d for d in view.reg.dispensasjoner.values() if d.system == ident],
            bundet=bound,
            plikter=levels,
            funksjoner=functions(system, view.reg),
            frister=sorted(
                (
                    (dag, navn, krav)
                    for krav, _ in bound
                    for navn, dag in deadlines(krav)
                    if dag >= view.per
                ),
                key=lambda found: (found[0], found[2].id, found[1]),
            ),
            saker=[
                (case, cell.klasse, cell.hvordan, cell.usikker)
                for case in view.apne
                if (cells := matrix(case.found).get(ident))
                for cell in sorted(cells.values(), key=lambda c: KLASSER.index(c.klasse))[:1]
            ],
        )
        yield Page(f"system/{ident}/", system.navn, f"Krav som binder {system.navn}.", body)
    broken = {breach.sak for breach in prove(view.reg).brudd}
    for case in view.saker:
        body = templates["sak"].render(
            sak=case,
            poster=by_post(case.found),
            tittel=lambda post, found=case.found: title(found, post),
            oppsummert=summary(case.found),
            celler=matrix(case.found),
            uavklarte=unclear(case.found),
            historie=history(case),
            innspill=answers(case, matrix(case.found)),
            bevist=case.steg.navn == "innarbeidet" and case.mappe.navn not in broken,
            overlapp=overlaps(case, list(view.saker)),
        )
        name = f"Sak {case.sak.id}: {case.sak.tittel}"
        yield Page(f"sak/{case.mappe.navn}/", name, _lead(case.sak.kort_fortalt), body)


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


def deadlines(krav: Krav) -> list[tuple[str, date]]:
    """The dates of a requirement by name, in the order in which they fall."""
    named = ((name, getattr(krav.frister, name)) for name in order(Frister))
    return [(name, day) for name, day in named if day]


def _environment(view: View) -> Any:
    env = environment()
    env.globals |= {"reg": view.reg, "per": view.per, "rot": "../../", "antall": antall}
    env.filters["realisering"] = lambda how, reg: (
        {
            "egen": "egen utvikling",
            "ikke oppgitt": "ikke oppgitt",
        }.get(how)
        or f"gjennom {_name(reg.systemer, how)}"
    )
    return env


def _name(records: Mapping[str, Any], ident: str) -> str:
    return str(records[ident].navn) if ident in records else ident


def _lead(text: str) -> str:
    """The first words of a text, for search engines."""
    line = " ".join(text.split())
    return line if len(line) <= 160 else line[:160].rsplit(" ", 1)[0] + " …"
