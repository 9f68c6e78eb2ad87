"""The place of each line of a document that an editor may rewrite: a name that outlasts a run.

A paragraph of standing prose has its own id (二.（一）). Another is told by what it follows:
一+1 is the first after the prose 一, or after the heading 一、. Headings are 标题.一, 标题.（一）;
then there are 标题 and 主送. Of two with one name the second is 一#2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reportkit.publish import model
from reportkit.publish.model import Block

TITLE = "标题"
ADDRESSEE = "主送"

Editable = model.Title | model.Addressee | model.Heading | model.Paragraph

_HAN = "[一二三四五六七八九十百]+"
_NUMBER = re.compile(rf"\s*(（{_HAN}）|{_HAN}(?=、)|\d+(?=[.．、]))")


@dataclass(frozen=True)
class Placed:
    """A block that can be rewritten, and its place."""

    place: str
    block: Editable

    @property
    def text(self) -> str:
        """As it is read, in one piece: a run-in heading first."""
        return text_of(self.block)


def text_of(block: Editable) -> str:
    """What a line says: a run-in heading first, 主送 with its colon."""
    match block:
        case model.Title():
            return "".join(line.strip() for line in block.text.split("\n"))
        case model.Addressee():
            return block.text.rstrip("：:") + "："
        case model.Heading():
            return model.inline_text(block.children)
        case model.Paragraph():
            return block.lead + model.inline_text(block.children)


def places(blocks: Sequence[Block]) -> list[Placed]:
    """The lines of a document that can be rewritten, in order; those within lists cannot."""
    taken: dict[str, int] = {}
    found = []
    for name, block in _named(blocks):
        taken[name] = taken.get(name, 0) + 1
        place = name if taken[name] == 1 else f"{name}#{taken[name]}"
        found.append(Placed(place, block))
    return found


def named(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks, each bearing its place as its name: it keeps it when others are put in."""
    known = {id(each.block): each.place for each in places(blocks)}
    return tuple(
        replace(block, name=known[id(block)])
        if isinstance(block, model.Paragraph | model.Heading) and id(block) in known
        else block
        for block in blocks
    )


def _named(blocks: Sequence[Block]) -> Iterator[tuple[str, Editable]]:
    behind = TITLE
    since: dict[str, int] = {}
    for block in blocks:
        match block:
            case model.Title():
                yield TITLE, block
            case model.Addressee():
                yield ADDRESSEE, block
            case model.Heading():
                behind = _number(text_of(block)) or behind
                yield block.name or f"{TITLE}.{behind}", block
            case model.Paragraph() if block.centred:
                continue  # a formula
            case model.Paragraph() if block.name:
                behind = block.name
                yield block.name, block
            case model.Paragraph():
                since[behind] = since.get(behind, 0) + 1
                yield f"{behind}+{since[behind]}", block
            case model.Annex():
                behind = f"附件{block.number}"


def _number(text: str) -> str:
    found = _NUMBER.match(text)
    return found.group(1) if found else ""
