"""What holds of every year, whatever the rows: figures, states, totals, by hypothesis."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd
import pytest
from frames_builder import make, params, unit
from hypothesis import given
from hypothesis import strategies as st
from year_strategies import IDS, SENT, Drawn, counted_leaders, drawn_years, few, quick

from reportkit.metrics.evidence import Evidence
from reportkit.metrics.frames import YearFrames
from reportkit.metrics.registry import BY_ID, METRICS
from reportkit.metrics.year import group_totals, indicators_by_unit
from reportkit.records.schemas import TABLES

PARTS = ("numerator", "denominator", "value")
KIND = {metric.metric_id: metric.kind for metric in METRICS}
EARLY = (None, None, "2023H1", "2023Q3")


def with_rules(frames: YearFrames, **rules: Any) -> YearFrames:
    """The same records under other conventions."""
    metrics = params(metrics={**frames.params.metrics.model_dump(), **rules}).metrics
    year = frames.params.model_copy(update={"metrics": metrics})
    return dataclasses.replace(frames, params=year)


def add_rows(frames: YearFrames, **more: list[dict[str, Any]]) -> YearFrames:
    """The same records and some more, each with the columns that matter."""
    tables = dict(frames.tables)
    for name, rows in more.items():
        added = pd.DataFrame(rows).reindex(columns=tables[name].columns)
        tables[name] = pd.concat(
            [tables[name], added.astype(tables[name].dtypes.to_dict())], ignore_index=True
        )
    return dataclasses.replace(frames, tables=tables)


@few
@given(drawn_years(*EARLY))
def test_ratios_lie_between_zero_and_one(year: Drawn) -> None:
    """0 ≤ numerator ≤ denominator, value = numerator ÷ denominator; counts are never negative."""
    frames = year.frames()
    units = indicators_by_unit(frames)
    totals = group_totals(frames, units).rename_axis("metric_id").reset_index()
    table = pd.concat([units, totals])
    kind, known = table["metric_id"].map(KIND), table["value"].notna()
    ratios = table[(kind == "ratio") & known]
    assert ((ratios["value"] >= 0) & (ratios["value"] <= 1 + 1e-12)).all()
    assert (ratios["numerator"] <= ratios["denominator"] + 1e-9).all()
    shares = table[(kind != "count") & known]
    assert (shares["denominator"] > 0).all()
    assert (shares["value"] - shares["numerator"] / shares["denominator"]).abs().max() < 1e-12
    assert (table.loc[known, "numerator"] >= 0).all()
    counts = table[(kind == "count") & known]
    assert (counts["value"] == counts["numerator"]).all() and counts["denominator"].isna().all()


@few
@given(drawn_years(*EARLY))
def test_a_value_stands_beside_its_state_and_no_other(year: Drawn) -> None:
    """已报 and 零 have a value, the others none; 零 is a count of zero; exclusions are positive."""
    frames = year.frames()
    table = indicators_by_unit(frames)
    reported = table["state"].isin(("已报", "零"))
    for part in ("value", "numerator"):
        assert (table[part].notna() == reported).all()
    count = table["metric_id"].map(KIND) == "count"
    assert (table["denominator"].notna() == (reported & ~count)).all()
    assert ((table["state"] == "零") == (count & (table["value"] == 0))).all()
    assert all(n > 0 for reasons in table["left_out"] for n in reasons.values())
    assert not [m for m in table.loc[~reported, "missing"] if m]
    early = table["state"] == "未到期"
    yearly = table["metric_id"].map(lambda metric_id: BY_ID[metric_id].yearly)
    assert (early == (yearly & frames.ends_early)).all()
    by_row = table.set_index(["unit_id", "metric_id"])["state"]
    for unit_id in frames.unit_frame.index:
        for metric in METRICS:
            blank = [t for t in metric.tables if frames.state_of(unit_id, (t,)) == "未报"]
            if blank:
                state = by_row[unit_id, metric.metric_id]
                assert state not in ("已报", "零"), (metric.metric_id, blank)


ONE_OF_SEVERAL = {"M2s", "M5", "M6", "M8", "M11", "M12b", "M13a", "M13b", "M14", "M18a"}
"""Of several records that do one duty, or of one person's terms, the first in the table shows."""


