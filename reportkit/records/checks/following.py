"""What follows a session: 补学, 研讨发言 and 一学一报."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Mapping, Sequence

from reportkit.records.checks.attendance import PRESENT, UNRECORDED, find_member, held_session
from reportkit.records.checks.context import Context
from reportkit.records.checks.entry import Entry
from reportkit.records.checks.records import Record
from reportkit.records.checks.references import Numbered
from reportkit.records.forms import sheet_of

# --- 补学 ---

_MAKEUP = ("makeup_on", "makeup_evidence")


def add_makeups(context: Context, rows: Sequence[Record], sessions: Numbered) -> None:
    """Write 补学 into the attendance rows of those who were absent."""
    by_key = {(record["session_id"], record["person_id"]): record for record in rows}
    done: dict[tuple[str, str], Entry] = {}
    for table in context.tables("makeups"):
        for row in table.rows:
            session = held_session(context, sessions, row, "attendance")
            if session is None:
                continue
            person = find_member(context, row, session, "attendance")
            if person is None:
                continue
            key = (session.id, person)
            entry = Entry.of(row, sheet_of("makeups"))
            if key in done:
                _makeup_again(context, entry, done[key])
            elif _makeup_fits(context, entry, by_key.get(key), session.values["start"]):
                done[key] = entry
    for key, entry in done.items():
        record = by_key[key]
        for name in _MAKEUP:
            record[name] = entry.values[name]
        states = {name: state for name, state in entry.states.items() if name in _MAKEUP}
        context.states_of("attendance", record, states, dict.fromkeys(states, entry.row))


def _makeup_fits(context: Context, entry: Entry, record: Record | None, start: dt.date) -> bool:
    name, day = entry.values["name"], entry.values["makeup_on"]
    if record is None:
        return context.admits(entry, "attendance", "makeup_unlisted", "name",
                              f"“{name}”没有当次的考勤记录", "当次请假或缺席的人")  # fmt: skip
    if record["status"] in PRESENT:
        return context.admits(
            entry,
            "attendance",
            "makeup_present",
            "name",
            f"“{name}”当次为{record['status']}",
            "当次请假或缺席的人",
        )
    return day >= start or context.admits(
        entry, "attendance", "makeup_before_session", "makeup_on",
        f"补学日期 {day} 早于学习日期 {start}", "不早于学习日期",
    )  # fmt: skip


def _makeup_again(context: Context, entry: Entry, first: Entry) -> None:
    what = f"“{entry.values['name']}”同一次学习的补学"
    row = entry.row
    if row.source.file != first.row.source.file:
        if first.absorb(entry, _MAKEUP):
            context.double(row, first.row)
    elif first.same(entry, _MAKEUP):
        context.duplicate(row, first.row, "name", what)
    else:
        context.admits(entry, "attendance", "rows_contradict", "name",
                       f"{what}在第{first.row.number}行已有，内容不同", "只填一行")  # fmt: skip


# --- 研讨发言 ---


class _Pool:
    """The speeches of the files before, each of which one of the next file may be."""

    def __init__(self, kept: Mapping[tuple[str, str, int], Entry]) -> None:
        self._by_type: dict[tuple[str, str, str], deque[Entry]] = {}
        self._by_seq: dict[tuple[str, str, int], Entry] = {}
        self._taken: set[int] = set()
        for (session_id, person, _), entry in kept.items():
            same = (session_id, person, entry.values["type"])
            self._by_type.setdefault(same, deque()).append(entry)
            if (stated := entry.values["stated"]) is not None:
                self._by_seq.setdefault((session_id, person, stated), entry)

    def take(self, session_id: str, person: str, entry: Entry) -> Entry | None:
        """The next of that person and type, else the one of the same stated 顺序."""
        waiting = self._by_type.get((session_id, person, entry.values["type"]), deque())
        while waiting and id(waiting[0]) in self._taken:
            waiting.popleft()
        stated = entry.values["stated"]
        found = waiting[0] if waiting else None
        if found is None and stated is not None:
            found = self._by_seq.get((session_id, person, stated))
        if found is None or id(found) in self._taken:
            return None
        self._taken.add(id(found))
        return found


class SpeechReader:
    """Makes the rows of ``speeches``; those of two files are joined without doubling.

    In another file the same speech is the next one of that person and type at the session.
    """

    def __init__(self, context: Context, status: dict[tuple[str, str], str]) -> None:
        self._context = context
        self._status = status
        self._kept: dict[tuple[str, str, int], Entry] = {}
        self._count: dict[str, int] = {}

    def read(self, sessions: Numbered) -> list[Record]:
        """All speeches, in the order of their sessions' files."""
        for table in self._context.tables("speeches"):
            own: dict[tuple[str, str, int], Entry] = {}
            count: dict[str, int] = {}
            for row in table.rows:
                session = held_session(self._context, sessions, row, "speeches")
                if session is None:
                    continue
                person = find_member(self._context, row, session, "speeches")
                if person is not None:
                    self._add_own(
                        Entry.of(row, sheet_of("speeches")), session.id, person, own, count
                    )
            pool = _Pool(self._kept)
            for (session_id, person, _), entry in own.items():
                self._join(entry, session_id, person, pool)
        return self._records()

    def _add_own(
        self,
        entry: Entry,
        session_id: str,
        person: str,
        own: dict[tuple[str, str, int], Entry],
        count: dict[str, int],
    ) -> None:
        """One row of a file, beside that file's own rows."""
        values = entry.values
        count[session_id] = count.get(session_id, 0) + 1
        values["stated"] = values["seq"]
        values["seq"] = values["seq"] if values["seq"] is not None else count[session_id]
        first = own.setdefault((session_id, person, values["seq"]), entry)
        if first is entry:
            return
        what = f"学习序号 {values['session']}、“{values['name']}”、顺序 {values['seq']}"
        if first.same(entry, ("type", "has_paper")):
            self._context.duplicate(entry.row, first.row, "name", what)
        else:
            self._context.admits(
                entry, "speeches", "rows_contradict", "name",
                f"{what}在第{first.row.number}行已有，内容不同", "不重复的一行",
            )  # fmt: skip

    def _join(self, entry: Entry, session_id: str, person: str, pool: _Pool) -> None:
        """A speech of one file, beside those of the files that count more."""
        row, first = entry.row, pool.take(session_id, person, entry)
        if first is not None:
            if first.absorb(entry, ("type", "has_paper")):
                self._context.double(row, first.row)
            return
        self._count[session_id] = self._count.get(session_id, 0) + 1
        seq = entry.values["seq"]
        while (session_id, person, seq) in self._kept:
            seq = max(seq, self._count[session_id]) + 1
        entry.values["seq"] = seq
        self._kept[session_id, person, seq] = entry

    def _records(self) -> list[Record]:
        context, rows = self._context, []
        ordered = sorted(self._kept.items(), key=lambda item: context.files.first_place(item[1]))
        for (session_id, person, seq), entry in ordered:
            record: Record = {
                "session_id": session_id,
                "unit_id": context.unit_id,
                "person_id": person,
                "seq": seq,
                "type": entry.values["type"],
                "has_paper": entry.values["has_paper"],
                "linked_to_practice": "未评",
                "has_measures": "未评",
                **entry.row.provenance(),
            }
            rows.append(record)
            context.note_states("speeches", record, entry)
            there = self._status.get((session_id, person), UNRECORDED)
            if entry.values["type"] != "书面" and there not in (UNRECORDED, *PRESENT):
                entry.issue("speaker_absent", "name",
                            f"“{entry.values['name']}”{entry.values['type']}发言，当次为“{there}”",
                            "到会的人发言；未到会的为书面发言")  # fmt: skip
        return rows


