"""Blocks of the document → paragraphs and tables of the Word copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from reportkit.errors import ReportkitError
from reportkit.fonts import FontSet, Role
from reportkit.publish import model
from reportkit.publish.layout import title_lines
from reportkit.publish.model import Block, Document
from reportkit.publish.places import places
from reportkit.publish.wholes import Kept
from reportkit.publish.word.inlines import Inlines, Look
from reportkit.publish.word.oxml import element, run
from reportkit.publish.word.pictures import fitted_pt
from reportkit.publish.word.tables import paragraph, table_blocks
from reportkit.word.bookmarks import Bookmarks

if TYPE_CHECKING:
    from docx.parts.document import DocumentPart

_LEVELS: tuple[Role, ...] = ("黑体", "楷体", "仿宋", "仿宋")
_CHAR = 320  # one character of 3号, in twips
_HIGHEST_PT = {False: 560.0, True: 368.0}
_TINTS = {
    "red": "B00020", "green": "00692B", "yellow": "7A5200", "blue": "0B4FA8",
    "magenta": "8A1A8A", "cyan": "00606B", "grey": "595959",
}  # fmt: skip
_BULLETS = "•–·"


class Body:
    """The blocks of one document, section by section."""

    def __init__(self, document: Document, part: DocumentPart, fonts: FontSet) -> None:
        self.document = document
        self.inlines = Inlines(part, fonts)
        self.bookmarks = Bookmarks()
        self.places = {id(each.block): each.place for each in places(document.blocks)}
        self.kept = Kept(document.keep)
        self.landscape = False

    @property
    def width(self) -> float:
        """How wide the text is, in points."""
        page = self.document.page
        return page.turned_width_pt if self.landscape else page.text_width_pt

    def sections(self) -> Iterator[tuple[bool, list[Any]]]:
        """(landscape, elements) of each section; a turned annex begins one, and ends with it."""
        current: list[Any] = []
        for place, block in enumerate(model.on_paper(self.document.blocks)):
            if isinstance(block, model.Annex):
                if block.landscape or self.landscape:
                    yield self.landscape, current
                    current = []
                    self.landscape = block.landscape
                current += self.annex(block, new_page=bool(current))
            else:
                if place == 0 and isinstance(block, model.Title):
                    current += [paragraph("Blank"), paragraph("Blank")]
                current += self.located(block)
        yield self.landscape, current

    def located(self, block: Block) -> list[Any]:
        """The block's elements; an error says which cell it comes from."""
        try:
            return self.block(block)
        except ReportkitError as error:
            error.where = error.where or self.document.origin(block)
            raise

    # ------------------------------------------------------------ blocks

    def block(self, block: Block, depth: int = 0) -> list[Any]:
        match block:
            case model.Title():
                return [self.marked(block, self.lines("Title", block.text)), paragraph("Blank")]
            case model.Addressee():
                made = paragraph("Addressee", run(block.text.rstrip("：:") + "："))
                return [self.marked(block, made)]
            case model.Heading():
                return [self.heading(block)]
            case model.Paragraph():
                return [self.paragraph(block)]
            case model.Table():
                return list(table_blocks(block, self.width - depth * 2 * 16))
            case model.Figure():
                return self.figure(block)
            case model.AnnexList():
                return self.annex_list(block)
            case model.Signature():
                return self.signature(block)
            case model.Annex():
                return self.annex(block, new_page=True)
            case model.ListBlock() | model.Quote():
                return self.nested(block, depth)
            case _:
                return self.plain(block)

    def plain(self, block: Block) -> list[Any]:
        """What a notebook shows beside text: output, errors, notices, rules."""
        match block:
            case model.Preformatted():
                return self.code(block.text, block.tints)
            case model.ErrorBox():
                told = run(f"运行出错：{block.name}: {block.message}", *Look("黑体").properties())
                return [paragraph("Notice", told), *self.code(block.traceback, block.tints)]
            case model.Notice():
                return [paragraph("Notice", run(block.text))]
            case model.Rule():
                made = paragraph("Blank")
                line = element("w:bottom", val="single", sz=4, space=1, color="000000")
                made.pPr.insert(1, element("w:pBdr", line))
                return [made]
        return [paragraph("Notice", run(f"〔此处内容（{block.kind}）无法显示〕"))]

    def lines(self, style: str, text: str) -> Any:
        """A title in lines of 梯形 or 菱形, as on paper."""
        found = title_lines(text, int(self.width // 22), self.kept)
        return paragraph(style, run("\n".join(found)))

    def heading(self, block: model.Heading) -> Any:
        level = min(max(block.level, 1), 4)
        made = paragraph(f"Heading{level}", *self.inlines.runs(block.children))
        if block.outline != level:
            made.pPr.append(element("w:outlineLvl", val=min(block.outline, 9) - 1))
        return self.marked(block, made)

    def marked(self, block: Block, made: Any) -> Any:
        """The paragraph with a bookmark about its text, by which it is known when it comes back."""
        number, name = self.bookmarks.next(self.places.get(id(block), ""))
        made.insert(1, element("w:bookmarkStart", id=number, name=name))  # behind its properties
        made.append(element("w:bookmarkEnd", id=number))
        return made

    def paragraph(self, block: model.Paragraph) -> Any:
        runs = list(self.inlines.runs(block.children))
        if block.lead:
            level = min(max(block.lead_level, 1), 4)
            runs.insert(0, run(block.lead, *Look(_LEVELS[level - 1]).properties()))
        if block.centred:
            return paragraph("Picture", *runs)
        return self.marked(block, paragraph("Normal", *runs))

    def figure(self, block: model.Figure) -> list[Any]:
        width = fitted_pt(block.svg, block.width_mm, self.width, _HIGHEST_PT[self.landscape])
        alt = block.alt or "图"
        picture = self.inlines.picture(block.svg, alt, width, block.title)
        made = [paragraph("Picture", picture)]
        if block.title:
            made.append(paragraph("Caption", run(block.title)))
        else:
            made[0].pPr.append(element("w:keepNext", val=0))
        return made

    # ------------------------------------------------------------ formal parts

    def annex_list(self, block: model.AnnexList) -> list[Any]:
        made = [paragraph("Blank")]
        several = len(block.items) > 1
        for number, item in enumerate(block.items, 1):
            hang = 3 * _CHAR + (_CHAR if several else 0)
            start = hang if number == 1 else hang - 3 * _CHAR
            told = ("附件：" if number == 1 else "") + (f"{number}." if several else "")
            line = paragraph("AnnexList", run(told + model.clean(item)))
            indent = element("w:ind", firstLineChars=0, left=2 * _CHAR + hang, hanging=start)
            line.pPr.append(indent)
            made.append(line)
        return made

    def signature(self, block: model.Signature) -> list[Any]:
        """署名 and 成文日期 where the standard has them; 附注 on the line after."""
        name, day = _width(block.issuer), _width(block.date)
        if block.seal:
            by_right, on_right = max(4 + (day - name) / 2, 0.0), 4.0
        elif day > name:
            by_right, on_right = 4 + day - name, 2.0
        else:
            by_right, on_right = 2.0, name - day
        made = [paragraph("Blank")] * 1
        made += [paragraph("Blank")] if block.seal else []
        for text, right in ((block.issuer, by_right), (block.date, on_right)):
            line = paragraph("Signature", run(text))
            line.pPr.append(
                element("w:ind", firstLineChars=0, firstLine=0,
                        rightChars=round(right * 100), right=round(right * _CHAR))
            )  # fmt: skip
            made.append(line)
        if block.note:
            made.append(paragraph("Note", run(f"（{model.clean(block.note)}）")))
        return made

    def annex(self, block: model.Annex, *, new_page: bool) -> list[Any]:
        label = paragraph("AnnexLabel", run(f"附件{block.number}"))
        if new_page:
            label.pPr.append(element("w:pageBreakBefore"))
        made = [label]
        if block.title:
            made += [paragraph("Blank"), self.lines("AnnexTitle", block.title), paragraph("Blank")]
        return made

    # ------------------------------------------------------------ nested

    def nested(self, block: model.ListBlock | model.Quote, depth: int) -> list[Any]:
        """Lists and quotations: indented, a list's marks typed out before its first paragraph."""
        if isinstance(block, model.Quote):
            made = [each for child in block.children for each in self.block(child, depth + 1)]
            _indent(made, 2 * _CHAR, "Quote")
            return made
        found = []
        for number, item in enumerate(block.items, block.start):
            mark = f"{number}. " if block.ordered else f"{_BULLETS[min(depth, 2)]} "
            found += self.item(item, mark, depth)
        return found

    def item(self, blocks: Sequence[Block], mark: str, depth: int) -> list[Any]:
        made = [(child, self.block(child, depth + 1)) for child in blocks]
        if not made or not isinstance(blocks[0], model.Paragraph):
            made.insert(0, (model.Paragraph(()), [paragraph("Normal")]))
        first = True
        for child, elements in made:
            if isinstance(child, model.ListBlock):
                continue  # indented by its own depth
            _indent(elements, 2 * _CHAR * (depth + 1), "List")
            if first:
                elements[0].insert(1, run(mark))
                first = False
        return [each for _, elements in made for each in elements]

    def code(self, text: str, tints: Sequence[model.Tint]) -> list[Any]:
        """Program text, in its colours; nothing where there is none."""
        if not text:
            return []
        runs, place = [], 0
        for tint in tints:
            runs.append(run(text[place : tint.start]))
            colour = Look(colour=_TINTS[tint.colour]) if tint.colour else Look()
            runs.append(run(text[tint.start : tint.end], *colour.properties()))
            place = tint.end
        runs.append(run(text[place:]))
        return [paragraph("Code", *runs)]


def _width(text: str) -> float:
    """In characters of 仿宋_GB2312, whose Latin letters and digits are half as wide."""
    return sum(0.5 if char.isascii() else 1.0 for char in text)


def _indent(elements: Sequence[Any], left: int, style: str) -> None:
    """Give the paragraphs among some elements a style of their own and an indent."""
    for each in elements:
        if each.tag.endswith("}p") and each.pPr.pStyle.val in ("Normal", "List", "Quote"):
            each.pPr.pStyle.val = style
            each.pPr.append(element("w:ind", firstLineChars=0, firstLine=0, left=left))
