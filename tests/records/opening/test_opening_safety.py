"""Hostile and oversized files: each refused with its own code, before it fills memory."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from opening_support import FILES, MAIN, OFFICE, book, parts_of, raw, refused, sheet, zipped

from reportkit.records import opening
from reportkit.records.opening import limits, open_file

DTD = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]>'
CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'
PATH = "xl/worksheets/sheet1.xml"


def big(size: int) -> bytes:
    return raw({PATH: b" " * size})


def lying(declared: int, real: int) -> bytes:
    """A part whose directory entry states another size than it has, its checksum right."""
    content = bytearray(big(real))
    archive = zipfile.ZipFile(io.BytesIO(bytes(content)))
    info = archive.getinfo(PATH)
    at = content.rfind(PATH.encode()) - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    content[at + 24 : at + 28] = struct.pack("<I", declared)
    assert info.file_size == real
    return bytes(content)


def overlapping() -> bytes:
    """Two directory entries of one and the same part, as a quoted zip bomb has them."""
    content = zipped({**parts_of(book()), "xl/a1.xml": b"<a/>", "xl/a2.xml": b"<a/>"})
    archive = zipfile.ZipFile(io.BytesIO(content))
    first = archive.getinfo("xl/a1.xml").header_offset
    at = content.rfind(b"xl/a2.xml") - 46
    return content[: at + 42] + struct.pack("<I", first) + content[at + 46 :]


def repeated() -> bytes:
    buffer = io.BytesIO(book())
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(PATH, "<worksheet/>")
    return buffer.getvalue()


def flagged() -> bytes:
    """A part marked as encrypted in the directory."""
    content = bytearray(book())
    at = content.rfind(PATH.encode()) - 46
    content[at + 8] |= 1
    return bytes(content)


def renamed_inside() -> bytes:
    """The part's own header bears another name than the directory."""
    content = book()
    at = content.find(PATH.encode())
    return content[:at] + PATH.replace("1", "2").encode() + content[at + len(PATH) :]


def bad_checksum() -> bytes:
    content = zipped(parts_of(book()), zipfile.ZIP_STORED)
    for coding in (("utf-8", "strict"), ("ascii", "xmlcharrefreplace")):  # openpyxl with lxml
        content = content.replace("张伟".encode(*coding), "张炜".encode(*coding), 1)
    return content


def many_sheets() -> bytes:
    names = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 202))
    workbook = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>'
    return sheet(CELL, **{"xl/workbook.xml": workbook})


def long_text(length: int) -> bytes:
    return sheet(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"字" * length}</t></is></c></row>')


def far(reference: str, row: int) -> bytes:
    return sheet(CELL + f'<row r="{row}"><c r="{reference}"><v>1</v></c></row>')


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: big(limits.MAXIMUM_UNPACKED + 1), "unpacked_size"),
        (lambda: big(limits.RATIO_FROM + 1), "ratio"),
        (lambda: lying(1000, 100_000), "damaged"),
        (lambda: lying(100_000, 1000), "damaged"),
        (lambda: zipped({**parts_of(book()), **{f"x/{n}": b"" for n in range(5000)}}), "members"),
        (overlapping, "damaged"),
        (repeated, "damaged"),
        (flagged, "password"),
        (renamed_inside, "damaged"),
        (bad_checksum, "damaged"),
        (lambda: book()[:3000], "damaged"),
        (lambda: book()[:-30], "damaged"),
        (many_sheets, "sheets"),
        (lambda: far("A500001", 500_001), "rows"),
        (lambda: far("BXY1", 2), "columns"),
        (lambda: far("ALL400000", 400_000), "cells"),
        (lambda: long_text(32_768), "cell_length"),
        (lambda: opening.kinds.OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (lambda: opening.kinds.OLE + bytes(600), "damaged"),
        (lambda: b"", "empty_file"),
        (lambda: b"not a workbook at all", "format"),
    ],
)  # fmt: skip
def test_each_fault_has_its_code(make: object, code: str) -> None:
    """Limits, sizes that lie, parts that overlap, cuts and passwords."""
    assert callable(make)
    assert refused(make()).code == code


def test_a_file_beyond_the_size_is_refused_before_it_is_looked_into() -> None:
    """By its bytes alone."""
    assert refused(b"PK\x03\x04" + bytes(limits.MAXIMUM_FILE)).code == "too_large"


@pytest.mark.parametrize("name", ["../a.xml", "/etc/a.xml", "C:/a.xml", "xl\\..\\..\\a", "x\0.xml"])
def test_names_that_point_outside_are_refused(name: str) -> None:
    """Nothing is ever unpacked to a disk, and such a file is no office program's."""
    info = zipfile.ZipInfo("x")
    info.filename = name
    buffer = io.BytesIO(book())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(info, b"<a/>")
    assert refused(buffer.getvalue()).code == "path_trick"


@pytest.mark.parametrize(
    "path",
    ["xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", PATH, "_rels/.rels",
     "xl/_rels/workbook.xml.rels"],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_every_part_that_is_read(path: str, encoding: str) -> None:
    """Also in UTF-16, where their bytes look otherwise."""
    parts = parts_of((FILES / "libreoffice.xlsx").read_bytes())
    xml = parts[path].decode().partition("?>")[2]
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    parts[path] = (head + DTD + xml).encode(encoding)
    assert refused(zipped(parts)).code == "dtd"


def test_a_text_as_long_as_excel_allows_is_read() -> None:
    """32,767 characters are Excel's own limit."""
    assert len(open_file(long_text(32_767), "a.xlsx").grids[0].rows[0][0]) == 32_767


def test_many_cells_over_many_sheets_are_counted_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each sheet may be within the limit, and all of them beyond it."""
    monkeypatch.setattr(opening.sheet_scan, "MAXIMUM_CELLS", 140)

    def two(workbook: object) -> None:
        for name in ("一", "二"):
            page = workbook.create_sheet(name)  # type: ignore[attr-defined]
            for _ in range(5):
                page.append([1] * 15)

    error = refused(book(two))
    assert (error.code, error.sheet) == ("cells", "二")


def test_honest_repetition_is_no_bomb() -> None:
    """A form with 20,000 alike rows opens."""
    rows: list[list[object]] = [["出席", 1]] * 20_000
    assert len(open_file(book(None, rows), "a.xlsx").grids[0].rows) == 20_000


def test_deep_nesting_is_refused_or_passed_over_and_ends() -> None:
    """Neither a sheet nor a drawing of 50,000 levels exhausts the stack or the patience."""
    deep = "<p>" * 50_000 + "密" + "</p>" * 50_000
    assert refused(sheet(CELL, f"<!-- -->{deep}")).code == "damaged"
    drawing = {**parts_of(sheet(CELL)), "xl/drawings/drawing1.xml": deep.encode()}
    assert open_file(zipped(drawing), "a.xlsx").grids[0].rows == [[1.0]]