def told(found: Evidence, rows: pd.DataFrame, frames: YearFrames, metric_id: str) -> list[Any]:
    """Rows of evidence without their order: unit, weights, reason, label, and which record."""
    table = frames.tables[found.table].reset_index(drop=True)
    keys = ["/".join(map(str, row)) for row in table[list(TABLES[found.table].key)].itertuples(
        index=False)]  # fmt: skip
    columns = [rows[name] for name in ("unit", "top", "bottom", "why", "label", "record")]
    some = metric_id in ONE_OF_SEVERAL
    return sorted(
        (unit_id, round(top, 12), bottom, why, str(label), "" if some or n < 0 else keys[n])
        for unit_id, top, bottom, why, label, n in zip(*columns, strict=True)
    )


@few
@given(drawn_years(), st.randoms(use_true_random=True))
def test_the_order_of_rows_never_matters(year: Drawn, random: Any) -> None:
    """Every table shuffled: the same figures, and the same records behind them.

    What is missing may be named in another order; which of two sessions shows for a month that
    needs but one is the table's order.
    """
    frames = year.frames()
    shuffled = dataclasses.replace(frames, tables={
        name: frame.sample(frac=1, random_state=random.randrange(2**31)).reset_index(drop=True)
        for name, frame in frames.tables.items()
    })  # fmt: skip
    pd.testing.assert_frame_equal(
        *(indicators_by_unit(each).drop(columns="missing") for each in (frames, shuffled))
    )
    for metric in METRICS:
        if metric.metric_id == "M6n":  # its sessions fill up the norm in turn
            continue
        one, other = (metric.evidence(each) for each in (frames, shuffled))
        if one.detail is None:
            assert told(one, one.rows, frames, metric.metric_id) == told(
                other, other.rows, shuffled, metric.metric_id
            )
        else:  # M4, M4c: rates of persons; behind them rows of attendance
            assert told(one, one.detail(), frames, "") == told(other, other.detail(), shuffled, "")
        missing = [metric.compute(each)["missing"].map(sorted) for each in (frames, shuffled)]
        assert missing[0].equals(missing[1])


@few
@given(drawn_years())
def test_an_absent_person_never_raises_m4(year: Drawn) -> None:
    """A leader in post all year who was at no session: M4 and M4c stay or fall, unit by unit."""
    frames = year.frames()
    sessions = frames.tables["sessions"]
    more = add_rows(
        frames,
        members=[
            {"unit_id": u, "person_id": f"{u}/缺", "name": "缺", "role": "成员",
             "in_leadership": True, "party_affairs_head": False, "from": pd.Timestamp(2020, 1, 1)}
            for u in IDS
        ],
        attendance=[
            {"session_id": s, "unit_id": u, "person_id": f"{u}/缺", "status": "缺席"}
            for s, u in zip(sessions["session_id"], sessions["unit_id"], strict=True)
        ],
    )  # fmt: skip
    for metric_id in ("M4", "M4c"):
        before = BY_ID[metric_id].compute(frames)["value"]
        after = BY_ID[metric_id].compute(more)["value"]
        both = before.notna() & after.notna()
        assert (after[both] <= before[both] + 1e-12).all()
        assert after[before.notna()].notna().all()


@few
@given(drawn_years())
def test_an_absence_more_never_raises_m4(year: Drawn) -> None:
    """Whoever counts and misses one session more: the unit's M4 and M4c stay or fall.

    The session is another one on a day on which the person is expected; of all others it is
    not known who was there. No other unit's figure changes.
    """
    frames = year.frames()
    before = {metric_id: BY_ID[metric_id].compute(frames) for metric_id in ("M4", "M4c")}
    for unit_id, people in counted_leaders(frames).items():
        for person, (_, _, day) in people.items():
            of_unit = {"session_id": f"{unit_id}/99", "unit_id": unit_id}
            more = add_rows(
                frames,
                sessions=[{**of_unit, "start": pd.Timestamp(day), "end": pd.Timestamp(day),
                           "kind": "集体学习", "counted_as": "集体学习", "cancelled": False}],
                attendance=[{**of_unit, "person_id": person, "status": "缺席"}],
            )  # fmt: skip
            for metric_id, one in before.items():
                other = BY_ID[metric_id].compute(more)
                rest = ["numerator", "denominator"]
                assert one.drop(unit_id)[rest].equals(other.drop(unit_id)[rest])
                if one.loc[unit_id, "state"] == "已报":
                    assert other.loc[unit_id, "value"] <= one.loc[unit_id, "value"] + 1e-12
                    assert other.loc[unit_id, "denominator"] == one.loc[unit_id, "denominator"]


