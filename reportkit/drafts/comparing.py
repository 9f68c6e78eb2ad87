"""An edited draft held against the draft as it was: every difference, by name.

What concerns lines that can be rewritten comes with the line's place; the rest (tables, captions,
signature, notes aside) is told of all the same, since no leader's word may get lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest
from types import MappingProxyType
from typing import Literal

from reportkit.comparing.alignment import ALIKE, Alignment, moved
from reportkit.drafts.base import Base, BaseLine
from reportkit.drafts.figures import FigureChange, figure_changes
from reportkit.text.sentences import likeness
from reportkit.word.model import Line

Kind = Literal["reworded", "removed", "added", "moved", "fixed", "cell", "aside"]

_ENDS = frozenset({"AnnexList", "Signature", "Note", "AnnexLabel", "AnnexTitle"})
"""Styles of what follows the text: nothing can be added behind it."""
_NOTICE = "〔待核："
_UNLIKE, _BETTER = 0.2, 0.5
"""A bookmark on a line less alike than the first counts for less than a line alike as the second:
editors leave the bookmark of a deleted line on its neighbour."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Change:
    """One difference. ``moved``: the line stands elsewhere as well; ``base``: the line as it was.

    ``number``: that of the line in the edited draft, −1 of one removed.
    """

    kind: Kind
    place: str
    before: str = ""
    after: str = ""
    moved: bool = False
    figures: tuple[FigureChange, ...] = ()
    by: str = ""
    on: str = ""
    number: int = -1
    base: BaseLine | None = None


@dataclass(frozen=True)
class Compared:
    """All differences, and the places in the order of the edited draft: line number → place."""

    changes: tuple[Change, ...]
    order: dict[int, str]


@dataclass(frozen=True)
class Question:
    """Whether a line without a bookmark is the new wording of another."""

    place: str
    before: str
    after: str
    likeness: float


