"""The catalogue of rules, stage by stage, and running them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any

from kravverk import (
    act_rules,
    body_rules,
    case_rules,
    dependency_rules,
    field_rules,
    file_rules,
    proposal_rules,
    register_rules,
    step_rules,
    writing_rules,
)
from kravverk.body_rules import Verified
from kravverk.chain import around, prove, vedtatte
from kravverk.comparison import Sammenligning, compare
from kravverk.edits import Known
from kravverk.findings import Finding, rule_name, shown
from kravverk.freeze_rules import ALLTID
from kravverk.gate import apen_sak
from kravverk.register import Files, Placed, Register, read
from kravverk.text_rules import TEXT_RULES

Rule = Callable[..., Any]

# stage -> its rules, in the order in which they run.
STAGES: dict[str, tuple[Rule, ...]] = {
    "lesing": (*file_rules.BYTES, *file_rules.TEXT, *file_rules.TREE, *field_rules.FIELDS),
    "register": (
        *register_rules.REGISTER,
        *dependency_rules.AVHENGIGHET,
        *writing_rules.ORDLYD,
    ),
    "steg": step_rules.STEG,
    "sak": (*proposal_rules.SAK, proposal_rules.KONTAKT),
    "vedtak": (*case_rules.VEDTAK, case_rules.KJEDE, body_rules.SIGNATUR, step_rules.KORT_VEI),
    "handling": act_rules.HANDLING,
    "betydning": TEXT_RULES,
}
ADVICE: tuple[Rule, ...] = (
    act_rules.utlopt,
    *register_rules.ADVICE,
    *dependency_rules.ADVICE,
    *writing_rules.ORDLYD,
    *step_rules.ADVICE,
    *proposal_rules.ADVICE,
)


def rule_kind(rule: Rule) -> str:
    """What a rule gives: `feil`, `råd`, or `klasse` where it says what a change means."""
    if rule in STAGES["betydning"]:
        return "klasse"
    return "råd" if rule in ADVICE else "feil"


def check(
    files: Files,
    vedtatt: bool = False,
    verified: Verified | None = None,
    known: Known | None = None,
) -> tuple[Register, list[Finding]]:
    """Read a revision and say everything that is wrong with it by itself.

    One open case may explain what differs from what was decided, unless `vedtatt` asks that
    nothing does. Signatures are checked where the caller brings what checks one, and the short way
    where the caller brings a dictionary.
    """
    register, findings = read(files)
    if verified:
        findings += run([_with(body_rules.SIGNATUR, verified)], register)
    if known and not register.unread:
        findings += run([_with(step_rules.KORT_VEI, known)], register)
        findings += _decided_again(register, known) if vedtatt else []
    rules: list[Rule] = [*STAGES["register"], *case_rules.VEDTAK]
    breaches = () if register.unread else prove(register).brudd
    if vedtatt or not apen_sak(register, {breach.post for breach in breaches}):
        rules.append(_with(case_rules.KJEDE, breaches))
    return register, sorted(findings + run(rules, register))


def _with(rule: Rule, brought: Any) -> Rule:
    """A rule with what it asks of the caller put in."""
    return wraps(rule)(lambda reg: rule(reg, brought))


def _decided_again(register: Register, known: Known) -> list[Finding]:
    """What the rules on freezes say of every decided case, beside the register as it was then."""
    said: list[Finding] = []
    for case in vedtatte(register):
        before, after = around(register, case.navn)
        found = compare(before, after, "før", "etter", known, sak=case.navn)
        said += run(ALLTID, replace(found, before=before.without_case(case.navn)))
    return said


def check_step(
    found: Sammenligning, verified: Verified | None = None, bodies: Register | None = None
) -> list[Finding]:
    """Say everything that is wrong with what changed since the base, by the base's own bodies.

    `bodies` holds those of main as it is now, where that is known.
    """
    base = bodies or found.before
    steps = run((*step_rules.STEG, *proposal_rules.SAK), found)
    steps += run([proposal_rules.KONTAKT], found, base)
    signed = [_with(body_rules.SIGNATUR, verified)] if verified else []
    judged = run([*case_rules.VEDTAK, *signed], found.after.with_bodies_of(base))
    mine = tuple(f"changes/{folder}/" for folder in (*found.saker, "dispensasjoner"))
    return together(steps, (finding for finding in judged if finding.fil.startswith(mine)))


# rule -> the rules that are silent beside it, since what they would say only follows from it.
# Where a proposal holds several cases, no change can be told to be of the one or the other.
_ECHOES: Mapping[str, frozenset[str]] = {
    rule_name(rule): frozenset(rule_name(other) for other in others if other is not rule)
    for rule, others in (
        (proposal_rules.flere_saker, (*proposal_rules.SAK, case_rules.KJEDE)),
        (proposal_rules.endring_uten_sak, (case_rules.KJEDE,)),
        (act_rules.ikke_vedtatt, (case_rules.KJEDE,)),
    )
}


# The same, but only in the file in question.
_ECHOES_THERE = {
    rule_name(step_rules.feil_versjon): {
        rule_name(rule)
        for rule in (register_rules.foreldet_engelsk, register_rules.engelsk_foran_norsk)
    }
}


def together(*said: Iterable[Finding]) -> list[Finding]:
    """What several runs said, in order, without what only follows from something else said."""
    found = {finding for one in said for finding in one}
    silent = {echo for finding in found for echo in _ECHOES.get(finding.regel, ())}
    there = {(f.fil, echo) for f in found for echo in _ECHOES_THERE.get(f.regel, ())}
    return sorted(f for f in found if f.regel not in silent and (f.fil, f.regel) not in there)


def run(rules: Iterable[Rule], *subject: Any) -> list[Finding]:
    """What some rules of one stage say of their subject, signed with each rule's name."""
    placed: Iterator[tuple[Rule, Placed]] = ((rule, at) for rule in rules for at in rule(*subject))
    return [
        Finding(*place, rule_name(rule), "råd" if rule in ADVICE else "feil", shown(melding), utvei)
        for rule, (place, melding, utvei) in placed
    ]
