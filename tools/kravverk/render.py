"""From values to text: the Jinja environment and the few words and marks all templates share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from gettext import NullTranslations
from textwrap import indent
from typing import Any, get_args

import segno
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from kravverk.case_models import Innspill
from kravverk.classes import strongest
from kravverk.comparison import Sammenligning
from kravverk.diff import Endring
from kravverk.impact import Hvordan, Virkning, per_system
from kravverk.matrix import NORWEGIAN
from kravverk.models import KLASSER, KRAV_ID, Json, Krav, fields
from kravverk.register import Register
from kravverk.text import dato, list_diff, word
from kravverk.text import redline as steps

# Paragraphs, lists and emphasis; no HTML, no links, no images (site.md §6, way E).
_MARKDOWN = MarkdownIt("zero", {"html": False}).enable(["list", "emphasis", "backticks", "escape"])
_WORDS = re.compile(r'\{\{ _\("([^"]*)"\) \}\}')
# A sentence with something in it, in one number only; line ends are as Jinja trims them.
_SENTENCE = re.compile(
    r"(?:^[ \t]+)?\{% trans ?([^%]*?) ?%\}\n?((?:(?!\{%).)*)\{% endtrans %\}\n?",
    re.MULTILINE | re.DOTALL,
)
Source = tuple[str, str, Callable[[], bool] | None]
_steps = lru_cache(maxsize=64)(steps)  # the languages ask one after the other
_ENGLISH = frozenset("a and are be by from in is not of on or that the to we which with".split())
_NORSK = frozenset("at av de den det en er et i ikke ingen kan med og om på som til vi".split())
_SHORT = 40  # letters of a value that is told whole
MUST = {"skal": "må", "bør": "bør", "kan": "kan"}
LEVELS = {"skal": "skal (obligatorisk)", "bør": "bør (anbefalt)", "kan": "kan (valgfritt)"}


# What one and several records of a kind are called, by the folder.
KALT = {
    "": ("krav", "krav"),
    "omrader": ("område", "områder"),
    "grupper": ("gruppe", "grupper"),
    "systemer": ("system", "systemer"),
    "meldinger": ("melding", "meldinger"),
    "temaer": ("tema", "temaer"),
    "begreper": ("begrep", "begreper"),
}


class _Templates(PackageLoader):
    """The templates of the package, with what is the same on every page put in when they are read.

    That is words in the language, and whatever `{{ name }}` stands for in `faste`.
    """

    def __init__(self, tale: NullTranslations, faste: Mapping[str, str]) -> None:
        super().__init__("kravverk", "templates")
        self.tale, self.faste = tale, faste

    def get_source(self, environment: Environment, template: str) -> Source:
        text, *rest = super().get_source(environment, template)
        text = _WORDS.sub(lambda found: str(escape(self.tale.gettext(found[1]))), text)
        text = _SENTENCE.sub(lambda found: self._spoken(found[1], found[2]), text)
        for name, stands_for in self.faste.items():
            text = text.replace(f"{{{{ {name} }}}}", stands_for)
        return text, *rest  # type: ignore[return-value]

    def _spoken(self, given: str, words: str) -> str:
        """A sentence in the language, with what is given it (`nr=krav.versjon, …`) put in."""
        named = dict(one.split("=", 1) for one in re.split(r", (?=\w+=)", given) if one)
        words = re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", words.replace("%", "%%"))
        said = self.tale.gettext(words)
        put = re.sub(r"%\((\w+)\)s", lambda n: f"{{{{ {named.get(n[1], n[1])} }}}}", said)
        return put.replace("%%", "%")


def environment(
    tale: NullTranslations = NORWEGIAN,
    dato: Callable[[date], str] = dato,
    kode: str = "nb",
    rot: str | None = None,
    navn: Mapping[str, str] | None = None,
) -> Environment:
    """Templates of the package; HTML is escaped unless a filter made it, the rest is plain.

    They are written in Norwegian; `tale` holds the words of another language, `dato` how it
    writes a date, and `kode` what HTML calls it. Where that is not Norwegian, `nb` and `norsk`
    mark the words that still are, and `her` marks the language of the page again inside those.
    `rot` is the way from a page to where the site's language begins; None where there is no site.
    `navn` is what the other language calls some of what has a Norwegian name.
    """
    say, foreign = tale.gettext, kode != "nb"
    nb, her = (Markup(f' lang="{k}"') if foreign else "" for k in ("nb", kode))  # noqa: S704

    always = {"nb": nb, "her": her, **({"rot": rot} if rot is not None else {})}

    known = {name: f" ({escape(called)})" for name, called in (navn or {}).items()}

    def norsk(words: str) -> str:
        # Put together like this since `Markup.format` is slow, and this is asked for each row.
        told = known.get(words, "")
        return Markup(f"<span{nb}>{escape(words)}</span>{told}") if foreign else words  # noqa: S704

    def fritt(words: str) -> str:
        spoken = "en" if in_english(words) else "nb"
        marked = Markup('<span lang="{}">{}</span>').format(spoken, words)
        return words if spoken == kode else marked

    env = Environment(
        extensions=["jinja2.ext.i18n"],
        loader=_Templates(tale, always),
        auto_reload=False,
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters |= {
        "prosa": prosa,
        "md": escape_md,
        "prosa_md": prose_md,
        "ord": cache(lambda name: say(word(name))),
        "norsk": norsk,
        "fritt": fritt,
        "begrunnet": reason,
        "kort_begrunnet": short_reason,
        "stegets_grunn": str,
        "uten_kode": uncoded,
        "postnavn": post_name,
        "storforbokstav": lambda text: text[:1].upper() + text[1:],
        "verdi": lambda found: value(found, dato),
        "ellers": further,
        "plikt": cache(lambda plikt: say(LEVELS[plikt])),
        "dato": dato,
        "feltnavn": lambda felt, reg: field_name(felt, reg, say, norsk),
        "adressat": lambda ident, reg: norsk(reg.navn(ident)),
        "systemnavn": lambda ident, reg: norsk(reg.navn(ident)),
        "funksjon": lambda ident, reg: norsk(reg.funksjon(ident)),
    }
    env.install_gettext_translations(tale, newstyle=True)  # type: ignore[attr-defined]
    env.globals |= {
        "en": False,
        **always,
        "grupper": groups,
        "fritatt": exempt,
        "per_system": per_system,
        "sterkest": strongest,
        "redline": lambda gammel, ny: redline(gammel, ny, say, her),
        "redline_md": redline_md,
        "redline_text": redline_text,
        "punktvis": list_diff,
        "lang": is_prose,
        "engelsk": answered_in_english,
        "qr": qr,
    }
    return env


@lru_cache(maxsize=256)  # what the versions and languages of one requirement share
def prosa(text: str) -> Markup:
    """Requirement text as HTML."""
    return Markup(_MARKDOWN.render(text))  # noqa: S704 - markdown-it escapes; HTML is off


def in_english(text: str) -> bool:
    """Whether a vendor wrote an answer in English, by the small words of the two languages."""
    words = re.findall(r"\w+", text.lower())
    return sum(word in _ENGLISH for word in words) > sum(word in _NORSK for word in words)


def is_prose(endring: Endring) -> bool:
    """Whether a change is of running text, compared word by word; else it is told whole."""
    gammel, ny = endring.gammel, endring.ny
    return isinstance(gammel, str) and isinstance(ny, str) and len(ny) > _SHORT


def answered_in_english(svar: Innspill) -> bool:
    """Whether a vendor's answer is in English."""
    return in_english(f"{svar.arbeid or ''} {svar.merknader or ''}")


