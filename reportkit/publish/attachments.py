"""The figures of a circular's tables as CSV, for the PDF to carry along."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from reportkit.publish import model
from reportkit.publish.model import Document, Table

# A spreadsheet runs what begins so; a number may, and stays one.
_FORMULA = re.compile(r"\s*[=+\-@\t\r]")
_SIGNED = re.compile(r"[+\-]?\d+(?:[.,]\d+)*%?")


def csv_attachments(document: Document) -> list[dict[str, Any]]:
    """One CSV for each table on paper: name, text (with BOM, as Excel and WPS read it), title."""
    tables = [b for b in model.walk(tuple(model.on_paper(document.blocks))) if isinstance(b, Table)]
    return [
        {
            "name": f"table-{number}.csv",
            "data": csv_text(table),
            "description": table.title or table.alt or f"表{number}",
        }
        for number, table in enumerate(tables, 1)
    ]


def csv_text(table: Table) -> str:
    """Head and rows of a table; what a spreadsheet would run as a formula is made text."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in ([column.text for column in table.columns], *table.rows):
        writer.writerow([_harmless(cell) for cell in row])
    return "\ufeff" + buffer.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) and not _SIGNED.fullmatch(cell.strip()) else cell
