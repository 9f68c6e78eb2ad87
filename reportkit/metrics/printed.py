"""Which indicator printed which words of a sentence, so that a figure in it keeps its name.

A notebook's f-string leaves nothing but text. Indicators therefore take note of what they print,
and the paragraph that the text ends up in looks its figures up. The names are for people, and for
filling in a figure anew at their wish; whether a figure has changed is never decided by them.
"""

from __future__ import annotations

from collections import deque

Span = tuple[int, int, str]
"""Begin and end of a figure in a text, and its name (sessions, sessions.change)."""

_printed: deque[tuple[str, str]] = deque(maxlen=500)
_NUMERIC = frozenset("0123456789.%×")


def noted(name: str, text: str) -> str:
    """The text, after a note that this indicator printed it."""
    _printed.append((name, text))
    return text


def spans(text: str) -> list[Span]:
    """Where the figures printed since the last call stand in a text, in order.

    From the end on: what was printed last belongs to this text most surely. What stands nowhere
    in it was printed for something else.
    """
    found: list[Span] = []
    end = len(text)
    while _printed:
        name, shown = _printed.pop()
        place = _last_whole(text, shown, end)
        if place >= 0:
            found.append((place, place + len(shown), name))
            end = place
    return found[::-1]


def forget() -> None:
    """Drop the notes of what was printed so far: none of it is in the text to come."""
    _printed.clear()


def _last_whole(text: str, shown: str, end: int) -> int:
    """The last place of the words before ``end`` where they are no part of a longer number; −1."""
    place = text.rfind(shown, 0, end) if shown else -1
    while place >= 0:
        after = place + len(shown)
        left = text[place - 1 : place] in _NUMERIC and shown[0] in _NUMERIC and place > 0
        right = text[after : after + 1] in _NUMERIC and shown[-1] in _NUMERIC and after < len(text)
        if not left and not right:
            return place
        place = text.rfind(shown, 0, place + len(shown) - 1)
    return -1
