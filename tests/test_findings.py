"""Rules held against indicators: outcomes, lines, sentences, quantifiers."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from reportkit import findings
from reportkit.findings import (
    Finding,
    GroupFinding,
    by_theme,
    evaluate,
    fill,
    gravest_first,
    group_sentences,
    variant,
)  # fmt: skip
from reportkit.metrics.indicator import Earlier, Indicator
from reportkit.metrics.registry import BY_ID
from reportkit.params import Quantifiers, Rule, Theme


def rule(rule_id: str = "r", **fields: Any) -> Rule:
    """M4 below 80%, unless said otherwise."""
    plain = {
        "theme": "t", "metric": "M4", "comparison": "below", "threshold": 0.8,
        "unit_pattern": "参学率{value}，低于{line}", "group_pattern": "{quantifier}参学率偏低",
        "requirement": "严格考勤", "deadline": dt.date(2024, 6, 30),
    }  # fmt: skip
    return Rule.model_validate({"rule_id": rule_id, **plain, **fields})


def indicator(value: float | None, metric_id: str = "M4", **fields: Any) -> Indicator:
    """An indicator of ten persons that was reported."""
    state = fields.pop("state", "已报" if value is not None else "未报")
    return Indicator(BY_ID[metric_id], state, value, **{"denominator": 10.0, **fields})


@pytest.mark.parametrize(("comparison", "value", "outcome"), [
    ("below", 0.79, "触发"), ("below", 0.8, "未触发"), ("below", 0.81, "未触发"),
    ("above", 0.79, "未触发"), ("above", 0.8, "未触发"), ("above", 0.81, "触发"),
])  # fmt: skip
def test_a_rule_is_hit_beyond_its_line_never_on_it(
    comparison: str, value: float, outcome: str
) -> None:
    """On the line itself is in order, from either side."""
    found = evaluate(rule(comparison=comparison), indicator(value))
    assert (found.outcome, found.triggered) == (outcome, outcome == "触发")


@pytest.mark.parametrize("values", [(0.7, 0.9), (0.7, 0.8, 0.9), (0.6, 0.7, 0.8, 0.9, 1.0)])
def test_a_mean_on_the_line_is_not_below_it(values: tuple[float, ...]) -> None:
    """A mean of exact fractions misses its line by a float's last digit: no fault, either way."""
    mean = sum(values) / len(values)
    for comparison in ("below", "above"):
        assert evaluate(rule(comparison=comparison), indicator(mean)).outcome == "未触发"
    assert evaluate(rule(), indicator(0.8 - 1e-15)).outcome == "未触发"
    assert evaluate(rule(comparison="above"), indicator(0.8 + 1e-15)).outcome == "未触发"
    assert evaluate(rule(), indicator(0.8 - 1e-6)).outcome == "触发"


@pytest.mark.parametrize(("state", "outcome"), [
    ("未报", "数据不足"), ("数据不足", "数据不足"), ("未核查", "未核查"), ("不适用", "不适用"),
    ("未到期", "未到期"),
])  # fmt: skip
def test_a_blank_is_neither_a_fault_nor_in_order(state: str, outcome: str) -> None:
    """Without a value there is nothing to hold against the line; the state says what to say."""
    found = evaluate(rule(), indicator(None, state=state))
    assert (found.outcome, found.triggered) == (outcome, False)


def test_a_value_in_a_state_without_one_is_not_judged() -> None:
    """Should a number stand beside 未报, the state counts."""
    assert evaluate(rule(), indicator(0.1, state="未报")).outcome == "数据不足"


def test_a_reported_zero_is_judged() -> None:
    """零 is a value: no session at all is below one."""
    zero = indicator(0.0, "M1", state="零", denominator=None)
    assert evaluate(rule(metric="M1", threshold=1), zero).outcome == "触发"


@pytest.mark.parametrize(("n", "outcome"), [(3, "数据不足"), (4, "触发"), (5, "触发")])
def test_a_rule_wants_its_smallest_n(n: float, outcome: str) -> None:
    """Under minimum_n persons nothing is said; counts have no n and are judged."""
    assert evaluate(rule(minimum_n=4), indicator(0.5, denominator=n)).outcome == outcome
    count = indicator(1.0, "M1", denominator=None)
    assert evaluate(rule(metric="M1", threshold=2, minimum_n=4), count).outcome == "触发"


