"""A year of the schedule on a frozen clock: exactly the jobs that it should run, each once."""

from __future__ import annotations

import datetime as dt
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine

sys.path.insert(0, str(Path(__file__).parent))
from schedule_support import World, workbook

from reportkit.notice.outbox import FILE
from reportkit.schedule.ledger import Run

UTC = dt.UTC
BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
SCHEDULE = """\
timezone: Asia/Shanghai
jobs:
  annual: {cron: "0 6 8 1 *", do: [import, run], years: [last]}
  quarterly: {cron: "0 6 5 4,7,10 *", do: [run], periods: [last_quarter]}
  weekly: {cron: "30 2 * * 0", timezone: Europe/Berlin, do: [import]}
"""


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock, standing still at the beginning of 2024 (UTC) until it is moved."""
    with time_machine.travel(dt.datetime(2024, 1, 1, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def sundays(year: int) -> list[dt.date]:
    """The year's Sundays, by the calendar."""
    days = (dt.date(year, 1, 1) + dt.timedelta(days=n) for n in range(366))
    return [day for day in days if day.weekday() == 6 and day.year == year]


HOUR = dt.timedelta(hours=1)


def test_a_year_without_trouble(tmp_path: Path, clock: time_machine.Traveller) -> None:
    """One annual run, three quarterly ones, and one each Sunday, clocks changing in between."""
    world = World(workbook(tmp_path, SCHEDULE), clock)
    world.open()
    world.pass_(dt.datetime(2025, 1, 1, tzinfo=UTC), dt.timedelta(minutes=15))
    runs = world.runs()
    assert {run.state for run in runs} == {"done"}
    assert Counter(run.job for run in runs) == {"annual": 1, "quarterly": 3, "weekly": 52}
    due = {name: [run.due for run in runs if run.job == name] for name in ("annual", "quarterly")}
    assert due["annual"] == [dt.datetime(2024, 1, 8, 6, tzinfo=SHANGHAI)]
    assert due["quarterly"] == [dt.datetime(2024, m, 5, 6, tzinfo=SHANGHAI) for m in (4, 7, 10)]
    weekly = [run.due.astimezone(BERLIN) for run in runs if run.job == "weekly"]
    assert [moment.date() for moment in weekly] == sundays(2024)
    # 31 March 2024 is a Sunday without 02:30; it ran right after the gap. 27 October has two.
    times = Counter(f"{moment:%H:%M}" for moment in weekly)
    assert times == {"02:30": 51, "03:00": 1}
    # import and run of the annual job, in this order, of last year.
    commands = [arguments[:3] for when, arguments in world.begun if when.date() == due["annual"][0]
              .astimezone(UTC).date() and "2023" in arguments]  # fmt: skip
    assert commands == [("import", "--year", "2023"), ("run", "--year", "2023")]
    world.close()


def test_what_was_missed_is_caught_up_once(tmp_path: Path, clock: time_machine.Traveller) -> None:
    """A machine off from February to June: of 17 missed Sundays one run, of one quarter one."""
    world = World(workbook(tmp_path, SCHEDULE), clock)
    world.open()
    world.pass_(dt.datetime(2024, 2, 1, tzinfo=UTC), HOUR)
    before = Counter(run.job for run in world.runs())
    assert before == {"annual": 1, "weekly": 4}
    world.close()
    world.jump(dt.datetime(2024, 6, 1, 12, tzinfo=UTC))
    world.open()
    world.pass_(dt.datetime(2024, 6, 1, 18, tzinfo=UTC), dt.timedelta(minutes=5))
    after = [run for run in world.runs() if run.due > dt.datetime(2024, 2, 1, tzinfo=UTC)]
    assert [(run.job, run.due.astimezone(SHANGHAI).date().isoformat()) for run in after] == [
        ("quarterly", "2024-04-05"), ("weekly", "2024-05-26"),
    ]  # fmt: skip
    assert {run.state for run in after} == {"done"}
    world.close()


def test_times_of_an_older_store_are_taken_over(
    tmp_path: Path, clock: time_machine.Traveller
) -> None:
    """A run that an older version was waiting for, missed while it was replaced, is caught up."""
    world = World(workbook(tmp_path, SCHEDULE), clock)
    world.open()
    world.close()
    missed = dt.datetime(2024, 1, 7, 2, 30, tzinfo=BERLIN)
    with sqlite3.connect(tmp_path / "outputs" / FILE) as base:
        base.executescript(
            "DELETE FROM next_times; CREATE TABLE times "
            "(id TEXT PRIMARY KEY, next_run_time REAL, job_state BLOB NOT NULL);"
        )
        base.execute("INSERT INTO times VALUES ('weekly', ?, x'80')", (missed.timestamp() + 0.25,))
    world.jump(dt.datetime(2024, 1, 10, tzinfo=UTC))
    world.open()
    world.pass_(dt.datetime(2024, 1, 10, 1, tzinfo=UTC), dt.timedelta(minutes=5))
    assert [(run.job, run.due) for run in world.runs()] == [("weekly", missed)]
    world.close()


def test_asleep_is_as_off(tmp_path: Path, clock: time_machine.Traveller) -> None:
    """A laptop that is opened after three weeks: the service itself never ended."""
    world = World(workbook(tmp_path, SCHEDULE), clock)
    world.open()
    world.jump(dt.datetime(2024, 1, 22, 12, tzinfo=UTC))
    world.pass_(dt.datetime(2024, 1, 22, 14, tzinfo=UTC))
    assert [(run.job, run.due.astimezone(SHANGHAI).day) for run in world.runs()] == [
        ("annual", 8), ("weekly", 21),
    ]  # fmt: skip
    world.close()