def redline(gammel: str, ny: str, say: Callable[[str], str] = str, her: str = "") -> Markup:
    """The way from one text to another as HTML, readable without colour and by ear.

    `say` and `her` are the words for the ear, and the attribute that tells their language.
    """
    marks = {
        "ut": ("del", say("fjernet")),
        "inn": ("ins", say("lagt til")),
        "flyttet": ("ins", say("flyttet hit")),
    }
    out, before = "", ""
    for slag, words in _steps(gammel, ny):
        part = str(escape(words))
        if slag in marks:
            tag, said = marks[slag]
            close = before == "ut" and slag == "inn" and words[:1].isalnum()  # a little apart
            hidden = (
                f'<span class="skjult"{her}>[{said}: </span>{part}<span class="skjult">]</span>'
            )
            mark = ' class="ved"' if close else ""
            part = f"<{tag}{mark}>{hidden}</{tag}>"
        out, before = out + part, slag
    return Markup(out)  # noqa: S704 - every word has been escaped


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


def reason(text: str) -> str:
    """Why a change has its class, for those who read papers: no names of rules, fields or ids.

    The terminal keeps them, since `krav forklar` takes them.
    """
    text = re.sub(r" \((?!skal|bør|kan)[a-zæøå-]+\)(?=;|$| \(må )", "", text)
    text = re.sub(r"\b20\d\d-\d\d-\d\d\b", lambda d: dato(date.fromisoformat(d[0])), text)
    text = re.sub(r"\b(endringen i )([a-z_.]+_[a-z_.]+)", lambda f: f[1] + field_words(f[2]), text)
    return re.sub(r"\bfeltet ([a-z_.]+)", lambda felt: f"«{field_words(felt[1])}»", text)


