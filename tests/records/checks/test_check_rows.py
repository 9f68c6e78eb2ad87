"""What a row of one file must agree with before it enters."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from checks_support import (
    Book,
    as_file,
    changed,
    check,
    decide,
    ids,
    issues,
    one,
    params,
    places,
    right_book,
    session,
    small,
)

from reportkit.errors import SubmissionError
from reportkit.records.schemas import TABLES, UNIT_TABLES

D = dt.date
VISITS = ["序号", "旁听或被旁听", "对方单位", "旁听日期", "学习序号", "反馈日期", "亮点"]
RESEARCH = ["序号", "姓名", "基层联系点", "调研日期", "有无调研报告", "成果转化"]
PLATFORM = ["月份", "党员数", "已注册", "参与度"]
RECTIFIED = ["问题编号", "问题", "整改措施", "反馈日期", "整改状态"]


def everything() -> Book:
    """A book that fills every table."""
    book = right_book()
    book["调查研究"] = [RESEARCH, [1, "李娜", "三号井", D(2023, 5, 6), "有", "已采纳"]]
    book["旁听记录"] = [VISITS, [1, "旁听", "乙川公司", D(2023, 4, 6), None, "未反馈", "讨论深入"],
                      [2, "被旁听", "丙湾物流", D(2023, 3, 8), 1, D(2023, 3, 9), None]]  # fmt: skip
    book["学习强国"] = [PLATFORM, ["2023年3月", 40, 38, "95%"]]
    book["整改情况"] = [RECTIFIED, ["aa-1", "计划不全", "补订计划", None, None]]
    return book


def test_every_table_has_exactly_its_columns() -> None:
    """Of every table that units fill, and of the states of values."""
    records = check(as_file(everything()))
    assert set(records.rows) == {*UNIT_TABLES, "value_states"}
    for table, rows in records.rows.items():
        assert rows, table
        assert all(set(row) == set(TABLES[table].column_names) for row in rows), table
    assert issues(records) == []
    assert records.files == ("submissions/2023/aa.xlsx",)


def test_what_was_handed_over_is_not_changed() -> None:
    """A check can be run again on the same tables and says the same."""
    file = as_file(changed(everything(), "学习情况", 1, 实到=9, 主持人="陌生人"))
    first = check(file)
    said = [(i.code, i.cell) for i in file.log.issues]
    file.log.issues.clear()
    assert check(file).rows == first.rows
    assert [(i.code, i.cell) for i in file.log.issues] == said


# --- roster ---


def member(name: str, number: Any = None, first: dt.date | None = None) -> list[Any]:
    return [name, number, "成员", "是", "否", first or D(2020, 1, 1), None]


def test_two_people_of_one_name_without_staff_number_are_refused() -> None:
    """Both rows are named, for nobody knows which of them a sheet means."""
    book = right_book()
    book["成员名单"].append(member("赵敏"))
    records = check(as_file(book))
    assert places(records, "same_name") == [
        ("same_name", "成员名单", "A5"), ("same_name", "成员名单", "A8"),
    ]  # fmt: skip
    assert "aa/赵敏" not in ids(records, "members") and records.states["members"][1] == 2


def test_two_people_of_one_name_stand_with_staff_numbers_and_are_named_by_number() -> None:
    """The name alone is refused with the advice to give the number."""
    book = right_book()
    book["成员名单"][4][1] = 7001
    book["成员名单"].append(member("赵敏", "7002"))
    book = changed(book, "学习情况", 1, 应到=5, 实到=4)
    book = changed(book, "学习情况", 2, 应到=5, 实到=4)
    book["签到表"] = [["学习序号", "姓名", "状态"], [2, "7002", "病假"], [2, 7001, "出席"],
                     *([2, name, "出席"] for name in ("张伟", "李娜", "钱进"))]  # fmt: skip
    records = check(as_file(book))
    (issue,) = issues(records)
    assert (issue.sheet, issue.cell) == ("研讨发言", "B3") and "工号" in issue.found
    absent = {r["person_id"]: r["status"] for r in records.rows["attendance"]}
    assert absent["7002"] == "病事假" and absent["7001"] == "出席"


def test_one_person_with_two_terms_is_one_person_and_a_row_twice_one_term() -> None:
    """王强 leaves in June and comes again in October; 李娜 stands twice, word for word."""
    book = right_book()
    book["成员名单"] += [member("王强", None, D(2023, 10, 1)), list(book["成员名单"][2])]
    records = check(as_file(book))
    assert ids(records, "members").count("aa/王强") == 2
    assert ids(records, "members").count("aa/李娜") == 1
    assert places(records) == [("duplicate", "成员名单", "A9")]


def test_one_staff_number_for_two_names_is_refused() -> None:
    """The first row stands."""
    book = right_book()
    book["成员名单"][1][1] = book["成员名单"][2][1] = "8"
    records = check(as_file(book))
    assert places(records, "staff_number") == [("staff_number", "成员名单", "B3")]
    assert "8" in ids(records, "members")


@pytest.mark.parametrize("waived", [False, True])
def test_a_term_that_ends_before_it_begins_is_refused_unless_waived(waived: bool) -> None:
    """Both days are named."""
    book = right_book()
    book["成员名单"][6][6] = D(2019, 1, 1)
    decisions = [decide("member_dates", "G7", sheet="成员名单")] if waived else []
    records = check(as_file(book, decisions=decisions))
    (issue,) = issues(records)
    assert "2019-01-01" in issue.found and "2020-01-01" in issue.found
    assert ("aa/孙书" in ids(records, "members")) == waived
    assert records.states["members"][1] == (not waived)


def test_a_roster_of_which_no_row_can_be_used_refuses_the_unit() -> None:
    """Nothing can be checked against nobody."""
    book = right_book()
    book["成员名单"] = [book["成员名单"][0], [*member("张伟")[:6], D(2019, 1, 1)]]
    with pytest.raises(SubmissionError, match="成员名单"):
        check(as_file(book))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("欧阳修闻", "欧阳修文"),
        ("欧阳文", "欧阳修文"),
        ("张玮", "张伟"),
        ("刘伟", ""),
        ("周恩", ""),
    ],
)
def test_a_name_like_one_on_the_roster_is_suggested(written: str, meant: str) -> None:
    """One character changed or left out; of two characters the surname must agree."""
    book = small(session(1, D(2023, 3, 8), 主持人=written))
    book["成员名单"].append(["欧阳修文", None, "学习秘书", "否", "否", D(2020, 1, 1), None])
    (issue,) = issues(check(as_file(book)))
    assert issue.code == "not_on_roster" and issue.cell == "J2"
    assert issue.found.endswith(f"，是否为“{meant}”？") if meant else "是否" not in issue.found


# --- sessions ---


def test_a_session_twice_is_counted_once_and_both_its_numbers_are_understood() -> None:
    """Row 3 repeats row 2; a speech at number 4 is one at number 1."""
    book = small(session(1, D(2023, 3, 8)), session(4, D(2023, 3, 8), "学习 专题一。"))
    book["研讨发言"] = [["学习序号", "姓名", "发言类型"], [4, "张伟", "领学"]]
    records = check(as_file(book))
    (issue,) = issues(records)
    assert (issue.code, issue.cell) == ("duplicate", "A3")
    assert "第3行" in issue.found and "第2行" in issue.found
    assert ids(records) == ["aa/1"]
    assert [row["session_id"] for row in records.rows["speeches"]] == ["aa/1"]


@pytest.mark.parametrize(
    ("second", "maybe"),
    [
        (session(2, D(2023, 3, 8), "调研成果交流", 学时=3), False),
        (session(2, D(2023, 3, 8), "学习专题二"), False),  # 一 and 二 tell them apart
        (session(2, D(2023, 3, 8), 学时=3), True),  # the same title, other hours
        (session(2, D(2023, 3, 9)), True),  # it goes on the next day
        (session(2, D(2023, 3, 9), 主持人="李娜"), False),
        (session(2, D(2023, 3, 10)), False),
    ],
)
def test_two_rows_that_may_be_one_session_count_as_two_and_are_named(
    second: list[Any], maybe: bool
) -> None:
    """Two real sessions of one day are two without a word."""
    records = check(as_file(small(session(1, D(2023, 3, 8)), second)))
    assert ids(records) == ["aa/1", "aa/2"]
    found = issues(records)
    assert [(i.code, i.cell) for i in found] == [("maybe_one_session", "A3")] * maybe
    assert all("第3行" in i.found and "第2行" in i.found for i in found)


def test_titles_a_little_different_may_be_one_session() -> None:
    """Long titles that differ in a word which tells nothing apart."""
    long = "学习贯彻党的二十大精神专题研讨交流"
    book = small(session(1, D(2023, 3, 8), long), session(2, D(2023, 3, 8), f"{long}会", 学时=3))
    assert places(check(as_file(book))) == [("maybe_one_session", "学习情况", "A3")]


@pytest.mark.parametrize(("decision", "held"), [("accept", 2), ("override", 1)])
def test_an_analyst_decides_whether_two_rows_are_one_session(decision: str, held: int) -> None:
    """accept: they are two; override with the other row's 序号: they are one, to the last day."""
    value = 1 if decision == "override" else None
    taken = decide("maybe_one_session", "A3", decision, value=value)
    book = small(session(1, D(2023, 3, 8)), session(2, D(2023, 3, 9), 学时=3))
    file = as_file(book, decisions=[taken])
    records = check(file)
    assert len(records.rows["sessions"]) == held and not any(i.open for i in issues(records))
    assert one(records, "aa/1")["end"] == (D(2023, 3, 9) if held == 1 else D(2023, 3, 8))
    assert file.log.decided.unmet() == []


