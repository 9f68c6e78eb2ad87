"""The day on which a 数据确认单 was signed, in the spellings of hand-filled forms."""

from __future__ import annotations

import datetime as dt
import re

from reportkit.records.values.dates import find_day, plain_date

_BESIDE = re.compile(r"[(（]?(?:加?盖章处?|公章|签章|日期)[)）]?[:：]?")
_BLANK_FORM = re.compile(r"[\s_＿—\-/.年月日号]*")
_LEFT_BLANK = re.compile(r"(?<!\S)年\s*月\s*日")
"""What is printed, where the date was written on the line above it."""
_BLANKS = re.compile(r"(?<=[年月日\d])\s+|\s+(?=[年月日\d])")
_WITH_YEAR = re.compile(r"\d{4}|\d{2}年", re.ASCII)


def read_day(text: str, near: dt.date) -> dt.date | str | None:
    """The day; what is expected instead, where none can be read; None for a blank.

    ``near``: a date without its year is of the year in which it comes nearest to that day.
    """
    told = _LEFT_BLANK.sub("", _BESIDE.sub("", text))
    if _BLANK_FORM.fullmatch(told):
        return None
    told = _BLANKS.sub("", told.replace("_", "")).replace("元月", "1月").strip()
    tidy = plain_date(told)
    if _WITH_YEAR.search(tidy):
        found = find_day(tidy, near.year)
        return found.day or found.problem
    tidy = tidy.lstrip("年")
    tries = [find_day(tidy, near.year + step) for step in (-1, 0, 1)]
    days = [each.day for each in tries if each.day]
    return min(days, key=lambda day: abs(day - near)) if days else tries[1].problem
