"""A unit's quarterly or half-year paper: facts so far, and reminders of what is due."""

from __future__ import annotations

from dataclasses import dataclass

from reportkit import wording
from reportkit.circular.sentences import clauses, paragraph
from reportkit.circular.unit import UnitCircular
from reportkit.display import Blocks
from reportkit.metrics.definition import NOT_DUE
from reportkit.metrics.duties import topics_due
from reportkit.metrics.registry import BY_ID
from reportkit.params import Period


@dataclass(frozen=True)
class UnitPeriodCircular(UnitCircular):
    """One unit's year up to the end of a quarter or half-year, cumulative (1—9月)."""

    @property
    def months(self) -> str:
        """The months that its figures cover: 1—9月."""
        return Period(self.annual.period or "").months_in_words

    def reminders(self) -> Blocks:
        """What was due by the period's end and is open, one numbered paragraph a matter."""
        m = self.indicators
        open_ = [
            ("必学专题", self._topics_open()),
            ("学习计划", self._plans_open()),
            ("集体学习研讨", f"{m.discussion_quarters.missing[0]}未开展集体学习研讨，请抓紧安排"
             if m.discussion_quarters.missing else ""),
            ("一学一报", f"应报送{wording.number(m.reports.denominator or 0)}次，"
             f"实报{wording.number(m.reports.numerator or 0)}次，请补报其余"
             f"{wording.number(m.reports.lacking)}次" if m.reports.lacking else ""),
        ]  # fmt: skip
        told = [(head, text) for head, text in open_ if text]
        blocks = [
            paragraph(clauses(text), lead=f"{wording.heading_number(3, n)}{head}。", level=3)
            for n, (head, text) in enumerate(told, 1)
        ]
        return Blocks(blocks or [paragraph("到期事项均已完成，没有需要提醒的事项。")])

    def _topics_open(self) -> str:
        """Mandatory topics due by the period's end that no session has had."""
        # M8 itself is 未到期; what of it fell due by now is told all the same.
        if not self.indicators.sessions.reported:
            return ""
        found = BY_ID["M8"].evidence(self.annual.frames_of(self.unit.unit_id))
        topics = found.missing_by_unit().get(0, ())
        return f"{wording.names(topics, '个专题')}应学未学，请及时补学" if topics else ""

    def _plans_open(self) -> str:
        plans, items = self.indicators.plans_present, self.indicators.plan_fulfilment
        told = []
        if plans.missing:
            told.append(f"{wording.names(plans.missing, '份')}未制定")
        if items.missing:
            told.append(f"到期计划{wording.number(items.denominator or 0)}项中，"
                        f"{wording.number(items.lacking)}项未落实")  # fmt: skip
        return "；".join(told) + "，请补齐" if told else ""

    def coming(self) -> Blocks:
        """The mandatory topics that fall due after the period; nothing at the year's end."""
        whole = self.annual.params.mandatory_topics
        frames = self.annual.frames_of(self.unit.unit_id)
        by_now = set(topics_due(frames)["key"])
        ahead = [
            f"《{topic.name}》（{topic.learn_by.month}月底前）" for topic in whole
            if topic.code not in by_now and topic.learn_by > self.annual.cutoff
            and (self.unit.valid_to is None or topic.learn_by <= self.unit.valid_to)
        ]  # fmt: skip
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