@pytest.mark.parametrize(
    ("cells", "cell"),
    [
        ({"结束日期": D(2023, 3, 14)}, "C2"),
        ({"学习主题": "学习专题一；学习专题二", "专题编号": "2023-01、2023-02", "学时": 9}, "H2"),
        ({"结束日期": D(2023, 3, 12)}, None),
        ({"结束日期": D(2023, 3, 14), "学习类型": "读书班"}, None),
        ({"学习主题": "学习专题一；学习专题二", "专题编号": "2023-01、2023-02"}, None),
    ],
)
def test_a_row_that_may_be_two_sessions_is_named(cells: dict[str, Any], cell: str | None) -> None:
    """More than five days of 集体学习, or two titles and topics in more than a day's hours."""
    records = check(as_file(small(session(1, D(2023, 3, 8), **cells))))
    assert places(records) == [("maybe_two_sessions", "学习情况", cell)] * bool(cell)
    assert len(records.rows["sessions"]) == 1


@pytest.mark.parametrize(
    ("cells", "code", "cell", "words"),
    [
        ({"结束日期": D(2023, 3, 7)}, "session_dates", "C2", "早于开始日期 2023-03-08"),
        ({"开始日期": D(2022, 3, 8)}, "session_dates", "B2", "2022-03-08"),
        ({"结束日期": D(2024, 1, 2)}, "session_dates", "C2", "2024-01-02"),
    ],
)
def test_a_session_that_cannot_be_counted_for_sure_stays_out(
    cells: dict[str, Any], code: str, cell: str, words: str
) -> None:
    """Its makeups and speeches go with it, said once for each sheet and number."""
    records = check(as_file(changed(right_book(), "学习情况", 1, **cells)))
    first, *others = sorted(issues(records), key=lambda i: i.code != code)
    assert (first.code, first.cell) == (code, cell) and words in first.found
    assert {i.code for i in others} == {"session_reference"}
    assert ids(records) == ["aa/2", "aa/3"] and records.states["sessions"][1] == 1


