"""The whole Word copy: blocks one by one, sections, properties, and a file of fixed bytes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import docx
from docx.opc.packuri import PackURI
from docx.oxml.ns import qn

from reportkit.fonts import FontSet
from reportkit.publish import model
from reportkit.publish.model import Document
from reportkit.publish.word.base import add_base
from reportkit.publish.word.body import Body
from reportkit.publish.word.oxml import put_in_order
from reportkit.publish.word.page import footer_paragraph, section_properties, write_settings
from reportkit.publish.word.styles import write_styles
from reportkit.publish.word.tables import anchor, imprint_table

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_NO_DATE = dt.date(2000, 1, 1)

Section = tuple[bool, list[Any]]
"""Whether it is turned, and its elements."""


def write_document(document: Document, fonts: FontSet, *, returns: bool = True) -> bytes:
    """The document as the bytes of a ``.docx`` file; ``returns``: as :func:`.docx_bytes`."""
    return _written(document, lambda part: Body(document, part, fonts).sections(), returns)


def write_elements(document: Document, elements: Sequence[Any]) -> bytes:
    """The same with paragraphs and tables made elsewhere, such as a form's, as its body."""
    return _written(document, lambda _: [(False, list(elements))], returns=False)


def _written(
    document: Document, sections_in: Callable[[Any], Iterable[Section]], returns: bool
) -> bytes:
    word = docx.Document()
    write_styles(word.styles.element)
    write_settings(word.settings.element)
    footers = _footers(word, document)
    page = document.page
    body = word.element.body
    for child in list(body):
        body.remove(child)
    landscape = False
    for turned, blocks in sections_in(word.part):
        if len(body):
            _end_section(body, section_properties(page, landscape=landscape, footers=footers))
        landscape = turned
        body.extend(blocks)
    if document.imprint:
        if landscape:  # it stands on an upright page
            _end_section(body, section_properties(page, landscape=True, footers=footers))
            landscape = False
        body.extend([imprint_table(document.imprint, page.text_width_pt), anchor()])
    elif not len(body) or body[-1].tag == qn("w:tbl"):
        body.append(anchor())
    body.append(section_properties(page, landscape=landscape, footers=footers))
    for root in (body, word.styles.element):
        put_in_order(root)
    _properties(word, document)
    if (
        returns and not document.masked
    ):  # what a masked edition may not show, it may not hold either
        add_base(word, document)
    return _bytes(word)


def _end_section(body: Any, properties: Any) -> None:
    """The last paragraph holds its section's properties; after a table one as small as can be."""
    if body[-1].tag != qn("w:p"):
        body.append(anchor())
    body[-1].get_or_add_pPr().append(properties)


def _footers(word: Any, document: Document) -> dict[str, str]:
    """The footers of odd and even pages → their relationships, for every section."""
    section = word.sections[0]
    found = {}
    for kind, footer, even in (
        ("default", section.footer, False),
        ("even", section.even_page_footer, True),
    ):
        footer.is_linked_to_previous = False
        root = footer._element
        for child in list(root):
            root.remove(child)
        root.append(footer_paragraph(document.page, even=even))
        reference = next(
            each for each in section._sectPr.iter(qn("w:footerReference"))
            if each.get(qn("w:type")) == kind
        )  # fmt: skip
        found[kind] = reference.get(qn("r:id"))
    return found


def _properties(word: Any, document: Document) -> None:
    day = dt.date.fromisoformat(document.date) if document.date else _NO_DATE
    moment = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).replace(tzinfo=None)
    properties = word.core_properties
    properties.title = model.clean(document.title)[:255]
    properties.author = properties.last_modified_by = model.clean(document.author)[:255]
    properties.language = document.language
    properties.keywords = "，".join(document.keywords)[:255]
    properties.comments = ""
    properties.subject = ""
    properties.category = ""
    properties.created = properties.modified = moment
    properties.revision = 1


def _bytes(word: Any) -> bytes:
    """The package without what tells of a machine or an hour."""
    package = word.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[key]
    for part in package.iter_parts():
        if part.partname == PackURI("/docProps/app.xml"):
            part._blob = _APP
    buffer, whole = io.BytesIO(), io.BytesIO()
    word.save(buffer)
    with (
        zipfile.ZipFile(buffer) as source,
        zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, source.read(name))
    return whole.getvalue()


_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'extended-properties"><Application>Microsoft Office Word</Application>'
    b"<AppVersion>16.0000</AppVersion></Properties>"
)
