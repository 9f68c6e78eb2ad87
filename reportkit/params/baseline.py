"""Last year's printed totals (``params/baseline/<year>.yml``), where no data of the year exist."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StrictFloat, StrictInt, field_validator, model_validator

from reportkit.errors import ParameterError
from reportkit.params.model import Model
from reportkit.params.reading import load_model
from reportkit.params.units import Units

Figure = StrictInt | StrictFloat


class Baseline(Model):
    """One earlier year as it was printed (上年通报的数据): totals, and figures by unit.

    ``source`` says in which document they stand; a comparison with them is printed with it.
    Metrics go by their number (M1, M4), ratios as a share of one (0.853).
    """

    year: int
    source: Annotated[str, Field(min_length=1)]
    totals: dict[str, Figure] = Field(default_factory=dict)
    units: dict[str, dict[str, Figure]] = Field(default_factory=dict)

    @field_validator("source")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("it says nothing: name the document in which the figures stand")
        return value.strip()

    @model_validator(mode="after")
    def _figures(self) -> Self:
        if not self.figures():
            raise ValueError("neither totals nor units hold a figure")
        for key, _, value in self.figures():
            if not math.isfinite(value) or value < 0:
                raise ValueError(f"{key}: {value} is no count and no share; expected 0 or more")
        return self

    def figures(self) -> list[tuple[str, str, float]]:
        """Every figure: its key in the file (``units.dongling.M4``), its metric, its value."""
        totals = [(f"totals.{metric}", metric, value) for metric, value in self.totals.items()]
        return totals + [
            (f"units.{unit}.{metric}", metric, value)
            for unit, values in self.units.items()
            for metric, value in values.items()
        ]


def baseline_path(year: int) -> str:
    """The file's path as messages name it."""
    return f"params/baseline/{year}.yml"


def load_baseline(home: Path, year: int, units: Units) -> Baseline | None:
    """``params/baseline/<year>.yml``; None if there is none.

    Raises
    ------
    ParameterError
        If a field is wrong, ``year`` is not the file's, or a unit is unknown or did not exist
        in that year. Metrics are checked by who knows them (:mod:`reportkit.annual`).
    """
    path = home / "params" / "baseline" / f"{year}.yml"
    if not path.is_file():
        return None
    baseline = load_model(path, Baseline)
    where = baseline_path(year)
    if baseline.year != year:
        raise ParameterError(
            f"the file says year: {baseline.year}",
            expected=f"year: {year}",
            next_step="correct the field or the file's name",
            where=where,
        )
    known = {unit.unit_id for unit in units.in_year(year)}
    for unit_id in baseline.units:
        if unit_id not in known:
            there = "did not exist in the year" if unit_id in units else "is no unit"
            raise ParameterError(
                f"units.{unit_id} {there}",
                expected=f"one of {', '.join(u.unit_id for u in units.in_year(year))}",
                next_step="correct the unit's id, or add it to params/units.yml",
                where=where,
            )
    return baseline
