"""What a document says of itself, gathered from its blocks: title, addressee, text, tables."""

from __future__ import annotations

from dataclasses import dataclass

from reportkit.publish import model
from reportkit.publish.model import Document
from reportkit.publish.word.rereading import Reread, reread


@dataclass(frozen=True)
class Passage:
    """A heading or paragraph of the body, and the heading of level 1 that it stands under."""

    text: str
    section: str
    heading: int = 0
    """Its level, of a heading on a line of its own; 0 of a paragraph."""


@dataclass(frozen=True)
class Facts:
    """What the sheets tell of a document.

    Parameters
    ----------
    title, addressee, issuer, date:
        标题, 主送, 署名 and 成文日期 as printed; "" where the document has none.
    passages:
        Headings and paragraphs of the body, in order.
    tables:
        Every table and where it stands (正文, 附件1《统计口径》).
    annexes_listed:
        附件说明: titles as listed below the body.
    annexes:
        (number, title) of each annex that follows.
    characters, annex_characters:
        Without blanks. Of the text: title, addressee, headings and paragraphs, which is what
        ``reportkit run`` warns of by. Of annexes: their titles, text and tables.
    copies_to, printed_by:
        抄送 and 印发机关, from the 版记.
    revisions, comments, numbered:
        As :class:`~reportkit.publish.word.rereading.Reread` has them.
    """

    title: str = ""
    addressee: str = ""
    issuer: str = ""
    date: str = ""
    passages: tuple[Passage, ...] = ()
    tables: tuple[tuple[str, model.Table], ...] = ()
    annexes_listed: tuple[str, ...] = ()
    annexes: tuple[tuple[str, str], ...] = ()
    characters: int = 0
    annex_characters: int = 0
    copies_to: str = ""
    printed_by: str = ""
    revisions: int = 0
    comments: int = 0
    numbered: int = 0

    @property
    def paragraphs(self) -> list[Passage]:
        """The passages that are no headings."""
        return [each for each in self.passages if not each.heading]


def read_facts(docx: bytes, where: str = "") -> Facts:
    """The facts of a Word copy, as made or as edited since.

    Raises
    ------
    UsageError
        If it cannot be read as a Word file; ``where`` names it.
    """
    return facts_of(reread(docx, where))


def facts_of(read: Reread) -> Facts:
    """The facts of a document read back from Word, and what else its file held."""
    return gather(read.document, read.revisions, read.comments, read.numbered)


def gather(document: Document, revisions: int = 0, comments: int = 0, numbered: int = 0) -> Facts:
    """The facts of a document; what is of its HTML edition alone is left out."""
    title = addressee = ""
    signed: model.Signature | None = None
    passages: list[Passage] = []
    tables: list[tuple[str, model.Table]] = []
    listed: tuple[str, ...] = ()
    annexes: list[tuple[str, str]] = []
    body = aside = 0
    section, place, ended = "", "正文", False
    for block in _flat(document):
        match block:
            case model.Annex():
                annexes.append((block.number, block.title))
                place = f"附件{block.number}" + (f"《{block.title}》" if block.title else "")
            case model.AnnexList():
                listed, ended = block.items, True
            case model.Signature():
                signed, ended = block, True
            case model.Table():
                tables.append((place, block))
            case model.Title() if not annexes:
                title = title or block.text
            case model.Addressee() if not annexes:
                addressee = addressee or block.text
            case model.Heading() | model.Paragraph() if not annexes and not ended:
                text = passage_text(block)
                level = block.level if isinstance(block, model.Heading) else 0
                section = text if level == 1 else section
                passages.append(Passage(text, section, level))
        if annexes:
            aside += sum(map(count, block_texts(block)))
        elif not ended and not isinstance(block, model.Table | model.Figure):
            body += sum(map(count, block_texts(block)))
    imprint = document.imprint
    return Facts(
        title=title, addressee=addressee, issuer=signed.issuer if signed else "",
        date=signed.date if signed else "", passages=tuple(passages), tables=tuple(tables),
        annexes_listed=listed, annexes=tuple(annexes), characters=body, annex_characters=aside,
        copies_to=imprint.copies_to if imprint else "",
        printed_by=imprint.printed_by if imprint else "",
        revisions=revisions, comments=comments, numbered=numbered,
    )  # fmt: skip


def _flat(document: Document) -> list[model.Block]:
    """The blocks on paper, those within lists and quotations in place of these."""
    found = model.walk(list(model.on_paper(document.blocks)))
    return [block for block in found if not isinstance(block, model.ListBlock | model.Quote)]


def passage_text(block: model.Heading | model.Paragraph) -> str:
    """A heading or paragraph as plain text, its run-in heading included."""
    lead = block.lead if isinstance(block, model.Paragraph) else ""
    return lead + model.inline_text(block.children)


def block_texts(block: model.Block) -> list[str]:
    """The texts that a block prints."""
    match block:
        case model.Title() | model.Addressee():
            return [block.text]
        case model.Heading() | model.Paragraph():
            return [passage_text(block)]
        case model.Annex():
            return [block.title]
        case model.Table():
            cells = [cell for row in block.rows for cell in row]
            return [block.title, *(c.text for c in block.columns), *cells, *block.notes]
    return []


def count(text: str) -> int:
    """Characters as offices count them: punctuation too, blanks not."""
    return len("".join(text.split()))
