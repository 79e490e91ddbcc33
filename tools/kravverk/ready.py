"""The merge gate: may this proposal be merged, and if not, who can change that?"""

from __future__ import annotations

from kravverk.cases import Case
from kravverk.chain import merged
from kravverk.findings import Finding

WITHOUT_EFFECT = ("avslått", "utsatt", "sendt_tilbake", "trukket", "utløpt")


def ready(cases: list[Case], findings: list[Finding]) -> list[Finding]:
    """Why a proposal may not be merged; nothing when it may.

    `cases` are those it brings, `findings` what `krav sjekk --mot` says of it. Without a case the
    findings alone decide.
    """
    found = [finding for finding in findings if finding.alvor == "feil"]
    for case in cases:
        found += [_finding(case, *said) for said in _said(case)]
    return found


def _said(case: Case) -> list[tuple[str, str, str]]:
    step = case.steg
    if step.navn in WITHOUT_EFFECT and not (step.navn == "utløpt" and case.poster):
        if not case.poster or merged(case.found.before, case.mappe.navn):
            return []  # the rules see to it that what is undone is just what was done
        sentence = f"Saken er {step.navn.replace('_', ' ')}, men endrer fortsatt registeret."
        way_out = f"Før `krav/` tilbake til hovedgrenen: {', '.join(case.poster)}."
        return [("endring-uten-virkning", sentence, way_out)]
    if step.navn not in ("vedtatt", "innarbeidet"):
        who = f" Den venter på {step.venter_pa}." if step.venter_pa else ""
        sentence = f"Saken er i steget {step.navn}. {step.fordi}{who}"
        return [("ikke-vedtatt", sentence, f"Hvem som kan gjøre noe: {step.venter_pa or 'ingen'}.")]
    if case.drift:
        sentence = f"{', '.join(case.drift)} er endret på hovedgrenen etter at saken begynte."
        way_out = "Ta inn hovedgrenen, frys på nytt, og la organene behandle den nye teksten."
        return [("grunnlaget-er-endret", sentence, way_out)]
    return []


def _finding(case: Case, regel: str, melding: str, utvei: str) -> Finding:
    return Finding(f"changes/{case.mappe.navn}/endring.yaml", 1, regel, "feil", melding, utvei)
