"""Medians and quartiles of peers, words of quarters, intervals of small proportions."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from frames_builder import day, make, unit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportkit.metrics.comparison import (
    MIDDLE,
    QUARTERS,
    Spread,
    distribution,
    quarter,
    wilson,
)
from reportkit.metrics.frames import YearFrames

many = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
some = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))

GROUPS = ["矿山类", "冶炼类", None]


def group_of(count: int) -> list[dict]:
    """集团本级, a unit merged in June, and ``count`` units, in three kinds of peer group."""
    peers = [unit(f"u{n}", peer_group=GROUPS[n % 3]) for n in range(count)]
    return [
        unit("hq", level="group", peer_group="矿山类"), *peers,
        unit("gone", peer_group="矿山类", valid_to=day("6-30")),
    ]  # fmt: skip


def table_of(frames: YearFrames, values: list[float | None]) -> pd.DataFrame:
    """Figures of one metric: those of 集团本级 and of the merged unit would show at once."""
    of_unit: dict[str, float | None] = {"hq": 1e6, "gone": -1e6}
    of_unit |= {f"u{n}": value for n, value in enumerate(values)}
    return pd.DataFrame([
        {"unit_id": unit_id, "metric_id": "M1", "value": np.nan if value is None else value,
         "state": "未报" if value is None else "零" if value == 0 else "已报"}
        for unit_id, value in of_unit.items()
    ])  # fmt: skip


@some
@given(st.lists(st.none() | st.floats(-1e6, 1e6) | st.just(0.0), min_size=1, max_size=12))
def test_median_and_quartiles_are_numpy_s(values: list[float | None]) -> None:
    """Linear interpolation over units with a value, zeros among them; each kind apart, and all."""
    frames = make(group_of(len(values)))
    found = distribution(frames, table_of(frames, values)).set_index("peer_group")
    expected: dict[str, list[float]] = {}
    for n, value in enumerate(values):
        if value is not None:
            expected.setdefault("", []).append(value)
            if (group := GROUPS[n % 3]) is not None:
                expected.setdefault(group, []).append(value)
    assert set(found.index) == set(expected)
    for group, known in expected.items():
        row = found.loc[group]
        assert row["units"] == len(known)
        wanted = np.quantile(known, [0.25, 0.5, 0.75])
        assert np.allclose(row[["q1", "median", "q3"]].astype(float), wanted, rtol=1e-12)
        assert row["q1"] <= row["median"] <= row["q3"]


def test_quartiles_worked_by_hand() -> None:
    """1, 2, 4, 8: between the places, 1.75, 3 and 5; of one unit all three are its value."""
    frames = make(group_of(4))
    table = distribution(frames, table_of(frames, [1.0, 2.0, 4.0, 8.0])).set_index("peer_group")
    assert table.loc["", ["q1", "median", "q3", "units"]].tolist() == [1.75, 3, 5, 4]
    assert table.loc["冶炼类", ["q1", "median", "q3", "units"]].tolist() == [2, 2, 2, 1]


def test_there_is_no_median_where_nobody_has_a_value() -> None:
    """All 未报: no row, rather than one without figures."""
    frames = make(group_of(3))
    assert distribution(frames, table_of(frames, [None, None, None])).empty


proportions = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@many
@given(proportions)
def test_wilson_s_interval_holds_the_share_and_is_one(part: tuple[int, int]) -> None:
    """0 ≤ low ≤ share ≤ high ≤ 1, and never of no width: no sample says everything."""
    low, high = wilson(*part)
    assert 0 <= low <= part[0] / part[1] <= high <= 1
    assert low < high
    assert (low == 0) == (part[0] == 0) and (high == 1) == (part[0] == part[1])


@many
@given(proportions)
def test_wilson_s_ends_solve_the_equation_that_defines_them(part: tuple[int, int]) -> None:
    """A second formula: |share − p| = z·√(p(1 − p)/n) at each end, found by bisection."""
    top, trials = part
    share, z = top / trials, 1.959963984540054

    def beyond(p: float) -> bool:
        return abs(share - p) > z * math.sqrt(p * (1 - p) / trials)

    def end(outside: float) -> float:
        inside = share
        for _ in range(80):
            middle = (outside + inside) / 2
            outside, inside = (middle, inside) if beyond(middle) else (outside, middle)
        return inside

    low, high = wilson(top, trials)
    assert low == pytest.approx(end(0.0), abs=1e-9)
    assert high == pytest.approx(end(1.0), abs=1e-9)


@many
@given(proportions, st.integers(2, 9))
def test_wilson_s_interval_widens_as_n_shrinks(part: tuple[int, int], times: int) -> None:
    """The same share of fewer: less is known."""
    top, trials = part
    low, high = wilson(top * times, trials * times)
    wider = wilson(top, trials)
    assert wider[1] - wider[0] > high - low


@many
@given(proportions)
def test_wilson_s_interval_of_the_rest_is_its_mirror(part: tuple[int, int]) -> None:
    """What was not found is bounded by the same interval, seen from the other end."""
    top, trials = part
    low, high = wilson(top, trials)
    assert wilson(trials - top, trials) == pytest.approx((1 - high, 1 - low), abs=1e-12)


def test_wilson_by_hand() -> None:
    """6 of 8: centre (0.75 + 3.8415/16) ÷ 1.4802, half-width 0.26 — 40.9% to 92.9%."""
    assert wilson(6, 8) == pytest.approx((0.4093, 0.9285), abs=5e-5)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=5e-5)


@pytest.mark.parametrize(("top", "trials"), [(0, 0), (3, 2), (-1, 2), (1, -1)])
def test_what_is_no_proportion_has_no_interval(top: int, trials: int) -> None:
    """No trials, or more successes than trials."""
    with pytest.raises(ValueError, match="is no proportion"):
        wilson(top, trials)


distinct = st.lists(st.integers(0, 10**6), min_size=2, max_size=40, unique=True).map(sorted)


def spread(values: list[float]) -> Spread:
    """Median and quartiles as numpy has them."""
    q1, median, q3 = (float(q) for q in np.quantile(values, [0.25, 0.5, 0.75]))
    return Spread(q1, median, q3, len(values))


@many
@given(distinct)
def test_words_of_quarters_follow_the_printed_quartiles(ordered: list[int]) -> None:
    """前四分之一 exactly from q3 on, 后四分之一 exactly up to q1; between, the median divides."""
    values = [float(value) for value in ordered]
    q1, median, q3 = np.quantile(values, [0.25, 0.5, 0.75])
    for value in values:
        word = quarter(value, spread(values))
        assert (word == MIDDLE) == (value == median)
        if word != MIDDLE:
            assert (word == QUARTERS[0]) == (value >= q3)
            assert (word in QUARTERS[:2]) == (value > median)
            assert (word == QUARTERS[3]) == (value <= q1)


@many
@given(distinct)
def test_a_quarter_holds_about_a_fourth_of_distinct_peers(ordered: list[int]) -> None:
    """At each end at least a fourth, and at most one more unit than that."""
    values = [float(value) for value in ordered]
    words = [quarter(value, spread(values)) for value in values]
    for word in (QUARTERS[0], QUARTERS[3]):
        assert len(values) / 4 - 1 < words.count(word) <= len(values) / 4 + 1


@many
@given(distinct)
def test_where_low_is_better_the_words_are_turned(ordered: list[int]) -> None:
    """The lowest is 前四分之一: the words are those of the same peers with their signs changed."""
    values = [float(value) for value in ordered]
    turned = [-value for value in reversed(values)]
    for value in values:
        assert quarter(value, spread(values), low_is_better=True) == quarter(-value, spread(turned))


@many
@given(st.lists(st.integers(0, 6), min_size=1, max_size=20).map(sorted))
def test_units_of_one_value_share_one_word(ordered: list[int]) -> None:
    """However many they are; a better value never has a worse word."""
    values = [float(value) for value in ordered]
    words = [quarter(value, spread(values)) for value in values]
    rank = [QUARTERS.index(word) if word in QUARTERS else 1.5 for word in words]
    assert all(one >= other for one, other in pairwise(rank))
    for value in set(values):
        assert len({word for word, each in zip(words, values, strict=True) if each == value}) == 1


@pytest.mark.parametrize(("value", "ordered", "word"), [
    (8, [1, 2, 3, 4, 5, 6, 7, 8], "前四分之一"),
    (7, [1, 2, 3, 4, 5, 6, 7, 8], "前四分之一"),
    (6, [1, 2, 3, 4, 5, 6, 7, 8], "中上水平"),
    (5, [1, 2, 3, 4, 5, 6, 7, 8], "中上水平"),
    (4, [1, 2, 3, 4, 5, 6, 7, 8], "中下水平"),
    (2, [1, 2, 3, 4, 5, 6, 7, 8], "后四分之一"),
    (5, [1, 2, 3, 4, 5, 6, 7, 8, 9], "中位水平"),
    (1.0, [0.5, 1.0, 1.0, 1.0, 1.0], "中位水平"),  # most have it: nobody is ahead
    (0.5, [0.5, 1.0, 1.0, 1.0, 1.0], "后四分之一"),
    (0.9, [0.1, 0.2, 0.9, 0.9], "前四分之一"),  # both reach the upper quartile
    (3.0, [3.0], "中位水平"),
])  # fmt: skip
def test_quarters_by_hand(value: float, ordered: list[float], word: str) -> None:
    """Eight peers: two in each quarter; ties at a quartile are in the quarter beyond it."""
    assert quarter(value, spread(ordered)) == word


@pytest.mark.parametrize(("value", "word", "turned"), [
    (1.75, "后四分之一", "前四分之一"),  # at the lower quartile
    (2.9, "中下水平", "中上水平"),
    (3.0, "中位水平", "中位水平"),
    (3.1, "中上水平", "中下水平"),
    (5.0, "前四分之一", "后四分之一"),  # at the upper quartile
    (0.0, "后四分之一", "前四分之一"),
])  # fmt: skip
def test_a_quarter_is_told_by_the_spread_alone(value: float, word: str, turned: str) -> None:
    """Of 1, 2, 4, 8 (1.75, 3, 5): any value has its place, whether or not a peer has it."""
    peers = Spread(q1=1.75, median=3.0, q3=5.0, units=4)
    assert quarter(value, peers) == word
    assert quarter(value, peers, low_is_better=True) == turned
