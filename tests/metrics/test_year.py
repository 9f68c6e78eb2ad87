"""All units of a year: totals, medians, and the check that sums and records agree."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from frames_builder import (
    at,
    attended,
    check,
    day,
    make,
    member,
    params,
    report,
    session,
    speech,
    unit,
)  # fmt: skip

from reportkit.errors import RecordsError
from reportkit.metrics.comparison import distribution
from reportkit.metrics.frames import YearFrames
from reportkit.metrics.registry import METRICS
from reportkit.metrics.year import check_totals, group_totals, indicators_by_unit
from reportkit.records.schemas import TABLES, contract


def total(frames: YearFrames, metric_id: str) -> pd.Series:
    """The group's figure of one metric."""
    return group_totals(frames, indicators_by_unit(frames)).loc[metric_id]


def median_of(frames: YearFrames, metric_id: str, peer_group: str = "") -> tuple[float, int]:
    """The median over a peer group ("" for all units) and how many units it is of."""
    table = distribution(frames, indicators_by_unit(frames)).set_index(["metric_id", "peer_group"])
    row = table.loc[(metric_id, peer_group)]
    return row["median"], row["units"]


def sessions_of(unit_id: str, count: int, first: int = 1) -> list[dict[str, object]]:
    """``count`` sessions of a unit in the first half of the year."""
    return [session(f"{unit_id}/{n}", f"{n % 6 + 1}-{n % 20 + 1}") for n in
            range(first, first + count)]  # fmt: skip


GROUP = [
    unit("hq", level="group"),
    unit("aa", peer_group="矿山类"),
    unit("bb", peer_group="矿山类"),
    unit("cc", peer_group="矿山类", valid_to=day("6-30"), successor_id="aa"),
    unit("dd", peer_group="冶炼类"),
    unit("ee"),
]
HELD = [
    *sessions_of("hq", 10),
    *sessions_of("aa", 3),
    *sessions_of("bb", 5),
    *sessions_of("cc", 2),  # merged on 30 June
    *sessions_of("dd", 4),
    *sessions_of("ee", 1),
]


def test_the_builder_keeps_the_contracts_of_a_snapshot() -> None:
    """What these tests compute from has the columns, types and words of a real snapshot."""
    frames = make(
        GROUP,
        sessions=HELD,
        members=[member("aa/甲", until="6-30")],
        attendance=attended("aa/甲", "出视公"),
        speeches=[speech("aa/1", "aa/甲")],
        session_reports=[report("aa/1", "3-1")],
        archive_checks=[check("签到簿", "有")],
    )
    for name, frame in frames.tables.items():
        contract(TABLES[name]).validate(frame)
    assert len(frames.tables["sessions"]) == 25


def test_the_group_s_total_is_units_and_head_office() -> None:
    """Σ units + 集团本级, the merged one's half-year included: 10 + 3 + 5 + 2 + 4 + 1 = 25."""
    row = total(make(GROUP, sessions=HELD), "M1")
    assert (row["value"], row["units"], row["unreported"]) == (25, 6, 0)


def test_a_unit_that_sent_nothing_is_counted_beside_the_total() -> None:
    """Its figure is unknown, not zero: 25 − 0, from five units, one unreported."""
    silent = [row for row in HELD if not str(row["session_id"]).startswith("dd")]
    frames = make(GROUP, sessions=silent, unreported={"dd": ["sessions"]})
    row = total(frames, "M1")
    assert (row["value"], row["units"], row["unreported"]) == (21, 5, 1)


def test_ratios_of_the_group_are_pooled_not_averaged() -> None:
    """M9a: 1 of 1 and 0 of 3 are 1 of 4 = 25%, not the mean of 100% and 0%."""
    frames = make(
        [unit("aa"), unit("bb")],
        sessions=[session("aa/1", "3-8"), *sessions_of("bb", 3)],
        session_reports=[report("aa/1", "3-9"), *[report(f"bb/{n}", None) for n in (1, 2, 3)]],
    )
    row = total(frames, "M9a")
    assert (row["numerator"], row["denominator"], row["value"]) == (1, 4, 0.25)


def test_what_was_left_out_adds_up_over_units() -> None:
    """Each unit's cancelled sessions, summed under the same reason."""
    cancelled = [session("aa/1", "3-8", cancelled=True), session("bb/1", "3-8", cancelled=True)]
    frames = make([unit("aa"), unit("bb")], sessions=[*cancelled, session("bb/2", "3-9")])
    assert total(frames, "M1")["left_out"]["取消{}次"] == 2


