"""考勤, 补学, 发言 and 一学一报: worked by hand on one small unit."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from checks_support import (
    Book,
    as_file,
    changed,
    check,
    issues,
    one,
    places,
    right_book,
    session,
    small,
    status,
)

D = dt.date
MARCH = ["张伟", "李娜", "王强", "赵敏"]
AUGUST = ["张伟", "李娜", "赵敏", "钱进"]  # 王强 left on 30 June
SIGN_IN = ["学习序号", "姓名", "状态"]
MAKEUPS = ["学习序号", "姓名", "补学日期", "佐证"]
SPEECHES = ["学习序号", "姓名", "发言类型", "书面材料", "顺序"]


def without_makeups(**cells: Any) -> Book:
    """The right book with cells of its first session changed, and no 补学."""
    book = right_book()
    book["补学记录"] = book["补学记录"][:1]
    return changed(book, "学习情况", 1, **cells)


def test_a_list_of_the_absent_expands_over_the_roster_of_the_day() -> None:
    """8 March: four expected, one on business; in August another four; nobody if cancelled."""
    records = check(as_file(right_book()))
    assert status(records, "aa/1") == dict(
        zip(MARCH, ["出席", "公务假", "出席", "出席"], strict=True)
    )
    assert status(records, "aa/2") == dict.fromkeys(AUGUST, "出席")
    assert status(records, "aa/3") == {}
    made_up = [row for row in records.rows["attendance"] if row["makeup_on"]]
    assert [(r["person_id"], r["makeup_on"], r["makeup_evidence"]) for r in made_up] == [
        ("aa/李娜", D(2023, 3, 20), "笔记")
    ]
    assert issues(records) == []


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"应到": 5, "实到": 4}, "应到5人，当日成员名单应到4人"),
        ({"缺席人员及原因": "无"}, "缺席名单却有0人"),
        ({"缺席人员及原因": "李娜（公务）、王强"}, "缺席名单却有2人"),
        ({"缺席人员及原因": None}, "没有可用的缺席名单"),
        ({"缺席人员及原因": "李娜、李娜", "实到": 2}, "出现两次"),
        ({"应到": None}, "应到或实到未报"),
    ],
)
def test_figures_that_do_not_add_up_leave_everyone_unrecorded(
    cells: dict[str, Any], words: str
) -> None:
    """One warning at the list of the absent says why; the other session is not touched."""
    records = check(as_file(without_makeups(**cells)))
    (issue,) = issues(records)
    assert words in issue.found
    assert (issue.code, issue.cell) == ("attendance_unrecorded", "R2")
    assert status(records, "aa/1") == dict.fromkeys(MARCH, "未记")
    assert set(status(records, "aa/2").values()) == {"出席"}


@pytest.mark.parametrize("name", ["陌生人", "钱进", "孙书"])
def test_somebody_absent_who_was_not_expected_is_refused(name: str) -> None:
    """A stranger, a later member, the secretary: the session is 未记 and the cell is named."""
    records = check(as_file(without_makeups(缺席人员及原因=f"{name}（公务）")))
    (issue,) = issues(records, "not_on_roster")
    assert (issue.sheet, issue.cell) == ("学习情况", "R2") and name in issue.found
    assert set(status(records, "aa/1").values()) == {"未记"}


def test_a_deputy_leaves_the_principal_absent() -> None:
    """“李娜（代）” is 李娜 absent; the deputy is nobody here."""
    records = check(as_file(without_makeups(缺席人员及原因="李娜（代）")))
    assert status(records, "aa/1")["李娜"] == "缺席" and len(status(records, "aa/1")) == 4


def test_more_present_than_expected_refuses_both_figures() -> None:
    """Both cells are named with both values, and neither enters."""
    records = check(as_file(without_makeups(应到=4, 实到=5)))
    found = issues(records, "present_over_expected")
    assert [i.cell for i in found] == ["P2", "Q2"]
    assert {i.found for i in found} == {"应到4人，实到5人"}
    assert one(records, "aa/1")["expected"] is None and one(records, "aa/1")["present"] is None
    assert set(status(records, "aa/1").values()) == {"未记"}


def test_counts_without_any_name_give_figures_and_no_attendance() -> None:
    """应到 and 实到 enter the sessions; attendance is 未报, not zero rows of something."""
    book = changed(without_makeups(缺席人员及原因=None), "学习情况", 2, 缺席人员及原因=None)
    records = check(as_file(book))
    assert records.rows["attendance"] == []
    assert [row["present"] for row in records.rows["sessions"]] == [3, 4, None]
    assert records.states["attendance"] == ("未报", 0) and records.states["sessions"][0] == "已报"


def test_full_attendance_at_every_session_needs_no_list() -> None:
    """Everybody expected came, so everybody is known."""
    book = changed(without_makeups(实到=4, 缺席人员及原因=None), "学习情况", 2, 缺席人员及原因=None)
    assert set(status(check(as_file(book)), "aa/1").values()) == {"出席"}


def test_a_sign_in_list_gives_each_person_and_what_is_lacking_is_unrecorded() -> None:
    """列席 (the secretary) never counts; figures that differ are told; the list counts."""
    book = changed(right_book(), "学习情况", 1, 缺席人员及原因=None)
    book["签到表"] = [SIGN_IN, [1, "张伟", "出席"], [1, "李娜", "公务"], [1, "王强", "视频"],
                     [1, "孙书", "出席"]]  # fmt: skip
    records = check(as_file(book))
    assert status(records, "aa/1") == dict(
        zip(MARCH, ["出席", "公务假", "视频", "未记"], strict=True)
    )
    assert places(records) == [
        ("sign_in_guest", "学习情况", "R2"),
        ("sign_in_figures", "学习情况", "R2"),
        ("sign_in_gap", "签到表", "A2"),
    ]


def test_strangers_and_wrong_numbers_in_a_sign_in_list_stay_out() -> None:
    """Each with its code; the same row twice is counted once, another status refused."""
    book = without_makeups()
    everyone = [[1, name, "出席"] for name in MARCH]
    book["签到表"] = [SIGN_IN, *everyone, [1, "陌生人", "出席"], [9, "张伟", "出席"],
                     [1, "张伟", "缺席"], [1, "李娜", "出席"]]  # fmt: skip
    book["学习情况"][1][16] = 4
    records = check(as_file(book))
    assert sorted(places(records)) == [
        ("duplicate", "签到表", "B9"),
        ("not_on_roster", "签到表", "B6"),
        ("session_reference", "签到表", "A7"),
        ("sign_in_twice", "签到表", "B8"),
    ]
    assert set(status(records, "aa/1").values()) == {"出席"}
    assert records.states["attendance"] == ("已报", 3)


def test_one_missing_member_is_told_once_with_the_number_of_cells() -> None:
    """Four rows name 张小丰: one issue, four rows refused, and the name it may be."""
    book = small(*(session(n, D(2023, 3, n)) for n in (1, 2, 3, 4)))
    book["成员名单"].append(["张小凤", None, "学习秘书", "否", "否", D(2020, 1, 1), None])
    book["签到表"] = [SIGN_IN, *([n, "张小丰", "出席"] for n in (1, 2, 3, 4))]
    records = check(as_file(book))
    (issue,) = issues(records, "not_on_roster")
    assert issue.cell == "B2" and "“张小丰”不在成员名单中，是否为“张小凤”？" in issue.found
    assert "另有3处：签到表B3、签到表B4、签到表B5" in issue.found
    assert records.states["attendance"][1] == 4


def test_a_cancelled_session_with_attendance_is_told() -> None:
    """Its figures or its sign-in list speak against 是否取消; no attendance is made of it."""
    book = small(
        session(1, D(2023, 3, 1)),
        session(2, D(2023, 3, 2), "其他", 是否取消="是"),
        session(3, D(2023, 3, 3), "另外", 是否取消="是", 应到=None, 实到=None),
    )
    book["签到表"] = [SIGN_IN, [3, "张伟", "出席"], *([1, name, "出席"] for name in MARCH)]
    records = check(as_file(book))
    assert places(records, "cancelled_attended") == [
        ("cancelled_attended", "学习情况", "O3"), ("cancelled_attended", "学习情况", "O4"),
    ]  # fmt: skip
    assert {row["session_id"] for row in records.rows["attendance"]} == {"aa/1"}


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        ([1, "张伟", D(2023, 3, 20), None], "makeup_present", "B3"),
        ([1, "钱进", D(2023, 3, 20), None], "not_on_roster", "B3"),
        ([1, "孙书", D(2023, 3, 20), None], "makeup_unlisted", "B3"),
        ([9, "李娜", D(2023, 3, 20), None], "session_reference", "A3"),
        ([3, "李娜", D(2023, 9, 20), None], "session_reference", "A3"),  # cancelled
        ([1, "李娜", D(2023, 3, 20), "笔记"], "duplicate", "B3"),
        ([1, "李娜", D(2023, 4, 20), "笔记"], "rows_contradict", "B3"),
    ],
)
def test_a_makeup_that_cannot_be_stays_out(row: list[Any], code: str, cell: str) -> None:
    """The row of the right makeup stands beside it."""
    book = right_book()
    book["补学记录"].append(row)
    records = check(as_file(book))
    assert places(records) == [(code, "补学记录", cell)]
    assert sum(bool(r["makeup_on"]) for r in records.rows["attendance"]) == 1
    assert records.states["attendance"][1] == (code != "duplicate")


def test_a_makeup_before_its_session_is_refused_with_both_days() -> None:
    """On the session's own day it is none the less a makeup."""
    book = right_book()
    book["补学记录"][1][2] = D(2023, 3, 7)
    (issue,) = issues(check(as_file(book)))
    assert (issue.code, issue.cell) == ("makeup_before_session", "C2")
    assert "2023-03-07" in issue.found and "2023-03-08" in issue.found
    book["补学记录"][1][2] = D(2023, 3, 8)
    assert issues(check(as_file(book))) == []


