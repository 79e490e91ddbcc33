"""The commands that make council papers: one case, or a whole meeting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import click

from kravverk import findings as f
from kravverk import papers
from kravverk.cases import all_cases, one_case
from kravverk.comparison import overlaps
from kravverk.meeting import meeting
from kravverk.pdf import pdf
from kravverk.register import read
from kravverk.report import paper
from kravverk.spelling import in_dictionary
from kravverk.store import Stopped, working_files
from kravverk.terminal import Dag, Per, Til, formats, krav, out, repository, say

Organ = click.option("--organ", required=True, metavar="ID", help="Organet som har møtet.")
Dato = click.option("--dato", type=Dag(), required=True, metavar="DATO", help="Dagen for møtet.")


def _made(paper_as: Callable[[str], str], form: str) -> str | bytes:
    """A paper in a format; as PDF it is the HTML, set on pages."""
    return pdf(paper_as("html")) if form == "pdf" else paper_as(form)


@krav.command()
@click.argument("sak")
@formats("html", "pdf", "md", "json")
@Per
@Til
def rapport(sak: str, form: str, per: date, til_fil: Path | None) -> int:
    """Lag saksframlegget for en sak.

    Saken hentes fra disken eller fra grenen den ligger på. HTML er én fil som kan åpnes og skrives
    ut som den er. md passer i en kommentar, og sier hva som er utelatt når alt ikke får plass.

    \b
    Eksempel:
      krav rapport 2026-001 --til saksframlegg.html
      krav rapport 2026-001 --format md
    """
    repo = repository()
    every, unread = all_cases(repo, per)
    case, broken = one_case(every, unread, sak)
    if broken or case is None:
        say("Saksframlegget er ikke laget, for noe i saken kan ikke leses:\n" + f.as_text(broken))
        return 1
    register = read(working_files(repo))[0]
    said = paper(case, register, overlaps(case, every), per)
    out(_made(lambda form: papers.report(said, form), form), til_fil)
    return 0


@krav.command()
@Organ
@Dato
@formats("html", "pdf", "md", "json")
@Til
def saksliste(organ: str, dato: date, form: str, til_fil: Path | None) -> int:
    """Lag møtepapirene til et møte: saksliste, det som går på tvers, og hvert saksframlegg.

    Sakene er de organet behandlet den dagen, ellers de som venter på det, på hovedgrenen og på
    åpne grener. Hver sak står slik den sto før møtet.

    \b
    Eksempel:
      krav saksliste --organ osg --dato 2026-09-10 --til moetepapirer.html
    """
    repo = repository()
    register = read(working_files(repo))[0]
    if organ not in register.organer:
        known = ", ".join(register.organer) or "ingen"
        raise Stopped(f"Organet «{organ}» finnes ikke.", f"Organene er {known}.")
    every, broken = all_cases(repo, dato)
    mote = meeting(every, register, register.organer[organ], dato, in_dictionary)
    out(_made(lambda form: papers.agenda(mote, register, form), form), til_fil)
    if broken:
        say("Noe kan ikke leses, og er ikke med i papirene:\n" + f.as_text(broken))
    return 1 if broken else 0
