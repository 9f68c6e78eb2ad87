"""M17 on frames worked by hand: 学习强国, as context."""

from __future__ import annotations

import pytest
from frames_builder import day, figure, make, month, params, unit

from reportkit.metrics.registry import BY_ID

M17 = ("M17a", "M17b", "M17c")
MONTHS = [
    month(1, members=20, joined=15, participation=0.5, points=12.0),
    month(2, members=20, joined=None, participation=0.6, points=None),
    month(3, members=None, joined=16, participation=None, points=15.0),
    month(7, members=30, joined=30, participation=1.0, points=24.0),
]


def test_m17a_pools_the_months() -> None:
    """(15 + 30) ÷ (20 + 30) = 90%; the months that lack either number are left out."""
    row = figure(make(platform=MONTHS), "M17a")
    assert (row["numerator"], row["denominator"], row["value"]) == (45, 50, 0.9)
    assert row["left_out"] == {"未填的2个月"}


def test_m17b_is_the_mean_over_months() -> None:
    """(0.5 + 0.6 + 1) ÷ 3 = 70%; March says nothing."""
    row = figure(make(platform=MONTHS), "M17b")
    assert row["numerator"] == pytest.approx(2.1) and row["denominator"] == 3
    assert row["value"] == pytest.approx(0.7)
    assert row["left_out"] == {"未填的1个月"}


def test_m17c_is_the_mean_of_points() -> None:
    """(12 + 15 + 24) ÷ 3 = 17 points; February says nothing."""
    row = figure(make(platform=MONTHS), "M17c")
    assert (row["numerator"], row["denominator"], row["value"]) == (51, 3, 17)
    assert row["left_out"] == {"未填的1个月"}


@pytest.mark.parametrize(("metric_id", "top", "bottom", "left_out"), [
    ("M17a", 15, 20, {"未填的2个月"}),
    ("M17b", 1.1, 2, {"未填的1个月"}),
    ("M17c", 27, 2, {"未填的1个月"}),
])  # fmt: skip
def test_m17_counts_the_months_of_a_period(
    metric_id: str, top: float, bottom: float, left_out: set[str]
) -> None:
    """To the end of June January to March alone; July's figures are not seen."""
    row = figure(make(platform=MONTHS, period="2023H1"), metric_id)
    assert row["numerator"] == pytest.approx(top)
    assert (row["denominator"], row["left_out"]) == (bottom, left_out)


def test_m17_counts_the_month_of_the_cutoff_whole() -> None:
    """A cutoff of 1 July: July counts, as it was reported."""
    for last, months in (("7-1", 3), ("6-30", 2)):
        frames = make(platform=MONTHS, year=params(cutoff=day(last)))
        assert figure(frames, "M17b")["denominator"] == months


@pytest.mark.parametrize("metric_id", M17)
def test_m17_without_a_stated_month_does_not_apply(metric_id: str) -> None:
    """Months with nothing in them, or 无: no ratio; blank: 未报."""
    row = figure(make(platform=[month(1), month(2)]), metric_id)
    assert (row["value"], row["state"], row["left_out"]) == (None, "不适用", {"未填的2个月"})
    assert figure(make(zero={"aa": ["platform"]}), metric_id)["state"] == "不适用"
    blank = figure(make(unreported={"aa": ["platform"]}), metric_id)
    assert (blank["value"], blank["state"]) == (None, "未报")


def test_m17a_of_a_unit_without_party_members_does_not_apply() -> None:
    """Nobody could have joined: no share of nothing; zero joined of some is a zero."""
    nobody = figure(make(platform=[month(1, members=0, joined=0)]), "M17a")
    assert (nobody["value"], nobody["state"]) == (None, "不适用")
    none = figure(make(platform=[month(1, 5, 0, 0.0, 0.0)]), "M17a")
    assert (none["value"], none["denominator"], none["state"]) == (0, 5, "已报")


@pytest.mark.parametrize("metric_id", ["M17b", "M17c"])
def test_m17b_and_m17c_of_a_zero_are_zero(metric_id: str) -> None:
    """A participation of 0 is a value: 0 over one month."""
    row = figure(make(platform=[month(1, 5, 0, 0.0, 0.0)]), metric_id)
    assert (row["value"], row["denominator"], row["state"]) == (0, 1, "已报")


def test_m17_of_new_and_merged_units_is_of_the_months_they_reported() -> None:
    """December alone, and January to June: what was reported is what counts."""
    new = make([unit(valid_from=day("12-1"))], platform=[month(12, 8, 6, 0.75, 9.0)])
    assert [figure(new, name)["value"] for name in M17] == [0.75, 0.75, 9]
    merged = make([unit(valid_to=day("6-30"))], platform=MONTHS[:1])
    assert [figure(merged, name)["value"] for name in M17] == [0.75, 0.5, 12]


@pytest.mark.parametrize("metric_id", M17)
def test_m17_is_context_and_off_unless_turned_on(metric_id: str) -> None:
    """Never ranked, and 不适用 where the office has it switched off, by number or by part."""
    assert BY_ID[metric_id].better == "neither"
    for off in ("M17", metric_id):
        row = figure(make(platform=MONTHS, year=params(switched_off=[off])), metric_id)
        assert (row["value"], row["state"]) == (None, "不适用")
