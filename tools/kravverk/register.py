"""All records and cases of one revision, and where each of them stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, TypeVar

from kravverk.bodies import Organ
from kravverk.case_models import (
    Behandlinger,
    Dispensasjon,
    Forslag,
    Frys,
    Hastevedtak,
    Innspill,
    Kortvei,
    Sak,
    Utgivelse,
)
from kravverk.findings import Finding
from kravverk.models import (
    KINDS,
    KRAV_ID,
    Begrep,
    Form,
    Gruppe,
    Krav,
    Melding,
    Omrade,
    Record,
    System,
    Tema,
)
from kravverk.reading import read_form
from kravverk.source import line_of
from kravverk.text import words

# Path in the repository -> content; the working tree and any revision are the same type.
Files = Mapping[str, bytes]

Place = tuple[str, int]  # a file and a line
Placed = tuple[Place, str, str]  # what a rule yields: where, the sentence, the way out

R = TypeVar("R", bound=Form)
_KRAV = re.compile(r"krav/([^/]+)/([^/]+)\.yaml")
_ORGAN = re.compile(r"changes/organer/([^/]+)\.yaml")
_SAK = re.compile(r"changes/([0-9]{4}-[0-9]{3})/([^/]+)\.yaml")
_INNSPILL = re.compile(r"changes/([0-9]{4}-[0-9]{3})/innspill/([^/]+)\.yaml")
_OF_CASE: Mapping[str, type[Form]] = {
    "endring": Sak,
    "forslag": Forslag,
    "kortvei": Kortvei,
    "hastevedtak": Hastevedtak,
}


@dataclass(frozen=True)
class Entry:
    """A record and the file it was read from."""

    fil: str
    record: Form
    data: bytes

    def at(self, *path: str | int) -> Place:
        """Where a field stands; the first line when it is absent or none is named."""
        return self.fil, line_of(self.data, path)


@dataclass(frozen=True)
class Saksmappe:
    """The files of one case."""

    navn: str  # of the folder
    sak: Sak
    forslag: Forslag | None = None
    kortvei: Kortvei | None = None
    hastevedtak: Hastevedtak | None = None
    behandlinger: Mapping[str, Behandlinger] = field(default_factory=dict)  # by body
    innspill: Mapping[str, Innspill] = field(default_factory=dict)  # by system

    @property
    def fryser(self) -> tuple[Frys, ...]:
        """Its freezes, newest last."""
        return self.forslag.frys if self.forslag else ()

    @property
    def frys(self) -> Frys | None:
        """The newest freeze."""
        return self.fryser[-1] if self.fryser else None

    @property
    def fryste(self) -> set[str]:
        """The records of the newest freeze."""
        return {f.post for f in self.frys.endringer} if self.frys else set()

    def per(self, dag: date) -> Saksmappe:
        """The case with what had happened to it by a day, that day included."""
        frozen = [f for f in self.fryser if f.dato <= dag]
        treated = {
            organ: [b for b in every.behandlinger if b.dato <= dag]
            for organ, every in self.behandlinger.items()
        }
        return replace(
            self,
            forslag=Forslag(frys=tuple(frozen)) if frozen else None,
            kortvei=self.kortvei if self.kortvei and self.kortvei.dato <= dag else None,
            hastevedtak=(
                self.hastevedtak if self.hastevedtak and self.hastevedtak.dato <= dag else None
            ),
            behandlinger={o: Behandlinger(behandlinger=tuple(b)) for o, b in treated.items() if b},
            innspill={s: i for s, i in self.innspill.items() if i.dato <= dag},
        )


@dataclass(frozen=True, eq=False)  # two are never compared; one is remembered by which it is
class Register:
    """Every record of one revision.

    `entries` is keyed by path; a record's `post` is its requirement id, or `grupper/rekvirent`
    and the like. `unread` holds the posts whose file could not be read, so that what is wrong
    with them is said once and not echoed as "unknown" or "deleted".
    """

    entries: Mapping[str, Entry]
    unread: frozenset[str] = frozenset()
    stray: tuple[str, ...] = ()  # files that are no record's

    @cached_property
    def poster(self) -> Mapping[str, Record]:
        """post -> record, for everything under `krav/`, in order of path."""
        return MappingProxyType(
            {
                post_of(path): entry.record
                for path, entry in self.entries.items()
                if isinstance(entry.record, Record)
            }
        )

    def entry(self, post: str) -> Entry:
        """The entry of a record; KeyError when there is none."""
        return self._by_post[post]

    def path(self, ident: str) -> str:
        """The file of a requirement or system, whatever its name; KeyError when there is none."""
        record = self.krav.get(ident) or self.systemer[ident]
        return next(entry.fil for entry in self.entries.values() if entry.record is record)

    @property
    def uleste_saker(self) -> tuple[str, ...]:
        """The folders of cases with a file that could not be read."""
        folders = {post.split("/")[1] for post in self.unread if post.startswith("changes/")}
        return tuple(sorted(folders - {"organer", "dispensasjoner"}))

    @cached_property
    def named(self) -> frozenset[str]:
        """Every post that a file is named after, readable or not, whatever its `id` says."""
        return frozenset(self._by_post) | self.unread

    @cached_property
    def _by_post(self) -> Mapping[str, Entry]:
        return {post_of(path): entry for path, entry in self.entries.items()}

    def _by_id(self, kind: type[R]) -> Mapping[str, R]:
        """id -> record; of two with the same id the one in the right file counts."""
        found: dict[str, R] = {}
        for path, entry in self.entries.items():
            if isinstance(entry.record, kind):
                ident: str = entry.record.id  # type: ignore[attr-defined]
                if ident not in found or path.endswith(f"/{ident}.yaml"):
                    found[ident] = entry.record
        return MappingProxyType(found)

    @cached_property
    def krav(self) -> Mapping[str, Krav]:
        return self._by_id(Krav)

    @cached_property
    def omrader(self) -> Mapping[str, Omrade]:
        return self._by_id(Omrade)

    @cached_property
    def grupper(self) -> Mapping[str, Gruppe]:
        return self._by_id(Gruppe)

    @cached_property
    def systemer(self) -> Mapping[str, System]:
        return self._by_id(System)

    @cached_property
    def meldinger(self) -> Mapping[str, Melding]:
        return self._by_id(Melding)

    @cached_property
    def temaer(self) -> Mapping[str, Tema]:
        return self._by_id(Tema)

    @cached_property
    def begreper(self) -> Mapping[str, Begrep]:
        return self._by_id(Begrep)

    def navn(self, ident: str) -> str:
        """What people call a group or a system; the id of one that has no record."""
        record = self.grupper.get(ident) or self.systemer.get(ident)
        return record.navn if record else ident

    def funksjon(self, ident: str) -> str:
        """What a function is called in a sentence: the glossary's term with its id; else the id."""
        name = self.begreper[ident].navn if ident in self.begreper else ident
        return name[:1].lower() + name[1:] if name[1:2].islower() else name

    def poster_med(self, word: str) -> int:
        """How many requirements and terms use a word, in small letters."""
        return self._used[word]

    @cached_property
    def _used(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for krav in self.krav.values():
            text = (
                f"{krav.tittel} {krav.tekst} {' '.join(krav.akseptanse)} {krav.begrunnelse or ''}"
            )
            found.update({word.lower() for word in words(text)})
        for begrep in self.begreper.values():
            found.update({word.lower() for word in words(f"{begrep.navn} {begrep.beskrivelse}")})
        return found

    @cached_property
    def organer(self) -> Mapping[str, Organ]:
        return self._by_id(Organ)

    def with_entries(self, new: Register) -> Register:
        """The same register with some records put in or replaced."""
        return Register({**self.entries, **new.entries}, self.unread, self.stray)

    def without_case(self, folder: str) -> Register:
        """The same register without the files of a case."""
        mine = f"changes/{folder}/"
        kept = {path: entry for path, entry in self.entries.items() if not path.startswith(mine)}
        return Register(kept, self.unread, self.stray)

    def with_bodies_of(self, base: Register) -> Register:
        """The same register with the bodies of another: who may is read from the base."""
        mine = {p: e for p, e in self.entries.items() if not isinstance(e.record, Organ)}
        theirs = {p: e for p, e in base.entries.items() if isinstance(e.record, Organ)}
        return Register(mine | theirs, self.unread, self.stray)

    @cached_property
    def saker(self) -> Mapping[str, Saksmappe]:
        """Folder -> its files, for every case whose `endring.yaml` could be read."""
        cases: dict[str, Saksmappe] = {}
        for entry in self.entries.values():
            if isinstance(entry.record, Sak):
                name = entry.fil.split("/")[1]
                cases[name] = self._folder(name, entry.record)
        return MappingProxyType(cases)

    def _folder(self, name: str, sak: Sak) -> Saksmappe:
        mine = self._case_files.get(name, {})
        named: dict[str, Any] = {
            key: mine[key] for key in ("forslag", "kortvei", "hastevedtak") if key in mine
        }
        treated = {key: record for key, record in mine.items() if isinstance(record, Behandlinger)}
        answers = {key: record for key, record in mine.items() if isinstance(record, Innspill)}
        return Saksmappe(
            name,
            sak,
            **named,
            behandlinger=treated,
            innspill={key.removeprefix("innspill/"): record for key, record in answers.items()},
        )

    @cached_property
    def _case_files(self) -> Mapping[str, dict[str, Form]]:
        """case folder -> name of the file in it -> what it holds."""
        found: dict[str, dict[str, Form]] = {}
        for path, entry in self.entries.items():
            parts = path.removesuffix(".yaml").split("/", 2)
            if parts[0] == "changes":
                found.setdefault(parts[1], {})[parts[2]] = entry.record
        return found

    def i_sak(self, folder: str, name: str, *path: str | int) -> Place:
        """Where something stands in a file of a case."""
        return self.entries[f"changes/{folder}/{name}.yaml"].at(*path)

    @cached_property
    def utgivelser(self) -> Mapping[str, Utgivelse]:
        """The releases, oldest first."""
        found = self._by_id(Utgivelse)
        key = lambda ident: (found[ident].dato, [int(part) for part in ident.split(".")])  # noqa: E731
        return MappingProxyType({ident: found[ident] for ident in sorted(found, key=key)})

    @cached_property
    def dispensasjoner(self) -> Mapping[str, Dispensasjon]:
        return self._by_id(Dispensasjon)


def kind_of(path: str, bodies: Container[str]) -> type[Form] | None:
    """The kind of record that belongs at a path, or None where none does.

    None also for a name with a control character, which would end up in sentences.
    """
    if not path.isprintable():
        return None
    if match := _KRAV.fullmatch(path):
        if match[1] == "utgivelser":
            return Utgivelse
        # A folder named like an area; anything else is a misspelt `systemer/` or the like.
        return KINDS.get(match[1]) or (Krav if re.fullmatch("[a-z]{2,5}", match[1]) else None)
    if _ORGAN.fullmatch(path):
        return Organ
    if match := _SAK.fullmatch(path):
        return _OF_CASE.get(match[2]) or (Behandlinger if match[2] in bodies else None)
    if re.fullmatch(r"changes/dispensasjoner/[^/]+\.yaml", path):
        return Dispensasjon
    return Innspill if _INNSPILL.fullmatch(path) else None


def post_of(path: str) -> str:
    """What a record is called in changes and references: its id, or `grupper/rekvirent`."""
    folder, _, name = path.removesuffix(".yaml").removeprefix("krav/").rpartition("/")
    kept = folder in (*KINDS, "utgivelser") or path.startswith("changes/")
    return f"{folder}/{name}" if kept else name


def fil_of(post: str) -> str:
    """The path of a record in `krav/`, the inverse of `post_of`."""
    folder = f"{post.split('-', maxsplit=1)[0].lower()}/" if KRAV_ID.fullmatch(post) else ""
    return f"krav/{folder}{post}.yaml"


# The same bytes are read on main, on disk and on every branch, and are the same record each time.
_read_once = lru_cache(maxsize=32_768)(read_form)


def read(files: Files) -> tuple[Register, list[Finding]]:
    """Every record that can be read, and a finding for each that cannot.

    Files that are no record's are named in `stray`, for the rule `ukjent-fil`.
    """
    entries: dict[str, Entry] = {}
    unread: set[str] = set()
    stray: list[str] = []
    findings: list[Finding] = []
    bodies = {match[1] for path in files if (match := _ORGAN.fullmatch(path))}
    for path in sorted(files):
        kind = kind_of(path, bodies)
        if kind is None:
            stray.append(path)
            continue
        record, said = _read_once(kind, path, files[path])
        findings += said
        if record is None:
            unread.add(post_of(path))
        else:
            entries[path] = Entry(path, record, files[path])
    return Register(entries, frozenset(unread), tuple(stray)), findings
