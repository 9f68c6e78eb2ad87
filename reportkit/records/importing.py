"""One year's submissions → checked tables → snapshot, with a report of what happened."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from reportkit.errors import RecordsError, SubmissionError
from reportkit.params import Unit, Units, YearParams, load_units, load_year
from reportkit.records.checks import UnitChecker, UnitRecords
from reportkit.records.forms import COVER, SHEETS
from reportkit.records.identity import identify, unit_by_name
from reportkit.records.issues import Issue, Log
from reportkit.records.merging import merge
from reportkit.records.office import read_checks
from reportkit.records.reading import find_grid, read_cover, read_table
from reportkit.records.schemas import TABLES
from reportkit.records.snapshot import write_snapshot
from reportkit.records.tables import frame_of, submission_states, validate
from reportkit.records.workbook import TABLE_FORMAT, open_workbook, read_bytes

FileState = Literal["accepted", "partly", "refused", "skipped"]

READABLE = {".xlsx", ".xlsm"}
NOT_A_SUBMISSION = {".ds_store", "thumbs.db", "desktop.ini", ".gitkeep", ".gitignore"}
ADVICE = {
    ".xls": "另存为 .xlsx 后重新报送",
    ".et": "用 WPS 另存为 .xlsx 后重新报送",
    ".csv": "把内容粘贴到报送表（.xlsx）后重新报送",
}


@dataclass(frozen=True)
class FileReport:
    """What became of one file."""

    file: str
    state: FileState
    unit_id: str | None = None
    sha256: str = ""
    rows: int = 0
    """Rows that entered the tables."""
    rows_refused: int = 0
    corrected: int = 0
    """Cells or rows that were read with a note."""
    reason: str = ""
    """Why the whole file was refused."""


@dataclass(frozen=True)
class ImportReport:
    """What an import did, for people and programs; nothing is printed here."""

    year: int
    digest: str
    files: tuple[FileReport, ...]
    issues: tuple[Issue, ...]
    units_missing: tuple[str, ...]
    """unit_id of the units that should have sent a workbook and did not, or had it refused."""
    tables: Mapping[str, int] = field(default_factory=dict)
    """table → rows."""

    @property
    def files_read(self) -> int:
        """Files whose rows entered, wholly or in part."""
        return sum(file.state in ("accepted", "partly") for file in self.files)

    @property
    def files_refused(self) -> int:
        """Files of which nothing entered."""
        return sum(file.state == "refused" for file in self.files)

    @property
    def rows_read(self) -> int:
        """Rows that entered the tables from all files."""
        return sum(file.rows for file in self.files)

    @property
    def rows_refused(self) -> int:
        """Rows that did not enter, of files that otherwise did."""
        return sum(file.rows_refused for file in self.files)

    @property
    def rows_corrected(self) -> int:
        """Cells or rows that were read with a note."""
        return sum(file.corrected for file in self.files)

    @property
    def refused(self) -> int:
        """Everything refused: files, rows and cells."""
        return sum(issue.severity == "refused" for issue in self.issues)

    @property
    def ok(self) -> bool:
        """Whether nothing at all was refused."""
        return self.refused == 0

    def to_dict(self) -> dict[str, Any]:
        """Plain values only, in a fixed order."""
        return {
            "year": self.year,
            "digest": self.digest,
            "ok": self.ok,
            "files_read": self.files_read,
            "files_refused": self.files_refused,
            "rows_read": self.rows_read,
            "rows_corrected": self.rows_corrected,
            "rows_refused": self.rows_refused,
            "units_missing": list(self.units_missing),
            "tables": dict(self.tables),
            "files": [dataclasses.asdict(file) for file in self.files],
            "issues": [dataclasses.asdict(issue) for issue in self.issues],
        }

    def to_json(self) -> str:
        """:meth:`to_dict` as JSON text, Chinese as it is."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)


@dataclass
class _Read:
    """One file, read or refused."""

    report: FileReport
    log: Log
    records: UnitRecords | None = None

    def settled(self) -> FileReport:
        """The report with the counts that hold once all units stand side by side."""
        if self.records is None:
            return self.report
        return dataclasses.replace(
            self.report,
            state="partly" if self.log.count("refused") else "accepted",
            rows=sum(len(rows) for rows in self.records.rows.values()),
            corrected=self.log.count("corrected"),
        )


def import_year(home: Path, year: int) -> ImportReport:
    """Read all submissions of a year, check them, and replace the year's snapshot.

    A file that cannot be read harms no other. An empty folder gives an empty snapshot in
    which every unit is missing.

    Raises
    ------
    ParameterError
        If the parameters of the year or the units are wrong.
    RecordsError
        If the folder of submissions is missing, the tables contradict their schemas, or
        the snapshot cannot be written.
    """
    units, params = load_units(home), load_year(home, year)
    submissions = home / "data" / "submissions" / str(year)
    if not submissions.is_dir():
        raise RecordsError(
            "there is no folder of submissions",
            expected=f"a folder data/submissions/{year} with one workbook from each unit",
            next_step="put the units' workbooks there; `reportkit demo` makes an example",
            where=f"data/submissions/{year}",
        )
    names = unit_by_name(units)
    read: list[_Read] = []
    taken: dict[str, str] = {}
    # Of two files of one unit, that which bears the unit's name alone is the one it means.
    for path in sorted(submissions.iterdir(), key=lambda p: (p.stem.lower() not in names, p.name)):
        result = _read_file(path, submissions, names, params, taken)
        if result is not None:
            read.append(result)
    order = {unit.unit_id: n for n, unit in enumerate(units)}
    read.sort(key=lambda r: order.get(r.report.unit_id or "", len(order)))
    office = _read_office(home, names, params)
    everything = [*read, *([office] if office else [])]
    merge([r.records for r in read if r.records], {r.report.file: r.log for r in everything})
    for result in everything:
        result.report = result.settled()
    return _finish(home, units, params, everything)


