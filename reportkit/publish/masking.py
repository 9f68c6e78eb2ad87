"""The masked edition (脱敏版): no name of a unit or person, no figure, no chart.

A notebook run for it prints its indicators as ×××. :func:`masked` then goes over everything the
document says, an analyst's own sentences included, and :func:`check_masked` over what has come
out of it: what slipped through is an error, never a published file.
"""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from reportkit.errors import RenderError
from reportkit.publish import model
from reportkit.publish.model import Block, Document
from reportkit.text.figures import Found, numbers

HIDDEN = "×××"
"""Any figure: of one width, so that no number of digits shows."""

_HAN = re.compile("[\u4e00-\u9fff]")
_OWN_NUMBER = re.compile(r"(?<=[〕］\]])\d+")
_NUMBERING = ("序号", "编号", "组别")
# What of a node is no text for readers.
_NO_TEXT = frozenset(
    {"kind", "svg", "align", "anchor", "links", "language", "href", "style", "name", "figures"}
)


@dataclass(frozen=True)
class Mask:
    """What a masked edition must not hold, and what it may.

    Parameters
    ----------
    names:
        Each name of a unit or of the group, and what stands in its place.
    persons:
        Names of persons, of whom no edition tells.
    allowed:
        What the office itself laid down: standing prose, definitions, titles. Numbers in it
        may stand, each before what it counts there (13项); a bare number never.
    phrases:
        What stays as it is, numbers and names within it too (95%区间).
    codes, heads:
        What no paper shows, masked or not: ids of units (unit_id); and the heads of columns that
        only papers which may name persons show (person_id).
    """

    names: tuple[tuple[str, str], ...] = ()
    persons: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {**dict.fromkeys(self.persons, HIDDEN), **dict(self.names)}

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        """Every name, the longer first: 东岭矿业有限公司 before 东岭矿业."""
        found = sorted((n for n in self._labels if n.strip()), key=len, reverse=True)
        return re.compile("|".join(map(re.escape, found))) if found else None

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(
            counted for text in self.allowed for found in numbers(text, titles=True)
            if _HAN.fullmatch((counted := _counted(text, found))[-1:])
        )  # fmt: skip

    @cached_property
    def _spared(self) -> re.Pattern[str] | None:
        """The phrases that stay as they are."""
        phrases = sorted(map(re.escape, filter(None, self.phrases)), key=len, reverse=True)
        return re.compile("|".join(phrases)) if phrases else None

    def cover(self, text: str) -> str:
        """The text with names as their labels and figures as ×××."""
        if self._pattern:
            spared = self._spans_spared(text)
            text = self._pattern.sub(
                lambda m: m[0] if _within(m.span(), spared) else self._labels[m[0]], text
            )
        for begin, end in reversed(self._figures(text)):
            text = text[:begin] + HIDDEN + text[end:]
        return text

    def leaks(self, text: str) -> Iterator[str]:
        """Names, and figures with what stands around them, that a text still holds."""
        if self._pattern:
            labels = set(self._labels.values())
            told = self._spared.sub(lambda m: "＃" * len(m[0]), text) if self._spared else text
            # 东岭 矿业: a name with a blank in it is the name all the same.
            for shown in (told, "".join(told.split())):
                for found in self._pattern.finditer(shown):
                    if found.group() not in labels:
                        yield found.group()
        for begin, end in self._figures(text):
            yield text[max(0, begin - 8) : end + 8]

    def _figures(self, text: str) -> list[tuple[int, int]]:
        """Where figures stand, and digits in names (M4), whose sense is in doubt."""
        spared = self._spans_spared(text)
        return [
            found.number for found in numbers(text, titles=True)
            if found.kind in ("figure", "name")
            and not _within(found.number, spared) and _counted(text, found) not in self._known
        ]  # fmt: skip

    def _spans_spared(self, text: str) -> list[tuple[int, int]]:
        return [found.span() for found in self._spared.finditer(text)] if self._spared else []


def _within(span: tuple[int, int], spans: Iterable[tuple[int, int]]) -> bool:
    return any(begin <= span[0] and span[1] <= end for begin, end in spans)


def _counted(text: str, found: Found) -> str:
    """13项: a number, and the first character of what it counts."""
    begin, end = found.number
    return text[begin : end + 1]


def masked(document: Document, mask: Mask) -> Document:
    """The document without names, figures, charts and records."""
    kept = [_plain(block) for block in model.on_paper(document.blocks) if not _shows(block)]
    covered: Document = _covered(replace(document, blocks=tuple(kept), attach=False), mask)
    return replace(covered, date=document.date, keywords=document.keywords, page=document.page)


