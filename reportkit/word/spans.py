"""What stretches over text: our bookmarks, and the text that a comment is attached to."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from reportkit.word.bookmarks import PREFIX
from reportkit.word.story import Span, Story

_COPY = re.compile(r"(.+)_Copy_[0-9]+")
"""How LibreOffice calls the bookmark of a paragraph that is cut and pasted with tracking on."""


@dataclass
class Bookmarks:
    """Place of a paragraph → our bookmarks that cover text of it; that begin there for nothing."""

    covers: dict[int, list[str]] = field(default_factory=dict)
    empty: dict[int, list[str]] = field(default_factory=dict)

    def covering(self, start: int, stop: int) -> tuple[str, ...]:
        """Those that cover text of some paragraphs, each once."""
        found = (name for para in range(start, stop) for name in self.covers.get(para, ()))
        return tuple(dict.fromkeys(found))

    def collapsed(self, start: int, stop: int) -> tuple[str, ...]:
        """Those that begin in some paragraphs and cover no text anywhere."""
        return tuple(name for para in range(start, stop) for name in self.empty.get(para, ()))


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
    for number, (name, covered, para) in enumerate(found):
        copy = _COPY.fullmatch(name)
        if copy and covered and copy[1] not in alive:
            found[number] = (copy[1], covered, para)
            alive.add(copy[1])
            moved.add(copy[1])
    told = Bookmarks()
    for name, covered, para in found:
        for place in covered:
            told.covers.setdefault(place, []).append(name)
        if not covered and name not in moved:
            told.empty.setdefault(para, []).append(name)
    return told


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
            line = bisect_right(stops, piece.para)
            texts[line] = texts.get(line, "") + piece.after
    return "\n".join(texts.values())