def test_a_host_and_a_speaker_who_were_not_there_are_told_of() -> None:
    """书面 speeches need nobody present; 视频 is presence; both rows enter."""
    book = small(session(1, D(2023, 3, 1), 实到=2, 缺席人员及原因="张伟（公务）、李娜"))
    book["研讨发言"] = [SPEECHES, [1, "李娜", "重点", "有", 1], [1, "张伟", "书面", "有", 2],
                       [1, "王强", "重点", "无", 3]]  # fmt: skip
    records = check(as_file(book))
    assert places(records) == [
        ("host_absent", "学习情况", "J2"), ("speaker_absent", "研讨发言", "B2"),
    ]  # fmt: skip
    assert len(records.rows["speeches"]) == 3 and one(records, "aa/1")["host_id"] == "aa/张伟"


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        ([9, "张伟", "重点", "有", 1], "session_reference", "A4"),
        ([3, "张伟", "重点", "有", 1], "session_reference", "A4"),  # cancelled
        ([1, "陌生人", "重点", "有", 3], "not_on_roster", "B4"),
        ([1, "钱进", "重点", "有", 3], "not_on_roster", "B4"),  # not yet a member
        ([1, "张伟", "重点", "有", 1], "rows_contradict", "B4"),
        ([1, "张伟", "领学", "有", 1], "duplicate", "B4"),
    ],
)
def test_a_speech_that_cannot_be_stays_out(row: list[Any], code: str, cell: str) -> None:
    """The two right speeches stand; the office's ratings are still open."""
    book = right_book()
    book["研讨发言"].append(row)
    records = check(as_file(book))
    assert places(records) == [(code, "研讨发言", cell)]
    speeches = records.rows["speeches"]
    assert [(s["person_id"], s["seq"], s["type"]) for s in speeches] == [
        ("aa/张伟", 1, "领学"), ("aa/赵敏", 2, "重点"),
    ]  # fmt: skip
    assert {s["linked_to_practice"] for s in speeches} == {"未评"}
    assert records.states["speeches"] == ("已报", int(code != "duplicate"))


