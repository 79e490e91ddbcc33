"""The rules for what changed since a base, and for the case that says why.

As in `register_rules`: a rule yields what it finds, and its docstring is its page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from kravverk.case_models import PUBLISHED, Behandlinger, Forslag, Organ
from kravverk.chain import around, merged
from kravverk.comparison import Sammenligning, compare
from kravverk.diff import raw_differences
from kravverk.edits import Known
from kravverk.freeze_rules import ANSWERED, FRYS
from kravverk.gate import state
from kravverk.impact import INFORMED
from kravverk.models import KLASSER, Form, Krav
from kravverk.register import Placed, Register, fil_of, post_of
from kravverk.text import word


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
    for entry, was, may in _versions(found):
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
    for entry, was, may in _versions(found):
        if was and entry.record.versjon == was < max(may):
            sentence = f"{entry.record.id} er endret, men har fortsatt versjon {was}."
            way_out = f"La det stå til saken fryses, eller skriv `versjon: {was + 1}`."
            yield entry.at("versjon"), sentence, way_out


def _versions(found: Sammenligning) -> Iterator[tuple[Any, int, set[int]]]:
    """Each requirement after: its entry, its version before (0 when new), and what it may be."""
    touched = {
        e.post for e in found.endringer if (e.felt or "").split(".")[0] not in ("engelsk", "kilder")
    }
    undone = any(merged(found.before, f) and not _only_treated(found, f) for f in found.saker)
    for entry in found.after.entries.values():
        if not isinstance(entry.record, Krav) or entry.record.id in found.before.unread:
            continue
        ident, old = entry.record.id, found.before.krav.get(entry.record.id)
        was = old.versjon if old else 0
        back = {was - 1} if undone else set()
        yield entry, was, {was, was + 1, *back} - {0} if ident in touched or not old else {was}


def endring_uten_sak(found: Sammenligning) -> Iterator[Placed]:
    """Registeret er endret uten at det følger med en sak.

    Ingenting i `krav/` endres uten et vedtak. Saken sier hvorfor; hva som endres, leses av
    postene. Ren formatering trenger ingen sak.

    Slik retter du: skriv `krav ny-sak "Tittel"`, og fyll ut filen som blir laget.
    """
    new = [folder for folder in found.saker if not _only_treated(found, folder)]
    if found.endringer and not new and not found.after.uleste_saker:
        post = found.endringer[0].post
        sentence = f"{post} er endret, men ingen sak er lagt til under `changes/`."
        way_out = "Legg til `changes/ÅÅÅÅ-NNN/endring.yaml` (se «Foreslå en endring»), eller kjør "
        yield (fil_of(post), 1), sentence, way_out + '`krav ny-sak "Tittel"`.'


def _only_treated(found: Sammenligning, folder: str) -> bool:
    """Whether a case was decided already in the base, and stands: it explains no new change."""
    return state(found.after.saker[folder]).vedtatt and merged(found.before, folder)


def flere_saker(found: Sammenligning) -> Iterator[Placed]:
    """Samme endringsforslag har mer enn én sak.

    Hver sak skal kunne anbefales, vedtas og avslås for seg.

    Slik retter du: del forslaget i ett for hver sak.
    """
    if found.endringer and len(found.saker) > 1:
        folders = list(found.saker)
        sentence = f"Forslaget har {len(folders)} saker: {', '.join(folders)}."
        yield (
            found.after.i_sak(folders[1], "endring", "id"),
            sentence,
            "Del forslaget i ett for hver sak.",
        )


def sak_uten_endring(found: Sammenligning) -> Iterator[Placed]:
    """Saken endrer ingenting i registeret.

    Det som skal vedtas, leses av postene i `krav/`. En sak uten endring har ingenting å vedta.

    Slik retter du: gjør endringen i kravet på samme gren.
    """
    for folder, sak in found.saker.items():
        if sak.type == "endring" and not sak.trukket and not found.endringer:
            way_out = "Gjør endringen i kravet på samme gren."
            yield (
                found.after.i_sak(folder, "endring", "id"),
                "Saken endrer ingen poster i `krav/`.",
                way_out,
            )


def godkjenning_med_endring(found: Sammenligning) -> Iterator[Placed]:
    """En sak om godkjenning endrer registeret, eller sier ikke hva som skal godkjennes.

    En godkjenning gjelder kravene slik de står, i den versjonen de har, og endrer ingenting.

    Slik retter du: skriv `godkjenner:` med system og krav, og før registeret tilbake. Skal et krav
    endres, gjør du det i en egen sak med `type: endring`.
    """
    for folder, sak in found.saker.items():
        if (sak.type == "godkjenning") != (sak.godkjenner is not None):
            way_out = "Skriv `godkjenner: {system: …, krav: […]}` i en sak med `type: godkjenning`."
            place = found.after.i_sak(folder, "endring", "type")
            yield place, "Bare en godkjenning sier hva som godkjennes, og den må si det.", way_out
        if sak.type == "godkjenning" and found.endringer:
            sentence = f"Saken er en godkjenning, men endrer {found.endringer[0].post}."
            way_out = "Før registeret tilbake, eller gjør endringen i en egen sak."
            yield found.after.i_sak(folder, "endring", "type"), sentence, way_out


def avklaring_uten_endring(found: Sammenligning) -> Iterator[Placed]:
    """En avklaring viser til noe som ikke er endret.

    `avklaringer` sier hva en endring betyr. `post` og `felt` må være skrevet slik `krav diff`
    viser dem.

    Slik retter du: rett `post` eller `felt`, eller slett avklaringen.
    """
    changed = {(e.post, e.felt) for e in found.endringer}
    for folder, sak in found.saker.items():
        for at, avklaring in enumerate(sak.avklaringer):
            if changed and (avklaring.post, avklaring.felt) not in changed:
                what = (
                    f"`{avklaring.felt}` i {avklaring.post}" if avklaring.felt else avklaring.post
                )
                known = sorted(e.felt or "(hele posten)" for e in found.endringer)
                near = get_close_matches(avklaring.felt or "", known, 1)
                way_out = f"Skriv `felt: {near[0]}`." if near else "Rett `post` eller `felt`."
                posts = sorted({e.post for e in found.endringer})
                if avklaring.post not in posts:
                    way_out = f"Skriv `post:` som ett av {', '.join(posts)}."
                place = found.after.i_sak(folder, "endring", "avklaringer", at)
                yield place, f"Avklaringen viser til {what}, som ikke er endret.", way_out


def motstridende_avklaringer(found: Sammenligning) -> Iterator[Placed]:
    """To avklaringer gjelder det samme.

    Hver endring kan bare bety én ting for hvert system.

    Slik retter du: slett den ene, eller skriv hvilket `system` hver av dem gjelder.
    """
    for folder, sak in found.saker.items():
        seen: set[tuple[str, str | None, str | None]] = set()
        for at, avklaring in enumerate(sak.avklaringer):
            key = (avklaring.post, avklaring.felt, avklaring.system)
            if key in seen:
                sentence = f"Det er flere avklaringer av `{avklaring.felt}` i {avklaring.post}."
                way_out = "Slett den ene, eller skriv hvilket `system` hver av dem gjelder."
                yield found.after.i_sak(folder, "endring", "avklaringer", at), sentence, way_out
            seen.add(key)


def senket_av_forslagsstiller(found: Sammenligning) -> Iterator[Placed]:
    """Forslagsstilleren har selv satt en mildere klasse enn maskinen.

    Den som foreslår en endring, kan ikke alene avgjøre at den betyr mindre enn reglene sier, eller
    at noe uavklart ikke krever noe av systemene.

    Slik retter du: la en annen rolle stå for avklaringen, eller slett den.
    """
    for folder, sak in found.saker.items():
        for at, avklaring in enumerate(sak.avklaringer):
            lowered = [
                row.maskin
                for row in found.virkninger
                if (row.post, row.felt) == (avklaring.post, avklaring.felt)
                and row.maskin is not None
                and KLASSER.index(row.klasse) > KLASSER.index(row.maskin)
                and (row.maskin != "uavklart" or row.klasse in INFORMED)
            ]
            if lowered and avklaring.rolle == sak.forslagsstiller:
                now = word(avklaring.klasse)
                sentence = f"Forslagsstilleren har selv satt {word(lowered[0])} til {now}."
                way_out = "La en annen rolle stå for avklaringen, eller slett den."
                yield found.after.i_sak(folder, "endring", "avklaringer", at), sentence, way_out


def uholdbar_pastand(found: Sammenligning) -> Iterator[Placed]:
    """Saken hevder at endringen betyr mindre enn reglene sier.

    `hevdet_klasse` er det sterkeste saken mener at endringen betyr. Redaksjonell må bevises av
    maskinen; at forslagsstilleren mener det, er ikke nok. For andre klasser er det en feil når
    en regel finner noe sterkere og ingen annen rolle har avklart det.

    Slik retter du: rett `hevdet_klasse`, endre teksten, eller få en avklaring fra en annen rolle.
    """
    for folder, sak in found.saker.items():
        if claim := sak.hevdet_klasse:
            proven = claim in ("redaksjonell", "informativ")
            against = [
                row
                for row in found.virkninger
                if KLASSER.index(row.klasse) < KLASSER.index(claim)
                and (proven or row.klasse != "uavklart")
            ]
            if against:
                decided = [row for row in against if row.klasse != "uavklart"]
                row = min(decided or against, key=lambda row: KLASSER.index(row.klasse))
                where = f"`{row.felt}` i {row.post}" if row.felt else row.post
                sentence = (
                    f"Saken hevder {word(claim)}, men {where} er {word(row.klasse)}: {row.fordi}."
                )
                other = f"Skriv `hevdet_klasse: {row.klasse}`"
                first = "Slett `hevdet_klasse`" if row.klasse == "uavklart" else other
                way_out = f"{first}, endre teksten, eller få en annen rolle til å avklare den."
                yield found.after.i_sak(folder, "endring", "hevdet_klasse"), sentence, way_out


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


def _periods(organ: Organ) -> Iterator[tuple[str, ...]]:
    """What of a body is closed and never taken away, each with its beginning, and end if any."""
    for regler in organ.regler:
        yield "regler", *(f"{name}: {value}" for name, value in regler if value)
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


def avvik_fra_vedtak(found: Sammenligning) -> Iterator[Placed]:
    """Endringene i registeret er andre enn dem som er vedtatt.

    Vedtaket er bundet til frysen. Hver endring må være den som ble vedtatt, til siste ord.

    Slik retter du: før postene tilbake til frysen, eller frys på nytt og behandle saken igjen.
    """
    for folder, mappe in found.after.saker.items():
        if folder not in found.saker or not mappe.frys:
            continue
        now, there = state(mappe), merged(found.before, folder)
        if mappe.sak.type != "endring" or (not there and (not now.vedtatt or mappe.sak.trukket)):
            continue
        decided = {(f.post, f.felt): (f.gammel, f.ny) for f in mappe.frys.endringer}
        if there:  # nothing more, or all of it undone where an urgent decision was rejected
            undone = {key: (ny, gammel) for key, (gammel, ny) in decided.items()}
            decided = {} if now.vedtatt else undone
        actual = {(e.post, e.felt): (e.gammel, e.ny) for e in found.endringer}
        for post, felt in sorted(decided.keys() | actual.keys(), key=str):
            if decided.get((post, felt)) == actual.get((post, felt)):
                continue
            what = f"`{felt}` i {post}" if felt else post
            sentence = f"{what} er ikke slik sak {folder} vedtok."
            way_out = "Før posten tilbake til frysen, eller frys på nytt og behandle saken igjen."
            entry = found.after.entries.get(fil_of(post))
            place = entry.at(*(felt or "id").split(".")) if entry else (fil_of(post), 1)
            yield place, sentence, way_out


def kort_vei_med_mening(reg: Register, known: Known) -> Iterator[Placed]:
    """Saken går den korte veien, men endrer mer enn det som er bevist uten betydning.

    På den korte veien går bare endringer som er redaksjonelle eller informative for alle. Det
    bevises på nytt hver gang, også etter at saken er slått sammen.

    Slik retter du: slett `kortvei.yaml`, og la saken gå den vanlige veien.
    """
    for folder, mappe in reg.saker.items():
        if not mappe.kortvei:
            continue
        found = compare(*around(reg, folder), "før", "etter", known, sak=folder)
        meant = [
            row for row in found.virkninger if row.klasse not in ("redaksjonell", "informativ")
        ]
        for row in meant[:1]:
            what = f"`{row.felt}` i {row.post}" if row.felt else row.post
            sentence = f"{what} er {word(row.klasse)}: {row.fordi}."
            place = reg.i_sak(folder, "kortvei")
            yield place, sentence, "Slett `kortvei.yaml`; saken går den vanlige veien."


def uavklart(found: Sammenligning) -> Iterator[Placed]:
    """Maskinen kan ikke avgjøre hva endringen betyr.

    En rolle må si det, i `avklaringer` i saken: `post`, `felt`, `klasse`, `rolle` og
    `begrunnelse`. Saken kan ikke fryses før alle er avklart.

    Slik retter du: legg til avklaringen som foreslås, med den klassen du mener er riktig.
    """
    deleted = {e.post for e in found.endringer if e.slag == "slettet_post"}
    seen: set[tuple[str, str | None]] = set()
    for row in found.virkninger:
        key = (row.post, row.felt)
        told = key in seen or row.post in deleted or found.after.uleste_saker
        if row.klasse != "uavklart" or told:
            continue
        seen.add(key)
        entry = found.after.entries.get(fil_of(row.post))
        place = entry.at(*(row.felt or "id").split(".")) if entry else (fil_of(row.post), 1)
        what = f"`{row.felt}`" if row.felt else row.post
        lines = (
            f"- post: {row.post}",
            *((f"  felt: {row.felt}",) if row.felt else ()),
            "  klasse: …",
            "  rolle: …",
            "  begrunnelse: |",
            "    …",
        )
        way_out = "Legg til under `avklaringer:` i saken, og fyll ut:\n" + "\n".join(lines)
        yield place, f"Endringen i {what} er uavklart: {row.fordi}.", way_out


def ubesvart_del(found: Sammenligning) -> Iterator[Placed]:
    """En del av saken er ikke besvart.

    Hver del besvares med noen ord, eller med «ikke relevant, fordi …». Saken kan ikke fryses
    før alle er besvart.

    Slik retter du: fyll ut feltet.
    """
    for folder, sak in found.saker.items():
        for felt in ANSWERED:
            if not getattr(sak, felt):
                way_out = f"Skriv `{felt}: |` og svaret, eller «ikke relevant, fordi …»."
                yield (
                    found.after.i_sak(folder, "endring", felt),
                    f"`{felt}` er ikke besvart.",
                    way_out,
                )


# In the order in which they run.
STEG = (
    slettet_post,
    feil_versjon,
    versjon_ikke_okt,
    ufordelt_forskjell,
    omskrevet_historie,
    organ_med_annet,
    slettet_periode,
    utgivelse_med_annet,
)
SAK = (
    endring_uten_sak,
    flere_saker,
    sak_uten_endring,
    godkjenning_med_endring,
    avklaring_uten_endring,
    motstridende_avklaringer,
    senket_av_forslagsstiller,
    uholdbar_pastand,
    avvik_fra_vedtak,
    *FRYS,
    uavklart,
    ubesvart_del,
)
KORT_VEI = kort_vei_med_mening  # asks a dictionary, and runs where the caller brings it
# Said, but stops nobody.
ADVICE = (versjon_ikke_okt, sak_uten_endring, uavklart, ubesvart_del)
