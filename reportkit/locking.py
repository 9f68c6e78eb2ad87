"""One writer at a time: locks of the system's, gone with their process however it dies."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from reportkit.errors import UsageError


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Holds the lock file; nothing is left over when the process dies, however it dies.

    Raises
    ------
    UsageError
        If another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        try:
            _lock(file, wait=False)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                raise
            holder = _holder(path)
            raise UsageError(
                f"another run is at work{holder}",
                expected="one run at a time on one outputs/",
                next_step="wait until it has ended, or stop it",
                where=str(path.parent.parent),
            ) from None
        try:
            # Byte 0 is what Windows locks; the holder's number stands after it.
            file.truncate(0)
            file.write(f"\n{os.getpid()}\n".encode())
            file.flush()
            yield
        finally:
            _unlock(file)


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Waits until no other process holds the lock file, then holds it."""
    with path.open("a+b") as file:
        _lock(file, wait=True)
        try:
            yield
        finally:
            _unlock(file)


def _holder(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(1)
            number = file.read().decode().strip()
    except (OSError, ValueError):
        return ""
    return f" (process {number})" if number else ""


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes], *, wait: bool) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)

    def _unlock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes], *, wait: bool) -> None:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
