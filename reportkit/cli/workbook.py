"""The workbook of study groups, as a batch wants to see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from reportkit.batch.contract import DRAFT, MASKED, Document, Preload, Selection
from reportkit.cli.dependence import (
    DATA_QUALITY,
    NO_UNITS,
    WORKING_PAPER,
    Dependence,
    in_its_place,
)
from reportkit.errors import ParameterError, UsageError
from reportkit.params import (
    GROUP_DOCUMENT,
    Period,
    Unit,
    Units,
    load_units,
    load_year,
    own_fonts,
)
from reportkit.params.edits import Edits, load_edits
from reportkit.params.stages import ISSUED, load_stages
from reportkit.publish import Mask

UNIT_NOTEBOOK = "unit_circular.ipynb"
GROUP_NOTEBOOK = "group_circular.ipynb"
UNIT_PERIOD_NOTEBOOK = "unit_period.ipynb"
GROUP_PERIOD_NOTEBOOK = "group_period.ipynb"
WORKING_PAPER_NOTEBOOK = "working_paper.ipynb"
CONFIRMATION_NOTEBOOK = "confirmation.ipynb"
DATA_QUALITY_NOTEBOOK = "data_quality.ipynb"
CONFIRMATION = "confirmation"
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
    final: bool = False
    """Whether documents are made to be issued: their first page then says nothing of a stage."""

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
            if unit_id not in NO_UNITS and self.units[unit_id].level == "group":
                units.insert(0, self.units[unit_id])
        chosen = [unit for unit in units if not wanted or unit.unit_id in wanted]
        blocked = self.dependence.blocked
        documents = [
            self._unit_document(unit, year, period, blocked(unit.unit_id, year, period))
            for unit in chosen
        ]
        if not wanted or GROUP_DOCUMENT in wanted:
            documents.append(self._group_document(year, period))
        if period is None:
            documents += [d for d in self._internal(year) if self._is_asked_for(d, wanted)]
            documents += [self._confirmation(d) for d in documents if d.unit not in NO_UNITS]
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
            blocked=self.dependence.unmakeable(GROUP_DOCUMENT, year, period),
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
                blocked=self.dependence.unmakeable(name, year, None),
                persons=name == DATA_QUALITY,  # it quotes the cells that were refused or corrected
            )

    def _confirmation(self, circular: Document) -> Document:
        """数据确认单 of the unit that a circular is about."""
        notebook = self.home / "notebooks" / CONFIRMATION_NOTEBOOK
        return replace(circular, notebook=notebook, name=CONFIRMATION)

    def _check_found(self, selection: Selection, found: list[Document]) -> None:
        for unit_id in selection.units:
            if not any(d.unit == unit_id for d in found):
                times = ", ".join(selection.periods or map(str, selection.years))
                if unit_id in NO_UNITS:
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
        """The data behind the circular, the files of parameters that it reads, its stage."""
        stage = self.stage(document)
        return {**self.dependence.parts_of(document), **({"stage": stage} if stage else {})}

    def now(self, document: Document, read: Mapping[str, str]) -> dict[str, str]:
        """What a document read of others' figures, findings and rules, as it is now."""
        return self.dependence.now(document, read)

    @cached_property
    def dependence(self) -> Dependence:
        """What the documents depend on, each part worked out once."""
        return Dependence(self.home, self.units)

    def mask(self, document: Document) -> Mask:
        """Persons and ids that it must not show; masked no names either, and which numbers may."""
        key = document.year, document.notebook
        if key not in self._masks:
            from reportkit.cli.masking import mask_of

            mask = mask_of(self.home, *key)
            # The office's own papers tell it the ids that it types into params/.
            self._masks[key] = replace(mask, codes=()) if document.unit in NO_UNITS else mask
        return self._masks[key]

    @cached_property
    def _masks(self) -> dict[tuple[int, Path], Mask]:
        return {}

    def edits(self, document: Document) -> Edits:
        """``params/text/<year>/edits/``: leaders' wording in the document."""
        return load_edits(self.home, document.year, document.unit, document.wording)

    def stage(self, document: Document) -> str:
        """The stage of its draft, until it is issued."""
        step = load_stages(self.home, document.year).of(f"{document.unit}/{document.wording}")
        return step.stage if step and step.stage != ISSUED and not self.final else ""

    def prepare(self, times: Iterable[tuple[int, str | None]], documents: int) -> None:
        """Computes the indicators of each year or period once, for all circulars."""
        from reportkit import annual

        for year, period in times:
            for pins in annual.all_pins(self.home, year, period):
                many = documents >= _MANY
                in_its_place(self.units, annual.prepare, self.home, year, period, many, pins)

    def headlines(self, year: int, *, work_out: bool) -> dict[str, list[str]]:
        """unit_id → its main figures of a year, for the index."""
        from reportkit import annual

        known = annual.known_headlines(self.home, year)
        if known is None and work_out:
            known = in_its_place(self.units, annual.headlines, self.home, year)
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

_PRELOAD = "reportkit.circular.preloading:preload"
_MODULES = (
    "reportkit.circular", "reportkit.charts", "reportkit.tables", "matplotlib.figure",
    "matplotlib.backends.backend_svg", "matplotlib.backends.backend_agg", "matplotlib.pyplot",
    "pandas.core.reshape.reshape", "pandas.core.methods.to_dict", "pyarrow.parquet", "typst",
)  # fmt: skip
"""What notebooks import, directly or in the end."""


def known_document(home: Path, unit: str) -> bool:
    """Whether a name is that of a unit, of the group's circular, or of a paper for the office."""
    return unit in NO_UNITS or any(each.unit_id == unit for each in load_units(home))


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
        ("unit", "--unit", [unit for unit in selection.units if unit in NO_UNITS]),
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
