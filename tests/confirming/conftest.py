"""A small workbook of three units, imported once, and the 数据确认单 of its units as Word files."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "circular")]


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """集团本级 and three units, 2023 imported; tests read it and must not change it."""
    from confirming_support import small_workbook

    return small_workbook(tmp_path_factory.mktemp("confirming") / "workbook")


@pytest.fixture(scope="session")
def blank(small_home: Path) -> Callable[[str], bytes]:
    """unit_id → its 数据确认单, as the office sends it out."""
    from confirming_support import made

    known: dict[str, bytes] = {}

    def form(unit: str = "dongling") -> bytes:
        if unit not in known:
            known[unit] = made(small_home, unit)
        return known[unit]

    return form
