"""The rules for what changed since a base, and for the case that says why.

As in `register_rules`: a rule yields what it finds, and its docstring is its page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from kravverk.act_rules import UTGI, utgivelse_finnes
from kravverk.bodies import Organ
from kravverk.case_models import PUBLISHED, Behandlinger, Forslag
from kravverk.chain import around, merged
from kravverk.comparison import Sammenligning, compare
from kravverk.diff import raw_differences
from kravverk.edits import Known
from kravverk.gate import hendelser, stands, state
from kravverk.models import KRAV_ID, UTEN_MENING, Form, Krav
from kravverk.register import Placed, Register, fil_of, post_of
from kravverk.text import dato, word


def slettet_post(found: Sammenligning) -> Iterator[Placed]:
    """En post er slettet.

    Ingen post blir slettet: den som har bygd på et krav, skal alltid kunne finne det igjen.

    Slik retter du: hent filen tilbake. Skal kravet ikke lenger gjelde, så sett `status: utgått`
    og skriv `erstattet_av` eller `utgatt_fordi`.
    """
    for endring in found.endringer:
        if endring.slag == "slettet_post":
            way_out = "Hent filen tilbake; en post slettes aldri."
            if endring.post in found.before.krav:
                way_out = "Hent filen tilbake, og sett `status: utgått` om kravet ikke skal gjelde."
            yield (fil_of(endring.post), 1), f"{endring.post} er slettet.", way_out


def feil_versjon(found: Sammenligning) -> Iterator[Placed]:
    """Versjonsnummeret passer ikke med det forrige.

    Et nytt krav har versjon 1. Et krav som en sak endrer, går opp med én, uansett hvor mange
    ganger det er redigert underveis. Uendrede krav beholder sin versjon.

    Slik retter du: skriv tallet som foreslås.
    """
    for entry, was, may in numbers(found):
        if entry.record.versjon not in may:
            sentence = f"Versjonen er {entry.record.versjon}; før endringen var den {was}."
            if not was:
                sentence = f"Versjonen er {entry.record.versjon}, men kravet er nytt."
            yield entry.at("versjon"), sentence, f"Skriv `versjon: {max(may)}`."


def versjon_ikke_okt(found: Sammenligning) -> Iterator[Placed]:
    """Kravet er endret, men versjonsnummeret er det samme.

    `krav frys` øker nummeret med én når saken fryses, så du trenger ikke gjøre det selv. Engelsk
    tekst og kilder kan endres uten nytt nummer.

    Slik retter du: la det stå, eller skriv tallet som foreslås.
    """
    for entry, was, may in numbers(found):
        if was and entry.record.versjon == was < max(may):
            sentence = f"{entry.record.id} er endret, men har fortsatt versjon {was}."
            way_out = f"La det stå til saken fryses, eller skriv `versjon: {was + 1}`."
            yield entry.at("versjon"), sentence, way_out


def numbers(found: Sammenligning) -> Iterator[tuple[Any, int, set[int]]]:
    """Each requirement after: its entry, its version before (0 when new), and what it may be."""
    touched = {
        e.post for e in found.endringer if (e.felt or "").split(".")[0] not in ("engelsk", "kilder")
    }
    undone = any(merged(found.before, f) and not only_treated(found, f) for f in found.saker)
    for entry in found.after.entries.values():
        if not isinstance(entry.record, Krav) or entry.record.id in found.before.unread:
            continue
        ident, old = entry.record.id, found.before.krav.get(entry.record.id)
        was = old.versjon if old else 0
        back = {was - 1} if undone else set()
        yield entry, was, {was, was + 1, *back} - {0} if ident in touched or not old else {was}


def only_treated(found: Sammenligning, folder: str) -> bool:
    """Whether a case was decided already in the base, and stands: it explains no new change."""
    return state(found.after.saker[folder]).vedtatt and merged(found.before, folder)


def ufordelt_forskjell(found: Sammenligning) -> Iterator[Placed]:
    """En forskjell mellom to poster er ikke fordelt på nøyaktig én endring og ett system.

    Dette er en egenkontroll: forskjellene regnes ut en gang til, uten reglene, og alle må finnes
    igjen nøyaktig én gang. Slår den ut, er det feil i verktøyet og ikke i posten.

    Slik retter du: meld feilen til dem som vedlikeholder verktøyet.
    """
    raw = raw_differences(found.before, found.after)
    claimed = [(e.post, (e.felt or "").split(".")[0]) for e in found.endringer]
    twice = len({(e.post, e.felt) for e in found.endringer}) < len(found.endringer)
    rows = Counter((row.post, row.felt, row.system) for row in found.virkninger)
    told = {(post, felt) for post, felt, _ in rows}
    lost = raw ^ set(claimed) | {
        (e.post, e.felt or "") for e in found.endringer if (e.post, e.felt) not in told
    }
    lost |= {(post, felt or "") for (post, felt, _), count in rows.items() if count > 1 or twice}
    for post, felt in sorted(lost):
        sentence = f"Forskjellen i `{felt or 'posten'}` er ikke fordelt på nøyaktig én endring."
        yield (fil_of(post), 1), sentence, "Meld feilen til dem som vedlikeholder verktøyet."


def omskrevet_historie(found: Sammenligning) -> Iterator[Placed]:
    """En frys, en behandling eller en utgivelse er endret eller fjernet.

    Det som er behandlet, blir stående slik det var. Nye fryser og behandlinger legges til nederst,
    og en utgivelse blir aldri endret.

    Slik retter du: hent filen tilbake, og legg det nye til etter det gamle.
    """
    kept = ("forslag", "behandlinger", "kortvei", "hastevedtak", "utgivelse", "dispensasjon")
    kinds = tuple(PUBLISHED[name] for name in kept)
    for path, entry in found.before.entries.items():
        if not isinstance(entry.record, kinds) or post_of(path) in found.after.unread:
            continue
        now = found.after.entries.get(path)
        old, new = (list(_written(e.record)) if e else [] for e in (entry, now))
        if new[: len(old)] != old:
            sentence = "Filen er slettet." if now is None else "Det som sto i filen, er endret."
            way_out = "Hent filen tilbake, og legg det nye til etter det gamle."
            yield (path, 1), sentence, way_out


def avsluttet_sak(found: Sammenligning) -> Iterator[Placed]:
    """En avsluttet sak er endret, tatt opp igjen, eller har fått eller mistet innspill.

    Saken, begrunnelsen og innspillene blir stående slik de var da den ble avsluttet. Bare den
    engelske teksten kan komme til.

    Slik retter du: hent filen tilbake. Skal saken tas opp igjen, lag en ny med `gjenopptar`.
    """
    for folder, was in found.before.saker.items():
        now = found.after.saker.get(folder)
        if now is None or stands(was) not in ("vedtatt", "avslått", "trukket"):
            continue
        if was.sak != now.sak.model_copy(update={"engelsk": was.sak.engelsk}):
            way_out = "Hent `endring.yaml` tilbake, eller lag en ny sak med `gjenopptar`."
            place = found.after.i_sak(folder, "endring", "id")
            yield place, "Saken er avsluttet, og kan ikke endres.", way_out
        for system in sorted(was.innspill.keys() | now.innspill.keys()):
            if was.innspill.get(system) != now.innspill.get(system):
                place = (f"changes/{folder}/innspill/{system}.yaml", 1)
                yield (
                    place,
                    "Innspillet er endret etter at saken ble avsluttet.",
                    "Hent det tilbake.",
                )


def _written(record: Form) -> Iterator[object]:
    """What of a record is written once: the members of its list, or all of it."""
    lists = [value for _, value in record if isinstance(value, tuple)]
    yield from lists[0] if isinstance(record, Forslag | Behandlinger) else [record]


def organ_med_annet(found: Sammenligning) -> Iterator[Placed]:
    """Et organ er endret sammen med noe annet.

    Hvem som kan anbefale og beslutte, endres i et eget forslag, så ingen gir seg selv myndighet i
    samme forslag som den brukes.

    Slik retter du: del forslaget i to.
    """
    before, after = (
        {path: e for path, e in reg.entries.items() if isinstance(e.record, Organ)}
        for reg in (found.before, found.after)
    )
    same = {p for p in before.keys() & after.keys() if before[p].record == after[p].record}
    for path in sorted((before.keys() | after.keys()) - same):
        if found.endringer or found.saker:
            sentence = "Organet er endret i samme forslag som et krav eller en sak."
            yield (path, 1), sentence, "Del forslaget i to; endringen av organet går først."


def slettet_periode(found: Sammenligning) -> Iterator[Placed]:
    """Et medlem, en nøkkel eller en regel hos et organ er fjernet eller gitt en annen start.

    Det som ble gjort mens medlemmet satt og nøkkelen gjaldt, skal kunne etterprøves. En periode
    avsluttes med `til`, og en ny regel kommer etter den gamle.

    Slik retter du: hent linjen tilbake, og skriv `til: ÅÅÅÅ-MM-DD`.
    """
    for ident, old in found.before.organer.items():
        new = found.after.organer.get(ident)
        lost = [what for what in _periods(old) if what not in set(_periods(new) if new else ())]
        for what in lost:
            place = (f"changes/organer/{ident}.yaml", 1)
            way_out = "Hent linjen tilbake, og avslutt den med `til: ÅÅÅÅ-MM-DD`."
            yield place, f"{' · '.join(what)} er fjernet eller endret.", way_out


def tilbakedatert_periode(found: Sammenligning) -> Iterator[Placed]:
    """Et medlem, en nøkkel, et mandat eller en regel gjelder fra før noe organet alt har behandlet.

    Hvem som kunne behandle en sak den gangen, kan ikke endres etterpå.

    Slik retter du: la perioden begynne etter den siste behandlingen som er nevnt.
    """
    for ident, new in found.after.organer.items():
        old = found.before.organer.get(ident)
        treated = [
            b.dato
            for mappe in found.before.saker.values()
            for b in (mappe.behandlinger[ident].behandlinger if ident in mappe.behandlinger else ())
        ]
        if not old or not treated:
            continue
        last, before = max(treated), {*_begins(old)}
        for what, fra in _begins(new):
            if (what, fra) not in before and fra <= last:
                sentence = f"{what} gjelder fra {dato(fra)}; organet behandlet en sak {dato(last)}."
                way_out = f"La perioden begynne etter {dato(last)}."
                yield (f"changes/organer/{ident}.yaml", 1), sentence, way_out


def eldre_regler(found: Sammenligning) -> Iterator[Placed]:
    """En ny frys eller behandling er datert før organene fikk mandatene eller reglene de har nå.

    Hovedgrenen har noe som er datert etter at de ble nye. Det som først kommer nå, men er datert
    før det, blir målt mot de gamle. Det er riktig når saken har ventet, men ikke når datoen er satt
    tilbake.

    Slik retter du: kontroller datoen mot protokollen i arkivet.
    """
    base = found.before
    days = [act.dato for mappe in base.saker.values() for act in hendelser(mappe)]
    last = max([*days, *(u.dato for u in base.utgivelser.values())], default=date.min)
    for folder in found.saker:
        frys, there = found.after.saker[folder].frys, base.saker.get(folder)
        late = frys and frys.dato < last and not (there and there.frys == frys)
        if frys and late and frys.rute != found.rute(folder, last):
            sentence = f"Etter mandatene {dato(last)} ville ruten vært en annen enn i frysen."
            way_out = f"Kontroller datoen {dato(frys.dato)} mot papirene i arkivet."
            yield found.after.i_sak(folder, "forslag", "frys", frys.nr - 1), sentence, way_out
        for act in hendelser(found.after.saker[folder]):
            organ = base.organer.get(act.organ)
            known = folder in base.saker and act in hendelser(base.saker[folder])
            since = organ.regler_den(last).fra if organ else date.min
            if organ and not known and act.dato < since <= last:
                sentence = (
                    f"{organ.navn} fikk nye regler {dato(since)}, og behandlingen er fra før."
                )
                way_out = f"Kontroller datoen {dato(act.dato)} mot protokollen i arkivet."
                yield found.after.i_sak(folder, act.fil, *act.sted), sentence, way_out


def _begins(organ: Organ) -> Iterator[tuple[str, date]]:
    """What of a body has a beginning, and when it is."""
    for regler in organ.regler:
        yield (
            " · ".join(("Reglene", *(f"{n}: {v}" for n, v in regler if v and n != "fra"))),
            regler.fra,
        )
    for mandat in organ.mandat:
        yield (
            f"Mandatet {mandat.rolle} {' '.join((*mandat.omrader, *mandat.sakstyper))}",
            mandat.fra,
        )
    for m in organ.medlemmer:
        yield f"{m.rolle}{' (leder)' if m.leder else ''}", m.fra
        for key in m.nokler:
            yield f"Nøkkelen til {m.rolle} {key.nokkel[-12:]}", key.fra


def _periods(organ: Organ) -> Iterator[tuple[str, ...]]:
    """What of a body is closed and never taken away, each with its beginning, and end if any."""
    for regler in organ.regler:
        yield "regler", *(f"{name}: {value}" for name, value in regler if value)
    for mandat in organ.mandat:
        yield mandat.rolle, *mandat.omrader, *mandat.sakstyper, f"fra {mandat.fra}"
    for m in organ.medlemmer:
        for one, name in ((m, m.rolle), *((key, f"{m.rolle} {key.nokkel}") for key in m.nokler)):
            yield name, f"fra {one.fra}"
            if one.til:
                yield name, f"fra {one.fra}", f"til {one.til}"


def utgivelse_med_annet(found: Sammenligning) -> Iterator[Placed]:
    """En ny utgivelse er lagt til sammen med andre endringer.

    Utgivelsen sier hva som gjelder på det tidspunktet, og må kunne godkjennes for seg.

    Slik retter du: del forslaget i to.
    """
    new = found.after.utgivelser.keys() - found.before.utgivelser.keys()
    for ident in sorted(new):
        if found.endringer or found.saker:
            sentence = "Utgivelsen er lagt til sammen med andre endringer."
            place = (f"krav/utgivelser/{ident}.yaml", 1)
            yield place, sentence, "Del forslaget i to; utgivelsen kommer sist."


def ugyldig_utgivelse(found: Sammenligning) -> Iterator[Placed]:
    """En ny utgivelse bryter med det `krav utgi` krever.

    Slik retter du: slett filen, og lag utgivelsen med `krav utgi`.
    """
    for ident in sorted(found.after.utgivelser.keys() - found.before.utgivelser.keys()):
        new = found.after.utgivelser[ident]
        for rule in UTGI:
            if rule is not utgivelse_finnes:
                yield from rule(found.after, new)
        if [*found.after.utgivelser][-1] != ident:
            place = (f"krav/utgivelser/{ident}.yaml", 1)
            way_out = "Gi den en dato og en id etter den forrige."
            yield place, "Utgivelsen er eldre enn en som finnes.", way_out


def kort_vei_med_mening(reg: Register, known: Known) -> Iterator[Placed]:
    """Saken går den korte veien, men endrer mer enn det som er bevist uten betydning.

    På den korte veien går bare endringer som er redaksjonelle eller informative for alle. Det
    bevises på nytt hver gang, også etter at saken er slått sammen.

    Slik retter du: slett `kortvei.yaml`, og la saken gå den vanlige veien.
    """
    for folder, mappe in reg.saker.items():
        if (
            not mappe.kortvei
            or not {p for p in mappe.fryste if KRAV_ID.fullmatch(p)} <= reg.krav.keys()
        ):
            continue
        found = compare(*around(reg, folder), "før", "etter", known, sak=folder)
        meant = [row for row in found.virkninger if row.klasse not in UTEN_MENING]
        for row in meant[:1]:
            what = f"`{row.felt}` i {row.post}" if row.felt else row.post
            sentence = f"{what} er {word(row.klasse)}: {row.fordi}."
            place = reg.i_sak(folder, "kortvei")
            yield place, sentence, "Slett `kortvei.yaml`; saken går den vanlige veien."


# In the order in which they run.
STEG = (
    slettet_post,
    feil_versjon,
    versjon_ikke_okt,
    ufordelt_forskjell,
    omskrevet_historie,
    organ_med_annet,
    slettet_periode,
    tilbakedatert_periode,
    eldre_regler,
    avsluttet_sak,
    utgivelse_med_annet,
    ugyldig_utgivelse,
)
KORT_VEI = kort_vei_med_mening  # asks a dictionary, and runs where the caller brings it
# Said, but stops nobody.
ADVICE = (versjon_ikke_okt, eldre_regler)
