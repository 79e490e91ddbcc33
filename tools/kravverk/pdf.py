"""Council papers as PDF: the same HTML, set on A4 by WeasyPrint, tagged and with bookmarks."""

from __future__ import annotations

import hashlib
from typing import Any, NoReturn

from kravverk.store import Stopped


def pdf(html: str) -> bytes:
    """The paper as PDF/UA: the same HTML and the same fonts, the same bytes.

    Stopped when WeasyPrint, which is an extra, is not installed. Nothing is fetched: the paper is
    one file, and a record that could make it ask for another would be a hole.
    """
    try:
        from weasyprint import HTML  # noqa: PLC0415 - an extra, and half a second to load
    except (ImportError, OSError):
        raise Stopped(
            "PDF krever WeasyPrint, som ikke er installert.",
            "Installer det med `pip install 'kravverk[pdf]'`, eller skriv ut HTML-filen.",
        ) from None
    mark = hashlib.sha256(html.encode()).digest()[:16]  # instead of one made of the time
    document = HTML(string=html, base_url=None, url_fetcher=_nothing)
    made: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=mark)
    return made


def _nothing(url: str, *_: Any, **__: Any) -> NoReturn:
    raise ValueError(f"papirene henter ingenting: {url[:60]}")
