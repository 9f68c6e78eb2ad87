"""Forms (稿纸) for Word: a grid of labels, texts and rooms that people fill in by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reportkit.publish.word.inlines import Look
from reportkit.publish.word.oxml import element, run, twips
from reportkit.publish.word.tables import paragraph

_OUTER, _INNER = 12, 4  # eighths of a point
_INSET_MM = 1.5

Align = Literal["left", "center", "right"]
Line = tuple[str, Align]


@dataclass(frozen=True)
class FormCell:
    """One cell: lines of text, each with its alignment; without lines a room to write in.

    ``label``: names what stands in the next cell. ``top``: its text stands at its upper edge.
    """

    lines: tuple[Line, ...] = ()
    span: int = 1
    label: bool = False
    top: bool = False


@dataclass(frozen=True)
class FormRow:
    """A row, at least so high."""

    cells: tuple[FormCell, ...]
    height_mm: float = 11.0


def label(text: str) -> FormCell:
    """The name of what stands beside it."""
    return FormCell(((text, "center"),), label=True)


def filled(text: str, span: int = 1, align: Align = "left") -> FormCell:
    """What is known, a line for each of the text's lines; nothing known is a room."""
    lines = tuple((line, align) for line in text.split("\n")) if text.strip() else ()
    return FormCell(lines, span)


def form_grid(rows: Sequence[FormRow], widths_mm: Sequence[float], size: float = 12.0) -> Any:
    """The grid; every row's spans add up to the columns.

    Raises
    ------
    ValueError
        If those of a row do not.
    """
    widths = [twips(width) for width in widths_mm]
    line = {"val": "single", "space": 0, "color": "000000"}
    borders = [
        element(f"w:{side}", sz=_OUTER, **line) for side in ("top", "left", "bottom", "right")
    ]
    borders += [element(f"w:{side}", sz=_INNER, **line) for side in ("insideH", "insideV")]
    inset = [element(f"w:{side}", w=twips(_INSET_MM), type="dxa") for side in ("left", "right")]
    made = element(
        "w:tbl",
        element(
            "w:tblPr",
            element("w:tblW", w=sum(widths), type="dxa"),
            element("w:jc", val="center"),
            element("w:tblBorders", *borders),
            element("w:tblLayout", type="fixed"),
            element("w:tblCellMar", *inset),
        ),
        element("w:tblGrid", *(element("w:gridCol", w=width) for width in widths)),
    )
    for row in rows:
        if sum(cell.span for cell in row.cells) != len(widths):
            raise ValueError(f"{sum(c.span for c in row.cells)} columns, expected {len(widths)}")
        made.append(_row(row, widths, size))
    return made


def _row(row: FormRow, widths: Sequence[int], size: float) -> Any:
    height = element("w:trHeight", val=twips(row.height_mm), hRule="atLeast")
    made = element("w:tr", element("w:trPr", element("w:cantSplit"), height))
    at = 0
    for cell in row.cells:
        width = sum(widths[at : at + cell.span])
        at += cell.span
        properties = element(
            "w:tcPr",
            element("w:tcW", w=width, type="dxa"),
            element("w:gridSpan", val=cell.span) if cell.span > 1 else None,
            element("w:vAlign", val="top" if cell.top else "center"),
        )
        look = Look("黑体" if cell.label else None, size).properties
        lines = cell.lines or (("", "left"),)
        shown = [paragraph("Cell", run(text, *look()), align=align) for text, align in lines]
        made.append(element("w:tc", properties, *shown))
    return made
