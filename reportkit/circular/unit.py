"""One unit's circular (单位材料): its figures, findings, charts, tables, 整改台账."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from reportkit import findings as rules
from reportkit import wording
from reportkit.annual import Indicators, blocked, load_annual, pins_of
from reportkit.circular.base import Circular
from reportkit.circular.follow_up import follow_up
from reportkit.circular.judging import findings_of
from reportkit.circular.records import anchor, records_block
from reportkit.circular.sentences import clauses, paragraph, practice_told
from reportkit.display import Block, Blocks
from reportkit.errors import ParameterError, RecordsError
from reportkit.findings import Finding
from reportkit.params import Prose, Unit, find_home, load_unit_text
from reportkit.practices import candidates

if TYPE_CHECKING:
    import pandas as pd

CHART_METRIC = "M4"
"""The indicator by which a unit is shown among its peers."""


@dataclass(frozen=True)
class UnitCircular(Circular):
    """One unit's year: ``indicators``, findings with their figures, charts and tables."""

    unit: Unit

    @property
    def whose(self) -> str:
        """Its unit."""
        return self.unit.unit_id

    @cached_property
    def prose(self) -> dict[str, Prose]:
        """The units' prose, but for the blocks that this unit has of its own."""
        annual = self.annual
        return load_unit_text(annual.home, self.year, self.unit.unit_id, annual.period)

    @cached_property
    def indicators(self) -> Indicators:
        figures = self.annual.of_unit(self.unit.unit_id)
        return figures.masked() if self.masked else figures

    @cached_property
    def _findings(self) -> list[Finding]:
        return findings_of(self.annual, self.unit.unit_id, self.indicators)

    @property
    def triggered(self) -> list[Finding]:
        """Findings whose rule was hit, in the order of the parameters."""
        return [finding for finding in self._findings if finding.triggered]

    def filled(self, text: str) -> str:
        """The text with {year}, {unit} (规范简称) and {org} (党委, 党总支, 党支部) replaced."""
        org = self.unit.org_type.removeprefix("直属")
        return super().filled(text).replace("{org}", org).replace("{unit}", self.unit.short_name)

    def letterhead(self) -> Blocks:
        """The document's title and addressee (标题、主送)."""
        title = self.filled(self.letter.title(self.document))
        return self._front(title, f"{self.unit.name}{self.unit.org_type}", self.unit.unit_id)

    def last_year_note(self) -> str:
        """Where this unit's figures of last year come from, if they were printed; else ""."""
        baseline = self.annual.baseline
        listed = baseline is not None and self.unit.unit_id in baseline.units
        return super().last_year_note() if listed else ""

    @property
    def in_being(self) -> str:
        """The time of the year in which the unit existed: 全年, or of a new one 4月以来."""
        first = self.unit.valid_from
        new = first.year == self.year and (first.month, first.day) != (1, 1)
        return f"{first.month}月设立以来" if new else self.span

    # --- tables and charts ---

    def comparison_table(self, *metric_ids: str) -> Block:
        """本单位 · 同类中位数 · 同类位置 · 集团中位数 · 上年 · 变化, for the metrics named.

        In the HTML edition each figure of the unit leads to its records, if :meth:`records`
        shows them.
        """
        from reportkit.tables import comparison_table

        limits = self.annual.params.comparison
        anchors = {metric_id: anchor(metric_id) for metric_id in metric_ids}
        table = comparison_table(
            self.indicators, metric_ids, minimum_peers=limits.minimum_peers,
            minimum_person_times=limits.minimum_person_times, anchors=anchors,
        )  # fmt: skip
        return self.with_source(table)

    def trend_table(self, *metric_ids: str) -> Blocks:
        """The metrics named over all years there are; nothing where there are fewer than three."""
        from reportkit.tables import trend_table

        table = trend_table(self.indicators, metric_ids)
        return Blocks([table] if table else [])

    def _with_findings(self, metric_ids: Sequence[str]) -> list[str]:
        """The metrics named, and those of the unit's findings: no fault without its evidence."""
        found = [finding.indicator.metric.metric_id for finding in self.triggered]
        return list(dict.fromkeys([*metric_ids, *found]))

    def annex(self, *metric_ids: str) -> Blocks:
        """附件 指标数据和口径: of each metric parts, exclusions, interval, peers and definition.

        Of the metrics named, and of those of the unit's findings.
        """
        from reportkit.tables import details_table

        limits = self.annual.params.comparison
        shown = self._with_findings(metric_ids)
        table = details_table(self.indicators, shown, minimum_peers=limits.minimum_peers)
        return Blocks([Block("annex", number=None, title=ANNEX_TITLE, landscape=False), table])

    def annex_list(self) -> Block:
        """附件说明, below the body."""
        return Block("annex_list", items=[ANNEX_TITLE])

    def records(self, *metric_ids: str) -> Blocks:
        """数据明细: the records behind each metric named, and each finding; in HTML alone."""
        shown = (self.indicators[i] for i in self._with_findings(metric_ids))
        told = [m for m in shown if m.state != "不适用"]
        head = Block("annex", number=None, title="数据明细", landscape=False, only="html")
        return Blocks([head, *(records_block(indicator) for indicator in told)])

    def peers_chart(self) -> Block:
        """The unit's attendance among its unnamed peers; too few of them: a sentence says so."""
        from reportkit.charts import peers_chart

        own = self.indicators[CHART_METRIC]
        values = self.annual.peers(self.unit, CHART_METRIC)
        limits = self.annual.params.comparison
        if not own.reported or own.value is None:
            return paragraph(f"{own.metric.name}{own.state}，不作同类比较。")
        if own.peers is None or self.unit not in self.annual.at_end:
            # 集团本级, a unit of no peer group, or one merged within the year.
            return paragraph(f"本单位不在年末同类单位之列，{own.metric.name}不作同类比较。")
        if len(values) < limits.minimum_peers:
            return paragraph(
                f"同类单位中有{own.metric.name}数据的{len(values)}家，"
                f"不足{limits.minimum_peers}家，不作同类比较。"
            )
        if not self.annual.bands_allowed(self.unit, CHART_METRIC):
            return paragraph(f"本单位应到不足{limits.minimum_person_times}人次，不作同类比较。")
        return peers_chart(
            own.metric.name, values, own.value, own.peers.median, own.quarter, self._fonts()
        )

    def calendar_chart(self) -> Block:
        """The unit's year as a calendar of study sessions."""
        from reportkit.charts import calendar_chart

        sessions = self.indicators["M1"]
        if not sessions.reported:  # a blank year is no year without study
            return paragraph(f"学习情况{sessions.state}，不列学习日历。")
        due = self.indicators["M6"].denominator
        months = 12 if due is None else int(due)
        return calendar_chart(self.year, self.study_sessions(), months, self._fonts())

    def change_chart(self, *metric_ids: str) -> Block:
        """The metrics named, last year and this; fewer than two to compare: a sentence says so."""
        from reportkit.charts import Change, change_chart

        shown = [self.indicators[i] for i in metric_ids]
        known = [one for one in shown if one.reported and one.last.value is not None]
        than = shown[0].last.than if shown else "上年"
        if len(known) < 2:
            return paragraph(f"可与{than}比较的指标不足2项，不列变化图。")
        changes = [
            Change(
                name=one.metric.name, before=one.last.value or 0.0, now=one.value or 0.0,
                before_text=one.told(one.last.value), now_text=one.told(one.value),
                ratio=one.metric.kind == "ratio",
            )
            for one in known
        ]  # fmt: skip
        left_out = [one.metric.name for one in shown if one not in known]
        return change_chart(changes, than, self._fonts(), left_out)

    def study_sessions(self) -> pd.DataFrame:
        """The unit's study sessions held: start, end, title, mark (how the calendar shows it)."""
        frames = self.annual.frames_of(self.unit.unit_id)
        held = frames.study
        spoken = held["session_id"].isin(frames.discussions["session_id"])
        mark = held["kind"].where(~(spoken & (held["kind"] == "集体学习")), "集体学习（含研讨）")
        return held[["start", "end", "title"]].assign(mark=mark).sort_values("start")

    # --- text ---

    def practices(self) -> Blocks:
        """The unit's own practices (经验做法), as it put them forward.

        Without those that its own findings belie, or that no session bears out: they are told
        of by number.
        """
        table = self.annual.records.of_unit("practices", self.unit.unit_id)
        if table.empty:
            return Blocks([paragraph("你单位未报送经验做法。")])
        rows = cast("list[dict[str, Any]]", table.to_dict("records"))
        held = set(self.annual.frames_of(self.unit.unit_id).study["session_id"])
        judged = candidates(rows, held, {self.unit.unit_id: self._findings})
        fit = {one.practice_id for one in judged if one.fit}
        told = [practice_told(row["name"], row["what"], row["outcome"])
                for row in rows if row["practice_id"] in fit]  # fmt: skip
        blocks = []
        if told:
            blocks.append(paragraph(self.text("二"), wording.enumerate_sentences(told)))
        if left := len(rows) - len(fit):
            blocks.append(paragraph(
                f"{'另有' if told else '你单位报送的经验做法中，有'}{left}项未注明相关学习"
                "或与核查情况不一致，未予列入。"
            ))  # fmt: skip
        return Blocks(blocks)

    def findings(self) -> Blocks:
        """三、存在的问题: by theme, with figures, the gravest first; heads without any dropped.

        Below each head stands one of the analyst's leads (三.1 … in ``unit.md``), if there are.
        """
        themes = self.annual.params.themes
        place = {theme.key: n for n, theme in enumerate(themes, 1)}
        blocks = []
        grouped = rules.by_theme(themes, self.triggered)
        for n, (theme, found) in enumerate(grouped, 1):
            lead = f"{wording.heading_number(3, n) if len(grouped) > 1 else ''}{theme.title}。"
            text = clauses(*(finding.sentence for finding in rules.gravest_first(found)))
            said = self.lead(f"三.{place[theme.key]}")
            blocks.append(paragraph(said, text, lead=lead, level=3))
        if self.unit.level == "group":
            return Blocks([paragraph("集团本级计入合计，不列入问题通报。")])
        if not blocks:
            unknown = any(f.outcome == "数据不足" and not f.too_few for f in self._findings)
            judged = "能够判断的各项中，" if unknown else "对照检查规则，"
            blocks.append(paragraph(f"{judged}未发现达不到要求的情况。"))
        return Blocks([*blocks, *self._not_at_fault()])

    def _not_at_fault(self) -> Iterator[Block]:
        """What was in order and what could not be judged, each metric once, faults left out."""
        kinds = {
            "未触发": "经核查，{names}符合要求。",
            "数量少": "{names}因数量较少，未作评价。",
            "数据不足": "{names}因报送材料不全，未作评价。",
            "未核查": "{names}未核查。",
        }
        told = {finding.indicator.metric.metric_id for finding in self.triggered}
        for kind, pattern in kinds.items():
            found = {
                f.indicator.metric.metric_id: f.indicator.metric.name
                for f in self._findings
                if kind == ("数量少" if f.too_few else f.outcome)
            }
            names = [name for metric_id, name in found.items() if metric_id not in told]
            told |= found.keys()
            if names:
                shown = wording.names(names, "项", most=len(names))
                yield paragraph(pattern.replace("{names}", shown))

    def lead(self, paragraph_id: str) -> str:
        """One of the lines of a block of prose, each unit its own; "" if there is no block.

        A line is a whole judgement that an analyst stands behind; of several, units do not
        all read the same.
        """
        lines = self.prose[paragraph_id].paragraphs if paragraph_id in self.prose else ()
        if not lines:
            return ""
        chosen = rules.variant(f"{self.unit.unit_id}/{paragraph_id}", len(lines))
        return self.filled(lines[chosen])

    def data_notes(self) -> Blocks:
        """What of the submission is missing or was not counted; nothing if nothing is."""
        submissions = self.annual.records.of_unit("submissions", self.unit.unit_id)
        joined = [
            f"{u.short_name}已于{wording.full_date(u.valid_to)}并入，其学习情况单列，不计入你单位"
            for u in self.annual.units.in_year(self.year)
            if u.successor_id == self.unit.unit_id and u.valid_to and u.valid_to.year == self.year
        ]
        blank = submissions.loc[submissions["state"] == "未报", "table"]
        blank = blank[[self._asks_for(table) for table in blank]]
        refused = int(submissions["refused"].sum())
        parts = joined
        if len(blank):
            from reportkit.records.schemas import TABLES

            shown = wording.names([TABLES[t].label for t in blank], "项", most=len(blank))
            parts.append(f"{shown}未填报，有关指标按未报处理，不按零计，请补报")
        if refused and self.annual.period is None:  # of which months they are is not known
            parts.append(f"另有{refused}行记录填写有误，未计入统计，请按反馈逐格更正后重新报送")
        return Blocks([paragraph(clauses(*parts))] if parts else [])

    def _asks_for(self, table: str) -> bool:
        """Whether the paper is about figures that need the table."""
        del table  # a year's is about all of them
        return True

    def requirements(self) -> Blocks:
        """四、工作要求: the standing words, then the requirement of each finding once.

        A unit without findings has words of its own (四.无问题), and one of which something is
        lacking too (四.补报), if the prose has them.
        """
        wanted = list(dict.fromkeys(finding.rule.requirement for finding in self.triggered))
        unknown = any(f.outcome == "数据不足" and not f.too_few for f in self._findings)
        calm = "四.补报" if unknown else "四.无问题"
        texts = [self.text(calm if not self.triggered and calm in self.prose else "四")]
        if wanted:
            texts.append("重点做好以下工作：" + wording.enumerate_sentences(wanted))
        return Blocks([paragraph(text) for text in texts])

    def rectification_table(self) -> Blocks:
        """整改台账, one row a finding whose rule says so; nothing where nothing is to mend."""
        from reportkit.tables import rectification_table

        rows = [finding for finding in self.triggered if finding.rule.rectify]
        return Blocks([rectification_table(rows)] if rows else [])

    def follow_up(self) -> Blocks:
        """What became of last year's findings: how many, answered, closed, and those still open."""
        told = follow_up(self.annual, [self.unit.unit_id])
        return Blocks([paragraph(told.unit_sentence)] if told.total or told.carried else [])

    def objection(self) -> Block:
        """Where and by when the unit may object."""
        days = self.annual.params.objection_days
        day = wording.full_date(self.issued_on + dt.timedelta(days=days))
        return paragraph(
            f"如对上述数据有异议，请于{day}前书面反馈集团公司党委，并注明所涉指标和依据。"
        )


