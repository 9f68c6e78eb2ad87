"""Blank forms: what a person types comes back exactly, and nothing else does."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from reportkit.errors import ParameterError, UsageError
from reportkit.params import Unit, YearParams
from reportkit.params.year import Topic
from reportkit.records import forms
from reportkit.records.forms import unit_sheets
from reportkit.records.issues import Log
from reportkit.records.opening import open_file
from reportkit.records.periods import Period, in_words, parse_period
from reportkit.records.reading import FileTables, read_file
from reportkit.records.schemas import TABLES, empty
from reportkit.records.snapshot import write_snapshot
from reportkit.records.values import read
from reportkit.records.writing.blank import FormKit, sheets_asked
from reportkit.records.writing.cells import Look, put, save
from reportkit.records.writing.guide import example
from reportkit.records.writing.inputs import words_of
from reportkit.records.writing.issuing import units_of
from reportkit.records.writing.known import Known, next_quarter, read_knowledge
from reportkit.records.writing.office import office_form, office_sheets

D = dt.date
UNIT = Unit(unit_id="aa", name="甲岭矿业有限公司", short_name="甲岭矿业", order=1, mask_label="A",
            valid_from=D(2015, 1, 1))  # fmt: skip
OTHER = Unit(unit_id="bb", name="<乙川>&冶炼", short_name="乙<&>川", order=2, mask_label="B",
             valid_from=D(2015, 1, 1))  # fmt: skip
PARAMS = YearParams(
    year=2024, cutoff=D(2024, 12, 31), issued_on=D(2025, 1, 8),
    topics=(
        Topic(code="2024-01", name="专题一", mandatory=True, issued_on=D(2024, 1, 9),
              learn_by=D(2024, 3, 31)),
        Topic(code="2024-02", name="专题二", issued_on=D(2024, 2, 9), learn_by=D(2024, 4, 30)),
        Topic(code="2024-03", name="专题三", mandatory=True, issued_on=D(2024, 2, 9),
              learn_by=D(2024, 11, 30)),
    ),
    archive_items=("签到簿", "学习记录簿", "研讨发言簿"), systems=("学习组织", "学习计划"),
    switched_off=(), themes=(), rules=(),
)  # fmt: skip
MEMBER = {"name": "张伟", "staff_number": "007", "role": "组长", "in_leadership": "是",
          "party_affairs_head": "否", "from": D(2020, 1, 1), "to": None}  # fmt: skip
KNOWN = Known(members=(MEMBER,))
YEAR, Q1, Q2, Q4 = (parse_period(text, 2024) for text in ("2024", "2024Q1", "2024Q2", "2024Q4"))
DAY = dt.datetime(2024, 10, 8)
TYPED: dict[str, dict[str, tuple[Any, Any]]] = {
    "members": {
        "name": ("李娜", "李娜"), "staff_number": ("0012", "0012"), "role": ("副组长", "副组长"),
        "in_leadership": ("是", True), "party_affairs_head": ("否", False),
        "from": (dt.datetime(2021, 3, 1), D(2021, 3, 1)), "to": (DAY, D(2024, 10, 8)),
    },
    "plans": {
        "level": ("季度", "季"), "period": ("2024年第四季度", "2024Q4"),
        "approved_on": (DAY, D(2024, 10, 8)), "filed_on": (DAY, D(2024, 10, 8)),
    },
    "plan_items": {
        "due_period": ("2024年11月", "2024-11"), "title": ("学习=A+B的论述", "学习=A+B的论述"),
        "topic_code": ("2024-02", ("2024-02",)),
    },
    "sessions": {
        "start": (DAY, D(2024, 10, 8)), "end": (DAY, D(2024, 10, 8)), "hours": (2.5, 2.5),
        "kind": ("集体学习", "集体学习"), "counted_as": ("第一议题", "第一议题"),
        "form": ("研讨", "研讨"), "title": ("学习党章", "学习党章"),
        "topics": ("2024-01、2024-03", ("2024-01", "2024-03")), "host": ("张伟", "张伟"),
        "plan_item": (1001, "1001"), "ad_hoc_basis": ("上级通知", "上级通知"),
        "joint_id": ("LX-01", "LX-01"), "enlarged": ("是", True), "cancelled": ("否", False),
        "expected": (9, 9), "present": (8, 8),
        "absent": ("张伟（公务）、李娜（病假）", (("张伟", "公务假"), ("李娜", "病事假"))),
        "received_on": (DAY, D(2024, 10, 8)), "times_returned": (0, 0),
    },
    "sign_in": {"session": (1001, "1001"), "name": ("张伟", "张伟"), "status": ("视频", "视频")},
    "makeups": {
        "session": (1001, "1001"), "name": ("张伟", "张伟"), "makeup_on": (DAY, D(2024, 10, 8)),
        "makeup_evidence": ("笔记第3页", "笔记第3页"),
    },
    "speeches": {
        "session": (1001, "1001"), "name": ("张伟", "张伟"), "type": ("重点", "重点"),
        "has_paper": ("是", True), "seq": (1, 1),
    },
    "research": {
        "name": ("张伟", "张伟"), "contact_point": ("一号矿", "一号矿"),
        "date": (DAY, D(2024, 10, 8)),
        "has_report": ("否", False), "outcome": ("已采纳", "已采纳"), "evidence": ("报告", "报告"),
    },
    "visits": {
        "role": ("被旁听", "被旁听"), "other_unit": ("乙川冶炼", "乙川冶炼"),
        "date": (DAY, D(2024, 10, 8)), "session": (1001, "1001"),
        "feedback_on": (DAY, D(2024, 10, 8)), "highlights": ("联系实际", "联系实际"),
        "problems": ("时间偏短", "时间偏短"),
    },
    "platform": {
        "month": ("2024年10月", "2024-10"), "party_members": (120, 120), "joined": (0, 0),
        "participation": (0.95, 0.95), "mean_daily_points": (31.5, 31.5),
    },
    "accounts": {"name": ("张伟", "张伟"), "date": (DAY, D(2024, 10, 8)),
                 "rating": ("较好", "较好")},
    "practices": {
        "kind": ("制度", "制度"), "name": ("一线课堂", "一线课堂"),
        "what": ("课堂设在班组", "课堂设在班组"),
        "outcome": ("改进5项", "改进5项"), "sessions": ("1001、1002", ("1001", "1002")),
        "award": ("优秀案例", "优秀案例"), "issuer": ("市委宣传部", "市委宣传部"),
    },
    "rectifications": {
        "finding_id": ("WT-01", "WT-01"), "problem": ("报送不及时", "报送不及时"),
        "measure": ("专人负责", "专人负责"), "owner": ("党群部", "党群部"),
        "due_on": (DAY, D(2024, 10, 8)), "replied_on": (DAY, D(2024, 10, 8)),
        "state": ("整改中", "整改中"),
    },
}  # fmt: skip


def form(period: Period = Q4, known: Known = KNOWN, params: YearParams = PARAMS) -> bytes:
    return FormKit(params, period).form(UNIT, known)


def read_back(content: bytes) -> tuple[FileTables, dict[str, Any], Log]:
    log = Log("aa.xlsx")
    opened = open_file(content, "aa.xlsx")
    assert opened.notices == ()
    tables, cover = read_file(opened.grids, unit_sheets(), 2024, log)
    return tables, cover, log


def first_empty(sheet: Any) -> int:
    """The first row of a table in which nothing but a printed number stands."""
    return next(r for r in range(4, 99) if sheet.cell(r, 1).value is None or
                (sheet.cell(3, 1).value == "序号" and sheet.cell(r, 3).value is None))  # fmt: skip


def typed(content: bytes) -> bytes:
    """The form with one row typed into each table, and the date on the cover."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["封面"]["C9"].value = dt.datetime(2025, 1, 6)
    for sheet in unit_sheets():
        page, values = book[sheet.title], TYPED[sheet.key]
        row = first_empty(page)
        for column, field in enumerate(sheet.fields, 1):
            if field.name != "number":
                kept = page.cell(row, column).number_format
                page.cell(row, column).value = values[field.name][0]
                page.cell(row, column).number_format = kept
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def check_typed(content: bytes) -> None:
    tables, cover, log = read_back(content)
    assert cover == {"unit": UNIT.name, "year": 2024, "period": "2024Q4",
                     "filled_on": D(2025, 1, 6)}  # fmt: skip
    assert log.issues == []
    for sheet in unit_sheets():
        table = tables.tables[sheet.key]
        expected = {name: value for name, (_, value) in TYPED[sheet.key].items()}
        if sheet.fields[0].name == "number":
            expected["number"] = "1001"
        assert [row.values for row in table.rows][-1:] == [expected], sheet.key
        assert len(table.rows) == (2 if sheet.key == "members" else 1), sheet.key


