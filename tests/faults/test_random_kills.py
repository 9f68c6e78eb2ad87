"""Runs killed at ten moments, each time another: what the next one finds is true and whole."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "batch"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from batch_support import (
    GOOD,
    YEAR,
    TinyWorkbook,
    contents,
    files_are_whole,
    options,
    read_manifest,
)  # fmt: skip
from counting import LONG, wait_until
from test_killed_run import processes_of

from reportkit.batch.contract import Selection
from reportkit.batch.manifest import Manifest
from reportkit.batch.run import run
from reportkit.files import TEMPORARY

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
UNITS = [f"unit{number}" for number in range(8)]
SEED = int(os.environ.get("REPORTKIT_TEST_SEED", "20261126"))


def make(home: Path, seconds: float = 0.1) -> TinyWorkbook:
    """Eight units, two at a time."""
    workbook = TinyWorkbook(home)
    for unit in UNITS:
        workbook.add(unit, f"import time; time.sleep({seconds})", GOOD)
    return workbook


def start(home: Path, seconds: float = 0.1) -> subprocess.Popen[bytes]:
    """A run as a process of its own, known by its environment."""
    return subprocess.Popen(
        [sys.executable, __file__, str(home), str(seconds)],
        env={**os.environ, "BELONGS_TO": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def told(home: Path, known: set[Path]) -> int:
    """How many events a run has told in its log, which is none of those known."""
    logs = set(home.glob("outputs/logs/*.jsonl")) - known
    return sum(path.read_bytes().count(b"\n") for path in logs)


def check_true(home: Path) -> None:
    """What is said to be done stands there whole; nothing stands there of which nothing is said."""
    manifest = Manifest(home / "outputs", YEAR)
    for key, entry in manifest.entries.items():
        done = entry["last_result"] and entry["last_result"]["state"] == "done"
        if done and key not in manifest.unfinished:
            assert files_are_whole(home / "outputs", entry), key
    for path in (home / "outputs" / str(YEAR)).rglob("*.pdf"):
        assert path.read_text(encoding="utf-8").startswith("pdf\n"), path


def test_ten_kills_lose_nothing_and_leave_nothing(tmp_path: Path) -> None:
    """SIGKILL of the run at random moments; after each the truth, and no process; then resume."""
    undisturbed = tmp_path / "undisturbed"
    undisturbed.mkdir()
    assert run(make(undisturbed), Selection((YEAR,)), options()).exit_status == 0

    home = tmp_path / "home"
    home.mkdir()
    make(home)
    moments = random.Random(SEED)
    interrupted = 0
    for _ in range(10):
        known, events = set(home.glob("outputs/logs/*.jsonl")), moments.randint(0, 6)
        process = start(home)
        wait_until(lambda: process.poll() is not None or told(home, known) >= events)  # noqa: B023
        time.sleep(moments.uniform(0, 0.3))
        interrupted += process.poll() is None
        process.kill()
        process.wait()
        wait_until(lambda: not processes_of(home))
        if (home / "outputs" / str(YEAR)).is_dir():
            check_true(home)
    assert interrupted >= 2, "the moments were too late to kill anything"

    process = start(home)
    assert process.wait(LONG) == 0
    check_true(home)
    documents = read_manifest(home)["documents"]
    assert {entry["last_result"]["state"] for entry in documents.values()} == {"done"}
    assert len(documents) == len(UNITS)
    assert contents(home / "outputs") == contents(undisturbed / "outputs")
    left = [p for p in (home / "outputs").rglob("*") if p.name.startswith(TEMPORARY)]
    assert left == []
    assert list((home / "outputs/.reportkit/staging").iterdir()) == []


def test_of_two_runs_at_once_one_is_refused(tmp_path: Path) -> None:
    """The second says so and touches nothing; the first ends as if alone."""
    make(tmp_path, 1.5)
    first = start(tmp_path, 1.5)
    wait_until(lambda: told(tmp_path, set()))
    second = subprocess.run(
        [sys.executable, __file__, str(tmp_path), "1.5"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 2
    assert "another run is at work" in second.stdout
    assert first.wait(LONG) == 0
    check_true(tmp_path)
    assert len(list((tmp_path / "outputs" / str(YEAR)).rglob("circular.pdf"))) == len(UNITS)


if __name__ == "__main__":
    from reportkit.errors import UsageError

    try:
        status = run(
            make(Path(sys.argv[1]), float(sys.argv[2])), Selection((YEAR,)), options()
        ).exit_status
    except UsageError as refused:
        print(refused)
        status = 2
    sys.exit(status)
