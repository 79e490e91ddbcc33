"""The table of moves: every pair of step and act that is not in it is refused, with a sentence."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from conftest import CASES, files_in
from kravverk.case_models import Behandling, Behandlinger, Forslag, FrossetFelt, Frys, Sak
from kravverk.gate import HANDLINGER, OVERGANGER, STEG, UNBOUND, Hendelse, State, rute, state, taken
from kravverk.register import Saksmappe, read

REG = read(files_in(CASES / "_register"))[0]
SAK = Sak.model_validate(
    {
        "id": "2026-001",
        "type": "endring",
        "tittel": "Prøve",
        "forslagsstiller": "Kravforvalter for PLL",
        "kort_fortalt": "Prøve.",
    }
)
ROUTE = rute(SAK, ["pll"], REG.organer)
PRINT = "a" * 64


def act(handling: str, nr: int = 1) -> Hendelse:
    """An act by the body that would do it, on the first freeze."""
    organ = {"frosset": "", "kort_vei": "", "hastevedtatt": ""}.get(handling)
    if organ is None:
        organ = "osg" if handling in ("anbefalt", "frarådet", "bekreftet") else "endringsrad"
        organ = "osg" if handling == "anbefalt_med_endringer" else organ
    return Hendelse(date(2026, 12, 1), handling, organ, nr, "forslag", ())


@pytest.mark.parametrize(("steg", "handling"), list(product(STEG, HANDLINGER)))
def test_what_is_not_in_the_table_is_refused(steg: str, handling: str) -> None:
    start = State(steg, frys=1 if handling != "frosset" else 0)  # type: ignore[arg-type]
    after = taken(start, act(handling), ROUTE)
    if handling in UNBOUND:
        assert after == start
    elif (steg, handling) in OVERGANGER:
        assert all("kan ikke bli" not in refusal.fordi for refusal in after.nektet)
    else:
        (refusal,) = after.nektet
        assert after.steg == steg
        assert refusal.fordi == (
            f"en sak i steget {steg.replace('_', ' ')} kan ikke bli {handling.replace('_', ' ')}"
        )


def test_the_table_names_only_steps_and_acts_that_exist() -> None:
    for (steg, handling), (til, hvem) in OVERGANGER.items():
        assert steg in STEG
        assert handling in HANDLINGER
        assert til in (*STEG, "neste")
        assert hvem


def case(*treatments: tuple[str, str], freezes: int = 1) -> Saksmappe:
    """A frozen case with treatments of the last freeze, (body, outcome), a day apart."""
    frozen = tuple(
        Frys(
            nr=nr,
            dato=date(2026, 12, nr),
            fingeravtrykk=str(nr) * 64,
            rute=ROUTE,
            endringer=(FrossetFelt(post="PLL-0001", felt="tekst", gammel="a", ny="b"),),
        )
        for nr in range(1, freezes + 1)
    )
    said: dict[str, list[Behandling]] = {}
    for day, (organ, utfall) in enumerate(treatments, freezes + 1):
        one = {"dato": f"2026-12-{day:02}", "form": "møte", "utfall": utfall}
        one["fingeravtrykk"] = str(freezes) * 64
        said.setdefault(organ, []).append(Behandling.model_validate(one))
    bodies = {organ: Behandlinger(behandlinger=tuple(found)) for organ, found in said.items()}
    return Saksmappe("2026-001", SAK, Forslag(frys=frozen), behandlinger=bodies)


@pytest.mark.parametrize(
    ("treatments", "steg"),
    [
        ((), "anbefaling"),
        ((("osg", "anbefalt"),), "beslutning"),
        ((("osg", "frarådet"),), "beslutning"),
        ((("osg", "utsatt"),), "utsatt"),
        ((("osg", "sendt_tilbake"),), "sendt_tilbake"),
        ((("osg", "anbefalt"), ("endringsrad", "vedtatt")), "vedtatt"),
        ((("osg", "anbefalt"), ("endringsrad", "avslått")), "avslått"),
        ((("osg", "anbefalt"), ("endringsrad", "utsatt")), "utsatt"),
        ((("osg", "drøftet"),), "anbefaling"),
    ],
)
def test_the_step_follows_from_the_treatments(
    treatments: tuple[tuple[str, str], ...], steg: str
) -> None:
    now = state(case(*treatments))
    assert (now.steg, now.nektet) == (steg, ())


@pytest.mark.parametrize(
    ("treatments", "said"),
    [
        ((("endringsrad", "vedtatt"),), "ikke anbefalt"),
        ((("osg", "anbefalt"), ("osg", "anbefalt")), "kan ikke bli anbefalt"),
        ((("osg", "vedtatt"),), "organet anbefaler"),
        ((("fremmed", "anbefalt"),), "ikke på ruten"),
        (
            (("osg", "anbefalt"), ("endringsrad", "avslått"), ("endringsrad", "vedtatt")),
            "steget avslått kan ikke bli vedtatt",
        ),
    ],
)
def test_a_refused_act_says_why(treatments: tuple[tuple[str, str], ...], said: str) -> None:
    (refusal,) = state(case(*treatments)).nektet
    assert said in refusal.fordi
