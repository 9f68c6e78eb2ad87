"""The year's rules held against a unit."""

from __future__ import annotations

from dataclasses import replace

from reportkit import findings as rules
from reportkit import reads
from reportkit.annual.indicators import Indicators
from reportkit.annual.year import Annual
from reportkit.findings import Finding, Outcome


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
    found = [
        rules.evaluate(
            rule, indicators[rule.metric], unit_id=unit_id, number=params.finding_number(rule),
            repeated=rule.rule_id in before,
        )
        for rule in params.rules
        if rule.enabled
    ]  # fmt: skip
    barred = _count_barred(annual, unit_id)
    if barred is not None:
        found = [
            replace(f, outcome=barred, repeated=False) if f.indicator.metric.kind == "count" else f
            for f in found
        ]
    if reads.reading():
        reads.note(f"{reads.FINDINGS}/{annual.time}", unit_id, rules.as_shown(found))
    return found


def _count_barred(annual: Annual, unit_id: str) -> Outcome | None:
    """Why a year's line for a count is not held against a unit; None where it is.

    Of a part of the year it is 未到期; of a unit that was not there all the year 不适用.
    """
    if annual.frames.ends_early:
        return "未到期"
    unit = annual.units[unit_id]
    whole = unit.valid_from <= annual.params.first_day and unit.in_being_on(annual.cutoff)
    return None if whole else "不适用"
