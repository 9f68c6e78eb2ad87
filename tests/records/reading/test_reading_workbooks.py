"""Workbooks as people send them: read by header, refused with sheet and cell."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from io import BytesIO
from typing import Any

import pytest
from records_support import SESSION_HEADER, Home, of, refusals, right_book, to_bytes


def test_a_right_workbook_is_read_whole_without_any_issue(home: Home) -> None:
    home.put()
    report = home.run()
    assert report.ok and report.issues == ()
    assert [f.state for f in report.files] == ["accepted"]
    assert report.units_missing == ("bb", "cc")
    assert report.tables["sessions"] == 3 and report.tables["attendance"] == 8


def test_title_rows_order_extra_columns_blank_lines_and_notes_do_not_matter(home: Home) -> None:
    home.put()
    plain = home.run()
    rows = home.table("sessions").drop(columns=["source_row"])
    book = right_book()
    table = book["学习情况"]
    table = [[*reversed(row), "备忘"] for row in table]
    table = [["丙集团学习情况登记表"], ["填报单位：甲岭"], [], table[0], [], *table[1:], []]
    table += [["合计", None, 14], ["注：含读书班。"], ["填表人：张伟", None, None, "审核人：李娜"]]
    table[-3] = [None] * 19 + ["合计"]
    book["学习情况"] = table
    home.put(book)
    report = home.run()
    assert refusals(report) == []
    assert home.table("sessions").drop(columns=["source_row"]).equals(rows)
    assert [(i.code, i.cell) for i in of(report, "warned")] == [("extra_column", "U4")]
    assert report.digest != plain.digest  # the rows stand elsewhere now


def test_synonyms_of_headers_and_sheets_are_known(home: Home) -> None:
    book = right_book()
    book["学习情况登记"] = book.pop("学习情况")
    header = book["学习情况登记"][0]
    for old, new in {
        "序号": "编 号",
        "开始日期": "学习时间",
        "主持人": "主持",
        "应到": "应到人数\n（人）",
    }.items():
        header[header.index(old)] = new
    home.put(book)
    assert home.run().ok


def test_a_missing_required_header_refuses_the_file_and_names_it(home: Home) -> None:
    book = right_book()
    book["学习情况"][0][7] = "学了什么"
    home.put(book)
    report = home.run()
    (issue,) = of(report, "refused")
    assert "学习情况" in issue.found and "学习主题" in issue.found
    assert report.files[0].state == "refused" and "aa" in report.units_missing
    assert report.tables["members"] == 0  # nothing of it enters


def test_a_header_that_stands_twice_refuses_the_file_with_both_cells(home: Home) -> None:
    book = right_book()
    book["学习情况"][0].append("时间")
    home.put(book)
    (issue,) = of(home.run(), "refused")
    assert "B1" in issue.found and "U1" in issue.found


@pytest.mark.parametrize("sheet", ["成员名单", "学习情况"])
def test_a_missing_required_sheet_refuses_the_file(home: Home, sheet: str) -> None:
    book = right_book()
    del book[sheet]
    home.put(book)
    (issue,) = of(home.run(), "refused")
    assert sheet in issue.found


def test_a_missing_optional_sheet_is_not_reported(home: Home) -> None:
    book = right_book()
    del book["经验做法"]
    home.put(book)
    assert home.run().ok
    assert state(home, "practices") == ("未报", 0)


def state(home: Home, table: str, unit: str = "aa") -> tuple[str, int]:
    frame = home.table("submissions")
    row = frame[(frame.unit_id == unit) & (frame.table == table)].iloc[0]
    return row.state, int(row.rows)


@pytest.mark.parametrize(
    ("word", "expected"), [("无", "零"), (0, "零"), ("零", "零"), (None, "未报")]
)
def test_a_blank_table_is_not_reported_and_none_is_zero(
    home: Home, word: Any, expected: str
) -> None:
    book = right_book()
    book["经验做法"] = [book["经验做法"][0], [word]]
    home.put(book)
    assert home.run().ok
    assert state(home, "practices") == (expected, 0)


def test_a_formula_without_a_value_is_refused_and_not_read_as_blank(home: Home) -> None:
    def spoil(workbook: Any) -> None:
        workbook["学习情况"]["D2"] = "=1+1"  # hours: optional
        workbook["学习情况"]["H3"] = "=CONCATENATE(A1,B1)"  # title: required

    home.put(spoil=spoil)
    report = home.run()
    assert [(s, c) for s, c, _ in refusals(report)] == [("学习情况", "D2"), ("学习情况", "H3")]
    assert all("公式" in found for *_, found in refusals(report))
    sessions = home.table("sessions")
    assert list(sessions.session_id) == ["aa/1", "aa/3"] and sessions.hours.isna().iloc[0]
    assert report.files[0].state == "partly" and report.rows_refused == 1


@pytest.mark.parametrize("numbers", [["=ROW()-1"] * 3, [None] * 3, ["第1次", "第2次", "第3次"]])
def test_sessions_without_a_readable_number_stay_with_all_that_refers_to_them(
    home: Home, numbers: list[Any]
) -> None:
    """序号 as a formula without a stored value, blank, or as 第1次: nothing is lost, and it is
    said at the number's cell alone."""
    home.put()
    home.run()
    names = ("sessions", "attendance", "speeches")
    right = [home.table(name).drop(columns="source_file", errors="ignore") for name in names]
    book = right_book()
    for row, number in zip(book["学习情况"][1:], numbers, strict=True):
        row[0] = number
    home.put(book)
    report = home.run()
    assert not refusals(report) and {i.cell[:1] for i in of(report, "corrected")} == {"A"}
    for name, plain in zip(names, right, strict=True):
        read = home.table(name).drop(columns="source_file", errors="ignore")
        assert len(read) and read.equals(plain)


