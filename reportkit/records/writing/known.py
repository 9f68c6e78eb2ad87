"""What the snapshots already know of each unit: its roster, its plan, its open questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportkit.errors import UsageError
from reportkit.records.periods import Period, in_words, periods
from reportkit.records.snapshot import has_snapshot
from reportkit.records.writing.cells import Value

if TYPE_CHECKING:
    import pandas as pd

Record = Mapping[str, Any]
_MEMBERS = ("unit_id", "person_id", "name", "role", "in_leadership", "party_affairs_head",
            "from", "to")  # fmt: skip
_ITEMS = ("unit_id", "item_id", "topic_code", "title", "due_period")
_RECTIFICATIONS = ("unit_id", "finding_id", "problem", "measure", "owner", "due_on", "replied_on",
                   "state")  # fmt: skip
_CLOSED = "已完成"
_ISSUES = ("unit_id", "severity", "file", "sheet", "cell", "found", "expected", "action",
           "decision")  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What is known of one unit; rows by English name, as a person would have typed them."""

    members: tuple[Mapping[str, Value], ...] = ()
    plan_items: tuple[Mapping[str, Value], ...] = ()
    rectifications: tuple[Mapping[str, Value], ...] = ()
    """Findings that are still open (整改)."""
    questions: tuple[Record, ...] = ()
    """Open issues: file, sheet, cell, found, expected, action, severity."""
    was_imported: bool = False
    """Whether there are records of the period before at all."""


@dataclass(frozen=True)
class Knowledge:
    """What is known of all units, read once for a period."""

    period: Period
    rosters: Sequence[Mapping[str, Sequence[Record]]] = ()
    """By unit: this year's, then last year's."""
    items: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    questions: Mapping[str, Sequence[Record]] | None = None
    carried: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    """By unit: the findings that the year before left open, their numbers without the unit."""
    answers: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    """By unit: what was reported of them this year."""

    def of(self, unit_id: str) -> Known:
        """What is known of one unit."""
        roster = next((r[unit_id] for r in self.rosters if r.get(unit_id)), ())
        return Known(
            members=tuple(_member(row) for row in roster if _overlaps(row, self.period)),
            plan_items=tuple(_item(row) for row in self.items.get(unit_id, ())),
            rectifications=tuple(self._rectifications(unit_id)),
            questions=tuple((self.questions or {}).get(unit_id, ())),
            was_imported=self.questions is not None,
        )

    def _rectifications(self, unit_id: str) -> Iterator[Mapping[str, Value]]:
        """What is open, as far as it has come; what is 已完成 is asked for no more."""
        told = {
            str(row["finding_id"]).rpartition("/")[2]: row for row in self.answers.get(unit_id, ())
        }
        for row in self.carried.get(unit_id, ()):
            answer = told.get(str(row["finding_id"]))
            if answer is None or answer["state"] != _CLOSED:
                yield _rectification(row, answer or row)


def read_knowledge(
    home: Path, period: Period, carried: Mapping[str, Sequence[Record]] | None = None
) -> Knowledge:
    """What the snapshots of this year and the last know; years without one know nothing.

    ``carried``: by unit, the findings that the year before left open (整改).

    Raises
    ------
    RecordsError
        If there is a snapshot, and it is damaged.
    """
    year = period.year
    years = [each for each in (year, year - 1) if has_snapshot(home, each)]
    asked = year - 1 if period.begins_year else year
    questions = None
    if asked in years:
        issues = _rows(home, asked, "issues", _ISSUES)
        questions = _by_unit(row for row in issues if _is_open(row))
    return Knowledge(
        period=period,
        rosters=[_by_unit(_rows(home, each, "members", _MEMBERS)) for each in years],
        items=_by_unit(_rows(home, year, "plan_items", _ITEMS)) if year in years else {},
        questions=questions,
        carried=carried or {},
        answers=_by_unit(_rows(home, year, "rectifications", _RECTIFICATIONS))
        if year in years
        else {},
    )


def next_quarter(home: Path, year: int) -> tuple[Period, str]:
    """The first quarter of which no file has been accepted, and why, for the terminal.

    Raises
    ------
    UsageError
        If files of all four have been.
    """
    every = periods(year, "季")
    if not has_snapshot(home, year):
        return every[0], f"no records of {year} have been imported"
    files = _rows(home, year, "files", ("unit_id", "period", "state"))
    covered: set[str] = set()
    for row in files:
        # The office's own workbook is no unit's.
        if row["unit_id"] and row["state"] in ("accepted", "partly"):
            # A file that does not say which period it covers is taken for the whole year.
            covered |= _quarters_of(row["period"] or str(year), year)
    for quarter in every:
        if quarter.text not in covered:
            return quarter, f"no file of {quarter.text} has been accepted yet"
    raise UsageError(
        f"files of all four quarters of {year} have been accepted",
        expected="a quarter that is still to come",
        next_step=f"name the period that you want: --period {year}Q4",
        where="--period",
    )


def _quarters_of(period: str, year: int) -> set[str]:
    """The quarters that a file covers as a whole or, by months, in part."""
    if "-" in period:
        return {f"{year}Q{(int(period[-2:]) + 2) // 3}"}
    return {period} if "Q" in period else {f"{year}Q{n}" for n in range(1, 5)}


def _rows(home: Path, year: int, table: str, columns: Sequence[str]) -> list[dict[str, Any]]:
    from reportkit.records.snapshot import read_table

    frame: pd.DataFrame = read_table(home, year, table, columns)
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def _by_unit(rows: Any) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for row in rows:
        if row["unit_id"]:
            found.setdefault(str(row["unit_id"]), []).append(row)
    return found


def _is_open(issue: Record) -> bool:
    """Whether the unit still has to see to it: what was corrected stands."""
    return issue["severity"] in ("refused", "warned") and not issue["decision"]


def _day(value: Any) -> dt.date | None:
    return value.date() if isinstance(value, dt.datetime) else value


def _overlaps(row: Record, period: Period) -> bool:
    first, last = _day(row["from"]), _day(row["to"])
    return (first is None or first <= period.last) and (last is None or last >= period.first)


def _member(row: Record) -> dict[str, Value]:
    number = str(row["person_id"])
    return {
        "name": row["name"],
        # An id that the unit did not give itself is its own and the name: no staff number.
        "staff_number": None if "/" in number else number,
        "role": row["role"],
        "in_leadership": _yes(row["in_leadership"]),
        "party_affairs_head": _yes(row["party_affairs_head"]),
        "from": _day(row["from"]),
        "to": _day(row["to"]),
    }


def _rectification(row: Record, answer: Record) -> dict[str, Value]:
    """Number and problem as they were told; the rest as it was last reported."""
    state = answer["state"]
    return {
        "finding_id": row["finding_id"],
        "problem": row["problem"],
        **{name: answer[name] or row[name] for name in ("measure", "owner")},
        "due_on": _day(answer["due_on"] or row["due_on"]),
        "replied_on": _day(answer["replied_on"]),
        # Untouched it must go on meaning that nothing was answered.
        "state": None if state == "未反馈" else state,
    }


def _yes(value: Any) -> str | None:
    return None if value is None else "是" if value else "否"


def _item(row: Record) -> dict[str, Value]:
    number = str(row["item_id"]).rpartition("/")[2]
    return {
        "number": int(number) if number.isdigit() else number,
        "due_period": in_words(str(row["due_period"])),
        "title": row["title"],
        "topic_code": row["topic_code"],
    }
