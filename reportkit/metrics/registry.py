"""All metrics, by number; each is defined above the function that gathers it.

The definitions print as the 口径 annex of the group circular: there is no second place.
"""

from __future__ import annotations

from reportkit.metrics import (
    attendance,
    checks,
    completeness,
    duties,
    members,
    platform,
    sessions,
    visits,
)
from reportkit.metrics.definition import Metric, defined

MODULES = (attendance, checks, completeness, duties, members, platform, sessions, visits)
"""Where metrics are defined: reading them is what defines them."""

METRICS: tuple[Metric, ...] = defined()
BY_ID = {metric.metric_id: metric for metric in METRICS}
BY_ATTRIBUTE = {metric.attribute: metric for metric in METRICS}
