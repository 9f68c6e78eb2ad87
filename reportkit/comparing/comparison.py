"""Two documents compared: passages in order with their edits, figures, tables."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reportkit.comparing.alignment import ALIKE, Alignment, moved
from reportkit.comparing.passages import Passage, passages, tables
from reportkit.comparing.tables import TableChange, compare_tables
from reportkit.comparing.texts import (
    NO_YEARS,
    Sentence,
    Years,
    changed,
    changed_figures,
    edit_sentences,
    norm,
)
from reportkit.publish import model
from reportkit.publish.model import Document
from reportkit.text.sentences import likeness

Kind = Literal["same", "changed", "a", "b"]

_IN_TITLE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年")
_SAME_PLACE = 0.15
"""How much more alike two paragraphs count that bear the same name by their place."""


@dataclass(frozen=True)
class Change:
    """A passage in both documents, or in one alone (``a``, ``b``).

    ``where``: its place, in b if it is there; ``moved``: whether it stands elsewhere in b.
    ``sentences``: what leads from the one text to the other. ``place``, ``place_b``: its index
    among the passages of a and of b; None where it has none.
    """

    kind: Kind
    where: str
    moved: bool
    sentences: tuple[Sentence, ...]
    place: int | None
    place_b: int | None

    @property
    def a(self) -> str:
        """The text of a; "" if it is in b alone."""
        return "".join(edit.a for sentence in self.sentences for edit in sentence)

    @property
    def b(self) -> str:
        """The text of b; "" if it is in a alone."""
        return "".join(edit.b for sentence in self.sentences for edit in sentence)

    @property
    def year_only(self) -> bool:
        """Whether nothing differs but the documents' own years."""
        return self.kind == "same" and self.a != self.b


@dataclass(frozen=True)
class FigureChange:
    """A figure or date that is another in b, or is in one of the two alone.

    ``clause``: what it says of the figure, … in its place; ``a``, ``b``: "" where there is none.
    """

    where: str
    clause: str
    a: str
    b: str


@dataclass(frozen=True)
class Side:
    """One of the documents: what to call it, and what it says of itself."""

    label: str
    title: str
    date: str
    year: int | None
    passages: int
    tables: int


@dataclass(frozen=True)
class Comparison:
    """All that was found; ``changes``: every passage of both, the same ones too, in order."""

    a: Side
    b: Side
    changes: tuple[Change, ...]
    figures: tuple[FigureChange, ...]
    tables: tuple[TableChange, ...]

    @property
    def differs(self) -> bool:
        """Whether anything does but the documents' own years."""
        return bool(self.tables) or any(c.kind != "same" or c.moved for c in self.changes)

    def counted(self, kind: Kind) -> int:
        """How many passages are of a kind."""
        return sum(change.kind == kind for change in self.changes)


def compare(a: Document, b: Document, label_a: str = "", label_b: str = "") -> Comparison:
    """What differs between two documents.

    Where their titles name different years, a year that is the document's own, the one before
    or after it is no difference.
    """
    sides = _side(a, label_a), _side(b, label_b)
    years: Years = NO_YEARS
    if sides[0].year and sides[1].year and sides[0].year != sides[1].year:
        years = sides[0].year, sides[1].year
    one, other = passages(a), passages(b)
    pairs = _aligned(one, other, years)
    elsewhere = moved(pairs)
    changes, figures = [], []
    for n, m in _in_order(pairs, len(one), len(other)):
        before, after = None if n is None else one[n], None if m is None else other[m]
        change = _change(before, after, years, n in elsewhere, n, m)
        changes.append(change)
        shown = after or before
        if change.kind != "same" and shown and not shown.picture:  # whose numbers are in no text
            figures += list(_figures(change, years))
    listed = compare_tables(tables(a), tables(b), years)
    return Comparison(*sides, tuple(changes), tuple(figures), listed)


def _in_order(pairs: Mapping[int, int], a: int, b: int) -> list[tuple[int | None, int | None]]:
    """All numbers as b has them; those of a alone behind the one that they followed in a."""
    back = {m: n for n, m in pairs.items()}
    behind: dict[int, list[tuple[int | None, int | None]]] = defaultdict(list)
    last = -1
    for n in range(a):
        if n in pairs:
            last = pairs[n]
        else:
            behind[last].append((n, None))
    return behind[-1] + [pair for m in range(b) for pair in ((back.get(m), m), *behind[m])]


def _aligned(a: Sequence[Passage], b: Sequence[Passage], years: Years) -> dict[int, int]:
    """Index in a → index in b, of the passages that are versions of one.

    By their names first (bookmarks), then where the text is the same, then by likeness.
    """
    texts = {id(passage): norm(passage.text, year) for some, year in zip((a, b), years, strict=True)
             for passage in some}  # fmt: skip
    found = Alignment(dict(enumerate(a)), dict(enumerate(b)))
    named = _names(a) & _names(b)
    found.take(lambda x, y: not x.by_place and x.name == y.name and x.name in named)
    for left in (found.a, found.b):
        for n in [n for n, passage in left.items() if passage.alone]:
            del left[n]
    found.take(lambda x, y: texts[id(x)] == texts[id(y)])

    def alike(x: Passage, y: Passage) -> float:
        bonus = _SAME_PLACE if x.by_place and x.name == y.name else 0.0
        return likeness(texts[id(x)], texts[id(y)]) + bonus

    found.take(alike, ALIKE)
    return found.pairs


def _names(passages: Sequence[Passage]) -> set[str]:
    """The names that one passage alone bears."""
    counts = Counter(passage.name for passage in passages)
    return {name for name, count in counts.items() if name and count == 1}


def _change(
    a: Passage | None, b: Passage | None, years: Years, elsewhere: bool, n: int | None,
    m: int | None,
) -> Change:  # fmt: skip
    before, after = a.text if a else "", b.text if b else ""
    sentences = edit_sentences(before, after, years)
    kind: Kind = "same"
    if a is None or b is None:
        kind = "a" if a else "b"
    elif any(map(changed, sentences)) and norm(before, years[0]) != norm(after, years[1]):
        kind = "changed"  # in more than blanks
    where = (b or a).where if a or b else ""  # type: ignore[union-attr]
    return Change(kind, where, elsewhere, sentences, n, m)


def _figures(change: Change, years: Years) -> Iterator[FigureChange]:
    for before, after, clause in changed_figures(change.a, change.b, years):
        yield FigureChange(change.where, clause, before.text if before else "",
                           after.text if after else "")  # fmt: skip


def _side(document: Document, label: str) -> Side:
    signed = next((b for b in document.blocks if isinstance(b, model.Signature)), None)
    year = _IN_TITLE.search(document.title)
    return Side(
        label, document.title or "（无标题）", signed.date if signed else "",
        int(year[1]) if year else None, len(passages(document)), len(tables(document)),
    )  # fmt: skip
