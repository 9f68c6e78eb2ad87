"""The tables of a circular, as blocks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from reportkit.annual import Indicators
from reportkit.display import Block
from reportkit.findings import evaluate
from reportkit.metrics.comparison import Spread
from reportkit.metrics.definition import Metric
from reportkit.metrics.indicator import Earlier, Indicator
from reportkit.metrics.registry import BY_ID, METRICS
from reportkit.params import Rule, YearParams
from reportkit.practices import Candidate
from reportkit.tables import (
    candidates_table,
    comparison_table,
    definitions_table,
    details_table,
    rectification_table,
    table,
    trend_table,
)  # fmt: skip


def some(**by_metric: dict[str, Any]) -> Indicators:
    """Indicators of the metrics named, as they were reported."""
    return Indicators({
        metric_id: Indicator(BY_ID[metric_id], **{"state": "已报", **fields})
        for metric_id, fields in by_metric.items()
    })  # fmt: skip


def spread(median: float, units: int) -> Spread:
    """A spread of some units around a median."""
    return Spread(median - 0.5, median, median + 0.5, units)


def heads(block: Block) -> list[str]:
    """The heads of a table's columns."""
    return [column["text"] for column in block.fields["columns"]]


MANY = {"M1": {"value": 12.0, "peers": spread(11.5, 11), "group": spread(10.0, 23),
               "last": Earlier(10.0), "quarter": "前四分之一"},
        "M4": {"value": 0.9, "numerator": 10.8, "denominator": 12.0, "peers": spread(0.875, 11),
               "group": spread(0.91, 22), "last": Earlier(0.912, 10.944, 12.0),
               "quarter": "中上水平"}}  # fmt: skip


# --- 主要指标对照表 ---------------------------------------------------------------------------


def test_a_row_compares_one_metric_in_seven_columns() -> None:
    """本单位 · 同类 · 位置 · 集团 · 上年 · 变化; counts carry their measure word in the head."""
    block = comparison_table(some(**MANY), ["M1", "M4"], minimum_peers=8)
    assert heads(block) == [
        "指标", "本单位", "同类中位数", "同类位置", "集团中位数", "上年", "变化",
    ]  # fmt: skip
    assert block.fields["rows"] == [
        ["集体学习（次）", "12", "11.5", "前四分之一", "10", "10", "+2"],
        ["班子成员年度平均参学率", "90%", "87.5%", "中上水平", "91%", "91.2%", "−1.2个百分点"],
    ]
    assert block.fields["notes"] == []
    assert "links" not in block.fields


def test_a_unit_s_own_figure_leads_to_its_records() -> None:
    """A link under its cell alone, of the same shape as the rows; none without an anchor."""
    anchors = {"M4": "records-m4"}
    block = comparison_table(some(**MANY), ["M1", "M4"], minimum_peers=8, anchors=anchors)
    assert block.fields["links"] == [[None] * 7, [None, "records-m4", *[None] * 5]]


def test_few_peers_show_no_median_and_say_so() -> None:
    """Seven of eight: —, with a note; the group's median goes by its own number."""
    m = some(M1={"value": 12.0, "peers": spread(11.5, 7), "group": spread(10.0, 8)})
    block = comparison_table(m, ["M1"], minimum_peers=8)
    assert block.fields["rows"][0][2:5] == ["—", "—", "10"]
    assert "不足8家" in block.fields["notes"][0]
    none = comparison_table(some(M1={"value": 1.0, "group": spread(2.0, 7)}),
                            ["M1"], minimum_peers=8)  # fmt: skip
    assert none.fields["rows"][0][2:5] == ["—", "—", "—"]


def test_what_has_no_value_shows_its_state() -> None:
    """未报 in the cell, without brackets; last year beside it stays."""
    m = some(M1={"state": "未报", "last": Earlier(10.0), "peers": spread(1.0, 8)})
    assert comparison_table(m, ["M1"], minimum_peers=8).fields["rows"][0] == \
        ["集体学习（次）", "未报", "1", "—", "—", "10", "不可比"]  # fmt: skip


