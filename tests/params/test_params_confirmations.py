"""The record of 数据确认单: typed, cross-checked, and changed in place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from reportkit.errors import ParameterError
from reportkit.params import Answer, Confirmations, load_confirmations
from reportkit.params.editing import edited

UNITS = """\
group_name: 岱川集团
group_short_name: 岱川
units:
  - {unit_id: dongling, name: 东岭公司, short_name: 东岭, order: 1, mask_label: A,
     valid_from: 2010-01-01}
"""
FIGURES = "BCDF-GHJK-LMNP"


def answer(day: str, result: str = "confirmed", **more: Any) -> dict[str, Any]:
    """An answer as YAML has it."""
    return {"result": result, "signed_by": "王芳", "signed_on": dt.date.fromisoformat(day),
            "figures": FIGURES, **more}  # fmt: skip


def objection(number: int, day: str, **more: Any) -> dict[str, Any]:
    """An objection as YAML has it."""
    return {"id": f"dongling-{number}", "unit": "dongling", "about": "集体学习", "text": "应为21次",
            "received_on": dt.date.fromisoformat(day), **more}  # fmt: skip


def record(answers: list[dict[str, Any]], objections: list[dict[str, Any]]) -> Confirmations:
    """dongling's answers and objections."""
    return Confirmations.model_validate(
        {"units": {"dongling": {"answers": answers}}, "objections": objections}
    )


def test_the_latest_answer_counts() -> None:
    """By its date; of one day the last recorded; an earlier one recorded late changes nothing."""
    days = ["2024-01-05", "2024-01-03"]
    entry = record([answer(days[0]), answer(days[1], "objected")], []).of("dongling")
    assert entry.confirmed_on == dt.date(2024, 1, 5) and entry.confirmed_by == "王芳"
    entry = record([answer(days[0]), answer(days[0], "objected")], []).of("dongling")
    assert entry.confirmed_on is None and entry.answer is not None
    assert record([], []).of("elsewhere").answer is None


@pytest.mark.parametrize(("answers", "settled"), [
    ([], False),
    (["2024-01-04"], False),  # before the objection of the 5th
    (["2024-01-05"], True),  # of the same day, and the answer that counts
    (["2024-01-09"], True),
])  # fmt: skip
def test_a_later_confirmation_settles_an_objection(answers: list[str], settled: bool) -> None:
    """And an answer does; nothing else."""
    found = record([answer(day) for day in answers], [objection(1, "2024-01-05")])
    assert found.is_settled(found.objections[0]) is settled
    said = {"answer": "已核", "answered_by": "李强", "answered_on": dt.date(2024, 1, 6)}
    found = record([], [objection(1, "2024-01-05", **said)])
    assert found.is_settled(found.objections[0])


@pytest.mark.parametrize("wrong", [
    {"units": {"dongling": {"waived_because": "新设"}}},
    {"units": {"dongling": {"answers": [answer("2024-01-05", signed_by=None)]}}},
    {"units": {"dongling": {"answers": [answer("2024-01-05", figures="abcd")]}}},
    {"units": {"dongling": {"answers": [answer("2024-01-05", sha256="0" * 16)] * 2}}},
    {"units": {"dongling": {"signed": True}}},
    {"objections": [objection(1, "2024-01-05"), objection(1, "2024-01-06")]},
    {"objections": [objection(1, "2024-01-05", answer="已核")]},
    {"objections": [objection(1, "2024-01-05", correction="已更正")]},
    {"objections": [objection(1, "2024-01-05", answer="已核", answered_by="李强",
                              answered_on=dt.date(2024, 1, 4))]},
])  # fmt: skip
def test_what_contradicts_itself_is_refused(wrong: dict[str, Any]) -> None:
    """A waiver without who and when, a confirmation without a name, an answer before its time."""
    with pytest.raises(ValidationError):
        Confirmations.model_validate(wrong)


