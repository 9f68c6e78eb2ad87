"""The office's own workbook: read sheet by sheet, then looked up in the units' records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent / "across"))

from across_support import GROUP, D, Sent, parameters, settled

from reportkit.errors import SubmissionError
from reportkit.params import YearParams
from reportkit.records.identity import unit_by_name
from reportkit.records.issues import Log
from reportkit.records.office import OfficeRecords, read_office
from reportkit.records.opening import Grid
from reportkit.records.schemas import TABLES

FILE = "checks/2023.xlsx"
Sheets = dict[str, list[list[Any]]]
SYSTEMS = ("学习组织", "学习计划", "考勤签到")


def office_of(sheets: Sheets, params: YearParams | None = None) -> OfficeRecords:
    """Read sheets as an import does."""
    grids = [Grid(name, [["" if c is None else c for c in row] for row in rows])
             for name, rows in sheets.items()]  # fmt: skip
    return read_office(grids, unit_by_name(GROUP), params or parameters(), Log(FILE))


def issues(office: OfficeRecords) -> list[tuple[str, str | None, str | None]]:
    """(code, sheet, cell) of all that was said."""
    return [(i.code, i.sheet, i.cell) for i in office.log.issues]


def values(office: OfficeRecords, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of a table; every row has exactly the columns of the schema."""
    for row in office.rows[table]:
        assert set(row) == set(TABLES[table].column_names)
        assert row["source_file"] == FILE
    return [tuple(row[c] for c in columns) for row in office.rows[table]]


# --- checks ---


def test_archive_checks_by_unit_and_item() -> None:
    """A blank is 未查, as is an item without a column; rows that name no unit are refused."""
    office = office_of({"档案核查": [
        ["单位", "研讨发言簿", "签到簿"],
        ["BB", "缺", "有"],
        ["aa公司", None, "齐全"],
        ["没有的公司", "有", "有"],
        ["AA", "有", "有"],
        ["CC", "大概有", "不适用"],
    ]})  # fmt: skip
    assert values(office, "archive_checks", "unit_id", "item", "state", "source_row") == [
        ("bb", "签到簿", "有", 2), ("bb", "学习记录簿", "未查", 2), ("bb", "研讨发言簿", "缺", 2),
        ("aa", "签到簿", "有", 3), ("aa", "学习记录簿", "未查", 3), ("aa", "研讨发言簿", "未查", 3),
        ("cc", "签到簿", "不适用", 6), ("cc", "学习记录簿", "未查", 6),
        ("cc", "研讨发言簿", "未查", 6),
    ]  # fmt: skip
    assert set(issues(office)) == {
        ("no_column", "档案核查", None), ("unit_name", "档案核查", "A4"),
        ("rows_contradict", "档案核查", "A5"), ("bad_choice", "档案核查", "B6"),
        ("corrected_choice", "档案核查", "C3"),
    }  # fmt: skip
    assert office.refused == 2
    assert office.checked_units("archive_checks") == {"bb": 2, "aa": 1, "cc": 1}


def test_the_same_row_again_counts_once() -> None:
    """A repetition is no contradiction."""
    office = office_of({"档案核查": [
        ["单位", "签到簿", "学习记录簿", "研讨发言簿"], ["AA", "有", "有", "有"],
        ["aa公司", "有", "有", "有"],
    ]})  # fmt: skip
    assert issues(office) == [("duplicate", "档案核查", "A3")]
    assert len(office.rows["archive_checks"]) == 3 and office.refused == 0


def test_system_checks_are_numbered_as_in_the_parameters() -> None:
    """One row for each system, from 1, whatever the order of the columns."""
    office = office_of(
        {"制度核查": [["单位", "考勤签到", "学习组织"], ["AA", "已执行", "已建立"]]},
        parameters(systems=SYSTEMS),
    )
    assert values(office, "system_checks", "system_no", "system", "state", "year") == [
        (1, "学习组织", "已建", 2023), (2, "学习计划", "未查", 2023),
        (3, "考勤签到", "已执行", 2023),
    ]  # fmt: skip
    assert office.checked_units("system_checks") == {"aa": 2}
    assert ("no_column", "制度核查", None) in issues(office)


def test_a_unit_that_was_not_in_the_year_is_refused() -> None:
    """Its cell is named; the other rows stay."""
    office = read_office(
        [Grid("旁听结对", [["组别", "单位"], [1, "OLD"], [1, "AA"]])],
        unit_by_name(GROUP), parameters(year=2024, cutoff=D(2024, 12, 31),
                                        issued_on=D(2025, 1, 8)), Log(FILE),
    )  # fmt: skip
    assert issues(office) == [("unit_name", "旁听结对", "B2")]
    assert "2024年不存在" in office.log.issues[0].found
    assert values(office, "pairings", "year", "group_no", "unit_id") == [(2024, "1", "aa")]


