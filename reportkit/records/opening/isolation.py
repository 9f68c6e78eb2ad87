"""Calling what parses a stranger's file in a process of its own: its death costs that file only.

A child process serves call after call, and is replaced after it died. It ends itself when a
call takes too long, whatever keeps it, and is denied more memory than an honest file needs
where the system can (Windows and macOS cannot; there the time ends it).
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar

from reportkit.errors import RecordsError, SubmissionError
from reportkit.records.opening.grid import refusal
from reportkit.records.opening.limits import MAXIMUM_MEMORY, MAXIMUM_SECONDS

Result = TypeVar("Result")

_idle: dict[int, list[_Child]] = {}
"""Process → children of it that wait for a call; a forked process has none yet."""


def isolated(
    function: Callable[..., Result],
    *arguments: Any,
    seconds: float = MAXIMUM_SECONDS,
    memory: int = MAXIMUM_MEMORY,
) -> Result:
    """Return what a function of a module returns, or raise what it raises, from a child process.

    Arguments and result are pickled. Safe to call from several threads: each call has a child
    to itself.

    Raises
    ------
    SubmissionError
        ``reading_ended`` if the process died, ran out of memory, or out of time.
    """
    idle = _idle.setdefault(os.getpid(), [])
    while True:
        child, is_new = (idle.pop(), False) if idle else (_Child(), True)
        begun = time.monotonic()
        try:
            is_result, value = child.answer((function, arguments, seconds, memory))
        except (EOFError, OSError, pickle.UnpicklingError):
            child.end()
            if time.monotonic() - begun >= seconds:
                raise reading_ended(f"读取超过 {seconds:g} 秒仍没有结束") from None
            if is_new:  # else what earlier files left behind may have been too much
                raise reading_ended() from None
        except BaseException:  # such as Ctrl-C: an answer under way must not meet the next call
            child.end()
            raise
        else:
            if isinstance(value, MemoryError):
                child.end()
                if not is_new:
                    continue
                raise reading_ended(f"读取所需的内存超过 {memory // 2**20} MB")
            idle.append(child)
            if not is_result:
                raise value
            result: Result = value
            return result


def reading_ended(found: str = "读取时程序异常终止") -> SubmissionError:
    """Return the error of a file that ended the process which read it."""
    return refusal(
        found,
        "能在 Excel 或 WPS 中正常打开的报送表",
        "在本机打开，把内容复制到新的报送表，另存为 .xlsx 后重新报送",
        code="reading_ended",
    )


class _Child:
    """A process that waits for calls."""

    def __init__(self) -> None:
        begin = f"import sys; sys.path[:] = {sys.path!a}; import {__name__} as own; own.serve()"
        try:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-c", begin],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        except OSError as error:
            raise RecordsError(
                f"no process can be started to read files in ({error.strerror})",
                expected="a system that lets Python start Python",
                next_step="check the memory that is free, and what the system lets programs start",
            ) from None

    def answer(self, call: tuple[Any, ...]) -> tuple[bool, Any]:
        """Return (True, the result) or (False, the exception)."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise OSError("no pipes")
        pickle.dump(call, stdin)
        stdin.flush()
        answer: tuple[bool, Any] = pickle.load(stdout)  # noqa: S301 - our own code's answer
        return answer

    def end(self) -> None:
        """Kill the process if it lives, and let go of it."""
        self._process.kill()
        with contextlib.suppress(OSError):
            self._process.communicate()


def serve() -> None:
    """Answer calls until there are none: the child's part."""
    calls, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while True:
            _answer(calls, answers)


def _answer(calls: BinaryIO, answers: BinaryIO) -> None:
    function, arguments, seconds, memory = pickle.load(calls)  # noqa: S301 - our parent's
    _limit_memory(memory)
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        answer = pickle.dumps((True, function(*arguments)))
    except Exception as error:  # noqa: BLE001, RUF100 - raised where the call came from
        answer = pickle.dumps((False, error))
    faulthandler.cancel_dump_traceback_later()
    answers.write(answer)
    answers.flush()


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (size, resource.getrlimit(resource.RLIMIT_AS)[1]))
