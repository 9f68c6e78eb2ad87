"""One flow of text (the body, a text box, a note …) taken down as pieces and paragraph marks.

A piece is text under the same changes; a paragraph's mark may be inserted or deleted as text
may. What is there before and after the changes is then a matter of leaving out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from reportkit.word.archive import Element
from reportkit.word.model import Grid, Kind, Place, Where

TRACKED: dict[str, Kind] = {
    "ins": "insert", "del": "delete", "moveFrom": "move_from", "moveTo": "move_to",
    "cellIns": "insert", "cellDel": "delete", "hidden": "hidden",
}  # fmt: skip


@dataclass(frozen=True)
class Track:
    """A change that text or a paragraph's mark is under; by hand, it has no author."""

    kind: Kind
    author: str = ""
    date: str = ""

    @property
    def takes_away(self) -> bool:
        """Whether what is under it is gone once accepted; else it is new."""
        return self.kind not in ("insert", "move_to")


def track_of(element: Element) -> Track:
    """The change that ``w:ins``, ``w:del`` … tell of."""
    date = iso_date(element.get("date", ""))
    return Track(TRACKED[element.tag], element.get("author", ""), date)


def tracks_upon(properties: Iterable[Element] | None) -> tuple[Track, ...]:
    """The changes that a run, a paragraph's mark, a row or a cell is under as a whole."""
    found = () if properties is None else properties
    return tuple(track_of(each) for each in found if each.tag in TRACKED and is_on(each))


def iso_date(text: str) -> str:
    """The text if it is an ISO date, else "": LibreOffice writes 0-00-00 where it knows none."""
    try:
        dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return ""
    return text.strip()


def is_on(element: Element | None) -> bool:
    """Whether a switch such as ``w:vanish`` is there and not turned off."""
    return element is not None and element.get("val", "1") not in ("0", "false", "off", "none")


def stays(tracks: Sequence[Track]) -> bool:
    """Whether what is under these changes is there once they are accepted."""
    return not any(track.takes_away for track in tracks)


def was_there(tracks: Sequence[Track]) -> bool:
    """Whether what is under these changes is there once they are rejected."""
    return all(track.takes_away for track in tracks)


@dataclass
class Piece:
    """Text, or a picture in it, under the same changes; ``para`` is the place of its paragraph."""

    text: str
    tracks: tuple[Track, ...]
    para: int
    picture: str = ""

    def shows(self, *, accepted: bool) -> bool:
        """Whether anything of it is seen once all changes are accepted, or rejected."""
        there = stays(self.tracks) if accepted else was_there(self.tracks)
        return there and bool(self.text or self.picture)

    @property
    def after(self) -> str:
        """Its text once all changes are accepted."""
        return self.text if stays(self.tracks) else ""

    @property
    def before(self) -> str:
        """Its text once all changes are rejected."""
        return self.text if was_there(self.tracks) else ""


@dataclass
class Para:
    """A paragraph as it is written: pieces from ``first`` up to ``last``, and its mark.

    ``room``: the cell or story that it stands in; ``run``: paragraphs of the same run have no
    table between them. ``removed``: its row, cell or text box is deleted.
    """

    style: str
    first: int
    room: int
    run: int
    cell: Place | None
    cell_before: Place | None
    last: int = 0
    deleted: Track | None = None
    inserted: Track | None = None
    removed: bool = False
    numbered: bool = False
    boxes: list[Story] = field(default_factory=list)


@dataclass
class Span:
    """A bookmark or a comment's range: from one piece up to another, begun in a paragraph."""

    key: str
    start: int
    para: int
    end: int | None = None


@dataclass
class Story:
    """One flow of text, as it is written."""

    where: Where
    pieces: list[Piece] = field(default_factory=list)
    paras: list[Para] = field(default_factory=list)
    bookmarks: list[Span] = field(default_factory=list)
    comments: dict[str, Span] = field(default_factory=dict)
    notes: list[tuple[str, str, tuple[Track, ...]]] = field(default_factory=list)
    odd: list[tuple[str, int]] = field(default_factory=list)
    """What cannot be read back as text, and in which paragraph."""
    grid: Grid = field(default_factory=Grid)

    def attached(self) -> Iterator[str]:
        """The ids of comments that are attached to text, in its text boxes too."""
        yield from self.comments
        for para in self.paras:
            for box in para.boxes:
                yield from box.attached()
