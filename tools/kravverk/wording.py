"""The templates of the site in a language, with what they need of the register, and addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from kravverk.bindings import Binding
from kravverk.comparison import Case
from kravverk.language import Language
from kravverk.models import Krav
from kravverk.reasons import reasons_told, rule_told, step_told
from kravverk.register import Register
from kravverk.render import environment, prosa, reason
from kravverk.report import antall
from kravverk.text import word
from kravverk.view import View, deadlines

ROT = "\0"  # in the templates, the way up to where the language begins; in no record's text


@lru_cache(maxsize=2)  # the pages and the lists of a language use the same
def site_environment(view: View, language: Language) -> Environment:
    """The templates of the site in one language, with what they need of the register."""
    env = environment(language.tale, language.dato, language.kode, ROT, view.engelske_navn)
    reg, say, nb = view.reg, language.tale.gettext, env.globals["nb"]

    def foreign(text: str) -> Markup:
        """Norwegian words, marked as such where the page is in another language."""
        return escape(env.filters["norsk"](text))

    def tittel(krav: Krav) -> Markup:
        translated = krav.engelsk if language.engelsk else None
        return escape(translated.tittel) if translated else foreign(krav.tittel)

    @lru_cache(maxsize=1024)
    def navn(kind: str, ident: str) -> Markup:
        record: Any = reg.poster.get(f"{kind}/{ident}")
        return foreign(record.navn) if record else escape(ident)

    def sakstittel(case: Case) -> Markup:
        translated = case.sak.engelsk if language.engelsk else None
        return escape(translated.tittel) if translated else foreign(case.sak.tittel)

    def kort(case: Case) -> Markup:
        translated = case.sak.engelsk if language.engelsk else None
        if translated:
            return prosa(translated.kort_fortalt)
        return Markup("<div{}>{}</div>").format(nb, prosa(case.sak.kort_fortalt))

    kinds = {
        "grupper": say("gruppe"),
        "systemer": say("system"),
        "temaer": say("tema"),
        "begreper": say("begrep"),
        "omrader": say("område"),
    }

    def postnavn(post: str) -> Markup:
        """What readers know a record by: a requirement and a message by its id."""
        kind, _, ident = post.rpartition("/")
        return navn(kind, ident) if kind in kinds else escape(ident)

    def adresse_til(post: str) -> str:
        return address_of(post) if post in reg.poster else ""

    @lru_cache(maxsize=16_384)  # the page of each system tells of the same
    def postlenke(post: str) -> Markup:
        """A record as a link to its page, where it has one."""
        there = adresse_til(post)
        return Markup(f'<a href="{ROT}{there}">{postnavn(post)}</a>') if there else postnavn(post)  # noqa: S704

    def posttittel(post: str) -> Markup:
        """What to say of a record beside `postnavn`."""
        record: Any = reg.poster.get(post)
        if isinstance(record, Krav):
            return tittel(record)
        kind = post.partition("/")[0]
        return escape(kinds[kind]) if kind in kinds else foreign(record.navn if record else "")

    @lru_cache(maxsize=1024)
    def adressat(ident: str) -> Markup:
        return foreign(reg.navn(ident))

    @lru_cache(maxsize=1024)
    def funksjon(ident: str, then: Register) -> Markup:
        name = foreign(then.funksjon(ident))
        there = f"begrep/{ident}/" if ident in reg.begreper else ""
        return Markup('<a href="{}{}">{}</a>').format(ROT, there, name) if there else name

    @lru_cache(maxsize=1024)  # many requirements reach a system in the same way
    def veier(binding: Binding) -> Markup:
        ways = []
        for vei in binding.veier:
            who = adressat(vei.adressat)
            if vei.adressat in reg.grupper:
                who = Markup('<a href="{}gruppe/{}/">{}</a>').format(ROT, vei.adressat, who)
            condition = Markup("")
            if vei.dersom:
                condition = Markup(" {} {}").format(say("dersom"), funksjon(vei.dersom, reg))
            ways.append(Markup("{}: {}{}").format(who, say(vei.plikt), condition))
        return Markup("; ").join(ways)

    def venter(who: str) -> Markup:
        known = {
            "sekretariatet": say("sekretariatet"),
            "leverandørene": say("leverandørene"),
        }
        return escape(known[who]) if who in known else foreign(who)

    env.globals |= {
        "reg": reg,
        "per": view.per,
        "forge": view.forge,
        "site_url": view.site_url,
        "mappe": language.mappe,
        "saker_": view.sak,
        "antall": antall,
        "adresse_til": adresse_til,
        "en": language.engelsk,
        "engelske_navn": view.engelske_navn if language.engelsk else {},
        "navn": navn,
        "venter": venter,
        "tittel": tittel,
        "sakstittel": sakstittel,
        "kort": kort,
        "posttittel": posttittel,
        "postnavn": postnavn,
        "postlenke": postlenke,
        "adressat": adressat,
        "utgatt_i": view.utgatt_i,
        "kommer_i": view.kommer_i,
        "veier": veier,
    }
    named = env.filters["systemnavn"]
    # A page calls a system what it is called now, also where it shows what was decided before.
    env.filters["systemnavn"] = lambda ident, then: named(
        ident, reg if ident in reg.systemer else then
    )
    env.filters["funksjon"] = funksjon
    env.filters["hvorfor"] = because
    env.filters["ikke_utgitt"] = lambda saker: "" in view.kommer_i(saker)
    if language.engelsk:
        env.filters |= {
            "hvorfor": lru_cache(4096)(lambda told: reasons_told(told, language, foreign)),
            "begrunnet": lru_cache(4096)(lambda text: rule_told(text, language, foreign)),
            "stegets_grunn": lambda text: step_told(text, language, foreign),
        }
    env.filters["realisering"] = lambda how: realised(how, reg, say, foreign)
    for name in ("felles", "endringer"):  # what the templates share, made once
        env.globals[name] = env.get_template(f"_{name}.html.j2").module
    return env


def realised(
    how: str, reg: Register, say: Callable[[str], str], mark: Callable[[str], str] = str
) -> str:
    """How a system meets the requirements of an area, in words of the language that `say` is.

    `mark` is what a system's name becomes there.
    """
    if how == "egen":
        return say("egen utvikling")
    if how == "ikke oppgitt":
        return say("ikke oppgitt")
    name = mark(reg.navn(how))
    return type(name)(say("gjennom %s")) % name


@lru_cache(maxsize=4096)
def because(told: tuple[str, ...]) -> str:
    """Why a change has its class, in sentences; of a role's judgement only what the role said."""
    found, doubtful = [], False
    for text in told:
        said, doubt, _ = text.partition(" (må bekreftes av leverandør)")
        said = re.sub("^avklart av [^:]+: ", "", reason(said).partition("; regelen: ")[0])
        found.append(f"{said[:1].upper()}{said[1:]}.".replace("til_utprøving", "til utprøving"))
        doubtful = doubtful or bool(doubt)
    return " ".join([*found, *(["Må bekreftes av leverandør."] if doubtful else [])])


