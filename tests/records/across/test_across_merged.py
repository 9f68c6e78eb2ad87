"""A unit that became part of another: its records once, and with it."""

from __future__ import annotations

from across_support import D, Sent, clone, ids, settled, texts


def merged() -> tuple[Sent, Sent]:
    """``old`` was merged into ``aa`` on 30 June; ``aa`` repeats its session of 8 March."""
    old = Sent("old").member("张伟", until=D(2023, 6, 30))
    old.session(1, D(2023, 3, 8), "学习 专题一", there=["张伟"])
    a = Sent("aa").member("李娜").member("张伟", until=D(2023, 6, 30))
    a.session(1, D(2023, 2, 1), "本单位的", there=["李娜"])
    a.session(2, D(2023, 3, 8), "学习专题一", there=["李娜"]).speech(2, "李娜").report(2)
    a.session(3, D(2023, 8, 8), "学习专题一", there=["李娜"])
    return old, a


def test_a_session_that_the_successor_repeats_counts_with_its_own_unit() -> None:
    """With it go its attendance, speeches, report, topics and the states of its values."""
    old, a = merged()
    a.part.rows["session_topics"].append(
        {"session_id": "aa/2", "unit_id": "aa", "topic_code": "2023-01"}
    )
    a.value("sessions", "aa/2", "form").value("attendance", "aa/2/aa/李娜", "makeup_on")
    a.value("sessions", "aa/3", "form")
    assert settled(a, old) == [
        ("aa", "merged_unit_twice", "学习情况", "A3", "old/1"),
        ("aa", "merged_unit_twice", "成员名单", "A3", "aa/张伟/2020-01-01"),
    ]
    assert texts(a)[0] == (
        "2023-03-08 “学习专题一”，“OLD”已报送",
        "“OLD”2023-06-30以前的记录只在该单位的报送中填写",
        "只计一次，计在“OLD”",
    )
    assert ids(a, "sessions", "session_id") == ["aa/1", "aa/3"]
    assert ids(a, "attendance", "session_id") == ["aa/1", "aa/3"]
    assert ids(a, "value_states", "row_key") == ["aa/3"]
    for table in ("session_topics", "speeches", "session_reports"):
        assert a.part.rows[table] == [] and a.part.states[table] == ("零", 0)
    assert a.part.states["sessions"] == ("已报", 0)
    assert ids(old, "sessions", "session_id") == ["old/1"]
    assert ids(a, "members", "name") == ["李娜"] and ids(old, "members", "name") == ["张伟"]


def test_what_the_successor_alone_has_stays() -> None:
    """Its own session before the merger, and one like the predecessor's after it."""
    old, a = merged()
    a.part.rows["sessions"][1]["title"] = "另一次"
    assert [code for _, code, _, cell, _ in settled(old, a) if cell != "A3"] == []
    assert ids(a, "sessions", "session_id") == ["aa/1", "aa/2", "aa/3"]


def test_a_session_of_the_last_day_is_of_the_predecessor_s_time() -> None:
    """30 June, the unit's last day, is its own; 1 July is the successor's."""
    old = Sent("old").session(1, D(2023, 6, 30)).session(2, D(2023, 7, 1))
    a = Sent("aa").session(1, D(2023, 6, 30)).session(2, D(2023, 7, 1))
    assert settled(old, a) == [("aa", "merged_unit_twice", "学习情况", "A2", "old/1")]


def test_two_real_sessions_of_one_day_and_title_are_taken_out_one_for_one() -> None:
    """Of the successor's two only as many go as the predecessor has."""
    old = Sent("old").session(1, D(2023, 3, 8))
    a = Sent("aa").session(1, D(2023, 3, 8)).session(2, D(2023, 3, 8))
    settled(old, a)
    assert ids(a, "sessions", "session_id") == ["aa/2"]


