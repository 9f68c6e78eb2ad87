"""What has been handed out: ``outputs/delivery/<year>/manifest.json``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from reportkit.delivery.parcels import Item
from reportkit.errors import RecordsError
from reportkit.files import read_json, sha256, write_json

DELIVERY = "delivery"
"""Below ``outputs/``."""
VERSION = 1


@dataclass(frozen=True)
class Line:
    """One file in a unit's folder.

    Parameters
    ----------
    version:
        1 when it first went out, one more each time that it was replaced by another.
    at:
        When it was put there, in UTC.
    receipts:
        The 签收 list on which it stands, or None as yet.
    """

    document: str
    shown: str
    sha256: str
    bytes: int
    version: int
    at: str
    receipts: str | None = None


@dataclass(frozen=True)
class List:
    """A 签收 list that was written: with the hash it had then, one that is filled in shows."""

    file: str
    sha256: str


def _plain_name(name: object) -> bool:
    """Whether it is a file's name, and never a path that leads elsewhere."""
    return isinstance(name, str) and name not in ("", ".", "..") and not set(name) & set("/\\:")


def _check(name: str, line: Line) -> None:
    texts = (line.document, line.shown, line.sha256, line.at)
    numbers = (line.bytes, line.version)
    right = (
        _plain_name(name)
        and all(isinstance(text, str) for text in texts)
        and all(isinstance(number, int) for number in numbers)
        and (line.receipts is None or _plain_name(line.receipts))
    )
    if not right:
        raise ValueError(name)


class Record:
    """The manifest of one year's delivery.

    Raises
    ------
    RecordsError
        On construction, if it is damaged.
    """

    def __init__(self, outputs: Path, year: int) -> None:
        self.year = year
        self.folder = outputs / DELIVERY / str(year)
        self.path = self.folder / "manifest.json"
        self.units: dict[str, dict[str, Line]] = {}
        self.lists: list[List] = []
        try:
            self._take(read_json(self.path))
        except FileNotFoundError:
            pass
        except (ValueError, KeyError, TypeError, AttributeError):
            raise RecordsError(
                "the record of what was handed out is damaged",
                expected="JSON as reportkit wrote it",
                next_step="put a copy of it back; without one move it away: everything then "
                "counts as not handed out yet, what was mailed is still known",
                where=str(self.path),
            ) from None

    def _take(self, content: dict[str, Any]) -> None:
        if not isinstance(content["lists"], list):
            raise TypeError("lists")
        self.units = {
            unit: {name: Line(**line) for name, line in lines.items()}
            for unit, lines in content["units"].items()
        }
        self.lists = [List(**each) for each in content["lists"]]
        for lines in self.units.values():
            for name, line in lines.items():
                _check(name, line)
        for each in self.lists:
            if not (_plain_name(each.file) and isinstance(each.sha256, str)):
                raise ValueError(each)

    def keep(self) -> None:
        """Writes it down, at once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        units = {
            unit: {name: asdict(line) for name, line in sorted(lines.items())}
            for unit, lines in sorted(self.units.items())
        }
        lists = [asdict(each) for each in self.lists]
        write_json(
            self.path, {"version": VERSION, "year": self.year, "units": units, "lists": lists}
        )

    def line_of(self, unit: str, item: Item) -> Line | None:
        """What is known of an item, if the very same file was handed out before."""
        known = self.units.get(unit, {}).get(item.name)
        return known if known and known.sha256 == item.sha256 else None

    def note(self, unit: str, item: Item, now: dt.datetime) -> None:
        """Notes that an item now lies in the unit's folder."""
        lines = self.units.setdefault(unit, {})
        known = lines.get(item.name)
        if known and known.sha256 == item.sha256:
            return
        version = known.version + 1 if known else 1
        at = now.astimezone(dt.UTC).isoformat(timespec="seconds")
        lines[item.name] = Line(item.document, item.shown, item.sha256, item.bytes, version, at)

    def forget(self, unit: str, name: str) -> None:
        """Notes that a file no longer lies there."""
        del self.units[unit][name]

    # --- 签收 lists ---

    def open_list(self) -> List | None:
        """The last list, if nobody has touched it since it was written."""
        if not self.lists:
            return None
        last = self.lists[-1]
        try:
            untouched = sha256(self.folder / last.file) == last.sha256
        except OSError:
            untouched = False
        return last if untouched else None

    def to_sign(self, units: Sequence[str]) -> tuple[dict[str, dict[str, Line]], List | None]:
        """What the next list is to hold (unit → name → line), and the list that it replaces.

        Nothing, if all of it stands on lists that somebody has filled in: such a list is never
        replaced, what is new since then goes onto another.
        """
        held = self.open_list()
        found: dict[str, dict[str, Line]] = {}
        for unit in units:
            lines = {
                name: line for name, line in sorted(self.units.get(unit, {}).items())
                if line.receipts is None or (held and line.receipts == held.file)
                or not (self.folder / line.receipts).exists()
            }  # fmt: skip
            if lines:
                found[unit] = lines
        return found, held

    def next_name(self) -> str:
        """The name of another list; no file of that name is there."""
        number = len(self.lists) + 1
        while (self.folder / f"receipts-{number}.xlsx").exists():
            number += 1
        return f"receipts-{number}.xlsx"

    def note_list(
        self, file: str, hashed: str, found: dict[str, dict[str, Line]], held: List | None
    ) -> None:
        """Notes that a list was written, and what stands on it."""
        if held and held.file == file:
            self.lists.remove(held)
        self.lists.append(List(file, hashed))
        for unit, lines in found.items():
            for name, line in lines.items():
                self.units[unit][name] = replace(line, receipts=file)
