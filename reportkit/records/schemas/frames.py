"""Rows as frames that keep their contracts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reportkit.errors import RecordsError
from reportkit.records.schemas.model import Table, contract

if TYPE_CHECKING:
    import pandas as pd


def frame_of(table: Table, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows as a frame with the table's columns and types."""
    import pandas as pd

    data = {}
    for column in table.columns:
        values = [row[column.name] for row in rows]
        if column.dtype == "datetime64[us]":
            values = [None if v is None else dt.datetime(v.year, v.month, v.day) for v in values]
            data[column.name] = pd.Series(pd.array(values, dtype="datetime64[us]"))
        else:
            data[column.name] = pd.Series(values, dtype=column.dtype)
    return pd.DataFrame(data)


def validate(frames: Mapping[str, pd.DataFrame], tables: Mapping[str, Table], year: int) -> None:
    """Every table against its contract, all contradictions at once.

    Raises
    ------
    RecordsError
        If a table breaks its contract: a fault of this package, not of a unit.
    """
    import pandera.errors

    problems = []
    for name, frame in frames.items():
        try:
            contract(tables[name]).validate(frame, lazy=True)
        except pandera.errors.SchemaErrors as errors:
            cases = errors.failure_cases.head(3)
            problems += [
                f"{name}.{case.column}: {case.check} ({case.failure_case})"
                for case in cases.itertuples()
            ]
    if problems:
        raise RecordsError(
            "; ".join(problems),
            expected="tables that keep their contracts; the earlier snapshot is unchanged",
            next_step="report this with the submissions that led to it",
            where=f"data/submissions/{year}",
        )
