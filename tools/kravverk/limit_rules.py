"""The rules for numbers: limits, codes, times of the day, and numbers without a limit word.

A rule's docstring is its page, as in `text_rules`.
"""

from __future__ import annotations

import re

from kravverk.clauses import (
    code,
    number,
)
from kravverk.edits import (
    MORE_OR_LESS,
    Edit,
    Known,
    Told,
    quote,
)
from kravverk.limits import (
    Limit,
    bearing,
    limit,
)
from kravverk.models import Klasse
from kravverk.words import (
    CAPABILITY,
    CEILING,
    CODE_NOUNS,
    LIMITING,
    LOWER_AFTER,
    NEGATIONS,
    PERMISSIVE,
    REFERENCES,
    RESTRICTORS,
    TIME,
    UPPER_AFTER,
)

_MAY = re.compile(r"\b(skal|må|bør) få \w+e\b")


def grense(edit: Edit, _: Known) -> Told:
    """Et tall med grenseord er endret, eller grensen er lagt til eller fjernet.

    Innen, senest og høyst setter en øvre grense: et mindre tall er skjerpet. Minst og tidligst
    setter en nedre: et større tall er skjerpet. Står grensen i et vilkår eller en som-setning,
    avgjør den hvor ofte plikten gjelder: flere tilfeller er skjerpet. Et grenseord som skifter
    retning, er endret plikt, og det er også et nytt tall etter «nøyaktig». Tall uten grenseord er
    uavklart. Det er også grenser der det er uklart hva de hører til: når setningen binder to
    ganger, og når grensen står i et formål, i en at-setning eller like etter et substantiv.
    """
    before, after = limit(edit.gammel, edit.ut), limit(edit.ny, edit.inn)
    both = {*edit.gammel.ord, *edit.ny.ord}
    dated = bool(before and after and before.enhet == after.enhet == "dato")  # when a duty begins
    able = CAPABILITY in both or _MAY.search(" ".join(edit.ny.ord))
    unclear = edit.binds < 2 or bool(both & (RESTRICTORS if dated else RESTRICTORS | PERMISSIVE))
    if edit.span and (one := after if edit.span[2] else before) and one.sted == edit.span[1]:
        clause, _at, put_in = edit.span
        region = bearing(clause, one)
        if unclear or able or one.retning in ("", "lik") or clause.has(NEGATIONS):
            return "uavklart", edit.told
        if region not in ("main", "set") or CEILING & set(one.ord):
            return "uavklart", edit.told
        return MORE_OR_LESS[put_in == (region == "main")], edit.told
    if not before or not after or not (before.retning or after.retning):
        return None
    if able and (room := _room(edit, before, after)) != "uavklart":
        return room, edit.told
    told = " → ".join(
        quote(clause, found.sted) for clause, found in ((edit.gammel, before), (edit.ny, after))
    )
    same = (before.retning, before.enhet, before.effektiv)
    letters = edit.single and sum(word.isdigit() for word in edit.single) == 1
    if letters and same == (after.retning, after.enhet, after.effektiv):
        return "redaksjonell", f"{told} er samme tall"
    extra = {*edit.words_out} - {*before.ord} | {*edit.words_in} - {*after.ord}
    region = bearing(edit.gammel, before)
    if unclear or extra or region != bearing(edit.ny, after) or not before.retning:
        return "uavklart", told
    if {before.retning, after.retning} == {"lik"} and edit.gammel.region(before.at) == "main":
        region = region or "main"  # exactly so many, of whatever it is
    # «skal kunne lese inntil 100»: how much must be possible, or how much may be?
    if not region or (able and not dated and region == "main" and "minst" not in before.ord):
        return "uavklart", told
    return _compared(edit, before, after, region), told


def _room(edit: Edit, before: Limit, after: Limit) -> Klasse:
    """«Skal kunne ta imot inntil 5 MB»: as much must be possible; uavklart in other words."""
    clause, binding = edit.ny, edit.ny.binding[1]
    ceiling = CEILING & {*before.ord} and CEILING & {*after.ord} and before.enhet == after.enhet
    able = clause.ord[binding + 1 : binding + 2] == (CAPABILITY,) and clause.plain
    of_things = clause.ord[after.sted.start - 1] in {"på", "med", "vise", "lese"}
    aside = not of_things or "som" in clause.ord[binding : after.at]
    aside = aside or clause.aside(after.at)
    if (
        not ceiling
        or not able
        or before.enhet in TIME
        or clause.has(NEGATIONS | RESTRICTORS)
        or aside
    ):
        return "uavklart"
    return MORE_OR_LESS[after.verdi > before.verdi] if after.verdi != before.verdi else "uavklart"


