"""M7, M8, M9 on frames worked by hand."""

from __future__ import annotations

import datetime as dt

from frames_builder import (
    about,
    day,
    figure,
    item,
    make,
    params,
    plan,
    report,
    session,
    topic,
    unit,
)  # fmt: skip


def test_m7a_counts_plans_of_the_year_quarters_and_months() -> None:
    """1 + 4 + 12 = 17 are due; the year's, two quarters' and three months' = 6 of 17."""
    periods = ["2023", "2023Q1", "2023Q4", "2023-01", "2023-02", "2023-12", "2024-01"]
    row = figure(make(plans=[plan(p) for p in periods]), "M7a")
    assert (row["numerator"], row["denominator"]) == (6, 17)  # next January's is not asked for


def test_m7a_of_new_and_merged_units_asks_for_periods_that_began_with_them() -> None:
    """New on 1 April: 3 quarters + 9 months; on 2 April: 2 + 8; merged on 30 June: 1 + 2 + 6."""
    for dates, due in (
        ({"valid_from": dt.date(2023, 4, 1)}, 12),
        ({"valid_from": dt.date(2023, 4, 2)}, 10),
        ({"valid_to": dt.date(2023, 6, 30)}, 9),
    ):
        assert figure(make([unit(**dates)]), "M7a")["denominator"] == due


def test_m7a_of_a_blank_table_is_unreported_and_of_a_zero_zero() -> None:
    """无 in 学习计划 is 0 of 17; blank is 未报."""
    assert figure(make(zero={"aa": ["plans"]}), "M7a")["value"] == 0
    assert figure(make(unreported={"aa": ["plans"]}), "M7a")["state"] == "未报"


ITEMS = [
    item("aa/1", "2023-03"),
    item("aa/2", "2023Q2"),
    item("aa/3", "2023-06"),
    item("aa/4", "2023-11"),
]


def test_m7b_counts_items_held_among_those_due() -> None:
    """2 of 4 = 50%; a cancelled session holds none, two sessions on one item hold one."""
    frames = make(
        plan_items=ITEMS,
        sessions=[
            session("aa/1", "3-8", plan_item="aa/1"),
            session("aa/2", "3-9", plan_item="aa/1"),
            session("aa/3", "6-8", plan_item="aa/3"),
            session("aa/4", "6-9", plan_item="aa/2", cancelled=True),
        ],
    )
    row = figure(frames, "M7b")
    assert (row["numerator"], row["denominator"], row["value"]) == (2, 4, 0.5)
    assert row["missing"] == ("学习2", "学习4")


def test_m7b_leaves_out_items_not_yet_due() -> None:
    """Due by the cutoff, or the unit's last day: 30 June keeps three, November's is left out."""
    merged = make([unit(valid_to=day("6-30"))], plan_items=ITEMS)
    early = make(year=params(cutoff=day("6-30")), plan_items=ITEMS)
    for frames in (merged, early):
        row = figure(frames, "M7b")
        assert (row["denominator"], row["left_out"]) == (3, {"未到期1项"})


def test_m7b_leaves_out_items_due_before_the_unit_was_there() -> None:
    """Founded on 1 July: March's, June's, and the second quarter's, due on 30 June, are not its.

    Founded on 30 June, two are due on its first day: March's is left out, and 2 of 3 were held.
    The half-year's paper leaves out one on either side, March's before the unit and November's
    not yet due, and has not seen July's session: 1 of 2.
    """
    sessions = [session("aa/1", "7-8", plan_item="aa/2"), session("aa/2", "6-30", plan_item="aa/3")]
    for start, period, figures, left_out in (
        ("7-1", None, (0, 1), {"早于在册期3项"}),
        ("6-30", None, (2, 3), {"早于在册期1项"}),
        ("6-30", "2023H1", (1, 2), {"早于在册期1项", "未到期1项"}),
    ):
        row = figure(
            make([unit(valid_from=day(start))], plan_items=ITEMS, sessions=sessions, period=period),
            "M7b",
        )
        assert (row["numerator"], row["denominator"]) == figures
        assert row["left_out"] == left_out
        assert row["missing"][-1] == ("学习4" if period is None else "学习2")


