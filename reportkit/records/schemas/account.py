"""The tables that give account of what arrived: files, states of values, issues."""

from __future__ import annotations

from reportkit.records.schemas import values
from reportkit.records.schemas.model import Column, Table, source

ACCOUNT_TABLES: tuple[Table, ...] = (
    Table(
        "submissions",
        ("unit_id", "table"),
        (
            Column("unit_id"),
            Column("table"),
            Column("state", allowed=values.VALUE_STATES),
            Column("rows", "Int64", doc="rows that entered the table"),
            Column("refused", "Int64", doc="rows that did not"),
            Column("source_file", nullable=True),
        ),
        "报送情况: one row for each unit and table; a blank table is 未报, one that says "
        "“无” is 零: a blank is never a zero",
    ),
    Table(
        "files",
        ("file",),
        (
            Column("file"),
            Column("unit_id", nullable=True),
            Column("period", nullable=True, doc="2023, 2023Q1 or 2023-01"),
            Column("filled_on", "datetime64[us]", nullable=True, doc="填报日期 on the cover"),
            Column("format", nullable=True),
            Column("state", allowed=values.FILE_STATES),
            Column("rows", "Int64", doc="rows that entered the tables"),
            Column("refused", "Int64", doc="rows that did not"),
            Column("corrected", "Int64"),
            Column("sha256"),
            Column("reason", nullable=True, doc="why the whole file did not enter"),
        ),
        "报送文件: one row for each file that arrived, 佐证 included",
    ),
    Table(
        "value_states",
        ("table", "row_key", "column"),
        (
            Column("unit_id"),
            Column("table"),
            Column("row_key", doc="the row's own id, such as session_id"),
            Column("column"),
            Column("state", allowed=values.VALUE_STATES),
            *source(),
        ),
        "值的状态: one row for each empty value of which more is known than that it is empty "
        "(零, 不适用, 未核查); an empty value without a row here is 未报",
    ),
    Table(
        "issues",
        (),
        (
            Column("severity", allowed=values.SEVERITIES),
            Column("code"),
            Column("unit_id", nullable=True),
            Column("file"),
            Column("sheet", nullable=True),
            Column("cell", nullable=True),
            Column("found"),
            Column("expected"),
            Column("action", doc="what to do next, or what was done"),
            Column("key", nullable=True, doc="what the issue is about, where no cell is"),
            Column("decision", nullable=True, allowed=values.DECISIONS, doc="人工决定"),
            Column("decided_by", nullable=True),
            Column("why", nullable=True),
        ),
        "one row for each cell, row or file that was refused, corrected or warned of",
    ),
)
