"""A Word file that came back: its paragraphs, its tables as grids, what else people leave in it.

Changes that are tracked (修订) are read as accepted, text struck through by hand as deleted.
Content controls, marks of Word's symbol fonts and cells merged in either direction are read
as they look. Nothing of the file is run or followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from reportkit.errors import SubmissionError
from reportkit.records.opening.zipped import Archive, open_archive

_DOCUMENT = "word/document.xml"
_SYMBOLS = {
    "wingdings": {0xFC: "✓", 0xFB: "✗", 0xFE: "☑", 0xFD: "☒", 0xA8: "□", 0x6F: "□", 0x6E: "■",
                  0x71: "□", 0x72: "□", 0xA1: "○", 0x6C: "●"},
    "wingdings 2": {0x50: "✓", 0x4F: "✗", 0x52: "☑", 0x54: "☒", 0x53: "☒", 0x51: "☒", 0xA3: "□",
                    0x2A: "□", 0xA2: "■"},
}  # fmt: skip
"""What Word inserts as a symbol of a font is a letter of it: here what people see."""
_THROUGH = frozenset(
    {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "AlternateContent", "Choice",
     "hyperlink", "fldSimple", "dir", "bdo"}
)  # fmt: skip
"""Wrappers that are not seen on paper."""
_GONE = frozenset(
    {"del", "moveFrom", "instrText", "delText", "Fallback", "fldData", "pPr", "rPr", "sdtPr",
     "sdtEndPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "rt"}
)  # fmt: skip
"""Deleted, or never text."""
_PICTURES = frozenset({"blip", "imagedata", "ink", "OLEObject"})
_OFF = frozenset({"0", "false", "off", "none"})


@dataclass(frozen=True)
class Cell:
    """A cell: its text, the columns of the grid that it covers, whether a picture is in it."""

    text: str
    start: int
    span: int = 1
    picture: bool = False


@dataclass
class Table:
    """A table: the text of the paragraph above it (its title, mostly), and its rows."""

    title: str
    rows: list[list[Cell]] = field(default_factory=list)


@dataclass
class WordFile:
    """What of a Word file is read."""

    paragraphs: list[str] = field(default_factory=list)
    """Outside of tables, in order."""
    head: list[str] = field(default_factory=list)
    """Those above the first table."""
    tables: list[Table] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    """批注."""
    keywords: str = ""

    @property
    def texts(self) -> Iterator[str]:
        """Every text in it."""
        yield from (*self.paragraphs, *self.comments, self.keywords)
        for table in self.tables:
            yield from (cell.text for row in table.rows for cell in row)


def open_word(content: bytes) -> WordFile:
    """The file behind some bytes.

    Raises
    ------
    SubmissionError
        If it is damaged, or larger than an honest one can be.
    """
    try:
        archive = open_archive(content)
        found = WordFile()
        for root in _roots(archive, _DOCUMENT):
            body = root.find("body")
            _read_body(body if body is not None else root, found)
        for root in _roots(archive, "docprops/core.xml"):
            found.keywords = next((e.text or "" for e in root.iter("keywords")), "")
        for root in _roots(archive, "word/comments.xml"):
            texts = (text_of(comment).strip() for comment in root.iter("comment"))
            found.comments += [" ".join(text.split()) for text in texts if text]
    except RecursionError:
        raise _damaged("文件的结构嵌套过深") from None
    except SubmissionError as error:
        raise _damaged(error.found.replace("工作簿", "文件")) from None
    if not found.tables:
        raise _damaged("文件里没有表格")
    return found


def _damaged(found: str) -> SubmissionError:
    return SubmissionError(
        found, expected="数据确认单的 Word 文档（.docx）",
        next_step="用 Word 或 WPS 打开后另存为 .docx 重新报送",
    )  # fmt: skip


def _roots(archive: Archive, part: str) -> Iterator[Any]:
    from reportkit.records.opening.xml import tree

    if xml := archive.read(part):
        yield tree(xml, part)


def _read_body(body: Any, found: WordFile) -> None:
    above = ""
    for block in _flat(body):
        if block.tag == "tbl":
            found.tables.append(Table(above, list(_rows(block))))
            above = ""
        elif block.tag == "p":
            text = text_of(block)
            found.paragraphs.append(text)
            if not found.tables:
                found.head.append(text)
            above = text.strip() or above


def _flat(parent: Any) -> Iterator[Any]:
    """The children, wrappers opened and what is deleted left out."""
    for child in parent:
        if child.tag in _THROUGH:
            yield from _flat(child)
        elif child.tag not in _GONE:
            yield child


# --- tables ----------------------------------------------------------------------------


def _rows(table: Any) -> Iterator[list[Cell]]:
    above: dict[int, Cell] = {}
    for row in _flat(table):
        properties = row.find("trPr")
        if row.tag != "tr" or (properties is not None and properties.find("del") is not None):
            continue
        place = _number(properties, "gridBefore", 0)
        cells: list[Cell] = []
        for cell in _flat(row):
            if cell.tag != "tc":
                continue
            about = cell.find("tcPr")
            if about is not None and about.find("cellDel") is not None:
                continue
            span = _number(about, "gridSpan", 1)
            made = Cell(text_of(cell), place, span, _has_picture(cell))
            if _continues(about) and place in above:
                made = Cell(above[place].text, place, span, above[place].picture)
            above[place] = made
            cells.append(made)
            place += span
        if cells:
            yield cells


def _continues(properties: Any) -> bool:
    """Whether a cell goes on with the one above it."""
    merge = properties.find("vMerge") if properties is not None else None
    return merge is not None and merge.get("val", "continue") == "continue"


def _number(properties: Any, name: str, default: int) -> int:
    found = properties.find(name) if properties is not None else None
    text = found.get("val", "") if found is not None else ""
    return min(int(text), 100) if text.isascii() and text.isdigit() else default


# --- text ------------------------------------------------------------------------------


def text_of(node: Any) -> str:
    """The text below a node as it looks; a paragraph or a line break ends a line."""
    return "".join(_pieces(node)).strip("\n")


def _pieces(node: Any) -> Iterator[str]:
    for child in node:
        tag = child.tag
        if tag in _GONE:
            continue
        if tag == "t":
            yield child.text or ""
        elif tag in ("br", "cr"):
            yield "\n"
        elif tag == "tab":
            yield " "
        elif tag == "noBreakHyphen":
            yield "-"
        elif tag == "sym":
            yield _symbol(child)
        elif tag == "r":
            yield from _run(child)
        elif tag == "p":
            yield from _pieces(child)
            yield "\n"
        else:
            yield from _pieces(child)


def _run(run: Any) -> Iterator[str]:
    properties = run.find("rPr")
    if properties is not None:
        for name in ("strike", "dstrike"):
            mark = properties.find(name)
            if mark is not None and mark.get("val", "1") not in _OFF:
                return
        fonts = properties.find("rFonts")
        family = (fonts.get("ascii") or fonts.get("hAnsi") or "") if fonts is not None else ""
        if family.lower() in _SYMBOLS:
            for piece in _pieces(run):
                yield "".join(_of_font(family, ord(char)) or char for char in piece)
            return
    yield from _pieces(run)


def _symbol(node: Any) -> str:
    try:
        code = int(node.get("char", ""), 16)
    except ValueError:
        return "？"
    return _of_font(node.get("font", ""), code) or "？"


def _of_font(family: str, code: int) -> str:
    return _SYMBOLS.get(family.lower(), {}).get(code & 0xFF if code >= 0xF000 else code, "")


def _has_picture(node: Any) -> bool:
    return any(each.tag in _PICTURES for each in node.iter())
