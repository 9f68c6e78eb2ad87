"""Two documents held against each other: sentences, figures and tables that differ.

Drafts, editions or years: both are documents read back from Word (:func:`compare`), and what
differs becomes a page of its own (:func:`page_of`), as HTML and Word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportkit.comparing.comparison import Comparison

__all__ = ["Comparison"]
