"""Masked indicators (脱敏版): no sentence and no cell of a unit's notebook leaves a figure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from circular_support import YEAR, Edit, masked_shown, printed, tables_of, text_of

from reportkit.annual import load_annual
from reportkit.circular import open_unit
from reportkit.display import Block
from reportkit.params import load_units

ROOT = Path(__file__).resolve().parents[2]
IDS = [u.unit_id for u in load_units(ROOT).in_year(YEAR)]
MASK = "×××"
NO_FIGURE = re.compile(
    r"20\d\d年(\d{1,2}月(\d{1,2}日)?)?|\d{1,2}月(\d{1,2}日)?|1—\d{1,2}月"  # days
    r"|WT-\d\d|^\d\.|（\d）"  # numbers of findings, headings
    r"|不足\d+家|小于11|95%区间|不足\d+次|\d+日内|不超过\d+小时|每年应旁听\d+次"  # parameters
)
"""Digits that are no figure of a unit: dates, numbers of things, what the office laid down."""


def figures(text: str) -> list[str]:
    """Every digit of a text that is a figure, with what stands around it."""
    bare = NO_FIGURE.sub(lambda m: re.sub(r"\d", "#", m.group()), text)
    return [bare[max(0, m.start() - 12) : m.end() + 6] for m in re.finditer(r"\d[\d.]*", bare)]


@pytest.fixture(scope="module")
def masked_papers(demo_home: Path) -> dict[str, list[Block]]:
    """unit_id → what its notebook shows of masked indicators."""
    return {
        unit: printed(masked_shown("unit_circular", demo_home, unit=unit, year=YEAR))
        for unit in IDS
    }


OTHERWISE = re.compile("异议|通报指出的问题|未予列入|^经核查|未作评价。$|未核查。$")
"""Sentences of dates and of how many metrics or old findings there are: no indicator's figure."""


def test_no_sentence_leaves_a_figure(masked_papers: dict[str, list[Block]]) -> None:
    """Counts, ratios, changes, lines, what is lacking and how many of it are named."""
    left = {
        unit: found
        for unit, blocks in masked_papers.items()
        for block in blocks
        if block.kind == "paragraph" and not OTHERWISE.search(block.fields["text"])
        if (found := figures(block.fields["text"]))
    }
    assert not left


@pytest.mark.parametrize("title", ["主要指标对照表", "整改台账", ""])
def test_no_table_leaves_a_figure(masked_papers: dict[str, list[Block]], title: str) -> None:
    """The comparison, the 整改台账 and the annex ("" has no title of its own): cells, notes."""
    left, seen = {}, 0
    for unit, blocks in masked_papers.items():
        for table in tables_of(blocks):
            if table.fields["title"] != title:
                continue
            seen += 1
            # The definition (口径) is the office's, the same for every unit.
            rows = [row if title else row[:4] for row in table.fields["rows"]]
            texts = [cell for row in rows for cell in row] + table.fields["notes"]
            if found := [each for text in texts for each in figures(text)]:
                left[unit] = found
    assert seen > 10
    assert not left


def test_masked_papers_are_about_something(masked_papers: dict[str, list[Block]]) -> None:
    """× stands where the figures stood; what is no figure is still there."""
    text = text_of(masked_papers["shitang"])
    assert text.count(MASK) > 80
    assert f"集体学习{MASK}次" in text and f"参学率{MASK}%" in text
    assert "低于×××%" in text and "2024年6月30日" in text


def test_a_mask_is_of_one_width(masked_papers: dict[str, list[Block]]) -> None:
    """××× for 5 and for 3,021: never another number of ×."""
    for blocks in masked_papers.values():
        widths = {len(run) for run in re.findall("×+", text_of(blocks))}
        assert widths == {3}


def test_a_zero_does_not_show_through(
    demo_home: Path, masked_papers: dict[str, list[Block]]
) -> None:
    """未举办专题读书班 would tell that the figure is zero: masked, the ordinary clause stands."""
    none = open_unit("canglu", YEAR, home=demo_home)
    assert none.indicators.reading_classes.value == 0
    text = text_of(masked_papers["canglu"])
    assert "未举办" not in text and f"举办专题读书班{MASK}期" in text
    assert "持平" not in text


def test_masked_an_indicator_still_says_its_state(demo_home: Path) -> None:
    """未报 and 数据不足 are no figures."""
    m = load_annual(demo_home, YEAR).of_unit("wangchuan").masked()
    assert str(m.attendance) == "（数据不足）" and m.attendance.cell == "数据不足"
    assert m.attendance.change == "数据不足"


def test_no_direction_shows(demo_home: Path, masked_papers: dict[str, list[Block]]) -> None:
    """提高, 下降, 增加, 减少 would tell where a figure went."""
    for unit, blocks in masked_papers.items():
        first = next(b for b in blocks if b.kind == "paragraph" and "集体学习" in b.fields["text"])
        assert not re.search("提高|下降|增加|减少|增长|持平", first.fields["text"]), unit
        (comparison,) = [t for t in tables_of(blocks) if "对照表" in t.fields["title"]]
        for row in comparison.fields["rows"]:
            assert row[-1] in {MASK, f"{MASK}个百分点", "不可比"}, row


def test_reminders_leave_no_figure_either(edited: Edit) -> None:
    """The quarterly paper: how many reports and plan items were due, came, are lacking."""
    home = edited("2023.yml", ("report_days: 7", "report_days: 8"))
    annual = load_annual(home, YEAR, f"{YEAR}Q3")
    behind = [u.unit_id for u in annual.at_end if annual.row(u.unit_id, "M9a")["value"] < 1]
    behind += [u.unit_id for u in annual.at_end if annual.row(u.unit_id, "M7b")["value"] < 1]
    assert len(behind) >= 2
    for unit in behind:
        blocks = masked_shown("unit_period", home, unit=unit, year=YEAR, period=f"{YEAR}Q3")
        for block in printed(blocks):
            if block.kind == "paragraph" and re.search("应报送|到期计划", block.fields["text"]):
                assert not figures(block.fields["text"]), block.fields["text"]
