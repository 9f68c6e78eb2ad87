"""Texts, numbers of rows and persons (编号), and lists of topic codes (专题编号)."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any

from reportkit.records.forms import Field
from reportkit.records.values.base import Reading, is_number, narrow, whole_text
from reportkit.text.numerals import chinese_whole

_TOO_LONG = "（数字超过15位，Excel 已改动末几位，请以文本格式填写）"


def read_text(raw: Any, field: Field, year: int) -> Reading:
    """A text as it stands; a number as Excel shows it."""
    if is_number(raw):
        if raw != raw or abs(raw) >= 10**15:
            return Reading(expected=f"文字{_TOO_LONG if abs(raw) >= 10**15 else ''}")
        raw = whole_text(raw) or repr(float(raw))
    if not isinstance(raw, str):
        return Reading(expected="文字")
    if len(raw) > field.longest:
        return Reading(expected=f"不超过{field.longest}字（现为{len(raw)}字）")
    return Reading(raw)


_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/-]{0,29}", re.ASCII)
_KEY_EXPECTED = "编号：数字、字母或短横线"


def read_key(raw: Any, field: Field, year: int) -> Reading:
    """A number or code that names a row or a person: ``12``, ``A-03``."""
    if is_number(raw):
        return _key_of_number(float(raw))
    if not isinstance(raw, str):
        return Reading(expected=_KEY_EXPECTED)
    text = re.sub(r"\.0+$", "", narrow(raw).strip())
    if not _KEY.fullmatch(text):
        text = plain_number(text)
    if not _KEY.fullmatch(text) or ("." in narrow(raw) and not text.isdigit()):
        return Reading(expected=_KEY_EXPECTED)
    return Reading(text, "" if text == raw else f"读作“{text}”")


_ORDINAL = re.compile(
    r"第?\(?第?([0-9]{1,9}|[零一二三四五六七八九十百]{1,7})(?:次|场|期|项|条|号)?\)?[.、]?"
)


def plain_number(text: str) -> str:
    """“第1次”, “(一)”, “01” as ``1``; another text as it is."""
    match = _ORDINAL.fullmatch(text)
    number = match and (int(match[1]) if match[1].isdigit() else chinese_whole(match[1]))
    return text if number is None else str(number)


@lru_cache(maxsize=4096)
def _key_of_number(raw: float) -> Reading:
    text = whole_text(raw)
    if text is None or not text.isdigit():
        return Reading(expected=_KEY_EXPECTED + (_TOO_LONG if abs(raw) >= 10**15 else ""))
    return Reading(text)


_BETWEEN_CODES = re.compile(r"[、,;；\s]+")


def read_codes(raw: Any, field: Field, year: int) -> Reading:
    """Topic codes joined by 、 as a tuple; Excel makes a date of a lone “2023-01”."""
    expected = "专题编号，多个之间用、隔开"
    if isinstance(raw, dt.date):
        if raw.day != 1:
            return Reading(expected=expected)
        code = f"{raw.year:04}-{raw.month:02}"
        return Reading((code,), f"日期格式的单元格读作编号“{code}”")
    if is_number(raw):
        # 2023.1 may have been typed as 2023.10: only whole numbers are sure
        text = whole_text(raw)
        return Reading((text,)) if text is not None and raw >= 0 else Reading(expected=expected)
    if not isinstance(raw, str):
        return Reading(expected=expected)
    written = [code for code in _BETWEEN_CODES.split(raw.replace("，", ",")) if code]
    codes = [narrow(code).strip() for code in written]
    if not codes or any(
        not code or len(code) > 30 or _BETWEEN_CODES.search(code) for code in codes
    ):
        return Reading(expected=expected)
    notes = [] if codes == written else [f"读作“{'、'.join(codes)}”"]
    once = tuple(dict.fromkeys(codes))
    if len(once) < len(codes):
        notes.append("重复的编号只计一次")
    return Reading(once, "；".join(notes))
