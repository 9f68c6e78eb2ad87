"""Feedback files: the unit's own workbook, coloured, commented, listed, safe to send back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import posixpath
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from reportkit.errors import RecordsError, SubmissionError
from reportkit.records.forms.feedback import LIST_SHEET, is_feedback_list
from reportkit.records.issues import Issue, Log
from reportkit.records.opening.grid import Grid, Range
from reportkit.records.opening.xlsx import open_workbook
from reportkit.records.writing import copies, feedback, listing
from reportkit.records.writing.feedback import (
    FeedbackItem,
    feedback_for_file,
    feedback_of,
    write_feedback,
)
from reportkit.records.writing.marking import areas_of

RED, BLUE, YELLOW = "FFFFC7CE", "FFBDD7EE", "FFFFEB9C"
ATTACK = "=cmd|' /C calc'!A0"
IDENTITY, PHONE = "11010119900307123X", "13800138000"
ROWS: list[list[Any]] = [
    ["序号", "开始日期", "学习主题", "主持人", "应到", "实到"],
    [1, dt.date(2023, 3, 8), "专题一", "张伟", 4, 5],
    [2, "2023.2.30", "专题二", "李娜", 4, 3],
    [3, "2023.5.6", "专题三", "王强", 4, 4],
]


def book(spoil: Callable[[Any], None] | None = None, rows: Any = None, **sheets: Any) -> bytes:
    """A workbook with the sheet 学习情况, and further sheets; ``spoil`` changes it."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, lines in {"学习情况": rows or ROWS, **sheets}.items():
        sheet = workbook.create_sheet(name)
        for line in lines:
            sheet.append(line)
    if spoil:
        spoil(workbook)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def change_part(content: bytes, path: str, change: Callable[[str], str]) -> bytes:
    """The workbook with one part of it changed as text."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(body.decode()) if name == path else body)
    return buffer.getvalue()


def issues(*entries: tuple[Any, ...]) -> list[Issue]:
    """(code, cell, found, …) on the sheet 学习情况; a fourth part is another sheet."""
    log = Log("submissions/2023/aa.xlsx", "aa")
    for code, cell, found, *sheet in entries:
        log.add(code, found, "应有的内容", sheet=sheet[0] if sheet else "学习情况", cell=cell)
    return log.issues


def made(content: bytes, found: Sequence[Issue], format: str = "xlsx") -> Any:
    """The feedback on a workbook, opened."""
    return openpyxl.load_workbook(io.BytesIO(made_bytes(content, found, format)))


def made_bytes(content: bytes, found: Sequence[Issue], format: str = "xlsx") -> bytes:
    """The feedback on a workbook."""
    grids = open_workbook(content).grids
    return feedback_of(content, "aa.xlsx", format, grids, found, unit_name="甲岭矿业", year=2023)


def listed(workbook: Any) -> list[list[Any]]:
    """The filled rows of the list sheet."""
    rows = [[c.value for c in row] for row in workbook.worksheets[0].iter_rows()]
    return [row for row in rows if any(row)]


def texts(workbook: Any) -> str:
    """All that the list says."""
    return "\n".join(str(value) for row in listed(workbook) for value in row if value)


def values(content: bytes) -> dict[str, list[list[Any]]]:
    """What the importer's own reader finds, the list left out."""
    grids = [g for g in open_workbook(content).grids if g.rows]
    return {g.name: g.rows for g in grids if not is_feedback_list(g.name, g.rows[0][0])}


# --- colours, comments, the list ------------------------------------------------------------


def test_cells_are_coloured_and_commented_by_severity() -> None:
    """Refused is red, corrected yellow, warned of blue; the kinds of border differ too."""
    workbook = made(book(), issues(
        ("present_over_expected", "F2", "实到 5，应到 4"),
        ("corrected_date", "B4", "2023.5.6"), ("maybe_one_session", "A3", "序号 1、2"),
    ))  # fmt: skip
    sheet = workbook["学习情况"]
    assert [sheet[c].fill.fgColor.rgb for c in ("F2", "B4", "A3")] == [RED, YELLOW, BLUE]
    assert {sheet[c].border.left.style for c in ("F2", "B4", "A3")} == {
        "thick", "double", "mediumDashed"}  # fmt: skip
    comment = sheet["F2"].comment
    assert comment.author == "reportkit"
    assert comment.text == (
        "【须更正】实到多于应到\n发现：实到 5，应到 4\n应为：应有的内容\n"
        "处理：该项按未报处理，其余照常采用；请更正后重新报送"
    )
    assert sheet["E2"].comment is None and sheet["E2"].fill.fill_type is None


def test_several_issues_of_a_cell_share_a_comment_and_the_gravest_gives_the_colour() -> None:
    """A cell that is both warned of and refused is red, and says both, the refusal first."""
    sheet = made(book(), issues(("two_places", "D2", "甲"), ("not_on_roster", "D2", "乙")))[
        "学习情况"
    ]
    assert sheet["D2"].fill.fgColor.rgb == RED
    assert re.findall("【(.*?)】", sheet["D2"].comment.text) == ["须更正", "请核实"]


