"""Checking one unit's submissions: which of their rows may enter the tables.

What cannot be for sure is refused with its cell; a refused optional cell leaves an empty
value in a row that stays. Each kind of fault has its code (:mod:`reportkit.records.codes`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportkit.params import Unit, YearParams
from reportkit.records.checks.attendance import AttendanceReader, host_absent
from reportkit.records.checks.context import Context
from reportkit.records.checks.entry import Entry, short_name
from reportkit.records.checks.files import FileOrder
from reportkit.records.checks.following import SpeechReader, add_makeups, check_reports
from reportkit.records.checks.members import check_members
from reportkit.records.checks.people import check_accounts, check_practices, check_research
from reportkit.records.checks.plans import check_plan_items, check_plans
from reportkit.records.checks.records import Record, UnitRecords
from reportkit.records.checks.references import Numbered
from reportkit.records.checks.returns import check_platform, check_rectifications, check_visits
from reportkit.records.checks.sessions import check_sessions, session_records
from reportkit.records.forms import sheet_of, unit_sheets
from reportkit.records.opening import refusal
from reportkit.records.reading import FileTables
from reportkit.records.schemas import UNIT_TABLES

__all__ = ["Record", "UnitRecords", "check_unit"]


def check_unit(
    unit: Unit,
    params: YearParams,
    files: Sequence[FileTables],
    names: Mapping[str, Unit] | None = None,
) -> UnitRecords:
    """All tables of one unit from its files of a year; the order of ``files`` never matters.

    Parameters
    ----------
    files:
        What was read of each file; they are not changed, but for their logs.
    names:
        Every name of every unit (:func:`reportkit.records.identity.unit_by_name`), by which
        旁听记录 names the other side.

    Raises
    ------
    SubmissionError
        If rows of 成员名单 were filled in, and not one of them can be read.
    """
    order = FileOrder(files, params.year)
    context = Context(unit, params, order, names or {})
    _count_refused(context)
    _say_several(order)
    rows: dict[str, list[Record]] = {"members": check_members(context)}
    if not rows["members"] and context.refused["members"]:
        context.flush()
        raise refusal("“成员名单”没有一行可用", "至少一名成员", "按所列问题更正后重新报送",
                      sheet=sheet_of("members").title)  # fmt: skip
    rows["plans"] = check_plans(context)
    rows["plan_items"], items = check_plan_items(context)
    sessions = check_sessions(context, Numbered(context, "plan_items", items))
    rows["sessions"], rows["session_topics"] = session_records(context, sessions)
    _check_held(context, rows, sessions)
    rows["accounts"] = check_accounts(context)
    numbered = Numbered(context, "sessions", sessions)
    rows["research"] = check_research(context)
    rows["visits"] = check_visits(context, numbered)
    rows["platform"] = check_platform(context)
    rows["practices"] = check_practices(context, numbered)
    rows["rectifications"] = check_rectifications(context)
    context.flush()
    rows["value_states"] = context.value_states
    logs = {file.file: file.log for file in order.by_time}
    return UnitRecords(unit.unit_id, tuple(logs), rows, _states(context, rows), logs)


def _check_held(context: Context, rows: dict[str, list[Record]], sessions: Sequence[Entry]) -> None:
    """What hangs on the sessions held: 考勤, 补学, 发言 and 一学一报."""
    numbered = Numbered(context, "sessions", sessions)
    rows["attendance"] = AttendanceReader(context, sessions, numbered).expand()
    add_makeups(context, rows["attendance"], numbered)
    status = {(r["session_id"], r["person_id"]): r["status"] for r in rows["attendance"]}
    host_absent(sessions, status)
    rows["speeches"] = SpeechReader(context, status).read(numbered)
    rows["session_reports"] = check_reports(context, sessions)


def _count_refused(context: Context) -> None:
    """Rows that reading refused already; 签到表 and 补学记录 fill ``attendance``."""
    for sheet in (each.key for each in unit_sheets()):
        table = "attendance" if sheet in ("sign_in", "makeups") else sheet
        context.refused[table] += sum(each.refused for each in context.tables(sheet))


def _say_several(order: FileOrder) -> None:
    """Say once that a unit sent several files of one time; quarters beside each other are right."""
    overlapping = [file for file in order.by_time if order.overlaps(file)]
    if not overlapping:
        return
    last = overlapping[-1]
    others = [short_name(file.file) for file in overlapping[:-1]]
    listed = "、".join(others[:5]) + ("等" if len(others) > 5 else "")
    last.log.add("second_file", f"共{len(overlapping)}份报送的期间重叠：本份及{listed}",
                 "每期一份")  # fmt: skip


def _states(context: Context, rows: Mapping[str, list[Record]]) -> dict[str, tuple[str, int]]:
    """table → (state, rows refused): 已报 if any file has it, else 零 if any says so."""
    sheets = {sheet.key: sheet for sheet in unit_sheets()}
    states: dict[str, tuple[str, int]] = {}
    for name in UNIT_TABLES:
        sheet = "sessions" if name not in sheets else name
        said = {table.state for table in context.tables(sheet)}
        state = "已报" if "已报" in said else "零" if "零" in said else "未报"
        if name not in sheets:
            state = "已报" if rows[name] else state
            if name in ("attendance", "session_reports") and not rows[name] and state == "已报":
                state = "未报"
        elif state == "未报" and not sheets[name].is_on(context.params.switched_off):
            state = "不适用"
        states[name] = (state, context.refused[name])
    return states
