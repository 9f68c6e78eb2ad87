"""One normal form of text: widths, forms of one character, and what cannot be seen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

_UNSEEN = frozenset({"Cc", "Cf", "Mn", "Me"})
"""Categories of what takes no room: control and format characters, selectors, keycaps."""
_WIDE_SIGNS = str.maketrans("％﹪．／－﹣−⁄‰", "%%./---/‰")
_WIDE_COMMA = re.compile("(?<=[０-９])，(?=[０-９]{3})")
_FORMS = str.maketrans(
    "萬億兩貳參叁叄陸個場項條門冊戶處組頁數過幾餘點學課鐘時間單專題問企業",
    "万亿两贰叁叁叁陆个场项条门册户处组页数过几余点学课钟时间单专题问企业",
)
"""Traditional characters of numerals and of what they count."""


def half_width(text: str) -> str:
    """The text in its ordinary forms (NFKC): full-width letters and digits as the usual ones."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def plain(text: str) -> str:
    """In half width, without blanks and what cannot be seen: how names and heads are compared."""
    return "".join(
        c for c in half_width(text)
        if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf")
    )  # fmt: skip


def bare(text: str) -> str:
    """Only letters and digits, in half width and small: how titles are compared."""
    return "".join(c for c in half_width(text).lower() if c.isalnum())


@lru_cache(maxsize=1 << 14)
def numeral_form(character: str) -> str:
    """One character as the finder of figures reads it; "" for one that cannot be seen.

    ３, ⑬, Ⅻ, ٣ become digits; 萬 and 兩 the usual characters; punctuation stays what it is.
    """
    if character.isascii():
        return character
    category = unicodedata.category(character)
    if category in _UNSEEN:
        return ""
    if category == "Zs":
        return " "
    if category[0] == "N":
        usual = unicodedata.normalize("NFKC", character)
        value = unicodedata.numeric(character)
        if (category == "Nl" and character < "\u3000") or (
            usual == character and value == int(value)
        ):
            return "〇" if character == "〇" else str(int(value))
        return usual.translate(_WIDE_SIGNS)
    if category[0] == "L" and "\uff00" < character < "\uff60":
        return unicodedata.normalize("NFKC", character)
    return character.translate(_WIDE_SIGNS).translate(_FORMS)


@dataclass(frozen=True)
class Normal:
    """A text in a form to search in; ``origin``: where each character of it stood."""

    text: str
    origin: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Normal:
        """A text as figures are looked for in it."""
        return cls.of_pieces(map(numeral_form, _WIDE_COMMA.sub(",", text)))

    @classmethod
    def of_pieces(cls, pieces: Iterable[str]) -> Normal:
        """Of what became of each character, in order."""
        made = list(pieces)
        places = chain.from_iterable([at] * len(piece) for at, piece in enumerate(made))
        return cls("".join(made), (*places, len(made)))

    def place(self, begin: int, end: int) -> tuple[int, int]:
        """The span in the text as it was."""
        return self.origin[begin], self.origin[end - 1] + 1 if end > begin else self.origin[begin]
