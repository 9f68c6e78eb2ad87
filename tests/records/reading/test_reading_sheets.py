"""Whole sheets (sheets.yml): the rows, the issues with their cells, or the refusal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from reading_support import grid_of, read_grids, sheet_of, short, told

from reportkit.errors import SubmissionError

MARKS = {"merged", "hidden", "hidden_rows", "hidden_columns", "unreadable", "percent", "shown"}
CASES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("sheets.yml").read_text(encoding="utf-8")
)


def test_there_are_enough_cases_and_none_stands_twice() -> None:
    """At least 80, each under its own name."""
    assert len(CASES) >= 80
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_sheet_gives_the_rows_and_issues_worked_by_hand(case: dict[str, Any]) -> None:
    """Exactly these rows with exactly these values, and no other issue."""
    key = case.get("form", "sign_in")
    name = case.get("sheet", sheet_of(key).title)
    marks = {k: v for k, v in case.items() if k in MARKS}
    grids = [grid_of(name, case["grid"], key, **marks)]
    grids += [grid_of(other, rows) for other, rows in case.get("more", {}).items()]
    if "error" in case:
        with pytest.raises(SubmissionError) as caught:
            read_grids(grids)
        assert case["error"] in caught.value.found
        assert caught.value.expected and caught.value.next_step and caught.value.sheet != ""
        if "cell" in case:
            assert (caught.value.sheet, caught.value.cell) == (name, case["cell"])
        return
    tables, _, log = read_grids(grids)
    table = tables.tables[key]
    assert [short(row) for row in table.rows] == case["rows"]
    assert told(log) == case.get("issues", [])
    assert table.refused == case.get("refused", 0)
    assert table.state == case.get("state", "已报")
    assert all(not t.rows and t.state == "未报" for k, t in tables.tables.items() if k != key)
