"""Which conventions of the office each metric's figures depend on: no more and no fewer."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd
import pytest
from frames_builder import params
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whole_year import TOPICS, whole_year
from year_strategies import Drawn, drawn_years, few

from reportkit.metrics.frames import YearFrames
from reportkit.metrics.registry import BY_ID, METRICS
from reportkit.metrics.year import group_totals, indicators_by_unit
from reportkit.params import MetricRules

OTHERWISE: dict[str, list[dict[str, Any]]] = {
    "attendance": [
        {"attendance": {"present": ["出席"]}},
        {"attendance": {"left_out": ["未记", "公务假", "缺席"]}},
        {"attendance": {"minimum_sessions": 5}},
    ],
    "attendance.roles": [{"attendance": {"roles": ["组长", "副组长"]}}],
    "study_sessions": [{"study_sessions": ["集体学习"]},
                       {"study_sessions": ["读书班", "第一议题"]}],
    "joint_sessions": [{"joint_sessions": "once"}],
    "discussion_speeches": [{"discussion_speeches": ["领学", "重点", "补充", "书面"]}],
    "discussions_counted": [{"discussions_counted": "speeches"}],
    "report_days": [{"report_days": 0}, {"report_days": 30}],
    "ledgers": [{"ledgers": ["签到簿", "学习计划"]}],
    "study_days_norm": [{"study_days_norm": 5}],
    "half_day_hours": [{"half_day_hours": 2}, {"half_day_hours": 8}],
    "visits_a_partner": [{"visits_a_partner": 2}],
    "feedback_days": [{"feedback_days": 0}, {"feedback_days": 60}],
    "completeness": [{"completeness": {"sessions": ["hours"]}}],
}  # fmt: skip
"""Each convention, and other values of it than the office's by default."""

some = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
PARTS = ["numerator", "denominator", "value", "state", "left_out"]


def under(frames: YearFrames, rules: dict[str, Any]) -> YearFrames:
    """The same records under other conventions."""
    changed = params(topics=TOPICS, metrics=rules).metrics
    year = frames.params.model_copy(update={"metrics": changed})
    return dataclasses.replace(frames, params=year)


def bare(column: pd.Series) -> pd.Series:
    """What was left out by number: the words of a reason may hold a convention themselves."""
    return column.map(lambda reasons: sorted(reasons.values()))


def changed_by(frames: YearFrames, rules: dict[str, Any]) -> set[str]:
    """The metrics of which a unit's figures differ under other conventions."""
    base, other = under(frames, {}), under(frames, rules)
    found = set()
    for metric in METRICS:
        one, two = (metric.compute(each)[PARTS] for each in (base, other))
        one, two = (each.assign(left_out=bare(each["left_out"])) for each in (one, two))
        if not one.equals(two):
            found.add(metric.metric_id)
    return found


def depends(metric_id: str, rule: str) -> bool:
    """Whether the metric says so; on all of attendance, on its roles alone too."""
    rules = BY_ID[metric_id].rules
    return rule in rules or rule.partition(".")[0] in rules


def test_every_convention_is_tried() -> None:
    """A convention that is added to the parameters is missing here until it is tried."""
    assert {rule.partition(".")[0] for rule in OTHERWISE} == set(MetricRules.model_fields)
    named = {rule for metric in METRICS for rule in (*metric.rules, *metric.total_rules)}
    assert named <= set(OTHERWISE)


@pytest.mark.parametrize("rule", OTHERWISE)
def test_a_metric_names_the_conventions_that_change_it(rule: str) -> None:
    """On the whole year of aa: whose figures move is exactly who says that they may."""
    frames = whole_year()
    moved = set().union(*(changed_by(frames, rules) for rules in OTHERWISE[rule]))
    unsaid = {metric_id for metric_id in moved if not depends(metric_id, rule)}
    assert not unsaid
    said = {metric.metric_id for metric in METRICS if rule in metric.rules}
    assert said <= moved


SINGLE = [(rule, rules) for rule, every in OTHERWISE.items() for rules in every]


@some
@given(drawn_years(), st.sampled_from(SINGLE))
def test_no_other_convention_changes_a_metric(
    year: Drawn, change: tuple[str, dict[str, Any]]
) -> None:
    """On any year: a metric that does not name a convention is the same whatever it is."""
    rule, rules = change
    assert not {i for i in changed_by(year.frames(), rules) if not depends(i, rule)}


@few
@given(drawn_years())
def test_joint_sessions_change_totals_alone(year: Drawn) -> None:
    """The group's M1, M2 and M3 name the convention; the totals of all others do not move."""
    frames = year.frames()
    named = {metric.metric_id for metric in METRICS if "joint_sessions" in metric.total_rules}
    assert named == {"M1", "M2", "M3"}
    table = indicators_by_unit(under(frames, {}))
    each, once = (
        group_totals(under(frames, {"joint_sessions": how}), table)["value"]
        for how in ("each", "once")
    )
    assert each.drop(list(named)).equals(once.drop(list(named)))


@pytest.mark.parametrize("metric", METRICS, ids=list(BY_ID))
def test_conventions_are_the_values_of_a_year(metric: Any) -> None:
    """As many as are named, equal for equal parameters, and of the total those of the total too."""
    rules = MetricRules()
    of_unit = metric.conventions(rules, total=False)
    assert len(of_unit) == len(metric.rules)
    assert of_unit == metric.conventions(MetricRules(), total=False)
    whole = metric.conventions(rules, total=True)
    assert whole[: len(of_unit)] == of_unit
    assert len(whole) == len(of_unit) + len(metric.total_rules)
