"""Small years for tests that are worked by hand: from the cells that matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd
from sql_metrics import compute

from reportkit.params import YearParams
from reportkit.records.schemas import TABLES, frame_of
from reportkit.records.schemas.model import Column

Rows = list[dict[str, Any]]
Outcome = tuple[str, float | None, float | None, int]
"""state, numerator, denominator, how many were left out."""

BLANKS = {"str": "-", "Int64": 0, "Float64": 0.0, "boolean": False}


def day(text: str) -> dt.date:
    """A day of 2023, as month-day."""
    return dt.date.fromisoformat(f"2023-{text}")


def params_of(metrics: Mapping[str, Any] | None = None, **fields: Any) -> YearParams:
    """The parameters of 2023 with nothing switched off."""
    values: dict[str, Any] = {
        **{"year": 2023, "cutoff": day("12-31"), "issued_on": dt.date(2024, 1, 8)},
        **{"topics": [], "archive_items": ["签到簿", "学习记录簿", "研讨发言簿", "学习计划"]},
        **{"themes": [], "rules": [], "switched_off": [], "metrics": metrics or {}},
    }
    return YearParams.model_validate(values | fields)


def blank(column: Column) -> Any:
    """A value for a column of which a case says nothing."""
    if column.nullable:
        return None
    if column.allowed:
        return column.allowed[0]
    return dt.date(2020, 1, 1) if column.dtype.startswith("datetime") else BLANKS[column.dtype]


def year_of(units: Rows, **tables: Rows) -> dict[str, pd.DataFrame]:
    """A year's tables from the cells that matter; every unit sent every table unless said."""
    units = [{"level": "unit", "has_study_group": True} | unit for unit in units]
    told = {(row["unit_id"], row["table"]) for row in tables.get("submissions", [])}
    tables["submissions"] = tables.get("submissions", []) + [
        {"unit_id": unit["unit_id"], "table": name}
        for unit in units
        for name in TABLES
        if (unit["unit_id"], name) not in told
    ]
    for row in tables.get("sessions", []):
        row.setdefault("end", row["start"])
    tables["units"] = units
    return {
        name: frame_of(
            TABLES[name],
            [
                {c.name: row.get(c.name, blank(c)) for c in TABLES[name].columns}
                for row in tables.get(name, [])
            ],
        )
        for name in TABLES
    }


def outcomes(
    tables: Mapping[str, pd.DataFrame],
    params: YearParams | None = None,
    cutoff: str = "12-31",
    ends_early: bool = False,
) -> dict[tuple[str, str], Outcome]:
    """(unit, metric) → what came out, with the value checked against its parts."""
    found: dict[tuple[str, str], Outcome] = {}
    for row in compute(tables, params or params_of(), day(cutoff), ends_early).itertuples():
        parts = [None if pd.isna(v) else v for v in (row.numerator, row.denominator)]
        if parts[0] is None:
            assert parts[1] is None and pd.isna(row.value)
        else:
            assert row.value == (parts[0] if parts[1] is None else parts[0] / parts[1])
        found[row.unit_id, row.metric_id] = (row.state, parts[0], parts[1], row.left_out_total)
    return found
