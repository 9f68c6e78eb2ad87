"""Workbooks to open circulars from: the demo, and copies of it that were spoiled."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reportkit.records.importing import import_year

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "metrics")]  # frames_builder is of the metrics

Edit = Callable[..., Path]


@pytest.fixture(scope="session")
def spoiled_home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, but chiyan's workbook is none, and yuba's and linting's (merged) never came."""
    home = tmp_path_factory.mktemp("spoiled") / "workbook"
    shutil.copytree(demo_home, home)
    folder = home / "data" / "submissions" / "2023"
    (folder / "chiyan.xlsx").write_bytes(b"not a workbook")
    for name in ("yuba", "linting"):
        (folder / f"{name}.xlsx").unlink()
    import_year(home, 2023)
    return home


@pytest.fixture
def edited(demo_home: Path, tmp_path: Path) -> Edit:
    """A copy of the demo in which one file of params/ was edited: edited(path, old, new)."""

    def edit(name: str, *pairs: tuple[str, str]) -> Path:
        home = tmp_path / "workbook"
        if not home.exists():
            shutil.copytree(demo_home, home)
        path = home / "params" / name
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        return home

    return edit
