"""What became of last year's findings (上年问题整改情况)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reportkit.annual import Annual
from reportkit.circular.judging import findings_of
from reportkit.findings import Finding
from reportkit.metrics.printed import forget

CARRIED = re.compile(r"(\d{4})-(.+)")
"""The number of a finding carried over, with the year whose papers told of it: 2022-WT-03."""

CLOSED = "已完成"
UNANSWERED = "未反馈"


@dataclass(frozen=True)
class FollowUp:
    """How last year's findings stand, of one unit or of several.

    Parameters
    ----------
    year:
        The year whose papers told of them.
    states:
        One entry a finding: 未反馈, 整改中, 已完成 or 延期.
    open_problems:
        Those that are not 已完成, in words.
    """

    year: int
    states: tuple[str, ...]
    open_problems: tuple[str, ...] = ()
    found_again: int = 0
    """How many are 已完成, and yet this year's rules find the same."""
    carried: tuple[str, ...] = ()
    """The states of those carried over from years before that, where a unit reported on them."""

    @property
    def total(self) -> int:
        return len(self.states)

    @property
    def answered(self) -> int:
        """Findings on which the unit has said something."""
        return sum(state != UNANSWERED for state in self.states)

    @property
    def closed(self) -> int:
        return self.states.count(CLOSED)

    @property
    def unit_sentence(self) -> str:
        """For the unit's own paper: numbers, and the problems that are still open."""
        if not self.total:
            return self._earlier
        text = f"{self.year}年通报指出的问题{self.total}项，{self._progress}"
        if not self.open_problems:
            return f"{text}。{self._earlier}"
        return f"{text}；尚未完成的是：{'；'.join(self.open_problems)}。{self._earlier}"

    @property
    def group_sentence(self) -> str:
        """For the group's: numbers alone, and no unit."""
        if not self.total:
            return self._earlier
        text = f"{self.year}年通报向各单位指出问题{self.total}项，{self._progress}"
        silent = self.total - self.answered
        unanswered = f"，尚有{silent}项未反馈" if silent and self.answered else ""
        return f"{text}{unanswered}。{self._earlier}"

    @property
    def _earlier(self) -> str:
        if not self.carried:
            return ""
        closed = self.carried.count(CLOSED)
        done = f"完成整改{closed}项" if closed else "尚未完成整改"
        return f"此前年度结转的问题{len(self.carried)}项，{done}。"

    @property
    def _progress(self) -> str:
        all_ = "均" if self.total > 1 else ""
        if not self.answered:
            return f"{all_ or '尚'}未反馈"
        again = f"（经核查仍存在{self.found_again}项）" if self.found_again else ""
        if self.closed == self.total:
            return f"{all_}已反馈完成整改{again}"
        done = f"其中完成整改{self.closed}项{again}" if self.closed else "尚未完成整改"
        return f"已反馈{self.answered}项，{done}"


def follow_up(annual: Annual, unit_ids: Iterable[str]) -> FollowUp:
    """Last year's findings of some units, and what they reported of each this year.

    A finding is one that last year's rules found and put into the 整改台账; without last year's
    records it is one that the unit reported on. One without a report is 未反馈.
    """
    wanted = list(unit_ids)
    columns = ["finding_id", "unit_id", "problem", "state"]
    rows = annual.records.read("rectifications", columns, wanted)
    every = {
        (unit, str(finding).rpartition("/")[2]): (str(state), str(problem).rstrip("。；"))
        for finding, unit, problem, state in zip(*(rows[c] for c in columns), strict=True)
    }
    carried = {key: told for key, told in every.items() if CARRIED.fullmatch(key[1])}
    told = {key: each for key, each in every.items() if key not in carried}
    found = told_of(annual.last, wanted) if annual.last else {}
    problems = {key: finding.plain_sentence for key, finding in found.items()}
    problems = problems or {key: problem for key, (_, problem) in told.items()}
    states = {key: told.get(key, (UNANSWERED, ""))[0] for key in problems}
    still_open = [problem for key, problem in problems.items() if states[key] != CLOSED]
    again = _found_again(
        annual, {key: found[key] for key, state in states.items() if state == CLOSED and found}
    )
    earlier = tuple(state for state, _ in carried.values())
    forget()  # last year's rules have printed figures: none is meant by what is told here
    return FollowUp(annual.year - 1, tuple(states.values()), tuple(still_open), again, earlier)


def _found_again(annual: Annual, closed: Mapping[tuple[str, str], Finding]) -> int:
    """How many of these findings of last year this year's rules make again."""
    again = 0
    for unit in {unit for unit, _ in closed}:
        now = findings_of(annual, unit, annual.of_unit(unit))
        hit = {finding.rule.rule_id for finding in now if finding.triggered}
        again += sum(f.rule.rule_id in hit for (u, _), f in closed.items() if u == unit)
    return again


def told_of(annual: Annual, unit_ids: Iterable[str]) -> dict[tuple[str, str], Finding]:
    """(unit_id, number) → the finding, of all that stood in a year's 整改台账."""
    return {
        (unit, finding.number): finding
        for unit in unit_ids
        if unit in annual.frames.unit_frame.index
        for finding in findings_of(annual, unit, annual.of_unit(unit))
        if finding.triggered and finding.rule.rectify
    }
