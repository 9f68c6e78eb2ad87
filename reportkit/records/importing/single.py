"""Checking files one by one, without a year's folder: ``reportkit check``."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportkit.errors import SubmissionError
from reportkit.records.importing.files import FileRead, GroupReader, Setting
from reportkit.records.importing.gathering import Found
from reportkit.records.importing.report import FileReport
from reportkit.records.issues import Issue, Log
from reportkit.records.opening import open_file, read_bytes
from reportkit.records.opening.isolation import isolated
from reportkit.records.reading import find_grid, read_cover

if TYPE_CHECKING:
    from reportkit.records.checks import UnitRecords


@dataclass(frozen=True)
class Checked:
    """What a check found in some files, without touching the year's snapshot."""

    files: tuple[FileReport, ...]
    issues: tuple[Issue, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing at all is refused that nobody decided."""
        return not any(i.severity == "refused" and i.open for i in self.issues)

    def issues_of(self, file: str) -> list[Issue]:
        """The issues of one file."""
        return [issue for issue in self.issues if issue.file == file]


def stated_year(path: Path) -> int | None:
    """The year on a workbook's cover; None if there is none that can be read."""
    from reportkit.records.forms import sheet_of

    try:
        grids = isolated(open_file, read_bytes(path), path.name).grids
        year = read_cover(find_grid(grids, sheet_of("cover")), 0, Log(path.name)).get("year")
    except SubmissionError:
        return None
    return year if isinstance(year, int) else None


def names_of(paths: Sequence[Path]) -> list[str]:
    """A name for each file: its own; where two have one, its folder's in front, or a number."""
    names: list[str] = []
    count = Counter(path.name for path in paths)
    for path in paths:
        name = path.name if count[path.name] == 1 else f"{path.absolute().parent.name}/{path.name}"
        nth, wanted = 1, name
        while name in names:
            nth += 1
            name = f"{nth}/{wanted}"
        names.append(name)
    return names


def check_files(setting: Setting, files: Sequence[Found]) -> Checked:
    """Read and check files as an import would, those of one unit together.

    What only shows beside other units' submissions is left to the import.
    """
    year = setting.params.year
    names = names_of([file.path for file in files])
    read = GroupReader(setting).read(
        [
            dataclasses.replace(file, label=f"submissions/{year}/{name}")
            for file, name in zip(files, names, strict=True)
        ]
    )
    reports = tuple(_settled(result, read.records) for result in read.files)
    issues = tuple(
        dataclasses.replace(issue, unit_id=issue.unit_id or result.log.unit_id)
        for result in read.files
        for issue in result.log.issues
    )
    return Checked(reports, issues)


def _settled(result: FileRead, records: Mapping[str, UnitRecords]) -> FileReport:
    if result.report.state not in ("accepted", "partly"):
        return result.report
    part = records.get(result.report.unit_id or "")
    rows = sum(
        row.get("source_file") == result.report.file
        for table in (part.rows.values() if part else ())
        for row in table
    )
    return dataclasses.replace(
        result.report,
        state="partly" if result.log.count("refused") else "accepted",
        rows=rows,
        corrected=result.log.count("corrected"),
    )
