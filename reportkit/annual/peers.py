"""Units among their like (同类单位): whose values stand beside a unit's, in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reportkit import reads
from reportkit.metrics.comparison import Spread, quarter
from reportkit.metrics.definition import Metric
from reportkit.params import Comparison, Unit

_OF_PERSON_TIMES = ("M4", "M4b", "M4c")
"""Metrics whose bands need enough 人次 behind them."""


@dataclass(frozen=True)
class ReadSpread(Spread):
    """A spread, each of whose figures is noted when it is read."""

    part: str
    metric_id: str

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if name in Spread.__dataclass_fields__:
            reads.note(self.part, f"{self.metric_id} {name}", value)
        return value

    def fewer_than(self, limit: int) -> bool:
        """Whether fewer units have a value: how many it is not is not read."""
        with reads.recording(None):
            few = super().fewer_than(limit)
        reads.note(self.part, f"{self.metric_id} fewer than {limit}", few)
        return few


@dataclass(frozen=True)
class Peers:
    """The values of each peer group, found when asked for.

    Parameters
    ----------
    groups:
        Peer group → its units at the cutoff. A unit that is gone, of no group, or 集团本级
        stands in none.
    values:
        metric_id → unit_id → its value, where it has one.
    person_times:
        unit_id → 应到人次 behind its attendance, where it stated them.
    limits:
        When bands may be shown at all.
    whole:
        Units that were in being all the time: the others' counts stand in no quarter.
    """

    groups: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Mapping[str, float]]
    person_times: Mapping[str, float]
    limits: Comparison
    whole: frozenset[str] = frozenset()
    _asked: dict[tuple[str, str], tuple[float, ...]] = field(default_factory=dict)

    def has(self, unit: Unit) -> bool:
        """Whether the unit has peers at the cutoff, itself among them."""
        return unit.unit_id in self.groups.get(unit.peer_group or "", ())

    def of(self, group: str | None, metric_id: str) -> tuple[float, ...]:
        """The values of a peer group's units, ascending; () without a group."""
        key = (group or "", metric_id)
        if key not in self._asked:
            values = self.values.get(metric_id, {})
            members = self.groups.get(key[0], ())
            self._asked[key] = tuple(sorted(values[u] for u in members if u in values))
        return self._asked[key]

    def bands_allowed(self, unit: Unit, metric_id: str) -> bool:
        """Whether it may be said in which quarter of its peers a unit stands."""
        if not self.has(unit):
            return False
        if len(self.of(unit.peer_group, metric_id)) < self.limits.minimum_peers:
            return False
        times = self.person_times.get(unit.unit_id)
        few = times is not None and times < self.limits.minimum_person_times
        return not (metric_id in _OF_PERSON_TIMES and few)

    def quarter(
        self, unit: Unit, metric: Metric, value: float | None, spread: Spread | None
    ) -> str:
        """Where a value stands among the unit's peers (前四分之一); "" if that may not be said."""
        if value is None or spread is None or metric.better == "neither":
            return ""
        if not self.bands_allowed(unit, metric.metric_id):
            return ""
        if metric.kind == "count" and unit.unit_id not in self.whole:
            return ""  # what it did in some months is no less than what others did in all
        return quarter(value, spread, low_is_better=metric.better == "low")
