"""All records and cases of one revision, and where each of them stands."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

from kravverk.findings import Finding
from kravverk.models import (
    KINDS,
    KRAV_ID,
    Behandlinger,
    Form,
    Forslag,
    Gruppe,
    Krav,
    Melding,
    Omrade,
    Organ,
    Record,
    Sak,
    System,
    Tema,
)
from kravverk.reading import read_form
from kravverk.source import line_of

# Path in the repository -> content; the working tree and any revision are the same type.
Files = Mapping[str, bytes]

Place = tuple[str, int]  # a file and a line
Placed = tuple[Place, str, str]  # what a rule yields: where, the sentence, the way out

R = TypeVar("R", bound=Form)
_KRAV = re.compile(r"krav/([^/]+)/([^/]+)\.yaml")
_ORGAN = re.compile(r"changes/organer/([^/]+)\.yaml")
_SAK = re.compile(r"changes/([0-9]{4}-[0-9]{3})/([^/]+)\.yaml")


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
    behandlinger: Mapping[str, Behandlinger] = field(default_factory=dict)  # by body


@dataclass(frozen=True)
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
        return tuple(sorted(folders - {"organer"}))

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
    def organer(self) -> Mapping[str, Organ]:
        return self._by_id(Organ)

    @cached_property
    def saker(self) -> Mapping[str, Saksmappe]:
        """Folder -> its files, for every case whose `endring.yaml` could be read."""
        cases: dict[str, Saksmappe] = {}
        for entry in self.entries.values():
            if isinstance(entry.record, Sak):
                folder = entry.fil.rsplit("/", 1)[0]
                name = folder.removeprefix("changes/")
                frozen = self.entries.get(f"{folder}/forslag.yaml")
                cases[name] = Saksmappe(
                    name,
                    entry.record,
                    frozen.record if frozen and isinstance(frozen.record, Forslag) else None,
                    {
                        path.rsplit("/", 1)[1].removesuffix(".yaml"): other.record
                        for path, other in self.entries.items()
                        if path.startswith(f"{folder}/") and isinstance(other.record, Behandlinger)
                    },
                )
        return MappingProxyType(cases)


def kind_of(path: str, bodies: Container[str]) -> type[Form] | None:
    """The kind of record that belongs at a path, or None where none does."""
    if match := _KRAV.fullmatch(path):
        # A folder named like an area; anything else is a misspelt `systemer/` or the like.
        return KINDS.get(match[1]) or (Krav if re.fullmatch("[a-z]{2,5}", match[1]) else None)
    if _ORGAN.fullmatch(path):
        return Organ
    if match := _SAK.fullmatch(path):
        files: dict[str, type[Form]] = {"endring": Sak, "forslag": Forslag}
        return files.get(match[2]) or (Behandlinger if match[2] in bodies else None)
    return None


def post_of(path: str) -> str:
    """What a record is called in changes and references: its id, or `grupper/rekvirent`."""
    folder, _, name = path.removesuffix(".yaml").removeprefix("krav/").rpartition("/")
    return f"{folder}/{name}" if folder in KINDS or path.startswith("changes/") else name


def fil_of(post: str) -> str:
    """The path of a record in `krav/`, the inverse of `post_of`."""
    folder = f"{post.split('-', maxsplit=1)[0].lower()}/" if KRAV_ID.fullmatch(post) else ""
    return f"krav/{folder}{post}.yaml"


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
        record, said = read_form(kind, path, files[path])
        findings += said
        if record is None:
            unread.add(post_of(path))
        else:
            entries[path] = Entry(path, record, files[path])
    return Register(entries, frozenset(unread), tuple(stray)), findings
