"""What Linux offers to keep processes together: none outlives what it works for."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from functools import lru_cache
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_SIGKILL = 9  # Windows has no name for it
MEMORY = "REPORTKIT_KERNEL_MEMORY"
"""Environment variable: how many MB a kernel may take beyond those it begins with."""


@lru_cache(maxsize=1)
def can_fork() -> bool:
    """Whether kernels can be forked here and watched without races: Linux from 5.3 on."""
    if sys.platform != "linux" or not hasattr(os, "pidfd_open"):
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:  # an older kernel, or a container that forbids the call
        return False
    return True


def die_with_parent(parent: int, number: int = _SIGKILL) -> None:
    """Asks Linux to signal this process when its parent ends; elsewhere does nothing.

    Parameters
    ----------
    parent:
        Number of the process that must still be this one's parent; if it is not, it has
        ended before this call, and this process ends too. 0 leaves that out.
    number:
        The signal. Mind that Linux sends it when the *thread* ends that made this process.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
    if parent and os.getppid() != parent:
        os._exit(1)


def become_subreaper() -> None:
    """Makes orphans among this process's descendants its own children, so that it can end them.

    Elsewhere than on Linux it does nothing.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def limit_memory(megabytes: int) -> None:
    """Lets this process take so much memory beyond what it has now; then it gets MemoryError.

    What counts is what it may write to: of mere addresses threads reserve many that they never
    use.
    """
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
    limit = pages * resource.getpagesize() + megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def limit_memory_as_asked() -> None:
    """As :data:`MEMORY` says, where the system knows of limits."""
    asked = os.environ.get(MEMORY, "")
    if asked.isdigit() and sys.platform == "linux":
        limit_memory(int(asked))


def resident_megabytes() -> int:
    """How much memory this process has in use, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // (1024 * 1024)


def _children() -> set[int]:
    """Numbers of this process's children; empty where Linux was built without the list."""
    path = Path(f"/proc/self/task/{os.getpid()}/children")
    try:
        return {int(number) for number in path.read_text(encoding="ascii").split()}
    except OSError:
        return set()


def end_strangers(known: set[int]) -> None:
    """Kills and reaps all children but the known ones: orphans that a subreaper was left with.

    Children of those killed come to this process in turn, and are killed as well.
    """
    while strangers := _children() - known:
        for number in strangers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, _SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(number, 0)