def test_the_sentence_states_the_unit_s_figures() -> None:
    """Each placeholder: value (of few with its parts), line, numerator, denominator and so on."""
    pattern = "{value}|{line}|{numerator}|{denominator}|{lacking}|{missing}|{evidence}"
    one = indicator(0.75, "M8", numerator=6, denominator=8, missing=("《甲》", "《乙》"))
    found = evaluate(rule(metric="M8", threshold=1.0, unit_pattern=pattern), one)
    assert found.sentence == "75%（6/8）|100%|6|8|2|《甲》、《乙》等2个专题|6/8"
    many = indicator(0.75, "M8", numerator=12, denominator=16)
    found = evaluate(rule(metric="M8", threshold=1.0, unit_pattern=pattern), many)
    assert found.sentence == "75%|100%|12|16|4||12/16"


@pytest.mark.parametrize(("value", "line", "sentence"), [
    (0.79996, 0.8, "参学率79.996%，低于80%"),
    (0.8996, 0.9, "参学率89.96%，低于90%"),
    (0.99996, 1.0, "参学率99.996%，低于100%"),
    (0.75, 0.8, "参学率75%，低于80%"),
    (2 / 3 - 1e-5, 2 / 3, "参学率66.666%，低于66.667%"),
])  # fmt: skip
def test_the_sentence_never_contradicts_itself(value: float, line: float, sentence: str) -> None:
    """“80%，低于80%” is no sentence: both print in as many decimals as tell them apart."""
    found = evaluate(rule(threshold=line), indicator(value))
    assert (found.outcome, found.sentence) == ("触发", sentence)


def test_a_value_that_holds_braces_stays_as_it_is() -> None:
    """Values are data: {line} in a topic's name is not filled in again, nor an error."""
    one = indicator(0.5, "M8", missing=("《{line}和{value.__class__}》",))
    found = evaluate(rule(metric="M8", unit_pattern="{missing}未安排"), one)
    assert found.sentence == "《{line}和{value.__class__}》未安排"
    assert fill("{a}{b}", {"a": "{b}", "b": "乙"}) == "{b}乙"


def group(rule_: Rule, hit: int, clear: int, unknown: int = 0) -> GroupFinding:
    """A rule that hit ``hit`` units, cleared ``clear``, and could not judge ``unknown``."""
    values = [0.5] * hit + [0.9] * clear + [None] * unknown
    found = {f"u{n}": evaluate(rule_, indicator(v)) for n, v in enumerate(values)}
    return GroupFinding(rule_, found)


WORDS = Quantifiers.model_validate(
    {"few": ["个别单位", "还有个别单位"], "some": ["部分单位", "有的单位"], "many": ["多数单位"]}
)


@pytest.mark.parametrize(("hit", "clear", "word"), [
    (1, 99, "个别单位"), (1, 9, "个别单位"),  # 10% itself is 个别
    (11, 89, "部分单位"), (2, 8, "部分单位"), (5, 5, "部分单位"),  # 50% itself is 部分
    (51, 49, "多数单位"), (2, 0, "多数单位"),
    (1, 0, "个别单位"), (1, 2, "个别单位"),  # a single unit, of however few
])  # fmt: skip
def test_the_share_of_units_decides_the_quantifier(hit: int, clear: int, word: str) -> None:
    """个别 ≤10% < 部分 ≤50% < 多数."""
    found = group(rule(), hit, clear)
    assert group_sentences([found], WORDS, ["r"]) == [f"{word}参学率偏低"]


def test_the_bands_are_the_office_s() -> None:
    """few_up_to and some_up_to are parameters."""
    words = Quantifiers.model_validate({"few_up_to": 0.3, "some_up_to": 0.6})
    for hit, word in ((3, "个别单位"), (4, "部分单位"), (6, "部分单位"), (7, "多数单位")):
        sentences = group_sentences([group(rule(), hit, 10 - hit)], words, ["r"])
        assert sentences == [f"{word}参学率偏低"]


