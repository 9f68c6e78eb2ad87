"""One person in several units: numbers that clash, accounts, two places on one day."""

from __future__ import annotations

from across_support import D, Sent, ids, settled, texts


def test_one_staff_number_under_two_names_is_told_apart_in_every_table() -> None:
    """Units that number their people themselves never share a person, nor a value's state."""
    a = Sent("aa").member("张伟", "1").member("李娜", "9")
    a.session(1, D(2023, 3, 8), host="张伟", there=["张伟", "李娜"]).speech(1, "张伟")
    a.account("张伟").value("accounts", "1/2023", "date").value("members", "aa/9/2020-01-01", "to")
    a.value("speeches", "aa/1/1/1", "has_paper")
    b = Sent("bb").member("王强", "1").account("王强")
    assert settled(b, a) == [
        ("bb", "shared_staff_number", "成员名单", "A2", "1"),
        ("aa", "shared_staff_number", "成员名单", "A2", "1"),
    ]
    assert ids(a, "members", "person_id") == ["aa/1", "9"]
    assert ids(a, "sessions", "host_id") == ["aa/1"]
    assert ids(a, "attendance", "person_id") == ["aa/1", "9"]
    assert ids(a, "speeches", "person_id") == ids(a, "accounts", "person_id") == ["aa/1"]
    assert ids(b, "accounts", "person_id") == ["bb/1"]
    assert ids(a, "value_states", "row_key") == [
        "aa/1/2023", "aa/9/2020-01-01", "aa/1/aa/1/1",
    ]  # fmt: skip


def test_one_person_in_two_units_keeps_one_number() -> None:
    """The same number under the same name is one person, of whom nothing is said."""
    a, b = Sent("aa").member("张伟", "1"), Sent("bb").member("张伟", "1")
    assert settled(a, b) == []
    assert ids(a, "members", "person_id") == ids(b, "members", "person_id") == ["1"]


def test_an_account_in_two_units_counts_with_the_first_in_official_order() -> None:
    """Which file is read first does not matter; the other unit hears where it counts."""
    a = Sent("aa").member("张伟", "1").account("张伟")
    b = Sent("bb").member("李娜").member("张伟", "1").account("李娜").account("张伟")
    assert settled(b, a) == [("bb", "duplicate", "述学", "A3", "1")]
    assert "“AA”" in texts(b)[0][0]
    assert ids(a, "accounts", "person_id") == ["1"]
    assert ids(b, "accounts", "person_id") == ["bb/李娜"]


def test_two_places_on_one_day_are_said_at_both_rows() -> None:
    """Present in two units' sessions on a day: each unit hears of the other's session."""
    a = Sent("aa").member("张伟", "1").session(1, D(2023, 3, 8), there=["张伟"])
    b = Sent("bb").member("张伟", "1").session(1, D(2023, 3, 7)).session(
        2, D(2023, 3, 8), there=["张伟"])  # fmt: skip
    assert settled(a, b) == [
        ("aa", "two_places", "学习情况", "A2", "1/2023-03-08"),
        ("bb", "two_places", "学习情况", "A3", "1/2023-03-08"),
    ]
    assert texts(a)[0][0] == "“张伟”2023-03-08在本单位（出席），又在“BB”（出席）参加学习"


def test_video_makes_two_places_milder() -> None:
    """By video one may be at both in turn: the text asks to confirm, not to correct."""
    a = Sent("aa").member("张伟", "1").session(1, D(2023, 3, 8), there=["张伟"])
    b = Sent("bb").member("张伟", "1").session(1, D(2023, 3, 8), video=["张伟"])
    settled(a, b)
    for sent in (a, b):
        assert "视频" in texts(sent)[0][2] and "更正考勤" not in texts(sent)[0][2]


def test_several_days_clash_once_on_the_first_shared_day() -> None:
    """A 读书班 of three days and another of two overlap in two days: one pair, one issue each."""
    a = Sent("aa").member("张伟", "1").session(
        1, D(2023, 8, 8), there=["张伟"], end=D(2023, 8, 10))  # fmt: skip
    b = Sent("bb").member("张伟", "1").session(
        1, D(2023, 8, 9), there=["张伟"], end=D(2023, 8, 11))  # fmt: skip
    assert [key for *_, key in settled(a, b)] == ["1/2023-08-09", "1/2023-08-09"]


def test_a_host_is_at_the_session() -> None:
    """Without a list of attendance the host alone is known to have been there."""
    a = Sent("aa").member("张伟", "1").session(1, D(2023, 3, 8), host="张伟")
    b = Sent("bb").member("张伟", "1").session(1, D(2023, 3, 8), there=["张伟"])
    assert [code for _, code, *_ in settled(a, b)] == ["two_places", "two_places"]
    assert "（主持）" in texts(a)[0][0]


def test_what_is_no_clash() -> None:
    """One 联学, a cancelled session, leave, another day, two sessions of one unit."""
    day = D(2023, 3, 8)
    a = Sent("aa").member("张伟", "1").member("李娜", "2")
    a.session(1, day, there=["张伟"], joint_id="LX1").session(2, day, there=["张伟"], title="乙")
    a.part.rows["sessions"][1]["cancelled"] = True
    a.session(3, D(2023, 4, 8), there=["李娜"]).session(
        4, D(2023, 4, 8), there=["李娜"], title="又"
    )
    b = Sent("bb").member("张伟", "1").member("李娜", "2")
    b.session(1, day, there=["张伟"], joint_id="LX1").session(2, D(2023, 4, 9), there=["李娜"])
    b.session(3, D(2023, 4, 8), there=["李娜"])
    b.part.rows["attendance"][-1]["status"] = "公务假"
    assert {code for _, code, *_ in settled(a, b)} == {"joint_sessions"}
