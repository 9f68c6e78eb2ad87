"""Last year's printed figures, held against the metrics that they claim to be."""

from __future__ import annotations

from pathlib import Path

from reportkit.errors import ParameterError
from reportkit.metrics.registry import BY_ID
from reportkit.params import Baseline, Units, baseline_path, load_baseline


def printed_figures(home: Path, year: int, units: Units) -> Baseline | None:
    """``params/baseline/<year>.yml``; None if there is none.

    Raises
    ------
    ParameterError
        If a metric is unknown, a share is above one, or a count has a fraction.
    """
    baseline = load_baseline(home, year, units)
    for key, metric_id, value in baseline.figures() if baseline else ():
        metric = BY_ID.get(metric_id)
        if metric is None:
            found, expected = f"no metric {metric_id!r}", f"one of {'、'.join(BY_ID)}"
        elif metric.kind == "ratio" and value > 1:
            found = f"{value} is no share ({metric.name})"
            expected = "a number from 0 to 1: 85.3% is 0.853"
        elif metric.kind == "count" and metric.counter != "天" and value != int(value):
            found, expected = f"{value} is no count ({metric.name})", "a whole number"
        else:
            continue
        raise ParameterError(
            f"{key}: {found}",
            expected=expected,
            next_step="correct the figure as it was printed",
            where=baseline_path(year),
        )
    return baseline
