"""Council papers as documents: a case or a whole meeting, as HTML, Markdown or JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kravverk.across import quarters, rows, sequence, told, undated, usable
from kravverk.comparison import as_json, overlaps
from kravverk.meeting import GRUPPER, Mote, Siden
from kravverk.minutes import Blokk
from kravverk.models import Json
from kravverk.register import Register
from kravverk.render import environment
from kravverk.report import antall, paper
from kravverk.terms import glossary

MOST = 60_000  # characters in a comment on a pull request
# What is to be written down with an outcome; `krav behandle` asks for the same.
NEEDS = {
    "anbefalt_med_endringer": "skriv hvilke endringer",
    "frarådet": "skriv hvorfor",
    "vedtatt": "følges ikke anbefalingen, skriv hvorfor",
    "vedtatt_med_vilkår": "skriv hvorfor, og fyll ut minst én rad under Vilkår",
    "avslått": "skriv hvorfor",
    "utsatt": "skriv hva saken venter på, og til hvilken dag",
    "sendt_tilbake": "skriv hva som må endres",
}
# What a paper in Markdown sheds to stay under that, the least important first.
SHEDS = (
    "ordlisten",
    "engelsk og kilder",
    "begrunnelsen",
    "saksgangen",
    "hvem hver endring treffer",
    "uendrede krav som viser til det saken endrer",
    "svarene fra leverandørene",
    "virkningsmatrisen",
    "resten av nye krav",
    "akseptansen i nye krav",
    "ordlyden",
)


def report(said: Mapping[str, Any], reg: Register, form: str, nettsted: str = "") -> str:
    """The paper for one case: the same case and day, the same bytes.

    `nettsted` is the address of the site, where there is one to print.
    """
    if form == "json":
        return _dumped({"skjema": "saksframlegg/1", **_facts(said)})
    return _drawn("rapport", {"p": said, "nettsted": nettsted}, reg, form, SHEDS)


def agenda(mote: Mote, form: str, nettsted: str = "") -> str:
    """The papers for a whole meeting, cover to decision forms."""
    framlegg = [
        paper(
            punkt.case,
            mote.register,
            overlaps(punkt.case, list(mote.apne)),
            mote.dato,
            mote.organ,
            punkt.nr,
        )
        for punkt in mote.punkter
    ]
    if form == "json":
        return _dumped(_agenda_facts(mote, framlegg))
    given = {
        "mote": mote,
        "nettsted": nettsted,
        "rader_": rows(mote),
        "status": told,
        "rekkefolge": sequence(mote),
        "uten_dato": undated(mote),
        "framlegg": framlegg,
        "grupper_": GRUPPER,
        "kvartaler": quarters(mote),
        "kan_fra": usable(mote),
        "numre": {punkt.case.mappe.navn: punkt.nr for punkt in mote.punkter},
        "antall": antall,
    }
    sheds = (*SHEDS, *(f"saksframlegg {p.case.mappe.navn}" for p in reversed(mote.punkter)))
    return _drawn("saksliste", given, mote.register, form, sheds)


def _drawn(
    name: str, given: Mapping[str, Any], reg: Register, form: str, sheds: Sequence[str]
) -> str:
    """A paper by its template; in Markdown without what there is no room for."""
    template = environment().get_template(f"{name}.{form}.j2")
    given = {**given, "krever": NEEDS, "ordene": lambda kropp: glossary(kropp, reg)}
    if form == "html":
        return whole(template.render(given))
    return fitted(lambda utelatt: template.render({**given, "utelatt": utelatt}), sheds)


_IDS = re.compile(r"<svg.*?</svg>|<[^>]*>|\b(?:[A-Z]{2,5}-\d{4}|20\d\d-\d{3})\b", re.DOTALL)


def whole(html: str) -> str:
    """A paper in which no id of a requirement or a case is broken over two lines."""
    head, main, body = html.partition("<main>")
    kept = _IDS.sub(lambda m: m[0] if m[0][0] == "<" else f'<span class="hel">{m[0]}</span>', body)
    return head + main + kept


def document(blocks: Sequence[Blokk], form: str) -> str:
    """A document of blocks, such as the minutes, as HTML or Markdown."""
    return environment().get_template(f"protokoll.{form}.j2").render(blokker=blocks)


def fitted(render: Callable[[Sequence[str]], str], sheds: Sequence[str], most: int = MOST) -> str:
    """A text under `most` characters: parts are left out one by one, and it says which."""
    text = ""
    for count in range(len(sheds) + 1):
        text = render(sheds[:count])
        if len(text) < most:
            return text
    cut = "\n\n**Teksten er kuttet her for å få plass.**\n"
    at = text.rfind("\n", 0, most - len(cut))
    return text[: at if at > 0 else most - len(cut) - 1] + cut


def _facts(said: Mapping[str, Any]) -> dict[str, Json]:
    """What a paper says, for programs; `diff` is the published contract of `krav diff`."""
    sak, found = said["sak"], said["found"]
    return {
        "sak": {name: getattr(sak, name) for name in ("id", "type", "tittel", "forslagsstiller")},
        "nr": said["nr"] or None,
        "per": str(said["per"]),
        "organ": said["organ"].id if said["organ"] else None,
        "steg": {"navn": said["steg"].navn, "venter_pa": said["steg"].venter_pa},
        "fordi": said["steg"].fordi,
        "bes_om": said["bes_om"],
        "hindring": said["hindring"] or None,
        "forslag": said["forslag"],
        "oppsummert": said["oppsummert"],
        "frister": [
            {"post": v.post, "navn": v.navn, "dag": str(v.dag), "dager": v.dager, "minst": v.minst}
            for v in said["frister"]
        ],
        "plikter": {
            system: {"før": dict(before), "etter": dict(after)}
            for system, (before, after) in said["plikter"].items()
        },
        "leses_annerledes": [krav.id for krav, _ in said["leses_annerledes"]],
        "endret_siden": [f"{who} {what}" for who, what in said["endret_siden"]],
        "historie": [{"dato": str(day), "tekst": text} for day, text in said["historie"]],
        "fingeravtrykk": said["fingeravtrykk"],
        "antall_endringer": len(found.endringer),
        "diff": as_json(found),
    }


def _agenda_facts(mote: Mote, framlegg: Sequence[Mapping[str, Any]]) -> dict[str, Json]:
    return {
        "skjema": "saksliste/2",
        "organ": mote.organ.id,
        "dato": str(mote.dato),
        "forrige": str(mote.forrige) if mote.forrige else None,
        "saker": [
            {"gruppe": punkt.gruppe, **_facts(said)}
            for punkt, said in zip(mote.punkter, framlegg, strict=True)
        ],
        "felles": [
            {
                "saker": [case.mappe.navn for case in pair.saker],
                "begge_pa_sakslisten": pair.begge,
                "samme": list(pair.samme),
                "bygger_pa": [list(both) for both in pair.bygger],
                "omtaler": [case.mappe.navn for case in pair.omtaler],
            }
            for pair in mote.par
        ],
        "frister": [
            {"system": f.system, "kvartal": f.kvartal, "dag": str(f.dag)}
            | {"navn": f.navn, "post": f.post, "sak": f.sak, "plikt": f.niva}
            for f in mote.frister
        ],
        "siden_sist": _since_facts(mote.siden),
    }


def _since_facts(siden: Siden) -> dict[str, Json]:
    lists = ("avgjort", "venter", "utlopt", "haste")
    return {
        **{name: [case.mappe.navn for case in getattr(siden, name)] for name in lists},
        "vilkar": [
            {"sak": case.mappe.navn, "id": v.id, "ansvarlig": v.ansvarlig, "frist": str(v.frist)}
            for case, v in siden.vilkar
        ],
        "dispensasjoner": [{"id": d.id, "til": str(d.til)} for d in siden.dispensasjoner],
    }


def _dumped(facts: Mapping[str, Json]) -> str:
    return json.dumps(facts, ensure_ascii=False, indent=2) + "\n"
