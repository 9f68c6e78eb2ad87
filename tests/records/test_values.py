"""Parsers of single cells: right, corrected with a note, or refused; never a guess."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.params.year import ABSENCE
from reportkit.records import forms
from reportkit.records.forms import Field, Kind
from reportkit.records.issues import Log, shown
from reportkit.records.values import Reading, read
from reportkit.records.values.absent import UNKNOWN_LEAVE as LEAVE


def one(raw: Any, kind: Kind, **more: Any) -> Reading:
    return read(raw, Field("x", ("X",), kind, **more), 2023)


@pytest.mark.parametrize(
    "raw", ["2023.3.5", "2023/3/5", "2023/03/05", "2023年3月5日", "2023年03月05日",
            "２０２３．３．５", " 2023-3-5 ", "2023年 3月 5日"],
)  # fmt: skip
def test_an_unambiguous_date_in_words_is_corrected_with_a_note(raw: str) -> None:
    reading = one(raw, "date")
    assert reading.value == dt.date(2023, 3, 5)
    assert "2023-03-05" in reading.note


@pytest.mark.parametrize(
    "raw",
    [
        "3月上旬",
        "2023.2.30",
        "2023-13-01",
        "3-5-2023",
        "21.3.5",
        "2023年3月",
        "12月28-29日",
        "2023.3-5",
        "2023-3/5",
        True,
        "明天",
        "0001-01-01",
        dt.time(9),
        "2023年2月29日",
        dt.datetime(1900, 1, 3),
    ],
)
def test_a_date_that_cannot_be_read_for_sure_is_refused(raw: Any) -> None:
    reading = one(raw, "date")
    assert reading.refused and reading.value is None


def test_excel_dates_are_read_without_a_note() -> None:
    assert one(dt.datetime(2023, 3, 5, 9, 30), "date") == Reading(dt.date(2023, 3, 5))
    assert one(dt.date(2023, 3, 5), "date") == Reading(dt.date(2023, 3, 5))
    assert one("2023-03-05", "date") == Reading(dt.date(2023, 3, 5))


@given(
    st.dates(dt.date(1950, 1, 1), dt.date(2100, 12, 31)),
    st.sampled_from(["{0}-{1}-{2}", "{0}.{1}.{2}", "{0}/{1:02}/{2:02}", "{0}年{1}月{2}日"]),
)
def test_dates_go_round(day: dt.date, pattern: str) -> None:
    assert one(pattern.format(day.year, day.month, day.day), "date").value == day


@given(st.integers(1900, 2150), st.integers(0, 40), st.integers(0, 40), st.sampled_from("-./"))
def test_a_date_is_either_the_one_written_or_refused(y: int, m: int, d: int, sign: str) -> None:
    reading = one(f"{y}{sign}{m}{sign}{d}", "date")
    if reading.value is not None:
        assert (reading.value.year, reading.value.month, reading.value.day) == (y, m, d)
    else:
        assert reading.refused


_ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60)
    | st.text("0123456789年月日第一季度、，（）()公务张伟李娜 .-/Q无", max_size=40)
    | st.dates() | st.datetimes() | st.times() | st.timedeltas()
)  # fmt: skip
_FIELDS = [f for sheet in (*forms.unit_sheets(), forms.sheet_of("cover")) for f in sheet.fields]


@given(_ANYTHING, st.sampled_from(_FIELDS))
def test_a_reader_never_raises_and_a_refusal_has_no_value(raw: Any, field: Field) -> None:
    reading = read(raw, field, 2023)
    assert not (reading.refused and reading.value is not None)
    assert not (reading.refused and (reading.note or reading.state))
    assert reading.refused or not reading.code


@given(st.text(max_size=80))
def test_what_an_issue_quotes_is_one_short_line(text: str) -> None:
    line = shown(text)
    assert len(line) <= 61 and "\n" not in line and "\x00" not in line


@pytest.mark.parametrize(
    ("raw", "value"),
    [(12, 12), (12.0, 12), ("12", 12), ("１２", 12), ("12.0", 12), (0, 0), (" 7 ", 7)],
)
def test_whole_numbers(raw: Any, value: int) -> None:
    assert one(raw, "whole").value == value


@pytest.mark.parametrize(
    "raw", ["三五", "十几", "12.5", 12.5, -1, "-1", True, float("nan"), float("inf"), "1e3", "约12"]
)
def test_what_is_no_whole_number_is_refused(raw: Any) -> None:
    assert one(raw, "whole").refused


@pytest.mark.parametrize("raw", ["是", "√", "有", "已", True])
def test_yes(raw: Any) -> None:
    assert one(raw, "flag").value is True


@pytest.mark.parametrize("raw", ["否", "×", "未", False])
def test_no(raw: Any) -> None:
    assert one(raw, "flag").value is False


@pytest.mark.parametrize("raw", ["可能", 2, "○", "□", "是否"])
def test_a_flag_that_is_neither_is_refused(raw: Any) -> None:
    assert one(raw, "flag").refused


def test_a_name_loses_the_blank_between_its_characters_with_a_note() -> None:
    assert one("张 三", "name") == Reading("张三", "读作“张三”")
    assert one("张\u3000三", "name").value == "张三"
    assert one("张\u200b三", "name").value == "张三"


@pytest.mark.parametrize(
    "raw", ["张三、李四", "张三（代）", "张三；李四", 12, "12", "张三，李四", "张" * 31]
)
def test_what_is_not_one_name_is_refused(raw: Any) -> None:
    assert one(raw, "name").refused


def test_a_person_may_be_named_by_staff_number() -> None:
    assert one(7002.0, "person").value == "7002" and one("7002", "person").value == "7002"
    assert one("张 三", "person").value == "张三" and one("张三、李四", "person").refused


def test_special_characters_in_a_name_are_kept_as_they_are() -> None:
    for name in ('张#$@*_<>"三', "`张三`", "阿依古丽·买买提", "=张三", "欧阳{x}"):
        assert one(name, "name").value == name


@pytest.mark.parametrize(
    "number",
    [
        "110101199003070018",
        "11010119900307001X",
        "110101900307001",
        "１１０１０１１９９００３０７００１８",
        "110101 19900307 0018",
    ],
)
@pytest.mark.parametrize("kind", ["name", "person", "text", "key", "absent", "codes"])
def test_an_identity_number_is_refused_everywhere_and_never_repeated(
    number: str, kind: Kind
) -> None:
    for raw in (number, f"张伟{number}", f"张伟（{number}）"):
        reading = one(raw, kind)
        assert reading.refused and number not in reading.expected
        assert number[:14] not in shown(raw)
        log = Log("f")
        log.add("identity_number", f"姓名：{raw}", "", "")
        assert number[:14] not in log.issues[0].found


def test_an_identity_number_typed_as_a_number_is_masked_too() -> None:
    raw = 110101199003070018.0
    assert one(raw, "name").refused and one(raw, "text").refused and one(raw, "key").refused
    assert "110101" not in shown(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2023年", "2023"),
        (2023.0, "2023"),
        ("2023年度", "2023"),
        ("2023年第一季度", "2023Q1"),
        ("2023年1季度", "2023Q1"),
        ("2023Q4", "2023Q4"),
        ("第三季度", "2023Q3"),
        ("2023年3月", "2023-03"),
        ("2023.3", "2023-03"),
        ("2023-11", "2023-11"),
        ("3月", "2023-03"),
        (dt.datetime(2023, 3, 1), "2023-03"),
    ],
)
def test_periods(raw: Any, value: str) -> None:
    assert one(raw, "period").value == value


@pytest.mark.parametrize(
    "raw", ["上半年", "每月", "2023年13月", "五季度", dt.datetime(2023, 3, 5), 2023.1, "3-4月"]
)
def test_what_is_no_period_is_refused(raw: Any) -> None:
    assert one(raw, "period").refused


def test_a_list_of_the_absent_keeps_names_and_kinds_of_absence_only() -> None:
    text = "张伟（公务）、李娜(病假)，王强；赵 敏（出差，外地）、钱进（代） 孙书（事假）。"
    assert one(text, "absent", none_words=(), longest=500).value == (
        ("张伟", "公务假"),
        ("李娜", "病事假"),
        ("王强", "缺席"),
        ("赵敏", "公务假"),
        ("钱进", "缺席"),
        ("孙书", "病事假"),
    )


@pytest.mark.parametrize(("reason", "status"), [
    *((f"{before}{word}{behind}", kind) for kind, words in ABSENCE.items() for word in words
      for before, behind in (("", ""), ("因", "请假"), ("", "，未能参加会议"))),
    ("没有事先请假", "缺席"), ("未履行请假手续", "缺席"), ("未到会", "缺席"), ("由李四代", "缺席"),
    ("出差，李四代会", "公务假"), ("列席市委会议", "公务假"), ("参加省委视频会议", "公务假"),
    ("外出", LEAVE), ("请假", LEAVE),
    ("未到请假", LEAVE), ("无法参会，请假", LEAVE), ("手术", LEAVE),
    ("非公务", LEAVE), ("未出差", LEAVE),
    ("出差归来住院", LEAVE), ("请假，原因不明", LEAVE),
    ("迟到", None), ("视频", None), ("因公早退", None), ("列席", None),
])  # fmt: skip
def test_a_reason_gives_the_kind_of_its_words_and_none_by_guess(
    reason: str, status: str | None
) -> None:
    """Words of two kinds, a negation or no known word: leave of unknown kind, told by name."""
    reading = one(f"张伟（{reason}）", "absent", none_words=(), longest=500)
    assert reading.value == (status and (("张伟", status),))
    assert ("看不出类别" in reading.note) == (status == LEAVE)


def test_nobody_absent_is_an_empty_list_and_a_blank_is_not() -> None:
    assert one("无", "absent", none_words=()).value == ()
    assert one(0, "absent", none_words=()).value == ()
    assert one("", "absent", none_words=()).value is None


@pytest.mark.parametrize(
    "raw",
    [
        "张伟 出差；李娜",
        "2人出差",
        "张伟、李娜：均出差",
        "出差：张伟；李娜",
        "病假：张伟\n李娜、王强",
        "张伟、李娜、王强：病假",
        "张伟、病假",
        "请假",
        "2人",
        "张伟（公务",
        "（公务）",
        "张伟（视频）",
        "张伟（迟到）",
    ],
)
def test_a_list_of_the_absent_that_is_unclear_is_refused(raw: str) -> None:
    assert one(raw, "absent", none_words=()).refused


def test_topic_codes_and_the_date_that_excel_makes_of_one() -> None:
    assert one("2023-01、2023-02", "codes").value == ("2023-01", "2023-02")
    assert one("2023-01，2023-01", "codes").value == ("2023-01",)
    assert one(dt.datetime(2023, 1, 1), "codes").value == ("2023-01",)
    assert one(dt.datetime(2023, 1, 2), "codes").refused


def test_known_synonyms_are_noted_and_unknown_words_refused() -> None:
    role = forms.sheet_of("members").field("role")
    assert read("组长", role, 2023) == Reading("组长")
    assert read("组员", role, 2023).value == "成员" and read("组员", role, 2023).note
    assert read("组 长", role, 2023).value == "组长"
    assert read("顾问", role, 2023).refused


def test_text_is_cleaned_of_control_characters_with_a_note() -> None:
    assert one("学习\x07专题_x000D_", "text") == Reading("学习专题", "删去不可见的控制字符")
    assert one("\u202e反向", "text").value == "反向"
    assert one("甲\n乙", "text") == Reading("甲 乙")
    assert one("长" * 201, "text").refused
    assert one("=SUM(A1)", "text").value == "=SUM(A1)"


def test_a_stroke_is_a_blank_with_a_note_and_a_word_for_none_says_so() -> None:
    assert one("/", "text").note and one("/", "text").value is None
    assert (one("无", "text").state, one("", "text").state) == ("零", "")


def test_a_word_of_the_list_is_that_word_and_no_state() -> None:
    """“不适用” and “未查” are answers where the list names them, states elsewhere."""
    item = forms.archive_field("学习记录簿")
    assert read("不适用", item, 2023) == Reading("不适用")
    assert read("未核查", item, 2023).value == "未查" and read("未核查", item, 2023).note
    assert read("无", item, 2023).value == "缺"
    role = forms.sheet_of("members").field("role")
    assert read("不适用", role, 2023) == Reading(state="不适用")


def test_cells_that_are_equal_to_python_are_not_mixed_up() -> None:
    """1, 1.0 and TRUE are the same key of a cache, and different cells."""
    for _ in range(2):
        assert one(1, "whole").value == 1 and one(True, "whole").refused
        assert one(True, "flag") == Reading(True) and one(1, "flag").note
        assert one(1.0, "key").value == "1" and one(True, "key").refused


def test_the_year_and_the_field_are_part_of_what_is_remembered() -> None:
    """The same words in another year or another column are read anew."""
    field = Field("x", ("X",), "date")
    assert read("3月5日", field, 2022).value == dt.date(2022, 3, 5)
    assert read("3月5日", field, 2023).value == dt.date(2023, 3, 5)
    assert one("至今", "date").refused
    assert one("至今", "date", none_words=("至今",)).state == "零"
    assert one("/", "name").note and not one("/", "name", required=True).note


def test_a_cell_of_no_known_type_is_refused() -> None:
    """Bytes, lists and numbers of any length come out as refusals, whatever the kind."""
    for kind in get_args(Kind):
        for raw in (b"12", [1], {"a": 1}, object(), 10**5000, -(10**5000), dt.time(9)):
            assert one(raw, kind).refused, (kind, type(raw))


@pytest.mark.parametrize("text", ["（" * 32_000, "_x00" * 4500 + "0D_" * 4500, "1 " * 16_000])
def test_the_longest_cell_that_excel_allows_is_no_trap(text: str) -> None:
    """32,000 brackets, marks or digits are refused, not a hang; one code many times is one."""
    for kind in get_args(Kind):
        reading = one(text, kind)
        assert reading.refused or (kind == "codes" and reading.value == ("1",) and reading.note)
