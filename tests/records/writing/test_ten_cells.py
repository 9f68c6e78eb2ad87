"""What a new analyst would try: ten cells of the demo spoilt by hand, all ten in the feedback."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openpyxl

from reportkit.records.importing import import_year

YEAR = 2023
SPOILT: tuple[tuple[str, str, str, Any], ...] = (
    ("shitang", "学习情况", "开始日期", "2023-13-40"),
    ("shitang", "学习计划", "计划级次", "旬"),
    ("shitang", "成员名单", "是否班子成员", "也许"),
    ("shitang", "计划内容", "专题编号", "2023-99"),
    ("chiyan", "学习情况", "学时", "两三个"),
    ("chiyan", "学习情况", "实到", 999),
    ("chiyan", "学习情况", "主持人", "司马不在册"),
    ("chiyan", "研讨发言", "发言类型", "高声"),
    ("chengwan", "学习情况", "学习类型", "=1/0"),
    ("chengwan", "经验做法", "主要做法", "联系人 11010519491231002X"),
)


def spoil(home: Path, unit: str, sheet: str, header: str, value: Any) -> str:
    """Put a value below a header, in a row of its own among those spoilt; its cell."""
    path = home / "data" / "submissions" / str(YEAR) / f"{unit}.xlsx"
    workbook = openpyxl.load_workbook(path)
    table = workbook[sheet]
    cells = [c for row in table.iter_rows(max_row=6) for c in row]
    head = next(c for c in cells if str(c.value or "").startswith(header))
    done = [s for s in SPOILT if s[:2] == (unit, sheet)]
    row = head.row + 1 + [s[2] for s in done].index(header)
    table.cell(row, head.column).value = value
    workbook.save(path)
    return f"{head.column_letter}{row}"


def test_ten_cells_spoilt_by_hand_are_all_named_in_the_feedback(
    demo_home: Path, tmp_path: Path
) -> None:
    """In the list with sheet and cell, and marked with a comment where they stand."""
    home = tmp_path / "home"
    shutil.copytree(demo_home, home, ignore=shutil.ignore_patterns("outputs"))
    cells = [(unit, sheet, spoil(home, unit, sheet, header, value))
             for unit, sheet, header, value in SPOILT]  # fmt: skip
    assert len(set(cells)) == 10
    report = import_year(home, YEAR)
    refused = {(i.unit_id, i.sheet, i.cell) for i in report.issues if i.severity == "refused"}
    assert [c for c in cells if c not in refused] == []
    for unit, sheet, cell in cells:
        path = home / "outputs" / "records" / str(YEAR) / "feedback" / f"{unit}.xlsx"
        workbook = openpyxl.load_workbook(path)
        marked = workbook[sheet][cell]
        assert marked.comment is not None and marked.fill.fill_type == "solid", (unit, sheet, cell)
        listed = [[c.value for c in row] for row in workbook["问题清单"].iter_rows()]
        assert any(sheet in row and cell in row for row in listed), (unit, sheet, cell)
        text = "".join(str(c) for row in listed for c in row)
        assert "11010519491231002X" not in text and "110105194912" not in marked.comment.text
