"""M11, M12, M14, M16 and M18 on frames worked by hand."""

from __future__ import annotations

import pytest
from frames_builder import (
    account,
    day,
    figure,
    make,
    member,
    params,
    research,
    session,
    speech,
    unit,
)  # fmt: skip

FOUR = [session(f"aa/{n}", f"{2 * n}-8") for n in (1, 2, 3, 4)]  # February, April, June, August


def test_m11_counts_members_who_spoke_at_a_study_session() -> None:
    """2 of 4 members = 50%; a speech at a 第一议题 does not count, a member counts once."""
    frames = make(
        members=[
            member("aa/甲"),
            member("aa/乙", in_leadership=False),
            member("aa/丙", until="5-1"),
            member("aa/丁"),
            member("aa/秘", role="学习秘书"),  # no member who is asked to speak
            member("aa/旧", until="2022-12-31"),  # had left before the year
            member("aa/新", since="2024-1-1"),  # comes after it
        ],
        sessions=[*FOUR, session("aa/5", "9-8", counted_as="第一议题")],
        speeches=[
            speech("aa/1", "aa/甲", "领学"),  # 1: 领学 is a speech
            speech("aa/2", "aa/甲", "重点"),
            speech("aa/1", "aa/乙", "补充"),  # 2
            speech("aa/5", "aa/丙"),  # 第一议题
            speech("aa/1", "aa/秘"),
        ],
    )
    row = figure(frames, "M11")
    assert (row["numerator"], row["denominator"], row["value"]) == (2, 4, 0.5)


def test_m11_is_zero_if_nobody_spoke_and_unreported_if_nothing_is_said() -> None:
    """无 in 研讨发言 is 0 of 1; a blank sheet is 未报."""
    zero = figure(make(members=[member("aa/甲")], zero={"aa": ["speeches"]}), "M11")
    assert (zero["value"], zero["denominator"], zero["state"]) == (0, 1, "已报")
    blank = figure(make(members=[member("aa/甲")], unreported={"aa": ["speeches"]}), "M11")
    assert (blank["value"], blank["state"]) == (None, "未报")


def test_m14_asks_the_leadership_in_post_at_the_end() -> None:
    """1 of 2 = 50%: who left on 30 December is not asked, who came on 31 December is."""
    frames = make(
        members=[
            member("aa/甲"),  # gave an account
            member("aa/乙", since="12-31"),  # did not
            member("aa/丙", until="12-30"),  # gone
            member("aa/丁", in_leadership=False),
        ],
        accounts=[account("aa/甲"), account("aa/丙"), account("aa/丁")],
    )
    row = figure(frames, "M14")
    assert (row["numerator"], row["denominator"], row["value"]) == (1, 2, 0.5)


def test_m14_takes_an_account_from_whichever_unit_reported_it() -> None:
    """One who sits in two groups gives one account; it is not lacking in the other unit."""
    frames = make(
        [unit("aa"), unit("bb")],
        members=[member("DC1", unit_id="aa"), member("DC1", unit_id="bb"), member("bb/乙")],
        accounts=[account("DC1", "aa")],
    )
    assert figure(frames, "M14", "aa")["value"] == 1.0
    assert (figure(frames, "M14", "bb")["numerator"], figure(frames, "M14", "bb")["denominator"]) \
        == (1, 2)  # fmt: skip


@pytest.mark.parametrize(("table", "value", "state"), [
    ("unreported", None, "未报"),
    ("zero", 0.0, "已报"),
])  # fmt: skip
def test_m14_of_a_blank_table_and_of_a_zero(table: str, value: float | None, state: str) -> None:
    """Blank 述学 is 未报; 无 is 0%."""
    row = figure(make(members=[member("aa/甲")], **{table: {"aa": ["accounts"]}}), "M14")
    assert (row["value"], row["state"]) == (value, state)


def test_m14_does_not_apply_to_a_merged_unit() -> None:
    """A unit that was merged on 30 June owes no account at the year's end, reported or not."""
    for unreported in ({}, {"aa": ["accounts"]}):
        frames = make(
            [unit(valid_to=day("6-30"))], members=[member("aa/甲")], unreported=unreported
        )
        assert figure(frames, "M14")["state"] == "不适用"


