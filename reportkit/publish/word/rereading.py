"""A Word copy read back → the document, as it was made or as a leader has edited it since.

Styles tell what a paragraph is, by their names: Word and WPS may give them other ids when they
save. Tracked changes are read as accepted; pictures come back as their captions.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from reportkit.errors import UsageError
from reportkit.publish import model
from reportkit.publish.model import Block, Document
from reportkit.publish.word.bookmarks import paragraph_id

_LARGEST = 200_000_000
"""Bytes of a Word file unpacked: no circular comes near, a bomb goes far beyond."""
_DEEPEST = 50
_HEADINGS = {f"heading {n}": n for n in range(1, 5)}
_LABEL = re.compile(r"\s*附\s*件\s*(\d*)\s*")
_ITEM = re.compile(r"\s*(?:附\s*件\s*[：:])?\s*(?:\d+\s*[.．、])?\s*")
_GAP = re.compile(r"\s+")


@dataclass(frozen=True)
class Reread:
    """A document read back from Word, and what in the file is no text of it.

    Parameters
    ----------
    document:
        Title, addressee, headings, paragraphs with their ids, tables, signature, annexes, 版记.
    revisions, comments:
        How many tracked changes (修订) and comments (批注) it holds.
    numbered:
        How many paragraphs Word numbers by itself: their numbers stand in no text.
    """

    document: Document
    revisions: int = 0
    comments: int = 0
    numbered: int = 0


def reread(data: bytes, where: str = "") -> Reread:
    """The document that a ``.docx`` file holds.

    Parameters
    ----------
    data:
        The file's bytes, whoever wrote it.
    where:
        What to call the file in an error.

    Raises
    ------
    UsageError
        If it is no Word file, is damaged, or is larger than any document.
    """
    try:
        _check_size(data)
        import docx

        word = docx.Document(io.BytesIO(data))
        body = word.element.body
        reader = _Reader(_style_names(word))
        reader.read(body)
        title = str(word.core_properties.title or "")
        author = str(word.core_properties.author or "")
    except UsageError as error:
        error.where = where
        raise
    except Exception as error:  # whatever a damaged package makes zipfile, lxml, docx raise
        raise UsageError(
            "cannot be read as a Word file",
            expected="a whole .docx file, as reportkit, Word or WPS saves it",
            next_step="open it in Word or WPS and save it as .docx",
            where=where,
        ) from error
    changes = sum(1 for _ in body.iter(*_CHANGES))
    comments = sum(1 for _ in body.iter(qn("w:commentReference")))
    return Reread(reader.document(title, author), changes, comments, reader.numbered)


_CHANGES = tuple(qn(f"w:{name}") for name in ("ins", "del", "moveFrom", "moveTo"))


def _check_size(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        size = sum(entry.file_size for entry in package.infolist())
    if size > _LARGEST:
        raise UsageError(f"{size:,} bytes unpacked", expected=f"at most {_LARGEST:,}")


def _style_names(word: Any) -> dict[str, str]:
    """A style's id → its name, as Word writes it, in small letters (heading 1)."""
    found = {}
    for style in word.styles.element.iter(qn("w:style")):
        name = style.find(qn("w:name"))
        if name is not None:
            found[str(style.get(qn("w:styleId")))] = str(name.get(qn("w:val"))).lower()
    return found


# ---------------------------------------------------------------- blocks


