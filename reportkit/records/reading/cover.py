"""The cover (封面): labels and values side by side; without one, the lines above the tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from reportkit.records.forms import Field, sheet_of
from reportkit.records.issues import Log, shown
from reportkit.records.opening import Grid, address, refusal
from reportkit.records.reading.words import squeeze
from reportkit.records.values import clean, is_blank, read

_COUNTED_IN = re.compile(r"(?:万?元|亿元|人次?|个|次|场次?|天|小时|学时|名|篇|份|%)(?:、.*|/.*)?")
"""“单位：人次” above a table says in which unit it counts, not whose it is."""
_MARKS = re.compile(r"年度?$")


def read_cover(
    grid: Grid | None, year: int, log: Log, *, rows: int | None = None
) -> dict[str, Any]:
    """Labels and values of the cover: a value stands right of its label, or after its colon.

    Returns the values by English name, as read; what was refused or is blank is left out.

    Parameters
    ----------
    rows:
        How many of the first rows are looked at; None: all.

    Raises
    ------
    SubmissionError
        If a label stands twice with different values.
    """
    values: dict[str, Any] = {}
    if grid is not None:
        add_cover(values, grid, year, log, rows)
    return values


def add_cover(
    values: dict[str, Any], grid: Grid, year: int, log: Log, rows: int | None = None
) -> None:
    """The same, into ``values``, with which it must not contradict."""
    labels = {squeeze(header): f for f in sheet_of("cover").fields for header in f.headers}
    for row, cells in enumerate(grid.rows[:rows]):
        for column, raw in enumerate(cells):
            if not isinstance(raw, str) or not raw:
                continue
            for wanted, at, value in _labelled(grid, row, column, raw, labels, rows is None):
                _put(values, grid, at, value, wanted, year, log)


def _labelled(
    grid: Grid,
    row: int,
    column: int,
    raw: str,
    labels: Mapping[str, Field],
    is_cover: bool,
) -> list[tuple[Field, tuple[int, int], Any]]:
    """The labels in one cell, each with its value and where that stands."""
    text = clean(raw)[0].replace("：", ":")
    pieces = re.split(r"\s+(?=[^\s:]{2,12}:)", text) if text.count(":") > 1 else [text]
    found: list[tuple[Field, tuple[int, int], Any]] = []
    for piece in pieces:
        label, colon, after = piece.partition(":")
        wanted = labels.get(squeeze(label))
        if wanted is None or not (is_cover or colon or wanted.headers[0] == squeeze(label)):
            continue
        if after.strip():
            value: Any = after.strip()
            at = (row, column)
        else:
            beside = _beside(grid, row, column, labels)
            if beside is None:
                continue
            at, value = beside, grid.rows[beside[0]][beside[1]]
        if squeeze(label) == "单位" and _COUNTED_IN.fullmatch(str(value).strip()):
            continue
        found.append((wanted, at, value))
    return found


def _beside(
    grid: Grid, row: int, column: int, labels: Mapping[str, Field]
) -> tuple[int, int] | None:
    """The first filled cell right of a label; None before another label or the row's end."""
    cells = grid.rows[row]
    for right in range(column + 1, len(cells)):
        raw = cells[right]
        if (row, right) in grid.unreadable:
            return row, right
        if not is_blank(raw):
            return None if isinstance(raw, str) and _is_label(raw, labels) else (row, right)
    return None


def _is_label(raw: str, labels: Mapping[str, Field]) -> bool:
    return squeeze(clean(raw)[0].replace("：", ":").partition(":")[0]) in labels


def _put(
    values: dict[str, Any],
    grid: Grid,
    at: tuple[int, int],
    raw: Any,
    wanted: Field,
    year: int,
    log: Log,
) -> None:
    value = _cover_value(grid, at, raw, wanted, year, log)
    cell = address(*at)
    decision = log.decided.override(log.file, grid.name, cell) if log.decided else None
    if decision is not None and decision.code == "cover":
        decided = _read(decision.value, wanted, year)
        if decided is not None and value is None:
            value = decided
    if value is None:
        return
    if values.setdefault(wanted.name, value) != value:
        raise refusal(
            f"封面上有两个不同的“{wanted.header}”（{cell}）",
            "只有一个",
            "更正封面后重新报送",
            sheet=grid.name,
            cell=cell,
        )


def _cover_value(
    grid: Grid, at: tuple[int, int], raw: Any, wanted: Field, year: int, log: Log
) -> Any:
    found, expected = shown(raw), wanted.header
    if at in grid.unreadable:
        found = grid.unreadable[at]
    else:
        reading = read(_plain(raw, wanted), wanted, year)
        if not reading.refused:
            return reading.value
        expected = reading.expected
    log.add("cover", f"{wanted.header}：{found}", expected, "该项未采用，请更正",
            sheet=grid.name, cell=address(*at))  # fmt: skip
    return None


def _read(raw: Any, wanted: Field, year: int) -> Any:
    return read(_plain(raw, wanted), wanted, year).value


def _plain(raw: Any, wanted: Field) -> Any:
    if wanted.name == "year" and isinstance(raw, str):
        return _MARKS.sub("", clean(raw)[0])
    return raw


def title_rows(grid: Grid, headers: Sequence[str]) -> int:
    """How many rows stand above the first that holds two of the headers."""
    known = {squeeze(header) for header in headers}
    for row, cells in enumerate(grid.rows[:30]):
        if sum(isinstance(raw, str) and squeeze(raw) in known for raw in cells) > 1:
            return row
    return 0
