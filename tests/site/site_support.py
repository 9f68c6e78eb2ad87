"""Manifests and what a workbook tells, made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reportkit.files import write_json
from reportkit.site import Told

NASTY = "东岭</script><!--<b>&\"'\u2028\u2029"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Pages/Count 12/Kids[2 0 R]>>\n<</Type/Pages/Count 5/Kids[]>>"


def entry(unit: str, year: int, **more: Any) -> dict[str, Any]:
    """One document's entry, done unless told otherwise."""
    return {
        "unit": unit, "year": year, "period": None, "edition": "draft",
        "label": more.pop("label", unit),
        "notebook": "notebooks/unit_circular.ipynb", "folder": f"{year}/{unit}", "parameters": {},
        "last_result": {"state": "done", "attempts": 1, "error": None}, "this_run": None,
        "fingerprint": {},
        "files": {f"circular.{e}": {"sha256": f"{unit}{year}{e}", "bytes": 1}
                  for e in ("pdf", "html", "docx", "ipynb")}, **more,
    }  # fmt: skip


def failed(unit: str, year: int, message: str) -> dict[str, Any]:
    """One that failed in its fifth cell."""
    error = {"type": "ValueError", "message": message, "cell": 5,
             "notebook": "circular.failed.ipynb"}  # fmt: skip
    result = {"state": "failed", "attempts": 1, "error": error}
    return entry(unit, year, last_result=result, files={})


def outputs_with(folder: Path, *entries: dict[str, Any]) -> Path:
    """An outputs folder with the manifests of these."""
    by_year: dict[int, dict[str, Any]] = {}
    for each in entries:
        by_year.setdefault(each["year"], {})[f"{each['unit']}/circular"] = each
    for year, documents in by_year.items():
        (folder / str(year)).mkdir(parents=True, exist_ok=True)
        write_json(folder / str(year) / "manifest.json", {"documents": documents, "run": {}})
    (folder / ".reportkit").mkdir(exist_ok=True)
    return folder


def told(*units: str, **more: Any) -> Told:
    """A workbook of these units, all called alike."""
    names = more.pop("names", {unit: (f"{unit}公司", f"{unit}有限公司") for unit in units})
    return Told(group="岱川集团", units=names, kinds={"circular": "通报"}, **more)


def large(folder: Path, units: int, years: int) -> tuple[Path, Told]:
    """An outputs folder of many units and years, with figures for each."""
    ids = [f"unit{n}" for n in range(units)]
    span = range(2024 - years, 2024)
    lines = [
        "集体学习26次（+4）",
        "班子成员年度平均参学率93.6%（−1.5个百分点）",
        "述学率100%（持平）",
    ]
    outputs = outputs_with(folder, *(entry(unit, year) for year in span for unit in ids))
    names = {unit: (f"岱川{n}矿业", f"岱川能源集团第{n}矿业有限公司") for n, unit in enumerate(ids)}
    figures = {year: dict.fromkeys(ids, lines) for year in span}
    return outputs, told(names=names, figures=figures)
