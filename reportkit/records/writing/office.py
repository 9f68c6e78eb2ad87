"""The office's own blank workbook of a year: a row for each unit where each has one."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from reportkit.params import Unit, YearParams
from reportkit.records import forms
from reportkit.records.forms import (
    UNITS_LIST,
    Sheet,
    archive_field,
    system_field,
)
from reportkit.records.periods import period_of
from reportkit.records.writing.cells import save
from reportkit.records.writing.inputs import Lists, fixed_range
from reportkit.records.writing.pages import write_list
from reportkit.records.writing.table import Blank, write_table

EMPTY_ROWS = 40
_PREPARED = ("archive_checks", "system_checks")
_HINTS = {
    "archive_checks": "每单位一行，从下拉表选择；留空为未查。",
    "system_checks": "每单位一行，从下拉表选择；留空为未查。",
    "pairings": "同一组的单位填相同的组别，每单位一行。",
    "confirmations": "每单位一行；免于确认的写明理由。",
}
_HINT = "橙色表头必填；单位从下拉表选择。"


def office_sheets(params: YearParams) -> list[Sheet]:
    """The office's sheets that are switched on, with the columns that the year's items give."""
    sheets = []
    for sheet in forms.office_sheets():
        fields = sheet.fields
        if sheet.key == "archive_checks":
            fields += tuple(archive_field(item) for item in params.archive_items)
        elif sheet.key == "system_checks":
            fields += tuple(system_field(name) for name in params.systems)
        is_empty = sheet.key in _PREPARED and fields == sheet.fields
        if sheet.is_on(params.switched_off) and not is_empty:
            sheets.append(dataclasses.replace(sheet, fields=fields))
    return sheets


def office_form(units: Sequence[Unit], params: YearParams) -> bytes:
    """The office's workbook of the year as .xlsx; the same input gives the same bytes.

    Only where a row with nothing but its unit says something (未查) is there one for each
    unit; elsewhere units are chosen from a list.
    """
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    year = params.year
    lists = Lists(period_of(str(year)))
    if units:
        formulas = {"units": fixed_range(UNITS_LIST, "A", 3, 2 + len(units))}
        lists = dataclasses.replace(lists, formulas=formulas)
    for sheet in office_sheets(params):
        prepared = sheet.key in _PREPARED
        blank = Blank(
            title=f"{year}年{sheet.title}",
            hint=_HINTS.get(sheet.key, _HINT),
            rows=[{"unit": unit.short_name} for unit in units] if prepared else (),
            empty=0 if prepared and units else EMPTY_ROWS,
        )
        write_table(workbook, sheet, blank, lists)
    rows = [(unit.short_name, unit.name) for unit in units]
    write_list(workbook, UNITS_LIST, f"{year}年单位清单", (("简称", 24), ("全称", 48)), rows)
    return save(workbook)
