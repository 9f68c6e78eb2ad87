"""Units that have not submitted (催报): who is reminded now, who was, and what the office hears."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportkit.notice import Letter, Notices
from reportkit.notice.outbox import GIVEN_UP, WAITING
from reportkit.params import MOST_REMINDERS, Reminding, Unit, Units
from reportkit.params.delivery import filled

REMIND, TO_OFFICE = "remind", "remind-office"
"""How the keys of the two kinds of letters begin."""


@dataclass(frozen=True)
class LateUnit:
    """A unit whose submission is not there.

    Parameters
    ----------
    why:
        In the words of the import: none received, or refused as a whole.
    reminded:
        The days on which it was reminded, by the office's clock.
    number:
        Of the reminder that is due to it now: 1 or 2; None: none is.
    note:
        Why none is.
    """

    unit: Unit
    why: str
    reminded: tuple[str, ...]
    number: int | None
    note: str = ""


def late_units(
    late: Mapping[str, str], units: Units, year: int, reminding: Reminding,
    known: Sequence[dict[str, Any]], now: dt.datetime, zone: dt.tzinfo,
) -> list[LateUnit]:  # fmt: skip
    """Who is late, in official order, and whether each is to be reminded now.

    Parameters
    ----------
    late:
        unit_id → why.
    known:
        All reminders so far, as the outbox has them; one that waits to go out counts.
    """
    found = []
    for unit in units:
        if unit.unit_id in late:
            place = f"{REMIND}/{year}/{unit.unit_id}/"
            before = [
                each for each in known
                if each["key"].startswith(place) and each["state"] != GIVEN_UP
            ]  # fmt: skip
            days = tuple(sorted(
                dt.datetime.fromisoformat(each["sent"]).astimezone(zone).date().isoformat()
                for each in before if each["sent"]
            ))  # fmt: skip
            note = _not_now(unit, before, reminding, now)
            number = None if note else len(before) + 1
            found.append(LateUnit(unit, late[unit.unit_id], days, number, note))
    return found


def overtaken(late: Mapping[str, str], units: Units, known: Sequence[dict[str, Any]]) -> list[str]:
    """Keys of reminders that wait, and shall not go.

    The unit has submitted, or its address is another by now.
    """
    found = []
    for each in known:
        unit_id = each["key"].split("/")[2]
        address = units[unit_id].email if unit_id in units else None
        if each["state"] == WAITING and (unit_id not in late or address != each["recipient"]):
            found.append(each["key"])
    return found


def _not_now(
    unit: Unit, before: Sequence[dict[str, Any]], reminding: Reminding, now: dt.datetime
) -> str:
    """Why a unit gets no reminder now; "" if it does."""
    if not unit.email:
        return "no address: call"
    if not reminding.mail:
        return "mail is off: call"
    if len(before) >= MOST_REMINDERS:
        return f"reminded {len(before)} times: call"
    if any(each["sent"] is None for each in before):
        return "a reminder waits to go out"
    last = max((dt.datetime.fromisoformat(each["sent"]) for each in before), default=None)
    if last and now - last < dt.timedelta(days=reminding.days_between):
        return f"reminded less than {reminding.days_between} days ago"
    return ""


def reminders(
    late: Sequence[LateUnit], units: Units, year: int, reminding: Reminding, due: dt.date,
    day: dt.date,
) -> Notices:  # fmt: skip
    """The letters: the same one to each unit that is due one, and the office's with telephones."""
    values = {"group": units.group_short_name, "year": year, "due": _in_words(due),
              "count": len(late)}  # fmt: skip
    subject = filled(reminding.subject, values)
    lines = [line for line in filled(reminding.text, values).split("\n") if line.strip()]
    data = {"event": "reminder", "year": year, "units": [each.unit.unit_id for each in late]}
    plain = Letter(
        subject, lines, ("序号", "单位", "情况"),
        [(str(n), each.unit.name, each.why) for n, each in enumerate(late, 1)], data,
    )  # fmt: skip
    found: dict[str, tuple[str, Mapping[str, Any]]] = {}
    if reminding.mail:
        for each in late:
            if each.number and each.unit.email:
                key = f"{REMIND}/{year}/{each.unit.unit_id}/{each.number}/{each.unit.email}"
                found[key] = (each.unit.email, plain.to_json())
    office = _to_office(late, units, year, reminding.mail, due, data)
    told = "\n".join(f"{each.unit.unit_id} {each.why}" for each in late)
    mark = f"{day.isoformat()}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"
    for address in reminding.tell:
        found[f"{TO_OFFICE}/{year}/{mark}/{address}"] = (address, office.to_json())
    return found


def _to_office(
    late: Sequence[LateUnit], units: Units, year: int, mail: bool, due: dt.date,
    data: Mapping[str, Any],
) -> Letter:  # fmt: skip
    head = ("序号", "单位", "情况", "联系人", "电话", "提醒")
    told = [rows_for_office(each, mail) for each in late]
    return Letter(
        f"【{units.group_short_name}】{year}年度材料未报送单位名单（{len(late)}家）",
        [f"报送截止日期为{_in_words(due)}。以下{len(late)}家单位尚未报送或须重新报送："],
        head, [(str(n), *row[:4], row[5]) for n, row in enumerate(told, 1)], data,
    )  # fmt: skip


def rows_for_office(late: LateUnit, mail: bool) -> tuple[str, str, str, str, str, str]:
    """A unit's row: 单位, 情况, 联系人, 电话, 电子邮箱, 已提醒."""
    unit = late.unit
    reminded = "、".join(late.reminded)
    if mail and late.number:
        reminded += ("；" if reminded else "") + f"本次为第{late.number}次"
    elif len(late.reminded) >= MOST_REMINDERS:
        reminded += "（已提醒两次，请电话联系）"
    return (unit.name, late.why, unit.contact or "", unit.telephone or "", unit.email or "",
            reminded)  # fmt: skip


def _in_words(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
