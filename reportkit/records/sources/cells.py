"""One value of a source, read as its column's type: exactly, or not at all."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from reportkit.records.opening.limits import MAXIMUM_TEXT
from reportkit.records.private import find_private, find_private_number
from reportkit.records.schemas import Column

_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,18})?", re.ASCII)
_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2}))"
    r"(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?",
    re.ASCII,
)
_FLAGS = {
    **dict.fromkeys(("true", "t", "1", "是"), True),
    **dict.fromkeys(("false", "f", "0", "否"), False),
}
_PERIODS = {
    "period": (r"\d{4}(?:Q[1-4]|-(?:0[1-9]|1[0-2]))?", "期间：2023、2023Q1 或 2023-01"),
    "due_period": (r"\d{4}(?:Q[1-4]|-(?:0[1-9]|1[0-2]))", "期间：2023Q1 或 2023-01"),
    "month": (r"\d{4}-(?:0[1-9]|1[0-2])", "月份：2023-01"),
}
_NUMBERED = ("_id", "_no", "code", "plan_item")


class WrongValue(Exception):
    """A value that its column cannot take; says what is expected. ``private``: say no more."""

    def __init__(self, expected: str, *, private: bool = False) -> None:
        super().__init__(expected)
        self.expected = expected
        self.private = private


class Dated:
    """Counts the dates that came with a time of day: only the day is kept."""

    def __init__(self) -> None:
        self.with_time = 0


def is_blank(value: Any) -> bool:
    """Whether a value says nothing: NULL, NaN, or text of spaces alone."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, float) and math.isnan(value)


def text(value: Any, column: Column) -> str:
    """A text, without the spaces around it; a whole number stands for its digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        if find_private_number(value):
            raise WrongValue("不含证件号码、电话号码", private=True)
        value = str(value)
    if not isinstance(value, str):
        raise WrongValue("文字")
    return _checked_text(value.strip(), column)


def _checked_text(value: str, column: Column) -> str:
    if len(value) > MAXIMUM_TEXT:
        raise WrongValue(f"不超过{MAXIMUM_TEXT}个字符")
    if any("\ud800" <= c <= "\udfff" or (c < " " and c not in "\t\n\r") for c in value):
        raise WrongValue("UTF-8 文字，不含控制字符")
    if find_private(value, numbered=column.name.endswith(_NUMBERED)):
        raise WrongValue("不含证件号码、电话号码", private=True)
    if column.allowed and value not in column.allowed:
        raise WrongValue("、".join(column.allowed) + " 之一")
    if column.name in _PERIODS:
        pattern, expected = _PERIODS[column.name]
        if not re.fullmatch(pattern, value, re.ASCII):
            raise WrongValue(expected)
    return value


def whole(value: Any, column: Column) -> int:
    """A whole number, zero or more."""
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, float | Decimal) and math.isfinite(value) and value == int(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**18:
        raise WrongValue("不小于0的整数")
    return value


def decimal(value: Any, column: Column) -> float:
    """A number, zero or more."""
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise WrongValue("不小于0的数")
    if not math.isfinite(value) or not 0 <= value < 10**18:
        raise WrongValue("不小于0的数")
    return float(value)


def flag(value: Any, column: Column) -> bool:
    """Yes or no: true/false, t/f, 1/0, 是/否."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and value in (0, 1):
        return value == 1
    if isinstance(value, str) and value.strip().lower() in _FLAGS:
        return _FLAGS[value.strip().lower()]
    raise WrongValue("是/否、true/false 或 1/0")


def day(value: Any, column: Column) -> tuple[dt.datetime, bool]:
    """A day at midnight, and whether a time of day was dropped."""
    expected = "日期，如 2023-03-05"
    if isinstance(value, str):
        match = _DATE.fullmatch(value.strip())
        if not match:
            raise WrongValue(expected)
        y, m, d, *clock = (int(part) for part in match.groups() if part)
        hour, minute, second = (*clock, 0, 0, 0)[:3]
        try:
            value = dt.datetime(y, m, d, hour, minute, second)
        except ValueError:
            raise WrongValue(f"{expected}（没有这一天或这一刻）") from None
    if isinstance(value, dt.datetime):
        if value.tzinfo is not None:
            raise WrongValue("不带时区的日期，如 2023-03-05")
    elif isinstance(value, dt.date):
        value = dt.datetime(value.year, value.month, value.day)
    else:
        raise WrongValue(expected)
    if not 1950 <= value.year <= 2100:
        raise WrongValue(f"{expected}（1950年至2100年）")
    midnight = dt.datetime(value.year, value.month, value.day)
    return midnight, value != midnight


READERS: dict[str, Callable[[Any, Column], Any]] = {
    "str": text,
    "Int64": whole,
    "Float64": decimal,
    "boolean": flag,
    "datetime64[us]": day,
}


def read_column(
    values: Sequence[Any], column: Column, dated: Dated
) -> tuple[list[Any], dict[int, WrongValue]]:
    """Every value of a column, blanks as None; and by place what could not be read."""
    reader = READERS[column.dtype]
    # Values repeat much: each is read once. 1, 1.0 and True are equal, but not the same.
    known: dict[tuple[type, Any], Any] = {}
    found: list[Any] = []
    wrong: dict[int, WrongValue] = {}
    for place, value in enumerate(values):
        key = (value.__class__, value)
        try:
            result = known.get(key, known)
        except TypeError:  # a list or a map, which no column holds
            result = WrongValue("单个值")
        if result is known:
            result = known[key] = _read(value, column, reader)
        if isinstance(result, WrongValue):
            wrong[place] = result
            found.append(None)
        elif isinstance(result, tuple):
            found.append(result[0])
            dated.with_time += result[1]
        else:
            found.append(result)
    return found, wrong


def _read(value: Any, column: Column, reader: Callable[[Any, Column], Any]) -> Any:
    if is_blank(value):
        return None
    try:
        return reader(value, column)
    except WrongValue as error:
        return error
