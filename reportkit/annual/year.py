"""One year of the workbook: parameters, records, and every unit's indicators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from reportkit import reads
from reportkit.annual.background import Background
from reportkit.annual.baseline import printed_before, printed_figures
from reportkit.annual.before import SILENT, Before, Now, earlier, not_comparable
from reportkit.annual.indicators import Indicators, UnitIndicator, parts_of
from reportkit.annual.lines import Lines, lines_of_all
from reportkit.annual.peers import Peers, ReadSpread
from reportkit.annual.rules import check_rules
from reportkit.errors import ParameterError
from reportkit.loaders import (
    FigureTables,
    KeptRecords,
    Pins,
    Records,
    UnitRecords,
    has_figures,
    records_of,
    remembered,
    rows_hash,
)
from reportkit.metrics.comparison import MIDDLE, QUARTERS, Spread, distribution
from reportkit.metrics.definition import Metric
from reportkit.metrics.frames import YearFrames
from reportkit.metrics.indicator import Indicator, finite
from reportkit.metrics.registry import BY_ID, METRICS
from reportkit.metrics.year import group_totals, indicators_by_unit
from reportkit.modules import code_of
from reportkit.params import (
    Baseline,
    Period,
    Unit,
    Units,
    YearParams,
    available_years,
    load_units,
    load_year,
)

if TYPE_CHECKING:
    import pandas as pd


_LARGEST = {"attendance", "speeches", "files", "issues"}
"""Tables that are too much to hold for all units, or that no circular asks for."""


@dataclass(frozen=True)
class Annual:
    """One year (or its part up to the end of ``period``), with all that is computed of it."""

    home: Path
    year: int
    params: YearParams
    units: Units
    records: Records
    period: str | None = None
    pins: Pins = ()
    """The snapshots that its figures are pinned to; (): those that are the years' now."""

    def __repr__(self) -> str:
        return f"<{self.period or self.year}>"

    @cached_property
    def frames(self) -> YearFrames:
        """All units' records, without the places where they were read."""
        return YearFrames(self.params, self.units, FigureTables(self.records), self.period)

    @property
    def with_places(self) -> YearFrames:
        """The same with the places where records were read: of large groups much more to hold."""
        return YearFrames(self.params, self.units, self.records, self.period)

    @property
    def known_lines(self) -> Lines | None:
        """All units' records behind their figures, where they were worked out beforehand."""
        return self._lines[0] if self._lines else None

    def work_out_lines(self) -> None:
        """Works out the records behind all units' figures at once: for many units' circulars."""
        if not self._lines:
            frame = self._remembered("lines", lambda: lines_of_all(self.with_places))
            self._lines.append(Lines(frame))

    @cached_property
    def _lines(self) -> list[Lines]:
        return []

    @property
    def cutoff(self) -> dt.date:
        """The last day that counts: of the year, or of the period."""
        return self.frames.cutoff

    def frames_of(self, unit_id: str) -> YearFrames:
        """One unit's records alone: of large groups nothing else is read."""
        if unit_id not in self._own:
            self._own.clear()  # a circular is about one unit: the last one is enough
            own = UnitRecords(self.records, unit_id)
            self._own[unit_id] = YearFrames(self.params, self.units, own, self.period, only=unit_id)
        return self._own[unit_id]

    @cached_property
    def _own(self) -> dict[str, YearFrames]:
        return {}

    @cached_property
    def key(self) -> str:
        """Changes when data, parameters, units or the code that figures come from change."""
        return rows_hash(
            self.records.digest, self.params.model_dump(mode="json", exclude={"rules"}),
            self.units.model_dump(mode="json"), code_of(__name__), self.period,
        )  # fmt: skip

    @property
    def time(self) -> str:
        """The year, or the period, as figures are noted under it when they are read."""
        return self.period or str(self.year)

    @property
    def purged(self) -> bool:
        """Whether only the year's figures are left, its records having been purged."""
        return isinstance(self.records, KeptRecords)

    # --- computed once ---

    def _remembered(self, name: str, compute: Any) -> pd.DataFrame:
        of_period = f"{name}.{self.period}" if self.period else name
        if isinstance(self.records, KeptRecords):
            return self.records.figures(of_period)
        if self.pins:  # beside what is remembered of the current figures, not in its place
            of_period += f".{self.records.digest[:12]}"

        def work_out() -> pd.DataFrame:
            self.worked_out.add(name)
            frame: pd.DataFrame = compute()
            return frame

        return remembered(self.home, self.year, of_period, self.key, work_out)

    def frame_of(self, name: str) -> pd.DataFrame:
        """indicators (one row a unit and metric), totals or spreads, as they are remembered."""
        if name == "indicators":
            return self._remembered(name, lambda: indicators_by_unit(self.frames))
        table = self.table.reset_index()
        if name == "totals":
            return self._remembered(
                name, lambda: group_totals(self.frames, table).rename_axis("metric_id")
            )
        return self._remembered(name, lambda: distribution(self.frames, table))

    @cached_property
    def worked_out(self) -> set[str]:
        """Which frames were worked out by this process, not remembered."""
        return set()

    @cached_property
    def table(self) -> pd.DataFrame:
        """indicators_by_unit, indexed by (unit_id, metric_id)."""
        return self.frame_of("indicators").set_index(["unit_id", "metric_id"])

    @cached_property
    def totals(self) -> pd.DataFrame:
        """The group's figures by metric_id."""
        return self.frame_of("totals")

    @cached_property
    def spreads(self) -> dict[tuple[str, str], Spread]:
        """Median and quartiles by (metric_id, peer_group); "" is the whole group."""
        frame = self.frame_of("spreads")
        columns = (frame[name].tolist() for name in frame.columns)
        return {
            (metric_id, group): Spread(q1, median, q3, int(units))
            for metric_id, group, q1, median, q3, units in zip(*columns, strict=True)
        }

    @cached_property
    def definitions(self) -> dict[str, str]:
        """metric_id → its definition (口径) under the year's conventions."""
        return {m.metric_id: m.definition(self.params.metrics) for m in METRICS}

    def compute(self) -> None:
        """Computes, or reads what is remembered of, the figures of this year and those before."""
        for each in (self, *self.earlier):
            _ = each.table, each.totals, each.spreads

    def hold(self) -> None:
        """Has in memory all that each unit's circular asks this year and those before for."""
        self.compute()
        for each in (self, *self.earlier):
            _ = each._columns, each._places, each._silent, each._peers, each.definitions
        _ = self.frames.unit_frame
        for name in self.records.keys() - _LARGEST:
            _ = self.records[name]
            self.records.of_unit(name, "")

    def let_go(self) -> None:
        """Forgets the records behind the figures, not the figures: they are read again if asked."""
        for each in (self, *self.earlier):
            each.__dict__.pop("frames", None)

    # --- earlier years ---

    @property
    def last(self) -> Annual | None:
        """Last year, or its same period, if its parameters and a snapshot exist."""
        before = self.year - 1
        if before in available_years(self.home) and has_figures(self.home, before, self.pins):
            same = Period(self.period).of_year(before).text if self.period else None
            return load_annual(self.home, before, same, self.pins)
        return None

    @property
    def earlier(self) -> list[Annual]:
        """The years before, the last one first, as far back as there are snapshots."""
        last = self.last
        return [last, *last.earlier] if last else []

    @property
    def baseline(self) -> Baseline | None:
        """Last year's printed figures, if they stand in for records that do not exist.

        They are a whole year's: a paper on a part of the year has none.
        """
        if self.period is not None or self.last is not None:
            return None
        return printed_figures(self.home, self.year - 1, self.units)

    @property
    def than(self) -> str:
        """What comparisons call last year: 上年, of a period 上年同期."""
        return "上年同期" if self.period else "上年"

    # --- units ---

    @cached_property
    def _columns(self) -> dict[str, list[Any]]:
        """:attr:`table` column by column, as plain values: of a unit only its rows are made."""
        frame = self.table.reset_index()
        return {str(name): frame[name].tolist() for name in frame}

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """unit_id → where its rows stand in :attr:`table`."""
        places: dict[str, list[int]] = {}
        for place, unit_id in enumerate(self._columns["unit_id"]):
            places.setdefault(unit_id, []).append(place)
        return places

    @cached_property
    def _rows(self) -> dict[str, dict[str, Mapping[str, Any]]]:
        """The units asked for so far."""
        return {}

    def row(self, unit_id: str, metric_id: str) -> Mapping[str, Any]:
        """One unit's figures of one metric: the columns of :attr:`table`."""
        return self.rows_of(unit_id)[metric_id]

    def rows_of(self, unit_id: str) -> Mapping[str, Mapping[str, Any]]:
        """One unit's figures by metric; empty if it does not exist in the year."""
        if unit_id not in self._rows:
            columns = self._columns
            self._rows[unit_id] = {
                columns["metric_id"][place]: {name: of[place] for name, of in columns.items()}
                for place in self._places.get(unit_id, ())
            }
        return self._rows[unit_id]

    @property
    def at_end(self) -> list[Unit]:
        """Subordinate units in being at the cutoff, in official order."""
        return [u for u in self.units.in_year(self.year)
                if u.level == "unit" and u.in_being_on(self.cutoff)]  # fmt: skip

    def of_unit(self, unit_id: str) -> Indicators:
        """All indicators of one unit, with last year's figure and the spreads beside them."""
        unit = self.units[unit_id]
        before = self._before(unit)
        return Indicators({m.metric_id: self._unit_indicator(unit, m, before) for m in METRICS})

    def some_of_unit(self, unit_id: str, metric_ids: Sequence[str]) -> list[Indicator]:
        """The named indicators of one unit, and no others."""
        unit = self.units[unit_id]
        before = self._before(unit)
        return [self._unit_indicator(unit, BY_ID[i], before) for i in metric_ids]

    def of_group(self) -> Indicators:
        """The group's totals (集团本级 included), with last year's beside them."""
        last, printed = self.last, self.baseline
        before = Before({}, missing="无上年数据", total=True)
        if last is not None:
            rows = cast("list[dict[str, Any]]", last.totals.reset_index().to_dict("records"))
            before = Before(
                {row["metric_id"]: row for row in rows}, missing="无上年数据", total=True,
                rules=last.params.metrics, silent=last._silent, units=last._places,
            )  # fmt: skip
        elif printed is not None:
            before = printed_before(self.home, printed, None)
        return Indicators({m.metric_id: self._group_indicator(m, before) for m in METRICS})

    def _before(self, unit: Unit) -> Before:
        last, printed = self.last, self.baseline
        note = not_comparable(unit, self.year, self.cutoff, bool(last or printed))
        if printed:
            return replace(printed_before(self.home, printed, unit.unit_id), note=note)
        figures = last.rows_of(unit.unit_id) if last else {}
        return Before(figures, note, "上年未报", last.params.metrics if last else None)

    @cached_property
    def _now(self) -> Now:
        return Now(self.params.metrics, self.than, self._silent, self._places)

    @cached_property
    def _silent(self) -> dict[str, set[str]]:
        """metric_id → the units that its total lacks, though it concerns them."""
        silent: dict[str, set[str]] = {}
        columns = (self._columns[name] for name in ("metric_id", "unit_id", "state"))
        for metric_id, unit_id, state in zip(*columns, strict=True):
            if state in SILENT:
                silent.setdefault(metric_id, set()).add(unit_id)
        return silent

    def _unit_indicator(self, unit: Unit, metric: Metric, before: Before) -> Indicator:
        parts = parts_of(self.row(unit.unit_id, metric.metric_id))
        return UnitIndicator(
            metric, **parts, definition=self.definitions[metric.metric_id],
            last=earlier(metric, before, self._now), background=Background(self, unit.unit_id),
        )  # fmt: skip

    def _group_indicator(self, metric: Metric, before: Before) -> Indicator:
        row = cast("Mapping[str, Any]", self.totals.loc[metric.metric_id])
        return Indicator(
            metric, **parts_of(row), definition=self.definitions[metric.metric_id],
            last=earlier(metric, before, self._now), background=Background(self, None),
        )  # fmt: skip

    # --- peers ---

    @cached_property
    def _peers(self) -> Peers:
        values: dict[str, dict[str, float]] = {}
        columns = [self._columns[name] for name in ("metric_id", "unit_id", "value", "denominator")]
        times = {}
        for metric_id, unit_id, value, bottom in zip(*columns, strict=True):
            if finite(value) is not None:
                values.setdefault(metric_id, {})[unit_id] = value
            if metric_id == "M4b" and finite(bottom) is not None:
                times[unit_id] = bottom
        groups: dict[str, tuple[str, ...]] = {}
        for unit in self.at_end:
            if unit.peer_group is not None:
                groups[unit.peer_group] = (*groups.get(unit.peer_group, ()), unit.unit_id)
        first = self.params.first_day
        whole = frozenset(unit.unit_id for unit in self.at_end if unit.valid_from <= first)
        return Peers(groups, values, times, self.params.comparison, whole)

    def among(self, group: str) -> str:
        """Under which part is noted what is read of a peer group; "": of all units."""
        return f"{reads.FIGURES}/{self.time} among {group or 'all units'}"

    def spread(self, metric_id: str, group: str) -> Spread | None:
        """Of a peer group, or of all units (""); None where none has a value."""
        known = self.spreads.get((metric_id, group))
        if not reads.reading():
            return known
        if known is None:
            reads.note(self.among(group), f"{metric_id} units", 0)
            return None
        place = self.among(group), metric_id
        return ReadSpread(known.q1, known.median, known.q3, known.units, *place)

    def peers_spread(self, unit: Unit, metric_id: str) -> Spread | None:
        """The spread among a unit's peers; None where it has none, or none has a value."""
        return self.spread(metric_id, unit.peer_group or "") if self._peers.has(unit) else None

    def quarter(self, unit: Unit, metric: Metric) -> str:
        """Where a unit's value stands among its peers (前四分之一); "" if that may not be said."""
        value = finite(self.row(unit.unit_id, metric.metric_id)["value"])
        spread = self.spreads.get((metric.metric_id, unit.peer_group or ""))
        found = self._peers.quarter(unit, metric, value, spread)
        reads.note(
            f"{reads.FIGURES}/{self.time} place of {unit.unit_id}", metric.metric_id,
            (*QUARTERS, MIDDLE, "").index(found),
        )  # fmt: skip
        return found

    def peers(self, unit: Unit, metric_id: str) -> list[float]:
        """The values of the unit's peer group (同类单位, itself included), ascending.

        Empty for 集团本级, for a unit of no peer group, and for one gone by the cutoff.
        """
        values = list(self._peers.of(unit.peer_group, metric_id))
        if unit.peer_group:
            reads.note(self.among(unit.peer_group), f"{metric_id} values", values)
        return values

    def bands_allowed(self, unit: Unit, metric_id: str) -> bool:
        """Whether it may be said in which quarter of its peers a unit stands."""
        _ = self.peers(unit, metric_id)  # how many there are decides
        return self._peers.bands_allowed(unit, metric_id)


