"""A tiny workbook for tests: notebooks of a few lines, a publisher that only writes text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from reportkit.batch.contract import Document, Options, Preload, Selection
from reportkit.batch.manifest import Entry, files_changed
from reportkit.params.edits import Edits
from reportkit.publish import Edition, Mask

PUBLISHER = "batch_support:publish"
YEAR = 2023

PARAMETERS = 'unit = "none"\nyear = 0'

GOOD = """\
from IPython.display import display
from reportkit.display import Block
display(Block("document", title="t", author="a", language="zh-CN", date=None, unit=unit, year=year))
display(Block("paragraph", text=f"{unit}，{year}年", lead="", lead_level=2))
"""


def publish(
    nb: Any, formats: Sequence[str], stem: Path, *, own_fonts: Path | None, edition: Edition
) -> dict[str, Path]:
    """Writes what the notebook shows as plain text into one file for each format."""
    texts = [
        "".join(output["data"]["text/plain"])
        for cell in nb.cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    made = {}
    for fmt in formats:
        made[fmt] = stem.with_name(f"{stem.name}.{fmt}")
        made[fmt].write_text(f"{fmt}\n" + "\n".join(texts), encoding="utf-8")
        if pages := nb.metadata.get("pages"):
            made[fmt].write_text(f"/Type /Pages /Count {pages}", encoding="utf-8")
    return made


def notebook(path: Path, *sources: str, parameters: str | None = PARAMETERS) -> Path:
    """Writes a notebook: a heading, the parameters cell, then a code cell for each source.

    The first source is therefore cell 3, as an analyst counts.
    """
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    cells = [new_markdown_cell("# 通报")]
    if parameters is not None:
        cells.append(new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    cells += [new_code_cell(source) for source in sources]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    nb = new_notebook(cells=cells)
    nb.metadata["kernelspec"] = {"name": "python3", "display_name": "P", "language": "python"}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, path)
    return path


@dataclass
class TinyWorkbook:
    """A workbook in memory: units are whatever documents it is given."""

    home: Path
    docs: list[Document] = field(default_factory=list)
    data: dict[str, str] = field(default_factory=dict)
    prepared: list[list[int]] = field(default_factory=list)
    kernel_name: str = "python3"
    own_fonts: Path | None = None
    wording: dict[str, Edits] = field(default_factory=dict)
    persons: tuple[str, ...] = ()

    @property
    def outputs(self) -> Path:
        return self.home / "outputs"

    def add(self, unit: str, *sources: str, **changes: Any) -> Document:
        """Adds a unit with a notebook of its own."""
        path = notebook(self.home / "notebooks" / f"{unit}.ipynb", *(sources or (GOOD,)))
        document = Document(
            unit=unit,
            year=YEAR,
            notebook=path,
            folder=f"{YEAR}/{unit}",
            parameters={"unit": unit, "year": YEAR},
            label=f"{unit}公司",
        )
        self.docs.append(replace(document, **changes))
        return self.docs[-1]

    def documents(self, selection: Selection) -> list[Document]:
        return [d for d in self.docs if not selection.units or d.unit in selection.units]

    def fingerprint(self, document: Document) -> dict[str, str]:
        return {"data/rows": self.data.get(document.unit, "1:a"), "params/units.yml": "p"}

    def mask(self, document: Document) -> Mask:
        return Mask(names=((document.unit, "A公司"),), persons=self.persons)

    def edits(self, document: Document) -> Edits:
        return self.wording.get(document.unit, Edits())

    def stage(self, document: Document) -> str:
        return ""

    def prepare(self, times: Iterable[tuple[int, str | None]], documents: int) -> None:
        self.prepared.append(list(times))

    def preload(self, times: Iterable[tuple[int, str | None]], documents: int) -> Preload:
        return Preload(("reportkit.display",))


def options(**changes: Any) -> Options:
    """Options for a quick run with the publisher above."""
    return replace(Options(jobs=2, retries=0, publisher=PUBLISHER), **changes)


def read_manifest(home: Path) -> dict[str, Any]:
    """The year's exported manifest."""
    path = home / "outputs" / str(YEAR) / "manifest.json"
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def statuses(path: Path) -> list[str]:
    """papermill's state of each cell of the original notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    added = {"papermill-error-cell-tag", "injected-parameters"}
    return [
        cell["metadata"]["papermill"]["status"]
        for cell in cells
        if not added & set(cell["metadata"].get("tags", []))
    ]


def contents(outputs: Path) -> Mapping[str, bytes]:
    """Every published file, by name; without what belongs to the machinery."""
    return {
        path.relative_to(outputs).as_posix(): path.read_bytes()
        for path in sorted(outputs.rglob("*"))
        if path.is_file()
        and not {".reportkit", "logs"} & set(path.relative_to(outputs).parts)
        and path.name != "manifest.json"
    }


def files_are_whole(outputs: Path, entry: Entry) -> bool:
    """Whether every file stands on the disk as recorded; False if none is recorded."""
    return bool(entry["files"]) and not files_changed(outputs, entry)


def comparable(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest without its timings and what one run did: equal for equal results."""
    documents = {
        key: {name: value for name, value in entry.items() if name not in ("this_run", "left")}
        for key, entry in manifest["documents"].items()
    }
    rest = {k: v for k, v in manifest.items() if k not in ("run", "sha256")}
    return {**rest, "documents": documents}
