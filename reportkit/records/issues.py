"""What was refused, corrected or warned of: one :class:`Issue` each, for people at the units."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportkit.params import IssueDecision
from reportkit.records.codes import Decision, Severity, catalogue
from reportkit.records.private import mask_private

_LONGEST = 60
WHOLE_FILE = "整份未采用"
"""How the action of an issue begins for which nothing of its file entered."""


@dataclass(frozen=True)
class Issue:
    """One thing that was not read as it stood. The texts are Chinese: units read them.

    ``file`` is the path below ``data/``; ``sheet`` and ``cell`` (A1 notation) may be empty
    when the whole file is meant; ``key`` names what is meant where no cell is (a session, a
    pair of units). ``decision`` is what an analyst decided: such an issue is open no more.
    """

    severity: Severity
    code: str
    file: str
    found: str
    expected: str
    action: str
    unit_id: str | None = None
    sheet: str | None = None
    cell: str | None = None
    key: str | None = None
    decision: Decision | None = None
    decided_by: str | None = None
    why: str | None = None

    @property
    def open(self) -> bool:
        """Whether somebody still has to look at it."""
        return self.decision is None

    @property
    def of_whole_file(self) -> bool:
        """Whether it is why nothing of its file entered."""
        return self.action.startswith(WHOLE_FILE)

    @property
    def waived(self) -> bool:
        """Whether what the check refuses is to enter nevertheless."""
        return self.decision == "waive"


def shown(value: Any) -> str:
    """A cell's value as an issue quotes it: short, on one line, private numbers masked."""
    if isinstance(value, bool):
        return "是（TRUE）" if value else "否（FALSE）"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e20:
        value = int(value)
    text = mask_private(" ".join(str(value).split()))
    text = "".join(c if c.isprintable() else "�" for c in text)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


class Decided:
    """The decisions of a year, and which of them an import met."""

    def __init__(self, decisions: Sequence[IssueDecision] = (), year: int = 0) -> None:
        self._every = tuple(decisions)
        self._met: set[int] = set()
        self._by_place: dict[tuple[str, str | None, str | None, str | None], list[int]] = {}
        for n, decision in enumerate(self._every):
            sheet, cell, key = decision.sheet, decision.cell, decision.key
            place = (decision.path(year), sheet, cell, key)
            self._by_place.setdefault(place, []).append(n)

    def __bool__(self) -> bool:
        return bool(self._every)

    def on(self, issue: Issue) -> IssueDecision | None:
        """The decision on an issue, which then counts as met."""
        for place in (
            (issue.file, issue.sheet, issue.cell, None),
            (issue.file, None, None, issue.key),
            (issue.file, issue.sheet, issue.cell, issue.key),
        ):
            for n in self._by_place.get(place, ()):
                decision = self._every[n]
                if decision.code == issue.code and decision.found in (None, issue.found):
                    self._met.add(n)
                    return decision
        return None

    def override(self, file: str, sheet: str, cell: str) -> IssueDecision | None:
        """The decision that gives a cell another value, whatever its code.

        It counts as met once the issue it was taken on is put down (:meth:`Log.add`).
        """
        for n in self._by_place.get((file, sheet, cell, None), ()):
            if self._every[n].decision == "override":
                return self._every[n]
        return None

    def met(self) -> frozenset[int]:
        """The decisions that some issue answered to, by their number in the file from 0."""
        return frozenset(self._met)

    def meet(self, numbers: Collection[int]) -> None:
        """Take over which decisions were met in another process."""
        self._met.update(numbers)

    def unmet(self) -> list[IssueDecision]:
        """Decisions that nothing answered to."""
        return [decision for n, decision in enumerate(self._every) if n not in self._met]


Place = tuple[str | None, str | None, str | None]
"""Sheet, cell and key."""


@dataclass
class Log:
    """The issues of one file, in the order in which they were met."""

    file: str
    unit_id: str | None = None
    issues: list[Issue] = field(default_factory=list)
    decided: Decided = field(default_factory=Decided)

    def add(
        self,
        code: str,
        found: str,
        expected: str,
        action: str = "",
        *,
        sheet: str | None = None,
        cell: str | None = None,
        key: str | None = None,
    ) -> Issue:
        """Put one issue down, with what was decided of it; private numbers never get into it.

        Raises
        ------
        KeyError
            If the catalogue has no such code.
        """
        entry = catalogue()[code]
        sheet, cell, key = self.place(sheet, cell, key)
        issue = Issue(
            severity=entry.severity,
            code=code,
            file=self.file,
            found=mask_private(found),
            expected=expected,
            action=action or entry.advice,
            sheet=sheet,
            cell=cell,
            key=key,
        )
        decision = self.decided.on(issue) if self.decided else None
        if decision and decision.decision in entry.decisions:
            issue = dataclasses.replace(
                issue, decision=decision.decision, decided_by=decision.by, why=decision.why
            )
        self.issues.append(issue)
        return issue

    def place(self, sheet: str | None, cell: str | None, key: str | None) -> Place:
        """Where an issue is, as it is put down."""
        return sheet, cell, key

    def count(self, severity: Severity) -> int:
        """How many issues of this severity are open."""
        return sum(issue.severity == severity and issue.open for issue in self.issues)