def test_a_formula_with_its_value_is_read(home: Home) -> None:
    content = to_bytes(right_book())
    xml = b'<c r="D2" t="n"><v>2</v></c>'
    content = replace_in_sheets(content, xml, b'<c r="D2"><f>1+1</f><v>2</v></c>')
    home.put_bytes(content, "aa.xlsx")
    assert home.run().ok
    assert home.table("sessions").hours.iloc[0] == 2


def test_an_error_value_is_refused_with_its_cell(home: Home) -> None:
    content = to_bytes(right_book())
    content = replace_in_sheets(
        content, b'<c r="D2" t="n"><v>2</v></c>', b'<c r="D2" t="e"><v>#N/A</v></c>'
    )
    home.put_bytes(content, "aa.xlsx")
    assert refusals(home.run()) == [("学习情况", "D2", "学时：#N/A")]


def replace_in_sheets(content: bytes, old: bytes, new: bytes) -> bytes:
    """The same workbook with bytes of its parts replaced; the old bytes must be there."""
    buffer, found = BytesIO(), False
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for item in source.infolist():
            body = source.read(item)
            found = found or old in body
            target.writestr(item, body.replace(old, new), zipfile.ZIP_DEFLATED)
    assert found
    return buffer.getvalue()


def test_a_cell_that_begins_with_an_equals_sign_is_text(home: Home) -> None:
    book = right_book()
    book["学习情况"][1][7] = "=cmd|' /C calc'!A0"
    home.put(book)
    assert home.run().ok
    assert home.table("sessions").title.iloc[0] == "=cmd|' /C calc'!A0"


def test_special_characters_in_names_go_through_unchanged(home: Home) -> None:
    name = '赵#$@*_<>"`敏'
    book = right_book()
    for sheet in ("成员名单", "研讨发言"):
        for row in book[sheet]:
            row[:] = [name if cell == "赵敏" else cell for cell in row]
    home.put(book)
    assert home.run().ok
    assert name in set(home.table("members").name)


