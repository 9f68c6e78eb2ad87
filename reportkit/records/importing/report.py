"""What an import did, for people and programs."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from reportkit.records.issues import Issue

FileState = Literal["accepted", "partly", "refused", "evidence", "skipped"]


@dataclass(frozen=True)
class FileReport:
    """What became of one file."""

    file: str
    """Path below ``data/``."""
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
    format: str = ""
    """By content: xlsx, xlsm, xls, et or csv."""
    period: str | None = None
    filled_on: dt.date | None = None


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
    feedback: tuple[str, ...] = ()
    """The feedback workbooks, by their path below ``outputs/``."""

    @property
    def files_read(self) -> int:
        """Files whose rows entered, wholly or in part."""
        return sum(file.state in ("accepted", "partly") for file in self.files)

    @property
    def files_refused(self) -> int:
        """Files of which nothing entered."""
        return sum(file.state == "refused" for file in self.files)

    @property
    def evidence(self) -> int:
        """Files that were put down as 佐证."""
        return sum(file.state == "evidence" for file in self.files)

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
        """Everything refused and not decided: files, rows and cells."""
        return sum(issue.severity == "refused" and issue.open for issue in self.issues)

    @property
    def decided(self) -> int:
        """Issues that an analyst has decided."""
        return sum(not issue.open for issue in self.issues)

    @property
    def ok(self) -> bool:
        """Whether nothing at all is refused that nobody decided."""
        return self.refused == 0

    def to_dict(self) -> dict[str, Any]:
        """Plain values only, in a fixed order."""
        return {
            "year": self.year,
            "digest": self.digest,
            "ok": self.ok,
            "files_read": self.files_read,
            "files_refused": self.files_refused,
            "evidence": self.evidence,
            "rows_read": self.rows_read,
            "rows_corrected": self.rows_corrected,
            "rows_refused": self.rows_refused,
            "decided": self.decided,
            "units_missing": list(self.units_missing),
            "tables": dict(self.tables),
            "feedback": list(self.feedback),
            "files": [
                {**dataclasses.asdict(file), "filled_on": file.filled_on and str(file.filled_on)}
                for file in self.files
            ],
            "issues": [dataclasses.asdict(issue) for issue in self.issues],
        }

    def to_json(self) -> str:
        """:meth:`to_dict` as JSON text, Chinese as it is."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)