def test_reports_are_a_row_for_each_session_held_and_none_if_left_blank() -> None:
    """Due by the rule, which no row repeats; “未报送” says 零, a blank column says nothing."""
    rows = check(as_file(right_book())).rows["session_reports"]
    assert [row["due_on"] for row in rows] == [None, None]
    assert [row["received_on"] for row in rows] == [D(2023, 3, 10), None]
    for said, expected in ((None, []), ("未报送", [None, None])):
        book = right_book()
        for number in (1, 2):
            book = changed(book, "学习情况", number, 报告报送日期=said, 退回次数=None)
        rows = check(as_file(book)).rows["session_reports"]
        assert [row["received_on"] for row in rows] == expected


def test_a_report_before_its_session_is_refused_and_one_not_yet_due_is_told() -> None:
    """Due on 2 January, after the cutoff of 31 December, and not received."""
    book = small(session(1, D(2023, 12, 26), 报告报送日期="未报送"),
                 session(2, D(2023, 3, 8), 报告报送日期=D(2023, 3, 7)))  # fmt: skip
    records = check(as_file(book))
    assert places(records) == [
        ("report_before_session", "学习情况", "S3"), ("report_not_due", "学习情况", "S2"),
    ]  # fmt: skip
    assert one(records, "aa/2", "session_reports")["received_on"] is None


def test_empty_cells_that_say_something_keep_their_state() -> None:
    """不适用 and “无” are told apart from blanks, by table, row and column."""
    book = small(session(1, D(2023, 3, 8), 学时="不适用", 计划外依据="无", 联学编号=None))
    found = {
        (r["table"], r["row_key"], r["column"]): (r["state"], r["source_row"])
        for r in check(as_file(book)).rows["value_states"]
    }
    assert found == {
        ("sessions", "aa/1", "hours"): ("不适用", 2),
        ("sessions", "aa/1", "ad_hoc_basis"): ("零", 2),
    }
