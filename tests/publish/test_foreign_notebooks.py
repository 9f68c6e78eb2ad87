"""Notebooks that nobody here wrote: those that ship inside installed packages.

Each goes through every exporter, or ends in an error that says which cell and why. What is
looked for in the pages is found by a reading of the notebook's JSON of our own here.
"""

from __future__ import annotations

import html
import io
import json
import re
import sysconfig
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pypdf
import pytest
from nbconvert.exporters import get_exporter

from reportkit.errors import ReportkitError

PACKAGES = Path(sysconfig.get_paths()["purelib"])
FOREIGN = sorted(p for p in PACKAGES.rglob("*.ipynb") if "_workbook" not in p.parts)
EXPORTERS = ("circular_html", "circular_pdf", "circular_docx", "typst")
_WORD = re.compile(r"[A-Za-z]{5,}")


def test_there_are_at_least_twenty() -> None:
    """Distinct ones; papermill's own tests ship with its wheel."""
    assert len({p.read_bytes() for p in FOREIGN}) >= 20


def words_of(notebook: dict[str, Any]) -> set[str]:
    """Words that a reader must find: of Markdown without markup, and of what was printed."""
    found: set[str] = set()
    for cell in notebook.get("cells", ()):
        source = "".join(cell["source"])
        tags = cell.get("metadata", {}).get("tags", [])
        if cell["cell_type"] == "markdown" and not tags:
            found |= set(_WORD.findall(re.sub(r"\(.*?\)|<.*?>|`.*?`|\$.*?\$", " ", source)))
        for output in cell.get("outputs", ()) if not tags else ():
            if output["output_type"] == "stream":
                text = re.sub(r"\x1b\[[\d;]*m", "", "".join(output["text"]))
                found |= set(_WORD.findall(text.rsplit("\r", 1)[-1])[:20])
    return found


def text_of(name: str, made: Any) -> str:
    """What a page says, by another reader than the one that made it."""
    if name == "circular_html":
        body = re.sub(r"<style.*?</style>|<svg.*?</svg>", " ", made, flags=re.DOTALL)
        return html.unescape(re.sub(r"<[^>]+>", "", body))
    if name == "circular_pdf":
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)
    if name == "circular_docx":
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            return html.unescape(
                re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode("utf-8"))
            )
    return str(made)


@pytest.mark.parametrize("name", EXPORTERS)
@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.stem)
def test_it_comes_out_whole_or_says_why(path: Path, name: str) -> None:
    """No other error than one of ours, with a cell; nothing that it says is lost."""
    node = nbformat.read(path, as_version=4)
    exporter = get_exporter(name)()
    try:
        made, _ = exporter.from_notebook_node(node, {"metadata": {"name": path.stem}})
    except ReportkitError as error:
        assert re.search(r"cell \d+", str(error)), error
        return
    told = "".join(text_of(name, made).split())
    assert told or name == "circular_docx"  # without output there is no page number either
    missing = [word for word in words_of(json.loads(nbformat.writes(node))) if word not in told]
    assert missing == []
