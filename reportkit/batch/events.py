"""What happens in a run, event by event: one line of JSON each, under ``outputs/logs/``."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportkit.batch.contract import Document, Options, Reporter

if TYPE_CHECKING:
    from reportkit.batch.manifest import Entry, Error


def event(name: str, **fields: object) -> dict[str, Any]:
    """One event: when (UTC), what, and what belongs to it; fields of None are left out."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return {"time": now, "event": name, **{k: v for k, v in fields.items() if v is not None}}


def line_of(told: dict[str, Any]) -> str:
    """The event as one line."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"


class EventLog:
    """A run's own log: append-only, each line whole, readable while the run goes on.

    A line that cannot be written (a full disk) is no reason for a run to end: what is true of
    each document stands in the journal, which insists.
    """

    def __init__(self, path: Path, listener: Reporter | None = None) -> None:
        """``listener`` is told each event as well."""
        self.path = path
        self._listener = listener

    def write(self, name: str, **fields: object) -> None:
        """Notes an event."""
        told = event(name, **fields)
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(line_of(told))
        if self._listener:
            self._listener(told)

    # --- the events of a run ---

    def run_started(self, run_id: str, options: Options, to_run: int, fresh: int, bad: int) -> None:
        """The plan is made."""
        self.write(
            "run-started", run=run_id, to_run=to_run, up_to_date=fresh, blocked=bad,
            jobs=options.jobs, formats=list(options.formats), warm=options.warm,
        )  # fmt: skip

    def started(self, document: Document, attempt: int) -> None:
        """A document is given to a worker."""
        self.write("started", **_of(document), attempt=attempt)

    def again(self, document: Document, error: Error | None) -> None:
        """Its attempt ended with a death; another one follows."""
        self.write("retried", **_of(document), **_said(error))

    def finished(self, document: Document, entry: Entry) -> None:
        """It has reached its final state in this run."""
        result, this = entry["last_result"], entry["this_run"]
        self.write(
            "finished", **_of(document), state=result["state"] if result else None,
            attempts=result["attempts"] if result else None,
            seconds=this["seconds"] if this else None,
            **_said(result["error"] if result else None),
        )  # fmt: skip

    def run_ended(self, interrupted: bool, seconds: float, counts: dict[str, int]) -> None:
        """Nothing runs any more."""
        self.write("run-ended", interrupted=interrupted, seconds=round(seconds, 3), **counts)


def _of(document: Document) -> dict[str, Any]:
    return {
        "document": document.key,
        "title": document.title,
        "year": document.year,
        "unit": document.unit,
        "edition": document.edition,
        "period": document.period,
    }


def _said(error: Error | None) -> dict[str, Any]:
    if error is None:
        return {}
    names = {"type": "error", "message": "message", "cell": "cell", "notebook": "notebook"}
    return {names[name]: value for name, value in error.items()}
