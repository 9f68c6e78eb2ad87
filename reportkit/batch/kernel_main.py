"""A kernel that dies with its run: ``python -m reportkit.batch.kernel_main -f CONNECTION``.

ipykernel looks for its parent once a second, from Python; a kernel that is busy in C, still
starting, or adopted by a process other than init lives on. On Linux the system is asked to
kill it at once; elsewhere ipykernel's own watch remains.
"""

from __future__ import annotations

import os
import sys


def die_with_parent(parent: int) -> None:
    """Asks Linux to kill this process when its parent ends; elsewhere does nothing.

    Parameters
    ----------
    parent:
        Number of the process that must still be this one's parent; if it is not, it has
        ended before this call, and this process ends too. 0 leaves that out.
    """
    if sys.platform != "linux":
        return
    import ctypes
    import signal

    pr_set_pdeathsig = 1
    ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGKILL, 0, 0, 0)
    if parent and os.getppid() != parent:
        os._exit(1)


def main() -> None:
    """Starts an ordinary ipykernel, bound to the life of the process that started it."""
    die_with_parent(int(os.environ.get("JPY_PARENT_PID", "0") or 0))
    # `-m` put the working directory first; ipykernel adds it again for the notebook itself.
    if sys.path and sys.path[0] in ("", os.getcwd()):
        del sys.path[0]
    from ipykernel import kernelapp

    kernelapp.launch_new_instance()


if __name__ == "__main__":
    main()
