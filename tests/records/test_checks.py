"""What a row must agree with before it enters, worked by hand on one small unit."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from records_support import SESSION_HEADER, Book, Home, of, refusals, right_book

D = dt.date
ROSTER_MARCH = ["aa/张伟", "aa/李娜", "aa/王强", "aa/赵敏"]
ROSTER_AUGUST = ["aa/张伟", "aa/李娜", "aa/赵敏", "aa/钱进"]  # 王强 left on 30 June


def column(name: str) -> int:
    return SESSION_HEADER.index(name)


def session(book: Book, number: int, **cells: Any) -> list[Any]:
    """Change cells of one session of the book by their headers."""
    row = book["学习情况"][number]
    for name, value in cells.items():
        row[column(name)] = value
    return row


def attendance(home: Home, number: int) -> dict[str, str]:
    frame = home.table("attendance")
    mine = frame[frame.session_id == f"aa/{number}"]
    return dict(zip(mine.person_id, mine.status, strict=True))


# --- attendance ---


def test_a_list_of_the_absent_expands_over_the_roster_of_the_day(home: Home) -> None:
    home.put()
    assert home.run().ok
    # session 1, 8 March: four expected, 李娜 on official business
    assert attendance(home, 1) == dict(
        zip(ROSTER_MARCH, ["出席", "公务假", "出席", "出席"], strict=True)
    )
    # session 2, 9 August: 王强 has left, 钱进 has come; the secretary never counts
    assert attendance(home, 2) == dict.fromkeys(ROSTER_AUGUST, "出席")
    assert attendance(home, 3) == {}  # cancelled
    frame = home.table("attendance")
    makeup = frame[frame.makeup_on.notna()]
    assert list(makeup.person_id) == ["aa/李娜"] and list(makeup.makeup_evidence) == ["笔记"]


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
    home: Home, cells: dict[str, Any], words: str
) -> None:
    book = right_book()
    book["补学记录"] = book["补学记录"][:1]
    session(book, 1, **cells)
    home.put(book)
    report = home.run()
    assert report.ok
    (issue,) = of(report, "warned")
    assert words in issue.found and (issue.sheet, issue.cell) == ("学习情况", "R2")
    assert attendance(home, 1) == dict.fromkeys(ROSTER_MARCH, "未记")
    assert set(attendance(home, 2).values()) == {"出席"}


@pytest.mark.parametrize("name", ["陌生人", "钱进", "孙书"])
def test_somebody_absent_who_was_not_expected_is_refused(home: Home, name: str) -> None:
    book = right_book()
    book["补学记录"] = book["补学记录"][:1]
    session(book, 1, 缺席人员及原因=f"{name}（公务）")
    home.put(book)
    report = home.run()
    ((sheet, cell, found),) = refusals(report)
    assert (sheet, cell) == ("学习情况", "R2") and name in found
    assert set(attendance(home, 1).values()) == {"未记"}


def test_more_present_than_expected_refuses_both_figures(home: Home) -> None:
    book = right_book()
    book["补学记录"] = book["补学记录"][:1]
    session(book, 1, 应到=4, 实到=5)
    home.put(book)
    report = home.run()
    assert [c for _, c, _ in refusals(report)] == ["P2", "Q2"]
    row = home.table("sessions").iloc[0]
    assert row[["expected", "present"]].isna().all()
    assert set(attendance(home, 1).values()) == {"未记"}


def test_counts_without_any_name_give_figures_and_no_attendance(home: Home) -> None:
    book = right_book()
    book["补学记录"] = book["补学记录"][:1]
    session(book, 1, 缺席人员及原因=None)
    session(book, 2, 缺席人员及原因=None)
    home.put(book)
    report = home.run()
    assert report.ok and report.tables["attendance"] == 0
    assert list(home.table("sessions").present.dropna()) == [3, 4]
    states = home.table("submissions").set_index(["unit_id", "table"]).state
    assert states["aa", "attendance"] == "未报" and states["aa", "sessions"] == "已报"


def test_full_attendance_at_every_session_needs_no_list(home: Home) -> None:
    book = right_book()
    book["补学记录"] = book["补学记录"][:1]
    session(book, 1, 实到=4, 缺席人员及原因=None)
    session(book, 2, 缺席人员及原因=None)
    home.put(book)
    assert home.run().ok
    assert set(attendance(home, 1).values()) == {"出席"}


def sign_in(book: Book, *rows: list[Any]) -> None:
    book["签到表"] = [["学习序号", "姓名", "状态"], *rows]


def test_a_sign_in_list_gives_each_person_and_what_is_lacking_is_unrecorded(home: Home) -> None:
    book = right_book()
    session(book, 1, 缺席人员及原因=None)
    sign_in(
        book, [1, "张伟", "出席"], [1, "李娜", "公务"], [1, "王强", "视频"], [1, "孙书", "出席"]
    )
    home.put(book)
    report = home.run()
    assert report.ok
    assert attendance(home, 1) == dict(
        zip(ROSTER_MARCH, ["出席", "公务假", "视频", "未记"], strict=True)
    )
    codes = [i.code for i in of(report, "warned")]
    assert codes == ["sign_in_guest", "sign_in_figures", "sign_in_gap"]


def test_a_sign_in_of_a_stranger_or_at_no_session_is_refused(home: Home) -> None:
    book = right_book()
    book["补学记录"] = book["补学记录"][:1]
    everyone = [[1, name, "出席"] for name in ("张伟", "李娜", "王强", "赵敏")]
    sign_in(book, *everyone, [1, "陌生人", "出席"], [9, "张伟", "出席"], [1, "张伟", "缺席"])
    home.put(book)
    report = home.run()
    assert {(s, c) for s, c, _ in refusals(report)} == {
        ("签到表", "B6"), ("签到表", "A7"), ("签到表", "B8"),
    }  # fmt: skip
    assert set(attendance(home, 1).values()) == {"出席"}


@pytest.mark.parametrize(
    ("row", "cell"),
    [([1, "张伟", D(2023, 3, 20), None], "B3"), ([1, "李娜", D(2023, 3, 1), None], "C3"),
     ([9, "李娜", D(2023, 3, 20), None], "A3"), ([1, "陌生人", D(2023, 3, 20), None], "B3"),
     ([1, "李娜", D(2023, 3, 21), None], "B3")],
)  # fmt: skip
def test_a_makeup_that_makes_nothing_up_is_refused(home: Home, row: list[Any], cell: str) -> None:
    book = right_book()
    book["补学记录"].append(row)
    home.put(book)
    assert [(s, c) for s, c, _ in refusals(home.run())] == [("补学记录", cell)]


# --- roster ---


def member(name: str, number: Any = None, first: dt.date | None = None) -> list[Any]:
    return [name, number, "成员", "是", "否", first or D(2020, 1, 1), None]


def test_two_people_of_one_name_without_staff_number_are_refused(home: Home) -> None:
    book = right_book()
    book["成员名单"].append(member("赵敏"))
    home.put(book)
    report = home.run()
    assert {(s, c) for s, c, _ in refusals(report) if s == "成员名单"} == {
        ("成员名单", "A5"), ("成员名单", "A8"),
    }  # fmt: skip
    assert "aa/赵敏" not in set(home.table("members").person_id)


def test_two_people_of_one_name_with_staff_numbers_stand_and_are_named_by_number(
    home: Home,
) -> None:
    book = right_book()
    book["成员名单"][4][1] = 7001
    book["成员名单"].append(member("赵敏", "7002"))
    session(book, 1, 应到=5, 实到=4)
    session(book, 2, 应到=5, 实到=4, 缺席人员及原因="7002（病假）")
    book["研讨发言"][2][1] = "赵敏"
    home.put(book)
    report = home.run()
    ((sheet, cell, found),) = refusals(report)
    assert (sheet, cell) == ("研讨发言", "B3") and "工号" in found
    assert attendance(home, 2)["7002"] == "病事假" and attendance(home, 2)["7001"] == "出席"


def test_one_person_with_two_terms_that_do_not_overlap_is_one_person(home: Home) -> None:
    book = right_book()
    book["成员名单"].append(member("王强", None, D(2023, 10, 1)))
    home.put(book)
    assert home.run().ok
    members = home.table("members")
    assert (members.person_id == "aa/王强").sum() == 2


def test_one_staff_number_for_two_names_is_refused(home: Home) -> None:
    book = right_book()
    book["成员名单"][1][1] = book["成员名单"][2][1] = "8"
    home.put(book)
    report = home.run()
    assert ("成员名单", "B3") in {(s, c) for s, c, _ in refusals(report)}


def test_staff_numbers_that_each_unit_gave_itself_do_not_join_strangers(home: Home) -> None:
    book = right_book()
    book["成员名单"][1][1] = "001"
    home.put(book)
    other = right_book()
    other["封面"][0][1] = "乙川公司"
    for sheet in other.values():
        for row in sheet:
            row[:] = ["周航" if cell == "张伟" else cell for cell in row]
    other["成员名单"][1][1] = "001"
    home.put(other, "bb.xlsx")
    report = home.run()
    assert report.ok and {i.code for i in of(report, "warned")} == {"shared_staff_number"}
    assert {"aa/001", "bb/001"} <= set(home.table("members").person_id)
    assert "001" not in set(home.table("attendance").person_id)
    assert set(home.table("sessions").host_id.dropna()) >= {"aa/001", "bb/001"}


def test_one_person_in_two_groups_gives_one_account(home: Home) -> None:
    for name, unit in (("aa.xlsx", "甲岭矿业"), ("bb.xlsx", "乙川公司")):
        book = right_book()
        book["封面"][0][1] = unit
        book["成员名单"][1][1] = "G1"
        home.put(book, name)
    report = home.run()
    accounts = home.table("accounts")
    assert list(accounts.person_id) == ["G1"] and list(accounts.unit_id) == ["aa"]
    (issue,) = of(report, "corrected")
    assert issue.unit_id == "bb" and issue.sheet == "述学"


# --- sessions and references ---


def test_a_session_twice_is_counted_once_and_both_rows_are_named(home: Home) -> None:
    book = right_book()
    again = list(book["学习情况"][1])
    again[0] = 4
    book["学习情况"].append(again)
    home.put(book)
    report = home.run()
    assert report.ok and report.tables["sessions"] == 3
    (issue,) = of(report, "corrected")
    assert "第5行" in issue.found and "第2行" in issue.found and issue.cell == "A5"


def test_two_real_sessions_on_one_day_both_count(home: Home) -> None:
    book = right_book()
    again = list(book["学习情况"][1])
    again[0], again[column("学习主题")] = 4, "另一个专题"
    book["学习情况"].append(again)
    home.put(book)
    assert home.run().tables["sessions"] == 4


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"结束日期": D(2023, 3, 7)}, ("C2", "早于")),
        ({"开始日期": D(2022, 3, 8)}, ("B2", "2022")),
        ({"结束日期": D(2024, 1, 2)}, ("C2", "2024")),
        ({"结束日期": "3月9日"}, ("C2", "3月9日")),
        ({"是否取消": "改期"}, ("O2", "改期")),
        ({"序号": 2}, ("A3", "序号 2")),
    ],
)
def test_a_session_that_cannot_be_counted_for_sure_stays_out(
    home: Home, cells: dict[str, Any], found: tuple[str, str]
) -> None:
    book = right_book()
    session(book, 1, **cells)
    home.put(book)
    report = home.run()
    first = next(r for r in refusals(report) if r[0] == "学习情况")
    assert first[1] == found[0] and found[1] in first[2]
    assert report.tables["sessions"] == 2


def test_sessions_outside_the_unit_s_life_are_refused(home: Home) -> None:
    book = right_book()
    book["封面"][0][1] = "丙湾物流"
    home.put(book, "cc.xlsx")  # in being until 30 June
    report = home.run()
    assert [(c) for s, c, _ in refusals(report)] == ["B3", "B4"]
    assert list(home.table("sessions").session_id) == ["cc/1"]


@pytest.mark.parametrize(
    ("sheet", "row", "col", "value", "cell"),
    [
        ("学习情况", 1, 8, "2023-01、2023-99", "I2"),
        ("学习情况", 1, 9, "陌生人", "J2"),
        ("学习情况", 1, 10, 9, "K2"),
        ("学习情况", 1, 18, D(2023, 3, 1), "S2"),
        ("计划内容", 1, 3, "2023-99", "D2"),
        ("述学", 1, 1, D(2022, 12, 20), "B2"),
    ],
)
def test_a_wrong_optional_reference_is_refused_and_its_row_stays(
    home: Home, sheet: str, row: int, col: int, value: Any, cell: str
) -> None:
    home.put()
    before = home.run().tables
    book = right_book()
    book[sheet][row][col] = value
    home.put(book)
    report = home.run()
    assert [(s, c) for s, c, _ in refusals(report)] == [(sheet, cell)]
    assert {**report.tables, "issues": 0} == {**before, "issues": 0}


@pytest.mark.parametrize(
    ("sheet", "row", "cell"),
    [
        ("研讨发言", [9, "张伟", "重点", "有", 1], "A4"),
        ("研讨发言", [3, "张伟", "重点", "有", 1], "A4"),  # cancelled
        ("研讨发言", [1, "陌生人", "重点", "有", 3], "B4"),
        ("研讨发言", [1, "钱进", "重点", "有", 3], "B4"),  # not yet a member
        ("研讨发言", [1, "张伟", "重点", "有", 1], "B4"),  # contradicts row 2
        ("述学", ["陌生人", None, None], "A3"),
        ("述学", ["张伟", D(2023, 12, 1), "一般"], "A3"),
        ("学习计划", ["季度", "2023年3月", None, None], "B5"),
        ("学习计划", ["年度", "2022年", None, None], "B5"),
        ("学习计划", ["年度", "2023年", None, None], "B5"),
        ("计划内容", [3, "2023年", "全年学习", None], "B4"),
        ("计划内容", [1, "2023年5月", "别的", None], "A4"),
        ("经验做法", [2, "制度", "名称", "长" * 201, None], "D3"),
    ],
)
def test_a_row_that_contradicts_the_rest_is_refused_with_its_cell(
    home: Home, sheet: str, row: list[Any], cell: str
) -> None:
    home.put()
    before = home.run().tables
    book = right_book()
    book[sheet].append(row)
    home.put(book)
    report = home.run()
    assert [(s, c) for s, c, _ in refusals(report)] == [(sheet, cell)]
    assert report.rows_refused == 1
    assert {**report.tables, "issues": 0} == {**before, "issues": 0}


def test_reports_are_a_row_for_each_session_held_and_none_if_left_blank(home: Home) -> None:
    home.put()
    home.run()
    reports = home.table("session_reports")
    assert list(reports.due_on.dt.strftime("%m-%d")) == ["03-15", "08-17"]  # end + 7 days
    assert list(reports.received_on.notna()) == [True, False]
    book = right_book()
    for number, said in ((1, None), (2, None)):
        session(book, number, 报告报送日期=said, 退回次数=None)
    home.put(book)
    home.run()
    assert len(home.table("session_reports")) == 0
    book = right_book()
    for number in (1, 2):
        session(book, number, 报告报送日期="未报送", 退回次数=None)
    home.put(book)
    home.run()
    assert list(home.table("session_reports").received_on.notna()) == [False, False]


# --- the office's checks ---


def test_the_office_s_checks_by_unit_and_item(home: Home) -> None:
    home.put_checks([
        ["单位", "研讨发言簿", "签到簿", "备注"],
        ["乙川公司", "缺", "有", "x"],
        ["甲岭矿业", None, "齐全", None],
        ["没有的公司", "有", "有", None],
        ["甲岭矿业有限公司", "有", "有", None],
        ["丙湾物流", "大概有", "不适用", None],
    ])  # fmt: skip
    report = home.run()
    table = home.table("archive_checks")
    assert list(table.unit_id.unique()) == ["aa", "bb", "cc"]
    states = table.set_index(["unit_id", "item"]).state
    assert states["aa", "签到簿"] == "有" and states["aa", "研讨发言簿"] == "未查"
    assert states["bb", "研讨发言簿"] == "缺" and states["bb", "学习记录簿"] == "未查"
    assert states["cc", "研讨发言簿"] == "未查"
    assert {(s, c) for s, c, _ in refusals(report)} == {
        ("档案核查", "A4"), ("档案核查", "A5"), ("档案核查", "B6"),
    }  # fmt: skip
    assert "no_column" in {i.code for i in of(report, "warned")}


def test_the_report_is_json_of_plain_values(home: Home) -> None:
    import json

    home.put()
    home.put_bytes(b"", "bb.xlsx")
    report = json.loads(home.run().to_json())
    assert report["ok"] is False and report["files_refused"] == 1
    assert report["issues"][0]["file"] == "submissions/2023/bb.xlsx"
    assert "/tmp" not in json.dumps(report)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("由欧阳修文牵头建立首讲制度", True),
        ("由张伟同志牵头建立首讲制度", True),
        ("建立首讲制度，联系电话13800138000", True),
        ("由党委书记牵头建立首讲制度", False),
        ("发扬伟大建党精神，紧张伟大", False),  # 张伟 here is no name
    ],
)
def test_practices_name_no_person(home: Home, text: str, refused: bool) -> None:
    """They are quoted in circulars: a member's name, or a telephone, keeps the row out."""
    book = right_book()
    book["成员名单"].append(["欧阳修文", None, "成员", "否", "否", D(2020, 1, 1), None])
    book["经验做法"][1][3] = text
    for number in (1, 2):  # one more on the roster than 应到 says: not what is looked at here
        book["学习情况"][number][column("应到")] += 1
        book["学习情况"][number][column("实到")] += 1
    home.put(book)
    found = [(s, c) for s, c, _ in refusals(home.run())]
    assert found == ([("经验做法", "D2")] if refused else [])
    assert len(home.table("practices")) == (0 if refused else 1)


