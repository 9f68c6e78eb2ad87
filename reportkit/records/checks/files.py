"""The files of one unit in order: which counts where two differ, and which comes first."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence

from reportkit.records.checks.entry import Entry
from reportkit.records.reading import FileTables

_LONGEST = 3


def span(period: str | None, year: int) -> tuple[dt.date, dt.date]:
    """First and last day of 2023, 2023Q1 or 2023-01; of ``year`` if nothing is said."""
    first, last = 1, 12
    if period and "Q" in period:
        year, quarter = int(period[:4]), int(period[5:])
        first, last = 3 * quarter - 2, 3 * quarter
    elif period and "-" in period:
        year, first = int(period[:4]), int(period[5:])
        last = first
    elif period:
        year = int(period)
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])


def _length(period: str | None) -> int:
    return 2 if period and "Q" in period else 1 if period and "-" in period else _LONGEST


class FileOrder:
    """Two orders of a unit's files, neither of which depends on how they were handed over.

    ``by_weight``: the file that counts first, where two contradict each other: the longer
    period (year, quarter, month), then the later 填报日期, then the later period, then the
    later file name. ``by_time``: by the end of the period, then 填报日期, then the shorter
    period, then the file name; numbers are given in this order, so that a file that is
    added later changes none of the earlier.
    """

    def __init__(self, files: Sequence[FileTables], year: int) -> None:
        def weight(file: FileTables) -> tuple[int, dt.date, dt.date, str]:
            end = span(file.period, year)[1]
            return _length(file.period), file.filled_on or dt.date.min, end, file.file

        def time(file: FileTables) -> tuple[dt.date, dt.date, int, str]:
            end = span(file.period, year)[1]
            return end, file.filled_on or dt.date.min, _length(file.period), file.file

        self.by_weight = sorted(files, key=weight, reverse=True)
        self.by_time = sorted(files, key=time)
        self._rank = {file.file: n for n, file in enumerate(self.by_time)}
        self._year = year
        self._tags = self._name_files()

    def _name_files(self) -> dict[str, str]:
        tags: dict[str, str] = {}
        count: dict[str | None, int] = {}
        for file in self.by_time:
            nth = count[file.period] = count.get(file.period, 0) + 1
            suffix = f".{nth}" if nth > 1 else ""
            tags[file.file] = f"{file.period}{suffix}" if file.period else str(nth)
        return tags

    def overlaps(self, file: FileTables) -> bool:
        """Whether another file tells of some of the same days."""
        first, last = span(file.period, self._year)
        spans = (span(other.period, self._year) for other in self.by_time if other is not file)
        return any(start <= last and first <= end for start, end in spans)

    def rank(self, file: str) -> int:
        """The place of a file by time, from 0."""
        return self._rank[file]

    def first_place(self, entry: Entry) -> tuple[int, int]:
        """Where an entry is met first by time: the order in which records are put down."""
        return min((self._rank[row.source.file], row.number) for row in entry.rows)

    def give_ids(self, entries: Sequence[Entry], unit_id: str) -> list[Entry]:
        """Give each entry its id, and return them in the order of their first place.

        ``unit/number``, with the number of the file that comes first by time. Where two
        files use one number for two things, the later is ``unit/<period>-number``, such as
        ``dongling/2023Q2-3``; a second file of one period is ``2023Q2.2``, and a file that
        names no period goes by its place among such files (``dongling/2-3``).
        """
        taken: set[str] = set()
        ordered = sorted(entries, key=self.first_place)
        for entry in ordered:
            file, number = min(entry.numbers, key=lambda known: self._rank[known[0]])
            wanted = f"{unit_id}/{number}"
            if wanted in taken:
                wanted = f"{unit_id}/{self._tags[file]}-{number}"
            entry.id, nth = wanted, 1
            while entry.id in taken:
                nth += 1
                entry.id = f"{wanted}.{nth}"
            taken.add(entry.id)
        return ordered
