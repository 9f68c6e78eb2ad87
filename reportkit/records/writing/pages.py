"""The sheets of a form that are read by people: cover, instructions, questions, lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from reportkit.params import Topic, Unit
from reportkit.records.forms import GUIDE, QUESTIONS, TOPICS, Sheet, sheet_of
from reportkit.records.periods import Period
from reportkit.records.writing.cells import (
    DATE_FORMAT,
    HEAD_FONT,
    Look,
    Value,
    clear_rows,
    put,
)
from reportkit.records.writing.guide import advice, example, rules
from reportkit.records.writing.inputs import Lists, validation
from reportkit.records.writing.known import Known
from reportkit.records.writing.table import HEADER, HINT, TITLE, page, protect

MOST_QUESTIONS = 200
NO_QUESTIONS = "上期没有待核实的问题"
NO_RECORDS = "尚无上期导入记录"

_CELL = Look(border=True, horizontal="left", wrap=True)
_CENTRED = Look(border=True, horizontal="center", wrap=True)
_LABEL = Look(bold=True, size=12, fill="FFE7E6E6", border=True, horizontal="center")
_FILLED = Look(size=12, border=True, horizontal="center", wrap=True)
_OPEN = Look(size=12, border=True, horizontal="center", locked=False, number_format=DATE_FORMAT)
_COVER_ROW = 6
_COVER_TITLE = Look(bold=True, size=20, font=HEAD_FONT, horizontal="center", wrap=True)


def write_cover(sheet: Any, period: Period) -> None:
    """封面 without what differs by unit: labels, and the one cell that units fill in."""
    sheet.title = sheet_of("cover").title
    for column, width in zip("ABCD", (6, 20, 48, 6), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.merge_cells("B3:C3")
    sheet.row_dimensions[3].height = 72
    for row, wanted in enumerate(sheet_of("cover").fields, _COVER_ROW):
        put(sheet, row, 2, wanted.header, _LABEL)
        sheet.row_dimensions[row].height = 34
        if wanted.name == "filled_on":
            check = validation(sheet_of("cover"), wanted, "C", row, Lists(period))
            check.add(f"C{row}")
            sheet.add_data_validation(check)
    put(sheet, 11, 2, "先看“填报说明”和“上期问题”，再填各表。", HINT)
    protect(sheet)
    page(sheet, landscape=False)


def fill_cover(sheet: Any, unit: Unit, period: Period) -> None:
    """封面: unit, year and period, locked; 填报日期 is the unit's to fill in."""
    title = f"{period.year}年{unit.org_type}理论学习中心组\n学习情况报送表"
    put(sheet, 3, 2, title, _COVER_TITLE)
    values: dict[str, Value] = {
        "unit": unit.name, "year": period.year, "period": period.in_words, "filled_on": None,
    }  # fmt: skip
    for row, wanted in enumerate(sheet_of("cover").fields, _COVER_ROW):
        look = _OPEN if wanted.name == "filled_on" else _FILLED
        put(sheet, row, 3, values[wanted.name], look)


