"""One year: all submissions, the office's own checks, the snapshot, the feedback."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from reportkit.errors import SubmissionError
from reportkit.params import Unit, load_decisions, load_forms, load_units, load_year
from reportkit.records.across import settle
from reportkit.records.checks import UnitRecords
from reportkit.records.forms import unit_sheets
from reportkit.records.forms.custom import with_absence, with_office_forms
from reportkit.records.identity import guess_unit, unit_by_name
from reportkit.records.importing.causes import office_causes
from reportkit.records.importing.elsewhere import SourceRead, read_elsewhere, with_source
from reportkit.records.importing.files import FileRead, GroupRead, GroupReader, Setting, refuse
from reportkit.records.importing.gathering import Found, grouped, submissions_of
from reportkit.records.importing.pool import read_groups
from reportkit.records.importing.report import FileReport, ImportReport
from reportkit.records.importing.tables import (
    file_rows,
    submission_states,
    topic_rows,
    unit_rows,
)
from reportkit.records.issues import Decided, Log
from reportkit.records.office import OfficeRecords, read_office
from reportkit.records.opening import open_file, read_bytes
from reportkit.records.opening.isolation import isolated
from reportkit.records.schemas import TABLES, frame_of, validate
from reportkit.records.snapshot import refuse_purged, write_snapshot


class Watcher(Protocol):
    """Hears how an import gets on; the command line shows it to people."""

    def begin(self, files: int) -> None:
        """So many files are going to be read."""

    def advance(self, files: int) -> None:
        """So many more are done."""

    def end(self) -> None:
        """All are read."""


class _Silent:
    """Tells nobody."""

    def begin(self, files: int) -> None:
        """So many files are going to be read."""

    def advance(self, files: int) -> None:
        """So many more are done."""

    def end(self) -> None:
        """All are read."""


def import_year(
    home: Path,
    year: int,
    *,
    jobs: int | None = None,
    watcher: Watcher | None = None,
    feedback: bool = True,
    source: str | None = None,
) -> ImportReport:
    """Read all submissions of a year, check them, and replace the year's snapshot.

    A file that cannot be read harms no other. An empty folder gives an empty snapshot in
    which every unit is missing.

    Parameters
    ----------
    jobs:
        Processes that read files; None: one a core where it pays.
    feedback:
        Whether each unit's feedback workbook is written.
    source:
        A database or a folder that the year's tables are taken from, in place of the
        submissions (:func:`reportkit.records.sources.read_source`).

    Raises
    ------
    UsageError
        If there is no such source.
    ParameterError
        If the parameters of the year, the units, the forms or the decisions are wrong.
    RecordsError
        If the year was purged, the folder of submissions is missing, the tables contradict
        their schemas, or the snapshot cannot be written.
    """
    refuse_purged(home, year)
    run = _Import(home, setting_of(home, year))
    if source is None:
        run.read(submissions_of(home, year), jobs, watcher or _Silent())
    else:
        run.read_elsewhere(source)
    run.read_office()
    run.settle()
    report = run.finish()
    return run.with_feedback(report, jobs) if feedback else report


def setting_of(home: Path, year: int) -> Setting:
    """What the folder's parameters say of a year.

    Raises
    ------
    ParameterError
        If one of them is wrong.
    """
    params = load_year(home, year)
    forms = with_office_forms(with_absence(unit_sheets(), params.absence), load_forms(home))
    return Setting(load_units(home), params, forms, load_decisions(home, year).issues)


@dataclass
class _Import:
    """An import under way."""

    home: Path
    setting: Setting
    files: list[FileRead] = field(default_factory=list)
    records: dict[str, UnitRecords] = field(default_factory=dict)
    office: OfficeRecords | None = None
    source: SourceRead | None = None

    def __post_init__(self) -> None:
        self.names: Mapping[str, Unit] = unit_by_name(self.setting.units)
        self.decided = Decided(self.setting.decisions, self.year)
        self.order = {unit.unit_id: n for n, unit in enumerate(self.setting.units)}

    @property
    def year(self) -> int:
        return self.setting.params.year

    def read(self, found: Sequence[Found], jobs: int | None, watcher: Watcher) -> None:
        """Read the files group by group; those of one unit end up in one group."""
        guess = [guess_unit(f.path.stem, f.folder, self.names) for f in found]
        groups = grouped(found, guess)
        watcher.begin(len(found))
        try:
            results = read_groups(self.setting, groups, jobs=jobs, advance=watcher.advance)
        finally:
            watcher.end()
        for group in _joined(self.setting, groups, results):
            self.files += group.files
            self.records.update(group.records)
            self.decided.meet(group.met)
        self.files.sort(key=lambda r: self.order.get(r.report.unit_id or "", len(self.order)))
        for result in self.files:
            result.log.decided = self.decided
        logs = {result.log.file: result.log for result in self.files}
        for part in self.records.values():
            part.logs = {file: logs[file] for file in part.files}

    def read_elsewhere(self, location: str) -> None:
        """Take the units' records from a database or a folder."""
        self.source = read_elsewhere(
            location, self.setting.units, self.setting.params, self.decided
        )
        self.records = self.source.parts
        self.files.append(self.source.file)

    def read_office(self) -> None:
        """The office's own workbook, ``data/checks/<year>.xlsx``, if there is one."""
        path = self.home / "data" / "checks" / f"{self.year}.xlsx"
        if not path.is_file():
            return
        log = Log(f"checks/{self.year}.xlsx", decided=self.decided)
        result = FileRead(FileReport(log.file, "accepted", format="xlsx"), log)
        self.files.append(result)
        try:
            content = read_bytes(path)
            digest = hashlib.sha256(content).hexdigest()
            result.report = dataclasses.replace(result.report, sha256=digest)
            grids = isolated(open_file, content, path.name).grids
            self.office = read_office(grids, self.names, self.setting.params, log)
        except SubmissionError as error:
            refuse(result, error)

    def settle(self) -> None:
        """Put the units side by side, and count what became of each file."""
        parts = [self.records[unit.unit_id] for unit in self.setting.units
                 if unit.unit_id in self.records]  # fmt: skip
        if self.source:
            self.office = with_source(self.office, self.source)
        settle(parts, self.setting.units, self.setting.params, self.office)
        self._report_unmet_decisions()
        if common := office_causes(self.files, self.records, self.setting.params):
            self.files.insert(0, FileRead(FileReport(common.file, "skipped"), common))
        if self.office:
            for result in self.files:
                if result.log is self.office.log:
                    result.report = dataclasses.replace(
                        result.report, rows_refused=self.office.refused
                    )
        rows: dict[str, int] = {}
        for part in [p.rows for p in parts] + ([self.office.rows] if self.office else []):
            for records in part.values():
                for row in records:
                    source = row.get("source_file")
                    if source:
                        rows[source] = rows.get(source, 0) + 1
        for result in self.files:
            if result.report.state in ("accepted", "partly"):
                result.report = dataclasses.replace(
                    result.report,
                    state="partly" if result.log.count("refused") else "accepted",
                    rows=result.report.rows
                    if self.source and result is self.source.file
                    else rows.get(result.log.file, 0),
                    corrected=result.log.count("corrected"),
                )

    def _report_unmet_decisions(self) -> None:
        unmet = self.decided.unmet()
        if not unmet:
            return
        log = Log(f"params/decisions/{self.year}.yml")
        for decision in unmet:
            place = " · ".join(
                part
                for part in (decision.file, decision.sheet, decision.cell, decision.key)
                if part
            )
            log.add("decision_unmatched", f"{decision.code}：{place}",
                    "本次导入仍有的问题", key=f"{decision.code} {place}")  # fmt: skip
        self.files.append(FileRead(FileReport(log.file, "skipped"), log))

    # --- the end ---

    def finish(self) -> ImportReport:
        """Write the snapshot; the report of everything."""
        params, units = self.setting.params, self.setting.units
        expected = units.in_year(self.year)
        issues = tuple(
            dataclasses.replace(issue, unit_id=issue.unit_id or result.log.unit_id)
            for result in self.files
            for issue in result.log.issues
        )
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        for unit in units:
            part = self.records.get(unit.unit_id)
            for name, more in part.rows.items() if part else ():
                rows[name] += more
        for name, more in self.office.rows.items() if self.office else ():
            rows[name] += sorted(more, key=lambda row: self.order[row["unit_id"]])
        rows["units"] = unit_rows(units)
        rows["topics"] = topic_rows(params)
        rows["submissions"] = submission_states(
            expected, self.records, self.office, params.switched_off
        )
        rows["files"] = file_rows(r.report for r in self.files)
        rows["issues"] = [dataclasses.asdict(issue) for issue in issues]
        frames = {name: frame_of(TABLES[name], rows[name]) for name in TABLES}
        validate(frames, TABLES, self.year)
        pointer = write_snapshot(self.home, self.year, frames, self._inputs())
        missing = tuple(
            unit.unit_id
            for unit in expected
            if unit.has_study_group and unit.unit_id not in self.records
        )
        counts = {name: len(frame) for name, frame in frames.items()}
        reports = tuple(r.report for r in self.files)
        return ImportReport(self.year, pointer["digest"], reports, issues, missing, counts)

    def with_feedback(self, report: ImportReport, jobs: int | None) -> ImportReport:
        """Write the feedback of every unit, after the snapshot stands."""
        from reportkit.records.writing.feedback import FeedbackItem, write_feedback

        items = [
            FeedbackItem(
                file=result.log.file,
                unit_id=result.report.unit_id,
                unit_name=self.setting.units[result.report.unit_id].name
                if result.report.unit_id
                else "",
                issues=tuple(result.log.issues),
                sha256=result.report.sha256,
            )
            for result in self.files
            if result.log.file.startswith("submissions/") and result.report.state != "skipped"
        ]
        written = write_feedback(self.home, self.year, items, jobs=jobs)
        outputs = self.home / "outputs"
        paths = tuple(path.relative_to(outputs).as_posix() for path in written)
        return dataclasses.replace(report, feedback=paths)

    def _inputs(self) -> list[dict[str, Any]]:
        read = [
            {"file": r.report.file, "sha256": r.report.sha256, "unit_id": r.report.unit_id,
             "state": r.report.state}
            for r in self.files
            if r.report.state != "skipped" and not (self.source and r is self.source.file)
        ]  # fmt: skip
        return [*(self.source.inputs if self.source else ()), *read]


def _joined(
    setting: Setting, groups: Sequence[Sequence[Found]], results: Sequence[GroupRead]
) -> list[GroupRead]:
    """The results, with groups that turned out to be of one unit read anew as one."""
    of_unit: dict[str, list[int]] = {}
    for number, result in enumerate(results):
        for unit_id in result.records:
            of_unit.setdefault(unit_id, []).append(number)
    joined: dict[int, int] = {}
    for numbers in of_unit.values():
        roots = {_root(joined, n) for n in numbers}
        first = min(roots)
        joined.update({root: first for root in roots if root != first})
    if not joined:
        return list(results)
    together: dict[int, list[int]] = {}
    for number in range(len(results)):
        together.setdefault(_root(joined, number), []).append(number)
    reader = GroupReader(setting)
    return [
        results[root]
        if len(numbers) == 1
        else reader.read([file for number in numbers for file in groups[number]])
        for root, numbers in together.items()
    ]


def _root(joined: Mapping[int, int], number: int) -> int:
    while number in joined:
        number = joined[number]
    return number
