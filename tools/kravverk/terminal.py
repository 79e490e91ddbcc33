"""How `krav` speaks in a terminal: click in Norwegian, exit codes, and options commands share."""

from __future__ import annotations

import gc
import io
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

from kravverk.store import Stopped, open_repo, write

F = TypeVar("F", bound=Callable[..., Any])
ORDER = (
    *("sjekk", "rydd", "diff", "vis", "nytt-krav", "ny-sak", "saker", "frys"),
    *("behandle", "gjenoppta", "signer", "klar", "rapport", "saksliste", "protokoll"),
    *("nettsted", "utgi", "forklar", "skjema"),
)


# --- Norwegian for click -------------------------------------------------------------------------

_CLICK_SAID = (
    ("Usage:", "Bruk:"),
    ("Options:", "Valg:"),
    ("Commands:", "Kommandoer:"),
    ("[OPTIONS]", "[VALG]"),
    ("[COMMAND] [ARGS]...", "KOMMANDO …"),
    ("Show this message and exit.", "Vis denne hjelpen."),
    ("Show the version and exit.", "Vis versjonen."),
    ("[default:", "[standard:"),
    ("[required]", "[må være med]"),
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
        """The order of the work (design.md §7)."""
        return sorted(self.commands, key=ORDER.index)


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


def main(argv: list[str] | None = None) -> NoReturn:
    """Run `krav` and exit: 0 fine, 1 findings, 2 usage or environment; never a traceback."""
    gc.set_threshold(100_000)  # nearly all that is made lives on, and was looked through in vain
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no «→» shows a «?»
    try:
        code = krav.main(args=argv, prog_name="krav", standalone_mode=False)
        sys.stdout.flush()  # so that a full disk is told here and not on the way out
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "krav"
        say(f"{_usage_error(error)}\n    → Se `{where} --help`.")
        code = 2
    except Stopped as error:
        say(str(error))
        code = 2
    except (click.Abort, KeyboardInterrupt):
        say("Avbrutt.")
        code = 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        say(
            f"Kunne ikke lese eller skrive {error.filename or ''}: {error.strerror or error}.\n"
            "    → Sjekk plassen på disken og rettighetene, og prøv igjen."
        )
        code = 2
    except Exception as error:
        if os.environ.get("KRAV_FEILSOK"):
            raise
        say(
            f"Feil i krav selv: {type(error).__name__}: {error}.\n"
            "    → Meld feilen til dem som vedlikeholder verktøyet; KRAV_FEILSOK=1 viser hvor."
        )
        code = 2
    sys.exit(code if isinstance(code, int) else 0)


def say(text: str) -> None:
    click.echo(text, err=True)


# --- Arguments that several commands share ---

Til = click.option(
    "--til",
    "til_fil",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FIL",
    help="Skriv resultatet til en fil i stedet for til skjermen.",
)


class Dag(click.ParamType[date]):
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
    type=Dag(),
    default=date.today,
    metavar="DATO",
    show_default="i dag",
    help="Dagen alt som avhenger av dato, regnes fra.",
)


def formats(*names: str) -> Callable[[F], F]:
    return click.option(
        "--format",
        "form",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        metavar="|".join(names),
        help="Hvordan resultatet skrives.",
    )


def repository() -> git.Repo:
    return open_repo(Path.cwd())


def out(made: str | bytes, til_fil: Path | None) -> None:
    if til_fil:
        write(til_fil, made.encode() if isinstance(made, str) else made)
        say(f"Skrev {til_fil}.")
    elif isinstance(made, bytes) and sys.stdout.isatty():
        raise Stopped("Dette er ikke tekst, og kan ikke vises her.", "Skriv til en fil med --til.")
    else:
        click.echo(made, nl=False)
