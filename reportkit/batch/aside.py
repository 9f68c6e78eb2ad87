"""A piece of work in a process of its own: what it takes of memory is given back at its end."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
from collections.abc import Callable, Iterator, Mapping
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from reportkit.batch.kernels.processes import die_with_parent
from reportkit.errors import ReportkitError

Result = TypeVar("Result")

FRUGAL = {"ARROW_DEFAULT_MEMORY_POOL": "system"}
"""Environment of processes that read tables: pyarrow's own pools keep what was freed."""


def aside(function: Callable[..., Result], *args: Any) -> Result:
    """``function(*args)``, worked out elsewhere; all of it must go by pickle.

    Raises
    ------
    ReportkitError
        If the process was ended before it had an answer.
    Exception
        What the function raises.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_answer, args=(theirs, os.getpid(), function, args), name="reportkit-aside"
    )
    with inherited({**os.environ, **FRUGAL}):
        process.start()
    theirs.close()
    try:
        good, answer = _heard(ours, process, function)
    finally:
        process.kill()
        process.join()
        ours.close()
    if not good:
        raise answer
    result: Result = answer
    return result


@contextlib.contextmanager
def inherited(environment: Mapping[str, str]) -> Iterator[None]:
    """What a process that is started meanwhile has before it imports anything: this alone."""
    before = dict(os.environ)
    try:
        _replace(environment)
        yield
    finally:
        _replace(before)


def _replace(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)


def _heard(ours: Connection, process: Any, function: Callable[..., Any]) -> tuple[bool, Any]:
    try:
        heard: tuple[bool, Any] = ours.recv()
    except EOFError:
        process.join()
        raise ReportkitError(
            f"the process that works out {function.__name__} ended with status {process.exitcode}",
            expected="an answer",
            next_step="see whether memory ran out, and run again",
        ) from None
    return heard


def _answer(
    theirs: Connection, parent: int, function: Callable[..., Any], args: tuple[Any, ...]
) -> None:
    """In the process: the answer, or the error."""
    die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C: the run decides
    try:
        told: tuple[bool, Any] = True, function(*args)
    except Exception as error:
        told = False, _fit_to_travel(error)
    with contextlib.suppress(BrokenPipeError):
        theirs.send(told)


def _fit_to_travel(error: Exception) -> Exception:
    """The error itself, unless it cannot be made again on the other side: then its words."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - of our own making
    except Exception:
        return ReportkitError(f"{type(error).__name__}: {error}")
    return error
