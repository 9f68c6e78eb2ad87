"""What the rows of a source must be to each other: the same rules as for submissions.

A row that cannot be is left out and told; an optional value that cannot be is left out alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from reportkit.params import Units, YearParams
from reportkit.records.checks.people import names_person
from reportkit.records.issues import shown
from reportkit.records.schemas import TABLES
from reportkit.records.sources.frames import CELL_OUT, ROW_OUT
from reportkit.records.sources.problems import Problems

Record = dict[str, Any]
Rows = dict[str, list[Record]]

_OF_SESSIONS = ("session_topics", "attendance", "speeches", "session_reports")


def fitting(rows: Rows, units: Units, params: YearParams, problems: Problems) -> Rows:
    """The rows that agree with each other, with the units' years and with the topics."""
    return _Relations(rows, units, params, problems).checked()


class _Relations:
    def __init__(self, rows: Rows, units: Units, params: YearParams, problems: Problems) -> None:
        self._rows = {name: list(records) for name, records in rows.items()}
        self._units = {unit.unit_id: unit for unit in units}
        self._params = params
        self._problems = problems
        self._terms: dict[tuple[str, str], list[Record]] = {}
        self._names: dict[str, list[str]] = {}
        self._sessions: dict[str, Record] = {}

    def checked(self) -> Rows:
        self._keep("members", self._member)
        for row in self._rows.get("members", ()):
            self._terms.setdefault((row["unit_id"], row["person_id"]), []).append(row)
            self._names.setdefault(row["unit_id"], []).append(row["name"])
        self._keep("sessions", self._session)
        self._sessions = {row["session_id"]: row for row in self._rows.get("sessions", ())}
        for name in _OF_SESSIONS:
            self._keep(name, self._of_a_session)
        self._keep("session_topics", self._topic)
        self._keep("attendance", self._attendance)
        self._keep("speeches", self._at_the_session)
        self._keep("session_reports", self._report)
        self._keep("accounts", self._account)
        self._keep("research", self._research)
        self._keep("platform", self._platform)
        self._keep("practices", self._practice)
        self._keep("visits", self._visit)
        return self._rows

    def _keep(self, name: str, good: Callable[[Record], bool]) -> None:
        if name in self._rows:
            self._table = name
            self._rows[name] = [row for row in self._rows[name] if good(row)]

    def _tell(
        self, row: Record, code: str, column: str, found: str, expected: str, action: str
    ) -> None:
        key = "，".join(f"{k}={shown(row[k])}" for k in TABLES[self._table].key)
        number = f"（第{row['source_row']}行）" if row.get("source_row") else ""
        self._problems.add(
            code, self._table, found, expected, action, column=column, row=key + number,
            unit_id=row.get("unit_id") or row.get("observer_unit"),
            file=row.get("source_file") or "",
        )  # fmt: skip

    def _out(self, row: Record, code: str, column: str, found: str, expected: str) -> bool:
        self._tell(row, code, column, found, expected, ROW_OUT)
        return False

    def _lose(self, row: Record, code: str, column: str, found: str, expected: str) -> None:
        self._tell(row, code, column, found, expected, CELL_OUT)
        row[column] = None

    # --- people ---

    def _member(self, row: Record) -> bool:
        if row["to"] is not None and row["to"] < row["from"]:
            return self._out(row, "member_dates", "to", f"{row['from']} 至 {row['to']}",
                             "任职止不早于任职起")  # fmt: skip
        return True

    def _in_post(self, row: Record, column: str, first: dt.date, last: dt.date) -> bool:
        terms = self._terms.get((row["unit_id"], row[column]), ())
        return any(
            term["from"] <= last and (term["to"] is None or first <= term["to"]) for term in terms
        )

    def _known(self, row: Record, first: dt.date, last: dt.date) -> bool:
        if self._in_post(row, "person_id", first, last):
            return True
        return self._out(row, "not_on_roster", "person_id", shown(row["person_id"]),
                         f"members 表中该单位 {first} 至 {last} 在任的一个人")  # fmt: skip

    # --- sessions ---

    def _session(self, row: Record) -> bool:
        start, end, year = row["start"], row["end"], self._params.year
        if end < start or end.year > year:
            return self._out(row, "session_dates", "end", f"{start} 至 {end}",
                             f"{year}年内，结束不早于开始")  # fmt: skip
        if not self._units[row["unit_id"]].in_being_on(start):
            return self._out(row, "outside_unit_years", "start", f"{start}", "本单位存续期内")
        expected, present = row["expected"], row["present"]
        if expected is not None and present is not None and present > expected:
            self._lose(row, "present_over_expected", "present", f"实到 {present}，应到 {expected}",
                       "实到不多于应到")  # fmt: skip
        if row["host_id"] is not None and not self._in_post(row, "host_id", start, end):
            self._lose(row, "not_on_roster", "host_id", shown(row["host_id"]),
                       "members 表中该单位当日在任的一个人")  # fmt: skip
        return True

    def _of_a_session(self, row: Record) -> bool:
        session = self._sessions.get(row["session_id"])
        if session is None:
            return self._out(row, "source_session", "session_id",
                             f"学习 {shown(row['session_id'])} 未采用",
                             "sessions 表中已采用的一次学习")  # fmt: skip
        if session["unit_id"] != row["unit_id"]:
            return self._out(row, "source_session", "unit_id",
                             f"单位 {row['unit_id']}，学习属于 {session['unit_id']}",
                             "与 sessions 表一致")  # fmt: skip
        return True

    def _topic(self, row: Record) -> bool:
        codes = [topic.code for topic in self._params.topics]
        if row["topic_code"] in codes:
            return True
        return self._out(row, "topic", "topic_code", shown(row["topic_code"]), "、".join(codes))

    def _at_the_session(self, row: Record) -> bool:
        session = self._sessions[row["session_id"]]
        return self._known(row, session["start"], session["end"])

    def _attendance(self, row: Record) -> bool:
        session, made_up = self._sessions[row["session_id"]], row["makeup_on"]
        if made_up is not None and made_up < session["start"]:
            self._lose(row, "makeup_before_session", "makeup_on", f"{made_up}",
                       f"不早于 {session['start']}")  # fmt: skip
        return self._at_the_session(row)

    def _report(self, row: Record) -> bool:
        session, received = self._sessions[row["session_id"]], row["received_on"]
        if received is not None and received < session["start"]:
            self._lose(row, "report_before_session", "received_on", f"{received}",
                       f"不早于 {session['start']}")  # fmt: skip
        return True

    # --- the rest ---

    def _account(self, row: Record) -> bool:
        year = self._params.year
        return self._known(row, dt.date(year, 1, 1), dt.date(year, 12, 31))

    def _research(self, row: Record) -> bool:
        day, year = row["date"], self._params.year
        if day:
            return self._known(row, day, day)
        return self._known(row, dt.date(year, 1, 1), dt.date(year, 12, 31))

    def _platform(self, row: Record) -> bool:
        joined, members = row["joined"], row["party_members"]
        if joined is not None and members is not None and joined > members:
            self._lose(row, "joined_over_members", "joined", f"注册 {joined}，党员 {members}",
                       "注册人数不多于党员数")  # fmt: skip
        return True

    def _practice(self, row: Record) -> bool:
        for column in ("name", "what", "outcome", "award"):
            for person in self._names.get(row["unit_id"], ()) if row[column] else ():
                if names_person(row[column], person):
                    return self._out(row, "person_named", column, f"写有成员姓名“{person}”",
                                     "不写个人姓名和电话，可写职务")  # fmt: skip
        return True

    def _visit(self, row: Record) -> bool:
        if row["observer_unit"] == row["host_unit"]:
            return self._out(row, "visit_self", "host_unit", shown(row["host_unit"]), "另一个单位")
        if row["feedback_on"] is not None and row["feedback_on"] < row["date"]:
            self._lose(row, "feedback_before_visit", "feedback_on", f"{row['feedback_on']}",
                       f"不早于 {row['date']}")  # fmt: skip
        return True
