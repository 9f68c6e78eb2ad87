"""Pieces and paragraph marks → paragraphs as they read once all changes are accepted.

A paragraph whose mark is deleted runs on into the next one; one whose mark was inserted did
so before. Programs put the change on different marks for what is the same to a reader: who
deletes the last of three paragraphs deletes the mark of the second. So the change is laid
upon the paragraph that has nothing left without it, and the others stay as they are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from reportkit.word.model import Change, Comment, Gone, Line
from reportkit.word.spans import Bookmarks, bookmarks_of, quoted
from reportkit.word.story import Piece, Story, Track, stays


@dataclass
class Page:
    """What some stories turn into, one after the other, and what is to be said of it.

    ``remarks``: the comments of the file by the ids by which a story refers to them.
    """

    remarks: Mapping[str, Sequence[Comment]]
    lines: list[Line] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, story: Story) -> None:
        """The lines of a story, those of a text box behind the paragraph that it belongs to."""
        cuts = _cuts(story)
        comments = _comments(story, cuts, self.remarks)
        marks = bookmarks_of(story)
        lines = [
            _line(story, cut, marks, comments.get(place, [])) for place, cut in enumerate(cuts)
        ]
        self.warnings += _warnings(story, cuts, lines)
        for cut, line in zip(cuts, lines, strict=True):
            if cut.lives:
                self.lines.append(line)
            else:
                self.gone.append(Gone(len(self.lines), line))
            for para in story.paras[cut.start : cut.stop]:
                for box in para.boxes:
                    self.add(box)


# ---------------------------------------------------------------- joining


@dataclass(frozen=True)
class Cut:
    """Paragraphs of a story, from ``start`` up to ``stop``, that are one line; or gone."""

    start: int
    stop: int
    lives: bool = False


def _cuts(story: Story) -> list[Cut]:
    """A story's paragraphs as lines; a cell or story is never without one, unless deleted."""
    for start, stop in _groups(story, "inserted"):
        _settle(story, start, stop, "inserted")
    cuts = [
        cut for start, stop in list(_groups(story, "deleted")) for cut in _cut(story, start, stop)
    ]
    living = {story.paras[cut.start].room for cut in cuts if cut.lives}
    for number, cut in reversed(list(enumerate(cuts))):
        para = story.paras[cut.start]
        if para.room not in living and not para.removed:
            living.add(para.room)
            cuts[number] = replace(cut, lives=True)
    return cuts


def _groups(story: Story, mark: Literal["inserted", "deleted"]) -> Iterator[tuple[int, int]]:
    """Paragraphs that run together: each but the last with its mark under such a change.

    Never over the edge of a table or cell.
    """
    start = 0
    for stop, para in enumerate(story.paras, 1):
        after = story.paras[stop : stop + 1]
        if getattr(para, mark) is None or not after or after[0].run != para.run:
            yield start, stop
            start = stop


def _settle(
    story: Story, start: int, stop: int, mark: Literal["inserted", "deleted"]
) -> tuple[int, int]:
    """Lay the change upon those at a group's end that hold nothing, off the last that does.

    Returns the places of the first and the last that hold something; twice the last of all if
    none does.
    """
    accepted = mark == "deleted"
    full = [
        place for place in range(start, stop)
        if any(each.shows(accepted=accepted) for each in _pieces(story, place, place + 1))
    ]  # fmt: skip
    if not full:
        return stop - 1, stop - 1
    tail = story.paras[full[-1] : stop]
    tracks: list[Track | None] = [getattr(para, mark) for para in tail]
    for para, track in zip(tail, [tracks[-1], *tracks[:-1]], strict=True):
        setattr(para, mark, track)
    return full[0], full[-1]


def _cut(story: Story, start: int, stop: int) -> Iterator[Cut]:
    """Of paragraphs that run together: those in the midst are one line, those about it gone."""
    first, last = _settle(story, start, stop, "deleted")
    yield from (Cut(place, place + 1) for place in range(start, first))
    holds = any(piece.shows(accepted=True) for piece in _pieces(story, first, last + 1))
    yield Cut(first, last + 1, holds or story.paras[last].deleted is None)
    yield from (Cut(place, place + 1) for place in range(last + 1, stop))


