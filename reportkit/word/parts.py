"""The parts of a Word file, found by their relationships as Word finds them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from urllib.parse import unquote

from reportkit.word.archive import Archive, Element, damaged, refusal
from reportkit.word.bookmarks import NAMESPACE
from reportkit.word.model import Where
from reportkit.word.story import is_on, iso_date
from reportkit.word.styles import STYLES

BASE_PROPERTY = "reportkit_base"
"""The custom property that holds it where there is no such part."""

_OURS = {
    called.lower(): style.style_id
    for style in STYLES
    for called in (style.aliases, style.name)
    if called
}
_TRUE = ("1", "true", "on")
_NUMBERED = re.compile(rf"{BASE_PROPERTY}_?([0-9]*)")


Relations = dict[str, tuple[str, str]]
"""Id → what kind of part (``comments``), and where."""


class Parts:
    """A Word file's parts, read as they are asked for.

    Raises
    ------
    DraftError
        From any of its methods, if a part that it names is missing or broken.
    """

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.where = archive.where
        self._package = self._relations("")
        every = [path for kind, path in self._package.values() if kind == "officedocument"]
        self.document_path = (every or ["word/document.xml"])[0]
        self.relations = self._relations(self.document_path)
        self._inherited: dict[tuple[str, str], Element | None] = {}

    # ------------------------------------------------------------ which parts there are

    def _relations(self, path: str) -> Relations:
        """Id → relation of a part, or of the whole package for ""."""
        folder, base = posixpath.split(path)
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        if rels not in self.archive:
            return {}
        found = {}
        for each in self.archive.plain(rels):
            if each.get("TargetMode", "").lower() == "external":
                continue
            # Of one kind under several names: …/core-properties, …/coreProperties (strict).
            kind = each.get("Type", "").rpartition("/")[2].lower().replace("-", "")
            target = unquote(each.get("Target", "")).replace("\\", "/")
            joined = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            found[each.get("Id", "")] = kind, joined
        return found

    def _paths(self, relations: Relations, wanted: str) -> list[str]:
        """Where the parts of a kind are, of those that are there."""
        return [path for kind, path in relations.values()
                if kind == wanted and path in self.archive]  # fmt: skip

    def part(self, kind: str) -> Element | None:
        """The root of the document's part of a kind (``comments``); None if there is none."""
        paths = self._paths(self.relations, kind)
        return self.archive.plain(paths[0]) if paths else None

    @cached_property
    def body(self) -> Element:
        """The document's ``w:body``."""
        root = self.archive.plain(self.document_path)
        body = root.find("body")
        if root.tag != "document" or body is None:
            if (kind := root.tag.lstrip("_")) in ("workbook", "presentation"):
                raise refusal(f"a {kind}, not a Word file", self.where)
            raise damaged(f"its part {self.document_path} holds no document", self.where)
        return body

    def margins(self) -> Iterator[tuple[Where, Element]]:
        """("header" or "footer", root) for each that a section refers to, headers first."""
        kinds: tuple[Where, ...] = ("header", "footer")
        for kind in kinds:
            ids = (each.get("id", "") for each in self.body.iter(f"{kind}Reference"))
            paths = dict.fromkeys(self.relations[key][1] for key in ids if key in self.relations)
            for path in paths:
                if path in self.archive:
                    yield kind, self.archive.plain(path)

    def notes(self, kind: str) -> dict[str, Element]:
        """Id → footnote or endnote; also the line that parts them from the text, by its own."""
        root = self.part(kind + "s")
        return {} if root is None else {each.get("id", ""): each for each in root.findall(kind)}

    # ------------------------------------------------------------ styles and numbering

    @cached_property
    def _styles(self) -> dict[str, Element]:
        """Id → style; "" → the one of paragraphs that name none."""
        root = self.part("styles")
        styles = [] if root is None else root.findall("style")
        found = {each.get("styleId", ""): each for each in styles}
        for each in styles:
            if each.get("type", "paragraph") == "paragraph" and each.get("default") in _TRUE:
                found.setdefault("", each)
        return found

    def style(self, style_id: str) -> str:
        """A style's id as we write it, if its name is that of one of ours; else its name."""
        style = self._styles.get(style_id, self._styles.get(""))
        called = value(style, "name", style_id or "Normal")
        return _OURS.get(called.lower(), called)

    def inherited(self, style_id: str, path: str) -> Element | None:
        """The element that a style has itself, or from those that it is based on."""
        key = style_id, path
        if key not in self._inherited:
            self._inherited[key] = next(
                (found for style in self._line_of(style_id)
                 if (found := style.find(path)) is not None), None
            )  # fmt: skip
        return self._inherited[key]

    def _line_of(self, style_id: str) -> Iterator[Element]:
        """A style, the one that it is based on, and so on."""
        seen: set[str] = set()
        while style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            yield self._styles[style_id]
            style_id = value(self._styles[style_id], "basedOn")

    def is_set(self, about: Element | None, paragraph_style: str, switch: str) -> bool:
        """Whether a run (of such ``w:rPr``) has a switch on: by itself, or else by its styles."""
        own = None if about is None else about.find(switch)
        if own is not None:
            return is_on(own)
        styles = value(about, "rStyle", "?"), paragraph_style
        # Of two styles that both set it the one turns it off again, as in Word.
        return sum(is_on(self.inherited(each, f"rPr/{switch}")) for each in styles) == 1

    def font(self, about: Element | None) -> str:
        """The font that a run names for letters; "" if it leaves it to its paragraph."""
        fonts = None if about is None else about.find("rFonts")
        if fonts is None:
            fonts = self.inherited(value(about, "rStyle", "?"), "rPr/rFonts")
        return "" if fonts is None else fonts.get("ascii") or fonts.get("hAnsi") or ""

    def is_numbered(self, properties: Element | None) -> bool:
        """Whether Word sets a number or mark of its own before a paragraph (``w:pPr``)."""
        style_id = value(properties, "pStyle")
        told = {}
        for name in ("numId", "ilvl"):
            inherited = self.inherited(style_id, f"pPr/numPr/{name}")
            told[name] = value(properties, f"numPr/{name}") or value(inherited, ".")
        return (told["numId"], told["ilvl"] or "0") in self._visible

    @cached_property
    def _visible(self) -> set[tuple[str, str]]:
        """(list, level) that show something: LibreOffice gives headings lists that do not."""
        root = self.part("numbering")
        if root is None:
            return set()
        shown = {
            each.get("abstractNumId", ""): [
                level.get("ilvl", "") for level in each.findall("lvl") if _shows(level)
            ]
            for each in root.findall("abstractNum")
        }
        return {
            (each.get("numId", ""), level)
            for each in root.findall("num")
            for level in shown.get(value(each, "abstractNumId"), ())
        }

    # ------------------------------------------------------------ what it says of itself

    def properties(self) -> Mapping[str, str]:
        """Its core properties by name (``title``, ``lastModifiedBy``), those that it has."""
        found: dict[str, str] = {}
        for path in self._paths(self._package, "coreproperties"):
            for entry in self.archive.plain(path):
                found.setdefault(entry.tag.lstrip("_"), (entry.text or "").strip())
        return found | {"modified": iso_date(found.get("modified", ""))}

    def base(self) -> str | None:
        """The text that was put in when the file was made; None if no carrier holds it.

        Two carriers are looked into. A custom XML part of our :data:`NAMESPACE`, which
        LibreOffice (7.4) keeps if it has an itemProps part; and, for programs that drop such
        parts, the custom property :data:`BASE_PROPERTY`, or ``reportkit_base_1``, ``_2`` … one
        after the other, which LibreOffice keeps at any length. A ``w:docVar`` it does not keep.
        """
        for path in self._paths(self.relations, "customxml"):
            root = self.archive.tree(path)
            if root.tag == f"{{{NAMESPACE}}}base":
                return "".join(root.itertext())
        pieces = {}
        for path in self._paths(self._package, "customproperties"):
            for each in self.archive.plain(path):
                if found := _NUMBERED.fullmatch(each.get("name", "")):
                    pieces[int(found[1] or 0)] = "".join(each.itertext())
        return "".join(pieces[number] for number in sorted(pieces)) if pieces else None


def value(element: Element | None, path: str, default: str = "") -> str:
    """The ``w:val`` of what is found there; the default if there is none."""
    found = None if element is None else element.find(path)
    return default if found is None else found.get("val", default)


def _shows(level: Element) -> bool:
    """Whether a level of a list sets anything before its paragraphs: a number, or text about it."""
    text = value(level, "lvlText")
    if value(level, "numFmt") == "none":
        text = re.sub("%[1-9]", "", text)
    return bool(text)
