"""The rules for how a case was treated: by those who may, in order, on the text they saw.

As in `register_rules`: a rule yields what it finds, and its docstring is its page. Bodies and
members are those of the base (`rules.check_step` sees to that), and those count whose interval
covers the day of the meeting (design.md §6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from kravverk.case_models import (
    Behandling,
    Behandlinger,
    Forslag,
    Hastevedtak,
    Kortvei,
    Medlem,
    Organ,
)
from kravverk.chain import prove, route_of
from kravverk.classes import field_class
from kravverk.diff import Endring, canonical, fingeravtrykk
from kravverk.gate import OPEN, RECOMMENDED, state
from kravverk.models import KRAV_ID
from kravverk.register import Place, Placed, Register, Saksmappe, fil_of
from kravverk.text import dato
from kravverk.text_rules import no_word

# Whether a signature is over just this text by just this key: (text, signature, public key).
Verified = Callable[[str, str, str], bool]
HASTE_DAGER = 60  # how long an urgent decision may hold (design.md §6)
_POSITIVE = ("vedtatt", "vedtatt_med_vilkår", "anbefalt", "anbefalt_med_endringer", "fastsatt")
_BINDING = (*_POSITIVE, "frarådet", "avslått")
_WITH_REASON = ("frarådet", "avslått", "utsatt", "sendt_tilbake", "vedtatt_med_vilkår")


def ulovlig_overgang(reg: Register) -> Iterator[Placed]:
    """En handling står i saken uten at den kunne gjøres da.

    Hva som kan gjøres i hvert steg, og av hvem, står i tabellen på siden om saksgangen. En
    behandling gjelder den frysen den oppgir fingeravtrykket til, og bare den.

    Slik retter du: se hva som er sagt om handlingen. Er teksten endret siden behandlingen, må
    organet behandle den nye frysen.
    """
    for folder, mappe in reg.saker.items():
        for refusal in state(mappe, route_of(mappe, reg)).nektet:
            act = refusal.hendelse
            place = _in(reg, folder, act.fil, *act.sted)
            who = f" av {act.organ}" if act.organ else ""
            sentence = f"«{_ord(act.handling)}»{who} {dato(act.dato)} teller ikke: "
            way_out = "Behandle den nyeste frysen, eller fjern handlingen om den er ført feil."
            yield place, sentence + refusal.fordi + ".", way_out


def endret_frys(reg: Register) -> Iterator[Placed]:
    """En frys er endret etter at den ble skrevet.

    Fingeravtrykket regnes av det frysen inneholder. Stemmer det ikke, er teksten ikke den som ble
    behandlet. Frysene er nummerert fra 1, og ingen blir skrevet om.

    Slik retter du: hent filen tilbake, og lag en ny frys med `krav frys`.
    """
    for folder, mappe in reg.saker.items():
        for at, frys in enumerate(mappe.forslag.frys if mappe.forslag else ()):
            place = _in(reg, folder, "forslag", "frys", at)
            way_out = "Hent filen tilbake, og lag en ny frys med `krav frys`."
            if frys.fingeravtrykk != fingeravtrykk(frys.endringer, frys.avklaringer):
                yield (
                    place,
                    f"Innholdet i frys {frys.nr} stemmer ikke med fingeravtrykket.",
                    way_out,
                )
            if frys.nr != at + 1:
                yield place, f"Frys nummer {at + 1} i filen heter {frys.nr}.", way_out


def ikke_medlem(reg: Register) -> Iterator[Placed]:
    """En deltaker er ikke medlem av organet den dagen det ble behandlet.

    Medlemmene står i `changes/organer/`, med dato fra og til. Forslaget kan ikke selv legge til
    medlemmer: organet leses slik det er på hovedgrenen.

    Slik retter du: skriv rollen slik den står hos organet, eller endre organet i et eget forslag.
    """
    for mappe, organ, b, place in _treatments(reg):
        members = {m.rolle for m in medlemmer(organ, b.dato)}
        if not members:
            sentence = f"{organ.navn} har ingen medlemmer {dato(b.dato)}."
            yield place, sentence, "Før opp medlemmene under `changes/organer/` i et eget forslag."
            continue
        for rolle in sorted({*b.deltakere, *b.inhabile} - members):
            sentence = f"{rolle} er ikke medlem av {organ.navn} {dato(b.dato)}."
            yield place, sentence, f"Velg blant {', '.join(sorted(members))}."
        if mappe.sak.forslagsstiller in {*b.deltakere} - {*b.inhabile}:
            sentence = f"{mappe.sak.forslagsstiller} har behandlet sitt eget forslag."
            yield place, sentence, "Før rollen opp under `inhabile`."


def ikke_beslutningsdyktig(reg: Register) -> Iterator[Placed]:
    """For få medlemmer deltok til at organet kunne behandle saken.

    Hvor mange som må delta, står hos organet (`beslutningsdyktig`). Inhabile teller ikke med.

    Slik retter du: behandle saken på nytt, eller rett listen over deltakere.
    """
    for _mappe, organ, b, place in _treatments(reg):
        if b.utfall in _BINDING:
            count = len({*b.deltakere} - {*b.inhabile})
            if count < organ.beslutningsdyktig:
                sentence = f"{count} deltok; {organ.navn} må være minst {organ.beslutningsdyktig}."
                yield place, sentence, "Før opp deltakerne, eller behandle saken på nytt."


def stemmetall(reg: Register) -> Iterator[Placed]:
    """Stemmetallene stemmer ikke med utfallet eller med deltakerne.

    Et organ som avgjør med flertall, fører stemmene. Flere må være for enn imot for at noe skal
    bli anbefalt, vedtatt eller fastsatt. Et organ som avgjør ved konsensus, fører dissensen.

    Slik retter du: før opp stemmene slik de falt.
    """
    for _mappe, organ, b, place in _treatments(reg):
        if b.utfall not in _BINDING:
            continue
        votes = b.stemmer
        if votes is None:
            if organ.beslutningsform == "flertall":
                way_out = "Skriv `stemmer: {for: …, mot: …, avholdende: …}`."
                yield place, f"{organ.navn} avgjør med flertall, men stemmene mangler.", way_out
            continue
        total, voters = votes.for_ + votes.mot + votes.avholdende, {*b.deltakere} - {*b.inhabile}
        if total != len(voters):
            sentence = f"Det er ført {total} stemmer, men {len(voters)} habile deltakere."
            yield place, sentence, "Rett stemmetallene eller deltakerne."
        if (votes.for_ > votes.mot) != (b.utfall in _POSITIVE):
            sentence = f"{votes.for_} for og {votes.mot} mot gir ikke utfallet «{_ord(b.utfall)}»."
            yield place, sentence, "Rett stemmetallene eller utfallet."
        if votes.mot and not b.dissens:
            yield place, "Noen stemte mot, men dissensen er ikke ført.", "Skriv `dissens: |`."


def mangler_grunn(reg: Register) -> Iterator[Placed]:
    """Behandlingen mangler noe som alltid hører med til utfallet.

    Et avslag, en utsettelse, en tilbakesending, et vilkår og et råd mot saken skal begrunnes. En
    utsettelse har dato, og et vedtak med vilkår har vilkår. Den som fraviker en anbefaling, sier
    hvorfor.

    Slik retter du: fyll ut feltet som mangler.
    """
    for mappe, organ, b, place in _treatments(reg):
        lacking = []
        if b.utfall in _WITH_REASON and not b.begrunnelse:
            lacking.append("begrunnelse")
        if b.utfall == "utsatt" and not b.utsatt:
            lacking.append("utsatt")
        if b.utfall == "vedtatt_med_vilkår" and not b.vilkar:
            lacking.append("vilkar")
        advised = _advice(mappe, reg, b)
        against = (b.utfall in _POSITIVE) == (advised == "frarådet")
        decides = any(m.rolle in ("beslutter", "fastsetter") for m in organ.mandat)
        if advised and against and decides and b.utfall in _BINDING and not b.avvik:
            lacking.append("avvik")
        for felt in lacking:
            sentence = f"Utfallet «{_ord(b.utfall)}» må ha `{felt}`."
            yield place, sentence, f"Skriv `{felt}:` under behandlingen."


def _advice(mappe: Saksmappe, reg: Register, b: Behandling) -> str:
    """What was recommended about the freeze that a decision stands for; empty for nothing."""
    said = state(mappe, route_of(mappe, reg)).sagt.values()
    found = [h.handling for h in said if h.behandling and h.handling in RECOMMENDED]
    return found[-1] if found and b.utfall in _BINDING and b.utfall not in RECOMMENDED else ""


def vilkar_uten_kontroll(reg: Register) -> Iterator[Placed]:
    """Et vilkår kontrolleres ikke av noen annen enn den som er ansvarlig.

    Hvert vilkår har en ansvarlig rolle, en frist og en annen rolle som bekrefter at det er
    oppfylt. Bare den rollen kan bekrefte det.

    Slik retter du: skriv rollen som skal bekrefte, og vilkårets id slik det står i vedtaket.
    """
    for mappe, _organ, b, place in _treatments(reg):
        for v in b.vilkar:
            if v.ansvarlig == v.bekreftes_av:
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

    To roller fra to organer gjør vedtaket, og ingen av dem er forslagsstiller. Det gjelder i høyst
    60 dager, og organene på ruten må behandle saken før den tid.

    Slik retter du: rett rollene eller datoen.
    """
    for folder, mappe in reg.saker.items():
        haste = mappe.hastevedtak
        if haste is None:
            continue
        place = _in(reg, folder, "hastevedtak", "vedtatt_av")
        who = haste.vedtatt_av
        if len(who) != 2 or len({w.organ for w in who}) != 2:
            yield place, "Hastevedtaket er ikke gjort av to roller fra to organer.", "Før opp to."
        for w in who:
            organ = reg.organer.get(w.organ)
            members = {m.rolle for m in medlemmer(organ, haste.dato)} if organ else set()
            if w.rolle not in members:
                sentence = f"{w.rolle} er ikke medlem av {w.organ} {dato(haste.dato)}."
                yield place, sentence, "Skriv rollen slik den står hos organet."
            if w.rolle == mappe.sak.forslagsstiller:
                yield place, f"{w.rolle} er forslagsstiller.", "La en annen rolle gjøre vedtaket."
        last = haste.dato + timedelta(days=HASTE_DAGER)
        if not haste.dato <= haste.gjelder_til <= last:
            at = _in(reg, folder, "hastevedtak", "gjelder_til")
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
        leaders = {m.rolle for m in medlemmer(organ, b.dato) if m.leder}
        if not set(b.deltakere) <= leaders or not b.deltakere:
            yield place, f"Bare lederen av {organ.navn} bekrefter alene.", "Før opp lederen."
        frozen = {f.fingeravtrykk: f for f in (mappe.forslag.frys if mappe.forslag else ())}
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
            old, new = was.get((post, felt)), will.get((post, felt))
            changed = Endring(post, felt, "endret", old, new)
            prose = felt and KRAV_ID.fullmatch(post) and isinstance(old, str) and new is not None
            klasse = field_class(changed, no_word)[0] if prose else "uavklart"
            if old != new and klasse not in ("redaksjonell", "informativ"):
                what = f"`{felt}` i {post}" if felt else post
                sentence = f"{what} er endret i mening siden anbefalingen."
                yield place, sentence, "La organet behandle den nye frysen."


