"""Properties of the readers of dates, numbers, percents and names, over any input."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

from hypothesis import assume, example, given
from hypothesis import strategies as st

from reportkit.records.forms import Field, Kind
from reportkit.records.values import Reading, percent_text, read, span_text

KINDS = get_args(Kind)
YEARS = st.integers(2000, 2040)
DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2100, 12, 31))
_ALPHABET = (
    "0123456789年月日号第一二三四十百零两点半.．,，、；。/-—~至（）() \n％%约共人次小时学时天"
    "张伟李娜同志书记代·星期上午:Q无"
)
TEXTS = (
    st.text(max_size=40)
    | st.text(st.characters(), max_size=30)
    | st.text(_ALPHABET, max_size=24)
    | st.from_regex(r"20[12]\d[-./年]\d{1,2}[-./月]\d{1,2}日?([-—至]\d{1,2}日?)?", fullmatch=True)
)
ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.dates() | st.datetimes()
    | st.times() | st.timedeltas() | st.binary(max_size=8)
)  # fmt: skip
NAMES = st.text("王李张刘陈杨赵黄周吴伟芳娜敏静丽强磊军洋勇艳杰娟涛明", min_size=2, max_size=3)
FULL_WIDTH = str.maketrans("0123456789.%", "０１２３４５６７８９．％")


def one(raw: Any, kind: Any, year: int = 2023, **more: Any) -> Reading:
    return read(raw, Field("x", ("X",), kind, **more), year)


def canonical(value: Any, kind: str) -> str:
    """How a value is written so that it is read again as it stands."""
    if kind == "span":
        return span_text(value)
    if kind == "percent":
        return percent_text(value)
    if kind == "decimal":
        return f"{value:g}"
    if kind == "people":
        return "、".join(value)
    return value.isoformat() if kind == "date" else str(value)


@given(ANYTHING, st.sampled_from(KINDS), YEARS, st.booleans())
@example("_x00\u200b0D_", "text", 2023, False)
@example("\ud800", "name", 2023, False)
@example("", "absent", 2023, False)
def test_any_cell_gives_a_reading_that_agrees_with_itself(
    raw: Any, kind: Kind, year: int, required: bool
) -> None:
    """Nothing raises; a refusal has neither value, note nor state; a value has no code."""
    reading = one(raw, kind, year, required=required)
    if reading.refused:
        assert reading.value is None and not reading.note and not reading.state
    else:
        assert not reading.code
        assert not (reading.state and reading.value is not None)


_WRITTEN = ("date", "span", "whole", "decimal", "percent", "name", "people")


@given(TEXTS, st.sampled_from(_WRITTEN), YEARS)
@example("张三 李四", "people", 2023)
@example("2023年2月30日", "date", 2023)
def test_a_text_is_never_changed_in_silence(raw: str, kind: Kind, year: int) -> None:
    """What is read is what stands there, but for blanks at its ends, or there is a note."""
    reading = one(raw, kind, year)
    if reading.value is not None and not reading.note:
        assert canonical(reading.value, kind) == " ".join(raw.split())


PLAUSIBLE = (
    st.floats(0, 1) | st.floats(2, 100) | st.integers(0, 1000) | st.integers(43000, 47000)
    | DAYS | DAYS.map("{0.year}.{0.month}.{0.day}".format)
    | st.builds("{}月{}-{}日".format, st.integers(1, 12), st.integers(1, 14), st.integers(15, 28))
    | st.builds("{}{}".format, st.integers(0, 200), st.sampled_from(["次", "%", " 人", ".50", ""]))
    | st.lists(NAMES, min_size=1, max_size=3, unique=True).map(" ".join) | NAMES.map(" ".join)
)  # fmt: skip


@given(ANYTHING | PLAUSIBLE, st.sampled_from(_WRITTEN), YEARS)
@example(0.1234567890123, "percent", 2023)
@example(5e-324, "percent", 2023)
def test_what_was_read_is_read_again_without_a_note(raw: Any, kind: Kind, year: int) -> None:
    """The text of a value, put into the cell, gives the value: corrections come to rest."""
    reading = one(raw, kind, year)
    if reading.value is None or (kind == "decimal" and round(reading.value, 3) != reading.value):
        return  # texts of decimals have three places
    assert one(canonical(reading.value, kind), kind, year) == Reading(reading.value)


_DATES = (
    "{0}-{1}-{2}", "{0}-{1:02}-{2:02}", "{0}.{1}.{2}", "{0}/{1:02}/{2:02}", "{0}年{1}月{2}日",
    "{0}年{1:02}月{2:02}号", "{0} 年 {1} 月 {2} 日", "{0}{1:02}{2:02}", "{0}。{1}。{2}",
    "{0}-{1:02}-{2:02} 09:30:00", "{0}年{1}月{2}日（星期{3}）上午9:00",
)  # fmt: skip


@given(DAYS, st.sampled_from(_DATES), st.booleans())
def test_a_date_in_any_spelling_is_that_date(day: dt.date, pattern: str, wide: bool) -> None:
    """Points, strokes, 年月日, eight digits, with weekday and time, full width."""
    text = pattern.format(day.year, day.month, day.day, "一二三四五六日"[day.weekday()])
    reading = one(text.translate(FULL_WIDTH) if wide else text, "date")
    assert reading.value == day
    assert bool(reading.note) == (text != day.isoformat() or wide)


@given(DAYS)
def test_a_date_cell_and_its_eight_digits_are_that_date(day: dt.date) -> None:
    """A date cell as it is; eight digits in a number cell with a note."""
    assert one(dt.datetime(day.year, day.month, day.day, 9), "date") == Reading(day)
    number = float(day.strftime("%Y%m%d"))
    assert one(number, "date").value == day and one(number, "date").note


@given(DAYS, st.integers(2000, 2040))
def test_a_serial_number_is_read_only_near_the_form_s_year(day: dt.date, year: int) -> None:
    """44990 is a day of March 2023 in a form of 2022 to 2024, and a mere number elsewhere."""
    serial = (day - dt.date(1899, 12, 30)).days
    reading = one(float(serial), "date", year)
    if abs(day.year - year) <= 1:
        assert reading.value == day and "序号" in reading.note
    else:
        assert reading.refused


@given(DAYS, st.integers(1, 6))
def test_a_weekday_that_is_not_the_date_s_is_refused(day: dt.date, off: int) -> None:
    """One of the two is wrong, and nobody can know which."""
    wrong = "一二三四五六日"[(day.weekday() + off) % 7]
    assert one(f"{day.isoformat()} 星期{wrong}", "date").refused


@given(DAYS, st.integers(1, 20), st.sampled_from(["至", "—", "~", "到", "-"]))
def test_a_span_in_any_spelling_is_those_days_and_backwards_none(
    first: dt.date, days: int, sign: str
) -> None:
    """From the earlier to the later day; the other way round it is refused."""
    last = first + dt.timedelta(days=days)
    assume(last.year <= 2100)
    for pattern in ("{0.year}年{0.month}月{0.day}日", "{0.year}.{0.month}.{0.day}", "{0}"):
        begin, end = pattern.format(first), pattern.format(last)
        assert one(f"{begin}{sign}{end}", "span").value == (first, last)
        assert one(f"{end}{sign}{begin}", "span").refused


def spelt(number: int) -> str:
    """A number below 100 in Chinese characters."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if tens == 0:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