def load_annual(home: Path, year: int, period: str | None = None, pins: Pins = ()) -> Annual:
    """One year of the workbook at ``home``, or its part up to the end of a period (2023Q3).

    ``pins``: the snapshots to read it from, and the years before; (): the current ones.

    Raises
    ------
    ParameterError
        If there is no ``params/<year>.yml``, or it is wrong, or the period is of another year.
    RecordsError
        If the year has not been imported, or a snapshot that it is pinned to is missing.
    """
    if period is not None and Period(period).year != year:
        raise ParameterError(
            f"period {period!r} of the year {year}", expected=f"a period of {year}, as {year}Q3",
            next_step="correct the period, or the year", where="period",
        )  # fmt: skip
    params, units = load_year(home, year), load_units(home)
    records = records_of(home, year, dict(pins).get(year, ""))
    check_rules(params)
    known = _loaded.get((home, year, period, pins))
    # An unchanged file gives the same object again: identity tells, and costs nothing.
    same = known and known.params is params and known.units is units
    # A purge leaves the digest as it was.
    same = same and known is not None and type(known.records) is type(records)
    if known and same and known.records.digest == records.digest:
        return known
    annual = Annual(home, year, params, units, records, period, pins)
    _loaded[home, year, period, pins] = annual
    return annual


_loaded: dict[tuple[Path, int, str | None, Pins], Annual] = {}
"""What this process has read already; a new import or an edited parameter replaces it."""
