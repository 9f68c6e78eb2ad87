"""What the office says of people, speeches and visits, looked up in the units' records."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from reportkit.records.across.board import Board, Record, own
from reportkit.records.across.visits import VisitDays

if TYPE_CHECKING:
    from reportkit.records.checks import UnitRecords
    from reportkit.records.office import OfficeRecords, Pending

_RATED = ("linked_to_practice", "has_measures")


def join_office(board: Board, office: OfficeRecords, visits: VisitDays) -> None:
    """Make rows of ``note_checks``, and write ratings into speeches and visits."""
    joiner = _Office(board, office, visits)
    for key, take in (
        ("note_checks", joiner.note),
        ("speech_ratings", joiner.speech),
        ("visit_ratings", joiner.visit),
    ):
        for pending in sorted(
            office.pending.get(key, ()), key=lambda p: (p.row.source.sheet, p.row.number)
        ):
            if not take(pending):
                office.refused += 1


class _People:
    """Who belonged to one unit's group on which day, by name and by staff number."""

    def __init__(self, part: UnitRecords) -> None:
        self._by_word: dict[str, list[Record]] = {}
        for row in part.rows.get("members", ()):
            for word in {row["name"], own(part.unit_id, row["person_id"])}:
                self._by_word.setdefault(word, []).append(row)

    def find(self, word: str, first: dt.date, last: dt.date) -> tuple[str | None, str]:
        """The person_id of this name or number between two days; else None and why not."""
        terms = self._by_word.get(word, ())
        people = {
            row["person_id"] for row in terms
            if row["from"] <= last and (row["to"] is None or first <= row["to"])
        }  # fmt: skip
        if len(people) == 1:
            return people.pop(), ""
        if people:
            return None, f"成员名单中有{len(people)}位“{word}”，请改填工号"
        return None, f"“{word}”{'当日不在任职期内' if terms else '不在成员名单中'}"