def test_more_hours_than_its_days_have_are_refused(home: Home) -> None:
    """300 hours on one day: the cell is empty, the session stays."""
    book = right_book()
    session(book, 1, 学时=300)
    home.put(book)
    (cell,) = refusals(home.run())
    assert cell[:2] == ("学习情况", "D2") and "300" in cell[2]
    sessions = home.table("sessions").set_index("session_id")
    assert sessions["hours"].isna()["aa/1"] and len(sessions) == 3


def test_of_two_files_that_of_the_unit_s_own_name_is_taken(home: Home) -> None:
    """`aa (2).xlsx` sorts first, and is still the one that is refused."""
    home.put(right_book(), "aa (2).xlsx")
    home.put(right_book(), "aa.xlsx")
    report = home.run()
    states = {f.file.rpartition("/")[2]: f.state for f in report.files}
    assert states == {"aa (2).xlsx": "refused", "aa.xlsx": "accepted"}
    (issue,) = of(report, "refused")
    assert "aa.xlsx" in issue.action


def test_a_file_that_cannot_be_opened_is_still_its_unit_s(home: Home) -> None:
    """By its name: the unit is told that its file was refused, not that none was received."""
    home.put_bytes(b"no workbook", "aa.xlsx")
    (entry,) = home.run().files
    assert (entry.unit_id, entry.state) == ("aa", "refused")
