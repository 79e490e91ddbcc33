"""Run `krav behandle` with what was filled in on the form in `workflows/behandle.yml`.

The words come from the environment and go to the command as arguments, never through a shell.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator

# What may stand in the field «Tillegg», as `navn: tekst; navn: tekst`.
EXTRA = (
    *("form", "inhabil", "dissens", "avvik", "vilkar", "vilkar-id", "bekreftet-av"),
    *("utsatt-til", "paavente-av", "arkivref", "rolle", "grunn", "gjelder-til", "tilbakeforing"),
)
_NAME = re.compile(rf"(?:^|;)\s*({'|'.join(EXTRA)})\s*:")


def arguments(form: dict[str, str]) -> Iterator[str]:
    """The arguments of `krav behandle` for what was filled in; empty fields are left out."""
    yield from ("behandle", form["SAK"])
    for name in ("organ", "utfall", "dato", "motesak", "stemmer", "begrunnelse"):
        if form.get(name.upper()):
            yield f"--{name}={form[name.upper()]}"
    for role in form.get("DELTAKERE", "").split(";"):
        if role.strip():
            yield f"--deltaker={role.strip()}"
    start, *pairs = _NAME.split(form.get("TILLEGG", ""))
    if start.strip():
        known = ", ".join(EXTRA)
        sys.exit(f"Tillegg: «{start.strip()}» mangler navn. Skriv navn: tekst, med ett av {known}.")
    for name, text in zip(pairs[::2], pairs[1::2], strict=True):
        yield f"--{name}={text.strip()}"


if __name__ == "__main__":
    command = [sys.argv[1], *arguments(dict(os.environ))]
    sys.exit(subprocess.run(command, check=False).returncode)
