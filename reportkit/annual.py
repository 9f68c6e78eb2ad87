"""The year's indicators: computed once for all units, remembered, and served per unit.

Stands between the pure metrics and what a notebook opens: it alone brings snapshot,
parameters and metrics together.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from reportkit.errors import ParameterError
from reportkit.loaders import Records, has_snapshot, refused_units, remembered, rows_hash
from reportkit.metrics.frames import YearFrames
from reportkit.metrics.indicator import Indicator, Metric
from reportkit.metrics.registry import BY_ATTRIBUTE, BY_ID, METRICS
from reportkit.metrics.year import group_totals, indicators_by_unit, medians
from reportkit.params import (
    Baseline,
    Unit,
    Units,
    YearParams,
    available_years,
    baseline_path,
    load_baseline,
    load_units,
    load_year,
)

if TYPE_CHECKING:
    import pandas as pd


class Indicators:
    """One unit's (or the group's) indicators by name: ``m.sessions``, ``m.attendance``.

    The names are those of :mod:`reportkit.metrics.registry`; an unknown one raises
    AttributeError and lists them.
    """

    def __init__(self, indicators: dict[str, Indicator]) -> None:
        self._indicators = indicators

    def __getattr__(self, name: str) -> Indicator:
        if name.startswith("_") or name not in BY_ATTRIBUTE:
            raise AttributeError(
                f"no indicator {name!r}; expected one of {', '.join(sorted(BY_ATTRIBUTE))}"
            )
        return self._indicators[BY_ATTRIBUTE[name].metric_id]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *BY_ATTRIBUTE]

    def __getitem__(self, metric_id: str) -> Indicator:
        if metric_id not in self._indicators:
            raise ParameterError(
                f"no indicator {metric_id!r}",
                expected=f"one of {'、'.join(self._indicators)}",
                next_step="correct the metric in params/<year>.yml or in the notebook",
            )
        return self._indicators[metric_id]


@dataclass(frozen=True)
class Annual:
    """One year of the workbook: parameters, records, and every unit's indicators."""

    home: Path
    year: int
    params: YearParams
    units: Units
    records: Records

    @cached_property
    def frames(self) -> YearFrames:
        return YearFrames(self.params, self.units, self.records)

    @cached_property
    def key(self) -> str:
        """Changes when data, parameters, units or the metrics' code change."""
        return rows_hash(
            self.records.digest, self.params.model_dump(mode="json"),
            self.units.model_dump(mode="json"), _metrics_code(),
        )  # fmt: skip

    @cached_property
    def table(self) -> pd.DataFrame:
        """indicators_by_unit, indexed by (unit_id, metric_id)."""
        frame = remembered(
            self.home, self.year, "indicators", self.key, lambda: indicators_by_unit(self.frames)
        )
        return frame.set_index(["unit_id", "metric_id"])

    @cached_property
    def totals(self) -> pd.DataFrame:
        return remembered(
            self.home, self.year, "totals", self.key,
            lambda: group_totals(self.frames, self.table.reset_index()).rename_axis("metric_id"),
        )  # fmt: skip

    @cached_property
    def medians(self) -> pd.DataFrame:
        """Medians by (metric_id, peer_group): columns median, units."""
        frame = remembered(
            self.home, self.year, "medians", self.key,
            lambda: medians(self.frames, self.table.reset_index()),
        )  # fmt: skip
        return frame.set_index(["metric_id", "peer_group"])

    @property
    def last(self) -> Annual | None:
        """Last year, if its parameters and a snapshot exist; read anew once imported anew."""
        before = self.year - 1
        if before in available_years(self.home) and has_snapshot(self.home, before):
            return load_annual(self.home, before)
        return None

    @property
    def baseline(self) -> Baseline | None:
        """Last year's printed figures, if they stand in for records that do not exist."""
        if self.last is not None:
            return None
        baseline = load_baseline(self.home, self.year - 1, self.units)
        if baseline is not None:
            _check_metrics(baseline)
        return baseline

    @cached_property
    def _rows(self) -> dict[str, dict[str, Mapping[str, Any]]]:
        """unit_id → metric_id → the columns of :attr:`table`: looked up 21 times a unit."""
        rows: dict[str, dict[str, Mapping[str, Any]]] = {}
        records = cast("list[dict[str, Any]]", self.table.reset_index().to_dict("records"))
        for record in records:
            rows.setdefault(record["unit_id"], {})[record["metric_id"]] = record
        return rows

    def row(self, unit_id: str, metric_id: str) -> Mapping[str, Any]:
        """One unit's figures of one metric: the columns of :attr:`table`."""
        return self._rows[unit_id][metric_id]

    def rows_of(self, unit_id: str) -> Mapping[str, Mapping[str, Any]]:
        """One unit's figures by metric; empty if it does not exist in the year."""
        return self._rows.get(unit_id, {})

    def of_unit(self, unit_id: str) -> Indicators:
        """All indicators of one unit, with last year's figure and the medians beside them."""
        unit, last = self.units[unit_id], self.last
        printed = self.baseline
        note = self._not_comparable(unit, bool(last or printed))
        before = last.rows_of(unit.unit_id) if last else {}
        figures: dict[str, float | None] = {i: _number(r.get("value")) for i, r in before.items()}
        if printed:
            figures = {**printed.units.get(unit.unit_id, {})}
        missing = "上年通报未列" if printed else "上年未报"
        return Indicators({
            m.metric_id: self._unit_indicator(unit, m, figures, note, missing) for m in METRICS
        })  # fmt: skip

    def of_group(self) -> Indicators:
        """The group's totals (集团本级 included), with last year's beside them."""
        last, printed = self.last, self.baseline
        before: dict[str, float | None] = {}
        if last is not None:
            before = {str(i): _number(v) for i, v in last.totals["value"].items()}
        elif printed is not None:
            before = {**printed.totals}
        missing = "上年通报未列" if printed else "无上年数据"
        return Indicators({m.metric_id: self._total(m, before, missing) for m in METRICS})

    def peers(self, unit: Unit, metric_id: str) -> list[float]:
        """The values of the unit's peer group (同类单位, itself included), ascending.

        Empty for 集团本级 and for a unit of no peer group.
        """
        if unit.peer_group is None:
            return []
        values = (_number(self.row(u, metric_id)["value"]) for u in self._peers[unit.peer_group])
        return sorted(value for value in values if value is not None)

    @cached_property
    def _peers(self) -> dict[str | None, list[str]]:
        """Peer group → its units at the year's end."""
        groups: dict[str | None, list[str]] = {u.peer_group: [] for u in self.units}
        for unit in self.units.at_year_end(self.year):
            groups[unit.peer_group].append(unit.unit_id)
        return groups

    def _not_comparable(self, unit: Unit, last: bool) -> str:
        """Why the unit cannot be compared with last year; "" if it can."""
        if unit.valid_from > dt.date(self.year - 1, 1, 1):
            return "新设单位" if unit.valid_from.year == self.year else "上年非全年"
        if unit.valid_to and unit.valid_to < dt.date(self.year, 12, 31):
            return "本年非全年"
        return "" if last else "无上年数据"

    def _unit_indicator(
        self, unit: Unit, metric: Metric, figures: Mapping[str, float | None], note: str,
        missing: str,
    ) -> Indicator:  # fmt: skip
        row = self.row(unit.unit_id, metric.metric_id)
        before = None
        if not note:
            before = figures.get(metric.metric_id)
            note = "" if before is not None else missing
        peer, n_peers = self._median(metric, unit.peer_group or "-")
        group, n_group = self._median(metric, "")
        return _indicator(
            metric, row, last_year=before, last_year_note=note,
            peer_median=peer, peer_count=n_peers, group_median=group, group_count=n_group,
        )  # fmt: skip

    def _median(self, metric: Metric, peer_group: str) -> tuple[float | None, int]:
        return self._medians.get((metric.metric_id, peer_group), (None, 0))

    @cached_property
    def _medians(self) -> dict[tuple[str, str], tuple[float | None, int]]:
        frame = self.medians.reset_index()
        keys = zip(frame["metric_id"], frame["peer_group"], strict=True)
        values = zip(frame["median"].map(float), frame["units"].map(int), strict=True)
        return dict(zip(keys, values, strict=True))

    def _total(self, metric: Metric, before: Mapping[str, float | None], missing: str) -> Indicator:
        value = before.get(metric.metric_id)
        note = "" if value is not None else missing
        row = cast("Mapping[str, Any]", self.totals.loc[metric.metric_id])
        return _indicator(metric, row, last_year=value, last_year_note=note)