def trukket_etter_vedtak(reg: Register) -> Iterator[Placed]:
    """Saken er trukket etter at den ble vedtatt.

    Et vedtak blir ikke opphevet ved at saken trekkes. Skal teksten endres tilbake, gjøres det i en
    ny sak.

    Slik retter du: slett `trukket`, og åpne en ny sak.
    """
    for folder, mappe in reg.saker.items():
        if mappe.sak.trukket and state(mappe, route_of(mappe, reg)).vedtatt:
            place = _in(reg, folder, "endring", "trukket")
            yield place, "Saken er vedtatt, og kan ikke trekkes.", "Slett `trukket`."


def mappe_uten_sak(reg: Register) -> Iterator[Placed]:
    """En mappe har fryser eller behandlinger, men ingen sak.

    Uten `endring.yaml` teller ikke det som er behandlet, og et vedtak ville falt bort i det stille.

    Slik retter du: hent `endring.yaml` tilbake.
    """
    for path, entry in reg.entries.items():
        folder = path.split("/")[1]
        if not isinstance(entry.record, Forslag | Behandlinger | Kortvei | Hastevedtak):
            continue
        if folder not in reg.saker and f"changes/{folder}/endring" not in reg.unread:
            yield (
                (path, 1),
                f"Mappen `changes/{folder}` har ingen sak.",
                "Hent `endring.yaml` tilbake.",
            )


