"""Grids from lists, and rows as short texts, for the tests of reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from reportkit.records.forms import Sheet, unit_sheets
from reportkit.records.issues import Log
from reportkit.records.opening import Grid, Range, position
from reportkit.records.reading import FileTables, Row, read_file

FILE = "submissions/2023/aa.xlsx"


def sheet_of(key: str) -> Sheet:
    """Our sheet of this key."""
    return next(sheet for sheet in unit_sheets() if sheet.key == key)


def header_of(key: str) -> list[str]:
    """The header of our own form."""
    return [field.header for field in sheet_of(key).fields]


def grid_of(name: str, rows: Sequence[Any], key: str = "", **marks: Any) -> Grid:
    """A grid of lists; the row ``H`` is the header of our form, cells are named as in Excel."""
    cells = [header_of(key) if row == "H" else list(row) for row in rows]
    width = max((len(row) for row in cells), default=0)
    cells = [[cell(raw) for raw in row] + [""] * (width - len(row)) for row in cells]
    grid = Grid(name, cells, hidden=marks.get("hidden", False))
    for text in marks.get("merged", ()):
        first, last = text.split(":")
        grid.merged.append(Range(*position(first), *position(last)))
    grid.unreadable.update({position(at): what for at, what in marks.get("unreadable", {}).items()})
    grid.shown.update({position(at): what for at, what in marks.get("shown", {}).items()})
    grid.percent.update(position(at) for at in marks.get("percent", ()))
    grid.hidden_rows = [row - 1 for row in marks.get("hidden_rows", ())]
    grid.hidden_columns = [position(f"{c}1")[1] for c in marks.get("hidden_columns", ())]
    return grid


def cell(raw: Any) -> Any:
    """A cell as calamine gives it: "" for a blank, floats for numbers."""
    if raw is None:
        return ""
    return float(raw) if type(raw) is int else raw


def read_grids(
    grids: Sequence[Grid], forms: Sequence[Sheet] = unit_sheets(), log: Log | None = None
) -> tuple[FileTables, Mapping[str, Any], Log]:
    """One file of 2023."""
    log = log or Log(FILE)
    tables, cover = read_file(grids, forms, 2023, log)
    return tables, cover, log


def short(row: Row) -> str:
    """``2: 1 张伟 出席``: the row's number, then its values that are not empty."""
    values = (row.values[field] for field in row.values)
    texts = (
        "、".join(value) if isinstance(value, tuple)
        else value.isoformat() if isinstance(value, dt.date) else str(value)
        for value in values if value is not None
    )  # fmt: skip
    return f"{row.number}: {' '.join(texts)}"


def told(log: Log) -> list[str]:
    """``code cell`` of every issue."""
    return [f"{issue.code} {issue.cell or '-'}" for issue in log.issues]
