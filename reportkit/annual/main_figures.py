"""A unit's year in a line or two, for the index page: figures, and their change on last year.

Kept beside the snapshot, as what documents depend on is: the index is made again after every
run, also after one that had nothing to do and never opened a table.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from reportkit.annual.dependence import key_of
from reportkit.files import read_derived, write_json
from reportkit.loaders import has_figures
from reportkit.records.snapshot import folder, kept_folder, read_purge

HEADLINES = ("M1", "M4", "M14")
"""学习次数, 参学率, 述学率: what is asked first of a unit's year."""

_FILE = "headlines.json"

Headlines = dict[str, list[str]]
"""unit_id → lines as 集体学习26次（+2）."""


def _place(home: Path, year: int) -> Path:
    """Beside the snapshot; of a purged year, beside the figures that were kept."""
    purged = read_purge(home, year) is not None
    return (kept_folder if purged else folder)(home, year) / _FILE


def known_headlines(home: Path, year: int) -> Headlines | None:
    """Those of a year, if they were worked out and nothing has changed since; else None."""
    content = read_derived(_place(home, year))
    if not content or content.get("key") != key_of(home, year):
        return None
    return {unit: [str(line) for line in lines] for unit, lines in content["lines"].items()}


def headlines(home: Path, year: int) -> Headlines:
    """Those of a year; empty if it has not been imported.

    Raises
    ------
    ParameterError, RecordsError
        As :func:`~reportkit.annual.year.load_annual`.
    """
    if not has_figures(home, year):
        return {}
    if (known := known_headlines(home, year)) is not None:
        return known
    from reportkit.annual.year import load_annual

    annual = load_annual(home, year)
    found = {}
    for unit in annual.units.in_year(year):
        some = annual.some_of_unit(unit.unit_id, HEADLINES)
        found[unit.unit_id] = [
            f"{one.metric.name}{one.told(one.value)}（{one.change_short}）" for one in some
            if one.reported
        ]  # fmt: skip
    with contextlib.suppress(OSError):  # they can always be worked out again
        write_json(_place(home, year), {"key": key_of(home, year), "lines": found})
    return found