def test_reading(tmp_path: Path) -> None:
    """No file, comments alone, a unit without a line: nothing recorded; errors name the file."""
    (tmp_path / "params" / "confirmations").mkdir(parents=True)
    (tmp_path / "params" / "units.yml").write_text(UNITS, encoding="utf-8")
    path = tmp_path / "params" / "confirmations" / "2023.yml"
    assert load_confirmations(tmp_path, 2023) == Confirmations()
    path.write_text("# 尚无\n", encoding="utf-8")
    assert load_confirmations(tmp_path, 2023) == Confirmations()
    path.write_text("units:\n  dongling:\nobjections:\n", encoding="utf-8")
    assert load_confirmations(tmp_path, 2023).of("dongling").answers == ()
    path.write_text("units: {xiling: {}}\n", encoding="utf-8")
    with pytest.raises(ParameterError, match="xiling") as caught:
        load_confirmations(tmp_path, 2023)
    assert caught.value.where == "params/confirmations/2023.yml"


def test_a_frozen_record() -> None:
    """Nobody changes it behind the file's back."""
    with pytest.raises(ValidationError):
        Answer(**answer("2024-01-05")).signed_by = "x"  # type: ignore[misc]


TEXT = """\
# 手写的说明
units:
  # 东岭
  dongling:
    sent_on: 2023-12-28   # 专人送达
    answers: []  # 待收
  xiling: {sent_on: 2023-12-29}  # 邮寄
  empty:
objections:
- id: a-1   # 第一条
  unit: dongling
  # 电话
  text: >-
    应为
    21次
  answer: null
# 完
"""
OLD = yaml.safe_load(TEXT)


def comments(text: str) -> list[str]:
    """What stands behind # in each line."""
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line]


def test_comments_stay_where_they_were() -> None:
    """Values change, keys and items are added; each comment is on its line, in its order."""
    new = yaml.safe_load(TEXT)
    new["units"]["dongling"]["answers"] = [answer("2024-01-05")]
    new["units"]["xiling"]["waived_because"] = "新设: “no” # 否"
    new["units"]["empty"] = {"sent_on": dt.date(2024, 1, 2)}
    new["units"]["yunping"] = {"sent_on": dt.date(2024, 1, 3)}
    new["objections"][0] |= {"answer": "on", "answered_by": "李强"}
    new["objections"].append({"id": "b-1", "text": "123"})
    text = edited(TEXT, OLD, new)
    assert yaml.safe_load(text) == new
    assert [c for c in comments(text) if "否" not in c] == comments(TEXT)
    assert "    answers:   # 待收\n" in text and "- id: a-1   # 第一条\n" in text


def test_what_is_written_holds_no_anchor() -> None:
    """One day in two entries is written twice: with anchors nothing can be added in place."""
    day = dt.date(2024, 1, 5)
    text = edited("", {}, {"units": {"a": {"on": day}}, "objections": [{"on": day}]})
    assert "&" not in text and text.count("2024-01-05") == 2


@pytest.mark.parametrize("text", ["", "# 头\n", "# 头\n{}\n", "{}"])
def test_a_file_with_nothing_in_it(text: str) -> None:
    """Its comments stay at its head."""
    new = {"units": {"dongling": {"sent_on": dt.date(2024, 1, 2)}}}
    made = edited(text, {}, new)
    assert yaml.safe_load(made) == new and comments(made) == comments(text)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=12)
VALUES = st.one_of(WORDS, st.dates(), st.sampled_from(["no", "1e3", "- a", "a: b", "'", "# x"]))
ITEMS = st.dictionaries(st.sampled_from(["id", "text", "answer", "by"]), VALUES, min_size=1)
ENTRIES = st.dictionaries(st.sampled_from("xyz"), ITEMS, max_size=3)


@settings(max_examples=150, deadline=None)
@given(st.lists(ITEMS, max_size=4), ENTRIES, st.lists(ITEMS, max_size=3), ENTRIES)
def test_any_growth_reads_back(
    items: list[dict[str, Any]], units: dict[str, Any], more: list[dict[str, Any]],
    changed: dict[str, Any],
) -> None:  # fmt: skip
    """Step by step, values of any kind: what is read back is what was meant, no comment lost."""
    new = yaml.safe_load(TEXT)
    new["units"] |= units
    new["objections"] += items
    first = edited(TEXT, OLD, new)
    assert yaml.safe_load(first) == new
    later = yaml.safe_load(first)
    for name, fields in changed.items():
        later["units"][name] = {**(later["units"].get(name) or {}), **fields}
    later["objections"] += more
    second = edited(first, new, later)
    assert yaml.safe_load(second) == later
    for comment in comments(TEXT):
        assert any(line.endswith("#" + comment) for line in second.splitlines())
