"""An edited draft held against the draft as it was: every difference, by name.

What concerns lines that can be rewritten comes with the line's place; the rest (tables, captions,
signature, notes aside) is told of all the same, since no leader's word may get lost.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from reportkit.drafts.base import Base, BaseLine
from reportkit.drafts.figures import FigureChange, figure_changes
from reportkit.drafts.matching import Pair, match
from reportkit.word.model import Line

Kind = Literal["reworded", "removed", "added", "moved", "fixed", "cell", "aside"]

_ENDS = frozenset({"AnnexList", "Signature", "Note", "AnnexLabel", "AnnexTitle"})
"""Styles of what follows the text: nothing can be added behind it."""
_NOTICE = "〔待核："
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
    moved = {n: any(c.kind == "move_to" for c in line.changes) for n, line in theirs.items()}
    matching = match(ours, theirs, moved)
    pairs, removed, added = [], list(matching.removed), list(matching.added)
    for pair in matching.pairs:
        line = ours[pair.base]
        question = Question(
            line.place, line.text, theirs[pair.edited].text, round(pair.likeness, 2)
        )
        if pair.asked and line.place and not ask(question):
            removed.append(pair.base)
            added.append(pair.edited)
        else:
            pairs.append(pair)
    changes = [c for pair in pairs for c in _of_pair(ours[pair.base], theirs[pair.edited], pair)]
    changes += [_removed(ours[n]) for n in sorted(removed)]
    order = {pair.edited: ours[pair.base].place for pair in pairs if ours[pair.base].place}
    end = _end(base, pairs, ours)
    changes += [_added(theirs[n], n, n > end) for n in sorted(added)]
    changes += _cells(base.lines, lines)
    changes += _asides(lines)
    changes = _without_carried(changes)
    return Compared(tuple(_signed(change, lines, signers) for change in changes), order)


def _without_carried(changes: Sequence[Change]) -> list[Change]:
    """The differences without numbers that went from one line to another as they were."""
    gone = [f.old for c in changes for f in c.figures if f.old and not f.new]
    carried = []
    for figure in (f for c in changes for f in c.figures if f.new and not f.old):
        if figure.new in gone:
            gone.remove(figure.new)
            carried.append(figure.new)
    out, put = list(carried), list(carried)
    made = []
    for change in changes:
        kept = []
        for figure in change.figures:
            pool, text = (out, figure.old) if not figure.new else (put, figure.new)
            if not (figure.old and figure.new) and text in pool:
                pool.remove(text)
            else:
                kept.append(figure)
        made.append(replace(change, figures=tuple(kept)))
    return made


def _in_one_piece(line: Line) -> Line:
    """A title without the line ends that only its look on the page asks for."""
    if "\n" not in line.text or line.style != "Title":
        return line
    return replace(line, text=line.text.replace("\n", ""))


def _counts(text: str) -> bool:
    return bool(text.strip()) and not text.startswith(_NOTICE)


def _of_pair(line: BaseLine, other: Line, pair: Pair) -> list[Change]:
    same = line.text == other.text
    if same and not pair.moved:
        return []
    kind: Kind = "fixed" if not line.place else "moved" if same else "reworded"
    if kind == "fixed" and same:
        return []  # captions and the like go along with what is about them
    told = tuple(figure_changes(line.text, line.figures, other.text))
    return [Change(kind, line.place, line.text, other.text, moved=pair.moved, figures=told,
                   number=pair.edited, base=line)]  # fmt: skip


def _removed(line: BaseLine) -> Change:
    told = tuple(figure_changes(line.text, line.figures, ""))
    kind: Kind = "removed" if line.place else "fixed"
    return Change(kind, line.place, line.text, figures=told, base=line)


def _added(line: Line, number: int, behind: bool) -> Change:
    told = tuple(figure_changes("", (), line.text))
    kind: Kind = "fixed" if behind else "added"
    return Change(kind, "", "", line.text, figures=told, number=number)


def _end(base: Base, pairs: Sequence[Pair], ours: dict[int, BaseLine]) -> float:
    """The edited line at which the text ends: 附件说明, signature, or the first annex."""
    ends = [pair.edited for pair in pairs if ours[pair.base].style in _ENDS]
    return min(ends, default=float("inf"))


# ---------------------------------------------------------------- what cannot be rewritten here

Row = tuple[str, ...]


def _cells(ours: Sequence[BaseLine], theirs: Sequence[Line]) -> list[Change]:
    """Cells of tables that differ, rows that were taken out or put in."""
    before, after = _tables(ours), _tables(theirs)
    told: list[Change] = []
    for number in range(max(len(before), len(after))):
        one = before[number] if number < len(before) else []
        other = after[number] if number < len(after) else []
        if one != other:
            told += _rows(f"表{number + 1}", one, other)
    return told


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


def _rows(name: str, before: Sequence[Row], after: Sequence[Row]) -> list[Change]:
    told: list[Change] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        old, new = list(before[a:b]), list(after[c:d])
        for n, (one, other) in enumerate(zip(old, new, strict=False)):
            told += _row(f"{name}第{a + n + 1}行", one, other, before[0])
        told += [Change("cell", f"{name}第{a + len(new) + n + 1}行", "、".join(row))
                 for n, row in enumerate(old[len(new) :])]  # fmt: skip
        told += [Change("cell", f"{name}第{c + len(old) + n + 1}行", "", "、".join(row))
                 for n, row in enumerate(new[len(old) :])]  # fmt: skip
    return told


def _row(place: str, one: Row, other: Row, head: Row) -> list[Change]:
    if len(one) != len(other):
        return [Change("cell", place, "、".join(one), "、".join(other))]
    return [
        Change("cell", f"{place}“{head[n]}”" if n < len(head) else place, old, new,
               figures=tuple(figure_changes(old, (), new)))
        for n, (old, new) in enumerate(zip(one, other, strict=True))
        if old != new
    ]  # fmt: skip


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
