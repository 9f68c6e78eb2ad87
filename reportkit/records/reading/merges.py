"""What a merged cell means for the rows that it covers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reportkit.records.forms import Field
from reportkit.records.opening import Grid, Range
from reportkit.records.values import is_blank

Place = tuple[int, int]

_ONE_EACH_KINDS = frozenset({"whole", "decimal", "percent", "absent", "people"})
"""Counts, hours and lists of names: the same again in each row would count double."""
_ONE_EACH = frozenset({"number", "finding_id", "staff_number", "received_on", "joint_id"})
"""What belongs to one row alone: its own number, a person's number, a session's report."""


def one_each(wanted: Field) -> bool:
    """Whether a value that is merged over several records would be counted several times.

    A day, a session's number, a topic, a word, a name may hold for several rows; 8 people
    present merged over two sessions may be 8 each, or 8 in all.
    """
    return wanted.kind in _ONE_EACH_KINDS or wanted.name in _ONE_EACH


@dataclass
class Merges:
    """The merged cells below a header, for the known columns.

    ``same``: cell → the merge whose one value it shows, the first cell included. ``wide``:
    cells of merges that cover several columns, which mean one thing or another. ``covered``:
    cells that are not the first of their merge; they never count as content of their row.
    """

    grid: Grid
    columns: Mapping[str, int]
    same: dict[Place, Range] = field(default_factory=dict)
    wide: dict[Place, Range] = field(default_factory=dict)
    covered: set[Place] = field(default_factory=set)
    _several: dict[Range, bool] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.covered)

    def several(self, merge: Range) -> bool:
        """Whether two rows under a merge hold something of their own, and so are two records.

        One record that is printed over two lines has all its cells merged.
        """
        if merge not in self._several:
            rows = range(merge.top, min(merge.bottom + 1, len(self.grid.rows)))
            self._several[merge] = sum(map(self._has_own, rows)) > 1
        return self._several[merge]

    def _has_own(self, row: int) -> bool:
        cells = self.grid.rows[row]
        return any(
            column < len(cells)
            and (row, column) not in self.covered
            and (not is_blank(cells[column]) or (row, column) in self.grid.unreadable)
            for column in self.columns.values()
        )


def find_merges(grid: Grid, bottom: int, columns: Mapping[str, int]) -> Merges:
    """The merges below the header's last row ``bottom`` that touch a known column."""
    found = Merges(grid, columns)
    for merge in grid.merged:
        inside = [c for c in columns.values() if merge.left <= c <= merge.right]
        if merge.bottom <= bottom or not inside:
            continue
        is_wide = len(inside) > 1 or inside[0] != merge.left
        for row in range(max(merge.top, bottom + 1), min(merge.bottom, len(grid.rows) - 1) + 1):
            for column in inside:
                if (row, column) != (merge.top, merge.left):
                    found.covered.add((row, column))
                if is_wide:
                    found.wide[row, column] = merge
                elif merge.top > bottom and merge.bottom > merge.top:
                    found.same[row, column] = merge
    return found


def first_of(grid: Grid, merge: Range) -> Any:
    """What stands in a merge: in its first cell."""
    cells = grid.rows[merge.top]
    return cells[merge.left] if merge.left < len(cells) else ""


def contradicts(grid: Grid, at: Place, merge: Range) -> bool:
    """Whether a covered cell holds something of its own, hidden under the merge."""
    cells = grid.rows[at[0]]
    raw: Any = cells[at[1]] if at[1] < len(cells) else ""
    return at != (merge.top, merge.left) and not is_blank(raw) and raw != first_of(grid, merge)
