"""What a Word copy says of itself, as data within it: its text as it left the office.

When it comes back edited, it is held against this, wherever it was meanwhile and whatever has
been made since. It holds no more than the page shows: no wording of before, no name of a file.
Editors keep such a part (a custom XML part of the document) as it is.
"""

from __future__ import annotations

import json
from typing import Any

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]

from reportkit.publish.model import Document, Paragraph
from reportkit.publish.places import places
from reportkit.word.bookmarks import NAMESPACE, bookmark_name

VERSION = 1
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXmlProps"
_STORE = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_ITEM_ID = "{7C6F7EE0-5B0D-4C55-9A0B-5265706F7274}"


def add_base(word: Any, document: Document) -> None:
    """Put the document's text and its figures' names into its own Word copy."""
    package, main = word.part.package, word.part
    for key in [key for key, each in main.rels.items() if each.reltype == _CUSTOM]:
        del main.rels[key]  # an empty bibliography, of the library's own template
    root = etree.Element(f"{{{NAMESPACE}}}base", nsmap={None: NAMESPACE})
    root.text = json.dumps(base_of(word.element.body, document), ensure_ascii=False)
    item = _part("/customXml/item1.xml", "application/xml", root, package)
    store = etree.Element(f"{{{_STORE}}}datastoreItem", nsmap={"ds": _STORE})
    store.set(f"{{{_STORE}}}itemID", _ITEM_ID)
    references = etree.SubElement(store, f"{{{_STORE}}}schemaRefs")
    etree.SubElement(references, f"{{{_STORE}}}schemaRef").set(f"{{{_STORE}}}uri", NAMESPACE)
    kind = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
    item.relate_to(_part("/customXml/itemProps1.xml", kind, store, package), _PROPERTIES)
    main.relate_to(item, _CUSTOM)


def _part(name: str, kind: str, root: Any, package: Any) -> Part:
    blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return Part(PackURI(name), kind, blob, package)


def base_of(body: Any, document: Document) -> dict[str, Any]:
    """Whose paper it is, and every line of it: its text, its bookmark, and its figures.

    ``lines``: objects with ``text`` and ``style``; where there are any, ``mark`` (the bookmark),
    ``lead`` (how long its run-in heading is), ``figures`` ([begin, end, name]) and ``cell``
    (number of table, row and column, from 0).
    """
    more: dict[str, dict[str, Any]] = {}
    for line in places(document.blocks):
        block = line.block
        if isinstance(block, Paragraph):
            lead = len(block.lead)
            figures = [[b + lead, e + lead, name] for b, e, name in block.figures]
            told = {"lead": lead, "figures": figures}
            more[bookmark_name(line.place)] = {key: value for key, value in told.items() if value}
    cells = {
        paragraph: [t, r, c]
        for t, table in enumerate(body.iter(qn("w:tbl")))
        for r, row in enumerate(table.iter(qn("w:tr")))
        for c, cell in enumerate(row.iter(qn("w:tc")))
        for paragraph in cell.iter(qn("w:p"))
    }
    unit, year = (*document.keywords, "", "")[:2]
    return {
        "version": VERSION,
        "unit": unit,
        "year": year,
        "document": document.name,
        "lines": [_line(node, more, cells.get(node)) for node in body.iter(qn("w:p"))],
    }


def _line(node: Any, more: dict[str, dict[str, Any]], cell: list[int] | None) -> dict[str, Any]:
    runs = list(node.iter(qn("w:r")))
    read = [run for run in runs if run.find(f"{qn('w:rPr')}/{qn('w:strike')}") is None]
    text = "".join(
        "\n" if each.tag == qn("w:br") else each.text or ""
        for run in read
        for each in run.iter(qn("w:t"), qn("w:br"))
    )
    style = node.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    marks = [each.get(qn("w:name")) for each in node.iter(qn("w:bookmarkStart"))]
    mark = str(marks[0]) if marks else ""
    told = {
        "text": text,
        "style": "" if style is None else style.get(qn("w:val")),
        "mark": mark,
        "cell": cell,
    }
    kept = {key: value for key, value in told.items() if value or key == "text"}
    known = more.get(mark, {})
    if len(read) < len(
        runs
    ):  # what is struck through comes back as deleted: figures stand elsewhere
        known = {key: each for key, each in known.items() if key != "figures"}
    return {**kept, **known}
