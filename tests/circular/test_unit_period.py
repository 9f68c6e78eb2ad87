"""Quarterly papers over the demo: what they say, how they read, when they are refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from circular_support import YEAR, Edit, shown, tables_of, text_of

from reportkit.annual import load_annual
from reportkit.circular import open_group, open_unit
from reportkit.display import Block
from reportkit.errors import ParameterError

PERIOD = f"{YEAR}Q3"


def test_every_paper_reads_as_chinese(
    demo_home: Path, quarterly_papers: dict[str, list[Block]]
) -> None:
    """No nan, None, brace, Latin word (2023Q3 among them) or doubled stop; nobody is named."""
    names = set(load_annual(demo_home, YEAR).records["members"]["name"])
    for unit, blocks in quarterly_papers.items():
        text = text_of(blocks)
        assert not re.search(r"[A-Za-z{}]", text), (unit, re.findall(r".{9}[A-Za-z{}]+", text))
        assert not re.search(r"[。；，、]{2}|；。|^；|（）|[^0-9]%|《《|》》", text), unit
        assert not [name for name in names if name in text], unit


def test_every_paper_is_short(quarterly_papers: dict[str, list[Block]]) -> None:
    """One to two pages: a table and a few sentences, under 1,200 characters."""
    lengths = {unit: len(text_of(blocks)) for unit, blocks in quarterly_papers.items()}
    assert max(lengths.values()) < 1200, lengths
    assert all(len(tables_of(blocks)) == 1 for blocks in quarterly_papers.values())


def test_every_paper_is_cumulative_and_compares_like_with_like(
    quarterly_papers: dict[str, list[Block]],
) -> None:
    """1—9月, 前三季度; and wherever last year is spoken of, it is 上年同期."""
    for unit, blocks in quarterly_papers.items():
        text = text_of(blocks)
        assert "2023年1—9月" in text and "2023年前三季度" in text, unit
        assert text.count("上年") == text.count("上年同期") > 0, unit


def test_every_paper_says_what_is_not_due(quarterly_papers: dict[str, list[Block]]) -> None:
    """M4, M8 and M14 by name, and no figure of theirs anywhere."""
    for unit, blocks in quarterly_papers.items():
        text = text_of(blocks)
        said = next(line for line in text.splitlines() if "未到期，本材料不列" in line)
        for name in ("班子成员年度平均参学率", "必学专题覆盖率", "述学率"):
            assert name in said, unit
            assert not re.search(rf"{name}[^，；。\n]*\d", text.replace(said, "")), unit


def test_the_date_is_the_paper_s_own(quarterly_papers: dict[str, list[Block]]) -> None:
    """成文日期 of the period and the day by which to object; never the year's."""
    text = text_of(quarterly_papers["canglu"])
    assert "2023年10月16日" in text and "2023年10月26日前" in text
    assert "2024年" not in text


def test_no_paper_is_a_judgement(quarterly_papers: dict[str, list[Block]]) -> None:
    """Facts and reminders: no 整改台账, no 存在的问题."""
    for blocks in quarterly_papers.values():
        text = text_of(blocks)
        assert "整改台账" not in text and "存在的问题" not in text


@pytest.mark.parametrize("period", [f"{YEAR}Q1", f"{YEAR}H1", PERIOD])
@pytest.mark.parametrize("notebook", ["unit_period", "group_period"])
def test_each_period_that_the_parameters_list_can_be_printed(
    demo_home: Path, notebook: str, period: str
) -> None:
    """As the demo has them, from the notebook as it stands."""
    own = {"unit": "canglu"} if notebook == "unit_period" else {}
    blocks = shown(notebook, demo_home, year=YEAR, period=period, **own)
    assert (
        blocks[0].fields["date"]
        == load_annual(demo_home, YEAR).params.periods[period].issued_on.isoformat()
    )


@pytest.mark.parametrize("period", [f"{YEAR}Q2", f"{YEAR}Q4", f"{YEAR}H2"])
def test_a_period_that_the_parameters_do_not_list_is_refused(demo_home: Path, period: str) -> None:
    """What there is, and what to write where."""
    for opened in (
        open_unit("dongling", YEAR, period, home=demo_home),
        open_group(YEAR, period, home=demo_home),
    ):
        with pytest.raises(ParameterError) as raised:
            opened.letterhead()
        error = raised.value
        assert error.where == f"params/{YEAR}.yml" and period in error.found
        assert "2023Q1、2023H1、2023Q3" in error.expected
        assert "issued_on" in error.next_step and period in error.next_step


def test_a_period_that_was_added_is_printed(edited: Edit) -> None:
    """One line in the year's file is enough."""
    line = "  2023H1: {issued_on: 2023-07-12}\n"
    home = edited("2023.yml", (line, f"{line}  2023Q2: {{issued_on: 2023-07-20}}\n"))
    text = text_of(shown("unit_period", home, unit="dongling", year=YEAR, period="2023Q2"))
    assert "2023年上半年" in text and "2023年7月20日" in text


@pytest.mark.parametrize(("period", "told"), [
    ("2022Q3", "a period of 2023"), ("2023Q5", "a quarter or a half-year"), ("Q3", "2023Q3"),
    ("2023", "2023Q3"),
])  # fmt: skip
def test_another_year_s_period_and_none_are_refused(
    demo_home: Path, period: str, told: str
) -> None:
    """Before anything is computed, with a next step."""
    with pytest.raises(ParameterError) as raised:
        open_unit("dongling", YEAR, period, home=demo_home)
    assert told in raised.value.expected and raised.value.next_step


def test_a_unit_that_did_not_exist_by_then_has_no_paper(demo_home: Path) -> None:
    """xindu, founded on 1 April, in the first quarter: refused with its dates."""
    with pytest.raises(ParameterError, match="did not exist in 2023Q1") as raised:
        open_unit("xindu", YEAR, f"{YEAR}Q1", home=demo_home)
    assert "2023-04-01" in raised.value.expected


def test_the_group_s_quarter_names_no_unit_and_judges_nothing_yearly(demo_home: Path) -> None:
    """Cumulative totals beside 上年同期; findings only of what was due, without names."""
    g = open_group(YEAR, PERIOD, home=demo_home)
    text = text_of(shown("group_period", demo_home, year=YEAR, period=PERIOD))
    body = text.partition("附件：")[0]
    assert f"集体学习{g.totals.sessions.value:.0f}次" in body and "比上年同期" in body
    assert not [n for u in g.annual.units for n in u.names if n in body]
    hit = {found.rule.metric for found in g.triggered}
    assert hit and not hit & {"M4", "M8", "M11", "M13a", "M14", "M18a"}
    waiting = {f.rule.metric for f in g.all_findings if not f.checked}
    assert waiting >= {"M4", "M8", "M14"}
