"""``reportkit forms``: blank forms for units to fill in, and for the office itself."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from reportkit.cli import options
from reportkit.cli.console import complain, console, say, say_json, shown_path
from reportkit.cli.options import home_of
from reportkit.errors import UsageError
from reportkit.loaders import has_figures
from reportkit.params import available_years, load_year
from reportkit.records.periods import Period, parse_period
from reportkit.records.writing.issuing import FormFile, write_forms, write_office_form
from reportkit.records.writing.known import next_quarter

MOST_SHOWN = 40


def forms(
    context: typer.Context,
    year: Annotated[int, typer.Option("--year", help="The year.")],
    out: Annotated[Path, typer.Option(help="The folder to write into; made if needed.")],
    period: Annotated[
        str | None,
        typer.Option(help="2024Q1, 2024-03 or 2024 (default: the next quarter to report)."),
    ] = None,
    unit: Annotated[
        list[str] | None, typer.Option("--unit", help="A unit's id; may be repeated.")
    ] = None,
    office: Annotated[
        bool, typer.Option("--office", help="The office's own workbook of the year instead.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite forms that may have been filled in.")
    ] = False,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Write blank forms: one workbook for each unit and period.

    Each asks only for what is switched on in params/<year>.yml, and holds what is known
    already: the unit's members, its plan, the mandatory topics, last period's open questions,
    and what of last year's findings is not 已完成 (整改).
    A file that is there and differs is kept unless --force is given.

    Exit status: 0 all written, 1 a file was kept, 2 wrong usage or parameters.
    """
    folder = home_of(context, home)

    load_year(folder, year)  # a year without parameters is refused before anything is written
    if office:
        made = [_office(folder, year, out, period, unit, force)]
    else:
        made = _units(folder, year, out, period, unit or [], force, as_json)
    if as_json:
        say_json([each.to_dict() for each in made])
    else:
        _show(made, out, year)
    raise typer.Exit(int(any(each.state == "kept" for each in made)))


def _office(
    home: Path, year: int, out: Path, period: str | None, units: list[str] | None, force: bool
) -> FormFile:
    if units or period:
        raise UsageError(
            "--office with --unit or --period",
            expected="--office alone: there is one such workbook a year",
            next_step="leave the other options out",
            where="--office",
        )
    return write_office_form(home, year, out, force=force)


def _units(
    home: Path, year: int, out: Path, period: str | None, units: list[str], force: bool, quiet: bool
) -> list[FormFile]:
    wanted = _period(home, year, period, quiet)
    carried = _left_open(home, year - 1)
    made = write_forms(home, wanted, out, chosen=units, force=force, carried=carried)
    if quiet:
        return list(made)
    from rich.progress import track

    shown = console(stderr=True)
    return list(track(made, "forms", console=shown, transient=True, disable=not shown.is_terminal))


def _left_open(home: Path, before: int) -> dict[str, list[dict[str, Any]]]:
    """What the year before left open (整改), by unit; nothing if nothing is known of it."""
    if before not in available_years(home) or not has_figures(home, before):
        return {}
    from reportkit.annual import load_annual
    from reportkit.circular.carrying import open_rows

    return open_rows(load_annual(home, before))


def _period(home: Path, year: int, text: str | None, quiet: bool) -> Period:
    if text is not None:
        return parse_period(text, year)
    period, why = next_quarter(home, year)
    if not quiet:
        say(f"{period.text}: {why}")
    return period


def _show(made: list[FormFile], out: Path, year: int) -> None:
    count = Counter(each.state for each in made)
    parts = [f"{n} {state}" for state, n in sorted(count.items(), reverse=True)]
    say(f"{shown_path(out)}: {', '.join(parts)}", style="yellow" if count["kept"] else "green")
    kept = [each for each in made if each.state == "kept"]
    for each in kept[:MOST_SHOWN]:
        complain(f"  kept: {shown_path(each.file)} is there already, and differs")
    if len(kept) > MOST_SHOWN:
        complain(f"  … and {len(kept) - MOST_SHOWN} more: --json lists all")
    if kept:
        complain("  next: move what was filled in elsewhere, or overwrite with --force")
    elif made[0].unit_id is None:
        say(f"Next: fill it in and put it at data/checks/{year}.xlsx; then reportkit import")
    else:
        say(f"Next: send them; put what comes back into data/submissions/{year}/")
