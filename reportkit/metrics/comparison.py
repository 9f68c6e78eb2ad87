"""How figures compare: median and quartiles of peers, intervals of small proportions."""

from __future__ import annotations

import math
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

    def fewer_than(self, limit: int) -> bool:
        """Whether fewer units have a value."""
        return self.units < limit


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


def quarter(value: float, spread: Spread, *, low_is_better: bool = False) -> str:
    """Where a value stands among its peers, in words of quarters, by their printed quartiles.

    A value at the median is 中位水平, however many share it; at or beyond a quartile it is in
    the quarter beyond.
    """
    if math.isclose(value, spread.median, abs_tol=1e-12):
        return MIDDLE
    above = value > spread.median
    beyond = value >= spread.q3 - 1e-12 if above else value <= spread.q1 + 1e-12
    good = above != low_is_better
    return QUARTERS[(0 if beyond else 1) if good else (3 if beyond else 2)]
