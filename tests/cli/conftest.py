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


@pytest.fixture(scope="session")
def signed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real workbook, group and dongling at signature for issue a1; tests must not change it."""
    from issued_support import at_signature

    return at_signature(tmp_path_factory.mktemp("signed") / "workbook")


@pytest.fixture(scope="session")
def issued_once(signed_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a1 issued; tests must not change it."""
    from issued_support import FONTS, copied, good

    home = copied(signed_once, tmp_path_factory.mktemp("issued") / "workbook")
    good("issue", "a1", "--home", home, "--by", "李", "--jobs", "1", FONTS)
    return home


@pytest.fixture
def signed(signed_once: Path, tmp_path: Path) -> Path:
    """A copy of the first, to change."""
    from issued_support import copied

    return copied(signed_once, tmp_path / "workbook")


@pytest.fixture
def issued(issued_once: Path, tmp_path: Path) -> Path:
    """A copy of the second, to change."""
    from issued_support import copied

    return copied(issued_once, tmp_path / "workbook")
