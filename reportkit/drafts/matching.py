"""Which line of an edited draft is which of the draft as it was.

By its bookmark first, then by its words; where only likeness speaks for it, that is a question
for a person. Nothing here knows of files.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reportkit.drafts.base import BaseLine
from reportkit.word.model import Line

ALIKE = 0.5
"""From this likeness on a line without a bookmark may be another's new wording: it is asked."""
_UNLIKE, _BETTER = 0.3, 0.6
"""A bookmark on a line less alike than the first counts for less than a line alike as the second:
editors leave the bookmark of a deleted line on its neighbour."""


@dataclass(frozen=True)
class Pair:
    """A line of the draft, and the edited one that it became: their numbers.

    ``asked``: only likeness speaks for it. ``moved``: it stands elsewhere among the others.
    """

    base: int
    edited: int
    asked: bool = False
    moved: bool = False
    likeness: float = 1.0


@dataclass
class Matching:
    """Pairs, and what is left over on either side."""

    pairs: list[Pair] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)


def likeness(one: str, other: str) -> float:
    """How alike two lines are, from 0 to 1."""
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() > _UNLIKE / 2 else 0.0


def match(
    base: Mapping[int, BaseLine],
    edited: Mapping[int, Line],
    was_moved: Mapping[int, bool] | None = None,
) -> Matching:
    """Pair the lines off.

    Parameters
    ----------
    base, edited:
        Line number → line, of those that can be rewritten; no blank ones.
    was_moved:
        Of an edited line whether the editor itself says that it was moved there.
    """
    finder = _Finder(dict(base), dict(edited))
    finder.same_words()
    finder.by_tracking()
    finder.by_bookmark()
    finder.by_likeness()
    pairs = _with_moves(sorted(finder.pairs, key=lambda pair: pair.base), was_moved or {})
    return Matching(pairs, sorted(finder.base), sorted(finder.edited))


class _Finder:
    """What is not paired off yet, and the pairs so far."""

    def __init__(self, base: dict[int, BaseLine], edited: dict[int, Line]) -> None:
        self.base = base
        self.edited = edited
        self.pairs: list[Pair] = []

    def pair(self, b: int, e: int, *, asked: bool = False, alike: float = 1.0) -> None:
        self.pairs.append(Pair(b, e, asked, likeness=alike))
        del self.base[b], self.edited[e]

    def same_words(self) -> None:
        """Unchanged lines: with their bookmark, else in their order."""
        for b, line in list(self.base.items()):
            for e, other in self.edited.items():
                if line.text == other.text and line.mark in other.bookmarks:
                    self.pair(b, e)
                    break
        for b, e in _in_order(self.base, self.edited):
            self.pair(b, e)
        for b, line in list(self.base.items()):
            same = [e for e, other in self.edited.items() if other.text == line.text]
            if same:
                self.pair(b, same[0])

    def by_tracking(self) -> None:
        """Lines of which the editor itself says how they read before."""
        for b, line in list(self.base.items()):
            there = [e for e, other in self.edited.items() if _flat(other.before) == line.text]
            if there:
                marked = [e for e in there if line.mark in self.edited[e].collapsed]
                self.pair(b, (marked or there)[0], alike=0.0)

    def by_bookmark(self) -> None:
        """Rewritten lines that kept their bookmark, or at least its place."""
        for b, line in list(self.base.items()):
            there = [e for e, other in self.edited.items() if line.mark in other.bookmarks]
            left = [e for e, other in self.edited.items() if line.mark in other.collapsed]
            if not line.mark or not (there or left):
                continue
            alike, e = max((likeness(line.text, self.edited[e].text), -e) for e in there or left)
            if alike < _UNLIKE and (not there or self._better(b, -e)):
                continue
            self.pair(b, -e, alike=alike)

    def _better(self, b: int, e: int) -> bool:
        """Whether another line without a bookmark of its own is much more alike."""
        line = self.base[b]
        marks = {each.mark for n, each in self.base.items() if n != b}
        return any(
            likeness(line.text, other.text) >= _BETTER
            for n, other in self.edited.items()
            if n != e and not marks & set(other.bookmarks)
        )

    def by_likeness(self) -> None:
        """The rest: the most alike first."""
        found = sorted(
            ((likeness(line.text, other.text), -b, -e)
             for b, line in self.base.items() for e, other in self.edited.items()),
            reverse=True,
        )  # fmt: skip
        for alike, b, e in found:
            if alike >= ALIKE and -b in self.base and -e in self.edited:
                self.pair(-b, -e, asked=True, alike=alike)


def _flat(text: str) -> str:
    """A title's line ends are a matter of its looks."""
    return text.replace("\n", "")


def _in_order(base: Mapping[int, BaseLine], edited: Mapping[int, Line]) -> list[tuple[int, int]]:
    """Equal lines in the order of both."""
    ours, theirs = list(base), list(edited)
    matcher = difflib.SequenceMatcher(
        None, [base[b].text for b in ours], [edited[e].text for e in theirs], autojunk=False
    )
    return [
        (ours[block.a + n], theirs[block.b + n])
        for block in matcher.get_matching_blocks()
        for n in range(block.size)
    ]


def _with_moves(pairs: Sequence[Pair], was_moved: Mapping[int, bool]) -> list[Pair]:
    """The pairs, those marked that do not stand in the order of the rest.

    As few as can be; of several ways the one that takes the editor's own word for it.
    """
    weight = [1 if was_moved.get(pair.edited) else 1000 for pair in pairs]
    best: list[tuple[int, int]] = []  # (weight of the heaviest rising chain that ends here, before)
    for n, pair in enumerate(pairs):
        before = [(best[m][0], -m) for m in range(n) if pairs[m].edited < pair.edited]
        total, last = max(before, default=(0, 1))
        best.append((total + weight[n], -last))
    stays = set()
    place = max(range(len(pairs)), key=lambda n: best[n][0], default=-1)
    while place >= 0:
        stays.add(place)
        place = best[place][1]
    return [
        pair if n in stays else Pair(pair.base, pair.edited, pair.asked, True, pair.likeness)
        for n, pair in enumerate(pairs)
    ]
