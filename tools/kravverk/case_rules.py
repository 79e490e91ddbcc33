"""The rules for what a case's files say: in order, unaltered, and the same as the register.

As in `register_rules`: a rule yields what it finds, and its docstring is its page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kravverk.body_rules import ORGAN
from kravverk.case_models import Behandlinger, Forslag, Hastevedtak, Kortvei, Rute
from kravverk.chain import Brudd, answer_digests
from kravverk.diff import fingeravtrykk, saksavtrykk
from kravverk.gate import ADVISED, BEFORE_FREEZE, NOT_ADVISED, TOO_EARLY, rute, state, waiting
from kravverk.models import KRAV_ID
from kravverk.register import Placed, Register, Saksmappe, fil_of
from kravverk.text import dato, word


def ulovlig_overgang(reg: Register) -> Iterator[Placed]:
    """En handling står i saken uten at den kunne gjøres da.

    Hva som kan gjøres i hvert steg, og av hvem, står i tabellen på siden om saksgangen. En
    behandling gjelder den frysen den oppgir fingeravtrykket til, og bare den.

    Slik retter du: se hva som er sagt om handlingen. Er teksten endret siden behandlingen, må
    organet behandle den nye frysen.
    """
    for folder, mappe in reg.saker.items():
        for refusal in state(mappe).nektet:
            act = refusal.hendelse
            place = reg.i_sak(folder, act.fil, *act.sted)
            who = f" av {act.organ}" if act.organ else ""
            sentence = f"«{word(act.handling)}»{who} {dato(act.dato)} teller ikke: "
            way_out = "Behandle den nyeste frysen, eller fjern handlingen om den er ført feil."
            if not mappe.frys:
                way_out = f"Frys saken først, med `krav frys {folder}`."
            elif refusal.fordi == BEFORE_FREEZE:
                way_out = "Rett datoen, eller fjern handlingen om den er ført feil."
            elif refusal.fordi == TOO_EARLY:
                way_out = f"Frys på nytt etter fristen for innspill, med `krav frys {folder}`."
            elif refusal.fordi == NOT_ADVISED and (first := _to_advise(reg, mappe)):
                way_out = f"Før opp {first} først."
            yield place, sentence + refusal.fordi + ".", way_out


def _to_advise(reg: Register, mappe: Saksmappe) -> str:
    """The bodies that have yet to advise on the newest freeze, as a sentence names them."""
    now, route = state(mappe), mappe.frys.rute if mappe.frys else Rute()
    left = [organ for rolle, organ in waiting(route, now.sagt, now.frys) if rolle == "anbefaler"]
    return " og ".join(reg.organer[organ].navn for organ in left if organ in reg.organer)


def endret_frys(reg: Register) -> Iterator[Placed]:
    """En frys er endret etter at den ble skrevet.

    Fingeravtrykket regnes av det frysen inneholder. Stemmer det ikke, er teksten ikke den som ble
    behandlet. Frysene er nummerert fra 1, og ingen blir skrevet om.

    Slik retter du: hent filen tilbake, og lag en ny frys med `krav frys`.
    """
    for folder, mappe in reg.saker.items():
        for at, frys in enumerate(mappe.fryser):
            place = reg.i_sak(folder, "forslag", "frys", at)
            way_out = "Hent filen tilbake, og lag en ny frys med `krav frys`."
            if frys.fingeravtrykk != fingeravtrykk(frys.endringer, frys.avklaringer):
                yield (
                    place,
                    f"Innholdet i frys {frys.nr} stemmer ikke med fingeravtrykket.",
                    way_out,
                )
            if frys.nr != at + 1:
                yield place, f"Frys nummer {at + 1} i filen heter {frys.nr}.", way_out


def endret_saksframlegg(reg: Register) -> Iterator[Placed]:
    """Saken eller frysen er endret etter at saken ble vedtatt eller avslått.

    Begrunnelsen og svarene i saken er en del av det som ble avgjort, og det er også frysen: ruten,
    grunnlaget og om den ble laget for et hastevedtak. Behandlingen har et avtrykk av dem
    (`saksavtrykk`), som `krav behandle` fører. Bare den engelske teksten kan komme til siden.

    Slik retter du: hent `endring.yaml` og `forslag.yaml` tilbake slik de var da saken ble avgjort.
    """
    for folder, mappe in reg.saker.items():
        now = state(mappe)
        if not (mappe.frys and now.sist and now.steg in ("vedtatt", "avslått")):
            continue
        if now.vedtatt and mappe.sak.avklaringer != mappe.frys.avklaringer:
            place = reg.i_sak(folder, "endring", "avklaringer")
            way_out = "Hent `endring.yaml` tilbake slik den var da saken ble vedtatt."
            yield place, "Avklaringene er andre enn dem i frysen som er vedtatt.", way_out
        advised = [act for act in now.sagt.values() if act.handling in ADVISED]
        special = mappe.kortvei or mappe.hastevedtak
        for act in (now.sist, *(() if special else advised)):
            said = act.behandling or (mappe.kortvei if act.fil == "kortvei" else mappe.hastevedtak)
            frozen = next(frys for frys in mappe.fryser if frys.nr == act.nr)
            if said and said.saksavtrykk != saksavtrykk(mappe.sak, frozen):
                sentence = (
                    f"Saken eller frysen sier noe annet enn da saken ble {word(act.handling)}."
                )
                if not said.saksavtrykk:
                    sentence = "Behandlingen har ikke avtrykk av det saken og frysen sa."
                way_out = "Hent filene tilbake, eller la organet behandle saken igjen."
                yield reg.i_sak(folder, act.fil, *act.sted), sentence, way_out


def endret_innspill(reg: Register) -> Iterator[Placed]:
    """Et innspill er endret eller fjernet etter at saken ble frosset.

    Frysen har avtrykk av innspillene som var inne, med svarene på dem, og det var dem organene så.
    Nye innspill kan komme til. Mens saken er utsatt eller sendt tilbake, kan alle endres.

    Slik retter du: hent innspillet tilbake, eller frys på nytt med `krav frys`.
    """
    for folder, mappe in reg.saker.items():
        if not mappe.frys or state(mappe).steg in ("utsatt", "sendt_tilbake"):
            continue
        now = answer_digests(mappe)
        for system, was in mappe.frys.innspill.items():
            if now.get(system) != was:
                place = (f"changes/{folder}/innspill/{system}.yaml", 1)
                sentence = f"Innspillet fra {system} er ikke slik det var i frys {mappe.frys.nr}."
                yield place, sentence, "Hent innspillet tilbake, eller frys på nytt."


def rute_uten_mandat(reg: Register) -> Iterator[Placed]:
    """Ruten i en frys er en annen enn mandatene ga den dagen saken ble frosset.

    Hvem som uttaler, anbefaler og beslutter, følger av områdene til kravene i saken. Mandatene har
    dato fra og til, så det kan etterprøves også for gamle saker.

    Slik retter du: frys på nytt. Er saken slått sammen, er frysen endret; hent den tilbake.
    """
    for folder, mappe in reg.saker.items():
        for at, frys in enumerate(mappe.fryser):
            named = {f.post for f in frys.endringer if KRAV_ID.fullmatch(f.post)}
            needed = rute(
                mappe.sak, {p.split("-")[0].lower() for p in named}, reg.organer, frys.dato
            )
            held = {
                (m.rolle, organ.id)
                for organ in reg.organer.values()
                for m in organ.mandat
                if m.gjelder(frys.dato) and mappe.sak.type in m.sakstyper
            }
            missing = {*needed.ledd} - {*frys.rute.ledd}
            false = {*frys.rute.ledd} - held
            for rolle, organ in sorted(missing | false):
                place = reg.i_sak(folder, "forslag", "frys", at, "rute")
                does = "skulle hatt saken" if (rolle, organ) in missing else "hadde ikke mandat"
                sentence = f"{organ} ({rolle}) {does} {dato(frys.dato)}."
                yield place, sentence, "Frys på nytt, eller hent frysen tilbake."


def trukket_etter_vedtak(reg: Register) -> Iterator[Placed]:
    """Saken er trukket etter at den ble vedtatt.

    Et vedtak blir ikke opphevet ved at saken trekkes. Skal teksten endres tilbake, gjøres det i en
    ny sak.

    Slik retter du: slett `trukket`, og åpne en ny sak.
    """
    for folder, mappe in reg.saker.items():
        if mappe.sak.trukket and state(mappe).vedtatt:
            place = reg.i_sak(folder, "endring", "trukket")
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
            other.sak.trukket or state(other).steg in ("avslått", "sendt_tilbake", "utsatt")
        )
        if not ended and f"changes/{ident}/endring" not in reg.unread:
            sentence = f"Sak {ident} finnes ikke, eller er ikke avsluttet uten virkning."
            way_out = "Vis til en sak som er avslått, trukket, utsatt eller sendt tilbake."
            yield reg.i_sak(folder, "endring", "gjenopptar"), sentence, way_out


def brudd_i_kjeden(reg: Register, brudd: Iterable[Brudd]) -> Iterator[Placed]:
    """Registeret sier noe annet enn det som er vedtatt.

    Utgivelsen og de vedtatte sakene gir til sammen registeret. Sakene trekkes fra én for én, den
    nyeste først, og da skal utgivelsen stå igjen. En åpen sak kan forklare forskjeller på sin gren,
    også at et krav er nytt og derfor ikke står i noen utgivelse ennå.

    Slik retter du: legg til saken som foreslår endringen, med `krav ny-sak`. Er endringen ikke
    ment, fører du posten tilbake til det som er vedtatt.
    """
    for breach in brudd:
        where = f"`{breach.felt}` i {breach.post}" if breach.felt else breach.post
        by = f"sak {breach.sak} vedtok" if breach.sak else f"utgivelse {breach.utgivelse} sier"
        way_out = "Før posten tilbake, eller la en sak vedta endringen."
        entry = reg.entries.get(fil_of(breach.post))
        place = entry.at(*breach.felt.split(".")) if entry else (fil_of(breach.post), 1)
        sentence = f"{where} er noe annet enn det {by}."
        release = reg.utgivelser.get(breach.utgivelse)
        if release and entry and breach.post not in release.poster:
            sentence = f"{where} står verken i utgivelse {breach.utgivelse} eller i en vedtatt sak."
            way_out = "Legg til saken som foreslår posten, med `krav ny-sak`, eller slett filen."
        elif release and not entry:
            sentence = f"{where} finnes ikke, men står i utgivelse {breach.utgivelse}."
            way_out = "Hent filen tilbake; en post slettes aldri."
        if breach.post == f"utgivelser/{breach.utgivelse}":
            sentence = f"Utgivelsen før {breach.utgivelse} mangler."
            way_out = "Hent filen tilbake; en utgivelse slettes aldri."
        yield place, sentence, way_out


# In the order in which they run.
VEDTAK = (
    ulovlig_overgang,
    endret_frys,
    rute_uten_mandat,
    endret_saksframlegg,
    endret_innspill,
    *ORGAN,
    ugyldig_gjenopptak,
    trukket_etter_vedtak,
    mappe_uten_sak,
)
KJEDE = brudd_i_kjeden  # is given what the proof came to, by whoever ran it
