"""What a notebook shows, as data: the contract between notebooks and exporters.

Every block that a circular is made of reaches the exporters as display data of the
type :data:`BLOCK_MIME`, beside ``text/html`` and ``text/plain`` for people who look at
the notebook itself. The value is a JSON object::

    {"version": 1, "kind": "<kind>", ...the fields of that kind}

Text in a block is *data*: it is printed as it stands, never parsed as markup, so that
``#``, ``$`` or ``<`` in a unit's name print as themselves.

=============  =====================================================================
kind           fields
=============  =====================================================================
document       ``title``, ``author``, ``language`` ("zh-CN"), ``date`` (ISO date or
               null), ``unit``, ``year``: what the finished file says of itself; prints
               nothing. ``unit`` and ``year`` let a run check that a circular holds its own.
               ``keep`` [str], optional: names of up to :data:`KEEP_LONGEST` characters that
               no line end cuts (see below). Optional as well: ``page``, ``head`` and
               ``imprint`` (objects with the fields of :class:`reportkit.publish.model.PageStyle`,
               ``Head`` and ``Imprint``): the sheet, 版头 and 版记; ``attach`` bool: the figures
               of its tables go with the PDF as CSV; ``masked`` bool: whether it is masked
title          ``text``: the document's title (标题)
addressee      ``text``: 主送机关, without its colon
heading        ``level`` 1–4, ``text``: a heading on a line of its own (一、 · （一） · 1. · （1）)
paragraph      ``text``; ``lead``: the run-in heading before the text, or ""; ``lead_level``
               2–4: which level's font the lead takes; ``name``, optional: the id of the
               paragraph (二.（一）), kept in the Word copy as a bookmark; ``figures``, optional:
               [[begin, end, name]] of the figures in ``text``, in order, by which they are
               known again when the paragraph comes back edited
table          ``title``; ``columns`` [{``text``, ``align`` left|center|right, ``width``:
               relative weight or null}]; ``rows`` [[str]], each as long as ``columns``;
               ``notes`` [str] under the table; ``emphasis`` [row numbers from 0, printed
               in 黑体]; ``alt``: the table in one sentence; ``links`` [[str or null]],
               optional, of the same shape as ``rows``: the ``anchor`` of the records behind
               a cell. In HTML the cell links to them, if the document has them
figure         ``svg``: a complete SVG text; ``title``; ``alt``; ``width_mm`` or null
annex_list     ``items`` [str]: 附件说明, after the body
signature      ``issuer``, ``date`` (already written out: 2024年1月8日); optional: ``seal``
               bool, whether the room for a seal is left, and ``note``: 附注, without brackets
annex          ``number`` (1, 2 … or null where there is but one), ``title``; ``landscape``
               bool: opens an annex (附件) on a new page; what follows belongs to it.
               ``only``, optional, "html" or null: an annex of the HTML edition alone; it and
               all up to the next annex leave no trace on paper (PDF, Typst, the HTML
               printed). Without a number it is headed by its title alone
records        the records behind one figure of a table, in the HTML edition alone and closed
               until they are asked for; nothing on paper. ``anchor``: ``[a-z0-9-]+``, once in
               a document; ``title`` (集体学习 22次); ``definition``: the text after “口径：”,
               or ""; ``summary`` (分子22，未计入：取消2次) or ""; ``columns`` [str];
               ``rows`` [[str]], each as long as ``columns``; ``notes`` [str]
=============  =====================================================================

Levels of heading follow GB/T 9704: level 1 is printed in 黑体, 2 in 楷体, 3 and 4 in
仿宋. Numbers ("一、") are part of the text.

What no line end cuts: a number and its unit (12.5个百分点, ×××次) always; a name in ``keep``
in titles and wherever lines are not justified, in justified text (paragraphs, headings) up to
:data:`KEEP_JUSTIFIED` characters. A longer one carried over would leave gaps in the line above,
so it may break, though not within a shorter name that it holds and that is in ``keep`` too.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

BLOCK_MIME = "application/vnd.reportkit.block+json"
BLOCK_VERSION = 1

ADDED_CELLS = frozenset({"injected-parameters", "papermill-error-cell-tag"})
"""Tags of the cells that papermill adds: in an analyst's count there are none of them."""

KEEP_LONGEST = 16
"""Longer names in ``keep`` are let break like any text."""
KEEP_JUSTIFIED = 8
"""The same in justified text. A name carried over whole leaves a gap that the line above shares
out: with a name every 30 characters, no line opened by half a character at names of 8, 6 % of
the lines did at 10, 12 % at 12."""

KINDS = (
    "document",
    "title",
    "addressee",
    "heading",
    "paragraph",
    "table",
    "figure",
    "annex_list",
    "signature",
    "annex",
    "records",
)


