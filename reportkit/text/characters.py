"""Which characters a text holds that goes on a page."""

from __future__ import annotations

import re

# C0 and C1 controls, surrogates and non-characters: neither XML nor a PDF may hold them;
# and the mark of a character lost in decoding, which no font here has.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff]"
)
# Marks without a picture of their own; fonts lack them and nobody misses them.
_INVISIBLE = re.compile("[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")

NO_BREAK_HYPHEN = "\u2011"
"""One at which no line ends: who reads a text back takes it for a hyphen."""


def clean(text: object) -> str:
    """Text that any page can hold: line ends as ``\\n``, no control characters."""
    string = str(text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    string = string.replace("\u2028", "\n").replace("\u2029", "\n").replace("\x85", "\n")
    return _INVISIBLE.sub("", _UNPRINTABLE.sub("□", string))
