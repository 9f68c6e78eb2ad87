"""Finding a sheet's header: of one row or several, wherever it stands and however it is merged."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from reportkit.records.forms import Field, Sheet
from reportkit.records.forms.custom import OwnForm, lacking
from reportkit.records.opening import Grid, Range, address, refusal
from reportkit.records.reading.words import gist, is_unit_mark, squeeze
from reportkit.records.values import is_blank

HEADER_WITHIN = 30
"""The header begins in one of the first rows."""
_MOST_ROWS = 3
_ALIKE = 0.5
"""From this likeness on a header is said to resemble another; it is not read as that."""
_LONGEST = 40
"""A longer text resembles no header; and to compare long texts takes long."""


@dataclass
class Header:
    """Where a header stands, and which column is which field; rows and columns from 0."""

    top: int
    bottom: int
    columns: dict[str, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    """Column → its header as it stands, groups first."""
    rows: dict[int, int] = field(default_factory=dict)
    """Column → the last row of the header in which something stands."""
    rivals: dict[str, list[int]] = field(default_factory=dict)
    """Field → the columns of which each can mean it: it is read from none of them."""
    ignored: set[int] = field(default_factory=set)
    """Columns that the office's form says are not wanted."""
    near: set[str] = field(default_factory=set)
    """Fields whose column bears a header that is worded otherwise than any that we know."""
    named: int = 0
    """How many columns bear a known header."""

    def rank(self) -> tuple[int, int, int, int, int]:
        """The more fields the better, then columns; then the plainer, the shorter, the higher."""
        fields = len(self.columns) + len(self.rivals)
        return fields, self.named, -len(self.rivals), self.top - self.bottom, -self.top

    def at(self, column: int) -> str:
        """The address of a column's header."""
        return address(self.rows.get(column, self.bottom), column)


def needed(sheet: Sheet) -> list[Field]:
    """The fields whose column a sheet must have."""
    without = lacking(sheet)
    return [f for f in sheet.fields if f.required and f.name not in without]


def find_header(grid: Grid, sheet: Sheet) -> Header:
    """The header of a sheet that is known to be this one.

    A column that two headers can mean is in ``rivals``; a missing one is taken from a column
    that is worded nearly so (``near``).

    Raises
    ------
    SubmissionError
        If there is none, or a column without which no row can enter is missing or stands twice.
    """
    header = best_header(grid, sheet)
    must = needed(sheet)
    if header is None or len(header.columns) + len(header.rivals) < min(2, max(1, len(must))):
        raise refusal(
            f"工作表“{grid.name}”没有表头",
            f"表头：{'、'.join(f.header for f in must)}",
            "补上表头后重新报送",
            sheet=grid.name,
            cell="A1",
        )
    _ask_where_displaced(grid, header, sheet)
    for wanted in sheet.fields:
        if wanted.name in header.rivals and (wanted in must or wanted.vital):
            places = [header.at(column) for column in header.rivals[wanted.name]]
            raise refusal(
                f"工作表“{grid.name}”{'和'.join(places)}都是“{wanted.header}”",
                f"只有一列“{wanted.header}”",
                "删去或改名多余的一列后重新报送",
                sheet=grid.name,
                cell=places[-1],
            )
    _take_near(header, sheet)
    resembling = _resembling(grid, header, sheet)
    missing = [f for f in missing_fields(header, sheet)
               if f in must or (f.vital and f in resembling.values())]  # fmt: skip
    if missing:
        raise _incomplete(grid, header, missing, resembling)
    _end_below(grid, header)
    _refuse_wide(grid, header)
    return header


def _ask_where_displaced(grid: Grid, header: Header, sheet: Sheet) -> None:
    """A column away from its place in the form, where one without a known header stands: either.

    The form's own word counts unless the other is blank or like it; in an order of its own any.
    """
    found = [(f, header.columns[f.name]) for f in sheet.fields if f.name in header.columns]
    kept = _rising([column for _, column in found])
    known = {*header.columns.values(), *header.ignored}.union(*header.rivals.values())
    for number, (wanted, column) in enumerate(found):
        if column in kept or 4 * len(kept) < 3 * len(found):
            continue
        left = max((c for _, c in found[:number] if c in kept), default=-1)
        right = min((c for _, c in found[number:] if c in kept), default=left + 2)
        there = [c for c in range(left + 1, right) if c not in known and _filled(grid, header, c)]
        if header.texts[column] == squeeze(wanted.header):
            said = {c: header.texts.get(c, "") for c in there}
            there = [c for c in there if not said[c] or nearest_field(said[c], sheet) == wanted]
        if there:
            header.rivals[wanted.name] = [*there, header.columns.pop(wanted.name)]


def _rising(columns: Sequence[int]) -> list[int]:
    """The most of them that stand in rising order; of several such those closest together."""
    runs: list[list[int]] = [[]]
    for column in columns:
        runs.append([*max((run for run in runs if run[-1:] < [column]), key=_rank), column])
    return max(runs, key=_rank)


