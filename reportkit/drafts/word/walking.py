"""Going through a story's XML once, and taking it down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reportkit.drafts.word.drawing import chosen_of, look_into
from reportkit.drafts.word.markup import Element, attribute, child, is_on, name, plain_text
from reportkit.drafts.word.model import Where
from reportkit.drafts.word.parts import Parts
from reportkit.drafts.word.story import (
    TRACKED,
    Para,
    Piece,
    Span,
    Story,
    Track,
    stays,
    track_of,
)
from reportkit.drafts.word.tables import Tables, parts_of, tracks_upon
from reportkit.publish.model import clean

_THROUGH = frozenset({
    "body", "hdr", "ftr", "footnote", "endnote", "comment", "txbxContent", "sdt", "sdtContent",
    "smartTag", "customXml", "hyperlink", "fldSimple", "dir", "bdo", "ruby", "rubyBase",
})  # fmt: skip
"""What only stands about text. What is neither here nor handled below holds none."""
_SYMBOLS = ("symbol", "wingdings", "webdings", "mt extra", "marlett")


class Walker:
    """Goes through a story's XML once, and takes it down."""

    def __init__(self, story: Story, parts: Parts, tracks: tuple[Track, ...] = ()) -> None:
        self.story = story
        self.parts = parts
        self.tracks = tracks
        self.open: dict[str, list[Span]] = {}
        self.fields: list[tuple[int, int | None]] = []
        self.room = self.rooms = self.run = 0
        self.within = False  # a paragraph
        self.tables = Tables()
        self._handlers: dict[str, Callable[[Element], None]] = {
            "p": self.paragraph, "r": self.text_run, "t": self.text, "delText": self.text,
            "tbl": self.table, "mc:AlternateContent": self.alternative,
            "tab": self.tab, "ptab": self.tab, "br": self.line_end, "cr": self.line_end,
            "noBreakHyphen": lambda _: self.add("\u2011"), "sym": self.symbol,
            "fldChar": self.field_mark, "drawing": self.drawing, "pict": self.drawing,
            "object": self.drawing, "m:oMath": self.equation, "m:oMathPara": self.equation,
            "altChunk": lambda _: self.odd("a file embedded as a whole (altChunk)"),
            "subDoc": lambda _: self.odd("a link to a further document (subDoc)"),
            "contentPart": lambda _: self.odd("handwriting (ink)"),
            "footnoteReference": self.note, "endnoteReference": self.note,
            "bookmarkStart": self.bookmark, "bookmarkEnd": self.bookmark_end,
            "commentRangeStart": self.comment, "commentRangeEnd": self.comment_end,
            "commentReference": self.comment_reference,
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
        called = name(element)
        if called in TRACKED:
            with self.under(track_of(element)):
                self.inside(element)
        elif called in _THROUGH:
            self.inside(element)
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
        properties = child(element, "pPr")
        style = self.parts.style(attribute(child(properties, "pStyle"), "val"))
        para = Para(style, len(self.story.pieces), self.room, self.run, *self.tables.cells())
        para.numbered = self.parts.is_numbered(properties)
        para.removed = not stays(self.tracks)
        mark = child(properties, "rPr")
        own = [track_of(each) for each in mark if name(each) in TRACKED] if mark is not None else []
        for track in (*self.tracks, *own):
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
        if is_on(child(element, "rPr", "vanish")):
            self.odd("hidden text")
            return
        self.inside(element)

    # ------------------------------------------------------------ text

    def add(self, text: str, tracks: tuple[Track, ...] | None = None, picture: str = "") -> None:
        if self.within and (text or picture):
            under = self.tracks if tracks is None else tracks
            self.story.pieces.append(Piece(clean(text), under, self.here, picture))

    def text(self, element: Element) -> None:
        tracks = self.tracks
        if name(element) == "delText" and stays(tracks):  # deleted, by we know not whom
            tracks = (*tracks, Track("delete", "", ""))
        self.add(plain_text(element), tracks)

    def tab(self, _: Element) -> None:
        self.add("\t")

    def line_end(self, element: Element) -> None:
        if attribute(element, "type", "textWrapping") == "textWrapping":  # not a page's end
            self.add("\n")

    def symbol(self, element: Element) -> None:
        """A character by its number; symbol fonts have them where nobody else has any."""
        font = attribute(element, "font")
        try:
            code = int(attribute(element, "char"), 16)
            char = chr(code - 0xF000 if 0xF020 <= code <= 0xF0FF else code)
        except (ValueError, OverflowError):
            font, char = "symbol", ""
        if font.lower().startswith(_SYMBOLS):
            self.odd(f"a sign of the font {font} ({attribute(element, 'char')})")
            char = "□"
        self.add(char)

    def field_mark(self, element: Element) -> None:
        """A field's code goes, its result stays; a field without an end is no field."""
        kind, place = attribute(element, "fldCharType"), len(self.story.pieces)
        if kind == "begin":
            self.fields.append((place, None))
        elif self.fields and kind == "separate":
            self.fields[-1] = (self.fields[-1][0], place)
        elif self.fields and kind == "end":
            start, result = self.fields.pop()
            for piece in self.story.pieces[start : place if result is None else result]:
                piece.text = piece.picture = ""

    # ------------------------------------------------------------ what is no text

    def odd(self, what: str) -> None:
        if stays(self.tracks):
            self.story.odd.append((what, self.here))

    def equation(self, _: Element) -> None:
        self.odd("an equation")

    def drawing(self, element: Element) -> None:
        found = look_into(element)
        for what in found.odd:
            self.odd(what)
        for picture in found.pictures:
            self.add("", picture=picture)
        for content in found.boxes:
            where: Where = "textbox" if self.story.where == "body" else self.story.where
            box = Walker(Story(where), self.parts, self.tracks).walk(content)
            if self.within:
                self.story.paras[-1].boxes.append(box)

    def note(self, element: Element) -> None:
        kind = name(element).removesuffix("Reference")
        self.story.notes.append((kind, attribute(element, "id"), self.tracks))

    # ------------------------------------------------------------ ranges

    def span(self, key: str) -> Span:
        return Span(key, len(self.story.pieces), self.here)

    def bookmark(self, element: Element) -> None:
        span = self.span(attribute(element, "name"))
        self.story.bookmarks.append(span)
        self.open.setdefault(attribute(element, "id"), []).append(span)

    def bookmark_end(self, element: Element) -> None:
        if waiting := self.open.get(attribute(element, "id")):
            waiting.pop(0).end = len(self.story.pieces)

    def comment(self, element: Element) -> None:
        key = attribute(element, "id")
        self.story.comments.setdefault(key, self.span(key))

    def comment_end(self, element: Element) -> None:
        if span := self.story.comments.get(attribute(element, "id")):
            span.end = len(self.story.pieces)

    def comment_reference(self, element: Element) -> None:
        key = attribute(element, "id")
        span = self.story.comments.setdefault(key, self.span(key))
        if span.end is None:
            span.end = len(self.story.pieces)

    # ------------------------------------------------------------ tables

    def table(self, element: Element) -> None:
        rows = [(row, tracks_upon(child(row, "trPr"))) for row in parts_of(element, "tr")]
        with self.tables.table([self.tracks + tracks for _, tracks in rows]):
            for part in element:
                if name(part) in ("bookmarkStart", "bookmarkEnd"):
                    self.visit(part)
            for row, tracks in rows:
                with self.under(*tracks), self.tables.row(self.tracks):
                    self.row(row)
        self.run += 1

    def row(self, element: Element) -> None:
        for part in parts_of(element, "tc", "bookmarkStart", "bookmarkEnd"):
            if name(part) != "tc":
                self.visit(part)
                continue
            with self.under(*tracks_upon(child(part, "tcPr"))), self.tables.column(self.tracks):
                outer, self.rooms = self.room, self.rooms + 1
                self.room = self.rooms
                self.run += 1
                self.inside(part)
                self.room = outer
