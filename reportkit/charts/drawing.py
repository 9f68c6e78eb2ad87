"""What all charts share: the fonts of the page, its width, ink that survives a copying machine."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reportkit.display import Block

if TYPE_CHECKING:
    from reportkit.fonts import FontSet

WIDTH_MM = 150
INK = "#1a1a1a"
PALE = "#c8c8c8"
_SVG_DPI = 72
"""What SVG is drawn with: letters are measured in the size that they will have."""


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
            "hatch.linewidth": 0.5,
            "svg.fonttype": "none",
            "svg.hashsalt": "reportkit",
        }
    )


def figure_of(height_mm: float, fonts: FontSet, heights: Sequence[float] = (1,)) -> tuple[Any, Any]:
    """A figure of the text's width with one axes; with several ``heights`` a list of them."""
    from matplotlib.figure import Figure

    chart_fonts(fonts)
    # Figure, not pyplot: no state is left behind, and no backend is asked for.
    size = WIDTH_MM / 25.4, height_mm / 25.4
    figure = Figure(figsize=size, dpi=_SVG_DPI, layout="constrained")
    axes = list(figure.subplots(len(heights), 1, squeeze=False, height_ratios=list(heights))[:, 0])
    for each in axes:
        for side in ("top", "right"):
            each.spines[side].set_visible(False)
    return figure, axes if len(axes) > 1 else axes[0]


def rehearse(fonts: FontSet) -> None:
    """Draw a small chart and throw it away: fonts, and what matplotlib remembers, are read then.

    For a process that others are forked from: matplotlib's settings and list of fonts are then
    as they were, since a kernel that is not forked begins with those.
    """
    import matplotlib as mpl
    from matplotlib import font_manager

    manager: Any = font_manager.fontManager
    known = list(manager.ttflist)
    with mpl.rc_context():
        figure, axes = figure_of(40, fonts, (1, 1))
        for each in axes:
            each.bar([0, 1], [1, 2], hatch="//")
            each.plot([0, 1], [1, 2], marker="o", label="本单位")
            each.set_xticks([0, 1], ["1月", "12月"])
            each.annotate("100%", (0, 1))
            each.legend()
        block_of(figure, "", "")
    manager.ttflist[:] = known
    manager._findfont_cached.cache_clear()


def block_of(figure: Any, title: str, alt: str) -> Block:
    """The figure as a block: its title says what is to be seen, ``alt`` the data in words."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    buffer = io.StringIO()
    # Not savefig, which draws everything twice: once in vain, for what the layout needs.
    canvas: Any = FigureCanvasSVG(figure)
    canvas.print_svg(buffer, metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    return Block("figure", svg=svg[svg.index("<svg") :], title=title, alt=alt, width_mm=WIDTH_MM)