def _shows(block: Block) -> bool:
    """Whether a block shows figures by its looks: pictures, and what a program printed."""
    return isinstance(block, model.Figure)


def _plain(block: Block) -> Block:
    """A table without links to records, which are left out."""
    return replace(block, links=()) if isinstance(block, model.Table) else block


def _covered(node: Any, mask: Mask) -> Any:
    """A node with every text in it covered; the numbering of a table's rows stays."""
    if isinstance(node, str):
        return mask.cover(node)
    if isinstance(node, tuple):
        return tuple(_covered(item, mask) for item in node)
    if isinstance(node, model.Drawing):  # a formula is drawn: its letters cannot be told apart
        return model.Text(HIDDEN)
    if isinstance(node, model.Preformatted | model.ErrorBox):
        node = replace(node, tints=())
    if not dataclasses.is_dataclass(node) or isinstance(node, type):
        return node
    fields = {f.name: getattr(node, f.name) for f in dataclasses.fields(node)}
    changed = {name: _covered(value, mask) for name, value in fields.items()
               if name not in _NO_TEXT}  # fmt: skip
    if isinstance(node, model.Table):
        changed["rows"] = _rows(node, mask)
    if isinstance(node, model.Annex):
        changed["number"] = node.number
    if isinstance(node, model.Head):  # by it the paper can be found
        changed["number"] = _OWN_NUMBER.sub(HIDDEN, mask.cover(node.number))
    return replace(node, **changed)


def _rows(table: model.Table, mask: Mask) -> tuple[tuple[str, ...], ...]:
    numbering = {n for n, column in enumerate(table.columns) if column.text in _NUMBERING}
    return tuple(
        tuple(cell if n in numbering else mask.cover(cell) for n, cell in enumerate(row))
        for row in table.rows
    )


# ---------------------------------------------------------------- after the fact


def check_masked(document: Document, mask: Mask) -> None:
    """Refuse a finished document that still tells a name or a figure, or holds a picture.

    Raises
    ------
    RenderError
        Naming what was found and where.
    """
    for where, text in _texts(document):
        for found in mask.leaks(text):
            raise leak(found, where)
    if any(isinstance(block, model.Figure) for block in model.walk(document.blocks)):
        raise leak("a chart", "a figure")


def check_page(page: str, mask: Mask) -> None:
    """The same for a finished HTML page: its text, and every attribute that is read out."""
    body = re.sub(r"<style>.*?</style>", " ", page, flags=re.DOTALL)
    told = re.findall(r'(?:aria-label|alt|title|content|href)="([^"]*)"', body)
    text = re.sub(r"</?(?:td|th|tr|p|h\d|li|div|caption)\b[^>]*>", "\n", body)
    for found in [*told, *re.sub(r"<[^>]*>", "", text).split("\n")]:
        for name in mask.persons:
            if name and name in html.unescape(found):
                raise leak(name, "the HTML page")
        for name, label in mask.names:
            if name and name not in label and name in html.unescape(found):
                raise leak(name, "the HTML page")


def leak(found: str, where: str) -> RenderError:
    """The error of a masked edition that is none."""
    return RenderError(
        f"the masked edition still holds {found!r}",
        expected="no name of a unit or person, and no figure",
        next_step="put the word under masked: words in params/letterhead.yml, or a number that "
        "may stand under masked: allow",
        where=where,
    )


def _texts(document: Document) -> Iterator[tuple[str, str]]:
    """Every text of the document and its properties, with where it stands."""
    yield from (("title", document.title), ("author", document.author))
    for part in (document.head, document.imprint):
        yield from ((type(part).__name__.lower(), text) for text in _strings(part))
    for block in document.blocks:
        if isinstance(block, model.Table):
            numbering = {n for n, c in enumerate(block.columns) if c.text in _NUMBERING}
            cells = (c for row in block.rows for n, c in enumerate(row) if n not in numbering)
            yield from ((f"table {block.title}".strip(), cell) for cell in cells)
            block = replace(block, rows=(), links=())
        elif isinstance(block, model.Annex):
            block = replace(block, number="")
        yield from ((block.kind, text) for text in joined(block))


def joined(block: Block) -> Iterator[str]:
    """The texts of a block; inline pieces joined, since a name may be spread over them."""
    if isinstance(block, model.Paragraph | model.Heading):
        yield model.inline_text(block.children)
    yield from _strings(block)


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, tuple):
        for item in node:
            yield from _strings(item)
    elif dataclasses.is_dataclass(node) and not isinstance(node, type):
        for field in dataclasses.fields(node):
            if field.name not in _NO_TEXT:
                yield from _strings(getattr(node, field.name))
