"""Last year's printed figures: held against the metrics that they claim to be, and written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportkit.annual.before import SILENT, Before
from reportkit.errors import ParameterError
from reportkit.metrics.indicator import finite
from reportkit.metrics.registry import BY_ID, METRICS
from reportkit.params import (
    Baseline,
    Units,
    available_years,
    baseline_path,
    load_baseline,
    load_year,
)

if TYPE_CHECKING:
    from reportkit.annual.year import Annual


def printed_figures(home: Path, year: int, units: Units) -> Baseline | None:
    """``params/baseline/<year>.yml``; None if there is none.

    Raises
    ------
    ParameterError
        If a metric is unknown, a share is above one, or a count has a fraction.
    """
    baseline = load_baseline(home, year, units)
    if baseline is None or _sound.get(home) is baseline:
        return baseline
    names = [("totals", baseline.totals), *((f"units.{u}", o) for u, o in baseline.units.items())]
    for place, figures in names:
        for metric_id in figures:
            if metric_id not in BY_ID:
                found, expected = f"no metric {metric_id!r}", f"one of {'、'.join(BY_ID)}"
                raise _wrong(f"{place}.{metric_id}", found, expected, year)
    for key, metric_id, value in baseline.figures():
        metric = BY_ID[metric_id]
        if metric.kind == "ratio" and value > 1:
            found = f"{value} is no share ({metric.name})"
            raise _wrong(key, found, "a number from 0 to 1: 85.3% is 0.853", year)
        if metric.kind == "count" and metric.counter != "天" and value != int(value):
            raise _wrong(key, f"{value} is no count ({metric.name})", "a whole number", year)
    _sound[home] = baseline
    return baseline


_sound: dict[Path, Baseline] = {}
"""The last one found sound: it is asked for by each unit. A file that changes is another object."""


def _wrong(key: str, found: str, expected: str, year: int) -> ParameterError:
    return ParameterError(
        f"{key}: {found}",
        expected=expected,
        next_step="correct the figure as it was printed",
        where=baseline_path(year),
    )


def printed_before(home: Path, printed: Baseline, unit_id: str | None) -> Before:
    """What was printed of a unit (None: of the group), to hold this year's figures against.

    Of a file that is whole it is known by which conventions, and who reported nothing.
    """
    figures = printed.rows(unit_id)
    if not printed.whole:
        return Before(figures, missing="上年通报未列", total=unit_id is None)
    there = printed.year in available_years(home)
    rules = load_year(home, printed.year).metrics if there else None
    if unit_id is not None:
        return Before(figures, missing="上年未报", rules=rules)
    silent: dict[str, set[str]] = {}
    for unit in printed.units:
        for metric_id, row in printed.rows(unit).items():
            if row.get("state") in SILENT:
                silent.setdefault(metric_id, set()).add(unit)
    return Before(figures, missing="无上年数据", rules=rules, total=True,
                  silent=silent, units=tuple(printed.units))  # fmt: skip


# --- written ---

_HEAD = """\
# {year}年数据，由 reportkit 自快照 {digest} 生成，未经四舍五入。
# {year}年的快照在时以快照为准；快照不在时（丢失、清除），以后各年与上年的比较取自这里。
# 与印发的通报不一致的，以通报为准改正。
# 数值或写作 value（比率为小数）、of（分子、分母）、state（没有数值时的状态）。
year: {year}
source: {year}年通报
whole: true               # 全部单位、全部指标都已列出
"""


def baseline_text(annual: Annual) -> str:
    """A year's totals and units' figures as ``params/baseline/<year>.yml``, in full precision.

    Raises
    ------
    RecordsError
        If a snapshot is damaged.
    """
    lines = ["totals:"]
    totals = annual.totals
    lines += _figures({m.metric_id: dict(totals.loc[m.metric_id]) for m in METRICS}, "  ")
    lines.append("units:")
    for unit in annual.units.in_year(annual.year):
        if rows := annual.rows_of(unit.unit_id):
            lines += [f"  {unit.unit_id}:", *_figures(rows, "    ")]
    digest = annual.records.digest[:12]
    head = _HEAD.format(year=annual.year, digest=digest)
    return head + "\n".join(lines) + "\n"


def _figures(rows: Mapping[str, Mapping[str, Any]], indent: str) -> Iterator[str]:
    for metric_id, row in rows.items():
        value, bottom = finite(row["value"]), finite(row["denominator"])
        if value is None:
            told = f"{{state: {row['state']}}}"
        elif bottom is None:
            told = _number(value)
        else:
            top = finite(row["numerator"]) or 0.0
            told = f"{{value: {_number(value)}, of: [{_number(top)}, {_number(bottom)}]}}"
        yield f"{indent}{metric_id}: {told}"


def _number(value: float) -> str:
    """As YAML reads it back to the same float: whole ones without a point, never 1e-05."""
    if value == int(value):
        return str(int(value))
    text = repr(float(value))
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return text
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}e{int(exponent):+03}"
