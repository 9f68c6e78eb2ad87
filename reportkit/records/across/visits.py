"""学习旁听: what the observing and the hosting unit report of one visit, joined into one row."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reportkit.records.across.board import Board, Record, own, row_key

if TYPE_CHECKING:
    from reportkit.records.checks import UnitRecords

NEAR = dt.timedelta(days=3)
"""Two sides whose dates differ by no more may mean one visit, if no other can be meant."""

_OBSERVED, _HOSTED = "旁听", "被旁听"
_TEXTS = ("highlights", "problems")
VisitDays = dict[tuple[str, str], dict[dt.date, list[Record]]]
"""(observer, host) → day, by either side's date → the joined rows."""


@dataclass(frozen=True, eq=False)
class _Side:
    """What one unit reports of a visit."""

    part: UnitRecords
    row: Record
    key: str
    """The id under which its ``value_states`` know it."""

    @property
    def role(self) -> str:
        return _OBSERVED if self.part.unit_id == self.row["observer_unit"] else _HOSTED


@dataclass
class _Visit:
    """One visit, by one side or both."""

    observed: _Side | None
    hosted: _Side | None
    row: Record = field(default_factory=dict)

    @property
    def sides(self) -> list[_Side]:
        return [side for side in (self.observed, self.hosted) if side]


def join_visits(board: Board, pairings: Iterable[Record] = ()) -> VisitDays:
    """Join both sides of each visit into one row, kept with the observer if it reported.

    Parameters
    ----------
    pairings:
        Rows of ``pairings``; if there are any, visits outside them are warned of.
    """
    groups: dict[str, set[str]] = {}
    for row in pairings:
        groups.setdefault(row["unit_id"], set()).add(row["group_no"])
    observed: dict[tuple[str, str], list[_Side]] = defaultdict(list)
    hosted: dict[tuple[str, str], list[_Side]] = defaultdict(list)
    for part in board.parts:
        for row in board.rows(part, "visits"):
            side = _Side(part, row, row_key("visits", row))
            sides = observed if side.role == _OBSERVED else hosted
            sides[row["observer_unit"], row["host_unit"]].append(side)
    rank = board.rank
    pairs = sorted(observed.keys() | hosted.keys(), key=lambda p: (rank(p[0]), rank(p[1])))
    days: VisitDays = {}
    kept: dict[str, list[Record]] = {}
    every: list[_Visit] = []
    for pair in pairs:
        visits = _matched(observed.get(pair, []), hosted.get(pair, []))
        for visit in visits:
            _Joiner(board, visit).join(groups)
            for day in {side.row["date"] for side in visit.sides}:
                days.setdefault(pair, {}).setdefault(day, []).append(visit.row)
        _number(visits)
        every += visits
        for visit in visits:
            kept.setdefault(visit.sides[0].part.unit_id, []).append(visit.row)
    _values_follow(board, every)
    for part in board.parts:
        if "visits" in part.rows:
            part.rows["visits"] = kept.get(part.unit_id, [])
    return days


# --- which two belong together ---------------------------------------------------------


def _matched(observed: Sequence[_Side], hosted: Sequence[_Side]) -> list[_Visit]:
    """The visits of one pair of units: of the same day, or the only near one."""
    visits = _same_day(observed, hosted)
    left, right = _left(observed, visits), _left(hosted, visits)
    visits += [_Visit(*sides) for sides in _near(left, right)]
    visits += [_Visit(side, None) for side in _left(left, visits)]
    visits += [_Visit(None, side) for side in _left(right, visits)]
    return visits


def _left(sides: Sequence[_Side], visits: Iterable[_Visit]) -> list[_Side]:
    taken = {id(side) for visit in visits for side in visit.sides}
    return [side for side in sides if id(side) not in taken]


def _same_day(left: Sequence[_Side], right: Sequence[_Side]) -> list[_Visit]:
    """Sides of one day, in the order of their files."""
    there: dict[dt.date, list[_Side]] = {}
    for side in right:
        there.setdefault(side.row["date"], []).append(side)
    visits = []
    for side in left:
        if others := there.get(side.row["date"]):
            visits.append(_Visit(side, others.pop(0)))
    return visits


def _near(left: Sequence[_Side], right: Sequence[_Side]) -> list[tuple[_Side, _Side]]:
    """Sides within :data:`NEAR` of each other, each the other's only candidate."""

    def candidates(side: _Side, others: dict[dt.date, list[_Side]]) -> list[_Side]:
        days = range(-NEAR.days, NEAR.days + 1)
        return [o for n in days for o in others.get(side.row["date"] + dt.timedelta(n), ())]

    here, there = defaultdict(list), defaultdict(list)
    for side in left:
        here[side.row["date"]].append(side)
    for side in right:
        there[side.row["date"]].append(side)
    pairs = []
    for side in left:
        found = candidates(side, there)
        if len(found) == 1 and len(candidates(found[0], here)) == 1:
            pairs.append((side, found[0]))
    return pairs


# --- one visit -------------------------------------------------------------------------


