"""旁听记录, 学习强国 and 整改情况 of one unit."""

from __future__ import annotations

from collections.abc import Iterable

from reportkit.records.checks.context import Context, columns
from reportkit.records.checks.entry import Entry
from reportkit.records.checks.files import span
from reportkit.records.checks.keyed import Keyed, once_each
from reportkit.records.checks.records import Record
from reportkit.records.checks.references import Numbered
from reportkit.records.forms import sheet_of
from reportkit.records.issues import shown
from reportkit.records.schemas import allowed
from reportkit.text.normalising import plain

_VISITS = Keyed(
    "visits",
    key=lambda entry: (entry.values["observer"], entry.values["host"], entry.values["date"]),
    label=lambda entry: f"{entry.values['date']} {entry.values['role']}",
    cell="date",
    compare=("session", "feedback_on", "highlights", "problems"),
    late=("feedback_on", "highlights", "problems"),
)
_PLATFORM = Keyed(
    "platform",
    key=lambda entry: entry.values["month"],
    label=lambda entry: f"月份 {entry.values['month']}",
    cell="month",
    compare=("party_members", "joined", "participation", "mean_daily_points"),
)
_RECTIFICATIONS = Keyed(
    "rectifications",
    key=lambda entry: entry.values["finding_id"],
    label=lambda entry: f"问题编号 {shown(entry.values['finding_id'])}",
    cell="finding_id",
    compare=("problem", "measure", "owner", "due_on", "replied_on", "state"),
    late=("measure", "owner", "due_on", "replied_on"),
)


# --- visits ---


def check_visits(context: Context, sessions: Numbered) -> list[Record]:
    """This unit's side of each visit (旁听); both sides are joined across units."""
    files = [
        [entry for entry in entries if _visit_fits(context, entry, sessions)]
        for entries in context.entries("visits")
    ]
    rows = []
    for entry in once_each(context, _VISITS, files):
        values = entry.values
        record: Record = {
            "visit_id": f"{values['observer']}/{values['host']}/{values['date']}",
            "observer_unit": values["observer"],
            "host_unit": values["host"],
            "session_id": values["session"],
            **columns(entry, "date", "feedback_on"),
            "ratings": None,
            **columns(entry, "highlights", "problems"),
            "reported_by": "旁听单位" if values["role"] == "旁听" else "被旁听单位",
            **entry.row.provenance(),
        }
        rows.append(record)
        context.note_states("visits", record, entry, session_id="session")
    return rows


def _visit_fits(context: Context, entry: Entry, sessions: Numbered) -> bool:
    values, unit, year = entry.values, context.unit, context.params.year
    stated, day = values["other_unit"], values["date"]
    other = context.names.get(plain(stated))
    if other is None:
        return context.admits(entry, "visits", "unit_name", "other_unit",
                              f"对方单位“{shown(stated)}”", "单位名录中的全称或简称",
                              "该行未采用；请按单位名录更正名称")  # fmt: skip
    if other.unit_id == unit.unit_id:
        return context.admits(entry, "visits", "visit_self", "other_unit",
                              f"对方单位“{shown(stated)}”是本单位", "另一个单位")  # fmt: skip
    if day.year != year:
        return context.admits(entry, "visits", "visit_date", "date", f"旁听日期 {day}",
                              f"{year}年内的日期")  # fmt: skip
    if not unit.in_being_on(day) and not outside_unit_years(
        context, entry, "visits", "date", f"旁听日期 {day}"
    ):
        return False
    if values["feedback_on"] is not None and values["feedback_on"] < day:
        entry.lose(
            "feedback_before_visit",
            "feedback_on",
            f"反馈日期 {values['feedback_on']} 早于旁听日期 {day}",
            "不早于旁听日期",
        )
    observes = values["role"] == "旁听"
    values["observer"] = unit.unit_id if observes else other.unit_id
    values["host"] = other.unit_id if observes else unit.unit_id
    _find_session(entry, sessions, observes)
    return True


def _find_session(entry: Entry, sessions: Numbered, observes: bool) -> None:
    """学习序号 is the host's: it is looked up where this unit was the host."""
    values = entry.values
    number, values["session"] = values.get("session"), None
    if number is None:
        return
    if observes:
        entry.issue("visit_session", "session", f"旁听他单位，学习序号 {shown(number)}",
                    "空白：序号由被旁听单位填写", "该序号未采用，其余照常采用")  # fmt: skip
        return
    session = sessions.find(entry.row.source.file, number)
    if session is None:
        entry.lose("session_reference", "session", f"学习序号 {shown(number)}",
                   "“学习情况”中的序号", "该项按未报处理，其余照常采用；请更正序号")  # fmt: skip
        return
    values["session"] = session.id
    start, end = session.values["start"], session.values["end"]
    if not start <= values["date"] <= end:
        entry.issue("visit_session", "date",
                    f"旁听日期 {values['date']}，学习序号 {number} 的日期是 {start}",
                    "旁听当日的学习")  # fmt: skip


