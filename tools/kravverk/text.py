"""Requirement prose: its one canonical form, its tokens, and the difference between two texts."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

# A list item as CommonMark sees it: a bullet, or a number with a full stop or parenthesis.
_ITEM = re.compile(r"(?:[-*+]|(\d{1,9})[.)])(?:\s+|$)")

# One token is a code or number with all its parts (M25.1, PLL-0042, 2026-03-01, 12:30, 4,5),
# a word with its hyphens, a run of white space, or a single other character.
_WORD = re.compile(r"\w+(?:[-.:,/]\w+)*|[^\w\s]")
_TOKEN = re.compile(rf"{_WORD.pattern}|\s+")

MONTHS = (
    *("januar", "februar", "mars", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "desember"),
)

Slag = Literal["lik", "ut", "inn"]


def normal(text: str) -> str:
    """The canonical form of a text: what it says, without how its lines were wrapped.

    NFC, LF, one space between words, the lines of a paragraph joined, list items one a line
    under `-` or their number, nesting shown by four spaces, paragraphs apart by one blank line.
    Two texts that a reader would see as the same have the same canonical form (design.md §2).
    """
    text = unicodedata.normalize("NFC", text)
    if "\n" not in text.strip() and "\r" not in text:
        return " ".join(text.split())
    blocks: list[tuple[int, bool, str]] = []  # nesting, is it a list item, words
    inside: list[int] = []  # where the text of each open list item begins, outermost first
    blank = True
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        words = " ".join(line.split())
        if not words:
            blank = True
            continue
        indent = len(line) - len(line.lstrip())
        item = _ITEM.match(words)
        # Only a bullet or the number 1 may interrupt a paragraph (CommonMark 5.2), so that a
        # line that happens to begin with "24." stays in its sentence.
        interrupts = not blank and indent >= (inside[-1] if inside else 0)
        if item and interrupts and (item[1] not in (None, "1") or item.end() == len(words)):
            item = None
        if item or blank:
            while inside and indent < inside[-1]:
                inside.pop()
        if item:
            marker = f"{item[1]}." if item[1] else "-"
            blocks.append((len(inside), True, f"{marker} {words[item.end() :]}".rstrip()))
            inside.append(indent + len(marker) + 1)
        elif blank:
            blocks.append((len(inside), False, words))
        else:
            nesting, is_item, before = blocks[-1]
            blocks[-1] = (nesting, is_item, f"{before} {words}")
        blank = False
    out = ""
    for at, (nesting, is_item, words) in enumerate(blocks):
        if at:
            out += "\n" if is_item and blocks[at - 1][1] else "\n\n"
        out += "    " * nesting + words
    return out


def dato(day: date) -> str:
    """A date as people read it: 18. desember 2026."""
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def word(name: str) -> str:
    """A name of the code as people read it: «ny plikt» for `ny_plikt`."""
    return name.replace("_", " ")


def tokens(text: str) -> list[str]:
    """The tokens of a text in order; joined they are the text again."""
    return _TOKEN.findall(text)


def words(text: str) -> list[str]:
    """The words and marks of a text, without the white space between them."""
    return _WORD.findall(text)


_ALIKE = str.maketrans(
    {
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("’‘´`", "'"),
        **dict.fromkeys("–—", "-"),
        "…": "...",
        "\N{NO-BREAK SPACE}": " ",
    }
)


_MARKS = re.compile(f"[{''.join(map(chr, _ALIKE))}]")
_APART = re.compile(rf"\d(?:(?=(?:mg|kg|ml|MB|kB|GB|TB|%)(?!\w))|\.(?=(?:{'|'.join(MONTHS)})\b))")


def typographic(text: str) -> str:
    """The text with marks that look or read alike made one: quotes, dashes, spaces, dots."""
    if _MARKS.search(text):  # seldom, and looking costs less than changing
        text = re.sub(r"`([^`\n]+)`", r"\1", text).translate(_ALIKE)
    return re.sub(r"[ \t]{2,}|\t", " ", _APART.sub(r"\g<0> ", text)).strip()


@dataclass(frozen=True)
class Sentence:
    """One sentence; of a list item also the sentence that opens the list."""

    tekst: str
    punkt: bool = False
    innledning: str = ""
    foran: str = field(default="", compare=False)  # what parts it from the sentence before


# After these a full stop ends no sentence. The mark comes first, so that it is looked for alone.
_SHORT = (
    r"(?<!\b[a-zæøå].)(?<!\bf\.eks.)(?<!\bbl\.a.)(?<!\bjf.)"
    r"(?<!\bnr.)(?<!\bkap.)(?<!\bpkt.)(?<!\bev.)"
)
_END = re.compile(
    rf"[.!?](?:{_SHORT}(?<!\d.)(?=\s+[^\W\da-zæøå]|\s*$)|(?<=\d\.)(?=\s+[A-ZÆØÅ]|\s*$))"
)


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text in its canonical form, list items apart."""
    found: list[Sentence] = []
    opening = ""
    for line in filter(None, normal(text).split("\n")):
        item = _ITEM.match(line.lstrip())
        body = line.lstrip()[item.end() :] if item else line.strip()
        mark = line[: len(line) - len(body)]
        start, between = 0, f"\n{mark}" if item else "\n\n"
        for end in [match.end() for match in _END.finditer(body)] + [len(body)]:
            if part := body[start:end].strip():
                found.append(Sentence(part, bool(item), opening if item else "", between))
                between = " "
            start = end
        if not item and found:
            opening = found[-1].tekst
    return found


