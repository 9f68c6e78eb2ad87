"""Worker processes: one document at a time each, and none outlives the run.

A pool of our own, because that of :mod:`concurrent.futures` breaks as a whole when one
worker dies. Here a death concerns the one document that worker had.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from reportkit.batch.aside import FRUGAL, inherited
from reportkit.batch.contract import Preload
from reportkit.batch.execute import Job, Made
from reportkit.batch.kernels.host import TEMPLATE, Template
from reportkit.batch.kernels.processes import (
    MEMORY,
    become_subreaper,
    can_fork,
    die_with_parent,
    end_strangers,
)
from reportkit.params import HOME_VARIABLE

JOBS_A_WORKER = 200
"""After so many documents a worker makes room for a fresh one: libraries may leak."""

STOP_SECONDS = 5.0
PUBLISH_SECONDS = 20.0
"""So long a worker that is told to end may take to finish files that it is writing."""

TEMPLATES = 5
"""So often a template of kernels is started with all that the workbook wants preloaded."""

_WITHHELD = re.compile(
    r"REPORTKIT_.*|JUPYTER.*|JPY_.*|IPYTHON.*|PYDEVD_.*|TYPST_.*|MPLBACKEND|SOURCE_DATE_EPOCH"
    r"|(PANDAS|PANDERA|PYDANTIC|NPY|NUMEXPR|ARROW)_.*|LANGUAGE|LC_.*"
    r"|COLUMNS|LINES|NO_COLOR|FORCE_COLOR|CLICOLOR.*|TTY_.*"
    r"|PYTHON(?!HOME$|DONTWRITEBYTECODE$|PYCACHEPREFIX$|NOUSERSITE$).*"
)
"""What kernels do not get of a user's environment: passwords and tokens of the notices (all of
``REPORTKIT_``), and what would make another paper of the same notebook."""


@dataclass(frozen=True)
class Setting:
    """What all workers of a run share."""

    parent: int
    home: Path
    temporary: Path
    log: Path
    preload: Preload | None
    """What kernels have ready when they are forked; None: ordinary kernels."""
    memory: int | None = None
    """How many MB a kernel may take beyond those it begins with."""

    @property
    def template(self) -> Path | None:
        """The socket of the template that forks the kernels, where there is one."""
        return self.temporary / "template" if self.preload and can_fork() else None

    def environment(self) -> dict[str, str]:
        """Of workers and kernels: the user's own, and the same wherever a paper could show it."""
        kept = {name: text for name, text in os.environ.items() if not _WITHHELD.fullmatch(name)}
        one_thread = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
        return {
            **kept,
            **FRUGAL,
            **{f"{name}_NUM_THREADS": "1" for name in one_thread},
            **({TEMPLATE: str(self.template)} if self.template else {}),
            **({MEMORY: str(self.memory)} if self.memory else {}),
            HOME_VARIABLE: str(self.home),
            "REPORTKIT_SOCKETS": str(self.temporary),
            "JUPYTER_RUNTIME_DIR": str(self.temporary / "runtime"),
            "JUPYTER_CONFIG_DIR": str(self.temporary / "config"),
            "JUPYTER_PLATFORM_DIRS": "1",
            "LC_ALL": "C.UTF-8",
            "MATPLOTLIBRC": os.devnull,  # an empty one, before that of the user's home
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            "PYTHONHASHSEED": "0",
            "PYTHONUTF8": "1",
        }


class Stopped(BaseException):
    """Raised in a worker that is told to end, so that its kernel is shut down on the way."""


@dataclass(frozen=True)
class Death:
    """How a worker ended without a result: by itself, or because its document took too long."""

    how: str
    overdue: bool = False


# --- in the worker -----------------------------------------------------------------------


def work(connection: Connection, setting: Setting) -> None:
    """A worker's life: takes jobs until there are none."""
    die_with_parent(setting.parent)
    become_subreaper()
    _redirect(setting.log)
    # Each worker's kernels have an IPython folder of their own.
    os.environ["IPYTHONDIR"] = str(setting.temporary / f"ipython-{os.getpid()}")
    _set_signals()
    # An extra of jsonschema that comes with JupyterLab, builds a grammar for 1.7 s at import,
    # and checks a format (IRI) that no notebook has.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from reportkit.batch.execute import make, phase

    try:
        while not phase.ending:
            job = connection.recv()
            if job is None:
                return
            made = make(job)
            end_strangers(set())  # what an ordinary kernel has left; a template sees to its own
            connection.send(made)
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


