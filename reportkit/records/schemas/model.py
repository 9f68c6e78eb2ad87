"""What a table is: its grain, its columns, and the pandera contract that it keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

Dtype = Literal["str", "Int64", "Float64", "boolean", "datetime64[us]"]


@dataclass(frozen=True)
class Column:
    """One column: its type, whether it may be empty, and the values it may hold."""

    name: str
    dtype: Dtype = "str"
    nullable: bool = False
    allowed: tuple[str, ...] = ()
    person: bool = False
    """Whether it says who somebody is: shown only in papers that may name persons."""


@dataclass(frozen=True)
class Table:
    """One table: its name, its grain (the key that makes a row unique) and its columns."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    label: str
    """Its Chinese name."""

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]


def empty(table: Table) -> pd.DataFrame:
    """A frame with the table's columns and types, and no rows."""
    import pandas as pd

    return pd.DataFrame({c.name: pd.Series(dtype=c.dtype) for c in table.columns})


def contract(table: Table) -> pa.DataFrameSchema:
    """The pandera schema of a table: types, allowed values, unique key, no other columns."""
    import pandera.pandas as pa

    columns = {
        column.name: pa.Column(
            column.dtype,
            checks=[pa.Check.isin(column.allowed)] if column.allowed else None,
            nullable=column.nullable,
        )
        for column in table.columns
    }
    return pa.DataFrameSchema(
        columns, unique=list(table.key) or None, strict=True, coerce=True, name=table.name
    )
