"""The styles of the Word copy: those that Word and WPS know, in the standard's fonts and sizes."""

from __future__ import annotations

from typing import Any

from docx.oxml.ns import qn

from reportkit.fonts import Role
from reportkit.publish.word.oxml import element, fonts, half_points
from reportkit.word.styles import BODY_PT, STYLES, Style

FAMILY: dict[Role, str] = {
    "仿宋": "仿宋_GB2312",
    "楷体": "楷体_GB2312",
    "黑体": "黑体",
    "小标宋": "方正小标宋简体",
    "宋体": "宋体",
    "等宽": "Courier New",
}
"""The fonts by the names that Word and WPS know, whatever is installed here."""

NARROWER = -5
"""Twentieths of a point between characters of 3号: 28 of 16 pt are wider than 156 mm."""
LINE_TWIPS = 579  # 22 lines fill 225 mm
CHARS = 2 * half_points(BODY_PT) * 10  # two characters, in twips


def write_styles(styles: Any) -> None:
    """Put our styles in the place of the template's: ``styles`` is the ``w:styles`` element."""
    for old in list(styles):
        if old.tag in (qn("w:style"), qn("w:docDefaults")):
            styles.remove(old)
    language = element("w:lang", val="zh-CN", eastAsia="zh-CN", bidi="ar-SA")
    default = element("w:rPr", fonts(FAMILY["仿宋"]), element("w:sz", val=half_points(BODY_PT)),
                      element("w:szCs", val=half_points(BODY_PT)), language)  # fmt: skip
    styles.insert(0, element("w:docDefaults", element("w:rPrDefault", default),
                             element("w:pPrDefault", element("w:pPr"))))  # fmt: skip
    for style in STYLES:
        styles.append(_paragraph_style(style))
    styles.append(_default_character_style())
    styles.append(_hyperlink_style())
    styles.append(_table_style())


def _paragraph_style(style: Style) -> Any:
    made = element("w:style", type="paragraph", styleId=style.style_id)
    if style.base is None:
        made.set(qn("w:default"), "1")
    made.append(element("w:name", val=style.name))
    if style.aliases:
        made.append(element("w:aliases", val=style.aliases))
    if style.base:
        made.append(element("w:basedOn", val=style.base))
        made.append(element("w:next", val=style.style_id if style.size != BODY_PT else "Normal"))
    made.append(element("w:qFormat"))
    made.append(_paragraph_properties(style))
    size = half_points(style.size)
    made.append(
        element(
            "w:rPr",
            fonts(FAMILY[style.role]),
            element("w:b", val=0),
            element("w:i", val=0),
            element("w:color", val="000000"),
            element("w:spacing", val=NARROWER if style.size == BODY_PT else 0),
            element("w:sz", val=size),
            element("w:szCs", val=size),
        )
    )
    return made


def _paragraph_properties(style: Style) -> Any:
    """In the order that the schema wants."""
    line: dict[str, object] = {"line": LINE_TWIPS, "lineRule": "exact"}
    if not style.exact:
        line = {"line": 240, "lineRule": "auto"}
    indent = {"firstLineChars": style.indent, "firstLine": CHARS * style.indent // 200}
    return element(
        "w:pPr",
        element("w:keepNext") if style.keep_next else None,
        element("w:pageBreakBefore") if style.page_break else None,
        element("w:widowControl", val=0),
        element("w:kinsoku", val=1),
        element("w:wordWrap", val=1),
        element("w:overflowPunct", val=0),
        element("w:autoSpaceDE", val=0),
        element("w:autoSpaceDN", val=0),
        None if style.exact else element("w:snapToGrid", val=0),
        element("w:spacing", before=style.before, after=0, **line),
        element("w:ind", **indent),
        element("w:jc", val=style.align),
        None if style.outline is None else element("w:outlineLvl", val=style.outline),
    )


def _default_character_style() -> Any:
    made = element("w:style", element("w:name", val="Default Paragraph Font"), type="character",
                   styleId="DefaultParagraphFont")  # fmt: skip
    made.set(qn("w:default"), "1")
    return made


def _hyperlink_style() -> Any:
    return element(
        "w:style", element("w:name", val="Hyperlink"),
        element("w:rPr", element("w:color", val="1F3F7F"), element("w:u", val="single")),
        type="character", styleId="Hyperlink",
    )  # fmt: skip


def _table_style() -> Any:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = [element(f"w:{side}", val="single", sz=4, space=0, color="000000") for side in sides]
    made = element(
        "w:style", element("w:name", val="Table Grid"),
        element("w:tblPr", element("w:tblBorders", *borders)),
        type="table", styleId="TableGrid",
    )  # fmt: skip
    return made
