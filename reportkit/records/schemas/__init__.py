"""The tables of a snapshot: what a row is, which columns it has, which values are allowed.

They are declared in ``tables.yml`` beside this file; :func:`contract` turns one into a pandera
schema. The Chinese names by which units know these columns stand in :mod:`..forms` alone.
"""

from __future__ import annotations

from reportkit.records.schemas.declared import Tables, allowed
from reportkit.records.schemas.frames import frame_of, validate
from reportkit.records.schemas.model import Column, Dtype, Table, contract, empty

UNIT_TABLES = Tables("unit")
"""The tables that units' workbooks fill."""
OFFICE_TABLES = Tables("office")
"""The tables that the office's workbook fills."""
STATE_TABLES = Tables("states")
"""The tables that say 零, 不适用 and 未核查 of what is empty."""
SOURCE_TABLES = Tables("unit", "office", "states")
"""The tables that a source may hold; the others follow from parameters and from the import."""
TABLES = Tables("unit", "parameters", "office", "states", "account")

__all__ = [
    "OFFICE_TABLES", "SOURCE_TABLES", "STATE_TABLES", "TABLES", "UNIT_TABLES", "Column", "Dtype",
    "Table", "allowed", "contract", "empty", "frame_of", "validate",
]  # fmt: skip
