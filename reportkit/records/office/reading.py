"""Reading the office's workbook sheet by sheet; a sheet that fails harms no other."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reportkit.errors import SubmissionError
from reportkit.params import Unit, YearParams
from reportkit.records.forms import Field, Sheet, archive_field, office_sheets, system_field
from reportkit.records.issues import Log, shown
from reportkit.records.office.model import NOT_CHECKED, OfficeRecords, Pending
from reportkit.records.opening import Grid, refusal
from reportkit.records.reading import Row, Table, find_grid, read_table
from reportkit.records.reading.choosing import is_filled
from reportkit.records.reading.words import is_known_page
from reportkit.text.normalising import plain

Record = dict[str, Any]

_UNIT_COLUMNS = ("unit", "observer_unit", "host_unit")


def read_office(
    grids: Sequence[Grid], names: Mapping[str, Unit], params: YearParams, log: Log
) -> OfficeRecords:
    """All sheets of the office's workbook.

    A blank cell of a check is 未查. Rows that speak of people, sessions or visits wait in
    ``pending`` until the units' records are there.

    Parameters
    ----------
    names:
        Every name of every unit, plain (:func:`reportkit.records.identity.unit_by_name`).

    Raises
    ------
    SubmissionError
        If the workbook holds none of the sheets.
    """
    reader = _Office(names, params, OfficeRecords(log.file, log))
    read: set[int] = set()
    for form in office_sheets():
        sheet = _whole(form, params)
        try:
            grid = find_grid(grids, sheet)
            if grid is None:
                continue
            read.add(id(grid))
            table = read_table(grid, sheet, params.year, log)
        except SubmissionError as error:
            read.update(id(g) for g in grids if g.name in sheet.names or g.name == error.sheet)
            log.add(error.code, error.found, error.expected, f"该表未采用：{error.next_step}",
                    sheet=error.sheet or sheet.title, cell=error.cell)  # fmt: skip
            continue
        reader.take(table)
    known = f"“{'”“'.join(form.title for form in office_sheets())}”"
    if not read:
        raise refusal(
            "没有一张核查表",
            f"工作表{known}中的一张或几张",
            "按表名补上后重新导入",
        )
    for grid in grids:
        if id(grid) not in read and is_filled(grid) and not is_known_page(grid.name):
            log.add("extra_sheet", f"工作表“{grid.name}”", known, sheet=grid.name)
    return reader.result


def _items(sheet: Sheet, params: YearParams) -> dict[str, Field]:
    """The columns that the year's parameters add to a sheet: 档案 and 制度, by their names."""
    if sheet.key == "archive_checks":
        return {item: archive_field(item) for item in params.archive_items}
    if sheet.key == "system_checks":
        return {name: system_field(name) for name in params.systems}
    return {}


def _whole(sheet: Sheet, params: YearParams) -> Sheet:
    return dataclasses.replace(
        sheet, fields=(*sheet.fields, *_items(sheet, params).values()), required=False
    )