def test_a_refused_range_stays_red_under_a_milder_mark() -> None:
    """The gravest colour of a cell wins, whichever issue is drawn last; both are said."""
    found = issues(
        ("bad_date", "A2:C2", "甲"), ("corrected_date", "A2", "乙"), ("two_places", "B2", "丙")
    )
    sheet = made(book(), found)["学习情况"]
    assert [sheet[c].fill.fgColor.rgb for c in ("A2", "B2", "C2")] == [RED] * 3
    first, _, second = sheet["A2"].comment.text.partition("\n\n")
    assert "发现：乙" in first and "发现：甲" in second, "what is said of the cell alone is on top"
    assert sheet["B2"].comment.text.startswith("【请核实】")


def test_without_a_refusal_nobody_is_told_to_correct_red_cells() -> None:
    """Corrections and warnings alone ask to look at them, not to mend what is not there."""
    said = texts(made(book(), issues(("corrected_date", "B4", "2023.5.6"))))
    assert "本次没有须更正的问题" in said and "标红" not in said


def test_the_list_counts_numbers_and_links() -> None:
    """Counts stand on top, each issue has its number, and its cell is a link to the cell."""
    workbook = made(book(), issues(
        ("corrected_date", "B4", "2023.5.6"), ("bad_date", "B3", "2023.2.30"),
        ("maybe_one_session", "A3", "序号 1、2"),
    ))  # fmt: skip
    sheet, rows = workbook.worksheets[0], listed(workbook)
    assert sheet.title == LIST_SHEET and workbook.active is sheet
    assert rows[1][0] == "单位：甲岭矿业　　年度：2023　　文件：aa.xlsx"
    assert rows[2][0] == "须更正 1 处、已规范 1 处、请核实 1 处"
    assert "更正标红的单元格" in rows[3][0] and "按原文件名重新报送" in rows[3][0]
    assert [row[:5] for row in rows[6:]] == [
        [1, "须更正", "日期读不出", "学习情况", "B3"],
        [2, "请核实", "两条记录可能是同一次学习", "学习情况", "A3"],
        [3, "已规范", "日期写法已规范", "学习情况", "B4"],
    ]
    assert rows[8][8] == "2023.5.6 → 请核对" and rows[6][8] is None
    links = [c.hyperlink.location for row in sheet.iter_rows() for c in row if c.hyperlink]
    assert links == ["'学习情况'!B3", "'学习情况'!A3", "'学习情况'!B4"]


def test_issues_without_a_cell_are_listed_without_a_link() -> None:
    """A whole file, a sheet that is not there, and a key have no link but are all named."""
    log = Log("f")
    log.add("second_file", "两份报送", "一份")
    log.add("file", "没有工作表“成员名单”", "有", sheet="成员名单")
    log.add("joint_alone", "只有一个单位", "两个", key="L-03")
    workbook = made(book(), log.issues)
    rows = {row[2]: row[3:5] for row in listed(workbook)[6:]}
    assert rows == {
        "文件不能采用": ["成员名单", "—"],
        "同一单位有多份报送": ["（整份文件）", "—"],
        "联学编号只有一个单位填报": ["（整份文件）", "L-03"],
    }
    assert not [c for row in workbook.worksheets[0].iter_rows() for c in row if c.hyperlink]


def test_decided_issues_stand_last_and_colour_nothing() -> None:
    """What an analyst decided is listed apart, with who and why, and its cell stays plain."""
    first, second = issues(("outside_unit_years", "B2", "早于成立"), ("bad_date", "B3", "2.30"))
    first = dataclasses.replace(first, decision="waive", decided_by="王科", why="改制前代管")
    workbook = made(book(), [first, second])
    rows = listed(workbook)
    assert rows[2][0] == "须更正 1 处、已规范 0 处、请核实 0 处；已作人工决定 1 处"
    assert rows[-3][0] == "以下 1 处已作人工决定，不需要再处理"
    assert rows[-1][6:9] == ["应有的内容", "准予按原样采用", "王科；改制前代管"]
    assert workbook["学习情况"]["B2"].fill.fill_type is None
    assert workbook["学习情况"]["B2"].comment is None


def test_a_file_without_issues_says_so() -> None:
    """The list of a right workbook says that nothing was found, and colours nothing."""
    workbook = made(book(), [])
    assert "本次报送未发现问题" in texts(workbook)
    assert "更正" not in texts(workbook)


@pytest.mark.parametrize(
    ("cell", "areas"),
    [
        ("A1", [(1, 1, 1, 1)]),
        ("$C$2", [(2, 3, 2, 3)]),
        ("C3:A1", [(1, 1, 3, 3)]),
        ("A1、B2", [(1, 1, 1, 1), (2, 2, 2, 2)]),
        ("XFD1048576", [(1048576, 16384, 1048576, 16384)]),
        ("XFE1", []),
        ("A1048577", []),
        ("A0", []),
        ("第三行", []),
        ("", []),
        (None, []),
    ],
)
def test_addresses_are_understood_or_left(cell: str | None, areas: list[Any]) -> None:
    """Cells, ranges and lists are places; what Excel has no place for is none."""
    assert areas_of(cell) == areas


