"""The data files of the site: what lies beside its pages for other programs, and its sitemap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from xml.etree.ElementTree import Element, SubElement

from kravverk.export import Export
from kravverk.feeds import Feeds, xml
from kravverk.language import Language, languages
from kravverk.sheets import Sheets
from kravverk.view import View

File = tuple[str, bytes]
MOST = 50_000  # addresses in one sitemap
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def data_files(view: View, language: Language) -> Iterator[File]:
    """The files of one language, of everything and of each system, one made at a time.

    What programs read is the same in every language, and lies in the first only.
    """
    feeds, sheets, export = Feeds(view, language), Sheets(view, language), Export(view)
    for system in ("", *view.reg.systemer):
        at = f"system/{system}/" if system else ""
        yield f"{at}feed.xml", feeds.atom(system, at)
        yield f"{at}frister.ics", feeds.calendar(system)
        yield f"{at}krav.csv", sheets.csv(system)
        yield f"{at}krav.xlsx", sheets.xlsx(system)
        if not language.mappe:
            yield f"{at}krav.json", export.json(system)
        if system:
            yield f"{at}endringer.csv", sheets.changes(system)
        for utgivelse in view.reg.utgivelser if system else ():
            yield f"{at}{utgivelse}/krav.csv", sheets.csv(system, utgivelse)


def sitemap(pages: Mapping[str, set[str]], rot: str) -> Iterator[File]:
    """The sitemap of some pages, split where it is long; `pages` is language -> addresses."""
    folders = {language.kode: language.mappe for language in languages()}
    every = ((kode, page) for kode, mine in pages.items() for page in sorted(mine))
    made = []
    while part := list(islice(every, MOST)):
        top = Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": "http://www.w3.org/1999/xhtml"})
        for kode, page in part:
            url = SubElement(top, "url")
            SubElement(url, "loc").text = f"{rot}{folders[kode]}{page}"
            for other in pages:
                if page in pages[other]:
                    link = {"rel": "alternate", "hreflang": other}
                    SubElement(url, "xhtml:link", link, href=f"{rot}{folders[other]}{page}")
        made.append(xml(top))
    if len(made) == 1:
        yield "sitemap.xml", made[0]
        return
    index = Element("sitemapindex", {"xmlns": SITEMAP})
    for number, content in enumerate(made, start=1):
        yield f"sitemap-{number}.xml", content
        SubElement(SubElement(index, "sitemap"), "loc").text = f"{rot}sitemap-{number}.xml"
    yield "sitemap.xml", xml(index)
