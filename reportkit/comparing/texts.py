"""From one text to another: sentence by sentence what stays, goes and comes; and its figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby
from typing import Literal, NamedTuple

from reportkit.comparing.alignment import ALIKE, Alignment
from reportkit.text.figures import Found, figures
from reportkit.text.sentences import likeness, sentences

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*[%％]?|[A-Za-z]+|\s+|.", re.DOTALL)
_YEAR = re.compile(r"(?:19|20)\d\d")
_NEAR = 1
"""Years about the document's own that go with it: the one before, and the one of its issue."""
_HOLE = "…"

Years = tuple[int | None, int | None]
"""The own years of both documents; where they are the same, years are numbers like others."""
NO_YEARS: Years = (None, None)


class Token(NamedTuple):
    """A piece of text, and what it is held against: of an own year its distance."""

    text: str
    norm: str


@lru_cache(maxsize=8192)
def tokens(text: str, year: int | None) -> tuple[Token, ...]:
    """The text in pieces, numbers and Latin words whole; joined, they are the text again.

    ``year``: years about it are told by their distance to it.
    """
    found = []
    for match in _TOKEN.finditer(text):
        norm = match.group()
        if year is not None and _YEAR.fullmatch(norm) and text[match.end() :][:1] in ("年", "〕"):
            distance = int(norm) - year
            norm = f"\x00{distance:+d}" if abs(distance) <= _NEAR else norm
        found.append(Token(match.group(), norm))
    return tuple(found)


def norm(text: str, year: int | None) -> str:
    """What a text is held against: without blanks, own years by their distance."""
    return "".join(token.norm for token in tokens(text, year) if not token.text.isspace())


# ---------------------------------------------------------------- sentences


@dataclass(frozen=True)
class Edit:
    """A stretch of text: same in both; a year that is each document's own; only in one.

    ``a``, ``b``: what the two texts have there; "" where one has nothing.
    """

    kind: Literal["same", "year", "delete", "insert"]
    a: str
    b: str

    @property
    def differs(self) -> bool:
        return self.kind in ("delete", "insert")


Sentence = tuple[Edit, ...]
"""The edits of one sentence, or of one that only one of the texts has."""


def changed(sentence: Sentence) -> bool:
    """Whether it differs in more than the documents' own years."""
    return any(edit.differs for edit in sentence)


def edit_sentences(a: str, b: str, years: Years = NO_YEARS) -> tuple[Sentence, ...]:
    """What leads from a to b, a tuple of edits for each sentence.

    Joined, all ``a`` are the one text, and all ``b`` the other. Sentences that are alike are
    compared word by word; others go and come as a whole.
    """
    return tuple(_edits(*pair, years) for pair in _in_pairs(sentences(a), sentences(b), years))


def _in_pairs(a: Sequence[str], b: Sequence[str], years: Years) -> Iterator[tuple[str, str]]:
    """Sentences in pairs, in order, as alike as can be; one without a counterpart with ""."""
    keys_a, keys_b = [norm(text, years[0]) for text in a], [norm(text, years[1]) for text in b]
    best: dict[tuple[int, int], tuple[float, int, int]] = {}  # likeness still to be had, and step
    for n in range(len(a), -1, -1):
        for m in range(len(b), -1, -1):
            steps = [(best[n + 1, m][0], 1, 0)] if n < len(a) else []
            steps += [(best[n, m + 1][0], 0, 1)] if m < len(b) else []
            if n < len(a) and m < len(b):
                alike = 2.0 if keys_a[n] == keys_b[m] else likeness(keys_a[n], keys_b[m])
                steps += [(alike + best[n + 1, m + 1][0], 1, 1)] if alike >= ALIKE else []
            best[n, m] = max(steps, key=lambda step: step[0], default=(0.0, 0, 0))
    n = m = 0
    while n < len(a) or m < len(b):
        _, down, right = best[n, m]
        yield "".join(a[n : n + down]), "".join(b[m : m + right])
        n, m = n + down, m + right


def _edits(a: str, b: str, years: Years) -> Sentence:
    one, other = tokens(a, years[0]), tokens(b, years[1])
    matcher = SequenceMatcher(None, [t.norm for t in one], [t.norm for t in other], autojunk=False)
    pieces: list[tuple[str, str, str]] = []
    for a0, a1, b0, b1, same in _smoothed(matcher.get_opcodes(), one):
        left, right = [t.text for t in one[a0:a1]], [t.text for t in other[b0:b1]]
        if same:
            pieces += [
                ("same" if x == y else "year", x, y) for x, y in zip(left, right, strict=True)
            ]
        else:
            pieces += [("delete", x, "") for x in left] + [("insert", "", y) for y in right]
    return tuple(
        Edit(kind, "".join(x for _, x, _ in some), "".join(y for _, _, y in some))
        for kind, run in groupby(pieces, key=lambda piece: piece[0])
        for some in [list(run)]
    )


def _smoothed(
    codes: Sequence[tuple[str, int, int, int, int]], tokens_a: Sequence[Token]
) -> list[tuple[int, int, int, int, bool]]:
    """The stretches with what is between two changes and too short to read joined to them."""
    kept: list[tuple[int, int, int, int, bool]] = []
    for place, (tag, a0, a1, b0, b1) in enumerate(codes):
        short = 0 < place < len(codes) - 1 and a1 - a0 == 1 and not tokens_a[a0].text[0].isdigit()
        same = tag == "equal" and not short
        if kept and not same and not kept[-1][4]:
            a0, _, b0, _, _ = kept.pop()
        kept.append((a0, a1, b0, b1, same))
    return kept


# ---------------------------------------------------------------- figures


class _Told(NamedTuple):
    """A figure: what it is held against, its clause with a hole for it, and without figures."""

    found: Found
    value: tuple[str, str]
    clause: str
    key: str


def changed_figures(
    a: str, b: str, years: Years = NO_YEARS
) -> Iterator[tuple[Found | None, Found | None, str]]:
    """The figures and dates that differ, in the order of b, those of a alone last.

    Each as it stands in a and in b, None where it does not, and its clause with … for it. The
    same clause tells first which is which, then alike ones, then the same number.
    """
    left, right = list(_told(a, years[0])), list(_told(b, years[1]))
    found = Alignment(dict(enumerate(left)), dict(enumerate(right)))
    found.take(lambda x, y: x.key == y.key and x.value[1] == y.value[1])
    found.take(lambda x, y: likeness(x.key, y.key) if x.value[1] == y.value[1] else 0, ALIKE)
    found.take(lambda x, y: x.value == y.value)
    found.take(lambda x, y: x.key == y.key)
    back = {m: n for n, m in found.pairs.items()}
    for m, after in enumerate(right):
        before = left[back[m]] if m in back else None
        if before is None or before.value != after.value:
            yield before and before.found, after.found, after.clause
    for before in found.a.values():
        yield before.found, None, before.clause


def _told(text: str, year: int | None) -> Iterator[_Told]:
    for found in figures(text):
        value = norm(found.text, year) if found.value is None else f"{found.value.normalize():f}"
        if value in _OWN:
            continue
        clause = bare = found.clause.replace(found.text, _HOLE, 1)
        for other in figures(clause):
            bare = bare.replace(other.text, "#", 1)
        yield _Told(found, (value, found.unit), clause, norm(bare, year))


# A date that is no more than an own year: 2023年 in the paper of 2023.
_OWN = frozenset(f"\x00{distance:+d}年" for distance in (-1, 0, 1))
