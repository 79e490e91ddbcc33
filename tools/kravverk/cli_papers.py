"""The commands that make council papers: one case, or a whole meeting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import click
import git
import yaml

from kravverk import findings as f
from kravverk import papers
from kravverk.bodies import Organ as Body
from kravverk.cases import all_cases, one_case
from kravverk.comparison import Case, overlaps
from kravverk.earlier import of_day
from kravverk.meeting import meeting
from kravverk.minutes import agenda_blocks, commands, minutes
from kravverk.pdf import pdf
from kravverk.register import Register, read
from kravverk.report import paper
from kravverk.spelling import in_dictionary
from kravverk.store import Stopped, working_files
from kravverk.terminal import Dag, Per, Til, formats, krav, out, repository, say
from kravverk.word_file import docx

Organ = click.option("--organ", required=True, metavar="ID", help="Organet som har møtet.")
Dato = click.option("--dato", type=Dag(), required=True, metavar="DATO", help="Dagen for møtet.")


def _made(paper_as: Callable[[str], str], form: str) -> str | bytes:
    """A paper in a format; as PDF it is the HTML, set on pages."""
    return pdf(paper_as("html")) if form == "pdf" else paper_as(form)


def site_address(repo: git.Repo) -> str:
    """Where the site is published, as mkdocs.yml says; empty where there is none."""
    path = Path(repo.working_dir) / "mkdocs.yml"
    said = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return str(said.get("site_url") or "")


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
    case, register = of_day(case, register, per, in_dictionary)
    said, address = paper(case, register, overlaps(case, every), per), site_address(repo)
    out(_made(lambda form: papers.report(said, register, form, address), form), til_fil)
    return 0


@krav.command()
@Organ
@Dato
@formats("html", "pdf", "md", "json", "docx")
@click.option(
    "--sekretariat",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FIL",
    help="Skriv også en fil med kommandoene som fører opp behandlingene etter møtet.",
)
@Til
def saksliste(
    organ: str, dato: date, form: str, sekretariat: Path | None, til_fil: Path | None
) -> int:
    """Lag møtepapirene til et møte: saksliste, det som går på tvers, og hvert saksframlegg.

    Sakene er de organet behandlet den dagen, ellers de som venter på det, på hovedgrenen og på
    åpne grener. Hver sak står slik den sto før møtet. docx er sakslisten alene.

    \b
    Eksempel:
      krav saksliste --organ osg --dato 2026-09-10 --til moetepapirer.html
      krav saksliste --organ osg --dato 2026-09-10 --format pdf --til moetepapirer.pdf
    """
    every, broken, register, body = _meeting_of(organ, dato)
    mote = meeting(every, register, body, dato, in_dictionary)
    if form == "docx":
        out(docx(agenda_blocks(mote)), til_fil)
    else:
        address = site_address(repository())
        out(_made(lambda form: papers.agenda(mote, form, address), form), til_fil)
    if sekretariat:
        out(commands(mote), sekretariat)
    return _told(broken)


@krav.command()
@Organ
@Dato
@formats("html", "md", "docx")
@Til
def protokoll(organ: str, dato: date, form: str, til_fil: Path | None) -> int:
    """Lag utkast til protokoll fra et møte, av det som er ført opp med `krav behandle`.

    \b
    Eksempel:
      krav protokoll --organ osg --dato 2026-09-10 --format docx --til protokoll.docx
    """
    every, broken, _register, body = _meeting_of(organ, dato)
    blocks = minutes(every, body, dato)
    out(docx(blocks) if form == "docx" else papers.document(blocks, form), til_fil)
    return _told(broken)


def _meeting_of(organ: str, dato: date) -> tuple[list[Case], list[f.Finding], Register, Body]:
    """Every case as of a day, what could not be read, the register, and the body that meets."""
    repo = repository()
    register = read(working_files(repo))[0]
    if organ not in register.organer:
        known = ", ".join(register.organer) or "ingen"
        raise Stopped(f"Organet «{organ}» finnes ikke.", f"Organene er {known}.")
    return *all_cases(repo, dato), register, register.organer[organ]


def _told(broken: list[f.Finding]) -> int:
    if broken:
        say("Noe kan ikke leses, og er ikke med i papirene:\n" + f.as_text(broken))
    return 1 if broken else 0
