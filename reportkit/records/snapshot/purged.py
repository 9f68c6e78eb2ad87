"""Years whose rows on persons were purged (保存期满清除): the record, and where figures are kept.

Below ``outputs/kept/<year>/``: ``purged.json``, the record; ``figures/``, the year's indicators;
``records/``, the tables without persons. The record decides: from the moment it says so the year
has no snapshot, whatever is still on the disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from reportkit.errors import RecordsError
from reportkit.files import read_json
from reportkit.params.retention import RETENTION
from reportkit.records.snapshot.layout import POINTER, folder

RECORD = "purged.json"

State = Literal["prepared", "begun", "done"]


@dataclass(frozen=True)
class Purge:
    """What ``purged.json`` says.

    Parameters
    ----------
    state:
        prepared: what stays is written, nothing is removed yet, and the snapshot counts · begun:
        the year has no snapshot any more, and something may be left on the disk · done.
    day:
        When, as ISO date.
    digest:
        Of the snapshot of which the figures are kept.
    content:
        The whole record.
    """

    year: int
    state: State
    day: str
    digest: str
    content: dict[str, Any]


def kept_folder(home: Path, year: int) -> Path:
    """Where a purged year's figures are; ``make clean`` leaves it alone."""
    return home / "outputs" / "kept" / str(year)


def read_purge(home: Path, year: int) -> Purge | None:
    """The record of a year's purge; None if there was none, or it was only prepared for.

    Raises
    ------
    RecordsError
        If the record is damaged: what was purged must not count as not purged.
    """
    found = read_record(home, year)
    return None if found is None or found.state == "prepared" else found


def read_record(home: Path, year: int) -> Purge | None:
    """The same, also where it was only prepared for."""
    path = kept_folder(home, year) / RECORD
    try:
        stat = path.stat()
    except OSError:
        return None
    looks = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    known = _known.get(path)
    if known and known[0] == looks:
        return known[1]
    try:
        value = read_json(path)
        found = Purge(year, value["state"], value["day"], value["digest"], value)
        sound = (
            value["year"] == year and found.state in ("prepared", "begun", "done")
            and isinstance(found.day, str) and isinstance(found.digest, str)
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        raise RecordsError(
            "the record of a purge is damaged",
            expected="what `reportkit purge` wrote",
            next_step="take it from a backup",
            where=f"outputs/kept/{year}/{RECORD}",
        )
    _known[path] = (looks, found)
    return found


_known: dict[Path, tuple[tuple[int, int, int], Purge]] = {}


def purged_error(purge: Purge) -> RecordsError:
    """That a year's records are asked for which are gone."""
    year = purge.year
    return RecordsError(
        f"the records of {year} were purged on {purge.day}, under {RETENTION}",
        expected="a year whose records are kept: of this one only the figures are, for comparison",
        next_step=f"look in outputs/{year}/ for the papers made from them",
        where=f"outputs/records/{year}",
    )


def refuse_purged(home: Path, year: int) -> None:
    """Raise :func:`purged_error` for a year that was purged.

    Raises
    ------
    RecordsError
        If it was.
    """
    if (purge := read_purge(home, year)) is not None:
        raise purged_error(purge)


def has_snapshot(home: Path, year: int) -> bool:
    """Whether the year has been imported, and was not purged since."""
    return (folder(home, year) / POINTER).is_file() and read_purge(home, year) is None
