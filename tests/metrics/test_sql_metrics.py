"""The second computation itself, on a few small years worked by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from sql_metrics import quartiles, totals
from sql_queries import METRICS, QUERIES
from sql_small_years import Rows, day, outcomes, params_of, year_of


def test_each_metric_has_its_query() -> None:
    """A metric without a query, or a query of no metric, would go unnoticed."""
    assert list(QUERIES) == list(METRICS)


def test_a_year_without_records_has_a_row_for_each_unit_and_metric() -> None:
    """Empty tables, and columns that hold nothing, keep their types."""
    got = outcomes(year_of([{"unit_id": "a"}, {"unit_id": "b"}]))
    assert len(got) == 2 * len(METRICS)
    assert got["a", "M1"] == ("零", 0, None, 0)
    assert got["a", "M4"] == ("数据不足", None, None, 0)
    assert got["a", "M4b"] == ("未报", None, None, 0)
    assert got["a", "M6d"] == ("零", 0, None, 0)
    assert got["a", "M7a"] == ("已报", 0, 17, 0)
    assert got["a", "M8"] == ("不适用", None, None, 0)
    assert got["a", "M13a"] == got["a", "M15"] == ("未核查", None, None, 0)
    assert got["a", "M17a"] == got["a", "M20"] == ("不适用", None, None, 0)


def test_sessions_and_discussions() -> None:
    """What is cancelled, late or counted elsewhere is left out of M1; 读书班 stands beside it."""
    sessions = [
        {"session_id": "1", "start": day("01-10")},  # counts
        {"session_id": "2", "start": day("02-10"), "cancelled": None},  # a blank: counts
        {"session_id": "3", "start": day("03-10"), "cancelled": True},
        {"session_id": "4", "start": day("12-20")},  # after the cutoff
        {"session_id": "5", "start": day("04-10"), "counted_as": "第一议题"},
        {"session_id": "6", "start": day("05-10"), "end": day("05-12"), "kind": "读书班",
         "counted_as": "读书班"},
    ]  # fmt: skip
    speeches = [
        {"session_id": "1", "person_id": "p", "seq": 1, "type": "重点"},
        {"session_id": "1", "person_id": "p", "seq": 2, "type": "补充"},
        {"session_id": "1", "person_id": "q", "seq": 1, "type": "重点"},
        {"session_id": "2", "person_id": "q", "seq": 1, "type": "书面"},  # no discussion
        {"session_id": "5", "person_id": "q", "seq": 1, "type": "重点"},  # no study
        {"session_id": "6", "person_id": "q", "seq": 1, "type": "补充"},
    ]
    for row in (*sessions, *speeches):
        row["unit_id"] = "a"
    tables = year_of([{"unit_id": "a"}], sessions=sessions, speeches=speeches)
    got = outcomes(tables, cutoff="11-30")
    assert got["a", "M1"] == ("已报", 2, None, 3)
    assert got["a", "M2"] == ("已报", 2, None, 0)  # 1 and 6
    assert got["a", "M2s"] == ("已报", 3, None, 1)  # p, once, and q at 1, q at 6
    assert got["a", "M3"] == ("已报", 1, None, 0)
    assert got["a", "M3d"] == ("已报", 3, None, 0)
    spoken = outcomes(tables, params_of({"discussions_counted": "speeches"}), "11-30")
    assert spoken["a", "M2"] == ("已报", 4, None, 0)  # three at 1, one at 6


def test_attendance() -> None:
    """A person's rate is of what is known while in post; too little known is left out, told."""
    starts = ["01-10", "02-10", "03-10", "04-10", "05-10"]
    sessions: Rows = [
        {"session_id": str(n), "unit_id": "a", "start": day(start), "expected": 4, "present": 3}
        for n, start in enumerate(starts, 1)
    ]
    sessions[4]["present"] = None
    members: Rows = [
        {"person_id": "p", "in_leadership": True},
        # Two terms, of which the first is no leader's: due at 3, 4 and 5.
        {"person_id": "q", "in_leadership": False, "to": day("02-28")},
        {"person_id": "q", "in_leadership": True, "from": day("03-01")},
        {"person_id": "r", "in_leadership": True, "role": "学习秘书"},  # on no roster
        {"person_id": "s", "in_leadership": True, "from": day("05-01")},  # due at 5
    ]
    for row in members:
        row |= {"unit_id": "a", "role": row.get("role", "成员")}
    statuses = {
        "p": ["出席", "视频", "缺席", "公务假", "未记"],
        "q": ["出席", "出席", "出席", "缺席", "出席"],
        "s": ["", "", "", "", "出席"],
    }
    attendance: Rows = [
        {"session_id": str(n), "unit_id": "a", "person_id": person, "status": status}
        for person, each in statuses.items()
        for n, status in enumerate(each, 1)
        if status
    ]
    attendance[3] |= {"makeup_on": day("06-01"), "makeup_evidence": "笔记"}
    attendance[2] |= {"makeup_on": day("06-01")}  # without evidence: not made up
    tables = year_of([{"unit_id": "a"}], sessions=sessions, members=members, attendance=attendance)
    three = params_of({"attendance": {"minimum_sessions": 3}})
    got = outcomes(tables, three)
    # p: 2 of the 4 known; q: 2 of 3; s knows 1 < 3; 未记: p at 5.
    assert got["a", "M4"] == ("已报", pytest.approx(2 / 4 + 2 / 3), 2, 2)
    assert got["a", "M4c"] == ("已报", pytest.approx(3 / 4 + 2 / 3), 2, 2)
    assert got["a", "M4b"] == ("已报", 12, 16, 1)
    # Of five due nobody has all: p, q and s are left out, with one 未记.
    five = outcomes(tables, params_of({"attendance": {"minimum_sessions": 5}}))
    assert five["a", "M4"] == ("数据不足", None, None, 4)
    assert outcomes(tables, three, "06-30", True)["a", "M4"] == ("未到期", None, None, 2)
    unnamed = {"unit_id": "a", "table": "attendance", "state": "未报"}
    tables = year_of([{"unit_id": "a"}], sessions=sessions, submissions=[unnamed])
    assert outcomes(tables, three)["a", "M4"] == ("数据不足", None, None, 0)
    for row in sessions:
        row["present"] = None
    tables = year_of([{"unit_id": "a"}], sessions=sessions, submissions=[unnamed])
    assert outcomes(tables, three)["a", "M4"] == ("未报", None, None, 0)


