"""Bookmarks by which a paragraph is known again when a leader sends the Word copy back.

Word takes letters, digits and underscores, at most 40 and a letter first; what else an id has
(二.（一）) goes in as ``_`` and its code point.
"""

from __future__ import annotations

import re

PREFIX = "rk_"
_LONGEST = 40
_OTHER = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff]")
_CODED = re.compile(r"_([0-9A-F]{4,6})_")


def bookmark_name(paragraph_id: str) -> str:
    """The bookmark for a paragraph; "" if the id is too long for one."""
    coded = _OTHER.sub(lambda found: f"_{ord(found.group()):04X}_", paragraph_id)
    name = PREFIX + coded
    return name if paragraph_id and len(name) <= _LONGEST else ""


def paragraph_id(name: str) -> str | None:
    """The id of the paragraph behind a bookmark; None if it is none of ours."""
    if not name.startswith(PREFIX):
        return None
    return _CODED.sub(lambda found: chr(int(found.group(1), 16)), name.removeprefix(PREFIX))


class Bookmarks:
    """Hands out bookmarks, each once in a document.

    A paragraph without an id gets one by its place (P12); of two with the same id the second is
    二#2.
    """

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}
        self._places = 0
        self.count = 0

    def next(self, wanted: str) -> tuple[int, str]:
        """Number and name for the next paragraph."""
        self._places += 1
        self.count += 1
        stem = wanted if bookmark_name(f"{wanted}#999") and wanted else f"P{self._places}"
        self._taken[stem] = self._taken.get(stem, 0) + 1
        again = self._taken[stem]
        return self.count, bookmark_name(stem if again == 1 else f"{stem}#{again}")
