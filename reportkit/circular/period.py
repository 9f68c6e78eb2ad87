"""A unit's quarterly or half-year paper: facts so far, and reminders of what is due."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reportkit import wording
from reportkit.circular.sentences import clauses, paragraph
from reportkit.circular.unit import UnitCircular
from reportkit.display import Blocks
from reportkit.metrics.definition import NOT_DUE
from reportkit.metrics.indicator import Indicator
from reportkit.metrics.registry import BY_ID
from reportkit.params import Period

UNKNOWN = ("未报", "数据不足")
"""States of an indicator of which nobody can say that all is done."""


DUTIES = ("M5", "M7a", "M7b", "M8", "M9a")
"""Metrics of which the reminders tell in words of their own."""


@dataclass(frozen=True)
class UnitPeriodCircular(UnitCircular):
    """One unit's year up to the end of a quarter or half-year, cumulative (1—9月)."""

    @property
    def months(self) -> str:
        """The months that its figures cover: 1—9月."""
        return Period(self.annual.period or "").months_in_words

    def reminders(self) -> Blocks:
        """What was due by the period's end and is open, one numbered paragraph a matter."""
        told = [
            ("必学专题", self._topics_open()),
            ("学习计划", self._plans_open()),
            ("集体学习研讨", self._quarters_open()),
            ("一学一报", self._reports_open()),
            ("其他情况", self._other_faults()),
        ]
        matters = [(head, text) for head, text in told if text]
        blocks = [
            paragraph(
                clauses(text),
                lead=f"{wording.heading_number(3, n) if len(matters) > 1 else ''}{head}。",
                level=3,
            )
            for n, (head, text) in enumerate(matters, 1)
        ]
        return Blocks(blocks or [paragraph("到期事项均已完成，没有需要提醒的事项。")])

    def _asks_for(self, table: str) -> bool:
        """Nothing is missed that only yearly figures need."""
        return any(table in BY_ID[metric_id].tables for metric_id in DUTIES)

    def _unknown(self, *indicators: Indicator) -> str:
        """What was not reported, so that nobody knows what is open: 计划兑现率未报."""
        names = [one.metric.name for one in indicators if one.state in UNKNOWN]
        return f"{'、'.join(names)}因未报送材料无法计算，请补报" if names else ""

    def _topics_open(self) -> str:
        """Mandatory topics due by the period's end that no session has had."""
        sessions = self.indicators.sessions
        if not sessions.reported:
            return self._unknown(sessions)
        # M8 itself is 未到期; what of it fell due by now is told all the same.
        found = BY_ID["M8"].evidence(self.annual.frames_of(self.unit.unit_id))
        topics = found.missing_by_unit().get(0, ())
        shown = wording.names(topics, "个专题", masked=sessions.masked)
        return f"{shown}应学未学，请及时补学" if topics else ""

    def _plans_open(self) -> str:
        plans, items = self.indicators.plans_present, self.indicators.plan_fulfilment
        told = []
        if plans.missing:
            told.append(f"{plans.missing_names}未制定")
        if items.missing:
            told.append(f"到期计划{items.amount(items.denominator)}项中，"
                        f"{items.amount(items.lacking)}项未落实")  # fmt: skip
        open_ = "；".join(told) + "，请补齐" if told else ""
        return "；".join(filter(None, [open_, self._unknown(plans, items)]))

    def _quarters_open(self) -> str:
        quarters = self.indicators.discussion_quarters
        if quarters.missing:
            return f"{quarters.missing[0]}未开展集体学习研讨，请落实每季度至少研讨一次的要求"
        return self._unknown(quarters)

    def _reports_open(self) -> str:
        reports = self.indicators.reports
        if not reports.lacking:
            return self._unknown(reports)
        due, came, lacking = map(
            reports.amount, (reports.denominator, reports.numerator, reports.lacking)
        )
        return f"应报送{due}次，实报{came}次，请补报其余{lacking}次"

    def _other_faults(self) -> str:
        """What the rules find beyond that: no problem that the group's paper tells of is news."""
        told = [f.sentence for f in self.triggered if f.rule.metric not in DUTIES]
        return "；".join(told)

    def coming(self) -> Blocks:
        """The mandatory topics that fall due after the period; nothing at the year's end.

        Those that were issued after the day of the paper are not known to it yet.
        """
        last = self.unit.valid_to or dt.date.max
        ahead = [
            f"{topic.quoted}（{topic.learn_by.month}月{topic.learn_by.day}日前）"
            for topic in self.annual.params.mandatory_topics
            if self.annual.cutoff < topic.learn_by <= last and topic.issued_on <= self.issued_on
        ]
        if not ahead:
            return Blocks([])
        shown = wording.names(ahead, "个专题", most=len(ahead))
        return Blocks([paragraph(f"此后到期的必学专题：{shown}。")])

    def not_due(self) -> Blocks:
        """Which indicators are yearly and therefore 未到期; nothing once the year is over."""
        names = [one.metric.name for one in self.indicators if one.state == NOT_DUE]
        if not names:
            return Blocks([])
        shown = wording.names(names, "项指标", most=len(names))
        return Blocks([paragraph(f"{shown}按年度计算，未到期，本材料不列。")])
