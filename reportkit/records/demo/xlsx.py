"""Writing plain .xlsx files whose bytes depend on their content alone.

openpyxl takes the clock and its own version into the file; here everything that enters is
in sight, and a workbook costs milliseconds, so that thousands of demo units stay cheap.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from reportkit.records.opening import column_letters

Value = str | int | float | dt.date | None

_EPOCH = dt.date(1899, 12, 30)
_ZIP_TIME = (2023, 1, 1, 0, 0, 0)
_STYLES = {"plain": 0, "title": 1, "header": 2, "cell": 3, "date": 4, "wrap": 5, "note": 6}

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_BORDER = 'borderId="1" applyBorder="1" applyAlignment="1"'
_MIDDLE = '<alignment horizontal="center" vertical="center"/>'
_STYLES_XML = f"""{_HEAD}<styleSheet xmlns="{_MAIN}">
<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>
<fonts count="3"><font><sz val="11"/><name val="宋体"/></font>
<font><b/><sz val="16"/><name val="黑体"/></font>
<font><b/><sz val="11"/><name val="宋体"/></font></fonts>
<fills count="3"><fill><patternFill patternType="none"/></fill>
<fill><patternFill patternType="gray125"/></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFF2F2F2"/></patternFill></fill></fills>
<borders count="2"><border/><border><left style="thin"/><right style="thin"/><top style="thin"/>
<bottom style="thin"/></border></borders>
<cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="7"><xf/>
<xf fontId="1" applyFont="1" applyAlignment="1">{_MIDDLE}</xf>
<xf fontId="2" fillId="2" applyFont="1" applyFill="1" {_BORDER}>
<alignment horizontal="center" vertical="center" wrapText="1"/></xf>
<xf {_BORDER}>{_MIDDLE}</xf>
<xf numFmtId="164" applyNumberFormat="1" {_BORDER}>{_MIDDLE}</xf>
<xf {_BORDER}><alignment vertical="center" wrapText="1"/></xf>
<xf applyAlignment="1"><alignment horizontal="left"/></xf></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>"""


@dataclass(frozen=True)
class SheetData:
    """One sheet: a title over all columns, a header, rows, and lines below the table."""

    name: str
    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Value]]
    widths: Sequence[int]
    notes: Sequence[str] = ()
    wide: frozenset[int] = frozenset()
    """Columns of long text: left-aligned and wrapped."""
    merges: Sequence[tuple[int, int, int]] = ()
    """(column, first row, last row) of cells merged downwards, counted from 0 below the header."""


def write(sheets: Sequence[SheetData]) -> bytes:
    """The sheets as the bytes of an .xlsx file: the same sheets, the same bytes."""
    strings: dict[str, int] = {}
    bodies = [_sheet(sheet, strings) for sheet in sheets]
    parts = {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook(sheets),
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
            + [("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")]
        ),
        "xl/styles.xml": _STYLES_XML,
        "xl/sharedStrings.xml": _shared_strings(strings),
        **{f"xl/worksheets/sheet{n}.xml": body for n, body in enumerate(bodies, 1)},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, body in parts.items():
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, body.encode("utf-8"), compresslevel=6)
    return buffer.getvalue()


def _sheet(sheet: SheetData, strings: dict[str, int]) -> str:
    def text(at: str, value: str, style: str) -> str:
        number = strings.setdefault(value, len(strings))
        return f'<c r="{at}" s="{_STYLES[style]}" t="s"><v>{number}</v></c>'

    def cell(at: str, value: Value, wide: bool) -> str:
        if value is None or value == "":
            return f'<c r="{at}" s="{_STYLES["cell"]}"/>'
        if isinstance(value, str):
            return text(at, value, "wrap" if wide else "cell")
        if isinstance(value, dt.date):
            return f'<c r="{at}" s="{_STYLES["date"]}"><v>{(value - _EPOCH).days}</v></c>'
        return f'<c r="{at}" s="{_STYLES["cell"]}"><v>{value}</v></c>'

    columns = len(sheet.widths)
    letters = [column_letters(c) for c in range(columns)]
    lines, merged, number = [], [], 1
    if sheet.title:
        lines.append(
            f'<row r="1" ht="28" customHeight="1">{text("A1", sheet.title, "title")}</row>'
        )
        merged.append(f"A1:{letters[-1]}1")
        number = 2
    if sheet.header:
        cells = (text(f"{letters[c]}{number}", h, "header") for c, h in enumerate(sheet.header))
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
        number += 1
    for column, first, last in sheet.merges:
        merged.append(f"{letters[column]}{number + first}:{letters[column]}{number + last}")
    for row in sheet.rows:
        cells = (cell(f"{letters[c]}{number}", v, c in sheet.wide) for c, v in enumerate(row))
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
        number += 1
    for note in sheet.notes:
        lines.append(f'<row r="{number}">{text(f"A{number}", note, "note")}</row>')
        merged.append(f"A{number}:{letters[-1]}{number}")
        number += 1
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>'
        for n, w in enumerate(sheet.widths, 1)
    )
    merges = "".join(f'<mergeCell ref="{m}"/>' for m in merged)
    tail = f'<mergeCells count="{len(merged)}">{merges}</mergeCells>' if merged else ""
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><cols>{widths}</cols>'
        f"<sheetData>{''.join(lines)}</sheetData>{tail}</worksheet>"
    )


def _content_types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{kind}.{what}+xml"/>'
        for name, what in [
            ("workbook", "sheet.main"),
            ("styles", "styles"),
            ("sharedStrings", "sharedStrings"),
            *((f"worksheets/sheet{n}", "worksheet") for n in range(1, sheets + 1)),
        ]
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    body = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{body}</Relationships>'


def _workbook(sheets: Sequence[SheetData]) -> str:
    body = "".join(
        f'<sheet name={quoteattr(s.name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, s in enumerate(sheets, 1)
    )
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{body}</sheets></workbook>'
    )


def _shared_strings(strings: dict[str, int]) -> str:
    body = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    return f'{_HEAD}<sst xmlns="{_MAIN}" uniqueCount="{len(strings)}">{body}</sst>'
