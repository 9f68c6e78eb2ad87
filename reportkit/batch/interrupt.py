"""Ctrl-C as a wish: nothing is cut in the middle."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


@contextmanager
def interrupts(wish: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C, a polite request to end and a closed terminal call ``wish`` instead of raising.

    A second one of the same kind does what it usually does. Outside the main thread signals
    are left alone.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}

    def interrupt(number: int, _frame: object) -> None:
        signal.signal(number, before[number] or signal.SIG_DFL)
        wish()

    for number in numbers:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, before[number] or signal.SIG_DFL)
