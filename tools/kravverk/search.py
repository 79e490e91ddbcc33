"""Full-text search: what pagefind is given to read of a page, and the index it makes of a site."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from markupsafe import escape

from kravverk.store import Stopped

FOLDER = "pagefind/"  # where the index lies in the site
MARK = "data-pagefind-body"  # on what is searched
# Newest pages of records and prose in both languages; pages further down are older versions.
PAGES = "{*,*/*,en/*/*}/index.html"
# What only lists other pages, and would make every one of them a hit.
SKIPPED = (
    *("del", ".skjult"),  # what no longer stands, and what is only for the ear
    *(".headerlink", ".krav-innhold table", ".krav-innhold nav", ".krav-id"),
    ".fakta:not(.navn)",  # whose a system is, and what it is, is looked for
    *(".krav-innhold h2", ".kilder", "dl.begreper", "dl.datoer"),  # the same on many pages
)
# Ready-made search boxes, which we do not use.
UNUSED = ("pagefind-ui", "pagefind-modular-ui", "pagefind-component-ui", "pagefind-highlight")
# What Norwegian compounds of the trade begin with. No index finds «liste» in «legemiddellisten»,
# so the rest of such a word is given to it as a word of its own.
FIRST = """
allmenn apotek bandasjist behandlings bestillings bivirknings bruker diagnose dispensasjons
doserings endrings ekspederings feil forskrivnings forsendelses fylke fødsels grunn haste helse
hoved interaksjons journal kjerne konsultasjons kontroll krav legemiddel legevakt meldings
multidose nett omsorgs oppgave oppgjørs ordinasjons organisasjons papir pasient program referanse
refusjons rekvirent rekvirerings resept reservasjons saks samarbeids samtykke seponerings sikkerhets
status styrings sykehus system tekst tilgangs utdelings utleverings utløps vare varsel varslings
vedlikeholds versjons virke virkestoff visnings årsaks
""".split()
COMPOUND = re.compile(rf"(?:{'|'.join(sorted(FIRST, key=len, reverse=True))})([a-zæøå]{{3,}})")
WORD = re.compile(r"[a-zæøå]{6,}")
TAG = re.compile(r"<table.*?</table>|<del>.*?</del>|<[^>]*>", re.DOTALL)


def hidden_words(html: str, title: str) -> str:
    """What is hidden on a page for the index: what the page is called, and the ends of words."""
    ends = " ".join(_ends(html))
    return (
        f'<p hidden data-pagefind-weight="0.5">§§ {ends}</p>'
        f'<p hidden data-pagefind-meta="title">{escape(title)}</p>'
    )


def _ends(html: str) -> list[str]:
    """The ends of the compounds in a text, each once, in order."""
    words = dict.fromkeys(WORD.findall(TAG.sub(" ", html).lower()))
    return list(dict.fromkeys(end for word in words for end in _ends_of(word)))


@lru_cache(maxsize=16_384)  # pages use the same words
def _ends_of(word: str) -> tuple[str, ...]:
    found = COMPOUND.match(word)
    return (found[1], *_ends_of(found[1])) if found else ()


@lru_cache(maxsize=1)
def engine() -> str:
    """What makes the index, and how; empty where no pagefind is installed."""
    try:
        return repr((version("pagefind"), version("pagefind_bin"), PAGES, SKIPPED, UNUSED))
    except PackageNotFoundError:
        return ""


def index(site: Path) -> dict[str, bytes]:
    """The index of a built site, by path. Stopped with pagefind's own words.

    Through the command line: its Python interface waits a tenth of a second for each page.
    """
    with tempfile.TemporaryDirectory(prefix="krav-") as scratch:
        command = [sys.executable, "-m", "pagefind", "--silent", "--site", str(site)]
        command += ["--output-path", scratch, "--glob", PAGES]
        command += [part for skip in SKIPPED for part in ("--exclude-selectors", skip)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines() or ["ukjent årsak"]
            raise Stopped(
                f"pagefind kunne ikke lage søkeindeksen: {said[-1]}",
                "Sidene er skrevet; installer pagefind på nytt, og prøv igjen.",
            )
        top = Path(scratch)
        return {
            path.relative_to(top).as_posix(): path.read_bytes()
            for path in sorted(top.rglob("*"))
            if path.is_file() and not path.name.startswith(UNUSED)
        }
