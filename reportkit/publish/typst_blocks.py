"""The blocks of a document → the data that the Typst template loops over."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from reportkit.display import KEEP_LONGEST
from reportkit.errors import FontError, RenderError
from reportkit.fonts import FontSet, Role
from reportkit.publish import model
from reportkit.publish.formal import head_data, imprint_data
from reportkit.publish.images import svg_size_pt, svg_texts
from reportkit.publish.layout import TablePart, table_height, table_parts, title_lines, wrapped_runs
from reportkit.publish.model import Block, Document, Inline
from reportkit.publish.wholes import PLAIN, Kept, long_words, pieces

_LEVEL_ROLES: tuple[Role, ...] = ("黑体", "楷体", "仿宋", "仿宋")
_SHORT_TABLE_PT = 400.0
"""Up to here a table stays in one piece; the page's body is 638 points high."""
_SHORT = 8 * 28
"""Characters of a last paragraph that goes over to the next page with the signature."""
_PICTURE_HEIGHT_PT = 200 / 25.4 * 72
_LANDSCAPE_HEIGHT_PT = 130 / 25.4 * 72
_TITLE_PT = 22

Json = dict[str, Any]


@dataclass
class Texts:
    """All text by the role that prints it, to be checked before anything is set."""

    by_role: dict[Role, list[tuple[str, str]]] = field(default_factory=dict)

    origin: str = ""
    """The cell that the texts come from which are added now."""

    def add(self, text: str, role: Role, place: str) -> None:
        where = f"{self.origin}, {place}" if self.origin else place
        self.by_role.setdefault(role, []).append((text, where))

    def check(self, fonts: FontSet) -> None:
        """Raises FontError for the first text with a character that no font has."""
        for role, texts in self.by_role.items():
            missing = set(fonts.missing("".join(text for text, _ in texts), role))
            for text, place in texts if missing else ():
                found = [char for char in dict.fromkeys(text) if char in missing]
                if found:
                    raise _no_glyph(found, text, place, role)


def _no_glyph(chars: Sequence[str], text: str, place: str, role: Role) -> FontError:
    named = "、".join(f"“{char}”（U+{ord(char):04X}）" for char in chars[:5])
    at = text.index(chars[0])
    context = text[max(0, at - 12) : at + 13].replace("\n", " ")
    return FontError(
        f"no font has a glyph for {named}",
        expected=f"characters that {role} or its fallback fonts have",
        next_step="correct the character, or put a font that has it into params/fonts/",
        where=f"{place} “{context}”",
    )


