"""Workbooks to open circulars from: the demo, and copies of it that were spoiled."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reportkit.display import Block
from reportkit.params import load_units
from reportkit.records.importing import import_year

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "metrics")]  # frames_builder is of the metrics


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
def edited(demo_home: Path, tmp_path: Path) -> Callable[..., Path]:
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


@pytest.fixture(scope="session")
def papers(demo_home: Path) -> dict[str, list[Block]]:
    """unit_id → all that its notebook shows, without charts; 集团本级 and merged units too."""
    from circular_support import YEAR, shown

    ids = [unit.unit_id for unit in load_units(demo_home).in_year(YEAR)]
    return {
        unit: shown("unit_circular", demo_home, charts=False, unit=unit, year=YEAR) for unit in ids
    }


@pytest.fixture(scope="session")
def quarterly_papers(demo_home: Path) -> dict[str, list[Block]]:
    """unit_id → all that its notebook of the third quarter shows."""
    from circular_support import YEAR, shown

    ids = [unit.unit_id for unit in load_units(demo_home).in_year(YEAR)]
    period = f"{YEAR}Q3"
    return {
        unit: shown("unit_period", demo_home, unit=unit, year=YEAR, period=period) for unit in ids
    }


@pytest.fixture
def without_rules(edited: Callable[..., Path]) -> Path:
    """A copy of the demo in which every rule is switched off."""
    home = edited("2023.yml", ("    enabled: false\n", ""))
    path = home / "params" / "2023.yml"
    text = path.read_text(encoding="utf-8")
    off = re.sub(r"^(  - rule_id: .*\n)", r"\1    enabled: false\n", text, flags=re.MULTILINE)
    path.write_text(off, encoding="utf-8")
    return home