def test_m16_counts_sessions_with_a_head_of_party_affairs_in_the_group() -> None:
    """3 of 4 = 75%: the head joined after the first session; the one left is counted."""
    frames = make(
        members=[
            member("aa/甲"),
            member("aa/乙", party_affairs_head=True, since="3-1", until="6-30"),
            member("aa/丙", party_affairs_head=True, since="6-1"),  # both in June: one session
        ],
        sessions=FOUR,
    )
    row = figure(frames, "M16")
    assert (row["numerator"], row["denominator"], row["value"]) == (3, 4, 0.75)
    assert row["missing"] == ()  # how many are lacking is told, which ones is in the records


def test_m16_without_sessions_does_not_apply() -> None:
    """No session on which the head could have been missing."""
    row = figure(make(members=[member("aa/甲")], zero={"aa": ["sessions"]}), "M16")
    assert (row["value"], row["state"]) == (None, "不适用")


def test_m11_asks_each_unit_for_its_own_members_and_counts_a_person_once() -> None:
    """Two terms are one person; who spoke in another unit's session has not spoken here."""
    frames = make(
        [unit("aa"), unit("bb")],
        members=[
            member("DC1", unit_id="aa", until="3-31"),
            member("DC1", unit_id="aa", since="6-1"),
            member("DC1", unit_id="bb"),
            member("aa/乙"),
        ],
        sessions=[*FOUR, session("bb/1", "5-1")],
        speeches=[speech("aa/1", "DC1"), speech("aa/1", "bb/客")],  # 列席 is no member
    )
    assert (figure(frames, "M11")["numerator"], figure(frames, "M11")["denominator"]) == (1, 2)
    other = figure(frames, "M11", "bb")
    assert (other["numerator"], other["denominator"]) == (0, 1)


def test_m11_and_m18a_ask_for_the_members_of_a_unit_s_own_time() -> None:
    """Merged on 30 June: the one who came in July is not asked; in December the one who left."""
    people = [member("aa/甲"), member("aa/乙", since="7-1"), member("aa/丙", until="11-30")]
    merged = make([unit(valid_to=day("6-30"))], members=people)
    december = make([unit(valid_from=day("12-1"))], members=people)
    for metric_id in ("M11", "M18a"):
        assert figure(merged, metric_id)["denominator"] == 2  # 甲 and 丙
        assert figure(december, metric_id)["denominator"] == 2  # 甲 and 乙
        assert figure(make(zero={"aa": ["members"]}), metric_id)["state"] == "不适用"


HOSTED = [
    session("aa/1", "1-10", host_id="aa/甲"),
    session("aa/2", "3-31", host_id="aa/甲"),
    session("aa/3", "4-1", host_id="aa/甲"),  # no longer 组长
    session("aa/4", "5-10", host_id="aa/乙"),
    session("aa/5", "6-10"),  # not stated
    session("aa/6", "8-10", host_id="aa/甲", kind="读书班"),  # not in M1
    session("aa/7", "9-10", host_id="aa/丙", counted_as="第一议题"),  # not in M1
    session("aa/8", "10-10", host_id="aa/丙"),
    session("aa/9", "11-10", host_id="aa/丙", cancelled=True),
]
CHAIRS = [
    member("aa/甲", role="组长", until="3-31"),
    member("aa/甲", role="成员", since="4-1"),
    member("aa/乙", role="副组长"),
    member("aa/丙", role="组长", since="7-1"),
]


def test_m12a_counts_sessions_that_the_chair_of_that_day_presided_over() -> None:
    """3 of 5 = 60%: 1, 2 and 8; the deputy and the former chair do not count; one is unknown."""
    row = figure(make(sessions=HOSTED, members=CHAIRS), "M12a")
    assert (row["numerator"], row["denominator"], row["value"]) == (3, 5, 0.6)
    assert row["left_out"] == {"未填主持人1次"}
    half = figure(make(sessions=HOSTED, members=CHAIRS, period="2023H1"), "M12a")
    assert (half["numerator"], half["denominator"]) == (2, 4)


