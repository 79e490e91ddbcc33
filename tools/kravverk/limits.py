"""The limits of a sentence: a number with its limit word and unit, and what it decides."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kravverk.clauses import Clause, Words, code, day_number, find, long_day, number
from kravverk.words import (
    ABOUT,
    ACTORS,
    BINDING,
    CHOOSING,
    CONDITIONS,
    DEADLINE,
    EXACT,
    FINITE,
    HINDERS,
    LOWER,
    LOWER_AFTER,
    NEAR,
    NEGATIONS,
    NOT,
    SHOWING,
    STATES,
    STRICT,
    SUBORDINATORS,
    TIME,
    TRIGGERS,
    UNITS,
    UPPER,
    UPPER_AFTER,
)

# Phrase -> the direction that it gives the number after it.
_WAYS = {
    phrase: way
    for way, phrases in (("øvre", UPPER), ("nedre", LOWER), ("lik", EXACT))
    for phrase in phrases
}
_LONGEST = max(map(len, _WAYS))


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
        one = None if found and at in found.sted else _limit_at(clause, at)
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
    if number(clause.ord[at]) is None and not clause.ord[at][0].isdigit():
        return None
    clock = 2 if clause.ord[max(at - 2, 0) : at] == ("kl", ".") else 0
    clock = clock or int(clause.ord[at - 1 : at] == ("klokken",))
    value = _clock(clause.ord[at]) if clock else number(clause.ord[at])
    if value is None or (not clock and code(clause.skrevet[at])):
        return None
    first, retning = at, ""
    phrase: Words = ()
    after: Words = ()
    stop = at - clock
    for start in range(max(stop - _LONGEST, 0), stop):
        if way := _WAYS.get(clause.ord[start:stop]):
            first, retning, phrase = start, way, clause.ord[start:stop]
            break
    if retning and "ikke" not in phrase and first and clause.ord[first - 1] == "ikke":
        retning = ""  # a negated limit that the list does not have
    unit = clause.ord[at + 1] if at + 1 < len(clause.ord) else ""
    measured = unit == "%" or (unit.isalpha() and unit not in ("og", "eller", "som", "skal"))
    last = at + 2 if measured else at + 1
    stem = re.sub(r"(?<=\w{3})(er|ar|e)$", "", unit) if measured else ""
    kind, size = UNITS.get(unit, (stem, 1.0))
    day = day_number(clause.ord[at])
    if unit == "." and (day := long_day(clause.ord[at : at + 4])):
        value, last = day, at + 4
    kind = "klokken" if clock else "dato" if day else kind
    if clock:
        last = at + 1
    if clause.ord[max(at - 2, 0) : at] == ("minst", "hver") and clause.ord[at + 1 :][:1] == (".",):
        # «minst hver 14. dag»: a larger number is less often
        kind, size = UNITS.get("".join(clause.ord[at + 2 : at + 3]), ("", 1.0))
        return Limit(
            range(at - 2, at + 3),
            clause.ord[at - 2 : at + 3],
            at,
            "øvre",
            value * size,
            kind,
            False,
        )
    opens = clause.ord[:at] in (("fra",), ("fra", "og", "med"))
    if kind == "dato" and opens and clause.ord[last : last + 1] and clause.ord[last] in BINDING:
        first, retning = 0, "øvre"  # from when the duty holds: sooner asks more
    if kind == "dato" and at == clause.binding[1] + 2 and clause.ord[at - 1] == "fra":
        first, retning = at - 1, "øvre"
    if (DEADLINE & set(phrase) and kind not in TIME) or (
        phrase in (("over",), ("under",)) and unit not in UNITS
    ):
        retning = ""  # «innen helseregion 2», «en oversikt over 10 pasienter»
    apart = clause.ord[clause.binding[1] + 1 : clause.binding[1] + 2]  # «skal tidligst sendes …»
    timed = kind in TIME - {"dato", "klokken"} and clause.ord[last : last + 1] in (
        ("etter",),
        ("før",),
    )
    if not retning and timed and clause.binding[1] < at and apart in (("tidligst",), ("senest",)):
        phrase, retning = apart, "nedre" if apart == ("tidligst",) else "øvre"
    aged = clause.ord[last : last + 1] in (("gammelt",), ("gammel",), ("gamle",))
    tail = clause.ord[last + aged : last + aged + 2]
    if not retning and unit in UNITS and tail[:1] == ("eller",) and len(tail) == 2:
        retning = "øvre" if tail[1] in UPPER_AFTER else "nedre" if tail[1] in LOWER_AFTER else ""
        after = clause.ord[last : last + aged + 2] if retning else ()
    rest = clause.ord[last:]
    if retning and DEADLINE & set(phrase) and {"før", "forkant", "forveien", "forhånd"} & set(rest):
        turned = "nedre" if retning == "øvre" else "øvre"  # «senest 7 dager før …»
        sure = rest[0] == "før" or rest[:2] in (("på", "forhånd"), ("i", "forkant"))
        sure = sure and not {"innen", "innan"} & set(phrase)
        retning = turned if sure else ""
    stop = last + len(after)
    return Limit(
        range(first, stop),
        clause.ord[first:stop],
        at,
        retning,
        value * size,
        kind,
        bool(STRICT & set(phrase)) and not NOT & set(phrase),
    )


def _clock(word: str) -> float | None:
    """A time of the day in hours, from six in the morning to ten in the evening."""
    found = re.fullmatch(r"(\d{1,2})(?:[.:](\d\d))?", word)
    value = int(found[1]) + int(found[2] or 0) / 60 if found else 0.0
    return value if 6 <= value <= 22 else None


def bearing(clause: Clause, found: Limit) -> str:
    """What a limit decides: how much the duty asks (`main`), or to what it applies (`set`) or not
    (`unless`); empty when that cannot be said.
    """
    first, binding = found.sted.start, clause.binding[1]
    region, opened = clause.region(first), clause.start(first)
    aside = clause.aside(first) or clause.occasion(first)
    inside_set = range(opened, len(clause.ord)) if region != "main" else found.sted
    if not clause.plain or aside or not clause.polarity(inside_set):
        return ""
    if region != "main":
        before = clause.ord[opened:first]
        cut = max((i for i, w in enumerate(before) if w in CONDITIONS | {"som"}), default=-1)
        inside = before[cut + 1 :]
        if cut >= 0 and before[cut] == "som":
            loose = cut == 0 and opened and clause.ord[opened - 1] == ","
            chosen = opened + cut > binding and _one_will_do(clause, opened + cut)
            if loose or not set(inside[:1]) & FINITE or chosen:
                return ""  # «, som …» adds; «som avklart» is no clause
        elif region == "unless" and cut < 0 and find(before, ("med", "mindre")) < 0:
            return ""
        if find(before, ("men", "ikke")) >= 0:
            return ""  # «…, men ikke når det er under to dager til» is an exception
        negated = [word for word in inside if word in NEGATIONS]
        doubt = (_OPENS | HINDERS) & set(inside) or _OPENS & set(before[: max(cut, 0)])
        apart = {"og", "eller", ","} & {*inside}
        if len(negated) == 1 and apart:
            doubt = frozenset(negated)  # «ikke har svart og det er mer enn …»: another matter
        elif len(negated) == 1 and negated[0] in NOT and region == "set" and before[cut] != "som":
            region = "unset"  # «når svaret ikke er mottatt innen …»
        elif negated:
            doubt = frozenset(negated)
        return "" if doubt else region
    if clause.ord[found.sted.stop :][:1] in (("gammel",), ("gammelt",), ("gamle",)):
        return ""  # «minst 30 dager gamle utkast»
    if first < binding:
        if first == 0:  # «Minst 95 prosent av …», «Minst to leger …»; «Minst 5 feil» may trigger
            share = found.enhet == "prosent" and clause.ord[found.sted.stop :][:1] == ("av",)
            people = any(found.enhet in forms for forms in ACTORS[0]) or found.enhet == "personer"
            timed = DEADLINE & {*found.ord} and found.enhet in TIME
            timed = timed or (found.enhet == "dato" and found.ord[0] == "fra")
            whole = "," not in clause.ord[:binding] and not _OPENS & {*clause.ord[:binding]} - {
                "før"
            }
            counted = people and not found.streng
            told = clause.polarity(found.sted) > 0 and not {"lenger", "kunne"} & {*clause.ord}
            return "main" if share or counted or (timed and whole and told) else ""
        sized = found.enhet not in TIME or clause.ord[0] == "etter" or clause.ord[0].endswith("er")
        target = {"sikres", "oppnås", "nås", "holdes"} & {*clause.ord[binding + 1 :]}
        sized = sized and not target  # «svartider under 3 sekunder skal sikres»
        return "set" if found.streng and ((first == 1 and sized) or _aged(clause, found)) else ""
    between = clause.ord[binding + 1 : first]
    about = between[between.index("om") + 1 :] if "om" in between else ()
    asked = len(about) > 2 or (len(about) == 2 and re.search(r"(e[ntr]|ne|a)$", about[0]))
    enough = CHOOSING & set(between[:2]) and clause.polarity() > 0
    stopped = between[:1] and between[0] in HINDERS - {"begrense"} and "med" in between
    if stopped:  # «stanse resepter med gyldighet …», not «sperre kontoen med en ventetid …»
        thing = between[: between.index("med")]
        stopped = thing[-1].endswith("er") or bool({"en", "et", "ei"} & {*thing})
    if stopped and found.streng and not asked and not _OPENS & set(between):
        return "set"  # «stanse resepter med gyldighet på mer enn …»
    if _aged(clause, found) and not enough and not asked and not _OPENS & set(between):
        return "set"
    if asked or (_OPENS | HINDERS) & set(between) or "som" in clause.ord[found.sted.stop :]:
        return ""
    forbids = clause.polarity(found.sted) < 0
    return "main" if (forbids and found.streng) or _adverbial(clause, found) else ""


# After these something else than the duty itself is told.
_OPENS = (SUBORDINATORS - {"som"}) | frozenset(
    "å før slik enn mellom krever kreve ber be ønsker ønske foreslår foreslå avtaler avtale".split()
)


def _one_will_do(clause: Clause, at: int) -> bool:
    """Whether «som» at a place tells of something to choose or make, and not of all such things."""
    before = clause.ord[clause.binding[1] + 1 : at]
    few = {"en", "et", "ei", "ein", "eit", "én", "ett", "noen", "i", "på", "med", "til"}
    every = HINDERS & {*before} or re.search(r"(er|ne|en|et)$", before[-1] if before else "")
    few_such = few & {*before[-3:]} or CHOOSING & {*before[:2]} or not every
    return bool(few_such) and clause.polarity() > 0


def _aged(clause: Clause, found: Limit) -> bool:
    """«for pasienter over 18 år», «for resepter eldre enn 30 dager»."""
    near = set(clause.ord[max(found.sted.start - 3, 0) : found.sted.start - 1])
    old = {"eldre", "yngre"} & set(found.ord)
    if old and clause.ord[found.sted.start - 1].endswith("er"):
        return found.streng  # «avvise resepter eldre enn 30 dager»
    grown = bool(old) or found.enhet in ("år", "måneder")
    return bool(near & {"for", "hos", "til", "blant"} and found.streng and grown)


def _adverbial(clause: Clause, found: Limit) -> bool:
    """Whether a limit after the binding word says how its verb is done, not which things."""
    first, verb = found.sted.start, clause.binding[1] + 1
    verb += clause.ord[verb : verb + 1] == ("ikke",)
    before = clause.ord[verb:first]
    if before[-2:-1] in (("være",), ("ligge",)) and before[-1] in ("på", "i"):
        return True
    if len(before) == 4 and before[0] == "ha" and before[1] in ("en", "et") and before[3] == "på":
        return True  # «ha en oppetid på minst …»
    if found.streng:
        return len(before) == 1 and before[0] in STATES
    timed = DEADLINE & set(found.ord)
    late = {"senest", "seinast"} & set(found.ord)
    if timed and not late and found.enhet in ("år", "måneder") and before[:1] != ("være",):
        return False  # «vise historikk innen 12 måneder»
    if "innen" in found.ord and before[:1] and before[0] in SHOWING and before[-1].endswith("er"):
        return False  # «vise utleveringer innen 30 dager»
    if found.enhet not in TIME and TRIGGERS & set(before):
        most = found.retning == "nedre" or {"høyst", "maks", "maksimalt"} & set(found.ord)
        return bool(most and before in (("vise",), ("kunne", "vise")))
    if before and (before[-1] in NEAR or (not timed and ABOUT & set(before[-2:]))):
        return False
    # «resepter utlevert innen 30 dager»: a noun, and what may be a participle or an adjective.
    attribute = len(before) > 1 and re.search(r"([tad]|[td]e|ige?|ive)$", before[-1])
    leads = before[-2] if len(before) > 1 else ""
    governs = (
        (len(before) == 2 and re.search(r"([eåas]|bli|gi)$", leads))
        or leads in NEAR | {"i", "det", "et", "eit", "den", "de"}
        or re.search(r"(?<!n)(?<!er)(?<!t)e$|s$", leads)
    )
    return not attribute or bool(governs)
