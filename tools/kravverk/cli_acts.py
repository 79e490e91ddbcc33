"""The commands that write: what a requirement owner tidies, and the secretariat's acts."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, get_args

import click
import git

from kravverk import acts
from kravverk.case_models import Behandlinger, Utfall
from kravverk.case_rules import signed_text
from kravverk.cases import ON_DISK, Case, all_cases
from kravverk.chain import merged, route_of
from kravverk.comparison import Sammenligning, compare
from kravverk.findings import Finding, as_text
from kravverk.gate import MAY, OPEN, UNBOUND
from kravverk.models import Json
from kravverk.ready import WITHOUT_EFFECT, ready
from kravverk.register import Files, Saksmappe, read
from kravverk.render import environment
from kravverk.rules import check, check_step
from kravverk.signing import sign, verified
from kravverk.spelling import in_dictionary
from kravverk.store import (
    Stopped,
    main_branch,
    merge_base,
    pair,
    remove,
    requirement_ids,
    revision_files,
    working_files,
    write,
)
from kravverk.terminal import Dag, Per, krav, repository, say


def _on_disk(repo: git.Repo, navn: str) -> tuple[Sammenligning, Files, str]:
    """A case that lies on disk beside its base: the comparison, the files, and the base."""
    base = merge_base(repo, main_branch(repo))
    (before, _), (after, unread) = (read(files) for files in pair(repo, base, None))
    if unread:
        say(as_text(unread))
        raise Stopped("Noe på disken kan ikke leses.", "Rett det som er nevnt, og prøv igjen.")
    if navn not in after.saker:
        known = ", ".join(sorted(after.saker)) or "ingen"
        raise Stopped(f"Sak «{navn}» ligger ikke på disken.", f"Sakene her er: {known}.")
    return compare(before, after, "main", ON_DISK, in_dictionary, navn), working_files(repo), base


def _put(repo: git.Repo, made: Mapping[str, bytes], refused: Iterable[Finding]) -> int:
    """Write what an act came to, or say why it did not; returns the exit code."""
    said = list(refused)
    if said:
        click.echo(as_text(said), nl=False)
        say("Ingenting er skrevet.")
        return 1
    for path, data in made.items():
        write(Path(repo.working_dir) / path, data)
        click.echo(path)
    return 0


def _frozen_elsewhere(cases: Iterable[Case], navn: str) -> dict[str, tuple[str, ...]]:
    """Other open, frozen case -> the records it changes."""
    return {
        case.mappe.navn: tuple({f.post for f in case.mappe.frys.endringer})
        for case in cases
        if case.mappe.navn != navn and case.mappe.frys and case.steg.navn in (*OPEN, "vedtatt")
    }


@krav.command()
@click.argument("sak")
@click.option("--haste", is_flag=True, help="Frys før innspillsfristen er ute, for et hastevedtak.")
@Per
def frys(sak: str, haste: bool, per: date) -> int:
    """Frys en sak, så den kan anbefales og vedtas på nøyaktig denne teksten.

    Nye versjonsnumre blir skrevet i kravene, og frysen legges til i changes/<sak>/forslag.yaml.
    Er noe uavklart, ubesvart eller for kort varslet, sies det, og ingenting blir skrevet.

    \b
    Eksempel:
      krav frys 2026-001 --per 2026-12-01
    """
    repo = repository()
    found, files, _base = _on_disk(repo, sak)
    others = _frozen_elsewhere(all_cases(repo, per)[0], sak)
    made, refused = acts.frys(found, sak, per, others, files, haste)
    code = _put(repo, made, refused)
    if not code:
        frozen = read({**files, **made})[0].saker[sak].frys
        assert frozen
        say(f"Sak {sak} er frosset som frys {frozen.nr}, fingeravtrykk {frozen.fingeravtrykk}.")
    return code


@krav.command()
@click.argument("sak")
@click.option("--organ", metavar="ID", help="Organet som behandlet saken.")
@click.option(
    "--utfall", type=click.Choice(get_args(Utfall)), metavar="UTFALL", help="Hva det ble."
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
    "--behold", is_flag=True, help="Før ikke krav/ tilbake når saken ender uten virkning."
)
def behandle(sak: str, behold: bool, **given: Any) -> int:
    """Før opp hva et organ gjorde med en sak.

    Behandlingen gjelder den nyeste frysen. I et terminalvindu blir det spurt om det som mangler.
    Ender saken uten virkning, blir krav/ ført tilbake til slik det er på hovedgrenen.

    \b
    Eksempel:
      krav behandle 2026-001 --organ osg --utfall anbefalt --dato 2026-12-10 \\
        --motesak 14/26 --deltaker Leder --deltaker "Produktansvarlig PLL"
    """
    repo = repository()
    found, files, base = _on_disk(repo, sak)
    ord = _asked(found.after.saker[sak], given, found)
    restored: dict[str, bytes | None] = {}
    if ord["utfall"] in WITHOUT_EFFECT and not behold:
        restored = _restored(repo, base, found, sak)
    kept = {**files, **{path: data for path, data in restored.items() if data is not None}}
    gone = {path for path, data in restored.items() if data is None}
    files = {path: data for path, data in kept.items() if path not in gone}
    made, refused = acts.behandle(sak, str(given["organ"]), ord, files)
    code = _put(repo, made, refused)
    for path, data in restored.items() if not code else ():
        where = Path(repo.working_dir) / path
        write(where, data) if data is not None else remove(where)
        say(f"{path} er ført tilbake.")
    return code


def _asked(mappe: Saksmappe, given: dict[str, Any], found: Sammenligning) -> dict[str, Json]:
    """The treatment field by field, asking for what is missing where somebody can answer."""
    route = route_of(mappe, found.after)
    bodies = [organ.id for _, organ in route]

    def ask(name: str, text: str, choices: Iterable[str] = ()) -> None:
        if given[name]:
            return
        if not sys.stdin.isatty():
            raise Stopped(
                f"--{name} mangler.", f"Skriv `--{name}`; velg blant {', '.join(choices)}."
            )
        kind = click.Choice(list(choices)) if choices else Dag() if name == "dato" else str
        given[name] = click.prompt(text, type=kind)

    ask("organ", "Organ", bodies)
    if given["organ"] not in found.after.organer:
        known = ", ".join(found.after.organer)
        raise Stopped(f"Organet «{given['organ']}» finnes ikke.", f"Velg blant {known}.")
    may = [u for rolle, organ in route if organ.id == given["organ"] for u in MAY[rolle]]
    ask("utfall", "Utfall", [*may, *UNBOUND])
    ask("dato", "Dato (ÅÅÅÅ-MM-DD)", () if sys.stdin.isatty() else ["en dato, ÅÅÅÅ-MM-DD"])
    ord: dict[str, Json] = {"dato": str(given["dato"]), "form": given["form"]}
    ord |= {"motesak": given["motesak"], "utfall": given["utfall"]}
    if given["utfall"] not in UNBOUND and mappe.frys:
        ord["fingeravtrykk"] = mappe.frys.fingeravtrykk
    ord["begrunnelse"] = given["begrunnelse"]
    ord |= {name: sorted(given[name]) for name in ("deltakere", "inhabile")}
    if given["stemmer"]:
        votes = given["stemmer"].split(",")
        if len(votes) > 3:
            raise Stopped("Stemmene er flere enn tre tall.", "Skriv for, mot og avholdende: 4,1,0.")
        ord["stemmer"] = dict(zip(("for", "mot", "avholdende"), votes, strict=False))
    ord |= {name: given[name] for name in ("dissens", "avvik")}
    keys = ("id", "tekst", "ansvarlig", "frist", "bekreftes_av")
    ord["vilkar"] = [dict(zip(keys, v.split("|"), strict=False)) for v in given["vilkar"]]
    ord |= {name: given[name] for name in ("vilkar_id", "bekreftet_av")}
    if given["utsatt_til"]:
        ord["utsatt"] = {"til": str(given["utsatt_til"])}
        if given["paavente_av"]:
            ord["utsatt"]["paavente_av"] = given["paavente_av"]
    ord["arkivref"] = given["arkivref"]
    return {name: value for name, value in ord.items() if value}


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
@click.argument("fil", type=click.Path(path_type=Path))
@click.option(
    "--nokkel",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FIL",
    help="Den private nøkkelen.",
)
def signer(fil: Path, nokkel: Path) -> int:
    """Signer den siste behandlingen i en fil, som lederen av organet.

    \b
    Eksempel:
      krav signer changes/2026-001/osg.yaml --nokkel ~/.ssh/id_ed25519
    """
    repo = repository()
    register = read(working_files(repo))[0]
    path = (Path.cwd() / fil).resolve()
    inside = path.is_relative_to(Path(repo.working_dir).resolve())
    name = path.relative_to(Path(repo.working_dir).resolve()).as_posix() if inside else ""
    record = register.entries[name].record if name in register.entries else None
    if not isinstance(record, Behandlinger):
        raise Stopped(f"{fil} er ikke en behandlingsfil.", "Velg `changes/<sak>/<organ>.yaml`.")
    last = record.behandlinger[-1]
    if last.signatur:
        raise Stopped("Den siste behandlingen er alt signert.", "Ingenting mer å gjøre.")
    _, sak, organ = name.removesuffix(".yaml").split("/")
    signature = sign(signed_text(sak, organ, last), nokkel)
    block = "".join(f"      {line}\n" for line in signature.strip().splitlines())
    now = register.entries[name].data.rstrip() + b"\n"
    return _put(repo, {name: now + b"    signatur: |\n" + block.encode()}, ())


@krav.command()
@click.option("--mot", metavar="REV", required=True, help="Grenen det skal slås sammen med.")
@Per
def klar(mot: str, per: date) -> int:
    """Kan dette slås sammen med hovedgrenen? Avslutningskode 0 er ja.

    Er svaret nei, står det hvorfor og hvem som kan gjøre noe med det.

    \b
    Eksempel:
      krav klar --mot main
    """
    repo = repository()
    base = merge_base(repo, mot)
    (before, _), (after, _) = (read(files) for files in pair(repo, base, None))
    found = compare(before, after, mot, ON_DISK, in_dictionary)
    said = {*check(working_files(repo), True, verified)[1], *check_step(found, verified)}
    every = all_cases(repo, per, mot)[0]
    mine = [case for case in every if case.gren == ON_DISK and case.mappe.navn in found.saker]
    if len(mine) < len(found.saker):
        raise Stopped("Noe i saken kan ikke leses.", "Kjør `krav sjekk`, og rett det som er nevnt.")
    refused = ready(mine, sorted(said))
    if refused:
        click.echo(as_text(refused), nl=False)
        return 1
    names = ", ".join(case.mappe.navn for case in mine) or "ingen sak"
    say(f"Klar til å slås sammen ({names}).")
    return 0


@krav.command()
@click.option("--mot", metavar="REV", help="Skriv også nye versjonsnumre for det som er endret.")
def rydd(mot: str | None) -> int:
    """Rett det en maskin kan rette: rekkefølgen på felter, mellomrom, versjonsnumre.

    Det postene sier, blir ikke endret.

    \b
    Eksempel:
      krav rydd --mot main
    """
    repo = repository()
    made: dict[str, bytes] = {}
    if mot is not None:
        base = merge_base(repo, mot)
        before, after = (read(files)[0] for files in pair(repo, base, None))
        made |= acts.versions(compare(before, after, mot, ON_DISK, in_dictionary))
    made |= acts.rydd(read({**working_files(repo), **made})[0])
    code = _put(repo, made, ())
    say(f"{len(made)} {'fil' if len(made) == 1 else 'filer'} rettet.")
    return code


@krav.command("nytt-krav")
@click.argument("omrade")
@click.argument("tittel")
def nytt_krav(omrade: str, tittel: str) -> int:
    """Lag et nytt krav med neste ledige id i området, på tvers av alle grener.

    \b
    Eksempel:
      krav nytt-krav pll "Endret dose vises med gammel verdi"
    """
    repo = repository()
    register = read(working_files(repo))[0]
    if omrade.lower() not in register.omrader:
        known = ", ".join(register.omrader)
        raise Stopped(f"Området «{omrade}» finnes ikke.", f"Velg blant {known}.")
    prefiks = register.omrader[omrade.lower()].prefiks
    taken = [int(i.split("-")[1]) for i in requirement_ids(repo) if i.startswith(f"{prefiks}-")]
    number = max(taken, default=0) + 1
    if number > 9999:
        raise Stopped(f"Området {prefiks} har brukt alle numre.", "Opprett et nytt område.")
    ident = f"{prefiks}-{number:04d}"
    text = environment().get_template("krav.yaml.j2")
    path = f"krav/{omrade.lower()}/{ident}.yaml"
    body = text.render(id=ident, tittel=acts.dumped(tittel).removesuffix("...\n").strip())
    code = _put(repo, {path: body.encode()}, ())
    say("Fyll ut filen, og lag en sak med `krav ny-sak`.")
    return code


@krav.command()
@click.argument("id")
@click.option(
    "--kan-folges-fra",
    "kan",
    type=Dag(),
    required=True,
    metavar="DATO",
    help="Fra når utgivelsen kan følges.",
)
@click.option(
    "--ma-folges-fra",
    "ma",
    type=Dag(),
    required=True,
    metavar="DATO",
    help="Fra når den må følges.",
)
@Per
def utgi(id: str, kan: date, ma: date, per: date) -> int:
    """Frys en utgivelse av registeret slik det er vedtatt.

    Alle poster får sitt avtrykk i krav/utgivelser/<id>.yaml, med sakene som er nye siden sist.
    Åpne vilkår og forskjeller fra det vedtatte stopper utgivelsen.

    \b
    Eksempel:
      krav utgi 2026.1 --kan-folges-fra 2026-12-01 --ma-folges-fra 2027-06-01
    """
    repo = repository()
    if not re.fullmatch(r"[0-9]{4}\.[0-9]{1,2}", id):
        raise Stopped(f"«{id}» er ikke id-en til en utgivelse.", "Skriv året og et nummer: 2026.1.")
    register, found = check(working_files(repo), True, verified)
    faults = [finding for finding in found if finding.alvor == "feil"]
    made, refused = acts.utgi(register, id, per, kan, ma)
    return _put(repo, made, [*faults, *refused])
