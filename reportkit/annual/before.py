"""Last year's figures as this year's are held against them, from records or from print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from reportkit.metrics.definition import Metric
from reportkit.metrics.indicator import Earlier, finite
from reportkit.params import MetricRules, Unit

SILENT = ("未报", "数据不足")
"""States of a unit that a total lacks, though it concerns it."""

Silent = Mapping[str, set[str]]
"""metric_id → the units that its total lacks."""


@dataclass(frozen=True)
class Before:
    """Last year's figures of a unit or the group: by metric, or why there are none.

    Parameters
    ----------
    figures:
        metric_id → value, and where known numerator, denominator, state.
    note, missing:
        Why nothing can be compared; what is said of a metric that has no figure.
    rules:
        The conventions (口径) of then; None: not known.
    silent, units:
        Of the group's totals: who reported nothing then, and which units there were; None: of a
        unit, or not known.
    """

    figures: Mapping[str, Mapping[str, Any]]
    note: str = ""
    missing: str = ""
    rules: MetricRules | None = None
    total: bool = False
    silent: Silent | None = None
    units: Collection[str] = field(default=())


@dataclass(frozen=True)
class Now:
    """What the comparison needs of this year."""

    rules: MetricRules
    than: str
    silent: Silent
    units: Collection[str]


def not_comparable(unit: Unit, year: int, cutoff: dt.date, last: bool) -> str:
    """Why a unit cannot be compared with last year (``last``: there is one); "" if it can."""
    if unit.valid_from > dt.date(year - 1, 1, 1):
        return "新设单位" if unit.valid_from.year == year else "上年非全年"
    if unit.valid_to and unit.valid_to < cutoff:
        return "本年非全年"
    return "" if last else "无上年数据"


def earlier(metric: Metric, before: Before, now: Now) -> Earlier:
    """Last year's figure of one metric, or why it cannot be compared."""
    note = before.note
    if not note and before.rules is not None:
        these, those = (
            metric.conventions(each, total=before.total) for each in (now.rules, before.rules)
        )
        note = "" if these == those else "口径调整"
    if not note and before.silent is not None and _other_units(metric.metric_id, before, now):
        note = "填报单位不同"
    row = before.figures.get(metric.metric_id, {})
    value = finite(row.get("value"))
    if note or value is None:
        state = row.get("state")  # 未报 is the unit's doing, 未核查 the office's
        return Earlier(note=note or (f"上年{state}" if state else before.missing), than=now.than)
    top, bottom = (finite(row.get(name)) for name in ("numerator", "denominator"))
    return Earlier(value, top, bottom, than=now.than)


def _other_units(metric_id: str, before: Before, now: Now) -> set[str]:
    """Units of both years that reported in one of them alone: totals of others compare not."""
    these, those = (silent.get(metric_id, set()) for silent in (now.silent, before.silent or {}))
    return (these ^ those) & set(now.units) & set(before.units)
