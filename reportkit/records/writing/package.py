"""A unit's own workbook, opened for changing: only its sheets, values in place of formulas.

openpyxl gets a fresh package that holds nothing but worksheets, styles, texts and notes:
macros, links to other files, drawings, queries and embedded objects never reach it.
"""

from __future__ import annotations

import io
import posixpath
import re
import warnings
import zipfile
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from reportkit.errors import SubmissionError
from reportkit.records.opening.grid import Grid, damaged
from reportkit.records.opening.xml import check
from reportkit.records.opening.zipped import Archive, open_archive
from reportkit.records.private import find_private, find_private_number, mask_private
from reportkit.records.writing.marking import as_text, printable

MAXIMUM_COPIED = 24 * 2**20
"""Bytes of XML that openpyxl can take in within some seconds."""
MAXIMUM_MERGES = 5_000
MAXIMUM_MERGED = 200_000
"""Cells in merged ranges: openpyxl makes an object of each."""

_KEPT = ("styles", "sharedStrings", "theme")
_KEPT_BY_SHEETS = ("comments",)
_POINTS_ELSEWHERE = (
    "hyperlinks", "tableParts", "drawing", "legacyDrawing", "oleObjects", "controls", "picture",
    "extLst", "webPublishItems", "customSheetViews",
)  # fmt: skip
_REFERENCES = ("externalReferences", "pivotCaches", "extLst", "functionGroups")
_PLAIN_FUNCTIONS = frozenset({
    "ABS", "AND", "AVERAGE", "CONCATENATE", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS",
    "DATE", "DAY", "EXACT", "FALSE", "FIND", "IF", "IFERROR", "INT", "ISBLANK", "ISNUMBER", "LEFT",
    "LEN", "LOOKUP", "MATCH", "MAX", "MEDIAN", "MID", "MIN", "MOD", "MONTH", "NOT", "OR", "RIGHT",
    "ROUND", "ROUNDDOWN", "ROUNDUP", "ROW", "ROWS", "SUBSTITUTE", "SUBTOTAL", "SUM", "SUMIF",
    "SUMIFS", "SUMPRODUCT", "TEXT", "TRIM", "TRUE", "VALUE", "VLOOKUP", "WEEKDAY", "YEAR",
})  # fmt: skip
_QUOTED = re.compile(r'"[^"]*"')
_CALL = re.compile(r"([A-Za-z_.][\w.]*)\s*\(")


def is_plain_formula(text: object) -> bool:
    """Whether a formula computes from this workbook alone, by functions that only compute."""
    if not isinstance(text, str) or len(text) > 500:
        return False
    bare = _QUOTED.sub("", text)
    if re.search(r"[\[\]|{}\\]|//|#", bare):
        return False
    return all(name.upper() in _PLAIN_FUNCTIONS for name in _CALL.findall(bare))


def load_copy(content: bytes, grids: Sequence[Grid]) -> Any:
    """The workbook with openpyxl: results where formulas were, and nothing that is foreign.

    Raises
    ------
    SubmissionError
        If it is too large for that, or holds what openpyxl cannot take in.
    """
    merged = sum((m.bottom - m.top + 1) * (m.right - m.left + 1) for g in grids for m in g.merged)
    if merged > MAXIMUM_MERGED or sum(len(g.merged) for g in grids) > MAXIMUM_MERGES:
        raise damaged("合并的单元格过多")
    package = own_parts(open_archive(content))
    workbook = _load(package, data_only=True)
    unreadable = {grid.name: grid.unreadable for grid in grids if grid.unreadable}
    if unreadable:
        _put_formulas_back(workbook, _load(package, data_only=False), unreadable)
    _leave_out(workbook)
    return workbook


def _load(package: bytes, *, data_only: bool) -> Any:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it leaves out, which is ours to say
        try:
            workbook = openpyxl.load_workbook(
                io.BytesIO(package), data_only=data_only, keep_links=False
            )
        except SubmissionError:
            raise
        except Exception:  # whatever a stranger's file makes it raise
            raise damaged("工作簿无法复制") from None
    if not workbook.worksheets:
        raise damaged("工作簿没有工作表")
    return workbook


# --- the package --------------------------------------------------------------------------


def own_parts(archive: Archive) -> bytes:
    """A package of the parts that a table is made of.

    Raises
    ------
    SubmissionError
        If these are too large, damaged, or declare a DTD.
    """
    parts: dict[str, bytes] = {}

    def take(path: str, but: Collection[str] = ()) -> None:
        xml = archive.read(path)
        if xml and path not in parts:
            check(xml, path)
            parts[path] = _without(xml, but)
            if sum(map(len, parts.values())) > MAXIMUM_COPIED:
                raise damaged("工作簿过大，无法复制")

    take("[content_types].xml")
    take("_rels/.rels")
    main = _target(parts.get("_rels/.rels", b""), "", ("officeDocument",))[:1]
    for book in main:
        take(book, _REFERENCES)
        relations = _relations_of(book)
        take(relations)
        for path in _target(parts.get(relations, b""), posixpath.dirname(book), _KEPT):
            take(path)
        for path in _target(parts.get(relations, b""), posixpath.dirname(book), ("worksheet",)):
            take(path, _POINTS_ELSEWHERE)
            own = _only(archive.read(_relations_of(path)), _KEPT_BY_SHEETS)
            for note in _target(own, posixpath.dirname(path), _KEPT_BY_SHEETS):
                parts[_relations_of(path)] = own
                take(note)
    return _zip({_spelled(archive, path): xml for path, xml in parts.items()})


