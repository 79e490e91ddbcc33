"""What a changed text means, from the words that carry meaning; `uavklart` wherever in doubt.

Two texts are aligned sentence by sentence, and each changed place is put to the rules. A text is as
clear as its least clear place. Nothing passes as `redaksjonell` unless it is proved.
"""

from __future__ import annotations

from collections.abc import Iterator

from kravverk.edits import Edit, Known, MeaningRule, places
from kravverk.limit_rules import grense
from kravverk.models import Klasse
from kravverk.scope_rules import sideordning
from kravverk.text import align, structure, typographic, words
from kravverk.text_rules import (
    TEXT_RULES,
    bindende_ord,
    motord,
    nektelse,
    sitat,
)
from kravverk.words import OTHERWISE

_POLARITY = (nektelse, motord)  # two of these in one sentence may cancel out


def judge(gammel: str, ny: str, known: Known) -> tuple[Klasse, str]:
    """What the change from one text to another means, and which rules and words say so.

    `known` says whether a word is a word; it is asked only where a misspelling is possible.
    """
    if typographic(gammel) == typographic(ny):
        return "redaksjonell", "bare tegn som leses likt, er byttet (typografi)"
    rows = align(gammel, ny)
    told = [told for place in places(rows) for told in _told(place, known)]
    if all(slag in ("lik", "endret") for slag, _, _ in rows) and structure(gammel) != structure(ny):
        told.append(("uavklart", "inndelingen i avsnitt eller punkter er endret (struktur)"))
    if not told:
        return "redaksjonell", "bare stor forbokstav eller sluttpunktum er endret (typografi)"
    klasse = _together({klasse for klasse, _ in told})
    if klasse in ("skjerpet", "lempet") and OTHERWISE & {
        *words(gammel.lower()),
        *words(ny.lower()),
    }:
        klasse = "uavklart"  # «Ellers skal …» turns what the sentence before it leaves
    return klasse, "; ".join(dict.fromkeys(why for _, why in told))


def _told(edits: list[Edit], known: Known) -> Iterator[tuple[Klasse, str]]:
    """What the rules say of the changed places of one sentence."""
    found: list[tuple[MeaningRule, Klasse, str]] = []
    for edit in edits:
        for rule in TEXT_RULES:
            verdict = rule(edit, known)
            if verdict and verdict[0] != "redaksjonell" and edit.aside:
                verdict = "uavklart", verdict[1]
            if verdict:
                found.append((rule, *verdict))
                break
    polarity = sum(rule in _POLARITY for rule, _, _ in found)
    turned = any(rule is grense and klasse == "endret_plikt" for rule, klasse, _ in found)
    listed = any(rule is sideordning for rule, _, _ in found)
    cited = any(rule is sitat for rule, _, _ in found)
    duty = {klasse for rule, klasse, _ in found if rule is bindende_ord}
    mixed = duty and {klasse for _, klasse, _ in found} - duty - {"redaksjonell"}
    agree = len({klasse for _, klasse, _ in found}) == 1
    doubt = (
        polarity > 1 or mixed or ((turned or cited or (listed and not agree)) and len(found) > 1)
    )
    for rule, klasse, why in found:
        yield (
            "uavklart" if doubt and klasse != "redaksjonell" else klasse,
            f"{why} ({rule.__name__.replace('_', '-')})",
        )


def _together(seen: set[Klasse]) -> Klasse:
    """The class of a text from those of its places."""
    if "uavklart" in seen:
        return "uavklart"
    if "endret_plikt" in seen or {"skjerpet", "lempet"} <= seen:
        return "endret_plikt"
    return "skjerpet" if "skjerpet" in seen else "lempet" if "lempet" in seen else "redaksjonell"
