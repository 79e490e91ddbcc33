"""The council paper (saksframlegg) of one case, as one self-contained HTML file."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from markupsafe import Markup

from kravverk.cases import Case
from kravverk.classes import strongest
from kravverk.comparison import Sammenligning
from kravverk.impact import Hvordan, Virkning, per_system
from kravverk.models import Frister, order
from kravverk.render import by_post, environment, prosa, title, word
from kravverk.text import dato

SHORT_MATRIX = 10  # systems; with more, the matrix goes overleaf (design.md §8)


def report(case: Case, per: date) -> str:
    """The paper for a case as of the day `per`: the same case and day, the same bytes."""
    found = case.found
    cells = matrix(found)
    decides = next((organ.navn for rolle, organ in case.rute if rolle == "beslutter"), "")
    return (
        environment()
        .get_template("rapport.html.j2")
        .render(
            sak=case.sak,
            steg=case.steg,
            found=found,
            per=per,
            organ=decides or "ingen organer har mandat",
            vedtak=proposed_decision(case),
            uttalelser=_recommendations(case),
            helsefaglig=_clinical(case),
            oppsummert=summary(found),
            berort=_by_class(found),
            poster=by_post(found),
            tittel=lambda post: title(found, post),
            celler=cells,
            kort_matrise=len(cells) <= SHORT_MATRIX,
            frister=_deadlines(found),
            uavklarte=sorted(
                {(v.post, v.felt) for v in found.virkninger if v.klasse == "uavklart"},
                key=lambda pair: (pair[0], pair[1] or ""),
            ),
            endret_siden=_changed_since(case),
            fingeravtrykk_kort=short_fingerprint(found.fingeravtrykk),
            svar=_answer,
        )
    )


def matrix(found: Sammenligning) -> dict[str, dict[str, Virkning]]:
    """system -> record -> the row that tells most of what the record's changes mean to it."""
    return {
        system: {
            post: strongest_row([row for row in rows if row.post == post])
            for post in sorted({row.post for row in rows})
        }
        for system, rows in per_system(found.virkninger).items()
    }


def short_fingerprint(fingeravtrykk: str) -> str:
    """The first sixteen digits in groups of four, for people to compare."""
    return " ".join(fingeravtrykk[at : at + 4] for at in range(0, 16, 4))


def proposed_decision(case: Case) -> str:
    """The sentence that is put to the vote."""
    posts = case.poster
    if not posts:
        return "Saken inneholder ingen endringer i registeret, og det er ingenting å vedta."
    listed = ", ".join(posts[:-1]) + f" og {posts[-1]}" if len(posts) > 1 else posts[0]
    return (
        f"Endringene i {listed} vedtas slik de er gjengitt i saken "
        f"(fingeravtrykk {short_fingerprint(case.found.fingeravtrykk)})."
    )


def summary(found: Sammenligning) -> str:
    """How many systems are hit, and how, in one sentence."""
    strongest_rows = _strongest_rows(found)
    if not strongest_rows:
        return "Ingen systemer er bundet av det som endres."
    words: dict[Hvordan, str] = {
        "utvikling": "må utvikle eller vurdere selv",
        "via-fellesløsning": "nås gjennom en fellesløsning",
        "informasjon": "trenger bare å vite om det",
    }
    counted = Counter(row.hvordan for row in strongest_rows)
    parts = [f"{counted[how]} {said}" for how, said in words.items() if counted[how]]
    count = len(strongest_rows)
    return f"{count} {'system' if count == 1 else 'systemer'} berøres: {', '.join(parts)}."


def _by_class(found: Sammenligning) -> list[tuple[str, str, list[str]]]:
    """(class, hvordan, systems) by what each system meets at the strongest."""
    same: dict[tuple[str, str], list[str]] = {}
    for row in sorted(_strongest_rows(found), key=lambda row: row.hvordan != "utvikling"):
        same.setdefault((row.klasse, row.hvordan), []).append(row.system or "")
    return [(*key, systems) for key, systems in same.items()]


def _strongest_rows(found: Sammenligning) -> list[Virkning]:
    return [strongest_row(rows) for rows in per_system(found.virkninger).values()]


def strongest_row(rows: list[Virkning]) -> Virkning:
    """The first row of the strongest class."""
    top = strongest(row.klasse for row in rows)
    return next(row for row in rows if row.klasse == top)


def _recommendations(case: Case) -> list[tuple[str, str, str]]:
    said = []
    for rolle, organ in case.rute:
        treated = case.mappe.behandlinger.get(organ.id)
        if rolle == "anbefaler":
            words = "har ikke behandlet saken."
            if treated:
                last = treated.behandlinger[-1]
                words = f"{word(last.utfall)} {dato(last.dato)}. {last.begrunnelse or ''}"
            said.append((rolle, organ.navn, words))
    return said


def _clinical(case: Case) -> str:
    for rolle, organ in case.rute:
        treated = case.mappe.behandlinger.get(organ.id)
        if rolle == "uttaler":
            if treated:
                last = treated.behandlinger[-1]
                return f"{organ.navn}, {dato(last.dato)}: {last.begrunnelse or word(last.utfall)}"
            return f"{organ.navn} har ikke uttalt seg om saken."
    return "Ingen organer har mandat til å uttale seg om saken."


def _deadlines(found: Sammenligning) -> list[tuple[str, str, date]]:
    changed = {endring.post for endring in found.endringer}
    return [
        (krav.id, name, value)
        for krav in found.after.krav.values()
        if krav.id in changed
        for name in order(Frister)
        if (value := getattr(krav.frister, name))
    ]


def _changed_since(case: Case) -> list[tuple[str, str]]:
    """What changed since each body on the route treated the case; "ingen" when nothing did."""
    lines = []
    for rolle, organ in case.rute:
        treated = case.mappe.behandlinger.get(organ.id)
        if rolle == "uttaler":
            continue
        if not treated:
            lines.append((organ.navn, "har ikke sett saken."))
            continue
        last = treated.behandlinger[-1]
        same = last.fingeravtrykk == case.found.fingeravtrykk
        words = "ingen." if same else "teksten er endret; behandlingen gjelder en annen tekst."
        lines.append((f"Siden {organ.navn} behandlet saken {dato(last.dato)}:", words))
    moved = f"{', '.join(case.drift)} er endret." if case.drift else "ingen av postene i saken."
    return [*lines, ("På hovedgrenen siden saken ble åpnet:", moved)]


def _answer(text: str | None) -> Any:
    return prosa(text) if text else Markup("<p><em>Ikke besvart.</em></p>")
