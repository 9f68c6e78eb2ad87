"""Reading a workbook's sheets by their headers: values with their places, and issues.

Title rows above, extra columns, the order of columns and blank lines do not matter. What
cannot be read for sure is refused with its sheet and cell; nothing is dropped in silence.

:mod:`.choosing` which sheet is which form · :mod:`.cover` the cover · :mod:`.headers` the
header of one row or several · :mod:`.rows` which rows are records · :mod:`.merges` merged
cells · :mod:`.totals` 合计 · :mod:`.cells` one cell, and what an analyst decided of it ·
:mod:`.files` the whole file · :mod:`.table` what comes out.
"""

from __future__ import annotations

from reportkit.records.reading.choosing import find_grid
from reportkit.records.reading.cover import read_cover
from reportkit.records.reading.files import read_file, read_table, require_sheets
from reportkit.records.reading.table import FileTables, Row, Source, Table

__all__ = [
    "FileTables", "Row", "Source", "Table", "find_grid", "read_cover", "read_file", "read_table",
    "require_sheets",
]  # fmt: skip
