"""Plain .xlsx files whose bytes depend on their content alone."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Value = str | int | float | dt.date | None

_MADE = dt.datetime(2023, 1, 1)
"""What a file says of when it was made: else the clock's time would be in its bytes."""
_BOXED: dict[str, Any] = {"border": 1, "align": "center", "valign": "vcenter"}
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_name": "黑体", "font_size": 16, "align": "center",
              "valign": "vcenter"},
    "header": {"bold": True, "bg_color": "#F2F2F2", "text_wrap": True, **_BOXED},
    "cell": _BOXED,
    "date": {"num_format": "yyyy-mm-dd", **_BOXED},
    "wrap": {**_BOXED, "align": "general", "text_wrap": True},
    "note": {"align": "left"},
}  # fmt: skip


@dataclass(frozen=True)
class SheetData:
    """One sheet: a title over all columns, a header, rows, and lines below the table."""

    name: str
    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Value]]
    widths: Sequence[int]
    notes: Sequence[str] = ()
    wide: frozenset[int] = frozenset()
    """Columns of long text: left-aligned and wrapped."""
    merges: Sequence[tuple[int, int, int]] = ()
    """(column, first row, last row) of cells merged downwards, counted from 0 below the header."""


def write(sheets: Sequence[SheetData]) -> bytes:
    """The sheets as the bytes of an .xlsx file: the same sheets, the same bytes."""
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    # Texts are data: one that begins with = or looks like a link stays a text.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(buffer, options) as workbook:
        workbook.set_properties({"created": _MADE})
        formats = {
            name: workbook.add_format({"font_name": "宋体", "font_size": 11, **look})
            for name, look in _FORMATS.items()
        }
        for data in sheets:
            _fill(workbook.add_worksheet(data.name), data, formats)
    return buffer.getvalue()


def _fill(sheet: Any, data: SheetData, formats: dict[str, Any]) -> None:
    last, top = len(data.widths) - 1, 0
    for column, width in enumerate(data.widths):
        sheet.set_column(column, column, width)
    if data.title:
        sheet.set_row(0, 28)
        sheet.merge_range(0, 0, 0, last, data.title, formats["title"])
        top = 1
    if data.header:
        sheet.write_row(top, 0, data.header, formats["header"])
        top += 1
    for number, row in enumerate(data.rows, top):
        for column, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(number, column, value, formats["date"])
            else:
                wide = isinstance(value, str) and column in data.wide
                sheet.write(number, column, value, formats["wrap" if wide else "cell"])
    for column, first, end in data.merges:
        merged = data.rows[first][column]
        look = formats["date" if isinstance(merged, dt.date) else "cell"]
        sheet.merge_range(top + first, column, top + end, column, merged, look)
    for number, note in enumerate(data.notes, top + len(data.rows)):
        sheet.merge_range(number, 0, number, last, note, formats["note"])
