"""Counts, ratios, changes, lists and headings as official Chinese states them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit import wording


@pytest.mark.parametrize(("value", "places", "text"), [
    (0.5, 0, "1"), (1.5, 0, "2"), (2.5, 0, "3"),  # half up, not to even
    (0.125, 2, "0.13"), (80.045, 2, "80.05"), (1.005, 2, "1.01"),  # as people read the digits
    (0.049, 1, "0.0"), (-0.04, 1, "0.0"), (-0.05, 1, "-0.1"), (1e6, 0, "1000000"),
])  # fmt: skip
def test_numbers_round_half_up(value: float, places: int, text: str) -> None:
    """As people round; a float's last digit does not decide, and there is no −0."""
    assert str(wording.round_half_up(value, places)) == text


@pytest.mark.parametrize(("value", "places", "text"), [
    (12, 0, "12"), (12.0, 1, "12"), (3.5, 1, "3.5"), (100, 0, "100"), (100.04, 1, "100"),
    (0, 1, "0"), (1200, 1, "1200"),
])  # fmt: skip
def test_a_number_has_no_superfluous_zeros(value: float, places: int, text: str) -> None:
    """12, not 12.0 — and 100, not 1."""
    assert wording.number(value, places) == text


@pytest.mark.parametrize(("ratio", "text"), [
    (0.8567, "85.7%"), (1.0, "100%"), (0.0, "0%"), (0.8, "80%"), (1 / 3, "33.3%"),
    (0.99996, "99.996%"), (0.9995, "99.95%"), (0.0004, "0.04%"),
    (1 - 1e-12, "100%"), (sum([0.1] * 10), "100%"),  # a float's last digit below one
])  # fmt: skip
def test_a_ratio_below_one_never_prints_as_the_whole(ratio: float, text: str) -> None:
    """“低于100%” beside 100% would contradict itself; nothing above zero prints as 0%."""
    assert wording.percent(ratio) == text


@given(st.integers(1, 400), st.integers(1, 400))
def test_a_percentage_is_whole_only_if_the_fraction_is(top: int, bottom: int) -> None:
    """100% and 0% say so much and no more, for every fraction of people."""
    top = min(top, bottom)
    shown = wording.percent(top / bottom)
    assert (shown == "100%") == (top == bottom)
    assert shown != "0%"
    assert abs(Decimal(shown.rstrip("%")) - Decimal(100 * top) / bottom) <= Decimal("0.05")


@pytest.mark.parametrize(("now", "before", "text"), [
    (10, 8, "比上年增加2次，增长25%"),
    (8, 10, "比上年减少2次，下降20%"),
    (8, 8, "与上年持平"),
    (0, 0, "与上年持平"),
    (3, 0, "比上年增加3次（上年为零，增幅不可比）"),
    (0, 3, "比上年减少3次，下降100%"),
    (1001, 1000, "比上年增加1次，增长0.1%"),
    (10.5, 9, "比上年增加1.5次，增长16.7%"),
])  # fmt: skip
def test_counts_change_in_numbers_and_percent(now: float, before: float, text: str) -> None:
    """增加/减少 n 次 and by how much; a base of zero gives no percentage."""
    assert wording.count_change(now, before, "次") == text


@pytest.mark.parametrize(("now", "before", "text"), [
    (0.85, 0.8, "比上年提高5个百分点"),
    (0.8, 0.85, "比上年下降5个百分点"),
    (0.8, 0.8, "与上年持平"),
    (0.8004, 0.8, "与上年基本持平"),
    (0.8005, 0.8, "比上年提高0.1个百分点"),
    (0.7995, 0.8, "与上年基本持平"),  # both print as 80%: a fall of 0.1 could not be seen
    (0.79949, 0.8, "比上年下降0.1个百分点"),  # 79.9% after 80%, though the exact fall is 0.051
    (0.9996, 1.0, "比上年下降0.04个百分点"),  # 99.96% after 100%
    (1.0, 0.99996, "比上年提高0.004个百分点"),
    (0.0, 0.0004, "比上年下降0.04个百分点"),  # 0% after 0.04%
    (0.857, 0.842, "比上年提高1.5个百分点"),
])  # fmt: skip
def test_ratios_change_in_points_alone(now: float, before: float, text: str) -> None:
    """Only 个百分点; what rounds to nothing is 基本持平."""
    assert wording.ratio_change(now, before) == text
    assert not re.search(r"\d%", text)


SHARES = st.integers(1, 400).flatmap(lambda n: st.integers(0, n).map(lambda top: top / n))


@given(SHARES, SHARES)
def test_a_change_is_what_a_reader_finds_from_the_printed_values(now: float, before: float) -> None:
    """Printed value less printed value, in full: no reader's subtraction proves a paper wrong."""
    first, second = (Decimal(wording.percent(share).rstrip("%")) for share in (now, before))
    told = wording.ratio_change(now, before)
    if first == second:
        assert told == ("与上年持平" if now == before else "与上年基本持平")
        return
    found = re.fullmatch(r"比上年(提高|下降)([\d.]+)个百分点", told)
    assert found is not None
    assert found[1] == ("提高" if first > second else "下降")
    assert Decimal(found[2]) == abs(first - second)


