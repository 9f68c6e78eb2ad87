"""Decisions on issues through the whole import: accept, override, waive, and those of nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import yaml
from records_support import Home, of, right_book


def decide(home: Home, *decisions: dict[str, Any]) -> None:
    """Write ``params/decisions/2023.yml``."""
    folder = home.root / "params" / "decisions"
    folder.mkdir(exist_ok=True)
    given = [{"by": "王芳", "why": "已与单位核实", **decision} for decision in decisions]
    text = yaml.safe_dump({"issues": given}, allow_unicode=True)
    (folder / "2023.yml").write_text(text, encoding="utf-8")


def test_an_override_is_read_in_place_of_the_cell(home: Home) -> None:
    """A date that cannot be: the decided day enters, and nothing is refused any more."""
    book = right_book()
    book["学习情况"][1][1] = "2023年2月30日"
    home.put(book)
    refused, effect = [i for i in home.run().issues if (i.sheet, i.cell) == ("学习情况", "B2")]
    assert (refused.severity, refused.code) == ("refused", "bad_span")
    assert "3行因此未采用" in effect.found  # told with its cause, and gone with it
    assert len(home.table("sessions")) == 2
    decide(home, {"code": refused.code, "file": "aa.xlsx", "sheet": "学习情况", "cell": "B2",
                  "decision": "override", "value": dt.date(2023, 3, 8)})  # fmt: skip
    report = home.run()
    assert report.ok and report.decided >= 1
    sessions = home.table("sessions")
    assert len(sessions) == 3
    assert sessions.set_index("session_id").loc["aa/1", "start"].date() == dt.date(2023, 3, 8)
    issue, read = [i for i in report.issues if (i.sheet, i.cell) == ("学习情况", "B2")]
    assert "2023-03-08" in read.action and "王芳" in read.action
    assert (issue.decision, issue.decided_by, issue.why) == ("override", "王芳", "已与单位核实")
    assert not [i for i in report.issues if i.code == "decision_unmatched"]


def test_a_waived_row_enters_and_an_accepted_issue_is_asked_no_more(home: Home) -> None:
    """A term that ends before it begins; and a date in another spelling."""
    book = right_book()
    book["成员名单"].append(["周正", None, "成员", "是", "否", dt.date(2023, 5, 1),
                             dt.date(2023, 2, 1)])  # fmt: skip
    book["述学"][1][1] = "2023.12.20"
    home.put(book)
    first = home.run()
    (refused,) = [i for i in first.issues if i.code == "member_dates"]
    (corrected,) = [i for i in first.issues if i.code == "corrected_date"]
    assert "aa/周正" not in set(home.table("members")["person_id"])
    decide(
        home,
        {"code": "member_dates", "file": "aa.xlsx", "sheet": refused.sheet, "cell": refused.cell,
         "decision": "waive"},
        {"code": "corrected_date", "file": "submissions/2023/aa.xlsx", "sheet": corrected.sheet,
         "cell": corrected.cell, "decision": "accept"},
    )  # fmt: skip
    second = home.run()
    assert second.ok and second.decided == 2
    assert "aa/周正" in set(home.table("members")["person_id"])
    assert not [i for i in of(second, "corrected") if i.open]
    stored = home.table("issues")
    assert set(stored["decision"].dropna()) == {"waive", "accept"}


def test_a_decision_that_meets_nothing_is_reported(home: Home) -> None:
    """The cell was mended since, or holds another content than was decided on."""
    book = right_book()
    book["述学"][1][1] = "2023.12.20"
    home.put(book)
    (issue,) = [i for i in home.run().issues if i.code == "corrected_date"]
    decide(
        home,
        {"code": "bad_date", "file": "aa.xlsx", "sheet": "学习情况", "cell": "B2",
         "decision": "override", "value": dt.date(2023, 3, 8)},
        {"code": "corrected_date", "file": "aa.xlsx", "sheet": "述学", "cell": issue.cell,
         "found": "2023.12.21", "decision": "accept"},
    )  # fmt: skip
    report = home.run()
    told = [i.found for i in report.issues if i.code == "decision_unmatched"]
    assert len(told) == 2 and "学习情况 · B2" in told[0] and "corrected_date" in told[1]
    assert [i.open for i in report.issues if i.code == "corrected_date"] == [True]
    assert home.table("sessions").set_index("session_id").loc["aa/1", "start"].month == 3


def test_an_override_that_is_wrong_itself_is_refused_like_a_cell(home: Home) -> None:
    """The decided value goes through the same reading; it is never taken on trust."""
    book = right_book()
    book["学习情况"][1][1] = "2023年2月30日"
    home.put(book)
    decide(home, {"code": "bad_span", "file": "aa.xlsx", "sheet": "学习情况", "cell": "B2",
                  "decision": "override", "value": "三月某日"})  # fmt: skip
    report = home.run()
    assert not report.ok
    assert len(home.table("sessions")) == 2