@pytest.mark.parametrize("waived", [False, True])
def test_a_number_twice_with_another_content_is_refused_unless_waived(waived: bool) -> None:
    """Waived, the second row enters under an id of its own."""
    decisions = [decide("number_twice", "A3")] if waived else []
    book = small(session(1, D(2023, 3, 8)), session(1, D(2023, 5, 8), "别的"))
    records = check(as_file(book, decisions=decisions))
    assert places(records) == [("number_twice", "学习情况", "A3")]
    assert ids(records) == (["aa/1", "aa/1-1"] if waived else ["aa/1"])


def test_sessions_outside_the_unit_s_life_are_refused_unless_waived() -> None:
    """丙湾 was in being until 30 June; the analyst lets August in, not September."""
    decisions = [decide("outside_unit_years", "B3", file="cc.xlsx")]
    records = check(as_file(right_book(), "cc.xlsx", decisions=decisions), unit="cc")
    found = issues(records, "outside_unit_years")
    assert [(i.cell, i.waived) for i in found] == [("B3", True), ("B4", False)]
    assert ids(records) == ["cc/1", "cc/2"] and "2023-06-30" in found[0].expected


@pytest.mark.parametrize(
    ("sheet", "row", "cells", "code", "cell"),
    [
        ("学习情况", 1, {"专题编号": "2023-01、2023-99"}, "topic", "I2"),
        ("学习情况", 1, {"主持人": "陌生人"}, "not_on_roster", "J2"),
        ("学习情况", 1, {"计划内容序号": 9}, "plan_item", "K2"),
        ("学习情况", 1, {"学时": 25}, "hours", "D2"),
        ("计划内容", 1, {"专题编号": "2023-99"}, "topic", "D2"),
        ("计划内容", 1, {"专题编号": "2023-01、2023-02"}, "topic", "D2"),
        ("述学", 1, {"述学日期": D(2022, 12, 20)}, "account_date", "B2"),
        ("调查研究", 1, {"调研日期": D(2022, 5, 6)}, "research_date", "D2"),
        ("旁听记录", 2, {"学习序号": 8}, "session_reference", "E3"),
        ("旁听记录", 2, {"反馈日期": D(2023, 3, 7)}, "feedback_before_visit", "F3"),
        ("旁听记录", 2, {"旁听日期": D(2023, 3, 9)}, "visit_session", "D3"),
        ("旁听记录", 1, {"学习序号": 1}, "visit_session", "E2"),
    ],
)
def test_a_wrong_optional_value_is_refused_and_its_row_stays(
    sheet: str, row: int, cells: dict[str, Any], code: str, cell: str
) -> None:
    """No table loses a row, and nothing else is said."""
    before = check(as_file(everything()))
    records = check(as_file(changed(everything(), sheet, row, **cells)))
    assert places(records) == [(code, sheet, cell)]
    sizes = {t: len(rows) for t, rows in records.rows.items()}
    assert {t: sizes[t] for t in UNIT_TABLES} == {t: len(before.rows[t]) for t in UNIT_TABLES}
    assert not any(refused for _, refused in records.states.values())