def test_pairings_confirmations_and_objections_are_kept_as_they_stand() -> None:
    """Each with its key; a unit twice in one group counts once, two objections are two."""
    office = office_of({
        "旁听结对": [["组别", "单位"], [1, "AA"], [1, "BB"], [1, "AA"], [2, "AA"]],
        "数据确认": [["单位", "发出日期", "确认人", "确认日期", "免于确认的理由"],
                 ["AA", "2024-01-02", "党群部主任", "2024-01-05", None],
                 ["BB", "2024-01-02", None, "未确认", None]],
        "异议": [["序号", "单位", "涉及文件", "收到日期", "异议内容", "答复", "答复日期",
                "更正情况"],
               [1, "AA", "通报", "2024-01-10", "第3次应计入", None, None, None],
               [2, "AA", "通报", "2024-01-11", "另一处", "已更正", "2024-01-12", "改为5次"]],
    })  # fmt: skip
    assert values(office, "pairings", "group_no", "unit_id") == [
        ("1", "aa"), ("1", "bb"), ("2", "aa"),
    ]  # fmt: skip
    assert values(office, "confirmations", "unit_id", "snapshot", "confirmed_by",
                  "confirmed_on") == [
        ("aa", None, "党群部主任", D(2024, 1, 5)), ("bb", None, None, None),
    ]  # fmt: skip
    assert values(office, "objections", "objection_id", "unit_id", "answered_on",
                  "correction") == [
        ("2023/1", "aa", None, None), ("2023/2", "aa", D(2024, 1, 12), "改为5次"),
    ]  # fmt: skip
    assert [i for i in issues(office) if i[0] == "duplicate"] == [("duplicate", "旁听结对", "B4")]
    assert office.checked_units("pairings") == {"aa": 2, "bb": 1}


def test_a_sheet_that_fails_harms_no_other() -> None:
    """A missing column refuses its sheet; what is no sheet of the office's is said."""
    office = office_of({
        "旁听结对": [["组别", "公司"], [1, "AA"]],
        "数据确认": [["单位", "确认人"], ["AA", "主任"]],
        "随手记": [["备忘"]], "空表": [[None]],
    })  # fmt: skip
    assert [c[:2] for c in issues(office)] == [("file", "旁听结对"), ("extra_sheet", "随手记")]
    assert len(office.rows["confirmations"]) == 1 and office.rows["pairings"] == []


def test_a_workbook_without_any_of_the_sheets_is_refused() -> None:
    """It may be a unit's workbook in the wrong folder."""
    with pytest.raises(SubmissionError, match="没有一张核查表"):
        office_of({"学习情况": [["序号"], [1]]})


def test_sheets_of_metrics_that_are_switched_off_are_said_to_be_unused() -> None:
    """They are read all the same; a sheet without rows says nothing."""
    sheets: Sheets = {
        "笔记抽查": [["单位", "姓名", "抽查日期", "评价"], ["AA", "张伟", "2023-05-05", "好"]],
        "旁听结对": [["组别", "单位"], [1, "AA"]],
        "发言评议": [["单位", "学习序号", "姓名", "是否联系实际", "有无具体措施"]],
    }
    off = office_of(sheets, parameters(switched_off=("M13", "M15", "M19")))
    assert sorted(issues(off)) == [("sheet_off", "旁听结对", None), ("sheet_off", "笔记抽查", None)]
    assert len(off.rows["pairings"]) == 1 and len(off.pending["note_checks"]) == 1
    assert issues(office_of(sheets, parameters(switched_off=()))) == []


# --- looked up in the units' records ---


def test_a_note_check_finds_its_person_by_the_day() -> None:
    """By name or number; somebody who was not in the group that day is refused."""
    a = Sent("aa").member("张伟", "77").member("王强", until=D(2023, 6, 30))
    office = office_of({"笔记抽查": [
        ["单位", "姓名", "抽查日期", "评价"],
        ["AA", "张伟", "2023-05-05", "好"],
        ["AA", "77", "2023-09-05", "潦草"],
        ["AA", "王强", "2023-06-30", "一般"],
        ["AA", "王强", "2023-07-01", "一般"],
        ["AA", "赵敏", "2023-05-05", "一般"],
        ["BB", "张伟", "2023-05-05", "一般"],
        ["AA", "张伟", "2023-05-05", "好"],
        ["AA", "张伟", "2023-05-05", "一般"],
    ]}, parameters(switched_off=()))  # fmt: skip
    settled(a, office=office)
    assert values(office, "note_checks", "unit_id", "person_id", "checked_on", "grade") == [
        ("aa", "77", D(2023, 5, 5), "好"), ("aa", "77", D(2023, 9, 5), "简单潦草"),
        ("aa", "aa/王强", D(2023, 6, 30), "一般"),
    ]  # fmt: skip
    assert [i for i in issues(office) if not i[0].startswith("corrected")] == [
        ("not_on_roster", "笔记抽查", "B5"), ("not_on_roster", "笔记抽查", "B6"),
        ("not_on_roster", "笔记抽查", "B7"), ("duplicate", "笔记抽查", "B8"),
        ("rows_contradict", "笔记抽查", "B9"),
    ]  # fmt: skip
    assert office.refused == 4


