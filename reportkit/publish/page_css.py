"""The one stylesheet of an HTML page: fixed rules, those of this page, and its hash.

A strict Content-Security-Policy knows no ``style`` attributes. What would be one, in our own
markup or in a picture, becomes a class with a rule of its own, each rule once.
"""

from __future__ import annotations

import base64
import hashlib
import re
import xml.etree.ElementTree as ET

from reportkit.publish.images import SVG
from reportkit.publish.model import PageStyle

# What could end a rule, or begin another, in a stylesheet that holds rules of pictures.
_UNSAFE = re.compile(r"[{}<>@\\]|/\*|\*/|expression|javascript:", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"[\w\s.#*:\-,()]+")


class PageCss:
    """Collects the rules of one page."""

    def __init__(self, fixed: str, page: PageStyle) -> None:
        self._fixed = fixed
        self._page = page
        self._classes: dict[str, str] = {}
        self._more: list[str] = []

    def of(self, declarations: str) -> str:
        """The class that has these declarations; "" if they are none that can be taken over."""
        declarations = ";".join(part.strip() for part in declarations.split(";") if part.strip())
        if not declarations or _UNSAFE.search(declarations):
            return ""
        return self._classes.setdefault(declarations, f"s{len(self._classes) + 1}")

    def take_over(self, svg: str, name: str, *more: str) -> str:
        """The picture without ``style`` attributes and elements: their rules are the page's now.

        ``name`` becomes its class, so that its rules touch nothing else; ``more`` are further ones.
        """
        root = ET.fromstring(svg)  # noqa: S314 - clean_svg's own output
        for parent in list(root.iter()):
            for child in list(parent):
                if child.tag == f"{{{SVG}}}style":
                    self._more += _within(name, child.text or "")
                    parent.remove(child)
        for element in root.iter():
            declared = element.attrib.pop("style", "")
            if found := self.of(declared):
                _add_class(element, found)
        _add_class(root, " ".join((name, *more)))
        return ET.tostring(root, encoding="unicode")

    def text(self) -> str:
        """The whole stylesheet."""
        own = [f".{name}{{{declared}}}" for declared, name in self._classes.items()]
        return "".join((self._fixed, _sheet(self._page), *own, *self._more))

    def policy(self) -> str:
        """A Content-Security-Policy under which this stylesheet is all that is allowed."""
        digest = base64.b64encode(hashlib.sha256(self.text().encode("utf-8")).digest()).decode()
        return (
            f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
            "base-uri 'none'; form-action 'none'"
        )


def _add_class(element: ET.Element, name: str) -> None:
    element.set("class", " ".join(filter(None, (element.get("class", ""), name))))


def _within(name: str, css: str) -> list[str]:
    """The rules of a picture's own stylesheet, each for this picture alone."""
    rules = []
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    for selectors, declared in _RULE.findall(css):
        if not _SELECTOR.fullmatch(selectors) or _UNSAFE.search(declared):
            continue
        chosen = ",".join(f".{name} {one.strip()}" for one in selectors.split(",") if one.strip())
        rules.append(f"{chosen}{{{declared.strip()}}}")
    return rules


def _sheet(page: PageStyle) -> str:
    """Margins on paper and about the text on the screen; the number odd right, even left."""
    top, bottom, inside, outside = (
        f"{side:g}mm" for side in (page.top_mm, page.bottom_mm, page.inside_mm, page.outside_mm)
    )
    before, after = {"dashes": ("— ", " —"), "hyphens": ("-", "-"), "plain": ("", "")}[page.folio]
    number = f'content:"{before}" counter(page) "{after}";font-size:14pt'
    return (
        f"@page{{size:A4;margin:{top} {outside} {bottom} {inside}}}"
        f"@page:right{{margin:{top} {outside} {bottom} {inside};@bottom-right{{{number}}}}}"
        f"@page:left{{margin:{top} {inside} {bottom} {outside};@bottom-left{{{number}}}}}"
        f"@page wide{{size:A4 landscape;margin:{inside} {top} {outside} {bottom}}}"
        f".sheet{{padding:calc({top}*.8) {outside} {bottom} {inside}}}"
        f".sheet.wide{{padding:{inside} {top} {outside} {bottom}}}"
    )
