"""docs/schedulers.md: its examples, run as the schedulers would run them."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import papermill
import pytest
from nbconvert.preprocessors import ExecutePreprocessor

from reportkit.schedule.install import crontab_lines

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "schedulers.md").read_text(encoding="utf-8")


@pytest.fixture
def home(demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the demo, in which the schedulers work."""
    folder = tmp_path / "workbook"
    shutil.copytree(demo_home, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("REPORTKIT_HOME", str(folder))
    return folder


def blocks(language: str) -> list[str]:
    """The page's examples in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.S | re.M)


def call_of(operator: str) -> dict[str, Any]:
    """The arguments of an operator in the page's Python."""
    (source,) = (block for block in blocks("python") if block.startswith(operator))
    call = ast.parse(source).body[0].value  # type: ignore[attr-defined]
    return {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}


def test_the_shell_s_lines_run(home: Path) -> None:
    """Import and run, each waiting for others."""
    (source,) = blocks("sh")
    for line in source.splitlines():
        name, *words = line.split()
        assert name == "reportkit"
        done = subprocess.run([sys.executable, "-m", "reportkit", *words], capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
    assert (home / "outputs/2023/dongling/circular.html").is_file()


def test_the_crontab_is_what_install_writes() -> None:
    """Word for word, but for the zone in which the machine is."""
    from tzlocal import get_localzone_name

    from reportkit.params import Schedule

    (line,) = blocks("crontab")
    schedule = Schedule.model_validate({"timezone": get_localzone_name(), "jobs": {
        "annual": {"cron": "0 6 8 1 *", "do": ["run"]},
    }})  # fmt: skip
    python = "/opt/reportkit/.venv/bin/python"
    assert crontab_lines(Path("/srv/circulars"), schedule, python).splitlines()[1:] == [
        line.strip()
    ]


def test_airflow_s_shell_command_is_one_of_ours(home: Path) -> None:
    """The command parses, and plans what it says."""
    words = call_of("BashOperator")["bash_command"].replace("/srv/circulars", str(home)).split()
    planned = [word for word in words[1:] if word not in ("--wait", "3600")]
    planned[planned.index("run")] = "plan"
    done = subprocess.run([sys.executable, "-m", "reportkit", *planned, "--json"],
                          capture_output=True, check=True)  # fmt: skip
    assert len(json.loads(done.stdout)) == 26
    assert "--wait" in subprocess.run(
        [sys.executable, "-m", "reportkit", "run", "--help"],
        capture_output=True, text=True, env={**os.environ, "COLUMNS": "200"}, check=True,
    ).stdout  # fmt: skip


def test_papermill_operator_s_arguments_make_a_circular(home: Path) -> None:
    """As the operator hands them to papermill."""
    given = call_of("PapermillOperator")
    papermill.execute_notebook(
        given["input_nb"], given["output_nb"], parameters=given["parameters"],
        progress_bar=False, report_mode=True, kernel_name=given["kernel_name"],
        language=given["language_name"],
    )  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "circular_pdf", given["output_nb"]],
        check=True, capture_output=True,
    )  # fmt: skip
    assert (home / "executed.pdf").read_bytes().startswith(b"%PDF")


def test_a_notebook_job_of_jupyter_scheduler(home: Path) -> None:
    """As its default execution manager does it: parameters, ExecutePreprocessor, an exporter."""
    from nbconvert.exporters.base import get_exporter
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    nb = load_notebook_node(str(home / "notebooks/unit_circular.ipynb"))
    nb.metadata["kernelspec"] = {"name": "reportkit", "display_name": "reportkit"}
    nb = parameterize_notebook(nb, {"unit": "dongling", "year": 2023})
    ExecutePreprocessor(timeout=600, kernel_name="reportkit").preprocess(
        nb, {"metadata": {"path": str(home)}}
    )
    page, _ = get_exporter("circular_html")().from_notebook_node(nb)
    assert "东岭" in page
