"""What became of each job, each time it was due; and who has still to hear of it.

A database of one file under ``outputs/``, written before and after each deed: whatever ends the
service, the next one finds the truth here. A job at one due time is one row, and one letter to
one person about it is one row, however often either is tried: nothing is told twice.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from reportkit.notice.outbox import FILE, Notices, Outbox, at_once, text_of, told_of_damage

WAITING, RUNNING, INTERRUPTED = "waiting", "running", "interrupted"
DONE, FAILED, SKIPPED = "done", "failed", "skipped"
ATTEMPTS = 3
"""So often a job is taken up whose service ended while it ran."""

_TABLES = """
CREATE TABLE IF NOT EXISTS runs (
  id INTEGER PRIMARY KEY, job TEXT NOT NULL, due TEXT NOT NULL, state TEXT NOT NULL,
  attempts INTEGER NOT NULL, started TEXT NOT NULL, ended TEXT, step TEXT, message TEXT,
  log TEXT, late INTEGER NOT NULL DEFAULT 0, UNIQUE (job, due));
CREATE TABLE IF NOT EXISTS next_times (job TEXT PRIMARY KEY, times TEXT NOT NULL, due TEXT);
"""
_TIMES_BEFORE = """
INSERT OR IGNORE INTO next_times
  SELECT id, '', strftime('%Y-%m-%dT%H:%M:%S+00:00', next_run_time, 'unixepoch') FROM times;
DROP TABLE times;
"""
"""Takes over the times that versions up to 2026 kept in a table of their own."""


@dataclass(frozen=True)
class Run:
    """One job at one due time."""

    id: int
    job: str
    due: dt.datetime
    state: str
    attempts: int
    started: dt.datetime
    ended: dt.datetime | None
    step: str | None
    message: str | None
    log: str | None
    late: bool


class Ledger:
    """The database; each deed is on the disk when its method returns."""

    def __init__(self, outputs: Path) -> None:
        self.path = outputs / FILE
        self.outbox = Outbox(outputs)
        self._base = self.outbox.base
        with told_of_damage(self.path):
            self._base.executescript(_TABLES)
            if self._base.execute("SELECT 1 FROM sqlite_master WHERE name = 'times'").fetchone():
                self._base.executescript(_TIMES_BEFORE)

    def close(self) -> None:
        """Closes the database."""
        self.outbox.close()

    # --- times ---

    def next_times(self) -> dict[str, tuple[str, dt.datetime | None]]:
        """Job → its expression ("": not known), and when it is due next; None: never again."""
        rows = self._base.execute("SELECT job, times, due FROM next_times").fetchall()
        return {job: (times, _moment(due)) for job, times, due in rows}

    def set_next_time(self, job: str, times: str, due: dt.datetime | None) -> None:
        """Note when a job is due next."""
        self._base.execute(
            "INSERT OR REPLACE INTO next_times VALUES (?, ?, ?)", (job, times, due and text_of(due))
        )

    def forget_times(self, job: str) -> None:
        """Forget a job that the schedule has no more."""
        self._base.execute("DELETE FROM next_times WHERE job = ?", (job,))

    # --- runs ---

    def take(self, job: str, due: dt.datetime, now: dt.datetime) -> bool:
        """Notes that a job is due; whether that is new, and nothing of it is under way.

        Of a job that still waits or runs, the new time is noted as ``skipped``.
        """
        with at_once(self._base) as base:
            busy = base.execute(
                "SELECT due FROM runs WHERE job = ? AND state IN (?, ?)", (job, WAITING, RUNNING)
            ).fetchone()
            added = base.execute(
                "INSERT OR IGNORE INTO runs (job, due, state, attempts, started, message) "
                "VALUES (?, ?, ?, 0, ?, ?)",
                (job, text_of(due), SKIPPED if busy else WAITING, text_of(now),
                 f"the run due at {busy['due']} had not ended" if busy else None),
            ).rowcount  # fmt: skip
        return bool(added) and not busy

    def begin(self, number: int, now: dt.datetime, log: str) -> Run:
        """Notes that a job begins, or is taken up again."""
        self._base.execute(
            "UPDATE runs SET state = ?, attempts = attempts + 1, ended = NULL, message = NULL, "
            "started = CASE state WHEN ? THEN ? ELSE started END, log = ? WHERE id = ?",
            (RUNNING, WAITING, text_of(now), log, number),
        )
        return self.run(number)

    def run(self, number: int) -> Run:
        """One run."""
        return _run(self._base.execute("SELECT * FROM runs WHERE id = ?", (number,)).fetchone())

    def at_step(self, run: Run, step: str) -> None:
        """Notes which of its commands a job has come to."""
        self._base.execute("UPDATE runs SET step = ? WHERE id = ?", (step, run.id))

    def be_late(self, run: Run, now: dt.datetime, notices: Notices) -> None:
        """Notes that a job is past its deadline, and who is to hear of it."""
        with at_once(self._base) as base:
            base.execute("UPDATE runs SET late = 1 WHERE id = ?", (run.id,))
            self.outbox.add(notices, now)

    def end(
        self,
        run: Run,
        state: str,
        now: dt.datetime,
        message: str,
        notices: Notices,
    ) -> None:
        """Notes a job's end, and with it, in one stroke, who is to hear of it.

        ``notices``: key → recipient and content.
        """
        with at_once(self._base) as base:
            base.execute(
                "UPDATE runs SET state = ?, ended = ?, message = ? WHERE id = ?",
                (state, text_of(now), message, run.id),
            )
            self.outbox.add(notices, now)

    def lay_down(self, run: Run, now: dt.datetime) -> None:
        """Notes that a job was stopped in good order, to be taken up again: no attempt lost."""
        self._base.execute(
            "UPDATE runs SET state = ?, ended = ?, attempts = attempts - 1 WHERE id = ?",
            (INTERRUPTED, text_of(now), run.id),
        )

    def recover(self, now: dt.datetime) -> None:
        """Notes that whatever is said to run was interrupted: its service is no more."""
        self._base.execute(
            "UPDATE runs SET state = ?, ended = ? WHERE state = ?",
            (INTERRUPTED, text_of(now), RUNNING),
        )

    def next_in_turn(self) -> Run | None:
        """The job to begin, or to take up again, first: the one that was due first."""
        row = self._base.execute(
            "SELECT * FROM runs WHERE state IN (?, ?) ORDER BY due, id LIMIT 1",
            (WAITING, INTERRUPTED),
        ).fetchone()
        return _run(row) if row else None

    def unended(self) -> list[Run]:
        """All runs that wait, run, or are to be taken up again."""
        rows = self._base.execute(
            "SELECT * FROM runs WHERE state IN (?, ?, ?) ORDER BY due, id",
            (WAITING, RUNNING, INTERRUPTED),
        ).fetchall()
        return [_run(row) for row in rows]

    def runs(self, count: int | None = None) -> list[Run]:
        """The latest runs, the last one first."""
        rows = self._base.execute(
            "SELECT * FROM runs ORDER BY started DESC, id DESC LIMIT ?",
            (-1 if count is None else count,),
        ).fetchall()
        return [_run(row) for row in rows]


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _run(row: sqlite3.Row) -> Run:
    moments = {name: _moment(row[name]) for name in ("due", "started", "ended")}
    return Run(**{**dict(row), **moments, "late": bool(row["late"])})