def test_ranges_are_coloured_whole_and_far_cells_only_listed() -> None:
    """A range has one comment on its first cell; cells beyond the sheet are not made."""
    workbook = made(book(), issues(
        ("no_column", "A1:C1", "缺列"), ("bad_date", "ZZ999999", "远"),
        ("bad_date", "AAAA1", "无此列"),
        ("bad_date", "B1048577", "无此行"),
    ))  # fmt: skip
    sheet = workbook["学习情况"]
    assert [sheet[c].fill.fgColor.rgb for c in ("A1", "B1", "C1")] == [BLUE] * 3
    assert sheet["A1"].comment and not sheet["B1"].comment
    assert sheet.max_row == 4 and sheet.max_column == 6
    assert {row[4] for row in listed(workbook)[6:]} == {"A1:C1", "ZZ999999", "AAAA1", "B1048577"}
    links = [c.hyperlink.location for row in workbook.worksheets[0].iter_rows() for c in row
             if c.hyperlink]  # fmt: skip
    assert links == ["'学习情况'!A1"]


@pytest.mark.parametrize(
    "name", ["学习 情况!甲", "it's 'so'", "情" * 31, "2023年（一季度）", "=SUM", "A1"]
)
def test_links_quote_any_sheet_name(name: str) -> None:
    """Blanks, quotes, exclamation marks and 31 Chinese characters make links that hold."""
    workbook = made(book(**{name: [["甲"], ["乙"]]}), issues(("bad_text", "A2", "乙", name)))
    (link,) = (c.hyperlink.location for row in workbook.worksheets[0].iter_rows() for c in row
               if c.hyperlink)  # fmt: skip
    quoted, _, cell = link.rpartition("!")
    assert cell == "A2" and quoted == "'" + name.replace("'", "''") + "'"
    assert workbook[name]["A2"].fill.fgColor.rgb == RED


# --- safety -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [ATTACK, "@SUM(1)", "+1+1", "-2+3", "\t=1", "＝1"])
def test_texts_of_ours_are_never_formulas(text: str) -> None:
    """What was found, expected and decided is text in the list, also if saved as .csv."""
    (issue,) = issues(("bad_text", "C2", text))
    issue = dataclasses.replace(issue, expected=text, action=text)
    content = made_bytes(book(), [issue, dataclasses.replace(issue, decision="accept", why=text)])
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    cells = [c for row in workbook.worksheets[0].iter_rows() for c in row if c.value]
    assert all(c.data_type in "sn" for c in cells)
    assert not [c.value for c in cells if str(c.value).lstrip()[:1] in "=+-@＝"]
    assert f"“{text}”" in [c.value for c in cells]


