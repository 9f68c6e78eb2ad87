"""Several files of one unit: what is the same is counted once, what differs is named."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from checks_support import (
    FIRST,
    SIGN_IN,
    SPEECHES,
    as_file,
    check,
    decide,
    ids,
    issues,
    month,
    one,
    quarter,
    right_book,
    session,
    small,
    status,
    told,
)

from reportkit.records.checks.files import FileOrder

D = dt.date
MAKEUPS = ["学习序号", "姓名", "补学日期", "佐证"]
MEMBERS = right_book()["成员名单"]


# --- order ---


def test_the_longer_period_counts_then_the_later_filled_then_the_later_name() -> None:
    """And ids are given by the end of the period, so that a later file changes none."""
    files = [
        as_file({}, "a.xlsx", "2023-03", D(2023, 4, 9)),
        as_file({}, "b.xlsx", "2023Q1", D(2023, 4, 2)),
        as_file({}, "c.xlsx", "2023Q1", D(2023, 4, 5)),
        as_file({}, "d.xlsx", "2023Q1", D(2023, 4, 5)),
        as_file({}, "e.xlsx", None),
        as_file({}, "f.xlsx", "2023Q2"),
    ]
    for handed_over in itertools.permutations(files):
        order = FileOrder(handed_over, 2023)
        assert [f.file[-6] for f in order.by_weight] == ["e", "d", "c", "b", "f", "a"]
        assert [f.file[-6] for f in order.by_time] == ["b", "c", "d", "a", "f", "e"]


# --- sessions ---


def test_one_session_in_two_files_is_counted_once_and_blanks_are_filled() -> None:
    """The quarter's row counts; its blank hours come from the month's; both cells are named."""
    records = check(
        month(session(1, FIRST, 学时=3)), quarter(session(7, FIRST, "学习专题一。", 学时=None))
    )
    (row,) = records.rows["sessions"]
    assert (row["session_id"], row["hours"], row["title"]) == ("aa/7", 3.0, "学习专题一。")
    assert (row["source_file"], row["source_row"]) == ("submissions/2023/aa-q1.xlsx", 2)
    found = issues(records, "duplicate")
    session_note = next(i for i in found if i.sheet == "学习情况")
    assert session_note.file.endswith("aa-3.xlsx") and session_note.cell == "A2"
    assert "“aa-q1.xlsx”的“学习情况”A2" in session_note.found
    assert len(issues(records, "second_file")) == 1 and told(records) == []


@pytest.mark.parametrize(
    ("cells", "cell", "column", "value", "words"),
    [
        (
            {"应到": 3, "实到": 3},
            "P2",
            "expected",
            4,
            "应到：此处为“3”，“aa-q1.xlsx”的“学习情况”P2为“4”",
        ),
        ({"学习类型": "读书班"}, "E2", "kind", "集体学习", "此处为“读书班”"),
        ({"计入类别": "第一议题"}, "F2", "counted_as", "集体学习", "此处为“第一议题”"),
        ({"是否取消": "是"}, "O2", "cancelled", False, "此处为“是”"),
        ({"缺席人员及原因": "李娜", "实到": 3}, "R2", "present", 4, "此处为“李娜（缺席）”"),
        ({"主持人": "李娜"}, "J2", "host_id", "aa/张伟", "此处为“李娜”"),
        ({"学习主题": "完全不同的另一个主题"}, "H2", "title", "学习专题一", "完全不同"),
        ({"结束日期": D(2023, 3, 9)}, "C2", "end", FIRST, "2023-03-09"),
    ],
)
def test_what_two_files_say_differently_is_named_in_both_and_the_quarter_counts(
    cells: dict[str, Any], cell: str, column: str, value: Any, words: str
) -> None:
    """The month's cell is refused, with both values; one session is counted."""
    right = {"结束日期": FIRST}
    records = check(month(session(1, FIRST, **{**right, **cells})),
                    quarter(session(1, FIRST, **right)))  # fmt: skip
    found = {i.cell: i for i in issues(records, "files_contradict")}
    assert cell in found and words in found[cell].found
    assert {i.file.rpartition("/")[2] for i in found.values()} == {"aa-3.xlsx"}
    (row,) = records.rows["sessions"]
    assert row[column] == value


