"""Where kernels come from: always this interpreter, on sockets that cannot collide."""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from traitlets import default

OWN_KERNEL = "python3"
SOCKETS = "REPORTKIT_SOCKETS"
"""Environment variable: the folder for this worker's sockets."""

_numbers = itertools.count(1)


class OwnKernelSpecs(KernelSpecManager):
    """Finds kernels as Jupyter does, but for ``python3``, which is this interpreter.

    A kernelspec of that name in a user's own folders would win, and point to another
    environment.
    """

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The specification of a kernel, as jupyter_client asks for it."""
        if kernel_name != OWN_KERNEL:
            return super().get_kernel_spec(kernel_name)
        argv = [sys.executable, "-m", "reportkit.batch.kernel_main", "-f", "{connection_file}"]
        return KernelSpec(
            argv=argv, display_name="Python 3", language="python", metadata={"debugger": False}
        )


class RunKernelManager(AsyncKernelManager):
    """Starts the kernels of a run.

    Ports are chosen before the kernel binds them, so that parallel starts collide ("Address
    already in use"). Where the system has sockets with a path, each kernel gets its own.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        folder = os.environ.get(SOCKETS)
        if folder and os.name != "nt":
            self.transport = "ipc"
            self.cache_ports = False
            self.ip = str(Path(folder) / f"k{os.getpid()}-{next(_numbers)}")
            # In the run's own folder, so that a kernel that is killed leaves nothing behind.
            self.connection_file = f"{self.ip}.json"
            for port, name in enumerate(("shell", "iopub", "stdin", "hb", "control"), start=1):
                setattr(self, f"{name}_port", port)

    @default("kernel_spec_manager")
    def _own_kernel_specs(self) -> KernelSpecManager:
        return OwnKernelSpecs(parent=self)
