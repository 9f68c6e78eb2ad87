"""The state of every document and every cell is true: papermill's own is not always."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from batch_support import GOOD, TinyWorkbook, options, read_manifest, statuses

from reportkit.batch.contract import Selection
from reportkit.batch.run import RunResult, run

SELECTION = Selection((2023,))

RAISES = """\
from reportkit.errors import SubmissionError
raise SubmissionError("人数“十二”", expected="一个整数", next_step="改正后重报", where="表2 C7")"""


def _status(cell: dict[str, Any]) -> str | None:
    state: str | None = cell["metadata"].get("papermill", {}).get("status")
    return state


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("truth")


@pytest.fixture(scope="module")
def result(home: Path) -> RunResult:
    """One run in which documents end in every way there is."""
    workbook = TinyWorkbook(home)
    workbook.add("good")
    workbook.add("raises", "x = 1", RAISES, "y = 2")
    workbook.add("kernel_dies", "import os", "print('before', flush=True); os._exit(1)", "y = 2")
    workbook.add("slow", "import time", "time.sleep(100)", "y = 2")
    workbook.add(
        "worker_dies",
        "import os, signal, time",
        "os.kill(int(os.environ['JPY_PARENT_PID']), signal.SIGKILL); time.sleep(9)",
        "y = 2",
    )
    workbook.add("exits", "import sys; sys.exit(0)", "y = 2")
    workbook.add("other_unit", GOOD.replace("unit=unit", "unit='good'"))
    workbook.add("other_year", GOOD.replace("year=year", "year=2022"))
    workbook.add("blocked", blocked="报送材料被拒收")
    return run(workbook, SELECTION, options(timeout=6))


def last(result: RunResult, unit: str) -> dict[str, Any]:
    """The last result of a unit's circular."""
    found = next(entry for document, entry in result.entries if document.unit == unit)
    return dict(found["last_result"] or {})


def test_a_good_document_is_done_and_all_its_files_are_there(result: RunResult, home: Path) -> None:
    """Failures of others do not touch it."""
    assert last(result, "good") == {"state": "done", "attempts": 1, "error": None}
    names = sorted(p.name for p in (home / "outputs/2023/good").iterdir())
    assert names == ["circular.docx", "circular.html", "circular.ipynb", "circular.pdf"]
    page = (home / "outputs/2023/good/circular.html").read_text(encoding="utf-8")
    assert "good，2023年" in re.sub("<[^>]+>", "", page)


def test_an_error_is_told_in_its_own_words(result: RunResult) -> None:
    """Type, Chinese text and the number of the cell, as an analyst counts, arrive intact."""
    assert last(result, "raises") == {
        "state": "failed",
        "attempts": 1,
        "error": {
            "type": "SubmissionError",
            "message": "表2 C7: 人数“十二”; expected: 一个整数; next: 改正后重报",
            "cell": 4,
            "notebook": "circular.failed.ipynb",
        },
    }


@pytest.mark.parametrize(
    ("unit", "state", "error", "cell"),
    [
        ("kernel_dies", "dead", "DeadKernelError", 4),
        ("slow", "timeout", "CellTimeoutError", 4),
        ("worker_dies", "dead", "DeadWorker", 4),
        ("exits", "failed", "IncompleteNotebook", 3),
        ("other_unit", "failed", "WrongDocument", 3),
        ("other_year", "failed", "WrongDocument", 3),
        ("blocked", "failed", "Blocked", None),
    ],
)
def test_every_bad_end_has_its_own_state(
    result: RunResult, unit: str, state: str, error: str, cell: int | None
) -> None:
    """Deaths, timeouts, early ends, wrong contents and blocked units are told apart."""
    found = last(result, unit)
    assert (found["state"], found["error"]["type"], found["error"]["cell"]) == (state, error, cell)


@pytest.mark.parametrize("unit", ["raises", "kernel_dies", "slow", "worker_dies"])
def test_cells_that_never_ran_stay_pending(result: RunResult, home: Path, unit: str) -> None:
    """papermill would call them completed after a death or a timeout."""
    path = home / "outputs" / "2023" / unit / "circular.failed.ipynb"
    expected = ["completed", "completed", "completed", "failed", "pending"]
    assert statuses(path) == expected
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["metadata"]["papermill"]["exception"] is True
    failed = next(c for c in content["cells"] if _status(c) == "failed")
    assert failed["outputs"][-1]["output_type"] == "error"


@pytest.mark.parametrize("unit", ["raises", "kernel_dies", "slow", "worker_dies", "other_unit"])
def test_a_failed_document_publishes_nothing_but_its_partial_notebook(
    result: RunResult, home: Path, unit: str
) -> None:
    """No HTML or PDF of it can be taken for good."""
    names = [p.name for p in (home / "outputs" / "2023" / unit).iterdir()]
    assert names == ["circular.failed.ipynb"]


def test_a_blocked_unit_starts_no_kernel(result: RunResult, home: Path) -> None:
    """Its reason is its message, and there is nothing to look at."""
    assert last(result, "blocked")["error"]["message"] == "报送材料被拒收"
    assert last(result, "blocked")["attempts"] == 0
    assert not (home / "outputs/2023/blocked").exists()


def test_the_manifest_says_the_same(result: RunResult, home: Path) -> None:
    """The file on the disk holds each entry; the journal is merged; the exit status is 1."""
    documents = read_manifest(home)["documents"]
    assert documents == {document.key: entry for document, entry in result.entries}
    assert not (home / "outputs/2023/journal.jsonl").exists()
    assert result.exit_status == 1


def test_notebooks_hold_nothing_of_this_machine_or_hour(result: RunResult, home: Path) -> None:
    """Neither paths nor times; parameters in Chinese would read as they are."""
    for path in (home / "outputs").rglob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert str(home) not in text.replace("\\\\", "\\")
        metadata = json.loads(text)["metadata"]["papermill"]
        assert metadata["input_path"].startswith("notebooks/")
        assert metadata["output_path"].startswith("outputs/2023/")
        assert not {"start_time", "end_time", "duration"} & metadata.keys()


def test_nothing_is_left_over(result: RunResult, home: Path) -> None:
    """Staging folders are gone; what libraries said is in one log."""
    assert list((home / "outputs/.reportkit/staging").iterdir()) == []
    assert result.log and result.log.is_file()
