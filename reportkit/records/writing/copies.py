"""The workbook that a feedback file is made of: the unit's own, or one made from its values."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import re
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportkit.errors import SubmissionError
from reportkit.records.forms.feedback import LIST_SHEET, is_feedback_list
from reportkit.records.opening import open_file
from reportkit.records.opening.grid import Grid, column_letters
from reportkit.records.writing.marking import LAST_COLUMN, Area, as_text, printable, take_off_marks
from reportkit.records.writing.package import MAXIMUM_MERGES, hide_numbers, load_copy

MAXIMUM_ROWS = 20_000
"""Rows of a sheet up to which the whole of it is copied."""
MAXIMUM_CELLS = 200_000
HEAD_ROWS = 3
"""First rows of a sheet, which the compact form shows too, so that columns have names."""
MAXIMUM_ISSUES = 500
"""Issues up to which cells are coloured in place; beyond, only their rows are shown."""

COPIED = "本文件是报送表的副本，公式已换为计算结果；图片、图形、外部链接"
MADE_ANEW = "原文件不能直接标注，本文件由读到的内容重新制成，重新报送时请用 .xlsx 格式"
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FORBIDDEN = str.maketrans(dict.fromkeys("\\/*?:[]", "_"))


@dataclass
class Copy:
    """A workbook to be marked, and where the unit's cells stand in it."""

    workbook: Any
    sheets: dict[str, Any]
    """The unit's name of a sheet → the sheet in the copy."""
    sentence: str
    """What kind of copy it is, for the unit."""
    rows: Mapping[str, Mapping[int, int]] | None = None
    """Compact form only: sheet → row as the unit has it → row here, both from 1."""
    hidden: list[Any] = field(default_factory=list)
    """Cells in which numbers of persons were hidden."""
    shift: int = 0
    """Columns that stand before the unit's first one."""
    added: int = 100
    """Rows beyond the last one in use that may still be marked."""
    is_own: bool = False
    """Whether it is the unit's own workbook, rather than one made from its values."""

    def place(self, sheet: str | None, area: Area) -> tuple[Any, Area] | None:
        """The sheet and area here of an area of the unit's; None if the copy lacks it."""
        target = self.sheets.get(sheet or "")
        if target is None:
            return None
        top, left, bottom, right = area
        left, right = left + self.shift, min(right + self.shift, LAST_COLUMN)
        if self.rows is None:
            last = target.max_row + self.added
            widest = target.max_column + self.added
            return None if top > last or left > widest else (
                target, (top, left, min(bottom, last), min(right, widest))
            )  # fmt: skip
        row = self.rows[sheet or ""].get(top)
        return None if row is None else (target, (row, left, row, right))


def copy_of(
    content: bytes | None,
    format: str,
    grids: Sequence[Grid],
    private: Sequence[tuple[str, int, int]],
) -> Copy:
    """The unit's own workbook if that can be; else one with the same sheets and values.

    ``private``: sheet, row and column of the cells refused for a number of a person.
    """
    own = own_grids(grids)
    if content is not None and format in ("xlsx", "xlsm"):
        with contextlib.suppress(SubmissionError):
            workbook = load_copy(content, grids)
            take_off_marks(workbook)
            for sheet in [s for s in workbook.worksheets if _is_list(s)]:
                workbook.remove(sheet)
            if len(workbook.worksheets) == len(own):
                sentence = COPIED + ("、宏" if format == "xlsm" else "")
                return _finished(workbook, own, private, f"{sentence}未保留", True)
    return _finished(from_grids(own), own, private, MADE_ANEW)


def own_grids(grids: Sequence[Grid]) -> list[Grid]:
    """The sheets without the list of an earlier feedback file that was sent back."""
    return [
        grid
        for grid in grids
        if not is_feedback_list(grid.name, next((c for row in grid.rows[:1] for c in row[:1]), ""))
    ]


def is_large(grids: Sequence[Grid], issues: int) -> bool:
    """Whether only the rows with issues are to be shown."""
    cells = sum(len(g.rows) * max(map(len, g.rows), default=0) for g in grids)
    return (
        issues > MAXIMUM_ISSUES
        or cells > MAXIMUM_CELLS
        or any(len(grid.rows) > MAXIMUM_ROWS for grid in grids)
    )


def _is_list(sheet: Any) -> bool:
    return is_feedback_list(sheet.title, sheet["A1"].value)


def _finished(
    workbook: Any,
    grids: Sequence[Grid],
    private: Sequence[tuple[str, int, int]],
    sentence: str,
    is_own: bool = False,
) -> Copy:
    hidden = hide_numbers(workbook, set(private))
    sheets = {grid.name: sheet for grid, sheet in zip(grids, workbook.worksheets, strict=False)}
    return Copy(workbook, sheets, sentence, hidden=hidden, is_own=is_own)


def reads_the_same(made: bytes, copy: Copy, grids: Sequence[Grid]) -> bool:
    """Whether a copy comes back as its unit sent it; else it must not be used.

    openpyxl turns, for one, a date beyond Excel's calendar into an error.
    """
    try:
        again = own_grids(open_file(made, "feedback.xlsx").grids)
    except SubmissionError:
        return False
    own = own_grids(grids)
    hidden: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for cell in copy.hidden:
        hidden[cell.parent.title].add((cell.row - 1, cell.column - 1))
    return len(again) == len(own) and all(
        _values(one, hidden[new.name] | set(one.unreadable))
        == _values(new, hidden[new.name] | set(one.unreadable))
        for one, new in zip(own, again, strict=True)
    )


