"""Tables of the Word copy, which can be edited there, and the 版记 at its foot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reportkit.publish import model
from reportkit.publish.formal import copies
from reportkit.publish.layout import TablePart, table_parts
from reportkit.publish.model import Imprint
from reportkit.publish.word.inlines import Look
from reportkit.publish.word.oxml import element, half_points, run, twips

_ALIGN = {"left": "left", "center": "center", "right": "right"}
_OUTER, _INNER = 8, 6  # eighths of a point nearest to 0.35 and 0.25 mm


def paragraph(style: str, *runs: Any, align: str | None = None, keep_next: bool = False) -> Any:
    """A paragraph of a style with its runs."""
    properties = element(
        "w:pPr",
        element("w:pStyle", val=style),
        element("w:keepNext") if keep_next else None,
        element("w:jc", val=align) if align else None,
    )
    return element("w:p", properties, *runs)


def table_blocks(table: model.Table, width_pt: float) -> Iterator[Any]:
    """Title, grid and notes; a table too wide for the sheet comes as several."""
    parts = table_parts(table, width_pt)
    for number, part in enumerate(parts):
        title = model.clean(table.title) + ("（续）" if number and table.title else "")
        if title:
            yield paragraph("Caption", run(title))
        yield _grid(table, part)
        for note in table.notes if number == len(parts) - 1 else ():
            yield paragraph("TableNote", run(note))
        if number < len(parts) - 1 or not table.notes:
            yield paragraph("TableNote")


def _grid(table: model.Table, part: TablePart) -> Any:
    widths = [round(width * 20) for width in part.widths]
    properties = element(
        "w:tblPr",
        element("w:tblStyle", val="TableGrid"),
        element("w:tblW", w=sum(widths), type="dxa"),
        element("w:jc", val="center"),
        element("w:tblLayout", type="fixed"),
        _margins(round(part.inset * 20), round(part.size * 4)),
        element("w:tblLook", val="0420", firstRow=1, noVBand=1),
        element("w:tblCaption", val=model.clean(table.title or table.alt)),
        element("w:tblDescription", val=model.clean(table.alt or table.title)),
    )
    made = element("w:tbl", properties,
                   element("w:tblGrid", *(element("w:gridCol", w=w) for w in widths)))  # fmt: skip
    heads = [(table.columns[place].text, "center") for place in part.places]
    made.append(_row(heads, widths, Look("黑体", part.size), head=True))
    for number, row in enumerate(table.rows):
        look = Look("黑体" if number in table.emphasis else None, part.size)
        cells = [(row[place], _ALIGN[table.columns[place].align]) for place in part.places]
        made.append(_row(cells, widths, look, split=part.breakable))
    return made


def _margins(beside: int, above: int) -> Any:
    """The room about the text of a cell, in twips."""
    sides = {"top": above, "left": beside, "bottom": above, "right": beside}
    return element("w:tblCellMar", *(element(f"w:{s}", w=w, type="dxa") for s, w in sides.items()))


def _row(
    cells: list[tuple[str, str]],
    widths: list[int],
    look: Look,
    *,
    head: bool = False,
    split: bool = False,
) -> Any:
    properties = element(
        "w:trPr",
        None if split else element("w:cantSplit"),
        element("w:tblHeader") if head else None,
    )
    made = element("w:tr", properties if len(properties) else None)
    for (text, align), width in zip(cells, widths, strict=True):
        cell = element("w:tcPr", element("w:tcW", w=width, type="dxa"),
                       element("w:vAlign", val="center"))  # fmt: skip
        content = run(text, *look.properties())
        made.append(element("w:tc", cell, paragraph("Cell", content, align=align)))
    return made


def imprint_table(imprint: Imprint, width_pt: float) -> Any:
    """版记: a table that floats at the foot of the text area, rules above, between and below."""
    width = int(width_pt * 20)
    rows = []
    if told := copies(imprint):
        rows.append([("left", f"抄送：{model.clean(told)}")])
    rows.append(
        [("left", model.clean(imprint.printed_by)), ("right", model.clean(imprint.printed_on))]
    )
    border = {"val": "single", "space": 0, "color": "000000"}
    borders = element(
        "w:tblBorders",
        element("w:top", sz=_OUTER, **border),
        element("w:bottom", sz=_OUTER, **border),
        element("w:insideH", sz=_INNER, **border),
    )
    place = element(
        "w:tblpPr", leftFromText=0, rightFromText=0, vertAnchor="margin", horzAnchor="margin",
        tblpXSpec="left", tblpYSpec="bottom",
    )  # fmt: skip
    properties = element("w:tblPr", place, element("w:tblOverlap", val="never"),
                         element("w:tblW", w=width, type="dxa"), borders,
                         element("w:tblLayout", type="fixed"), _margins(0, 70))  # fmt: skip
    first = width * 3 // 5  # the organ has a longer name than the date
    columns = [element("w:gridCol", w=first), element("w:gridCol", w=width - first)]
    made = element("w:tbl", properties, element("w:tblGrid", *columns))
    for row in rows:
        made.append(_imprint_row(row, first, width - first))
    return made


def _imprint_row(cells: list[tuple[str, str]], first: int, second: int) -> Any:
    made = element("w:tr", element("w:trPr", element("w:cantSplit")))
    for number, (align, text) in enumerate(cells):
        wide = first + second if len(cells) == 1 else (first, second)[number]
        span = element("w:gridSpan", val=2) if len(cells) == 1 else None
        cell = element("w:tcPr", element("w:tcW", w=wide, type="dxa"), span,
                       element("w:vAlign", val="center"))  # fmt: skip
        # 空一字 on each side; further lines of 抄送 hang below its colon.
        hanging = {"left": 280 + 840, "hanging": 840} if len(cells) == 1 else {"left": 280}
        indent = element("w:ind", firstLineChars=0, right=280, **(
            hanging if align == "left" else {"left": 0, "firstLine": 0}))  # fmt: skip
        size = element("w:sz", val=half_points(14))
        shown = paragraph("Imprint", run(text, size), align=align)
        shown.pPr.append(indent)
        made.append(element("w:tc", cell, shown))
    return made


def anchor() -> Any:
    """The last paragraph, to which the floating 版记 belongs: as small as can be."""
    line = element("w:spacing", before=0, after=0, line=twips(0.5), lineRule="exact")
    properties = element("w:pPr", element("w:pStyle", val="TableNote"), line)
    return element("w:p", properties)
