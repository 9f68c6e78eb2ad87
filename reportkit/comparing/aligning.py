"""Which passage of one document is which of the other, and which have changed places."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence

from reportkit.comparing.edits import ALIKE
from reportkit.comparing.passages import Passage
from reportkit.comparing.tokens import Years, likeness, norm

_SAME_PLACE = 0.15
"""How much more alike two paragraphs count that bear the same name by their place."""


def align(a: Sequence[Passage], b: Sequence[Passage], years: Years) -> dict[int, int]:
    """Index in a → index in b, of the passages that are versions of one.

    By their names first (bookmarks), then where the text is the same, then by likeness, the
    likest first. Whatever is left stands in one of the two alone.
    """
    year_a, year_b = (years.a, years.b) if years.differ else (None, None)
    found = _by_name(a, b)
    texts_a = [norm(passage.text, year_a) for passage in a]
    texts_b = [norm(passage.text, year_b) for passage in b]
    taken = set(found.values())
    free: dict[str, list[int]] = defaultdict(list)
    for m in reversed(range(len(b))):
        if m not in taken and not b[m].alone:
            free[texts_b[m]].append(m)
    for n, text in enumerate(texts_a):
        if n not in found and not a[n].alone and free.get(text):
            found[n] = free[text].pop()
    taken = set(found.values())
    left = [n for n in range(len(a)) if n not in found and not a[n].alone]
    right = [m for m in range(len(b)) if m not in taken and not b[m].alone]
    scores = []
    for n in left:
        for m in right:
            score = likeness(texts_a[n], texts_b[m])
            same_place = a[n].by_place and a[n].name == b[m].name
            if score >= ALIKE - (_SAME_PLACE if same_place else 0):
                scores.append((-score - _SAME_PLACE * same_place, abs(n - m), n, m))
    for _, _, n, m in sorted(scores):
        if n not in found and m not in taken:
            found[n] = m
            taken.add(m)
    return found


def _by_name(a: Sequence[Passage], b: Sequence[Passage]) -> dict[int, int]:
    """The pairs that bear the same name, once in each document."""
    named_a, named_b = _names(a), _names(b)
    return {n: named_b[name] for name, n in named_a.items() if name in named_b}


def _names(passages: Sequence[Passage]) -> dict[str, int]:
    counts = Counter(passage.name for passage in passages)
    return {
        passage.name: n
        for n, passage in enumerate(passages)
        if passage.name and not passage.by_place and counts[passage.name] == 1
    }


def moved(found: dict[int, int]) -> set[int]:
    """The indexes in a of passages that stand elsewhere among those around them in b.

    As few as can be: all others keep their order.
    """
    ordered = sorted(found)
    ends: list[int] = []  # the lowest last place in b of a run of each length
    where: list[int] = []
    back: dict[int, int] = {}
    for n in ordered:
        at = bisect_left(ends, found[n])
        if at == len(ends):
            ends.append(found[n])
            where.append(n)
        else:
            ends[at], where[at] = found[n], n
        back[n] = where[at - 1] if at else -1
    kept = set()
    n = where[-1] if where else -1
    while n != -1:
        kept.add(n)
        n = back[n]
    return set(ordered) - kept
