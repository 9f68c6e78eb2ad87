"""``reportkit plan``: what a run would make, and why; nothing is made."""

from __future__ import annotations

from collections import Counter

import typer

from reportkit.batch.contract import Options
from reportkit.batch.run import nothing_ran, preview
from reportkit.cli import options
from reportkit.cli.console import say, say_json, table
from reportkit.cli.options import comma_separated, home_of
from reportkit.cli.run import FORMATS, edition_named, opened, say_stale, selected
from reportkit.cli.warnings import warn_of_submissions


def plan(
    context: typer.Context,
    year: options.Years = None,
    period: options.Periods = None,
    unit: options.Units = None,
    notebook: options.Notebooks = None,
    format_: options.Formats = ["html,pdf,docx"],  # noqa: B006 - Typer copies it
    formal: options.Formal = False,
    mask: options.Mask = False,
    force: options.Force = False,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Show which circulars a run would make, and why each.

    Takes the options by which `run` selects, and makes nothing.
    """
    folder = home_of(context, home)

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
