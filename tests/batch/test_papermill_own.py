"""papermill's own tests, which ship in its wheel: engine and warm kernels pass what it passes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from reportkit.batch.kernels.processes import can_fork

TESTS = Path(papermill.__file__).parent / "tests"
SUITES = ("test_execute.py", "test_engines.py")


def passed(folder: Path, *options: str, **environment: str) -> set[str]:
    """The names of papermill's tests that pass, run as a process of their own."""
    report = folder / "report.xml"
    python = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist",
         f"--junitxml={report}", "--rootdir", str(TESTS), *options,
         *(str(TESTS / suite) for suite in SUITES)],
        cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": python, "PYDEVD_DISABLE_FILE_VALIDATION": "1",
             **environment},
    )  # fmt: skip
    assert report.is_file(), run.stdout + run.stderr
    return {
        f"{case.get('classname')}.{case.get('name')}"
        for case in ElementTree.parse(report).getroot().iter("testcase")
        if not any(child.tag in ("failure", "error", "skipped") for child in case)
    }


def test_it_passes_what_papermill_s_own_engine_passes(tmp_path: Path) -> None:
    """57 of 58: the one left (TestBrokenNotebook2) fails in this environment without us too."""
    if not can_fork():
        pytest.skip("no warm kernels on this system")
    (tmp_path / "own").mkdir()
    (tmp_path / "ours").mkdir()
    by_papermill = passed(tmp_path / "own")
    by_reportkit = passed(
        tmp_path / "ours",
        "-p", "papermill_plugin",
        JUPYTER_DEFAULT_PROVISIONER_NAME="reportkit-provisioner",
    )  # fmt: skip
    assert by_papermill - by_reportkit == set()
    assert len(by_reportkit) >= 57, sorted(by_papermill ^ by_reportkit)


def test_a_plain_papermill_user_passes_what_papermill_takes(tmp_path: Path) -> None:
    """A dict, a name that no cell declares, a value of any kind: as papermill has it."""
    nb = new_notebook(cells=[new_code_cell("print(opts['a'], more, where)")])
    nb.metadata["kernelspec"] = {"name": "python3", "display_name": "", "language": "python"}
    nbformat.write(nb, tmp_path / "in.ipynb")
    given = {"opts": {"a": 1, "b": {"c": [2]}}, "more": (1, 2), "where": Path("a", "b")}
    made = papermill.execute_notebook(
        tmp_path / "in.ipynb", tmp_path / "out.ipynb", given, engine_name="reportkit",
        progress_bar=False,
    )  # fmt: skip
    expected = f"1 (1, 2) {Path('a', 'b')}"
    assert made.cells[-1].outputs[0].text.strip() == expected
