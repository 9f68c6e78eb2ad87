"""A run that is interrupted, stopped or killed leaves the truth behind, and no process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from batch_support import contents, read_manifest
from counting import LONG, wait_until

DRIVER = Path(__file__).with_name("fault_driver.py")
ON_LINUX = sys.platform == "linux"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


def start(home: Path) -> subprocess.Popen[bytes]:
    """A run of its own session, waited for until its second document is under way."""
    run = subprocess.Popen(
        [sys.executable, str(DRIVER), str(home)],
        start_new_session=True,
        stderr=subprocess.PIPE,
        env={**os.environ, "BELONGS_TO": str(home)},
    )
    wait_until(lambda: (home / "mark").exists() or run.poll() is not None)
    assert run.poll() is None, "the run did not get there"
    return run


def processes_of(home: Path) -> list[str]:
    """The run, its workers and kernels, known by the environment that they inherit."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes()
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if f"BELONGS_TO={home}".encode() in environment:
            found.append(f"{folder.name}: {command.decode(errors='replace')}")
    return found


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    for line in processes_of(tmp_path) if ON_LINUX else []:
        os.kill(int(line.split(":")[0]), signal.SIGKILL)


def states(home: Path) -> dict[str, Any]:
    """Each unit's last state and what the last run did."""
    found = {}
    for key, entry in read_manifest(home)["documents"].items():
        last, this = entry["last_result"], entry["this_run"]
        found[key.split("/")[0]] = (last and last["state"], this["outcome"])
    return found


def run_again(home: Path) -> None:
    """A run after the accident: everything is made, and nothing is left over."""
    completed = subprocess.run(
        [sys.executable, str(DRIVER), str(home)], timeout=LONG, check=False, capture_output=True
    )
    assert completed.returncode == 0, completed.stderr.decode()
    assert states(home) == {
        "quick": ("done", "up-to-date"),
        "slow": ("done", "ran"),
        "later": ("done", "ran"),
    }
    assert sorted(contents(home / "outputs")) == [
        f"2023/{unit}/circular.{ending}"
        for unit in ("later", "quick", "slow")
        for ending in ("docx", "html", "ipynb", "pdf")
    ]
    assert list((home / "outputs/.reportkit/staging").iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_says_what_was_cancelled_and_what_not_reached(
    home: Path, number: signal.Signals
) -> None:
    """Ctrl-C gives status 130; what ran is cancelled, with its cell; kernels end at once."""
    run = start(home)
    os.killpg(run.pid, number)
    _, noise = run.communicate(timeout=LONG)
    assert run.returncode == 130
    assert noise == b""
    assert states(home) == {
        "quick": ("done", "ran"),
        "slow": ("cancelled", "ran"),
        "later": (None, "not-reached"),
    }
    error = read_manifest(home)["documents"]["slow/circular"]["last_result"]["error"]
    assert (error["type"], error["cell"]) == ("Interrupted", 3)
    assert contents(home / "outputs").keys() == {
        f"2023/quick/circular.{ending}" for ending in ("docx", "html", "ipynb", "pdf")
    }
    if ON_LINUX:
        wait_until(lambda: not processes_of(home))
    if number == signal.SIGINT:
        run_again(home)


@pytest.mark.skipif(not ON_LINUX, reason="asks /proc")
def test_a_killed_run_leaves_no_process_and_the_next_one_goes_on(home: Path) -> None:
    """After SIGKILL workers and kernels are gone within moments; the journal knows the rest."""
    run = start(home)
    run.kill()
    run.communicate()
    wait_until(lambda: not processes_of(home))

    journal = (home / "outputs/2023/journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["key"] for line in journal] == [
        "quick/circular",
        "quick/circular",
        "slow/circular",
    ]
    assert states(home)["later"] == (None, "not-reached"), "said before anything was killed"
    run_again(home)
