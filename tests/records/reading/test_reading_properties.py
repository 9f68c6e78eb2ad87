"""Properties: the place of columns and rows means nothing; damage is named where it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_support import grid_of, header_of, read_grids, told

from reportkit.errors import SubmissionError
from reportkit.records.forms import Sheet, office_sheets, unit_sheets
from reportkit.records.issues import Log
from reportkit.records.opening import Grid, address
from reportkit.records.reading import read_table
from reportkit.records.reading.words import squeeze
from reportkit.records.values import narrow, read
from reportkit.records.values.base import _SIMPLIFIED

HEADER = header_of("sessions")
RECORDS: list[dict[str, Any]] = [
    {"序号": n, "开始日期": f"2023-0{n}-08", "学习类型": "集体学习", "计入类别": "集体学习",
     "学习主题": f"专题{n}", "应到": 8, "实到": 7, "主持人": "张伟", "是否取消": "否"}
    for n in range(1, 6)
]  # fmt: skip
TABLE = [HEADER, *([record.get(h, "") for h in HEADER] for record in RECORDS)]


def values(grid: Grid) -> list[dict[str, Any]]:
    tables, _, log = read_grids([grid])
    assert log.issues == []
    return [row.values for row in tables.tables["sessions"].rows]


PLAIN = values(grid_of("学习情况", TABLE))


@settings(max_examples=60, deadline=None)
@given(
    order=st.permutations(range(len(HEADER))),
    blank_columns=st.lists(st.integers(0, len(HEADER)), max_size=4),
    blank_rows=st.lists(st.integers(0, len(TABLE)), max_size=6),
)
def test_the_place_of_columns_and_rows_means_nothing(
    order: list[int], blank_columns: list[int], blank_rows: list[int]
) -> None:
    """Any order of columns, blank columns and blank rows anywhere give the same records."""
    rows = [[row[n] for n in order] for row in TABLE]
    for column in blank_columns:
        rows = [[*row[:column], "", *row[column:]] for row in rows]
    for row in blank_rows:
        rows.insert(row, [""] * len(rows[0]))
    assert len(PLAIN) == 5
    assert values(grid_of("学习情况", rows)) == PLAIN


DAMAGE: list[Any] = [
    "？？", "110101199003070018", "13812345678", -3.5, 1e300, True, "无", "\x00", "合计", "注：",
    "x" * 600, "=1+1", "张伟、李娜（公务）、王强", "2023-13-45", "学习主题", "#N/A",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 5), st.integers(0, len(HEADER) - 1), st.sampled_from(DAMAGE))
def test_a_damaged_cell_is_named_or_harms_no_other_row(row: int, column: int, raw: Any) -> None:
    """Every issue lies in the damaged row, and the other rows stay as they are."""
    rows = [list(cells) for cells in TABLE]
    rows[row][column] = raw
    tables, _, log = read_grids([grid_of("学习情况", rows)])
    table = tables.tables["sessions"]
    others = [PLAIN[n] for n in range(5) if n != row - 1]
    assert [r.values for r in table.rows if r.number != row + 1] == others
    assert {issue.cell for issue in log.issues} <= {address(row, column)}
    mine = [r.values for r in table.rows if r.number == row + 1]
    if not mine:
        assert any(issue.severity == "refused" for issue in log.issues)
        assert table.refused == 1
    for value in mine:
        field = table.sheet.fields[column].name
        rest = {name: v for name, v in value.items() if name not in (field, "end")}
        assert rest == {n: v for n, v in PLAIN[row - 1].items() if n in rest}


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(HEADER) - 1), st.sampled_from(["", "乱码", "学习主题", 5, "合计"]))
def test_a_damaged_header_is_refused_or_loses_its_column_alone(column: int, raw: Any) -> None:
    """A required one refuses the file with its place; an optional one is said to be unread."""
    rows = [list(cells) for cells in TABLE]
    rows[0][column] = raw
    try:
        tables, _, log = read_grids([grid_of("学习情况", rows)])
    except SubmissionError as error:
        assert error.sheet == "学习情况" and error.cell
        return
    table = tables.tables["sessions"]
    lost = table.sheet.fields[column].name
    for row, right in zip(table.rows, PLAIN, strict=True):
        assert {**row.values, lost: right[lost]} == right
    if raw != HEADER[column]:
        held = any(row[column] != "" for row in TABLE[1:])
        assert [i.code for i in log.issues] == (["extra_column"] if held else [])
        assert lost not in table.present


TRADITIONAL = {new: old for old, new in _SIMPLIFIED.items()}


def test_the_forms_words_in_traditional_characters_are_the_same() -> None:
    """Names of sheets, headers, words of a list: 集體學習 is read as 集体学习, with a note."""
    assert narrow("學習情況 集體學習 研討發言 補學記錄 應到 實到 是否黨群部門負責人 無") == (
        "学习情况 集体学习 研讨发言 补学记录 应到 实到 是否党群部门负责人 无"
    )
    for sheet in (*unit_sheets(), *office_sheets()):
        for text in (*sheet.names, *(h for field in sheet.fields for h in field.headers)):
            assert squeeze(text.translate(TRADITIONAL)) == squeeze(text)
        for field in sheet.fields:
            for word, stored in (*field.choices, *field.synonyms):
                written = word.translate(TRADITIONAL)
                reading = read(written, field, 2023)
                assert reading.value == stored
                assert reading.note or written == word
            for word in field.none_words:
                there, here = (read(w, field, 2023) for w in (word.translate(TRADITIONAL), word))
                assert (there.value, there.state) == (here.value, here.state)


VALUES = {
    "text": "甲", "key": "1", "name": "张伟", "person": "张伟", "absent": "无", "whole": 3,
    "date": "2023-03-08", "decimal": 2, "flag": "是", "codes": "2023-01", "period": "2023年3月",
    "span": "2023-03-08", "percent": "50%",
}  # fmt: skip
TITLES: dict[str, tuple[list[list[str]], str]] = {
    "no title": ([], ""),
    "a title": ([["集团2023年登记表"]], ""),
    "merged over the form": ([["集团2023年登记表"]], "form"),
    "merged over all": ([["登记表"]], "all"),
    "merged over a part": ([["登记表"]], "part"),
    "two lines": ([["登记表"], ["报送单位：甲岭", "", "单位：小时"]], "form"),
}


def beside_form(sheet: Sheet, header: str, title: str, left: bool) -> tuple[Grid, int]:
    """The sheet's own form with one more column, and where that stands."""
    own = [field.header for field in sheet.fields]
    row = [field.choices[0][0] if field.choices else VALUES[field.kind] for field in sheet.fields]
    lines, merge = TITLES[title]
    first = 1 if left else 0
    blank = [""] if left else []
    rows: list[list[Any]] = [[*blank, *line] for line in lines]
    rows += [[header, *own] if left else [*own, header]]
    rows += [["乙", *row] if left else [*row, "乙"]]
    last = (
        len(own) + 1 if merge == "all" else max(2, len(own) // 2) if merge == "part" else len(own)
    )
    span = f"{address(0, 0 if merge == 'all' else first)}:{address(0, last - 1 + first)}"
    if merge == "all":
        rows[0] = lines[0]
        span = f"A1:{address(0, len(own))}"
    return grid_of(sheet.title, rows, merged=[span] if merge else []), 0 if left else len(own)


@pytest.mark.parametrize("sheet", [*unit_sheets(), *office_sheets()], ids=lambda sheet: sheet.key)
def test_a_second_column_of_one_field_is_a_conflict_whatever_stands_above(sheet: Sheet) -> None:
    """Every synonym of every field left and right of the form, with and without a title over it:
    the sheet is refused with both cells, or that field alone is, and the rest is as it was."""
    plain, _ = beside_form(sheet, "", "no title", False)
    right = read_table(plain, sheet, 2023, Log("")).rows[0].values
    for field, header, title, left in [
        (f, h, t, left) for f in sheet.fields for h in f.headers for t in TITLES
        for left in (False, True)
    ]:  # fmt: skip
        grid, column = beside_form(sheet, header, title, left)
        row = len(TITLES[title][0])
        own = [f.name for f in sheet.fields].index(field.name) + left
        places = [address(row, c) for c in sorted((own, column))]
        log = Log("")
        try:
            table = read_table(grid, sheet, 2023, log)
        except SubmissionError as error:
            assert field.required or field.vital, (header, title, left)
            assert all(place in error.found for place in places) and error.cell == places[1]
            continue
        assert not field.required and not field.vital, (header, title, left)
        assert table.rows[0].values == {**right, field.name: None}
        assert told(log) == [f"column_twice {places[1]}"]
        assert all(place in log.issues[0].found for place in places)


@pytest.mark.parametrize("sheet", [*unit_sheets(), *office_sheets()], ids=lambda sheet: sheet.key)
def test_a_column_of_its_own_is_not_read_for_one_that_was_worded_anew(sheet: Sheet) -> None:
    """The form's header reworded or blank, and each of its synonyms beside the form: the unit is
    asked, with both cells; but for a column at the form's edge, which may be either, and for the
    form's own word, which the unit moved beside a column of its own."""
    for field, header, worded, left in [
        (f, h, w, left) for n, f in enumerate(sheet.fields) for h in f.headers
        for w in ("㐀㐁（本单位口径）", "") for left in (False, True)
        if n not in (0, len(sheet.fields) - 1) and len(sheet.fields) > 4
    ]:  # fmt: skip
        grid, column = beside_form(sheet, header, "no title", left)
        row = len(TITLES["no title"][0])
        own = [f.name for f in sheet.fields].index(field.name) + left
        grid.rows[row][own] = worded
        is_own = squeeze(header) == squeeze(field.header)  # 学时（小时） is 学时 with its unit
        places = [address(row, c) for c in sorted((own, column))]
        log = Log("")
        try:
            table = read_table(grid, sheet, 2023, log)
        except SubmissionError as error:
            assert all(place in error.found for place in places), (header, worded, left)
            assert not (is_own and worded)
            continue
        if is_own and worded:
            assert not any(issue.code == "column_twice" for issue in log.issues)
            continue
        assert not field.required and not field.vital, (header, worded, left)
        assert table.rows[0].values[field.name] is None, (header, worded, left)
        assert any(all(p in issue.found for p in places) for issue in log.issues)
