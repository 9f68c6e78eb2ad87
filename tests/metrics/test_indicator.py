"""How an indicator prints itself, its parts and its change."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from reportkit.metrics.definition import Metric
from reportkit.metrics.indicator import Earlier, Indicator, finite
from reportkit.metrics.registry import BY_ID, METRICS


def indicator(metric_id: str = "M4", value: float | None = 0.75, **fields: Any) -> Indicator:
    """An indicator that was reported; ``last`` may be given as last year's value."""
    last = fields.pop("last", Earlier())
    before = last if isinstance(last, Earlier) else Earlier(last)
    return Indicator(BY_ID[metric_id], fields.pop("state", "已报"), value, last=before, **fields)


@pytest.mark.parametrize(("metric_id", "value", "text"), [
    ("M1", 12.0, "12"), ("M6d", 10.5, "10.5"), ("M1", 0.0, "0"), ("M4", 0.8567, "85.7%"),
    ("M4", 1.0, "100%"), ("M4", 0.0, "0%"), ("M4", 0.99996, "99.996%"), ("M17c", 12.25, "12.3"),
    ("M17c", 12.0, "12"), ("M4", 0.00004, "0.004%"),
])  # fmt: skip
def test_a_value_prints_as_its_metric_does(metric_id: str, value: float, text: str) -> None:
    """Counts without superfluous zeros, ratios in percent; in f-strings too."""
    one = indicator(metric_id, value)
    assert (str(one), f"{one}", f"{one:>8}") == (text, text, text.rjust(8))


@pytest.mark.parametrize("state", ["未报", "不适用", "未核查", "数据不足", "未到期"])
def test_without_a_value_the_state_prints(state: str) -> None:
    """Never None, never 0."""
    one = indicator(value=None, state=state)
    assert (str(one), one.reported, one.change) == (f"（{state}）", False, state)
    assert (one.change_short, one.parts) == ("不可比", "—")
    assert (one.cell, one.exact, one.last_cell) == (state, state, "—")
    assert (one.interval, one.interval_text) == (None, "—")
    assert str(one.as_masked()) == f"（{state}）"


def test_a_reported_zero_is_reported() -> None:
    """零 is a value, and prints as one."""
    zero = indicator("M1", 0.0, state="零", last=0.0)
    assert (zero.reported, str(zero), zero.change) == (True, "0", "与上年持平")
    assert (zero.cell, zero.exact) == ("0", "0")


@pytest.mark.parametrize(("metric_id", "now", "before", "change", "short"), [
    ("M1", 10, 8, "比上年增加2次，增长25%", "+2"),
    ("M1", 6, 8, "比上年减少2次，下降25%", "−2"),
    ("M1", 8, 8, "与上年持平", "持平"),
    ("M1", 3, 0, "比上年增加3次（上年为零，增幅不可比）", "+3"),
    ("M2", 3, 4, "比上年减少1场次，下降25%", "−1"),
    ("M6d", 8.5, 8, "比上年增加0.5天，增长6.3%", "+0.5"),
    ("M17c", 15.5, 12.4, "比上年增加3.1分，增长25%", "+3.1"),
    ("M4", 0.912, 0.9, "比上年提高1.2个百分点", "+1.2个百分点"),
    ("M4", 0.9, 0.912, "比上年下降1.2个百分点", "−1.2个百分点"),
    ("M4", 0.9, 0.9, "与上年持平", "持平"),
    ("M4", 0.9001, 0.9, "与上年基本持平", "持平"),
    ("M4", 0.857, 0.8415, "比上年提高1.5个百分点", "+1.5个百分点"),  # 85.7 less 84.2 as printed
])  # fmt: skip
def test_a_change_is_in_counts_or_in_points(
    metric_id: str, now: float, before: float, change: str, short: str
) -> None:
    """Counts change as 增加 n 次 and by x%, ratios in 个百分点 alone."""
    one = indicator(metric_id, now, last=before)
    assert (one.change, one.change_short) == (change, short)
    assert one.last_year == before


def test_what_cannot_be_compared_says_why() -> None:
    """A new unit, or a year without figures."""
    assert indicator(last=Earlier(note="新设单位")).change == "与上年不可比（新设单位）"
    assert indicator().change == "与上年不可比"
    assert indicator(last=Earlier(note="新设单位")).last_cell == "—"


