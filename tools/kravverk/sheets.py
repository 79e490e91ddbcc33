"""The requirements as a table, for a spreadsheet or an issue tracker: CSV and XLSX."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO

from xlsxwriter import Workbook

from kravverk.bindings import Binding
from kravverk.language import Language
from kravverk.models import Krav
from kravverk.text import word
from kravverk.view import View
from kravverk.wording import realised

Cell = str | int | date | None
# What a spreadsheet would take for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FULL = 32_000  # how much of a text a cell of Excel is given, in its own units; 32,767 is the most
MADE = datetime(2026, 1, 1)  # when every workbook says it was made, so that its bytes are the same
LINK = "Lenke"
WIDTHS = {"Tittel": 40, "Tekst": 80, "Akseptanse": 60, "Gjelder": 40, LINK: 40}


@dataclass(frozen=True)
class Sheets:
    """The tables of one language."""

    view: View
    language: Language

    def _(self, words: str) -> str:
        return self.language.tale.gettext(words)

    def rows(self, system: str) -> Iterator[dict[str, Cell]]:
        """column -> value for each requirement that binds a system; for all where it is empty."""
        if system:
            for krav, binding in self.view.bundet[system]:
                yield self._row(krav, system, binding)
        else:
            for krav in self.view.reg.krav.values():
                yield self._row(krav, "", None)

    def _row(self, krav: Krav, system: str, binding: Binding | None) -> dict[str, Cell]:
        reg, words = self.view.reg, self.language.oversatt(krav)
        tema = reg.temaer.get(krav.tema)
        row: dict[str, Cell] = {
            "Id": krav.id,
            "Versjon": krav.versjon,
            "Tittel": words.tittel,
            "Tekst": words.tekst,
            "Akseptanse": "\n".join(f"• {point}" for point in krav.akseptanse),
        }
        if self.language.engelsk:
            row["Språk"] = (
                self._("Oversatt fra versjon %s; den norske teksten gjelder") % words.versjon
                if words is not krav
                else self._("Norsk")
            )
        if binding:
            doubt = "" if binding.bekreftet else f" ({self._('må bekreftes av leverandør')})"
            how = reg.systemer[system].realisering.get(krav.omrade, "ikke oppgitt")
            row["Plikt"] = self._(binding.plikt) + doubt
            row["Realisering"] = realised(how, reg, self._)
        else:
            row["Gjelder"] = "; ".join(self._addressed(krav))
        return row | {
            "Frist": krav.frister.oppfylles_innen or krav.frister.mottak_innen,
            "Godkjenning": self._(word(krav.godkjenning)),
            "Tema": tema.navn if tema else krav.tema,
            "Status": self._(word(krav.status)),
            LINK: f"{self.view.rot}{self.language.mappe}krav/{krav.id}/",
        }

    def _addressed(self, krav: Krav) -> Iterator[str]:
        reg = self.view.reg
        for ident, gjelder in krav.gjelder.items():
            record = reg.grupper.get(ident) or reg.systemer.get(ident)
            only = self._("dersom systemet har funksjonen")
            condition = f" ({only} {gjelder.dersom})" if gjelder.dersom else ""
            yield f"{record.navn if record else ident}: {self._(gjelder.plikt)}{condition}"

    def _columns(self, system: str) -> list[str]:
        """The columns, also where no requirement has a row."""
        middle = ["Plikt", "Realisering"] if system else ["Gjelder"]
        spoken = ["Språk"] if self.language.engelsk else []
        return [
            *("Id", "Versjon", "Tittel", "Tekst", "Akseptanse", *spoken, *middle),
            *("Frist", "Godkjenning", "Tema", "Status", LINK),
        ]

    def csv(self, system: str) -> bytes:
        """The table as UTF-8 with the mark that Excel knows it by; no cell begins a formula."""
        columns, out = self._columns(system), StringIO(newline="")
        made = csv.writer(out)
        made.writerow(map(self._, columns))
        for row in self.rows(system):
            made.writerow(_harmless(row[name]) for name in columns)
        return out.getvalue().encode("utf-8-sig")

    def xlsx(self, system: str) -> bytes:
        """The table as an Excel workbook of one sheet; every text is a text, whatever it says."""
        columns, out = self._columns(system), BytesIO()
        book = Workbook(out, {"in_memory": True})
        book.set_properties({"created": MADE})
        head = book.add_format({"bold": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
        sheet = book.add_worksheet(self._("Krav"))
        sheet.freeze_panes(1, 1)
        for at, name in enumerate(columns):
            sheet.set_column(at, at, WIDTHS.get(name, 16))
            sheet.write_string(0, at, self._(name), head)
        number = 0
        for number, row in enumerate(self.rows(system), start=1):
            for at, name in enumerate(columns):
                value = row[name]
                if isinstance(value, date):
                    sheet.write_datetime(number, at, value, day)
                elif isinstance(value, int):
                    sheet.write_number(number, at, value, plain)
                elif name == LINK:
                    sheet.write_url(number, at, value)
                elif value:
                    sheet.write_string(number, at, self._fitting(value), plain)
        sheet.autofilter(0, 0, number, len(columns) - 1)
        book.close()
        return out.getvalue()

    def _fitting(self, text: str) -> str:
        """A text as Excel can hold it; one too long is cut, and says so."""
        units = text.encode("utf-16-le")
        if len(units) > 2 * FULL:
            kept = units[: 2 * FULL].decode("utf-16-le", errors="ignore")
            return f"{kept} … ({self._('forkortet; hele teksten står på siden til kravet')})"
        # XlsxWriter takes what stands between these marks for XML of its own.
        return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _harmless(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
