"""A year's figures as they are kept when its records are purged: all that later years ask of it."""

from __future__ import annotations

from pathlib import Path

from reportkit.annual.year import load_annual
from reportkit.loaders import figures_bytes
from reportkit.metrics.year import check_remembered

PARTS = ("Q1", "Q2", "Q3", "Q4", "H1", "H2")
"""Parts of the year that the same part of the next is compared with (上年同期)."""


def figures_of(home: Path, year: int) -> dict[str, bytes]:
    """Name of a frame (indicators, totals.2023Q3 …) → its Parquet file, of the year and its parts.

    Raises
    ------
    ParameterError, RecordsError
        If the year cannot be computed, or its totals differ from what the records hold: figures
        that nobody can check any more must be right.
    """
    found: dict[str, bytes] = {}
    for part in (None, *PARTS):
        annual = load_annual(home, year, part and f"{year}{part}")
        check_remembered(annual.frames, annual.table, annual.totals)
        end = f".{annual.period}" if annual.period else ""
        for name in ("indicators", "totals", "spreads"):
            found[name + end] = figures_bytes(annual.frame_of(name))
        annual.let_go()  # of a large group seven times all records would be too much
    return found
