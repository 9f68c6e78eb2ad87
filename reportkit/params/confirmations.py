"""What units answered to their 数据确认单, and the office to them (``params/confirmations/``).

One file a year. Commands write it and people may: what stands there besides stays. Persons'
names are in it; no document prints them.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from reportkit.errors import ParameterError
from reportkit.params.model import FOREIGN, PROSE, Model, twice
from reportkit.params.reading import load_model, load_units

DOCUMENT = "confirmation"
"""The document that most objections are about: the 数据确认单 itself."""

Text = Annotated[str, Field(min_length=1)]
Words = Annotated[Text, FOREIGN]
"""What a unit wrote, or what it was answered."""
Version = Annotated[str, Field(pattern=r"^[B-DF-HJ-NP-TV-Z]{4}(?:-[B-DF-HJ-NP-TV-Z]{4}){2}$")]
"""数据版本, as a 数据确认单 prints it: other figures, other letters."""


class Answer(Model):
    """One 数据确认单 that came back: the unit confirms its figures, or objects to some."""

    result: Literal["confirmed", "objected"]
    signed_by: Annotated[Text | None, FOREIGN] = None
    """负责人签字."""
    signed_on: dt.date
    figures: Version
    file: Annotated[Text | None, FOREIGN] = None
    """The file's name; none: a signed paper."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")] | None = None
    """How the file's hash begins: the same file is recorded once."""

    @model_validator(mode="after")
    def _signed(self) -> Self:
        if self.result == "confirmed" and not self.signed_by:
            raise ValueError("confirmed without signed_by; expected who signed (负责人签字)")
        return self


class UnitConfirmation(Model):
    """What became of one unit's 数据确认单."""

    sent_on: dt.date | None = None
    answers: tuple[Answer, ...] = ()
    """All of them, in the order in which they were recorded."""
    waived_because: Annotated[Text | None, PROSE] = None
    waived_by: Text | None = None
    waived_on: dt.date | None = None

    @model_validator(mode="after")
    def _cross_check(self) -> Self:
        _all_or_none(self, "waived_because", "waived_by", "waived_on")
        if again := twice(each.sha256 for each in self.answers if each.sha256):
            raise ValueError(f"answers: the file {again[0]} stands twice; expected it once")
        return self

    @property
    def answer(self) -> Answer | None:
        """The one that counts: with the latest date; of one day the last recorded."""
        last: Answer | None = None
        for each in self.answers:
            if last is None or each.signed_on >= last.signed_on:
                last = each
        return last

    @property
    def confirmed(self) -> Answer | None:
        """The answer that counts, if it confirms."""
        last = self.answer
        return last if last and last.result == "confirmed" else None

    @property
    def confirmed_by(self) -> str | None:
        return self.confirmed.signed_by if self.confirmed else None

    @property
    def confirmed_on(self) -> dt.date | None:
        return self.confirmed.signed_on if self.confirmed else None


class Objection(Model):
    """What a unit objects to (异议), and what it was answered."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
    unit: Text
    document: Text = DOCUMENT
    received_on: dt.date
    about: Words
    """An indicator, a table, or the document as a whole."""
    text: Words
    answer: Annotated[Text | None, PROSE] = None
    answered_by: Text | None = None
    answered_on: dt.date | None = None
    figures: Version | None = None
    """数据版本 on which it was answered: with others the answer does not hold any more."""
    correction: Annotated[Text | None, PROSE] = None
    """更正: what was changed, if anything was."""

    @model_validator(mode="after")
    def _cross_check(self) -> Self:
        _all_or_none(self, "answer", "answered_by", "answered_on")
        if self.answered_on and self.answered_on < self.received_on:
            raise ValueError(
                f"{self.id}: answered_on {self.answered_on} lies before received_on "
                f"{self.received_on}"
            )
        for name in ("figures", "correction"):
            if getattr(self, name) and not self.answer:
                raise ValueError(f"{self.id}: {name} without answer; expected an answer to it")
        return self


class Confirmations(Model):
    """All units' answers of one year, and their objections."""

    units: dict[str, UnitConfirmation] = Field(default_factory=dict)
    objections: tuple[Objection, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        if again := twice(each.id for each in self.objections):
            raise ValueError(f"objections: the id {again[0]} stands twice; expected each once")
        return self

    def of(self, unit_id: str) -> UnitConfirmation:
        """What is recorded of a unit; without an entry, that nothing is."""
        return self.units.get(unit_id, UnitConfirmation())

    def objections_of(self, unit_id: str) -> tuple[Objection, ...]:
        """A unit's objections, in the order of the file."""
        return tuple(each for each in self.objections if each.unit == unit_id)

    def is_settled(self, objection: Objection) -> bool:
        """Whether it was answered, or the unit has confirmed since."""
        if objection.answer:
            return True
        entry = self.of(objection.unit)
        return any(
            each.result == "confirmed" and (each.signed_on > objection.received_on
                or (each.signed_on == objection.received_on and each is entry.answer))
            for each in entry.answers
        )  # fmt: skip


def _all_or_none(record: Model, *names: str) -> None:
    there = [name for name in names if getattr(record, name) is not None]
    if there and len(there) < len(names):
        missing = next(name for name in names if name not in there)
        raise ValueError(f"{there[0]} without {missing}; expected {', '.join(names)}, or none")


def confirmations_path(home: Path, year: int) -> Path:
    """Where a year's record stands."""
    return home / "params" / "confirmations" / f"{year}.yml"


def load_confirmations(home: Path, year: int) -> Confirmations:
    """``params/confirmations/<year>.yml``; without the file no unit has answered.

    Raises
    ------
    ParameterError
        If a field is wrong, or a unit is not in ``params/units.yml``.
    """
    path = confirmations_path(home, year)
    if not path.exists():
        return Confirmations()
    found = load_model(path, Confirmations)
    units = load_units(home)
    for unit_id in (*found.units, *(each.unit for each in found.objections)):
        if unit_id not in units:
            raise ParameterError(
                f"unknown unit {unit_id!r}",
                expected="a unit_id of params/units.yml",
                next_step="correct the name, or add the unit there",
                where=f"params/confirmations/{year}.yml",
            )
    return found
