"""A small circular for the sheets' tests, whole and without a fault."""

from __future__ import annotations

from dataclasses import replace

from reportkit.publish import model
from reportkit.publish.model import Block, Column, Document, Heading, Paragraph, Table, Text


def para(text: str) -> Paragraph:
    return Paragraph((Text(text),))


def heading(text: str) -> Heading:
    return Heading(1, (Text(text),))


COUNTS = Table(
    (Column("序号"), Column("单位"), Column("集体学习（次）"), Column("参学率")),
    (
        ("1", "甲岭矿业", "12", "90%"), ("2", "乙川冶炼", "8", "80%"),
        ("3", "丙江物流", "未报", "—"),
        ("", "小计", "20", ""), ("", "合计", "27", "85%"),
    ),
    notes=("注：合计为小计与集团本级之和。",),
)  # fmt: skip

PAPER = Document(
    "关于2023年学习情况的通报",
    (
        model.Title("关于2023年学习情况的通报"),
        model.Addressee("各权属单位党委"),
        para("现通报如下。"),
        heading("一、总体情况"),
        para("全年组织集体学习27次，比上年增加3次；班子成员参学率85%。"),
        heading("二、存在的问题"),
        para("（一）学习不够系统。个别单位未安排必学专题。"),
        para("（二）质量不高。一是发言少；二是笔记简单。"),
        model.AnnexList(("学习情况统计表",)),
        model.Signature("中共岱川委员会", "2024年1月8日"),
        model.Annex("学习情况统计表"),
        COUNTS,
    ),
    imprint=model.Imprint("集团公司领导", "党委办公室", "2024年1月8日印发"),
)


def with_blocks(*changes: tuple[Block, Block | None]) -> Document:
    """The paper with some blocks replaced, or left out (None)."""
    blocks = list(PAPER.blocks)
    for old, new in changes:
        at = blocks.index(old)
        blocks[at : at + 1] = [] if new is None else [new]
    return replace(PAPER, blocks=tuple(blocks))


def reworded(old: str, new: str) -> Document:
    """The paper with one paragraph or heading worded otherwise."""
    block = next(
        b for b in PAPER.blocks
        if isinstance(b, Paragraph | Heading) and old in model.inline_text(b.children)
    )  # fmt: skip
    text = model.inline_text(block.children).replace(old, new)
    return with_blocks((block, replace(block, children=(Text(text),))))
