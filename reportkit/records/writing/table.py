"""One sheet of a form to be filled in: title, header, rows known already, and empty ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportkit.records.forms import Field, Sheet
from reportkit.records.opening import column_letters
from reportkit.records.writing.cells import (
    DATE_FORMAT,
    GENERAL,
    HEAD_FONT,
    PERCENT_FORMAT,
    TEXT_FORMAT,
    Look,
    Value,
    clear_rows,
    paint,
    put,
    style_of,
)
from reportkit.records.writing.guide import advice, example
from reportkit.records.writing.inputs import Lists, validation
from reportkit.records.writing.marking import rows_high

HEADER_ROW = 3
FIRST_ROW = 4
LAST_ROW = FIRST_ROW + 1999
"""Input checks reach so far; people may add rows below the empty ones."""

TITLE = Look(bold=True, size=16, font=HEAD_FONT, horizontal="left")
HINT = Look(size=10, colour="FF595959", horizontal="left")
HEADER = Look(bold=True, fill="FFE7E6E6", border=True, horizontal="center", wrap=True)
REQUIRED = Look(bold=True, fill="FFFCE4D6", border=True, horizontal="center", wrap=True)
_FORMATS = {
    "date": DATE_FORMAT, "span": DATE_FORMAT, "whole": GENERAL, "decimal": GENERAL,
    "percent": PERCENT_FORMAT,
}  # fmt: skip
_GENERAL_KEYS = frozenset({"number", "session", "plan_item"})
"""Numbers of rows stay numbers: as text each cell would bear a warning."""
_WIDTHS = {
    "date": 12, "span": 24, "whole": 8, "decimal": 8, "percent": 10, "flag": 9, "choice": 11,
    "name": 12, "person": 12, "key": 10, "codes": 17, "period": 17, "absent": 30, "people": 30,
}  # fmt: skip
_OWN_WIDTHS = {"number": 7, "finding_id": 13}
"""2022-WT-03 is longer than other numbers."""
_LINE = 15
"""Points of a line of text."""
_LEFT = frozenset({"text", "absent", "people", "codes"})


@dataclass(frozen=True)
class Blank:
    """What a sheet is made with, beside its form.

    Parameters
    ----------
    rows:
        What is filled in already: English name → value, as a person would have typed it.
    empty:
        How many empty rows follow.
    first_number:
        The first 序号 printed in the empty rows.
    comments:
        Whether each header says in a comment what to fill in.
    """

    title: str
    hint: str
    rows: Sequence[Mapping[str, Value]] = ()
    empty: int = 40
    first_number: int = 1
    comments: bool = True


def input_look(wanted: Field) -> Look:
    """How a column's cells look: unlocked, with the format that keeps what is typed."""
    number_format = _FORMATS.get(wanted.kind, TEXT_FORMAT)
    if wanted.name in _GENERAL_KEYS:
        number_format = GENERAL
    left = wanted.kind in _LEFT
    return Look(border=True, horizontal="left" if left else "center", wrap=left, locked=False,
                number_format=number_format)  # fmt: skip


def width_of(wanted: Field) -> int:
    """A column's width in characters: by its kind, at least as wide as half its header."""
    if wanted.kind == "text":
        return 30 if wanted.longest >= 200 else 20
    if wanted.name in _OWN_WIDTHS:
        return _OWN_WIDTHS[wanted.name]
    return max(_WIDTHS[wanted.kind], min(len(wanted.header), 7) + 3)


def write_table(workbook: Any, form: Sheet, blank: Blank, lists: Lists) -> Any:
    """Add a sheet to be filled in; returns it."""
    sheet = workbook.create_sheet(form.title)
    put(sheet, 1, 1, blank.title, TITLE)
    put(sheet, 2, 1, blank.hint, HINT)
    sheet.row_dimensions[1].height = 26
    sheet.row_dimensions[2].height = 18
    for column, wanted in enumerate(form.fields, 1):
        _write_column(sheet, form, wanted, column, blank, lists)
    widest = max(len(f.header) / (width_of(f) / 2 - 0.5) for f in form.fields)
    sheet.row_dimensions[HEADER_ROW].height = 20 if widest <= 1 else 34
    # Titles of rows 1 and 2 run over the columns beside them: those stay empty and locked.
    for column in range(2, len(form.fields) + 1):
        paint(sheet.cell(1, column), TITLE)
        paint(sheet.cell(2, column), HINT)
    fill_rows(sheet, form, blank)
    _set_up(sheet, form)
    return sheet


