"""What became of last year's findings (上年问题整改情况)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reportkit.annual import Annual
from reportkit.circular.judging import findings_of

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
        text = f"{self.year}年通报指出的问题{self.total}项，{self._progress}"
        if not self.open_problems:
            return f"{text}。"
        return f"{text}；尚未完成的是：{'；'.join(self.open_problems)}。"

    @property
    def group_sentence(self) -> str:
        """For the group's: numbers alone, and no unit."""
        text = f"{self.year}年通报向各单位指出问题{self.total}项，{self._progress}"
        silent = self.total - self.answered
        return f"{text}，尚有{silent}项未反馈。" if silent and self.answered else f"{text}。"

    @property
    def _progress(self) -> str:
        if not self.answered:
            return "均未反馈"
        if self.closed == self.total:
            return "均已反馈并完成整改"
        done = f"完成整改{self.closed}项" if self.closed else "均未完成整改"
        return f"已反馈{self.answered}项，{done}"


def follow_up(annual: Annual, unit_ids: Iterable[str]) -> FollowUp:
    """Last year's findings of some units, and what they reported of each this year.

    A finding is one that last year's rules found and put into the 整改台账; without last year's
    records it is one that the unit reported on. One without a report is 未反馈.
    """
    wanted = list(unit_ids)
    columns = ["finding_id", "unit_id", "problem", "state"]
    rows = annual.records.read("rectifications", columns, wanted)
    told = {
        (unit, str(finding).rpartition("/")[2]): (str(state), str(problem).rstrip("。；"))
        for finding, unit, problem, state in zip(*(rows[c] for c in columns), strict=True)
    }
    found = _told_of(annual, wanted) or {key: problem for key, (_, problem) in told.items()}
    states, still_open = [], []
    for key, problem in found.items():
        state, _ = told.get(key, (UNANSWERED, ""))
        states.append(state)
        if state != CLOSED:
            still_open.append(problem)
    return FollowUp(annual.year - 1, tuple(states), tuple(still_open))


def _told_of(annual: Annual, unit_ids: list[str]) -> dict[tuple[str, str], str]:
    """(unit_id, number) → the problem, of every finding in last year's 整改台账."""
    last = annual.last
    if last is None:
        return {}
    return {
        (unit, finding.number): finding.plain_sentence
        for unit in unit_ids
        if unit in last.frames.unit_frame.index
        for finding in findings_of(last, unit, last.of_unit(unit))
        if finding.triggered and finding.rule.rectify
    }