def _rank(run: list[int]) -> tuple[int, int]:
    return len(run), sum(run[:1]) - sum(run[-1:])


def _filled(grid: Grid, header: Header, column: int) -> bool:
    return any(
        column < len(cells) and not is_blank(cells[column])
        for cells in grid.rows[header.bottom + 1 :]
    )


def fits(grid: Grid, sheet: Sheet) -> Header | None:
    """The header, if a sheet of any name has all that is required; else None. Never raises."""
    header = best_header(grid, sheet)
    if header is None or any(f.name not in header.columns for f in needed(sheet)):
        return None
    return header


def best_header(grid: Grid, sheet: Sheet) -> Header | None:
    """The rows that hold most of the known headers; None if no cell is one."""
    names = _names(sheet)
    texts = [_row_texts(cells) for cells in grid.rows[: HEADER_WITHIN + _MOST_ROWS]]
    known = [any(text in names for text in row.values()) for row in texts]
    own_row = sheet.header_row - 1 if isinstance(sheet, OwnForm) and sheet.header_row else None
    tops = range(min(len(texts), HEADER_WITHIN)) if own_row is None else [own_row]
    merged = [m for m in grid.merged if m.top < len(texts)]
    must = {wanted.name for wanted in needed(sheet)}
    best: Header | None = None
    for top in tops:
        if best and top > best.bottom and must <= {*best.columns, *best.rivals}:
            break  # a whole header: what comes below it is a further table
        for bottom in range(top, min(top + _MOST_ROWS, len(texts))):
            if bottom > top and not all(isinstance(raw, str | None) for raw in grid.rows[bottom]):
                break
            if not any(known[top : bottom + 1]) and bottom - top < 1:
                continue
            header = _match(texts, merged, Header(top, bottom), names)
            if header.named and (best is None or header.rank() > best.rank()):
                best = header
    return best


def _row_texts(cells: Sequence[Any]) -> dict[int, str]:
    return {column: tight for column, raw in enumerate(cells)
            if isinstance(raw, str) and raw and (tight := squeeze(raw))}  # fmt: skip


def further_headers(grid: Grid, sheet: Sheet, header: Header) -> list[Header]:
    """The headers of further tables of this form below the first: whole, in another order."""
    names = _names(sheet)
    must = {wanted.name for wanted in needed(sheet)}
    found: list[Header] = []
    for row in range(header.bottom + 1, len(grid.rows)):
        texts = [raw for raw in grid.rows[row] if isinstance(raw, str) and raw]
        if len(texts) < max(2, len(must)) or squeeze(texts[0]) not in names:
            continue
        own: list[dict[int, str]] = [{}] * row + [_row_texts(grid.rows[row])]
        below = _match(own, [], Header(row, row), names)
        columns = (found or [header])[-1].columns
        if must <= below.columns.keys() and any(
            columns.get(n) != c for n, c in below.columns.items()
        ):
            found.append(below)
    return found


def _names(sheet: Sheet) -> dict[str, str]:
    """Every header that is known, squeezed → its field; one that the office ignores → ""."""
    names = {squeeze(h): "" for h in sheet.ignored} if isinstance(sheet, OwnForm) else {}
    names |= {squeeze(h): f.name for f in reversed(sheet.fields) for h in reversed(f.headers)}
    names.pop("", None)
    return names


def _match(
    texts: Sequence[Mapping[int, str]],
    merged: Sequence[Range],
    header: Header,
    names: Mapping[str, str],
) -> Header:
    """Fill in which columns the rows of a header name, by groups and leaf or by the leaf alone.

    A first row in which no column's header begins is a title; the header stays empty then.
    """
    rows = range(header.top, header.bottom + 1)
    columns = sorted({column for row in rows for column in texts[row]})
    if len(rows) > 1 and list(texts[header.top]) == columns[:1]:
        return header
    groups = _groups(texts, merged, header)
    claims: dict[str, list[_Claim]] = {}
    begins = set()
    for column in columns:
        parts: list[tuple[int, str]] = []
        for row in rows:
            text = texts[row].get(column) or groups.get((row, column), "")
            if text and (not parts or parts[-1][1] != text):
                parts.append((row, text))
            if column in texts[row]:
                header.rows[column] = row
        stack = [text for _, text in parts]
        header.texts[column] = "".join(stack)
        if (found := _name_of(stack, names)) is not None:
            first, text = found
            begins.add(parts[first][0])
            claims.setdefault(names[text], []).append(_Claim(column, text, tuple(stack[:first])))
    if header.top not in begins:
        return header
    header.ignored = {claim.column for claim in claims.pop("", ())}
    every = [claim for several in claims.values() for claim in several]
    header.named = len(every)
    for name, several in claims.items():
        meant = [claim.column for claim in several if not _is_foreign(claim, several, every, names)]
        if len(meant) == 1:
            header.columns[name] = meant[0]
        else:
            header.rivals[name] = meant
    return header


