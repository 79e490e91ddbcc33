"""Findings: what is wrong, where, which rule says so, and the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from textwrap import indent
from typing import Any, Literal

Alvor = Literal["feil", "råd"]

# What a rule yields: line (1 is the first), the sentence, the way out.
Said = tuple[int, str, str]


@dataclass(frozen=True, order=True)
class Finding:
    """One fault or piece of advice, at a place, in the reader's language."""

    fil: str
    linje: int
    regel: str
    alvor: Alvor
    melding: str
    utvei: str


def rule_name(rule: Callable[..., Any]) -> str:
    """The name a rule is known by everywhere: its function's name with hyphens."""
    return rule.__name__.replace("_", "-")


def shown(text: str, limit: int = 500) -> str:
    """A sentence with foreign words in it: one line, no control characters, not too long.

    A line of its own could be taken for a command by the program that runs the check.
    """
    plain = "".join(c if c.isprintable() else " " for c in text)
    return plain if len(plain) <= limit else f"{plain[: limit - 1]}…"


def found(
    rule: Callable[..., Any], fil: str, said: Iterable[Said], alvor: Alvor = "feil"
) -> Iterator[Finding]:
    """Sign what `rule` said about `fil` with the rule's name."""
    for linje, melding, utvei in said:
        yield Finding(fil, linje, rule_name(rule), alvor, shown(melding), shown(utvei))


def has_errors(findings: Iterable[Finding]) -> bool:
    """True when at least one finding is `feil`; advice alone stops nobody."""
    return any(finding.alvor == "feil" for finding in findings)


def as_text(findings: Iterable[Finding]) -> str:
    """For a terminal: place, sentence and rule on one line, the way out on the next."""
    return "".join(
        f"{shown(f.fil)}:{f.linje}: {f.alvor}: {f.melding} [{f.regel}]\n"
        f"{indent('→ ' + f.utvei, '    ')}\n"
        for f in findings
    )


def as_github(findings: Iterable[Finding]) -> str:
    """GitHub workflow commands, which show each finding on its line in a pull request."""
    return "".join(
        f"::{'error' if f.alvor == 'feil' else 'notice'} file={_property(f.fil)},line={f.linje},"
        f"title={_property(f.regel)}::"
        f"{_data(f'{f.fil}:{f.linje}: {f.melding} → {f.utvei}')}\n"
        for f in findings
    )


def as_json(findings: Iterable[Finding]) -> dict[str, Any]:
    """The published shape `funn/1`: a list of findings with the attributes above."""
    return {"skjema": "funn/1", "funn": [asdict(finding) for finding in findings]}


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
