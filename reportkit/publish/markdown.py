"""Markdown cells → blocks, by way of mistune's syntax tree; never by way of HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from reportkit.publish import model
from reportkit.publish.images import clean_svg, svg_from_raster, svg_size_pt
from reportkit.publish.maths import drawn
from reportkit.publish.model import Block, Inline, clean

Token = Mapping[str, Any]

_SAFE_SCHEMES = {"http", "https", "mailto"}
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# LaTeX environments at the start of a line are display maths in Jupyter.
_ENVIRONMENT = re.compile(
    r"^\\begin\{(equation|align|gather|eqnarray|multline)(\*?)\}.*?\\end\{\1\2\}[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
_CJK = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…"
_SOFT_IN_CHINESE = re.compile(rf"[{_CJK}]$")
_LARGEST_PICTURE = 20 * 1024 * 1024


@dataclass(frozen=True)
class Resources:
    """Where a cell's pictures come from: its attachments, and the notebook's folder."""

    attachments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    folder: Path | None = None


@lru_cache(maxsize=1)
def _parser() -> Any:
    import mistune

    plugins = ["table", "strikethrough", "math", "task_lists", "footnotes"]
    return mistune.create_markdown(renderer=None, plugins=plugins)


def markdown_blocks(source: str, resources: Resources) -> Iterator[Block]:
    """The blocks of one Markdown text.

    A first-level heading (``#``) arrives as a heading of level 0: the reader of the
    notebook decides whether it is the title.
    """
    fenced = _ENVIRONMENT.sub(lambda found: f"$$\n{found[0]}\n$$", clean(source))
    yield from _Reader(resources).blocks(cast(Sequence[Token], _parser()(fenced)))


class _Reader:
    """Walks a syntax tree; a token it does not know is shown as text, with a notice."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        for token in tokens:
            yield from self._block(token)

    def _block(self, token: Token) -> Iterator[Block]:
        kind = token["type"]
        children = cast(Sequence[Token], token.get("children", ()))
        match kind:
            case "blank_line":
                return
            case "heading":
                level = min(token["attrs"]["level"] - 1, 4)
                yield model.Heading(level, self.inlines(children))
            case "paragraph" | "block_text":
                yield from self._paragraph(children)
            case "list":
                yield self._list(token, children)
            case "block_quote":
                yield model.Quote(tuple(self._lowered(self.blocks(children))))
            case "block_code":
                yield model.Preformatted(clean(token["raw"]).rstrip("\n"), "code")
            case "block_math":
                yield from math_blocks(token["raw"])
            case "thematic_break":
                yield model.Rule()
            case "table":
                yield self._table(children)
            case "block_html":
                text = _COMMENT.sub("", token["raw"]).strip()
                if text:
                    yield model.Preformatted(clean(text), "code")
            case "footnotes":
                for item in children:
                    label = model.Text(f"[{item['attrs']['index']}] ")
                    for block in self.blocks(item["children"]):
                        yield _with_label(block, label)
            case _:
                yield model.Notice(f"〔此处有无法排版的内容：{clean(kind)}〕")
                yield model.Preformatted(clean(token.get("raw", "")))

    @staticmethod
    def _lowered(blocks: Iterator[Block]) -> Iterator[Block]:
        """Headings within a quotation or list are emphasised lines, no part of the outline."""
        for block in blocks:
            if isinstance(block, model.Heading):
                yield model.Paragraph((model.Styled("strong", block.children),))
            else:
                yield block

    def _paragraph(self, children: Sequence[Token]) -> Iterator[Block]:
        """A paragraph; a picture or formula that stands alone becomes a block of its own."""
        solid = [t for t in children if not _is_blank(t)]
        if solid and all(t["type"] == "image" for t in solid):
            for token in solid:
                yield self._figure(token)
        elif [t["type"] for t in solid] == ["block_math"]:
            yield from math_blocks(solid[0]["raw"])
        else:
            content = self.inlines(children)
            if content:
                yield model.Paragraph(content)

    def _list(self, token: Token, children: Sequence[Token]) -> Block:
        attrs = token.get("attrs", {})
        items: list[tuple[Block, ...]] = []
        for child in children:
            blocks = list(self._lowered(self.blocks(child.get("children", ()))))
            if child["type"] == "task_list_item":
                label = model.Text("√ " if child["attrs"]["checked"] else "□ ")
                first = blocks[0] if blocks else model.Paragraph(())
                blocks[:1] = [_with_label(first, label)]
            items.append(tuple(blocks))
        return model.ListBlock(bool(attrs.get("ordered")), tuple(items), attrs.get("start") or 1)

    def _table(self, children: Sequence[Token]) -> Block:
        head: Sequence[Token] = ()
        rows: list[tuple[str, ...]] = []
        for part in children:
            if part["type"] == "table_head":
                head = part["children"]
            else:
                rows += [tuple(map(self._plain, row["children"])) for row in part["children"]]
        columns = tuple(
            model.Column(self._plain(cell), cell["attrs"].get("align") or "left") for cell in head
        )
        # mistune fills short rows and cuts long ones to the head's width.
        return model.Table(columns=columns, rows=tuple(rows))

    def _plain(self, cell: Token) -> str:
        """A cell's text, with the addresses of its links, and what its pictures stand for."""
        return "".join(self._told(self.inlines(cell.get("children", ()))))

    def _told(self, nodes: Sequence[Inline]) -> Iterator[str]:
        for node in nodes:
            match node:
                case model.Link():
                    text = model.inline_text(node.children)
                    yield text if node.href == text else f"{text}（{node.href}）"
                case model.Styled():
                    yield from self._told(node.children)
                case _:
                    yield model.inline_text((node,))

    # ------------------------------------------------------------ within a line

    def inlines(self, tokens: Sequence[Token]) -> tuple[Inline, ...]:
        nodes: list[Inline] = []
        for token in tokens:
            nodes += self._inline(token, nodes)
        return tuple(_merged(nodes))

    def _inline(self, token: Token, before: Sequence[Inline]) -> list[Inline]:
        children = cast(Sequence[Token], token.get("children", ()))
        raw = str(token.get("raw", ""))
        match token["type"]:
            case "text":
                return [model.Text(clean(html.unescape(raw)))] if raw else []
            case "strong" | "emphasis" | "strikethrough" as kind:
                style = {"strong": "strong", "emphasis": "emph", "strikethrough": "strike"}[kind]
                return [model.Styled(cast(Any, style), self.inlines(children))]
            case "codespan":
                return [model.Code(clean(html.unescape(raw)))]
            case "link":
                return self._link(token, children)
            case "image":
                return self._picture(token)
            case "linebreak":
                return [model.LineBreak()]
            case "softbreak":
                text = model.inline_text(before[-1:])
                # A line end within Chinese is no space.
                return [] if _SOFT_IN_CHINESE.search(text) else [model.Text(" ")]
            case "inline_math" | "block_math":
                return math_inline(raw)
            case "inline_html":
                if re.fullmatch(r"<br\s*/?>", raw.strip(), re.IGNORECASE):
                    return [model.LineBreak()]
                return [model.Text(clean(_COMMENT.sub("", raw)))]
            case "footnote_ref":
                return [model.Text(f"[{token['attrs']['index']}]")]
            case other:
                shown = raw or model.inline_text(self.inlines(children))
                return [model.Text(f"〔此处有无法排版的内容：{clean(other)}〕{clean(shown)}")]

    def _link(self, token: Token, children: Sequence[Token]) -> list[Inline]:
        content = self.inlines(children)
        href = clean(token["attrs"]["url"]).strip()
        if content and urlsplit(_quiet(href)).scheme.lower() in _SAFE_SCHEMES:
            return [model.Link(href, content)]
        # What leads to a file, or nowhere harmless, is told; a place within the text is none.
        told = href and not href.startswith("#") and href != model.inline_text(content)
        return [*content, model.Text(f"（{href}）")] if told else list(content)

    # ------------------------------------------------------------ pictures

    def _figure(self, token: Token) -> Block:
        svg, alt, address = self._load(token)
        if svg is None:
            return model.Notice(_no_picture(alt, address))
        return model.Figure(svg=svg, alt=alt or "图", title=_title_of(token))

    def _picture(self, token: Token) -> list[Inline]:
        svg, alt, address = self._load(token)
        if svg is None:
            return [model.Text(_no_picture(alt, address))]
        width, height = svg_size_pt(svg)
        # Within a line a picture may be two lines high and ten characters wide at most.
        scale = min(1 / 15.75, 2 / height, 10 / width)
        return [model.Drawing(svg, alt or "图", width * scale, height * scale)]

    def _load(self, token: Token) -> tuple[str | None, str, str]:
        alt = model.inline_text(self.inlines(token.get("children", ())))
        address = clean(token["attrs"]["url"])
        return _load_picture(address, self.resources), alt, address[:120]


def math_blocks(tex: str) -> Iterator[Block]:
    """A displayed formula: drawn, else its TeX source with a notice."""
    drawing = drawn(tex)
    if drawing is not None:
        yield model.Paragraph((drawing,), centred=True)
    else:
        yield model.Notice("〔此处有无法绘出的公式，以下为其 TeX 源码〕")
        yield model.Preformatted(clean(tex).strip("\n"), "code")


def math_inline(tex: str) -> list[Inline]:
    """A formula in a line: drawn, else its TeX source with a note."""
    drawing = drawn(tex)
    if drawing is not None:
        return [drawing]
    return [model.Code(f"${clean(tex)}$"), model.Text("〔公式无法绘出〕")]


def _with_label(block: Block, label: model.Text) -> Block:
    if isinstance(block, model.Paragraph):
        return model.Paragraph(tuple(_merged([label, *block.children])))
    return block


def _merged(nodes: Sequence[Inline]) -> Iterator[Inline]:
    """Neighbouring pieces of plain text as one, so that line breaking sees whole words."""
    held: list[str] = []
    for node in nodes:
        if isinstance(node, model.Text):
            held.append(node.text)
            continue
        if held:
            yield model.Text("".join(held))
            held = []
        yield node
    if "".join(held):
        yield model.Text("".join(held))


def _is_blank(token: Token) -> bool:
    kind = token["type"]
    return kind in ("softbreak", "linebreak") or (kind == "text" and not token["raw"].strip())


def _title_of(token: Token) -> str:
    return clean(token["attrs"].get("title") or "")


def _no_picture(alt: str, address: str) -> str:
    return f"〔此处有无法显示的图片：{alt + '，' if alt else ''}{address}〕"


def _quiet(href: str) -> str:
    """An address that ``urlsplit`` can take; what it cannot has no scheme for us."""
    try:
        urlsplit(href)
    except ValueError:
        return ""
    return href


def _load_picture(address: str, resources: Resources) -> str | None:
    if address.startswith("attachment:"):
        bundle = resources.attachments.get(unquote(address.removeprefix("attachment:")), {})
        return bundle_picture(bundle)
    if address.startswith("data:image/"):
        head, _, body = address.partition(",")
        data: str | bytes = body if head.endswith(";base64") else unquote_to_bytes(body)
        return bundle_picture({head.removeprefix("data:").partition(";")[0]: data})
    if resources.folder is None or urlsplit(_quiet(address)).scheme:
        return None
    try:
        path = resources.folder / unquote(address)
        if path.stat().st_size > _LARGEST_PICTURE:
            return None
        data = path.read_bytes()
    except (OSError, ValueError):
        return None
    mime = "image/svg+xml" if path.suffix.lower() == ".svg" else "image/png"
    return bundle_picture({mime: data})


def bundle_picture(bundle: Mapping[str, Any]) -> str | None:
    """The best picture of a MIME bundle, as clean SVG."""
    svg = bundle.get("image/svg+xml")
    if svg is not None:
        text = "".join(svg) if isinstance(svg, list) else svg
        if isinstance(text, bytes):
            text = text.decode("utf-8", "replace")
        elif not text.lstrip().startswith("<"):  # an attachment is base64 whatever it holds
            import base64

            try:
                text = base64.b64decode(text).decode("utf-8", "replace")
            except ValueError:
                return None
        cleaned = clean_svg(clean(text))
        if cleaned is not None:
            return cleaned
    for mime in ("image/png", "image/jpeg"):
        data = bundle.get(mime)
        if data is not None:
            wrapped = svg_from_raster("".join(data) if isinstance(data, list) else data, mime)
            if wrapped is not None:
                return wrapped
    return None
