"""The Typer application: global options, and one module a command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reportkit.cli import (
    adopt,
    archive,
    check,
    confirm,
    correct,
    deliver,
    demo,
    diff,
    fonts,
    forms,
    importing,
    issue,
    plan,
    purge,
    remind,
    rollover,
    run,
    schedule,
    sheets,
    stage,
    status,
    verify,
)
from reportkit.cli.console import tolerant_streams
from reportkit.cli.errors import handled

app = typer.Typer(
    name="reportkit",
    help="Turns many units' records into official circulars: one notebook, many units and years.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("reportkit")
        except PackageNotFoundError:
            number = "(not installed)"
        typer.echo(f"reportkit {number}")
        raise typer.Exit()


@app.callback()
def _main(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(help="The workbook's folder (default: here, or the nearest one upward)."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    tolerant_streams()
    context.obj = home


for _name, _function in (
    ("demo", demo.demo),
    ("forms", forms.forms),
    ("check", check.check),
    ("import", importing.import_),
    ("plan", plan.plan),
    ("run", run.run),
    ("status", status.status),
    ("stage", stage.stage),
    ("adopt", adopt.adopt),
    ("issue", issue.issue),
    ("correct", correct.correct),
    ("archive", archive.archive),
    ("verify", verify.verify),
    ("diff", diff.diff),
    ("sheets", sheets.sheets),
    ("deliver", deliver.deliver),
    ("remind", remind.remind),
    ("confirm", confirm.confirm),
    ("rollover", rollover.rollover),
    ("purge", purge.purge),
    ("fonts", fonts.fonts),
):
    app.command(_name)(handled(_function))
app.add_typer(schedule.app)