class _Office:
    """The office's rows against the units' records; each method says if a row was used."""

    def __init__(self, board: Board, office: OfficeRecords, visits: VisitDays) -> None:
        self._board = board
        self._office = office
        self._visits = visits
        self._people: dict[str, _People] = {}
        self._speeches: dict[str, dict[tuple[str, str], list[Record]]] = {}
        self._numbers: dict[str, dict[str, list[str]]] = {}
        self._moved: dict[str, list[str]] = {}
        for session_id in board.moved:
            self._moved.setdefault(session_id.partition("/")[0], []).append(session_id)
        self._taken: dict[tuple[Any, ...], tuple[Pending, Any]] = {}

    def _person(self, pending: Pending, unit_id: str, first: dt.date, last: dt.date) -> str | None:
        row, name = pending.row, self._board.name(unit_id)
        part = self._board.by_id.get(unit_id)
        expected = f"“{name}”成员名单中当日在任的一个人"
        if part is None:
            row.issue("not_on_roster", "name", f"“{name}”没有可用的成员名单", expected,
                      "该行未采用；该单位补报后重新导入")  # fmt: skip
            return None
        if unit_id not in self._people:
            self._people[unit_id] = _People(part)
        person, why = self._people[unit_id].find(row.values["name"], first, last)
        if person is None:
            row.issue("not_on_roster", "name", f"“{name}”：{why}", expected, "该行未采用，请更正")
        return person

    def _first(self, pending: Pending, column: str, key: tuple[Any, ...], content: Any) -> bool:
        """Whether a row is the first of its key; what repeats it is put down."""
        first, before = self._taken.setdefault(key, (pending, content))
        if first is pending:
            return True
        found = f"与第{first.row.number}行评的是同一项"
        if before == content:
            pending.row.issue("duplicate", column, found, "每项一行")
        else:
            pending.row.issue("rows_contradict", column, f"{found}，结果不同", "每项一行")
            self._office.refused += 1
        return False

    def note(self, pending: Pending) -> bool:
        """笔记抽查: somebody who was in the unit's group on that day."""
        (unit_id,), row = pending.units, pending.row
        day, grade = row.values["checked_on"], row.values["grade"]
        person = self._person(pending, unit_id, day, day)
        if person is None:
            return False
        if self._first(pending, "name", ("note", person, day), grade):
            self._office.rows["note_checks"].append({
                "unit_id": unit_id, "person_id": person, "checked_on": day, "grade": grade,
                **row.provenance(),
            })  # fmt: skip
        return True

    def speech(self, pending: Pending) -> bool:
        """发言评议: all speeches of one person at one session get the ratings that are filled."""
        (unit_id,), row = pending.units, pending.row
        name, number = self._board.name(unit_id), row.values["session"]
        sessions = self._sessions(unit_id, number)
        if not sessions:
            row.issue("session_reference", "session", f"“{name}”学习序号 {number}",
                      f"“{name}”的“学习情况”中已举办的一次学习")  # fmt: skip
            return False
        spoken: dict[str, list[Record]] = {}
        for session in sessions:
            person = self._person(pending, session["unit_id"], session["start"], session["end"])
            if person is None:
                return False
            speeches = self._speeches_of(session["unit_id"]).get((session["session_id"], person))
            if speeches:
                spoken[session["session_id"]] = speeches
        if len(spoken) > 1:
            row.issue("session_reference", "session",
                      f"“{name}”有{len(spoken)}次学习用序号 {number}（{'、'.join(spoken)}）",
                      "只指一次学习的序号", "该行未采用；请该单位统一编号后重新导入")  # fmt: skip
            return False
        if not spoken:
            row.issue("speech_missing", "name",
                      f"“{name}”学习序号 {number} 没有“{row.values['name']}”的发言",
                      "该单位“研讨发言”中的一次发言")  # fmt: skip
            return False
        ((session_id, speeches),) = spoken.items()
        ratings = {column: row.values[column] for column in _RATED}
        key = ("speech", session_id, speeches[0]["person_id"])
        if self._first(pending, "name", key, ratings):
            for speech in speeches:
                speech.update({c: value for c, value in ratings.items() if value is not None})
        return True

    def _sessions(self, unit_id: str, number: str) -> list[Record]:
        """The sessions that a number may mean: quarterly files may each begin with 1.

        One that was counted with the unit's predecessor is found there.
        """
        if unit_id not in self._numbers:
            found: dict[str, list[str]] = {}
            for session_id in (*self._board.held(unit_id), *self._moved.get(unit_id, ())):
                label = own(unit_id, session_id)
                for word in {label, label.rpartition("-")[2]}:
                    found.setdefault(word, []).append(session_id)
            self._numbers[unit_id] = found
        sessions = []
        for session_id in self._numbers[unit_id].get(number, ()):
            there = self._board.session(session_id)
            session = self._board.held(there.partition("/")[0]).get(there)
            if session is not None:
                sessions.append(session)
        return sorted(sessions, key=lambda session: str(session["session_id"]))

    def _speeches_of(self, unit_id: str) -> dict[tuple[str, str], list[Record]]:
        if unit_id not in self._speeches:
            found: dict[tuple[str, str], list[Record]] = {}
            for row in self._board.by_id[unit_id].rows.get("speeches", ()):
                found.setdefault((row["session_id"], row["person_id"]), []).append(row)
            self._speeches[unit_id] = found
        return self._speeches[unit_id]

    def visit(self, pending: Pending) -> bool:
        """旁听评价: the visit of that day, by either side's date; of two on a day both."""
        observer, host = pending.units
        row, day = pending.row, pending.row.values["date"]
        visits = self._visits.get((observer, host), {}).get(day)
        if not visits:
            names = f"“{self._board.name(observer)}”旁听“{self._board.name(host)}”"
            row.issue("visit_missing", "date", f"{day} {names}，双方都没有报送",
                      "至少一方“旁听记录”中有的日期")  # fmt: skip
            return False
        ids = tuple(visit["visit_id"] for visit in visits)
        if self._first(pending, "date", ("visit", ids), row.values["ratings"]):
            for visit in visits:
                visit["ratings"] = row.values["ratings"]
        return True
