"""数据确认单: a unit's figures to be confirmed, held against the records."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from circular_support import YEAR, cells, row_of, shown, tables_of, text_of

from reportkit.display import Block
from reportkit.loaders import Records
from reportkit.params import load_year


@pytest.fixture(scope="module")
def paper(demo_home: Path) -> list[Block]:
    return shown("confirmation", demo_home, unit="shitang", year=YEAR)


def titled(blocks: list[Block], title: str) -> Block:
    (found,) = [t for t in tables_of(blocks) if t.fields["title"] == title]
    return found


def test_what_was_received_is_what_the_records_hold(paper: list[Block], demo_home: Path) -> None:
    """Of each table its rows; nothing that only the office fills in."""
    records = Records(demo_home, YEAR)
    table = titled(paper, "报送情况")
    sessions = records["sessions"]
    own = int((sessions["unit_id"] == "shitang").sum())
    assert row_of(table, "学习情况")["记录（条）"] == str(own)
    assert "档案核查" not in "".join(cells(table, "报送内容"))
    assert set(cells(table, "确认（是/否）")) == {" "}


def test_its_figures_are_those_of_the_circular(paper: list[Block], demo_home: Path) -> None:
    """The same as the comparison table prints, each with its parts and room for an answer."""
    circular = shown("unit_circular", demo_home, charts=False, unit="shitang", year=YEAR)
    compared = titled(circular, "主要指标对照表")
    table = titled(paper, "拟采用的数据")
    for metric, figure in (("学习计划兑现率", "%"), ("述学率", "%")):
        if metric in cells(table, "指标"):
            assert row_of(table, metric)["数据"].endswith(figure)
    ours = {row[0]: row[1] for row in table.fields["rows"]}
    theirs = {row[0].split("（")[0]: row[1].split("（")[0] for row in compared.fields["rows"]}
    same = [name for name in theirs if name in ours]
    assert len(same) > 10
    for name in same:
        assert ours[name].rstrip("次场期天人") == theirs[name], name


def test_each_session_that_counts_is_listed(paper: list[Block], demo_home: Path) -> None:
    """As many lines as 集体学习 and 读书班 together, in the order of their days."""
    (listed,) = [t for t in tables_of(paper) if t.fields["columns"][0]["text"] == "序号"]
    figures = {row[0]: row[1] for row in titled(paper, "拟采用的数据").fields["rows"]}
    count = sum(int(figures[name].rstrip("次期")) for name in ("集体学习", "专题读书班"))
    assert len(listed.fields["rows"]) == count
    sessions = Records(demo_home, YEAR)["sessions"]
    titles = set(sessions.loc[sessions["unit_id"] == "shitang", "title"])
    assert set(cells(listed, "主题")) <= titles


def test_it_is_back_before_the_circular_is_issued(paper: list[Block], demo_home: Path) -> None:
    """成文日期 is 8 January: the day before, and no name is printed."""
    assert str(load_year(demo_home, YEAR).issued_on) == "2024-01-08"
    text = text_of(paper)
    assert "请于2024年1月7日以前" in text
    names = Records(demo_home, YEAR).read("members", ["name"])["name"]
    assert not [name for name in names if name in text]


def test_it_is_no_circular(paper: list[Block]) -> None:
    """No 版头 and no 版记 in any edition."""
    document = paper[0]
    assert document.kind == "document"
    assert "head" not in document.fields and "imprint" not in document.fields


def test_a_unit_that_studied_nothing_gets_a_sentence(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reportkit.circular import open_confirmation
    from reportkit.circular.unit import UnitCircular

    empty = pd.DataFrame({"start": [], "end": [], "title": [], "mark": []})
    monkeypatch.setattr(UnitCircular, "study_sessions", lambda self: empty)
    annex, told = open_confirmation("shitang", YEAR, home=demo_home).annexes().blocks
    assert annex.kind == "annex" and told.fields["text"] == "没有计入统计的学习。"
