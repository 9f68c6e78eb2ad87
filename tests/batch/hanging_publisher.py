"""A publisher that never ends."""

from __future__ import annotations

import time
from typing import Any


def publish(*_: Any, **__: Any) -> dict[str, Any]:
    """Waits."""
    time.sleep(600)
    return {}
