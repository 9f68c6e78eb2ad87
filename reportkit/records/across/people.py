"""One person in several units: staff numbers, accounts (述学), two places on one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportkit.records.across.board import Board, Record, listed, own, place, rename_values, row_key

if TYPE_CHECKING:
    from reportkit.records.checks import UnitRecords

_PERSON_COLUMNS = ("person_id", "host_id")
_THERE = ("出席", "视频")


# --- staff numbers ---------------------------------------------------------------------


def separate_staff_numbers(board: Board) -> None:
    """One staff number under two names: units number their people themselves.

    Such numbers are told apart by unit: they become unit_id/number.
    """
    names: dict[str, set[str]] = {}
    for part in board.parts:
        for row in part.rows.get("members", ()):
            names.setdefault(row["person_id"], set()).add(row["name"])
    shared = {person for person, called in names.items() if len(called) > 1}
    if not shared:
        return
    for part in board.parts:
        mine = [row for row in board.rows(part, "members") if row["person_id"] in shared]
        if not mine:
            continue
        numbers = sorted({row["person_id"] for row in mine})
        some = f"{'、'.join(numbers[:5])}{'等' if len(numbers) > 5 else ''}"
        board.issue(
            part, mine[0], "shared_staff_number",
            f"工号 {some} 在其他单位对应另一个姓名", "工号在集团内唯一",
            "按本单位自编号处理，不与其他单位合并为一人", key=numbers[0],
        )  # fmt: skip
        _rename(part, {number: f"{part.unit_id}/{number}" for number in numbers})


def _rename(part: UnitRecords, new: dict[str, str]) -> None:
    keys: dict[tuple[str, str], str] = {}
    for table, rows in part.rows.items():
        if table == "value_states":
            continue
        for row in rows:
            changed = [c for c in _PERSON_COLUMNS if row.get(c) in new]
            if changed:
                before = row_key(table, row)
                row.update({column: new[row[column]] for column in changed})
                keys[table, before] = row_key(table, row)
    rename_values(part, keys)


# --- accounts --------------------------------------------------------------------------


def accounts_once(board: Board) -> None:
    """An account that two units report of one person counts with the first in official order."""
    first: dict[str, str] = {}
    for part in board.parts:
        again: set[int] = set()
        for row in board.rows(part, "accounts"):
            other = first.setdefault(row["person_id"], part.unit_id)
            if other != part.unit_id:
                again.add(id(row))
                board.issue(
                    part, row, "duplicate",
                    f"第{row['source_row']}行的人员已由“{board.name(other)}”报送述学",
                    "每人每年一次", "只计一次", key=row["person_id"],
                )  # fmt: skip
        if again:
            part.rows["accounts"] = [r for r in part.rows["accounts"] if id(r) not in again]


# --- two places on one day -------------------------------------------------------------


@dataclass(frozen=True)
class _Presence:
    """One person at one session, by the list of attendance or as its host."""

    part: UnitRecords
    session: Record
    row: Record
    status: str


def warn_two_places(board: Board) -> None:
    """One person present at sessions of two units on one day, unless they are one 联学."""
    several = _in_several_units(board)
    if not several:
        return
    by_day: dict[tuple[str, dt.date], list[_Presence]] = {}
    names: dict[str, str] = {}
    for part in board.parts:
        for row in part.rows.get("members", ()):
            if row["person_id"] in several:
                names[row["person_id"]] = row["name"]
        for person, presence in _presences(board, part, several):
            for day in _days(presence.session):
                by_day.setdefault((person, day), []).append(presence)
    said: set[tuple[str, str, str]] = set()
    for (person, day), there in sorted(by_day.items(), key=lambda item: item[0]):
        there.sort(key=lambda one: (*board.rank(one.part.unit_id), place(one.session)))
        for one in there:
            others = [other for other in there if _elsewhere(one, other)]
            fresh = [
                other for other in others
                if (person, one.session["session_id"], other.session["session_id"]) not in said
            ]  # fmt: skip
            if not fresh:
                continue
            said.update(
                (person, one.session["session_id"], other.session["session_id"]) for other in fresh
            )
            _say(board, person, names.get(person, person), day, one, fresh)


def _in_several_units(board: Board) -> set[str]:
    """Those whom more than one unit names, by the id that holds in the whole group."""
    unit_of: dict[str, str] = {}
    several: set[str] = set()
    for part in board.parts:
        people = {row["person_id"] for row in part.rows.get("members", ())}
        people |= {row["host_id"] for row in part.rows.get("sessions", ()) if row["host_id"]}
        for person in people:
            if unit_of.setdefault(person, part.unit_id) != part.unit_id:
                several.add(person)
    return several


def _presences(
    board: Board, part: UnitRecords, several: set[str]
) -> Iterator[tuple[str, _Presence]]:
    held = {row["session_id"]: row for row in board.rows(part, "sessions") if not row["cancelled"]}
    seen: set[tuple[str, str]] = set()
    for row in part.rows.get("attendance", ()):
        person, session = row["person_id"], held.get(row["session_id"])
        if person in several and session is not None:
            seen.add((person, row["session_id"]))
            if row["status"] in _THERE:
                yield person, _Presence(part, session, row, row["status"])
    for session in held.values():
        person = session["host_id"]
        if person in several and (person, session["session_id"]) not in seen:
            yield person, _Presence(part, session, session, "主持")


def _days(session: Record) -> Iterator[dt.date]:
    day = session["start"]
    while day <= session["end"]:
        yield day
        day += dt.timedelta(days=1)


def _elsewhere(one: _Presence, other: _Presence) -> bool:
    joint = one.session["joint_id"]
    return one.part is not other.part and (joint is None or joint != other.session["joint_id"])


def _say(
    board: Board, person: str, name: str, day: dt.date, one: _Presence, others: list[_Presence]
) -> None:
    video = "视频" in (one.status, *(other.status for other in others))
    there = listed([board.name(other.part.unit_id) for other in others])
    status = "、".join(dict.fromkeys(other.status for other in others))
    board.issue(
        one.part, one.row, "two_places",
        f"“{name}”{day}在本单位（{one.status}），又在{there}（{status}）参加学习",
        "一人同日在一处学习，或为同一次联学（填同一联学编号）",
        "其中有视频参会，可能先后参加；请确认考勤" if video
        else "请与对方单位核对后更正考勤，或补填联学编号",
        key=f"{own(one.part.unit_id, person)}/{day}",
    )  # fmt: skip
