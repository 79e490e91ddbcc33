"""The command `krav`: reads arguments, calls the core, prints; nothing is decided here."""

from __future__ import annotations

import inspect
import io
import json
import os
import re
import sys
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
import git
import yaml

from kravverk import findings as f
from kravverk.cases import ON_DISK, all_cases, one_case, overlaps
from kravverk.comparison import Sammenligning, as_json, compare
from kravverk.findings import Finding, rule_name
from kravverk.publish import build, serve
from kravverk.register import Register, read
from kravverk.render import by_post, environment, title
from kravverk.report import report
from kravverk.rules import STAGES, check, check_step, rule_kind
from kravverk.spelling import in_dictionary
from kravverk.store import (
    Stopped,
    case_ids,
    history,
    merge_base,
    open_repo,
    pair,
    resolve,
    working_files,
    write,
)
from kravverk.views import schemas, show

F = TypeVar("F", bound=Callable[..., Any])


# --- Norwegian for click -------------------------------------------------------------------------

_CLICK_SAID = (
    ("Usage:", "Bruk:"),
    ("Options:", "Valg:"),
    ("Commands:", "Kommandoer:"),
    ("[OPTIONS]", "[VALG]"),
    ("COMMAND [ARGS]...", "KOMMANDO …"),
    ("Show this message and exit.", "Vis denne hjelpen."),
    ("Show the version and exit.", "Vis versjonen."),
    ("[default:", "[standard:"),
)


class Norwegian(click.Command):
    """A command whose help is in Norwegian throughout."""

    def get_help(self, ctx: click.Context) -> str:
        """The help text, with click's own few words translated."""
        text = super().get_help(ctx)
        for said, norsk in _CLICK_SAID:
            text = text.replace(said, norsk)
        return text


class Commands(Norwegian, click.Group):
    """The commands in the order of the work, not of the alphabet."""

    command_class = Norwegian

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The order in which they were written."""
        return list(self.commands)


def _usage_error(error: click.UsageError) -> str:
    """What click complains of, in one Norwegian sentence."""
    if isinstance(error, click.NoSuchOption):
        return f"Valget {error.option_name} finnes ikke."
    if isinstance(error, click.MissingParameter) and error.param:
        return f"{error.param.make_metavar(error.ctx)} mangler."  # type: ignore[arg-type]
    if isinstance(error, click.BadParameter) and error.param:
        kind = error.param.type
        reason = error.message
        if isinstance(kind, click.Choice):
            reason = f"velg blant {', '.join(kind.choices)}."
        elif isinstance(kind, type(click.INT)):
            reason = "skriv et helt tall."
        return f"Verdien for {error.param.opts[0]} er ikke gyldig: {reason}"
    command = re.search(r"No such command '(.*)'", error.message)
    if command:
        near = get_close_matches(command[1], list(krav.commands), 1)
        hint = f" Mente du `krav {near[0]}`?" if near else ""
        return f"Kommandoen «{command[1]}» finnes ikke.{hint}"
    if "unexpected extra argument" in error.message:
        return "Det er skrevet flere ord enn kommandoen tar."
    return error.message


def main(argv: list[str] | None = None) -> NoReturn:
    """Run `krav` and exit: 0 fine, 1 findings, 2 usage or environment; never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no «→» shows a «?»
    try:
        code = krav.main(args=argv, prog_name="krav", standalone_mode=False)
        sys.stdout.flush()  # so that a full disk is told here and not on the way out
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "krav"
        _say(f"{_usage_error(error)}\n    → Se `{where} --help`.")
        code = 2
    except Stopped as error:
        _say(str(error))
        code = 2
    except (click.Abort, KeyboardInterrupt):
        _say("Avbrutt.")
        code = 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        _say(
            f"Kunne ikke lese eller skrive {error.filename or ''}: {error.strerror or error}.\n"
            "    → Sjekk plassen på disken og rettighetene, og prøv igjen."
        )
        code = 2
    except Exception as error:
        if os.environ.get("KRAV_FEILSOK"):
            raise
        _say(
            f"Feil i krav selv: {type(error).__name__}: {error}.\n"
            "    → Meld feilen til dem som vedlikeholder verktøyet; KRAV_FEILSOK=1 viser hvor."
        )
        code = 2
    sys.exit(code if isinstance(code, int) else 0)


def _say(text: str) -> None:
    click.echo(text, err=True)


# --- Arguments that several commands share ---

Til = click.option(
    "--til",
    "til_fil",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FIL",
    help="Skriv resultatet til en fil i stedet for til skjermen.",
)


class _Dato(click.ParamType[date]):
    name = "dato"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """A date written YYYY-MM-DD."""
        if isinstance(value, date):
            return value
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            self.fail("skriv en dato som finnes, ÅÅÅÅ-MM-DD.", param, ctx)


Per = click.option(
    "--per",
    type=_Dato(),
    default=date.today,
    metavar="DATO",
    show_default="i dag",
    help="Dagen alt som avhenger av dato, regnes fra.",
)


def _format(*names: str) -> Callable[[F], F]:
    return click.option(
        "--format",
        "form",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        metavar="|".join(names),
        help="Hvordan resultatet skrives.",
    )


def _repo() -> git.Repo:
    return open_repo(Path.cwd())


def _out(text: str, til_fil: Path | None) -> None:
    if til_fil:
        write(til_fil, text.encode())
        _say(f"Skrev {til_fil}.")
    else:
        click.echo(text, nl=False)


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


# --- The commands, in the order of the work ---


