"""Reading one cell: read right, corrected with a note, or refused. Nothing is guessed.

Each reader takes what calamine gives (text, number, bool, date, ``""``) and returns a
:class:`Reading`; it never raises.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reportkit.records.forms import Field, Kind


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell was read as.

    ``value`` is None for a blank or refused cell; ``note`` says what was corrected;
    ``expected`` says what a refused cell should hold, and is empty otherwise;
    ``stated_none`` tells “无” or “未报送” from a blank.
    """

    value: Any = None
    note: str = ""
    expected: str = ""
    stated_none: bool = False

    @property
    def refused(self) -> bool:
        return bool(self.expected)


BLANK = Reading()
NONE_STATED = Reading(stated_none=True)
IDENTITY = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15})(?!\d)", re.ASCII)
"""An identity number (18 digits, or the old 15), wherever it stands in a text."""
NO_IDENTITY = "不含证件号码的内容（本表不收集身份证号）"
NOTHING = {"/", "\\", "-", "－", "—", "——", "–", "--"}
"""Strokes that people put into a cell to say that it is empty on purpose."""

_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e"
                        "\u2060-\u2069\ufeff\ufffe\uffff]|_x00[01][0-9A-Fa-f]_")  # fmt: skip
_PLAIN = re.compile(r"[一-鿿A-Za-z0-9、，。：；（）《》“”.-]*")


def clean(raw: str) -> tuple[str, str]:
    """Text without control and invisible characters, outer and doubled blanks; and a note."""
    if _PLAIN.fullmatch(raw):
        return raw, ""
    text = _INVISIBLE.sub("", raw)
    note = "删去不可见的控制字符" if text != raw else ""
    return " ".join(text.split()), note


def _narrow(text: str) -> str:
    """Full-width digits, letters and signs as their ordinary forms."""
    return unicodedata.normalize("NFKC", text)


def has_identity(text: str) -> bool:
    """Whether an identity number stands in the text, also in full-width digits or groups."""
    return bool(IDENTITY.search(re.sub(r"(?<=\d) (?=[\dXx])", "", _narrow(text))))


def is_blank(raw: Any) -> bool:
    """Whether a cell holds nothing that can be seen."""
    return raw is None or (isinstance(raw, str) and not clean(raw)[0])


def read(raw: Any, field: Field, year: int) -> Reading:
    """Read one cell as ``field`` says; ``year`` fills in what a period leaves open."""
    if raw == "" or raw is None:
        return BLANK
    note = ""
    if isinstance(raw, str):
        text, note = clean(raw)
        if not text:
            return BLANK
        if text in field.none_words:
            return NONE_STATED
        if text in NOTHING:
            return BLANK if field.required else Reading(None, f"“{text}”按空白处理")
        if has_identity(text):
            return Reading(expected=NO_IDENTITY)
        raw = text
    reading = _READERS[field.kind](raw, field, year)
    if note and not reading.refused:
        return Reading(reading.value, "；".join(filter(None, (note, reading.note))))
    return reading


# --- texts -----------------------------------------------------------------------------


def _text(raw: Any, field: Field, year: int) -> Reading:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return Reading(expected="文字")
    text = raw if isinstance(raw, str) else _number_text(raw)
    if IDENTITY.search(text):
        return Reading(expected=NO_IDENTITY)
    if len(text) > field.longest:
        return Reading(expected=f"不超过{field.longest}字（现为{len(text)}字）")
    return Reading(text)


def _number_text(raw: float) -> str:
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e18:
        return str(int(raw))
    return str(raw)


_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/-]{0,29}", re.ASCII)


def _key(raw: Any, field: Field, year: int) -> Reading:
    expected = "编号：数字、字母或短横线"
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return Reading(expected=expected)
    if isinstance(raw, int | float):
        text = _number_text(raw)
        if not text.isascii() or not text.isdigit() or IDENTITY.search(text):
            return Reading(expected=NO_IDENTITY if IDENTITY.search(text) else expected)
        return Reading(text)
    text = _narrow(raw).strip()
    text = text.removesuffix(".0") if text[:-2].isdigit() else text
    if not _KEY.fullmatch(text):
        return Reading(expected=expected)
    return Reading(text, "" if text == raw else f"读作“{text}”")


_CJK_GAP = re.compile(r"(?<=[㐀-鿿]) (?=[㐀-鿿])")
_NOT_IN_NAME = re.compile(r"[（）()、，,；;：:。\n]|^[\d.]+[人名位]$")
_NUMBER_ALONE = re.compile(r"[\d.]+")


def tidy_name(text: str) -> str:
    """A name without the blanks people put between two characters to align a column."""
    return _CJK_GAP.sub("", " ".join(text.split()))


