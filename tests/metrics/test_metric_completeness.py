"""M20 on frames worked by hand: how many of the cells asked for were filled in."""

from __future__ import annotations

from typing import Any

import pytest
from frames_builder import (
    account,
    day,
    figure,
    item,
    make,
    member,
    month,
    params,
    plan,
    research,
    session,
    speech,
    told,
    unit,
)  # fmt: skip

from reportkit.params import MetricRules
from reportkit.records.schemas import TABLES

ASKED = MetricRules().completeness
"""Table → the columns that are asked for, as the office has it by default."""


def cells(**more: Any) -> tuple[float, float]:
    """(filled, asked for) of aa, all of whose tables say 无 but those of ``more``."""
    row = figure(only(**more), "M20")
    return row["numerator"], row["denominator"]


def only(**more: Any) -> Any:
    """A year of frames in which aa has told something of the tables in ``more`` alone."""
    states = {"unreported", "unchecked", "exempt"}
    said = {name for key in states & set(more) for name in more[key]["aa"]}
    said |= {table for _, table in more.get("refused", {})}
    more["zero"] = {"aa": [name for name in ASKED if name not in more and name not in said]}
    return make(**more)


def test_m20_asks_for_the_cells_that_indicators_need() -> None:
    """By default 16 columns of eight tables: a list that a unit cannot rightly leave blank."""
    assert ASKED == {
        "members": ("from",),
        "plans": ("approved_on", "filed_on"),
        "plan_items": ("title",),
        "sessions": ("hours", "host_id", "expected", "present"),
        "speeches": ("type",),
        "accounts": ("date",),
        "research": ("has_report", "outcome"),
        "platform": ("party_members", "joined", "participation", "mean_daily_points"),
    }
    for table, columns in ASKED.items():
        assert set(columns) <= set(TABLES[table].column_names)


SESSIONS = [
    session("aa/1", "1-5", host_id="aa/甲", expected=5, present=4),  # 4 of 4
    session("aa/2", "2-5", hours=None, expected=5),  # 1 of 4
    session("aa/3", "3-5", cancelled=True),  # nothing is asked of it
    session("aa/4", "4-5", counted_as="第一议题"),  # hours alone: 1 of 4
]


def test_m20_counts_filled_cells_among_those_asked_for() -> None:
    """Of three sessions held 12 cells, 4 + 1 + 1 of them filled: 6 of 12."""
    row = figure(only(sessions=SESSIONS), "M20")
    assert (row["numerator"], row["denominator"], row["value"]) == (6, 12, 0.5)
    assert (row["left_out"], row["state"]) == (set(), "已报")


@pytest.mark.parametrize(("table", "rows", "filled", "asked"), [
    ("members", [member("aa/甲"), member("aa/秘", role="学习秘书")], 2, 2),
    ("plans", [plan("2023", approved_on=day("1-5")), plan("2023Q1")], 1, 4),
    ("plan_items", [item("aa/1", "2023-01")], 1, 1),
    ("speeches", [speech("aa/1", "aa/甲"), speech("aa/9", "aa/乙")], 2, 2),
    ("accounts", [account("aa/甲"), {**account("aa/乙"), "date": day("12-1")}], 1, 2),
    ("research", [research("aa/1", "aa/甲", None, "无"),
                  research("aa/2", "aa/甲", None, has_report=None)], 2, 4),
    ("platform", [month(1, 5, 4, 0.5, 9.0), month(2, 5)], 5, 8),
])  # fmt: skip
def test_m20_asks_each_table_for_its_own_columns(
    table: str, rows: list[dict[str, Any]], filled: int, asked: int
) -> None:
    """One table sent, all others 无: its rows times its columns, and which of them are filled."""
    assert cells(**{table: rows}) == (filled, asked)


def test_m20_of_a_blank_table_asks_for_one_row() -> None:
    """未报: a column each, none filled. Sessions blank: 0 of 4; all blank: 0 of 16."""
    assert cells(unreported={"aa": ["sessions"]}) == (0, 4)
    assert cells(plan_items=[item("aa/1", "2023-01")], unreported={"aa": ["platform"]}) == (1, 5)
    row = figure(make(unreported={"aa": list(ASKED)}), "M20")
    assert (row["numerator"], row["denominator"], row["state"]) == (0, 16, "已报")


def test_m20_of_a_table_of_which_nothing_was_told_is_that_of_a_blank_one() -> None:
    """No row in submissions at all is 未报 too."""
    frames = make()
    none = frames.tables["submissions"].iloc[:0]
    silent = type(frames)(frames.params, frames.units, {**frames.tables, "submissions": none})
    assert (figure(silent, "M20")["numerator"], figure(silent, "M20")["denominator"]) == (0, 16)


def test_m20_asks_for_nothing_where_there_is_nothing() -> None:
    """零, 不适用, 未核查: no cell; all tables 无: no ratio, 不适用."""
    rows = [item("aa/1", "2023-01")]
    assert cells(plan_items=rows, unchecked={"aa": ["platform"]}, exempt={"aa": ["research"]}) == (
        1, 1
    )  # fmt: skip
    row = figure(only(), "M20")
    assert (row["value"], row["state"]) == (None, "不适用")


