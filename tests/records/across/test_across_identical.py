"""Two units that sent the same: warned at both, each naming the other."""

from __future__ import annotations

import pytest
from across_support import D, Sent, said, settled, texts, unit

from reportkit.params import Units


def held(unit_id: str, days: int = 3, **more: object) -> Sent:
    """A unit with sessions on the first days of March, attended by 张伟."""
    sent = Sent(unit_id).member("张伟")
    for n in range(1, days + 1):
        sent.session(n, D(2023, 3, n), f"学习{n}", there=["张伟"], host="张伟", **more)
    return sent


def test_the_same_sessions_in_two_units_are_said_at_both() -> None:
    """Ids differ, everything else is the same: hosts and attendance are named too."""
    a, b = held("aa"), held("bb")
    assert settled(a, b) == [
        ("aa", "identical_submissions", "学习情况", None, "sessions/aa、bb"),
        ("bb", "identical_submissions", "学习情况", None, "sessions/aa、bb"),
    ]
    assert texts(a)[0][0] == "“学习情况”的3行与“BB”的完全相同（含主持人、考勤）"
    assert texts(b)[0][0] == "“学习情况”的3行与“AA”的完全相同（含主持人、考勤）"


def test_the_same_sessions_with_other_people_are_said_without_attendance() -> None:
    """A copied sheet in which only the names were changed is still a copied sheet."""
    a, b = held("aa"), held("bb")
    b.part.rows["members"][0]["name"] = "李娜"
    settled(a, b)
    assert texts(a)[0][0] == "“学习情况”的3行与“BB”的完全相同"


@pytest.mark.parametrize("column, value", [
    ("start", D(2023, 3, 4)), ("hours", 3.0), ("title", "另一次"), ("expected", 9),
])  # fmt: skip
def test_one_cell_that_differs_makes_another_sheet(column: str, value: object) -> None:
    """Units of one group may well do much the same."""
    a, b = held("aa"), held("bb")
    b.part.rows["sessions"][2][column] = value
    assert [s for s in settled(a, b) if s[1] == "identical_submissions"] == []


def test_two_rows_may_be_the_same_by_chance_and_joint_sessions_are() -> None:
    """Fewer than three rows say nothing, nor do 联学."""
    assert settled(held("aa", 2), held("bb", 2)) == []
    a, b = held("aa"), held("bb")
    for sent in (a, b):
        for n, row in enumerate(sent.part.rows["sessions"]):
            row["joint_id"] = f"LX{n}"
    assert {s[1] for s in settled(a, b)} == {"joint_sessions"}


def test_members_and_practices_are_compared_by_themselves() -> None:
    """A sheet that was left in from another unit's workbook is found."""
    a, b = Sent("aa"), Sent("bb")
    for sent in (a, b):
        sent.member("张伟").member("李娜").member("王强")
        for n in (1, 2, 3):
            sent.practice(n, f"做法{n}")
    assert settled(b, a) == [
        ("bb", "identical_submissions", "成员名单", None, "members/aa、bb"),
        ("bb", "identical_submissions", "经验做法", None, "practices/aa、bb"),
        ("aa", "identical_submissions", "成员名单", None, "members/aa、bb"),
        ("aa", "identical_submissions", "经验做法", None, "practices/aa、bb"),
    ]


def test_a_merged_unit_and_its_successor_are_not_compared() -> None:
    """People who moved with their unit stand in both rosters."""
    old, a = Sent("old"), Sent("aa")
    for sent in (old, a):
        sent.member("张伟").member("李娜").member("王强")
    assert settled(old, a) == []


def test_of_many_units_the_first_five_are_named() -> None:
    """The texts do not grow with the square of the units; none names itself."""
    units = Units(group_name="集团", group_short_name="集团",
                  units=tuple(unit(f"u{n}", n) for n in range(9)))  # fmt: skip
    sent = [held(f"u{n}") for n in range(9)]
    settled(*sent, units=units)
    assert texts(sent[1])[0][0] == (
        "“学习情况”的3行与“U0”“U2”“U3”“U4”“U5”等8个单位的完全相同（含主持人、考勤）"
    )
    assert "“U8”" not in texts(sent[8])[0][0]
    assert {s[4] for s in said(*sent)} == {"sessions/u0、u1、u2、u3、u4等9"}