def test_the_calendar_of_a_part_of_a_year() -> None:
    """Quarters count whole; months and plans by their first day; the month of birth if used."""
    units: Rows = [
        {"unit_id": "born", "valid_from": day("03-15")},
        {"unit_id": "gone", "valid_to": day("08-15")},
        {"unit_id": "mute"},
    ]
    sessions = [
        # Months: March (of birth), April, June.
        {"session_id": "b1", "unit_id": "born", "start": day("03-20"), "hours": 4.0},
        {"session_id": "b2", "unit_id": "born", "start": day("04-02"), "hours": 4.5},
        {"session_id": "b3", "unit_id": "born", "start": day("04-09"), "end": day("04-10")},
        {"session_id": "b4", "unit_id": "born", "start": day("06-09")},
        {"session_id": "g1", "unit_id": "gone", "start": day("08-10"), "hours": 8.0},
        {"session_id": "m1", "unit_id": "mute", "start": day("08-10")},
    ]
    speeches = [
        {"session_id": s, "unit_id": "born", "person_id": "p", "seq": 1, "type": "重点"}
        for s in ("b1", "b2", "b4")
    ]
    plans = [{"unit_id": "born", "period": p} for p in ("2023", "2023Q2", "2023-03", "2023-12")]
    tables = year_of(units, sessions=sessions, speeches=speeches, plans=plans)
    got = outcomes(tables)
    assert got["born", "M5"] == ("已报", 1, 3, 0)  # b2 and b4 in the second quarter of 2, 3, 4
    assert got["gone", "M5"] == ("已报", 0, 2, 0)
    assert got["born", "M6"] == ("已报", 3, 10, 0)  # April to December, and March
    assert got["gone", "M6"] == ("已报", 1, 8, 0)
    assert got["born", "M6d"] == ("已报", 3.5, None, 1)  # 0.5 + 1 + 2; b4 is silent
    assert got["mute", "M6d"] == got["mute", "M6n"] == ("未报", None, None, 1)
    assert got["born", "M6n"] == ("已报", 3.5, 10, 1)
    few = outcomes(tables, params_of({"study_days_norm": 1.2}))
    assert few["gone", "M6n"] == ("已报", pytest.approx(0.8), pytest.approx(0.8), 0)
    assert got["born", "M7a"] == ("已报", 2, 3 + 9, 0)  # Q2 and December, of Q2–4, April–December
    assert got["gone", "M7a"] == ("已报", 0, 1 + 3 + 8, 0)
    half = outcomes(tables, cutoff="06-30", ends_early=True)
    assert half["born", "M5"] == ("已报", 1, 1, 0)
    assert half["born", "M6"] == ("已报", 3, 4, 0)


