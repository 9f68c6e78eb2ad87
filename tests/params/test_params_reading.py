"""Reading params/ from disk: safely, with the file and the field in every error."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from reportkit.errors import ParameterError
from reportkit.params import (
    HOME_VARIABLE,
    available_years,
    find_home,
    load_decisions,
    load_letterhead,
    load_text,
    load_units,
    load_year,
)  # fmt: skip

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the demo's parameters, to spoil."""
    shutil.copytree(ROOT / "params", tmp_path / "params")
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    """Replace what stands once in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(home: Path, year: int = 2023) -> ParameterError:
    """The error of loading a year."""
    with pytest.raises(ParameterError) as raised:
        load_year(home, year)
    return raised.value


def test_the_demo_loads(home: Path) -> None:
    """All of it: units, both years, decisions, letterhead and both texts."""
    assert len(load_units(home).units) == 25
    assert available_years(home) == [2022, 2023]
    assert [load_year(home, y).year for y in (2022, 2023)] == [2022, 2023]
    assert load_decisions(home, 2023).practices and load_letterhead(home).issuer
    assert load_text(home, 2023, "unit")["依据"].paragraphs
    assert load_text(home, 2023, "group")["四.（一）"].title.startswith("聚焦")


@pytest.mark.parametrize("text", [
    "year: [2023",  # not closed
    "year: 2023\n\tcutoff: x",  # a tab
    "a: b: c",
    "cutoff: 2023-02-30",  # no such day: yaml itself stumbles over it
    "x: !!python/object/apply:os.system ['touch pwned']",
    "x: !!python/name:os.system",
    "!!python/object:reportkit.params.year.Rule {}",
    "x: !unknown 1",
    "x: &a [*b]",  # an alias to nothing
    "x: " + "[" * 3000,
    "x: \x07",  # a control character
    "year: 2023\nyear: 2022",  # the second would win in silence
])  # fmt: skip
def test_what_is_no_plain_yaml_is_refused(
    home: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ParameterError that names the file; no tag makes an object or runs anything."""
    monkeypatch.chdir(home)
    (home / "params" / "2023.yml").write_text(text, encoding="utf-8")
    error = refusal(home)
    assert error.where == "params/2023.yml"
    assert error.found and error.expected and error.next_step
    assert "unicode string" not in str(error)
    assert not (home / "pwned").exists()


@pytest.mark.parametrize("content", ["年: 二".encode("gbk"), b"\xff\xfe\x00y", b"year: \xe5\xb9"])
def test_what_is_not_utf8_is_refused(home: Path, content: bytes) -> None:
    """GBK, UTF-16 and half a character."""
    (home / "params" / "2023.yml").write_bytes(content)
    error = refusal(home)
    assert error.where == "params/2023.yml"
    assert error.expected == "YAML in UTF-8" and "UTF-8" in error.next_step


@pytest.mark.parametrize("content", ["", "# nothing\n", "[]", "words", "3"])
def test_what_is_no_mapping_is_refused(home: Path, content: str) -> None:
    """An empty file, a list, a word."""
    (home / "params" / "2023.yml").write_text(content, encoding="utf-8")
    error = refusal(home)
    assert error.where == "params/2023.yml" and error.expected and error.next_step


def test_an_error_names_the_field_and_what_stood_there(home: Path) -> None:
    """The fields down to the item, and the value found."""
    edit(home / "params" / "2023.yml", "threshold: 0.6", "threshold: sixty")
    error = refusal(home)
    assert "rules.speech_coverage.threshold" in error.found and "'sixty'" in error.found


def test_an_unknown_field_is_refused(home: Path) -> None:
    """A misspelt parameter would otherwise be silently without effect."""
    edit(home / "params" / "2023.yml", "objection_days:", "objection_day:")
    assert "objection_day" in refusal(home).found


def test_a_year_without_a_file_names_those_that_have_one(home: Path) -> None:
    """And what to copy."""
    error = refusal(home, 2031)
    assert "2022、2023" in error.expected and "params/2031.yml" in error.next_step


def test_a_file_of_another_year_is_refused(home: Path) -> None:
    """A copy in which the year was forgotten."""
    shutil.copy(home / "params" / "2023.yml", home / "params" / "2024.yml")
    error = refusal(home, 2024)
    assert (error.found, error.where) == ("the file says year: 2023", "2024.yml")


def test_a_changed_file_is_read_anew(home: Path) -> None:
    """What is remembered of a file goes by its time and size."""
    assert load_year(home, 2023).objection_days == 10
    edit(home / "params" / "2023.yml", "objection_days: 10", "objection_days: 15")
    assert load_year(home, 2023).objection_days == 15


