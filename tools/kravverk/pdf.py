"""Council papers as PDF: the same HTML, set on A4 by WeasyPrint, tagged and with bookmarks."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files
from typing import Any, NoReturn

from kravverk.store import Stopped

_LETTERS = files("kravverk") / "skrift"
# Setting a run without a space takes the square of its length; of 100,000 letters, many minutes.
_TEXT, _RUN = re.compile(r">[^<]{80,}"), re.compile(r"[^\s&;]{80}")


def pdf(html: str) -> bytes:
    """The paper as PDF/A-2a and PDF/UA-1: the same HTML, the same bytes on every machine.

    Stopped when WeasyPrint, which is an extra, is not installed. Nothing is fetched: the paper is
    one file, and a record that could make it ask for another would be a hole.
    """
    try:
        from weasyprint import CSS, HTML  # noqa: PLC0415 - an extra, and half a second to load
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    except (ImportError, OSError):
        raise Stopped(
            "PDF krever WeasyPrint, som ikke er installert.",
            "Installer det med `pip install 'kravverk[pdf]'`, eller skriv ut HTML-filen.",
        ) from None
    mark = hashlib.sha256(html.encode()).digest()[:16]  # instead of one made of the time
    fonts = FontConfiguration()
    letters = CSS(filename=str(_LETTERS / "skrift.css"), font_config=fonts)
    head, body, rest = html.partition("<body>")
    broken = _TEXT.sub(lambda text: _RUN.sub(r"\g<0><wbr>", text[0]), rest)
    document = HTML(string=head + body + broken, base_url=None, url_fetcher=_nothing)
    made: bytes = document.write_pdf(
        stylesheets=[letters],
        font_config=fonts,
        pdf_variant="pdf/a-2a",
        pdf_identifier=mark,
        finisher=_accessible,
    )
    return made


def _accessible(_document: Any, made: Any) -> None:
    """Say that it is PDF/UA too, and which way each header cell of a table reaches.

    WeasyPrint writes one of the two marks, PDF/A or PDF/UA, and leaves the reach of a header out.
    """

    def at(reference: bytes) -> Any:
        return made.objects[int(reference.split()[0])]

    about = at(made.catalog["Metadata"])
    extra = (_LETTERS / "pdfua.xmp").read_bytes()
    about.stream = [part.replace(b"</rdf:RDF>", extra + b"</rdf:RDF>") for part in about.stream]
    for cell in made.objects:
        if isinstance(cell, dict) and cell.get("S") == "/TH" and "A" in cell:
            head = at(at(cell["P"])["P"])["S"] == "/THead"
            cell["A"]["Scope"] = "/Column" if head else "/Row"


def _nothing(url: str, *_: Any, **__: Any) -> NoReturn:
    raise ValueError(f"papirene henter ingenting: {url[:60]}")
