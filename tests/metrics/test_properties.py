"""What holds of every year, whatever the rows: by hypothesis."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pandas as pd
from frames_builder import YEAR, check, make, params, topic, unit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportkit.metrics.frames import YearFrames
from reportkit.metrics.registry import BY_ID, METRICS
from reportkit.metrics.year import group_totals, indicators_by_unit
from reportkit.records.schemas.values import (
    ARCHIVE_STATES,
    ATTENDANCE,
    COUNTED_AS,
    ROLES,
    SESSION_KINDS,
    SPEECH_TYPES,
)  # fmt: skip

UNITS = [
    unit("hq", level="group"),
    unit("aa"),
    unit("bb", valid_from=dt.date(YEAR, 4, 15)),
    unit("cc", valid_to=dt.date(YEAR, 6, 30)),
]
IDS = [row["unit_id"] for row in UNITS]
TABLES = ("members", "sessions", "attendance", "speeches", "session_reports", "accounts", "plans")
quick = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))

days = st.dates(dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31))


@st.composite
def unit_rows(draw: st.DrawFn, unit_id: str) -> dict[str, list[dict[str, Any]]]:
    """One unit's rows: people with terms, sessions, who was there, who spoke, what came."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    rows |= {"session_topics": [], "archive_checks": [], "plan_items": []}
    people = [f"{unit_id}/{name}" for name in "甲乙丙丁"[: draw(st.integers(0, 4))]]
    for person in people:
        since = draw(st.dates(dt.date(YEAR - 1, 6, 1), dt.date(YEAR + 1, 2, 1)))
        until = draw(st.none() | st.dates(since, dt.date(YEAR + 1, 6, 1)))
        rows["members"].append({
            "person_id": person, "name": person, "role": draw(st.sampled_from(ROLES)),
            "in_leadership": draw(st.booleans()), "party_affairs_head": draw(st.booleans()),
            "from": since, "to": until,
        })  # fmt: skip
        if draw(st.booleans()):
            rows["accounts"].append({"unit_id": unit_id, "person_id": person, "year": YEAR})
    for number in range(1, draw(st.integers(0, 7)) + 1):
        start, key = draw(days), f"{unit_id}/{number}"
        end = min(start + dt.timedelta(days=draw(st.integers(0, 2))), dt.date(YEAR, 12, 31))
        expected = draw(st.none() | st.integers(0, 9))
        rows["sessions"].append({
            "session_id": key, "start": start, "end": end,
            "hours": draw(st.sampled_from([None, 2.0, 6.0])),
            "kind": draw(st.sampled_from(SESSION_KINDS)), "title": "学习",
            "counted_as": draw(st.sampled_from(COUNTED_AS)), "cancelled": draw(st.booleans()),
            "joint_id": draw(st.sampled_from([None, "LX1"])),
            "plan_item": draw(st.sampled_from([None, f"{unit_id}/1"])),
            "expected": expected,
            "present": None if expected is None else draw(st.none() | st.integers(0, expected)),
        })  # fmt: skip
        received = draw(st.none() | st.dates(start, dt.date(YEAR + 1, 2, 1)))
        rows["session_reports"].append({"session_id": key, "received_on": received})
        for code in draw(st.sets(st.sampled_from(["T1", "T2"]))):
            rows["session_topics"].append({"session_id": key, "topic_code": code})
        for seq, person in enumerate(people, 1):
            if draw(st.booleans()):
                rows["attendance"].append({
                    "session_id": key, "person_id": person,
                    "status": draw(st.sampled_from(ATTENDANCE)),
                    "makeup_on": draw(st.none() | st.just(end)),
                    "makeup_evidence": draw(st.sampled_from([None, "笔记"])),
                })  # fmt: skip
            if draw(st.booleans()):
                kind = draw(st.sampled_from(SPEECH_TYPES))
                rows["speeches"].append(
                    {"session_id": key, "person_id": person, "seq": seq, "type": kind}
                )
    rows["plan_items"] = [{"item_id": f"{unit_id}/1", "title": "学习", "due_period": "2023-05"}]
    rows["archive_checks"] = [
        check(item, draw(st.sampled_from(ARCHIVE_STATES)), unit_id)
        for item in ("签到簿", "学习计划")
    ]
    return rows


@st.composite
def years(draw: st.DrawFn) -> YearFrames:
    """A year of four units, of which some left tables blank."""
    rows: dict[str, list[dict[str, Any]]] = {}
    blank = {u: draw(st.sets(st.sampled_from(TABLES), max_size=2)) for u in IDS}
    for unit_id in IDS:
        of_unit = draw(unit_rows(unit_id))
        for name in blank[unit_id]:
            of_unit[name] = []
        if "sessions" in blank[unit_id]:  # nothing can hang on a session that is not there
            of_unit |= {n: [] for n in ("attendance", "speeches", "session_reports")}
            of_unit["session_topics"] = []
        for name, part in of_unit.items():
            rows.setdefault(name, []).extend(part)
    joint = draw(st.sampled_from(["each", "once"]))
    year = params(
        topics=[topic("T1", "3-31"), topic("T2", "9-30")], metrics={"joint_sessions": joint}
    )
    return make(UNITS, year=year, unreported={u: sorted(t) for u, t in blank.items()}, **rows)