def _indicator(metric: Metric, row: Mapping[str, Any], **comparison: Any) -> Indicator:
    return Indicator(
        metric=metric,
        state=row["state"],
        value=_number(row["value"]),
        numerator=_number(row["numerator"]),
        denominator=_number(row["denominator"]),
        left_out=tuple(row["left_out"].items()),
        missing=tuple(row["missing"]),
        **comparison,
    )


def _number(value: Any) -> float | None:
    """A cell as a float; an empty one (None, NaN) as None."""
    return None if value is None or value != value else float(value)


def _check_metrics(baseline: Baseline) -> None:
    """Refuse a metric that nobody knows, a share above one, a part of a count.

    Raises
    ------
    ParameterError
        With the file and the key.
    """
    for key, metric_id, value in baseline.figures():
        metric = BY_ID.get(metric_id)
        if metric is None:
            found, expected = f"no metric {metric_id!r}", f"one of {'、'.join(BY_ID)}"
        elif metric.kind == "ratio" and value > 1:
            found = f"{value} is no share ({metric.name})"
            expected = "a number from 0 to 1: 85.3% is 0.853"
        elif metric.kind == "count" and metric.counter != "天" and value != int(value):
            found, expected = f"{value} is no count ({metric.name})", "a whole number"
        else:
            continue
        raise ParameterError(
            f"{key}: {found}",
            expected=expected,
            next_step="correct the figure as it was printed",
            where=baseline_path(baseline.year),
        )