@click.group(
    cls=Commands,
    invoke_without_command=True,
    help="Kravregisteret for e-resept: sjekk det, se hva en endring betyr, og bygg nettstedet.\n\n"
    "Hver kommando har sin egen hjelp: krav KOMMANDO --help.",
)
@click.version_option(package_name="kravverk", message="krav %(version)s")
@click.pass_context
def krav(ctx: click.Context) -> None:
    """Without a command: list them."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@krav.command()
@click.option("--mot", metavar="REV", help="Sjekk også hva som er endret siden denne revisjonen.")
@_format("tekst", "github", "json")
def sjekk(mot: str | None, form: str) -> int:
    """Sjekk registeret slik det ligger på disken.

    Hvert funn har sted, forklaring og utvei. Råd stopper ingen; feil gir avslutningskode 1.
    Ingenting blir skrevet eller rettet.

    \b
    Eksempel:
      krav sjekk
      krav sjekk --mot main
    """
    repo = _repo()
    register, found = check(working_files(repo))
    if mot is not None:
        base = merge_base(repo, mot)
        before, after = (read(files)[0] for files in pair(repo, base, None))
        found = sorted(found + check_step(compare(before, after, mot, ON_DISK, in_dictionary)))
    if form == "json":
        click.echo(json.dumps(f.as_json(found), ensure_ascii=False, indent=2))
    else:
        click.echo(f.as_text(found) if form == "tekst" else f.as_github(found), nl=False)
    _say(_summary(register, found, mot))
    return 1 if f.has_errors(found) else 0


def _summary(register: Register, found: list[Finding], mot: str | None) -> str:
    errors = sum(finding.alvor == "feil" for finding in found)
    count = len(register.poster) + len(register.unread)
    if not count:
        return "Registeret er tomt: det ligger ingen poster under krav/."
    said = f"{count} poster sjekket: {errors} feil, {len(found) - errors} råd."
    if mot is None:
        said += " Med `--mot main` sjekkes også det som er endret."
    return f"{said}\nIngen utgivelse finnes ennå, så ingenting er bevist mot vedtakene."


@krav.command()
@click.argument("fra")
@click.argument("til", required=False)
@_format("tekst", "md", "json")
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
    repo = _repo()
    found, unread = _compare(repo, fra, til)
    if form == "json":
        text = json.dumps(as_json(found), ensure_ascii=False, indent=2) + "\n"
    else:
        template = environment().get_template({"tekst": "diff.txt.j2", "md": "diff.md.j2"}[form])
        text = template.render(
            found=found, poster=by_post(found), tittel=lambda post: title(found, post)
        )
    _out(text, til_fil)
    base = merge_base(repo, fra, til or "HEAD")
    if base != resolve(repo, fra):
        _say(
            f"Merk: {fra} har endret seg siden grenen ble laget, og det vises også her.\n"
            f"    → `krav diff {base[:10]}{f' {til}' if til else ''}` viser bare det som er nytt."
        )
    if unread:
        click.echo(f.as_text(unread), nl=False, err=True)
    return 1 if f.has_errors(unread) else 0


@krav.command()
@click.argument("id")
@Til
def vis(id: str, til_fil: Path | None) -> int:
    """Vis ett krav eller ett system: hva som står, hvem som er bundet, og hvorfor.

    \b
    Eksempel:
      krav vis PLL-0001
      krav vis dips
    """
    repo = _repo()
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
    _out(show(register, name, history(repo, register.path(name)), environment()), til_fil)
    return 0


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
    repo = _repo()
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
    _say("Fyll ut filen, og kjør `krav sjekk --mot main`.")
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
    found, broken = all_cases(_repo(), per)
    template = environment().get_template("saker.txt.j2")
    _out(template.render(saker=found, overlapp=lambda case: overlaps(case, found)), til_fil)
    if broken:
        _say("Noe kan ikke leses, og er ikke med i listen:\n" + f.as_text(broken))
    return 1 if broken else 0


@krav.command()
@click.argument("sak")
@Per
@Til
def rapport(sak: str, per: date, til_fil: Path | None) -> int:
    """Lag saksframlegget for en sak som én HTML-fil.

    Saken hentes fra disken eller fra grenen den ligger på.

    \b
    Eksempel:
      krav rapport 2026-001 --til saksframlegg.html
    """
    repo = _repo()
    case, broken = one_case(repo, sak, per)
    if broken or case is None:
        _say("Saksframlegget er ikke laget, for noe i saken kan ikke leses:\n" + f.as_text(broken))
        return 1
    _out(report(case, overlaps(case, all_cases(repo, per)[0]), per), til_fil)
    return 0


@krav.command()
@Per
@click.option("--server", is_flag=True, help="Vis nettstedet lokalt, og bygg på nytt ved lagring.")
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
    repo = _repo()
    folder = til_mappe or Path(repo.working_dir) / "build/nettsted"
    found = build(repo, folder, per, _helps(), _say)
    if f.has_errors(found):
        click.echo(f.as_text(found), nl=False)
        return 1
    click.echo(folder / "index.html")
    if server:
        serve(repo, folder, per, _helps(), port, _say)
    return 0


def _helps() -> dict[str, str]:
    """command -> its help, for the page that documents them."""
    return {
        name: command.get_help(click.Context(command, info_name=f"krav {name}"))
        for name, command in krav.commands.items()
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
    every = schemas()
    if navn and navn not in every:
        raise Stopped(f"Skjemaet «{navn}» finnes ikke.", f"Velg blant {', '.join(every)}.")
    if til_mappe:
        for name, text in every.items():
            write(til_mappe / f"{name}.json", text.encode())
        _say(f"Skrev {len(every)} skjemaer til {til_mappe}.")
    else:
        click.echo(every[navn] if navn else "\n".join(every) + "\n", nl=False)
    return 0