def write_guide(workbook: Any, sheets: Sequence[Sheet], period: Period) -> None:
    """填报说明: what holds for all, then a line for each column."""
    sheet = workbook.create_sheet(GUIDE)
    for letter, width in zip("ABCDE", (14, 20, 8, 56, 29), strict=True):
        sheet.column_dimensions[letter].width = width
    put(sheet, 1, 1, f"填报说明（{period.in_words}）", TITLE)
    sheet.row_dimensions[1].height = 26
    row = 2
    for number, line in enumerate(rules(sheets), 1):
        put(sheet, row, 1, f"{number}. {line}", Look(horizontal="left", wrap=True))
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=5)
        sheet.row_dimensions[row].height = 17 * _lines(line, 122)
        row += 1
    row += 1
    for column, text in enumerate(("工作表", "列", "必填", "怎么填", "示例"), 1):
        put(sheet, row, column, text, HEADER)
    header = row
    for form in sheets:
        for wanted in form.fields:
            row += 1
            cells = (form.title, wanted.header, "必填" if wanted.required else "",
                     advice(wanted), example(wanted, period.year))  # fmt: skip
            for column, text in enumerate(cells, 1):
                put(sheet, row, column, text, _CELL if column > 3 else _CENTRED)
            sheet.row_dimensions[row].height = 16 * max(_lines(cells[3], 55), _lines(cells[4], 28))
    sheet.freeze_panes = None
    protect(sheet)
    page(sheet, landscape=False, header=f"{header}:{header}")


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of so many half-width characters."""
    taken = sum(1 if character.isascii() else 2 for character in text)
    return max(1, -(-taken // width))


def write_questions(workbook: Any) -> Any:
    """上期问题 without the questions; returns the sheet."""
    sheet = workbook.create_sheet(QUESTIONS)
    for column, width in zip("ABCDEFG", (24, 13, 9, 34, 30, 34, 9), strict=True):
        sheet.column_dimensions[column].width = width
    put(sheet, 1, 1, QUESTIONS, TITLE)
    sheet.row_dimensions[1].height = 26
    sheet.freeze_panes = "A4"
    protect(sheet)
    page(sheet, landscape=True, header="3:3")
    return sheet


def fill_questions(sheet: Any, known: Known) -> None:
    """上期问题: what is still open of what the unit sent before, what was refused first."""
    clear_rows(sheet, 2)
    if known.questions:
        hint = f"共{len(known.questions)}条，请逐条核对，在原报送表中更正后与本表一并报送。"
        put(sheet, 2, 1, hint, HINT)
        _write_questions(sheet, known)
    else:
        put(sheet, 2, 1, NO_QUESTIONS if known.was_imported else NO_RECORDS, Look())


_COLUMNS = ("文件", "工作表", "单元格", "发现的内容", "应填", "请这样处理", "级别")


def _write_questions(sheet: Any, known: Known) -> None:
    for column, text in enumerate(_COLUMNS, 1):
        put(sheet, 3, column, text, HEADER)
    questions = sorted(known.questions, key=lambda q: q["severity"] != "refused")
    for row, question in enumerate(questions[:MOST_QUESTIONS], 4):
        level = "须更正" if question["severity"] == "refused" else "请核实"
        cells = (PurePosixPath(str(question["file"])).name, question["sheet"], question["cell"],
                 question["found"], question["expected"], question["action"], level)  # fmt: skip
        texts = ["" if text is None else str(text) for text in cells]
        for column, text in enumerate(texts, 1):
            put(sheet, row, column, text, _CELL if column in (4, 5, 6) else _CENTRED)
        high = max(_lines(texts[3], 32), _lines(texts[4], 28), _lines(texts[5], 32),
                   _lines(texts[0], 22))  # fmt: skip
        sheet.row_dimensions[row].height = 16 * min(high, 20)
    if len(questions) > MOST_QUESTIONS:
        rest = f"另有{len(questions) - MOST_QUESTIONS}条，见反馈表"
        put(sheet, 4 + MOST_QUESTIONS, 1, rest, Look())


def write_list(
    workbook: Any, title: str, heading: str, columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[Value]],
) -> None:  # fmt: skip
    """A locked list that drop-downs refer to: title, header in row 2, entries from row 3."""
    sheet = workbook.create_sheet(title)
    put(sheet, 1, 1, heading, TITLE)
    sheet.row_dimensions[1].height = 26
    for column, (text, width) in enumerate(columns, 1):
        put(sheet, 2, column, text, HEADER)
        sheet.column_dimensions["ABCDEFGH"[column - 1]].width = width
    for row, cells in enumerate(rows, 3):
        for column, value in enumerate(cells, 1):
            look = _CELL if column == 2 else _CENTRED
            if isinstance(value, dt.date):
                look = replace(look, number_format=DATE_FORMAT)
            put(sheet, row, column, value, look)
    sheet.freeze_panes = "A3"
    protect(sheet)
    page(sheet, landscape=False, header="2:2")


def write_topics(workbook: Any, topics: Sequence[Topic], year: int) -> None:
    """专题清单: the year's topics, for the drop-downs of 专题编号."""
    write_list(
        workbook, TOPICS, f"{year}年学习专题清单",
        (("专题编号", 14), ("专题名称", 56), ("是否必学", 11), ("学习完成时限", 15)),
        [(t.code, t.name, "必学" if t.mandatory else "选学", t.learn_by) for t in topics],
    )  # fmt: skip
