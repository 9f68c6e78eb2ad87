"""The kernels of a run: always this interpreter, on sockets that cannot collide, with no waiting.

jupyter_client waits out silences of 0.2 s when a kernel starts and looks every 0.1 s whether it
has ended; of a thousand circulars that is minutes. Here what is waited for is the event itself.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
import time
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from traitlets import default

from reportkit.batch.contract import OWN_KERNEL
from reportkit.batch.kernels.host import TEMPLATE
from reportkit.batch.kernels.provisioner import use_own_sockets, warm_metadata

SOCKETS = "REPORTKIT_SOCKETS"
"""Environment variable: the folder for this worker's sockets."""

_ASK_AGAIN = 0.5
_LOOK_EVERY = 0.005
_numbers = itertools.count(1)


class OwnKernelSpecs(KernelSpecManager):
    """Finds kernels as Jupyter does, but for ``python3``, which is this interpreter.

    A kernelspec of that name in a user's own folders would win, and point to another
    environment. Where the run has a template, the kernel is forked from it.
    """

    warm = True

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The specification of a kernel, as jupyter_client asks for it."""
        if kernel_name != OWN_KERNEL:
            return super().get_kernel_spec(kernel_name)
        module = "reportkit.batch.kernels.ordinary"
        warm = warm_metadata() if self.warm and os.environ.get(TEMPLATE) else {}
        return KernelSpec(
            argv=[sys.executable, "-m", module, "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
            metadata={"debugger": False, **warm},
        )


class RunClient(AsyncKernelClient):
    """A client that is ready as soon as it has heard the kernel on both channels.

    Its heartbeat stays off: whether the kernel lives its manager knows, and the heartbeat's
    thread may poll a socket that the manager is just closing, upon which libzmq aborts.
    """

    def start_channels(
        self,
        shell: bool = True,
        iopub: bool = True,
        stdin: bool = True,
        hb: bool = False,
        control: bool = True,
    ) -> None:
        """As jupyter_client's, but for the heartbeat."""
        super().start_channels(shell, iopub, stdin, hb, control)

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        """Waits for the answer to a kernel_info request, and until iopub tells of its end.

        Raises
        ------
        RuntimeError
            If the kernel dies before, or does not answer in time.
        """
        end = time.monotonic() + (timeout or float("inf"))
        while True:
            asked = self.kernel_info()
            if await self._heard(asked):
                return
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() >= end:
                raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    wait_for_ready = _async_wait_for_ready

    async def _heard(self, asked: str) -> bool:
        """Whether the reply, and the word that the kernel is idle again, come within a moment."""
        try:
            while True:
                reply = await self.shell_channel.get_msg(timeout=_ASK_AGAIN)
                if reply["parent_header"].get("msg_id") == asked:
                    break
            self._handle_kernel_info_reply(reply)
            while True:
                # A subscription takes a moment to reach the kernel: what it said before is lost.
                told = await self.iopub_channel.get_msg(timeout=_ASK_AGAIN)
                if (
                    told["parent_header"].get("msg_id") == asked
                    and told["content"].get("execution_state") == "idle"
                ):
                    return True
        except Empty:
            return False


class RunKernelManager(AsyncKernelManager):
    """Starts the kernels of a run.

    Ports are chosen before the kernel binds them, so that parallel starts collide ("Address
    already in use"). Where the system has sockets with a path, each kernel gets its own.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        folder = os.environ.get(SOCKETS)
        if folder and os.name != "nt":
            use_own_sockets(self, Path(folder) / f"k{os.getpid()}-{next(_numbers)}")
            # In the run's own folder, so that a kernel that is killed leaves nothing behind.
            self.connection_file = f"{self.ip}.json"

    @default("kernel_spec_manager")
    def _own_kernel_specs(self) -> KernelSpecManager:
        return OwnKernelSpecs(parent=self)

    @default("client_factory")
    def _run_client(self) -> type[RunClient]:
        return RunClient

    async def _async_wait(self, pollinterval: float = _LOOK_EVERY) -> None:
        """Waits until the kernel has ended."""
        while await self._async_is_alive():
            await asyncio.sleep(min(pollinterval, _LOOK_EVERY))


class OrdinaryKernelManager(RunKernelManager):
    """The same for a kernel that is started by itself, whether there is a template or not."""

    @default("kernel_spec_manager")
    def _own_kernel_specs(self) -> KernelSpecManager:
        specs = OwnKernelSpecs(parent=self)
        specs.warm = False
        return specs
