"""Opening one workbook safely: its cells by calamine, and what calamine does not tell.

calamine is fast, but reads a formula without a cached value, and an error such as ``#N/A``,
as a blank; it does not say which rows are hidden. So the XML of each sheet is scanned too:
a blank is never taken for something that is not there.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from reportkit.errors import SubmissionError

MAXIMUM_FILE = 50 * 2**20
"""Bytes of a file as it was sent."""
MAXIMUM_UNPACKED = 200 * 2**20
"""Bytes of all its parts, unpacked: more than any honest submission, less than memory."""
MAXIMUM_CELLS = 3_000_000
"""Rows × columns of the area in use of one sheet."""

TABLE_FORMAT = "本年度报送表（.xlsx 格式）"


def column_letters(index: int) -> str:
    """The letters of a column, counted from 0: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """A1 notation of a cell, both counted from 0."""
    return f"{column_letters(column)}{row + 1}"


def position(cell: str) -> tuple[int, int]:
    """Row and column, both from 0, of a cell in A1 notation."""
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(cell[len(letters) :]) - 1, column - 1


@dataclass(frozen=True)
class Range:
    """A merged range, first and last row and column from 0, both included."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{address(self.top, self.left)}:{address(self.bottom, self.right)}"


@dataclass
class Grid:
    """One sheet: its cells from A1 on, and what must not be read as a plain value."""

    name: str
    rows: list[list[Any]]
    hidden: bool = False
    unreadable: dict[tuple[int, int], str] = field(default_factory=dict)
    """(row, column) → what stands there: a formula without a value, or an error value."""
    hidden_rows: list[int] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)


def open_workbook(content: bytes) -> list[Grid]:
    """All worksheets of an .xlsx file, in its own order.

    Raises
    ------
    SubmissionError
        If it is empty, too large, damaged, locked with a password, or no .xlsx file at all.
    """
    parts = _unpack(content)
    scans = {name: _scan(parts[path]) for name, path in _sheet_paths(parts) if path in parts}
    dates = _east_asian_date_styles(parts.get("xl/styles.xml", b""))
    grids = []
    for name, hidden, rows in _cells(content, scans):
        scan = scans[name]
        grid = Grid(name, rows, hidden, scan.unreadable, scan.hidden_rows, scan.merged)
        if dates:
            _restore_dates(grid, parts, dates)
        grids.append(grid)
    return grids


def refusal(
    found: str,
    expected: str = TABLE_FORMAT,
    next_step: str = "",
    *,
    sheet: str | None = None,
    cell: str | None = None,
) -> SubmissionError:
    """The error of a file that cannot be read as a whole, in Chinese: units read it."""
    error = SubmissionError(found, expected=expected, next_step=next_step or "请用报送表重新填报")
    error.sheet, error.cell = sheet, cell
    return error


def _unpack(content: bytes) -> dict[str, bytes]:
    """The XML parts of the zip, each read to its end and its checksum compared."""
    _refuse_other_formats(content)
    parts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            size = sum(member.file_size for member in members)
            if size > MAXIMUM_UNPACKED or len(members) > 5000:
                raise refusal(
                    f"文件解压后过大（{size // 2**20} MB）",
                    f"解压后不超过 {MAXIMUM_UNPACKED // 2**20} MB",
                    "删去多余的图片和空白行列后重新报送",
                )
            for member in members:
                if member.filename.lower().endswith((".xml", ".rels", ".bin", ".vml")):
                    parts[member.filename] = archive.read(member)
    except SubmissionError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise refusal(
            f"文件已损坏或不完整（{type(error).__name__}）", next_step="在本机打开确认后重新报送"
        ) from None
    except (NotImplementedError, RuntimeError):
        raise refusal(
            "文件加密或压缩方式特殊，无法打开", next_step="取消密码，另存为 .xlsx 后重新报送"
        ) from None
    if "xl/workbook.xml" not in parts:
        raise refusal("压缩包里没有工作簿", next_step="请用 Excel 或 WPS 另存为 .xlsx 后重新报送")
    return parts


def _refuse_other_formats(content: bytes) -> None:
    if not content:
        raise refusal("文件是空的（0 字节）", next_step="重新保存后再报送")
    if len(content) > MAXIMUM_FILE:
        raise refusal(
            f"文件过大（{len(content) // 2**20} MB）", f"不超过 {MAXIMUM_FILE // 2**20} MB"
        )
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise refusal("工作簿设有打开密码", next_step="取消密码后重新报送")
        raise refusal("旧版 .xls 或 WPS .et 文件", next_step="另存为 .xlsx 后重新报送")
    if not content.startswith(b"PK"):
        raise refusal("不是 .xlsx 工作簿（内容与扩展名不符）")


def _sheet_paths(parts: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """(sheet's name, its part) from the workbook and its relations."""
    targets = {}
    for relation in _elements(parts.get("xl/_rels/workbook.xml.rels", b"<r/>")):
        target = relation.get("Target", "")
        targets[relation.get("Id", "")] = (
            target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        )
    for element in _elements(parts["xl/workbook.xml"]):
        if element.tag.endswith("}sheet") or element.tag == "sheet":
            identifier = next((v for k, v in element.items() if k.endswith("}id")), "")
            yield element.get("name", ""), targets.get(identifier, "")


def _elements(xml: bytes) -> Iterator[ElementTree.Element]:
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise refusal("工作簿结构异常（含有 DTD 声明）")
    try:
        # No DTD gets here, and no entity without one; sizes were checked while unpacking.
        yield from ElementTree.fromstring(xml).iter()  # noqa: S314
    except ElementTree.ParseError:
        raise refusal("工作簿结构已损坏", next_step="在本机打开确认后重新报送") from None


@dataclass
class _Scan:
    unreadable: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    height: int = 0
    width: int = 0


# Tags may carry a prefix (<x:c>), as some programs other than Excel write them.
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?[^/>])>(.*?)</(?:\w+:)?c>", re.S)
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_CELL_PLACE = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*?[^/]>')
_ROW_HIDDEN = re.compile(rb"<(?:\w+:)?row\s[^>]*?\bhidden=\"(?:1|true)\"[^>]*>")
_ROW_NUMBER = re.compile(rb'\sr="(\d+)"')
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?\bref="([A-Z]+[0-9]+):([A-Z]+[0-9]+)"')
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


