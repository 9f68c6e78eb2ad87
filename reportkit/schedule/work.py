"""A job under way: its commands one after the other, each a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from reportkit.schedule.commands import Command
from reportkit.schedule.ledger import DONE, FAILED, Run

NOTHING_RAN, INTERRUPTED_STATUS = 2, 130
STOP_SECONDS = 40.0
"""So long a command that is told to end may finish what it is at."""


class Process(Protocol):
    """What is asked of a command's process."""

    def poll(self) -> int | None:
        """Its exit status, or None while it runs."""

    def interrupt(self) -> None:
        """Asks it to finish what it is at, and to end."""

    def end(self, seconds: float) -> None:
        """Waits for its end for so long, then kills it."""


Starter = Callable[[Sequence[str], Path], Process]
"""Starts a command: its arguments, and the file to which it speaks."""


class _Command:
    """A command of reportkit as a process."""

    def __init__(self, home: Path, arguments: Sequence[str], log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        with log.open("ab") as said:
            self._process = subprocess.Popen(  # noqa: S603 - reportkit itself
                [sys.executable, "-m", "reportkit", "--home", str(home), *arguments],
                cwd=home, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                env={**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1"}, creationflags=flags,
                # Ctrl-C in the service's terminal is the service's: it decides what ends.
                start_new_session=os.name != "nt",
            )  # fmt: skip

    def poll(self) -> int | None:
        return self._process.poll()

    def interrupt(self) -> None:
        name = "SIGINT" if os.name != "nt" else "CTRL_BREAK_EVENT"
        self._process.send_signal(getattr(signal, name))

    def end(self, seconds: float) -> None:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def starter(home: Path) -> Starter:
    """Starts commands at a workbook."""
    return lambda arguments, log: _Command(home, arguments, log)


@dataclass
class Work:
    """One run of a job, while it lasts.

    Parameters
    ----------
    run:
        Its row in the ledger.
    commands:
        What is to be done.
    log:
        Where the commands speak to.
    """

    run: Run
    commands: Sequence[Command]
    log: Path
    start: Starter
    failed: list[str] = field(default_factory=list)
    """The commands that did not end well, with how they ended."""
    steps: list[str] = field(default_factory=list)
    """The steps that did not."""
    _next: int = 0
    _process: Process | None = None

    def go_on(self, begun: Callable[[str], None]) -> str | None:
        """Looks after the command that runs, and starts the next; the state if all are done.

        ``begun`` is told the step of each command that is started. A command that did what it
        could (status 1) does not keep the next from being tried; one that did nothing does.
        """
        if self._process is not None:
            status = self._process.poll()
            if status is None:
                return None
            self._process = None
            if status:
                command = self.commands[self._next - 1]
                self.failed.append(f"{command}: {_in_words(status)}")
                self.steps.append(command.step)
                if status != 1:
                    return FAILED
        if self._next == len(self.commands):
            return FAILED if self.failed else DONE
        command = self.commands[self._next]
        self._next += 1
        begun(command.step)
        try:
            self._process = self.start(command.arguments, self.log)
        except OSError as error:
            self.failed.append(f"{command}: {error}")
            self.steps.append(command.step)
            return FAILED
        return None

    def stop(self) -> None:
        """Ends the command that runs, in good order if it lets itself be ended."""
        if self._process is not None and self._process.poll() is None:
            self._process.interrupt()
            self._process.end(STOP_SECONDS)
        self._process = None


def _in_words(status: int) -> str:
    if status == NOTHING_RAN:
        return "nothing could be done (status 2)"
    if status == INTERRUPTED_STATUS:
        return "it was interrupted (status 130)"
    if status < 0:
        return f"it was killed (signal {-status})"
    return f"not all of it could be done (status {status})"
