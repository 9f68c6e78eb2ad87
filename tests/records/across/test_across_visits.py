"""学习旁听: both sides of a visit become one row; what one side lacks is said to the other."""

from __future__ import annotations

from typing import Any

from across_support import D, Sent, ids, parameters, settled, source, texts

from reportkit.records.issues import Log
from reportkit.records.office import OfficeRecords

DAY = D(2023, 4, 12)


def pairings(*groups: tuple[str, ...]) -> OfficeRecords:
    """The office's workbook with 旁听结对 alone."""
    office = OfficeRecords("checks/2023.xlsx", Log("checks/2023.xlsx"))
    for number, units in enumerate(groups, 1):
        office.rows["pairings"] += [
            {"year": 2023, "group_no": str(number), "unit_id": unit, **source("x", "旁听结对", 2)}
            for unit in units
        ]
    return office


def the_visit(sent: Sent) -> dict[str, Any]:
    """The one visit of a unit, without where it stands."""
    (row,) = sent.part.rows["visits"]
    return {k: v for k, v in row.items() if not k.startswith("source_") and v is not None}


def test_both_sides_become_one_row_with_what_each_knows() -> None:
    """The host knows the session, the observer what it saw; the row is the observer's."""
    a = Sent("aa").visit("旁听", "bb", DAY, feedback_on=D(2023, 4, 20), highlights="主讲准备充分")
    b = Sent("bb").session(3, DAY).visit(
        "被旁听", "aa", DAY, session_id="bb/3", problems="时间偏紧")  # fmt: skip
    assert settled(b, a) == []
    assert the_visit(a) == {
        "visit_id": "aa/bb/2023-04-12", "observer_unit": "aa", "host_unit": "bb",
        "session_id": "bb/3", "date": DAY, "feedback_on": D(2023, 4, 20),
        "highlights": "主讲准备充分", "problems": "时间偏紧", "reported_by": "双方",
    }  # fmt: skip
    assert a.part.rows["visits"][0]["source_file"] == "submissions/2023/aa.xlsx"
    assert b.part.rows["visits"] == []


def test_one_text_of_both_sides_stands_once() -> None:
    """Texts that differ are both kept, the observer's first."""
    a = Sent("aa").visit("旁听", "bb", DAY, highlights="同", problems="甲")
    b = Sent("bb").visit("被旁听", "aa", DAY, highlights="同", problems="乙")
    settled(a, b)
    assert the_visit(a)["highlights"] == "同" and the_visit(a)["problems"] == "甲；乙"


def test_one_side_alone_is_told_what_the_other_should_send() -> None:
    """The visit counts by one side; the issue names the other unit and the row that it lacks."""
    a = Sent("aa").visit("旁听", "bb", DAY)
    c = Sent("cc").visit("被旁听", "aa", DAY)
    assert settled(a, Sent("bb"), c) == [
        ("aa", "visit_unmatched", "旁听记录", "A2", "bb"),
        ("cc", "visit_unmatched", "旁听记录", "A2", "aa"),
    ]
    assert texts(a) == [
        ("2023-04-12 旁听“BB”，对方未报送这次旁听",
         "“BB”的“旁听记录”中有 2023-04-12 被旁听“AA”的一行",
         "暂按一方报送计；请“BB”补报，或核对日期和对方单位"),
    ]  # fmt: skip
    assert texts(c)[0][:2] == (
        "2023-04-12 被“AA”旁听，对方未报送这次旁听",
        "“AA”的“旁听记录”中有 2023-04-12 旁听“CC”的一行",
    )  # fmt: skip
    assert the_visit(a)["reported_by"] == "旁听单位"
    assert the_visit(c)["reported_by"] == "被旁听单位"
    assert the_visit(c)["visit_id"] == "aa/cc/2023-04-12"


def test_a_side_without_any_submission_is_said_so() -> None:
    """There is nobody to compare with."""
    a = Sent("aa").visit("旁听", "bb", DAY)
    settled(a)
    assert texts(a)[0][0] == "2023-04-12 旁听“BB”，对方没有可用的报送"


def test_dates_a_little_apart_are_one_visit_by_the_host_s_date() -> None:
    """Three days apart and no other candidate: corrected, with both dates, at both rows."""
    a = Sent("aa").visit("旁听", "bb", D(2023, 4, 9))
    b = Sent("bb").session(3, DAY).visit("被旁听", "aa", DAY, session_id="bb/3")
    assert settled(a, b) == [
        ("aa", "visit_dates_differ", "旁听记录", "A2", None),
        ("bb", "visit_dates_differ", "旁听记录", "A2", None),
    ]
    assert texts(a)[0][0] == "旁听日期：本单位 2023-04-09，“BB” 2023-04-12"
    assert texts(b)[0][0] == "旁听日期：本单位 2023-04-12，“AA” 2023-04-09"
    assert (the_visit(a)["date"], the_visit(a)["visit_id"]) == (DAY, "aa/bb/2023-04-12")


def test_four_days_apart_or_two_candidates_are_no_match() -> None:
    """Nothing is guessed: each side then stands alone."""
    a = Sent("aa").visit("旁听", "bb", D(2023, 4, 8)).visit("旁听", "cc", DAY)
    b = Sent("bb").visit("被旁听", "aa", DAY)
    c = Sent("cc").visit("被旁听", "aa", D(2023, 4, 11)).visit("被旁听", "aa", D(2023, 4, 14))
    assert {code for _, code, *_ in settled(a, b, c)} == {"visit_unmatched"}
    assert len(ids(a, "visits", "visit_id")) == 2 and len(ids(c, "visits", "visit_id")) == 2


