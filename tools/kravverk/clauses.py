"""One sentence as words: how strongly it binds, where its conditions are, and what it limits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kravverk.words import (
    BINDING,
    CONDITIONS,
    EXACT,
    EXCEPTIONS,
    HOURS,
    LOWER,
    LOWER_AFTER,
    NUMBERS,
    STRICT,
    SUBORDINATORS,
    UPPER,
    UPPER_AFTER,
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
        one = _limit_at(clause, at)
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
    for name, phrases in (("øvre", UPPER), ("nedre", LOWER), ("lik", EXACT)):
        for words in phrases:
            if len(words) > len(phrase) and clause.ord[max(at - len(words), 0) : at] == words:
                first, retning, phrase = at - len(words), name, words
    if retning and "ikke" not in phrase and first and clause.ord[first - 1] == "ikke":
        retning = ""  # a negated limit that the list does not have
    unit = clause.ord[at + 1] if at + 1 < len(clause.ord) else ""
    last = at + 2 if unit.isalpha() and unit not in ("og", "eller", "som", "skal") else at + 1
    tail = clause.ord[last : last + 2]
    if not retning and tail[:1] == ("eller",) and len(tail) == 2:
        retning = "øvre" if tail[1] in UPPER_AFTER else "nedre" if tail[1] in LOWER_AFTER else ""
        after = tail if retning else ()
    lead = {"senest", "tidligst", "innen"} & set(phrase)
    if lead and clause.ord[last : last + 1] == ("før",):
        retning = "nedre" if retning == "øvre" else "øvre"  # «senest 7 dager før …»
    scale = HOURS.get(unit)
    stop = last + len(after)
    return Limit(
        range(first, stop),
        clause.ord[first:stop],
        at,
        retning,
        value * scale if scale else value,
        "timer" if scale else unit if last > at + 1 else "",
        bool(STRICT & set(phrase)) and "ikke" not in phrase,
    )


def number(word: str) -> float | None:
    """The number that a word is, in digits or letters; a date as a number of days."""
    day = day_number(word)
    if day is not None:
        return day
    if re.fullmatch(r"\d+(?:,\d+)?", word):
        return float(word.replace(",", "."))
    return NUMBERS.get(word) if word not in ("en", "ei", "et") else None


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
