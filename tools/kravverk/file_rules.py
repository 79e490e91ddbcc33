"""The rules for one file by itself: can it be read, and do its fields hold what they may?

A rule yields what it finds; its name is its id and its docstring its page, which requirement
owners read and which is therefore in Norwegian.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_args

import yaml
from pydantic_core import ErrorDetails
from yaml.nodes import MappingNode, ScalarNode

from kravverk.findings import Said
from kravverk.models import Form
from kravverk.source import Path, Raw, first_match, line_at, mappings, scalars

MAX_BYTES = 1_048_576  # of one file; the longest requirement we know of is a few kB
MAX_DEPTH = 20  # of nesting; no record needs more than four

# --- Rules on the bytes ----------------------------------------------------------------------


def stor_fil(raw: Raw) -> Iterator[Said]:
    """Filen er større enn én mebibyte.

    Et krav er noen få kilobyte. En så stor fil er nesten alltid lagt inn ved en feil.

    Slik retter du: fjern det som ikke hører hjemme i posten, eller del den i flere poster.
    """
    if len(raw.data) > MAX_BYTES:
        yield (
            1,
            "Filen er større enn én mebibyte, som er grensen.",
            "Fjern det som ikke hører hjemme i posten, eller del den i flere poster.",
        )


def tom_fil(raw: Raw) -> Iterator[Said]:
    """Filen er tom.

    En post kan ikke slettes ved å tømme filen. Et krav som ikke lenger gjelder, får status
    `utgått` og blir liggende.

    Slik retter du: hent innholdet tilbake fra forrige versjon, eller skriv posten.
    """
    if not raw.data.strip():
        yield 1, "Filen er tom.", "Hent tilbake innholdet fra forrige versjon, eller skriv posten."


def ikke_utf8(raw: Raw) -> Iterator[Said]:
    """Filen er ikke lagret som UTF-8.

    Da blir æ, ø og å uleselige for andre. Det skjer gjerne når filen er lagret av et eldre
    program.

    Slik retter du: åpne filen i et redigeringsprogram, velg «Lagre med tegnkoding» og UTF-8.
    """
    try:
        raw.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield (
            raw.data.count(b"\n", 0, error.start) + 1,
            f"Byten 0x{raw.data[error.start]:02x} er ikke UTF-8.",
            "Lagre filen på nytt med tegnkodingen UTF-8.",
        )


# --- Rules on the text -----------------------------------------------------------------------


def konfliktmerker(raw: Raw) -> Iterator[Said]:
    """Filen har merker etter en sammenslåing som ikke er gjort ferdig.

    Linjene `<<<<<<<`, `=======` og `>>>>>>>` skiller to utgaver av samme tekst.

    Slik retter du: behold den utgaven som skal gjelde, og slett de tre merkelinjene.
    """
    if hit := first_match(r"^(<{7}|>{7})( |$)", raw.text):
        yield (
            hit[0],
            f"Linjen er et merke etter en uferdig sammenslåing («{hit[1].strip()}»).",
            "Behold den teksten som skal gjelde, og slett linjene med <<<<<<<, ======= og >>>>>>>.",
        )


def tabulator(raw: Raw) -> Iterator[Said]:
    """Linjen er rykket inn med tabulator.

    YAML skiller nivåer med mellomrom, og en tabulator ser ulik ut i ulike programmer.

    Slik retter du: bytt tabulatoren ut med to mellomrom for hvert nivå.
    """
    if hit := first_match(r"^ *\t", raw.text):
        yield (
            hit[0],
            "Linjen er rykket inn med tabulator.",
            "Bytt tabulatoren ut med to mellomrom for hvert nivå.",
        )


HIDDEN = (
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u115f\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_ESCAPED = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U(000[0-9A-Fa-f]{5}))")


def skjult_tegn(raw: Raw) -> Iterator[Said]:
    """Teksten har et tegn som ikke synes, men som endrer den.

    Nullbreddetegn, myk bindestrek, styretegn og tegn som snur leseretningen kan få to ulike
    tekster til å se like ut. Slike tegn følger gjerne med når tekst limes inn fra Word eller
    en nettside.

    Slik retter du: slett tegnet; skriv linjen på nytt for hånd om du ikke finner det.
    """
    hit = first_match(HIDDEN, raw.text)
    if not hit:
        for escape in _ESCAPED.finditer(raw.text):
            char = chr(int(escape[1] or escape[2] or escape[3], 16))
            if re.match(HIDDEN, char):
                hit = raw.text.count("\n", 0, escape.start()) + 1, char
                break
    if hit:
        name = unicodedata.name(hit[1], "styretegn").lower()
        yield (
            hit[0],
            f"Linjen har et tegn som ikke synes: U+{ord(hit[1]):04X} ({name}).",
            "Slett tegnet; skriv linjen på nytt for hånd om du ikke finner det.",
        )


def yaml_snarvei(raw: Raw) -> Iterator[Said]:
    """Filen bruker en YAML-snarvei (anker, merke eller direktiv).

    `&navn`, `*navn`, `!type` og `%YAML` lar en fil bety noe annet enn det som står der. I
    registeret skal hver post kunne leses slik den står.

    Slik retter du: skriv verdien helt ut, og sett den i anførselstegn om den begynner med
    `&`, `*`, `!` eller `%`.
    """
    if not re.search(r"[&*!%]", raw.text):
        return
    refused = (
        yaml.AnchorToken,
        yaml.AliasToken,
        yaml.TagToken,
        yaml.DirectiveToken,
    )
    try:
        for token in yaml.scan(raw.text, Loader=yaml.CLoader):
            if isinstance(token, refused):
                line = token.start_mark.line
                word = raw.text.splitlines()[line][token.start_mark.column :].split()[0]
                yield (
                    line + 1,
                    f"«{word}» er en YAML-snarvei, som registeret ikke tillater.",
                    f'Skriv verdien helt ut, eller sett den i anførselstegn: "{word}".',
                )
                return
    except yaml.YAMLError:
        return  # `ugyldig-yaml` says it better


def for_dypt(raw: Raw) -> Iterator[Said]:
    """Innholdet har for mange nivåer under hverandre.

    Ingen post trenger mer enn fire nivåer. Så mange nivåer er nesten alltid en feil.

    Slik retter du: skriv feltet flatere.
    """
    # Only where it may be needed: libyaml composes by recursion and would fall over.
    flow = raw.text.count("[") + raw.text.count("{")
    if flow < 50 and not first_match(r"^[ \-?]{100}", raw.text):
        return
    depth = 0
    try:
        for event in yaml.parse(raw.text, Loader=yaml.CLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                line = event.start_mark.line + 1 if event.start_mark else 1
                yield line, "Innholdet har for mange nivåer under hverandre.", "Skriv det flatere."
                return
    except yaml.YAMLError:
        return  # `ugyldig-yaml` says it better


# --- Rules on the composed document -----------------------------------------------------------

# What libyaml says, as far as a requirement owner is likely to meet it.
_YAML_SAID = (
    (
        "mapping values are not allowed",
        "Det står kolon og mellomrom midt i en verdi, eller linjen er rykket feil inn.",
        "Sett hele verdien i anførselstegn, eller rett innrykket.",
    ),
    (
        "could not find expected ':'",
        "Linjen mangler kolon etter feltnavnet, eller teksten er ikke rykket inn.",
        "Skriv `felt: verdi`, eller rykk teksten inn under feltet den hører til.",
    ),
    (
        "cannot start any token",
        "Verdien begynner med et tegn som YAML bruker selv (som @ eller `).",
        "Sett hele verdien i anførselstegn.",
    ),
    (
        "end of stream",
        "Et anførselstegn eller en parentes er åpnet, men ikke lukket.",
        "Lukk anførselstegnet eller parentesen.",
    ),
    (
        "expected ',' or",
        "Parentesen er åpnet, men ikke lukket, eller et komma mangler i den.",
        "Lukk parentesen, eller sett komma mellom leddene.",
    ),
    (
        "but found another document",
        "Filen har mer enn ett dokument (linjen `---`).",
        "Behold ett dokument; én post, én fil.",
    ),
)


def ugyldig_yaml(raw: Raw) -> Iterator[Said]:
    """Filen følger ikke formen `felt: verdi`, så innholdet kan ikke leses.

    Vanlige årsaker er feil innrykk, et kolon midt i en tittel, eller et anførselstegn som ikke
    er lukket. Alle felter på samme nivå må begynne i samme kolonne.

    Slik retter du: se på linjen som er nevnt, og på linjen over. Sett verdier som inneholder
    kolon og mellomrom i anførselstegn.
    """
    if raw.error:
        said = str(raw.error)
        # What is not closed or has no colon is noticed further down; libyaml's context is it.
        late = ("expected ':'", "end of stream", "expected ',' or")
        which = "context_mark" if any(words in said for words in late) else "problem_mark"
        mark = getattr(raw.error, which, None)
        line = mark.line + 1 if mark else 1
        for words, sentence, way_out in _YAML_SAID:
            if words in said:
                yield line, sentence, way_out
                return
        yield (
            line,
            "Linjen passer ikke med linjene over; innrykket er trolig feil.",
            "La felter på samme nivå begynne i samme kolonne; rykk innhold inn to mellomrom.",
        )
    elif not isinstance(raw.root, MappingNode):
        yield 1, "Filen har ingen felter.", "Skriv posten som linjer av formen `felt: verdi`."
    else:
        for mapping in mappings(raw.root):
            for key, _ in mapping.value:
                if not isinstance(key, ScalarNode):
                    line = key.start_mark.line + 1
                    yield line, "Feltnavnet er ikke et ord.", "Skriv feltet som `felt: verdi`."
                    return


def dobbelt_felt(raw: Raw) -> Iterator[Said]:
    """Samme felt står to ganger i filen.

    Da er det ikke til å se hvilken av verdiene som gjelder.

    Slik retter du: slå de to sammen, eller slett den som ikke skal gjelde.
    """
    assert raw.root is not None
    for mapping in mappings(raw.root):
        seen: dict[str, int] = {}
        for key, _ in mapping.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                yield (
                    line,
                    f"Feltet `{key.value}` står allerede på linje {seen[key.value]}.",
                    "Slå de to sammen, eller slett den som ikke skal gjelde.",
                )
                return
            seen[key.value] = line


def avkuttet_verdi(raw: Raw) -> Iterator[Said]:
    """Et #-tegn midt i en verdi gjør at resten av linjen ikke blir lest.

    I YAML begynner en kommentar med mellomrom og `#`. «Svar på spørsmål #3» blir derfor lest
    som «Svar på spørsmål».

    Slik retter du: sett hele verdien i anførselstegn. En kommentar skrives med mellomrom
    etter tegnet (`# slik`).
    """
    if " #" not in raw.text or raw.root is None:
        return
    lines = raw.text.splitlines()
    for node in scalars(raw.root):
        end = node.end_mark
        rest = lines[end.line][end.column :] if end.line < len(lines) else ""
        if not node.style and re.match(r"\s+#\S", rest):
            yield (
                end.line + 1,
                f"Alt etter «{node.value}» på linjen blir lest som en kommentar.",
                f'Sett hele verdien i anførselstegn: "{node.value}{rest}".',
            )
            return


# --- Rules on the fields ----------------------------------------------------------------------


def ukjent_felt(raw: Raw) -> Iterator[Said]:
    """Feltet finnes ikke for denne typen post.

    Oftest er det en skrivefeil. Feltnavn skrives med små bokstaver og uten æ, ø og å.

    Slik retter du: bruk navnet som foreslås, eller slett feltet. Alle felter er beskrevet i
    JSON-skjemaene under `docs/skjema/`.
    """
    for fault in _of_type(raw, "extra_forbidden"):
        known, name = _known_fields(raw.kind, fault["loc"]), str(fault["loc"][-1])
        near = get_close_matches(name, known, 1)
        yield (
            line_at(raw.root, fault["loc"]),
            f"Feltet `{name}` finnes ikke{f'; mente du `{near[0]}`?' if near else '.'}",
            f"Skriv `{near[0]}:`." if near else f"Velg blant feltene {', '.join(known)}.",
        )


def mangler_felt(raw: Raw) -> Iterator[Said]:
    """Et felt som alltid må være med, mangler eller er tomt.

    Slik retter du: legg til linjen som foreslås.
    """
    unknown = [str(fault["loc"][-1]) for fault in _of_type(raw, "extra_forbidden")]
    for fault in _of_type(raw, "missing", "too_short"):
        name = str(fault["loc"][-1])
        if get_close_matches(name, unknown, 1):
            continue  # misspelt, and said by `ukjent-felt`
        where = f" under `{_felt(fault['loc'][:-1])}`" if len(fault["loc"]) > 1 else ""
        yield (
            line_at(raw.root, fault["loc"]),
            f"Feltet `{name}` mangler{where}.",
            f"Legg til linjen `{name}: …`{where}.",
        )


_MUST_BE: Mapping[str, tuple[str, str]] = {
    "string_type": ("må være tekst", "Skriv verdien etter kolonet, på samme linje."),
    "tuple_type": ("må være en liste", "Skriv hvert punkt på en egen linje som begynner med `- `."),
    "dict_type": ("må ha egne felter under seg", "Skriv dem rykket inn under feltet."),
    "model_type": ("må ha egne felter under seg", "Skriv dem rykket inn under feltet."),
    "string_too_short": ("må ha innhold", "Skriv en verdi, eller slett linjen."),
    "string_pattern_mismatch": ("må ha riktig form", "Skriv den slik: {example}."),
    "string_too_long": (
        "må være kortere",
        "Kort ned til {max_length} tegn, eller flytt noe av den.",
    ),
}
_EXAMPLES = {
    r"^[A-Z]{2,5}-\d{4}$": "PLL-0042",
    r"^\d{4}-\d{3}$": "2026-001",
    r"^[A-Z]{2,5}$": "PLL",
    r"^[0-9a-f]{64}$": "et fingeravtrykk på 64 tegn, slik `krav diff` viser det",
}


def feil_verdi(raw: Raw) -> Iterator[Said]:
    """Verdien passer ikke i feltet.

    Noen felter har en lukket liste av ord, noen er datoer (ÅÅÅÅ-MM-DD) eller hele tall, noen er
    lister.

    Slik retter du: skriv en av verdiene som nevnes, eller i den formen som nevnes.
    """
    for fault in raw.faults:
        if fault["type"] in ("extra_forbidden", "missing", "too_short"):
            continue
        felt, ctx = _felt(fault["loc"]), fault.get("ctx", {})
        if fault["type"] == "form":
            must, way_out = f"må være {ctx['form']}", f"Skriv den slik: {ctx['example']}."
        elif fault["type"] == "literal_error":
            allowed = re.findall(r"'([^']*)'", str(ctx["expected"]))
            near = get_close_matches(str(fault["input"]), allowed, 1)
            must = f"må være {_either(allowed)}"
            way_out = f"Skriv `{near[0]}`." if near else f"Skriv {_either(allowed)}."
        else:
            must, way_out = _MUST_BE.get(
                fault["type"], ("må ha en gyldig verdi", "Se skjemaet i `docs/skjema/`.")
            )
            way_out = way_out.format(example=_EXAMPLES.get(ctx.get("pattern", "")), **ctx)
        given = f"er «{fault['input']}», men " if isinstance(fault["input"], str) else ""
        yield line_at(raw.root, fault["loc"]), f"`{felt}` {given}{must}.", way_out


def _of_type(raw: Raw, *types: str) -> Iterator[ErrorDetails]:
    return (fault for fault in raw.faults if fault["type"] in types)


def _felt(loc: Path) -> str:
    return ".".join(str(part) for part in loc).removesuffix(".plikt")


def _either(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} eller {words[-1]}" if len(words) > 1 else words[0]


def _known_fields(kind: type[Form], loc: Path) -> list[str]:
    """The fields that may stand beside the one at `loc`."""
    for part in loc[:-1]:
        if part in kind.model_fields:
            inner = _form_in(kind.model_fields[str(part)].annotation)
            kind = inner or kind
    return list(kind.model_fields)


def _form_in(annotation: Any) -> type[Form] | None:
    if isinstance(annotation, type) and issubclass(annotation, Form):
        return annotation
    return next(filter(None, map(_form_in, get_args(annotation))), None)


# In the order in which a file is read. In the first three tuples the first finding ends the
# reading; faults in fields are all said.
BYTES = (stor_fil, tom_fil, ikke_utf8)
TEXT = (konfliktmerker, tabulator, skjult_tegn, for_dypt, yaml_snarvei)
TREE = (ugyldig_yaml, dobbelt_felt, avkuttet_verdi)
FIELDS = (ukjent_felt, mangler_felt, feil_verdi)
