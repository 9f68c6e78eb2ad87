"""How the terminal lists issues: what is refused comes last, and stays in sight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reportkit.cli.console import say, table
from reportkit.records.codes import OFFICE_FIRST

if TYPE_CHECKING:
    from reportkit.records.issues import Issue

MOST_SHOWN = 40
"""Corrections, and notes, that the terminal lists; --json lists all."""

_COLUMNS = ("file", "sheet", "cell", "code", "found", "expected", "what became of it")


def show_issues(issues: Sequence[Issue], where: str) -> None:
    """Tables of what was corrected, noted, decided and refused."""
    first = [i for i in issues if i.code == OFFICE_FIRST]
    issues = [i for i in issues if i.code != OFFICE_FIRST]
    kinds = (
        ("First of all, the office's own parameters", first),
        ("Corrected", [i for i in issues if i.severity == "corrected" and i.open]),
        ("Noted", [i for i in issues if i.severity == "warned" and i.open]),
        ("Decided", [i for i in issues if not i.open]),
        ("Refused", [i for i in issues if i.severity == "refused" and i.open]),
    )
    for title, some in kinds:
        shown = some if title == "Refused" else some[:MOST_SHOWN]
        rows = [
            (i.file, i.sheet, i.cell, i.code, i.found, i.expected,
             i.action if i.open else f"{i.decision} by {i.decided_by}: {i.why}")
            for i in shown
        ]  # fmt: skip
        if rows:
            table(f"{title} {where}:", _COLUMNS, rows)
        if len(shown) < len(some):
            say(f"  … and {len(some) - len(shown)} more: --json lists all")
