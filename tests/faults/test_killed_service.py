"""The schedule's service ended in the middle of a job: what it did is true, and told once."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from counting import LONG, wait_until

from reportkit.schedule.ledger import Ledger, Run
from reportkit.schedule.service import Service

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")


class Box:
    """A mail server's letters."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Takes each."""
        self.taken += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    """A real SMTP server on this machine, and its port."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    made = Box()
    controller = Controller(made, hostname="127.0.0.1", port=port)
    controller.start()
    yield made, port
    controller.stop()


@pytest.fixture
def home(demo_home: Path, tmp_path: Path, box: tuple[Box, int]) -> Path:
    """The demo with a job that became due an hour ago, while no service ran."""
    folder = tmp_path / "workbook"
    shutil.copytree(demo_home, folder)
    (folder / "params" / "schedule.yml").write_text(
        f"""\
mail: {{server: 127.0.0.1, port: {box[1]}, security: none, sender: office@example.com}}
jobs:
  hourly:
    cron: "0 * * * *"
    do: [run]
    years: [2023]
    units: [dongling, yunping]
    notebooks: [unit_circular]
    tell: {{success: [a@example.com], failure: [b@example.com]}}
""",
        encoding="utf-8",
    )
    with time_machine.travel(dt.datetime.now(dt.UTC) - dt.timedelta(hours=1), tick=False):
        service = Service(folder)
        service.open()
        service.close()
    return folder


def service(home: Path) -> subprocess.Popen[bytes]:
    """The service as a process, which ends when nothing is left to do."""
    command = [sys.executable, "-m", "reportkit", "--home", str(home), "schedule", "run"]
    return subprocess.Popen([*command, "--until-idle"], stderr=subprocess.PIPE)


def run_of(home: Path) -> Run | None:
    """The job's row in the ledger."""
    ledger = Ledger(home / "outputs")
    try:
        return next(iter(ledger.runs()), None)
    finally:
        ledger.close()


def at_work(home: Path) -> bool:
    """Whether the job's command makes circulars by now."""
    run = run_of(home)
    busy = any((home / "outputs" / ".reportkit").glob("*/*/cell"))
    return run is not None and run.state == "running" and (
        busy or any((home / "outputs" / "logs").glob("*.jsonl"))
    )  # fmt: skip


def test_sigkill_in_the_middle_of_a_job(home: Path, box: tuple[Box, int]) -> None:
    """The next service takes the job up again; one letter tells of it."""
    first = service(home)
    wait_until(lambda: at_work(home))
    first.kill()
    first.wait()
    run = run_of(home)
    assert run is not None and (run.state, run.attempts) == ("running", 1)
    assert not box[0].taken
    second = service(home)
    assert second.wait(timeout=LONG) == 0, second.stderr and second.stderr.read()
    run = run_of(home)
    assert run is not None and (run.state, run.attempts) == ("done", 2)
    assert box[0].taken == ["a@example.com"]
    for unit in ("dongling", "yunping"):
        assert (home / "outputs" / "2023" / unit / "circular.pdf").is_file()
    third = service(home)
    assert third.wait(timeout=LONG) == 0
    assert box[0].taken == ["a@example.com"]


def test_sigterm_in_the_middle_of_a_job(home: Path, box: tuple[Box, int]) -> None:
    """The command is ended in good order, and goes on with the next service."""
    first = service(home)
    wait_until(lambda: at_work(home))
    first.send_signal(signal.SIGTERM)
    assert first.wait(timeout=LONG) == 0
    run = run_of(home)
    assert run is not None and (run.state, run.attempts) == ("interrupted", 0)
    running = subprocess.run(["pgrep", "-f", str(home)], capture_output=True, check=False).stdout
    assert not running.strip(), "a command outlived the service that was stopped"
    assert service(home).wait(timeout=LONG) == 0
    run = run_of(home)
    assert run is not None and (run.state, run.attempts) == ("done", 1)
    assert box[0].taken == ["a@example.com"]


def test_one_service_a_workbook(home: Path) -> None:
    """The second one says who is there, and ends."""
    first = service(home)
    wait_until(lambda: at_work(home))
    second = service(home)
    assert second.wait(timeout=LONG) == 2
    assert second.stderr is not None
    assert b"another service is at work" in second.stderr.read()
    first.send_signal(signal.SIGTERM)
    first.wait(timeout=LONG)
