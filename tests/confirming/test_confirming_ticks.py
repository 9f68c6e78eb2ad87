"""Ticks in the spellings of hand-filled forms: read right, or told to be unclear."""

from __future__ import annotations

import datetime as dt

import pytest

from reportkit.confirming.dates import read_day
from reportkit.confirming.sheet import PRINTED_OPINION
from reportkit.confirming.ticks import is_filled, opinion, yes_or_no

ONE_LINE = "□ 数据无误　　□ 有异议（请在说明栏注明，并附依据）"


@pytest.mark.parametrize("text", [
    "是", "√", "✓", "✔️", "对", "无误", "是√", "√是", "是。", " 是 ", "☑", "■", "V", "☑是□否",
    "是√ 否□", "是（√）/否", "yes", "正确", "属实", "是的",
])  # fmt: skip
def test_yes(text: str) -> None:
    """All that people write for yes."""
    assert yes_or_no(text).answer == "yes"


@pytest.mark.parametrize("text", [
    "否", "×", "✗", "不", "不对", "有误", "否×", "√否", "×否", "□是√否", "是□否☑", "❌",
    "错误", "NO", "不一致",
])  # fmt: skip
def test_no(text: str) -> None:
    """All that people write for no."""
    assert yes_or_no(text).answer == "no"


@pytest.mark.parametrize("text", ["", " ", "\n", "/", "—", "……", "□", "是□否□", "＿＿"])
def test_blank(text: str) -> None:
    """Strokes and open boxes say nothing."""
    assert yes_or_no(text).answer == "blank"


@pytest.mark.parametrize(
    "text", ["○", "x", "X", "☒", "无", "有", "21次", "√×", "是×", "不清楚", "待核"]
)
def test_neither(text: str) -> None:
    """What can be meant both ways is neither: a ring, a letter x, 无, a yes that is crossed."""
    assert yes_or_no(text).answer == "unclear"


def test_a_remark_beside_the_answer() -> None:
    """否（应为21次） is a no, and the remark is kept."""
    assert (yes_or_no("否（应为21次）").answer, yes_or_no("否（应为21次）").remark) == (
        "no",
        "应为21次",
    )
    assert yes_or_no("不对，应是21次").remark == "应是21次"


@pytest.mark.parametrize("printed", [PRINTED_OPINION, ONE_LINE])
@pytest.mark.parametrize(("right", "wrong", "choice"), [
    ("□", "□", "none"), ("☑", "□", "first"), ("■", "□", "first"), ("√", "□", "first"),
    ("□√", "□", "first"), ("☒", "☐", "first"), ("□", "√", "second"), ("□", "☑", "second"),
    ("□", "□√", "second"), ("√", "√", "both"), ("√", "×", "first"), ("×", "√", "second"),
    ("×", "□", "unclear"), ("x", "□", "unclear"), ("●", "○", "unclear"),
])  # fmt: skip
def test_boxes_in_front(printed: str, right: str, wrong: str, choice: str) -> None:
    """Where the tick takes the place of the box, or stands beside it."""
    text = printed.replace("□ 数", f"{right} 数").replace("□ 有", f"{wrong} 有")
    assert opinion(text).choice == choice
    assert opinion(text.replace(f"{right} 数", f"{right}数")).choice == choice


@pytest.mark.parametrize(("text", "choice"), [
    ("数据无误√", "first"), ("√数据无误", "first"), ("数据无误", "first"),
    ("经核对，数据无误。", "first"), ("无异议", "first"), ("没有异议", "first"),
    ("属实", "first"), ("有异议", "second"),
    ("数据有误", "second"), ("□ 数据无误√　　□ 有异议", "first"),
    ("□ 数据无误　　□ 有异议√", "second"),
    ("数据无误√　有异议", "first"), ("数据无误　√有异议", "second"),
    ("数据无误 √　　有异议", "first"),
    ("数据无误√有异议", "unclear"), ("数据无误（√）　　有异议（　）", "first"),
    ("数据无误（　）　　有异议（√）", "second"), ("数据无误□ 有异议☑", "second"),
    ("□ 数据无误□√ 有异议", "second"), ("☑有异议 ☐数据无误", "second"), ("", "none"),
    ("　", "none"), ("□有异议", "none"),
    ("待领导审定", "unclear"), ("数据无误 数据无误 有异议√", "unclear"),
])  # fmt: skip
def test_the_cell_as_it_was_rewritten(text: str, choice: str) -> None:
    """The tick behind, the brackets kept, one of the two deleted, other words typed."""
    assert opinion(text).choice == choice


def test_what_was_added_to_the_opinion_is_kept() -> None:
    """同意上报 adds nothing; a figure does."""
    assert opinion(PRINTED_OPINION.replace("□ 数", "☑ 数") + "，同意上报").rest == ""
    told = opinion(PRINTED_OPINION.replace("□ 数", "☑ 数") + "但读书班应为2期")
    assert told.choice == "first" and told.rest == "但读书班应为2期"
    assert opinion("数据不准确").rest  # never a bare confirmation


def test_words_that_say_nothing_in_a_remark() -> None:
    """无 and strokes are no objection; a number is."""
    assert not any(map(is_filled, ("", " ", "无", "—", "/", "无异议", "同意。")))
    assert all(map(is_filled, ("应为21次", "0", "见附件", "无此场次")))


@pytest.mark.parametrize("text", [
    "2024年1月5日", "2024.1.5", "2024-01-05", "20240105", "2024/1/5", "2024 年 1 月 5 日",
    "24年1月5日", "二〇二四年一月五日", "1月5日", "　年1月5日", "2024年元月5日",
    "2024年1月5日（盖章）", "２０２４年１月５日",
    "2024年1月5日\n\n　　　　年　　月　　日", "　　2024年　1月　5日", "2024年01月05日（公章）",
])  # fmt: skip
def test_days(text: str) -> None:
    """Every spelling of one day; without its year the one nearest to the circular's."""
    assert read_day(text, dt.date(2024, 1, 8)) == dt.date(2024, 1, 5)


def test_days_without_a_year_may_lie_before_the_turn_of_it() -> None:
    """12月28日, of a circular of 8 January, is of the year before."""
    assert read_day("12月28日", dt.date(2024, 1, 8)) == dt.date(2023, 12, 28)


@pytest.mark.parametrize(
    "text", ["", "　　　　年　　月　　日", " \n \n　　　　年　　月　　日", "（盖章）", "____"]
)
def test_no_day(text: str) -> None:
    """What was printed is a blank."""
    assert read_day(text, dt.date(2024, 1, 8)) is None


@pytest.mark.parametrize("text", ["2024年2月30日", "2024年 月 日", "1月上旬", "近日", "2024年1月"])
def test_what_is_no_day(text: str) -> None:
    """Told what is expected, never guessed."""
    assert isinstance(read_day(text, dt.date(2024, 1, 8)), str)
