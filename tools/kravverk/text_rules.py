"""The rules that say what a changed place in a text means; the first that recognises it decides.

A rule's docstring is its page, read by requirement owners and council members, in Norwegian.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kravverk.clauses import BOUNDARY, Clause, Limit, Words, code, find, limit, number
from kravverk.edits import Edit, near, quote
from kravverk.models import Klasse
from kravverk.words import (
    ACTORS,
    BINDING,
    CAPABILITY,
    CODE_NOUNS,
    CONDITIONS,
    DUTY,
    EXCEPTIONS,
    LESS,
    LOWER,
    MORE,
    NEGATIONS,
    OPPOSITES,
    PERMISSIVE,
    RESTRICTORS,
    UPPER,
    VARIANTS,
)

Known = Callable[[str], bool]  # whether a word is a word


def no_word(_: str) -> bool:
    """A dictionary without words: no misspelling is ever proved."""
    return False


Told = tuple[Klasse, str] | None  # the class and what led to it; None: not this rule's
MeaningRule = Callable[[Edit, Known], Told]
MORE_OR_LESS: dict[bool, Klasse] = {True: "skjerpet", False: "lempet"}


# --- Rules on whole sentences ---


def flyttet_setning(edit: Edit, _: Known) -> Told:
    """En setning eller et punkt er flyttet uten å være endret.

    Rekkefølgen kan ha betydning, og det kan maskinen ikke avgjøre. Endringen er uavklart.
    """
    return ("uavklart", edit.told) if edit.slag == "flyttet" else None


_EXEMPTS = re.compile(
    r"(dette|kravet|plikten|påbudet|forbudet|bestemmelsen) gjelder ikke\b|unntatt fra \w+ (er|:)"
)


def hel_setning(edit: Edit, _: Known) -> Told:
    """En hel setning er lagt til eller fjernet.

    En ny setning som binder med «skal», «må» eller «bør», gir en plikt til (skjerpet). Faller den
    bort, faller plikten bort (lempet). En setning som gjør unntak («Dette gjelder ikke …»), virker
    motsatt. Setninger som forklarer, eller som bruker «kan», er uavklart.
    """
    if edit.slag != "setning" or not edit.span:
        return None
    clause, _where, put_in = edit.span
    if _EXEMPTS.match(" ".join(clause.ord)):
        return MORE_OR_LESS[not put_in], edit.told
    doubtful = {"likevel", "gjelde", "gjelder", "trenger", "unntak", "kan", "ellers", "enten"}
    excepted = any(find(clause.ord, phrase) >= 0 for phrase in EXCEPTIONS)
    unclear = "må" in clause.ord and clause.has(NEGATIONS)
    if clause.binding[0] < 2 or excepted or unclear or doubtful & set(clause.ord):
        return "uavklart", edit.told
    return MORE_OR_LESS[put_in], edit.told


def listepunkt(edit: Edit, _: Known) -> Told:
    """Et helt punkt i en liste er lagt til eller fjernet.

    I en liste av plikter («skal vise:») er et nytt punkt skjerpet, og i en liste av unntak lempet.
    Når ett av punktene er nok, er det omvendt, og i en liste av vilkår likeså. Lar det seg ikke
    lese av innledningen hva slags liste det er, er endringen uavklart.
    """
    if edit.slag != "punkt" or not edit.span:
        return None
    clause, _where, put_in = edit.span
    opening = Clause(tuple(word for word in edit.innledning if word != ":"))
    if _EXEMPTS.match(" ".join(edit.innledning)):
        return MORE_OR_LESS[not put_in], edit.told
    doubtful = {"kan", "enten", "likevel", "noen", CAPABILITY, "eller", "rekkefølge"}
    text = " ".join(opening.ord)
    one = bool(re.search(r"\b(minst|høyst) (én|ett|en|et) av\b|\bett av\b|\bén av\b", text))
    all_of = "alle disse" in text or "samtlige" in text
    inside = opening.region(len(opening.ord)) != "main"
    if opening.binding[0] < 2 or doubtful & {*opening.ord, *clause.ord} or clause.binding[0]:
        return "uavklart", edit.told
    if (inside and one == all_of) or opening.has(RESTRICTORS):
        return "uavklart", edit.told
    fewer = all_of if inside else one
    return MORE_OR_LESS[put_in != fewer], edit.told


# --- Rules on words ---


def sitat(edit: Edit, known: Known) -> Told:
    """Noe inne i et sitat er endret: en tekst eller verdi som skal stå ordrett.

    Er ett virkelig ord byttet med et annet, er det endret plikt. Ellers er det uavklart.
    """
    if edit.slag != "ord" or edit.gammel.skrevet[: edit.ut.start].count('"') % 2 == 0:
        return None
    if edit.single and edit.binds > 1 and all(map(known, edit.single)):
        return "endret_plikt", edit.told
    return "uavklart", edit.told


def skrivemate(edit: Edit, _: Known) -> Told:
    """Ordet er skrevet på en annen godkjent måte, som fram og frem, eller lista og listen."""
    if edit.single and frozenset(edit.single) in VARIANTS:
        return "redaksjonell", f"{edit.told} er samme ord"
    return None


def bindende_ord(edit: Edit, _: Known) -> Told:
    """Et bindende ord er byttet: skal og må binder sterkere enn bør, som binder sterkere enn kan.

    Sterkere ord gir skjerpet, svakere gir lempet, også når det står «ikke» etter. Står ordet i en
    bisetning, eller er det «kunne» som kommer til eller faller bort, er endringen uavklart.
    """
    if not edit.changed & {*BINDING, CAPABILITY, "trenger"}:
        return None
    if edit.gammel.subordinate(edit.ut.start) or edit.ny.subordinate(edit.inn.start):
        return "uavklart", edit.told
    old, new = (_duty(c, r) for c, r in ((edit.gammel, edit.ut), (edit.ny, edit.inn)))
    if old is None or new is None or not edit.changed <= {*BINDING, "ikke", "trenger"}:
        return "uavklart", edit.told
    if old * new < 0 or abs(old) == abs(new):
        return ("endret_plikt" if old * new < 0 else "uavklart"), edit.told
    return MORE_OR_LESS[abs(new) > abs(old)], edit.told


def _duty(clause: Clause, changed: range) -> int | None:
    """How much the duty around a place asks: above 0 to do, below 0 to leave undone."""
    for phrase in (clause.ord[changed.start : changed.start + size] for size in (2, 1)):
        if phrase in DUTY and (
            len(phrase) == 2 or clause.ord[changed.start + 1 :][:1] != ("ikke",)
        ):
            return DUTY[phrase]
    return None


def vilkar(edit: Edit, _: Known) -> Told:
    """Et vilkår eller et unntak er lagt til, fjernet eller utvidet (dersom, når, med mindre).

    Et nytt vilkår eller unntak gjør at plikten gjelder sjeldnere: lempet. Faller det bort, gjelder
    plikten oftere: skjerpet. «Og» i et vilkår gir færre tilfeller, «eller» gir flere. «Dersom» som
    blir «med mindre», er endret plikt.
    """
    turned = {edit.words_out, edit.words_in}
    if ("med", "mindre") in turned and turned & {(word,) for word in CONDITIONS}:
        return ("endret_plikt" if edit.binds > 1 else "uavklart"), edit.told
    if not edit.span:
        return None
    clause, at, put_in = edit.span
    inner = tuple(word for word in clause.ord[at.start : at.stop] if word not in (",", "."))
    ends = at.stop >= len(clause.ord) or clause.ord[at.stop] in BOUNDARY or at.stop == at.start
    ends = ends or clause.ord[at.stop - 1] == ","
    other = edit.gammel if put_in else edit.ny
    bare = not set(BINDING) & set(inner) and edit.binds > 1 and not other.has(RESTRICTORS)
    region = clause.region(at.start)
    if inner[:1] in (("og",), ("eller",)) and clause.conditional(at.start):
        plain = bare and ends and not (CONDITIONS | NEGATIONS) & set(inner)
        if not plain or set(clause.ord[clause.start(at.start) : at.start]) & NEGATIONS:
            return "uavklart", edit.told
        wider = (inner[0] == "eller") == put_in
        return MORE_OR_LESS[wider == (region == "set")], edit.told
    phrases = [phrase for phrase in EXCEPTIONS if inner[: len(phrase)] == phrase]
    opens = (inner[:1] and inner[0] in CONDITIONS) or phrases
    if inner[:1] in (("før",), ("uten",)) and "ikke" in other.ord and len(inner) > 1:
        opens = True
    if not opens:
        marked = CONDITIONS & set(inner) or any(find(inner, phrase) >= 0 for phrase in EXCEPTIONS)
        return ("uavklart", edit.told) if marked else None
    nested = at.start > 0 and clause.ord[at.start - 1] in ("eller", "og")
    partial = phrases and ("med", "mindre") not in phrases and other.has(MORE)
    if not ends or not bare or nested or region != "main" or partial:
        return "uavklart", edit.told
    return MORE_OR_LESS[not put_in], edit.told


def nektelse(edit: Edit, _: Known) -> Told:
    """En nektelse er lagt til eller fjernet, så setningen sier det motsatte.

    Den som oppfylte det gamle, bryter det nye, og omvendt: endret plikt. Med «kan», eller når det
    står en nektelse til i setningen, er det uavklart.
    """
    if not edit.changed & NEGATIONS or (edit.single and frozenset(edit.single) in OPPOSITES):
        return None
    one = len(edit.words_out) <= 1 and len(edit.words_in) <= 1
    words_only = edit.changed <= NEGATIONS | LESS and not edit.changed & {"uten", "utan", "verken"}
    if not one or not words_only or edit.binds < 2:
        return "uavklart", edit.told
    if edit.either_has(NEGATIONS | RESTRICTORS) or (edit.single and not edit.changed & LESS):
        return "uavklart", edit.told
    return "endret_plikt", edit.told


def grense(edit: Edit, _: Known) -> Told:
    """Et tall med grenseord er endret, eller grensen er lagt til eller fjernet.

    Innen, senest og høyst setter en øvre grense: et mindre tall er skjerpet. Minst og tidligst
    setter en nedre: et større tall er skjerpet. Står grensen i et vilkår eller en som-setning,
    avgjør den hvor ofte plikten gjelder: flere tilfeller er skjerpet. Et grenseord som skifter
    retning, er endret plikt. Tall uten grenseord er uavklart.
    """
    before, after = limit(edit.gammel, edit.ut), limit(edit.ny, edit.inn)
    unclear = edit.gammel.has(RESTRICTORS) or edit.ny.has(RESTRICTORS) or edit.binds < 2
    unclear = unclear or bool(PERMISSIVE & {*edit.gammel.ord, *edit.ny.ord})
    if edit.span and (one := after if edit.span[2] else before) and one.sted == edit.span[1]:
        clause, at, put_in = edit.span
        if unclear or one.retning in ("", "lik") or clause.has(NEGATIONS | {CAPABILITY}):
            return "uavklart", edit.told
        return MORE_OR_LESS[put_in == (clause.region(at.start) == "main")], edit.told
    if not before or not after or not (before.retning or after.retning):
        return None
    told = " → ".join(
        quote(clause.skrevet[found.sted.start : found.sted.stop])
        for clause, found in ((edit.gammel, before), (edit.ny, after))
    )
    extra = {*edit.words_out} - {*before.ord} | {*edit.words_in} - {*after.ord}
    region = _scope(edit.gammel, before)
    if unclear or extra or region != _scope(edit.ny, after) or not before.retning:
        return "uavklart", told
    if "lik" in (before.retning, after.retning) and before.retning != after.retning:
        same = before.verdi == after.verdi and region == "main" and after.retning
        return ("uavklart" if not same else MORE_OR_LESS[after.retning == "lik"]), told
    if before.retning != after.retning:
        return ("endret_plikt" if after.retning else "uavklart"), told
    written = [bool(re.search(r"\d{4}-", " ".join(found.ord))) for found in (before, after)]
    if before.enhet != after.enhet or before.effektiv == after.effektiv or written[0] != written[1]:
        return "uavklart", told
    return _compared(edit, before, after, region), told


def _scope(clause: Clause, found: Limit) -> str:
    """The region of a limit; what it says of whom it is about decides to what the duty applies."""
    start, binding = found.sted.start, clause.binding[1]
    about = clause.ord[:start] if start < binding else clause.ord[binding:start]
    aside = {"for", "hos", "ved", "til", "blant"} & set(about)
    aside = aside and {"under", "over", "eldre", "yngre"} & set(found.ord)
    region = clause.region(found.at)
    return "set" if region == "main" and aside else region


def _compared(edit: Edit, before: Limit, after: Limit, region: str) -> Klasse:
    """Two limits of the same direction: does the new one ask more?"""
    retning = before.retning
    negated = "ikke" not in before.ord and edit.gammel.has(NEGATIONS)
    if region == "main":
        if negated:
            near = edit.gammel.ord[edit.gammel.binding[1] + 1 :][:1] == ("ikke",)
            if retning != "nedre" or not near or not before.streng:
                return "uavklart"
            retning = "øvre"  # «skal ikke prøve mer enn tre ganger»
        elif CAPABILITY in edit.gammel.ord and not {"innen", "senest", "minst"} & set(before.ord):
            return "uavklart"  # «skal kunne lese inntil 100»: how much must be possible, or may be?
    else:
        opened = edit.ny.ord[edit.ny.start(after.at) : after.at]
        cut = max((i for i, w in enumerate(opened) if w in CONDITIONS | {"som"}), default=0)
        if (NEGATIONS & set(opened[cut:]) and "ikke" not in before.ord) or region == "unless":
            return "uavklart"
        if negated and not edit.ny.alene:
            return "uavklart"
    # With an upper limit in the main clause, less is more; in a condition it reaches fewer cases.
    more = (after.effektiv > before.effektiv) == (retning == "nedre")
    return MORE_OR_LESS[more == (region == "main")]


def motord(edit: Edit, _: Known) -> Told:
    """Et ord er byttet med sitt motord, som vise og skjule, åpne og låse, godta og avvise.

    Den som oppfylte det gamle, bryter det nye, og omvendt: endret plikt.
    """
    if edit.single and frozenset(edit.single) in OPPOSITES:
        return ("endret_plikt" if edit.binds > 1 else "uavklart"), edit.told
    return None


def aktor(edit: Edit, _: Known) -> Told:
    """En aktør eller et system er byttet med et annet.

    Når de to er klart forskjellige, som legen og farmasøyten, er det endret plikt.
    """
    if not edit.single or edit.binds < 2:
        return None
    kinds = [next((a for a in ACTORS if word in a), None) for word in edit.single]
    return ("endret_plikt", edit.told) if all(kinds) and kinds[0] != kinds[1] else None


def kode(edit: Edit, _: Known) -> Told:
    """En kode er byttet: en melding (M25.1), en OID, en kodeverdi, et felt eller en versjon.

    Den som brukte den gamle koden, bryter den nye, og omvendt: endret plikt. En henvisning til et
    annet krav er uavklart.
    """
    if not edit.single or edit.single[0] == edit.single[1]:
        return None
    written = (edit.gammel.skrevet[edit.ut.start], edit.ny.skrevet[edit.inn.start])
    noun = edit.gammel.ord[max(edit.ut.start - 1, 0) : edit.ut.start]
    named = noun and noun[0] in CODE_NOUNS and all(word[0].isdigit() for word in edit.single)
    if not all(map(code, written)) and not named:
        return None
    reference = any(re.fullmatch(r"[a-z]{2,5}-\d{4}", word) for word in edit.single)
    ranged = edit.ny.ord[edit.inn.stop :][:1] in (("eller",), (",",), ("og",)) and named
    ranged = ranged or edit.ny.ord[max(edit.inn.start - 2, 0) :][:1] in (*UPPER, *LOWER)
    if edit.binds < 2 or reference or ranged or (limit(edit.gammel, edit.ut) and not named):
        return "uavklart", edit.told
    return "endret_plikt", edit.told


def tall(edit: Edit, _: Known) -> Told:
    """Et tall, en dato eller et grenseord er endret uten at retningen er kjent.

    Uten grenseord vet ikke maskinen om et større tall krever mer eller mindre. Uavklart.
    """
    limits = {word for phrase in (*UPPER, *LOWER) for word in phrase} - {"ikke", "enn", "i", "av"}
    counted = any(number(word) is not None and not code(word) for word in edit.changed)
    return ("uavklart", edit.told) if counted or edit.changed & limits else None


def avgrensning(edit: Edit, _: Known) -> Told:
    """Et avgrensende ord (bare, kun) er lagt til eller fjernet.

    «Kan» som blir «kan bare», og «bare legen skal kunne», forbyr resten: skjerpet, og motsatt
    lempet. Ellers er det uavklart.
    """
    if not edit.changed & RESTRICTORS:
        return None
    possible = edit.binds == 1 or (
        edit.binds > 1
        and edit.single is None
        and CAPABILITY in (edit.gammel.ord[edit.gammel.binding[1] + 1 :][:1])
    )
    if edit.span and len(edit.changed) == 1 and possible and not edit.either_has(NEGATIONS):
        clause, at, put_in = edit.span
        if clause.region(at.start) == "main":
            return MORE_OR_LESS[put_in], edit.told
    return "uavklart", edit.told


def kvantor(edit: Edit, _: Known) -> Told:
    """«Alle» er byttet med «noen» eller «minst én av», eller omvendt.

    Fra alle til noen er lempet, og motsatt skjerpet. Med «ikke», og i et vilkår, er det omvendt.
    """
    reach = [_reach(found) for found in (edit.words_out, edit.words_in)]
    if None in reach or reach[0] == reach[1]:
        known = edit.changed & (MORE | LESS)
        return ("uavklart", edit.told) if known and edit.slag == "ord" else None
    region = edit.gammel.region(edit.ut.start)
    negated = edit.gammel.has(NEGATIONS)
    after = edit.ut.start > edit.gammel.binding[1]
    doubt = edit.gammel.has(RESTRICTORS | {CAPABILITY}) or region == "unless" or edit.binds < 2
    relative = "som" in edit.gammel.ord[edit.gammel.start(edit.ut.start) : edit.ut.start]
    vague = not negated and edit.changed & LESS
    if doubt or vague or relative or not after or (negated and region == "set"):
        return "uavklart", edit.told
    return MORE_OR_LESS[bool(reach[1]) != (negated or region == "set")], edit.told


def _reach(found: Words) -> bool | None:
    """True for «alle», False for «noen» and «minst én av», None for the rest."""
    text = " ".join(found)
    if text in MORE | {"begge", "alle de"}:
        return True
    return False if re.fullmatch(r"(noen|enkelte)( av)?|minst (én|ett|en|et)( av)?", text) else None


def sideordning(edit: Edit, _: Known) -> Told:
    """Et ledd er lagt til eller fjernet i en oppramsing med «og» eller «eller».

    I en plikt gir et nytt ledd med «og» skjerpet, og et nytt valg med «eller» lempet. I et forbud
    gir et nytt ledd med «eller» skjerpet. Faller leddet bort, er det omvendt.
    """
    if not edit.span or edit.binds < 2:
        return None
    clause, at, put_in = edit.span
    inner = clause.ord[at.start : at.stop]
    rest = (word for word in clause.ord[at.stop :] if word in ("og", "eller"))
    joint = inner[0] if inner[0] in ("og", "eller") else next(rest, "") if inner[0] == "," else ""
    if not joint:
        return None
    doubtful = frozenset({"mellom", "enten", "verken", "både", "enn", "at", CAPABILITY, "for"})
    doubtful |= RESTRICTORS | PERMISSIVE | CONDITIONS | frozenset({"som"})
    counted = any(number(word) is not None for word in inner)
    hinders = "hindre" in clause.ord and "enn" not in clause.ord
    plain = at.start > clause.binding[1] and not clause.has(
        doubtful - ({"at"} if hinders else set())
    )
    bound = set(inner) & {*BINDING, *NEGATIONS} or "," in inner[1:]
    if not plain or counted or bound or clause.region(at.start) != "main":
        return "uavklart", edit.told
    negated = clause.has(NEGATIONS)
    if negated and joint == "og":
        return "uavklart", edit.told
    return MORE_OR_LESS[put_in == (joint == "og" or negated)], edit.told


def skrivefeil(edit: Edit, known: Known) -> Told:
    """En skrivefeil er rettet: det gamle ordet finnes ikke, det nye finnes, og de er nesten like.

    Ordboken er den norske i Hunspell. Er begge ordene virkelige ord, som avlese og avlyse, er det
    aldri en skrivefeil.
    """
    if not edit.single:
        return None
    old, new = edit.single
    protected = {*BINDING, CAPABILITY} | NEGATIONS | RESTRICTORS | CONDITIONS | MORE | LESS
    letters = old.isalpha() and new.isalpha() and min(len(old), len(new)) > 3
    if not letters or {old, new} & protected or not near(old, new):
        return None
    if known(new) and not known(old) and not _other_ending(old, new, known):
        return "redaksjonell", f"{edit.told}; bare det siste er et ord"
    return None


def fri_endring(edit: Edit, _: Known) -> Told:
    """Ordlyden er endret på en måte ingen annen regel kjenner.

    Maskinen gjetter ikke. En rolle må si hva endringen betyr.
    """
    return "uavklart", edit.told


# The first that recognises an edit decides it.
TEXT_RULES: tuple[MeaningRule, ...] = (
    flyttet_setning,
    hel_setning,
    listepunkt,
    sitat,
    skrivemate,
    bindende_ord,
    vilkar,
    nektelse,
    kvantor,
    kode,
    grense,
    motord,
    aktor,
    tall,
    avgrensning,
    sideordning,
    skrivefeil,
    fri_endring,
)


def _other_ending(old: str, new: str, known: Known) -> bool:
    """Whether the misspelt word could as well be another form than the one it became."""
    tries = {old[:i] + old[i + 1 :] for i in range(len(old) - 2, len(old))}
    tries |= {old[:i] + c + old[i + 1 :] for i in range(len(old) - 2, len(old)) for c in "aenrst"}
    return any(known(word) for word in tries - {old, new})
