"""A convention that changed between the years (口径调整): what it touched is not compared."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from circular_support import YEAR, Edit, row_of

from reportkit.annual import Annual, load_annual
from reportkit.circular import open_group, open_unit
from reportkit.metrics.registry import METRICS

CHANGES = {
    "present": ("present: [出席, 视频]", "present: [出席]"),
    "left_out": ("left_out: [未记]", "left_out: [未记, 病事假]"),
    "roles": ("roles: [组长, 副组长, 成员]", "roles: [组长, 副组长]"),
    "minimum_sessions": ("minimum_sessions: 4", "minimum_sessions: 17"),
    "study_sessions": ("study_sessions: [集体学习, 读书班]", "study_sessions: [集体学习]"),
    "joint_sessions": ("joint_sessions: each", "joint_sessions: once"),
    "discussion_speeches": ("discussion_speeches: [重点, 补充]", "discussion_speeches: [书面]"),
    "discussions_counted": ("discussions_counted: sessions", "discussions_counted: speeches"),
    "ledgers": ("ledgers: [签到簿, 学习记录簿, 研讨发言簿]", "ledgers: [学习记录簿]"),
    "study_days_norm": ("study_days_norm: 12", "study_days_norm: 20"),
    "half_day_hours": ("half_day_hours: 4", "half_day_hours: 1"),
    "visits_a_partner": ("visits_a_partner: 1", "visits_a_partner: 3"),
    "feedback_days": ("feedback_days: 7", "feedback_days: 1"),
}
"""What another office might have laid down for 2022, by the key of params/<year>.yml."""


def values(annual: Annual, unit: str | None) -> dict[str, float]:
    """Every metric's value of a unit, or of the group (None)."""
    if unit is None:
        return {m.metric_id: float(annual.totals.at[m.metric_id, "value"]) for m in METRICS}
    return {m.metric_id: float(annual.row(unit, m.metric_id)["value"]) for m in METRICS}


def moved(one: dict[str, float], other: dict[str, float]) -> set[str]:
    """The metrics whose value differs."""
    return {i for i in one if one[i] != other[i] and not (math.isnan(one[i] + other[i]))}


@pytest.mark.parametrize("key", CHANGES)
def test_a_figure_that_a_convention_moved_is_not_compared(
    demo_home: Path, edited: Edit, key: str
) -> None:
    """Whatever 2022's other convention did to 2022's own figures: 不可比（口径调整）.

    Found by the figures themselves, for every unit that existed in both years and for the
    group: a figure that would have been another under this year's convention must not stand
    beside this year's as if it were the same.
    """
    plain = load_annual(demo_home, YEAR).last
    year = load_annual(edited(f"{YEAR - 1}.yml", CHANGES[key]), YEAR)
    last = year.last
    assert plain is not None and last is not None
    compared: set[str] = set()
    touched: set[str] = set()
    for unit in ("hq", "dongling", "canglu", "chiyan", "shaoting", "haoyan", "yuba", None):
        now = year.of_unit(unit) if unit else year.of_group()
        for metric_id in moved(values(plain, unit), values(last, unit)):
            touched.add(metric_id)
            if now[metric_id].last.note != "口径调整":
                assert now[metric_id].last.value is not None
                compared.add(f"{metric_id} of {'units' if unit else 'the group'}")
    assert touched, f"{key} moves no figure of 2022: the test shows nothing"
    assert not compared


def test_what_no_convention_touched_is_compared_as_ever(edited: Edit) -> None:
    """Another report_days says nothing of sessions: M1, M2, M4 stay beside last year's."""
    home = edited(f"{YEAR - 1}.yml", ("report_days: 7", "report_days: 1"))
    m = load_annual(home, YEAR).of_unit("dongling")
    for metric_id in ("M1", "M2", "M3", "M4", "M5", "M8"):
        assert m[metric_id].last.note == "" and m[metric_id].last.value is not None
    assert m["M9a"].last.note == "口径调整" and m["M9a"].last.value is None


def test_a_unit_s_count_that_a_convention_does_not_touch_is_compared(edited: Edit) -> None:
    """联学 counted once concerns the group's total alone: a unit's own figure stays whole."""
    home = edited(f"{YEAR - 1}.yml", CHANGES["joint_sessions"])
    year = load_annual(home, YEAR)
    assert year.of_group().sessions.last.note == "口径调整"
    assert year.of_unit("dongling").sessions.last.value is not None


def test_the_paper_says_so(edited: Edit) -> None:
    """与上年不可比（口径调整） in the sentence, — and 不可比 in the table, nothing in {change}."""
    home = edited(f"{YEAR - 1}.yml", CHANGES["present"])
    r = open_unit("shitang", YEAR, home=home)
    assert r.indicators.attendance.change == "与上年不可比（口径调整）"
    row = row_of(r.comparison_table("M4", "M1"), "班子成员年度平均参学率")
    assert (row["上年"], row["变化"]) == ("—", "不可比")
    low = next(f for f in r.triggered if f.rule.rule_id == "attendance")
    assert "比上年" not in low.sentence and "低于80%" in low.sentence
    assert open_group(YEAR, home=home).totals.attendance.last.note == "口径调整"


def test_the_same_convention_in_other_words_is_the_same(edited: Edit) -> None:
    """A comment, another order of keys or a rule's line change no 口径."""
    home = edited(
        f"{YEAR - 1}.yml",
        ("report_days: 7  ", "report_days: 7  # 结束后七日"),
        ("threshold: 0.8\n    minimum_n: 4", "threshold: 0.75\n    minimum_n: 4"),
    )
    year = load_annual(home, YEAR)
    for unit in ("dongling", "canglu"):
        assert "口径调整" not in {one.last.note for one in year.of_unit(unit)}
