"""``reportkit import``: submissions → checked records, and what was refused."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reportkit.batch.run import lock
from reportkit.cli import options
from reportkit.cli.console import complain, say, say_json
from reportkit.cli.indexing import refresh_index
from reportkit.cli.issues import show_issues
from reportkit.cli.options import home_of
from reportkit.cli.progress import ReadingProgress
from reportkit.cli.workbook import StudyWorkbook
from reportkit.errors import UsageError
from reportkit.params import load_year
from reportkit.records.importing import ImportReport, import_year
from reportkit.records.snapshot import (
    find_earlier,
    mend_history,
    read_purge,
    refuse_purged,
    restore_snapshot,
)

AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        help="Take the records again that were imported by the end of that day (2024-01-08), or "
        "the snapshot whose digest begins so. Reads no submissions.",
    ),
]

SourceOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        help="Take the tables from a database (sqlite:///records.db, postgresql://…), a "
        "folder of Parquet or CSV files, or env:NAME, a variable that holds either.",
    ),
]


def import_(
    context: typer.Context,
    year: options.Years = None,
    as_of: AsOfOption = None,
    source: SourceOption = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Files read at a time. Default: one a core.")
    ] = None,
    feedback: Annotated[bool, typer.Option(help="Write each unit's feedback workbook.")] = True,
    wait: options.Wait = 0,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Read and check what units sent.

    Reads the workbooks under data/submissions/<year>/, of all years or of those named.
    With --as-of nothing is read: the records that were imported by then count again, until
    the next import without it.

    Exit status: 0 all accepted, 1 something was refused, 2 wrong usage or parameters.
    """
    folder = home_of(context, home)
    if as_of is not None:
        _go_back(folder, sorted(set(year or ())), as_of, source, as_json)
        return
    years = sorted(set(year)) if year else _not_purged(folder, _years(folder, source))

    for each in years:
        refuse_purged(folder, each)
        load_year(folder, each)  # a year without parameters is refused before anything is read
    reports = []
    with lock(folder / "outputs", wait):
        for each in years:
            if told := mend_history(folder, each):
                complain(told)
            watcher = ReadingProgress(each, quiet=as_json)
            report = import_year(
                folder, each, jobs=jobs, watcher=watcher, feedback=feedback, source=source
            )
            reports.append(report)
            if not as_json:
                _show(reports[-1])
    refresh_index(StudyWorkbook(folder), work_out=False)
    if as_json:
        say_json([report.to_dict() for report in reports])
    elif all(report.ok for report in reports):
        say("Next: reportkit run")
    else:
        complain("Something was refused: the table above says what, and where.")
    raise typer.Exit(int(not all(report.ok for report in reports)))


def _go_back(home: Path, years: list[int], as_of: str, source: str | None, as_json: bool) -> None:
    """Make the years' earlier snapshots theirs again: all of them, or none."""
    if source is not None:
        raise UsageError(
            "--as-of with --from",
            expected="one of them: --as-of reads nothing anew",
            next_step="leave one out",
            where="--from",
        )
    if not years:
        raise UsageError(
            "--as-of without --year",
            expected="the year whose records are to be as they were",
            next_step=f"reportkit import --year 2023 --as-of {as_of}",
            where="--as-of",
        )
    for year in years:
        refuse_purged(home, year)
        load_year(home, year)
        find_earlier(home, year, as_of)  # before anything is changed, and before outputs/ is made
    pointers = []
    with lock(home / "outputs"):
        for year in years:
            if told := mend_history(home, year):
                complain(told)
            since = find_earlier(home, year, as_of).time.astimezone()
            pointers.append(restore_snapshot(home, year, as_of))
            if not as_json:
                digest, files = pointers[-1]["digest"][:12], len(pointers[-1]["inputs"])
                say(f"{year}: the records as imported on {since:%Y-%m-%d %H:%M} ({files} files, "
                    f"{digest}) count again", style="green")  # fmt: skip
    if as_json:
        say_json(pointers)
    else:
        say("Next: reportkit run; `reportkit import` reads the submissions anew")


def _not_purged(home: Path, years: list[int]) -> list[int]:
    """Without those whose rows on persons were purged: a plain import must not bring them back."""
    left = []
    for year in years:
        if (purge := read_purge(home, year)) is None:
            left.append(year)
        else:
            complain(f"{year}: left out: its records were purged on {purge.day}", style="yellow")
    return left


def _years(home: Path, source: str | None) -> list[int]:
    if source is None:
        return submitted_years(home)
    raise UsageError(
        "--from without --year",
        expected="the year to take from it",
        next_step="reportkit import --year 2023 --from …",
        where="--from",
    )


def submitted_years(home: Path) -> list[int]:
    """The years that have a folder under ``data/submissions``."""
    submissions = home / "data" / "submissions"
    years = [int(p.name) for p in submissions.glob("*") if p.is_dir() and p.name.isdigit()]
    if not years:
        raise UsageError(
            "there are no submissions",
            expected="a folder data/submissions/<year> with one workbook from each unit",
            next_step="put the units' workbooks there; `reportkit demo` makes an example",
            where=str(submissions),
        )
    return sorted(years)


def _show(report: ImportReport) -> None:
    counts = [
        f"{report.files_read} files read",
        f"{report.files_refused} refused",
        f"{report.rows_read} rows",
        f"{report.rows_corrected} corrected",
        f"{report.rows_refused} rows refused",
    ]
    say(f"{report.year}: {', '.join(counts)}", style="green" if report.ok else "yellow")
    if report.units_missing:
        say(f"  nothing accepted from: {', '.join(report.units_missing)}")
    show_issues(report.issues, f"in {report.year}")
    if report.feedback:
        say(f"  feedback for the units: outputs/records/{report.year}/feedback/ "
            f"({len(report.feedback)} workbooks)")  # fmt: skip
