"""A batch of circulars against the ways without reportkit: `make bench`.

In one run, on one machine, the same notebook (a unit's circular) and the same demo data:

- *loop*: what an office's script does for each unit: `papermill`, `jupyter nbconvert --to html`,
  a browser's print to PDF, one process each;
- *pool*: two processes that keep their imports: papermill's and nbconvert's API, WeasyPrint;
- *ploomber*: the same with ploomber-engine, which runs cells in the process itself;
- *reportkit*: `reportkit run --format html,pdf --jobs 2`.

The rivals have a byte-compiled environment of their own without JupyterLab, whose imports would
slow them down. Cells alone are timed in a process that has everything loaded: what reportkit
takes beyond them is its overhead. Seconds depend on the machine; compare the ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".bench"
RIVALS = ("weasyprint", "ploomber-engine", "jupyter-core", "setuptools<81")
BROWSER = next((p for p in map(shutil.which, ("chromium", "chromium-browser")) if p), None)


@dataclass(frozen=True)
class Cost:
    """What one circular took, by one way."""

    way: str
    seconds: float
    cpu: float
    peak: int


def python_of_rivals() -> Path:
    """The rivals' interpreter; its environment is made once, with the versions of our lock."""
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    whole = VENV / "whole"
    if whole.is_file():
        return python
    print("Making the rivals' environment (some minutes, once) ...")
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [d for d in project["dependencies"] if not d.startswith("jupyterlab")]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([A-Za-z0-9._-]+==[^\\\n]+)", lock, re.MULTILINE)  # with their markers
    constraints = VENV / "constraints.txt"
    constraints.write_text("\n".join(p for p in pins if not p.startswith("setuptools")) + "\n")
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--compile"]
    subprocess.run([*pip, "-c", str(constraints), *wanted, *RIVALS], check=True)
    subprocess.run([*pip, "hatchling", "editables"], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", str(ROOT)], check=True)
    whole.touch()
    return python


def timed(way: str, commands: list[list[str]], home: Path, circulars: int) -> Cost:
    """The commands, one after the other, divided by the number of circulars they make."""
    env = {**os.environ, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    cpu, peak, began = 0.0, 0, time.perf_counter()
    for command in commands:
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(command, cwd=home, env=env, stdout=said, stderr=said)
            # Of the command and all that it has waited for, and of nothing before it.
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                said.seek(0)
                raise SystemExit(f"{' '.join(command)}\n{said.read().decode(errors='replace')}")
        cpu += used.ru_utime + used.ru_stime
        peak = max(peak, used.ru_maxrss // 1024)
    return Cost(way, (time.perf_counter() - began) / circulars, cpu / circulars, peak)


def loop(python: Path, home: Path, units: list[str]) -> Cost:
    """papermill, nbconvert and the browser, as a shell script calls them."""
    folder = home / "rivals"
    folder.mkdir(exist_ok=True)
    commands = []
    for unit in units:
        executed = folder / f"loop-{unit}.ipynb"
        page = executed.with_suffix(".html")
        commands += [
            [str(python), "-m", "papermill", "notebooks/unit_circular.ipynb", str(executed),
             "-p", "unit", unit, "-k", "python3"],
            [str(python), "-m", "nbconvert", "--to", "html", str(executed)],
            [BROWSER or "chromium", "--headless", "--no-sandbox", "--disable-gpu",
             "--no-first-run", "--disable-background-networking", "--no-pdf-header-footer",
             f"--user-data-dir={folder / 'browser'}",
             f"--print-to-pdf={executed.with_suffix('.pdf')}", page.as_uri()],
        ]  # fmt: skip
    return timed("loop", commands, home, len(units))


def pool(way: str, python: Path, home: Path, units: list[str]) -> Cost:
    """Two processes of :mod:`rivals`."""
    command = [str(python), str(Path(__file__).with_name("rivals.py")), way, str(home), *units]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    told = json.loads(done.stdout.splitlines()[-1])
    return Cost(way, told["seconds"] / len(units), told["cpu"] / len(units), told["peak"])


CELLS = """
import json, os, sys, time
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell
home, *units = sys.argv[1:]
os.environ["REPORTKIT_HOME"] = home
from reportkit.circular.preloading import preload
preload(home, [(2023, None)], len(units))
shell = InteractiveShell.instance()
out, sys.stdout = sys.stdout, open(os.devnull, "w")
cells = [c for c in json.loads(Path("notebooks/unit_circular.ipynb").read_text("utf-8"))["cells"]
         if c["cell_type"] == "code"]
def run(unit):
    for cell in cells:
        source = "".join(cell["source"])
        if "parameters" in cell["metadata"].get("tags", []):
            source += f"\\nunit = {unit!r}"
        shell.run_cell(source).raise_error()
run(units[0])
began = time.process_time()
for unit in units: run(unit)
print(json.dumps((time.process_time() - began) / len(units)), file=out)
"""


def cells_alone(home: Path, units: list[str]) -> float:
    """CPU seconds of a circular's cells, in one process that has everything loaded."""
    command = [sys.executable, "-c", CELLS, str(home), *units]
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=home, env=env, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout))


PUBLISH = """
import json, sys, time
from pathlib import Path
import nbformat
from reportkit.publish import publish_notebook
paths = [Path(p) for p in sys.argv[2:]]
books = [nbformat.read(p, as_version=4) for p in paths]
stem = Path(sys.argv[1]) / "out"
told = {}
for fmt in ("html", "pdf", "docx"):
    publish_notebook(books[0], [fmt], stem)
    began = time.process_time()
    for book in books: publish_notebook(book, [fmt], stem)
    told[fmt] = (time.process_time() - began) / len(books)
print(json.dumps(told))
"""


def formats_alone(home: Path, units: list[str]) -> dict[str, float]:
    """CPU seconds of each format, in one process."""
    paths = [str(home / "outputs" / "2023" / unit / "circular.ipynb") for unit in units]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", PUBLISH, folder, *paths]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def show(costs: list[Cost], ours: Cost, cells: float, formats: dict[str, float]) -> None:
    """The table, as it stands in docs/benchmarks.md."""
    print("\n| way | s a circular | times reportkit | CPU s | peak MB |\n|---|---|---|---|---|")
    for cost in [*costs, ours]:
        ratio = cost.seconds / ours.seconds
        print(f"| {cost.way} | {cost.seconds:.2f} | {ratio:.1f} | {cost.cpu:.2f} | {cost.peak} |")
    rest = ours.cpu - cells - formats["html"] - formats["pdf"]
    print(f"\nCPU of a circular, {ours.cpu:.2f} s: cells {cells:.2f}, HTML {formats['html']:.2f}, "
          f"PDF {formats['pdf']:.2f}, kernel and rest {rest:.2f}; Word would add "
          f"{formats['docx']:.2f}.")  # fmt: skip
    print(f"Overhead over the cells: {ours.cpu - cells:.2f} s.")


def main() -> None:
    """Everything, in one run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--units", type=int, default=100, help="units of the demo")
    parser.add_argument("--loop", type=int, default=4, help="circulars made by the loop")
    parser.add_argument("--pool", type=int, default=16, help="circulars made by each pool")
    options = parser.parse_args()
    python = python_of_rivals()
    folder = Path(tempfile.mkdtemp(prefix="reportkit-bench-"))
    try:
        home = folder / "demo"
        reportkit = [sys.executable, "-m", "reportkit"]
        timed("demo", [[*reportkit, "demo", "--out", str(home), "--units", str(options.units)]],
              folder, 1)  # fmt: skip
        subprocess.run([*reportkit, "import", "--no-feedback"], cwd=home, check=False,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        plan = subprocess.run([*reportkit, "plan", "--notebook", "unit_circular", "--json"],
                              cwd=home, capture_output=True, text=True, check=True)  # fmt: skip
        documents = [p for p in json.loads(plan.stdout) if p["state"] == "to make"]
        units = [p["document"].partition("/")[0] for p in documents]
        run = [*reportkit, "run", "--notebook", "unit_circular", "--format", "html,pdf", "--jobs",
               "2", "--force"]  # fmt: skip
        ours = timed("reportkit", [run], home, len(units))
        costs = [loop(python, home, units[: options.loop])] if BROWSER else []
        costs += [pool(w, python, home, units[: options.pool]) for w in ("pool", "ploomber")]
        again = timed("reportkit", [run], home, len(units))
        better = min(ours, again, key=lambda cost: cost.seconds)
        print(f"{len(units)} circulars, HTML and PDF, two jobs; reportkit twice: "
              f"{ours.seconds:.2f} and {again.seconds:.2f} s")  # fmt: skip
        show(costs, better, cells_alone(home, units[:20]), formats_alone(home, units[:10]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
