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
    figure = Figure(figsize=(WIDTH_MM / 25.4, height_mm / 25.4), layout="constrained")
    axes = list(figure.subplots(len(heights), 1, squeeze=False, height_ratios=list(heights))[:, 0])
    for each in axes:
        for side in ("top", "right"):
            each.spines[side].set_visible(False)
    return figure, axes if len(axes) > 1 else axes[0]


def block_of(figure: Any, title: str, alt: str) -> Block:
    """The figure as a block: its title says what is to be seen, ``alt`` the data in words."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = buffer.getvalue()
    return Block("figure", svg=svg[svg.index("<svg") :], title=title, alt=alt, width_mm=WIDTH_MM)
