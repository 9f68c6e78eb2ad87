"""The figures that differ between two versions of a passage, each with its clause."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from reportkit.comparing.tokens import likeness, norm
from reportkit.text.figures import figures

_ALIKE = 0.5
_HOLE = "…"


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
class _Figure:
    """A figure: as printed, what it is held against, and its clause without it."""

    text: str
    value: str
    unit: str
    clause: str
    key: str


def changed_figures(
    where: str, a: str, b: str, year_a: int | None, year_b: int | None
) -> Iterator[FigureChange]:
    """The figures that differ, in the order of b, those of a alone last.

    ``year_a``, ``year_b``: the documents' own years, which differ of themselves; None: years are
    figures like others.
    """
    left, right = list(_figures(a, year_a)), list(_figures(b, year_b))
    found = _pairs(left, right)
    for m, after in enumerate(right):
        before = left[found[m]] if m in found else None
        if before is None:
            yield FigureChange(where, after.clause, "", after.text)
        elif (before.value, before.unit) != (after.value, after.unit):
            yield FigureChange(where, after.clause, before.text, after.text)
    for n, before in enumerate(left):
        if n not in found.values():
            yield FigureChange(where, before.clause, before.text, "")


def _figures(text: str, year: int | None) -> Iterator[_Figure]:
    for found in figures(text):
        # The place within its clause: the same number may stand there twice.
        shown = found.clause
        at = shown.find(found.text)
        clause = shown[:at] + _HOLE + shown[at + len(found.text) :] if at >= 0 else shown
        bare = clause
        for other in figures(clause):
            bare = bare.replace(other.text, "#", 1)
        value = norm(found.text, year) if found.value is None else f"{found.value.normalize():f}"
        if year is not None and found.kind == "date" and value in _OWN:
            continue
        yield _Figure(found.text, value, found.unit, clause, norm(bare, year))


# A date that is no more than an own year: 2023年 in the paper of 2023.
_OWN = frozenset(f"\x00{distance:+d}年" for distance in (-1, 0, 1))


def _pairs(a: Sequence[_Figure], b: Sequence[_Figure]) -> dict[int, int]:
    """Index in b → index in a: the same clause first, then alike ones, then the same number."""
    found: dict[int, int] = {}
    tests: tuple[Callable[[_Figure, _Figure], bool], ...] = (
        lambda x, y: x.key == y.key and x.unit == y.unit,
        lambda x, y: x.unit == y.unit and likeness(x.key, y.key) >= _ALIKE,
        lambda x, y: (x.value, x.unit) == (y.value, y.unit),
        lambda x, y: x.key == y.key,
    )
    for test in tests:
        for m, after in enumerate(b):
            if m in found:
                continue
            free = (n for n, before in enumerate(a) if n not in found.values())
            match = next((n for n in free if test(a[n], after)), None)
            if match is not None:
                found[m] = match
    return found
