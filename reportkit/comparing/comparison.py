"""Two documents compared: passages in order with their edits, figures, tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from reportkit.comparing.aligning import align, moved
from reportkit.comparing.edits import Sentence, changed, edit_sentences
from reportkit.comparing.figures import FigureChange, changed_figures
from reportkit.comparing.passages import Passage, TableAt, passages, tables
from reportkit.comparing.tables import TableChange, compare_tables
from reportkit.comparing.tokens import Years, norm, own_year
from reportkit.publish import model
from reportkit.publish.model import Document

Kind = Literal["same", "changed", "a", "b"]


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
    years = Years(own_year(a), own_year(b))
    one, other = passages(a), passages(b)
    found = align(one, other, years)
    elsewhere = moved(found)
    made: dict[int, Change] = {}
    back = {m: n for n, m in found.items()}
    for m, passage in enumerate(other):
        n = back.get(m)
        if n is None:
            sentences = edit_sentences("", passage.text)
            made[m] = Change("b", passage.where, False, sentences, None, m)
        else:
            made[m] = _both(one[n], passage, years, n, m, n in elsewhere)
    changes = tuple(_in_order(one, made, found))
    listed_a, listed_b = tables(a), tables(b)
    return Comparison(
        a=_side(a, label_a, one, listed_a), b=_side(b, label_b, other, listed_b), changes=changes,
        figures=tuple(_figures([c for c in changes if not _is_picture(c, one, other)], years)),
        tables=compare_tables(listed_a, listed_b, years),
    )  # fmt: skip


def _both(a: Passage, b: Passage, years: Years, n: int, m: int, elsewhere: bool) -> Change:
    sentences = edit_sentences(a.text, b.text, years)
    kind: Kind = "changed" if any(map(changed, sentences)) else "same"
    year_a, year_b = (years.a, years.b) if years.differ else (None, None)
    if kind == "changed" and norm(a.text, year_a) == norm(b.text, year_b):
        kind = "same"  # blanks alone
    return Change(kind, b.where, elsewhere, sentences, n, m)


def _in_order(
    a: Sequence[Passage], made: dict[int, Change], found: dict[int, int]
) -> Iterator[Change]:
    """The passages as b has them; those of a alone behind the one that they followed in a."""
    after: dict[int | None, list[Change]] = {}
    last: int | None = None
    for n, passage in enumerate(a):
        if n in found:
            last = found[n]
        else:
            gone = Change("a", passage.where, False, edit_sentences(passage.text, ""), n, None)
            after.setdefault(last, []).append(gone)
    yield from after.get(None, ())
    for m in sorted(made):
        yield made[m]
        yield from after.get(m, ())


def _is_picture(change: Change, a: Sequence[Passage], b: Sequence[Passage]) -> bool:
    """Whether its numbers are a picture's, and stand in no text."""
    if change.place_b is not None:
        return b[change.place_b].picture
    return change.place is not None and a[change.place].picture


def _figures(changes: Sequence[Change], years: Years) -> Iterator[FigureChange]:
    year_a, year_b = (years.a, years.b) if years.differ else (None, None)
    for change in changes:
        if change.kind != "same":
            yield from changed_figures(change.where, change.a, change.b, year_a, year_b)


def _side(
    document: Document, label: str, some: Sequence[Passage], listed: Sequence[TableAt]
) -> Side:
    signed = next((b for b in document.blocks if isinstance(b, model.Signature)), None)
    date = signed.date if signed else ""
    title = document.title or "（无标题）"
    return Side(label, title, date, own_year(document), len(some), len(listed))
