"""XML parts that somebody sent: well-formed, without DTD, in one plain spelling.

Fast scans by regular expression are exact only if a tag can be written in one way. So a
part is either found to be in that plain form, as Excel, WPS, LibreOffice and the common
libraries write it, or rewritten into it: no prefixes, no comments, ``r`` first and present.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from reportkit.errors import SubmissionError
from reportkit.records.opening.grid import column_letters, damaged, position, refusal

_ODD = (b"<!", b":c ", b":c>", b'= "', b"&#", b"<c\n", b"<c\t", b"<c\r", b"<c>")
"""What the plain form never holds, or so seldom that rewriting costs less than exactness."""
_LOWER_CASE = re.compile(rb'<c r="[^"]*[a-z]')
_ANY_PLACE = re.compile(rb'<c r="([^"]*)"')
_PLACES = re.compile(rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"')
_ROW_NUMBER = re.compile(rb"[1-9][0-9]{0,6}")
_DIMENSION = re.compile(rb"<dimension\b[^>]*?(?:/>|>\s*</dimension>)")
"""The area in use, which nothing needs, and which programs state wrongly."""
_UTF8 = re.compile(rb"<\?xml\s[^>]*?encoding=[\"'](?i:utf-?8|us-ascii)[\"']")


def check(xml: bytes, part: str) -> None:
    """Refuse a part that is not well-formed or declares a DTD.

    Raises
    ------
    SubmissionError
        ``damaged`` or ``dtd``.
    """
    parser = expat.ParserCreate()
    if b"<!" in xml or not is_utf8(xml):  # a DTD cannot be told by its bytes in UTF-16
        parser.StartDoctypeDeclHandler = _refuse_dtd
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise damaged(f"工作簿结构已损坏（{part}）") from None
    except (ValueError, LookupError):
        raise damaged(f"工作簿的编码无法识别（{part}）") from None


def _refuse_dtd(*_: object) -> NoReturn:
    raise refusal(
        "工作簿结构异常（含有 DTD 声明）",
        next_step="用 Excel 或 WPS 另存为 .xlsx 后重新报送",
        code="dtd",
    )


def is_utf8(xml: bytes) -> bool:
    """Whether the bytes of a part are UTF-8, so that they can be searched as they are."""
    head = xml[:200].removeprefix(b"\xef\xbb\xbf")
    return head.startswith(b"<") and (b"encoding" not in head or _UTF8.match(head) is not None)


def tree(xml: bytes, part: str) -> ElementTree.Element:
    """The root of a small part, tags and attributes without their namespaces.

    Raises
    ------
    SubmissionError
        ``damaged`` or ``dtd``.
    """
    check(xml, part)
    try:
        root = ElementTree.fromstring(xml)  # noqa: S314 - checked above: no DTD, no entities
    except (ElementTree.ParseError, ValueError, LookupError):
        raise damaged(f"工作簿结构已损坏（{part}）") from None
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
        for name in [name for name in element.attrib if "}" in name]:
            # A relation's r:id becomes id; an attribute of the same plain name wins.
            element.attrib.setdefault(name.rpartition("}")[2], element.attrib.pop(name))
    return root


def elements(xml: bytes, part: str) -> Iterator[ElementTree.Element]:
    """All elements of a small part; none if the part is missing or empty."""
    if xml:
        yield from tree(xml, part).iter()


_COUNT = re.compile(rb"<[^<>]*\s(?:uniqueC|c)ount\s*=\s*[\"'][0-9]{8,}")
"""More parts of a list than a file can hold: calamine makes room for as many as are stated."""
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(\w+)[\s/>]")


def check_root(xml: bytes, root: str, part: str) -> None:
    """Refuse a part in UTF-8 that is another kind of part than its place says.

    Raises
    ------
    SubmissionError
        ``damaged``.
    """
    found = _ROOT.search(re.sub(rb"<!--.*?-->", b"", xml[:4096], flags=re.S))
    if is_utf8(xml) and (found is None or found[1].decode() != root):
        raise damaged("工作簿的部件错位", part)
    if root != "worksheet" and _COUNT.search(xml):
        raise damaged(f"工作簿写明的数量与内容不符（{part}）")


def plain_sheet(xml: bytes, name: str) -> bytes:
    """A sheet's XML in the plain form, every row and cell with its ``r`` first.

    Raises
    ------
    SubmissionError
        ``damaged`` or ``dtd``.
    """
    check(xml, name)
    check_root(xml, "worksheet", name)
    if b"sheetData" not in xml and is_utf8(xml):
        raise damaged("工作表没有内容部分", name)
    return _DIMENSION.sub(b"", xml if _is_plain(xml) else _rewritten(xml, name), count=1)


def _rewritten(xml: bytes, name: str) -> bytes:
    root = tree(xml, name)
    if root.tag != "worksheet" or root.find("sheetData") is None:
        raise damaged("工作表没有内容部分", name)
    number = 0
    for row in root.iter("row"):
        number = _number(row.get("r"), number + 1, name)
        _first(row, str(number))
        column = 0
        for cell in row.iter("c"):
            reference = (cell.get("r") or f"{column_letters(column)}{number}").upper()
            if not re.fullmatch(r"[A-Z]{1,3}[1-9][0-9]{0,6}", reference):
                raise _no_place(reference, name)
            column = position(reference)[1] + 1
            _first(cell, reference)
    try:
        written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    except RecursionError:
        raise damaged("工作表的结构嵌套过深", name) from None
    return written


def _is_plain(xml: bytes) -> bool:
    return (
        is_utf8(xml)
        and xml.count(b"<?") <= 1
        and not any(odd in xml for odd in _ODD)
        and not (b"'" in xml and (b"='" in xml or b"= '" in xml))
        and xml.count(b"<c ") == xml.count(b'<c r="')
        and xml.count(b"<row") == xml.count(b'<row r="') + xml.count(b"<rowBreaks")
        and not _LOWER_CASE.search(xml)
    )


def check_places(xml: bytes, name: str) -> None:
    """Refuse a sheet in the plain form that puts a cell nowhere, or two values into one.

    calamine believes each address by itself: one far out ends the process, or comes back
    elsewhere, and of two values for a cell the first is gone.

    Raises
    ------
    SubmissionError
        ``damaged``.
    """
    before, *rows = xml.split(b'<row r="')
    if b"<c " in before:
        raise damaged("单元格不在任何一行里", name)
    columns: dict[bytes, bytes] = {}
    for row in rows:
        number = row.partition(b'"')[0]
        if not _ROW_NUMBER.fullmatch(number):
            raise damaged(f"行号“{_shown(number)}”无法识别", name)
        places = _PLACES.findall(row)
        if len(places) < row.count(b"<c ") or {stated for _, stated in places} - {number}:
            known = (letters + number for letters, _ in places)
            wrong = set(_ANY_PLACE.findall(row)).difference(known)
            raise _no_place(_shown(min(wrong, default=b"")), name)
        letters = [letter for letter, _ in places] + columns.get(number, b"").split()
        if len(set(letters)) < len(letters):
            _check_same(xml, {letter + number for letter in letters}, name)
        columns[number] = b" ".join(letters)


def _check_same(xml: bytes, cells: Iterable[bytes], name: str) -> None:
    """Refuse cells that stand in a sheet more than once, and not each time the same."""
    for cell in cells:
        each = re.findall(rb'<c r="%b"[^>]*?(?:/>|>.*?</c>)' % cell, xml, re.S)
        if len(set(each)) > 1:
            raise damaged(f"单元格 {_shown(cell)} 出现两次，内容不同", name, _shown(cell))


def _no_place(reference: str, name: str) -> SubmissionError:
    return damaged(f"单元格地址“{reference[:20]}”无法识别", name)


def _shown(text: bytes) -> str:
    return text[:20].decode("utf-8", "replace")


def _number(text: str | None, default: int, name: str) -> int:
    if text is None:
        return default
    if not re.fullmatch(r"[1-9][0-9]{0,6}", text):
        raise damaged("行号无法识别", name)
    return int(text)


def _first(element: ElementTree.Element, reference: str) -> None:
    others = {key: value for key, value in element.attrib.items() if key != "r"}
    element.attrib.clear()
    element.attrib.update({"r": reference, **others})
