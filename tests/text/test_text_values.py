"""What a figure is worth, whichever way it is written, and forms of text that are one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.text.figures import figures
from reportkit.text.normalising import bare, half_width, plain
from reportkit.text.numerals import chinese_decimal, chinese_number, chinese_whole, spelt


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,200人", "1200人"), ("1万", "10000"), ("1.2万元", "12000元"), ("十二家", "12家"),
        ("贰拾叁次", "23次"), ("⑬家", "13家"), ("Ⅻ次", "12次"), ("两家", "2家"), ("廿三次", "23次"),
        ("３６次", "36次"), ("一万二", "12000"), ("百分之八十五", "85%"), ("九成五", "95%"),
        ("半数", "50%"), ("零点八五", "0.85"), ("三分之一", "3分之1"),
        ("两个半小时", "2.5小时"), ("十二項", "12项"), ("1\u200b2次", "12次"),
    ],
)  # fmt: skip
def test_spellings_of_one_figure_are_equal(one: str, other: str) -> None:
    """Value and measure word are the same; by hand."""
    (first,), (second,) = figures(one), figures(other)
    assert (first.value, first.unit.replace("个", "")) == (second.value, second.unit)


@pytest.mark.parametrize(
    ("one", "other"),
    [("十二家", "十三家"), ("百分之八十五", "百分之九十五"), ("三分之一", "三分之二"),
     ("十余家", "十家"), ("过半", "半数"), ("两家", "两次"), ("1万", "1千"), ("5‰", "5%")],
)  # fmt: skip
def test_other_figures_differ(one: str, other: str) -> None:
    """Also where one is exact and the other is not."""
    (first,), (second,) = figures(f"有{one}。"), figures(f"有{other}。")
    assert (first.value, first.unit) != (second.value, second.unit)


@given(st.integers(0, 99_999_999))
def test_what_is_spelt_is_read_again(value: int) -> None:
    """Any whole number below 100,000,000; in full below 100,000."""
    assert chinese_number(spelt(value)) == value
    assert chinese_whole(spelt(value)) == (value if value < 100_000 else None)


@pytest.mark.parametrize("text", ["一百五", "三五", "十几", "百", "", "甲", "12", "二〇二三"])
def test_what_is_not_written_in_full_is_refused(text: str) -> None:
    """Cells are read for sure or not at all."""
    assert chinese_whole(text) is None and chinese_decimal(text) is None


def test_decimals_in_full() -> None:
    """两点五 is 2.5; what is no digit behind the point is refused."""
    assert chinese_decimal("两点五") == Decimal("2.5")
    assert chinese_decimal("八十点〇五") == Decimal("80.05")
    assert chinese_decimal("八十点十") is None


def test_normal_forms() -> None:
    """Widths, blanks, invisible characters and punctuation."""
    assert half_width("Ａ１（）") == "A1()"
    assert plain("东 岭\u200b矿业（集团）\n") == "东岭矿业(集团)"
    assert bare("《学习》第１期, A") == "学习第1期a"
