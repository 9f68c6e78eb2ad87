"""Marking cells: colours and comments that say what is wrong, and taking them off again.

A unit may correct its feedback file and send it back. So a mark can be told from what the
unit itself drew: its comment begins with one of our signs, its border has one of our colours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportkit.records.codes import Severity, catalogue
from reportkit.records.issues import Issue
from reportkit.records.opening.grid import position
from reportkit.records.private import mask_private

AUTHOR = "reportkit"
LONGEST = 2_000
"""Characters of one text of ours in a cell."""
LONGEST_COMMENT = 1_200
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
AT_MOST_CELLS = 200
"""Cells that one issue colours: of a range beyond that only the first ones."""

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column: from 1, all included."""


@dataclass(frozen=True)
class Mark:
    """How a severity looks; the kinds of border differ on black-and-white paper too."""

    label: str
    fill: str
    border: str
    colour: str
    """Of the border, six digits less one: the last says whether there was a border before."""


MARKS: dict[Severity, Mark] = {
    "refused": Mark("须更正", "FFFFC7CE", "thick", "FFC0000"),
    "warned": Mark("请核实", "FFBDD7EE", "mediumDashed", "FF1F4E7"),
    "corrected": Mark("已规范", "FFFFEB9C", "double", "FF7F600"),
}
"""In the order in which people should see to them; the first of a cell gives its colour."""

_GRAVEST = tuple(MARKS)
_SIDES = ("left", "right", "top", "bottom")
_SIGNS = tuple(f"【{mark.label}】" for mark in MARKS.values())
HIDDEN_SIGN = "【已隐去号码】"
HIDDEN = "本单元格含有证件或电话号码，反馈表中已隐去。重新报送时请不要填写此类号码"
_OWN = "\n——本单位原批注——\n"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_RISKY = "=+-@＝＋－＠"
_ADDRESS = re.compile(r"([A-Z]{1,3}[0-9]{1,7})(?::([A-Z]{1,3}[0-9]{1,7}))?")


def printable(text: str) -> str:
    """The text without what a cell must not hold; what is taken out leaves a sign."""
    return _CONTROL.sub("�", text)


def safe(text: str, longest: int = LONGEST) -> str:
    """A text of ours for a cell: no formula, no private number, not too long.

    What a program might take for a formula (``=``, ``+``, ``-``, ``@`` first) is put into
    quotation marks: it stays readable, and harmless also once the list is saved as .csv.
    """
    text = mask_private(printable(text))
    if len(text) > longest:
        text = text[:longest] + "……（过长，未全部列出）"
    return f"“{text}”" if text.lstrip()[:1] in _RISKY and text.strip() else text


def areas_of(cell: str | None) -> list[Area]:
    """The areas that an issue's ``cell`` means; none if it is not an address Excel knows."""
    areas = []
    for word in re.split(r"[、,，;；\s]+", cell or ""):
        match = _ADDRESS.fullmatch(word.upper().replace("$", ""))
        if match is None:
            return []
        corners = [position(corner) for corner in match.groups() if corner]
        rows, columns = zip(*corners, strict=True)
        area = (min(rows) + 1, min(columns) + 1, max(rows) + 1, max(columns) + 1)
        if area[0] < 1 or area[2] > LAST_ROW or area[3] > LAST_COLUMN:
            return []
        areas.append(area)
    return areas


def as_text(cell: Any, text: str) -> None:
    """Put a text into a cell so that no program takes it for a formula, also when edited."""
    cell.value = text
    cell.data_type = "s"
    if text[:1] in _RISKY:
        cell.quotePrefix = True


# --- marks on ---------------------------------------------------------------------------


def mark_cells(sheet: Any, areas: Sequence[Area], issues: Sequence[Issue]) -> None:
    """Colour the areas, and put one comment with all the issues onto their first cell."""
    severity = min((issue.severity for issue in issues), key=_GRAVEST.index)
    left = AT_MOST_CELLS
    for top, first, bottom, last in areas:
        for row in range(top, min(bottom, top + left) + 1):
            for column in range(first, min(last, first + left) + 1):
                if left > 0:
                    left -= _colour(sheet, row, column, severity)
    comment_on(_anchor(sheet, areas[0][0], areas[0][1]), _comment_text(issues))


def _merged_around(sheet: Any, row: int, column: int) -> Any:
    for merged in sheet.merged_cells.ranges:
        if (merged.min_row <= row <= merged.max_row
                and merged.min_col <= column <= merged.max_col):  # fmt: skip
            return merged
    return None


def _anchor(sheet: Any, row: int, column: int) -> Any:
    merged = _merged_around(sheet, row, column)
    return sheet.cell(merged.min_row, merged.min_col) if merged else sheet.cell(row, column)


