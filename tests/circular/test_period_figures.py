"""Figures of a part of the year: cumulative, as if the year had come no further."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pandas as pd
import pytest
from circular_support import YEAR

from reportkit.annual import load_annual
from reportkit.loaders import Records
from reportkit.metrics.frames import YearFrames
from reportkit.metrics.registry import METRICS
from reportkit.metrics.year import indicators_by_unit
from reportkit.params import load_units, load_year

PERIOD = f"{YEAR}Q3"
CUTOFF = pd.Timestamp(YEAR, 9, 30)
ISSUED = pd.Timestamp(YEAR, 10, 16)
"""成文日期 of the paper, after params/2023.yml."""
SO_FAR = [m.metric_id for m in METRICS if not m.yearly]
FIGURES = ["numerator", "denominator", "value", "missing", "state"]
YEARLY = {"M4", "M8", "M14"}


def figures(frames: YearFrames) -> pd.DataFrame:
    """The figures of what is not due at the year's end alone, by unit and metric."""
    table = indicators_by_unit(frames).set_index(["unit_id", "metric_id"])
    return table.loc[table.index.get_level_values("metric_id").isin(SO_FAR), FIGURES]


def of_period(home: Path) -> pd.DataFrame:
    """The same of the first three quarters."""
    table = load_annual(home, YEAR, PERIOD).table
    return table.loc[table.index.get_level_values("metric_id").isin(SO_FAR), FIGURES]


def differing(one: pd.DataFrame, other: pd.DataFrame) -> set[str]:
    """The metrics of which some unit has another figure."""
    assert one.index.equals(other.index)
    found = set()
    for column in FIGURES:
        a, b = (frame[column].map(repr) for frame in (one, other))
        found |= {metric for _, metric in one.index[(a != b).to_numpy()]}
    return found


def test_a_period_s_figures_are_the_year_s_with_its_last_day_as_cutoff(demo_home: Path) -> None:
    """An office that moves cutoff to 30 September finds the third quarter's figures.

    But for reports and feedback: a year's circular is made some days after its cutoff, and what
    came by then has come; of a quarter nothing counts that came later (the test below).
    """
    params = load_year(demo_home, YEAR).model_copy(update={"cutoff": dt.date(YEAR, 9, 30)})
    frames = YearFrames(params, load_units(demo_home), Records(demo_home, YEAR))
    whole = figures(frames)
    so_far = of_period(demo_home)
    assert differing(whole, so_far) <= {"M9a", "M9b", "M13c"}
    assert (so_far["state"] == "已报").sum() > 300
    at = so_far.xs("M1", level="metric_id")["value"]
    assert (at <= figures_of_year(demo_home, "M1")).all() and at.sum() < 389


def figures_of_year(home: Path, metric_id: str) -> pd.Series:
    """The whole year's values of one metric by unit."""
    return load_annual(home, YEAR).table.xs(metric_id, level="metric_id")["value"]