def test_the_same_day_goes_before_a_near_one() -> None:
    """Two visits in one week are told apart by their days."""
    a = Sent("aa").visit("旁听", "bb", DAY).visit("旁听", "bb", D(2023, 4, 13))
    b = Sent("bb").visit("被旁听", "aa", D(2023, 4, 13)).visit("被旁听", "aa", D(2023, 4, 16))
    assert [c for _, c, *_ in settled(a, b)] == ["visit_unmatched", "visit_unmatched"]
    told = {row["visit_id"]: row["reported_by"] for row in a.part.rows["visits"]}
    assert told == {"aa/bb/2023-04-12": "旁听单位", "aa/bb/2023-04-13": "双方"}


def test_feedback_on_two_days_is_said_at_both_rows() -> None:
    """The observer gave it, so its day stands for now."""
    a = Sent("aa").visit("旁听", "bb", DAY, feedback_on=D(2023, 4, 20))
    b = Sent("bb").visit("被旁听", "aa", DAY, feedback_on=D(2023, 4, 25))
    assert settled(a, b) == [
        ("aa", "visit_feedback_differs", "旁听记录", "A2", None),
        ("bb", "visit_feedback_differs", "旁听记录", "A2", None),
    ]
    assert the_visit(a)["feedback_on"] == D(2023, 4, 20)
    only = Sent("aa").visit("旁听", "bb", DAY)
    settled(only, Sent("bb").visit("被旁听", "aa", DAY, feedback_on=D(2023, 4, 25)))
    assert the_visit(only)["feedback_on"] == D(2023, 4, 25)


def test_a_session_that_the_host_did_not_hold_is_not_taken_over() -> None:
    """A cancelled session was visited by nobody."""
    a = Sent("aa").visit("旁听", "bb", DAY)
    b = Sent("bb").session(3, DAY, cancelled=True).visit("被旁听", "aa", DAY, session_id="bb/3")
    assert settled(a, b) == [("bb", "visit_session", "旁听记录", "A2", None)]
    assert "session_id" not in the_visit(a)
    assert texts(b)[0][0] == "学习序号 3"


def test_a_visited_session_that_counts_with_a_predecessor_is_named_there() -> None:
    """The successor's copy of it is gone; the visit leads to the one that stands."""
    day = D(2023, 4, 12)
    old = Sent("old").session(1, day)
    a = Sent("aa").session(7, day).visit("被旁听", "bb", day, session_id="aa/7")
    b = Sent("bb").visit("旁听", "aa", day)
    assert [code for _, code, *_ in settled(old, a, b)] == ["merged_unit_twice"]
    assert the_visit(b)["session_id"] == "old/1"


def test_visits_outside_the_year_s_pairings_are_warned_of() -> None:
    """Only if there are pairings; both sides hear of it, and units paired otherwise do not."""

    def sent() -> tuple[Sent, Sent, Sent]:
        return (
            Sent("aa").visit("旁听", "bb", DAY).visit("旁听", "cc", DAY),
            Sent("bb").visit("被旁听", "aa", DAY),
            Sent("cc").visit("被旁听", "aa", DAY),
        )

    a, b, c = sent()
    assert settled(a, b, c, office=pairings(("aa", "cc"), ("bb", "hq"))) == [
        ("aa", "visit_unpaired", "旁听记录", "A2", "bb"),
        ("bb", "visit_unpaired", "旁听记录", "A2", "aa"),
    ]
    assert settled(*sent(), office=pairings()) == []
    assert settled(*sent()) == []


def test_a_second_visit_on_one_day_has_an_id_of_its_own() -> None:
    """The key of the table stays unique."""
    a = Sent("aa").visit("旁听", "bb", DAY).visit("旁听", "bb", DAY)
    settled(a, Sent("bb").visit("被旁听", "aa", DAY), params=parameters())
    assert ids(a, "visits", "visit_id") == ["aa/bb/2023-04-12", "aa/bb/2023-04-12/2"]
    assert ids(a, "visits", "reported_by") == ["双方", "旁听单位"]


def test_the_states_of_values_follow_the_joined_row() -> None:
    """Each stands once, under the row's own id, and only for what is still empty."""
    a = Sent("aa").visit("旁听", "bb", D(2023, 4, 11), highlights="好")
    a.value("visits", "aa/bb/2023-04-11", "feedback_on").value(
        "visits", "aa/bb/2023-04-11", "problems")  # fmt: skip
    b = Sent("bb").visit("被旁听", "aa", DAY, problems="时间偏紧")
    b.value("visits", "aa/bb/2023-04-12", "feedback_on").value(
        "visits", "aa/bb/2023-04-12", "highlights")  # fmt: skip
    b.value("sessions", "bb/1", "form")
    settled(a, b)
    states = [(r["table"], r["row_key"], r["column"])
              for s in (a, b) for r in s.part.rows["value_states"]]  # fmt: skip
    assert states == [("visits", "aa/bb/2023-04-12", "feedback_on"), ("sessions", "bb/1", "form")]
