"""述学, 调查研究 and 经验做法 of one unit: what its members gave account of and brought about."""

from __future__ import annotations

import datetime as dt
import re

from reportkit.records.checks.context import Context, columns
from reportkit.records.checks.entry import Entry
from reportkit.records.checks.keyed import Keyed, once_each
from reportkit.records.checks.records import Record
from reportkit.records.checks.references import Numbered
from reportkit.records.issues import shown
from reportkit.text.normalising import bare

_ACCOUNTS = Keyed(
    "accounts",
    key=lambda entry: entry.values["person_id"],
    label=lambda entry: f"“{entry.values['name']}”",
    cell="name",
    compare=("date", "rating"),
)
_RESEARCH = Keyed(
    "research",
    key=lambda entry: (
        entry.values["person_id"],
        entry.values["date"] or bare(entry.values["contact_point"] or ""),
    ),
    label=lambda entry: f"“{entry.values['name']}”的调研",
    cell="number",
    compare=("contact_point", "has_report", "outcome", "evidence"),
    numbered=True,
    late=("evidence",),
    ranks={
        "has_report": {False: 0, True: 1},
        "outcome": {"无": 0, "已采纳": 1, "已落地": 2},
    },
)
_PRACTICES = Keyed(
    "practices",
    key=lambda entry: bare(entry.values["name"]),
    label=lambda entry: f"“{shown(entry.values['name'])}”",
    cell="number",
    compare=("kind", "what", "outcome", "sessions", "award", "issuer"),
    numbered=True,
    late=("outcome", "award", "issuer"),
)


def find_person(
    context: Context, entry: Entry, table: str, first: dt.date, last: dt.date, expected: str
) -> bool:
    """Look 姓名 up on the roster as ``person_id``; a row without a person does not enter."""
    name = entry.values["name"]
    person, why = context.roster.find(name, first, last)
    if person is None:
        context.refused[table] += 1
        context.unlisted(entry.row, "name", name, why, expected)
        return False
    entry.values["person_id"] = person
    return True


def check_accounts(context: Context) -> list[Record]:
    """The rows of ``accounts``: one for each person."""
    year, first_day = context.params.year, context.params.first_day
    last_day = dt.date(year, 12, 31)
    files = []
    for entries in context.entries("accounts"):
        valid = []
        for entry in entries:
            if not find_person(context, entry, "accounts", first_day, last_day,
                               "本年度成员名单中的一个人"):  # fmt: skip
                continue
            day = entry.values["date"]
            if day is not None and not first_day <= day <= dt.date(year + 1, 6, 30):
                entry.lose("account_date", "date", f"述学日期 {day}", f"{year}年内，至迟次年6月底")
            valid.append(entry)
        files.append(valid)
    rows = []
    for entry in once_each(context, _ACCOUNTS, files):
        record: Record = {
            "unit_id": context.unit_id,
            "person_id": entry.values["person_id"],
            "year": year,
            **columns(entry, "date", "rating"),
            **entry.row.provenance(),
        }
        rows.append(record)
        context.note_states("accounts", record, entry)
    return rows


def check_research(context: Context) -> list[Record]:
    """The rows of ``research``."""
    files = [
        [entry for entry in entries if _research_fits(context, entry)]
        for entries in context.entries("research")
    ]
    rows = []
    found = once_each(context, _RESEARCH, files)
    for entry in context.files.give_ids(found, context.unit_id):
        record: Record = {
            "research_id": entry.id,
            "unit_id": context.unit_id,
            "person_id": entry.values["person_id"],
            **columns(entry, "date", "contact_point", "has_report", "outcome", "evidence"),
            **entry.row.provenance(),
        }
        rows.append(record)
        context.note_states("research", record, entry)
    return rows


def _research_fits(context: Context, entry: Entry) -> bool:
    year, day = context.params.year, entry.values["date"]
    if day is not None and day.year != year:
        entry.lose("research_date", "date", f"调研日期 {day}", f"{year}年内的日期")
        day = None
    first, last = (day, day) if day else (context.params.first_day, dt.date(year, 12, 31))
    return find_person(context, entry, "research", first, last, "调研时成员名单中的一个人")


# --- practices ---

_TITLE = "(?:同志|书记|董事长|总经理|经理|主任|部长|主席)"


def names_person(text: str, person: str) -> bool:
    """Whether a text names a person; two characters alone may be a word, a title tells."""
    if len(person) > 2:
        return person in text
    return re.search(re.escape(person) + _TITLE, text) is not None


def check_practices(context: Context, sessions: Numbered) -> list[Record]:
    """The rows of ``practices``; none that names a member, for they are quoted in circulars."""
    people = list(dict.fromkeys(term.name for term in context.roster.terms))
    files = []
    for entries in context.entries("practices"):
        valid = [entry for entry in entries if _impersonal(context, entry, people)]
        for entry in valid:
            _find_sessions(context, entry, sessions)
        files.append(valid)
    rows = []
    found = once_each(context, _PRACTICES, files)
    for entry in context.files.give_ids(found, context.unit_id):
        ids = entry.values["sessions"]
        record: Record = {
            "practice_id": entry.id,
            "unit_id": context.unit_id,
            **columns(entry, "kind", "name", "what", "outcome"),
            "sessions": "、".join(ids) if ids else None,
            **columns(entry, "award", "issuer"),
            **entry.row.provenance(),
        }
        rows.append(record)
        context.note_states("practices", record, entry)
    return rows


def _impersonal(context: Context, entry: Entry, people: list[str]) -> bool:
    for name in ("name", "what", "outcome", "award"):
        text = str(entry.values.get(name) or "")
        person = next((p for p in people if names_person(text, p)), None) if text else None
        if person and not context.admits(
            entry, "practices", "person_named", name, f"写有成员姓名“{person}”",
            "不写个人姓名和电话，可写职务",
        ):  # fmt: skip
            return False
    return True


def _find_sessions(context: Context, entry: Entry, sessions: Numbered) -> None:
    numbers = entry.values.get("sessions")
    if not numbers:
        return
    ids, unknown = sessions.ids(entry.row.source.file, numbers)
    if unknown:
        context.repeat(
            entry.row, "practice_session", "sessions", f"学习序号 {shown('、'.join(unknown))}",
            "“学习情况”中的序号", causes=sessions.causes(entry.row.source.file, *unknown),
        )  # fmt: skip
    entry.values["sessions"] = tuple(ids) or None
