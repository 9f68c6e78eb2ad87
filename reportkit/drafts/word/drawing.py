"""What a drawing holds: text boxes, which are read; pictures and more, which are told of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from reportkit.drafts.word.markup import Element, child, local, name

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
    found = Found()
    parts = list(_parts(element))
    found.boxes = [each for each in parts if name(each) == "txbxContent"]
    names = {local(each) for each in parts}
    properties = next((each for each in parts if local(each) == "docPr"), None)
    called, told = ("", "") if properties is None else (
        properties.get("name", ""), properties.get("descr", ""))  # fmt: skip
    if "OLEObject" in names or name(element) == "object":
        kind = next((e.get("ProgID", "") for e in parts if local(e) == "OLEObject"), "")
        found.odd.append("an embedded object" + (f" ({kind})" if kind else ""))
    elif names & {"blip", "imagedata"}:
        found.pictures.append(told or called or "picture")
        if not (told and _OURS.fullmatch(called)):
            found.odd.append("a picture" + (f" ({called})" if called else ""))
    elif not found.boxes and (what := _kind(parts)):
        found.odd.append(what)
    return found


def chosen_of(element: Element) -> Element | None:
    """The alternative of ``mc:AlternateContent`` that counts: the first, or what is left."""
    for wanted in ("mc:Choice", "mc:Fallback"):
        if (found := child(element, wanted)) is not None:
            return found
    return None


def _kind(parts: list[Element]) -> str:
    """What else it is; "" for a rule across the page."""
    for each in parts:
        if local(each) == "graphicData":
            uri = each.get("uri", "").rpartition("/")[2].lower()
            return next((told for key, told in _CONTENT if key in uri), "a drawing")
        if any(key.endswith("}hr") for key in each.attrib):
            return ""
    return "a drawn shape"


def _parts(element: Element) -> Iterator[Element]:
    """All that is in it, of alternatives one only; text boxes are not looked into."""
    for each in element:
        if name(each) == "mc:AlternateContent":
            if (chosen := chosen_of(each)) is not None:
                yield from _parts(chosen)
            continue
        yield each
        if name(each) != "txbxContent":
            yield from _parts(each)
