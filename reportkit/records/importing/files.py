"""Reading the files of one unit, and checking what they hold together."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportkit.errors import SubmissionError
from reportkit.params import IssueDecision, Unit, Units, YearParams
from reportkit.records.checks import UnitRecords, check_unit
from reportkit.records.forms import Sheet
from reportkit.records.identity import guess_unit, identify, unit_by_name
from reportkit.records.importing.gathering import Found
from reportkit.records.importing.report import FileReport
from reportkit.records.issues import WHOLE_FILE, Decided, Log
from reportkit.records.opening import EvidenceError, open_file, read_bytes
from reportkit.records.opening.isolation import isolated
from reportkit.records.reading import FileTables, read_file, require_sheets


@dataclass(frozen=True)
class Setting:
    """What is needed to read any file of a year; travels to worker processes once."""

    units: Units
    params: YearParams
    forms: tuple[Sheet, ...]
    """The sheets of a unit's workbook, with the names that the office's own forms add."""
    decisions: tuple[IssueDecision, ...] = ()


@dataclass
class FileRead:
    """One file, read or refused."""

    report: FileReport
    log: Log


@dataclass
class GroupRead:
    """The files of one group, and what they bring to the tables, by unit."""

    files: list[FileRead]
    records: dict[str, UnitRecords] = field(default_factory=dict)
    met: frozenset[int] = frozenset()
    """Which decisions some issue answered to."""


class GroupReader:
    """Reads groups of files in one process."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._names: Mapping[str, Unit] = unit_by_name(setting.units)

    def read(self, files: Sequence[Found]) -> GroupRead:
        """All files, then each unit's records from its files together. Never raises for data."""
        decided = Decided(self._setting.decisions, self._setting.params.year)
        read: list[FileRead] = []
        of_unit: dict[str, list[tuple[FileRead, FileTables]]] = {}
        for found in files:
            log = Log(found.label, decided=decided)
            result, tables = self._read_file(found, log)
            read.append(result)
            if tables is not None and log.unit_id is not None:
                of_unit.setdefault(log.unit_id, []).append((result, tables))
        records = {}
        for unit_id, parts in of_unit.items():
            try:
                records[unit_id] = self._check(self._setting.units[unit_id], parts)
            except SubmissionError as error:
                for result, _ in parts:
                    refuse(result, error)
        for result in read:
            result.log.decided = Decided()  # each process has its own; see GroupRead.met
        return GroupRead(read, records, decided.met())

    def _read_file(self, found: Found, log: Log) -> tuple[FileRead, FileTables | None]:
        result = FileRead(FileReport(found.label, "accepted"), log)
        if found.lock:
            log.add("lock_file", "程序在报送表旁留下的临时文件", "报送表本身")
            result.report = dataclasses.replace(result.report, state="skipped")
            return result, None
        try:
            if found.problem:
                raise SubmissionError(
                    found.problem[0], expected=found.problem[1], next_step=found.problem[2]
                )
            content = read_bytes(found.path)
            result.report = dataclasses.replace(
                result.report, sha256=hashlib.sha256(content).hexdigest()
            )
            return result, self._tables(content, found, result)
        except EvidenceError as error:
            log.unit_id = log.unit_id or self._named(found)
            log.add("evidence", error.found, error.expected, error.next_step)
            result.report = dataclasses.replace(
                result.report, state="evidence", unit_id=log.unit_id, reason=error.found
            )
        except SubmissionError as error:
            log.unit_id = log.unit_id or self._named(found)  # so that the unit hears of it
            refuse(result, error)
        return result, None

    def _tables(self, content: bytes, found: Found, result: FileRead) -> FileTables:
        setting, log = self._setting, result.log
        opened = isolated(open_file, content, found.path.name)
        for notice in opened.notices:
            log.add(notice.code, notice.found, notice.expected, notice.action,
                    sheet=notice.sheet, cell=notice.cell)  # fmt: skip
        whose: list[tuple[Unit, str | None]] = []

        def on_cover(cover: Mapping[str, Any]) -> None:
            year, stem = setting.params.year, found.path.stem
            whose.append(identify(cover, stem, found.folder, self._names, year, log))

        tables, _ = read_file(opened.grids, setting.forms, setting.params.year, log, on_cover)
        unit, tables.period = whose[0]
        result.report = dataclasses.replace(
            result.report,
            unit_id=unit.unit_id,
            format=opened.format,
            period=tables.period,
            filled_on=tables.filled_on,
        )
        return tables

    def _check(self, unit: Unit, parts: Sequence[tuple[FileRead, FileTables]]) -> UnitRecords:
        files = [tables for _, tables in parts]
        require_sheets(files, self._setting.forms)
        records = check_unit(unit, self._setting.params, files, self._names)
        for result, tables in parts:
            refused = sum(table.refused for table in tables.tables.values())
            result.report = dataclasses.replace(result.report, rows_refused=refused)
        return records

    def _named(self, found: Found) -> str | None:
        """The unit that the file's name tells, or its folder's."""
        return guess_unit(found.path.stem, found.folder, self._names)


def refuse(result: FileRead, error: SubmissionError) -> None:
    """Put down that nothing of a file enters, and why."""
    log = result.log
    issue = log.add(error.code, error.found, error.expected, f"{WHOLE_FILE}：{error.next_step}",
                    sheet=error.sheet, cell=error.cell)  # fmt: skip
    log.issues.insert(0, log.issues.pop())  # before all that was found until then
    result.report = dataclasses.replace(
        result.report, state="refused", unit_id=log.unit_id, rows=0, reason=issue.found
    )
