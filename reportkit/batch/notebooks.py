"""Executed notebooks as files: cell numbers, true states, nothing of one machine or hour."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output

from reportkit.display import ADDED_CELLS


def read(path: Path) -> NotebookNode:
    """The notebook in format 4."""
    nb: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return nb


def write(nb: NotebookNode, path: Path) -> None:
    """Writes the notebook."""
    nbformat.write(nb, path)  # type: ignore[no-untyped-call]


def is_added(cell: NotebookNode) -> bool:
    """Whether papermill added this cell; the analyst's notebook does not have it."""
    return bool(ADDED_CELLS & set(cell.metadata.get("tags", [])))


def original_number(nb: NotebookNode, index: int) -> int:
    """The number of a cell as an analyst counts: all cells of the original notebook from 1.

    The cell with injected parameters counts as the ``parameters`` cell before it.
    """
    before = sum(is_added(cell) for cell in nb.cells[: index + 1])
    return max(int(index) + 1 - before, 1)


def error_output(name: str, message: str) -> Any:
    """An output that shows in a notebook as an error does."""
    return new_output("error", ename=name, evalue=message, traceback=[message])  # type: ignore[no-untyped-call]


def stream_output(text: str) -> Any:
    """An output that shows as what a cell says on standard error."""
    return new_output("stream", name="stderr", text=text)  # type: ignore[no-untyped-call]


def join_streams(outputs: list[Any]) -> list[Any]:
    """Outputs with all that a cell printed in one piece: standard output, then standard error.

    How a kernel cuts it into messages is a matter of chance. Lines written over (``\\r``) and
    characters taken back (``\\b``) are gone, as on a terminal.
    """
    found: dict[str, Any] = {}
    joined: list[Any] = []
    for output in outputs:
        if output.output_type != "stream":
            joined.append(output)
        elif output.name in found:
            found[output.name].append(output.text)
        else:
            found[output.name] = [output.text]
            joined.append(output)
    streams = [output for output in joined if output.output_type == "stream"]
    for output in streams:
        output.text = "\n".join(_as_seen(line) for line in "".join(found[output.name]).split("\n"))
    if [output.name for output in streams] == ["stderr", "stdout"]:
        one, two = (joined.index(output) for output in streams)
        joined[one], joined[two] = joined[two], joined[one]
    return joined


def _as_seen(line: str) -> str:
    """One line as a terminal shows it in the end."""
    if "\b" in line:
        seen: list[str] = []
        for char in line:
            if char != "\b":
                seen.append(char)
            elif seen:
                seen.pop()
        line = "".join(seen)
    kept = line.rstrip("\r")
    return kept[kept.rfind("\r") + 1 :]


def tidy(nb: NotebookNode, source: str, target: str) -> None:
    """Takes out of an executed notebook what differs between machines and runs.

    Times are in the manifest; paths become relative to the workbook; the random ids of added
    cells become fixed ones. Two runs on the same data then give the same bytes.
    """
    for place in (nb, *nb.cells):
        for name in ("start_time", "end_time", "duration"):
            place.metadata.get("papermill", {}).pop(name, None)
    nb.metadata.setdefault("papermill", {}).update(input_path=source, output_path=target)
    added = [cell for cell in nb.cells if "id" in cell and is_added(cell)]
    for number, cell in enumerate(added, start=1):
        cell["id"] = f"added-by-papermill-{number}"


def without_outputs(nb: NotebookNode) -> NotebookNode:
    """A copy that has run and shows nothing."""
    bare = copy.deepcopy(nb)
    for cell in bare.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return bare


def mark_states(nb: NotebookNode, running: int | None, name: str, message: str) -> None:
    """Gives each cell its true state after the process that executed the notebook is gone.

    Parameters
    ----------
    running:
        The number of the cell that ran; None if none had begun.
    name, message:
        The error to show at that cell.
    """
    nb.metadata.setdefault("papermill", {})["exception"] = True
    number = 0
    for cell in nb.cells:
        added = is_added(cell)
        number += not added
        record = cell.metadata.setdefault("papermill", {})
        if running is None or number > running:
            record.update(status="pending", exception=None)
        elif number < running or added:
            record.update(status="completed", exception=False)
        else:
            record.update(status="failed", exception=True)
            if cell.cell_type == "code":
                cell.outputs = [*cell.get("outputs", []), error_output(name, message)]