def test_a_cancelled_session_is_not_taken_for_one_that_was_held() -> None:
    """Nothing that was held gets lost to a record that says it was not."""
    old = Sent("old").session(1, D(2023, 3, 8), cancelled=True)
    a = Sent("aa").session(1, D(2023, 3, 8))
    assert settled(old, a) == []


def test_a_joint_session_is_each_unit_s_own() -> None:
    """Both held the group's 联学; only a second row of it, with the other's figures, goes."""
    day = D(2023, 5, 18)
    old = Sent("old").session(1, day, joint_id="LX1", expected=7, present=6)
    a = Sent("aa").session(1, day, joint_id="LX1", expected=9, present=9)
    assert settled(*clone(old, a)) == [("aa", "joint_sessions", "学习情况", "A2", "LX1")]
    twice = Sent("aa").session(1, day, joint_id="LX1", expected=7, present=6)
    twice.session(2, day, joint_id="LX1", expected=9, present=9)
    said = settled(old, twice)
    assert ("aa", "merged_unit_twice", "学习情况", "A2", "old/1") in said
    assert ids(twice, "sessions", "session_id") == ["aa/2"]


def test_practices_and_visits_name_the_session_that_counts() -> None:
    """References to a session taken out lead to the predecessor's."""
    old, a = merged()
    a.practice(1, "首讲负责", "aa/2、aa/3")
    a.visit("被旁听", "bb", D(2023, 3, 8), session_id="aa/2")
    settled(old, a)
    assert ids(a, "practices", "sessions") == ["old/1、aa/3"]


def test_a_chain_of_mergers_counts_with_the_first() -> None:
    """elder → old → aa: what all three have counts with elder alone."""
    elder = Sent("elder").session(1, D(2023, 2, 1))
    old = Sent("old").session(1, D(2023, 2, 1)).session(2, D(2023, 5, 1))
    a = Sent("aa").session(1, D(2023, 2, 1)).session(2, D(2023, 5, 1)).session(3, D(2023, 9, 1))
    assert settled(a, old, elder) == [
        ("aa", "merged_unit_twice", "学习情况", "A2", "elder/1"),
        ("aa", "merged_unit_twice", "学习情况", "A3", "old/2"),
        ("old", "merged_unit_twice", "学习情况", "A2", "elder/1"),
    ]


def test_a_member_whom_remaining_records_need_stays() -> None:
    """No attendance is left without its person; who goes on in the successor stays too."""
    old = Sent("old").member("张伟", until=D(2023, 6, 30)).member("赵敏", until=D(2023, 6, 30))
    a = Sent("aa").member("张伟", until=D(2023, 6, 30)).member("赵敏")
    a.session(1, D(2023, 4, 1), "本单位的", there=["张伟"])
    assert settled(old, a) == []
    assert ids(a, "members", "name") == ["张伟", "赵敏"]


def test_accounts_of_the_predecessor_s_people() -> None:
    """With a number: one person, once. Without: the successor's own member keeps his."""
    old = Sent("old").member("张伟", "1").member("赵敏").member("王强", until=D(2023, 6, 30))
    a = Sent("aa").member("张伟", "1").member("赵敏").member("王强", until=D(2023, 6, 30))
    for sent in (old, a):
        sent.account("张伟").account("赵敏").account("王强")
    assert settled(old, a) == [
        ("aa", "merged_unit_twice", "述学", "A2", "1"),
        ("aa", "merged_unit_twice", "述学", "A4", "aa/王强"),
        ("aa", "merged_unit_twice", "成员名单", "A4", "aa/王强/2020-01-01"),
    ]
    assert ids(a, "accounts", "person_id") == ["aa/赵敏"]
    assert ids(old, "accounts", "person_id") == ["1", "old/赵敏", "old/王强"]


def test_units_that_were_not_merged_never_lose_a_session() -> None:
    """The same day and title in two units is no repetition."""
    a, b = Sent("aa").session(1, D(2023, 3, 8)), Sent("bb").session(1, D(2023, 3, 8))
    assert settled(a, b) == []
