"""What checking and comparing cost beside libyaml alone, on generated registers: `make bench`.

Prints CPU seconds of whole processes (user and system, the median of five), less what starting the
interpreter with the same imports costs, and the ratio to composing the same bytes with libyaml.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

REGISTER = Path(__file__).parent / "cases" / "_register"
COMPOSE = """
import sys, pathlib, yaml
for path in pathlib.Path("krav").rglob("*.yaml"):
    yaml.compose(path.read_bytes(), Loader=yaml.CBaseLoader)
"""
IMPORTS = "import kravverk.__main__"
CHANGED = 10


def register(folder: Path, count: int) -> int:
    """A repository with `count` requirements of ordinary size; returns their bytes."""
    shutil.copytree(REGISTER, folder)
    text = (REGISTER / "krav/pll/PLL-0001.yaml").read_text()
    prose = "  Ordlyden er omtrent så lang som i et virkelig krav, med noen linjer tekst.\n" * 8
    text = text.replace("gjelder:", f"begrunnelse: |\n{prose}gjelder:")
    for number in range(1, count + 1):
        ident = f"PLL-{number:04d}" if number < 10_000 else f"KI-{number - 9_999:04d}"
        path = folder / "krav" / ident.split("-", maxsplit=1)[0].lower() / f"{ident}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace("PLL-0001", ident))
    area = (REGISTER / "krav/omrader/pll.yaml").read_text()
    ki = area.replace("pll", "ki").replace("PLL", "KI")
    (folder / "krav/omrader/ki.yaml").write_text(ki)
    who = ["-c", "user.name=Rolle", "-c", "user.email=rolle@kravverk.example"]
    for args in (["init", "-q", "-b", "main"], ["add", "-A"], [*who, "commit", "-qm", "x"]):
        subprocess.run(["git", *args], cwd=folder, check=True)
    for number in range(1, CHANGED + 1):
        path = folder / f"krav/pll/PLL-{number:04d}.yaml"
        path.write_text(path.read_text().replace("rekvirent: skal", "rekvirent: bør"))
    return sum(path.stat().st_size for path in (folder / "krav").rglob("*.yaml"))


def cpu(folder: Path, *command: str) -> float:
    """The median CPU seconds of five runs of a command."""

    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return statistics.median(once() for _ in range(5))


def main(say: Callable[[str], object] = print) -> None:
    """Print one line for each size."""
    say(f"{'krav':>6} {'kB':>6} {'start':>6} {'libyaml':>8} {'sjekk':>14} {'diff':>14}")
    for count in (500, 2_000, 10_000):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "lager"
            size = register(folder, count)
            start = cpu(folder, sys.executable, "-c", IMPORTS)
            bare = cpu(folder, sys.executable, "-c", "import yaml")
            compose = cpu(folder, sys.executable, "-c", COMPOSE) - bare
            krav = [sys.executable, "-m", "kravverk"]
            check = cpu(folder, *krav, "sjekk") - start
            diff = cpu(folder, *krav, "diff", "main", "--format", "json") - start
            say(
                f"{count:6} {size // 1000:6} {start:6.2f} {compose:8.2f} "
                f"{check:6.2f} = {check / compose:4.1f}x {diff:6.2f} = {diff / compose:4.1f}x"
            )
    say(f"CPU seconds beyond start; the difference is of {CHANGED} changed requirements.")


if __name__ == "__main__":
    os.environ["PYTHONHASHSEED"] = "0"
    main()
