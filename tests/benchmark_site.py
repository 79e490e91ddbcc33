"""What building the site costs beside mkdocs alone, on a generated register: `make bench`.

Requirements with three versions each, in both languages: seven pages a requirement and language
or so. mkdocs is given as many ready HTML pages as there are requirements, with the same frame and
no search. CPU seconds of whole processes, and the highest memory of ours.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from time import process_time

from benchmark import register
from kravverk import acts
from kravverk.case_models import Frys
from kravverk.cases import all_cases
from kravverk.chain import base_digests
from kravverk.comparison import compare
from kravverk.diff import fingeravtrykk, saksavtrykk
from kravverk.findings import has_errors
from kravverk.freeze_rules import frozen_fields
from kravverk.language import languages
from kravverk.register import read
from kravverk.rules import check
from kravverk.site import draw_house, site
from kravverk.store import open_repo, sync, working_files
from kravverk.view import View

ROOT = Path(__file__).parent.parent
CASE = ROOT / "tests/cases/uavklart/after/changes/2026-001/endring.yaml"
HOURS = ("24", "48", "36")  # in the three versions
FROZEN, ADVISED, DECIDED = "2026-12-01", "2026-12-05", "2026-12-10"
PER = date(2026, 12, 20)
# A directory for each page costs some disks more than the page itself; that is not measured.
IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
IN_CASE = 1_000  # requirements


def with_history(folder: Path, count: int) -> None:
    """A repository with a release, and then two decided changes to each of its requirements."""
    register(folder, count)
    subprocess.run(["git", "checkout", "-q", "--", "krav"], cwd=folder, check=True)
    for path in folder.glob("krav/*/*-*.yaml"):
        text = path.read_text().replace("versjon: 3", "versjon: 1")
        ident = path.stem
        said = f"tekst: |\n  Systemet skal vise liste {ident} innen {HOURS[0]} timer,"
        english = f"  The system shall show list {ident} within {HOURS[0]} hours.\n"
        translated = f"engelsk:\n  versjon: 1\n  tittel: The list is shown\n  tekst: |\n  {english}"
        one_duty = text.replace("tekst: |\n  Systemet skal beholde", f"{said} med", 1)
        assert one_duty != text
        path.write_text(one_duty + translated)
    repo = open_repo(folder)
    dates = (date(2026, 5, 1), date(2026, 6, 1), date(2026, 12, 1))
    made, refused = acts.utgi(read(working_files(repo))[0], "2026.1", *dates)
    assert not refused
    _write(folder, made)
    paths = sorted(folder.glob("krav/*/*-*.yaml"))
    number = 0
    for old, new in pairwise(HOURS):
        for at in range(0, len(paths), IN_CASE):
            number += 1
            _decide(folder, f"2026-{number:03d}", tuple(paths[at : at + IN_CASE]), old, new)
    who = ["-c", "user.name=Rolle", "-c", "user.email=rolle@kravverk.example"]
    for args in (["add", "-A"], [*who, "commit", "-qm", "x"]):
        subprocess.run(["git", *args], cwd=folder, check=True)


def _decide(folder: Path, sak: str, paths: tuple[Path, ...], old: str, new: str) -> None:
    before = working_files(open_repo(folder))
    text = CASE.read_text().replace("2026-001", sak)
    after = {**before, f"changes/{sak}/endring.yaml": text.encode()}
    for path in paths:
        name = path.relative_to(folder).as_posix()
        was = before[name].decode()
        number = HOURS.index(old) + 1
        after[name] = (
            was.replace(f"innen {old} timer", f"innen {new} timer")
            .replace(f"\nversjon: {number}\n", f"\nversjon: {number + 1}\n")
            .encode()
        )
    found = compare(read(before)[0], read(after)[0], "før", "etter", sak=sak)
    proposal = found.saker[sak]
    felter = frozen_fields(found, proposal)
    frys = Frys(
        nr=1,
        dato=date.fromisoformat(FROZEN),
        fingeravtrykk=fingeravtrykk(felter),
        rute=found.rute(sak, date.fromisoformat(FROZEN)),
        grunnlag=base_digests(found.before, {f.post for f in felter}),
        endringer=felter,
    )
    stands = {
        "fingeravtrykk": frys.fingeravtrykk,
        "frys": 1,
        "saksavtrykk": saksavtrykk(proposal, frys),
    }
    osg = {"dato": ADVISED, "form": "møte", "motesak": "1/26", "utfall": "anbefalt", **stands}
    council = {"dato": DECIDED, "form": "møte", "motesak": "2/26", "utfall": "vedtatt", **stands}
    folk = ["Fagansvarlig PLL", "Leder"]
    treated = {
        "forslag": {"frys": [acts.plain_fields(frys)]},
        "osg": {"behandlinger": [{**osg, "deltakere": folk}]},
        "endringsrad": {
            "behandlinger": [
                {
                    **council,
                    "deltakere": ["Leder", "Representant for apotek"],
                    "stemmer": {"for": 2, "mot": 0, "avholdende": 0},
                }
            ]
        },
    }
    changed = {name: data for name, data in after.items() if before.get(name) != data}
    dumped = {f"changes/{sak}/{n}.yaml": acts.dumped(d).encode() for n, d in treated.items()}
    _write(folder, {**changed, **dumped})


def _write(folder: Path, made: dict[str, bytes]) -> None:
    for name, data in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def cpu(folder: Path, *command: str) -> tuple[float, int, str]:
    """CPU seconds, the highest memory in MiB, and what a command said."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, after.ru_maxrss // 1024, done.stdout + done.stderr


