"""Bookmarks by which a paragraph is known again when a leader sends the Word copy back.

Word takes letters, digits and underscores, at most 40 and a letter first; what else an id has
(二.（一）) goes in as ``_`` and its code point.
"""

from __future__ import annotations

import re

NAMESPACE = "urn:reportkit:base:1"
"""Of the custom XML part in which a copy says what it was made from: its root is ``base``."""
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

    A paragraph without a place, or with one too long for a bookmark, gets one by its number (#12).
    """

    def __init__(self) -> None:
        self.count = 0

    def next(self, place: str) -> tuple[int, str]:
        """Number and name for the next paragraph; a place is given but once."""
        self.count += 1
        return self.count, bookmark_name(place) or bookmark_name(f"#{self.count}")
