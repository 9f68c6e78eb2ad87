"""From one text to another: sentence by sentence, what stays, goes and comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from reportkit.comparing.tokens import Token, Years, likeness, norm, tokens
from reportkit.text.sentences import sentences

ALIKE = 0.4
"""From this likeness on two sentences, or paragraphs, are taken for versions of one."""


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


def edit_sentences(a: str, b: str, years: Years = Years()) -> tuple[Sentence, ...]:  # noqa: B008
    """What leads from a to b, a tuple of edits for each sentence.

    Joined, all ``a`` are the one text, and all ``b`` the other. Sentences that are alike are
    compared word by word; others go and come as a whole.
    """
    one, other = sentences(a), sentences(b)
    year_a, year_b = (years.a, years.b) if years.differ else (None, None)
    keys_a = [norm(text, year_a) for text in one]
    keys_b = [norm(text, year_b) for text in other]
    found: list[Sentence] = []
    matcher = SequenceMatcher(None, keys_a, keys_b, autojunk=False)
    for _, a0, a1, b0, b1 in matcher.get_opcodes():
        for left, right in _aligned(one[a0:a1], other[b0:b1], keys_a[a0:a1], keys_b[b0:b1]):
            found.append(_edits(left, right, year_a, year_b))
    return tuple(found)


def _aligned(
    a: Sequence[str], b: Sequence[str], keys_a: Sequence[str], keys_b: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Sentences in pairs, in order; one without a counterpart with ""."""
    if list(keys_a) == list(keys_b):
        yield from zip(a, b, strict=True)
        return
    best = _best(keys_a, keys_b)
    n = m = 0
    while n < len(a) or m < len(b):
        step = best[n][m][1]
        if step == "both":
            yield a[n], b[m]
        elif step == "a":
            yield a[n], ""
        else:
            yield "", b[m]
        n += step in ("both", "a")
        m += step in ("both", "b")


def _best(a: Sequence[str], b: Sequence[str]) -> list[list[tuple[float, str]]]:
    """For each pair of places the likeness that can still be had, and the step towards it."""
    best = [[(0.0, "a" if n < len(a) else "b")] * (len(b) + 1) for n in range(len(a) + 1)]
    for n in range(len(a) - 1, -1, -1):
        for m in range(len(b) - 1, -1, -1):
            choices = [(best[n + 1][m][0], "a"), (best[n][m + 1][0], "b")]
            alike = likeness(a[n], b[m])
            if alike >= ALIKE:
                choices.append((alike + best[n + 1][m + 1][0], "both"))
            best[n][m] = max(choices, key=lambda choice: choice[0])
    return best


def _edits(a: str, b: str, year_a: int | None, year_b: int | None) -> Sentence:
    if not a or not b:
        return (Edit("delete", a, ""),) if a else (Edit("insert", "", b),)
    one, other = tokens(a, year_a), tokens(b, year_b)
    matcher = SequenceMatcher(
        None, [token.norm for token in one], [token.norm for token in other], autojunk=False
    )
    found: list[Edit] = []
    for a0, a1, b0, b1, same in _smoothed(matcher.get_opcodes(), one):
        left, right = one[a0:a1], other[b0:b1]
        if same:
            found += _same(left, right)
        else:
            found += [Edit("delete", _joined(left), "")] if left else []
            found += [Edit("insert", "", _joined(right))] if right else []
    return tuple(found)


def _smoothed(
    codes: Sequence[tuple[str, int, int, int, int]], tokens_a: Sequence[Token]
) -> Iterator[tuple[int, int, int, int, bool]]:
    """The stretches with what is between two changes and too short to read joined to them."""
    kept: list[tuple[int, int, int, int, bool]] = []
    for place, (tag, a0, a1, b0, b1) in enumerate(codes):
        same = tag == "equal"
        between = 0 < place < len(codes) - 1
        if same and between and a1 - a0 == 1 and not tokens_a[a0].text[0].isdigit():
            same = False
        if kept and not same and not kept[-1][4]:
            first = kept.pop()
            kept.append((first[0], a1, first[2], b1, False))
        else:
            kept.append((a0, a1, b0, b1, same))
    return iter(kept)


def _same(a: Sequence[Token], b: Sequence[Token]) -> Iterator[Edit]:
    """What is the same in both, and own years among it."""
    run: list[Token] = []
    for left, right in zip(a, b, strict=True):
        if left.text == right.text:
            run.append(left)
            continue
        if run:
            yield Edit("same", _joined(run), _joined(run))
            run = []
        yield Edit("year", left.text, right.text)
    if run:
        yield Edit("same", _joined(run), _joined(run))


def _joined(some: Sequence[Token]) -> str:
    return "".join(token.text for token in some)
