"""Rules held against indicators: outcomes, lines, sentences, quantifiers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from reportkit import findings
from reportkit.findings import Finding, GroupFinding, by_theme, evaluate, fill, group_sentences
from reportkit.metrics.indicator import Indicator
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
    """Each placeholder: value, line, numerator, denominator, missing, evidence."""
    pattern = "{value}|{line}|{numerator}|{denominator}|{missing}|{evidence}"
    one = indicator(0.75, "M8", numerator=6, denominator=8, missing=("《甲》", "《乙》"))
    found = evaluate(rule(metric="M8", threshold=1.0, unit_pattern=pattern), one)
    assert found.sentence == "75%|100%|6|8|《甲》、《乙》等2项|6/8"


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
    (51, 49, "多数单位"), (1, 0, "多数单位"),
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
