"""Documents for a word processor, by python-docx, which is an extra."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from kravverk.minutes import Blokk
from kravverk.store import Stopped

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

_NEVER = datetime(2000, 1, 1)
_STYLES = {
    "tittel": "Title",
    "overskrift": "Heading 1",
    "sak": "Heading 2",
    "avsnitt": "Normal",
    "punkter": "List Bullet",
}


def docx(blocks: Sequence[Blokk]) -> bytes:
    """The blocks as a Word document: the same blocks, the same bytes. Stopped without the extra."""
    try:
        from docx import Document  # noqa: PLC0415 - an extra
        from docx.oxml.ns import qn  # noqa: PLC0415
        from docx.oxml.parser import OxmlElement  # noqa: PLC0415
        from docx.shared import Mm  # noqa: PLC0415
    except ImportError:
        raise Stopped(
            "Word-filer krever python-docx, som ikke er installert.",
            "Installer det med `pip install 'kravverk[docx]'`, eller velg et annet format.",
        ) from None

    def field(line: Paragraph, code: str, shown: str) -> None:
        """What the word processor fills in on each page; `shown` stands until it does."""
        made = OxmlElement("w:fldSimple")
        made.set(qn("w:instr"), code)
        made.append(line.add_run(shown)._r)
        line._p.append(made)

    document = Document()
    title = next((texts[0] for slag, texts in blocks if slag == "tittel"), "")
    cases = sum(slag == "sak" for slag, _ in blocks)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    top, bottom = page.header.paragraphs[0], page.footer.paragraphs[0]
    top.add_run(f"{title} · " if cases else title)
    if cases:  # the heading of the case that the page is about
        field(top, "STYLEREF 2", f"{cases} {'sak' if cases == 1 else 'saker'}")
    bottom.add_run("Side ")
    field(bottom, "PAGE", "1")
    bottom.add_run(" av ")
    field(bottom, "NUMPAGES", "1")
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "nb-NO")
    about = document.core_properties
    about.title = title
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
