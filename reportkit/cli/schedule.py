"""``reportkit schedule``: the jobs of params/schedule.yml, their times, what became of them."""

from __future__ import annotations

import datetime as dt
import logging
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from reportkit.cli import options
from reportkit.cli.console import say, say_json, shown_path, table
from reportkit.cli.errors import handled
from reportkit.cli.options import home_of
from reportkit.errors import UsageError
from reportkit.files import replace_file
from reportkit.notice.outbox import FILE
from reportkit.params import load_schedule
from reportkit.schedule import install as writing
from reportkit.schedule.commands import commands_of
from reportkit.schedule.ledger import DONE, Ledger
from reportkit.schedule.service import once as run_once
from reportkit.schedule.service import serve
from reportkit.schedule.timing import upcoming

app = typer.Typer(
    name="schedule",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
)

_STATES = "done, failed, interrupted (goes on), skipped, waiting, running"


@app.callback()
def schedule() -> None:
    """Run the jobs of params/schedule.yml at their times, and tell how they ended."""


def next_(
    context: typer.Context,
    count: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 10,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """List the coming runs, with their dates and what they do."""
    folder = home_of(context, home)

    schedule = load_schedule(folder)
    found = [
        (when, name, commands_of(schedule.jobs[name], when.date()))
        for when, name in upcoming(schedule, dt.datetime.now(dt.UTC), count)
    ]
    if as_json:
        say_json([
            {"when": when.isoformat(), "job": name, "commands": [str(c) for c in commands]}
            for when, name, commands in found
        ])  # fmt: skip
    elif not found:
        say("no jobs; next: describe some in params/schedule.yml")
    else:
        rows = [
            (f"{when:%Y-%m-%d %H:%M}", schedule.zone_of(name).key, name,
             "; ".join(str(command).removeprefix("reportkit ") for command in commands))
            for when, name, commands in found
        ]  # fmt: skip
        table("Coming runs:", ("when", "time zone", "job", "does"), rows)


def run(
    context: typer.Context,
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="Only what is due now, then end.")
    ] = False,
    home: options.Home = None,
) -> None:
    """Run the schedule until stopped (Ctrl-C, SIGTERM).

    What was missed meanwhile is caught up once; what was cut off goes on. An edited
    params/schedule.yml counts at once.
    """
    folder = home_of(context, home)

    _log_to_terminal()
    serve(folder, until_idle=until_idle)


def once(
    context: typer.Context,
    job: Annotated[str, typer.Argument(help="The job's name.")],
    home: options.Home = None,
) -> None:
    """Run one job now, as if it were due: for cron, or by hand.

    Exit status: 0 it is done, 1 it is not.
    """
    folder = home_of(context, home)

    _log_to_terminal()
    raise typer.Exit(int(run_once(folder, job) != DONE))


def history(
    context: typer.Context,
    count: Annotated[int, typer.Option(min=1, help="How many.")] = 20,
    letters: Annotated[
        bool, typer.Option("--letters", help="Who was told what, and what could not be sent.")
    ] = False,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Show what became of the jobs, the last one first."""
    folder = home_of(context, home)

    if not (folder / "outputs" / FILE).is_file():
        say_json([]) if as_json else say("no job has run yet")
        return
    ledger = Ledger(folder / "outputs")
    try:
        if letters:
            _show_letters(ledger.outbox.all()[:count], as_json)
        else:
            _show_runs(ledger.runs(count), as_json)
    finally:
        ledger.close()


def _show_letters(found: list[dict[str, Any]], as_json: bool) -> None:
    names = ("key", "recipient", "state", "tries", "sent", "error")
    if as_json:
        say_json([{name: each[name] for name in names} for each in found])
        return
    table("Letters:", names, [tuple(each[name] for name in names) for each in found])


def _show_runs(found: list[Any], as_json: bool) -> None:
    if as_json:
        say_json([
            {**vars(run), **{n: _iso(getattr(run, n)) for n in ("due", "started", "ended")}}
            for run in found
        ])  # fmt: skip
        return
    rows = [
        (run.job, _local(run.due), run.state + (", late" if run.late else ""), run.attempts,
         _local(run.started), _local(run.ended), run.message, run.log)
        for run in found
    ]  # fmt: skip
    table("Runs:", ("job", "due", "state", "attempts", "started", "ended", "message", "log"), rows)


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _local(moment: dt.datetime | None) -> str | None:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}" if moment else None


def install(
    context: typer.Context,
    systemd: Annotated[
        bool, typer.Option("--systemd", help="A unit file for systemd (Linux).")
    ] = False,
    cron: Annotated[bool, typer.Option("--cron", help="Lines for a crontab.")] = False,
    windows: Annotated[
        bool, typer.Option("--windows", help="A task for Windows' task scheduler.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Where to write it. Default: outputs/schedule/.")
    ] = None,
    home: options.Home = None,
) -> None:
    """Write what the machine's own scheduler needs, and say how to hand it over.

    Nothing is installed: that is left to who owns the machine.
    """
    folder = home_of(context, home)

    if systemd + cron + windows != 1:
        raise UsageError(
            "which scheduler?", expected="one of --systemd, --cron, --windows", where="install"
        )
    schedule = load_schedule(folder)
    target = out or folder / "outputs" / "schedule"
    target.mkdir(parents=True, exist_ok=True)
    if systemd:
        path, text = target / "reportkit.service", writing.systemd_unit(folder)
        hint = (
            f"cp {shown_path(path)} ~/.config/systemd/user/ && "
            "systemctl --user enable --now reportkit && loginctl enable-linger"
        )
    elif cron:
        path, text = target / "reportkit.crontab", writing.crontab_lines(folder, schedule)
        hint = f"(crontab -l; cat {shown_path(path)}) | crontab -"
    else:
        path, text = target / "reportkit.xml", writing.windows_task(folder)
        hint = f"schtasks /Create /TN reportkit /XML {shown_path(path)}"
    replace_file(path, text.encode("utf-16" if windows else "utf-8"))
    say(f"{shown_path(path)}\nNext: {hint}")


def _log_to_terminal() -> None:
    level = os.environ.get("REPORTKIT_LOG", "INFO").upper()
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", datefmt="%F %T")
    logger = logging.getLogger("reportkit.schedule")
    logger.setLevel(level if level in logging.getLevelNamesMapping() else "INFO")


for _name, _function in (
    ("next", next_), ("run", run), ("once", once), ("history", history), ("install", install),
):  # fmt: skip
    app.command(_name)(handled(_function))
