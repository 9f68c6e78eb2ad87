"""One writer at a time: locks of the system's, gone with their process however it dies."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from reportkit.errors import UsageError

_LOOK_EVERY = 0.5


@contextmanager
def exclusive(
    path: Path,
    found: str = "another run is at work",
    expected: str = "one run at a time on one outputs/",
    *,
    patience: float = 0.0,
) -> Iterator[None]:
    """Holds the lock file; nothing is left over when the process dies, however it dies.

    Parameters
    ----------
    found, expected:
        What to say if another process holds it.
    patience:
        Seconds for which to wait until it does not.

    Raises
    ------
    UsageError
        If another process holds it, or it cannot be written.
    """
    with _opened(path) as file:
        end = time.monotonic() + patience
        while not _is_ours(file):
            if time.monotonic() >= end:
                raise UsageError(
                    f"{found}{_holder(path)}",
                    expected=expected,
                    next_step="wait until it has ended, or stop it",
                    where=str(path.parent.parent),
                )
            time.sleep(_LOOK_EVERY)
        try:
            # Byte 0 is what Windows locks; the holder's number stands after it.
            file.truncate(0)
            file.write(f"\n{os.getpid()}\n".encode())
            file.flush()
            yield
        finally:
            _unlock(file)


def _is_ours(file: IO[bytes]) -> bool:
    """Takes the lock if nobody has it; whether it was taken."""
    try:
        _lock(file, wait=False)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            raise
        return False
    return True


def _opened(path: Path) -> IO[bytes]:
    """The lock file, made if need be; a folder that cannot be written is told at once."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+b")
    except OSError as error:
        raise UsageError(
            f"{error.strerror}: {error.filename or path}",
            expected="a folder that can be written to",
            next_step="allow writing, or work on a copy elsewhere",
            where=str(path.parent.parent),
        ) from error


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