@pytest.mark.parametrize("state", ["未报", "不适用", "未核查", "数据不足", "未到期"])
def test_every_state_prints_as_itself(state: str) -> None:
    """A blank is never a zero, in the comparison or in the annex."""
    m = some(M8={"state": state})
    assert comparison_table(m, ["M8"], minimum_peers=8).fields["rows"][0][1] == state
    assert details_table(m, ["M8"], minimum_peers=8).fields["rows"][0][1] == state


def test_what_was_left_out_is_noted() -> None:
    """By metric, with its number and reason."""
    m = some(M4={**MANY["M4"], "left_out": (("未记{}人次", 3),)},
             M1={**MANY["M1"], "left_out": (("取消{}次", 1),)})  # fmt: skip
    notes = comparison_table(m, ["M4", "M1"], minimum_peers=8).fields["notes"]
    assert notes == ["注：班子成员年度平均参学率不含未记3人次；集体学习不含取消1次。"]


def test_a_ratio_of_few_is_shown_with_its_number() -> None:
    """Under eleven: parts behind a ratio, persons behind a mean of ratios, units of a median."""
    m = some(
        M8={"value": 0.75, "numerator": 6.0, "denominator": 8.0, "peers": spread(0.875, 8),
            "group": spread(0.5, 10), "last": Earlier(0.5, 4.0, 8.0)},
        M4={"value": 0.9, "numerator": 6.3, "denominator": 7.0, "peers": spread(0.875, 11),
            "group": spread(0.5, 23), "last": Earlier(0.8, 4.0, 5.0)},
    )  # fmt: skip
    rows = comparison_table(m, ["M8", "M4"], minimum_peers=8).fields["rows"]
    assert [rows[0][n] for n in (1, 2, 4, 5)] == [
        "75%（6/8）", "87.5%（8家）", "50%（10家）", "50%（4/8）",
    ]  # fmt: skip
    assert [rows[1][n] for n in (1, 2, 4, 5)] == ["90%（7人）", "87.5%", "50%", "80%（5人）"]


@pytest.mark.parametrize("fields", [
    {"denominator": 8.0, "numerator": 6.0},
    {"denominator": 16.0, "numerator": 12.0, "last": Earlier(0.5, 4.0, 8.0)},
    {"denominator": 16.0, "numerator": 12.0, "peers": spread(0.5, 9)},
])  # fmt: skip
def test_brackets_are_explained_wherever_they_stand(fields: dict[str, Any]) -> None:
    """In the unit's own column, in last year's, behind a median: a note says what they hold."""
    m = some(M8={"value": 0.75, "peers": spread(0.5, 12), "group": spread(0.5, 23), **fields})
    block = comparison_table(m, ["M8"], minimum_peers=8)
    assert "（" in "".join(block.fields["rows"][0])
    assert any("括号" in note for note in block.fields["notes"])


def test_a_quarterly_table_names_the_same_quarter() -> None:
    """上年同期 over the column and in the description."""
    m = some(M1={"value": 5.0, "last": Earlier(4.0, than="上年同期")})
    block = comparison_table(m, ["M1"], minimum_peers=8)
    assert heads(block)[5] == "上年同期" and "上年同期的对照" in block.fields["alt"]


def test_a_masked_comparison_leaves_no_digit() -> None:
    """Values, medians, parts, last year, change, exclusions — and how many units a median is of."""
    m = some(
        M8={"value": 0.75, "numerator": 6.0, "denominator": 8.0, "peers": spread(0.875, 9),
            "group": spread(0.5, 10), "last": Earlier(0.5, 4.0, 8.0),
            "left_out": (("取消{}次", 1),)},
    ).masked()  # fmt: skip
    block = comparison_table(m, ["M8"], minimum_peers=8)
    cells = "".join(block.fields["rows"][0])
    assert not [c for c in cells if c.isdigit()], cells
    assert any("取消×××次" in note for note in block.fields["notes"])


# --- 附件 -------------------------------------------------------------------------------------


