"""The charts of a unit's paper: among its peers, its year, the change on last year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportkit import wording
from reportkit.charts.drawing import INK, PALE, block_of, figure_of
from reportkit.display import Block

if TYPE_CHECKING:
    import pandas as pd

    from reportkit.fonts import FontSet


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
    figure, axes = figure_of(48, fonts)
    ordered = sorted(values)
    place = ordered.index(own)
    heights = [v * 100 for v in ordered]
    _draw_bars(axes, heights, place)
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
    return block_of(figure, title, alt)


def _draw_bars(axes: Any, heights: Sequence[float], place: int) -> None:
    """One bar a unit, that at ``place`` filled; in one drawing, however many units there are."""
    from matplotlib.collections import PolyCollection

    if len(heights) > _CROWDED:
        steps = [n for n in range(1, len(heights)) if heights[n] != heights[n - 1]]
        ends = [-0.5, *(n - 0.5 for n in steps for _ in range(2)), len(heights) - 0.5]
        tops = [heights[n] for n in (0, *steps) for _ in range(2)]
        axes.fill([ends[0], *ends, ends[-1]], [0, *tops, 0], color=PALE, linewidth=0)
        axes.vlines(place, 0, heights[place], color=INK, linewidth=1.5)
    else:
        corners = [
            [(n - 0.4, 0), (n - 0.4, height), (n + 0.4, height), (n + 0.4, 0)]
            for n, height in enumerate(heights)
        ]
        faces = ["white"] * len(heights)
        faces[place] = INK
        bars = PolyCollection(corners, facecolors=faces, edgecolors=INK, linewidths=0.7)
        axes.add_collection(bars)
    axes.set_xlim(-1, len(heights))


_CROWDED = 60
"""From so many bars on there is no room for their outlines: they are one grey step."""


def calendar_chart(year: int, sessions: pd.DataFrame, months_due: int, fonts: FontSet) -> Block:
    """The unit's year as a calendar: one mark a session, by month and day.

    ``sessions``: one row a session held, columns start (datetime), mark (集体学习,
    集体学习（含研讨） or 读书班); ``months_due``: the months in which the unit was in being.
    """
    figure, axes = figure_of(40, fonts)
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
    return block_of(figure, title, alt)


@dataclass(frozen=True)
class Change:
    """One indicator last year and this: values, as they print, and whether it is a ratio."""

    name: str
    before: float
    now: float
    before_text: str
    now_text: str
    ratio: bool

    @property
    def direction(self) -> int:
        """1 more, −1 less, 0 the same as printed: what a reader can see."""
        if self.before_text == self.now_text:
            return 0
        return 1 if self.now > self.before else -1


def change_chart(
    changes: Sequence[Change], than: str, fonts: FontSet, left_out: Sequence[str] = ()
) -> Block:
    """本单位与上年相比: a line from last year (hollow) to this year (filled) for each indicator.

    Counts and ratios stand in panels of their own, since they have no scale in common; both
    scales begin at zero.

    Parameters
    ----------
    changes:
        The indicators that can be compared, in the order of the paper.
    than:
        What they are compared with, in words (上年, 上年同期).
    left_out:
        Names of those that cannot be compared, for the text alternative.
    """
    panels = [[c for c in changes if c.ratio is ratio] for ratio in (False, True)]
    shown = [panel for panel in panels if panel]
    heights = [len(panel) for panel in shown]
    figure, axes = figure_of(14 + 6.5 * sum(heights), fonts, heights)
    for each, panel in zip(axes if len(shown) > 1 else [axes], shown, strict=True):
        _panel(each, panel)
    handles = [
        _marker(than, "white"),
        _marker("本年" if than == "上年" else "本期", INK),
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=2, frameon=False,
                  handletextpad=0.2)  # fmt: skip
    told = "，".join(
        f"{c.name}由{c.before_text}到{c.now_text}"
        if c.direction
        else f"{c.name}持平（{c.now_text}）"
        for c in changes
    )
    alt = f"与{than}相比：{told}" + (f"；{'、'.join(left_out)}不可比" if left_out else "")
    return block_of(figure, _change_title(changes, than), alt)


def _marker(label: str, face: str) -> Any:
    """An entry of the legend: the round mark of one of the two years."""
    from matplotlib.lines import Line2D

    return Line2D([], [], marker="o", linestyle="", markersize=5, markerfacecolor=face,
                  markeredgecolor=INK, label=label)  # fmt: skip


def _change_title(changes: Sequence[Change], than: str) -> str:
    """与上年相比，7项指标中4项上升、1项下降、2项持平."""
    numbers = [(word, sum(c.direction == sign for c in changes))
               for word, sign in (("上升", 1), ("下降", -1), ("持平", 0))]  # fmt: skip
    parts = [f"{number}项{word}" for word, number in numbers if number]
    if len(parts) == 1:
        return f"与{than}相比，{len(changes)}项指标均{parts[0].partition('项')[2]}"
    return f"与{than}相比，{len(changes)}项指标中{'、'.join(parts)}"


def _panel(axes: Any, changes: Sequence[Change]) -> None:
    top = 1.0 if changes[0].ratio else max(max(c.before, c.now) for c in changes) or 1.0
    for row, change in enumerate(changes):
        axes.plot([change.before, change.now], [row, row], color=INK, linewidth=1, zorder=2)
        axes.scatter([change.before], [row], s=26, facecolors="white", edgecolors=INK, zorder=3)
        axes.scatter([change.now], [row], s=26, facecolors=INK, edgecolors=INK, zorder=4)
        ends = [(change.before, change.before_text), (change.now, change.now_text)]
        if not change.direction:
            ends = ends[1:]
        for value, text in ends:
            right = value >= max(change.before, change.now)
            axes.annotate(
                text, (value, row), xytext=(6 if right else -6, 0), textcoords="offset points",
                ha="left" if right else "right", va="center", fontsize=9, annotation_clip=False,
            )  # fmt: skip
    axes.set_yticks(range(len(changes)), [c.name for c in changes])
    axes.set_ylim(len(changes) - 0.5, -0.5)
    axes.set_xlim(-0.12 * top, 1.15 * top)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_color(PALE)
    axes.tick_params(length=0)
