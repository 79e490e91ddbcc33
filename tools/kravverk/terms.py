"""Which terms of the glossary a text uses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kravverk.models import Begrep

WORD = re.compile(r"[\w-]+")
ENDINGS = ("", "a", "e", "en", "ene", "er", "et", "n", "ne", "r")
SHORT = 5  # a word with fewer letters is a term only as it stands in the glossary


class Terms:
    """A glossary to look words up in; an abbreviation is known only by its capitals."""

    def __init__(self, begreper: Iterable[Begrep]) -> None:
        self._words: dict[str, Begrep] = {}
        self._phrases: dict[str, Begrep] = {}
        for begrep in begreper:
            for called in (begrep.navn, *begrep.forkortelser):
                name = called.partition(" (")[0]
                if " " in name:
                    self._phrases[name.lower()] = begrep
                elif len(name) < SHORT or not name[1:].islower():
                    self._words[name] = begrep
                else:
                    forms = ((name + end, name.lower() + end) for end in ENDINGS)
                    self._words |= {form: begrep for both in forms for form in both}

    def used_in(self, text: str) -> list[Begrep]:
        """The terms that a text uses, by name."""
        low = text.lower()
        known: Mapping[str, Begrep] = self._words
        found = {b.id: b for word in set(WORD.findall(text)) if (b := known.get(word))}
        found |= {b.id: b for phrase, b in self._phrases.items() if phrase in low}
        return sorted(found.values(), key=lambda b: b.navn.lower())
