"""What a cell put out → blocks: of each output the best form that a page can show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from reportkit.publish import model
from reportkit.publish.htmltables import html_blocks
from reportkit.publish.markdown import (
    Resources,
    bundle_picture,
    markdown_blocks,
    math_blocks,
)
from reportkit.publish.model import Block, Tint, clean
from reportkit.publish.terminal import screen

_LONGEST = 200_000
"""Characters of one stream: some hundred pages. What is longer is no report."""
_PICTURES = ("image/svg+xml", "image/png", "image/jpeg")
# Shown by JupyterLab alone; beside a form that we do show they are no loss.
_ASIDE = ("application/vnd.jupyter.widget-view+json",)


def plain(text: object) -> str:
    """Text as a terminal would leave it on its screen."""
    return screen(text)[0]


def _shortened(text: str, tints: tuple[Tint, ...]) -> tuple[str, tuple[Tint, ...], int]:
    """What of a long output is printed, and how many characters are not."""
    if len(text) <= _LONGEST:
        return text, tints, 0
    end = text.rfind("\n", 0, _LONGEST) + 1 or _LONGEST
    kept = tuple(replace(t, end=min(t.end, end)) for t in tints if t.start < end)
    return text[:end], kept, len(text) - end


def output_blocks(output: Mapping[str, Any], resources: Resources) -> Iterator[Block]:
    """The blocks for one output that is none of our own."""
    match output.get("output_type"):
        case "stream":
            text, tints, left_out = _shortened(*screen(output.get("text", "")))
            if text.strip():
                role = "stderr" if output.get("name") == "stderr" else "output"
                yield model.Preformatted(text, role, tints)  # type: ignore[arg-type]
            if left_out:
                yield model.Notice(f"〔此处输出过长，其后{left_out}个字符未予显示〕")
        case "error":
            traceback, tints = screen("\n".join(output.get("traceback", ())))
            yield model.ErrorBox(
                name=plain(output.get("ename", "")),
                message=plain(output.get("evalue", "")),
                traceback=traceback,
                tints=tints,
            )
        case "display_data" | "execute_result" | "update_display_data":
            yield from _data_blocks(output.get("data", {}), resources)
        case other:
            yield model.Notice(f"〔此处有无法显示的输出：{clean(other)}〕")


def _data_blocks(data: Mapping[str, Any], resources: Resources) -> Iterator[Block]:
    text = plain(data.get("text/plain", ""))
    if any(mime in data for mime in _PICTURES):
        picture = bundle_picture(data)
        if picture is not None:
            yield model.Figure(svg=picture, alt=_alternative(text))
            return
    if "text/html" in data:
        blocks = html_blocks(_joined(data["text/html"]))
        if blocks is not None:
            yield from blocks
            return
    if "text/markdown" in data:
        yield from _without_headings(markdown_blocks(_joined(data["text/markdown"]), resources))
    elif "text/latex" in data:
        tex = _joined(data["text/latex"]).strip()
        yield from math_blocks(tex.strip("$").strip())
    else:
        yield from _last_resort(data, text)


def aside_of(output: Mapping[str, Any]) -> str:
    """What an output is that a program says by the way: print, warning, error, value; else "".

    A value is what no page can show but by the words that stand for it.
    """
    if output.get("output_type") == "stream":
        return "warning" if output.get("name") == "stderr" else "print"
    if output.get("output_type") == "error":
        return "error"
    data = output.get("data", {})
    shown = any(mime in data for mime in (*_PICTURES, "text/markdown", "text/latex"))
    is_words = "text/plain" in data and not shown
    return "value" if is_words and html_blocks(_joined(data.get("text/html", ""))) is None else ""


def _last_resort(data: Mapping[str, Any], text: str) -> Iterator[Block]:
    """Plain text, and in any case a word on what it stands for or what is not shown."""
    unshown = [mime for mime in data if mime not in ("text/plain", *_ASIDE)]
    if unshown or not text.strip():
        named = "、".join(clean(mime) for mime in unshown or data) or "无内容"
        if text.strip():
            yield model.Notice(f"〔此处内容（{named}）无法显示，以文字代替〕")
        elif data and not unshown and "text/plain" in data:
            return
        else:
            yield model.Notice(f"〔此处有无法显示的内容：{named}〕")
    if text.strip():
        yield model.Preformatted(text)


def _without_headings(blocks: Iterator[Block]) -> Iterator[Block]:
    """A ``#`` in an output is a heading, never the document's title."""
    for block in blocks:
        if isinstance(block, model.Heading) and block.level == 0:
            yield model.Heading(1, block.children)
        else:
            yield block


def _alternative(text: str) -> str:
    """matplotlib's ``<Figure size …>`` tells a reader nothing."""
    return "图" if not text or text.startswith("<") else text[:200]


def _joined(value: object) -> str:
    return "".join(value) if isinstance(value, list) else str(value)
