"""The tables of a circular, as blocks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from reportkit.annual import Indicators
from reportkit.findings import evaluate
from reportkit.metrics.indicator import Indicator
from reportkit.metrics.registry import BY_ID, METRICS
from reportkit.params import Rule
from reportkit.tables import comparison_table, definitions_table, rectification_table, table


def some(**by_metric: dict[str, Any]) -> Indicators:
    """Indicators of the metrics named, as they were reported."""
    return Indicators({
        metric_id: Indicator(BY_ID[metric_id], **{"state": "已报", **fields})
        for metric_id, fields in by_metric.items()
    })  # fmt: skip


def test_a_row_compares_one_metric_with_four() -> None:
    """本单位 · 同类 · 集团 · 上年 · 变化; counts carry their measure word in the head."""
    m = some(M1={"value": 12.0, "peer_median": 11.5, "peer_count": 8, "group_median": 10.0,
                 "group_count": 23, "last_year": 10.0},
             M4={"value": 0.9, "peer_median": 0.875, "peer_count": 8, "group_median": 0.91,
                 "group_count": 22, "last_year": 0.912})  # fmt: skip
    block = comparison_table(m, ["M1", "M4"], minimum_peers=8)
    assert block.fields["rows"] == [
        ["集体学习（次）", "12", "11.5", "10", "10", "+2"],
        ["班子成员年度平均参学率", "90%", "87.5%", "91%", "91.2%", "−1.2个百分点"],
    ]
    assert block.fields["notes"] == []


def test_few_peers_show_no_median_and_say_so() -> None:
    """Seven of eight: —, with a note; the group's median goes by its own number."""
    m = some(M1={"value": 12.0, "peer_median": 11.5, "peer_count": 7, "group_median": 10.0,
                 "group_count": 8})  # fmt: skip
    block = comparison_table(m, ["M1"], minimum_peers=8)
    assert block.fields["rows"][0][2:4] == ["—", "10"]
    assert "不足8家" in block.fields["notes"][0]
    none = comparison_table(some(M1={"value": 1.0, "group_count": 7, "group_median": 2.0}),
                            ["M1"], minimum_peers=8)  # fmt: skip
    assert none.fields["rows"][0][3] == "—"


def test_what_has_no_value_shows_its_state() -> None:
    """未报 in the cell, without brackets; last year beside it stays."""
    m = some(M1={"state": "未报", "last_year": 10.0, "peer_count": 8})
    assert comparison_table(m, ["M1"], minimum_peers=8).fields["rows"][0] == \
        ["集体学习（次）", "未报", "—", "—", "10", "不可比"]  # fmt: skip


def test_what_was_left_out_is_noted() -> None:
    """By metric, with its number and reason."""
    m = some(M4={"value": 0.9, "peer_count": 8, "left_out": (("未记{}人次", 3),)},
             M1={"value": 2.0, "peer_count": 8, "left_out": (("取消{}次", 1),)})  # fmt: skip
    notes = comparison_table(m, ["M4", "M1"], minimum_peers=8).fields["notes"]
    assert notes == ["注：班子成员年度平均参学率不含未记3人次；集体学习不含取消1次。"]


def test_the_rectification_table_leaves_the_person_blank() -> None:
    """Numbered, with problem, requirement and date; 责任人 is the unit's to fill in."""
    rule = Rule(rule_id="r", theme="t", metric="M4", comparison="below", threshold=0.8,
                unit_pattern="参学率{value}，低于{line}", group_pattern="{quantifier}低",
                requirement="严格考勤", deadline=dt.date(2024, 6, 30))  # fmt: skip
    found = [evaluate(rule, Indicator(BY_ID["M4"], "已报", v, denominator=5.0)) for v in (0.5, 0.6)]
    block = rectification_table(found)
    assert block.fields["rows"] == [
        ["1", "参学率50%，低于80%", "严格考勤", "", "2024年6月30日"],
        ["2", "参学率60%，低于80%", "严格考勤", "", "2024年6月30日"],
    ]


def test_definitions_are_the_metrics_own() -> None:
    """All of them, in the order of the registry; each ends with a stop."""
    everything = definitions_table().fields["rows"]
    assert [row[1] for row in everything] == [m.name for m in METRICS]
    assert [row[2] for row in everything] == [f"{m.definition}。" for m in METRICS]
    assert [row[0] for row in everything] == [str(n) for n in range(1, len(METRICS) + 1)]


def test_an_analyst_s_own_table_is_text() -> None:
    """Cells become text, empty ones a dash; the alternative text is never empty."""
    block = table(
        "题",
        [("甲", "left", 1.0), ("乙", "center", None)],
        [[1, 2.5], ["a", None], [float("nan"), 0]],
    )
    assert block.fields["rows"] == [["1", "2.5"], ["a", "—"], ["—", "0"]]
    assert block.fields["alt"] == "题"
    assert table("", [("甲", "left", None)], []).fields["alt"] == "统计表"
