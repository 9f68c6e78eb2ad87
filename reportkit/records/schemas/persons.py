"""What of the tables is about persons, or may name one: what a purge takes away."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from reportkit.records.schemas.declared import Tables
from reportkit.records.schemas.model import Table

if TYPE_CHECKING:
    import pandas as pd

_WORDS_ALONE = frozenset({"issues", "value_states"})
"""Tables that quote cells, or name rows of other tables by their key: nothing of them stays."""

_CODES = frozenset({
    "unit_id", "observer_unit", "host_unit", "session_id", "visit_id", "item_id", "topic_code",
    "code", "plan_item", "practice_id", "finding_id", "objection_id", "group_no", "month",
    "period", "due_period", "table", "joint_id", "format", "sha256", "snapshot", "item", "system",
})  # fmt: skip
"""Columns of text that hold no words of a unit's: numbers, codes, periods."""

_OF_THE_OFFICE = frozenset({"units", "topics"})
"""Tables that come from ``params/``, and name no person."""


@lru_cache(maxsize=1)
def _person_columns() -> frozenset[str]:
    tables = Tables("unit", "office").values()
    return frozenset(c.name for table in tables for c in table.columns if c.person)


def person_heads() -> frozenset[str]:
    """What heads a column of persons wherever it stands; a ``name`` may be a unit's or topic's."""
    return (_person_columns() - {"name"}) | {"姓名", "成员姓名"}


def is_on_persons(table: Table) -> bool:
    """Whether a row of it is about a person, or may quote what somebody typed."""
    return "person_id" in table.column_names or table.name in _WORDS_ALONE


def cleared_columns(table: Table) -> list[str]:
    """The columns of another table in which a person may be named: host, titles, free words."""
    if table.name in _OF_THE_OFFICE:
        return []
    return [
        column.name for column in table.columns
        if column.dtype == "str" and not column.allowed and column.name not in _CODES
    ]  # fmt: skip


def names_in(frames: Mapping[str, pd.DataFrame]) -> set[str]:
    """Every person's name that the tables know: of rosters, and of ids that are made of names."""
    names: set[str] = set()
    for frame in frames.values():
        for column in _person_columns() & set(frame.columns):
            if column == "name" and "person_id" not in frame:
                continue
            ids = {str(value) for value in frame[column].dropna().unique()}
            names |= ids if column == "name" else {
                one.rpartition("/")[2] for one in ids if "/" in one
            }  # fmt: skip
    return {name for name in names if len(name) > 1}


class NameFinder:
    """Finds whether a text holds one of many names, in time that the names' number hardly adds to.

    Names of Chinese characters are looked up in each run of them, others one by one.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._chinese = {name for name in names if _RUN.fullmatch(name)}
        self._others = [name for name in names if name not in self._chinese]
        self._lengths = sorted({len(name) for name in self._chinese})

    def found_in(self, text: str) -> bool:
        """Whether one stands anywhere in the text."""
        return any(name in text for name in self._others) or any(
            run[start : start + length] in self._chinese
            for run in _RUN.findall(text)
            for length in self._lengths
            for start in range(len(run) - length + 1)
        )


_RUN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·•]+")


def without_persons(table: Table, frame: pd.DataFrame, names: NameFinder) -> pd.DataFrame:
    """The rows of a table that stay, with the columns emptied in which a person may be named.

    A row that holds one of the names in what is left goes as well.
    """
    import pandas as pd

    if is_on_persons(table):
        return frame.iloc[:0].reset_index(drop=True)
    nullable = {column.name for column in table.columns if column.nullable}
    cleared = cleared_columns(table)
    kept = frame.assign(**{c: None if c in nullable else "" for c in cleared})
    kept = kept.astype({column.name: column.dtype for column in table.columns})
    rest = [c.name for c in table.columns if c.dtype == "str" and c.name not in cleared]
    good = pd.Series(True, index=kept.index)
    for column in rest:
        known = {cell: names.found_in(str(cell)) for cell in kept[column].unique()}
        good &= ~kept[column].map(known).astype(bool)
    return kept.loc[good].reset_index(drop=True)
