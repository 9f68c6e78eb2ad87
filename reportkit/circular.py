"""What a circular's notebook opens: one unit's year, or the group's, and the blocks they show.

A notebook reads as the document it makes::

    r = open_unit(unit, year)
    m = r.indicators
    r.letterhead()
    paragraph(r.text("一"), clauses(
        when(m.sessions, f"组织集体学习{m.sessions}次，{m.sessions.change}"),
    ))
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from reportkit import findings as rules
from reportkit import wording
from reportkit.annual import Annual, Indicators, blocked, load_annual
from reportkit.display import Block, Blocks
from reportkit.errors import ParameterError, RecordsError
from reportkit.findings import Finding, GroupFinding
from reportkit.metrics.indicator import Indicator
from reportkit.params import (
    GROUP_DOCUMENT,
    Decisions,
    Letterhead,
    Prose,
    Unit,
    find_home,
    load_decisions,
    load_letterhead,
    load_text,
)

if TYPE_CHECKING:
    import pandas as pd

    from reportkit.fonts import FontSet

CHART_METRIC = "M4"


# --- what a sentence is made of -----------------------------------------------------------


def clauses(*parts: str) -> str:
    """Clauses of one theme as a sentence: joined by ；, ended by 。, empty ones left out."""
    return wording.join_clauses(parts)


def when(indicator: Indicator, text: str) -> str:
    """The clause if its indicator has a value; else what is lacking: 研讨交流未报."""
    if indicator.reported:
        return text
    return f"{indicator.metric.name}{indicator.state}"


def paragraph(*texts: str, lead: str = "", level: int = 2) -> Block:
    """A paragraph of the body; ``lead`` is a run-in heading in the font of its level."""
    return Block("paragraph", text="".join(texts), lead=lead, lead_level=level)


def heading(text: str, level: int = 1) -> Block:
    """A heading on a line of its own; its number is part of the text (一、)."""
    return Block("heading", level=level, text=text)


# --- documents ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Circular:
    """What both documents share: the year, its parameters, letterhead and standing prose."""

    annual: Annual
    document: str

    @property
    def year(self) -> int:
        return self.annual.year

    @cached_property
    def letter(self) -> Letterhead:
        return load_letterhead(self.annual.home)

    @cached_property
    def prose(self) -> dict[str, Prose]:
        return load_text(self.annual.home, self.year, self.document)

    def text(self, paragraph_id: str) -> str:
        """Standing prose from ``params/text/<year>/``, by paragraph id; {year} is filled in.

        Raises
        ------
        ParameterError
            If the file has no block of that id.
        """
        if paragraph_id not in self.prose:
            raise ParameterError(
                f"no paragraph {paragraph_id!r}",
                expected=f"one of {'、'.join(self.prose)}",
                next_step=f"add a block “## {paragraph_id}” or correct the notebook",
                where=f"params/text/{self.year}/{self.document}.md",
            )
        return "".join(self.prose[paragraph_id].paragraphs).replace("{year}", str(self.year))

    def blocks_under(self, part: str) -> list[tuple[str, Prose]]:
        """The prose blocks of one part (二 → 二.（一）, 二.（二） …), in the file's order."""
        return [(name, p) for name, p in self.prose.items() if name.startswith(f"{part}.")]

    def signature(self) -> Block:
        """署名 and 成文日期: the day comes from ``params/<year>.yml``, never from the clock."""
        date = wording.full_date(self.annual.params.issued_on)
        return Block("signature", issuer=self.letter.issuer, date=date)

    def _front(self, title: str, addressee: str, unit: str) -> Blocks:
        return Blocks(
            [
                Block(
                    "document",
                    title=title,
                    author=self.letter.issuer,
                    language="zh-CN",
                    date=self.annual.params.issued_on.isoformat(),
                    unit=unit,
                    year=self.year,
                ),
                Block("title", text=title),
                Block("addressee", text=addressee),
            ]
        )

    def _fonts(self) -> FontSet:
        from reportkit.fonts import FontSet

        own = self.annual.home / "params" / "fonts"
        return FontSet.find(own if own.is_dir() else None)


