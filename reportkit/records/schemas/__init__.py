"""The tables of a snapshot: what a row is, which columns it has, which values are allowed.

One :class:`Table` for each table of the domain; :func:`contract` turns it into a pandera
schema. The Chinese names by which units know these columns stand in :mod:`..forms` alone.
"""

from __future__ import annotations

from reportkit.records.schemas.account import ACCOUNT_TABLES
from reportkit.records.schemas.frames import frame_of, validate
from reportkit.records.schemas.model import Column, Dtype, Table, contract, empty
from reportkit.records.schemas.office import OFFICE_TABLES
from reportkit.records.schemas.unit import UNIT_TABLES
from reportkit.records.schemas.values import VALUE_STATES

TABLES: dict[str, Table] = {
    table.name: table for table in (*UNIT_TABLES, *OFFICE_TABLES, *ACCOUNT_TABLES)
}

__all__ = [
    "ACCOUNT_TABLES",
    "OFFICE_TABLES",
    "TABLES",
    "UNIT_TABLES",
    "VALUE_STATES",
    "Column",
    "Dtype",
    "Table",
    "contract",
    "empty",
    "frame_of",
    "validate",
]
