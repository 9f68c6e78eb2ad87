"""An indicator (指标): a computed value with its definition, parts, exclusions and state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reportkit import wording

if TYPE_CHECKING:
    import pandas as pd

    from reportkit.metrics.frames import YearFrames

Kind = Literal["count", "ratio"]
State = Literal["已报", "零", "未报", "不适用", "未核查", "数据不足"]

REPORTED: tuple[State, ...] = ("已报", "零")
"""The states in which an indicator has a value; 数据不足: sent, yet too little to compute."""


@dataclass(frozen=True)
class Metric:
    """What an indicator measures: the one place of its definition (口径).

    ``attribute`` is its name in notebooks (``m.sessions``), ``counter`` the measure word
    behind a count (次), ``tables`` the tables of a submission that it cannot do without.
    """

    metric_id: str
    attribute: str
    name: str
    kind: Kind
    counter: str
    definition: str
    tables: tuple[str, ...]
    compute: Callable[[YearFrames], pd.DataFrame]
    serves: str = ""


@dataclass(frozen=True)
class Indicator:
    """One metric's value for one unit (or the group) and year; prints itself in Chinese.

    ``value`` and the medians are exact floats or None; ``left_out`` says how much was not
    counted and why; ``missing`` names what was found lacking (topics, quarters, items).
    """

    metric: Metric
    state: State
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    left_out: tuple[tuple[str, int], ...] = ()
    missing: tuple[str, ...] = ()
    last_year: float | None = None
    last_year_note: str = ""
    peer_median: float | None = None
    peer_count: int = 0
    group_median: float | None = None
    group_count: int = 0

    @property
    def reported(self) -> bool:
        """Whether there is a value; a zero that was reported is one, a blank is not."""
        return self.state in REPORTED and self.value is not None

    def show(self, value: float | None) -> str:
        """Any value of this metric as this metric prints: 12, 85.7%; none: —."""
        if value is None:
            return "—"
        if self.metric.kind == "ratio":
            return wording.percent(value)
        return wording.number(value, 1)

    def __str__(self) -> str:
        return self.show(self.value) if self.reported else f"（{self.state}）"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    @property
    def change(self) -> str:
        """The change on last year as a clause: 比上年增加2次，增长25% · 与上年不可比."""
        if self.value is None or not self.reported:
            return self.state
        if self.last_year is None:
            return (
                f"与上年不可比（{self.last_year_note}）" if self.last_year_note else "与上年不可比"
            )
        if self.metric.kind == "ratio":
            return wording.ratio_change(self.value, self.last_year)
        return wording.count_change(self.value, self.last_year, self.metric.counter)

    @property
    def change_short(self) -> str:
        """The change for a table's cell: +2 · −1.5个百分点 · 持平 · 不可比."""
        if self.value is None or self.last_year is None:
            return "不可比"
        difference = self.value - self.last_year
        scale = 100 if self.metric.kind == "ratio" else 1
        shown = wording.number(abs(difference) * scale, 1)
        if shown == "0":
            return "持平"
        unit = "个百分点" if self.metric.kind == "ratio" else ""
        return f"{'+' if difference > 0 else '−'}{shown}{unit}"

    @property
    def exclusions(self) -> str:
        """What was not counted, and why: 取消2次、未到期1项; "" if nothing was."""
        return "、".join(why.replace("{}", str(n)) for why, n in self.left_out)

    @property
    def parts(self) -> str:
        """Numerator and denominator as the rules cite them: 9/12; a plain count: 12."""
        if self.numerator is None:
            return "—"
        if self.denominator is None:
            return wording.number(self.numerator, 1)
        return f"{wording.number(self.numerator, 2)}/{wording.number(self.denominator, 2)}"