def test_speech_ratings_go_into_all_speeches_of_the_person_at_the_session() -> None:
    """A blank rating leaves 未评; what cannot be found is refused with its cell."""
    a = Sent("aa").member("张伟").member("李娜")
    a.session(1, D(2023, 3, 8)).session(2, D(2023, 4, 8)).session(3, D(2023, 5, 8), cancelled=True)
    a.speech(1, "张伟").speech(1, "张伟", 2).speech(1, "李娜", 3).speech(2, "张伟")
    office = office_of({"发言评议": [
        ["单位", "学习序号", "姓名", "是否联系实际", "有无具体措施"],
        ["AA", 1, "张伟", "是", "无"],
        ["AA", 2, "张伟", None, "有"],
        ["AA", 2, "李娜", "是", "是"],
        ["AA", 3, "张伟", "是", "是"],
        ["AA", 9, "张伟", "是", "是"],
        ["AA", 1, "张伟", "否", "否"],
    ]})  # fmt: skip
    settled(a, office=office)
    assert [(r["linked_to_practice"], r["has_measures"]) for r in a.part.rows["speeches"]] == [
        ("是", "否"), ("是", "否"), ("未评", "未评"), ("未评", "是"),
    ]  # fmt: skip
    assert [i for i in issues(office) if not i[0].startswith("corrected")] == [
        ("speech_missing", "发言评议", "C4"), ("session_reference", "发言评议", "B5"),
        ("session_reference", "发言评议", "B6"), ("rows_contradict", "发言评议", "C7"),
    ]  # fmt: skip


def test_a_number_that_two_quarterly_files_use_is_not_guessed() -> None:
    """Unless the person spoke at only one of the two sessions."""
    a = Sent("aa").member("张伟").member("李娜").session(1, D(2023, 3, 8))
    a.session("2023Q2-1", D(2023, 4, 8)).speech(1, "张伟").speech("2023Q2-1", "张伟")
    a.speech("2023Q2-1", "李娜")
    office = office_of({"发言评议": [
        ["单位", "学习序号", "姓名", "是否联系实际", "有无具体措施"],
        ["AA", 1, "张伟", "是", "是"], ["AA", 1, "李娜", "是", "是"],
        ["AA", "2023Q2-1", "张伟", "否", "否"],
    ]})  # fmt: skip
    settled(a, office=office)
    assert [r["has_measures"] for r in a.part.rows["speeches"]] == ["未评", "否", "是"]
    assert issues(office) == [("session_reference", "发言评议", "B2")]
    assert "aa/1、aa/2023Q2-1" in office.log.issues[0].found


def test_a_rating_of_a_session_that_counts_with_a_predecessor_finds_its_speech() -> None:
    """The office may know the session by either unit's number."""
    old = Sent("old").member("张伟").session(1, D(2023, 3, 8)).speech(1, "张伟")
    a = Sent("aa").member("张伟").session(7, D(2023, 3, 8)).speech(7, "张伟")
    office = office_of({"发言评议": [
        ["单位", "学习序号", "姓名", "是否联系实际", "有无具体措施"],
        ["AA", 7, "张伟", "是", "是"],
    ]})  # fmt: skip
    settled(old, a, office=office)
    assert old.part.rows["speeches"][0]["has_measures"] == "是"
    assert issues(office) == []


def test_visit_ratings_find_the_visit_by_either_side_s_date() -> None:
    """A visit that nobody reported, and one with itself, are refused."""
    a = Sent("aa").visit("旁听", "bb", D(2023, 4, 9)).visit("旁听", "cc", D(2023, 5, 9))
    b = Sent("bb").visit("被旁听", "aa", D(2023, 4, 12))
    office = office_of({"旁听评价": [
        ["旁听单位", "被旁听单位", "旁听日期", "评价"],
        ["AA", "BB", "2023-04-09", "优秀"],
        ["AA", "CC", "2023-05-09", "良好"],
        ["AA", "BB", "2023-04-10", "优秀"],
        ["BB", "AA", "2023-04-12", "优秀"],
        ["AA", "AA", "2023-04-12", "优秀"],
        ["AA", "BB", "2023-04-12", "差"],
    ]})  # fmt: skip
    settled(a, b, Sent("cc"), office=office)
    assert {r["host_unit"]: r["ratings"] for r in a.part.rows["visits"]} == {
        "bb": "优秀", "cc": "较好",
    }  # fmt: skip
    assert [i for i in issues(office) if not i[0].startswith("corrected")] == [
        ("visit_self", "旁听评价", "B6"), ("visit_missing", "旁听评价", "C4"),
        ("visit_missing", "旁听评价", "C5"), ("rows_contradict", "旁听评价", "C7"),
    ]  # fmt: skip
    assert office.refused == 4
