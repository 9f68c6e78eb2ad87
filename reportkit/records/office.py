"""The office's own checks of the archives (档案核查), ``data/checks/<year>.xlsx``."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from reportkit.params import Unit, YearParams
from reportkit.records.forms import CHECKS, archive_field
from reportkit.records.identity import plain
from reportkit.records.issues import Log, shown
from reportkit.records.reading import find_grid, read_table
from reportkit.records.workbook import Grid

NOT_CHECKED = "未查"


def read_checks(
    grids: Sequence[Grid], names: Mapping[str, Unit], params: YearParams, log: Log
) -> tuple[list[dict[str, Any]], int]:
    """Rows of ``archive_checks`` and how many rows were refused; a blank cell is 未查.

    Raises
    ------
    SubmissionError
        If the sheet or the column of units is missing.
    """
    fields = tuple(archive_field(item) for item in params.archive_items)
    sheet = dataclasses.replace(CHECKS, fields=(*CHECKS.fields, *fields))
    table = read_table(find_grid(grids, sheet), sheet, params.year, log)
    for item in params.archive_items:
        if item not in table.present:
            log.add("warned", "no_column", f"没有“{item}”列", f"“{item}”列",
                    f"各单位的“{item}”按未查处理", sheet=table.title)  # fmt: skip
    rows: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for row in table.rows:
        unit = names.get(plain(row.values["unit"]))
        problem = ""
        if unit is None:
            problem = f"“{shown(row.values['unit'])}”不在单位名录中"
        elif not unit.in_being_during(dt.date(params.year, 1, 1), dt.date(params.year, 12, 31)):
            problem = f"“{unit.name}”在{params.year}年不存在"
        elif unit.unit_id in seen:
            problem = f"“{unit.name}”与第{seen[unit.unit_id]}行重复"
        if unit is None or problem:
            log.add("refused", "unit", problem, "名录中的单位，每个单位一行",
                    "该行未采用，请更正", sheet=table.title, cell=row.cell("unit"))  # fmt: skip
            table.refused += 1
            continue
        seen[unit.unit_id] = row.number
        rows += [
            {
                "unit_id": unit.unit_id,
                "year": params.year,
                "item": item,
                "state": row.values[item] or NOT_CHECKED,
                "source_file": log.file,
                "source_sheet": table.title,
                "source_row": row.number,
            }
            for item in params.archive_items
        ]
    return rows, table.refused
