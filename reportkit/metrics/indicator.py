"""An indicator (指标): a computed value with its parts, exclusions, state and comparisons."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from reportkit import wording
from reportkit.metrics.comparison import Spread, wilson
from reportkit.metrics.definition import Metric
from reportkit.metrics.printed import noted
from reportkit.metrics.states import REPORTED, State

if TYPE_CHECKING:
    import pandas as pd

DASH = "—"
SMALL_N = 11
"""A ratio of fewer is never shown in a table without saying of how many."""


class Background(Protocol):
    """What an indicator can be asked beyond its figures; answered only when asked."""

    def rows(self, metric: Metric) -> pd.DataFrame:
        """The records behind it: see :func:`reportkit.metrics.trace.rows_behind`."""

    def lines(self, metric: Metric) -> list[list[str]]:
        """The same for people: see :func:`reportkit.metrics.trace.told_together`."""

    def trend(self, metric: Metric) -> tuple[tuple[int, Earlier], ...]:
        """Its figures in each year there is, this one last."""


@dataclass(frozen=True)
class Earlier:
    """The same figure of last year, or of the same period of last year.

    ``note`` says why there is none, or why it is not comparable; ``than`` what it is called.
    """

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    note: str = ""
    than: str = "上年"


@dataclass(frozen=True)
class Indicator:
    """One metric's value for one unit (or the group) and year; prints itself in Chinese.

    ``value`` and its parts are exact floats or None; ``left_out`` says how much was not
    counted and why; ``missing`` names what was found lacking (topics, quarters, items);
    ``peers`` and ``group`` are the spreads among 同类单位 and all units, where there are any.
    """

    metric: Metric
    state: State
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    left_out: tuple[tuple[str, int], ...] = ()
    missing: tuple[str, ...] = ()
    definition: str = ""
    last: Earlier = Earlier()
    peers: Spread | None = None
    group: Spread | None = None
    quarter: str = ""
    """Where it stands among its peers (前四分之一 …); "" where that may not be said."""
    masked: bool = False
    background: Background | None = None

    @property
    def reported(self) -> bool:
        """Whether there is a value; a zero that was reported is one, a blank is not."""
        return self.state in REPORTED and self.value is not None

    # --- as text ---

    def show(self, value: float | None) -> str:
        """Any value of this metric as this metric prints: 12, 85.7%; none: —; masked: ×××."""
        if value is None:
            return DASH
        ratio = self.metric.kind == "ratio"
        if self.masked:
            return wording.MASK + ("%" if ratio else "")
        return wording.percent(value) if ratio else wording.number(value, 1)

    def told(self, value: float | None) -> str:
        """The same with its measure word, as a rule cites it: 8.5天, 85.7%."""
        return self.show(value) + (self.metric.counter if value is not None else "")

    def __repr__(self) -> str:
        return f"<{self.metric.metric_id} {self.metric.name}：{self}>"

    def __str__(self) -> str:
        return self.show(self.value) if self.reported else f"（{self.state}）"

    def __format__(self, spec: str) -> str:
        return noted(self.metric.attribute, format(str(self), spec))

    @property
    def exact(self) -> str:
        """The value in full, for tables of data: 12, 85.7142857142857%; without one: its state."""
        if self.value is None or not self.reported:
            return self.state
        if self.masked:
            return str(self)
        scale = 100 if self.metric.kind == "ratio" else 1
        text = f"{self.value * scale + 0.0:.15g}"
        return f"{text}%" if self.metric.kind == "ratio" else text

    def with_n(self, value: float | None, top: float | None, bottom: float | None) -> str:
        """A value of this metric for a table: where it is a ratio of fewer than 11, with its n.

        75%（6/8）; of a mean of ratios 92.3%（7人）.
        """
        text = self.show(value)
        few = self.metric.kind != "count" and bottom is not None and bottom < SMALL_N
        if value is None or not few or bottom is None or top is None or self.masked:
            return text
        if self.metric.averaged:
            return f"{text}（{wording.number(bottom, 1)}{self.metric.base}）"
        return f"{text}（{wording.number(top, 1)}/{wording.number(bottom, 1)}）"

    @property
    def cell(self) -> str:
        """The value for a table, after :meth:`with_n`; without one, its state."""
        if not self.reported:
            return self.state
        return self.with_n(self.value, self.numerator, self.denominator)

    @property
    def last_cell(self) -> str:
        """Last year's value for a table."""
        return self.with_n(self.last.value, self.last.numerator, self.last.denominator)

    @property
    def last_year(self) -> float | None:
        """Last year's value, if it can be compared."""
        return self.last.value

    # --- compared ---

    @property
    def change(self) -> str:
        """The change on last year as a clause: 比上年增加2次，增长25% · 与上年不可比（…）."""
        return noted(f"{self.metric.attribute}.change", self._change())

    def _change(self) -> str:
        than, before = self.last.than, self.last.value
        if self.value is None or not self.reported:
            return self.state
        if before is None:
            return f"与{than}不可比" + (f"（{self.last.note}）" if self.last.note else "")
        if self.masked:
            return self._masked_change(than)
        if self.metric.kind == "ratio":
            return wording.ratio_change(self.value, before, than)
        return wording.count_change(self.value, before, self.metric.counter, than)

    def _masked_change(self, than: str) -> str:
        """Says no more than that there is a change: its direction would be a figure too."""
        unit = "个百分点" if self.metric.kind == "ratio" else self.metric.counter
        return f"与{than}相比变化{wording.MASK}{unit}"

    @property
    def change_short(self) -> str:
        """The change for a table's cell: +2 · −1.5个百分点 · 持平 · 不可比."""
        if self.value is None or self.last.value is None:
            return "不可比"
        ratio = self.metric.kind == "ratio"
        unit = "个百分点" if ratio else ""
        if self.masked:
            return f"{wording.MASK}{unit}"
        of_kind = wording.ratio_difference if ratio else wording.count_difference
        difference = float(of_kind(self.value, self.last.value))
        shown = wording.number(abs(difference), wording.MOST_PLACES if ratio else 1)
        if shown == "0":
            return "持平"
        return f"{'+' if difference > 0 else '−'}{shown}{unit}"

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % Wilson interval of a proportion; None where the value is none."""
        metric = self.metric
        if metric.kind != "ratio" or metric.averaged or not metric.trials or not self.reported:
            return None
        if self.numerator is None or not self.denominator:
            return None
        return wilson(min(self.numerator, self.denominator), self.denominator)

    @property
    def interval_text(self) -> str:
        """The interval for a table: 40.9%—92.9%; — where there is none."""
        if self.interval is None:
            return DASH
        return f"{self.show(self.interval[0])}—{self.show(self.interval[1])}"

    @property
    def trend(self) -> tuple[tuple[int, float | None], ...]:
        """(year, value) of every year there is, this one last; None where it had no value."""
        told = self.background.trend(self.metric) if self.background else ()
        return tuple((year, figure.value) for year, figure in told)

    @property
    def trend_cells(self) -> tuple[tuple[int, str], ...]:
        """The same for a table, after :meth:`with_n`."""
        told = self.background.trend(self.metric) if self.background else ()
        return tuple(
            (year, self.with_n(one.value, one.numerator, one.denominator)) for year, one in told
        )

    # --- traced ---

    def rows(self) -> pd.DataFrame:
        """The records behind it: session, date, file, sheet, row, and how each one counted.

        Raises
        ------
        LookupError
            If it was made by hand, and not from a year's records.
        """
        return self._traced().rows(self.metric)

    def lines(self) -> list[list[str]]:
        """The same as a table for people, rows that differ in nothing but their line together.

        Raises
        ------
        LookupError
            If it was made by hand, and not from a year's records.
        """
        return self._traced().lines(self.metric)

    def _traced(self) -> Background:
        if self.background is None:
            raise LookupError(f"{self.metric.name} was not computed from records")
        return self.background

    @property
    def exclusions(self) -> str:
        """What was not counted, and why: 取消2次、未到期1项; "" if nothing was."""
        shown = (wording.MASK if self.masked else str(n) for _, n in self.left_out)
        return "、".join(
            why.replace("{}", n) for (why, _), n in zip(self.left_out, shown, strict=True)
        )

    @property
    def parts(self) -> str:
        """Numerator and denominator as the rules cite them: 9/12; a plain count: 12."""
        if self.numerator is None:
            return DASH
        if self.masked:
            return wording.MASK
        if self.denominator is None:
            return wording.number(self.numerator, 1)
        return f"{wording.number(self.numerator, 2)}/{wording.number(self.denominator, 2)}"

    def amount(self, number: float | None) -> str:
        """A number that belongs to it, as text: 12, 3.5; masked ×××."""
        return wording.MASK if self.masked else wording.number(number or 0, 1)

    @property
    def missing_names(self) -> str:
        """What was found lacking, as a list: 《…》、《…》等3个专题; masked, without the number."""
        return wording.names(self.missing, self.metric.lacks, masked=self.masked)

    @property
    def lacking(self) -> float:
        """What is lacking to the whole: denominator − numerator."""
        return max((self.denominator or 0) - (self.numerator or 0), 0)

    def as_masked(self) -> Indicator:
        """The same for a masked edition: every figure prints as ×××."""
        return replace(self, masked=True)


def finite(value: object) -> float | None:
    """A cell as a float; an empty or infinite one as None."""
    if value is None:
        return None
    number = float(value)  # type: ignore[arg-type]
    return number if math.isfinite(number) else None
