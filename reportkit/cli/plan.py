"""``reportkit plan``: what a run would make, and why; nothing is made."""

from __future__ import annotations

from collections import Counter

import typer

from reportkit.cli.console import say, say_json, table
from reportkit.cli.options import (
    ForceOption,
    FormalOption,
    FormatsOption,
    HomeOption,
    JsonOption,
    MaskOption,
    NotebooksOption,
    PeriodsOption,
    UnitsOption,
    YearsOption,
    comma_separated,
    home_of,
)


def plan(
    context: typer.Context,
    year: YearsOption = None,
    period: PeriodsOption = None,
    unit: UnitsOption = None,
    notebook: NotebooksOption = None,
    format_: FormatsOption = ["html,pdf,docx"],  # noqa: B006 - Typer copies it
    formal: FormalOption = False,
    mask: MaskOption = False,
    force: ForceOption = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Show which circulars a run would make, and why each.

    Takes the options by which `run` selects, and makes nothing.
    """
    folder = home_of(context, home)
    from reportkit.batch.contract import Options
    from reportkit.batch.run import nothing_ran, preview
    from reportkit.cli.run import FORMATS, edition_named, opened, say_stale, selected
    from reportkit.cli.warnings import warn_of_submissions

    edition = edition_named(formal=formal, mask=mask)
    selection = selected(folder, year, period, unit, notebook, edition)
    options = Options(formats=comma_separated(format_, FORMATS, "--format"), force=force)
    with nothing_ran():
        workbook = opened(folder, selection)
        planned = preview(workbook, selection, options)
        warn_of_submissions(workbook, selection)
    if as_json:
        say_json(
            [
                {
                    "document": p.document.key,
                    "title": p.document.title,
                    "year": p.document.year,
                    "state": _state(p.must_run, p.up_to_date),
                    "reasons": list(p.reasons),
                }
                for p in planned
            ]
        )
        return
    rows = [
        (p.document.title, p.document.unit, p.document.year, "; ".join(p.reasons))
        for p in planned
        if not p.up_to_date
    ]
    if rows:
        table("To make:", ("circular", "unit", "year", "why"), rows)
    counts = Counter(_state(p.must_run, p.up_to_date) for p in planned)
    say_stale(p.before for p in planned if p.up_to_date)
    blocked = f", {counts['blocked']} blocked" if counts["blocked"] else ""
    say(f"{counts['to make']} to make, {counts['up to date']} up to date{blocked}")


def _state(must_run: bool, up_to_date: bool) -> str:
    return "to make" if must_run else "up to date" if up_to_date else "blocked"
