"""What has happened and what is coming, to subscribe to: Atom feeds and calendars."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from icalendar import Calendar, vDate, vDatetime, vText, vUri
from icalendar.parser import Contentline
from markupsafe import Markup, escape

from kravverk.comparison import Case
from kravverk.days import Frist, frister, plikter
from kravverk.gate import DECIDED, hendelser, state
from kravverk.language import Language
from kravverk.models import PLIKTER, UTEN_MENING, Krav
from kravverk.render import LEVELS, MUST, prosa, title
from kravverk.text import word
from kravverk.view import View
from kravverk.wording import address_of

LONGEST = 100  # entries of a feed; the pages tell of what is older
# The year is only that of the scheme (RFC 4151); an id once given never changes.
TAG = "tag:{host},2026:{om}"
# The days that something is asked by, and what a level is called there.
DUTIES = ("mottak_innen", "oppfylles_innen")
DECISIONS = (*DECIDED, "avslått", "kort_vei", "hastevedtatt")


@dataclass(frozen=True)
class Nyhet:
    """One thing that happened; `om` names it for good, `adresse` is its page."""

    dag: date
    om: str
    tittel: str
    adresse: str
    innhold: Markup


@dataclass(frozen=True)
class Feeds:
    """The feeds and calendars of one language."""

    view: View
    language: Language
    # (a day, how strongly it binds) -> the event, which several calendars share
    _made: dict[tuple[Frist, str], bytes] = field(default_factory=dict)

    @cached_property
    def rot(self) -> str:
        """Where the pages of the language are on the web."""
        return f"{self.view.rot}{self.language.mappe}"

    def _(self, words: str) -> str:
        return self.language.tale.gettext(words)

    @property
    def _host(self) -> str:
        return urlsplit(self.view.rot).hostname or ""

    def _tag(self, om: str) -> str:
        return TAG.format(host=self._host, om=om)

    def _name(self, system: str) -> str:
        name = self._("Kravregister for e-resept")
        return f"{name}: {self.view.reg.systemer[system].navn}" if system else name

    # --- Feeds ------------------------------------------------------------------------------------

    def atom(self, system: str, adresse: str) -> bytes:
        """The feed of a system, or of everything where `system` is empty, newest first.

        `adresse` is the page that it belongs to, and lies beside.
        """
        told = [one for one in self.news(system) if one.dag <= self.view.per]
        news = sorted(told, key=lambda n: (n.dag, n.om), reverse=True)[:LONGEST]
        mine = f"{self.language.mappe}{adresse}"
        feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
        feed.set("xml:lang", self.language.kode)
        _text(feed, "title", self._name(system))
        _text(feed, "subtitle", self._("Illustrative krav, ikke Norsk helsenetts offisielle krav."))
        _text(feed, "id", self._tag(mine))
        _text(feed, "updated", _moment(news[0].dag if news else self.view.per))
        SubElement(feed, "link", {"rel": "self", "href": f"{self.rot}{adresse}feed.xml"})
        SubElement(feed, "link", {"rel": "alternate", "href": f"{self.rot}{adresse}"})
        _text(SubElement(feed, "author"), "name", self._("Kravregister for e-resept"))
        for one in news:
            entry = SubElement(feed, "entry")
            _text(entry, "title", one.tittel)
            _text(entry, "id", self._tag(f"{mine}{one.om}"))
            _text(entry, "updated", _moment(one.dag))
            SubElement(entry, "link", {"rel": "alternate", "href": f"{self.rot}{one.adresse}"})
            _text(entry, "content", one.innhold).set("type", "html")
        return xml(feed)

    def news(self, system: str) -> Iterator[Nyhet]:
        """What has happened that a system has to do with; everything where `system` is empty."""
        view = self.view
        for case in view.saker:
            if not system or system in view.celler[case.mappe.navn]:
                yield from self._consultation(case, system)
                yield from self._decisions(case, system)
        for u in view.reg.utgivelser.values():
            kan, ma = self.language.dato(u.kan_folges_fra), self.language.dato(u.ma_folges_fra)
            said = self._("Kan følges fra %(kan)s, må følges fra %(ma)s.") % {"kan": kan, "ma": ma}
            tittel = self._("Utgivelse %s er publisert") % u.id
            yield Nyhet(u.dato, f"utgivelse/{u.id}", tittel, f"utgivelse/{u.id}/", _par(said))
        for d in view.reg.dispensasjoner.values():
            if system in ("", d.system):
                told = {"krav": d.krav, "versjon": d.versjon, "dag": self.language.dato(d.til)}
                told["system"] = view.reg.navn(d.system)
                tittel = self._("%(system)s har fått dispensasjon fra %(krav)s") % told
                said = self._("%(krav)s versjon %(versjon)s, til %(dag)s.") % told
                page = f"system/{d.system}/#dispensasjoner"
                yield Nyhet(d.dato, f"dispensasjon/{d.id}", tittel, page, _par(said))

    def _consultation(self, case: Case, system: str) -> Iterator[Nyhet]:
        """That a case is out for opinions.

        Where it does not say since when, the day is that of the site until its last day: many
        readers drop what is dated ahead, and whatever comes after it.
        """
        if case.sak.innspill:
            last = case.sak.innspill.til
            tittel = self._("Innspill innen %(dag)s: sak %(sak)s, %(tittel)s")
            tittel %= {"dag": self.language.dato(last), **self._called(case)}
            yield Nyhet(
                case.sak.innspill.fra or min(last, self.view.per),
                f"sak/{case.mappe.navn}/innspill",
                tittel,
                f"sak/{case.mappe.navn}/",
                self._told(case, system),
            )

    def _decisions(self, case: Case, system: str) -> Iterator[Nyhet]:
        refused = [refusal.hendelse for refusal in state(case.mappe).nektet]
        for act in hendelser(case.mappe):
            if act.handling in DECISIONS and act not in refused:
                number = f"/{int(act.sted[1]) + 1}" if act.behandling else ""
                tittel = self._("%(utfall)s: sak %(sak)s, %(tittel)s") % {
                    "utfall": self._(word(act.handling)).capitalize(),
                    **self._called(case),
                }
                told = self._told(case, system)
                om = f"sak/{case.mappe.navn}/{act.fil}{number}"
                yield Nyhet(act.dato, om, tittel, f"sak/{case.mappe.navn}/", told)

    def _called(self, case: Case) -> dict[str, str]:
        untold = " (in Norwegian)" if self.language.engelsk and not case.sak.engelsk else ""
        return {"sak": case.sak.id, "tittel": self.language.oversatt(case.sak).tittel + untold}

    def _told(self, case: Case, system: str) -> Markup:
        """A case in short, and what it means, if it is not rejected."""
        rejected = case.steg.navn == "avslått"
        lines = Markup("").join(() if rejected else self._means(case, system))
        short = prosa(self.language.oversatt(case.sak).kort_fortalt)
        return short + Markup("<ul>{}</ul>").format(lines) if lines else short

    def _means(self, case: Case, system: str) -> Iterator[Markup]:
        """What a case means, a line for each record: to a system, or at the strongest to any."""
        if system:
            cells = self.view.celler[case.mappe.navn].get(system, {})
            found = {
                post: f"{self._(word(cell.klasse))} ({self._(word(cell.hvordan))})"
                for post, cell in cells.items()
            }
        else:
            strongest = self.view.sterkest[case.mappe.navn]
            found = {p: self._(word(k)) for p, k in strongest.items() if k not in UTEN_MENING}
        for post, said in sorted(found.items()):
            krav = self.view.reg.krav.get(post)
            name = self.language.oversatt(krav).tittel if krav else title(case.found, post)
            if self.language.engelsk and name in self.view.engelske_navn:
                name = f"{name} ({self.view.engelske_navn[name]})"
            link = f"{self.rot}{self._changed(post, case)}"
            kind, _, ident = post.rpartition("/")
            called = name if kind and kind != "meldinger" else ident
            shown = f'<a href="{escape(link)}">{escape(called)}</a>'  # `Markup.format` is slow
            more = f" {escape(name)}" if called != name else ""
            yield Markup(f"<li>{shown}: {escape(said)}.{more}</li>")  # noqa: S704

    def _changed(self, post: str, case: Case) -> str:
        """Where to see what a case changed in a record: at the version it made, else its page."""
        made = self.view.versjoner.get(post, [])
        for at, version in enumerate(made):
            if version.sak == case.mappe.navn:
                older = f"#fra-{made[at + 1].krav.versjon}" if at + 1 < len(made) else ""
                return f"krav/{post}/v{version.krav.versjon}/{older}"
        other = "" if made or post not in self.view.reg.poster else address_of(post)
        return other or f"sak/{case.mappe.navn}/"

    # --- Calendars --------------------------------------------------------------------------------

    def calendar(self, system: str) -> bytes:
        """The days ahead of a system, or of all where `system` is empty, as whole-day events."""
        systems = [system] if system else list(self.view.reg.systemer)
        days: dict[
            str, tuple[Frist, str]
        ] = {}  # and how strongly it binds, or the strongest of all
        for ident in systems:
            bound = plikter(self.view, ident)
            for frist in frister(self.view, ident):
                other, level = days.get(about := _about(frist), (frist, ""))
                levels = {level, bound.get((frist.gjelder, frist.versjon), "")}
                kept = other if not other.merknad else frist  # released for one is released
                days[about] = kept, next((p for p in PLIKTER if p in levels), "")
        made = Calendar()
        made.add("prodid", "-//kravverk//NONSGML krav//NO")
        made.add("version", "2.0")
        made.add("x-wr-calname", self._name(system))
        # Each event is made once; most are in several calendars.
        head, end = made.to_ical().rsplit(b"END:VCALENDAR", 1)
        ordered = sorted(days.values(), key=lambda d: (d[0].dag, d[0].gjelder, d[0].navn))
        return b"".join([head, *(self._event(*one) for one in ordered), b"END:VCALENDAR", end])

    def _event(self, frist: Frist, plikt: str) -> bytes:
        if (frist, plikt) not in self._made:
            asked = f" ({self._(MUST[plikt])})" if frist.navn in DUTIES and plikt else ""
            what = f"{frist.gjelder}{asked}: {self._(word(frist.navn))}. {self._of(frist)}"
            krav = self._krav(frist)
            kind = self._("Kan tas i bruk") if frist.kan else self._("Frist")
            lines: dict[str, Any] = {
                "SUMMARY": vText(what),
                "DTSTART;VALUE=DATE": vDate(frist.dag),
                "DTSTAMP": vDatetime(datetime.combine(self.view.per, time(), UTC)),
                "UID": vText(f"{self.language.mappe}{_about(frist)}@{self._host}"),
                "CATEGORIES": vText(kind),
                **({"DESCRIPTION": vText(self._duty(krav, plikt))} if krav else {}),
                "TRANSP": vText("TRANSPARENT"),
                "URL": vUri(f"{self.rot}{frist.adresse}"),
            }
            made = b"".join(_line(name, value) for name, value in lines.items())
            self._made[frist, plikt] = b"BEGIN:VEVENT\r\n" + made + b"END:VEVENT\r\n"
        return self._made[frist, plikt]

    def _krav(self, frist: Frist) -> Krav | None:
        """The version of a requirement that sets a day."""
        made = self.view.versjoner.get(frist.gjelder, []) if frist.versjon else []
        found = (one.krav for one in made if one.krav.versjon == frist.versjon)
        return next(found, self.view.reg.krav.get(frist.gjelder))

    def _duty(self, krav: Krav, plikt: str) -> str:
        """What a requirement asks, in which version and how strongly."""
        said = self._("%(krav)s versjon %(versjon)s") % {"krav": krav.id, "versjon": krav.versjon}
        level = f", {self._(LEVELS[plikt])}" if plikt else ""
        return f"{said}{level}\n\n{self.language.oversatt(krav).tekst}"

    def _of(self, frist: Frist) -> str:
        """What a day is about, in the language."""
        sak = self.view.sak
        if krav := self._krav(frist):
            mark = {
                "": "",
                "ikke_utgitt": f" ({self._('ikke utgitt ennå')})",
                "endres": f" ({self._('endres i en vedtatt versjon som ikke er utgitt')})",
            }[frist.merknad]
            return f"{self.language.oversatt(krav).tittel}{mark}"
        if frist.gjelder in sak:
            return self._called(sak[frist.gjelder])["tittel"]
        return self._("Utgivelse %s") % frist.gjelder


def _about(frist: Frist) -> str:
    """What names a day for good; a requirement may have several of some."""
    several = frist.navn == "dispensasjon_til"
    more = f"/{frist.dag}" if several else f"/v{frist.versjon}" if frist.merknad == "endres" else ""
    return f"{frist.gjelder}/{frist.navn}{more}"


def _line(name: str, value: Any) -> bytes:
    """A line of a calendar, folded by the library; its whole component costs three times that."""
    line: Any = Contentline
    folded: bytes = line(f"{name}:{value.to_ical().decode()}").to_ical()
    return folded + b"\r\n"


def xml(top: Element) -> bytes:
    """A document as it is published."""
    made: bytes = tostring(top, encoding="utf-8", xml_declaration=True)
    return made


def _text(parent: Element, name: str, words: str) -> Element:
    made = SubElement(parent, name)
    made.text = str(words)
    return made


def _moment(dag: date) -> str:
    return f"{dag}T00:00:00Z"


def _par(words: str) -> Markup:
    return Markup("<p>{}</p>").format(words)