def compare(
    base: Base,
    lines: Sequence[Line],
    ask: Callable[[Question], bool],
    signers: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> Compared:
    """All that differs between the draft as it was and the one that came back.

    Parameters
    ----------
    lines:
        In the order of the page.
    ask:
        Answers where likeness alone speaks for it.
    signers:
        A line that was taken away, as it read → who did and when, where the editor kept track.
    """
    ours = {n: line for n, line in enumerate(base.lines) if _counts(line.text) and not line.cell}
    theirs = {
        n: _in_one_piece(line)
        for n, line in enumerate(lines)
        if _counts(line.text) and line.cell is None and line.where == "body"
    }
    found = Alignment(ours, theirs)
    for n, alike in sorted(_match(found).items()):
        line, m = ours[n], found.pairs[n]
        question = Question(line.place, line.text, theirs[m].text, round(alike, 2))
        if line.place and not ask(question):
            del found.pairs[n]
            found.a[n], found.b[m] = line, theirs[m]
    changes = [
        *_of_pairs(found.pairs, ours, theirs),
        *(Change("removed" if line.place else "fixed", line.place, line.text, base=line)
          for _, line in sorted(found.a.items())),
    ]  # fmt: skip
    # Where the text ends: 附件说明, signature, or the first annex.
    end = min((m for n, m in found.pairs.items() if ours[n].style in _ENDS), default=len(lines))
    changes += [Change("fixed" if n > end else "added", "", "", line.text, number=n)
                for n, line in sorted(found.b.items())]  # fmt: skip
    changes += [*_cells(base.lines, lines), *_asides(lines)]
    signed = (_signed(change, lines, signers) for change in _with_figures(changes))
    order = {m: ours[n].place for n, m in sorted(found.pairs.items()) if ours[n].place}
    return Compared(tuple(signed), order)


def _match(found: Alignment[BaseLine, Line]) -> dict[int, float]:
    """Pair the lines off; returns those for which likeness alone speaks, and how much.

    By the words themselves, by what the editor says of how a line read before, by bookmarks.
    """

    def by_mark(x: BaseLine, y: Line) -> float:
        kept = x.mark in y.bookmarks
        if not (kept or x.mark in y.collapsed):
            return 0.0
        alike = likeness(x.text, y.text)
        return 1 + kept + alike if alike >= _UNLIKE or (kept and not better(x, y)) else 0.0

    def better(x: BaseLine, y: Line) -> bool:
        """Whether another line without a bookmark of its own is much more alike."""
        marks = {other.mark for other in found.a.values() if other is not x}
        return any(
            likeness(x.text, other.text) >= _BETTER
            for other in found.b.values()
            if other is not y and not marks & set(other.bookmarks)
        )

    found.take(lambda x, y: (x.text == y.text) * (1 + (x.mark in y.bookmarks)))
    found.take(lambda x, y: (x.text == y.before.replace("\n", "")) * (1 + (x.mark in y.collapsed)))
    found.take(by_mark)
    return found.take(lambda x, y: likeness(x.text, y.text), ALIKE)


def _of_pairs(
    pairs: Mapping[int, int], ours: Mapping[int, BaseLine], theirs: Mapping[int, Line]
) -> Iterator[Change]:
    told = [n for n, line in theirs.items() if any(c.kind == "move_to" for c in line.changes)]
    elsewhere = moved(pairs, told)
    for n, m in sorted(pairs.items()):
        line, text = ours[n], theirs[m].text
        kind: Kind = "fixed" if not line.place else "moved" if line.text == text else "reworded"
        # Captions and the like go along with what is about them.
        if line.text != text or (n in elsewhere and line.place):
            yield Change(kind, line.place, line.text, text, n in elsewhere, number=m, base=line)


def _with_figures(changes: Sequence[Change]) -> Iterator[Change]:
    """Each with its figures, but for those that went from one line to another as they were."""
    told = [
        figure_changes(c.before, c.base.figures if c.base else (), c.after)
        if c.kind != "aside" and (c.kind != "cell" or (c.before and c.after)) else ()
        for c in changes
    ]  # fmt: skip
    gone = Counter(f.old for some in told for f in some if not f.new)
    carried = gone & Counter(f.new for some in told for f in some if not f.old)
    left = {"old": carried.copy(), "new": carried.copy()}
    for change, some in zip(changes, told, strict=True):
        kept = []
        for figure in some:
            pool, text = left["new" if figure.new else "old"], figure.new or figure.old
            if (figure.old and figure.new) or not pool[text]:
                kept.append(figure)
            else:
                pool[text] -= 1
        yield replace(change, figures=tuple(kept))


def _in_one_piece(line: Line) -> Line:
    """A title without the line ends that only its look on the page asks for."""
    if "\n" not in line.text or line.style != "Title":
        return line
    return replace(line, text=line.text.replace("\n", ""))


def _counts(text: str) -> bool:
    return bool(text.strip()) and not text.startswith(_NOTICE)


# ---------------------------------------------------------------- what cannot be rewritten here

Row = tuple[str, ...]


def _cells(ours: Sequence[BaseLine], theirs: Sequence[Line]) -> Iterator[Change]:
    """Cells of tables that differ, rows that were taken out or put in."""
    none: list[Row] = []
    tables = zip_longest(_tables(ours), _tables(theirs), fillvalue=none)
    for number, (one, other) in enumerate(tables, 1):
        for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
            rows = zip_longest(one[a:b], other[c:d], fillvalue=()) if tag != "equal" else ()
            for n, (before, after) in enumerate(rows):
                place = f"表{number}第{(a if before else c) + n + 1}行"
                yield from _row(place, before, after, one[0] if one else ())


def _tables(lines: Sequence[BaseLine] | Sequence[Line]) -> list[list[Row]]:
    tables: dict[int, dict[int, dict[int, str]]] = {}
    for line in lines:
        if line.cell is not None and getattr(line, "where", "body") == "body":
            table, row, column = line.cell
            cells = tables.setdefault(table, {}).setdefault(row, {})
            cells[column] = f"{cells[column]}\n{line.text}" if column in cells else line.text
    return [
        [tuple(cells[c].strip() for c in sorted(cells)) for _, cells in sorted(rows.items())]
        for _, rows in sorted(tables.items())
    ]


def _row(place: str, one: Row, other: Row, head: Row) -> Iterator[Change]:
    if len(one) != len(other):
        yield Change("cell", place, "、".join(one), "、".join(other))
        return
    for n, (old, new) in enumerate(zip(one, other, strict=True)):
        if old != new:
            yield Change("cell", f"{place}“{head[n]}”" if n < len(head) else place, old, new)


_ASIDE = {"textbox": "文本框", "footnote": "脚注", "endnote": "尾注", "header": "页眉",
          "footer": "页脚"}  # fmt: skip


def _asides(lines: Sequence[Line]) -> list[Change]:
    """Words put where our drafts have none: text boxes, notes, headers."""
    return [
        Change("aside", _ASIDE.get(line.where, line.where), "", line.text, number=n)
        for n, line in enumerate(lines)
        if line.where != "body" and _CHINESE.search(line.text)
    ]


def _signed(
    change: Change, lines: Sequence[Line], signers: Mapping[str, tuple[str, str]]
) -> Change:
    """With who made it and when, where the editor kept track."""
    if change.number < 0:
        by, on = signers.get(change.before, ("", ""))
        return replace(change, by=by, on=on)
    tracked = [c for c in lines[change.number].changes if c.author]
    if not tracked:
        return change
    authors = "、".join(dict.fromkeys(c.author for c in tracked))
    return replace(change, by=authors, on=max(c.date for c in tracked))
