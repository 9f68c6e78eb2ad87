"""The workbook of study groups, as a batch wants to see it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from reportkit.batch.aside import aside
from reportkit.batch.contract import DRAFT, MASKED, Document, Preload, Selection
from reportkit.errors import ParameterError, UsageError
from reportkit.params import (
    GROUP_DOCUMENT,
    Period,
    Unit,
    Units,
    load_units,
    load_year,
    override_path,
    own_fonts,
)
from reportkit.params.edits import Edits, edits_path, load_edits
from reportkit.params.stages import ISSUED, load_stages
from reportkit.publish import Mask

if TYPE_CHECKING:
    from reportkit.annual import Slices
    from reportkit.loaders import Pins

UNIT_NOTEBOOK = "unit_circular.ipynb"
GROUP_NOTEBOOK = "group_circular.ipynb"
UNIT_PERIOD_NOTEBOOK = "unit_period.ipynb"
GROUP_PERIOD_NOTEBOOK = "group_period.ipynb"
WORKING_PAPER_NOTEBOOK = "working_paper.ipynb"
CONFIRMATION_NOTEBOOK = "confirmation.ipynb"
DATA_QUALITY_NOTEBOOK = "data_quality.ipynb"
WORKING_PAPER = "working_paper"
CONFIRMATION = "confirmation"
DATA_QUALITY = "data_quality"
CIRCULAR = "circular"
"""The name of the documents that leave the office as circulars."""

_OF_YEAR = (UNIT_NOTEBOOK, GROUP_NOTEBOOK, WORKING_PAPER_NOTEBOOK, DATA_QUALITY_NOTEBOOK)
_ASKED_FOR = (CONFIRMATION_NOTEBOOK,)
"""Of a year as well, but made only when its notebook is asked for."""
_OF_PERIOD = (UNIT_PERIOD_NOTEBOOK, GROUP_PERIOD_NOTEBOOK)


@dataclass(frozen=True)
class StudyWorkbook:
    """A circular for every unit in being at the year's end, the group's, 底稿, 数据质量报告.

    The units' 数据确认单 come when their notebook is asked for.

    Of a period (2023Q3): a paper for every unit in being at its end, and the group's.
    """

    home: Path
    kernel_name: str = "python3"

    @property
    def outputs(self) -> Path:
        """The only folder that is written to."""
        return self.home / "outputs"

    @property
    def own_fonts(self) -> Path | None:
        """``params/fonts``, where the office puts fonts of its own."""
        return own_fonts(self.home)

    @cached_property
    def units(self) -> Units:
        """``params/units.yml``."""
        return load_units(self.home)

    def documents(self, selection: Selection) -> list[Document]:
        """The selected documents: units in official order, then the group's, year by year.

        Raises
        ------
        UsageError
            For a unit or notebook that does not exist, or a unit in being at none of the times.
        ParameterError
            For a period that ``params/<year>.yml`` does not list.
        """
        usual = {Path(name).stem for name in (_OF_PERIOD if selection.periods else _OF_YEAR)}
        known = usual if selection.periods else usual | {Path(name).stem for name in _ASKED_FOR}
        wanted = {Path(name).stem for name in selection.notebooks} or usual
        of_periods = {Path(name).stem for name in _OF_PERIOD}
        if unknown := sorted(wanted - known):
            raise UsageError(
                f"unknown notebook {unknown[0]!r}" + (" of a period" if selection.periods else ""),
                expected=f"one of {', '.join(sorted(known))}",
                next_step="add --period 2023Q3 or its like" if unknown[0] in of_periods else "",
                where="--notebook",
            )
        found: list[Document] = []
        for time in _times(selection):
            found += self._of(*time, selection.units)
        self._check_found(selection, found)
        asked = [d for d in found if d.notebook.stem in wanted]
        return _in_edition(asked, selection)

    def _of(self, year: int, period: str | None, wanted: tuple[str, ...]) -> list[Document]:
        params = load_year(self.home, year)
        if period is not None and period not in params.periods:
            raise ParameterError(
                f"no period {period!r}",
                expected=f"one of {', '.join(params.periods) or 'none yet'}",
                next_step=f"add it under periods: {period}: {{issued_on: …}}",
                where=f"params/{year}.yml",
            )
        last = Period(period).last_day if period else dt.date(year, 12, 31)
        # A paper goes to who is there on the day it is issued, and was there when its time ended.
        issued = params.periods[period].issued_on if period else last
        there = [u for u in self.units.in_year(year) if u.level == "unit"]
        units = [u for u in there if u.in_being_on(last) and u.in_being_on(issued)]
        for unit_id in wanted:
            # The group's own level (集团本级) gets a circular only when asked for by name.
            if unit_id not in _NO_UNITS and self.units[unit_id].level == "group":
                units.insert(0, self.units[unit_id])
        chosen = [unit for unit in units if not wanted or unit.unit_id in wanted]
        documents = [
            self._unit_document(unit, year, period, self._blocked(unit.unit_id, year, period))
            for unit in chosen
        ]
        if not wanted or GROUP_DOCUMENT in wanted:
            documents.append(self._group_document(year, period))
        if period is None:
            documents += [d for d in self._internal(year) if self._is_asked_for(d, wanted)]
            documents += [self._confirmation(d) for d in documents if d.unit not in _NO_UNITS]
        return documents

    def _is_asked_for(self, document: Document, wanted: tuple[str, ...]) -> bool:
        """An office that deletes a notebook does without the 底稿, or the 数据质量报告."""
        return document.unit in wanted or (not wanted and document.notebook.is_file())

    def _unit_document(
        self, unit: Unit, year: int, period: str | None, blocked: str | None
    ) -> Document:
        name = UNIT_PERIOD_NOTEBOOK if period else UNIT_NOTEBOOK
        return Document(
            unit=unit.unit_id,
            year=year,
            period=period,
            notebook=self.home / "notebooks" / name,
            folder=f"{year}/{unit.unit_id}",
            parameters={"unit": unit.unit_id, **_when(year, period)},
            label=unit.short_name,
            blocked=blocked,
        )

    def _group_document(self, year: int, period: str | None) -> Document:
        name = GROUP_PERIOD_NOTEBOOK if period else GROUP_NOTEBOOK
        return Document(
            unit=GROUP_DOCUMENT,
            year=year,
            period=period,
            notebook=self.home / "notebooks" / name,
            folder=f"{year}/{GROUP_DOCUMENT}",
            parameters=_when(year, period),
            label=self.units.group_short_name,
        )

    def _internal(self, year: int) -> Iterator[Document]:
        """底稿 and 数据质量报告: for the office alone."""
        for name, label in ((WORKING_PAPER, "底稿"), (DATA_QUALITY, "数据质量报告")):
            yield Document(
                unit=name,
                year=year,
                notebook=self.home / "notebooks" / f"{name}.ipynb",
                folder=f"{year}/{name}",
                parameters=_when(year, None),
                name=name,
                label=label,
            )

    def _confirmation(self, circular: Document) -> Document:
        """数据确认单 of the unit that a circular is about."""
        notebook = self.home / "notebooks" / CONFIRMATION_NOTEBOOK
        return replace(circular, notebook=notebook, name=CONFIRMATION)

    def _check_found(self, selection: Selection, found: list[Document]) -> None:
        for unit_id in selection.units:
            if not any(d.unit == unit_id for d in found):
                times = ", ".join(selection.periods or map(str, selection.years))
                if unit_id in _NO_UNITS:
                    raise UsageError(
                        f"no {unit_id} of {times}",
                        expected=f"a whole year: the {unit_id} belongs to the yearly circular",
                        next_step="leave --period out",
                        where="--unit",
                    )
                raise UsageError(
                    f"{unit_id} is not in being at the end of {times}",
                    expected="a unit that gets a circular for that time",
                    next_step="choose another year, or see valid_from and valid_to in "
                    "params/units.yml",
                    where="--unit",
                )

    def fingerprint(self, document: Document) -> dict[str, str]:
        """The data behind the circular, and the files of parameters that it reads."""
        unit_id = None if document.unit in _NO_UNITS else document.unit
        pins = self._pins(self._pinned_as(document), document.year, document.period)
        parts = self._slices(document.year, document.period, pins).of(unit_id)
        stage = self.stage(document)
        return {**parts, **self._parameter_files(document), **({"stage": stage} if stage else {})}

    def _blocked(self, unit_id: str, year: int, period: str | None) -> str | None:
        pins = self._pins(unit_id, year, period)
        return self._slices(year, period, pins).blocked.get(unit_id)

    @staticmethod
    def _pinned_as(document: Document) -> str:
        """Whose circular a document goes with: the 底稿 is about the group's."""
        return GROUP_DOCUMENT if document.unit == WORKING_PAPER else document.unit

    def _pins(self, unit: str, year: int, period: str | None) -> Pins:
        """The snapshots that a unit's or the group's circular is pinned to, asked once."""
        from reportkit import annual

        key = unit, year, period
        if key not in self._pinned:
            self._pinned[key] = annual.pins_of(self.home, *(year, unit, period))
        return self._pinned[key]

    @cached_property
    def _pinned(self) -> dict[tuple[str, int, str | None], Pins]:
        return {}

    def _slices(self, year: int, period: str | None, pins: Pins) -> Slices:
        """What the documents of a time depend on, worked out once for this workbook."""
        from reportkit import annual

        time = year, period, pins
        if time not in self._sliced:
            known = annual.known_slices(self.home, *time)
            self._sliced[time] = known or self._work_out(annual.slices, self.home, *time)
        return self._sliced[time]

    def _work_out(self, function: Callable[..., Found], *args: Any) -> Found:
        """Of a large group elsewhere: the run itself stays small, however long it takes."""
        return (aside if len(self.units.units) > _LARGE else _here)(function, *args)

    @cached_property
    def _sliced(self) -> dict[tuple[int, str | None, Pins], Slices]:
        return {}

    def _parameter_files(self, document: Document) -> dict[str, str]:
        """Hashes of the files that this document reads: the group's prose is no unit's matter."""
        year, period = document.year, document.period
        edits = edits_path(self.home, year, document.unit, document.wording)
        if document.unit in _NO_UNITS:
            return {**self._shared_files(year, period, document.unit), **self._hashed([edits])}
        shared = self._shared_files(year, period, "unit")
        own = override_path(self.home, year, document.unit, period)
        return {**shared, **self._hashed([own, edits])}

    def _shared_files(self, year: int, period: str | None, kind: str) -> dict[str, str]:
        """Of those that all documents of a kind read; worked out once."""
        key = (year, period, kind)
        if key not in self._shared:
            folder = self.home / "params"
            files = [folder / "units.yml", folder / "letterhead.yml"]
            files += [folder / f"{each}.yml" for each in (year - 1, year)]
            if kind != "unit":
                files.append(folder / "decisions" / f"{year}.yml")
            text = folder / "text" / str(year)
            files.append(text / (f"{kind}_period.md" if period else f"{kind}.md"))
            self._shared[key] = self._hashed(files)
        return self._shared[key]

    def _hashed(self, files: list[Path]) -> dict[str, str]:
        """Name below the workbook → hash, of those that there are."""
        found = {path.relative_to(self.home).as_posix(): self._hash_of(path) for path in files}
        return {name: hashed for name, hashed in found.items() if hashed}

    @cached_property
    def _shared(self) -> dict[tuple[int, str | None, str], dict[str, str]]:
        return {}

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

    @cached_property
    def _hashes(self) -> dict[Path, str]:
        return {}

    def mask(self, document: Document) -> Mask:
        """What its masked edition must not hold: names, persons; and the numbers that may stand."""
        from reportkit.cli.masking import mask_of

        return mask_of(self.home, document.year, document.notebook)

    def edits(self, document: Document) -> Edits:
        """``params/text/<year>/edits/``: leaders' wording in the document."""
        return load_edits(self.home, document.year, document.unit, document.wording)

    def stage(self, document: Document) -> str:
        """The stage of its draft, until it is issued."""
        step = load_stages(self.home, document.year).of(f"{document.unit}/{document.wording}")
        return step.stage if step and step.stage != ISSUED else ""

    def prepare(self, times: Iterable[tuple[int, str | None]], documents: int) -> None:
        """Computes the indicators of each year or period once, for all circulars."""
        from reportkit import annual

        for year, period in times:
            for pins in annual.all_pins(self.home, year, period):
                many = documents >= _MANY
                self._work_out(annual.prepare, self.home, year, period, many, pins)

    def headlines(self, year: int, *, work_out: bool) -> dict[str, list[str]]:
        """unit_id → its main figures of a year, for the index."""
        from reportkit import annual

        known = annual.known_headlines(self.home, year)
        if known is None and work_out:
            known = self._work_out(annual.headlines, self.home, year)
        return known or {}

    def preload(self, times: Iterable[tuple[int, str | None]], documents: int) -> Preload:
        """A notebook's imports, and the figures of each year or period."""
        from reportkit import annual

        home = str(self.home.resolve())
        pinned = [
            [year, period, [list(pin) for pin in pins]]
            for year, period in times
            for pins in annual.all_pins(self.home, year, period)
        ]
        return Preload(_MODULES, _PRELOAD, (home, pinned, documents >= _MANY))


