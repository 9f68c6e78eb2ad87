"""Files of a unit as tables in memory, from sheets of plain cells: no workbook is opened."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from records_support import SESSION_HEADER, UNITS, YEAR, Book, right_book

from reportkit.params import IssueDecision, Unit, Units, YearParams
from reportkit.records.checks import UnitRecords, check_unit
from reportkit.records.forms import unit_sheets
from reportkit.records.identity import unit_by_name
from reportkit.records.issues import Decided, Issue, Log
from reportkit.records.reading import FileTables, Row, Source, Table
from reportkit.records.reading.spans import settle_spans
from reportkit.records.values import read

D = dt.date
FIRST = D(2023, 3, 8)
SIGN_IN = ["学习序号", "姓名", "状态"]
SPEECHES = ["学习序号", "姓名", "发言类型", "书面材料", "顺序"]
FOLDER = "submissions/2023/"


def params(**changes: Any) -> YearParams:
    import yaml

    return YearParams.model_validate({**yaml.safe_load(YEAR), **changes})


def units() -> Units:
    import yaml

    return Units.model_validate(yaml.safe_load(UNITS))


def decide(
    code: str, cell: str, decision: str = "waive", *, sheet: str = "学习情况",
    file: str = "aa.xlsx", value: Any = None,
) -> IssueDecision:  # fmt: skip
    """A decision of an analyst on one cell."""
    return IssueDecision.model_validate({
        "code": code, "file": file, "sheet": sheet, "cell": cell, "decision": decision,
        "value": value, "by": "分析员", "why": "已电话核实",
    })  # fmt: skip


def as_file(
    book: Book,
    name: str = "aa.xlsx",
    period: str | None = None,
    filled_on: dt.date | None = None,
    decisions: Sequence[IssueDecision] = (),
) -> FileTables:
    """One file: the cells of its sheets read as the forms say."""
    decided = Decided(decisions, 2023)
    log = Log(FOLDER + name, "aa", decided=decided)
    tables = {}
    for sheet in unit_sheets():
        rows = book.get(sheet.title)
        source = Source(log.file, sheet.title, log, period)
        table = Table(sheet, sheet.title, source=source)
        tables[sheet.key] = table
        if rows is None:
            continue
        columns = {sheet_field(sheet, header): n for n, header in enumerate(rows[0])}
        table.present = frozenset(columns)
        for number, cells in enumerate(rows[1:], start=2):
            table.rows.append(_row(sheet, columns, number, cells, source, decided))
        table.state = "已报" if table.rows else "未报"
    return FileTables(log.file, log, tables, period, filled_on)


def sheet_field(sheet: Any, header: str) -> str:
    return next(f.name for f in sheet.fields if f.header == header)


def _row(
    sheet: Any, columns: Mapping[str, int], number: int, cells: Sequence[Any], source: Source,
    decided: Decided,
) -> Row:  # fmt: skip
    row = Row(number, {f.name: None for f in sheet.fields}, dict(columns), source)
    for name, column in columns.items():
        raw = cells[column] if column < len(cells) else None
        decision = decided.override(source.file, sheet.title, row.cell(name))
        if decision:  # as reading does it: the decision is met, and its value read
            raw = decision.value
            place = {"sheet": sheet.title, "cell": row.cell(name)}
            source.log.add(decision.code, "此前的值", "", **place)
        reading = read("" if raw is None else raw, sheet.field(name), 2023)
        row.values[name] = reading.value
        if reading.refused:
            assert not sheet.field(name).required, f"{sheet.title} {row.cell(name)}: {raw!r}"
            row.refused.add(name)
        if reading.state:
            row.states[name] = reading.state
    assert settle_spans(row, sheet.fields), f"{sheet.title} {number}"
    return row


def check(*files: FileTables, unit: str = "aa", year: YearParams | None = None) -> UnitRecords:
    """All files of one unit, checked."""
    known = units()
    return check_unit(_unit(known, unit), year or params(), files, unit_by_name(known))


def _unit(known: Units, unit_id: str) -> Unit:
    return known[unit_id]


def issues(records: UnitRecords, *codes: str) -> list[Issue]:
    """Every issue, or those of some codes, file by file."""
    found = [issue for file in records.files for issue in records.logs[file].issues]
    return [issue for issue in found if issue.code in codes] if codes else found


def places(records: UnitRecords, *codes: str) -> list[tuple[str, str | None, str | None]]:
    """(code, sheet, cell) of the issues."""
    return [(i.code, i.sheet, i.cell) for i in issues(records, *codes)]


def ids(records: UnitRecords, table: str = "sessions") -> list[str]:
    key = {
        "sessions": "session_id",
        "plan_items": "item_id",
        "research": "research_id",
        "practices": "practice_id",
        "members": "person_id",
        "visits": "visit_id",
    }[table]
    return [row[key] for row in records.rows[table]]


def one(records: UnitRecords, session_id: str, table: str = "sessions") -> dict[str, Any]:
    (row,) = [row for row in records.rows[table] if row["session_id"] == session_id]
    return row


def status(records: UnitRecords, session_id: str) -> dict[str, str]:
    """person → status at one session."""
    rows = [row for row in records.rows["attendance"] if row["session_id"] == session_id]
    return {row["person_id"].rpartition("/")[2]: row["status"] for row in rows}


def session(number: Any, day: Any, title: str = "学习专题一", **cells: Any) -> list[Any]:
    """A row of 学习情况: held in the presence of all, unless cells by their headers differ."""
    right: dict[str, Any] = {
        "序号": number, "开始日期": day, "学时": 2, "学习类型": "集体学习", "计入类别": "集体学习",
        "学习主题": title, "主持人": "张伟", "应到": 4, "实到": 4, "缺席人员及原因": "无",
        **cells,
    }  # fmt: skip
    return [right.get(header) for header in SESSION_HEADER]


def small(*sessions: list[Any], **sheets: list[list[Any]]) -> Book:
    """A book of the roster and these sessions alone, with further sheets by their titles."""
    book = right_book()
    return {"成员名单": book["成员名单"], "学习情况": [SESSION_HEADER, *sessions], **sheets}


def changed(book: Book, sheet: str, row: int, **cells: Any) -> Book:
    """The book with cells of one row (from 1 below the header) changed by their headers."""
    book = copy.deepcopy(book)
    for header, value in cells.items():
        book[sheet][row][book[sheet][0].index(header)] = value
    return book


def month(*sessions: list[Any], name: str = "aa-3.xlsx", **sheets: list[list[Any]]) -> Any:
    return as_file(small(*sessions, **sheets), name, "2023-03", D(2023, 4, 3))


def quarter(*sessions: list[Any], name: str = "aa-q1.xlsx", **sheets: list[list[Any]]) -> Any:
    return as_file(small(*sessions, **sheets), name, "2023Q1", D(2023, 4, 2))


def told(records: UnitRecords, *codes: str) -> list[tuple[str, str, str | None]]:
    """(code, file, cell) of every issue but the notes that files were joined."""
    return [
        (i.code, i.file.rpartition("/")[2], i.cell)
        for i in issues(records)
        if i.code in codes or (not codes and i.code not in ("second_file", "duplicate"))
    ]


def facts(records: UnitRecords) -> dict[str, list[tuple[Any, ...]]]:
    """All rows without their source, sorted."""
    return {
        table: sorted(
            (tuple((k, str(v)) for k, v in row.items() if not k.startswith("source_"))
             for row in rows),
        )
        for table, rows in records.rows.items()
    }  # fmt: skip
