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
from reportkit.publish.formal import copies, mark_lines, mark_pt
from reportkit.publish.images import PT_PER_MM, svg_size_pt, with_own_ids
from reportkit.publish.layout import (
    SCREEN_PT,
    SCREEN_TEXT_EM,
    TITLE_LIMIT,
    screen_shares,
    table_parts,
    title_lines,
)
from reportkit.publish.model import Block, Document
from reportkit.publish.page_css import PageCss
from reportkit.publish.records import ALL, BACK, Trail
from reportkit.publish.wholes import BETWEEN, NEW_LINE, WHOLE, Kept, pieces, width_em

TEMPLATES = Path(__file__).parent / "templates"

Json = dict[str, Any]

# In a title: 12 characters of its size fill the narrowest phone. On paper, where its lines are
# worked out beforehand, no name at all is cut.
_TITLE_KEEPS = 12


def html_page(document: Document) -> str:
    """The whole document as one self-contained HTML file."""
    kept = Kept(document.keep)
    template, fixed = _template()
    css = PageCss(fixed, document.page)
    pictures = _Pictures(css)
    sections = [_section(sheet, kept, document.page) for sheet in _sheets(document)]
    on_paper = [n for n, section in enumerate(sections, 1) if not section["html_only"]]
    text = template.render(
        document=document,
        sections=sections,
        last_sheet=on_paper[-1] if on_paper else 0,
        titled=any(isinstance(block, model.Title) for block in document.blocks),
        head=document.head if document.formal else None,
        imprint=document.imprint if document.formal else None,
        mark_lines=mark_lines,
        mark_size=partial(_mark_size, width_pt=document.page.text_width_pt),
        copies=copies,
        css=_CSS,
        policy=_POLICY,
        css_class=css.of,
        figure=pictures.figure,
        drawing=pictures.drawing,
        label=_Labels(),
        tinted=_tinted,
        lines=partial(_lines, kept=kept),
        title_text=partial(_lines, kept=kept, longest=_TITLE_KEEPS),
        ragged=partial(_lines, kept=kept, longest=KEEP_LONGEST),
        plain=_plain,
        trail=Trail(document.blocks),
        BACK=BACK,
        ALL=ALL,
    )
    # Text is cleaned of control characters: nothing of it can be taken for one of the places.
    return str(text).replace(_POLICY, css.policy()).replace(_CSS, css.text())


# Where the stylesheet and its hash go when all its rules are known.
_CSS, _POLICY = "\x00css\x00", "\x00policy\x00"


class _Pictures:
    """Pictures in the page itself, so that their text can be found, each with ids of its own."""

    def __init__(self, css: PageCss) -> None:
        self._css = css
        self._ids = count(1)

    def figure(self, node: Json) -> Any:
        width, _ = svg_size_pt(node["svg"])
        return self._svg(node, f"width:{node['width_mm'] or width / PT_PER_MM:.1f}mm")

    def drawing(self, node: Json) -> Any:
        """A formula in the line."""
        return self._svg(
            node,
            f"width:{node['width_em']:.3f}em;height:{node['height_em']:.3f}em;"
            f"margin-bottom:-{node['depth_em']:.3f}em",
        )

    def _svg(self, node: Json, style: str) -> Any:
        from markupsafe import Markup

        prefix = f"f{next(self._ids)}_"
        own = with_own_ids(node["svg"], prefix)
        svg = self._css.take_over(own, prefix, self._css.of(style))
        head, space, rest = svg.partition(" ")
        label = f'role="img" aria-label={quoteattr(node["alt"])}'
        return Markup(f"{head} {label}{space}{rest}")  # noqa: S704 - clean_svg has been over it


class _Labels:
    """Names for the regions of a page, each once: 主要指标对照表, 主要指标对照表（2）."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def __call__(self, wanted: str) -> str:
        self._taken[wanted] = self._taken.get(wanted, 0) + 1
        again = self._taken[wanted]
        return wanted if again == 1 else f"{wanted}（{again}）"


# How much of a narrow screen's width is text.
_TEXT_SHARE = 72


def _mark_size(head: model.Head, width_pt: float) -> str:
    """The size of the mark: as on paper, or what the screen has room for."""
    points = mark_pt(head, width_pt)
    return f"font-size:min({points}pt,{points / width_pt * _TEXT_SHARE:.2f}vw)"


def _tinted(text: str, tints: Sequence[Json]) -> Any:
    """Program output with the colours that a terminal gave it, as classes."""
    from markupsafe import Markup, escape

    parts, place = [], 0
    for tint in tints:
        parts.append(escape(text[place : tint["start"]]))
        names = " ".join(filter(None, ("b" if tint["bold"] else "", tint["colour"])))
        shown = escape(text[tint["start"] : tint["end"]])
        parts.append(Markup(f'<span class="{names}">{shown}</span>'))  # noqa: S704 - escaped
        place = tint["end"]
    return Markup("").join([*parts, escape(text[place:])])


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
def _template() -> tuple[Any, str]:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )
    css = (TEMPLATES / "circular.css").read_text(encoding="utf-8")
    return environment.get_template("circular.html.j2"), css


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


def _section(sheet: _Sheet, kept: Kept, page: model.PageStyle) -> Json:
    available = page.turned_width_pt if sheet.landscape else page.text_width_pt
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
        result |= _signature(node)
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


def _signature(node: model.Signature) -> Json:
    """署名 two characters from the right, the date beginning two right of it.

    With a seal the date ends four characters from the right, the name centred above it.
    """
    name, day = width_em(node.issuer), width_em(node.date)
    if node.seal:
        return {"by_right": f"{max(4 + (day - name) / 2, 0):.2f}", "on_right": "4"}
    if day > name:
        return {"by_right": f"{4 + day - name:.2f}", "on_right": "2"}
    return {"by_right": "2", "on_right": f"{name - day:.2f}"}
