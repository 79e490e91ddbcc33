"""What the changes of a case mean to each system: record by record, and in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from gettext import NullTranslations
from itertools import groupby
from typing import TypeVar, get_args

from kravverk.bindings import bindinger
from kravverk.classes import strongest
from kravverk.comparison import Sammenligning
from kravverk.impact import Hvordan, Virkning, per_system
from kravverk.models import KLASSER, PLIKTER, UTEN_MENING, Klasse, Plikt

Row = TypeVar("Row")
Bedt = tuple[Klasse, str, str]  # class, hvordan, and the level where it is no must
MOST: Hvordan = "utvikling"  # what a change asks at the most
NORWEGIAN = NullTranslations()  # the words as they stand here


@dataclass(frozen=True)
class Cell:
    """What the changes of one record mean to one system: the strongest that is known, and doubt."""

    klasse: Klasse
    hvordan: str
    usikker: bool  # something more is undecided
    # Why, for each change that means something; two cells that read alike are alike without it.
    fordi: tuple[str, ...] = field(default=(), compare=False)
    plikt: Plikt = "skal"  # how strongly the record binds the system; of what asks nothing, skal


def matrix(found: Sammenligning) -> dict[str, dict[str, Cell]]:
    """system -> record -> what it meets; systems for which nothing changes are left out."""
    cells: dict[str, dict[str, Cell]] = {}
    posts = {row.post for row in found.virkninger}
    bound = {post: bindinger(found.after.krav.get(post), found.after) for post in posts}
    for system, rows in per_system(found.virkninger).items():
        for post, found_rows in groupby(sorted(rows, key=_post), key=_post):
            mine = list(found_rows)
            quiet = ("uavklart", "redaksjonell", "informativ")
            known = [row for row in mine if row.klasse not in quiet]
            known = known or [row for row in mine if row.klasse == "uavklart"] or mine
            top = strongest_row(known)
            doubt = top.klasse != "uavklart" and any(row.klasse == "uavklart" for row in mine)
            if top.klasse not in UTEN_MENING:
                how = strongest_row(mine).hvordan
                told = [row for row in known if row.klasse != "presisert"] or known
                why = tuple(dict.fromkeys(row.fordi for row in told))
                asks = how != "informasjon" and system in bound[post]
                plikt = bound[post][system].plikt if asks else "skal"
                cells.setdefault(system, {})[post] = Cell(top.klasse, how, doubt, why, plikt)
    return cells


def _post(row: Virkning) -> str:
    return row.post


def strongest_row(rows: Sequence[Virkning]) -> Virkning:
    """The first row of the strongest class."""
    top = strongest(row.klasse for row in rows)
    return next(row for row in rows if row.klasse == top)


def summary(cells: Mapping[str, Mapping[str, Cell]], tale: NullTranslations = NORWEGIAN) -> str:
    """How many systems are hit, and how, in one sentence; `tale` says it in another language.

    `cells` is system -> record -> what it meets, for the systems that are hit.
    """
    ngettext = tale.ngettext
    rows = cells.values()
    ways = Counter("anbefalt" if level(row) and way(row) == MOST else way(row) for row in rows)
    milder = sum(way(row) == "via-fellesløsning" and level(row) != "" for row in rows)
    if not ways:
        return tale.gettext("Ingen systemer får endrede plikter.")
    said = {
        "utvikling": ngettext(
            "%(num)s må utvikle eller vurdere selv",
            "%(num)s må utvikle eller vurdere selv",
            ways["utvikling"],
        ),
        "anbefalt": ngettext(
            "%(num)s bør eller kan gjøre det",
            "%(num)s bør eller kan gjøre det",
            ways["anbefalt"],
        )
        if ways[MOST]
        else ngettext(
            "%(num)s bør eller kan utvikle",
            "%(num)s bør eller kan utvikle",
            ways["anbefalt"],
        ),
        "via-fellesløsning": ngettext(
            "%(num)s nås gjennom en fellesløsning",
            "%(num)s nås gjennom en fellesløsning",
            ways["via-fellesløsning"],
        ),
        "informasjon": ngettext(
            "%(num)s trenger bare å vite om det",
            "%(num)s trenger bare å vite om det",
            ways["informasjon"],
        ),
    }
    # «22 systemer berøres: alle må …», and not «22 må …».
    alone = ngettext("det", "alle", ways.total()) if len(ways) == 1 else ""
    if milder:  # what they are only recommended is not told as if they had to
        whole = milder == ways["via-fellesløsning"]
        some = tale.gettext("alle") if whole and milder > 1 else f"{milder}"
        said["via-fellesløsning"] += tale.gettext(" (for %(num)s bare bør eller kan)").replace(
            "%(num)s", some
        )
    parts = [words % {"num": alone or ways[how]} for how, words in said.items() if ways[how]]
    every = ngettext(
        "%(num)s system berøres: %(hvordan)s.",
        "%(num)s systemer berøres: %(hvordan)s.",
        ways.total(),
    )
    return every % {"num": ways.total(), "hvordan": ", ".join(parts)}


def alike(rows: Mapping[str, Row]) -> list[tuple[list[str], Row]]:
    """(systems, what is said of each), where systems of which the same is said stand together."""
    found: list[tuple[list[str], Row]] = []
    for system, row in rows.items():
        mine = next((systems for systems, other in found if other == row), None)
        if mine is None:
            found.append(([system], row))
        else:
            mine.append(system)
    return found


def way(row: Mapping[str, Cell]) -> str:
    """What the changes together ask of one system: the most that any of them does."""
    return min((cell.hvordan for cell in row.values()), key=get_args(Hvordan).index)


def level(row: Mapping[str, Cell]) -> str:
    """«bør» or «kan» where no more than that is asked of a system; empty where it must."""
    how = way(row)
    if how == "informasjon":
        return ""
    top = min((cell.plikt for cell in row.values() if cell.hvordan == how), key=PLIKTER.index)
    return "" if top == "skal" else top


def by_class(
    cells: Mapping[str, Mapping[str, Cell]],
) -> list[tuple[Bedt, bool, Bedt | None, list[str]]]:
    """(what the strongest class asks, doubt, what asks more than that, systems)."""
    same: dict[tuple[Bedt, bool, Bedt | None], list[str]] = {}
    for system, row in cells.items():
        known = {post: cell for post, cell in row.items() if cell.klasse != "uavklart"}
        top = _strongest_of(known or row)
        most = {post: cell for post, cell in row.items() if cell.hvordan == way(row)}
        most = {post: cell for post, cell in most.items() if level({post: cell}) == level(row)}
        more = _strongest_of(most)
        doubt = known and any(c.usikker or c.klasse == "uavklart" for c in row.values())
        key = top, bool(doubt), more if more[1:] != top[1:] else None
        same.setdefault(key, []).append(system)

    def rank(item: tuple[tuple[Bedt, bool, Bedt | None], list[str]]) -> tuple[bool, str, str]:
        top, _, more = item[0]
        return (more or top)[1] != MOST, (more or top)[2], top[0]

    return [(*key, systems) for key, systems in sorted(same.items(), key=rank)]


def _strongest_of(row: Mapping[str, Cell]) -> Bedt:
    """What the strongest class among some records asks of a system, by its own cells alone."""
    top = strongest(cell.klasse for cell in row.values())
    mine = {post: cell for post, cell in row.items() if cell.klasse == top}
    return top, way(mine), level(mine)


def together(
    cells: Mapping[str, Mapping[str, Cell]], posts: Sequence[str]
) -> list[tuple[list[str], dict[str, Cell]]]:
    """The systems that meet the same in some records, which is what one table shows of them."""
    return alike({s: {p: row[p] for p in posts if p in row} for s, row in cells.items()})


def by_strength(found: Sammenligning, posts: Sequence[str], most: int) -> list[str]:
    """Some records of a case in order; where they are more than `most`, what asks most first."""
    if len(posts) <= most:
        return list(posts)
    asked: dict[str, list[Klasse]] = {}
    for row in found.virkninger:
        asked.setdefault(row.post, []).append(row.klasse)
    return sorted(posts, key=lambda post: KLASSER.index(strongest(asked.get(post, ()))))


def unclear(found: Sammenligning) -> list[tuple[str, str | None]]:
    """(record, field) of what no rule and no role has decided."""
    undecided = {(v.post, v.felt) for v in found.virkninger if v.klasse == "uavklart"}
    return sorted(undecided, key=lambda pair: (pair[0], pair[1] or ""))
