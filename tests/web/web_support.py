"""What judges of pages share: where they are, and how the browser is started."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "node_modules"
CHROMIUM = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--enable-logging=stderr", "--v=0",
)  # fmt: skip
Framed = Callable[..., list[Any]]


def tool(found: str | Path | None, name: str) -> str:
    """A judge's path; without it the test is skipped, or fails where all have to be there."""
    if found is None or not Path(found).exists():
        if os.environ.get("REPORTKIT_REQUIRE_TOOLS"):
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed (see .ci/run)")
    return str(found)
