"""Fixtures shared by all tests: real git repositories, and a real Chromium where there is one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "Browser tests did not run: no Chromium found (Debian: apt-get install chromium)."

expect.set_options(timeout=30_000)  # a loaded machine is slow, not wrong

Git = Callable[..., str]
Krav = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--oppdater", action="store_true", help="rewrite what the cases are said to say"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs Chromium")
    if not CHROMIUM and os.environ.get("CI"):
        raise pytest.UsageError(MISSING)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not CHROMIUM:
        browser = [item for item in items if item.get_closest_marker("browser")]
        config.hook.pytest_deselected(items=browser)
        items[:] = [item for item in items if item not in browser]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not CHROMIUM:
        terminalreporter.write_line(MISSING)


def files_in(folder: Path) -> dict[str, bytes]:
    """Path -> content below a folder, as the store gives them."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def unbroken(html: str) -> str:
    """A paper without the marks that keep an id on one line."""
    return re.sub(r'<span class="hel">([^<]*)</span>', r"\1", html)


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Run git in the repository of the test."""

    def run(*args: str) -> str:
        env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        who = ("-c", "user.name=Rolle", "-c", "user.email=rolle@kravverk.example")
        done = subprocess.run(
            ["git", *who, *args],
            cwd=tmp_path / "lager",
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    return run


@pytest.fixture
def lager(tmp_path: Path, git: Git) -> Path:
    """A real repository with the small register of the cases, committed on main."""
    folder = tmp_path / "lager"
    shutil.copytree(CASES / "_register", folder)
    git("init", "--quiet", "--initial-branch=main")
    git("add", "--all")
    git("commit", "--quiet", "--message=Registeret")
    return folder


@pytest.fixture
def krav(lager: Path) -> Krav:
    """Run the command `krav` in the repository of the test, as its users do."""

    def run(*args: str, cwd: Path = lager) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kravverk", *args],
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def nettsted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the project's own register as it is on disk, with an open case on a branch."""
    folder = tmp_path_factory.mktemp("nettsted")
    clone = folder / "lager"

    def run(*args: str, cwd: Path) -> None:
        subprocess.run(args, cwd=cwd, check=True, capture_output=True)

    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).exists():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, clone / name)
    who = ("-c", "user.name=Rolle", "-c", "user.email=rolle@kravverk.example")
    run("git", "init", "--quiet", "--initial-branch=main", cwd=clone)
    run("git", "add", "--all", cwd=clone)
    run("git", *who, "commit", "--quiet", "--message=Registeret", cwd=clone)
    run("git", "checkout", "--quiet", "-b", "sak-2026-901", cwd=clone)
    run(sys.executable, str(ROOT / "tools/demo/endring.py"), cwd=clone)
    run("git", "add", "--all", cwd=clone)
    run("git", *who, "commit", "--quiet", "--message=Sak", cwd=clone)
    run("git", "checkout", "--quiet", "main", cwd=clone)
    made = folder / "ut"
    per = ("--per", "2026-12-01")
    run(sys.executable, "-m", "kravverk", "nettsted", *per, "--til", str(made), cwd=clone)
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def server(nettsted: Path) -> Iterator[str]:
    """The site on this machine, as a web server would give it."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(nettsted))) as httpd:
        Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A page that fails the test if anything is asked of another host, or anything fails."""
    context = browser.new_context(base_url=server)
    found = context.new_page()
    strangers: list[str] = []
    found.on("request", lambda r: strangers.append(r.url) if server not in r.url else None)
    found.on("pageerror", lambda error: strangers.append(str(error)))
    found.on("console", lambda m: strangers.append(m.text) if m.type == "error" else None)
    yield found
    context.close()
    assert strangers == []
