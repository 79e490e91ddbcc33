"""From values to text: the Jinja environment and the few words and marks all templates share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from textwrap import indent
from typing import Any, get_args

import segno
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from kravverk.classes import strongest
from kravverk.comparison import Sammenligning
from kravverk.diff import Endring
from kravverk.impact import Hvordan, Virkning, per_system
from kravverk.models import KLASSER, KRAV_ID, Json
from kravverk.register import Register
from kravverk.text import dato, item_diff, word
from kravverk.text import redline as steps

# Paragraphs, lists and emphasis; no HTML, no links, no images (site.md §6, way E).
_MARKDOWN = MarkdownIt("zero", {"html": False}).enable(["list", "emphasis", "backticks", "escape"])
_LEVEL = {"skal": "skal (obligatorisk)", "bør": "bør (anbefalt)", "kan": "kan (valgfritt)"}


def environment() -> Environment:
    """Templates of the package; HTML is escaped unless a filter made it, the rest is plain."""
    env = Environment(
        loader=PackageLoader("kravverk", "templates"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters |= {
        "prosa": prosa,
        "md": escape_md,
        "ord": word,
        "verdi": value,
        "plikt": lambda plikt: _LEVEL.get(plikt, plikt),
        "dato": dato,
        "feltnavn": field_name,
        "systemnavn": lambda ident, reg: system_name(reg, ident),
    }
    env.globals |= {
        "grupper": groups,
        "fritatt": exempt,
        "per_system": per_system,
        "sterkest": strongest,
        "redline": redline,
        "redline_md": redline_md,
        "redline_text": redline_text,
        "punktvis": item_diff,
        "qr": qr,
    }
    return env


def prosa(text: str) -> Markup:
    """Requirement text as HTML."""
    return Markup(_MARKDOWN.render(text))  # noqa: S704 - markdown-it escapes; HTML is off


def redline(gammel: str, ny: str) -> Markup:
    """The way from one text to another as HTML, readable without colour and by ear."""
    out = []
    marks = {
        "ut": ("del", "fjernet"),
        "inn": ("ins", "lagt til"),
        "flyttet": ("ins", "flyttet hit"),
    }
    for slag, words in steps(gammel, ny):
        tag, said = marks.get(slag, ("", ""))
        part = escape(words)
        if tag:
            hidden = Markup('<span class="skjult">[{}: </span>').format(said)
            end = Markup('<span class="skjult">]</span>')
            part = Markup("<{0}>{1}{2}{3}</{0}>").format(Markup(tag), hidden, part, end)  # noqa: S704
        out.append(part)
    return Markup("").join(out)


def redline_md(gammel: str, ny: str) -> str:
    """The same as GitHub's Markdown: struck out and bold."""
    marks = {"ut": "~~{}~~", "inn": "**{}**", "flyttet": "_(flyttet hit:)_ {}"}
    out = ""
    for slag, words in steps(gammel, ny):
        inner = escape_md(words.strip())
        before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
        marked = marks[slag].format(inner) if slag in marks and inner else inner
        out += f"{before}{marked}{after}" if inner else words
    return out.replace("~~**", "~~ **").replace("\n", "<br>")


def redline_text(gammel: str, ny: str) -> str:
    """The same for a terminal: `[-taken out-]` and `{+put in+}`."""
    marks = {"ut": "[-{}-]", "inn": "{{+{}+}}", "flyttet": "(flyttet hit:) {}"}
    return "".join(marks.get(slag, "{}").format(words) for slag, words in steps(gammel, ny))


def qr(text: str, said: str) -> Markup:
    """A text as a QR code, drawn, and what it is in words."""
    drawn = segno.make(text, error="m", micro=False)
    svg = drawn.svg_inline(scale=2, border=2, svgclass="qr", lineclass=None, title=said)
    return Markup(svg)  # noqa: S704 - segno draws squares, and escapes the words


def escape_md(text: object) -> str:
    """Text that Markdown shows as it stands, also inside a table."""
    plain = re.sub(r"([\\`*_\[\]#|<>~@&]|^[-+])", r"\\\1", str(text)).replace("\n", " ")
    return re.sub(r"^([0-9]+)([.)])", r"\1\\\2", plain)  # no numbered list


def field_name(felt: str | None, reg: Register) -> str:
    """What people call a field: «Gjelder: Journalsystem (EPJ)», «Frister: oppfylles innen»."""
    if felt is None:
        return "Hele posten"
    name, _, key = felt.partition(".")
    records: dict[str, Any] = {**reg.grupper, **reg.systemer, **reg.omrader}
    inner = records[key].navn if key in records else word(key)
    return f"{word(name).capitalize()}: {inner}" if key else word(name).capitalize()


def value(found: Json) -> str:
    """A field's value on one line or as the text it is; an absent one is a dash."""
    if found is None or found == "":
        return "–"
    if isinstance(found, list):
        return (
            ", ".join(map(str, found))
            if all(len(str(v)) < 30 for v in found)
            else "\n".join(f"- {item}" for item in found)
        )
    if isinstance(found, dict) and "plikt" in found:
        return f"{found['plikt']} dersom {found['dersom']}"
    if isinstance(found, dict):
        shown = {key: value(inner) for key, inner in found.items()}
        long = {key for key, inner in found.items() if isinstance(inner, dict)}
        long |= {key for key, text in shown.items() if "\n" in text or text.startswith("- ")}
        return "\n".join(
            f"{key}:\n{indent(text, '  ')}" if key in long else f"{key}: {text}"
            for key, text in shown.items()
        )
    if isinstance(found, str) and re.fullmatch(r"20\d\d-\d\d-\d\d", found):
        return dato(date.fromisoformat(found))
    return str(found)


def groups(rows: Iterable[Virkning]) -> list[tuple[Virkning, dict[str, list[str]]]]:
    """Rows that say the same of several systems, told once: a row, and hvordan -> systems."""
    same: dict[Any, tuple[Virkning, dict[str, list[str]]]] = {}
    for row in sorted(rows, key=lambda row: get_args(Hvordan).index(row.hvordan)):
        via = () if KRAV_ID.fullmatch(row.post) else row.via  # told for other records
        _, systems = same.setdefault((row.klasse, row.fordi, via), (row, {}))
        systems.setdefault(row.hvordan, []).extend([row.system] if row.system else [])
    return sorted(same.values(), key=lambda pair: KLASSER.index(pair[0].klasse))


def exempt(found: Sammenligning, post: str) -> dict[str, str]:
    """system -> its exemption from a requirement, from which version and until when."""
    held = {(r.system, r.dispensasjon) for r in found.virkninger if r.post == post}
    every = found.after.dispensasjoner
    return {
        system: f"fra versjon {every[ident].versjon} til {dato(every[ident].til)} ({ident})"
        for system, ident in sorted(held, key=str)
        if system and ident
    }


def title(found: Sammenligning, post: str) -> str:
    """What a record is called, after or before the change."""
    record: Any = found.after.poster.get(post) or found.before.poster.get(post)
    return str(getattr(record, "tittel", None) or getattr(record, "navn", post))


def by_post(found: Sammenligning) -> dict[str, list[Endring]]:
    """post -> its changes, in order."""
    posts: dict[str, list[Endring]] = {}
    for endring in found.endringer:
        posts.setdefault(endring.post, []).append(endring)
    return posts


def system_name(reg: Register, ident: str) -> str:
    """A system's name, or its id where it has no record."""
    system = reg.systemer.get(ident)
    return system.navn if system else ident