def test_merged_cells_over_several_rows_hold_for_each_where_nothing_counts_double(
    home: Home,
) -> None:
    """A topic merged over two sessions is each one's; the head count is nobody's."""
    book = right_book()
    book["学习情况"][2][8] = None
    book["学习情况"][2][15] = None

    def spoil(workbook: Any) -> None:
        workbook["学习情况"].merge_cells("I2:I3")
        workbook["学习情况"].merge_cells("P2:P3")
        workbook["成员名单"].insert_rows(1)
        workbook["成员名单"].merge_cells("A1:G1")  # a title: harmless

    home.put(book, spoil=spoil)
    report = home.run()
    merged = [i for i in report.issues if i.code in ("merged_cells", "merged_read")]
    assert [(i.code, i.sheet, i.cell) for i in merged] == [
        ("merged_cells", "学习情况", "P2"), ("merged_cells", "学习情况", "P3"),
        ("merged_read", "学习情况", "I2"),
    ]  # fmt: skip
    assert "P2:P3" in merged[0].found and "I2:I3" in merged[2].found
    topics = home.table("session_topics")
    assert sorted(zip(topics.session_id, topics.topic_code, strict=True)) == [
        ("aa/1", "2023-01"), ("aa/2", "2023-01"),
    ]  # fmt: skip
    assert home.table("sessions").expected.isna().all()


def test_hidden_sheets_and_rows_are_read_and_warned_of(home: Home) -> None:
    def spoil(workbook: Any) -> None:
        workbook["述学"].sheet_state = "hidden"
        workbook["学习情况"].row_dimensions[3].hidden = True

    home.put(spoil=spoil)
    report = home.run()
    assert [(i.code, i.sheet, i.cell) for i in of(report, "warned")] == [
        ("hidden_rows", "学习情况", "A3"), ("hidden_sheet", "述学", None),
    ]  # fmt: skip
    assert report.tables["sessions"] == 3 and report.tables["accounts"] == 1


def test_a_row_that_nobody_can_place_is_refused_with_its_cell(home: Home) -> None:
    book = right_book()
    book["学习情况"].append(["以上为全年"])
    home.put(book)
    assert refusals(home.run()) == [("学习情况", "A5", "以上为全年")]


def test_numbers_printed_in_advance_are_no_rows(home: Home) -> None:
    book = right_book()
    book["学习情况"] += [[n] for n in range(4, 12)]
    home.put(book)
    assert home.run().ok


def test_a_refused_required_cell_keeps_its_row_out_and_an_optional_one_does_not(home: Home) -> None:
    book = right_book()
    book["学习情况"][1][1] = "3月上旬"  # start
    book["学习情况"][2][6] = "茶话会"  # form, optional
    home.put(book)
    report = home.run()
    found = {(i.cell, i.action) for i in of(report, "refused") if i.sheet == "学习情况"}
    assert {cell for cell, _ in found} == {"B2", "G3"}
    sessions = home.table("sessions")
    assert list(sessions.session_id) == ["aa/2", "aa/3"] and sessions.form.isna().all()


def test_text_dates_are_corrected_with_a_note_at_the_cell(home: Home) -> None:
    book = right_book()
    book["学习情况"][1][1] = "2023年3月8日"
    home.put(book)
    report = home.run()
    assert report.ok and [(i.sheet, i.cell) for i in of(report, "corrected")] == [
        ("学习情况", "B2")
    ]
    assert home.table("sessions").start.iloc[0] == dt.datetime(2023, 3, 8)


def test_a_1904_workbook_gives_the_same_dates(home: Home) -> None:
    import openpyxl.utils.datetime as epochs

    home.put()
    home.run()
    right = home.table("sessions")
    home.put(spoil=lambda book: setattr(book, "epoch", epochs.CALENDAR_MAC_1904))
    home.run()
    assert home.table("sessions").equals(right)


@pytest.mark.parametrize("spoilt", [False, True])
def test_a_1904_flag_over_days_from_1900_is_seen_by_all_dates_together(
    home: Home, spoilt: bool
) -> None:
    """All four years and a day late: one note, and the dates as typed; with one that is not,
    which of them is wrong cannot be said, and each is refused."""
    tables = ("sessions", "members", "plans", "accounts")
    book = right_book()
    home.put(book)
    home.run()
    right = [home.table(name) for name in tables]
    if spoilt:
        book["述学"][1][1] = dt.date(2023, 12, 20) - dt.timedelta(days=1462)
    flagged = replace_in_sheets(to_bytes(book), b"<workbookPr/>", b"<workbookPr date1904='1'/>")
    home.put_bytes(flagged, "aa.xlsx")
    report = home.run()
    notes = [i.found for i in report.issues if i.code == "date_system"]
    if spoilt:
        assert not notes and not report.ok
        return
    assert report.ok and notes == ["日期都晚了四年零一天，如 2027-01-11"]
    assert all(home.table(n).equals(t) for n, t in zip(tables, right, strict=True))
    assert len(of(report, "corrected")) == 1


