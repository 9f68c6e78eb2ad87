"""What became of each job, each time it was due; and who has still to hear of it.

A database of one file under ``outputs/``, written before and after each deed: whatever ends the
service, the next one finds the truth here. A job at one due time is one row, and one letter to
one person about it is one row, however often either is tried: nothing is told twice.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from reportkit.errors import RecordsError

FILE = Path(".reportkit") / "schedule.sqlite"
"""Below ``outputs/``."""

WAITING, RUNNING, INTERRUPTED = "waiting", "running", "interrupted"
DONE, FAILED, SKIPPED = "done", "failed", "skipped"
ATTEMPTS = 3
"""So often a job is taken up whose service ended while it ran."""

_TABLES = """
CREATE TABLE IF NOT EXISTS runs (
  id INTEGER PRIMARY KEY, job TEXT NOT NULL, due TEXT NOT NULL, state TEXT NOT NULL,
  attempts INTEGER NOT NULL, started TEXT NOT NULL, ended TEXT, step TEXT, message TEXT,
  log TEXT, late INTEGER NOT NULL DEFAULT 0, UNIQUE (job, due));
CREATE TABLE IF NOT EXISTS notices (
  key TEXT PRIMARY KEY, recipient TEXT NOT NULL, content TEXT NOT NULL, state TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0, next_try TEXT NOT NULL, sent TEXT, error TEXT);
"""


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


@dataclass(frozen=True)
class Notice:
    """What one person, or the webhook, is to hear: kept until it has gone out."""

    key: str
    recipient: str
    content: Mapping[str, Any]
    tries: int


@contextmanager
def told_of_damage(path: Path) -> Iterator[None]:
    """Says what it means if the database cannot be used.

    Raises
    ------
    RecordsError
        If it is damaged, held by something else, or there is no room left.
    """
    try:
        yield
    except (sqlite3.Error, SQLAlchemyError) as error:
        cause = getattr(error, "orig", None) or error
        raise RecordsError(
            f"the schedule's ledger cannot be used: {cause}",
            expected="a database that the schedule wrote, in a folder with room that can be "
            "written to",
            next_step="free some space; if it is damaged, move it away: jobs then count from now",
            where=str(path),
        ) from error


Notices = Mapping[str, tuple[str, Mapping[str, Any]]]
"""Key → recipient and content. What is known already by its key is not added again."""


class Ledger:
    """The database; each deed is on the disk when its method returns."""

    def __init__(self, outputs: Path) -> None:
        self.path = outputs / FILE
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with told_of_damage(self.path):
            self._base = sqlite3.connect(self.path, isolation_level=None, timeout=30)
            self._base.row_factory = sqlite3.Row
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA synchronous=FULL")
            self._base.executescript(_TABLES)

    def close(self) -> None:
        """Closes the database."""
        self._base.close()

    @contextmanager
    def _at_once(self) -> Iterator[sqlite3.Connection]:
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield self._base
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    # --- runs ---

    def take(self, job: str, due: dt.datetime, now: dt.datetime) -> bool:
        """Notes that a job is due; whether that is new, and nothing of it is under way.

        Of a job that still waits or runs, the new time is noted as ``skipped``.
        """
        with self._at_once() as base:
            busy = base.execute(
                "SELECT due FROM runs WHERE job = ? AND state IN (?, ?)", (job, WAITING, RUNNING)
            ).fetchone()
            added = base.execute(
                "INSERT OR IGNORE INTO runs (job, due, state, attempts, started, message) "
                "VALUES (?, ?, ?, 0, ?, ?)",
                (job, _text(due), SKIPPED if busy else WAITING, _text(now),
                 f"the run due at {busy['due']} had not ended" if busy else None),
            ).rowcount  # fmt: skip
        return bool(added) and not busy

    def begin(self, number: int, now: dt.datetime, log: str) -> Run:
        """Notes that a job begins, or is taken up again."""
        self._base.execute(
            "UPDATE runs SET state = ?, attempts = attempts + 1, ended = NULL, message = NULL, "
            "started = CASE state WHEN ? THEN ? ELSE started END, log = ? WHERE id = ?",
            (RUNNING, WAITING, _text(now), log, number),
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
        with self._at_once() as base:
            base.execute("UPDATE runs SET late = 1 WHERE id = ?", (run.id,))
            self._add(base, notices, now)

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
        with self._at_once() as base:
            base.execute(
                "UPDATE runs SET state = ?, ended = ?, message = ? WHERE id = ?",
                (state, _text(now), message, run.id),
            )
            self._add(base, notices, now)

    def lay_down(self, run: Run, now: dt.datetime) -> None:
        """Notes that a job was stopped in good order, to be taken up again: no attempt lost."""
        self._base.execute(
            "UPDATE runs SET state = ?, ended = ?, attempts = attempts - 1 WHERE id = ?",
            (INTERRUPTED, _text(now), run.id),
        )

    def recover(self, now: dt.datetime) -> None:
        """Notes that whatever is said to run was interrupted: its service is no more."""
        self._base.execute(
            "UPDATE runs SET state = ?, ended = ? WHERE state = ?",
            (INTERRUPTED, _text(now), RUNNING),
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

    # --- notices ---

    @staticmethod
    def _add(
        base: sqlite3.Connection,
        notices: Notices,
        now: dt.datetime,
    ) -> None:
        base.executemany(
            "INSERT OR IGNORE INTO notices (key, recipient, content, state, next_try) "
            "VALUES (?, ?, ?, 'waiting', ?)",
            [
                (key, recipient, json.dumps(content, ensure_ascii=False), _text(now))
                for key, (recipient, content) in notices.items()
            ],
        )

    def waiting(self, now: dt.datetime) -> list[Notice]:
        """What has not gone out, and may be tried now."""
        rows = self._base.execute(
            "SELECT * FROM notices WHERE state = 'waiting' AND next_try <= ? ORDER BY rowid",
            (_text(now),),
        ).fetchall()
        return [
            Notice(row["key"], row["recipient"], json.loads(row["content"]), row["tries"])
            for row in rows
        ]

    def sent(self, notice: Notice, now: dt.datetime) -> None:
        """Notes that it has gone out."""
        self._base.execute(
            "UPDATE notices SET state = 'sent', sent = ?, tries = tries + 1, error = NULL "
            "WHERE key = ?",
            (_text(now), notice.key),
        )

    def not_sent(self, notice: Notice, error: str, next_try: dt.datetime | None) -> None:
        """Notes why it has not, and when it is tried again; None: never."""
        self._base.execute(
            "UPDATE notices SET state = ?, tries = tries + 1, error = ?, next_try = ? "
            "WHERE key = ?",
            ("waiting" if next_try else "given up", error, _text(next_try) if next_try else "",
             notice.key),
        )  # fmt: skip

    def notices(self) -> list[dict[str, Any]]:
        """All of them, the last one first: key, recipient, state, tries, sent, error."""
        rows = self._base.execute(
            "SELECT key, recipient, state, tries, sent, error FROM notices ORDER BY rowid DESC"
        ).fetchall()
        return [dict(row) for row in rows]


def _text(moment: dt.datetime) -> str:
    """A moment, in UTC: so texts sort as times do."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


def _run(row: sqlite3.Row) -> Run:
    fields = dict(row)
    for name in ("due", "started", "ended"):
        fields[name] = dt.datetime.fromisoformat(fields[name]) if fields[name] else None
    return Run(**{**fields, "late": bool(fields["late"])})
