"""What a metric is (指标定义): one entry a metric, made where its function stands.

``@metric(...)`` above the function holds number, name and definition (口径). The definition
prints in the annex and stands at the head of the function's docstring: there is no second
place in which it could be told otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Literal

from reportkit import wording
from reportkit.metrics.evidence import Evidence, figures
from reportkit.params import PLACEHOLDER, MetricRules

if TYPE_CHECKING:
    import pandas as pd

    from reportkit.metrics.frames import YearFrames

Kind = Literal["count", "ratio", "mean"]
Better = Literal["high", "low", "neither"]

NOT_DUE = "未到期"
"""The state of a yearly metric in a paper on a part of the year."""


@dataclass(frozen=True)
class Metric:
    """What an indicator measures: the one place of its definition (口径).

    Parameters
    ----------
    metric_id, attribute, name:
        M9a; its name in notebooks (``m.reports``); its Chinese name.
    kind:
        count: numerator alone · ratio: numerator ÷ denominator, from 0 to 1 · mean: the same
        without that bound.
    counter:
        The measure word behind a count or mean (次), "" for ratios.
    base:
        What a denominator counts (人, 次, 项).
    averaged:
        The numerator is a sum of ratios, so that "numerator of denominator" says nothing.
    better:
        Which values a unit would wish for; "neither": shown as context, never ranked.
    yearly:
        Says nothing before the year is over (or, of the office's checks, does not say when they
        were made): 未到期 in a quarterly paper.
    rules, total_rules:
        The conventions of the year's parameters that its figures depend on (attendance.roles);
        ``total_rules``: those that only the group's total does.
    trials:
        Whether a ratio is so many of so many, and has an interval; days against a norm are not.
    lacks:
        The measure word of what it names as lacking (个专题); "" where it names nothing.
    tables:
        The tables of a submission that it cannot do without.
    when_empty:
        The state of a ratio whose denominator is zero.
    """

    metric_id: str
    attribute: str
    name: str
    kind: Kind
    counter: str
    template: str
    tables: tuple[str, ...]
    gather: Callable[[YearFrames], Evidence]
    serves: str = ""
    base: str = ""
    averaged: bool = False
    better: Better = "high"
    yearly: bool = False
    when_empty: str = "不适用"
    rules: tuple[str, ...] = ()
    total_rules: tuple[str, ...] = ()
    trials: bool = True
    lacks: str = ""

    def __repr__(self) -> str:
        return f"<{self.metric_id} {self.name}>"

    @property
    def number(self) -> str:
        """The number of domain §3 that it belongs to: M9 of M9a."""
        return "M" + re.sub(r"\D", "", self.metric_id)

    @property
    def order(self) -> tuple[int, str]:
        """Sorts metrics by number, then letter."""
        return int(self.number[1:]), self.metric_id

    def definition(self, rules: MetricRules) -> str:
        """The definition (口径) under a year's conventions, without a full stop."""
        words = rule_words(rules)
        return PLACEHOLDER.sub(lambda match: words[match.group(1)], self.template)

    def conventions(self, rules: MetricRules, *, total: bool) -> tuple[object, ...]:
        """The year's conventions behind its figures: years that differ in them are 不可比.

        ``total``: of the group's figure.
        """
        names = (*self.rules, *(self.total_rules if total else ()))
        return tuple(attrgetter(name)(rules) for name in names)

    def off(self, switched_off: Sequence[str]) -> bool:
        """Whether the year's parameters leave it out."""
        return self.number in switched_off or self.metric_id in switched_off

    def evidence(self, frames: YearFrames) -> Evidence:
        """The records that it counts, of all units."""
        return self.gather(frames)

    def compute(self, frames: YearFrames) -> pd.DataFrame:
        """Its figures by unit: index unit_id, columns as :func:`.evidence.figures` gives them."""
        return self.add_up(self.gather(frames), frames)

    def add_up(self, found: Evidence, frames: YearFrames) -> pd.DataFrame:
        """The figures of evidence that was gathered already."""
        overruled = None
        if self.off(frames.params.switched_off):
            overruled = "不适用"
        elif self.yearly and frames.ends_early:
            overruled = NOT_DUE
        return figures(
            found, frames, self.tables, counts=self.kind == "count",
            when_empty=self.when_empty, overruled=overruled,
        )  # fmt: skip


def rule_words(rules: MetricRules) -> dict[str, str]:
    """The year's conventions as definitions tell them, by placeholder."""
    attendance = rules.attendance
    speeches = "或".join(f"{kind}发言" for kind in rules.discussion_speeches)
    per_session = rules.discussions_counted == "sessions"
    return {
        "study": "和".join(rules.study_sessions),
        "present": "、".join(attendance.present),
        "left_out": "、".join(attendance.left_out) or "无",
        "roles": "、".join(attendance.roles),
        "minimum_sessions": str(attendance.minimum_sessions),
        "speeches": speeches,
        "discussions": f"有{speeches}的场次" if per_session else f"{speeches}的次数，一次计一场次",
        "joint": "联学各单位各计一次" if rules.joint_sessions == "each" else "联学在合计中只计一次",
        "report_days": str(rules.report_days),
        "ledgers": "、".join(rules.ledgers),
        "norm": wording.number(rules.study_days_norm, 1),
        "half_day": wording.number(rules.half_day_hours, 1),
        "visits": str(rules.visits_a_partner),
        "feedback_days": str(rules.feedback_days),
    }  # fmt: skip


_DEFINED: dict[str, Metric] = {}
"""Every metric, by number, in the order in which their modules were read."""


def metric(
    metric_id: str,
    attribute: str,
    name: str,
    *,
    definition: str,
    tables: tuple[str, ...] = (),
    kind: Kind = "ratio",
    counter: str = "",
    serves: str = "",
    base: str = "",
    averaged: bool = False,
    better: Better = "high",
    yearly: bool = False,
    when_empty: str = "不适用",
    rules: tuple[str, ...] = (),
    total_rules: tuple[str, ...] = (),
    trials: bool = True,
    lacks: str = "",
) -> Callable[[Callable[[YearFrames], Evidence]], Callable[[YearFrames], Evidence]]:
    """Makes the function below it a metric; its docstring begins with the definition.

    ``definition`` may hold the placeholders of :func:`rule_words`, where a convention of the
    office decides.
    """

    def define(gather: Callable[[YearFrames], Evidence]) -> Callable[[YearFrames], Evidence]:
        if metric_id in _DEFINED:
            raise ValueError(f"{metric_id} is defined twice")
        head = f"{metric_id} {name}：{definition}。"
        gather.__doc__ = f"{head}\n\n{gather.__doc__}" if gather.__doc__ else head
        _DEFINED[metric_id] = Metric(
            metric_id, attribute, name, kind, counter, definition, tables, gather, serves, base,
            averaged, better, yearly, when_empty, rules, total_rules,
            trials,
            lacks,
        )  # fmt: skip
        return gather

    return define


def defined() -> tuple[Metric, ...]:
    """Every metric of the modules read so far, by number."""
    return tuple(sorted(_DEFINED.values(), key=lambda one: one.order))
