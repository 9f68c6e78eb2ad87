"""Finding a sheet's header: of one row or several, wherever it stands and however it is merged."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportkit.records.forms import Field, Sheet
from reportkit.records.forms.custom import OwnForm, lacking
from reportkit.records.opening import Grid, Range, address, refusal
from reportkit.records.reading.words import is_unit_mark, squeeze
from reportkit.records.values import is_blank

HEADER_WITHIN = 30
"""The header begins in one of the first rows."""
_MOST_ROWS = 3


@dataclass
class Header:
    """Where a header stands, and which column is which field; rows and columns from 0."""

    top: int
    bottom: int
    columns: dict[str, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    """Column → its header as it stands, groups first."""
    twice: list[tuple[str, int, int]] = field(default_factory=list)
    """(field, first column, second column) where two columns bear one field's header."""

    def rank(self) -> tuple[int, int, int, int]:
        """The more fields the better; then the plainer, the shorter, the higher."""
        return len(self.columns), -len(self.twice), self.top - self.bottom, -self.top


def needed(sheet: Sheet) -> list[Field]:
    """The fields whose column a sheet must have."""
    without = lacking(sheet)
    return [f for f in sheet.fields if f.required and f.name not in without]


def find_header(grid: Grid, sheet: Sheet) -> Header:
    """The header of a sheet that is known to be this one.

    Raises
    ------
    SubmissionError
        If there is none, a required column is missing, or a header stands twice.
    """
    header = best_header(grid, sheet)
    must = needed(sheet)
    if header is None or len(header.columns) < min(2, max(1, len(must))):
        raise refusal(
            f"工作表“{grid.name}”没有表头",
            f"表头：{'、'.join(f.header for f in must)}",
            "补上表头后重新报送",
            sheet=grid.name,
            cell="A1",
        )
    if header.twice:
        name, *columns = header.twice[0]
        first, second = (address(header.bottom, column) for column in columns)
        wanted = sheet.field(name).header
        raise refusal(
            f"工作表“{grid.name}”{first}和{second}都是“{wanted}”",
            f"只有一列“{wanted}”",
            "删去或改名多余的一列后重新报送",
            sheet=grid.name,
            cell=second,
        )
    missing = [f.header for f in must if f.name not in header.columns]
    if missing:
        raise _incomplete(grid, header, missing, must)
    _end_below(grid, header)
    _refuse_wide(grid, header)
    return header


def fits(grid: Grid, sheet: Sheet) -> Header | None:
    """The header, if a sheet of any name has all that is required; else None. Never raises."""
    header = best_header(grid, sheet)
    if header is None or header.twice:
        return None
    if any(f.name not in header.columns for f in needed(sheet)):
        return None
    return header


def best_header(grid: Grid, sheet: Sheet) -> Header | None:
    """The rows that hold most of the known headers; None if no cell is one."""
    names = {squeeze(h): f.name for f in reversed(sheet.fields) for h in reversed(f.headers)}
    names.pop("", None)
    texts = _texts(grid)
    known = [any(text in names for text in row.values()) for row in texts]
    own_row = sheet.header_row - 1 if isinstance(sheet, OwnForm) and sheet.header_row else None
    tops = range(min(len(texts), HEADER_WITHIN)) if own_row is None else [own_row]
    merged = [m for m in grid.merged if m.top < len(texts)]
    best: Header | None = None
    for top in tops:
        for bottom in range(top, min(top + _MOST_ROWS, len(texts))):
            if bottom > top and not _is_text_only(grid.rows[bottom]):
                break
            if not any(known[top : bottom + 1]) and bottom - top < 1:
                continue
            header = _match(texts, merged, Header(top, bottom), names)
            if header.columns and (best is None or header.rank() > best.rank()):
                best = header
    return best


def _texts(grid: Grid) -> list[dict[int, str]]:
    """The texts of the first rows by column, squeezed."""
    last = HEADER_WITHIN + _MOST_ROWS
    return [
        {column: tight for column, raw in enumerate(cells)
         if isinstance(raw, str) and raw and (tight := squeeze(raw))}
        for cells in grid.rows[:last]
    ]  # fmt: skip


def _is_text_only(cells: Sequence[Any]) -> bool:
    return all(isinstance(raw, str) or raw is None for raw in cells)


def _match(
    texts: Sequence[Mapping[int, str]],
    merged: Sequence[Range],
    header: Header,
    names: Mapping[str, str],
) -> Header:
    """Fill in which columns the rows of a header name: by groups and leaf, then by the leaf."""
    groups = _groups(texts, merged, header)
    exact: dict[str, list[int]] = {}
    leaves: dict[str, list[int]] = {}
    columns = {column for row in texts[header.top : header.bottom + 1] for column in row}
    for column in sorted(columns):
        parts: list[str] = []
        for row in range(header.top, header.bottom + 1):
            text = texts[row].get(column) or groups.get((row, column), "")
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        header.texts[column] = "".join(parts)
        found = _names_of(parts, names)
        if found:
            name, is_exact = found
            (exact if is_exact else leaves).setdefault(name, []).append(column)
    for name, found_at in (*exact.items(), *leaves.items()):
        if name not in header.columns:
            header.columns[name] = found_at[0]
            header.twice += [(name, found_at[0], other) for other in found_at[1:]]
    return header


