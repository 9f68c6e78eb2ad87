"""A disk that is full: what was finished stays, what was not is never taken for good."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from batch_support import GOOD, TinyWorkbook, files_are_whole, options

from reportkit.batch.contract import Selection
from reportkit.batch.manifest import Manifest
from reportkit.batch.run import run
from reportkit.errors import ReportkitError

SELECTION = Selection((2023,))


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 400 kB."""
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a small file system")
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)], check=False
    )
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_said_and_the_next_run_goes_on(small: Path) -> None:
    """The manifest stays readable and true; with room again, everything is made."""
    workbook = TinyWorkbook(small)
    workbook.add("first")
    assert run(workbook, SELECTION, options(jobs=1)).exit_status == 0
    filler = small / "filler"
    workbook.add("second", f"open({str(filler)!r}, 'wb').write(bytes(10**6))")
    workbook.add("third")
    try:
        result = run(workbook, SELECTION, options(jobs=1))
        assert result.exit_status == 1
    except ReportkitError as error:
        assert "No space left" in error.found

    manifest = Manifest(workbook.outputs, 2023)
    for entry in manifest.entries.values():
        done = entry["last_result"] and entry["last_result"]["state"] == "done"
        assert bool(done) == files_are_whole(workbook.outputs, entry)
    assert files_are_whole(workbook.outputs, manifest.entries["first/circular"])

    filler.unlink()
    workbook.docs.pop(1)
    workbook.add("second", GOOD)
    assert run(workbook, SELECTION, options(jobs=2)).exit_status == 0


def test_outputs_that_cannot_be_written_are_said_at_once(small: Path) -> None:
    """A read-only file system: one error before anything runs, and what was made stays."""
    workbook = TinyWorkbook(small)
    workbook.add("first")
    assert run(workbook, SELECTION, options(jobs=1)).exit_status == 0
    workbook.data["first"] = "2:b"
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
    try:
        with pytest.raises(ReportkitError) as told:
            run(workbook, SELECTION, options(jobs=1))
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(small)], check=True)
    assert "Read-only" in str(told.value) and "next:" in str(told.value)
    manifest = Manifest(workbook.outputs, 2023)
    assert files_are_whole(workbook.outputs, manifest.entries["first/circular"])
    assert run(workbook, SELECTION, options(jobs=1)).exit_status == 0
