"""What of the tables is about persons, or may name one: what a purge takes away."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

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
        for column in {"name", "person_id", "host_id"} & set(frame.columns):
            if column == "name" and "person_id" not in frame:
                continue
            ids = {str(value) for value in frame[column].dropna().unique()}
            names |= ids if column == "name" else {
                one.rpartition("/")[2] for one in ids if "/" in one
            }  # fmt: skip
    return {name for name in names if len(name) > 1}


def without_persons(table: Table, frame: pd.DataFrame, names: Collection[str]) -> pd.DataFrame:
    """The rows of a table that stay, with the columns emptied in which a person may be named.

    A row that holds one of the names in what is left goes as well.
    """
    if is_on_persons(table):
        return frame.iloc[:0].reset_index(drop=True)
    nullable = {column.name for column in table.columns if column.nullable}
    cleared = cleared_columns(table)
    kept = frame.assign(**{c: None if c in nullable else "" for c in cleared})
    kept = kept.astype({column.name: column.dtype for column in table.columns})
    rest = [c.name for c in table.columns if c.dtype == "str" and c.name not in cleared]
    bad = [
        any(name in str(cell) for cell in row for name in names)
        for row in kept[rest].itertuples(index=False)
    ]
    return kept.loc[[not each for each in bad]].reset_index(drop=True)