def structure(text: str) -> list[tuple[int, str, int]]:
    """How a text is divided: for each block its nesting, its mark and how many sentences it has."""
    found: list[tuple[int, str, int]] = []
    for line in filter(None, normal(text).split("\n")):
        item = _ITEM.match(line.lstrip())
        mark = ("1." if item[1] else "-") if item else ""
        body = line.lstrip()[item.end() :] if item else line.strip()
        found.append((len(line) - len(line.lstrip()), mark, len(_END.findall(body.rstrip(".!?")))))
    return found


Aligned = tuple[Literal["lik", "endret", "ut", "inn", "flyttet"], Sentence | None, Sentence | None]
_PAIRS = 40_000  # how many sentence pairs are compared before position alone decides
_LIKE = 0.4  # how alike two sentences must be to be one that changed


def align(gammel: str, ny: str) -> list[Aligned]:
    """The sentences of two texts side by side: kept, changed, gone, new, or only moved."""
    old, new = sentences(gammel), sentences(ny)
    rows: list[Aligned] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            rows += [("lik", a, b) for a, b in zip(old[i:j], new[k:m], strict=True)]
        else:
            rows += _paired(old[i:j], new[k:m])
    gone = Counter(row[1] for row in rows if row[0] == "ut")
    moved = gone & Counter(row[2] for row in rows if row[0] == "inn")
    left = Counter(moved)
    result: list[Aligned] = []
    for slag, a, b in rows:
        if slag == "ut" and left[a]:
            left[a] -= 1
        elif slag == "inn" and moved[b]:
            moved[b] -= 1
            result.append(("flyttet", None, b))
        else:
            result.append((slag, a, b))
    return result


def _paired(old: list[Sentence], new: list[Sentence]) -> Iterator[Aligned]:
    """Pair the sentences of a changed stretch in order, the most alike together."""
    if len(old) * len(new) > _PAIRS:
        pairs = [(at, at) for at in range(min(len(old), len(new)))]
    else:
        said = [[words(s.tekst.lower()) for s in side] for side in (old, new)]
        bags = [[Counter(found) for found in side] for side in said]
        alike = [
            [
                2 * (bags[0][i] & bags[1][k]).total() / max(len(said[0][i] + said[1][k]), 1)
                if x.punkt == y.punkt
                else 0.0
                for k, y in enumerate(new)
            ]
            for i, x in enumerate(old)
        ]
        best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
        for i in range(len(old) - 1, -1, -1):
            for k in range(len(new) - 1, -1, -1):
                score = alike[i][k] if alike[i][k] >= _LIKE else -1.0
                best[i][k] = max(best[i + 1][k], best[i][k + 1], score + best[i + 1][k + 1])
        pairs, i, k = [], 0, 0
        while i < len(old) and k < len(new):
            if alike[i][k] >= _LIKE and best[i][k] == alike[i][k] + best[i + 1][k + 1]:
                pairs.append((i, k))
                i, k = i + 1, k + 1
            elif best[i][k] == best[i + 1][k]:
                i += 1
            else:
                k += 1
    i = k = 0
    for a, b in [*pairs, (len(old), len(new))]:
        yield from (("ut", sentence, None) for sentence in old[i:a])
        yield from (("inn", None, sentence) for sentence in new[k:b])
        if a < len(old):
            yield "endret", old[a], new[b]
        i, k = a + 1, b + 1