def test_dates_in_the_built_in_chinese_formats_are_dates(home: Home) -> None:
    content = to_bytes(right_book())
    with zipfile.ZipFile(BytesIO(content)) as archive:
        styles = archive.read("xl/styles.xml")
    (own,) = re.findall(rb'<numFmt numFmtId="(\d+)" formatCode="yyyy-mm-dd"', styles)
    home.put()
    home.run()
    right = home.table("sessions")
    for number in (b"31", b"57"):
        spoiled = replace_in_sheets(
            content, b'<xf numFmtId="%s"' % own, b'<xf numFmtId="%s"' % number
        )
        home.put_bytes(spoiled, "aa.xlsx")
        report = home.run()
        assert report.ok, refusals(report)
        assert home.table("sessions").equals(right)


def test_an_identity_number_where_a_name_belongs_is_refused_and_not_repeated(home: Home) -> None:
    book = right_book()
    book["成员名单"][4][0] = "110101199003070018"
    book["研讨发言"][2][1] = "110101199003070018"
    home.put(book)
    report = home.run()
    assert {(s, c) for s, c, _ in refusals(report)} >= {("成员名单", "A5"), ("研讨发言", "B3")}
    assert "11010119900307" not in report.to_json()
    for path in (home.root / "outputs").rglob("*.parquet"):
        assert b"11010119900307" not in path.read_bytes()


@pytest.mark.parametrize(
    ("cover", "name", "words"),
    [
        ([["单位名称", "没有的公司"]], "aa.xlsx", "没有的公司"),
        ([["单位名称", "甲岭矿业"]], "bb.xlsx", "文件名"),
        ([["单位名称", "甲岭矿业"], ["年度", 2022]], "aa.xlsx", "2022"),
        ([["别的", "内容"]], "报送表.xlsx", "没有单位名称"),
        ([["单位名称", "甲岭矿业"], ["填报单位", "乙川冶炼"]], "x.xlsx", "两个不同"),
    ],
)
def test_no_or_contradicting_identity_refuses_the_file(
    home: Home, cover: list[list[Any]], name: str, words: str
) -> None:
    book = right_book()
    book["封面"] = cover
    home.put(book, name)
    report = home.run()
    (issue,) = of(report, "refused")
    assert words in issue.found and issue.action.startswith("整份未采用")
    assert issue.sheet == "封面"
    assert report.files_refused == 1 and report.tables["sessions"] == 0


@pytest.mark.parametrize(
    "cover",
    [
        [["单位名称：甲岭矿业"], ["年度：2023年"]],
        [["单位名称", None, "甲岭矿业", "年度", "2023年度"]],
        [["单位名称", "  甲岭 矿业有限公司"], ["年度", "２０２３"]],
    ],
)
def test_a_cover_is_read_as_people_fill_it(home: Home, cover: list[list[Any]]) -> None:
    book = right_book()
    book["封面"] = cover
    home.put(book, "报送表.xlsx")
    report = home.run()
    assert report.files[0].unit_id == "aa" and report.ok and not of(report, "warned")


def test_without_a_cover_the_file_name_decides_and_it_is_said(home: Home) -> None:
    book = right_book()
    del book["封面"]
    home.put(book, "甲岭矿业.xlsx")
    report = home.run()
    assert report.files[0].unit_id == "aa" and len(of(report, "warned")) == 2


def test_header_names_match_the_forms() -> None:
    from reportkit.records.forms import sheet_of

    assert [f.header for f in sheet_of("sessions").fields] == SESSION_HEADER
