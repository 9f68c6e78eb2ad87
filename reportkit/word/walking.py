"""Going through a story's XML once, and taking it down: all that knows Word's elements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reportkit.text.characters import NO_BREAK_HYPHEN, clean
from reportkit.word.archive import Element
from reportkit.word.drawing import chosen_of, look_into
from reportkit.word.model import Cell, Place, Where
from reportkit.word.parts import Parts, value
from reportkit.word.story import (
    TRACKED,
    Para,
    Piece,
    Span,
    Story,
    Track,
    is_on,
    stays,
    track_of,
    tracks_upon,
    was_there,
)
from reportkit.word.symbols import UNKNOWN, is_symbol, shown

_WRAPPERS = ("sdt", "sdtContent", "customXml")
_THROUGH = frozenset({
    "body", "hdr", "ftr", "footnote", "endnote", "comment", *_WRAPPERS,
    "smartTag", "hyperlink", "fldSimple", "dir", "bdo", "ruby", "rubyBase",
})  # fmt: skip
"""What only stands about text. What is neither here nor handled below holds none."""
_ODD = {
    "_oMath": "an equation", "_oMathPara": "an equation",
    "altChunk": "a file embedded as a whole (altChunk)",
    "subDoc": "a link to a further document (subDoc)",
}  # fmt: skip
_STRUCK = Track("strike")
_HIDDEN = Track("hidden")
_MARKS = ("bookmarkStart", "bookmarkEnd")


class Walker:
    """Goes through a story's XML once, and takes it down."""

    def __init__(self, story: Story, parts: Parts, tracks: tuple[Track, ...] = ()) -> None:
        self.story = story
        self.parts = parts
        self.tracks = tracks
        self.open: dict[str, list[Span]] = {}
        self.fields: list[tuple[int, int | None, str]] = []
        self.room = self.rooms = self.run = 0
        self.within = False  # a paragraph
        self.style = self.font = ""
        self.depth = 0
        self.after, self.before = [-1, -1, -1], [-1, -1, -1]
        self._handlers: dict[str, Callable[[Element], None]] = {
            "p": self.paragraph, "r": self.text_run, "t": self.text, "delText": self.text,
            "tbl": self.table, "_AlternateContent": self.alternative,
            "tab": self.tab, "ptab": self.tab, "br": self.line_end, "cr": self.line_end,
            "noBreakHyphen": lambda _: self.add(NO_BREAK_HYPHEN), "sym": self.symbol,
            "fldChar": self.field_mark, "drawing": self.drawing, "pict": self.drawing,
            "object": self.drawing, "contentPart": self.drawing, "_contentPart": self.drawing,
            "txbxContent": self.box,
            "footnoteReference": self.note, "endnoteReference": self.note,
            "bookmarkStart": self.bookmark, "bookmarkEnd": self.bookmark_end,
            "commentRangeStart": self.comment, "commentRangeEnd": self.comment_end,
            "commentReference": self.comment,
        }  # fmt: skip

    # ------------------------------------------------------------ going through

    def walk(self, root: Element) -> Story:
        """All that is in ``root``."""
        self.inside(root)
        return self.story

    def inside(self, element: Element) -> None:
        for each in element:
            self.visit(each)

    def visit(self, element: Element) -> None:
        called = element.tag
        if called in TRACKED:
            with self.under(track_of(element)):
                self.inside(element)
        elif called in _THROUGH:
            self.inside(element)
        elif called in _ODD:
            self.odd(_ODD[called])
        elif handler := self._handlers.get(called):
            handler(element)

    @contextmanager
    def under(self, *tracks: Track) -> Iterator[None]:
        kept, self.tracks = self.tracks, self.tracks + tracks
        yield
        self.tracks = kept

    def alternative(self, element: Element) -> None:
        """What this program would show, and not again what older ones would."""
        if (chosen := chosen_of(element)) is not None:
            self.inside(chosen)

    # ------------------------------------------------------------ paragraphs

    def paragraph(self, element: Element) -> None:
        properties = element.find("pPr")
        self.style = value(properties, "pStyle")
        para = Para(
            self.parts.style(self.style), len(self.story.pieces), self.room, self.run,
            self.cell(self.after), self.cell(self.before),
            removed=not stays(self.tracks), numbered=self.parts.is_numbered(properties),
        )  # fmt: skip
        for track in (*self.tracks, *tracks_upon(element.find("pPr/rPr"))):
            if track.takes_away:
                para.deleted = track
            else:
                para.inserted = track
        self.story.paras.append(para)
        self.within = True
        self.inside(element)
        self.within = False
        para.last = len(self.story.pieces)

    @property
    def here(self) -> int:
        """The paragraph that we are in, or else the next one."""
        return len(self.story.paras) - (1 if self.within else 0)

    def text_run(self, element: Element) -> None:
        """What a person struck through or hid counts as deleted, and is told of."""
        about = element.find("rPr")
        tracks = list(tracks_upon(about))
        if self.parts.is_set(about, self.style, "vanish"):
            self.odd("hidden text")
            tracks.append(_HIDDEN)
        if any(self.parts.is_set(about, self.style, each) for each in ("strike", "dstrike")):
            self.odd("text that is struck through")
            tracks.append(_STRUCK)
        self.font = self.parts.font(about)
        with self.under(*tracks):
            self.inside(element)

    # ------------------------------------------------------------ text

    def add(self, text: str, picture: str = "") -> None:
        if self.within and (text or picture):
            plain = clean(text).replace(NO_BREAK_HYPHEN, "-")  # which is written either way
            self.story.pieces.append(Piece(plain, self.tracks, self.here, picture))

    def text(self, element: Element) -> None:
        """What ``w:t`` holds: its blanks at either end count only where it says so."""
        text = (element.text or "").replace("\r", " ").replace("\n", " ")
        if element.get("space") != "preserve":
            text = text.strip(" \t")
        if self.font and any(is_symbol(self.font, ord(char)) for char in text):
            text = "".join(self.sign(self.font, ord(char)) for char in text)
        deleted = element.tag == "delText" and stays(self.tracks)  # by we know not whom
        with self.under(*((Track("delete"),) if deleted else ())):
            self.add(text)

    def tab(self, _: Element) -> None:
        self.add("\t")

    def line_end(self, element: Element) -> None:
        if element.get("type", "textWrapping") == "textWrapping":  # not a page's end
            self.add("\n")

    def symbol(self, element: Element) -> None:
        """A character by its number, of a font of its own."""
        try:
            code = int(element.get("char", ""), 16)
            self.add(self.sign(element.get("font", ""), code))
        except (ValueError, OverflowError):
            self.add(UNKNOWN)

    def sign(self, font: str, code: int) -> str:
        if (char := shown(font, code)) == UNKNOWN:
            self.odd(f"a sign of the font {font} ({code:04X})")
        return char

    def field_mark(self, element: Element) -> None:
        """A field's code goes, its result stays; a field without an end is no field.

        A box to tick has no result: it shows whether it is ticked.
        """
        kind, place = element.get("fldCharType", ""), len(self.story.pieces)
        if kind == "begin":
            box = element.find("ffData/checkBox")
            told = [] if box is None else [*box.findall("checked"), *box.findall("default")]
            ticked = is_on(told[0]) if told else False
            self.fields.append((place, None, "" if box is None else "☒" if ticked else "□"))
        elif self.fields and kind == "separate":
            self.fields[-1] = (self.fields[-1][0], place, self.fields[-1][2])
        elif self.fields and kind == "end":
            start, result, box_shown = self.fields.pop()
            for piece in self.story.pieces[start : place if result is None else result]:
                piece.text = piece.picture = ""
            self.add(box_shown)

    # ------------------------------------------------------------ what is no text

    def odd(self, what: str) -> None:
        told = (what, self.here)
        if stays(self.tracks) and told not in self.story.odd[-1:]:
            self.story.odd.append(told)

    def drawing(self, element: Element) -> None:
        """Neither a picture nor a text box is struck through with the text that it stands in."""
        found = look_into(element)
        for what in found.odd:
            self.odd(what)
        kept, self.tracks = self.tracks, tuple(each for each in self.tracks if each != _STRUCK)
        for picture in found.pictures:
            self.add("", picture)
        for content in found.boxes:
            self.box(content)
        self.tracks = kept

    def box(self, content: Element) -> None:
        where: Where = "textbox" if self.story.where == "body" else self.story.where
        story = Walker(Story(where), self.parts, self.tracks).walk(content)
        if self.within:
            self.story.paras[-1].boxes.append(story)

    def note(self, element: Element) -> None:
        kind = element.tag.removesuffix("Reference")
        self.story.notes.append((kind, element.get("id", ""), self.tracks))

    # ------------------------------------------------------------ ranges

    def span(self, key: str) -> Span:
        return Span(key, len(self.story.pieces), self.here)

    def bookmark(self, element: Element) -> None:
        span = self.span(element.get("name", ""))
        self.story.bookmarks.append(span)
        self.open.setdefault(element.get("id", ""), []).append(span)

    def bookmark_end(self, element: Element) -> None:
        if waiting := self.open.get(element.get("id", "")):
            waiting.pop(0).end = len(self.story.pieces)

    def comment(self, element: Element) -> None:
        """Where a comment's range begins, or its sign stands: there it ends at the latest."""
        key = element.get("id", "")
        span = self.story.comments.setdefault(key, self.span(key))
        if element.tag != "commentRangeStart" and span.end is None:
            span.end = len(self.story.pieces)

    def comment_end(self, element: Element) -> None:
        if span := self.story.comments.get(element.get("id", "")):
            span.end = len(self.story.pieces)

    # ------------------------------------------------------------ tables

    def cell(self, numbers: list[int]) -> Place | None:
        """The cell of the body that we are in, by what was counted after the changes, or before."""
        table, row, column = numbers
        return (table, row, column) if self.depth else None

    def count(self, level: int, *tracks: tuple[Track, ...]) -> None:
        """One table, row or cell more, if any of what is under these changes is there.

        What stands in a table within a table has the outer cell.
        """
        if self.depth == 1:
            for numbers, there in ((self.after, stays), (self.before, was_there)):
                numbers[level] += any(map(there, tracks))
                numbers[level + 1 :] = [-1] * (2 - level)

    def table(self, element: Element) -> None:
        rows = [tracks_upon(each.find("trPr")) for each in _parts_of(element, "tr")]
        self.depth += 1
        self.count(0, *(self.tracks + tracks for tracks in rows))
        if self.depth == 1 and element.find("tblPr/tblpPr") is not None:
            self.story.grid.floating.add(self.after[0])
        for part in _parts_of(element, "tr", *_MARKS):
            if part.tag in _MARKS:
                self.visit(part)
                continue
            with self.under(*rows.pop(0)):
                self.count(1, self.tracks)
                self.row(part)
        self.depth -= 1
        self.run += 1

    def row(self, element: Element) -> None:
        start = _number(element, "trPr/gridBefore", 0)
        for part in _parts_of(element, "tc", *_MARKS):
            if part.tag in _MARKS:
                self.visit(part)
                continue
            with self.under(*tracks_upon(part.find("tcPr"))):
                self.count(2, self.tracks)
                if stays(self.tracks):
                    start = self.place(part, start)
                outer, self.rooms = self.room, self.rooms + 1
                self.room = self.rooms
                self.run += 1
                self.inside(part)
                self.room = outer

    def place(self, cell: Element, start: int) -> int:
        """Note where a cell begins; returns where it ends."""
        span = _number(cell, "tcPr/gridSpan", 1)
        if self.depth == 1 and (place := self.cell(self.after)):
            merged = cell.find("tcPr/vMerge")
            continues = merged is not None and merged.get("val", "continue") == "continue"
            self.story.grid.cells[place] = Cell("", start, span, merged=continues)
        return start + span


def _parts_of(element: Element, *wanted: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also those within content controls."""
    for each in element:
        if each.tag in wanted:
            yield each
        elif each.tag in _WRAPPERS:
            yield from _parts_of(each, *wanted)


def _number(element: Element, path: str, default: int) -> int:
    text = value(element, path)
    return min(int(text), 100) if text.isascii() and text.isdigit() else default
