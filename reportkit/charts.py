"""The charts of a unit's circular: vector, in the page's own fonts, safe in black and white."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reportkit import wording
from reportkit.display import Block

if TYPE_CHECKING:
    import pandas as pd

    from reportkit.fonts import FontSet

WIDTH_MM = 150
INK = "#1a1a1a"
PALE = "#c8c8c8"


def chart_fonts(fonts: FontSet | None = None) -> None:
    """Have matplotlib draw in the fonts of the page, for charts of an analyst's own too."""
    import matplotlib as mpl

    from reportkit.fonts import FontSet
    from reportkit.params import find_home, own_fonts

    fonts = fonts or FontSet.find(own_fonts(find_home()))
    mpl.rcParams.update(
        {
            "font.family": fonts.register_matplotlib(),
            "font.size": 10,
            "axes.unicode_minus": False,
            "svg.fonttype": "none",
            "svg.hashsalt": "reportkit",
        }
    )


def _figure(height_mm: float, fonts: FontSet) -> tuple[Any, Any]:
    """A figure of the text's width with one axes, in the fonts of the page."""
    from matplotlib.figure import Figure

    chart_fonts(fonts)
    # Figure, not pyplot: no state is left behind, and no backend is asked for.
    figure = Figure(figsize=(WIDTH_MM / 25.4, height_mm / 25.4), layout="constrained")
    axes = figure.add_subplot()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def _block(figure: Any, title: str, alt: str) -> Block:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    return Block("figure", svg=svg[svg.index("<svg") :], title=title, alt=alt, width_mm=WIDTH_MM)


def peers_chart(
    name: str, values: Sequence[float], own: float, median: float, quarter: str, fonts: FontSet
) -> Block:
    """The unit among its unnamed peers: one bar a unit, ascending, its own one filled.

    Parameters
    ----------
    name:
        The indicator's name; its values are ratios from 0 to 1.
    values:
        All units of the peer group (同类单位), the unit itself included, ascending.
    own, median:
        The unit's own value and the median of ``values``.
    quarter:
        Where it stands among them, in words (前四分之一).
    """
    figure, axes = _figure(48, fonts)
    ordered = sorted(values)
    place = ordered.index(own)
    heights = [v * 100 for v in ordered]
    bars = axes.bar(range(len(heights)), heights, color="white", edgecolor=INK, linewidth=0.7)
    bars[place].set_facecolor(INK)
    axes.axhline(median * 100, color=INK, linewidth=0.8, linestyle=(0, (5, 3)))
    axes.annotate(
        f"中位数{wording.percent(median)}", (1.0, median * 100), xycoords=("axes fraction", "data"),
        xytext=(4, 0), textcoords="offset points", va="center", annotation_clip=False,
    )  # fmt: skip
    # Above the median's line, never across it.
    axes.annotate(
        f"本单位{wording.percent(own)}", (place, max(own, median) * 100), xytext=(0, 3),
        textcoords="offset points", ha="center", va="bottom",
    )  # fmt: skip
    axes.set_xticks([])
    axes.set_xlabel("同类单位（由低到高，不列名称）")
    axes.set_ylim(0, 112)
    axes.set_yticks([0, 20, 40, 60, 80, 100], [f"{n}%" for n in (0, 20, 40, 60, 80, 100)])
    title = f"{name}居{len(ordered)}家同类单位{quarter}"
    alt = (
        f"柱状图：{len(ordered)}家同类单位的{name}由低到高排列，本单位{wording.percent(own)}，"
        f"中位数{wording.percent(median)}，居{quarter}"
    )
    return _block(figure, title, alt)


def calendar_chart(year: int, sessions: pd.DataFrame, months_due: int, fonts: FontSet) -> Block:
    """The unit's year as a calendar: one mark a session, by month and day.

    ``sessions``: one row a session held, columns start (datetime), mark (集体学习,
    集体学习（含研讨） or 读书班); ``months_due``: the months in which the unit was in being.
    """
    figure, axes = _figure(40, fonts)
    styles = {
        "集体学习": {"marker": "o", "facecolors": "white"},
        "集体学习（含研讨）": {"marker": "o", "facecolors": INK},
        "读书班": {"marker": "s", "facecolors": PALE},
    }
    for mark, style in styles.items():
        rows = sessions[sessions["mark"] == mark]
        if len(rows):
            axes.scatter(
                rows["start"].dt.month, rows["start"].dt.day, s=24, linewidths=0.9,
                edgecolors=INK, label=mark, zorder=3, **style,
            )  # fmt: skip
    axes.set_xlim(0.5, 12.5)
    axes.set_xticks(range(1, 13), [f"{month}月" for month in range(1, 13)])
    axes.set_ylim(32, 0)
    axes.set_yticks([1, 10, 20, 31], ["1日", "10日", "20日", "31日"])
    axes.vlines([n + 0.5 for n in range(1, 12)], 0, 32, color=PALE, linewidth=0.5)
    axes.tick_params(length=0)
    if len(sessions):
        axes.legend(
            loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False,
            handletextpad=0.2,
        )  # fmt: skip
    months = int(sessions["start"].dt.month.nunique())
    if months >= months_due:
        covered = "每月均有学习" if months_due == 12 else f"在册的{months_due}个月均有学习"
    else:
        covered = f"有学习的月份{months}个"
    title = f"{year}年学习{len(sessions)}次，{covered}"
    by_month = sessions["start"].dt.month.value_counts().sort_index()
    alt = f"{year}年学习日历：" + (
        "，".join(f"{month}月{n}次" for month, n in by_month.items()) or "无学习记录"
    )
    return _block(figure, title, alt)