class Builder:
    """Turns blocks into the template's data, and notes every text on the way."""

    def __init__(self, document: Document) -> None:
        self.texts = Texts()
        self.kept = Kept(document.keep)
        self.page = document.page
        self.landscape = False

    # ------------------------------------------------------------ pages

    def sections(self, document: Document) -> list[Json]:
        """The blocks by page orientation; every annex begins a section."""
        sections: list[tuple[bool, list[Block]]] = [(False, [])]
        for block in model.on_paper(document.blocks):
            if isinstance(block, model.Annex):
                sections.append((block.landscape, []))
            sections[-1][1].append(block)
        origins = {id(b): o for b, o in zip(document.blocks, document.origins, strict=False)}
        result: list[Json] = []
        for landscape, blocks in sections:
            self.landscape = landscape
            data = []
            for block in blocks:
                self.texts.origin = origins.get(id(block), "")
                data += self.block(block, self.width)
            if data or not result:
                result.append({"landscape": landscape, "blocks": data})
        first = result[0]["blocks"]
        if first and first[0]["kind"] == "title":
            # Two blank lines above the title, below the red rule if there is one; one below.
            first[:1] = [{"kind": "blank"}, {"kind": "blank"}, first[0], {"kind": "blank"}]
        kept = [section for section in result if section["blocks"]] or result[:1]
        return self.framed(document, kept) if document.formal else kept

    def framed(self, document: Document, sections: list[Json]) -> list[Json]:
        """The formal edition: 版头 before all, 版记 at the foot of the last page."""
        if document.head:
            head = head_data(document.head, self.page.text_width_pt, self.texts.add)
            sections[0]["blocks"].insert(0, head)
        if document.imprint:
            if sections[-1]["landscape"]:  # it stands on an upright page
                sections.append({"landscape": False, "blocks": []})
            sections[-1]["blocks"].append(imprint_data(document.imprint, self.texts.add))
        return sections

    @property
    def width(self) -> float:
        return self.page.turned_width_pt if self.landscape else self.page.text_width_pt

    # ------------------------------------------------------------ text

    def text(self, text: str, role: Role, place: str) -> Json | str:
        """Text in justified lines."""
        return self.runs(text, pieces(text, self.kept), role, place)

    def ragged(self, text: str, role: Role, place: str, room: float = math.inf) -> Json | str:
        """Text in lines that are not justified; ``room``: what its column holds, in em."""
        runs = pieces(text, self.kept, longest=KEEP_LONGEST, room=room)
        return self.runs(text, runs, role, place)

    def runs(self, text: str, runs: list[tuple[str, int]], role: Role, place: str) -> Json | str:
        self.texts.add(text, role, place)
        simple = not runs or runs == [(text, PLAIN)]
        return text if simple else {"kind": "text", "runs": runs}

    def inlines(self, nodes: Sequence[Inline], role: Role, place: str) -> list[Json | str]:
        return [self.inline(node, role, place) for node in nodes]

    def inline(self, node: Inline, role: Role, place: str) -> Json | str:
        match node:
            case model.Text():
                return self.text(node.text, role, place)
            case model.Styled():
                inner: dict[str, Role] = {"strong": "黑体", "emph": "楷体"}
                children = self.inlines(node.children, inner.get(node.style, role), place)
                return {"kind": "styled", "style": node.style, "children": children}
            case model.Code():
                self.texts.add(node.text, "等宽", place)
                return {"kind": "code", "runs": long_words(node.text.replace("\n", " "))}
            case model.Link():
                children = self.inlines(node.children, role, place)
                return {"kind": "link", "href": node.href, "children": children}
            case model.LineBreak():
                return {"kind": "break"}
            case model.Drawing():
                self.texts.add(svg_texts(node.svg), "黑体", place)
                return cast(Json, model.to_data(node))

    # ------------------------------------------------------------ blocks

    def block(self, block: Block, width: float) -> list[Json]:
        match block:
            case model.Table():
                return self.table(block, width)
            case model.ListBlock():
                items = [self.within(item, width - 40) for item in block.items]
                shared = {"ordered": block.ordered, "start": block.start}
                return [{"kind": "list", "items": items, **shared}]
            case model.Quote():
                return [{"kind": "quote", "children": self.within(block.children, width - 32)}]
            case model.Annex() | model.AnnexList() | model.Signature():
                return [self.formal(block)]
            case _:
                return [self.simple(block, width)]

    def within(self, blocks: Sequence[Block], width: float) -> list[Json]:
        return [item for block in blocks for item in self.block(block, width)]

    def simple(self, block: Block, width: float) -> Json:
        match block:
            case model.Title():
                self.texts.add(block.text, "小标宋", "title")
                limit = math.floor(self.width / _TITLE_PT)
                lines = title_lines(block.text, limit, self.kept)
                return {"kind": "title", "lines": lines or ["　"]}
            case model.Addressee():
                text = block.text.rstrip("：:") + "："
                return {"kind": "addressee", "text": self.text(text, "仿宋", "addressee")}
            case model.Heading():
                level = min(max(block.level, 1), 4)
                children = self.inlines(block.children, _LEVEL_ROLES[level - 1], "heading")
                shared = {"level": level, "outline": block.outline}
                return {"kind": "heading", "children": children, **shared}
            case model.Paragraph():
                return self.paragraph(block)
            case model.Figure():
                return self.figure(block, width)
            case model.Preformatted():
                self.texts.add(block.text, "等宽", "output")
                printed = wrapped_runs(block.text, block.tints, int(width / 5.5))
                return {"kind": "pre", "lines": printed}
            case model.ErrorBox():
                return self.error(block, width)
            case model.Notice():
                return {"kind": "notice", "text": self.text(block.text, "楷体", "notice")}
            case model.Rule():
                return {"kind": "rule"}
        raise RenderError(f"no layout for {type(block).__name__}")

    def paragraph(self, block: model.Paragraph) -> Json:
        level = min(max(block.lead_level, 1), 4)
        lead = None
        if block.lead:
            lead = self.text(block.lead, _LEVEL_ROLES[level - 1], "paragraph")
        return {
            "kind": "paragraph",
            "lead": lead,
            "lead_level": level,
            "centred": block.centred,
            "short": len(block.lead + model.inline_text(block.children)) <= _SHORT,
            "children": self.inlines(block.children, "仿宋", "paragraph"),
        }

    def error(self, block: model.ErrorBox, width: float) -> Json:
        head = self.text(f"运行出错：{block.name}: {block.message}", "黑体", "error")
        self.texts.add(block.traceback, "等宽", "error")
        lines = wrapped_runs(block.traceback, block.tints, int(width / 5.5) - 4)
        return {"kind": "error", "headline": head, "lines": lines if block.traceback else []}

    def figure(self, block: model.Figure, available: float) -> Json:
        self.texts.add(svg_texts(block.svg), "黑体", f"figure {block.title}")
        width, height = svg_size_pt(block.svg)
        wanted = block.width_mm / 25.4 * 72 if block.width_mm else width
        highest = _LANDSCAPE_HEIGHT_PT if self.landscape else _PICTURE_HEIGHT_PT
        return {
            "kind": "figure",
            "svg": block.svg,
            "alt": block.alt or "图",
            "title": self.text(block.title, "黑体", "figure") if block.title else None,
            "width_pt": round(min(wanted, available, highest * width / height), 2),
        }

    def table(self, block: model.Table, width: float) -> list[Json]:
        parts = table_parts(block, width)
        place = f"table {block.title}".strip()
        result: list[Json] = []
        for number, part in enumerate(parts):
            title = block.title + ("（续）" if number and block.title else "")
            notes = block.notes if number == len(parts) - 1 else ()
            result.append(
                {
                    "kind": "table",
                    "title": self.ragged(title, "黑体", place) if title else None,
                    **self.cells(block, part, place),
                    "widths": part.widths,
                    "size": part.size,
                    "inset": part.inset,
                    "breakable": part.breakable,
                    "short": table_height(block, part) <= _SHORT_TABLE_PT,
                    "notes": [self.ragged(note, "仿宋", place) for note in notes],
                }
            )
        return result

    def cells(self, block: model.Table, part: TablePart, place: str) -> Json:
        """Head and rows of one part of a table."""
        rooms = dict(zip(part.places, part.rooms, strict=True))
        emphasis = set(block.emphasis)
        columns = [
            {"text": self.ragged(block.columns[i].text, "黑体", place, rooms[i]),
             "align": block.columns[i].align}
            for i in part.places
        ]  # fmt: skip
        rows = []
        for number, row in enumerate(block.rows):
            role: Role = "黑体" if number in emphasis else "仿宋"
            rows.append([self.ragged(row[i], role, place, rooms[i]) for i in part.places])
        return {"columns": columns, "rows": rows, "emphasis": sorted(emphasis)}

    def formal(self, block: model.Annex | model.AnnexList | model.Signature) -> Json:
        match block:
            case model.Annex():
                wide = self.page.turned_width_pt if block.landscape else self.page.text_width_pt
                limit = math.floor(wide / _TITLE_PT - (1 if block.landscape else 0))
                self.texts.add(block.title, "小标宋", "annex")
                return {
                    "kind": "annex",
                    "label": self.text(f"附件{block.number}", "黑体", "annex"),
                    "lines": title_lines(block.title, limit, self.kept),
                    "outline": 1,
                }
            case model.AnnexList():
                items = [self.ragged(item, "仿宋", "annex list") for item in block.items]
                return {"kind": "annex_list", "items": items}
            case model.Signature():
                note = f"（{block.note}）" if block.note else ""
                return {
                    "kind": "signature",
                    "issuer": self.text(block.issuer, "仿宋", "signature"),
                    "date": self.text(block.date, "仿宋", "signature"),
                    "seal": block.seal,
                    "note": self.text(note, "仿宋", "note") if note else None,
                }