def test_a_waived_contradiction_takes_the_other_file_s_value() -> None:
    """The analyst rang up: the month was right about the host, the quarter about the hours."""
    waived = decide("files_contradict", "J2", file="aa-3.xlsx")
    less = as_file(small(session(1, FIRST, 主持人="李娜", 学时=3)), "aa-3.xlsx", "2023-03",
                   decisions=[waived])  # fmt: skip
    records = check(less, quarter(session(1, FIRST)))
    assert told(records) == [
        ("files_contradict", "aa-3.xlsx", "D2"), ("files_contradict", "aa-3.xlsx", "J2"),
    ]  # fmt: skip
    assert (one(records, "aa/1")["host_id"], one(records, "aa/1")["hours"]) == ("aa/李娜", 2.0)


@pytest.mark.parametrize(
    ("other", "held", "codes"),
    [
        (session(2, FIRST, "调研成果交流", 主持人="李娜"), 2, []),
        (session(2, FIRST, "调研成果交流", 学时=3), 2, []),
        (session(1, FIRST, "调研成果交流", 主持人="李娜"), 2, []),
        (session(2, FIRST, "调研成果交流"), 2, ["maybe_one_session"]),  # the same host and hours
        (session(1, D(2023, 3, 9)), 2, ["maybe_one_session"]),  # a slip of the pen?
        (session(2, D(2023, 3, 20)), 2, []),
        (session(5, FIRST), 1, []),
        (session(5, FIRST, 主持人=None), 1, []),
    ],
)
def test_two_real_sessions_of_one_day_stay_two(
    other: list[Any], held: int, codes: list[str]
) -> None:
    """Another title with another host, hours or number is another session."""
    records = check(month(other), quarter(session(1, FIRST)))
    assert len(records.rows["sessions"]) == held
    assert [code for code, _, _ in told(records)] == codes


def test_two_sessions_of_one_day_in_both_files_each_find_their_own() -> None:
    """The same host led both; the quarter lists them the other way round."""
    morning, evening = ("学习专题一", 2), ("调研成果交流", 3)
    records = check(
        month(session(1, FIRST, morning[0], 学时=2), session(2, FIRST, evening[0], 学时=3)),
        quarter(session(1, FIRST, evening[0], 学时=3), session(2, FIRST, morning[0], 学时=2)),
    )
    assert told(records) == []
    assert sorted((r["title"], r["hours"]) for r in records.rows["sessions"]) == [
        morning, evening,
    ]  # fmt: skip


def test_colliding_numbers_keep_the_ids_that_earlier_files_gave() -> None:
    """March's number 1 is aa/1 with or without the files that come after it."""
    march = month(session(1, FIRST))
    april = as_file(small(session(1, D(2023, 4, 6), "别的")), "aa-4.xlsx", "2023-04")
    whole = as_file(small(session(1, D(2023, 9, 6), "再一次"), session(2, FIRST)), "aa.xlsx")
    again = as_file(small(session(1, D(2023, 4, 20), "补报的")), "aa-4b.xlsx", "2023-04")
    assert ids(check(march)) == ["aa/1"]
    assert ids(check(april, march)) == ["aa/1", "aa/2023-04-1"]
    three = check(whole, april, march)
    assert ids(three) == ["aa/1", "aa/2023-04-1", "aa/1-1"]
    assert one(three, "aa/1")["start"] == FIRST and one(three, "aa/1-1")["title"] == "再一次"
    four = check(whole, april, march, again)
    assert ids(four) == ["aa/1", "aa/2023-04-1", "aa/2023-04.2-1", "aa/1-1"]