def test_typed_table_covers_every_column_of_every_sheet() -> None:
    """The table above leaves out no column but the printed numbers."""
    for sheet in unit_sheets():
        names = {field.name for field in sheet.fields} - {"number"}
        assert names == set(TYPED[sheet.key]), sheet.key


def test_what_a_person_types_is_read_back_exactly() -> None:
    """Each column takes a value typed as Excel stores it, and reading gives it without a note."""
    check_typed(typed(form()))


def test_what_a_person_types_survives_libreoffice(tmp_path: Path) -> None:
    """Opened and saved by LibreOffice, a filled form still reads the same; so does a blank one."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    (tmp_path / "filled.xlsx").write_bytes(typed(form()))
    (tmp_path / "blank.xlsx").write_bytes(form())
    command = [
        office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
        "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"),
        str(tmp_path / "filled.xlsx"), str(tmp_path / "blank.xlsx"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    check_typed((tmp_path / "out" / "filled.xlsx").read_bytes())
    tables, _, log = read_back((tmp_path / "out" / "blank.xlsx").read_bytes())
    assert log.issues == []
    assert {k for k, t in tables.tables.items() if t.state != "未报"} == {"members"}
    checks = openpyxl.load_workbook(tmp_path / "out" / "blank.xlsx")["学习情况"].data_validations
    assert any("OFFSET" in str(v.formula1) for v in checks.dataValidation)


@pytest.mark.parametrize("period", ["2024Q2", "2024-05", "2024Q4"])
def test_empty_form_reads_as_nothing_reported(period: str) -> None:
    """A form that comes back as it went out says only what was filled in for the unit."""
    tables, cover, log = read_back(form(parse_period(period, 2024), Known()))
    assert log.issues == []
    assert {table.state for table in tables.tables.values()} == {"未报"}
    assert cover == {"unit": UNIT.name, "year": 2024, "period": period}


@pytest.mark.parametrize("title", ["学习情况", "签到表", "述学", "学习计划", "旁听记录"])
def test_none_in_the_first_cell_says_zero(title: str) -> None:
    """“无” in a table's first cell, over a printed number too, is 零, as the form tells people."""
    book = openpyxl.load_workbook(io.BytesIO(form()))
    book[title]["A4"].value = "无"
    buffer = io.BytesIO()
    book.save(buffer)
    tables, _, log = read_back(buffer.getvalue())
    states = {t.title: t.state for t in tables.tables.values()}
    assert states[title] == "零"
    assert log.issues == []


