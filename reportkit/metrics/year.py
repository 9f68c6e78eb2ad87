"""One year's indicators for all units at once: values, totals, medians, the reconciling check."""

from __future__ import annotations

import pandas as pd

from reportkit.errors import RecordsError
from reportkit.metrics.frames import YearFrames
from reportkit.metrics.indicator import REPORTED
from reportkit.metrics.registry import METRICS


def indicators_by_unit(frames: YearFrames) -> pd.DataFrame:
    """Every metric for every unit of the year, 集团本级 and merged units included.

    Returns one row a unit and metric: unit_id, metric_id, numerator, denominator, value
    (floats or NaN), left_out {why: n}, missing (names), state.

    Raises
    ------
    RecordsError
        If a total over units differs from a count over the records themselves.
    """
    parts = [
        metric.compute(frames).reset_index().assign(metric_id=metric.metric_id)
        for metric in METRICS
    ]
    table = pd.concat(parts, ignore_index=True)
    check_totals(frames, table)
    return table


def check_totals(frames: YearFrames, table: pd.DataFrame) -> None:
    """Σ over units + 集团本级 must equal what the records hold, counted without units.

    A row whose unit does not exist in that year would be lost in a sum by unit; here it
    shows as a difference, with the names of the units behind it.
    """
    held = frames.held
    direct = {
        "M1": int(((held["kind"] == "集体学习") & (held["counted_as"] == "集体学习")).sum()),
        "M2": len(frames.discussions),
        "M3": int((held["kind"] == "读书班").sum()),
    }
    unknown = sorted(set(held["unit_id"]) - set(frames.unit_frame.index))
    for metric_id, expected in direct.items():
        rows = table[table["metric_id"] == metric_id]
        # Units that sent sessions but no speeches have no M2, though their sessions count none.
        total = rows["value"].sum()
        if round(total) != expected:
            raise RecordsError(
                f"{metric_id}: the units' figures add up to {total:g}, the records hold {expected} "
                f"(difference {expected - total:g})"
                + (f"; sessions of units unknown in {frames.params.year}: {', '.join(unknown)}"
                   if unknown else ""),
                expected="group total = sum over units + 集团本级",
                next_step="check valid_from and valid_to in params/units.yml, then import again",
            )  # fmt: skip


def group_totals(frames: YearFrames, table: pd.DataFrame) -> pd.DataFrame:
    """The group's figure of each metric: units + 集团本级, summed (ratios: pooled).

    Returns one row a metric (index metric_id): numerator, denominator, value, left_out,
    state, units (how many have a value), unreported (how many sent nothing).
    """
    rows = {}
    for metric in METRICS:
        of_metric = table[table["metric_id"] == metric.metric_id]
        known = of_metric[of_metric["state"].isin(REPORTED)]
        left_out: dict[str, int] = {}
        for reasons in of_metric["left_out"]:
            for why, n in reasons.items():
                left_out[why] = left_out.get(why, 0) + n
        top, bottom = known["numerator"].sum(), known["denominator"].sum()
        if metric.metric_id == "M1" and frames.params.metrics.joint_sessions == "once":
            repeated = repeated_joint_sessions(frames)
            top -= repeated
            left_out["联学重复{}次"] = repeated
        ratio = metric.kind == "ratio"
        empty = known.empty or (ratio and bottom == 0)
        reported = "零" if top == 0 and not ratio else "已报"
        rows[metric.metric_id] = {
            "numerator": None if empty else top,
            "denominator": bottom if ratio and not empty else None,
            "value": None if empty else top / bottom if ratio else top,
            "left_out": left_out,
            "missing": (),
            "state": _state(of_metric["state"]) if empty else reported,
            "units": len(known),
            "unreported": int((of_metric["state"] == "未报").sum()),
        }
    totals = pd.DataFrame.from_dict(rows, orient="index")
    return totals.astype({"numerator": float, "denominator": float, "value": float})


def _state(states: pd.Series) -> str:
    """The group's state where no unit has a value: what all units share, else 未报."""
    shared = set(states) - {"不适用"} or {"不适用"}
    return str(shared.pop()) if len(shared) == 1 else "未报"


def repeated_joint_sessions(frames: YearFrames) -> int:
    """联学: how many sessions of M1 repeat one that another unit lists under the same joint_id."""
    held = frames.held
    entered = (held["kind"] == "集体学习") & (held["counted_as"] == "集体学习")
    joint = held[entered & held["joint_id"].notna()]
    return len(joint) - int(joint["joint_id"].nunique())


def medians(frames: YearFrames, table: pd.DataFrame) -> pd.DataFrame:
    """Medians over subordinate units in being at the cutoff; 集团本级 is no one's peer.

    Returns one row a metric and peer group, with peer_group "" for all units together:
    metric_id, peer_group, median, units (how many have a value).
    """
    units = frames.unit_frame
    peers = units[(units["level"] == "unit") & units["at_end"]]
    known = table[table["state"].isin(REPORTED) & table["unit_id"].isin(peers.index)]
    known = known.assign(peer_group=known["unit_id"].map(peers["peer_group"]))
    by_group = known.groupby(["metric_id", "peer_group"])["value"].agg(["median", "size"])
    overall = known.groupby("metric_id")["value"].agg(["median", "size"])
    overall = overall.assign(peer_group="").set_index("peer_group", append=True)
    both = pd.concat([by_group, overall]).reset_index()
    return both.rename(columns={"size": "units"})
