"""The registry: each metric defined once, tested by hand, and told in Chinese."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from frames_builder import make
from reportkit.metrics.results import COLUMNS

from reportkit.metrics.registry import BY_ATTRIBUTE, BY_ID, METRICS
from reportkit.records.schemas import TABLES


def find_by_metric() -> dict[str, list[str]]:
    """metric_id, in small letters → the tests in this folder that are named after it."""
    found: dict[str, list[str]] = {}
    for path in Path(__file__).parent.glob("test_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            named = re.match(r"test_(m\d+[a-z]?)_", node.name)
            if named and any(isinstance(part, ast.Assert) for part in ast.walk(node)):
                found.setdefault(named.group(1), []).append(node.name)
    return found


@pytest.mark.parametrize("metric_id", BY_ID)
def test_every_metric_has_tests_of_its_own(metric_id: str) -> None:
    """A metric that is added without a test named after it (test_m9a_…) is found here."""
    assert find_by_metric().get(metric_id.lower()), f"no test_{metric_id.lower()}_… asserts"


def test_no_test_is_named_after_a_metric_that_is_gone() -> None:
    """A metric taken out, or renamed, takes its tests along."""
    assert set(find_by_metric()) == {metric_id.lower() for metric_id in BY_ID}


def test_ids_attributes_names_and_definitions_are_unique() -> None:
    """Two metrics that could be taken for each other would be: in notebooks, or in print."""
    assert len(BY_ID) == len(BY_ATTRIBUTE) == len(METRICS)
    for field in ("name", "definition"):
        values = [getattr(metric, field) for metric in METRICS]
        assert len(set(values)) == len(values)


@pytest.mark.parametrize("metric", METRICS, ids=BY_ID)
def test_a_metric_says_what_it_is(metric) -> None:
    """Counts have a measure word, ratios none; tables exist; the definition is one clause."""
    assert bool(metric.counter) == (metric.kind == "count")
    assert set(metric.tables) <= set(TABLES)
    assert metric.definition and not metric.definition.endswith(("。", "；"))
    assert not re.search(r"[A-Za-z_{}]", metric.name + metric.definition)


@pytest.mark.parametrize("metric", METRICS, ids=BY_ID)
def test_a_metric_hands_back_a_row_a_unit(metric) -> None:
    """Its frame has the columns of results.COLUMNS, and 未报 wherever it says it needs a table."""
    frame = metric.compute(make())
    assert list(frame.columns) == list(COLUMNS)
    assert list(frame.index) == ["aa"]
    for table in metric.tables:
        silent = metric.compute(make(unreported={"aa": [table]}))
        assert silent.loc["aa", "state"] == "未报"
        assert silent["value"].isna().all()