# --- one file --------------------------------------------------------------------------


def _read_file(
    path: Path,
    folder: Path,
    names: Mapping[str, Unit],
    params: YearParams,
    taken: dict[str, str],
) -> _Read | None:
    """Read one entry of the folder; None for what the system itself left there."""
    if path.name.lower() in NOT_A_SUBMISSION:
        return None
    # A name in another encoding than the system's holds bytes that are no text.
    name = path.name.encode("utf-8", "replace").decode("utf-8")
    log = Log(f"submissions/{params.year}/{name}")
    if path.name.startswith(("~$", ".~")):
        log.add("warned", "lock_file", "打开文件时产生的临时文件", TABLE_FORMAT, "已跳过，无需处理")
        return _Read(FileReport(log.file, "skipped"), log)
    content = b""
    try:
        _refuse_by_kind(path, folder)
        content = read_bytes(path)
        records = _read_workbook(content, path.stem, names, params, taken, log)
    except SubmissionError as error:
        if log.unit_id is None and path.stem.lower() in names:
            log.unit_id = names[path.stem.lower()].unit_id  # so that the unit hears of it
        return _refused(log, content, error)
    refused = sum(count for _, count in records.states.values())
    report = FileReport(
        log.file, "accepted", records.unit_id, _sha256(content), rows_refused=refused
    )
    return _Read(report, log, records)


def _refused(log: Log, content: bytes, error: SubmissionError) -> _Read:
    log.add("refused", "file", error.found, error.expected, f"整份未采用：{error.next_step}",
            sheet=error.sheet, cell=error.cell)  # fmt: skip
    digest = _sha256(content) if content else ""
    return _Read(FileReport(log.file, "refused", log.unit_id, digest, reason=error.found), log)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _refuse_by_kind(path: Path, folder: Path) -> None:
    suffix = path.suffix.lower()
    inside = Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))
    if path.is_symlink() and not inside:
        raise SubmissionError(
            "指向文件夹之外的链接", expected="文件本身", next_step="请放入文件本身"
        )
    if path.is_dir():
        raise SubmissionError(
            "子文件夹", expected=TABLE_FORMAT, next_step="请把各单位的报送表直接放在年度文件夹下"
        )
    if suffix not in READABLE:
        raise SubmissionError(
            f"{suffix or '无扩展名'} 文件",
            expected=TABLE_FORMAT,
            next_step=ADVICE.get(suffix, "请用表格填报；此件可作佐证另存"),
        )


def _read_workbook(
    content: bytes,
    stem: str,
    names: Mapping[str, Unit],
    params: YearParams,
    taken: dict[str, str],
    log: Log,
) -> UnitRecords:
    grids = open_workbook(content)
    cover = read_cover(find_grid(grids, COVER), params.year, log)
    unit = identify(cover, stem, names, params.year, log)
    if unit.unit_id in taken:
        raise SubmissionError(
            f"“{unit.name}”已有一份报送：{taken[unit.unit_id]}",
            expected="一个单位一份",
            next_step=f"已采用 {taken[unit.unit_id]}；请保留正确的一份，删去另一份",
        )
    tables = {
        sheet.key: read_table(find_grid(grids, sheet), sheet, params.year, log) for sheet in SHEETS
    }
    records = UnitChecker(unit, params, log.file, tables, log).check()
    taken[unit.unit_id] = log.file
    return records


def _read_office(home: Path, names: Mapping[str, Unit], params: YearParams) -> _Read | None:
    """The office's own checks, ``data/checks/<year>.xlsx``; None if there are none."""
    path = home / "data" / "checks" / f"{params.year}.xlsx"
    if not path.is_file():
        return None
    log = Log(f"checks/{params.year}.xlsx")
    content = b""
    try:
        content = read_bytes(path)
        rows, refused = read_checks(open_workbook(content), names, params, log)
    except SubmissionError as error:
        return _refused(log, content, error)
    report = FileReport(log.file, "accepted", None, _sha256(content), rows_refused=refused)
    records = UnitRecords("", log.file, {"archive_checks": rows})
    return _Read(report, log, records)


# --- the year --------------------------------------------------------------------------


def _finish(home: Path, units: Units, params: YearParams, read: Sequence[_Read]) -> ImportReport:
    expected = units.in_year(params.year)
    records = {r.records.unit_id: r.records for r in read if r.records}
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for part in (r.records for r in read if r.records):
        for name, more in part.rows.items():
            rows[name] += more
    order = {unit.unit_id: n for n, unit in enumerate(units)}
    rows["archive_checks"].sort(key=lambda row: order[row["unit_id"]])
    rows["submissions"] = submission_states(expected, records, rows["archive_checks"])
    issues = tuple(
        dataclasses.replace(issue, unit_id=issue.unit_id or r.log.unit_id)
        for r in read
        for issue in r.log.issues
    )
    rows["issues"] = [dataclasses.asdict(issue) for issue in issues]
    frames = {name: frame_of(TABLES[name], rows[name]) for name in TABLES}
    validate(frames, params.year)
    inputs = [
        {"file": r.report.file, "sha256": r.report.sha256, "unit_id": r.report.unit_id,
         "state": r.report.state}
        for r in read if r.report.state != "skipped"
    ]  # fmt: skip
    pointer = write_snapshot(home, params.year, frames, inputs)
    missing = [
        unit.unit_id for unit in expected if unit.has_study_group and unit.unit_id not in records
    ]
    return ImportReport(
        params.year, pointer["digest"], tuple(r.report for r in read), issues, tuple(missing),
        {name: len(frame) for name, frame in frames.items()},
    )  # fmt: skip
