"""M10, M15, M19 and M21, which the office checks, on frames worked by hand."""

from __future__ import annotations

import pytest
from frames_builder import (
    check,
    day,
    figure,
    make,
    note,
    params,
    session,
    speech,
    system,
    unit,
)  # fmt: skip

CHECKS = [
    check("签到簿", "有"),
    check("学习记录簿", "不规范"),
    check("研讨发言簿", "不适用"),
    check("学习计划", "缺"),
    check("学习总结", "未查"),
]


def test_m10a_counts_the_three_books_that_were_checked() -> None:
    """1 of 2 = 50%: 不适用 leaves the denominator, 不规范 is not in order."""
    row = figure(make(archive_checks=CHECKS), "M10a")
    assert (row["numerator"], row["denominator"], row["value"]) == (1, 2, 0.5)
    assert (row["left_out"], row["missing"]) == ({"不适用1项"}, ("学习记录簿",))


def test_m10a_follows_the_office_on_which_books_there_are() -> None:
    """Which books make up 三簿 is a parameter: with 学习计划 among them, 1 of 3."""
    year = params(metrics={"ledgers": ["签到簿", "学习记录簿", "学习计划"]})
    row = figure(make(year=year, archive_checks=CHECKS), "M10a")
    assert (row["numerator"], row["denominator"]) == (1, 3)


def test_m10a_of_an_unchecked_unit_is_unchecked() -> None:
    """No row, or 未查 throughout: 未核查, neither in order nor at fault."""
    for checks in ([], [check("签到簿", "未查"), check("学习计划", "有")]):
        row = figure(make(archive_checks=checks), "M10a")
        assert (row["value"], row["state"]) == (None, "未核查")


def test_m10b_counts_the_whole_archive() -> None:
    """1 of 3: three checked, one in order, and what is left out by its reason."""
    row = figure(make(archive_checks=CHECKS), "M10b")
    assert (row["numerator"], row["denominator"]) == (1, 3)
    assert row["left_out"] == {"不适用1项", "未查1项"}
    assert row["missing"] == ("学习记录簿", "学习计划")


def test_m10b_is_told_of_a_unit_that_sent_nothing_itself() -> None:
    """The office looks: no table of the unit's own is needed."""
    tables = ["members", "plans", "sessions", "attendance", "speeches", "archive_checks"]
    frames = make(unreported={"aa": tables}, archive_checks=CHECKS)
    assert (figure(frames, "M10a")["value"], figure(frames, "M10b")["value"]) == (0.5, 1 / 3)


def test_m10_and_m21_wait_for_the_year_s_end() -> None:
    """The checks bear no day: what was found by the end of March cannot be told."""
    frames = make(archive_checks=CHECKS, system_checks=SYSTEMS, period="2023Q1")
    for metric_id in ("M10a", "M10b", "M21"):
        row = figure(frames, metric_id)
        assert (row["value"], row["denominator"], row["state"]) == (None, None, "未到期")


def test_m10a_of_items_that_do_not_apply_is_unchecked() -> None:
    """All three books 不适用: nothing was there to be checked, and what is left out is told."""
    books = [check(name, "不适用") for name in ("签到簿", "学习记录簿", "研讨发言簿")]
    row = figure(make(archive_checks=books), "M10a")
    assert (row["value"], row["state"], row["left_out"]) == (None, "未核查", {"不适用3项"})


NOTES = [
    note("aa/甲", "3-1", "好"),
    note("aa/乙", "3-1", "简单潦草"),
    note("aa/乙", "9-1", "一般"),  # the same person looked at again
    note("aa/丙", "12-31", "简单潦草"),
    note("aa/丁", "12-31", "好"),
]


def test_m15_counts_poor_notebooks_among_those_looked_at() -> None:
    """2 of 5 = 40%: each look is one; members or not, since notes are sampled."""
    row = figure(make(note_checks=NOTES), "M15")
    assert (row["numerator"], row["denominator"], row["value"]) == (2, 5, 0.4)


def test_m15_stops_at_the_cutoff() -> None:
    """To 30 June two were looked at, on 30 December three, on 31 December all five."""
    half = figure(make(note_checks=NOTES, period="2023H1"), "M15")
    assert (half["numerator"], half["denominator"]) == (1, 2)
    for last, number in (("12-30", 3), ("12-31", 5)):
        frames = make(note_checks=NOTES, year=params(cutoff=day(last)))
        assert figure(frames, "M15")["denominator"] == number


def test_m15_of_notes_never_looked_at_is_unchecked() -> None:
    """No row: 未核查, whatever the unit sent; one notebook is 1 of 1."""
    assert figure(make(), "M15")["state"] == "未核查"
    one = figure(make(note_checks=NOTES[1:2]), "M15")
    assert (one["numerator"], one["denominator"]) == (1, 1)