def dates(krav: Krav, view: View, language: Language) -> Markup:
    """The dates of a version; where it has no day to be met by, those of its release, or that it
    waits for one, and what is in force until then."""
    say, newest = language.tale.gettext, view.nyeste
    days = [
        f"{say(word(name))} {language.dato(day)}"
        for name, day in deadlines(krav)
        if day >= view.per or not name.startswith("kan_")
    ]
    duty = krav.frister.oppfylles_innen or krav.frister.mottak_innen
    held = view.utgitt.get((krav.id, krav.versjon))
    before = view.reg.utgivelser[newest].poster.get(krav.id) if newest else None
    if held and not duty:
        told = {"dag": language.dato(held.ma_folges_fra), "id": held.id}
        if held.ma_folges_fra > view.per:
            days.append(say("må følges fra %(dag)s, med %(id)s") % told)
        elif not days:
            days.append(say("gjelder nå (%(id)s)") % told)
    elif newest and not (held or duty):
        told = {"nr": str(before.versjon) if before else "", "id": newest}
        until = say("fra neste utgivelse; til da gjelder versjon %(nr)s (%(id)s)") % told
        days.append(until if before and before.versjon else say("fra neste utgivelse"))
    return Markup("<br>").join(map(escape, days)) or Markup("–")


def address_of(post: str) -> str:
    """Where a record has its page: `krav/PLL-0042/`, `system/dips/`; empty where it has none."""
    folder, _, name = post.rpartition("/")
    if not folder:
        return f"krav/{post}/"
    singular = {
        "systemer": "system",
        "grupper": "gruppe",
        "meldinger": "melding",
        "temaer": "tema",
        "begreper": "begrep",
        "omrader": "omrade",
        "utgivelser": "utgivelse",
    }
    return f"{singular[folder]}/{name}/" if folder in singular else ""


def downloads(system: str, language: Language) -> list[tuple[str, str]]:
    """(a file of a system, as seen from its page; what it is)."""
    say = language.tale.gettext
    # What only programs read is the same in every language, and lies in the first.
    up = f"../../{'../' * language.mappe.count('/')}system/{system}/" if language.mappe else ""
    return [
        ("krav.csv", say("Kravene som CSV, til et saksbehandlingsverktøy eller et regneark")),
        ("krav.xlsx", say("Kravene som Excel-ark")),
        (f"{up}krav.json", say("Kravene som JSON")),
        ("endringer.csv", say("Hva som er endret for systemet siden hver utgivelse, som CSV")),
        ("feed.xml", say("Nyheter om systemet (Atom)")),
        ("frister.ics", say("Fristene som kalender (iCalendar)")),
    ]


def placed(body: str, adresse: str) -> str:
    """A body with its links as they must be from an address."""
    return body.replace(ROT, "../" * adresse.count("/"))
