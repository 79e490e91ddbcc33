"""The way out of mkdocs-material: Zensical draws the same house from the same files."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import date

import pytest

from conftest import CASES, ROOT, files_in
from kravverk.language import languages
from kravverk.register import read
from kravverk.site import FRAMES, draw_house, site
from kravverk.view import View

House = dict[str, bytes]


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, House]:
    """language -> what Zensical makes by the configuration that mkdocs reads."""
    folder = tmp_path_factory.mktemp("zensical")
    for name in ("docs", "tools/kravverk/tema"):
        shutil.copytree(ROOT / name, folder / name)
    made = {}
    for language in languages():
        shutil.copy(ROOT / "mkdocs.yml", folder)
        shutil.copy(ROOT / language.oppsett, folder)
        command = [sys.executable, "-m", "zensical", "build", "--strict", "-f", language.oppsett]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        made[language.kode] = files_in(folder / "build/mkdocs")
        shutil.rmtree(folder / "build")
    return made


def pages(house: House) -> set[str]:
    return {path for path in house if path.endswith(".html")}


def test_the_same_addresses_are_made(houses: dict[str, House]) -> None:
    for language in languages():
        assert pages(houses[language.kode]) == pages(draw_house(ROOT, language.oppsett))


def test_records_are_hung_in_its_frames(houses: dict[str, House]) -> None:
    register, _ = read(files_in(CASES / "_register"))
    view = View(register, (), date(2026, 12, 1), {})
    made = dict(site(houses, view, lambda: None))
    for path, lang, above in (("krav/PLL-0001/", "nb", "../../"), ("system/alfa/", "nb", "../../")):
        for folder, code in (("", lang), ("en/", "en")):
            html = made[f"{folder}{path}index.html"].decode()
            assert f'<html lang="{code}"' in html
            assert f'rel="canonical" href="https://kravverk.example/{folder}{path}"' in html
            assert f'href="{above}assets/krav.css"' in html
            assert len(re.findall("<h1", html)) == 1
    html = made["krav/PLL-0001/index.html"].decode()
    assert "<title>PLL-0001 Seponert oppføring følger listen i 90 dager - " in html
    assert "<h1>Seponert oppføring følger listen i 90 dager</h1>" in html
    assert '<a class="krav-sprak" href="../../en/krav/PLL-0001/"' in html
    assert 'http-equiv="Content-Security-Policy"' in html
    assert '<div class="normativ">' in html
    assert "data-pagefind-body" in html
    assert 'id="kravliste"' in made["krav/index.html"].decode()
    for path, data in made.items():
        if path.endswith(".html"):
            html = data.decode()
            assert "KRAVVERK-" not in html, path
            assert "Innholdet lages av" not in html, path
            assert not any(f"{at}index" in html for at in FRAMES.values()), path
