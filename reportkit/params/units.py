"""The group and its units over all years (``params/units.yml``)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from reportkit.errors import ParameterError
from reportkit.params.model import ADDRESS, DEVICES, LABEL, Model

GROUP_DOCUMENT = "group"
"""The name by which `--unit` and the folders under ``outputs/`` know the group's circular."""

_RESERVED_IDS = {
    *(GROUP_DOCUMENT, "working_paper", "data_quality", "issued", "records", "index", "manifest"),
    *DEVICES,
}


CONTACT_FIELDS = frozenset({"contact", "telephone", "email"})
"""What is known of a unit for sending it something; no document prints it."""


class Unit(Model):
    """One subordinate unit (权属单位), or the group's own level (集团本级)."""

    unit_id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=40)]
    name: LABEL
    short_name: LABEL
    order: int
    mask_label: str
    level: Literal["group", "unit"] = "unit"
    org_type: Literal["党委", "党总支", "直属党支部"] = "党委"
    has_study_group: bool = True
    peer_group: LABEL | None = None
    valid_from: dt.date
    valid_to: dt.date | None = None
    successor_id: str | None = None
    aliases: tuple[LABEL, ...] = ()
    contact: str | None = None
    """联系人: who in the unit sends what the office asks for."""
    telephone: Annotated[str, Field(pattern=r"^[0-9 ()+-]{3,40}$")] | None = None
    email: ADDRESS | None = None

    @field_validator("unit_id")
    @classmethod
    def _not_reserved(cls, value: str) -> str:
        if value in _RESERVED_IDS:
            raise ValueError(f"{value!r} is reserved; choose another id")
        return value

    @model_validator(mode="after")
    def _dates(self) -> Self:
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} lies before valid_from {self.valid_from}")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which a submission may call this unit."""
        return (self.name, self.short_name, *self.aliases)

    def in_being_on(self, day: dt.date) -> bool:
        """Whether the unit exists on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def in_being_during(self, first: dt.date, last: dt.date) -> bool:
        """Whether the unit exists on at least one day from ``first`` to ``last``."""
        return self.valid_from <= last and (self.valid_to is None or self.valid_to >= first)


class Units(Model):
    """The group company and all units it ever had, in official order (规范顺序)."""

    group_name: LABEL
    group_short_name: LABEL
    units: tuple[Unit, ...]

    @model_validator(mode="after")
    def _cross_check(self) -> Self:
        ids = Counter(unit.unit_id for unit in self.units)
        names = Counter(name for unit in self.units for name in set(unit.names))
        for what, values in (("unit_id", ids), ("name or alias", names)):
            twice = sorted(value for value, number in values.items() if number > 1)
            if twice:
                raise ValueError(f"{what} used twice: {', '.join(twice)}")
        if len({unit.order for unit in self.units}) < len(self.units):
            raise ValueError("two units have the same order")
        self._check_successors()
        if sum(unit.level == "group" for unit in self.units) > 1:
            raise ValueError("more than one unit of level: group")
        return self

    def _check_successors(self) -> None:
        """Each is a unit, and whoever follows them comes to an end."""
        after = {unit.unit_id: unit.successor_id for unit in self.units}
        for unit_id, successor in after.items():
            if successor and successor not in after:
                raise ValueError(f"{unit_id}: successor_id {successor!r} is no unit")
            if successor == unit_id:
                raise ValueError(
                    f"{unit_id}: successor_id is the unit itself; expected another unit, or nothing"
                )
        for unit_id in after:
            way = [unit_id]
            while (following := after[way[-1]]) and following not in way:
                way.append(following)
            if following:
                circle = [*way[way.index(following) :], following]
                raise ValueError(
                    f"{following}: successor_id goes in a circle ({' → '.join(circle)}); "
                    "expected that it ends with a unit that has none"
                )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Made and checked anew: pydantic's own would keep the places of the old units."""
        del deep  # frozen all through: there is nothing to copy deeper
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self)(**{**fields, **(update or {})})

    def __iter__(self) -> Iterator[Unit]:  # type: ignore[override]
        return iter(self._in_order)

    @cached_property
    def _in_order(self) -> list[Unit]:
        return sorted(self.units, key=lambda unit: unit.order)

    def __getitem__(self, unit_id: str) -> Unit:
        if unit_id in self._by_id:
            return self._by_id[unit_id]
        known = ", ".join(unit.unit_id for unit in self)
        meant = next((unit.unit_id for unit in self if unit_id in unit.names), None)
        raise ParameterError(
            f"unknown unit {unit_id!r}",
            expected=f"one of {known}",
            next_step=f"write its id: {meant}"
            if meant
            else "correct the name, or add it to params/units.yml",
            where="unit",
        )

    def __contains__(self, unit_id: object) -> bool:
        return unit_id in self._by_id

    @cached_property
    def _by_id(self) -> dict[str, Unit]:
        return {unit.unit_id: unit for unit in self.units}

    def as_printed(self) -> str:
        """All that a document could print or be worked out from, as one text.

        A new address or telephone number makes no document anew.
        """
        left_out = {"units": {"__all__": set(CONTACT_FIELDS)}}
        return self.model_dump_json(exclude=left_out)

    def in_year(self, year: int) -> list[Unit]:
        """Units with a study group on any day of the year, in official order, 集团本级 included."""
        first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
        return [u for u in self if u.has_study_group and u.in_being_during(first, last)]

    def at_year_end(self, year: int) -> list[Unit]:
        """Subordinate units in being on 31 December: those that get a circular."""
        last = dt.date(year, 12, 31)
        return [u for u in self.in_year(year) if u.level == "unit" and u.in_being_on(last)]