def test_without_decisions_nothing_is_decided(home: Path) -> None:
    """No file is no error; a wrong one is."""
    (home / "params" / "decisions" / "2023.yml").unlink()
    decisions = load_decisions(home, 2023)
    assert (decisions.practices, decisions.many_confirmed) == ({}, ())
    (home / "params" / "decisions" / "2023.yml").write_text("many: [x]", encoding="utf-8")
    with pytest.raises(ParameterError) as raised:
        load_decisions(home, 2023)
    assert raised.value.where == "params/decisions/2023.yml"


def write_text(home: Path, body: str | bytes) -> None:
    """The unit's standing prose of 2023."""
    content = body.encode() if isinstance(body, str) else body
    (home / "params" / "text" / "2023" / "unit.md").write_bytes(content)


def test_prose_is_blocks_of_paragraphs_by_id(home: Path) -> None:
    """Headings may be missing; comments are left out; a line is a paragraph; a BOM is none."""
    comment = "\ufeff<!-- 说明\n## 不是 -->\n"
    write_text(home, f"{comment}## 一\n甲。\n\n乙。\n## 二.（一） 标 题\r\n丙。\r\n")
    blocks = load_text(home, 2023, "unit")
    assert list(blocks) == ["一", "二.（一）"]
    assert (blocks["一"].title, blocks["一"].paragraphs) == ("", ("甲。", "乙。"))
    assert (blocks["二.（一）"].title, blocks["二.（一）"].paragraphs) == ("标 题", ("丙。",))


@pytest.mark.parametrize(("body", "word"), [
    ("## 一\n甲\n## 一 又\n乙", "stands twice"),
    ("## 一\n甲".encode("gbk"), "codec"),
])  # fmt: skip
def test_wrong_prose_is_refused(home: Path, body: str | bytes, word: str) -> None:
    """An id that stands twice, another encoding."""
    write_text(home, body)
    with pytest.raises(ParameterError) as raised:
        load_text(home, 2023, "unit")
    assert word in raised.value.found and raised.value.where == "params/text/2023/unit.md"


def test_missing_prose_says_what_to_copy(home: Path) -> None:
    """Last year's file."""
    with pytest.raises(ParameterError) as raised:
        load_text(home, 2024, "unit")
    assert raised.value.next_step.startswith("copy params/text/2023/unit.md")


def test_home_is_found_upward_or_by_its_variable(
    home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a folder within; a variable goes first, and is not searched upward from."""
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    inside = home / "notebooks" / "deep"
    inside.mkdir(parents=True)
    assert find_home(inside) == home.resolve()
    other = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.setenv(HOME_VARIABLE, os.fspath(home))
    assert find_home(other) == home.resolve()
    monkeypatch.setenv(HOME_VARIABLE, os.fspath(inside))
    with pytest.raises(ParameterError) as raised:
        find_home(home)
    assert raised.value.where == os.fspath(inside.resolve())
    assert "--home" in raised.value.next_step


@pytest.mark.parametrize("wrong", ["{yeer}", "{year", "year}", "{unit.name}", "{}"])
def test_a_misspelt_placeholder_in_prose_is_refused(home: Path, wrong: str) -> None:
    """It would be printed as it stands; the error names file, paragraph and what was found."""
    edit(home / "params" / "text" / "2023" / "unit.md", "{year}年，你单位", f"{wrong}年，你单位")
    with pytest.raises(ParameterError) as caught:
        load_text(home, 2023, "unit")
    assert caught.value.where == "params/text/2023/unit.md"
    assert "'一'" in caught.value.found and ("{" in caught.value.found or "}" in caught.value.found)


def test_a_day_that_does_not_exist_is_named_with_its_line(home: Path) -> None:
    """2024-06-31: which line, and what stood there."""
    edit(home / "params" / "2023.yml", "deadline: 2024-06-30", "deadline: 2024-06-31")
    found = refusal(home).found
    assert "2024-06-31" in found and "line " in found


@pytest.mark.parametrize("wrong", ["{unit}", "{org}"])
def test_the_group_s_circular_has_no_unit_to_fill_in(home: Path, wrong: str) -> None:
    """What a unit's paper fills in would be printed as it stands in the group's: refused."""
    edit(
        home / "params" / "text" / "2023" / "group.md", "{year}年，各单位党委", f"{wrong}各单位党委"
    )
    with pytest.raises(ParameterError) as caught:
        load_text(home, 2023, "group")
    assert wrong in caught.value.found and caught.value.expected.endswith("{year}")
    edit(home / "params" / "letterhead.yml", "group_title: 关于{year}", f"group_title: 关于{wrong}")
    with pytest.raises(ParameterError) as caught:
        load_letterhead(home)
    assert wrong in caught.value.found and "group_title" in caught.value.found