def test_m12a_takes_the_chair_of_the_unit_itself() -> None:
    """Who is 组长 of another unit and a member here is no chair here."""
    frames = make(
        [unit("aa"), unit("bb")],
        sessions=[session("aa/1", "1-10", host_id="DC1"), session("bb/1", "1-10", host_id="DC1")],
        members=[member("DC1", unit_id="aa"), member("DC1", unit_id="bb", role="组长")],
    )
    assert figure(frames, "M12a")["value"] == 0
    assert figure(frames, "M12a", "bb")["value"] == 1


def test_m12a_follows_the_list_of_members_whatever_the_rule_on_attendance() -> None:
    """组长 presides even where the office expects other roles to attend."""
    year = params(metrics={"attendance": {"roles": ["成员"]}})
    assert figure(make(year=year, sessions=HOSTED, members=CHAIRS), "M12a")["numerator"] == 3


def test_m12a_without_a_host_anywhere_does_not_apply() -> None:
    """No session states its host, or there is none: no ratio; no list of members: 未报."""
    silent = figure(make(sessions=FOUR, members=CHAIRS), "M12a")
    assert (silent["value"], silent["state"]) == (None, "不适用")
    assert silent["left_out"] == {"未填主持人4次"}
    assert figure(make(zero={"aa": ["sessions"]}), "M12a")["state"] == "不适用"
    unknown = make(sessions=HOSTED, unreported={"aa": ["members"]})
    assert figure(unknown, "M12a")["state"] == "未报"


LED = [
    speech("aa/1", "aa/甲", "领学", 1),  # 1
    speech("aa/1", "aa/甲", "领学", 2),  # the same session
    speech("aa/2", "aa/甲", "重点"),  # no 领学
    speech("aa/3", "aa/甲", "领学"),  # no longer 组长
    speech("aa/4", "aa/乙", "领学"),  # deputy
    speech("aa/6", "aa/丙", "领学"),  # 2: a 读书班 is study
    speech("aa/7", "aa/丙", "领学"),  # 第一议题 is not
    speech("aa/9", "aa/丙", "领学"),  # cancelled
]


def test_m12b_counts_sessions_that_the_chair_led() -> None:
    """Two sessions: several speeches at one are one; the chair of that day, at study alone."""
    row = figure(make(sessions=HOSTED, members=CHAIRS, speeches=LED), "M12b")
    assert (row["value"], row["denominator"], row["state"]) == (2, None, "已报")
    half = make(sessions=HOSTED, members=CHAIRS, speeches=LED, period="2023H1")
    assert figure(half, "M12b")["value"] == 1


def test_m12b_counts_a_session_once_where_two_chairs_led() -> None:
    """The old and the new 组长, both in post on the day of the handover."""
    both = [member("aa/甲", role="组长", until="2-8"), member("aa/乙", role="组长", since="2-8")]
    speeches = [speech("aa/1", "aa/甲", "领学", 1), speech("aa/1", "aa/乙", "领学", 2)]
    assert figure(make(sessions=FOUR, members=both, speeches=speeches), "M12b")["value"] == 1


def test_m12b_of_a_chair_who_never_led_is_zero() -> None:
    """A count: zero is 零 with its value; no table of speeches is 未报."""
    none = figure(make(sessions=FOUR, members=CHAIRS), "M12b")
    assert (none["value"], none["state"]) == (0, "零")
    blank = make(sessions=FOUR, members=CHAIRS, unreported={"aa": ["speeches"]})
    assert (figure(blank, "M12b")["value"], figure(blank, "M12b")["state"]) == (None, "未报")


def test_m14_of_a_unit_without_leaders_does_not_apply() -> None:
    """Nobody of the leadership is in post on the last day."""
    frames = make(members=[member("aa/甲", in_leadership=False), member("aa/乙", until="12-30")])
    assert figure(frames, "M14")["state"] == "不适用"


