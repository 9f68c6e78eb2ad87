"""The workbook of study groups, as a batch wants to see it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reportkit.batch.contract import Document, Selection
from reportkit.errors import UsageError
from reportkit.params import GROUP_DOCUMENT, Unit, Units, load_units, load_year, own_fonts

UNIT_NOTEBOOK = "unit_circular.ipynb"
GROUP_NOTEBOOK = "group_circular.ipynb"


@dataclass(frozen=True)
class StudyWorkbook:
    """A circular for every subordinate unit in being at the year's end, and the group's."""

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
        """The selected circulars: units in official order, then the group's, year by year.

        Raises
        ------
        UsageError
            For a unit or notebook that does not exist, or a unit in being in none of the years.
        """
        known = {Path(name).stem for name in (UNIT_NOTEBOOK, GROUP_NOTEBOOK)}
        wanted = {Path(name).stem for name in selection.notebooks} or known
        if unknown := sorted(wanted - known):
            raise UsageError(
                f"unknown notebook {unknown[0]!r}",
                expected=f"one of {', '.join(sorted(known))}",
                where="--notebook",
            )
        found: list[Document] = []
        for year in selection.years:
            found += self._of_year(year, selection.units)
        self._check_found(selection, found)
        return [d for d in found if d.notebook.stem in wanted]

    def _of_year(self, year: int, wanted: tuple[str, ...]) -> list[Document]:
        from reportkit import annual

        load_year(self.home, year)
        units = self.units.at_year_end(year)
        for unit_id in wanted:
            # The group's own level (集团本级) gets a circular only when asked for by name.
            if unit_id != GROUP_DOCUMENT and self.units[unit_id].level == "group":
                units.insert(0, self.units[unit_id])
        blocked = annual.blocked(self.home, year)
        documents = [
            self._unit_document(unit, year, blocked.get(unit.unit_id))
            for unit in units
            if not wanted or unit.unit_id in wanted
        ]
        if not wanted or GROUP_DOCUMENT in wanted:
            documents.append(self._group_document(year))
        return documents

    def _unit_document(self, unit: Unit, year: int, blocked: str | None) -> Document:
        return Document(
            unit=unit.unit_id,
            year=year,
            notebook=self.home / "notebooks" / UNIT_NOTEBOOK,
            folder=f"{year}/{unit.unit_id}",
            parameters={"unit": unit.unit_id, "year": year},
            label=unit.short_name,
            blocked=blocked,
        )

    def _group_document(self, year: int) -> Document:
        return Document(
            unit=GROUP_DOCUMENT,
            year=year,
            notebook=self.home / "notebooks" / GROUP_NOTEBOOK,
            folder=f"{year}/{GROUP_DOCUMENT}",
            parameters={"year": year},
            label=self.units.group_short_name,
        )

    def _check_found(self, selection: Selection, found: list[Document]) -> None:
        for unit_id in selection.units:
            if not any(d.unit == unit_id for d in found):
                years = ", ".join(map(str, selection.years))
                raise UsageError(
                    f"{unit_id} is not in being at the end of {years}",
                    expected="a unit that gets a circular for that year",
                    next_step="choose another year, or see valid_from and valid_to in "
                    "params/units.yml",
                    where="--unit",
                )

    def fingerprint(self, document: Document) -> dict[str, str]:
        """The data behind the circular, and the files of parameters that it reads."""
        from reportkit import annual

        unit_id = None if document.unit == GROUP_DOCUMENT else document.unit
        return {
            "data": annual.slice_fingerprint(self.home, document.year, unit_id),
            "parameters": self._parameter_files(document),
        }

    def _parameter_files(self, document: Document) -> str:
        """A hash of the files that this document reads: the group's prose is no unit's matter."""
        folder, kind = self.home / "params", "unit"
        files = [folder / "units.yml", folder / "letterhead.yml"]
        files += [folder / f"{year}.yml" for year in (document.year - 1, document.year)]
        if document.unit == GROUP_DOCUMENT:
            kind = GROUP_DOCUMENT
            files.append(folder / "decisions" / f"{document.year}.yml")
        files.append(folder / "text" / str(document.year) / f"{kind}.md")
        digest = hashlib.sha256()
        for path in files:
            if path.is_file():
                name = path.relative_to(folder).as_posix()
                digest.update(f"{name}\0".encode())
                digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
        return digest.hexdigest()

    def prepare(self, years: Iterable[int]) -> None:
        """Computes the years' indicators once, for all circulars."""
        from reportkit import annual

        for year in years:
            annual.prepare(self.home, year)
