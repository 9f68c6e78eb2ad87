"""``reportkit run``: makes the circulars that are not up to date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from reportkit.batch.contract import DRAFT, FORMAL, MASKED, Options, Selection
from reportkit.batch.manifest import Entry, stale_files
from reportkit.batch.run import RunResult, nothing_ran
from reportkit.batch.run import run as run_batch
from reportkit.cli import options
from reportkit.cli.console import complain, say, say_event, shown_path, table
from reportkit.cli.dependence import NO_UNITS
from reportkit.cli.holding import warn_of_prints
from reportkit.cli.indexing import refresh_index
from reportkit.cli.options import comma_separated, home_of, latest_year
from reportkit.cli.progress import Progress
from reportkit.cli.settling import warn_of_stale
from reportkit.cli.warnings import (
    check_edits,
    check_overrides,
    warn,
    warn_of_length,
    warn_of_submissions,
)
from reportkit.cli.workbook import StudyWorkbook
from reportkit.errors import ParameterError, UsageError
from reportkit.fonts import FontSet
from reportkit.params import Period, load_letterhead
from reportkit.params.every_file import check_every_file

if TYPE_CHECKING:
    from reportkit.batch.kept import Kept

FORMATS = ("html", "pdf", "docx")


def run(
    context: typer.Context,
    year: options.Years = None,
    period: options.Periods = None,
    unit: options.Units = None,
    notebook: options.Notebooks = None,
    format_: options.Formats = ["html,pdf,docx"],  # noqa: B006 - Typer copies it
    formal: options.Formal = False,
    mask: options.Mask = False,
    standard_fonts: options.StandardFonts = None,
    jobs: options.Jobs = None,
    force: options.Force = False,
    timeout: options.Timeout = 600,
    retries: options.Retries = 1,
    fail_fast: options.FailFast = False,
    limit: options.Limit = 1800,
    memory: options.Memory = None,
    warm: options.Warm = True,
    wait: options.Wait = 0,
    as_json: options.Events = False,
    home: options.Home = None,
) -> None:
    """Make the circulars that are not up to date.

    Without options: every unit's and the group's, for the latest year in params/. What is up to
    date is left alone, files of other formats too. A file that a person changed is kept in
    outputs/drafts/ before it is replaced. Exit status: 0 all good, 1 some circular failed or
    something kept waits for a person, 2 wrong usage before anything ran, 130 interrupted.
    """
    folder = home_of(context, home)

    options = Options(
        formats=comma_separated(format_, FORMATS, "--format"),
        jobs=jobs or Options().jobs, force=force, timeout=timeout, limit=limit, retries=retries,
        fail_fast=fail_fast, standard_fonts=standard_fonts, warm=warm, memory=memory, patience=wait,
    )  # fmt: skip
    edition = edition_named(formal=formal, mask=mask)
    selection = selected(folder, year, period, unit, notebook, edition)
    workbook = _ready(folder, selection, options)
    if as_json:
        warn(workbook, selection)
    progress = say_event if as_json else Progress(before=lambda: warn(workbook, selection))
    result = run_batch(workbook, selection, options, progress)
    refresh_index(workbook)
    if not as_json:
        show(result, workbook.outputs)
        warn_of_length(result, workbook.outputs, workbook.home)
    raise typer.Exit(result.exit_status)


def _ready(folder: Path, selection: Selection, options: Options) -> StudyWorkbook:
    """The workbook, with all looked at that can be wrong before anything runs."""
    with nothing_ran():
        workbook = opened(folder, selection)
        check_fonts(workbook, selection.edition, options)
        warn_of_submissions(workbook, selection)
    return workbook


def edition_named(*, formal: bool, mask: bool) -> str:
    """The name of an edition, as it stands in file names: draft, formal, formal.masked …"""
    return ".".join([FORMAL] * formal + [MASKED] * mask) or DRAFT


def opened(folder: Path, selection: Selection) -> StudyWorkbook:
    """The workbook, refused beforehand where no circular of the selection could be made.

    Raises
    ------
    ParameterError
        For a file of parameters that is wrong, also of another year; for a letterhead that, of a
        formal edition, lacks a mark; for wording of a unit that there is not.
    """
    workbook = StudyWorkbook(folder)
    for unit_id in set(selection.units).difference(NO_UNITS):
        _ = workbook.units[unit_id]  # what was typed wrong is told before what is written wrong
    check_every_file(folder)
    formal = FORMAL in selection.edition.split(".")
    there = (folder / "params" / "letterhead.yml").exists()  # a notebook may do without
    letter = load_letterhead(folder) if there or formal else None
    if formal and letter and letter.formal is None:
        raise ParameterError(
            "nothing is said of the formal edition",
            expected="formal: with at least a mark (发文机关标志)",
            next_step="fill it in, or leave --formal out",
            where="params/letterhead.yml",
        )
    check_overrides(workbook, selection)
    check_edits(workbook, selection)
    return workbook


def check_fonts(workbook: StudyWorkbook, edition: str, options: Options) -> None:
    """Refuse beforehand PDFs in fonts that only stand for the standard ones.

    Raises
    ------
    UsageError
        Saying which fonts are lacking.
    """
    formal = FORMAL in edition.split(".")
    wanted = formal if options.standard_fonts is None else options.standard_fonts
    lacking = FontSet.find(workbook.own_fonts).substituted if wanted else {}
    if lacking and "pdf" in options.formats:
        raise UsageError(
            "other fonts stand for the standard ones: "
            + "; ".join(f"{stand_in} for {font}" for font, stand_in in lacking.values()),
            expected="、".join(font for font, _ in lacking.values()),
            next_step="put them into params/fonts/, or allow it: --allow-substitute-fonts",
            where="--formal" if options.standard_fonts is None else "--require-standard-fonts",
        )


def selected(
    home: Path,
    years: Sequence[int] | None,
    periods: Sequence[str] | None,
    units: Sequence[str] | None,
    notebooks: Sequence[str] | None,
    edition: str,
) -> Selection:
    """What the options ask for; without a year that of the periods, else the latest.

    Raises
    ------
    ParameterError
        For a period that is none.
    UsageError
        For periods of other years than those named.
    """
    asked = tuple(dict.fromkeys(period.strip().upper() for period in periods or ()))
    of_periods = _years_of(asked)
    chosen = tuple(sorted(set(years or of_periods or [latest_year(home)])))
    if asked and set(of_periods) != set(chosen):
        raise UsageError(
            f"--period {' '.join(asked)} with --year {' '.join(map(str, chosen))}",
            expected="periods of that year",
            next_step="leave --year out, or correct one of the two",
            where="--period",
        )
    named = tuple(dict.fromkeys(units or ()))
    return Selection(chosen, named, tuple(notebooks or ()), asked, edition)


def _years_of(periods: Sequence[str]) -> list[int]:
    return sorted({Period(period).year for period in periods})


def show(result: RunResult, outputs: Path) -> None:
    """What came of it: failures one by one, counts, and where to look."""
    rows = []
    for document, entry in result.bad:
        last, this = entry["last_result"], entry["this_run"]
        error = last["error"] if last else None
        not_reached = bool(this and this["outcome"] == "not-reached")
        partial = error["notebook"] if error and not not_reached else None
        rows.append(
            (
                f"{document.title} ({document.unit})",
                document.year,
                "not reached" if not_reached or not last else last["state"],
                error["cell"] if error and not not_reached else None,
                f"{error['type']}: {error['message']}" if error and not not_reached else None,
                shown_path(outputs / document.folder / partial) if partial else None,
            )
        )
    if rows:
        columns = ("unit", "year", "state", "cell", "message", "partial notebook")
        table("Not done:", columns, rows)
    outcomes = [entry["this_run"]["outcome"] for _, entry in result.entries if entry["this_run"]]
    fresh = outcomes.count("up-to-date")
    done = len(result.entries) - len(result.bad) - fresh
    if result.interrupted:
        left = sum(outcome == "not-reached" for outcome in outcomes)
        complain(f"interrupted: {left} not reached; run again to go on")
    say(
        f"{done} made, {fresh} up to date, {len(result.bad)} not done, in {result.seconds:.1f} s",
        style="red" if rows else "green",
    )
    warn_of_stale(
        (f"{document.title} {document.year}", what)
        for document, entry in result.entries
        for what in entry.get("stale_edits", ())
    )
    say_stale(entry for _, entry in result.entries)
    tell_kept(result.kept, outputs)
    warn_of_prints(outputs.parent, ((document.key, entry) for document, entry in result.entries))
    if rows and result.log:
        say(f"Log: {shown_path(result.log)}")
    years = sorted({document.year for document, _ in result.entries})
    say("Look in " + ", ".join(f"{shown_path(outputs / str(y))}/" for y in years))


def say_stale(entries: Iterable[Entry]) -> None:
    """One line on files of formats that were not asked for, and were not made anew with others."""
    names = [f"{entry['folder']}/{name}" for entry in entries for name in stale_files(entry)]
    if names:
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        next_step = "next: reportkit run without --format"
        say(f"stale, not made anew with the rest: {shown}; {next_step}", style="yellow")


def tell_kept(kept: Iterable[Kept], outputs: Path) -> None:
    """A line on each file that a person had changed: where it is kept, and what to do."""
    for each in kept:
        path, copy = shown_path(outputs / each.file), shown_path(outputs / each.copy)
        told = f"{path} is not as the manifest has it (changed by hand?); kept as {copy}"
        next_step = (
            f"reportkit adopt {copy}" if copy.endswith(".docx") else "see what of it is needed"
        )
        say(f"{told}; next: {next_step}", style="yellow")
