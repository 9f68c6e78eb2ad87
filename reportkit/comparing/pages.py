"""A comparison as a document, for the same renderers as every circular's: HTML and Word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportkit.comparing.comparison import Change, Comparison
from reportkit.comparing.tables import CellChange, TableChange
from reportkit.comparing.texts import Edit, Sentence, changed
from reportkit.publish import model
from reportkit.publish.model import Block, Column, Document, Inline, PageStyle, Styled, Text

_PAGE = PageStyle(top_mm=25, bottom_mm=25, inside_mm=22, outside_mm=18)
_LONG = 16
"""From so many characters on a cell is shown as text with marks, and not in a grid."""
_SKIPPED = "……"
_NUMERALS = "一二三四"


def page_of(found: Comparison) -> Document:
    """The page: both heads, what differs in short, figures, texts, tables."""
    title = "两稿对照"
    blocks: list[Block] = [model.Title(title), _heads(found), *_summary(found)]
    parts: list[tuple[str, list[Block]]] = [
        ("数字的不同", list(_figures(found))),
        ("文字的不同", list(_texts(found))),
        ("表格的不同", list(_tables(found))),
    ]
    shown = [(heading, some) for heading, some in parts if some]
    for numeral, (heading, some) in zip(_NUMERALS, shown, strict=False):
        blocks.append(model.Heading(1, (Text(f"{numeral}、{heading}"),)))
        blocks += some
    return Document(title, tuple(blocks), page=_PAGE)


def _heads(found: Comparison) -> model.Table:
    a, b = found.a, found.b
    columns = (Column("", "center", 16), Column("甲稿", "left", 42), Column("乙稿", "left", 42))
    rows = (
        ("文稿", a.label, b.label),
        ("标题", a.title, b.title),
        ("成文日期", a.date or "—", b.date or "—"),
        ("文字、表格", f"{a.passages}段，{a.tables}张表", f"{b.passages}段，{b.tables}张表"),
    )
    return model.Table(columns, rows, alt="两份文稿")


def _summary(found: Comparison) -> Iterator[Block]:
    same = found.counted("same")
    years = sum(change.year_only for change in found.changes)
    own = f"（其中{years}段仅年度不同）" if years else ""
    if not found.differs:
        yield _paragraph(f"两稿的文字、数字和表格没有不同{own}。")
        return
    moved = sum(change.moved for change in found.changes)
    counts = (("改动", found.counted("changed"), "段"), ("仅甲稿有", found.counted("a"), "段"),
              ("仅乙稿有", found.counted("b"), "段"), ("移位", moved, "段"),
              ("数字不同", len(found.figures), "处"),
              ("表格不同", len(found.tables), "张"))  # fmt: skip
    told = "，".join(f"{what}{n}{unit}" for what, n, unit in counts if n)
    yield _paragraph(f"{told}；其余{same}段相同{own}。图只比较图题和说明。")
    legend = (
        Text("标记："), Styled("delete", (Text("甲稿有、乙稿无的文字"),)), Text("，"),
        Styled("insert", (Text("乙稿新有的文字"),)),
        Text(f"；“{_SKIPPED}”为略去的相同文字。"),
    )  # fmt: skip
    yield model.Paragraph(legend)
    if found.a.year and found.b.year and found.a.year != found.b.year:
        yield _paragraph(
            f"甲稿为{found.a.year}年，乙稿为{found.b.year}年：两稿各自的年度和上、下一年度对应相同的，"
            "不作为不同。"
        )


def _paragraph(text: str) -> model.Paragraph:
    return model.Paragraph((Text(text),))


# ---------------------------------------------------------------- figures and texts


def _figures(found: Comparison) -> Iterator[Block]:
    if not found.figures:
        return
    columns = (
        Column("序号", "center", 7), Column("处所", "left", 25), Column("分句", "left", 40),
        Column("甲稿", "center", 14), Column("乙稿", "center", 14),
    )  # fmt: skip
    rows = tuple(
        (str(n), each.where, each.clause, each.a or "（无）", each.b or "（无）")
        for n, each in enumerate(found.figures, 1)
    )
    notes = ("注：“…”为该数字在分句中的位置；表格中的数字见后，图中的数字不列。",)
    yield model.Table(columns, rows, notes=notes, alt="两稿不同的数字")


def _texts(found: Comparison) -> Iterator[Block]:
    for change in found.changes:
        if change.kind != "same" or change.moved:
            yield model.Paragraph(tuple(_shown(change)), lead=_lead(change), lead_level=1)


def _lead(change: Change) -> str:
    told = {"a": "仅甲稿有", "b": "仅乙稿有"}.get(change.kind, "")
    parts = [part for part in (told, "移位" if change.moved else "") if part]
    return change.where + (f"（{'，'.join(parts)}）" if parts else "") + "　"


def _shown(change: Change) -> Iterator[Inline]:
    """The sentences that differ, marked; what is left out between them as ……"""
    if change.kind == "same":
        yield Text(change.b)
        return
    skipped = False
    for sentence in change.sentences:
        if changed(sentence):
            yield from _marked(sentence)
            skipped = False
        elif not skipped:
            yield Text(_SKIPPED)
            skipped = True


def _marked(sentence: Sentence) -> Iterator[Inline]:
    for edit in sentence:
        yield _mark(edit)


def _mark(edit: Edit) -> Inline:
    if edit.kind == "delete":
        return Styled("delete", (Text(edit.a),))
    if edit.kind == "insert":
        return Styled("insert", (Text(edit.b),))
    return Text(edit.b)


# ---------------------------------------------------------------- tables


def _tables(found: Comparison) -> Iterator[Block]:
    for change in found.tables:
        name = f"{change.where}“{change.name}”" if change.name else change.where
        if change.only:
            yield _paragraph(f"{name}：仅{'甲' if change.only == 'a' else '乙'}稿有此表。")
            continue
        yield from _structure(name, change)
        short = [c for c in change.cells if len(c.a) <= _LONG and len(c.b) <= _LONG]
        if short:
            yield _grid(name, short, change.columns)
        for cell in change.cells:
            if cell not in short:
                children = (*_pair(cell.a, cell.b),)
                yield model.Paragraph(children, lead=f"{cell.row}·{cell.column}　", lead_level=1)


def _structure(name: str, change: TableChange) -> Iterator[Block]:
    """Title, notes, rows and columns that are in one alone."""
    told = []
    for what, side, some in (
        ("行", "甲", change.rows_a), ("行", "乙", change.rows_b),
        ("列", "甲", change.columns_a), ("列", "乙", change.columns_b),
    ):  # fmt: skip
        if some:
            told.append(f"仅{side}稿有的{what}：{'、'.join(some)}")
    if change.reordered:
        told.append("各行次序不同")
    if change.cells:
        told.append(f"不同的格{len(change.cells)}个")
    children: list[Inline] = [Text("；".join(told) + "。" if told else "")]
    for what, pair in (("表题：", change.title), ("表注：", change.notes)):
        if pair:
            children += [Text(what), *_pair(*pair)]
    yield model.Paragraph(tuple(children), lead=f"{name}　", lead_level=1)


def _pair(a: str, b: str) -> Iterator[Inline]:
    """Two texts, the one marked as gone and the other as new."""
    if a:
        yield Styled("delete", (Text(a),))
    if b:
        yield Styled("insert", (Text(b),))


def _grid(name: str, cells: Sequence[CellChange], heads: Sequence[str]) -> model.Table:
    """A row for each row with cells that differ: 甲→乙, in the columns where any does."""
    columns = [head for head in heads if any(cell.column == head for cell in cells)]
    rows = list(dict.fromkeys(cell.row for cell in cells))
    found = {(cell.row, cell.column): f"{cell.a or '空'}→{cell.b or '空'}" for cell in cells}
    shown = (Column("行", "left"), *(Column(column, "center") for column in columns))
    lines = tuple((row, *(found.get((row, column), "") for column in columns)) for row in rows)
    notes = ("注：格内为“甲稿→乙稿”；空格为两稿相同。",)
    return model.Table(shown, lines, notes=notes, alt=f"{name}：不同的格")
