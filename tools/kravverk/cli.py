"""The command `krav`: reads arguments, calls the core, prints; nothing is decided here."""

from __future__ import annotations

import inspect
import json
import re
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path

import click
import git
import yaml

from kravverk import findings as f
from kravverk.act_rules import dato_fram_i_tid, endret_etter_frysen, utlopt
from kravverk.cases import ON_DISK, all_cases
from kravverk.chain import prove, versjoner
from kravverk.comparison import Sammenligning, as_json, compare, overlaps
from kravverk.findings import Finding, rule_name
from kravverk.gate import apen_sak, stands
from kravverk.register import Register, read
from kravverk.render import by_post, environment, title
from kravverk.report import antall
from kravverk.rules import STAGES, check, check_step, rule_kind, run, together
from kravverk.signing import verified
from kravverk.spelling import in_dictionary
from kravverk.store import (
    Stopped,
    case_ids,
    history,
    merge_base,
    pair,
    resolve,
    working_files,
    write,
)
from kravverk.terminal import ORDER, Per, Til, formats, krav, out, repository, say
from kravverk.views import show


def _compare(repo: git.Repo, fra: str, til: str | None) -> tuple[Sammenligning, list[Finding]]:
    """Two revisions compared, and what could not be read on either side."""
    before, after = (read(files) for files in pair(repo, fra, til))
    old = [
        Finding(
            f"{fra}:{found.fil}",
            *(getattr(found, name) for name in ("linje", "regel", "alvor", "melding", "utvei")),
        )
        for found in before[1]
    ]
    return compare(before[0], after[0], fra, til or ON_DISK, in_dictionary), old + after[1]


@krav.command()
@click.option("--mot", metavar="REV", help="Sjekk også hva som er endret siden denne revisjonen.")
@click.option("--vedtatt", is_flag=True, help="Godta ingen forskjell fra det som er vedtatt.")
@formats("tekst", "github", "json")
def sjekk(mot: str | None, vedtatt: bool, form: str) -> int:
    """Sjekk registeret slik det ligger på disken.

    Hvert funn har sted, forklaring og utvei. Råd stopper ingen; feil gir avslutningskode 1.
    Ingenting blir skrevet eller rettet.

    \b
    Eksempel:
      krav sjekk
      krav sjekk --mot main
    """
    repo = repository()
    register, found = check(working_files(repo), vedtatt, verified, in_dictionary)
    if mot is not None:
        base = merge_base(repo, mot)
        before, after = (read(files)[0] for files in pair(repo, base, None))
        compared = compare(before, after, mot, ON_DISK, in_dictionary)
        found += check_step(compared, verified)
        later = run([dato_fram_i_tid], compared, date.today())
        for navn, sak in ((navn, compared.after.saker[navn]) for navn in compared.saker):
            if stands(sak) in ("anbefaling", "beslutning") and sak.frys and not sak.frys.tidlig:
                later += run([endret_etter_frysen], compared, navn)
        found += [replace(finding, alvor="råd") for finding in later]  # they stop later acts
    found += run([utlopt], register, date.today())
    found = sorted({*found}) if vedtatt else together(found)  # asked for, every breach is told
    if form == "json":
        click.echo(json.dumps(f.as_json(found), ensure_ascii=False, indent=2))
    else:
        click.echo(f.as_text(found) if form == "tekst" else f.as_github(found), nl=False)
    say(_summary(register, found, mot, vedtatt))
    return 1 if f.has_errors(found) else 0


def _summary(register: Register, found: list[Finding], mot: str | None, vedtatt: bool) -> str:
    errors = sum(finding.alvor == "feil" for finding in found)
    count = len(register.poster) + len(register.unread)
    if not count:
        return "Registeret er tomt: det ligger ingen poster under krav/."
    what = "post" if count == 1 else "poster"
    said = f"{count} {what} sjekket: {errors} feil, {len(found) - errors} råd."
    if mot is None:
        said += " Med `--mot main` sjekkes også det som er endret."
    return f"{said}\n{_proved(register, vedtatt)}"


def _proved(register: Register, vedtatt: bool) -> str:
    """What the chain from the releases to the register proves, in one line."""
    if register.unread:
        return "Registeret blir prøvd mot vedtakene når alle filene lar seg lese."
    proof = prove(register)
    if not proof.utgivelser:
        return "Ingen utgivelse finnes ennå, så ingenting er bevist mot vedtakene."
    said = (
        f"Bevist mot {antall(proof.utgivelser, 'utgivelse', 'utgivelser')}: "
        f"{antall(proof.saker, 'vedtatt sak', 'vedtatte saker')}, "
        f"{antall(proof.felter, 'vedtatt endring', 'vedtatte endringer')}, "
        f"{len(proof.brudd)} avvik."
    )
    if proof.brudd and not vedtatt and (case := apen_sak(register, {b.post for b in proof.brudd})):
        what = "Avviket" if len(proof.brudd) == 1 else "Avvikene"
        said += f" {what} kan forklares av den åpne saken {case}."
    return said


