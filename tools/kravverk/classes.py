"""What a change of one field means: tightened, relaxed, or nothing a machine can decide.

The test of design.md §5: could a system that met the old fail the new (`skjerpet`), and could one
that failed the old meet the new (`lempet`)? The table at the end gives each field its one judge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from kravverk.diff import Endring
from kravverk.edits import Known, no_word
from kravverk.meaning import judge
from kravverk.models import KLASSER, KRAV_ID, UTEN_MENING, Json, Klasse
from kravverk.text import word

Verdict = tuple[Klasse, str]  # the class, and why in one clause
Judge = Callable[[Endring], Verdict]
# The dates by which something must be done.
FORCES = ("frister.mottak_innen", "frister.oppfylles_innen")


def strongest(klasser: Iterable[Klasse]) -> Klasse:
    """The class that comes first in the order of design.md §5; `informativ` when there is none."""
    return min(klasser, key=KLASSER.index, default="informativ")


def _frist(endring: Endring) -> Verdict:
    """A date that is set or comes sooner leaves less time.

    The other way round for the day from which something may be used, which asks nothing of
    anybody, and for the one that ends a duty: when it is set it gives room, and later is less.
    """
    name = (endring.felt or "").partition(".")[2]
    called, gives_room = f"«{word(name)}»", name in ("kan_brukes_fra", "utfases")
    if endring.gammel is None:
        return ("lempet" if gives_room else "skjerpet"), f"{called} er satt til {endring.ny}"
    if endring.ny is None:
        words = f"{called} {endring.gammel} er tatt bort"
        return ("skjerpet" if gives_room else "lempet"), words
    words = f"{called} er flyttet fra {endring.gammel} til {endring.ny}"
    less = (endring.ny > endring.gammel) == gives_room
    return ("skjerpet" if less else "lempet"), words


def _first_date(endring: Endring, due: date) -> Verdict:
    """A first date on what binds from a known day already: what it is beside that day."""
    day = date.fromisoformat(endring.ny)
    words = f"«{word((endring.felt or '').partition('.')[2])}» er satt til {endring.ny}"
    if day == due:
        return "redaksjonell", f"{words}, dagen kravet alt gjelder fra"
    klasse: Klasse = "lempet" if day > due else "skjerpet"
    return klasse, f"{words}; uten den datoen gjelder kravet fra {due}"


def _godkjenning(endring: Endring) -> Verdict:
    """A test by Norsk helsenett asks more than the vendor's own declaration."""
    klasse: Klasse = "skjerpet" if endring.ny == "nhn-test" else "lempet"
    return klasse, f"godkjenningen går fra {endring.gammel} til {endring.ny}"


def _set(endring: Endring) -> Verdict:
    """Members put in ask more, members taken out ask less, both is another duty."""
    old, new = set(endring.gammel or ()), set(endring.ny or ())
    put_in, taken_out = sorted(new - old), sorted(old - new)
    words = "; ".join(
        f"{what} {', '.join(members)}"
        for what, members in (("lagt til:", put_in), ("fjernet:", taken_out))
        if members
    )
    if put_in and taken_out:
        return "endret_plikt", words
    return ("skjerpet" if put_in else "lempet"), words


def _akseptanse(endring: Endring) -> Verdict:
    """Whole points put in or taken out are decided as a set; a reworded point is not."""
    old, new = Counter(endring.gammel or ()), Counter(endring.ny or ())
    put_in, taken_out = (new - old).total(), (old - new).total()
    if put_in and taken_out:
        return "uavklart", "akseptansepunkter er omformulert eller byttet"
    if put_in:
        return "skjerpet", f"{put_in} {'punkt' if put_in == 1 else 'punkter'} er lagt til"
    if taken_out:
        return "lempet", f"{taken_out} {'punkt' if taken_out == 1 else 'punkter'} er fjernet"
    return "redaksjonell", "de samme punktene står i en annen rekkefølge"


