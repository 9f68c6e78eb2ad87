"""One flow of text (the body, a text box, a note …) taken down as pieces and paragraph marks.

A piece is text under the same tracked changes; a paragraph's mark may be inserted or deleted
as text may. What is there before and after the changes is then a matter of leaving out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from reportkit.drafts.word.markup import Element, attribute, iso_date, name
from reportkit.drafts.word.model import Kind, Where

TRACKED: dict[str, Kind] = {
    "ins": "insert", "del": "delete", "moveFrom": "move_from", "moveTo": "move_to",
    "cellIns": "insert", "cellDel": "delete",
}  # fmt: skip


@dataclass(frozen=True)
class Track:
    """A tracked change that text or a paragraph's mark is under."""

    kind: Kind
    author: str
    date: str

    @property
    def takes_away(self) -> bool:
        """Whether what is under it is gone once accepted; else it is new."""
        return self.kind in ("delete", "move_from")


def track_of(element: Element) -> Track:
    """The change that ``w:ins``, ``w:del`` … tell of."""
    date = iso_date(attribute(element, "date"))
    return Track(TRACKED[name(element)], attribute(element, "author"), date)


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

    @property
    def stays(self) -> bool:
        """Whether it is there once all changes are accepted."""
        return stays(self.tracks)

    @property
    def was_there(self) -> bool:
        """Whether it is there once all changes are rejected."""
        return was_there(self.tracks)

    @property
    def after(self) -> str:
        """Its text once all changes are accepted."""
        return self.text if self.stays else ""

    @property
    def before(self) -> str:
        """Its text once all changes are rejected."""
        return self.text if self.was_there else ""


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
    cell: tuple[int, int, int] | None
    cell_before: tuple[int, int, int] | None
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