def test_m15_and_m17_are_off_unless_the_office_turns_them_on() -> None:
    """Switched off by default: 不适用, and no value, though notes were looked at."""
    off = params(switched_off=["M15", "M17"])
    row = figure(make(note_checks=NOTES, year=off), "M15")
    assert (row["value"], row["numerator"], row["state"]) == (None, None, "不适用")
    assert type(off).model_fields["switched_off"].default == ("M15", "M17")


HELD = [session("aa/1", "3-1"), session("aa/2", "8-1", kind="读书班"),
        session("aa/3", "9-1", counted_as="第一议题"), session("aa/4", "9-2", cancelled=True),
        session("aa/5", "5-1")]  # fmt: skip
RATED = [
    speech("aa/1", "aa/甲", "重点", 1, "否"),
    speech("aa/1", "aa/甲", "补充", 2, "是"),
    speech("aa/1", "aa/乙", "领学", 3, "否"),  # no speech of a discussion, though it was rated
    speech("aa/1", "aa/丙", "书面", 4, "未评"),  # nor is this one
    speech("aa/2", "aa/甲", "重点", 1, "是"),
    speech("aa/3", "aa/甲", "重点", 1, "否"),  # 第一议题
    speech("aa/4", "aa/甲", "重点", 1, "否"),  # cancelled
    speech("aa/5", "aa/丁", "补充", 1, "未评"),
]


def test_m19_counts_speeches_without_measures_among_those_rated() -> None:
    """Of 甲's two at 1 and his one at 2 one lacks them: 1 of 3; 丁's at 5 is told beside it."""
    row = figure(make(sessions=HELD, speeches=RATED), "M19")
    assert (row["numerator"], row["denominator"], row["value"]) == (1, 3, 1 / 3)
    assert row["left_out"] == {"未评1篇"}
    half = figure(make(sessions=HELD, speeches=RATED, period="2023H1"), "M19")
    assert (half["numerator"], half["denominator"]) == (1, 2)  # without the class of August


def test_m19_follows_the_office_on_what_makes_a_discussion() -> None:
    """With 领学 and 书面 alone: 乙's 否 is 1 of 1, 丙's is the one not rated; 重点 is no part."""
    year = params(metrics={"discussion_speeches": ["领学", "书面"]})
    row = figure(make(year=year, sessions=HELD, speeches=RATED), "M19")
    assert (row["numerator"], row["denominator"], row["left_out"]) == (1, 1, {"未评1篇"})


def test_m19_of_other_speeches_alone_is_unchecked() -> None:
    """领学 with 否 and 书面 not rated: no discussion, so 未核查, and nothing is left out of it."""
    row = figure(make(sessions=HELD, speeches=RATED[2:4]), "M19")
    assert (row["value"], row["state"], row["left_out"]) == (None, "未核查", set())


def test_m19_of_speeches_never_rated_is_unchecked() -> None:
    """Speeches came and nobody rated them, or none came: 未核查; blank: 未报."""
    unrated = figure(make(sessions=HELD, speeches=RATED[-1:]), "M19")
    assert (unrated["value"], unrated["state"]) == (None, "未核查")
    assert unrated["left_out"] == {"未评1篇"}
    assert figure(make(zero={"aa": ["speeches"]}), "M19")["state"] == "未核查"
    assert figure(make(unreported={"aa": ["speeches"]}), "M19")["state"] == "未报"


SYSTEMS = [
    system(1, "已执行"),
    system(2, "已建"),  # it exists, and is not kept
    system(3, "缺"),
    system(4, "未查"),
    system(5, "已执行"),
    system(6, "已执行", year=2022),  # last year's
]


def test_m21_counts_systems_that_are_kept() -> None:
    """2 of 4 = 50%: a system that only exists is not kept; those not looked at are left out."""
    row = figure(make(system_checks=SYSTEMS), "M21")
    assert (row["numerator"], row["denominator"], row["value"]) == (2, 4, 0.5)
    assert (row["left_out"], row["missing"]) == ({"未查1项"}, ("制度2", "制度3"))


def test_m21_of_systems_never_looked_at_is_unchecked() -> None:
    """No row, or 未查 throughout: 未核查."""
    for checks in ([], [system(1, "未查")], SYSTEMS[5:]):
        row = figure(make(system_checks=checks), "M21")
        assert (row["value"], row["state"]) == (None, "未核查")


@pytest.mark.parametrize("dates", [
    {"valid_from": day("12-1")}, {"valid_to": day("6-30")}, {"valid_from": day("12-31")},
])  # fmt: skip
def test_m10_and_m21_of_new_and_merged_units_are_as_they_were_found(dates: dict) -> None:
    """Checks bear no day: a unit of part of the year is held to all that was looked at."""
    frames = make([unit(**dates)], archive_checks=CHECKS, system_checks=SYSTEMS)
    found = [figure(frames, name)["denominator"] for name in ("M10a", "M10b", "M21")]
    assert found == [2, 3, 4]