def test_numbers_refer_inside_their_own_file() -> None:
    """Number 1 of each file's 研讨发言 is number 1 of that file's 学习情况."""
    speech = [SPEECHES, [1, "张伟", "重点", "有", 1]]
    march = month(session(1, FIRST), 研讨发言=speech)
    april = as_file(
        small(session(1, D(2023, 4, 6), "别的"), 研讨发言=speech), "aa-4.xlsx", "2023-04"
    )
    records = check(april, march)
    assert [s["session_id"] for s in records.rows["speeches"]] == ["aa/1", "aa/2023-04-1"]


def test_a_file_without_sessions_refers_to_the_one_that_has_the_number() -> None:
    """Speeches sent by themselves: number 2 is one session, number 1 could be either of two."""
    alone = as_file({"研讨发言": [SPEECHES, [2, "张伟", "重点", "有", 1],
                                  [1, "张伟", "重点", "有", 1]]}, "speeches.xlsx")  # fmt: skip
    march = month(session(1, FIRST), session(2, D(2023, 3, 20)))
    april = as_file(small(session(1, D(2023, 4, 6), "别的")), "aa-4.xlsx", "2023-04")
    records = check(alone, march, april)
    assert [s["session_id"] for s in records.rows["speeches"]] == ["aa/2"]
    assert told(records) == [("session_reference", "speeches.xlsx", "A3")]


# --- what follows a session ---


def test_sign_in_lists_of_two_files_are_joined() -> None:
    """赵敏 stands in the month's alone; of 李娜 the quarter's status counts, and it is said."""
    records = check(
        month(session(1, FIRST, 缺席人员及原因=None), 签到表=[
            SIGN_IN, [1, "张伟", "出席"], [1, "李娜", "出席"], [1, "赵敏", "出席"]]),
        quarter(session(4, FIRST, 实到=3, 缺席人员及原因=None), 签到表=[
            SIGN_IN, [4, "张伟", "出席"], [4, "李娜", "公务"], [4, "王强", "视频"]]),
    )  # fmt: skip
    (session_id,) = ids(records)
    assert status(records, session_id) == {
        "张伟": "出席", "李娜": "公务假", "王强": "视频", "赵敏": "出席",
    }  # fmt: skip
    assert told(records) == [
        ("files_contradict", "aa-3.xlsx", "Q2"), ("files_contradict", "aa-3.xlsx", "C3"),
    ]  # fmt: skip
    doubled = [i for i in issues(records, "duplicate") if i.sheet == "签到表"]
    assert ["有1行" in i.found for i in doubled] == [True]


def test_speeches_makeups_and_reports_are_joined_without_doubling() -> None:
    """Orders left blank in one file do not make two speeches of one."""
    absent = {"实到": 3, "缺席人员及原因": "李娜（公务）"}
    records = check(
        month(
            session(1, FIRST, **absent, 报告报送日期="未报送"),
            研讨发言=[SPEECHES, [1, "张伟", "领学", None, None], [1, "赵敏", "重点", "有", None],
                      [1, "王强", "补充", "无", None]],
            补学记录=[MAKEUPS, [1, "李娜", D(2023, 3, 20), "笔记"]],
        ),
        quarter(
            session(3, FIRST, **absent, 报告报送日期=D(2023, 3, 10)),
            研讨发言=[SPEECHES, [3, "赵敏", "重点", None, None], [3, "张伟", "领学", "有", None]],
            补学记录=[MAKEUPS, [3, "李娜", D(2023, 3, 20), None]],
        ),
    )  # fmt: skip
    assert told(records) == []
    speeches = {(s["person_id"], s["type"]): s for s in records.rows["speeches"]}
    assert len(records.rows["speeches"]) == 3
    assert speeches["aa/赵敏", "重点"]["has_paper"] is True  # filled from the month's
    (makeup,) = [r for r in records.rows["attendance"] if r["makeup_on"]]
    assert makeup["makeup_evidence"] == "笔记"
    (report,) = records.rows["session_reports"]
    assert report["received_on"] == D(2023, 3, 10)  # 未报送 came first: no contradiction