# --- 一学一报 ---


def check_reports(context: Context, sessions: Sequence[Entry]) -> list[Record]:
    """A row for each session held; none if the column is blank throughout (未报)."""
    held = [session for session in sessions if not session.values["cancelled"]]
    for session in held:
        received, start = session.values["received_on"], session.values["start"]
        if received is not None and received < start:
            session.lose(
                "report_before_session",
                "received_on",
                f"报告报送日期 {received} 早于学习日期 {start}",
                "不早于学习日期",
            )
    if not any(
        session.values["received_on"] is not None
        or session.states.get("received_on") == "零"
        or "received_on" in session.refused
        for session in held
    ):
        return []
    rows = []
    for session in held:
        record: Record = {
            "session_id": session.id,
            "unit_id": context.unit_id,
            "due_on": None,  # by the year's rule, which may change until the circular is made
            "received_on": session.values["received_on"],
            "times_returned": session.values["times_returned"],
            **session.row.provenance(),
        }
        rows.append(record)
        names = ("received_on", "times_returned")
        states = {n: session.states[n] for n in names if n in session.states}
        origins = {n: session.origin(n) for n in states}
        context.states_of("session_reports", record, states, origins)
        _say_if_not_due(context, session, record)
    return rows


def _say_if_not_due(context: Context, session: Entry, record: Record) -> None:
    """A report that is due after the year's cutoff is neither wanted nor late."""
    due = session.values["end"] + dt.timedelta(days=context.params.metrics.report_days)
    cutoff = context.params.cutoff
    if due <= cutoff or record["received_on"] is not None:
        return
    name = next((n for n in ("received_on", "end") if n in session.row.columns), "start")
    session.issue("report_not_due", name, f"报告应于 {due} 前报送，未报",
                  f"统计截止日 {cutoff} 前到期的报告")  # fmt: skip
