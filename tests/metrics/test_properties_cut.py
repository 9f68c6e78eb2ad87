"""What holds when a year is cut: by unit, by date, by what was cancelled; by hypothesis."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

import pandas as pd
import pytest
from frames_builder import YEAR, check, day, make, params, research, session, unit
from hypothesis import given
from hypothesis import strategies as st
from year_strategies import IDS, Drawn, Rows, drawn_years, few, quick, unit_rows

from reportkit.metrics.evidence import COLUMNS
from reportkit.metrics.frames import YearFrames
from reportkit.metrics.registry import BY_ID, METRICS
from reportkit.metrics.year import indicators_by_unit

SUMS = ("M1", "M2", "M2s", "M3", "M3d", "M6d")


def sums(frames: YearFrames) -> dict[str, float]:
    """Counts over all units, and 应到 and 实到 of M4b; what has no value adds nothing."""
    found: dict[str, float] = {i: BY_ID[i].compute(frames)["value"].sum() for i in SUMS}
    people = BY_ID["M4b"].compute(frames)
    return {**found, "present": people["numerator"].sum(), "expected": people["denominator"].sum()}


@quick
@given(unit_rows(sessions=12), st.data())
def test_a_unit_split_in_two_adds_up_to_the_whole(rows: Rows, data: Any) -> None:
    """One unit until a day that no session spans, another from it: M1, M2, M3 and 人次 add up."""
    spans = [(row["start"], row["end"]) for row in rows["sessions"]]
    every = (dt.date(YEAR, 1, 2) + dt.timedelta(days=n) for n in range(364))
    split = data.draw(st.sampled_from(
        [on for on in every if not any(first < on <= last for first, last in spans)]
    ))  # fmt: skip
    after = {row["session_id"] for row in rows["sessions"] if row["start"] >= split}

    def moved(part: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**row, "unit_id": "ab" if row["session_id"] in after else "aa"} for row in part]

    whole = make(sessions=rows["sessions"], speeches=rows["speeches"])
    halves = make(
        [unit("aa", valid_to=split - dt.timedelta(days=1), successor_id="ab"),
         unit("ab", valid_from=split)],
        sessions=moved(rows["sessions"]), speeches=moved(rows["speeches"]),
    )  # fmt: skip
    assert sums(halves) == pytest.approx(sums(whole))


@few
@given(drawn_years(None, None, "2023H1", "2023Q3"), st.sampled_from(IDS))
def test_one_unit_alone_has_the_figures_that_it_has_among_all(year: Drawn, unit_id: str) -> None:
    """``only`` leaves nothing of it out: figures, state, what is left out and missing."""
    frames = year.frames()
    alone = dataclasses.replace(frames, only=unit_id)
    assert list(alone.unit_frame.index) == [unit_id]
    for metric in METRICS:
        one, among = (metric.compute(each).loc[unit_id] for each in (alone, frames))
        for column in COLUMNS:
            same = one[column] == among[column]
            both_none = one[column] != one[column] and among[column] != among[column]
            assert same or both_none, (metric.metric_id, column)


@few
@given(drawn_years(None, "2023H1"), st.sampled_from(IDS))
def test_one_unit_s_records_are_those_that_it_has_among_all(year: Drawn, unit_id: str) -> None:
    """Evidence of one unit alone is the evidence of all, less that of the others."""
    frames = year.frames()
    alone = dataclasses.replace(frames, only=unit_id)
    place = frames.unit_frame.index.get_loc(unit_id)
    for metric in METRICS:
        among = metric.evidence(frames).records()
        of_unit = among[among["unit"] == place].reset_index(drop=True)
        one = metric.evidence(alone).records().reset_index(drop=True)
        columns = ["top", "bottom", "why", "record", "label"]
        assert one[columns].to_dict("records") == of_unit[columns].to_dict("records")


@few
@given(drawn_years(None, "2023H1"))
def test_a_cancelled_session_changes_nothing_but_how_many_were_cancelled(year: Drawn) -> None:
    """With all that hangs on it: attendance, speeches, topics, a report, a plan's item."""
    rows: Rows = {name: list(part) for name, part in year.rows.items()}
    sent = [u for u in IDS if not any("sessions" in s.get(u, ()) for s in year.states.values())]
    people = {u: [m["person_id"] for m in rows["members"] if m["person_id"].startswith(u)]
              for u in sent}  # fmt: skip
    for unit_id in sent:
        key = f"{unit_id}/98"
        rows["sessions"].append({
            **session(key, "5-8"), "cancelled": True, "plan_item": f"{unit_id}/1", "expected": 9,
            "present": 9, "host_id": (people[unit_id] or [None])[0], "joint_id": "LX1",
        })  # fmt: skip
        rows["session_reports"].append({"session_id": key, "received_on": day("5-9")})
        rows["session_topics"] += [{"session_id": key, "topic_code": c} for c in ("T1", "T2")]
        for person in people[unit_id]:
            rows["attendance"].append({"session_id": key, "person_id": person, "status": "缺席"})
            rows["speeches"].append({
                "session_id": key, "person_id": person, "seq": 1, "type": "重点",
                "linked_to_practice": "未评", "has_measures": "否",
            })  # fmt: skip
    before, after = year.frames(), year.frames(rows=rows)
    for metric in METRICS:
        one, other = metric.compute(before), metric.compute(after)
        if metric.metric_id == "M20":  # speeches are cells, wherever they were made
            continue
        if metric.metric_id == "M1":
            for unit_id in before.unit_frame.index:
                number = [each.loc[unit_id, "left_out"].pop("取消{}次", 0) for each in (one, other)]
                assert number[1] - number[0] == (unit_id in sent)
        pd.testing.assert_frame_equal(one, other)


