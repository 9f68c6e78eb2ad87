"""What stands within a line: runs, links, code, formulas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt

from reportkit.fonts import FontSet, Role
from reportkit.publish import model
from reportkit.publish.model import Inline
from reportkit.publish.word.oxml import element, fonts, half_points, run
from reportkit.publish.word.pictures import png_of
from reportkit.publish.word.styles import FAMILY
from reportkit.word.styles import BODY_PT

if TYPE_CHECKING:
    from docx.parts.document import DocumentPart

_ROLES: dict[str, Role] = {"strong": "黑体", "emph": "楷体"}
_COLOURS = {"insert": "0B4FA8", "delete": "B00020"}


@dataclass(frozen=True)
class Look:
    """How a run departs from its paragraph's style."""

    role: Role | None = None
    size: float | None = None
    strike: bool = False
    link: bool = False
    colour: str | None = None
    underline: bool = False

    def properties(self) -> list[Any]:
        """In the order that the schema wants."""
        found = [
            element("w:rStyle", val="Hyperlink") if self.link else None,
            fonts(FAMILY[self.role]) if self.role else None,
            element("w:strike") if self.strike else None,
            element("w:color", val=self.colour) if self.colour else None,
            element("w:sz", val=half_points(self.size)) if self.size else None,
            element("w:szCs", val=half_points(self.size)) if self.size else None,
            element("w:u", val="single") if self.underline else None,
        ]
        return [each for each in found if each is not None]


@dataclass
class Inlines:
    """Turns inline content into runs; knows the part that links and pictures belong to."""

    part: DocumentPart
    fonts: FontSet
    _links: dict[str, str] = field(default_factory=dict)

    def runs(self, nodes: Sequence[Inline], look: Look | None = None) -> Iterator[Any]:
        """The runs, and links around runs, for some nodes."""
        look = look or Look()
        for node in nodes:
            match node:
                case model.Text():
                    yield run(node.text, *look.properties())
                case model.Styled():
                    role = _ROLES.get(node.style, look.role)
                    strike = look.strike or node.style in ("strike", "delete")
                    under = look.underline or node.style == "insert"
                    colour = _COLOURS.get(node.style, look.colour)
                    inner = Look(role, look.size, strike, look.link, colour, under)
                    yield from self.runs(node.children, inner)
                case model.Code():
                    code = Look("等宽", look.size or BODY_PT * 0.8, look.strike, look.link)
                    yield run(node.text.replace("\n", " "), *code.properties())
                case model.Link():
                    inner = Look(look.role, look.size, look.strike, True)
                    yield self.link(node.href, list(self.runs(node.children, inner)))
                case model.LineBreak():
                    yield element("w:r", element("w:br"))
                case model.Drawing():
                    yield self.drawing(node, look.size or BODY_PT)

    def link(self, href: str, runs: list[Any]) -> Any:
        """A link to the world outside, or to an anchor that Word does not have: then its text."""
        made = element("w:hyperlink", *runs)
        if href.startswith("#"):
            made.set(qn("w:anchor"), href[1:41])
            return made
        if href not in self._links:
            self._links[href] = self.part.relate_to(
                href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
            )
        made.set(qn("r:id"), self._links[href])
        return made

    def drawing(self, node: model.Drawing, size: float) -> Any:
        """A formula in the line, its foot below the line by its depth."""
        width = node.width_em * size
        made = self.picture(node.svg, node.alt, width)
        lower = element("w:position", val=-half_points(node.depth_em * size))
        made.insert(0, element("w:rPr", lower))
        return made

    def picture(self, svg: str, alt: str, width_pt: float, title: str = "") -> Any:
        """A run with a picture, named for those who cannot see it."""
        import io

        png = png_of(svg, width_pt, self.fonts)
        inline: Any = self.part.new_pic_inline(io.BytesIO(png), width=Pt(width_pt))
        for properties in (inline.docPr, inline.graphic.graphicData.pic.nvPicPr.cNvPr):
            properties.set("descr", model.clean(alt))
            properties.set("name", f"图{inline.docPr.get('id')}")
            if title:
                properties.set("title", model.clean(title))
        return element("w:r", element("w:drawing", inline))
