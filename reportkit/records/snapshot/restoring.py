"""Taking an earlier snapshot again, so that a circular can be made as it was."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from reportkit.errors import UsageError
from reportkit.records.snapshot.history import Entry, read_history
from reportkit.records.snapshot.layout import (
    Pointer,
    folder,
    folder_name,
    version,
    whole_folder,
)
from reportkit.records.snapshot.reading import fits_this_version
from reportkit.records.snapshot.writing import point_to, writing

_DIGEST = re.compile(r"[0-9a-f]{6,64}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LISTED = 20


def find_earlier(home: Path, year: int, as_of: str) -> Entry:
    """The state of the year's records that ``as_of`` names; nothing is changed.

    Parameters
    ----------
    as_of:
        A date (``2024-01-08``): what was the year's snapshot at the end of that day, by this
        machine's calendar. Or at least 6 characters with which a snapshot's digest begins.

    Raises
    ------
    UsageError
        If it is neither, if there is no such snapshot or more than one, or if it is damaged
        or was made by a version whose tables had other columns. It lists what there is.
    """
    entries = read_history(home, year).entries
    wanted = as_of.strip().lower()
    if _DATE.fullmatch(wanted):
        found = _on_day(entries, wanted, year)
    elif _DIGEST.fullmatch(wanted):
        found = [entry for entry in entries if entry.digest.startswith(wanted)]
        if len({entry.digest for entry in found}) > 1:
            raise _error(year, entries, f"several snapshots begin with {wanted!r}")
    else:
        raise _error(year, entries, f"{as_of!r} is neither a date nor a digest")
    if not found:
        raise _error(year, entries, f"no snapshot of {year} for {as_of!r}")
    entry = found[-1]
    pointer = _pointer_of(folder(home, year), entry)
    if pointer is None:
        raise _error(year, entries, f"the snapshot {entry.digest[:12]} is missing or damaged")
    if not fits_this_version(folder(home, year) / folder_name(pointer), pointer):
        raise _error(
            year,
            entries,
            f"the snapshot {entry.digest[:12]} has the tables of reportkit {entry.reportkit}; "
            f"this is {version()}, whose tables are others",
        )
    return entry


def restore_snapshot(home: Path, year: int, as_of: str) -> Pointer:
    """Make an earlier snapshot the year's again; no submission is read.

    Returns the pointer. What is the year's already stays so, and nothing is written.

    Raises
    ------
    UsageError
        As for :func:`find_earlier`.
    RecordsError
        If the disk does not take it; the snapshot that was the year's then still is.
    """
    find_earlier(home, year, as_of)  # before a folder or a lock is made
    with writing(home, year) as base:
        entry = find_earlier(home, year, as_of)
        pointer = _pointer_of(base, entry)
        if pointer is None:
            raise _error(year, read_history(home, year).entries, "the snapshot has just gone")
        point_to(home, year, pointer, as_of.strip())
    return pointer


def _pointer_of(base: Path, entry: Entry) -> Pointer | None:
    found = whole_folder(base, entry.digest)
    return found and {**found, "inputs": list(entry.inputs)}


def _on_day(entries: tuple[Entry, ...], wanted: str, year: int) -> list[Entry]:
    try:
        day = dt.date.fromisoformat(wanted)
    except ValueError:
        raise _error(year, entries, f"{wanted!r} is no day of the calendar") from None
    return [entry for entry in entries if entry.day <= day]


def _error(year: int, entries: tuple[Entry, ...], found: str) -> UsageError:
    listed = [f"{e.digest[:12]} since {_local(e)}" for e in entries[-_LISTED:]]
    if len(entries) > _LISTED:
        listed.insert(0, f"{len(entries) - _LISTED} earlier ones")
    return UsageError(
        found,
        expected="a date (2024-01-08) or the first 6 or more characters of a digest; "
        + (f"there is {', '.join(listed)}" if listed else f"there is no snapshot of {year} yet"),
        next_step="name one of these, or import without --as-of",
        where="--as-of",
    )


def _local(entry: Entry) -> str:
    return entry.time.astimezone().strftime("%Y-%m-%d %H:%M")
