"""What each document of the workbook depends on: records, figures, parameters, wording, stage."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from reportkit import reads
from reportkit.batch.aside import aside
from reportkit.batch.contract import Document
from reportkit.errors import ParameterError, ReportkitError
from reportkit.params import GROUP_DOCUMENT, Units, load_year, override_path
from reportkit.params.edits import edits_path
from reportkit.params.issue import issue_path, issues_of

if TYPE_CHECKING:
    from reportkit.annual import Slices
    from reportkit.loaders import Pins

WORKING_PAPER = "working_paper"
DATA_QUALITY = "data_quality"
NO_UNITS = (GROUP_DOCUMENT, WORKING_PAPER, DATA_QUALITY)
"""What stands in a document's place of a unit, and is none."""

_OF_GROUP = ("quantifiers", "group_requirements", "group_characters")
"""Sections of the year's parameters that no unit's paper shows."""

_OTHER_TIME = re.compile(r"(?<=/)(\d{4})\w*")

_RULES = re.compile(r"\brules?\b|threshold|\.params\b|load_year")

_LARGE = 200
"""From so many units on their records are read in a process of its own."""

Found = TypeVar("Found")
Time = tuple[int, str | None, "Pins"]
"""Year, period, and the snapshots that figures are pinned to."""


def in_its_place(units: Units, function: Callable[..., Found], *args: Any) -> Found:
    """Of a large group elsewhere: the run itself stays small, however long it takes."""
    return (aside if len(units.units) > _LARGE else _here)(function, *args)


def _here(function: Callable[..., Found], *args: Any) -> Found:
    return function(*args)


def _names_rules(notebook: Path) -> bool:
    """Whether a notebook looks at the rules themselves, and not only at what they find."""
    from reportkit.batch.parameters import read_notebook

    if not notebook.is_file():
        return False
    cells = (cell for cell in read_notebook(notebook)["cells"] if cell["cell_type"] == "code")
    return any(_RULES.search("".join(cell["source"])) for cell in cells)


