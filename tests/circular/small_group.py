"""A workbook of a few invented units, made from rows: for what the demo does not hold."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from frames_builder import make, params, unit

from reportkit.params import YearParams
from reportkit.records.snapshot import write_snapshot

ROOT = Path(__file__).resolve().parents[2]
UNITS = [
    unit("hq", level="group", order=0),
    unit("aa", short_name="甲岭矿业", order=1),
    unit("bb", short_name="乙川冶炼", order=2),
]
"""集团本级 and two units that exist throughout."""


def small_home(root: Path, units: Sequence[Mapping[str, Any]] = tuple(UNITS)) -> Path:
    """A workbook of these units with notebooks, letterhead and no year."""
    home = root / "workbook"
    (home / "params").mkdir(parents=True)
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    shutil.copy(ROOT / "params" / "letterhead.yml", home / "params")
    group = {"group_name": "岱川能源集团有限公司", "group_short_name": "岱川集团"}
    _write(home / "params" / "units.yml", {**group, "units": [dict(each) for each in units]})
    return home


def put_year(
    home: Path,
    units: Sequence[Mapping[str, Any]] = tuple(UNITS),
    *,
    year: YearParams | None = None,
    unreported: Mapping[str, Sequence[str]] | None = None,
    **tables: Sequence[Mapping[str, Any]],
) -> None:
    """One year of it: parameters, standing prose, and a snapshot of these rows.

    Every table of every unit is 已报, but for those that are ``unreported``.
    """
    year = year or params()
    _write(home / "params" / f"{year.year}.yml", year.model_dump(mode="json"))
    text = home / "params" / "text" / str(year.year)
    if not text.exists():
        shutil.copytree(ROOT / "params" / "text" / "2023", text)
    frames = make(units, year=year, unreported=unreported, **tables)
    inputs = [
        {"file": f"{one}.xlsx", "sha256": "", "unit_id": one, "state": "accepted"}
        for one in frames.unit_frame.index
    ]
    write_snapshot(home, year.year, frames.tables, inputs)


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(yaml.safe_dump(dict(content), allow_unicode=True), encoding="utf-8")
