"""What a circular's notebook opens: one unit's year, or the group's, and the blocks they show.

A notebook reads as the document it makes::

    r = open_unit(unit, year)
    m = r.indicators
    r.letterhead()
    paragraph(r.text("一"), clauses(
        when(m.sessions, f"组织集体学习{m.sessions}次，{m.sessions.change}"),
    ))
"""

from reportkit.circular.confirmation import Confirmation, open_confirmation
from reportkit.circular.data_quality import DataQuality, open_data_quality
from reportkit.circular.group import GroupCircular, open_group
from reportkit.circular.sentences import clauses, heading, paragraph, when
from reportkit.circular.unit import UnitCircular, open_unit
from reportkit.circular.working_paper import WorkingPaper, open_working_paper

__all__ = [
    "Confirmation",
    "DataQuality",
    "GroupCircular",
    "UnitCircular",
    "WorkingPaper",
    "clauses",
    "heading",
    "open_confirmation",
    "open_data_quality",
    "open_group",
    "open_unit",
    "open_working_paper",
    "paragraph",
    "when",
]
