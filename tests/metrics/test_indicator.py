"""How an indicator prints itself, its parts and its change."""

from __future__ import annotations

from typing import Any

import pytest

from reportkit.metrics.indicator import Indicator
from reportkit.metrics.registry import BY_ID


def indicator(metric_id: str = "M4", value: float | None = 0.75, **fields: Any) -> Indicator:
    """An indicator that was reported."""
    return Indicator(BY_ID[metric_id], fields.pop("state", "已报"), value, **fields)


@pytest.mark.parametrize(("metric_id", "value", "text"), [
    ("M1", 12.0, "12"), ("M6d", 10.5, "10.5"), ("M1", 0.0, "0"), ("M4", 0.8567, "85.7%"),
    ("M4", 1.0, "100%"), ("M4", 0.0, "0%"), ("M4", 0.99996, "99.996%"),
])  # fmt: skip
def test_a_value_prints_as_its_metric_does(metric_id: str, value: float, text: str) -> None:
    """Counts without superfluous zeros, ratios in percent; in f-strings too."""
    one = indicator(metric_id, value)
    assert (str(one), f"{one}", f"{one:>8}") == (text, text, text.rjust(8))


@pytest.mark.parametrize("state", ["未报", "不适用", "未核查", "数据不足"])
def test_without_a_value_the_state_prints(state: str) -> None:
    """Never None, never 0."""
    one = indicator(value=None, state=state)
    assert (str(one), one.reported, one.change) == (f"（{state}）", False, state)
    assert (one.change_short, one.parts) == ("不可比", "—")


def test_a_reported_zero_is_reported() -> None:
    """零 is a value, and prints as one."""
    zero = indicator("M1", 0.0, state="零", last_year=0.0)
    assert (zero.reported, str(zero), zero.change) == (True, "0", "与上年持平")


@pytest.mark.parametrize(("metric_id", "now", "before", "change", "short"), [
    ("M1", 10, 8, "比上年增加2次，增长25%", "+2"),
    ("M1", 6, 8, "比上年减少2次，下降25%", "−2"),
    ("M1", 8, 8, "与上年持平", "持平"),
    ("M1", 3, 0, "比上年增加3次（上年为零，增幅不可比）", "+3"),
    ("M2", 3, 4, "比上年减少1场次，下降25%", "−1"),
    ("M4", 0.912, 0.9, "比上年提高1.2个百分点", "+1.2个百分点"),
    ("M4", 0.9, 0.912, "比上年下降1.2个百分点", "−1.2个百分点"),
    ("M4", 0.9, 0.9, "与上年持平", "持平"),
    ("M4", 0.9001, 0.9, "与上年基本持平", "持平"),
])  # fmt: skip
def test_a_change_is_in_counts_or_in_points(
    metric_id: str, now: float, before: float, change: str, short: str
) -> None:
    """Counts change as 增加 n 次 and by x%, ratios in 个百分点 alone."""
    one = indicator(metric_id, now, last_year=before)
    assert (one.change, one.change_short) == (change, short)


def test_what_cannot_be_compared_says_why() -> None:
    """A new unit, or a year without figures."""
    assert indicator(last_year_note="新设单位").change == "与上年不可比（新设单位）"
    assert indicator().change == "与上年不可比"


def test_parts_and_exclusions() -> None:
    """9/12 as the rules cite it, a count as it is, and what was left out with its numbers."""
    one = indicator(numerator=2.25, denominator=3, left_out=(("未记{}人次", 2), ("应到{}人", 1)))
    assert (one.parts, one.exclusions) == ("2.25/3", "未记2人次、应到1人")
    assert indicator("M1", 12, numerator=12).parts == "12"
