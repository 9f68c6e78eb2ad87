"""Which files of the workbook's folder count as read, by a cell or a module that it imports."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

CELL = """
from reportkit import reads
reads.start()
import office
try:
    import office_extra
except ImportError:
    pass
try:
    open('texts/none.txt')
except FileNotFoundError:
    pass
import os
from pathlib import Path
Path('data/own.csv').read_text()
os.listdir('data')
Path('written.csv').write_text('1')
Path('written.csv').read_text()
Path('outputs/old.txt').read_text()
Path('.hidden').read_text()
reads.write('read.json')
open('later.txt')
"""


def test_files_that_a_cell_reads_imports_or_looks_for(tmp_path: Path) -> None:
    """By content, also what is not there; not what it wrote, outputs, or what is hidden."""
    for name in ("office.py", "data/own.csv", "outputs/old.txt", ".hidden", "later.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("A = 1\n", encoding="utf-8")
    found = []
    for content in ("A = 1\n", "A = 22\n"):
        (tmp_path / "office.py").write_text(content, encoding="utf-8")
        subprocess.run([sys.executable, "-c", CELL], cwd=tmp_path, check=True)
        found.append(json.loads((tmp_path / "read.json").read_text(encoding="utf-8")))
    missing = {"files/office_extra.py", "files/office_extra/__init__.py", "files/texts/none.txt"}
    there = {"files/office.py", "files/data/own.csv", "files/data"}
    assert found[0].keys() == found[1].keys() == missing | there
    assert {name for name in there | missing if not found[0][name]} == missing
    assert {name for name in found[0] if found[0][name] != found[1][name]} == {"files/office.py"}
