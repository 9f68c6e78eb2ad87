"""The parts of a Word file, found by their relationships as Word finds them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from reportkit.drafts.word.archive import Archive, damaged, refusal
from reportkit.drafts.word.markup import (
    Element,
    attribute,
    child,
    inside,
    iso_date,
    local,
    name,
    parse,
    relation_id,
)
from reportkit.drafts.word.model import Where
from reportkit.publish.word.base import NAMESPACE
from reportkit.publish.word.styles import STYLES

BASE_ROOT = f"{{{NAMESPACE}}}base"
"""The root of the custom XML part that holds our base."""
BASE_PROPERTY = "reportkit_base"
"""The custom property that holds it where there is no such part."""

_OURS = {
    called.lower(): style.style_id
    for style in STYLES
    for called in (style.aliases, style.name)
    if called
}
_NUMBERED = re.compile(rf"{BASE_PROPERTY}_?([0-9]*)")


@dataclass(frozen=True)
class Relation:
    """One line of a ``.rels``: what kind of part (``comments``), and where."""

    kind: str
    target: str


@dataclass(frozen=True)
class Properties:
    """What the file says of itself; "" for what it does not say."""

    title: str = ""
    keywords: str = ""
    creator: str = ""
    author: str = ""
    modified: str = ""


@dataclass(frozen=True)
class Style:
    """A paragraph style: its name, the one it is based on, its list and level in it."""

    called: str
    base: str
    numbering: str
    level: str


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
        package = self._relations("")
        self.document_path = next(
            (each.target for each in package.values() if each.kind == "officedocument"),
            "word/document.xml",
        )
        self._package = package
        self.relations = self._relations(self.document_path)

    # ------------------------------------------------------------ which parts there are

    def _relations(self, path: str) -> dict[str, Relation]:
        """Id → relation of a part, or of the whole package for ""."""
        folder, base = posixpath.split(path)
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        if rels not in self.archive:
            return {}
        found = {}
        for each in self._tree(rels):
            if each.get("TargetMode", "").lower() == "external":
                continue
            # Of one kind under several names: …/core-properties, …/coreProperties (strict).
            kind = each.get("Type", "").rpartition("/")[2].lower().replace("-", "")
            target = unquote(each.get("Target", "")).replace("\\", "/")
            joined = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            found[each.get("Id", "")] = Relation(kind, joined)
        return found

    def _tree(self, path: str) -> Element:
        return parse(self.archive.read(path), path, self.where)

    def part(self, kind: str) -> Element | None:
        """The root of the document's part of a kind (``comments``); None if there is none."""
        for each in self.relations.values():
            if each.kind == kind and each.target in self.archive:
                return self._tree(each.target)
        return None

    @cached_property
    def body(self) -> Element:
        """The document's ``w:body``."""
        root = self._tree(self.document_path)
        body = child(root, "body")
        if name(root) != "document" or body is None:
            if local(root) in ("workbook", "presentation"):
                raise refusal(f"a {local(root)}, not a Word file", self.where)
            raise damaged(f"its part {self.document_path} holds no document", self.where)
        return body

    def margins(self) -> Iterator[tuple[Where, Element]]:
        """("header" or "footer", root) for each that a section refers to, headers first."""
        kinds: tuple[Where, ...] = ("header", "footer")
        for kind in kinds:
            seen = set()
            for reference in inside(self.body, f"{kind}Reference"):
                relation = self.relations.get(relation_id(reference))
                if relation and relation.target not in seen and relation.target in self.archive:
                    seen.add(relation.target)
                    yield kind, self._tree(relation.target)

    def notes(self, kind: str) -> dict[str, Element]:
        """Id → footnote or endnote; also the line that parts them from the text, by its own."""
        root = self.part(kind + "s")
        if root is None:
            return {}
        return {attribute(each, "id"): each for each in root if name(each) == kind}

    # ------------------------------------------------------------ styles and numbering

    @cached_property
    def _styles(self) -> dict[str, Style]:
        root = self.part("styles")
        found: dict[str, Style] = {}
        for each in root if root is not None else ():
            if name(each) != "style" or attribute(each, "type", "paragraph") != "paragraph":
                continue
            style_id = attribute(each, "styleId")
            list_of = child(each, "pPr", "numPr")
            found[style_id] = Style(
                attribute(child(each, "name"), "val", style_id),
                attribute(child(each, "basedOn"), "val"),
                attribute(child(list_of, "numId"), "val"),
                attribute(child(list_of, "ilvl"), "val"),
            )
            if attribute(each, "default") in ("1", "true", "on"):
                found.setdefault("", found[style_id])
        return found

    def style(self, style_id: str) -> str:
        """A style's id as we write it, if its name is that of one of ours; else its name."""
        style = self._styles.get(style_id) or self._styles.get("")
        called = style.called if style else style_id or "Normal"
        return _OURS.get(called.lower(), called)

    def is_numbered(self, properties: Element | None) -> bool:
        """Whether Word sets a number or mark of its own before a paragraph (``w:pPr``)."""
        list_of = child(properties, "numPr")
        number = attribute(child(list_of, "numId"), "val")
        level = attribute(child(list_of, "ilvl"), "val")
        style_id = attribute(child(properties, "pStyle"), "val")
        seen = set()
        while not number and style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            style = self._styles[style_id]
            number, level, style_id = style.numbering, level or style.level, style.base
        return (number, level or "0") in self._visible

    @cached_property
    def _visible(self) -> set[tuple[str, str]]:
        """(list, level) that show something: LibreOffice gives headings lists that do not."""
        root = self.part("numbering")
        if root is None:
            return set()
        shown: dict[str, set[str]] = {}
        for each in (each for each in root if name(each) == "abstractNum"):
            levels = (level for level in each if name(level) == "lvl")
            shown[attribute(each, "abstractNumId")] = {
                attribute(level, "ilvl") for level in levels if _shows(level)
            }
        found = set()
        for each in (each for each in root if name(each) == "num"):
            abstract = attribute(child(each, "abstractNumId"), "val")
            for level_id in shown.get(abstract, ()):
                found.add((attribute(each, "numId"), level_id))
        return found

    # ------------------------------------------------------------ what it says of itself

    def properties(self) -> Properties:
        """Its core properties."""
        found: dict[str, str] = {}
        for each in self._package.values():
            if each.kind == "coreproperties" and each.target in self.archive:
                for entry in self._tree(each.target):
                    found.setdefault(local(entry), (entry.text or "").strip())
        return Properties(
            title=found.get("title", ""),
            keywords=found.get("keywords", ""),
            creator=found.get("creator", ""),
            author=found.get("lastModifiedBy", ""),
            modified=iso_date(found.get("modified", "")),
        )

    def base(self) -> str | None:
        """The text that was put in when the file was made; None if no carrier holds it.

        Two carriers are looked into. A custom XML part whose root is :data:`BASE_ROOT`, which
        LibreOffice (7.4) keeps if it has an itemProps part; and, for programs that drop such
        parts, the custom property :data:`BASE_PROPERTY`, or ``reportkit_base_1``, ``_2`` … one
        after the other, which LibreOffice keeps at any length. A ``w:docVar`` it does not keep.
        """
        for relation in self.relations.values():
            if relation.kind == "customxml" and relation.target in self.archive:
                root = self._tree(relation.target)
                if root.tag == BASE_ROOT:
                    return "".join(root.itertext())
        pieces = {}
        for relation in self._package.values():
            if relation.kind == "customproperties" and relation.target in self.archive:
                for each in self._tree(relation.target):
                    if found := _NUMBERED.fullmatch(each.get("name", "")):
                        pieces[int(found[1] or 0)] = "".join(each.itertext())
        return "".join(pieces[number] for number in sorted(pieces)) if pieces else None


def _shows(level: Element) -> bool:
    """Whether a level of a list sets anything before its paragraphs: a number, or text about it."""
    text = attribute(child(level, "lvlText"), "val")
    if attribute(child(level, "numFmt"), "val") == "none":
        text = re.sub("%[1-9]", "", text)
    return bool(text)
