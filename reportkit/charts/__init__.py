"""Charts made for this page: vector, in its fonts, safe in black and white.

:mod:`.unit` has those of a unit's paper, :mod:`.group` those of the 底稿; :mod:`.drawing` what
they share.
"""

from reportkit.charts.drawing import chart_fonts
from reportkit.charts.group import attendance_chart, months_charts, topics_charts
from reportkit.charts.unit import Change, calendar_chart, change_chart, peers_chart

__all__ = [
    "Change",
    "attendance_chart",
    "calendar_chart",
    "change_chart",
    "chart_fonts",
    "months_charts",
    "peers_chart",
    "topics_charts",
]
