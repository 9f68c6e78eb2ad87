"""The year's rules held against their metrics: what a rule cannot mean is refused."""

from __future__ import annotations

from collections.abc import Iterator

from reportkit.errors import ParameterError
from reportkit.metrics.definition import Metric
from reportkit.metrics.registry import BY_ID, METRICS
from reportkit.params import PLACEHOLDER, Rule, YearParams


def check_rules(params: YearParams) -> None:
    """Refuse rules on unknown metrics, lines that no value reaches, placeholders without meaning.

    Raises
    ------
    ParameterError
        With the rule's id and the file.
    """
    where = f"params/{params.year}.yml"
    for rule in params.rules:
        for found, expected in _wrong(rule):
            raise ParameterError(
                f"rule {rule.rule_id}: {found}", expected=expected,
                next_step="correct the rule", where=where,
            )  # fmt: skip
    known = {m.metric_id for m in METRICS} | {m.number for m in METRICS}
    for name in params.switched_off:
        if name not in known:
            raise ParameterError(
                f"switched_off: no metric {name!r}", expected=f"one of {'、'.join(BY_ID)}",
                next_step="correct the number", where=where,
            )  # fmt: skip


def _wrong(rule: Rule) -> Iterator[tuple[str, str]]:
    """What is wrong with a rule, and what is expected in its place."""
    metric = BY_ID.get(rule.metric)
    if metric is None:
        yield f"no metric {rule.metric!r}", f"one of {'、'.join(BY_ID)}"
        return
    line, below = rule.threshold, rule.comparison == "below"
    if metric.kind == "ratio" and not (0 < line <= 1 if below else 0 <= line < 1):
        yield (
            f"threshold {line:g} is a line that {metric.name} can never be {rule.comparison}",
            "a share from 0 to 1: 80% is 0.8",
        )
    if metric.kind != "ratio" and (line <= 0 if below else line < 0):
        yield f"threshold {line:g} ({metric.name})", f"a number of {metric.counter} above 0"
    used = {name for text in (*rule.unit_pattern, rule.none_pattern)
            for name in PLACEHOLDER.findall(text)}  # fmt: skip
    if senseless := sorted(used & _senseless(metric)):
        yield (
            f"{{{senseless[0]}}} says nothing of {metric.name}",
            "another placeholder: {value}, {line}, {against_line} or {change} fit every metric",
        )


def _senseless(metric: Metric) -> set[str]:
    """Placeholders that have no meaning for a metric."""
    senseless = set() if metric.lacks else {"missing"}
    if metric.kind != "ratio":
        senseless |= {"denominator", "evidence"}
    if metric.averaged:  # a sum of shares is no number of anything
        senseless |= {"numerator", "lacking", "evidence"}
    return senseless
