"""The published site: the house that mkdocs draws once, with the records hung in it.

mkdocs builds the prose, the overview pages and the empty frames (design.md §9). Each record page
is a frame with its own title, description, address and body; the bodies come from our own
autoescaping templates, so record text never meets a template that does not escape.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable, Container, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from markupsafe import escape

from kravverk.data import data_files, sitemap
from kravverk.language import Language, languages
from kravverk.lists import Lists
from kravverk.pages import Page, Pages
from kravverk.schemas import schemas
from kravverk.search import MARK, hidden_words
from kravverk.store import Stopped
from kravverk.view import View

# The addresses of the empty pages, by how deep the pages lie that they serve.
FRAMES = {2: "ramme/side/", 3: "ramme/side/versjon/"}
# What a frame holds: a heading with an address, so that the theme offers a way past the menu.
HEADING = re.compile(r'<h1 id="innhold">KRAVVERK-TITTEL<a [^>]*>&para;</a></h1>')
# Where the theme shows the title at the top of the window; it can tell the language of its parts.
TOPIC = re.compile(r'(<span class="md-ellipsis">\s*)KRAVVERK-TITTEL')
PLACEHOLDER = re.compile(r'<div class="krav-innhold">[^<]*<code>krav nettsted</code>\.</div>')
# Where the theme shows by colour alone which section a page belongs to.
ACTIVE = re.compile(r'md-tabs__item--active">\s*<a|class="md-nav__link md-nav__link--active"(?=>)')
CURRENT = ' aria-current="true"'
SHOWN = re.compile(r"(?!ramme/)(.*/)?index\.html")
VERSION = re.compile(r"krav/[^/]+/v[0-9]+/")
# Where a page says that it is to be had in a language.
OTHER = {"nb": "KRAVVERK-NB", "en": "KRAVVERK-EN"}
# The pages that are called something else in the other edition.
COUNTERPART = {"om/": "about/"}
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'"
)
# Where the words of a page in `docs/` begin; those of the lists are not searched.
ARTICLE = '<article class="md-content__inner md-typeset"'
# The theme looks for a map of the site beside whatever is called just this.
ALTERNATE = '<link rel="alternate"'
# The menu that a kind of page is found under, where it is not its own.
SECTION = {
    **dict.fromkeys(("omrade", "tema", "melding", "begrep"), "krav"),
    "gruppe": "system",
}
# The pages of `docs/` that only point to others.
UNSEARCHED = {"", "404.html", "sok/", "statistikk/", "krav/", "system/", "sak/", "utgivelse/"} | {
    f"{kind}/" for kind in SECTION
}


def draw_house(root: Path, config: str) -> dict[str, bytes]:
    """Everything mkdocs makes by a configuration file, by path. Stopped with its own words."""
    with tempfile.TemporaryDirectory(prefix="krav-") as scratch:
        command = [
            sys.executable,
            "-m",
            "mkdocs",
            "build",
            "--strict",
            "--quiet",
            "-f",
            config,
            "-d",
            scratch,
        ]
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
    houses: Mapping[str, Mapping[str, bytes]], view: View, step: Callable[[], Any]
) -> Iterator[tuple[str, bytes]]:
    """Every file of the site: the houses without their frames, filled; every record page; data.

    `houses` is language -> what mkdocs made. `step` is called once for each record page, for
    whoever shows progress.
    """
    addresses = {kode: {_address(path) for path in house} for kode, house in houses.items()}
    listed = {  # what a search engine is told of: not the versions, which say where the newest is
        kode: {_address(path) for path in house if SHOWN.fullmatch(path)}
        for kode, house in houses.items()
    }
    for language in languages():
        for name, content in _filled(houses[language.kode], view, language, addresses):
            yield f"{language.mappe}{name}", content
    frames = {
        (kode, depth): secure(house[f"{at}index.html"].decode())
        for kode, house in houses.items()
        for depth, at in FRAMES.items()
    }
    editions = [Pages(view, language).every() for language in languages()]
    for same in zip(*editions, strict=True):  # what they share is remembered from one to the next
        for language, page in zip(languages(), same, strict=True):
            frame = frames[language.kode, page.adresse.count("/")]
            yield f"{language.mappe}{page.adresse}index.html", hang(frame, page, language)
            if not VERSION.fullmatch(page.adresse):
                listed[language.kode].add(page.adresse)
            step()
    for language in languages():
        for path, content in data_files(view, language):
            yield f"{language.mappe}{path}", content
    yield "skjema/krav-data.json", schemas()["krav-data"].encode()
    yield from sitemap(listed, view.rot)
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {view.rot}sitemap.xml\n".encode()


def _address(path: str) -> str:
    return path.removesuffix("index.html")


def _filled(
    house: Mapping[str, bytes],
    view: View,
    language: Language,
    addresses: Mapping[str, Container[str]],
) -> Iterator[tuple[str, bytes]]:
    """What mkdocs made, the lists filled in; `addresses` is language -> the pages it has."""
    lists = {page.adresse: page for page in Lists(view, language).every()}
    for path, data in house.items():
        if path.startswith(("ramme/", "sitemap.xml")):
            continue
        if not path.endswith(".html"):
            yield path, data
            continue
        html = secure(ACTIVE.sub(rf"\g<0>{CURRENT}", data.decode()))
        address = _address(path)
        for kode, link in _links(address, language).items():
            there = address if kode == language.kode else _counterpart(address)
            kept = there if there in addresses[kode] else ""
            html = html.replace(OTHER[kode], (link.removesuffix(address) + kept) or "./")
        if address in lists:
            before, after = PLACEHOLDER.split(html, maxsplit=1)
            html = f"{before}{_body(lists[address])}{after}"
        if address not in UNSEARCHED:
            html = html.replace(ARTICLE, f"{ARTICLE} {MARK}", 1)
        yield path, html.encode()


def _counterpart(address: str) -> str:
    """The address of the same page in the other edition."""
    pairs = COUNTERPART | {en: nb for nb, en in COUNTERPART.items()}
    return pairs.get(address, address)


def _links(address: str, language: Language) -> dict[str, str]:
    """Language -> the way to an address in it, from where this language begins."""
    up = "../" * language.mappe.count("/")
    return {
        other.kode: address if other is language else f"{up}{other.mappe}{address}"
        for other in languages()
    }


def secure(html: str) -> str:
    """A page with a content security policy that lets its own inline scripts run, and no others.

    What is asked for comes from the site itself (site.md §6).
    """
    inline = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    hashes = sorted({b64encode(sha256(code.encode()).digest()).decode() for code in inline})
    scripts = " ".join(["'self'", *(f"'sha256-{found}'" for found in hashes)])
    policy = f"{POLICY}; script-src {scripts}"
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    html = html.replace(ALTERNATE, f'{ALTERNATE[:-1]} "')
    return html.replace('<meta charset="utf-8">', f'<meta charset="utf-8">{tag}', 1)


def hang(frame: str, page: Page, language: Language) -> bytes:
    """A page in its frame, in one pass, so that what is filled in is never filled again.

    What comes from a record is escaped here or in its template.
    """
    kind, title = page.adresse.split("/", maxsplit=1)[0], escape(page.tittel)
    plain = escape(title.striptags()) if "<" in title else title
    fill = {
        "KRAVVERK-INNHOLD": _body(page, plain if page.adresse.count("/") == min(FRAMES) else ""),
        "KRAVVERK-TITTEL": plain,
        "KRAVVERK-TOPP": title,
        "KRAVVERK-BESKRIVELSE": str(escape(page.beskrivelse)),
        "KRAVVERK-ADRESSE": page.adresse,
        **{OTHER[kode]: link for kode, link in _links(page.adresse, language).items()},
    }
    pieces = _pieces(frame, page.adresse.count("/"), SECTION.get(kind, kind))
    return b"".join(fill[name].encode() if name else as_is for name, as_is in pieces)


@lru_cache(maxsize=64)
def _pieces(frame: str, depth: int, section: str) -> list[tuple[str, bytes]]:
    """A frame cut up, with the section marked in its menus: (what to fill in, else as it is)."""
    link = f'href="{"../" * depth}{section}/" class='
    frame = frame.replace(link, f"{CURRENT.lstrip()} {link}")
    frame = re.sub(r"\s*\n\s*", "\n", frame)  # half of it is the theme's indentation
    frame = TOPIC.sub(r"\1KRAVVERK-TOPP", frame)
    frame = HEADING.sub("KRAVVERK-INNHOLD", frame).replace(FRAMES[depth], "KRAVVERK-ADRESSE")
    cut = re.split("(KRAVVERK-(?:TITTEL|TOPP|BESKRIVELSE|INNHOLD|ADRESSE|NB|EN))", frame)
    return [(piece if at % 2 else "", piece.encode()) for at, piece in enumerate(cut)]


def _body(page: Page, searched_as: str = "") -> str:
    """The words of a page; those of a record's newest version are searched, under its title."""
    mark = f" {MARK}" if searched_as else ""
    more = hidden_words(page.innhold, searched_as) if searched_as else ""
    return f'<div class="krav-innhold" id="innhold"{mark}>{page.innhold}{more}</div>'
