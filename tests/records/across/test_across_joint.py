"""联学: one number in several units, its dates, and the line that reconciles the totals."""

from __future__ import annotations

from across_support import D, Sent, parameters, settled, texts

DAY = D(2023, 5, 18)


def test_one_line_reconciles_each_joint_session() -> None:
    """It stands at the group's own level, names how many units count it, and the difference."""
    hq = Sent("hq").session(1, D(2023, 1, 5)).session(2, DAY, joint_id="LX1")
    a, b = Sent("aa").session(1, DAY, joint_id="LX1"), Sent("bb").session(1, DAY, joint_id="LX1")
    assert settled(b, a, hq) == [("hq", "joint_sessions", "学习情况", "A3", "LX1")]
    assert texts(hq) == [
        ("联学 LX1：3个单位填报，计入集体学习3次（各单位各计1次）",
         "集团合计每单位各计1次", "集团合计每单位各计1次，与只计1次的口径相差2次"),
    ]  # fmt: skip


def test_counted_once_the_line_says_what_the_total_leaves_out() -> None:
    """Without the group's own level it stands at the first unit; 读书班 is not in M1."""
    a, b = Sent("aa").session(1, DAY, joint_id="LX1"), Sent("bb").session(1, DAY, joint_id="LX1")
    c = Sent("cc").session(1, DAY, joint_id="LX1", kind="读书班", counted_as="读书班")
    params = parameters(metrics={"joint_sessions": "once"})
    assert settled(c, b, a, params=params) == [
        ("aa", "joint_sessions", "学习情况", "A2", "LX1")
    ]  # fmt: skip
    assert texts(a) == [
        ("联学 LX1：3个单位填报，计入集体学习2次（各单位各计1次）",
         "集团合计只计1次", "集团合计只计1次，各单位之和比集团合计多1次"),
    ]  # fmt: skip


def test_a_number_of_one_unit_alone_is_said() -> None:
    """A cancelled session elsewhere does not make it joint."""
    a = Sent("aa").session(1, DAY, joint_id="LX1")
    b = Sent("bb").session(1, DAY, joint_id="LX1", cancelled=True)
    assert settled(a, b) == [("aa", "joint_alone", "学习情况", "A2", "LX1")]


def test_another_day_than_most_is_said_there_alone() -> None:
    """Two say 18 May, one says the 19th: that one hears of it."""
    a, b = Sent("aa").session(1, DAY, joint_id="LX1"), Sent("bb").session(1, DAY, joint_id="LX1")
    c = Sent("cc").session(1, D(2023, 5, 19), joint_id="LX1")
    assert settled(a, b, c) == [
        ("aa", "joint_sessions", "学习情况", "A2", "LX1"),
        ("cc", "joint_dates", "学习情况", "A2", "LX1"),
    ]
    assert texts(c)[0][0] == "联学编号 LX1：本单位 2023-05-19，“AA”“BB” 2023-05-18"


def test_where_no_day_prevails_all_hear_of_it() -> None:
    """Of two days each may be the right one."""
    a = Sent("aa").session(1, DAY, joint_id="LX1")
    b = Sent("bb").session(1, D(2023, 5, 19), joint_id="LX1", end=D(2023, 5, 20))
    assert settled(a, b) == [
        ("aa", "joint_dates", "学习情况", "A2", "LX1"),
        ("aa", "joint_sessions", "学习情况", "A2", "LX1"),
        ("bb", "joint_dates", "学习情况", "A2", "LX1"),
    ]
    assert "“BB” 2023-05-19 至 2023-05-20" in texts(a)[0][0]