@dataclass(frozen=True)
class UnitCircular(Circular):
    """One unit's year: ``indicators``, findings with their figures, charts and tables."""

    unit: Unit

    @cached_property
    def indicators(self) -> Indicators:
        return self.annual.of_unit(self.unit.unit_id)

    @cached_property
    def _findings(self) -> list[Finding]:
        enabled = [rule for rule in self.annual.params.rules if rule.enabled]
        return [rules.evaluate(rule, self.indicators[rule.metric]) for rule in enabled]

    @property
    def triggered(self) -> list[Finding]:
        """Findings whose rule was hit, in the order of the parameters."""
        return [finding for finding in self._findings if finding.triggered]

    def letterhead(self) -> Blocks:
        """The document's title and addressee (标题、主送)."""
        title = self.letter.unit_title.replace("{year}", str(self.year))
        title = title.replace("{unit}", self.unit.short_name)
        return self._front(title, f"{self.unit.name}{self.unit.org_type}", self.unit.unit_id)

    def comparison_table(self, *metric_ids: str) -> Block:
        """本单位 · 同类中位数 · 集团中位数 · 上年 · 变化, for the metrics named (M1, M4 …)."""
        from reportkit.tables import comparison_table

        minimum = self.annual.params.comparison.minimum_peers
        return comparison_table(self.indicators, metric_ids, minimum_peers=minimum)

    def peers_chart(self) -> Block:
        """The unit's attendance among its unnamed peers; too few of them: a sentence says so."""
        from reportkit.charts import peers_chart

        own = self.indicators[CHART_METRIC]
        values = self.annual.peers(self.unit, CHART_METRIC)
        limits = self.annual.params.comparison
        if not own.reported or own.value is None or own.peer_median is None:
            return paragraph(f"{own.metric.name}{own.state}，不作同类比较。")
        if len(values) < limits.minimum_peers:
            return paragraph(
                f"同类单位中有{own.metric.name}数据的{len(values)}家，"
                f"不足{limits.minimum_peers}家，不作同类比较。"
            )
        expected = self.indicators["M4b"].denominator
        if expected is not None and expected < limits.minimum_person_times:
            return paragraph(f"本单位应到不足{limits.minimum_person_times}人次，不作同类比较。")
        return peers_chart(own.metric.name, values, own.value, own.peer_median, self._fonts())

    def calendar_chart(self) -> Block:
        """The unit's year as a calendar of study sessions."""
        from reportkit.charts import calendar_chart

        return calendar_chart(self.year, self.study_sessions(), self._fonts())

    def study_sessions(self) -> pd.DataFrame:
        """The unit's study sessions held: start, end, title, mark (how the calendar shows it)."""
        frames = self.annual.frames
        held = frames.study[frames.study["unit_id"] == self.unit.unit_id]
        spoken = held["session_id"].isin(frames.discussions["session_id"])
        mark = held["kind"].where(~(spoken & (held["kind"] == "集体学习")), "集体学习（含研讨）")
        return held[["start", "end", "title"]].assign(mark=mark).sort_values("start")

    def practices(self) -> Blocks:
        """The unit's own practices (经验做法), as it put them forward."""
        rows = self.annual.records.of_unit("practices", self.unit.unit_id)
        if rows.empty:
            return Blocks([paragraph("你单位未报送经验做法。")])
        told = [
            f"{practice_name(name)}，{practice_text(what, outcome)}"
            for name, what, outcome in zip(rows["name"], rows["what"], rows["outcome"], strict=True)
        ]
        return Blocks([paragraph(self.text("二"), wording.enumerate_sentences(told))])

    def findings(self) -> Blocks:
        """三、存在的问题: by theme, with figures; heads without findings dropped."""
        blocks = []
        grouped = rules.by_theme(self.annual.params.themes, self.triggered)
        for n, (theme, found) in enumerate(grouped, 1):
            lead = f"{wording.heading_number(3, n)}{theme.title}。"
            text = clauses(*(finding.sentence for finding in found))
            blocks.append(paragraph(text, lead=lead, level=3))
        if not blocks:
            blocks.append(paragraph("对照检查规则，未发现达不到要求的情况。"))
        for outcomes, pattern in (
            (("未触发",), "经核查，{names}符合要求。"),
            (("数据不足",), "{names}因报送材料不全，未作评价。"),
            (("未核查",), "{names}未核查。"),
        ):
            names = [f.indicator.metric.name for f in self._findings if f.outcome in outcomes]
            if names:
                shown = wording.names(names, "项", most=len(names))
                blocks.append(paragraph(pattern.replace("{names}", shown)))
        return Blocks(blocks)

    def data_notes(self) -> Blocks:
        """What of the submission is missing or was not counted; nothing if nothing is."""
        submissions = self.annual.records.of_unit("submissions", self.unit.unit_id)
        blank = submissions.loc[submissions["state"] == "未报", "table"]
        refused = int(submissions["refused"].sum())
        parts = []
        if len(blank):
            from reportkit.records.schemas import TABLES

            shown = wording.names([TABLES[t].label for t in blank], "项", most=len(blank))
            parts.append(f"{shown}未填报，有关指标按未报处理，不按零计")
        if refused:
            parts.append(f"另有{refused}行记录填写有误，未计入统计，请按反馈逐格更正后重新报送")
        return Blocks([paragraph(clauses(*parts))] if parts else [])

    def requirements(self) -> Blocks:
        """四、工作要求: the standing words, then the requirement of each finding once."""
        wanted = list(dict.fromkeys(finding.rule.requirement for finding in self.triggered))
        texts = [self.text("四")]
        if wanted:
            texts.append("重点做好以下工作：" + wording.enumerate_sentences(wanted))
        return Blocks([paragraph(text) for text in texts])

    def rectification_table(self) -> Blocks:
        """整改台账, one row a finding whose rule says so; nothing where nothing is to mend."""
        from reportkit.tables import rectification_table

        rows = [finding for finding in self.triggered if finding.rule.rectify]
        return Blocks([rectification_table(rows)] if rows else [])

    def objection(self) -> Block:
        """Where and by when the unit may object."""
        params = self.annual.params
        day = wording.full_date(params.issued_on + dt.timedelta(days=params.objection_days))
        return paragraph(
            f"如对上述数据有异议，请于{day}前书面反馈集团公司党委，并注明所涉指标和依据。"
        )