def test_a_restart_forgets_and_repeats_nothing(
    tmp_path: Path, clock: time_machine.Traveller
) -> None:
    """Ended and begun again each day of January, at the minute of the runs too."""
    world = World(workbook(tmp_path, SCHEDULE), clock)
    for day in range(1, 32):
        world.open()
        world.pass_(dt.datetime(2024, 1, day, 22, 1, tzinfo=UTC), dt.timedelta(minutes=20))
        world.close()
    world.open()
    world.pass_(dt.datetime(2024, 2, 1, tzinfo=UTC))
    runs = world.runs()
    assert {run.state for run in runs} == {"done"}
    assert Counter(run.job for run in runs) == {"annual": 1, "weekly": 4}
    world.close()


def test_jobs_never_overlap(tmp_path: Path, clock: time_machine.Traveller) -> None:
    """Two due at once run one after the other; one due while it runs is skipped, and said."""
    text = """\
timezone: UTC
jobs:
  long: {cron: "0 * * * *", do: [run]}
  other: {cron: "0 * * * *", do: [import]}
"""
    world = World(workbook(tmp_path, text), clock)
    world.minutes = lambda arguments: 90 if arguments[0] == "run" else 10
    world.open()
    world.pass_(dt.datetime(2024, 1, 1, 6, 0, tzinfo=UTC))
    spans = [(when, when + dt.timedelta(minutes=world.minutes(a))) for when, a in world.begun]
    assert len(spans) > 4
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    states = Counter((run.job, run.state) for run in world.runs())
    assert states["long", "skipped"] >= 2
    skipped = next(run for run in world.runs() if run.state == "skipped")
    assert "had not ended" in (skipped.message or "")
    keys = [(run.job, run.due) for run in world.runs()]
    assert len(keys) == len(set(keys))
    world.close()


def test_an_edited_schedule_counts_at_once(tmp_path: Path, clock: time_machine.Traveller) -> None:
    """A wrong one is told of and changes nothing; a removed job is not run again."""
    world = World(workbook(tmp_path, SCHEDULE), clock)
    world.open()
    world.pass_(dt.datetime(2024, 1, 2, tzinfo=UTC), HOUR)
    workbook(tmp_path, SCHEDULE.replace("0 6 8 1 *", "0 6 40 1 *"))
    world.pass_(dt.datetime(2024, 1, 9, tzinfo=UTC), HOUR)
    assert Counter(run.job for run in world.runs()) == {"annual": 1, "weekly": 1}
    workbook(tmp_path, 'jobs:\n  daily: {cron: "0 12 * * *", timezone: UTC, do: [run]}\n')
    world.pass_(dt.datetime(2024, 1, 16, tzinfo=UTC), HOUR)
    assert Counter(run.job for run in world.runs()) == {"annual": 1, "weekly": 1, "daily": 7}
    world.close()


def test_a_failing_command_is_recorded_and_the_next_tried(
    tmp_path: Path, clock: time_machine.Traveller
) -> None:
    """Status 1 (some were refused): the run is tried all the same. Status 2: it is not."""
    world = World(workbook(tmp_path, SCHEDULE), clock)
    world.status = lambda arguments: 1 if arguments[0] == "import" else 0
    world.open()
    world.pass_(dt.datetime(2024, 1, 8, tzinfo=UTC), HOUR)
    assert annual(world).state == "failed"
    assert "not all of it could be done" in (annual(world).message or "")
    assert [a[0] for _, a in world.begun if "2023" in a] == ["import", "run"]
    world.close()


def annual(world: World) -> Run:
    """The one run of the annual job."""
    (found,) = (run for run in world.runs() if run.job == "annual")
    return found


def test_a_service_killed_at_work_goes_on_and_gives_up_after_three(
    tmp_path: Path, clock: time_machine.Traveller
) -> None:
    """Each time the job is taken up again; after the third death it has failed, and says why."""
    world = World(workbook(tmp_path, SCHEDULE), clock)
    world.minutes = lambda arguments: 600 if "2023" in arguments else 5
    due = dt.datetime(2024, 1, 7, 22, 0, tzinfo=UTC)  # 06:00 in Shanghai
    for number in (1, 2, 3):
        world.open()
        world.pass_(due + number * HOUR, dt.timedelta(minutes=10))
        assert (annual(world).state, annual(world).attempts) == ("running", number)
        world.kill()
    world.open()
    world.pass_(due + 4 * HOUR)
    assert annual(world).state == "failed"
    assert annual(world).message == "the service ended 3 times while it ran"
    assert len([a for _, a in world.begun if "2023" in a]) == 3
    world.close()


def test_a_service_that_is_stopped_loses_no_attempt(
    tmp_path: Path, clock: time_machine.Traveller
) -> None:
    """Five stops in good order while the job runs: its command is ended, and begun again."""
    world = World(workbook(tmp_path, SCHEDULE), clock)
    world.minutes = lambda arguments: 100 if "2023" in arguments else 5
    due = dt.datetime(2024, 1, 7, 22, 0, tzinfo=UTC)
    for number in range(1, 6):
        world.open()
        world.pass_(due + number * HOUR, dt.timedelta(minutes=10))
        assert annual(world).state == "running"
        world.close()
        assert len(world.ended) == number
    world.open()
    world.pass_(due + 12 * HOUR, dt.timedelta(minutes=10))
    assert (annual(world).state, annual(world).attempts) == ("done", 1)
    assert annual(world).started < due + HOUR
    world.close()
