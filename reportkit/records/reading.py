"""Reading a workbook's sheets by their headers: values with their places, and issues.

Title rows above, extra columns, the order of columns and blank lines do not matter. What
cannot be read for sure is refused with its sheet and cell; nothing is dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from reportkit.records.forms import COVER, Field, Sheet
from reportkit.records.issues import Log, shown
from reportkit.records.values import clean, is_blank, read
from reportkit.records.workbook import Grid, address, column_letters, refusal

HEADER_WITHIN = 30
"""The header stands in one of the first rows."""

SheetState = Literal["已报", "零", "未报"]


@dataclass(slots=True)
class Row:
    """One row of a sheet: its values by English name, and where it stands."""

    number: int
    """As Excel shows it, from 1."""
    values: dict[str, Any]
    columns: dict[str, int]
    refused: set[str]
    stated_none: set[str] = field(default_factory=set)
    """Fields that say in so many words that there is nothing, such as 未报送."""

    def cell(self, name: str) -> str:
        """Address of a field's cell in this row."""
        return f"{column_letters(self.columns[name])}{self.number}"


@dataclass
class Table:
    """The rows of one sheet, and whether it was filled in at all."""

    sheet: Sheet
    title: str = ""
    state: SheetState = "未报"
    rows: list[Row] = field(default_factory=list)
    refused: int = 0
    present: frozenset[str] = frozenset()
    """The fields whose column the sheet has."""


def find_grid(grids: Sequence[Grid], sheet: Sheet) -> Grid | None:
    """The grid of a form's sheet, by any of its names.

    Raises
    ------
    SubmissionError
        If two sheets bear names of the same form.
    """
    names = {_squeeze(name) for name in sheet.names}
    found = [grid for grid in grids if _squeeze(grid.name) in names]
    if len(found) > 1:
        titles = "”和“".join(grid.name for grid in found)
        raise refusal(
            f"“{titles}”是同一张表", f"只有一张“{sheet.title}”", "删去或改名多余的一张后重新报送"
        )
    return found[0] if found else None


@lru_cache(maxsize=8192)
def _squeeze(text: str) -> str:
    """A header or a sheet's name without blanks, line breaks and marks such as “（必填）”."""
    text = re.sub(r"\s|[*＊：:]", "", clean(text)[0])
    return re.sub(r"[（(](?:必填|选填|可不填|是/否|有/无|年-月-日|人)[）)]$", "", text)


# --- the cover -------------------------------------------------------------------------


def read_cover(grid: Grid | None, year: int, log: Log) -> dict[str, Any]:
    """Labels and values of the cover: a value stands right of its label, or after its colon.

    Returns the values by English name, as read; what was refused or is blank is left out.

    Raises
    ------
    SubmissionError
        If a label stands twice with different values.
    """
    values: dict[str, Any] = {}
    labels = {_squeeze(header): f for f in COVER.fields for header in f.headers}
    for row, cells in enumerate(grid.rows if grid else ()):
        for column, raw in enumerate(cells):
            if not isinstance(raw, str) or grid is None:
                continue
            label, _, after = clean(raw)[0].replace("：", ":").partition(":")
            wanted = labels.get(_squeeze(label))
            if wanted is None:
                continue
            at = (row, column) if after.strip() else _beside(grid, row, column, labels)
            if at is None:
                continue
            value = after.strip() if after.strip() else grid.rows[at[0]][at[1]]
            read_value = _cover_value(grid, at, value, wanted, year, log)
            if read_value is None:
                continue
            if values.setdefault(wanted.name, read_value) != read_value:
                raise refusal(
                    f"封面上有两个不同的“{wanted.header}”（{address(*at)}）",
                    "只有一个",
                    "更正封面后重新报送",
                    sheet=grid.name,
                    cell=address(*at),
                )
    return values


def _beside(grid: Grid, row: int, column: int, labels: Container[str]) -> tuple[int, int] | None:
    """The first filled cell right of a label; None before another label or the row's end."""
    cells = grid.rows[row]
    for right in range(column + 1, len(cells)):
        raw = cells[right]
        if (row, right) in grid.unreadable:
            return row, right
        if not is_blank(raw):
            return None if isinstance(raw, str) and _squeeze(raw) in labels else (row, right)
    return None


