"""成员名单 of one unit, from one file or several: terms that can stand beside each other.

Several files: the same person and first day is one term. The later file (by the end of its
period, then 填报日期, then name) counts; a term that it closes is closed. A different 职务,
班子成员, 党群部门负责人 or last day is ``files_contradict``, and so is a term that overlaps
an earlier file's under another first day: with the same 职务 the later file's stands alone,
with another one the earlier term ends the day before. A person whom a later file leaves out
without a last day stays a member, and it is said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from reportkit.records.checks.context import Context
from reportkit.records.checks.entry import Entry, line, place, short_name
from reportkit.records.checks.files import span
from reportkit.records.checks.records import Record
from reportkit.records.checks.roster import Roster, Term
from reportkit.records.forms import sheet_of
from reportkit.records.reading import Row

_ROLE = ("role", "in_leadership", "party_affairs_head")
_CONTENT = ("name", "staff_number", *_ROLE, "from", "to")


def check_members(context: Context) -> list[Record]:
    """The rows of ``members``; sets ``context.roster``."""
    kept: list[Entry] = []
    by_name: dict[str, list[Entry]] = {}
    listed: dict[str, set[str]] = {}
    files = {file.file: file for file in context.files.by_time}
    for file in reversed(context.files.by_time):
        table = file.tables.get("members")
        entries = [Entry.of(row, sheet_of("members")) for row in table.rows] if table else []
        valid = _valid(context, entries)
        if table and table.rows:
            listed[file.file] = {entry.values["name"] for entry in entries}
        for entry in _add(context, valid, by_name):
            kept.append(entry)
            by_name.setdefault(entry.values["name"], []).append(entry)
    kept = _by_number(context, [entry for entry in kept if entry.values])
    kept.sort(key=context.files.first_place)
    for entry in kept:
        _say_if_dropped(context, entry, listed, [files[name].period for name in listed])
    lost = [r for t in context.tables("members") for r in (*t.lost, *t.rows) if r.fault]
    context.roster = Roster([_term(context, entry) for entry in kept], lost)
    rows = []
    for entry, term in zip(kept, context.roster.terms, strict=True):
        record = _record(context, term, entry)
        rows.append(record)
        context.note_states("members", record, entry)
    return rows


def _term(context: Context, entry: Entry) -> Term:
    values = entry.values
    return Term(
        person_id=values["staff_number"] or f"{context.unit_id}/{values['name']}",
        name=values["name"],
        staff_number=values["staff_number"],
        role=values["role"],
        in_leadership=values["in_leadership"],
        party_affairs_head=values["party_affairs_head"],
        first=values["from"],
        last=values["to"],
        row=entry.row,
    )


def _record(context: Context, term: Term, entry: Entry) -> Record:
    return {
        "unit_id": context.unit_id,
        "person_id": term.person_id,
        "name": term.name,
        "role": term.role,
        "in_leadership": term.in_leadership,
        "party_affairs_head": term.party_affairs_head,
        "from": term.first,
        "to": term.last,
        **entry.row.provenance(),
    }


# --- within one file ---


def _valid(context: Context, entries: Iterable[Entry]) -> list[Entry]:
    """The rows of one file that can stand beside each other."""
    seen: dict[tuple[object, ...], Entry] = {}
    for entry in entries:
        first, last = entry.values["from"], entry.values["to"]
        if last is not None and last < first and not context.admits(
            entry, "members", "member_dates", "to", f"任职止 {last} 早于任职起 {first}",
            "任职止不早于任职起",
        ):  # fmt: skip
            continue
        content = tuple(entry.values[name] for name in _CONTENT)
        kept = seen.setdefault(content, entry)
        if kept is not entry:
            context.duplicate(entry.row, kept.row, "name", f"“{entry.values['name']}”的同一任期")
    return _without_namesakes(context, list(seen.values()))


def _without_namesakes(context: Context, entries: list[Entry]) -> list[Entry]:
    """Without the rows of one name that overlap another and have no 工号 to tell them apart."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.values["name"], []).append(entry)
    refused: set[int] = set()
    for same in groups.values():
        for entry, other in _overlapping(same):
            if entry.values["staff_number"] is None and id(entry) not in refused:
                refused.add(id(entry))
                _refuse_namesake(context, entry, other)
    return [entry for entry in entries if id(entry) not in refused]


def _lose(context: Context, entry: Entry, code: str, name: str, found: str, expected: str) -> None:
    """Refuse a row that no decision lets in."""
    context.refused["members"] += 1
    entry.row.fault = name
    entry.issue(code, name, found, expected)


def _refuse_namesake(context: Context, entry: Entry, other: Entry) -> None:
    name = entry.values["name"]
    _lose(
        context, entry, "same_name", "name",
        f"“{name}”在第{entry.row.number}行和{line(other.row, entry.row)}各有一条，任期重叠，"
        "且未填工号",
        "同名的人各填工号；同一人只填一行",
    )  # fmt: skip


