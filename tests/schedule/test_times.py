"""Times of jobs: as cron reads its expressions, also when the clocks change."""

from __future__ import annotations

import datetime as dt
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest

from reportkit.params import Schedule
from reportkit.schedule.timing import CronTimes, upcoming

BERLIN = ZoneInfo("Europe/Berlin")


def local(expression: str, zone: str, start: str, count: int) -> list[str]:
    """The next times after a local one, as a clock on the wall shows them."""
    moment = dt.datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
    times = islice(CronTimes(expression, zone).after(moment), count)
    return [f"{when.astimezone(ZoneInfo(zone)):%m-%d %H:%M}" for when in times]


@pytest.mark.parametrize(
    ("expression", "start", "times"),
    [
        ("0 6 8 1 *", "2024-01-08T06:00", ["01-08 06:00"]),
        ("0 6 8 1 *", "2024-01-08T05:59", ["01-08 06:00", "01-08 06:00"]),
        # Sunday is 0, and 7. 2024-01-07 is a Sunday.
        ("0 8 * * 0", "2024-01-01T00:00", ["01-07 08:00", "01-14 08:00"]),
        ("0 8 * * 7", "2024-01-01T00:00", ["01-07 08:00", "01-14 08:00"]),
        ("0 8 * * 1-5", "2024-01-05T09:00", ["01-08 08:00", "01-09 08:00"]),
        # Day of the month or weekday, as cron has it: the 13th, and Fridays (5th, 12th, 19th).
        ("0 8 13 * 5", "2024-01-01T00:00", ["01-05 08:00", "01-12 08:00", "01-13 08:00"]),
        ("0 0 29 2 *", "2024-03-01T00:00", ["02-29 00:00"]),  # 2028
        ("*/20 9 * * *", "2024-01-01T09:10", ["01-01 09:20", "01-01 09:40", "01-02 09:00"]),
    ],
)
def test_expressions_mean_what_cron_means(expression: str, start: str, times: list[str]) -> None:
    """Worked out by hand, by the calendar."""
    assert local(expression, "Asia/Shanghai", start, len(times)) == times


def test_a_time_that_the_clock_skips_comes_right_after_the_gap() -> None:
    """On 31 March 2024 Berlin's clocks go from 02:00 to 03:00; each day has its one run."""
    assert local("30 2 * * *", "Europe/Berlin", "2024-03-30T00:00", 3) == [
        "03-30 02:30", "03-31 03:00", "04-01 02:30",
    ]  # fmt: skip


def test_a_time_that_the_clock_repeats_comes_once() -> None:
    """On 27 October 2024 02:30 comes twice in Berlin."""
    assert local("30 2 * * *", "Europe/Berlin", "2024-10-26T00:00", 3) == [
        "10-26 02:30", "10-27 02:30", "10-28 02:30",
    ]  # fmt: skip
    moments = list(islice(CronTimes("30 2 * * *", "Europe/Berlin").after(
        dt.datetime(2024, 10, 26, tzinfo=BERLIN)), 3))  # fmt: skip
    assert [b - a for a, b in pairwise(moments)] != [dt.timedelta(0)] * 2
    assert len({moment.astimezone(dt.UTC) for moment in moments}) == 3


def test_coming_runs_of_all_jobs_in_the_order_of_time() -> None:
    """Jobs in different zones among each other: 06:00 in Shanghai is before 06:00 in Berlin."""
    schedule = Schedule.model_validate({"jobs": {
        "b": {"cron": "0 6 * * *", "timezone": "Europe/Berlin", "do": ["run"]},
        "a": {"cron": "0 6 * * *", "do": ["run"]},
    }})  # fmt: skip
    now = dt.datetime(2024, 1, 8, 12, 0, tzinfo=dt.UTC)
    found = upcoming(schedule, now, 4)
    assert [name for _, name in found] == ["a", "b", "a", "b"]
    assert [when.astimezone(dt.UTC).hour for when, _ in found] == [22, 5, 22, 5]
