"""What a notebook can do to itself and to others: each fault stays that one circular's."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from batch_support import GOOD, YEAR, TinyWorkbook, files_are_whole, options, statuses

from reportkit.batch.contract import Selection
from reportkit.batch.manifest import Manifest
from reportkit.batch.run import RunResult, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc, and limits memory")
SELECTION = Selection((YEAR,))

FAULTS = {
    "exits": "import os; print('before'); __import__('time').sleep(1); os._exit(3)",
    "killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "segfault": "import ctypes; ctypes.string_at(0)",
    "hungry": "hog = [bytearray(10_000_000) for _ in range(200)]",
    "endless": "while True: pass",
    "deaf": "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
}
ENDS = {
    "exits": ("dead", "DeadKernelError"),
    "killed": ("dead", "DeadKernelError"),
    "segfault": ("dead", "DeadKernelError"),
    "hungry": ("failed", "MemoryError"),
    "endless": ("timeout", "CellTimeoutError"),
    "deaf": ("timeout", "CellTimeoutError"),
}
LEAVES = """\
import os, subprocess, threading, time
one = subprocess.Popen(["sleep", "300"])
two = subprocess.Popen(["sleep", "300"], start_new_session=True)
threading.Thread(target=time.sleep, args=(300,)).start()
open("left.txt", "w").write(f"{one.pid} {two.pid}")
"""


def last(result: RunResult, unit: str) -> dict[str, Any]:
    """The last result of a unit's circular."""
    found = next(entry for document, entry in result.entries if document.unit == unit)
    return dict(found["last_result"] or {})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faulty")


@pytest.fixture(scope="module")
def result(home: Path) -> RunResult:
    """One run in which every cell does its worst, with good circulars between."""
    workbook = TinyWorkbook(home)
    for number, (unit, source) in enumerate(FAULTS.items()):
        workbook.add(f"good{number}")
        workbook.add(unit, "x = 1", source, "y = 2")
    workbook.add("leaves", LEAVES, GOOD)
    return run(workbook, SELECTION, options(timeout=6, memory=300))


@pytest.mark.parametrize("unit", FAULTS)
def test_each_fault_has_its_state_and_its_cell(result: RunResult, home: Path, unit: str) -> None:
    """The cell that ran has failed; those before are completed, those after never ran."""
    found = last(result, unit)
    assert (found["state"], found["error"]["type"]) == ENDS[unit], found
    assert found["error"]["cell"] == 4
    partial = home / "outputs" / str(YEAR) / unit / "circular.failed.ipynb"
    assert statuses(partial) == ["completed", "completed", "completed", "failed", "pending"]
    assert not list(partial.parent.glob("*.pdf"))


def test_a_limit_that_was_met_is_named(result: RunResult) -> None:
    """MemoryError has no words of its own."""
    assert "--memory limits to 300 MB" in last(result, "hungry")["error"]["message"]


def test_what_was_printed_before_is_kept(result: RunResult, home: Path) -> None:
    """A kernel's death takes nothing away that had arrived."""
    path = home / "outputs" / str(YEAR) / "exits" / "circular.failed.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    shown = [output for cell in cells for output in cell.get("outputs", [])]
    assert "before\n" in ["".join(output.get("text", "")) for output in shown]


def test_the_others_are_made(result: RunResult, home: Path) -> None:
    """Good circulars beside them are good, at the first attempt, and whole on the disk."""
    manifest = Manifest(home / "outputs", YEAR)
    for unit in [f"good{number}" for number in range(len(FAULTS))] + ["leaves"]:
        found = last(result, unit)
        assert (found["state"], found["attempts"]) == ("done", 1), (unit, found)
        assert files_are_whole(home / "outputs", manifest.entries[f"{unit}/circular"])


def test_a_flood_is_cut_and_said_to_be(tmp_path: Path) -> None:
    """Of 200 MB some 5 MB are kept; the circular is made."""
    workbook = TinyWorkbook(tmp_path)
    workbook.add("floods", "for _ in range(200): print('x' * 1_000_000)", GOOD)
    result = run(workbook, SELECTION, options(timeout=60))
    assert last(result, "floods")["state"] == "done"
    path = tmp_path / "outputs" / str(YEAR) / "floods" / "circular.ipynb"
    assert path.stat().st_size < 6_000_000
    assert "characters more were printed" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("warm", [True, False])