def test_m7b_without_items_does_not_apply() -> None:
    """无 in 计划内容: nothing is due."""
    assert figure(make(zero={"aa": ["plan_items"]}), "M7b")["state"] == "不适用"


TOPICS = [
    topic("T1", "3-31"),
    topic("T2", "6-30"),
    topic("T3", "9-30"),
    topic("T4", "12-31"),
    topic("T5", "3-31", mandatory=False),
]


def test_m8_counts_mandatory_topics_studied() -> None:
    """1 of 4 = 25%: not mandatory, at a 第一议题 or at a cancelled session does not count."""
    frames = make(
        year=params(topics=TOPICS),
        sessions=[
            session("aa/1", "2-8"),
            session("aa/2", "4-8", counted_as="第一议题"),
            session("aa/3", "8-8", cancelled=True),
        ],
        session_topics=[
            about("aa/1", "T1"),
            about("aa/1", "T5"),
            about("aa/2", "T2"),
            about("aa/3", "T3"),
        ],
    )
    row = figure(frames, "M8")
    assert (row["numerator"], row["denominator"], row["value"]) == (1, 4, 0.25)
    assert row["missing"] == ("《专题T2》", "《专题T3》", "《专题T4》")


def test_m8_counts_a_topic_once_however_often_and_late_it_was_studied() -> None:
    """Studied twice, the second time for the first unit only: 1 of 4, and none for the other."""
    frames = make(
        [unit("aa"), unit("bb")],
        year=params(topics=TOPICS),
        sessions=[session("aa/1", "2-8"), session("aa/2", "12-8"), session("bb/1", "2-8")],
        session_topics=[about("aa/1", "T1"), about("aa/2", "T1")],
    )
    assert figure(frames, "M8")["numerator"] == 1
    assert figure(frames, "M8", "bb")["numerator"] == 0


def test_m8_asks_a_new_or_merged_unit_for_the_topics_of_its_time() -> None:
    """New on 1 April: T2 to T4; merged on 30 June: T1 and T2."""
    year = params(topics=TOPICS)
    new = figure(make([unit(valid_from=day("4-1"))], year=year), "M8")
    assert new["missing"] == ("《专题T2》", "《专题T3》", "《专题T4》")
    merged = figure(make([unit(valid_to=day("6-30"))], year=year), "M8")
    assert merged["missing"] == ("《专题T1》", "《专题T2》")


def test_m8_without_mandatory_topics_does_not_apply() -> None:
    """A year whose parameters name none."""
    assert figure(make(), "M8")["state"] == "不适用"


REPORTED = [session("aa/1", "3-8"), session("aa/2", "6-8"), session("aa/3", "12-20"),
            session("aa/4", "12-28")]  # fmt: skip


def test_m9a_leaves_out_reports_not_yet_due() -> None:
    """2 of 3: aa/4's report is due on 4 January (seven days), after the cutoff, and not come."""
    frames = make(
        sessions=REPORTED,
        session_reports=[report("aa/1", "3-10"), report("aa/2", None), report("aa/3", "12-27"),
                         report("aa/4", None)],
    )  # fmt: skip
    row = figure(frames, "M9a")
    assert (row["numerator"], row["denominator"]) == (2, 3)
    assert row["left_out"] == {"未到报送期限1次"}


def test_m9a_counts_a_report_that_came_before_it_was_due() -> None:
    """Not yet due, yet received: it counts on both sides, 1 of 1."""
    frames = make(sessions=REPORTED[3:], session_reports=[report("aa/4", "12-30")])
    row = figure(frames, "M9a")
    assert (row["numerator"], row["denominator"], row["left_out"]) == (1, 1, set())


def test_m9a_takes_a_session_without_a_row_for_not_received() -> None:
    """A report is owed for each session held: one row of two sessions is 1 of 2."""
    frames = make(sessions=REPORTED[:2], session_reports=[report("aa/1", "3-10")])
    assert (figure(frames, "M9a")["numerator"], figure(frames, "M9a")["denominator"]) == (1, 2)


