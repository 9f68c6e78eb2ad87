"""Whole numbers, decimals and percents, with their units or in Chinese characters."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from reportkit.records.forms import Field
from reportkit.records.values.base import Reading, is_number, narrow, without_header
from reportkit.text.numerals import chinese_decimal, chinese_whole

_PLAIN = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_UNIT = (
    "个小时|小时|学时|课时|分钟|人次|场次|周岁|次|场|期|人|名|位|天|日|篇|项|个|册|分|本|份|条"
    "|年度|年|月|件|节|遍|轮"
)
_AMOUNT = re.compile(
    rf"共?(?P<amount>[\d.,]+|[零〇○一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟]+(?:点[零〇一二三四五六七八九]+)?)"
    rf" ?(?P<unit>{_UNIT})?",
    re.ASCII,
)
_HALF = re.compile(
    rf"(?:(?P<whole>\d{{1,3}}|[一二两三四五六七八九十]+) ?个?)?半 ?个?(?P<unit>{_UNIT})", re.ASCII
)

_UNITS_OF = (
    (re.compile("应到|实到|人数|人员"), frozenset({"人", "名", "位", "人次", "个"})),
    (re.compile("学时|时长|小时"), frozenset({"小时", "个小时", "学时", "课时"})),
    (re.compile("天数"), frozenset({"天", "日"})),
    (re.compile("场次|场数"), frozenset({"场", "次", "场次"})),
    (re.compile("期数"), frozenset({"期", "次"})),
    (re.compile("次数|退回|次序"), frozenset({"次", "遍", "轮"})),
    (re.compile("年度|年份"), frozenset({"年", "年度"})),
    (re.compile("篇数"), frozenset({"篇", "份"})),
)
"""Which units fit a column, by a word of its header; others take any unit of a count."""
_COUNTS = frozenset(_UNIT.split("|")) - {"年", "年度", "月", "日", "分钟", "周岁"}


@lru_cache(maxsize=256)
def _fitting(headers: tuple[str, ...]) -> frozenset[str]:
    for header in headers:
        for word, units in _UNITS_OF:
            if word.search(header):
                return units
    return _COUNTS


def _amount(raw: str, field: Field) -> tuple[Decimal | None, str]:
    """The number written, and what is wrong with its unit; None if it is not one number."""
    text = narrow(raw).strip()
    units = _fitting(field.headers)
    if match := _HALF.fullmatch(text):
        return _with_half(match, units, field)
    match = _AMOUNT.fullmatch(text)
    if not match:
        return None, ""
    unit = match["unit"]
    if unit and unit not in units:
        return None, f"（单位“{unit}”与“{field.header}”不符）"
    amount = match["amount"]
    if _THOUSANDS.fullmatch(amount):
        return Decimal(amount.replace(",", "")), ""
    if _PLAIN.fullmatch(amount):
        return Decimal(amount), ""
    return chinese_decimal(amount), ""


def _with_half(
    match: re.Match[str], units: frozenset[str], field: Field
) -> tuple[Decimal | None, str]:
    """“半小时”, “两个半小时”; only where the header says that this unit is counted."""
    unit, whole = match["unit"], match["whole"]
    if unit not in units or units is _COUNTS:
        return None, f"（“半{unit}”请写成数字）"
    before = 0 if whole is None else int(whole) if whole.isdigit() else chinese_whole(whole)
    return (None, "") if before is None else (before + Decimal("0.5"), "")


_NONE = frozenset({"无", "没有", "未", "未曾", "从未", "没"})
"""Says 0 where the field does not take it for “not reported”."""


def read_whole(raw: Any, field: Field, year: int) -> Reading:
    """A count from 0 to 100,000 as int."""
    expected = "整数，如 12"
    if is_number(raw):
        if raw != raw or raw < 0 or raw > 100_000 or raw != int(raw):
            return Reading(expected=expected)
        return _whole(int(raw))
    if not isinstance(raw, str):
        return Reading(expected=expected)
    if "无" not in field.none_words and {raw, without_header(raw, field)} & _NONE:
        return Reading(0, "读作 0")
    value, problem = _amount(raw, field)
    if value is None or value > 100_000 or value != int(value):
        return Reading(expected=expected + problem)
    number = int(value)
    return Reading(number, "" if raw == str(number) else f"读作 {number}")


@lru_cache(maxsize=4096)
def _whole(value: int) -> Reading:
    return Reading(value)


def read_decimal(raw: Any, field: Field, year: int) -> Reading:
    """A number from 0 to 1000 as float; in a text with at most three decimals."""
    expected = "数字，如 2 或 1.5"
    if is_number(raw):
        return Reading(float(raw) + 0.0) if 0 <= raw <= 1000 else Reading(expected=expected)
    if not isinstance(raw, str):
        return Reading(expected=expected)
    value, problem = _amount(raw, field)
    if value is None or value > 1000 or value != round(value, 3):
        return Reading(expected=expected + problem)
    number = float(value)
    return Reading(number, "" if raw == f"{number:g}" else f"读作 {number:g}")


_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?) ?%", re.ASCII)
_BARE = re.compile(r"\d{1,3}(?:\.\d+)?", re.ASCII)
_SPELT = re.compile(
    r"百分之 ?(\d{1,3}(?:\.\d+)?|[零〇一二两三四五六七八九十百]+(?:点[零〇一二三四五六七八九]+)?)"
)


def percent_text(value: float) -> str:
    """A share from 0 to 1 as a percent in full, so that it is read as the same share."""
    text = f"{Decimal(repr(float(value))) * 100:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def read_percent(raw: Any, field: Field, year: int) -> Reading:
    """A share from 0 to 1 as float.

    95% and 0.95 are what they say; a bare 95 is read as 95% with a note. A bare number from
    1 to below 2 is refused: 1 may be 1% or 100%, 1.05 a hundred and five.
    """
    expected = "百分比，如 95%"
    if is_number(raw):
        if not 0 <= raw < 10**9:  # also nan
            return Reading(expected=expected)
        return _bare(Decimal(repr(raw)), "" if raw < 1 else "读作 ", expected)
    if not isinstance(raw, str):
        return Reading(expected=expected)
    text = narrow(raw).strip()
    if _BARE.fullmatch(text):
        return _bare(Decimal(text), "读作 ", expected)
    if match := _PERCENT.fullmatch(text):
        share = Decimal(match[1])
    elif (match := _SPELT.fullmatch(text)) and (spelt := _spelt_share(match[1])) is not None:
        share = spelt
    else:
        return Reading(expected=expected)
    if share > 100:
        return Reading(expected=f"{expected}，不超过100%")
    value = float(share / 100)
    written = percent_text(value)
    return Reading(value, "" if written == raw else f"读作 {written}")


def _spelt_share(text: str) -> Decimal | None:
    if text[0].isdigit():
        return Decimal(text)
    return chinese_decimal(re.sub("^百(?=$|点)", "一百", text))


def _bare(number: Decimal, note: str, expected: str) -> Reading:
    if 1 <= number < 2:
        either = f"{percent_text(float(number / 100))}，也可能是{percent_text(float(number))}"
        return Reading(expected=f"{expected}（{float(number):g} 可能是{either}，请写上%）")
    if number > 100:
        return Reading(expected=f"{expected}，不超过100%")
    value = float(number if number < 1 else number / 100)
    return Reading(value, f"{note}{percent_text(value)}" if note else "")
