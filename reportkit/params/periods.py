"""The periods that a paper may be about (季度、半年材料): 2023Q3, 2023H1, from January on."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from reportkit.errors import ParameterError

_PERIOD = re.compile(r"(\d{4})(Q[1-4]|H[12])", re.ASCII)
_WORDS = {
    "Q1": "第一季度", "Q2": "上半年", "Q3": "前三季度", "Q4": "全年", "H1": "上半年", "H2": "全年",
}  # fmt: skip


@dataclass(frozen=True)
class Period:
    """A quarter or half-year; figures are cumulative, from 1 January to its last day.

    ``text`` is how it is written in parameters, options and file names: 2023Q3, 2023H1.
    """

    text: str

    def __post_init__(self) -> None:
        if not _PERIOD.fullmatch(self.text):
            raise ParameterError(
                f"period {self.text!r}",
                expected="a quarter or a half-year, as 2023Q3 or 2023H1",
                next_step="correct the period",
                where="period",
            )

    @property
    def year(self) -> int:
        return int(self.text[:4])

    @property
    def last_month(self) -> int:
        """The month with which it ends: 3, 6, 9 or 12."""
        return int(self.text[5]) * (3 if self.text[4] == "Q" else 6)

    @property
    def last_day(self) -> dt.date:
        return dt.date(
            self.year, self.last_month, calendar.monthrange(self.year, self.last_month)[1]
        )

    @property
    def ends_year(self) -> bool:
        """Whether it is the whole year: nothing is 未到期 then."""
        return self.last_month == 12

    @property
    def in_words(self) -> str:
        """The span of its figures: 前三季度, 上半年."""
        return _WORDS[self.text[4:]]

    @property
    def months_in_words(self) -> str:
        """The same by months: 1—9月."""
        return f"1—{self.last_month}月"

    def of_year(self, year: int) -> Period:
        """The same period of another year (上年同期)."""
        return Period(f"{year}{self.text[4:]}")
