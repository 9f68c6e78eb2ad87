"""Letters that wait to go out, and those that went: kept in a database of one file.

A letter to one recipient is one row with a key of its own, however often it is tried: nothing
is lost when a process dies, and nothing is told twice.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportkit.errors import RecordsError

FILE = Path(".reportkit") / "schedule.sqlite"
"""Below ``outputs/``; the schedule keeps its jobs in the same file, so that a job's end and the
letters about it are written in one stroke."""

WAITING, SENT, GIVEN_UP = "waiting", "sent", "given up"

_TABLE = """
CREATE TABLE IF NOT EXISTS notices (
  key TEXT PRIMARY KEY, recipient TEXT NOT NULL, content TEXT NOT NULL, state TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0, next_try TEXT NOT NULL, sent TEXT, error TEXT);
"""

Notices = Mapping[str, tuple[str, Mapping[str, Any]]]
"""Key → recipient and content. What is known already by its key is not added again, unless it
was given up."""


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
    except sqlite3.Error as error:
        raise RecordsError(
            f"the record of jobs and letters cannot be used: {error}",
            expected="a database that reportkit wrote, in a folder with room that can be "
            "written to",
            next_step="free some space; if it is damaged, move it away: jobs then count from "
            "now, and what was sent is no longer known",
            where=str(path),
        ) from error


@contextmanager
def at_once(base: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All that is written within, or nothing of it."""
    base.execute("BEGIN IMMEDIATE")
    try:
        yield base
    except BaseException:
        base.execute("ROLLBACK")
        raise
    base.execute("COMMIT")


class Outbox:
    """The letters of a workbook; each deed is on the disk when its method returns.

    Raises
    ------
    RecordsError
        If the database cannot be used.
    """

    def __init__(self, outputs: Path) -> None:
        self.path = outputs / FILE
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with told_of_damage(self.path):
            self.base = sqlite3.connect(self.path, isolation_level=None, timeout=30)
            self.base.row_factory = sqlite3.Row
            self.base.execute("PRAGMA journal_mode=WAL")
            self.base.execute("PRAGMA synchronous=FULL")
            self.base.executescript(_TABLE)

    def close(self) -> None:
        """Closes the database."""
        self.base.close()

    def __enter__(self) -> Outbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, notices: Notices, now: dt.datetime) -> None:
        """Notes who is to hear what; several are written in one stroke by :func:`at_once`."""
        self.base.executemany(
            "INSERT INTO notices (key, recipient, content, state, next_try) "
            "VALUES (?, ?, ?, 'waiting', ?) ON CONFLICT (key) DO UPDATE SET state = 'waiting', "
            "content = excluded.content, tries = 0, next_try = excluded.next_try "
            "WHERE state = 'given up'",
            [
                (key, recipient, json.dumps(content, ensure_ascii=False), text_of(now))
                for key, (recipient, content) in notices.items()
            ],
        )

    def try_again(self, keys: Sequence[str], now: dt.datetime) -> None:
        """Has what was given up, or is to be tried later, tried at once, as if never tried."""
        self.base.executemany(
            "UPDATE notices SET state = 'waiting', tries = 0, next_try = ? "
            "WHERE key = ? AND state <> 'sent'",
            [(text_of(now), key) for key in keys],
        )

    def give_up(self, keys: Sequence[str], why: str) -> None:
        """Has letters that have not gone out never go."""
        self.base.executemany(
            "UPDATE notices SET state = ?, error = ? WHERE key = ? AND state <> 'sent'",
            [(GIVEN_UP, why, key) for key in keys],
        )

    def waiting(self, now: dt.datetime) -> list[Notice]:
        """What has not gone out, and may be tried now."""
        rows = self.base.execute(
            "SELECT * FROM notices WHERE state = 'waiting' AND next_try <= ? ORDER BY rowid",
            (text_of(now),),
        ).fetchall()
        return [
            Notice(row["key"], row["recipient"], json.loads(row["content"]), row["tries"])
            for row in rows
        ]

    def sent(self, notice: Notice, now: dt.datetime) -> None:
        """Notes that it has gone out."""
        self.base.execute(
            "UPDATE notices SET state = 'sent', sent = ?, tries = tries + 1, error = NULL "
            "WHERE key = ?",
            (text_of(now), notice.key),
        )

    def not_sent(self, notice: Notice, error: str, next_try: dt.datetime | None) -> None:
        """Notes why it has not, and when it is tried again; None: never."""
        self.base.execute(
            "UPDATE notices SET state = ?, tries = tries + 1, error = ?, next_try = ? "
            "WHERE key = ?",
            (WAITING if next_try else GIVEN_UP, error, text_of(next_try) if next_try else "",
             notice.key),
        )  # fmt: skip

    def all(self, prefix: str = "") -> list[dict[str, Any]]:
        """Those whose key begins so, the last one first.

        Each with key, recipient, state, tries, sent, error and content.
        """
        rows = self.base.execute(
            "SELECT key, recipient, state, tries, sent, error, content FROM notices "
            "WHERE substr(key, 1, ?) = ? ORDER BY rowid DESC",
            (len(prefix), prefix),
        ).fetchall()
        return [{**dict(row), "content": json.loads(row["content"])} for row in rows]


def text_of(moment: dt.datetime) -> str:
    """A moment, in UTC: so texts sort as times do."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")
