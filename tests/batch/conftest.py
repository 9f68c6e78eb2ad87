"""Fixtures of the batch's tests; the helper module must also be found by worker processes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from batch_support import TinyWorkbook


@pytest.fixture
def workbook(tmp_path: Path) -> TinyWorkbook:
    """An empty workbook in a folder whose name papermill would take for a template."""
    home = tmp_path / "工作簿 {unit}"
    home.mkdir()
    return TinyWorkbook(home)
