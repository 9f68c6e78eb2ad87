"""Attendance (考勤): sign-in lists, or lists of the absent expanded over the day's roster.

What does not add up is 未记 for everyone expected, with a warning that says why: attendance
is never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportkit.records.issues import Log
from reportkit.records.reading import Row, Table
from reportkit.records.roster import Roster, Term

UNRECORDED = "未记"
Record = dict[str, Any]


@dataclass(frozen=True)
class Held:
    """One session that was held: its record, and the row of the form it came from."""

    record: Record
    row: Row


class AttendanceReader:
    """Makes the attendance rows of one unit.

    Parameters
    ----------
    roles:
        Who is expected at a session (``params.metrics.attendance.roles``).
    source:
        Path of the file below ``data/``.
    """

    def __init__(
        self, roster: Roster, roles: Sequence[str], source: str, sessions: Table, log: Log
    ) -> None:
        self._roster = roster
        self._roles = tuple(roles)
        self._source = source
        self._sessions = sessions
        self._log = log

    def expand(self, held: Sequence[Held], sign_in: Table) -> list[Record]:
        """Attendance rows of all sessions held; none at all from counts without names."""
        signed: dict[str, list[Row]] = {}
        numbers = {session.row.values["number"] for session in held}
        for row in sign_in.rows:
            if row.values["session"] in numbers:
                signed.setdefault(row.values["session"], []).append(row)
            else:
                self._refuse(sign_in, row, "session", f"学习序号 {row.values['session']}",
                             "“学习情况”中已举办的一次学习")  # fmt: skip
        if not signed and self._counts_alone(held):
            return []
        rows: list[Record] = []
        for session in held:
            number = session.row.values["number"]
            if number in signed:
                rows += self._from_sign_in(session, signed[number], sign_in)
            else:
                rows += self._from_absent(session)
        return rows

    @staticmethod
    def _counts_alone(held: Sequence[Held]) -> bool:
        """Whether a unit gave figures, or nothing, but named nobody at any session."""
        named = any(s.row.values["absent"] is not None or "absent" in s.row.refused for s in held)
        full = bool(held) and all(
            s.record["expected"] is not None and s.record["expected"] == s.record["present"]
            for s in held
        )
        return not named and not full

    # --- from 签到表 ---

    def _from_sign_in(self, session: Held, rows: Sequence[Row], table: Table) -> list[Record]:
        expected = self._expected(session)
        number = session.row.values["number"]
        status: dict[str, tuple[str, int]] = {}
        for row in rows:
            day = session.record["start"]
            person, why = self._roster.find(row.values["name"], day, session.record["end"])
            if person is None:
                self._refuse(table, row, "name", why, "学习当日成员名单中的一个人")
            elif person in status:
                self._refuse(table, row, "name",
                             f"“{row.values['name']}”与第{status[person][1]}行重复",
                             "每人每次学习一行")  # fmt: skip
            else:
                status[person] = (row.values["status"], row.number)
        self._compare_with_figures(session, status, {term.person_id for term in expected})
        missing = [term.name for term in expected if term.person_id not in status]
        if missing:
            self._log.add(
                "warned",
                "sign_in_gap",
                f"学习序号 {number} 的签到缺{len(missing)}人：{_names(missing)}",
                f"应到{len(expected)}人各有一行",
                "所缺人员按未记处理",
                sheet=table.title,
                cell=f"A{rows[0].number}",
            )
        return [
            self._record(session, term, *status.get(term.person_id, (UNRECORDED, rows[0].number)),
                         sheet=table.title)
            for term in expected
        ]  # fmt: skip

    def _compare_with_figures(
        self, session: Held, status: dict[str, tuple[str, int]], expected: set[str]
    ) -> None:
        """Say so if the sign-in list and the figures in 学习情况 differ; the list counts."""
        number = session.row.values["number"]
        others = len(status.keys() - expected)
        if others:
            self._log.add(
                "warned", "sign_in_guest",
                f"学习序号 {number} 有{others}人签到但不在应到人员之列", "应到人员",
                "按列席处理，不计入考勤", sheet=self._sessions.title, cell=self._cell(session.row),
            )  # fmt: skip
        there = sum(status[p][0] in ("出席", "视频") for p in status.keys() & expected)
        stated = session.record["present"]
        if stated is not None and stated != there:
            self._log.add(
                "warned", "sign_in_figures",
                f"学习序号 {number} 实到{stated}人，签到{there}人", "两处一致",
                "考勤以签到表为准，请核对", sheet=self._sessions.title,
                cell=self._cell(session.row),
            )  # fmt: skip

    # --- from 应到, 实到 and 缺席人员 ---

    def _from_absent(self, session: Held) -> list[Record]:
        expected = self._expected(session)
        absent, why = self._absent(session, expected)
        if why:
            self._log.add(
                "warned", "attendance_unrecorded", why,
                "应到与当日成员名单人数一致，缺席名单人数等于应到减实到",
                "本次学习的考勤按未记处理，请核对后补报",
                sheet=self._sessions.title, cell=self._cell(session.row),
            )  # fmt: skip
        return [
            self._record(
                session,
                term,
                UNRECORDED if why else absent.get(term.person_id, "出席"),
                session.row.number,
                sheet=self._sessions.title,
            )
            for term in expected
        ]

    def _absent(self, session: Held, expected: Sequence[Term]) -> tuple[dict[str, str], str]:
        """person_id → status of the absent, or why nothing can be said for sure."""
        values, record = session.row.values, session.record
        due, present = record["expected"], record["present"]
        if due is None or present is None:
            return {}, "应到或实到未报（或已退回）"
        if due != len(expected):
            return {}, f"应到{due}人，当日成员名单应到{len(expected)}人"
        listed = values["absent"]
        if listed is None and ("absent" in session.row.refused or due != present):
            return {}, f"应到{due}人、实到{present}人，没有可用的缺席名单"
        absent: dict[str, str] = {}
        known = {term.person_id for term in expected}
        for name, status in listed or ():
            person, why = self._roster.find(name, record["start"], record["end"])
            if person is not None and person not in known:
                person, why = None, f"“{name}”不在应到人员之列"
            if person is None:
                self._refuse(
                    self._sessions, session.row, "absent", why, "学习当日应到的人", row_lost=False
                )
                return {}, f"缺席名单有误（{why}）"
            if person in absent:
                return {}, f"缺席名单中“{name}”出现两次"
            absent[person] = status
        if len(absent) != due - present:
            return {}, f"应到{due}人、实到{present}人，缺席名单却有{len(absent)}人"
        return absent, ""

    # --- 补学 ---

    def add_makeups(self, rows: Sequence[Record], makeups: Table, sessions: Sequence[Held]) -> None:
        """Write 补学 into the attendance rows of those who were absent."""
        held = {session.row.values["number"]: session for session in sessions}
        by_key = {(record["session_id"], record["person_id"]): record for record in rows}
        for row in makeups.rows:
            session = held.get(row.values["session"])
            if session is None:
                self._refuse(makeups, row, "session", f"学习序号 {row.values['session']}",
                             "“学习情况”中已举办的一次学习")  # fmt: skip
                continue
            start = session.record["start"]
            person, why = self._roster.find(row.values["name"], start, session.record["end"])
            if person is None:
                self._refuse(makeups, row, "name", why, "学习当日成员名单中的一个人")
                continue
            record = by_key.get((session.record["session_id"], person))
            if record is None or record["status"] in ("出席", "视频"):
                found = "没有其考勤记录" if record is None else f"当次为{record['status']}"
                self._refuse(
                    makeups, row, "name", f"“{row.values['name']}”{found}", "当次请假或缺席的人"
                )
            elif row.values["makeup_on"] < start:
                self._refuse(makeups, row, "makeup_on",
                             f"补学日期 {row.values['makeup_on']} 早于学习日期 {start}",
                             "不早于学习日期")  # fmt: skip
            elif record["makeup_on"] is not None:
                self._refuse(
                    makeups, row, "name", f"“{row.values['name']}”同一次学习补学两次", "只填一行"
                )
            else:
                record["makeup_on"] = row.values["makeup_on"]
                record["makeup_evidence"] = row.values["makeup_evidence"]

    # --- shared ---

    def _expected(self, session: Held) -> list[Term]:
        return self._roster.on(session.record["start"], self._roles)

    def _record(self, session: Held, term: Term, status: str, row: int, *, sheet: str) -> Record:
        return {
            "session_id": session.record["session_id"],
            "unit_id": session.record["unit_id"],
            "person_id": term.person_id,
            "status": status,
            "makeup_on": None,
            "makeup_evidence": None,
            "source_file": self._source,
            "source_sheet": sheet,
            "source_row": row,
        }

    def _cell(self, row: Row) -> str:
        for name in ("absent", "expected", "present", "number"):
            if name in row.columns:
                return row.cell(name)
        return f"A{row.number}"

    def _refuse(
        self, table: Table, row: Row, name: str, found: str, expected: str, *, row_lost: bool = True
    ) -> None:
        self._log.add(
            "refused", "reference", found, expected,
            "该行未采用，请更正后重新报送" if row_lost else "该项未采用，其余照常采用",
            sheet=table.title, cell=row.cell(name),
        )  # fmt: skip
        if row_lost:
            table.refused += 1


def _names(names: Sequence[str]) -> str:
    return "、".join(names[:5]) + ("等" if len(names) > 5 else "")
