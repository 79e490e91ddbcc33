"""Which terms of the glossary a text uses, and the words that the papers have of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import unescape

from kravverk.models import Begrep
from kravverk.register import Register

WORD = re.compile(r"[\w-]+")
ENDINGS = ("", "a", "e", "en", "ene", "er", "et", "n", "ne", "r")
SHORT = 5  # a word with fewer letters is a term only as it stands in the glossary


class Terms:
    """A glossary to look words up in; an abbreviation is known only by its capitals."""

    def __init__(self, begreper: Iterable[Begrep]) -> None:
        self._words: dict[str, Begrep] = {}
        self._phrases: dict[str, Begrep] = {}
        for begrep in begreper:
            for called in (begrep.navn, *begrep.forkortelser):
                name = called.partition(" (")[0]
                if " " in name:
                    self._phrases[name.lower()] = begrep
                elif len(name) < SHORT or not name[1:].islower():
                    self._words[name] = begrep
                else:
                    forms = ((name + end, name.lower() + end) for end in ENDINGS)
                    self._words |= {form: begrep for both in forms for form in both}

    def used_in(self, text: str) -> list[Begrep]:
        """The terms that a text uses, by name."""
        low = text.lower()
        known: Mapping[str, Begrep] = self._words
        found = {b.id: b for word in set(WORD.findall(text)) if (b := known.get(word))}
        found |= {b.id: b for phrase, b in self._phrases.items() if phrase in low}
        return sorted(found.values(), key=lambda b: b.navn.lower())


# What the papers themselves say, and no term of the register explains.
_OWN_WORDS = {
    "DPIA": "Vurdering av hva noe betyr for personvernet.",
    "Hjemmel": "Loven eller forskriften som gir grunnlag for noe.",
    "ROS": "Risiko- og sårbarhetsanalyse.",
    "avhenger av": "Kravet kan ikke oppfylles uten at det andre kravet også er oppfylt.",
    "dataansvarlig": "Virksomheten som bestemmer formålet med en behandling av opplysninger.",
    "endret plikt": "Kravet ber om noe annet enn før, både mer og mindre.",
    "godkjenning": "Hvordan det vises at et system oppfyller kravet: en test eller en erklæring.",
    "habilitet": "At et medlem ikke er for nær saken til å behandle den.",
    "lempet": "Kravet ber om mindre enn før.",
    "ny plikt": "Systemet blir bundet av et krav det ikke var bundet av.",
    "presisert": "Teksten er tydeligere, med samme betydning.",
    "rekvirentsystem": "System der leger og andre rekvirenter skriver resepter.",
    "skjerpet": "Den som oppfylte det gamle kravet, kan bryte det nye.",
    "via fellesløsning": "En fellesløsning utvikler; den som bruker den, tester eller erklærer.",
    "akseptanse": "Punktene en tester prøver for å se om et system oppfyller kravet.",
    "delegert": "Avgjort av andre på vegne av organet, som får vite om det etterpå.",
    "dispensasjon": "Unntak fra et krav for ett system, til en bestemt dag.",
    "dissens": "Det et mindretall i organet mente, når ikke alle var enige.",
    "fellesløsning": "System som flere andre bygger på, og som gjør det meste av arbeidet for dem.",
    "fingeravtrykk": "Kontrollkode for én bestemt tekst. Endres ett ord, blir koden en annen.",
    "frys": "Teksten i en sak slik den ble låst en bestemt dag. Organene tar stilling til en frys.",
    "hastesak": "Sak med et hastevedtak som organene ennå ikke har tatt stilling til.",
    "hastevedtak": "Vedtak av to roller fra to organer, til organene selv har behandlet saken.",
    "informativ": "Endring i noe som ikke binder noen, som en begrunnelse.",
    "inhabil": "For nær saken til å delta i behandlingen av den.",
    "innarbeidet": "Vedtatt, og satt inn i registeret.",
    "innspill": "Det leverandørene svarer om hva endringen betyr for systemet deres.",
    "klasse": "Hva en endring betyr for et system, som ny plikt, skjerpet, lempet eller presisert.",
    "kort vei": "En annen rolle enn forslagsstilleren bekrefter det som er bevist uten betydning.",
    "minste varsel": "Den korteste tiden fra et vedtak til noen må følge det.",
    "normativ": "Det som binder systemene. En begrunnelse er ikke normativ.",
    "post": "Ett krav, én melding, ett begrep eller en annen enhet i registeret.",
    "protokolltilførsler": "Det medlemmer vil ha skrevet i protokollen ved siden av vedtaket.",
    "redaksjonell": "Endring som er bevist ikke å endre hva teksten betyr.",
    "samlepost": "Ett navn for flere systemer av samme slag, som ikke er ført hver for seg.",
    "utfases": "Plikten tar slutt den dagen.",
    "utgivelse": "Alle kravene gitt ut samlet, slik de er på én dag, med dato for når de gjelder.",
    "vilkår": "Noe som må være gjort innen en frist for at vedtaket skal bli stående.",
    "virkningsmatrise": "Tabell over hva hvert krav i saken betyr for hvert system.",
}


def glossary(html: str, reg: Register) -> list[tuple[str, str]]:
    """(word, what it means) for the terms, the messages and the own words that a paper uses."""
    text = unescape(re.sub(r"<[^>]*>", " ", html))
    used = {*re.findall(r"\w+(?:[-.]\w+)*", text)}
    low = {word.lower() for word in used}

    def said(term: str) -> bool:
        return term in used or (" " in term and term in text)

    def own(word: str) -> bool:
        return (
            said(word)
            or (" " in word and word in text.lower())
            or any(word + end in low for end in ENDINGS)
        )

    found = {word: means for word, means in _OWN_WORDS.items() if own(word)}
    for term in reg.begreper.values():
        short = [name for name in term.forkortelser if said(name)]
        if short:
            found[", ".join(short)] = f"{term.navn}. {term.beskrivelse}"
        elif said(term.navn) or said(term.navn.lower()):
            found[term.navn] = term.beskrivelse
    found |= {m.id: f"{m.navn}. {m.beskrivelse}" for m in reg.meldinger.values() if said(m.id)}
    return sorted(found.items(), key=lambda pair: pair[0].lower())
