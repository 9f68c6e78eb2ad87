"""Columns that are not read, or not as they stand: said so, once for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportkit.records.forms import Field
from reportkit.records.issues import Log, shown
from reportkit.records.opening import Grid, address
from reportkit.records.reading.headers import Header, missing_fields, nearest_field, unread
from reportkit.records.reading.table import Table
from reportkit.records.values import is_blank


class OtherColumns:
    """The columns of a sheet besides the known ones, and where they first hold something."""

    def __init__(self, grid: Grid, header: Header, table: Table) -> None:
        self._grid = grid
        self._header = header
        self._table = table
        width = max((len(cells) for cells in grid.rows), default=0)
        bare = set(range(width)) - header.texts.keys()
        self._left = sorted({*unread(header), *bare})
        self._hit: dict[int, int] = {}

    def see(self, row: int, cells: Sequence[Any]) -> None:
        """Take note of a row that is a record, or may be one."""
        found = [c for c in self._left if c < len(cells) and not is_blank(cells[c])]
        for column in found:
            self._hit[column] = row
            self._left.remove(column)

    def say(self, log: Log) -> None:
        """One notice a column: of two that mean one field, near a field, or of no field."""
        sheet, header = self._table.sheet, self._header
        for name, columns in header.rivals.items():
            places = "和".join(f"{header.at(c)}“{self._title(c)[0]}”" for c in columns)
            wanted = sheet.field(name).header
            log.add("column_twice", f"{places}都可作“{wanted}”", f"只有一列“{wanted}”",
                    sheet=self._grid.name, cell=header.at(columns[-1]))  # fmt: skip
        for column, name in sorted((header.columns[name], name) for name in header.near):
            wanted = sheet.field(name).header
            log.add("column_near", f"“{self._title(column)[0]}”列", f"“{wanted}”列",
                    f"表头相近，读作“{wanted}”，请确认",
                    sheet=self._grid.name, cell=header.at(column))  # fmt: skip
        missing = missing_fields(header, sheet)
        for column, row in sorted(self._hit.items()):
            self._say_unread(column, row, missing, log)

    def _say_unread(self, column: int, row: int, missing: Sequence[Field], log: Log) -> None:
        sheet = self._table.sheet
        text, at = self._title(column)
        cell = address(at, column) if text else address(row, column)
        nearest = nearest_field(self._header.texts.get(column, ""), sheet)
        if nearest in missing and nearest is not None:
            log.add("column_unclear", f"没有“{nearest.header}”列，最接近的是“{text}”列",
                    f"“{nearest.header}”列", sheet=self._grid.name, cell=cell)  # fmt: skip
            return
        lacking = "、".join(field.header for field in missing)
        log.add(
            "extra_column",
            f"“{text}”列" if text else f"没有表头的列：{shown(self._grid.rows[row][column])}",
            f"“{sheet.title}”表的各列" + (f"（没有找到：{lacking}）" if lacking else ""),
            "该列不在报送表内，未读取",
            sheet=self._grid.name,
            cell=cell,
        )

    def _title(self, column: int) -> tuple[str, int]:
        """A column's header as it stands, and its row."""
        for row in range(self._header.bottom, self._header.top - 1, -1):
            cells = self._grid.rows[row]
            if column < len(cells) and not is_blank(cells[column]):
                return shown(cells[column]), row
        return "", self._header.bottom
