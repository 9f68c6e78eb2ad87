"""Our own display data (:mod:`reportkit.display`) → blocks of the document, checked.

A field that is missing or of the wrong type is an error of whoever made the block; it is
named with the cell, never guessed at.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from reportkit.display import BLOCK_VERSION, KINDS
from reportkit.errors import RenderError
from reportkit.publish import model
from reportkit.publish.images import clean_svg
from reportkit.publish.model import Block, clean


@dataclass(frozen=True)
class Properties:
    """What a ``document`` block says of the file as a whole."""

    title: str = ""
    author: str = ""
    language: str = "zh-CN"
    date: str | None = None
    keywords: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    page: model.PageStyle = model.STANDARD_PAGE
    head: model.Head | None = None
    imprint: model.Imprint | None = None
    attach: bool = False
    masked: bool = False


_ANCHOR = re.compile("[a-z0-9-]+")


class _Fields:
    """The fields of one block, each asked for by its type."""

    def __init__(self, data: Mapping[str, Any], where: str) -> None:
        self.data = data
        self.where = f"{where}, block {data.get('kind')!r}"

    def wrong(self, name: str, expected: str) -> RenderError:
        found = f"{name} is {self.data[name]!r:.80}" if name in self.data else f"no {name}"
        return RenderError(
            found,
            expected=f"{name}: {expected}",
            next_step="make the block with reportkit.circular, tables or charts",
            where=self.where,
        )

    def text(self, name: str, default: str | None = None) -> str:
        value = self.data.get(name, default)
        if value is None and default is not None:
            value = default
        if not isinstance(value, str):
            raise self.wrong(name, "text")
        return clean(value)

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.data.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(name, "a list of texts")
        return tuple(clean(item) for item in value)

    def number(self, name: str, low: int, high: int, default: int | None = None) -> int:
        value = self.data.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.wrong(name, f"a whole number from {low} to {high}")
        return value

    def rows(self, count: int) -> tuple[tuple[str, ...], ...]:
        """``rows``, each of ``count`` texts."""
        rows = self.data.get("rows")
        if not isinstance(rows, list):
            raise self.wrong("rows", "a list of rows")
        for number, row in enumerate(rows):
            good = isinstance(row, list) and all(isinstance(cell, str) for cell in row)
            if not good or len(row) != count:
                raise RenderError(
                    f"row {number} is {row!r:.80}",
                    expected=f"a list of {count} texts, one a column",
                    where=self.where,
                )
        return tuple(tuple(clean(cell) for cell in row) for row in rows)

    def flag(self, name: str) -> bool:
        value = self.data.get(name, False)
        if not isinstance(value, bool):
            raise self.wrong(name, "true or false")
        return value

    def within(self, name: str) -> _Fields | None:
        """An object among the fields; None if there is none."""
        value = self.data.get(name)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise self.wrong(name, "an object, or null")
        return _Fields(value, f"{self.where}, {name}")

    def positive(self, name: str) -> float | None:
        value = self.data.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
            raise self.wrong(name, "a positive number or null")
        return float(value)


def read_block(data: object, where: str) -> Block | Properties:
    """One value under ``BLOCK_MIME`` as a block of the document.

    Raises
    ------
    RenderError
        If version, kind or a field is not what this version of reportkit knows.
    """
    if not isinstance(data, Mapping):
        raise RenderError(
            f"display data that is no object: {data!r:.60}", expected="a block", where=where
        )
    version, kind = data.get("version"), data.get("kind")
    if version != BLOCK_VERSION or isinstance(version, bool):
        raise RenderError(
            f"a block of version {version!r}",
            expected=f"version {BLOCK_VERSION}",
            next_step="run the notebook again with this version of reportkit",
            where=where,
        )
    if not isinstance(kind, str) or kind not in _READERS:
        raise RenderError(
            f"a block of unknown kind {kind!r}",
            expected=f"one of {', '.join(KINDS)}",
            next_step="run the notebook again with this version of reportkit",
            where=where,
        )
    return _READERS[kind](_Fields(data, where))


def _document(fields: _Fields) -> Properties:
    date = fields.text("date", "")
    if date:
        try:
            dt.date.fromisoformat(date)
        except ValueError:
            raise fields.wrong("date", "a date like 2024-01-08, or null") from None
    masked = fields.flag("masked")
    # The code of a unit tells its name: a masked edition keeps it out of the file's properties.
    told = ("year",) if masked else ("unit", "year")
    words = (str(fields.data.get(name) or "") for name in told)
    return Properties(
        title=fields.text("title", "").strip(),
        author=fields.text("author", ""),
        language=fields.text("language", "zh-CN") or "zh-CN",
        date=date or None,
        keywords=tuple(clean(word) for word in words if word),
        keep=fields.texts("keep") if fields.data.get("keep") is not None else (),
        page=_page(fields.within("page")),
        head=_head(fields.within("head")),
        imprint=_imprint(fields.within("imprint")),
        attach=fields.flag("attach"),
        masked=masked,
    )


def _page(fields: _Fields | None) -> model.PageStyle:
    if fields is None:
        return model.STANDARD_PAGE
    given = {n: fields.positive(n) for n in ("top_mm", "bottom_mm", "inside_mm", "outside_mm")}
    sides = {name: millimetres for name, millimetres in given.items() if millimetres is not None}
    folio = fields.data.get("folio", "dashes")
    if folio not in ("dashes", "hyphens", "plain"):
        raise fields.wrong("folio", "dashes, hyphens or plain")
    return model.PageStyle(**sides, folio=folio)


def _head(fields: _Fields | None) -> model.Head | None:
    if fields is None:
        return None
    texts = ("number", "copy_number", "secrecy", "urgency", "signatory")
    return model.Head(
        mark=fields.text("mark"),
        mark_pt=fields.positive("mark_pt"),
        **{name: fields.text(name, "") for name in texts},
    )


def _imprint(fields: _Fields | None) -> model.Imprint | None:
    if fields is None:
        return None
    names = ("copies_to", "printed_by", "printed_on")
    return model.Imprint(**{name: fields.text(name, "") for name in names})


def _heading(fields: _Fields) -> Block:
    return model.Heading(fields.number("level", 1, 4), (model.Text(fields.text("text")),))


def _paragraph(fields: _Fields) -> Block:
    text = fields.text("text")
    # Where the text had to be cleaned, its places are no longer those of the figures.
    figures = _figures(fields, len(text)) if text == fields.data["text"] else ()
    return model.Paragraph(
        (model.Text(text),),
        lead=fields.text("lead", ""),
        lead_level=fields.number("lead_level", 2, 4, 2),
        name=fields.text("name", ""),
        figures=figures,
    )


def _figures(fields: _Fields, length: int) -> tuple[tuple[int, int, str], ...]:
    """``figures``: begin, end and name of each, in order and apart from each other."""
    found, last = [], 0
    for each in fields.data.get("figures") or ():
        match each:
            case [int(begin), int(end), str(name)] if last <= begin < end <= length and name:
                found.append((begin, end, clean(name)))
                last = end
            case _:
                raise fields.wrong("figures", "a list of [begin, end, name] within the text")
    return tuple(found)


def _column(data: object, fields: _Fields) -> model.Column:
    if not isinstance(data, Mapping):
        raise fields.wrong("columns", "a list of objects with text, align and width")
    column = _Fields(data, fields.where)
    align = data.get("align", "left")
    if align not in ("left", "center", "right"):
        raise column.wrong("align", "left, center or right")
    return model.Column(column.text("text"), align, column.positive("width"))


def _table(fields: _Fields) -> Block:
    columns = fields.data.get("columns")
    if not isinstance(columns, list) or not columns:
        raise fields.wrong("columns", "a list of at least one column")
    rows = fields.rows(len(columns))
    emphasis = fields.data.get("emphasis") or []
    if not isinstance(emphasis, list) or not all(isinstance(place, int) for place in emphasis):
        raise fields.wrong("emphasis", "a list of row numbers")
    return model.Table(
        columns=tuple(_column(column, fields) for column in columns),
        rows=rows,
        title=fields.text("title", ""),
        notes=fields.texts("notes"),
        emphasis=tuple(emphasis),
        alt=fields.text("alt", ""),
        links=_links(fields, [len(columns)] * len(rows)),
    )


def _links(fields: _Fields, shape: list[int]) -> tuple[tuple[str | None, ...], ...]:
    """``links``, of the shape of ``rows``; () if there are none."""
    links = fields.data.get("links")
    if links is None:
        return ()
    if not isinstance(links, list) or not all(isinstance(row, list) for row in links):
        raise fields.wrong("links", "a list of one list a row, or null")
    if [len(row) for row in links] != shape:
        raise fields.wrong("links", "of the same shape as rows")
    for link in (link for row in links for link in row):
        if link is not None and not (isinstance(link, str) and _ANCHOR.fullmatch(link)):
            raise fields.wrong("links", "anchors of [a-z0-9-], or null")
    return tuple(tuple(row) for row in links)


def _records(fields: _Fields) -> Block:
    anchor = fields.text("anchor")
    if not _ANCHOR.fullmatch(anchor):
        raise fields.wrong("anchor", "characters of [a-z0-9-]")
    title = fields.text("title")
    if not title.strip():
        raise fields.wrong("title", "text, since a reader opens the records by it")
    columns = fields.texts("columns")
    return model.Records(
        anchor=anchor,
        title=title,
        definition=fields.text("definition", ""),
        summary=fields.text("summary", ""),
        columns=columns,
        rows=fields.rows(len(columns)),
        notes=fields.texts("notes"),
    )


def _figure(fields: _Fields) -> Block:
    title = fields.text("title", "")
    svg = clean_svg(fields.text("svg"))
    if svg is None:
        raise fields.wrong("svg", "a complete, well-formed SVG text")
    return model.Figure(
        svg=svg,
        alt=fields.text("alt", "") or title or "图",
        title=title,
        width_mm=fields.positive("width_mm"),
    )


def _annex(fields: _Fields) -> Block:
    number = fields.data.get("number")
    if number is not None and (isinstance(number, bool) or not isinstance(number, int)):
        raise fields.wrong("number", "a whole number or null")
    only = fields.data.get("only")
    if only not in (None, "html"):
        raise fields.wrong("only", '"html" or null')
    return model.Annex(
        title=fields.text("title", ""),
        number="" if number is None else str(number),
        landscape=bool(fields.data.get("landscape", False)),
        only=only,
    )


_READERS: dict[str, Callable[[_Fields], Block | Properties]] = {
    "document": _document,
    "title": lambda fields: model.Title(fields.text("text")),
    "addressee": lambda fields: model.Addressee(fields.text("text").rstrip("：:")),
    "heading": _heading,
    "paragraph": _paragraph,
    "table": _table,
    "figure": _figure,
    "annex_list": lambda fields: model.AnnexList(fields.texts("items")),
    "signature": lambda fields: model.Signature(
        fields.text("issuer"), fields.text("date"), fields.flag("seal"), fields.text("note", "")
    ),
    "annex": _annex,
    "records": _records,
}
