"""params/units.yml: which units load, and which are refused with a reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from reportkit.errors import ParameterError
from reportkit.params import Unit, Units


def unit(unit_id: str = "aa", **fields: Any) -> dict[str, Any]:
    """An entry of units.yml."""
    return {"unit_id": unit_id, "name": f"{unit_id}公司", "short_name": unit_id, "order": 1,
            "mask_label": "A", "valid_from": "2015-01-01", **fields}  # fmt: skip


def group(*units: dict[str, Any]) -> Units:
    """A group of these, in the order given."""
    rows = [{**row, "order": n} for n, row in enumerate(units)]
    return Units.model_validate(
        {"group_name": "集团公司", "group_short_name": "集团", "units": rows}
    )


@pytest.mark.parametrize("unit_id", [
    "../../x", "..", ".", "a/b", "a\\b", "/etc", "C:", "a b", "a.b", "", "Aa", "1a", "-a", "_a",
    "é", "ａ", "单位", "a\n", "a\x00", "a\u200b", "a" * 41, "~", "$HOME", "a;b", "a'b", "a\"b", "*",
])  # fmt: skip
def test_a_unit_id_that_could_leave_its_folder_is_refused(unit_id: str) -> None:
    """The id is a folder's name: small letters, digits, - and _ alone, at most 40 of them."""
    with pytest.raises(ValidationError):
        Unit.model_validate(unit(unit_id))


@pytest.mark.parametrize("unit_id", [
    "group", "records", "index", "manifest", "issued", "working_paper", "data_quality",
    "con", "prn", "aux", "nul", "com1", "com9", "lpt1", "com0",
])  # fmt: skip
def test_a_reserved_unit_id_is_refused(unit_id: str) -> None:
    """Names of our own folders, and those that Windows keeps for devices."""
    with pytest.raises(ValidationError, match="reserved"):
        Unit.model_validate(unit(unit_id))


@pytest.mark.parametrize("unit_id", ["a", "hq", "aa-1", "a_b", "com", "com10", "a" * 40])
def test_an_ordinary_unit_id_loads(unit_id: str) -> None:
    """Near misses of what is reserved among them."""
    assert Unit.model_validate(unit(unit_id)).unit_id == unit_id


@pytest.mark.parametrize(("units", "word"), [
    ([unit("aa"), unit("aa", name="x", short_name="y")], "unit_id used twice: aa"),
    ([unit("aa"), unit("bb", name="aa公司")], "used twice: aa公司"),
    ([unit("aa"), unit("bb", short_name="aa")], "used twice: aa"),
    ([unit("aa"), unit("bb", aliases=["aa公司"])], "used twice: aa公司"),
    ([unit("aa", successor_id="zz")], "successor_id 'zz'"),
    ([unit("aa", successor_id="aa")], "aa: successor_id is the unit itself"),
    ([unit("aa", successor_id="bb"), unit("bb", successor_id="aa")],
     "aa: successor_id goes in a circle .aa → bb → aa."),
    ([unit("xx", successor_id="aa"), unit("aa", successor_id="bb"), unit("bb", successor_id="cc"),
      unit("cc", successor_id="aa")], "aa: successor_id goes in a circle .aa → bb → cc → aa."),
    ([unit("aa", level="group"), unit("bb", level="group")], "more than one"),
])  # fmt: skip
def test_units_that_contradict_each_other_are_refused(
    units: list[dict[str, Any]], word: str
) -> None:
    """One name for two units would send a submission to the wrong one; successors must end."""
    with pytest.raises(ValidationError, match=word):
        group(*units)


def test_two_units_of_one_order_are_refused() -> None:
    """The official order leaves nothing open."""
    rows = [unit("aa"), unit("bb")]
    with pytest.raises(ValidationError, match="same order"):
        Units.model_validate({"group_name": "g", "group_short_name": "g", "units": rows})


def test_units_may_end_in_a_line_of_successors_or_without_one() -> None:
    """aa went into bb, bb into cc; dd was dissolved, and has none."""
    ended = {"valid_to": "2023-06-30"}
    units = group(
        unit("aa", successor_id="bb", **ended),
        unit("bb", successor_id="cc", **ended),
        unit("cc"),
        unit("dd", **ended),
    )
    assert [u.successor_id for u in units] == ["bb", "cc", None, None]


def test_one_unit_may_repeat_its_own_name() -> None:
    """A short name that is also the full name, or an alias, is no clash."""
    same = group(unit("aa", name="甲", short_name="甲", aliases=["甲"]))
    assert set(same["aa"].names) == {"甲"}


@pytest.mark.parametrize("fields", [
    {"valid_to": "2014-12-31"}, {"valid_from": "2023-02-30"}, {"name": ""}, {"short_name": ""},
    {"level": "firm"}, {"org_type": "委员会"}, {"ordre": 3}, {"order": "first"},
])  # fmt: skip
def test_wrong_fields_are_refused(fields: dict[str, Any]) -> None:
    """An end before the start, a day that is none, an unknown word, an unknown field."""
    with pytest.raises(ValidationError):
        Unit.model_validate(unit(**fields))


def test_a_unit_is_in_being_from_its_first_to_its_last_day() -> None:
    """Both days included; without an end, for good."""
    one = Unit.model_validate(unit(valid_from="2023-04-01", valid_to="2023-06-30"))
    days = [dt.date(2023, 3, 31), dt.date(2023, 4, 1), dt.date(2023, 6, 30), dt.date(2023, 7, 1)]
    assert [one.in_being_on(day) for day in days] == [False, True, True, False]
    assert one.in_being_during(dt.date(2023, 6, 30), dt.date(2023, 12, 31))
    assert not one.in_being_during(dt.date(2023, 7, 1), dt.date(2023, 12, 31))
    assert Unit.model_validate(unit()).in_being_on(dt.date(2999, 1, 1))


def test_who_is_there_in_a_year_and_at_its_end() -> None:
    """in_year: on any day, 集团本级 included; at_year_end: subordinate units on 31 December."""
    units = group(
        unit("hq", level="group"),
        unit("aa"),
        unit("nn", valid_from="2023-12-31"),
        unit("mm", valid_to="2023-12-30"),
        unit("oo", valid_to="2022-12-31"),
        unit("ff", valid_from="2024-01-01"),
        unit("xx", has_study_group=False),
    )
    assert [u.unit_id for u in units.in_year(2023)] == ["hq", "aa", "nn", "mm"]
    assert [u.unit_id for u in units.at_year_end(2023)] == ["aa", "nn"]


def test_an_unknown_unit_names_those_that_are_known() -> None:
    """What was asked for, and what there is."""
    units = group(unit("aa"), unit("bb"))
    assert "aa" in units and "zz" not in units
    with pytest.raises(ParameterError) as raised:
        units["zz"]
    assert "'zz'" in raised.value.found and "aa, bb" in raised.value.expected
