"""Documents of a line or two, to be held against each other."""

from __future__ import annotations

from reportkit.publish import model
from reportkit.publish.model import Block, Document, Paragraph, Text


def para(text: str, name: str = "") -> Paragraph:
    return Paragraph((Text(text),), name=name)


def paper(*blocks: Block | str, title: str = "关于2023年学习情况的通报") -> Document:
    """A document with a title; a text stands for a paragraph."""
    made = [para(block) if isinstance(block, str) else block for block in blocks]
    return Document(title, (model.Title(title), *made))
