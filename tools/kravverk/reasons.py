"""Why a change has its class and a case its step, told in the other language of the site.

The rules give their reasons in Norwegian. Here each of their sentences is known again by its
form, and what a role or a body has written is left as it is, marked as Norwegian.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from markupsafe import Markup, escape

from kravverk.language import Language
from kravverk.render import field_words
from kravverk.text import word

_ = str  # the words are told in the language when they are asked for (`tale`)
MONTHS = "januar februar mars april mai juni juli august september oktober november desember"
# The reasons of the rules (`impact`, `classes`, `edits`).
RULES = (
    _("systemet blir bundet av kravet (%(ord)s)"),
    _("systemet er ikke lenger bundet av kravet"),
    _("systemet nås ikke gjennom %(navn)s"),
    _("systemet er like sterkt bundet som før (%(ord)s)"),
    _("systemet må uansett oppfylle %(id)s"),
    _("plikten går fra %(ord)s til %(ord2)s, og det følger av endringen for %(navn)s"),
    _("plikten går fra %(ord)s til %(ord2)s"),
    _("plikten avhenger ikke lenger av en funksjon"),
    _("plikten gjelder nå bare den som har funksjonen"),
    _("plikten følger nå av %(id)s"),
    _("kravet binder ingen systemer"),
    _("kravet overtar for %(id)s: samme tekst og plikt"),
    _("kravet overtar for %(id)s: %(grunn)s"),
    _("kravet overtar for %(id)s, som er delt eller slått sammen"),
    _("status går fra %(ord)s til %(ord2)s"),
    _("godkjenningen går fra %(ord)s til %(ord2)s"),
    _("«%(felt)s» er satt til %(dag)s, dagen kravet alt gjelder fra"),
    _("«%(felt)s» er satt til %(dag)s"),
    _("uten den datoen gjelder kravet fra %(dag)s"),
    _("«%(felt)s» er flyttet fra %(dag)s til %(dag2)s"),
    _("«%(felt)s» %(dag)s er tatt bort"),
    _("1 punkt er lagt til"),
    _("%(tall)s punkter er lagt til"),
    _("1 punkt er fjernet"),
    _("%(tall)s punkter er fjernet"),
    _("lagt til: %(id)s"),
    _("fjernet: %(id)s"),
    _("de samme punktene står i en annen rekkefølge"),
    _("akseptansepunkter er omformulert eller byttet: %(grunn)s"),
    _("akseptansepunkter er omformulert eller byttet"),
    _("feltet %(felt)s binder ingen"),
    _("binder ingen"),
    _("%(felt)s endrer ikke hva systemet er bundet av"),
    _("hva endringen i %(felt)s betyr, må en rolle avgjøre: %(grunn)s"),
    _("hva endringen i %(felt)s betyr, må en rolle avgjøre"),
    _("ingen krav når systemet på en annen måte enn før"),
    _("ett uendret krav når systemet på en annen måte enn før"),
    _("%(tall)s uendrede krav når systemet på en annen måte enn før"),
    _("systemet sender eller mottar ikke lenger meldingen"),
    _("systemet skal sende eller motta meldingen"),
    _("systemets rolle i meldingen er endret"),
    _("systemets rolle i meldingen er den samme"),
    _("«%(sitat)s» → «%(sitat2)s»"),
    _("«%(sitat)s» er lagt til"),
    _("«%(sitat)s» er tatt bort"),
    _("«%(sitat)s» er flyttet"),
)
# Why a case stands where it does (`standing`).
STEPS = (
    _("Saken ble trukket %(dato)s"),
    _("%(ord)s av %(navn)s i sak %(id)s %(dato)s"),
    _("%(ord)s av %(navn)s %(dato)s"),
    _("Vedtatt på kort vei %(dato)s"),
    _("Hastevedtatt %(dato)s"),
    _("Innarbeidet i registeret"),
    _("Venter på å bli innarbeidet i registeret"),
    _("Tas opp igjen innen %(dato)s i påvente av: %(norsk)s"),
    _("Tas opp igjen innen %(dato)s"),
    _("Vilkår som ikke er oppfylt: %(norsk)s"),
    _("Fristen for innspill er %(dato)s"),
    _("Fristen for innspill gikk ut %(dato)s"),
    _("Saken har ingen frist for innspill ennå"),
    _("Saken kan fryses"),
    _("Før saken kan fryses: %(norsk)s"),
    _("%(navn)s har ikke anbefalt frys %(tall)s"),
    _("%(navn)s har ikke besluttet frys %(tall)s"),
    _("%(navn)s har ikke fastsatt frys %(tall)s"),
)
KINDS = {
    **{"tall": r"\d+", "id": r"[\w.,/ -]+", "dag": r"20\d\d-\d\d-\d\d", "dato": r"\d+\. \w+ \d{4}"},
    **{"ord": r"\w+(?: \w+){0,2}|nhn-test", "felt": r"[\w.: ]+", "sitat": "[^«»]+"},
}
JUDGED = re.compile("avklart av ([^:]+): (.*?); regelen: (.*)", re.DOTALL)
DOUBT = " (må bekreftes av leverandør)"


def _form(words: str) -> re.Pattern[str]:
    """What a sentence looks like; `%(dag2)s` is a second `dag`."""
    parts = re.split(r"%\((\w+)\)s", words)
    for at in range(1, len(parts), 2):
        parts[at] = f"(?P<{parts[at]}>{KINDS.get(parts[at].rstrip('2'), '.+')})"
    parts[::2] = map(re.escape, parts[::2])
    return re.compile("".join(parts), re.DOTALL)


FORMS = [(_form(words), words) for words in RULES]
STEP_FORMS = [(_form(words), words) for words in STEPS]
Norsk = Callable[[str], str]


def rule_told(text: str, language: Language, norsk: Norsk) -> Markup:
    """The reason of a change, in full; `norsk` marks what stays in Norwegian."""
    say = language.tale.gettext
    said, doubt, _rest = text.partition(DOUBT)
    told = _rule(said, language, norsk)
    if judged := JUDGED.fullmatch(said):
        role, words, rule = judged.groups()
        found = escape(say("avklart av %(rolle)s: %(norsk)s; regelen: %(grunn)s"))
        told = found % {
            "rolle": escape(norsk(role)),
            "norsk": escape(norsk(words)),
            "grunn": _rule(rule, language, norsk),
        }
    return told + (f" ({say('må bekreftes av leverandør')})" if doubt else "")


def reasons_told(told: tuple[str, ...], language: Language, norsk: Norsk) -> Markup:
    """Why a change has its class, in sentences; of a role's judgement only what the role said."""
    say, found, doubtful = language.tale.gettext, [], False
    for text in told:
        said, doubt, _rest = text.partition(DOUBT)
        judged = JUDGED.fullmatch(said)
        words = norsk(f"{judged[2]}.") if judged else _rule(said, language, norsk) + "."
        found.append(_capital(escape(words)))
        doubtful = doubtful or bool(doubt)
    if doubtful:
        found.append(_capital(escape(f"{say('må bekreftes av leverandør')}.")))
    return Markup(" ").join(found)


