"""The commands that write: what a requirement owner tidies, and the secretariat's acts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

import click
import git

from kravverk import acts
from kravverk.act_rules import dato_fram_i_tid, ikke_frosset_igjen
from kravverk.cases import ON_DISK, all_cases
from kravverk.comparison import Case, Sammenligning, compare
from kravverk.findings import Finding, as_text
from kravverk.gate import OPEN
from kravverk.register import Files, read
from kravverk.render import environment
from kravverk.rules import check, check_step, run
from kravverk.signing import verified
from kravverk.spelling import in_dictionary
from kravverk.store import (
    Stopped,
    main_branch,
    merge_base,
    pair,
    requirement_ids,
    revision_files,
    working_files,
    write,
)
from kravverk.terminal import Dag, Per, krav, repository, say
from kravverk.text import dato


def on_disk(repo: git.Repo, navn: str) -> tuple[Sammenligning, Files, str]:
    """A case that lies on disk beside its base: the comparison, the files, and the base."""
    base = merge_base(repo, main_branch(repo))
    (before, _), (after, unread) = (read(files) for files in pair(repo, base, None))
    if unread:
        say(as_text(unread))
        raise Stopped("Noe på disken kan ikke leses.", "Rett det som er nevnt, og prøv igjen.")
    if navn not in after.saker:
        known = ", ".join(sorted(after.saker)) or "ingen"
        raise Stopped(f"Sak «{navn}» ligger ikke på disken.", f"Sakene her er: {known}.")
    return compare(before, after, "main", ON_DISK, in_dictionary, navn), working_files(repo), base


def put(repo: git.Repo, made: Mapping[str, bytes], refused: Iterable[Finding]) -> int:
    """Write what an act came to, or say why it did not; returns the exit code."""
    said = list(refused)
    if said:
        click.echo(as_text(said), nl=False)
        say("Ingenting er skrevet.")
        return 1
    for path, data in made.items():
        write(Path(repo.working_dir) / path, data)
        click.echo(path)
    return 0


def note_if_ahead(dag: date) -> None:
    """Tell whoever dates an act ahead that nothing is merged before that day."""
    if dag > date.today():
        say(f"Datoen {dato(dag)} har ikke vært. `krav klar` stopper saken til da.")


def _frozen_elsewhere(cases: Iterable[Case], navn: str, main: str) -> dict[str, tuple[str, ...]]:
    """Other open, frozen case -> the records it changes.

    What is on main has been treated, however it stood on the day of the freeze.
    """
    return {
        case.mappe.navn: tuple(case.mappe.fryste)
        for case in cases
        if case.mappe.navn != navn and case.mappe.frys and not case.sak.godkjenner
        if case.steg.navn in (*OPEN, "vedtatt") and case.gren != main
    }


@krav.command()
@click.argument("sak")
@click.option(
    "--innspill",
    is_flag=True,
    help="Frys det som går på innspill, så papirene kan vise hva som er endret siden.",
)
@click.option("--haste", is_flag=True, help="Frys før innspillsfristen er ute, for et hastevedtak.")
@Per
def frys(sak: str, innspill: bool, haste: bool, per: date) -> int:
    """Frys en sak, så den kan anbefales og vedtas på nøyaktig denne teksten.

    Nye versjonsnumre blir skrevet i kravene, og frysen legges til i changes/<sak>/forslag.yaml.
    Er noe uavklart, ubesvart eller for kort varslet, sies det, og ingenting blir skrevet.
    Det blir heller ikke skrevet noe når den nyeste frysen alt holder det samme.

    \b
    Eksempel:
      krav frys 2026-001 --per 2026-12-01
    """
    repo = repository()
    found, files, _base = on_disk(repo, sak)
    others = _frozen_elsewhere(all_cases(repo, per)[0], sak, main_branch(repo))
    early: Literal["", "haste", "innspillsrunde"] = (
        "haste" if haste else "innspillsrunde" if innspill else ""
    )
    made, refused = acts.frys(found, sak, per, others, files, early, in_dictionary)
    code = put(repo, made, refused)
    if not code:
        frozen = read({**files, **made})[0].saker[sak].frys
        assert frozen
        stands = f"frys {frozen.nr}, fingeravtrykk {frozen.fingeravtrykk}"
        if not made:
            say(f"Sak {sak} ble frosset {dato(frozen.dato)} som {stands}.")
            say("Teksten og det den bygger på, er de samme. Ingenting er skrevet.")
            return 0
        say(f"Sak {sak} er frosset som {stands}.")
        note_if_ahead(per)
    return code


@krav.command()
@click.option("--mot", metavar="REV", required=True, help="Grenen det skal slås sammen med.")
@Per
def klar(mot: str, per: date) -> int:
    """Kan dette slås sammen med hovedgrenen? Avslutningskode 0 er ja.

    Er svaret nei, står det hvorfor og hvem som kan gjøre noe med det.

    \b
    Eksempel:
      krav klar --mot main
    """
    repo = repository()
    base = merge_base(repo, mot)
    (before, _), (after, _) = (read(files) for files in pair(repo, base, None))
    found = compare(before, after, mot, ON_DISK, in_dictionary)
    bodies = read(revision_files(repo, mot))[0]  # who may is read from main as it is now
    files = working_files(repo)
    said = {*check(files, True, verified, in_dictionary)[1], *check_step(found, verified, bodies)}
    every = all_cases(repo, per, mot)[0]
    mine = [case for case in every if case.gren == ON_DISK and case.mappe.navn in found.saker]
    if files == revision_files(repo, mot):
        say("Alt her er slått sammen med hovedgrenen.")
        return 0
    left = {*found.saker} - {case.mappe.navn for case in mine}
    if any(found.after.saker[navn] != bodies.saker.get(navn) for navn in left):
        raise Stopped("Noe i saken kan ikke leses.", "Kjør `krav sjekk`, og rett det som er nevnt.")
    said |= {*run([ikke_frosset_igjen], found, sorted(left)), *run([dato_fram_i_tid], found, per)}
    refused = acts.klar(mine, per, sorted(said))
    if refused:
        click.echo(as_text(refused), nl=False)
        return 1
    names = ", ".join(case.mappe.navn for case in mine) or "ingen sak"
    say(f"Klar til å slås sammen ({names}).")
    return 0


@krav.command()
@click.option("--mot", metavar="REV", help="Skriv også nye versjonsnumre for det som er endret.")
def rydd(mot: str | None) -> int:
    """Rett det en maskin kan rette: rekkefølgen på felter, mellomrom, versjonsnumre.

    Det postene sier, blir ikke endret.

    \b
    Eksempel:
      krav rydd --mot main
    """
    repo = repository()
    made: dict[str, bytes] = {}
    if mot is not None:
        base = merge_base(repo, mot)
        before, after = (read(files)[0] for files in pair(repo, base, None))
        made |= acts.versions(compare(before, after, mot, ON_DISK, in_dictionary))
    made |= acts.rydd(read({**working_files(repo), **made})[0])
    code = put(repo, made, ())
    say(f"{len(made)} {'fil' if len(made) == 1 else 'filer'} rettet.")
    return code


@krav.command("nytt-krav")
@click.argument("omrade")
@click.argument("tittel")
def nytt_krav(omrade: str, tittel: str) -> int:
    """Lag et nytt krav med neste ledige id i området, på tvers av alle grener.

    \b
    Eksempel:
      krav nytt-krav pll "Endret dose vises med gammel verdi"
    """
    repo = repository()
    register = read(working_files(repo))[0]
    if omrade.lower() not in register.omrader:
        known = ", ".join(register.omrader)
        raise Stopped(f"Området «{omrade}» finnes ikke.", f"Velg blant {known}.")
    prefiks = register.omrader[omrade.lower()].prefiks
    taken = [int(i.split("-")[1]) for i in requirement_ids(repo) if i.startswith(f"{prefiks}-")]
    number = max(taken, default=0) + 1
    if number > 9999:
        raise Stopped(f"Området {prefiks} har brukt alle numre.", "Opprett et nytt område.")
    ident = f"{prefiks}-{number:04d}"
    text = environment().get_template("krav.yaml.j2")
    path = f"krav/{omrade.lower()}/{ident}.yaml"
    body = text.render(id=ident, tittel=acts.dumped(tittel).removesuffix("...\n").strip())
    code = put(repo, {path: body.encode()}, ())
    say("Fyll ut filen, og lag en sak med `krav ny-sak`.")
    return code


@krav.command()
@click.argument("id")
@click.option(
    "--kan-folges-fra",
    "kan",
    type=Dag(),
    required=True,
    metavar="DATO",
    help="Fra når utgivelsen kan følges.",
)
@click.option(
    "--ma-folges-fra",
    "ma",
    type=Dag(),
    required=True,
    metavar="DATO",
    help="Fra når den må følges.",
)
@Per
def utgi(id: str, kan: date, ma: date, per: date) -> int:
    """Frys en utgivelse av registeret slik det er vedtatt.

    Alle poster får sitt avtrykk i krav/utgivelser/<id>.yaml, med sakene som er nye siden sist.
    Åpne vilkår og forskjeller fra det vedtatte stopper utgivelsen.

    \b
    Eksempel:
      krav utgi 2026.1 --kan-folges-fra 2026-12-01 --ma-folges-fra 2027-06-01
    """
    repo = repository()
    if not re.fullmatch(r"[0-9]{4}\.[0-9]{1,2}", id):
        raise Stopped(f"«{id}» er ikke id-en til en utgivelse.", "Skriv året og et nummer: 2026.1.")
    register, found = check(working_files(repo), True, verified, in_dictionary)
    faults = [finding for finding in found if finding.alvor == "feil"]
    made, refused = acts.utgi(register, id, per, kan, ma)
    return put(repo, made, [*faults, *refused])