def _cover_value(
    grid: Grid, at: tuple[int, int], raw: Any, wanted: Field, year: int, log: Log
) -> Any:
    found = shown(raw)
    if wanted.name == "year" and isinstance(raw, str):
        raw = re.sub(r"年度?$", "", clean(raw)[0])
    expected = wanted.header
    if at in grid.unreadable:
        found = grid.unreadable[at]
    else:
        reading = read(raw, wanted, year)
        if not reading.refused:
            return reading.value
        expected = reading.expected
    log.add(
        "refused",
        "cover",
        f"{wanted.header}：{found}",
        expected,
        "该项未采用，请更正",
        sheet=grid.name,
        cell=address(*at),
    )
    return None


# --- a table ---------------------------------------------------------------------------


def read_table(grid: Grid | None, sheet: Sheet, year: int, log: Log) -> Table:
    """All rows of one sheet.

    A row with a refused or blank required cell does not enter (``Table.refused`` counts
    it); a refused optional cell is empty in a row that stays. Both are in ``log``.

    Raises
    ------
    SubmissionError
        If a required sheet or header is missing, or a header stands twice.
    """
    table = Table(sheet)
    if grid is None:
        if sheet.required:
            raise refusal(
                f"没有工作表“{sheet.title}”",
                f"工作表“{sheet.title}”",
                "补上后重新报送",
                sheet=sheet.title,
            )
        return table
    table.title = grid.name
    if not any(not is_blank(raw) for cells in grid.rows for raw in cells):
        if sheet.required:
            raise refusal(
                f"工作表“{grid.name}”是空白的",
                f"填好的“{sheet.title}”",
                "填好后重新报送",
                sheet=grid.name,
            )
        return table
    header, columns = _find_header(grid, sheet)
    table.present = frozenset(columns)
    _warn(grid, sheet, header, columns, log)
    blocked = _blocked_cells(grid, header, set(columns.values()))
    for row in range(header + 1, len(grid.rows)):
        _read_row(grid, row, table, columns, blocked, year, log)
    if table.rows or table.refused:
        table.state = "已报"
    return table


def _find_header(grid: Grid, sheet: Sheet) -> tuple[int, dict[str, int]]:
    """The row that holds most of the known headers, and the column of each field."""
    names = {_squeeze(header): f for f in reversed(sheet.fields) for header in reversed(f.headers)}
    best, row_of_best = 0, -1
    for row, cells in enumerate(grid.rows[:HEADER_WITHIN]):
        known = {_squeeze(raw) for raw in cells if isinstance(raw, str)} & names.keys()
        if len(known) > best:
            best, row_of_best = len(known), row
    required = [f for f in sheet.fields if f.required]
    if best < min(2, len(required)):
        raise refusal(
            f"工作表“{grid.name}”没有表头",
            f"表头：{'、'.join(f.header for f in required)}",
            "补上表头后重新报送",
            sheet=grid.name,
            cell="A1",
        )
    return row_of_best, _columns(grid, sheet, row_of_best, names)


