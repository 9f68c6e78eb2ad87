"""The template process: has a notebook's imports done, and forks a kernel on request.

Started by :class:`~reportkit.batch.kernels.host.Template` with its settings as JSON on standard
input and a listening socket as a file descriptor. Each connection to that socket is one kernel:
the request says with which arguments, environment and working directory; what comes back are
lines of JSON (``started`` with the kernel's pidfd, ``ready``, ``exit``). A connection that the
other side closes ends its kernel, and whatever that kernel had started.

One thread only, and nothing of a notebook ever runs here: each kernel begins with the same state.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import struct
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

from reportkit.batch.kernels.ordinary import INLINE, forget_working_directory, settle_matplotlib
from reportkit.batch.kernels.processes import (
    become_subreaper,
    die_with_parent,
    end_strangers,
    limit_memory_as_asked,
    resident_megabytes,
)

GROWTH = 200
"""MB by which a template may grow before it makes room for a fresh one."""

_REQUEST_SECONDS = 10.0
_END_SECONDS = 3.0
_KERNEL_IMPORTS = (
    "ipykernel.kernelapp", "ipykernel.debugger", "ipykernel.ipkernel", "ipykernel.zmqshell",
    "matplotlib_inline.config", "IPython.core.completer", "IPython.core.completerlib",
    "IPython.core.debugger", "IPython.core.oinspect", "IPython.extensions.storemagic",
    "IPython.utils.wildcard", "faulthandler", "pdb", "profile", "sqlite3",
    "tornado.platform.asyncio",
)  # fmt: skip
"""What ipykernel imports only when a kernel begins."""
_set_by_imports: dict[str, str] = {}
"""Environment variables that modules set when they are imported: a forked kernel has them too."""


@dataclass(frozen=True)
class Launch:
    """One kernel to be: what the request said, and where to answer."""

    arguments: list[str]
    environment: dict[str, str]
    folder: str
    streams: list[int]
    connection: socket.socket
    template: int

    def close_streams(self) -> None:
        """In the template: these belong to the kernel."""
        for stream in self.streams:
            os.close(stream)

    def tell(self, **line: object) -> None:
        """One line to who asked; one that has gone away learns nothing."""
        with contextlib.suppress(OSError):
            self.connection.sendall(json.dumps(line).encode() + b"\n")


@dataclass(frozen=True)
class _Kernel:
    number: int
    pidfd: int
    connection: socket.socket


class Server:
    """Forks kernels for whoever connects, until its host ends."""

    def __init__(self, listener: socket.socket, host: int, path: Path) -> None:
        self._listener = listener
        self._path = path
        self._host = host
        self._kernels: dict[int, _Kernel] = {}  # by pidfd, and by the connection's descriptor
        self._poll = select.poll()
        self._poll.register(listener, select.POLLIN)
        self._poll.register(host, select.POLLIN)
        self._sources = _sources()
        self._at_first = resident_megabytes()
        self._ending = False

    def serve(self) -> Launch | None:
        """Works until the host ends (None), or, in a forked child, returns its launch."""
        while self._kernels or not self._ending:
            ready = {handle for handle, _ in self._poll.poll()}
            if self._host in ready:
                self.end()
                return None
            # Those that end first, all of them: a kernel accepted in between could be given the
            # number of a descriptor just closed, and be taken for the one that has ended.
            for kernel in {self._kernels[handle] for handle in ready & self._kernels.keys()}:
                self._end_kernel(kernel)
            if self._listener.fileno() in ready and (launch := self._accept()):
                return launch
        return None

    def end(self) -> None:
        """Ends all kernels, and all that they started."""
        for kernel in set(self._kernels.values()):
            self._end_kernel(kernel)

    # --- beginning a kernel ---

    def _accept(self) -> Launch | None:
        connection, _ = self._listener.accept()
        try:
            launch, fresh = _read_launch(connection)
        except (OSError, ValueError, KeyError, TypeError, EOFError, struct.error):
            connection.close()
            return None
        if fresh and _sources() != self._sources:
            self._stop_accepting()
            launch.tell(stale=True)
            launch.close_streams()
            connection.close()
            return None
        return self._fork(launch)

    def _fork(self, launch: Launch) -> Launch | None:
        number = os.fork()
        if number == 0:
            self._forget()
            return launch
        launch.close_streams()
        pidfd = os.pidfd_open(number)
        kernel = _Kernel(number, pidfd, launch.connection)
        self._kernels[pidfd] = self._kernels[launch.connection.fileno()] = kernel
        self._poll.register(pidfd, select.POLLIN)
        self._poll.register(launch.connection, select.POLLIN)
        line = json.dumps({"started": number}).encode() + b"\n"
        with contextlib.suppress(OSError):
            socket.send_fds(launch.connection, [line], [pidfd])
        if resident_megabytes() > self._at_first + GROWTH:
            self._stop_accepting()
        return None

    def _stop_accepting(self) -> None:
        """Whoever asks next finds nobody, and starts a fresh template; kernels go on here."""
        self._ending = True
        self._path.unlink(missing_ok=True)
        self._poll.unregister(self._listener)
        self._listener.close()

    def _forget(self) -> None:
        """In the child: nothing of the other kernels, nor of the template's business."""
        for kernel in set(self._kernels.values()):
            os.close(kernel.pidfd)
            kernel.connection.close()
        self._kernels.clear()
        self._listener.close()
        os.close(self._host)

    # --- ending a kernel ---

    def _end_kernel(self, kernel: _Kernel) -> None:
        """Kills the kernel if it lives, and what it left; tells how it ended."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            # Its number is its own until it is reaped below: this hits no other process.
            if not _has_ended(kernel.pidfd):
                signal.pidfd_send_signal(kernel.pidfd, signal.SIGKILL)
            os.killpg(kernel.number, signal.SIGKILL)
        _, status = os.waitpid(kernel.number, 0)
        for handle in (kernel.pidfd, kernel.connection.fileno()):
            self._poll.unregister(handle)
            del self._kernels[handle]
        end_strangers({other.number for other in self._kernels.values()})
        line = json.dumps({"exit": os.waitstatus_to_exitcode(status)}).encode() + b"\n"
        with contextlib.suppress(OSError):
            kernel.connection.sendall(line)
        os.close(kernel.pidfd)
        kernel.connection.close()


def _has_ended(pidfd: int) -> bool:
    return bool(select.select([pidfd], [], [], 0)[0])


def _read_launch(connection: socket.socket) -> tuple[Launch, bool]:
    """The request: four bytes of length with the descriptors of the streams, then JSON."""
    connection.settimeout(_REQUEST_SECONDS)
    head, streams, _, _ = socket.recv_fds(connection, 4, 2)
    try:
        (length,) = struct.unpack("!I", head)
        data = bytearray()
        while len(data) < length:
            part = connection.recv(length - len(data))
            if not part:
                raise EOFError
            data += part
        request = json.loads(data)
        connection.settimeout(None)
        launch = Launch(
            list(request["arguments"]), dict(request["environment"]), str(request["folder"]),
            list(streams), connection, os.getpid(),
        )  # fmt: skip
        return launch, bool(request["fresh"])
    except BaseException:
        for stream in streams:
            os.close(stream)
        raise


def _sources() -> dict[str, int]:
    """When each module's file was last changed."""
    found = {}
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if path:
            with contextlib.suppress(OSError):
                found[path] = Path(path).stat().st_mtime_ns
    return found