def test_the_annex_tells_what_a_ratio_is_made_of() -> None:
    """Parts, exclusions, the Wilson interval, the peers' middle half, the definition."""
    m = some(M8={"value": 0.75, "numerator": 12.0, "denominator": 16.0,
                 "peers": Spread(0.8, 0.9, 1.0, 12), "definition": "甲除以乙",
                 "left_out": (("未到期{}项", 2),)})  # fmt: skip
    block = details_table(m, ["M8"], minimum_peers=8)
    assert heads(block) == ["指标", "数据", "95%区间", "同类四分位", "口径和未计入情况"]
    assert block.fields["rows"] == [
        # Wilson by hand: (0.75 + 0.1200 ± 0.2346) ÷ 1.2401 = 50.5% to 89.8%
        [
            "必学专题覆盖率",
            "12/16",
            "50.5%—89.8%",
            "80%—100%",
            "甲除以乙。本单位未计入：未到期2项。",
        ]
    ]


@pytest.mark.parametrize(("metric_id", "fields", "cell"), [
    ("M4", {"value": 0.9, "numerator": 6.3, "denominator": 7.0}, "90%（7人）"),
    ("M4", {"value": 0.9, "numerator": 10.8, "denominator": 12.0}, "90%（12人）"),
    ("M1", {"value": 12.0, "numerator": 12.0}, "12"),
    ("M8", {"value": 0.75, "numerator": 6.0, "denominator": 8.0}, "6/8"),
])  # fmt: skip
def test_data_are_parts_and_of_a_mean_of_ratios_its_persons(
    metric_id: str, fields: dict[str, Any], cell: str
) -> None:
    """A sum of ratios says nothing; and neither a mean nor a count has a Wilson interval."""
    row = details_table(some(**{metric_id: fields}), [metric_id], minimum_peers=8).fields["rows"][0]
    assert row[1] == cell
    assert (row[2] == "—") == (metric_id != "M8")


def test_the_annex_shows_no_quartiles_of_few_peers() -> None:
    """Seven of eight: —; the note says why."""
    m = some(M8={"value": 1.0, "peers": spread(0.5, 7)})
    block = details_table(m, ["M8"], minimum_peers=8)
    assert block.fields["rows"][0][3] == "—" and "不足8家的不列" in block.fields["notes"][0]


@pytest.mark.parametrize("denominator", [7.0, 12.0])
def test_a_masked_annex_leaves_no_digit(denominator: float) -> None:
    """Of a mean of few persons and of many: parts, interval, quartiles, exclusions."""
    fields = {"value": 0.9, "numerator": 0.9 * denominator, "denominator": denominator,
              "peers": spread(0.8, 12), "left_out": (("未记{}人次", 3),)}  # fmt: skip
    m = some(M4=fields, M8=fields).masked()
    for row in details_table(m, ["M4", "M8"], minimum_peers=8).fields["rows"]:
        shown = "".join(row[:4]).replace("M4", "")
        assert not [c for c in shown if c.isdigit()], shown


class Told:
    """A background that knows the years it was given."""

    def __init__(self, *trend: tuple[int, float | None]) -> None:
        self.years = trend

    def rows(self, metric: Metric) -> Any:
        """Nothing: these tests ask for no records."""
        raise AssertionError("no records were to be asked for")

    def trend(self, metric: Metric) -> tuple[tuple[int, Earlier], ...]:
        """The years given."""
        return tuple((year, Earlier(value)) for year, value in self.years)


def test_a_trend_needs_three_years() -> None:
    """Two are in the comparison already; of three each has a column, a gap is —."""
    two = some(M1={"value": 9.0, "background": Told((2022, 8.0), (2023, 9.0))})
    assert trend_table(two, ["M1"]) is None
    three = some(M1={"value": 9.0, "background": Told((2021, None), (2022, 8.0), (2023, 9.0))})
    block = trend_table(three, ["M1"])
    assert block is not None
    assert heads(block) == ["指标", "2021年", "2022年", "2023年"]
    assert block.fields["rows"] == [["集体学习（次）", "—", "8", "9"]]


