"""The package's metrics against the second computation in SQL, on ten disturbed demo groups."""

from __future__ import annotations

import datetime as dt
import math
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sql_metrics import compute_all
from sql_perturbing import perturb
from sql_queries import METRICS

from reportkit.loaders import Records
from reportkit.metrics.comparison import distribution
from reportkit.metrics.frames import YearFrames
from reportkit.metrics.year import group_totals, indicators_by_unit
from reportkit.params import Units, YearParams, load_units, load_year
from reportkit.records.demo.generating import generate
from reportkit.records.importing import import_year
from reportkit.records.schemas import allowed

ROOT = Path(__file__).resolve().parents[2]
SEEDS = [*range(1, 5), *(pytest.param(n, marks=pytest.mark.slow) for n in range(5, 11))]
SHOWN = 25
"""How many differences a failure lists."""

LEAVES_OUT = {
    *("M1", "M2s", "M4", "M4b", "M4c", "M6d", "M6n", "M7b", "M9a", "M10a", "M10b", "M12a"),
    *("M13a", "M13b", "M13c", "M17a", "M17b", "M17c", "M18b", "M19", "M21"),
}
"""Metrics of which something can be left out."""

HALF = {
    "joint_sessions": "once",
    "completeness": {"sessions": ("hours",), "plans": ("filed_on", "approved_on")},
}
ODD: tuple[dict[str, Any], dict[str, Any]] = (
    {
        "roles": ("副组长", "成员", "学习秘书"),
        "left_out": ("未记", "公务假"),
        "minimum_sessions": 0,
    },
    {
        "study_sessions": ("集体学习", "培训"),
        "discussion_speeches": ("领学",),
        "ledgers": ("签到簿",),
        **{"report_days": 0, "feedback_days": 3, "study_days_norm": 6.5, "half_day_hours": 2},
    },
)
"""Rules that no office has, for attendance and for the rest: nothing is computed by habit."""


@dataclass(frozen=True)
class Setting:
    """One year as it is asked for: under which parameters, up to which day."""

    name: str
    params: YearParams
    cutoff: dt.date
    period: str | None = None


@dataclass(frozen=True)
class Year:
    """One disturbed year of a demo group."""

    name: str
    tables: Mapping[str, pd.DataFrame]
    units: Units
    params: YearParams

    def settings(self) -> Iterator[Setting]:
        """The year under its own parameters, under two others, and its first half."""
        year, params = self.params.year, self.params
        yield Setting("as they are", params, params.cutoff)
        changed = with_rules(
            params.model_copy(update={"cutoff": dt.date(year, 11, 15), "switched_off": ()}),
            {"present": ("出席",), "minimum_sessions": 2},
            {"joint_sessions": "once", "discussions_counted": "speeches", "visits_a_partner": 2},
        )
        yield Setting("changed", changed, changed.cutoff)
        half = with_rules(params.model_copy(update={"switched_off": ()}), {}, HALF)
        yield Setting("first half", half, dt.date(year, 6, 30), f"{year}H1")
        odd = with_rules(params.model_copy(update={"switched_off": ("M7", "M20")}), *ODD)
        yield Setting("odd", odd, params.cutoff)


def with_rules(
    params: YearParams, attendance: Mapping[str, Any], metrics: Mapping[str, Any]
) -> YearParams:
    """The parameters with other rules."""
    rules = params.metrics
    changed = {**metrics, "attendance": rules.attendance.model_copy(update=attendance)}
    return params.model_copy(update={"metrics": rules.model_copy(update=changed)})


def disturbed(home: Path, seed: int) -> Iterator[Year]:
    """A demo group of its own size for each seed, written, imported, and disturbed."""
    years = (2022, 2023) if seed <= 3 else (2022 + seed % 2,)
    (home / "params").mkdir(parents=True)
    for year in years:
        shutil.copy(ROOT / "params" / f"{year}.yml", home / "params")
    generate(home, units=6 + 2 * seed, years=years, seed=seed)
    units = load_units(home)
    for year in years:
        import_year(home, year, jobs=1, feedback=False)
        records, params = Records(home, year), load_year(home, year)
        tables, changed = perturb({name: records[name] for name in records}, units, params, seed)
        yield Year(f"seed {seed}, {year}", tables, changed, params)


def number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def same(one: Any, other: Any) -> bool:
    """Equal, or as numbers within 1e-9; nothing equals nothing alone."""
    if isinstance(one, str) or isinstance(other, str):
        return bool(one == other)
    one, other = number(one), number(other)
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def differences(
    where: str, ours: pd.DataFrame, sql: pd.DataFrame, key: list[str], columns: list[str]
) -> list[str]:
    """Rows on which two tables do not agree, or that only one of them has; keys are unique."""
    one, other = (table.set_index(key)[columns].to_dict("index") for table in (ours, sql))
    return [
        f"{where}, {row}: package {one.get(row)}, SQL {other.get(row)}"
        for row in {**one, **other}
        if row not in one
        or row not in other
        or not all(same(one[row][column], other[row][column]) for column in columns)
    ]


def compare(year: Year, setting: Setting) -> list[str]:
    """Every difference between the two computations of one year in one setting."""
    where = f"{year.name}, {setting.name}"
    sql = compute_all(year.tables, setting.params, setting.cutoff, setting.period is not None)
    frames = (
        YearFrames(setting.params, year.units, year.tables, period=setting.period)
        if setting.period
        else YearFrames(setting.params, year.units, year.tables)
    )
    table = indicators_by_unit(frames)
    units = table.assign(left_out_total=[sum(left_out.values()) for left_out in table["left_out"]])
    parts = ["numerator", "denominator", "value"]
    totals = group_totals(frames, table).rename_axis("metric_id").reset_index()
    return [
        *differences(
            where, units, sql.units, ["unit_id", "metric_id"], ["state", *parts, "left_out_total"]
        ),
        *differences(f"{where}, total", totals, sql.totals, ["metric_id"], parts),
        *differences(
            f"{where}, quartiles", distribution(frames, table), sql.quartiles,
            ["metric_id", "peer_group"], ["q1", "median", "q3", "units"],
        ),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_both_computations_agree(seed: int, tmp_path: Path) -> None:
    """Each metric of each unit, the group's totals, medians and quartiles, in every setting."""
    found = [
        line
        for year in disturbed(tmp_path, seed)
        for setting in year.settings()
        for line in compare(year, setting)
    ]
    assert not found, "\n".join([f"{len(found)} differences", *found[:SHOWN]])


def test_what_is_rare_occurs(tmp_path: Path) -> None:
    """A disturbed year holds what it is made for: agreement on nothing would mean nothing."""
    (year,) = disturbed(tmp_path, 9)
    results = [
        compute_all(year.tables, each.params, each.cutoff, each.period is not None).units
        for each in year.settings()
    ]
    units = pd.concat(results)
    states = units.groupby("metric_id")["state"].agg(set)
    assert set(units["state"]) == {*allowed("value_states"), "数据不足", "未到期"}
    for metric_id in METRICS:
        assert "已报" in states[metric_id] and len(states[metric_id]) > 1, metric_id
    assert set(units.loc[units["left_out_total"] > 0, "metric_id"]) == LEAVES_OUT