def _pieces(story: Story, start: int, stop: int) -> list[Piece]:
    return story.pieces[story.paras[start].first : story.paras[stop - 1].last]


# ---------------------------------------------------------------- one line


def _line(story: Story, cut: Cut, marks: Bookmarks, comments: Sequence[Comment]) -> Line:
    start, stop = cut.start, cut.stop
    first, last = story.paras[start], story.paras[stop - 1]
    pieces = _pieces(story, start, stop)
    before = ""
    for place in range(start, stop):
        before += "".join(piece.before for piece in _pieces(story, place, place + 1))
        if place < stop - 1 and story.paras[place].inserted is None:
            before += "\n"
    return Line(
        text="".join(piece.after for piece in pieces),
        before=before,
        style=first.style,
        bookmarks=marks.covering(start, stop),
        collapsed=marks.collapsed(start, stop),
        changes=_changes(story, start, stop),
        comments=tuple(comments),
        cell=first.cell if cut.lives else first.cell_before,
        where=story.where,
        numbered=last.numbered,
        continues=last.inserted is not None,
        pictures=tuple(piece.picture for piece in pieces if piece.picture and stays(piece.tracks)),
    )


def _changes(story: Story, start: int, stop: int) -> tuple[Change, ...]:
    """What is tracked in some paragraphs; text that adjoins under the same change is one."""
    found: list[tuple[Track, str]] = []
    running: dict[Track, int] = {}
    for place in range(start, stop):
        para = story.paras[place]
        mark = [track for track in (para.inserted, para.deleted) if track]
        texts = [(p.text, p.tracks) for p in _pieces(story, place, place + 1) if p.text]
        for text, tracks in [*texts, ("\n", tuple(mark))]:
            still: dict[Track, int] = {}
            # Of a row and its text that are both deleted, the text's own change is told.
            for track in {track.kind: track for track in tracks}.values():
                still[track] = running.get(track, len(found))
                if still[track] == len(found):
                    found.append((track, ""))
                found[still[track]] = (track, found[still[track]][1] + text)
            running = still
    return tuple(Change(track.kind, text, track.author, track.date) for track, text in found)


# ---------------------------------------------------------------- comments and warnings


def _comments(
    story: Story, cuts: Sequence[Cut], remarks: Mapping[str, Sequence[Comment]]
) -> dict[int, list[Comment]]:
    """Place of a line → its comments; one upon a paragraph that is gone goes to the next."""
    found: dict[int, list[Comment]] = {}
    living = [place for place, cut in enumerate(cuts) if cut.lives]
    stops = [cut.stop for cut in cuts]
    for span in sorted(story.comments.values(), key=lambda span: span.start):
        target = here = _at(span.para, stops)
        if living:
            target = living[min(bisect_left(living, here), len(living) - 1)]
        text = quoted(story, span, stops)
        told = [replace(each, quoted=text) for each in remarks.get(span.key, ())]
        found.setdefault(target, []).extend(told)
    return found


def _at(para: int, stops: Sequence[int]) -> int:
    """The line of a paragraph; the last line of what stands behind them all."""
    return min(bisect_right(stops, para), len(stops) - 1)


def _warnings(story: Story, cuts: Sequence[Cut], lines: Sequence[Line]) -> Iterator[str]:
    stops = [cut.stop for cut in cuts]
    for what, para in story.odd:
        if lines:
            yield f"{what} in {_place(lines, _at(para, stops))}"
    for place, line in enumerate(lines):
        if cuts[place].lives and line.numbered:
            yield f"automatic numbering in {_place(lines, place)}: its number is not text"


def _place(lines: Sequence[Line], place: int) -> str:
    """Where something is, in words."""
    line = lines[place]
    kind = "" if line.where == "body" else f" of a {line.where}"
    if line.text.strip():
        return f"the paragraph that begins “{_begin(line.text)}”{kind}"
    earlier = next((each.text for each in reversed(lines[:place]) if each.text.strip()), "")
    return f"an empty paragraph{kind}" + (f" behind “{_begin(earlier)}”" if earlier else "")


def _begin(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 20 else line[:20] + "…"
