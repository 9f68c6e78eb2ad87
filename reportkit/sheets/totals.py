"""Whether a table's totals are the sums of its rows, added up anew from what is printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from reportkit.publish.model import Table
from reportkit.text.normalising import half_width

State = Literal["sum", "rest", "differs", "no total", "no numbers"]

_TOTAL = re.compile(r"(?:合|总|共|累)\s*计|总\s*数")
_PART = re.compile(r"小\s*计")
_NUMBER = re.compile(r"[-−+]?\d+(?:,\d{3})*(?:\.\d+)?")
_NO_SUM = re.compile(
    r"序\s*号|编\s*号|组\s*别|年\s*[度份]|率$|比\s*重|占\s*比|中位数|平均|人均|位置|变化|增幅"
)
_UNIT = re.compile(r"[（(][^（）()]*[）)]\s*$")


@dataclass(frozen=True)
class Total:
    """One total of one column.

    ``state``: sum: it is the sum · rest: it differs, and the note under the table says that it
    counts more than the rows (``rest``: by how much) · differs: it is not the sum.
    ``left_out``: cells that are no numbers (未报).
    """

    row: str
    column: str
    printed: Decimal
    computed: Decimal
    state: State
    left_out: int = 0

    @property
    def rest(self) -> Decimal:
        return self.printed - self.computed


@dataclass(frozen=True)
class TableTotals:
    """What was found of one table; ``state`` of it all, the worst of its totals'."""

    place: str
    title: str
    state: State
    totals: tuple[Total, ...] = ()


def check_totals(place: str, table: Table) -> TableTotals:
    """Adds up the columns of a table.

    A 小计 is the sum of the rows since the total before it; a 合计 that of all plain rows. Where
    a 合计 differs, and a note names what else it counts (合计为小计与…之和), that is told apart.
    """
    kinds = [_kind(row) for row in table.rows]
    columns = _number_columns(table, kinds)
    if not columns:
        return TableTotals(place, table.title, "no numbers")
    if not any(kinds):
        return TableTotals(place, table.title, "no total")
    note = any(_TOTAL.search(text) and ("之和" in text or "含" in text) for text in table.notes)
    found = tuple(_totals(table, kinds, columns, explained=note))
    states: list[State] = [total.state for total in found] or ["no total"]
    worst = max(states, key=_GRAVITY.index)
    return TableTotals(place, table.title, worst, found)


_GRAVITY: tuple[State, ...] = ("no numbers", "sum", "rest", "no total", "differs")


def _totals(
    table: Table, kinds: Sequence[str], columns: Iterable[int], *, explained: bool
) -> Iterable[Total]:
    for column in columns:
        for n, kind in enumerate(kinds):
            printed = number(table.rows[n][column])
            if not kind or printed is None:
                continue
            rows = _rows_of(kinds, n, kind)
            cells = [table.rows[row][column] for row in rows]
            values = [value for cell in cells if (value := number(cell)) is not None]
            computed = sum(values, Decimal(0))
            state: State = "sum" if computed == printed else "differs"
            if state == "differs" and kind == "total" and explained and printed > computed:
                state = "rest"
            head = table.columns[column].text
            yield Total(_label(table.rows[n]), head, printed, computed, state,
                        len(cells) - len(values))  # fmt: skip


def _rows_of(kinds: Sequence[str], n: int, kind: str) -> list[int]:
    """The plain rows that a total in row n adds up."""
    plain = [row for row, each in enumerate(kinds) if not each]
    if kind == "total":
        return plain
    above = [row for row, each in enumerate(kinds[:n]) if each]
    return [row for row in plain if (above[-1] if above else -1) < row < n]


def _number_columns(table: Table, kinds: Sequence[str]) -> list[int]:
    """Columns of counts: not the numbering, and not ratios, whose sum says nothing."""
    found = []
    for n, column in enumerate(table.columns):
        cells = [row[n] for row, kind in zip(table.rows, kinds, strict=True) if not kind]
        numbers = [cell for cell in cells if number(cell) is not None]
        if not numbers or _NO_SUM.search(column_name(column.text)):
            continue
        if any("%" in half_width(cell) or "/" in cell for cell in cells):
            continue
        if 2 * len(numbers) >= len([cell for cell in cells if cell.strip()]):
            found.append(n)
    return found


def _kind(row: Sequence[str]) -> str:
    """total, part, or "": a plain row."""
    for cell in row[:2]:
        if _TOTAL.fullmatch(cell.strip()):
            return "total"
        if _PART.fullmatch(cell.strip()):
            return "part"
    return ""


def _label(row: Sequence[str]) -> str:
    return next((c.strip() for c in row[:2] if _TOTAL.search(c) or _PART.search(c)), "")


def column_name(head: str) -> str:
    """The head of a column without its unit: 集体学习（次） → 集体学习."""
    return "".join(_UNIT.sub("", head).split())


def number(cell: str) -> Decimal | None:
    """The number that a cell holds and nothing else; None for 未报, —, 85%, 6/7 and blanks."""
    text = half_width(cell.strip())
    if not _NUMBER.fullmatch(text):
        return None
    return Decimal(text.replace(",", "").replace("−", "-"))


def plain(value: Decimal) -> str:
    """A sum as it would be printed: 13, 244.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