def test_plans_topics_and_reports() -> None:
    """What is not yet due is left out; what came counts, on time or not."""
    items = [
        {"item_id": "i1", "due_period": "2023Q1"},
        {"item_id": "i2", "due_period": "2023-05"},
        {"item_id": "i3", "due_period": "2023-07"},
    ]
    sessions = [
        {"session_id": "1", "start": day("01-10"), "plan_item": "i1"},
        {"session_id": "2", "start": day("02-10"), "ad_hoc_basis": "上级部署"},
        {"session_id": "3", "start": day("03-10")},
        {"session_id": "4", "start": day("06-28"), "end": day("06-29")},
        {"session_id": "5", "start": day("05-10"), "cancelled": True, "plan_item": "i2"},
    ]
    reports = [
        {"session_id": "1", "received_on": day("01-18")},  # a day late: due by 01-17
        {"session_id": "2", "received_on": day("03-01"), "due_on": day("03-01")},
        {"session_id": "4", "due_on": None},  # due on 07-06
    ]
    for row in (*items, *sessions, *reports):
        row["unit_id"] = "a"
    topic = {"name": "t", "mandatory": True, "issued_on": day("01-01")}
    topics = [
        topic | {"code": "t1", "learn_by": day("03-31")},
        topic | {"code": "t2", "learn_by": day("06-30")},
        topic | {"code": "t3", "learn_by": day("09-30")},
        topic | {"code": "t4", "learn_by": day("03-31"), "mandatory": False},
    ]
    of_sessions: Rows = [
        {"session_id": s, "unit_id": "a", "topic_code": t}
        for s, t in (("1", "t1"), ("3", "t1"), ("5", "t2"), ("3", "t4"))
    ]
    tables = year_of(
        [{"unit_id": "a"}], plan_items=items, sessions=sessions, session_reports=reports,
        session_topics=of_sessions,
    )  # fmt: skip
    got = outcomes(tables, params_of(topics=topics, cutoff=day("06-30")), "06-30")
    assert got["a", "M7b"] == ("已报", 1, 2, 1)  # i2's session was cancelled, i3 is not due
    assert got["a", "M7c"] == ("已报", 2, 4, 0)  # 3 and 4
    assert got["a", "M8"] == ("已报", 1, 2, 0)  # t1 of t1 and t2
    assert got["a", "M9a"] == ("已报", 2, 3, 1)  # 4 has time left; 3 owes its report
    assert got["a", "M9b"] == ("已报", 1, 2, 0)


