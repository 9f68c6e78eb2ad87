"""How jupyter_client forks a kernel: a provisioner, named by the kernelspec ``reportkit``.

nbclient, papermill and JupyterLab use it unchanged. Where the system cannot fork safely, or a
template cannot be had, it starts an ordinary kernel, as its base class does.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import List, Unicode

from reportkit.batch.contract import Preload
from reportkit.batch.kernels.host import (
    TEMPLATE,
    Forked,
    NoTemplate,
    StaleTemplate,
    fork_kernel,
    own_template,
    short_folder,
)
from reportkit.batch.kernels.processes import can_fork

PROVISIONER = "reportkit-provisioner"
_CHANNELS = ("shell", "iopub", "stdin", "hb", "control")
_IPYKERNELS = ("reportkit.batch.kernels.ordinary", "ipykernel_launcher", "ipykernel")
_PATIENCE = 15.0
"""Seconds until a run has replaced a template that died."""


def use_own_sockets(manager: Any, path: Path) -> None:
    """Lets a kernel talk over sockets with a path of their own: ports can collide."""
    manager.transport = "ipc"
    manager.cache_ports = False
    manager.ip = str(path)
    for port, name in enumerate(_CHANNELS, start=1):
        setattr(manager, f"{name}_port", port)


class WarmProvisioner(LocalProvisioner):
    """Forks kernels from a template: the run's, or else one of this process's own."""

    process: Any = None
    preload: Any = List(Unicode(), help="Modules that the template imports.").tag(config=True)
    _sockets: Path | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Chooses the sockets, unless the kernel manager has done so."""
        manager = self.parent
        if can_fork() and manager is not None and manager.transport == "tcp":
            self._sockets = self._sockets or short_folder("reportkit-kernel-")
            use_own_sockets(manager, self._sockets / "k")
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Forks the kernel; the process it gets behaves as one that was started."""
        if can_fork() and _is_ours(cmd):
            try:
                kernel = await self._fork(cmd, kwargs)
            except NoTemplate as error:
                self.log.warning("An ordinary kernel instead of a warm one: %s", error)
            else:
                self.process = kernel  # it behaves as a Popen
                self.pid = self.pgid = kernel.pid
                self.cwd = kwargs.get("cwd") or Path.cwd()
                return self.connection_info
        return await super().launch_kernel(cmd, **kwargs)

    async def _fork(self, cmd: list[str], kwargs: Mapping[str, Any]) -> Forked:
        environment = dict(kwargs.get("env") or os.environ)
        environment["JPY_PARENT_PID"] = str(os.getpid())
        arguments = cmd[cmd.index("-f") :]
        folder = Path(kwargs.get("cwd") or Path.cwd())
        if path := os.environ.get(TEMPLATE):
            return await fork_kernel(Path(path), arguments, environment, folder, patience=_PATIENCE)
        python, preload = cmd[0], Preload(tuple(self.preload))
        try:
            template = own_template(python, preload)
            return await fork_kernel(template.path, arguments, environment, folder, fresh=True)
        except StaleTemplate:
            template = own_template(python, preload, renew=True)
            return await fork_kernel(template.path, arguments, environment, folder)
        except OSError as error:
            raise NoTemplate(str(error)) from error

    async def send_signal(self, signum: int) -> None:
        """Signals the kernel and what it started, but never what its number came to mean later."""
        if isinstance(self.process, Forked) and self.process.poll() is not None:
            return
        await super().send_signal(signum)

    async def cleanup(self, restart: bool = False) -> None:
        """Removes the sockets' folder when the kernel is done with."""
        await super().cleanup(restart=restart)
        if self._sockets and not restart:
            shutil.rmtree(self._sockets, ignore_errors=True)
            self._sockets = None


def _is_ours(cmd: list[str]) -> bool:
    """Whether the command starts an ipykernel, which alone can be forked."""
    return "-f" in cmd and any(module in cmd for module in _IPYKERNELS)


def warm_metadata(preload: tuple[str, ...] = ()) -> dict[str, Any]:
    """What a kernelspec says of itself so that this provisioner starts its kernels."""
    if sys.platform != "linux":
        return {}
    config = {"preload": list(preload)}
    return {"kernel_provisioner": {"provisioner_name": PROVISIONER, "config": config}}
