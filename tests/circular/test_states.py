"""What becomes of each state of a value in a paper: a blank is never a zero, nor in order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from circular_support import YEAR, text_of
from frames_builder import (
    account,
    attended,
    check,
    day,
    member,
    params,
    report,
    research,
    session,
    speech,
    unit,
)  # fmt: skip
from small_group import put_year, small_home

from reportkit.circular import UnitCircular, open_group, open_unit
from reportkit.params import YearParams

HELD = [session(f"aa/{n}", f"{3 * n - 2}-8") for n in (1, 2, 3, 4)]
PEOPLE = [member("aa/张"), member("aa/李")]


def rule(rule_id: str, metric: str, threshold: float, **fields: Any) -> dict[str, Any]:
    """A rule that tells a unit its figure."""
    return {
        "rule_id": rule_id, "theme": "t", "metric": metric, "comparison": "below",
        "threshold": threshold, "unit_pattern": f"{rule_id}为{{value}}",
        "group_pattern": f"{{quantifier}}{rule_id}偏低", "requirement": f"抓好{rule_id}",
        "deadline": "2024-06-30", **fields,
    }  # fmt: skip


RULES = [
    rule("attendance", "M4", 0.8),
    rule("reports", "M9a", 0.9),
    rule("ledgers", "M10a", 1.0),
    rule("accounts", "M14", 1.0),
]
NAMES = {"attendance": "班子成员年度平均参学率", "reports": "一学一报率", "ledgers": "“三簿”齐全率",
         "accounts": "述学率"}  # fmt: skip


def year(**fields: Any) -> YearParams:
    """A year of these rules."""
    periods = {f"{YEAR}H1": {"issued_on": f"{YEAR}-07-12"}}
    plain = {"themes": [{"key": "t", "title": "题"}], "rules": RULES, "periods": periods}
    return params(**{**plain, **fields})


GOOD: dict[str, Any] = {
    "members": PEOPLE,
    "sessions": HELD,
    "attendance": [*attended("aa/张", "出出出出"), *attended("aa/李", "出出缺出")],
    "session_reports": [report(f"aa/{n}", f"{3 * n - 2}-9") for n in (1, 2, 3, 4)],
    "archive_checks": [check(item, "有") for item in ("签到簿", "学习记录簿", "研讨发言簿")],
    "accounts": [account("aa/张"), account("aa/李")],
    "speeches": [speech("aa/1", "aa/张")],
}


def opened(root: Path, *, unreported: dict[str, list[str]] | None = None, **rows: Any
           ) -> UnitCircular:  # fmt: skip
    """The paper of a unit in which all is well, but for ``rows`` and what is ``unreported``."""
    home = small_home(root)
    put_year(home, year=year(), unreported=unreported, **{**GOOD, **rows})
    return open_unit("aa", YEAR, home=home)


def outcomes(r: UnitCircular) -> dict[str, str]:
    """What each rule said."""
    return {finding.rule.rule_id: finding.outcome for finding in r._findings}


def test_all_in_order_is_told_as_checked(tmp_path: Path) -> None:
    """未触发 ×4: named as in order; no 整改台账; nothing unchecked is mentioned."""
    r = opened(tmp_path)
    assert set(outcomes(r).values()) == {"未触发"}
    text = text_of([r.findings()])
    checked = next(line for line in text.splitlines() if line.startswith("经核查"))
    assert all(name in checked for name in NAMES.values())
    assert "未核查" not in text and "未作评价" not in text
    assert len(r.rectification_table()) == 0


def test_a_fault_is_told_with_its_figure(tmp_path: Path) -> None:
    """触发: 3 of 4 reports are 75%, below 90%; the other three are in order."""
    r = opened(tmp_path, session_reports=GOOD["session_reports"][:3])
    assert outcomes(r) == {
        "attendance": "未触发", "reports": "触发", "ledgers": "未触发", "accounts": "未触发",
    }  # fmt: skip
    text = text_of([r.findings()])
    assert "reports为75%（3/4）" in text
    assert "抓好reports" in text_of([r.requirements()])
    (table,) = r.rectification_table()
    assert table.fields["rows"][0][:3] == ["WT-02", "reports为75%（3/4）", "抓好reports"]


@pytest.mark.parametrize(("table", "rules"), [
    ("attendance", {"attendance"}),
    ("accounts", {"accounts"}),
    ("members", {"attendance", "accounts"}),
    ("session_reports", {"reports"}),
    ("sessions", {"attendance", "reports"}),
])  # fmt: skip
def test_what_was_left_blank_is_no_fault(tmp_path: Path, table: str, rules: set[str]) -> None:
    """数据不足 of all that cannot do without the table: told so, not blamed, not praised."""
    r = opened(tmp_path, unreported={"aa": [table]}, **{table: []})
    found = outcomes(r)
    assert {rule_id for rule_id, outcome in found.items() if outcome == "数据不足"} == rules
    assert "触发" not in found.values()
    text = text_of([r.findings()])
    said = next(line for line in text.splitlines() if line.endswith("未作评价。"))
    checked = next(line for line in text.splitlines() if line.startswith("经核查"))
    for rule_id, name in NAMES.items():
        assert (name in said, name in checked) == (rule_id in rules, rule_id not in rules)


def test_too_few_sessions_to_judge_a_person_is_data_lacking(tmp_path: Path) -> None:
    """Three expected sessions of at least four: M4 says 数据不足, though all were absent."""
    rows = {
        "sessions": HELD[:3],
        "attendance": [*attended("aa/张", "缺缺缺"), *attended("aa/李", "缺缺缺")],
        "session_reports": GOOD["session_reports"][:3],
    }
    assert outcomes(opened(tmp_path, **rows))["attendance"] == "数据不足"


def test_too_few_to_judge_is_not_told_as_an_incomplete_submission(tmp_path: Path) -> None:
    """One report of at least three: the unit sent all there was, and is not blamed for gaps."""
    home = small_home(tmp_path)
    rules = [rule("outcome", "M18b", 0.3, minimum_n=3)]
    put_year(
        home, year=year(rules=rules), research=[research("aa/1", "aa/张", "3-8", "已采纳")], **GOOD
    )
    r = open_unit("aa", YEAR, home=home)
    assert outcomes(r) == {"outcome": "数据不足"}
    text = text_of([r.findings()])
    assert "调研成果转化率" in text and "不全" not in text


def test_what_the_office_did_not_check_is_unchecked(tmp_path: Path) -> None:
    """未核查: told as such; a check whose every item is 未查 or 不适用 tells no more."""
    items = ("签到簿", "学习记录簿", "研讨发言簿")
    states = ("未查", "未查", "不适用")
    checks = [check(item, state) for item, state in zip(items, states, strict=True)]
    for n, rows in enumerate(([], checks)):
        r = opened(tmp_path / str(n), archive_checks=rows)
        assert outcomes(r)["ledgers"] == "未核查"
        assert "“三簿”齐全率未核查。" in text_of([r.findings()])


def test_what_does_not_apply_is_not_mentioned(tmp_path: Path) -> None:
    """不适用: a unit merged in June owes no account at the year's end."""
    gone = unit("aa", short_name="甲岭矿业", order=1, valid_to=day("6-30"), successor_id="bb")
    units = [unit("hq", level="group", order=0), gone, unit("bb", order=2)]
    home = small_home(tmp_path, units)
    rows = {**GOOD, "sessions": HELD[:2], "session_reports": GOOD["session_reports"][:2]}
    rows["attendance"] = [*attended("aa/张", "出出"), *attended("aa/李", "出出")]
    put_year(home, units, year=year(), **rows)
    r = open_unit("aa", YEAR, home=home)
    assert outcomes(r)["accounts"] == "不适用"
    assert "述学率" not in text_of([r.findings()])