@pytest.mark.parametrize(("states", "expected"), [
    ({"unreported": {"aa": ["sessions"], "bb": ["sessions"]}}, "未报"),
    ({"zero": {"aa": ["sessions"], "bb": ["sessions"]}}, "零"),
    ({"zero": {"aa": ["sessions"]}, "unreported": {"bb": ["sessions"]}}, "零"),
])  # fmt: skip
def test_a_total_of_nothing_says_which_nothing(states: dict, expected: str) -> None:
    """Nobody reported: 未报; somebody reported none: 零."""
    row = total(make([unit("aa"), unit("bb")], **states), "M1")
    assert row["state"] == expected
    assert pd.isna(row["value"]) == (expected == "未报")


def test_a_total_that_the_office_did_not_check_is_unchecked() -> None:
    """No archive was checked: the group's M10 is 未核查, for no unit failed to report it."""
    frames = make([unit("aa"), unit("bb")])
    assert total(frames, "M10a")["state"] == "未核查"


def test_a_session_of_a_unit_outside_its_years_is_an_error_that_names_it() -> None:
    """A row lost in the sums by unit shows as a difference, with the unit behind it."""
    units = [unit("aa"), unit("zz", valid_to=day("2022-12-31"))]
    frames = make(units, sessions=[session("aa/1", "3-8"), session("zz/1", "3-9")])
    with pytest.raises(RecordsError) as raised:
        indicators_by_unit(frames)
    message = str(raised.value)
    assert "M1" in message and "difference 1" in message and "zz" in message
    assert "units.yml" in message


@pytest.mark.parametrize("metric_id", ["M1", "M2", "M3"])
def test_a_sum_that_differs_from_the_records_is_an_error(metric_id: str) -> None:
    """Each figure of the group circular's first paragraph is checked, M1, M2 and M3."""
    frames = make(
        sessions=[session("aa/1", "3-8"), session("aa/2", "5-8", kind="读书班")],
        speeches=[speech("aa/1", "aa/甲")],
    )
    table = indicators_by_unit(frames)
    table.loc[table["metric_id"] == metric_id, "value"] += 1
    with pytest.raises(RecordsError, match=metric_id):
        check_totals(frames, table)


JOINT = [
    session("aa/1", "5-18", joint_id="LX1"),
    session("bb/1", "5-18", joint_id="LX1"),
    session("cc/1", "5-18", joint_id="LX1"),
    session("aa/2", "9-1", joint_id="LX2"),
    session("bb/2", "9-1", joint_id="LX2", cancelled=True),
    session("cc/2", "9-1", joint_id="LX2", counted_as="第一议题"),
    session("bb/3", "9-2", joint_id="LX3", kind="读书班", counted_as="集体学习"),
    session("aa/3", "9-2", joint_id="LX3", kind="读书班", counted_as="集体学习"),
    session("cc/3", "10-9"),
]


def test_joint_sessions_count_each_or_once_with_the_reconciling_line() -> None:
    """M1: 3 + 1 + 1 = 5 each; once 5 − 2 repeats of LX1 = 3, and what was taken off is said.

    Cancelled, otherwise counted and reading-class rows are not in M1: nothing is taken off
    for them.
    """
    units = [unit("aa"), unit("bb"), unit("cc")]
    each = total(make(units, sessions=JOINT), "M1")
    assert (each["value"], each["left_out"].get("联学重复{}次")) == (5, None)
    once = make(units, year=params(metrics={"joint_sessions": "once"}), sessions=JOINT)
    row = total(once, "M1")
    assert (row["value"], row["left_out"]["联学重复{}次"]) == (3, 2)
    table = indicators_by_unit(once)  # each unit's own figure stays whole
    assert table.loc[table["metric_id"] == "M1", "value"].tolist() == [2, 1, 2]


def test_medians_of_odd_and_even_counts() -> None:
    """Five units 1, 3, 4, 5 … : the middle one, or the mean of the middle two."""
    frames = make(GROUP, sessions=HELD)
    # in being at the end, without 集团本级: aa 3, bb 5, dd 4, ee 1 → (3 + 4) ÷ 2
    assert median_of(frames, "M1") == (3.5, 4)
    odd = make(GROUP, sessions=HELD, unreported={"ee": ["sessions"]})
    odd = dataclasses.replace(odd, tables={**odd.tables, "sessions": odd.tables["sessions"][:-1]})
    assert median_of(odd, "M1") == (4, 3)  # aa 3, dd 4, bb 5


