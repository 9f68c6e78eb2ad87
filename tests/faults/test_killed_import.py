"""An import killed at any moment: the records are the earlier ones or the new ones, whole."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from reportkit.loaders import Records
from reportkit.records.schemas import TABLES
from reportkit.records.snapshot import read_pointer

YEAR = 2023
COMMAND = [sys.executable, "-m", "reportkit", "import", "--year", str(YEAR), "--jobs", "2"]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


def change(home: Path, number: int) -> None:
    """Another title for a session, so that each import has another result."""
    path = home / "data" / "submissions" / str(YEAR) / "shitang.xlsx"
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["学习情况"]
    title = next(c for row in sheet.iter_rows(max_row=5) for c in row if c.value == "学习主题")
    sheet.cell(title.row + 1, title.column).value = f"改过的主题{number}"
    workbook.save(path)


def feedback_is_whole(home: Path) -> int:
    """How many feedback workbooks there are; each must open, none may be half written."""
    files = sorted((home / "outputs" / "records" / str(YEAR) / "feedback").glob("*.xlsx"))
    for path in files:
        with zipfile.ZipFile(path) as file:
            assert file.testzip() is None
    return len(files)


def kill_after(home: Path, seconds: float) -> None:
    """Start an import, and kill it with all its processes if it is still running then."""
    process = subprocess.Popen(
        COMMAND, cwd=home, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_an_import_killed_at_any_moment_leaves_whole_records(
    demo_home: Path, tmp_path: Path
) -> None:
    """Eight moments over the whole length of it; the next import finds nothing in its way."""
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    change(home, 0)
    began = time.monotonic()
    subprocess.run(COMMAND, cwd=home, check=True, capture_output=True)
    whole = time.monotonic() - began
    count = feedback_is_whole(home)
    assert count > 10
    for number in range(1, 9):
        before = read_pointer(home, YEAR)
        change(home, number)
        # The first at once, so that one at least is not too late.
        kill_after(home, whole * (number - random.random()) / 8 if number > 1 else 0)
        after = read_pointer(home, YEAR)
        records = Records(home, YEAR)
        assert {name: len(records[name]) for name in TABLES} == {
            name: entry["rows"] for name, entry in after["tables"].items()
        }
        titles = {n for n in range(9) if f"改过的主题{n}" in set(records["sessions"]["title"])}
        assert len(titles) == 1 and (after["digest"] == before["digest"]) == (number not in titles)
        assert number > 1 or after == before
        assert feedback_is_whole(home) == count
    again = subprocess.run(COMMAND, cwd=home, check=False, capture_output=True, text=True)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "改过的主题8" in set(Records(home, YEAR)["sessions"]["title"])
    left = [p.name for p in (home / "outputs" / "records" / str(YEAR)).iterdir()]
    assert not [name for name in left if name.endswith((".tmp", ".part"))], left
