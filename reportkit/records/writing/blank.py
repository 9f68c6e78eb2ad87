"""A unit's blank form: one workbook for a period, with what is known of the unit filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from reportkit.params import Unit, YearParams
from reportkit.records.forms import TOPICS, Sheet, sheet_of, unit_sheets
from reportkit.records.periods import Period, in_words
from reportkit.records.writing.cells import (
    Value,
    parts_of,
    plain_text,
    sheet_part,
    styles_part,
    zipped,
)
from reportkit.records.writing.inputs import Lists, fixed_range, growing_range
from reportkit.records.writing.known import Known
from reportkit.records.writing.pages import (
    fill_cover,
    fill_questions,
    write_cover,
    write_guide,
    write_questions,
    write_topics,
)
from reportkit.records.writing.table import (
    FIRST_ROW,
    LAST_ROW,
    Blank,
    fill_rows,
    write_table,
)

EMPTY_ROWS, SIGN_IN_ROWS = 40, 80
_VARIES = ("members", "plan_items", "rectifications")
"""The tables in which something is filled in that differs by unit."""
_NAME = "\ue000unit\ue000"
# Where lxml is installed openpyxl writes by it: in ASCII, other characters by number.
_WRITTEN = (_NAME.encode("utf-8"), _NAME.encode("ascii", "xmlcharrefreplace"))
"""Stands for the unit's short name in the sheets that are the same for all."""
_MODEL = Unit(
    unit_id="model",
    name="单位",
    short_name="单位",
    order=0,
    mask_label=_NAME,
    valid_from=dt.date(2000, 1, 1),
)
_QUESTION = dict.fromkeys(("file", "sheet", "cell", "found", "expected", "action"), "无") | {
    "severity": "refused"
}
_HINTS = {
    "members": "橙色表头必填。已填入的请逐人核对；离任的填任职止，新任的往下加行。",
    "plan_items": "橙色表头必填。已填入的各项，列入计划的保留，不列入的请清除整行内容。",
    "rectifications": "橙色表头必填。已填入的是尚未完成整改的问题，编号、问题不要改动，请填写"
    "措施和进展；没有内容的，在第一行第一格填“无”。",
    "sign_in": "橙色表头必填。每次学习每人一行；已在“学习情况”填缺席人员及原因的，本表可不填。",
}
_HINT = "橙色表头必填。没有内容的，在第一行第一格填“无”。"
_HINT_NUMBERED = "橙色表头必填。没有内容的，把第一个序号改为“无”。序号已印好，不要改动。"


def sheets_asked(params: YearParams, period: Period) -> list[Sheet]:
    """The sheets that a unit is asked for: switched on, and due in the period."""
    return [s for s in unit_sheets() if s.is_on(params.switched_off) and period.asks(s)]


class FormKit:
    """The forms of one period: what all units share is made once.

    A form takes a quarter of a second to write, and most of it is the same for every unit:
    so a form is the package of a model in which the sheets that differ are written anew.
    The bytes of a unit's form depend on its own data only, not on what was written before.
    """

    def __init__(self, params: YearParams, period: Period) -> None:
        import openpyxl

        self._params, self._period = params, period
        self._workbook = openpyxl.Workbook()
        self._cover = self._workbook.active
        write_cover(self._cover, period)
        sheets = sheets_asked(params, period)
        write_guide(self._workbook, sheets, period)
        self._questions = write_questions(self._workbook)
        lists = _lists(params, period)
        self._tables: dict[str, Any] = {}
        for sheet in sheets:
            made = write_table(self._workbook, sheet, self._blank(sheet, Known()), lists)
            if sheet.key in _VARIES:
                self._tables[sheet.key] = made
        if params.topics:
            write_topics(self._workbook, params.topics, params.year)
        self._fill(_MODEL, Known(questions=(_QUESTION,)))  # every look is then known
        self._parts = parts_of(self._workbook)
        self._styles = tuple(self._workbook._cell_styles)

    def form(self, unit: Unit, known: Known) -> bytes:
        """The workbook of one unit as .xlsx; the same input gives the same bytes."""
        from openpyxl.utils.indexed_list import IndexedList

        self._workbook._cell_styles = IndexedList(self._styles)
        self._fill(unit, known)
        parts = dict(self._parts)
        for sheet in (self._cover, self._questions, *self._tables.values()):
            path, content = sheet_part(sheet)
            parts[path] = content
        path, content = styles_part(self._workbook)
        parts[path] = content
        name = escape(plain_text(unit.short_name)).encode("utf-8")
        for path, content in parts.items():
            if path.startswith("xl/worksheets/sheet"):
                # It stands in A1, before anything that a unit has written.
                for written in _WRITTEN:
                    content = content.replace(written, name, 1)
                parts[path] = content
        return zipped(parts)

    def _fill(self, unit: Unit, known: Known) -> None:
        fill_cover(self._cover, unit, self._period)
        fill_questions(self._questions, known)
        for sheet in map(sheet_of, self._tables):
            fill_rows(self._tables[sheet.key], sheet, self._blank(sheet, known))

    def _blank(self, sheet: Sheet, known: Known) -> Blank:
        numbered = sheet.fields[0].name == "number"
        rows: Sequence[Mapping[str, Value]] = ()
        if sheet.key == "members":
            rows = known.members
        elif sheet.key == "plan_items":
            rows = known.plan_items or _mandatory(self._params, self._period)
        elif sheet.key == "rectifications":
            rows = known.rectifications
        return Blank(
            title=f"{_NAME}{self._period.in_words}{sheet.title}",
            hint=_HINTS.get(sheet.key, _HINT_NUMBERED if numbered else _HINT),
            rows=rows,
            empty=SIGN_IN_ROWS if sheet.key == "sign_in" else EMPTY_ROWS,
            first_number=self._period.first_number,
        )


def _lists(params: YearParams, period: Period) -> Lists:
    formulas = {"people": growing_range(sheet_of("members").title, "A", FIRST_ROW, LAST_ROW)}
    if params.topics:
        formulas["topics"] = fixed_range(TOPICS, "A", 3, 2 + len(params.topics))
    return Lists(period, formulas)


def _mandatory(params: YearParams, period: Period) -> list[Mapping[str, Value]]:
    """The mandatory topics as items of the plan, in the first form of a year.

    A row that the unit keeps is an item of its plan; one that it clears is none.
    """
    if not period.begins_year:
        return []
    return [
        {
            "number": number,
            "due_period": in_words(f"{topic.learn_by:%Y-%m}"),
            "title": topic.name,
            "topic_code": topic.code,
        }
        for number, topic in enumerate(params.mandatory_topics, period.first_number)
    ]


def file_name(unit_id: str, period: Period) -> str:
    """The name under which a unit gets its form, and sends it back."""
    return f"{unit_id}.{period.text}.xlsx"