@given(st.integers(0, 99_999), st.sampled_from(["{}", "{}次", "{} 人次", "{:,}", "{}.0", "共{}个"]))
def test_a_whole_number_in_any_spelling_is_that_number(number: int, pattern: str) -> None:
    """With units, thousands, a needless decimal, in full width."""
    text = pattern.format(number)
    for raw in (text, text.translate(FULL_WIDTH)):
        reading = one(raw, "whole")
        assert reading.value == number and bool(reading.note) == (raw != str(number))


@given(st.integers(0, 99))
def test_a_number_in_characters_is_that_number(number: int) -> None:
    """From 零 to 九十九, with and without a unit."""
    assert one(spelt(number), "whole").value == number
    assert one(f"{spelt(number)}人", "whole").value == number


@given(st.text("零一二两三四五六七八九十百千万", min_size=1, max_size=7))
def test_characters_are_one_number_or_refused(text: str) -> None:
    """Two different spellings of one number differ by 两 and a leading 一 only."""
    value = one(text, "whole").value
    if value is not None and value < 100:
        plain = text.replace("两", "二")
        assert plain in (spelt(value), f"一{spelt(value)}")


@given(st.integers(0, 10_000), st.booleans())
def test_a_percent_in_any_spelling_is_that_share(hundredths: int, wide: bool) -> None:
    """With its sign it is what it says, as a share from 0 to 1; bare only where it is clear."""
    share = hundredths / 10_000
    text = f"{hundredths // 100}.{hundredths % 100:02}%"
    assert one(text.translate(FULL_WIDTH) if wide else text, "percent").value == share
    bare = one(text.removesuffix("%"), "percent")
    if hundredths >= 200:
        assert bare.value == share and bare.note
    elif hundredths >= 100:
        assert bare.refused
    else:
        assert bare.value == hundredths / 100  # 0.50 is a half


@given(NAMES)
def test_a_name_spread_over_its_cell_is_that_name(name: str) -> None:
    """Blanks of any kind between all its characters are taken out, with a note."""
    assert one(name, "name") == Reading(name)
    for blank in (" ", "  ", "\u3000", "\n", "\u00a0"):
        reading = one(blank.join(name), "name")
        assert reading.value == name and reading.note


@given(st.lists(NAMES, min_size=2, max_size=5, unique=True), st.sampled_from("、，,；;/\n "))
def test_names_with_any_sign_between_them_are_those_names(names: list[str], sign: str) -> None:
    """As many persons as were written, in their order; in a cell for one name, none."""
    text = sign.join(names)
    assert one(text, "people").value == tuple(names)
    assert bool(one(text, "people").note) == (sign != "、")
    if sign != "\n" or len("".join(names)) > 3:
        assert one(text, "name").refused


@given(st.integers(13, 19), st.integers(0, 10**9 - 1), st.sampled_from(["{}", "张三{}", "（{}）"]))
def test_a_mobile_number_never_gets_in_nor_out(head: int, rest: int, pattern: str) -> None:
    """In one piece, in groups, full width or as a number cell: refused by its own code."""
    digits = f"{head}{rest:09}"
    grouped = f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    for text in (digits, grouped, grouped.replace(" ", "-"), digits.translate(FULL_WIDTH)):
        for kind in ("text", "name", "people"):
            assert one(pattern.format(text), kind).code == "telephone"
    assert one(float(digits), "key").code == one(int(digits), "text").code == "telephone"
