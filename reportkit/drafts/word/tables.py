"""Counting tables, rows and cells, as they are before and after the changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from reportkit.drafts.word.markup import Element, name
from reportkit.drafts.word.story import TRACKED, Track, stays, track_of, was_there

Cell = tuple[int, int, int]


class Tables:
    """Counts tables, rows and columns, as they are before and after the changes.

    Only the body's own tables count: what stands in a table within a table has the outer cell.
    """

    def __init__(self) -> None:
        self.depth = 0
        self.after = [-1, -1, -1]
        self.before = [-1, -1, -1]

    def cells(self) -> tuple[Cell | None, Cell | None]:
        """Where we are: (table, row, column) after the changes, and before them."""
        if not self.depth:
            return None, None
        return _triple(self.after), _triple(self.before)

    @contextmanager
    def table(self, rows: list[tuple[Track, ...]]) -> Iterator[None]:
        """Within a table, of whose rows these are the changes."""
        self.depth += 1
        if self.depth == 1:
            self.after[0] += any(stays(tracks) for tracks in rows)
            self.before[0] += any(was_there(tracks) for tracks in rows)
            self.after[1] = self.before[1] = -1
        yield
        self.depth -= 1

    @contextmanager
    def row(self, tracks: tuple[Track, ...]) -> Iterator[None]:
        """Within a row."""
        self._count(1, tracks)
        self.after[2:] = self.before[2:] = [-1] if self.depth == 1 else self.after[2:]
        yield

    @contextmanager
    def column(self, tracks: tuple[Track, ...]) -> Iterator[None]:
        """Within a cell: the so-manieth of its row, whatever it spans."""
        self._count(2, tracks)
        yield

    def _count(self, place: int, tracks: tuple[Track, ...]) -> None:
        if self.depth == 1:
            self.after[place] += stays(tracks)
            self.before[place] += was_there(tracks)


def _triple(numbers: list[int]) -> Cell:
    table, row, column = numbers
    return table, row, column


def tracks_upon(properties: Element | None) -> tuple[Track, ...]:
    """The changes that a row or cell is under as a whole."""
    found = properties if properties is not None else ()
    return tuple(track_of(each) for each in found if name(each) in TRACKED)


def parts_of(element: Element, *wanted: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also those within content controls."""
    for each in element:
        if name(each) in wanted:
            yield each
        elif name(each) in ("sdt", "sdtContent", "customXml"):
            yield from parts_of(each, *wanted)
