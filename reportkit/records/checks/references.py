"""序号: what another sheet of the same file means by a number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportkit.records.checks.context import Context
from reportkit.records.checks.entry import Entry
from reportkit.records.reading import Row
from reportkit.records.values import plain_number


class Numbered:
    """The entries of one sheet by the number that each file gives them.

    A number refers inside its own file alone. A file without a single row of that sheet (the
    speeches of a quarter sent by themselves) refers to the one entry of that number in all
    the unit's files, if there is just one.
    """

    def __init__(self, context: Context, sheet: str, entries: Iterable[Entry]) -> None:
        self._own: dict[tuple[str, str], Entry] = {}
        self._all: dict[str, dict[int, Entry]] = {}
        for entry in entries:
            for file, written in entry.numbers:
                number = plain_number(written)
                self._own.setdefault((file, number), entry)
                self._all.setdefault(number, {})[id(entry)] = entry
        self._rows = {
            (row.source.file, plain_number(row.values.get("number") or "")): row
            for table in context.tables(sheet)
            for row in (*table.rows, *table.lost)
        }
        self._without = {
            file.file
            for file in context.files.by_time
            if (table := file.tables.get(sheet)) is None or not (table.rows or table.refused)
        }

    def find(self, file: str, number: str) -> Entry | None:
        """What a number in a file means; None if nothing, or not one thing."""
        number = plain_number(number)
        if (entry := self._own.get((file, number))) is not None:
            return entry
        if file in self._without and len(found := self._all.get(number, {})) == 1:
            return next(iter(found.values()))
        return None

    def causes(self, file: str, *numbers: str) -> list[Row]:
        """The rows of these numbers that were refused: why they mean nothing."""
        rows = [self._rows.get((file, plain_number(number))) for number in numbers]
        return [row for row in rows if row is not None and row.fault]

    def ids(self, file: str, numbers: Sequence[str]) -> tuple[list[str], list[str]]:
        """The ids of numbers, and the numbers that mean nothing."""
        found = {number: self.find(file, number) for number in numbers}
        return (
            list(dict.fromkeys(entry.id for entry in found.values() if entry is not None)),
            [number for number, entry in found.items() if entry is None],
        )
