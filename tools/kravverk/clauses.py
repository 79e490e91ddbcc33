"""One sentence as words: how strongly it binds, where its conditions are, and what it limits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kravverk.text import MONTHS
from kravverk.words import (
    ABOUT,
    ACTORS,
    ADJUNCTS,
    ASIDE,
    BINDING,
    CAPABILITY,
    CHOOSING,
    CONDITIONS,
    DEADLINE,
    DUTY,
    EXACT,
    EXCEPTIONS,
    FINITE,
    HINDERS,
    LOWER,
    LOWER_AFTER,
    NEAR,
    NEGATIONS,
    NOT,
    NUMBERS,
    PERMISSIVE,
    PREPOSITIONS,
    RESTRICTORS,
    SHOWING,
    STATES,
    STRICT,
    SUBORDINATORS,
    TIME,
    TOGETHER,
    TRIGGERS,
    UNITS,
    UPPER,
    UPPER_AFTER,
    VAGUE,
)

Words = tuple[str, ...]
BOUNDARY = frozenset(",;:()-")


@dataclass(frozen=True)
class Clause:
    """The words of one sentence, and what can be read off them in small letters."""

    skrevet: Words
    alene: bool = True  # whether the text has no other sentence

    @cached_property
    def ord(self) -> Words:
        """The words in small letters."""
        return tuple(word.lower() for word in self.skrevet)

    @cached_property
    def binding(self) -> tuple[int, int]:
        """(how strongly, where) the sentence binds: its first binding word outside a subclause."""
        for at, word in enumerate(self.ord):
            if word in BINDING and not self.subordinate(at):
                return BINDING[word], at
        return 0, -1

    @cached_property
    def plain(self) -> bool:
        """Whether the sentence binds once only, so that all of it belongs to one duty."""
        return sum(word in BINDING or word == "trenger" for word in self.ord) == 1

    def polarity(self, outside: range = range(0)) -> int:
        """1 for a command, -1 for a prohibition («skal ikke»), 0 when a negation is elsewhere."""
        found = [i for i, w in enumerate(self.ord) if w in NEGATIONS and i not in outside]
        near = range(self.binding[1] + 1, self.binding[1] + 3)
        if not found:
            return 1
        return -1 if len(found) == 1 and found[0] in near and self.ord[found[0]] in NOT else 0

    def duty(self, at: int) -> int | None:
        """How much the binding word at a place asks: above 0 to do, below 0 to leave undone.

        None where it is not surely the verb of the sentence, but of what is put in front or inside.
        """
        if not 0 < at < len(self.ord) or self.subordinate(at) or NOT & {*self.ord[:at]}:
            return None
        others = [i for i, word in enumerate(self.ord) if word in BINDING and i != at]
        joined = {"og", "men"} & {self.ord[at - 1], self.ord[self.start(at)]}
        fronted = any(i > at and self.ord[i - 1] == "," for i in others)
        if fronted or (at > min(others, default=at) and not joined):
            return None
        verb, *rest = ("ikke" if word == "ikkje" else word for word in self.ord[at : at + 2])
        negated = bool(rest) and rest[0] in NOT
        return DUTY.get((verb, *rest) if negated else (verb,))

    def aside(self, at: int) -> bool:
        """Whether a place lies in a parenthesis, in a purpose, a reason, an example or a place."""
        before = self.ord[self.start(at) : at]
        inside = self.ord[:at].count("(") > self.ord[:at].count(")")
        told = (ASIDE | {"der", "hvor"}) & set(before)
        return bool(inside or told) or find(before, ("for", "å")) >= 0

    def occasion(self, at: int) -> bool:
        """Whether what stands at a place may tell when the duty arises: «ved svar innen …»."""
        return bool({"ved", "før"} & set(self.ord[self.start(at) : at][-2:]))

    def start(self, at: int) -> int:
        """Where the clause around a place begins: after the last comma or the like."""
        return next((i + 1 for i in range(at - 1, -1, -1) if self.ord[i] in BOUNDARY), 0)

    def subordinate(self, at: int) -> bool:
        """Whether a place lies in a subclause."""
        return bool(SUBORDINATORS & set(self.ord[self.start(at) : at]))

    def region(self, at: int) -> str:
        """`unless`, `set` (a condition or relative clause decides to what it applies) or `main`."""
        before = self.ord[self.start(at) : at]
        if any(find(before, phrase) >= 0 for phrase in EXCEPTIONS):
            return "unless"
        often = find(before, ("hver", "gang")) >= 0
        return "set" if often or (CONDITIONS | {"som"}) & set(before) else "main"

    def conditional(self, at: int) -> bool:
        """Whether a place lies in a condition, and in no relative clause."""
        before = self.ord[self.start(at) : at]
        return self.region(at) != "main" and "som" not in before

    def has(self, found: frozenset[str], outside: range = range(0)) -> bool:
        """Whether one of some words stands anywhere but in a part of the sentence."""
        return any(word in found for at, word in enumerate(self.ord) if at not in outside)


@dataclass(frozen=True)
class Limit:
    """A number with its limit word and unit."""

    sted: range  # the words it is made of
    ord: Words
    at: int  # where the number stands
    retning: str  # øvre | nedre | lik, empty without a limit word
    verdi: float
    enhet: str
    streng: bool  # the number itself is left out: «mer enn»

    @property
    def effektiv(self) -> tuple[float, int]:
        """For comparing limits of the same direction: by value, then by strictness."""
        beyond = 1 if self.retning == "nedre" else -1
        return self.verdi, beyond if self.streng else 0


def limit(clause: Clause, changed: range) -> Limit | None:
    """The limit that a changed place is part of; None where there is none, or more than one."""
    low, high = max(changed.start - 4, 0), min(changed.stop + 4, len(clause.ord))
    found: Limit | None = None
    for at in range(low, high):
        one = None if found and at in found.sted else _limit_at(clause, at)
        if one is None:
            continue
        place = one.sted
        touches = changed.start < place.stop and place.start < changed.stop
        if touches or (not len(changed) and place.start <= changed.start <= place.stop):
            if found is not None:
                return None
            found = one
    return found


def _limit_at(clause: Clause, at: int) -> Limit | None:
    value = number(clause.ord[at])
    if value is None or code(clause.skrevet[at]):
        return None
    first, retning = at, ""
    phrase: Words = ()
    after: Words = ()
    clock = clause.ord[max(at - 2, 0) : at] == ("kl", ".") and 6 <= value <= 22
    stop = at - 2 if clock else at
    for name, phrases in (("øvre", UPPER), ("nedre", LOWER), ("lik", EXACT)):
        for words in phrases:
            if len(words) > len(phrase) and clause.ord[max(stop - len(words), 0) : stop] == words:
                first, retning, phrase = stop - len(words), name, words
    if retning and "ikke" not in phrase and first and clause.ord[first - 1] == "ikke":
        retning = ""  # a negated limit that the list does not have
    unit = clause.ord[at + 1] if at + 1 < len(clause.ord) else ""
    measured = unit == "%" or (unit.isalpha() and unit not in ("og", "eller", "som", "skal"))
    last = at + 2 if measured else at + 1
    kind, size = UNITS.get(unit, (unit if measured else "", 1.0))
    day = day_number(clause.ord[at])
    if unit == "." and (day := long_day(clause.ord[at : at + 4])):
        value, last = day, at + 4
    kind = "klokken" if clock and not measured else "dato" if day else kind
    if (DEADLINE & set(phrase) and kind not in TIME) or (
        phrase in (("over",), ("under",)) and unit not in UNITS
    ):
        retning = ""  # «innen helseregion 2», «en oversikt over 10 pasienter»
    tail = clause.ord[last : last + 2]
    if not retning and unit in UNITS and tail[:1] == ("eller",) and len(tail) == 2:
        retning = "øvre" if tail[1] in UPPER_AFTER else "nedre" if tail[1] in LOWER_AFTER else ""
        after = tail if retning else ()
    rest = clause.ord[last:]
    if retning and DEADLINE & set(phrase) and {"før", "forkant", "forveien", "forhånd"} & set(rest):
        turned = "nedre" if retning == "øvre" else "øvre"  # «senest 7 dager før …»
        sure = rest[0] == "før" or rest[:2] in (("på", "forhånd"), ("i", "forkant"))
        sure = sure and not {"innen", "innan"} & set(phrase)
        retning = turned if sure else ""
    stop = last + len(after)
    return Limit(
        range(first, stop),
        clause.ord[first:stop],
        at,
        retning,
        value * size,
        kind,
        bool(STRICT & set(phrase)) and not NOT & set(phrase),
    )


def bearing(clause: Clause, found: Limit) -> str:
    """What a limit decides: how much the duty asks (`main`), or to what it applies (`set`) or not
    (`unless`); empty when that cannot be said.
    """
    first, binding = found.sted.start, clause.binding[1]
    region, opened = clause.region(first), clause.start(first)
    aside = clause.aside(first) or clause.occasion(first)
    if not clause.plain or aside or not clause.polarity(found.sted):
        return ""
    if region != "main":
        before = clause.ord[opened:first]
        cut = max((i for i, w in enumerate(before) if w in CONDITIONS | {"som"}), default=-1)
        inside = before[cut + 1 :]
        if cut >= 0 and before[cut] == "som":
            loose = cut == 0 and opened and clause.ord[opened - 1] == ","
            chosen = opened + cut > binding and _one_will_do(clause, opened + cut)
            if loose or not set(inside[:1]) & FINITE or chosen:
                return ""  # «, som …» adds; «som avklart» is no clause
        elif region == "unless" and cut < 0 and find(before, ("med", "mindre")) < 0:
            return ""
        doubt = _OPENS | HINDERS | NEGATIONS
        return "" if doubt & set(inside) or _OPENS & set(before[: max(cut, 0)]) else region
    if clause.ord[found.sted.stop :][:1] in (("gammel",), ("gammelt",), ("gamle",)):
        return ""  # «minst 30 dager gamle utkast»
    if first < binding:
        if first == 0:  # «Minst 95 prosent av …», «Minst to leger …»; «Minst 5 feil» may trigger
            share = found.enhet == "prosent" and clause.ord[found.sted.stop :][:1] == ("av",)
            people = any(found.enhet in forms for forms in ACTORS[0]) or found.enhet == "personer"
            return "main" if share or (people and not found.streng) else ""
        return "set" if found.streng and (first == 1 or _aged(clause, found)) else ""
    between = clause.ord[binding + 1 : first]
    about = between[between.index("om") + 1 :] if "om" in between else ()
    asked = len(about) > 2 or (len(about) == 2 and re.search(r"(e[ntr]|ne|a)$", about[0]))
    enough = CHOOSING & set(between[:2]) and clause.polarity() > 0
    if _aged(clause, found) and not enough and not asked and not _OPENS & set(between):
        return "set"
    if asked or (_OPENS | HINDERS) & set(between) or "som" in clause.ord[found.sted.stop :]:
        return ""
    forbids = clause.polarity(found.sted) < 0
    return "main" if (forbids and found.streng) or _adverbial(clause, found) else ""


# After these something else than the duty itself is told.
_OPENS = (SUBORDINATORS - {"som"}) | frozenset(
    "å før slik enn mellom krever kreve ber be ønsker ønske foreslår foreslå avtaler avtale".split()
)


def _one_will_do(clause: Clause, at: int) -> bool:
    """Whether «som» at a place tells of something to choose or make, and not of all such things."""
    before = clause.ord[clause.binding[1] + 1 : at]
    few = {"en", "et", "ei", "ein", "eit", "én", "ett", "noen", "i", "på", "med", "til"}
    every = HINDERS & {*before} or re.search(r"(er|ne|en|et)$", before[-1] if before else "")
    few_such = few & {*before[-3:]} or CHOOSING & {*before[:2]} or not every
    return bool(few_such) and clause.polarity() > 0


def _aged(clause: Clause, found: Limit) -> bool:
    """«for pasienter over 18 år», «for resepter eldre enn 30 dager»."""
    near = set(clause.ord[max(found.sted.start - 3, 0) : found.sted.start - 1])
    old = {"eldre", "yngre"} & set(found.ord)
    if old and clause.ord[found.sted.start - 1].endswith("er"):
        return found.streng  # «avvise resepter eldre enn 30 dager»
    grown = bool(old) or found.enhet in ("år", "måneder")
    return bool(near & {"for", "hos", "til", "blant"} and found.streng and grown)


def _adverbial(clause: Clause, found: Limit) -> bool:
    """Whether a limit after the binding word says how its verb is done, not which things."""
    first, verb = found.sted.start, clause.binding[1] + 1
    verb += clause.ord[verb : verb + 1] == ("ikke",)
    before = clause.ord[verb:first]
    if before[-2:-1] in (("være",), ("ligge",)) and before[-1] in ("på", "i"):
        return True
    if found.streng:
        return len(before) == 1 and before[0] in STATES
    timed = DEADLINE & set(found.ord)
    if timed and found.enhet in ("år", "måneder") and before[:1] != ("være",):
        return False  # «vise historikk innen 12 måneder»
    if "innen" in found.ord and before[:1] and before[0] in SHOWING and before[-1].endswith("er"):
        return False  # «vise utleveringer innen 30 dager»
    if found.enhet not in TIME and TRIGGERS & set(before):
        return found.retning == "nedre" and before == ("vise",)
    if before and (before[-1] in NEAR or (not timed and ABOUT & set(before[-2:]))):
        return False
    # «resepter utlevert innen 30 dager»: a noun, and what may be a participle or an adjective.
    attribute = len(before) > 1 and re.search(r"([tad]|[td]e|ige?|ive)$", before[-1])
    leads = before[-2] if len(before) > 1 else ""
    governs = (
        (len(before) == 2 and re.search(r"([eåas]|bli|gi)$", leads))
        or leads in NEAR | {"i", "det", "et", "eit", "den", "de"}
        or re.search(r"(?<!n)(?<!er)(?<!t)e$|s$", leads)
    )
    return not attribute or bool(governs)


def joined(clause: Clause, at: range) -> tuple[str, bool]:
    """The word that joins a part to an enumeration, empty for none; and whether the part clearly
    is one more thing, or one more choice, of the duty.
    """
    inner, rest = clause.ord[at.start : at.stop], clause.ord[at.stop :]
    joint = next((w for w in (*inner[:1], *rest) if w in ("og", "eller")), "")
    if inner[0] not in ("og", "eller", ",") or not joint:
        return "", False
    before, polarity = clause.ord[clause.binding[1] + 1 : at.start], clause.polarity()
    # What comes after must leave the part added whole: «aktive (og gyldige) resepter» does not.
    whole = not rest or rest[0] in BOUNDARY | PREPOSITIONS | {"og", "eller"}
    whole = whole or (len({*before} - NOT) == 1 and before[-1][-1:] == "e")  # «endre eller slette»
    counted = any(number(word) is not None for word in inner)
    ragged = set(inner) & {*BINDING, *NEGATIONS} or "," in inner[1:] or inner[-1] in PREPOSITIONS
    unclear = TOGETHER | VAGUE | RESTRICTORS | PERMISSIVE | CONDITIONS | {"som", CAPABILITY}
    if joint == "eller" and polarity > 0:
        # «Logge et oppslag eller en endring» may ask for both, «logge navn eller id» for one.
        general = any(re.search(r"(?<!numm)er$|^(e[nti]|alle|hver)$", w) for w in (*before, *inner))
        whole = whole and not general and not (PREPOSITIONS | HINDERS) & {*before}
    clear = whole and not counted and not ragged and not clause.has(unclear)
    clear = clear and clause.plain and 0 < clause.binding[1] < at.start
    clear = clear and clause.region(at.start) == "main"
    clear = clear and not (ADJUNCTS | FINITE) & {*before}
    return joint, clear and (polarity > 0 or (polarity < 0 and joint == "eller"))


def number(word: str) -> float | None:
    """The number that a word is, in digits or letters; a date as a number of days."""
    day = day_number(word)
    if day is not None:
        return day
    if re.fullmatch(r"\d+(?:,\d+)?", word):
        return float(word.replace(",", "."))
    return NUMBERS.get(word) if word not in ("en", "ei", "et") else None


def long_day(found: Words) -> float | None:
    """«1. mars 2027» as a number of days."""
    if len(found) < 4 or found[2] not in MONTHS:
        return None
    return day_number(f"{found[0]}.{MONTHS.index(found[2]) + 1}.{found[3]}")


def day_number(word: str) -> float | None:
    """A date as a number of days."""
    found = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", word)
    text = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else word
    try:
        return float(date.fromisoformat(text).toordinal()) if len(text) == 10 else None
    except ValueError:
        return None


def code(word: str) -> bool:
    """A code holds a digit and a letter, has capitals inside, or is an OID."""
    if day_number(word) is not None or not re.fullmatch(r"\w+(?:[.\-/]\w+)*", word):
        return False
    mixed = any(c in "0123456789" for c in word) and any(c.isalpha() for c in word)
    oid = re.fullmatch(r"\d+(?:\.\d+){2,}", word)
    return mixed or bool(oid) or any(c.isupper() for c in word[1:])


def find(found: Words, phrase: Words) -> int:
    """Where a phrase begins among words; -1 where it is not."""
    size = len(phrase)
    places = (i for i in range(len(found) - size + 1) if found[i : i + size] == phrase)
    return next(places, -1)
