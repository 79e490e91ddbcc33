"""The acts of a case as values: what each would write, or the findings that say why it may not.

Nothing is written here. A file that is only ever added to keeps the bytes it has; the new entry is
put after them, and the result is read again with all rules before anything reaches the disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import yaml

from kravverk.case_models import Avklaring, FrossetFelt, Frys, Sak, Utgivelse
from kravverk.chain import around, digest, manifest, prove, release_digest, route_of, vedtatte
from kravverk.comparison import Sammenligning
from kravverk.diff import fingeravtrykk
from kravverk.findings import Finding, has_errors, rule_name
from kravverk.gate import state, steg
from kravverk.models import Form, Json, fields, order
from kravverk.register import Files, Register, Saksmappe, fil_of, post_of
from kravverk.rules import check, check_step
from kravverk.step_rules import uavklart, ubesvart_del, versjon_ikke_okt
from kravverk.text import dato

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
    haste: bool = False,
) -> Written:
    """Freeze a case: its next freeze, and new versions of the requirements it changes.

    `andre` is other frozen case -> the records it changes; `files` the tree that is frozen. With
    `haste` the input round need not be over: an urgent decision needs a text to stand for.
    """
    mappe = found.after.saker[navn]
    refused = [*_open_findings(found), *_not_yet(found, mappe, dag, andre, haste)]
    if refused:
        return {}, sorted(refused)
    felter = frozen_fields(found, mappe.sak)
    avklaringer = mappe.sak.avklaringer
    nr = (mappe.frys.nr if mappe.frys else 0) + 1
    one = Frys(
        nr=nr,
        dato=dag,
        fingeravtrykk=fingeravtrykk(felter, avklaringer),
        avklaringer=avklaringer,
        endringer=felter,
    )
    path = f"changes/{navn}/forslag.yaml"
    made = {path: _added(files.get(path), "frys", plain_fields(one)), **versions(found)}
    return _unless_refused(files, made)


def frozen_fields(found: Sammenligning, sak: Sak) -> tuple[FrossetFelt, ...]:
    """The facts of a freeze: every changed field, or for a `godkjenning` the versions approved."""
    if sak.godkjenner:
        return tuple(
            FrossetFelt(
                post=ident,
                felt="godkjent_versjon",
                ny=f"{found.after.krav[ident].versjon} {digest(fields(found.after.krav[ident]))}",
            )
            for ident in sak.godkjenner.krav
        )
    return tuple(
        FrossetFelt(post=e.post, felt=e.felt, gammel=e.gammel, ny=e.ny) for e in found.endringer
    )


def versions(found: Sammenligning) -> dict[str, bytes]:
    """The requirements whose version must go up by one, with the new number in place."""
    made = {}
    for (path, _line), _sentence, _way_out in versjon_ikke_okt(found):
        entry = found.after.entries[path]
        number = found.before.krav[post_of(path)].versjon + 1
        text = re.sub(rb"(?m)^versjon:.*$", f"versjon: {number}".encode(), entry.data, count=1)
        made[entry.fil] = text
    return made


def _open_findings(found: Sammenligning) -> list[Finding]:
    """What must be mended before a freeze; a missing version is mended by the freeze itself."""
    blocking = {rule_name(rule) for rule in (uavklart, ubesvart_del)}
    return [f for f in check_step(found) if f.alvor == "feil" or f.regel in blocking]


def _not_yet(
    found: Sammenligning,
    mappe: Saksmappe,
    dag: date,
    andre: Mapping[str, Iterable[str]],
    haste: bool,
) -> list[Finding]:
    """Why a case may not be frozen on a day, other than what its files say."""
    fil = f"changes/{mappe.navn}/endring.yaml"
    said = []
    editorial = all(r.klasse in ("redaksjonell", "informativ") for r in found.virkninger)
    needs_hearing = mappe.sak.type == "endring" and not editorial and not haste
    now = steg(mappe, route_of(mappe, found.after), dag)
    if needs_hearing and not mappe.frys and now.navn in ("utkast", "innspill"):
        way_out = "Sett `innspill: {til: ÅÅÅÅ-MM-DD}`, og frys når fristen er ute."
        said.append(("for-tidlig-frys", f"Saken er i steget {now.navn}. {now.fordi}", way_out))
    if now.navn in ("avslått", "trukket", "vedtatt", "innarbeidet"):
        way_out = "Åpne en ny sak; den kan vise til denne med `gjenopptar`."
        said.append(("for-sen-frys", f"Saken er {now.navn}. {now.fordi}", way_out))
    if not found.endringer and not mappe.sak.godkjenner:
        way_out = "Gjør endringen i kravet på samme gren."
        said.append(("ingenting-a-fryse", "Saken endrer ingenting i registeret.", way_out))
    for avklaring in _stale(found, mappe):
        sentence = f"Avklaringen av `{avklaring.felt}` i {avklaring.post} gjaldt en annen tekst."
        way_out = "Se over klassen, og skriv `begrunnelse` på nytt for teksten slik den er nå."
        said.append(("avklaring-for-annen-tekst", sentence, way_out))
    posts = {e.post for e in found.endringer}
    for other, others in sorted(andre.items()):
        if shared := sorted(posts & set(others)):
            sentence = f"Sak {other} er frosset og endrer også {', '.join(shared)}."
            said.append(("overlappende-frys", sentence, f"Vent til sak {other} er avgjort."))
    for ident, name, day, first in short_notice(found, mappe, dag):
        if not mappe.sak.kort_varsel:
            sentence = f"{ident} setter {name.replace('_', ' ')} til {dato(day)}; "
            sentence += f"varslingstiden gir {dato(first)}."
            way_out = "Flytt datoen, eller skriv `kort_varsel:` i saken og si hvorfor."
            said.append(("kort-varsel", sentence, way_out))
    return [Finding(fil, 1, regel, "feil", melding, utvei) for regel, melding, utvei in said]


def _stale(found: Sammenligning, mappe: Saksmappe) -> list[Avklaring]:
    """The judgements that stand as they did in the last freeze, over a text that does not."""
    if mappe.frys is None:
        return []
    was = {(f.post, f.felt): f.ny for f in mappe.frys.endringer}
    moved = {(e.post, e.felt) for e in found.endringer if was.get((e.post, e.felt)) != e.ny}
    same = [a for a in mappe.sak.avklaringer if a in mappe.frys.avklaringer]
    return [a for a in same if (a.post, a.felt) in moved]


def short_notice(
    found: Sammenligning, mappe: Saksmappe, dag: date
) -> list[tuple[str, str, date, date]]:
    """(requirement, which date, the date, the first allowed) for dates under minimum notice."""
    bodies = (organ for rolle, organ in route_of(mappe, found.after) if rolle == "beslutter")
    days = max((organ.varslingsdager for organ in bodies), default=0)
    first = dag + timedelta(days=days)
    short = []
    for e in found.endringer:
        dates = {e.felt: e.ny} if (e.felt or "").startswith("frister.") else {}
        if e.felt is None and isinstance(e.ny, dict):
            dates = {f"frister.{key}": day for key, day in (e.ny.get("frister") or {}).items()}
        for felt, day in dates.items():
            if day and date.fromisoformat(day) < first:
                short.append((e.post, str(felt).split(".")[1], date.fromisoformat(day), first))
    return short


# --- Treating, releasing --------------------------------------------------------------------------


def behandle(navn: str, organ: str, ord: Mapping[str, Json], files: Files) -> Written:
    """Put a body's treatment after the earlier ones; refused with what the rules then say.

    `ord` is the treatment as it would be written, field by field; it is read like any other file.
    """
    path = f"changes/{navn}/{organ}.yaml"
    made = {path: _added(files.get(path), "behandlinger", ord)}
    return _unless_refused(files, made)


def _unless_refused(files: Files, made: dict[str, bytes]) -> Written:
    """What would be written, unless the rules find a fault in it."""
    before = set(check(files)[1])
    found = [f for f in check({**files, **made})[1] if f not in before and f.alvor == "feil"]
    return ({}, found) if has_errors(found) else (made, [])


def utgi(reg: Register, ident: str, dag: date, kan: date, ma: date) -> Written:
    """A release of the register as it is: refused while a condition is due or something differs
    from what was decided."""
    path = f"krav/utgivelser/{ident}.yaml"
    said = []
    if ident in reg.utgivelser:
        said.append(("utgivelse-finnes", f"Utgivelsen {ident} finnes.", "Velg en ny id."))
    if ma < kan:
        sentence = f"Den må følges fra {dato(ma)}, før den kan følges fra {dato(kan)}."
        said.append(("feil-utgivelsesdato", sentence, "Bytt om datoene."))
    for breach in prove(reg).brudd:
        sentence = f"{breach.post} er noe annet enn det som er vedtatt."
        said.append(
            ("brudd-i-kjeden", sentence, "Kjør `krav sjekk --vedtatt`, og rett det som er nevnt.")
        )
    decided = [case.navn for case in vedtatte(reg)]
    for case in decided:
        mappe = reg.saker[case]
        now = state(mappe, route_of(mappe, reg))
        if (late := steg(mappe, route_of(mappe, reg), dag)).navn == "utløpt":
            said.append(
                ("utlopt-sak", f"Sak {case} er utløpt. {late.fordi}", "Avgjør saken først.")
            )
        left = [v for v in _conditions(mappe) if v not in now.oppfylt]
        if left:
            sentence = f"Sak {case} har vilkår som ikke er oppfylt: {', '.join(left)}."
            said.append(("apne-vilkar", sentence, "Før opp at vilkåret er oppfylt, eller vent."))
    if said:
        return {}, [Finding(path, 1, regel, "feil", m, u) for regel, m, u in said]
    released = {sak for u in reg.utgivelser.values() for sak in u.saker}
    earlier = list(reg.utgivelser.values())
    made = Utgivelse(
        id=ident,
        dato=dag,
        kan_folges_fra=kan,
        ma_folges_fra=ma,
        forrige=release_digest(earlier[-1]) if earlier else None,
        saker=tuple(sorted(set(decided) - released)),
        poster=manifest(reg),
        kilder=("Laget av kravverk med `krav utgi`; illustrativ",),
    )
    return {path: written(made).encode()}, []


def undone(reg: Register, navn: str) -> dict[str, bytes | None]:
    """The records of a decided case as they were before it, written anew."""
    before, _ = around(reg, navn)
    frozen = reg.saker[navn].frys
    posts = {f.post for f in frozen.endringer} if frozen else set()
    return {
        fil_of(post): written(before.poster[post]).encode() if post in before.poster else None
        for post in sorted(posts)
    }


def _conditions(mappe: Saksmappe) -> list[str]:
    return [
        v.id
        for treated in mappe.behandlinger.values()
        for b in treated.behandlinger
        for v in b.vilkar
    ]


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
