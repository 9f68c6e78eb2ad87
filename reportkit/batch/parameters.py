"""A notebook's ``parameters`` cell, read without running it, and values checked against it.

One cell tagged ``parameters`` holds plain ``name = literal`` lines; the literals are the
defaults and say of which type a value must be. papermill would inject any name and only
warn; here an unknown or ill-typed one is refused before anything runs.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reportkit.batch.source import as_source, check_name
from reportkit.errors import ParameterError


def read_notebook(path: Path) -> dict[str, Any]:
    """The notebook's JSON, without nbformat.

    Raises
    ------
    ParameterError
        If the file is missing or no notebook of format 4.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        found = error.strerror or type(error).__name__
        raise ParameterError(found, expected="a notebook", where=str(path)) from None
    except ValueError as error:
        raise ParameterError(
            f"no JSON in UTF-8: {error}",
            expected="a Jupyter notebook",
            next_step="put an earlier copy in its place",
            where=path.name,
        ) from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise ParameterError("no cells", expected="a notebook of format 4", where=path.name)
    return notebook


def declared(path: Path) -> dict[str, object]:
    """Names and defaults in the notebook's ``parameters`` cell; empty where there is none.

    Raises
    ------
    ParameterError
        If there is more than one such cell, or a line that is not ``name = literal``.
    """
    return declared_in(read_notebook(path), path.name)


def declared_in(notebook: Mapping[str, Any], where: str) -> dict[str, object]:
    """As :func:`declared`, of a notebook read already; ``where`` is what to call it."""
    found: dict[str, object] = {}
    tagged = [
        (number, cell)
        for number, cell in enumerate(notebook["cells"], start=1)
        if cell.get("cell_type") == "code"
        and "parameters" in cell.get("metadata", {}).get("tags", [])
    ]
    if len(tagged) > 1:
        numbers = ", ".join(str(number) for number, _ in tagged)
        raise ParameterError(
            f"cells {numbers} are all tagged 'parameters'",
            expected="one cell",
            next_step="join them",
            where=where,
        )
    for number, cell in tagged:
        found = _literals("".join(cell["source"]), f"{where}, cell {number}")
    return found


def _literals(source: str, where: str) -> dict[str, object]:
    def wrong(what: str) -> ParameterError:
        return ParameterError(
            what,
            expected="plain lines `name = literal`, each name once",
            next_step="move everything else into another cell",
            where=where,
        )

    try:
        lines = ast.parse(source).body
    except SyntaxError as error:
        raise wrong(f"line {error.lineno}: {error.msg}") from None
    values: dict[str, object] = {}
    for line in lines:
        text = ast.unparse(line)
        match line:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                pass
            case _:
                raise wrong(f"line {line.lineno}: {text}")
        if name in values:
            raise wrong(f"line {line.lineno}: {name} for the second time")
        try:
            values[name] = ast.literal_eval(value)
        except ValueError:
            raise wrong(f"line {line.lineno}: {text}") from None
    return values


def check(path: Path, parameters: Mapping[str, object]) -> None:
    """Refuses parameters that the notebook does not declare, or of another type.

    A default of None takes any literal; a float takes an integer too.

    Raises
    ------
    ParameterError
        Naming the parameters that are allowed, or the type that is expected.
    """
    check_against(declared(path), parameters, path.name)


def check_against(
    allowed: Mapping[str, object], parameters: Mapping[str, object], where: str
) -> None:
    """As :func:`check`, with what a notebook called ``where`` declares."""
    names = ", ".join(allowed) or "none: no cell is tagged 'parameters'"
    for name, value in parameters.items():
        check_name(name, names)
        if name not in allowed:
            raise ParameterError(
                f"unknown parameter {name!r}",
                expected=f"one of {names}"
                if allowed
                else "a cell tagged 'parameters' that sets it",
                next_step="add it to the notebook's parameters cell, or correct the name",
                where=where,
            )
        as_source(value, f"parameter {name}")
        default = allowed[name]
        if not _fits(value, default):
            raise ParameterError(
                f"{value!r} ({type(value).__name__})",
                expected=f"{type(default).__name__}, like the default {default!r}",
                next_step="pass such a value, or correct the default in the parameters cell",
                where=f"{where}, parameter {name}",
            )


def _fits(value: object, default: object) -> bool:
    if default is None:
        return True
    return type(value) is type(default) or (type(default) is float and type(value) is int)