@dataclass
class _Reader:
    """Goes through a body, paragraph by paragraph."""

    styles: dict[str, str]
    blocks: list[Block] = field(default_factory=list)
    numbered: int = 0
    imprint: model.Imprint | None = None
    _annexes: list[str] = field(default_factory=list)
    _signed: list[str] = field(default_factory=list)
    _caption: str = ""
    _picture: str | None = None
    _notes: bool = False

    def read(self, parent: Any, depth: int = 0) -> None:
        """The paragraphs and tables below an element, those in content controls too."""
        for child in parent if depth < _DEEPEST else ():
            if child.tag == qn("w:p"):
                self.paragraph(child)
            elif child.tag == qn("w:tbl"):
                self.table(child)
            elif child.tag in _WRAPPERS:
                self.read(child, depth + 1)

    def document(self, title: str, author: str) -> Document:
        """What was read."""
        self._settle()
        printed = next((b.text for b in self.blocks if isinstance(b, model.Title)), "")
        # A title in lines has lost where it had blanks; the file's properties still know.
        if not printed or _bare(printed) == _bare(title):
            printed = title or printed
        blocks = tuple(
            model.Title(printed) if isinstance(b, model.Title) else b for b in self.blocks
        )
        return Document(printed, blocks, author=author, imprint=self.imprint)

    def paragraph(self, element: Any) -> None:
        """One paragraph, by its style."""
        style = self._style(element)
        text = _text(element)
        picture = next(
            (p.get("descr") or "" for p in element.iter(_DOC_PR) if not _in_fallback(p)), None
        )
        match style:
            case "附件说明" if text.strip():
                self._settle(but="annexes")
                self._annexes.append(_ITEM.sub("", text, count=1).strip())
                return
            case "signature" if text.strip():
                self._settle(but="signed")
                self._signed.append(text.strip())
                return
        if not text.strip() and picture is None:
            return
        if style == "表注" and self._add_note(text):
            return
        if style != "caption" or self._picture is None or self._caption:
            self._settle()
        if picture is not None:
            self._picture = picture
        if text.strip():
            self._styled(style, text, element)

    def _styled(self, style: str, text: str, element: Any) -> None:
        name = next(
            (found for b in element.iter(qn("w:bookmarkStart"))
             if (found := paragraph_id(str(b.get(qn("w:name")))))), ""
        )  # fmt: skip
        if element.pPr is not None and element.pPr.numPr is not None:
            self.numbered += 1
        match style:
            case "title":
                self.blocks.append(model.Title(_one_line(text)))
            case "主送机关":
                self.blocks.append(model.Addressee(text.strip().rstrip("：:")))
            case "附件标识":
                label = _LABEL.fullmatch(text)
                self.blocks.append(model.Annex("", label.group(1) if label else text.strip()))
            case "附件标题" if self.blocks and isinstance(self.blocks[-1], model.Annex):
                self.blocks[-1] = model.Annex(_one_line(text), self.blocks[-1].number)
            case "caption":
                self._caption = text.strip()
            case "附注":
                last = self.blocks[-1] if self.blocks else None
                if isinstance(last, model.Signature):
                    self.blocks[-1] = model.Signature(last.issuer, last.date, note=text.strip())
                else:
                    self.blocks.append(model.Paragraph((model.Text(text),), name=name))
            case _ if style in _HEADINGS:
                level = _HEADINGS[style]
                line = (model.Text(text.strip()),)
                self.blocks.append(model.Heading(level, line, level, name))
            case _:
                self.blocks.append(model.Paragraph((model.Text(text.strip()),), name=name))

    def table(self, element: Any) -> None:
        """A table under its caption; one that floats and has no caption of its own is 版记."""
        rows = [
            tuple(_cell(cell) for cell in row.iter(qn("w:tc")) if _own(cell, row))
            for row in element.iter(qn("w:tr")) if _own_row(row, element)
        ]  # fmt: skip
        floats = element.tblPr is not None and element.tblPr.find(qn("w:tblpPr")) is not None
        if floats and any("印发" in cell for row in rows for cell in row):
            self._settle()
            self.imprint = _imprint(rows)
            return
        title, self._caption = self._caption, ""
        self._settle()
        if not rows:
            return
        wide = max(map(len, rows))
        heads, *rest = [row + ("",) * (wide - len(row)) for row in rows]
        columns = tuple(model.Column(head) for head in heads)
        self.blocks.append(model.Table(columns, tuple(rest), title=title))
        self._notes = True

    # ------------------------------------------------------------ what several paragraphs make

    def _add_note(self, text: str) -> bool:
        """A note to the table just read; False if there is none before it."""
        last = self.blocks[-1] if self.blocks else None
        if not (self._notes and isinstance(last, model.Table)):
            return False
        notes = (*last.notes, text.strip())
        self.blocks[-1] = model.Table(last.columns, last.rows, title=last.title, notes=notes)
        return True

    def _settle(self, but: str = "") -> None:
        """Make blocks of what has been gathered, when something else begins."""
        if self._annexes and but != "annexes":
            self.blocks.append(model.AnnexList(tuple(self._annexes)))
            self._annexes = []
        if self._signed and but != "signed":
            *issuers, day = self._signed if len(self._signed) > 1 else [*self._signed, ""]
            self.blocks.append(model.Signature("\n".join(issuers), day))
            self._signed = []
        if self._picture is not None or self._caption:
            self.blocks.append(model.Figure("", self._picture or "", self._caption))
            self._picture, self._caption = None, ""
        self._notes = False

    def _style(self, element: Any) -> str:
        properties = element.pPr
        style = None if properties is None else properties.pStyle
        chosen = "normal" if style is None else str(style.val)
        return self.styles.get(chosen, chosen.lower())