def _values(grid: Grid, left_out: Container[tuple[int, int]]) -> dict[tuple[int, int], Any]:
    """What each filled cell holds, and how it is shown."""
    return {
        (r, c): (value, type(value) is bool, (r, c) in grid.percent, grid.shown.get((r, c)))
        for r, row in enumerate(grid.rows)
        for c, value in enumerate(row)
        if value != "" and value is not None and (r, c) not in left_out
    }


# --- made from values -----------------------------------------------------------------------


def from_grids(grids: Sequence[Grid]) -> Any:
    """A new workbook with the same sheets, values, merged cells and hidden rows."""
    workbook = new_workbook()
    for grid in grids:
        sheet = workbook.create_sheet(sheet_title(grid.name, workbook.sheetnames))
        for number, row in enumerate(grid.rows):
            for column, value in enumerate(row):
                put_value(sheet, number + 1, column + 1, grid, (number, column), value)
        for merged in grid.merged[:MAXIMUM_MERGES]:
            if (merged.bottom - merged.top) * (merged.right - merged.left) < MAXIMUM_ROWS:
                sheet.merge_cells(str(merged))
        for hidden in grid.hidden_rows[:MAXIMUM_ROWS]:
            sheet.row_dimensions[hidden + 1].hidden = True
        set_widths(sheet, grid.rows)
        for column in grid.hidden_columns:
            sheet.column_dimensions[column_letters(column)].hidden = True
        sheet.sheet_state = "hidden" if grid.hidden else "visible"
    return workbook


def compact(grids: Sequence[Grid], areas: Mapping[str, Sequence[Area]]) -> Copy:
    """A new workbook with only the rows that have issues, each with its own row number.

    It must not pass for a submission: its sheets' names are no form's.
    """
    workbook = new_workbook()
    sheets: dict[str, Any] = {}
    places: dict[str, dict[int, int]] = {}
    for grid in own_grids(grids):
        head = [range(1, HEAD_ROWS + 1)] if areas.get(grid.name) else []
        rows_of = (range(a[0], min(a[2], a[0] + 50) + 1) for a in areas.get(grid.name, ()))
        wanted = sorted(set(itertools.chain(*head, *rows_of)))[:MAXIMUM_ROWS]
        if not wanted:
            continue
        title = sheet_title(grid.name[:25] + "（问题行）", workbook.sheetnames)
        sheet = sheets[grid.name] = workbook.create_sheet(title)
        width = max(map(len, grid.rows), default=0)
        for column, text in enumerate(["原行号", *map(column_letters, range(width))], 1):
            sheet.cell(1, column, text)
        sheet.freeze_panes = "B2"
        rows = places[grid.name] = {row: n for n, row in enumerate(wanted, 2)}
        for row, here in rows.items():
            sheet.cell(here, 1, row)
            for column, value in enumerate(grid.rows[row - 1] if row <= len(grid.rows) else ()):
                put_value(sheet, here, column + 2, grid, (row - 1, column), value)
        set_widths(sheet, [grid.rows[r - 1] for r in wanted if r <= len(grid.rows)], 1)
    hidden = hide_numbers(workbook, None)
    sentence = "本表内容或问题较多，以下只列出有问题的行及其原行号，不能用本文件报送"
    return Copy(workbook, sheets, sentence, places, hidden, shift=1)


def new_workbook() -> Any:
    """A workbook without a sheet."""
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    return workbook


def sheet_title(name: str, taken: Sequence[str]) -> str:
    """A sheet's name that Excel accepts and no other sheet has."""
    base = printable(name).translate(_FORBIDDEN).strip("'")[:31] or LIST_SHEET[:2]
    used = {other.casefold() for other in taken}
    title, number = base, 2
    while title.casefold() in used:
        title = f"{base[: 28 - len(str(number))]}（{number}）"
        number += 1
    return title


def put_value(
    sheet: Any, row: int, column: int, grid: Grid, at: tuple[int, int], value: Any
) -> None:
    """A cell as it was read; what cannot be trusted as a value stands there as a text."""
    from openpyxl.styles import Font

    if at in grid.unreadable:
        value = f"（{grid.unreadable[at]}）"
    if value is None or value == "":
        return
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        # “_x0041_” would be read as a character's number: its first mark is escaped.
        as_text(cell, _ESCAPE.sub("_x005F_", printable(value)))
    else:
        try:
            cell.value = value
        except ValueError:
            as_text(cell, printable(str(value)))
        cell.number_format = _format(grid, at, value) or cell.number_format
    if at in grid.struck:
        cell.font = Font(strike=True)


def _format(grid: Grid, at: tuple[int, int], value: Any) -> str:
    if at in grid.percent:
        return "0.##%"
    if at in grid.shown:
        whole, _, decimals = grid.shown[at].lstrip("-").partition(".")
        return "0" * len(whole) + (f".{'0' * len(decimals)}" if decimals else "")
    if isinstance(value, dt.datetime):
        return "yyyy-mm-dd hh:mm"
    return "yyyy-mm-dd" if isinstance(value, dt.date) else ""


def set_widths(sheet: Any, rows: Sequence[Sequence[Any]], before: int = 0) -> None:
    """Widths by what stands in the first rows."""
    for column in range(max(map(len, rows), default=0)):
        texts = [str(row[column]) for row in rows[:200] if column < len(row)]
        widest = max((sum(1 + (c > "\u2000") for c in text) for text in texts), default=0)
        letters = column_letters(column + before)
        sheet.column_dimensions[letters].width = min(max(widest + 2, 9), 40)