def test_a_part_of_a_year_is_compared_with_the_same_part() -> None:
    """上年同期 in every form of a change, of counts and of ratios, and masked too."""
    for metric_id, now, before, told in (
        ("M1", 10, 8, "比上年同期增加2次，增长25%"),
        ("M1", 8, 8, "与上年同期持平"),
        ("M4b", 0.9, 0.912, "比上年同期下降1.2个百分点"),
    ):
        one = indicator(metric_id, now, last=Earlier(before, than="上年同期"))
        assert one.change == told
        assert one.as_masked().change.startswith("与上年同期")
    assert indicator(last=Earlier(note="上年未报", than="上年同期")).change == (
        "与上年同期不可比（上年未报）"
    )


def test_parts_and_exclusions() -> None:
    """9/12 as the rules cite it, a count as it is, and what was left out with its numbers."""
    one = indicator(numerator=2.25, denominator=3, left_out=(("未记{}人次", 2), ("应到{}人", 1)))
    assert (one.parts, one.exclusions) == ("2.25/3", "未记2人次、应到1人")
    assert one.lacking == 0.75
    assert indicator("M1", 12, numerator=12).parts == "12"
    assert indicator("M1", 12, numerator=12).exclusions == ""


@pytest.mark.parametrize(("metric_id", "value", "top", "bottom", "cell"), [
    ("M9a", 0.75, 6, 8, "75%（6/8）"),
    ("M9a", 0.8, 8, 10, "80%（8/10）"),
    ("M9a", 9 / 11, 9, 11, "81.8%"),  # eleven are enough
    ("M9a", 0.0, 0, 1, "0%（0/1）"),
    ("M6n", 0.375, 4.5, 12, "37.5%"),
    ("M6n", 0.75, 4.5, 6, "75%（4.5/6）"),
    ("M4", 0.923, 6.461, 7, "92.3%（7人）"),  # a mean of rates: of how many people
    ("M17b", 0.7, 2.1, 3, "70%（3个月）"),
    ("M17c", 17, 51, 3, "17（3个月）"),
    ("M17c", 17, 204, 12, "17"),
    ("M1", 3, 3, None, "3"),
])  # fmt: skip
def test_a_ratio_of_few_carries_its_n(
    metric_id: str, value: float, top: float, bottom: float | None, cell: str
) -> None:
    """In a table a ratio of fewer than 11 says of how many; last year's as this year's."""
    one = indicator(
        metric_id, value, numerator=top, denominator=bottom, last=Earlier(value, top, bottom)
    )
    assert (one.cell, one.last_cell) == (cell, cell)


def test_a_printed_figure_of_last_year_has_no_n() -> None:
    """Of a printed circular the value alone is known: it prints, without a guess at its n."""
    assert indicator("M9a", 0.75, numerator=6, denominator=8, last=0.5).last_cell == "50%"


def test_exact_is_the_value_in_full() -> None:
    """For tables of data: what rounding would hide; a state where there is none."""
    assert indicator("M9a", 6 / 7).exact == "85.7142857142857%"
    assert (indicator("M1", 12.0).exact, indicator("M6d", 10.5).exact) == ("12", "10.5")
    assert indicator("M17c", 12.345).exact == "12.345"


@pytest.mark.parametrize(("metric_id", "top", "bottom"), [
    ("M1", 12, None), ("M4", 2.25, 3), ("M17b", 2.1, 3), ("M17c", 51, 3),
])  # fmt: skip
def test_only_a_proportion_has_an_interval(
    metric_id: str, top: float, bottom: float | None
) -> None:
    """Counts, means of rates and means of points are no shares of a number."""
    one = indicator(metric_id, 0.75, numerator=top, denominator=bottom)
    assert (one.interval, one.interval_text) == (None, "—")


def test_an_interval_is_told_in_percent() -> None:
    """6 of 8: Wilson's 40.9% to 92.9%; of a figure without its parts there is none."""
    one = indicator("M9a", 0.75, numerator=6, denominator=8)
    assert one.interval_text == "40.9%—92.9%"
    assert indicator("M9a", 0.75).interval is None
    assert one.as_masked().interval_text == "×××%—×××%"


class _Asked:
    """A year that answers what an indicator asks of it."""

    def rows(self, metric: Metric) -> pd.DataFrame:
        return pd.DataFrame({"what": [metric.metric_id]})

    def trend(self, metric: Metric) -> tuple[tuple[int, Earlier], ...]:
        return ((2022, Earlier(note="上年未报")), (2023, Earlier(0.75, 6.0, 8.0)))


