"""params/decisions/<year>.yml: nothing is decided twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportkit.errors import ParameterError
from reportkit.params import Decisions, load_decisions


def load(tmp_path: Path, text: str) -> Decisions:
    """The decisions of a file with this text."""
    folder = tmp_path / "params" / "decisions"
    folder.mkdir(parents=True)
    (folder / "2023.yml").write_text(text, encoding="utf-8")
    return load_decisions(tmp_path, 2023)


@pytest.mark.parametrize(("text", "found"), [
    ("practices: {二.（一）: [aa/1, bb/1, aa/1]}", "practices.二.（一）: aa/1 stands twice"),
    ("practices: {二.（一）: [aa/1], 二.（二）: [bb/1, aa/1]}",
     "practices.二.（二）: aa/1 stands under 二.（一） as well"),
    ("many_confirmed: [attendance, plans, attendance]", "many_confirmed: attendance stands twice"),
])  # fmt: skip
def test_what_is_decided_twice_is_refused(tmp_path: Path, text: str, found: str) -> None:
    """A practice would be praised twice in one circular; the error names file and field."""
    with pytest.raises(ParameterError) as caught:
        load(tmp_path, text)
    assert caught.value.where == "params/decisions/2023.yml"
    assert caught.value.found == found
    assert caught.value.expected.startswith("each ") and caught.value.next_step


def test_several_practices_of_a_unit_load(tmp_path: Path) -> None:
    """Its first here, its second there."""
    text = "practices: {二.（一）: [aa/1, bb/1], 二.（二）: [aa/2]}\nmany_confirmed: [a, b]"
    decisions = load(tmp_path, text)
    assert decisions.practices == {"二.（一）": ("aa/1", "bb/1"), "二.（二）": ("aa/2",)}
    assert decisions.many_confirmed == ("a", "b")


def test_a_value_of_no_kind_is_told_once(tmp_path: Path) -> None:
    """An override takes a word, a number, a day …: a list is one fault and not six."""
    issue = "{code: a, file: b.xlsx, sheet: s, cell: B5, decision: override, value: [1], by: 甲,"
    with pytest.raises(ParameterError) as caught:
        load(tmp_path, f"issues:\n  - {issue} why: 乙}}\n")
    assert caught.value.found == "issues.a.value: found a list of 1"
    assert "true or false" in caught.value.expected and "a date as" in caught.value.expected
