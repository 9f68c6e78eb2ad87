"""Work counted, not timed, and waiting with an end: the same on a quick, slow or busy machine."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

LONG = 300.0
"""So many seconds a test waits for what comes at once on a machine that has nothing to do."""


def steps(action: Callable[[], object]) -> int:
    """How many lines of Python run, and how often built-in functions are called."""
    count = 0

    def line(frame: Any, event: str, argument: Any) -> Any:
        nonlocal count
        count += event != "return"
        return line

    def built_in(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event == "c_call"

    before = sys.gettrace(), sys.getprofile()
    sys.settrace(line)
    sys.setprofile(built_in)
    try:
        action()
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
    return count


def wait_until(condition: Callable[[], object], seconds: float = LONG) -> None:
    """Return as soon as it is so.

    Raises
    ------
    TimeoutError
        If it does not come to be so.
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds:.0f} s")
        time.sleep(0.02)
