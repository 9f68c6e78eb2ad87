"""The periods of a year, and the days of a unit within it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from frames_builder import day, make, member, params, session, unit

from reportkit.metrics.frames import YearFrames
from reportkit.metrics.tenure import Tenure, days_of
from reportkit.records.periods import period_of, periods


def test_periods_cover_the_year_without_gap_or_overlap() -> None:
    """12 months, 4 quarters, one year: each begins the day after the one before ended."""
    for level, count in (("年", 1), ("季", 4), ("月", 12)):
        spans = periods(2024, level)
        assert len(spans) == count
        assert (spans[0].first, spans[-1].last) == (dt.date(2024, 1, 1), dt.date(2024, 12, 31))
        for one, following in pairwise(spans):
            assert following.first - one.last == dt.timedelta(days=1)


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
    assert period_of(period).last == last


@pytest.mark.parametrize("period", ["2023Q5", "2023-13", "2023Q", "2023-1"])
def test_what_is_no_period_is_an_error(period: str) -> None:
    """A fifth quarter, a thirteenth month."""
    with pytest.raises(ValueError, match="is no period"):
        period_of(period)


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
    assert there(frames, 0, "3-8") == ["aa/甲", "aa/乙"]
    assert there(frames, 0, "3-9") == ["aa/乙", "aa/丙"]
    assert there(frames, 1, "3-8") == ["bb/戊"]
    expected = Tenure(frames.roster).sessions_expected(
        frames.study["unit"].to_numpy(), days_of(frames.study["start"])
    )
    assert list(expected) == [1, 1, 0, 0, 0]  # of aa/1 alone: aa/2 was cancelled


def there(frames: YearFrames, place: int, date: str) -> list[str]:
    """Who of the roster is in post in one unit on one day."""
    tenure, people = Tenure(frames.roster), frames.roster["person_id"]
    days = np.full(len(people), (day(date) - dt.date(1970, 1, 1)).days)
    found = tenure.in_post(np.full(len(people), place), people, days)
    return [str(tenure.pairs["person_id"][pair]) for pair in found if pair >= 0]


def test_terms_that_overlap_or_touch_are_one_time_in_post() -> None:
    """Two terms at once, one after the other, and one within another: no session counts twice."""
    frames = make(
        sessions=[session(f"aa/{n}", f"{n}-1") for n in range(1, 13)],
        members=[
            member("aa/甲", since="1-1", until="6-30"),
            member("aa/甲", since="3-1", until="3-31"),  # within the first
            member("aa/甲", since="6-1", until="8-31"),  # over its end
            member("aa/甲", since="9-1", until="9-30"),  # the day after
            member("aa/甲", since="12-1"),  # October and November between
        ],
    )
    tenure = Tenure(frames.roster)
    study = frames.study
    expected = tenure.sessions_expected(study["unit"].to_numpy(), days_of(study["start"]))
    assert list(expected) == [10]
    who = pd.Series(["aa/甲"] * 12)
    found = tenure.in_post(study["unit"], who, days_of(study["start"]))
    assert [n + 1 for n, pair in enumerate(found) if pair < 0] == [10, 11]


def test_nobody_is_in_post_without_a_roster() -> None:
    """No members, and a person of whom there is no term: −1, and no error."""
    frames = make(sessions=[session("aa/1", "3-8")])
    days = days_of(frames.study["start"])
    assert list(Tenure(frames.roster).in_post([0], pd.Series(["aa/甲"]), days)) == [-1]
    some = make(members=[member("aa/甲")], sessions=[session("aa/1", "3-8")])
    for person in ("aa/乙", None):
        assert list(Tenure(some.roster).in_post([0], pd.Series([person]), days)) == [-1]
    assert list(Tenure(some.roster).in_post([-1], pd.Series(["aa/甲"]), days)) == [-1]


def test_the_roster_is_of_those_whose_term_touches_the_unit_s_days() -> None:
    """One day is enough; terms before the unit, after it or after the cutoff are not."""
    frames = make(
        [unit("aa", valid_from=day("4-1"), valid_to=day("6-30"))],
        members=[
            member("aa/甲", until="4-1"),  # on the unit's first day
            member("aa/乙", since="6-30"),  # on its last
            member("aa/丙", until="3-31"),
            member("aa/丁", since="7-1"),
            member("aa/秘", role="学习秘书"),  # no role that counts
        ],
    )
    assert list(frames.roster["person_id"]) == ["aa/甲", "aa/乙"]
    quarter = make(
        members=[member("aa/甲", since="3-31"), member("aa/乙", since="4-1")], period="2023Q1"
    )
    assert list(quarter.roster["person_id"]) == ["aa/甲"]


def test_a_table_s_weakest_state_counts() -> None:
    """未报 before 未核查 before 不适用 before 已报, to which 零 belongs; no row is 未报."""
    frames = make(
        [unit("aa"), unit("bb"), unit("cc")],
        zero={"aa": ["sessions"]},
        exempt={"aa": ["visits"], "bb": ["visits"]},
        unchecked={"bb": ["sessions"]},
    )
    assert list(frames.states_of(("sessions",))) == ["已报", "未核查", "已报"]
    assert list(frames.states_of(("sessions", "visits"))) == ["不适用", "未核查", "已报"]
    assert list(frames.states_of(())) == ["已报"] * 3
    assert frames.state_of("bb", ("visits",)) == "不适用"
    told = frames.tables["submissions"]
    fewer = dataclasses.replace(frames, tables={
        **frames.tables, "submissions": told[told["unit_id"] != "cc"]})  # fmt: skip
    assert fewer.state_of("cc", ("sessions",)) == "未报"


@pytest.mark.parametrize(("period", "cutoff", "early"), [
    (None, "12-31", False),
    ("2023Q1", "3-31", True),
    ("2023H1", "6-30", True),
    ("2023Q3", "9-30", True),
    ("2023H2", "12-31", False),
    ("2023Q4", "12-31", False),
])  # fmt: skip
def test_a_period_ends_everything_on_its_last_day(
    period: str | None, cutoff: str, early: bool
) -> None:
    """The cutoff is the period's last day, the year's if that is earlier; only Q4 and H2 end it."""
    frames = make([unit("aa"), unit("bb", valid_from=day("12-31"))], period=period)
    assert (frames.cutoff, frames.ends_early) == (day(cutoff), early)
    assert list(frames.unit_frame.index) == (["aa"] if early else ["aa", "bb"])
    earlier = make(year=params(cutoff=day("2-15")), period=period)
    assert earlier.cutoff == day("2-15")