def test_a_part_of_a_year_and_a_unit_s_beginning() -> None:
    """To the end of June, of 7 July: what came by then has come; what is before or after is not."""
    units: Rows = [{"unit_id": "a", "valid_from": day("04-15")}, {"unit_id": "b"}]
    items: Rows = [
        {"unit_id": "a", "item_id": "i1", "due_period": "2023-03"},  # before it was there
        {"unit_id": "a", "item_id": "i2", "due_period": "2023-04"},  # due on 30 April: kept
        {"unit_id": "a", "item_id": "i3", "due_period": "2023Q2"},
        {"unit_id": "a", "item_id": "i4", "due_period": "2023-07"},  # not yet due
    ]
    sessions: Rows = [
        {"unit_id": "a", "session_id": "1", "start": day("04-20"), "plan_item": "i2"},
        {"unit_id": "a", "session_id": "2", "start": day("06-20")},  # reports due on 06-27
        {"unit_id": "a", "session_id": "3", "start": day("06-21"), "cancelled": True},
        {"unit_id": "a", "session_id": "4", "start": day("06-28")},  # due on 07-05
        {"unit_id": "a", "session_id": "5", "start": day("07-01"), "plan_item": "i3"},
        {"unit_id": "a", "session_id": "6", "start": day("07-02"), "cancelled": True},
    ]
    reports: Rows = [
        {"unit_id": "a", "session_id": "1", "received_on": day("07-07")},
        {"unit_id": "a", "session_id": "2", "received_on": day("07-08")},
        {"unit_id": "a", "session_id": "4", "received_on": day("07-05")},
    ]
    visits: Rows = [
        {"visit_id": "1", "observer_unit": "a", "host_unit": "b", "date": day("06-28"),
         "feedback_on": day("07-05")},
        {"visit_id": "2", "observer_unit": "a", "host_unit": "b", "date": day("06-01"),
         "feedback_on": day("07-08")},
        {"visit_id": "3", "observer_unit": "x", "host_unit": "b", "date": day("06-01")},
    ]  # fmt: skip
    tables = year_of(units, plan_items=items, sessions=sessions, session_reports=reports,
                     visits=visits)  # fmt: skip
    paper = params_of(periods={"2023H1": {"issued_on": day("07-07")}})
    got = outcomes(tables, paper, "06-30", ends_early=True)
    assert got["a", "M1"] == ("已报", 3, None, 1)  # 1, 2, 4 and the cancelled 3
    assert got["a", "M7b"] == ("已报", 1, 2, 1 + 1)
    assert got["a", "M9a"] == ("已报", 2, 3, 0)  # 2's came on 8 July
    assert got["a", "M9b"] == ("已报", 1, 2, 0)  # 4's
    assert got["a", "M13c"] == ("已报", 1, 2, 0)  # the second's came on 8 July
    assert {unit for unit, metric in got if metric == "M13c"} == {"a", "b"}
    bare = outcomes(tables, cutoff="06-30", ends_early=True)  # without a paper's day
    assert bare["a", "M9a"] == ("已报", 0, 2, 1)
    assert bare["a", "M13c"] == ("已报", 0, 1, 1)
    whole = outcomes(tables, cutoff="06-30")  # a year that ends with June
    assert whole["a", "M1"] == ("已报", 3, None, 1 + 2)  # 5 after it, 6 cancelled
    assert whole["a", "M9a"] == ("已报", 3, 3, 0)


def test_people() -> None:
    """Who was in post on the day decides: of 组长, 党群部门负责人, accounts; terms count once."""
    members: Rows = [
        {"person_id": "p", "role": "组长", "in_leadership": True, "to": day("06-30")},
        {"person_id": "q", "role": "副组长", "in_leadership": True, "to": day("06-30")},
        {"person_id": "q", "role": "组长", "in_leadership": True, "from": day("07-01")},
        {"person_id": "h", "role": "成员", "party_affairs_head": True, "from": day("03-01")},
        {"person_id": "l", "role": "成员", "in_leadership": None},
        {"person_id": "x", "role": "成员", "to": dt.date(2022, 12, 31)},  # gone before
    ]
    sessions: Rows = [
        {"session_id": "1", "start": day("02-10"), "host_id": "q"},  # not yet 组长
        {"session_id": "2", "start": day("08-10"), "host_id": "q"},
        {"session_id": "3", "start": day("09-10")},
    ]
    speeches: Rows = [
        # No speeches of a discussion, however they were rated:
        {"session_id": "1", "person_id": "p", "seq": 1, "type": "领学", "has_measures": "否"},
        {"session_id": "1", "person_id": "p", "seq": 2, "type": "领学", "has_measures": "是"},
        {"session_id": "2", "person_id": "p", "seq": 1, "type": "领学", "has_measures": "未评"},
        {"session_id": "3", "person_id": "h", "seq": 1, "type": "书面", "has_measures": "是"},
        # Speeches of one, 1 of 3 without measures:
        {"session_id": "1", "person_id": "p", "seq": 3, "type": "重点", "has_measures": "是"},
        {"session_id": "2", "person_id": "p", "seq": 2, "type": "重点", "has_measures": "否"},
        {"session_id": "3", "person_id": "h", "seq": 2, "type": "补充", "has_measures": "是"},
        {"session_id": "3", "person_id": "h", "seq": 3, "type": "补充", "has_measures": "未评"},
    ]
    research: Rows = [
        {"research_id": "1", "person_id": "p", "has_report": True, "outcome": "已采纳"},
        {"research_id": "2", "person_id": "p", "has_report": True, "outcome": "无"},
        {"research_id": "3", "person_id": "h", "has_report": True, "date": day("04-01")},
        {"research_id": "4", "person_id": "l", "has_report": False, "outcome": "已落地"},
    ]
    for row in (*members, *sessions, *speeches, *research):
        row["unit_id"] = "a"
    accounts: Rows = [
        {"unit_id": "b", "person_id": "q", "year": 2023},  # told by another unit
        {"unit_id": "a", "person_id": "l", "year": 2023},  # no leader
    ]
    units: Rows = [{"unit_id": "a"}, {"unit_id": "b", "valid_to": day("10-31")}]
    got = outcomes(
        year_of(units, members=members, sessions=sessions, speeches=speeches,
                research=research, accounts=accounts)
    )  # fmt: skip
    assert got["a", "M11"] == ("已报", 2, 4, 0)  # p and h, of p, q, h and l
    assert got["a", "M12a"] == ("已报", 1, 2, 1)
    assert got["a", "M12b"] == ("已报", 1, None, 0)  # on 08-10 p was gone
    assert got["a", "M14"] == ("已报", 1, 1, 0)
    assert got["b", "M14"] == ("不适用", None, None, 0)
    assert got["a", "M16"] == ("已报", 2, 3, 0)
    assert got["a", "M18a"] == ("已报", 2, 4, 0)
    assert got["a", "M18b"] == ("已报", 1, 2, 1)
    assert got["a", "M19"] == ("已报", 1, 3, 1)