def test_mandatory_topics_are_items_while_the_unit_keeps_them() -> None:
    """In the first quarter each mandatory topic stands as an item; a cleared row is none."""
    content = form(Q1, Known())
    rows = read_back(content)[0].tables["plan_items"].rows
    assert [row.values for row in rows] == [
        {"number": "1", "due_period": "2024-03", "title": "专题一", "topic_code": ("2024-01",)},
        {"number": "2", "due_period": "2024-11", "title": "专题三", "topic_code": ("2024-03",)},
    ]
    book = openpyxl.load_workbook(io.BytesIO(content))
    for column in range(2, 5):
        book["计划内容"].cell(4, column).value = None
    buffer = io.BytesIO()
    book.save(buffer)
    tables, _, log = read_back(buffer.getvalue())
    assert [row.values["title"] for row in tables.tables["plan_items"].rows] == ["专题三"]
    assert log.issues == []


def test_known_items_keep_their_numbers_and_later_ones_get_others() -> None:
    """Numbers printed in a later quarter are never those of an earlier one."""
    items = ({"number": 2, "due_period": "2024年3月", "title": "旧", "topic_code": None},)
    page = openpyxl.load_workbook(io.BytesIO(form(Q2, Known(plan_items=items))))["计划内容"]
    assert [page.cell(row, 1).value for row in range(4, 7)] == [2, 401, 402]
    numbers = [parse_period(p, 2024).first_number for p in ("2024", "2024Q1", "2024-04", "2024Q4")]
    assert numbers == [1, 1, 401, 1001]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-x", "@SUM(A1)", "\tx", "\nx", "=cmd|' /C calc'!A0", "_x0041_", " a ", "＝1",
     "<b>&", "平常"],
)  # fmt: skip
def test_text_is_never_a_formula(text: str) -> None:
    """A text that begins like a formula is stored as a text, marked so, and reads the same."""
    book = openpyxl.Workbook()
    put(book.active, 1, 1, text, Look())
    content = save(book)
    assert open_file(content, "a.xlsx").grids[0].rows == [[text]]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f" not in archive.read("xl/worksheets/sheet1.xml")
        marked = b'quotePrefix="1"' in archive.read("xl/styles.xml")
    assert marked == (text[0] in "=+-@\t\n＝")


