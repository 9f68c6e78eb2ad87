"""The texts in the cells: none too long, none marked as secret."""

from __future__ import annotations

from collections.abc import Sequence

from reportkit.records.opening.classified import classified_marking
from reportkit.records.opening.grid import Grid, address, refusal
from reportkit.records.opening.limits import MAXIMUM_TEXT
from reportkit.records.opening.parts_check import refuse_classified


def check_texts(grids: Sequence[Grid]) -> None:
    """Look at each distinct text of the cells once.

    Raises
    ------
    SubmissionError
        ``classified`` or ``cell_length``, with the sheet and the cell.
    """
    for grid in grids:
        if classified_marking(grid.name):
            raise refuse_classified("工作表名")
        distinct = {value for row in grid.rows for value in row if type(value) is str}
        for text in distinct:
            if "密" in text and classified_marking(text):
                raise refuse_classified("单元格", grid.name, _place(grid, text))
        for text in distinct:
            if len(text) > MAXIMUM_TEXT:
                raise refusal(
                    f"单元格文字过长（{len(text)} 个字符）", f"不超过 {MAXIMUM_TEXT} 个字符",
                    "缩短后重新报送", code="cell_length", sheet=grid.name, cell=_place(grid, text),
                )  # fmt: skip


def _place(grid: Grid, text: str) -> str | None:
    for number, row in enumerate(grid.rows):
        if text in row:
            return address(number, row.index(text))
    return None