def test_the_share_is_of_units_that_could_be_judged() -> None:
    """One of two judged is 50%, however many sent nothing; nobody judged is no share."""
    found = group(rule(), 1, 1, unknown=18)
    assert (found.checked, found.share, found.units) == (2, 0.5, ["u0"])
    assert group(rule(), 0, 0, unknown=3).share == 0


def test_many_prints_only_once_confirmed() -> None:
    """多数 is a grave word: unconfirmed, or confirmed for another rule, it reads 部分."""
    found = group(rule(), 9, 1)
    for confirmed in ((), ("other",)):
        assert group_sentences([found], WORDS, confirmed) == ["部分单位参学率偏低"]
    assert group_sentences([found], WORDS, ("r",)) == ["多数单位参学率偏低"]


def test_the_words_of_a_quantifier_take_turns() -> None:
    """个别 and 部分 vary, each at its own pace, and begin anew when used up."""
    shares = [1, 1, 3, 1, 3, 9]  # of ten; the last is 多数, not confirmed
    found = [group(rule(f"r{n}"), hit, 10 - hit) for n, hit in enumerate(shares)]
    words = [s.removesuffix("参学率偏低") for s in group_sentences(found, WORDS)]
    assert words == ["个别单位", "还有个别单位", "部分单位", "个别单位", "有的单位", "部分单位"]


def test_sentences_of_the_group_hold_no_figure_and_no_name() -> None:
    """Only the quantifier is filled in: a pattern with figures does not load (tests/params)."""
    sentence = group_sentences([group(rule(), 3, 7)], WORDS)[0]
    assert not any(c.isdigit() or c in "{}%" for c in sentence)


def test_empty_heads_are_dropped_and_the_order_kept() -> None:
    """Themes in their own order, findings in that of the rules, nothing under an empty head."""
    themes = [Theme(key=k, title=k) for k in ("a", "b", "c")]
    found = [evaluate(rule(f"r{n}", theme=t), indicator(0.5)) for n, t in enumerate("cac")]
    grouped = by_theme(themes, found)
    heads = [(theme.key, [f.rule.rule_id for f in items]) for theme, items in grouped]
    assert heads == [("a", ["r1"]), ("c", ["r0", "r2"])]
    assert by_theme(themes, list[Finding]()) == []


def test_the_tolerance_is_far_below_what_prints() -> None:
    """It forgives a float, not a person: one of a million sessions still counts."""
    assert findings.TOLERANCE < 1e-7


# --- how a unit is told ----------------------------------------------------------------------


@pytest.mark.parametrize(("comparison", "line", "now", "before", "told"), [
    ("below", 0.8, 0.75, None, "低于80%"),
    ("below", 0.8, 0.75, 0.75, "低于80%"),
    ("below", 0.8, 0.75, 0.7501, "低于80%"),  # both print as 75%
    ("below", 0.8, 0.75, 0.72, "虽比上年提高3个百分点，仍低于80%"),
    ("below", 0.8, 0.75, 0.9, "比上年下降15个百分点，低于80%"),
    ("above", 0.3, 0.5, None, "高于30%"),
    ("above", 0.3, 0.5, 0.6, "虽比上年下降10个百分点，仍高于30%"),
    ("above", 0.3, 0.5, 0.2, "比上年提高30个百分点，高于30%"),
])  # fmt: skip
def test_a_value_is_told_by_where_it_stands_and_whither_it_goes(
    comparison: str, line: float, now: float, before: float | None, told: str
) -> None:
    """虽…仍… is for what comes nearer to its line, from whichever side; else it is not said."""
    one = indicator(now, "M19", last=Earlier(before), numerator=None, denominator=20.0)
    rule_ = rule(metric="M19", comparison=comparison, threshold=line, unit_pattern="{against_line}")
    assert evaluate(rule_, one).sentence == told


def test_a_quarterly_finding_is_compared_with_the_same_quarter() -> None:
    """上年同期, in {change} and in {against_line}."""
    last = Earlier(0.7, than="上年同期")
    pattern = "{change}|{against_line}"
    found = evaluate(rule(unit_pattern=pattern), indicator(0.75, last=last))
    assert found.sentence == "比上年同期提高5个百分点|虽比上年同期提高5个百分点，仍低于80%"