@quick
@given(drawn_years())
def test_m4_is_what_counting_row_by_row_gives(year: Drawn) -> None:
    """The mean of present ÷ known over the leaders who are known often enough, unit by unit."""
    frames = year.frames()
    table = BY_ID["M4"].compute(frames)
    counted = counted_leaders(frames)
    for unit_id in frames.unit_frame.index:
        if frames.state_of(unit_id, ("sessions", "attendance", "members")) != "已报":
            continue
        rates = [present / known for present, known, _ in counted.get(unit_id, {}).values()]
        row = table.loc[unit_id]
        assert row["state"] == ("已报" if rates else "数据不足")
        if rates:
            assert row["value"] == pytest.approx(sum(rates) / len(rates))
            assert row["denominator"] == len(rates)


@quick
@given(drawn_years())
def test_m4c_is_never_below_m4(year: Drawn) -> None:
    """Makeups only add presence, of the same persons."""
    frames = year.frames()
    m4, m4c = (BY_ID[metric_id].compute(frames) for metric_id in ("M4", "M4c"))
    assert (m4["value"].isna() == m4c["value"].isna()).all()
    assert (m4c["value"].dropna() >= m4["value"].dropna() - 1e-12).all()
    assert m4["denominator"].equals(m4c["denominator"])
    assert m4["left_out"].equals(m4c["left_out"]) and m4["state"].equals(m4c["state"])


@few
@given(drawn_years(*EARLY), st.sets(st.sampled_from(IDS), min_size=1, max_size=3))
def test_totals_add_up_over_any_partition_of_the_units(year: Drawn, part: set[str]) -> None:
    """Numerators and denominators of two halves of the group are those of the whole."""
    frames = with_rules(year.frames(), joint_sessions="each")
    table = indicators_by_unit(frames)
    none = {"numerator": 0, "denominator": 0}
    whole = group_totals(frames, table).fillna(none)
    known = table[table["state"].isin(("已报", "零"))]
    by_metric = known.groupby("metric_id")[["numerator", "denominator"]].sum()
    by_metric = by_metric.reindex(whole.index, fill_value=0)
    valued = whole["value"].notna()
    for column in ("numerator", "denominator"):
        assert ((whole[column] - by_metric[column]).abs() < 1e-9)[valued].all(), column
    halves = [
        group_totals(frames, table[table["unit_id"].isin(part) == inside]).fillna(none)
        for inside in (True, False)
    ]
    for column in ("numerator", "denominator", "units", "unreported"):
        added = halves[0][column] + halves[1][column]
        assert ((whole[column] - added).abs() < 1e-9).all(), column


def test_totals_of_no_units_have_no_value() -> None:
    """A period before the first unit was founded: every total is without value, no error."""
    frames = make([unit("aa", valid_from=params().issued_on.replace(year=2023, month=7))],
                  period="2023Q1")  # fmt: skip
    totals = group_totals(frames, indicators_by_unit(frames))
    assert totals["value"].isna().all() and (totals["units"] == 0).all()


@few
@given(drawn_years())
def test_joint_sessions_counted_once_are_at_most_those_counted_each(year: Drawn) -> None:
    """once ≤ each, and the difference is the reconciling line, of M1, M2 and M3; no other moves."""
    frames = year.frames()
    table = indicators_by_unit(frames)
    each, once = (
        group_totals(with_rules(frames, joint_sessions=how), table) for how in ("each", "once")
    )
    by_sessions = frames.params.metrics.discussions_counted == "sessions"
    for metric_id in BY_ID:
        if pd.isna(each.loc[metric_id, "value"]):
            continue
        repeated = once.loc[metric_id, "left_out"].get("联学重复{}次", 0)
        difference = each.loc[metric_id, "value"] - once.loc[metric_id, "value"]
        assert difference == repeated >= 0
        assert once.loc[metric_id, "value"] >= 0
        assert metric_id in ("M1", "M2", "M3") or repeated == 0
    if not by_sessions:
        assert "联学重复{}次" not in once.loc["M2", "left_out"]
    listed = frames.entered["joint_id"].dropna()
    if pd.notna(each.loc["M1", "value"]):
        repeats = once.loc["M1", "left_out"].get("联学重复{}次", 0)
        assert repeats == len(listed) - listed.nunique()


def test_every_table_that_a_metric_needs_may_be_left_blank_here() -> None:
    """The years drawn leave out each table on which some metric stands."""
    assert {table for metric in METRICS for table in metric.tables} <= set(SENT)
