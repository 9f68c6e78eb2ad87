"""What both documents share: parameters, letterhead, standing prose, signature."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from reportkit import wording
from reportkit.annual import Annual
from reportkit.charts import chart_fonts
from reportkit.circular.sentences import Named
from reportkit.display import Block, Blocks
from reportkit.errors import ParameterError
from reportkit.params import (
    GROUP_DOCUMENT,
    Letterhead,
    Period,
    Prose,
    load_letterhead,
    load_text,
    own_fonts,
)
from reportkit.params.issue import Issue, issues_of

if TYPE_CHECKING:
    from reportkit.fonts import FontSet


@dataclass(frozen=True)
class Circular:
    """What all documents share: the year, its parameters, letterhead and standing prose.

    ``document`` names its text and its title: group, unit, group_period, unit_period …
    """

    annual: Annual
    document: str
    masked: bool = field(default=False, kw_only=True)
    """Whether its figures print as ×××, for the masked edition (脱敏版)."""

    official: ClassVar[bool] = True
    """Whether it leaves the office as a circular, with 版头 and 版记 in its formal edition."""

    @property
    def year(self) -> int:
        return self.annual.year

    @property
    def span(self) -> str:
        """The time that the figures cover: 全年, or of a period 前三季度."""
        return Period(self.annual.period).in_words if self.annual.period else "全年"

    @property
    def whose(self) -> str:
        """The unit that it is about; ``group``: all of them."""
        return GROUP_DOCUMENT

    @cached_property
    def issue(self) -> Issue | None:
        """What issues it, from ``params/issue/``; None: nothing says so yet, or nothing will."""
        if not self.official:
            return None
        annual = self.annual
        found = issues_of(annual.home, self.whose, annual.year, annual.period)
        return found[0][1] if found else None

    @property
    def issued_on(self) -> dt.date:
        """成文日期: that of its issue, else from ``params/<year>.yml``; never from the clock.

        Raises
        ------
        ParameterError
            If the period is not among the parameters' ``periods``.
        """
        if self.issue:
            return self.issue.date
        params, period = self.annual.params, self.annual.period
        if period is None:
            return params.issued_on
        if period not in params.periods:
            raise ParameterError(
                f"no period {period!r}",
                expected=f"one of {'、'.join(params.periods) or 'none yet'}",
                next_step=f"add it under periods, with issued_on: {period}: {{issued_on: …}}",
                where=f"params/{self.year}.yml",
            )
        return params.periods[period].issued_on

    @cached_property
    def letter(self) -> Letterhead:
        return load_letterhead(self.annual.home)

    @cached_property
    def prose(self) -> dict[str, Prose]:
        return load_text(self.annual.home, self.year, self.document)

    def text(self, paragraph_id: str) -> str:
        """Standing prose from ``params/text/<year>/``, by paragraph id, placeholders filled in.

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
        return Named(self.filled("".join(self.prose[paragraph_id].paragraphs)), paragraph_id)

    def filled(self, text: str) -> str:
        """The text with {year} and {period} replaced; a unit's knows {unit} and {org} as well."""
        return text.replace("{year}", str(self.year)).replace("{period}", self.span)

    def last_year_note(self) -> str:
        """Where last year's figures come from, if they were printed and not imported; else ""."""
        baseline = self.annual.baseline
        return f"上年数据取自{baseline.source}。" if baseline else ""

    def with_source(self, table: Block) -> Block:
        """The table, with :meth:`last_year_note` as the last of its notes."""
        told = self.last_year_note()
        if not told:
            return table
        notes = list(table.fields["notes"])
        notes.append(told if notes else f"注：{told}")
        return Block(table.kind, **{**table.fields, "notes": notes})

    def blocks_under(self, part: str) -> list[tuple[str, Prose]]:
        """The prose blocks of one part (二 → 二.（一）, 二.（二） …), in the file's order."""
        return [(name, p) for name, p in self.prose.items() if name.startswith(f"{part}.")]

    def signature(self) -> Block:
        """署名 and 成文日期."""
        date = wording.full_date(self.issued_on)
        letter = self.letter
        return Block(
            "signature", issuer=letter.issuer, date=date, seal=letter.seal, note=letter.note
        )

    def _editions(self) -> dict[str, Any]:
        """What the document says of its sheet and of its editions."""
        letter = self.letter
        more: dict[str, Any] = {"page": letter.page.model_dump(), "masked": self.masked}
        if not self.official:
            return more
        more["attach"] = letter.attach_figures
        if letter.formal:
            head = letter.formal.model_dump(exclude={"unit_number"})
            if self.document.startswith("unit"):
                head["number"] = letter.formal.unit_number
            if self.issue:
                head["number"] = self.issue.number_of(self.whose)
            head["number"] = head["number"].replace("{issue_year}", str(self.issued_on.year))
            more["head"] = head
        if letter.imprint:
            printed = f"{wording.full_date(self.issued_on)}印发"
            more["imprint"] = {**letter.imprint.model_dump(), "printed_on": printed}
        return more

    def _front(self, title: str, addressee: str, unit: str) -> Blocks:
        """What opens the paper; from here on charts are in the fonts of the page, any kernel's."""
        chart_fonts(self._fonts())
        return Blocks(
            [
                Block(
                    "document",
                    title=title,
                    author=self.letter.issuer,
                    language="zh-CN",
                    date=self.issued_on.isoformat(),
                    unit=unit,
                    year=self.year,
                    keep=self._names_to_keep(),
                    **self._editions(),
                ),
                Block("title", text=title),
                Block("addressee", text=addressee),
            ]
        )

    def _names_to_keep(self) -> list[str]:
        """Names that no line may break: those of the units that the document may tell of."""
        return [unit.short_name for unit in self.annual.units.in_year(self.year)]

    def _fonts(self) -> FontSet:
        from reportkit.fonts import FontSet

        return FontSet.find(own_fonts(self.annual.home))
