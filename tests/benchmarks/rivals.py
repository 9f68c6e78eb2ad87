"""What a careful user would write without reportkit: run by `make bench` in the rivals' own venv.

    python rivals.py pool|ploomber HOME UNIT…     prints seconds and CPU seconds as JSON

Two processes, each with its imports done once: execute the unit's notebook, HTML by nbconvert's
API, PDF from that HTML by WeasyPrint.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import sys
import time
from pathlib import Path


def by_papermill(source: str, target: str, unit: str) -> None:
    """The notebook through papermill's API, in a kernel of its own."""
    import papermill

    papermill.execute_notebook(
        source, target, {"unit": unit}, progress_bar=False, kernel_name="python3"
    )


def by_ploomber(source: str, target: str, unit: str) -> None:
    """The notebook's cells in this very process."""
    from ploomber_engine import execute_notebook

    execute_notebook(source, output_path=target, parameters={"unit": unit}, progress_bar=False)


def make(job: tuple[str, str, str]) -> None:
    """One circular: notebook, HTML, PDF."""
    way, home, unit = job
    import nbformat
    from nbconvert import HTMLExporter
    from weasyprint import HTML

    os.chdir(home)
    target = str(Path("rivals") / f"{way}-{unit}.ipynb")
    execute = by_papermill if way == "pool" else by_ploomber
    execute("notebooks/unit_circular.ipynb", target, unit)
    page, _ = HTMLExporter().from_notebook_node(nbformat.read(target, as_version=4))
    Path(target).with_suffix(".html").write_text(page, encoding="utf-8")
    HTML(string=page).write_pdf(Path(target).with_suffix(".pdf"))


def cpu() -> float:
    """CPU seconds of this process and all that it has waited for."""
    used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def main() -> None:
    """Two processes, all units."""
    # By the module's name: an engine that runs cells in this process takes __main__ for itself.
    from rivals import make as made_by_name

    way, home, *units = sys.argv[1:]
    (Path(home) / "rivals").mkdir(exist_ok=True)
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    os.environ["PLOOMBER_STATS_ENABLED"] = "false"  # it would tell its makers of each run
    began = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.map(made_by_name, [(way, home, unit) for unit in units], chunksize=1)
        pool.close()
        pool.join()
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(json.dumps({"seconds": seconds, "cpu": cpu(), "peak": peak, "units": len(units)}))


if __name__ == "__main__":
    main()
