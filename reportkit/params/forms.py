"""Forms that an office has used for years (``params/forms.yml``): their sheets and headers."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Self

from pydantic import Field, model_validator

from reportkit.params.model import Model
from reportkit.text.normalising import plain

Words = Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]


class OfficeForm(Model):
    """One sheet of a form of the office's, and which of our sheets it is.

    Whether our sheets have these names and words is checked where the sheets are known:
    :func:`reportkit.records.forms.custom.with_office_forms`.
    """

    sheet: str
    """Key of our sheet: members, sessions, sign_in …"""
    names: Annotated[tuple[Words, ...], Field(min_length=1)]
    """What the sheet is called in their form."""
    headers: dict[str, Annotated[tuple[Words, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    """Our column → the headers that their form gives it."""
    words: dict[str, dict[Words, str]] = Field(default_factory=dict)
    """Our column → what people write there → the word of our form that it means."""
    constants: dict[str, str | int | float | bool | dt.date] = Field(default_factory=dict)
    """Our column → its value in all rows, where their form does not have the column."""
    number_rows: bool = False
    """Their form has no 序号: the rows are numbered."""
    header_row: Annotated[int, Field(ge=1, le=1000)] | None = None
    """The first row of the header as Excel counts it, if it cannot be found."""
    ignore: tuple[Words, ...] = ()
    """Headers of columns that are known and not wanted."""

    @model_validator(mode="after")
    def _once(self) -> Self:
        headers = [h for given in self.headers.values() for h in given]
        if twice := _twice([*headers, *self.ignore]):
            raise ValueError(f"{self.names[0]}: the header {twice!r} is used twice")
        if both := sorted(self.headers.keys() & self.constants.keys()):
            raise ValueError(
                f"{self.names[0]}: {both[0]} stands under headers and under constants; "
                "a constant is for a column that the form does not have"
            )
        return self


class OfficeForms(Model):
    """``params/forms.yml``; without the file there are none."""

    forms: tuple[OfficeForm, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        if twice := _twice([name for form in self.forms for name in form.names]):
            raise ValueError(f"the sheet name {twice!r} is used twice")
        return self


def _twice(texts: list[str]) -> str | None:
    """The first text that stands twice; blanks and width do not tell them apart."""
    seen: set[str] = set()
    for text in texts:
        if plain(text) in seen:
            return text
        seen.add(plain(text))
    return None