def short_reason(text: str) -> str:
    """The same as a sentence; of a role's judgement not the rule behind it, but still the doubt."""
    told = re.sub(r"; regelen: .*?( \(må bekreftes av leverandør\))?$", r"\1", text, flags=re.S)
    return reason(told).rstrip(".") + "."


def uncoded(text: str) -> str:
    """What somebody wrote, with the fields it names in code as people call them."""
    return re.sub(r"`([a-z_.]+)`", lambda felt: f"«{field_words(felt[1])}»", text)


def field_words(felt: str) -> str:
    """A field's name as words: «engelsk: versjon» for `engelsk.versjon`."""
    return word(felt).replace(".", ": ")


def escape_md(text: object) -> str:
    """Text that Markdown shows as it stands, also inside a table."""
    plain = re.sub(r"([\\`*_\[\]#|<>~@&]|^[-+])", r"\\\1", str(text)).replace("\n", " ")
    return re.sub(r"^([0-9]+)([.)])", r"\1\\\2", plain)  # no numbered list


def prose_md(text: str) -> str:
    """Prose in its canonical form as Markdown that keeps its paragraphs and its points."""
    lines = (line.strip().partition("- ") for line in text.split("\n"))
    points = (
        f"\n- {escape_md(rest)}" if dash and not head else f"\n\n{escape_md(head + dash + rest)}"
        for head, dash, rest in lines
        if head or rest
    )
    return "".join(points).strip("\n")


def field_name(
    felt: str | None,
    reg: Register,
    say: Callable[[str], str] = str,
    norsk: Callable[[str], str] = str,
) -> str:
    """What people call a field: «Gjelder: Journalsystem (EPJ)», «Frister: oppfylles innen».

    `say` puts the words of the form in another language; `norsk` marks what a record calls itself.
    """
    if felt is None:
        return say("Hele posten")
    name, _, key = felt.partition(".")
    named = say(word(name)).capitalize()
    if not key:
        return named
    if name == "realisering" and key in reg.omrader:  # a system may be called the same
        return f"{named}: {norsk(reg.omrader[key].navn)}"
    if name == "funksjoner":
        return f"{named}: {norsk(reg.funksjon(key))}"
    own = key in reg.grupper or key in reg.systemer
    return f"{named}: " + (norsk(reg.navn(key)) if own else say(word(key)))


def further(krav: Krav) -> list[tuple[str, Json]]:
    """What a requirement says besides what it asks, of whom and why: (field, value)."""
    told = ("tittel", "tekst", "akseptanse", "gjelder", "begrunnelse")
    found = fields(krav).items()
    return [(f, v) for f, v in found if f.split(".")[0] not in told and f != "engelsk.versjon"]


def value(found: Json, dato: Callable[[date], str] = dato) -> str:
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
        return f"{found['plikt']}, dersom systemet har funksjonen {found['dersom']}"
    if isinstance(found, dict):
        shown = {key: value(inner, dato) for key, inner in found.items()}
        long = {key for key, inner in found.items() if isinstance(inner, dict)}
        long |= {key for key, text in shown.items() if "\n" in text or text.startswith("- ")}
        return "\n".join(
            f"{key}:\n{indent(text, '  ')}" if key in long else f"{key}: {text}"
            for key, text in shown.items()
        )
    if isinstance(found, str) and re.fullmatch(r"20\d\d-\d\d-\d\d", found):
        return dato(date.fromisoformat(found))
    return str(found)


def groups(
    rows: Iterable[Virkning], ways: bool = True
) -> list[tuple[Virkning, dict[str, list[str]]]]:
    """Rows that say the same of several systems, told once: a row, and hvordan -> systems.

    With `ways`, those that are reached in other ways stand apart.
    """
    same: dict[Any, tuple[Virkning, dict[str, list[str]]]] = {}
    for row in sorted(rows, key=lambda row: get_args(Hvordan).index(row.hvordan)):
        via = row.via if ways and not KRAV_ID.fullmatch(row.post) else ()
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


def title(found: Sammenligning, post: str, *, stands: bool = False) -> str:
    """What a record is called after the change; with `stands` as it is called until then."""
    sides = (found.before, found.after) if stands else (found.after, found.before)
    record: Any = sides[0].poster.get(post) or sides[1].poster.get(post)
    return str(getattr(record, "tittel", None) or getattr(record, "navn", post))


def post_name(post: str) -> str:
    """What people call a record: «PLL-0042», «melding M25.1»."""
    kind, _, name = post.rpartition("/")
    return f"{KALT[kind][0]} {name}" if kind in KALT and kind else post


def by_post(found: Sammenligning) -> dict[str, list[Endring]]:
    """post -> its changes, in order."""
    posts: dict[str, list[Endring]] = {}
    for endring in found.endringer:
        posts.setdefault(endring.post, []).append(endring)
    return posts
