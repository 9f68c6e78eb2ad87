"""How a run gets on: a bar on a terminal, a line a document anywhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportkit.cli.console import console, say

if TYPE_CHECKING:
    from reportkit.batch.contract import Document
    from reportkit.batch.manifest import Entry


class Progress:
    """Tells a person how many are done, how many failed, and how long it will take."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._task: Any = None
        self._total = self._done = self._failed = 0

    def begin(self, to_run: int, up_to_date: int, blocked: int) -> None:
        """The plan is made."""
        self._total = to_run + blocked
        if not self._total:
            return
        if not console().is_terminal:
            extra = [f"{up_to_date} up to date"] * bool(up_to_date)
            extra += [f"{blocked} blocked"] * bool(blocked)
            say(", ".join([f"{to_run} to make", *extra]))
            return
        from rich import progress

        self._bar = progress.Progress(
            progress.TextColumn("{task.description}", markup=False),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TextColumn("{task.fields[failed]} failed", style="red"),
            progress.TimeElapsedColumn(),
            progress.TextColumn("left"),
            progress.TimeRemainingColumn(),
            console=console(),
            transient=True,
        )
        self._bar.start()
        self._task = self._bar.add_task("circulars", total=self._total, failed=0)

    def finished(self, document: Document, entry: Entry) -> None:
        """A document has reached its final state."""
        result, this = entry["last_result"], entry["this_run"]
        state = result["state"] if result else "?"
        self._done += 1
        self._failed += state != "done"
        if self._bar:
            self._bar.update(self._task, advance=1, failed=self._failed)
            return
        seconds = f" ({this['seconds']:.1f} s)" if this and this["seconds"] else ""
        say(f"[{self._done}/{self._total}] {document.year} {document.title}: {state}{seconds}")

    def end(self) -> None:
        """Nothing runs any more."""
        if self._bar:
            self._bar.stop()
            self._bar = None


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
        from rich import progress

        self._bar = progress.Progress(
            progress.TextColumn("{task.description}", markup=False),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TimeElapsedColumn(),
            progress.TextColumn("left"),
            progress.TimeRemainingColumn(),
            console=console(),
            transient=True,
        )
        self._bar.start()
        self._task = self._bar.add_task(f"reading {self._year}", total=files)

    def advance(self, files: int) -> None:
        """So many more are done."""
        if self._bar:
            self._bar.update(self._task, advance=files)

    def end(self) -> None:
        """All are read."""
        if self._bar:
            self._bar.stop()
            self._bar = None
