"""Joining a year's tables from a database or a folder (数据源) into an import."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportkit.errors import RecordsError
from reportkit.params import Units, YearParams
from reportkit.records.across.board import row_key
from reportkit.records.checks import UnitRecords
from reportkit.records.importing.files import FileRead
from reportkit.records.importing.report import FileReport
from reportkit.records.issues import Decided, Log, Place
from reportkit.records.office import OfficeRecords
from reportkit.records.schemas import OFFICE_TABLES, STATE_TABLES, UNIT_TABLES
from reportkit.records.sources import Problem, SourceTables, read_source, records_from

Record = dict[str, Any]
_SIDES = {"旁听单位": ("observer_unit",), "被旁听单位": ("host_unit",)}
_BOTH = ("observer_unit", "host_unit")


@dataclass
class SourceRead:
    """A source's records as an import holds them."""

    file: FileRead
    parts: dict[str, UnitRecords]
    office: dict[str, list[Record]]
    """The office's tables that the source has."""
    inputs: list[dict[str, Any]]


class _EveryFile(dict[str, Log]):
    """Rows may name the file that they came from long ago; there is one log for all."""

    def __init__(self, log: Log) -> None:
        super().__init__({log.file: log})
        self._log = log

    def __missing__(self, key: str) -> Log:
        return self._log


class _RowLog(Log):
    """A log of tables, which have rows and no cells: A5 is the fifth row."""

    def place(self, sheet: str | None, cell: str | None, key: str | None) -> Place:
        """A cell told as a row in the key."""
        row = f"第{cell[1:]}行" if cell else None
        return sheet, None, "，".join(part for part in (key, row) if part) or None


def read_elsewhere(location: str, units: Units, params: YearParams, decided: Decided) -> SourceRead:
    """Every table of the year that a source has, by unit.

    A unit without a row in a table that the source has is 未报 there, not 零, unless the
    source's ``submissions`` says so; ``value_states`` says the same of single values.

    Raises
    ------
    UsageError
        If there is no such source.
    RecordsError
        If it refuses, holds a 密级 marking, or has no table that can be used.
    """
    source = read_source(location, params.year)
    if not source.frames:
        raise _nothing(source)
    rows, problems = records_from(source, units, params)
    log = _RowLog(source.name, decided=decided)
    _tell(log, problems)
    digest = hashlib.sha256("\n".join(sorted(i["sha256"] for i in source.inputs)).encode())
    report = FileReport(
        source.name, "accepted", sha256=digest.hexdigest(), format="source",
        rows=sum(len(records) for name, records in rows.items() if name not in STATE_TABLES),
        rows_refused=sum(p.severity == "refused" for p in problems),
    )  # fmt: skip
    parts = {
        unit.unit_id: UnitRecords(unit.unit_id, (log.file,), logs=_EveryFile(log)) for unit in units
    }
    refused = _refused(problems)
    for name in UNIT_TABLES:
        for row in rows.get(name, ()):
            for unit_id in _owners(name, row):
                parts[unit_id].rows.setdefault(name, []).append(dict(row))
    filled = {unit_id: part for unit_id, part in parts.items() if part.rows}
    said = {(r["unit_id"], r["table"]): r["state"] for r in rows.get("submissions", ())}
    states: dict[str, list[Record]] = {}
    for row in rows.get("value_states", ()):
        states.setdefault(row["unit_id"], []).append(row)
    for unit_id, part in filled.items():
        part.rows = {name: part.rows.get(name, []) for name in UNIT_TABLES}
        part.rows["value_states"] = _value_states(part, states.get(unit_id, ()))
        part.states = {
            name: (_state(part, name, said), refused.get((unit_id, name), 0))
            for name in UNIT_TABLES
        }
    office = {name: rows[name] for name in OFFICE_TABLES if name in rows}
    inputs = [{**entry, "unit_id": None, "state": "accepted"} for entry in source.inputs]
    return SourceRead(FileRead(report, log), filled, office, inputs)


def _nothing(source: SourceTables) -> RecordsError:
    """A source without one table of use must not replace the records by nothing."""
    why = [f"{p.table or p.file}: {p.found}" for p in source.problems if p.severity == "refused"]
    return RecordsError(
        f"no table of use{f' ({why[0]})' if why else ''}",
        expected="tables named sessions, members, attendance …, as the snapshot's are",
        next_step="correct the source and import again; the earlier snapshot is unchanged",
        where=source.name,
    )


def _owners(table: str, row: Mapping[str, Any]) -> Iterable[str]:
    """A visit belongs to each side that told it; every other row to its unit."""
    if table != "visits":
        return [row["unit_id"]]
    return [row[side] for side in _SIDES.get(row["reported_by"], _BOTH)]


def _state(part: UnitRecords, table: str, said: Mapping[tuple[str, str], str]) -> str:
    if part.rows[table]:
        return "已报"
    state = said.get((part.unit_id, table), "未报")
    return "未报" if state == "已报" else state


def _value_states(part: UnitRecords, rows: Iterable[Record]) -> list[Record]:
    """What is said of the empty values of rows that entered."""
    entered = {(name, row_key(name, row)): row for name, each in part.rows.items() for row in each}
    return [
        dict(state)
        for state in rows
        if (row := entered.get((state["table"], state["row_key"]))) is not None
        and row.get(state["column"]) is None
    ]


def _refused(problems: Sequence[Problem]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for problem in problems:
        if problem.severity == "refused" and problem.unit_id:
            key = (problem.unit_id, problem.table)
            counts[key] = counts.get(key, 0) + 1
    return counts


def _tell(log: Log, problems: Sequence[Problem]) -> None:
    for problem in problems:
        key = "，".join(part for part in (problem.row, problem.column) if part)
        issue = log.add(problem.code, problem.found, problem.expected, problem.action,
                        sheet=problem.table or None, key=key or None)  # fmt: skip
        if problem.unit_id:
            log.issues[-1] = dataclasses.replace(issue, unit_id=problem.unit_id)


def with_source(office: OfficeRecords | None, source: SourceRead) -> OfficeRecords | None:
    """The office's records, the source's tables in place of its workbook's."""
    if not source.office:
        return office
    if office is None:
        office = OfficeRecords(source.file.log.file, source.file.log)
    for name, rows in source.office.items():
        if office.rows[name] or office.pending.get(name):
            source.file.log.add("source_twice", f"{len(rows)}行", "只在一处", sheet=name)
        office.rows[name] = [dict(row) for row in rows]
        office.pending.pop(name, None)
    return office
