"""Building the site on disk, and serving it while somebody edits."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import git

from kravverk.cases import all_cases
from kravverk.findings import Finding, as_text, has_errors
from kravverk.report import antall
from kravverk.rules import check
from kravverk.site import View, draw_house, site
from kravverk.store import Stopped, sync, working_files

Say = Callable[[str], None]


def build(
    repo: git.Repo, folder: Path, per: date, helps: Mapping[str, str], say: Say
) -> list[Finding]:
    """Put the site into `folder`; nothing is written when a record has a fault.

    Returns the findings of the check. Stopped where mkdocs or the disk fails.
    """
    register, findings = check(working_files(repo))
    if has_errors(findings):
        return findings
    say("Tegner rammen med mkdocs …")
    house = draw_house(Path(repo.working_dir))
    cases, broken = all_cases(repo, per)
    if broken:
        say("Noe på åpne grener kan ikke leses, og er ikke med:\n" + as_text(broken))
    view = View(register, tuple(cases), per, helps)
    total = len(register.krav) + len(register.systemer) + len(view.saker)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done == total or done % 500 == 0:
            say(f"Skriver poster: {done} av {total}.")

    written, removed = sync(folder, site(house, view, step))
    say(f"{antall(written, 'fil', 'filer')} skrevet, {removed} fjernet.")
    return findings


def serve(
    repo: git.Repo, folder: Path, per: date, helps: Mapping[str, str], port: int, say: Say
) -> None:
    """Show the site on this machine only, and build again whenever something is saved."""
    from mkdocs.livereload import LiveReloadServer  # noqa: PLC0415 - loads mkdocs, here only

    root = Path(repo.working_dir)

    def again() -> None:
        try:
            found = build(repo, folder, per, helps, say)
            if has_errors(found):
                say(as_text(found))
        except Stopped as stopped:
            say(str(stopped))

    server = LiveReloadServer(again, "127.0.0.1", port, str(folder))
    for watched in ("krav", "changes", "docs", "mkdocs.yml"):
        if (root / watched).exists():
            server.watch(str(root / watched))
    say(f"Viser nettstedet på {server.url} – avslutt med Ctrl+C.")
    try:
        server.serve(open_in_browser=sys.stdout.isatty())  # type: ignore[no-untyped-call]
    except KeyboardInterrupt:
        say("Avsluttet.")
    except OSError as error:
        raise Stopped(
            f"Kunne ikke vise nettstedet på port {port}: {error.strerror or error}.",
            "Velg en annen port med `--port`.",
        ) from None
    finally:
        server.shutdown()