def _compared(edit: Edit, before: Limit, after: Limit, region: str) -> Klasse:
    """What it means that one limit became another: does the new one ask more?"""
    retning, clause = before.retning, edit.ny
    forbids = clause.polarity(after.sted) < 0
    if "lik" in (retning, after.retning):
        if region != "main" or forbids or before.enhet != after.enhet or not after.retning:
            return "uavklart"
        if retning == after.retning:
            return "endret_plikt" if before.verdi != after.verdi else "uavklart"
        return MORE_OR_LESS[after.retning == "lik"] if before.verdi == after.verdi else "uavklart"
    if retning != after.retning:
        return "endret_plikt" if after.retning else "uavklart"
    if {before.enhet, after.enhet} == {"dager", "virkedager"} and before.verdi == after.verdi:
        longer = after.enhet == "virkedager"  # as many working days are never fewer days
        plain = region == "main" and not forbids
        return MORE_OR_LESS[longer == (retning == "nedre")] if plain else "uavklart"
    written = {bool(re.search(r"\d{4}-", " ".join(found.ord))) for found in (before, after)}
    if before.enhet != after.enhet or before.effektiv == after.effektiv or len(written) > 1:
        return "uavklart"
    if (forbids and not clause.alene and region != "main") or CEILING & {*before.ord, *after.ord}:
        return "uavklart"
    # With an upper limit in the main clause, less is more; a prohibition turns that, and so does
    # a condition that reaches fewer cases.
    more = (after.effektiv > before.effektiv) == (retning == "nedre")
    return MORE_OR_LESS[more == (region != "set" and not (forbids and region == "main"))]


def kode(edit: Edit, _: Known) -> Told:
    """En kode er byttet: en melding (M25.1), en OID, en kodeverdi, et felt eller en versjon.

    Den som brukte den gamle koden, bryter den nye, og omvendt: endret plikt. En henvisning til et
    annet krav, et kapittel eller en paragraf er uavklart, og likeså versjoner og koder som går i
    rekkefølge («eller nyere»).
    """
    if not edit.single or edit.single[0] == edit.single[1]:
        return None
    clause, start, stop = edit.ny, edit.inn.start, edit.inn.stop
    if times := _times(edit):
        return times, edit.told
    before, follows = clause.ord[max(start - 5, 0) : start], clause.ord[stop : stop + 2]
    part = edit.single[0].startswith(edit.single[1]) or edit.single[1].startswith(edit.single[0])
    short = [word.isupper() and len(word) == 1 for word in edit.single_written]
    named = {*before[-1:]} & CODE_NOUNS and (
        all(short) or all(word[0].isdigit() for word in edit.single)
    )
    if not named and not (code(edit.gammel.skrevet[edit.ut.start]) and code(clause.skrevet[start])):
        return None
    # In an order of their own: «versjon 2 eller nyere», «eldre enn versjon 2», «innen Q4».
    ordered = bool({*before} & LIMITING or {*follows[1:]} & (UPPER_AFTER | LOWER_AFTER))
    ordered = ordered or before[-1:] in (("til",), ("fra",)) or follows[:2] == ("og", "oppover")
    ordered = ordered or clause.example(start) or before[-3:] == ("til", "og", "med")
    if named:
        between = {"enn", "fra", "før", "etter", "mellom"} & {*before} and "kodeverk" not in before
        unclear = between or follows[:1] in (("eller",), (",",), ("og",))
    else:  # «5mg» is an amount, «PLL» may have two spellings, what «punkt 4.2.1» says must be read
        unclear = bool({*before[-2:]} & REFERENCES) or not all(map(_coded, edit.single))
    unclear = unclear or (part and not named)  # M25 may be all of M25.1, M25.2 and M25.3
    return ("uavklart" if edit.binds < 2 or ordered or unclear else "endret_plikt"), edit.told


def _times(edit: Edit) -> Klasse | None:
    """What it means that one time of the day became another; None where no time did."""
    told: list[bool] = []
    for clause, at in edit.sides:
        back = clause.ord[max(at - 6, 0) : at]
        clock = back[-1:] == ("klokken",) or back[-2:] == ("kl", ".")
        bound = LIMITING | {"fra", "til", "mellom", "før", "etter", "og", "eller", "innen"}
        told.append(bool(clock and re.fullmatch(r"\d{1,2}([.:]\d\d)?", clause.ord[at])))
        if clock and bound & {*back}:
            return None
    same = (
        len({word.replace(":", ".").removesuffix(".00").lstrip("0") for word in edit.changed}) < 2
    )
    return (
        "endret_plikt" if all(told) and edit.binds > 1 and edit.gammel.plain and not same else None
    )


def _coded(word: str) -> bool:
    """Whether a word is a code with digits, and no amount and no id of a requirement."""
    digits = any(map(str.isdigit, word))
    return digits and not re.fullmatch(r"\d+([.,]\d+)?[^\W\d]+|[a-z]{2,5}-\d{4}", word)


def _same(pair: tuple[str, str]) -> bool:
    return number(pair[0]) == number(pair[1])


def tall(edit: Edit, _: Known) -> Told:
    """Et tall, en dato eller et grenseord er endret uten at retningen er kjent.

    Uten grenseord vet ikke maskinen om et større tall krever mer eller mindre. Uavklart.
    """
    counted = any(number(word) is not None and not code(word) for word in edit.changed)
    letters = edit.single and sum(word.isdigit() for word in edit.single) == 1
    if letters and edit.single and "null" not in edit.single and _same(edit.single):
        return "redaksjonell", f"{edit.told} er samme tall"
    return ("uavklart", edit.told) if counted or edit.changed & LIMITING else None