def _groups(
    texts: Sequence[Mapping[int, str]], merged: Sequence[Range], header: Header
) -> dict[tuple[int, int], str]:
    """Cells that a heading merged over several columns covers, above the header's last row."""
    covered: dict[tuple[int, int], str] = {}
    for merge in merged:
        if merge.left < merge.right and header.top <= merge.top and merge.bottom < header.bottom:
            text = texts[merge.top].get(merge.left, "")
            for column in range(merge.left + 1, min(merge.right, merge.left + 200) + 1):
                covered[merge.bottom, column] = text
    return covered


def _names_of(parts: Sequence[str], names: Mapping[str, str]) -> tuple[str, bool] | None:
    """The field that a stack of headings names, and whether by all of them."""
    if not parts:
        return None
    for whole in ("".join(parts), "".join(parts[-2:])):
        if whole in names:
            return names[whole], True
    if len(parts) > 1 and is_unit_mark(parts[-1]):
        return _names_of(parts[:-1], names)
    return (names[parts[-1]], False) if parts[-1] in names else None


def _incomplete(grid: Grid, header: Header, missing: list[str], must: list[Field]) -> Exception:
    row = header.bottom
    last = max((c for c, raw in enumerate(grid.rows[row]) if not is_blank(raw)), default=0)
    broken = [
        f"，{address(r, c)}为{what}"
        for (r, c), what in grid.unreadable.items()
        if header.top <= r <= row
    ]
    return refusal(
        f"工作表“{grid.name}”第{row + 1}行表头缺少“{'”“'.join(missing)}”{''.join(broken)}",
        f"表头：{'、'.join(f.header for f in must)}",
        "补上后重新报送",
        sheet=grid.name,
        cell=f"{address(header.top, 0)}:{address(row, last)}",
    )


def _end_below(grid: Grid, header: Header) -> None:
    """Take in the rows that still belong to the header: merged down, units, column numbers."""
    known = set(header.columns.values())
    reach = [m.bottom for m in grid.merged if header.top <= m.top <= header.bottom]
    covered = {
        (row, column)
        for merge in grid.merged
        if header.top <= merge.top <= header.bottom < merge.bottom
        for row in range(header.bottom + 1, min(merge.bottom, header.bottom + _MOST_ROWS) + 1)
        for column in known
        if merge.left <= column <= merge.right
    }
    for row in range(header.bottom + 1, min(max(reach, default=0) + 1, len(grid.rows))):
        cells = grid.rows[row]
        own = [c for c in known if (row, c) not in covered and c < len(cells)]
        if any(not is_blank(cells[c]) for c in own):
            break  # a record begins here, whatever the header's cells are merged with
        header.bottom = row
    while header.bottom + 1 < len(grid.rows) and _is_under_header(grid.rows[header.bottom + 1]):
        header.bottom += 1


def _is_under_header(cells: Sequence[Any]) -> bool:
    """A row of units (“人”, “小时”) or of column numbers (1 2 3 4, “栏次” before them)."""
    filled = [raw for raw in cells if not is_blank(raw)]
    if len(filled) >= 2 and all(isinstance(raw, str) and is_unit_mark(raw) for raw in filled):
        return True
    numbers = [_whole(raw) for raw in filled]
    if numbers and numbers[0] is None and squeeze(str(filled[0])) in ("栏次", "列次", "序号", "甲"):
        numbers = numbers[1:]
    return len(numbers) >= 4 and numbers == list(range(1, len(numbers) + 1))


def _whole(raw: Any) -> int | None:
    if isinstance(raw, str):
        match = re.fullmatch(r"[(（]?(\d{1,2})[)）]?", raw.strip(), re.ASCII)
        return int(match[1]) if match else None
    is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
    return int(raw) if is_number and 0 < raw < 100 and raw == int(raw) else None


def _refuse_wide(grid: Grid, header: Header) -> None:
    """A header merged over several columns is fine as long as one of them holds the values."""
    for merge in grid.merged:
        if not (merge.left < merge.right and merge.top <= header.bottom <= merge.bottom):
            continue
        if merge.left not in header.columns.values():
            continue
        for cells in grid.rows[header.bottom + 1 :]:
            if any(not is_blank(raw) for raw in cells[merge.left + 1 : merge.right + 1]):
                raise refusal(
                    f"工作表“{grid.name}”的表头 {merge} 跨列合并，下面不止一列有内容",
                    "每列一个表头",
                    "取消合并，各列分别写表头后重新报送",
                    sheet=grid.name,
                    cell=str(merge),
                )