# --- 整改台账, 口径, 候选 ---------------------------------------------------------------------


def rule(**fields: Any) -> Rule:
    """M4 below 80%."""
    plain = {"rule_id": "r", "theme": "t", "metric": "M4", "comparison": "below", "threshold": 0.8,
             "unit_pattern": "参学率{value}，低于{line}", "group_pattern": "{quantifier}低",
             "requirement": "严格考勤", "deadline": dt.date(2024, 6, 30)}  # fmt: skip
    return Rule.model_validate({**plain, **fields})


def test_the_rectification_table_leaves_the_person_blank() -> None:
    """Number, problem, requirement, date; 责任人 is the unit's to fill in."""
    found = [
        evaluate(rule(), Indicator(BY_ID["M4"], "已报", v, denominator=15.0), number=n)
        for v, n in ((0.5, "WT-03"), (0.6, "WT-07"))
    ]
    block = rectification_table(found)
    assert heads(block) == ["编号", "问题", "整改要求", "责任人", "时限"]
    assert block.fields["rows"] == [
        ["WT-03", "参学率50%，低于80%", "严格考勤", "", "2024年6月30日"],
        ["WT-07", "参学率60%，低于80%", "严格考勤", "", "2024年6月30日"],
    ]


def year(**fields: Any) -> YearParams:
    """A year's parameters."""
    return YearParams.model_validate({
        "year": 2023, "cutoff": "2023-12-31", "issued_on": "2024-01-08", "topics": [],
        "archive_items": ["签到簿", "学习记录簿", "研讨发言簿"], "themes": [], "rules": [],
        **fields,
    })  # fmt: skip


def test_definitions_are_the_metrics_own() -> None:
    """Of those named, in the order of the registry whatever the order asked; each with a stop."""
    params = year(switched_off=[])
    every = [m.metric_id for m in METRICS]
    rows = definitions_table(params, every[::-1]).fields["rows"]
    assert [row[1] for row in rows] == [m.name for m in METRICS]
    assert [row[2] for row in rows] == [f"{m.definition(params.metrics)}。" for m in METRICS]
    assert [row[0] for row in rows] == [str(n) for n in range(1, len(METRICS) + 1)]
    assert [row[1] for row in definitions_table(params, {"M5", "M1"}).fields["rows"]] == [
        "集体学习", "季度研讨达标率",
    ]  # fmt: skip


def test_definitions_of_what_is_switched_off_do_not_print() -> None:
    """Units are asked for nothing of M17, and told nothing of it."""
    rows = definitions_table(year(), ["M1", "M15", "M17a", "M17b"]).fields["rows"]
    assert [row[1] for row in rows] == ["集体学习"]


def test_definitions_are_those_of_the_year_s_conventions() -> None:
    """An office that counts 视频 as absence, with another minimum, reads so in its annex."""
    params = year(metrics={"attendance": {"present": ["出席"], "minimum_sessions": 6}})
    text = definitions_table(params, ["M4"]).fields["rows"][0][2]
    assert "视频" not in text and "应到不足6次" in text and "{" not in text


def test_candidates_that_are_fit_come_first() -> None:
    """In the order of the records otherwise, each with what speaks against it and its place."""
    block = candidates_table(
        [
            Candidate("aa/1", "aa", "制度", "甲", "未注明相关学习", ("参学率50%",)),
            Candidate("aa/2", "aa", "形式", "乙", "", ()),
            Candidate("bb/1", "bb", "形式", "丙", "", ()),
        ],
        {"bb/1": "二.（一）"},
        {"aa": "甲岭矿业", "bb": "乙川冶炼"},
    )
    assert [row[0] for row in block.fields["rows"]] == ["aa/2", "bb/1", "aa/1"]
    assert block.fields["rows"][1:] == [
        ["bb/1", "乙川冶炼", "形式", "丙", "是", "", "二.（一）"],
        ["aa/1", "甲岭矿业", "制度", "甲", "否", "未注明相关学习；参学率50%", ""],
    ]
    assert "共3项，可用2项" in block.fields["alt"]


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
