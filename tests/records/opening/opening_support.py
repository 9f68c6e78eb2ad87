"""Small workbooks for the tests of opening: written as several programs write them, and spoilt."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reportkit.errors import SubmissionError
from reportkit.records.opening import Opened, open_file

FILES = Path(__file__).parent / "files"
ROWS = [
    ["姓名", "日期", "次数", "是否", "备注"],
    ["张伟", dt.date(2023, 3, 8), 12, True, "甲 & 乙"],
    ["李娜", dt.date(2023, 12, 28), 2.5, False, "两行\n文字"],
]
CELLS = [
    ["姓名", "日期", "次数", "是否", "备注"],
    ["张伟", dt.date(2023, 3, 8), 12.0, True, "甲 & 乙"],
    ["李娜", dt.date(2023, 12, 28), 2.5, False, "两行\n文字"],
]
"""What :data:`ROWS` must be read as, whoever wrote the file."""
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book(spoil: Callable[[Any], None] | None = None, rows: list[list[Any]] | None = None) -> bytes:
    """A workbook with one sheet 表, by openpyxl; ``spoil`` may change it before it is saved."""
    workbook = openpyxl.Workbook()
    workbook.active.title = "表"
    for row in ROWS if rows is None else rows:
        workbook.active.append(row)
    if spoil:
        spoil(workbook)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return buffer.getvalue()


def with_parts(content: bytes, **changes: Any) -> bytes:
    """A workbook with parts added or replaced; keys write ``/`` as ``__`` and ``.`` as ``_``."""
    parts: dict[str, bytes | str] = dict(parts_of(content))
    parts.update(changes["parts"])
    return zipped(parts)


def sheet(data: str, tail: str = "", head: str = "", **others: str) -> bytes:
    """A workbook of one sheet 表 whose XML is given."""
    xml = f'<worksheet xmlns="{MAIN}">{head}<sheetData>{data}</sheetData>{tail}</worksheet>'
    return raw({"xl/worksheets/sheet1.xml": xml, **others})


def raw(parts: Mapping[str, bytes | str]) -> bytes:
    """A workbook of one sheet, its parts as given beside the least that there must be."""
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}'
        "</Relationships>"
    )
    one = f'<Relationship Id="{{}}" Type="{OFFICE}/{{}}" Target="{{}}"/>'
    return zipped({
        "_rels/.rels": relations.format(one.format("r", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations.format(
            one.format("rId1", "worksheet", "worksheets/sheet1.xml")
            + "".join(
                one.format(f"r{kind}", kind, f"{kind}.xml")
                for kind in ("styles", "sharedStrings")
                if f"xl/{kind}.xml" in parts
            )
        ),
        **parts,
    })  # fmt: skip


def refused(content: bytes, name: str = "a.xlsx") -> SubmissionError:
    """The refusal of a file, which must say in Chinese what, what else, and what to do."""
    with pytest.raises(SubmissionError) as caught:
        open_file(content, name)
    error = caught.value
    for text in (error.found, error.expected, error.next_step):
        assert any("\u4e00" <= character <= "\u9fff" for character in text)
    return error


def codes(opened: Opened) -> list[str]:
    """The codes of its notices."""
    return [notice.code for notice in opened.notices]
