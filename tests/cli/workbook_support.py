"""A study workbook without a line of data."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "batch"))

UNITS = """\
group_name: 岱川集团有限公司
group_short_name: 岱川集团
units:
  - {unit_id: hq, name: 集团本级, short_name: 集团本级, order: 1, mask_label: A,
     level: group, valid_from: 2010-01-01}
  - {unit_id: xiling, name: 西岭公司全称, short_name: 西岭公司, order: 3, mask_label: C,
     valid_from: 2010-01-01}
  - {unit_id: dongling, name: 东岭公司全称, short_name: 东岭公司, order: 2, mask_label: B,
     valid_from: 2010-01-01}
  - {unit_id: gone, name: 已撤公司全称, short_name: 已撤公司, order: 4, mask_label: D,
     valid_from: 2010-01-01, valid_to: 2023-06-30}
"""
YEAR = """\
year: {year}
cutoff: {year}-12-31
issued_on: {next}-01-08
topics: []
archive_items: [签到簿, 学习记录簿, 研讨发言簿]
themes: []
rules: []
"""


def write_workbook(folder: Path) -> Path:
    """A workbook with four units and two years."""
    from batch_support import GOOD, notebook

    params = folder / "params"
    params.mkdir()
    (params / "units.yml").write_text(UNITS, encoding="utf-8")
    for year in (2022, 2023):
        text = YEAR.format(year=year, next=year + 1)
        (params / f"{year}.yml").write_text(text, encoding="utf-8")
    # An id in the text would fail the paper.
    unit = GOOD.replace("{unit}，", "{unit.title()}公司，")
    notebook(folder / "notebooks" / "unit_circular.ipynb", unit)
    group = GOOD.replace("unit=unit", "unit='group'").replace("{unit}", "集团")
    notebook(folder / "notebooks" / "group_circular.ipynb", group, parameters="year = 0")
    return folder


def without_records(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """In place of the year's indicators: nothing; blocked units are those put in here."""
    from reportkit import annual

    blocked: dict[str, str] = {}
    for name in ("known_slices", "slices"):
        monkeypatch.setattr(
            annual, name, lambda home, year, period=None, pins=(): annual.Slices(blocked, {})
        )
    monkeypatch.setattr(
        annual, "prepare", lambda home, year, period=None, many=False, pins=(): None
    )
    return blocked
