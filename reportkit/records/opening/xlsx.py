"""Opening an .xlsx or .xlsm file safely: its cells by calamine, and what calamine does not tell.

Every part is unpacked and checked once, scanned, and handed to calamine in a fresh package
that holds nothing else: so what was scanned and what is read cannot differ, whatever the
sender's zip says twice. Macros, links and embedded objects never get that far.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import quoteattr

from reportkit.errors import SubmissionError
from reportkit.records.opening.classified import classified_marking
from reportkit.records.opening.grid import (
    Grid,
    Notice,
    Opened,
    address,
    damaged,
    refusal,
)
from reportkit.records.opening.limits import MAXIMUM_SHEETS
from reportkit.records.opening.parts_check import (
    check_parts,
    external_cell,
    looks_of_cells,
    notices_of,
    refuse_classified,
    shortened,
)
from reportkit.records.opening.sheet_scan import (
    EXTERNAL,
    SheetScan,
    check_cells,
    points_outside,
    scan_sheet,
)
from reportkit.records.opening.styles import Styles, as_date, is_shown, read_styles, shown_fixed
from reportkit.records.opening.texts import check_texts
from reportkit.records.opening.xml import (
    check,
    check_places,
    check_root,
    elements,
    plain_sheet,
    tree,
)
from reportkit.records.opening.zipped import Archive, open_archive

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STYLED = re.compile(rb'<c r="[A-Z0-9]+"[^>]* s="[1-9]')
_CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

_ROOT_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
    f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)


@dataclass
class _Book:
    """What the workbook part says: which parts are its sheets, and how they are to be read."""

    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    """(name, part, hidden)."""
    styles: str = ""
    strings: str = ""
    is_1904: bool = False
    outside_names: list[str] = field(default_factory=list)


def open_workbook(content: bytes) -> Opened:
    """All worksheets of an .xlsx or .xlsm file, in its own order.

    Raises
    ------
    SubmissionError
        If it is too large, damaged, hostile, marked as secret, or holds no workbook.
    """
    archive = open_archive(content)
    main = workbook_part(archive)
    book = _read_book(archive, main)
    notices = notices_of(archive)
    styles = read_styles(archive.read(book.styles))
    check_parts(archive, {path for _, path, _ in book.sheets} | {book.strings, book.styles})
    package, scans = _repack(archive, book, styles)
    grids = []
    for (name, _, hidden), scan, rows in zip(
        book.sheets, scans, _cells(package, book), strict=True
    ):
        grids.append(_grid(name, hidden, rows, scan, styles, book.is_1904))
    for grid, scan in zip(grids, scans, strict=True):
        notices += _notices(grid, scan)
    check_texts(grids)
    is_macro = any(notice.code == "macros" for notice in notices)
    return Opened("xlsm" if is_macro else "xlsx", tuple(grids), tuple(notices))


# --- the package -----------------------------------------------------------------------


def workbook_part(archive: Archive) -> str:
    """The path of the workbook part.

    Raises
    ------
    SubmissionError
        If the zip holds none, or one in the binary form (.xlsb).
    """
    for relation in elements(archive.read("_rels/.rels"), "_rels/.rels"):
        if relation.get("Type", "").endswith("/officeDocument"):
            path = _resolve("", relation.get("Target", ""))
            if path in archive and not path.endswith(".bin"):
                return path
    if "xl/workbook.xml" in archive:
        return "xl/workbook.xml"
    if "xl/workbook.bin" in archive:
        raise refusal("二进制工作簿（.xlsb）", next_step="另存为 .xlsx 后重新报送", code="format")
    raise refusal(
        "压缩包里没有工作簿", next_step="请用 Excel 或 WPS 另存为 .xlsx 后重新报送", code="format"
    )


def _resolve(base: str, target: str) -> str:
    """A relation's target as a path within the package, in lower case."""
    target = target.replace("\\", "/").lower()
    return posixpath.normpath(posixpath.join("/", base, target)).lstrip("/")


def _read_book(archive: Archive, main: str) -> _Book:
    folder, _, file = main.rpartition("/")
    targets: dict[str, tuple[str, str]] = {}
    book = _Book()
    relations = f"{folder}/_rels/{file}.rels"
    for relation in elements(archive.read(relations), relations):
        kind = relation.get("Type", "").rpartition("/")[2]
        path = _resolve(folder, relation.get("Target", ""))
        targets[relation.get("Id", "")] = (kind, path)
        if kind == "styles":
            book.styles = path
        elif kind == "sharedStrings":
            book.strings = path
    for element in tree(archive.read(main), main).iter():
        if element.tag == "workbookPr":
            book.is_1904 = element.get("date1904", "") in ("1", "true", "on")
        elif element.tag == "definedName" and points_outside(element.text or ""):
            book.outside_names.append(element.get("name", ""))
        elif element.tag == "sheet":
            _add_sheet(book, archive, element.attrib, targets)
    _check_sheets(book)
    if any(path and path not in archive for path in (book.styles, book.strings)):
        raise damaged("工作簿缺少样式或文字部分")
    return book


def _add_sheet(
    book: _Book, archive: Archive, sheet: dict[str, str], targets: dict[str, tuple[str, str]]
) -> None:
    name = sheet.get("name", "")
    kind, path = targets.get(sheet.get("id", ""), ("", ""))
    if classified_marking(name):
        raise refuse_classified("工作表名")
    if kind in ("chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"):
        return
    if path not in archive:
        raise damaged(f"工作表“{name}”的内容缺失", name)
    book.sheets.append((name, path, sheet.get("state", "visible") != "visible"))


