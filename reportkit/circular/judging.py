"""The year's rules held against a unit."""

from __future__ import annotations

from reportkit import findings as rules
from reportkit.annual import Annual, Indicators
from reportkit.findings import Finding


def findings_of(annual: Annual, unit_id: str, indicators: Indicators) -> list[Finding]:
    """Every enabled rule held against a unit, and against its last year by last year's rules.

    集团本级 counts in totals alone: no rule is held against it.
    """
    if annual.units[unit_id].level == "group":
        return []
    params, last = annual.params, annual.last
    before: set[str] = set()
    # A paper on a part of the year repeats nothing: the year before, none was told of its part.
    if last is not None and annual.period is None and unit_id in last.frames.unit_frame.index:
        past = last.of_unit(unit_id)
        before = {
            rule.rule_id for rule in last.params.rules
            if rule.enabled and rules.outcome_of(rule, past[rule.metric]) == "触发"
        }  # fmt: skip
    return [
        rules.evaluate(
            rule, indicators[rule.metric], unit_id=unit_id, number=params.finding_number(rule),
            repeated=rule.rule_id in before,
        )
        for rule in params.rules
        if rule.enabled
    ]  # fmt: skip
