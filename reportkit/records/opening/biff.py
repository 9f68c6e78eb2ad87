"""Records of an old workbook (BIFF) that xlrd reads past: formulas, links, texts beside cells.

A BIFF stream is a row of records: number and length, two bytes each, then the content.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_BOF, _EOF, _FORMULA, _BOUNDSHEET = 0x0809, 0x000A, 0x0006, 0x0085
_SUPBOOK, _EXTERNSHEET, _TXO, _CONTINUE = 0x01AE, 0x0017, 0x01B6, 0x003C
_HEADERS = (0x0014, 0x0015, 0x089C)
_NOTE_TEXTS = (0x001C, 0x0018)
_OBPROJ = 0x00D3
_FILEPASS = 0x002F
_EMPTY_STRING = b"\x03\x00\x00\x00\x00\x00\xff\xff"
_RECALCULATE_ON_LOAD = 0x0002
_SHEET = 0x0010


@dataclass
class BiffSheet:
    """One substream: its place in the stream, and its formulas that need a second look."""

    external: set[tuple[int, int]] = field(default_factory=set)
    without_result: set[tuple[int, int]] = field(default_factory=set)


@dataclass
class Biff:
    """What a workbook stream holds beside its cells."""

    sheets: dict[int, BiffSheet] = field(default_factory=dict)
    """Offset of a substream → its formulas."""
    offsets: list[int] = field(default_factory=list)
    """Where each sheet's substream begins, in the workbook's order."""
    texts: list[str] = field(default_factory=list)
    """Headers, footers, text boxes and comments."""
    has_links: bool = False
    has_macros: bool = False
    encrypted: bool = False


def records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(offset, number, content) of each record, as far as the stream is whole."""
    at = 0
    while at + 4 <= len(stream):
        number, length = struct.unpack_from("<HH", stream, at)
        yield at, number, stream[at + 4 : at + 4 + length]
        at += 4 + length


def scan(stream: bytes) -> Biff:
    """Go over all records of a workbook stream once."""
    biff = Biff()
    outside_books: set[int] = set()
    outside: list[bytes] = []
    books = 0
    sheet = BiffSheet()
    previous = 0
    for at, number, body in records(stream):
        if number == _FORMULA:
            _scan_formula(body, sheet, outside)
        elif number == _BOF:
            sheet = biff.sheets[at] = BiffSheet()
        elif number == _BOUNDSHEET and len(body) >= 6:
            biff.offsets.append(struct.unpack_from("<I", body)[0])
        elif number == _SUPBOOK:
            if len(body) > 4:  # 4 bytes: this workbook itself, or the functions of add-ins
                outside_books.add(books)
            books += 1
        elif number == _EXTERNSHEET:
            outside = _outside_sheets(body, outside_books)
        elif number in _HEADERS or number in _NOTE_TEXTS:
            biff.texts.append(_text(body))
        elif number == _TXO or (number == _CONTINUE and previous == _TXO):
            biff.texts.append(_text(body))
            number = _TXO
        biff.has_macros |= number == _OBPROJ
        biff.encrypted |= number == _FILEPASS
        previous = number
    biff.has_links = bool(outside_books)
    return biff


def _outside_sheets(body: bytes, outside_books: set[int]) -> list[bytes]:
    """The indices, as a formula writes them, of sheets in other workbooks."""
    count = struct.unpack_from("<H", body)[0] if len(body) >= 2 else 0
    found = []
    for index in range(min(count, (len(body) - 2) // 6)):
        if struct.unpack_from("<H", body, 2 + 6 * index)[0] in outside_books:
            found.append(struct.pack("<H", index))
    return found


# Tokens that refer to a sheet by its index: a name, a cell, an area, and the broken two.
_REFERENCES = rb"[\x39\x59\x79\x3a\x5a\x7a\x3b\x5b\x7b\x3c\x5c\x7c\x3d\x5d\x7d]"


def _scan_formula(body: bytes, sheet: BiffSheet, outside: list[bytes]) -> None:
    if len(body) < 22:
        return
    at = struct.unpack_from("<HH", body)
    flags = struct.unpack_from("<H", body, 14)[0]
    if body[6:14] == _EMPTY_STRING and flags & _RECALCULATE_ON_LOAD:
        sheet.without_result.add((at[0], at[1]))
    if any(re.search(_REFERENCES + re.escape(index), body[22:], re.S) for index in outside):
        sheet.external.add((at[0], at[1]))


def _text(body: bytes) -> str:
    """What a record may say: its bytes as UTF-16 from either side on, and as GBK."""
    return "\n".join(
        (body.decode("utf-16-le", "ignore"), body[1:].decode("utf-16-le", "ignore"),
         body.decode("gb18030", "ignore"))
    )  # fmt: skip