def ugyldig_gjenopptak(reg: Register) -> Iterator[Placed]:
    """Saken tar opp igjen en sak som ikke finnes, eller som ikke er avsluttet uten virkning.

    Slik retter du: vis til en sak som er avslått, trukket eller sendt tilbake.
    """
    for folder, mappe in reg.saker.items():
        if (ident := mappe.sak.gjenopptar) is None:
            continue
        other = reg.saker.get(ident)
        ended = other and (
            other.sak.trukket
            or state(other, route_of(other, reg)).steg in ("avslått", "sendt_tilbake", "utsatt")
        )
        if not ended and f"changes/{ident}/endring" not in reg.unread:
            sentence = f"Sak {ident} finnes ikke, eller er ikke avsluttet uten virkning."
            way_out = "Vis til en sak som er avslått, trukket, utsatt eller sendt tilbake."
            yield _in(reg, folder, "endring", "gjenopptar"), sentence, way_out


def kort_vei_alene(reg: Register) -> Iterator[Placed]:
    """Forslagsstilleren har selv bekreftet endringen på kort vei.

    På den korte veien går bare det som er bevist redaksjonelt eller informativt, og en annen rolle
    enn forslagsstilleren bekrefter det.

    Slik retter du: la en annen rolle bekrefte, eller la saken gå den vanlige veien.
    """
    for folder, mappe in reg.saker.items():
        if mappe.kortvei and mappe.kortvei.rolle == mappe.sak.forslagsstiller:
            place = _in(reg, folder, "kortvei", "rolle")
            yield place, "Forslagsstilleren har selv bekreftet.", "La en annen rolle bekrefte."


