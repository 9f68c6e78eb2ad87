"""What a process has in memory from which the kernels of many circulars are forked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportkit import annual
from reportkit.charts.drawing import rehearse
from reportkit.fonts import FontSet
from reportkit.params import load_letterhead, own_fonts


def preload(
    home: str, times: Sequence[tuple[int, str | None, Sequence[tuple[int, str]]]], many: bool
) -> None:
    """Bring into memory what the circulars of these years or periods share: figures, fonts."""
    folder = Path(home)
    pinned = [(year, period, tuple((y, d) for y, d in pins)) for year, period, pins in times]
    annual.preload(folder, pinned, many=many)
    load_letterhead(folder)
    rehearse(FontSet.find(own_fonts(folder)))
