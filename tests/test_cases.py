"""Every folder under `cases/`: a register before and after, and what is said about it.

`before/` and `after/` hold only the files that differ from `_register/`; `SLETTET` lists those
that are gone after. What is said stands in `funn.txt` (findings) and `diff.txt` (what changed, and
whom it hits); that nothing is found is said by a file `ingen-funn`, which holds the reason. A new
case needs no code: make the folder with an empty `funn.txt` or `diff.txt`, run `make update`, and
read what it wrote.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import CASES, files_in
from kravverk.comparison import compare
from kravverk.findings import as_text, rule_name
from kravverk.register import read
from kravverk.render import by_post, environment, title
from kravverk.rules import STAGES, check, check_step, together
from kravverk.spelling import in_dictionary

FOLDERS = sorted(path for path in CASES.iterdir() if path.is_dir() and path.name != "_register")


def says(folder: Path) -> dict[str, str]:
    """The text of the findings and of the difference, by file name."""
    shared = files_in(CASES / "_register")
    after = shared | files_in(folder / "after")
    gone = folder / "SLETTET"
    for path in gone.read_text().split() if gone.exists() else ():
        del after[path]
    register, findings = check(after, known=in_dictionary)
    if not (folder / "before").exists():
        return {"funn.txt": as_text(findings)}
    before, unread = read(shared | files_in(folder / "before"))
    assert not unread
    found = compare(before, register, "før", "etter", in_dictionary)
    template = environment().get_template("diff.txt.j2")
    return {
        "funn.txt": as_text(together(findings, check_step(found))),
        "diff.txt": template.render(
            found=found, poster=by_post(found), tittel=lambda post: title(found, post)
        ),
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_says_what_the_folder_says(folder: Path, request: pytest.FixtureRequest) -> None:
    said = says(folder)
    stated = [name for name in said if (folder / name).exists()]
    silent = (folder / "ingen-funn").exists()
    assert stated or silent, "the folder does not say what to expect"
    if silent:
        assert said["funn.txt"] == ""
        assert (folder / "ingen-funn").read_text().strip(), "say why nothing is found"
    for name in stated:
        if request.config.getoption("--oppdater"):
            (folder / name).write_text(said[name])
        assert said[name], f"nothing is said; use `ingen-funn` instead of an empty {name}"
        assert (folder / name).read_text() == said[name]


def test_every_rule_is_shown_by_a_case() -> None:
    funn = "".join(path.read_text() for path in CASES.glob("*/funn.txt"))
    diff = "".join(path.read_text() for path in CASES.glob("*/diff.txt"))
    missing = {
        rule_name(rule)
        for name, stage in STAGES.items()
        for rule in stage
        if name != "handling"
        if f"[{rule_name(rule)}]" not in funn and f" ({rule_name(rule)})" not in diff
    }
    # Too large to keep in the repository, and not to be had unless a rule is lost (both shown in
    # test_reading.py); and what needs real keys (test_angrep.py).
    assert missing == {"stor-fil", "ufordelt-forskjell", "ugyldig-signatur"}


def test_every_rule_that_stops_an_act_is_shown_in_a_repository() -> None:
    shown = "".join(
        (CASES.parent / f"test_{name}.py").read_text() for name in ("saksgang", "angrep")
    )
    assert {rule_name(rule) for rule in STAGES["handling"] if rule_name(rule) not in shown} == set()


def test_the_shared_register_is_without_fault() -> None:
    assert check(files_in(CASES / "_register"))[1] == []
