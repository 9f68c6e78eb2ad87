"""What was the year's snapshot, since when: ``history.json``, only ever appended to.

The entry is written before the pointer moves. A process killed in between leaves an entry
whose snapshot never became the year's; the pointer then disagrees with the last entry, and
the state that it does point to counts as having come back at the same moment.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportkit.files import read_json, replace_file, sealed, unsealed
from reportkit.records.snapshot.layout import (
    POINTER,
    Pointer,
    folder,
    folder_name,
    is_inputs,
    is_pointer,
    is_tables,
    pointer_of,
)

HISTORY = "history.json"


@dataclass(frozen=True)
class Entry:
    """One state of the year's records, and since when it was the year's.

    ``imported_at`` is in UTC, to the second. ``as_of`` is what an analyst asked for when an
    earlier snapshot was taken again; "" for an ordinary import.
    """

    digest: str
    imported_at: str
    inputs: tuple[dict[str, Any], ...]
    reportkit: str
    tables: dict[str, dict[str, Any]]
    as_of: str = ""

    @property
    def time(self) -> dt.datetime:
        """The moment, with its zone (UTC)."""
        return dt.datetime.fromisoformat(self.imported_at)

    @property
    def day(self) -> dt.date:
        """The day on this machine's calendar."""
        return self.time.astimezone().date()

    def says(self, pointer: Pointer) -> bool:
        """Whether the pointer stands for this state: the same content of the same files."""
        return bool(
            self.digest == pointer["digest"] and list(self.inputs) == list(pointer["inputs"])
        )


@dataclass(frozen=True)
class History:
    """The states in the order in which they came; ``problem`` says what was wrong on disk."""

    entries: tuple[Entry, ...]
    problem: str = ""


def now() -> str:
    """The moment in UTC, to the second, as the history has it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def entry_of(pointer: Pointer, imported_at: str, as_of: str = "") -> Entry:
    """The state that a pointer stands for."""
    return Entry(
        pointer["digest"],
        imported_at,
        tuple(pointer["inputs"]),
        str(pointer.get("reportkit", "unknown")),
        dict(pointer["tables"]),
        as_of,
    )


def read_history(home: Path, year: int) -> History:
    """The year's history as it can be known; nothing is written.

    A damaged file is made up for from the snapshots that are there: ``problem`` says so.
    """
    base = folder(home, year)
    entries, problem = _read(base)
    try:
        pointer = read_json(base / POINTER)
    except (OSError, ValueError):
        return History(tuple(entries), problem)
    if is_pointer(pointer, year) and not (entries and entries[-1].says(pointer)):
        since = entries[-1].imported_at if entries else _changed(base / POINTER)
        entries.append(entry_of(pointer, since))
    return History(tuple(entries), problem)


def mend_history(home: Path, year: int) -> str:
    """Write the history anew if it is damaged; returns what was wrong, or "".

    What stood there is kept beside it as ``history.json.damaged``.
    """
    base = folder(home, year)
    found = read_history(home, year)
    if found.problem:
        path = base / HISTORY
        if path.is_file():
            os.replace(path, path.with_name(f"{HISTORY}.damaged"))
        write_history(base, found.entries)
    return found.problem


def write_history(base: Path, entries: tuple[Entry, ...]) -> None:
    """Replace the file at once; unchanged content is not written again."""
    lines = ",\n".join(sealed(_line(_plain(entry))).decode() for entry in entries)
    content = f"[\n{lines}\n]\n".encode() if entries else b"[]\n"
    path = base / HISTORY
    if not path.is_file() or path.read_bytes() != content:
        replace_file(path, content)


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _plain(entry: Entry) -> dict[str, Any]:
    value = {
        "digest": entry.digest,
        "imported_at": entry.imported_at,
        "inputs": list(entry.inputs),
        "reportkit": entry.reportkit,
        "tables": entry.tables,
    }
    return {**value, "as_of": entry.as_of} if entry.as_of else value


def _read(base: Path) -> tuple[list[Entry], str]:
    """The entries on disk, or those that the folders tell, and what was wrong."""
    try:
        value = read_json(base / HISTORY)
    except FileNotFoundError:
        rebuilt = _from_folders(base)
        # The first snapshot of a year has no history yet: nothing is wrong with that.
        missing = len(rebuilt) > 1
        return rebuilt, _told(base, "is missing", rebuilt) if missing else ""
    except (OSError, ValueError) as error:
        rebuilt = _from_folders(base)
        return rebuilt, _told(base, f"cannot be read ({type(error).__name__})", rebuilt)
    entries = [_entry(each) for each in value] if isinstance(value, list) else [None]
    good = [entry for entry in entries if entry is not None]
    if len(good) == len(entries):
        return good, ""
    known = {entry.digest for entry in good}
    rest = [entry for entry in _from_folders(base) if entry.digest not in known]
    entries_now = sorted([*good, *rest], key=lambda entry: entry.time)
    return entries_now, _told(base, "holds what is no entry", entries_now)


def _told(base: Path, fault: str, entries: list[Entry]) -> str:
    return (
        f"outputs/records/{base.name}/{HISTORY} {fault}; it was made up for from the snapshots "
        f"that are there ({len(entries)}), whose times are those of their files"
    )


def _entry(value: Any) -> Entry | None:
    """One entry of the file; None if it is none, or not what was written."""
    try:
        value = unsealed(_line(value))
    except ValueError:
        return None
    if not isinstance(value, dict):
        return None
    texts = [value.get(key) for key in ("digest", "imported_at", "reportkit")]
    if not all(isinstance(text, str) for text in texts) or len(value["digest"]) < 12:
        return None
    if not is_inputs(value.get("inputs")) or not is_tables(value.get("tables")):
        return None
    try:
        if dt.datetime.fromisoformat(value["imported_at"]).tzinfo is None:
            return None
    except ValueError:
        return None
    return Entry(
        value["digest"],
        value["imported_at"],
        tuple(value["inputs"]),
        value["reportkit"],
        value["tables"],
        str(value.get("as_of", "")),
    )


def _from_folders(base: Path) -> list[Entry]:
    """What the snapshots' folders say of themselves, in the order in which they were written."""
    found: dict[str, Entry] = {}
    for path in sorted(base.iterdir()) if base.is_dir() else ():
        pointer = pointer_of(base, path.name) if path.is_dir() else None
        if pointer and folder_name(pointer) == path.name:
            found[pointer["digest"]] = entry_of(pointer, _changed(path / POINTER))
    return sorted(found.values(), key=lambda entry: entry.time)


def _changed(path: Path) -> str:
    """When a file was last written, as the history has it."""
    moment = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    return moment.isoformat(timespec="seconds")
