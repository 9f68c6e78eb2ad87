"""The periods of a year, and the days of a unit within it."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pandas as pd
import pytest
from frames_builder import day, make, member, params, session, unit

from reportkit.metrics.periods import period_last_day, periods


def test_periods_cover_the_year_without_gap_or_overlap() -> None:
    """12 months, 4 quarters, one year: each begins the day after the one before ended."""
    for level, count in (("年", 1), ("季", 4), ("月", 12)):
        spans = periods(2024, level)
        assert len(spans) == count
        assert (spans[0][1], spans[-1][2]) == (dt.date(2024, 1, 1), dt.date(2024, 12, 31))
        for (_, _, last), (_, first, _) in pairwise(spans):
            assert first - last == dt.timedelta(days=1)


@pytest.mark.parametrize(("period", "last"), [
    ("2023", dt.date(2023, 12, 31)),
    ("2023Q1", dt.date(2023, 3, 31)),
    ("2023Q4", dt.date(2023, 12, 31)),
    ("2023-02", dt.date(2023, 2, 28)),
    ("2024-02", dt.date(2024, 2, 29)),
    ("2023-12", dt.date(2023, 12, 31)),
])  # fmt: skip
def test_a_period_s_last_day(period: str, last: dt.date) -> None:
    """Leap years and the year's end included."""
    assert period_last_day(period) == last


@pytest.mark.parametrize("period", ["2023Q5", "2023-13", "2023Q", "2023-1"])
def test_what_is_no_period_is_an_error(period: str) -> None:
    """A fifth quarter, a thirteenth month."""
    with pytest.raises(ValueError, match="is no period"):
        period_last_day(period)


def test_a_unit_s_days_end_with_the_year_the_cutoff_or_the_unit() -> None:
    """first and last lie within the year; at_end is being there on the cutoff."""
    frames = make(
        [unit("aa"), unit("bb", valid_from=day("4-1")), unit("cc", valid_to=day("6-30"))],
        year=params(cutoff=day("9-30")),
    )
    rows = frames.unit_frame[["first", "last", "at_end"]]
    stamp = pd.Timestamp
    assert rows.loc["aa"].tolist() == [stamp(2023, 1, 1), stamp(2023, 9, 30), True]
    assert rows.loc["bb"].tolist() == [stamp(2023, 4, 1), stamp(2023, 9, 30), True]
    assert rows.loc["cc"].tolist() == [stamp(2023, 1, 1), stamp(2023, 6, 30), False]


def test_units_stand_in_official_order() -> None:
    """By ``order``, whatever their place in the file."""
    frames = make([unit("aa", order=9), unit("bb", order=1), unit("cc", order=5)])
    assert list(frames.unit_frame.index) == ["bb", "cc", "aa"]


def test_the_roster_of_a_session_is_that_of_its_first_day() -> None:
    """First and last day of a term count; each person once; other units' people never."""
    frames = make(
        [unit("aa"), unit("bb")],
        sessions=[session("aa/1", "3-8", end="3-10"), session("aa/2", "8-1", cancelled=True)],
        members=[
            member("aa/甲", until="3-8"),
            member("aa/乙", since="3-8"),
            member("aa/丙", since="3-9"),
            member("aa/丁", until="3-7"),
            member("bb/戊"),
        ],
    )
    rows = frames.roster_by_session(frames.roster)
    assert list(rows["person_id"]) == ["aa/甲", "aa/乙"]
    assert set(rows["session_id"]) == {"aa/1"}
