"""How long a circular takes, against the way without reportkit: `make benchmark`.

In one run, on one machine, with the same notebooks and data:

- *loop*: what an office's script does for each unit: `papermill`, then `jupyter nbconvert` to
  PDF and to HTML, one process each;
- *run*: `reportkit run --jobs 1` and with all cores, per circular;
- *import* and *prepare*: reading the submissions, and the year's indicators, at two sizes: the
  ratio of the times over the ratio of the sizes is near 1 where cost is linear.

Seconds depend on the machine; the ratios are what is compared over time.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def timed(command: list[str], folder: Path) -> float:
    """Seconds of one command; one that fails ends the benchmark."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    start = time.perf_counter()
    run = subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, check=False
    )
    if run.returncode:
        raise SystemExit(f"{' '.join(command)}\n{run.stdout.decode()}{run.stderr.decode()}")
    return time.perf_counter() - start


def workbook(folder: Path, units: int) -> tuple[Path, float, float]:
    """A demo of so many units; seconds of its import, and of the year's indicators."""
    home = folder / f"units{units}"
    timed(["reportkit", "demo", "--out", str(home), "--units", str(units)], folder)
    imported = timed(["reportkit", "import"], home)
    program = "from pathlib import Path; from reportkit.annual import prepare; "
    prepared = timed([sys.executable, "-c", program + "prepare(Path(), 2023)"], home)
    return home, imported, prepared


def loop(home: Path, units: list[str]) -> float:
    """Seconds a circular, made as scripts make it."""
    made = home / "loop"
    made.mkdir()
    start = time.perf_counter()
    for unit in units:
        source = str(home / "notebooks" / "unit_circular.ipynb")
        target = str(made / f"{unit}.ipynb")
        timed(["papermill", source, target, "-p", "unit", unit], home)
        for kind in ("circular_pdf", "circular_html"):
            timed(["jupyter", "nbconvert", "--to", kind, target], home)
    return (time.perf_counter() - start) / len(units)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", type=int, default=24, help="units of the smaller workbook")
    parser.add_argument("--large", type=int, default=240, help="units of the larger workbook")
    parser.add_argument("--loop", type=int, default=3, help="circulars made by the script's way")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="reportkit-bench-"))
    try:
        home, small_import, small_prepare = workbook(folder, options.small)
        _, large_import, large_prepare = workbook(folder, options.large)
        units = sorted(p.stem for p in (home / "data/submissions/2023").glob("*.xlsx"))
        units = [u for u in units if u not in ("hq", "linting")]
        by_loop = loop(home, units[: options.loop])
        print(f"loop          {by_loop:7.2f} s a circular")
        for jobs in (1, os.cpu_count() or 1):
            seconds = timed(["reportkit", "run", "--force", "--jobs", str(jobs)], home)
            each = seconds / (len(units) + 1)
            print(f"run, {jobs} jobs   {each:7.2f} s a circular   loop/run {by_loop / each:5.1f}")
        sizes = options.large / options.small
        for name, small, large in (
            ("import", small_import, large_import),
            ("prepare", small_prepare, large_prepare),
        ):
            share = large / small / sizes
            print(f"{name:13s} {small:7.2f} s → {large:.2f} s   {share:5.2f} of linear")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
