"""Pictures, all brought to one form: clean SVG that loads nothing and runs nothing."""

from __future__ import annotations

import base64
import binascii
import re
import struct
import xml.etree.ElementTree as ET
from functools import lru_cache

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
PT_PER_MM = 72 / 25.4

_POINTS = {"pt": 1.0, "px": 0.75, "": 0.75, "mm": PT_PER_MM, "cm": 10 * PT_PER_MM, "in": 72.0}
_ACTIVE = {"script", "foreignObject", "metadata", "animate", "set", "iframe", "handler"}
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!['\"]?#)[^)]*\)|@import[^;]*;?", re.IGNORECASE)
_ID_USE = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)")

ET.register_namespace("", SVG)
ET.register_namespace("xlink", XLINK)


@lru_cache(maxsize=64)
def clean_svg(text: str) -> str | None:
    """The SVG without scripts, outside references and metadata; None if it is none.

    Entities declared by the file are refused with it: no picture needs them.
    """
    if "<!ENTITY" in text:
        return None
    try:
        root = ET.fromstring(text.strip())  # noqa: S314 - no entities: nothing can explode
    except (ET.ParseError, ValueError):
        return None
    if root.tag not in (f"{{{SVG}}}svg", "svg"):
        return None
    _scrub(root)
    return ET.tostring(root, encoding="unicode")


def _scrub(element: ET.Element) -> None:
    for child in list(element):
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else "comment"
        if name in _ACTIVE or not isinstance(child.tag, str):
            element.remove(child)
        else:
            _scrub(child)
    for name, value in list(element.attrib.items()):
        plain = name.rpartition("}")[2]
        if plain.lower().startswith("on") or (
            plain == "href" and not value.startswith(("#", "data:image/"))
        ):
            del element.attrib[name]
        elif "url(" in value:
            element.set(name, _OUTSIDE.sub("none", value))
    if element.tag == f"{{{SVG}}}style" and element.text:
        element.text = _OUTSIDE.sub("", element.text)


def with_own_ids(svg: str, prefix: str) -> str:
    """The SVG with every id made its own, so that several fit into one HTML page."""
    root = ET.fromstring(svg)  # noqa: S314 - clean_svg's own output
    for element in root.iter():
        for name, value in list(element.attrib.items()):
            if name == "id":
                element.set(name, prefix + value)
            elif name.rpartition("}")[2] == "href" and value.startswith("#"):
                element.set(name, f"#{prefix}{value[1:]}")
            elif "url(" in value:
                element.set(name, _ID_USE.sub(rf"url(#{prefix}\1)", value))
        if element.tag == f"{{{SVG}}}style" and element.text:
            element.text = re.sub(r"#([A-Za-z][\w-]*)(?=[^;{}]*\{)", rf"#{prefix}\1", element.text)
    return ET.tostring(root, encoding="unicode")


def svg_texts(svg: str) -> str:
    """All text that the picture shows as text, for the check of glyphs."""
    root = ET.fromstring(svg)  # noqa: S314 - clean_svg's own output
    shown = (f"{{{SVG}}}text", f"{{{SVG}}}tspan", f"{{{SVG}}}textPath")
    return "".join("".join(node.itertext()) for node in root.iter() if node.tag in shown)


def svg_size_pt(svg: str) -> tuple[float, float]:
    """Width and height as the picture itself states them, in points."""
    root = ET.fromstring(svg)  # noqa: S314 - clean_svg's own output
    box = [float(n) for n in re.findall(r"-?\d+\.?\d*", root.get("viewBox", ""))]
    sides: list[float] = []
    for place, name in enumerate(("width", "height")):
        found = re.fullmatch(r"\s*([\d.]+)\s*(pt|px|mm|cm|in|)\s*", root.get(name, ""))
        if found:
            sides.append(float(found[1]) * _POINTS[found[2]])
        else:
            sides.append(box[2 + place] * 0.75 if len(box) == 4 else 300.0)
    return max(sides[0], 1.0), max(sides[1], 1.0)


def svg_from_raster(data: str | bytes, mime: str) -> str | None:
    """A PNG or JPEG, as bytes or base64, wrapped into an SVG; None if it is neither."""
    if isinstance(data, str):
        try:
            data = base64.b64decode("".join(data.split()), validate=True)
        except (binascii.Error, ValueError):
            return None
    size = _png_size(data) or _jpeg_size(data)
    if size is None or not all(0 < side < 100_000 for side in size):
        return None
    mime = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
    width, height = size
    content = base64.b64encode(data).decode("ascii")
    return (
        f'<svg xmlns="{SVG}" xmlns:xlink="{XLINK}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><image width="{width}" height="{height}" '
        f'xlink:href="data:{mime};base64,{content}"/></svg>'
    )


def _png_size(data: bytes) -> tuple[int, int] | None:
    # A file cut short shows as nothing at all in Typst, hence the look at its end.
    if len(data) < 24 or not data.startswith(b"\x89PNG\r\n\x1a\n") or b"IEND" not in data[-12:]:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return int(width), int(height)


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(b"\xff\xd8"):
        return None
    place = 2
    while place + 9 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return int(width), int(height)
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return None