def _check_sheets(book: _Book) -> None:
    if len(book.sheets) > MAXIMUM_SHEETS:
        raise refusal(
            f"有 {len(book.sheets)} 张工作表", f"不超过 {MAXIMUM_SHEETS} 张",
            "只保留报送表的工作表后重新报送", code="sheets",
        )  # fmt: skip
    names = [name.casefold() for name, _, _ in book.sheets]
    paths = [path for _, path, _ in book.sheets]
    if len(set(names)) < len(names) or len(set(paths)) < len(paths):
        raise damaged("两张工作表同名，或指向同一内容")
    if not book.sheets:
        raise damaged("工作簿里没有工作表")


def _repack(archive: Archive, book: _Book, styles: Styles) -> tuple[bytes, list[SheetScan]]:
    """A package of what calamine needs and no more, and what it will not tell of the sheets."""
    buffer = io.BytesIO()
    scans = []
    strings = archive.read(book.strings)
    struck = _struck_strings(strings)
    asked = (
        styles.dates
        | styles.percent
        | frozenset(styles.fixed)
        | styles.struck
        | styles.unseen.keys()
    )
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("[Content_Types].xml", _CONTENT_TYPES)  # by it the format is known
        package.writestr("_rels/.rels", _ROOT_RELATIONS)
        package.writestr("xl/workbook.xml", _workbook_xml(book))
        package.writestr("xl/_rels/workbook.xml.rels", _relations_xml(book))
        if strings:
            check(strings, "sharedStrings.xml")
            check_root(strings, "sst", "sharedStrings.xml")
            package.writestr("xl/sharedStrings.xml", strings)
        if looks := archive.read(book.styles):
            check_root(looks, "styleSheet", "styles.xml")
            package.writestr("xl/styles.xml", looks)
        for number, (name, path, _) in enumerate(book.sheets, 1):
            xml = plain_sheet(archive.read(path), name)
            if (not strings and b' t="s"' in xml) or (not looks and _STYLED.search(xml)):
                raise damaged("工作簿缺少样式或文字部分", name)
            scan = scan_sheet(xml, name, asked, struck, book.outside_names)
            check_places(xml, name)
            if any(classified_marking(text) for text in scan.headers_and_footers):
                raise refuse_classified("页眉或页脚", name)
            package.writestr(f"xl/worksheets/sheet{number}.xml", xml)
            scans.append(scan)
    return buffer.getvalue(), scans


def _struck_strings(strings: bytes) -> frozenset[int]:
    if b"strike" not in strings:
        return frozenset()
    items = (e for e in elements(strings, "sharedStrings.xml") if e.tag == "si")
    return frozenset(
        index for index, item in enumerate(items)
        if any(s.get("val") not in ("0", "false") for s in item.iter("strike"))
    )  # fmt: skip


def _workbook_xml(book: _Book) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(str(n))} sheetId="{n}" r:id="rId{n}"/>'
        for n in range(1, len(book.sheets) + 1)
    )
    epoch = ' date1904="1"' if book.is_1904 else ""
    return (f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><workbookPr{epoch}/>'
            f"<sheets>{sheets}</sheets></workbook>")  # fmt: skip


def _relations_xml(book: _Book) -> str:
    kinds = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(book.sheets) + 1)]
    kinds += [("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")]
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(kinds, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>'


# --- the cells -------------------------------------------------------------------------


def _cells(package: bytes, book: _Book) -> Iterator[list[list[Any]]]:
    from python_calamine import CalamineWorkbook

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(package)) as workbook:
            cells = 0
            for number, (name, _, _) in enumerate(book.sheets, 1):
                rows = workbook.get_sheet_by_name(str(number)).to_python(skip_empty_area=False)
                cells += len(rows) * max(map(len, rows), default=0)
                check_cells(name, cells)
                yield rows
    except (GeneratorExit, SubmissionError, MemoryError):
        raise
    except Exception:
        raise damaged("工作簿的内容无法识别") from None
    except BaseException as error:  # a panic of the Rust library is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise damaged("工作簿的内容自相矛盾") from None


def _grid(
    name: str, hidden: bool, rows: list[list[Any]], scan: SheetScan, styles: Styles, is_1904: bool
) -> Grid:
    grid = Grid(name, rows, hidden, scan.unreadable, scan.hidden_rows, scan.merged, is_1904=is_1904)
    grid.make_room()
    width = max(map(len, rows), default=0)
    grid.hidden_columns = [column for column in scan.hidden_columns if column < width]
    grid.struck.update(at for at in scan.struck_strings)
    for (row, column), style in scan.styled.items():
        if row >= len(rows) or column >= len(rows[row]):
            continue
        value = rows[row][column]
        if style in styles.struck and value != "":
            grid.struck.add((row, column))
        if style in styles.unseen and value != "" and not is_shown(styles.unseen[style], value):
            grid.unseen.add((row, column))
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if style in styles.percent:
            grid.percent.add((row, column))
        elif style in styles.dates:
            rows[row][column] = as_date(value, is_1904) or value
        elif style in styles.fixed and (text := shown_fixed(value, styles.fixed[style])):
            grid.shown[row, column] = text
    return grid


def _notices(grid: Grid, scan: SheetScan) -> list[Notice]:
    outside = [external_cell(EXTERNAL, grid.name, address(*at)) for at in sorted(scan.external)]
    return [*shortened(outside), *looks_of_cells(grid)]
