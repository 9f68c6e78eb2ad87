"""The README's commands do what it says, typed as they stand there, in both languages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")


WRITTEN_LATER = ("fonts/", "text/<year>/edits/", "confirmations/")
"""Below params/: what an office puts there, or a command writes once there is something to say."""


def commands(text: str) -> list[str]:
    """The lines of its console blocks, comments cut off."""
    blocks = re.findall(r"^```console\n(.*?)^```", text, flags=re.S | re.M)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A line typed with the environment active: its scripts come first on the path."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        line.split(), cwd=folder, env={**os.environ, "PATH": path}, capture_output=True,
        text=True, encoding="utf-8", check=False, timeout=600,
    )  # fmt: skip


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small complete workbook to type the commands in."""
    home = tmp_path_factory.mktemp("readme") / "workbook"
    made = shell(f"reportkit demo --out {home} --units 3", ROOT)
    assert made.returncode == 0, made.stderr
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 标题\n\n正文。")])
    nbformat.write(nb, home / "any.ipynb")
    return home


def test_the_two_commands_stand_first() -> None:
    """Both READMEs begin with the same two commands, and the Makefile knows them."""
    for text in (README, CHINESE):
        assert commands(text)[:2] == ["make circulars", "make test"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("circulars", "test"):
        assert re.search(rf"^{target}:", makefile, flags=re.M)


def test_every_command_of_the_readme_runs(workbook: Path) -> None:
    """Each `reportkit` and `jupyter` line, in the order of the page, ends with status 0."""
    lines = [line for line in commands(README) if not line.startswith("make")]
    assert len(lines) >= 7
    for line in lines:
        run = shell(line, workbook)
        assert run.returncode == 0, f"{line}\n{run.stdout}\n{run.stderr}"
    assert (workbook / "any.pdf").read_bytes().startswith(b"%PDF")
    assert (workbook / "somewhere" / "params" / "units.yml").is_file()
    assert (workbook / "outputs" / "2023" / "group" / "circular.pdf").is_file()


def test_every_path_of_the_readme_exists() -> None:
    """What the annotated tree and the tables name is there."""
    tree = re.search(r"## What is where\n\n```\n(.*?)```", README, flags=re.S)
    assert tree
    missing, folder = [], ROOT
    for line in tree.group(1).splitlines():
        indented, names = line.startswith("  "), line.strip().split("  ")[0]
        for name in names.split(" · "):
            path = (folder if indented else ROOT) / name.replace("<year>", "2023").replace(
                "<unit>", "dongling"
            )
            if not path.exists() and name not in WRITTEN_LATER:
                missing.append(name)
        if not indented and names.endswith("/"):
            folder = ROOT / names
    assert not missing


def test_the_readme_lists_every_metric_by_number_and_name() -> None:
    """Numbers for rules and tables, names for sentences: as the registry has them."""
    from reportkit.metrics.registry import METRICS

    rows = re.findall(r"^\| (M\d+[a-z]?) \| (\S+) \| `(\w+)` \|$", CHINESE, flags=re.M)
    assert rows == [(m.metric_id, m.name, m.attribute) for m in METRICS]


def test_pictures_of_the_readme_exist() -> None:
    """No broken picture."""
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / name).is_file() for name in pictures)


def test_the_readme_s_parameters_are_right() -> None:
    """Its YAML is what the parameters take: copied from the page, it works."""
    from reportkit.params import Decisions
    from reportkit.params.forms import OfficeForms
    from reportkit.params.issue import Issue
    from reportkit.records.forms import unit_sheets
    from reportkit.records.forms.custom import with_office_forms

    blocks = [
        yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```", README, re.S | re.M)
    ]
    forms = [OfficeForms.model_validate(b) for b in blocks if "forms" in b]
    decisions = [Decisions.model_validate(b) for b in blocks if "issues" in b]
    issues = [Issue.model_validate(b) for b in blocks if "documents" in b]
    assert forms and decisions and issues
    assert len(forms) + len(decisions) + len(issues) == len(blocks)
    assert with_office_forms(unit_sheets(), forms[0]) != unit_sheets()
    assert decisions[0].issues[0].decision == "override"
