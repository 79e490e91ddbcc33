"""The rules for those who treat a case: members, quorum, votes, reasons, signatures.

As in `register_rules`: a rule yields what it finds, and its docstring is its page. Bodies and
members are those of the base (`rules.check_step` sees to that), and what counts is how they were on
the day of the meeting (design.md §6).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from kravverk.bodies import Medlem, Organ
from kravverk.case_models import Behandling, Dispensasjon, Hastevedtak
from kravverk.classes import editorial
from kravverk.diff import canonical
from kravverk.gate import RECOMMENDED, UNBOUND, state
from kravverk.register import Place, Placed, Register, Saksmappe
from kravverk.text import dato, word

# Whether a signature is over just this text by just this key: (text, signature, public key).
Verified = Callable[[str, str, str], bool]
HASTE_DAGER = 60  # how long an urgent decision may hold (design.md §6)
_POSITIVE = ("vedtatt", "vedtatt_med_vilkår", "anbefalt", "anbefalt_med_endringer", "fastsatt")
_BINDING = (*_POSITIVE, "frarådet", "avslått")
_PUTS_OFF = ("utsatt", "sendt_tilbake")  # where the votes are for putting it off or not
_MOVES = (*_BINDING, *_PUTS_OFF)
WITH_REASON = ("frarådet", "avslått", "utsatt", "sendt_tilbake", "vedtatt_med_vilkår")


def ikke_medlem(reg: Register) -> Iterator[Placed]:
    """En deltaker er ikke medlem av organet den dagen det ble behandlet.

    Medlemmene står i `changes/organer/`, med dato fra og til. Forslaget kan ikke selv legge til
    medlemmer: organet leses slik det er på hovedgrenen.

    Slik retter du: skriv rollen slik den står hos organet, eller endre organet i et eget forslag.
    """
    for mappe, organ, b, place in _treatments(reg):
        members = {m.rolle for m in organ.medlemmer_den(b.dato)}
        if not members:
            sentence = f"{organ.navn} har ingen medlemmer {dato(b.dato)}."
            yield place, sentence, "Før opp medlemmene under `changes/organer/` i et eget forslag."
            continue
        for rolle in sorted({*b.deltakere, *b.inhabile} - members):
            sentence = f"{rolle} er ikke medlem av {organ.navn} {dato(b.dato)}."
            yield place, sentence, f"Velg blant {', '.join(sorted(members))}."
        own = mappe.sak.forslagsstiller
        if any(same_role(own, rolle) for rolle in {*b.deltakere} - {*b.inhabile}):
            sentence = f"{mappe.sak.forslagsstiller} har behandlet sitt eget forslag."
            yield place, sentence, "Før rollen opp under `inhabile`."


def ikke_beslutningsdyktig(reg: Register) -> Iterator[Placed]:
    """For få medlemmer deltok til at organet kunne behandle saken.

    Hvor mange som må delta, står hos organet (`beslutningsdyktig`). Inhabile teller ikke med. Det
    gjelder alt som flytter saken, også en utsettelse og en tilbakesending.

    Slik retter du: behandle saken på nytt, eller rett listen over deltakere.
    """
    for _mappe, organ, b, place in _treatments(reg):
        if b.utfall in _MOVES:
            count = len({*b.deltakere} - {*b.inhabile})
            if count < (least := organ.regler_den(b.dato).beslutningsdyktig):
                sentence = f"{count} deltok; {organ.navn} må ha minst {least} deltakere."
                yield place, sentence, "Før opp deltakerne, eller behandle saken på nytt."


def stemmetall(reg: Register) -> Iterator[Placed]:
    """Stemmetallene stemmer ikke med utfallet eller med deltakerne.

    Et organ som avgjør med flertall, fører stemmene. Flere må være for enn imot for at noe skal
    bli anbefalt, vedtatt eller fastsatt, eller utsatt eller sendt tilbake: da gjelder stemmene om
    saken skal utsettes eller sendes tilbake. Et organ som avgjør ved konsensus, fører dissensen.

    Slik retter du: før opp stemmene slik de falt.
    """
    for _mappe, organ, b, place in _treatments(reg):
        if b.utfall not in _MOVES:
            continue
        carried = b.utfall in (*_POSITIVE, *_PUTS_OFF)
        votes = b.stemmer
        if votes is None:
            if organ.regler_den(b.dato).beslutningsform == "flertall":
                way_out = "Skriv `stemmer: {for: …, mot: …, avholdende: …}`."
                yield place, f"{organ.navn} avgjør med flertall, men stemmene mangler.", way_out
            continue
        total, voters = votes.for_ + votes.mot + votes.avholdende, {*b.deltakere} - {*b.inhabile}
        if total != len(voters):
            sentence = f"Det er ført {total} stemmer, men {len(voters)} habile deltakere."
            yield place, sentence, "Rett stemmetallene eller deltakerne."
        if (votes.for_ > votes.mot) != carried:
            sentence = f"{votes.for_} for og {votes.mot} mot gir ikke utfallet «{word(b.utfall)}»."
            yield place, sentence, "Rett stemmetallene eller utfallet."
        if (votes.mot if carried else votes.for_) and not b.dissens:
            yield place, "Noen var uenige, men dissensen er ikke ført.", "Skriv `dissens: |`."


def mangler_grunn(reg: Register) -> Iterator[Placed]:
    """Behandlingen mangler noe som alltid hører med til utfallet.

    Et avslag, en utsettelse, en tilbakesending, et vilkår og et råd mot saken skal begrunnes. En
    utsettelse har en dato som kommer etter behandlingen, og et vedtak med vilkår har vilkår. Den
    som fraviker en anbefaling, sier hvorfor.

    Slik retter du: fyll ut feltet som mangler.
    """
    for mappe, organ, b, place in _treatments(reg):
        lacking = []
        if b.utfall in WITH_REASON and not b.begrunnelse:
            lacking.append("begrunnelse")
        if b.utfall == "utsatt" and not b.utsatt:
            lacking.append("utsatt")
        if b.utfall == "vedtatt_med_vilkår" and not b.vilkar:
            lacking.append("vilkar")
        advised = _advice(mappe, b)
        against = (b.utfall in _POSITIVE) == (advised == "frarådet")
        decides = any(m.rolle in ("beslutter", "fastsetter") for m in organ.mandat)
        if advised and against and decides and b.utfall in _BINDING and not b.avvik:
            lacking.append("avvik")
        for felt in lacking:
            sentence = f"Utfallet «{word(b.utfall)}» må ha `{felt}`."
            yield place, sentence, f"Skriv `{felt}:` under behandlingen."
        if b.utsatt and b.utsatt.til <= b.dato:
            sentence = (
                f"Saken er utsatt til {dato(b.utsatt.til)}; det er ikke etter {dato(b.dato)}."
            )
            yield place, sentence, "Skriv en dato etter behandlingen."


def _advice(mappe: Saksmappe, b: Behandling) -> str:
    """What was recommended about the freeze that a decision stands for; empty for nothing."""
    said = state(mappe).sagt.values()
    found = [h.handling for h in said if h.behandling and h.handling in RECOMMENDED]
    found = ["frarådet"] if "frarådet" in found else found
    return found[-1] if found and b.utfall in _BINDING and b.utfall not in RECOMMENDED else ""


def vilkar_uten_kontroll(reg: Register) -> Iterator[Placed]:
    """Et vilkår kontrolleres ikke av noen annen enn den som er ansvarlig.

    Hvert vilkår har en ansvarlig rolle, en frist og en annen rolle som bekrefter at det er
    oppfylt. Bare den rollen kan bekrefte det.

    Slik retter du: skriv rollen som skal bekrefte, og vilkårets id slik det står i vedtaket.
    """
    for mappe, _organ, b, place in _treatments(reg):
        if len({v.id for v in b.vilkar}) < len(b.vilkar):
            yield place, "To vilkår har samme id.", "Gi hvert vilkår sin egen id."
        for v in b.vilkar:
            if same_role(v.ansvarlig, v.bekreftes_av):
                sentence = f"{v.ansvarlig} er både ansvarlig for {v.id} og skal bekrefte det."
                yield place, sentence, "La en annen rolle bekrefte vilkåret."
        if b.utfall != "vilkår_oppfylt":
            continue
        every = [v for o in mappe.behandlinger.values() for c in o.behandlinger for v in c.vilkar]
        mine = next((v for v in every if v.id == b.vilkar_id), None)
        if mine is None:
            known = ", ".join(v.id for v in every) or "ingen"
            yield place, f"Vilkåret {b.vilkar_id} finnes ikke i saken.", f"Vilkårene er: {known}."
        elif b.bekreftet_av != mine.bekreftes_av:
            sentence = f"{mine.id} er bekreftet av {b.bekreftet_av}, ikke av {mine.bekreftes_av}."
            yield place, sentence, f"Skriv `bekreftet_av: {mine.bekreftes_av}`."


def hastevedtak_uten_rett(reg: Register) -> Iterator[Placed]:
    """Hastevedtaket er ikke gjort av to som kan, eller det gjelder for lenge.

    To roller fra to organer gjør vedtaket, og ingen av dem er forslagsstiller. Minst ett av
    organene beslutter saken. Vedtaket gjelder i høyst 60 dager, og organene på ruten må behandle
    saken før den tid.

    Slik retter du: rett rollene eller datoen.
    """
    for folder, mappe in reg.saker.items():
        haste = mappe.hastevedtak
        if haste is None:
            continue
        place = reg.i_sak(folder, "hastevedtak", "vedtatt_av")
        who = haste.vedtatt_av
        if len(who) != 2 or len({w.organ for w in who}) != 2:
            yield place, "Hastevedtaket er ikke gjort av to roller fra to organer.", "Før opp to."
        decides = mappe.frys.rute.beslutter if mappe.frys else ()
        if not {w.organ for w in who} & {*decides}:
            sentence = "Ingen av de to er fra et organ som beslutter saken."
            yield place, sentence, f"Før opp en rolle fra {' eller '.join(decides)}."
        for w in who:
            organ = reg.organer.get(w.organ)
            members = {m.rolle for m in organ.medlemmer_den(haste.dato)} if organ else set()
            if w.rolle not in members:
                sentence = f"{w.rolle} er ikke medlem av {w.organ} {dato(haste.dato)}."
                yield place, sentence, "Skriv rollen slik den står hos organet."
            if same_role(w.rolle, mappe.sak.forslagsstiller):
                yield place, f"{w.rolle} er forslagsstiller.", "La en annen rolle gjøre vedtaket."
        last = haste.dato + timedelta(days=HASTE_DAGER)
        if not haste.dato <= haste.gjelder_til <= last:
            at = reg.i_sak(folder, "hastevedtak", "gjelder_til")
            sentence = f"Hastevedtaket gjelder til {dato(haste.gjelder_til)}."
            yield at, sentence, f"Sett `gjelder_til` til {last} eller tidligere."


def bekreftet_uten_grunn(reg: Register) -> Iterator[Placed]:
    """Lederen har bekreftet en tekst som betyr noe annet enn den organet anbefalte.

    Etter en anbefaling kan lederen alene bekrefte det som er bevist uten betydning. Alt annet må
    organet behandle på nytt.

    Slik retter du: fjern bekreftelsen, og la organet behandle den nye frysen.
    """
    for mappe, organ, b, place in _treatments(reg):
        if b.utfall != "bekreftet":
            continue
        leaders = {m.rolle for m in organ.medlemmer_den(b.dato) if m.leder}
        if not set(b.deltakere) <= leaders or not b.deltakere:
            yield place, f"Bare lederen av {organ.navn} bekrefter alene.", "Før opp lederen."
        frozen = {f.fingeravtrykk: f for f in mappe.fryser}
        earlier = [
            c.fingeravtrykk or ""
            for c in mappe.behandlinger[organ.id].behandlinger
            if c.utfall in RECOMMENDED and c.dato <= b.dato
        ]
        seen, now = frozen.get(earlier[-1] if earlier else ""), frozen.get(b.fingeravtrykk or "")
        if seen is None or now is None:
            yield place, f"{organ.navn} har ikke anbefalt noe å bekrefte.", "Fjern bekreftelsen."
            continue
        if seen.avklaringer != now.avklaringer:
            sentence = "Avklaringene er andre enn dem organet anbefalte."
            yield place, sentence, "La organet behandle den nye frysen."
        was, will = ({(f.post, f.felt): f.ny for f in one.endringer} for one in (seen, now))
        for post, felt in sorted(was.keys() | will.keys(), key=str):
            if not editorial(post, felt, was.get((post, felt)), will.get((post, felt))):
                what = f"`{felt}` i {post}" if felt else post
                sentence = f"{what} er endret i mening siden anbefalingen."
                yield place, sentence, "La organet behandle den nye frysen."


def kort_vei_alene(reg: Register) -> Iterator[Placed]:
    """Forslagsstilleren har selv bekreftet endringen på kort vei.

    På den korte veien går bare det som er bevist redaksjonelt eller informativt, og en annen rolle
    enn forslagsstilleren bekrefter det: kontakten for et område, eller et medlem av et organ.

    Slik retter du: la en annen rolle bekrefte, eller la saken gå den vanlige veien.
    """
    for folder, mappe in reg.saker.items():
        short = mappe.kortvei
        if short is None:
            continue
        place = reg.i_sak(folder, "kortvei", "rolle")
        if same_role(short.rolle, mappe.sak.forslagsstiller):
            yield place, "Forslagsstilleren har selv bekreftet.", "La en annen rolle bekrefte."


def ugyldig_dispensasjon(reg: Register) -> Iterator[Placed]:
    """En dispensasjon er gitt av et organ uten mandat til det, eller for noe som ikke finnes.

    Et organ gir dispensasjon når det har mandatet `beslutter` for sakstypen `dispensasjon` i
    området til kravet, den dagen den ble gitt. Dispensasjonen gjelder en versjon av kravet som
    finnes, og tar slutt etter at den ble gitt.

    Slik retter du: rett feltet som er nevnt. Skal et annet organ kunne gi dispensasjoner, endres
    mandatet i et eget forslag.
    """
    for entry in reg.entries.values():
        given = entry.record
        if not isinstance(given, Dispensasjon):
            continue
        organ, krav = reg.organer.get(given.gitt_av), reg.krav.get(given.krav)
        if not (organ and krav):
            continue  # another rule says so
        held = [m for m in organ.mandat if m.dekker("dispensasjon", [krav.omrade])]
        if not any(m.rolle == "beslutter" and m.gjelder(given.dato) for m in held):
            sentence = f"{organ.navn} hadde ikke mandat til å gi dispensasjon fra {krav.id} "
            way_out = "Et organ med `beslutter` for `dispensasjon` i området må gi den."
            yield entry.at("gitt_av"), f"{sentence}{dato(given.dato)}.", way_out
        if given.versjon > krav.versjon:
            sentence = f"{krav.id} har ingen versjon {given.versjon}; den nyeste er {krav.versjon}."
            yield entry.at("versjon"), sentence, "Skriv en versjon som finnes."
        if given.til < given.dato:
            sentence = f"Dispensasjonen tok slutt {dato(given.til)}, før den ble gitt."
            yield entry.at("til"), sentence, "Rett datoen."


def ugyldig_signatur(reg: Register, verified: Verified) -> Iterator[Placed]:
    """Organet krever signatur, og behandlingen er ikke signert av lederen.

    Signaturen gjelder behandlingen ord for ord, i denne saken og av dette organet, og er gjort med
    en nøkkel som gjaldt for lederen den dagen møtet ble holdt. Hva git sier om navn og dato, teller
    ikke.

    Slik retter du: la lederen signere med `krav signer`.
    """
    for mappe, organ, b, place in _treatments(reg):
        if organ.regler_den(b.dato).signatur and b.utfall not in UNBOUND:
            leaders = [m for m in organ.medlemmer_den(b.dato) if m.leder]
            text = signed_text(mappe.navn, organ.id, b)
            for sentence in _unsigned(organ, leaders, b.dato, b.signatur, text, verified):
                yield place, sentence, "La lederen signere med `krav signer`."
    for folder, mappe in reg.saker.items():
        haste = mappe.hastevedtak
        for at, who in enumerate(haste.vedtatt_av if haste else ()):
            organ_, dag = reg.organer.get(who.organ), haste.dato if haste else date.min
            if haste and organ_ and organ_.regler_den(dag).signatur:
                mine = [m for m in organ_.medlemmer_den(dag) if m.rolle == who.rolle]
                text = signed_text(mappe.navn, who.organ, haste)
                for sentence in _unsigned(organ_, mine, dag, who.signatur, text, verified):
                    place = reg.i_sak(folder, "hastevedtak", "vedtatt_av", at)
                    yield place, sentence, "La rollen signere med `krav signer`."


def _unsigned(
    organ: Organ,
    members: Sequence[Medlem],
    dag: date,
    signature: str | None,
    text: str,
    verified: Verified,
) -> Iterator[str]:
    """Why a text is not signed by any of some members, by a key that counted on a day."""
    keys = [key for member in members for key in member.nokler_den(dag)]
    who = members[0].rolle if members else "Rollen"
    if not signature:
        yield f"{organ.navn} krever signatur, og den mangler."
    elif not keys:
        yield f"{who} i {organ.navn} har ingen nøkkel som gjaldt {dato(dag)}."
    elif not any(verified(text, signature, key) for key in keys):
        yield f"Signaturen er ikke gjort av {who} i {organ.navn} over denne teksten."


def signed_text(sak: str, organ: str, said: Behandling | Hastevedtak) -> str:
    """What is signed: the treatment word for word, and whose it is, in canonical form."""
    left_out: Any = {"signatur": True, "vedtatt_av": {"__all__": {"signatur"}}}
    text = said.model_dump(mode="json", exclude_defaults=True, exclude=left_out, by_alias=True)
    return canonical({"sak": sak, "organ": organ, "behandling": text})


# --- Shared ---------------------------------------------------------------------------------------


def same_role(one: str, other: str) -> bool:
    """Whether two spellings name one role: capitals, full stop and organisation make no other."""
    first, second = (
        re.split(r"[,(]| [-–—] ", rolle, maxsplit=1)[0].casefold().strip(" .")
        for rolle in (one, other)
    )
    return first == second


def _treatments(reg: Register) -> Iterator[tuple[Saksmappe, Organ, Behandling, Place]]:
    """Every treatment by a body there is: the case, the body, what it did, and where it stands."""
    for folder, mappe in reg.saker.items():
        for ident, treated in mappe.behandlinger.items():
            for at, b in enumerate(treated.behandlinger):
                if organ := reg.organer.get(ident):
                    yield mappe, organ, b, reg.i_sak(folder, ident, "behandlinger", at)


# In the order in which they run.
ORGAN = (
    ikke_medlem,
    ikke_beslutningsdyktig,
    stemmetall,
    mangler_grunn,
    vilkar_uten_kontroll,
    hastevedtak_uten_rett,
    kort_vei_alene,
    bekreftet_uten_grunn,
    ugyldig_dispensasjon,
)
SIGNATUR = ugyldig_signatur  # asks a program outside, and runs where the caller brings it
