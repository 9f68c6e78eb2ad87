"""An executed notebook → the document: cells and outputs in order, nothing lost in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reportkit.display import ADDED_CELLS, BLOCK_MIME
from reportkit.errors import RenderError
from reportkit.publish import model
from reportkit.publish.blocks import Properties, read_block
from reportkit.publish.markdown import Resources, markdown_blocks
from reportkit.publish.model import Block, Inline, clean
from reportkit.publish.outputs import aside_of, output_blocks

UNTITLED = "未命名文档"
PRINT = "print"
"""The tag of a cell that shows in an official paper what it prints."""


_NO_GLYPH = re.compile(r"Glyph (\d+) .*missing from")


@dataclass(frozen=True)
class _Aside:
    """An output that a circular leaves out, and the blocks as which any other notebook shows it."""

    what: str
    blocks: tuple[Block, ...]


def _check_boxes(block: Block, where: str) -> None:
    """Refuse a circular of which a warning tells that a chart shows boxes for characters."""
    stderr = block.text if isinstance(block, model.Preformatted) and block.role == "stderr" else ""
    if lacking := _NO_GLYPH.search(stderr):
        char = chr(int(lacking.group(1)))
        raise RenderError(
            f"a chart shows a box for “{char}” (U+{ord(char):04X})",
            expected="a chart in the fonts of the page",
            next_step="call chart_fonts() of reportkit before the chart is drawn",
            where=where,
        )


def read_notebook(
    notebook: Mapping[str, Any],
    *,
    name: str = "",
    folder: Path | None = None,
    show_code: bool = False,
) -> model.Document:
    """The document that a notebook amounts to.

    One that shows a ``document`` block (the letterhead) is an official paper: what its cells
    print, warn of, or leave as a bare value stays out, unless the cell is tagged ``print``.

    Parameters
    ----------
    notebook:
        An nbformat 4 notebook, executed or not.
    name:
        The file's name without ending: the last resort for a title.
    folder:
        The notebook's folder, where local pictures are looked for.
    show_code:
        Whether the code of cells is printed.
    """
    found = list(_located(notebook, name, folder, show_code))
    properties = next((item for _, item in found if isinstance(item, Properties)), None)
    kept, left_out = _shown(found, official=properties is not None)
    blocks = list(_one_title([block for _, block in kept]))
    properties = properties or Properties()
    metadata = notebook.get("metadata", {})
    title = properties.title or str(metadata.get("title") or "") or _first_title(blocks) or name
    authors = metadata.get("authors") or []
    author = properties.author or "、".join(
        str(a.get("name", "")) for a in authors if isinstance(a, Mapping)
    )
    return model.Document(
        title=" ".join(clean(title).split()) or UNTITLED,
        blocks=tuple(_close_gaps(blocks)),
        author=clean(author),
        language=properties.language,
        date=properties.date,
        keywords=properties.keywords,
        keep=properties.keep,
        page=properties.page,
        head=properties.head,
        imprint=properties.imprint,
        attach=properties.attach,
        masked=properties.masked,
        name=name,
        origins=tuple(where for where, _ in kept),
        left_out=left_out,
    )


def _shown(
    found: Sequence[tuple[str, Block | Properties | _Aside]], *, official: bool
) -> tuple[list[tuple[str, Block]], tuple[str, ...]]:
    """The blocks that are printed, and a line on each output that an official paper leaves out."""
    kept: list[tuple[str, Block]] = []
    left_out = []
    for where, item in found:
        if isinstance(item, Properties):
            continue
        blocks = item.blocks if isinstance(item, _Aside) else (item,)
        for block in blocks if official else ():
            _check_boxes(block, where)
        if isinstance(item, _Aside) and official:
            left_out.append(
                f"{where.rpartition(', ')[2]}: {item.what} left out of the paper; "
                f"tag the cell `{PRINT}` to show it"
            )
        else:
            kept += [(where, block) for block in blocks]
    return kept, tuple(dict.fromkeys(left_out))


def _located(
    notebook: Mapping[str, Any], name: str, folder: Path | None, show_code: bool
) -> Iterator[tuple[str, Block | Properties | _Aside]]:
    """Everything that the cells show, each with the cell that it comes from."""
    anchors: set[str] = set()
    number = 0
    for cell in notebook.get("cells", []):
        number += ADDED_CELLS.isdisjoint(cell.get("metadata", {}).get("tags") or ())
        where = f"{name or 'notebook'}, cell {max(number, 1)}"
        for item in _cell_blocks(cell, where, folder, show_code):
            if isinstance(item, model.Records):
                _check_once(item.anchor, anchors, where)
            if isinstance(item, Properties | _Aside) or not _is_empty(item):
                yield where, item


def _check_once(anchor: str, anchors: set[str], where: str) -> None:
    """A link leads to one place: two records of one anchor are a mistake of the notebook."""
    if anchor in anchors:
        raise RenderError(
            f"two records blocks with anchor {anchor!r}",
            expected="each anchor once in a document",
            next_step="give the records of each figure an anchor of their own",
            where=where,
        )
    anchors.add(anchor)


def _cell_blocks(
    cell: Mapping[str, Any], where: str, folder: Path | None, show_code: bool
) -> Iterator[Block | Properties | _Aside]:
    hidden = _hidden(cell)
    source = _joined(cell.get("source", ""))
    if "cell" in hidden:
        return
    match cell.get("cell_type"):
        case "markdown":
            resources = Resources(cell.get("attachments", {}), folder)
            yield from markdown_blocks(source, resources)
        case "code":
            if show_code and "input" not in hidden and source.strip():
                yield model.Preformatted(clean(source).rstrip("\n"), "code")
            if "output" not in hidden:
                printed = PRINT in (cell.get("metadata", {}).get("tags") or ())
                yield from _outputs(cell.get("outputs", ()), where, folder, printed)
        case "raw":
            yield from _raw(cell, source)
        case other:
            yield model.Notice(f"〔此处有无法显示的单元：{clean(other)}〕")


_TAG = re.compile(r"(?:remove|hide)[-_](cell|input|output)s?")


def _hidden(cell: Mapping[str, Any]) -> set[str]:
    """What of a cell is not to be shown, by its tags or by JupyterLab's own mark: cell, input…"""
    metadata = cell.get("metadata", {})
    tags = metadata.get("tags") or ()
    found = {match[1] for tag in tags if (match := _TAG.fullmatch(str(tag)))}
    if "remove-all-outputs" in tags or "remove_all_outputs" in tags:
        found.add("output")
    jupyter = metadata.get("jupyter") or {}
    for name, key in (("input", "source_hidden"), ("output", "outputs_hidden")):
        if isinstance(jupyter, Mapping) and jupyter.get(key) is True:
            found.add(name)
    return found


