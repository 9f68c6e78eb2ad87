"""What the office's workbook brings: rows of tables, and rows that units' records complete."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from reportkit.records.issues import Log
from reportkit.records.reading import Row
from reportkit.records.schemas import OFFICE_TABLES

NOT_CHECKED = "未查"


@dataclass(frozen=True)
class Pending:
    """A row that speaks of a person, a session or a visit, to be looked up in the units' records.

    ``units`` are its units by their ids: the one, or the observing and the hosting one.
    """

    row: Row
    units: tuple[str, ...]


@dataclass
class OfficeRecords:
    """The office's workbook, read."""

    file: str
    log: Log
    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {table: [] for table in OFFICE_TABLES}
    )
    """table → rows with the columns of ``schemas.TABLES[table]``; ``note_checks`` is filled
    by :func:`reportkit.records.across.settle`."""
    pending: dict[str, list[Pending]] = field(default_factory=dict)
    """Sheet key (note_checks, speech_ratings, visit_ratings) → rows to be looked up."""
    refused: int = 0
    """Rows that did not enter."""

    def checked_units(self, table: str) -> dict[str, int]:
        """unit_id → how many rows of a table say something of it; 未查 says nothing."""
        return dict(
            Counter(
                row["unit_id"]
                for row in self.rows.get(table, ())
                if row.get("state") != NOT_CHECKED
            )
        )
