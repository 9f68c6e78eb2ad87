"""A Word copy read back → the document, as it was made or as a leader has edited it since.

Styles tell what a paragraph is. Changes are read as accepted, as :mod:`reportkit.word` reads them;
pictures come back as their captions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from reportkit.errors import DraftError, UsageError
from reportkit.publish import model
from reportkit.publish.model import Block, Document
from reportkit.word.bookmarks import paragraph_id
from reportkit.word.form import Table, blocks
from reportkit.word.model import Line
from reportkit.word.reading import read_word

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
        How many changes (修订, and what is struck through or hidden) and comments (批注) it holds.
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
        edited = read_word(data, where)
    except DraftError as error:  # here it is a file that somebody named
        raise UsageError(
            error.found, expected=error.expected, next_step=error.next_step, where=where
        ) from None
    reader = _Reader()
    for block in blocks(edited):
        if isinstance(block, Table):
            reader.table(block)
        else:
            reader.paragraph(block)
    told = edited.properties
    return Reread(
        reader.document(told["title"], told["creator"]),
        sum(len(line.changes) for line in edited.every),
        sum(len(line.comments) for line in edited.every),
        sum(line.numbered for line in edited.paragraphs),
    )


# ---------------------------------------------------------------- blocks


@dataclass
class _Reader:
    """Goes through a body, paragraph by paragraph."""

    blocks: list[Block] = field(default_factory=list)
    imprint: model.Imprint | None = None
    _annexes: list[str] = field(default_factory=list)
    _signed: list[str] = field(default_factory=list)
    _caption: str = ""
    _picture: str | None = None
    _notes: bool = False

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

    def paragraph(self, line: Line) -> None:
        """One paragraph, by its style."""
        text = line.text.strip()
        match line.style:
            case "AnnexList" if text:
                self._settle(but="annexes")
                self._annexes.append(_ITEM.sub("", line.text, count=1).strip())
                return
            case "Signature" if text:
                self._settle(but="signed")
                self._signed.append(text)
                return
        if not text and not line.pictures:
            return
        if line.style == "TableNote" and self._add_note(text):
            return
        if line.style != "Caption" or self._picture is None or self._caption:
            self._settle()
        if line.pictures:
            self._picture = line.pictures[0]
        if text:
            self._styled(line, text)

    def _styled(self, line: Line, text: str) -> None:
        ids = map(paragraph_id, (*line.bookmarks, *line.collapsed))
        name = next(filter(None, ids), "")
        last = self.blocks[-1] if self.blocks else None
        match line.style:
            case "Title":
                self.blocks.append(model.Title(_one_line(text)))
            case "Addressee":
                self.blocks.append(model.Addressee(text.rstrip("：:")))
            case "AnnexLabel":
                label = _LABEL.fullmatch(text)
                self.blocks.append(model.Annex("", label.group(1) if label else text))
            case "AnnexTitle" if isinstance(last, model.Annex):
                self.blocks[-1] = model.Annex(_one_line(text), last.number)
            case "Caption":
                self._caption = text
            case "Note" if isinstance(last, model.Signature):
                self.blocks[-1] = model.Signature(last.issuer, last.date, note=text)
            case "Heading1" | "Heading2" | "Heading3" | "Heading4":
                level = int(line.style[-1])
                self.blocks.append(model.Heading(level, (model.Text(text),), level, name))
            case _:
                self.blocks.append(model.Paragraph((model.Text(text),), name=name))

    def table(self, table: Table) -> None:
        """A table under its caption; one that floats and has no caption of its own is 版记."""
        rows = [tuple("" if c.merged else c.text.strip() for c in row) for row in table.rows]
        if table.floating and any("印发" in cell for row in rows for cell in row):
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
