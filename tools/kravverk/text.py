"""Requirement prose: its one canonical form, its tokens, and the difference between two texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

# A list item as CommonMark sees it: a bullet, or a number with a full stop or parenthesis.
_ITEM = re.compile(r"(?:[-*+]|(\d{1,9})[.)])(?:\s+|$)")

# One token is a code or number with all its parts (M25.1, PLL-0042, 2026-03-01, 12:30, 4,5),
# a word with its hyphens, a run of white space, or a single other character.
_TOKEN = re.compile(r"\w+(?:[-.:,/]\w+)*|\s+|[^\w\s]")

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


def tokens(text: str) -> list[str]:
    """The tokens of a text in order; joined they are the text again."""
    return _TOKEN.findall(text)


def item_diff(gammel: Sequence[str], ny: Sequence[str]) -> list[tuple[Slag, str]]:
    """The steps from one list to another by whole items: kept, taken out, put in."""
    steps: list[tuple[Slag, str]] = []
    # autojunk would throw away words that are frequent in long texts, and with them the match.
    matcher = SequenceMatcher(None, gammel, ny, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            steps += [("lik", item) for item in gammel[old_from:old_to]]
        else:
            steps += [("ut", item) for item in gammel[old_from:old_to]]
            steps += [("inn", item) for item in ny[new_from:new_to]]
    return steps


def word_diff(gammel: str, ny: str) -> list[tuple[Slag, str]]:
    """The steps from one text to the other by whole words: kept, taken out, put in."""
    return _without_islands(item_diff(tokens(gammel), tokens(ny)))


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
