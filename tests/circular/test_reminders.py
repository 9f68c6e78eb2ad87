"""What a quarterly paper reminds of: all that was due by then and is open, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from circular_support import YEAR, text_of
from frames_builder import about, item, member, params, plan, report, session, speech, topic
from small_group import put_year, small_home

from reportkit.circular import UnitCircular, open_unit
from reportkit.circular.period import UnitPeriodCircular

PERIOD = f"{YEAR}Q3"
PERIODS = {PERIOD: {"issued_on": f"{YEAR}-10-16"}}
TOPICS = [
    topic("甲", "3-31"),
    topic("乙", "4-30"),
    topic("丙", "6-30"),
    topic("丁", "9-30"),
    topic("戊", "12-15"),
    topic("己", "8-31", mandatory=False),
]
PLANS = ["2023", "2023Q1", "2023Q2", "2023Q3", *(f"2023-{m:02}" for m in range(1, 10) if m != 8)]
HELD = [
    session("aa/1", "3-8", plan_item="aa/1"),
    session("aa/2", "5-8"),
    session("aa/3", "8-10"),
    session("aa/4", "9-28"),
    session("aa/5", "10-8", plan_item="aa/2"),
]
ROWS: dict[str, Any] = {
    "members": [member("aa/张")],
    "sessions": HELD,
    # 乙 late, yet done by now; 丁 only after the period.
    "session_topics": [about("aa/1", "甲"), about("aa/3", "乙"), about("aa/5", "丁")],
    "speeches": [speech("aa/1", "aa/张"), speech("aa/2", "aa/张"), speech("aa/5", "aa/张")],
    "plans": [plan(period) for period in PLANS],
    "plan_items": [item("aa/1", "2023Q1"), item("aa/2", "2023-09"), item("aa/3", "2023Q4")],
    # The report on the fourth is due on 5 October.
    "session_reports": [report("aa/1", "3-9"), report("aa/2", "5-30"), report("aa/3", None)],
}


def opened(home: Path, unit: str = "aa") -> UnitPeriodCircular:
    """The unit's paper of the third quarter."""
    r = open_unit(unit, YEAR, PERIOD, home=home)
    assert isinstance(r, UnitPeriodCircular)
    return r


def told(r: UnitPeriodCircular) -> dict[str, str]:
    """Reminders by their matter, numbers checked; a single one has none."""
    blocks = list(r.reminders())
    leads = [block.fields["lead"] for block in blocks]
    if len(leads) == 1:
        return {leads[0].rstrip("。"): blocks[0].fields["text"]}
    assert [lead.partition(".")[0] for lead in leads] == [str(n + 1) for n in range(len(leads))]
    return {
        lead.partition(".")[2].rstrip("。"): block.fields["text"]
        for lead, block in zip(leads, blocks, strict=True)
    }


def test_what_was_due_and_is_open_is_told_and_nothing_else(tmp_path: Path) -> None:
    """Topics, plans and their items, quarters, reports: each by 30 September."""
    home = small_home(tmp_path)
    put_year(home, year=params(topics=TOPICS, periods=PERIODS), **ROWS)
    found = told(opened(home))
    assert set(found) == {"必学专题", "学习计划", "集体学习研讨", "一学一报"}
    assert "《专题丙》" in found["必学专题"] and "《专题丁》" in found["必学专题"]
    assert not [c for c in "甲乙戊己" if f"专题{c}" in found["必学专题"]]
    # Plans: August's alone is lacking; of two items due, the one held in October is open.
    assert "8月计划" in found["学习计划"] and "9月计划" not in found["学习计划"]
    assert "到期计划2项" in found["学习计划"] and "1项未落实" in found["学习计划"]
    assert "第三季度" in found["集体学习研讨"] and "第四" not in found["集体学习研讨"]
    # Reports: three were due, two came.
    assert "应报送3次，实报2次" in found["一学一报"] and "其余1次" in found["一学一报"]


