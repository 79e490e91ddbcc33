"""The rules for all records of one revision together.

A rule yields what it finds; its name is its id and its docstring its page, which requirement
owners read and which is therefore in Norwegian.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

from kravverk.bindings import bindinger
from kravverk.case_models import Dispensasjon, Innspill, Sak
from kravverk.models import (
    KINDS,
    KRAV_ID,
    Form,
    Gruppe,
    Krav,
    Melding,
    Record,
    System,
    order,
)
from kravverk.register import Entry, Placed, Register, fil_of
from kravverk.source import Path as YamlPath

# What a reference is called -> the folder that lists all there are.
_LISTED = {"Temaet": "temaer", "Meldingen": "meldinger", "Gruppen": "grupper", "Området": "omrader"}
Reference = tuple[Entry, YamlPath, str, str, list[str]]


def ukjent_fil(reg: Register) -> Iterator[Placed]:
    """Filen hører ikke til noe sted i registeret.

    Under `krav/` ligger én post i hver fil, i mappen for sin type: `krav/<område>/ID.yaml`,
    `krav/systemer/<id>.yaml` og så videre. Under `changes/` ligger én mappe for hver sak.

    Slik retter du: flytt filen dit den hører hjemme, eller slett den. Filnavn slutter på `.yaml`.
    """
    for path in reg.stray:
        folder = path.split("/")[1]
        near = get_close_matches(folder, [*KINDS, *reg.omrader], 1)
        way_out = f"Mente du mappen `{near[0]}`? " if near and near != [folder] else ""
        way_out += "Flytt den til riktig mappe med filnavn `<id>.yaml`, eller slett den."
        if path.startswith("changes/"):
            way_out = "En sak ligger i `changes/ÅÅÅÅ-NNN/endring.yaml`, og et organs behandling i "
            way_out += "`changes/ÅÅÅÅ-NNN/<organ>.yaml`. Flytt eller slett filen."
        yield (path, 1), "Filen er ikke en post, så den blir ikke lest.", way_out


def dobbelt_id(reg: Register) -> Iterator[Placed]:
    """To poster har samme id.

    En id brukes én gang og aldri om igjen. Systemer og grupper deler navnerom, fordi begge kan
    stå under `gjelder`.

    Slik retter du: gi den nye posten neste ledige id, både i filnavnet og i feltet `id`.
    """
    seen: dict[tuple[str, str], str] = {}
    known = {_id(entry) for entry in _records(reg)}
    for entry in sorted(_records(reg), key=lambda e: (not _well_named(e), e.fil)):
        addressee = isinstance(entry.record, System | Gruppe)
        space = "adressat" if addressee else type(entry.record).__name__
        first = seen.setdefault((space, _id(entry)), entry.fil)
        if first != entry.fil:
            what = "mappenavnet" if isinstance(entry.record, Sak) else "filnavnet"
            way_out = f"Gi posten en ledig id, både i {what} og i feltet `id`."
            if (name := _name(entry)) not in known and (KRAV_ID.fullmatch(name) or what[0] == "m"):
                way_out = f"Skriv `id: {name}`."
            yield entry.at("id"), f"Id-en {_id(entry)} er allerede brukt i {first}.", way_out


def feil_filnavn(reg: Register) -> Iterator[Placed]:
    """Filnavnet og feltet `id` stemmer ikke overens.

    Filen heter det samme som posten, slik at alle finner den. En sak ligger i mappen med sitt
    nummer.

    Slik retter du: gi filen navnet som foreslås, eller rett `id`.
    """
    right = {_id(entry) for entry in _records(reg) if _well_named(entry)}
    for entry in _records(reg):
        if not _well_named(entry) and _id(entry) not in right:
            case = isinstance(entry.record, Sak)
            what, name = ("mappen", _id(entry)) if case else ("filen", f"{_id(entry)}.yaml")
            way_out = f"Gi {what} navnet `{name}`"
            if _name(entry).lower() == _id(entry):
                way_out += ", med små bokstaver"
            elif not isinstance(entry.record, Krav) or KRAV_ID.fullmatch(_name(entry)):
                way_out += f", eller skriv `id: {_name(entry)}` om det er id-en som er endret"
            sentence = f"Posten har id {_id(entry)}, men {what} heter {_name(entry)}."
            yield entry.at("id"), sentence, f"{way_out}."


def feil_mappe(reg: Register) -> Iterator[Placed]:
    """Kravet ligger ikke i mappen til området sitt.

    Bokstavene i id-en er områdets prefiks: PLL-0042 hører til området med `prefiks: PLL` og
    ligger i `krav/pll/`.

    Slik retter du: flytt filen til mappen som foreslås, eller opprett området under
    `krav/omrader/`.
    """
    for entry in _of(reg, Krav):
        krav, folder = entry.record, entry.fil.split("/")[1]
        if krav.omrade not in reg.omrader and f"omrader/{krav.omrade}" not in reg.named:
            sentence = f"Det finnes ikke noe område med prefikset {krav.id.split('-')[0]}."
            way_out = f"Opprett `krav/omrader/{krav.omrade}.yaml`, eller rett id-en."
            yield entry.at("id"), sentence, way_out
        elif folder != krav.omrade:
            way_out = f"Flytt filen til `{fil_of(krav.id)}`."
            yield entry.at("id"), f"Kravet {krav.id} ligger i `krav/{folder}/`.", way_out


def ukjent_referanse(reg: Register) -> Iterator[Placed]:
    """Posten viser til noe som ikke finnes i registeret.

    Grupper, systemer, meldinger, temaer, områder og krav må finnes før andre poster kan vise
    til dem. Ordene etter `dersom` er funksjoner, og må stå under `funksjoner` hos minst ett
    system.

    Slik retter du: rett skrivefeilen, eller opprett det som mangler.
    """
    for entry, path, what, word, known in _references(reg):
        if " " in word and all(part in known for part in word.split()):
            near = [", ".join(word.split())]
        else:
            near = [] if what == "Kravet" else _near(reg, word, known)
        said = f"{what} `{word}` finnes ikke{f'; mente du `{near[0]}`?' if near else '.'}"
        first = f"Skriv `{near[0]}`" if near else "Rett skrivefeilen"
        way_out = f"{first}, eller opprett det som mangler først."
        if what in _LISTED and not near:
            way_out += f" De som finnes, ligger i `krav/{_LISTED[what]}/`."
        yield entry.at(*path), said, way_out


def _near(reg: Register, word: str, known: list[str]) -> list[str]:
    """What was probably meant: the id of what has that name, what begins so, or is spelt alike."""
    records: tuple[System | Gruppe, ...] = (*reg.systemer.values(), *reg.grupper.values())
    names = {record.navn.casefold(): record.id for record in records}
    by_name = [names[word.casefold()]] if names.get(word.casefold()) in known else []
    return (
        by_name
        or [k for k in known if k.startswith(f"{word}.")]
        or get_close_matches(word, known, cutoff=0.75)
    )


def _references(reg: Register) -> Iterator[Reference]:
    """Each reference to nothing: where, what it should be, the word, and the words it could be."""
    addressees = [*reg.grupper, *reg.systemer]
    functions = sorted({word for system in reg.systemer.values() for word in system.funksjoner})
    who = ("Gruppen eller systemet", addressees, ("grupper/", "systemer/"))

    def missing(
        entry: Entry,
        words: Iterable[tuple[str, YamlPath]],
        what: str,
        known: Iterable[str],
        folders: tuple[str, ...] = (),
    ) -> Iterator[Reference]:
        choices = list(known)
        for word, path in words:
            # What is wrong with a record itself has been said; it is not unknown as well.
            named = any(f"{folder}{word}" in reg.named for folder in folders)
            if word not in choices and not named:
                yield entry, path, what, word, choices

    def at(field: str, words: Iterable[str]) -> list[tuple[str, YamlPath]]:
        return [(word, (field, word)) for word in words]

    for entry in _of(reg, Krav):
        krav = entry.record
        yield from missing(entry, at("gjelder", krav.gjelder), *who)
        dersom = [(g.dersom, ("gjelder", a, "dersom")) for a, g in krav.gjelder.items() if g.dersom]
        yield from missing(entry, dersom, "Funksjonen", functions)
        yield from missing(entry, [(krav.tema, ("tema",))], "Temaet", reg.temaer, ("temaer/",))
        words = at("meldinger", krav.meldinger)
        yield from missing(entry, words, "Meldingen", reg.meldinger, ("meldinger/",))
        words = at("avhenger_av", krav.avhenger_av) + at("erstattet_av", krav.erstattet_av)
        yield from missing(entry, words, "Kravet", reg.krav, ("",))
    for entry in _of(reg, System):
        system = entry.record
        words = at("grupper", system.grupper)
        yield from missing(entry, words, "Gruppen", reg.grupper, ("grupper/",))
        words = at("realisering", system.realisering)
        yield from missing(entry, words, "Området", reg.omrader, ("omrader/",))
        words = [(word, ("realisering", area)) for area, word in system.realisering.items()]
        yield from missing(entry, words, "Systemet", ["egen", *reg.systemer], ("systemer/",))
        yield from missing(entry, at("antatt", system.antatt), "Feltet", order(System))
    for entry in _of(reg, Sak):
        judged = enumerate(entry.record.avklaringer)
        words = [(a.system, ("avklaringer", at, "system")) for at, a in judged if a.system]
        yield from missing(entry, words, "Systemet", reg.systemer, ("systemer/",))
        if godkjenner := entry.record.godkjenner:
            words = [(godkjenner.system, ("godkjenner", "system"))]
            yield from missing(entry, words, "Systemet", reg.systemer, ("systemer/",))
            words = [(word, ("godkjenner", "krav", word)) for word in godkjenner.krav]
            yield from missing(entry, words, "Kravet", reg.krav, ("",))
    for entry in _of(reg, Dispensasjon):
        exempt = entry.record
        words = [(exempt.system, ("system",))]
        yield from missing(entry, words, "Systemet", reg.systemer, ("systemer/",))
        yield from missing(entry, [(exempt.krav, ("krav",))], "Kravet", reg.krav, ("",))
        words = [(exempt.gitt_av, ("gitt_av",))]
        yield from missing(entry, words, "Organet", reg.organer, ("changes/organer/",))
    for entry in _of(reg, Innspill):
        words = [(PurePosixPath(entry.fil).stem, ())]
        yield from missing(entry, words, "Systemet", reg.systemer, ("systemer/",))
    for entry in _of(reg, Melding):
        melding = entry.record
        words = at("avsendere", melding.avsendere) + at("mottakere", melding.mottakere)
        yield from missing(entry, words, *who)


def utgatt_uten_grunn(reg: Register) -> Iterator[Placed]:
    """Kravet er utgått uten at det står hvorfor, eller erstattet uten å være utgått.

    Den som bygger på et krav, må kunne se hva som kom i stedet, eller hvorfor det falt bort. Det
    som kom i stedet, er et annet krav, og det er ikke selv utgått.

    Slik retter du: skriv `erstattet_av: [ID]` eller `utgatt_fordi:` under `status: utgått`.
    """
    for entry in _of(reg, Krav):
        krav = entry.record
        retired, explained = krav.status == "utgått", bool(krav.erstattet_av or krav.utgatt_fordi)
        if retired != explained:
            named = "erstattet_av" if krav.erstattet_av else "utgatt_fordi"
            sentence = "Kravet er erstattet, men ikke utgått."
            way_out = f"Skriv `status: utgått`, eller slett `{named}`."
            if retired:
                sentence = "Kravet er utgått, men det står ikke hvorfor."
                way_out = "Skriv `erstattet_av: [ID]` eller `utgatt_fordi:`."
            yield entry.at("status"), sentence, way_out
        for other in (*krav.erstattet_av,) if retired else ():
            if other == krav.id or (other in reg.krav and reg.krav[other].status == "utgått"):
                way_out = "Vis til kravet som gjelder i stedet, eller skriv `utgatt_fordi:`."
                place = entry.at("erstattet_av", other)
                yield place, f"Kravet er erstattet av {other}, som selv er utgått.", way_out


def frister_i_rekkefolge(reg: Register) -> Iterator[Placed]:
    """Datoene under `frister` eller `innspill` kommer ikke i riktig rekkefølge.

    Det nye kan brukes fra én dato, skal kunne mottas innen den neste, og oppfylles innen den
    tredje; først deretter fases det gamle ut. Slik kan alle motta før noen må sende. I en sak
    åpner innspillsrunden før den slutter.

    Slik retter du: bytt om datoene, eller rett skrivefeilen.
    """
    for kind, field in ((Krav, "frister"), (Sak, "innspill")):
        for entry in _of(reg, kind):
            dates = [(name, day) for name, day in getattr(entry.record, field) or () if day]
            for (first, early), (second, late) in pairwise(dates):
                if late < early:
                    sentence = f"`{second}` ({late}) kommer før `{first}` ({early})."
                    way_out = f"Sett `{second}` til {early} eller senere."
                    yield entry.at(field, second), sentence, way_out


def foreldet_engelsk(reg: Register) -> Iterator[Placed]:
    """Den engelske teksten er oversatt fra en eldre versjon enn den norske.

    Nettstedet viser den med et varsel. Den norske teksten gjelder.

    Slik retter du: oversett på nytt, og sett `engelsk.versjon` til kravets versjon.
    """
    for entry in _of(reg, Krav):
        engelsk, versjon = entry.record.engelsk, entry.record.versjon
        if engelsk and engelsk.versjon < versjon:
            was = engelsk.versjon
            sentence = f"Den engelske teksten er fra versjon {was}; kravet er i {versjon}."
            way_out = f"Oversett på nytt, og skriv `versjon: {versjon}` under `engelsk`."
            yield entry.at("engelsk", "versjon"), sentence, way_out


def engelsk_foran_norsk(reg: Register) -> Iterator[Placed]:
    """Den engelske teksten oppgir en nyere versjon enn kravet har.

    Endrer en sak både den norske og den engelske teksten, skriver `krav frys` begge numrene.

    Slik retter du: skriv versjonen kravet har nå.
    """
    for entry in _of(reg, Krav):
        engelsk, versjon = entry.record.engelsk, entry.record.versjon
        if engelsk and engelsk.versjon > versjon:
            was = engelsk.versjon
            sentence = f"Den engelske teksten oppgir versjon {was}; kravet er i {versjon}."
            way_out = f"Skriv `versjon: {versjon}` under `engelsk`; `krav frys` øker begge numrene."
            yield entry.at("engelsk", "versjon"), sentence, way_out


def mangler_kilde(reg: Register) -> Iterator[Placed]:
    """Posten sier ikke hvor den kommer fra.

    Den som leser et krav, må kunne se hva det bygger på. En illustrativ post sier at den er det.

    Slik retter du: legg til feltet `kilder` med minst én linje.
    """
    for entry in _records(reg):
        if isinstance(entry.record, Record) and not getattr(entry.record, "kilder", ()):
            yield entry.at(), "Posten har ingen kilder.", "Legg til `kilder:` med én linje."


def binder_ingen(reg: Register) -> Iterator[Placed]:
    """Kravet når ingen av systemene i registeret.

    Da er det ingen som får det på siden sin. Enten mangler et system, eller så er gruppen feil.

    Slik retter du: se over `gjelder`, eller legg gruppen til hos systemene det angår.
    """
    for entry in _of(reg, Krav):
        krav = entry.record
        known = krav.gjelder.keys() <= reg.grupper.keys() | reg.systemer.keys()
        if krav.status != "utgått" and known and not bindinger(krav, reg):
            way_out = "Se over `gjelder`, eller legg gruppen til hos systemene det angår."
            yield entry.at("gjelder"), "Kravet når ingen systemer.", way_out


def _records(reg: Register) -> Iterator[Entry]:
    return (e for e in reg.entries.values() if hasattr(e.record, "id"))


def _of(reg: Register, kind: type[Form]) -> Iterator[Any]:
    return (entry for entry in reg.entries.values() if isinstance(entry.record, kind))


def _id(entry: Entry) -> str:
    return str(entry.record.id)  # type: ignore[attr-defined]


def _name(entry: Entry) -> str:
    """What the file says that the record is called; a case is named by its folder."""
    path = PurePosixPath(entry.fil)
    return path.parent.name if isinstance(entry.record, Sak) else path.stem


def _well_named(entry: Entry) -> bool:
    return _name(entry) == _id(entry)


# In the order in which they run.
REGISTER = (
    ukjent_fil,
    dobbelt_id,
    feil_filnavn,
    feil_mappe,
    ukjent_referanse,
    utgatt_uten_grunn,
    frister_i_rekkefolge,
    foreldet_engelsk,
    engelsk_foran_norsk,
    mangler_kilde,
    binder_ingen,
)
# Said, but stops nobody.
ADVICE = (foreldet_engelsk, mangler_kilde, binder_ingen)
