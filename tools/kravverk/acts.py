"""The acts of a case as values: what each would write, or the findings that say why it may not.

Nothing is written here. A file that is only ever added to keeps the bytes it has; the new entry is
put after them, and the result is read again with all rules before anything reaches the disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import yaml

from kravverk.act_rules import (
    KLAR,
    UTGI,
    avsluttet_kan_ikke_fryses,
    ett_saerskilt_vedtak,
    ingenting_a_fryse,
    overlappende_frys,
)
from kravverk.case_models import Frys, Utgivelse
from kravverk.chain import (
    answer_digests,
    around,
    base_digests,
    ikke_utgitt,
    manifest,
    proposed,
    release_digest,
)
from kravverk.comparison import Case, Sammenligning, compare
from kravverk.diff import fingeravtrykk
from kravverk.edits import Known, no_word
from kravverk.findings import Finding, has_errors, rule_name
from kravverk.freeze_rules import frozen_fields, ufullstendig_frys
from kravverk.gate import state
from kravverk.models import Form, Json, fields, order
from kravverk.proposal_rules import uavklart, ubesvart_del
from kravverk.register import Files, Register, Saksmappe, fil_of, read
from kravverk.rules import check, check_step, run, together
from kravverk.step_rules import numbers

Written = tuple[dict[str, bytes], list[Finding]]  # path -> content; with errors there is nothing


# --- YAML -----------------------------------------------------------------------------------------


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, _data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)  # lists are indented, as people write them


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    for tag, pattern in (("timestamp", r"\d{4}-\d\d-\d\d"), ("int", r"0|[1-9]\d*")):
        if re.fullmatch(pattern, text):  # read as words, so written without quotation marks
            return dumper.represent_scalar(f"tag:yaml.org,2002:{tag}", text)
    block = "\n" in text or len(text) > 90
    plain = not text.startswith((" ", "\n")) and block
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if plain else None)


_Dumper.add_representer(str, _text)


def written(form: Form) -> str:
    """A form as the YAML that people would write: fields in order, long text as a block."""
    return dumped(plain_fields(form))


def plain_fields(form: Form) -> dict[str, Json]:
    """What a form says, by the names it has in a file."""
    return form.model_dump(mode="json", exclude_defaults=True, by_alias=True)


def dumped(data: Any) -> str:
    """Values as YAML."""
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)


def _added(now: bytes | None, key: str, item: Mapping[str, Json]) -> bytes:
    """A file with one more entry in its list; what stands there keeps its bytes."""
    entry = dumped([dict(item)])
    lines = "".join(f"  {line}" if line.strip() else line for line in entry.splitlines(True))
    return (now.rstrip() + b"\n" if now else f"{key}:\n".encode()) + lines.encode()


# --- Freezing -------------------------------------------------------------------------------------


def frys(
    found: Sammenligning,
    navn: str,
    dag: date,
    andre: Mapping[str, Iterable[str]],
    files: Files,
    tidlig: Literal["", "haste", "innspillsrunde"] = "",
    known: Known = no_word,
) -> Written:
    """Freeze a case: its next freeze, and new versions of the requirements it changes.

    Nothing is written where the newest freeze holds all of it: text, judgements, route, ground and
    answers.

    `andre` is other frozen case -> the records it changes; `files` the tree that is frozen. With
    `tidlig` the input round need not be over: an urgent decision needs a text to stand for, and
    so do the vendors' answers.
    """
    if numbered := versions(found):  # which version a translation is of, is frozen too
        after = found.after.with_entries(read(numbered)[0])
        found = compare(found.before, after, found.fra, found.til, known, navn)
    mappe = found.after.saker[navn]
    felter = frozen_fields(found, mappe.sak)
    if ended := run([avsluttet_kan_ikke_fryses], found, navn):
        return {}, ended
    refused = run([overlappende_frys], found, navn, andre) + run([ingenting_a_fryse], found, navn)
    if refused:
        return {}, refused
    one = Frys(
        nr=(mappe.frys.nr if mappe.frys else 0) + 1,
        dato=dag,
        fingeravtrykk=fingeravtrykk(felter, mappe.sak.avklaringer),
        haste="ja" if tidlig == "haste" else None,
        innspillsrunde="ja" if tidlig == "innspillsrunde" else None,
        rute=found.rute(navn, dag),
        grunnlag=base_digests(
            found.before, {f.post for f in felter} if not mappe.sak.godkjenner else ()
        ),
        innspill=answer_digests(mappe),
        avklaringer=mappe.sak.avklaringer,
        endringer=felter,
    )
    waits = state(mappe).steg in ("utsatt", "sendt_tilbake")  # taken up again by a freeze
    if mappe.frys and not numbered and not waits:
        again = one.model_copy(update={"nr": mappe.frys.nr, "dato": mappe.frys.dato})
        if again == mappe.frys and not has_errors(check_step(found)):
            return {}, []
    path = f"changes/{navn}/forslag.yaml"
    made = {path: _added(files.get(path), "frys", plain_fields(one)), **numbered}
    then = replace(found, after=found.after.with_entries(read(made)[0]))
    blocking = {rule_name(rule) for rule in (uavklart, ubesvart_del)}
    told = {rule_name(ufullstendig_frys)}  # told one by one by those two
    refused = [
        f
        for f in check_step(then)
        if f.regel in blocking or (f.alvor == "feil" and f.regel not in told)
    ]
    return ({}, refused) if refused else _unless_refused(files, made)


def versions(found: Sammenligning) -> dict[str, bytes]:
    """The requirements whose version must go up by one, with the new number in place.

    English that was changed wherever the Norwegian was, is translated from that version.
    """
    made = {}
    changed = {(e.post, e.felt) for e in found.endringer}
    for entry, was, may in numbers(found):
        number, krav, data = max(may), entry.record, entry.data
        new = {felt for felt in ("tittel", "tekst") if (krav.id, felt) in changed}
        translated = new and all((krav.id, f"engelsk.{felt}") in changed for felt in new)
        if not was < number:
            continue
        if krav.versjon == was:
            data = re.sub(rb"(?m)^versjon:.*$", f"versjon: {number}".encode(), data, count=1)
        if translated and krav.engelsk and krav.engelsk.versjon < number:
            lines = data.splitlines(keepends=True)
            at = entry.at("engelsk", "versjon")[1] - 1
            lines[at] = re.sub(rb"versjon: *[^,}\s]+", f"versjon: {number}".encode(), lines[at])
            data = b"".join(lines)
        if data != entry.data:
            made[entry.fil] = data
    return made


# --- Treating, releasing --------------------------------------------------------------------------


def behandle(navn: str, fil: str, ord: Mapping[str, Json], files: Files) -> Written:
    """Record what was done with a case; refused with what the rules then say.

    `fil` is a body's id, whose treatment is put after the earlier ones, or `kortvei` or
    `hastevedtak`. `ord` is what would be written, field by field; it is read like any other file.
    """
    path = f"changes/{navn}/{fil}.yaml"
    if fil not in ("kortvei", "hastevedtak"):
        return _unless_refused(files, {path: _added(files.get(path), "behandlinger", ord)})
    if path in files:
        return {}, run([ett_saerskilt_vedtak], path)
    return _unless_refused(files, {path: dumped(dict(ord)).encode()})


def _unless_refused(files: Files, made: dict[str, bytes]) -> Written:
    """What would be written, unless the rules find a fault in it."""
    before = set(check(files)[1])
    found = [f for f in check({**files, **made})[1] if f not in before and f.alvor == "feil"]
    return ({}, found) if has_errors(found) else (made, [])


def utgi(reg: Register, ident: str, dag: date, kan: date, ma: date) -> Written:
    """A release of the register as it is: refused while a condition is due."""
    earlier = list(reg.utgivelser.values())
    made = Utgivelse(
        id=ident,
        dato=dag,
        kan_folges_fra=kan,
        ma_folges_fra=ma,
        forrige=release_digest(earlier[-1]) if earlier else None,
        saker=tuple(sorted(case.navn for case in ikke_utgitt(reg))),
        poster=manifest(reg),
        kilder=("Laget av kravverk med `krav utgi`; illustrativ",),
    )
    if refused := run(UTGI, reg, made):
        return {}, refused
    return {fil_of(f"utgivelser/{ident}"): written(made).encode()}, []


def klar(cases: Iterable[Case], per: date, findings: Iterable[Finding]) -> list[Finding]:
    """Why a proposal may not be merged on a day; nothing when it may.

    `cases` are those it brings, `findings` what `krav sjekk --mot` says of it. Without a case the
    findings alone decide.
    """
    found = [finding for finding in findings if finding.alvor == "feil"]
    return together(found, *(run(KLAR, case, per) for case in cases))


def undone(reg: Register, navn: str) -> dict[str, bytes | None]:
    """The records of a decided case as they were before it."""
    return _as_in(around(reg, navn)[0], reg, reg.saker[navn])


def taken_up(reg: Register, mappe: Saksmappe) -> tuple[dict[str, bytes], list[str]]:
    """The records as a case last proposed them, and those that another case has changed since.

    An approval proposes no records.
    """
    if mappe.frys is None or mappe.sak.godkjenner:
        return {}, []
    now = {post: fields(record) for post, record in reg.poster.items() if post in mappe.fryste}
    moved = {
        f.post
        for f in mappe.frys.endringer
        if (now.get(f.post, {}).get(f.felt) if f.felt else now.get(f.post)) not in (f.gammel, f.ny)
    }
    made = _as_in(proposed(reg, mappe.frys)[1], reg, mappe)
    return {path: data for path, data in made.items() if data is not None}, sorted(moved)


def _as_in(then: Register, now: Register, mappe: Saksmappe) -> dict[str, bytes | None]:
    """The records of a case as they are in another register; other fields keep their bytes."""
    made: dict[str, bytes | None] = {}
    for post in sorted(mappe.fryste):
        path, record = fil_of(post), then.poster.get(post)
        entry, frozen = now.entries.get(path), mappe.frys.endringer if mappe.frys else ()
        changed = {(f.felt or "").split(".")[0] for f in frozen if f.post == post}
        if record is None or entry is None or "" in changed:
            made[path] = written(record).encode() if record else None
            continue
        blocks = re.split(r"(?m)^(?=[a-z_]+:)", entry.data.decode("utf-8-sig"))
        kept = [b for b in blocks if b.split(":")[0] not in {*changed, "versjon"}]
        said = {k: v for k, v in plain_fields(record).items() if k in {*changed, "versjon"}}
        made[path] = _tidy("".join(kept) + dumped(said), order(type(record))).encode()
    return made


# --- Tidying --------------------------------------------------------------------------------------


def rydd(reg: Register) -> dict[str, bytes]:
    """The files that a machine can put in better order, without touching what they say."""
    made = {}
    for entry in reg.entries.values():
        text = _tidy(entry.data.decode("utf-8-sig"), order(type(entry.record)))
        if text.encode() != entry.data:
            made[entry.fil] = text.encode()
    return made


def _tidy(text: str, fields_in_order: tuple[str, ...]) -> str:
    """Fields in their order, each with the comments above it; no blank ends, one newline last."""
    lines = [line.rstrip() for line in re.sub("\r\n?", "\n", text).split("\n")]
    blocks: list[tuple[int, list[str]]] = []
    above: list[str] = []
    for line in lines:
        field = re.match(r"([a-z_]+):(?: |$)", line)
        if field:
            at = fields_in_order.index(field[1]) if field[1] in fields_in_order else len(lines)
            blocks.append((at, [*above, line]))
            above = []
        elif not line or line.startswith("#"):
            above.append(line)
        elif blocks:
            blocks[-1][1].extend([*above, line])
            above = []
        else:
            above.append(line)
    ordered = [line for _, block in sorted(blocks, key=lambda b: b[0]) for line in block]
    return "\n".join([*ordered, *above]).strip("\n") + "\n"