def test_m9a_of_a_blank_column_is_unreported() -> None:
    """Nothing said of reports: 未报, though sessions came."""
    row = figure(make(sessions=REPORTED, unreported={"aa": ["session_reports"]}), "M9a")
    assert (row["value"], row["state"]) == (None, "未报")


def test_m9a_counts_a_report_due_on_the_cutoff_as_due() -> None:
    """A session of 24 December, seven days: due on 31 December itself."""
    frames = make(sessions=[session("aa/1", "12-24")], session_reports=[report("aa/1", None)])
    assert (figure(frames, "M9a")["value"], figure(frames, "M9a")["denominator"]) == (0, 1)


def test_m9b_counts_reports_that_came_by_their_day() -> None:
    """2 of 3: on the day itself is on time, a day later is not; from the session's last day."""
    frames = make(
        sessions=[
            session("aa/1", "3-8"),
            session("aa/2", "6-8"),
            session("aa/3", "9-1", end="9-3"),
        ],
        session_reports=[
            report("aa/1", "3-15"),  # 7 days: on the day
            report("aa/2", "6-16"),  # 8 days: late
            report("aa/3", "9-10"),  # 7 days from the last of three
        ],
    )
    row = figure(frames, "M9b")
    assert (row["numerator"], row["denominator"]) == (2, 3)


def test_m9b_keeps_to_a_stated_due_day_and_to_the_office_s_number_of_days() -> None:
    """A due day in the records goes before report_days; report_days is a parameter."""
    sessions, late = REPORTED[:1], [report("aa/1", "3-18")]  # ten days after it
    assert figure(make(sessions=sessions, session_reports=late), "M9b")["value"] == 0
    ten = params(metrics={"report_days": 10})
    assert figure(make(year=ten, sessions=sessions, session_reports=late), "M9b")["value"] == 1
    stated = [report("aa/1", "3-18", due="3-31")]
    assert figure(make(sessions=sessions, session_reports=stated), "M9b")["value"] == 1


def test_m9b_without_any_report_does_not_apply() -> None:
    """Nothing came: nothing can be late."""
    frames = make(sessions=REPORTED[:1], session_reports=[report("aa/1", None)])
    assert figure(frames, "M9b")["state"] == "不适用"


PLANNED = [
    session("aa/1", "1-10", plan_item="aa/1"),
    session("aa/2", "2-10", ad_hoc_basis="上级部署"),
    session("aa/3", "3-10"),  # neither
    session("aa/4", "4-10", plan_item="aa/1", ad_hoc_basis="上级部署"),
    session("aa/5", "7-10"),  # neither
    session("aa/6", "8-10", kind="读书班"),  # not in M1
    session("aa/7", "9-10", counted_as="第一议题"),  # not in M1
    session("aa/8", "10-10", cancelled=True),
]


def test_m7c_counts_sessions_that_no_plan_and_no_basis_explains() -> None:
    """2 of 5 = 40%: a session that follows an instruction of above counts as planned."""
    row = figure(make(sessions=PLANNED), "M7c")
    assert (row["numerator"], row["denominator"], row["value"]) == (2, 5, 0.4)
    half = figure(make(sessions=PLANNED, period="2023H1"), "M7c")
    assert (half["numerator"], half["denominator"]) == (1, 4)


def test_m7c_without_sessions_does_not_apply_and_without_plans_is_unreported() -> None:
    """Of no session no share is outside; where no plan came, nothing can be said."""
    assert figure(make(zero={"aa": ["sessions"]}), "M7c")["state"] == "不适用"
    blank = figure(make(sessions=PLANNED, unreported={"aa": ["plan_items"]}), "M7c")
    assert (blank["value"], blank["state"]) == (None, "未报")
    none = figure(make(sessions=PLANNED[2:3], zero={"aa": ["plan_items"]}), "M7c")
    assert (none["value"], none["state"]) == (1, "已报")  # it said that it had no plan: 1 of 1