class _Joiner:
    """Makes one row of what the sides say, and puts down where they differ."""

    def __init__(self, board: Board, visit: _Visit) -> None:
        self._board = board
        self._visit = visit
        self._observed = visit.observed
        self._hosted = visit.hosted

    def join(self, groups: dict[str, set[str]]) -> None:
        first = self._visit.sides[0].row
        both = self._observed is not None and self._hosted is not None
        row = self._visit.row = dict(first)
        row["reported_by"] = (
            "双方" if both else "旁听单位" if self._observed else "被旁听单位"
        )  # fmt: skip
        row["date"] = self._date()
        row["feedback_on"] = self._feedback()
        for name in _TEXTS:
            told = [side.row[name] for side in self._visit.sides if side.row[name]]
            row[name] = "；".join(dict.fromkeys(told)) or None
        row["session_id"] = self._session()
        if not both:
            self._say_unmatched(row)
        self._check_pairing(groups)

    def _other(self, side: _Side) -> str:
        row = side.row
        return str(row["host_unit"] if side.role == _OBSERVED else row["observer_unit"])

    def _say_differs(self, code: str, what: str, name: str, action: str) -> None:
        """At both sides' rows: what this one says, and what the other."""
        sides = self._visit.sides
        for side, other in zip(sides, reversed(sides), strict=True):
            self._board.issue(
                side.part, side.row, code,
                f"{what}：本单位 {side.row[name]}，“{self._board.name(other.part.unit_id)}”"
                f" {other.row[name]}",
                "双方一致", action,
            )  # fmt: skip

    def _date(self) -> dt.date:
        """The day, by the host's account: its session stands on it."""
        days: list[dt.date] = [side.row["date"] for side in self._visit.sides]
        if len(set(days)) > 1:
            self._say_differs(
                "visit_dates_differ",
                "旁听日期",
                "date",
                f"按被旁听单位的 {days[-1]} 计为同一次旁听",
            )
        return days[-1]

    def _feedback(self) -> dt.date | None:
        """When the observer gave its feedback, by its own account if the two differ."""
        told: list[dt.date] = [s.row["feedback_on"] for s in self._visit.sides
                               if s.row["feedback_on"]]  # fmt: skip
        if len(set(told)) > 1:
            self._say_differs(
                "visit_feedback_differs",
                "反馈日期",
                "feedback_on",
                f"暂以旁听单位的 {told[0]} 为准，请核对",
            )
        return told[0] if told else None

    def _session(self) -> str | None:
        """The session at the host, as far as the host held it."""
        for side in reversed(self._visit.sides):
            session_id, host = side.row["session_id"], side.row["host_unit"]
            if not session_id:
                continue
            if self._board.is_held(session_id):  # at the host, or at a unit merged into it
                return str(session_id)
            self._board.issue(
                side.part, side.row, "visit_session",
                f"学习序号 {own(host, session_id)}",
                f"“{self._board.name(host)}”的“学习情况”中已举办的一次学习", "该序号未采用，请更正",
            )  # fmt: skip
        return None

    def _say_unmatched(self, row: Record) -> None:
        (side,) = self._visit.sides
        other = self._other(side)
        name, me = self._board.name(other), self._board.name(side.part.unit_id)
        observing = side.role == _OBSERVED
        role = _HOSTED if observing else _OBSERVED
        what = f"旁听“{name}”" if observing else f"被“{name}”旁听"
        why = "对方未报送这次旁听" if other in self._board.by_id else "对方没有可用的报送"
        self._board.issue(
            side.part, side.row, "visit_unmatched", f"{row['date']} {what}，{why}",
            f"“{name}”的“旁听记录”中有 {row['date']} {role}“{me}”的一行",
            f"暂按一方报送计；请“{name}”补报，或核对日期和对方单位", key=other,
        )  # fmt: skip

    def _check_pairing(self, groups: dict[str, set[str]]) -> None:
        row = self._visit.row
        observer, host = row["observer_unit"], row["host_unit"]
        if not groups or groups.get(observer, set()) & groups.get(host, set()):
            return
        for side in self._visit.sides:
            other = self._other(side)
            self._board.issue(
                side.part, side.row, "visit_unpaired",
                f"与“{self._board.name(other)}”的旁听不在本年度结对安排中",
                "本年度同一结对组的单位", key=other,
            )  # fmt: skip


# --- ids -------------------------------------------------------------------------------


def _number(visits: list[_Visit]) -> None:
    """visit_id: observer/host/date; a second visit on the day gets /2 behind it."""
    visits.sort(key=lambda v: (v.row["date"], v.row["source_file"], v.row["source_sheet"],
                               v.row["source_row"]))  # fmt: skip
    count: dict[str, int] = {}
    for visit in visits:
        row = visit.row
        name = f"{row['observer_unit']}/{row['host_unit']}/{row['date']}"
        count[name] = count.get(name, 0) + 1
        row["visit_id"] = name if count[name] == 1 else f"{name}/{count[name]}"


def _values_follow(board: Board, visits: Iterable[_Visit]) -> None:
    """``value_states`` of both sides: once for the joined row, and only of what is empty."""
    new: dict[tuple[str, str], tuple[str, set[str]]] = {}
    for visit in visits:
        full = {column for column, value in visit.row.items() if value is not None}
        for side in visit.sides:
            new[side.part.unit_id, side.key] = visit.row["visit_id"], full
    for part in board.parts:
        kept = []
        for state in part.rows.get("value_states", ()):
            if state["table"] == "visits":
                entry = new.get((part.unit_id, state["row_key"]))
                if entry is None or state["column"] in entry[1]:
                    continue
                entry[1].add(state["column"])
                state["row_key"] = entry[0]
            kept.append(state)
        if "value_states" in part.rows:
            part.rows["value_states"] = kept
