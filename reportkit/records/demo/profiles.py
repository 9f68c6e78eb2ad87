"""What is good and what is amiss in each unit of the demo: every finding occurs somewhere."""

from __future__ import annotations

from dataclasses import dataclass

from reportkit.records.demo.cast import CYCLE, MERGED_AT
from reportkit.records.demo.invented import invented


@dataclass(frozen=True)
class Profile:
    """How one unit fares in one year; the plain one has no fault."""

    good: bool = False
    sign_in: bool = False
    counts_alone: bool = False
    missed_topics: int = 0
    absence: float = 0.07
    no_party_affairs_head: bool = False
    silent_quarter: int = 0
    few_speakers: bool = False
    reports_missing: float = 0.0
    reports_late: float = 0.03
    ledgers_lacking: bool = False
    accounts_lacking: int = 0
    accounts_blank: bool = False
    plans_lacking: bool = False
    plan_unfulfilled: bool = False
    practices_none: bool = False
    corrections: str = ""
    """How people wrote: dates, names, digits or rows that are read with a note."""
    quarterly: bool = False
    """Sends a workbook each quarter, and a scan beside them, in a folder of its own."""
    merged_cells: bool = False
    """学习序号 of one session's speeches is one merged cell."""
    research_lacking: bool = False
    research_none: bool = False
    measures_lacking: bool = False
    systems_lacking: bool = False
    visit_forgotten: str = ""
    """旁听 or 被旁听: its last visit in this role is in the other unit's workbook alone."""
    visit_a_day_off: bool = False
    """Its first 旁听 bears the date of the day after."""
    repeats_merged: bool = False
    """Its workbook repeats a session of the unit that became part of it."""


_GOOD = Profile(good=True, absence=0.035, reports_late=0.0)
_HEAD_OFFICE = Profile(good=True, absence=0.05, reports_late=0.0)


def profile(k: int | None, year: int) -> Profile:
    """The profile of unit k (None: 集团本级) in a year; kinds repeat every 24 units."""
    if k is None:
        return _HEAD_OFFICE
    kind = k % CYCLE
    if kind == 12 and k != 12:
        return _GOOD
    if kind == MERGED_AT:
        return Profile(accounts_lacking=99 if year >= 2023 else 0)
    kinds = invented()["later"] | (invented()["earlier"] if year <= 2022 else {})
    return Profile(**kinds.get(kind, {}))