def test_head_office_and_merged_units_are_nobody_s_peers() -> None:
    """矿山类 is aa 3 and bb 5, median 4: neither cc, merged in June, nor 集团本级 with its 10."""
    assert median_of(make(GROUP, sessions=HELD), "M1", "矿山类") == (4, 2)


def test_a_unit_that_did_not_report_is_in_no_median() -> None:
    """未报 is no zero: 矿山类 without bb is aa's 3 alone."""
    rows = [row for row in HELD if not str(row["session_id"]).startswith("bb")]
    frames = make(GROUP, sessions=rows, unreported={"bb": ["sessions"]})
    assert median_of(frames, "M1", "矿山类") == (3, 1)


def test_a_reported_zero_is_in_the_median() -> None:
    """零 is a value: 矿山类 of 3 and 0 is 1.5."""
    rows = [row for row in HELD if not str(row["session_id"]).startswith("bb")]
    frames = make(GROUP, sessions=rows, zero={"bb": ["sessions"]})
    assert median_of(frames, "M1", "矿山类") == (1.5, 2)


def test_units_without_a_peer_group_form_none() -> None:
    """ee belongs to no peer group: no median under an empty or missing name is its own."""
    table = distribution(make(GROUP, sessions=HELD), indicators_by_unit(make(GROUP, sessions=HELD)))
    assert set(table["peer_group"]) == {"", "矿山类", "冶炼类"}


def test_every_unit_has_a_row_of_every_metric() -> None:
    """One row a unit and metric, 集团本级 and the merged unit included, in official order."""
    table = indicators_by_unit(make(GROUP, sessions=HELD))
    assert len(table) == len(GROUP) * len(METRICS)
    first = table[table["metric_id"] == "M1"]["unit_id"].tolist()
    assert first == [row["unit_id"] for row in GROUP]


def test_an_empty_year_has_states_and_no_figures() -> None:
    """Nobody sent anything: every figure but M20, which says so, is without value."""
    everything = {"aa": [name for name in TABLES if name not in ("issues", "submissions")]}
    table = indicators_by_unit(make(unreported=everything)).set_index("metric_id")
    whole = table.loc["M20", ["numerator", "denominator", "state"]].tolist()
    assert whole == [0, 16, "已报"]  # of 16 columns that are asked for none came
    table = table.drop("M20")
    assert table["value"].isna().all()
    assert set(table["state"]) <= {"未报", "未核查", "不适用"}


def test_a_new_unit_s_totals_join_the_group_s_from_its_first_day() -> None:
    """A unit of 1 April counts in totals and, being there at the end, in medians."""
    frames = make(
        [unit("aa"), unit("nn", valid_from=day("4-1"))],
        sessions=[session("aa/1", "3-8"), session("nn/1", "5-8"), session("nn/2", "6-8")],
    )
    assert total(frames, "M1")["value"] == 3
    assert median_of(frames, "M1") == (1.5, 2)


def test_a_unit_without_a_study_group_is_asked_for_nothing() -> None:
    """has_study_group: false — no row, no median, no count of the unreported."""
    frames = make([unit("aa"), unit("xx", has_study_group=False)], sessions=sessions_of("aa", 2))
    table = indicators_by_unit(frames)
    assert set(table["unit_id"]) == {"aa"}
    assert total(frames, "M1")["unreported"] == 0


def test_m4_of_the_group_is_the_mean_over_all_persons() -> None:
    """75% and, in another unit, 50% and 100%: the mean of three persons is 75%."""
    four = [session(f"{u}/{n}", f"{2 * n}-8") for u in ("aa", "bb") for n in (1, 2, 3, 4)]
    frames = make(
        [unit("aa"), unit("bb")],
        members=[member("aa/甲"), member("bb/乙"), member("bb/丙")],
        sessions=four,
        attendance=[
            *attended("aa/甲", "出出出缺"),  # 75%
            *attended("bb/乙", "出出缺缺", "bb"),  # 50%
            *attended("bb/丙", "出出出", "bb"),
            at("bb/4", "bb/丙", "视频"),  # 100%
        ],
    )
    row = total(frames, "M4")
    assert (row["numerator"], row["denominator"], row["value"]) == (2.25, 3, 0.75)