def up_to(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """What of a year's records was there on 30 September: nothing that has a later date."""
    sessions = frames["sessions"]
    kept = sessions[sessions["start"] <= CUTOFF]
    cut = {**frames, "sessions": kept}
    for name in ("session_topics", "attendance", "speeches", "session_reports"):
        cut[name] = frames[name][frames[name]["session_id"].isin(kept["session_id"])]
    reports = cut["session_reports"]
    # The paper knows what came by its own day.
    received = reports["received_on"].where(reports["received_on"] <= ISSUED)
    cut["session_reports"] = reports.assign(received_on=received)
    visits = frames["visits"][frames["visits"]["date"] <= CUTOFF]
    feedback = visits["feedback_on"].where(visits["feedback_on"] <= ISSUED)
    cut["visits"] = visits.assign(feedback_on=feedback)
    research = frames["research"]
    cut["research"] = research[research["date"].isna() | (research["date"] <= CUTOFF)]
    return cut


def test_what_came_later_is_not_known_yet(demo_home: Path) -> None:
    """Without any record dated after 30 September the third quarter's figures are the same.

    Of M20 alone the whole submission counts: it says how far the workbook was filled in.
    """
    records = Records(demo_home, YEAR)
    cut = up_to({name: records[name] for name in records})
    frames = YearFrames(load_year(demo_home, YEAR), load_units(demo_home), cut, PERIOD)
    assert differing(figures(frames), of_period(demo_home)) - {"M20"} == set()


@pytest.mark.parametrize("period", [f"{YEAR}Q1", f"{YEAR}H1", PERIOD])
def test_yearly_metrics_are_not_due_before_the_year_ends(demo_home: Path, period: str) -> None:
    """M4, M8 and M14 at least: 未到期 for every unit and the group, and without a value."""
    annual = load_annual(demo_home, YEAR, period)
    not_due = {m.metric_id for m in METRICS if m.yearly}
    assert not_due >= YEARLY
    table = annual.table
    at = table.index.get_level_values("metric_id").isin(not_due)
    assert set(table.loc[at, "state"]) == {"未到期"} and table.loc[at, "value"].isna().all()
    assert "未到期" not in set(table.loc[~at, "state"])
    for metric_id in not_due:
        assert annual.of_group()[metric_id].state == "未到期"


@pytest.mark.parametrize("period", [f"{YEAR}Q4", f"{YEAR}H2"])
def test_at_the_year_s_end_everything_is_due(demo_home: Path, period: str) -> None:
    """The fourth quarter's figures are the year's."""
    year, quarter = load_annual(demo_home, YEAR), load_annual(demo_home, YEAR, period)
    pd.testing.assert_frame_equal(year.table, quarter.table)
    assert "未到期" not in set(quarter.table["state"])


def test_the_same_part_of_last_year_stands_beside(demo_home: Path) -> None:
    """上年同期: the first three quarters of 2022, not the whole of it."""
    now, then = (load_annual(demo_home, y, f"{y}Q3") for y in (YEAR, YEAR - 1))
    whole = load_annual(demo_home, YEAR - 1)
    differs = 0
    for unit in ("dongling", "canglu", "hq", "xiangbu"):
        for metric_id in ("M1", "M2", "M4b", "M5", "M7b", "M9a"):
            one = now.of_unit(unit)[metric_id]
            assert one.last.value == then.row(unit, metric_id)["value"]
            differs += one.last.value != whole.row(unit, metric_id)["value"]
            assert "上年同期" in one.change
    assert differs >= 8
    assert now.of_group().sessions.last.value == then.of_group().sessions.value


def test_units_of_the_time_alone(demo_home: Path) -> None:
    """xindu came on 1 April and linting went on 30 June: neither is where it was not."""
    first, half, third = (load_annual(demo_home, YEAR, f"{YEAR}{p}") for p in ("Q1", "H1", "Q3"))
    assert "xindu" not in first.frames.unit_frame.index
    assert "xindu" in half.frames.unit_frame.index
    at_end = [{unit.unit_id for unit in annual.at_end} for annual in (first, half, third)]
    assert ["linting" in ids for ids in at_end] == [True, True, False]
    assert ["xindu" in ids for ids in at_end] == [False, True, True]
    # Merged at the half-year's end: until then it is compared as any.
    assert half.of_unit("linting").sessions.last.value is not None
    assert third.of_unit("linting").sessions.last.note == "本年非全年"


def test_periods_are_remembered_apart(demo_home: Path, tmp_path: Path) -> None:
    """A quarter's figures never stand in for the year's, in the same folder and process."""
    home = Path(shutil.copytree(demo_home, tmp_path / "workbook"))
    values = [
        load_annual(home, YEAR, period).row("dongling", "M1")["value"]
        for period in (None, PERIOD, f"{YEAR}H1", None, PERIOD)
    ]
    assert values[0] == values[3] > values[1] == values[4] > values[2]
