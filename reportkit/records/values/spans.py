"""Several days in a row in one cell: “12月28-29日”, “2023.3.30—4.1”, “3月5日、6日”."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from reportkit.records.forms import Field
from reportkit.records.values.base import Reading
from reportkit.records.values.dates import (
    EXPECTED,
    TAIL,
    Found,
    check_tail,
    find_in,
    plain_date,
    with_year,
)

_EXPECTED = "日期，如 2023-03-05，或起止日期，如 2023-12-28至2023-12-29"
_ISO_TWICE = re.compile(r"(\d{4}-\d{1,2}-\d{1,2}) ?- ?(\d{4}-\d{1,2}-\d{1,2})", re.ASCII)
_STRONG = re.compile(r" ?(?:至|到|~+|[—–―]+) ?")
_DASH = re.compile(r" ?-+ ?")
_AND = re.compile(r" ?[、,和及] ?(?!(?:星期|周|礼拜))")
_PART = re.compile(
    r"(?:(?:(?P<y1>\d{4}|\d{2})年)?(?P<m1>\d{1,2})月(?P<d1>\d{1,2})(?:(?P<r1>[日号])|(?!\d))"
    r"|(?:(?P<y2>\d{4}|\d{2})(?P<s>[-./。]))?(?P<m2>\d{1,2})(?P<t>[-./。])(?P<d2>\d{1,2})(?:[日号]|(?!\d))"
    r"|(?P<d3>\d{1,2})(?:(?P<r3>[日号])|(?!\d)))" + TAIL,
    re.ASCII,
)


@dataclass(frozen=True)
class _Part:
    """One end of a span as written; what is left out comes from the other end."""

    year: str | None
    month: int | None
    day: int
    worded: bool
    """With 月, rather than with points."""
    closed: bool
    """With 日 behind the day."""
    dashed: bool
    """With dashes, as in 12-28."""
    weekday: str | None
    time: str | None


def span_text(value: tuple[dt.date, dt.date]) -> str:
    """A span as it is read again without a note."""
    first, last = value
    return first.isoformat() if first == last else f"{first.isoformat()}至{last.isoformat()}"


def read_span(raw: Any, field: Field, year: int) -> Reading:
    """One day or several in a row as (first, last)."""
    found = find_in(raw, year)
    if found.day is not None:
        iso = found.day.isoformat()
        same = isinstance(raw, dt.date) or raw == iso
        note = "；".join(([] if same else [f"读作 {iso}"]) + found.notes)
        return Reading((found.day, found.day), note)
    if not isinstance(raw, str):
        return Reading(expected=found.problem)
    days = _days(plain_date(raw), year)
    if isinstance(days, str):
        reason = days or found.problem.removeprefix(EXPECTED)
        return Reading(expected=_EXPECTED + reason)
    if problem := next((each.problem for each in days if each.day is None), ""):
        return Reading(expected=problem)
    span = [each.day for each in days if each.day is not None]
    notes = list(dict.fromkeys(note for each in days for note in each.notes))
    value = (span[0], span[-1])
    if value[1] < value[0]:
        return Reading(expected=f"{_EXPECTED}（结束早于开始；跨年的请写全年份）")
    text = span_text(value)
    return Reading(value, "；".join(([] if raw == text else [f"读作 {text}"]) + notes))


def _days(text: str, year: int) -> list[Found] | str:
    """The first and last day, or all days of a list; else why not (may be empty)."""
    if match := _ISO_TWICE.fullmatch(text):
        return _resolved(list(match.groups()), year)
    for separator in (_STRONG, _DASH):
        ends = separator.split(text)
        if len(ends) == 2:
            return _resolved(ends, year)
        if len(ends) > 2 and separator is _STRONG:
            return ""
    several = _AND.split(text)
    if 2 <= len(several) <= 31:
        days = _resolved(several, year)
        if isinstance(days, str) or any(each.day is None for each in days):
            return days
        each_day = [each.day for each in days if each.day is not None]
        if any(b - a != dt.timedelta(days=1) for a, b in pairwise(each_day)):
            return "（不是连续的几天，请分行填写）"
        return days
    return ""


def _resolved(texts: list[str], year: int) -> list[Found] | str:
    """The days of the parts; year and month of one hold for those behind it."""
    parts = [_part(text) for text in texts]
    if any(part is None for part in parts):
        return ""
    known = [part for part in parts if part is not None]
    first = known[0]
    if first.month is None or not _is_written_as_one(known):
        return ""
    if first.year is None and any(part.year for part in known):
        return "（请写全起止年份）"
    stated, month, days = first.year, first.month, []
    for part in known:
        stated = part.year or stated
        month = part.month or month
        found = with_year(stated, month, part.day, year)
        days.append(check_tail(found, part.weekday, part.time))
    return days


def _is_written_as_one(parts: list[_Part]) -> bool:
    """Whether the days are days for sure: “3.5-6”, “3-5、3-6” could be something else."""
    first = parts[0]
    if first.worded:
        return any(part.closed for part in parts) and all(
            part.worded or part.month is None for part in parts
        )
    if any(part.worded for part in parts):
        return False
    return first.year is not None or all(part.month and not part.dashed for part in parts)


def _part(text: str) -> _Part | None:
    match = _PART.fullmatch(text)
    if not match or (match["s"] and match["s"] != match["t"]):
        return None
    month = match["m1"] or match["m2"]
    return _Part(
        year=match["y1"] or match["y2"],
        month=int(month) if month else None,
        day=int(match["d1"] or match["d2"] or match["d3"]),
        worded=match["m1"] is not None,
        closed=bool(match["r1"] or match["r3"]),
        dashed=match["t"] == "-",
        weekday=match["weekday"],
        time=match["time"],
    )
