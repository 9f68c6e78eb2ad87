"""Fixtures of the command line's tests: a study workbook without a line of data."""

from __future__ import annotations

from pathlib import Path

import pytest
from workbook_support import without_records, write_workbook


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That workbook, and the user in it."""
    write_workbook(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REPORTKIT_HOME", raising=False)
    return tmp_path


@pytest.fixture
def no_records(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """In place of the year's indicators: nothing; blocked units are those put in here."""
    return without_records(monkeypatch)
