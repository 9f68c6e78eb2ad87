"""Figures, dates and sentences as a reader sees them in Chinese text."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.text.figures import figures
from reportkit.text.numerals import chinese_number
from reportkit.text.sentences import sentences


def shown(text: str) -> list[tuple[str, str]]:
    return [(found.kind, found.text) for found in figures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("组织集体学习405次，比上年增加4次", [("figure", "405次"), ("figure", "4次")]),
        ("参学率85.7%（6/7）", [("figure", "85.7%"), ("figure", "6"), ("figure", "7")]),
        ("提高1.1个百分点", [("figure", "1.1个百分点")]),
        ("开展研讨194场次、729人次", [("figure", "194场次"), ("figure", "729人次")]),
        ("共1,234人", [("figure", "1,234人")]),
        ("达到９５％", [("figure", "95%")]),
        ("学习二十三次，百分之八十的单位", [("figure", "二十三次"), ("figure", "百分之八十")]),
    ],
)
def test_a_number_with_its_measure_word_is_a_figure(
    text: str, expected: list[tuple[str, str]]
) -> None:
    """Digits with or without a measure word, full width or not, and words of ten and more."""
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    ["1.学懂弄通还有差距", "见附件2", "第3季度", "党的二十大精神", "一题一策、两级党委",
     "《9号文》", "第二十次会议", "M4和A3"],
)  # fmt: skip
def test_numbers_of_headings_annexes_names_and_phrases_are_none(text: str) -> None:
    """What counts nothing is no figure."""
    assert shown(text) == []


def test_days_and_years_are_dates() -> None:
    """2023年, 1—9月, 1月18日 are dates; the number behind them is still found."""
    text = "2023年1—9月学习15次，请于2024年1月18日前反馈，10月31日前学完，岱能党〔2024〕3号"
    assert shown(text) == [
        ("date", "2023年1—9月"), ("figure", "15次"), ("date", "2024年1月18日"),
        ("date", "10月31日"), ("date", "〔2024〕3号"),
    ]  # fmt: skip


def test_a_figure_knows_its_clause_and_what_its_sentence_said_before() -> None:
    """；ends a sentence: what stood before it names nothing in the next."""
    *_, found = figures("集体学习20次，增长25%；研讨7场次，发言28人次。")
    assert found.clause == "发言28人次"
    assert found.before == "研讨7场次，发言"
    assert found.sentence == "研讨7场次，发言28人次。"
    assert (found.value, found.unit) == (Decimal(28), "人次")


@pytest.mark.parametrize(
    ("text", "value"),
    [("十", 10), ("二十三", 23), ("一百零五", 105), ("两千三百", 2300), ("三万二千", 32000),
     ("八十点五", Decimal("80.5")), ("甲", None), ("", None)],
)  # fmt: skip
def test_numbers_in_words(text: str, value: object) -> None:
    """By hand: 三万二千 = 3 × 10000 + 2 × 1000."""
    assert chinese_number(text) == value


@given(st.text(alphabet="学习，。；！？”）\n12次年月日%.、：", max_size=60))
def test_nothing_of_a_text_is_lost_or_found_twice(text: str) -> None:
    """Sentences joined are the text; figures come in order and never overlap."""
    assert "".join(sentences(text)) == text
    found = list(figures(text))
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(text[f.start : f.end].strip() == f.text for f in found)
