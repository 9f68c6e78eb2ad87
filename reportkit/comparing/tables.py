"""The rows and cells that differ between the tables of two documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from reportkit.comparing.alignment import Alignment
from reportkit.comparing.passages import TableAt
from reportkit.comparing.texts import Years, norm
from reportkit.publish.model import Table
from reportkit.text.sentences import likeness

N = TypeVar("N", bound=Hashable)

_NUMBERING = re.compile(r"序\s*号|编\s*号")
_HEADS_ALIKE = 0.5


@dataclass(frozen=True)
class CellChange:
    """A cell that another stands in: ``row``: its row's name, ``column``: its column's head."""

    row: str
    column: str
    a: str
    b: str


@dataclass(frozen=True)
class TableChange:
    """How two versions of a table differ, or that one document alone has it (``only``).

    ``title``, ``notes``: (of a, of b) where they differ. ``rows_a``, ``columns_a``: names of rows
    and columns of a alone; the same of b. ``columns``: those in which cells differ, in order.
    ``reordered``: whether rows of both stand in another
    order.
    """

    where: str
    name: str
    only: str = ""
    title: tuple[str, str] | None = None
    notes: tuple[str, str] | None = None
    columns_a: tuple[str, ...] = ()
    columns_b: tuple[str, ...] = ()
    rows_a: tuple[str, ...] = ()
    rows_b: tuple[str, ...] = ()
    cells: tuple[CellChange, ...] = ()
    columns: tuple[str, ...] = ()
    reordered: bool = False

    @property
    def differs(self) -> bool:
        lists = (self.columns_a, self.columns_b, self.rows_a, self.rows_b, self.cells)
        return bool(self.only or self.title or self.notes or self.reordered or any(lists))


def compare_tables(
    a: Sequence[TableAt], b: Sequence[TableAt], years: Years
) -> tuple[TableChange, ...]:
    """The tables that differ, in the order of b, those of a alone last."""
    keys = [{n: _key(at, year) for n, at in enumerate(some)}
            for some, year in zip((a, b), years, strict=True)]  # fmt: skip
    found = Alignment(*keys)
    found.take(lambda x, y: x[:2] == y[:2])
    found.take(lambda x, y: x[1] == y[1] != "")
    found.take(lambda x, y: x[2] == y[2])
    found.take(lambda x, y: likeness(x[2], y[2]), _HEADS_ALIKE)
    back = {m: n for n, m in found.pairs.items()}
    made = [
        _compared(a[back[m]], at, *years) if m in back
        else TableChange(at.where, at.table.title, "b")
        for m, at in enumerate(b)
    ]  # fmt: skip
    made += [TableChange(a[n].where, a[n].table.title, "a") for n in found.a]
    return tuple(change for change in made if change.differs)


def _key(at: TableAt, year: int | None) -> tuple[str, str, str]:
    """By what a table is known again: its place, title and heads."""
    heads = "\x01".join(norm(column.text, year) for column in at.table.columns)
    place = re.sub(r"^附件\d*", "附件", at.where)
    return norm(place, year), norm(at.table.title, year), heads


def _compared(
    before: TableAt, after: TableAt, year_a: int | None, year_b: int | None
) -> TableChange:
    one, other = before.table, after.table
    heads_a, heads_b = _heads(one, year_a), _heads(other, year_b)
    shared = [head for head in heads_b if head in heads_a]
    key = _row_key(one, other, heads_a, heads_b, shared)
    rows_a, rows_b = _rows(one, heads_a, key, year_a), _rows(other, heads_b, key, year_b)
    cells = []
    for name, row in rows_b.items():
        for head in shared if name in rows_a else ():
            x, y = one.rows[rows_a[name]][heads_a[head]], other.rows[row][heads_b[head]]
            if norm(x, year_a) != norm(y, year_b) and not _NUMBERING.fullmatch(head[0]):
                label = _label(other, row, key, heads_b) + _again(name[1], "行")
                cells.append(CellChange(label, _column(other, head, heads_b), x, y))
    both_a = [name for name in rows_a if name in rows_b]
    both_b = [name for name in rows_b if name in rows_a]
    notes = ("\n".join(one.notes), "\n".join(other.notes))
    same_title = norm(one.title, year_a) == norm(other.title, year_b)
    return TableChange(
        after.where, other.title,
        title=None if same_title else (one.title, other.title),
        notes=None if norm(notes[0], year_a) == norm(notes[1], year_b) else notes,
        columns_a=tuple(one.columns[n].text for h, n in heads_a.items() if h not in heads_b),
        columns_b=tuple(other.columns[n].text for h, n in heads_b.items() if h not in heads_a),
        rows_a=tuple(_label(one, n, key, heads_a) for k, n in rows_a.items() if k not in rows_b),
        rows_b=tuple(_label(other, n, key, heads_b) for k, n in rows_b.items() if k not in rows_a),
        cells=tuple(cells),
        columns=tuple(c for h in shared if (c := _column(other, h, heads_b)) in
                      {cell.column for cell in cells}),
        reordered=both_a != both_b,
    )  # fmt: skip


Head = tuple[str, int]
"""A column's head, and which of that name it is."""


def _heads(table: Table, year: int | None) -> dict[Head, int]:
    """Each head → its column."""
    return _numbered(norm(column.text, year) for column in table.columns)


def _numbered(names: Iterable[N]) -> dict[tuple[N, int], int]:
    """Each name, and which of that name it is → its place."""
    seen: Counter[N] = Counter()
    found = {}
    for place, name in enumerate(names):
        found[name, seen[name]] = place
        seen[name] += 1
    return found


def _row_key(
    a: Table, b: Table, heads_a: dict[Head, int], heads_b: dict[Head, int], shared: Sequence[Head]
) -> tuple[Head, ...]:
    """The columns that name a row: one whose texts are all different, else the first two."""
    texts = [head for head in shared if not _NUMBERING.fullmatch(head[0])]
    for head in texts:
        cells_a = [row[heads_a[head]].strip() for row in a.rows]
        cells_b = [row[heads_b[head]].strip() for row in b.rows]
        distinct = all(len(set(c)) == len(c) and all(c) for c in (cells_a, cells_b))
        if distinct and not all(_is_number(cell) for cell in (*cells_a, *cells_b)):
            return (head,)
    return tuple(texts[:2])


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[\d.,%％\s]+", text))


def _column(table: Table, head: Head, heads: dict[Head, int]) -> str:
    """What to call a column; of several with one head the second is 次数（第2列）."""
    return table.columns[heads[head]].text + _again(head[1], "列")


def _again(before: int, what: str) -> str:
    return f"（第{before + 1}{what}）" if before else ""


def _rows(
    table: Table, heads: dict[Head, int], key: Sequence[Head], year: int | None
) -> dict[tuple[tuple[str, ...], int], int]:
    """Each row's name, and which of that name it is → its place."""
    return _numbered(tuple(norm(row[heads[head]], year) for head in key) for row in table.rows)


def _label(table: Table, row: int, key: Sequence[Head], heads: dict[Head, int]) -> str:
    """What to call a row."""
    texts = [table.rows[row][heads[head]].strip() for head in key]
    return "·".join(filter(None, texts)) or f"第{row + 1}行"
