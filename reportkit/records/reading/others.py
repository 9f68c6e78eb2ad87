"""Columns that hold something and belong to no field: not read, and said so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportkit.records.forms import Sheet
from reportkit.records.forms.custom import OwnForm
from reportkit.records.issues import Log, shown
from reportkit.records.opening import Grid, address
from reportkit.records.reading.headers import Header
from reportkit.records.reading.table import Table
from reportkit.records.reading.words import squeeze
from reportkit.records.values import is_blank


class OtherColumns:
    """The columns of a sheet besides the known ones, and where they first hold something."""

    def __init__(self, grid: Grid, header: Header, sheet: Sheet) -> None:
        self._grid = grid
        self._header = header
        width = max((len(cells) for cells in grid.rows), default=0)
        ignored = {squeeze(h) for h in sheet.ignored} if isinstance(sheet, OwnForm) else set()
        self._left = [
            column
            for column in range(width)
            if column not in header.columns.values()
            and not {header.texts.get(column, ""), self._leaf(column)} & ignored - {""}
        ]
        self._hit: dict[int, int] = {}

    def _leaf(self, column: int) -> str:
        cells = self._grid.rows[self._header.bottom]
        raw = cells[column] if column < len(cells) else ""
        return squeeze(raw) if isinstance(raw, str) else ""

    def see(self, row: int, cells: Sequence[Any]) -> None:
        """Take note of a row that is a record, or may be one."""
        found = [c for c in self._left if c < len(cells) and not is_blank(cells[c])]
        for column in found:
            self._hit[column] = row
            self._left.remove(column)

    def say(self, table: Table, log: Log) -> None:
        """One notice a column."""
        for column, row in sorted(self._hit.items()):
            text, at = self._title(column)
            log.add(
                "extra_column",
                f"“{text}”列" if text else f"没有表头的列：{shown(self._grid.rows[row][column])}",
                f"“{table.sheet.title}”表的各列",
                "该列不在报送表内，未读取",
                sheet=self._grid.name,
                cell=address(at, column) if text else address(row, column),
            )

    def _title(self, column: int) -> tuple[str, int]:
        """A column's header as it stands, and its row."""
        for row in range(self._header.bottom, self._header.top - 1, -1):
            cells = self._grid.rows[row]
            if column < len(cells) and not is_blank(cells[column]):
                return shown(cells[column]), row
        return "", self._header.bottom