@lru_cache(maxsize=1)
def _metrics_code() -> str:
    """A hash of the metrics' source: remembered indicators go when a definition changes."""
    digest = hashlib.sha256()
    for path in sorted((Path(__file__).parent / "metrics").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def load_annual(home: Path, year: int) -> Annual:
    """One year of the workbook at ``home``.

    Raises
    ------
    ParameterError
        If there is no ``params/<year>.yml``, or it is wrong.
    RecordsError
        If the year has not been imported.
    """
    params, units, records = load_year(home, year), load_units(home), Records(home, year)
    for rule in params.rules:
        if rule.metric not in BY_ID:
            raise ParameterError(
                f"rule {rule.rule_id}: no metric {rule.metric!r}",
                expected=f"one of {'、'.join(BY_ID)}",
                next_step="correct the rule's metric",
                where=f"params/{year}.yml",
            )
    known = _loaded.get((home, year))
    # An unchanged file gives the same object again: identity tells, and costs nothing.
    same = known and known.params is params and known.units is units
    if known and same and known.records.digest == records.digest:
        return known
    _loaded[home, year] = annual = Annual(home, year, params, units, records)
    return annual


_loaded: dict[tuple[Path, int], Annual] = {}
"""What this process has read already; a new import or an edited parameter replaces it."""


# --- what a run asks for ------------------------------------------------------------------


def prepare(home: Path, year: int) -> None:
    """Compute the year's indicators (and last year's), so that no circular computes them again."""
    annual = load_annual(home, year)
    for each in filter(None, (annual, annual.last)):
        _ = each.table, each.totals, each.medians


def blocked(home: Path, year: int) -> dict[str, str]:
    """Units of which no circular can be made → why: submission refused, or none received."""
    annual = load_annual(home, year)
    reasons = refused_units(annual.records)
    sent = {entry["unit_id"] for entry in annual.records.inputs}
    told = annual.records["submissions"]  # a database or a folder has no file of a unit's own
    sent |= set(told.loc[(told["table"] == "sessions") & (told["state"] == "已报"), "unit_id"])
    for unit in annual.units.in_year(year):
        if unit.unit_id not in sent:
            reasons.setdefault(unit.unit_id, f"{year}年未收到报送材料")
    return reasons


def slice_fingerprint(home: Path, year: int, unit_id: str | None) -> str:
    """A hash of the data behind one circular; ``unit_id`` None is the group's.

    A unit's: its records, its indicators of both years (or the printed ones of the last),
    the medians and its peers' values.
    The group's: everything.
    """
    annual = load_annual(home, year)
    return _slice(annual, unit_id)


def _slice(annual: Annual, unit_id: str | None) -> str:
    last, printed = annual.last, annual.baseline
    if unit_id is None:
        # Without printed figures the hash is what it was before there could be any.
        said = (printed.model_dump(mode="json"),) if printed else ()
        return rows_hash(annual.key, last.key if last else "", *said)
    own = (printed.source, printed.units.get(unit_id)) if printed else None
    unit = annual.units[unit_id]
    rows = [annual.records.unit_digest(name, unit_id) for name in annual.records]
    return rows_hash(
        *rows, annual.rows_of(unit_id), last.rows_of(unit_id) if last else None,
        sorted(annual._medians.items()), annual.peers(unit, "M4"), *([own] if own else []),
    )  # fmt: skip
