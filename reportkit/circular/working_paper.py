"""底稿: the sources of the group's circular, for the office alone and never delivered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from reportkit import findings as rules
from reportkit import wording
from reportkit.annual import load_annual, pins_of
from reportkit.circular.base import Circular
from reportkit.circular.group import GroupCircular
from reportkit.circular.sentences import paragraph
from reportkit.circular.unit import CHART_METRIC
from reportkit.display import Block, Blocks
from reportkit.findings import GroupFinding
from reportkit.metrics.registry import BY_ID
from reportkit.params import GROUP_DOCUMENT, find_home
from reportkit.records.schemas import allowed
from reportkit.tables import table

WORKING_PAPER = "working_paper"
_LEVELS = {"few": "个别", "some": "部分", "many": "多数"}


@dataclass(frozen=True)
class WorkingPaper(GroupCircular):
    """Of each sentence of the group's circular its figures, and the units behind it."""

    official: ClassVar[bool] = False

    def letterhead(self) -> Blocks:
        """The title; there is no addressee, since it goes to nobody."""
        title = self.filled(self.letter.title(self.document))
        front = Circular._front(self, title, "", WORKING_PAPER)
        return Blocks([block for block in front if block.kind != "addressee"])

    def sources(self) -> Block:
        """Each of the group's figures: its parts, how many units are in it, what was left out."""
        totals = self.annual.totals
        rows = [
            [
                one.metric.name,
                one.cell + (one.metric.counter if one.reported else ""),
                one.parts if not one.metric.averaged else "—",
                str(totals["units"][one.metric.metric_id]),
                str(totals["unreported"][one.metric.metric_id]),
                one.change_short,
                one.exclusions,
            ]
            for one in self.totals
            if not one.metric.off(self.annual.params.switched_off)
        ]
        return table(
            "集团各项数据及来源",
            [
                ("指标", "left", 2.6),
                ("集团", "center", 1.7),
                ("分子/分母", "center", 1.7),
                ("有数据单位", "center", 1.1),
                ("未报单位", "center", 1.0),
                ("比上年", "center", 1.8),
                ("未计入", "left", 2.6),
            ],
            rows,
            notes=["注：比率为各单位分子之和除以分母之和；集团本级和年内撤并单位计入。"],
            alt="集团各项数据的分子分母、单位数和未计入情况",
        )

    def attendance(self) -> Blocks:
        """考勤构成: how often each status was recorded at study sessions, and its share.

        The shares add up to 100% as printed. Nothing where no unit sent names.
        """
        frames = self.annual.frames
        rows = frames.tables["attendance"]
        status = rows.loc[rows["session_id"].isin(frames.study["session_id"]), "status"]
        number = status.value_counts()
        told = [word for word in allowed("attendance") if word in number.index]
        if not told:
            return Blocks([])
        counts = [int(number[word]) for word in told]
        cells = zip(told, counts, wording.shares(counts), strict=True)
        return Blocks([
            table(
                "考勤构成",
                [("考勤", "left", 2.0), ("人次", "right", 2.0), ("占比", "right", 2.0)],
                [*([word, str(n), share] for word, n, share in cells),
                 ["合计", str(sum(counts)), "100%"]],
                emphasis=[len(told)],
                notes=["注：含全部中心组成员，不限于班子成员；只报人数、未报名单的单位不在内。"],
                alt=f"考勤构成，共{sum(counts)}人次",
            )
        ])  # fmt: skip

    def units_behind(self) -> Blocks:
        """Behind each 个别, 部分, 多数: which units, with their figures. 个别单位是哪几家？"""
        words = self.annual.params.quantifiers
        rows = []
        for found in self.triggered:
            level = _LEVELS[rules.printed_level(found, words, self.decisions.many_confirmed)]
            share = f"{len(found.units)}/{found.checked}"
            if rules.quantifier_level(found, words) == "many" and level != _LEVELS["many"]:
                share += "（达到“多数”，待确认）"
            rows.append([found.rule.group_pattern.replace("{quantifier}", f"（{level}）"), share,
                         self._told(found)])  # fmt: skip
        if not rows:
            return Blocks([paragraph("没有触发任何问题规则。")])
        head = table(
            "问题所涉单位",
            [("通报所述", "left", 3.0), ("家数", "center", 0.8), ("单位及数据", "left", 5.2)],
            rows,
            notes=["注：家数为触发单位数/能够判断的单位数；本表不得随通报印发。"],
            alt=f"通报所述{len(rows)}项问题各涉及哪些单位",
        )
        return Blocks([head])

    def _told(self, found: GroupFinding) -> str:
        return "；".join(
            f"{self.annual.units[unit].short_name}：{found.findings[unit].sentence}"
            for unit in found.units
        )

    def gaps(self) -> Blocks:
        """Which rules could not be held against which units: 数据不足, 未核查."""
        rows = []
        for found in self.all_findings:
            for outcome in ("数据不足", "未核查"):
                units = [u for u, f in found.findings.items() if f.outcome == outcome]
                if units:
                    names = [self.annual.units[u].short_name for u in units]
                    rows.append([BY_ID[found.rule.metric].name, outcome, str(len(units)),
                                 wording.names(names, "家", most=len(names))])  # fmt: skip
        if not rows:
            return Blocks([paragraph("各项规则均可判断。")])
        return Blocks([
            table(
                "未能判断的情况",
                [("指标", "left", 2.4), ("状态", "center", 1.1), ("家数", "center", 0.8),
                 ("单位", "left", 5.0)],
                rows, alt=f"未能判断的情况，共{len(rows)}条",
            )
        ])  # fmt: skip

    def attendance_chart(self) -> Block:
        """M4 的分布 over all units, those below the rule's line named in its alternative."""
        from reportkit.charts import attendance_chart

        metric = BY_ID[CHART_METRIC]
        values = {
            unit.short_name: float(row["value"])
            for unit in self.annual.at_end
            if (row := self.annual.row(unit.unit_id, CHART_METRIC))["value"] == row["value"]
        }
        if not values:
            return paragraph(f"各单位均无{metric.name}数据，不列分布图。")
        rules_ = [r for r in self.annual.params.rules if r.metric == CHART_METRIC and r.enabled]
        line = rules_[0].threshold if rules_ and rules_[0].comparison == "below" else None
        return attendance_chart(metric.name, values, line, self._fonts())

    def months_chart(self) -> Blocks:
        """各月学习次数 by unit: hatched where nothing was reported, blank where it was not yet."""
        from reportkit.charts import months_charts

        frames, months = self.annual.frames, self.annual.cutoff.month
        held = frames.study
        counted = held.groupby(["unit_id", held["start"].dt.month]).size().to_dict()
        silent = frames.states_of(("sessions",)) != "已报"
        rows: dict[str, list[int | str | None]] = {}
        for place, (unit_id, unit) in enumerate(frames.unit_frame.iterrows()):
            there = [unit["first"].month <= m <= unit["last"].month for m in range(1, months + 1)]
            rows[unit["short_name"]] = [
                None if not in_being
                else "未报" if silent[place]
                else int(counted.get((unit_id, month), 0))
                for month, in_being in enumerate(there, 1)
            ]  # fmt: skip
        return Blocks(list(months_charts(self.year, rows, months, self._fonts())))

    def topics_chart(self) -> Blocks:
        """必学专题覆盖 by unit, the topics listed by number below."""
        from reportkit.charts import topics_charts

        frames = self.annual.frames
        topics = [topic.quoted for topic in self.annual.params.mandatory_topics]
        if not topics:
            return Blocks([paragraph("本年度未设必学专题。")])
        duties = BY_ID["M8"].evidence(frames).rows
        done = {
            (int(unit), label): top > 0
            for unit, label, top, due in zip(
                duties["unit"], duties["label"], duties["top"], duties["bottom"], strict=True
            )
            if due > 0
        }
        silent = frames.states_of(("sessions",)) != "已报"
        rows = {
            name: [None if silent[place] else done.get((place, topic)) for topic in topics]
            for place, name in enumerate(frames.unit_frame["short_name"])
        }
        key = "；".join(f"{n}{topic}" for n, topic in enumerate(topics, 1))
        charts = topics_charts(topics, rows, self._fonts())
        return Blocks([*charts, paragraph(f"图中专题编号：{key}。")])

    def candidates_block(self) -> Blocks:
        """经验做法候选表; a sentence where no unit put anything forward."""
        if not self.candidates():
            return Blocks([paragraph("各单位均未报送经验做法。")])
        return Blocks([self.candidates_table()])


def open_working_paper(year: int, *, home: Path | None = None) -> WorkingPaper:
    """The year's 底稿, pinned as the group's circular is.

    Errors as for :func:`reportkit.circular.open_unit`.
    """
    home = home or find_home()
    pins = pins_of(home, year, GROUP_DOCUMENT)
    return WorkingPaper(load_annual(home, year, pins=pins), WORKING_PAPER)
