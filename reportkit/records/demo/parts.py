"""What one workbook covers: a whole year, or one quarter of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from reportkit.records.demo.year import DAY, UnitYear, first_number

NUMERALS = "一二三四"


@dataclass(frozen=True)
class Part:
    """The part of a unit's year that one workbook tells."""

    period: str
    """2023 or 2023Q1."""
    first: dt.date
    last: dt.date
    begins: bool
    """Whether it is the first of the year: the plan of the year comes with it."""
    ends: bool
    """Whether it is the last: 述学 and 经验做法 come with it."""

    @property
    def in_words(self) -> str:
        """2023年 or 2023年第一季度."""
        year, _, quarter = self.period.partition("Q")
        return f"{year}年第{NUMERALS[int(quarter) - 1]}季度" if quarter else f"{year}年"

    @property
    def first_number(self) -> int:
        """The first 序号 of its tables."""
        return first_number(self.first) if "Q" in self.period else 1

    def holds(self, day: dt.date) -> bool:
        """Whether a day is of this part."""
        return self.first <= day <= self.last


def parts_of(life: UnitYear) -> Iterator[Part]:
    """The whole year, or its quarters as far as the unit existed."""
    year = life.params.year
    if not life.profile.quarterly:
        yield Part(str(year), life.first, life.last, True, True)
        return
    begin = (life.first.month + 2) // 3
    end = (life.last.month + 2) // 3
    for n in range(begin, end + 1):
        first = dt.date(year, 3 * n - 2, 1)
        last = dt.date(year, 12, 31) if n == 4 else dt.date(year, 3 * n + 1, 1) - DAY
        yield Part(f"{year}Q{n}", first, last, n == begin, n == end)