def test_what_is_done_leaves_no_reminder(tmp_path: Path) -> None:
    """Heads without an open matter are dropped; with none at all the paper says so."""
    home = small_home(tmp_path)
    rows = {
        **ROWS,
        "session_topics": [about("aa/1", code) for code in "甲乙丙丁"],
        "plans": [*ROWS["plans"], plan("2023-08")],
        "plan_items": [item("aa/1", "2023Q1")],
        "speeches": [*ROWS["speeches"], speech("aa/3", "aa/张")],
    }
    put_year(home, year=params(topics=TOPICS, periods=PERIODS), **rows)
    assert set(told(opened(home))) == {"一学一报"}
    put_year(
        home,
        year=params(topics=TOPICS, periods=PERIODS),
        **{**rows, "session_reports": [report(f"aa/{n}", "9-29") for n in (1, 2, 3)]},
    )
    assert text_of([opened(home).reminders()]) == "到期事项均已完成，没有需要提醒的事项。"


@pytest.mark.parametrize(("came", "reminder"), [("10-9", False), ("10-17", True)])
def test_what_came_by_the_day_of_the_paper_has_come(
    tmp_path: Path, came: str, reminder: bool
) -> None:
    """Due on 17 August; a paper of 16 October knows of 9 October, and not of the day after it."""
    home = small_home(tmp_path)
    rows = {**ROWS, "session_reports": [*ROWS["session_reports"][:2], report("aa/3", came)]}
    put_year(home, year=params(topics=TOPICS, periods=PERIODS), **rows)
    said = told(opened(home)).get("一学一报", "")
    assert ("应报送3次，实报2次" in said) == reminder


BLANK = ["sessions", "plans", "plan_items", "speeches", "session_reports"]


@pytest.mark.parametrize("tables", [BLANK, ["plans"], ["plan_items"], ["sessions"]])
def test_a_blank_is_not_told_as_done(tmp_path: Path, tables: list[str]) -> None:
    """Of a unit that left plans or sessions blank nobody knows that all is done: 未报 is no 零."""
    home = small_home(tmp_path)
    kept = dict(ROWS)
    kept["session_topics"] = [about("aa/1", code) for code in "甲乙丙丁"]
    kept["speeches"] = [speech(f"aa/{n}", "aa/张") for n in (1, 2, 3)]
    kept["session_reports"] = [report(f"aa/{n}", "9-29") for n in (1, 2, 3)]
    kept["plans"] = [*ROWS["plans"], plan("2023-08")]
    kept["plan_items"] = [item("aa/1", "2023Q1")]
    kept = {name: rows for name, rows in kept.items() if name not in tables}
    put_year(home, year=params(topics=TOPICS, periods=PERIODS), unreported={"aa": tables}, **kept)
    assert "均已完成" not in text_of([opened(home).reminders()])


def coming(home: Path, topics: list[dict[str, Any]]) -> str:
    """What the paper says of topics that fall due later."""
    put_year(home, year=params(topics=topics, periods=PERIODS), **ROWS)
    return text_of([opened(home).coming()])


def test_what_falls_due_later_is_told_with_its_day(tmp_path: Path) -> None:
    """Mandatory topics due after 30 September; 15 December is not the end of December."""
    said = coming(small_home(tmp_path), TOPICS)
    assert "《专题戊》" in said
    assert not [c for c in "甲乙丙丁己" if f"专题{c}" in said]
    assert "12月15日" in said and "12月底" not in said


def test_a_topic_that_brings_its_marks_has_one_pair(tmp_path: Path) -> None:
    """《…》第四卷 is quoted once, in reminders and in what is to come."""
    book = {**topic("庚", "12-31"), "name": "《文选》第四卷"}
    assert "《《" not in coming(small_home(tmp_path), [book])


def test_a_topic_that_was_not_issued_yet_is_not_told(tmp_path: Path) -> None:
    """The paper is dated 16 October: a topic issued on 1 November cannot stand in it."""
    later = {**topic("辛", "12-31"), "issued_on": f"{YEAR}-11-01"}
    said = coming(small_home(tmp_path), [*TOPICS, later])
    assert "专题戊" in said and "专题辛" not in said


def test_nothing_is_to_come_where_all_was_due(tmp_path: Path) -> None:
    """No empty sentence; and none for a unit that is gone."""
    assert coming(small_home(tmp_path), TOPICS[:4]) == ""


def test_the_year_s_paper_has_findings_and_the_quarter_s_reminders(tmp_path: Path) -> None:
    """Two kinds of paper: a quarter's blames nobody."""
    home = small_home(tmp_path)
    put_year(home, year=params(topics=TOPICS, periods=PERIODS), **ROWS)
    assert type(open_unit("aa", YEAR, home=home)) is UnitCircular
    assert opened(home).span == "前三季度" and opened(home).months == "1—9月"
