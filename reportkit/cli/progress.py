"""How a run gets on: a bar on a terminal, a line a document anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reportkit.cli.console import console, say


def _begun(what: str, total: int, *more: tuple[str, str], **fields: Any) -> tuple[Any, Any]:
    """A bar and its task; ``more``: what else stands beside it, with its style."""
    from rich import progress

    bar = progress.Progress(
        progress.TextColumn("{task.description}", markup=False),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        *(progress.TextColumn(text, style=style) for text, style in more),
        progress.TimeElapsedColumn(),
        progress.TextColumn("left"),
        progress.TimeRemainingColumn(),
        console=console(),
        transient=True,
    )
    bar.start()
    return bar, bar.add_task(what, total=total, **fields)


class Progress:
    """Tells a person how many are done, how many failed, how fast, and how long it will take."""

    def __init__(self, before: Callable[[], None] | None = None) -> None:
        """``before`` is called once, when something is going to be made."""
        self._before = before
        self._bar: Any = None
        self._task: Any = None
        self._total = self._done = self._failed = 0

    def __call__(self, event: Mapping[str, Any]) -> None:
        """An event of the run."""
        match event["event"]:
            case "run-started":
                self._begin(event["to_run"], event["up_to_date"], event["blocked"])
            case "finished":
                self._finished(event)
            case "run-ended" if self._bar:
                self._bar.stop()
                self._bar = None

    def _begin(self, to_run: int, up_to_date: int, blocked: int) -> None:
        self._total = to_run + blocked
        if not self._total:
            return
        if self._before:
            self._before()
        if not console().is_terminal:
            extra = [f"{up_to_date} up to date"] * bool(up_to_date)
            extra += [f"{blocked} blocked"] * bool(blocked)
            say(", ".join([f"{to_run} to make", *extra]))
            return
        more = (("{task.fields[failed]} failed", "red"), ("{task.fields[rate]}", "none"))
        self._bar, self._task = _begun("circulars", self._total, *more, failed=0, rate="")

    def _finished(self, event: Mapping[str, Any]) -> None:
        state = event.get("state", "?")
        self._done += 1
        self._failed += state != "done"
        if self._bar:
            elapsed = self._bar.tasks[0].elapsed or 0
            rate = f"{self._done / elapsed:.1f}/s" if elapsed > 1 else ""
            self._bar.update(self._task, advance=1, failed=self._failed, rate=rate)
            return
        seconds = f" ({event['seconds']:.1f} s)" if event.get("seconds") else ""
        title = f"{event['year']} {event['title']}"
        say(f"[{self._done}/{self._total}] {title}: {state}{seconds}")


class ReadingProgress:
    """Tells a person on a terminal how far the reading of a year's files has come."""

    def __init__(self, year: int, *, quiet: bool = False) -> None:
        self._year = year
        self._quiet = quiet
        self._bar: Any = None
        self._task: Any = None

    def begin(self, files: int) -> None:
        """So many files are going to be read."""
        if self._quiet or not files or not console().is_terminal:
            return
        self._bar, self._task = _begun(f"reading {self._year}", files)

    def advance(self, files: int) -> None:
        """So many more are done."""
        if self._bar:
            self._bar.update(self._task, advance=files)

    def end(self) -> None:
        """All are read."""
        if self._bar:
            self._bar.stop()
            self._bar = None
