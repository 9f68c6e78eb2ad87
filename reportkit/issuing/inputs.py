"""All that issued documents are made from, as a small workbook of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

_LEFT_OUT = frozenset({"schedule.yml", "delivery.yml"})
"""They say who is told and mailed, and nothing of a document."""
_FOLDERS = frozenset({"fonts"})
"""An office's fonts are too large to keep with each issue, and not its own to hand on."""


def copy_parameters(home: Path, into: Path, notebooks: Iterable[Path]) -> None:
    """Copy params/ and the notebooks named, into a workbook beside nothing else."""
    source = home / "params"
    for path in sorted(source.rglob("*")):
        relative = path.relative_to(source)
        if path.is_file() and relative.parts[0] not in _LEFT_OUT | _FOLDERS:
            _copy(path, into / "params" / relative)
    for notebook in sorted(set(notebooks)):
        _copy(notebook, into / "notebooks" / notebook.name)


def lend_fonts(home: Path, workbook: Path) -> None:
    """Let a workbook made of inputs find the office's fonts, for as long as it runs."""
    fonts = home / "params" / "fonts"
    if fonts.is_dir():
        shutil.copytree(fonts, workbook / "params" / "fonts", dirs_exist_ok=True)


def take_fonts_back(workbook: Path) -> None:
    """The contrary: they are no part of what is kept."""
    shutil.rmtree(workbook / "params" / "fonts", ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
