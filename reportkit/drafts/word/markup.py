"""XML parts that somebody sent: well-formed, without DTD; elements by short names.

Word writes two dialects (transitional and strict), which differ by their namespaces alone.
Here an element or attribute of WordprocessingML goes by its bare name (``p``, ``val``) in
either; one of another vocabulary has a prefix (``mc:Choice``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from reportkit.drafts.word.archive import damaged
from reportkit.errors import DraftError

Element = ElementTree.Element

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_PREFIXES = {
    _W: "",
    _W_STRICT: "",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc:",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m:",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m:",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r:",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@lru_cache(maxsize=4096)
def short(tag: str) -> str:
    """``{…/wordprocessingml/…}p`` → ``p``; a vocabulary that is not known here is ``?:``."""
    namespace, _, local = tag.rpartition("}")
    return _PREFIXES.get(namespace.lstrip("{"), "?:") + local


def name(element: Element) -> str:
    """An element's short name."""
    return short(element.tag)


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def attribute(element: Element | None, wanted: str, default: str = "") -> str:
    """An attribute of WordprocessingML; the default also where there is no element."""
    if element is None:
        return default
    found = element.get(f"{{{_W}}}{wanted}")
    return found if found is not None else element.get(f"{{{_W_STRICT}}}{wanted}", default)


def relation_id(element: Element, wanted: str = "id") -> str:
    """An attribute by which an element names a relationship (``r:id``)."""
    for key, value in element.attrib.items():
        if short(key) == f"r:{wanted}":
            return value
    return ""


def child(element: Element | None, *path: str) -> Element | None:
    """The first child of a name, of that the next, and so on; None if one is lacking."""
    for wanted in path:
        if element is None:
            return None
        element = next((each for each in element if name(each) == wanted), None)
    return element


def inside(element: Element, wanted: str) -> Iterator[Element]:
    """All elements of a short name, however deep."""
    return (each for each in element.iter() if name(each) == wanted)


def is_on(element: Element | None) -> bool:
    """Whether a switch such as ``vanish`` is there and not turned off."""
    return element is not None and attribute(element, "val", "1") not in ("0", "false", "off")


def plain_text(element: Element) -> str:
    """What ``w:t`` holds: its blanks at either end count only where it says so."""
    text = (element.text or "").replace("\r", " ").replace("\n", " ")
    return text if element.get(_SPACE) == "preserve" else text.strip(" \t")


def iso_date(text: str) -> str:
    """The text if it is an ISO date, else "": LibreOffice writes 0-00-00 where it knows none."""
    try:
        dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return ""
    return text.strip()


def parse(xml: bytes, part: str, where: str) -> Element:
    """The root of a part.

    Raises
    ------
    DraftError
        If it is not well-formed, or declares a DTD, by which entities would come in.
    """
    parser = expat.ParserCreate()

    def refuse(*_: object) -> NoReturn:
        raise DraftError(
            f"its part {part} declares a DTD, which no office program writes",
            expected="a file as Word, WPS or LibreOffice saved it",
            next_step="ask where the file comes from; copy its text into a new file",
            where=where,
        )

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(xml, True)
        return ElementTree.fromstring(xml)  # noqa: S314 - read once above: no DTD, no entities
    except (expat.ExpatError, ElementTree.ParseError, ValueError, LookupError):
        raise damaged(f"its part {part} is no XML", where) from None