def _status(endring: Endring) -> Verdict:
    """From trial to in force asks more, and back asks less."""
    klasse: Klasse = "skjerpet" if endring.ny == "gjeldende" else "lempet"
    return klasse, f"status går fra {endring.gammel} til {endring.ny}"


def _uavklart(endring: Endring) -> Verdict:
    """What no rule can decide; a named role must (`avklaringer` in the case)."""
    return "uavklart", f"hva endringen i {endring.felt or 'posten'} betyr, må en rolle avgjøre"


def _informativ(endring: Endring) -> Verdict:
    """The field binds nobody."""
    return "informativ", f"feltet {endring.felt} binder ingen" if endring.felt else "binder ingen"


# Every field of a requirement, by its name before the first full stop, has exactly one judge.
JUDGES: Mapping[str, Judge] = {
    "status": _status,
    "erstattet_av": _informativ,
    "utgatt_fordi": _informativ,
    "tittel": _uavklart,  # the texts, and points of acceptance, are judged by their words
    "tekst": _uavklart,
    "akseptanse": _akseptanse,
    "gjelder": _uavklart,  # reached only where nobody is bound before or after
    "godkjenning": _godkjenning,
    "tema": _informativ,
    "meldinger": _set,
    "begrunnelse": _informativ,
    "avhenger_av": _uavklart,
    "frister": _frist,
    "kilder": _informativ,
    "engelsk": _informativ,
}


def field_class(endring: Endring, known: Known, due: date | None = None) -> Verdict:
    """The class of a change in a requirement for a system that is bound before and after.

    `due` is the day from which the requirement bound before, where that is known (`bindings`).
    """
    if endring.felt is None:
        return "informativ", "posten er ny eller slettet"  # who is bound decides (`impact`)
    if due and endring.gammel is None and endring.felt in FORCES:
        return _first_date(endring, due)
    verdict = JUDGES[endring.felt.split(".")[0]](endring)
    if verdict[0] == "uavklart" and endring.felt in ("tittel", "tekst", "akseptanse"):
        old, new = (_prose(side) for side in (endring.gammel, endring.ny))
        klasse, because = judge(old, new, known)
        # A title and a point of acceptance bind by the text they belong to, not by themselves.
        if endring.felt == "tekst" or klasse == "redaksjonell":
            return klasse, because
        return "uavklart", f"{verdict[1]}: {because}" if old and new else verdict[1]
    return verdict


def editorial(post: str, felt: str | None, gammel: Json, ny: Json) -> bool:
    """Whether a text of a requirement says the same after a change, proved without a dictionary."""
    if not (felt and KRAV_ID.fullmatch(post) and isinstance(gammel, str) and isinstance(ny, str)):
        return bool(gammel == ny)
    changed = Endring(post, felt, "endret", gammel, ny)
    return field_class(changed, no_word)[0] in UTEN_MENING


def _prose(found: Json) -> str:
    """A field's text; a list of points as the list it is."""
    return "\n".join(f"- {point}" for point in found) if isinstance(found, list) else found or ""


def namespace_class(endring: Endring, roles: set[str]) -> Verdict:
    """A namespace put in: a receiver must read more, a sender may send more; taken out: reverse."""
    klasse, words = _set(endring)
    if klasse == "endret_plikt" or len(roles) > 1:
        return "endret_plikt", words
    if roles == {"mottaker"}:
        return klasse, words
    return ("lempet" if klasse == "skjerpet" else "skjerpet"), words


def other_class(endring: Endring) -> Verdict:
    """The class of a change in a record that is no requirement and reaches nobody by itself.

    What a group or a message is called and said to be carries meaning for every requirement that
    names it; a theme or an area only sorts them.
    """
    sorts = endring.post.startswith(("temaer/", "omrader/"))
    if endring.slag == "ny_post" or endring.felt == "kilder" or (sorts and endring.felt):
        return _informativ(endring)
    return _uavklart(endring)
