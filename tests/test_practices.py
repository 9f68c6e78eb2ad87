"""Which practices are fit for praise, and what speaks against each of the others."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from reportkit.findings import Finding, evaluate
from reportkit.metrics.indicator import Indicator
from reportkit.metrics.registry import BY_ID
from reportkit.params import Rule
from reportkit.practices import candidates

HELD = {"aa/1", "aa/2", "bb/1"}


def practice(**fields: Any) -> dict[str, Any]:
    """A practice of aa that cites a session which was held."""
    plain = {
        "practice_id": "aa/1", "unit_id": "aa", "kind": "制度", "name": "首讲负责",
        "sessions": "aa/1", "outcome": None, "award": None, "issuer": None,
    }  # fmt: skip
    return {**plain, **fields}


def finding(value: float, *, contradicts: tuple[str, ...] = (), rule_id: str = "r") -> Finding:
    """M4 held against 80%."""
    rule = Rule.model_validate({
        "rule_id": rule_id, "theme": "t", "metric": "M4", "comparison": "below", "threshold": 0.8,
        "unit_pattern": f"{rule_id}参学率{{value}}", "group_pattern": "{quantifier}低",
        "requirement": "严格考勤", "deadline": dt.date(2024, 6, 30), "contradicts": contradicts,
    })  # fmt: skip
    return evaluate(rule, Indicator(BY_ID["M4"], "已报", value), unit_id="aa")


def judged(row: dict[str, Any], *found: Finding) -> tuple[str, tuple[str, ...], bool]:
    """What is said of one practice: unsupported, contradicted, fit."""
    (one,) = candidates([row], HELD, {"aa": found})
    return one.unsupported, one.contradicted, one.fit


@pytest.mark.parametrize("fields", [
    {},
    {"sessions": "aa/1、aa/2"},
    {"kind": "形式"},
    {"kind": "品牌学习法"},
    {"kind": "成果转化", "outcome": "已落地"},
    {"kind": "荣誉", "award": "示范点", "issuer": "属地党委", "sessions": None},
])  # fmt: skip
def test_what_its_records_bear_out_is_fit(fields: dict[str, Any]) -> None:
    """Sessions that were held; of a 成果转化 its outcome; of an honour what, and from whom."""
    assert judged(practice(**fields)) == ("", (), True)


@pytest.mark.parametrize(("fields", "why"), [
    ({"sessions": None}, "未注明相关学习"),
    ({"sessions": ""}, "未注明相关学习"),
    ({"sessions": float("nan")}, "未注明相关学习"),
    ({"sessions": "aa/9"}, "所列学习9未举行或不属中心组学习"),
    ({"sessions": "aa/1、aa/8、aa/9"}, "所列学习8、9未举行或不属中心组学习"),
    ({"kind": "成果转化"}, "未填成效"),
    ({"kind": "成果转化", "outcome": float("nan")}, "未填成效"),
    ({"kind": "荣誉", "issuer": "属地党委"}, "未填获奖情况"),
    ({"kind": "荣誉", "award": "示范点"}, "未填颁发单位"),
    ({"kind": "荣誉"}, "未填获奖情况、颁发单位"),
])  # fmt: skip
def test_a_claim_that_is_not_borne_out_says_what_is_lacking(
    fields: dict[str, Any], why: str
) -> None:
    """No session named, one cancelled or counted as something else, no outcome, no award."""
    assert judged(practice(**fields)) == (why, (), False)


def test_a_finding_of_the_unit_speaks_against_the_kinds_that_its_rule_names() -> None:
    """With its sentence as the reason; other kinds and other units are not touched."""
    hit = finding(0.5, contradicts=("制度", "形式"))
    assert judged(practice(), hit) == ("", (hit.sentence,), False)
    assert judged(practice(kind="品牌学习法"), hit)[2]
    (other,) = candidates([practice(unit_id="bb", sessions="bb/1")], HELD, {"aa": [hit]})
    assert other.fit


@pytest.mark.parametrize("found", [finding(0.9, contradicts=("制度",)), finding(0.5)])
def test_a_finding_that_is_not_hit_or_names_no_kind_speaks_against_nothing(found: Finding) -> None:
    """A rule in order; a rule without contradicts."""
    assert judged(practice(), found)[2]


def test_a_blank_speaks_against_nothing() -> None:
    """数据不足 and 未核查 are no fault, so they belie no practice."""
    rule = finding(0.5, contradicts=("制度",)).rule
    for state in ("未报", "未核查", "数据不足", "不适用", "未到期"):
        unknown = evaluate(rule, Indicator(BY_ID["M4"], state))  # type: ignore[arg-type]
        assert judged(practice(), unknown)[2]


def test_every_reason_is_told() -> None:
    """A claim without sessions that two findings belie: three clauses, in one."""
    found = [finding(value, contradicts=("制度",), rule_id=f"r{n}")
             for n, value in enumerate((0.5, 0.6))]  # fmt: skip
    (one,) = candidates([practice(sessions=None)], HELD, {"aa": found})
    assert one.against == "未注明相关学习；r0参学率50%；r1参学率60%"


def test_a_unit_of_which_nothing_was_found_is_judged_by_its_claims_alone() -> None:
    """No entry in findings: a unit merged, or one that no rule was held against."""
    (one,) = candidates([practice()], HELD, {})
    assert one.fit and one.against == ""
    assert candidates([], HELD, {}) == []
