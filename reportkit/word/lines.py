"""Pieces and paragraph marks → paragraphs as they read once all changes are accepted.

A paragraph whose mark is deleted runs on into the next one; one whose mark was inserted did
so before. Programs put the change on different marks for what is the same to a reader: who
deletes the last of three paragraphs deletes the mark of the second. So the change is laid
upon the paragraph that has nothing left without it, and the others stay as they are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from reportkit.word.model import Change, Comment, Line
from reportkit.word.spans import Bookmarks, Remark, bookmarks_of, quoted
from reportkit.word.story import Piece, Story, Track, stays


@dataclass
class Made:
    """Paragraphs of a story, from ``start`` up to ``stop``, that are one line; or gone.

    ``below``: what stands in the text boxes that belong to it.
    """

    start: int
    stop: int
    lives: bool
    line: Line
    below: list[Made] = field(default_factory=list)


@dataclass
class Page:
    """What a story turns into, what is to be said of it, and which comments it has."""

    made: list[Made] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def lay_out(story: Story, remarks: Mapping[str, Remark]) -> Page:
    """The lines of a story, with those of its text boxes.

    ``remarks``: the comments of the file, by id.
    """
    cuts: list[tuple[int, int, bool]] = []
    for start, stop in _runs(story):
        for group in _groups(story, start, stop, "inserted"):
            _settle(story, *group, "inserted")
        for group in _groups(story, start, stop, "deleted"):
            cuts += _cut(story, *group)
    cuts = _last_in_its_room(story, cuts)
    comments = _comments(story, cuts, remarks)
    marks = bookmarks_of(story)
    page = Page([
        Made(start, stop, lives, _line(story, start, stop, lives, marks, comments.get(place, [])))
        for place, (start, stop, lives) in enumerate(cuts)
    ])  # fmt: skip
    page.warnings = list(_warnings(story, page.made))
    for each in page.made:
        for para in story.paras[each.start : each.stop]:
            for box in para.boxes:
                inner = lay_out(box, remarks)
                each.below += inner.made
                page.warnings += inner.warnings
    return page


# ---------------------------------------------------------------- joining


def _runs(story: Story) -> Iterator[tuple[int, int]]:
    """Paragraphs that follow each other with no table or cell's edge between."""
    start = 0
    for place, para in enumerate(story.paras):
        if para.run != story.paras[start].run:
            yield start, place
            start = place
    if story.paras:
        yield start, len(story.paras)


def _groups(
    story: Story, start: int, stop: int, mark: Literal["inserted", "deleted"]
) -> Iterator[tuple[int, int]]:
    """A run, cut behind each paragraph whose mark is not under such a change."""
    for place in range(start, stop):
        if getattr(story.paras[place], mark) is None or place == stop - 1:
            yield start, place + 1
            start = place + 1


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


def _cut(story: Story, start: int, stop: int) -> Iterator[tuple[int, int, bool]]:
    """Of paragraphs that run together: those in the midst are one line, those about it gone."""
    first, last = _settle(story, start, stop, "deleted")
    for place in range(start, first):
        yield place, place + 1, False
    holds = any(piece.shows(accepted=True) for piece in _pieces(story, first, last + 1))
    yield first, last + 1, holds or story.paras[last].deleted is None
    for place in range(last + 1, stop):
        yield place, place + 1, False


def _last_in_its_room(
    story: Story, cuts: Sequence[tuple[int, int, bool]]
) -> list[tuple[int, int, bool]]:
    """A cell or story is never without a paragraph, unless it is itself deleted."""
    living = {story.paras[start].room for start, _, lives in cuts if lives}
    found: list[tuple[int, int, bool]] = []
    for start, stop, lives in reversed(cuts):
        para = story.paras[start]
        if para.room not in living and not para.removed:
            living.add(para.room)
            lives = True
        found.append((start, stop, lives))
    return found[::-1]


def _pieces(story: Story, start: int, stop: int) -> list[Piece]:
    return story.pieces[story.paras[start].first : story.paras[stop - 1].last]


# ---------------------------------------------------------------- one line


def _line(
    story: Story, start: int, stop: int, lives: bool, marks: Bookmarks, comments: list[Comment]
) -> Line:
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
        cell=first.cell if lives else first.cell_before,
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
    story: Story, cuts: Sequence[tuple[int, int, bool]], remarks: Mapping[str, Remark]
) -> dict[int, list[Comment]]:
    """Place of a line → its comments; one upon a paragraph that is gone goes to the next."""
    found: dict[int, list[Comment]] = {}
    living = [place for place, (_, _, lives) in enumerate(cuts) if lives]
    stops = [stop for _, stop, _ in cuts]
    for span in sorted(story.comments.values(), key=lambda span: span.start):
        remark = remarks.get(span.key)
        if remark is None or not cuts:
            continue
        para = min(span.para, len(story.paras) - 1)
        here = bisect_right(stops, para)
        later = bisect_left(living, here)
        target = here if not living else living[min(later, len(living) - 1)]
        text = quoted(story, span, stops)
        for each in (remark, *remark.replies):
            found.setdefault(target, []).append(Comment(each.author, each.date, each.text, text))
    return found


def _warnings(story: Story, made: Sequence[Made]) -> Iterator[str]:
    stops = [each.stop for each in made]
    for what, para in story.odd:
        if made:
            yield f"{what} in {_place(made, min(bisect_right(stops, para), len(made) - 1))}"
    for place, each in enumerate(made):
        if each.lives and each.line.numbered:
            yield f"automatic numbering in {_place(made, place)}: its number is not text"


def _place(made: Sequence[Made], place: int) -> str:
    """Where something is, in words."""
    line = made[place].line
    kind = "" if line.where == "body" else f" of a {line.where}"
    if line.text.strip():
        return f"the paragraph that begins “{_begin(line.text)}”{kind}"
    earlier = next(
        (each.line.text for each in reversed(made[:place]) if each.line.text.strip()), ""
    )
    return f"an empty paragraph{kind}" + (f" behind “{_begin(earlier)}”" if earlier else "")


def _begin(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 20 else line[:20] + "…"
