"""New files below a workbook: all of them or none, and nothing that is there is written over."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from reportkit.files import TEMPORARY, replace_file
from reportkit.params.rollover import NewFile

State = Literal["written", "unchanged", "kept"]


def state_of(home: Path, file: NewFile) -> State | None:
    """What is there in its place; None: nothing."""
    path = home / file.path
    if not path.exists():
        return None
    same = path.is_file() and path.read_bytes() == file.content
    return "unchanged" if same else "kept"


def write(home: Path, files: Sequence[NewFile]) -> dict[str, State]:
    """Write those that are not there; all of them, or after an error none.

    Raises
    ------
    OSError
        If the disk does not take one: those written before it are gone again.
    """
    states: dict[str, State] = {}
    made: list[Path] = []
    try:
        for file in files:
            path = home / file.path
            there = state_of(home, file)
            if there is None:
                made += _folders(path.parent)
                for left in path.parent.glob(f"{TEMPORARY}*-{path.name}"):
                    left.unlink()  # of a rollover that was killed
                replace_file(path, file.content)
                made.append(path)
            states[file.path] = there or "written"
    except BaseException:
        for path in reversed(made):
            with contextlib.suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        raise
    return states


def _folders(folder: Path) -> list[Path]:
    """Make a folder and those above it that are missing; returns those made, outermost first."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir()
    return missing[::-1]
