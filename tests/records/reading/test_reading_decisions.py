"""What an analyst decided of a cell takes its place, and answers the issue it was taken on."""

from __future__ import annotations

from typing import Any

import pytest
from reading_support import FILE, grid_of, read_grids, short, told

from reportkit.params import IssueDecision
from reportkit.records.issues import Decided, Log


def decide(code: str, cell: str, value: Any, found: str | None = None) -> IssueDecision:
    return IssueDecision(
        code=code, file="aa.xlsx", sheet="签到表", cell=cell, decision="override", value=value,
        found=found, by="分析员甲", why="电话核实",
    )  # fmt: skip


def read_with(decision: IssueDecision, *rows: list[Any]) -> tuple[list[str], Log]:
    log = Log(FILE, decided=Decided([decision], 2023))
    tables, _, _ = read_grids([grid_of("签到表", ["H", *rows], "sign_in")], log=log)
    return [short(row) for row in tables.tables["sign_in"].rows], log


@pytest.mark.parametrize(("code", "rows", "marks"), [
    ("bad_choice", [1, "张伟", "迟到"], {}),
    ("required", [1, "张伟", ""], {}),
])  # fmt: skip
def test_an_override_takes_the_place_of_a_refused_cell(
    code: str, rows: list[Any], marks: dict[str, Any]
) -> None:
    """The refusal stays on record as decided; a note says by whom the value is."""
    read, log = read_with(decide(code, "C2", "出席"), rows)
    assert read == ["2: 1 张伟 出席"]
    assert told(log) == [f"{code} C2", "corrected_choice C2"]
    assert [issue.open for issue in log.issues] == [False, True]
    assert "分析员甲" in log.issues[1].action and log.decided.unmet() == []


def test_an_override_of_a_cell_that_reads_well_now_is_not_applied() -> None:
    """The unit has mended the cell: the decision is unmet and will be reported."""
    read, log = read_with(decide("bad_choice", "C2", "缺席"), [1, "张伟", "出席"])
    assert read == ["2: 1 张伟 出席"] and told(log) == [] and len(log.decided.unmet()) == 1


def test_an_override_taken_on_another_content_is_not_applied() -> None:
    """``found`` ties a decision to what stood there."""
    decision = decide("bad_choice", "C2", "缺席", found="状态：早退")
    read, log = read_with(decision, [1, "张伟", "迟到"])
    assert read == [] and told(log) == ["bad_choice C2"] and len(log.decided.unmet()) == 1


def test_an_override_that_cannot_be_read_is_said_and_changes_nothing() -> None:
    """The decision's value goes through the same reader as the cell."""
    read, log = read_with(decide("bad_choice", "C2", "来过"), [1, "张伟", "迟到"])
    assert read == [] and told(log) == ["bad_choice C2", "bad_choice C2"]
    assert "来过" in log.issues[1].found


def test_an_override_of_a_later_check_changes_the_cell_before_it() -> None:
    """not_on_roster is found by checks, which then see the decision's value."""
    decision = decide("not_on_roster", "B2", "张维", found="“张伟”不在成员名单中")
    read, log = read_with(decision, [1, "张伟", "出席"])
    assert read == ["2: 1 张维 出席"]
    assert told(log) == ["not_on_roster B2", "corrected_person B2"] and log.decided.unmet() == []
    read, log = read_with(decision, [1, "李娜", "出席"])
    assert read == ["2: 1 李娜 出席"] and told(log) == [] and len(log.decided.unmet()) == 1
