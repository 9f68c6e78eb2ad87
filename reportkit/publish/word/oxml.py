"""Elements of OOXML, made by lxml and never from strings with data in them."""

from __future__ import annotations

from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from reportkit.publish.model import clean

TWIPS_PER_MM = 1440 / 25.4


def element(tag: str, *children: Any, **attributes: object) -> Any:
    """``element("w:ind", firstLine=640)`` → ``<w:ind w:firstLine="640"/>``."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend([child for child in children if child is not None])
    return made


def twips(millimetres: float) -> int:
    """Twentieths of a point."""
    return round(millimetres * TWIPS_PER_MM)


def half_points(points: float) -> int:
    """Word states sizes of type in half points."""
    return round(points * 2)


def fonts(family: str) -> Any:
    """``w:rFonts`` with one family for every script."""
    return element("w:rFonts", ascii=family, hAnsi=family, eastAsia=family, cs=family)


def run(text: str, *properties: Any) -> Any:
    """A run of text, cleaned; a line end in it is a line break in Word."""
    made = element("w:r", element("w:rPr", *properties) if properties else None)
    for number, line in enumerate(clean(text).split("\n")):
        if number:
            made.append(element("w:br"))
        if line:
            node = element("w:t")
            node.text = line
            node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            made.append(node)
    return made


def field(code: str) -> list[Any]:
    """A field that Word works out, such as PAGE."""
    instruction = element("w:instrText")
    instruction.text = f" {code} "
    instruction.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    parts = [
        element("w:fldChar", fldCharType="begin"),
        instruction,
        element("w:fldChar", fldCharType="separate"),
    ]
    shown = element("w:t")
    shown.text = "1"
    parts += [shown, element("w:fldChar", fldCharType="end")]
    return [element("w:r", part) for part in parts]


# The sequences in which the schema wants children; Word refuses a file that has others.
_ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr pBdr shd tabs "
    "kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents jc textAlignment outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs strike dstrike color spacing position sz szCs u vertAlign "
    "lang",
    "tblPr": "tblStyle tblpPr tblOverlap tblW jc tblInd tblBorders tblLayout tblCellMar tblLook "
    "tblCaption tblDescription",
    "trPr": "cantSplit trHeight tblHeader jc",
    "tcPr": "tcW gridSpan vMerge tcBorders vAlign",
}
ORDER = {qn(f"w:{name}"): tuple(names.split()) for name, names in _ORDER.items()}


def put_in_order(root: Any) -> None:
    """Sort the children of all properties; of two of a kind the later one counts."""
    for node in root.iter(*ORDER):
        last = {child.tag.rpartition("}")[2]: child for child in node}
        order = ORDER[node.tag]
        children = sorted(last.items(), key=lambda pair: order.index(pair[0]))
        for child in list(node):
            node.remove(child)
        node.extend([child for _, child in children])