def _colour(sheet: Any, row: int, column: int, severity: Severity) -> int:
    """Colour a cell, or the merged range around it; how many cells these were."""
    merged = _merged_around(sheet, row, column)
    if merged is None:
        _dress(sheet.cell(row, column), severity)
        return 1
    rows = range(merged.min_row, min(merged.max_row, merged.min_row + 50) + 1)
    columns = range(merged.min_col, min(merged.max_col, merged.min_col + 50) + 1)
    places = [(r, c) for r in rows for c in columns]
    for place in places:
        _dress(sheet.cell(*place), severity)
    return len(places)


def _dress(cell: Any, severity: Severity) -> None:
    from openpyxl.styles import Border, PatternFill, Protection, Side

    mark, before = MARKS[severity], _severity_of(cell)
    if before and _GRAVEST.index(before) < _GRAVEST.index(severity):
        return
    old = cell.border
    sides = {}
    for name in _SIDES:
        side = getattr(old, name)
        had = int(side is not None and side.style is not None)
        if before:
            had = int(str(side.color.rgb)[-1])
        sides[name] = Side(mark.border, color=f"{mark.colour}{had}")
    cell.fill = PatternFill("solid", fgColor=mark.fill)
    cell.border = Border(**sides)
    if cell.parent.protection.sheet:
        cell.protection = Protection(locked=False)


def _severity_of(cell: Any) -> Severity | None:
    """Which mark of ours a cell bears; a fill like ours with other borders is the unit's own."""
    colours = [side.color.rgb if side is not None and side.color is not None else None
               for side in (getattr(cell.border, n) for n in _SIDES)]  # fmt: skip
    for severity, mark in MARKS.items():
        ours = (f"{mark.colour}0", f"{mark.colour}1")
        if cell.fill.fgColor.rgb == mark.fill and all(colour in ours for colour in colours):
            return severity
    return None


def _comment_text(issues: Sequence[Issue]) -> str:
    parts = []
    for issue in sorted(issues, key=lambda i: _GRAVEST.index(i.severity)):
        title = catalogue()[issue.code].title if issue.code in catalogue() else issue.code
        lines = [f"【{MARKS[issue.severity].label}】{title}", f"发现：{issue.found}"]
        lines += [f"应为：{issue.expected}"] if issue.expected else []
        lines += [f"处理：{issue.action}"] if issue.action else []
        parts.append("\n".join(safe(line, 400) for line in lines))
    text = "\n\n".join(parts)
    if len(text) > LONGEST_COMMENT:
        text = text[:LONGEST_COMMENT] + "……\n（其余见“问题清单”）"
    return text


def comment_on(cell: Any, text: str) -> None:
    """Put our comment onto a cell; what the unit itself had noted there follows it."""
    from openpyxl.comments import Comment

    before = cell.comment.text if cell.comment else ""
    if before.startswith((*_SIGNS, HIDDEN_SIGN)):
        text = f"{text}\n\n{before}"
    elif before:
        text = f"{text}{_OWN}{mask_private(printable(before))[:LONGEST]}"
    lines = sum(1 + _width(line) // 40 for line in text.split("\n"))
    cell.comment = Comment(text, AUTHOR, height=min(24 + 18 * lines, 620), width=320)


def _width(text: str) -> int:
    """Half-width columns that a text takes."""
    return sum(1 if character < "\u2000" else 2 for character in text)


def rows_high(text: str, width: float) -> int:
    """Lines that a wrapped text takes in a column of this width (characters)."""
    return sum(1 + int(_width(line) // max(width - 1, 1)) for line in text.split("\n"))


# --- marks off --------------------------------------------------------------------------


def take_off_marks(workbook: Any) -> None:
    """Take our colours and comments off a feedback file that was corrected and sent back."""
    fills = {n for n, fill in enumerate(workbook._fills)
             if fill.fill_type == "solid" and fill.fgColor.rgb in _FILLS}  # fmt: skip
    for sheet in workbook.worksheets:
        for cell in list(sheet._cells.values()):
            if cell.has_style and cell._style.fillId in fills:
                _undress(cell)
            comment = getattr(cell, "comment", None)
            if comment and comment.text.startswith((*_SIGNS, HIDDEN_SIGN)):
                _undress_comment(cell, comment)


_FILLS = {mark.fill for mark in MARKS.values()}


def _undress(cell: Any) -> None:
    from openpyxl.styles import Border, PatternFill, Side

    if _severity_of(cell) is None:
        return  # the unit's own colour
    sides = {
        name: Side("thin") if str(getattr(cell.border, name).color.rgb)[-1] == "1" else Side()
        for name in _SIDES
    }
    cell.fill, cell.border = PatternFill(), Border(**sides)


def _undress_comment(cell: Any, comment: Any) -> None:
    from openpyxl.comments import Comment

    _, _, own = comment.text.partition(_OWN)
    cell.comment = Comment(own, "") if own else None
