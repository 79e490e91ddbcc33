"""The whole life of a case in a real repository, and each way it may take instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import CASES, Git, Krav
from test_store import PLL, commit, edit

CASE = "changes/2026-001/endring.yaml"
LEADER_AND = ("--deltaker", "Leder", "--deltaker")


def propose(lager: Path, git: Git, ident: str = "2026-001", days: str = "30") -> None:
    """A case on its own branch that shortens a time in PLL-0001, judged by another role."""
    git("checkout", "--quiet", "-b", f"sak-{ident}", "main")
    edit(lager, "90 dager etter", f"{days} dager etter")
    text = (CASES / "uavklart/after/changes/2026-001/endring.yaml").read_text()
    text += (
        "innspill: {til: 2026-11-30}\n"
        "avklaringer:\n"
        "  - post: PLL-0001\n"
        "    felt: tekst\n"
        "    klasse: lempet\n"
        "    rolle: Fagansvarlig PLL\n"
        "    begrunnelse: Systemet kan slette tidligere.\n"
    )
    folder = lager / "changes" / ident
    folder.mkdir(parents=True)
    (folder / "endring.yaml").write_text(text.replace("2026-001", ident))
    commit(git)


def done(krav: Krav, *args: str) -> str:
    """Run a command that must go well; returns what it says."""
    result = krav(*args)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


def refused(krav: Krav, *args: str) -> str:
    """Run a command that must be refused; returns what it says."""
    result = krav(*args)
    assert result.returncode == 1, result.stdout + result.stderr
    return result.stdout + result.stderr


def recommend(krav: Krav, sak: str = "2026-001", utfall: str = "anbefalt", *more: str) -> str:
    """The OSG treats a case."""
    who = (*LEADER_AND, "Fagansvarlig PLL")
    return done(
        krav,
        *("behandle", sak, "--organ", "osg", "--utfall", utfall, "--dato", "2026-12-05"),
        *("--motesak", "1/26", *who, *more),
    )


def decision(sak: str = "2026-001", utfall: str = "vedtatt", *more: str) -> tuple[str, ...]:
    """The arguments with which the council treats a case."""
    return (
        *("behandle", sak, "--organ", "endringsrad", "--utfall", utfall, "--dato", "2026-12-10"),
        *("--motesak", "2/26", *LEADER_AND, "Representant for apotek"),
        *(("--stemmer", "2,0,0") if utfall != "avslått" else ("--stemmer", "0,2,0")),
        *(("--dissens", "Ingen.") if utfall == "avslått" else ()),
        *more,
    )


def merge(git: Git, sak: str = "2026-001") -> None:
    commit(git, f"Sak {sak}")
    git("checkout", "--quiet", "main")
    git("merge", "--quiet", "--no-ff", "--message=Sak", f"sak-{sak}")


def test_the_life_of_a_case(lager: Path, git: Git, krav: Krav) -> None:
    # The opening balance: a first release of the register as it is.
    dates = ("--kan-folges-fra", "2026-06-01", "--ma-folges-fra", "2026-12-01")
    edit(lager, "versjon: 3", "versjon: 1")
    done(krav, "utgi", "2026.1", *dates, "--per", "2026-05-01")
    commit(git)
    assert "Bevist mot 1 utgivelse" in done(krav, "sjekk", "--vedtatt")

    # A proposal, open for input and then ready to be frozen.
    propose(lager, git)
    assert "innspill · venter på leverandørene" in done(krav, "saker", "--per", "2026-11-30")
    assert "for-tidlig-frys" in refused(krav, "frys", "2026-001", "--per", "2026-11-30")
    assert "kan forklares av den åpne saken 2026-001" in done(krav, "sjekk")
    assert "brudd-i-kjeden" not in krav("sjekk").stdout
    done(krav, "frys", "2026-001", "--per", "2026-12-01")
    assert "versjon: 2" in (lager / PLL).read_text()
    assert "anbefaling · venter på OSG" in done(krav, "saker", "--per", "2026-12-01")

    # Recommended, decided, and ready only then.
    assert "ikke anbefalt" in refused(krav, *decision())
    recommend(krav)
    assert "beslutning · venter på Endringsrådet" in done(krav, "saker", "--per", "2026-12-06")
    assert "ikke-vedtatt" in refused(krav, "klar", "--mot", "main")
    done(krav, *decision())
    assert "Klar til å slås sammen" in done(krav, "klar", "--mot", "main")
    merge(git)

    # On main everything that stands is what was decided, and anybody can check it.
    assert "innarbeidet" in done(krav, "saker", "--per", "2026-12-11")
    said = done(krav, "sjekk", "--vedtatt")
    assert "Bevist mot 1 utgivelse: 1 vedtatt sak, 1 vedtatt endring, 0 avvik." in said
    done(krav, "utgi", "2026.2", *dates, "--per", "2026-12-12")
    assert "- 2026-001" in (lager / "krav/utgivelser/2026.2.yaml").read_text()
    commit(git)
    assert "Bevist mot 2 utgivelser" in done(krav, "sjekk", "--vedtatt")
    assert "30 dager etter" in done(krav, "vis", "PLL-0001")
    old = done(krav, "vis", "PLL-0001", "--versjon", "1")
    assert "90 dager etter" in old
    assert "30 dager etter" not in old
