"""The tables as ``tables.yml`` beside this file declares them, read when first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportkit.params.yaml_data import plain_data
from reportkit.records.schemas.model import Column, Dtype, Table

_DTYPES: dict[str, Dtype] = {
    "text": "str", "whole": "Int64", "decimal": "Float64", "flag": "boolean",
    "day": "datetime64[us]",
}  # fmt: skip
_SOURCE = {"source_file": "text", "source_sheet": "text", "source_row": "whole"}


class Tables(Mapping[str, Table]):
    """Tables by name: those of some groups, in their order."""

    def __init__(self, *groups: str) -> None:
        self._groups = groups

    def __getitem__(self, name: str) -> Table:
        return _tables(self._groups)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_tables(self._groups))

    def __len__(self) -> int:
        return len(_tables(self._groups))


def allowed(name: str) -> tuple[str, ...]:
    """The values that a column of choices may hold."""
    return tuple(_declared()["values"][name])


@lru_cache(maxsize=1)
def _declared() -> Any:
    return plain_data(Path(__file__).with_name("tables.yml").read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def _tables(groups: tuple[str, ...]) -> dict[str, Table]:
    return {
        name: _table(name, told)
        for group in groups
        for name, told in _declared()["tables"][group].items()
    }


def _table(name: str, told: Mapping[str, Any]) -> Table:
    columns = told["columns"] | (_SOURCE if told.get("sourced") else {})
    return Table(
        name, tuple(told["key"]), tuple(_column(*each) for each in columns.items()), told["label"]
    )


def _column(name: str, told: str) -> Column:
    kind, optional, _ = told.partition("?")
    if kind == "person" or kind in _DTYPES:
        dtype = _DTYPES.get(kind, "str")
        return Column(name, dtype, bool(optional), person=kind == "person")
    return Column(name, nullable=bool(optional), allowed=allowed(kind))
