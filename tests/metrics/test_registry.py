"""The registry: each metric defined once, tested by hand, and told in Chinese."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from frames_builder import make, params, unit

import reportkit.metrics
from reportkit.metrics.definition import Metric, metric, rule_words
from reportkit.metrics.evidence import COLUMNS
from reportkit.metrics.registry import BY_ATTRIBUTE, BY_ID, METRICS, MODULES
from reportkit.params import MetricRules
from reportkit.records.schemas import TABLES

EACH = pytest.mark.parametrize("metric", METRICS, ids=list(BY_ID))
OTHER_RULES = [
    MetricRules(),
    MetricRules.model_validate({
        "joint_sessions": "once", "discussions_counted": "speeches", "study_days_norm": 10.5,
        "attendance": {"left_out": [], "minimum_sessions": 2}, "study_sessions": ["集体学习"],
    }),
]  # fmt: skip


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
    """A metric taken out, or renamed, takes its tests along; test_m17_… is on all of M17."""
    families = {re.sub(r"\D+$", "", metric_id.lower()) for metric_id in BY_ID}
    assert set(find_by_metric()) - families <= {metric_id.lower() for metric_id in BY_ID}


def test_the_metrics_are_those_of_the_specification() -> None:
    """M1 to M21 of the domain, with their parts, by number."""
    assert " ".join(BY_ID) == (
        "M1 M2 M2s M3 M3d M4 M4b M4c M5 M6 M6d M6n M7a M7b M7c M8 M9a M9b M10a M10b M11 M12a"
        " M12b M13a M13b M13c M14 M15 M16 M17a M17b M17c M18a M18b M19 M20 M21"
    )


@pytest.mark.parametrize("rules", OTHER_RULES)
def test_ids_attributes_names_and_definitions_are_unique(rules: MetricRules) -> None:
    """Two metrics that could be taken for each other would be: in notebooks, or in print."""
    assert len(BY_ID) == len(BY_ATTRIBUTE) == len(METRICS)
    for values in (
        [each.name for each in METRICS],
        [each.definition(rules) for each in METRICS],
    ):
        assert len(set(values)) == len(values)


@EACH
def test_a_metric_says_what_it_is(metric: Metric) -> None:
    """Counts and means have a measure word, ratios none; tables exist; a definition is one clause.

    A ratio says what its denominator counts: its n is told with that word.
    """
    assert bool(metric.counter) == (metric.kind != "ratio")
    assert bool(metric.base) == (metric.kind != "count")
    assert set(metric.tables) <= set(TABLES)
    assert re.fullmatch(r"[a-z_]+", metric.attribute)
    assert metric.serves and metric.better in ("high", "low", "neither")
    for rules in OTHER_RULES:
        text = metric.definition(rules)
        assert text and not text.endswith(("。", "；"))
        assert not re.search(r"[A-Za-z_{}]", metric.name + text)


@EACH
def test_a_metric_s_function_begins_with_its_definition(metric: Metric) -> None:
    """help() of the function tells number, name and definition: there is no second place."""
    doc = metric.gather.__doc__ or ""
    assert doc.startswith(f"{metric.metric_id} {metric.name}：{metric.template}。")


@EACH
def test_a_metric_hands_back_a_row_a_unit(metric: Metric) -> None:
    """Its frame has the columns of evidence.COLUMNS, and 未报 where a table that it needs is."""
    frame = metric.compute(make())
    assert list(frame.columns) == list(COLUMNS)
    assert list(frame.index) == ["aa"]
    for table in metric.tables:
        silent = metric.compute(make(unreported={"aa": [table]}))
        assert silent.loc["aa", "state"] == "未报"
        assert silent[["value", "numerator", "denominator"]].isna().all(axis=None)


@EACH
def test_a_metric_that_is_switched_off_has_no_figures(metric: Metric) -> None:
    """By its own number, and by that of its family: 不适用 for every unit, whatever was sent."""
    number = "M" + re.findall(r"\d+", metric.metric_id)[0]
    for off in (metric.metric_id, number):
        frames = make([unit("aa"), unit("bb")], year=params(switched_off=[off]),
                      unreported={"bb": list(TABLES)})  # fmt: skip
        frame = metric.compute(frames)
        assert set(frame["state"]) == {"不适用"} and not any(frame["left_out"])
        assert frame[["value", "numerator", "denominator"]].isna().all(axis=None)
    assert not metric.off(["M", "M0", "M99"])


def test_switching_off_m1_leaves_m10_to_m19_on() -> None:
    """Numbers are compared whole: M1 is no part of M10."""
    off = {each.metric_id for each in METRICS if each.off(["M1"])}
    assert off == {"M1"}
    assert {each.metric_id for each in METRICS if each.off(["M17"])} == {"M17a", "M17b", "M17c"}


@EACH
@pytest.mark.parametrize(("table", "state"), [("unchecked", "未核查"), ("exempt", "不适用")])
def test_a_metric_takes_the_weakest_state_of_its_tables(
    metric: Metric, table: str, state: str
) -> None:
    """未报 before 未核查 before 不适用 before 已报: each of its tables can pull it down."""
    for weak in metric.tables:
        frame = metric.compute(make(**{table: {"aa": [weak]}}))
        assert frame.loc["aa", "state"] == state
        assert frame[["value", "numerator", "denominator"]].isna().all(axis=None)
    if len(metric.tables) > 1:
        weak, other = metric.tables[:2]
        mixed = make(unchecked={"aa": [weak]}, exempt={"aa": [other]})
        assert metric.compute(mixed).loc["aa", "state"] == "未核查"
        silent = make(unchecked={"aa": [weak]}, unreported={"aa": [other]})
        assert metric.compute(silent).loc["aa", "state"] == "未报"


def test_every_module_that_defines_metrics_is_read() -> None:
    """A module with @metric that the registry does not read would define nothing."""
    folder = Path(reportkit.metrics.__file__).parent
    found = {
        path.stem
        for path in folder.glob("*.py")
        if re.search(r"^@metric\(", path.read_text(encoding="utf-8"), re.M)
    }
    assert found == {module.__name__.rpartition(".")[2] for module in MODULES}


def test_a_number_cannot_be_given_twice() -> None:
    """Two functions under one number: an error where the second stands."""
    with pytest.raises(ValueError, match="M1 is defined twice"):
        metric("M1", "again", "重复", definition="重复")(lambda frames: frames)


def test_definitions_follow_the_office_s_conventions() -> None:
    """What a parameter decides is told as it was decided, and no placeholder is left over."""
    plain, other = OTHER_RULES
    assert "联学各单位各计一次" in BY_ID["M1"].definition(plain)
    assert "联学在合计中只计一次" in BY_ID["M1"].definition(other)
    assert BY_ID["M2"].definition(plain) != BY_ID["M2"].definition(other)
    assert "10.5天" in BY_ID["M6n"].definition(other)
    assert "未记" in BY_ID["M4"].definition(plain)
    used = {name for each in METRICS for name in re.findall(r"\{(\w+)\}", each.template)}
    assert used <= set(rule_words(plain))