def _overlapping(same: Sequence[Entry]) -> Iterable[tuple[Entry, Entry]]:
    """(entry, one that it overlaps) for every entry that overlaps another, in row order."""
    if len(same) < 2:
        return
    by_day = sorted(same, key=lambda e: (e.values["from"], e.row.number))
    partner: dict[int, Entry] = {}
    longest = by_day[0]
    for entry in by_day[1:]:
        if _end(longest) >= entry.values["from"]:
            partner.setdefault(id(entry), longest)
            partner.setdefault(id(longest), entry)
        if _end(entry) > _end(longest):
            longest = entry
    for entry in same:
        if id(entry) in partner:
            yield entry, partner[id(entry)]


def _end(entry: Entry) -> dt.date:
    last: dt.date | None = entry.values["to"]
    return last or dt.date.max


# --- over several files, the latest first ---


def _add(context: Context, entries: list[Entry], by_name: dict[str, list[Entry]]) -> list[Entry]:
    """What an earlier file adds to the later ones' terms."""
    new = []
    for entry in entries:
        values = entry.values
        number = values["staff_number"]
        known = [
            kept
            for kept in by_name.get(values["name"], ())
            if kept.values and (not number or kept.values["staff_number"] in (None, number))
        ]
        same = [kept for kept in known if kept.values["from"] == values["from"]]
        exact = [k for k in same if k.values["staff_number"] == number]
        if len(same) == 1 or len(exact) == 1:
            _join((exact or same)[0], entry)
        elif same:
            _lose(
                context, entry, "same_name", "name",
                f"“{values['name']}”未填工号，“{short_name(same[0].row.source.file)}”有同名的人",
                "同名的人各填工号",
            )  # fmt: skip
        elif not _clash(known, entry):
            new.append(entry)
    return new


def _join(kept: Entry, earlier: Entry) -> None:
    """One term in two files: the later counts, also where it closes an open term.

    That a term stands in both is no news: each form comes with the roster filled in.
    """
    mine, theirs = kept.values["to"], earlier.values["to"]
    if theirs is not None and mine != theirs:
        said = f"“{mine}”" if mine else "“空白”（仍在任）"
        found = f"任职止：此处为“{theirs}”，{place(kept.row, 'to')}为{said}"
        if _contradict(earlier, kept, "to", found):
            kept.take(earlier, "to")
    kept.absorb(earlier, (*_ROLE, "staff_number"))


def _contradict(entry: Entry, other: Entry, name: str, found: str, how: str = "") -> bool:
    """Put a contradiction down; whether the analyst decided for the earlier file."""
    action = how or f"暂以“{short_name(other.row.source.file)}”为准；请核对后更正不实的一份"
    return entry.issue("files_contradict", name, found, "两份名单一致", action).waived


def _clash(known: Iterable[Entry], entry: Entry) -> bool:
    """Whether an earlier file's term gives way to a later file's; it may be shortened."""
    values = entry.values
    for kept in known:
        if _end(kept) < values["from"] or _end(entry) < kept.values["from"]:
            continue
        found = (
            f"“{values['name']}”任职起：此处为“{values['from']}”，"
            f"{place(kept.row, 'from')}为“{kept.values['from']}”，任期重叠"
        )
        follows = values["from"] < kept.values["from"]
        if follows and any(values[name] != kept.values[name] for name in _ROLE):
            day = kept.values["from"] - dt.timedelta(days=1)
            how = f"前一任期暂计至 {day}；请核对后补填任职止"
            if not _contradict(entry, kept, "from", found, how):
                values["to"] = day
        elif not _contradict(entry, kept, "from", found):
            return True
        else:
            kept.values.clear()
    return False


def _by_number(context: Context, entries: list[Entry]) -> list[Entry]:
    """Without rows whose 工号 is another person's, or names one person twice at a time."""
    refused: set[int] = set()
    seen: dict[str, list[Entry]] = {}
    for entry in entries:
        number = entry.values["staff_number"]
        if not number:
            continue
        for kept in seen.setdefault(number, []):
            apart = _end(kept) < entry.values["from"] or _end(entry) < kept.values["from"]
            if kept.values["name"] == entry.values["name"] and apart:
                continue
            refused.add(id(entry))
            _lose(
                context, entry, "staff_number", "staff_number",
                f"工号 {number} 在{line(kept.row, entry.row)}和第{entry.row.number}行重复"
                f"（{kept.values['name']}、{entry.values['name']}）",
                "一个工号对应一人，任期不重叠",
            )  # fmt: skip
            break
        else:
            seen[number].append(entry)
    return [entry for entry in entries if id(entry) not in refused]


def _say_if_dropped(
    context: Context, entry: Entry, listed: dict[str, set[str]], periods: list[str | None]
) -> None:
    """Say so if a later file's roster leaves out somebody whose term is open."""
    rank = max(context.files.rank(row.source.file) for row in entry.rows)
    for (file, names), period in zip(reversed(listed.items()), reversed(periods), strict=True):
        first, last = span(period, context.params.year)
        if (
            context.files.rank(file) > rank
            and entry.values["name"] not in names
            and entry.values["from"] <= last
            and _end(entry) >= first
        ):
            _dropped(entry, file)
            return


def _dropped(entry: Entry, file: str) -> None:
    row: Row = entry.row
    entry.issue(
        "member_dropped", "to" if "to" in row.columns else "name",
        f"“{entry.values['name']}”在此在任，“{short_name(file)}”的成员名单没有此人",
        "各份名单一致，离任的填任职止",
    )  # fmt: skip
