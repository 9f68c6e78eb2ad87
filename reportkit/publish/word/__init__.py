"""The document → a Word copy, for leaders to edit in Word or WPS."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportkit.publish.model import Document


def docx_bytes(document: Document) -> bytes:
    """The document as a ``.docx`` file."""
    raise NotImplementedError
