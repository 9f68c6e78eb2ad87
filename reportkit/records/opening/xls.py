"""Opening an old workbook, .xls or .et (BIFF in an OLE2 container), by xlrd.

xlrd knows cell types, so that errors, dates and blanks are told apart; what it reads past
(formulas without a result or with a link) :mod:`.biff` finds.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING, Any

from reportkit.errors import SubmissionError
from reportkit.records.opening.biff import Biff, BiffSheet, scan
from reportkit.records.opening.classified import classified_marking
from reportkit.records.opening.grid import Grid, Notice, Opened, Range, address, damaged, refusal
from reportkit.records.opening.limits import MAXIMUM_SHEETS
from reportkit.records.opening.ole import Ole, open_ole
from reportkit.records.opening.parts_check import (
    external_cell,
    links,
    looks_of_cells,
    macros,
    refuse_classified,
    shortened,
)
from reportkit.records.opening.sheet_scan import EXTERNAL, NO_RESULT, check_cells, header_texts
from reportkit.records.opening.styles import (
    NOTHING_SHOWN,
    as_date,
    is_shown,
    kind_of_format,
    may_hide,
    shown_fixed,
)
from reportkit.records.opening.texts import check_texts

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Sheet

_PROPERTIES = ("\x05SummaryInformation", "\x05DocumentSummaryInformation")


def locked() -> SubmissionError:
    """The error of a workbook that opens with a password only."""
    return refusal("工作簿设有打开密码", "不设密码的报送表", "取消密码后重新报送", code="password")


def open_old_workbook(content: bytes, form: str) -> Opened:
    """All worksheets of an old workbook; ``form`` is ``xls`` or ``et``.

    Raises
    ------
    SubmissionError
        If it is damaged, locked with a password, too large, or marked as secret.
    """
    ole = open_ole(content)
    stream = (ole.stream("Workbook") or ole.stream("Book")) if ole else b""
    if ole is None or not stream:
        raise damaged("旧版 .xls 工作簿已损坏或不完整")
    biff = scan(stream)
    if biff.encrypted:
        raise locked()
    _check_texts_beside(biff, ole)
    book = _open(stream)
    if book.nsheets > MAXIMUM_SHEETS:
        raise refusal(f"有 {book.nsheets} 张工作表", f"不超过 {MAXIMUM_SHEETS} 张",
                      "只保留报送表的工作表后重新报送", code="sheets")  # fmt: skip
    notices = [macros()] if biff.has_macros else []
    notices += [links()] if biff.has_links else []
    grids = []
    looks = _Looks(book)
    cells = 0
    for index, offset in _worksheets(book):
        formulas = biff.sheets.get(offset, BiffSheet())
        try:
            sheet = book.sheet_by_index(index)
            cells += sum(map(sheet.row_len, range(sheet.nrows)))
            check_cells(sheet.name, cells)
            grid = _grid(book, sheet, formulas, looks)
        except (SubmissionError, MemoryError):
            raise
        except Exception:  # noqa: BLE001, RUF100 - xlrd raises anything upon damage
            raise damaged("旧版工作簿的内容无法识别") from None
        grids.append(grid)
        notices += _notices(grid, formulas)
    if not grids:
        raise damaged("工作簿里没有工作表")
    check_texts(grids)
    return Opened(form, tuple(grids), tuple(notices))


def _open(stream: bytes) -> Book:
    import xlrd

    try:
        return xlrd.open_workbook(
            file_contents=stream, formatting_info=True, on_demand=False, ragged_rows=True,
            logfile=io.StringIO(),
        )  # fmt: skip
    except Exception as error:  # noqa: BLE001, RUF100 - xlrd raises anything upon damage
        if "encrypted" in str(error):
            raise locked() from None
        raise damaged("旧版工作簿的内容无法识别") from None


def _worksheets(book: Book) -> list[tuple[int, int]]:
    """(index, offset of its substream) of each worksheet; xlrd leaves charts out itself."""
    offsets = [offset for offset in getattr(book, "_sh_abs_posn", ()) if offset is not None]
    return list(enumerate(offsets))[: book.nsheets]


def _check_texts_beside(biff: Biff, ole: Ole) -> None:
    for text in biff.texts:
        if any(classified_marking(part) for line in _runs(text) for part in header_texts(line)):
            raise refuse_classified("页眉、页脚、文本框或批注")
    for name in _PROPERTIES:
        body = ole.stream(name)
        for text in (body.decode("gb18030", "ignore"), body.decode("utf-8", "ignore"),
                     body.decode("utf-16-le", "ignore")):  # fmt: skip
            if any(classified_marking(line) for line in _runs(text)):
                raise refuse_classified("文档属性")


def _runs(text: str) -> list[str]:
    """The readable runs of a text that was decoded by guess."""
    runs = re.split(r"[^\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\x20-\x7e★☆]+", text)
    return [run for run in runs if "密" in run]


# --- the cells -------------------------------------------------------------------------


def _grid(book: Book, sheet: Sheet, formulas: BiffSheet, looks: _Looks) -> Grid:
    if not isinstance(sheet.name, str):
        raise damaged("旧版工作簿里有没有名称的工作表")
    grid = Grid(sheet.name, [], sheet.visibility != 0, is_1904=book.datemode == 1)
    for row in range(sheet.nrows):
        types, values = sheet.row_types(row), sheet.row_values(row)
        grid.rows.append([
            "" if kind in (0, 6) else value if kind == 1
            else _value(book, sheet, grid, (row, column), looks)
            for column, (kind, value) in enumerate(zip(types, values, strict=True))
        ])  # fmt: skip
        if looks.struck or looks.unseen:
            _mark(sheet, grid, row, looks)
    _trim(grid)
    for at in formulas.without_result:
        grid.unreadable[at] = NO_RESULT
    for at in formulas.external:
        grid.unreadable[at] = EXTERNAL
    grid.merged = [Range(top, left, bottom - 1, right - 1)
                   for top, bottom, left, right in sheet.merged_cells]  # fmt: skip
    grid.hidden_rows = sorted(
        row for row, info in sheet.rowinfo_map.items()
        if (info.hidden or info.height == 0) and row < len(grid.rows)
    )  # fmt: skip
    width = max(map(len, grid.rows), default=0)
    grid.hidden_columns = sorted(
        column for column, info in sheet.colinfo_map.items()
        if (info.hidden or info.width == 0) and column < width
    )  # fmt: skip
    return grid


_WHITE = (1, 9)
"""Indices of the palette that are white."""


class _Looks:
    """What the styles of a workbook say, by the index of the style."""

    def __init__(self, book: Book) -> None:
        from xlrd.biffh import FDT  # a built-in format of a country has a type, but no code

        self.dates: set[int] = set()
        self.percent: set[int] = set()
        self.fixed: dict[int, str] = {}
        self.struck: set[int] = set()
        self.unseen: dict[int, str] = {}
        for index, style in enumerate(book.xf_list):
            form = book.format_map.get(style.format_key)
            code = form.format_str or "" if form else ""
            kind = kind_of_format(code)
            if (not code and form and form.type == FDT) or kind == "date":
                self.dates.add(index)
            elif kind == "percent":
                self.percent.add(index)
            elif kind == "fixed":
                self.fixed[index] = re.sub(r"_.|\s", "", code.partition(";")[0])
            if may_hide(code):
                self.unseen[index] = code
            if style.font_index >= len(book.font_list):
                continue
            font, paper = book.font_list[style.font_index], style.background
            if font.struck_out:
                self.struck.add(index)
            white = not paper or not paper.fill_pattern or paper.pattern_colour_index in _WHITE
            if white and font.colour_index in _WHITE:
                self.unseen[index] = NOTHING_SHOWN


def _value(book: Book, sheet: Sheet, grid: Grid, at: tuple[int, int], looks: _Looks) -> Any:
    """The value of a cell that is neither blank nor a text."""
    from xlrd import XL_CELL_BOOLEAN, XL_CELL_ERROR, error_text_from_code

    kind = sheet.cell_type(*at)
    value: Any = sheet.cell_value(*at)
    if kind == XL_CELL_ERROR:
        grid.unreadable[at] = error_text_from_code.get(value, "错误值")
        return ""
    if kind == XL_CELL_BOOLEAN:
        return bool(value)
    style = sheet.cell_xf_index(*at)
    if style in looks.dates:
        return _moment(value, book.datemode == 1)
    if style in looks.percent:
        grid.percent.add(at)
    elif style in looks.fixed and (text := shown_fixed(value, looks.fixed[style])):
        grid.shown[at] = text
    return value


def _moment(value: float, is_1904: bool) -> Any:
    """A date, date and time, or time of day, as calamine gives them of an .xlsx."""
    if 0 < value < 1:
        return (dt.datetime(1900, 1, 1) + dt.timedelta(seconds=round(value * 86_400))).time()
    return as_date(value, is_1904) or value


def _mark(sheet: Sheet, grid: Grid, row: int, looks: _Looks) -> None:
    for column, value in enumerate(grid.rows[row]):
        style = sheet.cell_xf_index(row, column) if value != "" else -1
        if style in looks.struck:
            grid.struck.add((row, column))
        if style in looks.unseen and not is_shown(looks.unseen[style], value):
            grid.unseen.add((row, column))


def _trim(grid: Grid) -> None:
    """Leave out the blank cells that only carry a format, right and below; make rows even."""
    used = [max((c + 1 for c, v in enumerate(row) if v != ""), default=0) for row in grid.rows]
    places = list(grid.unreadable)
    height = max([r + 1 for r, width in enumerate(used) if width] + [r + 1 for r, _ in places],
                 default=0)  # fmt: skip
    width = max(used + [c + 1 for _, c in places], default=0)
    grid.rows = [(row + [""] * width)[:width] for row in grid.rows[:height]]


def _notices(grid: Grid, formulas: BiffSheet) -> list[Notice]:
    outside = [external_cell(EXTERNAL, grid.name, address(*at)) for at in sorted(formulas.external)]
    return [*shortened(outside), *looks_of_cells(grid)]
