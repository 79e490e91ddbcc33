"""The drawing of the steps of a frozen case, laid out from the table of moves."""

from __future__ import annotations

from dataclasses import dataclass

from kravverk.gate import DECIDED, OVERGANGER, Stegnavn

Punkt = tuple[int, int]
# Where each step stands; what lies on the way from draft to decision in the upper row.
_STED: dict[Stegnavn, Punkt] = {
    "vurdering": (10, 130),
    "anbefaling": (200, 130),
    "beslutning": (470, 130),
    "vedtatt": (720, 130),
    "sendt_tilbake": (110, 360),
    "utsatt": (335, 360),
    "avslått": (600, 360),
}
# What «neste» comes to where the route has both a body that recommends and one that decides.
_NESTE: dict[Stegnavn, Stegnavn] = {
    "vurdering": "anbefaling",
    "utsatt": "anbefaling",
    "sendt_tilbake": "anbefaling",
    "anbefaling": "beslutning",
    "beslutning": "vedtatt",
}
_BOKS = (110, 36)


@dataclass(frozen=True)
class Tegning:
    """Boxes, lines and words with their places, in units of the drawing."""

    bredde: int
    hoyde: int
    bokser: list[tuple[Stegnavn, int, int]]
    streker: list[list[Punkt]]
    ord: list[tuple[int, int, list[str]]]  # where the first line begins


def tegning() -> Tegning:
    """The drawing: one line for all acts that lead from one step to another."""
    ways: dict[tuple[Stegnavn, Stegnavn], list[str]] = {}
    for (fra, handling), (til, _) in OVERGANGER.items():
        decided = fra == "anbefaling" and handling in DECIDED
        reached = "vedtatt" if decided else _NESTE[fra] if til == "neste" else til
        # A new freeze begins anew; what is said moves nothing.
        if handling in ("frosset", "uttalt"):
            reached = "anbefaling" if handling == "frosset" else fra
        if reached != fra:
            ways.setdefault((fra, reached), []).append(handling)
    lines, words = [], []
    for (fra, til), acts in ways.items():
        line = _line(_STED[fra], _STED[til])
        (x1, y1), (x2, y2) = line[-2:]
        lines.append(line)
        if len(line) > 2:  # over the row, with the words on top of it
            words.append((line[1][0] + 10, line[1][1] - 6, [", ".join(acts)]))
        elif y1 == y2 and x2 < x1:
            words.append((x2 + 40, y1 + 14, acts))
        elif y1 == y2:
            words.append((x1 + 6, y1 - 6 - 13 * (len(acts) - 1), acts))
        else:  # a third of the way, where the lines are apart
            words.append((x1 + (x2 - x1) // 3 + 8, y1 + (y2 - y1) // 3, acts))
    return Tegning(840, 410, [(s, x, y) for s, (x, y) in _STED.items()], lines, words)


def _line(a: Punkt, b: Punkt) -> list[Punkt]:
    """From the edge of one box to the edge of another; over those between them in the row."""
    (width, height), (x1, y1), (x2, y2) = _BOKS, a, b
    between = [x for x, y in _STED.values() if y == y1 == y2 and x1 < x < x2]
    if between:
        over = y1 - 100
        return [(x1 + 55, y1), (x1 + 55, over), (x2 + 55, over), (x2 + 55, y2)]
    if y1 == y2 and x2 < x1:
        return [(x1, y1 + 26), (x2 + width, y2 + 26)]
    if y1 == y2:
        return [(x1 + width, y1 + 12), (x2, y2 + 12)]
    aside = width // 2 + (14 if y1 < y2 else -14)  # there and back beside one another
    tops = (y1 + height, y2) if y1 < y2 else (y1, y2 + height)
    return [(x1 + aside, tops[0]), (x2 + aside, tops[1])]
