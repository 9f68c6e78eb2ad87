"""The document → one HTML page: no scripts, nothing loaded from elsewhere, printable."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from reportkit.publish import model
from reportkit.publish.images import PT_PER_MM, svg_size_pt, with_own_ids
from reportkit.publish.layout import (
    LANDSCAPE_PT,
    PORTRAIT_PT,
    TITLE_LIMIT,
    table_parts,
    title_lines,
    width_em,
)
from reportkit.publish.model import Block, Document

TEMPLATES = Path(__file__).parent / "templates"

Json = dict[str, Any]


def html_page(document: Document) -> str:
    """The whole document as one self-contained HTML file."""
    ids = count(1)

    def figure(node: Json) -> Any:
        return _svg(node, f"f{next(ids)}-", _figure_style(node))

    def drawing(node: Json) -> Any:
        style = (
            f"width:{node['width_em']:.3f}em;height:{node['height_em']:.3f}em;"
            f"margin-bottom:-{node['depth_em']:.3f}em"
        )
        return _svg(node, f"f{next(ids)}-", style)

    template, css = _template()
    text = template.render(
        document=document,
        sections=[_section(*section) for section in _sections(document)],
        titled=any(isinstance(block, model.Title) for block in document.blocks),
        css=css,
        figure=figure,
        drawing=drawing,
    )
    return str(text)


@lru_cache(maxsize=1)
def _template() -> tuple[Any, Any]:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )
    css = (TEMPLATES / "circular.css").read_text(encoding="utf-8")
    return environment.get_template("circular.html.j2"), Markup(css)  # noqa: S704 - our own


def _sections(document: Document) -> Iterator[tuple[bool, list[Block]]]:
    """One sheet for the body, one for each annex."""
    landscape, blocks = False, list[Block]()
    for block in document.blocks:
        if isinstance(block, model.Annex):
            if blocks:
                yield landscape, blocks
            landscape, blocks = block.landscape, []
        blocks.append(block)
    yield landscape, blocks


def _section(landscape: bool, blocks: Sequence[Block]) -> Json:
    available = LANDSCAPE_PT if landscape else PORTRAIT_PT
    return {"landscape": landscape, "blocks": [_data(block, available) for block in blocks]}


def _data(node: Any, available: float) -> Any:
    """A node for the template, with what only this format wants of it.

    ``items`` is a method of every dict in Jinja, hence the other name.
    """
    if isinstance(node, tuple):
        return [_data(item, available) for item in node]
    if not dataclasses.is_dataclass(node):
        return node
    data = {field.name: getattr(node, field.name) for field in dataclasses.fields(node)}
    result = {
        ("items_" if key == "items" else key): _data(value, available)
        for key, value in data.items()
    }
    if isinstance(node, model.Signature):
        result |= _signature(node.issuer, node.date)
    elif isinstance(node, model.Title):
        result["lines"] = _title_lines(node.text, TITLE_LIMIT)
    elif isinstance(node, model.Annex):
        result["lines"] = _title_lines(node.title, available / 22)
    elif isinstance(node, model.Table):
        result["shares"] = _shares(node, available)
    return result


def _title_lines(text: str, limit: float) -> list[str]:
    """The same lines as on paper; each may still break where a screen is narrow."""
    lines = title_lines(text, limit)
    spaced = " " in text or "\n" in text
    return [line + " " for line in lines] if spaced else lines


def _shares(table: model.Table, available: float) -> list[str]:
    """The columns' widths in per cent; a table too wide for the sheet scrolls instead."""
    parts = table_parts(table, available)
    if len(parts) > 1:
        return []
    total = sum(parts[0].widths)
    return [f"{100 * width / total:.1f}" for width in parts[0].widths]


def _signature(issuer: str, date: str) -> Json:
    """署名 two characters from the right, the date beginning two right of it."""
    name, day = width_em(issuer), width_em(date)
    if day > name:
        return {"by_right": f"{4 + day - name:.2f}", "on_right": "2"}
    return {"by_right": "2", "on_right": f"{name - day:.2f}"}


def _figure_style(node: Json) -> str:
    width, _ = svg_size_pt(node["svg"])
    return f"width:{node['width_mm'] or width / PT_PER_MM:.1f}mm"


def _svg(node: Json, prefix: str, style: str) -> Any:
    """A clean SVG, in the page itself so that its text can be found, named for readers."""
    from markupsafe import Markup

    svg = with_own_ids(node["svg"], prefix)
    head, space, rest = svg.partition(" ")
    label = f'role="img" aria-label={quoteattr(node["alt"])} style="{style}"'
    return Markup(f"{head} {label}{space}{rest}")  # noqa: S704 - clean_svg has been over it
