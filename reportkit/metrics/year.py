"""One year's indicators for all units at once: values, totals, the reconciling check."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from reportkit.errors import RecordsError
from reportkit.metrics.definition import Metric
from reportkit.metrics.evidence import Evidence
from reportkit.metrics.frames import YearFrames
from reportkit.metrics.registry import BY_ID, METRICS
from reportkit.metrics.states import REPORTED

TOLERANCE = 1e-6


def indicators_by_unit(frames: YearFrames) -> pd.DataFrame:
    """Every metric for every unit of the year, 集团本级 and merged units included.

    Returns one row a unit and metric: unit_id, metric_id, numerator, denominator, value
    (floats or NaN), left_out {why: n}, missing (names), state.

    Raises
    ------
    RecordsError
        If a total over units differs from a count over the records themselves.
    """
    parts = []
    for metric in METRICS:
        found = metric.evidence(frames)
        check_attributed(metric, found, frames)
        figures = metric.add_up(found, frames)
        parts.append(figures.reset_index().assign(metric_id=metric.metric_id))
    table = pd.concat(parts, ignore_index=True)
    check_totals(frames, table)
    return table


def check_attributed(metric: Metric, found: Evidence, frames: YearFrames) -> None:
    """Every record that counts must belong to a unit of the year: else a sum would lose it.

    Raises
    ------
    RecordsError
        Naming metric, difference and the units behind it.
    """
    for column in ("top", "bottom"):
        whole = float(found.rows[column].sum())
        by_unit = float(found.by_unit(column, len(frames.unit_frame)).sum())
        if abs(whole - by_unit) > TOLERANCE * max(1.0, abs(whole)) and frames.only is None:
            lost = found.rows[(found.rows["unit"] < 0) & (found.rows[column] != 0)]
            # A unit that is born after the period is not lost: it is not there yet.
            if unknown := _units_of(found, lost, frames) - frames.not_yet:
                raise _difference(metric.metric_id, by_unit, whole, frames, unknown)


def _units_of(found: Evidence, rows: pd.DataFrame, frames: YearFrames) -> set[str]:
    table = frames.tables[found.table].reset_index(drop=True)
    places = rows.loc[rows["record"] >= 0, "record"]
    columns = [c for c in ("unit_id", "observer_unit", "host_unit") if c in table]
    units = {str(unit) for column in columns for unit in table[column].iloc[places]}
    return units - set(frames.unit_frame.index)


def _difference(
    metric_id: str, by_unit: float, whole: float, frames: YearFrames, unknown: Collection[str]
) -> RecordsError:
    return RecordsError(
        f"{metric_id}: the units' figures add up to {by_unit:g}, the records hold {whole:g} "
        f"(difference {whole - by_unit:g})"
        + (f"; records of units unknown in {frames.params.year}: {', '.join(sorted(unknown))}"
           if unknown else ""),
        expected="group total = sum over units + 集团本级",
        next_step="check valid_from and valid_to in params/units.yml, then import again",
    )  # fmt: skip


def check_totals(frames: YearFrames, table: pd.DataFrame) -> None:
    """Σ over units + 集团本级 must equal what the records hold, counted without units.

    Counted here a second time, in another way than the metrics do, from the tables alone.
    """
    for metric_id, whole in counted_whole(frames).items():
        if BY_ID[metric_id].off(frames.params.switched_off):
            continue
        rows = table[table["metric_id"] == metric_id]
        # Units that sent sessions but no speeches have no M2, though their sessions count none.
        total = float(rows["value"].sum())
        if abs(total - whole) > TOLERANCE:
            raise _difference(metric_id, total, whole, frames, [])


def check_remembered(frames: YearFrames, table: pd.DataFrame, totals: pd.DataFrame) -> None:
    """Figures that were remembered must be what the records give now: of each unit, and in all.

    Ratios with their numerators and denominators, counts as well. ``table`` is indexed by unit_id
    and metric_id, ``totals`` by metric_id.

    Raises
    ------
    RecordsError
        Naming the metric, both figures and their difference.
    """
    now = indicators_by_unit(frames)
    for given, known in (
        (now.set_index(["unit_id", "metric_id"]), table), (group_totals(frames, now), totals),
    ):  # fmt: skip
        known = known.reindex(given.index)
        columns = ["numerator", "denominator", "value"]
        same = np.isclose(given[columns], known[columns], atol=TOLERANCE, equal_nan=True)
        if not same.all():
            place = int((~same.all(axis=1)).argmax())
            name, was, right = given.index[place], known.iloc[place], given.iloc[place]
            raise RecordsError(
                f"{name if isinstance(name, str) else ' of '.join(reversed(name))}: remembered is "
                f"{_fraction(was)}, the records give {_fraction(right)} "
                f"(difference {right['value'] - was['value']:g})",
                expected="figures that the records give",
                next_step="delete the .parquet files beside snapshot.json, and run again",
                where=f"outputs/records/{frames.params.year}",
            )


def _fraction(figures: pd.Series) -> str:
    top, bottom, value = (figures[name] for name in ("numerator", "denominator", "value"))
    return f"{value:g}" if np.isnan(bottom) else f"{top:g}/{bottom:g} = {value:g}"


def counted_whole(frames: YearFrames) -> dict[str, float]:
    """What the records hold of M1, M2, M2s, M3 and M3d, over the whole group at once."""
    sessions = frames.tables["sessions"].drop_duplicates("session_id")
    if frames.not_yet:
        sessions = sessions[~sessions["unit_id"].isin(frames.not_yet)]
    off = sessions["cancelled"].fillna(False).astype(bool)
    held = sessions[~off & (sessions["start"] <= pd.Timestamp(frames.cutoff))]
    study = held.loc[held["counted_as"].isin(frames.params.metrics.study_sessions), "session_id"]
    speeches = frames.tables["speeches"]
    speeches = speeches[speeches["type"].isin(frames.params.metrics.discussion_speeches)]
    speeches = speeches[speeches["session_id"].isin(study)]
    by_session = frames.params.metrics.discussions_counted == "sessions"
    reading = held[held["kind"] == "读书班"]
    both = (held["kind"] == "集体学习") & (held["counted_as"] == "集体学习")
    return {
        "M1": int(both.sum()),
        "M2": speeches["session_id"].nunique() if by_session else len(speeches),
        "M2s": len(speeches.drop_duplicates(["session_id", "person_id"])),
        "M3": len(reading),
        "M3d": int(((reading["end"] - reading["start"]).dt.days + 1).sum()),
    }


def group_totals(frames: YearFrames, table: pd.DataFrame) -> pd.DataFrame:
    """The group's figure of each metric: units + 集团本级, summed (ratios: pooled).

    Returns one row a metric (index metric_id): numerator, denominator, value, left_out,
    missing, state, units (how many have a value), unreported (how many sent nothing).
    """
    repeated = repeated_joint_sessions(frames)
    by_metric = dict(iter(table.groupby("metric_id", sort=False)))
    none = table.iloc[:0]
    rows = {m.metric_id: _total(m, by_metric.get(m.metric_id, none), repeated) for m in METRICS}
    totals = pd.DataFrame.from_dict(rows, orient="index")
    return totals.astype({"numerator": float, "denominator": float, "value": float})


def _total(metric: Metric, of_metric: pd.DataFrame, repeated: dict[str, int]) -> dict[str, object]:
    known = of_metric[of_metric["state"].isin(REPORTED)]
    left_out: dict[str, int] = {}
    for reasons in of_metric["left_out"]:
        for why, n in reasons.items():
            left_out[why] = left_out.get(why, 0) + n
    top, bottom = known["numerator"].sum(), known["denominator"].sum()
    if repeated.get(metric.metric_id):
        top -= repeated[metric.metric_id]
        left_out[REPEATED] = repeated[metric.metric_id]
    count = metric.kind == "count"
    empty = known.empty or (not count and bottom == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = None if empty else top if count else top / bottom
    return {
        "numerator": None if empty else top,
        "denominator": None if empty or count else bottom,
        "value": value,
        "left_out": left_out,
        "missing": (),
        "state": _state(of_metric["state"]) if empty else "零" if top == 0 and count else "已报",
        "units": len(known),
        "unreported": int((of_metric["state"] == "未报").sum()),
    }


def _state(states: pd.Series) -> str:
    """The group's state where no unit has a value: what all units share, else 未报."""
    shared = set(states) - {"不适用"} or {"不适用"}
    return str(shared.pop()) if len(shared) == 1 else "未报"


REPEATED = "联学重复{}次"


def repeated_joint_sessions(frames: YearFrames) -> dict[str, int]:
    """联学: metric_id → how many sessions of M1, M2, M3 another unit lists under the same joint_id.

    Empty where the office has each unit's count (``joint_sessions: each``).
    """
    rules = frames.params.metrics
    if rules.joint_sessions == "each":
        return {}
    counted = {
        "M1": frames.entered, "M3": frames.held[frames.held["kind"] == "读书班"],
    }  # fmt: skip
    if rules.discussions_counted == "sessions":
        counted["M2"] = frames.discussions
    joint = {i: rows.loc[rows["joint_id"].notna(), "joint_id"] for i, rows in counted.items()}
    return {i: len(ids) - int(ids.nunique()) for i, ids in joint.items()}
