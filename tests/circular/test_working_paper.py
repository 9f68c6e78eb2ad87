"""底稿: whom each sentence of the group's circular is about, and where each figure comes from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from circular_support import YEAR, Edit, cells, row_of, shown, tables_of, text_of

from reportkit.circular import open_group, open_unit, open_working_paper
from reportkit.display import Block
from reportkit.metrics.registry import BY_ID


@pytest.fixture(scope="module")
def blocks(demo_home: Path) -> list[Block]:
    """What its notebook shows."""
    return shown("working_paper", demo_home, year=YEAR)


def titled(blocks: list[Block], title: str) -> Block:
    """One of its tables."""
    return next(t for t in tables_of(blocks) if t.fields["title"] == title)


def test_it_goes_to_nobody(blocks: list[Block]) -> None:
    """底稿 in the title, no addressee, no annex list; and a line that it is not to be issued."""
    kinds = [block.kind for block in blocks]
    assert kinds[:2] == ["document", "title"] and "底稿" in blocks[1].fields["text"]
    assert not {"addressee", "annex_list"} & set(kinds)
    assert "不得随通报印发" in text_of(blocks)


def test_no_person_is_named_here_either(demo_home: Path, blocks: list[Block]) -> None:
    """No person's name in any circular; internal papers are kept and copied too."""
    names = set(open_working_paper(YEAR, home=demo_home).annual.records["members"]["name"])
    text = text_of(blocks)
    assert not [name for name in names if name in text]


def test_every_sentence_of_the_circular_has_its_units(demo_home: Path, blocks: list[Block]) -> None:
    """个别单位是哪几家？ Each clause of section three: who, how many of how many, each figure."""
    g = open_group(YEAR, home=demo_home)
    table = titled(blocks, "问题所涉单位")
    assert len(table.fields["rows"]) == len(g.triggered) > 8
    said = text_of([g.findings()])
    for found, row in zip(g.triggered, table.fields["rows"], strict=True):
        clause = re.sub("^（.*?）", "", row[0])
        assert clause in said
        assert row[1] == f"{len(found.units)}/{found.checked}"
        told = {unit: g.annual.units[unit].short_name for unit in found.units}
        assert [part.partition("：")[0] for part in row[2].split("；")] == list(told.values())
        for unit, name in told.items():
            own = open_unit(unit, YEAR, home=demo_home)
            (mine,) = [f for f in own.triggered if f.rule.rule_id == found.rule.rule_id]
            assert f"{name}：{mine.sentence}" in row[2]


def test_nobody_is_behind_a_sentence_that_is_not_said(blocks: list[Block]) -> None:
    """集团本级 and the unit merged in June are in no finding."""
    behind = "".join(cells(titled(blocks, "问题所涉单位"), "单位及数据"))
    gaps = "".join(cells(titled(blocks, "未能判断的情况"), "单位"))
    for name in ("集团本级", "临汀置业"):
        assert name not in behind and name not in gaps


@pytest.mark.parametrize("confirmed", [False, True])
def test_it_tells_the_quantifier_that_the_circular_printed(edited: Edit, confirmed: bool) -> None:
    """多数 in the 底稿 where 多数 was printed; until an analyst confirms it both read 部分."""
    line = "metric: M11\n    comparison: below\n    threshold: "
    home = edited("2023.yml", (f"{line}0.6", f"{line.replace('below', 'above')}0.0"))
    if confirmed:
        edited("decisions/2023.yml", ("many_confirmed: []", "many_confirmed: [speech_coverage]"))
    printed = text_of([open_group(YEAR, home=home).findings()])
    assert ("多数单位研讨发言覆盖面不广" in printed) == confirmed
    table = titled(shown("working_paper", home, year=YEAR), "问题所涉单位")
    (head,) = [cell for cell in cells(table, "通报所述") if "研讨发言覆盖面不广" in cell]
    assert head.startswith("（多数）" if confirmed else "（部分）")


def test_the_sources_are_the_circular_s_own_figures(demo_home: Path, blocks: list[Block]) -> None:
    """Each metric in use with its parts, units and what was left out; M1 as the circular has it."""
    g = open_group(YEAR, home=demo_home)
    table = titled(blocks, "集团各项数据及来源")
    used = [one.metric.name for one in g.totals if not one.metric.off(["M15", "M17"])]
    assert cells(table, "指标") == used
    row = row_of(table, "集体学习")
    assert (
        row["集团"]
        == f"{g.totals.sessions}次"
        in text_of(shown("group_circular", demo_home, year=YEAR))
    )
    assert row["有数据单位"] == "25" and row["未报单位"] == "0"
    left_out = sum(
        sum(g.annual.row(unit, "M1")["left_out"].values())
        for unit in g.annual.frames.unit_frame.index
    )
    assert sum(map(int, re.findall(r"\d+", row["未计入"]))) == left_out


def test_figures_of_the_group_add_up_over_its_units(demo_home: Path, blocks: list[Block]) -> None:
    """Numerator and denominator are sums over all units, 集团本级 included."""
    annual = open_group(YEAR, home=demo_home).annual
    table = titled(blocks, "集团各项数据及来源")
    for metric_id in ("M1", "M2", "M5", "M8", "M9a", "M14"):
        top = bottom = 0.0
        for unit in annual.frames.unit_frame.index:
            row = annual.row(unit, metric_id)
            known = row["value"] == row["value"]
            top += row["numerator"] if known else 0
            bottom += row["denominator"] if known and BY_ID[metric_id].kind == "ratio" else 0
        shown_parts = row_of(table, BY_ID[metric_id].name)["分子/分母"]
        assert shown_parts == (f"{top:g}/{bottom:g}" if bottom else f"{top:g}")


def test_what_could_not_be_judged_is_listed(demo_home: Path, blocks: list[Block]) -> None:
    """数据不足 and 未核查, each with every unit: as many as the findings have."""
    g = open_group(YEAR, home=demo_home)
    table = titled(blocks, "未能判断的情况")
    expected = {
        (found.rule.metric, outcome): [
            g.annual.units[unit].short_name
            for unit, finding in found.findings.items() if finding.outcome == outcome
        ]
        for found in g.all_findings
        for outcome in ("数据不足", "未核查")
    }  # fmt: skip
    expected = {key: names for key, names in expected.items() if names}
    assert len(table.fields["rows"]) == len(expected)
    for row, ((metric_id, outcome), names) in zip(
        table.fields["rows"], expected.items(), strict=True
    ):
        assert row[:3] == [BY_ID[metric_id].name, outcome, str(len(names))]
        assert re.sub(r"等\d+家$", "", row[3]).split("、") == names


def test_a_year_without_faults_says_so(without_rules: Path) -> None:
    """Every rule switched off: sentences in place of empty tables."""
    text = text_of(shown("working_paper", without_rules, year=YEAR))
    assert "没有触发任何问题规则。" in text and "各项规则均可判断。" in text
