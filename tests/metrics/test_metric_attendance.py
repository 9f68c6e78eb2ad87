"""M4, M4b and M4c on frames worked by hand."""

from __future__ import annotations

from frames_builder import (
    at,
    attended,
    day,
    figure,
    make,
    member,
    params,
    session,
    unit,
)  # fmt: skip

FOUR = [session(f"aa/{n}", f"{2 * n}-8") for n in (1, 2, 3, 4)]  # February, April, June, August
FIVE = [*FOUR, session("aa/5", "10-8")]


def test_m4_is_the_mean_over_persons() -> None:
    """The mean of each person's rate: (75% + 50% + 100%) ÷ 3 = 75%; others are not asked."""
    frames = make(
        members=[
            member("aa/甲", role="组长"),
            member("aa/乙"),
            member("aa/丙"),
            member("aa/丁", in_leadership=False),  # no leadership
            member("aa/秘", role="学习秘书"),  # not expected
        ],
        sessions=FOUR,
        attendance=[
            *attended("aa/甲", "出出视缺"),  # 3 of 4 = 75%: video is presence
            *attended("aa/乙", "出公病出"),  # 2 of 4 = 50%: leave stays in the denominator
            *attended("aa/丙", "出出出出"),  # 4 of 4 = 100%
            *attended("aa/丁", "缺缺缺缺"),
            *attended("aa/秘", "缺缺缺缺"),
        ],
    )
    row = figure(frames, "M4")
    assert (row["numerator"], row["denominator"], row["value"]) == (2.25, 3, 0.75)
    assert (row["left_out"], row["state"]) == (set(), "已报")


def test_m4_leaves_unrecorded_out_of_the_denominator_as_a_gap() -> None:
    """未记 leaves the denominator and shows: 3 of 4 = 75%, and one 人次 未记."""
    frames = make(
        members=[member("aa/甲")],
        sessions=FIVE,
        attendance=attended("aa/甲", "出出缺出记"),  # 3 of 4 = 75%, one unrecorded
    )
    row = figure(frames, "M4")
    assert (row["value"], row["left_out"]) == (0.75, {"未记1人次"})


def test_m4_takes_a_missing_row_for_unrecorded_never_for_absent() -> None:
    """A member without a row at a session: a gap of one, not an absence."""
    frames = make(
        members=[member("aa/甲")], sessions=FIVE, attendance=attended("aa/甲", "出出缺出")
    )
    row = figure(frames, "M4")
    assert (row["value"], row["left_out"]) == (0.75, {"未记1人次"})


def test_m4_leaves_out_persons_with_few_expected_sessions() -> None:
    """Fewer than four expected sessions: left out, and counted as such."""
    frames = make(
        members=[
            member("aa/甲"),  # 4 of 4 = 100%
            member("aa/乙", since="3-1"),  # in post for three sessions, absent from all
            member("aa/丙"),  # 3 recorded and one not: three expected
        ],
        sessions=FOUR,
        attendance=[
            *attended("aa/甲", "出出出出"),
            at("aa/2", "aa/乙", "缺席"),
            at("aa/3", "aa/乙", "缺席"),
            at("aa/4", "aa/乙", "缺席"),
            *attended("aa/丙", "缺缺缺记"),
        ],
    )
    row = figure(frames, "M4")
    assert (row["value"], row["denominator"]) == (1.0, 1)
    assert row["left_out"] == {"应到不足4次的2人", "未记1人次"}


def test_m4_says_too_little_data_if_everyone_is_left_out() -> None:
    """Three sessions in the year: there is no one of whom the mean could be taken."""
    frames = make(
        members=[member("aa/甲")], sessions=FOUR[:3], attendance=attended("aa/甲", "出出出")
    )
    row = figure(frames, "M4")
    assert (row["value"], row["state"]) == (None, "数据不足")
    assert row["left_out"] == {"应到不足4次的1人"}


