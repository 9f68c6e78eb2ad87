"""Set phrases (提法) in what the circulars will say: outdated, truncated or misordered ones.

An analyst is warned of them and decides; nothing is rewritten, and no text makes this fail.
"""

from reportkit.terms.matching import TermIssue, check
from reportkit.terms.workbook import TermWarning, check_workbook

__all__ = ["TermIssue", "TermWarning", "check", "check_workbook"]
