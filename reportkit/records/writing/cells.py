"""What all writing of workbooks shares: looks of cells, safe text, bytes without a clock.

A text that comes from data is never a formula: :func:`set_text` stores it as a string and
marks it so that Excel does not take it for one when somebody edits the cell. :func:`save`
gives the same bytes for the same workbook, whatever the clock says.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from weakref import WeakKeyDictionary

from reportkit.records.private import mask_private

Value = str | int | float | bool | dt.date | None

FONT, HEAD_FONT = "宋体", "黑体"
TEXT_FORMAT, DATE_FORMAT, PERCENT_FORMAT, GENERAL = "@", "yyyy\\-mm\\-dd", "0.0%", "General"
LONGEST_CELL = 32_000
"""Characters of one cell; Excel itself takes 32,767."""

_RISKY = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FIXED = dt.datetime(2000, 1, 1)
_ZIP_TIME = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Look:
    """How a cell looks, and whether it is protected once its sheet is."""

    bold: bool = False
    size: int = 11
    font: str = FONT
    colour: str = "FF000000"
    fill: str | None = None
    border: bool = False
    horizontal: Literal["left", "center", "right"] | None = None
    vertical: Literal["top", "center"] = "center"
    wrap: bool = False
    locked: bool = True
    number_format: str = GENERAL


_STYLES: WeakKeyDictionary[Any, dict[Look, Any]] = WeakKeyDictionary()


def style_of(sheet: Any, look: Look) -> Any:
    """The style of a look in the sheet's workbook; to be copied before it is changed."""
    known = _STYLES.setdefault(sheet.parent, {})
    if look not in known:
        known[look] = _register(sheet, look)
    return known[look]


def _register(sheet: Any, look: Look) -> Any:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
    from openpyxl.styles.styleable import StyleableObject

    styled = StyleableObject(sheet)
    styled.font = Font(name=look.font, size=look.size, bold=look.bold, color=look.colour)
    if look.fill:
        styled.fill = PatternFill("solid", fgColor=look.fill)
    if look.border:
        side = Side(style="thin", color="FF7F7F7F")
        styled.border = Border(left=side, right=side, top=side, bottom=side)
    styled.alignment = Alignment(
        horizontal=look.horizontal, vertical=look.vertical, wrap_text=look.wrap
    )
    styled.protection = Protection(locked=look.locked)
    styled.number_format = look.number_format
    return styled._style


def paint(cell: Any, look: Look) -> None:
    """Give a cell (or a column's dimension) its look; before :func:`set_text`, not after it."""
    # openpyxl sets a style part by part, each looked up anew: thousands of cells share one here.
    cell._style = copy(style_of(cell.parent, look))


def plain_text(text: str, *, private: bool = True) -> str:
    """The text as a cell can hold it.

    Line ends become ``\\n``, control characters ``�``, numbers of persons (证件、电话) are
    masked (``private``: a list of telephone numbers has them not), and what is beyond a cell's
    length is cut, with a sign.
    """
    text = _CONTROL.sub("�", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = mask_private(text) if private else text
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def set_text(cell: Any, text: str, *, private: bool = True) -> None:
    """Write a text as a text, whatever it begins with; read back it is the same text.

    See :func:`plain_text` for what is not written as it stands.
    """
    text = plain_text(text, private=private)
    cell.value = None
    # “_x0041_” would be read as a character's number: its first mark is escaped.
    cell._value = _ESCAPE.sub("_x005F_", text)
    cell.data_type = "s"
    if text.startswith(_RISKY):
        style = copy(cell._style)
        style.quotePrefix = 1
        cell._style = style


def put(sheet: Any, row: int, column: int, value: Value, look: Look) -> Any:
    """A cell (row and column from 1) with its look and value; texts by :func:`set_text`."""
    cell = sheet.cell(row, column)
    paint(cell, look)
    if isinstance(value, str):
        if value:
            set_text(cell, value)
    elif value is not None:
        cell.value = value
        if isinstance(value, dt.date):
            # openpyxl puts its own format on dates
            cell._style = copy(style_of(sheet, look))
    return cell


class _Members:
    """What openpyxl takes for a zip: the members, kept to be written in one way."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}

    def writestr(self, name: str, data: str | bytes) -> None:
        self.content[name] = data.encode("utf-8") if isinstance(data, str) else data

    def write(self, path: str, name: str) -> None:
        self.content[name] = Path(path).read_bytes()

    def namelist(self) -> list[str]:
        return list(self.content)

    def close(self) -> None:
        pass


def save(workbook: Any) -> bytes:
    """The workbook as .xlsx: the same workbook gives the same bytes, without clock or user."""
    return zipped(parts_of(workbook))


def parts_of(workbook: Any) -> dict[str, bytes]:
    """The parts of the workbook's package: path → content."""
    from openpyxl.packaging.core import DocumentProperties
    from openpyxl.writer.excel import ExcelWriter

    workbook.properties = DocumentProperties(creator="reportkit", created=_FIXED, modified=_FIXED)
    members = _Members()
    ExcelWriter(workbook, members).save()
    return members.content


def sheet_part(sheet: Any) -> tuple[str, bytes]:
    """One sheet of a workbook that has been written before, anew: its path and content."""
    from openpyxl.worksheet._writer import WorksheetWriter

    writer = WorksheetWriter(sheet)
    writer.write()
    content = Path(writer.out).read_bytes()
    writer.cleanup()
    return sheet.path[1:], content


def styles_part(workbook: Any) -> tuple[str, bytes]:
    """The styles of a workbook as they are now: path and content."""
    from openpyxl.styles.stylesheet import write_stylesheet
    from openpyxl.xml.functions import tostring

    content = tostring(write_stylesheet(workbook))
    return "xl/styles.xml", content.encode("utf-8") if isinstance(content, str) else content


def clear_rows(sheet: Any, first: int) -> None:
    """Take the cells and heights of all rows from ``first`` on out of a sheet."""
    for place in [place for place in sheet._cells if place[0] >= first]:
        del sheet._cells[place]
    for row in [row for row in sheet.row_dimensions if row >= first]:
        del sheet.row_dimensions[row]


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip of these members, sorted, with one fixed time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, members[name], compresslevel=6)
    return buffer.getvalue()
