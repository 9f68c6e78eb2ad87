"""The times of a job: cron expressions as cron itself reads them, in the job's time zone.

apscheduler's own cron trigger counts weekdays from Monday, joins day and weekday by "and", and
lets a time that daylight saving skips or repeats pass or come twice. Here a job due at a time
that the clock skips comes right after the gap, and one that the clock repeats comes once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from cronsim import CronSim

from reportkit.params import Schedule


class CronTimes(BaseTrigger):  # type: ignore[misc]
    """The times of one cron expression, for apscheduler; kept in its store by pickle."""

    def __init__(self, expression: str, zone: str) -> None:
        """``zone``: the name of the time zone in which the expression's times are."""
        self.expression = expression
        self.zone = zone

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CronTimes) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        return f"{self.expression} ({self.zone})"

    def __getstate__(self) -> tuple[str, str]:
        return self.expression, self.zone

    def __setstate__(self, state: tuple[str, str]) -> None:
        self.expression, self.zone = state

    def after(self, moment: dt.datetime) -> Iterator[dt.datetime]:
        """All times later than ``moment`` (aware), one after the other."""
        last = moment
        for found in CronSim(self.expression, moment.astimezone(ZoneInfo(self.zone))):
            if found > last:  # the same instant under two names when clocks go back
                last = found
                yield found

    def get_next_fire_time(
        self, previous_fire_time: dt.datetime | None, now: dt.datetime
    ) -> dt.datetime | None:
        """The first time after the last one, as apscheduler asks for it; None: never again."""
        return next(self.after(previous_fire_time or now), None)


def times_of(schedule: Schedule, name: str) -> CronTimes:
    """The times of one job."""
    return CronTimes(schedule.jobs[name].cron, schedule.zone_of(name).key)


def upcoming(schedule: Schedule, now: dt.datetime, count: int) -> list[tuple[dt.datetime, str]]:
    """The next ``count`` runs of all jobs after ``now``, in the order of time: (when, job)."""
    found: list[tuple[dt.datetime, str]] = []
    for name in schedule.jobs:
        times = times_of(schedule, name).after(now)
        found += [(when, name) for when, _ in zip(times, range(count), strict=False)]
    return sorted(found)[:count]