def test_the_units_own_texts_stay_texts_as_they_are() -> None:
    """A unit's text that begins with “=” is the same text in the copy, and no formula."""

    def as_text(workbook: Any) -> None:
        workbook["学习情况"]["C2"].value = ATTACK
        workbook["学习情况"]["C2"].data_type = "s"

    content = made_bytes(book(as_text), issues(("bad_text", "C3", "乙")))
    cell = openpyxl.load_workbook(io.BytesIO(content))["学习情况"]["C2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (ATTACK, "s", True)
    assert values(content)["学习情况"][1][2] == ATTACK


def test_long_and_unprintable_texts_are_cut_and_said_to_be() -> None:
    """A text beyond a cell's length is cut with a sign; control characters do no harm."""
    (issue,) = issues(("bad_text", "C2", "甲"))
    issue = dataclasses.replace(issue, found="长" * 40_000, action="a\x00b\x07c\ud800d")
    workbook = made(book(), [issue])
    assert "……（过长，未全部列出）" in texts(workbook)
    assert "a�b�c�d" in texts(workbook)
    comment = workbook["学习情况"]["C2"].comment
    assert len(comment.text) < 1_500 and comment.height <= 620


def test_numbers_of_persons_are_hidden_in_cells_comments_and_headers() -> None:
    """Identity and telephone numbers are hidden in the copy, and the comment says so."""

    def spoil(workbook: Any) -> None:
        sheet = workbook["学习情况"]
        sheet["D2"] = f"张伟 {IDENTITY}"
        sheet["C6"] = f"填表人：李某 电话：{PHONE}"
        sheet["E4"] = int(PHONE)
        sheet["A4"].comment = Comment(f"找他 {PHONE}", "某人")
        sheet.oddFooter.center.text = f"联系电话 {PHONE}"

    content = made_bytes(book(spoil), issues(("identity_number", "D2", "证件号码")))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        everything = "".join(archive.read(n).decode("utf-8", "replace") for n in archive.namelist())
    assert IDENTITY not in everything and PHONE not in everything
    sheet = openpyxl.load_workbook(io.BytesIO(content))["学习情况"]
    assert sheet["D2"].value == "张伟 〔证件号码，已隐去〕"
    assert sheet["D2"].comment.text.startswith("【须更正】含有证件号码")
    assert "反馈表中已隐去" in sheet["D2"].comment.text
    assert sheet["C6"].comment.text.startswith("【已隐去号码】")
    assert "有 3 个单元格的证件或电话号码已在本文件中隐去" in texts(sheet.parent)


def test_a_staff_number_is_not_taken_for_a_telephone() -> None:
    """工号 of eleven digits that begin with 0 come back as they are."""
    content = made_bytes(book(工号=[["工号"], ["02123456789"]]), issues(("bad_text", "C2", "甲")))
    assert values(content)["工号"][1][0] == "02123456789"


def test_nothing_of_a_classified_file_is_copied() -> None:
    """A file marked as secret gives a list with the place of the marking, and nothing else."""
    log = Log("submissions/2023/aa.xlsx")
    log.add("bad_text", "不应出现的内容", "x", sheet="学习情况", cell="C2")
    log.add("file", "x", "y")
    marked = dataclasses.replace(log.issues[1], code="classified", found="单元格有密级标志")
    workbook = made(book(), [log.issues[0], marked])
    assert workbook.sheetnames == [LIST_SHEET]
    assert "单元格有密级标志" in texts(workbook) and "不应出现" not in texts(workbook)
    assert "专题一" not in texts(workbook)


def test_macros_links_and_drawings_are_not_copied() -> None:
    """A macro workbook becomes .xlsx without its macros, and links lead nowhere outside."""

    def spoil(workbook: Any) -> None:
        sheet = workbook["学习情况"]
        sheet["C2"].hyperlink = "https://example.invalid/x"
        workbook.defined_names["外"] = DefinedName("外", attr_text="'[1]表'!$A$1")
        workbook.defined_names["内"] = DefinedName("内", attr_text="学习情况!$A$1")
        rule = DataValidation("list", formula1='"甲,乙"')
        outside = DataValidation("list", formula1="[1]表!$A$1:$A$3")
        rule.add("C2"), outside.add("D2")
        sheet.data_validations.dataValidation[:] = [rule, outside]

    content = book(spoil)
    macro = '<Override PartName="/xl/vbaProject.bin" ContentType="a/b"/></Types>'
    content = change_part(content, "[Content_Types].xml", lambda t: t.replace("</Types>", macro))
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    found = made_bytes(buffer.getvalue(), issues(("bad_text", "C2", "甲")), "xlsm")
    with zipfile.ZipFile(io.BytesIO(found)) as archive:
        names = archive.namelist()
        assert not [n for n in names if "vba" in n.lower() or "external" in n.lower()]
        everything = "".join(archive.read(n).decode("utf-8", "replace") for n in names)
    assert "example.invalid" not in everything and "[1]" not in everything
    workbook = openpyxl.load_workbook(io.BytesIO(found))
    assert list(workbook.defined_names) == ["内"]
    (kept,) = workbook["学习情况"].data_validations.dataValidation
    assert kept.formula1 == '"甲,乙"' and str(kept.sqref) == "C2"
    assert "宏未保留" in texts(workbook)
    assert not open_workbook(found).notices


# --- sent back --------------------------------------------------------------------------------


def formulas(workbook: Any) -> None:
    """A sum, a shared and an array formula, one without a result, and an external one."""
    sheet = workbook["学习情况"]
    for cell, text in (("E5", "=SUM(E2:E4)"), ("F5", "=SUM(F2:F4)"), ("D5", "=E2&E3"),
                       ("C5", "=[1]表!A1"), ("B5", '=WEBSERVICE("http://x.invalid")')):  # fmt: skip
        sheet[cell] = text
    sheet["A5"] = openpyxl.worksheet.formula.ArrayFormula("A5", "=SUM(A2:A4*1)")


def with_results(content: bytes) -> bytes:
    """The results that Excel would have saved: of the sums 12, 6 and of the link 77."""

    def change(xml: str) -> str:
        for cell, result in (("E5", 12), ("A5", 6), ("C5", 77)):
            xml = re.sub(rf'(<c r="{cell}"[^>]*>.*?</f>)<v ?/?>(</v>)?', rf"\1<v>{result}</v>", xml)
        return xml

    return change_part(content, "xl/worksheets/sheet1.xml", change)


def test_formulas_keep_their_results_as_values() -> None:
    """A result stands as a value; no result: the formula; what fetches from elsewhere: text."""
    content = made_bytes(with_results(book(formulas)), issues(("formula", "F5", "没有结果")))
    sheet = openpyxl.load_workbook(io.BytesIO(content))["学习情况"]
    assert (sheet["E5"].value, sheet["A5"].value) == (12, 6)
    assert (sheet["F5"].value, sheet["F5"].data_type) == ("=SUM(F2:F4)", "f")
    assert (sheet["C5"].value, sheet["C5"].data_type) == ("=[1]表!A1", "s")
    assert (sheet["B5"].value, sheet["B5"].data_type) == ('=WEBSERVICE("http://x.invalid")', "s")
    (grid,) = (g for g in open_workbook(content).grids if g.name == "学习情况")
    assert set(grid.unreadable) == {(4, 3), (4, 5)}, "without a result they are refused as before"


def rich(workbook: Any) -> None:
    """Merged cells, widths, protection, hidden rows and sheets, formats, panes, drop-downs."""
    sheet = workbook["学习情况"]
    sheet.insert_rows(1)
    sheet["A1"] = "2023年学习情况"
    sheet.merge_cells("A1:F1")
    sheet.freeze_panes = "A3"
    sheet.column_dimensions["C"].width = 33
    sheet.row_dimensions[5].hidden = True
    sheet["E3"].number_format, sheet["F3"].number_format = "0%", "0.00"
    sheet["B3"].number_format = "yyyy-mm-dd"
    side = Side("thin")
    sheet["B4"].border = Border(side, side, side, side)
    sheet["C4"].font = Font(strike=True)
    rule = DataValidation(type="whole", operator="between", formula1="0", formula2="99")
    rule.add("E3:F5")
    sheet.add_data_validation(rule)
    sheet.protection.sheet = True
    sheet.protection.set_password("x")
    workbook["备用"].sheet_state = "hidden"


SPARE = {"备用": [["甲", True], ["乙", 0.25], ["_x0041_", dt.datetime(2023, 1, 2, 9, 30)]]}


def test_a_copy_keeps_what_the_units_workbook_has() -> None:
    """Merges, widths, panes, drop-downs, hidden parts and protection stay; marks are editable."""
    content = book(rich, **SPARE)
    workbook = made(content, issues(
        ("bad_date", "B4", "2023.2.30"), ("bad_text", "A1", "标题"),
        ("bad_text", "A1", "甲", "备用"), ("bad_date", "B5", "y"),
    ))  # fmt: skip
    sheet = workbook["学习情况"]
    assert [str(r) for r in sheet.merged_cells.ranges] == ["A1:F1"]
    assert sheet.freeze_panes == "A3" and sheet.column_dimensions["C"].width == 33
    assert sheet.row_dimensions[5].hidden and workbook["备用"].sheet_state == "hidden"
    assert [str(d.sqref) for d in sheet.data_validations.dataValidation] == ["E3:F5"]
    assert sheet.protection.sheet and sheet.protection.password
    assert not sheet["B4"].protection.locked and sheet["B3"].protection.locked
    assert sheet["F1"].border.right.style == "thick", "the whole merged range is framed"
    places = {tuple(row[3:5]) for row in listed(workbook)[6:]}
    assert ("备用（隐藏的工作表）", "A1") in places and ("学习情况（隐藏的行）", "B5") in places


def test_a_feedback_file_reads_as_the_submission_did() -> None:
    """Sent back unchanged, every value, format and hidden row comes back as it was."""
    content = book(rich, **SPARE)
    back = made_bytes(content, issues(("bad_date", "B4", "x"), ("no_column", "A1:F2", "y")))
    before, after = open_workbook(content), open_workbook(back)
    assert is_feedback_list(after.grids[0].name, after.grids[0].rows[0][0])
    assert values(back) == values(content)
    assert len(before.grids) == 2
    for one, other in zip(before.grids, after.grids[1:], strict=True):
        for part in ("hidden", "hidden_rows", "merged", "percent", "shown", "struck", "unreadable"):
            assert getattr(one, part) == getattr(other, part), part


def test_marks_come_off_when_a_corrected_feedback_file_is_sent_back() -> None:
    """The second feedback marks what is wrong now; the first one's marks and list are gone."""

    def own(workbook: Any) -> None:
        workbook["学习情况"]["C2"].fill = PatternFill("solid", fgColor="FFFFC7CE")
        workbook["学习情况"]["B3"].comment = Comment("待核", "某人")
        thin = Side("thin")
        workbook["学习情况"]["F2"].border = Border(thin, thin, thin, thin)

    first = made_bytes(book(own), issues(
        ("bad_date", "B3", "2023.2.30"), ("hours", "F2", "5"), ("two_places", "B3:C3", "同日"),
    ))  # fmt: skip
    workbook = openpyxl.load_workbook(io.BytesIO(first))
    workbook["学习情况"]["B3"] = dt.date(2023, 2, 28)
    buffer = io.BytesIO()
    workbook.save(buffer)
    second = made(buffer.getvalue(), issues(("bad_text", "C4", "专题三")))
    sheet = second["学习情况"]
    assert second.sheetnames == [LIST_SHEET, "学习情况"]
    assert "2023.2.30" not in texts(second)
    assert sheet["B3"].fill.fill_type is None and sheet["B3"].border.left.style is None
    assert sheet["B3"].comment.text == "待核"
    assert sheet["F2"].comment is None and sheet["F2"].border.left.style == "thin"
    assert sheet["C2"].fill.fgColor.rgb == RED, "the unit's own red is not ours"
    assert sheet["C4"].fill.fgColor.rgb == RED


def test_a_units_own_sheet_of_that_name_is_kept() -> None:
    """A unit's sheet 问题清单 is no list of ours: it stays, and ours has another name."""
    content = book(**{LIST_SHEET: [["编号", "问题"], [1, "甲"]]})
    back = made_bytes(content, issues(("bad_text", "B2", "甲", LIST_SHEET)))
    workbook = openpyxl.load_workbook(io.BytesIO(back))
    assert workbook.sheetnames == ["问题清单（反馈）", "学习情况", LIST_SHEET]
    assert workbook[LIST_SHEET]["B2"].fill.fgColor.rgb == RED
    assert values(back) == values(content)


# --- what cannot be coloured --------------------------------------------------------------------


def test_what_cannot_be_copied_is_made_from_its_values() -> None:
    """.xls and .csv give a new workbook with the same sheets, values, merges and colours."""
    grid = Grid(
        "学习情况", [["序号", "日期", "题"], [1.0, dt.date(2023, 3, 8), ATTACK],
                     [2.0, 0.5, "_x0041_"], [3.0, 2023.1, "a\x07b"]],
        unreadable={(1, 0): "没有计算结果的公式"}, hidden_rows=[3], merged=[Range(0, 1, 0, 2)],
        percent={(2, 1)}, shown={(3, 1): "2023.10"},
    )  # fmt: skip
    found = feedback_of(b"\xd0\xcf", "aa.xls", "xls", [grid], issues(("bad_date", "B3", "0.5")),
                        unit_name="甲", year=2023)  # fmt: skip
    workbook = openpyxl.load_workbook(io.BytesIO(found))
    assert workbook["学习情况"]["B3"].fill.fgColor.rgb == RED
    assert "由读到的内容重新制成" in texts(workbook)
    assert workbook["学习情况"]["C2"].quotePrefix, "no formula either once somebody edits it"
    again = open_workbook(found).grids[1]
    assert again.rows[1] == ["（没有计算结果的公式）", dt.date(2023, 3, 8), ATTACK]
    assert again.rows[2] == [2.0, 0.5, "_x0041_"] and again.rows[3][2] == "a�b"
    assert (again.percent, again.shown[3, 1]) == ({(2, 1)}, "2023.10")
    assert again.hidden_rows == [3] and again.merged == [Range(0, 1, 0, 2)]


def test_a_workbook_that_would_be_changed_by_copying_is_made_from_its_values() -> None:
    """A date beyond the calendar, which openpyxl makes an error of, still comes back."""

    def spoil(workbook: Any) -> None:
        workbook["学习情况"]["B4"] = 3_000_000
        workbook["学习情况"]["B4"].number_format = "yyyy-mm-dd"

    content = book(spoil)
    back = made_bytes(content, issues(("bad_date", "B4", "3000000")))
    assert values(back) == values(content)
    assert "由读到的内容重新制成" in texts(openpyxl.load_workbook(io.BytesIO(back)))


@pytest.mark.parametrize("grids", [None, []])
def test_a_file_refused_as_a_whole_gets_the_list_alone(grids: Any) -> None:
    """What was not read is not copied: its reason is listed."""
    log = Log("f")
    log.add("file", "文件已损坏", "完整的文件")
    found = feedback_of(b"PK broken", "aa.xlsx", "", grids, log.issues, unit_name="", year=2023)
    workbook = openpyxl.load_workbook(io.BytesIO(found))
    assert workbook.sheetnames == [LIST_SHEET]
    assert "文件已损坏" in texts(workbook) and "单位：（未识别）" in texts(workbook)


def test_huge_merges_do_not_fill_memory() -> None:
    """A merged range of billions of cells is not laid out cell by cell."""
    merge = '</sheetData><mergeCells count="1"><mergeCell ref="A6:XFD1048576"/></mergeCells>'
    content = change_part(
        book(), "xl/worksheets/sheet1.xml", lambda xml: xml.replace("</sheetData>", merge)
    )
    workbook = made(content, issues(("bad_date", "B3", "x")))
    assert workbook["学习情况"]["B3"].fill.fgColor.rgb == RED
    assert not workbook["学习情况"].merged_cells.ranges


def test_many_rows_or_issues_give_the_compact_form() -> None:
    """Only the rows with issues are shown, by their own numbers, in sheets no import reads."""
    rows = [["序号", "姓名"], *([n, f"人{n}"] for n in range(2, copies.MAXIMUM_ROWS + 3))]
    workbook = made(book(rows=rows), issues(("bad_name", "B20001", "人20001")))
    assert workbook.sheetnames == [LIST_SHEET, "学习情况（问题行）"]
    sheet = workbook["学习情况（问题行）"]
    assert [c.value for c in sheet[1]] == ["原行号", "A", "B"]
    assert [c.value for c in sheet[2]] == [1, "序号", "姓名"], "the sheet's own head stands first"
    assert [c.value for c in sheet[5]] == [20001, 20001, "人20001"] and sheet.max_row == 5
    assert sheet["C5"].fill.fgColor.rgb == RED and sheet["C5"].comment
    assert "不能用本文件报送" in texts(workbook)
    many = issues(*(("bad_name", f"D{2 + n % 3}", str(n)) for n in range(501)))
    workbook = made(book(), many)
    assert workbook.sheetnames == [LIST_SHEET, "学习情况（问题行）"]
    assert sum(row[1] == "须更正" for row in listed(workbook)) == 501


def test_a_list_beyond_its_length_counts_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not listed one by one is counted by kind, so that nothing is dropped in silence."""
    monkeypatch.setattr(listing, "AT_MOST_LISTED", 2)
    found = issues(*(("bad_name", "D2", str(n)) for n in range(5)), ("two_places", "D3", "x"))
    assert "另有“姓名读不出” 3 处，未逐条列出" in texts(made(book(), found))
    assert "另有“一人同日两处出席” 1 处，未逐条列出" in texts(made(book(), found))


def whole(content: bytes) -> None:
    """Every relation leads to a part of the package: else Excel offers to repair the file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        for name in names:
            if name.endswith(".rels"):
                base = posixpath.dirname(posixpath.dirname(name))
                for relation in ElementTree.fromstring(archive.read(name)):
                    assert relation.get("TargetMode") != "External"
                    target = posixpath.join("/", base, relation.get("Target", ""))
                    assert posixpath.normpath(target).lstrip("/") in names, (name, target)


def test_charts_tables_and_chart_sheets_are_left_out_cleanly() -> None:
    """What is not copied leaves no loose end behind, and the values are those of the unit."""

    def spoil(workbook: Any) -> None:
        sheet = workbook["学习情况"]
        numbers = Reference(sheet, min_col=5, min_row=1, max_row=4)
        for place in (sheet, workbook.create_chartsheet("图")):
            chart = BarChart()
            chart.add_data(numbers, titles_from_data=True)
            place.add_chart(chart)
        sheet.add_table(Table(displayName="表1", ref="A1:F4"))

    content = book(spoil)
    back = made_bytes(content, issues(("bad_date", "B3", "x")))
    whole(back)
    assert values(back) == values(content)
    assert "本文件是报送表的副本" in texts(openpyxl.load_workbook(io.BytesIO(back)))


def test_damaged_workbooks_give_whole_feedback() -> None:
    """Parts with bytes and attributes knocked out never raise: a copy, or the list, is made."""
    content, random = book(rich, **SPARE), Random(20231)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [name for name in archive.namelist() if name.startswith("xl/")]
    kinds = set()
    for _ in range(60):

        def damage(xml: str) -> str:
            attribute = random.choice(list(re.finditer(r' [\w:]+="[^"]*"', xml)))
            xml = xml[: attribute.start()] + xml[attribute.end() :]
            digit = random.choice(list(re.finditer(r"\d", xml))).start()
            return f"{xml[:digit]}{random.randrange(10)}{xml[digit + 1 :]}"

        spoilt = change_part(content, random.choice(parts), damage)
        try:
            grids = open_workbook(spoilt).grids
        except SubmissionError:
            grids = ()
        found = feedback_of(spoilt, "aa.xlsx", "xlsx", grids, issues(("bad_date", "B4", "x")),
                            unit_name="甲", year=2023)  # fmt: skip
        whole(found)
        said = texts(openpyxl.load_workbook(io.BytesIO(found)))
        kinds |= {kind for kind in ("副本，公式", "重新制成", "没有采用") if kind in said}
    assert kinds == {"副本，公式", "重新制成", "没有采用"}, "each way was tried"


@pytest.mark.parametrize("name", ["dongling", "baitang", "yuba"])
def test_the_demo_units_workbooks_come_back_as_they_are(name: str) -> None:
    """Demo workbooks are coloured in place and read again as they were sent."""
    content = (Path(__file__).parents[3] / f"data/submissions/2023/{name}.xlsx").read_bytes()
    back = made_bytes(content, issues(("hours", "D5", "30")))
    whole(back)
    assert values(back) == values(content)
    assert "本文件是报送表的副本" in texts(openpyxl.load_workbook(io.BytesIO(back)))


# --- the year's folder --------------------------------------------------------------------------


def item(home: Path, unit: str | None, name: str, found: Sequence[Issue]) -> FeedbackItem:
    """A submission on disk, and its issues."""
    path = home / "data" / "submissions" / "2023" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(book())
    return FeedbackItem(
        f"submissions/2023/{name}", unit, unit or "", tuple(found), feedback.sha256(path)
    )


BAD = issues(("bad_date", "B3", "2023.2.30"))


def test_files_are_named_by_unit_and_number(tmp_path: Path) -> None:
    """Further files of a unit are numbered past other units' names; nobody's are unknown-n."""
    items = [item(tmp_path, *pair, BAD) for pair in (
        ("aa", "1.xlsx"), ("aa", "2.xlsx"), (None, "x.xlsx"), ("aa-2", "3.xlsx"),
        (None, "y.xlsx"), ("bb", "4.xlsx"))]  # fmt: skip
    paths = write_feedback(tmp_path, 2023, items)
    assert [p.name for p in paths] == ["aa.xlsx", "aa-3.xlsx", "unknown-1.xlsx", "aa-2.xlsx",
                                       "unknown-2.xlsx", "bb.xlsx"]  # fmt: skip
    assert all(p.parent == tmp_path / "outputs/records/2023/feedback" for p in paths)
    assert "文件：3.xlsx" in texts(openpyxl.load_workbook(paths[3]))


def test_only_what_changed_is_made_and_what_is_settled_is_removed(tmp_path: Path) -> None:
    """An unchanged file is left; a mended unit's is removed; a stranger's file is not touched."""
    items = [item(tmp_path, u, f"{u}.xlsx", BAD) for u in ("aa", "bb", "cc")]
    made_now: list[tuple[int, int]] = []
    paths = write_feedback(tmp_path, 2023, items, progress=lambda *n: made_now.append(n))
    assert made_now == [(1, 3), (2, 3), (3, 3)]
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in paths}
    stranger = paths[0].with_name("note.xlsx")
    stranger.write_bytes(b"mine")
    made_now.clear()
    assert write_feedback(tmp_path, 2023, items, progress=lambda *n: made_now.append(n)) == paths
    assert not made_now and {p.name: p.stat().st_mtime_ns for p in paths} == {
        name: time for name, (_, time) in before.items()}  # fmt: skip
    paths[1].write_bytes(b"spoilt")
    decided = tuple(dataclasses.replace(i, decision="accept") for i in BAD)
    items = [items[0], items[1], dataclasses.replace(items[2], issues=decided)]
    write_feedback(tmp_path, 2023, items, progress=lambda *n: made_now.append(n))
    assert made_now == [(1, 1)]
    assert paths[1].read_bytes() == before["bb.xlsx"][0], "made anew, byte for byte"
    assert not paths[2].exists() and stranger.read_bytes() == b"mine"
    state = json.loads((paths[0].parent / ".state.json").read_text(encoding="utf-8"))
    assert sorted(state["files"]) == ["aa.xlsx", "bb.xlsx"]


