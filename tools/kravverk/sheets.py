"""The requirements as a table, for a spreadsheet or an issue tracker: CSV and XLSX."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from xlsxwriter import Workbook

from kravverk.bindings import Binding, Vei
from kravverk.language import Language
from kravverk.models import Krav
from kravverk.reasons import reasons_told
from kravverk.text import word
from kravverk.view import Endret, View
from kravverk.wording import address_of, because, realised

Cell = str | int | date | None
# What a spreadsheet would take for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FULL = 32_000  # how much of a text a cell of Excel is given, in its own units; 32,767 is the most
MADE = datetime(2026, 1, 1)  # when every workbook says it was made, so that its bytes are the same
DATES = ("Kan brukes fra", "Mottak innen", "Oppfylles innen")
LINK, VERSION = "Lenke", "Lenke til versjonen"
WIDTHS = {
    "Tittel": 40,
    "Tekst": 80,
    "Akseptanse": 60,
    "Norsk tekst": 80,
    "Gjelder": 40,
    LINK: 40,
    VERSION: 40,
}


@dataclass(frozen=True)
class Sheets:
    """The tables of one language."""

    view: View
    language: Language

    def _(self, words: str) -> str:
        return self.language.tale.gettext(words)

    def rows(self, system: str, utgivelse: str = "") -> Iterator[dict[str, Cell]]:
        """column -> value for each requirement that binds a system; for all where it is empty."""
        if system:
            bound = self.view.bundet_under(utgivelse) if utgivelse else self.view.bundet
            for krav, binding in bound[system]:
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
                self._("Norsk")
                if words is krav
                else self._("Oversatt fra versjon %s; den norske teksten gjelder") % words.versjon
                if words.versjon == krav.versjon
                else self._("Foreldet, fra versjon %s; den norske teksten gjelder") % words.versjon
            )
            row["Norsk tekst"] = krav.tekst
        if binding:
            doubt = "" if binding.bekreftet else f" ({self._('må bekreftes av leverandør')})"
            how = reg.systemer[system].realisering.get(krav.omrade, "ikke oppgitt")
            row["Plikt"] = self._(binding.plikt) + doubt
            row["Bundet gjennom"] = "; ".join(map(self._way, binding.veier))
            row["Realisering"] = realised(how, reg, self._)
        else:
            row["Gjelder"] = "; ".join(
                self._way(Vei(name, g.plikt, g.dersom)) for name, g in krav.gjelder.items()
            )
        held = self.view.utgitt.get((krav.id, krav.versjon))
        page = f"{self.view.rot}{self.language.mappe}krav/{krav.id}/"
        return row | {
            "Kan brukes fra": krav.frister.kan_brukes_fra,
            "Mottak innen": krav.frister.mottak_innen,
            "Oppfylles innen": krav.frister.oppfylles_innen,
            "Utgivelse": held.id if held else self._("ikke utgitt ennå"),
            "Må følges fra": held.ma_folges_fra if held else None,
            "Utfases": krav.frister.utfases,
            "Godkjenning": self._(word(krav.godkjenning)),
            "Tema": self._called(tema.navn if tema else krav.tema),
            "Meldinger": ", ".join(krav.meldinger),
            "Status": self._(word(krav.status)),
            VERSION: f"{page}v{krav.versjon}/",
            LINK: page,
        }

    def _way(self, vei: Vei) -> str:
        who = self._called(self.view.reg.navn(vei.adressat))
        only = self._("dersom systemet har funksjonen")
        condition = (
            f" ({only} {self._called(self.view.reg.funksjon(vei.dersom))})" if vei.dersom else ""
        )
        return f"{who}: {self._(vei.plikt)}{condition}"

    def _called(self, name: str) -> str:
        known = self.view.engelske_navn if self.language.engelsk else {}
        return f"{name} ({known[name]})" if name in known else name

    def _columns(self, system: str) -> dict[str, str]:
        """The columns and their headings, also where no requirement has a row."""
        say = self._
        named = {
            **{"Id": "Id", "Versjon": say("Versjon"), "Tittel": say("Tittel")},
            **{
                "Tekst": say("Tekst"),
                "Akseptanse": say("Akseptanse på norsk"),
                "Språk": say("Språk"),
            },
            **{"Norsk tekst": say("Norsk tekst")},
            **{"Gjelder": say("Gjelder"), "Plikt": say("Plikt")},
            **{"Bundet gjennom": say("Bundet gjennom"), "Realisering": say("Realisering")},
            **{name: say(name.lower()).capitalize() for name in DATES},
            **{
                "Utgivelse": say("Utgivelse"),
                "Må følges fra": say("Må følges fra"),
                "Utfases": say("Utfases"),
            },
            **{"Godkjenning": say("Godkjenning"), "Tema": say("Tema")},
            **{"Meldinger": say("Meldinger"), "Status": say("Status")},
            **{VERSION: say("Lenke til versjonen"), LINK: say("Lenke")},
        }
        without = {"Gjelder"} if system else {"Plikt", "Bundet gjennom", "Realisering"}
        if not self.language.engelsk:
            without |= {"Språk", "Norsk tekst"}
            named["Akseptanse"] = "Akseptanse"
        return {name: heading for name, heading in named.items() if name not in without}

    def _why(self, one: Endret) -> str:
        ended, gone = self._("utgått").capitalize(), self.view.utgatt_i(one.post, one.saker)
        if gone and gone.erstattet_av:
            ended += f", {self._('erstattet av')} {', '.join(gone.erstattet_av)}"
        told = because(one.fordi)
        if self.language.engelsk:
            told = reasons_told(one.fordi, self.language, str).unescape()
        return f"{ended}. {told}".strip() if gone else told

    def csv(self, system: str, utgivelse: str = "") -> bytes:
        """The table as UTF-8 with the mark that Excel knows it by; no cell begins a formula.

        With a release: what binds the system there.
        """
        columns = self._columns(system)
        rows = ([row[name] for name in columns] for row in self.rows(system, utgivelse))
        return _written([[*columns.values()], *rows])

    def changes(self, system: str) -> bytes:
        """What has changed for a system, a row for each record and release since, as CSV.

        It says what the system's page says under each release.
        """
        say = self._
        head = [
            *(
                say("Endret siden"),
                say("Post"),
                say("Tittel"),
                say("Klasse"),
                say("Hvordan systemet berøres"),
            ),
            *(say("Fra versjon"), say("Til versjon"), say("Sak"), say("Kommer i")),
            *(say("Hvorfor"), say("Lenke")),
        ]
        since = self.view.endret_siden[system]
        rows = ([ident, *self._change(one)] for ident, every in since.items() for one in every)
        return _written([head, *rows])

    def _change(self, one: Endret) -> list[Cell]:
        view, say, language = self.view, self._, self.language
        record: Any = view.reg.poster.get(one.post)
        page, title = address_of(one.post) if record else "", ""
        if isinstance(record, Krav):
            title = language.oversatt(record).tittel
            page += f"v{one.til}/" + (f"#fra-{one.fra}" if one.fra not in (None, one.til) else "")
        elif record:
            title = self._called(record.navn)
        return [
            *(one.post.rpartition("/")[2], title, say(word(one.klasse or ""))),
            *(say(word(one.hvordan)), one.fra, one.til, ", ".join(one.saker)),
            ", ".join(ident or say("ikke utgitt ennå") for ident in view.kommer_i(one.saker)),
            self._why(one),
            f"{view.rot}{language.mappe}{page or f'sak/{one.saker[-1]}/'}",
        ]

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
        for at, (name, heading) in enumerate(columns.items()):
            sheet.set_column(at, at, WIDTHS.get(name, 16))
            sheet.write_string(0, at, heading, head)
        number = 0
        for number, row in enumerate(self.rows(system), start=1):
            for at, name in enumerate(columns):
                value = row[name]
                if isinstance(value, date):
                    sheet.write_datetime(number, at, value, day)
                elif isinstance(value, int):
                    sheet.write_number(number, at, value, plain)
                elif name in (LINK, VERSION):
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


def _written(rows: Iterable[Iterable[Cell]]) -> bytes:
    out = StringIO(newline="")
    csv.writer(out).writerows(map(_harmless, row) for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _harmless(value: Cell) -> Cell:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