_WRAPPERS = tuple(
    qn(f"w:{name}") for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")
)
_DOC_PR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = {qn("w:del"), qn("w:moveFrom"), qn("w:rPr"), qn("w:pPr"), _FALLBACK}


def _text(element: Any) -> str:
    """The text of a paragraph, text boxes in it last; what is deleted or moved away left out."""
    parts: list[str] = []
    boxes: list[str] = []

    def gather(node: Any, depth: int) -> None:
        for child in node if depth < _DEEPEST else ():
            if child.tag == qn("w:t"):
                parts.append(child.text or "")
            elif child.tag == qn("w:tab"):
                parts.append(" ")
            elif child.tag in (qn("w:br"), qn("w:cr")):
                parts.append("\n")
            elif child.tag == qn("w:noBreakHyphen"):
                parts.append("-")
            elif child.tag == qn("w:txbxContent"):
                boxes.extend(_text(p) for p in child.iter(qn("w:p")))
            elif child.tag not in _LEFT_OUT:
                gather(child, depth + 1)

    gather(element, 0)
    return model.clean("\n".join(["".join(parts), *filter(str.strip, boxes)]))


def _cell(cell: Any) -> str:
    return "\n".join(_text(p) for p in cell.iter(qn("w:p"))).strip()


def _own(cell: Any, row: Any) -> bool:
    """Whether a cell is the row's own, and not of a table within it."""
    return next(cell.iterancestors(qn("w:tr"))) is row


def _own_row(row: Any, table: Any) -> bool:
    return next(row.iterancestors(qn("w:tbl"))) is table and not any(
        each.tag == qn("w:del") for each in row.iterdescendants(qn("w:del")) if _marks_row(each)
    )


def _marks_row(deleted: Any) -> bool:
    """Whether this mark says that the whole row is deleted."""
    return bool(deleted.getparent().tag == qn("w:trPr"))


def _in_fallback(node: Any) -> bool:
    return next(node.iterancestors(_FALLBACK), None) is not None


def _imprint(rows: list[tuple[str, ...]]) -> model.Imprint:
    """抄送 where there is a row of it; 印发机关 and 印发日期 in the last row."""
    first = rows[0][0] if len(rows) > 1 else ""
    told = _GAP.sub("", first).removeprefix("抄送").lstrip("：:").rstrip("。")
    by, on = (*rows[-1], "", "")[:2]
    return model.Imprint(told, by.strip(), on.strip())


def _one_line(text: str) -> str:
    return "".join(line.strip() for line in text.split("\n"))


def _bare(text: str) -> str:
    return _GAP.sub("", text)