def ugyldig_signatur(reg: Register, verified: Verified) -> Iterator[Placed]:
    """Organet krever signatur, og behandlingen er ikke signert av lederen.

    Signaturen gjelder behandlingen ord for ord, i denne saken og av dette organet, og er gjort med
    en nøkkel som gjaldt for lederen den dagen møtet ble holdt. Hva git sier om navn og dato, teller
    ikke.

    Slik retter du: la lederen signere med `krav signer`.
    """
    for mappe, organ, b, place in _treatments(reg):
        due = organ.signatur_fra is not None and organ.signatur_fra <= b.dato
        if not due or b.utfall not in _BINDING:
            continue
        keys = [
            key.nokkel
            for member in medlemmer(organ, b.dato)
            for key in member.nokler
            if member.leder and key.fra <= b.dato and (key.til is None or b.dato <= key.til)
        ]
        text = signed_text(mappe.navn, organ.id, b)
        way_out = "La lederen signere med `krav signer`."
        if not b.signatur:
            yield place, f"{organ.navn} krever signatur, og den mangler.", way_out
        elif not keys:
            sentence = f"Lederen av {organ.navn} har ingen nøkkel som gjaldt {dato(b.dato)}."
            yield place, sentence, "Før opp nøkkelen hos organet i et eget forslag."
        elif not any(verified(text, b.signatur, key) for key in keys):
            sentence = "Signaturen er ikke gjort av lederen over denne behandlingen."
            yield place, sentence, way_out


