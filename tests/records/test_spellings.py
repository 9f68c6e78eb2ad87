"""The table of spellings and faults of single cells, each with the outcome expected."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from reportkit.records.forms import Field
from reportkit.records.values import read

ROWS: list[list[Any]] = yaml.safe_load(
    Path(__file__).with_name("spellings.yml").read_text(encoding="utf-8")
)
STATES = {"零", "不适用", "未核查"}


def as_tuples(value: Any) -> Any:
    """Lists of the YAML file as the tuples that readers give."""
    return tuple(map(as_tuples, value)) if isinstance(value, list) else value


def label(row: list[Any]) -> str:
    return f"{row[0]}-{row[1]!r}"


@pytest.mark.parametrize("row", ROWS, ids=label)
def test_a_spelling_has_the_outcome_that_the_table_states(row: list[Any]) -> None:
    """Read, corrected with a note, refused with what is expected, or a state; and its value."""
    kind, raw, outcome, value, more = (*row, {})[:5]
    field = Field(
        "x",
        (more.get("header", "X"),),
        kind,
        required=more.get("required", False),
        none_words=tuple(more.get("none", ["无"])),
        longest=more.get("longest", 200),
    )
    reading = read(raw, field, more.get("year", 2023))
    if outcome == "refused":
        assert reading.refused and reading.value is None and not reading.note
        assert value in reading.expected and reading.code == more.get("code", "")
        assert not reading.state
        return
    assert not reading.refused and not reading.code, reading
    assert type(reading.value) is type(as_tuples(value)) and reading.value == as_tuples(value)
    assert reading.state == (outcome if outcome in STATES else "")
    if outcome == "read":
        assert reading.note == ""
    elif outcome == "corrected":
        assert reading.note and more.get("note", "") in reading.note
    else:
        assert more.get("note", "") in reading.note and bool(reading.note) == ("note" in more)


def test_the_table_covers_every_outcome_of_every_kind() -> None:
    """Over 200 rows, none twice, and each kind with something read and something refused."""
    assert len(ROWS) > 200
    twice = Counter((label(row), str(row[4:])) for row in ROWS)
    assert [key for key, count in twice.items() if count > 1] == []
    by_kind: dict[str, set[str]] = {}
    for row in ROWS:
        by_kind.setdefault(row[0], set()).add(row[2])
    assert len(by_kind) == 14
    assert all(seen >= {"read", "corrected", "refused"} for k, seen in by_kind.items())
