"""The periods of quarterly and half-yearly papers: how they are written, what they span."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from reportkit.errors import ParameterError
from reportkit.params import Period, YearParams


@pytest.mark.parametrize(("text", "last_day", "words", "months", "ends"), [
    ("2023Q1", dt.date(2023, 3, 31), "第一季度", "1—3月", False),
    ("2023Q2", dt.date(2023, 6, 30), "上半年", "1—6月", False),
    ("2023Q3", dt.date(2023, 9, 30), "前三季度", "1—9月", False),
    ("2023Q4", dt.date(2023, 12, 31), "全年", "1—12月", True),
    ("2023H1", dt.date(2023, 6, 30), "上半年", "1—6月", False),
    ("2023H2", dt.date(2023, 12, 31), "全年", "1—12月", True),
])  # fmt: skip
def test_a_period_runs_from_january_to_its_last_day(
    text: str, last_day: dt.date, words: str, months: str, ends: bool
) -> None:
    """Figures are cumulative: the third quarter's paper tells of 1—9月."""
    period = Period(text)
    assert (period.year, period.last_day) == (2023, last_day)
    assert (period.in_words, period.months_in_words, period.ends_year) == (words, months, ends)


@pytest.mark.parametrize("text", [
    "2023", "2023Q0", "2023Q5", "2023H0", "2023H3", "2023q3", "23Q3", "2023-Q3", "2023Q3 ",
    "2023Q33", "Q3", "", "２０２３Q3", "2023Ｑ3", "2023Q3\n", "2023M03",
])  # fmt: skip
def test_what_is_no_period_is_refused_with_a_next_step(text: str) -> None:
    """As it would be typed wrong; full-width letters and a stray line end among them."""
    with pytest.raises(ParameterError) as raised:
        Period(text)
    assert repr(text) in raised.value.found
    assert "2023Q3" in raised.value.expected and raised.value.next_step


def test_the_same_period_of_another_year() -> None:
    """上年同期 is the same quarter, not the same number of days."""
    assert Period("2024Q1").of_year(2023) == Period("2023Q1")
    assert Period("2024H1").of_year(2023).last_day == dt.date(2023, 6, 30)


# --- which of them params/<year>.yml lists ----------------------------------------------------


def year(**fields: Any) -> dict[str, Any]:
    """A year that loads."""
    return {
        "year": 2023, "cutoff": "2023-12-31", "issued_on": "2024-01-08", "topics": [],
        "archive_items": ["签到簿", "学习记录簿", "研讨发言簿"], "themes": [], "rules": [],
        **fields,
    }  # fmt: skip


def test_a_year_lists_its_papers_with_their_dates() -> None:
    """成文日期 of each; without any, the office has no quarterly papers."""
    periods = {"2023Q1": {"issued_on": "2023-04-12"}, "2023H1": {"issued_on": "2023-07-01"}}
    loaded = YearParams.model_validate(year(periods=periods))
    assert loaded.periods["2023Q1"].issued_on == dt.date(2023, 4, 12)
    assert loaded.periods["2023H1"].issued_on == dt.date(2023, 7, 1)
    assert YearParams.model_validate(year()).periods == {}


@pytest.mark.parametrize(("periods", "told"), [
    ({"2022Q3": {"issued_on": "2022-10-16"}}, "2022Q3 is no period of 2023"),
    ({"2023Q3": {"issued_on": "2023-09-30"}}, "lies before its end"),
    ({"2023Q3": {"issued_on": "2023-01-16"}}, "lies before its end"),
    ({"2023Q3": {}}, "issued_on"),
    ({"2023Q3": {"issued_on": "2023-10-16", "title": "x"}}, "Extra inputs"),
    ({"2023Q3": {"issued_on": "2023-10-32"}}, "date"),
])  # fmt: skip
def test_a_paper_that_cannot_be_is_refused_on_load(periods: dict[str, Any], told: str) -> None:
    """Another year's, dated before its period ended, without a date, or with a field unknown."""
    with pytest.raises(ValidationError, match=told):
        YearParams.model_validate(year(periods=periods))


@pytest.mark.parametrize("text", ["2023Q5", "third quarter", "2023"])
def test_a_misspelt_period_is_refused_on_load(text: str) -> None:
    """As one of the year's other errors, so that file and field are told; with what is right."""
    with pytest.raises(ValidationError, match=f"periods: period '{text}'.*2023Q3"):
        YearParams.model_validate(year(periods={text: {"issued_on": "2023-10-16"}}))
