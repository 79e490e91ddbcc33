"""The rules for what changed since a base, and for the case that says why.

As in `register_rules`: a rule yields what it finds, and its docstring is its page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kravverk.comparison import Sammenligning
from kravverk.models import Krav
from kravverk.register import Placed, fil_of


def slettet_post(found: Sammenligning) -> Iterator[Placed]:
    """En post er slettet.

    Ingen post blir slettet: den som har bygd på et krav, skal alltid kunne finne det igjen.

    Slik retter du: hent filen tilbake. Skal kravet ikke lenger gjelde, så sett `status: utgått`
    og skriv `erstattet_av` eller `utgatt_fordi`.
    """
    for endring in found.endringer:
        if endring.slag == "slettet_post":
            way_out = "Hent den tilbake, og sett `status: utgått` om kravet ikke skal gjelde."
            yield (fil_of(endring.post), 1), f"{endring.post} er slettet.", way_out


def feil_versjon(found: Sammenligning) -> Iterator[Placed]:
    """Versjonsnummeret passer ikke med det forrige.

    Et nytt krav har versjon 1. Et krav som en sak endrer, går opp med én, uansett hvor mange
    ganger det er redigert underveis. Uendrede krav beholder sin versjon.

    Slik retter du: skriv tallet som foreslås.
    """
    for entry, was, may in _versions(found):
        if entry.record.versjon not in may:
            sentence = f"Versjonen er {entry.record.versjon}; på grunnlaget er den {was}."
            if not was:
                sentence = f"Versjonen er {entry.record.versjon}, men kravet er nytt."
            yield entry.at("versjon"), sentence, f"Skriv `versjon: {max(may)}`."


def versjon_ikke_okt(found: Sammenligning) -> Iterator[Placed]:
    """Kravet er endret, men versjonsnummeret er det samme.

    Nummeret må være økt med én før saken kan behandles. Engelsk tekst og kilder kan endres uten.

    Slik retter du: skriv tallet som foreslås.
    """
    for entry, was, may in _versions(found):
        if was and entry.record.versjon == was < max(may):
            sentence = f"{entry.record.id} er endret, men har fortsatt versjon {was}."
            yield entry.at("versjon"), sentence, f"Skriv `versjon: {was + 1}`."


def _versions(found: Sammenligning) -> Iterator[tuple[Any, int, set[int]]]:
    """Each requirement after: its entry, its version before (0 when new), and what it may be."""
    touched = {
        e.post for e in found.endringer if (e.felt or "").split(".")[0] not in ("engelsk", "kilder")
    }
    for entry in found.after.entries.values():
        if not isinstance(entry.record, Krav) or entry.record.id in found.before.unread:
            continue
        ident, old = entry.record.id, found.before.krav.get(entry.record.id)
        was = old.versjon if old else 0
        yield entry, was, {was, was + 1} - {0} if ident in touched or not old else {was}


def endring_uten_sak(found: Sammenligning) -> Iterator[Placed]:
    """Registeret er endret uten at det følger med en sak.

    Ingenting i `krav/` endres uten et vedtak. Saken sier hvorfor; hva som endres, leses av
    postene. Ren formatering trenger ingen sak.

    Slik retter du: skriv `krav ny-sak "Tittel"`, og fyll ut filen som blir laget.
    """
    if found.endringer and not found.saker:
        post = found.endringer[0].post
        sentence = f"{post} er endret, men ingen sak er lagt til under `changes/`."
        way_out = 'Skriv `krav ny-sak "Tittel"`, og fyll ut filen som blir laget.'
        yield (fil_of(post), 1), sentence, way_out


def flere_saker(found: Sammenligning) -> Iterator[Placed]:
    """Samme endringsforslag har mer enn én sak.

    Hver sak skal kunne anbefales, vedtas og avslås for seg.

    Slik retter du: del forslaget i ett for hver sak.
    """
    if found.endringer and len(found.saker) > 1:
        ids = [sak.id for sak in found.saker]
        place = found.after.entry(f"changes/{ids[1]}/endring").at("id")
        sentence = f"Forslaget har {len(ids)} saker: {', '.join(ids)}."
        yield place, sentence, "Del forslaget i ett for hver sak."


def avklaring_uten_endring(found: Sammenligning) -> Iterator[Placed]:
    """En avklaring viser til noe som ikke er endret.

    `avklaringer` sier hva en endring betyr. `post` og `felt` må være skrevet slik `krav diff`
    viser dem.

    Slik retter du: rett `post` eller `felt`, eller slett avklaringen.
    """
    changed = {(e.post, e.felt) for e in found.endringer}
    for sak in found.saker:
        for at, avklaring in enumerate(sak.avklaringer):
            if (avklaring.post, avklaring.felt) not in changed:
                what = f"`{avklaring.post}` {avklaring.felt or ''}".strip()
                place = found.after.entry(f"changes/{sak.id}/endring").at("avklaringer", at)
                way_out = (
                    "Rett `post` og `felt` slik `krav diff` viser dem, eller slett avklaringen."
                )
                yield place, f"Avklaringen gjelder {what}, som er uendret.", way_out


def uavklart(found: Sammenligning) -> Iterator[Placed]:
    """Maskinen kan ikke avgjøre hva endringen betyr.

    En rolle må si det, i `avklaringer` i saken: `post`, `felt`, `klasse`, `rolle` og
    `begrunnelse`. Saken kan ikke fryses før alle er avklart.

    Slik retter du: legg til avklaringen som foreslås, med den klassen du mener er riktig.
    """
    seen: set[tuple[str, str | None]] = set()
    for row in found.virkninger:
        if row.klasse != "uavklart" or (row.post, row.felt) in seen:
            continue
        seen.add((row.post, row.felt))
        entry = found.after.entries.get(fil_of(row.post))
        place = entry.at(*(row.felt or "id").split(".")) if entry else (fil_of(row.post), 1)
        sentence = f"Endringen i `{row.felt or row.post}` er uavklart: {row.fordi}."
        felt = f"felt: {row.felt}, " if row.felt else ""
        judgement = f"{{post: {row.post}, {felt}klasse: …, rolle: …, begrunnelse: …}}"
        yield place, sentence, f"Legg til under `avklaringer` i saken: {judgement}."


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


def ubesvart_del(found: Sammenligning) -> Iterator[Placed]:
    """En del av saken er ikke besvart.

    Hver del besvares med noen ord, eller med «ikke relevant, fordi …». Saken kan ikke fryses
    før alle er besvart.

    Slik retter du: fyll ut feltet.
    """
    for sak in found.saker:
        entry = found.after.entry(f"changes/{sak.id}/endring")
        for felt in ANSWERED:
            if not getattr(sak, felt):
                way_out = f"Skriv `{felt}: |` og svaret, eller «ikke relevant, fordi …»."
                yield entry.at(felt), f"`{felt}` er ikke besvart.", way_out


# In the order in which they run.
STEG = (slettet_post, feil_versjon, versjon_ikke_okt)
SAK = (endring_uten_sak, flere_saker, avklaring_uten_endring, uavklart, ubesvart_del)
# Said, but stops nobody.
ADVICE = (versjon_ikke_okt, uavklart, ubesvart_del)
