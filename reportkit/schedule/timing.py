"""The times of a job: cron expressions as cron itself reads them, in the job's time zone.

A job due at a time that the clock skips comes right after the gap, and one that the clock
repeats comes once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from cronsim import CronSim

from reportkit.params import Schedule


@dataclass(frozen=True)
class CronTimes:
    """The times of one cron expression; ``zone``: the name of the zone that it is meant in."""

    expression: str
    zone: str

    def __str__(self) -> str:
        return f"{self.expression} ({self.zone})"

    def after(self, moment: dt.datetime) -> Iterator[dt.datetime]:
        """All times later than ``moment`` (aware), one after the other."""
        last = moment
        for found in CronSim(self.expression, moment.astimezone(ZoneInfo(self.zone))):
            if found > last:  # the same instant under two names when clocks go back
                last = found
                yield found


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