def signed_text(sak: str, organ: str, b: Behandling) -> str:
    """What is signed: the treatment word for word, and whose it is, in canonical form."""
    said = b.model_dump(mode="json", exclude_defaults=True, exclude={"signatur"}, by_alias=True)
    return canonical({"sak": sak, "organ": organ, "behandling": said})


def brudd_i_kjeden(reg: Register) -> Iterator[Placed]:
    """Registeret sier noe annet enn det som er vedtatt.

    Utgivelsen og de vedtatte sakene gir til sammen registeret. Sakene trekkes fra én for én, den
    nyeste først, og da skal utgivelsen stå igjen. En åpen sak kan forklare forskjeller på sin gren.

    Slik retter du: før posten tilbake til det som er vedtatt, eller la en sak vedta endringen.
    """
    for breach in prove(reg).brudd:
        where = f"`{breach.felt}` i {breach.post}" if breach.felt else breach.post
        by = f"sak {breach.sak} vedtok" if breach.sak else f"utgivelse {breach.utgivelse} sier"
        way_out = "Før posten tilbake, eller la en sak vedta endringen."
        entry = reg.entries.get(fil_of(breach.post))
        place = entry.at(*breach.felt.split(".")) if entry else (fil_of(breach.post), 1)
        yield place, f"{where} er noe annet enn det {by}.", way_out


def apen_sak(reg: Register) -> str:
    """The one case under way that may explain what differs from what was decided; else empty."""
    under_way = (*OPEN, "utsatt", "sendt_tilbake")
    found = [
        mappe.navn
        for mappe in reg.saker.values()
        if state(mappe, route_of(mappe, reg)).steg in under_way and not mappe.sak.trukket
    ]
    return found[0] if len(found) == 1 else ""


# --- Shared ---------------------------------------------------------------------------------------


def medlemmer(organ: Organ, dag: date) -> list[Medlem]:
    """The members of a body on a day."""
    return [m for m in organ.medlemmer if m.fra <= dag and (m.til is None or dag <= m.til)]


def _treatments(reg: Register) -> Iterator[tuple[Saksmappe, Organ, Behandling, Place]]:
    """Every treatment by a body there is: the case, the body, what it did, and where it stands."""
    for folder, mappe in reg.saker.items():
        for ident, treated in mappe.behandlinger.items():
            for at, b in enumerate(treated.behandlinger):
                if organ := reg.organer.get(ident):
                    yield mappe, organ, b, _in(reg, folder, ident, "behandlinger", at)


def _in(reg: Register, folder: str, name: str, *path: str | int) -> Place:
    return reg.entries[f"changes/{folder}/{name}.yaml"].at(*path)


def _ord(name: str) -> str:
    return name.replace("_", " ")


# In the order in which they run.
VEDTAK = (
    ulovlig_overgang,
    endret_frys,
    ikke_medlem,
    ikke_beslutningsdyktig,
    stemmetall,
    mangler_grunn,
    vilkar_uten_kontroll,
    hastevedtak_uten_rett,
    kort_vei_alene,
    bekreftet_uten_grunn,
    ugyldig_gjenopptak,
    trukket_etter_vedtak,
    mappe_uten_sak,
    brudd_i_kjeden,
)
SIGNATUR = ugyldig_signatur  # asks a program outside, and runs where the caller brings it
