"""The list of questions (问题清单) that goes back with a unit's workbook, and may return in it."""

from __future__ import annotations

LIST_SHEET = "问题清单"
TITLE = "报送问题清单"


def is_feedback_list(name: str, first: object) -> bool:
    """Whether a sheet is a list of ours in a feedback file that was sent back.

    Parameters
    ----------
    name:
        The sheet's name.
    first:
        What stands in its cell A1.
    """
    return name.startswith(LIST_SHEET) and isinstance(first, str) and first.strip() == TITLE
