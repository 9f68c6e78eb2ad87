"""The cover, and the lines above a table where there is none."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from reading_support import FILE, grid_of, read_grids, told

from reportkit.errors import SubmissionError
from reportkit.params import IssueDecision
from reportkit.records.issues import Decided, Log

ROSTER = grid_of("签到表", ["H", [1, "张伟", "出席"]], "sign_in")
WHOLE = {"unit": "甲岭矿业", "year": 2023, "period": "2023Q1", "filled_on": dt.date(2023, 4, 3)}


@pytest.mark.parametrize("rows", [
    [["单位名称", "甲岭矿业"], ["年度", 2023], ["报送期间", "第一季度"], ["填报日期", "2023.4.3"]],
    [["", "填报单位：甲岭矿业"], ["报送年度：2023年度"],
     ["报送季度：2023年第一季度", "填报日期：2023年4月3日"]],
    [["报送表"], ["单位名称（盖章）", "", "甲岭矿业", "年度", "2023年"],
     ["期间", "2023Q1", "填表日期", dt.datetime(2023, 4, 3)]],
    [["单位：甲岭矿业 年度：2023 期间：2023年第一季度 填报日期：2023-04-03"]],
])  # fmt: skip
def test_a_cover_is_read_as_people_fill_it(rows: list[list[Any]]) -> None:
    """Values beside their labels or after a colon, several in one line."""
    tables, cover, log = read_grids([grid_of("封面", rows), ROSTER])
    assert dict(cover) == WHOLE and told(log) == []
    assert (tables.period, tables.filled_on) == ("2023Q1", dt.date(2023, 4, 3))


def test_without_a_cover_the_lines_above_the_table_say_it() -> None:
    """“单位：人次” there says how the table counts, not whose it is."""
    rows = [
        ["填报单位：甲岭矿业", "", "单位：人次"],
        ["报送期间：第一季度"],
        "H",
        [1, "张伟", "出席"],
    ]
    tables, cover, log = read_grids([grid_of("签到表", rows, "sign_in")])
    assert dict(cover) == {"unit": "甲岭矿业", "period": "2023Q1"}
    assert len(tables.tables["sign_in"].rows) == 1 and told(log) == []


def test_a_header_is_no_label_of_a_cover() -> None:
    """“期间” above the values of 学习计划 says nothing of the whole file."""
    plans = grid_of("学习计划", ["H", ["年度", "2023年", "", ""]], "plans")
    assert dict(read_grids([plans])[1]) == {}


def test_what_a_cover_says_wrongly_is_left_out_with_its_cell() -> None:
    """A half year is no period, a formula without a value no name."""
    cover = grid_of(
        "封面", [["单位名称", ""], ["报送期间", "上半年"]], unreadable={"B1": "公式没有缓存结果"}
    )
    _, values, log = read_grids([cover, ROSTER])
    assert dict(values) == {} and told(log) == ["cover B1", "cover B2"]


def test_two_names_on_a_cover_are_refused() -> None:
    """The cell of the second is named."""
    cover = grid_of("封面", [["单位名称", "甲岭矿业"], ["填报单位", "乙川冶炼"]])
    with pytest.raises(SubmissionError, match="两个不同") as caught:
        read_grids([cover, ROSTER])
    assert (caught.value.sheet, caught.value.cell) == ("封面", "B2")


def test_a_decision_mends_a_cell_of_the_cover() -> None:
    """The issue is put down as decided, and the decision's value taken."""
    decision = IssueDecision(
        code="cover", file="aa.xlsx", sheet="封面", cell="B1", decision="override",
        value="2023Q2", by="甲", why="电话核实",
    )  # fmt: skip
    log = Log(FILE, decided=Decided([decision], 2023))
    _, values, _ = read_grids([grid_of("封面", [["报送期间", "上半年"]]), ROSTER], log=log)
    assert dict(values) == {"period": "2023Q2"}
    assert [issue.decision for issue in log.issues] == ["override"]
    assert log.decided.unmet() == []


def test_whose_the_file_is_is_known_before_a_table_is_refused() -> None:
    """``on_cover`` is called first, so that the refusal reaches its unit."""
    from reportkit.records.forms import unit_sheets
    from reportkit.records.reading import read_file

    seen: list[Any] = []
    grids = [grid_of("封面", [["单位名称", "甲岭矿业"]]), grid_of("签到表", [["姓名"], ["张伟"]])]
    with pytest.raises(SubmissionError):
        read_file(grids, unit_sheets(), 2023, Log(FILE), seen.append)
    assert seen == [{"unit": "甲岭矿业"}]
