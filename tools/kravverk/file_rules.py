"""The rules for one file by itself: can it be read at all?

A rule yields what it finds; its name is its id and its docstring its page, which requirement
owners read and which is therefore in Norwegian.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import yaml
from yaml.nodes import MappingNode, ScalarNode

from kravverk.findings import Said
from kravverk.source import Raw, first_match, mappings, scalars

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
            1 + len(re.findall(b"\r\n?|\n", raw.data[: error.start])),
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
    """Linjen er rykket inn med tabulator eller hardt mellomrom.

    YAML skiller nivåer med vanlige mellomrom. En tabulator ser ulik ut i ulike programmer, og et
    hardt mellomrom (fra Word eller en nettside) ser ut som et vanlig uten å være det.

    Slik retter du: slett innrykket, og skriv to vanlige mellomrom for hvert nivå.
    """
    if hit := first_match(r"^ *[\t\xa0]", raw.text):
        what = "tabulator" if hit[1].endswith("\t") else "et hardt mellomrom"
        way_out = "Slett innrykket, og skriv to vanlige mellomrom for hvert nivå."
        yield hit[0], f"Linjen er rykket inn med {what}.", way_out


HIDDEN = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)


def skjult_tegn(raw: Raw) -> Iterator[Said]:
    """Teksten har et tegn som ikke synes, men som endrer den.

    Nullbreddetegn, myk bindestrek, styretegn og tegn som snur leseretningen kan få to ulike
    tekster til å se like ut. Slike tegn følger gjerne med når tekst limes inn fra Word eller
    en nettside.

    Slik retter du: slett tegnet; skriv linjen på nytt for hånd om du ikke finner det.
    """
    hit = first_match(HIDDEN, raw.text)
    # What is not in the text may still be in a value: written as "\e", "\u200b" and the like.
    for node in scalars(raw.root) if raw.root and not hit and "\\" in raw.text else ():
        if escaped := re.search(HIDDEN, node.value):
            hit = node.start_mark.line + 1, escaped[0]
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
                word = raw.text[token.start_mark.index :].split(maxsplit=1)[0][:80]
                yield (
                    token.start_mark.line + 1,
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


# Slips that can be seen on the line itself, and are said better than libyaml says them.
_SLIPS = (
    (
        r"^\s*[•–—·]",
        "Listepunktet begynner med et annet tegn enn bindestrek.",
        "Begynn punktet med bindestrek og mellomrom: `- Punkt`.",
    ),
    (
        r"^\s*-[^\s\-]",
        "Det mangler mellomrom etter bindestreken.",
        "Begynn punktet med bindestrek og mellomrom: `- Punkt`.",
    ),
    (
        r"^\s*[a-z_]+:[^\s:]",
        "Det mangler mellomrom etter kolonet.",
        "Skriv `felt: verdi`, med mellomrom etter kolonet.",
    ),
    (
        r"""^\s*(?:- |[\w.]+: )(?:"[^"]*"|'[^']*')\s*[^\s#,]""",
        "Det står tekst etter et anførselstegn som allerede er lukket.",
        "Sett anførselstegn rundt hele verdien, og bruk «» inne i den.",
    ),
    (
        r"^\s*(?:- |[\w.]+: )\*",
        "Verdien begynner med en stjerne, som YAML bruker selv.",
        "Sett hele verdien i anførselstegn, eller skriv den som blokk under `|`.",
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
        lines = ["", *raw.text.splitlines(), ""]
        for at in (line, line - 1):
            for pattern, sentence, way_out in _SLIPS:
                if re.search(pattern, lines[min(at, len(lines) - 1)]):
                    yield at, sentence, way_out
                    return
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


# In the order in which a file is read; the first finding ends the reading.
BYTES = (stor_fil, tom_fil, ikke_utf8)
TEXT = (konfliktmerker, tabulator, for_dypt, yaml_snarvei)
TREE = (skjult_tegn, ugyldig_yaml, dobbelt_felt, avkuttet_verdi)
