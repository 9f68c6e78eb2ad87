"""How figures compare: median and quartiles of peers, intervals of small proportions."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from reportkit.metrics.frames import YearFrames
from reportkit.metrics.states import REPORTED

_Z = 1.959963984540054
"""The normal quantile of a two-sided interval of 95 %."""


@dataclass(frozen=True)
class Spread:
    """Median and quartiles of a metric over some units, and how many have a value."""

    q1: float
    median: float
    q3: float
    units: int


def distribution(frames: YearFrames, table: pd.DataFrame) -> pd.DataFrame:
    """Medians and quartiles over subordinate units in being at the cutoff.

    集团本级 is no one's peer. One row a metric and peer group, with peer_group "" for all
    units together: metric_id, peer_group, q1, median, q3 (by linear interpolation), units
    (how many have a value).
    """
    units = frames.unit_frame
    peers = units[(units["level"] == "unit") & units["at_end"]]
    known = table[table["state"].isin(REPORTED) & table["unit_id"].isin(peers.index)]
    known = known[["metric_id", "unit_id", "value"]]
    known = known.assign(peer_group=known["unit_id"].map(peers["peer_group"]))
    whole = known.assign(peer_group="")
    both = pd.concat([known[known["peer_group"].notna()], whole], ignore_index=True)
    grouped = both.groupby(["metric_id", "peer_group"])["value"]
    wide = pd.DataFrame(
        {"q1": grouped.quantile(0.25), "median": grouped.median(), "q3": grouped.quantile(0.75),
         "units": grouped.size()}
    )  # fmt: skip
    return wide.reset_index()


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """The 95 % Wilson score interval of a proportion, from 0 to 1.

    Raises
    ------
    ValueError
        If there were no trials, or more successes than trials.
    """
    if trials <= 0 or not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is no proportion")
    share, square = successes / trials, _Z * _Z
    centre = share + square / (2 * trials)
    spread = _Z * math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    scale = 1 + square / trials
    low, high = (centre - spread) / scale, (centre + spread) / scale
    # At the ends rounding may leave a hair beyond what a proportion can be.
    return (0.0 if successes == 0 else max(low, 0.0)), (1.0 if share == 1 else min(high, 1.0))


QUARTERS = ("前四分之一", "中上水平", "中下水平", "后四分之一")
MIDDLE = "中位水平"


def quarter(value: float, ordered: Sequence[float], *, low_is_better: bool = False) -> str:
    """Where a value stands among its peers, in words of quarters.

    ``ordered``: the peers' values, ascending, its own among them. A value at the median is
    中位水平, however many share it; else units of one value share the best of their places.
    """
    half = len(ordered) // 2
    median = (ordered[half] + ordered[-1 - half]) / 2
    if math.isclose(value, median, abs_tol=1e-12):
        return MIDDLE
    if low_is_better:
        better = bisect_left(ordered, value)
    else:
        better = len(ordered) - bisect_right(ordered, value)
    return QUARTERS[min(3, better * 4 // len(ordered))]
