"""The group's circular (集团通报): totals, practices by theme, findings without names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reportkit import findings as rules
from reportkit import wording
from reportkit.annual import Indicators, blocked, load_annual
from reportkit.circular.base import Circular
from reportkit.circular.sentences import clauses, paragraph, practice_text
from reportkit.display import Block, Blocks
from reportkit.errors import ParameterError
from reportkit.findings import GroupFinding
from reportkit.params import GROUP_DOCUMENT, Decisions, find_home, load_decisions


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

    @cached_property
    def _blocked(self) -> dict[str, str]:
        return blocked(self.annual.home, self.year)

    @property
    def triggered(self) -> list[GroupFinding]:
        """Rules that at least one unit hit, in the order of the parameters."""
        return [finding for finding in self._findings if finding.units]

    def letterhead(self) -> Blocks:
        """The document's title and addressee (标题、主送)."""
        title = self.filled(self.letter.group_title)
        return self._front(title, self.letter.group_addressee, GROUP_DOCUMENT)

    def unreported(self) -> str:
        """How many units are not in the totals of M1 to M3; "" if all are.

        集团本级 and a unit merged within the year count as well: the totals lack them too.
        """
        table = self.annual.table
        silent = table.index[table["state"] == "未报"]
        out = {unit for unit, metric in silent if metric == "M1"}
        mute = {unit for unit, metric in silent if metric == "M2"} - out
        parts = [f"另有{len(out)}家单位未报送或材料被退回，未计入"] if out else []
        if mute:
            parts.append(f"{len(mute)}家单位未报送研讨发言，未计入研讨交流场次")
        return f"（{'；'.join(parts)}）" if parts else ""

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
        heads = self.blocks_under("四")
        for n, (name, prose) in enumerate(heads, 1):
            lead = f"{wording.heading_number(2, n)}{self.filled(prose.title)}。"
            extra = ""
            if n == min(2, len(heads)) and wanted:
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
                self.with_source(units_table(self.annual, metric_ids)),
                Block("annex", number=2, title="统计口径", landscape=False),
                definitions_table(),
            ]
        )

    def annex_list(self) -> Block:
        """附件说明, below the body."""
        return Block(
            "annex_list",
            items=[f"{self.year}年党委理论学习中心组学习情况统计表", "统计口径"],
        )


def open_group(year: int, *, home: Path | None = None) -> GroupCircular:
    """The group's year, for the group circular; errors as for :func:`open_unit`."""
    return GroupCircular(load_annual(home or find_home(), year), "group")
