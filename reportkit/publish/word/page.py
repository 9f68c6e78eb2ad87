"""Sheets of the Word copy: margins, the grid of 22 × 28, page numbers odd and even."""

from __future__ import annotations

from typing import Any

from docx.oxml.ns import qn

from reportkit.publish.model import PageStyle
from reportkit.publish.word.oxml import element, field, run, twips
from reportkit.publish.word.styles import LINE_TWIPS

_WIDE, _HIGH = 210.0, 297.0
_FOLIO_PT = 14.0
_TO_FOLIO_MM = 7.0


def section_properties(page: PageStyle, *, landscape: bool, footers: dict[str, str]) -> Any:
    """``w:sectPr``: on a turned page the bound edge is up. ``footers``: type → relationship."""
    wide, high = (_HIGH, _WIDE) if landscape else (_WIDE, _HIGH)
    if landscape:
        sides = (page.inside_mm, page.top_mm, page.outside_mm, page.bottom_mm)
    else:
        sides = (page.top_mm, page.outside_mm, page.bottom_mm, page.inside_mm)
    top, right, bottom, left = (twips(side) for side in sides)
    size: dict[str, object] = {"w": twips(wide), "h": twips(high)}
    if landscape:
        size["orient"] = "landscape"
    foot = max(twips(sides[2] - _TO_FOLIO_MM) - round(_FOLIO_PT / 2 * 20), twips(5))
    properties = element("w:sectPr")
    for kind, relation in footers.items():
        reference = element("w:footerReference", type=kind)
        reference.set(qn("r:id"), relation)
        properties.append(reference)
    properties.extend(
        [
            element("w:type", val="nextPage"),
            element("w:pgSz", **size),
            element("w:pgMar", top=top, right=right, bottom=bottom, left=left,
                    header=twips(15), footer=foot, gutter=0),
            _grid(),
        ]
    )  # fmt: skip
    return properties


def _grid() -> Any:
    """22 lines a page. The 28 characters a line come from the styles' own spacing.

    A grid of characters narrower than the type does the same in Word, but some programs give
    each character two cells of it.
    """
    return element("w:docGrid", type="lines", linePitch=LINE_TWIPS)


def footer_paragraph(page: PageStyle, *, even: bool) -> Any:
    """The page number: one character in from the right of odd, the left of even pages."""
    before, after = {"dashes": ("— ", " —"), "hyphens": ("-", "-"), "plain": ("", "")}[page.folio]
    inset = round(_FOLIO_PT * 20)
    side = {"left": inset} if even else {"right": inset}
    return element(
        "w:p",
        element(
            "w:pPr",
            element("w:pStyle", val="Footer"),
            element("w:ind", firstLineChars=0, firstLine=0, **side),
            element("w:jc", val="left" if even else "right"),
        ),
        *([run(before)] if before else []),
        *field("PAGE"),
        *([run(after)] if after else []),
    )


def write_settings(settings: Any) -> None:
    """Odd and even pages differ; the bound edge alternates; the language of checks is Chinese."""
    kept = {qn("w:zoom"), qn("w:compat"), qn("w:clrSchemeMapping")}
    for child in list(settings):
        if child.tag not in kept:
            settings.remove(child)
    zoom = settings.find(qn("w:zoom"))
    place = 0 if zoom is None else 1
    for tag, attributes in (
        ("w:mirrorMargins", {}),
        ("w:defaultTabStop", {"val": 420}),
        ("w:evenAndOddHeaders", {}),
        ("w:drawingGridVerticalSpacing", {"val": LINE_TWIPS}),
        ("w:characterSpacingControl", {"val": "compressPunctuation"}),
    ):
        settings.insert(place, element(tag, **attributes))
        place += 1
    compat = settings.find(qn("w:compat"))
    language = element("w:themeFontLang", val="zh-CN", eastAsia="zh-CN")
    if compat is None:
        settings.append(language)
    else:
        compat.addnext(language)
