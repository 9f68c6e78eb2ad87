"""Metrics of 学习强国 (M17): context at the level of units, never ranked."""

from __future__ import annotations

import pandas as pd

from reportkit.metrics.definition import metric
from reportkit.metrics.evidence import Evidence, evidence
from reportkit.metrics.frames import YearFrames

_TABLES = ("platform",)
_SERVES = "“学习强国”学习平台活跃度"


@metric(
    "M17a", "platform_joined", "学习强国参与率", tables=_TABLES, base="人月", better="neither",
    definition="各月已注册人数之和除以各月党员人数之和，未填的月份不计",
    serves=_SERVES,
)  # fmt: skip
def platform_joined(frames: YearFrames) -> Evidence:
    return _monthly(frames, "joined", "party_members")


@metric(
    "M17b", "platform_participation", "学习强国参与度", tables=_TABLES, base="个月",
    averaged=True, better="neither",
    definition="各月参与度的平均值，未填的月份不计",
    serves=_SERVES,
)  # fmt: skip
def platform_participation(frames: YearFrames) -> Evidence:
    return _monthly(frames, "participation")


@metric(
    "M17c", "platform_points", "学习强国人均日积分", kind="mean", counter="分", tables=_TABLES,
    base="个月", averaged=True, better="neither",
    definition="各月人均日积分的平均值，未填的月份不计",
    serves=_SERVES,
)  # fmt: skip
def platform_points(frames: YearFrames) -> Evidence:
    return _monthly(frames, "mean_daily_points")


def _monthly(frames: YearFrames, top: str, bottom: str | None = None) -> Evidence:
    """Months up to the cutoff; those in which a figure is blank are left out."""
    months = frames.table("platform")
    months = months[months["month"] <= f"{frames.cutoff:%Y-%m}"]
    blank: pd.Series = months[top].isna()
    if bottom is not None:
        blank = blank | months[bottom].isna()
    return evidence(
        "platform", months,
        top=months[top].fillna(0).to_numpy(dtype=float),
        bottom=1.0 if bottom is None else months[bottom].fillna(0).to_numpy(dtype=float),
        left_out={"未填的{}个月": blank},
    )  # fmt: skip
