"""学习情况 of one unit, from one file or several: which sessions there were.

In one file a row that repeats another in every value is counted once; two rows of one day
with titles alike, or one that continues the other, count as two and are named
(``maybe_one_session``; decided ``override`` with the other row's 序号, they are one).
Over several files a session is known by its first day and title (:mod:`.likeness`): it is
counted once, blanks are filled from the other file, and where two files differ that of the
longer period counts, then the later filled (``files_contradict``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from reportkit.records.checks.context import Context, columns
from reportkit.records.checks.entry import Entry, line, place
from reportkit.records.checks.likeness import maybe_same, near_titles, same_session, title_of
from reportkit.records.checks.plans import known_topics
from reportkit.records.checks.records import Record
from reportkit.records.checks.references import Numbered
from reportkit.records.checks.returns import outside_unit_years
from reportkit.records.issues import shown

_COMPARED = (
    "end", "hours", "kind", "counted_as", "form", "topics", "host", "plan_item", "joint_id",
    "enlarged", "cancelled", "expected", "present", "absent", "received_on",
)  # fmt: skip
_FILLED = ("ad_hoc_basis", "times_returned")
"""Taken from the other file where blank; a difference of wording, or a count that grew, is none."""
_MOST = 20
"""Candidates looked at for one row: a sheet with more sessions of one day is no real one."""
_LONG = 5
"""A session of 集体学习 that lasts more days than this may be two."""


def check_sessions(context: Context, items: Numbered) -> list[Entry]:
    """All sessions, cancelled ones too, each with its id."""
    kept: list[Entry] = []
    for entries in context.entries("sessions"):
        valid = [entry for entry in entries if _fits(context, entry)]
        for entry in valid:
            _look_up(context, entry, items)
        kept = _join_files(context, kept, _within_file(context, valid))
    ordered = context.files.give_ids(kept, context.unit_id)
    for entry in ordered:
        _check_values(entry)
    return ordered


def session_records(context: Context, entries: Sequence[Entry]) -> tuple[list[Record], ...]:
    """The rows of ``sessions`` and of ``session_topics``."""
    sessions: list[Record] = []
    topics: list[Record] = []
    names = ("start", "end", "hours", "kind", "counted_as", "form", "title", "enlarged",
             "joint_id")  # fmt: skip
    for entry in entries:
        record: Record = {
            "session_id": entry.id,
            "unit_id": context.unit_id,
            **columns(entry, *names),
            "host_id": entry.values["host"],
            **columns(entry, "plan_item", "ad_hoc_basis", "cancelled", "expected", "present"),
            **entry.row.provenance(),
        }
        sessions.append(record)
        context.note_states("sessions", record, entry, host_id="host")
        topics += [
            {"session_id": entry.id, "unit_id": context.unit_id, "topic_code": code}
            for code in entry.values["topics"] or ()
        ]
    return sessions, topics


# --- one row ---


def _fits(context: Context, entry: Entry) -> bool:
    values, unit, year = entry.values, context.unit, context.params.year
    values["end"] = values["end"] or values["start"]
    values["cancelled"] = bool(values["cancelled"])
    if values["end"] < values["start"]:
        return context.admits(
            entry, "sessions", "session_dates", "end",
            f"结束日期 {values['end']} 早于开始日期 {values['start']}", "不早于开始日期",
        )  # fmt: skip
    for name, what in (("start", "开始日期"), ("end", "结束日期")):
        day: dt.date = values[name]
        column = name if name in entry.row.columns else "start"
        if day.year != year:
            return context.admits(entry, "sessions", "session_dates", column, f"{what} {day}",
                                  f"{year}年内的日期")  # fmt: skip
        if not unit.in_being_on(day):
            return outside_unit_years(context, entry, "sessions", column, f"{what} {day}")
    return True


def _look_up(context: Context, entry: Entry, items: Numbered) -> None:
    """Replace names and numbers by what they mean: host, plan item, topics."""
    values = entry.values
    values["topics"] = known_topics(context, entry, "topics") or None
    if (host := values["host"]) is not None:
        values["host"], why = context.roster.find(host, values["start"], values["end"])
        if values["host"] is None:
            entry.refused.add("host")
            context.unlisted(
                entry.row, "host", host, why, "学习当日成员名单中的一个人",
                "未列入的按未报处理；请更正姓名，或补报成员名单", "{n}次学习的主持人因此按未报",
            )  # fmt: skip
    if (number := values["plan_item"]) is not None:
        item = items.find(entry.row.source.file, number)
        values["plan_item"] = item.id if item else None
        if item is None:
            entry.drop("plan_item")
            context.repeat(
                entry.row, "plan_item", "plan_item", f"计划内容序号 {shown(number)}",
                "“计划内容”中的序号", "该项按未报处理，其余照常采用；请更正序号",
                causes=items.causes(entry.row.source.file, number),
            )  # fmt: skip


def _check_values(entry: Entry) -> None:
    values = entry.values
    expected, present = values["expected"], values["present"]
    if expected is not None and present is not None and present > expected:
        for name in ("expected", "present"):
            entry.lose("present_over_expected", name, f"应到{expected}人，实到{present}人",
                       "实到不大于应到（列席、代会人员不计）")  # fmt: skip
    days = (values["end"] - values["start"]).days + 1
    if values["hours"] is not None and values["hours"] > 24 * days:
        entry.lose(
            "hours", "hours", f"{days}天，学时 {values['hours']:g}", f"不超过{24 * days}小时"
        )
    together = values["kind"] == "集体学习"
    joined = any(mark in values["title"] for mark in "；;暨") and len(values["topics"] or ()) > 1
    if together and days > _LONG:
        entry.issue("maybe_two_sessions", "end" if "end" in entry.row.columns else "start",
                    f"一次集体学习 {values['start']} 至 {values['end']}，共{days}天",
                    "每次学习一行；读书班请选“读书班”")  # fmt: skip
    elif together and joined and (values["hours"] or 0) > 8:
        entry.issue("maybe_two_sessions", "title",
                    f"“{shown(values['title'])}”，{len(values['topics'])}个专题，"
                    f"{values['hours']:g}学时",
                    "每次学习一行")  # fmt: skip


# --- one file ---


def _within_file(context: Context, entries: Iterable[Entry]) -> list[Entry]:
    """The sessions of one file: repeated rows counted once, numbers used once."""
    kept: list[Entry] = []
    by_number: dict[str, Entry] = {}
    by_day: dict[dt.date, list[Entry]] = {}
    by_title: dict[tuple[dt.date, str], list[Entry]] = {}
    for entry in entries:
        number, days, title = entry.values["number"], entry.values, title_of(entry)
        near = {
            id(other): other
            for other in (
                *by_title.get((days["start"], title), ())[:_MOST],
                *_few(by_day.get(days["start"], ())),
                *_few(by_day.get(days["start"] - _DAY, ())),
            )
        }.values()
        if _repeats(context, entry, near, by_number.get(number)):
            continue
        first = by_number.get(number)
        if first is not None and not context.admits(
            entry, "sessions", "number_twice", "number",
            f"序号 {number}在第{first.row.number}行已有，内容不同", "每次学习一个序号",
        ):  # fmt: skip
            continue
        by_number.setdefault(number, entry)
        for day in {days["start"], days["end"]}:
            by_day.setdefault(day, []).append(entry)
        by_title.setdefault((days["start"], title), []).append(entry)
        kept.append(entry)
    return kept


_DAY = dt.timedelta(days=1)


def _few(entries: Sequence[Entry]) -> Sequence[Entry]:
    """The sessions of a day, to compare each with each; none if they are too many."""
    return entries if len(entries) <= _MOST else ()


def _repeats(
    context: Context, entry: Entry, near: Iterable[Entry], same_number: Entry | None
) -> bool:
    """Whether a row is an earlier one again, by its values or by the analyst's decision."""
    for other in near:
        if title_of(other) == title_of(entry) and other.same(entry, ("start", *_COMPARED)):
            context.duplicate(entry.row, other.row, "number", "日期、主题、主持人等均相同")
            other.numbers += entry.numbers
            return True
    for other in near:
        if maybe_same(other, entry) and (
            other is not same_number or _is_decided(entry)
        ) and _maybe_one(entry, other):  # fmt: skip
            return True
    return False