def _columns(grid: Grid, sheet: Sheet, row: int, names: dict[str, Field]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for column, raw in enumerate(grid.rows[row]):
        wanted = names.get(_squeeze(raw)) if isinstance(raw, str) else None
        if wanted is None:
            continue
        if wanted.name in columns:
            first, second = address(row, columns[wanted.name]), address(row, column)
            raise refusal(
                f"工作表“{grid.name}”{first}和{second}都是“{wanted.header}”",
                f"只有一列“{wanted.header}”",
                "删去或改名多余的一列后重新报送",
                sheet=grid.name,
                cell=second,
            )
        columns[wanted.name] = column
    missing = [f.header for f in sheet.fields if f.required and f.name not in columns]
    if missing:
        last = max((c for c, raw in enumerate(grid.rows[row]) if not is_blank(raw)), default=0)
        broken = [
            f"，{address(row, c)}为{what}" for (r, c), what in grid.unreadable.items() if r == row
        ]
        raise refusal(
            f"工作表“{grid.name}”第{row + 1}行表头缺少“{'”“'.join(missing)}”{''.join(broken)}",
            f"表头：{'、'.join(f.header for f in sheet.fields if f.required)}",
            "补上后重新报送",
            sheet=grid.name,
            cell=f"{address(row, 0)}:{address(row, last)}",
        )
    for merge in grid.merged:
        if merge.top <= row <= merge.bottom and merge.left < merge.right:
            covered = [c for c in columns.values() if merge.left <= c <= merge.right]
            if covered:
                raise refusal(
                    f"工作表“{grid.name}”的表头 {merge} 跨列合并",
                    "每列一个表头",
                    "取消合并后重新报送",
                    sheet=grid.name,
                    cell=str(merge),
                )
    return columns


def _warn(grid: Grid, sheet: Sheet, header: int, columns: dict[str, int], log: Log) -> None:
    """Hidden sheets and rows are read, unknown columns are not: both are said."""
    if grid.hidden:
        log.add("warned", "hidden_sheet", "工作表是隐藏的", "不隐藏的工作表", "已照常读取，请确认",
                sheet=grid.name)  # fmt: skip
    hidden = [
        row + 1
        for row in grid.hidden_rows
        if header < row < len(grid.rows) and any(not is_blank(raw) for raw in grid.rows[row])
    ]
    if hidden:
        rows = "、".join(map(str, hidden[:10])) + ("等" if len(hidden) > 10 else "")
        log.add("warned", "hidden_rows", f"第{rows}行是隐藏的（共{len(hidden)}行）", "不隐藏的行",
                "已照常读取，请确认", sheet=grid.name, cell=f"A{hidden[0]}")  # fmt: skip
    for column, raw in enumerate(grid.rows[header]):
        if column in columns.values() or is_blank(raw):
            continue
        if any(
            len(cells) > column and not is_blank(cells[column]) for cells in grid.rows[header + 1 :]
        ):
            log.add(
                "warned",
                "extra_column",
                f"“{shown(raw)}”列",
                f"“{sheet.title}”表的各列",
                "该列不在报送表内，未读取",
                sheet=grid.name,
                cell=address(header, column),
            )


def _blocked_cells(
    grid: Grid, header: int, columns: set[int]
) -> dict[tuple[int, int], tuple[str, str]]:
    """Cells below the header that must not be read as they stand → (found, expected)."""
    blocked = {
        at: (what, "填好的值（公式请粘贴为数值）")
        for at, what in grid.unreadable.items()
        if at[0] > header
    }
    for merge in grid.merged:
        inside = [c for c in columns if merge.left <= c <= merge.right]
        if merge.bottom <= header or not inside:
            continue
        if merge.bottom > merge.top or len(inside) > 1:
            for row in range(max(merge.top, header + 1), min(merge.bottom, len(grid.rows)) + 1):
                for column in inside:
                    blocked[row, column] = (f"合并单元格 {merge}", "不合并的单元格，逐行逐列填写")
    return blocked


_TOTAL = re.compile(r"(?:合计|总计|小计|共计|累计|本页合计|本页小计|合计数)[:：]?(?:\d.*)?$")
_NOTE = re.compile(
    r"(?:注|备注|说明|填表说明|填报说明|注意事项|填表人|填报人|经办人|审核人|审批人|负责人|制表人|制表|联系人"
    r"|联系电话|单位负责人|主要负责人|填报日期|填表日期|报送日期|单位[（(]?盖章[）)]?|（?盖章）?)\d*[:：、]"
)  # fmt: skip


def _read_row(
    grid: Grid,
    row: int,
    table: Table,
    columns: dict[str, int],
    blocked: dict[tuple[int, int], tuple[str, str]],
    year: int,
    log: Log,
) -> None:
    cells = grid.rows[row]
    raws = {name: cells[c] if c < len(cells) else "" for name, c in columns.items()}
    filled = {name: raw for name, raw in raws.items() if raw != "" and not is_blank(raw)}
    stopped = {name: blocked[row, c] for name, c in columns.items() if (row, c) in blocked}
    if not filled and not any(_is_unreadable(grid, row, columns[name]) for name in stopped):
        return
    if _is_total_or_note(cells) or _is_header_again(table.sheet, filled):
        return
    unreadable = any(_is_unreadable(grid, row, columns[name]) for name in stopped)
    if not unreadable and not table.rows and not table.refused and _says_none(filled):
        table.state = "零"
        return
    if set(filled) == {"number"} and not unreadable and str(filled["number"])[:1].isdigit():
        return  # a form with its numbers printed in advance
    if table.state == "零":
        # “无” first and rows after it contradict each other: the rows count, and it is said.
        table.state = "已报"
        log.add("warned", "none_and_rows", "先填“无”，后面又有内容", "“无”或各行内容，只填一种",
                "按有内容处理", sheet=grid.name, cell=f"A{row + 1}")  # fmt: skip
    entry = Row(row + 1, {}, columns, set())
    if len(filled) == 1 and not stopped and sum(f.required for f in table.sheet.fields) > 2:
        ((name, raw),) = filled.items()
        log.add("refused", "unrecognised_row", shown(raw),
                "一行记录，或以“合计”“注：”开头的行", "该行未采用，请更正后重新报送",
                sheet=grid.name, cell=entry.cell(name))  # fmt: skip
        table.refused += 1
        return
    whole = True
    for wanted in table.sheet.fields:
        if wanted.name not in columns:
            entry.values[wanted.name] = None
            continue
        ok = _read_cell(wanted, raws[wanted.name], stopped.get(wanted.name), entry, grid, year, log)
        whole = whole and ok
    if whole:
        table.rows.append(entry)
    else:
        table.refused += 1


def _is_unreadable(grid: Grid, row: int, column: int) -> bool:
    return (row, column) in grid.unreadable


def _read_cell(
    wanted: Field,
    raw: Any,
    stopped: tuple[str, str] | None,
    entry: Row,
    grid: Grid,
    year: int,
    log: Log,
) -> bool:
    """Read one cell into ``entry``; False if the row may not enter without it."""
    entry.values[wanted.name] = None
    if stopped:
        found, expected = stopped
    else:
        reading = read(raw, wanted, year)
        if not reading.refused:
            entry.values[wanted.name] = reading.value
            if reading.stated_none:
                entry.stated_none.add(wanted.name)
            if reading.note:
                log.add(
                    "corrected",
                    f"corrected_{wanted.kind}",
                    f"{wanted.header}：{shown(raw)}",
                    wanted.header,
                    reading.note,
                    sheet=grid.name,
                    cell=entry.cell(wanted.name),
                )
            if reading.value is not None or not wanted.required:
                return True
            found, expected = "空白" if is_blank(raw) else shown(raw), f"{wanted.header}（必填）"
        else:
            found, expected = shown(raw), reading.expected
    entry.refused.add(wanted.name)
    lost = wanted.required or wanted.vital
    action = "该行未采用，请更正后重新报送" if lost else "该项按未报处理，其余照常采用"
    log.add("refused", f"bad_{wanted.kind}", f"{wanted.header}：{found}", expected, action,
            sheet=grid.name, cell=entry.cell(wanted.name))  # fmt: skip
    return not lost


def _is_total_or_note(cells: Sequence[Any]) -> bool:
    """A 合计 row, or a line below the table such as “注：……” or “填表人：……”."""
    texts = [raw for raw in cells if not is_blank(raw)]
    first = texts[0] if texts else ""
    if not isinstance(first, str):
        return False
    squeezed = re.sub(r"\s", "", clean(first)[0])
    if _TOTAL.match(squeezed):
        return all(not isinstance(raw, str) or len(raw) < 20 for raw in texts[1:])
    return bool(_NOTE.match(squeezed)) and len(texts) <= 6


def _is_header_again(sheet: Sheet, filled: dict[str, Any]) -> bool:
    """The header repeated, as on a second printed page."""
    return len(filled) > 1 and all(
        isinstance(raw, str) and _squeeze(raw) in map(_squeeze, sheet.field(name).headers)
        for name, raw in filled.items()
    )


_NONE = {"无", "零", "0", "本年无", "本期无", "无此项", "本年度无"}


def _says_none(filled: dict[str, Any]) -> bool:
    """Whether the only entry of a row is 无 or a zero."""
    return all(
        (isinstance(raw, str) and clean(raw)[0].rstrip("。") in _NONE)
        or (isinstance(raw, int | float) and not isinstance(raw, bool) and raw == 0)
        for raw in filled.values()
    )