def _zip(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as target:
        for path, xml in parts.items():
            target.writestr(path, xml)
    return buffer.getvalue()


def _spelled(archive: Archive, path: str) -> str:
    """The part's name as the file spells it: openpyxl takes notice of case."""
    return archive.members[path.lower()].orig_filename.replace("\\", "/")


def _relations_of(path: str) -> str:
    folder, _, file = path.rpartition("/")
    return f"{folder}/_rels/{file}.rels".lstrip("/")


def _target(relations: bytes, folder: str, kinds: Collection[str]) -> list[str]:
    """The parts of these kinds that a part names; none that stands outside the package."""
    if not relations:
        return []
    check(relations, "rels")
    found = []
    for relation in ElementTree.fromstring(relations).iter():  # noqa: S314 - checked above
        kind = relation.get("Type", "").rpartition("/")[2]
        if kind in kinds and relation.get("TargetMode") != "External":
            path = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
            found.append(path.lstrip("/").lower())
    return found


def _only(relations: bytes, kinds: Collection[str]) -> bytes:
    """The relations of these kinds alone."""
    if not relations:
        return b""
    check(relations, "rels")
    root = ElementTree.fromstring(relations)  # noqa: S314 - checked above
    for relation in list(root):
        if relation.get("Type", "").rpartition("/")[2] not in kinds:
            root.remove(relation)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _without(xml: bytes, names: Collection[str]) -> bytes:
    """The part without some of its elements; as it is if it has none of them."""
    if not any(name.encode() in xml for name in names):
        return xml
    root = ElementTree.fromstring(xml)  # noqa: S314 - checked before: no DTD
    for element in list(root):
        if isinstance(element.tag, str) and element.tag.rpartition("}")[2] in names:
            root.remove(element)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


# --- values, formulas, and what stands beside them ------------------------------------------


def _put_formulas_back(
    workbook: Any, formulas: Any, unreadable: Mapping[str, Mapping[tuple[int, int], str]]
) -> None:
    """What has no result that can be trusted keeps its formula: plain as such, else as text.

    So the cell is refused again until the unit has put a value there: a result taken from
    another file must not enter only because the copy has it as a value.
    """
    for sheet in workbook.worksheets:
        for row, column in unreadable.get(sheet.title, ()):
            other = formulas[sheet.title].cell(row + 1, column + 1)
            cell = sheet.cell(row + 1, column + 1)
            if other.data_type != "f" or type(cell).__name__ == "MergedCell":
                continue
            text = other.value
            if cell.value is None and is_plain_formula(text):
                cell.value = text
            elif cell.data_type != "e":
                source = text if isinstance(text, str) else getattr(text, "text", None)
                as_text(cell, printable(source or "=（公式）"))


def _leave_out(workbook: Any) -> None:
    """Formulas outside of cells that compute from elsewhere, and all properties."""
    from openpyxl.packaging.custom import CustomPropertyList

    workbook.custom_doc_props = CustomPropertyList()
    for names in (workbook.defined_names, *(s.defined_names for s in workbook.worksheets)):
        for name in [n for n, d in names.items() if not is_plain_formula(d.value)]:
            del names[name]
    for sheet in workbook.worksheets:
        validations = sheet.data_validations.dataValidation
        validations[:] = [
            v for v in validations
            if all(f is None or is_plain_formula(f) for f in (v.formula1, v.formula2))
        ]  # fmt: skip
        sheet.scenarios = type(sheet.scenarios)()
        for cells in [c for c in sheet.conditional_formatting if not all(
            is_plain_formula(f) for r in c.rules for f in (r.formula or ()))]:  # fmt: skip
            del sheet.conditional_formatting[cells.sqref]
        for cell in sheet._cells.values():
            if cell.data_type == "s" and cell.value[:1] in "=+-@":
                cell.quotePrefix = True


def hide_numbers(workbook: Any, refused: Collection[tuple[str, int, int]] | None) -> list[Any]:
    """Hide numbers of persons in all cells, notes and headers of a copy.

    Parameters
    ----------
    workbook:
        Is changed in place.
    refused:
        Sheet, row and column, from 1, of cells that were refused for such a number. None:
        hide rather too much, since nothing of the copy is to be read again.

    Returns
    -------
    The cells in which something was hidden.
    """
    changed = []
    for sheet in workbook.worksheets:
        for line in (sheet.oddHeader, sheet.oddFooter, sheet.evenHeader, sheet.evenFooter,
                     sheet.firstHeader, sheet.firstFooter):  # fmt: skip
            for part in (line.left, line.center, line.right):
                part.text = mask_private(part.text) if part.text else part.text
        for (row, column), cell in sheet._cells.items():
            value, comment = cell.value, getattr(cell, "comment", None)
            if comment and find_private(comment.text):
                comment.text = mask_private(comment.text)
            if isinstance(value, str) and cell.data_type != "f":
                # A staff number may look like a telephone: it must come back as it is.
                wide = refused is None or (sheet.title, row, column) in refused
                if (wide or find_private(value, numbered=True)) and mask_private(value) != value:
                    as_text(cell, mask_private(value))
                    changed.append(cell)
            elif isinstance(value, int | float) and value >= 10**10 and find_private_number(value):
                as_text(cell, mask_private(str(int(value))))
                changed.append(cell)
        if find_private(sheet.title):
            sheet.title = mask_private(sheet.title)[:31]
    return changed