def _is_decided(entry: Entry) -> bool:
    """Whether the analyst gave this row another row's 序号 because they are one session."""
    source = entry.row.source
    if "number" not in entry.row.columns:
        return False
    decision = source.log.decided.override(source.file, source.sheet, entry.row.cell("number"))
    return decision is not None and decision.code == "maybe_one_session"


def _maybe_one(entry: Entry, other: Entry) -> bool:
    """Name two rows that may be one session; whether the analyst decided that they are."""
    row, title, start = entry.row, entry.values["title"], entry.values["start"]
    if not _is_decided(entry):  # else reading has put the issue down, with its decision
        entry.issue(
            "maybe_one_session", "number",
            f"第{row.number}行序号 {shown(entry.values['number'])}“{shown(title)}”（{start}）与"
            f"{line(other.row, row)}“{shown(other.values['title'])}”（{other.values['start']}）",
            "一次学习一行；两次学习的主题、学时、主持人应能区分",
        )  # fmt: skip
        return False
    other.values["end"] = max(other.values["end"], entry.values["end"])
    other.absorb(entry, [n for n in (*_COMPARED, *_FILLED) if other.values[n] is None])
    return True


# --- several files ---


def _join_files(context: Context, kept: list[Entry], entries: list[Entry]) -> list[Entry]:
    """The sessions of the files that count more, with those of one that counts less."""
    if not kept:
        return entries
    by_day: dict[dt.date, list[Entry]] = {}
    for entry in kept:
        by_day.setdefault(entry.values["start"], []).append(entry)
    taken: set[int] = set()
    partner = _pairs(by_day, entries, taken)
    new = []
    for entry in entries:
        first = partner.get(id(entry))
        if first is not None:
            _join(context, first, entry)
        elif not _maybe_in_other_file(entry, kept, by_day, taken):
            new.append(entry)
    return kept + new


