"""A workbook with a schedule, and commands that run in the clock's time instead of real time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import time_machine

from reportkit.schedule.ledger import Run
from reportkit.schedule.service import Service


def workbook(folder: Path, text: str) -> Path:
    """A workbook's folder with this schedule."""
    (folder / "params").mkdir(parents=True, exist_ok=True)
    (folder / "params" / "schedule.yml").write_text(text, encoding="utf-8")
    return folder


@dataclass
class Fake:
    """A command that takes its time by the clock, and ends with a status."""

    until: dt.datetime
    status: int
    ended: list[str]
    interrupted: bool = False

    def poll(self) -> int | None:
        """As a process has it."""
        if self.interrupted:
            return 130
        return self.status if dt.datetime.now(dt.UTC) >= self.until else None

    def interrupt(self) -> None:
        """It lets itself be ended."""
        self.interrupted = True

    def end(self, seconds: float) -> None:
        """It has ended by then."""
        self.ended.append("ended")


@dataclass
class World:
    """A clock, a service that can be ended and begun again, and what its commands did."""

    home: Path
    clock: time_machine.Traveller
    minutes: Callable[[Sequence[str]], float] = lambda _: 5.0
    status: Callable[[Sequence[str]], int] = lambda _: 0
    begun: list[tuple[dt.datetime, tuple[str, ...]]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    service: Service | None = None

    def start(self, arguments: Sequence[str], log: Path) -> Fake:
        """Starts a command of the clock's time."""
        now = dt.datetime.now(dt.UTC)
        self.begun.append((now, tuple(arguments)))
        span = dt.timedelta(minutes=self.minutes(arguments))
        return Fake(now + span, self.status(arguments), self.ended)

    def open(self) -> None:
        """Begins a service."""
        self.service = Service(self.home, self.start)
        self.service.open()

    def close(self) -> None:
        """Ends it in good order."""
        if self.service:
            self.service.close()
            self.service = None

    def kill(self) -> None:
        """Ends it as SIGKILL does: nothing is said to anybody."""
        if self.service:
            self.service.ledger.close()
            self.service = None

    def pass_(self, until: dt.datetime, step: dt.timedelta = dt.timedelta(minutes=1)) -> None:
        """Lets the time pass; the service, if there is one, has its tick at each step."""
        while dt.datetime.now(dt.UTC) < until:
            self.clock.shift(step)
            if self.service:
                self.service.tick()

    def jump(self, until: dt.datetime) -> None:
        """Lets the time pass while nothing ticks: a machine that is off, or asleep."""
        self.clock.move_to(until)

    def runs(self) -> list[Run]:
        """What the ledger has, the first due first."""
        assert self.service is not None
        return sorted(self.service.ledger.runs(), key=lambda run: run.due)
