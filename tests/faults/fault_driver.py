"""A run as a process: ``python fault_driver.py HOME``; its exit status is the run's.

Three units, one after the other: ``quick``; ``slow``, whose cell says that it runs (a file
``mark``) and then waits a minute, but only the first time; and ``later``.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "batch"))

from batch_support import GOOD, TinyWorkbook, options

from reportkit.batch.contract import Selection
from reportkit.batch.run import run

WAITS = """\
import pathlib, time
mark = pathlib.Path("mark")
if not mark.exists():
    mark.write_text("running")
    time.sleep(60)
"""


def make(home: Path) -> TinyWorkbook:
    """The workbook with its three units."""
    workbook = TinyWorkbook(home)
    workbook.add("quick")
    workbook.add("slow", WAITS, GOOD)
    workbook.add("later")
    return workbook


if __name__ == "__main__":
    result = run(make(Path(sys.argv[1])), Selection((2023,)), options(jobs=1))
    sys.exit(result.exit_status)
