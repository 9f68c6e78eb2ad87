"""What reading yields: rows of values that know their place, and the tables that hold them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from reportkit.records.forms import Sheet
from reportkit.records.issues import Issue, Log
from reportkit.records.opening import column_letters

SheetState = Literal["已报", "零", "未报"]


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One sheet of one file: where its rows stand, and the log of what is said of them."""

    file: str
    """Path below ``data/``."""
    sheet: str
    log: Log
    period: str | None = None
    """What the file covers: 2023, 2023Q1 or 2023-01; None if it does not say."""


@dataclass(slots=True)
class Row:
    """One row of a sheet: its values by English name, and where it stands."""

    number: int
    """As Excel shows it, from 1."""
    values: dict[str, Any]
    columns: dict[str, int]
    source: Source
    refused: set[str] = field(default_factory=set)
    """Fields whose cell could not be read: their value is None."""
    states: dict[str, str] = field(default_factory=dict)
    """Fields that are empty, and say why: 零 (“无”, “未报送”), 不适用 or 未核查."""
    fault: str = ""
    """The field for which the row did not enter; empty if it did."""

    def cell(self, name: str) -> str:
        """Address of a field's cell in this row."""
        return f"{column_letters(self.columns[name])}{self.number}"

    def issue(self, code: str, name: str, found: str, expected: str, action: str = "") -> Issue:
        """Put an issue down at a field's cell; at the row's first cell if it has no column."""
        cell = self.cell(name) if name in self.columns else f"A{self.number}"
        return self.source.log.add(
            code, found, expected, action, sheet=self.source.sheet, cell=cell
        )

    def provenance(self) -> dict[str, Any]:
        """The columns source_file, source_sheet and source_row of the row's records."""
        return {
            "source_file": self.source.file,
            "source_sheet": self.source.sheet,
            "source_row": self.number,
        }


@dataclass
class Table:
    """The rows of one sheet, and whether it was filled in at all."""

    sheet: Sheet
    title: str = ""
    state: SheetState = "未报"
    rows: list[Row] = field(default_factory=list)
    refused: int = 0
    lost: list[Row] = field(default_factory=list)
    """Records that did not enter: what other sheets mean may stand there."""
    present: frozenset[str] = frozenset()
    """The fields whose column the sheet has."""
    source: Source = field(default_factory=lambda: Source("", "", Log("")))


@dataclass
class FileTables:
    """What one file of a unit holds: its cover, and its sheets as tables by their key."""

    file: str
    """Path below ``data/``."""
    log: Log
    tables: Mapping[str, Table]
    """Sheet key → table; a sheet that the file lacks is an empty table with state 未报."""
    period: str | None = None
    """What it covers: 2023, 2023Q1 or 2023-01; None: not said, taken for the whole year."""
    filled_on: dt.date | None = None
    """填报日期 on the cover."""