def test_processes_make_the_same_bytes_as_one(tmp_path: Path) -> None:
    """Eight files in two processes are byte for byte those made one after another."""
    items = [item(tmp_path, f"u{n}", f"u{n}.xlsx", BAD) for n in range(8)]
    many = {p.name: p.read_bytes() for p in write_feedback(tmp_path, 2023, items, jobs=2)}
    for path in list((tmp_path / "outputs/records/2023/feedback").iterdir()):
        path.unlink()
    one = {p.name: p.read_bytes() for p in write_feedback(tmp_path, 2023, items, jobs=1)}
    assert len(one) == 8 and one == many


def test_a_damaged_state_or_submission_is_no_fault(tmp_path: Path) -> None:
    """Without a readable state all is made anew; a file changed since is not copied."""
    items = [item(tmp_path, "aa", "aa.xlsx", BAD)]
    (path,) = write_feedback(tmp_path, 2023, items)
    state = path.with_name(".state.json")
    for text in ("{", "[]", '{"files": {"../x.xlsx": {"key": "", "sha256": ""}, "aa.xlsx": 1}}'):
        state.write_text(text, encoding="utf-8")
        path.unlink()
        assert write_feedback(tmp_path, 2023, items) == [path] and path.exists()
    items = [dataclasses.replace(items[0], sha256="0" * 64)]
    write_feedback(tmp_path, 2023, items)
    assert openpyxl.load_workbook(path).sheetnames == [LIST_SHEET]


