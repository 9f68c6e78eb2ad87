"""``reportkit rollover``: next year's parameters and prose, and last year's figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reportkit.batch.run import lock, nothing_ran
from reportkit.cli import options
from reportkit.cli.console import complain, say, say_json
from reportkit.cli.newfiles import state_of, write
from reportkit.cli.options import home_of
from reportkit.loaders import has_snapshot
from reportkit.params import GROUP_DOCUMENT, load_year
from reportkit.params.rollover import NewFile, prepare


def rollover(
    context: typer.Context,
    year: Annotated[int, typer.Argument(help="The year that begins, as 2024.")],
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Make a new year's parameters from those of the year before, and keep that year's figures.

    Writes params/YEAR.yml (dates a year on, topics as comments), params/text/YEAR/,
    params/decisions/YEAR.yml (nothing decided) and params/baseline/ of the year before. Files
    that are there stay as they are. What to look over is listed, and marked 待核 in the files.

    Exit status: 0 done, 2 the year before cannot be rolled over; nothing is written then.
    """
    folder = home_of(context, home)
    from reportkit.annual.rules import check_rules

    with nothing_ran():
        files, elsewhere = prepare(folder, year)
        check_rules(load_year(folder, year - 1))
        baseline, told = baseline_of(folder, year - 1)
        files = [*baseline, *files]
        elsewhere += told
    if dry_run:
        states = {f.path: state_of(folder, f) or "to be written" for f in files}
    else:
        with lock(folder / "outputs"):
            states = dict(write(folder, files))
    fresh = [file for file in files if states[file.path] in ("written", "to be written")]
    remarks = [*(remark for file in fresh for remark in file.remarks), *elsewhere]
    if as_json:
        say_json({"year": year, "files": states, "look_over": remarks})
        return
    for path, state in states.items():
        kept = state == "kept"
        say(f"{state}: {path}" + (" (it is there already, and differs)" if kept else ""),
            style="yellow" if kept else None)  # fmt: skip
    if remarks:
        complain("To look over:", style="yellow")
        for remark in remarks:
            complain(f"  {remark}", style="yellow")
    _next(year, bool(fresh), dry_run)


def _next(year: int, fresh: bool, dry_run: bool) -> None:
    if not fresh:
        say("Nothing to do: every file is there.")
    elif dry_run:
        say("Nothing was written (--dry-run).")
    else:
        say(f"Next: look over params/{year}.yml (待核), then reportkit forms --year {year} --out …")
        say(f"From now on commands without --year mean {year}.")


def baseline_of(home: Path, year: int) -> tuple[list[NewFile], list[str]]:
    """The figures of the year that closes, from its snapshot, if it has one.

    Raises
    ------
    RecordsError
        If the snapshot is damaged.
    """
    name = f"params/baseline/{year}.yml"
    if not has_snapshot(home, year):
        if (home / name).is_file():
            return [], []
        return [], [f"{name}: no records of {year} have been imported, so there are no figures of "
                    f"it to keep; import them and roll over again"]  # fmt: skip
    from reportkit.annual import load_annual, pins_of
    from reportkit.annual.baseline import baseline_text

    # Of what was issued, where it was: later data are no part of last year's circular.
    text = baseline_text(load_annual(home, year, pins=pins_of(home, year, GROUP_DOCUMENT)))
    return [NewFile(name, text.encode("utf-8"))], []
