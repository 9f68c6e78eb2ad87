"""Small tables for the tests of snapshots, made without an import."""

from __future__ import annotations

import pandas as pd

from reportkit.records.schemas import TABLES, empty


def frames(rows: int = 3, mark: str = "a") -> dict[str, pd.DataFrame]:
    """Tables of which session_topics has rows, each with the same mark."""
    tables = {name: empty(table) for name, table in TABLES.items()}
    tables["session_topics"] = pd.DataFrame(
        {"session_id": [f"{mark}/{n}" for n in range(rows)], "unit_id": mark, "topic_code": mark},
        dtype="str",
    )
    return tables
