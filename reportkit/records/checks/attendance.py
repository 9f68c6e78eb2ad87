"""Attendance (考勤): sign-in lists, or lists of the absent expanded over the day's roster.

What does not add up is 未记 for everyone expected, with a warning that says why: attendance
is never guessed. 列席 never counts; “张三（代）” is the principal absent. With a sign-in list
the list counts, else the figures and the list of the absent. Sign-in lists of one session in
several files are joined; where they differ that of the longer period counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reportkit.records.checks.context import Context
from reportkit.records.checks.entry import Entry, place
from reportkit.records.checks.records import Record
from reportkit.records.checks.references import Numbered
from reportkit.records.checks.roster import Term
from reportkit.records.issues import shown
from reportkit.records.reading import Row

UNRECORDED = "未记"
PRESENT = ("出席", "视频")
_HELD = "本表“学习情况”中已举办的一次学习"
_ON_ROSTER = "学习当日成员名单中的一个人"


@dataclass(frozen=True, slots=True)
class _Signed:
    status: str
    row: Row


def held_session(context: Context, sessions: Numbered, row: Row, table: str) -> Entry | None:
    """The session held that a row's 学习序号 means; a row without one is refused."""
    number = row.values["session"]
    session = sessions.find(row.source.file, number)
    if session is not None and not session.values["cancelled"]:
        return session
    why = "（已取消）" if session is not None else ""
    context.refused[table] += 1
    causes = sessions.causes(row.source.file, number) if session is None else ()
    context.repeat(row, "session_reference", "session", f"学习序号 {shown(number)}{why}", _HELD,
                   causes=causes, effect="{n}行因此未采用")  # fmt: skip
    return None


def find_member(context: Context, row: Row, session: Entry, table: str) -> str | None:
    """The person whom a row names, on the roster on the session's days; else refused."""
    name = row.values["name"]
    person, why = context.roster.find(name, session.values["start"], session.values["end"])
    if person is None:
        context.refused[table] += 1
        context.unlisted(row, "name", name, why, _ON_ROSTER)
    return person


