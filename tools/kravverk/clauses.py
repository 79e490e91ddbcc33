"""One sentence as words: how strongly it binds, where its conditions are, and what it limits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from kravverk.text import MONTHS
from kravverk.words import (
    ADJUNCTS,
    ASIDE,
    BINDING,
    CAPABILITY,
    CONDITIONS,
    DUTY,
    EXCEPTIONS,
    FINITE,
    FRONTED,
    HINDERS,
    NEGATIONS,
    NOT,
    NUMBERS,
    PERMISSIVE,
    PREPOSITIONS,
    RESTRICTORS,
    SUBORDINATORS,
    TOGETHER,
    VAGUE,
)

Words = tuple[str, ...]
BOUNDARY = frozenset(",;:()-")


@dataclass(frozen=True)
class Clause:
    """The words of one sentence, and what can be read off them in small letters."""

    skrevet: Words
    alene: bool = True  # whether the text has no other sentence
    ordrett: Words = ()  # the same words as the text has them, where `skrevet` joins a list by «og»

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
        """Whether the sentence binds once only, so that all of it belongs to one duty.

        What a subclause says that somebody must, is no other duty.
        """
        found = [i for i, word in enumerate(self.ord) if word in BINDING or word == "trenger"]
        return sum(not self.subordinate(i) for i in found) == 1

    @cached_property
    def stops(self) -> bool:
        """Whether the duty is to stop something, so that «der …» says what is to be stopped."""
        return bool(HINDERS & {*self.ord[self.binding[1] + 1 :][:1]})

    @cached_property
    def fronted(self) -> int:
        """Where the comma after a condition of its own word order stands: «Er den låst, skal …»."""
        commas = (i for i, word in enumerate(self.ord[:-1]) if word == ",")
        first = next((i for i in commas if self.ord[i + 1] in BINDING), 0)
        return first if self.ord[:1] and self.ord[0] in FRONTED else 0

    def polarity(self, outside: range = range(0)) -> int:
        """1 for a command, -1 for a prohibition («skal ikke»), 0 when a negation is elsewhere."""
        found = [i for i, w in enumerate(self.ord) if w in NEGATIONS and i not in outside]
        near = range(self.binding[1] + 1, self.binding[1] + 3)
        if not found:
            return 1
        forbids = NOT | {"verken", "hverken"}
        return -1 if len(found) == 1 and found[0] in near and self.ord[found[0]] in forbids else 0

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
        later = min((i for i in others if i > at), default=0)
        apart = {",", "og", "men", ";"} & {*self.ord[at:later]}
        if later and not apart and not self.subordinate(later):
            return None  # «Resepter legen kan endre skal vises øverst»
        verb, *rest = ("ikke" if word == "ikkje" else word for word in self.ord[at : at + 2])
        negated = bool(rest) and rest[0] in NOT
        return DUTY.get((verb, *rest) if negated else (verb,))

    def negated(self, outside: range) -> bool:
        """Whether there is a negation outside every subclause, and outside a part."""
        found = (i for i, w in enumerate(self.ord) if w in NEGATIONS and i not in outside)
        return any(not self.subordinate(i) for i in found)

    def example(self, at: int) -> bool:
        """Whether a place lies in an example or a wish: «…, gjerne rød»."""
        before = self.ord[max(self.start(at) - 1, 0) : at]
        wished = {"gjerne", "helst", "fortrinnsvis", "foretrukket", "annet"} & {*before}
        return bool(wished) or before[:2] == (",", "som")

    def aside(self, at: int) -> bool:
        """Whether a place lies in a parenthesis, in a purpose, a reason, an example or a place."""
        opened = self.binding[1] + 1 if 0 < self.binding[1] < at else 0
        before = self.ord[max(self.start(at), opened) : at]
        inside = self.ord[:at].count("(") > self.ord[:at].count(")")
        place = set() if at < self.fronted or self.stops else {"der", "hvor"}
        told = (ASIDE | place) & set(before)
        wide = self.ord[opened:at]
        purpose = any(
            find(wide, phrase) >= 0 for phrase in (("for", "å"), ("for", "at"), ("av", "hensyn"))
        )
        return bool(inside or told or {"siden", "da", "så"} & {*before}) or purpose

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
        often = find(before, ("hver", "gang")) >= 0 or at < self.fronted
        often = often or ("der" in before and self.stops and at > self.binding[1])
        return "set" if often or (CONDITIONS | {"som"}) & set(before) else "main"

    def conditional(self, at: int) -> bool:
        """Whether a place lies in a condition, and in no relative clause."""
        before = self.ord[self.start(at) : at]
        return self.region(at) != "main" and "som" not in before

    def has(self, found: frozenset[str], outside: range = range(0)) -> bool:
        """Whether one of some words stands anywhere but in a part of the sentence."""
        return any(word in found for at, word in enumerate(self.ord) if at not in outside)


def joined(clause: Clause, at: range) -> tuple[str, bool]:
    """The word that joins a part to an enumeration, empty for none; and whether the part clearly
    is one more thing, or one more choice, of the duty.
    """
    inner, rest = clause.ord[at.start : at.stop], clause.ord[at.stop :]
    joint = next((w for w in (*inner[:1], *rest) if w in ("og", "eller")), "")
    if inner[0] not in ("og", "eller", ",") or not joint or inner == (",",):
        return "", False
    if at.stop <= clause.binding[1]:
        return joint, joint == "og" and _subjects(clause)
    before, polarity = clause.ord[clause.binding[1] + 1 : at.start], clause.polarity()
    # What comes after must leave the part added whole: «aktive (og gyldige) resepter» does not.
    ends = BOUNDARY | PREPOSITIONS | SUBORDINATORS | {"og", "eller"}
    whole = not rest or rest[0] in ends
    whole = whole or (len({*before} - NOT) == 1 and before[-1][-1:] == "e")  # «endre eller slette»
    counted = any(number(word) is not None for word in inner)
    ragged = set(inner) & {*BINDING, *NEGATIONS} or "," in inner[1:] or inner[-1] in PREPOSITIONS
    ragged = ragged or inner.count(joint) > 1
    if joint == "eller" and polarity > 0:
        # «Logge et oppslag eller en endring» may ask for both, «logge navn eller id» for one.
        general = any(_general(w) for w in (*before, *inner))
        whole = whole and not general and not (PREPOSITIONS | HINDERS) & {*before}
    clear = whole and not counted and not ragged and _coordinates(clause, at)
    return joint, clear and (polarity > 0 or (polarity < 0 and joint == "eller"))


def exchanged_joint(clause: Clause, at: int) -> str:
    """What «og» or «eller» at a place joins: parts of the duty (`main`), of its condition (`set`)
    or of its exception (`unless`); empty where that is not clear.
    """
    region, opened = clause.region(at), clause.start(at)
    if not clause.plain or clause.aside(at) or clause.has(RESTRICTORS | PERMISSIVE):
        return ""
    begins = max(opened, clause.binding[1] + 1) if clause.binding[1] < at else opened
    around = {*clause.ord[begins:at], *clause.ord[at + 1 : at + 4]}
    unclear = TOGETHER - {"med", "for"} if region != "set" else TOGETHER
    if around & (unclear | NEGATIONS | HINDERS | VAGUE | {"både", "enten"}):
        return ""
    if region != "main":
        before = clause.ord[opened:at]
        named = (
            CONDITIONS & {*before} or at < clause.fronted or find(before, ("med", "mindre")) == 0
        )
        inner = clause.ord[at + 1 :]
        ends = next((i for i, w in enumerate(inner) if w in BOUNDARY), len(inner))
        described = all(re.search(r"([td]|ige?)$", w) for w in (*before[-1:], *inner[:1]))
        told = "som" not in clause.ord[opened:at] and named and ends < 8 and not described
        return region if told and CAPABILITY not in clause.ord else ""
    item, before = clause.ord[at + 1 :], clause.ord[clause.binding[1] + 1 : at]
    size = next(
        (
            i
            for i, w in enumerate(item)
            if w in BOUNDARY | PREPOSITIONS | SUBORDINATORS | {"og", "eller"}
        ),
        len(item),
    )
    nouns = (
        0 < size < 3
        and before
        and not (size > 1 and re.search(r"(e|et|[aeiouyæøå]tt|ert|dd)$", before[-1]))
    )
    nouns = nouns and not {"om", "ved"} & {*before[-2:]}
    general = any(_general(w) for w in (*before[1:], *item[:size]))
    aside = (FINITE if size == 1 else PREPOSITIONS | FINITE) | {"å"}
    simple = nouns and not general and not aside & {*before}
    return "main" if simple and clause.polarity() > 0 and CAPABILITY not in before else ""


def _general(word: str) -> bool:
    """Whether a word may stand for any of a kind, so that «eller» may mean each of both."""
    return bool(re.search(r"(?<!numm)er$|^(e[nti]|alle|hver)$", word))


def _coordinates(clause: Clause, at: range) -> bool:
    """Whether a place lies in the duty itself, and what it joins is apart."""
    before, rest = clause.ord[clause.binding[1] + 1 : at.start], clause.ord[at.stop :]
    unclear = TOGETHER | VAGUE | RESTRICTORS | PERMISSIVE | CONDITIONS | {"som", CAPABILITY}
    inner, finite = clause.ord[at.start : at.stop], FINITE
    if all(code(word) for word in clause.skrevet[at.start + 1 : at.stop]):
        unclear -= {"for", "med", "at", "støtte"}  # messages and versions stand for themselves
        finite = frozenset()
    elif before[:1] and before[0] not in TOGETHER and not re.search(r"er med\b", " ".join(before)):
        unclear -= {"med"}  # «logge oppslaget med bruker og tidspunkt»
    said = {*before, *inner} & unclear or clause.has(RESTRICTORS)
    said = said or {*rest} & ({"sammen", "samlet", "hverandre", "samtidig", "som", "likt"})
    inside = clause.plain and 0 < clause.binding[1] < at.start
    main = inside and clause.region(at.start) == "main"
    return bool(main and not said and not (ADJUNCTS | finite) & {*before})


def _subjects(clause: Clause) -> bool:
    """Whether all in front of the binding word is whose duty it is, or what it is done to."""
    subject = clause.ord[: clause.binding[1]]
    plain = not {*subject} & (_NO_SUBJECT | {*BINDING}) and not any(map(number, subject))
    # «Aktive og signerte resepter» are fewer, and «Manglende dato skal stanse …» is a cause.
    described = (w for w in subject[:-1] if w != "og" and not _WHO.search(w))
    picks = any(re.search(r"(e|ende|et|ig)$", word) for word in described)
    sure = plain and not picks and acts(clause)
    return sure and clause.plain and clause.binding[0] > 1 and not clause.has(_UNSURE)


def acts(clause: Clause) -> bool:
    """Whether what stands in front is who does the duty, or what it is done to (passive)."""
    verb = [w for w in clause.ord[clause.binding[1] + 1 :][:2] if w != CAPABILITY][:1]
    done = verb and (verb[0].endswith("s") or verb[0] in {"være", "inneholde", "ha"})
    return bool(done or _WHO.search(clause.ord[0]))


_WHO = re.compile(
    r"(lege|sykepleier|farmasøyt|apotek|jordm|rekvirent|bandasjist|leverandør|virksomhet|bruker|"
    r"system|pasient|formidler|modul|ansatt)"
)


_NO_SUBJECT = (
    TOGETHER | PREPOSITIONS | SUBORDINATORS | NEGATIONS | RESTRICTORS | BOUNDARY | VAGUE | {"andre"}
)
_UNSURE = RESTRICTORS | TOGETHER - {"for", "med", "at"}


@lru_cache(maxsize=16_384)  # requirements use the same words
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


@lru_cache(maxsize=16_384)
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