def _name(raw: Any, field: Field, year: int) -> Reading:
    expected = "一个人的姓名，须与成员名单一致"
    if not isinstance(raw, str):
        return Reading(expected=expected)
    text = tidy_name(raw)
    if not text or len(text) > 30 or _NOT_IN_NAME.search(text) or _NUMBER_ALONE.fullmatch(text):
        return Reading(expected=expected)
    return Reading(text, "" if text == raw else f"读作“{text}”")


def _person(raw: Any, field: Field, year: int) -> Reading:
    """Somebody on the roster: a name, or a staff number where a name would not do."""
    number = _key(raw, field, year)
    if number.value is not None and number.value.isdigit():
        return number
    return _name(raw, field, year)


# --- numbers ---------------------------------------------------------------------------


def _whole(raw: Any, field: Field, year: int) -> Reading:
    expected = "整数，如 12"
    if isinstance(raw, bool):
        return Reading(expected=expected)
    if isinstance(raw, int | float):
        if raw != raw or raw < 0 or raw > 100_000 or not float(raw).is_integer():
            return Reading(expected=expected)
        return Reading(int(raw))
    if not isinstance(raw, str):
        return Reading(expected=expected)
    text = _narrow(raw).strip()
    if re.fullmatch(r"\d{1,6}(\.0)?", text, re.ASCII):
        number = int(text.removesuffix(".0"))
        return Reading(number, "" if raw == str(number) else f"读作 {number}")
    return Reading(expected=expected)


def _decimal(raw: Any, field: Field, year: int) -> Reading:
    expected = "数字，如 2 或 1.5"
    if isinstance(raw, bool):
        return Reading(expected=expected)
    if isinstance(raw, int | float):
        return Reading(float(raw)) if 0 <= raw <= 1000 else Reading(expected=expected)
    if not isinstance(raw, str):
        return Reading(expected=expected)
    text = _narrow(raw).strip()
    if re.fullmatch(r"\d{1,3}(\.\d{1,3})?", text, re.ASCII):
        return Reading(float(text), "" if text == raw else f"读作 {float(text):g}")
    return Reading(expected=expected)


_YES = {"是", "√", "有", "已", "对", "Y", "y", "TRUE", "✓", "☑", "✔"}
_NO = {"否", "×", "无", "未", "N", "n", "FALSE", "✗", "☒", "✘", "没有"}


def _flag(raw: Any, field: Field, year: int) -> Reading:
    if isinstance(raw, bool):
        return Reading(raw)
    if isinstance(raw, str):
        if raw in _YES:
            return Reading(True)
        if raw in _NO:
            return Reading(False)
    return Reading(expected="是 或 否")


def _choice(raw: Any, field: Field, year: int) -> Reading:
    expected = "、".join(word for word, _ in field.choices) + " 之一"
    if not isinstance(raw, str):
        return Reading(expected=expected)
    for word, stored in field.choices:
        if raw == word:
            return Reading(stored)
    tidy = _CJK_GAP.sub("", raw)
    for word, stored in (*field.choices, *field.synonyms):
        if tidy == word:
            return Reading(stored, f"“{raw}”读作“{stored}”")
    return Reading(expected=expected)


# --- dates and periods -----------------------------------------------------------------

_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|/(\d{1,2})/(\d{1,2})"
    r"|年(\d{1,2})月(\d{1,2})[日号])",
    re.ASCII,
)


def _date(raw: Any, field: Field, year: int) -> Reading:
    expected = "日期，如 2023-03-05"
    if isinstance(raw, dt.datetime):
        return Reading(raw.date()) if 1950 <= raw.year <= 2100 else Reading(expected=expected)
    if isinstance(raw, dt.date):
        return Reading(raw) if 1950 <= raw.year <= 2100 else Reading(expected=expected)
    if not isinstance(raw, str):
        return Reading(expected=expected)
    match = _DATE.fullmatch(re.sub(r"(?<=[年月]) (?=\d)", "", _narrow(raw)))
    if not match:
        return Reading(expected=expected)
    y, m, d = (int(group) for group in match.groups() if group)
    try:
        day = dt.date(y, m, d)
    except ValueError:
        return Reading(expected=f"{expected}（没有{y}年{m}月{d}日这一天）")
    if not 1950 <= y <= 2100:
        return Reading(expected=expected)
    return Reading(day, f"读作 {day.isoformat()}")


_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR_PERIOD = re.compile(r"(\d{4})年?(?:度)?", re.ASCII)
_QUARTER_PERIOD = re.compile(r"(?:(\d{4})年?)?第?([一二三四1-4])季度?|(\d{4})-?Q([1-4])", re.ASCII)
_MONTH_PERIOD = re.compile(r"(?:(\d{4})年)?(\d{1,2})月份?|(\d{4})[-./](\d{1,2})", re.ASCII)


