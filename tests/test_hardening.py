"""Hostile and careless input: files, names, folders, environments; all of it real."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from markdown_it import MarkdownIt

from conftest import CASES, ROOT, Git, Krav, files_in
from kravverk.dependency_rules import sirkel
from kravverk.file_rules import HIDDEN
from kravverk.findings import Finding, as_github, as_text
from kravverk.models import Krav as Record
from kravverk.reading import read_form
from kravverk.register import kind_of, read
from kravverk.render import escape_md
from kravverk.rules import check
from kravverk.store import MARK, Stopped, branches, open_repo, sync
from test_cli import a_case
from test_store import PLL, commit, edit

GOOD = (CASES / "_register" / PLL).read_text()
DEADLINE = 120  # seconds; only a broken server takes more than a few


def ran(
    lager: Path, *args: str, encoding: str = "utf-8", **env: str
) -> subprocess.CompletedProcess[str]:
    """`krav` in an environment of its own."""
    return subprocess.run(
        [sys.executable, "-m", "kravverk", *args],
        cwd=lager,
        env={**os.environ, **env},
        capture_output=True,
        encoding=encoding,
        check=False,
    )


def stops(done: subprocess.CompletedProcess[str], words: str) -> None:
    """The command ended with one sentence that holds the words, and a way out."""
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    sentence, way_out = done.stderr.splitlines()[-2:]
    assert words in sentence
    assert way_out.startswith("    → ")
    assert done.stdout == ""


def with_pages(lager: Path) -> Path:
    """The repository with what mkdocs builds its pages of."""
    for name in ("docs", "mkdocs.yml", "mkdocs.en.yml", "tools"):
        (lager / name).symlink_to(ROOT / name)
    return lager


# --- Folders that are not ours --------------------------------------------------------------------


@pytest.mark.parametrize("til", ["", ".", "opptatt"])
def test_the_site_is_never_put_where_something_else_is(til: str, lager: Path, krav: Krav) -> None:
    with_pages(lager)
    (lager / "opptatt").mkdir()
    (lager / "opptatt/notat.txt").write_text("mitt")
    before = files_in(lager)
    stops(krav("nettsted", "--til", til), "inneholder noe annet enn nettstedet")
    assert files_in(lager) == before
    assert not list(lager.glob(f"**/{MARK}"))


@pytest.mark.parametrize("name", ["notat.txt", "mappe/notat.txt", ".skjult"])
def test_a_folder_without_its_mark_is_left_as_it_is(name: str, tmp_path: Path) -> None:
    kept = tmp_path / name
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("mitt")
    with pytest.raises(Stopped, match="inneholder noe annet"):
        sync(tmp_path, [("index.html", b"side")])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [kept]
    assert kept.read_text() == "mitt"


def test_an_empty_a_new_and_its_own_folder_are_filled(tmp_path: Path) -> None:
    (tmp_path / "tom").mkdir()
    for folder in (tmp_path / "tom", tmp_path / "ny/mappe"):
        assert sync(folder, [("index.html", b"en")]) == (1, 0)
        assert sync(folder, [("side.html", b"to")]) == (1, 1)
        assert files_in(folder) == {"side.html": b"to"}
        assert (folder / MARK).is_file()


# --- Line endings ---------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["\r\n", "\r"], ids=["CRLF", "CR"])
def test_a_record_says_the_same_whatever_ends_its_lines(ending: str) -> None:
    expected, _ = read_form(Record, PLL, GOOD.encode())
    record, found = read_form(Record, PLL, GOOD.replace("\n", ending).encode())
    assert found == []
    assert record == expected
    assert record
    assert record.tekst.endswith("oppføring i listen i 90 dager etter seponeringsdatoen.")


@pytest.mark.parametrize("ending", [b"\r\n", b"\r"], ids=["CRLF", "CR"])
def test_every_fault_is_on_the_same_line_whatever_ends_its_lines(ending: bytes) -> None:
    """Every faulty file of the cases, with its lines ended otherwise."""
    told = set()
    for path in sorted(CASES.glob("*/after/**/*.yaml")):
        fil = path.relative_to(CASES).as_posix().split("/after/")[1]
        kind, data = kind_of(fil, ("osg", "endringsrad")), path.read_bytes()
        if kind and b"\r" not in data:
            _, expected = read_form(kind, fil, data)
            assert read_form(kind, fil, data.replace(b"\n", ending))[1] == expected, path
            told |= {finding.regel for finding in expected}
    assert {"ikke-utf8", "konfliktmerker", "skjult-tegn", "ugyldig-yaml", "ukjent-felt"} <= told


def test_a_shortcut_after_a_bare_carriage_return_is_a_finding_and_no_crash() -> None:
    text = "id: PLL-0001\rtittel: |\r  a\r  b\rtema: &anker seponering"
    found = read_form(Record, PLL, text.encode())[1]
    assert [(f.regel, f.linje) for f in found] == [("yaml-snarvei", 5)]
    assert "«&anker»" in found[0].melding


# --- Characters that do not show ------------------------------------------------------------------

ESCAPES = ["\\e", "\\0", "\\u200b", "\\L", "\\P", "\\N", "\\r", "\\x7f", "\\U000E0041"]
CHARACTERS = ["\u1160", "\uffa0", "\u2800", "\ufe0f", "\u200b", "\u202e", "\xad", "\x1b", "\u2028"]


PLACES = {
    "value": ("tittel: Seponert oppføring følger", 'tittel: "Sepo{}nert"\n#', 4),
    "field name": ("tittel:", '"tit{}tel":', 4),
    "addressee": ("rekvirent:", '"rekvi{}rent":', 11),
    "list": ("[M25.1]", '["M25{}.1"]', 14),
}
UNQUOTED = {  # where what stands is what is read, and an escape is just letters
    "comment": ("versjon: 3", "versjon: 3  # en{} kommentar", 2),
    "text": ("  i 90 dager", "  i 9{}0 dager", 7),
}
ALL = [
    *((hidden, place) for hidden in ESCAPES + CHARACTERS for place in PLACES),
    *((hidden, place) for hidden in CHARACTERS for place in UNQUOTED),
]


@pytest.mark.parametrize(("hidden", "place"), ALL, ids=ascii)
def test_a_hidden_character_is_one_finding(hidden: str, place: str) -> None:
    old, new, line = (PLACES | UNQUOTED)[place]
    assert old in GOOD
    text = GOOD.replace(old, new.format(hidden), 1)
    found = read_form(Record, PLL, text.encode())[1]
    assert [(f.regel, f.linje) for f in found] == [("skjult-tegn", line)]
    assert re.search(r"U\+[0-9A-F]{4,5} \(", found[0].melding)


def test_letters_that_people_write_are_not_hidden() -> None:
    assert re.search(HIDDEN, "Æøå é ç ü «sitat» – 5 µg ≥ 3 × ½ … ’ \xa0 \n\t Ελ б 漢 👩") is None


# --- Foreign lines in what is printed -------------------------------------------------------------

FOREIGN = "\\n\\n::error file=a::FREMMED"
SYSTEM = "krav/systemer/alfa.yaml"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (PLL, "tema: seponering", f'tema: "seponering{FOREIGN}"'),
        (PLL, "nhn-test", f'"nhn{FOREIGN}"'),
        (PLL, "versjon: 3", f'versjon: "3{FOREIGN}"'),
        (PLL, "id: PLL-0001", f'id: "PLL-0001{FOREIGN}"'),
        (PLL, "tittel: Seponert", f'"tittel{FOREIGN}": Seponert'),
        (PLL, "tittel: Seponert", f'tittel: "Seponert{FOREIGN}"\n#'),
        (PLL, "rekvirent: skal", f'"rekvirent{FOREIGN}": skal'),
        (PLL, "rekvirent: skal", f'rekvirent: "skal{FOREIGN}"'),
        (PLL, "rekvirent: skal", f'rekvirent: {{plikt: skal, dersom: "har{FOREIGN}"}}'),
        (PLL, "[M25.1]", f'["M25.1{FOREIGN}"]'),
        (PLL, "2027-01-01", f'"2027-01-01{FOREIGN}"'),
        (PLL, "tema: seponering", f'tema: seponering\n"a{FOREIGN}": b\n"a{FOREIGN}": c'),
        (PLL, "  - En oppføring", f'  - {{"a{FOREIGN}": b}}\n  - En oppføring'),
        (PLL, "tema: seponering", "tema: a\n\n  ::error file=a::FREMMED #3"),
        (SYSTEM, "navn: Alfa", f'navn: "Alfa{FOREIGN}"'),
        (SYSTEM, "[rekvirent]", f'["rekvirent{FOREIGN}"]'),
        (SYSTEM, "multidose: ja", f'"multidose{FOREIGN}": kanskje'),
        (SYSTEM, "pll: egen", f'"pll{FOREIGN}": egen'),
    ],
)
def test_words_of_a_record_never_get_a_line_of_their_own(path: str, old: str, new: str) -> None:
    files = files_in(CASES / "_register")
    assert old.encode() in files[path]
    files[path] = files[path].replace(old.encode(), new.encode(), 1)
    found = check(files)[1]
    no_foreign_line(as_text(found), as_github(found), f"{path}:")


def test_the_name_of_a_file_never_gets_a_line_of_its_own(lager: Path, krav: Krav) -> None:
    system = (lager / SYSTEM).read_text().replace("id: alfa", "id: delta")
    places = {
        "krav/pll": GOOD,
        "krav/systemer": system,
        "krav": "",
        "changes/2026-001": "id: gal\n",
    }
    (lager / "changes/2026-001").mkdir()
    for folder, content in places.items():
        for char in "\n\r\x0b\x85\u2028":
            (lager / folder / f"a{char}::error::FREMMED.yaml").write_text(content)
    text, github = krav("sjekk"), krav("sjekk", "--format", "github")
    assert text.returncode == github.returncode == 1
    assert text.stdout.count("FREMMED") == 5 * len(places)
    no_foreign_line(text.stdout, github.stdout, ("krav/", "changes/2026-001/"))


def no_foreign_line(text: str, github: str, place: str | tuple[str, ...]) -> None:
    """There is a finding, and each line of either format is one that we made."""
    assert text
    for at, line in enumerate(text.splitlines()):
        assert line.startswith("    → " if at % 2 else place), line
    for line in re.split("[\r\n]+", github.strip()):
        assert line.startswith(("::error file=krav/", "::error file=changes/")), line


def test_a_changed_text_never_gets_a_line_of_its_own_in_a_finding(lager: Path, krav: Krav) -> None:
    edit(lager, "i 90 dager", "\n\n  ::error::FREMMED skal i 90 dager")
    a_case(lager)
    done = krav("sjekk", "--mot", "main")
    assert "[uavklart]" in done.stdout
    assert not re.search(r"^\s*::", done.stdout, re.MULTILINE)


def test_a_finding_for_github_is_escaped_as_github_reads_it() -> None:
    hard = "a%b\r\nc:d,e"
    finding = Finding(hard, 3, "en-regel", "feil", f"x{hard}", f"y{hard}")
    assert as_github([finding]) == (
        "::error file=a%25b%0D%0Ac%3Ad%2Ce,line=3,title=en-regel::"
        "a%25b%0D%0Ac:d,e:3: xa%25b%0D%0Ac:d,e → ya%25b%0D%0Ac:d,e\n"
    )
    advice = Finding("f", 1, "r", "råd", "%0A", "u")
    assert as_github([advice]) == "::notice file=f,line=1,title=r::f:1: %250A → u\n"


# --- Foreign text in Markdown ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "hard",
    [
        "a | b || c",
        "`kode` og ``mer``",
        "\\| og \\` og \\",
        "linje\n\nlinje | to\n# Overskrift",
        "# Overskrift",
        "- punkt",
        "+ punkt",
        "1. punkt",
        "2) punkt",
        "> sitat",
        "*a* _b_ **c** ~~d~~",
        "[lenke](https://ond.example) ![bilde](x.png)",
        "<script>alert(1)</script> &lt; &amp;",
        "https://ond.example/?a=1&b=2",
        "<https://ond.example>",
        "[^1] [x] @noen #1",
        "--- | ---",
    ],
)
def test_foreign_text_in_markdown_is_plain_text(hard: str) -> None:
    md = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    escape = escape_md(hard)
    shown = " ".join(hard.split("\n"))
    for text in (f"| A | B |\n| --- | --- |\n| {escape} | nest |\n", f"> {escape}\n", escape):
        tokens = md.parse(text)
        inline = [token for token in tokens if token.type == "inline"]
        cell = inline[2] if text.startswith("| A") else inline[0]
        assert len(inline) == (4 if text.startswith("| A") else 1), text
        assert {child.type for child in cell.children or ()} <= {"text", "text_special"}, text
        assert "".join(child.content for child in cell.children or ()) == shown.strip()
        assert not {"heading_open", "bullet_list_open", "ordered_list_open", "hr", "code_block"} & {
            token.type for token in tokens
        }


# --- Odd repositories -----------------------------------------------------------------------------


def test_an_empty_revision_is_an_error_and_not_left_out(krav: Krav) -> None:
    stops(krav("sjekk", "--mot", ""), "Fant ikke revisjonen «»")


@pytest.mark.parametrize("name", ["krav/res/PLL-0001.yaml", "krav/pll/kopi.yaml"])
def test_a_misplaced_record_is_shown_with_its_history(
    name: str, lager: Path, krav: Krav, git: Git
) -> None:
    (lager / name).parent.mkdir(exist_ok=True)
    (lager / PLL).rename(lager / name)
    commit(git, "Flyttet hit")
    done = krav("vis", "PLL-0001")
    assert (done.returncode, done.stderr) == (0, "")
    assert "PLL-0001 v3" in done.stdout
    assert "Flyttet hit" in done.stdout


def test_a_folder_that_is_no_case_does_not_count_among_them(lager: Path, krav: Krav) -> None:
    for name in ("2026-abc", "2026-1234", "utkast", "2026-٠٠٧"):
        (lager / "changes" / name).mkdir()
    (lager / "changes/2026-003").mkdir()
    done = krav("ny-sak", "Ny", "--per", "2026-11-23")
    assert (done.returncode, done.stdout) == (0, "changes/2026-004/endring.yaml\n")


def test_a_remote_branch_without_a_remote_is_a_branch(lager: Path, krav: Krav, git: Git) -> None:
    git("checkout", "--quiet", "-b", "sak")
    edit(lager, "90 dager etter", "30 dager etter")
    a_case(lager)
    for name in ("foo", "bar", "origin/baz"):
        git("update-ref", f"refs/remotes/{name}", "main")
    git("update-ref", "refs/remotes/foo", commit(git))
    git("checkout", "--quiet", "main")
    git("branch", "--quiet", "-D", "sak")
    assert [branch.navn for branch in branches(open_repo(lager))] == [
        "bar",
        "foo",
        "main",
        "origin/baz",
    ]
    done = krav("saker")
    assert done.returncode == 0
    assert "· foo\n" in done.stdout


def test_a_line_separator_in_git_is_no_new_line(lager: Path, krav: Krav, git: Git) -> None:
    branch = "sak\u2028gren"
    git("checkout", "--quiet", "-b", branch)
    edit(lager, "90 dager etter", "30 dager etter")
    a_case(lager)
    commit(git, "Første\u2028andre\x0btredje\x1cfjerde")
    done = krav("vis", "PLL-0001")
    assert done.returncode == 0
    assert "Første\u2028andre" in done.stdout
    assert "Registeret" in done.stdout
    git("checkout", "--quiet", "main")
    assert [found.navn for found in branches(open_repo(lager))] == ["main", branch]
    done = krav("saker")
    assert done.returncode == 0
    assert f"· {branch}\n" in done.stdout
    assert krav("ny-sak", "Ny", "--per", "2026-11-23").stdout.startswith("changes/2026-002/")


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["sjekk"], 1),
        (["sjekk", "--mot", "main"], 1),
        (["diff", "main"], 0),
        (["vis", "PLL-0001"], 0),
        (["saker"], 0),
        (["forklar", "sirkel"], 0),
        (["--help"], 0),
        (["diff", "æøå→"], 2),
    ],
)
def test_a_terminal_of_another_time_gets_what_it_can_show(
    args: list[str], code: int, lager: Path
) -> None:
    edit(lager, "90 dager etter", "30 dager etter ≥ 漢")
    edit(lager, "tema: seponering", "tema: ukjent→", "krav/pll/PLL-0002.yaml")
    done = ran(lager, *args, encoding="cp1252", PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert re.search("[æøå]", done.stdout + done.stderr)


# --- Odd machines ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["diff main", "saker", "vis PLL-0001", "ny-sak Ny", "nettsted"])
def test_without_git_every_command_that_needs_it_says_so(
    name: str, lager: Path, tmp_path: Path
) -> None:
    with_pages(lager)
    (tmp_path / "tom").mkdir()
    done = ran(lager, *name.split(), PATH=str(tmp_path / "tom"))
    stops(done, "Fant ikke programmet git.")


def test_without_git_there_is_still_help(lager: Path, tmp_path: Path) -> None:
    for args in ([], ["--help"], ["diff", "--help"], ["forklar"]):
        done = ran(lager, *args, PATH=str(tmp_path / "tom"))
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout


@pytest.mark.parametrize("name", ["diff main", "saker", "sjekk --mot main", "rapport 2026-001"])
def test_a_repository_of_somebody_else_is_told_as_such(name: str, lager: Path) -> None:
    done = ran(
        lager,
        *name.split(),
        GIT_TEST_ASSUME_DIFFERENT_OWNER="1",
        GIT_CONFIG_GLOBAL=os.devnull,
        GIT_CONFIG_SYSTEM=os.devnull,
    )
    stops(done, "eies av en annen bruker")
    assert "safe.directory" in done.stderr


def test_an_unknown_revision_in_a_shallow_clone_says_how_to_fetch_the_rest(
    lager: Path, git: Git, krav: Krav, tmp_path: Path
) -> None:
    old = git("rev-parse", "HEAD").strip()
    edit(lager, "90 dager etter", "30 dager etter")
    commit(git)
    unknown = krav("diff", "finnes-ikke")
    stops(unknown, "Fant ikke revisjonen «finnes-ikke»")
    assert "--unshallow" not in unknown.stderr
    clone = tmp_path / "grunn"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", lager.as_uri(), clone], check=True)
    done = krav("diff", old, cwd=clone)
    stops(done, f"Fant ikke revisjonen «{old}»")
    assert "git fetch --unshallow" in done.stderr


# --- The server -----------------------------------------------------------------------------------


@pytest.fixture
def port() -> int:
    """A port that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def server(lager: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """`krav nettsted --server` as from a terminal: a group of processes that Ctrl+C reaches."""
    # What the tests themselves were started from may have told processes to ignore Ctrl+C.
    ours = signal.signal(signal.SIGINT, signal.default_int_handler)
    started = subprocess.Popen(
        [sys.executable, "-m", "kravverk", "nettsted", "--server", "--port", str(port)],
        cwd=with_pages(lager),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    signal.signal(signal.SIGINT, ours)
    yield started
    if started.poll() is None:
        os.killpg(started.pid, signal.SIGKILL)
        started.communicate()


def answer(started: subprocess.Popen[str], address: str) -> str:
    """What stands at an address, as soon as it answers."""
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline and started.poll() is None:
        try:
            with urlopen(address, timeout=DEADLINE) as found:  # noqa: S310 - http, this machine
                return str(found.read().decode())
        except (URLError, ConnectionError):
            time.sleep(0.05)
    pytest.fail(f"no answer: {started.poll()}")


def test_the_server_answers_until_ctrl_c_and_says_goodbye(
    server: subprocess.Popen[str], port: int
) -> None:
    page = answer(server, f"http://127.0.0.1:{port}/krav/PLL-0001/")
    assert "<title>PLL-0001 Seponert oppføring" in page
    os.killpg(server.pid, signal.SIGINT)
    said, errors = server.communicate(timeout=DEADLINE)
    assert server.returncode == 0
    assert "Traceback" not in said + errors
    assert f"Viser nettstedet på http://127.0.0.1:{port}/" in errors
    assert errors.endswith("Avsluttet.\n")


def test_the_server_shows_a_record_as_soon_as_it_is_saved(
    server: subprocess.Popen[str], lager: Path, port: int
) -> None:
    address = f"http://127.0.0.1:{port}/krav/PLL-0001/"
    assert "i 90 dager etter" in answer(server, address)
    edit(lager, "i 90 dager etter", "i 91 dager etter")
    deadline = time.monotonic() + DEADLINE
    while "i 91 dager etter" not in answer(server, address):
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_a_port_that_is_in_use_is_one_sentence(lager: Path, krav: Krav) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = krav("nettsted", "--server", "--port", port, cwd=with_pages(lager))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    sentence, way_out = done.stderr.splitlines()[-2:]
    assert f"på port {port}: " in sentence
    assert "--port" in way_out


# --- Rings ----------------------------------------------------------------------------------------


def rings(needs: dict[int, list[int]]) -> list[list[int]]:
    """The chains that `sirkel` tells of, where each requirement needs those it maps to."""
    text = (CASES / "_register/krav/pll/PLL-0002.yaml").read_text()
    files = {}
    for number, others in needs.items():
        names = ", ".join(f"PLL-{other:04}" for other in others)
        record = text.replace("id: PLL-0002", f"id: PLL-{number:04}").replace(
            "[PLL-0001]", f"[{names}]"
        )
        files[f"krav/pll/PLL-{number:04}.yaml"] = record.encode()
    register, found = read(files)
    assert not found
    chains = []
    for (fil, line), sentence, _ in sirkel(register):
        chain = [int(word) for word in re.findall(r"PLL-(\d{4})", sentence)]
        assert fil == f"krav/pll/PLL-{chain[0]:04}.yaml"
        assert line == 1 + text.split("\n").index("avhenger_av: [PLL-0001]")
        chains.append(chain)
    return chains


def test_each_separate_ring_is_told_once_from_its_smallest_id() -> None:
    needs = {9: [4], 4: [7], 7: [9], 2: [5], 5: [2], 3: [3], 1: [2, 9], 6: [1, 8], 8: []}
    assert sorted(rings(needs)) == [[2, 5, 2], [3, 3], [4, 7, 9, 4]]


def test_no_ring_is_told_where_there_is_none() -> None:
    assert rings({n: list(range(n + 1, 40)) for n in range(1, 40)}) == []


def test_many_interleaved_rings_are_told_as_a_few_that_stand() -> None:
    size = 120
    needs = {n: [(n + step) % size for step in (1, 2, 3, 5, 7)] for n in range(size)}
    told = rings(needs)
    seen: list[int] = []
    for chain in told:
        assert chain[0] == chain[-1] == min(chain)
        assert all(other in needs[one] for one, other in pairwise(chain))
        seen += chain[1:]
    assert told
    assert len(set(seen)) == len(seen)


# --- The demo -------------------------------------------------------------------------------------


def demo(folder: Path) -> subprocess.CompletedProcess[str]:
    """The demo's proposal, made in a copy of the register."""
    command = [sys.executable, str(ROOT / "tools/demo/endring.py")]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture
def kopi(tmp_path: Path) -> Path:
    """The project's own register."""
    shutil.copytree(ROOT / "krav", tmp_path / "krav")
    return tmp_path


def test_the_demo_finds_its_fields_in_records_that_have_been_edited(kopi: Path) -> None:
    for path in (kopi / "krav/ki").glob("KI-*.yaml"):
        text = path.read_text().replace("kilder:", "# Et notat.\nkilder:")
        text = re.sub("^versjon: .*", "versjon: 7  # etter mange saker", text, flags=re.MULTILINE)
        text = re.sub("^meldinger: .*\n", "", text, flags=re.MULTILINE)
        path.write_text(
            re.sub("^tekst: [|]\n", "tekst: |\n  Skrevet om.\n\n", text, flags=re.MULTILINE)
        )
    done = demo(kopi)
    assert (done.returncode, done.stderr) == (0, "")
    register, found = read(files_in(kopi))
    assert not found
    changed = {ident for ident, krav in register.krav.items() if krav.versjon == 8}
    assert changed == {"KI-0008", "KI-0011", "KI-0012"}
    assert "sannsynlig" in register.krav["KI-0012"].tekst
    assert "Skrevet om." not in register.krav["KI-0012"].tekst
    assert "Skrevet om." in register.krav["KI-0001"].tekst
    assert register.krav["KI-0012"].kilder
    assert register.krav["KI-0011"].gjelder["epj"].plikt == "skal"
    assert set(register.saker) == {"2026-901"}


def test_the_demo_says_which_field_it_did_not_find(kopi: Path) -> None:
    path = kopi / "krav/ki/KI-0011.yaml"
    path.write_text(path.read_text().replace("gjelder:", "gjelder_for:"))
    done = demo(kopi)
    assert done.returncode == 1
    assert done.stderr.startswith("Demoen fant ikke gjelder i krav/ki/KI-0011.yaml; ")
