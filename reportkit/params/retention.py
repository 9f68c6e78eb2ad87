"""How long rows on persons are kept (``retention.yml``): 保存期限."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from reportkit.params.model import Model
from reportkit.params.reading import load_if_there

RETENTION = "params/retention.yml"
"""The file as messages name it."""


class Term(Model):
    """So many full years, counted from the end of the year that the records are of."""

    years: Annotated[int, Field(ge=1, le=100)]

    def ends(self, year: int) -> dt.date:
        """The last day on which a year's rows are kept."""
        return dt.date(year + self.years, 12, 31)

    def has_passed(self, year: int, day: dt.date) -> bool:
        """Whether a year's rows are to be purged on that day."""
        return day > self.ends(year)


class Retention(Model):
    """What is purged after how long; without a term nothing is."""

    persons: Term | None = None
    """Rows on persons in snapshots, and what repeats them: the year's feedback, its caches."""
    submissions: Term | None = None
    """What units sent, as they sent it; None: the tool never touches it."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """The originals go with the records or after them: records can be imported again."""
        if self.submissions and not self.persons:
            raise ValueError("submissions has a term and persons has none; expected both")
        if self.submissions and self.persons and self.submissions.years < self.persons.years:
            raise ValueError(
                f"submissions: years: {self.submissions.years} is less than persons: years: "
                f"{self.persons.years}; expected as many or more"
            )
        return self


def load_retention(home: Path) -> Retention:
    """``params/retention.yml``; without the file nothing is purged.

    Raises
    ------
    ParameterError
        If a field is wrong.
    """
    return load_if_there(home / "params" / "retention.yml", Retention)
