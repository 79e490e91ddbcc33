"""The rules for all records together, for what changed since a base, and for the case behind it.

A rule yields what it finds; its name is its id and its docstring its page, which requirement
owners read and which is therefore in Norwegian. `STAGES` at the end is the whole catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any

from kravverk.comparison import Sammenligning
from kravverk.file_rules import BYTES, FIELDS, TEXT, TREE
from kravverk.findings import Alvor, Finding, rule_name
from kravverk.impact import bindinger
from kravverk.models import (
    KINDS,
    Frister,
    Gruppe,
    Krav,
    Melding,
    Record,
    Sak,
    System,
    order,
)
from kravverk.register import Entry, Files, Register, fil_of, read

Placed = tuple[str, int, str, str]  # file, line, the sentence, the way out


# --- All records together -----------------------------------------------------------------------


def ukjent_fil(reg: Register) -> Iterator[Placed]:
    """Filen hører ikke til noe sted i registeret.

    Under `krav/` ligger én post i hver fil, i mappen for sin type: `krav/<område>/ID.yaml`,
    `krav/systemer/<id>.yaml` og så videre. Under `changes/` ligger én mappe for hver sak.

    Slik retter du: flytt filen dit den hører hjemme, eller slett den. Filnavn slutter på `.yaml`.
    """
    for path in reg.stray:
        near = get_close_matches(path.split("/")[1], [*KINDS, *reg.omrader, "organer"], 1)
        hint = f"Mente du mappen `{near[0]}`? " if near and path.count("/") > 1 else ""
        yield (
            path,
            1,
            "Filen er ikke en post, så den blir ikke lest.",
            f"{hint}Flytt den til riktig mappe med filnavn `<id>.yaml`, eller slett den.",
        )


def dobbelt_id(reg: Register) -> Iterator[Placed]:
    """To poster har samme id.

    En id brukes én gang og aldri om igjen. Systemer og grupper deler navnerom, fordi begge kan
    stå under `gjelder`.

    Slik retter du: gi den nye posten neste ledige id, både i filnavnet og i feltet `id`.
    """
    seen: dict[tuple[str, str], str] = {}
    known = {_id(entry) for entry in _records(reg)}
    for entry in sorted(_records(reg), key=lambda e: (not _well_named(e), e.fil)):
        record = entry.record
        space = "adressat" if isinstance(record, System | Gruppe) else type(record).__name__
        first = seen.setdefault((space, _id(entry)), entry.fil)
        if first != entry.fil:
            yield (
                entry.fil,
                entry.line("id"),
                f"Id-en {_id(entry)} er allerede brukt i {first}.",
                f"Skriv `id: {name}`."
                if _id(entry) != (name := Path(entry.fil).stem) and name not in known
                else "Gi posten en ledig id, både i filnavnet og i feltet `id`.",
            )


def feil_filnavn(reg: Register) -> Iterator[Placed]:
    """Filnavnet og feltet `id` stemmer ikke overens.

    Filen heter det samme som posten, slik at alle finner den. En sak ligger i mappen med sitt
    nummer.

    Slik retter du: gi filen navnet som foreslås, eller rett `id`.
    """
    right = {_id(entry) for entry in _records(reg) if _well_named(entry)}
    for entry in _records(reg):
        if not _well_named(entry) and _id(entry) not in right:
            name = entry.fil.split("/")[-2 if isinstance(entry.record, Sak) else -1]
            yield (
                entry.fil,
                entry.line("id"),
                f"Posten har id {_id(entry)}, men ligger i `{name}`.",
                f"Skriv `id: {name.removesuffix('.yaml')}`, eller gi filen navnet {_id(entry)}.",
            )


def feil_mappe(reg: Register) -> Iterator[Placed]:
    """Kravet ligger ikke i mappen til området sitt.

    Bokstavene i id-en er områdets prefiks: PLL-0042 hører til området med `prefiks: PLL` og
    ligger i `krav/pll/`.

    Slik retter du: flytt filen til mappen som foreslås, eller opprett området under
    `krav/omrader/`.
    """
    for entry in _of(reg, Krav):
        folder = entry.fil.split("/")[1]
        if entry.record.omrade not in reg.omrader and f"omrader/{folder}" not in reg.unread:
            yield (
                entry.fil,
                entry.line("id"),
                f"Det finnes ikke noe område med prefikset {entry.record.id.split('-')[0]}.",
                f"Opprett `krav/omrader/{entry.record.omrade}.yaml`, eller rett id-en.",
            )
        elif folder != entry.record.omrade:
            yield (
                entry.fil,
                entry.line("id"),
                f"Kravet {entry.record.id} ligger i `krav/{folder}/`.",
                f"Flytt filen til `{fil_of(entry.record.id)}`.",
            )


def ukjent_referanse(reg: Register) -> Iterator[Placed]:
    """Posten viser til noe som ikke finnes i registeret.

    Grupper, systemer, meldinger, temaer, områder og krav må finnes før andre poster kan vise
    til dem. Ordene etter `dersom` er funksjoner, og må stå under `funksjoner` hos minst ett
    system.

    Slik retter du: rett skrivefeilen, eller opprett det som mangler.
    """
    adressater = [*reg.grupper, *reg.systemer]
    functions = {word for system in reg.systemer.values() for word in system.funksjoner}

    def refer(
        entry: Entry, path: tuple[str | int, ...], what: str, word: str, known: Iterable[str]
    ) -> Iterator[Placed]:
        near = get_close_matches(word, list(known), 1)
        way_out = f"Skriv `{near[0]}`" if near else "Rett skrivefeilen"
        yield (
            entry.fil,
            entry.line(*path),
            f"{what} `{word}` finnes ikke{f'; mente du `{near[0]}`?' if near else '.'}",
            f"{way_out}, eller opprett det som mangler først.",
        )

    def missing(words: Iterable[str], known: Container[str], *folders: str) -> Iterator[str]:
        # What is wrong with a record itself has been said; it is not unknown as well.
        def exists(word: str) -> bool:
            return word in known or any(f"{folder}{word}" in reg.named for folder in folders)

        return (word for word in words if not exists(word))

    for entry in _of(reg, Krav):
        krav = entry.record
        for word in missing(krav.gjelder, adressater, "grupper/", "systemer/"):
            yield from refer(entry, ("gjelder", word), "Gruppen eller systemet", word, adressater)
        for adressat, gjelder in krav.gjelder.items():
            if gjelder.dersom and gjelder.dersom not in functions:
                path = ("gjelder", adressat, "dersom")
                yield from refer(entry, path, "Funksjonen", gjelder.dersom, functions)
        for word in missing([krav.tema], reg.temaer, "temaer/"):
            yield from refer(entry, ("tema",), "Temaet", word, reg.temaer)
        for word in missing(krav.meldinger, reg.meldinger, "meldinger/"):
            yield from refer(entry, ("meldinger", word), "Meldingen", word, reg.meldinger)
        for felt in ("avhenger_av", "erstattet_av"):
            for word in missing(getattr(krav, felt), reg.krav, ""):
                yield from refer(entry, (felt, word), "Kravet", word, reg.krav)
    for entry in _of(reg, System):
        for word in missing(entry.record.grupper, reg.grupper, "grupper/"):
            yield from refer(entry, ("grupper", word), "Gruppen", word, reg.grupper)
        for word in missing(entry.record.realisering, reg.omrader, "omrader/"):
            yield from refer(entry, ("realisering", word), "Området", word, reg.omrader)
        for area, word in entry.record.realisering.items():
            for unknown in missing([word], ["egen", *reg.systemer], "systemer/"):
                where = ("realisering", area)
                yield from refer(entry, where, "Systemet", unknown, reg.systemer)
        for word in missing(entry.record.antatt, order(System)):
            yield from refer(entry, ("antatt", word), "Feltet", word, order(System))
    for entry in _of(reg, Melding):
        for felt in ("avsendere", "mottakere"):
            for word in missing(getattr(entry.record, felt), adressater, "grupper/", "systemer/"):
                yield from refer(entry, (felt, word), "Gruppen eller systemet", word, adressater)


def utgatt_uten_grunn(reg: Register) -> Iterator[Placed]:
    """Kravet er utgått uten at det står hvorfor, eller erstattet uten å være utgått.

    Den som bygger på et krav, må kunne se hva som kom i stedet, eller hvorfor det falt bort.

    Slik retter du: skriv `erstattet_av: [ID]` eller `utgatt_fordi:` under `status: utgått`.
    """
    for entry in _of(reg, Krav):
        krav = entry.record
        explained = bool(krav.erstattet_av or krav.utgatt_fordi)
        if (krav.status == "utgått") != explained:
            sentence = "Kravet er erstattet, men ikke utgått."
            if krav.status == "utgått":
                sentence = "Kravet er utgått, men det står ikke hvorfor."
            way_out = "Skriv `status: utgått` sammen med `erstattet_av` eller `utgatt_fordi`."
            yield entry.fil, entry.line("status"), sentence, way_out


def frister_i_rekkefolge(reg: Register) -> Iterator[Placed]:
    """Datoene under `frister` kommer ikke i riktig rekkefølge.

    Det nye kan brukes fra én dato, skal kunne mottas innen den neste, og oppfylles innen den
    tredje; først deretter fases det gamle ut. Slik kan alle motta før noen må sende.

    Slik retter du: bytt om datoene, eller rett skrivefeilen.
    """
    for entry in _of(reg, Krav):
        named = [(n, getattr(entry.record.frister, n)) for n in order(Frister)]
        for (first, early), (second, late) in pairwise([(n, d) for n, d in named if d]):
            if late < early:
                yield (
                    entry.fil,
                    entry.line("frister", second),
                    f"`{second}` ({late}) kommer før `{first}` ({early}).",
                    f"Sett `{second}` til {early} eller senere.",
                )


def sirkel(reg: Register) -> Iterator[Placed]:
    """Krav avhenger av hverandre i ring.

    Når A forutsetter B og B forutsetter A, kan ingen av dem oppfylles først.

    Slik retter du: ta bort en av linjene under `avhenger_av`.
    """
    done: set[str] = set()
    for start in reg.krav:
        trail: list[str] = []
        todo: list[tuple[str, int]] = [(start, 0)]
        while todo:
            ident, depth = todo.pop()
            del trail[depth:]
            if ident in trail:
                ring = [*trail[trail.index(ident) :], ident]
                entry = reg.entry(ring[0])
                yield (
                    entry.fil,
                    entry.line("avhenger_av", ring[1]),
                    f"Kravene avhenger av hverandre i ring: {' → '.join(ring)}.",
                    "Ta bort en av linjene under `avhenger_av`.",
                )
                break
            if ident in done or ident not in reg.krav:
                continue
            trail.append(ident)
            todo += [(other, depth + 1) for other in reg.krav[ident].avhenger_av]
        done.update(trail)


def avhenger_av_utgatt(reg: Register) -> Iterator[Placed]:
    """Kravet avhenger av et krav som er utgått.

    Slik retter du: vis til kravet som erstatter det, eller ta bort avhengigheten.
    """
    for entry in _of(reg, Krav):
        for other in entry.record.avhenger_av:
            old = reg.krav.get(other)
            if old and old.status == "utgått" and entry.record.status != "utgått":
                instead = ", ".join(old.erstattet_av) or "et annet krav"
                way_out = f"Vis til {instead}, eller ta bort linjen."
                line = entry.line("avhenger_av", other)
                yield entry.fil, line, f"Kravet avhenger av {other}, som er utgått.", way_out


def foreldet_engelsk(reg: Register) -> Iterator[Placed]:
    """Den engelske teksten er oversatt fra en eldre versjon enn den norske.

    Nettstedet viser den med et varsel. Den norske teksten gjelder.

    Slik retter du: oversett på nytt, og sett `engelsk.versjon` til kravets versjon.
    """
    for entry in _of(reg, Krav):
        engelsk, versjon = entry.record.engelsk, entry.record.versjon
        if engelsk and engelsk.versjon < versjon:
            yield (
                entry.fil,
                entry.line("engelsk", "versjon"),
                f"Den engelske teksten er fra versjon {engelsk.versjon}; kravet er i {versjon}.",
                f"Oversett på nytt, og skriv `versjon: {versjon}` under `engelsk`.",
            )


def engelsk_foran_norsk(reg: Register) -> Iterator[Placed]:
    """Den engelske teksten oppgir en nyere versjon enn kravet har.

    Slik retter du: sett `engelsk.versjon` til den versjonen teksten er oversatt fra.
    """
    for entry in _of(reg, Krav):
        engelsk, versjon = entry.record.engelsk, entry.record.versjon
        if engelsk and engelsk.versjon > versjon:
            yield (
                entry.fil,
                entry.line("engelsk", "versjon"),
                f"Den engelske teksten oppgir versjon {engelsk.versjon}; kravet er i {versjon}.",
                f"Skriv `versjon: {versjon}` under `engelsk`.",
            )


def mangler_kilde(reg: Register) -> Iterator[Placed]:
    """Posten sier ikke hvor den kommer fra.

    Den som leser et krav, må kunne se hva det bygger på. En illustrativ post sier at den er det.

    Slik retter du: legg til feltet `kilder` med minst én linje.
    """
    for entry in _records(reg):
        if isinstance(entry.record, Record) and not getattr(entry.record, "kilder", ()):
            yield entry.fil, 1, "Posten har ingen kilder.", "Legg til `kilder:` med én linje."


def binder_ingen(reg: Register) -> Iterator[Placed]:
    """Kravet når ingen av systemene i registeret.

    Da er det ingen som får det på siden sin. Enten mangler et system, eller så er gruppen feil.

    Slik retter du: se over `gjelder`, eller legg gruppen til hos systemene det angår.
    """
    everyone = reg.grupper.keys() | reg.systemer.keys()
    for entry in _of(reg, Krav):
        krav = entry.record
        known = krav.gjelder.keys() <= everyone
        if krav.status != "utgått" and known and not bindinger(krav, reg):
            way_out = "Se over `gjelder`, eller legg gruppen til hos systemene det angår."
            yield entry.fil, entry.line("gjelder"), "Kravet når ingen systemer.", way_out


# --- Since a base -------------------------------------------------------------------------------


def slettet_post(found: Sammenligning) -> Iterator[Placed]:
    """En post er slettet.

    Ingen post blir slettet: den som har bygd på et krav, skal alltid kunne finne det igjen.

    Slik retter du: hent filen tilbake. Skal kravet ikke lenger gjelde, så sett `status: utgått`
    og skriv `erstattet_av` eller `utgatt_fordi`.
    """
    for endring in found.endringer:
        if endring.slag == "slettet_post":
            yield (
                fil_of(endring.post),
                1,
                f"{endring.post} er slettet.",
                "Hent filen tilbake, og sett `status: utgått` om kravet ikke lenger skal gjelde.",
            )


def feil_versjon(found: Sammenligning) -> Iterator[Placed]:
    """Versjonsnummeret passer ikke med det forrige.

    Et nytt krav har versjon 1. Et krav som en sak endrer, går opp med én, uansett hvor mange
    ganger det er redigert underveis. Uendrede krav beholder sin versjon.

    Slik retter du: skriv tallet som foreslås.
    """
    for entry, was, may in _versions(found):
        if entry.record.versjon not in may:
            yield (
                entry.fil,
                entry.line("versjon"),
                f"Versjonen er {entry.record.versjon}; på grunnlaget er den {was}.",
                f"Skriv `versjon: {max(may)}`.",
            )


def versjon_ikke_okt(found: Sammenligning) -> Iterator[Placed]:
    """Kravet er endret, men versjonsnummeret er det samme.

    Nummeret må være økt med én før saken kan behandles. Engelsk tekst og kilder kan endres uten.

    Slik retter du: skriv tallet som foreslås.
    """
    for entry, was, may in _versions(found):
        if was and entry.record.versjon == was < max(may):
            yield (
                entry.fil,
                entry.line("versjon"),
                f"{entry.record.id} er endret, men har fortsatt versjon {was}.",
                f"Skriv `versjon: {was + 1}`.",
            )


def _versions(found: Sammenligning) -> Iterator[tuple[Any, int, set[int]]]:
    """Each requirement after: its entry, its version before (0 when new), and what it may be."""
    touched = {
        e.post for e in found.endringer if (e.felt or "").split(".")[0] not in ("engelsk", "kilder")
    }
    for entry in _of(found.after, Krav):
        old = found.before.krav.get(entry.record.id)
        if old is None:
            if entry.record.id not in found.before.unread:
                yield entry, 0, {1}
        elif entry.record.id in touched:
            yield entry, old.versjon, {old.versjon, old.versjon + 1}
        else:
            yield entry, old.versjon, {old.versjon}


# --- The case -----------------------------------------------------------------------------------


def endring_uten_sak(found: Sammenligning) -> Iterator[Placed]:
    """Registeret er endret uten at det følger med en sak.

    Ingenting i `krav/` endres uten et vedtak. Saken sier hvorfor; hva som endres, leses av
    postene. Ren formatering trenger ingen sak.

    Slik retter du: skriv `krav ny-sak "Tittel"`, og fyll ut filen som blir laget.
    """
    if found.endringer and not _changed_cases(found):
        first = found.endringer[0]
        yield (
            fil_of(first.post),
            1,
            f"{first.post} er endret, men ingen sak er lagt til under `changes/`.",
            'Skriv `krav ny-sak "Tittel"`, og fyll ut filen som blir laget.',
        )


def flere_saker(found: Sammenligning) -> Iterator[Placed]:
    """Samme endringsforslag har mer enn én sak.

    Hver sak skal kunne anbefales, vedtas og avslås for seg.

    Slik retter du: del forslaget i ett for hver sak.
    """
    changed = _changed_cases(found)
    if found.endringer and len(changed) > 1:
        yield (
            f"changes/{changed[1]}/endring.yaml",
            1,
            f"Forslaget har {len(changed)} saker: {', '.join(changed)}.",
            "Del forslaget i ett for hver sak.",
        )


def avklaring_uten_endring(found: Sammenligning) -> Iterator[Placed]:
    """En avklaring viser til noe som ikke er endret.

    `avklaringer` sier hva en endring betyr. `post` og `felt` må være skrevet slik `krav diff`
    viser dem.

    Slik retter du: rett `post` eller `felt`, eller slett avklaringen.
    """
    sak = found.sak
    changed = {(e.post, e.felt) for e in found.endringer}
    for at, avklaring in enumerate(sak.avklaringer if sak else ()):
        if sak and (avklaring.post, avklaring.felt) not in changed:
            entry = found.after.entries[f"changes/{sak.id}/endring.yaml"]
            yield (
                entry.fil,
                entry.line("avklaringer", at),
                f"Avklaringen gjelder `{avklaring.post}` {avklaring.felt or ''}, som er uendret.",
                "Rett `post` og `felt` slik `krav diff` viser dem, eller slett avklaringen.",
            )


def uavklart(found: Sammenligning) -> Iterator[Placed]:
    """Maskinen kan ikke avgjøre hva endringen betyr.

    En rolle må si det, i `avklaringer` i saken: `post`, `felt`, `klasse`, `rolle` og
    `begrunnelse`. Saken kan ikke fryses før alle er avklart.

    Slik retter du: legg til avklaringen som foreslås, med den klassen du mener er riktig.
    """
    seen: set[tuple[str, str | None]] = set()
    for row in found.virkninger:
        if row.klasse == "uavklart" and (row.post, row.felt) not in seen:
            seen.add((row.post, row.felt))
            entry = found.after.entries.get(fil_of(row.post))
            felt = f", felt: {row.felt}" if row.felt else ""
            yield (
                fil_of(row.post),
                entry.line(*(row.felt or "id").split(".")) if entry else 1,
                f"Endringen i `{row.felt or row.post}` er uavklart: {row.fordi}.",
                f"Legg til under `avklaringer` i saken: {{post: {row.post}{felt}, klasse: …, "
                "rolle: …, begrunnelse: …}.",
            )


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
    for ident in _changed_cases(found):
        entry = found.after.entries[f"changes/{ident}/endring.yaml"]
        for felt in ANSWERED:
            if not getattr(entry.record, felt):
                yield (
                    entry.fil,
                    entry.line(felt),
                    f"`{felt}` er ikke besvart.",
                    f"Skriv `{felt}: |` og svaret, eller «ikke relevant, fordi …».",
                )


# --- Running them -------------------------------------------------------------------------------


def check(files: Files) -> tuple[Register, list[Finding]]:
    """Read a revision and say everything that is wrong with it by itself."""
    register, findings = read(files)
    return register, sorted(findings + _run(REGISTER, register))


def check_step(found: Sammenligning) -> list[Finding]:
    """Say everything that is wrong with what changed since the base."""
    return sorted(_run((*STEG, *SAK), found))


def _run(rules: Iterable[Callable[[Any], Iterator[Placed]]], subject: Any) -> list[Finding]:
    findings = []
    for rule in rules:
        alvor: Alvor = "råd" if rule in ADVICE else "feil"
        name = rule_name(rule)
        findings += [
            Finding(fil, at, name, alvor, said, out) for fil, at, said, out in rule(subject)
        ]
    return findings


def _records(reg: Register) -> Iterator[Entry]:
    return (e for e in reg.entries.values() if hasattr(e.record, "id"))


def _of(reg: Register, kind: type[Record]) -> Iterator[Any]:
    return (entry for entry in reg.entries.values() if isinstance(entry.record, kind))


def _id(entry: Entry) -> str:
    return str(entry.record.id)  # type: ignore[attr-defined]


def _well_named(entry: Entry) -> bool:
    name = entry.fil.split("/")[-2 if isinstance(entry.record, Sak) else -1]
    return name.removesuffix(".yaml") == _id(entry)


def _changed_cases(found: Sammenligning) -> list[str]:
    return [
        ident
        for ident, mappe in found.after.saker.items()
        if found.before.saker.get(ident) != mappe
    ]


REGISTER = (
    ukjent_fil,
    dobbelt_id,
    feil_filnavn,
    feil_mappe,
    ukjent_referanse,
    utgatt_uten_grunn,
    frister_i_rekkefolge,
    sirkel,
    avhenger_av_utgatt,
    foreldet_engelsk,
    engelsk_foran_norsk,
    mangler_kilde,
    binder_ingen,
)
STEG = (slettet_post, feil_versjon, versjon_ikke_okt)
SAK = (endring_uten_sak, flere_saker, avklaring_uten_endring, uavklart, ubesvart_del)
# Advice: said, but stops nobody.
ADVICE = (
    avhenger_av_utgatt,
    foreldet_engelsk,
    mangler_kilde,
    binder_ingen,
    versjon_ikke_okt,
    uavklart,
    ubesvart_del,
)
# stage -> its rules, in the order in which they run.
STAGES: dict[str, tuple[Callable[..., Iterator[Any]], ...]] = {
    "lesing": (*BYTES, *TEXT, *TREE, *FIELDS),
    "register": REGISTER,
    "steg": STEG,
    "sak": SAK,
}
