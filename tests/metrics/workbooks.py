"""The demo's workbooks as rows of {header: cell}, read by openpyxl alone.

Nothing of reportkit reads a cell here: headers are found by their text. Only the list of
units and the year's parameters come from ``params/``, as plain YAML.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import yaml

ROOT = Path(__file__).resolve().parents[2]
ALSO = {"编号": "序号", "学习时间": "开始日期", "学习内容": "学习主题", "应到人数": "应到",
        "实到人数": "实到"}  # fmt: skip


@dataclass
class Book:
    """One workbook, its sheets as rows of {header: cell}."""

    unit: str
    year: int
    sheets: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def rows(self, sheet: str) -> list[dict[str, Any]]:
        """The rows of a sheet; "无" alone in a row means that there are none."""
        found = self.sheets.get(sheet, [])
        return [row for row in found if "无" not in (row.get("姓名"), row.get("序号"))]


def text(value: Any) -> str:
    """A cell as text: half-width, without spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(value)))


def date(value: Any) -> dt.date | None:
    """A cell as a date; a cell that says there is none, or is blank: None."""
    if isinstance(value, dt.datetime):
        return value.date()
    parts = [int(part) for part in re.findall(r"\d+", text(value or ""))]
    return dt.date(*parts) if len(parts) == 3 else None


def read(path: Path, year: int) -> Book:
    """All sheets of one workbook: headers in the second row, notes and totals left out."""
    book = Book(path.stem, year)
    for sheet in openpyxl.load_workbook(path, data_only=True):
        for area in list(sheet.merged_cells.ranges):
            if area.min_row > 2 and area.min_col == area.max_col:  # one value for several rows
                value = sheet.cell(area.min_row, area.min_col).value
                sheet.unmerge_cells(str(area))
                for number in range(area.min_row, area.max_row + 1):
                    sheet.cell(number, area.min_col).value = value
        lines = list(sheet.iter_rows(min_row=2, values_only=True))
        header = [text(cell) for cell in lines[0]]
        if sheet.title == "学习情况":
            header = [ALSO.get(name, name) for name in header]
        rows = [dict(zip(header, line, strict=True)) for line in lines[1:]]
        body = [row for row in rows if len([c for c in row.values() if c is not None]) > 1
                or "无" in row.values()]  # fmt: skip
        book.sheets[sheet.title] = [row for row in body if text(row[header[0]]) != "合计"]
    return book


@cache
def books(year: int) -> dict[str, Book]:
    """unit_id → workbook."""
    folder = ROOT / "data" / "submissions" / str(year)
    found = {path.stem: read(path, year) for path in sorted(folder.glob("*.xlsx"))}
    for unit in sorted(path for path in folder.iterdir() if path.is_dir()):
        found[unit.name] = joined(unit, year)
    for unit_id, row in unit_rows().items():
        if row.get("successor_id") in found and unit_id in found:
            without_repeats(found[row["successor_id"]], found[unit_id])
    return found


def without_repeats(after: Book, before: Book) -> None:
    """A successor's lines that repeat its predecessor's sessions, 联学 apart, do not count."""
    told = {(date(r["开始日期"]), r["学习主题"]) for r in before.rows("学习情况")}
    after.sheets["学习情况"] = [
        row
        for row in after.rows("学习情况")
        if row["联学编号"] or (date(row["开始日期"]), row["学习主题"]) not in told
    ]


NUMBERED = {
    "学习情况": "序号",
    "签到表": "学习序号",
    "补学记录": "学习序号",
    "研讨发言": "学习序号",
}


def joined(folder: Path, year: int) -> Book:
    """Several files of one unit as one book: numbers count within their file, rows once."""
    book = Book(folder.name, year)
    for path in sorted(folder.glob("*.xlsx")):
        for title, rows in read(path, year).sheets.items():
            number = NUMBERED.get(title)
            for row in rows:
                if number and row.get(number) is not None:
                    row = {**row, number: f"{path.stem}-{text(row[number])}"}
                if row not in book.sheets.setdefault(title, []):
                    book.sheets[title].append(row)
    return book


@cache
def year_file(year: int) -> dict[str, Any]:
    """params/<year>.yml as plain YAML."""
    return yaml.safe_load((ROOT / "params" / f"{year}.yml").read_text(encoding="utf-8"))


@cache
def unit_rows() -> dict[str, dict[str, Any]]:
    """unit_id → its entry in params/units.yml."""
    data = yaml.safe_load((ROOT / "params" / "units.yml").read_text(encoding="utf-8"))
    return {row["unit_id"]: row for row in data["units"]}


def life(book: Book) -> tuple[dt.date, dt.date]:
    """The unit's first and last day within the year."""
    row = unit_rows()[book.unit]
    first = dt.date.fromisoformat(str(row["valid_from"]))
    last = dt.date.fromisoformat(str(row.get("valid_to", "9999-12-31")))
    return max(first, dt.date(book.year, 1, 1)), min(last, dt.date(book.year, 12, 31))


@cache
def cells(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every sheet of a workbook as its lines, the first of them line 1."""
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