@krav.command()
@click.argument("fra")
@click.argument("til", required=False)
@formats("tekst", "md", "json")
@Til
def diff(fra: str, til: str | None, form: str, til_fil: Path | None) -> int:
    """Vis hva som er endret fra en revisjon til en annen, og hvem det treffer.

    Uten TIL sammenlignes det med filene på disken. Forskjeller er ikke feil: avslutningskoden er
    bare 1 når en post ikke lar seg lese.

    \b
    Eksempel:
      krav diff main
      krav diff main sak-2026-001 --format md
    """
    repo = repository()
    found, unread = _compare(repo, fra, til)
    if form == "json":
        text = json.dumps(as_json(found), ensure_ascii=False, indent=2) + "\n"
    else:
        template = environment().get_template({"tekst": "diff.txt.j2", "md": "diff.md.j2"}[form])
        text = template.render(
            found=found, poster=by_post(found), tittel=lambda post: title(found, post)
        )
    out(text, til_fil)
    base = merge_base(repo, fra, til or "HEAD")
    if base != resolve(repo, fra):
        say(
            f"Merk: {fra} har endret seg siden grenen ble laget, og det vises også her.\n"
            f"    → `krav diff {base[:10]}{f' {til}' if til else ''}` viser bare det som er nytt."
        )
    changed = (found.after.krav.get(endring.post) for endring in found.endringer)
    addressed = {name for krav in changed if krav for name in krav.gjelder}
    for name in sorted(addressed - found.after.grupper.keys() - found.after.systemer.keys()):
        say(
            f"Merk: `{name}` finnes ikke, så ingen nås gjennom den.\n    → `krav sjekk` viser hvor."
        )
    if unread:
        click.echo(f.as_text(unread), nl=False, err=True)
    return 1 if f.has_errors(unread) else 0


@krav.command()
@click.argument("id")
@click.option("--versjon", type=click.IntRange(1), metavar="N", help="Kravet slik det var.")
@Til
def vis(id: str, versjon: int | None, til_fil: Path | None) -> int:
    """Vis ett krav eller ett system: hva som står, hvem som er bundet, og hvorfor.

    En eldre versjon blir bygd opp igjen av de vedtatte sakene, ikke av git.

    \b
    Eksempel:
      krav vis PLL-0001
      krav vis PLL-0001 --versjon 1
      krav vis dips
    """
    repo = repository()
    register, said = read(working_files(repo))
    name = careless_id(id, register)
    if name is None:
        near = get_close_matches(id.lower(), register.systemer, 3)
        hint = (
            f"Mente du {' eller '.join(near)}?" if near else "Mappen krav/ viser alle som finnes."
        )
        broken = [finding for finding in said if Path(finding.fil).stem.lower() == id.lower()]
        if broken:
            click.echo(f.as_text(broken), nl=False, err=True)
            return 1
        raise Stopped(f"Fant verken krav eller system med id «{id}».", hint)
    if versjon is not None:
        register = _as_of(register, name, versjon)
    out(show(register, name, history(repo, register.path(name)), environment()), til_fil)
    return 0


def _as_of(register: Register, name: str, versjon: int) -> Register:
    """The register with one requirement as it was in a version. Stopped when it has none such."""
    if name not in register.krav:
        raise Stopped(f"{name} er et system, og systemer har ikke versjoner.", "Utelat --versjon.")
    known = {made.krav.versjon: made.krav for made in versjoner(register, [name])[name]}
    if versjon not in known:
        raise Stopped(
            f"Versjon {versjon} av {name} kan ikke bygges opp igjen av de vedtatte sakene.",
            f"Velg blant {', '.join(map(str, sorted(known)))}.",
        )
    path = register.path(name)
    entries = {**register.entries, path: replace(register.entries[path], record=known[versjon])}
    return replace(register, entries=entries)


def careless_id(word: str, register: Register) -> str | None:
    """The id that was meant: `pll 42`, `pll-42` and `PLL-0042` are the same."""
    match = re.fullmatch(r"([A-Za-z]{2,5})[-\s]*0*(\d{1,4})", word.strip())
    written = f"{match[1].upper()}-{int(match[2]):04d}" if match else word.strip()
    known = {ident.lower(): ident for ident in (*register.krav, *register.systemer)}
    named = {system.navn.lower(): ident for ident, system in register.systemer.items()}
    return known.get(written.lower()) or named.get(written.lower())


