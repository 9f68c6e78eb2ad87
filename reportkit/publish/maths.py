"""LaTeX maths as drawings: matplotlib's mathtext gives outlines, so no font is needed."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from reportkit.publish.images import SVG
from reportkit.publish.model import Drawing, clean

_SIZE = 100.0  # units an em
_UNDRAWABLE = re.compile("[^\x00-\u02ff\u0370-\u03ff\u2000-\u2bff]")
_WRAPPER = re.compile(r"^\\begin\{(equation|align)\*?\}(.*)\\end\{\1\*?\}$", re.DOTALL)


@lru_cache(maxsize=512)
def drawn(tex: str) -> Drawing | None:
    """The formula as a drawing with its TeX as alternative text; None where it cannot be.

    mathtext knows no environments, no line breaks and no Chinese; the caller then shows
    the source.
    """
    source = " ".join(clean(tex).split())
    wrapper = _WRAPPER.match(source)
    if wrapper and "\\\\" not in wrapper[2]:
        source = wrapper[2].replace("&", "").strip()
    source = source.removeprefix("\\displaystyle").strip()
    if not source or "$" in source or _UNDRAWABLE.search(source):
        return None
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath, text_to_path

    font = FontProperties(math_fontfamily="stix", size=_SIZE)
    try:
        with _complaints() as complaints:
            path = TextPath((0, 0), f"${source}$", size=_SIZE, prop=font)
        width, height, depth = text_to_path.get_text_width_height_descent(
            f"${source}$", font, ismath=True
        )
    except (ValueError, RuntimeError, RecursionError):
        return None
    if complaints:
        return None  # a symbol was replaced by a dummy
    # The metrics are for 72 dpi at the font's size: the same units as the path's.
    margin = 0.04 * _SIZE
    width, height, depth = width + 2 * margin, height + 2 * margin, depth + margin
    svg = (
        f'<svg xmlns="{SVG}" width="{width:.2f}" height="{height:.2f}" '
        f'viewBox="{-margin:.2f} {depth - height:.2f} {width:.2f} {height:.2f}">'
        f'<path d="{_outline(path.vertices, path.codes)}"/></svg>'
    )
    return Drawing(svg, source, width / _SIZE, height / _SIZE, depth / _SIZE)


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What mathtext only logs: that it knows no glyph for a symbol and draws another."""
    messages: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("matplotlib.mathtext")
    before = logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield messages
    finally:
        logger.removeHandler(handler)
        logger.propagate = before


def _outline(vertices: object, codes: object) -> str:
    """matplotlib's path codes as SVG path data; y runs downwards there."""
    letters = {1: "M", 2: "L", 3: "Q", 4: "C"}
    points_left = {3: 2, 4: 3}
    parts: list[str] = []
    left = 0
    for (x, y), code in zip(vertices, codes, strict=True):  # type: ignore[call-overload]
        if code == 79:
            parts.append("Z")
            continue
        if left == 0:
            parts.append(letters[int(code)])
            left = points_left.get(int(code), 1)
        parts.append(f"{x:.1f} {-y:.1f}")
        left -= 1
    return " ".join(parts)
