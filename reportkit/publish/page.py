"""The document → one HTML page: no scripts, nothing loaded from elsewhere, printable."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

from reportkit.display import KEEP_JUSTIFIED, KEEP_LONGEST
from reportkit.publish import model
from reportkit.publish.images import PT_PER_MM, svg_size_pt, with_own_ids
from reportkit.publish.layout import (
    LANDSCAPE_PT,
    PORTRAIT_PT,
    SCREEN_PT,
    SCREEN_TEXT_EM,
    TITLE_LIMIT,
    screen_shares,
    table_parts,
    title_lines,
)
from reportkit.publish.model import Block, Document
from reportkit.publish.records import ALL, BACK, Trail
from reportkit.publish.wholes import BETWEEN, NEW_LINE, WHOLE, Kept, pieces, width_em

TEMPLATES = Path(__file__).parent / "templates"

Json = dict[str, Any]

# In a title: 12 characters of its size fill the narrowest phone. On paper, where its lines are
# worked out beforehand, no name at all is cut.
_TITLE_KEEPS = 12


def html_page(document: Document) -> str:
    """The whole document as one self-contained HTML file."""
    ids = count(1)

    def figure(node: Json) -> Any:
        return _svg(node, f"f{next(ids)}_", _figure_style(node))

    def drawing(node: Json) -> Any:
        style = (
            f"width:{node['width_em']:.3f}em;height:{node['height_em']:.3f}em;"
            f"margin-bottom:-{node['depth_em']:.3f}em"
        )
        return _svg(node, f"f{next(ids)}_", style)

    kept = Kept(document.keep)
    template, css = _template()
    text = template.render(
        document=document,
        sections=[_section(sheet, kept) for sheet in _sheets(document)],
        titled=any(isinstance(block, model.Title) for block in document.blocks),
        css=css,
        figure=figure,
        drawing=drawing,
        lines=partial(_lines, kept=kept),
        title_text=partial(_lines, kept=kept, longest=_TITLE_KEEPS),
        ragged=partial(_lines, kept=kept, longest=KEEP_LONGEST),
        plain=_plain,
        trail=Trail(document.blocks),
        BACK=BACK,
        ALL=ALL,
    )
    return str(text)


def _lines(text: str, room: float = math.inf, *, kept: Kept, longest: int = KEEP_JUSTIFIED) -> Any:
    """Text as markup: escaped, with its line ends, and with what no line end cuts held together."""
    from markupsafe import Markup, escape

    parts: list[str] = []
    for piece, how in pieces(text, kept, longest=longest, room=room):
        if how == WHOLE:
            parts.append(f'<span class="k">{escape(piece)}</span>')
        elif how == BETWEEN:
            parts.append("<wbr>")
        else:
            parts.append("<br>" if how == NEW_LINE else str(escape(piece)))
    return Markup("".join(parts))  # noqa: S704 - every piece is escaped


def _plain(text: str) -> Any:
    """Text as markup: escaped, with its line ends, and no more."""
    from markupsafe import Markup, escape

    return escape(text).replace("\n", Markup("<br>"))


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


class _Sheet(NamedTuple):
    """The body or one annex: what stands on pages of its own."""

    landscape: bool
    html_only: bool
    blocks: list[Block]


def _sheets(document: Document) -> Iterator[_Sheet]:
    """One sheet for the body, one for each annex."""
    sheet = _Sheet(False, False, [])
    for block in document.blocks:
        if isinstance(block, model.Annex):
            if sheet.blocks:
                yield sheet
            sheet = _Sheet(block.landscape, block.only is not None, [])
        sheet.blocks.append(block)
    yield sheet


def _section(sheet: _Sheet, kept: Kept) -> Json:
    available = LANDSCAPE_PT if sheet.landscape else PORTRAIT_PT
    blocks = [_data(block, available, kept) for block in sheet.blocks]
    for block, level in zip(blocks, _levels(sheet.blocks), strict=True):
        block["below"] = level + 1
    has_records = any(isinstance(block, model.Records) for block in sheet.blocks)
    return {
        "landscape": sheet.landscape,
        "html_only": sheet.html_only,
        "has_records": has_records,
        "blocks": blocks,
    }


def _levels(blocks: Sequence[Block]) -> Iterator[int]:
    """For each block the level of the HTML heading that it stands under."""
    level = 1
    for block in blocks:
        if isinstance(block, model.Heading):
            level = block.outline + 1
        elif isinstance(block, model.Annex) and block.title:
            level = 2
        yield level


def _data(node: Any, available: float, kept: Kept) -> Any:
    """A node for the template, with what only this format wants of it.

    ``items`` is a method of every dict in Jinja, hence the other name.
    """
    if isinstance(node, tuple):
        return [_data(item, available, kept) for item in node]
    if not dataclasses.is_dataclass(node):
        return node
    data = {field.name: getattr(node, field.name) for field in dataclasses.fields(node)}
    result = {
        ("items_" if key == "items" else key): _data(value, available, kept)
        for key, value in data.items()
    }
    if isinstance(node, model.Signature):
        result |= _signature(node.issuer, node.date)
    elif isinstance(node, model.Title):
        result["lines"] = _title_lines(node.text, TITLE_LIMIT, kept)
    elif isinstance(node, model.Annex):
        result["lines"] = _title_lines(node.title, available / 22, kept)
    elif isinstance(node, model.Table):
        result |= _widths(node, available)
    return result


def _title_lines(text: str, limit: float, kept: Kept) -> list[str]:
    """The same lines as on paper; each may still break where a screen is narrow."""
    lines = title_lines(text, limit, kept)
    spaced = " " in text or "\n" in text
    return [line + " " for line in lines] if spaced else lines


def _widths(table: model.Table, available: float) -> Json:
    """The columns' widths in per cent, and how much text they hold on paper, in em.

    A table too wide for the sheet has neither: it scrolls. ``textual``: the columns of text that
    keep their room for six characters whatever the others want.
    """
    parts = table_parts(table, available)
    if len(parts) > 1:
        return {"shares": [], "textual": [], "rooms": [math.inf] * len(table.columns)}
    shares = screen_shares(table, parts[0], available)
    textual = [
        column.align == "left"
        and column.width is not None
        and share * available / 100 >= SCREEN_TEXT_EM * SCREEN_PT
        for column, share in zip(table.columns, shares, strict=True)
    ]
    shown = [f"{share:.1f}" for share in shares]
    return {"shares": shown, "textual": textual, "rooms": parts[0].rooms}


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