def _set_signals() -> None:
    """Ctrl-C and its like reach every process of the terminal; only the run decides on them."""

    from reportkit.batch.execute import phase

    def stop(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        phase.ending = True
        if not phase.publishing:
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
        with inherited(setting.environment()):
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

    def how_it_died(self) -> Death:
        """The end of the process, in words."""
        return Death(self._end_in_words())

    def _end_in_words(self) -> str:
        code = self.process.exitcode
        if code is not None and code < 0:
            try:
                name = signal.Signals(-code).name
            except ValueError:
                name = str(-code)
            return f"the worker process was killed by {name}"
        return f"the worker process ended with status {code}"


class Pool:
    """Some workers, and the template of their kernels; what has died is replaced.

    A worker is replaced when the next job is given, the template at once.
    """

    def __init__(self, size: int, setting: Setting) -> None:
        self.size = size
        self.setting = setting
        self.workers: list[Worker] = []
        self._template: Template | None = None
        self._templates = 0
        self._look_after_template()

    def _look_after_template(self) -> None:
        path = self.setting.template
        if path is None or (self._template and self._template.alive):
            return
        if self._template:
            self._template.close()
        self._templates += 1
        # Should what it preloads be what kills it, it is better with nothing.
        several = self._templates > TEMPLATES
        preload = Preload() if several else (self.setting.preload or Preload())
        environment = self.setting.environment()
        self._template = Template(path, preload, environment=environment, log=self.setting.log)

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

    def next(self, timeout: float, limit: float) -> Iterator[tuple[Job, Made | Death, float]]:
        """Results that have arrived: of each job, what was made, or how its worker died.

        A worker that has been at one job for more than ``limit`` seconds is killed.
        """
        self._look_after_template()
        by_handle: dict[Any, Worker] = {}
        for worker in self.busy:
            by_handle[worker.connection] = worker
            by_handle[worker.process.sentinel] = worker
        ready = {id(w): w for w in (by_handle[h] for h in wait(list(by_handle), timeout))}
        for worker in ready.values():
            yield from self._result_of(worker)
        for worker in self.busy:
            if id(worker) not in ready and time.monotonic() - worker.since > limit:
                job, seconds = worker.job, time.monotonic() - worker.since
                worker.process.kill()
                self._discard(worker)
                if job is not None:
                    how = f"the document was not made within {limit:.0f} s"
                    yield job, Death(how, overdue=True), seconds

    def _result_of(self, worker: Worker) -> Iterator[tuple[Job, Made | Death, float]]:
        job, seconds = worker.job, time.monotonic() - worker.since
        made = worker.take()
        if job is None:
            return
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

    def stop(self) -> tuple[list[tuple[Job, Made, float]], list[Job]]:
        """Ends all workers and their kernels.

        Returns
        -------
        tuple
            What was still made: workers that were writing files have finished them; and the
            jobs that were given up.
        """
        made, given_up = [], []
        for worker in self.workers:
            if worker.job is not None:
                worker.process.terminate()
        deadline = time.monotonic() + PUBLISH_SECONDS
        for worker in self.busy:
            if (result := self._last_words(worker, deadline)) and worker.job:
                made.append((worker.job, result, time.monotonic() - worker.since))
            elif worker.job:
                given_up.append(worker.job)
            worker.job = None
        for worker in self.workers:
            worker.connection.close()
        deadline = time.monotonic() + STOP_SECONDS
        for worker in self.workers:
            worker.process.join(max(0.0, deadline - time.monotonic()))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self.workers.clear()
        if self._template:
            self._template.close()
        return made, given_up

    @staticmethod
    def _last_words(worker: Worker, deadline: float) -> Made | None:
        """What a worker that was told to end has made after all."""
        handles: list[Any] = [worker.connection, worker.process.sentinel]
        wait(handles, max(0.0, deadline - time.monotonic()))
        return worker.take() if worker.connection.poll() else None