def test_m14_takes_accounts_of_the_year_alone() -> None:
    """An account of 2022 is none of 2023; in a period the metric is 未到期."""
    earlier = {**account("aa/甲"), "year": 2022}
    people = [member("aa/甲")]
    assert figure(make(members=people, accounts=[earlier]), "M14")["value"] == 0
    early = make(members=people, accounts=[account("aa/甲")], period="2023Q3")
    assert figure(early, "M14")["state"] == "未到期"


def test_m16_asks_for_members_of_the_roster_and_the_sessions_of_a_period() -> None:
    """A head who is secretary of the group is no member; in a period its sessions alone."""
    secretary = member("aa/秘", role="学习秘书", party_affairs_head=True)
    assert figure(make(members=[secretary], sessions=FOUR), "M16")["value"] == 0
    head = member("aa/甲", party_affairs_head=True, since="3-1")
    half = figure(make(members=[head], sessions=FOUR, period="2023H1"), "M16")
    assert (half["numerator"], half["denominator"]) == (2, 3)


RESEARCHED = [
    research("aa/1", "aa/甲", "4-1", "已采纳"),
    research("aa/2", "aa/甲", "9-1", "无"),
    research("aa/3", "aa/乙", None, "已落地"),  # undated: by the year's list it was done
    research("aa/4", "aa/丙", "5-1", None),  # a report, nothing said of its outcome
    research("aa/5", "aa/丁", "6-1", "无", has_report=False),
    research("aa/6", "aa/丁", "6-2", None, has_report=None),
    research("aa/7", "aa/客", "6-3", "已采纳"),  # nobody of the roster
]
RESEARCHERS = [
    member("aa/甲", until="6-30"),
    member("aa/甲", since="8-1"),  # one person
    *[member(f"aa/{name}", in_leadership=False) for name in "乙丙丁"],
    member("aa/秘", role="学习秘书"),
]


def test_m18a_counts_members_with_a_report() -> None:
    """3 of 4 = 75%: 甲, 乙 and 丙; no report, or not said whether, does not count."""
    row = figure(make(members=RESEARCHERS, research=RESEARCHED), "M18a")
    assert (row["numerator"], row["denominator"], row["value"]) == (3, 4, 0.75)


def test_m18a_takes_a_report_in_the_unit_itself() -> None:
    """One who sits in two groups and reported in one has no report in the other."""
    frames = make(
        [unit("aa"), unit("bb")],
        members=[member("DC1", unit_id="aa"), member("DC1", unit_id="bb")],
        research=[research("aa/1", "DC1", "4-1", "无")],
    )
    assert figure(frames, "M18a")["value"] == 1
    assert figure(frames, "M18a", "bb")["value"] == 0


def test_m18a_and_m18b_stop_at_the_cutoff() -> None:
    """By 30 April 甲's first report, and the undated one; in a period M18a is 未到期."""
    early = make(members=RESEARCHERS, research=RESEARCHED, year=params(cutoff=day("4-30")))
    assert (figure(early, "M18a")["numerator"], figure(early, "M18b")["denominator"]) == (2, 2)
    quarter = make(members=RESEARCHERS, research=RESEARCHED, period="2023Q1")
    assert figure(quarter, "M18a")["state"] == "未到期"
    assert (figure(quarter, "M18b")["value"], figure(quarter, "M18b")["denominator"]) == (1, 1)


def test_m18b_counts_reports_that_led_to_something() -> None:
    """3 of 4 = 75%: adopted, put into practice, adopted; 无 is an outcome; one is not stated."""
    row = figure(make(members=RESEARCHERS, research=RESEARCHED), "M18b")
    assert (row["numerator"], row["denominator"], row["value"]) == (3, 4, 0.75)
    assert row["left_out"] == {"未填成果转化情况1项"}


def test_m18b_without_a_report_does_not_apply() -> None:
    """无 in the table, or no outcome stated; a blank table is 未报."""
    assert figure(make(zero={"aa": ["research"]}), "M18b")["state"] == "不适用"
    unsaid = figure(make(research=RESEARCHED[3:4]), "M18b")
    assert (unsaid["state"], unsaid["left_out"]) == ("不适用", {"未填成果转化情况1项"})
    assert figure(make(unreported={"aa": ["research"]}), "M18b")["state"] == "未报"