def test_m20_counts_rows_that_were_refused_as_not_filled() -> None:
    """One session entered with 4 cells, two did not: 4 of 12; refused alone: 0 of 8."""
    two = {("aa", "sessions"): 2}
    assert cells(sessions=SESSIONS[:1], refused=two) == (4, 12)
    assert cells(refused=two) == (0, 8)
    # A table that is 未报 asks for one row, whatever was refused of it.
    assert cells(refused=two, unreported={"aa": ["sessions"]}) == (0, 4)


def test_m20_takes_what_was_said_of_an_empty_cell() -> None:
    """不适用 and 未核查 are not asked for; 零 is filled; 已报 or 未报 change nothing."""
    said = [
        told("sessions", "aa/2", "present", "零"),  # filled: 2 of 4
        told("sessions", "aa/2", "host_id", "不适用"),  # not asked for: 2 of 3
        told("sessions", "aa/4", "expected", "未核查"),  # 1 of 3
        told("sessions", "aa/4", "present", "未报"),
        told("sessions", "aa/4", "host_id", "已报"),
    ]
    # 4 of 4, 2 of 3, 1 of 3
    assert cells(sessions=SESSIONS, value_states=said) == (7, 10)


def test_m20_passes_over_what_was_said_of_other_cells() -> None:
    """A filled cell, a cancelled session, a row that is not there, a column not asked for."""
    said = [
        told("sessions", "aa/1", "present", "不适用"),  # it holds 4
        told("sessions", "aa/3", "hours", "零"),  # cancelled
        told("sessions", "aa/8", "hours", "零"),  # no such row
        told("sessions", "aa/2", "form", "不适用"),  # nobody asks for it
        told("attendance", "aa/2/aa/甲", "makeup_on", "不适用"),  # nor for that table
    ]
    assert cells(sessions=SESSIONS, value_states=said) == (6, 12)


@pytest.mark.parametrize(("table", "row", "row_key", "column", "asked"), [
    ("plans", plan("2023Q1"), "aa/2023Q1", "filed_on", 2),
    ("accounts", account("aa/甲"), "aa/甲/2023", "date", 1),
    ("research", research("aa/1", "aa/甲", None), "aa/1", "outcome", 2),
    ("platform", month(3, 5, 4, 0.5), "aa/2023-03", "mean_daily_points", 4),
])  # fmt: skip
def test_m20_knows_a_row_by_its_key(
    table: str, row: dict[str, Any], row_key: str, column: str, asked: int
) -> None:
    """Keys of several columns, joined by "/": the cell is no longer asked for, or is filled."""
    rows = {"plan_items": [item("aa/1", "2023-01")], table: [row]}  # one cell more, filled
    filled = cells(**rows)[0]
    assert cells(**rows) == (filled, asked + 1)
    excused = [told(table, row_key, column, "不适用")]
    assert cells(**rows, value_states=excused) == (filled, asked)
    zero = [told(table, row_key, column, "零")]
    assert cells(**rows, value_states=zero) == (filled + 1, asked + 1)


def test_m20_of_cells_that_do_not_apply_does_not_apply() -> None:
    """The one cell asked for does not apply: nothing is left to fill in."""
    frames = only(
        accounts=[account("aa/甲")], value_states=[told("accounts", "aa/甲/2023", "date", "不适用")]
    )
    assert figure(frames, "M20")["state"] == "不适用"


def test_m20_follows_the_office_on_what_must_be_filled_in() -> None:
    """Asked for hours alone, the three sessions have 2 of 3; asked for nothing, 不适用."""
    year = params(metrics={"completeness": {"sessions": ["hours"]}})
    row = figure(make(sessions=SESSIONS, year=year, unreported={"aa": ["members"]}), "M20")
    assert (row["numerator"], row["denominator"]) == (2, 3)
    nothing = make(sessions=SESSIONS, year=params(metrics={"completeness": {}}))
    assert figure(nothing, "M20")["state"] == "不适用"


def test_m20_waits_for_the_year_s_end_and_cuts_nothing_off() -> None:
    """未到期 in a period; with an earlier cutoff, sessions after it are cells as well."""
    row = figure(only(sessions=SESSIONS, period="2023Q1"), "M20")
    assert (row["value"], row["denominator"], row["state"]) == (None, None, "未到期")
    assert cells(sessions=SESSIONS, year=params(cutoff=day("1-31"))) == (6, 12)


@pytest.mark.parametrize("dates", [{"valid_from": day("12-1")}, {"valid_to": day("6-30")}])
def test_m20_of_new_and_merged_units_is_of_what_they_sent(dates: dict[str, Any]) -> None:
    """A unit of part of the year is asked for the cells of its own rows."""
    assert cells(units=[unit(**dates)], sessions=SESSIONS[:1]) == (4, 4)


def test_m20_counts_each_unit_s_own_rows() -> None:
    """aa's gap is not bb's: 2 of 8 and 4 of 4; what was said under another unit's key neither."""
    frames = make(
        [unit("aa"), unit("bb")],
        year=params(metrics={"completeness": {"sessions": list(ASKED["sessions"])}}),
        sessions=[SESSIONS[1], SESSIONS[3], session("bb/1", "1-5", host_id="bb/甲", expected=5,
                                                    present=4)],
        refused={("bb", "plans"): 3},
    )  # fmt: skip
    assert (figure(frames, "M20")["numerator"], figure(frames, "M20")["denominator"]) == (2, 8)
    assert figure(frames, "M20", "bb")["value"] == 1
