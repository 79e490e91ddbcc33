"""The English edition: every word of the interface is English, and what is not is marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from conftest import ROOT
from kravverk import case_models, gate
from kravverk.diff import Slag
from kravverk.impact import Hvordan
from kravverk.models import (
    KINDS,
    KLASSER,
    PLIKTER,
    Frister,
    Godkjenning,
    Gruppe,
    Krav,
    Status,
    order,
)
from kravverk.render import LEVELS
from kravverk.text import word

PACKAGE = ROOT / "tools/kravverk"
KEYWORDS: dict[str, Any] = dict.fromkeys(("_", "say", "gettext", "ngettext"))
# What the filters `ord`, `plikt` and `feltnavn` are given: the closed lists of the code.
SECTIONS = (
    *("bakgrunn", "hjemmel", "erfaringsgrunnlag", "pasientsikkerhet"),
    *("personvern_og_sikkerhet", "kostnad_og_finansiering", "alternativer"),
)
CLOSED = (
    *PLIKTER,
    *LEVELS.values(),
    *get_args(Status),
    *get_args(Godkjenning),
    *KLASSER,
    *get_args(Hvordan),
    *get_args(Slag),
    *gate.STEG,
    *gate.HANDLINGER,
    *case_models.Rute.model_fields,
    *order(Frister),
    *("kan_følges_fra", "må_følges_fra", "innspill_til", "dispensasjon_til"),  # `view.Frist`
    *get_args(Gruppe.model_fields["slag"].annotation),
    *("avsender", "mottaker", "ja", "nei"),
    *get_args(case_models.Innspill.model_fields["berort"].annotation),
    *(field for kind in (Krav, *KINDS.values()) for field in order(kind) if field != "id"),
    *SECTIONS,
)


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (PACKAGE / "sprak/en.po").open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def said() -> Iterator[tuple[str, ...]]:
    """What is asked of the catalogue: (words,) or (words, their plural)."""
    for path in sorted(PACKAGE.glob("templates/*.html.j2")):
        options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
        with path.open("rb") as file:
            yield from _messages(babel_extract(file, list(KEYWORDS), [], options))
    for path in sorted(PACKAGE.glob("*.py")):
        if re.search(r"\btale\b", path.read_text(encoding="utf-8")):  # it can speak English
            with path.open("rb") as file:
                yield from _messages(extract_python(file, KEYWORDS, [], {}))
    yield from ((word(name),) for name in CLOSED)


def _messages(found: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, ...]]:
    for _line, function, message, _comments in found:
        words = message if isinstance(message, tuple) else (message,)
        plural = function == "ngettext"
        if words[0]:  # else it is not a text that stands there
            yield words[: 2 if plural else 1]


def test_every_word_of_the_interface_is_translated(english: Catalog) -> None:
    missing = []
    for words in said():
        message = english.get(words[0])
        if not (message and message.string and all(message.string)):
            missing.append(words[0])
        elif len(words) == 2 and message.id != words:
            missing.append(" | ".join(words))
    assert missing == []


def test_no_translation_is_left_over(english: Catalog) -> None:
    used = {words[0] for words in said()}
    assert [key for message in english if (key := _key(message)) and key not in used] == []


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def test_a_translation_fills_in_what_the_norwegian_does(english: Catalog) -> None:
    assert [(message.id, errors) for message, errors in english.check()] == []
    for message in english:
        forms: Any = message.string if message.pluralizable else (message.string,)
        assert len(forms) == (english.num_plurals if message.pluralizable else 1), message.id
        for form in forms:
            for mark in (r"%\(\w+\)s", r"\{\w+\}"):
                asked = re.findall(mark, _key(message))
                assert sorted(re.findall(mark, form)) == sorted(asked), message.id
            assert form != _key(message) or form in ALIKE, form


# Words that are the same in both languages.
ALIKE = {"System", "Status", "status", "system", "%(count)s system", "%(count)s system."}