@quick
@given(years())
def test_ratios_lie_between_zero_and_one(frames: YearFrames) -> None:
    """0 ≤ numerator ≤ denominator, value = numerator ÷ denominator; counts are never negative."""
    units = indicators_by_unit(frames)
    totals = group_totals(frames, units).rename_axis("metric_id").reset_index()
    table = pd.concat([units, totals])
    ratio = table["metric_id"].map(lambda metric_id: BY_ID[metric_id].kind == "ratio")
    known = table["value"].notna()
    ratios = table[ratio & known]
    assert ((ratios["value"] >= 0) & (ratios["value"] <= 1 + 1e-12)).all()
    assert (ratios["numerator"] <= ratios["denominator"] + 1e-9).all()
    assert (ratios["denominator"] > 0).all()
    assert (table.loc[~ratio & known, "value"] >= 0).all()


@quick
@given(years())
def test_a_value_stands_beside_its_state_and_no_other(frames: YearFrames) -> None:
    """已报 and 零 have a value, the others none; only zero is 零; exclusions are positive."""
    table = indicators_by_unit(frames)
    reported = table["state"].isin(("已报", "零"))
    assert (table["value"].notna() == reported).all()
    assert (table.loc[table["state"] == "零", "value"] == 0).all()
    assert all(n > 0 for reasons in table["left_out"] for n in reasons.values())
    for unit_id in IDS:
        for metric in METRICS:
            blank = [t for t in metric.tables if frames.states[unit_id, t] == "未报"]
            row = table[(table["unit_id"] == unit_id) & (table["metric_id"] == metric.metric_id)]
            if blank:
                assert row["state"].item() not in ("已报", "零"), (metric.metric_id, blank)


@quick
@given(years(), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(frames: YearFrames, random: Any) -> None:
    """Every table shuffled: the same figures (what is missing may be named in another order)."""
    shuffled = {
        name: frame.sample(frac=1, random_state=random.randrange(2**31)).reset_index(drop=True)
        for name, frame in frames.tables.items()
    }
    one = indicators_by_unit(frames).drop(columns="missing")
    other = indicators_by_unit(dataclasses.replace(frames, tables=shuffled)).drop(columns="missing")
    pd.testing.assert_frame_equal(one, other)


@quick
@given(years())
def test_an_absent_person_never_raises_m4(frames: YearFrames) -> None:
    """A leader in post all year who was at no session: M4 and M4c stay or fall, unit by unit."""
    sessions = frames.tables["sessions"]
    names = frames.tables["members"].columns
    absent = pd.DataFrame([
        {"unit_id": u, "person_id": f"{u}/缺", "name": "缺", "role": "成员", "in_leadership": True,
         "party_affairs_head": False, "from": pd.Timestamp(2020, 1, 1), "to": pd.NaT}
        for u in IDS
    ]).reindex(columns=names)  # fmt: skip
    rows = pd.DataFrame({
        "session_id": sessions["session_id"], "unit_id": sessions["unit_id"],
        "person_id": sessions["unit_id"] + "/缺", "status": "缺席", "makeup_on": pd.NaT,
    }).reindex(columns=frames.tables["attendance"].columns)  # fmt: skip
    more = {
        **frames.tables,
        "members": pd.concat([frames.tables["members"], absent.astype(
            {"in_leadership": "boolean", "party_affairs_head": "boolean"})], ignore_index=True),
        "attendance": pd.concat([frames.tables["attendance"], rows], ignore_index=True),
    }  # fmt: skip
    for metric_id in ("M4", "M4c"):
        compute = BY_ID[metric_id].compute
        before = compute(frames)["value"]
        after = compute(dataclasses.replace(frames, tables=more))["value"]
        both = before.notna() & after.notna()
        assert (after[both] <= before[both] + 1e-12).all()
        assert after[before.notna()].notna().all()


@quick
@given(years(), st.sets(st.sampled_from(IDS)))
def test_totals_add_up_over_any_partition_of_the_units(frames: YearFrames, part: set[str]) -> None:
    """Numerators and denominators of two halves of the group are those of the whole."""
    table = indicators_by_unit(frames)
    year = frames.params.model_copy(update={"metrics": params().metrics})  # joint sessions: each
    frames = dataclasses.replace(frames, params=year)
    whole = group_totals(frames, table).fillna({"numerator": 0, "denominator": 0})
    halves = [
        group_totals(frames, table[table["unit_id"].isin(part) == inside]).fillna(
            {"numerator": 0, "denominator": 0}
        )
        for inside in (True, False)
    ]
    for column in ("numerator", "denominator", "units", "unreported"):
        added = halves[0][column] + halves[1][column]
        assert ((whole[column] - added).abs() < 1e-9).all(), column


@quick
@given(years())
def test_m4c_is_never_below_m4(frames: YearFrames) -> None:
    """Makeups only add presence, of the same persons."""
    m4, m4c = (BY_ID[metric_id].compute(frames) for metric_id in ("M4", "M4c"))
    assert (m4["value"].isna() == m4c["value"].isna()).all()
    assert (m4c["value"].dropna() >= m4["value"].dropna() - 1e-12).all()
    assert m4["denominator"].equals(m4c["denominator"])


@quick
@given(years())
def test_joint_sessions_counted_once_are_at_most_those_counted_each(frames: YearFrames) -> None:
    """once ≤ each, and the difference is the reconciling line."""
    table = indicators_by_unit(frames)
    totals = {}
    for how in ("each", "once"):
        rules = params(metrics={"joint_sessions": how}).metrics
        year = frames.params.model_copy(update={"metrics": rules})
        totals[how] = group_totals(dataclasses.replace(frames, params=year), table).loc["M1"]
    if totals["each"]["state"] != "未报":
        repeated = totals["once"]["left_out"]["联学重复{}次"]
        assert totals["each"]["value"] - totals["once"]["value"] == repeated >= 0
        assert totals["once"]["value"] >= 0