class Dependence:
    """What the documents of a workbook depend on, each part worked out once."""

    def __init__(self, home: Path, units: Units) -> None:
        self.home = home
        self.units = units
        self._pinned: dict[tuple[str, int, str | None], Pins] = {}
        self._lost_pins: dict[Pins, str] = {}
        self._sliced: dict[Time, Slices] = {}
        self._shared: dict[tuple[int, str | None, str, Path, bool], dict[str, str]] = {}
        self._hashes: dict[Path, str] = {}
        self._read_now: dict[tuple[Time, str, str], str] = {}

    def parts_of(self, document: Document) -> dict[str, str]:
        """The data behind the circular, and the files of parameters that it reads."""
        pins = self._pins(_pinned_as(document), document.year, document.period)
        parts = self.slices(document.year, document.period, pins).of(_unit_of(document))
        known = {name: part for name, part in parts.items() if not name.startswith(reads.FIGURES)}
        return {**known, **self._parameter_files(document)}

    def now(self, document: Document, read: Mapping[str, str]) -> dict[str, str]:
        """What a document read when it was made, each part as it would be read now."""
        pins = self._pins(_pinned_as(document), document.year, document.period)
        own_time = document.year, document.period, pins
        for part, before in read.items():
            if (own_time, part, before) not in self._read_now:
                known = self._values(own_time, part)
                now = {name: known.get(name, "") for name in reads.split(before)}
                self._read_now[own_time, part, before] = reads.joined(now)
        return {part: self._read_now[own_time, part, before] for part, before in read.items()}

    def _values(self, own_time: Time, part: str) -> dict[str, str]:
        """What can be read under a part: of the document's time, or of another that it names."""
        known = self.slices(*own_time).values
        if part not in known and (named := _OTHER_TIME.search(part)):
            with contextlib.suppress(ReportkitError):
                known = self.slices(int(named[1]), named[0][4:] and named[0], own_time[2]).values
        return known.get(part, {})

    def later_data(self, document: Document) -> list[str]:
        """What has come in since a document's figures were pinned; [] if nothing has."""
        from reportkit.batch.fingerprint import changes

        pins = self._pins(_pinned_as(document), document.year, document.period)
        if not pins:
            return []
        if gone := self._lost(pins):
            return [gone]
        then, now = (
            self.slices(document.year, document.period, each).of(_unit_of(document))
            for each in (pins, ())
        )
        return changes(then, now)

    def blocked(self, unit_id: str, year: int, period: str | None) -> str | None:
        """Why no circular of a unit can be made; None if one can."""
        if gone := self.unmakeable(unit_id, year, period):
            return gone
        pins = self._pins(unit_id, year, period)
        return self.slices(year, period, pins).blocked.get(unit_id)

    def unmakeable(self, unit_id: str, year: int, period: str | None) -> str | None:
        """Why a unit's or the group's circular cannot be made from what it is pinned to."""
        return self._lost(self._pins(_pinned(unit_id), year, period)) or None

    def _lost(self, pins: Pins) -> str:
        from reportkit import annual

        if pins not in self._lost_pins:
            self._lost_pins[pins] = annual.lost(self.home, pins) if pins else ""
        return self._lost_pins[pins]

    def _pins(self, unit: str, year: int, period: str | None) -> Pins:
        """The snapshots that a unit's or the group's circular is pinned to."""
        from reportkit import annual

        key = unit, year, period
        if key not in self._pinned:
            self._pinned[key] = annual.pins_of(self.home, year, unit, period)
        return self._pinned[key]

    def slices(self, year: int, period: str | None, pins: Pins) -> Slices:
        """What the documents of a time, so pinned, depend on."""
        from reportkit import annual

        time = year, period, pins
        if time not in self._sliced:
            known = annual.known_slices(self.home, *time)
            self._sliced[time] = known or in_its_place(self.units, annual.slices, self.home, *time)
        return self._sliced[time]

    def _parameter_files(self, document: Document) -> dict[str, str]:
        """Hashes of the files that this document reads: the group's prose is no unit's matter."""
        year, period = document.year, document.period
        edits = edits_path(self.home, year, document.unit, document.wording)
        issued = issues_of(self.home, document.unit, year, period)
        own_files = [edits, *(issue_path(self.home, name) for name, _ in issued)]
        shared = self._shared_files(document)
        if document.unit in NO_UNITS:
            return {**shared, **self._hashed(own_files)}
        own = override_path(self.home, year, document.unit, period)
        return {**shared, **self._hashed([own, *own_files])}

    def _shared_files(self, document: Document) -> dict[str, str]:
        """Of those that all documents of a kind read; worked out once."""
        year, period = document.year, document.period
        kind = document.unit if document.unit in NO_UNITS else "unit"
        key = (year, period, kind, document.notebook, document.masked)
        if key not in self._shared:
            folder = self.home / "params"
            files = [folder / "units.yml", folder / "letterhead.yml"]
            if kind != "unit":
                files.append(folder / "decisions" / f"{year}.yml")
            text = folder / "text" / str(year)
            files.append(text / (f"{kind}_period.md" if period else f"{kind}.md"))
            out = set(_OF_GROUP if kind == "unit" else ())
            if kind != WORKING_PAPER and not _names_rules(document.notebook):
                out.add("rules")
            years = {
                f"params/{each}.yml": self._sections(each, out, document.masked)
                for each in (year - 1, year)
            }
            self._shared[key] = {**self._hashed(files), **{n: v for n, v in years.items() if v}}
        return self._shared[key]

    def _sections(self, year: int, out: set[str], masked: bool) -> str:
        """``params/<year>.yml`` section by section; of rules, what they find is compared."""
        try:
            params = load_year(self.home, year)
        except ParameterError:  # none, or wrong as it is: what needs it says so
            return self._hash_of(self.home / "params" / f"{year}.yml")
        told = {n: reads.short(value) for n, value in params.model_dump(exclude=out).items()}
        if masked:  # what rules say may stand there though it holds numbers
            lines = {"threshold", "minimum_n"}
            words = [rule.model_dump_json(exclude=lines) for rule in params.rules]
            told["words of rules"] = reads.short(words)
        return reads.joined(told)

    def _hashed(self, files: list[Path]) -> dict[str, str]:
        """Name below the workbook → hash, of those that there are."""
        found = {path.relative_to(self.home).as_posix(): self._hash_of(path) for path in files}
        return {name: hashed for name, hashed in found.items() if hashed}

    def _hash_of(self, path: Path) -> str:
        """A hash of the file's text, each file read once; "" if there is none."""
        if path not in self._hashes:
            content = self._content_of(path) if path.is_file() else None
            found = "" if content is None else hashlib.sha256(content).hexdigest()[:16]
            self._hashes[path] = found
        return self._hashes[path]

    def _content_of(self, path: Path) -> bytes:
        if path == self.home / "params" / "units.yml":
            return self.units.as_printed().encode()
        return path.read_bytes().replace(b"\r\n", b"\n")


def _unit_of(document: Document) -> str | None:
    return None if document.unit in NO_UNITS else document.unit


def _pinned_as(document: Document) -> str:
    return _pinned(document.unit)


def _pinned(unit: str) -> str:
    """Whose circular a document goes with: the 底稿 is about the group's."""
    return GROUP_DOCUMENT if unit == WORKING_PAPER else unit
