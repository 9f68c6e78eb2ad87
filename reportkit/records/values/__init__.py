"""Reading one cell: read right, corrected with a note, or refused. Nothing is guessed.

Each reader takes what calamine gives (text, number, bool, date, ``""``) and returns a
:class:`Reading`; it never raises. What differs from what a person sees in the cell has a
note; blanks around and line breaks within a text are not seen and have none.

:mod:`.texts` text, key, codes · :mod:`.people` name, person, people · :mod:`.absent` absent ·
:mod:`.numbers` whole, decimal, percent · :mod:`.choices` flag, choice · :mod:`.dates` date,
period · :mod:`.spans` span.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any

from reportkit.records.forms import Field
from reportkit.records.private import (
    IDENTITY,
    find_private,
    find_private_number,
    has_identity,
    mask_private,
)
from reportkit.records.values.absent import read_absent
from reportkit.records.values.base import (
    BLANK,
    NO_IDENTITY,
    NO_TELEPHONE,
    NONE_STATED,
    NOTHING,
    Reader,
    Reading,
    ValueState,
    clean,
    is_blank,
    narrow,
    private_refusal,
)
from reportkit.records.values.choices import own_word, read_choice, read_flag
from reportkit.records.values.dates import read_date, read_period
from reportkit.records.values.numbers import (
    percent_text,
    read_decimal,
    read_percent,
    read_whole,
)
from reportkit.records.values.people import (
    read_name,
    read_people,
    read_person,
    tidy_name,
)
from reportkit.records.values.spans import read_span, span_text
from reportkit.records.values.texts import plain_number, read_codes, read_key, read_text

__all__ = [
    "BLANK",
    "IDENTITY",
    "NONE_STATED",
    "NOTHING",
    "NO_IDENTITY",
    "NO_TELEPHONE",
    "Reading",
    "ValueState",
    "clean",
    "has_identity",
    "is_blank",
    "mask_private",
    "narrow",
    "percent_text",
    "plain_number",
    "read",
    "span_text",
    "tidy_name",
]

_READERS: dict[str, Reader] = {
    "text": read_text,
    "key": read_key,
    "name": read_name,
    "person": read_person,
    "people": read_people,
    "absent": read_absent,
    "date": read_date,
    "span": read_span,
    "whole": read_whole,
    "decimal": read_decimal,
    "percent": read_percent,
    "flag": read_flag,
    "choice": read_choice,
    "codes": read_codes,
    "period": read_period,
}
_TEXTS = frozenset({"text", "key", "name", "person", "people", "absent", "codes"})
"""Kinds that would take a number of a person for what they ask; the others refuse it anyway."""
_LISTS = frozenset({"people", "absent"})
_NUMBERED = frozenset({"key", "person", "codes"})
_REPEATED = frozenset({"name", "person", "key", "flag", "date"})
"""Kinds whose cells come again and again, and need only what :func:`_repeated` is given."""
_STATES: dict[str, tuple[ValueState, str]] = {
    "不适用": ("不适用", ""),
    "不涉及": ("不适用", "“不涉及”按不适用处理"),
    "N/A": ("不适用", "“N/A”按不适用处理"),
    "n/a": ("不适用", "“n/a”按不适用处理"),
    "未核查": ("未核查", ""),
    "未查": ("未核查", "“未查”按未核查处理"),
}


def read(raw: Any, field: Field, year: int) -> Reading:
    """Read one cell as ``field`` says.

    Parameters
    ----------
    raw:
        What stands in the cell: text, number, bool, date, time; ``""`` or None for a blank.
        Anything else is refused.
    field:
        The column of the form; an unknown ``kind`` is refused.
    year:
        The year of the form: it fills in what a date or a period leaves open.
    """
    if raw is None:
        return BLANK
    if isinstance(raw, str):
        if not raw:
            return BLANK
        if field.kind in _REPEATED and len(raw) <= 20:
            headers = field.headers if field.kind == "flag" else ("",)
            return _repeated(raw, field.kind, field.none_words, field.required, year, headers)
        return own_word(raw, field) or _of_text(raw, field, year)
    if isinstance(raw, dt.datetime) and field.kind == "date":
        return _day(raw)
    return _of_other(raw, field, year)


@lru_cache(maxsize=32_768)
def _repeated(
    raw: str, kind: Any, none_words: tuple[str, ...], required: bool, year: int,
    headers: tuple[str, ...],
) -> Reading:  # fmt: skip
    """A short text of a kind that depends on nothing else: sign-in sheets repeat their names."""
    return _of_text(raw, Field("", headers, kind, required, none_words=none_words), year)


@lru_cache(maxsize=4096)
def _day(raw: dt.datetime) -> Reading:
    return read_date(raw, _DATE, raw.year)


_DATE = Field("", ("",), "date")


def _of_text(raw: str, field: Field, year: int) -> Reading:
    kind = field.kind
    if kind in _LISTS:
        raw = re.sub(r"\s*[\r\n]+\s*", "\n", raw.strip())
    text, note = clean(raw, keep_lines=kind in _LISTS)
    if not text:
        return BLANK
    said = own_word(text, field) or _stated(text, field)
    if said is not None:
        return said.with_note_before(note)
    if kind in _TEXTS:
        code = find_private(text, numbered=kind in _NUMBERED)
        if code:
            return private_refusal(code)
    reader = _READERS.get(kind)
    reading = reader(text, field, year) if reader else Reading(expected="系统能识别的内容")
    if reading.refused:
        if not reading.code and kind not in _TEXTS:
            code = find_private(text)
            return private_refusal(code) if code else reading
        return reading
    return reading.with_note_before(note)


def _stated(text: str, field: Field) -> Reading | None:
    """A word for nothing, for “not applicable”, for “not checked”; a stroke; else None."""
    plain = narrow(text)
    if plain in field.none_words:
        return NONE_STATED
    state = _STATES.get(plain.strip("()。. "))
    if state is not None:
        return Reading(None, state[1], state=state[0])
    if NOTHING.fullmatch(text):
        return BLANK if field.required else Reading(None, f"“{text}”按空白处理")
    return None


def _of_other(raw: Any, field: Field, year: int) -> Reading:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        if code := find_private_number(raw):
            return private_refusal(code)
        if isinstance(raw, int) and abs(raw) >= 10**18:
            raw = float("inf")  # nothing here is so large; an int of any length would not print
    elif not isinstance(raw, bool | dt.date | dt.time | dt.timedelta):
        raw = None  # bytes, lists: no reader knows them, and each refuses None
    reader = _READERS.get(field.kind)
    return reader(raw, field, year) if reader else Reading(expected="系统能识别的内容")
