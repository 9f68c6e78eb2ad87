"""Units that became part of another within the year: what both sent is counted once.

A merged unit's records stay with it. What its successor's workbook repeats of the time
before the merger is taken out there; what it alone has of that time stays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from reportkit.params import Unit
from reportkit.records.across.board import Board, Record, own, take_out
from reportkit.text.normalising import bare

if TYPE_CHECKING:
    from reportkit.records.checks import UnitRecords

_OF_SESSIONS = ("session_topics", "attendance", "speeches", "session_reports")


def successors(board: Board, unit: Unit) -> Iterator[Unit]:
    """The unit that another became part of, that one's successor, and so on."""
    seen = {unit.unit_id}
    while unit.successor_id and unit.successor_id not in seen:
        unit = board.units[unit.successor_id]
        seen.add(unit.unit_id)
        yield unit


def count_merged_once(board: Board) -> None:
    """Take out of each successor's records what its predecessor sent as well."""
    gone = [
        (unit.valid_to, board.rank(unit.unit_id), unit)
        for part in board.parts
        if (unit := board.units.get(part.unit_id)) and unit.valid_to and unit.successor_id
    ]
    for until, _, unit in sorted(gone, key=lambda entry: entry[:2]):
        before = board.by_id[unit.unit_id]
        for successor in successors(board, unit):
            after = board.by_id.get(successor.unit_id)
            if after is not None:
                _Merger(board, before, after, until).settle()


class _Merger:
    """One unit that became part of another, and the records of both."""

    def __init__(
        self, board: Board, before: UnitRecords, after: UnitRecords, until: dt.date
    ) -> None:
        self._board = board
        self._before = before
        self._after = after
        self._until = until

    def settle(self) -> None:
        self._sessions()
        self._accounts()
        self._members()

    def _say(self, row: Record, what: str, key: str) -> None:
        name = self._board.name(self._before.unit_id)
        self._board.issue(
            self._after, row, "merged_unit_twice", f"{what}，“{name}”已报送",
            f"“{name}”{self._until}以前的记录只在该单位的报送中填写",
            f"只计一次，计在“{name}”", key=key,
        )  # fmt: skip

    # --- sessions ---

    def _sessions(self) -> None:
        there: dict[Any, list[Record]] = {}
        for row in self._board.rows(self._before, "sessions"):
            there.setdefault(_event(row), []).append(row)
        here: dict[Any, list[Record]] = {}
        for row in self._board.rows(self._after, "sessions"):
            if row["start"] <= self._until and _event(row) in there:
                here.setdefault(_event(row), []).append(row)
        taken: dict[str, str] = {}
        for event, rows in here.items():
            for row, same in _repeats(rows, there[event]):
                taken[row["session_id"]] = same["session_id"]
                self._say(row, f"{row['start']} “{row['title']}”", same["session_id"])
        if not taken:
            return
        self._board.moved.update(taken)
        for table in ("sessions", *_OF_SESSIONS):
            take_out(self._after, table, lambda row: row["session_id"] in taken)
        self._redirect(taken)

    def _redirect(self, taken: dict[str, str]) -> None:
        """Practices and visits that name a session taken out name the one that counts."""
        for row in self._after.rows.get("practices", ()):
            if row.get("sessions"):
                ids = dict.fromkeys(taken.get(i, i) for i in row["sessions"].split("、"))
                row["sessions"] = "、".join(ids)
        for part in self._board.parts:
            for row in part.rows.get("visits", ()):
                row["session_id"] = taken.get(row["session_id"], row["session_id"])

    # --- people ---

    def _accounts(self) -> None:
        """述学 that both have of one person; who goes on in the successor keeps it there.

        Somebody without a staff number is another person_id there, whose account is needed.
        """
        mine, theirs = _names(self._before), _names(self._after)
        stays = {
            row["person_id"] for row in self._after.rows.get("members", ())
            if row["to"] is None or row["to"] > self._until
        }  # fmt: skip
        there: dict[Any, list[Record]] = {}
        for row in self._board.rows(self._before, "accounts"):
            there.setdefault(_person(self._before, row, mine), []).append(row)
        out: set[str] = set()
        for row in self._board.rows(self._after, "accounts"):
            person = row["person_id"]
            same = there.get(_person(self._after, row, theirs), ())
            numbered = any(other["person_id"] == person for other in same)
            if same and (numbered or (person not in stays and _same_day(row, same))):
                out.add(person)
                self._say(row, f"“{theirs.get(person, '')}”的述学", person)
        take_out(self._after, "accounts", lambda row: row["person_id"] in out)

    def _members(self) -> None:
        """Terms that ended with the merger; one that remaining records need stays."""
        there = {
            (_own(self._before, row), row["name"], row["from"])
            for row in self._before.rows.get("members", ())
        }
        needed = {
            row[column]
            for table, column in (("attendance", "person_id"), ("speeches", "person_id"),
                                  ("accounts", "person_id"), ("research", "person_id"),
                                  ("sessions", "host_id"))
            for row in self._after.rows.get(table, ())
        }  # fmt: skip
        out: set[int] = set()
        for row in self._board.rows(self._after, "members"):
            ended = row["to"] is not None and row["to"] <= self._until
            same = (_own(self._after, row), row["name"], row["from"]) in there
            if ended and same and row["person_id"] not in needed:
                out.add(id(row))
                self._say(row, f"成员“{row['name']}”（{row['from']} 至 {row['to']}）",
                          f"{row['person_id']}/{row['from']}")  # fmt: skip
        take_out(self._after, "members", lambda row: id(row) in out)


def _event(row: Record) -> Any:
    return row["start"], bare(row["title"]) or row["title"], row["cancelled"]


def _repeats(rows: list[Record], before: list[Record]) -> Iterator[tuple[Record, Record]]:
    """The successor's rows of one event that repeat the predecessor's, one for one.

    A 联学 is held by each unit for itself: of those one is the successor's own, and the one
    with the predecessor's figures goes first.
    """
    if any(row["joint_id"] for row in rows):
        figures = [(row["expected"], row["present"]) for row in before]
        rows = sorted(rows, key=lambda row: (row["expected"], row["present"]) not in figures)
        rows = rows[: len(rows) - 1]
    yield from zip(rows, before, strict=False)


def _own(part: UnitRecords, row: Record) -> str:
    return own(part.unit_id, row["person_id"])


def _names(part: UnitRecords) -> dict[str, str]:
    return {row["person_id"]: row["name"] for row in part.rows.get("members", ())}


def _person(part: UnitRecords, row: Record, names: dict[str, str]) -> tuple[str, str]:
    return _own(part, row), names.get(row["person_id"], "")


def _same_day(row: Record, others: list[Record]) -> bool:
    return any(None in (row["date"], o["date"]) or row["date"] == o["date"] for o in others)
