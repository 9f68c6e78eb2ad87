"""The periods (报送期间) of plans, forms and indicators: a year, a quarter or a month."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from reportkit.errors import UsageError
from reportkit.records.forms import Sheet

_NUMERALS = "一二三四"
_PERIOD = re.compile(r"(\d{4})(?:Q([1-4])|-(0[1-9]|1[0-2]))?", re.ASCII)


def in_words(period: str) -> str:
    """``2024Q1`` → 2024年第一季度, ``2024-03`` → 2024年3月; what is no period as it stands."""
    match = _PERIOD.fullmatch(period)
    if not match:
        return period
    year, quarter, month = match.groups()
    if quarter:
        return f"{year}年第{_NUMERALS[int(quarter) - 1]}季度"
    return f"{year}年{int(month)}月" if month else f"{year}年"


@dataclass(frozen=True)
class Period:
    """One period of one year.

    ``text`` is how it is stored: 2024, 2024Q1 or 2024-03.
    """

    text: str
    first: dt.date
    last: dt.date

    @property
    def year(self) -> int:
        return self.first.year

    @property
    def in_words(self) -> str:
        """As it stands on the cover: 2024年第一季度."""
        return in_words(self.text)

    @property
    def first_number(self) -> int:
        """The first 序号 printed in its tables.

        Each period has numbers of its own, so that rows of two files of a year never bear
        the same: 1, 2 … from January on, else 401, 402 … from April on.
        """
        return 1 if self.first.month == 1 else self.first.month * 100 + 1

    @property
    def months(self) -> tuple[str, ...]:
        """Its months, as 2024-01."""
        return tuple(f"{self.year}-{m:02}" for m in range(self.first.month, self.last.month + 1))

    @property
    def begins_year(self) -> bool:
        return self.first.month == 1

    def holds(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def asks(self, sheet: Sheet) -> bool:
        """Whether units are asked for the sheet in this period."""
        if sheet.asked == "first":
            return self.begins_year
        return sheet.asked == "each" or self.last.month == 12


def periods(year: int, level: str) -> list[Period]:
    """The periods of a level (年, 季, 月) in a year."""
    texts = {
        "年": [f"{year}"],
        "季": [f"{year}Q{n}" for n in range(1, 5)],
        "月": [f"{year}-{n:02}" for n in range(1, 13)],
    }
    return [period_of(text) for text in texts[level]]


def period_of(text: str) -> Period:
    """``2024``, ``2024Q1`` or ``2024-03``; ValueError for anything else."""
    match = _PERIOD.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no period; expected 2023, 2023Q1 or 2023-01")
    year, first, last = int(match[1]), 1, 12
    if match[2]:
        first, last = 3 * int(match[2]) - 2, 3 * int(match[2])
    elif match[3]:
        first = last = int(match[3])
    end = calendar.monthrange(year, last)[1]
    return Period(text, dt.date(year, first, 1), dt.date(year, last, end))


def parse_period(text: str, year: int) -> Period:
    """A period as it is typed for a command.

    Raises
    ------
    UsageError
        If it is none, or of another year.
    """
    text = text.strip().upper()
    if not _PERIOD.fullmatch(text) or int(text[:4]) != year:
        raise UsageError(
            f"period {text!r}",
            expected=f"a period of {year}: {year}, {year}Q1 or {year}-03",
            next_step="correct --period, or --year",
            where="--period",
        )
    return period_of(text)