@pytest.mark.parametrize(
    ("sheet", "row", "code", "cell"),
    [
        ("述学", ["陌生人", None, None], "not_on_roster", "A3"),
        ("述学", ["张伟", D(2023, 12, 1), "一般"], "rows_contradict", "A3"),
        ("学习计划", ["季度", "2023年3月", None, None], "plan_period", "B5"),
        ("学习计划", ["年度", "2022年", None, None], "plan_period", "B5"),
        ("学习计划", ["年度", "2023年", None, None], "rows_contradict", "B5"),
        ("计划内容", [3, "2023年", "全年学习", None], "plan_period", "B4"),
        ("计划内容", [1, "2023年5月", "别的", None], "number_twice", "A4"),
        ("经验做法", [2, "制度", "欧阳修文制度", "做法", None], "person_named", "C3"),
        ("经验做法", [2, "制度", "制度", "由张伟同志牵头", None], "person_named", "D3"),
        ("调查研究", [2, "陌生人", None, None, None, None], "not_on_roster", "B3"),
        ("旁听记录", [3, "旁听", "没有的公司", D(2023, 4, 7)], "unit_name", "C4"),
        ("旁听记录", [3, "旁听", "甲岭矿业", D(2023, 4, 7)], "visit_self", "C4"),
        ("旁听记录", [3, "旁听", "乙川公司", D(2022, 4, 7)], "visit_date", "D4"),
        ("旁听记录", [3, "旁听", "乙川公司", D(2023, 4, 6), None, None, "另一个"],
         "rows_contradict", "D4"),
        ("学习强国", ["2023年第一季度", 1, 1, None], "month", "A3"),
        ("学习强国", ["2023年3月", 41, 38, "95%"], "rows_contradict", "A3"),
        ("整改情况", ["aa-2", "问题", None, D(2023, 5, 1), None], "required", "E3"),
    ],
)  # fmt: skip
def test_a_row_that_contradicts_the_rest_is_refused_with_its_cell(
    sheet: str, row: list[Any], code: str, cell: str
) -> None:
    """It is counted as refused, and every other row stands."""
    book = everything()
    book["成员名单"].append(["欧阳修文", None, "学习秘书", "否", "否", D(2020, 1, 1), None])
    before = check(as_file(book))
    book[sheet].append(row)
    records = check(as_file(book))
    assert places(records) == [(code, sheet, cell)]
    assert sum(refused for _, refused in records.states.values()) == 1
    assert {t: len(r) for t, r in records.rows.items()} == {
        t: len(r) for t, r in before.rows.items()
    }


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("欧阳修文牵头建立首讲制度", True),
        ("由张伟同志牵头建立首讲制度", True),
        ("由党委书记牵头建立首讲制度", False),
        ("发扬伟大建党精神，紧张伟大", False),  # 张伟 here is no name
    ],
)
def test_practices_name_no_person(text: str, refused: bool) -> None:
    """They are quoted in circulars; two characters alone may be part of a word."""
    book = changed(right_book(), "经验做法", 1, 主要做法=text)
    book["成员名单"].append(["欧阳修文", None, "学习秘书", "否", "否", D(2020, 1, 1), None])
    records = check(as_file(book))
    assert places(records) == [("person_named", "经验做法", "D2")] * refused
    assert len(records.rows["practices"]) == (not refused)