@dataclass(frozen=True)
class GroupCircular(Circular):
    """The group's year: ``totals``, practices by theme, findings without names."""

    @cached_property
    def decisions(self) -> Decisions:
        return load_decisions(self.annual.home, self.year)

    @cached_property
    def totals(self) -> Indicators:
        return self.annual.of_group()

    @cached_property
    def _findings(self) -> list[GroupFinding]:
        units = self.annual.units.at_year_end(self.year)
        indicators = {unit.unit_id: self.annual.of_unit(unit.unit_id) for unit in units}
        return [
            GroupFinding(
                rule,
                {u: rules.evaluate(rule, found[rule.metric]) for u, found in indicators.items()},
            )
            for rule in self.annual.params.rules
            if rule.enabled
        ]

    @property
    def triggered(self) -> list[GroupFinding]:
        """Rules that at least one unit hit, in the order of the parameters."""
        return [finding for finding in self._findings if finding.units]

    def letterhead(self) -> Blocks:
        """The document's title and addressee (标题、主送)."""
        title = self.letter.group_title.replace("{year}", str(self.year))
        return self._front(title, self.letter.group_addressee, GROUP_DOCUMENT)

    def unreported(self) -> str:
        """A sentence naming how many units are not in the totals; "" if all are."""
        out = blocked(self.annual.home, self.year)
        return f"（另有{len(out)}家单位未报送或材料被退回，未计入）" if out else ""

    def practices(self) -> Blocks:
        """二、经验做法: one paragraph a head, with the practices that analysts selected for it.

        Raises
        ------
        ParameterError
            If ``params/decisions/<year>.yml`` selects one that no unit put forward.
        """
        practices = self.annual.records["practices"]
        rows = {row["practice_id"]: row for row in practices.to_dict("records")}
        heads = self.blocks_under("二")
        self._check_selection({name for name, _ in heads}, set(rows))
        blocks = []
        for n, (name, prose) in enumerate(heads, 1):
            told = []
            for practice_id in self.decisions.practices.get(name, ()):
                row = rows[practice_id]
                unit = self.annual.units[row["unit_id"]].short_name
                told.append(f"{unit}{practice_text(row['what'], row['outcome'])}")
            lead = f"{wording.heading_number(2, n)}{prose.title}。"
            blocks.append(paragraph(self.text(name), clauses(*told), lead=lead, level=2))
        return Blocks(blocks)

    def _check_selection(self, heads: set[str], known: set[str]) -> None:
        where = f"params/decisions/{self.year}.yml · practices"
        for name, selected in self.decisions.practices.items():
            if name not in heads:
                raise ParameterError(
                    f"no paragraph {name!r}", expected=f"one of {'、'.join(sorted(heads))}",
                    next_step="correct the id, or add the block to the text", where=where,
                )  # fmt: skip
            for practice_id in selected:
                if practice_id not in known:
                    raise ParameterError(
                        f"no practice {practice_id!r} in the records of {self.year}",
                        expected="unit_id/number of a practice that a unit sent",
                        next_step="correct the selection", where=where,
                    )  # fmt: skip

    def findings(self) -> Blocks:
        """三、存在的问题和不足: by theme, with quantifiers, no unit named, heads renumbered."""
        themes = self.annual.params.themes
        place = {theme.key: n for n, theme in enumerate(themes, 1)}
        blocks = []
        for n, (theme, found) in enumerate(rules.by_theme(themes, self.triggered), 1):
            sentences = rules.group_sentences(
                found, self.annual.params.quantifiers, self.decisions.many_confirmed
            )
            paragraph_id = f"三.{place[theme.key]}"
            lead_text = self.text(paragraph_id) if paragraph_id in self.prose else ""
            lead = f"{wording.heading_number(3, n)}{theme.title}。"
            blocks.append(paragraph(lead_text, clauses(*sentences), lead=lead, level=3))
        if not blocks:
            return Blocks([paragraph("对照检查规则，各单位均达到要求。")])
        if "三" in self.prose:
            blocks.insert(0, paragraph(self.text("三")))
        return Blocks(blocks)

    def requirements(self) -> Blocks:
        """四、工作要求: the heads of the text; those of findings follow under the second head."""
        wanted = list(dict.fromkeys(finding.rule.requirement for finding in self.triggered))
        blocks = []
        for n, (name, prose) in enumerate(self.blocks_under("四"), 1):
            lead = f"{wording.heading_number(2, n)}{prose.title}。"
            extra = ""
            if n == 2 and wanted:
                extra = "当前要重点抓好以下工作：" + wording.enumerate_sentences(wanted)
            blocks.append(paragraph(self.text(name), extra, lead=lead, level=2))
        return Blocks(blocks)

    def annexes(self, metric_ids: Sequence[str]) -> Blocks:
        """附件1 学习情况统计表 (counts by unit, in official order) and 附件2 统计口径."""
        from reportkit.tables import definitions_table, units_table

        title = f"{self.year}年党委理论学习中心组学习情况统计表"
        return Blocks(
            [
                Block("annex", number=1, title=title, landscape=True),
                units_table(self.annual, metric_ids),
                Block("annex", number=2, title="统计口径", landscape=False),
                definitions_table(metric_ids),
            ]
        )

    def annex_list(self) -> Block:
        """附件说明, below the body."""
        return Block(
            "annex_list",
            items=[f"{self.year}年党委理论学习中心组学习情况统计表", "统计口径"],
        )