def test_visits() -> None:
    """Each partner is due its visits; more to one replace none to another."""
    units: Rows = [{"unit_id": u} for u in "abcd"]
    pairings = [
        {"year": 2023, "group_no": "1", "unit_id": u} for u in "abc"
    ]  # each of a, b, c is to visit the two others, twice
    when = [("a", "b", "02-01", "02-08"), ("a", "b", "03-01", "03-09"), ("a", "b", "04-01", None),
            ("a", "c", "05-01", "05-01"), ("a", "d", "06-01", None), ("b", "a", "12-28", None),
            ("d", "b", "07-01", "07-02")]  # fmt: skip
    visits: Rows = [
        {"visit_id": str(n), "observer_unit": one, "host_unit": other, "date": day(date),
         "feedback_on": day(back) if back else None}
        for n, (one, other, date, back) in enumerate(when)
    ]  # fmt: skip
    twice = params_of({"visits_a_partner": 2})
    got = outcomes(year_of(units, pairings=pairings, visits=visits), twice)
    assert got["a", "M13a"] == ("已报", 2 + 1, 4, 1)  # two of three to b, one to c; d is none
    assert got["b", "M13a"] == ("已报", 1, 4, 0)
    assert got["d", "M13a"] == ("不适用", None, None, 1)
    assert got["b", "M13b"] == ("已报", 2, 4, 1)  # a's two; d is no partner
    assert got["a", "M13c"] == ("已报", 2, 5, 0)  # on the 7th day and at once; 03-09 is late
    assert got["b", "M13c"] == ("不适用", None, None, 1)  # due on 01-04
    unpaired = outcomes(year_of(units, visits=visits), twice)
    assert unpaired["a", "M13a"] == ("未核查", None, None, 5)


def test_checks_and_platform() -> None:
    """What was not checked, does not apply or is blank is left out."""
    archive: Rows = [
        {"item": item, "state": state}
        for item, state in (
            *(("签到簿", "有"), ("学习记录簿", "不规范"), ("研讨发言簿", "未查")),
            *(("学习计划", "缺"), ("学习总结", "不适用")),
        )
    ]
    systems: Rows = [
        {"year": 2023, "system_no": n, "state": state}
        for n, state in enumerate(("已建", "已执行", "缺", "未查"), 1)
    ]
    notes: Rows = [
        {"person_id": "p", "checked_on": day("05-01"), "grade": "简单潦草"},
        {"person_id": "q", "checked_on": day("06-30"), "grade": "好"},
        {"person_id": "p", "checked_on": day("07-01"), "grade": "简单潦草"},  # too late
    ]
    platform: Rows = [
        {"month": "2023-05", "party_members": 10, "joined": 9, "participation": 0.5},
        {"month": "2023-06", "party_members": 20, "joined": None, "mean_daily_points": 30.0},
        {"month": "2023-07", "party_members": 20, "joined": 20},  # too late
    ]
    for row in (*archive, *systems, *notes, *platform):
        row["unit_id"] = "a"
    got = outcomes(
        year_of([{"unit_id": "a"}], archive_checks=archive, system_checks=systems,
                note_checks=notes, platform=platform),
        cutoff="06-30",
    )  # fmt: skip
    assert got["a", "M10a"] == ("已报", 1, 2, 1)
    assert got["a", "M10b"] == ("已报", 1, 3, 2)
    assert got["a", "M15"] == ("已报", 1, 2, 0)
    assert got["a", "M17a"] == ("已报", 9, 10, 1)
    assert got["a", "M17b"] == ("已报", 0.5, 1, 1)
    assert got["a", "M17c"] == ("已报", 30, 1, 1)
    assert got["a", "M21"] == ("已报", 1, 3, 1)


