"""What a terminal is shown of one record."""

from __future__ import annotations

from jinja2 import Environment

from kravverk.bindings import bindinger
from kravverk.register import Register
from kravverk.store import Commit
from kravverk.view import deadlines


def show(reg: Register, ident: str, historie: list[Commit], env: Environment) -> str:
    """One requirement or system as text; the id must be one of the register's."""
    if ident in reg.krav:
        krav = reg.krav[ident]
        tema = reg.temaer.get(krav.tema)

        def realisering(system: str) -> str:
            return reg.systemer[system].realisering.get(krav.omrade, "realisering ikke oppgitt")

        return env.get_template("vis_krav.txt.j2").render(
            krav=krav,
            tema=tema.navn if tema else krav.tema,
            bindinger=bindinger(krav, reg),
            realisering=realisering,
            frister=deadlines(krav),
            brukt_av=[other.id for other in reg.krav.values() if ident in other.avhenger_av],
            historie=historie,
        )
    bound = ((krav, bindinger(krav, reg).get(ident)) for krav in reg.krav.values())
    return env.get_template("vis_system.txt.j2").render(
        system=reg.systemer[ident],
        bundet=[(krav, binding) for krav, binding in bound if binding],
        historie=historie,
    )
