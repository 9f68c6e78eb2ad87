"""What was refused, corrected or warned of: one :class:`Issue` each, for people at the units."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["refused", "corrected", "warned"]

_LONG_NUMBER = re.compile(r"\d(?: ?\d){13,} ?[\dXxＸｘ]?")
"""Identity numbers (15 or 18 digits, of any width), and nothing else that should be here."""

MASKED = "〔证件号码，已隐去〕"
_LONGEST = 60


@dataclass(frozen=True)
class Issue:
    """One thing that was not read as it stood. The texts are Chinese: units read them.

    ``file`` is the path below ``data/``; ``sheet`` and ``cell`` (A1 notation) may be empty
    when the whole file is meant.
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


def shown(value: Any) -> str:
    """A cell's value as an issue quotes it: short, on one line, identity numbers masked."""
    if isinstance(value, bool):
        return "是（TRUE）" if value else "否（FALSE）"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e20:
        value = int(value)
    text = _LONG_NUMBER.sub(MASKED, " ".join(str(value).split()))
    text = "".join(c if c.isprintable() else "�" for c in text)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


@dataclass
class Log:
    """The issues of one file, in the order in which they were met."""

    file: str
    unit_id: str | None = None
    issues: list[Issue] = field(default_factory=list)

    def add(
        self,
        severity: Severity,
        code: str,
        found: str,
        expected: str,
        action: str,
        *,
        sheet: str | None = None,
        cell: str | None = None,
    ) -> None:
        """Put one issue down; identity numbers never get into it."""
        self.issues.append(
            Issue(
                severity=severity,
                code=code,
                file=self.file,
                found=_LONG_NUMBER.sub(MASKED, found),
                expected=expected,
                action=action,
                sheet=sheet,
                cell=cell,
            )
        )

    def count(self, severity: Severity) -> int:
        """How many issues of this severity there are."""
        return sum(issue.severity == severity for issue in self.issues)
