"""M13 on frames worked by hand: 旁听, paid, received, and the feedback on it."""

from __future__ import annotations

from typing import Any

import pytest
from frames_builder import day, figure, make, paired, params, unit, visit

from reportkit.errors import RecordsError
from reportkit.metrics.registry import BY_ID
from reportkit.metrics.year import indicators_by_unit

UNITS = [unit(name) for name in ("aa", "bb", "cc", "dd", "ee")]
PAIRED = [*paired("一组", "aa", "bb", "cc"), *paired("二组", "dd", "ee")]
VISITS = [
    visit("aa", "bb", "3-1", "3-8"),  # on the seventh day: in time
    visit("aa", "bb", "9-1", "9-9"),  # beyond what was due; feedback on the eighth day
    visit("aa", "dd", "10-9"),  # not of its group; no feedback, which was due on 16 October
    visit("aa", "aa", "10-10", "10-10"),  # itself is no partner
    visit("bb", "aa", "4-1", "4-2"),
    visit("dd", "aa", "5-1", "5-2"),  # not of its group
    visit("cc", "bb", "12-28"),  # feedback due on 4 January
]


def built(**more: Any) -> Any:
    """Five units in two groups and their visits; ``more`` replaces any of it."""
    fields: dict[str, Any] = {"pairings": PAIRED, "visits": VISITS, **more}
    return make(fields.pop("units", UNITS), **fields)


def test_m13a_counts_visits_to_each_partner() -> None:
    """aa owes bb and cc one visit each, and went to bb alone: 1 of 2; two are outside."""
    row = figure(built(), "M13a")
    assert (row["numerator"], row["denominator"], row["value"]) == (1, 2, 0.5)
    assert (row["left_out"], row["missing"]) == ({"结对安排外2次"}, ("cc",))
    other = figure(built(), "M13a", "bb")
    assert (other["numerator"], other["denominator"], other["left_out"]) == (1, 2, set())
    assert figure(built(), "M13a", "ee")["value"] == 0  # dd is its one partner
    assert figure(built(), "M13a", "dd")["left_out"] == {"结对安排外1次"}


def test_m13a_follows_the_office_on_how_often_a_partner_is_due() -> None:
    """Two visits a partner: aa has both of bb's and none of cc's, 2 of 4; bb's one is 1 of 4."""
    frames = built(year=params(metrics={"visits_a_partner": 2}))
    assert (figure(frames, "M13a")["numerator"], figure(frames, "M13a")["denominator"]) == (2, 4)
    other = figure(frames, "M13a", "bb")
    assert (other["numerator"], other["denominator"]) == (1, 4)
    thrice = built(year=params(metrics={"visits_a_partner": 3}))
    assert (figure(thrice, "M13a")["numerator"], figure(thrice, "M13a")["denominator"]) == (2, 6)


def test_m13a_counts_a_partner_once_however_many_groups_share_it() -> None:
    """aa and bb meet in two groups: one partner; a row that stands twice is one."""
    twice = [*PAIRED, *paired("三组", "aa", "bb"), *paired("一组", "aa", "bb")]
    row = figure(built(pairings=twice), "M13a")
    assert (row["numerator"], row["denominator"]) == (1, 2)


def test_m13a_of_a_unit_in_no_group_does_not_apply() -> None:
    """Others were paired, it was not, or it is alone in its group: 不适用."""
    frames = built(pairings=[*paired("一组", "aa", "bb"), *paired("二组", "ee")])
    for unit_id in ("cc", "ee"):
        assert figure(frames, "M13a", unit_id)["state"] == "不适用"
        assert figure(frames, "M13b", unit_id)["state"] == "不适用"


@pytest.mark.parametrize("pairings", [[], paired("一组", "aa", "bb", year=2022)])
def test_m13a_is_unchecked_where_nobody_was_paired(pairings: list[dict[str, Any]]) -> None:
    """No pairings of this year at all: whether a visit was due is not known."""
    frames = built(pairings=pairings, unreported={"bb": ["visits"]}, zero={"cc": ["visits"]})
    states = [figure(frames, "M13a", name)["state"] for name in ("aa", "bb", "cc")]
    assert states == ["未核查", "未报", "未核查"]
    row = figure(frames, "M13a")
    assert (row["value"], row["left_out"]) == (None, {"结对安排外4次"})


def test_m13a_of_a_blank_table_is_unreported_and_of_a_zero_zero() -> None:
    """Blank 旁听 is 未报; 无 in it is 0 of 2."""
    silent = built(visits=[], unreported={"aa": ["visits"]}, zero={"bb": ["visits"]})
    assert (figure(silent, "M13a")["value"], figure(silent, "M13a")["state"]) == (None, "未报")
    zero = figure(silent, "M13a", "bb")
    assert (zero["value"], zero["denominator"], zero["state"]) == (0, 2, "已报")
    assert zero["missing"] == ("aa", "cc")


