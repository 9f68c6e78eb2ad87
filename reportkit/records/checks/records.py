"""What the files of one unit bring to the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reportkit.records.issues import Log

Record = dict[str, Any]


@dataclass
class UnitRecords:
    """The checked rows of one unit, from one file or several."""

    unit_id: str
    files: tuple[str, ...] = ()
    """Paths below ``data/``, by the end of their period."""
    rows: dict[str, list[Record]] = field(default_factory=dict)
    """table → rows with exactly the columns of ``TABLES[table]``; ``value_states`` too."""
    states: dict[str, tuple[str, int]] = field(default_factory=dict)
    """table → (state, rows refused)."""
    logs: Mapping[str, Log] = field(default_factory=dict)
    """file → its issues."""
