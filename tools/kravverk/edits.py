"""The changed places between two texts, each with the sentence it stands in before and after."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kravverk.clauses import Clause, Words
from kravverk.models import Klasse
from kravverk.text import Aligned, Sentence, item_diff, typographic, words
from kravverk.words import (
    BINDING,
    CAPABILITY,
    CONDITIONS,
    EXCEPTIONS,
    FINITE,
    NEGATIONS,
    RESTRICTORS,
    SUBORDINATORS,
    VARIANTS,
)


@dataclass(frozen=True)
class Edit:
    """One changed place: the sentence before and after, and which of its words differ.

    A sentence that is new or gone has the other side empty.
    """

    gammel: Clause
    ny: Clause
    ut: range
    inn: range
    slag: str = "ord"  # ord | setning | punkt | flyttet
    innledning: Words = ()  # of a list item: the sentence that opens the list

    @property
    def words_out(self) -> Words:
        return self.gammel.ord[self.ut.start : self.ut.stop]

    @property
    def words_in(self) -> Words:
        return self.ny.ord[self.inn.start : self.inn.stop]

    @property
    def changed(self) -> set[str]:
        return {*self.words_out, *self.words_in}

    @property
    def single(self) -> tuple[str, str] | None:
        """The word before and after, where just one was exchanged for one."""
        if len(self.words_out) == len(self.words_in) == 1:
            return self.words_out[0], self.words_in[0]
        return None

    @property
    def written_out(self) -> Words:
        """What was taken out, as it is written."""
        return self.gammel.skrevet[self.ut.start : self.ut.stop]

    @property
    def written_in(self) -> Words:
        """What was put in, as it is written."""
        return self.ny.skrevet[self.inn.start : self.inn.stop]

    @property
    def single_written(self) -> tuple[str, ...]:
        """The same two as they are written."""
        return *self.written_out, *self.written_in

    @property
    def span(self) -> tuple[Clause, range, bool] | None:
        """What was only put in (True) or only taken out: the sentence it stands in, and where."""
        if not self.words_out and self.words_in:
            return self.ny, self.inn, True
        if not self.words_in and self.words_out:
            return self.gammel, self.ut, False
        return None

    @property
    def sides(self) -> tuple[tuple[Clause, int], tuple[Clause, int]]:
        """The sentence before and after, each with where it differs."""
        return (self.gammel, self.ut.start), (self.ny, self.inn.start)

    @property
    def places(self) -> tuple[tuple[Clause, range], tuple[Clause, range]]:
        """The sentence before and after, each with the part of it that differs."""
        return (self.gammel, self.ut), (self.ny, self.inn)

    @property
    def binds(self) -> int:
        """How strongly the sentence binds before and after; 0 when it does not."""
        return min(self.gammel.binding[0], self.ny.binding[0])

    @property
    def aside(self) -> bool:
        """Whether the place lies in a parenthesis, a purpose, a reason or an example."""
        inside = self.gammel.aside(self.ut.start) or self.ny.aside(self.inn.start)
        return self.slag == "ord" and inside

    @property
    def asked(self) -> bool:
        """Whether a place lies in a question: «om resepten er låst»."""
        return any({"om", "hvorvidt"} & set(c.ord[c.start(at) : at]) for c, at in self.sides)

    @property
    def told(self) -> str:
        """The evidence: what was exchanged, put in or taken out, as the text has it."""
        out, put_in = (quote(clause, at) for clause, at in self.places)
        if self.slag == "flyttet":
            return f"{put_in} er flyttet"
        if out and put_in:
            return f"{out} → {put_in}"
        return f"{put_in} er lagt til" if put_in else f"{out} er tatt bort"

    def either_has(self, found: frozenset[str]) -> bool:
        """Whether a word stands in the unchanged part before or after."""
        return self.gammel.has(found, self.ut) or self.ny.has(found, self.inn)


Known = Callable[[str], bool]  # whether a word is a word


def no_word(_: str) -> bool:
    """A dictionary without words: no misspelling is ever proved."""
    return False


@dataclass(frozen=True)
class Ordforrad:
    """A dictionary, and how many records of a register use a word."""

    ordbok: Known
    poster_med: Callable[[str], int]

    def __call__(self, word: str) -> bool:
        """Whether a word is a word."""
        return self.ordbok(word) or self.brukt(word)

    def brukt(self, word: str) -> bool:
        """Whether more than one record uses a word, so that it is no slip of one."""
        return self.poster_med(word) > 1


Told = tuple[Klasse, str] | None  # the class and what led to it; None: not this rule's
MeaningRule = Callable[[Edit, Known], Told]
MORE_OR_LESS: dict[bool, Klasse] = {True: "skjerpet", False: "lempet"}


def places(rows: Sequence[Aligned]) -> Iterator[list[Edit]]:
    """The changed places, sentence by sentence."""
    alone = len(rows) == 1
    for slag, old, new in rows:
        before, after = (
            Clause(_enumerated(list(text)), alone, text) for text in (_words(old), _words(new))
        )
        if slag == "endret":
            front = _fronted(before, after)
            found = [front] if front else list(_edits(before, after))
            # A comma that became «og» may join what it only explained: told as it is written.
            yield found or list(_edits(Clause(_words(old), alone), Clause(_words(new), alone)))
        elif slag != "lik":
            sentence = new or old
            assert sentence
            kind = "flyttet" if slag == "flyttet" else "punkt" if sentence.punkt else "setning"
            opening = tuple(words(sentence.innledning.lower()))
            whole = range(len(before.ord)), range(len(after.ord))
            # A whole sentence binds as it stands; the empty side must not weaken it.
            yield [Edit(before, after, *whole, kind, opening)]


def _words(sentence: Sentence | None) -> Words:
    """The words of a sentence without its capital and its final full stop."""
    found = words(typographic(sentence.tekst)) if sentence else []
    if found and (found[0][1:].islower() or len(found[0]) == 1):
        found[0] = found[0].lower()
    for at in range(len(found) - 2, 1, -1):
        if found[at] == "å" and [w.lower() for w in found[at - 2 : at]] == ["trenger", "ikke"]:
            del found[at]  # «trenger ikke å vise» as «trenger ikke vise»
    return tuple(found[:-1] if found[-1:] in (["."], ["!"]) else found)


_NO_ITEM = {*BINDING, *SUBORDINATORS, *NEGATIONS, *RESTRICTORS, *FINITE, CAPABILITY, "men", "også"}
_NO_ITEM |= {"interne", "eksterne", "altså", "samt", "før", "mens", "både", "enten", '"'}
_NO_ITEM |= {*(phrase[0] for phrase in EXCEPTIONS), *";:()-"}


def _enumerated(found: list[str]) -> Words:
    """The words with «A, B og C» as «A og B og C», so that one more item is one difference."""
    made, at = list(found), 0
    while at < len(found):
        if found[at] == "," and (joint := _joint(found, at)):
            for i in range(at, joint):
                made[i] = found[joint] if found[i] == "," else found[i]
            at = joint
        at += 1
    return tuple(made)


def _joint(found: list[str], comma: int) -> int:
    """Where the last «og» or «eller» of the enumeration after a comma stands; 0 where none does."""
    item = 0
    for at in range(comma + 1, len(found)):
        word = found[at].lower()
        if word in ("og", "eller"):
            return at if 0 < item < 4 else 0
        item = 0 if word == "," else item + 1
        if word in _NO_ITEM or item > 3:
            return 0
    return 0


def _edits(before: Clause, after: Clause) -> Iterator[Edit]:
    """The changed places of one sentence; words exchanged one for one are places of their own."""
    old = new = at = 0
    steps = item_diff(before.skrevet, after.skrevet)
    while at < len(steps):
        if steps[at][0] == "lik":
            old, new, at = old + 1, new + 1, at + 1
            continue
        from_old, from_new = old, new
        while at < len(steps) and steps[at][0] != "lik":
            old, new = old + (steps[at][0] == "ut"), new + (steps[at][0] == "inn")
            at += 1
        if from_old == old or from_new == new:  # «mengde og» gone after «og» is «og mengde» gone
            only = after.ord if from_old == old else before.ord
            first, last = (from_new, new) if from_old == old else (from_old, old)
            while first and only[first - 1] == only[last - 1] in ("og", "eller"):
                first, last = first - 1, last - 1
                from_old, from_new, old, new = from_old - 1, from_new - 1, old - 1, new - 1
        pairs = list(zip(before.ord[from_old:old], after.ord[from_new:new], strict=False))
        alike = old - from_old == new - from_new > 1 and all(_pairs(a, b) for a, b in pairs)
        if alike:
            for i in range(len(pairs)):
                one, other = from_old + i, from_new + i
                yield Edit(before, after, range(one, one + 1), range(other, other + 1))
        else:
            yield Edit(before, after, range(from_old, old), range(from_new, new))


def _pairs(a: str, b: str) -> bool:
    """Whether two words are clearly the same place in a sentence."""
    pair = frozenset((a, b))
    return {a, b} <= set(BINDING) or pair in VARIANTS or (len(a) > 3 < len(b) and near(a, b))


def _fronted(before: Clause, after: Clause) -> Edit | None:
    """A condition put in front or taken away from there, which also turns the words after it.

    «Systemet skal vise …» and «Dersom …, skal systemet vise …» differ by the condition only.
    """
    for one, other, put_in in ((after, before, True), (before, after, False)):
        if one.ord and one.ord[0] in CONDITIONS and "," in one.ord:
            comma, at = one.ord.index(","), other.binding[1]
            turned = (*other.ord[at : at + 1], *other.ord[:at], *other.ord[at + 1 :])
            if one.ord[comma + 1 :] == turned:
                spans = (range(0), range(comma + 1)) if put_in else (range(comma + 1), range(0))
                return Edit(before, after, *spans)
    return None


def near(old: str, new: str) -> bool:
    """At most two letters put in, taken out or exchanged; one in a short word."""
    if abs(len(old) - len(new)) > 2:
        return False
    row = list(range(len(new) + 1))
    for i, a in enumerate(old, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(new, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1] <= (2 if len(old) > 5 else 1)


LETTERS = "abcdefghijklmnopqrstuvwxyzæøåéèêóòôü"


def one_away(word: str) -> set[str]:
    """All that one letter put in, taken out, exchanged or turned with the next makes of a word."""
    found = set()
    for at in range(len(word) + 1):
        a, b = word[:at], word[at:]
        found |= {a + b[1:], a + b[1:2] + b[:1] + b[2:]}
        found |= {a + c + rest for c in LETTERS for rest in (b, b[1:])}
    return found - {word}


def quote(clause: Clause, at: range) -> str:
    """Words of a sentence as evidence, as the text has them, cut where they are many."""
    found = (clause.ordrett or clause.skrevet)[at.start : at.stop]
    whole = re.sub(r" (?=[,.;:)])", "", " ".join(found))
    text = whole.strip(", ") or whole
    return f"«{text if len(text) < 80 else text[:77] + '…'}»" if found else ""
