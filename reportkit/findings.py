"""Indicators → findings (问题) and requirements (要求), by the rules in ``params/<year>.yml``.

A rule says which metric must not lie below (or above) which line, and in which words a
unit and the group are told. Nothing here judges: the sentences are the office's own.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from reportkit import reads, wording
from reportkit.metrics.indicator import Indicator
from reportkit.metrics.printed import noted
from reportkit.params import PLACEHOLDER, Quantifiers, Rule, Theme

Outcome = Literal["触发", "未触发", "数据不足", "未核查", "不适用", "未到期"]

TOLERANCE = 1e-9
"""A mean of exact fractions may miss its line by a float's last digit: that is no fault."""

REPEATED = "（上年已指出）"
"""Behind the clause of a finding that last year's rules found as well."""


@dataclass(frozen=True)
class Finding:
    """What a rule said of one unit: its outcome, and the indicator that is its evidence."""

    rule: Rule
    outcome: Outcome
    indicator: Indicator
    unit_id: str = ""
    number: str = ""
    """Under which it stands in the 整改台账: WT-03."""
    repeated: bool = False
    """Whether last year's rules found the same."""

    @property
    def triggered(self) -> bool:
        return self.outcome == "触发"

    @property
    def too_few(self) -> bool:
        """数据不足 of a unit that sent everything: there is too little of it to judge."""
        return self.outcome == "数据不足" and self.indicator.reported

    @property
    def gap(self) -> float:
        """How far the value lies beyond its line, as a share of the line."""
        if self.indicator.value is None:
            return 0.0
        distance = abs(self.indicator.value - self.rule.threshold)
        return distance / self.rule.threshold if self.rule.threshold else distance

    @property
    def sentence(self) -> str:
        """``unit_pattern`` with this unit's figures; no full stop at the end.

        Of several patterns each unit keeps one of its own, so that papers of one rule set do
        not all use the same words.
        """
        return self.plain_sentence + REPEATED if self.repeated else self.plain_sentence

    @property
    def plain_sentence(self) -> str:
        """The same without saying that it was told before."""
        patterns = self.rule.unit_pattern
        if self.rule.none_pattern and not self.indicator.numerator:
            patterns = (self.rule.none_pattern,)  # “9人中有9人” reads oddly
        pattern = patterns[variant(f"{self.unit_id}/{self.rule.rule_id}", len(patterns))]
        values, attribute = (
            sentence_values(self.indicator, self.rule),
            self.indicator.metric.attribute,
        )

        def told(name: str) -> str:
            return noted(attribute if name == "value" else f"{attribute}.{name}", values[name])

        return PLACEHOLDER.sub(lambda match: told(match.group(1)), pattern)


def variant(key: str, choices: int) -> int:
    """One of so many choices, the same for a key on every machine and in every year."""
    return zlib.crc32(key.encode("utf-8")) % choices


def sentence_values(indicator: Indicator, rule: Rule) -> dict[str, str]:
    """What the placeholders of a ``unit_pattern`` stand for."""
    value, line = _value_and_line(indicator, rule.threshold)
    return {
        "value": value,
        "line": line,
        "against_line": against_line(indicator, rule, line),
        "numerator": indicator.amount(indicator.numerator),
        "denominator": indicator.amount(indicator.denominator),
        "lacking": indicator.amount(_lacking(indicator, rule)),
        "missing": indicator.missing_names,
        "evidence": indicator.parts,
        "change": indicator.change,
    }


def _lacking(indicator: Indicator, rule: Rule) -> float:
    """What is lacking: of a ratio to the whole, of a count to the line."""
    if indicator.metric.kind == "ratio":
        return indicator.lacking
    return max(rule.threshold - (indicator.value or 0), 0)


def against_line(indicator: Indicator, rule: Rule, line: str) -> str:
    """Where a value stands to its line, and whether it comes nearer to it.

    低于80% · 比上年下降3个百分点，低于80% · 虽比上年提高3个百分点，仍低于80%.
    """
    below = rule.comparison == "below"
    stands = f"{'低于' if below else '高于'}{line}"
    now, before = indicator.value, indicator.last.value
    if now is None or before is None or indicator.metric.kind != "ratio" or indicator.masked:
        return stands
    difference = wording.ratio_difference(now, before)
    if difference == 0:
        return stands
    if (difference > 0) == below:
        return f"虽{indicator.change}，仍{stands}"
    return f"{indicator.change}，{stands}"