def test_m13a_stops_at_the_cutoff_and_waits_for_the_year_s_end() -> None:
    """Visits after the cutoff do not count; a period's paper says 未到期."""
    frames = built(year=params(cutoff=day("2-28")))
    row = figure(frames, "M13a")
    assert (row["numerator"], row["denominator"], row["left_out"]) == (0, 2, set())
    for metric_id in ("M13a", "M13b"):
        early = figure(built(period="2023H1"), metric_id)
        assert (early["value"], early["denominator"], early["state"]) == (None, None, "未到期")


def test_m13a_asks_for_partners_of_the_year_alone() -> None:
    """A partner gone before the year, or without a study group, is none; merged in June it is."""
    gone = [*UNITS[:2], unit("cc", valid_to=day("2022-12-31")), *UNITS[3:]]
    assert figure(built(units=gone), "M13a")["denominator"] == 1
    none = [*UNITS[:2], unit("cc", has_study_group=False), *UNITS[3:]]
    assert figure(built(units=none), "M13a")["denominator"] == 1
    merged = [*UNITS[:2], unit("cc", valid_to=day("6-30"), successor_id="bb"), *UNITS[3:]]
    assert figure(built(units=merged), "M13a")["denominator"] == 2
    # The merged unit itself, and one that joined in December, owe the same as all others.
    assert figure(built(units=merged), "M13a", "cc")["denominator"] == 2
    new = [unit("aa", valid_from=day("12-1")), *UNITS[1:]]
    assert figure(built(units=new), "M13a")["denominator"] == 2


def test_m13b_counts_visits_by_each_partner() -> None:
    """aa is owed a visit by bb and cc, and had bb's: 1 of 2; dd's and its own are outside."""
    row = figure(built(), "M13b")
    assert (row["numerator"], row["denominator"], row["value"]) == (1, 2, 0.5)
    assert (row["left_out"], row["missing"]) == ({"结对安排外2次"}, ("cc",))
    host = figure(built(), "M13b", "bb")
    assert (host["numerator"], host["denominator"]) == (2, 2)  # aa's, of two one, and cc's
    assert figure(built(), "M13b", "dd")["left_out"] == {"结对安排外1次"}


def test_m13b_needs_no_table_of_the_host_s_own() -> None:
    """What observers reported counts, though the host sent nothing."""
    row = figure(built(unreported={"aa": ["visits"]}), "M13b")
    assert (row["value"], row["state"]) == (0.5, "已报")
    silent = figure(built(visits=[], unreported={"aa": ["visits"]}), "M13b")
    assert (silent["value"], silent["denominator"], silent["state"]) == (0, 2, "已报")


def test_m13b_is_unchecked_where_nobody_was_paired() -> None:
    """As M13a, for every unit, whatever it sent."""
    frames = built(pairings=[], unreported={"bb": ["visits"]})
    assert {figure(frames, "M13b", name)["state"] for name in ("aa", "bb", "ee")} == {"未核查"}


def test_m13c_counts_feedback_within_its_days() -> None:
    """aa: 2 of 4 in time, on 3-8 and on the day itself; the eighth day and none are late."""
    row = figure(built(), "M13c")
    assert (row["numerator"], row["denominator"], row["value"]) == (2, 4, 0.5)
    assert row["left_out"] == set()


def test_m13c_leaves_out_feedback_not_yet_due() -> None:
    """cc's visit of 28 December: feedback is due on 4 January, so nothing can be said."""
    row = figure(built(), "M13c", "cc")
    assert (row["value"], row["state"], row["left_out"]) == (None, "不适用", {"未到反馈期限1次"})
    due = figure(built(visits=[visit("cc", "bb", "12-24")]), "M13c", "cc")
    assert (due["numerator"], due["denominator"]) == (0, 1)  # due on 31 December itself
    given = figure(built(visits=[visit("cc", "bb", "12-28", "12-30")]), "M13c", "cc")
    assert (given["numerator"], given["denominator"]) == (1, 1)


def test_m13c_follows_the_office_s_days_and_the_period() -> None:
    """Eight days make the eighth in time; to the end of March one visit was paid."""
    eight = figure(built(year=params(metrics={"feedback_days": 8})), "M13c")
    assert (eight["numerator"], eight["denominator"]) == (3, 4)
    quarter = figure(built(period="2023Q1"), "M13c")
    assert (quarter["numerator"], quarter["denominator"]) == (1, 1)
    # On 5 March the feedback of 8 March is not due, yet it was given in time: it counts.
    early = figure(built(year=params(cutoff=day("3-5"))), "M13c")
    assert (early["numerator"], early["denominator"]) == (1, 1)