def _pairs(
    by_day: dict[dt.date, list[Entry]], entries: Iterable[Entry], taken: set[int]
) -> dict[int, Entry]:
    """Each row's session in the other files; the surest pairs first, each session once."""
    by_title: dict[tuple[dt.date, str], list[Entry]] = {}
    for day, known in by_day.items():
        for entry in known:
            by_title.setdefault((day, title_of(entry)), []).append(entry)
    scored = []
    for n, entry in enumerate(entries):
        day = entry.values["start"]
        candidates = {
            id(c): c
            for c in (
                *by_title.get((day, title_of(entry)), ())[:_MOST],
                *_few(by_day.get(day, ())),
            )
        }
        for m, candidate in enumerate(candidates.values()):
            if score := same_session(candidate, entry):
                scored.append((-score, n, m, candidate, entry))
    partner: dict[int, Entry] = {}
    for _, _, _, candidate, entry in sorted(scored, key=lambda pair: pair[:3]):
        if id(candidate) not in taken and id(entry) not in partner:
            taken.add(id(candidate))
            partner[id(entry)] = candidate
    return partner


def _join(context: Context, first: Entry, entry: Entry) -> None:
    row = entry.row
    if entry.origin("end").values.get("end") is None:
        entry.values["end"] = first.values["end"]  # a blank last day contradicts none
    elif first.origin("end").values.get("end") is None:
        first.take(entry, "end")
    if not near_titles(title_of(first), title_of(entry)):
        _title_contradicts(first, entry)
    found = f"与{place(first.row, 'number')}是同一次学习（{entry.values['start']}）"
    if first.absorb(entry, _COMPARED, late=("received_on",)):
        context.double(row, first.row, found)
    first.absorb(_bare(entry), [n for n in _FILLED if first.values[n] is None])


def _bare(entry: Entry) -> Entry:
    """The values of an entry alone, to fill from."""
    return Entry([], entry.sheet, entry.values, entry.states, entry.refused, _places={
        name: entry.origin(name) for name in _FILLED
    })  # fmt: skip


def _title_contradicts(first: Entry, entry: Entry) -> None:
    issue = entry.issue(
        "files_contradict", "title",
        f"学习主题：此处为{entry.text('title')}，{place(first.origin('title'), 'title')}为"
        f"{first.text('title')}（序号、日期相同）",
        "两份报送一致",
    )  # fmt: skip
    if issue.waived:
        first.take(entry, "title")


def _maybe_in_other_file(
    entry: Entry, kept: Iterable[Entry], by_day: dict[dt.date, list[Entry]], taken: set[int]
) -> bool:
    """Name a session of another file that may be this one; whether it was decided to be.

    On one day: titles alike, or the same host and no other hours. On days a week apart at
    most: the same title, host and number in both, as after a slip of the pen.
    """
    start = entry.values["start"]
    for days in range(-7, 8):
        for other in _few(by_day.get(start + days * _DAY, ())):
            if id(other) in taken:
                continue
            alike = title_of(other) == title_of(entry) and all(
                other.values[n] == entry.values[n] for n in ("host", "number")
            )
            host = entry.values["host"]
            hosted = host is not None and other.values["host"] == host
            hours = {other.values["hours"], entry.values["hours"]} - {None}
            on_day = days == 0 and (maybe_same(other, entry) or (hosted and len(hours) < 2))
            if alike or on_day:
                return _maybe_one(entry, other)
    return False