def test_data_cannot_become_formulas_or_private_numbers_in_a_form() -> None:
    """Names, items and questions from a snapshot are plain text, numbers of persons masked."""
    question = {"file": "submissions/2024/aa.xlsx", "severity": "refused", "sheet": "学习情况",
                "cell": "B7", "found": '=HYPERLINK("http://x")',
                "expected": "电话13812345678", "action": "@请更正"}  # fmt: skip
    items = ({"number": 1, "due_period": "2024年3月", "title": "=1+1", "topic_code": None},)
    content = form(Q2, Known(members=(MEMBER,), plan_items=items, questions=(question,)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    sheets = b"".join(parts[n] for n in parts if "worksheets/sheet" in n)
    data = re.sub(rb"<dataValidations.*?</dataValidations>", b"", sheets, flags=re.S)
    assert b"<f>" not in data and b"13812345678" not in sheets
    page = openpyxl.load_workbook(io.BytesIO(content))["上期问题"]
    assert [page.cell(4, c).value for c in (1, 2, 3, 4, 6)] == [
        "aa.xlsx", "学习情况", "B7", '=HYPERLINK("http://x")', "@请更正",
    ]  # fmt: skip
    assert page.cell(4, 4).data_type == "s"


def test_same_input_gives_the_same_bytes_whatever_was_written_before() -> None:
    """A form depends on its own unit: not on the clock, nor on the forms made before it."""
    rich = Known(
        members=(MEMBER,),
        plan_items=({"number": 1, "due_period": "2024年3月", "title": "=x", "topic_code": "-1"},),
        questions=({"file": "f", "severity": "warned", "sheet": None, "cell": None,
                    "found": "+1", "expected": "x", "action": "y"},),
    )  # fmt: skip
    kit = FormKit(PARAMS, Q2)
    first = kit.form(UNIT, KNOWN)
    other = kit.form(OTHER, rich)
    assert kit.form(UNIT, KNOWN) == first == FormKit(PARAMS, Q2).form(UNIT, KNOWN)
    assert kit.form(OTHER, rich) == other == FormKit(PARAMS, Q2).form(OTHER, rich)
    book = openpyxl.load_workbook(io.BytesIO(other))
    assert book["签到表"]["A1"].value == "乙<&>川2024年第二季度签到表"
    assert book["封面"]["C6"].value == "<乙川>&冶炼"


def test_headers_are_locked_and_inputs_are_open() -> None:
    """Only inputs can be typed into, without a password; sorting and inserting rows stay."""
    book = openpyxl.load_workbook(io.BytesIO(form()))
    for sheet in unit_sheets():
        page = book[sheet.title]
        protection = page.protection
        assert protection.sheet and protection.password is None
        assert not (protection.sort or protection.autoFilter or protection.insertRows)
        assert not (protection.formatColumns or protection.formatRows)
        assert all(c.protection.locked for row in page["A1:C3"] for c in row)
        assert not any(page.cell(r, c + 1).protection.locked
                       for r in (4, 43) for c in range(len(sheet.fields)))  # fmt: skip
        assert not page.column_dimensions["A"].protection.locked
        assert page.freeze_panes in ("A4", "C4")
        assert page.print_title_rows == "$1:$3"
    assert book["封面"]["C6"].protection.locked and not book["封面"]["C9"].protection.locked
    assert book["专题清单"].protection.sheet
    assert len(book.defined_names) == 0


def test_drop_downs_offer_words_that_are_read_without_a_note() -> None:
    """Each word of each list is one that reading takes as it stands; checks reach row 2003."""
    book = openpyxl.load_workbook(io.BytesIO(form(YEAR)))
    for sheet in unit_sheets():
        checks = book[sheet.title].data_validations.dataValidation
        lists = {str(c.sqref): c.formula1 for c in checks if c.type == "list"}
        for column, field in enumerate(sheet.fields):
            if field.kind not in ("choice", "flag", "period"):
                continue
            letter = chr(65 + column)
            words = lists[f"{letter}4:{letter}2003"].strip('"').split(",")
            assert [w for w in words if w != "无" or field.kind == "choice"][
                : len(words_of(field, YEAR))
            ] == words_of(field, YEAR)
            for word in words_of(field, YEAR):
                reading = read(word, field, 2024)
                assert reading.value is not None and not reading.note, (field.header, word)


def test_examples_in_the_instructions_are_read_without_a_note() -> None:
    """What the instructions show as an example would itself be read right."""
    for sheet in unit_sheets():
        for field in sheet.fields:
            reading = read(example(field, 2024), field, 2024)
            assert not reading.refused and reading.value is not None, (sheet.key, field.name)
            if field.kind not in ("percent", "whole", "decimal"):
                assert not reading.note, (sheet.key, field.name, reading.note)


def test_a_form_asks_for_nothing_that_is_off_or_not_due() -> None:
    """Sheets of metrics that are off are not there, nor 经验做法 before the year's last period."""
    default = PARAMS.model_copy(update={"switched_off": ("M15", "M17", "M13")})
    keys = [sheet.key for sheet in sheets_asked(default, Q1)]
    assert "platform" not in keys and "visits" not in keys and "practices" not in keys
    assert "practices" in [sheet.key for sheet in sheets_asked(default, Q4)]
    book = openpyxl.load_workbook(io.BytesIO(form(Q1, params=default)))
    assert "学习强国" not in book.sheetnames
    guide = {row[0].value for row in book["填报说明"].iter_rows()}
    assert "学习强国" not in guide and "签到表" in guide


# --- what snapshots know ---------------------------------------------------------------


def snapshot(home: Path, year: int, **rows: list[dict[str, Any]]) -> None:
    """A snapshot with these rows; what a row leaves out is empty."""
    frames = {}
    for name, table in TABLES.items():
        frame = empty(table)
        if rows.get(name):
            columns = {c.name: [r.get(c.name) for r in rows[name]] for c in table.columns}
            frame = pd.DataFrame(columns).astype({c.name: c.dtype for c in table.columns})
        frames[name] = frame
    write_snapshot(home, year, frames, [])


def member(name: str, first: D, last: D | None = None, person: str = "") -> dict[str, Any]:
    return {"unit_id": "aa", "person_id": person or f"aa/{name}", "name": name, "role": "成员",
            "in_leadership": True, "party_affairs_head": False, "from": first,
            "to": last}  # fmt: skip


def issue(severity: str, found: str, decision: str | None = None, unit: str = "aa") -> Any:
    return {"severity": severity, "code": "bad_date", "unit_id": unit, "found": found,
            "file": "submissions/2023/aa.xlsx", "expected": "日期", "action": "更正",
            "decision": decision}  # fmt: skip


def test_last_years_roster_and_questions_go_into_the_first_quarter(tmp_path: Path) -> None:
    """Terms that reach into the period are filled in; only open issues are questions."""
    snapshot(
        tmp_path, 2023,
        members=[member("甲一", D(2020, 1, 1), person="007"),
                 member("乙二", D(2020, 1, 1), D(2023, 12, 31)),
                 member("丙三", D(2020, 1, 1), D(2024, 1, 1))],
        issues=[issue("refused", "一"), issue("warned", "二"), issue("corrected", "三"),
                issue("refused", "四", "accept"), issue("refused", "五", unit="bb")],
    )  # fmt: skip
    known = read_knowledge(tmp_path, Q1).of("aa")
    assert [(m["name"], m["staff_number"], m["to"]) for m in known.members] == [
        ("甲一", "007", None), ("丙三", None, D(2024, 1, 1)),
    ]  # fmt: skip
    assert [q["found"] for q in known.questions] == ["一", "二"]
    assert read_knowledge(tmp_path, Q2).of("aa").questions == ()
    tables, _, log = read_back(form(Q1, known))
    assert [row.values["staff_number"] for row in tables.tables["members"].rows] == ["007", None]
    assert log.issues == []


def test_this_years_records_come_before_last_years(tmp_path: Path) -> None:
    """The roster is this year's where the unit has one, else last year's; so is the plan."""
    snapshot(tmp_path, 2023, members=[member("旧人", D(2020, 1, 1))])
    snapshot(
        tmp_path, 2024, members=[{**member("新人", D(2020, 1, 1)), "unit_id": "bb"}],
        plan_items=[{"unit_id": "bb", "item_id": "bb/3", "topic_code": "2024-01", "title": "题",
                     "due_period": "2024Q2"}],
        issues=[issue("warned", "今年", unit="bb")],
    )  # fmt: skip
    known = read_knowledge(tmp_path, Q2)
    assert [m["name"] for m in known.of("bb").members] == ["新人"]
    assert [m["name"] for m in known.of("aa").members] == ["旧人"]
    assert known.of("bb").plan_items == (
        {"number": 3, "due_period": "2024年第二季度", "title": "题", "topic_code": "2024-01"},
    )
    assert [q["found"] for q in known.of("bb").questions] == ["今年"]


def test_no_open_question_is_said_in_words() -> None:
    """The sheet 上期问题 says that there are none, or that nothing has been imported."""
    for was_imported, text in ((True, "上期没有待核实的问题"), (False, "尚无上期导入记录")):
        content = form(known=dataclasses.replace(KNOWN, was_imported=was_imported))
        assert openpyxl.load_workbook(io.BytesIO(content))["上期问题"]["A2"].value == text


def file(period: str | None, state: str = "accepted", unit: str | None = "aa") -> dict[str, Any]:
    return {"file": f"{unit}{period}{state}", "unit_id": unit, "period": period, "state": state,
            "rows": 1, "refused": 0, "corrected": 0, "sha256": "0"}  # fmt: skip


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([], "2024Q1"),
        ([file("2024Q1")], "2024Q2"),
        ([file("2024Q1", "refused")], "2024Q1"),
        ([file("2024Q1"), file(None, unit=None)], "2024Q2"),
        ([file("2024Q1"), file("2024-05", "partly"), file("2024Q4")], "2024Q3"),
    ],
)
def test_the_next_quarter_is_the_first_without_an_accepted_file(
    tmp_path: Path, files: list[dict[str, Any]], expected: str
) -> None:
    """Refused files and the office's own count for nothing, a month's file for its quarter."""
    snapshot(tmp_path, 2024, files=files)
    assert next_quarter(tmp_path, 2024)[0].text == expected