def test_a_speech_of_another_type_in_the_other_file_is_a_contradiction() -> None:
    """With the same 顺序 it is the same speech; the quarter's type counts."""
    records = check(
        month(session(1, FIRST), 研讨发言=[SPEECHES, [1, "张伟", "重点", "有", 1]]),
        quarter(session(1, FIRST), 研讨发言=[SPEECHES, [1, "张伟", "领学", "有", 1]]),
    )
    assert told(records) == [("files_contradict", "aa-3.xlsx", "C2")]
    assert [s["type"] for s in records.rows["speeches"]] == ["领学"]


# --- members ---


def roster(*rows: list[Any]) -> list[list[Any]]:
    return [MEMBERS[0], *rows]


SINCE = D(2020, 1, 1)


def person(
    name: str = "王强",
    role: str = "成员",
    first: dt.date = SINCE,
    last: dt.date | None = None,
    number: str | None = None,
) -> list[Any]:
    return [name, number, role, "是", "否", first, last]


@pytest.mark.parametrize(
    ("earlier", "later", "terms", "cells"),
    [
        # the same term twice
        ([person()], [person()], [("成员", D(2020, 1, 1), None)], []),
        # a later file closes an open term
        ([person()], [person(last=D(2023, 5, 31))], [("成员", D(2020, 1, 1), D(2023, 5, 31))], []),
        # a closed term that is open again
        ([person(last=D(2023, 2, 1))], [person()], [("成员", D(2020, 1, 1), None)],
         [("files_contradict", "G2")]),
        # another role for the same term
        ([person()], [person(role="副组长")], [("副组长", D(2020, 1, 1), None)],
         [("files_contradict", "C2")]),
        # another first day, and nothing else
        ([person()], [person(first=D(2020, 2, 1))], [("成员", D(2020, 2, 1), None)],
         [("files_contradict", "F2")]),
        # a new role from May on: the earlier term ends the day before
        ([person()], [person(role="副组长", first=D(2023, 5, 1))],
         [("成员", D(2020, 1, 1), D(2023, 4, 30)), ("副组长", D(2023, 5, 1), None)],
         [("files_contradict", "F2")]),
        # the later file has both terms right
        ([person()], [person(last=D(2023, 4, 30)), person(role="副组长", first=D(2023, 5, 1))],
         [("成员", D(2020, 1, 1), D(2023, 4, 30)), ("副组长", D(2023, 5, 1), None)], []),
        # left out without a last day
        ([person()], [person("赵敏")], [("成员", D(2020, 1, 1), None)],
         [("member_dropped", "G2")]),
        # left in time: nobody asks
        ([person(last=D(2023, 3, 31))], [person("赵敏")],
         [("成员", D(2020, 1, 1), D(2023, 3, 31))], []),
        # a staff number comes later
        ([person()], [person(number="7")], [("成员", D(2020, 1, 1), None)], []),
    ],
)  # fmt: skip
def test_the_later_roster_counts_and_may_close_a_term(
    earlier: list[Any], later: list[Any], terms: list[Any], cells: list[Any]
) -> None:
    """First quarter and second quarter; every issue stands at the earlier file's cell."""
    one_file = as_file({"成员名单": roster(*earlier)}, "q1.xlsx", "2023Q1")
    other = as_file({"成员名单": roster(*later)}, "q2.xlsx", "2023Q2")
    records = check(other, one_file)
    mine = [r for r in records.rows["members"] if r["name"] == "王强"]
    assert [(r["role"], r["from"], r["to"]) for r in mine] == terms
    assert told(records) == [(code, "q1.xlsx", cell) for code, cell in cells]
    assert len({r["person_id"] for r in mine}) == 1


# --- tables with a key ---

PLANS = ["计划级次", "计划期间", "审定日期", "报备日期"]
ITEMS = ["序号", "计划完成时间", "学习内容", "专题编号"]
RESEARCH = ["序号", "姓名", "基层联系点", "调研日期", "有无调研报告", "成果转化"]
VISITS = ["序号", "旁听或被旁听", "对方单位", "旁听日期", "反馈日期"]
PLATFORM = ["月份", "党员数", "已注册"]
RECTIFIED = ["问题编号", "问题", "整改措施", "反馈日期", "整改状态"]


