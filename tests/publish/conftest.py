"""Notebooks made of blocks, and what comes out of them, for the tests of ``publish``."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import nbformat
import pdfplumber
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from reportkit.display import BLOCK_MIME, Block
from reportkit.fonts import FontSet
from reportkit.publish.page import html_page
from reportkit.publish.pdf import pdf_bytes
from reportkit.publish.reading import read_notebook

Make = Callable[..., Any]


@pytest.fixture
def notebook() -> Make:
    """Build an executed notebook: one cell for each block or ready cell."""

    def build(*parts: Any) -> nbformat.NotebookNode:
        cells = [
            new_code_cell(
                "secret_code()",
                outputs=[new_output("display_data", data={BLOCK_MIME: part.to_json()})],
            )
            if isinstance(part, Block)
            else part
            for part in parts
        ]
        return new_notebook(cells=cells)

    return build


@pytest.fixture
def pdf_of(notebook: Make) -> Make:
    """The PDF of the parts, as bytes."""

    def make(*parts: Any, **options: Any) -> bytes:
        document = read_notebook(notebook(*parts), name="样本", **options)
        return pdf_bytes(document, FontSet.find())

    return make


@pytest.fixture
def html_of(notebook: Make) -> Make:
    """The HTML of the parts."""

    def make(*parts: Any, **options: Any) -> str:
        return html_page(read_notebook(notebook(*parts), name="样本", **options))

    return make


@pytest.fixture
def pages_of(pdf_of: Make) -> Make:
    """For each page its lines from top to bottom, each a list of pdfplumber's characters."""

    def make(*parts: Any) -> list[list[list[dict[str, Any]]]]:
        result = []
        with pdfplumber.open(io.BytesIO(pdf_of(*parts))) as pdf:
            for page in pdf.pages:
                lines: dict[float, list[dict[str, Any]]] = defaultdict(list)
                for char in page.chars:
                    lines[round(char["matrix"][5], 1)].append(char)
                result.append([lines[y] for y in sorted(lines, reverse=True)])
        return result

    return make
