"""Rows as frames that keep their contracts, and the state of each unit's tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reportkit.errors import RecordsError
from reportkit.params import Unit
from reportkit.records.checks import UNIT_TABLES, UnitRecords
from reportkit.records.office import NOT_CHECKED
from reportkit.records.schemas import TABLES, Table, contract

if TYPE_CHECKING:
    import pandas as pd


def submission_states(
    units: Sequence[Unit],
    records: Mapping[str, UnitRecords],
    checks: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """One row for each unit and table: reported, zero, not reported, not applicable, not checked.

    Parameters
    ----------
    records:
        unit_id → what its submission brought.
    checks:
        The rows of ``archive_checks``.
    """
    checked: dict[str, int] = {}
    for row in checks:
        if row["state"] != NOT_CHECKED:
            checked[row["unit_id"]] = checked.get(row["unit_id"], 0) + 1
    source = checks[0]["source_file"] if checks else None
    rows = []
    for unit in units:
        part = records.get(unit.unit_id)
        for name in UNIT_TABLES:
            state, refused = ("未报" if unit.has_study_group else "不适用"), 0
            if part:
                state, refused = part.states[name]
            count = len(part.rows[name]) if part else 0
            rows.append(_state(unit, name, state, count, refused, part.file if part else None))
        count = checked.get(unit.unit_id, 0)
        state = "已报" if count else "未核查"
        rows.append(_state(unit, "archive_checks", state, count, 0, source if count else None))
    return rows


def _state(
    unit: Unit, table: str, state: str, rows: int, refused: int, source: str | None
) -> dict[str, Any]:
    return {
        "unit_id": unit.unit_id,
        "table": table,
        "state": state,
        "rows": rows,
        "refused": refused,
        "source_file": source,
    }


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


def validate(frames: Mapping[str, pd.DataFrame], year: int) -> None:
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
            contract(TABLES[name]).validate(frame, lazy=True)
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
