"""What a metric counted, row by row: its figures and its trace come from the same rows.

A metric is a function from a year's frames to :class:`Evidence`. Adding up the evidence by
unit gives numerator and denominator; looking at one unit's rows shows which records they
were, in which file, sheet and row. So a figure and the records behind it cannot differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from reportkit.metrics.frames import YearFrames

Weights = Any
"""One number (or truth value) a row: an array, a Series, or a scalar for all."""


@dataclass(frozen=True)
class Evidence:
    """The rows that a metric looked at, and how much each counts.

    Parameters
    ----------
    table:
        The table whose records they are.
    rows:
        One row a record or duty. ``unit`` (place in ``frames.unit_frame``, −1: none) · ``top``
        and ``bottom`` (what it adds to numerator and denominator; float) · ``why`` (place in
        ``reasons`` if it was left out, else −1) · ``record`` (its place in the table, −1 where a
        duty was not met) · ``label`` (what the row is called where it is lacking, or "").
    reasons:
        Why rows were left out, with {} where their number goes: 取消{}次.
    also_left_out:
        Reason → number by unit, of what is in no row.
    states:
        Place of a unit → its state, where the metric knows better than its tables.
    detail:
        The records themselves, where rows are sums over many of them: same columns.
    lacking:
        Labels of a unit's unmet duties → how they are told.
    """

    table: str
    rows: pd.DataFrame
    reasons: tuple[str, ...] = ()
    also_left_out: Mapping[str, np.ndarray] = field(default_factory=dict)
    states: Mapping[int, str] = field(default_factory=dict)
    detail: Callable[[], pd.DataFrame] | None = None
    lacking: Callable[[Sequence[str]], tuple[str, ...]] = tuple

    def by_unit(self, column: str, units: int) -> np.ndarray:
        """Σ of ``top`` or ``bottom`` for each unit."""
        at = self.rows["unit"].to_numpy()
        known = at >= 0
        weights = self.rows[column].to_numpy(dtype=float)[known]
        return np.bincount(at[known], weights=weights, minlength=units)

    def left_out_by_unit(self, units: int) -> dict[str, np.ndarray]:
        """Reason → how many rows of each unit were left out for it."""
        at, why = self.rows["unit"].to_numpy(), self.rows["why"].to_numpy()
        found = {
            reason: np.bincount(at[(why == n) & (at >= 0)], minlength=units)
            for n, reason in enumerate(self.reasons)
        }
        return {**found, **self.also_left_out}

    def missing_by_unit(self) -> dict[int, tuple[str, ...]]:
        """Place of a unit → the labels of its duties that were not met, in their order."""
        rows = self.rows
        open_ = (rows["bottom"] > 0) & (rows["top"] == 0) & (rows["label"] != "")
        lacking = rows.loc[open_ & (rows["unit"] >= 0), ["unit", "label"]]
        found: dict[int, dict[str, None]] = {}
        for unit, label in zip(lacking["unit"], lacking["label"], strict=True):
            found.setdefault(int(unit), {})[label] = None
        return {unit: self.lacking(list(labels)) for unit, labels in found.items()}

    def records(self) -> pd.DataFrame:
        """The units' rows at the grain of records, those alone that had a part in the figures."""
        rows = self.rows if self.detail is None else self.detail()
        looked_at = (rows["top"] != 0) | (rows["bottom"] != 0) | (rows["why"] >= 0)
        return rows[looked_at & (rows["unit"] >= 0)]


def evidence(
    table: str,
    records: pd.DataFrame,
    *,
    top: Weights = 1.0,
    bottom: Weights = 0.0,
    left_out: Mapping[str, Any] | None = None,
    label: Any = "",
    unit: Any = None,
    **more: Any,
) -> Evidence:
    """Evidence with one row for each of ``records``, a part of ``frames.table(table)``.

    ``left_out``: reason → which rows were left out for it; such a row counts nothing.
    ``unit``: places of units, where they are not in the column ``unit``.
    """
    why = np.full(len(records), -1, dtype=np.int8)
    for n, (_, mask) in enumerate((left_out or {}).items()):
        why[np.asarray(mask, dtype=bool) & (why < 0)] = n
    counts = why < 0
    rows = pd.DataFrame(
        {
            "unit": records["unit"].to_numpy() if unit is None else unit,
            "top": _floats(top, len(records)) * counts,
            "bottom": _floats(bottom, len(records)) * counts,
            "why": why,
            "record": records.index.to_numpy(),
            "label": label if isinstance(label, str) else np.asarray(label, dtype=object),
        }
    )
    return Evidence(table, rows, tuple(left_out or ()), **more)