def test_m4_follows_the_office_on_presence_minimum_and_roles() -> None:
    """With video as absence, a minimum of two, and 组长 alone: 1 of 2 = 50%."""
    rules = {"present": ["出席"], "minimum_sessions": 2, "roles": ["组长"]}
    frames = make(
        year=params(metrics={"attendance": rules}),
        members=[member("aa/甲", role="组长"), member("aa/乙")],
        sessions=FOUR[:2],
        attendance=[*attended("aa/甲", "出视"), *attended("aa/乙", "缺缺")],
    )
    assert figure(frames, "M4")["value"] == 0.5


def test_m4_counts_a_member_s_own_time_alone() -> None:
    """Who left on 30 June or joined on 1 July is expected at the sessions in between only."""
    sessions = [session(f"aa/{n}", f"{n}-8") for n in range(1, 10)]
    frames = make(
        members=[
            member("aa/甲", until="4-8"),  # in post on the day of aa/4 itself
            member("aa/乙", since="6-8"),  # from aa/6 on the day itself
        ],
        sessions=sessions,
        attendance=[
            *attended("aa/甲", "出出出缺"),  # 3 of 4 = 75%
            *[at(f"aa/{n}", "aa/甲", "缺席") for n in (5, 6, 7)],  # no longer a member
            *[at(f"aa/{n}", "aa/乙", "出席") for n in (6, 7)],
            *[at(f"aa/{n}", "aa/乙", "公务假") for n in (8, 9)],  # 2 of 4 = 50%
        ],
    )
    row = figure(frames, "M4")
    assert (row["value"], row["denominator"], row["left_out"]) == (0.625, 2, set())


def test_m4_counts_a_person_with_two_terms_once() -> None:
    """Left and came back: one person, expected 4 times, 3 of 4 = 75%."""
    frames = make(
        members=[member("aa/甲", until="4-30"), member("aa/甲", since="6-1")],
        sessions=[*FOUR, session("aa/5", "5-8")],  # aa/5 falls between the terms
        attendance=attended("aa/甲", "出缺出出"),
    )
    row = figure(frames, "M4")
    assert (row["value"], row["denominator"]) == (0.75, 1)


def test_m4_counts_study_sessions_alone() -> None:
    """第一议题, cancelled sessions: attendance at them says nothing of M4; 读书班 counts."""
    frames = make(
        members=[member("aa/甲")],
        sessions=[
            *FOUR[:3],
            session("aa/4", "8-8", end="8-9", kind="读书班"),
            session("aa/5", "9-8", counted_as="第一议题"),
            session("aa/6", "10-8", cancelled=True),
        ],
        attendance=attended("aa/甲", "出出出缺缺缺"),  # 3 of 4 = 75%
    )
    assert figure(frames, "M4")["value"] == 0.75


def test_m4_of_one_person_in_two_groups_is_held_apart() -> None:
    """A person who sits in two groups has a rate in each."""
    frames = make(
        [unit("aa"), unit("bb")],
        members=[member("DC1", unit_id="aa"), member("DC1", unit_id="bb")],
        sessions=[*FOUR, *[session(f"bb/{n}", f"{2 * n}-9") for n in (1, 2, 3, 4)]],
        attendance=[*attended("DC1", "出出出缺"), *attended("DC1", "出缺缺缺", "bb")],
    )
    assert figure(frames, "M4", "aa")["value"] == 0.75
    assert figure(frames, "M4", "bb")["value"] == 0.25


COUNTS = [
    session("aa/1", "2-8", expected=5, present=4),
    session("aa/2", "4-8", expected=5, present=5),
    session("aa/3", "6-8", expected=6, present=3),  # 12 of 16 = 75%
]


def test_m4_of_counts_without_names_is_too_little_data() -> None:
    """Counts alone: M4 数据不足, not 未报 and not zero; M4c the same."""
    frames = make(members=[member("aa/甲")], sessions=COUNTS, unreported={"aa": ["attendance"]})
    for metric_id in ("M4", "M4c"):
        row = figure(frames, metric_id)
        assert (row["value"], row["state"]) == (None, "数据不足")


