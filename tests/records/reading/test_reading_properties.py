"""Properties: the place of columns and rows means nothing; damage is named where it is."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from reading_support import grid_of, header_of, read_grids

from reportkit.errors import SubmissionError
from reportkit.records.forms import OFFICE_SHEETS, SHEETS
from reportkit.records.opening import Grid, address
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
    for sheet in (*SHEETS, *OFFICE_SHEETS):
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
