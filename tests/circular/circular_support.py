"""All that a notebook shows, as blocks and as text; and the cells of their tables."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import nbformat

from reportkit.display import Block, Blocks, block_text
from reportkit.params import HOME_VARIABLE

YEAR = 2023
Edit = Callable[..., Path]
"""The fixture ``edited(name, (old, new), …)``: the demo with one file of params/ edited."""
COMPARED = ("M1", "M2", "M3", "M4", "M4b", "M5", "M7b", "M8", "M9a", "M9b", "M10a", "M11", "M14")


def shown(notebook: str, home: Path, *, charts: bool = True, **parameters: Any) -> list[Block]:
    """What a notebook of the workbook shows, cell by cell, run here and not in a kernel.

    ``parameters`` replace those of its parameters cell; ``charts``: whether cells that draw one
    are run.
    """
    path = home / "notebooks" / f"{notebook}.ipynb"
    names: dict[str, Any] = {}
    blocks: list[Block] = []
    with mock.patch.dict(os.environ, {HOME_VARIABLE: str(home)}):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                if "remove-cell" not in cell.metadata.get("tags", []):
                    blocks.append(Block("heading", level=1, text=cell.source.lstrip("# ")))
                continue
            if "_chart(" in cell.source and not charts:
                continue
            blocks += flat([_run(cell.source, names)])
            if "parameters" in cell.metadata.get("tags", []):
                assert set(parameters) <= set(names), set(parameters) - set(names)
                names |= parameters
    return blocks


def _run(source: str, names: dict[str, Any]) -> Block | Blocks:
    """Run one cell; what its last line is worth is what Jupyter would show."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    if not isinstance(last, ast.Expr):
        return Blocks([])
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    assert isinstance(value, Block | Blocks), source
    return value


def masked_shown(notebook: str, home: Path, **parameters: Any) -> list[Block]:
    """The same as its masked edition has it (脱敏版), without charts."""
    return shown(notebook, home, charts=False, masked=True, **parameters)


def flat(parts: Iterable[Block | Blocks]) -> Iterator[Block]:
    """Blocks one by one."""
    for part in parts:
        yield from part if isinstance(part, Blocks) else [part]


def text_of(blocks: Iterable[Block | Blocks]) -> str:
    """Everything that prints, a block a line; not what the HTML edition alone has."""
    return "\n".join(block_text(block.kind, block.fields) for block in printed(flat(blocks)))


def printed(blocks: Iterable[Block]) -> list[Block]:
    """Blocks that stand on paper: without the annex of records."""
    kept: list[Block] = []
    on_paper = True
    for block in blocks:
        if block.kind == "annex":
            on_paper = block.fields.get("only") is None
        if on_paper:
            kept.append(block)
    return kept


def tables_of(blocks: Iterable[Block]) -> list[Block]:
    """The tables among some blocks."""
    return [block for block in blocks if block.kind == "table"]


def cells(block: Block, head: str) -> list[str]:
    """The cells under one head of a table."""
    place = [each["text"] for each in block.fields["columns"]].index(head)
    return [row[place] for row in block.fields["rows"]]


def row_of(block: Block, head: str) -> dict[str, str]:
    """The row of a table that begins with ``head``, by the heads of its columns."""
    heads = [each["text"] for each in block.fields["columns"]]
    row = next(row for row in block.fields["rows"] if row[0] == head)
    return dict(zip(heads, row, strict=True))
