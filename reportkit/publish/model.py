"""The document between notebook and page: typed blocks that every renderer loops over.

Text in it is plain data, already cleaned of what no page can show; only renderers know
markup. :func:`to_data` gives the same tree as JSON values, each node with its kind.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from reportkit.text.characters import clean as clean

PT_PER_MM = 72 / 25.4

# ---------------------------------------------------------------- within a line


@dataclass(frozen=True)
class Text:
    """Plain text."""

    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True)
class Styled:
    """Emphasis of some sort around other inline content.

    ``insert``, ``delete``: what one text has more, or less, than another.
    """

    style: Literal["strong", "emph", "strike", "insert", "delete"]
    children: tuple[Inline, ...]
    kind: Literal["styled"] = "styled"


@dataclass(frozen=True)
class Code:
    """Program text within a line."""

    text: str
    kind: Literal["code"] = "code"


@dataclass(frozen=True)
class Link:
    """A link; only harmless addresses get as far as this."""

    href: str
    children: tuple[Inline, ...]
    kind: Literal["link"] = "link"


@dataclass(frozen=True)
class LineBreak:
    """A forced new line."""

    kind: Literal["break"] = "break"


@dataclass(frozen=True)
class Drawing:
    """A picture within a line, such as a formula: sizes in em of the text around it."""

    svg: str
    alt: str
    width_em: float
    height_em: float
    depth_em: float = 0.0
    kind: Literal["drawing"] = "drawing"


Inline = Text | Styled | Code | Link | LineBreak | Drawing


# ---------------------------------------------------------------- blocks


@dataclass(frozen=True)
class Title:
    """The document's title (标题)."""

    text: str
    kind: Literal["title"] = "title"


@dataclass(frozen=True)
class Addressee:
    """主送机关, without its colon."""

    text: str
    kind: Literal["addressee"] = "addressee"


@dataclass(frozen=True)
class Heading:
    """A heading on a line of its own. ``outline``: the level after closing gaps.

    ``name``: its place, where that is no longer told by where it stands.
    """

    level: int
    children: tuple[Inline, ...]
    outline: int = 1
    name: str = ""
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``lead`` is the run-in heading before it, in the font of its level.

    ``centred``: a displayed formula on a line of its own. ``name``: the id of the standing prose
    that it begins with (二.（一）), which a Word copy keeps as a bookmark. ``figures``: begin, end
    and name of each figure in its text (the lead apart), in order.
    """

    children: tuple[Inline, ...]
    lead: str = ""
    lead_level: int = 2
    centred: bool = False
    name: str = ""
    figures: tuple[tuple[int, int, str], ...] = field(default=(), compare=False)
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Column:
    """One column of a table: its head, its alignment, its share of the width."""

    text: str
    align: Literal["left", "center", "right"] = "left"
    width: float | None = None


@dataclass(frozen=True)
class Table:
    """A table with one head row, repeated where it breaks over pages.

    ``links``: for each cell the anchor of the records behind it, or None; () if there are none.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    notes: tuple[str, ...] = ()
    emphasis: tuple[int, ...] = ()
    alt: str = ""
    links: tuple[tuple[str | None, ...], ...] = ()
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Figure:
    """A picture as SVG, with a caption or without."""

    svg: str
    alt: str
    title: str = ""
    width_mm: float | None = None
    kind: Literal["figure"] = "figure"


@dataclass(frozen=True)
class AnnexList:
    """附件说明 after the body."""

    items: tuple[str, ...]
    kind: Literal["annex_list"] = "annex_list"


@dataclass(frozen=True)
class Signature:
    """署名 and 成文日期. ``seal``: leave the room for one; none is ever drawn. ``note``: 附注."""

    issuer: str
    date: str
    seal: bool = False
    note: str = ""
    kind: Literal["signature"] = "signature"


@dataclass(frozen=True)
class Annex:
    """Opens an annex on a new page; all that follows belongs to it.

    ``only``: of the HTML edition alone, with all up to the next annex.
    """

    title: str
    number: str = ""
    landscape: bool = False
    only: Literal["html"] | None = None
    kind: Literal["annex"] = "annex"


@dataclass(frozen=True)
class Records:
    """The records behind one figure, which links lead to; of the HTML edition alone."""

    anchor: str
    title: str
    definition: str
    summary: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    kind: Literal["records"] = "records"


@dataclass(frozen=True)
class ListBlock:
    """A list; each item is blocks again."""

    ordered: bool
    items: tuple[tuple[Block, ...], ...]
    start: int = 1
    kind: Literal["list"] = "list"


@dataclass(frozen=True)
class Quote:
    """A block quotation."""

    children: tuple[Block, ...]
    kind: Literal["quote"] = "quote"


Colour = Literal["red", "green", "yellow", "blue", "magenta", "cyan", "grey"]


@dataclass(frozen=True)
class Tint:
    """A stretch of preformatted text that a terminal shows in colour or bold: [start, end)."""

    start: int
    end: int
    colour: Colour | None = None
    bold: bool = False
    kind: Literal["tint"] = "tint"