class AttendanceReader:
    """Makes the attendance rows of one unit.

    Parameters
    ----------
    sessions:
        All sessions, cancelled ones too, in the order of the table.
    """

    def __init__(self, context: Context, sessions: Sequence[Entry], numbered: Numbered) -> None:
        self._context = context
        self._roles = context.params.metrics.attendance.roles
        self._held = [s for s in sessions if not s.values["cancelled"]]
        self._cancelled = [s for s in sessions if s.values["cancelled"]]
        self._numbered = numbered

    def expand(self) -> list[Record]:
        """Attendance rows of all sessions held; none at all from counts without names."""
        signed: dict[str, list[Row]] = {}
        cancelled: set[str] = set()
        for table in self._context.tables("sign_in"):
            for row in table.rows:
                session = held_session(self._context, self._numbered, row, "attendance")
                if session is not None:
                    signed.setdefault(session.id, []).append(row)
                elif other := self._numbered.find(row.source.file, row.values["session"]):
                    cancelled.add(other.id)
        self._cancelled_attended(cancelled)
        if not signed and self._counts_alone():
            return []
        rows: list[Record] = []
        for session in self._held:
            if session.id in signed:
                rows += self._from_sign_in(session, signed[session.id])
            else:
                rows += self._from_absent(session)
        return rows

    def _cancelled_attended(self, signed: set[str]) -> None:
        for session in self._cancelled:
            present = session.values["present"]
            if not present and session.id not in signed:
                continue
            found = f"已取消，实到{present}人" if present else "已取消，签到表有签到"
            name = "cancelled" if "cancelled" in session.row.columns else "number"
            session.issue("cancelled_attended", name, found, "取消的学习没有考勤")

    def _counts_alone(self) -> bool:
        """Whether a unit gave figures, or nothing, but named nobody at any session."""
        named = any(s.values.get("absent") is not None or "absent" in s.refused for s in self._held)
        full = bool(self._held) and all(
            s.values["expected"] is not None and s.values["expected"] == s.values["present"]
            for s in self._held
        )
        return not named and not full

    # --- from 签到表 ---

    def _from_sign_in(self, session: Entry, rows: Sequence[Row]) -> list[Record]:
        status: dict[str, _Signed] = {}
        lost = 0
        for row in rows:
            person = find_member(self._context, row, session, "attendance")
            if person is None:
                lost += bool(self._context.roster.causes(row.values["name"]))
                continue
            first = status.get(person)
            if first is None:
                status[person] = _Signed(row.values["status"], row)
            else:
                status[person] = self._twice(row, first)
        expected = self._expected(session)
        self._compare_with_figures(session, status, {term.person_id for term in expected}, lost)
        missing = [term.name for term in expected if term.person_id not in status]
        if missing:
            rows[0].issue(
                "sign_in_gap", "session",
                f"学习序号 {rows[0].values['session']} 的签到缺{len(missing)}人：{_names(missing)}",
                f"应到{len(expected)}人各有一行",
            )  # fmt: skip
        unknown = _Signed(UNRECORDED, rows[0])
        return [
            _record(session, self._context.unit_id, term, signed.status, signed.row)
            for term in expected
            for signed in (status.get(term.person_id, unknown),)
        ]

    def _twice(self, row: Row, first: _Signed) -> _Signed:
        """What counts of two sign-ins of one person at one session."""
        name, status = row.values["name"], row.values["status"]
        same = status == first.status
        if row.source.file != first.row.source.file:
            if same:
                self._context.double(row, first.row)
            elif row.issue(
                "files_contradict", "status",
                f"“{name}”：此处为“{status}”，{place(first.row, 'status')}为“{first.status}”",
                "两份签到一致",
            ).waived:  # fmt: skip
                return _Signed(status, row)
        elif same:
            self._context.duplicate(row, first.row, "name", f"“{name}”的同一次签到")
        else:
            self._context.refused["attendance"] += 1
            row.issue("sign_in_twice", "name",
                      f"“{name}”为“{status}”，第{first.row.number}行为“{first.status}”",
                      "每人每次学习一行")  # fmt: skip
        return first

    def _compare_with_figures(
        self, session: Entry, status: dict[str, _Signed], expected: set[str], lost: int
    ) -> None:
        """Say so if the sign-in list and the figures in 学习情况 differ; the list counts.

        ``lost``: those who signed in and whose row of the roster was refused, as is told there.
        """
        number = session.row.values["number"]
        others = len(status.keys() - expected)
        if others:
            self._say(
                session,
                "sign_in_guest",
                f"学习序号 {number} 有{others}人签到但不在应到人员之列",
                "应到人员",
            )
        there = sum(status[p].status in PRESENT for p in status.keys() & expected)
        stated = session.values["present"]
        if stated is not None and not there <= stated <= there + lost:
            self._say(session, "sign_in_figures",
                      f"学习序号 {number} 实到{stated}人，签到{there}人", "两处一致")  # fmt: skip

    # --- from 应到, 实到 and 缺席人员 ---

    def _from_absent(self, session: Entry) -> list[Record]:
        expected = self._expected(session)
        absent, why = self._absent(session, expected)
        if why:
            self._context.repeat(
                session.row, "attendance_unrecorded", self._best(session), why,
                "应到与当日成员名单人数一致，缺席名单人数等于应到减实到",
                causes=self._causes(session, len(expected)), effect="{n}次学习的考勤因此未记",
            )  # fmt: skip
        row = session.row
        return [
            _record(
                session, self._context.unit_id, term,
                UNRECORDED if why else absent.get(term.person_id, "出席"), row,
            )
            for term in expected
        ]  # fmt: skip

    def _absent(self, session: Entry, expected: Sequence[Term]) -> tuple[dict[str, str], str]:
        """person_id → status of the absent, or why nothing can be said for sure."""
        values = session.values
        due, present, listed = values["expected"], values["present"], values.get("absent")
        if session.refused.intersection(("expected", "present", "absent")):
            return {}, "应到、实到或缺席人员已退回"
        if due is None or present is None:
            return {}, "应到或实到未报"
        if due != len(expected):
            return {}, f"应到{due}人，当日成员名单应到{len(expected)}人"
        if listed is None and due != present:
            return {}, f"应到{due}人、实到{present}人，没有可用的缺席名单"
        absent: dict[str, str] = {}
        known = {term.person_id for term in expected}
        for name, status in listed or ():
            person, why = self._context.roster.find(name, values["start"], values["end"])
            if person is not None and person not in known:
                person, why = None, f"“{name}”不在应到人员之列"
            if person is None:
                self._context.unlisted(
                    session.origin("absent"), "absent", name, why, "学习当日应到的人",
                    "该次考勤按未记处理；请更正姓名，或补报成员名单", "{n}处缺席人员因此对不上",
                )  # fmt: skip
                return {}, f"缺席名单有误（{why}）"
            if person in absent:
                return {}, f"缺席名单中“{name}”出现两次"
            absent[person] = status
        if len(absent) != due - present:
            return {}, f"应到{due}人、实到{present}人，缺席名单却有{len(absent)}人"
        return absent, ""

    # --- shared ---

    def _expected(self, session: Entry) -> list[Term]:
        return self._context.roster.on(session.values["start"], self._roles)

    def _causes(self, session: Entry, expected: int) -> list[Row]:
        """The refused rows of the roster that may be those whom a session's figures count."""
        due = session.values["expected"]
        lost = self._context.roster.lost_on(session.values["start"], self._roles)
        return lost if due is not None and expected < due <= expected + len(lost) else []

    def _best(self, session: Entry) -> str:
        """The best cell that the sheet has for a session's attendance."""
        names = ("absent", "expected", "present", "number")
        return next((name for name in names if name in session.row.columns), "")

    def _say(self, session: Entry, code: str, found: str, expected: str) -> None:
        session.row.issue(code, self._best(session), found, expected)


def _record(session: Entry, unit_id: str, term: Term, status: str, row: Row) -> Record:
    return {
        "session_id": session.id,
        "unit_id": unit_id,
        "person_id": term.person_id,
        "status": status,
        "makeup_on": None,
        "makeup_evidence": None,
        **row.provenance(),
    }


def _names(names: Sequence[str]) -> str:
    return "、".join(names[:5]) + ("等" if len(names) > 5 else "")


def host_absent(sessions: Iterable[Entry], status: dict[tuple[str, str], str]) -> None:
    """Warn of a session whose host was not there."""
    for session in sessions:
        host = session.values["host"]
        there = status.get((session.id, host)) if host else None
        if there not in (None, UNRECORDED, *PRESENT):
            session.issue(
                "host_absent", "host",
                f"主持人“{session.origin('host').values['host']}”当次为“{there}”",
                "到会的人主持",
            )  # fmt: skip