_MANY = 20
"""From so many circulars on it pays to trace the figures of all units at once."""

_LARGE = 200
"""From so many units on their records are read in a process of its own."""

Found = TypeVar("Found")

_PRELOAD = "reportkit.circular.preloading:preload"
_MODULES = (
    "reportkit.circular", "reportkit.charts", "reportkit.tables", "matplotlib.figure",
    "matplotlib.backends.backend_svg", "matplotlib.backends.backend_agg", "matplotlib.pyplot",
    "pandas.core.reshape.reshape", "pandas.core.methods.to_dict", "pyarrow.parquet", "typst",
)  # fmt: skip
"""What notebooks import, directly or in the end."""

_NO_UNITS = (GROUP_DOCUMENT, WORKING_PAPER, DATA_QUALITY)


def known_document(home: Path, unit: str) -> bool:
    """Whether a name is that of a unit, of the group's circular, or of a paper for the office."""
    return unit in _NO_UNITS or any(each.unit_id == unit for each in load_units(home))


def _here(function: Callable[..., Found], *args: Any) -> Found:
    return function(*args)


def _in_edition(documents: list[Document], selection: Selection) -> list[Document]:
    """The documents in the edition asked for; those for the office alone have but a draft.

    Raises
    ------
    UsageError
        If one of those was asked for by name.
    """
    if selection.edition == DRAFT:
        return documents
    made = []
    for document in documents:
        if document.name == CIRCULAR:
            masked = {"masked": True} if MASKED in selection.edition else {}
            parameters = {**document.parameters, **masked}
            made.append(replace(document, edition=selection.edition, parameters=parameters))
        elif document.unit in selection.units or document.notebook.stem in selection.notebooks:
            raise UsageError(
                f"{document.title} has no {selection.edition} edition",
                expected="a circular: a unit's or the group's",
                next_step="leave --formal and --mask out",
                where="--unit",
            )
    return made


