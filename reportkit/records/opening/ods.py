"""Opening an OpenDocument table (.ods), as LibreOffice, WPS and Excel save it.

Its one part with cells is small enough to be read whole, and says more than calamine tells of
it: what is hidden, merged or struck, what a cell shows, and which formula has no result.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from reportkit.records.opening.grid import Grid, Opened, Range, address, damaged, refusal
from reportkit.records.opening.limits import MAXIMUM_COLUMNS, MAXIMUM_ROWS, MAXIMUM_SHEETS
from reportkit.records.opening.parts_check import (
    check_parts,
    external_cell,
    links,
    looks_of_cells,
    macros,
    shortened,
)
from reportkit.records.opening.sheet_scan import (
    EXTERNAL,
    NO_RESULT,
    check_area,
    check_cells,
    points_outside,
)
from reportkit.records.opening.styles import shown_fixed
from reportkit.records.opening.texts import check_texts
from reportkit.records.opening.xls import locked
from reportkit.records.opening.xml import elements, tree
from reportkit.records.opening.zipped import open_archive

_NUMBERS = ("float", "currency", "percentage")
_DIGITS = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_ERROR = re.compile(r"#[A-Z/0!?]+|Err:\d+")


def open_ods(content: bytes) -> Opened:
    """All sheets of an .ods file, in its own order.

    Raises
    ------
    SubmissionError
        If it is too large, damaged, hostile, locked, or marked as secret.
    """
    archive = open_archive(content)
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise locked()
    check_parts(archive, ())
    root = tree(archive.read("content.xml"), "content.xml")
    tables = [each for book in root.iter("spreadsheet") for each in book if each.tag == "table"]
    if not tables:
        raise refusal("OpenDocument 文件里没有工作表", code="format")
    if len(tables) > MAXIMUM_SHEETS:
        raise refusal(f"有 {len(tables)} 张工作表", f"不超过 {MAXIMUM_SHEETS} 张",
                      "只保留报送表的工作表后重新报送", code="sheets")  # fmt: skip
    styles = _Styles([root, *elements(archive.read("styles.xml"), "styles.xml")])
    notices = [macros()] if any(p.startswith("basic/") for p in archive.members) else []
    notices += [links()] if root.find(".//table-source") is not None else []
    grids: list[Grid] = []
    for table in tables:
        grid, outside = _grid(table, styles)
        check_cells(grid.name, sum(len(g.rows) * len(g.rows[0]) for g in (*grids, grid) if g.rows))
        grids.append(grid)
        notices += shortened([external_cell(EXTERNAL, grid.name, address(*at)) for at in outside])
        notices += looks_of_cells(grid)
    check_texts(grids)
    return Opened("ods", tuple(grids), tuple(notices))


class _Styles:
    """Names of the styles that hide a sheet, and that strike text through."""

    def __init__(self, roots: list[Element]) -> None:
        named = [style for root in roots for style in root.iter("style")]
        self.hidden = _having(named, "table-properties", "display", ("false",))
        self.flat = _having(named, "table-row-properties", "row-height", ("0cm", "0in", "0pt"))
        lines = ("solid", "dotted", "dash", "long-dash", "dot-dash", "wave")
        self.struck = _having(named, "text-properties", "text-line-through-style", lines)


def _having(styles: list[Element], kind: str, name: str, values: tuple[str, ...]) -> set[str]:
    return {
        style.get("name", "")
        for style in styles
        if any(part.get(name) in values for part in style.iter(kind))
    }


def _grid(table: Element, styles: _Styles) -> tuple[Grid, list[tuple[int, int]]]:
    grid = Grid(table.get("name", ""), [], table.get("style-name") in styles.hidden)
    outside: list[tuple[int, int]] = []
    number = width = 0
    for row in table.iter("table-row"):
        times = _times(row, "number-rows-repeated")
        cells = [*_places(row)]
        if row.get("visibility", "visible") != "visible" or row.get("style-name") in styles.flat:
            grid.hidden_rows += range(number, min(number + times, MAXIMUM_ROWS))
        if cells:
            last = cells[-1][0] + 1
            width = max(width, last)
            check_area(grid.name, number + times, width)
            grid.rows += [[] for _ in range(number - len(grid.rows))]
            for n in range(number, number + times):
                grid.rows.append([""] * last)
                for column, cell in cells:
                    grid.rows[n][column] = _read(cell, (n, column), grid, styles, outside)
        number += times
    grid.rows = [row + [""] * (width - len(row)) for row in grid.rows]
    grid.hidden_rows = [row for row in grid.hidden_rows if row < len(grid.rows)]
    grid.hidden_columns = [
        column for column, each in _places(table, "table-column", "number-columns-repeated", width)
        if column < width and each.get("visibility", "visible") != "visible"
    ]  # fmt: skip
    return grid, outside


def _places(
    parent: Element, tag: str = "", repeated: str = "number-columns-repeated", most: int = 0
) -> Iterator[tuple[int, Element]]:
    """(column, element) of each cell of a row, or of each column; as often as they are repeated."""
    column = 0
    tags = (tag,) if tag else ("table-cell", "covered-table-cell")
    for each in parent.iter() if tag else parent:
        if each.tag not in tags:
            continue
        times = _times(each, repeated)
        # What fills up a row is blank; what holds something counts as often as it is stated.
        for n in range(min(times, most or (MAXIMUM_COLUMNS + 1 if _holds(each) else 0))):
            yield column + n, each
        column += times


def _times(element: Element, name: str) -> int:
    text = element.get(name, "1")
    if not re.fullmatch("[1-9][0-9]{0,6}", text):
        raise damaged("行列的重复次数无法识别")
    return int(text)


def _holds(cell: Element) -> bool:
    """Whether a cell holds something, rather than a look alone."""
    spans = cell.get("number-columns-spanned", "1") + cell.get("number-rows-spanned", "1")
    return bool(cell.get("value-type") or cell.get("formula") or spans != "11" or _text(cell))


def _read(
    cell: Element,
    at: tuple[int, int],
    grid: Grid,
    styles: _Styles,
    outside: list[tuple[int, int]],
) -> Any:
    """A cell's value; what else is to be known of it goes to the grid."""
    bottom, right = (
        start + _times(cell, f"number-{side}-spanned") - 1
        for start, side in zip(at, ("rows", "columns"), strict=True)
    )
    if (bottom, right) != at:
        grid.merged.append(Range(*at, bottom, right))
    text, kind = _text(cell), cell.get("value-type", "")
    formula = cell.get("formula", "")
    if "file:" in formula or points_outside(formula):
        grid.unreadable[at] = EXTERNAL
        outside.append(at)
    elif _ERROR.fullmatch(text) and formula:
        grid.unreadable[at] = text
    elif formula and not kind:
        grid.unreadable[at] = NO_RESULT
    if at in grid.unreadable:
        return ""
    used = {cell.get("style-name"), *(span.get("style-name") for span in cell.iter("span"))}
    if used & styles.struck and (text or kind):
        grid.struck.add(at)
    value = _value(cell, kind, text, grid.name, at)
    if kind == "percentage":
        grid.percent.add(at)
    elif kind == "float" and _DIGITS.fullmatch(text) and isinstance(value, float):
        whole, _, decimals = text.lstrip("-").partition(".")
        code = "0" * len(whole) + (f".{'0' * len(decimals)}" if decimals else "")
        if shown_fixed(value, code) == text:
            grid.shown[at] = text
    return value