def test_m7a_asks_for_the_plans_of_a_period_alone() -> None:
    """To the end of March: the year's, the first quarter's and three months' = 5; 2 are there."""
    frames = make(plans=[plan("2023"), plan("2023Q2"), plan("2023-03")], period="2023Q1")
    row = figure(frames, "M7a")
    assert (row["numerator"], row["denominator"]) == (2, 5)
    assert row["missing"] == ("第一季度计划", "1月计划", "2月计划")


def test_m7a_of_a_unit_that_joined_in_december_asks_for_one_month() -> None:
    """From 1 December: December's plan alone; from 2 December: none, so 不适用."""
    first = figure(make([unit(valid_from=day("12-1"))]), "M7a")
    assert (first["numerator"], first["denominator"], first["missing"]) == (0, 1, ("12月计划",))
    assert figure(make([unit(valid_from=day("12-2"))]), "M7a")["state"] == "不适用"


def test_m7b_asks_for_items_as_they_are_due_in_a_period() -> None:
    """To the end of June items 1 to 3 are due, November's is not; July's session is not seen."""
    frames = make(
        plan_items=ITEMS,
        sessions=[
            session("aa/1", "6-30", plan_item="aa/2"),
            session("aa/2", "7-1", plan_item="aa/3"),
            session("aa/3", "3-1", plan_item="aa/4"),  # held before it was due: not counted yet
        ],
        period="2023H1",
    )
    row = figure(frames, "M7b")
    assert (row["numerator"], row["denominator"], row["left_out"]) == (1, 3, {"未到期1项"})


def test_m7b_counts_an_item_by_any_session_that_was_held() -> None:
    """Also at a session that counts as 培训, and one that another unit of the group held."""
    frames = make(
        [unit("aa"), unit("bb")],
        plan_items=ITEMS[:2],
        sessions=[
            session("aa/1", "3-8", counted_as="培训", plan_item="aa/1"),
            session("bb/1", "3-8", plan_item="aa/2"),
        ],
    )
    assert figure(frames, "M7b")["value"] == 1
    assert figure(frames, "M7b", "bb")["state"] == "不适用"


def test_m7b_of_items_all_to_come_does_not_apply() -> None:
    """In January nothing is due: no ratio, and what is left out is told."""
    row = figure(make(plan_items=ITEMS, year=params(cutoff=day("1-31"))), "M7b")
    assert (row["value"], row["state"], row["left_out"]) == (None, "不适用", {"未到期4项"})


def test_m8_says_nothing_before_the_year_is_over() -> None:
    """未到期 in a quarter's paper, without figures; with the whole year's period it is told."""
    frames = make(year=params(topics=TOPICS), sessions=[session("aa/1", "2-8")], period="2023Q3")
    row = figure(frames, "M8")
    assert (row["value"], row["numerator"], row["denominator"], row["state"]) == (
        None, None, None, "未到期"
    )  # fmt: skip
    whole = make(year=params(topics=TOPICS), period="2023H2")
    assert (figure(whole, "M8")["denominator"], figure(whole, "M8")["state"]) == (4, "已报")


def test_m8_without_a_topic_due_does_not_apply() -> None:
    """No mandatory topic in the year, or none in the days of a unit of December 2."""
    assert figure(make(), "M8")["state"] == "不适用"
    year = params(topics=TOPICS[:3])
    assert figure(make([unit(valid_from=day("12-2"))], year=year), "M8")["state"] == "不适用"
    last = figure(make([unit(valid_from=day("12-31"))], year=params(topics=TOPICS)), "M8")
    assert (last["numerator"], last["denominator"]) == (0, 1)  # T4 is due on that very day