def test_nothing_that_a_cell_started_is_left(tmp_path: Path, warm: bool) -> None:
    """Children of a kernel end with it, in a session of their own or not."""
    workbook = TinyWorkbook(tmp_path)
    workbook.add("leaves", LEAVES, GOOD)
    result = run(workbook, SELECTION, options(warm=warm))
    assert last(result, "leaves")["state"] == "done"
    numbers = (tmp_path / "left.txt").read_text(encoding="ascii").split()
    assert len(numbers) == 2
    assert not [number for number in numbers if Path(f"/proc/{number}").exists()]


def test_a_template_that_is_killed_harms_no_circular(tmp_path: Path) -> None:
    """One cell kills the process that all kernels come from, as often as it is tried.

    It is dead in the end; the others, whose kernels went down with it, are made all the same.
    """
    workbook = TinyWorkbook(tmp_path)
    kill = (
        "import os, signal, time; time.sleep(0.5)\n"
        "if os.getppid() != int(os.environ['JPY_PARENT_PID']): os.kill(os.getppid(), 9)\n"
        "os._exit(1)"
    )
    workbook.add("a", "import time; time.sleep(1)", GOOD)
    workbook.add("culprit", kill)
    for unit in ("b", "c", "d"):
        workbook.add(unit, "import time; time.sleep(0.3)", GOOD)
    result = run(workbook, SELECTION, options(retries=1))
    assert {unit: last(result, unit)["state"] for unit in ("a", "b", "c", "d", "culprit")} == {
        "a": "done", "b": "done", "c": "done", "d": "done", "culprit": "dead",
    }  # fmt: skip
    assert last(result, "culprit")["attempts"] == 2


def test_a_circular_as_a_whole_has_its_limit(tmp_path: Path) -> None:
    """Cells that are each quick enough, and a publisher that never ends."""
    workbook = TinyWorkbook(tmp_path)
    workbook.add("slow", *["import time; time.sleep(0.9)"] * 40)
    # Of which a busy machine takes some seconds until the first cell runs.
    result = run(workbook, SELECTION, options(limit=12))
    found = last(result, "slow")
    assert (found["state"], found["error"]["type"]) == ("timeout", "DocumentTimeoutError")
    assert "within 12 s" in found["error"]["message"]
    # After 12 s 13 sleeps of 0.9 s (11.7 s) are over at the most: the 14th runs, in cell 15, since
    # the parameters are in cell 1.
    assert 1 < found["error"]["cell"] <= 15

    hung = TinyWorkbook(tmp_path / "hung")
    hung.add("unit")
    result = run(hung, SELECTION, options(limit=4, publisher="hanging_publisher:publish"))
    assert last(result, "unit")["state"] == "timeout"
    assert not list((hung.outputs / str(YEAR) / "unit").glob("circular.pdf"))


def test_a_notebook_that_changes_during_a_run_is_the_same_for_all(tmp_path: Path) -> None:
    """Each circular of the run is of the notebook as it was; the next plan knows of the change."""
    workbook = TinyWorkbook(tmp_path)
    first = workbook.add("a", "import json; edited = False", GOOD + EDIT, "print('版本', edited)")
    for unit in ("b", "c"):
        workbook.add(unit, notebook=first.notebook)
    result = run(workbook, SELECTION, options(jobs=1))
    assert [last(result, unit)["state"] for unit in "abc"] == ["done"] * 3
    for unit in "abc":
        text = (workbook.outputs / str(YEAR) / unit / "circular.ipynb").read_text("utf-8")
        assert "edited = True" not in text
    again = run(workbook, SELECTION, options(jobs=1))
    assert [e["this_run"] and e["this_run"]["outcome"] for _, e in again.entries] == ["ran"] * 3


EDIT = """
path = 'notebooks/a.ipynb'
with open(path, encoding='utf-8') as file: text = file.read()
with open(path, 'w', encoding='utf-8') as file:
    file.write(text.replace('edited = ' + 'False', 'edited = ' + 'True'))
"""


def test_a_clock_set_back_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty-five runs of the future lie there; the run of today keeps its own log, and is true."""
    logs = tmp_path / "outputs" / "logs"
    logs.mkdir(parents=True)
    for number in range(25):
        (logs / f"20990101T0000{number:02d}-abc.jsonl").write_text("{}\n", encoding="utf-8")
    workbook = TinyWorkbook(tmp_path)
    document = workbook.add("a")
    assert run(workbook, SELECTION, options()).exit_status == 0
    ours = [p for p in logs.glob("*.jsonl") if not p.name.startswith("2099")]
    assert len(ours) == 1 and len(list(logs.iterdir())) == 20
    os.utime(document.notebook, (0, 0))
    again = run(workbook, SELECTION, options())
    assert [e["this_run"] and e["this_run"]["outcome"] for _, e in again.entries] == ["up-to-date"]
