"""Reading one file of a unit: its cover, and all sheets of the forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from reportkit.records.forms import Sheet
from reportkit.records.issues import Log
from reportkit.records.opening import Grid, column_letters, refusal
from reportkit.records.reading.choosing import Chosen, choose, is_filled, one_too_many
from reportkit.records.reading.cover import add_cover, title_rows
from reportkit.records.reading.headers import Header, find_header, further_headers
from reportkit.records.reading.rows import RowReader
from reportkit.records.reading.table import FileTables, Row, Source, Table
from reportkit.records.values import is_blank


def read_file(
    grids: Sequence[Grid],
    forms: Sequence[Sheet],
    year: int,
    log: Log,
    on_cover: Callable[[Mapping[str, Any]], None] | None = None,
) -> tuple[FileTables, dict[str, Any]]:
    """The tables of one file, and what its cover says.

    Parameters
    ----------
    grids:
        Its sheets.
    forms:
        The sheets of the forms (``unit_sheets()``, with the office's own forms); one that is not
        asked for this year is read if it is there.
    on_cover:
        Called with what the cover says before any table is read, so that a file that is
        refused for a table is known for whose it is.

    Returns
    -------
    tuple
        The tables, every key of ``forms`` among them (a sheet that the file lacks has no
        title and the state 未报); and the cover's values by English name: ``unit``,
        ``year``, ``period``, ``filled_on``, those that it states.

    Raises
    ------
    SubmissionError
        If a sheet cannot be told from another, or lacks its header or a required column.
        A sheet that is not there is no error: see :func:`require_sheets`.
    """
    chosen = choose(grids, forms, log)
    _mend_dates(grids, chosen, year, log)
    cover = _cover(chosen, forms, year, log)
    if on_cover is not None:
        on_cover(cover)
    if chosen.cover is not None:
        _say_hidden_sheet(chosen.cover, log)
    tables: dict[str, Table] = {}
    for sheet in forms:
        grid, form = chosen.tables.get(sheet.key, (None, sheet))
        table = tables[sheet.key] = _read(grid, form, year, log, cover.get("period"))
        for copy, copied_form in chosen.copies.get(sheet.key, ()):
            _compare_copy(table, copy, copied_form, year, log)
    return FileTables(log.file, log, tables, cover.get("period"), cover.get("filled_on")), cover


def _compare_copy(table: Table, copy: Grid, form: Sheet, year: int, log: Log) -> None:
    """Keep of a sheet the rows that its copy in the file has too; the others are in doubt.

    Raises
    ------
    SubmissionError
        If the two have no row in common: nothing tells which of them counts.
    """

    def content(row: Row) -> tuple[tuple[str, Any], ...]:
        return tuple(row.values.items())

    theirs = _read(copy, form, year, Log(log.file), None).rows
    both = set(map(content, table.rows)) & set(map(content, theirs))
    if not both:
        raise one_too_many(form, [table.title, copy.name])
    mine = [row for row in table.rows if content(row) not in both]
    alone = mine + [row for row in theirs if content(row) not in both]
    table.rows = [row for row in table.rows if content(row) in both]
    found = f"“{copy.name}”与“{table.title}”"
    if not alone:
        log.add("duplicate", f"{found}内容相同", f"只有一张“{form.title}”", sheet=copy.name)
        return
    for row in mine:
        row.fault = next(iter(row.columns))
    table.lost += mine
    table.refused += len({row.number for row in alone})
    places = "、".join(f"“{row.source.sheet}”第{row.number}行" for row in alone[:6])
    log.add("sheet_twice", f"{found}有不同的行：{places}{'等' if len(alone) > 6 else ''}",
            f"只有一张“{form.title}”", sheet=copy.name)  # fmt: skip


def _mend_dates(grids: Sequence[Grid], chosen: Chosen, year: int, log: Log) -> None:
    """Put dates back that a wrong 1904 flag makes four years and a day late.

    Only where every date is far off the year as it stands, and about the year once put back;
    but for those of the roster, which may be of any year.
    """
    told = [grid for key, (grid, _) in chosen.tables.items() if key != "members"]
    days = {day for grid in told for _, _, day in _days(grid)}
    first, last = dt.date(year - 1, 7, 1), dt.date(year + 1, 12, 31)
    put_back = all(not first <= day <= last and first <= day - _LATE <= last for day in days)
    if not any(grid.is_1904 for grid in grids) or len(days) < 2 or not put_back:
        return
    for grid in grids:
        for row, column, _ in _days(grid):
            grid.rows[row][column] -= _LATE
    log.add("date_system", f"日期都晚了四年零一天，如 {min(days)}", f"{year}年前后的日期",
            f"按 {min(days) - _LATE} 读取；请在 Excel 选项中取消“使用1904日期系统”")  # fmt: skip


_LATE = dt.date(1904, 1, 1) - dt.date(1899, 12, 30)
"""How far the two date systems of Excel are apart."""


def _days(grid: Grid) -> Iterator[tuple[int, int, dt.date]]:
    """Row, column and day of each date cell."""
    for row, cells in enumerate(grid.rows):
        for column, raw in enumerate(cells):
            if isinstance(raw, dt.date) and raw == raw:
                yield row, column, raw.date() if isinstance(raw, dt.datetime) else raw


def _cover(chosen: Chosen, forms: Sequence[Sheet], year: int, log: Log) -> dict[str, Any]:
    """The cover's values; where there is no cover, those of the lines above the tables."""
    cover: dict[str, Any] = {}
    if chosen.cover is not None:
        add_cover(cover, chosen.cover, year, log)
        return cover
    for grid, form in chosen.tables.values():
        headers = [h for f in form.fields for h in f.headers]
        if rows := title_rows(grid, headers):
            add_cover(cover, grid, year, log, rows)
    return cover


def read_table(
    grid: Grid | None, sheet: Sheet, year: int, log: Log, period: str | None = None
) -> Table:
    """All rows of one sheet that must be there if the form says so.

    A row with a refused or blank required cell does not enter (``Table.refused`` counts
    it); a refused optional cell is empty in a row that stays. Both are in ``log``.

    Raises
    ------
    SubmissionError
        If a required sheet or header is missing, or a header stands twice.
    """
    table = _read(grid, sheet, year, log, period)
    if sheet.required:
        _require(sheet, [table])
    return table


def require_sheets(files: Sequence[FileTables], forms: Sequence[Sheet]) -> None:
    """See that every required sheet stands, filled in, in one of the files of a unit.

    Raises
    ------
    SubmissionError
        If one stands in none of them, or is blank in all.
    """
    for sheet in forms:
        if sheet.required:
            _require(sheet, [file.tables[sheet.key] for file in files])


def _require(sheet: Sheet, tables: Sequence[Table]) -> None:
    titles = [table.title for table in tables if table.title]
    if not titles:
        raise refusal(
            f"没有工作表“{sheet.title}”",
            f"工作表“{sheet.title}”",
            "补上后重新报送",
            sheet=sheet.title,
        )
    if not any(table.present for table in tables):
        raise refusal(
            f"工作表“{titles[0]}”是空白的",
            f"填好的“{sheet.title}”",
            "填好后重新报送",
            sheet=titles[0],
        )


def _read(grid: Grid | None, sheet: Sheet, year: int, log: Log, period: str | None) -> Table:
    table = Table(sheet)
    if grid is None:
        return table
    table.title = grid.name
    table.source = Source(log.file, grid.name, log, period)
    if not is_filled(grid):
        return table
    headers = [find_header(grid, sheet)]
    headers += further_headers(grid, sheet, headers[0])
    table.present = frozenset(name for header in headers for name in header.columns)
    _say_hidden(grid, headers[0], log)
    ends = [*(header.top for header in headers[1:]), len(grid.rows)]
    for header, end in zip(headers, ends, strict=True):
        RowReader(grid, table, header, year, log).read(end, is_first=header is headers[0])
    return table


def _say_hidden(grid: Grid, header: Header, log: Log) -> None:
    """Hidden sheets, rows and columns are read, and said to be hidden."""
    _say_hidden_sheet(grid, log)
    rows = [
        row + 1
        for row in grid.hidden_rows
        if header.bottom < row < len(grid.rows) and any(not is_blank(c) for c in grid.rows[row])
    ]
    if rows:
        log.add("hidden_rows", f"第{_some(rows)}行是隐藏的（共{len(rows)}行）", "不隐藏的行",
                sheet=grid.name, cell=f"A{rows[0]}")  # fmt: skip
    columns = [column for column in grid.hidden_columns if column in header.columns.values()]
    if columns:
        letters = [column_letters(column) for column in columns]
        log.add("hidden_columns", f"{_some(letters)}列是隐藏的（共{len(letters)}列）", "不隐藏的列",
                sheet=grid.name, cell=f"{letters[0]}{header.bottom + 1}")  # fmt: skip


def _some(places: Sequence[int | str]) -> str:
    return "、".join(map(str, places[:10])) + ("等" if len(places) > 10 else "")


def _say_hidden_sheet(grid: Grid, log: Log) -> None:
    if grid.hidden:
        log.add("hidden_sheet", "工作表是隐藏的", "不隐藏的工作表", sheet=grid.name)