def _scan(xml: bytes) -> _Scan:
    """What the XML of a sheet holds beside plain values."""
    scan = _Scan()
    if _FORMULA.search(xml) or b't="e"' in xml:
        for match in _CELL.finditer(xml):
            _scan_cell(match[1], match[2], scan)
    for match in _ROW_HIDDEN.finditer(xml):
        if number := _ROW_NUMBER.search(match[0]):
            scan.hidden_rows.append(int(number[1]) - 1)
    for match in _MERGE.finditer(xml):
        top, left = position(match[1].decode())
        bottom, right = position(match[2].decode())
        scan.merged.append(Range(top, left, bottom, right))
    places = set(_CELL_PLACE.findall(xml))
    scan.height = max((int(row) for _, row in places), default=0)
    scan.width = max((position(f"{c.decode()}1")[1] + 1 for c in {c for c, _ in places}), default=0)
    return scan


def _scan_cell(attributes: bytes, body: bytes, scan: _Scan) -> None:
    reference = _REFERENCE.search(b" " + attributes)
    if not reference:
        return
    at = position((reference[1] + reference[2]).decode())
    value = _VALUE.search(body)
    if b't="e"' in attributes:
        scan.unreadable[at] = value[1].decode("utf-8", "replace") if value else "错误值"
    elif _FORMULA.search(body) and (
        value is None or (not value[1] and b't="str"' not in attributes)
    ):
        scan.unreadable[at] = "没有计算结果的公式"


