"""整改情况: what units tell of the faults that last year's papers found with them."""

from __future__ import annotations

import random
from collections.abc import Callable

from reportkit.params import Unit, YearParams
from reportkit.records.demo.profiles import Profile, profile
from reportkit.records.demo.xlsx import Value
from reportkit.records.demo.year import DAY

_FAULTS: dict[str, Callable[[Profile], bool]] = {
    "mandatory_topics": lambda p: p.missed_topics > 0,
    "plan_fulfilment": lambda p: p.plan_unfulfilled,
    "attendance": lambda p: p.absence > 0.25,
    "party_affairs_head": lambda p: p.no_party_affairs_head,
    "discussion_quarters": lambda p: p.silent_quarter > 0,
    "session_reports": lambda p: p.reports_missing > 0.2,
    "session_reports_on_time": lambda p: p.reports_late > 0.3,
    "ledgers": lambda p: p.ledgers_lacking,
    "accounts": lambda p: p.accounts_lacking > 0,
    "speech_coverage": lambda p: p.few_speakers,
    "systems": lambda p: p.systems_lacking,
    "research_coverage": lambda p: p.research_lacking or p.research_none,
    "without_measures": lambda p: p.measures_lacking,
}
"""rule_id → whether a unit of such a profile was told of it."""

_STATES = ("已完成", "整改中", "延期", "未反馈")
_ODDS = (70, 14, 6, 10)


def rectified(
    unit: Unit, k: int | None, before: YearParams | None, rng: random.Random
) -> list[list[Value]]:
    """The rows of 整改情况: number, problem, measure, owner, due, replied, state.

    ``before``: last year's parameters, whose rules gave the findings their numbers; without
    them, or for a unit that got no paper then, there is nothing to tell.
    """
    if before is None or k is None or unit.valid_from >= before.cutoff:
        return []
    then = profile(k, before.year)
    rows: list[list[Value]] = []
    for rule in before.rules:
        if rule.rule_id not in _FAULTS or not _FAULTS[rule.rule_id](then):
            continue
        state = rng.choices(_STATES, _ODDS)[0]
        replied = None if state == "未反馈" else rule.deadline - DAY * rng.randint(3, 25)
        problem = rule.group_pattern.replace("{quantifier}", "")
        rows.append([before.finding_number(rule), problem, rule.requirement, "党群工作部",
                     rule.deadline, replied, state])  # fmt: skip
    return rows
