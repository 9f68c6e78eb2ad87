"""What a job's steps are as commands: as an analyst would type them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reportkit.params import Job

PATIENCE = 4 * 3600
"""Seconds for which a job's command waits for a run by hand to end."""

SUBMISSIONS = "data/submissions"
"""Where the units' workbooks are, year by year, in the workbook's folder."""

_WRITERS = ("import", "run", "deliver")
"""Steps that need ``outputs/`` for themselves."""

_EDITIONS = {
    "draft": (),
    "formal": ("--formal",),
    "masked": ("--mask",),
    "formal.masked": ("--formal", "--mask"),
}


@dataclass(frozen=True)
class Command:
    """One command of a job: the step that it belongs to, and its arguments."""

    step: str
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(("reportkit", *self.arguments))


def commands_of(job: Job, day: dt.date) -> list[Command]:
    """A job's commands, if it is due on that day of its time zone.

    ``this`` and ``last`` year, last quarter and half-year are counted from that day.
    """
    years = [_year(each, day) for each in job.years]
    periods = [_period(each, day) for each in job.periods]
    found = []
    for step in job.do:
        if step in ("run", "deliver"):
            named = [("--unit", unit) for unit in job.units]
            named += [("--notebook", name) for name in job.notebooks]
            chosen = [part for pair in named for part in pair]
            for edition in job.editions:
                options = (*_times(years, periods), *_EDITIONS[edition], *chosen)
                found.append(_command(step, *options))
            continue
        of_whole = years or sorted({int(period[:4]) for period in periods})
        if step == "check":
            found += [_command(step, f"{SUBMISSIONS}/{year}") for year in of_whole]
        elif step == "remind":
            found += [_command(step, "--year", str(year)) for year in of_whole]
        else:
            found.append(_command(step, *_times(of_whole, [])))
    return found


def _command(step: str, *options: str) -> Command:
    waiting = ("--wait", str(PATIENCE)) if step in _WRITERS else ()
    return Command(step, (step, *options, *waiting))


def _times(years: list[int], periods: list[str]) -> tuple[str, ...]:
    named = [("--year", str(year)) for year in years] + [("--period", each) for each in periods]
    return tuple(part for pair in named for part in pair)


def _year(which: int | str, day: dt.date) -> int:
    match which:
        case "this":
            return day.year
        case "last":
            return day.year - 1
    return int(which)


def _period(which: str, day: dt.date) -> str:
    match which:
        case "last_quarter":
            quarter = (day.month - 1) // 3
            return f"{day.year}Q{quarter}" if quarter else f"{day.year - 1}Q4"
        case "last_half":
            return f"{day.year}H1" if day.month > 6 else f"{day.year - 1}H2"
    return which
