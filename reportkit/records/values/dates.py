"""Dates and periods in the spellings of hand-filled forms."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from reportkit.records.forms import Field
from reportkit.records.values.base import Reading, is_number, narrow, whole_text
from reportkit.text.numerals import chinese_whole, chinese_year

FIRST_YEAR, LAST_YEAR = 1950, 2100
EXPECTED = "日期，如 2023-03-05"
_EPOCH = dt.date(1899, 12, 30)
_WEEKDAYS = "一二三四五六日"


@dataclass
class Found:
    """A day that was recognised, or why it was not; what was filled in or left out."""

    day: dt.date | None = None
    problem: str = ""
    notes: list[str] = field(default_factory=list)


# --- the text, made plain --------------------------------------------------------------

_AROUND_MARK = re.compile(r"\s*([年月])\s*|(?<=\d)\s+([日号])|(?<=\d)\s*([./。、,])\s*(?=\d)")
_CHINESE_YEAR = re.compile(r"[零〇○OＯ一二三四五六七八九0]{4}(?=年)")
_CHINESE_MONTH = re.compile(r"(?<![\d十])(?:[一二三四五六七八九十]{1,2}|元)(?=月)")
_CHINESE_DAY = re.compile(
    r"(?<![周期拜\d一二三四五六七八九十])[一二三四五六七八九十]{1,3}(?=[日号])"
)


def plain_date(text: str) -> str:
    """Digits and marks of ordinary width, Chinese numerals as digits, no blanks at marks."""
    text = narrow(text).strip().rstrip("。")
    text = _CHINESE_YEAR.sub(lambda m: str(chinese_year(m[0]) or m[0]), text)
    text = _CHINESE_MONTH.sub(_digits, text)
    text = _CHINESE_DAY.sub(_digits, text)
    return _AROUND_MARK.sub(r"\1\2\3", text)


def _digits(match: re.Match[str]) -> str:
    value = 1 if match[0] == "元" else chinese_whole(match[0])
    return match[0] if value is None else str(value)


# --- one day ---------------------------------------------------------------------------

_CLOCK = r"(\d{1,2})(?:[:点时](?:(\d{1,2})分?|半|整)?(?::\d{2}(?:\.\d+)?)?)"
_HALF_DAY = r"(?:上午|下午|早上|晚上|中午|凌晨|晚|全天)"
TAIL = (
    r"(?P<tail>(?:[ ,]?\(?(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])\)?)?"
    rf"(?P<time>[ ,T]?\(?{_HALF_DAY}?\)? ?"
    rf"(?:{_CLOCK} ?(?:(?:[-~至到]|—+|–) ?{_HALF_DAY}?{_CLOCK})?)?Z?)?)"
)
"""What may follow a date: its weekday, which must be right, and a time, which is left out."""
_DAY = re.compile(
    r"(?:(?P<y1>\d{4}(?=[-./。、,])|\d{2}(?=[-./。]))(?P<sep>[-./。、,])(?P<m1>\d{1,2})"
    r"(?:(?P=sep)|月)(?P<d1>\d{1,2})(?:[日号]|(?!\d))"
    r"|(?P<y2>\d{4}|\d{2})年(?P<m2>\d{1,2})[-./月](?P<d2>\d{1,2})(?:[日号]|(?!\d))"
    r"|(?P<m3>\d{1,2})月(?P<d3>\d{1,2})[日号]"
    r"|(?P<y4>\d{4})(?P<m4>\d{2})(?P<d4>\d{2})(?!\d))" + TAIL,
    re.ASCII,
)
_VAGUE = re.compile(r"旬|初|底|中$|末|左右|前后|近|每|季|上半|下半|月$|月份$")
_TIME_LEFT_OUT = "时间部分未采用"


def find_day(text: str, year: int) -> Found:
    """The one day that a text (see :func:`plain_date`) names."""
    match = _DAY.fullmatch(text)
    if not match:
        vague = "，要写明是哪一天" if _VAGUE.search(text) and len(text) <= 20 else ""
        return Found(problem=EXPECTED + vague)
    part = {name: value for name, value in match.groupdict().items() if value}
    y = part.get("y1") or part.get("y2") or part.get("y4")
    m = part.get("m1") or part.get("m2") or part.get("m3") or part["m4"]
    d = part.get("d1") or part.get("d2") or part.get("d3") or part["d4"]
    found = with_year(y, int(m), int(d), year)
    return check_tail(found, part.get("weekday"), part.get("time"))


def with_year(stated: str | None, month: int, day: int, year: int) -> Found:
    """The day of a month; a missing year is the form's, two digits of it must be near."""
    if stated is None:
        found = calendar_day(year, month, day)
        found.notes = [f"未写年份，按{year}年处理"]
        return found
    y = int(stated)
    if len(stated) == 2:
        y += year // 100 * 100
        if abs(y - year) > 1:
            return Found(problem=f"{EXPECTED}，年份写四位")
    return calendar_day(y, month, day)


def calendar_day(y: int, m: int, d: int) -> Found:
    """The day, if the calendar has it and it is in reach."""
    if not FIRST_YEAR <= y <= LAST_YEAR:
        return Found(problem=f"{EXPECTED}（年份在{FIRST_YEAR}至{LAST_YEAR}之间）")
    try:
        return Found(dt.date(y, m, d))
    except ValueError:
        return Found(problem=f"{EXPECTED}（没有{y}年{m}月{d}日这一天）")


