"""What the XML of a sheet holds beside plain values: calamine does not tell.

calamine reads a formula without a cached value, and an error such as ``#N/A``, as a blank;
it does not say which rows are hidden, nor which numbers are shown as percentages. The scans
go over the plain form that :func:`.xml.plain_sheet` gives, and only where there is reason to.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from reportkit.records.opening.grid import Range, position, refusal
from reportkit.records.opening.limits import MAXIMUM_CELLS, MAXIMUM_COLUMNS, MAXIMUM_ROWS

NO_RESULT = "没有计算结果的公式"
EXTERNAL = "引用外部文件的公式"
ERROR = "错误值"

Cell = tuple[int, int]


@dataclass
class SheetScan:
    """What one sheet holds beside its values; places are (row, column) from 0."""

    unreadable: dict[Cell, str] = field(default_factory=dict)
    external: list[Cell] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    styled: dict[Cell, int] = field(default_factory=dict)
    """Cells in one of the styles asked for → the style."""
    struck_strings: list[Cell] = field(default_factory=list)
    headers_and_footers: list[str] = field(default_factory=list)
    height: int = 0
    width: int = 0


_CELL = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"([^>]*[^/>])?>(.*?)</c>', re.S)
_LAST_CELLS = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>/]*>\s*<(?!/)')
_WIDE = re.compile(rb'<c r="[A-Z]{2,3}[0-9]')
_ROW = re.compile(rb'<row r="([0-9]{1,7})"')
_ROW_HIDDEN = re.compile(
    rb'<row r="([0-9]{1,7})"[^>]*?\s(?:hidden="(?:1|true)"|ht="0(?:\.0+)?")[^>]*>'
)
_COLUMN = re.compile(rb"<col\s[^>]*>")
_MERGE = re.compile(rb'<mergeCell\s[^>]*?\bref="([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})"')
_VALUE = re.compile(rb"<v(?:\s[^>]*)?>([^<]*)</v>")
_FORMULA = re.compile(rb"<f(?:\s[^>]*?)?(?:/>|>([^<]*)</f>)")
_SHARED = re.compile(rb'<f\s[^>]*?\bsi="([0-9]+)"')
_TYPE = re.compile(rb'\st="(\w+)"')
_HEADER = re.compile(rb"<(odd|even|first)(?:Header|Footer)[^>]*>([^<]*)<")
_HEADER_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|[0-9]{1,3}|[A-JL-Z])')
# [1]Sheet1!A1, '[1]Sheet 1'!A1, 'C:\dir\[b.xlsx]Sheet1'!A1, and what fetches from elsewhere;
# not 表1[2023], a column of a table within the workbook.
_OUTSIDE = re.compile(
    r"(?:^|[^\w\]\[:])'?\[\d+\][^\[\]!]{0,80}!"
    r"|\[[^\[\]]+\.(?:xls[xmb]?|et|csv|ods)\][^\[\]!]{0,80}!"
    r"|\b(?:WEBSERVICE|RTD|DDE|IMAGE|FILTERXML|CALL|REGISTER\.ID)\s*\(",
    re.IGNORECASE,
)


def points_outside(formula: str, names: Iterable[str] = ()) -> bool:
    """Whether a formula takes its value from another file or a service.

    ``names`` are the defined names that stand for a place in another file.
    """
    return _OUTSIDE.search(formula) is not None or any(
        re.search(rf"(?<!\w){re.escape(name)}(?!\w)", formula) for name in names
    )


def scan_sheet(
    xml: bytes,
    name: str,
    styles: Iterable[int] = (),
    struck: frozenset[int] = frozenset(),
    outside_names: Iterable[str] = (),
) -> SheetScan:
    """Scan a sheet in the plain form.

    Parameters
    ----------
    styles:
        Indices of the cell styles whose cells the caller asks for.
    struck:
        Indices of the shared strings of which a part is struck through.
    outside_names:
        Defined names that stand for a place in another file.

    Raises
    ------
    SubmissionError
        ``rows``, ``columns`` or ``cells`` if the sheet is too large to be read.
    """
    scan = SheetScan()
    _measure(xml, name, scan)
    if b"<f>" in xml or b"<f " in xml or b"<f/" in xml or b't="e"' in xml:
        _scan_formulas(xml, scan, tuple(outside_names))
    if wanted := b"|".join(str(style).encode() for style in sorted(styles)):
        styled = rb'<c r="([A-Z]{1,3}[0-9]{1,7})"(?:\s[^>]*?)??\ss="(%b)"[^>]*(?<!/)>' % wanted
        for cell, style in re.findall(styled, xml):
            scan.styled[position(cell.decode())] = int(style)
    if struck:
        for cell, index in re.findall(
            rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]*?\st="s"[^>]*>\s*<v>([0-9]{1,8})</v>', xml
        ):
            if int(index) in struck:
                scan.struck_strings.append(position(cell.decode()))
    scan.hidden_rows = [int(number) - 1 for number in _ROW_HIDDEN.findall(xml)]
    scan.hidden_columns = _hidden_columns(xml, scan.width)
    for first, last in _MERGE.findall(xml):
        scan.merged.append(Range(*position(first.decode()), *position(last.decode())))
    scan.headers_and_footers = [
        section for _, text in _HEADER.findall(xml) for section in header_texts(text.decode())
    ]
    return scan


def header_texts(text: str) -> list[str]:
    """The sections of a header or footer, without their formatting codes."""
    return [_HEADER_CODE.sub("", part) for part in re.split(r"&[LCR]", html.unescape(text))]


def check_area(name: str, height: int, width: int) -> None:
    """Refuse a sheet whose area in use is beyond the limits.

    Raises
    ------
    SubmissionError
        ``rows``, ``columns`` or ``cells``.
    """
    code = "rows" if height > MAXIMUM_ROWS else "columns" if width > MAXIMUM_COLUMNS else ""
    if code:
        raise refusal(
            f"工作表“{name}”用到第 {height} 行、第 {width} 列，范围过大",
            f"不超过 {MAXIMUM_ROWS} 行、{MAXIMUM_COLUMNS} 列",
            "删去远处的零散单元格后重新报送",
            code=code,
            sheet=name,
        )
    check_cells(name, height * width)


def check_cells(name: str, cells: int) -> None:
    """Refuse a sheet, or the sheets up to it, with more cells than are read.

    Raises
    ------
    SubmissionError
        ``cells``.
    """
    if cells > MAXIMUM_CELLS:
        raise refusal(
            f"到工作表“{name}”为止共用到 {cells} 个单元格，范围过大",
            f"不超过 {MAXIMUM_CELLS} 个单元格",
            "删去远处的零散单元格后重新报送",
            code="cells",
            sheet=name,
        )


def _measure(xml: bytes, name: str, scan: SheetScan) -> None:
    """The last row and column in use; exactly, unless a quick bound is within the limits."""
    rows = max(map(int, _ROW.findall(xml)), default=0)
    if rows * 26 <= MAXIMUM_CELLS and rows <= MAXIMUM_ROWS and not _WIDE.search(xml):
        scan.height, scan.width = rows, 26
        return
    places = set(_LAST_CELLS.findall(xml))
    scan.height = max((int(row) for _, row in places), default=0)
    letters = {column for column, _ in places}
    scan.width = max((position(f"{c.decode()}1")[1] + 1 for c in letters), default=0)
    check_area(name, scan.height, scan.width)


def _scan_formulas(xml: bytes, scan: SheetScan, names: tuple[str, ...]) -> None:
    shared_outside: set[bytes] = set()
    for match in _CELL.finditer(xml):
        attributes, body = match[2] or b"", match[3]
        kind = _TYPE.search(attributes)
        is_error = kind is not None and kind[1] == b"e"
        formula = _FORMULA.search(body) if b"<f" in body else None
        if not is_error and formula is None:
            continue
        at = position(match[1].decode())
        value = _VALUE.search(body)
        if is_error:
            scan.unreadable[at] = value[1].decode("utf-8", "replace") if value else ERROR
        if formula is None:
            continue
        text = html.unescape((formula[1] or b"").decode("utf-8", "replace"))
        shared = _SHARED.search(body)
        outside = points_outside(text, names) or (shared and shared[1] in shared_outside)
        if outside:
            if shared:
                shared_outside.add(shared[1])
            scan.unreadable[at] = EXTERNAL
            scan.external.append(at)
        elif not is_error and (value is None or not value[1].strip()) and not _is_text(kind):
            scan.unreadable[at] = NO_RESULT


def _is_text(kind: re.Match[bytes] | None) -> bool:
    """Whether the result is stated to be a text: an empty one is then a value, ``=""``."""
    return kind is not None and kind[1] == b"str"


def _hidden_columns(xml: bytes, width: int) -> list[int]:
    head = xml.partition(b"<sheetData")[0]
    hidden: set[int] = set()
    for column in _COLUMN.findall(head):
        if not re.search(rb'\s(?:hidden="(?:1|true)"|width="0(?:\.0+)?")', column):
            continue
        first, last = (re.search(rb"\s" + side + rb'="([0-9]{1,5})"', column)
                       for side in (b"min", b"max"))  # fmt: skip
        if first and last:
            hidden.update(range(int(first[1]) - 1, min(int(last[1]), width)))
    return sorted(hidden)
