"""What shows only when a whole year is imported: to be moved to their own modules."""

from __future__ import annotations

from collections import Counter

import pytest
from records_support import YEAR, Book, D, Home, of, refusals, right_book


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
    assert report.ok and "shared_staff_number" in {i.code for i in of(report, "warned")}
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


def test_a_file_that_cannot_be_opened_is_still_its_unit_s(home: Home) -> None:
    """By its name: the unit is told that its file was refused, not that none was received."""
    home.put_bytes(b"no workbook", "aa.xlsx")
    (entry,) = home.run().files
    assert (entry.unit_id, entry.state) == ("aa", "refused")


def test_the_office_s_reasons_for_absence_hold_at_the_next_import(home: Home) -> None:
    """A word moved in params/2023.yml changes the status, in both sheets that tell one."""
    book = right_book()
    book["学习情况"][1][17] = "李娜（援疆）"
    book["签到表"] = [
        ["学习序号", "姓名", "状态"],
        *([2, n, "出席"] for n in ("李娜", "赵敏", "钱进")),
    ]
    book["签到表"].append([2, "张伟", "援疆"])
    home.put(book)
    path, told = home.root / "params" / "2023.yml", []
    for absence in ("", "absence: {病事假: [援疆]}\n", "absence: {公务假: [出差]}\n"):
        path.write_text(f"{YEAR}{absence}", encoding="utf-8")
        report = home.run()
        rows = home.table("attendance").set_index(["session_id", "person_id"])["status"]
        told.append([rows.get(("aa/1", "aa/李娜")), rows.get(("aa/2", "aa/张伟"))])
    assert told == [["公务假"] * 2, ["病事假"] * 2, ["请假（原因不明）", "未记"]]
    assert {(i.code, i.cell) for i in report.issues} >= {
        ("corrected_absent", "R2"),
        ("bad_choice", "C5"),
    }


def _spoilt(sheet: str, row: int, column: int) -> Book:
    """Three sessions more with all there; one cell of the book cannot be read."""
    book = right_book()
    for n in (4, 5, 6):
        day = D(2023, 4, n)
        book["学习情况"].append([
            n, day, day, 2, "集体学习", "集体学习", "讲座", f"讲座{n}", None, "张伟", 2, None, None,
            "否", "否", 4, 4, "无", "未报送", None,
        ])  # fmt: skip
    book[sheet][row][column] = "不详"
    return book


@pytest.mark.parametrize(("at", "cell", "told"), [
    (("成员名单", 2, 5), "F3", [
        "5次学习的考勤因此未记（学习情况R2、学习情况R3、学习情况R5等）",
        "1次学习的主持人因此按未报（学习情况J3）",
        "1行因此未采用（补学记录B2）",
    ]),
    (("学习情况", 1, 1), "B2", ["3行因此未采用（补学记录A2、研讨发言A2、研讨发言A3）"]),
    (("计划内容", 2, 1), "B3", ["3处因此未采用（学习情况K5、学习情况K6、学习情况K7）"]),
])  # fmt: skip
def test_what_hangs_on_a_refused_row_is_told_once_at_its_cell(
    home: Home, at: tuple[str, int, int], cell: str, told: list[str]
) -> None:
    """The cause first; then one line for each kind of thing, and nothing of it elsewhere."""
    home.put(_spoilt(*at))
    issues = [i for i in home.run().issues if i.sheet]
    cause, *others = [(i.sheet, i.cell, i.found) for i in issues]
    assert cause[:2] == (at[0], cell) and cause[2].endswith("：不详")
    assert sorted(others) == sorted((at[0], cell, f"{at[0]} {cell}：{text}") for text in told)


def test_a_copy_of_a_file_is_told_in_one_line(home: Home) -> None:
    """Four sheets repeat the other file: one duplicate with the rows of each."""
    home.put()
    home.put(name="aa 副本.xlsx")
    (issue,) = [i for i in home.run().issues if i.code == "duplicate"]
    assert issue.found.startswith("“学习情况”有3行、“补学记录”有1行、“研讨发言”有2行")


def test_cells_that_cannot_be_read_in_one_column_leave_attendance_open_in_one_line(
    home: Home,
) -> None:
    """Three lists of the absent are unclear: three cells told, and once what follows."""
    book = _spoilt("学习情况", 4, 17)
    book["学习情况"][5][17] = book["学习情况"][6][17] = "张伟、李娜（出差）"
    home.put(book)
    codes = Counter(i.code for i in home.run().issues if i.cell)
    assert codes == {"bad_absent": 3, "attendance_unrecorded": 1}
