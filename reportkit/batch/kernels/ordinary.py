"""A kernel that dies with its run: ``python -m reportkit.batch.kernels.ordinary -f CONNECTION``.

ipykernel looks for its parent once a second, from Python; a kernel that is busy in C, still
starting, or adopted by a process other than init lives on. On Linux the system is asked to
kill it at once; elsewhere ipykernel's own watch remains.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import Any

from reportkit.batch.kernels.processes import die_with_parent, limit_memory_as_asked

INLINE = "module://matplotlib_inline.backend_inline"


def forget_working_directory() -> None:
    """``-m`` put the working directory first; ipykernel adds it again for the notebook itself."""
    if sys.path and sys.path[0] in ("", os.getcwd()):
        del sys.path[0]


def settle_matplotlib() -> None:
    """Charts go into the notebook, and look the same wherever a run is begun.

    matplotlib never sees a ``matplotlibrc`` of this folder.
    """
    os.environ.setdefault("MPLBACKEND", INLINE)  # matplotlib looks at it but once
    if Path("matplotlibrc").exists():
        with contextlib.chdir(sys.prefix):
            import matplotlib  # noqa: F401


def main() -> None:
    """Starts an ordinary ipykernel, bound to the life of the process that started it."""
    die_with_parent(int(os.environ.get("JPY_PARENT_PID", "0") or 0))
    forget_working_directory()
    settle_matplotlib()
    from ipykernel.kernelapp import IPKernelApp

    app: Any = IPKernelApp.instance()
    app.initialize()
    limit_memory_as_asked()
    app.start()


if __name__ == "__main__":
    main()
