"""The service: waits for the jobs' times, runs one job after the other, tells how they ended.

When each job is due next, and what became of it, is in the ledger, which outlives the service.
One thread does everything, a moment's work at each :meth:`Service.tick`, so that a stop finds
it between two deeds and never within one.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import signal
import threading
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

from reportkit.errors import ParameterError
from reportkit.locking import exclusive
from reportkit.notice import send_waiting
from reportkit.notice.outbox import FILE, told_of_damage
from reportkit.params import load_schedule
from reportkit.schedule.commands import commands_of
from reportkit.schedule.ledger import ATTEMPTS, FAILED, Ledger, Run
from reportkit.schedule.telling import (
    FAILURE,
    LATE,
    SUCCESS,
    letter_of_end,
    letter_of_lateness,
    notices_of,
)
from reportkit.schedule.timing import times_of
from reportkit.schedule.work import Starter, Work, starter

LOCK = Path(".reportkit") / "service.lock"
LOGS = "logs/schedule"
POLL = 1.0
"""Seconds between looks at a command that runs, at letters, and at the schedule's file."""

_log = logging.getLogger("reportkit.schedule")


class Service:
    """The service of one workbook.

    Parameters
    ----------
    home:
        The workbook's folder.
    start:
        Starts a command; by default as a process of its own.
    """

    def __init__(self, home: Path, start: Starter | None = None) -> None:
        self.home = home
        self.outputs = home / "outputs"
        self.schedule = load_schedule(home)
        self._start = start or starter(home)
        self._file: tuple[int, int] | None = self._state_of_file()
        self._work: Work | None = None
        self.ledger = Ledger(self.outputs)

    # --- its life ---

    def open(self) -> None:
        """Takes up what an earlier service left, and begins to watch the times."""
        self.ledger.recover(_now())
        self._enter()

    def tick(self) -> bool:
        """A moment's work; whether a job is under way."""
        self._reread()
        self._take_due()
        self._look_after_deadlines()
        self._work_on()
        send_waiting(self.ledger.outbox, self.schedule, _now())
        return self._work is not None

    def work_once(self) -> bool:
        """As :meth:`tick`, without the times: whether anything is left to be done."""
        self._look_after_deadlines()
        self._work_on()
        send_waiting(self.ledger.outbox, self.schedule, _now())
        return self._work is not None or self.ledger.next_in_turn() is not None

    def close(self) -> None:
        """Ends in good order: a job under way is stopped, and taken up again next time."""
        if self._work:
            work, self._work = self._work, None
            work.stop()
            self.ledger.lay_down(work.run, _now())
            _log.info("%s: stopped; it goes on when the service runs again", work.run.job)
        self.ledger.close()

    # --- times ---

    def _enter(self) -> None:
        """Have in the ledger the times of the schedule's jobs, and no others; they run on."""
        known = self.ledger.next_times()
        for name in known.keys() - self.schedule.jobs.keys():
            self.ledger.forget_times(name)
        for name in self.schedule.jobs:
            times = times_of(self.schedule, name)
            if name not in known or known[name][0] not in ("", str(times)):
                self.ledger.set_next_time(name, str(times), next(times.after(_now()), None))

    def _take_due(self) -> None:
        """Take up what is due now: of several times that were missed the last."""
        now = _now()
        for name, (_, due) in self.ledger.next_times().items():
            if due is not None and due <= now:
                times = times_of(self.schedule, name)
                *_, last = due, *takewhile(lambda when: when <= now, times.after(due))
                self.take(name, last)
                self.ledger.set_next_time(name, str(times), next(times.after(last), None))

    def _state_of_file(self) -> tuple[int, int] | None:
        try:
            stat = (self.home / "params" / "schedule.yml").stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size

    def _reread(self) -> None:
        """An edited schedule counts from now on; a wrong one is told of, the old one stays."""
        state = self._state_of_file()
        if state == self._file:
            return
        self._file = state
        try:
            self.schedule = load_schedule(self.home)
        except ParameterError as error:
            _log.error("the edited schedule does not count: %s", error)
            return
        self._enter()
        _log.info("the edited schedule counts: %s", ", ".join(self.schedule.jobs) or "no jobs")

    def take(self, job: str, when: dt.datetime) -> None:
        """A job is due."""
        if self.ledger.take(job, when, _now()):
            _log.info("%s: due", job)

    # --- work ---

    def _work_on(self) -> None:
        if self._work is None:
            self._begin()
            if self._work is None:
                return
        work = self._work
        state = work.go_on(lambda step: self.ledger.at_step(work.run, step))
        if state is not None:
            self._work = None
            self._end(work.run, state, work.failed, work.steps)

    def _begin(self) -> None:
        run = self.ledger.next_in_turn()
        if run is None:
            return
        job = self.schedule.jobs.get(run.job)
        if job is None:
            self._end(run, FAILED, [f"{run.job} is no job of params/schedule.yml any more"], [])
            return
        if run.attempts >= ATTEMPTS:
            self._end(run, FAILED, [f"the service ended {run.attempts} times while it ran"], [])
            return
        local = run.due.astimezone(self.schedule.zone_of(run.job))
        log = f"outputs/{LOGS}/{run.job}-{local:%Y%m%dT%H%M%S}.log"
        run = self.ledger.begin(run.id, _now(), log)
        again = " again" if run.attempts > 1 else ""
        _log.info("%s: begins%s, as due %s", run.job, again, local.isoformat(timespec="minutes"))
        commands = commands_of(job, local.date())
        self._work = Work(run, commands, self.home / log, self._start)

    def _end(self, run: Run, state: str, failed: list[str], steps: list[str]) -> None:
        now, zone = _now(), self._zone_of(run)
        kind = FAILURE if state == FAILED else SUCCESS
        letter = letter_of_end(run, state, now, zone, self.outputs, failed, steps)
        notices = notices_of(self.schedule, run, kind, letter)
        self.ledger.end(run, state, now, "; ".join(failed), notices)
        _log.info("%s: %s%s", run.job, state, f" ({'; '.join(failed)})" if failed else "")

    def _zone_of(self, run: Run) -> Any:
        known = run.job in self.schedule.jobs
        return self.schedule.zone_of(run.job) if known else dt.UTC

    def _look_after_deadlines(self) -> None:
        now = _now()
        for run in self.ledger.unended():
            job = self.schedule.jobs.get(run.job)
            allowed = job.allowed if job else None
            if allowed is not None and not run.late and now > run.due + allowed:
                letter = letter_of_lateness(run, allowed, self._zone_of(run))
                notices = notices_of(self.schedule, run, LATE, letter)
                self.ledger.be_late(run, now, notices)
                _log.warning("%s: past its deadline", run.job)


