"""Last year's printed totals (``params/baseline/<year>.yml``), where no data of the year exist."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, StrictFloat, StrictInt, field_validator, model_validator

from reportkit.errors import ParameterError
from reportkit.params.model import Model
from reportkit.params.reading import load_model
from reportkit.params.units import Units

Figure = StrictInt | StrictFloat


class Told(Model):
    """A figure with more than its value: numerator and denominator, or why there is none.

    ``state`` (未报, 不适用 …) stands where there is no value.
    """

    value: Figure | None = None
    of: tuple[Figure, Figure] | None = None
    """分子 and 分母: a ratio of few is never printed without them."""
    state: str = ""

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.value is None) == (not self.state) or (self.of and self.value is None):
            raise ValueError("expected a value (with or without of), or a state in its place")
        if self.of and not all(math.isfinite(each) and each >= 0 for each in self.of):
            raise ValueError("of: expected two numbers, 0 or more")
        return self


class Baseline(Model):
    """One earlier year as it was printed (上年通报的数据): totals, and figures by unit.

    ``source`` says in which document they stand; a comparison with them is printed with it.
    Metrics go by their number (M1, M4), ratios as a share of one (0.853).
    """

    year: int
    source: Annotated[str, Field(min_length=1)]
    whole: bool = False
    """Whether all units and metrics are listed, as ``reportkit rollover`` does it: then it is
    known who reported nothing, and the conventions are those of the year's parameters."""
    totals: dict[str, Figure | Told] = Field(default_factory=dict)
    units: dict[str, dict[str, Figure | Told]] = Field(default_factory=dict)

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
        named = [("totals", self.totals), *((f"units.{u}", of) for u, of in self.units.items())]
        return [
            (f"{place}.{metric}", metric, value)
            for place, values in named
            for metric, told in values.items()
            if (value := told.value if isinstance(told, Told) else told) is not None
        ]

    def rows(self, unit_id: str | None) -> dict[str, dict[str, Any]]:
        """metric_id → value, numerator, denominator and state, of a unit (None: the group).

        What the file does not tell is not in a row.
        """
        values = self.totals if unit_id is None else self.units.get(unit_id, {})
        return {metric: _row(told) for metric, told in values.items()}


def _row(told: Figure | Told) -> dict[str, Any]:
    if not isinstance(told, Told):
        return {"value": told}
    row: dict[str, Any] = {"value": told.value}
    if told.of:
        row["numerator"], row["denominator"] = told.of
    return {**row, "state": told.state} if told.state else row


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
