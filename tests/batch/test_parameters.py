"""What a notebook's parameters cell may hold, and which values it takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from batch_support import notebook

from reportkit.batch.parameters import check, declared
from reportkit.errors import ParameterError

DECLARED = 'unit = "dongling"\nyear: int = 2023\nrate = 0.5\nextra = None\nflags = [1, 2]'


def test_names_and_defaults_are_read_without_running_anything(tmp_path: Path) -> None:
    """The cell tagged `parameters` is read as it stands, annotations included."""
    path = notebook(tmp_path / "n.ipynb", "raise SystemExit", parameters=DECLARED)
    assert declared(path) == {
        "unit": "dongling",
        "year": 2023,
        "rate": 0.5,
        "extra": None,
        "flags": [1, 2],
    }


@pytest.mark.parametrize(
    "source",
    ["import os", "year = 2000 + 23", "unit = open('x')", "a, b = 1, 2", "def f(): ...", "x = 1 +"],
)
def test_a_parameters_cell_that_does_something_is_refused(tmp_path: Path, source: str) -> None:
    """Only `name = literal` lines are parameters; the error names the cell and the line."""
    path = notebook(tmp_path / "n.ipynb", parameters=source)
    with pytest.raises(ParameterError, match=r"n\.ipynb, cell 2: line 1"):
        declared(path)


def test_an_unknown_parameter_is_refused_with_the_allowed_names(tmp_path: Path) -> None:
    """papermill would only warn, and the circular would show the default unit."""
    path = notebook(tmp_path / "n.ipynb", parameters=DECLARED)
    with pytest.raises(ParameterError, match=r"unknown parameter 'units'.*unit, year, rate"):
        check(path, {"units": "dongling"})


@pytest.mark.parametrize("name", ["x; import os", "class", "1a", "a b", ""])
def test_a_name_that_is_no_identifier_is_refused(tmp_path: Path, name: str) -> None:
    """A name could carry code into the injected cell."""
    path = notebook(tmp_path / "n.ipynb", parameters=DECLARED)
    with pytest.raises(ParameterError, match="is no name"):
        check(path, {name: 1})


@pytest.mark.parametrize(
    ("name", "value"), [("year", "2023"), ("year", True), ("unit", 7), ("rate", "a")]
)
def test_a_value_of_another_type_than_the_default_is_refused(
    tmp_path: Path, name: str, value: object
) -> None:
    """The default says of which type a value is; True is no year."""
    path = notebook(tmp_path / "n.ipynb", parameters=DECLARED)
    with pytest.raises(ParameterError, match="like the default"):
        check(path, {name: value})


def test_values_that_fit_are_taken(tmp_path: Path) -> None:
    """An integer will do for a float, and anything plain for None."""
    path = notebook(tmp_path / "n.ipynb", parameters=DECLARED)
    check(path, {"unit": "东岭", "year": 2022, "rate": 1, "extra": {"a": [1]}})


def test_a_value_that_is_no_literal_is_refused(tmp_path: Path) -> None:
    """An object would arrive in the notebook as its repr."""
    path = notebook(tmp_path / "n.ipynb", parameters=DECLARED)
    with pytest.raises(ParameterError, match="no plain value"):
        check(path, {"extra": object()})


def test_two_parameters_cells_are_refused(tmp_path: Path) -> None:
    """Nobody could say which of them counts."""
    import nbformat

    path = notebook(tmp_path / "n.ipynb", "unit = 1")
    nb = nbformat.read(path, as_version=4)
    nb.cells[2].metadata["tags"] = ["parameters"]
    nbformat.write(nb, path)
    with pytest.raises(ParameterError, match="cells 2, 3"):
        declared(path)


@pytest.mark.parametrize("text", ["", "{}", "[1]", "no json"])
def test_a_file_that_is_no_notebook_is_refused(tmp_path: Path, text: str) -> None:
    """The error names the file; there is no traceback from a JSON parser."""
    path = tmp_path / "n.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=r"n\.ipynb"):
        declared(path)