class Block:
    """One block of a circular; shows itself in a notebook by ``_repr_mimebundle_``.

    Parameters
    ----------
    kind:
        One of :data:`KINDS`.
    fields:
        The fields of that kind, as the module's table has them; JSON values only.
    """

    def __init__(self, kind: str, **fields: Any) -> None:
        if kind not in KINDS:
            raise ValueError(f"unknown kind of block {kind!r}; expected one of {', '.join(KINDS)}")
        self.kind = kind
        self.fields: Mapping[str, Any] = dict(fields)

    def __repr__(self) -> str:
        return f"Block({self.kind!r}, {', '.join(f'{k}={v!r}' for k, v in self.fields.items())})"

    def to_json(self) -> dict[str, Any]:
        """The JSON object that stands under :data:`BLOCK_MIME`."""
        return {"version": BLOCK_VERSION, "kind": self.kind, **self.fields}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {
            BLOCK_MIME: self.to_json(),
            "text/html": block_html(self.kind, self.fields),
            "text/plain": block_text(self.kind, self.fields),
        }
        if self.kind == "figure":
            bundle["image/svg+xml"] = self.fields["svg"]
        return bundle


class Blocks:
    """Several blocks shown by one cell, in order; an empty one shows nothing."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = list(blocks)

    def __iter__(self) -> Any:
        return iter(self.blocks)

    def __len__(self) -> int:
        return len(self.blocks)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        for block in self.blocks:
            display(block)  # type: ignore[no-untyped-call]


def block_text(kind: str, fields: Mapping[str, Any]) -> str:
    """The block as plain text, for terminals, searches and notebooks read as files."""
    match kind:
        case "document":
            return ""
        case "paragraph":
            return f"{fields.get('lead', '')}{fields['text']}"
        case "table":
            head = "\t".join(column["text"] for column in fields["columns"])
            rows = ["\t".join(row) for row in fields["rows"]]
            return "\n".join([fields["title"], head, *rows, *fields.get("notes", [])])
        case "figure":
            return f"{fields['title']}（{fields['alt']}）"
        case "annex_list":
            return "附件：" + "；".join(fields["items"])
        case "signature":
            return f"{fields['issuer']}\n{fields['date']}"
        case "annex":
            return f"附件{fields['number'] or ''} {fields['title']}"
        case "records":
            rows = ["\t".join(row) for row in (fields["columns"], *fields["rows"])]
            return "\n".join([fields["title"], *_told(fields), *rows, *fields.get("notes", [])])
        case _:
            return str(fields["text"])


def block_html(kind: str, fields: Mapping[str, Any]) -> str:
    """The block as an HTML fragment for JupyterLab; every text in it is escaped."""
    match kind:
        case "document":
            return ""
        case "title":
            return f"<h1 style='text-align:center'>{html.escape(fields['text'])}</h1>"
        case "addressee":
            return f"<p>{html.escape(fields['text'])}：</p>"
        case "heading":
            tag = f"h{fields['level'] + 1}"
            return f"<{tag}>{html.escape(fields['text'])}</{tag}>"
        case "paragraph":
            lead = html.escape(fields.get("lead", ""))
            bold = f"<strong>{lead}</strong>" if lead else ""
            return f"<p style='text-indent:2em'>{bold}{html.escape(fields['text'])}</p>"
        case "table":
            return _table_html(fields)
        case "figure":
            caption = html.escape(fields["title"])
            return f"<figure>{fields['svg']}<figcaption>{caption}</figcaption></figure>"
        case "signature":
            lines = "<br>".join(html.escape(fields[key]) for key in ("issuer", "date"))
            return f"<p style='text-align:right'>{lines}</p>"
        case "records":
            return _records_html(fields)
        case _:
            return f"<p>{html.escape(block_text(kind, fields))}</p>"


def _table_html(fields: Mapping[str, Any]) -> str:
    heads = [column["text"] for column in fields["columns"]]
    caption = f"<caption>{html.escape(fields['title'])}</caption>"
    return _grid_html(caption, heads, fields["rows"]) + _small(fields.get("notes", []))


def _records_html(fields: Mapping[str, Any]) -> str:
    """Closed until it is asked for, as in the finished page."""
    told = "".join(f"<p>{html.escape(text)}</p>" for text in _told(fields))
    grid = _grid_html("", fields["columns"], fields["rows"])
    return (
        f"<details><summary>{html.escape(fields['title'])}</summary>"
        f"{told}{grid}{_small(fields.get('notes', []))}</details>"
    )


def _told(fields: Mapping[str, Any]) -> list[str]:
    """What is said of records above their table: definition and summary, if there are any."""
    definition = fields.get("definition") or ""
    texts = [f"口径：{definition}" if definition else "", fields.get("summary") or ""]
    return [text for text in texts if text]


def _grid_html(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{html.escape(text)}</th>" for text in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _small(notes: Sequence[str]) -> str:
    return "".join(f"<p><small>{html.escape(note)}</small></p>" for note in notes)
