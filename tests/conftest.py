"""Fixtures for the whole suite: the demo workbook, copied out of the checkout and imported."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def copy_workbook(home: Path) -> Path:
    """What an analyst owns (params/, notebooks/, data/), in a folder of its own."""
    for part in ("params", "notebooks", "data"):
        shutil.copytree(ROOT / part, home / part)
    return home


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo workbook with both years imported; tests read it and must not change it."""
    from reportkit.records.importing import import_year

    home = copy_workbook(tmp_path_factory.mktemp("demo") / "workbook")
    for year in (2022, 2023):
        import_year(home, year)
    return home
