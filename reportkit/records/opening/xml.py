"""XML parts that somebody sent: well-formed, without DTD, in one plain spelling.

Fast scans by regular expression are exact only if a tag can be written in one way. So a
part is either found to be in that plain form, as Excel, WPS, LibreOffice and the common
libraries write it, or rewritten into it: no prefixes, no comments, ``r`` first and present.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from reportkit.records.opening.grid import column_letters, damaged, position, refusal

_ODD = (b"<!", b":c ", b":c>", b'= "', b"&#", b"<c\n", b"<c\t", b"<c\r", b"<c>")
"""What the plain form never holds, or so seldom that rewriting costs less than exactness."""
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
    if _is_plain(xml):
        return xml
    root = tree(xml, name)
    if root.tag != "worksheet" or root.find("sheetData") is None:
        raise damaged("工作表没有内容部分", name)
    number = 0
    for row in root.iter("row"):
        number = _number(row.get("r"), number + 1, name)
        _first(row, str(number))
        column = 0
        for cell in row.iter("c"):
            reference = cell.get("r") or f"{column_letters(column)}{number}"
            if not re.fullmatch(r"[A-Z]{1,3}[1-9][0-9]{0,6}", reference):
                raise damaged("单元格地址无法识别", name)
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
    )


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