def _value(cell: Element, kind: str, text: str, sheet: str, at: tuple[int, int]) -> Any:
    try:
        if kind in _NUMBERS:
            return float(cell.get("value", ""))
        if kind == "boolean":
            return {"true": True, "false": False}[cell.get("boolean-value", "")]
        if kind == "date":
            moment = dt.datetime.fromisoformat(cell.get("date-value", ""))
            return moment.date() if moment.time() == dt.time() else moment
        if kind == "time" and (match := _TIME.fullmatch(cell.get("time-value", ""))):
            hours, minutes, seconds = map(int, match.groups())
            return dt.time(hours, minutes, seconds) if hours < 24 else text
    except (ValueError, KeyError):
        raise damaged("单元格的值与其类型不符", sheet, address(*at)) from None
    return cell.get("string-value", text) if kind == "string" else text


def _text(cell: Element) -> str:
    """The paragraphs of a cell, a line each; without the notes beside it."""
    return "\n".join("".join(_pieces(each)) for each in cell if each.tag == "p")


def _pieces(node: Element) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if child.tag == "s":
            yield " " * min(_times(child, "c"), 100)
        elif child.tag in ("tab", "line-break"):
            yield "\t" if child.tag == "tab" else "\n"
        elif child.tag not in ("annotation", "ruby-text"):
            yield from _pieces(child)
        yield child.tail or ""
