"""Which edition of a document is published: draft or formal, whole or masked."""

from __future__ import annotations

from dataclasses import dataclass

from reportkit.params.edits import Edits
from reportkit.publish.masking import Mask


@dataclass(frozen=True)
class Edition:
    """How the same notebook is published.

    Parameters
    ----------
    formal:
        With 版头 and 版记.
    mask:
        For the masked edition (脱敏版): what it must not hold. None: the whole text.
    standard_fonts:
        Whether a PDF is refused in which another font stands for a standard one; None: a
        formal one is.
    edits:
        Leaders' wording, which is put into the text.
    stage:
        What the first page says of the draft (征求意见稿); "": nothing.
    codes:
        Ids of units, which no paper shows.
    """

    formal: bool = False
    mask: Mask | None = None
    standard_fonts: bool | None = None
    edits: Edits | None = None
    stage: str = ""
    codes: tuple[str, ...] = ()


DRAFT = Edition()
