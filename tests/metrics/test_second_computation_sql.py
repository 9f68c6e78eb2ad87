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
from sql_metrics import Computed, compute_all
from sql_perturbing import perturb

from reportkit.loaders import Records
from reportkit.metrics.comparison import distribution
from reportkit.metrics.frames import YearFrames
from reportkit.metrics.year import group_totals, indicators_by_unit
from reportkit.params import Units, YearParams, load_units, load_year
from reportkit.records.demo.generating import generate
from reportkit.records.importing import import_year

ROOT = Path(__file__).resolve().parents[2]
SEEDS = range(1, 11)
SHOWN = 25
"""How many differences a failure lists."""


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
        """The year under its own parameters, under others, and its first half."""
        params = self.params
        yield Setting("as they are", params, params.cutoff)
        attendance = params.metrics.attendance.model_copy(
            update={"present": ("出席",), "minimum_sessions": 2}
        )
        rules = params.metrics.model_copy(
            update={
                **{"joint_sessions": "once", "discussions_counted": "speeches"},
                **{"attendance": attendance, "visits_a_partner": 2},
            }
        )
        cutoff = dt.date(params.year, 11, 15)
        changed = params.model_copy(update={"metrics": rules, "switched_off": (), "cutoff": cutoff})
        yield Setting("changed", changed, cutoff)
        joint = params.metrics.model_copy(update={"joint_sessions": "once"})
        half = params.model_copy(update={"metrics": joint, "switched_off": ()})
        yield Setting("first half", half, dt.date(params.year, 6, 30), f"{params.year}H1")


def disturbed(home: Path, seed: int) -> Iterator[Year]:
    """A demo group of its own size for each seed, written, imported, and disturbed."""
    years = (2022, 2023) if seed % 2 else (2022 + seed // 2 % 2,)
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
    """What two tables do not agree on: cells, and rows that only one of them has."""
    one, other = ours.set_index(key)[columns], sql.set_index(key)[columns]
    assert one.index.is_unique and other.index.is_unique
    found = [
        f"{where}, {row}: only {side} has it"
        for side, missing in (
            ("the package", one.index.difference(other.index)),
            ("SQL", other.index.difference(one.index)),
        )
        for row in missing
    ]
    for row in one.index.intersection(other.index):
        mine, theirs = one.loc[row], other.loc[row]
        if not all(same(mine[column], theirs[column]) for column in columns):
            pair = f"package {mine.to_dict()}, SQL {theirs.to_dict()}"
            found.append(f"{where}, {row}: {pair}")
    return found


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
    """The disturbed years do hold what they are made for, so that agreement means something."""
    states: set[tuple[str, str]] = set()
    left_out: set[str] = set()
    for seed in (9, 10):
        for year in disturbed(tmp_path / str(seed), seed):
            for setting in year.settings():
                computed: Computed = compute_all(
                    year.tables, setting.params, setting.cutoff, setting.period is not None
                )
                units = computed.units
                states |= set(zip(units["metric_id"], units["state"], strict=True))
                left_out |= set(units.loc[units["left_out_total"] > 0, "metric_id"])
    print(sorted(states), sorted(left_out))
