"""Lists that the office prints, fills in or telephones from: 签收单, 催报名单."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportkit.records.writing.cells import HEAD_FONT, Look, put, save, set_text
from reportkit.records.writing.table import page

_TITLE = Look(True, 16, HEAD_FONT, horizontal="center", wrap=True)
_LINE = Look(wrap=True, vertical="center")
_HEADER = Look(True, fill="FFE7E6E6", border=True, horizontal="center", wrap=True)
_LEFT = Look(border=True, wrap=True, horizontal="left", locked=False)
_MIDDLE = Look(border=True, wrap=True, horizontal="center", locked=False)
_HEIGHT = 17
_ROOM = 34
"""Points: a signature by hand needs so much."""


@dataclass(frozen=True)
class ListColumn:
    """A column: its head, its width in characters, and whether its text stands on the left."""

    head: str
    width: float
    left: bool = False


RECEIPTS = (
    ListColumn("序号", 6), ListColumn("单位", 22, True), ListColumn("材料", 44, True),
    ListColumn("份数", 6), ListColumn("联系人", 11), ListColumn("电话", 16),
    ListColumn("送达方式", 24, True), ListColumn("签收人", 11), ListColumn("签收日期", 12),
    ListColumn("备注", 16, True),
)  # fmt: skip
"""签收单: the last three are left to be filled in."""

LATE_UNITS = (
    ListColumn("序号", 6), ListColumn("单位", 26, True), ListColumn("情况", 34, True),
    ListColumn("联系人", 12), ListColumn("电话", 18), ListColumn("电子邮箱", 28, True),
    ListColumn("已提醒", 22), ListColumn("答复", 26, True),
)  # fmt: skip
"""催报名单: the last one is left to be filled in."""


def list_workbook(
    title: str, note: str, columns: Sequence[ListColumn], rows: Sequence[Sequence[str]]
) -> bytes:
    """A list on A4 across, its head on each page; the same rows give the same bytes.

    ``rows`` may be shorter than ``columns``: the rest is left blank, with a frame.
    """
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = title[:31]
    last = len(columns)
    for row, (text, look) in enumerate(((title, _TITLE), (note, _LINE)), 1):
        put(sheet, row, 1, text, look)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=last)
        sheet.row_dimensions[row].height = 32 if row == 1 else 20
    for number, column in enumerate(columns, 1):
        put(sheet, 3, number, column.head, _HEADER)
        sheet.column_dimensions[sheet.cell(3, number).column_letter].width = column.width
    sheet.row_dimensions[3].height = 24
    for at, values in enumerate(rows, 4):
        _row(sheet, at, columns, values)
    page(sheet, landscape=True)
    sheet.freeze_panes = "A4"
    sheet.print_title_rows = "3:3"
    return save(book)


def _row(sheet: Any, at: int, columns: Sequence[ListColumn], values: Sequence[str]) -> None:
    high = 1
    for number, column in enumerate(columns, 1):
        text = values[number - 1] if number <= len(values) else ""
        cell = put(sheet, at, number, "", _LEFT if column.left else _MIDDLE)
        if text:
            set_text(cell, text, private=False)
            room = max(1.0, column.width - 1)
            lines = text.split("\n")
            high = max(high, sum(1 + int(_width(line) / room) for line in lines))
    sheet.row_dimensions[at].height = min(max(_HEIGHT * high + 4, _ROOM), 400)


def _width(text: str) -> int:
    """How many half characters it takes."""
    return sum(1 if character.isascii() else 2 for character in text)
