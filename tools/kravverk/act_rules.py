"""The rules that stop an act on what is in order by itself: a freeze, a merge, a release.

As in `register_rules`, a rule's docstring is its page; what it is asked of differs from act to act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from kravverk.case_models import Dispensasjon, Utgivelse
from kravverk.chain import ikke_utgitt, merged, vedtatte
from kravverk.comparison import Case, Sammenligning
from kravverk.gate import hendelser, stands, state
from kravverk.register import Placed, Register, fil_of
from kravverk.standing import steg
from kravverk.text import dato, word

WITHOUT_EFFECT = ("avslått", "utsatt", "sendt_tilbake", "trukket", "utløpt")


# --- Freezing -------------------------------------------------------------------------------------


def overlappende_frys(
    found: Sammenligning, navn: str, andre: Mapping[str, Iterable[str]]
) -> Iterator[Placed]:
    """En annen sak er frosset og endrer det samme kravet.

    To frosne saker om samme krav ville vært vedtatt på hver sin tekst, og bare én kan stå.

    Slik retter du: vent til den andre saken er avgjort, og ta inn det som ble vedtatt.
    """
    posts = {e.post for e in found.endringer}
    for other, others in sorted(andre.items()):
        if shared := sorted(posts & set(others)):
            sentence = f"Sak {other} er frosset og endrer også {', '.join(shared)}."
            place = found.after.i_sak(navn, "endring", "id")
            yield place, sentence, f"Vent til sak {other} er avgjort."


def avsluttet_kan_ikke_fryses(found: Sammenligning, navn: str) -> Iterator[Placed]:
    """Saken er vedtatt, avslått eller trukket, og kan ikke fryses på nytt.

    Slik retter du: skal teksten endres, lag en ny sak med `krav ny-sak`.
    """
    if (step := stands(found.after.saker[navn])) in ("vedtatt", "avslått", "trukket"):
        place = found.after.i_sak(navn, "endring", "id")
        sentence = f"Saken er {step}, og kan ikke fryses på nytt."
        yield place, sentence, "Skal teksten endres, lag en ny sak med `krav ny-sak`."


def ingenting_a_fryse(found: Sammenligning, navn: str) -> Iterator[Placed]:
    """Saken endrer ingenting i registeret, så det er ingenting å fryse.

    Slik retter du: gjør endringen i kravet på samme gren.
    """
    if not found.endringer and not found.after.saker[navn].sak.godkjenner:
        place = found.after.i_sak(navn, "endring", "id")
        way_out = "Gjør endringen i kravet på samme gren."
        yield place, "Saken endrer ingenting i registeret.", way_out


def endret_etter_frysen(found: Sammenligning, navn: str) -> Iterator[Placed]:
    """Teksten eller avklaringene er endret etter frysen som skal behandles.

    En behandling gjelder frysen, ord for ord. Er noe endret siden, har organet sett noe annet.

    Slik retter du: frys på nytt med `krav frys`, og behandle den nye frysen.
    """
    frys = found.after.saker[navn].frys
    if frys and found.endringer and found.fingeravtrykk != frys.fingeravtrykk:
        place = found.after.i_sak(navn, "forslag", "frys", frys.nr - 1)
        sentence = f"Saken er endret etter frys {frys.nr}."
        yield place, sentence, f"Frys på nytt med `krav frys {navn}`."


def ett_saerskilt_vedtak(path: str) -> Iterator[Placed]:
    """Saken har alt et vedtak på kort vei eller et hastevedtak.

    Det som er behandlet, blir stående, og en sak har høyst ett av hvert.

    Slik retter du: åpne en ny sak om det gjelder en annen tekst.
    """
    yield (path, 1), "Saken har alt et slikt vedtak.", "Åpne en ny sak."


# --- Merging --------------------------------------------------------------------------------------


def ikke_vedtatt(case: Case, _per: date) -> Iterator[Placed]:
    """Saken er ikke vedtatt ennå, så den kan ikke slås sammen med hovedgrenen.

    Slik retter du: vent på den som er nevnt. `krav saker` viser hvor alle saker står.
    """
    step = case.steg
    lapsed = step.navn == "utløpt" and case.endrer
    if lapsed or step.navn not in (*WITHOUT_EFFECT, "vedtatt", "innarbeidet"):
        sentence = f"Saken er ikke vedtatt, men i steget {step.navn}. {step.fordi}"
        way_out = (
            f"Vent på {step.venter_pa}."
            if step.venter_pa
            else "Gi et organ mandatet i et eget forslag."
        )
        yield _place(case), sentence, way_out


def ikke_frosset_igjen(found: Sammenligning, saker: Iterable[str]) -> Iterator[Placed]:
    """Registeret er endret, men saken som skal forklare det, er den samme som på hovedgrenen.

    Slik retter du: frys saken på nytt, og la organene behandle den. Er den avsluttet, lag en ny.
    """
    for navn in saker if found.endringer else ():
        place = found.after.i_sak(navn, "endring", "id")
        sentence = f"{found.endringer[0].post} er endret, men sak {navn} er ikke frosset på nytt."
        yield place, sentence, f"Frys med `krav frys {navn}`, eller lag en ny sak."


def endring_uten_virkning(case: Case, _per: date) -> Iterator[Placed]:
    """Saken er avslått, trukket, utsatt eller sendt tilbake, men endrer fortsatt registeret.

    En sak som ender uten virkning, slås sammen med `krav/` slik det er på hovedgrenen. Det som ble
    foreslått, står i frysen.

    Slik retter du: før `krav/` tilbake. `krav behandle` gjør det når utfallet føres.
    """
    without = case.steg.navn in WITHOUT_EFFECT and case.steg.navn != "utløpt"
    # What is undone after an urgent decision is seen to by the other rules.
    if without and case.endrer and not merged(case.found.before, case.mappe.navn):
        sentence = f"Saken er {word(case.steg.navn)}, men endrer fortsatt registeret."
        way_out = f"Før `krav/` tilbake til hovedgrenen: {', '.join(case.endrer)}."
        yield _place(case), sentence, way_out


def grunnlaget_er_endret(case: Case, _per: date) -> Iterator[Placed]:
    """Et krav i saken, eller noe det bygger på, er endret på hovedgrenen etter at saken begynte.

    Vedtaket gjelder en endring fra en tekst som ikke lenger står der.

    Slik retter du: ta inn hovedgrenen, frys på nytt, og la organene behandle den nye teksten.
    """
    if case.drift and case.steg.navn in ("vedtatt", "innarbeidet"):
        sentence = f"{', '.join(case.drift)} er endret på hovedgrenen etter at saken begynte."
        way_out = "Ta inn hovedgrenen, frys på nytt, og la organene behandle den nye teksten."
        yield _place(case), sentence, way_out


def dato_fram_i_tid(found: Sammenligning, per: date) -> Iterator[Placed]:
    """En frys, en behandling, en dispensasjon eller en utgivelse har en dato som ikke har vært.

    `krav klar` stopper forslaget til dagen er kommet. `krav sjekk --mot main` sier fra med et råd.

    Slik retter du: rett datoen, eller vent til dagen er kommet.
    """
    after, before = found.after, found.before
    dated = [
        (word(act.handling), act.dato, after.i_sak(navn, act.fil, *act.sted))
        for navn in found.saker
        for act in hendelser(after.saker[navn])
    ]
    dated += [
        (entry.record.id, entry.record.dato, entry.at("dato"))
        for path, entry in after.entries.items()
        if isinstance(entry.record, Dispensasjon | Utgivelse) and path not in before.entries
    ]
    for what, day, place in dated:
        if day > per:
            sentence = f"«{what}» har datoen {dato(day)}, som ikke har vært."
            yield place, sentence, "Rett datoen, eller vent til dagen er kommet."


def _place(case: Case) -> tuple[str, int]:
    return case.found.after.i_sak(case.mappe.navn, "endring", "id")


# --- Releasing ------------------------------------------------------------------------------------


def utgivelse_finnes(reg: Register, ny: Utgivelse) -> Iterator[Placed]:
    """Det finnes alt en utgivelse med denne id-en.

    Slik retter du: velg en ny id.
    """
    if ny.id in reg.utgivelser:
        yield _of(ny), f"Utgivelsen {ny.id} finnes.", "Velg en ny id."


def feil_utgivelsesdato(reg: Register, ny: Utgivelse) -> Iterator[Placed]:
    """Utgivelsen må følges før den kan følges, eller er fra før et vedtak som er med i den.

    Slik retter du: rett datoene.
    """
    newest = ikke_utgitt(reg, ny.id)[:1]
    if newest and newest[0].dato > ny.dato:
        day = newest[0].dato
        sentence = (
            f"Utgivelsen er fra {dato(ny.dato)}; sak {newest[0].navn} ble vedtatt {dato(day)}."
        )
        yield _of(ny), sentence, f"Skriv `--per {day}` eller senere."
    if ny.ma_folges_fra < ny.kan_folges_fra:
        sentence = f"Den må følges fra {dato(ny.ma_folges_fra)}, "
        sentence += f"før den kan følges fra {dato(ny.kan_folges_fra)}."
        yield _of(ny), sentence, "Bytt om datoene."


def utlopt_sak(reg: Register, ny: Utgivelse) -> Iterator[Placed]:
    """Et vedtak som er utløpt, ville blitt med i utgivelsen: fristen for et vilkår har passert.

    Et vilkår som ikke er oppfylt, og som det fortsatt er tid til, stopper ingen utgivelse.

    Slik retter du: avgjør saken først.
    """
    for case in vedtatte(reg):
        late = steg(reg.saker[case.navn], reg.organer, ny.dato)
        if late.navn == "utløpt":
            yield _of(ny), f"Sak {case.navn} er utløpt. {late.fordi}", "Avgjør saken først."


def ugodkjent_hastevedtak(reg: Register, ny: Utgivelse) -> Iterator[Placed]:
    """Et hastevedtak som organene ikke har godkjent, ville blitt med i utgivelsen.

    Blir det avslått, skal teksten tilbake, og en utgivelse endres aldri.

    Slik retter du: la organene på ruten behandle saken først.
    """
    for case in vedtatte(reg):
        if state(reg.saker[case.navn]).haste:
            sentence = f"Hastevedtaket i sak {case.navn} er ikke godkjent."
            yield _of(ny), sentence, "La organene på ruten behandle saken først."


def feil_saker(reg: Register, ny: Utgivelse) -> Iterator[Placed]:
    """Utgivelsen nevner andre saker enn dem som er vedtatt siden den forrige.

    Slik retter du: lag utgivelsen med `krav utgi`.
    """
    right = {case.navn for case in ikke_utgitt(reg, ny.id)}
    if {*ny.saker} != right:
        wrong = ", ".join(sorted({*ny.saker} ^ right))
        yield _of(ny), f"Sakene stemmer ikke: {wrong}.", "Lag utgivelsen med `krav utgi`."


def _of(ny: Utgivelse) -> tuple[str, int]:
    return fil_of(f"utgivelser/{ny.id}"), 1


# --- On a day -------------------------------------------------------------------------------------


def utlopt(reg: Register, per: date) -> Iterator[Placed]:
    """Et hastevedtak, et vilkår eller en utsettelse har passert datoen sin.

    Slik retter du: la organene på ruten behandle saken. Et hastevedtak som er utløpt, kan bare
    avslås; da fører `krav behandle` teksten tilbake.
    """
    for folder, mappe in reg.saker.items():
        late = steg(mappe, reg.organer, per)
        if late.navn == "utløpt" and mappe.frys:
            yield reg.i_sak(folder, "endring", "id"), late.fordi, "La organene behandle saken."


Rule = Callable[..., Any]
KLAR: tuple[Rule, ...] = (
    ikke_vedtatt,
    endring_uten_virkning,
    grunnlaget_er_endret,
)
UTGI: tuple[Rule, ...] = (
    utgivelse_finnes,
    feil_utgivelsesdato,
    utlopt_sak,
    ugodkjent_hastevedtak,
    feil_saker,
)
HANDLING: tuple[Rule, ...] = (
    utlopt,
    avsluttet_kan_ikke_fryses,
    ingenting_a_fryse,
    overlappende_frys,
    ikke_frosset_igjen,
    endret_etter_frysen,
    ett_saerskilt_vedtak,
    dato_fram_i_tid,
    *KLAR,
    *UTGI,
)
