"""Every notebook in notebooks/ is found and executed: a new one is covered at birth."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks() -> None:
    """Discovery that finds nothing would pass every test below."""
    assert len(NOTEBOOKS) >= 2


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_runs_top_to_bottom(path: Path, demo_home: Path) -> None:
    """As an analyst opens it in JupyterLab: in its own folder, with its default parameters."""
    nb = nbformat.read(path, as_version=4)
    client = NotebookClient(
        nb, timeout=600, kernel_name="python3",
        resources={"metadata": {"path": str(demo_home / "notebooks")}},
    )  # fmt: skip
    client.execute()
    shown = [output for cell in nb.cells for output in cell.get("outputs", [])]
    blocks = [
        output["data"]["application/vnd.reportkit.block+json"]
        for output in shown
        if "application/vnd.reportkit.block+json" in output.get("data", {})
    ]
    assert [b["kind"] for b in blocks[:2]] == ["document", "title"]
    # What nobody signs: it goes to nobody, or the unit itself signs it.
    if path.stem not in ("working_paper", "data_quality", "confirmation"):
        assert "signature" in {b["kind"] for b in blocks}
    assert not [o for o in shown if o["output_type"] in ("error", "stream")]
    for block in blocks:
        text = block.get("text", "")
        assert "nan" not in text and "None" not in text and "（未报）" not in text, text