def test_m9_asks_for_reports_as_they_are_due_in_a_period() -> None:
    """To the end of March: one received, one overdue, one due in April, one held in April."""
    frames = make(
        sessions=[
            session("aa/1", "3-1"),
            session("aa/2", "3-20"),  # due on 27 March
            session("aa/3", "3-30"),  # due on 6 April: left out
            session("aa/4", "4-3"),  # not in the period
        ],
        session_reports=[report("aa/1", "3-9"), report("aa/4", "4-4")],
        period="2023Q1",
    )
    row = figure(frames, "M9a")
    assert (row["numerator"], row["denominator"], row["left_out"]) == (1, 2, {"未到报送期限1次"})
    late = figure(frames, "M9b")
    assert (late["numerator"], late["denominator"]) == (0, 1)  # the eighth day


def test_m9_counts_a_report_that_came_after_the_year_s_cutoff() -> None:
    """A year's circular is made after the year: a report of April on a session of March is in."""
    sessions, reports = [session("aa/1", "3-20")], [report("aa/1", "4-20")]
    year = make(sessions=sessions, session_reports=reports, year=params(cutoff=day("3-31")))
    for metric_id, value in (("M9a", 1), ("M9b", 0)):
        row = figure(year, metric_id)
        assert (row["value"], row["denominator"]) == (value, 1)


def test_m9_of_a_period_counts_what_had_come_by_its_end() -> None:
    """To the end of March: overdue is not received, not yet due is left out; on the day it came."""
    frames = make(
        sessions=[session("aa/1", "3-20"), session("aa/2", "3-28"), session("aa/3", "3-29")],
        session_reports=[
            report("aa/1", "4-1"),  # due on 27 March
            report("aa/2", "4-1"),  # due on 4 April
            report("aa/3", "3-31"),
        ],
        period="2023Q1",
    )
    row = figure(frames, "M9a")
    assert (row["numerator"], row["denominator"], row["left_out"]) == (1, 2, {"未到报送期限1次"})
    late = figure(frames, "M9b")
    assert (late["numerator"], late["denominator"]) == (1, 1)


def test_m9_of_a_period_counts_what_had_come_by_the_day_of_its_paper() -> None:
    """To the end of March, of 10 April: what came on that day has come, a day later not.

    Session 1, due on 27 March, came on the 10th; 2, due then too, on the 11th: overdue; 3, due on
    4 April, on the 3rd; 4, due on the 5th, on the 11th: not due by the cutoff, so left out.
    2 of 3 came, of these session 3's by its day. The half-year's paper, which has no day of its
    own, knows all that came by 30 June: 4 of 4. Another period's day is none of this one's: 0 of 2.
    """
    fields = {
        "sessions": [session("aa/1", "3-20"), session("aa/2", "3-20"), session("aa/3", "3-28"),
                     session("aa/4", "3-29")],
        "session_reports": [report("aa/1", "4-10"), report("aa/2", "4-11"), report("aa/3", "4-3"),
                            report("aa/4", "4-11")],
    }  # fmt: skip
    year = params(periods={"2023Q1": {"issued_on": day("4-10")}})
    row = figure(make(year=year, period="2023Q1", **fields), "M9a")
    assert (row["numerator"], row["denominator"], row["left_out"]) == (2, 3, {"未到报送期限1次"})
    late = figure(make(year=year, period="2023Q1", **fields), "M9b")
    assert (late["numerator"], late["denominator"]) == (1, 2)
    half = figure(make(year=year, period="2023H1", **fields), "M9a")
    assert (half["numerator"], half["denominator"]) == (4, 4)
    other = params(periods={"2023H1": {"issued_on": day("7-10")}})
    alone = figure(make(year=other, period="2023Q1", **fields), "M9a")
    assert (alone["numerator"], alone["denominator"]) == (0, 2)
    assert alone["left_out"] == {"未到报送期限2次"}


def test_m9a_without_a_session_does_not_apply() -> None:
    """Nothing was held, or all that was held is not yet due."""
    assert figure(make(zero={"aa": ["sessions"]}), "M9a")["state"] == "不适用"
    early = figure(make(sessions=[session("aa/1", "12-30")]), "M9a")
    assert (early["state"], early["left_out"]) == ("不适用", {"未到报送期限1次"})
