"""What a drawing holds: text boxes, which are read; pictures and more, which are told of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from reportkit.word.archive import Element

_OURS = re.compile(r"(图|Image|图像)[0-9]+")
"""The names of our own pictures, which LibreOffice changes; Word and WPS write 图片 1.

One that LibreOffice put in is called the same, but has no alternative text, as ours all have.
"""
_CONTENT = (
    ("chart", "a chart"),
    ("diagram", "a diagram (SmartArt)"),
    ("ink", "handwriting (ink)"),
    ("canvas", "a drawing"),
    ("group", "a drawing"),
    ("shape", "a drawn shape"),
)


@dataclass
class Found:
    """``boxes``: contents of text boxes; ``pictures``: in words; ``odd``: what is lost."""

    boxes: list[Element] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)


def look_into(element: Element) -> Found:
    """What is in a ``w:drawing``, ``w:pict`` or ``w:object``."""
    parts = {each.tag: each for each in _parts(element)}
    found = Found([each for each in _parts(element) if each.tag == "txbxContent"])
    properties = parts.get("_docPr", Element("_docPr"))
    called, told = properties.get("name", ""), properties.get("descr", "")
    if "_OLEObject" in parts or element.tag == "object":
        kind = parts["_OLEObject"].get("ProgID", "") if "_OLEObject" in parts else ""
        found.odd.append("an embedded object" + (f" ({kind})" if kind else ""))
        found.pictures += found.odd
    elif parts.keys() & {"_blip", "_imagedata"}:
        found.pictures.append(told or called or "picture")
        if not (told and _OURS.fullmatch(called)):
            found.odd.append("a picture" + (f" ({called})" if called else ""))
    elif not found.boxes and not any("hr" in each.attrib for each in parts.values()):
        usual = "ink" if element.tag.endswith("contentPart") else "shape"
        uri = parts.get("_graphicData", element).get("uri", usual).rpartition("/")[2].lower()
        found.odd.append(next((told for key, told in _CONTENT if key in uri), "a drawing"))
        found.pictures += found.odd if "ink" in uri else []
    return found


def chosen_of(element: Element) -> Element | None:
    """The alternative of ``mc:AlternateContent`` that counts: the first, or what is left."""
    choice = element.find("_Choice")
    return choice if choice is not None else element.find("_Fallback")


def _parts(element: Element) -> Iterator[Element]:
    """All that is in it, of alternatives one only; text boxes are not looked into."""
    for each in element:
        if each.tag == "_AlternateContent":
            if (chosen := chosen_of(each)) is not None:
                yield from _parts(chosen)
            continue
        yield each
        if each.tag != "txbxContent":
            yield from _parts(each)
