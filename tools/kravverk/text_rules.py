"""The rules that say what a changed place in a text means; the first that recognises it decides.

A rule's docstring is its page, read by requirement owners and council members, in Norwegian.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kravverk.clauses import (
    BOUNDARY,
    Clause,
    Words,
    code,
    exchanged_joint,
    find,
    joined,
    number,
)
from kravverk.edits import Edit, near, one_away, quote
from kravverk.limits import Limit, bearing, limit
from kravverk.models import Klasse
from kravverk.words import (
    ACTORS,
    ASKING,
    BINDING,
    CAPABILITY,
    CEILING,
    CODE_NOUNS,
    CONDITIONS,
    DEFINING,
    EXCEPTIONS,
    FINITE,
    HINDERS,
    LESS,
    LIMITING,
    LOWER_AFTER,
    MORE,
    NEGATIONS,
    NOT,
    OPPOSITES,
    PERMISSIVE,
    PREPOSITIONS,
    REFERENCES,
    RESTRICTORS,
    SAME_PHRASES,
    TIME,
    UPPER_AFTER,
    VAGUE,
    VARIANTS,
)

Known = Callable[[str], bool]  # whether a word is a word


def no_word(_: str) -> bool:
    """A dictionary without words: no misspelling is ever proved."""
    return False


@dataclass(frozen=True)
class Ordforrad:
    """A dictionary, and how many records of a register use a word."""

    ordbok: Known
    poster_med: Callable[[str], int]

    def __call__(self, word: str) -> bool:
        """Whether a word is a word."""
        return self.ordbok(word) or self.brukt(word)

    def brukt(self, word: str) -> bool:
        """Whether more than one record uses a word, so that it is no slip of one."""
        return self.poster_med(word) > 1


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
    r"(dette( kravet)?|kravet|fristen|plikten|påbudet|forbudet|bestemmelsen) gjelder ikke\b"
    r"|unntatt fra \w+ (er|:)|\w+ er ikke (påkrevd|nødvendig|obligatorisk) for\b"
    r"|\w+ gjelder med følgende unntak"
)


def hel_setning(edit: Edit, _: Known) -> Told:
    """En hel setning er lagt til eller fjernet.

    En ny setning som binder med «skal», «må» eller «bør», gir en plikt til (skjerpet). Faller den
    bort, faller plikten bort (lempet). En setning som gjør unntak («Dette gjelder ikke …»), virker
    motsatt. Setninger som forklarer, er uavklart, og likeså de som forbyr noe eller bruker «kan»
    eller «kunne», for de kan ta noe ut av en annen plikt.
    """
    if edit.slag != "setning" or not edit.span:
        return None
    clause, _where, put_in = edit.span
    if _EXEMPTS.match(" ".join(clause.ord)):
        return MORE_OR_LESS[not put_in], edit.told
    doubtful = {"likevel", "gjelde", "gjelder", "trenger", "unntak", "kan", "enten", *DEFINING}
    excepted = any(find(clause.ord, phrase) >= 0 for phrase in EXCEPTIONS)
    # A prohibition, or something made possible, may take something out of another duty.
    unclear = clause.has(NEGATIONS | RESTRICTORS | {CAPABILITY})
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
    doubtful = {"kan", "enten", "likevel", "noen", CAPABILITY, "eller", "rekkefølge", "høyst"}
    doubtful |= {"mellom", "velge", "velges", "være", "for", "nøyaktig"} | PERMISSIVE
    text = " ".join(opening.ord)
    if re.search(r"\bfor (hver|hvert|alle)\b", text):
        doubtful -= {"for"}
    one = bool(re.search(r"\bminst (én|ett|en|et) av\b|\bett av\b|\bén av\b", text))
    all_of = "alle disse" in text or "samtlige" in text
    where = {"der", "hvor"} & {*opening.ord[opening.binding[1] + 1 :]}
    inside = opening.region(len(opening.ord)) != "main" or bool(where)
    if opening.binding[0] < 2 or doubtful & {*opening.ord, *clause.ord} or clause.binding[0]:
        return "uavklart", edit.told
    except_for = text.endswith(("unntatt", "med unntak av", "bortsett fra"))
    inside = inside and not except_for
    unsure = one == all_of if inside else except_for and (one or opening.has(NEGATIONS))
    if unsure or opening.has(RESTRICTORS) or clause.has(RESTRICTORS | NEGATIONS):
        return "uavklart", edit.told
    fewer = all_of if inside else one or except_for
    return MORE_OR_LESS[put_in != fewer], edit.told


# --- Rules on words ---


def sitat(edit: Edit, known: Known) -> Told:
    """Noe inne i et sitat er endret: en tekst eller verdi som skal stå ordrett.

    Er ett virkelig ord byttet med et klart annet, er det endret plikt. Ord som ligner, kan være en
    rettet skrivefeil; da, og ellers, er det uavklart.
    """
    if edit.slag != "ord" or edit.gammel.skrevet[: edit.ut.start].count('"') % 2 == 0:
        return None
    unlike = edit.single and (edit.single[0].isdigit() or not near(*edit.single))
    if edit.single and unlike and edit.binds > 1 and all(map(known, edit.single)):
        return "endret_plikt", edit.told
    return "uavklart", edit.told


def skrivemate(edit: Edit, _: Known) -> Told:
    """Ordet er skrevet på en annen godkjent måte, som fram og frem, lista og listen, bl.a. og
    blant annet.
    """
    phrases = (tuple(w for w in side if w != ".") for side in (edit.words_out, edit.words_in))
    if _hyphenated(edit):
        return "redaksjonell", f"{edit.told} er samme ord"
    variant = edit.single and frozenset(edit.single) in VARIANTS
    if variant or frozenset(phrases) in SAME_PHRASES:
        return "redaksjonell", f"{edit.told} er samme ord"
    return None


def _hyphenated(edit: Edit) -> bool:
    """Whether «HER id» became «HER-id», or the other way round: a compound with an abbreviation."""
    apart, whole = sorted((edit.written_out, edit.written_in), key=len, reverse=True)
    if len(apart) != 2 or len(whole) != 1 or "-".join(apart) != whole[0]:
        return False
    first = apart[0].rpartition("-")[2] or apart[0]
    return apart[1].islower() and (first.isupper() or bool(re.search(r"s$", first)))


def bindende_ord(edit: Edit, _: Known) -> Told:
    """Et bindende ord er byttet: skal og må binder sterkere enn bør, som binder sterkere enn kan.

    Sterkere ord gir skjerpet, svakere gir lempet, også når det står «ikke» etter. Står ordet i en
    bisetning, eller er det «kunne» som kommer til eller faller bort, er endringen uavklart.
    """
    if not edit.changed & {*BINDING, CAPABILITY, "trenger"}:
        return None
    if edit.span and edit.changed == {CAPABILITY}:
        return _made_possible(edit), edit.told
    limited = [c.has(RESTRICTORS) or c.negated for c, _at in edit.sides]
    if "kan" in edit.changed and any(limited):
        return "uavklart", edit.told  # «bare legen kan»: what is possible, or what is forbidden?
    old, new = edit.gammel.duty(edit.ut.start), edit.ny.duty(edit.inn.start)
    if old is None or new is None or not edit.changed <= {*BINDING, "ikke", "trenger"}:
        return "uavklart", edit.told
    if old * new < 0 or abs(old) == abs(new):
        return ("endret_plikt" if old * new < 0 else "uavklart"), edit.told
    return MORE_OR_LESS[abs(new) > abs(old)], edit.told


def _made_possible(edit: Edit) -> Klasse:
    """What it means that a system must be able to do what it had to do, or the other way round."""
    clause, at, put_in = edit.span or (edit.ny, range(0), True)
    first, binding = clause.ord[:1], clause.binding[1]
    system = binding > 0 and re.search(r"(systemet|modulen|bildet|tjenesten|portalen)$", first[0])
    turned = binding > 0 and clause.ord[binding + 1 : binding + 2] in (("systemet",), ("sfm",))
    near = at.start == binding + (2 if turned else 1)
    near = near or clause.ord[binding + 1 : at.start] == ("ikke",)
    polarity = clause.polarity()
    if not (system or turned) or not near or not clause.plain or not polarity:
        return "uavklart"
    if clause.binding[0] < 3 or clause.has(RESTRICTORS | PERMISSIVE | HINDERS):
        return "uavklart"
    return MORE_OR_LESS[put_in != (polarity > 0)]


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
    bare = not set(BINDING) & set(inner) and edit.binds > 1 and other.plain
    bare = bare and not other.has(RESTRICTORS | PERMISSIVE | {"andre"})
    bare = bare and not clause.aside(at.start)
    allows = CAPABILITY in other.ord and other.polarity() == 1
    region = clause.region(at.start)
    if inner[:1] in (("og",), ("eller",)) and clause.conditional(at.start):
        plain = bare and not (CONDITIONS | NEGATIONS) & set(inner)
        opened = clause.ord[clause.start(at.start) : at.start]
        before = set(opened[max(i for i, w in enumerate(opened) if w in CONDITIONS or not i) :])
        verbless = inner[0] == "og" and not any(word[-1:] in ("r", "s") for word in inner[1:3])
        verbless = verbless or not (ends or (inner[0] == "eller" and not MORE & before))
        if not plain or verbless or before & (NEGATIONS | HINDERS) or VAGUE & {*inner[1:2]}:
            return "uavklart", edit.told
        wider = (inner[0] == "eller") == put_in
        return MORE_OR_LESS[wider == (region == "set")], edit.told
    phrases = [phrase for phrase in EXCEPTIONS if inner[: len(phrase)] == phrase]
    opens = (inner[:1] and inner[0] in CONDITIONS) or phrases
    if inner[:1] in (("før",), ("uten",)) and other.polarity() == -1 and len(inner) > 1:
        opens = True
    if not opens:
        marked = CONDITIONS & set(inner) or any(find(inner, phrase) >= 0 for phrase in EXCEPTIONS)
        return ("uavklart", edit.told) if marked else None
    nested = at.start > 0 and clause.ord[at.start - 1] in ("eller", "og")
    nested = nested or (inner[0] == "når" and bool(ASKING & {*clause.ord[: at.start][-1:]}))
    every = other.ord[:1] and other.ord[0] in MORE and other.polarity() > 0
    partial = phrases and ("med", "mindre") not in phrases and other.has(MORE) and not every
    if not ends or not bare or nested or region != "main" or partial or allows:
        return "uavklart", edit.told
    return MORE_OR_LESS[not put_in], edit.told


def nektelse(edit: Edit, _: Known) -> Told:
    """En nektelse er lagt til eller fjernet, så setningen sier det motsatte.

    Den som oppfylte det gamle, bryter det nye, og omvendt: endret plikt. Med «kan», når det står en
    nektelse til i setningen, og i et spørsmål («vise om resepten er låst»), er det uavklart.
    """
    if not edit.changed & NEGATIONS or (edit.single and frozenset(edit.single) in OPPOSITES):
        return None
    one = len(edit.words_out) <= 1 and len(edit.words_in) <= 1
    words_only = edit.changed <= NEGATIONS | LESS and not edit.changed & {"uten", "utan", "verken"}
    if not one or not words_only or edit.binds < 2:
        return "uavklart", edit.told
    exchanged = edit.single and not edit.changed & LESS
    if edit.span and edit.changed <= NOT and not edit.either_has(RESTRICTORS):
        clause, at, _put_in = edit.span
        if at.start == clause.binding[1] + 1 and clause.plain:
            return "endret_plikt", edit.told  # the verb of the duty itself, whatever else is said
    if edit.either_has(NEGATIONS | RESTRICTORS) or exchanged or edit.asked:
        return "uavklart", edit.told
    return "endret_plikt", edit.told


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
    able = CAPABILITY in both or re.search(r"\b(skal|må|bør) få \w+e\b", " ".join(edit.ny.ord))
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
    told = " → ".join(
        quote(clause.skrevet[found.sted.start : found.sted.stop])
        for clause, found in ((edit.gammel, before), (edit.ny, after))
    )
    same = (before.retning, before.enhet, before.effektiv)
    letters = edit.single and sum(word.isdigit() for word in edit.single) == 1
    if letters and same == (after.retning, after.enhet, after.effektiv):
        return "redaksjonell", f"{told} er samme tall"
    extra = {*edit.words_out} - {*before.ord} | {*edit.words_in} - {*after.ord}
    region = bearing(edit.gammel, before)
    if unclear or extra or region != bearing(edit.ny, after) or not before.retning:
        return "uavklart", told
    # «skal kunne lese inntil 100»: how much must be possible, or how much may be?
    if not region or (able and not dated and region == "main" and "minst" not in before.ord):
        return _room(edit, before, after), told
    return _compared(edit, before, after, region), told


def _room(edit: Edit, before: Limit, after: Limit) -> Klasse:
    """«Skal kunne ta imot inntil 5 MB»: as much must be possible; uavklart in other words."""
    clause, binding = edit.ny, edit.ny.binding[1]
    ceiling = CEILING & {*before.ord} and CEILING & {*after.ord} and before.enhet == after.enhet
    able = clause.ord[binding + 1 : binding + 2] == (CAPABILITY,) and clause.plain
    aside = clause.aside(after.at) or "som" in clause.ord[binding : after.at]
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


def motord(edit: Edit, known: Known) -> Told:
    """Et ord er byttet med sitt motord, som vise og skjule, åpne og låse, lest og ulest.

    Den som oppfylte det gamle, bryter det nye, og omvendt: endret plikt. I et spørsmål («vise om
    resepten er åpen») er det uavklart.
    """
    if not edit.single:
        return None
    short, long = sorted(edit.single, key=len)
    prefixed = long == f"u{short}" and re.search(r"(t|te|ede|ige?|bare?|ende)$", long)
    opposite = frozenset(edit.single) in OPPOSITES
    if not opposite and not (prefixed and known(short) and known(long)):
        return None
    return ("endret_plikt" if edit.binds > 1 and not edit.asked else "uavklart"), edit.told


def aktor(edit: Edit, _: Known) -> Told:
    """En aktør eller et system er byttet med et annet.

    Når de to er klart forskjellige, som legen og farmasøyten, er det endret plikt.
    """
    if not edit.single or edit.binds < 2:
        return None
    for group in ACTORS:
        kinds = [next((a for a in group if word in a), None) for word in edit.single]
        if all(kinds) and kinds[0] != kinds[1]:
            return "endret_plikt", edit.told
    return None


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
    ordered = {*before} & LIMITING or {*follows[1:]} & (UPPER_AFTER | LOWER_AFTER)
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
    return "endret_plikt" if all(told) and edit.binds > 1 and edit.gammel.plain else None


def _coded(word: str) -> bool:
    """Whether a word is a code with digits, and no amount and no id of a requirement."""
    digits = any(map(str.isdigit, word))
    return digits and not re.fullmatch(r"\d+([.,]\d+)?[^\W\d]+|[a-z]{2,5}-\d{4}", word)


def tall(edit: Edit, _: Known) -> Told:
    """Et tall, en dato eller et grenseord er endret uten at retningen er kjent.

    Uten grenseord vet ikke maskinen om et større tall krever mer eller mindre. Uavklart.
    """
    counted = any(number(word) is not None and not code(word) for word in edit.changed)
    letters = edit.single and sum(word.isdigit() for word in edit.single) == 1
    if letters and edit.single and number(edit.single[0]) == number(edit.single[1]):
        return "redaksjonell", f"{edit.told} er samme tall"
    return ("uavklart", edit.told) if counted or edit.changed & LIMITING else None


def komma(edit: Edit, _: Known) -> Told:
    """Et komma er satt eller fjernet der rettskrivningen krever det, og der det ikke avgrenser.

    Det gjelder kommaet etter en innledende leddsetning («Når listen er sendt, skal …») og foran
    «men», når setningen ikke har noe annet komma.
    """
    if not edit.span or edit.changed != {","}:
        return None
    clause, at, _put_in = edit.span
    rest, opened = clause.ord[at.stop :], clause.ord[: at.start]
    first = opened[:1] and (opened[0] in CONDITIONS | {"før", "etter", "mens"} or "som" in opened)
    orthographic = rest[:1] == ("men",) or (rest[:1] and rest[0] in BINDING and first)
    if orthographic and sum(word == "," for word in clause.ord) == 1:
        return "redaksjonell", "et komma etter rettskrivningen"
    return None


def avgrensning(edit: Edit, _: Known) -> Told:
    """Et avgrensende ord (bare, kun) er lagt til eller fjernet.

    «Kan» som blir «kan bare», og «bare legen skal kunne», forbyr resten: skjerpet, og motsatt
    lempet. Ellers er det uavklart.
    """
    if not edit.changed & RESTRICTORS:
        return None
    able = edit.gammel.ord[edit.gammel.binding[1] + 1 :][:1] == (CAPABILITY,)
    if edit.span and len(edit.changed) == 1 and (edit.binds == 1 or (edit.binds > 1 and able)):
        clause, at, put_in = edit.span
        beside = at.start in (0, clause.binding[1] + 1) and clause.region(at.start) == "main"
        if beside and clause.plain and not edit.either_has(NEGATIONS):
            return MORE_OR_LESS[put_in], edit.told
    return "uavklart", edit.told


def kvantor(edit: Edit, _: Known) -> Told:
    """«Alle» er byttet med «noen» eller «minst én av», eller omvendt.

    Fra alle til noen er lempet, og motsatt skjerpet. Med «ikke», og i et vilkår, er det omvendt.
    """
    if narrowed := _narrowed(edit):
        return narrowed, edit.told
    reach = [_reach(found) for found in (edit.words_out, edit.words_in)]
    if None in reach or reach[0] == reach[1]:
        known = edit.changed & (MORE | LESS)
        return ("uavklart", edit.told) if known and edit.slag == "ord" else None
    clause, at = edit.gammel, edit.ut.start
    region, polarity = clause.region(at), clause.polarity()
    doubt = clause.has(RESTRICTORS | {CAPABILITY, "som"}, range(at, len(clause.ord)))
    doubt = doubt or not clause.plain or clause.aside(at) or clause.occasion(at)
    subject = at == 0 and polarity > 0 and "," not in clause.ord[: clause.binding[1]]
    doubt = doubt or not (0 < clause.binding[1] < at or subject)
    vague = polarity > 0 and edit.changed & LESS
    if doubt or vague or not polarity or region == "unless" or edit.binds < 2:
        return "uavklart", edit.told
    if polarity < 0 and region == "set":
        return "uavklart", edit.told
    return MORE_OR_LESS[bool(reach[1]) != (polarity < 0 or region == "set")], edit.told


def _narrowed(edit: Edit) -> Klasse | None:
    """«Alle (aktive) oppføringer»: a word that picks some of all; None where it is none."""
    if not edit.span or len(edit.words_in or edit.words_out) != 1 or edit.binds < 2:
        return None
    clause, at, put_in = edit.span
    before, word, after = (
        clause.ord[at.start - 1 : at.start],
        clause.ord[at.start],
        clause.ord[at.stop :],
    )
    picks = re.search(r"(e|ig|iv|t|d|s|bar|full)$", word) and word.isalpha()
    if not before or before[0] not in MORE or not picks or not after or not after[0].isalpha():
        return None
    between = {*clause.ord[clause.binding[1] + 1 : at.start]}
    main = 0 < clause.binding[1] < at.start and clause.region(at.start) == "main"
    doubt = bool(between & (HINDERS | FINITE | {"til", "som", "før", "at"}))
    doubt = doubt or clause.aside(at.start)
    doubt = doubt or clause.has(RESTRICTORS | NEGATIONS | PERMISSIVE) or word in VAGUE | LESS
    if not main or doubt or not clause.plain or after[0] in PREPOSITIONS:
        return None
    return MORE_OR_LESS[not put_in]


def _reach(found: Words) -> bool | None:
    """True for «alle», False for «noen» and «minst én av», None for the rest."""
    text = " ".join(found)
    if text in MORE | {"begge", "alle de"}:
        return True
    return False if re.fullmatch(r"(noen|enkelte)( av)?|minst (én|ett|en|et)( av)?", text) else None


def sideordning(edit: Edit, _: Known) -> Told:
    """Et ledd er lagt til eller fjernet i en oppramsing med «og» eller «eller».

    I en plikt gir et nytt ledd med «og» skjerpet, og et nytt valg med «eller» lempet. I et forbud
    gir et nytt ledd med «eller» skjerpet. Faller leddet bort, er det omvendt. Kan leddet like
    gjerne avgrense («aktive og gyldige resepter») eller høre til en tid, er det uavklart.
    """
    if edit.single and {*edit.single} == {"og", "eller"}:
        wider = edit.single[1] == "eller"
        regions = {exchanged_joint(clause, at) for clause, at in edit.sides}
        if edit.binds < 2 or "" in regions or len(regions) > 1:
            return "uavklart", edit.told
        return MORE_OR_LESS[(regions == {"set"}) == wider], edit.told
    if not edit.span or edit.binds < 2:
        return None
    clause, at, put_in = edit.span
    joint, clear = joined(clause, at)
    if not joint:
        return None
    if not clear:
        return "uavklart", edit.told
    if at.stop <= clause.binding[1]:
        return MORE_OR_LESS[put_in], edit.told
    return MORE_OR_LESS[put_in == (joint == "og" or clause.polarity() < 0)], edit.told


def skrivefeil(edit: Edit, known: Known) -> Told:
    """En skrivefeil er rettet: det gamle ordet finnes ikke, det nye finnes, og de er nesten like.

    Det nye må være det eneste ordet i ordboken som bare én bokstav skiller fra det gamle. For lange
    ord, og der to bokstaver har byttet plass, er det nok at registeret ikke bruker noe annet. Kunne
    noe annet vært ment («uyldig»: ugyldig eller gyldig), er det uavklart. Ordboken er den norske i
    Hunspell. Er begge virkelige ord, som avlese og avlyse, er det aldri en skrivefeil.
    """
    if not edit.single:
        return None
    old, new = edit.single
    protected = {*BINDING, CAPABILITY} | NEGATIONS | RESTRICTORS | CONDITIONS | MORE | LESS
    protected |= {word for phrase in EXCEPTIONS for word in phrase}
    name = edit.ut.start and not edit.gammel.skrevet[edit.ut.start].islower()
    letters = old.isalpha() and new.isalpha() and min(len(old), len(new)) > 3
    # «eresept» may be meant; so may an ending that the dictionary has not got.
    letters = letters and old[0] == new[0] and old[-1] == new[-1]
    if not letters or {old, new} & protected or new not in (meant := one_away(old)):
        return None
    used = known.brukt if isinstance(known, Ordforrad) else no_word
    clear = sorted(old) == sorted(new) or len(new) > 7  # letters turned round, or a long word
    if clear and used(new) and not known(old) and not any(map(used, meant - {new})):
        return "redaksjonell", f"{edit.told}; bare det siste er et ord i registeret"
    if not name and known(new) and not known(old) and not any(map(known, meant - {new})):
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
    komma,
    avgrensning,
    sideordning,
    skrivefeil,
    fri_endring,
)