def check_tail(found: Found, weekday: str | None, time: str | None) -> Found:
    """The same day unless its weekday contradicts it or its time is none; a note of the time."""
    if found.day is None:
        return found
    if weekday:
        right = _WEEKDAYS[found.day.weekday()]
        if weekday.replace("天", "日") != right:
            return Found(
                problem=f"{EXPECTED}（{found.day.isoformat()} 是星期{right}，与所写星期不符）"
            )
    if time and time.strip(" ,()"):
        for hour, minute in re.findall(_CLOCK, time):
            if int(hour) > 24 or int(minute or 0) > 59:
                return Found(problem=f"{EXPECTED}（没有“{time.strip()}”这个时间）")
        found.notes.append(_TIME_LEFT_OUT)
    return found


def of_cell(raw: Any) -> Found | None:
    """The day of a date cell; None if the cell holds something else."""
    if isinstance(raw, dt.date):
        # a broken timestamp has no year to compare: it is refused, not an error
        day = raw.date() if isinstance(raw, dt.datetime) and raw == raw else raw
        return Found(day) if FIRST_YEAR <= day.year <= LAST_YEAR else Found(problem=EXPECTED)
    return None


def of_number(raw: float, year: int) -> Found:
    """20230305, or the serial number of a date within a year of the form's."""
    if 19_500_101 <= raw <= 21_001_231 and raw == int(raw):
        digits = str(int(raw))
        return calendar_day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if 10_000 <= raw <= 80_000:
        day = _EPOCH + dt.timedelta(days=int(raw))
        if abs(day.year - year) <= 1:
            left_out = [_TIME_LEFT_OUT] if raw != int(raw) else []
            return Found(day, notes=["单元格不是日期格式，按Excel日期序号读取", *left_out])
    return Found(problem=f"{EXPECTED}（单元格里是数字，看不出是哪一天）")


def find_in(raw: Any, year: int) -> Found:
    """The day in a cell of any type."""
    if (found := of_cell(raw)) is not None:
        return found
    if is_number(raw):
        return of_number(raw, year)
    if not isinstance(raw, str):
        return Found(problem=EXPECTED)
    text = plain_date(raw)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text, re.ASCII):
        return of_number(float(text), year)  # as a CSV has a serial number
    return find_day(text, year)


def read_date(raw: Any, field: Field, year: int) -> Reading:
    """One day as :class:`datetime.date`."""
    found = find_in(raw, year)
    if found.day is None:
        return Reading(expected=found.problem)
    iso = found.day.isoformat()
    same = isinstance(raw, dt.date) or raw == iso
    return Reading(found.day, "；".join(([] if same else [f"读作 {iso}"]) + found.notes))


# --- periods ---------------------------------------------------------------------------

_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR_PERIOD = re.compile(r"(\d{4})(?:年度?|度)?", re.ASCII)
_QUARTER_PERIOD = re.compile(
    r"(?:(\d{4})年?度?)?第?([一二三四1-4])季度?|(?:(\d{4})[-年]?)?Q([1-4])",
    re.ASCII | re.IGNORECASE,
)
_MONTH_PERIOD = re.compile(r"(?:(\d{4})年)?(\d{1,2})月份?|(\d{4})[-./](\d{1,2})", re.ASCII)


def read_period(raw: Any, field: Field, year: int) -> Reading:
    """``2023``, ``2023Q1`` or ``2023-01``; a period without its year is of this year."""
    expected = f"期间，如 {year}年、{year}年第一季度、{year}年3月"
    if isinstance(raw, dt.date):
        # Excel itself turns “2023年3月” into the first day of the month.
        if raw.day != 1 or not FIRST_YEAR <= raw.year <= LAST_YEAR:
            return Reading(expected=expected)
        return Reading(f"{raw.year}-{raw.month:02}", f"读作 {raw.year}年{raw.month}月")
    if is_number(raw):
        raw = whole_text(raw)  # the number 2023.1 may have been typed as 2023.10
    if not isinstance(raw, str):
        return Reading(expected=expected)
    text = re.sub(r"\s", "", _CHINESE_MONTH.sub(_digits, _chinese_year(narrow(raw))))
    if match := _YEAR_PERIOD.fullmatch(text):
        return _with_year("", match[1], year, expected)
    if match := _QUARTER_PERIOD.fullmatch(text):
        quarter = _QUARTERS[match[2] or match[4]]
        return _with_year(f"Q{quarter}", match[1] or match[3], year, expected)
    if (match := _MONTH_PERIOD.fullmatch(text)) and 1 <= int(match[2] or match[4]) <= 12:
        month = f"-{int(match[2] or match[4]):02}"
        return _with_year(month, match[1] or match[3], year, expected)
    return Reading(expected=expected)


def _chinese_year(text: str) -> str:
    return _CHINESE_YEAR.sub(lambda m: str(chinese_year(m[0]) or m[0]), text)


def _with_year(rest: str, stated: str | None, year: int, expected: str) -> Reading:
    if stated is None:
        return Reading(f"{year}{rest}", f"未写年份，按{year}年处理")
    if not FIRST_YEAR <= int(stated) <= LAST_YEAR:
        return Reading(expected=expected)
    return Reading(f"{stated}{rest}")
