"""A template of kernels as seen from the process that asks it: started, asked, replaced, ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reportkit.batch.contract import Preload

TEMPLATE = "REPORTKIT_TEMPLATE"
"""Environment variable: the socket of the template that serves this process's kernels."""

START_SECONDS = 60.0
"""How long a template may take until its first kernel is there: it has much to import."""

_SOCKET_NAME = 100
"""So long may a socket's path be; Linux itself stops at 107."""


class NoTemplate(Exception):
    """No kernel could be had from a template; an ordinary one will do."""


class StaleTemplate(NoTemplate):
    """The template's modules have changed on the disk; a new one is needed."""


def short_folder(prefix: str) -> Path:
    """A new folder for sockets, whose paths the system wants short."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    if len(os.fsencode(folder)) > _SOCKET_NAME - 30:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    return folder


class Template:
    """A template process that this one owns."""

    def __init__(
        self,
        path: Path,
        preload: Preload,
        *,
        python: str = sys.executable,
        environment: Mapping[str, str] | None = None,
        log: Path | None = None,
    ) -> None:
        """Starts it; kernels may be asked for at once, and wait until it is ready.

        Parameters
        ----------
        path:
            Its socket: short, in a folder that only this user can enter.
        python:
            The interpreter of the kernels.
        environment:
            Of the template: what counts at import. None: this process's.
        log:
            Where what libraries say goes; None: to this process's standard error.
        """
        self.path = path
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen(128)
            listener.set_inheritable(True)
            setting = {
                "host": os.getpid(),
                "listener": listener.fileno(),
                "path": str(path),
                "modules": preload.modules,
                "function": preload.function,
                "arguments": preload.arguments,
            }
            with contextlib.ExitStack() as stack:
                stream = stack.enter_context(log.open("ab")) if log else None
                self._process = subprocess.Popen(  # noqa: S603 - an interpreter, and our module
                    [python, "-m", "reportkit.batch.kernels.template"],
                    stdin=subprocess.PIPE,
                    stdout=stream or sys.__stderr__,
                    stderr=stream,
                    env=dict(environment) if environment is not None else None,
                    pass_fds=[listener.fileno()],
                    start_new_session=True,
                )
        if (stdin := self._process.stdin) is not None:
            with contextlib.suppress(BrokenPipeError), stdin:
                stdin.write(json.dumps(setting).encode())

    @property
    def alive(self) -> bool:
        """Whether it still runs, and takes requests: one that no longer does removes its socket."""
        return self._process.poll() is None and self.path.exists()

    def close(self, seconds: float = 3.0) -> None:
        """Ends it with all its kernels."""
        with contextlib.suppress(OSError):
            self._process.terminate()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.path.unlink(missing_ok=True)


class Forked:
    """A forked kernel, with the methods of :class:`subprocess.Popen` that jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, number: int, pidfd: int, rest: bytes) -> None:
        self.pid = number
        self.returncode: int | None = None
        self._connection = connection
        self._pidfd: int | None = pidfd
        self._heard = rest

    def poll(self) -> int | None:
        """The exit status, or None while it runs."""
        if self.returncode is None and self._pidfd is None:
            self.returncode = -int(signal.SIGKILL)  # it was let go, and has ended of that
        elif self.returncode is None and self._has_ended(0):
            self.returncode = self._exit_status()
            self.release()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Waits for its end."""
        if self.returncode is None and not self._has_ended(timeout):
            raise subprocess.TimeoutExpired("kernel", timeout or 0)
        status = self.poll()
        return -int(signal.SIGKILL) if status is None else status

    def _has_ended(self, timeout: float | None) -> bool:
        """Whether it ends within so many seconds; one that was let go of has."""
        if self._pidfd is None:
            return True
        return bool(select.select([self._pidfd], [], [], timeout)[0])

    def send_signal(self, number: int) -> None:
        """Signals the kernel itself."""
        if self.poll() is None and self._pidfd is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    def kill(self) -> None:
        """Ends it at once; the template sees that its connection is closed, and tidies up."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)

    def _exit_status(self) -> int:
        """What the template says of the end; without a template it was killed."""
        deadline = time.monotonic() + 2.0
        self._connection.settimeout(0.5)
        while time.monotonic() < deadline:
            for line in _lines(self._heard):
                if "exit" in line:
                    return int(line["exit"])
            try:
                part = self._connection.recv(4096)
            except TimeoutError:
                continue
            except OSError:
                break
            if not part:
                break
            self._heard += part
        return -int(signal.SIGKILL)

    def release(self) -> None:
        """Lets go of it: the template sees its connection closed, and ends the kernel.

        Once only: the descriptor's number may be somebody else's by the second time.
        """
        pidfd, self._pidfd = self._pidfd, None
        if pidfd is not None:
            os.close(pidfd)
        self._connection.close()

    def __del__(self) -> None:
        if self.returncode is None:
            with contextlib.suppress(OSError, AttributeError):
                self.release()


