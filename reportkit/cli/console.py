"""The one place through which the command line speaks to people."""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


def tolerant_streams() -> None:
    """A terminal that cannot show a character (GBK on Windows) gets a question mark instead."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


@lru_cache(maxsize=2)
def _console(stderr: bool) -> Console:
    from rich.console import Console

    # Units' names and messages are data: no markup, no emoji codes, no highlighting.
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=True)


def console(*, stderr: bool = False) -> Console:
    """The terminal."""
    return _console(stderr)


def say(text: str, *, style: str | None = None) -> None:
    """One line for people."""
    console().print(text, style=style)


def complain(text: str, *, style: str = "red") -> None:
    """One line on standard error."""
    console(stderr=True).print(text, style=style)


def say_json(value: Any) -> None:
    """For programs: nothing else is on standard output then."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1, default=str)
    sys.stdout.write("\n")


def say_event(event: Mapping[str, Any]) -> None:
    """One event as one line, at once."""
    sys.stdout.write(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table for a terminal; one line a row, tab-separated, for anything else."""
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not console().is_terminal:
        say(title)
        for row in texts:
            # Not by the console, which would turn tabs into blanks.
            console().file.write("\t".join([" ".join(cell.split()) for cell in row]) + "\n")
        return
    from rich.table import Table
    from rich.text import Text

    shown = Table(title=title, title_justify="left", header_style="bold", expand=False)
    for name in columns:
        shown.add_column(name, overflow="fold")
    for row in texts:
        shown.add_row(*(Text(cell) for cell in row))
    console().print(shown, soft_wrap=False)


def shown_moment(text: str | None, zone: dt.tzinfo | None = None) -> str | None:
    """A moment of a record, by the clock of a zone; None: this machine's."""
    if not text:
        return None
    return f"{dt.datetime.fromisoformat(text).astimezone(zone):%Y-%m-%d %H:%M:%S}"


def shown_path(path: Path) -> str:
    """The path as seen from where the user is."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