def test_completeness() -> None:
    """Refused rows are owed whole, a table not sent one row; 零 is told, 不适用 is not owed."""
    sessions: Rows = [
        {"session_id": "a/1", "unit_id": "a", "start": day("01-10"), "hours": 2.0},
        {"session_id": "a/2", "unit_id": "a", "start": day("01-10"), "cancelled": True},
    ]
    states: Rows = [
        {"row_key": "a/1", "column": "host_id", "state": "不适用"},
        {"row_key": "a/1", "column": "present", "state": "零"},
        {"row_key": "a/1", "column": "hours", "state": "未核查"},  # but it is filled in
        {"row_key": "a/2", "column": "hours", "state": "零"},  # cancelled: not a row
        {"row_key": "a/1", "column": "form", "state": "零"},  # not required
    ]
    for row in states:
        row |= {"unit_id": "a", "table": "sessions"}
    submissions: Rows = [
        {"unit_id": "a", "table": "sessions", "state": "已报", "refused": 1},
        {"unit_id": "a", "table": "platform", "state": "未报"},
        {"unit_id": "a", "table": "plans", "state": "零"},
    ]
    tables = year_of(
        [{"unit_id": "a"}], sessions=sessions, value_states=states, submissions=submissions
    )
    # sessions: (1 + 1 refused) × 4 − 1, of which hours and present; platform: 4, none.
    assert outcomes(tables)["a", "M20"] == ("已报", 2, 7 + 4, 0)


def test_states_in_order_of_rank() -> None:
    """未报 before 未核查 before 不适用; 零 is a report; what is off is off for all."""
    said = {"a": ("未核查", "未报"), "b": ("不适用", "未核查"), "c": ("零", "不适用"),
            "d": ("零", "零")}  # fmt: skip
    tables = year_of(
        [{"unit_id": unit} for unit in said],
        submissions=[
            {"unit_id": unit, "table": table, "state": state}
            for unit, states in said.items()
            for table, state in zip(("sessions", "speeches"), states, strict=True)
        ],
    )
    got = outcomes(tables)
    assert [got[unit, "M2"][0] for unit in said] == ["未报", "未核查", "不适用", "零"]
    off = outcomes(tables, params_of(switched_off=["M2"]))
    assert {off[unit, metric][0] for unit in said for metric in ("M2", "M2s")} == {"不适用"}
    assert [off[unit, "M1"][0] for unit in said] == ["未核查", "不适用", "零", "零"]
    absent = tables | {"submissions": tables["submissions"].iloc[:0]}
    assert outcomes(absent)["d", "M1"] == ("未报", None, None, 0)


def test_over_units() -> None:
    """Joint sessions once in the total; 集团本级 and merged units in it, but in no quartile."""
    units: Rows = [
        {"unit_id": "hq", "level": "group"},
        *({"unit_id": u, "peer_group": "矿山" if u < "d" else None} for u in "abcd"),
        {"unit_id": "gone", "peer_group": "矿山", "valid_to": day("06-30")},
        {"unit_id": "idle", "has_study_group": False},
        {"unit_id": "late", "valid_from": dt.date(2024, 1, 1)},
    ]
    counts = {"hq": 1, "a": 1, "b": 2, "c": 4, "d": 8, "gone": 3}
    sessions: Rows = [
        {"session_id": f"{unit}/{n}", "unit_id": unit, "start": day("05-10"),
         "joint_id": "联" if n == 0 else None}
        for unit, count in counts.items()
        for n in range(count)
    ]  # fmt: skip
    tables = year_of(units, sessions=sessions)
    once = params_of({"joint_sessions": "once"})
    each, single = (
        totals(tables, params, day("12-31")).set_index("metric_id").loc["M1", "value"]
        for params in (params_of(), once)
    )
    assert (each, single) == (19, 19 - 5)  # six units held the one session
    found = quartiles(tables, once, day("12-31"))
    m1 = found[found["metric_id"] == "M1"].drop(columns="metric_id")
    assert [tuple(row) for row in m1.itertuples(index=False)] == [
        ("", 1.75, 3, 5, 4),  # of 1, 2, 4, 8
        ("矿山", 1.5, 2, 3, 3),  # of 1, 2, 4
    ]
