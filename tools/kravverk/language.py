"""The two languages of the site: the Norwegian of the templates, and a catalogue of English."""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from kravverk import text


@dataclass(frozen=True)
class Language:
    """A language of the site: `mappe` is its folder there, empty for the first."""

    kode: str  # as HTML writes it
    mappe: str
    tale: gettext.NullTranslations

    @property
    def engelsk(self) -> bool:
        """Whether what the register says in Norwegian is foreign words here."""
        return self.kode != "nb"

    @property
    def oppsett(self) -> str:
        """The file that mkdocs builds its pages by."""
        return "mkdocs.en.yml" if self.engelsk else "mkdocs.yml"

    def dato(self, dag: date) -> str:
        """A date as people write it."""
        return _english(dag) if self.engelsk else text.dato(dag)

    def oversatt(self, record: Any) -> Any:
        """A requirement's or a case's words: its translation where there is one, else itself."""
        return record.engelsk if self.engelsk and record.engelsk else record


@lru_cache(maxsize=4096)
def _english(dag: date) -> str:
    return format_date(dag, "d MMMM y", locale="en_GB")


@cache
def languages() -> tuple[Language, ...]:
    """Norwegian, which needs no catalogue, and English by `sprak/en.po`."""
    with files("kravverk").joinpath("sprak/en.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return (
        Language("nb", "", gettext.NullTranslations()),
        Language("en", "en/", gettext.GNUTranslations(compiled)),
    )