def own_notebooks(selection: Selection, *, with_group: bool) -> Selection:
    """The same selection, but only of what units get: circulars, unless others are named.

    ``with_group``: the group's circular as well.

    Raises
    ------
    UsageError
        For a notebook, or a name given as a unit, whose documents are for the office alone.
    """
    usual = Path(UNIT_PERIOD_NOTEBOOK if selection.periods else UNIT_NOTEBOOK).stem
    known = {usual} if selection.periods else {usual, CONFIRMATION}
    asked = {Path(name).stem for name in selection.notebooks} or {usual}
    for what, where, wrong in (
        ("notebook", "--notebook", sorted(asked - known)),
        ("unit", "--unit", [unit for unit in selection.units if unit in _NO_UNITS]),
    ):
        if wrong:
            raise UsageError(
                f"{wrong[0]!r} is no {what} whose papers go to units",
                expected=f"one of {', '.join(sorted(known))}" if what == "notebook" else
                "a unit of params/units.yml",
                where=where,
            )  # fmt: skip
    units = selection.units
    if with_group and usual in asked:
        asked |= {Path(GROUP_PERIOD_NOTEBOOK if selection.periods else GROUP_NOTEBOOK).stem}
        units = (*units, GROUP_DOCUMENT) if units else ()
    return replace(selection, units=units, notebooks=tuple(sorted(asked)))


def _times(selection: Selection) -> list[tuple[int, str | None]]:
    if selection.periods:
        return [(Period(period).year, period) for period in selection.periods]
    return [(year, None) for year in selection.years]


def _when(year: int, period: str | None) -> dict[str, object]:
    return {"year": year} if period is None else {"year": year, "period": period}
