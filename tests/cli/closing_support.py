"""A small workbook of two imported years, for the commands that close a year."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

ROOT = Path(__file__).resolve().parents[2]


def made(folder: Path, units: int = 5) -> Path:
    """The demo's parameters with a few invented units, both years imported."""
    from reportkit.cli.demo import copy_example, generate
    from reportkit.records.importing import import_year

    home = folder / "workbook"
    home.mkdir()
    copy_example(ROOT, home, [2022, 2023])
    generate(home, units, [2022, 2023], 7)
    for year in (2022, 2023):
        import_year(home, year, jobs=1)
    return home


@pytest.fixture(scope="session")
def closed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That workbook; tests read it and must not change it."""
    return made(tmp_path_factory.mktemp("closed"))


@pytest.fixture
def closed(closed_once: Path, tmp_path: Path) -> Path:
    """A copy of it, to change."""
    return Path(shutil.copytree(closed_once, tmp_path / "workbook"))


def call(*arguments: object) -> Any:
    """Runs a command in this process."""
    from reportkit.cli import console
    from reportkit.cli.app import app

    console._console.cache_clear()
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    console._console.cache_clear()
    return result


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder → a hash of its bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def compared(home: Path, year: int, period: str | None = None) -> dict[str, list[str]]:
    """What a year's circulars print of each figure beside last year's, by unit and of the group."""
    from reportkit.annual import load_annual

    annual = load_annual(home, year, period)
    found = {unit.unit_id: annual.of_unit(unit.unit_id) for unit in annual.at_end}
    found[""] = annual.of_group()
    return {
        unit: [
            f"{one.metric.metric_id} {one.cell} {one.last_cell} {one.change} {one.change_short} "
            f"{one.trend_cells}"
            for one in indicators
        ]
        for unit, indicators in found.items()
    }