def test_a_file_that_cannot_be_written_is_told_and_the_others_are_there(tmp_path: Path) -> None:
    """One file that is in the way gives an error that names it, after all others are made."""
    items = [item(tmp_path, u, f"{u}.xlsx", BAD) for u in ("aa", "bb")]
    folder = tmp_path / "outputs/records/2023/feedback"
    (folder / "aa.xlsx").mkdir(parents=True)
    with pytest.raises(RecordsError, match=r"1 feedback files.*aa\.xlsx"):
        write_feedback(tmp_path, 2023, items)
    assert (folder / "bb.xlsx").is_file()
    (folder / "aa.xlsx").rmdir()
    made_now: list[tuple[int, int]] = []
    write_feedback(tmp_path, 2023, items, progress=lambda *n: made_now.append(n))
    assert made_now == [(1, 1)]


def test_a_lock_file_gets_no_feedback(tmp_path: Path) -> None:
    """What a program left behind is nobody's submission: nothing is written of it."""
    log = Log("f")
    log.add("lock_file", "临时文件", "报送表")
    assert write_feedback(tmp_path, 2023, [item(tmp_path, None, "~$aa.xlsx", log.issues)]) == []
    assert not (tmp_path / "outputs").exists()


def test_one_file_checked_by_itself(tmp_path: Path) -> None:
    """The feedback on one file goes where it is asked to, and never over the file itself."""
    from reportkit.records.importing.report import FileReport

    path = tmp_path / "aa.xlsx"
    path.write_bytes(book())
    report = FileReport("aa.xlsx", "partly", "aa", feedback.sha256(path))
    there = feedback_for_file(path, report, BAD, tmp_path / "out" / "new", 2023)
    assert there == tmp_path / "out" / "new" / "aa.xlsx"
    assert openpyxl.load_workbook(there)["学习情况"]["B3"].fill.fgColor.rgb == RED
    here = feedback_for_file(path, report, BAD, tmp_path, 2023, unit_name="甲岭矿业")
    assert here.name == "aa.feedback.xlsx" and feedback.sha256(path) == report.sha256
    assert "单位：甲岭矿业" in texts(openpyxl.load_workbook(here))
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(RecordsError, match=r"aa\.xlsx: the feedback cannot be written"):
        feedback_for_file(path, report, BAD, tmp_path / "file", 2023)


# --- another program's eyes -----------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_what_it_saves_reads_the_same(tmp_path: Path) -> None:
    """LibreOffice opens the feedback, and what it saves reads as before, marks and all."""
    content = book(rich, **SPARE)
    source = tmp_path / "aa.xlsx"
    source.write_bytes(made_bytes(content, issues(("bad_date", "B4", ATTACK))))
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx",
         "--outdir", str(tmp_path / "out"), str(source)],
        check=True, capture_output=True, timeout=600,
    )  # fmt: skip
    saved = (tmp_path / "out" / "aa.xlsx").read_bytes()
    assert values(saved)["学习情况"] == values(content)["学习情况"]
    again = made(saved, issues(("bad_text", "C4", "乙")))
    assert again.sheetnames[0] == LIST_SHEET and again.sheetnames.count(LIST_SHEET) == 1
    assert again["学习情况"]["B4"].comment is None
    assert again["学习情况"]["B4"].fill.fill_type is None
