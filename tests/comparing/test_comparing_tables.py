"""Tables held against each other: rows by their names, columns by their heads."""

from __future__ import annotations

from comparing_support import paper
from hypothesis import given
from hypothesis import strategies as st

from reportkit.comparing.comparison import compare
from reportkit.comparing.tables import TableChange
from reportkit.publish import model
from reportkit.publish.model import Column, Table

Rows = list[tuple[str, ...]]


def table(heads: str, rows: Rows, title: str = "统计表", notes: tuple[str, ...] = ()) -> Table:
    return Table(tuple(Column(h) for h in heads.split()), tuple(rows), title=title, notes=notes)


def changes(a: list[Table], b: list[Table]) -> tuple[TableChange, ...]:
    return compare(paper(*a), paper(*b)).tables


BEFORE = table("序号 单位 次数", [("1", "甲", "12"), ("2", "乙", "8"), ("", "合计", "20")])


def test_a_row_put_in_shifts_no_other() -> None:
    """丙 is new; 乙 is 9 now; that the numbering moved on is no difference."""
    after = table("序号 单位 次数", [("1", "丙", "1"), ("2", "甲", "12"), ("3", "乙", "9"),
                                     ("", "合计", "22")])  # fmt: skip
    (found,) = changes([BEFORE], [after])
    assert found.rows_b == ("丙",) and found.rows_a == ()
    assert [(c.row, c.column, c.a, c.b) for c in found.cells] == [
        ("乙", "次数", "8", "9"), ("合计", "次数", "20", "22"),
    ]  # fmt: skip
    assert not found.reordered


def test_columns_rows_titles_notes_and_order_are_told() -> None:
    after = table("单位 人次", [("乙", "8"), ("甲", "12")], "统计表", ("注：一。",))
    (found,) = changes([BEFORE], [after])
    assert found.columns_a == ("序号", "次数") and found.columns_b == ("人次",)
    assert found.rows_a == ("合计",) and found.reordered
    assert found.notes == ("", "注：一。")


def test_rows_that_only_two_cells_tell_apart_and_heads_that_repeat() -> None:
    """第1组·甲 and 第2组·甲 are two; the second 次数 is called so."""
    one = table("组别 单位 次数 次数", [("第1组", "甲", "1", "1"), ("第2组", "甲", "2", "2")])
    other = table("组别 单位 次数 次数", [("第1组", "甲", "1", "1"), ("第2组", "甲", "2", "3")])
    (found,) = changes([one], [other])
    assert [(c.row, c.column, c.b) for c in found.cells] == [("第2组", "次数（第2列）", "3")]
    twice = table("组别 单位 次数", [("第1组", "甲", "1"), ("第1组", "甲", "2")])
    last = table("组别 单位 次数", [("第1组", "甲", "1"), ("第1组", "甲", "5")])
    (found,) = changes([twice], [last])
    assert [(c.row, c.a, c.b) for c in found.cells] == [("第1组·甲（第2行）", "2", "5")]


def test_a_table_in_one_alone_is_told_and_others_find_their_own() -> None:
    """By title, whatever their order; without a title by their heads."""
    other = table("指标 口径", [("学习", "按次计")], "口径表")
    (found,) = changes([BEFORE, other], [other])
    assert (found.only, found.name) == ("a", "统计表")
    assert not changes([BEFORE, other], [other, BEFORE])
    bare = table("单位 次数", [("甲", "1")], "")
    again = table("单位 次数", [("甲", "2")], "新题")
    (found,) = changes([bare], [again])
    assert found.title == ("", "新题") and len(found.cells) == 1


def test_between_years_titles_and_cells_that_differ_by_the_year_alone_are_the_same() -> None:
    def of(year: int) -> model.Document:
        made = table("单位 时间", [("甲", f"{year}年")], f"{year}年统计表")
        return paper(made, title=f"关于{year}年的通报")

    assert not compare(of(2022), of(2023)).differs


NAMES = st.sampled_from("甲乙丙丁戊")
CELLS = st.sampled_from(["", "1", "2", "未报"])


@given(
    st.dictionaries(NAMES, st.tuples(CELLS, CELLS)), st.dictionaries(NAMES, st.tuples(CELLS, CELLS))
)
def test_the_reported_changes_are_all_there_is(
    a: dict[str, tuple[str, str]], b: dict[str, tuple[str, str]]
) -> None:
    """Rows gone, rows come and cells changed, put into a, give b."""
    one = table("单位 次数 人次", [(name, *cells) for name, cells in a.items()])
    other = table("单位 次数 人次", [(name, *cells) for name, cells in b.items()])
    (found,) = changes([one], [other]) or (TableChange("", ""),)
    rebuilt = {name: list(cells) for name, cells in a.items() if name not in found.rows_a}
    for cell in found.cells:
        at = ["次数", "人次"].index(cell.column)
        assert rebuilt[cell.row][at] == cell.a
        rebuilt[cell.row][at] = cell.b
    rebuilt |= {name: list(b[name]) for name in found.rows_b}
    assert rebuilt == {name: list(cells) for name, cells in b.items()}
