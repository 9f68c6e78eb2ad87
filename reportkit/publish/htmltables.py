"""Tables out of HTML, such as pandas shows its frames in: parsed, never pasted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal

from reportkit.publish import model
from reportkit.publish.model import Block, clean

# What may stand in HTML that is nothing but tables and text about them.
_HARMLESS = {
    "a", "b", "body", "br", "caption", "code", "col", "colgroup", "div", "em", "html", "i",
    "p", "small", "span", "strong", "sub", "sup", "u", "head", "meta",
}  # fmt: skip
_TABLE_TAGS = {"table", "thead", "tbody", "tfoot", "tr", "th", "td"}
_LARGEST_SPAN = 200
_NUMBER = re.compile(r"[-+−]?[\d,]*\.?\d+(?:[eE][-+]?\d+)?\s*[%％‰]?")
_EMPTY = {"NaN", "nan", "None", "NaT", "<NA>", "-", "—", "–", "..."}


class _NotTables(Exception):
    """The HTML holds something that is neither table nor plain text."""


@dataclass
class _Cell:
    text: str
    head: bool
    columns: int
    rows: int


@dataclass
class _Grid:
    caption: str = ""
    head: list[list[_Cell]] = field(default_factory=list)
    body: list[list[_Cell]] = field(default_factory=list)


class _Parser(HTMLParser):
    """Collects tables and the text between them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[_Grid | str] = []
        self.grid: _Grid | None = None
        self.section = "body"
        self.row: list[_Cell] | None = None
        self.cell: _Cell | None = None
        self.text: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "style":
            self.silent += 1
        elif tag not in _TABLE_TAGS | _HARMLESS:
            raise _NotTables(tag)
        elif tag == "table":
            if self.grid is not None:
                raise _NotTables("a table within a table")
            self._flush()
            self.grid = _Grid()
        elif tag in ("thead", "tbody", "tfoot"):
            self.section = tag
        elif tag == "tr":
            self._end_row()
            self.row = []
        elif tag in ("td", "th"):
            self._end_cell()
            given = dict(attrs)
            spans = (_span(given.get("colspan")), _span(given.get("rowspan")))
            self.cell = _Cell("", tag == "th", *spans)
            self.text = []
        elif tag == "caption":
            self.text = []
        elif tag in ("br", "p", "div") and self.text:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self.silent = max(0, self.silent - 1)
        elif tag == "caption" and self.grid is not None:
            self.grid.caption = self._taken()
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag == "thead":
            self.section = "body"
        elif tag == "table" and self.grid is not None:
            self._end_row()
            self.parts.append(self.grid)
            self.grid, self.section, self.text = None, "body", []

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.text.append(data)

    def _taken(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self.text).split("\n"))
        self.text = []
        return clean("\n".join(line for line in lines if line))

    def _end_cell(self) -> None:
        if self.cell is not None:
            self.cell.text = self._taken()
            if self.row is not None:
                self.row.append(self.cell)
            self.cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self.row is not None and self.grid is not None and self.row:
            rows = self.grid.head if self.section == "thead" else self.grid.body
            rows.append(self.row)
        self.row = None

    def _flush(self) -> None:
        text = self._taken()
        if text:
            self.parts.append(text)

    def finish(self) -> list[_Grid | str]:
        self.close()
        if self.grid is not None:
            self.handle_endtag("table")
        self._flush()
        return self.parts


def _span(value: str | None) -> int:
    return min(int(value), _LARGEST_SPAN) if value and value.isdecimal() and int(value) else 1


def html_blocks(source: str) -> list[Block] | None:
    """The tables in a piece of HTML and the text around them; None if it is not that alone."""
    parser = _Parser()
    try:
        parser.feed(source)
        parts = parser.finish()
    except _NotTables:
        return None
    if not any(isinstance(part, _Grid) and (part.head or part.body) for part in parts):
        return None
    blocks: list[Block] = []
    for part in parts:
        if isinstance(part, str):
            blocks.append(model.Notice(part))
        elif part.head or part.body:
            blocks.append(_table(part))
    return blocks


def _table(grid: _Grid) -> model.Table:
    head_rows, body_rows = grid.head, grid.body
    if not head_rows and body_rows and all(cell.head for cell in body_rows[0]):
        head_rows, body_rows = body_rows[:1], body_rows[1:]
    filled = _filled([*head_rows, *body_rows])
    head, body = filled[: len(head_rows)], filled[len(head_rows) :]
    count = max(len(row) for row in filled)
    for row in filled:
        row += [""] * (count - len(row))
    names = [" ".join(dict.fromkeys(filter(None, cells))) for cells in zip(*head, strict=True)]
    columns = tuple(
        model.Column(name, _alignment([row[place] for row in body]))
        for place, name in enumerate(names or [""] * count)
    )
    return model.Table(columns, tuple(tuple(row) for row in body), title=grid.caption)


def _filled(rows: list[list[_Cell]]) -> list[list[str]]:
    """Cells that span rows or columns, written out: down and across only the first counts
    in the body, in the head it is repeated."""
    held: dict[tuple[int, int], str] = {}
    result: list[list[str]] = []
    for y, row in enumerate(rows):
        line: list[str] = []
        cells = iter(row)
        x = 0
        while True:
            if (y, x) in held:
                line.append(held.pop((y, x)))
                x += 1
                continue
            cell = next(cells, None)
            if cell is None:
                break
            for dx in range(cell.columns):
                line.append(cell.text if dx == 0 or cell.head else "")
                for dy in range(1, cell.rows):
                    held[(y + dy, x + dx)] = ""
            x += cell.columns
        result.append(line)
    return result


def _alignment(cells: list[str]) -> Literal["left", "right"]:
    """Figures to the right, everything else to the left."""
    solid = [cell for cell in cells if cell and cell not in _EMPTY]
    return "right" if solid and all(_NUMBER.fullmatch(cell) for cell in solid) else "left"