# --- the process -------------------------------------------------------------------------


def main() -> None:
    """Prepares, serves, and, in a forked child, becomes the kernel."""
    setting = json.loads(sys.stdin.buffer.read())
    forget_working_directory()
    listener = socket.socket(fileno=setting["listener"])
    host = os.pidfd_open(setting["host"])
    if os.getppid() != setting["host"]:
        return  # the host has ended already, and its number may be another's
    _guard(listener, host)
    launch = _serve(setting, listener, host)
    if launch is not None:
        become_kernel(launch)


def _serve(setting: dict[str, Any], listener: socket.socket, host: int) -> Launch | None:
    """The template's own life; returns in the forked child, or when the host has ended."""
    prepare(setting)
    server = Server(listener, host, Path(setting["path"]))

    def end(*_: object) -> NoReturn:
        server.end()
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return server.serve()


def _guard(listener: socket.socket, host: int) -> None:
    """Splits the process in two: the parent only outlives the template, which is the child.

    Should the template be killed, its kernels die with it (they asked Linux for that), and what
    they had started falls to the parent, which ends it.
    """
    become_subreaper()
    guard = os.getpid()
    template = os.fork()
    if template == 0:
        die_with_parent(guard, signal.SIGTERM)
        become_subreaper()
        return
    listener.close()

    def end(*_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(template, signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pidfd = os.pidfd_open(template)
    ended = select.select([pidfd, host], [], [])[0]
    if pidfd not in ended:  # the host has ended; a template that does not see it is hung
        end()
        if not select.select([pidfd], [], [], _END_SECONDS)[0]:
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    _, status = os.waitpid(template, 0)
    end_strangers(set())
    os._exit(int(status != 0))


def prepare(setting: dict[str, Any]) -> None:
    """Imports what every kernel needs, and loads what the workbook wants loaded.

    What fails here is not fatal: the notebook's own cell will say so, in its own words.
    """
    settle_matplotlib()
    before = set(os.environ)
    # pandas asks it once, at its import, whether its tables are for a terminal or a notebook.
    vars(builtins)["get_ipython"] = lambda: SimpleNamespace(kernel=None)
    for name in (*_KERNEL_IMPORTS, *setting["modules"]):
        try:
            importlib.import_module(name)
        except Exception:
            traceback.print_exc()
    if function := setting["function"]:
        module, _, name = function.partition(":")
        try:
            getattr(importlib.import_module(module), name)(*setting["arguments"])
        except Exception:
            traceback.print_exc()
    del vars(builtins)["get_ipython"]
    _set_by_imports.update({k: v for k, v in os.environ.items() if k not in before})
    # It looks for a running IPython when it is imported, once: a kernel shall import it itself.
    sys.modules.pop("matplotlib_inline.backend_inline", None)
    gc.collect()
    gc.freeze()  # the collector of a forked kernel then leaves these pages shared


def become_kernel(launch: Launch) -> None:
    """In the forked child: an ordinary ipykernel from here on."""
    os.setsid()
    die_with_parent(launch.template)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for target, stream in enumerate(launch.streams, start=1):
        os.dup2(stream, target)
        os.close(stream)
    _take_environment(launch.environment)
    sys.argv = [str(Path(__file__).with_name("ordinary.py")), *launch.arguments]
    os.chdir(launch.folder)
    _reseed()
    from ipykernel.kernelapp import IPKernelApp

    # A parent of 1 is none to look after: Linux kills this kernel with its template.
    app: Any = IPKernelApp.instance(parent_handle=1)
    app.initialize(launch.arguments)
    limit_memory_as_asked()
    launch.tell(ready=True)
    launch.connection.close()
    app.start()


def _take_environment(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update({**_set_by_imports, **environment})
    time.tzset()
    backend = environment.get("MPLBACKEND", INLINE)
    if (matplotlib := sys.modules.get("matplotlib")) and backend != INLINE:
        matplotlib.rcParams["backend"] = backend


def _reseed() -> None:
    """Random numbers of this kernel's own: a fork has its template's state."""
    import random

    random.seed()
    if numpy_random := sys.modules.get("numpy.random"):
        numpy_random.seed()


if __name__ == "__main__":
    main()
