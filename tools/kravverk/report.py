"""What the council paper (saksframlegg) of one case says on page one, and its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from kravverk import overleaf
from kravverk.answers import answered, answers, unsummed
from kravverk.bodies import Organ
from kravverk.chain import WITHOUT_VERSION
from kravverk.classes import strongest
from kravverk.comparison import Case, Sammenligning
from kravverk.diff import Endring
from kravverk.earlier import later_frozen
from kravverk.gate import MAY, hendelser, state
from kravverk.matrix import alike, by_class, by_strength, matrix, summary, together, unclear
from kravverk.meeting import role_of
from kravverk.models import KLASSER, Klasse
from kravverk.register import Register
from kravverk.render import KALT, by_post, is_prose, post_name, prosa, title
from kravverk.text import dato, word

SHORT_MATRIX = 10  # systems; with more, the matrix goes overleaf (design.md §8)
MOST_ON_PAGE_ONE = 5  # of what makes a list; the rest is counted, and stands overleaf


def paper(
    case: Case,
    reg: Register,
    overlapp: Mapping[str, Sequence[str]],
    per: date,
    organ: Organ | None = None,
    nr: str = "",
) -> dict[str, Any]:
    """What the paper for a case says as of the day `per`, whatever it is written as.

    `reg` is the whole register. `overlapp` is other open case -> the records that it changes too.
    `organ` is the body that the paper is for, by default the one that decides; `nr` is the running
    number on its agenda.
    """
    found, cells = case.found, matrix(case.found)
    if organ is None:
        organ = next((body for rolle, body in case.rute if rolle == "beslutter"), None)
    rolle = role_of(case, organ) if organ else ""
    frister, plikter = overleaf.notice(case, per), overleaf.duties(found)
    innspill, others = answers(case, cells), overleaf.read_differently(found, reg)
    return {
        "sak": case.sak,
        "steg": case.steg,
        "found": found,
        "per": per,
        "nr": nr,
        "organ": organ,
        "organnavn": organ.navn if organ else "ingen organer har mandat",
        "rolle": rolle,
        "hindring": obstacle(case, rolle),
        "bes_om": asked(case, organ, rolle),
        "forslag": proposals(case),
        "flere": further(case),
        "vist": in_full(case),
        "kortvei": case.mappe.kortvei,
        "vilkar": overleaf.conditions(case),
        "ellers": otherwise(case, rolle),
        "habilitet": _own_case(case, organ, per),
        "uttalelser": recommendations(case),
        "helsefaglig": _clinical(case),
        "oppsummert": summary(cells),
        "berort": by_class(cells),
        "poster": {post: sorted(changes, key=in_annex) for post, changes in by_post(found).items()},
        "tittel": lambda post: title(found, post, stands=True),
        "celler": cells,
        "rader": alike(cells),
        "samlet": lambda posts: together(cells, posts),
        "kort_matrise": len(cells) <= SHORT_MATRIX,
        "frister": frister,
        "arvet": overleaf.inherited_short(case, per),
        "datoer": overleaf.by_kind(frister),
        "dagene": overleaf.by_day(frister),
        "gjelder_fra": overleaf.applies(case, reg, per),
        "tidslinje": overleaf.timeline(frister, per),
        "uten_frist": overleaf.without_deadline(found),
        "uavklarte": unclear(found),
        "senket": _lowered(found),
        "motsagt": contradicted(found, case.sak.hevdet_klasse),
        "overlapp": overlapp,
        "endret_siden": overleaf.changed_since(case),
        "nytt_siden": overleaf.new_since(case),
        "fingeravtrykk": stands_for(case),
        "fingeravtrykk_kort": short_fingerprint(stands_for(case)),
        "frys": case.mappe.frys.nr if case.mappe.frys else 0,
        "utfall": outcomes(rolle),
        "medlemmer": organ.medlemmer_den(per) if organ else (),
        "regler": organ.regler_den(per).i_ord(len(organ.medlemmer_den(per))) if organ else "",
        "svar": _answer,
        "setning": sentence,
        "historie": history(case),
        "innspill": innspill,
        "omrader": _areas(case),
        "svarte": answered(innspill, cells, found.after, MOST_ON_PAGE_ONE),
        "merknader": unsummed(innspill),
        "dispensasjoner": overleaf.exemptions(found, per),
        "plikter": plikter,
        "like_plikter": [(who, *map(overleaf.levels, both)) for who, both in alike(plikter)],
        "leses_annerledes": others,
        "stille": not any((plikter, frister, others, innspill)),
        "uendret": overleaf.unchanged(found),
        "bak": in_annex if cells else lambda _: False,
        "vedlegg": annex(found) if cells else {},
        "antall": antall,
        "telt": counted,
        "flest": MOST_ON_PAGE_ONE,
    }


def stands_for(case: Case) -> str:
    """The fingerprint that a treatment of the case cites; of an approval that of its freeze."""
    frys = case.mappe.frys
    return frys.fingeravtrykk if frys and case.sak.godkjenner else case.found.fingeravtrykk


def outcomes(rolle: str) -> tuple[str, ...]:
    """What a body may come to in the meeting, to tick."""
    return tuple(u for u in MAY.get(rolle, ()) if u not in ("bekreftet", "vilkår_oppfylt"))


def proposals(case: Case) -> list[str]:
    """What is put to the vote, a line for each record."""
    if case.sak.godkjenner:
        kind = case.sak.godkjenner
        krav = case.found.after.krav
        return [
            f"{case.found.after.navn(kind.system)} godkjennes for {ident} "
            f"«{krav[ident].tittel if ident in krav else ident}»"
            for ident in sorted(kind.krav)
        ]
    return [
        proposed(case.found, post)
        for post in by_strength(case.found, case.poster, MOST_ON_PAGE_ONE)
    ]


def _areas(case: Case) -> str:
    """What the requirements of a case are about, by the names of their areas."""
    known = case.found.after.omrader
    areas = {post.partition("-")[0].lower() for post in case.poster if "/" not in post}
    names = sorted(known[ident].navn if ident in known else ident for ident in areas)
    return f"på området {' eller '.join(names)}" if names else "om dette"


def in_full(case: Case) -> int:
    """How many of the records page one names in full: all, or the first few of many."""
    return 3 if (count := len(proposals(case))) > MOST_ON_PAGE_ONE else count


def further(case: Case) -> str:
    """The records that page one has no room to name in full, by their ids alone."""
    shown = in_full(case)
    if case.sak.godkjenner:
        return ", ".join(sorted(case.sak.godkjenner.krav)[shown:])
    rest = {*by_strength(case.found, case.poster, MOST_ON_PAGE_ONE)[shown:]}
    return named(case.found, [post for post in case.poster if post in rest])


def named(found: Sammenligning, posts: Iterable[str]) -> str:
    """Records by their ids alone, by what becomes of them: «nye krav PLL-0040, PLL-0041»."""
    kinds: dict[str, list[str]] = {}
    for post in posts:
        kind, _, name = post.rpartition("/")
        new, retired = post not in found.before.poster, False
        if not kind:
            retired = not new and found.after.krav[post].status == "utgått"
            kind = "nye krav" if new else "krav som utgår" if retired else "endrede krav"
        kinds.setdefault(kind, []).append(name)
    return "; ".join(f"{kind} {', '.join(names)}" for kind, names in kinds.items())


def asked(case: Case, organ: Organ | None, rolle: str) -> str:
    """What the body is asked to do, in one sentence."""
    if organ is None:
        return "Ingen organer har mandat til å beslutte saken."
    if case.mappe.kortvei:
        day = dato(case.mappe.kortvei.dato)
        return f"{organ.navn} orienteres om at saken ble vedtatt på kort vei {day}."
    if state(case.mappe).haste and case.mappe.hastevedtak:
        til = dato(case.mappe.hastevedtak.gjelder_til)
        return f"{organ.navn} bes om å ta stilling til hastevedtaket, som gjelder til {til}."
    if case.sak.godkjenner:
        system = case.found.after.navn(case.sak.godkjenner.system)
        count = antall(len(case.sak.godkjenner.krav), "krav", "krav")
        return f"{organ.navn} bes om å godkjenne {system} for {count}."
    what = counted(case.poster)
    if obstacle(case, rolle):
        return f"Saken foreslår endring i {what}."
    words = {
        "uttaler": "uttale seg om forslaget til endring",
        "anbefaler": "anbefale forslaget til endring",
        "beslutter": "vedta forslaget til endring",
        "fastsetter": "fastsette vedtaket om endring",
    }
    return f"{organ.navn} bes om å {words.get(rolle, 'drøfte forslaget til endring')} i {what}."


def otherwise(case: Case, rolle: str) -> str:
    """What happens if the body says no; empty when it is not asked."""
    urgent = case.mappe.hastevedtak
    if obstacle(case, rolle) or rolle == "uttaler":
        return ""
    if urgent and state(case.mappe).haste:
        return f"Ved avslag: {urgent.tilbakeforing}"
    if rolle == "anbefaler":
        return "Ved fraråding: saken kan likevel vedtas, men da må vedtaket si hvorfor."
    return "Ved avslag: registeret blir som i dag, og ingen får nye eller endrede plikter."


def _own_case(case: Case, organ: Organ | None, per: date) -> str:
    """Whether the proposer sits in the body."""
    who, members = case.sak.forslagsstiller, organ.medlemmer_den(per) if organ else ()
    if any(m.rolle == who for m in members):
        return f"{who} har foreslått saken og deltar ikke."
    return "forslagsstilleren er ikke medlem."


def antall(tall: int, en: str, flere: str) -> str:
    """A number and what is counted: «1 system», «2 systemer»."""
    return f"{tall} {en if tall == 1 else flere}"


def counted(posts: Sequence[str]) -> str:
    """How many records of each kind: «14 krav og 4 meldinger»."""
    kinds = Counter(post.rpartition("/")[0] for post in posts)
    return " og ".join(antall(n, *KALT[kind]) for kind, n in sorted(kinds.items()))


def short_fingerprint(fingeravtrykk: str) -> str:
    """The first sixteen digits in groups of four, for people to compare."""
    return " ".join(fingeravtrykk[at : at + 4] for at in range(0, 16, 4))


def obstacle(case: Case, rolle: str = "beslutter") -> str:
    """Why the case cannot be treated now, in a sentence; empty when it can."""
    if not case.poster and not case.sak.godkjenner:
        return "Saken endrer ingenting i registeret, så det er ingenting å vedta."
    if not case.mappe.frys and later_frozen(case):
        return "Ingen tekst var frosset denne dagen. Papirene viser forslaget slik det er nå."
    if case.steg.navn == "beslutning" or state(case.mappe).haste:
        return ""
    if case.steg.navn == "anbefaling" and rolle in ("anbefaler", "uttaler"):
        return ""
    if case.mappe.kortvei:
        return "Saken er avgjort på kort vei, og krever ikke at organet gjør noe."
    if case.steg.navn in ("vedtatt", "innarbeidet", "avslått"):
        return f"Saken er avgjort. {case.steg.fordi}"
    done = "besluttes" if rolle in ("beslutter", "") else "behandles"
    return f"Saken kan ikke {done} nå. {case.steg.fordi}"


def proposed(found: Sammenligning, post: str) -> str:
    """What is put to the vote for one record: what it is called, and what becomes of it."""
    old, new = found.before.krav.get(post), found.after.krav.get(post)
    if not old and not new:
        become = "endres" if post in found.before.poster else "legges til i registeret"
        return f"{post_name(post)} «{title(found, post)}» {become}"
    if not old or not new:
        return f"{post} «{title(found, post)}» {'er et nytt krav' if new else 'slettes'}"
    if new.status == "utgått" != old.status:
        return f"{post} «{old.tittel}» utgår"
    step = f"versjon {old.versjon} til {new.versjon}"
    if old.versjon == new.versjon:
        fields = {e.felt.partition(".")[0] for e in found.endringer if e.post == post and e.felt}
        kept = fields <= {*WITHOUT_VERSION}
        step = f"versjon {old.versjon}{'' if kept else '; nytt versjonsnummer mangler'}"
    named = f"; får tittelen «{new.tittel}»" if new.tittel != old.tittel else ""
    return f"{post} «{old.tittel}» endres ({step}){named}"


def in_annex(endring: Endring) -> bool:
    """Whether a change stands in the annex: what has no bearing on what a record asks for."""
    return (endring.felt or "").partition(".")[0] in WITHOUT_VERSION


def _clean(endring: Endring) -> bool:
    """Whether a change is of what a record asks: its text, its acceptance, and whom it binds."""
    name = (endring.felt or "").partition(".")[0]
    asks = name not in ("tittel", "begrunnelse")
    return name in ("akseptanse", "gjelder") or (is_prose(endring) and asks)


def annex(found: Sammenligning) -> dict[str, list[Endring]]:
    """record -> its changes in the annex, and those whose text it shows clean, before and after."""
    return {
        post: kept
        for post, changes in by_post(found).items()
        if (kept := [e for e in changes if in_annex(e) or _clean(e)])
    }


def recommendations(case: Case) -> list[tuple[str, str, str, str, str]]:
    """(what the body does, its name, what it came to, «, med dissens» where there was any, why).

    On the short way nobody recommends.
    """
    said: list[tuple[str, str, str, str, str]] = []
    if case.mappe.kortvei:
        return said
    for rolle, organ in case.rute:
        treated = case.mappe.behandlinger.get(organ.id)
        if rolle == "anbefaler":
            words, dissent, why = "har ikke behandlet saken", "", ""
            if treated:
                last = treated.behandlinger[-1]
                words, why = f"{word(last.utfall)} {dato(last.dato)}", last.begrunnelse or ""
                dissent = ", med dissens" if last.dissens else ""
                away = ", ".join(last.inhabile)
                why += (
                    f" Dissens: {last.dissens or ('ingen.' if away else 'ingen; inhabile: ingen.')}"
                )
                why += f" Inhabile: {away or 'ingen'}." if away or last.dissens else ""
            said.append((rolle, organ.navn, words, dissent, why.strip()))
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


def _lowered(found: Sammenligning) -> list[tuple[str, str | None, Klasse, Klasse]]:
    """(record, field, class by the rules, class decided) where a role judged milder than a rule."""
    return sorted(
        {
            (v.post, v.felt, v.maskin, v.klasse)
            for v in found.virkninger
            if v.maskin not in (None, "uavklart")
            and KLASSER.index(v.klasse) > KLASSER.index(v.maskin)
        },
        key=str,
    )


def contradicted(found: Sammenligning, claim: Klasse | None) -> list[tuple[Klasse, str]]:
    """(class, record) of what is more than the case claims to be, the strongest of each record."""
    if claim is None:
        return []
    most: dict[str, Klasse] = {}
    for row in found.virkninger:
        if KLASSER.index(row.klasse) < KLASSER.index(claim):
            most[row.post] = strongest([row.klasse, most.get(row.post, row.klasse)])
    return sorted((klasse, post) for post, klasse in most.items())


def history(case: Case) -> list[tuple[date, str]]:
    """What happened to a case, as dated sentences, oldest first."""
    names = {organ.id: organ.navn for _, organ in case.rute}
    lines = []
    for act in hendelser(case.mappe):
        b = act.behandling
        by = f" av {names.get(act.organ, act.organ)}" if act.organ else ""
        where = f", sak {b.motesak}" if b and b.motesak else ""
        text = f"{word(act.handling).capitalize()}{by}{where}"
        if act.handling == "uttalt":
            text = f"Uttalelse fra {names.get(act.organ, act.organ)}{where}"
        if act.handling == "kort_vei" and case.mappe.kortvei:
            text = f"Bekreftet på kort vei av {case.mappe.kortvei.rolle}"
        text += f" (frys {act.nr})." if act.nr else "."
        if b:
            votes = b.stemmer
            said = [
                f"{votes.for_} for, {votes.mot} mot, {votes.avholdende} avholdende"
                if votes
                else "",
                *(found or "" for found in (b.begrunnelse, b.avvik)),
                f"Dissens: {b.dissens}" if b.dissens else "",
                f"Inhabile: {', '.join(b.inhabile)}" if b.inhabile else "",
                *(f"Vilkår {v.id}: {v.tekst.rstrip('.')}, innen {dato(v.frist)}" for v in b.vilkar),
                f"Vilkår {b.vilkar_id} er bekreftet av {b.bekreftet_av}" if b.vilkar_id else "",
            ]
            text += "".join(f" {part.rstrip('.')}." for part in said if part)
        lines.append((act.dato, text))
    return lines


def _answer(text: str | None) -> Any:
    return prosa(sentence(text)) if text else Markup("<p><em>Ikke besvart.</em></p>")


def sentence(text: str) -> str:
    """An answer on one line as a sentence: capital and full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("." if "\n" not in text and text[-1].isalnum() else "")
