"""M1, M2, M3, M5, M6 on frames worked by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from frames_builder import day, figure, make, member, params, session, speech, unit


def test_m1_counts_sessions_held_as_collective_study() -> None:
    """Cancelled, repeated and otherwise counted sessions are out; several days are one."""
    frames = make(
        sessions=[
            session("aa/1", "3-8"),  # 1
            session("aa/2", "4-10", end="4-12"),  # 2: three days are one session
            session("aa/3", "5-9", cancelled=True),  # cancelled
            session("aa/4", "6-6", counted_as="第一议题"),  # belongs elsewhere
            session("aa/5", "7-6", counted_as="主题党日"),  # belongs elsewhere
            session("aa/6", "8-1", end="8-3", kind="读书班"),  # M3
            session("aa/7", "9-1", kind="读书班", counted_as="集体学习"),  # of another kind
        ],
    )
    row = figure(frames, "M1")
    assert (row["value"], row["state"]) == (2, "已报")
    assert row["left_out"] == {"取消1次", "计入其他类别2次"}


def test_m1_counts_a_session_listed_twice_once() -> None:
    """Should a session stand in the table twice, it is one."""
    frames = make(sessions=[session("aa/1", "3-8"), session("aa/2", "4-8")])
    twice = frames.tables["sessions"].iloc[[0, 0, 1]]
    doubled = type(frames)(frames.params, frames.units, {**frames.tables, "sessions": twice})
    assert figure(doubled, "M1")["value"] == 2


def test_m1_of_a_blank_table_is_unreported_and_never_zero() -> None:
    """A blank is never a zero: no value at all, and the state says why."""
    row = figure(make(unreported={"aa": ["sessions"]}), "M1")
    assert (row["value"], row["numerator"], row["state"]) == (None, None, "未报")


def test_m1_of_a_reported_zero_is_zero() -> None:
    """A unit that wrote 无 has held none, which is a value."""
    row = figure(make(zero={"aa": ["sessions"]}), "M1")
    assert (row["value"], row["state"]) == (0, "零")


def test_m1_of_a_unit_whose_every_session_was_cancelled_is_zero() -> None:
    """It reported its sessions: the figure is zero, with what was left out beside it."""
    row = figure(make(sessions=[session("aa/1", "3-8", cancelled=True)]), "M1")
    assert (row["value"], row["state"], row["left_out"]) == (0, "零", {"取消1次"})


def test_m1_leaves_out_what_began_after_the_cutoff() -> None:
    """统计截止日: a session after it belongs to the next circular, and shows as left out."""
    frames = make(
        year=params(cutoff=dt.date(2023, 9, 30)),
        sessions=[
            session("aa/1", "9-30"),  # on the day itself: counts
            session("aa/2", "10-1"),  # later
            session("aa/3", "11-1", cancelled=True),  # cancelled, whenever it was to be
        ],
    )
    row = figure(frames, "M1")
    assert (row["value"], row["left_out"]) == (1, {"取消1次", "统计截止日后1次"})


def test_m1_of_a_period_tells_nothing_of_what_comes_after_it() -> None:
    """To the end of June: one counts, one was cancelled, one counts elsewhere; July is not told.

    Neither what was held in July, nor what was cancelled or counts elsewhere; of the year, which
    ends on 31 December, all are: 2 held, 2 cancelled, 2 elsewhere, none after the cutoff.
    """
    sessions = [
        session("aa/1", "6-30"),  # on the last day: counts
        session("aa/2", "6-1", cancelled=True),
        session("aa/3", "6-2", counted_as="培训"),
        session("aa/4", "7-1"),
        session("aa/5", "7-2", cancelled=True),
        session("aa/6", "7-3", counted_as="培训"),
    ]
    half = figure(make(sessions=sessions, period="2023H1"), "M1")
    assert (half["value"], half["left_out"]) == (1, {"取消1次", "计入其他类别1次"})
    year = figure(make(sessions=sessions, period="2023H2"), "M1")
    assert (year["value"], year["left_out"]) == (2, {"取消2次", "计入其他类别2次"})
    none = figure(make(sessions=sessions[3:], period="2023H1"), "M1")
    assert (none["value"], none["state"], none["left_out"]) == (0, "零", set())


SPOKEN = [
    session("aa/1", "2-1"),
    session("aa/2", "5-8"),
    session("aa/3", "5-20", kind="读书班"),
    session("aa/4", "8-9", counted_as="第一议题"),
    session("aa/5", "11-2", cancelled=True),
]


def test_m2_counts_sessions_with_a_speech_that_makes_a_discussion() -> None:
    """重点 or 补充 make a discussion; 领学 and 书面 do not; 读书班 counts, 第一议题 does not."""
    frames = make(
        sessions=SPOKEN,
        speeches=[
            speech("aa/1", "aa/甲", "领学"),  # no discussion
            speech("aa/1", "aa/乙", "书面"),
            speech("aa/2", "aa/甲", "领学"),
            speech("aa/2", "aa/乙", "补充"),  # 1
            speech("aa/2", "aa/丙", "重点"),  # the same session
            speech("aa/3", "aa/甲", "重点"),  # 2: at a 读书班
            speech("aa/4", "aa/甲", "重点"),  # 第一议题: no study session
            speech("aa/5", "aa/甲", "重点"),  # cancelled
        ],
    )
    assert figure(frames, "M2")["value"] == 2


def test_m2_follows_the_office_on_what_makes_a_discussion() -> None:
    """discussion_speeches is a parameter: with 领学 among them, a session of 领学 counts."""
    frames = make(
        year=params(metrics={"discussion_speeches": ["领学"]}),
        sessions=SPOKEN,
        speeches=[speech("aa/1", "aa/甲", "领学"), speech("aa/2", "aa/乙", "补充")],
    )
    assert figure(frames, "M2")["value"] == 1


def test_m2_counts_every_speech_where_the_office_means_speeches() -> None:
    """discussions_counted: speeches — each 重点 or 补充 at a study session, 4 of them, not 2."""
    frames = make(
        year=params(metrics={"discussions_counted": "speeches"}),
        sessions=SPOKEN,
        speeches=[
            speech("aa/1", "aa/甲", "重点", 1),  # 1
            speech("aa/1", "aa/甲", "补充", 2),  # 2: the same person again
            speech("aa/1", "aa/乙", "领学", 3),  # no such speech
            speech("aa/2", "aa/乙", "补充", 1),  # 3
            speech("aa/3", "aa/乙", "重点", 1),  # 4: at a 读书班
            speech("aa/4", "aa/甲", "重点", 1),  # 第一议题
            speech("aa/5", "aa/甲", "重点", 1),  # cancelled
        ],
    )
    assert figure(frames, "M2")["value"] == 4
    assert figure(frames, "M2s")["value"] == 3  # people stay people: 甲 at 1, 乙 at 2 and 3
    assert figure(frames, "M5")["numerator"] == 2  # quarters stay quarters: sessions 1, 2 and 3


def test_m2_is_unreported_without_speeches_and_zero_with_none() -> None:
    """A blank 研讨发言 is 未报 although sessions came; 无 in it is zero."""
    blank = make(sessions=SPOKEN, unreported={"aa": ["speeches"]})
    assert figure(blank, "M2")["state"] == "未报"
    assert figure(blank, "M1")["value"] == 2
    none = figure(make(sessions=SPOKEN, zero={"aa": ["speeches"]}), "M2")
    assert (none["value"], none["state"]) == (0, "零")


def test_m2s_counts_a_speaker_once_a_session() -> None:
    """研讨发言人次: a person who speaks twice at one session is one, at two sessions two."""
    frames = make(
        sessions=SPOKEN,
        speeches=[
            speech("aa/1", "aa/甲", "重点", 1),  # 1
            speech("aa/1", "aa/甲", "补充", 2),  # the same person and session
            speech("aa/1", "aa/乙", "领学", 3),  # no 研讨发言
            speech("aa/2", "aa/甲", "补充", 1),  # 2
            speech("aa/2", "aa/丙", "补充", 2),  # 3
            speech("aa/4", "aa/丙", "重点", 1),  # 第一议题
        ],
    )
    assert figure(frames, "M2s")["value"] == 3


CLASSES = [
    session("aa/1", "3-1", end="3-3", kind="读书班"),  # 3 days
    session("aa/2", "8-30", end="9-1", kind="读书班"),  # 3 days, over the month's end
    session("aa/3", "10-9", kind="读书班"),  # 1 day
    session("aa/4", "11-1", end="11-2", kind="读书班", cancelled=True),
    session("aa/5", "12-1"),
]


def test_m3_counts_reading_classes_apart_from_m1() -> None:
    """读书班 stands outside M1: three classes, one session."""
    frames = make(sessions=CLASSES)
    assert (figure(frames, "M3")["value"], figure(frames, "M1")["value"]) == (3, 1)


def test_m3d_counts_first_and_last_day() -> None:
    """Days of reading classes: 3 + 3 + 1 = 7, the cancelled one not among them."""
    assert figure(make(sessions=CLASSES), "M3d")["value"] == 7


def test_m5_counts_quarters_with_a_discussion() -> None:
    """2 of 4 quarters = 50%; those without are named in one phrase."""
    frames = make(
        sessions=[session("aa/1", "2-1"), session("aa/2", "3-31"), session("aa/3", "5-8"),
                  session("aa/4", "10-1")],
        speeches=[
            speech("aa/1", "aa/甲"),  # first quarter
            speech("aa/2", "aa/甲"),  # first quarter again
            speech("aa/4", "aa/甲"),  # fourth; aa/3 in the second had none
        ],
    )  # fmt: skip
    row = figure(frames, "M5")
    assert (row["numerator"], row["denominator"], row["value"]) == (2, 4, 0.5)
    assert row["missing"] == ("第二、三季度",)


def test_m5_without_any_discussion_says_the_whole_year() -> None:
    """0 of 4: 全年; of a unit of July on 0 of 2, and of a period 0 of 3: by their quarters."""
    quiet = [session("aa/1", "8-1")]
    for built, due, lacking in (
        (make(sessions=quiet), 4, "全年"),
        (make([unit(valid_from=day("7-1"))], sessions=quiet), 2, "第三、四季度"),
        (make(sessions=quiet, period="2023Q3"), 3, "第一、二、三季度"),
    ):
        row = figure(built, "M5")
        assert (row["numerator"], row["denominator"], row["missing"]) == (0, due, (lacking,))


@pytest.mark.parametrize(
    ("dates", "quarters"),
    [
        ({"valid_from": dt.date(2023, 4, 1)}, 3),  # the second to the fourth
        ({"valid_from": dt.date(2023, 4, 2)}, 2),  # the second is no longer whole
        ({"valid_to": dt.date(2023, 6, 30)}, 2),
        ({"valid_to": dt.date(2023, 6, 29)}, 1),
        ({"valid_from": dt.date(2023, 2, 1), "valid_to": dt.date(2023, 5, 31)}, 0),
    ],
)
def test_m5_asks_for_quarters_wholly_within_the_unit_s_life(
    dates: dict[str, dt.date], quarters: int
) -> None:
    """A new or merged unit owes whole quarters only; without any, the metric is 不适用."""
    row = figure(make([unit(**dates)]), "M5")
    if quarters:
        assert (row["numerator"], row["denominator"]) == (0, quarters)
    else:
        assert (row["value"], row["state"]) == (None, "不适用")


def test_m6_counts_months_with_a_session() -> None:
    """3 of 12 months = 25%: by the day it began; 第一议题 is no study session."""
    frames = make(
        sessions=[
            session("aa/1", "1-5"),  # January
            session("aa/2", "1-20"),
            session("aa/3", "3-31", end="4-2", kind="读书班"),  # March alone
            session("aa/4", "12-31"),  # December
            session("aa/5", "6-6", counted_as="第一议题"),
        ]
    )
    row = figure(frames, "M6")
    assert (row["numerator"], row["denominator"], row["value"]) == (3, 12, 0.25)


def test_m6_of_a_new_unit_owes_the_months_that_began_with_it() -> None:
    """New on 1 April: 9 months; on 15 April: 8, and April only if it studied in April."""
    later = [session("aa/1", "5-8"), session("aa/2", "6-8")]
    early = session("aa/3", "4-20")
    first = make([unit(valid_from=day("4-1"))], sessions=[early, *later])
    assert (figure(first, "M6")["numerator"], figure(first, "M6")["denominator"]) == (3, 9)
    mid = make([unit(valid_from=day("4-15"))], sessions=later)
    assert (figure(mid, "M6")["numerator"], figure(mid, "M6")["denominator"]) == (2, 8)
    both = make([unit(valid_from=day("4-15"))], sessions=[early, *later])
    # May to December are 8 months, April studied: 3 of 9, not 3 of 8
    assert (figure(both, "M6")["numerator"], figure(both, "M6")["denominator"]) == (3, 9)


def test_m6_of_a_merged_unit_owes_no_month_after_it() -> None:
    """Merged on 30 June: six months."""
    frames = make([unit(valid_to=day("6-30"))], sessions=[session("aa/1", "6-30")])
    assert (figure(frames, "M6")["numerator"], figure(frames, "M6")["denominator"]) == (1, 6)


def test_m6d_counts_a_session_of_up_to_four_hours_as_half_a_day() -> None:
    """Half a day, a day, or the days from first to last; unknown hours are left out."""
    frames = make(
        sessions=[
            session("aa/1", "1-5", hours=2.0),  # 0.5
            session("aa/2", "2-5", hours=4.0),  # 0.5: the line itself
            session("aa/3", "3-6", hours=4.5),  # 1
            session("aa/4", "4-6", hours=None),  # not stated: left out
            session("aa/5", "5-8", end="5-9", hours=3.0, kind="读书班"),  # 2: two days are two
            session("aa/6", "6-6", counted_as="培训", hours=8.0),  # no study session
        ]
    )
    found = figure(frames, "M6d")
    assert found["value"] == pytest.approx(4.0)
    assert found["left_out"] == {"未填学时的1次"}


def test_m6d_of_hours_never_stated_is_unreported() -> None:
    """A blank is never a zero, nor a day."""
    frames = make(sessions=[session("aa/1", "1-5", hours=None), session("aa/2", "2-5", hours=None)])
    found = figure(frames, "M6d")
    assert found["state"] == "未报" and found["value"] is None


NORM = [
    session("aa/1", "1-5", hours=2.0),  # 0.5
    session("aa/2", "2-6", end="2-8", kind="读书班"),  # 3
    session("aa/3", "8-3", hours=8.0),  # 1
    session("aa/4", "9-6", hours=None),  # left out
]


def test_m6n_holds_days_against_the_year_s_norm() -> None:
    """0.5 + 3 + 1 = 4.5 of 12 days; the session without hours is told."""
    row = figure(make(sessions=NORM), "M6n")
    assert (row["numerator"], row["denominator"], row["value"]) == (4.5, 12, 0.375)
    assert (row["left_out"], row["missing"]) == ({"未填学时的1次"}, ())


def test_m6n_never_exceeds_the_norm() -> None:
    """4.5 days of a norm of 4 are 4 of 4; of a norm of 4.5 they are 4.5 of 4.5."""
    for norm in (4, 4.5):
        row = figure(make(year=params(metrics={"study_days_norm": norm}), sessions=NORM), "M6n")
        assert (row["numerator"], row["denominator"], row["value"]) == (norm, norm, 1)


def test_m6n_asks_a_new_or_merged_unit_for_its_months_share() -> None:
    """New on 1 July: 6 months, 6 days; merged on 30 June the same; new in mid-August 4 or 5."""
    half = make([unit(valid_from=day("7-1"))], sessions=NORM[2:])
    assert (figure(half, "M6n")["numerator"], figure(half, "M6n")["denominator"]) == (1, 6)
    merged = make([unit(valid_to=day("6-30"))], sessions=NORM[:2])
    assert (figure(merged, "M6n")["numerator"], figure(merged, "M6n")["denominator"]) == (3.5, 6)
    # Born on 2 August, it studied in August: August and four months more.
    born = make([unit(valid_from=day("8-2"))], sessions=NORM[2:])
    assert figure(born, "M6n")["denominator"] == 5
    idle = make([unit(valid_from=day("8-2"))], sessions=[session("aa/4", "9-6")])
    assert figure(idle, "M6n")["denominator"] == 4


def test_m6n_follows_the_period_and_the_office_s_half_day() -> None:
    """Half a year asks for 6 days; with half a day up to 8 hours the session of 8 is 0.5."""
    half = figure(make(sessions=NORM, period="2023H1"), "M6n")
    assert (half["numerator"], half["denominator"]) == (3.5, 6)
    long_ = params(metrics={"half_day_hours": 8})
    assert figure(make(year=long_, sessions=NORM), "M6n")["numerator"] == 4


def test_m6n_of_hours_never_stated_is_unreported_and_of_no_session_zero() -> None:
    """As M6d: silence on hours is no day and no zero; no session at all is 0 of 12."""
    silent = figure(make(sessions=NORM[3:]), "M6n")
    assert (silent["value"], silent["state"]) == (None, "未报")
    none = figure(make(zero={"aa": ["sessions"]}), "M6n")
    assert (none["numerator"], none["denominator"], none["state"]) == (0, 12, "已报")


def test_m6n_without_a_month_due_does_not_apply() -> None:
    """In being from 2 to 30 June alone, without a session: there is no day to ask for."""
    row = figure(make([unit(valid_from=day("6-2"), valid_to=day("6-30"))]), "M6n")
    assert (row["value"], row["state"]) == (None, "不适用")


def test_m6_names_the_months_without_a_session() -> None:
    """Of five months due, March and May had none."""
    frames = make(
        year=params(cutoff=day("5-31")),
        sessions=[session("aa/1", "1-5"), session("aa/2", "2-1"), session("aa/3", "4-30")],
    )
    assert figure(frames, "M6")["missing"] == ("3月", "5月")


def test_m5_and_m6_ask_for_what_a_period_holds() -> None:
    """To the end of June: two quarters, six months; what was held later is not seen."""
    frames = make(
        sessions=[session("aa/1", "2-1"), session("aa/2", "8-1")],
        speeches=[speech("aa/1", "aa/甲"), speech("aa/2", "aa/甲")],
        period="2023H1",
    )
    assert (figure(frames, "M5")["numerator"], figure(frames, "M5")["denominator"]) == (1, 2)
    assert (figure(frames, "M6")["numerator"], figure(frames, "M6")["denominator"]) == (1, 6)
    assert figure(frames, "M2")["value"] == figure(frames, "M2s")["value"] == 1
    early = figure(make([unit(valid_to=day("3-30"))], period="2023Q1"), "M5")
    assert early["state"] == "不适用"  # its only quarter was not whole


def test_m3_and_m6d_look_at_the_day_on_which_a_session_begins() -> None:
    """A class over the end of June belongs to the half-year whole, with all its days."""
    over = session("aa/1", "6-29", end="7-2", kind="读书班")  # 4 days
    frames = make(sessions=[over, session("aa/2", "7-1", kind="读书班")], period="2023H1")
    found = {name: figure(frames, name)["value"] for name in ("M3", "M3d", "M6d")}
    assert found == {"M3": 1, "M3d": 4, "M6d": 4}


def test_m6d_and_m6n_of_a_unit_that_was_not_checked_have_no_value() -> None:
    """The table's own state stands, where no session came with it."""
    frames = make(unchecked={"aa": ["sessions"]})
    assert figure(frames, "M6d")["state"] == figure(frames, "M6n")["state"] == "未核查"


def test_a_secretary_speaks_as_anyone() -> None:
    """M2 asks what was said, not by whom: a speech of the 学习秘书 makes a discussion too."""
    frames = make(
        members=[member("aa/秘", role="学习秘书", in_leadership=False)],
        sessions=[session("aa/1", "2-1")],
        speeches=[speech("aa/1", "aa/秘")],
    )
    assert figure(frames, "M2")["value"] == 1