@krav.command("ny-sak")
@click.argument("tittel")
@Per
def ny_sak(tittel: str, per: date) -> int:
    """Lag en ny sak med neste ledige nummer, på tvers av alle grener.

    Filen changes/<sak>/endring.yaml blir laget; fyll den ut og legg den ved endringen.

    \b
    Eksempel:
      krav ny-sak "Færre stopp ved gule interaksjonsvarsler"
    """
    if not tittel.strip() or "\n" in tittel:
        raise Stopped("Tittelen må være én linje med tekst.", 'Skriv `krav ny-sak "Tittel"`.')
    repo = repository()
    taken = [int(i[5:]) for i in case_ids(repo) if i.startswith(f"{per.year}-")]
    ident = f"{per.year}-{max(taken, default=0) + 1:03d}"
    quoted = yaml.safe_dump(tittel.strip(), allow_unicode=True, width=10_000)
    text = (
        environment()
        .get_template("sak.yaml.j2")
        .render(id=ident, tittel=quoted.removesuffix("\n...\n").strip())
    )
    path = Path(repo.working_dir) / "changes" / ident / "endring.yaml"
    write(path, text.encode())
    click.echo(f"changes/{ident}/endring.yaml")
    say("Fyll ut filen, og kjør `krav sjekk --mot main`.")
    return 0


@krav.command()
@Per
@Til
def saker(per: date, til_fil: Path | None) -> int:
    """List alle saker på hovedgrenen og på åpne grener: steg, hvem de venter på, og overlapp.

    \b
    Eksempel:
      krav saker --per 2026-12-01
    """
    found, broken = all_cases(repository(), per)
    template = environment().get_template("saker.txt.j2")
    out(template.render(saker=found, overlapp=lambda case: overlaps(case, found)), til_fil)
    if broken:
        say("Noe kan ikke leses, og er ikke med i listen:\n" + f.as_text(broken))
    return 1 if broken else 0


@krav.command()
@Per
@click.option(
    "--server",
    is_flag=True,
    help="Vis nettstedet lokalt, og bygg på nytt ved lagring, men ikke søket.",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    metavar="PORT",
    help="Port for --server.",
)
@click.option(
    "--til",
    "til_mappe",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="MAPPE",
    show_default="build/nettsted i lageret",
    help="Mappen nettstedet legges i; den må være tom, ny eller laget av denne kommandoen.",
)
def nettsted(per: date, server: bool, port: int, til_mappe: Path | None) -> int:
    """Bygg nettstedet av registeret på disken og sakene på alle grener.

    Ingenting blir skrevet før alle poster er sjekket, og bare filer som er endret, blir skrevet.

    \b
    Eksempel:
      krav nettsted
      krav nettsted --server
    """
    # What only the site needs is a fifth of the time in which any other command starts.
    from kravverk.publish import build, serve  # noqa: PLC0415

    repo = repository()
    folder = til_mappe or Path(repo.working_dir) / "build/nettsted"
    found = build(repo, folder, per, _helps(), say)
    if f.has_errors(found):
        click.echo(f.as_text(found), nl=False)
        return 1
    click.echo(folder / "index.html")
    if server:
        serve(repo, folder, per, _helps(), port, say)
    return 0


def _helps() -> dict[str, str]:
    """command -> its help, for the page that documents them."""
    return {
        name: command.get_help(click.Context(command, info_name=f"krav {name}"))
        for name, command in sorted(krav.commands.items(), key=lambda pair: ORDER.index(pair[0]))
    }


@krav.command()
@click.argument("regel", required=False)
def forklar(regel: str | None) -> int:
    """Forklar en regel: hva den sier, hvorfor, og hvordan du retter. Uten navn: list alle.

    \b
    Eksempel:
      krav forklar ukjent-referanse
    """
    every = {rule_name(rule): rule for rules in STAGES.values() for rule in rules}
    if regel is None:
        for stage, rules in STAGES.items():
            click.echo(f"{stage.capitalize()}")
            for rule in rules:
                first = inspect.getdoc(rule) or ""
                click.echo(f"  {rule_name(rule):24} {first.splitlines()[0]}")
        return 0
    if regel not in every:
        near = get_close_matches(regel, every, 1)
        hint = f"Mente du `{near[0]}`?" if near else "`krav forklar` lister alle reglene."
        raise Stopped(f"Regelen «{regel}» finnes ikke.", hint)
    click.echo(f"{regel} ({rule_kind(every[regel])})\n")
    click.echo(inspect.getdoc(every[regel]))
    return 0


@krav.command()
@click.argument("navn", required=False)
@click.option(
    "--til",
    "til_mappe",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="MAPPE",
    help="Skriv alle skjemaene til en mappe.",
)
def skjema(navn: str | None, til_mappe: Path | None) -> int:
    """Vis et JSON-skjema, eller skriv alle til en mappe. Uten navn: list dem.

    \b
    Eksempel:
      krav skjema krav
      krav skjema --til docs/skjema
    """
    from kravverk.schemas import schemas  # noqa: PLC0415 - of no use to the other commands

    every = schemas()
    if navn and navn not in every:
        raise Stopped(f"Skjemaet «{navn}» finnes ikke.", f"Velg blant {', '.join(every)}.")
    if til_mappe:
        for name, text in every.items():
            write(til_mappe / f"{name}.json", text.encode())
        say(f"Skrev {len(every)} skjemaer til {til_mappe}.")
    else:
        click.echo(every[navn] if navn else "\n".join(every) + "\n", nl=False)
    return 0
