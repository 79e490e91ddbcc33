"""Documents for a word processor, by python-docx, which is an extra."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime

from kravverk.minutes import Blokk
from kravverk.store import Stopped

_NEVER = datetime(2000, 1, 1)
_STYLES = {
    "tittel": "Title",
    "overskrift": "Heading 1",
    "avsnitt": "Normal",
    "punkter": "List Bullet",
}


def docx(blocks: Sequence[Blokk]) -> bytes:
    """The blocks as a Word document: the same blocks, the same bytes. Stopped without the extra."""
    try:
        from docx import Document  # noqa: PLC0415 - an extra
    except ImportError:
        raise Stopped(
            "Word-filer krever python-docx, som ikke er installert.",
            "Installer det med `pip install 'kravverk[docx]'`, eller velg et annet format.",
        ) from None
    document = Document()
    about = document.core_properties
    about.title = next((texts[0] for slag, texts in blocks if slag == "tittel"), "")
    about.language, about.author = "nb-NO", "kravverk"
    about.created = about.modified = _NEVER
    for slag, texts in blocks:
        for text in texts:
            document.add_paragraph(text, style=_STYLES[slag])
    made = io.BytesIO()
    document.save(made)
    return _timeless(made.getvalue())


def _timeless(data: bytes) -> bytes:
    """The same archive without the times at which its parts were written."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()
