"""The demo's proposal: three requirements get new values in some fields, and a case says why.

Run in the root of the register. The new values lie in `sak-2026-901/`, with the case and its
answers. A field is found by its name, whatever stands in it, so that the records can be edited
without breaking the demo.
"""

import re
import sys
from pathlib import Path

SAK = Path(__file__).parent / "sak-2026-901"
FIELD = re.compile(r"^([a-z_]+):.*\n(?:(?![a-z_]+:).*\n)*", re.MULTILINE)  # with what is under it
MAY_BE_NEW = ("frister", "meldinger", "avhenger_av", "begrunnelse", "akseptanse")


def edited(record: str, changes: str, name: str) -> str:
    """A record with the fields of `changes` and the next version; new ones go before `kilder`."""
    old = {match[1]: match[0] for match in FIELD.finditer(record.rstrip() + "\n")}
    version = re.match(r"versjon: (\d+)", old.get("versjon", ""))
    new = {"versjon": f"versjon: {int(version[1]) + 1}\n"} if version else {}
    new |= {match[1]: match[0] for match in FIELD.finditer(changes)}
    missing = {"versjon", *new} - old.keys() - {*MAY_BE_NEW}
    if missing:
        sys.exit(f"Demoen fant ikke {', '.join(sorted(missing))} i {name}; rett filene i {SAK}.")
    last = {field: old.pop(field) for field in ("kilder", "engelsk") if field in old}
    return "".join((old | new | last).values())


for path in sorted(SAK.glob("KI-*.yaml")):
    target = Path("krav/ki") / path.name
    if not target.is_file():
        sys.exit(f"Demoen fant ikke {target}; rett filene i {SAK}.")
    text = edited(target.read_text("utf-8"), path.read_text("utf-8"), str(target))
    target.write_text(text, "utf-8")
case = Path("changes") / SAK.name.removeprefix("sak-")
for path in (SAK / "endring.yaml", *sorted(SAK.glob("innspill/*.yaml"))):
    target = case / path.relative_to(SAK)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(path.read_bytes())