def _cells(content: bytes, scans: dict[str, _Scan]) -> Iterator[tuple[str, bool, list[list[Any]]]]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    for name, scan in scans.items():
        if scan.height * scan.width > MAXIMUM_CELLS:
            raise refusal(
                f"工作表“{name}”用到第 {scan.height} 行、第 {scan.width} 列，范围过大",
                "只含填报内容的工作表",
                "删去远处的零散单元格后重新报送",
            )
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            for sheet in book.sheets_metadata:
                if sheet.typ != SheetTypeEnum.WorkSheet:
                    continue
                if sheet.name not in scans:
                    raise refusal(
                        f"工作表“{sheet.name}”的内容缺失",
                        next_step="另存后重新报送",
                        sheet=sheet.name,
                    )
                rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                yield sheet.name, sheet.visible != SheetVisibleEnum.Visible, rows
    except SubmissionError:
        raise
    except Exception as error:
        raise _damaged(error) from None
    except BaseException as error:  # a panic of the Rust library is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(error) from None


def _damaged(error: BaseException) -> SubmissionError:
    return refusal(
        f"工作簿无法读取（{type(error).__name__}）", next_step="在本机打开确认后重新报送"
    )


# Date formats 27–31, 36 and 50–58 belong to Chinese Excel and WPS; they have no format code in
# the file, and calamine gives the bare serial number.
_EAST_ASIAN_DATES = {*range(27, 32), 36, *range(50, 55), 57, 58}
_STYLED = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"[^>]*?\bs="(\d+)"')
_STYLED_2 = re.compile(rb'<(?:\w+:)?c\s[^>]*?\bs="(\d+)"[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"')


def _east_asian_date_styles(styles: bytes) -> set[int]:
    """Indices of the cell styles whose number format is a built-in Chinese date."""
    block = re.search(rb"<(?:\w+:)?cellXfs.*?</(?:\w+:)?cellXfs>", styles, re.S)
    if not block:
        return set()
    formats = re.findall(rb'<(?:\w+:)?xf\s[^>]*?numFmtId="(\d+)"', block[0])
    own = set(re.findall(rb'<(?:\w+:)?numFmt\s[^>]*?numFmtId="(\d+)"', styles))
    return {
        index
        for index, number in enumerate(formats)
        if int(number) in _EAST_ASIAN_DATES and number not in own
    }


def _restore_dates(grid: Grid, parts: dict[str, bytes], styles: set[int]) -> None:
    """Turn bare serial numbers in cells with a Chinese date format back into dates."""
    import datetime as dt

    path = dict(_sheet_paths(parts))[grid.name]
    is_1904 = re.search(rb'date1904="(1|true)"', parts["xl/workbook.xml"]) is not None
    origin = dt.datetime(1904, 1, 1) if is_1904 else dt.datetime(1899, 12, 30)
    xml = parts[path]
    styled = [(cell, style) for cell, style in _STYLED.findall(xml)]
    styled += [(cell, style) for style, cell in _STYLED_2.findall(xml)]
    for cell, style in styled:
        if int(style) not in styles:
            continue
        row, column = position(cell.decode())
        if row < len(grid.rows) and column < len(grid.rows[row]):
            value = grid.rows[row][column]
            if isinstance(value, float) and 61 <= value < 80_000:
                grid.rows[row][column] = origin + dt.timedelta(days=value)


def read_bytes(path: Path) -> bytes:
    """A file's content.

    Raises
    ------
    SubmissionError
        If the system does not let it be read.
    """
    try:
        if not path.is_file():
            raise refusal("不是普通文件", next_step="请放入报送表文件本身")
        if path.stat().st_size > MAXIMUM_FILE:
            raise refusal(f"文件过大（{path.stat().st_size // 2**20} MB）",
                          f"不超过 {MAXIMUM_FILE // 2**20} MB")  # fmt: skip
        return path.read_bytes()
    except OSError as error:
        raise refusal(
            f"文件打不开（{error.strerror or type(error).__name__}）",
            "可以读取的文件",
            "检查文件权限，或关闭正在编辑它的程序",
        ) from None
