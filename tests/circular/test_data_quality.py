"""数据质量报告: what the import found, counted once more from its tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from circular_support import YEAR, cells, shown, tables_of, text_of

from reportkit.display import Block
from reportkit.loaders import Records
from reportkit.params import load_units


@pytest.fixture(scope="module")
def report(demo_home: Path) -> list[Block]:
    return shown("data_quality", demo_home, year=YEAR)


@pytest.fixture(scope="module")
def records(demo_home: Path) -> Records:
    return Records(demo_home, YEAR)


def titled(blocks: list[Block], title: str) -> Block:
    (found,) = [t for t in tables_of(blocks) if t.fields["title"] == title]
    return found


def test_every_unit_has_its_row(report: list[Block], demo_home: Path) -> None:
    """In official order, 集团本级 and one merged within the year among them."""
    names = [unit.short_name for unit in load_units(demo_home).in_year(YEAR)]
    assert cells(titled(report, "各单位报送情况"), "单位") == names


def test_rows_add_up_to_what_was_read(report: list[Block], records: Records) -> None:
    """The units' figures and those of the summary, against the tables of the import."""
    table = titled(report, "各单位报送情况")
    issues = records["issues"]
    of_units = issues[issues["unit_id"].notna()]
    corrected = sum(map(int, cells(table, "更正")))
    assert corrected == int((of_units["severity"] == "corrected").sum()) > 10
    files = records["files"]
    own = files[files["unit_id"].notna()]
    assert sum(map(int, cells(table, "采用记录"))) == int(own["rows"].sum())
    text = text_of(report)
    assert f"共收到文件{len(files)}个" in text
    assert f"更正{int((issues['severity'] == 'corrected').sum())}处" in text


def test_each_issue_is_told_by_file_sheet_and_cell(report: list[Block], records: Records) -> None:
    """One line an issue: whoever looks for it finds the cell."""
    issues = records["issues"]
    for title, severity in (("更正的内容", "corrected"), ("需核对的内容", "warned")):
        wanted = issues[issues["severity"] == severity]
        rows = titled(report, title).fields["rows"]
        assert len(rows) == len(wanted) > 0
        told = {(row[1], row[2], row[3]) for row in rows}
        for issue in wanted.to_dict("records"):
            cell = issue["cell"] if isinstance(issue["cell"], str) else "—"
            sheet = issue["sheet"] if isinstance(issue["sheet"], str) else "—"
            assert (issue["file"].split("/", 2)[-1], sheet, cell) in told


def test_blank_tables_are_named(report: list[Block], records: Records) -> None:
    told = records["submissions"]
    blank = told[told["state"] == "未报"]
    missing = titled(report, "缺报情况").fields["rows"]
    assert len(missing) == blank["unit_id"].nunique() > 0


def test_every_file_is_listed_with_its_day(report: list[Block], records: Records) -> None:
    files = [t for t in tables_of(report) if t.fields["columns"][0]["text"] == "文件"][-1]
    assert len(files.fields["rows"]) == len(records["files"])
    assert "2024-01-05" in cells(files, "填报日期")
    assert "佐证" in cells(files, "结果")


def test_no_number_of_a_person_is_printed(report: list[Block]) -> None:
    """证件号码 and telephones were hidden when they were read."""
    import re

    assert not re.search(r"\d{17}[\dXx]|(?<!\d)1[3-9]\d{9}(?!\d)", text_of(report))