@pytest.mark.parametrize("period", ["2024", None])
def test_a_year_that_is_covered_has_no_next_quarter(tmp_path: Path, period: str | None) -> None:
    """A file for the year, or one that does not say, covers all quarters: none is guessed."""
    snapshot(tmp_path, 2024, files=[file(period)])
    with pytest.raises(UsageError, match="all four quarters"):
        next_quarter(tmp_path, 2024)


# --- periods and units -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last", "words"),
    [
        ("2024", D(2024, 1, 1), D(2024, 12, 31), "2024年"),
        ("2024q3", D(2024, 7, 1), D(2024, 9, 30), "2024年第三季度"),
        ("2024-02", D(2024, 2, 1), D(2024, 2, 29), "2024年2月"),
    ],
)
def test_periods_in_their_three_spellings(text: str, first: D, last: D, words: str) -> None:
    """A year, a quarter, a month; in words as reading knows them."""
    period = parse_period(text, 2024)
    assert (period.first, period.last, period.in_words) == (first, last, words)
    field = forms.sheet_of("cover").field("period")
    assert read(in_words(period.text), field, 2024).value == period.text


@pytest.mark.parametrize("text", ["2023Q1", "2024Q5", "2024-13", "2024-1", "Q1", "", "2024Q1x"])
def test_other_periods_are_refused(text: str) -> None:
    """What is no period of the year is an error of usage."""
    with pytest.raises(UsageError, match="period"):
        parse_period(text, 2024)


