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
               nothing. ``unit`` and ``year`` let a run check that a circular holds its own
title          ``text``: the document's title (标题)
addressee      ``text``: 主送机关, without its colon
heading        ``level`` 1–4, ``text``: a heading on a line of its own (一、 · （一） · 1. · （1）)
paragraph      ``text``; ``lead``: the run-in heading before the text, or ""; ``lead_level``
               2–4: which level's font the lead takes
table          ``title``; ``columns`` [{``text``, ``align`` left|center|right, ``width``:
               relative weight or null}]; ``rows`` [[str]], each as long as ``columns``;
               ``notes`` [str] under the table; ``emphasis`` [row numbers from 0, printed
               in 黑体]; ``alt``: the table in one sentence
figure         ``svg``: a complete SVG text; ``title``; ``alt``; ``width_mm`` or null
annex_list     ``items`` [str]: 附件说明, after the body
signature      ``issuer``, ``date`` (already written out: 2024年1月8日)
annex          ``number`` (1, 2 … or null where there is but one), ``title``; ``landscape``
               bool: opens an annex (附件) on a new page; what follows belongs to it
=============  =====================================================================

Levels of heading follow GB/T 9704: level 1 is printed in 黑体, 2 in 楷体, 3 and 4 in
仿宋. Numbers ("一、") are part of the text.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

BLOCK_MIME = "application/vnd.reportkit.block+json"
BLOCK_VERSION = 1

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
        case _:
            return f"<p>{html.escape(block_text(kind, fields))}</p>"


def _table_html(fields: Mapping[str, Any]) -> str:
    head = "".join(f"<th>{html.escape(column['text'])}</th>" for column in fields["columns"])
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in fields["rows"]
    )
    notes = "".join(
        f"<p><small>{html.escape(note)}</small></p>" for note in fields.get("notes", [])
    )
    title = html.escape(fields["title"])
    return (
        f"<table><caption>{title}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>{notes}"
    )