def outside_unit_years(context: Context, entry: Entry, table: str, name: str, found: str) -> bool:
    """Refuse what lies before or after the unit's time; whether it enters nevertheless."""
    unit = context.unit
    until = f"至 {unit.valid_to}" if unit.valid_to else "起"
    action = "该行未采用；并入、更名后的请由接续单位报送" if unit.valid_to else ""
    return context.admits(entry, table, "outside_unit_years", name, found,
                          f"本单位存续期内的日期（{unit.valid_from} {until}）", action)  # fmt: skip


# --- platform ---


def check_platform(context: Context) -> list[Record]:
    """The rows of ``platform`` (学习强国): one for each month."""
    files = [
        [entry for entry in entries if _month_fits(context, entry)]
        for entries in context.entries("platform")
    ]
    names = ("month", "party_members", "joined", "participation", "mean_daily_points")
    rows = []
    for entry in once_each(context, _PLATFORM, files):
        record: Record = {
            "unit_id": context.unit_id,
            **columns(entry, *names),
            **entry.row.provenance(),
        }
        rows.append(record)
        context.note_states("platform", record, entry)
    return rows


def _month_fits(context: Context, entry: Entry) -> bool:
    month, year = entry.values["month"], context.params.year
    if "-" not in month or not month.startswith(f"{year}"):
        return context.admits(entry, "platform", "month", "month", f"月份 {month}",
                              f"{year}年的某一个月")  # fmt: skip
    if not context.unit.in_being_during(*span(month, year)) and not outside_unit_years(
        context, entry, "platform", "month", f"月份 {month}"
    ):
        return False
    members, joined = entry.values["party_members"], entry.values["joined"]
    if members is not None and joined is not None and joined > members:
        for name in ("party_members", "joined"):
            entry.lose("joined_over_members", name, f"党员{members}人，注册{joined}人",
                       "注册人数不多于党员数")  # fmt: skip
    return True


# --- rectifications ---


def check_rectifications(context: Context) -> list[Record]:
    """The rows of ``rectifications``: the latest file tells how far each has come.

    A measure or a state that changes from file to file is progress, not a contradiction; a
    finding that was 已完成 and is so no more is one.
    """
    files = []
    for file in reversed(context.files.by_time):
        table = file.tables.get("rectifications")
        entries = [Entry.of(row, sheet_of("rectifications")) for row in table.rows] if table else []
        files.append([entry for entry in entries if _state_told(context, entry)])
    rows = []
    for entry in _latest(context, files):
        record: Record = {
            # Two units may bear the same number: the id is group-wide.
            "finding_id": f"{context.unit_id}/{entry.values['finding_id']}",
            "unit_id": context.unit_id,
            "year": context.params.year,
            **columns(entry, "problem", "measure", "owner", "due_on", "replied_on", "state"),
            **entry.row.provenance(),
        }
        rows.append(record)
        context.note_states("rectifications", record, entry)
    return rows


def _latest(context: Context, files: Iterable[list[Entry]]) -> list[Entry]:
    """One entry for each finding, the latest file first."""
    own = [once_each(context, _RECTIFICATIONS, [entries]) for entries in files]
    kept: dict[str, Entry] = {}
    for entries in own:
        for entry in entries:
            first = kept.setdefault(entry.values["finding_id"], entry)
            if first is entry:
                continue
            worse = entry.values["state"] == "已完成" != first.values["state"]
            for name in ("measure", "owner", "due_on", "replied_on"):
                if first.values[name] is None and name not in first.states:
                    first.take(entry, name)
            first.absorb(entry, ("problem", "state") if worse else ("problem",))
    return sorted(kept.values(), key=context.files.first_place)


def _state_told(context: Context, entry: Entry) -> bool:
    """A row without 整改状态 and without an answer is 未反馈; with an answer it is unclear."""
    if entry.values["state"] is not None:
        return True
    if entry.values["replied_on"] is None and "state" not in entry.refused:
        entry.values["state"] = "未反馈"
        return True
    return context.admits(entry, "rectifications", "required", "state",
                          "已有反馈，整改状态空白或读不出",
                          "、".join(allowed("rectification_states")))  # fmt: skip