def stages(folder: Path) -> dict[str, float]:
    """CPU seconds of a build without search, by what they went to; run in a process of its own."""
    spent = dict.fromkeys(("lese", "sider", "data"), 0.0)

    def mark(stage: str) -> None:
        spent[stage] += process_time() - sum(spent.values())

    repo = open_repo(folder)
    register, findings = check(working_files(repo))
    assert not has_errors(findings)
    cases, _ = all_cases(repo, PER)
    view = View(register, tuple(cases), PER, {})
    mark("lese")
    houses = {one.kode: draw_house(folder, one.oppsett) for one in languages()}
    mark("sider")

    def told() -> Iterator[tuple[str, bytes]]:
        for name, data in site(houses, view, lambda: None):
            mark("data" if name.endswith((".xlsx", ".csv", ".json")) else "sider")
            yield name, data
            mark("sider")

    sync(folder / "build/nettsted", told())
    mark("sider")
    mkdocs = resource.getrusage(resource.RUSAGE_CHILDREN)  # the two houses are drawn by others
    spent["sider"] += mkdocs.ru_utime + mkdocs.ru_stime
    return spent


def pages_of_mkdocs(folder: Path, count: int, site: Path) -> None:
    """A docs folder with ready HTML pages, of the weight of a requirement's page."""
    html = (site / "krav/PLL-0001/index.html").read_text()
    body = html[html.index('<div class="krav-innhold"') : html.index("</article>")]
    docs = folder / "docs/krav"
    docs.mkdir(parents=True)
    (folder / "docs/index.md").write_text("# Hjem\n")
    for number in range(count):
        page = f"---\ntitle: Krav {number}\n---\n\n<div>\n{body}\n</div>\n"
        (docs / f"K{number}.md").write_text(page)
    settings = (ROOT / "mkdocs.yml").read_text().split("\nnav:\n")[0]
    settings = settings.replace("docs_dir: docs/nb", "docs_dir: docs")
    custom = str(ROOT / "tools/kravverk/tema")
    settings = settings.replace("tools/kravverk/tema", custom)
    (folder / "mkdocs.yml").write_text(f"{settings}\nnav: [index.md]\nnot_in_nav: /krav/**\n")


def main(counts: tuple[int, ...], say: Callable[[str], object] = print) -> None:
    """Print one line for each size."""
    say(
        f"{'krav':>6} {'sider':>7} {'mkdocs':>8} {'sider, strømmer':>16} "
        f"{'lese':>6} {'data':>6} {'søk':>6} {'alt':>7} {'igjen':>6} {'MiB':>6}"
    )
    for count in counts:
        with tempfile.TemporaryDirectory(dir=IN_MEMORY) as scratch:
            folder = Path(scratch) / "lager"
            with_history(folder, count)
            for name in ("docs", "mkdocs.yml", "mkdocs.en.yml", "tools"):
                (folder / name).symlink_to(ROOT / name)
            _, _, told = cpu(folder, sys.executable, __file__, "--trinn")
            by = json.loads(told)
            shutil.rmtree(folder / "build")
            krav = [sys.executable, "-m", "kravverk", "nettsted", "--per", PER.isoformat()]
            ours, memory, _ = cpu(folder, *krav)
            site = folder / "build/nettsted"
            pages = sum(1 for _ in site.rglob("index.html"))
            again, _, said = cpu(folder, *krav)
            assert "0 filer skrevet" in said, said
            house = Path(scratch) / "mkdocs"
            pages_of_mkdocs(house, count, site)
            bare, _, _ = cpu(house, sys.executable, "-m", "mkdocs", "build", "-q")
            say(
                f"{count:6} {pages:7} {bare:8.1f} {by['sider']:8.1f} = {by['sider'] / bare:4.2f}x "
                f"{by['lese']:6.1f} {by['data']:6.1f} {max(ours - sum(by.values()), 0):6.1f} "
                f"{ours:7.1f} {again:6.1f} {memory:6}"
            )
            shutil.rmtree(folder)
    say("CPU seconds; mkdocs with one page a requirement, without search. `lese`: read, check and")
    say("judge every decided change; `data`: spreadsheets and JSON; `alt`: the whole command.")
    say("Written to memory." if IN_MEMORY else "Written to the disk, which counts.")


if __name__ == "__main__":
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    if sys.argv[1:] == ["--trinn"]:
        gc.set_threshold(100_000)  # as the command does
        sys.stdout.write(json.dumps(stages(Path.cwd())))
    else:
        main(tuple(map(int, sys.argv[1:])) or (500, 2_000))
