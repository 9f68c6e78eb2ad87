"""What is good and what is amiss in each unit of the demo: every finding occurs somewhere."""

from __future__ import annotations

from dataclasses import dataclass

from reportkit.records.demo.cast import CYCLE, MERGED_AT


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

_LATER: dict[int, Profile] = {
    0: Profile(good=True, sign_in=True, absence=0.03, reports_late=0.0),
    1: _GOOD,
    2: Profile(missed_topics=2),
    3: Profile(good=True, sign_in=True, absence=0.04, reports_late=0.0),
    4: Profile(absence=0.33, corrections="dates"),
    6: Profile(good=True, sign_in=True, absence=0.05, reports_late=0.0, corrections="names"),
    7: Profile(plans_lacking=True, plan_unfulfilled=True, merged_cells=True, measures_lacking=True),
    8: Profile(no_party_affairs_head=True, visit_a_day_off=True),
    9: Profile(silent_quarter=3, research_lacking=True),
    10: Profile(few_speakers=True, quarterly=True),
    11: Profile(reports_missing=0.32, reports_late=0.2, corrections="digits"),
    12: Profile(good=True, counts_alone=True, reports_late=0.0),
    13: _GOOD,
    14: Profile(ledgers_lacking=True, accounts_lacking=2, systems_lacking=True),
    15: Profile(missed_topics=1, reports_late=0.45, corrections="duplicate"),
    16: Profile(
        ledgers_lacking=True,
        plan_unfulfilled=True,
        reports_late=0.5,
        research_lacking=True,
        repeats_merged=True,
    ),
    17: Profile(
        practices_none=True, silent_quarter=1, research_none=True, visit_forgotten="被旁听"
    ),
    18: Profile(absence=0.30, visit_forgotten="旁听"),
    19: Profile(accounts_lacking=3, silent_quarter=4, measures_lacking=True),
    20: Profile(no_party_affairs_head=True, few_speakers=True, absence=0.32, systems_lacking=True),
    21: Profile(accounts_blank=True, corrections="roles"),
}
_EARLIER: dict[int, Profile] = {
    **_LATER,
    8: Profile(no_party_affairs_head=True),
    1: Profile(reports_late=0.4),
    2: Profile(missed_topics=1),
    4: Profile(absence=0.29, corrections="dates"),
    5: Profile(missed_topics=1, few_speakers=True),
    9: Profile(silent_quarter=4, accounts_lacking=1, research_lacking=True),
    10: Profile(few_speakers=True),
    13: Profile(good=True, absence=0.06, ledgers_lacking=True),
    16: Profile(ledgers_lacking=True),
    17: Profile(practices_none=True, silent_quarter=1, research_none=True),
    18: Profile(absence=0.08, visit_forgotten="旁听"),
    21: Profile(plan_unfulfilled=True),
}


def profile(k: int | None, year: int) -> Profile:
    """The profile of unit k (None: 集团本级) in a year; kinds repeat every 24 units."""
    if k is None:
        return _HEAD_OFFICE
    kind = k % CYCLE
    if kind == 12 and k != 12:
        return _GOOD
    if kind == MERGED_AT:
        return Profile(accounts_lacking=99 if year >= 2023 else 0)
    return (_EARLIER if year <= 2022 else _LATER).get(kind, Profile())
