"""What became of last year's findings (上年问题整改情况)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CLOSED = "已完成"
UNANSWERED = "未反馈"


@dataclass(frozen=True)
class FollowUp:
    """How last year's findings stand, of one unit or of the group.

    ``states``: how many are 未反馈, 整改中, 已完成, 延期; ``problems``: those not closed.
    """

    year: int
    states: Mapping[str, int]
    problems: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def answered(self) -> int:
        """Findings that the unit has said something on."""
        return self.total - self.states.get(UNANSWERED, 0)

    @property
    def closed(self) -> int:
        return self.states.get(CLOSED, 0)

    @property
    def unit_sentence(self) -> str:
        """For the unit's own paper: numbers, and the problems that are still open."""
        text = (
            f"{self.year}年通报指出的问题{self.total}项，已反馈{self.answered}项，"
            f"完成整改{self.closed}项"
        )
        if not self.problems:
            return f"{text}。"
        return f"{text}；尚未完成的是：{'；'.join(self.problems)}。"

    @property
    def group_sentence(self) -> str:
        """For the group's: numbers alone, and no unit."""
        return (
            f"{self.year}年通报指出的问题，各单位共反馈{self.answered}项，其中完成整改{self.closed}项"
            + (f"，尚有{self.total - self.answered}项未反馈。"
               if self.answered < self.total else "。")
        )  # fmt: skip