ANNEX_TITLE = "指标数据和口径"


def open_unit(
    unit: str,
    year: int,
    period: str | None = None,
    *,
    home: Path | None = None,
    masked: bool = False,
) -> UnitCircular:
    """One unit's year, for its circular; with ``period`` (2023Q3) what there was by its end.

    From its 送审稿 on its figures are those of the snapshots that it is pinned to.
    ``masked``: its figures print as ×××, for the masked edition (脱敏版).

    Raises
    ------
    ParameterError
        If the unit, the year or the period is unknown.
    RecordsError
        If the year was not imported, or the unit's submission was refused or never came.
    """
    home = home or find_home()
    annual = load_annual(home, year, period, pins_of(home, year, unit, period))
    found = annual.units[unit]
    if unit not in annual.frames.unit_frame.index:
        raise ParameterError(
            f"{found.short_name} did not exist in {period or year}",
            expected=f"a year from {found.valid_from} to {found.valid_to or 'now'}",
            next_step="choose another year, or correct valid_from and valid_to in params/units.yml",
            where="unit",
        )
    reason = blocked(annual.home, year, annual.pins).get(unit)
    if reason:
        raise RecordsError(
            reason,
            expected=f"an accepted submission of {found.short_name} for {year}",
            next_step=f"mend the workbook, then: reportkit import --year {year}",
            where=unit,
        )
    if period is not None:
        from reportkit.circular.period import UnitPeriodCircular

        return UnitPeriodCircular(annual, "unit_period", found, masked=masked)
    return UnitCircular(annual, "unit", found, masked=masked)