@dataclass(frozen=True)
class Preformatted:
    """Text whose spaces and line ends count: code, or what a program printed.

    ``tints`` do not overlap and are in order.
    """

    text: str
    role: Literal["code", "output", "stderr"] = "output"
    tints: tuple[Tint, ...] = ()
    kind: Literal["pre"] = "pre"


@dataclass(frozen=True)
class ErrorBox:
    """An error that a cell ended in, for all to see."""

    name: str
    message: str
    traceback: str = ""
    tints: tuple[Tint, ...] = ()
    kind: Literal["error"] = "error"


@dataclass(frozen=True)
class Notice:
    """Says in place what could not be shown."""

    text: str
    kind: Literal["notice"] = "notice"


@dataclass(frozen=True)
class Rule:
    """A line across the page."""

    kind: Literal["rule"] = "rule"


Block = (
    Title | Addressee | Heading | Paragraph | Table | Figure | AnnexList | Signature | Annex
    | Records | ListBlock | Quote | Preformatted | ErrorBox | Notice | Rule
)  # fmt: skip


@dataclass(frozen=True)
class PageStyle:
    """The sheet, where an office may differ from GB/T 9704-2012; in millimetres.

    ``folio``: how the page number is written: — 1 —, -1-, or 1.
    """

    top_mm: float = 37.0
    bottom_mm: float = 35.0
    inside_mm: float = 28.0
    outside_mm: float = 26.0
    folio: Literal["dashes", "hyphens", "plain"] = "dashes"

    @property
    def text_width_pt(self) -> float:
        """How wide the text is (版心) on an upright page."""
        return (210 - self.inside_mm - self.outside_mm) * PT_PER_MM

    @property
    def turned_width_pt(self) -> float:
        """How wide the text is on a page turned by 90°."""
        return (297 - self.top_mm - self.bottom_mm) * PT_PER_MM


STANDARD_PAGE = PageStyle()


@dataclass(frozen=True)
class Head:
    """版头: what a formal edition has above its title. "" prints nothing.

    ``mark_pt``: the size of the mark; None: as large as the width allows, up to 62 pt.
    """

    mark: str
    mark_pt: float | None = None
    number: str = ""
    copy_number: str = ""
    secrecy: str = ""
    urgency: str = ""
    signatory: str = ""


@dataclass(frozen=True)
class Imprint:
    """版记: 抄送, 印发机关 and 印发日期 (2024年1月8日印发), at the foot of the last page."""

    copies_to: str = ""
    printed_by: str = ""
    printed_on: str = ""


@dataclass(frozen=True)
class Document:
    """A whole document: what it says of itself, and its blocks.

    ``keep``: names that no line end cuts. ``formal``: the edition with 版头 and 版记, where
    ``head`` and ``imprint`` are what they say; a plain edition has both and prints neither, but
    for the Word copy, which has the 版记. ``attach``: the figures of its tables go with the PDF.
    ``masked``: it prints its figures as ×××. ``name``: that of its files. ``origins``: for each
    block the cell it comes from. ``left_out``: what an official paper does not show of its cells.
    """

    title: str
    blocks: tuple[Block, ...]
    author: str = ""
    language: str = "zh-CN"
    date: str | None = None
    keywords: tuple[str, ...] = field(default=())
    keep: tuple[str, ...] = field(default=())
    page: PageStyle = STANDARD_PAGE
    head: Head | None = None
    imprint: Imprint | None = None
    formal: bool = False
    attach: bool = False
    masked: bool = False
    name: str = field(default="", compare=False)
    origins: tuple[str, ...] = field(default=(), compare=False)
    left_out: tuple[str, ...] = field(default=(), compare=False)

    def origin(self, block: Block) -> str:
        """The notebook and cell that a block comes from (样本, cell 3); "" where not known."""
        for origin, known in zip(self.origins, self.blocks, strict=False):
            if known is block:
                return origin
        return ""


# ---------------------------------------------------------------- helpers


def inline_text(children: Sequence[Inline]) -> str:
    """Inline content as plain text, for titles and checks."""
    parts: list[str] = []
    for node in children:
        match node:
            case Text() | Code():
                parts.append(node.text)
            case Styled() | Link():
                parts.append(inline_text(node.children))
            case LineBreak():
                parts.append("\n")
            case Drawing():
                parts.append(node.alt)
    return "".join(parts)


def walk(blocks: Sequence[Block]) -> Iterator[Block]:
    """Every block, those within lists and quotations included."""
    for block in blocks:
        yield block
        if isinstance(block, ListBlock):
            for item in block.items:
                yield from walk(item)
        elif isinstance(block, Quote):
            yield from walk(block.children)


def on_paper(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks without those of the HTML edition alone."""
    left_out = False
    for block in blocks:
        if isinstance(block, Annex):
            left_out = block.only is not None
        if not left_out and not isinstance(block, Records):
            yield block


def to_data(node: Any) -> Any:
    """A node of the document as JSON values."""
    if dataclasses.is_dataclass(node) and not isinstance(node, type):
        return {f.name: to_data(getattr(node, f.name)) for f in dataclasses.fields(node)}
    if isinstance(node, tuple | list):
        return [to_data(item) for item in node]
    return node
