"""The rules for how a requirement is worded: what a machine can judge of `skriv-gode-krav.md`.

They advise and stop nobody. As in `register_rules`: a rule yields what it finds, and its docstring
is its page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kravverk.clauses import Clause
from kravverk.models import PLIKTER, Krav
from kravverk.register import Entry, Placed, Register
from kravverk.text import sentences, words
from kravverk.words import BINDING

_BINDS = re.compile(r"\b(?:skal|må|bør|kan)\b", re.IGNORECASE)
_VAGUE = re.compile(
    r"\b(?:raskt?|raske|brukervennlige?|relevante?|nødvendige?|hensiktsmessige?|enkle?|enkelt|tydelige?|"
    r"tilstrekkelige?|eventuel(?:l|le|t)|normalt|fleksib(?:el|elt|le)|intuitive?|moderne|effektiv[te]?|"
    r"så langt (?:som|det er) mulig|om mulig|i størst mulig grad|ivareta|ivaretar)\b",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(r"(?<![\w./(-])[A-ZÆØÅ]{2,6}(?![\w./-]*\d)(?=-|\b)")
_EXPLAINED = re.compile(r"\(([A-ZÆØÅ]{2,6})\)")


def ord_mot_plikt(reg: Register) -> Iterator[Placed]:
    """Det bindende ordet i teksten er et annet enn den sterkeste plikten i `gjelder`.

    Teksten har ett bindende ord: skal, bør eller kan. Har gruppene ulik plikt, bruker teksten den
    sterkeste, og `gjelder` sier hvem som har en svakere.

    Slik retter du: bruk det samme ordet i teksten som i `gjelder`.
    """
    for entry, krav in _requirements(reg):
        level = min((g.plikt for g in krav.gjelder.values()), key=PLIKTER.index, default=None)
        said = {"skal" if word == "må" else word for word in _duties(krav.tekst)}
        if level and said and (strongest := min(said, key=PLIKTER.index)) != level:
            sentence = f"Teksten binder med «{strongest}», men `gjelder` sier {level}."
            yield entry.at("tekst"), sentence, f"Skriv «{level}» i teksten, eller rett `gjelder`."


def flere_plikter(reg: Register) -> Iterator[Placed]:
    """Teksten har mer enn én plikt.

    Et krav med to plikter kan være halvt oppfylt, og da vet ingen hva som er svaret.

    Slik retter du: del kravet i to, ett for hver plikt.
    """
    for entry, krav in _requirements(reg):
        if len(_BINDS.findall(krav.tekst)) > 1 and (count := len(_duties(krav.tekst))) > 1:
            yield entry.at("tekst"), f"Teksten har {count} plikter.", "Del kravet, ett for hver."


def og_eller(reg: Register) -> Iterator[Placed]:
    """Teksten sier «og/eller».

    Da vet ikke leseren om begge delene trengs.

    Slik retter du: skriv «og», «eller», «minst én av» eller «verken … eller».
    """
    for entry, krav in _requirements(reg):
        if "og/eller" in krav.tekst.lower():
            yield entry.at("tekst"), "Teksten sier «og/eller».", "Skriv «og» eller «eller»."


def vagt_ord(reg: Register) -> Iterator[Placed]:
    """Teksten har et ord som ikke lar seg kontrollere, som raskt, relevant eller brukervennlig.

    To testere skal komme til samme svar.

    Slik retter du: bytt ordet ut med det du ville ha sett etter.
    """
    for entry, krav in _requirements(reg):
        found = dict.fromkeys(word.lower() for word in _VAGUE.findall(krav.tekst))
        if found:
            said = ", ".join(f"«{word}»" for word in found)
            yield entry.at("tekst"), f"{said} lar seg ikke kontrollere.", "Skriv hva som skal ses."


def ukjent_forkortelse(reg: Register) -> Iterator[Placed]:
    """Teksten bruker en forkortelse som ikke står i ordlisten.

    Forkortelser står i `krav/begreper/`, én fil for hvert begrep. Navn på systemer og meldinger
    teller også. Det som står i parentes etter ordet det forkorter, er forklart i det kravet.

    Slik retter du: skriv ordet helt ut, eller legg til begrepet.
    """
    if not reg.begreper:
        return
    named = [f"{b.navn} {' '.join(b.forkortelser)}" for b in reg.begreper.values()]
    named += [f"{system.navn} {system.leverandor}" for system in reg.systemer.values()]
    known = {word for text in named for word in re.findall(r"\w+", text)}
    known |= {area.prefiks for area in reg.omrader.values()} | {*reg.meldinger}
    for entry, krav in _requirements(reg):
        explained = {*_EXPLAINED.findall(krav.tekst)}
        for word in dict.fromkeys(_ABBREVIATION.findall(krav.tekst)):
            if word not in known | explained:
                way_out = "Skriv ordet helt ut, eller legg det til i `krav/begreper/`."
                yield entry.at("tekst"), f"{word} står ikke i ordlisten.", way_out


def _requirements(reg: Register) -> Iterator[tuple[Entry, Krav]]:
    for entry in reg.entries.values():
        if isinstance(entry.record, Krav) and entry.record.status != "utgått":
            yield entry, entry.record


def _duties(text: str) -> list[str]:
    """The binding words of a text that stand in no subclause, sentence by sentence."""
    found = []
    for sentence in sentences(text):
        clause = Clause(tuple(words(sentence.tekst)))
        duties = (i for i, w in enumerate(clause.ord) if w in BINDING and not clause.subordinate(i))
        found += [clause.ord[i] for i in duties if not _until(clause, i)]
    return found


def _until(clause: Clause, at: int) -> bool:
    """Whether a binding word stands in «…, før ny PLL kan signeres», which is no duty.

    «Før utlevering skal systemet …» is one: there the verb comes before who is bound.
    """
    opened = clause.start(at)
    places = [i for i in range(opened, at) if clause.ord[i] == "før"]
    if not places or clause.ord[at + 1 : at + 2] in (("det",), ("den",), ("de",), ("systemet",)):
        return False
    return places[-1] > 0 and clause.ord[places[-1] - 1] not in ("og", "men", ";", ":")


ORDLYD = (ord_mot_plikt, flere_plikter, og_eller, vagt_ord, ukjent_forkortelse)
