"""params/forms.yml: what loads, and what is refused with its field."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportkit.errors import ParameterError
from reportkit.params import OfficeForms, load_forms

ROOT = Path(__file__).resolve().parents[2]


def load(tmp_path: Path, text: str) -> OfficeForms:
    """The forms of a file with this text."""
    (tmp_path / "params").mkdir(exist_ok=True)
    (tmp_path / "params" / "forms.yml").write_text(text, encoding="utf-8")
    return load_forms(tmp_path)


def test_without_the_file_there_are_no_forms(tmp_path: Path) -> None:
    """An office that has none needs no file."""
    assert load_forms(tmp_path) == OfficeForms()


@pytest.mark.parametrize("text", ["", "# 没有旧表\n", "forms: []\n", "forms:\n"])
def test_an_empty_file_has_no_forms(tmp_path: Path, text: str) -> None:
    """Also one of comments alone."""
    assert load(tmp_path, text).forms == ()


def test_a_form_keeps_all_that_it_says(tmp_path: Path) -> None:
    """Every key of the file arrives."""
    (form,) = load(tmp_path, """\
forms:
  - sheet: sessions
    names: [旧台账]
    headers: {start: [学习日期, 何时]}
    words: {kind: {集中: 集体学习}}
    constants: {counted_as: 集体学习, expected: 8}
    number_rows: true
    header_row: 4
    ignore: [备注]
""").forms  # fmt: skip
    assert (form.sheet, form.names, form.headers) == (
        "sessions", ("旧台账",), {"start": ("学习日期", "何时")},
    )  # fmt: skip
    assert form.words == {"kind": {"集中": "集体学习"}}
    assert form.constants == {"counted_as": "集体学习", "expected": 8}
    assert (form.number_rows, form.header_row, form.ignore) == (True, 4, ("备注",))


@pytest.mark.parametrize(("form", "word"), [
    ("{sheet: sessions, names: []}", "names"),
    ("{sheet: sessions}", "names"),
    ("{sheet: sessions, names: ['  ']}", "names"),
    ("{names: [甲]}", "sheet"),
    ("{sheet: sessions, names: [甲], header: {start: [乙]}}", "header"),
    ("{sheet: sessions, names: [甲], headers: {start: []}}", "start"),
    ("{sheet: sessions, names: [甲], headers: {start: 乙}}", "start"),
    ("{sheet: sessions, names: [甲], header_row: 0}", "header_row"),
    ("{sheet: sessions, names: [甲, '甲 ']}", "the sheet name '甲 ' is used twice"),
    ("{sheet: sessions, names: [甲], headers: {start: [日], end: ['日 ']}}", "'日 ' is used twice"),
    ("{sheet: sessions, names: [甲], headers: {start: [日]}, ignore: [日]}", "'日' is used twice"),
    ("{sheet: sessions, names: [甲], headers: {kind: [类]}, constants: {kind: 读书班}}",
     "under constants"),
])  # fmt: skip
def test_a_wrong_form_is_refused_with_file_and_field(tmp_path: Path, form: str, word: str) -> None:
    """What is misspelt, blank or said twice."""
    with pytest.raises(ParameterError) as caught:
        load(tmp_path, f"forms:\n  - {form}\n")
    assert word in caught.value.found and caught.value.where == "params/forms.yml"


def test_two_forms_of_one_name_are_refused(tmp_path: Path) -> None:
    """A sheet of that name would be either."""
    text = "forms:\n- {sheet: sessions, names: [台账]}\n- {sheet: sign_in, names: [台账]}\n"
    with pytest.raises(ParameterError, match="台账"):
        load(tmp_path, text)


def test_the_example_that_comes_with_the_workbook_loads() -> None:
    """Its sheets and columns are ours."""
    from reportkit.records.forms import unit_sheets
    from reportkit.records.forms.custom import with_office_forms

    forms = with_office_forms(unit_sheets(), load_forms(ROOT))
    assert [sheet.key for sheet in forms] == [sheet.key for sheet in unit_sheets()]
