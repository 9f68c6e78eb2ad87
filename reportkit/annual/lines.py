"""The records behind the figures of all units (溯源), worked out at once.

For one unit pandas is slow: the same steps for all units together cost little more than for
one. What comes of it is kept packed, since of a thousand units it is much.
"""

from __future__ import annotations

import json
import zlib

import pandas as pd

from reportkit.metrics.frames import YearFrames
from reportkit.metrics.registry import METRICS
from reportkit.metrics.trace import rows_behind, told_by_unit


def lines_of_all(frames: YearFrames) -> pd.DataFrame:
    """What :func:`~reportkit.metrics.trace.told_by_unit` tells of each unit's metrics.

    Columns: unit_id · lines (metric_id → its lines, as JSON, deflated). Units and metrics
    without records are left out.
    """
    found: dict[str, list[str]] = {}
    for metric in METRICS:
        for unit_id, lines in told_by_unit(rows_behind(metric, frames)).items():
            text = json.dumps(lines, ensure_ascii=False, separators=(",", ":"))
            found.setdefault(unit_id, []).append(f'"{metric.metric_id}":{text}')
    packed = [zlib.compress(f"{{{','.join(own)}}}".encode()) for own in found.values()]
    return pd.DataFrame({"unit_id": list(found), "lines": packed}, dtype=object)


class Lines:
    """The lines of each unit and metric, unpacked when asked for."""

    def __init__(self, frame: pd.DataFrame) -> None:
        """``frame`` as :func:`lines_of_all` makes it."""
        self._packed = dict(zip(frame["unit_id"].tolist(), frame["lines"].tolist(), strict=True))
        self._unpacked: dict[str, dict[str, list[list[str]]]] = {}

    def of(self, unit_id: str, metric_id: str) -> list[list[str]]:
        """One unit's lines behind one metric; empty if there are none."""
        if unit_id not in self._unpacked:
            packed = self._packed.get(unit_id)
            self._unpacked.clear()  # a circular is about one unit: the last one is enough
            self._unpacked[unit_id] = json.loads(zlib.decompress(packed)) if packed else {}
        return self._unpacked[unit_id].get(metric_id, [])