def _lines(heard: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in heard.split(b"\n")[:-1] if line]


async def fork_kernel(
    path: Path,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    *,
    fresh: bool = False,
    patience: float = 0.0,
    timeout: float = START_SECONDS,
) -> Forked:
    """Asks the template at ``path`` for a kernel; returns when its sockets are bound.

    Parameters
    ----------
    arguments, environment, folder:
        Of the kernel: its command line after the program, all of its environment, and the
        working directory.
    fresh:
        Whether the template must first see that no module has changed on the disk.
    patience:
        Seconds to wait for a template that is not there: another may be on its way.
    timeout:
        Seconds until the kernel must be there.

    Raises
    ------
    NoTemplate
        If there is none, it takes too long, or the kernel ends before it is ready.
    """
    connection = await _connect(path, patience)
    try:
        _request(connection, arguments, environment, folder, fresh)
        return await asyncio.wait_for(_started(connection), timeout)
    except BaseException as error:
        connection.close()
        if isinstance(error, OSError | ValueError | TimeoutError):
            raise NoTemplate(f"{type(error).__name__}: {error}") from error
        raise


async def _connect(path: Path, patience: float) -> socket.socket:
    deadline = time.monotonic() + patience
    while True:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(str(path))
        except OSError as error:
            connection.close()
            if time.monotonic() >= deadline:
                raise NoTemplate(f"no template at {path}: {error}") from error
            await asyncio.sleep(0.05)
        else:
            return connection


def _request(
    connection: socket.socket,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    fresh: bool,
) -> None:
    request = {
        "arguments": list(arguments),
        "environment": dict(environment),
        "folder": str(folder),
        "fresh": fresh,
    }
    data = json.dumps(request).encode()
    connection.settimeout(10.0)
    socket.send_fds(connection, [struct.pack("!I", len(data))], [1, 2])
    connection.sendall(data)


async def _started(connection: socket.socket) -> Forked:
    """Waits for the lines ``started``, which brings the pidfd, and ``ready``."""
    connection.setblocking(False)
    loop = asyncio.get_running_loop()
    heard, pidfds = b"", list[int]()
    try:
        while True:
            await _readable(loop, connection)
            part, handles, _, _ = socket.recv_fds(connection, 4096, 1)
            pidfds += handles
            heard += part
            told = {name: value for line in _lines(heard) for name, value in line.items()}
            if told.get("stale"):
                raise StaleTemplate("modules have changed on the disk")
            if "exit" in told or not part:
                raise NoTemplate(f"the kernel ended before it was ready: {told.get('exit')}")
            if "ready" in told:
                return Forked(connection, int(told["started"]), pidfds.pop(), heard)
    finally:
        for pidfd in pidfds:
            os.close(pidfd)


async def _readable(loop: asyncio.AbstractEventLoop, connection: socket.socket) -> None:
    ready = asyncio.Event()
    loop.add_reader(connection, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(connection)


# --- templates of processes that start kernels without a run: JupyterLab, papermill -------

_own: dict[tuple[int, str, Preload], tuple[Template, Path]] = {}
_replaced: list[Template] = []
"""Their kernels go on; they end with this process at the latest."""


def own_template(python: str, preload: Preload, *, renew: bool = False) -> Template:
    """This process's template for an interpreter and what it preloads, started if need be."""
    key = (os.getpid(), python, preload)
    kept = _own.get(key)
    if kept and not renew and kept[0].alive:
        return kept[0]
    if kept:
        _replaced.append(kept[0])
        shutil.rmtree(kept[1], ignore_errors=True)
    else:
        import atexit

        atexit.register(_close_own, key)
    folder = short_folder("reportkit-kernels-")
    template = Template(folder / "template", preload, python=python)
    _own[key] = (template, folder)
    return template


def _close_own(key: tuple[int, str, Preload]) -> None:
    if key[0] != os.getpid() or key not in _own:
        return
    template, folder = _own.pop(key)
    template.close()
    shutil.rmtree(folder, ignore_errors=True)