def _write_column(
    sheet: Any, form: Sheet, wanted: Field, column: int, blank: Blank, lists: Lists
) -> None:
    letters = column_letters(column - 1)
    header = put(sheet, HEADER_ROW, column, wanted.header, REQUIRED if wanted.required else HEADER)
    if blank.comments:
        header.comment = _comment(wanted, lists.period.year)
    dimension = sheet.column_dimensions[letters]
    dimension.width = width_of(wanted)
    below = input_look(wanted)
    # Rows below the printed ones are open too; without borders, or they would never end.
    plain = Look(horizontal=below.horizontal, wrap=below.wrap, locked=False,
                 number_format=below.number_format)  # fmt: skip
    dimension._style = style_of(sheet, plain)
    check = validation(form, wanted, letters, FIRST_ROW, lists)
    if check is not None:
        check.add(f"{letters}{FIRST_ROW}:{letters}{LAST_ROW}")
        sheet.add_data_validation(check)


def _comment(wanted: Field, year: int) -> Any:
    from openpyxl.comments import Comment

    must = "必填" if wanted.required else "可空"
    text = f"{must}。{advice(wanted)}。例：{example(wanted, year)}"
    return Comment(text, "reportkit", height=30 + 18 * (len(text) // 14 + 1), width=220)


def fill_rows(sheet: Any, form: Sheet, blank: Blank) -> None:
    """The rows known already, then the empty ones, in place of those that were there."""
    looks = [input_look(wanted) for wanted in form.fields]
    clear_rows(sheet, FIRST_ROW)
    row = FIRST_ROW
    for known in blank.rows:
        for column, (wanted, look) in enumerate(zip(form.fields, looks, strict=True), 1):
            put(sheet, row, column, known.get(wanted.name), look)
        high = max(_lines_of(known.get(wanted.name), wanted) for wanted in form.fields)
        if high > 1:
            sheet.row_dimensions[row].height = _LINE * min(high, 20) + 4
        row += 1
    used = [int(str(r["number"])) for r in blank.rows if str(r.get("number", "")).isdigit()]
    number = max([blank.first_number - 1, *used])
    for _ in range(blank.empty):
        for column, (wanted, look) in enumerate(zip(form.fields, looks, strict=True), 1):
            cell = sheet.cell(row, column)
            paint(cell, look)
            if wanted.name == "number":
                number += 1
                cell.value = number
        row += 1


def _lines_of(value: Value, wanted: Field) -> int:
    """How many lines a text takes that wraps in its column."""
    return rows_high(value, width_of(wanted)) if isinstance(value, str) else 1


def _set_up(sheet: Any, form: Sheet) -> None:
    """Frozen header, filter, protection without a password, and how it prints."""
    letters = column_letters(len(form.fields) - 1)
    keeps = 2 if len(form.fields) > 8 else 0  # a wide sheet keeps its first columns in sight
    sheet.freeze_panes = f"{column_letters(keeps)}{FIRST_ROW}"
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{letters}{LAST_ROW}"
    sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = 18, True
    protect(sheet)
    page(sheet, landscape=True, header=f"1:{HEADER_ROW}")


def protect(sheet: Any) -> None:
    """Locked cells keep; sorting, filtering, widening and inserting rows stay possible."""
    protection = sheet.protection
    protection.sheet = True
    for allowed in ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows",
                    "sort", "autoFilter"):  # fmt: skip
        setattr(protection, allowed, False)  # in the file, 0 means: not forbidden


def page(sheet: Any, *, landscape: bool, header: str = "") -> None:
    """A4, one page wide, the header on each page, page numbers below."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom, margins.footer = 0.6, 0.8, 0.4
    sheet.oddFooter.center.text = "&A　第 &P 页，共 &N 页"
    if header:
        sheet.print_title_rows = header
