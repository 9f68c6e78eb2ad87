"""The document → a Word copy (.docx), for leaders to edit in Word or WPS.

The same blocks as on paper, in the plain edition without 版头, which the office's own system
adds. Fonts go by their standard names, whatever is installed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportkit.fonts import FontSet
    from reportkit.publish.model import Document

__all__ = ["docx_bytes"]


def docx_bytes(document: Document, fonts: FontSet, *, returns: bool = True) -> bytes:
    """The document as a ``.docx`` file; the same bytes every time.

    ``returns``: whether it may come back edited, and so holds its text as it left, as data.

    ``fonts`` draw its charts and formulas, which Word takes as pictures; text only names its own.

    Raises
    ------
    RenderError, FontError
        If a picture cannot be drawn.
    """
    from reportkit.publish.word.writing import write_document

    return write_document(document, fonts, returns=returns)
