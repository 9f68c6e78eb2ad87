"""The charts of the 底稿: distribution of attendance, months and topics by unit.

A unit's name stands beside its row, since the 底稿 leaves the office with nobody. Of large
groups the figures come in sheets of forty units.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reportkit import wording
from reportkit.charts.drawing import INK, PALE, block_of, figure_of
from reportkit.display import Block

if TYPE_CHECKING:
    from reportkit.fonts import FontSet

A_SHEET = 40
"""Rows of one figure: more would not be read at the size of the page."""
_ROW_MM = 4.4
_BIN = 2.5
"""Width of a column of dots, in percentage points."""
_MANY = 120
"""From here on bars stand for columns of dots."""
_NAMED = 5
_SMALL = 8


def attendance_chart(
    name: str, values: Mapping[str, float], line: float | None, fonts: FontSet
) -> Block:
    """M4 的分布: each unit a dot above its value, those below the line filled.

    Parameters
    ----------
    name:
        The indicator's name; its values are ratios from 0 to 1.
    values:
        Unit's name → value, for those that have one; at least one.
    line:
        Below it a unit is told of (参学率低于80%); None where no rule says so.
    """
    figure, axes = figure_of(52, fonts)
    below = sorted((u for u, v in values.items() if line is not None and v < line), key=values.get)  # type: ignore[arg-type]
    columns: dict[float, list[bool]] = {}
    for unit, value in sorted(values.items(), key=lambda pair: -pair[1]):
        place = min(int(value * 100 / _BIN), int(100 / _BIN) - 1) * _BIN + _BIN / 2
        columns.setdefault(place, []).append(unit in below)
    highest = max(len(dots) for dots in columns.values())
    if len(values) > _MANY:
        _bars(axes, columns)
    else:
        for place, dots in columns.items():
            for height, filled in enumerate(sorted(dots), 1):
                axes.scatter([place], [height], s=min(34, 900 / highest), linewidths=0.8,
                             facecolors=INK if filled else "white", edgecolors=INK)  # fmt: skip
    if line is not None:
        axes.axvline(line * 100, color=INK, linewidth=0.8, linestyle=(0, (5, 3)))
        axes.annotate(
            wording.percent(line), (line * 100, 1.0), xycoords=("data", "axes fraction"),
            xytext=(-3, 0), textcoords="offset points", ha="right", va="top",
        )  # fmt: skip
    low = min(min(values.values()) * 100, (line or 1) * 100)
    axes.set_xlim(max(0, low // 10 * 10 - 5), 101)
    axes.set_ylim(0, highest + 1)
    axes.xaxis.set_major_formatter(lambda x, _: f"{x:.0f}%")
    axes.set_ylabel("单位数")
    axes.yaxis.get_major_locator().set_params(integer=True)
    return block_of(figure, _attendance_title(name, values, line, below),
                    _attendance_alt(name, values, line, below))  # fmt: skip


def _bars(axes: Any, columns: Mapping[float, Sequence[bool]]) -> None:
    for place, dots in columns.items():
        filled = sum(dots)
        axes.bar(
            [place], [len(dots)], width=_BIN * 0.9, color="white", edgecolor=INK, linewidth=0.7
        )
        axes.bar([place], [filled], width=_BIN * 0.9, color=INK, linewidth=0)


def _attendance_title(
    name: str, values: Mapping[str, float], line: float | None, below: Sequence[str]
) -> str:
    if line is None:
        low, high = min(values.values()), max(values.values())
        return f"{len(values)}家单位{name}在{wording.percent(low)}至{wording.percent(high)}之间"
    if not below:
        return f"{len(values)}家单位{name}均不低于{wording.percent(line)}"
    return f"{len(values)}家单位中{len(below)}家{name}低于{wording.percent(line)}"


def _attendance_alt(
    name: str, values: Mapping[str, float], line: float | None, below: Sequence[str]
) -> str:
    ordered = sorted(values.values())
    median = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    told = (
        f"{name}的分布：{len(values)}家单位，最低{wording.percent(ordered[0])}，"
        f"中位数{wording.percent(median)}，最高{wording.percent(ordered[-1])}"
    )
    if line is not None and below:
        shown = "、".join(f"{unit}{wording.percent(values[unit])}" for unit in below[:_NAMED])
        more = f"等{len(below)}家" if len(below) > _NAMED else ""
        told += f"；低于{wording.percent(line)}的有{shown}{more}"
    return told


Cell = int | None | str
"""Sessions of a unit in a month; None: it was not in being; a word: what is known instead."""


def months_charts(
    year: int, rows: Mapping[str, Sequence[Cell]], months: int, fonts: FontSet
) -> Iterator[Block]:
    """各月学习次数: units × months in shades of grey, the number in each cell.

    Parameters
    ----------
    rows:
        Unit's name → one :data:`Cell` a month, in official order.
    months:
        How many months the figures cover.
    """
    known = [cell for cells in rows.values() for cell in cells if isinstance(cell, int)]
    most = max(known, default=0)
    idle = {u: [m + 1 for m, c in enumerate(cells) if c == 0] for u, cells in rows.items()}
    units = [unit for unit, found in idle.items() if found]
    title = (
        f"{year}年有{len(units)}家单位存在未学习的月份"
        if units
        else f"{year}年各单位在册月份均有学习"
    )
    for part, (place, of) in _sheets(list(rows), title):
        figure, axes = figure_of(14 + _ROW_MM * len(part), fonts)
        for y, unit in enumerate(part):
            for x, cell in enumerate(rows[unit][:months]):
                _month(axes, x, y, cell, most)
        _grid(axes, part, [f"{m}月" for m in range(1, months + 1)])
        told = "；".join(
            f"{unit}{'、'.join(map(str, idle[unit]))}月" for unit in part if idle[unit]
        )
        alt = f"各单位各月学习次数，最多一个月{most}次；未学习的月份：{told or '无'}"
        yield block_of(figure, place, alt + (f"（共{of}图）" if of > 1 else ""))


def _month(axes: Any, x: int, y: int, cell: Cell, most: int) -> None:
    from matplotlib.patches import Rectangle

    if cell is None:
        return
    unknown = isinstance(cell, str)
    share = 0.0 if unknown or not most else cell / most  # type: ignore[operator]
    grey = f"{1 - 0.75 * share:.3f}"
    axes.add_patch(
        Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor="white" if unknown else grey,
                  edgecolor=PALE, linewidth=0.5, hatch="////" if unknown else None)
    )  # fmt: skip
    if not unknown:
        axes.text(x, y, str(cell), ha="center", va="center", fontsize=_SMALL,
                  color="white" if share > 0.6 else INK)  # fmt: skip


def topics_charts(
    topics: Sequence[str], rows: Mapping[str, Sequence[bool | None]], fonts: FontSet
) -> Iterator[Block]:
    """必学专题覆盖: units × topics, filled where learned, hollow where not.

    Parameters
    ----------
    topics:
        Names of the mandatory topics; they stand as 1, 2 … above the columns.
    rows:
        Unit's name → for each topic whether it learned it; None: not due, or not known.
    """
    lacking = {u: [n for n, c in enumerate(cells) if c is False] for u, cells in rows.items()}
    short = [unit for unit, found in lacking.items() if found]
    judged = sum(any(c is not None for c in cells) for cells in rows.values())
    title = (
        f"{judged}家单位中{len(short)}家有必学专题未学"
        if short
        else f"{judged}家单位必学专题全部学到"
    )
    for part, (place, of) in _sheets(list(rows), title):
        figure, axes = figure_of(14 + _ROW_MM * len(part), fonts)
        for filled, face in ((True, INK), (False, "white")):
            found = [
                (x, y) for y, unit in enumerate(part) for x, c in enumerate(rows[unit])
                if c is filled
            ]  # fmt: skip
            if found:
                axes.scatter(*zip(*found, strict=True), s=22, facecolors=face, edgecolors=INK,
                             linewidths=0.8, zorder=3)  # fmt: skip
        _grid(axes, part, [str(n) for n in range(1, len(topics) + 1)])
        told = "；".join(
            f"{unit}未学{'、'.join(topics[n] for n in lacking[unit])}"
            for unit in part if lacking[unit]
        )  # fmt: skip
        alt = f"各单位必学专题学习情况，实心为已学、空心为未学。{told or '均已学到'}"
        yield block_of(figure, place, alt + (f"（共{of}图）" if of > 1 else ""))


def _sheets(units: Sequence[str], title: str) -> Iterator[tuple[Sequence[str], tuple[str, int]]]:
    """The units forty by forty, with the title of each sheet and how many there are."""
    count = max(1, -(-len(units) // A_SHEET))
    size = -(-len(units) // count)  # of equal length, rather than a last one of two rows
    for n in range(count):
        named = f"{title}（{n + 1}/{count}）" if count > 1 else title
        yield units[n * size : (n + 1) * size], (named, count)


def _grid(axes: Any, units: Sequence[str], columns: Sequence[str]) -> None:
    """Units down the side, columns along the top."""
    axes.set_xlim(-0.5, max(len(columns), 1) - 0.5)
    axes.set_ylim(max(len(units), 1) - 0.5, -0.5)
    axes.set_xticks(range(len(columns)), list(columns), fontsize=_SMALL)
    axes.set_yticks(range(len(units)), list(units), fontsize=_SMALL)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for side in ("left", "bottom", "top", "right"):
        axes.spines[side].set_visible(False)
