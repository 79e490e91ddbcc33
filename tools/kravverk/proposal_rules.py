"""The rules for the case that says why something changed: complete, consistent, and as decided.

As in `register_rules`: a rule yields what it finds, and its docstring is its page.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from kravverk.body_rules import same_role
from kravverk.chain import merged
from kravverk.comparison import Sammenligning
from kravverk.freeze_rules import ANSWERED, FRYS
from kravverk.gate import state
from kravverk.impact import INFORMED
from kravverk.models import KLASSER, UTEN_MENING
from kravverk.register import Placed, Register, fil_of
from kravverk.step_rules import only_treated
from kravverk.text import word


def endring_uten_sak(found: Sammenligning) -> Iterator[Placed]:
    """Registeret er endret uten at det følger med en sak.

    Ingenting i `krav/` endres uten et vedtak. Saken sier hvorfor; hva som endres, leses av
    postene. Ren formatering trenger ingen sak.

    Slik retter du: skriv `krav ny-sak "Tittel"`, og fyll ut filen som blir laget.
    """
    new = [folder for folder in found.saker if not only_treated(found, folder)]
    if found.endringer and not new and not found.after.uleste_saker:
        first = found.endringer[0]
        post, what = first.post, "er ny" if first.slag == "ny_post" else "er endret"
        sentence = f"{post} {what}, men ingen sak er lagt til under `changes/`."
        way_out = "Legg til `changes/ÅÅÅÅ-NNN/endring.yaml` (se «Foreslå en endring»), eller kjør "
        yield (fil_of(post), 1), sentence, way_out + '`krav ny-sak "Tittel"`.'


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
        fresh = found.after.saker[folder].frys is None and not found.after.unread
        if sak.type == "endring" and not sak.trukket and not found.endringer and fresh:
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

    Rollen blir ikke slått opp noe sted, for den som kan faget, er ikke alltid medlem av et organ.
    Men avklaringene er med i fingeravtrykket, og de som senker en klasse, står på side én i
    saksframlegget: organene ser hvem som har avklart hva, og vedtar det sammen med teksten.

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
            if lowered and same_role(avklaring.rolle, sak.forslagsstiller):
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
            proven = claim in UTEN_MENING
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
        if not there and mappe.frys.avklaringer != mappe.sak.avklaringer:
            place = found.after.i_sak(folder, "endring", "avklaringer")
            way_out = "Før avklaringene tilbake, eller frys på nytt og behandle saken igjen."
            yield place, "Avklaringene er andre enn dem i frysen som er vedtatt.", way_out
        for post, felt in sorted(decided.keys() | actual.keys(), key=str):
            if decided.get((post, felt)) == actual.get((post, felt)):
                continue
            what = f"`{felt}` i {post}" if felt else post
            sentence = f"{what} er ikke slik sak {folder} vedtok."
            way_out = "Før posten tilbake til frysen, eller frys på nytt og behandle saken igjen."
            entry = found.after.entries.get(fil_of(post))
            place = entry.at(*(felt or "id").split(".")) if entry else (fil_of(post), 1)
            yield place, sentence, way_out


def kort_vei_uten_rett(found: Sammenligning, base: Register) -> Iterator[Placed]:
    """Den som bekrefter på kort vei, er verken kontakt for et område eller medlem av et organ.

    Kontakter og medlemmer leses slik de er på hovedgrenen nå.

    Slik retter du: la en av dem som er nevnt, bekrefte.
    """
    for folder in found.saker:
        short, there = found.after.saker[folder].kortvei, found.before.saker.get(folder)
        if short is None or (there and there.kortvei):
            continue
        known = {omrade.kontakt for omrade in base.omrader.values()}
        known |= {m.rolle for o in base.organer.values() for m in o.medlemmer_den(short.dato)}
        if short.rolle not in known:
            place = found.after.i_sak(folder, "kortvei", "rolle")
            sentence = f"{short.rolle} er verken kontakt for et område eller medlem av et organ."
            yield place, sentence, f"Velg blant {', '.join(sorted(known))}."


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
KONTAKT = kort_vei_uten_rett  # is given the register whose contacts and members count
# Said, but stops nobody.
ADVICE = (sak_uten_endring, uavklart, ubesvart_del)
