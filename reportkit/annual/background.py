"""What an indicator can be asked beyond its figures: its records, and its earlier years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from reportkit.metrics.comparison import Spread
from reportkit.metrics.definition import Metric
from reportkit.metrics.indicator import Earlier, finite
from reportkit.metrics.trace import rows_behind, told_together
from reportkit.params import Unit

if TYPE_CHECKING:
    import pandas as pd

    from reportkit.annual.year import Annual


@dataclass(frozen=True)
class Background:
    """Where one unit's (None: the group's) indicators come from."""

    annual: Annual
    unit_id: str | None

    def peers(self, metric: Metric) -> Spread | None:
        """The spread among its peers, where it has any."""
        return self.annual.peers_spread(self._unit, metric.metric_id)

    def group(self, metric: Metric) -> Spread | None:
        """The spread among all units."""
        return self.annual.spread(metric.metric_id, "")

    def quarter(self, metric: Metric) -> str:
        """Where it stands among its peers."""
        return self.annual.quarter(self._unit, metric)

    @property
    def _unit(self) -> Unit:
        return self.annual.units[self.unit_id or ""]

    def rows(self, metric: Metric) -> pd.DataFrame:
        annual, unit_id = self.annual, self.unit_id
        if unit_id is not None:
            return rows_behind(metric, annual.frames_of(unit_id))
        return rows_behind(metric, annual.with_places)

    def lines(self, metric: Metric) -> list[list[str]]:
        known = self.annual.known_lines
        if self.unit_id is not None and known is not None:
            return known.of(self.unit_id, metric.metric_id)
        rows = self.rows(metric)
        return [] if rows.empty else told_together(rows)

    def trend(self, metric: Metric) -> tuple[tuple[int, Earlier], ...]:
        annual, metric_id = self.annual, metric.metric_id
        told = [(each.year, self._figure(each, metric_id)) for each in (annual, *annual.earlier)]
        oldest = annual.earlier[-1] if annual.earlier else annual
        if printed := oldest.baseline:
            row = printed.rows(self.unit_id).get(metric_id, {})
            told.append((printed.year, _earlier(row)))
        return tuple(reversed(told))

    def _figure(self, annual: Annual, metric_id: str) -> Earlier:
        if self.unit_id is None:
            row = cast("Mapping[str, Any]", annual.totals.loc[metric_id])
        else:
            row = annual.rows_of(self.unit_id).get(metric_id, {})
        return _earlier(row)


def _earlier(row: Mapping[str, Any]) -> Earlier:
    value, top, bottom = (finite(row.get(n)) for n in ("value", "numerator", "denominator"))
    return Earlier(value, top, bottom)