@contextlib.contextmanager
def alone(home: Path) -> Iterator[None]:
    """Holds the place of the workbook's one service.

    Raises
    ------
    UsageError
        If another service has it.
    """
    with exclusive(home / "outputs" / LOCK, "another service is at work", "one service a workbook"):
        yield


def serve(home: Path, *, until_idle: bool = False) -> None:
    """Serves until it is told to stop (SIGTERM, Ctrl-C).

    ``until_idle``: only what is due now, and then ends: for a machine that is on now and then.

    Raises
    ------
    ParameterError
        If the schedule is wrong.
    UsageError
        If another service is at work.
    """
    stop = threading.Event()
    for name in ("SIGTERM", "SIGINT", "SIGBREAK", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stop.set())
    with alone(home), told_of_damage(home / "outputs" / FILE):
        service = Service(home)
        try:
            service.open()
            while not stop.is_set():
                busy = service.tick()
                if until_idle and not busy and service.ledger.next_in_turn() is None:
                    break
                stop.wait(POLL)
        finally:
            service.close()


def once(home: Path, name: str, start: Starter | None = None) -> str:
    """Runs one job now, as if it were due: for a machine's own scheduler. Its state at the end.

    Raises
    ------
    ParameterError
        If the schedule has no such job.
    UsageError
        If a service is at work.
    """
    with alone(home), told_of_damage(home / "outputs" / FILE):
        service = Service(home, start)
        if name not in service.schedule.jobs:
            raise ParameterError(
                f"no job {name!r}",
                expected=f"one of {', '.join(service.schedule.jobs) or 'none yet'}",
                next_step="correct the name, or add the job",
                where="params/schedule.yml",
            )
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        when = _now().replace(microsecond=0)
        try:
            service.ledger.recover(when)
            service.take(name, when)
            while not stop.is_set() and service.work_once():
                stop.wait(POLL / 5)
        finally:
            service.close()
    ledger = Ledger(home / "outputs")
    try:
        return next((r.state for r in ledger.runs() if r.job == name and r.due == when), "skipped")
    finally:
        ledger.close()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