def test_m13c_of_a_period_counts_feedback_given_by_its_end() -> None:
    """To the end of March: late and not yet due are told apart; of a year it is in, if in time."""
    paid = [
        visit("aa", "bb", "3-1", "4-5"),  # due on 8 March
        visit("aa", "bb", "3-28", "4-2"),  # due on 4 April
        visit("aa", "cc", "3-29", "3-31"),
    ]
    quarter = figure(built(visits=paid, period="2023Q1"), "M13c")
    assert (quarter["numerator"], quarter["denominator"]) == (1, 2)
    assert quarter["left_out"] == {"未到反馈期限1次"}
    year = figure(built(visits=paid, year=params(cutoff=day("3-31"))), "M13c")
    assert (year["numerator"], year["denominator"], year["left_out"]) == (2, 3, set())


def test_m13c_of_a_period_counts_feedback_given_by_the_day_of_its_paper() -> None:
    """To the end of March, of 4 April: feedback of that day is known, of the day after not.

    bb's of 1 March came late, on 3 April; cc's, due on 4 April, on that day; bb's of 29 March,
    due on 5 April, on the 5th: left out. 1 of 2; with a paper of the 5th 2 of 3.
    """
    paid = [
        visit("aa", "bb", "3-1", "4-3"),
        visit("aa", "cc", "3-28", "4-4"),
        visit("aa", "bb", "3-29", "4-5"),
    ]
    for issued, figures, left_out in (
        ("4-4", (1, 2), {"未到反馈期限1次"}), ("4-5", (2, 3), set()),
    ):  # fmt: skip
        year = params(periods={"2023Q1": {"issued_on": day(issued)}})
        row = figure(built(visits=paid, year=year, period="2023Q1"), "M13c")
        assert (row["numerator"], row["denominator"], row["left_out"]) == (*figures, left_out)


@pytest.mark.parametrize("fields", [
    {}, {"units": [*UNITS, unit("xx", valid_to=day("2022-12-31"))]},
    {"units": [*UNITS, unit("xx", valid_from=day("2024-1-1"))]},
    {"units": [*UNITS, unit("xx", has_study_group=False)]},
])  # fmt: skip
def test_m13c_leaves_out_visits_by_who_is_no_unit_of_the_year(fields: dict[str, Any]) -> None:
    """Only its host, aa, told of xx's: nobody's feedback; aa's own stays 2 of 4, dd's 1 of 1."""
    told_by_host = {**visit("xx", "aa", "3-1", "3-2"), "reported_by": "被旁听单位"}
    frames = built(visits=[told_by_host, *VISITS], **fields)
    row = figure(frames, "M13c")
    assert (row["numerator"], row["denominator"], row["left_out"]) == (2, 4, set())
    assert figure(frames, "M13c", "dd")["value"] == 1
    counted = BY_ID["M13c"].evidence(frames).records()
    assert len(counted) == len(VISITS)  # each of theirs, cc's among them as not yet due
    table = indicators_by_unit(frames).set_index(["metric_id", "unit_id"])  # nothing is amiss
    assert table.loc[("M13c", "aa"), "denominator"] == 4
    own = figure(frames, "M13b")  # as a visit received it is told of, as any outside the pairings
    assert (own["numerator"], own["left_out"]) == (1, {"结对安排外3次"})


def test_m13c_of_a_unit_outside_its_years_that_told_of_a_visit_is_an_error() -> None:
    """What xx sent itself would be lost from every sum: dates in units.yml are wrong."""
    frames = built(visits=[visit("xx", "aa", "3-1", "3-2"), *VISITS])
    with pytest.raises(RecordsError, match=r"M13c.*xx"):
        indicators_by_unit(frames)


def test_m13c_counts_visits_outside_the_pairings_too() -> None:
    """Feedback is due on every visit, also where nobody was paired."""
    assert figure(built(pairings=[]), "M13c")["denominator"] == 4


def test_m13c_of_a_blank_table_is_unreported_and_without_a_visit_does_not_apply() -> None:
    """Blank: 未报; 无: no visit on which feedback could be due."""
    frames = built(visits=[], unreported={"aa": ["visits"]}, zero={"bb": ["visits"]})
    assert figure(frames, "M13c")["state"] == "未报"
    assert figure(frames, "M13c", "bb")["state"] == "不适用"
