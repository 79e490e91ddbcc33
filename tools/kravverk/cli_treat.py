"""The commands that record and sign what was done with a case; who is asked sits at a terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import click
import git

from kravverk import acts
from kravverk.act_rules import WITHOUT_EFFECT, endret_etter_frysen
from kravverk.body_rules import WITH_REASON, signed_text
from kravverk.case_models import Behandlinger, Hastevedtak, Utfall
from kravverk.chain import merged
from kravverk.cli_acts import note_if_ahead, on_disk, put
from kravverk.comparison import Sammenligning
from kravverk.diff import saksavtrykk
from kravverk.findings import Finding
from kravverk.gate import MAY, UNBOUND, stands
from kravverk.models import Json
from kravverk.register import read
from kravverk.rules import run
from kravverk.signing import sign, verified
from kravverk.store import Stopped, remove, revision_files, working_files, write
from kravverk.terminal import Dag, krav, repository, say

# The two special ways, each with the file that it is written in (gate.OVERGANGER).
SPECIAL = {"kort_vei": "kortvei", "hastevedtatt": "hastevedtak"}
# The fields whose options have another name.
_OPTION = {"deltakere": "deltaker", "inhabile": "inhabil", "utsatt": "utsatt-til"}
_VILKAR = ("id", "tekst", "ansvarlig", "frist", "bekreftes_av")


@krav.command()
@click.argument("sak")
@click.option("--organ", metavar="ID", help="Organet som behandlet saken.")
@click.option(
    "--utfall",
    type=click.Choice([*get_args(Utfall), *SPECIAL]),
    metavar="UTFALL",
    help="Hva det ble.",
)
@click.option("--dato", type=Dag(), metavar="DATO", help="Dagen for møtet.")
@click.option(
    "--form",
    type=click.Choice(["møte", "skriftlig"]),
    default="møte",
    metavar="FORM",
    help="møte eller skriftlig.",
)
@click.option("--motesak", metavar="NR", help="Møtesaken, som 14/26.")
@click.option("--deltaker", "deltakere", multiple=True, metavar="ROLLE", help="Kan gjentas.")
@click.option("--inhabil", "inhabile", multiple=True, metavar="ROLLE", help="Kan gjentas.")
@click.option("--stemmer", metavar="FOR,MOT,AVHOLDENDE", help="Som 4,1,0.")
@click.option("--begrunnelse", metavar="TEKST", help="Hvorfor.")
@click.option("--dissens", metavar="TEKST", help="Hva mindretallet mente.")
@click.option("--avvik", metavar="TEKST", help="Hvorfor anbefalingen ikke ble fulgt.")
@click.option(
    "--vilkar",
    multiple=True,
    metavar="ID|TEKST|ANSVARLIG|FRIST|BEKREFTES_AV",
    help="Et vilkår; kan gjentas.",
)
@click.option("--vilkar-id", metavar="ID", help="Vilkåret som er oppfylt.")
@click.option("--bekreftet-av", metavar="ROLLE", help="Rollen som bekreftet vilkåret.")
@click.option("--utsatt-til", type=Dag(), metavar="DATO", help="Når saken senest tas opp igjen.")
@click.option("--paavente-av", metavar="TEKST", help="Hva utsettelsen venter på.")
@click.option("--arkivref", metavar="REF", help="Hvor papirene er arkivert.")
@click.option(
    "--rolle",
    "roller",
    multiple=True,
    metavar="ROLLE",
    help="Kort vei: hvem som bekrefter. Hastevedtak: to, som osg:Leder.",
)
@click.option(
    "--grunn",
    type=click.Choice(get_args(Hastevedtak.model_fields["grunn"].annotation)),
    metavar="GRUNN",
    help="Hastevedtak: pasientsikkerhet, informasjonssikkerhet, lov eller drift.",
)
@click.option("--gjelder-til", type=Dag(), metavar="DATO", help="Hastevedtak: når det opphører.")
@click.option("--tilbakeforing", metavar="TEKST", help="Hastevedtak: hvordan det føres tilbake.")
@click.option(
    "--behold", is_flag=True, help="Før ikke krav/ tilbake når saken ender uten virkning."
)
def behandle(sak: str, behold: bool, **given: Any) -> int:
    """Før opp hva et organ gjorde med en sak.

    Behandlingen gjelder den nyeste frysen. I et terminalvindu blir det spurt om det som mangler.
    Ender saken uten virkning, blir krav/ ført tilbake til slik det er på hovedgrenen.

    Kort vei (kort_vei) og hastevedtak (hastevedtatt) gjøres av roller (--rolle), ikke av et organ.

    \b
    Eksempel:
      krav behandle 2026-001 --organ osg --utfall anbefalt --dato 2026-12-10 \\
        --motesak 14/26 --deltaker Leder --deltaker "Produktansvarlig PLL" \\
        --deltaker "Representant for fastleger"
    """
    repo = repository()
    found, files, base = on_disk(repo, sak)
    said = _asked(found, sak, given)
    restored: dict[str, bytes | None] = {}
    if said["utfall"] in WITHOUT_EFFECT and not behold:
        restored = _restored(repo, base, found, sak)
    kept = {**files, **{path: data for path, data in restored.items() if data is not None}}
    gone = {path for path, data in restored.items() if data is None}
    files = {path: data for path, data in kept.items() if path not in gone}
    binds = said["utfall"] not in (*UNBOUND, *WITHOUT_EFFECT)
    if changed := run([endret_etter_frysen], found, sak) if binds else []:
        return put(repo, {}, changed)
    if name := SPECIAL.get(str(said["utfall"])):
        made, refused = acts.behandle(sak, name, _special(said, given), files)
    else:
        made, refused = acts.behandle(sak, str(given["organ"]), said, files)
    code = put(repo, made, [_in_options(finding) for finding in refused])
    if not code:
        note_if_ahead(given["dato"])
    for path, data in restored.items() if not code else ():
        where = Path(repo.working_dir) / path
        write(where, data) if data is not None else remove(where)
        say(f"{path} er ført tilbake.")
    return code


def _in_options(finding: Finding) -> Finding:
    """A finding with the options of `krav behandle` in the place of the fields they write."""

    def option(field: re.Match[str]) -> str:
        name = _OPTION.get(field[1], field[1].replace("_", "-"))
        known = any(f"--{name}" in param.opts for param in behandle.params)
        return f"`--{name}`" if known else field[0]

    melding, utvei = (
        re.sub(r"`([a-z_]+)(?::[^`]*)?`", option, text) for text in (finding.melding, finding.utvei)
    )
    return replace(finding, melding=melding, utvei=utvei.replace("` under behandlingen.", "`."))


def _ask(given: dict[str, Any], name: str, text: str, choices: Sequence[str] = ()) -> None:
    """Put in what is missing, from whoever sits at the terminal; Stopped where nobody does."""
    if given[name]:
        return
    if not sys.stdin.isatty():
        form = f"velg blant {', '.join(choices)}" if choices else text
        raise Stopped(f"--{name.replace('_', '-')} mangler.", f"Skriv den: {form}.")
    day = name in ("dato", "utsatt_til", "gjelder_til")
    kind = click.Choice(list(choices)) if choices else Dag() if day else str
    given[name] = click.prompt(text, type=kind)


def _asked(found: Sammenligning, sak: str, given: dict[str, Any]) -> dict[str, Json]:
    """The treatment field by field, asking for what is missing where somebody can answer."""
    mappe, bodies = found.after.saker[sak], found.after.organer
    route = mappe.frys.rute if mappe.frys else found.rute(sak)
    if given["utfall"] not in SPECIAL:
        _ask(given, "organ", "Organ", list(dict.fromkeys(organ for _, organ in route.ledd)))
        if given["organ"] not in bodies:
            known = ", ".join(bodies)
            raise Stopped(f"Organet «{given['organ']}» finnes ikke.", f"Velg blant {known}.")
        may = [u for rolle, organ in route.ledd if organ == given["organ"] for u in MAY[rolle]]
        _ask(given, "utfall", "Utfall", [*may, *UNBOUND])
    utfall = given["utfall"]
    _ask(given, "dato", "Dato (ÅÅÅÅ-MM-DD)")
    said: dict[str, Json] = {"dato": str(given["dato"]), "form": given["form"]}
    said |= {"motesak": given["motesak"], "utfall": utfall}
    if utfall not in UNBOUND and mappe.frys:
        said |= {"fingeravtrykk": mappe.frys.fingeravtrykk, "frys": str(mappe.frys.nr)}
        said["saksavtrykk"] = saksavtrykk(mappe.sak, mappe.frys)
    if utfall not in SPECIAL and sys.stdin.isatty():
        _ask_members(given, found, utfall)
    said["begrunnelse"] = given["begrunnelse"]
    said |= {name: sorted(given[name]) for name in ("deltakere", "inhabile")}
    if given["stemmer"]:
        said["stemmer"] = _parts(given["stemmer"], ",", ("for", "mot", "avholdende"), "--stemmer")
    said |= {name: given[name] for name in ("dissens", "avvik")}
    said["vilkar"] = [_parts(v, "|", _VILKAR, "--vilkar", whole=True) for v in given["vilkar"]]
    said |= {name: given[name] for name in ("vilkar_id", "bekreftet_av")}
    if given["utsatt_til"]:
        said["utsatt"] = {"til": str(given["utsatt_til"])}
        if given["paavente_av"]:
            said["utsatt"]["paavente_av"] = given["paavente_av"]
    said["arkivref"] = given["arkivref"]
    return {name: value for name, value in said.items() if value}


def _ask_members(given: dict[str, Any], found: Sammenligning, utfall: str) -> None:
    """Who took part, how they voted and why, from whoever sits at the terminal."""
    organ = found.after.organer[given["organ"]]
    if not given["deltakere"]:
        members = [m.rolle for m in organ.medlemmer_den(given["dato"])]
        for at, rolle in enumerate(members, 1):
            click.echo(f"  {at} {rolle}", err=True)
        chosen = click.prompt("Hvem deltok (numre, som 1 2 4)", default="", show_default=False)
        picked = [int(n) for n in chosen.replace(",", " ").split() if n.isdigit()]
        given["deltakere"] = tuple(members[n - 1] for n in picked if 0 < n <= len(members))
    by_majority = organ.regler_den(given["dato"]).beslutningsform == "flertall"
    if by_majority and utfall not in (*UNBOUND, "vilkår_oppfylt"):
        _ask(given, "stemmer", "Stemmer for, mot og avholdende (som 4,1,0)")
    if utfall in WITH_REASON:
        _ask(given, "begrunnelse", "Begrunnelse")
    if utfall == "utsatt":
        _ask(given, "utsatt_til", "Utsatt til (ÅÅÅÅ-MM-DD)")
    if utfall == "vilkår_oppfylt":
        _ask(given, "vilkar_id", "Vilkårets id")
        _ask(given, "bekreftet_av", "Bekreftet av (rolle)")


def _parts(
    text: str, between: str, names: Sequence[str], option: str, whole: bool = False
) -> dict[str, Json]:
    """The named parts of an option; Stopped when there are too many, or not all where all must."""
    parts = [part.strip() for part in text.split(between)]
    if len(parts) > len(names) or (whole and len(parts) < len(names)):
        form = between.join(names)
        raise Stopped(f"{option} har {len(parts)} deler, ikke {len(names)}.", f"Skriv {form}.")
    return dict(zip(names, parts, strict=False))


def _special(said: dict[str, Json], given: dict[str, Any]) -> dict[str, Json]:
    """What the short or the urgent way is to say, from what was given."""
    bound = {key: value for key, value in said.items() if key in ("fingeravtrykk", "saksavtrykk")}
    if not bound:
        raise Stopped("Saken er ikke frosset.", "Frys den først, med `krav frys`.")
    if not given["roller"]:
        raise Stopped("--rolle mangler.", "Skriv hvem som bekrefter, eller to som osg:Leder.")
    because = {"begrunnelse": given["begrunnelse"]} if given["begrunnelse"] else {}
    if said["utfall"] == "kort_vei":
        return {"dato": said["dato"], "rolle": given["roller"][0], **bound, **because}
    _ask(given, "grunn", "Grunn", get_args(Hastevedtak.model_fields["grunn"].annotation))
    _ask(given, "begrunnelse", "Begrunnelse")
    _ask(given, "gjelder_til", "Gjelder til (ÅÅÅÅ-MM-DD)")
    _ask(given, "tilbakeforing", "Hvordan det føres tilbake")
    return {
        "dato": said["dato"],
        **bound,
        "grunn": given["grunn"],
        "begrunnelse": given["begrunnelse"],
        "vedtatt_av": [
            _parts(rolle, ":", ("organ", "rolle"), "--rolle", whole=True)
            for rolle in given["roller"]
        ],
        "gjelder_til": str(given["gjelder_til"]),
        "tilbakeforing": given["tilbakeforing"],
    }


def _restored(repo: git.Repo, base: str, found: Sammenligning, sak: str) -> dict[str, bytes | None]:
    """`krav/` as it was before the case, where it differs; None for what was not there.

    What was proposed stays in the freeze. An urgent decision that is already on the base is undone
    by the chain.
    """
    now = working_files(repo)
    if merged(found.before, sak):
        return dict(acts.undone(read(now)[0], sak))
    was = revision_files(repo, base)
    return {
        path: was.get(path)
        for path in sorted(now.keys() | was.keys())
        if path.startswith("krav/") and was.get(path) != now.get(path)
    }


@krav.command()
@click.argument("sak")
def gjenoppta(sak: str) -> int:
    """Ta opp igjen en sak som ble utsatt, sendt tilbake, avslått eller trukket.

    Det saken sist foreslo, blir ført inn i krav/ igjen, fra den siste frysen. En sak som er utsatt
    eller sendt tilbake, går videre; er den avslått eller trukket, lages en ny.

    \b
    Eksempel:
      krav gjenoppta 2026-004
    """
    repo = repository()
    register = read(working_files(repo))[0]
    may = {navn: m for navn, m in register.saker.items() if m.frys and stands(m) in WITHOUT_EFFECT}
    if sak not in may:
        known = ", ".join(may) or "ingen"
        raise Stopped(f"«{sak}» er ingen sak som endte uten virkning.", f"Velg blant {known}.")
    made, moved = acts.taken_up(register, may[sak])
    code = put(repo, made, ())
    if moved:
        say(f"Endret av andre siden frysen, og må ses over: {', '.join(moved)}.")
    if stands(may[sak]) in ("utsatt", "sendt_tilbake"):
        say(f"Rett det som skal rettes, og frys på nytt med `krav frys {sak}`.")
    else:
        say(f"Lag en ny sak med `krav ny-sak`, og skriv `gjenopptar: {sak}` i den.")
    return code


@krav.command()
@click.argument("fil", type=click.Path(path_type=Path))
@click.option(
    "--nokkel",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FIL",
    help="Den private nøkkelen.",
)
def signer(fil: Path, nokkel: Path) -> int:
    """Signer den siste behandlingen i en fil, eller et hastevedtak, med din egen nøkkel.

    \b
    Eksempel:
      krav signer changes/2026-001/osg.yaml --nokkel ~/.ssh/id_ed25519
    """
    repo = repository()
    register = read(working_files(repo))[0]
    path, root = (Path.cwd() / fil).resolve(), Path(repo.working_dir).resolve()
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else ""
    entry = register.entries.get(name)
    if entry is None or not isinstance(entry.record, Behandlinger | Hastevedtak):
        raise Stopped(
            f"{fil} er ikke en behandlingsfil.",
            "Velg `changes/<sak>/<organ>.yaml` eller `changes/<sak>/hastevedtak.yaml`.",
        )
    _, sak, organ = name.removesuffix(".yaml").split("/")
    now = entry.data.rstrip() + b"\n"
    if isinstance(entry.record, Behandlinger):
        last = entry.record.behandlinger[-1]
        if last.signatur:
            raise Stopped("Den siste behandlingen er alt signert.", "Ingenting mer å gjøre.")
        text = signed_text(sak, organ, last)
        signature, body = sign(text, nokkel), register.organer.get(organ)
        leaders = [m for m in (body.medlemmer_den(last.dato) if body else ()) if m.leder]
        keys = [key for m in leaders for key in m.nokler_den(last.dato)]
        if not any(verified(text, signature, key) for key in keys):
            raise Stopped(
                f"Nøkkelen hører ikke til lederen av organet {last.dato}.",
                f"Se nøklene i `changes/organer/{organ}.yaml`.",
            )
        return put(repo, {name: now + f"    signatur: |\n{_block(signature)}".encode()}, ())
    haste = entry.record
    for at, who in enumerate(haste.vedtatt_av):
        body, text = register.organer.get(who.organ), signed_text(sak, who.organ, haste)
        members = body.medlemmer_den(haste.dato) if body else ()
        keys = [k for m in members if m.rolle == who.rolle for k in m.nokler_den(haste.dato)]
        signature = "" if who.signatur or not keys else sign(text, nokkel)
        if signature and any(verified(text, signature, key) for key in keys):
            said = acts.plain_fields(haste)
            said["vedtatt_av"][at]["signatur"] = signature.strip() + "\n"
            return put(repo, {name: acts.dumped(said).encode()}, ())
    raise Stopped(
        "Nøkkelen hører ikke til noen av dem som har gjort hastevedtaket og ikke har signert.",
        "Se nøklene under `changes/organer/`.",
    )


def _block(signature: str) -> str:
    return "".join(f"      {line}\n" for line in signature.strip().splitlines())
