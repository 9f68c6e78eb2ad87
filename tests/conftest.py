"""Fixtures for the whole suite: the demo workbook, copied out of the checkout and imported."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from aiosmtpd.controller import Controller
    from mail_support import Box

ROOT = Path(__file__).resolve().parents[1]

# An example may take as long as a busy machine needs.
settings.register_profile(
    "untimed", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")


# Files of few but long tests: begun first, they leave no worker alone at the end.
_LONG = ("web", "e2e", "faults", "benchmarks", "circular")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, the rest as they come."""

    def place(item: pytest.Item) -> int:
        folder = item.path.parent.name
        return _LONG.index(folder) if folder in _LONG else len(_LONG)

    items.sort(key=place)


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


@pytest.fixture
def box() -> Box:
    """What a mail server took: nothing yet."""
    from mail_support import Box

    return Box()


@pytest.fixture
def server(box: Box) -> Iterator[Controller]:
    """A real SMTP server on a free port of this machine."""
    from mail_support import serving

    with serving(box) as controller:
        yield controller
