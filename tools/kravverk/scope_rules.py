"""The rules for what a duty reaches: conditions and exceptions, quantities, enumerations.

A rule's docstring is its page, as in `text_rules`.
"""

from __future__ import annotations

import re

from kravverk.clauses import (
    BOUNDARY,
    Clause,
    Words,
    acts,
    exchanged_joint,
    find,
    joined,
)
from kravverk.edits import (
    MORE_OR_LESS,
    Edit,
    Known,
    Told,
)
from kravverk.models import Klasse
from kravverk.words import (
    ASKING,
    BINDING,
    CAPABILITY,
    CONDITIONS,
    EXCEPTIONS,
    FINITE,
    HINDERS,
    LESS,
    MORE,
    NEGATIONS,
    PERMISSIVE,
    PREPOSITIONS,
    RESTRICTORS,
    VAGUE,
)


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
    region = clause.region(at.start + (clause.ord[at.start : at.start + 1] == (",",)))
    if inner[:1] in (("og",), ("eller",)) and clause.conditional(at.start):
        plain = bare and not (CONDITIONS | NEGATIONS) & set(inner)
        opened = clause.ord[clause.start(at.start) : at.start]
        before = set(opened[max(i for i, w in enumerate(opened) if w in CONDITIONS or not i) :])
        finite = FINITE | {"mangler", "blir", "ligger", "inneholder", "får"}
        verbal = {*inner[1:2]} & finite or (len(inner) > 3 and re.search(r"[rs]$", inner[2]))
        verbless = inner[0] == "og" and not verbal
        excepted = region == "unless" and clause.ord[clause.start(at.start) :][:2] != (
            "med",
            "mindre",
        )
        if excepted and inner[0] == "og":
            return "uavklart", edit.told  # «unntatt utkast og kladder» adds to the exception
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
    comma = clause.ord[at.start : at.start + 1] == (",",) or clause.ord[at.start - 1] == ","
    every = other.polarity() > 0 and (comma or other.ord[:1] in {(word,) for word in MORE})
    partial = phrases and ("med", "mindre") not in phrases and other.has(MORE) and not every
    if not ends or not bare or nested or region != "main" or partial or allows:
        return "uavklart", edit.told
    return MORE_OR_LESS[not put_in], edit.told


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
    doubt = doubt or bool(
        {"at", "så", "etter", "lenge", "snart"} & {*clause.ord[clause.start(at) : at]}
    )
    doubt = doubt or (region == "main" and bool(HINDERS & {*clause.ord[clause.binding[1] : at]}))
    doubt = doubt or (at == 0 and not acts(clause))
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
    aside = {"som", "at", "ut"} | (PREPOSITIONS if before[0] not in ("hver", "hvert") else {"av"})
    doubt = bool(between & (HINDERS | FINITE | aside))
    doubt = doubt or word in {"enkelt", "enkelte", "eneste", "de", "mulige", "andre", "slike"}
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
    if other := _others(clause, at):
        return MORE_OR_LESS[put_in != (other == "lempet")], edit.told
    joint, clear = joined(clause, at)
    if not joint:
        return None
    if not clear:
        return "uavklart", edit.told
    if at.stop <= clause.binding[1]:
        return MORE_OR_LESS[put_in], edit.told
    return MORE_OR_LESS[put_in == (joint == "og" or clause.polarity() < 0)], edit.told


def _others(clause: Clause, at: range) -> Klasse | None:
    """What one more means in «hindre at andre enn leger (og tannleger) …»; None in other words."""
    before = clause.ord[max(at.start - 6, 0) : at.start]
    found = find(before, ("andre", "enn"))
    inner = clause.ord[at.start : at.stop]
    listed = found >= 0 and not (PREPOSITIONS | FINITE | {"som", "at"}) & {*before[found + 2 :]}
    if not listed or inner[:1] not in (("og",), ("eller",)) or len(inner) > 3:
        return None
    forbids = clause.polarity() < 0 or (clause.polarity() > 0 and _hinders(clause, at.start))
    plain = clause.plain and clause.binding[0] > 1 and not clause.has(RESTRICTORS)
    return "lempet" if forbids and plain else None


def _hinders(clause: Clause, at: int) -> bool:
    """Whether the verb of the duty is «hindre»."""
    return {"hindre", "forhindre"} & {*clause.ord[clause.binding[1] + 1 : at][:2]} != set()
