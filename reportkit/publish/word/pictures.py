"""Charts and formulas for Word: an SVG drawn as PNG, in the fonts of the page."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from reportkit.errors import RenderError
from reportkit.fonts import FontSet
from reportkit.publish.images import svg_size_pt

_PPI = 220.0
_SOURCE = (
    "#set page(width: auto, height: auto, margin: 0pt, fill: white)\n"
    '#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.width) * 1pt)\n'
)


def png_of(svg: str, width_pt: float, fonts: FontSet) -> bytes:
    """The SVG as PNG, ``width_pt`` wide at 220 dots an inch.

    Raises
    ------
    RenderError
        If it cannot be drawn.
    """
    import typst

    try:
        made = typst.compile(
            _SOURCE.encode(),
            font_paths=_fonts(tuple(fonts.folders())),
            ignore_system_fonts=True,
            format="png",
            ppi=_PPI,
            sys_inputs={"svg": svg, "width": f"{width_pt:.3f}"},
        )
    except typst.TypstError as error:
        raise RenderError(
            f"a picture cannot be drawn for Word: {error}",
            expected="an SVG that Typst can draw",
            next_step="leave the picture out of the Word copy: --format html,pdf",
        ) from error
    if not isinstance(made, bytes):  # a list, where it came out as several pages
        made = made[0]
    return bytes(made)


def fitted_pt(svg: str, wanted_mm: float | None, available_pt: float, highest_pt: float) -> float:
    """How wide a picture stands: as wanted, but neither wider nor higher than there is room."""
    width, height = svg_size_pt(svg)
    wanted = wanted_mm / 25.4 * 72 if wanted_mm else width
    return min(wanted, available_pt, highest_pt * width / height)


@lru_cache(maxsize=4)
def _fonts(folders: tuple[Path, ...]) -> Any:
    import typst

    return typst.Fonts(False, False, [str(folder) for folder in folders])
