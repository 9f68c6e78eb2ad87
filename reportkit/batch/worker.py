"""Worker processes: one document at a time each, and none outlives the run.

A pool of our own, because that of :mod:`concurrent.futures` breaks as a whole when one
worker dies. Here a death concerns the one document that worker had.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from reportkit.batch.execute import Job, Made
from reportkit.batch.kernel_main import die_with_parent
from reportkit.params import HOME_VARIABLE

JOBS_A_WORKER = 200
"""After so many documents a worker makes room for a fresh one: libraries may leak."""

STOP_SECONDS = 5.0


@dataclass(frozen=True)
class Setting:
    """What all workers of a run share."""

    parent: int
    home: Path
    temporary: Path
    log: Path


class Stopped(BaseException):
    """Raised in a worker that is told to end, so that its kernel is shut down on the way."""


# --- in the worker -----------------------------------------------------------------------


def work(connection: Connection, setting: Setting) -> None:
    """A worker's life: takes jobs until there are none."""
    die_with_parent(setting.parent)
    _redirect(setting.log)
    _set_environment(setting)
    _set_signals()
    # An extra of jsonschema that comes with JupyterLab, builds a grammar for 1.7 s at import,
    # and checks a format (IRI) that no notebook has.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from reportkit.batch.execute import make

    try:
        while True:
            job = connection.recv()
            if job is None:
                return
            connection.send(make(job))
    except (EOFError, OSError, Stopped):
        return


def _redirect(log: Path) -> None:
    """What libraries and kernels say goes to the log, not to the user's terminal."""
    import faulthandler

    handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.close(handle)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)
    faulthandler.enable()


def _set_environment(setting: Setting) -> None:
    """The environment of kernels: the same on every machine, and nothing in the user's home."""
    for name in ("MPLBACKEND", "PYTHONSTARTUP", "IPYTHON_SUPPRESS_CONFIG_ERRORS"):
        os.environ.pop(name, None)
    one_thread = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
    os.environ.update({f"{name}_NUM_THREADS": "1" for name in one_thread})
    temporary = setting.temporary
    os.environ.update(
        {
            HOME_VARIABLE: str(setting.home),
            "REPORTKIT_SOCKETS": str(temporary),
            "IPYTHONDIR": str(temporary / f"ipython-{os.getpid()}"),
            "JUPYTER_RUNTIME_DIR": str(temporary / "runtime"),
            "JUPYTER_CONFIG_DIR": str(temporary / "config"),
            "JUPYTER_PLATFORM_DIRS": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            "PYTHONHASHSEED": "0",
            "PYTHONUTF8": "1",
        }
    )


def _set_signals() -> None:
    """Ctrl-C and its like reach every process of the terminal; only the run decides on them."""

    def stop(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        raise Stopped

    # A handler rather than SIG_IGN, which kernels would inherit.
    for name in ("SIGINT", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: None)
    signal.signal(signal.SIGTERM, stop)


# --- in the run --------------------------------------------------------------------------


class Worker:
    """One worker process, seen from the run."""

    def __init__(self, setting: Setting) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(
            target=work, args=(theirs, setting), name="reportkit-worker", daemon=True
        )
        self.process.start()
        theirs.close()
        self.job: Job | None = None
        self.since = 0.0
        self.jobs = 0

    def give(self, job: Job) -> None:
        """Hands the worker a job; a worker found dead shows itself in :meth:`Pool.next`."""
        self.job, self.since = job, time.monotonic()
        self.jobs += 1
        with contextlib.suppress(OSError):
            self.connection.send(job)

    def take(self) -> Made | None:
        """The result, or None if the worker died without one."""
        try:
            made: Any = self.connection.recv()
        except Exception:  # a pipe cut in the middle of a pickle raises anything
            self.process.join(STOP_SECONDS)
            return None
        return made if isinstance(made, Made) else None

    def how_it_died(self) -> str:
        """The end of the process, in words."""
        code = self.process.exitcode
        if code is not None and code < 0:
            try:
                name = signal.Signals(-code).name
            except ValueError:
                name = str(-code)
            return f"the worker process was killed by {name}"
        return f"the worker process ended with status {code}"


class Pool:
    """Some workers; a dead one is replaced when the next job is given."""

    def __init__(self, size: int, setting: Setting) -> None:
        self.size = size
        self.setting = setting
        self.workers: list[Worker] = []

    @property
    def free(self) -> bool:
        """Whether another job can be given."""
        return len(self.busy) < self.size

    @property
    def busy(self) -> list[Worker]:
        """The workers that have a job."""
        return [worker for worker in self.workers if worker.job is not None]

    def give(self, job: Job) -> None:
        """Hands a job to a free worker, starting one if need be."""
        for worker in self.workers:
            if worker.job is None:
                worker.give(job)
                return
        worker = Worker(self.setting)
        self.workers.append(worker)
        worker.give(job)

    def next(self, timeout: float) -> Iterator[tuple[Job, Made | str, float]]:
        """Results that have arrived: of each job, what was made, or how its worker died."""
        by_handle: dict[Any, Worker] = {}
        for worker in self.busy:
            by_handle[worker.connection] = worker
            by_handle[worker.process.sentinel] = worker
        ready = {id(w): w for w in (by_handle[h] for h in wait(list(by_handle), timeout))}
        for worker in ready.values():
            job, seconds = worker.job, time.monotonic() - worker.since
            made = worker.take()
            if job is None:
                continue
            worker.job = None
            if made is None:
                self._discard(worker)
                yield job, worker.how_it_died(), seconds
            else:
                if worker.jobs >= JOBS_A_WORKER:
                    self._discard(worker)
                yield job, made, seconds

    def _discard(self, worker: Worker) -> None:
        self.workers.remove(worker)
        with contextlib.suppress(OSError):
            worker.connection.send(None)
        worker.connection.close()
        worker.process.join(STOP_SECONDS)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()

    def stop(self) -> list[Job]:
        """Ends all workers and their kernels; says which jobs they were at."""
        cancelled = [worker.job for worker in self.workers if worker.job is not None]
        for worker in self.workers:
            if worker.job is not None:
                worker.process.terminate()
            worker.connection.close()
        deadline = time.monotonic() + STOP_SECONDS
        for worker in self.workers:
            worker.process.join(max(0.0, deadline - time.monotonic()))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self.workers.clear()
        return cancelled