@few
@given(drawn_years(), st.sampled_from(["2023H1", "2023Q3"]), st.sampled_from([0, 1, 12, 40]))
def test_a_period_is_a_year_that_ends_with_it(year: Drawn, period: str, after: int) -> None:
    """Figures of a period are those of an earlier cutoff; yearly metrics are 未到期 in it.

    Of reports and feedback it knows those alone that had come by the day of its paper (by its
    end, where it has none), and of sessions after its end nothing at all.
    """
    last = day("6-30" if period == "2023H1" else "9-30")
    issued_on = last + dt.timedelta(days=after)

    def known(part: list[dict[str, Any]], column: str) -> list[dict[str, Any]]:
        return [{**row, column: on if (on := row.get(column)) and on <= issued_on else None}
                for row in part]  # fmt: skip

    rows = {
        **year.rows,
        "session_reports": known(year.rows["session_reports"], "received_on"),
        "visits": known(year.rows["visits"], "feedback_on"),
    }
    held = [row for row in rows["sessions"] if row["start"] <= last]
    papers = {period: {"issued_on": issued_on}} if after else {}
    part, cut = year.frames(period=period, papers=papers), year.frames(cutoff=last, rows=rows)
    untold = year.frames(cutoff=last, rows={**rows, "sessions": held})
    for metric in METRICS:
        one = metric.compute(part)
        other = metric.compute(untold if metric.metric_id == "M1" else cut)
        if not metric.yearly:
            pd.testing.assert_frame_equal(one, other)
            continue
        assert set(one["state"]) == {"未到期"}
        assert one[["numerator", "denominator", "value"]].isna().all(axis=None)
        assert "未到期" not in set(other["state"])


@few
@given(drawn_years(), st.sampled_from(["2023H2", "2023Q4"]))
def test_a_period_to_the_year_s_end_is_the_year(year: Drawn, period: str) -> None:
    """Nothing is 未到期 in it, and nothing else differs."""
    whole, part = year.frames(), year.frames(period=period)
    for metric in METRICS:
        pd.testing.assert_frame_equal(metric.compute(whole), metric.compute(part))


@quick
@given(drawn_years(), st.dates(dt.date(YEAR, 5, 1), dt.date(YEAR, 12, 31)))
def test_counts_never_fall_as_the_year_goes_on(year: Drawn, cutoff: dt.date) -> None:
    """What was held by a day is held by the year's end: counts of a later cutoff are as many."""
    cut, whole = year.frames(cutoff=cutoff), year.frames()
    for metric_id in ("M1", "M2", "M2s", "M3", "M3d", "M12b"):
        early = BY_ID[metric_id].compute(cut)["value"].fillna(0)
        late = BY_ID[metric_id].compute(whole)["value"].fillna(0)
        assert (early <= late.reindex(early.index)).all()


@pytest.mark.parametrize("changes", [{"period": "2023Q1"}, {"year": params(cutoff=day("3-31"))}])
def test_a_unit_founded_after_the_cutoff_is_not_of_the_year_yet(changes: dict[str, Any]) -> None:
    """Its archive and research were told by December; the first quarter knows nothing of it."""
    frames = make(
        [unit("aa"), unit("nn", valid_from=day("4-1"))],
        archive_checks=[check("签到簿", "有"), check("签到簿", "有", "nn")],
        research=[research("aa/1", "aa/甲", None, "无"), research("nn/1", "nn/乙", None, "无")],
        **changes,
    )
    table = indicators_by_unit(frames)
    assert set(table["unit_id"]) == {"aa"}
    assert table.set_index("metric_id").loc["M18b", "denominator"] == 1


@pytest.mark.parametrize("metric_id", ["M1", "M2", "M3"])
def test_a_count_that_is_switched_off_stops_nothing(metric_id: str) -> None:
    """不适用 for every unit, as of any other metric; the rest of the year is computed."""
    frames = make(
        year=params(switched_off=[metric_id]),
        sessions=[session("aa/1", "3-8"), session("aa/2", "5-8", kind="读书班")],
        speeches=[{"session_id": "aa/1", "person_id": "aa/甲", "seq": 1, "type": "重点",
                   "linked_to_practice": "未评", "has_measures": "未评"}],
    )  # fmt: skip
    table = indicators_by_unit(frames).set_index("metric_id")
    assert table.loc[metric_id, "state"] == "不适用"
    assert table.loc["M6", "numerator"] == 2