def test_records_and_trend_are_asked_of_the_year() -> None:
    """Only when asked; an indicator made by hand has neither, and says so."""
    one = indicator("M9a", background=_Asked())
    assert one.trend == ((2022, None), (2023, 0.75))
    assert one.trend_cells == ((2022, "—"), (2023, "75%（6/8）"))
    assert one.as_masked().trend_cells == ((2022, "—"), (2023, "×××%"))
    assert one.rows()["what"].tolist() == ["M9a"]
    assert indicator().trend == indicator().trend_cells == ()
    with pytest.raises(LookupError, match="班子成员年度平均参学率 was not computed"):
        indicator().rows()


@pytest.mark.parametrize("metric", METRICS, ids=list(BY_ID))
def test_masked_no_figure_shows(metric: Metric) -> None:
    """×××, of one width: value, parts, change, last year's, interval, and what was left out."""
    one = Indicator(
        metric, "已报", 0.75, 6.0, 8.0, (("取消{}次", 7), ("未记{}人次", 2)),
        last=Earlier(0.5, 5.0, 10.0),
    ).as_masked()  # fmt: skip
    percent = "%" if metric.kind == "ratio" else ""
    assert (str(one), one.cell, one.exact, one.last_cell) == (f"×××{percent}",) * 4
    assert (one.parts, one.exclusions) == ("×××", "取消×××次、未记×××人次")
    points = "个百分点" if metric.kind == "ratio" else ""
    assert one.change == f"与上年相比变化×××{points or metric.counter}"
    assert one.change_short == f"×××{points}"
    assert one.amount(7) == "×××"


def test_a_masked_change_does_not_tell_whether_there_is_one() -> None:
    """Up, down or none: the same words, for a direction would be a figure too."""
    told = {indicator("M1", now, last=8).as_masked().change for now in (6, 8, 10)}
    short = {indicator("M1", now, last=8).as_masked().change_short for now in (6, 8, 10)}
    assert (len(told), len(short)) == (1, 1)


def test_masked_the_list_of_what_is_lacking_has_no_number() -> None:
    """Names stay, how many there are does not."""
    names = tuple(f"《专题{letter}》" for letter in "甲乙丙丁戊己")
    one = indicator("M8", 0.5, missing=names)
    five = "《专题甲》、《专题乙》、《专题丙》、《专题丁》、《专题戊》"
    assert one.missing_names == f"{five}等6个专题"
    assert one.as_masked().missing_names == f"{five}等×××个专题"


@pytest.mark.parametrize(("metric_id", "missing", "told"), [
    ("M8", ("《甲》", "《乙》"), "《甲》、《乙》等2个专题"),
    ("M6", ("1月", "3月"), "1月、3月等2个月"),
    ("M7a", ("年度计划", "1月计划"), "年度计划、1月计划等2份"),
    ("M7b", ("学习1", "学习2", "学习3"), "学习1、学习2、学习3等3项"),
    ("M13a", ("bb", "cc"), "bb、cc等2家单位"),
    ("M13b", ("bb", "cc"), "bb、cc等2家单位"),
    ("M5", ("第一、三季度",), "第一、三季度"),  # one phrase
    ("M5", ("全年",), "全年"),
    ("M8", ("《甲》",), "《甲》"),  # one is not counted
    ("M8", (), ""),
])  # fmt: skip
def test_what_is_lacking_is_counted_in_the_metric_s_own_word(
    metric_id: str, missing: tuple[str, ...], told: str
) -> None:
    """个专题, 个月, 份, 项, 家单位; masked, the same names and word without the number."""
    one = indicator(metric_id, 0.5, missing=missing)
    assert one.missing_names == told
    number = str(len(missing)) if "等" in told else "…"
    assert one.as_masked().missing_names == told.replace(f"等{number}", "等×××")


def test_every_metric_that_names_what_is_lacking_has_a_word_for_it() -> None:
    """By the kind of what it asks for; the others name nothing."""
    words = {m.metric_id: m.lacks for m in METRICS if m.lacks}
    assert words == {
        "M5": "个季度", "M6": "个月", "M7a": "份", "M7b": "项", "M8": "个专题", "M10a": "项",
        "M10b": "项", "M13a": "家单位", "M13b": "家单位", "M20": "项", "M21": "项",
    }  # fmt: skip


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_no_value(value: float | None) -> None:
    """Cells of frames that hold nothing, or nothing finite."""
    assert finite(value) is None
    assert finite(3) == 3.0
