"""Texts as tokens: numbers and Latin words whole, and the years that are the document's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from reportkit.publish.model import Document

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*[%％]?|[A-Za-z]+|\s+|.", re.DOTALL)
_YEAR = re.compile(r"(?:19|20)\d\d")
_IN_TITLE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年")
_NEAR = 1
"""Years about the document's own that go with it: the one before, and the one of its issue."""


@dataclass(frozen=True)
class Token:
    """A piece of text, and what it is held against: of an own year its distance."""

    text: str
    norm: str


def own_year(document: Document) -> int | None:
    """The year that a document is about, after its title; None where the title names none."""
    found = _IN_TITLE.search(document.title)
    return int(found.group(1)) if found else None


@dataclass(frozen=True)
class Years:
    """The own years of both documents; where they are the same, years are numbers like others."""

    a: int | None = None
    b: int | None = None

    @property
    def differ(self) -> bool:
        return self.a is not None and self.b is not None and self.a != self.b


def tokens(text: str, year: int | None) -> tuple[Token, ...]:
    """The tokens of a text; ``year``: years about it are told by their distance to it.

    Joined, they are the text again.
    """
    return _tokens(text, year)


@lru_cache(maxsize=8192)
def _tokens(text: str, year: int | None) -> tuple[Token, ...]:
    found = []
    for match in _TOKEN.finditer(text):
        shown, after = match.group(), text[match.end() : match.end() + 1]
        norm = shown
        if year is not None and _YEAR.fullmatch(shown) and after in ("年", "〕"):
            distance = int(shown) - year
            if abs(distance) <= _NEAR:
                norm = f"\x00{distance:+d}"
        found.append(Token(shown, norm))
    return tuple(found)


def norm(text: str, year: int | None) -> str:
    """What a text is held against: without blanks, own years by their distance."""
    return "".join(token.norm for token in tokens(text, year) if not token.text.isspace())


@lru_cache(maxsize=8192)
def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters in a text, by which texts are alike."""
    bare = "".join(text.split())
    return frozenset(bare[n : n + 2] for n in range(len(bare) - 1)) or frozenset((bare,))


def likeness(a: str, b: str) -> float:
    """How much two texts have in common, from 0 to 1: the share of pairs of characters."""
    one, other = pairs(a), pairs(b)
    return 2 * len(one & other) / (len(one) + len(other))