def test_what_is_switched_off_is_in_no_paper(tmp_path: Path) -> None:
    """A rule on a metric that the office does not use: 不适用, whatever the records hold."""
    home = small_home(tmp_path)
    put_year(home, year=year(switched_off=["M10"]), **{**GOOD, "archive_checks": []})
    r = open_unit("aa", YEAR, home=home)
    assert outcomes(r)["ledgers"] == "不适用" and "三簿" not in text_of([r.findings()])
    definitions = list(open_group(YEAR, home=home).annexes(["M1"]))[3]
    assert "“三簿”齐全率" not in [row[1] for row in definitions.fields["rows"]]


def test_what_is_not_due_is_not_judged(tmp_path: Path) -> None:
    """未到期: at the half-year nobody is told that accounts are lacking."""
    home = small_home(tmp_path)
    put_year(home, year=year(), **{**GOOD, "accounts": []})
    assert outcomes(open_unit("aa", YEAR, home=home))["accounts"] == "触发"
    r = open_unit("aa", YEAR, f"{YEAR}H1", home=home)
    assert outcomes(r)["accounts"] == outcomes(r)["attendance"] == "未到期"
    assert outcomes(r)["reports"] == "未触发"


def test_a_reported_zero_is_a_fault(tmp_path: Path) -> None:
    """零 is a value: no report received of four held is 0%, and is told."""
    r = opened(tmp_path, session_reports=[report("aa/1", None)])
    assert outcomes(r)["reports"] == "触发"
    assert "reports为0%（0/4）" in text_of([r.findings()])