def test_units_are_those_in_being_during_the_period() -> None:
    """A unit that ended before, or has no group, gets no form; an unknown one is an error."""
    from reportkit.params import Units

    def made(unit_id: str, order: int, **more: Any) -> Unit:
        return Unit(unit_id=unit_id, name=unit_id, short_name=unit_id, order=order, mask_label="",
                    **{"valid_from": D(2015, 1, 1), **more})  # fmt: skip

    units = Units(group_name="集团", group_short_name="集", units=(
        made("late", 3, valid_from=D(2024, 6, 30)), made("hq", 1, level="group"),
        made("gone", 2, valid_to=D(2024, 3, 31)), made("none", 4, has_study_group=False),
    ))  # fmt: skip
    assert [u.unit_id for u in units_of(units, Q2)] == ["hq", "late"]
    assert [u.unit_id for u in units_of(units, Q1)] == ["hq", "gone"]
    assert [u.unit_id for u in units_of(units, Q2, ["late"])] == ["late"]
    with pytest.raises(UsageError, match="gone"):
        units_of(units, Q2, ["gone"])
    with pytest.raises(ParameterError, match="nobody"):
        units_of(units, Q2, ["nobody"])


# --- the office's own ------------------------------------------------------------------


def test_the_offices_workbook_has_a_row_for_each_unit() -> None:
    """Items and systems are columns with drop-downs; sheets that are off are not there."""
    params = PARAMS.model_copy(update={"switched_off": ("M15",)})
    content = office_form([UNIT, OTHER], params)
    assert content == office_form([UNIT, OTHER], params)
    book = openpyxl.load_workbook(io.BytesIO(content))
    titles = [sheet.title for sheet in forms.office_sheets() if sheet.title != "笔记抽查"]
    assert book.sheetnames == [*titles, "单位清单"]
    page = book["档案核查"]
    rows = [[c.value for c in row] for row in page["A3:D5"]]
    assert rows == [["单位", "签到簿", "学习记录簿", "研讨发言簿"],
                    ["甲岭矿业", None, None, None], ["乙<&>川", None, None, None]]  # fmt: skip
    lists = {str(c.sqref): c.formula1 for c in page.data_validations.dataValidation}
    assert lists["B4:B2003"] == '"有,缺,不规范,不适用,未查"'
    assert lists["A4:A2003"] == "'单位清单'!$A$3:$A$4"
    assert [c.value for c in book["制度核查"][3]] == ["单位", "学习组织", "学习计划"]


def test_the_offices_workbook_returned_blank_says_nothing() -> None:
    """As it went out it holds units and no state; no row is refused."""
    params = PARAMS
    log = Log("office.2024.xlsx")
    grids = open_file(office_form([UNIT], params), "office.2024.xlsx").grids
    tables, _ = read_file(grids, office_sheets(params), 2024, log)
    assert log.issues == []
    filled = {key: [row.values for row in table.rows] for key, table in tables.tables.items()}
    assert filled.pop("archive_checks") == [
        {"unit": "甲岭矿业", "签到簿": None, "学习记录簿": None, "研讨发言簿": None}
    ]
    assert filled.pop("system_checks") == [{"unit": "甲岭矿业", "学习组织": None, "学习计划": None}]
    assert not any(filled.values())