def step_told(text: str, language: Language, norsk: Norsk) -> Markup:
    """Why a case stands where it does; sentence by sentence."""
    sentences = re.split(r"(?<=[^\d.])\. (?=[A-ZÆØÅ])|(?<=\d)\. (?=[A-ZÆØÅ])", text.rstrip("."))
    told = (_known(one, STEP_FORMS, language, norsk) for one in sentences)
    return Markup(" ").join(escape(one) + "." for one in told)


def _capital(words: Markup) -> Markup:
    first = re.sub(r"^((?:<[^>]*>)*)(\w)", lambda m: m[1] + m[2].upper(), words)
    return Markup(first)  # noqa: S704 - escaped, but for one letter


def _rule(text: str, language: Language, norsk: Norsk) -> Markup:
    """The reason of a rule, clause by clause; the name of the text rule is for the terminal."""
    clauses = [re.sub(r" \((?!skal|bør|kan)[a-zæøå-]+\)$", "", one) for one in text.split("; ")]
    return Markup("; ").join(escape(_known(one, FORMS, language, norsk)) for one in clauses)


def _known(
    text: str, forms: list[tuple[re.Pattern[str], str]], language: Language, norsk: Norsk
) -> str:
    """A sentence in the language, where it has a form that is known; else marked as it is."""
    for form, words in forms:
        if found := form.fullmatch(text):
            put = {
                name: escape(_value(name.rstrip("2"), value, language, norsk))
                for name, value in found.groupdict().items()
            }
            return escape(language.tale.gettext(words)) % put
    return norsk(text)


def _value(kind: str, value: str, language: Language, norsk: Norsk) -> str:
    """What fills in a sentence, in the language."""
    say = language.tale.gettext
    if kind in ("tall", "id"):
        return value
    if kind == "ord":
        return say(word(value[:1].lower() + value[1:]))
    if kind == "felt":
        return ": ".join(say(part) for part in field_words(value).split(": "))
    if kind == "dag":
        return language.dato(date.fromisoformat(value))
    if kind == "dato":
        day, month, year = value.replace(".", "").split()
        return language.dato(date(int(year), MONTHS.split().index(month) + 1, int(day)))
    if kind == "grunn":
        return _rule(value, language, norsk)
    return norsk(value)