class _Office:
    """The workbook's tables as they become rows."""

    def __init__(
        self, names: Mapping[str, Unit], params: YearParams, result: OfficeRecords
    ) -> None:
        self.result = result
        self._names = names
        self._params = params
        self._first, self._last = params.first_day, params.first_day.replace(month=12, day=31)
        self._taken: dict[tuple[Any, ...], tuple[Row, Any]] = {}

    def take(self, table: Table) -> None:
        """The rows of one sheet."""
        sheet, rows = table.sheet, self.result.rows
        self.result.refused += table.refused
        if table.rows and not sheet.is_on(self._params.switched_off):
            metrics = "、".join(sheet.serves)
            self.result.log.add("sheet_off", f"“{table.title}”只用于指标 {metrics}，已在参数中关闭",
                                "已启用的指标所用的表", sheet=table.title)  # fmt: skip
        make: dict[str, Callable[[Row, Unit], list[Record]]] = {
            "archive_checks": self._archive,
            "system_checks": self._systems,
            "pairings": self._pairing,
            "confirmations": self._confirmation,
            "objections": self._objection,
        }
        if table.state == "未报":
            return
        self._warn_of_columns(table)
        for row in table.rows:
            units = self._units(row)
            if units is None:
                self.result.refused += 1
            elif sheet.key in make:
                rows[sheet.key] += make[sheet.key](row, units[0])
            else:
                ids = tuple(unit.unit_id for unit in units)
                self.result.pending.setdefault(sheet.key, []).append(Pending(row, ids))

    def _warn_of_columns(self, table: Table) -> None:
        for item in _items(table.sheet, self._params):
            if item not in table.present:
                self.result.log.add(
                    "no_column", f"没有“{item}”列", f"“{item}”列",
                    f"各单位的“{item}”按未查处理", sheet=table.title,
                )  # fmt: skip

    def _units(self, row: Row) -> list[Unit] | None:
        """The units that a row names; None if one of them is unknown."""
        found: list[Unit] = []
        for column in _UNIT_COLUMNS:
            if column not in row.values:
                continue
            stated = row.values[column]
            unit = self._names.get(plain(stated))
            if unit is None:
                problem = f"“{shown(stated)}”不在单位名录中"
            elif not unit.in_being_during(self._first, self._last):
                problem = f"“{unit.name}”在{self._params.year}年不存在"
            else:
                found.append(unit)
                continue
            row.issue("unit_name", column, problem, "名录中的单位", "该行未采用，请更正")
            return None
        if len(found) == 2 and found[0] is found[1]:
            row.issue("visit_self", "host_unit", f"旁听和被旁听的都是“{found[0].name}”",
                      "两个单位")  # fmt: skip
            return None
        return found

    def _once(self, row: Row, column: str, what: str, key: tuple[Any, ...], content: Any) -> bool:
        """Whether a row is the first of its key; a repetition is counted once, else refused."""
        first = self._taken.setdefault((row.source.sheet, *key), (row, content))
        if first[0] is row:
            return True
        before = f"第{first[0].number}行"
        if first[1] == content:
            row.issue("duplicate", column, f"第{row.number}行与{before}重复（{what}）", "每项一行")
            return False
        row.issue("rows_contradict", column, f"{what}在{before}已有，内容不同", "每项一行")
        self.result.refused += 1
        return False

    # --- the sheets ---

    def _states(self, row: Row, unit: Unit, items: Sequence[str]) -> list[str]:
        states = [row.values[item] or NOT_CHECKED for item in items]
        return states if self._once(row, "unit", f"“{unit.name}”", (unit.unit_id,), states) else []

    def _archive(self, row: Row, unit: Unit) -> list[Record]:
        items = self._params.archive_items
        head = {"unit_id": unit.unit_id, "year": self._params.year}
        return [
            {**head, "item": item, "state": state, **row.provenance()}
            for item, state in zip(items, self._states(row, unit, items), strict=False)
        ]

    def _systems(self, row: Row, unit: Unit) -> list[Record]:
        items = self._params.systems
        head = {"unit_id": unit.unit_id, "year": self._params.year}
        return [
            {**head, "system_no": n, "system": name, "state": state, **row.provenance()}
            for n, (name, state) in enumerate(
                zip(items, self._states(row, unit, items), strict=False), 1
            )
        ]

    def _pairing(self, row: Row, unit: Unit) -> list[Record]:
        group = row.values["group_no"]
        if not self._once(row, "unit", f"组别 {group}、“{unit.name}”", (group, unit.unit_id), None):
            return []
        return [{"year": self._params.year, "group_no": group, "unit_id": unit.unit_id,
                 **row.provenance()}]  # fmt: skip

    def _confirmation(self, row: Row, unit: Unit) -> list[Record]:
        names = ("sent_on", "confirmed_by", "confirmed_on", "waived_because")
        values = {name: row.values[name] for name in names}
        if not self._once(row, "unit", f"“{unit.name}”", (unit.unit_id,), values):
            return []
        return [{"unit_id": unit.unit_id, "snapshot": None, **values, **row.provenance()}]

    def _objection(self, row: Row, unit: Unit) -> list[Record]:
        names = ("document", "received_on", "about", "answer", "answered_on", "correction")
        values = {name: row.values[name] for name in names}
        number = row.values["number"]
        content = (unit.unit_id, values)
        if not self._once(row, "number", f"序号 {number}", (number,), content):
            return []
        name = f"{self._params.year}/{number}"
        return [{"objection_id": name, "unit_id": unit.unit_id, **values, **row.provenance()}]
