"""Fixtures of the tests of records."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from records_support import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A workbook's folder with units and parameters and no submissions."""
    return Home(tmp_path)