def _floats(weights: Weights, length: int) -> np.ndarray:
    values = np.asarray(weights, dtype=float)
    return np.full(length, float(values)) if values.ndim == 0 else values


def duties(
    table: str,
    due: pd.DataFrame,
    met: pd.DataFrame,
    *,
    times: int = 1,
    **more: Any,
) -> Evidence:
    """Evidence of duties: each unit and key of ``due`` counts ``times``, once for each meeting.

    Parameters
    ----------
    due:
        What was to be done, one row each: ``unit``, ``key``, ``label``.
    met:
        Records of ``table`` that do it, by their place in it (index): ``unit``, ``key``. Those
        that meet no duty are passed over.
    times:
        How often each is to be done; what is done beyond that adds nothing.
    """
    met = met.assign(record=met.index)[["unit", "key", "record"]]
    rows = due[["unit", "key", "label"]].merge(met, on=["unit", "key"], how="left")
    place = rows.groupby(["unit", "key"]).cumcount().to_numpy()
    done = rows["record"].notna().to_numpy()
    rows = rows.assign(
        top=(done & (place < times)).astype(float),
        bottom=np.where(place == 0, float(times), 0.0),
        why=np.int8(-1),
        record=rows["record"].fillna(-1).astype(np.int64),
    )
    # Beyond what was due: shown in no trace, since it is in no figure.
    kept = rows[(rows["top"] > 0) | (rows["bottom"] > 0)]
    columns = ["unit", "top", "bottom", "why", "record", "label"]
    return Evidence(table, kept[columns].reset_index(drop=True), **more)


def due_within(
    frames: YearFrames,
    spans: Sequence[tuple[dt.date, dt.date]],
    keys: Sequence[Any],
    labels: Sequence[str],
) -> pd.DataFrame:
    """What falls due within each unit's days, for :func:`duties`: unit, key, label.

    ``spans``: first and last day of each duty, both of which the unit must have seen (a day that
    is to be seen alone stands in both); units in their order, duties in theirs.
    """
    units = frames.unit_frame
    first = units["first"].to_numpy(dtype="datetime64[D]")[:, None]
    last = units["last"].to_numpy(dtype="datetime64[D]")[:, None]
    begins = np.array([begin for begin, _ in spans], dtype="datetime64[D]")
    ends = np.array([end for _, end in spans], dtype="datetime64[D]")
    unit, place = np.nonzero((first <= begins) & (ends <= last))
    names = np.array(keys) if len(keys) else np.array([], dtype=object)
    told = np.array(labels, dtype=object)[place]
    return pd.DataFrame({"unit": unit, "key": names[place], "label": told})


COLUMNS = ("numerator", "denominator", "value", "left_out", "missing", "state")


def figures(
    found: Evidence,
    frames: YearFrames,
    tables: Sequence[str],
    *,
    counts: bool,
    when_empty: str,
    overruled: str | None = None,
) -> pd.DataFrame:
    """Evidence added up: index unit_id in official order, columns :data:`COLUMNS`.

    A unit that did not send one of ``tables`` is 未报 and has no value; a ratio (``counts``
    False) whose denominator is zero has the state ``when_empty`` and no value. ``overruled``: a
    state that all units share, whatever they sent. ``left_out``: {reason: number}.
    """
    units = frames.unit_frame.index
    top, bottom = (found.by_unit(column, len(units)) for column in ("top", "bottom"))
    state = frames.states_of(tables)
    reported = state == "已报"
    state[reported & (top == 0 if counts else bottom == 0)] = "零" if counts else when_empty
    for place, word in found.states.items():
        state[place] = word
    if overruled is not None:
        state[:] = overruled
    known = (state == "已报") | (state == "零")
    with np.errstate(divide="ignore", invalid="ignore"):
        value = top if counts else top / bottom
    missing = found.missing_by_unit()
    # Of what is not in use nothing is told.
    left_out = {} if overruled == "不适用" else found.left_out_by_unit(len(units))
    return pd.DataFrame(
        {
            "numerator": np.where(known, top, np.nan),
            "denominator": np.nan if counts else np.where(known, bottom, np.nan),
            "value": np.where(known, value, np.nan),
            "left_out": _reasons(left_out, len(units)),
            "missing": [missing.get(n, ()) if k else () for n, k in enumerate(known)],
            "state": state,
        },
        index=units,
    )


def _reasons(by_reason: Mapping[str, np.ndarray], units: int) -> list[dict[str, int]]:
    """For each unit {reason: number}, without those of which there are none."""
    result: list[dict[str, int]] = [{} for _ in range(units)]
    for reason, numbers in by_reason.items():
        for place in np.flatnonzero(numbers):
            result[place][reason] = int(numbers[place])
    return result
