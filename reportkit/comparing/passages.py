"""The passages and tables of a document, with the names by which they are known again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reportkit.publish import model
from reportkit.publish.model import Document

# Names that say no more than where a line stood: the first after 一, the heading 二, the twelfth.
_BY_PLACE = re.compile(r"(?:.*\+\d+|标题\..*|P\d+|)(?:#\d+)?")
_LEAD = re.compile(r"[（(][一二三四五六七八九十百\d]+[）)]|\d{1,3}[.．](?!\d)")


@dataclass(frozen=True)
class Passage:
    """A heading, a paragraph, a caption: what is compared as one text.

    ``name``: known again by it whatever it says; "" where it has none. ``by_place``: the name
    only says where it stood (一+1). ``alone``: there is but one of its kind, such as the title.
    ``picture``: it tells of a picture: title and description. ``where``: what to call its place.
    """

    text: str
    where: str
    name: str = ""
    by_place: bool = False
    alone: bool = False
    picture: bool = False


@dataclass(frozen=True)
class TableAt:
    """A table, and the part it stands in: 正文, or its annex's title."""

    where: str
    table: model.Table


@dataclass
class _Place:
    """Where one is in a document."""

    part: str = ""
    section: str = ""
    paragraphs: int = 0

    def called(self, text: str) -> str:
        """What to call a paragraph's place: 二、经验做法（一）; 三、存在的问题 第2段."""
        self.paragraphs += 1
        before = self.section or self.part or "正文"
        if lead := _LEAD.match(text):
            return f"{before}　{lead.group()}"
        return f"{before}　第{self.paragraphs}段"


def passages(document: Document) -> list[Passage]:
    """All texts of a document but its tables', in order."""
    return list(_passages(document))


def _passages(document: Document) -> Iterator[Passage]:
    place = _Place()
    for block in model.walk(list(model.on_paper(document.blocks))):
        match block:
            case model.Title():
                yield _only("标题", block.text)
            case model.Addressee():
                yield _only("主送", block.text)
            case model.Heading():
                text = model.inline_text(block.children)
                if block.level == 1:
                    place.section, place.paragraphs = text, 0
                yield _named(text, f"标题“{text}”", block.name)
            case model.Paragraph():
                text = block.lead + model.inline_text(block.children)
                yield _named(text, place.called(text), block.name)
            case model.Figure() if block.title or block.alt:
                text = "：".join(filter(None, (block.title, block.alt)))
                where = f"图“{block.title}”" if block.title else "图"
                yield Passage(text, where, picture=True)
            case model.AnnexList():
                yield _only("附件说明", "\n".join(block.items))
            case model.Signature():
                note = f"\n{block.note}" if block.note else ""
                yield _only("落款", f"{block.issuer}\n{block.date}{note}")
            case model.Annex():
                place = _Place(part=f"附件{block.number}")
                if block.title:
                    yield Passage(block.title, f"附件{block.number}标题")
            case model.Preformatted() | model.Notice():
                yield Passage(block.text, place.called(block.text))
    if document.imprint:
        told = document.imprint
        texts = (f"抄送：{told.copies_to}" if told.copies_to else "", told.printed_by,
                 told.printed_on)  # fmt: skip
        yield _only("版记", "\n".join(filter(None, texts)))


def _named(text: str, where: str, name: str) -> Passage:
    return Passage(text, where, name, by_place=bool(_BY_PLACE.fullmatch(name)))


def _only(what: str, text: str) -> Passage:
    """A part of which a document has but one."""
    return Passage(text, what, what, alone=True)


def tables(document: Document) -> list[TableAt]:
    """All tables of a document, in order."""
    where, found = "正文", []
    for block in model.on_paper(document.blocks):
        if isinstance(block, model.Annex):
            where = f"附件{block.number}《{block.title}》" if block.title else f"附件{block.number}"
        elif isinstance(block, model.Table):
            found.append(TableAt(where, block))
    return found