def test_m4_without_counts_or_names_is_unreported() -> None:
    """Neither names nor counts, or no roster: 未报."""
    silent = make(members=[member("aa/甲")], sessions=FOUR, unreported={"aa": ["attendance"]})
    assert figure(silent, "M4")["state"] == "未报"
    nobody = make(sessions=COUNTS, unreported={"aa": ["attendance", "members"]})
    assert figure(nobody, "M4")["state"] == "未报"


def test_m4b_pools_persons_and_sessions() -> None:
    """Σ present ÷ Σ expected, 12 of 16 = 75%, from counts alone; half-stated sessions left out."""
    frames = make(
        members=[member("aa/甲")],
        sessions=[
            *COUNTS,
            session("aa/4", "7-8", expected=5),  # present is blank
            session("aa/5", "7-9", expected=9, present=0, counted_as="第一议题"),
            session("aa/6", "7-10", expected=9, present=0, cancelled=True),
        ],
        unreported={"aa": ["attendance"]},
    )
    row = figure(frames, "M4b")
    assert (row["numerator"], row["denominator"], row["value"]) == (12, 16, 0.75)
    assert row["left_out"] == {"未填应到实到的学习1次"}


def test_m4b_without_counts_is_unreported() -> None:
    """Blank 应到 and 实到 throughout: no ratio, 未报."""
    row = figure(make(sessions=FOUR), "M4b")
    assert (row["value"], row["state"]) == (None, "未报")


def test_m4c_counts_makeups_that_have_evidence() -> None:
    """Two absences made up, one with evidence: 3 of 4 = 75% beside M4's 50%."""
    frames = make(
        members=[member("aa/甲")],
        sessions=FOUR,
        attendance=[
            *attended("aa/甲", "出出"),
            at("aa/3", "aa/甲", "公务假", makeup="6-20", makeup_evidence="笔记"),  # counts
            at("aa/4", "aa/甲", "病事假", makeup="8-20"),  # no evidence
        ],
    )
    assert figure(frames, "M4c")["value"] == 0.75
    assert figure(frames, "M4")["value"] == 0.5


def test_m4_of_counts_without_names_and_a_table_that_was_not_checked() -> None:
    """Whatever keeps the names away, counts are too little; without members nothing is known."""
    for state in ("unchecked", "exempt"):
        frames = make(members=[member("aa/甲")], sessions=COUNTS, **{state: {"aa": ["attendance"]}})
        assert figure(frames, "M4")["state"] == "数据不足"
    uncounted = make(members=[member("aa/甲")], sessions=FOUR, unchecked={"aa": ["attendance"]})
    assert figure(uncounted, "M4")["state"] == "未核查"
    unknown = make(sessions=COUNTS, unchecked={"aa": ["members"]},
                   unreported={"aa": ["attendance"]})  # fmt: skip
    assert figure(unknown, "M4")["state"] == "未报"


def test_m4_of_a_single_person_is_that_person_s_rate() -> None:
    """One leader, four sessions, three times there: 75% of one person."""
    frames = make(
        members=[member("aa/甲")], sessions=FOUR, attendance=attended("aa/甲", "出出视缺")
    )
    row = figure(frames, "M4")
    assert (row["numerator"], row["denominator"], row["value"]) == (0.75, 1, 0.75)


def test_m4_counts_a_person_in_the_leadership_s_own_term() -> None:
    """甲 led from 1 June on: the sessions before it are not expected of a leader."""
    frames = make(
        members=[
            member("aa/甲", in_leadership=False, until="5-31"),
            member("aa/甲", since="6-1"),
        ],
        sessions=[session(f"aa/{n}", f"{n}-8") for n in range(1, 10)],
        attendance=attended("aa/甲", "缺缺缺缺缺出出出缺"),  # 6 to 9: 3 of 4
    )
    row = figure(frames, "M4")
    assert (row["value"], row["denominator"], row["left_out"]) == (0.75, 1, set())