@pytest.mark.parametrize(
    ("sheet", "table", "header", "less", "more", "expected", "cell"),
    [
        ("学习计划", "plans", PLANS, ["季度", "2023年第一季度", D(2023, 1, 5), None],
         ["季度", "2023年第一季度", None, D(2023, 1, 9)],
         {"approved_on": D(2023, 1, 5), "filed_on": D(2023, 1, 9)}, None),
        ("学习计划", "plans", PLANS, ["季度", "2023年第一季度", D(2023, 1, 5), None],
         ["季度", "2023年第一季度", D(2023, 1, 6), None], {"approved_on": D(2023, 1, 6)}, "C2"),
        ("计划内容", "plan_items", ITEMS, [4, "2023年3月", "学习专题一", "2023-01"],
         [1, "2023年3月", "学习 专题一", "2023-02"], {"topic_code": "2023-02"}, "D2"),
        ("述学", "accounts", ["姓名", "述学日期", "评价等次"], ["张伟", None, "优秀"],
         ["张伟", D(2023, 12, 1), "较好"], {"rating": "较好", "date": D(2023, 12, 1)}, "C2"),
        ("调查研究", "research", RESEARCH, [1, "李娜", "三号井", D(2023, 3, 6), "无", "无"],
         [2, "李娜", "三号井", D(2023, 3, 6), "有", "已采纳"],
         {"has_report": True, "outcome": "已采纳"}, None),
        ("调查研究", "research", RESEARCH, [1, "李娜", "三号井", D(2023, 3, 6), "有", "已落地"],
         [2, "李娜", "三号井", D(2023, 3, 6), "有", "已采纳"], {"outcome": "已采纳"}, "F2"),
        ("旁听记录", "visits", VISITS, [1, "旁听", "乙川公司", FIRST, "未反馈"],
         [1, "旁听", "乙川冶炼", FIRST, D(2023, 3, 10)], {"feedback_on": D(2023, 3, 10)}, None),
        ("学习强国", "platform", PLATFORM, ["2023年3月", 40, 38], ["2023年3月", 41, 38],
         {"party_members": 41}, "B2"),
        ("经验做法", "practices", ["序号", "类别", "名称", "主要做法"], [3, "制度", "首讲", "先讲"],
         [1, "制度", "首讲", "先学后讲"], {"what": "先学后讲"}, "D2"),
        ("整改情况", "rectifications", RECTIFIED, ["aa-1", "计划不全", "补订", None, "整改中"],
         ["aa-1", "计划不全", None, D(2023, 3, 30), "已完成"],
         {"state": "已完成", "measure": "补订"}, None),
    ],
)  # fmt: skip
def test_one_key_in_two_files_is_one_row(
    sheet: str, table: str, header: list[str], less: list[Any], more: list[Any],
    expected: dict[str, Any], cell: str | None,
) -> None:  # fmt: skip
    """Blanks are filled, progress is none of a contradiction, the rest is named."""
    records = check(
        as_file({"成员名单": MEMBERS, sheet: [header, less]}, "m.xlsx", "2023-03"),
        as_file({"成员名单": MEMBERS, sheet: [header, more]}, "q.xlsx", "2023Q1"),
    )
    (row,) = records.rows[table]
    assert {name: row[name] for name in expected} == expected
    assert told(records) == [("files_contradict", "m.xlsx", cell)] * bool(cell)


def test_a_finding_that_was_settled_and_is_not_any_more_is_a_contradiction() -> None:
    """The latest file counts."""

    def file(name: str, period: str, state: str) -> Any:
        row = ["aa-1", "计划不全", "补订", D(2023, 3, 1), state]
        return as_file({"成员名单": MEMBERS, "整改情况": [RECTIFIED, row]}, name, period)

    records = check(file("q1.xlsx", "2023Q1", "已完成"), file("q2.xlsx", "2023Q2", "整改中"))
    assert [r["state"] for r in records.rows["rectifications"]] == ["整改中"]
    assert told(records) == [("files_contradict", "q1.xlsx", "E2")]