@dataclass(frozen=True)
class _Claim:
    """A column that bears a field's header, and the headings above that say no more of it."""

    column: int
    text: str
    above: tuple[str, ...]


def _is_foreign(
    claim: _Claim, several: Sequence[_Claim], every: Sequence[_Claim], names: Mapping[str, str]
) -> bool:
    """Whether a group of its own makes another thing of a word that many headers end in.

    “报告 | 日期” is no first day where “开始日期” stands; but where the group holds further
    columns of ours (“学习活动 | 日期、主题”), either may be meant.
    """
    return (
        bool(claim.above)
        and _is_common(claim.text, names)
        and not any(other.above == claim.above for other in every if other is not claim)
        and any(not _is_common(other.text, names) for other in several)
    )


def _is_common(text: str, names: Mapping[str, str]) -> bool:
    """Whether a header ends that of another field: 日期 that of 结束日期."""
    return any(h.endswith(text) and name != names[text] for h, name in names.items())


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


def _name_of(stack: Sequence[str], names: Mapping[str, str]) -> tuple[int, str] | None:
    """The known header that a stack of headings ends in, and at which of them it begins."""
    for first in sorted({0, max(0, len(stack) - 2)}):
        if (whole := "".join(stack[first:])) in names:
            return first, whole
    if len(stack) > 1 and is_unit_mark(stack[-1]):
        return _name_of(stack[:-1], names)
    return (len(stack) - 1, stack[-1]) if stack and stack[-1] in names else None


# --- headers that are worded otherwise --------------------------------------------------


def _take_near(header: Header, sheet: Sheet) -> None:
    """Take a missing column from the one that differs in words alone that say nothing."""
    subject = sheet.title[:2]
    meanings: dict[str, set[str]] = {}
    for wanted in sheet.fields:
        for name in wanted.headers:
            for text in (name, f"是否{name}")[: 1 + (wanted.kind == "flag")]:
                meanings.setdefault(gist(squeeze(text), subject), set()).add(wanted.name)
    claims: dict[str, list[int]] = {}
    for column in unread(header):
        said = gist(header.texts[column], subject)
        meant = meanings.get(said, ())
        if len(said) > 1 and len(meant) == 1:
            claims.setdefault(next(iter(meant)), []).append(column)
    for wanted in missing_fields(header, sheet):
        if len(claims.get(wanted.name, ())) == 1:
            header.columns[wanted.name] = claims[wanted.name][0]
            header.near.add(wanted.name)


def unread(header: Header) -> list[int]:
    """The columns that have a header, but none that is known."""
    rivals = (column for several in header.rivals.values() for column in several)
    known = {*header.columns.values(), *rivals, *header.ignored}
    return [column for column in header.texts if column not in known]


def missing_fields(header: Header, sheet: Sheet) -> list[Field]:
    """The fields that a sheet of this form may have, and this one has not."""
    found = {*header.columns, *header.rivals, *lacking(sheet)}
    return [wanted for wanted in sheet.fields if wanted.name not in found]


def nearest_field(text: str, sheet: Sheet) -> Field | None:
    """The field whose header a text resembles most; None if it resembles none."""

    def likeness(wanted: Field) -> float:
        names = map(squeeze, wanted.headers)
        return max(SequenceMatcher(None, text, name).ratio() for name in names)

    if len(text) > _LONGEST:
        return None
    nearest = max(sheet.fields, key=likeness)
    return nearest if likeness(nearest) >= _ALIKE else None


def _resembling(grid: Grid, header: Header, sheet: Sheet) -> dict[int, Field]:
    """The columns that are filled in but not read → the field whose header theirs resembles."""
    nearest = {
        column: nearest_field(header.texts[column], sheet)
        for column in unread(header)
        if _filled(grid, header, column)
    }
    return {column: wanted for column, wanted in nearest.items() if wanted is not None}


def _incomplete(
    grid: Grid, header: Header, missing: Sequence[Field], resembling: Mapping[int, Field]
) -> Exception:
    row = header.bottom
    last = max((c for c, raw in enumerate(grid.rows[row]) if not is_blank(raw)), default=0)
    unclear = [
        f"，{address(r, c)}为{what}"
        for (r, c), what in grid.unreadable.items()
        if header.top <= r <= row
    ]
    unclear += [
        f"，{header.at(column)}“{header.texts[column]}”与“{wanted.header}”相近"
        for column, wanted in resembling.items()
        if wanted in missing
    ]
    return refusal(
        f"工作表“{grid.name}”第{row + 1}行表头缺少“{'”“'.join(f.header for f in missing)}”"
        f"{''.join(unclear)}",
        f"表头：{'、'.join(f.header for f in missing)}",
        "补上后重新报送",
        sheet=grid.name,
        cell=f"{address(header.top, 0)}:{address(row, last)}",
    )


# --- where the header ends ---------------------------------------------------------------


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