def test_m4_takes_statuses_as_the_office_has_them() -> None:
    """With 公务假 left out as well, 3 of 3 are known: too few of four, enough of three."""
    attendance = attended("aa/甲", "出出公缺")
    for minimum, expected in ((4, (None, "数据不足")), (3, (2 / 3, "已报"))):
        rules = {"left_out": ["未记", "公务假"], "minimum_sessions": minimum}
        row = figure(
            make(year=params(metrics={"attendance": rules}), members=[member("aa/甲")],
                 sessions=FOUR, attendance=attendance),
            "M4",
        )  # fmt: skip
        assert (row["value"], row["state"]) == expected
        assert "未记1人次" in row["left_out"]


def test_m4_waits_for_the_year_s_end() -> None:
    """未到期 in a period, M4 and M4c; M4b is told of what was held by then."""
    frames = make(
        members=[member("aa/甲")], sessions=COUNTS, attendance=attended("aa/甲", "出出出"),
        period="2023Q2",
    )  # fmt: skip
    for metric_id in ("M4", "M4c"):
        row = figure(frames, metric_id)
        assert (row["value"], row["denominator"], row["state"]) == (None, None, "未到期")
    assert figure(frames, "M4b")["value"] == 0.75
    quarter = make(sessions=COUNTS, period="2023Q1")
    assert (figure(quarter, "M4b")["numerator"], figure(quarter, "M4b")["denominator"]) == (4, 5)


def test_m4_of_new_and_merged_units_is_of_their_sessions() -> None:
    """Two sessions in December are too few for anyone; a merged unit's half-year is enough."""
    new = make(
        [unit(valid_from=day("12-1"))], members=[member("aa/甲", since="12-1")],
        sessions=[session("aa/1", "12-5"), session("aa/2", "12-9")],
        attendance=attended("aa/甲", "出出"),
    )  # fmt: skip
    row = figure(new, "M4")
    assert (row["state"], row["left_out"]) == ("数据不足", {"应到不足4次的1人"})
    merged = make(
        [unit(valid_to=day("6-30"))], members=[member("aa/甲")],
        sessions=[session(f"aa/{n}", f"{n}-8") for n in range(1, 7)],
        attendance=attended("aa/甲", "出出出缺缺缺"),
    )  # fmt: skip
    assert figure(merged, "M4")["value"] == 0.5


def test_m4b_of_nobody_expected_is_unreported() -> None:
    """应到 0 and 实到 0: no ratio; one session of one person is 1 of 1."""
    nobody = make(sessions=[session("aa/1", "2-8", expected=0, present=0)])
    assert figure(nobody, "M4b")["state"] == "未报"
    one = figure(make(sessions=[session("aa/1", "2-8", expected=1, present=1)]), "M4b")
    assert (one["numerator"], one["denominator"]) == (1, 1)
    none = figure(make(sessions=[session("aa/1", "2-8", expected=4, present=0)]), "M4b")
    assert (none["value"], none["state"]) == (0, "已报")


def test_m4c_counts_a_makeup_with_day_and_evidence_alone() -> None:
    """Evidence without a day is no makeup; 未记 made up stays unknown, and out of both."""
    frames = make(
        members=[member("aa/甲")],
        sessions=FIVE,
        attendance=[
            *attended("aa/甲", "出缺缺出"),
            at("aa/5", "aa/甲", "未记", makeup="11-1", makeup_evidence="笔记"),
        ],
    )
    table = frames.tables["attendance"].copy()
    table.loc[1, "makeup_evidence"] = "笔记"  # no day
    frames = type(frames)(frames.params, frames.units, {**frames.tables, "attendance": table})
    row = figure(frames, "M4c")
    assert (row["value"], row["left_out"]) == (0.5, {"未记1人次"})