def _period(raw: Any, field: Field, year: int) -> Reading:
    """``2023``, ``2023Q1`` or ``2023-01``; a period without its year is of this year."""
    expected = f"期间，如 {year}年、{year}年第一季度、{year}年3月"
    if isinstance(raw, dt.datetime | dt.date):
        # Excel itself turns “2023年3月” into the first day of the month.
        if raw.day != 1:
            return Reading(expected=expected)
        return Reading(f"{raw.year}-{raw.month:02}", f"读作 {raw.year}年{raw.month}月")
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return Reading(expected=expected)
    if isinstance(raw, float) and not raw.is_integer():
        return Reading(expected=expected)  # the number 2023.1 may have been typed as 2023.10
    text = re.sub(r"\s", "", _narrow(raw if isinstance(raw, str) else _number_text(raw)))
    if match := _YEAR_PERIOD.fullmatch(text):
        return Reading(match[1])
    if match := _QUARTER_PERIOD.fullmatch(text):
        quarter = _QUARTERS[match[2] or match[4]]
        stated = match[1] or match[3]
        return _with_year(f"Q{quarter}", stated, year)
    if (match := _MONTH_PERIOD.fullmatch(text)) and 1 <= int(match[2] or match[4]) <= 12:
        return _with_year(f"-{int(match[2] or match[4]):02}", match[1] or match[3], year)
    return Reading(expected=expected)


def _with_year(rest: str, stated: str | None, year: int) -> Reading:
    if stated:
        return Reading(f"{stated}{rest}")
    return Reading(f"{year}{rest}", f"未写年份，按{year}年处理")


# --- several in one cell ---------------------------------------------------------------


def _codes(raw: Any, field: Field, year: int) -> Reading:
    """Topic codes joined by 、 as a tuple; Excel makes a date of a lone “2023-01”."""
    expected = "专题编号，多个之间用、隔开"
    if isinstance(raw, dt.datetime | dt.date):
        if raw.day != 1:
            return Reading(expected=expected)
        code = f"{raw.year}-{raw.month:02}"
        return Reading((code,), f"日期格式的单元格读作编号“{code}”")
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return Reading(expected=expected)
    text = _narrow(raw if isinstance(raw, str) else _number_text(raw))
    codes = [code for code in re.split(r"[、,;\s]+", text) if code]
    if not codes or any(len(code) > 30 for code in codes):
        return Reading(expected=expected)
    return Reading(tuple(dict.fromkeys(codes)))


_OFFICIAL = re.compile(r"公务|公出|公差|因公|出差|开会|会议|参会")
_DEPUTY = re.compile(r"代|委托")
_PRESENT = re.compile(r"视频|线上|到会|出席|列席|迟到|早退")


def reason_status(reason: str) -> str | None:
    """The status that a reason gives; None if it speaks of someone who was there.

    公务 in its usual wordings is 公务假, any other reason 病事假, none 缺席; so is a deputy
    sent instead. The reason itself is not kept.
    """
    if not reason or _DEPUTY.search(reason):
        return "缺席"
    if _PRESENT.search(reason) and not _OFFICIAL.search(reason):
        return None
    return "公务假" if _OFFICIAL.search(reason) else "病事假"


_NOBODY = {"无", "零", "0", "无缺席", "全勤", "全部到会"}
_ABSENT = re.compile(r"([^（）()、，,；;。\n]+?) ?(?:[（(]([^（）()]*)[）)])?")


def _absent(raw: Any, field: Field, year: int) -> Reading:
    """“张伟（公务）、李娜（病假）” as ((name, status), …); “无” as ()."""
    expected = "姓名（原因）、姓名（原因），没有缺席的填“无”"
    if isinstance(raw, int | float) and not isinstance(raw, bool) and raw == 0:
        return Reading((), "“0”读作“无”")
    if not isinstance(raw, str) or len(raw) > field.longest:
        return Reading(expected=expected)
    if raw in _NOBODY:
        return Reading(())
    people = []
    for part in _split_outside_brackets(raw):
        match = _ABSENT.fullmatch(part)
        if not match or _NOT_IN_NAME.search(tidy_name(match[1])):
            return Reading(expected=expected)
        status = reason_status((match[2] or "").strip())
        if status is None:
            return Reading(expected=f"{expected}；视频参会、迟到的人不列入缺席")
        people.append((tidy_name(match[1]), status))
    if not people:
        return Reading(expected=expected)
    return Reading(tuple(people))


def _split_outside_brackets(text: str) -> list[str]:
    parts, depth = [""], 0
    for character in re.sub(r"(?<=[）)]) +", "、", text.rstrip("。；; ")):
        depth += (character in "（(") - (character in "）)")
        if depth == 0 and character in "、，,；;":
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]


_READERS: dict[Kind, Callable[[Any, Field, int], Reading]] = {
    "text": _text,
    "key": _key,
    "name": _name,
    "person": _person,
    "absent": _absent,
    "date": _date,
    "whole": _whole,
    "decimal": _decimal,
    "flag": _flag,
    "choice": _choice,
    "codes": _codes,
    "period": _period,
}