def practice_name(name: str) -> str:
    """A practice's name in its quotation marks, which it may bring along: “三单”学习法."""
    return name if any(mark in name for mark in "“《") else f"“{name}”"


def practice_text(what: str, outcome: str | None) -> str:
    """What a practice does, and what came of it, as one clause without a full stop."""
    told = str(what).rstrip("。；，")
    if isinstance(outcome, str) and outcome:
        told += f"，{outcome.rstrip('。；，')}"
    return told


# --- opening ------------------------------------------------------------------------------


def open_unit(unit: str, year: int, *, home: Path | None = None) -> UnitCircular:
    """One unit's year, for its circular.

    Raises
    ------
    ParameterError
        If the unit or the year is unknown.
    RecordsError
        If the year was not imported, or the unit's submission was refused or never came.
    """
    annual = load_annual(home or find_home(), year)
    found = annual.units[unit]
    if unit not in annual.frames.unit_frame.index:
        raise ParameterError(
            f"{found.short_name} did not exist in {year}",
            expected=f"a year from {found.valid_from} to {found.valid_to or 'now'}",
            next_step="choose another year, or correct valid_from and valid_to in params/units.yml",
            where="unit",
        )
    reason = blocked(annual.home, year).get(unit)
    if reason:
        raise RecordsError(
            reason,
            expected=f"an accepted submission of {found.short_name} for {year}",
            next_step=f"mend the workbook, then: reportkit import --year {year}",
            where=unit,
        )
    return UnitCircular(annual, "unit", found)


def open_group(year: int, *, home: Path | None = None) -> GroupCircular:
    """The group's year, for the group circular; errors as for :func:`open_unit`."""
    return GroupCircular(load_annual(home or find_home(), year), "group")
