"""Building the site on disk, and serving it while somebody edits."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path

import git
import yaml

from kravverk.cases import all_cases
from kravverk.findings import Finding, as_text, has_errors
from kravverk.language import languages
from kravverk.report import antall
from kravverk.rules import check
from kravverk.search import FOLDER, MARK, engine, index
from kravverk.site import draw_house, site
from kravverk.store import Stopped, sync, working_files
from kravverk.view import View

Say = Callable[[str], None]


def build(
    repo: git.Repo,
    folder: Path,
    per: date,
    helps: Mapping[str, str],
    say: Say,
    search: bool = True,
) -> list[Finding]:
    """Put the site into `folder`; nothing is written when a record has a fault.

    Without `search` the index stays as it was, which is quicker.
    Returns the findings of the check. Stopped where mkdocs or the disk fails.
    """
    register, findings = check(working_files(repo))
    if has_errors(findings):
        return findings
    root = Path(repo.working_dir)
    called = english_names(root / "docs/engelske-navn.yaml")
    say("Tegner rammene med mkdocs …")
    houses = {language.kode: draw_house(root, language.oppsett) for language in languages()}
    cases, broken = all_cases(repo, per)
    if broken:
        say("Noe på åpne grener kan ikke leses, og er ikke med:\n" + as_text(broken))
    settings = yaml.safe_load((root / "mkdocs.yml").read_text(encoding="utf-8"))
    forge = settings.get("extra", {}).get("forge") or ""
    view = View(register, tuple(cases), per, helps, settings["site_url"], forge, called)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done % 1000 == 0:
            say(f"Skriver sider: {done} …")

    digest = sha256(engine().encode())
    pages = _told(site(houses, view, step), digest.update)
    written, removed = sync(folder, pages, besides=FOLDER)
    say(f"{antall(written, 'fil', 'filer')} skrevet, {removed} fjernet.")
    if search:
        _index(folder, digest.hexdigest(), say)
    return findings


def english_names(file: Path) -> dict[str, str]:
    """Norwegian name -> what the English pages call it, where the project has a list. Stopped."""
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}
    except (yaml.YAMLError, UnicodeDecodeError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise Stopped(
            f"Kan ikke lese {file.parent.name}/{file.name}.",
            "Skriv en linje for hvert navn: `Fastlege: general practitioner`.",
        )
    return {str(name): called for name, called in found.items()}


def _told(
    files: Iterable[tuple[str, bytes]], tell: Callable[[bytes], None]
) -> Iterator[tuple[str, bytes]]:
    """The same files; `tell` hears of each that is searched."""
    for name, data in files:
        if MARK.encode() in data:
            tell(name.encode() + data)
        yield name, data


def _index(folder: Path, digest: str, say: Say) -> None:
    """Index the pages on disk, unless the index is of just these; `digest` is of them."""
    place, proof = folder / FOLDER, "sidene.txt"
    if not engine():
        say("Uten søk: pagefind er ikke installert (`pip install 'kravverk[sok]'`).")
    elif not (place / proof).is_file() or (place / proof).read_text() != digest:
        sync(place, [*index(folder).items(), (proof, digest.encode())])
        say("Søkeindeksen er laget.")


def serve(
    repo: git.Repo, folder: Path, per: date, helps: Mapping[str, str], port: int, say: Say
) -> None:
    """Show the site on this machine only, and build again whenever something is saved."""
    from mkdocs.livereload import LiveReloadServer  # noqa: PLC0415 - loads mkdocs, here only

    root = Path(repo.working_dir)

    def again() -> None:
        try:
            found = build(repo, folder, per, helps, say, search=False)
            if has_errors(found):
                say(as_text(found))
        except Stopped as stopped:
            say(str(stopped))

    server = LiveReloadServer(again, "127.0.0.1", port, str(folder))
    for watched in ("krav", "changes", "docs", "mkdocs.yml", "mkdocs.en.yml"):
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
