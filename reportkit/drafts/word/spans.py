"""What stretches over text: our bookmarks, and the text that a comment is attached to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportkit.drafts.word.story import Span, Story
from reportkit.publish.word.bookmarks import PREFIX

_COPY = re.compile(r"(.+)_Copy_[0-9]+")
"""How LibreOffice calls the bookmark of a paragraph that is cut and pasted with tracking on."""


@dataclass(frozen=True)
class Remark:
    """A comment, and such replies to it as are attached to no text of their own."""

    author: str
    date: str
    text: str
    replies: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Bookmarks:
    """For each of our bookmarks the paragraphs of which it covers text, and where it begins."""

    found: tuple[tuple[str, frozenset[int], int], ...]

    def covering(self, start: int, stop: int) -> Iterator[str]:
        """Those that cover text of some paragraphs."""
        for name, covered, _ in self.found:
            if any(start <= para < stop for para in covered):
                yield name

    def collapsed(self, start: int, stop: int) -> Iterator[str]:
        """Those that begin in some paragraphs and cover no text anywhere."""
        return (name for name, covered, para in self.found if not covered and start <= para < stop)


def bookmarks_of(story: Story) -> Bookmarks:
    """Our bookmarks in a story.

    Where a bookmark covers nothing any more and a copy of it does, the paragraph was moved: the
    copy goes by the bookmark's own name, and the empty one is not told of.
    """
    found: list[tuple[str, frozenset[int], int]] = []
    for span in _whole(story.bookmarks):
        end = span.start if span.end is None else span.end
        covered = frozenset(x.para for x in story.pieces[span.start : end] if x.after)
        found.append((span.key, covered, min(span.para, len(story.paras) - 1)))
    alive = {name for name, covered, _ in found if covered}
    moved: set[str] = set()
    for place, (name, covered, para) in enumerate(found):
        copy = _COPY.fullmatch(name)
        if copy and covered and copy[1] not in alive:
            found[place] = (copy[1], covered, para)
            alive.add(copy[1])
            moved.add(copy[1])
    return Bookmarks(tuple(each for each in found if each[1] or each[0] not in moved))


def _whole(spans: Sequence[Span]) -> list[Span]:
    """Ours, each from its first begin to its end.

    LibreOffice (7.4) lets a bookmark over two paragraphs begin in both, under different ids, of
    which but the second ends.
    """
    found: list[Span] = []
    unended: dict[str, Span] = {}
    for span in spans:
        if not span.key.startswith(PREFIX):
            continue
        if (first := unended.get(span.key)) is not None:
            if span.end is not None:
                found[found.index(first)] = Span(first.key, first.start, first.para, span.end)
                del unended[span.key]
            continue
        if span.end is None:
            unended[span.key] = span
        found.append(span)
    return found


def quoted(story: Story, span: Span, stops: Sequence[int]) -> str:
    """The text that a comment is attached to, once changes are accepted; lines end in ``\\n``.

    ``stops``: for each line the place of the paragraph behind it.
    """
    texts: dict[int, str] = {}
    for piece in story.pieces[span.start : span.end]:
        if piece.after:
            line = next(place for place, stop in enumerate(stops) if piece.para < stop)
            texts[line] = texts.get(line, "") + piece.after
    return "\n".join(texts.values())