def test_every_state_occurs_over_the_demo(demo_home: Path) -> None:
    """The demo shows them all but 未到期, which only a part of a year has."""
    g = open_group(YEAR, home=demo_home)
    whole = {f.outcome for found in g.all_findings for f in found.findings.values()}
    assert whole == {"触发", "未触发", "数据不足", "未核查", "不适用"}
    third = open_group(YEAR, f"{YEAR}Q3", home=demo_home)
    part = {f.outcome for found in third.all_findings for f in found.findings.values()}
    assert "未到期" in part


@pytest.mark.parametrize(("lines", "present", "faulty"), [
    ((0.8, 0.6), "出出缺缺", True),  # 75%: below the first line, not below the second
    ((0.8, 0.6), "出出出出", False),
])  # fmt: skip
def test_a_metric_with_a_fault_is_not_in_order_as_well(
    tmp_path: Path, lines: tuple[float, float], present: str, faulty: bool
) -> None:
    """Two rules of one metric, one hit: the paper does not blame it and praise it at once."""
    home = small_home(tmp_path)
    both = [rule("low", "M4", lines[0]), rule("lowest", "M4", lines[1])]
    attendance = [*attended("aa/张", "出出出出"), *attended("aa/李", present)]
    put_year(home, year=year(rules=both), **{**GOOD, "attendance": attendance})
    r = open_unit("aa", YEAR, home=home)
    assert outcomes(r) == {"low": "触发" if faulty else "未触发", "lowest": "未触发"}
    text = text_of([r.findings()])
    checked = [line for line in text.splitlines() if line.startswith("经核查")]
    assert any(NAMES["attendance"] in line for line in checked) != faulty


def test_a_rule_that_is_not_to_be_rectified_asks_and_lists_nothing(tmp_path: Path) -> None:
    """rectify: false — told and required, but no row of the 整改台账."""
    home = small_home(tmp_path)
    rules = [rule("reports", "M9a", 0.9, rectify=False), rule("accounts", "M14", 1.0)]
    rows = {**GOOD, "session_reports": GOOD["session_reports"][:3], "accounts": []}
    put_year(home, year=year(rules=rules), **rows)
    r = open_unit("aa", YEAR, home=home)
    assert set(outcomes(r).values()) == {"触发"}
    text = text_of([r.findings(), r.requirements()])
    assert "reports为75%" in text and "抓好reports" in text
    (table,) = r.rectification_table()
    assert [row[0] for row in table.fields["rows"]] == ["WT-02"]
