"""Issued folders without a notebook run: what is in them is text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportkit.issuing.folder import building, publish

DIGEST = "ab" * 32


def manifest(*units: str, **more: Any) -> dict[str, Any]:
    """What an issue says of itself, but for its id and files."""
    units = units or ("group",)
    documents = {
        f"{unit}/circular.formal": {
            "unit": unit, "title": unit, "folder": f"documents/{unit}", "number": "",
            "notebook": "x.ipynb", "parameters": {}, "fingerprint": {},
        }
        for unit in units
    }  # fmt: skip
    return {
        "year": 2023, "period": None, "edition": "formal", "date": "2024-01-12",
        "signatory": "王芳", "corrects": "", "issued_by": "李",
        "recorded": "2024-01-12T08:00:00+00:00", "snapshots": {"2023": DIGEST},
        "formats": ["pdf", "docx", "html"], "standard_fonts": None, "made_with": {"package": "1"},
        "documents": documents, "stages": {f"{unit}/circular": [] for unit in units},
        "confirmations": {}, "unconfirmed_because": "", **more,
    }  # fmt: skip


def fill(folder: Path, *units: str, text: str = "正文") -> None:
    """Files as an issue has them: documents, and what they were made from."""
    for unit in units or ("group",):
        for ending in ("pdf", "docx", "ipynb"):
            path = folder / "documents" / unit / f"circular.formal.{ending}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{text} {unit} {ending}", encoding="utf-8")
    for name in ("params/2023.yml", "notebooks/x.ipynb"):
        path = folder / "inputs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")


def issue(outputs: Path, issue_id: str, *units: str, text: str = "正文", **more: Any) -> Path:
    """An issued folder of these units."""
    with building(outputs, issue_id) as making:
        fill(making, *units, text=text)
        return publish(making, outputs, issue_id, manifest(*units, **more))