def item_diff(gammel: Sequence[str], ny: Sequence[str]) -> list[tuple[Slag, str]]:
    """The steps from one list to another by whole items: kept, taken out, put in.

    What the two begin and end with is kept; only what lies between is searched for more. The
    space before a word goes with it.
    """
    least = min(len(gammel), len(ny))
    first = next((at for at in range(least) if gammel[at] != ny[at]), least)
    first -= bool(first and gammel[first - 1].isspace())
    left = range(1, least - first + 1)
    last = next((at - 1 for at in left if gammel[-at] != ny[-at]), least - first)
    old, new = gammel[first : len(gammel) - last], ny[first : len(ny) - last]
    steps: list[tuple[Slag, str]] = [("lik", item) for item in gammel[:first]]
    # autojunk would throw away words that are frequent in long texts, and with them the match.
    matcher = SequenceMatcher(None, old, new, autojunk=False) if old and new else None
    whole = [("replace", 0, len(old), 0, len(new))]
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes() if matcher else whole:
        if tag == "equal":
            steps += [("lik", item) for item in old[old_from:old_to]]
        else:
            steps += [("ut", item) for item in old[old_from:old_to]]
            steps += [("inn", item) for item in new[new_from:new_to]]
    return steps + [("lik", item) for item in gammel[len(gammel) - last :]]


def list_diff(
    gammel: Sequence[str], ny: Sequence[str]
) -> list[tuple[Slag | Literal["endret"], str, str]]:
    """The same for a reader: (what, the item, what it became where one was only changed)."""
    steps = item_diff(gammel, ny)
    found: list[tuple[Slag | Literal["endret"], str, str]] = []
    for same, run in groupby(steps, key=lambda step: step[0] == "lik"):
        parts = list(run)
        gone = [item for slag, item in parts if slag == "ut"]
        put = [item for slag, item in parts if slag == "inn"]
        if same:
            found += [("lik", item, "") for _, item in parts]
        elif len(gone) == len(put) and all(map(_alike, gone, put)):
            found += [("endret", *pair) for pair in zip(gone, put, strict=True)]
        else:
            found += [(slag, item, "") for slag, item in parts]
    return found


def _alike(one: str, other: str) -> bool:
    a, b = words(one.lower()), words(other.lower())
    return 2 * (Counter(a) & Counter(b)).total() >= len(a + b) * _LIKE


def word_diff(gammel: str, ny: str) -> list[tuple[Slag, str]]:
    """The steps from one text to the other by whole words: kept, taken out, put in."""
    return _without_islands(item_diff(tokens(gammel), tokens(ny)))


def redline(gammel: str, ny: str) -> list[tuple[Slag | Literal["flyttet"], str]]:
    """The steps for a reader: sentences aligned first, then words; what only moved is told so."""
    steps: list[tuple[Slag | Literal["flyttet"], str]] = []
    for slag, old, new in align(gammel, ny):
        sentence = new or old
        assert sentence
        if steps:
            steps.append(("lik", sentence.foran))
        if slag == "endret" and old and new:
            steps += _readable(word_diff(old.tekst, new.tekst), old.tekst, new.tekst)
        else:
            kind: Slag | Literal["flyttet"] = "lik" if slag == "endret" else slag
            steps.append((kind, sentence.tekst))
    return steps


_MANY = 4  # changed places in one sentence, from where it may be easier read whole
_KEPT = 0.5  # how much of it must then stand between them


def _readable(steps: list[tuple[Slag, str]], old: str, new: str) -> list[tuple[Slag, str]]:
    """The steps of a sentence; one that was written anew is told as two whole sentences."""
    same = [part for slag, part in steps if slag == "lik"]
    if len(same) <= _MANY:
        return steps
    kept = sum(len(words(part)) for part in same)
    anew = kept < _KEPT * max(len(words(old)), len(words(new)))
    return [("ut", old), ("inn", f" {new}")] if anew else steps


def _without_islands(steps: list[tuple[Slag, str]]) -> list[tuple[Slag, str]]:
    """Join runs of steps, and changes that only a space keeps apart, so that a phrase is one."""
    spread: list[tuple[Slag, str]] = []
    for at, (slag, words) in enumerate(steps):
        island = 0 < at < len(steps) - 1 and steps[at - 1][0] != "lik" != steps[at + 1][0]
        if slag == "lik" and island and words.isspace() and "\n" not in words:
            spread += [("ut", words), ("inn", words)]
        else:
            spread.append((slag, words))
    joined: list[tuple[Slag, str]] = []
    for same, run in groupby(spread, key=lambda step: step[0] == "lik"):
        parts = list(run)
        kinds: tuple[Slag, ...] = ("lik",) if same else ("ut", "inn")
        for slag in kinds:
            words = "".join(part for kind, part in parts if kind == slag)
            if words:
                joined.append((slag, words))
    return joined