def test_practices_name_sessions_by_their_ids_and_unknown_ones_are_told() -> None:
    """Numbers 1 and 2 are sessions, 8 is none."""
    book = right_book()
    book["经验做法"][0].append("对应学习序号")
    book["经验做法"][1].append("1、2、8")
    records = check(as_file(book))
    assert records.rows["practices"][0]["sessions"] == "aa/1、aa/2"
    assert places(records) == [("practice_session", "经验做法", "F2")]


def test_each_side_of_a_visit_knows_who_observed_whom() -> None:
    """As observer the host's session is not known here; as host it is this unit's own."""
    visits = check(as_file(everything())).rows["visits"]
    assert [(v["visit_id"], v["reported_by"], v["session_id"]) for v in visits] == [
        ("aa/bb/2023-04-06", "旁听单位", None),
        ("cc/aa/2023-03-08", "被旁听单位", "aa/1"),
    ]
    assert (visits[0]["observer_unit"], visits[0]["host_unit"]) == ("aa", "bb")


def test_more_joined_than_members_refuses_both_figures() -> None:
    """Both cells are named with both values; the month stays."""
    records = check(as_file(changed(everything(), "学习强国", 1, 已注册=41)))
    assert [(i.cell, i.found) for i in issues(records)] == [
        ("B2", "党员40人，注册41人"), ("C2", "党员40人，注册41人"),
    ]  # fmt: skip
    (row,) = records.rows["platform"]
    assert row["joined"] is None and row["participation"] == 0.95


def test_a_finding_without_answer_is_open() -> None:
    """整改状态 and 反馈日期 both blank: 未反馈."""
    (row,) = check(as_file(everything())).rows["rectifications"]
    assert (row["finding_id"], row["state"], row["year"]) == ("aa/aa-1", "未反馈", 2023)


def test_a_table_that_is_not_asked_for_is_not_applicable() -> None:
    """学习强国 serves M17 alone; switched on, a blank sheet is 未报."""
    assert check(as_file(right_book())).states["platform"] == ("不适用", 0)
    on = check(as_file(right_book()), year=params(switched_off=[]))
    assert on.states["platform"] == ("未报", 0)
    assert check(as_file(everything())).states["platform"] == ("已报", 0)