def _value_and_line(indicator: Indicator, threshold: float) -> tuple[str, str]:
    """Value and line as text, in as many decimals as tell them apart: 79.98%，低于80%.

    A ratio of few is never told without them: 75%（6/8）.
    """
    value = indicator.told(indicator.value) if indicator.reported else str(indicator)
    line = indicator.told(threshold)
    exact, ratio = indicator.value, indicator.metric.kind == "ratio"
    if value == line and exact is not None and ratio and not indicator.masked:
        for places in range(2, wording.MOST_PLACES + 1):
            value, line = wording.percent(exact, places), wording.percent(threshold, places)
            if value != line:
                break
    n = indicator.cell.removeprefix(str(indicator)) if indicator.reported else ""
    return value + n, line


def fill(pattern: str, values: Mapping[str, str]) -> str:
    """The pattern with its ``{names}`` replaced; a value that holds braces stays as it is."""
    return PLACEHOLDER.sub(lambda match: values[match.group(1)], pattern)


def outcome_of(rule: Rule, indicator: Indicator) -> Outcome:
    """What a rule says of an indicator; a blank is never a fault, nor in order."""
    value = indicator.value
    if value is None or not indicator.reported:
        told: dict[str, Outcome] = {"未核查": "未核查", "不适用": "不适用", "未到期": "未到期"}
        return told.get(indicator.state, "数据不足")
    if (indicator.denominator or rule.minimum_n) < rule.minimum_n:
        return "数据不足"
    if rule.comparison == "below":
        hit = value < rule.threshold - TOLERANCE
    else:
        hit = value > rule.threshold + TOLERANCE
    return "触发" if hit else "未触发"


def evaluate(
    rule: Rule,
    indicator: Indicator,
    *,
    unit_id: str = "",
    number: str = "",
    repeated: bool = False,
) -> Finding:
    """Hold one indicator against one rule."""
    outcome = outcome_of(rule, indicator)
    return Finding(rule, outcome, indicator, unit_id, number, repeated and outcome == "触发")


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
        level = printed_level(finding, words, many_confirmed)
        choices = getattr(words, level)
        quantifier = choices[used[level] % len(choices)]
        used[level] += 1
        sentences.append(fill(finding.rule.group_pattern, {"quantifier": quantifier}))
    return sentences


Level = Literal["few", "some", "many"]


def printed_level(
    finding: GroupFinding, words: Quantifiers, many_confirmed: Collection[str] = ()
) -> Level:
    """The same as it prints: 多数 is a grave word, and reads 部分 until an analyst confirms it."""
    level = quantifier_level(finding, words)
    if level == "many" and finding.rule.rule_id not in many_confirmed:
        return "some"
    return level


def quantifier_level(finding: GroupFinding, words: Quantifiers) -> Level:
    """个别, 部分 or 多数, from the share of units among those that could be judged.

    A single unit is 个别, however few could be judged.
    """
    if len(finding.units) == 1 or finding.share <= words.few_up_to + TOLERANCE:
        return "few"
    if finding.share <= words.some_up_to + TOLERANCE:
        return "some"
    return "many"


T = TypeVar("T", Finding, GroupFinding)


def by_theme(themes: Sequence[Theme], found: Sequence[T]) -> list[tuple[Theme, list[T]]]:
    """Findings under the heads of section three; heads without findings are dropped."""
    grouped = [(theme, [f for f in found if f.rule.theme == theme.key]) for theme in themes]
    return [(theme, items) for theme, items in grouped if items]


def gravest_first(found: Sequence[Finding]) -> list[Finding]:
    """What was told last year already, then what lies furthest from its line."""
    return sorted(found, key=lambda f: (not f.repeated, -round(f.gap, 6)))


_LINE = {"threshold", "minimum_n", "comparison"}
"""Of a rule that which shows in what it finds, and where its sentence cites it."""


def as_shown(found: Sequence[Finding]) -> list[Any]:
    """All that papers show of a unit's findings but for the unit's figures: to compare them."""
    order = gravest_first([finding for finding in found if finding.triggered])
    return [[finding.rule.rule_id for finding in order], *map(_as_shown, found)]


def _as_shown(finding: Finding) -> tuple[Any, ...]:
    rule = finding.rule
    told = rule.rule_id, rule.metric, finding.outcome, finding.too_few
    if not finding.triggered:
        return told
    with reads.recording(None):
        indicator = replace(finding.indicator, masked=False)
    value, line = _value_and_line(indicator, rule.threshold)
    lacking = indicator.amount(_lacking(indicator, rule))
    cited = {"value": value, "line": line, "against_line": line, "lacking": lacking}
    used = set(PLACEHOLDER.findall("".join((*rule.unit_pattern, rule.none_pattern))))
    shown = [cited[name] for name in sorted(used & cited.keys())]
    words = rule.model_dump_json(exclude=_LINE)
    return (*told, finding.number, finding.repeated, words, shown)
