"""The rules for a freeze: made in time, of what is settled, for those who are to treat it.

They hold for the newest freeze of a case, whoever wrote it; `krav frys` only writes what they
accept. As in `register_rules`: a rule yields what it finds, and its docstring is its page.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from kravverk.bindings import bindinger
from kravverk.case_models import FrossetFelt, Frys, Rute, Sak
from kravverk.chain import base_digests, digest, vedtatte
from kravverk.classes import FORCES, editorial
from kravverk.comparison import Sammenligning
from kravverk.gate import state
from kravverk.models import UTEN_MENING, fields
from kravverk.register import Placed, Register, Saksmappe
from kravverk.text import dato, word

# The parts of a proposal that must be answered, be it with "ikke relevant, fordi …".
ANSWERED = (
    "bakgrunn",
    "hjemmel",
    "erfaringsgrunnlag",
    "pasientsikkerhet",
    "personvern_og_sikkerhet",
    "kostnad_og_finansiering",
    "alternativer",
)


def feil_rute(found: Sammenligning) -> Iterator[Placed]:
    """Frysen sender saken til andre organer enn mandatene sier.

    Ruten følger av hvilke områder saken berører, og av mandatene slik de er på hovedgrenen. Den
    blir skrevet i frysen, og gjelder saken selv om et mandat endres senere.

    Slik retter du: frys på nytt med `krav frys`.
    """
    for folder, mappe, frys in _new(found):
        right = found.rute(folder, frys.dato)
        if frys.rute != right:
            place = found.after.i_sak(folder, "forslag", "frys", frys.nr - 1, "rute")
            sentence = f"Frys {frys.nr} går til {_bodies(frys.rute)}, men etter mandatene skal "
            sentence += f"saken til {_bodies(right)}."
            yield place, sentence, f"Frys på nytt med `krav frys {mappe.navn}`."
        elif not right.beslutter:
            place = found.after.i_sak(folder, "endring", "id")
            way_out = "Gi et organ mandatet `beslutter` i et eget forslag."
            yield place, "Ingen organer har mandat til å beslutte saken.", way_out


def for_tidlig_frys(found: Sammenligning) -> Iterator[Placed]:
    """Saken er frosset før fristen for innspill er ute.

    Det som skal anbefales og vedtas, er først klart når innspillene er inne. En endring som er
    bevist uten betydning, trenger ingen frist. Det gjør heller ikke en frys for et hastevedtak
    (`krav frys --haste`) eller av det som går på innspill (`krav frys --innspill`), men de kan
    ikke anbefales eller vedtas på vanlig vei.

    Slik retter du: frys når fristen er ute. Mangler den, sett `innspill: {til: ÅÅÅÅ-MM-DD}`.
    """
    editorial = all(row.klasse in UTEN_MENING for row in found.virkninger)
    for folder, mappe, frys in _new(found):
        if mappe.sak.type == "endring" and not editorial and not frys.tidlig:
            limit = mappe.sak.innspill.til if mappe.sak.innspill else None
            if limit and limit < frys.dato:
                continue
            sentence = "Saken har ingen frist for innspill ennå."
            way_out = "Sett `innspill: {til: ÅÅÅÅ-MM-DD}`, og frys når fristen er ute."
            if limit:
                sentence = f"Fristen for innspill er {dato(limit)}; frysen er {dato(frys.dato)}."
                way_out = f"Vent til dagen etter {dato(limit)}, og frys da."
            yield found.after.i_sak(folder, "endring", "innspill"), sentence, way_out


def ufullstendig_frys(found: Sammenligning) -> Iterator[Placed]:
    """Saken er frosset, men noe er uavklart eller ubesvart.

    Den som anbefaler eller vedtar, skal vite hva endringen betyr, og ha svar på hver del av saken.

    Slik retter du: fyll ut det som mangler, og frys på nytt.
    """
    for folder, mappe, frys in _new(found):
        if mappe.sak.trukket:
            continue
        if left := missing(found):
            place = found.after.i_sak(folder, "forslag", "frys", frys.nr - 1)
            sentence = f"Saken er frosset, men {' og '.join(left)}."
            yield place, sentence, f"Fyll ut, og frys på nytt med `krav frys {folder}`."


def avklaring_for_annen_tekst(found: Sammenligning) -> Iterator[Placed]:
    """En avklaring er den samme som i forrige frys, men teksten den gjelder, er endret.

    En avklaring sier hva én bestemt endring betyr. Blir teksten en annen, må rollen se på den
    igjen.

    Slik retter du: se over klassen, og skriv `begrunnelse` på nytt for teksten slik den er nå.
    """
    for folder, mappe, frys in _new(found):
        earlier = mappe.fryser[: frys.nr - 1]
        if not earlier:
            continue
        was = {(f.post, f.felt): f.ny for f in earlier[-1].endringer}
        moved = {
            (f.post, f.felt)
            for f in frys.endringer
            if not editorial(f.post, f.felt, was.get((f.post, f.felt)), f.ny)
        }
        for avklaring in frys.avklaringer:
            if avklaring in earlier[-1].avklaringer and (avklaring.post, avklaring.felt) in moved:
                what = f"`{avklaring.felt}` i {avklaring.post}"
                way_out = "Se over klassen, og skriv `begrunnelse` på nytt for teksten nå."
                place = found.after.i_sak(folder, "endring", "avklaringer")
                yield place, f"Avklaringen av {what} gjaldt en annen tekst.", way_out


def kort_varsel(found: Sammenligning) -> Iterator[Placed]:
    """En dato i forslaget kommer før varslingstiden er ute.

    Organet som beslutter, har en minste tid mellom vedtak og virkning (`varslingsdager`). Skal den
    fravikes, sier saken hvorfor.

    Slik retter du: flytt datoen, eller skriv `kort_varsel:` i saken og si hvorfor.
    """
    for folder, mappe, frys in _new(found):
        for post, name, day, first in short_notice(found, mappe, frys.dato):
            if not mappe.sak.kort_varsel:
                sentence = f"{post} setter {word(name)} til {dato(day)}; "
                sentence += f"varslingstiden gir {dato(first)}."
                way_out = "Flytt datoen, eller skriv `kort_varsel:` i saken og si hvorfor."
                yield found.after.i_sak(folder, "endring", "kort_varsel"), sentence, way_out


def kort_varsel_ny_plikt(found: Sammenligning) -> Iterator[Placed]:
    """Kravet blir obligatorisk for flere, med en frist som kommer før varslingstiden er ute.

    Fristen er ikke flyttet, men de nye har ikke hatt den før. De skal ha like lang tid som andre
    får når en frist blir satt (`kort-varsel`). Et krav uten frist gjelder for de nye fra den dagen
    neste utgivelse må følges, og den dagen er ikke satt ennå.

    Slik retter du: flytt datoen, legg plikten for de nye i et eget krav med sin egen frist, eller
    skriv `kort_varsel:` i saken og si hvorfor.
    """
    for folder, mappe, frys in _new(found):
        first = _notice_ends(found, mappe, frys.dato)
        near = [one for one in inherited(found) if one[2] < first and not mappe.sak.kort_varsel]
        for post, dates in groupby(near, lambda one: one[0]):
            _, name, day, who = min(dates, key=lambda one: one[2])
            sentence = f"{post} blir obligatorisk for {', '.join(who)}, med "
            sentence += f"«{word(name)}» {dato(day)}; varslingstiden gir {dato(first)}."
            way_out = "Flytt datoen, legg plikten for de nye i et eget krav med sin egen frist,"
            way_out += " eller skriv `kort_varsel:` i saken og si hvorfor."
            yield found.after.i_sak(folder, "endring", "kort_varsel"), sentence, way_out


def inherited(found: Sammenligning) -> list[tuple[str, str, date, list[str]]]:
    """(requirement, which date, the date, whom) for dates that stand, and come to bind more."""
    moved, dates = {(e.post, e.felt) for e in found.endringer}, []
    both = found.before.krav.keys() & found.after.krav.keys()
    for post in sorted({e.post for e in found.endringer} & both):
        who = sorted(_must(found.after, post) - _must(found.before, post))
        for felt in FORCES if who else ():
            name = felt.removeprefix("frister.")
            day = getattr(found.after.krav[post].frister, name)
            if day and (post, felt) not in moved:
                dates.append((post, name, day, who))
    return dates


def _must(reg: Register, post: str) -> set[str]:
    """The systems that must meet a requirement."""
    return {s for s, b in bindinger(reg.krav.get(post), reg).items() if b.plikt == "skal"}


def endret_grunnlag(found: Sammenligning) -> Iterator[Placed]:
    """Noe forslaget bygger på, er endret etter at saken ble frosset.

    Frysen har avtrykk av kravene den endrer, slik de var, og av det de bygger på: krav de avhenger
    av, grupper og meldinger. Er noe av det endret på hovedgrenen, er det ikke lenger det samme som
    blir vedtatt.

    Slik retter du: frys på nytt, og la organene behandle den nye frysen.
    """
    for folder, mappe, frys in _new(found):
        if mappe.sak.godkjenner:
            continue
        now = base_digests(found.before, {f.post for f in frys.endringer})
        for post in sorted(now.keys() | frys.grunnlag.keys()):
            if now.get(post) != frys.grunnlag.get(post):
                place = found.after.i_sak(folder, "forslag", "frys", frys.nr - 1)
                sentence = f"{post} er ikke slik frys {frys.nr} bygger på."
                yield place, sentence, f"Frys på nytt med `krav frys {folder}`, og behandle saken."


def frys_foran_vedtak(found: Sammenligning) -> Iterator[Placed]:
    """Frysen er datert før et vedtak den bygger på.

    Teksten den endrer, eller noe den bygger på, kom til i en annen sak, og fantes ikke før saken
    var vedtatt.

    Slik retter du: frys på nytt, med en dato som ikke er før det vedtaket.
    """
    decided = vedtatte(found.before)
    for folder, mappe, frys in _new(found):
        for case in decided:
            shared = {c.post for c in case.endringer} & (frys.grunnlag.keys() | mappe.fryste)
            if shared and frys.dato < case.dato:
                place = found.after.i_sak(folder, "forslag", "frys", frys.nr - 1)
                sentence = f"Frysen er datert {dato(frys.dato)}, men sak {case.navn} endret "
                sentence += f"{', '.join(sorted(shared))} {dato(case.dato)}."
                yield place, sentence, f"Frys på nytt, tidligst med datoen {case.dato}."


def feil_godkjenning(found: Sammenligning) -> Iterator[Placed]:
    """Frysen i en godkjenning gjelder ikke kravene slik de står.

    Slik retter du: frys på nytt med `krav frys`.
    """
    for folder, mappe, frys in _new(found):
        if mappe.sak.godkjenner and frys.endringer != frozen_fields(found, mappe.sak):
            place = found.after.i_sak(folder, "forslag", "frys", frys.nr - 1)
            sentence = "Frysen gjelder ikke kravene i saken, i den versjonen de har."
            yield place, sentence, f"Frys på nytt med `krav frys {folder}`."


def frozen_fields(found: Sammenligning, sak: Sak) -> tuple[FrossetFelt, ...]:
    """The facts of a freeze: every changed field, or for a `godkjenning` the versions approved."""
    if sak.godkjenner:
        return tuple(
            FrossetFelt(
                post=ident,
                felt="godkjent_versjon",
                ny=f"{found.after.krav[ident].versjon} {digest(fields(found.after.krav[ident]))}",
            )
            for ident in sak.godkjenner.krav
            if ident in found.after.krav
        )
    return tuple(
        FrossetFelt(post=e.post, felt=e.felt, gammel=e.gammel, ny=e.ny) for e in found.endringer
    )


def short_notice(
    found: Sammenligning, mappe: Saksmappe, dag: date
) -> list[tuple[str, str, date, date]]:
    """(requirement, which date, the date, the first allowed) for dates under minimum notice."""
    first = _notice_ends(found, mappe, dag)
    short = []
    for e in found.endringer:
        dates = {e.felt: e.ny} if (e.felt or "").startswith("frister.") else {}
        if e.felt is None and isinstance(e.ny, dict):
            dates = {f"frister.{key}": day for key, day in (e.ny.get("frister") or {}).items()}
        for felt, day in dates.items():
            if day and felt in FORCES and date.fromisoformat(day) < first:
                short.append((e.post, str(felt).split(".")[1], date.fromisoformat(day), first))
    return short


def _notice_ends(found: Sammenligning, mappe: Saksmappe, dag: date) -> date:
    """The first day that a case may set, by the rules of those who decide it on a day."""
    bodies = found.before.organer
    decides = [bodies[organ] for organ in found.rute(mappe.navn).beslutter if organ in bodies]
    days = max((organ.regler_den(dag).varslingsdager for organ in decides), default=0)
    return dag + timedelta(days=days)


def missing(found: Sammenligning) -> list[str]:
    """What must be done before the case can be frozen, in words."""
    vague = len({(row.post, row.felt) for row in found.virkninger if row.klasse == "uavklart"})
    blank = sum(not getattr(sak, felt) for sak in found.saker.values() for felt in ANSWERED)
    said = []
    if vague:
        said.append("én endring er uavklart" if vague == 1 else f"{vague} endringer er uavklarte")
    if blank:
        said.append("én del av saken er ubesvart" if blank == 1 else f"{blank} deler er ubesvart")
    return said


def _new(found: Sammenligning) -> Iterator[tuple[str, Saksmappe, Frys]]:
    """The cases whose newest freeze the base does not have; a text that moved on is not judged."""
    for folder in found.saker:
        mappe, there = found.after.saker[folder], found.before.saker.get(folder)
        if not mappe.frys or (there and there.frys and there.frys.nr >= mappe.frys.nr):
            continue
        at_work = found.endringer and mappe.frys.fingeravtrykk != found.fingeravtrykk
        if not at_work or state(mappe).vedtatt:
            yield folder, mappe, mappe.frys


def _bodies(route: Rute) -> str:
    return ", ".join(organ for _, organ in route.ledd) or "ingen"


# In the order in which they run.
FRYS = (
    feil_rute,
    for_tidlig_frys,
    ufullstendig_frys,
    avklaring_for_annen_tekst,
    kort_varsel,
    kort_varsel_ny_plikt,
    endret_grunnlag,
    frys_foran_vedtak,
    feil_godkjenning,
)
# Those that hold for a decided case whenever it is looked at again, from the files alone.
ALLTID = (for_tidlig_frys, ufullstendig_frys, avklaring_for_annen_tekst, kort_varsel)
