"""Indicators → findings (问题) and requirements (要求), by the rules in ``params/<year>.yml``.

A rule says which metric must not lie below (or above) which line, and in which words a
unit and the group are told. Nothing here judges: the sentences are the office's own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from reportkit import wording
from reportkit.metrics.indicator import Indicator
from reportkit.params import PLACEHOLDER, Quantifiers, Rule, Theme

Outcome = Literal["触发", "未触发", "数据不足", "未核查", "不适用"]

TOLERANCE = 1e-9
"""A mean of exact fractions may miss its line by a float's last digit: that is no fault."""


@dataclass(frozen=True)
class Finding:
    """What a rule said of one unit: its outcome, and the indicator that is its evidence."""

    rule: Rule
    outcome: Outcome
    indicator: Indicator

    @property
    def triggered(self) -> bool:
        return self.outcome == "触发"

    @property
    def sentence(self) -> str:
        """``unit_pattern`` with this unit's figures; no full stop at the end."""
        indicator = self.indicator
        return fill(
            self.rule.unit_pattern,
            {
                **_value_and_line(indicator, self.rule.threshold),
                "numerator": wording.number(indicator.numerator or 0, 1),
                "denominator": wording.number(indicator.denominator or 0, 1),
                "missing": wording.names(indicator.missing, "项"),
                "evidence": indicator.parts,
            },
        )


def _value_and_line(indicator: Indicator, threshold: float) -> dict[str, str]:
    """Value and line as text, in as many decimals as tell them apart: 79.98%，低于80%."""
    value, line = str(indicator), indicator.show(threshold)
    if value == line and indicator.value is not None and indicator.metric.kind == "ratio":
        for places in range(2, wording.MOST_PLACES + 1):
            value, line = (wording.percent(v, places) for v in (indicator.value, threshold))
            if value != line:
                break
    return {"value": value, "line": line}


def fill(pattern: str, values: Mapping[str, str]) -> str:
    """The pattern with its ``{names}`` replaced; a value that holds braces stays as it is."""
    return PLACEHOLDER.sub(lambda match: values[match.group(1)], pattern)


def evaluate(rule: Rule, indicator: Indicator) -> Finding:
    """Hold one indicator against one rule; a blank is never a fault, nor in order."""
    value = indicator.value
    if value is None or not indicator.reported:
        outcomes: dict[str, Outcome] = {"未核查": "未核查", "不适用": "不适用"}
        return Finding(rule, outcomes.get(indicator.state, "数据不足"), indicator)
    if (indicator.denominator or rule.minimum_n) < rule.minimum_n:
        return Finding(rule, "数据不足", indicator)
    if rule.comparison == "below":
        hit = value < rule.threshold - TOLERANCE
    else:
        hit = value > rule.threshold + TOLERANCE
    return Finding(rule, "触发" if hit else "未触发", indicator)


@dataclass(frozen=True)
class GroupFinding:
    """What a rule said of all units: how many it was held against, and which it hit."""

    rule: Rule
    findings: Mapping[str, Finding]
    """unit_id → finding, in official order; 集团本级 is not among them."""

    @property
    def units(self) -> list[str]:
        """The units behind it: for the 底稿, never for the circular."""
        return [unit_id for unit_id, finding in self.findings.items() if finding.triggered]

    @property
    def checked(self) -> int:
        """Units of which the rule could say yes or no."""
        return sum(f.outcome in ("触发", "未触发") for f in self.findings.values())

    @property
    def share(self) -> float:
        return len(self.units) / self.checked if self.checked else 0.0


def group_sentences(
    found: Sequence[GroupFinding], words: Quantifiers, many_confirmed: Collection[str] = ()
) -> list[str]:
    """The sentences of one theme, without names or figures, each with a quantifier.

    The words of one quantifier take turns, so that three clauses do not begin alike.
    ``many_confirmed``: the rule_ids for which an analyst has confirmed 多数.
    """
    used = {"few": 0, "some": 0, "many": 0}
    sentences = []
    for finding in found:
        level = _quantifier_level(finding, words)
        if level == "many" and finding.rule.rule_id not in many_confirmed:
            level = "some"  # 多数 is a grave word: it prints once an analyst has confirmed it
        choices = getattr(words, level)
        quantifier = choices[used[level] % len(choices)]
        used[level] += 1
        sentences.append(fill(finding.rule.group_pattern, {"quantifier": quantifier}))
    return sentences


def _quantifier_level(finding: GroupFinding, words: Quantifiers) -> Literal["few", "some", "many"]:
    if finding.share <= words.few_up_to + TOLERANCE:
        return "few"
    if finding.share <= words.some_up_to + TOLERANCE:
        return "some"
    return "many"


T = TypeVar("T", Finding, GroupFinding)


def by_theme(themes: Sequence[Theme], found: Sequence[T]) -> list[tuple[Theme, list[T]]]:
    """Findings under the heads of section three; heads without findings are dropped."""
    grouped = [(theme, [f for f in found if f.rule.theme == theme.key]) for theme in themes]
    return [(theme, items) for theme, items in grouped if items]
