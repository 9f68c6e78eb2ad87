"""The forms: Chinese sheets and headers ↔ English tables and columns, in both directions.

:mod:`.model` says what a form is made of, :mod:`.words` which words a choice allows,
:mod:`.unit` holds the sheets that units fill in, :mod:`.office` those of the office.
"""

from __future__ import annotations

from reportkit.records.forms.model import Field, Kind, Sheet
from reportkit.records.forms.office import (
    ARCHIVE_CHECKS,
    CONFIRMATIONS,
    NOTE_CHECKS,
    OBJECTIONS,
    OFFICE_SHEETS,
    PAIRINGS,
    SPEECH_RATINGS,
    SYSTEM_CHECKS,
    VISIT_RATINGS,
    archive_field,
    system_field,
)
from reportkit.records.forms.unit import (
    ACCOUNTS,
    COVER,
    GUIDE,
    MAKEUPS,
    MEMBERS,
    PLAN_ITEMS,
    PLANS,
    PLATFORM,
    PRACTICES,
    QUESTIONS,
    RECTIFICATIONS,
    RESEARCH,
    SESSIONS,
    SHEETS,
    SHEETS_OF_OURS,
    SIGN_IN,
    SPEECHES,
    TOPICS,
    UNITS_LIST,
    VISITS,
)

__all__ = [
    "ACCOUNTS", "ARCHIVE_CHECKS", "CONFIRMATIONS", "COVER", "GUIDE", "MAKEUPS", "MEMBERS",
    "NOTE_CHECKS", "OBJECTIONS", "OFFICE_SHEETS", "PAIRINGS", "PLANS", "PLAN_ITEMS", "PLATFORM",
    "PRACTICES", "QUESTIONS", "RECTIFICATIONS", "RESEARCH", "SESSIONS", "SHEETS",
    "SHEETS_OF_OURS", "SIGN_IN", "SPEECHES", "SPEECH_RATINGS", "SYSTEM_CHECKS", "TOPICS",
    "UNITS_LIST", "VISITS", "VISIT_RATINGS", "Field", "Kind", "Sheet",
    "archive_field", "system_field",
]  # fmt: skip