@pytest.mark.parametrize(("change", "than", "text"), [
    (wording.count_change, "上年同期", "比上年同期增加2次，增长25%"),
    (wording.ratio_change, "上年同期", "比上年同期提高5个百分点"),
])  # fmt: skip
def test_a_part_of_a_year_is_compared_with_the_same_part(
    change: Callable[..., str], than: str, text: str
) -> None:
    """A quarterly paper says 上年同期 in every form of a change, never 上年 alone."""
    if change is wording.count_change:
        assert change(10, 8, "次", than) == text
        assert change(8, 8, "次", than) == f"与{than}持平"
        assert change(3, 0, "次", than) == f"比{than}增加3次（{than}为零，增幅不可比）"
    else:
        assert change(0.85, 0.8, than) == text
        assert change(0.8, 0.8, than) == f"与{than}持平"
        assert change(0.8004, 0.8, than) == f"与{than}基本持平"


@pytest.mark.parametrize(("now", "before"), [(10.04, 10.0), (0.3, 0.1 + 0.2), (10.0, 10.04)])
def test_a_change_that_does_not_print_is_no_change_by_nothing(now: float, before: float) -> None:
    """Both print as 10: “增加0分” would be no sentence, whichever words take its place."""
    assert not re.search(r"(?<![\d.])0分", wording.count_change(now, before, "分"))


@pytest.mark.parametrize(("n", "text"), [
    (0, "零"), (1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"),
    (99, "九十九"),
])  # fmt: skip
def test_ordinals(n: int, text: str) -> None:
    """Up to 99; ten is 十, not 一十."""
    assert wording.ordinal(n) == text


@pytest.mark.parametrize("n", [-1, 100])
def test_no_ordinal_beyond_99(n: int) -> None:
    """A hundredth heading is a mistake, not 一十零."""
    with pytest.raises(ValueError, match="0 to 99"):
        wording.ordinal(n)


def test_headings_follow_the_standard() -> None:
    """GB/T 9704: 一、 （一） 1. （1）, and no fifth level."""
    shown = [wording.heading_number(level, 2) for level in (1, 2, 3, 4)]
    assert shown == ["二、", "（二）", "2.", "（2）"]
    with pytest.raises(ValueError, match="level 5"):
        wording.heading_number(5, 1)


def test_a_date_has_no_padding() -> None:
    """2024年1月8日, not 01月08日."""
    assert wording.full_date(dt.date(2024, 1, 8)) == "2024年1月8日"


@pytest.mark.parametrize(("items", "counter", "text"), [
    ([], "家单位", ""),
    (["甲"], "家单位", "甲"),
    (["甲", "乙"], "家单位", "甲、乙等2家单位"),
    (["甲", "乙"], "", "甲、乙"),
    (list("甲乙丙丁戊"), "", "甲、乙、丙、丁、戊"),
    (list("甲乙丙丁戊己"), "", "甲、乙、丙、丁、戊等6项"),
    (list("甲乙丙丁戊己庚"), "家单位", "甲、乙、丙、丁、戊等7家单位"),
])  # fmt: skip
def test_a_list_names_at_most_five(items: list[str], counter: str, text: str) -> None:
    """And counts all of them; their order is the caller's."""
    assert wording.names(items, counter) == text


@pytest.mark.parametrize(("clauses", "text"), [
    ([], ""),
    ([""], ""),
    (["甲"], "甲。"),
    (["甲。", "", "乙；", "丙"], "甲；乙；丙。"),
    (["甲", "。", "；"], "甲。"),
])  # fmt: skip
def test_clauses_are_joined_and_ended_once(clauses: list[str], text: str) -> None:
    """；between, 。at the end, none doubled; a clause of nothing but a stop is nothing."""
    assert wording.join_clauses(clauses) == text


@pytest.mark.parametrize(("sentences", "text"), [
    ([], ""),
    (["甲。"], "甲。"),
    (["甲。", "乙"], "一是甲；二是乙。"),
    (["甲", "", "。", "乙"], "一是甲；二是乙。"),
])  # fmt: skip
def test_measures_are_counted_where_there_are_several(sentences: list[str], text: str) -> None:
    """一是 … 二是 …; a single one stands bare."""
    assert wording.enumerate_sentences(sentences) == text


@given(st.lists(st.text(alphabet="甲乙，。；", max_size=4), max_size=5))
def test_joined_clauses_never_double_a_stop(clauses: list[str]) -> None:
    """Whatever clauses hold at their ends, one stop stands between them and one at the end."""
    text = wording.join_clauses(clauses)
    ends = [clause.rstrip("。；，") for clause in clauses]
    assert text == "" or (text.endswith("。") and not text.endswith(("；。", "，。", "。。")))
    assert text.count("；") == sum(e.count("；") for e in ends) + max(
        sum(bool(e) for e in ends) - 1, 0
    )
