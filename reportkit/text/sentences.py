"""Sentences and clauses of Chinese text."""

from __future__ import annotations

import re
from functools import lru_cache

_SENTENCE = re.compile(r"[^。！？!?；;\n]*(?:[。！？!?；;\n]+[”’」』）)》]*|$)")
_CLAUSE_END = re.compile(r"[，,。！？!?；;：:、\n]")


def sentences(text: str) -> list[str]:
    """The sentences of a text, ；ending one too; joined they are the text again."""
    return [found.group() for found in _SENTENCE.finditer(text) if found.group()]


def sentence_at(text: str, place: int) -> tuple[str, int]:
    """The sentence that holds this place, and where it begins."""
    opening = 0
    for each in sentences(text):
        if place < opening + len(each):
            return each, opening
        opening += len(each)
    return text, 0


def clause_of(text: str, start: int, end: int, opening: int = 0) -> str:
    """The clause around a stretch of text."""
    ends = [m.end() for m in _CLAUSE_END.finditer(text, opening, start)]
    after = _CLAUSE_END.search(text, end)
    return text[ends[-1] if ends else opening : after.start() if after else len(text)].strip()


@lru_cache(maxsize=8192)
def _pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters in a text, by which texts are alike."""
    bare = "".join(text.split())
    return frozenset(bare[n : n + 2] for n in range(len(bare) - 1)) or frozenset((bare,))


def likeness(a: str, b: str) -> float:
    """How much two texts have in common, from 0 to 1: the share of pairs of characters."""
    one, other = _pairs(a), _pairs(b)
    return 2 * len(one & other) / (len(one) + len(other))
