"""The rules that say what a changed place in a text means; the first that recognises it decides.

A rule's docstring is its page, read by requirement owners and council members, in Norwegian.
"""

from __future__ import annotations

import re

from kravverk.clauses import (
    Clause,
    find,
)
from kravverk.edits import (
    MORE_OR_LESS,
    Edit,
    Known,
    MeaningRule,
    Ordforrad,
    Told,
    near,
    no_word,
    one_away,
)
from kravverk.limit_rules import (
    grense,
    kode,
    tall,
)
from kravverk.models import Klasse
from kravverk.scope_rules import (
    kvantor,
    sideordning,
    vilkar,
)
from kravverk.words import (
    ACTORS,
    BINDING,
    CAPABILITY,
    CEILING,
    CONDITIONS,
    DEADLINE,
    DEFINING,
    EXCEPTIONS,
    HINDERS,
    LESS,
    MORE,
    NEGATIONS,
    NOT,
    NUMBERED,
    OPPOSITES,
    PERMISSIVE,
    PREPOSITIONS,
    RESTRICTORS,
    SAME_PHRASES,
    VARIANTS,
)

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
    text = " ".join(clause.ord)
    if _EXEMPTS.match(text):
        return MORE_OR_LESS[not put_in], edit.told
    doubtful = {"likevel", "gjelde", "gjelder", "trenger", "unntak", "kan", "enten", *DEFINING}
    excepted = any(find(clause.ord, phrase) >= 0 for phrase in EXCEPTIONS)
    # A prohibition, or something made possible, may take something out of another duty.
    unclear = clause.has(NEGATIONS | RESTRICTORS | {CAPABILITY})
    loosens = re.search(
        r"\b(nok|holder|forlenges|utsettes|lengre|fritas|fritatt|slipper|tilstrekkelig|fristen|"
        r"velge|velger)\b",
        text,
    )
    # «I helgen skal …» may take the place of what goes before.
    special = {*clause.ord[:1]} & (PREPOSITIONS | {"under", "utenfor"})
    if clause.binding[0] < 2 or excepted or unclear or loosens or special:
        return "uavklart", edit.told
    if doubtful & set(clause.ord):
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
    one = bool(re.search(r"\b(én|ett|en|et) av\b", text))
    doubtful |= {"begrense", "avgrense", "sortere", "gruppere", "sorteres", "grupperes", "etter"}
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
    limited = [c.has(RESTRICTORS) or c.negated(at) for c, at in edit.places]
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
    if clause.binding[0] < 3 or clause.has(
        RESTRICTORS | PERMISSIVE | HINDERS | CEILING | {"høyst", "maks", "maksimalt"}
    ):
        return "uavklart"
    return MORE_OR_LESS[put_in != (polarity > 0)]


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
    ordered = {"før", "etter", "første", "siste", "fra", "til"} & {*edit.single}
    if ordered and (edit.gammel.has(DEADLINE) or edit.gammel.has(NUMBERED)):
        return "uavklart", edit.told
    if not opposite and not (prefixed and known(short) and known(long)):
        return None
    return ("endret_plikt" if edit.binds > 1 and not edit.asked else "uavklart"), edit.told


def aktor(edit: Edit, _: Known) -> Told:
    """En aktør eller et system er byttet med et annet.

    Når de to er klart forskjellige, som legen og farmasøyten, er det endret plikt.
    """
    if not edit.single or edit.binds < 2:
        return None
    if any(clause.example(at) for clause, at in edit.sides):
        return "uavklart", edit.told
    for group in ACTORS:
        kinds = [next((a for a in group if word in a), None) for word in edit.single]
        if all(kinds) and kinds[0] != kinds[1]:
            return "endret_plikt", edit.told
    return None


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
    joined = any(known(old[:at]) and known(old[at:]) for at in range(3, len(old) - 2))
    if joined and not used(new):
        return None  # a compound that the dictionary has not got
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
