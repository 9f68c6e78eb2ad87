"""合计 rows: compared with the rows that they add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reportkit.records.forms import Field, Sheet
from reportkit.records.issues import Log
from reportkit.records.opening import Grid, address
from reportkit.records.reading.table import Row
from reportkit.records.reading.words import sums_up
from reportkit.records.values import is_blank, read

_KINDS = ("whole", "decimal")
_NO_AMOUNT = frozenset({"seq"})
"""Numbers that say an order, not an amount."""


class Totals:
    """Compares the totals of one sheet, from its first row to its last."""

    def __init__(self, grid: Grid, sheet: Sheet, columns: Mapping[str, int], log: Log) -> None:
        self._grid = grid
        self._columns = {
            wanted: columns[wanted.name]
            for wanted in sheet.fields
            if wanted.kind in _KINDS and wanted.name in columns and wanted.name not in _NO_AMOUNT
        }
        self._log = log
        self._since = 0

    def compare(self, row: int, column: int, records: Sequence[Row]) -> None:
        """Say where a total differs from the sum of its rows; the rows count.

        Parameters
        ----------
        row, column:
            Where “合计” stands, from 0.
        records:
            All records above it, those that did not enter too; a column in which one of
            them could not be read is not compared.
        """
        cells = self._grid.rows[row]
        what = sums_up(str(cells[column]))
        if what == "nothing":
            return
        since = self._since if what == "part" else 0
        self._since = row
        for wanted, at in self._columns.items():
            stated = _stated(cells[at] if at < len(cells) else "", wanted)
            if stated is None or (row, at) in self._grid.unreadable:
                continue
            summed = _sum(records, wanted.name, since)
            if summed is not None and abs(stated - summed) > 1e-6:
                self._log.add(
                    "total_mismatch", f"{wanted.header}：合计{stated:g}，各行之和{summed:g}",
                    f"{summed:g}", sheet=self._grid.name, cell=address(row, at),
                )  # fmt: skip


def _stated(raw: Any, wanted: Field) -> float | None:
    if is_blank(raw) or isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        return float(raw) if raw == raw else None
    value = read(raw, wanted, 2000).value
    return None if value is None else float(value)


def _sum(records: Sequence[Row], name: str, since: int) -> float | None:
    """None if a record cannot be read there, or none has a value."""
    found = [record for record in records if record.number > since]
    if any(name in record.refused for record in found):
        return None
    values = [record.values[name] for record in found if record.values[name] is not None]
    return float(sum(values)) if values else None
