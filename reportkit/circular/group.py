"""The group's circular (集团通报): totals, practices by theme, findings without names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from reportkit import findings as rules
from reportkit import wording
from reportkit.annual import Indicators, blocked, load_annual, pins_of
from reportkit.circular.base import Circular
from reportkit.circular.follow_up import follow_up
from reportkit.circular.judging import findings_of
from reportkit.circular.sentences import clauses, paragraph, practice_text
from reportkit.display import Block, Blocks
from reportkit.errors import ParameterError
from reportkit.findings import Finding, GroupFinding
from reportkit.metrics.registry import BY_ID
from reportkit.params import GROUP_DOCUMENT, Decisions, find_home, load_decisions
from reportkit.practices import Candidate
from reportkit.practices import candidates as judged

PAIRINGS_TITLE = "党委理论学习中心组学习旁听结对表"


@dataclass(frozen=True)
class GroupCircular(Circular):
    """The group's year: ``totals``, practices by theme, findings without names."""

    @cached_property
    def decisions(self) -> Decisions:
        return load_decisions(self.annual.home, self.year)

    @cached_property
    def totals(self) -> Indicators:
        figures = self.annual.of_group()
        return figures.masked() if self.masked else figures

    @cached_property
    def by_unit(self) -> dict[str, list[Finding]]:
        """unit_id → what every enabled rule said of it, in official order; without 集团本级."""
        ids = [unit.unit_id for unit in self.annual.at_end]
        return {u: findings_of(self.annual, u, self.annual.of_unit(u)) for u in ids}

    @cached_property
    def _findings(self) -> list[GroupFinding]:
        enabled = [rule for rule in self.annual.params.rules if rule.enabled]
        return [
            GroupFinding(rule, {unit: found[n] for unit, found in self.by_unit.items()})
            for n, rule in enumerate(enabled)
        ]

    @property
    def all_findings(self) -> list[GroupFinding]:
        """Every enabled rule, hit or not: for the 底稿."""
        return self._findings

    @cached_property
    def _blocked(self) -> dict[str, str]:
        return blocked(self.annual.home, self.year, self.annual.pins)

    @property
    def triggered(self) -> list[GroupFinding]:
        """Rules that at least one unit hit, in the order of the parameters."""
        return [finding for finding in self._findings if finding.units]

    def letterhead(self) -> Blocks:
        """The document's title and addressee (标题、主送)."""
        title = self.filled(self.letter.title(self.document))
        return self._front(title, self.letter.group_addressee, GROUP_DOCUMENT)

    def unreported(self) -> str:
        """How many units are not in the totals of M1 to M3; "" if all are, or in a masked edition.

        集团本级 and a unit merged within the year count as well: the totals lack them too.
        """
        if self.masked:
            return ""
        out = self._silent("M1")
        mute = self._silent("M2") - out
        parts = [f"另有{self._counted(out)}未报送或材料被退回，未计入"] if out else []
        if mute:
            parts.append(f"{self._counted(mute)}未报送研讨发言，未计入研讨交流场次")
        return f"（{'；'.join(parts)}）" if parts else ""

    def _silent(self, metric_id: str) -> set[str]:
        """Units of the year that did not report what a metric needs."""
        table = self.annual.table
        silent = table.index[table["state"] == "未报"]
        return {unit for unit, metric in silent if metric == metric_id}

    def _counted(self, unit_ids: set[str]) -> str:
        """集团本级和3家单位: as the annex counts them, which has no row of 集团本级."""
        levels = [self.annual.units[unit].level for unit in unit_ids]
        units = levels.count("unit")
        told = [f"{units}家单位"] if units else []
        return "和".join((["集团本级"] if "group" in levels else []) + told)

    def last_year_note(self) -> str:
        """Where last year's totals come from, if they were printed; else ""."""
        baseline = self.annual.baseline
        return super().last_year_note() if baseline and baseline.totals else ""

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
            for practice_id in self._selected(name):
                row = rows[practice_id]
                unit = self.annual.units[row["unit_id"]].short_name
                told.append(f"{unit}{practice_text(row['what'], row['outcome'])}")
            lead = f"{wording.heading_number(2, n)}{self.filled(prose.title)}。"
            blocks.append(paragraph(self.text(name), clauses(*told), lead=lead, level=2))
        return Blocks(blocks)

    def check_decisions(self) -> None:
        """Refuse what was decided on practices, paragraphs or rules that there are not.

        Raises
        ------
        ParameterError
            Naming the file and what it may hold.
        """
        heads = {name for name, _ in self.blocks_under("二")}
        self._check_selection(heads, set(self.annual.records["practices"]["practice_id"]))
        known = [rule.rule_id for rule in self.annual.params.rules]
        for rule_id in self.decisions.many_confirmed:
            if rule_id not in known:
                raise ParameterError(
                    f"no rule {rule_id!r}", expected=f"one of {'、'.join(known)}",
                    next_step="correct the rule_id",
                    where=f"params/decisions/{self.year}.yml · many_confirmed",
                )  # fmt: skip

    def _selected(self, name: str) -> list[str]:
        """The practices chosen for a paragraph, but for those of units that sent nothing valid."""
        chosen = self.decisions.practices.get(name, ())
        return [p for p in chosen if p.partition("/")[0] not in self._blocked]

    def _check_selection(self, heads: set[str], known: set[str]) -> None:
        where = f"params/decisions/{self.year}.yml · practices"
        for name, selected in self.decisions.practices.items():
            if name not in heads:
                raise ParameterError(
                    f"no paragraph {name!r}", expected=f"one of {'、'.join(sorted(heads))}",
                    next_step="correct the id, or add the block to the text", where=where,
                )  # fmt: skip
            for practice_id in selected:
                if practice_id not in known and practice_id.partition("/")[0] not in self._blocked:
                    raise ParameterError(
                        f"no practice {practice_id!r} in the records of {self.year}",
                        expected="unit_id/number of a practice that a unit sent",
                        next_step="correct the selection", where=where,
                    )  # fmt: skip

    def candidates(self, only: Collection[str] | None = None) -> list[Candidate]:
        """Every practice that a unit put forward, with what speaks against telling of it.

        ``only``: some practice_ids, so that no other unit is looked at.
        """
        table = self.annual.records["practices"]
        if only is not None:
            table = table[table["practice_id"].isin(list(only))]
        at_end = {unit.unit_id for unit in self.annual.at_end}
        rows = cast("list[dict[str, Any]]", table.to_dict("records"))
        known = [row for row in rows if row["unit_id"] in at_end]
        if only is None:
            findings = self.by_unit
        else:
            ids = {str(row["unit_id"]) for row in known}
            findings = {u: findings_of(self.annual, u, self.annual.of_unit(u)) for u in ids}
        return judged(known, set(self.annual.frames.study["session_id"]), findings)

    def candidates_table(self) -> Block:
        """经验做法候选表: which practices are fit, which are selected, what speaks against each.

        For the analyst's eyes and the 底稿; the selection stands in ``params/decisions/``.
        """
        from reportkit.tables import candidates_table

        chosen = {p: head for head, ids in self.decisions.practices.items() for p in ids}
        names = {unit.unit_id: unit.short_name for unit in self.annual.units}
        return candidates_table(self.candidates(), chosen, names)

    def follow_up(self) -> Blocks:
        """How last year's findings were answered and closed, over all units; nothing if none."""
        told = follow_up(self.annual, [unit.unit_id for unit in self.annual.at_end])
        return Blocks([paragraph(told.group_sentence)] if told.total or told.carried else [])

    def findings(self) -> Blocks:
        """三、存在的问题和不足: by theme, with quantifiers, no unit named, heads renumbered."""
        themes = self.annual.params.themes
        place = {theme.key: n for n, theme in enumerate(themes, 1)}
        blocks = []
        grouped = rules.by_theme(themes, self.triggered)
        for n, (theme, found) in enumerate(grouped, 1):
            sentences = rules.group_sentences(
                found, self.annual.params.quantifiers, self.decisions.many_confirmed
            )
            paragraph_id = f"三.{place[theme.key]}"
            lead_text = self.text(paragraph_id) if paragraph_id in self.prose else ""
            lead = f"{wording.heading_number(3, n) if len(grouped) > 1 else ''}{theme.title}。"
            blocks.append(paragraph(lead_text, clauses(*sentences), lead=lead, level=3))
        if not blocks:
            return Blocks([paragraph("对照检查规则，各单位均达到要求。")])
        if "三" in self.prose:
            blocks.insert(0, paragraph(self.text("三")))
        return Blocks(blocks)

    def requirements(self) -> Blocks:
        """四、工作要求: the heads of the text; those of findings follow under the second head."""
        # Those that concern most units, in the order of the rules: a leader signs a text, no list.
        most = self.annual.params.group_requirements
        by_share = sorted(self.triggered, key=lambda found: -found.share)
        gravest = list(dict.fromkeys(found.rule.requirement for found in by_share))[:most]
        every = dict.fromkeys(found.rule.requirement for found in self.triggered)
        wanted = [requirement for requirement in every if requirement in gravest]
        blocks = []
        heads = self.blocks_under("四")
        for n, (name, prose) in enumerate(heads, 1):
            lead = f"{wording.heading_number(2, n)}{self.filled(prose.title)}。"
            extra = ""
            if n == min(2, len(heads)) and wanted:
                extra = "当前要重点抓好以下工作：" + wording.enumerate_sentences(wanted)
            blocks.append(paragraph(self.text(name), extra, lead=lead, level=2))
        return Blocks(blocks)

    def annexes(self, metric_ids: Sequence[str]) -> Blocks:
        """附件1 学习情况统计表 (counts, in official order), 附件2 旁听结对表, 附件3 统计口径.

        Where nobody was paired, or the year is not over, there is no 旁听结对表.
        """
        from reportkit.tables import definitions_table, units_table

        tables = {PAIRINGS_TITLE: self._pairings} if self._pairings else {}
        last = 2 + len(tables)
        counts = units_table(self.annual, metric_ids, conventions=last)
        tables = {self._table_title: self.with_source(counts), **tables}
        tables["统计口径"] = definitions_table(
            self.annual.params, self._metrics_told_of(metric_ids)
        )
        blocks = []
        for number, (title, table) in enumerate(tables.items(), 1):
            blocks += [Block("annex", number=number, title=title, landscape=number == 1), table]
        return Blocks(blocks)

    @cached_property
    def _pairings(self) -> Block | None:
        from reportkit.tables import pairings_table

        return None if self.annual.frames.ends_early else pairings_table(self.annual)

    def annex_list(self) -> Block:
        """附件说明, below the body."""
        return Block(
            "annex_list",
            items=[self._table_title, *([PAIRINGS_TITLE] if self._pairings else []), "统计口径"],
        )

    @property
    def _table_title(self) -> str:
        part = self.span if self.annual.period else ""
        return f"{self.year}年{part}党委理论学习中心组学习情况统计表"

    def _metrics_told_of(self, metric_ids: Sequence[str]) -> set[str]:
        """The metrics of the annex, and those of the rules by which units are judged."""
        used = {*metric_ids, *(r.metric for r in self.annual.params.rules if r.enabled)}
        early = self.annual.frames.ends_early  # what is 未到期 is told of nowhere
        return {i for i in used if not (early and BY_ID[i].yearly)}


def open_group(
    year: int, period: str | None = None, *, home: Path | None = None, masked: bool = False
) -> GroupCircular:
    """The group's year, for the group circular; with ``period`` what there was by its end.

    ``masked``: its figures print as ×××. Errors as for :func:`open_unit`.
    """
    home = home or find_home()
    annual = load_annual(home, year, period, pins_of(home, year, GROUP_DOCUMENT, period))
    return GroupCircular(annual, "group_period" if period else "group", masked=masked)