def test_what_cannot_be_compared_is_not_told_as_a_change_for_better() -> None:
    """A new unit: the line alone in {against_line}; {change} says why there is none."""
    one = indicator(0.75, last=Earlier(note="新设单位"))
    found = evaluate(rule(unit_pattern="{change}，{against_line}"), one)
    assert found.sentence == "与上年不可比（新设单位），低于80%"


PATTERNS = ("参学率{value}", "参学率仅{value}", "参学率只有{value}")


def words(unit_id: str, rule_id: str = "r", value: float = 0.5) -> str:
    """The words in which a unit is told, without the figure behind them."""
    one = rule(rule_id, unit_pattern=("参学率{value}", "参学率仅{value}", "参学率只有{value}"))
    return evaluate(one, indicator(value), unit_id=unit_id).sentence.rstrip("0123456789.%")


def test_a_unit_keeps_its_pattern_and_units_differ() -> None:
    """One of several for each unit and rule: whatever its figure, and not the same for all."""
    units = [f"u{n}" for n in range(60)]
    told = [words(unit) for unit in units]
    assert told == [words(unit, value=0.7) for unit in units]
    assert min(told.count(each) for each in ("参学率", "参学率仅", "参学率只有")) >= 10
    # Two rules of one unit do not always choose alike.
    assert told != [words(unit, "other") for unit in units]


def test_the_choice_is_the_same_on_every_machine() -> None:
    """Written down here: a paper printed again reads as it was issued (crc32, no hash seed)."""
    assert [variant(key, 3) for key in ("aa/r", "bb/r", "cc/r", "dd/r")] == [1, 0, 2, 2]


def test_what_was_told_before_says_so() -> None:
    """（上年已指出） behind the clause, and only while it is still a fault."""
    found = evaluate(rule(), indicator(0.5), repeated=True)
    assert found.sentence == "参学率50%，低于80%（上年已指出）"
    assert found.plain_sentence == "参学率50%，低于80%"
    for value in (0.9, None):
        mended = evaluate(rule(), indicator(value), repeated=True)
        assert not mended.repeated and "上年已指出" not in mended.sentence


def test_the_gravest_comes_first() -> None:
    """What was told last year, then by distance from the line as a share of the line."""
    found = [
        evaluate(rule("near"), indicator(0.76)),  # 5% of its line below
        evaluate(rule("above", comparison="above", threshold=0.3), indicator(0.45)),  # 50% above
        evaluate(rule("far"), indicator(0.4)),  # 50% below: an equal keeps its place
        evaluate(rule("told"), indicator(0.79), repeated=True),
        evaluate(rule("half", threshold=1.0), indicator(0.25)),  # 75% below
    ]
    order = [finding.rule.rule_id for finding in gravest_first(found)]
    assert order == ["told", "half", "above", "far", "near"]


def test_a_line_of_zero_orders_too() -> None:
    """“More than none” has no share to measure by: the distance itself."""
    found = [
        evaluate(rule(f"r{n}", comparison="above", threshold=0.0), indicator(value))
        for n, value in enumerate((0.2, 0.6))
    ]
    assert [f.gap for f in gravest_first(found)] == [0.6, 0.2]


EVERY = "{value}{line}{against_line}{numerator}{denominator}{lacking}{missing}{evidence}{change}"


def test_a_masked_sentence_leaves_no_digit() -> None:
    """Neither value, line, parts nor change; nor how many are lacking, in {missing} too."""
    one = indicator(
        0.75, "M8", numerator=6, denominator=8, missing=("《甲》", "《乙》"), last=Earlier(0.5)
    ).as_masked()
    told = evaluate(rule(metric="M8", threshold=1.0, unit_pattern=EVERY), one).sentence
    assert "×××" in told
    assert not re.search(r"\d", told), told


def test_a_masked_sentence_does_not_tell_better_from_worse() -> None:
    """虽…仍… and the words of a change would tell where the figure went."""
    told = {
        evaluate(rule(unit_pattern="{change}{against_line}"),
                 indicator(0.75, last=Earlier(before)).as_masked()).sentence
        for before in (0.5, 0.75, 0.9)
    }  # fmt: skip
    assert len(told) == 1