def _raw(cell: Mapping[str, Any], source: str) -> Iterator[Block]:
    """A raw cell is meant for one format alone; without one it is text."""
    metadata = cell.get("metadata", {})
    mime = metadata.get("format") or metadata.get("raw_mimetype") or ""
    if mime in ("", "text/plain") and source.strip():
        yield model.Preformatted(clean(source).rstrip("\n"))
    elif source.strip():
        yield model.Notice(f"〔此处有仅供{clean(mime)}使用的内容，未予显示〕")


def _outputs(
    outputs: Sequence[Mapping[str, Any]], where: str, folder: Path | None, printed: bool
) -> Iterator[Block | Properties | _Aside]:
    for output in outputs:
        data = output.get("data", {})
        if BLOCK_MIME in data:
            yield read_block(data[BLOCK_MIME], where)
            continue
        blocks = output_blocks(output, Resources({}, folder))
        aside = "" if printed else aside_of(output)
        if not aside:
            yield from blocks
        elif some := tuple(blocks):
            yield _Aside(aside, some)


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _is_empty(block: Block) -> bool:
    """A heading without text prints nothing, and PDF/UA refuses it."""
    match block:
        case model.Title():
            return not block.text.strip()
        case model.Heading():
            return not model.inline_text(block.children).strip()
    return False


def _one_title(blocks: Sequence[Block]) -> Iterator[Block]:
    """One title: the first title block, else the first ``#`` heading (level 0).

    What else claims to be a title is a heading of the first level.
    """
    titled = any(isinstance(block, model.Title) for block in blocks)
    found = False
    for block in blocks:
        if isinstance(block, model.Heading) and block.level == 0:
            text = model.inline_text(block.children)
            if titled or found:
                yield replace(block, level=1)
            else:
                found = True
                yield model.Title(text)
        elif isinstance(block, model.Title) and found:
            yield model.Heading(1, (model.Text(block.text),))
        else:
            found = found or isinstance(block, model.Title)
            yield block


def _first_title(blocks: Sequence[Block]) -> str:
    """The title as the page has it, else the first heading's text."""
    for block in blocks:
        if isinstance(block, model.Title):
            return block.text
    for block in blocks:
        if isinstance(block, model.Heading):
            return model.inline_text(block.children)
    return ""


def _spoken(children: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """A heading of formulas alone shows their TeX: an outline needs text."""
    if any(not isinstance(child, model.Drawing) for child in children):
        return children
    return (model.Text(model.inline_text(children)),)


def _close_gaps(blocks: Sequence[Block]) -> Iterator[Block]:
    """Give headings an outline without skipped levels, which PDF/UA refuses.

    A heading's look follows its own level; only its place in the outline is moved up.
    """
    open_levels: list[int] = []
    for block in blocks:
        if isinstance(block, model.Annex):
            open_levels = [1] if block.title else []
        elif isinstance(block, model.Heading):
            while open_levels and open_levels[-1] >= block.level:
                open_levels.pop()
            open_levels.append(block.level)
            block = replace(block, outline=len(open_levels), children=_spoken(block.children))
        yield block
