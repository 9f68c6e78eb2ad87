"""What a form is made of: sheets, their columns, and how a cell of each is read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text",
    "key",
    "name",
    "person",
    "absent",
    "date",
    "whole",
    "decimal",
    "flag",
    "choice",
    "codes",
    "period",
    "span",
    "percent",
    "people",
]

Words = tuple[tuple[str, str], ...]
"""(word in a form, stored value)."""


@dataclass(frozen=True)
class Field:
    """One column of a form.

    Parameters
    ----------
    name:
        The English column.
    headers:
        The header as our form has it, then the synonyms that are read as the same.
    kind:
        How a cell is read: see :mod:`reportkit.records.values`.
    required:
        The column must be there, and a row without a value in it does not enter.
    choices:
        For ``choice``: (word in the form, stored value), the form's own words.
    synonyms:
        For ``choice``: (word that people write, stored value), read with a note.
    none_words:
        Words that say in so many words that there is nothing; the value is then empty.
    longest:
        The most characters that a text may have.
    vital:
        May be blank, but a row in which it cannot be read does not enter: what it would
        change cannot be left open (a session's last day; whether it was cancelled).
    hint:
        What to fill in, for the instructions of the form; empty: what its kind says.
    example:
        A value as it would be typed; ``{year}`` stands for the form's year. Empty: its kind's.
    """

    name: str
    headers: tuple[str, ...]
    kind: Kind = "text"
    required: bool = False
    choices: Words = ()
    synonyms: Words = ()
    none_words: tuple[str, ...] = ("无",)
    longest: int = 200
    vital: bool = False
    hint: str = ""
    example: str = ""

    @property
    def header(self) -> str:
        """The header as our own form has it."""
        return self.headers[0]


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its names, the table it fills, and its columns.

    Parameters
    ----------
    key:
        The English name: that of the table, where one sheet fills one table.
    names:
        The sheet's name in our form, then the synonyms that are read as the same.
    serves:
        The metrics that need it; it is asked for while one of them is switched on. Empty:
        always.
    asked:
        When a unit is asked for it: in each period, in the first or in the last of a year.
    """

    key: str
    names: tuple[str, ...]
    fields: tuple[Field, ...]
    required: bool = False
    serves: tuple[str, ...] = ()
    asked: Literal["each", "first", "last"] = "each"

    def is_on(self, switched_off: Collection[str]) -> bool:
        """Whether one of the metrics that need this sheet is switched on."""
        return not self.serves or any(metric not in switched_off for metric in self.serves)

    @property
    def title(self) -> str:
        """The sheet's name in our own form."""
        return self.names[0]

    def field(self, name: str) -> Field:
        """The field of this English name.

        Raises
        ------
        KeyError
            If the sheet has none.
        """
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(name)
